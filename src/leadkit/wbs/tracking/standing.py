"""Progress against a baseline: what is earned, what it has cost, and when it will be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, get_args

from leadkit.wbs.dates import Schedule
from leadkit.wbs.plan import Plan
from leadkit.wbs.tracking._accounts import by_account, figures_of
from leadkit.wbs.tracking._baseline import Baseline, baseline_of
from leadkit.wbs.tracking._earning import Earned, earned_by_package, flags_of_budgets
from leadkit.wbs.tracking._forecast import Facts, facts_of, forecast_of
from leadkit.wbs.tracking._periods import period_ends, periods_passed
from leadkit.wbs.tracking._reports import RULES, Rule, checked_reports, expect_word
from leadkit.wbs.tracking._sequence import out_of_sequence
from leadkit.wbs.tracking._worked import instant, whole_minutes
from leadkit.wbs.tracking.earned_time import EarnedSchedule, earned_schedule
from leadkit.wbs.tracking.results import Period, PlannedValue, ProgressRow, ProgressState, Tracking
from leadkit.wbs.tracking.status import Status

if TYPE_CHECKING:
    from leadkit.wbs.assignment import Assignment

__all__ = ["track"]


def track(
    plan: Plan,
    baseline: Schedule | Assignment,
    status: Status,
    *,
    rule: Rule = "percent",
    bottom_up: Mapping[str, float] | None = None,
    period: Period = "week",
) -> Tracking:
    """Tell where a project stands against its baseline, and when it will be done.

    The planned value of a package grows in a straight line over its working time in the baseline: while its calendar is
    open, and those of its people where the baseline is an assignment. Its budget is its measure "cost", else the minutes
    of its people at their rates (flag `cost_from_effort`), else its planned minutes (`cost_from_time`).

    What is earned is by the rule. "percent": as reported, or with None what is no longer remaining. "0/100": all at the
    actual finish. "50/50": half at the start, half at the finish. "steps": the share of its steps that are done, of the
    number in its measure "steps", else in the activities of its dictionary entry. What is done is earned by every rule.

    The actual cost of work that has begun is the one that is reported. Where it is not, and the budget comes from people or
    time, it is the working time since the actual start at the same rates (`actual_cost_from_time`); else it is not known,
    and neither is that of the whole (`no_actual_cost:<id>`).

    Periods of the earned schedule are days, weeks or months from the start of the baseline, without those in which the
    plan's calendar never opens. Actual time counts whole ones, and of the last the share of its working time that has
    passed, up to the last actual finish once everything is done.

    The forecast keeps what did happen. Nothing else happens before `as_of`; what is under way goes on when its predecessors
    let it, for its `remaining` minutes, else for the share of its time that is not done. With an assignment, people keep
    their packages and do them one after the other in the order of the baseline.

    Parameters
    ----------
    plan : Plan
        The plan.
    baseline : Schedule or Assignment
        Its dates when it was fixed.
    status : Status
        What is reported. Hand-overs and gates are reported by their activity ids.
    rule : {"percent", "0/100", "50/50", "steps"}
        How value is earned.
    bottom_up : mapping of str to float, optional
        New estimates of what is still to be spent, by package [money]; of the others what is left of their budget counts.
        With it, `eac` is the estimate that is made of these.
    period : {"day", "week", "month"}
        The period of the earned schedule.

    Returns
    -------
    Tracking
        Figures, packages, accounts and the forecast.

    Raises
    ------
    PlanError
        The status contradicts the plan, or the baseline is of another plan; `faults` holds everything that is wrong.
    UnknownIdError
        A package is not there (also a `PlanError`).
    InfeasibleError
        What is left can never be done, for a calendar has closed for good.
    ValueError
        `rule` or `period` is none of these.

    References
    ----------
    .. [1] Project Management Institute, The Standard for Earned Value Management, 2019.
    .. [2] W. Lipke, "Schedule is different", The Measurable News, summer 2003, 31-34.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Progress, Wbs, WorkPackage, schedule
    >>> packages = [
    ...     WorkPackage(id=own, estimate=Estimate.fixed(5), measures={"cost": 1000}) for own in ("design", "build")
    ... ]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design", successor="build"),
    ... )
    >>> design = Progress(package="design", percent=80, actual_start=plan.start, actual_cost=900)
    >>> found = track(plan, schedule(plan), Status(as_of=datetime(2026, 1, 9, 17, tzinfo=UTC), progress=[design]))
    >>> found.evm.spi, round(found.evm.cpi, 2), found.earned_schedule.es
    (0.8, 0.89, 0.8)
    >>> found.row("design").state, found.row("build").slip, f"{found.forecast_finish:%a %d %b}"
    ('late', 480, 'Mon 19 Jan')
    """
    expect_word(rule, RULES, "rule")
    expect_word(period, get_args(Period), "period")
    reports = checked_reports(plan, status, rule, bottom_up)
    dates = [t for part in status.progress for t in (part.actual_start, part.actual_finish) if t is not None]
    base = baseline_of(plan, baseline, [status.as_of, *dates])
    facts = facts_of(plan, base, reports, status.as_of)
    forecast = forecast_of(plan, base, reports, facts)
    parts = earned_by_package(plan, base, reports, facts, rule)
    curve = _curve(plan, base, period)
    figures = figures_of(parts, bottom_up=bottom_up, method="cpi" if bottom_up is None else "bottom_up")
    flags = (
        *flags_of_budgets(base),
        *(flag for part in parts for flag in part.flags),
        *out_of_sequence(plan, forecast, facts, reports),
    )
    return Tracking(
        evm=figures,
        earned_schedule=_earned_schedule(plan, base, facts, figures.ev, curve, period),
        rows=_rows(plan, parts, forecast, facts),
        by_account=by_account(plan, parts, bottom_up),
        forecast=forecast,
        forecast_finish=forecast.finish,
        next_handover=_next_handover(plan, forecast, facts),
        as_of=status.as_of,
        rule=rule,
        period=period,
        curve=curve,
        flags=tuple(dict.fromkeys(flags)),
    )


def _curve(plan: Plan, base: Baseline, period: Period) -> tuple[PlannedValue, ...]:
    ends = period_ends(base.start, base.finish, period, plan.calendar)
    values = base.planned_value([instant(end) for end in ends])
    points = [(base.start.astimezone(UTC), 0.0), *zip(ends, values, strict=True)]
    return tuple(PlannedValue(at=at, pv=value) for at, value in points)


def _earned_schedule(
    plan: Plan, base: Baseline, facts: Facts, ev: float, curve: tuple[PlannedValue, ...], period: Period
) -> EarnedSchedule[float]:
    finishes = [facts.dates[own][1] if own in facts.dates else None for own in base.packages]
    done = [finish for finish in finishes if finish is not None]
    until = max(done) if done and len(done) == len(finishes) else facts.as_of
    passed = periods_passed(base.start, until, period, plan.calendar)
    return earned_schedule([point.pv for point in curve[1:]], ev, passed)


def _rows(plan: Plan, parts: list[Earned], forecast: Schedule, facts: Facts) -> tuple[ProgressRow, ...]:
    expected = {row.id: row for row in forecast.rows}
    rows = []
    for part in parts:
        own, row = part.planned.id, expected[part.planned.id]
        rows.append(
            ProgressRow(
                id=own,
                code=row.code,
                name=row.name,
                percent=part.percent,
                planned_percent=part.planned_percent,
                budget=part.planned.budget,
                pv=part.pv,
                ev=part.ev,
                ac=part.cost,
                slip=whole_minutes(plan.calendar.elapsed(part.planned.finish, row.early_finish)),
                state=_state(part, facts),
                start=row.early_start,
                finish=row.early_finish,
            )
        )
    return tuple(rows)


def _state(part: Earned, facts: Facts) -> ProgressState:
    own = part.planned.id
    if facts.is_done(own):
        return "done"
    if part.planned.finish <= facts.as_of or (not facts.is_started(own) and part.planned.start < facts.as_of):
        return "late"
    return "running" if facts.is_started(own) else "not_started"


def _next_handover(plan: Plan, forecast: Schedule, facts: Facts) -> str | None:
    rows = {row.id: row for row in forecast.rows}
    waiting = [own.id for own in plan.handovers if not facts.is_done(f"handover:{own.id}")]
    return min(waiting, key=lambda own: (rows[f"handover:{own}"].early_start, own), default=None)
