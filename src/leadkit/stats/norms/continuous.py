"""Norms that change smoothly with a covariate such as tenure or age."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.polynomial import polynomial
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array
from leadkit.stats._arrays import floats, vector, whole_number
from leadkit.stats._base import TableResult
from leadkit.stats._spread import is_rounding
from leadkit.stats.flags import sorted_flags
from leadkit.stats.norms.table import SMALL_SAMPLE
from leadkit.typing import FloatArray

FARTHEST_Z = 4.0
BISECTIONS = 60
MONOTONE_Z = np.linspace(-3.0, 3.0, 61)
MONOTONE_A = np.linspace(-1.0, 1.0, 21)


@frozen(kw_only=True, eq=False)
class ContinuousNorms(TableResult):
    """Raw score as a polynomial in norm score and covariate; one row a term.

    Parameters
    ----------
    terms : tuple of str
        Names of the terms z^i a^j, z = (T - 50) / 10 and a the covariate scaled to [-1, 1].
    coefficients : (m,) array
        Their coefficients, the power of a running fastest; NaN where `flags` say why.
    r2 : float
        Share of the variance of the raw scores that the polynomial explains, at most 1.
    n : int
        People with a score and a covariate.
    n_rows : int
        All people.
    covariate_low, covariate_high : float
        Range of the covariate in the sample; the norms are NaN outside.
    location_degree, covariate_degree : int
        Highest powers of z and of a.
    n_groups : int
        Groups of like covariate that scores were ranked in.
    monotone : bool
        Whether the raw score rises with z everywhere within |z| <= 3.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.
    """

    _columns: ClassVar[Mapping[str, str]] = {"terms": "term", "coefficients": "coefficient"}

    terms: tuple[str, ...]
    coefficients: FloatArray = field(converter=float_array)
    r2: float = field(converter=as_float)
    n: int
    n_rows: int
    covariate_low: float = field(converter=as_float)
    covariate_high: float = field(converter=as_float)
    location_degree: int
    covariate_degree: int
    n_groups: int
    monotone: bool
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def raw_score(self, t: ArrayLike, covariate: ArrayLike) -> FloatArray:
        """Give the raw score that has a norm score.

        Parameters
        ----------
        t : array-like
            T scores, mean 50 and standard deviation 10.
        covariate : array-like
            Covariates; broadcast against `t`.

        Returns
        -------
        array
            Raw scores; NaN where an argument is, for T outside 10..90, and outside the range of the covariate.

        Raises
        ------
        ValueError
            An argument holds something else than real finite numbers, or their shapes do not fit.

        Examples
        --------
        >>> norms = continuous_norms([1, 2, 3, 4, 5, 6], [0, 0, 0, 9, 9, 9], location_degree=1, covariate_degree=1)
        >>> norms.raw_score([40, 50], [0, 9]).round(2)
        array([0.97, 5.  ])
        """
        norm, place = _together(t, covariate, "t")
        z = (norm - 50) / 10
        a = self._scaled(place)
        return self._polynomial(np.where(np.abs(z) <= FARTHEST_Z, z, np.nan), a)

    def t_score(self, raw: ArrayLike, covariate: ArrayLike) -> FloatArray:
        """Give the norm score of a raw score.

        Parameters
        ----------
        raw : array-like
            Raw scores.
        covariate : array-like
            Covariates; broadcast against `raw`.

        Returns
        -------
        array
            T scores in 10..90, the ends also for raw scores beyond them; NaN where an argument is and outside the
            range of the covariate.

        Raises
        ------
        ValueError
            An argument holds something else than real finite numbers, or their shapes do not fit.

        Examples
        --------
        >>> norms = continuous_norms([1, 2, 3, 4, 5, 6], [0, 0, 0, 9, 9, 9], location_degree=1, covariate_degree=1)
        >>> norms.t_score([2, 4, 2], [0, 9, 10]).round(2)
        array([50.  , 40.33,   nan])
        """
        score, place = _together(raw, covariate, "raw")
        a = self._scaled(place)
        low, high = np.full(score.shape, -FARTHEST_Z), np.full(score.shape, FARTHEST_Z)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            is_above = self._polynomial(middle, a) < score
            low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
        undefined = np.isnan(score + a) | np.isnan(self.coefficients).any()
        return np.where(undefined, np.nan, 50 + 10 * (low + high) / 2)

    def _scaled(self, covariate: FloatArray) -> FloatArray:
        inside = (covariate >= self.covariate_low) & (covariate <= self.covariate_high)
        return np.where(inside, _scaled(covariate, self.covariate_low, self.covariate_high), np.nan)

    def _polynomial(self, z: FloatArray, a: FloatArray) -> FloatArray:
        surface = self.coefficients.reshape(self.location_degree + 1, -1)
        return np.asarray(polynomial.polyval2d(z, a, surface), dtype=np.float64)


def continuous_norms(
    scores: ArrayLike,
    covariate: ArrayLike,
    *,
    location_degree: int = 3,
    covariate_degree: int = 2,
    n_groups: int = 8,
) -> ContinuousNorms:
    """Fit norms that change smoothly with a covariate.

    People are put into groups of like covariate and nearly equal size; those with the same covariate stay together.
    Within a group, a score's mid rank becomes a normal quantile z. The raw scores are then regressed on z^i a^j, where
    a is the group's mean covariate on a scale from -1 (lowest in the sample) to 1 (highest) [1]_.

    Parameters
    ----------
    scores : (n,) array-like
        One raw score a person; NaN, None or masked is missing.
    covariate : (n,) array-like
        What the norms depend on, such as months in the job; NaN, None or masked is missing.
    location_degree : int
        Highest power of z, at least 1.
    covariate_degree : int
        Highest power of a, at least 0; below the number of groups.
    n_groups : int
        Number of groups, at least 1; fewer are formed where the covariate has many ties.

    Returns
    -------
    ContinuousNorms
        The polynomial. `not_monotone` where it does not rise with z; `small_norm_sample` below 100 people. NaN with
        `too_few_rows` (no more people than terms), `singular_covariance` (too few distinct scores or groups for the
        degrees) or `no_variance`.

    Raises
    ------
    ValueError
        An argument is not a vector of real finite numbers, lengths differ, or an option is not a whole number in its
        range.

    References
    ----------
    .. [1] A. Lenhard, W. Lenhard, S. Suggate and R. Segerer, "A continuous solution to the norming problem",
       Assessment 25, 2018.

    Examples
    --------
    >>> rng = np.random.default_rng(7)
    >>> months = rng.uniform(0, 60, size=2000)
    >>> norms = continuous_norms(20 + 0.2 * months + rng.normal(0, 4, size=2000), months)
    >>> norms.raw_score([40, 50, 60], 30).round(0)
    array([22., 26., 30.])
    >>> norms.t_score(26, [10, 30, 50]).round(0)
    array([60., 50., 40.])
    """
    i = whole_number(location_degree, "location_degree", least=1)
    j = whole_number(covariate_degree, "covariate_degree", least=0)
    most_groups = whole_number(n_groups, "n_groups", least=1)
    raw = vector(scores, "scores")
    place = vector(covariate, "covariate", length=raw.size)
    known = ~np.isnan(raw + place)
    order = np.lexsort((raw[known], place[known]))
    raw, place = raw[known][order], place[known][order]
    low, high = (float(place[0]), float(place[-1])) if raw.size else (math.nan, math.nan)
    groups = _groups(place, most_groups)
    z, a = _norm_scores(raw, groups), _group_means(_scaled(place, low, high), groups)
    design = _powers(z, i)[:, :, np.newaxis] * _powers(a, j)[:, np.newaxis, :]
    design = design.reshape(raw.size, (i + 1) * (j + 1))
    coefficients, reasons = _regression(design, raw)
    surface = coefficients.reshape(i + 1, j + 1)
    slopes = polynomial.polygrid2d(MONOTONE_Z, MONOTONE_A, polynomial.polyder(surface, axis=0))
    monotone = bool((slopes > 0).all())
    doubts = _doubts(raw.size, known.size, is_falling=not monotone and not reasons)
    return ContinuousNorms(
        terms=tuple(_terms(i, j)),
        coefficients=coefficients,
        r2=_r2(raw, design @ coefficients),
        n=raw.size,
        n_rows=known.size,
        covariate_low=low,
        covariate_high=high,
        location_degree=i,
        covariate_degree=j,
        n_groups=np.unique(groups).size,
        monotone=monotone,
        flags=(*reasons, *doubts),
    )


def _together(first: ArrayLike, covariate: ArrayLike, name: str) -> tuple[FloatArray, FloatArray]:
    values, place = floats(first, name), floats(covariate, "covariate")
    try:
        one, other = np.broadcast_arrays(values, place)
    except ValueError as error:
        msg = f"covariate: shape {place.shape} does not go with {name} of shape {values.shape}"
        raise ValueError(msg) from error
    return one, other


def _scaled(covariate: FloatArray, low: float, high: float) -> FloatArray:
    return 2 * (covariate - low) / (high - low) - 1 if high > low else np.zeros_like(covariate)


def _mid_ranks(values: FloatArray) -> FloatArray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - counts / 2)[place]


def _groups(covariate: FloatArray, n_groups: int) -> FloatArray:
    return np.floor(_mid_ranks(covariate) * n_groups / max(covariate.size, 1))


def _norm_scores(raw: FloatArray, groups: FloatArray) -> FloatArray:
    from scipy.special import ndtri

    z = np.empty_like(raw)
    for group in np.unique(groups):
        members = groups == group
        z[members] = ndtri(_mid_ranks(raw[members]) / np.count_nonzero(members))
    return z


def _group_means(values: FloatArray, groups: FloatArray) -> FloatArray:
    _, place = np.unique(groups, return_inverse=True)
    return (np.bincount(place, weights=values) / np.bincount(place))[place]


def _powers(values: FloatArray, degree: int) -> FloatArray:
    return values[:, np.newaxis] ** np.arange(degree + 1)


def _regression(design: FloatArray, raw: FloatArray) -> tuple[FloatArray, list[str]]:
    n, m = design.shape
    undefined = np.full(m, np.nan)
    if n <= m:
        return undefined, ["too_few_rows"]
    if is_rounding(np.ptp(raw), np.abs(raw).max()):
        return undefined, ["no_variance"]
    solved = np.linalg.lstsq(design, raw, rcond=None)
    if solved[2] < m:
        return undefined, ["singular_covariance"]
    return np.asarray(solved[0], dtype=np.float64), []


def _r2(raw: FloatArray, fitted: FloatArray) -> float:
    if np.isnan(fitted).any() or raw.size == 0:
        return math.nan
    return float(1 - ((raw - fitted) ** 2).sum() / ((raw - raw.mean()) ** 2).sum())


def _terms(location_degree: int, covariate_degree: int) -> Iterator[str]:
    for i in range(location_degree + 1):
        for j in range(covariate_degree + 1):
            yield " ".join(filter(None, (_power("z", i), _power("a", j)))) or "1"


def _power(name: str, exponent: int) -> str:
    return {0: "", 1: name}.get(exponent, f"{name}^{exponent}")


def _doubts(n: int, n_rows: int, *, is_falling: bool) -> Iterator[str]:
    if n < n_rows:
        yield "rows_dropped"
    if n < SMALL_SAMPLE:
        yield "small_norm_sample"
    if is_falling:
        yield "not_monotone"
