"""A calendar day by day, as the format has it: a week, and stretches of dates that differ from it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import pairwise
from typing import Final, NamedTuple

from attrs import frozen

from leadkit.calendars import WorkCalendar
from leadkit.interchange.mspdi._format import MOST_TEXT

__all__ = [
    "AFTER",
    "CLOSURE",
    "DAY",
    "EXCEPTION",
    "HOLIDAY",
    "Pieces",
    "Row",
    "Sheet",
    "cut_short",
    "laid",
    "sheet_of",
    "united",
]

Pieces = tuple[tuple[int, int], ...]
"""Open stretches of one date, in order: minutes after midnight, at most 1440."""

DAY: Final = 1440
MOST_PIECES: Final = 5
HOLIDAY: Final = "Holiday"
EXCEPTION: Final = "Exception"
CLOSURE: Final = "Closure"
AFTER: Final = "Day after"
WEEKDAY_OF_ZERO: Final = 6
LAST: Final = date.max.toordinal()
EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """Dates, as ordinals and both included, that have other working time than the week."""

    first: int
    last: int
    pieces: Pieces
    name: str = ""


@frozen
class Sheet:
    """The open stretches of each weekday from Monday on, and the dates that differ, in order and apart."""

    week: tuple[Pieces, ...]
    rows: tuple[Row, ...]

    def is_like(self, other: Sheet) -> bool:
        """Tell whether two sheets say the same of every date, whatever the names."""
        return self.week == other.week and _merged(self.rows) == _merged(other.rows)


def sheet_of(calendar: WorkCalendar) -> Sheet:
    """Spell a calendar out: windows past midnight are cut there, and every date that differs has its own stretches.

    What a row stands for is in its name, so that the very calendar can be built again.
    """
    days = _Days(calendar)
    spans: list[tuple[int, int, str]] = []
    cuts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    names = days.names()
    for start, end in calendar.closures:
        name = f"{CLOSURE} {start.isoformat()}/{end.isoformat()}"
        (first, low), (last, high) = _local(start, calendar.tz), _local(end, calendar.tz, is_end=True)
        if first == last and (low, high) != (0, DAY):
            cuts[first].append((low, high))
            names[first].append(name)
            continue
        for own, edge, is_whole in ((first, (low, DAY), low == 0), (last, (0, high), high == DAY)):
            if not is_whole:
                cuts[own].append(edge)
                names[own].append(name)
        spans.append((first + (low > 0), last - (high < DAY), name))
    return Sheet(days.week, tuple(_rows(days, names, cuts, [span for span in spans if span[0] <= span[1]])))


def cut_short(sheet: Sheet) -> Sheet:
    """Leave out what the format cannot hold: more than five stretches of a date."""
    rows = tuple(row._replace(pieces=row.pieces[:MOST_PIECES]) for row in sheet.rows)
    return Sheet(tuple(pieces[:MOST_PIECES] for pieces in sheet.week), rows)


def united(pieces: Iterable[tuple[int, int]]) -> Pieces:
    """Unite stretches that touch or overlap."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(pieces):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def laid(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Lay rows over each other: where two speak of a date, the first of them holds."""
    taken: list[Row] = []
    for row in rows:
        place = bisect_right(taken, row.first, key=_first)
        place -= place > 0 and taken[place - 1].last >= row.first
        low, end, new = row.first, place, []
        while end < len(taken) and taken[end].first <= row.last:
            if low < taken[end].first:
                new.append(row._replace(first=low, last=taken[end].first - 1))
            new.append(taken[end])
            low = taken[end].last + 1
            end += 1
        if low <= row.last:
            new.append(row._replace(first=low))
        taken[place:end] = new
    return tuple(taken)


