"""Norm tables: percentile ranks, standard scores, stens and stanines from the scores of a norm sample."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array, int_array
from leadkit.stats._arrays import check_word, floats, vector
from leadkit.stats._base import TableResult
from leadkit.stats._spread import is_rounding
from leadkit.stats.flags import sorted_flags
from leadkit.stats.norms.scores import NormScores
from leadkit.typing import FloatArray, IntArray

Convention: TypeAlias = Literal["mid", "below", "at_or_below"]
By: TypeAlias = Literal["percentile", "linear"]
CONVENTIONS = ("mid", "below", "at_or_below")
BY = ("percentile", "linear")
STANINE_CUTS = (0.04, 0.11, 0.23, 0.40, 0.60, 0.77, 0.89, 0.96)
STEN_CUTS_Z = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
SMALL_SAMPLE = 100


@frozen(kw_only=True, eq=False)
class NormTable(TableResult):
    """How often each score occurs in a norm sample, and what any score means beside it; one row a distinct score.

    Every method takes an array-like of any shape and returns an array of that shape; NaN stays NaN. Scores that nobody
    in the sample has are placed between their neighbours.

    Parameters
    ----------
    scores : (m,) array
        Distinct scores of the sample, ascending.
    counts : (m,) int array
        People with each score.
    n : int
        People with a score.
    n_rows : int
        All people, those without a score included.
    mean, sd : float
        Mean and standard deviation (divisor n - 1); NaN where there are too few scores.
    name, version : str
        Which norm sample.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.

    Raises
    ------
    ValueError
        The scores are not distinct and ascending, or the counts do not fit them and `n`.

    Examples
    --------
    >>> table = norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6], name="support 2024")
    >>> table.percentile_rank([2, 3.5, 6])
    array([20., 60., 95.])
    >>> table.stanine([2, 3, 6])
    array([3., 5., 8.])
    """

    _columns: ClassVar[Mapping[str, str]] = {"scores": "score", "counts": "count"}

    scores: FloatArray = field(converter=float_array)
    counts: IntArray = field(converter=int_array)
    n: int
    n_rows: int
    mean: float = field(converter=as_float)
    sd: float = field(converter=as_float)
    name: str = ""
    version: str = ""
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def __attrs_post_init__(self) -> None:
        if self.scores.ndim != 1 or not (np.diff(self.scores, prepend=-np.inf) > 0).all():
            msg = f"scores: expected distinct scores in ascending order, got {self.scores.tolist()}"
            raise ValueError(msg)
        if self.counts.shape != self.scores.shape or not (self.counts > 0).all():
            msg = f"counts: expected a count of at least 1 for each of {self.scores.size} scores, got {self.counts.tolist()}"
            raise ValueError(msg)
        if not self.counts.sum() == self.n <= self.n_rows:
            msg = (
                f"n: expected {self.counts.sum()}, the sum of counts, and no more than {self.n_rows} rows, got {self.n}"
            )
            raise ValueError(msg)

    def percentile_rank(self, x: ArrayLike, *, convention: Convention = "mid") -> FloatArray:
        """Give the share of the norm sample that a score is above, in percent.

        Parameters
        ----------
        x : array-like
            Raw scores.
        convention : {"mid", "below", "at_or_below"}
            Count those below and half of those equal, those below only, or those equal too. With few distinct scores
            the conventions differ by many points.

        Returns
        -------
        array
            Percentile ranks in 0..100; NaN for a missing score.

        Raises
        ------
        ValueError
            `x` holds something else than real finite numbers, or `convention` is another word.

        Examples
        --------
        >>> table = norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6])
        >>> table.percentile_rank(3), table.percentile_rank(3, convention="below")
        (array(45.), array(30.))
        """
        check_word(convention, "convention", CONVENTIONS)
        raw = floats(x, "x")
        below, at_or_below = self._counts_up_to(raw)
        halves = {"mid": below + at_or_below, "below": 2 * below, "at_or_below": 2 * at_or_below}[convention]
        return np.where(np.isnan(raw), np.nan, 100 * self._share(halves))

    def z(self, x: ArrayLike, *, normalised: bool = False) -> FloatArray:
        """Give the standard score of mean 0 and standard deviation 1.

        Parameters
        ----------
        x : array-like
            Raw scores.
        normalised : bool
            Take the normal quantile of the mid percentile rank, kept inside [0.5/n, 1 - 0.5/n], rather than
            (x - mean) / sd.

        Returns
        -------
        array
            Standard scores; NaN for a missing score, and for linear ones of a sample without spread.

        Raises
        ------
        ValueError
            `x` holds something else than real finite numbers.

        Examples
        --------
        >>> table = norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6])
        >>> table.z([1, 3.3]).round(2), table.z([1, 3.3], normalised=True).round(2)
        (array([-1.54,  0.  ]), array([-1.64,  0.25]))
        """
        raw = floats(x, "x")
        if not normalised:
            return np.asarray((raw - self.mean) / (self.sd if self.sd > 0 else math.nan))
        from scipy.special import ndtri

        least = 0.5 / self.n if self.n > 0 else math.nan
        return np.asarray(ndtri(np.clip(self._mid_share(raw), least, 1 - least)))

    def t(self, x: ArrayLike, *, normalised: bool = False) -> FloatArray:
        """Give the standard score of mean 50 and standard deviation 10, 50 + 10 z.

        Parameters
        ----------
        x : array-like
            Raw scores.
        normalised : bool
            As for `z`.

        Returns
        -------
        array
            T scores; NaN where z is.

        Raises
        ------
        ValueError
            `x` holds something else than real finite numbers.

        Examples
        --------
        >>> norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6]).t([1, 3.3]).round(1)
        array([34.6, 50. ])
        """
        return np.asarray(50 + 10 * self.z(x, normalised=normalised))

    def sten(self, x: ArrayLike, *, by: By = "percentile") -> FloatArray:
        """Give the standard ten (sten), one of ten bands half a standard deviation wide.

        Parameters
        ----------
        x : array-like
            Raw scores.
        by : {"percentile", "linear"}
            Cut the mid percentile share at Phi(-2), Phi(-1.5), ..., Phi(2), a share at a cut belonging to the band
            above; or take floor(2 z + 6), kept in 1..10.

        Returns
        -------
        array
            Whole numbers in 1..10; NaN for a missing score.

        Raises
        ------
        ValueError
            `x` holds something else than real finite numbers, or `by` is another word.

        Examples
        --------
        >>> table = norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6])
        >>> table.sten([1, 3, 6]), table.sten([1, 3, 6], by="linear")
        (array([2., 5., 9.]), array([2., 5., 9.]))
        """
        from scipy.special import ndtr

        return self._band(x, by, cuts=np.asarray(ndtr(np.array(STEN_CUTS_Z)), dtype=np.float64), middle=6.0)

    def stanine(self, x: ArrayLike, *, by: By = "percentile") -> FloatArray:
        """Give the standard nine (stanine): bands of 4, 7, 12, 17, 20, 17, 12, 7 and 4 percent of a normal sample.

        Parameters
        ----------
        x : array-like
            Raw scores.
        by : {"percentile", "linear"}
            Cut the mid percentile share at .04, .11, .23, .40, .60, .77, .89, .96, a share at a cut belonging to the
            band above; or take floor(2 z + 5.5), kept in 1..9.

        Returns
        -------
        array
            Whole numbers in 1..9; NaN for a missing score.

        Raises
        ------
        ValueError
            `x` holds something else than real finite numbers, or `by` is another word.

        Examples
        --------
        >>> table = norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6])
        >>> table.stanine([1, 3, 6]), table.stanine([1, 3, 6], by="linear")
        (array([2., 5., 8.]), array([2., 5., 9.]))
        """
        return self._band(x, by, cuts=np.array(STANINE_CUTS), middle=5.5)

    def lookup(self, x: ArrayLike) -> NormScores:
        """Express scores in every unit.

        Parameters
        ----------
        x : (m,) array-like or float
            Raw scores.

        Returns
        -------
        NormScores
            One row a score, in the order given.

        Raises
        ------
        ValueError
            `x` is not a vector of real finite numbers.

        Examples
        --------
        >>> rows = norm_table([1, 2, 2, 3, 3, 3, 4, 4, 5, 6]).lookup([1, 3])
        >>> rows.percentile_mid, rows.stanine
        (array([ 5., 45.]), array([2., 5.]))
        """
        raw = vector(np.atleast_1d(floats(x, "x")), "x")
        return NormScores(
            scores=raw,
            percentile_below=self.percentile_rank(raw, convention="below"),
            percentile_mid=self.percentile_rank(raw),
            percentile_at_or_below=self.percentile_rank(raw, convention="at_or_below"),
            z=self.z(raw),
            t=self.t(raw),
            z_normalised=self.z(raw, normalised=True),
            t_normalised=self.t(raw, normalised=True),
            sten=self.sten(raw),
            sten_linear=self.sten(raw, by="linear"),
            stanine=self.stanine(raw),
            stanine_linear=self.stanine(raw, by="linear"),
            name=self.name,
            version=self.version,
            n=self.n,
            flags=self.flags,
        )

    def _counts_up_to(self, raw: FloatArray) -> tuple[IntArray, IntArray]:
        cumulative = np.concatenate([[0], np.cumsum(self.counts)])
        below = cumulative[np.searchsorted(self.scores, raw, side="left")]
        return below, cumulative[np.searchsorted(self.scores, raw, side="right")]

    def _share(self, halves: IntArray) -> FloatArray:
        # One division of whole numbers, so that a share at a cut equals the cut to the last digit.
        return halves / (2 * self.n if self.n > 0 else math.nan)

    def _mid_share(self, raw: FloatArray) -> FloatArray:
        below, at_or_below = self._counts_up_to(raw)
        return np.where(np.isnan(raw), np.nan, self._share(below + at_or_below))

    def _band(self, x: ArrayLike, by: By, *, cuts: FloatArray, middle: float) -> FloatArray:
        check_word(by, "by", BY)
        raw = floats(x, "x")
        if by == "linear":
            return np.asarray(np.clip(np.floor(2 * self.z(raw) + middle), 1, cuts.size + 1))
        share = self._mid_share(raw)
        return np.where(np.isnan(share), np.nan, np.searchsorted(cuts, share, side="right") + 1)


def norm_table(scores: ArrayLike, *, name: str = "", version: str = "") -> NormTable:
    """Make a norm table from the scores of a norm sample.

    Parameters
    ----------
    scores : (n,) array-like
        One score a person; NaN, None or masked is missing and left out.
    name, version : str
        Which norm sample this is; carried along with every score that is looked up.

    Returns
    -------
    NormTable
        The table. Below 100 scores it is flagged `small_norm_sample`; below two, or without spread, the linear scores
        are NaN (`too_few_rows`, `no_variance`).

    Raises
    ------
    ValueError
        `scores` is not a vector of real finite numbers.

    References
    ----------
    .. [1] A. Anastasi and S. Urbina, "Psychological Testing", 7th edition, Prentice Hall, 1997.

    Examples
    --------
    >>> table = norm_table([12, 15, 15, 18, 20])
    >>> round(table.mean, 1), table.n, table.flags
    (16.0, 5, ('small_norm_sample',))
    >>> table.t([16, float("nan")])
    array([50., nan])
    """
    given = vector(scores, "scores")
    distinct, counts = np.unique(given[~np.isnan(given)], return_counts=True)
    n = int(counts.sum())
    mean, sd = _mean_and_sd(distinct, counts)
    return NormTable(
        scores=distinct,
        counts=counts,
        n=n,
        n_rows=given.size,
        mean=mean,
        sd=sd,
        name=name,
        version=version,
        flags=_doubts(n, given.size, sd),
    )


def _mean_and_sd(distinct: FloatArray, counts: IntArray) -> tuple[float, float]:
    n = int(counts.sum())
    if n == 0:
        return math.nan, math.nan
    above = distinct - distinct[0]
    centre = float(counts @ above) / n
    mean = float(distinct[0]) + centre
    if n == 1:
        return mean, math.nan
    if is_rounding(above[-1], np.abs(distinct).max()):
        return mean, 0.0
    return mean, math.sqrt(float(counts @ (above - centre) ** 2) / (n - 1))


def _doubts(n: int, n_rows: int, sd: float) -> Iterator[str]:
    if n < n_rows:
        yield "rows_dropped"
    if n < SMALL_SAMPLE:
        yield "small_norm_sample"
    if n < 2:
        yield "too_few_rows"
    if sd == 0:
        yield "no_variance"
