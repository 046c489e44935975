"""A person's place on the trait from the answers and known item parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import check_word, whole_number
from leadkit.stats._base import TableResult
from leadkit.stats._spread import variance
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.stats.irt.arguments import category_codes, checked_range, finite_number
from leadkit.stats.irt.maximum import Objective, maximise
from leadkit.stats.irt.parameters import ItemParameters
from leadkit.stats.irt.posterior import posterior_moments
from leadkit.typing import BoolArray, FloatArray, IntArray

Method: TypeAlias = Literal["eap", "map", "ml", "wle"]
METHODS = ("eap", "map", "ml", "wle")


@frozen(kw_only=True, eq=False)
class ThetaScores(TableResult):
    """The place of each person on the trait, one row a person.

    Parameters
    ----------
    theta : (n,) array
        Estimates, on the scale of the item parameters; NaN where undefined.
    standard_error : (n,) array
        Standard deviation of the posterior (`eap`), or 1 / sqrt(-second derivative of what is maximised); NaN where
        undefined.
    n_answered : (n,) int array
        Answers that count: those given to items whose parameters are known.
    person_flags : tuple of tuple of str
        What is doubtful about each person.
    method : {"eap", "map", "ml", "wle"}
        How the estimates were made.
    prior_mean, prior_sd : float
        The normal prior that `eap` and `map` use.
    n_quadpts : int
        Points of the grid.
    empirical_reliability : float
        var(theta) / (var(theta) + mean squared standard error) over the persons with an estimate, in [0, 1); NaN with
        fewer than two of them.
    flags : tuple of str
        All the persons' flags; `too_few_rows`, `no_variance`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "theta": "theta",
        "standard_error": "standard_error",
        "n_answered": "n_answered",
        "person_flags": "flags",
    }

    theta: FloatArray = field(converter=float_array)
    standard_error: FloatArray = field(converter=float_array)
    n_answered: IntArray = field(converter=int_array)
    person_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    method: Method
    prior_mean: float = field(converter=as_float)
    prior_sd: float = field(converter=as_float)
    n_quadpts: int = field(converter=as_int)
    empirical_reliability: float = field(converter=as_float)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def estimate_theta(
    responses: ArrayLike,
    parameters: ItemParameters,
    *,
    method: Method = "eap",
    prior_mean: float = 0.0,
    prior_sd: float = 1.0,
    n_quadpts: int = 61,
    theta_range: tuple[float, float] = (-6.0, 6.0),
) -> ThetaScores:
    """Estimate where each person is on the trait.

    Parameters
    ----------
    responses : (n, k) array-like
        Codes of the chosen categories, a row a person; NaN, None or masked is missing and skipped.
    parameters : ItemParameters
        The k items.
    method : {"eap", "map", "ml", "wle"}
        Mean of the posterior, its maximum, the maximum of the likelihood, or the highest of Warm's
        weighted likelihood, which may have several.
    prior_mean, prior_sd : float
        The normal prior of `eap` and `map`; `prior_sd` is above 0.
    n_quadpts : int
        Equally spaced points in `theta_range`, at least 2. The posterior is summed over them, so they should lie no
        further apart than the smallest standard error, else `coarse_grid`; tests of some fifty items and more need more
        than the default.
    theta_range : (float, float)
        Where the points lie. They are only the start of the search for a maximum, which may lie outside.

    Returns
    -------
    ThetaScores
        One row a person. Without answers `eap` and `map` give the prior's mean and standard deviation (`prior_only`),
        `ml` and `wle` NaN (`all_missing`). When all answers lie at the same end the likelihood has no maximum: `ml`
        gives NaN (`no_maximum`), `wle` is finite. A maximum beyond the reach of arithmetic is NaN (`not_converged`).

    Raises
    ------
    ValueError
        An answer is no category of its item, the number of columns differs from that of the items, or an option is
        outside its range.

    References
    ----------
    .. [1] R. D. Bock and R. J. Mislevy, "Adaptive EAP estimation of ability in a microcomputer environment", Applied
       Psychological Measurement 6, 1982.
    .. [2] T. A. Warm, "Weighted likelihood estimation of ability in item response theory", Psychometrika 54, 1989.

    Examples
    --------
    >>> parameters = ItemParameters("grm", [1.5, 2.0], [[-1.0, 1.0], [-0.5, 0.5]])
    >>> scores = estimate_theta([[1, 1], [2, 3], [3, float("nan")]], parameters)
    >>> scores.theta.round(2), scores.standard_error.round(2)
    (array([-1.19,  0.57,  0.82]), array([0.7 , 0.65, 0.84]))
    >>> estimate_theta([[1, 2]], parameters, method="wle").theta.round(2)
    array([-0.58])
    """
    check_word(method, "method", METHODS)
    mean, sd = finite_number(prior_mean, "prior_mean"), finite_number(prior_sd, "prior_sd", above=0.0)
    points = np.linspace(*checked_range(theta_range), whole_number(n_quadpts, "n_quadpts", least=2))
    codes = category_codes(responses, parameters)
    n_answered = (codes > 0).sum(axis=1)
    empty = n_answered == 0
    at_an_end = _all_at_an_end(codes, parameters) if method == "ml" else np.zeros_like(empty)

    theta, error = np.full(empty.size, np.nan), np.full(empty.size, np.nan)
    usable = ~empty & ~at_an_end
    if method == "eap":
        theta[usable], error[usable] = posterior_moments(
            codes[usable], parameters, points=points, prior_mean=mean, prior_sd=sd
        )
    else:
        precision = sd**-2 if method == "map" else 0.0
        objective = Objective(parameters=parameters, centre=mean, precision=precision, weighted=method == "wle")
        theta[usable], error[usable] = maximise(objective, codes[usable], points)
    has_prior = method in {"eap", "map"}
    if has_prior:
        theta[empty], error[empty] = mean, sd
    flags = {
        "prior_only" if has_prior else "all_missing": empty,
        "no_maximum": at_an_end & ~empty,
        "not_converged": usable & np.isnan(theta),
        "coarse_grid": usable & (error < np.ptp(points) / (points.size - 1) if method == "eap" else False),
    }
    reliability, doubts = _empirical_reliability(theta, error)
    return ThetaScores(
        theta=theta,
        standard_error=error,
        n_answered=n_answered,
        person_flags=_row_flags(flags, empty.size),
        method=method,
        prior_mean=mean,
        prior_sd=sd,
        n_quadpts=points.size,
        empirical_reliability=reliability,
        flags=doubts | {name for name, rows in flags.items() if rows.any()},
    )


def _all_at_an_end(codes: IntArray, parameters: ItemParameters) -> BoolArray:
    """Tell whose answers are all the lowest, or all the highest category of their item; true without answers."""
    missing = codes == 0
    return np.asarray((missing | (codes == 1)).all(axis=1) | (missing | (codes == parameters.n_categories)).all(axis=1))


def _empirical_reliability(theta: FloatArray, error: FloatArray) -> tuple[float, set[str]]:
    known = ~np.isnan(theta)
    if known.sum() < 2:
        return math.nan, {"too_few_rows"}
    between = variance(theta[known])
    within = float((error[known] ** 2).mean())
    return between / (between + within), set() if between > 0 else {"no_variance"}


def _row_flags(flags: Mapping[str, BoolArray], n: int) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()] * n
    for name, applies in flags.items():
        for row in np.flatnonzero(applies):
            rows[row] = (*rows[row], name)
    return rows
