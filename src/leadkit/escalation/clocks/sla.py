"""A service clock: a budget of working time, what it is measured on, and when it stands still."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._checks import word_faults
from leadkit._results import Value
from leadkit.calendars import Counted, Never, WorkCalendar
from leadkit.calendars._arrays import Instants
from leadkit.calendars.calendar import Pause
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import duration_faults, expect_kind, raise_faults
from leadkit.escalation._instants import expect_instant
from leadkit.escalation.clocks._arguments import NOTHING, refusal
from leadkit.escalation.clocks.arrays import elapsed_of_rows
from leadkit.escalation.clocks.history import TicketHistory
from leadkit.escalation.clocks.kinds import CLOCK_KINDS, ON_REOPEN, ClockKind, OnReopen
from leadkit.escalation.clocks.reading import ClockReading, ClockState
from leadkit.escalation.clocks.spans import Pauses, Run, pauses_between, run_of
from leadkit.escalation.tickets import TRANSITIONS

__all__ = ["SlaClock"]


def _as_statuses(values: Any) -> Any:
    is_collection = isinstance(values, Iterable) and not isinstance(values, str)
    try:
        return frozenset(values) if is_collection else values
    except TypeError:  # something that cannot be hashed is no status
        return values


@frozen(kw_only=True, eq=False)
class SlaClock(Value):
    """A promise about one stretch in the life of a ticket, counted in working time.

    "first_response" runs from creation to the first contact that goes out, or, where the history has no contacts, to the
    first status beyond assigned. "next_response" runs from the oldest incoming contact that is not answered to the next
    one that goes out; it has not started before the first, and rests on the last exchange when all are answered.
    "resolution" runs from creation to the last resolved that no reopening follows; closed without resolved counts as
    such, and any other status but cancelled that follows one of the two counts as a reopening. A cancellation ends every clock.

    The clock stands still in `pause_statuses` and at no other time: under ``on_reopen="keep"`` the time between resolved
    and reopened counts, unless "resolved" and "closed" are among them.

    Parameters
    ----------
    kind : {"first_response", "next_response", "resolution"}
        What is measured.
    budget : datetime.timedelta
        Working time allowed, at least 0.
    calendar : WorkCalendar
        When time counts.
    pause_statuses : set of str
        Statuses in which it does not; keys of `TRANSITIONS`.
    on_reopen : {"keep", "restart"}
        Whether the resolution clock keeps its start or begins again, with the whole budget, at the last reopening. The other
        kinds do not ask.
    warn_before : datetime.timedelta, optional
        How much working time before the due instant to warn, from 0 to `budget`.

    Raises
    ------
    EscalationError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> desk = WorkCalendar.weekly({"mon-fri": "08:00-18:00"}, zone="Europe/Berlin")
    >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=4), calendar=desk, warn_before=timedelta(hours=1))
    >>> monday = datetime(2026, 2, 2, 16, tzinfo=UTC)
    >>> print(clock.due(monday), clock.warn_at(monday))
    2026-02-03 10:00:00+00:00 2026-02-03 09:00:00+00:00
    """

    kind: ClockKind
    budget: timedelta
    calendar: WorkCalendar
    pause_statuses: frozenset[str] = field(default=frozenset({"waiting"}), converter=_as_statuses)
    on_reopen: OnReopen = "keep"
    warn_before: timedelta | None = None

    def __attrs_post_init__(self) -> None:
        faults = word_faults(self.kind, CLOCK_KINDS, "kind") + duration_faults(self.budget, "budget")
        if not isinstance(self.calendar, WorkCalendar):
            faults.append(Fault("calendar", f"expected a WorkCalendar, got {self.calendar!r}"))
        if not isinstance(self.pause_statuses, frozenset):
            faults.append(Fault("pause_statuses", f"expected a set of statuses, got {self.pause_statuses!r}"))
        else:
            for status in sorted(self.pause_statuses, key=str):
                faults += word_faults(status, tuple(TRANSITIONS), "pause_statuses")
        faults += word_faults(self.on_reopen, ON_REOPEN, "on_reopen")
        if self.warn_before is not None:
            of_warning = duration_faults(self.warn_before, "warn_before")
            if not of_warning and isinstance(self.budget, timedelta) and self.warn_before > self.budget:
                what = f"expected at most the budget, {self.budget}, got {self.warn_before}"
                of_warning.append(Fault("warn_before", what))
            faults += of_warning
        raise_faults(faults, "service clock", EscalationError)

    def due(self, start: datetime, *, pauses: Iterable[Pause] = ()) -> datetime | Never:
        """Find the instant at which the budget is used up; `NEVER` where there is none, as while a pause lasts.

        Parameters
        ----------
        start : datetime.datetime
            When the clock begins; outside hours it counts from the next opening.
        pauses : iterable of (datetime, datetime or None)
            Stretches that do not count; an end of None is not known yet.

        Returns
        -------
        datetime.datetime or Never
            The instant in UTC.
        """
        return self._deadline(start, self.budget, pauses)

    def warn_at(self, start: datetime, *, pauses: Iterable[Pause] = ()) -> datetime | Never | None:
        """Find the instant at which to warn, as `due` does for the budget less `warn_before`; None without a warning."""
        warned = self._deadline(start, self.budget - (self.warn_before or NOTHING), pauses)
        return None if self.warn_before is None else warned

    def elapsed(self, start: datetime, end: datetime, *, pauses: Iterable[Pause] = ()) -> timedelta:
        """Measure the working time between two instants that no pause covers; negative where `end` comes first."""
        try:
            return self.calendar.elapsed(start, end, pauses=pauses)
        except (TypeError, ValueError) as error:
            raise refusal(error, pauses) from None

    def elapsed_array(
        self,
        starts: Instants,
        ends: Instants,
        *,
        pause_of: ArrayLike | None = None,
        pause_starts: Instants | None = None,
        pause_ends: Instants | None = None,
    ) -> NDArray[np.timedelta64]:
        """Measure the working time of many rows, each as `elapsed` does.

        Parameters
        ----------
        starts, ends : array_like of datetime64 in UTC or of aware datetimes, shape (n_rows,)
            When each row begins and ends; NaT and None are missing. Without pauses of any shapes that broadcast.
        pause_of : array_like of int, shape (n_pauses,), optional
            The row of each pause, in any order. Pauses of a row may overlap; they are united first.
        pause_starts, pause_ends : array_like of datetime64 in UTC or of aware datetimes, shape (n_pauses,), optional
            When each pause begins and ends; an end of NaT or None is not known yet.

        Returns
        -------
        array of timedelta64[us]
            The working time; NaT where a start or an end is missing.

        Raises
        ------
        EscalationError
            The columns do not belong together, a pause has no row or no start, or ends before it begins.

        Examples
        --------
        >>> from datetime import timedelta
        >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
        >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=4), calendar=desk)
        >>> rows = np.array(["2026-03-02T09:00", "2026-03-06T16:00"], dtype="M8[m]")
        >>> pause = np.array(["2026-03-02T10:00"], dtype="M8[m]")
        >>> worked = clock.elapsed_array(rows, rows + 24 * 60, pause_of=[0], pause_starts=pause, pause_ends=pause + 90)
        >>> (worked / np.timedelta64(1, "h")).tolist()
        [6.5, 1.0]
        """
        return elapsed_of_rows(self.calendar, starts, ends, pause_of, pause_starts, pause_ends)

    def read(self, history: TicketHistory, now: datetime) -> ClockReading:
        """Tell how the clock stands at an instant; what comes after it is not looked at.

        Parameters
        ----------
        history : TicketHistory
            What happened to the ticket.
        now : datetime.datetime
            Aware instant.

        Returns
        -------
        ClockReading
            The state, the instants, and the working time used and left.

        Raises
        ------
        EscalationError
            An argument is wrong.

        Examples
        --------
        >>> from datetime import UTC, datetime, timedelta
        >>> from leadkit.escalation.clocks.history import StatusChange
        >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
        >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=4), calendar=desk)
        >>> nine, now = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)
        >>> history = TicketHistory(ticket="t1", changes=[StatusChange(nine, "new")])
        >>> reading = clock.read(history, now)
        >>> reading.state, str(reading.due_at), str(reading.remaining)
        ('running', '2026-03-02 13:00:00+00:00', '1:00:00')
        """
        run, limit, pauses = self._run(history, now)
        if run.start is None:
            return self._reading("not_started", run)
        due = self.due(run.start, pauses=pauses)
        state: ClockState = "met"
        if due < limit:
            state = "breached"
        elif run.end is None:
            state = "paused" if pauses and pauses[-1][1] is None else "running"
        elapsed = self.calendar.elapsed(run.start, limit, pauses=pauses)
        warn = self.warn_at(run.start, pauses=pauses)
        return self._reading(state, run, due_at=due, warn_at=warn, elapsed=elapsed, pauses=pauses)

    def explain(self, history: TicketHistory, now: datetime) -> tuple[Counted, ...]:
        """Say of all time of the clock up to an instant whether it counts, and why not; nothing before it has begun.

        The last `total` is what `read` gives as `elapsed`; see `WorkCalendar.explain` for the rows.
        """
        run, limit, pauses = self._run(history, now)
        return () if run.start is None else self.calendar.explain(run.start, limit, pauses=pauses)

    def _deadline(self, start: datetime, budget: timedelta, pauses: Iterable[Pause]) -> datetime | Never:
        try:
            return self.calendar.deadline(start, budget, pauses=pauses)
        except (TypeError, ValueError) as error:
            raise refusal(error, pauses) from None

    def _run(self, history: TicketHistory, now: datetime) -> tuple[Run, datetime, Pauses]:
        """Find the stretch of the clock as seen at `now`, where it ends at the latest, and its pauses."""
        expect_kind(history, TicketHistory, "history")
        at = expect_instant(now)
        seen = history.until(at)
        run = run_of(self.kind, seen, self.on_reopen)
        limit = run.end or at
        if run.start is None:
            return run, limit, ()
        return run, limit, pauses_between(seen.changes, self.pause_statuses, run.start, run.end)

    def _reading(
        self,
        state: ClockState,
        run: Run,
        *,
        due_at: datetime | Never | None = None,
        warn_at: datetime | Never | None = None,
        elapsed: timedelta = NOTHING,
        pauses: Pauses = (),
    ) -> ClockReading:
        return ClockReading(
            kind=self.kind,
            state=state,
            started_at=run.start,
            due_at=due_at,
            warn_at=warn_at,
            ended_at=run.end,
            elapsed=elapsed,
            remaining=self.budget - elapsed,
            pauses=pauses,
            flags=("cancelled",) if run.is_cancelled else (),
        )
