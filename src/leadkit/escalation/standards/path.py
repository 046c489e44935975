"""Whether agreements between teams add up to the promise made to the customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from attrs import field, frozen

from leadkit._checks import as_tuple, member_faults
from leadkit._fields import FrozenMapping
from leadkit._results import Result, TableResult, plain
from leadkit.calendars import NEVER, Never
from leadkit.errors import EscalationError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation.clocks import SlaClock
from leadkit.escalation.standards.agreements import InternalAgreement

__all__ = ["PathCheck", "PathStep", "check_path"]


@frozen(kw_only=True, eq=False)
class PathStep(Result):
    """One agreement on the way.

    Parameters
    ----------
    agreement, provider, consumer : str
        Whose promise it is, and to whom.
    start : datetime.datetime or Never
        When the work comes: the start of the path, or the end of the step before.
    end : datetime.datetime or Never
        When it is done at the latest that the agreement allows.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.calendars import WorkCalendar
    >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
    >>> promise = SlaClock(kind="resolution", budget=timedelta(hours=8), calendar=desk)
    >>> fix = InternalAgreement(
    ...     id="l2", provider="L2", consumer="L1", measure="fix", budget=timedelta(hours=6), calendar=desk
    ... )
    >>> step = check_path(promise, [fix], start=datetime(2026, 3, 4, 15, tzinfo=UTC)).steps[0]
    >>> step.provider, step.consumer, str(step.end)
    ('L2', 'L1', '2026-03-05 13:00:00+00:00')
    """

    agreement: str
    provider: str
    consumer: str
    start: datetime | Never
    end: datetime | Never


@frozen(kw_only=True, eq=False)
class PathCheck(TableResult):
    """Whether agreements, one after another, keep a standard.

    Parameters
    ----------
    fits : bool
        Whether the last of them ends at the standard's due instant or before.
    slack : datetime.timedelta, optional
        Open time of the standard's calendar from the end to the due instant; negative when it lies the other way round, and 0
        where only closed time is between. None when one of the two never comes.
    due_at : datetime.datetime or Never
        When the standard is due.
    end_at : datetime.datetime or Never
        When the last agreement ends.
    steps : tuple of PathStep
        The agreements in order.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.calendars import WorkCalendar
    >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
    >>> promise = SlaClock(kind="resolution", budget=timedelta(hours=8), calendar=desk)
    >>> fix = InternalAgreement(
    ...     id="l2", provider="L2", consumer="L1", measure="fix", budget=timedelta(hours=6), calendar=desk
    ... )
    >>> found = check_path(promise, [fix, fix], start=datetime(2026, 3, 4, 9, tzinfo=UTC))
    >>> found.fits, found.slack / timedelta(hours=1), str(found.end_at)
    (False, -4.0, '2026-03-05 13:00:00+00:00')
    """

    fits: bool
    slack: timedelta | None
    due_at: datetime | Never
    end_at: datetime | Never
    steps: tuple[PathStep, ...] = field(converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {name: name for name in ("agreement", "provider", "consumer", "start", "end")}
    )

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python; `slack` in seconds, `NEVER` as None."""
        return super().to_dict() | {"slack": None if self.slack is None else self.slack.total_seconds()}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an agreement, with the fields of `PathStep`."""
        return [cast("dict[str, Any]", plain(step)) for step in self.steps]


def check_path(standard_clock: SlaClock, agreements: Sequence[InternalAgreement], *, start: datetime) -> PathCheck:
    """Run agreements one after another and compare the end with the due instant of a standard.

    Each begins when the one before is done and uses its whole budget, in its own calendar; the standard's clock runs from the
    same start without a pause.

    Parameters
    ----------
    standard_clock : SlaClock
        The promise to the customer.
    agreements : sequence of InternalAgreement
        In the order of the work; one may come more than once.
    start : datetime.datetime
        Aware instant at which the case arrives.

    Returns
    -------
    PathCheck
        Whether it fits, and by how much.

    Raises
    ------
    EscalationError
        An argument is wrong.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> from leadkit.calendars import WorkCalendar
    >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
    >>> lab = WorkCalendar.weekly({"mon-thu": "10:00-16:00"}, zone="UTC")
    >>> promise = SlaClock(kind="resolution", budget=timedelta(hours=16), calendar=desk)
    >>> first = InternalAgreement(
    ...     id="l1", provider="L1", consumer="customer", measure="triage", budget=timedelta(hours=2), calendar=desk
    ... )
    >>> second = InternalAgreement(
    ...     id="l2", provider="L2", consumer="L1", measure="fix", budget=timedelta(hours=6), calendar=lab
    ... )
    >>> found = check_path(promise, [first, second], start=datetime(2026, 3, 4, 9, tzinfo=UTC))
    >>> found.fits, str(found.slack)
    (True, '6:00:00')
    """
    expect_kind(standard_clock, SlaClock, "standard_clock")
    members = as_tuple(agreements)
    faults = member_faults(members, InternalAgreement, "agreements", "InternalAgreement")
    raise_faults(faults + required_instant_faults(start, "start"), "path", EscalationError)
    at: datetime | Never = as_utc(start)
    steps = []
    for own in members:
        end = NEVER if isinstance(at, Never) else own.calendar.deadline(at, own.budget)
        steps.append(PathStep(agreement=own.id, provider=own.provider, consumer=own.consumer, start=at, end=end))
        at = end
    due = standard_clock.due(start)
    is_known = not isinstance(at, Never) and not isinstance(due, Never)
    return PathCheck(
        fits=not isinstance(at, Never) and at <= due,
        slack=standard_clock.calendar.elapsed(at, due) if is_known else None,  # type: ignore[arg-type]
        due_at=due,
        end_at=at,
        steps=steps,
        flags=tuple(flag for flag, instant in (("never_done", at), ("never_due", due)) if isinstance(instant, Never)),
    )