class _Days:
    """The windows of a calendar by date."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.weekly: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for window in calendar.windows:
            self.weekly[window.weekday].append((window.opens, window.closes))
        self.holidays = {day.toordinal() for day in calendar.holidays}
        self.exceptions = {change.day.toordinal(): change.spans for change in calendar.exceptions}
        self.week = tuple(_pieces(self.weekly[day - 1], self.weekly[day]) for day in range(7))

    def names(self) -> dict[int, list[str]]:
        """List what each date is that differs from its weekday."""
        found: dict[int, list[str]] = defaultdict(list)
        for day in sorted(self.holidays):
            found[day].append(HOLIDAY)
        for day, spans in self.exceptions.items():
            found[day].append(" ".join([EXCEPTION, *([", ".join(map(_span_text, spans))] if spans else [])]))
        for day in sorted(found):
            after = day + 1
            if after not in found and after <= LAST and self.on(after) != self.week[weekday(after)]:
                found[after].append(AFTER)
        return found

    def on(self, day: int) -> Pieces:
        """Give the open stretches of a date, before closures."""
        return _pieces(self._windows(day - 1), self._windows(day))

    def _windows(self, day: int) -> Sequence[tuple[int, int]]:
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in self.holidays else self.weekly[weekday(day)]


def weekday(day: int) -> int:
    """Tell the weekday of an ordinal, Monday 0."""
    return (day + WEEKDAY_OF_ZERO) % 7


def _pieces(before: Sequence[tuple[int, int]], own: Sequence[tuple[int, int]]) -> Pieces:
    """Cut windows at midnight: what is left of those of the day before, and the day's own up to its end."""
    spilled = [(0, closes - DAY) for _, closes in before if closes > DAY]
    return united([*spilled, *((opens, min(closes, DAY)) for opens, closes in own)])


def _rows(
    days: _Days,
    names: dict[int, list[str]],
    cuts: dict[int, list[tuple[int, int]]],
    spans: list[tuple[int, int, str]],
) -> Iterable[Row]:
    """Give the dates that differ: alone where they have a name of their own, in stretches where all is closed."""
    edges = {day for own in names for day in (own, own + 1)}
    edges |= {day for first, last, _ in spans for day in (first, last + 1)}
    opening, closing = defaultdict(list), defaultdict(list)
    for place, (first, last, _) in enumerate(spans):
        opening[first].append(place)
        closing[last + 1].append(place)
    covering: dict[int, None] = {}
    ordered = sorted(edges)
    for day, after in pairwise(ordered):
        for place in closing[day]:
            del covering[place]
        covering.update(dict.fromkeys(opening[day]))
        parts = [*names.get(day, ()), *(spans[place][2] for place in sorted(covering))]
        name = "; ".join(dict.fromkeys(parts))
        if covering:
            yield Row(day, after - 1, (), name if len(name) <= MOST_TEXT else "")
        elif day in names:
            pieces = _without(days.on(day), cuts.get(day, []))
            yield Row(day, after - 1, pieces, name if len(name) <= MOST_TEXT else "")


def _without(pieces: Pieces, cuts: Iterable[tuple[int, int]]) -> Pieces:
    for low, high in cuts:
        kept = [(opens, min(closes, low)) for opens, closes in pieces] + [
            (max(opens, high), closes) for opens, closes in pieces
        ]
        pieces = tuple(sorted({piece for piece in kept if piece[0] < piece[1]}))
    return pieces


def _local(instant: datetime, zone: tzinfo, *, is_end: bool = False) -> tuple[int, int]:
    """Give the date on which the clocks of a zone show an instant, and the minute.

    Of an end, a begun minute counts, and midnight belongs to the day before. The first instant is that of every zone.
    """
    try:
        local = instant if instant == EARLIEST else instant.astimezone(zone)
    except OverflowError:
        local = instant
    day, minute = local.toordinal(), local.hour * 60 + local.minute
    if is_end:
        minute += local.second > 0 or local.microsecond > 0
        return (day, minute) if minute or day == 1 else (day - 1, DAY)
    return day, minute


def _span_text(span: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


def _first(row: Row) -> int:
    return row.first


def _merged(rows: Iterable[Row]) -> list[Row]:
    """Unite rows that follow each other and say the same."""
    found: list[Row] = []
    for row in rows:
        if found and found[-1].last + 1 == row.first and found[-1].pieces == row.pieces:
            found[-1] = found[-1]._replace(last=row.last)
        else:
            found.append(row._replace(name=""))
    return found
