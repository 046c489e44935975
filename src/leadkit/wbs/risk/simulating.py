"""Many runs of a plan or a network, each with durations of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import number_faults, sealed, whole_number_faults
from leadkit.typing import Executor, FloatArray, Progress, RNGLike
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.network import PreparedNetwork
from leadkit.wbs.plan import Plan
from leadkit.wbs.risk._blocks import Model, Totals, simulated
from leadkit.wbs.risk._calendar_passes import CalendarPasses
from leadkit.wbs.risk._clock import Clock
from leadkit.wbs.risk._drawing import Draws
from leadkit.wbs.risk._passes import MinutePasses, Passes
from leadkit.wbs.risk._planned import draws_of, expect_open, passes_of
from leadkit.wbs.risk.result import RiskResult

__all__ = ["simulate", "simulate_network"]

# a path may differ by so much from the simulated mean before the merging of paths is worth a word
MERGE_BIAS = 0.01
# below this share of the squares around the middle, a variance is what rounding leaves of a constant
ROUNDING = 1e-12


def simulate(
    plan: Plan,
    *,
    n: int = 10_000,
    rng: RNGLike = 0,
    correlation: float = 0.0,
    events: bool = True,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> RiskResult:
    """Find out when a plan may end by drawing all durations many times.

    Parameters
    ----------
    plan : Plan
        Its estimates are drawn in working minutes and not rounded; effort is divided by the heads afterwards.
    n : int, default 10,000
        Number of runs.
    rng : Generator, SeedSequence or int, default 0
        Source of randomness, or a seed. The same seed gives the same digits, whatever the order of the rows of the
        plan and whoever does the work.
    correlation : float, default 0.0
        Correlation in [0, 1) of the normal values behind all durations (one-factor Gaussian copula); the distribution
        of each duration stays as it is.
    events : bool, default True
        Whether the events of the plan may happen; one that does adds one impact to all of its packages.
    executor : Executor, optional
        Where blocks of 1,024 runs are worked out.
    progress : callable, optional
        Told after each block how many are done, and of how many.

    Returns
    -------
    RiskResult
        With finishes in working minutes of the plan's calendar from its start.

    Raises
    ------
    ValueError
        `n` is below 1, or `correlation` is outside [0, 1).
    InfeasibleError
        A calendar does not open for long enough.

    Notes
    -----
    Where packages have calendars of their own, `not_before` or deadlines, or lags count every minute, the runs are
    worked out in instants by the rules of `schedule` (flag "calendar_simulation"). Otherwise working minutes are enough.
    Merge bias, the later finish where paths meet, is in the result [1]_; `pert_path` has none of it.

    References
    ----------
    .. [1] K. R. MacCrimmon and C. A. Ryavec, "An analytical study of the PERT assumptions", Operations Research 12(1),
       16-37, 1964.

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
    >>> risk = simulate(plan, n=2000)
    >>> abs(risk.mean - 2 * 1440) < 4 * risk.sd / 2000**0.5
    True
    >>> risk.date(0.8).date().isoformat()
    '2026-01-14'
    """
    expect_kind(plan, Plan)
    _expect_runs(n, correlation)
    passes = passes_of(plan)
    draws = draws_of(plan, correlation=float(correlation), events=events)
    expect_open(plan, passes, draws.means)
    on_calendars = isinstance(passes, CalendarPasses)
    flags = [*plan.flags, *(["calendar_simulation"] if on_calendars else [])]
    return _run(plan.activities, draws, passes, n, rng, executor, progress, flags, plan=plan)


def simulate_network(
    estimates: Sequence[Estimate],
    predecessor: ArrayLike,
    successor: ArrayLike,
    *,
    kind: ArrayLike = 0,
    lag: ArrayLike = 0,
    n: int = 10_000,
    rng: RNGLike = 0,
    correlation: float = 0.0,
    executor: Executor | None = None,
) -> RiskResult:
    """Find out when a network of estimates may end, in minutes without any calendar.

    Parameters
    ----------
    estimates : sequence of Estimate
        One an activity.
    predecessor, successor : (m,) array_like of int
        Ends of the links, as indices of activities.
    kind : int or (m,) array_like of int, default 0
        Kind of each link, an index into `LINK_KINDS`: 0 FS, 1 SS, 2 FF, 3 SF.
    lag : float or (m,) array_like, default 0
        Lag of each link [minutes].
    n : int, default 10,000
        Number of runs.
    rng : Generator, SeedSequence or int, default 0
        Source of randomness, or a seed. The same seed gives the same digits whatever the executor.
    correlation : float, default 0.0
        Correlation in [0, 1) of the normal values behind all durations (one-factor Gaussian copula); the distribution
        of each duration stays as it is.
    executor : Executor, optional
        Where blocks of 1,024 runs are worked out.

    Returns
    -------
    RiskResult
        Its `ids` are the indices of the activities as text; it has no dates.

    Raises
    ------
    ValueError
        An index, kind or lag is wrong, `estimates` holds something else, `n` is below 1, or `correlation` is outside
        [0, 1).
    CycleError
        The links form a loop.

    Examples
    --------
    >>> from leadkit.wbs import Estimate
    >>> risk = simulate_network([Estimate.pert(1, 2, 9, unit="h")] * 3, [0, 1], [2, 2], n=4000)
    >>> "merge_bias" in risk.flags
    True
    >>> [round(share, 1) for share in risk.criticality.tolist()]
    [0.5, 0.5, 1.0]
    """
    _expect_runs(n, correlation)
    for place, estimate in enumerate(estimates):
        if not isinstance(estimate, Estimate):
            msg = f"estimates[{place}]: expected an Estimate, got {estimate!r}"
            raise ValueError(msg)  # noqa: TRY004 - a wrong value of the sequence
    prepared = PreparedNetwork.of(len(estimates), predecessor, successor, kind=kind, lag=lag)
    draws = Draws.of(estimates, correlation=float(correlation))
    ids = tuple(map(str, range(len(estimates))))
    return _run(ids, draws, MinutePasses(prepared), n, rng, executor, None, [])


def _run(
    ids: tuple[str, ...],
    draws: Draws,
    passes: Passes,
    n: int,
    rng: RNGLike,
    executor: Executor | None,
    progress: Progress | None,
    flags: list[str],
    *,
    plan: Plan | None = None,
) -> RiskResult:
    middle = draws.means
    at_means = float(passes.ends(middle[:, None]).finish[0])
    model = Model(draws=draws, passes=passes, middle=sealed(middle), finish_in_the_middle=at_means)
    on_calendars = isinstance(passes, CalendarPasses)
    totals, seeds = simulated(model, n, rng, executor=executor, progress=progress, with_instants=on_calendars)
    finish = np.sort(totals.ends.finish)
    instants = None if totals.ends.instants is None else sealed(np.sort(totals.ends.instants))
    mean, sd = float(finish.mean()), float(finish.std(ddof=1)) if n > 1 else float("nan")
    criticality = totals.ends.critical / n
    cruciality, ssi = _sensitivities(totals, criticality, n, at_means)
    if abs(mean - at_means) > MERGE_BIAS * at_means:
        flags.append("merge_bias")
    if finish[0] == finish[-1]:
        flags.append("constant_finish")
    return RiskResult(
        n=int(n),
        finish=sealed(finish),
        mean=mean,
        sd=sd,
        ids=ids,
        criticality=sealed(criticality),
        cruciality=sealed(cruciality),
        ssi=sealed(ssi),
        correlation=draws.correlation,
        flags=tuple(sorted(flags)),
        model=model,
        seeds=seeds,
        clock=None if plan is None else Clock(calendar=plan.calendar, start=plan.start, instants=instants),
    )


def _sensitivities(totals: Totals, criticality: FloatArray, n: int, at_means: float) -> tuple[FloatArray, FloatArray]:
    """Give |Pearson's r| of each duration with the finish, and the schedule sensitivity index."""
    deviation = totals.ends.finish - at_means
    of_finish = float(((deviation - deviation.mean()) ** 2).sum())
    of_activity = totals.squares - totals.duration**2 / n
    of_activity[of_activity <= ROUNDING * totals.squares] = 0.0
    shared = totals.products - totals.duration * (float(deviation.sum()) / n)
    if totals.ends.finish.min() == totals.ends.finish.max():
        of_finish = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        cruciality = np.abs(shared) / np.sqrt(of_activity * of_finish)
        ssi = criticality * np.sqrt(of_activity / of_finish)
    cruciality[(of_activity == 0) | (of_finish == 0)] = np.nan
    ssi[np.isinf(ssi)] = np.nan
    ssi[(of_activity == 0) | (criticality == 0)] = 0.0
    return np.minimum(cruciality, 1.0), ssi


def _expect_runs(n: object, correlation: object) -> None:
    if whole_number_faults(n, "n") or n < 1:  # type: ignore[operator]
        msg = f"n: expected a whole number of runs of at least 1, got {n!r}"
        raise ValueError(msg)
    if number_faults(correlation, "correlation") or not 0 <= correlation < 1:  # type: ignore[operator]
        msg = f"correlation: expected a number in [0, 1), got {correlation!r}"
        raise ValueError(msg)
