"""How likely open tickets are to break a promise, from how long tickets like them took."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults
from leadkit._fields import FrozenMapping, repeated, whole_number_faults
from leadkit._results import Result, TableResult
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation.clocks import SlaClock
from leadkit.escalation.clocks._arguments import NOTHING
from leadkit.escalation.clocks.kinds import CANCELLED, ENDED
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.standards.cases import HOUR, Cases, cases_of
from leadkit.escalation.standards.strata import Strata, Stratum, value_text
from leadkit.escalation.tickets import Ticket

__all__ = ["BreachRisk", "BreachRiskRow", "breach_risk"]

TICKET_FIELDS: Final = ("domain", "priority", "severity", "status", "level", "owner", "assignee")


@frozen(kw_only=True, eq=False)
class BreachRiskRow(Result):
    """The risk of one ticket.

    Parameters
    ----------
    ticket : str
        Its id.
    elapsed : datetime.timedelta
        Working time used.
    budget : datetime.timedelta
        Working time allowed.
    risk : float
        Probability that the budget is used up before the ticket is done, given that it is not done after `elapsed`; 1 where
        it is broken already, 0 where it was kept. NaN with a flag where experience says nothing.
    n : int
        Tickets in the stratum.
    censored : int
        How many of them were not done.
    basis : tuple of str
        The columns that define the stratum; empty where it is the whole log.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit import samples
    >>> from leadkit.calendars import WorkCalendar
    >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=24), calendar=WorkCalendar.always())
    >>> log, now = samples.tickets(100), datetime(2026, 10, 1, 12, tzinfo=UTC)
    >>> row = breach_risk(log, ["T0046"], clock, by=(), now=now).rows[0]
    >>> str(row.elapsed), round(row.risk, 3), row.n, row.censored
    ('5:21:00', 0.5, 46, 2)
    """

    ticket: str
    elapsed: timedelta
    budget: timedelta
    risk: float
    n: int
    censored: int
    basis: tuple[str, ...] = field(converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python; times in seconds, a risk of NaN as None."""
        times = {"elapsed": self.elapsed.total_seconds(), "budget": self.budget.total_seconds()}
        return super().to_dict() | times


