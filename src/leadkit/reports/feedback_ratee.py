"""Feedback about one person: means by role, self beside others, questions, comments."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from leadkit.assessment import Dimension, DisclosedFeedback
from leadkit.assessment.multirater.metrics import dimension_span
from leadkit.assessment.multirater.weighting import self_mean
from leadkit.plots.feedback_row import gap_text, role_name
from leadkit.plots.labels import scale_names, value_text, words
from leadkit.reports.feedback_wording import CATEGORIES, end_text, gap_limit
from leadkit.reports.geometry import share
from leadkit.reports.wording import WITHHELD

__all__ = [
    "CommentLine",
    "Dumbbell",
    "GapLine",
    "ItemLine",
    "ItemPart",
    "MeanCell",
    "MeanLine",
    "RateePage",
    "RoleComments",
    "ratee_page",
]


@frozen(kw_only=True)
class MeanCell:
    """The mean of a role on a dimension with its number of raters and spread; words where it is not shown."""

    is_shown: bool
    value: str
    count: str
    spread: str

    @property
    def text(self) -> str:
        """All of it on one line."""
        return ", ".join(filter(None, [f"{self.value} ({self.count})", self.spread]))


@frozen(kw_only=True)
class MeanLine:
    """One dimension: a cell for every role."""

    name: str
    cells: tuple[MeanCell, ...]


@frozen(kw_only=True)
class Dumbbell:
    """Places of self, others and target in percent of the width; None = not shown."""

    own: float | None
    others: float | None
    target: float | None


@frozen(kw_only=True)
class GapLine:
    """Self beside others on a dimension, in words and as a picture."""

    name: str
    own: str
    others: str
    gap: str
    target: str
    category: str
    meaning: str
    picture: Dumbbell

    @property
    def numbers(self) -> str:
        """Self, others, gap and target, each with its name."""
        parts = {"self": self.own, "others": self.others, "gap": self.gap, "target": self.target}
        return ", ".join(f"{name} {text or WITHHELD}" for name, text in parts.items())

    @property
    def alt(self) -> str:
        """What the picture shows."""
        return f"{self.name}: {self.numbers}"


@frozen(kw_only=True)
class ItemLine:
    """One question and a mean for every role; an empty one is not shown."""

    text: str
    reverse: bool
    means: tuple[str, ...]


@frozen(kw_only=True)
class ItemPart:
    """The questions of a dimension."""

    name: str
    lines: tuple[ItemLine, ...]


@frozen(kw_only=True)
class CommentLine:
    """A comment, and the dimension that it is about."""

    text: str
    about: str


@frozen(kw_only=True)
class RoleComments:
    """The comments of a role."""

    role: str
    lines: tuple[CommentLine, ...]


@frozen(kw_only=True)
class RateePage:
    """Everything about one person.

    Parameters
    ----------
    id, lead : str
        Who, and what is shown.
    means : tuple of MeanLine
        Means by role, dimension by dimension.
    gaps : tuple of GapLine
        Self beside others.
    rule : str
        Above what a gap counts.
    question_roles : tuple of str
        Roles of which any single question is shown.
    questions : tuple of ItemPart
        The questions of which anything is shown.
    comments : tuple of RoleComments
        Comments that may be read.
    """

    id: str
    lead: str
    means: tuple[MeanLine, ...]
    gaps: tuple[GapLine, ...]
    rule: str
    question_roles: tuple[str, ...]
    questions: tuple[ItemPart, ...]
    comments: tuple[RoleComments, ...]


def ratee_page(one: DisclosedFeedback) -> RateePage:
    """Describe what is published about one person; `one` has that ratee only."""
    asked = ~np.isnan(one.item_mean[0])
    shown = [role_name(role) for r, role in enumerate(one.roles) if not np.isnan(one.mean[0, r]).all()]
    n_hidden = int(np.count_nonzero(np.isnan(one.mean[0])))
    told = f"{n_hidden} of {one.mean[0].size} means are not shown." if n_hidden else "All means are shown."
    roles = [r for r in range(len(one.roles)) if asked[r].any()]
    return RateePage(
        id=one.ratee_ids[0],
        lead=f"Shown: {', '.join(shown) or 'nobody'}. {told}",
        means=_means(one),
        gaps=_gaps(one),
        rule=gap_limit(one.gap_rule),
        question_roles=tuple(role_name(one.roles[r]) for r in roles),
        questions=_items(one, roles),
        comments=_comments(one),
    )


def _means(one: DisclosedFeedback) -> tuple[MeanLine, ...]:
    names = scale_names(one.instrument)
    return tuple(
        MeanLine(name=names[name], cells=tuple(_mean(one, r, d) for r in range(len(one.roles))))
        for d, name in enumerate(one.dimension_ids)
    )


def _mean(one: DisclosedFeedback, r: int, d: int) -> MeanCell:
    mean, count = float(one.mean[0, r, d]), one.count_text(0, r, d)
    value = value_text(mean, one.metric)
    if value and one.reason[0, r, d] == "end_coded":
        low, high = dimension_span(one.instrument, one.metric)
        value = end_text(value, mean, float(low[d]), float(high[d]))
    sd, lowest, highest = (value_text(float(part[0, r, d]), one.metric) for part in (one.sd, one.minimum, one.maximum))
    return MeanCell(
        is_shown=bool(value),
        value=value or WITHHELD,
        count=f"n = {count}" if count.isdigit() else count,
        spread=f"SD {sd}, {lowest} to {highest}" if sd else "",
    )


def _gaps(one: DisclosedFeedback) -> tuple[GapLine, ...]:
    names, own = scale_names(one.instrument), self_mean(one.mean, one.roles)[0]
    return tuple(_gap(one, d, names[name], float(own[d])) for d, name in enumerate(one.dimension_ids))


def _gap(one: DisclosedFeedback, d: int, name: str, own: float) -> GapLine:
    others, target, gap = (float(part[0, d]) for part in (one.others_mean, one.target, one.gap))
    low, high = dimension_span(one.instrument, one.metric)
    category, meaning = CATEGORIES[one.gap_category[0, d]]
    at_own, at_others, at_target = (share(value, float(low[d]), float(high[d])) for value in (own, others, target))
    return GapLine(
        name=name,
        own=value_text(own, one.metric),
        others=value_text(others, one.metric),
        gap=gap_text(gap, one.metric),
        target=value_text(target, one.metric),
        category=category,
        meaning=meaning,
        picture=Dumbbell(own=at_own, others=at_others, target=at_target),
    )


def _items(one: DisclosedFeedback, roles: list[int]) -> tuple[ItemPart, ...]:
    names = scale_names(one.instrument)
    place = {name: i for i, name in enumerate(one.instrument.item_ids)}
    parts = [(dimension, [place[item.id] for item in dimension.items]) for dimension in one.instrument.dimensions]
    return tuple(
        ItemPart(name=names[dimension.id], lines=_lines(one, dimension, columns, roles))
        for dimension, columns in parts
        if not np.isnan(one.item_mean[0][:, columns]).all()
    )


def _lines(one: DisclosedFeedback, dimension: Dimension, columns: list[int], roles: list[int]) -> tuple[ItemLine, ...]:
    """Write the questions as raters read them; those of a sum have means in points of the answers."""
    return tuple(
        ItemLine(
            text=words(item.text if item.observer_text is None else item.observer_text, one.instrument.language),
            reverse=item.reverse,
            means=tuple(value_text(float(one.item_mean[0, r, column]), one.metric) for r in roles),
        )
        for item, column in zip(dimension.items, columns, strict=True)
    )


def _comments(one: DisclosedFeedback) -> tuple[RoleComments, ...]:
    names = scale_names(one.instrument)
    by_role: dict[str, list[CommentLine]] = {}
    for comment in one.comments:
        about = "" if comment.dimension_id is None else names[comment.dimension_id]
        by_role.setdefault(comment.role, []).append(CommentLine(text=comment.text, about=about))
    return tuple(RoleComments(role=role_name(role), lines=tuple(lines)) for role, lines in by_role.items())
