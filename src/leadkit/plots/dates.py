"""Instants on an axis: as numbers, in words, and at the ticks that a person would choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from leadkit.plots.palette import GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Tick", "date_text", "dated_labels", "day_number", "draw_dates", "instant_text", "ticks", "zone_text"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_TICKS = 10
# hours or days in a step, then months; what is longer is 1, 2 or 5 times a power of ten years
HOURS = (1, 2, 3, 6)
DAYS = (1, 2, 7, 14)
MONTHS_A_STEP = (1, 2, 3, 6)
DAYS_A_MONTH = 30.4
DAYS_A_YEAR = 365.25


class Tick(NamedTuple):
    """An instant in UTC and what is written at it."""

    at: datetime
    text: str


def day_number(moment: datetime) -> float:
    """Count the days from 1970 in UTC to an aware instant, as the date axes of matplotlib do.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> day_number(datetime(1970, 1, 2, 12, tzinfo=UTC))
    1.5
    """
    return (moment - EPOCH) / ONE_DAY


def date_text(day: date) -> str:
    """Write a date as people in Britain do, whatever the language of the machine.

    Examples
    --------
    >>> from datetime import date
    >>> date_text(date(2026, 9, 7))
    '7 Sep 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dated_labels(days: Iterable[date], *, by_month: bool = False) -> list[str]:
    r"""Write dates short, with the year below the first and where it changes.

    Examples
    --------
    >>> from datetime import date
    >>> dated_labels([date(2026, 12, 28), date(2027, 1, 4), date(2027, 1, 11)])
    ['28 Dec\n2026', '4 Jan\n2027', '11 Jan']
    """
    texts, year = [], 0
    for day in days:
        text = MONTHS[day.month - 1] if by_month else f"{day.day} {MONTHS[day.month - 1]}"
        texts.append(text if day.year == year else f"{text}\n{day.year}")
        year = day.year
    return texts


def instant_text(moment: datetime, zone: tzinfo) -> str:
    """Write an instant with its date and the time of day in a zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> instant_text(datetime(2026, 9, 7, 8, tzinfo=UTC), UTC)
    '7 Sep 2026, 08:00'
    """
    local = moment.astimezone(zone)
    return f"{date_text(local)}, {local:%H:%M}"


def zone_text(zone: tzinfo) -> str:
    """Name a time zone.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> zone_text(ZoneInfo("Europe/Berlin"))
    'Europe/Berlin'
    """
    return str(zone)


def draw_dates(axes: Axes, start: datetime, end: datetime, zone: tzinfo) -> None:
    """Make the horizontal axis one of dates, with ticks between two instants and the zone as its label."""
    axes.xaxis_date(tz=zone)
    chosen = ticks(start, end, zone)
    look: dict[str, Any] = {"parse_math": False}
    axes.set_xticks([day_number(tick.at) for tick in chosen], [tick.text for tick in chosen], **look)
    axes.set_xlabel(f"date, {zone_text(zone)}", color=GREY, parse_math=False)


def ticks(start: datetime, end: datetime, zone: tzinfo, *, most: int = MOST_TICKS) -> list[Tick]:
    r"""Choose round instants between two others: hours, days, Mondays, firsts of months or of years.

    Parameters
    ----------
    start, end : datetime.datetime
        Aware instants, `end` not before `start`.
    zone : datetime.tzinfo
        Whose clocks tell what is round.
    most : int
        About how many, at least 2.

    Returns
    -------
    list of Tick
        In order; the year stands below the first and where it changes, below hours also the day.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> for tick in ticks(datetime(2026, 9, 7, 8, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC), UTC, most=4):
    ...     print(f"{tick.at:%a %d}", repr(tick.text))
    Mon 14 '14 Sep\n2026'
    Mon 21 '21 Sep'
    Mon 28 '28 Sep'
    """
    unit, step = _step((end - start) / ONE_DAY, most)
    found: list[Tick] = []
    shown = ""
    for local in _rounds(start.astimezone(zone), end.astimezone(zone), unit, step):
        at = local.astimezone(UTC)
        if start <= at <= end and (not found or at > found[-1].at):
            first, second = _words(local, unit)
            found.append(Tick(at, first if second in ("", shown) else f"{first}\n{second}"))
            shown = second
    return found


def _step(days: float, most: int) -> tuple[str, int]:
    """Choose the smallest step that gives few enough ticks."""
    for unit, length, sizes in (
        ("hour", 1 / 24, HOURS),
        ("day", 1.0, DAYS),
        ("month", DAYS_A_MONTH, MONTHS_A_STEP),
    ):
        for size in sizes:
            if days <= most * size * length:
                return unit, size
    years, size = days / DAYS_A_YEAR, 1
    while years > most * size:
        size = size * 5 // 2 if str(size).startswith("2") else size * 2
    return "year", size


def _rounds(start: datetime, end: datetime, unit: str, step: int) -> Iterator[datetime]:
    """Give the round instants from just before `start` to just after `end`, on the clocks of their zone."""
    zone = start.tzinfo
    if unit == "hour":
        day = start.date()
        while day <= end.date():
            for hour in range(0, 24, step):
                yield datetime(day.year, day.month, day.day, hour, tzinfo=zone)
            day += ONE_DAY
    elif unit == "day":
        # weeks begin on Mondays, and so does the count of single days
        day = start.date() - timedelta(days=start.weekday())
        while day <= end.date():
            yield datetime(day.year, day.month, day.day, tzinfo=zone)
            day += timedelta(days=step)
    else:
        months = step if unit == "month" else 12 * step
        place = (12 * start.year + start.month - 1) // months * months
        while place <= 12 * end.year + end.month - 1:
            if place >= 12:
                yield datetime(place // 12, place % 12 + 1, 1, tzinfo=zone)
            place += months


def _words(local: datetime, unit: str) -> tuple[str, str]:
    if unit == "hour":
        return f"{local:%H:%M}", date_text(local)
    if unit == "day":
        return f"{local.day} {MONTHS[local.month - 1]}", str(local.year)
    return (MONTHS[local.month - 1], str(local.year)) if unit == "month" else (str(local.year), "")
