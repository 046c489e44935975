"""What a calendar is made of: windows, exceptions, weeks as text, plain data, and everything that can be wrong."""

from __future__ import annotations

import copy
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from leadkit import calendars as package
from leadkit.calendars import NEVER, DayException, Interval, Never, Window, WorkCalendar
from leadkit.errors import CalendarError, LeadkitError

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def windows(week: dict[str, str]) -> list[tuple[int, int, int]]:
    read = WorkCalendar.weekly(week, zone="UTC").windows
    return [(window.weekday, window.opens, window.closes) for window in read]


def faults_of(**parts: Any) -> list[str]:
    week = parts.pop("week", {})
    with pytest.raises(CalendarError) as caught:
        WorkCalendar.weekly(week, **{"zone": "UTC", **parts})
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, LeadkitError)
    return [str(fault) for fault in caught.value.faults]


def test_importing_the_room_loads_nothing_heavy() -> None:
    probe = "import leadkit.calendars, sys; print(*sorted(name for name in sys.modules if '.' not in name))"
    ran = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    heavy = {"holidays", "icalendar", "dateutil", "scipy", "pandas", "cattrs", "narwhals", "matplotlib"}
    assert heavy.isdisjoint(ran.stdout.split())


def test_every_name_of_the_room_is_there() -> None:
    names = "NEVER Never Window DayException Interval Counted CountedKind WorkCalendar overlap public_holidays"
    assert set(package.__all__) == set(names.split())
    assert all(getattr(package, name) is not None for name in package.__all__)


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("mon", [0]),
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("fri-mon", [0, 4, 5, 6]),
        ("tue-tue", [1]),
        ("mon,wed, fri-sat", [0, 2, 4, 5]),
        ("mon - wed", [0, 1, 2]),
        ("sat-mon,mon", [0, 5, 6]),
    ],
)
def test_weekdays_are_names_ranges_and_lists(key: str, days: list[int]) -> None:
    assert windows({key: "09:00-17:00"}) == [(day, 540, 1020) for day in days]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("09:00-12:30, 13:30-17:00", [(540, 750), (810, 1020)]),
        ("9:00 - 12:30,13:30-17:00", [(540, 750), (810, 1020)]),
        ("22:00-06:00", [(1320, 1800)]),
        ("00:00-24:00", [(0, 1440)]),
        ("12:00-24:00", [(720, 1440)]),
        ("12:00-00:00", [(720, 1440)]),
        ("", []),
        (" ", []),
    ],
)
def test_spans_are_text(text: str, spans: list[tuple[int, int]]) -> None:
    assert windows({"mon": text}) == [(0, *span) for span in spans]


def test_a_weekday_that_several_keys_name_has_the_spans_of_all() -> None:
    assert windows({"mon-tue": "09:00-12:00", "tue": "13:00-17:00"}) == [(0, 540, 720), (1, 540, 720), (1, 780, 1020)]


