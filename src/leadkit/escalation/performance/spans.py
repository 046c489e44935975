"""The periods that a report is about: half-open stretches of time, named after weeks, months or quarters."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any, Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from attrs import field, frozen

from leadkit._checks import id_faults, in_utc, instant_faults, word_faults
from leadkit._results import Value
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults

__all__ = ["Every", "Period", "kind_faults", "period_faults", "periods"]

Every: TypeAlias = Literal["month", "quarter", "week"]
"""How long a period is; a week begins on Monday."""


def _in_utc(value: Any) -> Any:
    return in_utc(value) if isinstance(value, datetime) and not instant_faults(value, "") else value


@frozen(kw_only=True, eq=False)
class Period(Value):
    """A stretch of time from `start` up to but without `end`.

    Parameters
    ----------
    id : str
        What it is called.
    start, end : datetime
        Aware instants, kept as UTC.

    Raises
    ------
    EscalationError
        An instant has no zone, or the end is not after the start; `faults` holds all of it.

    Examples
    --------
    >>> Period(id="launch", start=datetime(2026, 9, 7, tzinfo=UTC), end=datetime(2026, 9, 14, tzinfo=UTC)).id
    'launch'
    """

    id: str
    start: datetime = field(converter=_in_utc)
    end: datetime = field(converter=_in_utc)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id")
        for name in ("start", "end"):
            value = getattr(self, name)
            faults += instant_faults(value, name) or ([Fault(name, "expected a datetime")] if value is None else [])
        if not faults and not self.start < self.end:
            faults.append(Fault("end", f"expected an instant after the start, {self.start}, got {self.end}"))
        raise_faults(faults, f"period {self.id!r}", EscalationError)


def periods(
    start: date | datetime, end: date | datetime, every: Every = "month", zone: str | tzinfo = "UTC"
) -> tuple[Period, ...]:
    """List the whole weeks, months or quarters of a zone's calendar that have a part in a stretch of time.

    Parameters
    ----------
    start, end : date or datetime
        The stretch, without its end; a date stands for its midnight in the zone.
    every : {"month", "quarter", "week"}
        How long a period is.
    zone : str or tzinfo
        The zone whose midnights part the periods.

    Returns
    -------
    tuple of Period
        In order of time, without gaps, each named after its calendar: "2026-09", "2026-Q3", "2026-W37" (ISO week).

    Raises
    ------
    EscalationError
        The end is not after the start, an instant has no zone, a zone or a word is unknown, or a period would reach out of
        the years 1 to 9999.

    Examples
    --------
    >>> [period.id for period in periods(date(2026, 8, 20), date(2026, 10, 1), "month", "Europe/Berlin")]
    ['2026-08', '2026-09']
    >>> [period.id for period in periods(date(2026, 8, 20), date(2026, 10, 1), "quarter")]
    ['2026-Q3']
    """
    faults = word_faults(every, get_args(Every), "every")
    known = _zone(zone)
    if known is None:
        faults.append(Fault("zone", f"expected the name of a time zone, such as Europe/Berlin, got {zone!r}"))
    for name, value in (("start", start), ("end", end)):
        if not isinstance(value, date):
            faults.append(Fault(name, f"expected a date or a datetime, got {value!r}"))
        elif isinstance(value, datetime):
            faults += instant_faults(value, name)
    raise_faults(faults, "periods", EscalationError)
    where = known or UTC
    try:
        first, last = _instant(start, where), _instant(end, where)
        if not first < last:
            raise_faults([Fault("end", f"expected after the start, {start}, got {end}")], "periods", EscalationError)
        return _listed(first, last, every, where)
    except OverflowError:
        fault = Fault("", f"expected dates that lie away from the years 1 and 9999, got {start} and {end}")
        raise EscalationError.from_faults([fault], subject="periods") from None


def kind_faults(value: object, kind: type, name: str) -> list[Fault]:
    """Refuse an argument of another class."""
    return [] if isinstance(value, kind) else [Fault(name, f"expected {kind.__name__}, got {type(value).__name__}")]


def period_faults(given: object) -> list[Fault]:
    """Refuse what is no list of periods, and periods of one name or without order."""
    if not isinstance(given, tuple) or not given:
        return [Fault("periods", f"expected at least one Period, got {given!r}")]
    faults = [
        Fault(f"periods[{place}]", f"expected a Period, got {one!r}")
        for place, one in enumerate(given)
        if not isinstance(one, Period)
    ]
    if faults:
        return faults
    return [
        Fault(f"periods[{place}]", f"{later.id!r} begins at {later.start}, before {earlier.id!r} ends at {earlier.end}")
        for place, (earlier, later) in enumerate(pairwise(given), start=1)
        if later.start < earlier.end
    ] + [
        Fault(f"periods[{place}]", f"{one.id!r} is the name of an earlier one")
        for place, one in enumerate(given)
        if one.id in {before.id for before in given[:place]}
    ]


def _zone(zone: object) -> tzinfo | None:
    try:
        known = zone if isinstance(zone, tzinfo) else ZoneInfo(zone)  # type: ignore[arg-type]
        return None if known.utcoffset(datetime(2000, 1, 1, tzinfo=UTC)) is None else known
    # all that an unknown name, or a tzinfo without a body, can lead to
    except (KeyError, ValueError, TypeError, OSError, AttributeError, NotImplementedError):
        return None


def _instant(value: date, zone: tzinfo) -> datetime:
    at = value if isinstance(value, datetime) else datetime.combine(value, time(), tzinfo=zone)
    return at.astimezone(UTC)


def _listed(first: datetime, last: datetime, every: Every, zone: tzinfo) -> tuple[Period, ...]:
    found: list[Period] = []
    day = _begin(first.astimezone(zone).date(), every)
    start = _instant(day, zone)
    while start < last:
        following = _begin(day + timedelta(days={"week": 7, "month": 31, "quarter": 93}[every]), every)
        end = _instant(following, zone)
        found.append(Period(id=_name(day, every), start=start, end=end))
        day, start = following, end
    return tuple(found)


def _begin(day: date, every: Every) -> date:
    """Give the first day of the period that holds a day."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    month = day.month if every == "month" else 3 * ((day.month - 1) // 3) + 1
    return day.replace(month=month, day=1)


def _name(day: date, every: Every) -> str:
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{day.year:04}-{day.month:02}" if every == "month" else f"{day.year:04}-Q{(day.month + 2) // 3}"
