"""Mantel's test of ordered items: whether two groups answer differently at the same score."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import float_array
from leadkit.stats._spread import variance
from leadkit.stats.dif.design import FEWEST_STRATA, Comparison, DIFTable, Strata, comparison
from leadkit.typing import FloatArray


@frozen(kw_only=True, eq=False)
class MantelDIF(DIFTable):
    """Mantel's chi-square and the standardised mean difference of every item.

    Parameters
    ----------
    items : tuple of str
        Item names, (k,).
    n_strata : (k,) int array
        Levels of the matching score that hold people of both groups; the others are skipped.
    chi2 : (k,) array
        Mantel's chi-square on 1 degree of freedom, without continuity correction; NaN where no stratum has two
        different answers.
    p_value : (k,) array
        Its upper tail, in [0, 1].
    smd : (k,) array
        Mean answer of the focal group less that of the reference group at the same score, averaged over the focal
        group [points of the item]; below 0 where the item is harder on the focal group. NaN without a stratum.
    smd_ratio : (k,) array
        `smd` over the standard deviation (divisor n - 1) of the item in both groups together; NaN for a constant item.
    item_flags : tuple of tuple of str
        `constant_item`, `few_strata` where fewer than two strata hold both groups, so that people are hardly matched,
        `no_variance` where no stratum has two different answers.
    reference, focal : label
        The two groups; None for one that nobody belongs to.
    n_reference, n_focal : int
        Complete rows of each group.
    n_rows, n_used : int
        Rows given, and complete rows with a group.
    matching : {"total", "given"}
        What people were matched on: the total over the items, or scores that were given.
    flags : tuple of str
        All item flags, `rows_dropped`, `single_group`, and `small_group` for fewer than 100 rows in a group.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "items": "item",
        "n_strata": "n_strata",
        "chi2": "chi2",
        "p_value": "p_value",
        "smd": "smd",
        "smd_ratio": "smd_ratio",
        "item_flags": "flags",
    }

    chi2: FloatArray = field(converter=float_array)
    p_value: FloatArray = field(converter=float_array)
    smd: FloatArray = field(converter=float_array)
    smd_ratio: FloatArray = field(converter=float_array)


def mantel_dif(
    x: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    reference: Hashable,
    matching: ArrayLike | None = None,
    items: Sequence[str] | None = None,
) -> MantelDIF:
    """Test ordered items for a difference between two groups that are matched on a score.

    With F the focal group's sum of answers in a stratum and E and V its mean and variance if the group were drawn at
    random from the stratum, chi2 = (sum F - sum E)^2 / sum V [1]_. The standardised mean difference weights the
    difference of means in each stratum by the people of the focal group in it [2]_.

    Parameters
    ----------
    x : (n, k) array-like
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    groups : (n,) array-like
        Label of each person's group, two in all; None or NaN is no group.
    reference : label
        The group that the other one, the focal group, is compared with.
    matching : (n,) array-like, optional
        Score that people are matched on; by default the total over all items, the studied one included.
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.

    Returns
    -------
    MantelDIF
        One row an item. Rows with any gap are left out. With one group only everything is NaN (`single_group`).

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, an argument differs in length, there are more than two groups, or
        two of which none is the reference.

    References
    ----------
    .. [1] N. Mantel, "Chi-square tests with one degree of freedom; extensions of the Mantel-Haenszel procedure",
       Journal of the American Statistical Association 58, 1963.
    .. [2] N. J. Dorans and A. P. Schmitt, "Constructed response and differential item functioning: a pragmatic
       approach", Educational Testing Service RR-91-47, 1991.

    Examples
    --------
    Ten people of each group answer two items; at the same total, one difference is the other's mirror image:

    >>> men = [[1, 2], [2, 2], [2, 3], [3, 3], [3, 4], [1, 2], [3, 2], [4, 3], [2, 2], [2, 4]]
    >>> women = [[2, 1], [3, 1], [3, 2], [3, 3], [4, 3], [2, 1], [4, 2], [4, 4], [3, 1], [4, 2]]
    >>> result = mantel_dif(men + women, ["men"] * 10 + ["women"] * 10, reference="men", items=["calm", "brief"])
    >>> result.smd.round(2), result.n_strata
    (array([ 0.94, -0.94]), array([5, 5]))
    >>> result.p_value.round(3), result.flags
    (array([0.004, 0.004]), ('small_group',))
    """
    from scipy.special import chdtrc

    people = comparison(x, groups, reference=reference, matching=matching, items=items)
    strata = [people.strata(item, score) for item, score in enumerate(people.scores())]
    chi2 = np.array([chi_square(one) for one in strata])
    smd = np.array([_standardised_mean_difference(one) for one in strata])
    columns = zip(people.answers.T, people.largest, strict=True)
    sd = np.sqrt([variance(answers, largest=big) for answers, big in columns])
    return MantelDIF(
        chi2=chi2,
        p_value=chdtrc(1, chi2),
        smd=np.ldexp(smd, people.exponent),
        smd_ratio=smd / np.where(sd > 0, sd, np.nan),
        **people.common(
            n_strata=[one.n_strata for one in strata],
            item_flags=[strata_doubts(people, item, one) for item, one in enumerate(strata)],
        ),
    )


def chi_square(strata: Strata, *, correction: float = 0.0) -> float:
    """Mantel's chi-square, the deviation brought `correction` nearer to 0; NaN where nothing varies."""
    spread = strata.variance()
    return max(abs(strata.deviation()) - correction, 0.0) ** 2 / spread if spread > 0 else math.nan


def strata_doubts(people: Comparison, item: int, strata: Strata) -> Iterator[str]:
    """Say what keeps an item from being compared."""
    if strata.n_strata < FEWEST_STRATA:
        yield "few_strata"
    if people.answer_levels(item).values.size == 1:
        yield "constant_item"
    elif strata.n_strata > 0 and strata.variance() == 0:
        yield "no_variance"


def _standardised_mean_difference(strata: Strata) -> float:
    if strata.n_strata == 0:
        return math.nan
    reference, focal = strata.sums / strata.counts
    return float((strata.counts[1] * (focal - reference)).sum() / strata.counts[1].sum())
