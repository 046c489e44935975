"""Whether groups of applicants are selected at like rates: the impact ratio and the tests beside it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, bool_array, float_array, int_array
from leadkit.stats._arrays import check_level, first_place, vector
from leadkit.stats._base import TableResult
from leadkit.stats._groups import group_codes
from leadkit.stats.change.error import number
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["ImpactRatio", "impact_ratio"]

MOST_APPLICANTS = 10**10
# R's fisher.test counts tables as likely as the observed one up to this relative difference, which is rounding
EQUALLY_LIKELY = 1e-7


@frozen(kw_only=True, eq=False)
class ImpactRatio(TableResult):
    """How often each group is selected beside the reference group, one row a group.

    A screening heuristic (29 CFR 1607.4D), no verdict: a ratio below the threshold asks for a closer look, and one
    above it does not show that a selection is fair. With few people the ratio says little; read it with its interval.

    Parameters
    ----------
    groups : tuple
        Labels in ascending order, (G,).
    selected, applicants : (G,) int array
        People selected and people who applied.
    rate : (G,) array
        selected / applicants, in [0, 1]; NaN without applicants.
    ratio : (G,) array
        Rate over the rate of the reference, at least 0 and 1 for the reference itself; NaN where undefined.
    below_threshold : (G,) bool array
        Whether the ratio is known and below the threshold.
    z : (G,) array
        Difference to the rate of the reference over its standard error under equal rates (pooled); 0 for the
        reference, NaN where undefined.
    fisher_p : (G,) array
        Two-sided p of Fisher's exact test of the group against the reference, in [0, 1]; 1 for the reference.
    low, high : (G,) array
        Interval of the ratio, from the normal distribution of its logarithm; 1 for the reference, NaN where undefined.
    group_flags : tuple of G tuples of str
        `none_selected` when nobody of the group was selected, or nobody of the reference, which leaves the ratio
        undefined; `too_few_rows` when the group or the reference has no applicants, or there is no reference;
        `no_variance` when of group and reference together nobody or everybody was selected, which leaves z undefined.
    reference : object
        Label of the reference group; None when no group has applicants and the share asked for.
    threshold : float
        Ratio below which a group is marked.
    min_share : float
        Least share of all applicants that a group needed to become the reference by itself.
    level : float
        Two-sided confidence level of the interval.
    n_rows, n_used : int
        Rows given, and rows with a group and both counts.
    flags : tuple of str
        Union of `group_flags`; `rows_dropped`; `single_group`; `too_few_rows` also when there is no group.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "groups": "group",
        "selected": "selected",
        "applicants": "applicants",
        "rate": "rate",
        "ratio": "ratio",
        "below_threshold": "below_threshold",
        "z": "z",
        "fisher_p": "fisher_p",
        "low": "low",
        "high": "high",
        "group_flags": "flags",
    }

    groups: tuple[Any, ...] = field(converter=tuple)
    selected: IntArray = field(converter=int_array)
    applicants: IntArray = field(converter=int_array)
    rate: FloatArray = field(converter=float_array)
    ratio: FloatArray = field(converter=float_array)
    below_threshold: BoolArray = field(converter=bool_array)
    z: FloatArray = field(converter=float_array)
    fisher_p: FloatArray = field(converter=float_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    group_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    reference: Any
    threshold: float = field(converter=as_float)
    min_share: float = field(converter=as_float)
    level: float = field(converter=as_float)
    n_rows: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def impact_ratio(
    selected: ArrayLike,
    applicants: ArrayLike,
    *,
    groups: ArrayLike | Sequence[Hashable],
    reference: Hashable | None = None,
    threshold: float = 0.8,
    min_share: float = 0.0,
    level: float = 0.95,
) -> ImpactRatio:
    """Compare the selection rates of groups with that of a reference group, the four-fifths rule of thumb.

    A screening heuristic (29 CFR 1607.4D), no verdict: a ratio below four fifths is generally regarded as evidence of
    adverse impact, yet smaller differences may be one and larger ones of few people may not.

    Parameters
    ----------
    selected, applicants : (n,) array-like
        People selected and people who applied, whole numbers; NaN is missing. Rows of the same group are added up, so
        a row may be a group, a group at one place, or one person (`applicants` 1, `selected` 0 or 1).
    groups : (n,) array-like
        Group of each row; None or NaN is no group, and the row is left out.
    reference : object, optional
        Label of the group to compare with; by default the group of the highest rate, the first of several, among
        those with `min_share` of the applicants.
    threshold : float
        Ratio below which a group is marked, in [0, 1].
    min_share : float
        Least share of all applicants for a group to become the reference by itself, in [0, 1].
    level : float
        Two-sided confidence level, inside (0, 1).

    Returns
    -------
    ImpactRatio
        One row a group in ascending order of the labels.

    Raises
    ------
    ValueError
        The arguments differ in length, counts are not whole numbers from 0 on, more people were selected than applied,
        `reference` is no group, or `threshold`, `min_share` or `level` is out of range.

    References
    ----------
    .. [1] Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4D, 1978.
    .. [2] S. B. Morris and R. E. Lobsenz, "Significance tests and confidence intervals for the adverse impact ratio",
       Personnel Psychology 53, 2000.

    Examples
    --------
    >>> result = impact_ratio([48, 12, 30], [80, 40, 60], groups=["A", "B", "C"])
    >>> result.reference, result.ratio.round(3).tolist(), result.below_threshold.tolist()
    ('A', [1.0, 0.5, 0.833], [False, True, False])
    >>> result.fisher_p.round(4).tolist(), result.high.round(3).tolist()
    ([1.0, 0.0034, 0.3024], [1.0, 0.829, 1.136])
    """
    from scipy.special import ndtri

    half = -float(ndtri((1 - check_level(level)) / 2))
    limit, least = _share(threshold, "threshold"), _share(min_share, "min_share")
    chosen, people = _counts(selected, "selected"), _counts(applicants, "applicants")
    labels, codes = _group_rows(chosen, people, groups)
    used = codes >= 0
    sums = (np.bincount(codes[used], weights=values[used], minlength=len(labels)) for values in (chosen, people))
    table = [Count(int(s), int(a)) for s, a in zip(*sums, strict=True)]
    place = _reference_place(table, least) if reference is None else _place_of(reference, labels)
    other = None if place is None else table[place]
    rows = [_itself(own) if at == place else _compare(own, other, half) for at, own in enumerate(table)]

    ratio = np.array([row.ratio for row in rows])
    flags = {flag for row in rows for flag in row.flags}
    flags |= {"rows_dropped"} if not used.all() else set()
    flags |= {0: {"too_few_rows"}, 1: {"single_group"}}.get(len(labels), set())
    return ImpactRatio(
        groups=labels,
        selected=np.array([own.selected for own in table], dtype=np.int64),
        applicants=np.array([own.applicants for own in table], dtype=np.int64),
        rate=[own.rate for own in table],
        ratio=ratio,
        below_threshold=ratio < limit,
        z=[row.z for row in rows],
        fisher_p=[row.fisher_p for row in rows],
        low=[row.low for row in rows],
        high=[row.high for row in rows],
        group_flags=[row.flags for row in rows],
        reference=None if place is None else labels[place],
        threshold=limit,
        min_share=least,
        level=level,
        n_rows=chosen.size,
        n_used=int(used.sum()),
        flags=flags,
    )


class Count(NamedTuple):
    """People selected among the applicants of one group."""

    selected: int
    applicants: int

    @property
    def rate(self) -> float:
        """Share selected; NaN without applicants."""
        return self.selected / self.applicants if self.applicants else math.nan


class Comparison(NamedTuple):
    """One group beside the reference."""

    ratio: float
    z: float
    fisher_p: float
    low: float
    high: float
    flags: frozenset[str]


UNKNOWN = Comparison(math.nan, math.nan, math.nan, math.nan, math.nan, frozenset({"too_few_rows"}))


def _share(value: float, name: str) -> float:
    share = number(value, name, least=0.0, most=1.0)
    if math.isnan(share):
        msg = f"{name}: expected a number in 0..1, got {value!r}"
        raise ValueError(msg)
    return share


def _counts(values: ArrayLike, name: str) -> FloatArray:
    counts = vector(values, name)
    known = np.nan_to_num(counts)
    wrong = (known < 0) | (known > MOST_APPLICANTS) | (known != np.floor(known))
    if wrong.any():
        row = first_place(wrong)[0]
        msg = f"{name}[{row}]: expected a whole number in 0..{MOST_APPLICANTS}, got {counts[row]:g}"
        raise ValueError(msg)
    return counts


def _group_rows(
    chosen: FloatArray, people: FloatArray, groups: ArrayLike | Sequence[Hashable]
) -> tuple[tuple[Any, ...], IntArray]:
    """Return the labels and the place of each row's label; -1 where the group or a count is missing."""
    if people.size != chosen.size:
        msg = f"applicants: expected {chosen.size} values, got {people.size}"
        raise ValueError(msg)
    more = chosen > people
    if more.any():
        row = first_place(more)[0]
        msg = f"selected[{row}]: expected at most the {people[row]:g} applicants, got {chosen[row]:g}"
        raise ValueError(msg)
    labels, codes = group_codes(groups, "groups", length=chosen.size)
    return labels, np.where(np.isnan(chosen) | np.isnan(people), -1, codes)


def _place_of(reference: Hashable, labels: tuple[Any, ...]) -> int:
    if reference not in labels:
        msg = f"reference: expected one of the groups {', '.join(map(repr, labels))}, got {reference!r}"
        raise ValueError(msg)
    return labels.index(reference)


def _reference_place(table: list[Count], least: float) -> int | None:
    """Return the first place of the highest rate among groups large enough."""
    total = sum(own.applicants for own in table)
    large = [place for place, own in enumerate(table) if own.applicants and own.applicants / total >= least]
    return max(large, key=lambda place: table[place].rate, default=None)


def _itself(own: Count) -> Comparison:
    if not own.applicants:
        return UNKNOWN
    return Comparison(1.0, 0.0, 1.0, 1.0, 1.0, frozenset() if own.selected else frozenset({"none_selected"}))


def _compare(own: Count, other: Count | None, half: float) -> Comparison:
    """Compare a group with the reference; quotients of whole numbers, so that four fifths are not below 0.8."""
    if other is None or not own.applicants or not other.applicants:
        return UNKNOWN
    (s, a), (s_r, a_r) = own, other
    chosen, people = s + s_r, a + a_r
    varied = 0 < chosen < people
    z = (s * a_r - s_r * a) / math.sqrt(a * a_r * chosen * (people - chosen) / people) if varied else math.nan
    ratio = (s * a_r) / (a * s_r) if s_r else math.nan
    error = half * math.sqrt((a - s) / (a * s) + (a_r - s_r) / (a_r * s_r)) if s and s_r else math.nan
    reasons = ("" if varied else "no_variance", "" if s and s_r else "none_selected")
    return Comparison(
        ratio=ratio,
        z=z,
        fisher_p=_fisher_p(own, other),
        low=ratio * math.exp(-error),
        high=ratio * math.exp(error),
        flags=frozenset(filter(None, reasons)),
    )


def _fisher_p(own: Count, other: Count) -> float:
    """Chance of a table no likelier than this one, the margins fixed.

    Weights of the tables come from their ratios to the next one, upwards and downwards from the likeliest; what lies
    farther out than 40 standard deviations and 200 people is less than the smallest number.
    """
    (s, a), (s_r, a_r) = own, other
    chosen, people = s + s_r, a + a_r
    mode = (a + 1) * (chosen + 1) // (people + 2)
    reach = 200 + math.ceil(40 * math.sqrt(a * a_r * chosen * (people - chosen) / people**3))
    start, stop = max(0, chosen - a_r, mode - reach), min(a, chosen, mode + reach)
    if not start <= s <= stop:
        return 0.0
    x = np.arange(start, stop, dtype=np.float64)
    steps = (a - x) * (chosen - x) / ((x + 1) * (a_r - chosen + x + 1))
    upwards, downwards = np.cumprod(steps[mode - start :]), np.cumprod(1 / steps[: mode - start][::-1])
    weights = np.concatenate([downwards[::-1], [1.0], upwards])
    no_likelier = weights <= weights[s - start] * (1 + EQUALLY_LIKELY)
    return float(weights[no_likelier].sum() / weights.sum())
