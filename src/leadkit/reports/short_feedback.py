"""What a report on disclosed feedback comes down to: a few sentences, from nothing but what may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from leadkit.assessment import DisclosedFeedback
from leadkit.plots.labels import scale_names
from leadkit.reports.feedback_wording import CATEGORIES, gap_limit
from leadkit.reports.figures import decimal
from leadkit.reports.wording import people

__all__ = ["feedback_short"]


def feedback_short(disclosed: DisclosedFeedback) -> tuple[str, ...]:
    """Say what feedback comes down to, over everybody who was rated and with nobody's name."""
    return tuple(_sentences(disclosed))


def _sentences(disclosed: DisclosedFeedback) -> Iterator[str]:
    hidden, n_people = np.isnan(disclosed.mean), len(disclosed.ratee_ids)
    roles = people(len(disclosed.roles), one="role", many="roles")
    rated = f"{people(n_people, one='person is', many='people are')} rated, from {roles}"
    if hidden.any():
        why = "because too few answered or one answer could be worked out"
        yield f"{rated}; {hidden.sum()} of {hidden.size} means are not shown, {why}."
    else:
        yield f"{rated}; all {hidden.size} means are shown."
    counts = Counter(disclosed.gap_category.ravel().tolist())
    if counts:
        told = ", ".join(_counted(key, counts[key]) for key in CATEGORIES if counts[key])
        yield f"Self beside others: {told}. A gap counts above {gap_limit(disclosed.gap_rule)}."
    yield from _most_often_too_high(disclosed)
    yield from _agreement(disclosed)


def _counted(key: str, count: int) -> str:
    name, _ = CATEGORIES[key]
    return f"{count} {name}{'s' if count != 1 and key != 'undecided' else ''}"


def _most_often_too_high(disclosed: DisclosedFeedback) -> Iterator[str]:
    """Name the dimensions on which most people rate themselves higher than others do, where it is more than one."""
    counts = (disclosed.gap_category == "blind_spot").sum(axis=0).tolist()
    most = max(counts, default=0)
    if most < 2:
        return
    names = scale_names(disclosed.instrument)
    where = [names[own] for own, count in zip(disclosed.dimension_ids, counts, strict=True) if count == most]
    yield f"Blind spots are most frequent on {', '.join(where)}: {most} of {people(len(disclosed.ratee_ids))}{' each' if len(where) > 1 else ''}."


def _agreement(disclosed: DisclosedFeedback) -> Iterator[str]:
    known = disclosed.agreement.rwg_star_j[~np.isnan(disclosed.agreement.rwg_star_j)]
    if known.size:
        low, high = decimal(float(known.min())), decimal(float(known.max()))
        between = f"is {low}" if low == high else f"runs from {low} to {high}"
        yield f"Agreement of the raters of a role, r*wg(j), {between}; 1 is full agreement, 0 no more than chance."