@pytest.mark.parametrize(
    ("key", "text", "fault"),
    [
        ("funday", "09:00-17:00", "windows['funday']: unknown weekday 'funday'"),
        ("Mon", "09:00-17:00", "windows['Mon']: unknown weekday 'Mon' (did you mean 'mon'?)"),
        ("mon-", "09:00-17:00", "windows['mon-']: unknown weekday ''"),
        ("mon-tue-wed", "09:00-17:00", "windows['mon-tue-wed']: unknown weekday 'tue-wed'"),
        (1, "09:00-17:00", "windows[1]: expected weekdays like 'mon-fri', got 1"),
        ("mon", "9-17", "windows['mon']: '9-17' is no span of a day like '09:00-17:00'"),
        ("mon", "09:00-12:00,", "windows['mon']: '' is no span of a day like '09:00-17:00'"),
        ("mon", "09:60-12:00", "windows['mon']: '09:60-12:00' is no span of a day like '09:00-17:00'"),
        ("mon", "24:00-06:00", "windows['mon']: '24:00-06:00': expected hours from 00:00 to 23:59, 24:00 for the end"),
        ("mon", "09:00-25:00", "windows['mon']: '09:00-25:00': expected hours from 00:00 to 23:59, 24:00 for the end"),
        ("mon", "09:00-09:00", "windows['mon']: '09:00-09:00' could be no time or a whole day; write 00:00-24:00"),
        ("mon", 9, "windows['mon']: expected a text like '09:00-17:00', got 9"),
    ],
)
def test_text_that_cannot_be_read_is_named_with_its_place(key: Any, text: Any, fault: str) -> None:
    found = faults_of(week={key: text})
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_all_faults_of_one_call_come_together() -> None:
    found = faults_of(
        week={"mon": "9-17", "tues": "09:00-17:00"},
        zone="Europe/Berln",
        holidays=["2026-01-01", datetime(2026, 1, 1, tzinfo=UTC)],
        exceptions={"2026-12-24": "", date(2026, 12, 31): "x"},
        closures=[(START, START), (START.replace(tzinfo=None), START), (START,), 5, ("x", START)],
        name=7,
        horizon_days=0,
    )
    assert found == [
        "windows['mon']: '9-17' is no span of a day like '09:00-17:00'",
        "windows['tues']: unknown weekday 'tues' (did you mean 'tue'?)",
        "exceptions['2026-12-24']: expected a date, got '2026-12-24'",
        "exceptions['2026-12-31']: 'x' is no span of a day like '09:00-17:00'",
        "zone: unknown time zone 'Europe/Berln' (did you mean 'Europe/Berlin'?)",
        "holidays[0]: expected a date, got '2026-01-01'",
        "holidays[1]: expected a date, got datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)",
        "closures[0]: the end 2026-03-02 09:00:00+00:00 is not after the start 2026-03-02 09:00:00+00:00",
        "start of closures[1]: 2026-03-02T09:00:00 has no time zone; an instant is an aware datetime",
        "closures[2]: expected a pair (start, end), got (datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc),)",
        "closures[3]: expected a pair (start, end), got 5",
        "start of closures[4]: expected an aware datetime, got 'x'",
        "horizon_days: expected a number of days above 0, got 0",
        "name: expected a text, got 7",
    ]


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"week": 5}, "windows: expected a table of weekdays and spans, got 5"),
        ({"exceptions": 5}, "exceptions: expected a table of dates and spans, got 5"),
        (
            {"exceptions": {datetime(2026, 1, 1, tzinfo=UTC): ""}},
            "exceptions['2026-01-01 00:00:00+00:00']: expected a date",
        ),
        ({"holidays": 5}, "holidays: expected several, each a date, got 5"),
        ({"holidays": "2026-01-01"}, "holidays: expected several, each a date, got '2026-01-01'"),
        ({"closures": 5}, "closures: expected pairs (start, end), got 5"),
        ({"zone": None}, "zone: unknown time zone None"),
        ({"zone": ""}, "zone: unknown time zone ''"),
        ({"zone": "America"}, "zone: unknown time zone 'America'"),
        ({"zone": "../etc/passwd"}, "zone: unknown time zone '../etc/passwd'"),
        ({"horizon_days": 1.5}, "horizon_days: expected a whole number, got 1.5"),
    ],
)
def test_a_part_that_is_wrong_is_named(parts: dict[str, Any], fault: str) -> None:
    found = faults_of(**parts)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_windows_and_exceptions_given_as_such_are_checked_too() -> None:
    with pytest.raises(CalendarError) as caught:
        WorkCalendar([Window(0, 540, 1020), "mon"], exceptions=[DayException(date(2026, 1, 1), ()), 3])
    assert [str(fault) for fault in caught.value.faults] == [
        "windows[1]: expected a Window, got 'mon'",
        "exceptions[1]: expected a DayException, got 3",
    ]
    with pytest.raises(CalendarError, match="windows: expected several, each a Window, got None"):
        WorkCalendar(None)


def test_one_day_has_one_exception() -> None:
    day = date(2026, 12, 24)
    with pytest.raises(CalendarError, match="exceptions: 2026-12-24 has several that differ"):
        WorkCalendar([], exceptions=[DayException(day, ()), DayException(day, ((540, 720),))])
    twice = WorkCalendar([], exceptions=[DayException(day, ((540, 720),))] * 2)
    assert len(twice.exceptions) == 1


@pytest.mark.parametrize(
    ("arguments", "faults"),
    [
        ((7, 540, 1020), ["weekday: expected a day from 0 (Monday) to 6 (Sunday), got 7"]),
        ((True, 540, 1020), ["weekday: expected a whole number, got True"]),
        ((0, -1, 1020), ["opens: expected a minute from 0 to 1439, got -1"]),
        ((0, 1440, 1500), ["opens: expected a minute from 0 to 1439, got 1440"]),
        ((0, 540, 540), ["closes: expected a minute after 540, at most a day later, got 540"]),
        ((0, 540, 1981), ["closes: expected a minute after 540, at most a day later, got 1981"]),
        (
            ("mon", 9.5, None),
            [
                "weekday: expected a whole number, got 'mon'",
                "opens: expected a whole number, got 9.5",
                "closes: expected a whole number, got None",
            ],
        ),
    ],
)
def test_a_window_checks_itself(arguments: tuple[Any, Any, Any], faults: list[str]) -> None:
    with pytest.raises(CalendarError) as caught:
        Window(*arguments)
    assert [str(fault) for fault in caught.value.faults] == faults


