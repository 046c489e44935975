"""Feedback as it may be shown, and the host's note of what was held back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import attrs
import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from leadkit._fields import bool_array, float_array
from leadkit._results import MOST_ROWS_SHOWN, Result, Value, html_table, plain
from leadkit.assessment.disclosure.policy import POOL, DisclosurePolicy
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.multirater.agreement import RoleAgreement
from leadkit.assessment.multirater.converters import kept_weighting, texts, word_array
from leadkit.assessment.multirater.gaps import GapRule, Weighting
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.scoring import Metric
from leadkit.errors import UnknownIdError
from leadkit.typing import BoolArray, FloatArray

__all__ = ["DisclosedComment", "DisclosedFeedback", "DisclosureLog"]


def _comments(comments: Iterable[DisclosedComment]) -> tuple[DisclosedComment, ...]:
    return tuple(comments)


@frozen(kw_only=True)
class DisclosedComment:
    """What somebody wrote, without who it was.

    Parameters
    ----------
    ratee_id : str
        Who is meant.
    role : str
        The published role of the writer.
    text : str
        The words.
    dimension_id : str, optional
        The dimension that it is about.
    """

    ratee_id: str
    role: str
    text: str
    dimension_id: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class DisclosureLog(Value):
    """Why cells were held back: for the host, never for readers.

    Parameters
    ----------
    cells : object array, shape (t, R, d)
        "" where shown, else "no_raters", "below_minimum", "pooled", "differencing" or "certain" (the sum of so few or
        so different answers leaves no doubt about one of them).
    items : object array, shape (t, R, k)
        "" where shown, else the reason of the dimension, or "items_inconsistent", "items_at_end" or "differencing".
    pooled : array of bool, shape (t, R)
        Roles that were counted under "other".
    """

    cells: NDArray[np.object_] = field(converter=word_array)
    items: NDArray[np.object_] = field(converter=word_array)
    pooled: BoolArray = field(converter=bool_array)

    def __repr__(self) -> str:
        words, counts = np.unique(self.cells[self.cells != ""].astype(str), return_counts=True)
        held = ", ".join(f"{count} {word}" for word, count in zip(words, counts, strict=True))
        return f"DisclosureLog({held or 'nothing held back'})"


@frozen(kw_only=True, eq=False, repr=False)
class DisclosedFeedback(Result):
    """Feedback that may be shown: hidden cells are NaN, and nothing is formed from them.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    ratee_ids, roles, dimension_ids : tuple of str
        The axes t, R and d; "other" is among the roles where small roles may be pooled.
    mean : array, shape (t, R, d)
        Role means as published; NaN where hidden.
    n_shown : array, shape (t, R, d)
        Raters behind a mean; NaN where hidden, and for all of a role of which anything is hidden for too few raters.
    others_mean, gap : array, shape (t, d)
        Formed from the published means of the roles other than self under the `weighting`; NaN without any.
    gap_category : object array, shape (t, d)
        "blind_spot", "hidden_strength", "agreed_strength", "agreed_need" or "undecided".
    item_mean : array, shape (t, R, k)
        Means of keyed answers; NaN where hidden.
    reason : object array, shape (t, R, d)
        "" as it is, "not_shown", or "end_coded": at least (or at most) the value that is given.
    item_reason : object array, shape (t, R, k)
        "" or "not_shown".
    sd, minimum, maximum : array, shape (t, R, d)
        Spread of the raters' scores; NaN where hidden, which for anonymous roles is everywhere unless the policy says
        otherwise.
    target : array, shape (t, d)
        What the others' mean should reach.
    agreement : RoleAgreement
        Agreement of the roles over all ratees.
    comments : tuple of DisclosedComment
        Comments that may be read.
    metric, weighting, gap_rule
        As in the feedback.
    policy : DisclosurePolicy
        What was allowed.
    provenance : Provenance
        Instrument, rules and version.
    flags : tuple of str
        `spread_shown` when the policy shows the spread of anonymous roles; `spread_not_shown` when the gap rule rests
        on a spread that stays hidden, so that gaps are undecided.
    log : DisclosureLog
        Why cells were held back; not exported.
    """

    _not_exported: ClassVar[frozenset[str]] = frozenset({"log", "instrument"})

    instrument: Instrument
    ratee_ids: tuple[str, ...] = field(converter=texts)
    roles: tuple[str, ...] = field(converter=texts)
    dimension_ids: tuple[str, ...] = field(converter=texts)
    mean: FloatArray = field(converter=float_array)
    n_shown: FloatArray = field(converter=float_array)
    others_mean: FloatArray = field(converter=float_array)
    gap: FloatArray = field(converter=float_array)
    gap_category: NDArray[np.object_] = field(converter=word_array)
    item_mean: FloatArray = field(converter=float_array)
    reason: NDArray[np.object_] = field(converter=word_array)
    item_reason: NDArray[np.object_] = field(converter=word_array)
    sd: FloatArray = field(converter=float_array)
    minimum: FloatArray = field(converter=float_array)
    maximum: FloatArray = field(converter=float_array)
    target: FloatArray = field(converter=float_array)
    agreement: RoleAgreement
    comments: tuple[DisclosedComment, ...] = field(converter=_comments)
    metric: Metric
    weighting: Weighting = field(converter=kept_weighting)
    gap_rule: GapRule
    policy: DisclosurePolicy
    provenance: Provenance
    flags: tuple[str, ...] = field(converter=texts)
    log: DisclosureLog

    def to_dict(self) -> dict[str, Any]:
        """Give every published field as plain Python; NaN becomes None. The log stays with the host."""
        names = [a.name for a in attrs.fields(type(self)) if a.name not in self._not_exported]
        return {name: plain(getattr(self, name)) for name in names} | {"item_ids": list(self.instrument.item_ids)}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a ratee, role and dimension.

        Returns
        -------
        list of dict
            `ratee_id, role, dimension_id, mean, n, others_mean, gap, gap_category, reason`; None where hidden.
        """
        records = []
        for t, ratee in enumerate(self.ratee_ids):
            for r, role in enumerate(self.roles):
                for d, dimension in enumerate(self.dimension_ids):
                    n = self.n_shown[t, r, d]
                    records.append(
                        {
                            "ratee_id": ratee,
                            "role": role,
                            "dimension_id": dimension,
                            "mean": plain(self.mean[t, r, d]),
                            "n": None if np.isnan(n) else int(n),
                            "others_mean": plain(self.others_mean[t, d]),
                            "gap": plain(self.gap[t, d]),
                            "gap_category": self.gap_category[t, d],
                            "reason": self.reason[t, r, d],
                        }
                    )
        return records

    def for_ratee(self, ratee_id: str) -> DisclosedFeedback:
        """Take what is about one person.

        Raises
        ------
        UnknownIdError
            Nobody rated that person.
        """
        if ratee_id not in self.ratee_ids:
            raise UnknownIdError.of(ratee_id, self.ratee_ids, kind="ratee")
        t = self.ratee_ids.index(ratee_id)
        arrays = {
            a.name: getattr(self, a.name)[t : t + 1]
            for a in attrs.fields(type(self))
            if isinstance(getattr(self, a.name), np.ndarray)
        }
        log = DisclosureLog(
            cells=self.log.cells[t : t + 1], items=self.log.items[t : t + 1], pooled=self.log.pooled[t : t + 1]
        )
        comments = tuple(comment for comment in self.comments if comment.ratee_id == ratee_id)
        return evolve(self, ratee_ids=(ratee_id,), comments=comments, log=log, **arrays)

    def count_text(self, ratee: int, role: int, dimension: int) -> str:
        """Write the number of raters behind a cell, by its places: "4", or "n < 3" where it is held back."""
        n = self.n_shown[ratee, role, dimension]
        if not np.isnan(n):
            return str(int(n))
        hidden = np.isnan(self.mean[ratee, role, dimension])
        least = self.policy.minimum(self.roles[role])
        if self.policy.below == "merge" and self.roles[role] == POOL:
            # a pool needs the largest minimum of its members, which are not told
            bounds = [self.policy.minimum(name) for name in self.roles if self.policy.is_anonymous(name)]
            least = max(bounds) if hidden else min(bounds)
        sign = "<" if hidden else "\N{GREATER-THAN OR EQUAL TO}"
        return f"n {sign} {least}"

    def __repr__(self) -> str:
        size = f"{len(self.ratee_ids)} ratees x {len(self.roles)} roles x {len(self.dimension_ids)} dimensions"
        return f"DisclosedFeedback({self.instrument.id!r} {self.instrument.version}: {size})"

    def _repr_html_(self) -> str:
        header = ("ratee", "role", *self.dimension_ids)
        rows = [
            (ratee, role, *(self._cell(t, r, d) for d in range(len(self.dimension_ids))))
            for t, ratee in enumerate(self.ratee_ids)
            for r, role in enumerate(self.roles)
        ]
        table = html_table(repr(self), header, rows[:MOST_ROWS_SHOWN])
        rest = len(rows) - MOST_ROWS_SHOWN
        return table + (f"<p>... and {rest} more rows</p>" if rest > 0 else "")

    def _cell(self, t: int, r: int, d: int) -> str:
        mean = self.mean[t, r, d]
        if np.isnan(mean):
            return self.count_text(t, r, d)
        sign = ""
        if self.reason[t, r, d] == "end_coded":
            sign = "about "
        return f"{sign}{mean:.4g} ({self.count_text(t, r, d)})"
