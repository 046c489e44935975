"""Variance components of targets crossed with raters, by restricted maximum likelihood on any pattern of scores."""

from __future__ import annotations

import math

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import ROUNDING
from leadkit.stats._base import Result
from leadkit.stats._spread import ROUNDING_STEPS, is_rounding
from leadkit.stats.flags import sorted_flags
from leadkit.stats.variance.additive import AdditiveFit, additive_fit
from leadkit.stats.variance.crossed_design import CrossedDesign
from leadkit.stats.variance.crossed_search import best_fit
from leadkit.stats.variance.crossed_side import Side, Solution
from leadkit.stats.variance.errorless import errorless_solution
from leadkit.typing import FloatArray, IntArray

MOST_LEVELS = 5000
NEARLY_NONE = 1e-8


@frozen(kw_only=True, eq=False)
class CrossedComponents(Result):
    """score = grand mean + effect of the target + effect of the rater + residual, all three random.

    Parameters
    ----------
    target_variance, rater_variance, residual_variance : float
        Restricted maximum-likelihood estimates, at least 0; NaN where the design cannot tell them apart.
    grand_mean : float
        Generalised least-squares mean.
    target_effects, rater_effects : (T,), (R,) array
        Best linear unbiased predictions; 0 for a level without scores.
    target_standard_errors, rater_standard_errors : (T,), (R,) array
        Root of the variance of the prediction about the true effect, the grand mean being estimated and the variance
        components taken as known (Henderson 1975).
    n_components : int
        Parts of the design that no score connects.
    n : int
        Scores.
    converged : bool
        Whether the likelihood reached its maximum; True where no search was needed, False where nothing is known.
    flags : tuple of str
        `disconnected_design`; `too_few_raters`, `too_few_rows` and `underidentified` where all is NaN; `no_variance`;
        `perfect_consistency` for a residual variance of 0; `zero_between_variance` for a target or rater variance of
        0; `not_converged`.
    """

    target_variance: float = field(converter=as_float)
    rater_variance: float = field(converter=as_float)
    residual_variance: float = field(converter=as_float)
    grand_mean: float = field(converter=as_float)
    target_effects: FloatArray = field(converter=float_array)
    target_standard_errors: FloatArray = field(converter=float_array)
    rater_effects: FloatArray = field(converter=float_array)
    rater_standard_errors: FloatArray = field(converter=float_array)
    n_components: int = field(converter=as_int)
    n: int = field(converter=as_int)
    converged: bool
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def crossed_components(
    scores: FloatArray, targets: IntArray, raters: IntArray, *, n_targets: int, n_raters: int
) -> CrossedComponents:
    """Fit the two-way random model without interaction by restricted maximum likelihood.

    The larger side is eliminated in closed form, so a design is as costly as its smaller side is long.

    Parameters
    ----------
    scores : (n,) array
        Scores without gaps, in any order; a pair of target and rater may come more than once or never.
    targets, raters : (n,) array of int
        Places of the target and the rater of each score, in 0..n_targets-1 and 0..n_raters-1.
    n_targets, n_raters : int
        Targets and raters, with or without scores.

    Returns
    -------
    CrossedComponents
        Variance components, grand mean and predicted effects.

    Raises
    ------
    ValueError
        More than 5000 targets and more than 5000 raters have scores.

    References
    ----------
    .. [1] H. D. Patterson and R. Thompson, "Recovery of inter-block information when block sizes are unequal",
       Biometrika 58, 1971.
    .. [2] C. R. Henderson, "Best linear unbiased estimation and prediction under a selection model", Biometrics 31,
       1975.

    Examples
    --------
    >>> scores = np.array([[4.0, 3.0, 5.0], [2.0, 1.0, 2.0], [5.0, 3.0, 5.0]])
    >>> targets, raters = np.nonzero(scores)
    >>> fit = crossed_components(scores.ravel(), targets, raters, n_targets=3, n_raters=3)
    >>> round(fit.target_variance, 3), round(fit.rater_variance, 3), round(fit.residual_variance, 3)
    (2.056, 0.722, 0.167)
    """
    seen_targets, target_codes = np.unique(targets, return_inverse=True)
    seen_raters, rater_codes = np.unique(raters, return_inverse=True)
    by_target = seen_targets.size >= seen_raters.size
    solution, n_parts = _solution(scores, *((target_codes, rater_codes) if by_target else (rater_codes, target_codes)))
    target, rater = (solution.long, solution.short) if by_target else (solution.short, solution.long)
    target, rater = target.among(seen_targets, n_targets), rater.among(seen_raters, n_raters)
    reasons = {
        "too_few_raters": seen_raters.size < 2,
        "disconnected_design": n_parts > 1,
        "zero_between_variance": 0 in {target.variance, rater.variance} and "no_variance" not in solution.flags,
        "not_converged": not solution.converged and not math.isnan(solution.mean),
    }
    return CrossedComponents(
        target_variance=target.variance,
        rater_variance=rater.variance,
        residual_variance=solution.residual_variance,
        grand_mean=solution.mean,
        target_effects=target.effects,
        target_standard_errors=np.sqrt(target.prediction_variances),
        rater_effects=rater.effects,
        rater_standard_errors=np.sqrt(rater.prediction_variances),
        n_components=n_parts,
        n=scores.size,
        converged=solution.converged,
        flags=solution.flags | {flag for flag, holds in reasons.items() if holds},
    )


