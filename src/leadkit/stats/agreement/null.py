"""What random responding would give: the variance of a response distribution, and the indices of agreement under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import check_word, vector, whole_number
from leadkit.stats._base import TableResult
from leadkit.stats._replicates import in_order, replicate_seeds
from leadkit.stats.agreement.within import INDICES, ItemSpread, indices, uniform_variance
from leadkit.stats.flags import sorted_flags
from leadkit.typing import Executor, FloatArray, IntArray, Progress, RNGLike

NullShape: TypeAlias = Literal["uniform", "slight_skew", "moderate_skew", "heavy_skew"]
SKEWED: Mapping[str, tuple[float, ...]] = {
    "slight_skew": (0.05, 0.15, 0.20, 0.35, 0.25),
    "moderate_skew": (0.0, 0.10, 0.15, 0.40, 0.35),
    "heavy_skew": (0.0, 0.0, 0.10, 0.40, 0.50),
}
MOST_DRAWS_A_BLOCK = 1000
MOST_CELLS_A_BLOCK = 2**20
SUM_TOLERANCE = 1e-9


@frozen(kw_only=True, eq=False)
class AgreementNull(TableResult):
    """Quantiles of the indices of agreement when a group responds at random, one row a level.

    Parameters
    ----------
    levels : (q,) array
        Shares of the draws at or below the quantile, inside (0, 1), in the order given.
    rwg, rwg_star, ad_mean, ad_median, awg : (q,) array
        Quantiles (linear interpolation), with the meanings that `group_agreement` gives them. Agreement is beyond
        chance where rwg, rwg_star and awg lie above a high quantile, and the deviations below a low one.
    n_raters, n_items, categories, n_draws : int
        Raters of the group, items, categories of the scale, and simulated groups.
    probabilities : (A,) array
        Probability of each category.
    null_variance : float
        Variance of these probabilities, which rwg and rwg_star refer to.
    n_undefined : int
        Draws without an awg, left out of its quantiles.
    flags : tuple of str
        `too_few_raters` for one rater (all quantiles are NaN), `no_variance` when one category has all the probability
        (rwg and rwg_star are NaN), `undefined_resamples` when draws have no awg.
    """

    _columns: ClassVar[Mapping[str, str]] = {"levels": "level"} | {name: name for name in INDICES}

    levels: FloatArray = field(converter=float_array)
    rwg: FloatArray = field(converter=float_array)
    rwg_star: FloatArray = field(converter=float_array)
    ad_mean: FloatArray = field(converter=float_array)
    ad_median: FloatArray = field(converter=float_array)
    awg: FloatArray = field(converter=float_array)
    n_raters: int = field(converter=as_int)
    n_items: int = field(converter=as_int)
    categories: int = field(converter=as_int)
    n_draws: int = field(converter=as_int)
    probabilities: FloatArray = field(converter=float_array)
    null_variance: float = field(converter=as_float)
    n_undefined: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def null_variance(categories: int, *, shape: NullShape = "uniform", probabilities: ArrayLike | None = None) -> float:
    """Variance of a response on the categories 1..A when nobody attends to the question.

    Parameters
    ----------
    categories : int
        Number of categories A, at least 2.
    shape : {"uniform", "slight_skew", "moderate_skew", "heavy_skew"}
        Every category alike, (A^2 - 1) / 12; or, for five categories, leaning to the upper end [1]_.
    probabilities : (A,) array-like, optional
        Probability of each category, in place of a shape.

    Returns
    -------
    float
        Variance in squared points of the scale; 0 when one category has all the probability.

    Raises
    ------
    ValueError
        A skewed shape is asked for other than five categories or beside `probabilities`, or these are not A numbers of
        at least 0 that add up to 1.

    References
    ----------
    .. [1] J. M. LeBreton and J. L. Senter, "Answers to 20 questions about interrater reliability and interrater
       agreement", Organizational Research Methods 11, 2008.

    Examples
    --------
    >>> null_variance(5)
    2.0
    >>> [round(null_variance(5, shape=shape), 2) for shape in ("slight_skew", "moderate_skew", "heavy_skew")]
    [1.34, 0.9, 0.44]
    >>> null_variance(2, probabilities=[0.5, 0.5])
    0.25
    """
    n_categories = whole_number(categories, "categories", least=2)
    check_word(shape, "shape", ("uniform", *SKEWED))
    if shape == "uniform":
        return _variance(n_categories, probabilities)
    if probabilities is not None:
        msg = f"shape: expected 'uniform' beside probabilities, got {shape!r}"
        raise ValueError(msg)
    if n_categories != 5:
        msg = f"shape: {shape!r} is known for 5 categories only, got {n_categories}; give probabilities"
        raise ValueError(msg)
    return _variance(n_categories, SKEWED[shape])


def agreement_null(
    n_raters: int,
    *,
    categories: int,
    n_items: int = 1,
    probabilities: ArrayLike | None = None,
    n_draws: int = 10_000,
    levels: Sequence[float] | FloatArray = (0.05, 0.95, 0.99),
    rng: RNGLike,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> AgreementNull:
    """Simulate groups that respond at random, and give the quantiles of their agreement.

    Raters and items are independent [1]_. rwg and rwg_star take the variance of the simulated response distribution as
    that under random responding.

    Parameters
    ----------
    n_raters : int
        Raters of the group, at least 1; two are needed for an index.
    categories : int
        Number of categories A of the scale 1..A, at least 2.
    n_items : int
        Number of items, at least 1.
    probabilities : (A,) array-like, optional
        Probability of each category; all alike by default.
    n_draws : int
        Simulated groups, at least 1.
    levels : (q,) array-like
        Levels of the quantiles, inside (0, 1).
    rng : Generator, SeedSequence or int
        Source of the seeds, one spawned a block of draws.
    executor : Executor, optional
        Where blocks are drawn; the result does not depend on it.
    progress : callable, optional
        Called as `progress(done, total)` after every block.

    Returns
    -------
    AgreementNull
        The quantiles, one row a level.

    Raises
    ------
    ValueError
        A number is out of its range, or `probabilities` are not A numbers of at least 0 that add up to 1.

    References
    ----------
    .. [1] W. P. Dunlap, M. J. Burke and K. Smith-Crowe, "Accurate tests of statistical significance for rwg and average
       deviation interrater agreement indexes", Journal of Applied Psychology 88, 2003.

    Examples
    --------
    >>> result = agreement_null(10, categories=5, levels=(0.05, 0.95), rng=1)
    >>> bool(0.4 < result.rwg[1] < 0.6), bool(0.7 < result.ad_mean[0] < 0.9)
    (True, True)
    """
    raters = whole_number(n_raters, "n_raters", least=1)
    n_categories = whole_number(categories, "categories", least=2)
    items = whole_number(n_items, "n_items", least=1)
    draws = whole_number(n_draws, "n_draws", least=1)
    wanted = _checked_levels(levels)
    null = _variance(n_categories, probabilities)
    chances = _checked_probabilities(probabilities, n_categories)
    size = max(1, min(MOST_DRAWS_A_BLOCK, MOST_CELLS_A_BLOCK // n_categories))
    sizes = [min(size, draws - start) for start in range(0, draws, size)]
    seeds = replicate_seeds(rng, len(sizes))
    block = _Block(raters, items, chances, null)
    drawn = np.concatenate(in_order(block, seeds, sizes, executor=executor, progress=progress))
    n_undefined = int(np.isnan(drawn[:, INDICES.index("awg")]).sum())

    flags = set()
    if raters < 2:
        flags.add("too_few_raters")
    elif n_undefined:
        flags.add("undefined_resamples")
    if null == 0:
        flags.add("no_variance")
    return AgreementNull(
        levels=wanted,
        **{name: _quantiles(values, wanted) for name, values in zip(INDICES, drawn.T, strict=True)},
        n_raters=raters,
        n_items=items,
        categories=n_categories,
        n_draws=draws,
        probabilities=chances,
        null_variance=null,
        n_undefined=n_undefined,
        flags=flags,
    )


@frozen(eq=False)
class _Block:
    """Groups that respond at random to `n_items` items of the same response distribution."""

    n_raters: int
    n_items: int
    probabilities: FloatArray
    null_variance: float

    def __call__(self, seed: np.random.SeedSequence, n_draws: int) -> FloatArray:
        """Draw groups and give their indices, (n_draws, 5)."""
        generator = np.random.default_rng(seed)
        drawn = (generator.multinomial(self.n_raters, self.probabilities, n_draws) for _ in range(self.n_items))
        found = indices(self._spreads(drawn), n_draws, null_variance=self.null_variance)
        return np.column_stack([getattr(found, name) for name in INDICES])

    def _spreads(self, drawn: Iterator[IntArray]) -> Iterator[ItemSpread]:
        """Describe an item from how often each category was used (n_draws, A), which says all there is to say."""
        n = self.n_raters
        places = np.arange(self.probabilities.size, dtype=np.float64)
        for counts in drawn:
            total = counts.cumsum(axis=1)
            mean = (counts @ places) / n
            middle = ((total <= (n - 1) // 2).sum(axis=1) + (total <= n // 2).sum(axis=1)) / 2
            distances = np.abs(places - mean[:, None])
            yield ItemSpread(
                n=np.full(len(counts), n),
                above=mean,
                below=places[-1] - mean,
                variance=(counts * distances**2).sum(axis=1) / max(n - 1, 1),
                ad_mean=(counts * distances).sum(axis=1) / n,
                ad_median=(counts * np.abs(places - middle[:, None])).sum(axis=1) / n,
            )


def _variance(categories: int, probabilities: ArrayLike | None) -> float:
    if probabilities is None:
        return uniform_variance(categories)
    chances = _checked_probabilities(probabilities, categories)
    places = np.arange(1.0, categories + 1)
    return float(chances @ (places - chances @ places) ** 2)


def _checked_probabilities(probabilities: ArrayLike | None, categories: int) -> FloatArray:
    if probabilities is None:
        return np.full(categories, 1 / categories)
    chances = vector(probabilities, "probabilities", length=categories)
    for place, chance in enumerate(chances.tolist()):
        if not chance >= 0:
            msg = f"probabilities[{place}]: expected a number of at least 0, got {chance:g}"
            raise ValueError(msg)
    total = float(chances.sum())
    if not abs(total - 1) <= SUM_TOLERANCE:
        msg = f"probabilities: expected a sum of 1, got {total:g}"
        raise ValueError(msg)
    return chances / total


def _checked_levels(levels: Sequence[float] | FloatArray) -> FloatArray:
    wanted = vector(levels, "levels")
    if wanted.size == 0:
        msg = "levels: expected at least one level, got none"
        raise ValueError(msg)
    for place, level in enumerate(wanted.tolist()):
        if not 0 < level < 1:
            msg = f"levels[{place}]: expected a number inside (0, 1), got {level:g}"
            raise ValueError(msg)
    return wanted


def _quantiles(values: FloatArray, levels: FloatArray) -> FloatArray:
    known = values[~np.isnan(values)]
    return np.quantile(known, levels) if known.size else np.full(levels.size, np.nan)
