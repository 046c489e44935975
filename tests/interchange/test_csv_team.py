"""Teams as comma-separated text: what is written is read back, and whatever is wrong is told by its line."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import samples, testing
from leadkit.calendars import DayException, Window, WorkCalendar
from leadkit.errors import FormatError, LeadkitError, PlanError, SkillError
from leadkit.interchange.csv import read_team, write_team
from leadkit.skills import SkillMatrix
from leadkit.wbs import Person, Team

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="Europe/Berlin", holidays=[date(2026, 5, 1)])


def fault_lines(text: str, error: type[LeadkitError] = FormatError, **options: Any) -> list[str]:
    with pytest.raises(error) as caught:
        read_team(text, **options)
    return [str(fault) for fault in caught.value.faults]


def can_be_said(calendar: WorkCalendar) -> bool:
    spans = [(window.opens, window.closes) for window in calendar.windows]
    spans += [span for change in calendar.exceptions for span in change.spans]
    return not any(closes - opens == 1440 and opens for opens, closes in spans)


@given(testing.team())
def test_what_is_written_is_read_back_the_same(team: Team) -> None:
    text = write_team(team)
    again = read_team(text)
    assert again == team
    assert [person.id for person in again.people] == [person.id for person in team.people]
    assert write_team(again) == text


@given(testing.calendars())
def test_every_calendar_comes_back_or_is_refused_by_name(calendar: WorkCalendar) -> None:
    team = Team(people=[Person(id="ann", calendar=calendar)])
    with pytest.raises(PlanError, match=r"person 'ann': the calendar has (horizon_days|a window of 24 hours)"):
        write_team(team)
    usual = Team(people=[Person(id="ann", calendar=calendar.with_(horizon_days=3660))])
    if not can_be_said(calendar):
        with pytest.raises(PlanError, match="a window of 24 hours that does not begin at midnight"):
            write_team(usual)
        return
    assert read_team(write_team(usual)) == usual


@given(testing.skill_matrix())
@settings(max_examples=20)
def test_skills_come_back_with_their_scale(matrix: SkillMatrix) -> None:
    team = Team(people=[Person(id=own) for own in sorted(matrix.people)], skills=matrix)
    again = read_team(write_team(team), scale=matrix.scale)
    if matrix.skills:
        assert again.people == team.people
        assert again.skills == SkillMatrix(matrix.people, matrix.skills, matrix.levels, scale=matrix.scale)
    else:
        assert again == Team(people=team.people)


def test_the_sample_comes_back() -> None:
    team = samples.plan().team
    assert read_team(io.StringIO(write_team(team), newline=""), scale=(0, 5)) == team


def test_the_file_says_what_somebody_says_and_leaves_out_the_rest() -> None:
    calendar = WorkCalendar.weekly(
        {"mon-wed": "08:00-12:00, 13:00-17:00", "thu": "22:00-06:00", "sat": "20:00-24:00"},
        zone="Europe/Berlin",
        name="nights, too",
        holidays=[date(2026, 12, day) for day in (25, 26, 31)],
        exceptions={date(2026, 12, 24): "09:00-12:00", date(2027, 1, 4): ""},
        closures=[
            (datetime(2026, 9, 28, tzinfo=BERLIN), datetime(2026, 10, 3, tzinfo=BERLIN)),
            (datetime(2026, 10, 12, tzinfo=BERLIN), datetime(2026, 10, 13, tzinfo=BERLIN)),
            (datetime(2026, 10, 15, 12, tzinfo=BERLIN), datetime(2026, 10, 15, 17, tzinfo=BERLIN)),
            (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC)),
        ],
    )
    people = [
        Person(id="ann", name="Ann", team="Blue", rate=55.5),
        Person(id="=ben", units=0.5, calendar=calendar),
        Person(id="cy", calendar=WorkCalendar([], zone="UTC")),
    ]
    skills = SkillMatrix(["=ben", "ann", "cy"], ["sql", "Rate", "@x"], [[3, 1, np.nan], [2.5, np.nan, 0], [0, 0, 0]])
    team = Team(people=people, skills=skills)
    assert write_team(team) == (
        "id,name,team,units,rate,calendar,zone,hours,holidays,special_days,away,sql,skill:Rate,'@x\n"
        "ann,Ann,Blue,1,55.5,,,,,,,2.5,,0\n"
        '\'=ben,,,0.5,,"nights, too",Europe/Berlin,'
        '"mon-wed 08:00-12:00 13:00-17:00; thu 22:00-06:00; sat 20:00-24:00","2026-12-25..2026-12-26; 2026-12-31",'
        '"2026-12-24 09:00-12:00; 2027-01-04 closed","2026-09-28..2026-10-02; 2026-10-12; '
        '2026-10-15 12:00..2026-10-15 17:00; 2026-10-25T02:30:00+02:00..2026-10-25 05:00",3,1,\n'
        "cy,,,1,,,UTC,never,,,,0,0,0\n"
    )
    assert read_team(write_team(team)) == team


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_order_of_columns_case_and_delimiter_make_no_difference(delimiter: str) -> None:
    lines = [
        ["SQL", "Special Days", "Units", " ID", "Hours"],
        ["3", "", "50%", "ann", "Mon-Fri 9:00 - 12:00,13:00-14:00"],
    ]
    team = read_team("\ufeff" + "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines), zone="UTC")
    calendar = WorkCalendar.weekly({"mon-fri": "09:00-12:00, 13:00-14:00"}, zone="UTC")
    assert team.people == (Person(id="ann", units=0.5, calendar=calendar),)
    assert team.skills is not None
    assert team.skills.skills == ("SQL",)


def test_a_header_alone_is_a_team_of_nobody() -> None:
    assert read_team("id,name\n") == Team()
    assert write_team(Team()) == "id,name,team,units,rate,hours,away\n"
    nobody = Team(skills=SkillMatrix([], ["sql"], []))
    assert read_team(write_team(nobody)) == nobody


def test_a_person_without_hours_differs_from_the_plan() -> None:
    text = "id,away,holidays,special_days,zone,calendar\na,2026-09-28,2026-12-24,2026-12-31 09:00-12:00,,\nb,,,,UTC,far\nc,,,,,\n"
    a, b, c = read_team(text, calendar=OFFICE).people
    assert a.calendar == OFFICE.with_(
        holidays=[date(2026, 5, 1), date(2026, 12, 24)],
        exceptions=[DayException(date(2026, 12, 31), ((540, 720),))],
        closures=[(datetime(2026, 9, 28, tzinfo=BERLIN), datetime(2026, 9, 29, tzinfo=BERLIN))],
    )
    assert b.calendar == OFFICE.with_(zone="UTC", name="far")
    assert c.calendar is None
    special = OFFICE.with_(exceptions=[DayException(date(2026, 12, 31), ()), DayException(date(2027, 1, 4), ())])
    assert read_team(text, calendar=special).people[0].calendar == a.calendar.with_(
        exceptions=[DayException(date(2026, 12, 31), ((540, 720),)), DayException(date(2027, 1, 4), ())]
    )
    lines = fault_lines(text, zone="UTC")
    assert lines == [
        "row 2, column 'away': has no hours to differ from: write them into the column 'hours', or give calendar=",
        "row 3, column 'zone': has no hours to differ from: write them into the column 'hours', or give calendar=",
    ]


def test_a_zone_has_to_be_known() -> None:
    text = "id,hours,zone\na,mon 08:00-12:00,{}\n"
    assert fault_lines(text.format("")) == [
        "row 2, column 'hours': no time zone is known: give zone=, or a column 'zone' such as Europe/Berlin"
    ]
    assert fault_lines("id,away\na,2026-01-01\n")[0].startswith("row 2, column 'away': no time zone is known")
    assert len(fault_lines(text.format("Berlin"))) == 1
    assert fault_lines(text.format("Berlin"), zone="UTC")[0].startswith(
        "row 2, column 'zone': unknown time zone 'Berlin'"
    )
    for options in ({"zone": "UTC"}, {"calendar": OFFICE.with_(zone="UTC")}):
        assert read_team(text.format(""), **options).people[0].calendar.zone == "UTC"  # type: ignore[union-attr]
    assert read_team(text.format("Europe/Berlin"), zone="UTC").people[0].calendar.tz == BERLIN  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="zone: unknown time zone 'Mars'"):
        read_team(text, zone="Mars")


def test_people_of_the_same_hours_share_a_calendar() -> None:
    one, other = read_team("id,hours\na,mon 08:00-12:00\nb,mon 08:00-12:00\n", zone="UTC").people
    assert one.calendar is other.calendar


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("mon 08:00-12:00", {"mon": "08:00-12:00"}),
        ("Mon, Wed 08:00-12:00;", {"mon,wed": "08:00-12:00"}),
        ("fri-mon 08:00-12:00 , 13:00 - 14:00", {"fri-mon": "08:00-12:00, 13:00-14:00"}),
        ("mon 08:00-12:00; mon 13:00-14:00", {"mon": "08:00-12:00, 13:00-14:00"}),
        ("mon-fri08:00-12:00", {"mon-fri": "08:00-12:00"}),
        (" NEVER ", {}),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, windows: dict[str, str]) -> None:
    calendar = read_team(f'id,hours\na,"{text}"\n', zone="UTC").people[0].calendar
    assert calendar == WorkCalendar.weekly(windows, zone="UTC")


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("hours", "mon", "expected hours such as mon-thu 08:00-12:00 13:00-17:00; fri 08:00-12:00, got 'mon'"),
        ("hours", "08:00-12:00", "unknown weekday ''"),
        ("hours", "mon 8-12", "'8-12' is no span of a day like '09:00-17:00'"),
        ("hours", "mon 08:00-12:00; tues 25:00-26:00", "unknown weekday 'tues' (did you mean 'tue'?); '25:00-26:00'"),
        ("away", "next week", "expected an instant such as 2026-10-30"),
        (
            "away",
            "2026-10-02..2026-09-28",
            "2026-10-02..2026-09-28 ends before it starts; a range of instants is such as",
        ),
        ("away", "2026-10-02 12:00", "2026-10-02 12:00 ends before it starts"),
        ("away", "2026-10-02..", "expected an instant such as"),
        ("holidays", "2026-12-25 12:00", "expected a date such as 2026-10-30, got '2026-12-25 12:00'"),
        ("holidays", "2026-12-26..2026-12-25", "is no range of 1 to 3660 days"),
        ("holidays", "0001-01-01..9999-12-31", "is no range of 1 to 3660 days"),
        ("special_days", "2026-12-24", "expected a date and its hours such as 2026-12-24 09:00-12:00"),
        ("special_days", "2026-12-24 closed; 2026-12-24 09:00-12:00", "2026-12-24 is there more than once"),
        ("special_days", "2026-12-24 9:00-9:00", "could be no time or a whole day"),
        ("special_days", "2026-12-32 closed", "day is out of range for month"),
        ("rate", "55 EUR", "expected a number, got '55 EUR'"),
        ("rate", "-1", "expected a finite number of at least 0, got '-1'"),
        ("units", "1.5", "1.5 is outside 0 < units <= 1"),
        ("units", "0%", "0 is outside 0 < units <= 1"),
        ("units", "%", "expected a number, got ''"),
        ("sql", "good", "expected a number, got 'good', as a level of the skill 'sql'"),
        ("hour", "mon 08:00-12:00", "as a level of the skill 'hour' (did you mean 'hours'?)"),
        ("sql", "-1", "expected a finite number of at least 0, got '-1', as a level of the skill 'sql'"),
        ("sql", "9", "9 is outside 0..5"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(column: str, text: str, message: str) -> None:
    (line,) = fault_lines(f'id,{column}\na,"{text}"\n', zone="UTC", calendar=OFFICE, scale=(0, 5))
    assert line.startswith(f"row 2, column {column!r}: ")
    assert message in line


def test_everything_that_is_wrong_is_told_at_once_with_row_and_column() -> None:
    text = (
        "id,rate,hours,sql\n"
        "ann,x,mon,y\n"  # three
        "ann,1,tue 08:00-12:00,1,2\n"
        ",z,,\n"
        'ann,"1,5",mon,\n'
        " b\x07b,,,\n"
    )
    assert fault_lines(text, zone="UTC") == [
        "row 2, column 'rate': expected a number, got 'x'",
        "row 2, column 'hours': expected hours such as mon-thu 08:00-12:00 13:00-17:00; fri 08:00-12:00, got 'mon'",
        "row 2, column 'sql': expected a number, got 'y', as a level of the skill 'sql'",
        "row 3: expected 4 cells like the header, got 5; a text with a comma in it must stand in quotation marks",
        "row 4, column 'rate': expected a number, got 'z'",
        "row 4, column 'id': expected an id, got nothing",
        "row 5, column 'id': 'ann' is in row 2 already",
        "row 5, column 'rate': '1,5' has a decimal comma; expected a decimal point",
        "row 5, column 'hours': expected hours such as mon-thu 08:00-12:00 13:00-17:00; fri 08:00-12:00, got 'mon'",
        "row 6, column 'id': expected no control character in the id, got 'b\\x07b'",
    ]


def test_columns_that_are_missing_or_there_twice_are_refused() -> None:
    assert fault_lines("name,sql\nx,1\n") == ["row 1: expected a column 'id'"]
    assert fault_lines("id,sql,skill:sql,Away,away,,skill:\na,1,2,,,x,\n") == [
        "row 1, column '': column 6 holds something and has no name; put '' into ignore= to leave it out",
        "row 1, column 'skill:': is no column of this table; put it into ignore= to leave it out",
        "row 1, column 'sql': is there more than once: column 3 repeats it",
        "row 1, column 'Away': is there more than once: column 5 repeats it",
    ]
    team = read_team("id,phone,sql,SQL,\na,0123x,1,2,x\n", ignore=("phone", ""))
    assert team.skills is not None
    assert team.skills.skills == ("sql", "SQL")


def test_arguments_that_are_wrong_are_refused() -> None:
    with pytest.raises(SkillError, match="scale: expected low below high"):
        read_team("id\na\n", scale=(5, 0))
    with pytest.raises(TypeError, match="calendar: expected a WorkCalendar, got str"):
        read_team("id\na\n", calendar="mon-fri")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="team: expected a Team, got tuple"):
        write_team(())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected the text of a table"):
        read_team(b"id\n")  # type: ignore[arg-type]
    with pytest.raises(FormatError, match="more than 1 rows below the header"):
        read_team("id\na\nb\n", max_rows=1)
    with pytest.raises(FormatError, match="more than 3 characters"):
        read_team("id\na\nb\n", max_chars=3)
    assert "the limit (max_field) is 3" in fault_lines("id\nlong\n", max_field=3)[0]


def test_a_day_of_24_hours_from_any_hour_but_midnight_is_refused() -> None:
    calendar = WorkCalendar([Window(0, 60, 1500)])
    team = Team(people=[Person(id="ann", calendar=calendar)])
    with pytest.raises(PlanError, match="person 'ann': the calendar has a window of 24 hours that does not begin"):
        write_team(team)
    whole = Team(people=[Person(id="ann", calendar=WorkCalendar.always())])
    assert "mon-sun 00:00-24:00" in write_team(whole)
    assert read_team(write_team(whole)) == whole


def test_an_absence_up_to_the_end_of_time_comes_back() -> None:
    away = [(datetime(9999, 12, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC))]
    for zone in ("UTC", "Asia/Kathmandu"):
        calendar = WorkCalendar.weekly({"mon": "08:00-12:00"}, zone=zone, closures=away)
        team = Team(people=[Person(id="ann", calendar=calendar)])
        assert read_team(write_team(team)) == team


SKILLS = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=6).filter(str.strip) | st.sampled_from(
    ("Name", "skill:x", "Skill: x", " sql", "special days", "'a", "=1", "a,b", "a\nb", "id", "#question")
)


@given(
    st.lists(SKILLS, min_size=1, max_size=4, unique=True), st.text(st.characters(exclude_characters="\0"), max_size=6)
)
def test_skills_and_names_of_any_text_come_back(skills: list[str], name: str) -> None:
    levels = np.arange(len(skills), dtype=float)[None, :]
    team = Team(people=[Person(id="=a", name=name, team=name)], skills=SkillMatrix(["=a"], skills, levels))
    text = write_team(team)
    assert read_team(text) == team
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(re.match(r"[=+\-@\t\r\n\0]", cell) for cell in row)


CELLS = st.sampled_from(
    (
        "ann",
        "0.5",
        "50%",
        "3",
        "-1",
        "mon-thu 08:00-12:00",
        "never",
        "fri 22:00-06:00; sat 00:00-24:00",
        "2026-09-28..2026-10-02",
        "2026-03-29 02:30..2026-03-30",
        "9999-12-31",
        "0001-01-01",
        "2026-12-24 closed",
        "Europe/Berlin",
        "UTC",
        "..",
        '"',
        "\0",
        "'",
    )
) | st.text(max_size=6)
NAMES = ("id", "units", "rate", "calendar", "zone", "hours", "holidays", "special_days", "away", "sql")


@given(st.lists(st.lists(st.just("") | CELLS, min_size=9, max_size=9), max_size=4), st.sampled_from((None, "UTC")))
@settings(max_examples=80)
def test_whatever_the_cells_are_the_answer_is_a_team_or_a_located_error(
    rows: list[list[str]], zone: str | None
) -> None:
    lines = [",".join(NAMES), *(",".join((f"p{i}", *row)) for i, row in enumerate(rows))]
    try:
        team = read_team("\n".join(lines), zone=zone, calendar=OFFICE)
    except LeadkitError:
        return
    assert read_team(write_team(team)) == team


@given(st.text(max_size=60))
def test_whatever_the_text_is_the_answer_is_an_error_of_ours(text: str) -> None:
    with pytest.raises(LeadkitError):
        read_team(text + "\n")
