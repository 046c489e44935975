"""Indicators of recovery: how many complaints were met, how soon, and whether their causes came back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from attrs import evolve, frozen

from leadkit._checks import as_tuple, in_utc, instant_faults, member_faults
from leadkit._fields import repeated
from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.intervals import share_interval, t_interval
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.recovery.complaint import STAGES, Complaint
from leadkit.escalation.survival import kaplan_meier, survival_quantile

__all__ = ["recovery_indicators"]

HOUR = timedelta(hours=1)


@frozen
class Seen:
    """The complaints as they are known at one instant."""

    complaints: tuple[Complaint, ...]
    now: datetime
    given: int
    calendar: WorkCalendar | None

    def share(self, own: str, definition: str, counted: Callable[[Complaint], bool], of: Any = None) -> Metric:
        """Count complaints, of all or of those that `of` takes."""
        base = [one for one in self.complaints if of is None or of(one)]
        hits = sum(map(counted, base))
        return _share(own, definition, hits, len(base), self.given - len(base))

    def median(self, own: str, stage: str, definition: str) -> Metric:
        """Find the median hours from receipt to a stage, those not there yet censored at `now`."""
        n = len(self.complaints)
        reached = [getattr(one, stage) is not None for one in self.complaints]
        hours = [self.hours(one.received_at, getattr(one, stage) or self.now) for one in self.complaints]
        value = survival_quantile(kaplan_meier(hours, reached), 0.5) if n else math.nan
        return Metric(
            id=own,
            value=value,
            unit="hours",
            numerator=float(sum(reached)),
            denominator=n,
            excluded=self.given - n,
            censored=n - sum(reached),
            definition=definition + ("" if self.calendar is None else "; working hours"),
            flags=("empty",) if not n else ("not_reached",) if math.isnan(value) else (),
        )

    def hours(self, start: datetime, end: datetime) -> float:
        """Count the hours between two instants; 0 where what was detected was met before it was received."""
        lasted = end - start if self.calendar is None else self.calendar.elapsed(start, end)
        return max(lasted / HOUR, 0.0)

    def mean(self, own: str, definition: str, ratings: Sequence[float]) -> Metric:
        """Take the mean of ratings, with its t interval from two on."""
        n = len(ratings)
        value = math.fsum(ratings) / n if n else math.nan
        squares = math.fsum((rating - value) ** 2 for rating in ratings)
        low, high = t_interval(np.array([value]), np.array([squares]), np.array([n]))
        return Metric(
            id=own,
            value=value,
            unit="points",
            numerator=math.fsum(ratings),
            denominator=n,
            excluded=self.given - n,
            interval=(float(low[0]), float(high[0])) if n > 1 else None,
            definition=definition,
            flags=() if n else ("empty",),
        )


def recovery_indicators(
    complaints: Iterable[Complaint],
    *,
    now: datetime,
    recurrence_window: timedelta,
    calendar: WorkCalendar | None = None,
) -> tuple[Metric, ...]:
    """Tell how complaints were met.

    Complaints received after `now` are left out, and what happened after `now` has not happened.

    Parameters
    ----------
    complaints : iterable of Complaint
        The complaints, in any order.
    now : datetime.datetime
        The instant at which is looked, with a time zone.
    recurrence_window : datetime.timedelta
        How long after its removal a cause counts as come back, above 0.
    calendar : WorkCalendar, optional
        Counts working hours; plain hours without it.

    Returns
    -------
    tuple of Metric
        `sought_share`, `proactive_share`, `acknowledged_share`, `acknowledge_median`, `apology_share`, `resolved_share`,
        `recovery_median`, `root_cause_known_share`, `root_cause_fixed_share`, `symptom_only_share`, `recurrence_rate`,
        `post_recovery_satisfaction`, `satisfaction_change`, each with its definition. Nothing to divide by gives NaN and the
        flag `empty`, a median that is not reached NaN and `not_reached`.

    Raises
    ------
    EscalationError
        An argument is wrong, or an id is there more than once; `faults` holds everything that is.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> monday = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> told = Complaint(id="c1", received_at=monday, source="volunteered", resolved_at=monday + timedelta(hours=5))
    >>> seen = Complaint(id="c2", received_at=monday, source="detected")
    >>> week = timedelta(days=7)
    >>> found = {
    ...     metric.id: metric for metric in recovery_indicators([told, seen], now=monday + week, recurrence_window=week)
    ... }
    >>> found["proactive_share"].value, found["resolved_share"].value, found["recovery_median"].value
    (0.5, 0.5, 5.0)
    """
    seen = _seen(as_tuple(complaints), now, recurrence_window, calendar)
    return (
        seen.share("sought_share", "complaints that were asked for, of all", lambda one: one.source == "sought"),
        seen.share(
            "proactive_share",
            "complaints noticed before the customer spoke, of all",
            lambda one: one.source == "detected",
        ),
        *_stages(seen),
        *_causes(seen),
        _recurrence(seen, recurrence_window),
        *_satisfaction(seen),
    )


def _stages(seen: Seen) -> tuple[Metric, ...]:
    curve = "Kaplan-Meier, the others censored at now; least time t with S(t) <= 0.5; of all"
    return (
        seen.share("acknowledged_share", "complaints acknowledged, of all", _is_acknowledged),
        seen.median(
            "acknowledge_median", "acknowledged_at", f"median hours from receipt to the acknowledgement; {curve}"
        ),
        seen.share(
            "apology_share",
            "complaints apologised for, of those acknowledged",
            lambda one: one.apologised_at is not None,
            of=_is_acknowledged,
        ),
        seen.share("resolved_share", "complaints resolved, of all", lambda one: one.resolved_at is not None),
        seen.median("recovery_median", "resolved_at", f"median hours from receipt to the resolution; {curve}"),
    )


def _causes(seen: Seen) -> tuple[Metric, ...]:
    return (
        seen.share("root_cause_known_share", "complaints whose root cause is known, of all", _has_cause),
        seen.share(
            "root_cause_fixed_share",
            "complaints whose root cause is removed, of those whose root cause is known",
            lambda one: one.cause_fixed_at is not None,
            of=_has_cause,
        ),
        seen.share(
            "symptom_only_share",
            "complaints of which the symptom alone was treated, of all",
            lambda one: one.symptom_only,
        ),
    )


def _recurrence(seen: Seen, window: timedelta) -> Metric:
    """Count the causes that came back; a cause counts once, however often it was removed or came back."""
    of_cause: dict[str, list[Complaint]] = {}
    for one in seen.complaints:
        if one.cause is not None:
            of_cause.setdefault(one.cause, []).append(one)
    fixed = {cause: [one for one in own if one.cause_fixed_at is not None] for cause, own in of_cause.items()}
    observed = {cause: [one for one in own if _is_observed(one, window, seen.now)] for cause, own in fixed.items()}
    back = [
        cause
        for cause, fixes in observed.items()
        if any(_came_back(fix, other, window) for fix in fixes for other in of_cause[cause])
    ]
    n = sum(map(bool, observed.values()))
    definition = (
        "causes of which another complaint was received within recurrence_window after their removal, of causes removed"
        " whose window ends at now or before; each cause once"
    )
    return _share("recurrence_rate", definition, len(back), n, sum(map(bool, fixed.values())) - n)


def _is_observed(fix: Complaint, window: timedelta, now: datetime) -> bool:
    # a difference, as the end of the window may lie beyond the last date there is
    return fix.cause_fixed_at is not None and now - fix.cause_fixed_at >= window


def _came_back(fix: Complaint, other: Complaint, window: timedelta) -> bool:
    """Tell whether another complaint of the cause came after its removal and inside the window."""
    if fix.cause_fixed_at is None or other.id == fix.id:
        return False
    return timedelta(0) < other.received_at - fix.cause_fixed_at <= window


def _satisfaction(seen: Seen) -> tuple[Metric, ...]:
    after = [(one.satisfaction_before, one.satisfaction_after) for one in seen.complaints]
    return (
        seen.mean(
            "post_recovery_satisfaction",
            "mean rating after recovery, of complaints with one",
            [end for _, end in after if end is not None],
        ),
        seen.mean(
            "satisfaction_change",
            "mean of rating after less rating before, of complaints with both",
            [end - start for start, end in after if start is not None and end is not None],
        ),
    )


def _share(own: str, definition: str, hits: int, n: int, excluded: int) -> Metric:
    return Metric(
        id=own,
        value=hits / n if n else math.nan,
        unit="share",
        numerator=float(hits),
        denominator=n,
        excluded=excluded,
        interval=share_interval(hits, n),
        definition=definition,
        flags=() if n else ("empty",),
    )


def _seen(complaints: Any, now: Any, window: object, calendar: Any) -> Seen:
    """Refuse what is wrong, and forget what has not happened at `now`."""
    faults = member_faults(complaints, Complaint, "complaints", "Complaint")
    if not faults:
        twice = sorted(repeated(one.id for one in complaints))
        faults = [Fault(f"complaint {own!r}", "is there more than once") for own in twice]
    faults += instant_faults(now, "now") or ([Fault("now", "expected a datetime, got None")] if now is None else [])
    if not isinstance(window, timedelta) or window <= timedelta(0):
        faults.append(Fault("recurrence_window", f"expected a timedelta above 0, got {window!r}"))
    if not isinstance(calendar, WorkCalendar | None):
        faults.append(Fault("calendar", f"expected a WorkCalendar or None, got {calendar!r}"))
    raise_faults(faults, "recovery indicators", EscalationError)
    now = in_utc(now)
    known = [_known_at(one, now) for one in sorted(complaints, key=lambda one: one.id) if one.received_at <= now]
    return Seen(tuple(known), now, len(complaints), calendar)


def _known_at(one: Complaint, now: datetime) -> Complaint:
    """Forget the stages after `now`, and with the resolution the rating that followed it."""
    later: dict[str, Any] = {name: None for name in STAGES if (at := getattr(one, name)) is not None and at > now}
    if "resolved_at" in later:
        later["satisfaction_after"] = None
    return evolve(one, **later) if later else one


def _is_acknowledged(one: Complaint) -> bool:
    return one.acknowledged_at is not None


def _has_cause(one: Complaint) -> bool:
    return one.cause is not None
