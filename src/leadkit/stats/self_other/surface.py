"""How an outcome depends on own and others' scores together: the quadratic response surface."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import check_level, floats, vector
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags
from leadkit.stats.self_other.quadratic import N_TERMS, Quadratic, fit_quadratic, terms
from leadkit.typing import FloatArray

__all__ = ["ResponseSurface", "response_surface"]

# The rows give a1 = b1 + b2, a2 = b3 + b4 + b5, a3 = b1 - b2, a4 = b3 - b4 + b5 and a5 = b3 - b5 of b0, ..., b5.
SURFACE = np.array(
    [
        [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, -1.0, 1.0],
        [0.0, 0.0, 0.0, 1.0, 0.0, -1.0],
    ]
)
PARAMETERS = ("a1", "a2", "a3", "a4", "a5")


@frozen(kw_only=True, eq=False)
class ResponseSurface(TableResult):
    """A quadratic surface over own and others' scores, one row a surface parameter in records.

    The outcome is b0 + b1 x + b2 y + b3 x^2 + b4 x y + b5 y^2, x the own and y the others' scores less `centre`.
    Along the line of agreement (x = y) it has slope a1 at the centre and curvature a2, along the line of disagreement
    (x = -y) slope a3 and curvature a4; a5 other than 0 says that the ridge is not parallel to the line of agreement.

    Parameters
    ----------
    parameters : tuple of 5 str
        "a1", ..., "a5", the names of the surface parameters.
    coefficients, standard_errors : (6,) array
        b0, ..., b5 and their standard errors.
    covariance : (6, 6) array
        Sampling covariance of the coefficients.
    surface : (5,) array
        a1 = b1 + b2, a2 = b3 + b4 + b5, a3 = b1 - b2, a4 = b3 - b4 + b5, a5 = b3 - b5.
    surface_standard_errors, surface_t, surface_p, surface_low, surface_high : (5,) array
        Their standard errors, t values, two-sided p and interval, from t with `df` degrees of freedom.
    stationary_point : (2,) array
        Where the surface is level, x and y less the centre; NaN without curvature in every direction.
    first_axis, second_axis : (2,) array
        Intercept and slope of the principal axes, y = intercept + slope x, both less the centre; the second is
        perpendicular to the first. NaN without curvature, or when b4 = 0 and the axes run along the coordinates.
    r2, adjusted_r2 : float
        Share of the variance of the outcome that the surface explains, in [0, 1], and the same adjusted for the number
        of terms; NaN when the outcome is constant.
    f : float
        F of the surface against a constant, with 5 and `df` degrees of freedom; NaN when there is no residual.
    df : int
        n - 6.
    n, n_rows : int
        People with all three values, and people given.
    centre : tuple of two floats
        What was taken off the own and off the others' scores.
    level : float
        Two-sided confidence level of the intervals.
    flags : tuple of str
        `rows_dropped`; `too_few_rows` for fewer than 7 people; `singular_covariance` when the six terms are linearly
        dependent; `no_curvature` when the stationary point or an axis is undefined; `no_variance` when the outcome is
        constant, or the surface meets it exactly, so that there is nothing to test against.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "parameters": "parameter",
        "surface": "estimate",
        "surface_standard_errors": "standard_error",
        "surface_t": "t",
        "surface_p": "p_value",
        "surface_low": "low",
        "surface_high": "high",
    }

    parameters: tuple[str, ...] = field(default=PARAMETERS, init=False)
    coefficients: FloatArray = field(converter=float_array)
    standard_errors: FloatArray = field(converter=float_array)
    covariance: FloatArray = field(converter=float_array)
    surface: FloatArray = field(converter=float_array)
    surface_standard_errors: FloatArray = field(converter=float_array)
    surface_t: FloatArray = field(converter=float_array)
    surface_p: FloatArray = field(converter=float_array)
    surface_low: FloatArray = field(converter=float_array)
    surface_high: FloatArray = field(converter=float_array)
    stationary_point: FloatArray = field(converter=float_array)
    first_axis: FloatArray = field(converter=float_array)
    second_axis: FloatArray = field(converter=float_array)
    r2: float = field(converter=as_float)
    adjusted_r2: float = field(converter=as_float)
    f: float = field(converter=as_float)
    df: int = field(converter=as_int)
    n: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    centre: tuple[float, float]
    level: float = field(converter=as_float)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def value(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Give the height of the surface, the outcome expected at own and others' scores.

        Parameters
        ----------
        x, y : array-like
            Own and others' scores on their raw scale; shapes that broadcast. NaN stays NaN.

        Returns
        -------
        array
            Expected outcome, of the shape that `x` and `y` broadcast to.

        Raises
        ------
        ValueError
            `x` or `y` holds something else than real numbers, or their shapes do not fit.

        Examples
        --------
        >>> own, others = [1, 2, 3, 4, 5, 1, 5, 3], [2, 1, 3, 5, 4, 5, 1, 4]
        >>> result = response_surface([3, 3, 5, 4, 4, 1, 2, 5], own, others, centre=3)
        >>> result.value(3.0, [3.0, 4.0]).round(3).tolist()
        [5.143, 4.829]
        """
        own, others = floats(x, "x"), floats(y, "y")
        try:
            own, others = np.broadcast_arrays(own, others)
        except ValueError as error:
            msg = f"y: expected a shape that broadcasts with {own.shape} of x, got {others.shape}"
            raise ValueError(msg) from error
        return np.asarray(terms(own - self.centre[0], others - self.centre[1]) @ self.coefficients)


def response_surface(
    outcome: ArrayLike,
    self_scores: ArrayLike,
    other_scores: ArrayLike,
    *,
    centre: ArrayLike,
    level: float = 0.95,
) -> ResponseSurface:
    """Regress an outcome on own scores, others' scores, their squares and their product.

    Parameters
    ----------
    outcome, self_scores, other_scores : (n,) array-like
        Three values a person, the two scores on one scale; NaN is missing, and the person is left out.
    centre : float or (2,) array-like
        Midpoint of the scale, taken off both scores; two numbers for own and others' scores. The surface parameters
        speak of this point, so it belongs to the scale and not to the sample.
    level : float
        Two-sided confidence level, inside (0, 1).

    Returns
    -------
    ResponseSurface
        Coefficients by ordinary least squares, the five surface parameters with t tests, stationary point and axes.

    Raises
    ------
    ValueError
        The three arguments are not vectors of one length, `centre` is not one or two finite numbers, or `level` is
        outside (0, 1).

    References
    ----------
    .. [1] J. R. Edwards and M. E. Parry, "On the use of polynomial regression equations as an alternative to difference
       scores in organizational research", Academy of Management Journal 36, 1993.
    .. [2] L. R. Shanock, B. E. Baran, W. A. Gentry, S. C. Pattison and E. D. Heggestad, "Polynomial regression with
       response surface analysis", Journal of Business and Psychology 25, 2010.

    Examples
    --------
    An outcome that falls with the squared difference of the scores, whatever their level:

    >>> own, others = [1, 2, 3, 4, 5, 1, 5, 3], [2, 1, 3, 5, 4, 5, 1, 4]
    >>> outcome = [5 - (x - y) ** 2 / 4 for x, y in zip(own, others)]
    >>> result = response_surface(outcome, own, others, centre=3)
    >>> (result.surface.round(6) + 0.0).tolist()
    [0.0, 0.0, 0.0, -1.0, 0.0]
    """
    z = vector(outcome, "outcome")
    own = vector(self_scores, "self_scores", length=z.size)
    others = vector(other_scores, "other_scores", length=z.size)
    middle = _centre(centre)
    check_level(level)
    used = ~np.isnan(z + own + others)
    fit = fit_quadratic(z[used], own[used], others[used], middle)
    inference = _inference(fit, int(used.sum()) - N_TERMS, level)
    point, first_axis, second_axis = _shape(fit)

    flags = set(fit.flags)
    if not used.all():
        flags.add("rows_dropped")
    if not np.isnan(fit.coefficients).any() and np.isnan(first_axis).any():
        flags.add("no_curvature")
    return ResponseSurface(
        coefficients=fit.coefficients,
        standard_errors=np.sqrt(fit.covariance.diagonal()),
        covariance=fit.covariance,
        surface=inference.estimate,
        surface_standard_errors=inference.standard_error,
        surface_t=inference.t,
        surface_p=inference.p_value,
        surface_low=inference.low,
        surface_high=inference.high,
        stationary_point=point,
        first_axis=first_axis,
        second_axis=second_axis,
        r2=1 - fit.unexplained,
        adjusted_r2=inference.adjusted_r2,
        f=inference.f,
        df=inference.df,
        n=int(used.sum()),
        n_rows=z.size,
        centre=middle,
        level=level,
        flags=flags,
    )


class Inference(NamedTuple):
    """Tests of the surface parameters, each (5,), and of the surface as a whole."""

    estimate: FloatArray
    standard_error: FloatArray
    t: FloatArray
    p_value: FloatArray
    low: FloatArray
    high: FloatArray
    adjusted_r2: float
    f: float
    df: int


def _centre(centre: ArrayLike) -> tuple[float, float]:
    values = floats(centre, "centre")
    if values.shape not in {(), (2,)} or np.isnan(values).any():
        msg = f"centre: expected one finite number or two, got {centre!r}"
        raise ValueError(msg)
    own, others = np.broadcast_to(values, 2).tolist()
    return own, others


def _inference(fit: Quadratic, df: int, level: float) -> Inference:
    from scipy.special import stdtr, stdtrit

    estimate = SURFACE @ fit.coefficients
    error = np.sqrt(np.maximum((SURFACE @ fit.covariance @ SURFACE.T).diagonal(), 0.0))
    t = estimate / np.where(error > 0, error, np.nan)
    half = -float(stdtrit(df, (1 - level) / 2)) if df > 0 else math.nan
    share = fit.unexplained / df if df > 0 else math.nan
    return Inference(
        estimate=estimate,
        standard_error=error,
        t=t,
        p_value=np.asarray(2 * stdtr(df, -np.abs(t))),
        low=estimate - half * error,
        high=estimate + half * error,
        adjusted_r2=1 - share * (df + N_TERMS - 1),
        f=(1 - fit.unexplained) / (N_TERMS - 1) / share if share > 0 else math.nan,
        df=max(df, 0),
    )


def _shape(fit: Quadratic) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the stationary point and both principal axes; NaN where the coefficients they need are only rounding."""
    b1, b2, b3, b4, b5 = fit.coefficients[1:].tolist()
    e3, e4, e5 = fit.rounding[3:].tolist()
    nowhere = np.full(2, np.nan)
    determinant = 4 * b3 * b5 - b4**2
    rounding = 4 * (abs(b3) * e5 + abs(b5) * e3 + e3 * e5) + (2 * abs(b4) + e4) * e4
    if not abs(determinant) > rounding:
        return nowhere, nowhere, nowhere
    x = (b2 * b4 - 2 * b1 * b5) / determinant
    y = (b1 * b4 - 2 * b2 * b3) / determinant
    point = np.array([x, y])
    if not abs(b4) > e4:
        return point, nowhere, nowhere
    # The slopes' product is -1, so the one without cancellation gives the other.
    steep = (b5 - b3 + math.copysign(math.hypot(b3 - b5, b4), b5 - b3)) / b4
    first, second = (steep, -1 / steep) if b5 >= b3 else (-1 / steep, steep)
    return point, np.array([y - first * x, first]), np.array([y - second * x, second])