def test_a_window_takes_numpy_integers_and_a_whole_day() -> None:
    window = Window(*np.array([0, 540, 1980]))
    assert window == Window(0, 540, 540 + 1440)
    assert type(window.opens) is int
    assert Window(0, 0, 1440) < window < Window(1, 0, 1)


@pytest.mark.parametrize(
    ("day", "spans", "faults"),
    [
        (
            date(2026, 1, 1),
            ((540, 540),),
            ["spans[0]: closes: expected a minute after 540, at most a day later, got 540"],
        ),
        (date(2026, 1, 1), 5, ["spans: expected pairs (opens, closes), got 5"]),
        (date(2026, 1, 1), ((1, 2, 3),), ["spans: expected pairs (opens, closes), got ((1, 2, 3),)"]),
        (START, (), [f"day: expected a date, got {START!r}"]),
        ("x", (("a", 2),), ["day: expected a date, got 'x'", "spans[0]: opens: expected a whole number, got 'a'"]),
    ],
)
def test_an_exception_checks_itself(day: Any, spans: Any, faults: list[str]) -> None:
    with pytest.raises(CalendarError) as caught:
        DayException(day, spans)
    assert [str(fault) for fault in caught.value.faults] == faults


def test_an_exception_keeps_its_spans_in_order() -> None:
    spans = [[780, 1020], [540, 720], [540, 720]]
    assert DayException(date(2026, 1, 1), spans).spans == ((540, 720), (780, 1020))  # type: ignore[arg-type]


def test_an_interval_is_kept_in_utc_and_its_length_is_that_of_the_clock_on_the_wall_of_utc() -> None:
    zone = WorkCalendar.always("America/New_York").tz
    night = Interval(datetime(2026, 3, 7, 22, tzinfo=zone), datetime(2026, 3, 8, 6, tzinfo=zone))
    assert night.length == 7 * HOUR
    assert night.start.tzinfo is UTC
    assert night == Interval(night.start, night.end.astimezone(zone))
    assert len({night, Interval(night.start, night.end)}) == 1


def test_an_interval_has_a_length() -> None:
    with pytest.raises(CalendarError, match=r"the end .* is not after the start"):
        Interval(START, START)
    with pytest.raises(ValueError, match="end: 2026-03-02T09:00:00 has no time zone"):
        Interval(START, START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="start: 2026-03-02T09:00:00 has no time zone"):
        Interval(START.replace(tzinfo=None), START)


def test_closures_of_any_zone_are_the_same_closure() -> None:
    ahead = timezone(2 * HOUR)
    one = WorkCalendar([], closures=[(START, START + HOUR)])
    other = WorkCalendar([], closures=[[START.astimezone(ahead), (START + HOUR).astimezone(ahead)]])
    assert one == other
    assert other.closures[0][0].tzinfo is UTC


def test_parts_may_come_from_iterators_and_from_mappings_by_date() -> None:
    days = {date(2026, 1, 1): "New Year", date(2026, 5, 1): "May Day"}
    calendar = WorkCalendar(iter([Window(0, 540, 1020)]), holidays=days)
    assert calendar.windows == (Window(0, 540, 1020),)
    assert calendar.holidays == tuple(days)


def test_with_changes_fields_and_leaves_the_calendar_as_it_was() -> None:
    desk = WorkCalendar.weekly({"mon": "09:00-17:00"}, zone="UTC", name="desk")
    other = desk.with_(name="bench", holidays=[date(2026, 3, 2)])
    assert desk.elapsed(START, START + 8 * HOUR) == 8 * HOUR
    assert other.elapsed(START, START + 8 * HOUR) == timedelta()
    assert (other.name, other.windows, desk.holidays) == ("bench", desk.windows, ())
    assert other != desk
    with pytest.raises(TypeError, match="holiday"):
        desk.with_(holiday=[])
    with pytest.raises(CalendarError, match="zone: unknown time zone 'x'"):
        desk.with_(zone="x")


def test_copies_are_equal_and_nothing_of_what_was_worked_out_shows() -> None:
    desk = WorkCalendar.weekly({"mon": "09:00-17:00"}, zone="UTC")
    before = repr(desk)
    desk.elapsed(START, START + 8 * HOUR)
    assert repr(desk) == before
    assert copy.copy(desk) == copy.deepcopy(desk) == desk
    assert copy.deepcopy(desk).elapsed(START, START + 8 * HOUR) == 8 * HOUR


