"""The cases of a pilot out of an event log: who took each case on the first line, and whether it was solved there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadkit._checks import id_faults
from leadkit._fields import whole_number_faults
from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, Fault, LogError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.columns import InstantArray
from leadkit.escalation.event_log.grouping import ticket_groups
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.satisfaction import ratings
from leadkit.escalation.event_log.ticket_table import ticket_table
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["pilot_outcomes"]


def pilot_outcomes(
    log: EventLog,
    *,
    domain: str = "domain",
    stratum: str | None = None,
    level: int = 1,
    calendar: WorkCalendar | None = None,
) -> PilotOutcomes:
    """Read the cases of a pilot out of an event log.

    A case belongs to the first person who has it at `level`, no later than its first resolving event (status resolved or
    closed). It succeeded when that event is at that level. Left out are the tickets that are not resolved yet, those that
    nobody had at that level by then, and those without a domain or without a level at their first resolving event.

    Parameters
    ----------
    log : EventLog
        With status, level and person.
    domain : str
        The attribute that names the domain of a ticket, by its first event.
    stratum : str, optional
        An attribute that makes cases easier or harder, such as the product or the channel; where it is missing, the
        stratum is "(none)".
    level : int
        The level whose people are on trial, at least 1.
    calendar : WorkCalendar, optional
        Working hours in which `seconds` from the first event to the first resolving one are counted; plain time without.

    Returns
    -------
    PilotOutcomes
        One row a case, with `csat` where the log has that attribute, in numbers or their texts.

    Raises
    ------
    LogError
        The log lacks a column, a rating is no number from 1 to 5, or an argument is of another kind.
    UnknownIdError
        The log has no such attribute; the nearest are named.

    Examples
    --------
    >>> from leadkit import samples
    >>> outcomes = pilot_outcomes(samples.tickets(), stratum="channel")
    >>> outcomes.n_cases, int(outcomes.success.sum())
    (600, 455)
    """
    expect_kind(log, EventLog, "log", LogError)
    faults = [*id_faults(domain, "domain"), *([] if stratum is None else id_faults(stratum, "stratum"))]
    faults += _level_faults(level)
    if calendar is not None and not isinstance(calendar, WorkCalendar):
        faults.append(Fault("calendar", f"expected a WorkCalendar, got {type(calendar).__name__}"))
    lacking = [name for name in ("status", "level", "person") if not log.has(name)]
    faults += [Fault("log", f"expected a column {name}, which it has not") for name in lacking]
    raise_faults(faults, "pilot outcomes", LogError)
    table = ticket_table(log)
    event = _first_with_person(log, level)
    domains = _values(log, domain)
    had_it = (event >= 0) & (event <= table.resolving_event)
    chosen = had_it & (table.resolved_level > 0) & (domains != None)  # noqa: E711 - of each
    if not chosen.any():
        msg = f"pilot outcomes: no ticket of the log is resolved, has a domain and a person at level {level}"
        raise EscalationError(msg)
    strata = None
    if stratum is not None:
        strata = ["(none)" if value is None else value for value in _values(log, stratum)[chosen]]
    return PilotOutcomes.from_columns(
        log.column("person")[event[chosen]].tolist(),
        domains[chosen].tolist(),
        table.resolved_level[chosen] == level,
        stratum=strata,
        seconds=_seconds(table.first[chosen], table.resolved_at[chosen], calendar),
        csat=_ratings(log, chosen),
    )


def _values(log: EventLog, name: str) -> NDArray[np.object_]:
    """Give an attribute of each ticket as text; None where it is missing."""
    groups = ticket_groups(log, (name,))
    labels = np.array([label for (label,) in groups.labels], dtype=object)
    return labels[groups.place]


def _level_faults(level: object) -> list[Fault]:
    faults = whole_number_faults(level, "level")
    if not faults and level < 1:  # type: ignore[operator]
        faults.append(Fault("level", f"expected at least 1, got {level!r}"))
    return faults


def _first_with_person(log: EventLog, level: int) -> IntArray:
    """Give the first event of each ticket that has a person at a level; -1 where there is none."""
    if log.level is None or log.person is None:
        return np.full(len(log.tickets), -1, dtype=np.int64)
    places = np.flatnonzero((log.level == level) & (log.person.codes >= 0))
    first = np.full(len(log.tickets), -1, dtype=np.int64)
    # backwards, so that the first of a ticket is written last
    first[log.ticket[places][::-1]] = places[::-1]
    return first


def _seconds(starts: InstantArray, ends: InstantArray, calendar: WorkCalendar | None) -> FloatArray:
    elapsed = ends - starts if calendar is None else calendar.elapsed_array(starts, ends)
    return np.asarray(elapsed / np.timedelta64(1, "s"), dtype=float)


def _ratings(log: EventLog, chosen: BoolArray) -> FloatArray | None:
    """Give the ratings of the tickets; None where nobody rated anything."""
    if "csat" not in log.attributes:
        return None
    rated = ratings(log)
    return None if np.isnan(rated).all() else rated[chosen]
