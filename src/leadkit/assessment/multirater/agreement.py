"""How far the raters of a role agree, over all ratees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import float_array, int_array
from leadkit._results import TableResult
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.multirater.converters import texts
from leadkit.assessment.multirater.weighting import SELF
from leadkit.stats._arrays import zero_if_rounding
from leadkit.stats._spread import is_rounding
from leadkit.stats.agreement import null_variance
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["RoleAgreement", "role_agreement"]


ROW_FIELDS = ("n_ratees", "n_raters", "rwg_star_j", "icc1", "icc2", "row_flags")


def _row_flags(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(set(row))) for row in rows)


@frozen(kw_only=True, eq=False)
class RoleAgreement(TableResult):
    """Agreement of raters about the same ratee, one row a role and dimension; self, being one rater, has none.

    Parameters
    ----------
    role, dimension_id : tuple of str
        The rows.
    n_ratees, n_raters : int array, shape (rows,)
        Ratees with a score from the role, and scores in all.
    rwg_star_j : array, shape (rows,)
        Mean over ratees of r*wg(j) over the items of the dimension: 1 - mean item variance/variance of a uniform
        answer; NaN where no ratee has two raters.
    icc1, icc2 : array, shape (rows,)
        One-way random intraclass correlations of the scores: of one rater, and of the mean of a ratee's raters.
    row_flags : tuple of tuple of str
        What is doubtful, a tuple for each row.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "role": "role",
        "dimension_id": "dimension_id",
        "n_ratees": "n_ratees",
        "n_raters": "n_raters",
        "rwg_star_j": "rwg_star_j",
        "icc1": "icc1",
        "icc2": "icc2",
        "row_flags": "flags",
    }

    role: tuple[str, ...] = field(converter=texts)
    dimension_id: tuple[str, ...] = field(converter=texts)
    n_ratees: IntArray = field(converter=int_array)
    n_raters: IntArray = field(converter=int_array)
    rwg_star_j: FloatArray = field(converter=float_array)
    icc1: FloatArray = field(converter=float_array)
    icc2: FloatArray = field(converter=float_array)
    row_flags: tuple[tuple[str, ...], ...] = field(converter=_row_flags)

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags of all rows."""
        return tuple(sorted({flag for row in self.row_flags for flag in row}))


def role_agreement(
    mean: FloatArray,
    sd: FloatArray,
    n: IntArray,
    item_variance: FloatArray,
    roles: Sequence[str],
    instrument: Instrument,
) -> RoleAgreement:
    """Sum up how far raters agree, for all roles and dimensions at once.

    These are `leadkit.stats.group_agreement` (pairwise) and `leadkit.stats.group_icc` of each role and dimension, from
    the tables (t, r, d) that are there already: going back to the evaluations would take longer than all the rest.

    References
    ----------
    .. [1] M. K. Lindell, C. J. Brandt and D. J. Whitney, "A revised index of interrater agreement for multi-item
       ratings of a single target", Applied Psychological Measurement 23, 1999.
    .. [2] P. D. Bliese, "Within-group agreement, non-independence, and reliability", in K. J. Klein and
       S. W. J. Kozlowski (eds), "Multilevel Theory, Research, and Methods in Organizations", Jossey-Bass, 2000.
    """
    by_others = [(i, role) for i, role in enumerate(roles) if role != SELF]
    random = null_variance(instrument.scale.n_options)
    rows = [
        _role_rows(
            *(np.ascontiguousarray(table[:, i].T, dtype=np.float64) for table in (mean, sd, n, item_variance)),
            random=random,
        )
        for i, _ in by_others
    ]
    columns = {name: [value for row in rows for value in row[name]] for name in ROW_FIELDS}
    return RoleAgreement(
        role=[role for _, role in by_others for _ in instrument.dimension_ids],
        dimension_id=instrument.dimension_ids * len(by_others),
        **columns,
    )


def _role_rows(
    mean: FloatArray, sd: FloatArray, n: FloatArray, item_variance: FloatArray, *, random: float
) -> dict[str, Sequence[Any]]:
    """Give the fields of one role's rows from tables (d, t); `random` is the variance of uniform answers."""
    rated_twice = ~np.isnan(item_variance)
    agreed = np.where(rated_twice, 1 - item_variance / random, 0.0).sum(axis=1)
    n_agreed = rated_twice.sum(axis=1)
    icc1, icc2, flags = _intraclass(mean, sd, n)
    flags["too_few_raters"] = n_agreed == 0
    return {
        "n_ratees": (n > 0).sum(axis=1).tolist(),
        "n_raters": n.sum(axis=1).tolist(),
        "rwg_star_j": _quotient(agreed, n_agreed).tolist(),
        "icc1": icc1.tolist(),
        "icc2": icc2.tolist(),
        "row_flags": [[name for name, mask in flags.items() if mask[row]] for row in range(len(n))],
    }


def _intraclass(mean: FloatArray, sd: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray, dict[str, BoolArray]]:
    """Return ICC(1), ICC(2) and flags (d,) of ratees (d, t) by one-way random analysis of variance."""
    rated = n > 0
    n_groups, total = rated.sum(axis=1), n.sum(axis=1)
    mean = np.where(rated, mean, 0.0)
    largest = np.abs(mean).max(axis=1, initial=0.0)
    centre = _quotient((n * mean).sum(axis=1), total)
    between = (n * np.square(mean - centre[:, None])).sum(axis=1, where=rated)
    within = ((n - 1) * np.square(sd)).sum(axis=1, where=n > 1)
    everything = between + within
    between, within = (_beyond_rounding(part, everything, total, largest) for part in (between, within))
    known = (n_groups > 1) & (total > n_groups)
    msb, msw = _quotient(between, known * (n_groups - 1)), _quotient(within, known * (total - n_groups))
    size = _quotient(total - _quotient(np.square(n).sum(axis=1), total), n_groups - 1)
    icc1, icc2 = _quotient(msb - msw, msb + (size - 1) * msw), _quotient(msb - msw, msb)
    flags = {
        "too_few_rows": total == 0,
        "single_group": n_groups == 1,
        "no_replication": (total > 0) & (total == n_groups),
        "perfect_consistency": (total > n_groups) & (within == 0) & (between > 0),
        "no_variance": (total > n_groups) & (within == 0) & (between == 0),
        "zero_between_variance": msb == 0,
        "negative_estimate": icc1 < 0,
    }
    return icc1, icc2, flags


def _beyond_rounding(part: FloatArray, whole: FloatArray, n: FloatArray, largest: FloatArray) -> FloatArray:
    """Set sums of squares to 0 where they are rounding of all squares, or of numbers as large as `largest`."""
    root = np.sqrt(_quotient(part, n))
    return np.where(is_rounding(root, largest), 0.0, zero_if_rounding(part, whole))


def _quotient(part: FloatArray, whole: ArrayLike) -> FloatArray:
    below = np.asarray(whole, dtype=np.float64)
    quotient: FloatArray = np.divide(part, below, out=np.full(part.shape, np.nan), where=below > 0)
    return quotient