def _solution(scores: FloatArray, long: IntArray, short: IntArray) -> tuple[Solution, int]:
    """Solve a design whose levels all have scores, and count its connected parts."""
    if scores.size == 0:
        return Solution.unknown(0, 0, "too_few_rows"), 0
    n_long, n_short = int(long.max()) + 1, int(short.max()) + 1
    if n_short > MOST_LEVELS:
        msg = f"targets, raters: expected at most {MOST_LEVELS} of either, got {n_long} of the one and {n_short} of the other"
        raise ValueError(msg)
    design = CrossedDesign.of(scores, long, short)
    additive = additive_fit(design)
    largest = float(np.abs(scores).max())
    if not design.is_identified():
        return Solution.unknown(n_long, n_short, "underidentified"), additive.n_parts
    if is_rounding(np.ptp(scores), largest):
        return Solution.constant(n_long, n_short, float(scores.min())), additive.n_parts
    total = design.within + design.counts @ design.values**2
    rounding = max(ROUNDING * float(total) / design.n, (ROUNDING_STEPS * largest) ** 2)
    if _is_errorless(design, additive, rounding):
        return errorless_solution(design, additive, rounding), additive.n_parts
    return _nearly_errorless(design, additive, rounding) or _searched(design), additive.n_parts


def _is_errorless(design: CrossedDesign, additive: AdditiveFit, rounding: float) -> bool:
    """Whether the likelihood grows without end as the residual variance goes to 0.

    It does where effects of both sides, or of one of them alone, fit more scores than they have parameters.
    """
    if additive.residual_sum_squares > rounding * design.n:
        return False
    long_means = design.long_sums(design.values) / design.long_counts
    short_means = design.short_sums(design.values) / design.short_counts
    errors = design.values - long_means[design.long], design.values - short_means[design.short]
    return additive.df > 0 or any(design.within + design.counts @ e**2 <= rounding * design.n for e in errors)


def _nearly_errorless(design: CrossedDesign, additive: AdditiveFit, rounding: float) -> Solution | None:
    """Solve a design whose error is so small that the limit without error is more precise than the equations with it."""
    error = additive.residual_sum_squares / additive.df if additive.df else math.inf
    if error > NEARLY_NONE * float(design.counts @ design.values**2) / design.n:
        return None
    solution = errorless_solution(design, additive, rounding, residual_variance=error)
    return solution if error <= NEARLY_NONE * min(solution.long.variance, solution.short.variance) else None


def _searched(design: CrossedDesign) -> Solution:
    fit = best_fit(design)
    variances = fit.residual_variance * fit.system.ratios
    long, short = fit.system.prediction_variances()
    effects = fit.system.ratios[0] * fit.projection.long, fit.system.ratios[1] * fit.projection.short
    return Solution(
        long=Side(variance=float(variances[0]), effects=effects[0], prediction_variances=fit.residual_variance * long),
        short=Side(
            variance=float(variances[1]), effects=effects[1], prediction_variances=fit.residual_variance * short
        ),
        residual_variance=fit.residual_variance,
        mean=design.centre + fit.projection.mean,
        converged=fit.converged,
    )
