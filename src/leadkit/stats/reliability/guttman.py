"""Guttman's six lower bounds to reliability, and ten Berge and Zegers' series that begins with two of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations, islice
from typing import Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array
from leadkit.stats._arrays import check_word
from leadkit.stats._base import Result
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.items import Missing
from leadkit.stats.reliability.alpha import alpha_from
from leadkit.stats.reliability.composite import Composite, composite, squared_multiple_correlations
from leadkit.typing import FloatArray, IntArray, RNGLike

Lambda4: TypeAlias = Literal["exact", "sampled", "none"]
BATCH = 4096


@frozen(kw_only=True, eq=False)
class GuttmanLambdas(Result):
    """Lower bounds to the reliability of a sum of items.

    Parameters
    ----------
    lambda1, lambda2, lambda3, lambda4, lambda5, lambda6 : float
        The bounds; `lambda3` is alpha, `lambda4` the best split into halves that was looked at. NaN where `flags`
        say why, and `lambda4` also when it was not asked for.
    ten_berge : (4,) float array
        The bounds mu_0 (alpha), mu_1 (`lambda2`), mu_2, mu_3, each at least the one before.
    lambda4_method : {"exact", "sampled"} or None
        Whether all splits were looked at or some; None when none was.
    n_splits : int
        Splits looked at.
    n_items, n_rows : int
        Items and rows.
    missing : {"pairwise", "listwise"}
        What was done about missing answers.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.
    """

    lambda1: float = field(converter=as_float)
    lambda2: float = field(converter=as_float)
    lambda3: float = field(converter=as_float)
    lambda4: float = field(converter=as_float)
    lambda5: float = field(converter=as_float)
    lambda6: float = field(converter=as_float)
    ten_berge: FloatArray = field(converter=float_array)
    lambda4_method: str | None
    n_splits: int
    n_items: int
    n_rows: int
    missing: str
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def guttman_lambdas(
    x: ArrayLike | ItemMoments,
    *,
    missing: Missing = "pairwise",
    lambda4: Lambda4 = "exact",
    max_exact_items: int = 16,
    n_splits: int = 10_000,
    rng: RNGLike | None = None,
) -> GuttmanLambdas:
    """Bound the reliability of a sum of items from below.

    Parameters
    ----------
    x : (n, k) array-like or ItemMoments
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    missing : {"pairwise", "listwise"}
        Use every pair of answers, or complete rows only; `ItemMoments` bring their own rule.
    lambda4 : {"exact", "sampled", "none"}
        Look at all splits into halves of floor(k/2) and ceil(k/2) items, at `n_splits` random ones, or at none.
    max_exact_items : int
        Above this number of items `"exact"` becomes `"sampled"`.
    n_splits : int
        Random splits to look at.
    rng : Generator, SeedSequence or int, optional
        Source of the random splits; needed when there are any.

    Returns
    -------
    GuttmanLambdas
        The bounds. All NaN with `too_few_rows`, `single_item`, `too_few_pairs` or `no_variance`; `lambda6` NaN with
        `singular_covariance`; a sampled `lambda4` carries `sampled_splits`.

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, an option is not one of those above, or `rng` is missing.

    References
    ----------
    .. [1] L. Guttman, "A basis for analyzing test-retest reliability", Psychometrika 10, 1945.
    .. [2] J. M. F. ten Berge and F. E. Zegers, "A series of lower bounds to the reliability of a test",
       Psychometrika 43, 1978.

    Examples
    --------
    >>> result = guttman_lambdas([[1, 2, 1], [2, 3, 3], [4, 4, 5], [5, 5, 4]])
    >>> round(result.lambda2, 4), round(result.lambda4, 4), result.n_splits
    (0.9534, 0.9266, 3)
    """
    check_word(lambda4, "lambda4", ("exact", "sampled", "none"))
    for name, number in (("max_exact_items", max_exact_items), ("n_splits", n_splits)):
        if number < 1:
            msg = f"{name}: expected at least 1, got {number!r}"
            raise ValueError(msg)
    total = composite(x, missing=missing)
    sampled = lambda4 == "sampled" or (lambda4 == "exact" and total.n_items > max_exact_items)
    if sampled and rng is None:
        msg = f"rng: splits of {total.n_items} items are sampled (lambda4={lambda4!r}), which needs one"
        raise ValueError(msg)
    if lambda4 == "none":
        return lambdas_of(total)
    if sampled:
        return lambdas_of(total, sampled_halves(total.n_items, n_splits, rng), method="sampled")
    return lambdas_of(total, all_halves(total.n_items), method="exact")


def lambdas_of(
    total: Composite, halves: Iterator[FloatArray] | None = None, *, method: str | None = None
) -> GuttmanLambdas:
    """Work out the bounds from covariances, and lambda4 over batches of splits."""
    k, flags = total.n_items, set(total.flags)
    if k < 2 or not total.total > 0:
        return _result(total, dict.fromkeys(range(1, 7), math.nan), np.full(4, math.nan), None, 0, flags)
    scaled = total.covariance / total.total
    variances = scaled.diagonal()
    others = scaled - np.diag(variances)
    lambda1 = 1 - variances.sum()
    lambda6 = 1 - (variances * (1 - squared_multiple_correlations(total.moments.correlation))).sum()
    if math.isnan(lambda6):
        flags.add("singular_covariance")
    lambda3 = alpha_from(k, total.variances.sum(), total.total)
    if lambda3 < 0:
        flags.add("negative_estimate")
    best, n_splits = _best_split(scaled, halves) if halves is not None else (math.nan, 0)
    if method == "sampled":
        flags.add("sampled_splits")
    bounds = {
        1: lambda1,
        2: lambda1 + math.sqrt(k / (k - 1) * (others**2).sum()),
        3: lambda3,
        4: best,
        5: lambda1 + 2 * math.sqrt((others**2).sum(axis=0).max()),
        6: lambda6,
    }
    return _result(total, bounds, ten_berge_series(others), method, n_splits, flags)


def ten_berge_series(others: FloatArray) -> FloatArray:
    """Work out mu_0 to mu_3 from the covariances of different items over the variance of the sum."""
    k = len(others)
    sums = [float((others ** (2**power)).sum()) for power in range(4)]
    series = []
    for last in range(4):
        value = sums[last] * k / (k - 1)
        for power in reversed(range(last)):
            value = sums[power] + math.sqrt(value)
        series.append(value)
    return np.array(series)


def all_halves(k: int) -> Iterator[FloatArray]:
    """Give every split into floor(k/2) and ceil(k/2) items once, as batches (b, k) that mark the first half."""
    with_first = ((0, *others) for others in combinations(range(1, k), k // 2 - 1))
    chosen: Iterator[tuple[int, ...]] = combinations(range(k), k // 2) if k % 2 else with_first
    while batch := list(islice(chosen, BATCH)):
        yield _marked(np.array(batch), k)


def sampled_halves(k: int, n_splits: int, rng: RNGLike | None) -> Iterator[FloatArray]:
    """Give random splits into floor(k/2) and ceil(k/2) items, as batches (b, k) that mark the first half."""
    generator = np.random.default_rng(rng)
    for start in range(0, n_splits, BATCH):
        keys = generator.random((min(BATCH, n_splits - start), k))
        yield _marked(keys.argsort(axis=1)[:, : k // 2], k)


def _marked(chosen: IntArray, k: int) -> FloatArray:
    marks = np.zeros((len(chosen), k))
    np.put_along_axis(marks, chosen, 1.0, axis=1)
    return marks


def _best_split(scaled: FloatArray, halves: Iterator[FloatArray]) -> tuple[float, int]:
    best, n_splits = -math.inf, 0
    for marks in halves:
        between = ((marks @ scaled) * (1 - marks)).sum(axis=1)
        best = max(best, 4 * float(between.max()))
        n_splits += len(marks)
    return best, n_splits


def _result(
    total: Composite,
    bounds: dict[int, float],
    series: FloatArray,
    method: str | None,
    n_splits: int,
    flags: Iterable[str],
) -> GuttmanLambdas:
    return GuttmanLambdas(
        lambda1=bounds[1],
        lambda2=bounds[2],
        lambda3=bounds[3],
        lambda4=bounds[4],
        lambda5=bounds[5],
        lambda6=bounds[6],
        ten_berge=series,
        lambda4_method=method,
        n_splits=n_splits,
        n_items=total.n_items,
        n_rows=total.moments.n_rows,
        missing=total.moments.missing,
        flags=flags,
    )
