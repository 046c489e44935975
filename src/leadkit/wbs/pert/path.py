"""The critical path at the means, its variances, and how likely it is to end in time."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
from attrs import field, frozen

from leadkit._fields import number_faults
from leadkit._results import Result
from leadkit.typing import FloatArray
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.pert._driving import driving
from leadkit.wbs.pert._tracing import trace
from leadkit.wbs.plan import Plan
from leadkit.wbs.risk._clock import ROUNDING, Clock
from leadkit.wbs.risk._passes import MinutePasses
from leadkit.wbs.risk._planned import draws_of, expect_open, passes_of

__all__ = ["PertResult", "pert_path"]


@frozen(kw_only=True, eq=False)
class PertResult(Result):
    """What `pert_path` finds; made by it.

    Parameters
    ----------
    path : tuple of str
        The activities on the critical path at the means, from the start to the end; none in a plan without activities.
    mean : float
        Length of the path, lags included [working minutes].
    variance, sd : float
        Variance of the path with the variances of the distributions [minutes squared], and its root [minutes].
    classical_variance, classical_sd : float
        The same with ((high - low) / 6) squared for PERT and triangular estimates.
    flags : tuple of str
        "calendar_path", "no_estimate:<id>", "duplicate_link"; see `leadkit.wbs.WBS_FLAGS`.
    """

    path: tuple[str, ...]
    mean: float
    variance: float
    sd: float
    classical_variance: float
    classical_sd: float
    flags: tuple[str, ...] = ()
    _clock: Clock = field(alias="clock", eq=False, repr=False)

    def probability(self, minutes: float) -> float:
        """Give the probability that the path takes at most so long, from the classical variance.

        Parameters
        ----------
        minutes : float
            Working minutes since the start.

        Returns
        -------
        float
            In [0, 1]; 0 or 1 where the variance is 0.

        Raises
        ------
        ValueError
            `minutes` is not a finite number.
        """
        if faults := number_faults(minutes, "minutes"):
            raise ValueError(str(faults[0]))
        return self._below(float(minutes))

    def probability_by(self, limit: datetime) -> float:
        """Give the probability that the path ends by an instant, from the classical variance.

        Parameters
        ----------
        limit : datetime.datetime
            Aware instant; the working time from the start of the plan to it counts.

        Returns
        -------
        float
            In [0, 1]; 0 before the start.

        Raises
        ------
        ValueError
            `limit` is naive.
        """
        return self._below(self._clock.minutes(limit))

    def to_dict(self) -> dict[str, object]:
        """Give every public field as plain Python that `json.dumps(..., allow_nan=False)` takes.

        Returns
        -------
        dict
            Field name to value.
        """
        return {name: value for name, value in super().to_dict().items() if not name.startswith("_")}

    def _below(self, minutes: float) -> float:
        if self.classical_sd == 0:
            return float(minutes >= self.mean - ROUNDING * max(1.0, self.mean))
        return math.erfc((self.mean - minutes) / (self.classical_sd * math.sqrt(2))) / 2


def pert_path(plan: Plan) -> PertResult:
    """Sum means and variances along the critical path, as the textbooks do.

    Parameters
    ----------
    plan : Plan
        Its estimates count with their means, not rounded; effort is divided by the heads. Events are left out.

    Returns
    -------
    PertResult
        Of several critical paths the one with the largest classical variance, then with the smallest ids.

    Raises
    ------
    InfeasibleError
        A calendar does not open for long enough.

    Notes
    -----
    The probability takes the path for the only one that can be the longest, so it is too high where paths meet
    [1]_; `simulate` has that merge bias in its finish. An activity that the path passes from start to start, or from
    finish to finish, adds no variance.

    Where packages have calendars of their own, `not_before` or deadlines, or lags count every minute, the path is the one
    that drives the dates, its mean the working time of the plan's calendar up to its end, and variances are summed as
    if all minutes were the plan's (flag "calendar_path").

    References
    ----------
    .. [1] D. G. Malcolm, J. H. Roseboom, C. E. Clark and W. Fazar, "Application of a technique for research and
       development program evaluation", Operations Research 7(5), 646-669, 1959.
    .. [2] B. Render, R. M. Stair and M. E. Hanna, "Quantitative Analysis for Management", Pearson (General Foundry).

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Plan, Wbs, WorkPackage
    >>> packages = [WorkPackage(id=own, estimate=Estimate.pert(1, 2, 9)) for own in ("design", "build")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design", successor="build"),
    ... )
    >>> path = pert_path(plan)
    >>> path.path, path.mean / 480, round(path.classical_sd / 480, 4)
    (('design', 'build'), 6.0, 1.8856)
    >>> round(path.probability(8 * 480), 4)
    0.8556
    """
    expect_kind(plan, Plan)
    passes, draws = passes_of(plan), draws_of(plan, correlation=0.0, events=False)
    expect_open(plan, passes, draws.means)
    found = driving(passes, draws.means)
    classical = _classical_variances(plan) / draws.heads**2
    path, counted = trace(found, plan.activities, classical)
    variance = math.fsum(draws.variances[counted].tolist())
    classical_variance = math.fsum(classical[counted].tolist())
    flags = [*plan.flags, *([] if isinstance(passes, MinutePasses) else ["calendar_path"])]
    return PertResult(
        path=tuple(plan.activities[own] for own in path),
        mean=found.end,
        variance=variance,
        sd=math.sqrt(variance),
        classical_variance=classical_variance,
        classical_sd=math.sqrt(classical_variance),
        flags=tuple(sorted(flags)),
        clock=Clock(calendar=plan.calendar, start=plan.start),
    )


def _classical_variances(plan: Plan) -> FloatArray:
    packages = [plan.package(own) for own in plan.activities]
    estimates = [None if own is None else own.estimate for own in packages]
    return np.array([0.0 if own is None else own.classical_variance for own in estimates], dtype=np.float64)
