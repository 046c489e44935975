"""Cells of a plan's table: estimates, needs and instants as text, and back exactly."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadkit import testing
from leadkit.calendars import WorkCalendar
from leadkit.errors import FormatError, PlanError
from leadkit.interchange.csv import read_plan, write_plan
from leadkit.wbs import Estimate, Group, Need, Plan, Wbs, WorkPackage

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
NEEDS_FORM = "expected skills with levels such as sql>=3 & python>=2, perhaps x2 for two people; or any x2"


def package(column: str, text: str, zone: str = "UTC") -> WorkPackage:
    """Read the one package of a table in which one cell is `text`."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["id", column], ["a", text]])
    return read_plan(file.getvalue(), start=START, zone=zone).wbs.packages[0]


def again(own: WorkPackage, zone: str = "UTC", day_minutes: int = 480) -> WorkPackage:
    """Write a plan of one package and read it."""
    calendar = WorkCalendar.always(zone)
    wbs = Wbs(root=Group(id="site", children=[own]))
    plan = Plan(wbs=wbs, start=START, calendar=calendar, day_minutes=day_minutes)
    return read_plan(write_plan(plan), calendar=calendar).wbs.packages[0]


def faults(column: str, text: str, zone: str = "UTC") -> list[str]:
    with pytest.raises(FormatError) as caught:
        package(column, text, zone)
    where = f"row 2, column {column!r}: "
    assert all(str(fault).startswith(where) for fault in caught.value.faults)
    return [str(fault).removeprefix(where) for fault in caught.value.faults]


def instant_of(text: str, zone: str) -> datetime:
    found = package("not_before", text, zone).not_before
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "estimate"),
    [
        ("3d", Estimate.fixed(3)),
        ("fixed 3d", Estimate.fixed(3)),
        ("1.5 h", Estimate.fixed(90, "m")),
        (".5w", Estimate.fixed(2.5)),
        ("0", Estimate.fixed(0)),
        ("2d/3d/6d", Estimate.pert(2, 3, 6)),
        ("2/3/6D", Estimate.pert(2, 3, 6)),
        ("0 / 4h / 1d", Estimate.pert(0, 0.5, 1)),
        ("PERT(2.5) 2d/3d/6d", Estimate.pert(2, 3, 6, shape=2.5)),
        ("pert 2d/3d/6d", Estimate.pert(2, 3, 6)),
        ("tri 2d/3d/6d", Estimate.triangular(2, 3, 6)),
        ("triangular 2d/3d/6d", Estimate.triangular(2, 3, 6)),
        ("uniform 2d/6d", Estimate.uniform(2, 6)),
        ("p10-p90 2d/6d", Estimate.lognormal_quantiles(2, 6)),
        ("lognormal 3d/1d", Estimate.lognormal(3, 1)),
    ],
)
def test_a_duration_says_its_estimate(text: str, estimate: Estimate) -> None:
    assert package("duration", text).estimate == estimate


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3", "'3' has no unit: write 3d for days, or h, m or w"),
        ("2d/6", "'2d/6' has two times"),
        ("uniform 2d/6", "'uniform 2d/6' has no unit: write 6d"),
        ("2d/6d", "has two times: say of what kind, as in uniform 2d/6d, p10-p90 2d/6d or lognormal 2d/6d"),
        ("tri 2d/6d", "'tri 2d/6d': expected 3 times (low/mode/high), got 2"),
        ("1d/2d/3d/4d", "expected 3 times (low/mode/high), got 4"),
        ("trio 1d/2d/3d", "unknown kind of estimate 'trio' (did you mean 'tri'?)"),
        ("1,5d", "'1,5d' is no time such as 3d, 4h, 30m or 1.5w, with a decimal point"),
        ("-1d", "'-1d' is no time such as 3d"),
        ("3ed", "'3ed' is no time such as 3d"),
        ("uniform(2) 1d/2d", "only pert has a shape in brackets"),
        ("pert(2)", "expected a duration like 3d, 2d/3d/6d"),
        ("6d/3d/2d", "low: 2880 minutes are more than mode (1440)"),
        ("9" * 400 + "d", "value: expected a finite number"),
        ("tbd", "'tbd' is no time"),
    ],
)
def test_a_duration_that_is_none_says_why(text: str, message: str) -> None:
    assert message in faults("duration", text)[0]


@given(
    st.sampled_from(("fixed", "uniform", "triangular", "pert", "lognormal", "lognormal_quantiles")),
    st.lists(
        st.floats(0.001, 1e6) | st.sampled_from((0.5, 30.0, 48.0, 60.0, 480.0, 528.0, 2400.0)), min_size=4, max_size=4
    ),
    st.integers(1, 1440),
)
def test_estimates_of_every_kind_come_back_exactly(kind: Any, values: list[float], day_minutes: int) -> None:
    n = {"fixed": 1, "triangular": 3, "pert": 3}.get(kind, 2)
    shape = [values[3] % 50] if kind == "pert" else []
    try:
        estimate = Estimate(kind=kind, parameters=(*sorted(values[:n]), *shape))
    except PlanError:
        return
    assert again(WorkPackage(id="a", estimate=estimate), day_minutes=day_minutes).estimate == estimate


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("sql>=3 x2; python>=2", (Need(skills={"sql": 3}, heads=2), Need(skills={"python": 2}))),
        ("sql>=3 & python>=2", (Need(skills={"sql": 3, "python": 2}),)),
        ("sql>=3,python >= 2X3", (Need(skills={"sql": 3, "python": 2}, heads=3),)),
        ("C++>=1.5 + R&D≥2", (Need(skills={"C++": 1.5, "R&D": 2}),)),
        ("any x2; any", (Need(skills={}, heads=2), Need(skills={}))),
        ("any>=1", (Need(skills={"any": 1}),)),
        ('"a;b ""c"">=1">=0 x1;', (Need(skills={'a;b "c">=1': 0}),)),
        ("machine learning>=2;;", (Need(skills={"machine learning": 2}),)),
    ],
)
def test_needs_say_who_is_needed(text: str, needs: tuple[Need, ...]) -> None:
    assert package("needs", text).needs == needs


