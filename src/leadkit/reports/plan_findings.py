"""What a report on a plan is made of: results of the right class, all about the same work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import field, frozen

from leadkit.org.showing import expect_showable
from leadkit.wbs import (
    Assignment,
    MetricResult,
    Plan,
    Readiness,
    ResourceRequest,
    RiskResult,
    Schedule,
    StaffingGap,
    Success,
    Tracking,
)
from leadkit.wbs import schedule as scheduled

__all__ = ["PlanFindings"]


def _tuple(given: Any) -> tuple[Any, ...]:
    if given is None:
        return ()
    return tuple(given) if isinstance(given, Iterable) else (given,)


@frozen(kw_only=True, eq=False)
class PlanFindings:
    """A plan and what was found about it, checked.

    Parameters
    ----------
    plan : Plan
        The plan.
    schedule : Schedule
        Its dates by links and calendars alone; worked out at the means when None is given.
    assignment, risk, gap, request, tracking, success : optional
        Results as `leadkit.reports.plan` takes them.
    readiness : tuple of Readiness
        Of hand-overs and gates.
    metrics : tuple of MetricResult
        Measured targets.
    seed : int, optional
        The seed of all chance.
    picture : bool
        Whether to draw.

    Raises
    ------
    TypeError
        Something is of another class.
    ValueError
        A result is about other work than the plan.
    """

    plan: Plan
    schedule: Schedule = field(default=None)
    assignment: Assignment | None = None
    risk: RiskResult | None = None
    gap: StaffingGap | None = None
    request: ResourceRequest | None = None
    tracking: Tracking | None = None
    success: Success | None = None
    readiness: tuple[Readiness, ...] = field(default=(), converter=_tuple)
    metrics: tuple[MetricResult, ...] = field(default=(), converter=_tuple)
    seed: int | None = None
    picture: bool = True

    def __attrs_post_init__(self) -> None:
        expect_showable(self.plan, Plan, "plan")
        if self.schedule is None:
            object.__setattr__(self, "schedule", scheduled(self.plan))
        for name, expected in CLASSES.items():
            value = getattr(self, name)
            if value is not None:
                expect_showable(value, expected, name)
        for found in self.readiness:
            expect_showable(found, Readiness, "readiness")
        for metric in self.metrics:
            expect_showable(metric, MetricResult, "metrics")
        self._expect_same_work()

    @property
    def finish(self) -> datetime:
        """When all is done: of the assignment where there is one."""
        return self.schedule.finish if self.assignment is None else self.assignment.finish

    @property
    def flags(self) -> tuple[str, ...]:
        """Everything that is doubtful in any part."""
        holders: list[Any] = [self.schedule, self.assignment, self.risk, self.gap, self.request, *self.readiness]
        if self.tracking is not None:
            holders += [self.tracking, self.tracking.evm, self.tracking.earned_schedule, self.tracking.forecast]
        found = [*self.plan.flags, *(flag for holder in holders if holder is not None for flag in holder.flags)]
        return tuple(sorted(set(found)))

    def _expect_same_work(self) -> None:
        packages = {package.id for package in self.plan.wbs.packages}
        activities = set(self.plan.activities)
        about: dict[str, bool] = {}
        for name in ("schedule", "assignment"):
            value = getattr(self, name)
            about[name] = value is None or value.plan == self.plan
        about["risk"] = self.risk is None or set(self.risk.ids) == activities
        about["tracking"] = self.tracking is None or {row.id for row in self.tracking.rows} == packages
        about["request"] = self.request is None or {o for line in self.request.lines for o in line.packages} <= packages
        about["gap"] = self.gap is None or {own for one in self.gap.single for own in one.packages} <= packages
        about["readiness"] = {one.id for one in self.readiness} <= activities
        about["metrics"] = {one.id for one in self.metrics} <= {metric.id for metric in self.plan.metrics}
        for name, fits in about.items():
            if not fits:
                msg = f"{name}: is about another plan"
                raise ValueError(msg)


CLASSES: dict[str, type] = {
    "schedule": Schedule,
    "assignment": Assignment,
    "risk": RiskResult,
    "gap": StaffingGap,
    "request": ResourceRequest,
    "tracking": Tracking,
    "success": Success,
}
