"""Two measurements of the same people: what changed, and whether more than error would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment.precision import Reliability, coefficients_of
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.scoring import Scores, position_of
from leadkit.errors import ResponseError
from leadkit.stats.change import reliable_change
from leadkit.typing import FloatArray

__all__ = ["CATEGORIES", "Change", "compare"]

CATEGORIES = ("improved", "no reliable change", "declined")
"""What a change may be called, beside None where it is unknown."""


@frozen(kw_only=True, eq=False)
class Change(Result):
    """What changed from one measurement to the next, for m matched people on d scales.

    Parameters
    ----------
    respondent_ids, scale_ids : tuple of str
        People who are in both, in the order of `before`, and the scales that are in both.
    before, after, change : array, shape (m, d)
        Scores and their difference, after - before.
    standardised : array, shape (m, d)
        Change over the n - 1 standard deviation of `before`.
    rci : array, shape (m, d)
        Reliable change index: change over its standard error; NaN without a reliability.
    category : tuple of tuple
        One of `CATEGORIES` a person and scale; None where a score or the reliability is missing.
    threshold : array, shape (d,)
        Smallest change that counts as reliable.
    unmatched_before, unmatched_after : tuple of str
        People who are in one measurement only.
    scale_flags : tuple of tuple of str
        Flags of each scale.
    level : float
        Two-sided level of the index.
    provenance : Provenance
        Instrument of `after`, and the rules.
    """

    respondent_ids: tuple[str, ...]
    scale_ids: tuple[str, ...]
    before: FloatArray = field(converter=float_array)
    after: FloatArray = field(converter=float_array)
    change: FloatArray = field(converter=float_array)
    standardised: FloatArray = field(converter=float_array)
    rci: FloatArray = field(converter=float_array)
    category: tuple[tuple[str | None, ...], ...]
    threshold: FloatArray = field(converter=float_array)
    unmatched_before: tuple[str, ...]
    unmatched_after: tuple[str, ...]
    scale_flags: tuple[tuple[str, ...], ...]
    level: float
    provenance: Provenance

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags of all scales."""
        return tuple(sorted({flag for row in self.scale_flags for flag in row}))

    def counts(self, scale_id: str) -> Mapping[str, int]:
        """Count the people of each category on one scale."""
        at = position_of(scale_id, self.scale_ids)
        return {name: sum(row[at] == name for row in self.category) for name in CATEGORIES}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a person and scale."""
        return [
            {
                "respondent_id": name,
                "scale_id": scale,
                "before": plain(self.before[i, j]),
                "after": plain(self.after[i, j]),
                "change": plain(self.change[i, j]),
                "standardised": plain(self.standardised[i, j]),
                "rci": plain(self.rci[i, j]),
                "category": self.category[i][j],
            }
            for i, name in enumerate(self.respondent_ids)
            for j, scale in enumerate(self.scale_ids)
        ]

    def _repr_html_(self) -> str:
        rows = [list(record.values()) for record in self.to_records()[:MOST_ROWS_SHOWN]]
        header = ("respondent", "scale", "before", "after", "change", "standardised", "RCI", "category")
        return html_table(f"Change of {len(self.respondent_ids)} people", header, rows)


def compare(
    before: Scores,
    after: Scores,
    *,
    reliability: Reliability,
    crosswalk: Mapping[str, str] | None = None,
    higher_is_better: bool = True,
    level: float = 0.95,
) -> Change:
    """Compare two measurements of the same people, matched by respondent id.

    Parameters
    ----------
    before, after : Scores
        Both in one metric.
    reliability : ReliabilityTable or mapping of str to float
        Reliability of each scale of `after`; a scale without one has no RCI.
    crosswalk : mapping of str to str, optional
        Scale of `before` to scale of `after`; only with it are instruments with different keys compared.
    higher_is_better : bool
        Whether a rise is an improvement.
    level : float
        Two-sided level, inside (0, 1).

    Returns
    -------
    Change
        People in both, and those in one only listed by id.

    Raises
    ------
    ResponseError
        Metric or instrument differ.
    UnknownIdError
        The crosswalk or the reliability names a scale that is not there.

    References
    ----------
    .. [1] N. S. Jacobson and P. Truax, "Clinical significance", Journal of Consulting and Clinical Psychology 59, 1991.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1, careless=0))
    >>> compare(scores, scores, reliability={"vision": 0.8}).counts("vision")["no reliable change"] > 0
    True
    """
    pairs = _scale_pairs(before, after, crosswalk)
    coefficients = coefficients_of(reliability)
    for name in coefficients:
        position_of(name, after.instrument.scale_ids)
    at = {name: i for i, name in enumerate(after.respondent_ids)}
    rows = [(i, at[name]) for i, name in enumerate(before.respondent_ids) if name in at]
    first, second = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    pre = before.values[first][:, [before.position(old) for old, _ in pairs]]
    post = after.values[second][:, [after.position(new) for _, new in pairs]]
    standardised, rci = np.full(pre.shape, np.nan), np.full(pre.shape, np.nan)
    threshold = np.full(len(pairs), np.nan)
    categories: list[list[str | None]] = [[None] * len(pairs) for _ in rows]
    flags = []
    for j, (_, new) in enumerate(pairs):
        result = reliable_change(
            pre[:, j],
            post[:, j],
            reliability=float(coefficients.get(new, np.nan)),
            level=level,
            higher_is_better=higher_is_better,
        )
        if result.sd > 0:
            standardised[:, j] = result.change / result.sd
        rci[:, j], threshold[j] = result.rci, result.threshold
        flags.append(result.flags)
        for i in np.flatnonzero(~np.isnan(result.rci)):
            categories[i][j] = CATEGORIES[1 - int(result.verdict[i])]
    matched = {before.respondent_ids[i] for i, _ in rows}
    return Change(
        respondent_ids=tuple(before.respondent_ids[i] for i, _ in rows),
        scale_ids=tuple(new for _, new in pairs),
        before=pre,
        after=post,
        change=sealed(post - pre),
        standardised=sealed(standardised),
        rci=sealed(rci),
        category=tuple(map(tuple, categories)),
        threshold=sealed(threshold),
        unmatched_before=tuple(name for name in before.respondent_ids if name not in matched),
        unmatched_after=tuple(name for name in after.respondent_ids if name not in matched),
        scale_flags=tuple(flags),
        level=level,
        provenance=provenance(
            after.instrument,
            before_version=before.instrument.version,
            metric=after.metric,
            crosswalk=None if crosswalk is None else dict(crosswalk),
            higher_is_better=higher_is_better,
            level=level,
        ),
    )


def _scale_pairs(before: Scores, after: Scores, crosswalk: Mapping[str, str] | None) -> list[tuple[str, str]]:
    if before.metric != after.metric:
        msg = f"before is in metric {before.metric!r}, after in {after.metric!r}; score both in one"
        raise ResponseError(msg)
    if crosswalk is not None:
        pairs = list(crosswalk.items())
        for old, new in pairs:
            before.position(old)
            after.position(new)
        return pairs
    first, second = before.instrument, after.instrument
    if first.hash != second.hash or first.major_version != second.major_version:
        msg = (
            f"before was scored by {first.id!r} {first.version} ({first.hash[:12]}), after by {second.id!r} "
            f"{second.version} ({second.hash[:12]}); pass crosswalk= to say which scales may be compared"
        )
        raise ResponseError(msg)
    return [(name, name) for name in before.scale_ids if name in after.scale_ids]