@frozen(kw_only=True, eq=False)
class BreachRisk(TableResult):
    """The risk of tickets to break a promise.

    Parameters
    ----------
    rows : tuple of BreachRiskRow
        One a ticket, sorted by id.
    by : tuple of str
        The columns that were asked for.
    now : datetime.datetime
        When it was looked at.
    min_n : int
        How many tickets a stratum needs.
    flags : tuple of str
        All flags of the rows.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit import samples
    >>> from leadkit.calendars import WorkCalendar
    >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=24), calendar=WorkCalendar.always())
    >>> log, now = samples.tickets(100), datetime(2026, 10, 1, 12, tzinfo=UTC)
    >>> found = breach_risk(log, ["T0045", "T0046"], clock, by=["channel"], now=now, min_n=10)
    >>> [(row.ticket, round(row.risk, 3), row.basis, row.n) for row in found.rows]
    [('T0045', 1.0, ('channel',), 20), ('T0046', 0.4, ('channel',), 17)]
    """

    rows: tuple[BreachRiskRow, ...] = field(converter=as_tuple)
    by: tuple[str, ...] = field(converter=as_tuple)
    now: datetime
    min_n: int
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {name: name for name in ("ticket", "elapsed", "budget", "risk", "n", "censored", "basis", "flags")}
    )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a ticket, with the fields of `BreachRiskRow`; times in seconds, lists joined by a space."""
        return [row.to_dict() | {"basis": " ".join(row.basis), "flags": " ".join(row.flags)} for row in self.rows]


def breach_risk(
    log: EventLog,
    tickets: Iterable[Ticket | str],
    clock: SlaClock,
    *,
    by: Sequence[str] = ("domain", "priority"),
    now: datetime,
    min_n: int = 30,
) -> BreachRisk:
    """Estimate how likely tickets are to break a promise.

    With S the Kaplan-Meier curve of working time in the ticket's stratum, where tickets not done at `now` are censored, the risk is
    S(budget) / S(elapsed): the share of those that lasted as long as the ticket has and went on to outlast the budget.
    What comes after `now` is not looked at.

    Parameters
    ----------
    log : EventLog
        Experience: every ticket in it counts, open ones and those asked about as well.
    tickets : iterable of Ticket or str
        Ids of tickets in the log, or tickets. One in the log has its history from there; of another only the age is known, from
        `created_at` and without pauses (flag `no_history`). The fields of a `Ticket` say to which stratum it belongs.
    clock : SlaClock
        The promise. For "next_response" an exchange takes the place of a ticket, and the last one of a ticket is asked about.
    by : sequence of str
        Columns or attributes of the log that define strata, the most important first.
    now : datetime.datetime
        Aware instant.
    min_n : int
        How many a stratum needs, at least 1; with fewer, or where a ticket has no value, the last column is left out, then the one
        before. The whole log is taken whatever its size (flag `small_stratum`).

    Returns
    -------
    BreachRisk
        One row a ticket. `beyond_experience` where nothing in the stratum lasted as long as the ticket has;
        `extrapolated` where nothing was seen up to the budget, so that the risk is an upper bound.

    Raises
    ------
    UnknownIdError
        An id is not in the log, or `by` names a column that it does not have.
    EscalationError
        Another argument is wrong.

    References
    ----------
    .. [1] E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American
       Statistical Association 53, 1958.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> from leadkit.calendars import WorkCalendar
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> hours = [0, 0, 0, 0, 1, 2, 3]
    >>> log = EventLog.from_columns(
    ...     ticket=["a", "b", "c", "d", "a", "b", "c"],
    ...     at=[nine + timedelta(hours=h) for h in hours],
    ...     status=["new"] * 4 + ["resolved"] * 3,
    ... )
    >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=2.5), calendar=WorkCalendar.always())
    >>> found = breach_risk(log, ["d"], clock, by=(), now=nine + timedelta(hours=1.5), min_n=1)
    >>> found.rows[0].risk, found.rows[0].n, found.rows[0].censored
    (1.0, 4, 3)
    """
    columns, asked = _checked(log, tickets, clock, by, now, min_n)
    cases = cases_of(log, clock, now)
    strata = Strata(log, cases, columns, min_n)
    last = dict(zip(cases.ticket.tolist(), range(cases.ticket.size), strict=True))
    places = {own: place for place, own in enumerate(log.tickets)}
    rows = []
    for one in asked:
        own = one.id if isinstance(one, Ticket) else one
        place = places.get(own)
        values = _values(one, columns) if isinstance(one, Ticket) else strata.values_of(places[own])
        stratum = strata.of(values)
        case = None if place is None else last.get(place)
        if case is None and (place is not None or one.created_at > now):  # type: ignore[union-attr]
            rows.append(_row(own, clock, NOTHING, math.nan, stratum, ("not_started",)))
        elif case is not None:
            rows.append(_of_case(own, clock, cases, case, stratum))
        else:
            rows.append(_of_ticket(one, clock, now, stratum))  # type: ignore[arg-type]
    flags = tuple(sorted({flag for row in rows for flag in row.flags}))
    return BreachRisk(rows=rows, by=columns, now=as_utc(now), min_n=min_n, flags=flags)


def _of_case(own: str, clock: SlaClock, cases: Cases, case: int, stratum: Stratum) -> BreachRiskRow:
    """Judge a ticket by its history in the log."""
    elapsed = timedelta(microseconds=int(cases.worked[case].astype(np.int64)))
    flags = ("cancelled",) if cases.is_cancelled[case] else ()
    if cases.is_late[case]:
        return _row(own, clock, elapsed, 1.0, stratum, flags)
    if cases.is_ended[case] or cases.is_cancelled[case]:
        return _row(own, clock, elapsed, 0.0, stratum, flags)
    risk, doubts = _open_risk(clock, elapsed, stratum)
    return _row(own, clock, elapsed, risk, stratum, doubts)


def _of_ticket(ticket: Ticket, clock: SlaClock, now: datetime, stratum: Stratum) -> BreachRiskRow:
    """Judge a ticket that the log does not have by its age."""
    elapsed = clock.elapsed(ticket.created_at, now)
    if ticket.status in ENDED | {CANCELLED}:
        return _row(ticket.id, clock, elapsed, math.nan, stratum, ("no_history",))
    if clock.due(ticket.created_at) < now:
        return _row(ticket.id, clock, elapsed, 1.0, stratum, ("no_history",))
    risk, doubts = _open_risk(clock, elapsed, stratum)
    return _row(ticket.id, clock, elapsed, risk, stratum, (*doubts, "no_history"))


def _open_risk(clock: SlaClock, elapsed: timedelta, stratum: Stratum) -> tuple[float, tuple[str, ...]]:
    if stratum.n == 0:
        return math.nan, ("empty",)
    budget = clock.budget / HOUR
    lasted, outlasted = stratum.curve.at([elapsed / HOUR, budget]).tolist()
    if lasted == 0:
        return math.nan, ("beyond_experience",)
    return outlasted / lasted, ("extrapolated",) if outlasted > 0 and budget > stratum.longest else ()


def _row(
    own: str, clock: SlaClock, elapsed: timedelta, risk: float, stratum: Stratum, flags: tuple[str, ...]
) -> BreachRiskRow:
    return BreachRiskRow(
        ticket=own,
        elapsed=elapsed,
        budget=clock.budget,
        risk=risk,
        n=stratum.n,
        censored=stratum.censored,
        basis=stratum.basis,
        flags=sorted((*flags, "small_stratum") if stratum.is_small else flags),
    )


def _values(ticket: Ticket, columns: Sequence[str]) -> tuple[str | None, ...]:
    """Give what a ticket says of itself in each column."""
    return tuple(
        value_text(getattr(ticket, name) if name in TICKET_FIELDS else ticket.attributes.get(name)) for name in columns
    )


def _checked(
    log: object, tickets: object, clock: object, by: object, now: object, min_n: object
) -> tuple[tuple[str, ...], list[Ticket | str]]:
    """Refuse wrong arguments; give the columns, and the tickets sorted by id."""
    expect_kind(log, EventLog, "log")
    expect_kind(clock, SlaClock, "clock")
    faults = required_instant_faults(now, "now") + whole_number_faults(min_n, "min_n")
    if not whole_number_faults(min_n, "") and min_n < 1:  # type: ignore[operator]
        faults.append(Fault("min_n", f"expected at least 1, got {min_n}"))
    columns = as_tuple(by)
    if not isinstance(columns, tuple):
        faults.append(Fault("by", f"expected a list of columns, got {by!r}"))
    else:
        faults += [fault for place, name in enumerate(columns) for fault in id_faults(name, f"by[{place}]")]
    asked = as_tuple(tickets)
    if not isinstance(asked, tuple):
        faults.append(Fault("tickets", f"expected a list of tickets or ids, got {tickets!r}"))
        asked = ()
    faults += [
        Fault(f"tickets[{place}]", f"expected a Ticket or an id, got {one!r}")
        for place, one in enumerate(asked)
        if not isinstance(one, Ticket | str)
    ]
    ids = [one.id if isinstance(one, Ticket) else one for one in asked]
    if not faults:
        faults += [Fault("tickets", f"{own!r} is asked about more than once") for own in repeated(ids)]
        faults += [Fault("by", f"{name!r} comes more than once") for name in repeated(columns)]
    raise_faults(faults, "breach risk", EscalationError)
    known = set(log.tickets)  # type: ignore[attr-defined]
    for one in asked:
        if isinstance(one, str) and one not in known:
            raise UnknownIdError.of(one, known, kind="ticket")
    return columns, [one for _, one in sorted(zip(ids, asked, strict=True), key=lambda pair: pair[0])]
