"""The record of a hand-over that took place; there is none while something misses."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, instant_faults
from leadkit._results import Result
from leadkit.errors import Fault, PlanError
from leadkit.wbs._checking import raise_faults
from leadkit.wbs.handover.checking import Readiness, ReadinessItem
from leadkit.wbs.plan import Plan

__all__ = ["HandoverRecord", "complete_handover"]


@frozen(kw_only=True, eq=False)
class HandoverRecord(Result):
    """A hand-over or gate that was passed.

    Parameters
    ----------
    id : str
        The activity: "handover:<id>" or "gate:<id>".
    at : datetime.datetime
        When.
    signed_by : str
        Who signed.
    next_phase : str, optional
        Id of what follows.
    next_team : str
        Who took over.
    items : tuple of ReadinessItem
        What was there.
    is_late : bool
        Whether it came after it was due.
    """

    id: str
    at: datetime
    signed_by: str
    next_phase: str | None
    next_team: str
    items: tuple[ReadinessItem, ...] = field(converter=as_tuple)
    is_late: bool


def complete_handover(plan: Plan, readiness: Readiness, at: datetime, *, signed_by: str) -> HandoverRecord:
    """Record that a hand-over took place or a gate was passed.

    Parameters
    ----------
    plan : Plan
        The plan.
    readiness : Readiness
        How it stands, from `readiness`.
    at : datetime.datetime
        When, an aware instant not before the plan's start.
    signed_by : str
        Who signs.

    Returns
    -------
    HandoverRecord
        What was handed over, by whom and when.

    Raises
    ------
    PlanError
        It is not ready, which names what misses; or another argument is wrong.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Handover, Plan, Progress, Status, Wbs, WorkPackage, readiness
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=[WorkPackage(id="api", estimate=Estimate.fixed(2))])),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     handovers=[Handover(id="h", from_phase="site", to_phase=None)],
    ... )
    >>> noon = datetime(2026, 1, 6, 12, tzinfo=UTC)
    >>> begun = readiness(plan, "h", Status(as_of=noon, progress=[Progress(package="api", percent=50)]), documents={})
    >>> complete_handover(plan, begun, noon, signed_by="ann")
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: handover:h is not ready: work package 'api' is running
    """
    faults = id_faults(signed_by, "signed_by")
    of_at = [Fault("at", "is missing")] if at is None else instant_faults(at, "at")
    if not of_at and at < plan.start:
        of_at = [Fault("at", f"{at.isoformat()} is before the start of the plan, {plan.start.isoformat()}")]
    if readiness.id not in plan.activities:
        faults.append(Fault("readiness", f"{readiness.id} is not in the plan"))
    raise_faults([*faults, *of_at], "hand-over")
    if not readiness.is_ready:
        msg = f"{readiness.id} is not ready: {'; '.join(readiness.missing)}"
        error = PlanError(msg)
        error.faults = tuple(Fault(readiness.id, what) for what in readiness.missing)
        raise error
    return HandoverRecord(
        id=readiness.id,
        at=at,
        signed_by=signed_by,
        next_phase=readiness.next_phase,
        next_team=readiness.next_team,
        items=readiness.items,
        is_late=at > readiness.due,
    )