def test_a_calendar_cannot_be_changed() -> None:
    desk = WorkCalendar([])
    with pytest.raises(AttributeError):
        desk.zone = "Europe/Berlin"  # type: ignore[misc]


def test_always_never_closes() -> None:
    always = WorkCalendar.always("Europe/Berlin")
    assert always.tz.key == "Europe/Berlin"
    assert always.is_open(START)
    assert always.next_open(START) is NEVER
    assert always.next_close(START) is NEVER
    assert always.add(START, 1000 * HOUR) == START + 1000 * HOUR


def test_plain_data_say_everything() -> None:
    desk = WorkCalendar.weekly(
        {"fri": "22:00-06:00"},
        zone="Europe/Berlin",
        holidays=[date(2026, 5, 1)],
        exceptions={date(2026, 12, 24): "09:00-12:00"},
        closures=[(START, START + HOUR)],
        name="desk",
        horizon_days=100,
    )
    assert desk.to_dict() == {
        "windows": [{"weekday": 4, "opens": 1320, "closes": 1800}],
        "zone": "Europe/Berlin",
        "holidays": ["2026-05-01"],
        "exceptions": [{"day": "2026-12-24", "spans": [[540, 720]]}],
        "closures": [["2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+00:00"]],
        "name": "desk",
        "horizon_days": 100,
    }
    by_hand = {
        **desk.to_dict(),
        "windows": {"fri": "22:00-06:00"},
        "exceptions": {"2026-12-24": "09:00-12:00"},
        "closures": [["2026-03-02T10:00+01:00", "2026-03-02T10:00Z"]],
    }
    assert WorkCalendar.from_dict(by_hand) == desk
    assert WorkCalendar.from_dict({}) == WorkCalendar([])


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (5, ["expected a table of names and values, got 5"]),
        ({"zones": "UTC"}, ["unknown key 'zones' (did you mean 'zone'?)"]),
        ({"windows": 5}, ["windows: expected a list, or a table of texts, got 5"]),
        ({"windows": [5]}, ["windows[0]: expected a table of names and values, got 5"]),
        (
            {"windows": [{"weekday": 9, "opens": 0, "closes": 1}, {"weekday": 0, "open": 0, "closes": 1}]},
            [
                "windows[0].weekday: expected a day from 0 (Monday) to 6 (Sunday), got 9",
                "windows[1]: unknown key 'open' (did you mean 'opens'?)",
                "windows[1]: 'opens' is missing",
            ],
        ),
        (
            {"exceptions": [{"day": "x", "spans": [[1]]}], "holidays": ["2026-13-01"], "closures": ["a", ["b", None]]},
            [
                "exceptions[0].day: expected a date, got 'x'",
                "exceptions[0].spans: expected pairs (opens, closes), got [[1]]",
                "holidays[0]: expected a date, got '2026-13-01'",
                "closures[0]: expected a pair (start, end), got 'a'",
                "end of closures[1]: expected an aware datetime, got None",
            ],
        ),
        ({"exceptions": {"x": "09:00-17:00"}}, ["exceptions['x']: expected a date, got 'x'"]),
        ({"holidays": 5}, ["holidays: expected several, each a date, got 5"]),
        (
            {"zone": "x", "horizon_days": "9"},
            ["zone: unknown time zone 'x'", "horizon_days: expected a whole number, got '9'"],
        ),
    ],
)
def test_plain_data_that_cannot_be_read_are_named(data: Any, faults: list[str]) -> None:
    with pytest.raises(CalendarError) as caught:
        WorkCalendar.from_dict(data)
    assert [str(fault) for fault in caught.value.faults] == faults


LATEST = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("instant", [START, START.replace(tzinfo=None), LATEST, date(2026, 3, 2)])
def test_never_is_later_than_every_instant(instant: Any) -> None:
    assert instant < NEVER
    assert instant <= NEVER
    assert instant != NEVER
    assert not instant > NEVER
    assert not instant >= NEVER
    assert min(NEVER, instant) == instant
    assert max(instant, NEVER) is NEVER
    assert sorted([NEVER, instant, NEVER]) == [instant, NEVER, NEVER]


def test_never_is_one_value_equal_to_itself_and_false() -> None:
    again = copy.deepcopy(NEVER)
    assert again is NEVER is Never.NEVER
    assert not NEVER
    assert repr(NEVER) == str(NEVER) == "NEVER"
    assert again <= NEVER
    assert again >= NEVER
    assert not again < NEVER
    assert not again > NEVER


@pytest.mark.parametrize("compare", ["__lt__", "__le__", "__gt__", "__ge__"])
def test_never_is_compared_with_instants_only(compare: str) -> None:
    assert getattr(NEVER, compare)(5) is NotImplemented