@pytest.mark.parametrize(
    "text",
    [
        "sql",
        "sql>3",
        "sql>=",
        "sql>=3 python>=2",
        "sql>=3 &",
        "sql>=3, x2",
        "sql, python>=2",
        "x2",
        "anybody",
        "any,x2",
    ],
)
def test_needs_that_cannot_be_read_are_shown(text: str) -> None:
    assert faults("needs", text) == [f"{text!r}: {NEEDS_FORM}"]


def test_every_faulty_need_is_told() -> None:
    assert faults("needs", "sql; python>=2 x0; writing>=1 & writing>=2; b c") == [
        f"'sql': {NEEDS_FORM}",
        "'python>=2 x0': heads: expected a whole number of at least 1, got 0",
        "'writing>=1 & writing>=2': skills['writing']: is there more than once",
        f"'b c': {NEEDS_FORM}",
    ]


SKILL_IDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=6
) | st.sampled_from(("any", "x2", "a x2", "C++", "R&D", "+a", "a&", "a, b", 'say "so"', ">=2", "a  b", "3", "≥", '"'))
NEEDS = st.builds(
    Need,
    skills=st.dictionaries(
        SKILL_IDS.filter(lambda own: own == own.strip() != ""), st.floats(0, 1e9) | st.integers(0, 5), max_size=3
    ),
    heads=st.integers(1, 10**6),
)


@given(st.lists(NEEDS, max_size=3).map(tuple))
def test_needs_of_any_skills_come_back(needs: tuple[Need, ...]) -> None:
    assert again(WorkPackage(id="a", needs=needs)).needs == needs


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-10-30 17:00", "Europe/Berlin", "2026-10-30T16:00:00+00:00"),
        ("2026-10-30T17:00", "Europe/Berlin", "2026-10-30T16:00:00+00:00"),
        ("2026-10-30 8:05:30.5", "UTC", "2026-10-30T08:05:30.500000+00:00"),
        ("2026-10-30T17:00:00+02:00", "Europe/Berlin", "2026-10-30T15:00:00+00:00"),
        ("2026-10-30 17:00 Z", "Europe/Berlin", "2026-10-30T17:00:00+00:00"),
        ("2026-10-30", "Europe/Berlin", "2026-10-29T23:00:00+00:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00+00:00"),  # no midnight on that day
        ("1919-03-31", "America/Toronto", "1919-03-31T04:30:00+00:00"),  # clocks went from 23:30 to 00:30
        ("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00+00:00"),  # no such day
        ("2026-11-01", "America/Havana", "2026-11-01T04:00:00+00:00"),  # midnight twice
    ],
)
def test_instants_are_read_on_the_clocks_of_a_zone(text: str, zone: str, utc: str) -> None:
    assert instant_of(text, zone).astimezone(UTC).isoformat() == utc


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("30.10.2026", "expected an instant such as 2026-10-30, 2026-10-30 17:00"),
        ("2026-W44-5", "expected an instant such as"),
        ("2026-02-30", "day is out of range for month"),
        ("2026-10-30 25:00", "hour must be in 0..23"),
        ("2026-03-29 02:30", "2026-03-29 02:30 is skipped by the clocks of Europe/Berlin"),
        ("2026-10-25 02:30", "comes twice on the clocks of Europe/Berlin: write an offset such as +01:00"),
        ("9999-12-31", "lies outside the years 1 to 9999"),
        ("9999-12-31 23:59-02:00", "lies outside the years 1 to 9999"),
    ],
)
def test_what_is_no_instant_is_refused(text: str, message: str) -> None:
    (line,) = faults("deadline", text, "Europe/Berlin")
    assert message in line


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)) | testing.instants(),
    st.sampled_from(
        ("Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
    ),
)
@example(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin")
@example(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin")
@example(datetime.max.replace(tzinfo=UTC), "Asia/Kathmandu")
@example(datetime.min.replace(tzinfo=UTC), "America/Sao_Paulo")
def test_an_instant_comes_back_from_the_clocks_of_any_zone(instant: datetime, zone: str) -> None:
    own = again(WorkPackage(id="a", not_before=instant, deadline=instant), zone)
    assert own == WorkPackage(id="a", not_before=instant, deadline=instant)


@given(
    st.dates(datetime(1900, 1, 2).date(), datetime(2100, 1, 1).date()),
    st.sampled_from(("America/Toronto", "Pacific/Apia", "America/Havana", "Africa/Casablanca")),
)
def test_a_day_starts_at_its_first_instant(day: Any, zone: str) -> None:
    first = instant_of(day.isoformat(), zone)
    before = (first.astimezone(UTC) - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert before.date() < day <= first.date()
