"""Plans as comma-separated text: what is written is read back, and whatever is wrong is told by its line."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import samples, testing
from leadkit.calendars import WorkCalendar
from leadkit.errors import CycleError, FormatError, LeadkitError, PlanError
from leadkit.interchange.csv import plan_losses, read_plan, read_team, write_plan, write_team
from leadkit.wbs import (
    ControlAccount,
    Dictionary,
    Document,
    Estimate,
    Gate,
    Group,
    Lag,
    Link,
    Need,
    Person,
    Plan,
    Raci,
    Team,
    Wbs,
    WorkPackage,
    assign,
    schedule,
    track,
)

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
NIGHT = WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="UTC", name="night")
ROOT_ROW = "the row of kind group without a parent and without a number in its code"
ROOT = "site,,group,2026-01-05 08:00,UTC"


def packages_of(plan: Plan) -> list[dict[str, Any]]:
    """Give the structure as rows, with codes as they are told and without what the table does not hold."""
    rows = plan.wbs.to_records()
    for row in rows:
        row.update(dictionary=None, documents=None, code=plan.wbs.code(row["id"]))
        for name in ("not_before", "deadline"):
            row[name] = row[name] and datetime.fromisoformat(row[name])
    return rows


def said(plan: Plan) -> tuple[Any, ...]:
    """Give what the table says of a plan."""
    places = {node.id: i for i, node in enumerate(plan.wbs.nodes)}
    links = sorted(plan.links, key=lambda link: places[link.successor])
    roles = sorted(plan.wbs.raci, key=lambda entry: (places[entry.node], "RACI".index(entry.role)))
    facts = (plan.start, plan.deadline, plan.currency, plan.delay_cost, plan.day_minutes)
    return packages_of(plan), plan.wbs.prefix, links, roles, facts, plan.calendar, plan.team


def again(plan: Plan, **written: Any) -> Plan:
    text = write_plan(plan, **written)
    return read_plan(text, team=plan.team, calendar=plan.calendar, calendars=plan.calendars)


def cells_of(text: str) -> dict[str, dict[str, str]]:
    """Give the cells of a table by the id of their row."""
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def fault_lines(text: str, error: type[LeadkitError] = FormatError, **options: Any) -> list[str]:
    with pytest.raises(error) as caught:
        read_plan(text, **options)
    assert type(caught.value) is error
    return [str(fault) for fault in caught.value.faults]


def table(*rows: str, header: str = "id,parent,kind,start,zone,duration,predecessors") -> str:
    return "\n".join((header, f"{ROOT},,", *rows)) + "\n"


def site(*children: WorkPackage | Group, **fields: Any) -> Plan:
    return Plan(wbs=Wbs(root=Group(id="site", children=children)), start=MONDAY, **fields)


@given(testing.plans())
@settings(max_examples=25)
def test_what_is_written_is_read_back_the_same(plan: Plan) -> None:
    read = again(plan)
    assert said(read) == said(plan)
    assert (read.handovers, read.gates, read.metrics, read.events) == ((), (), (), ())
    assert write_plan(read) == write_plan(plan)


@given(testing.wbs(), st.sampled_from((480, 450, 7)))
@settings(max_examples=15)
def test_roles_and_other_days_come_back(tree: Wbs, day_minutes: int) -> None:
    plan = Plan(wbs=tree, start=MONDAY, day_minutes=day_minutes)
    assert said(again(plan)) == said(plan)


def test_a_plan_without_own_calendars_needs_nothing_but_its_file() -> None:
    plan = samples.plan().with_(team=Team(), handovers=(), gates=(), metrics=(), events=())
    assert said(read_plan(io.StringIO(write_plan(plan), newline=""))) == said(plan)


def test_the_sample_goes_there_and_back_with_its_team() -> None:
    plan = samples.plan()
    team = read_team(write_team(plan.team), scale=(0, 5))
    read = read_plan(write_plan(plan), team=team, calendar=plan.calendar)
    assert said(read) == said(plan)
    bare = plan.with_(handovers=(), gates=(), events=())
    assert schedule(read).to_records() == schedule(bare).to_records()


def test_the_file_says_what_the_rows_say_and_leaves_out_the_rest() -> None:
    packages = [
        WorkPackage(id="a", name="Draw, =it", estimate=Estimate.pert(1, 2, 3), measures={"cost": 10, "pages": 4.5}),
        WorkPackage(id="b", estimate=Estimate.fixed(45, "m"), basis="effort", needs=[Need(skills={"sql": 3}, heads=2)]),
        WorkPackage(id="c", kind="milestone", calendar="night", not_before=MONDAY + timedelta(days=1), deadline=MONDAY),
    ]
    plan = site(
        Group(id="g", name="=1+1", children=packages[:2]),
        packages[2],
        links=[Link(predecessor="g", successor="c", lag=Lag.days(-1)), *Link.parse("a:SS+50%", "b")],
        calendars={"night": NIGHT},
        delay_cost=99.5,
    )
    assert write_plan(plan) == (
        "id,parent,code,name,kind,duration,basis,predecessors,needs,cost,not_before,deadline,calendar,start,zone,"
        "delay_cost,measure:pages\n"
        "site,,,,group,,,,,,,,,2026-01-05 08:00,UTC,99.5,\n"
        "g,site,1,'=1+1,group,,,,,,,,,,,,\n"
        'a,g,1.1,"Draw, =it",work,1d/2d/3d,,,,10,,,,,,,4.5\n'
        "b,g,1.2,,work,0.75h,effort,a:SS+50%,sql>=3 x2,,,,,,,,\n"
        "c,site,2,,milestone,,,g:FS-1d,,,2026-01-06 08:00,2026-01-05 08:00,night,,,,\n"
    )
    assert said(again(plan)) == said(plan)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_order_of_columns_and_rows_case_and_delimiter_make_no_difference(delimiter: str, line_end: str) -> None:
    lines = [
        ["Not before", "PARENT", "Duration", " id ", "Predecessors", "Start", "zone"],
        ["", "site", "2 D", "b", "a:ff+1D", "", ""],
        ["2026-01-06", "site", "1d/2d/6d", "a", "", "", ""],
        ["", "", "", "site", "", "2026-01-05 8:00", "UTC"],
    ]
    plan = read_plan("\ufeff" + line_end.join(delimiter.join(line) for line in lines))
    assert [(own.id, own.estimate) for own in plan.wbs.packages] == [
        ("b", Estimate.fixed(2)),
        ("a", Estimate.pert(1, 2, 6)),
    ]
    assert plan.links == (Link(predecessor="a", successor="b", kind="FF", lag=Lag.days(1)),)
    assert plan.wbs.packages[1].not_before == datetime(2026, 1, 6, tzinfo=UTC)
    assert plan.start == MONDAY


def test_a_date_as_deadline_is_its_end_and_else_its_start() -> None:
    text = table("a,site,,,,1d,", header="id,parent,kind,start,zone,duration,deadline").replace(
        "UTC,,", "UTC,,2026-02-01"
    )
    plan = read_plan(text.replace("1d,", "1d,2026-01-30").replace("2026-01-05 08:00", "2026-01-05"))
    assert plan.deadline == datetime(2026, 2, 1, 23, 59, tzinfo=UTC)
    assert plan.wbs.packages[0].deadline == datetime(2026, 1, 30, 23, 59, tzinfo=UTC)
    assert plan.start == datetime(2026, 1, 5, tzinfo=UTC)


def test_rows_without_a_place_lie_below_the_root_which_is_made_where_none_is_there() -> None:
    plan = read_plan("id,duration\na,1d\nroot,2d\n", start=MONDAY)
    assert [node.id for node in plan.wbs.nodes] == ["root_", "a", "root"]
    assert read_plan("id,name\na,Alone\n", start=MONDAY).activities == ("a",)
    phases = read_plan("id,kind,parent\nx,group,\ny,group,\na,,x\n", start=MONDAY)
    assert [phases.wbs.code(node.id) for node in phases.wbs.nodes] == ["", "1", "1.1", "2"]
    named = read_plan("id,kind\na,\nsite,Group\nb,\n", start=MONDAY)
    assert [node.id for node in named.wbs.nodes] == ["site", "a", "b"]
    only = read_plan("id,parent\na,p\np,\nb,p\n", start=MONDAY)
    assert (only.wbs.root.id, only.activities) == ("p", ("a", "b"))
    work = read_plan("id,parent,duration\na,g,1d\ng,h,\nh,g2,\ng2,,\nb,,2d\n", start=MONDAY)
    assert [node.id for node in work.wbs.nodes] == ["root", "g2", "h", "g", "a", "b"]
    single = read_plan("id,code,duration\na,,1d\nb,1,\n", start=MONDAY)
    assert [node.id for node in single.wbs.nodes] == ["root", "a", "b"]


def test_codes_place_rows_and_stay_where_the_place_does_not_give_them() -> None:
    plan = read_plan(
        "id,code,kind\nb,CRM.1.2,\na,CRM.1.1,\ng,CRM.1,\nc,CRM.5,\nd,CRM.6,\ncrm,CRM,group\n", start=MONDAY
    )
    assert [(node.id, node.code) for node in plan.wbs.nodes] == [
        ("crm", None),
        ("g", None),
        ("a", None),
        ("b", None),
        ("c", "CRM.5"),
        ("d", None),
    ]
    assert plan.wbs.prefix == "CRM"
    assert [plan.wbs.code(own) for own in ("b", "c", "d")] == ["CRM.1.2", "CRM.5", "CRM.6"]
    assert said(again(plan)) == said(plan)


def test_siblings_whose_codes_are_out_of_order_or_twice_keep_their_order() -> None:
    children = [WorkPackage(id=own, code=code) for own, code in (("a", "3"), ("b", "1"), ("c", None), ("d", "1"))]
    plan = site(*children)
    assert "position" in write_plan(plan).partition("\n")[0]
    assert said(again(plan)) == said(plan)


def test_the_start_comes_from_the_keyword_or_the_root() -> None:
    text = "id,kind,start\nsite,group,2026-01-05 08:00\na,,\n"
    assert read_plan(text, zone="Europe/Berlin").start.isoformat() == "2026-01-05T08:00:00+01:00"
    assert read_plan(text, start=MONDAY + timedelta(days=1), zone="Europe/Berlin").start.isoformat() == (
        "2026-01-06T09:00:00+01:00"
    )
    assert read_plan(text, calendar=NIGHT).start == MONDAY
    (line,) = fault_lines("id,kind\nsite,group\na,\n")
    assert line == f"the plan has no start: give start=, or write it into the column 'start' of {ROOT_ROW}"
    assert "the plan has no start" in fault_lines("id\na\nb\n")[0]


def test_the_zone_comes_from_the_keyword_the_calendar_the_root_or_the_start() -> None:
    text = "id,kind,start,zone,deadline\nsite,group,2026-01-05T08:00+01:00,{},\na,,,,2026-01-09 12:00\n"
    berlin = read_plan(text.format("Europe/Berlin"))
    assert (berlin.calendar.zone, berlin.start.tzinfo) == ("Europe/Berlin", BERLIN)
    assert berlin.wbs.packages[0].deadline == datetime(2026, 1, 9, 11, tzinfo=UTC)
    assert read_plan(text.format("Europe/Berlin"), zone="UTC").calendar.zone == "UTC"
    assert read_plan(text.format(""), calendar=NIGHT).wbs.packages[0].deadline == datetime(2026, 1, 9, 12, tzinfo=UTC)
    offset = read_plan(text.format(""))
    assert offset.calendar.zone == "Etc/GMT-1"
    assert offset.wbs.packages[0].deadline == datetime(2026, 1, 9, 11, tzinfo=UTC)
    told = read_plan("id,deadline\na,2026-01-09 12:00\n", start=MONDAY.astimezone(BERLIN))
    assert told.wbs.packages[0].deadline == datetime(2026, 1, 9, 11, tzinfo=UTC)
    (line,) = fault_lines(text.format("").replace("+01:00", "+05:30"))
    assert line.startswith("row 3, column 'deadline': no time zone is known for 2026-01-09 12:00: give zone=, or write")
    assert len(fault_lines(text.format("").replace("+01:00", "+17:00"))) == 1
    assert fault_lines(text.format("Europe/Berln"))[0] == (
        "row 2, column 'zone': unknown time zone 'Europe/Berln' (did you mean 'Europe/Berlin'?)"
    )
    with pytest.raises(ValueError, match="zone: unknown time zone 'Mars'"):
        read_plan(text, zone="Mars")


def test_facts_of_the_whole_plan_stand_in_its_row_and_nowhere_else() -> None:
    header = "id,kind,start,zone,day_minutes,currency,delay_cost,duration"
    plan = read_plan(f"{header}\nsite,group,2026-01-05,UTC,450,EUR,12.5,\na,,,,,,,1d\n")
    assert (plan.day_minutes, plan.currency, plan.delay_cost) == (450, "EUR", 12.5)
    assert plan.wbs.packages[0].duration() == 450
    assert read_plan(f"{header}\nsite,group,2026-01-05,UTC,450,,,\na,,,,,,,1d\n", day_minutes=480).day_minutes == 480
    assert fault_lines(f"{header}\nsite,group,2026-01-05,UTC,0,EUR,-1,\na,work,2026-01-06,,,EUR,,\n") == [
        "row 2, column 'day_minutes': expected a whole number of at least 1, got '0'",
        "row 2, column 'delay_cost': expected a finite number of at least 0, got '-1'",
        f"row 3, column 'start': is said of the whole plan, in {ROOT_ROW}; a work package may have a not_before",
        f"row 3, column 'currency': is said of the whole plan, in {ROOT_ROW}",
    ]


def test_every_fault_of_a_cell_is_told_with_its_row_and_column() -> None:
    text = table("a,site,,,,3d/2d/1d,sql; b c x2").replace("predecessors", "needs")
    assert [line.partition(": expected")[0] for line in fault_lines(text)] == [
        "row 3, column 'duration': low: 1440 minutes are more than mode (960)",
        "row 3, column 'duration': mode: 960 minutes are more than high (480)",
        "row 3, column 'needs': 'sql'",
        "row 3, column 'needs': 'b c x2'",
    ]


def test_everything_that_is_wrong_is_told_at_once_with_row_and_column() -> None:
    text = (
        "id,parent,kind,duration,basis,predecessors,needs,cost,calendar,position,responsible,start,zone\n"
        "site,,group,,,,,,,,,2026-01-05,UTC\n"
        ",site,wrk,3,work,a:XX,sql,1.000,night,x,,,\n"
        'a,sote,milestone,1d,,"b:SS+2x, :FF, a",,"1,5",,0,ann;\x07,,\n'
        "a,site,,,,zeta,,1e999,,,,,\n"
        "b\x07,site,,,,,,ten,,,,,,\n"
        "c\x07c,site,,,,,,,,,,,\n"
    )
    with pytest.raises(FormatError) as caught:
        read_plan(text, calendars={"nights": NIGHT})
    lines = [str(fault) for fault in caught.value.faults]
    assert lines[0] == "row 3, column 'id': expected an id, got nothing"
    assert (
        "row 3, column 'kind': expected one of group, work, planning, milestone, got 'wrk' (did you mean 'work'?)"
        in lines
    )
    assert "row 3, column 'basis': expected one of duration, effort, got 'work'" in lines
    assert "row 3, column 'position': expected a whole number of at least 1, got 'x'" in lines
    assert "row 3, column 'calendar': unknown calendar 'night' (did you mean 'nights'?)" in lines
    assert "row 4, column 'parent': unknown parent 'sote' (did you mean 'site'?)" in lines
    assert "row 4, column 'cost': '1,5' has a decimal comma; expected a decimal point" in lines
    assert "row 4, column 'predecessors': ':FF': has no id" in lines
    assert "row 4, column 'predecessors': 'a': a part of the plan cannot depend on itself" in lines
    assert "row 5, column 'id': 'a' is in row 4 already" in lines
    assert "row 5, column 'predecessors': unknown predecessor 'zeta'" in lines
    assert "row 5, column 'cost': expected a finite number of at least 0, got '1e999'" in lines
    assert (
        "row 6: expected 13 cells like the header, got 14; a text with a comma in it must stand in quotation marks"
        in lines
    )
    assert any(line.startswith("row 4, column 'responsible': ") for line in lines)
    assert "row 7, column 'id': expected no control character in the id, got 'c\\x07c'" in lines
    assert [fault.row for fault in caught.value.faults] == sorted(fault.row or 0 for fault in caught.value.faults)
    assert {fault.column for fault in caught.value.faults if fault.row == 5} == {"id", "predecessors", "cost"}


def test_a_calendar_that_nobody_gave_is_told_how() -> None:
    text = table("a,site,,,,1d,night").replace("predecessors", "calendar")
    assert fault_lines(text) == ["row 3, column 'calendar': unknown calendar 'night'; calendars= gives them"]
    assert read_plan(text, calendars={"night": NIGHT}).calendar_of("a") == NIGHT


def test_columns_that_are_unknown_twice_or_without_a_name_are_refused() -> None:
    text = "id,durations,name,Name,,note,measure:\na,1d,x,y,z,,\n"
    assert fault_lines(text, start=MONDAY) == [
        "row 1, column 'durations': is no column of this table (did you mean 'duration'?); put it into ignore= to leave it out",
        "row 1, column '': column 5 holds something and has no name; put '' into ignore= to leave it out",
        "row 1, column 'note': is no column of this table; put it into ignore= to leave it out",
        "row 1, column 'measure:': is no column of this table; put it into ignore= to leave it out",
        "row 1, column 'name': is there more than once: column 4 repeats it",
    ]
    fine = "id,note,Free text,,early_start,percent\na,x,y,,not a date,\n"
    assert read_plan(fine, start=MONDAY, ignore=("note", "free_text")).activities == ("a",)
    assert read_plan("id,note\na,x\n", start=MONDAY, ignore="note").activities == ("a",)
    assert fault_lines("name,kind\nx,\n", start=MONDAY) == ["row 1: expected a column 'id'"]
    assert fault_lines("id,measure:Pages,Measure: Pages,measure:cost\na,1,2,3\n", start=MONDAY) == [
        "row 1, column 'measure:Pages': is there more than once: column 3 repeats it"
    ]


def test_rows_that_contradict_each_other_are_told_by_their_lines() -> None:
    text = table("b,a,,,,1d,", "a,site,work,,,2d,", "m,site,milestone,,,1d,")
    assert fault_lines(text, PlanError) == [
        "row 4: has rows below it, so its kind is 'group', not 'work'",
        "row 4, column 'duration': belongs to a work package, and this is a group",
        "row 5, column 'duration': a milestone takes no time, got a mean of 480 minutes",
    ]
    codes = "id,code\na,1\nb,1\nc,1.1\nd,2.1\ne,1..2\nf,\n"
    assert fault_lines(codes, PlanError, start=MONDAY) == [
        "row 6, column 'code': expected a code such as '1.2' or the prefix of all codes, got '1..2'"
    ]
    assert fault_lines(codes.replace("1..2", "7"), PlanError, start=MONDAY) == [
        "row 4, column 'code': belongs below '1', which row 2 and row 3 have",
        "row 5, column 'code': belongs below '2', which no row has",
    ]


def test_links_that_mean_nothing_are_told_by_their_lines() -> None:
    text = table("g,site,group,,,,", "a,g,,,,1d,g", 'b,site,,,,1d,"g:SS, g:FS+10%"', "c,site,,,,,site")
    assert fault_lines(text, PlanError) == [
        "row 4, column 'predecessors': link 'g' -> 'a': one is a part of the other",
        "row 5, column 'predecessors': link 'g' -> 'b': SS has no meaning out of a group; FS and FF have",
        "row 5, column 'predecessors': link 'g' -> 'b': a group has no duration that a per cent could be taken of",
        "row 6, column 'predecessors': link 'site' -> 'c': one is a part of the other",
    ]


def test_a_loop_names_its_rows() -> None:
    with pytest.raises(CycleError) as caught:
        read_plan(table("b,site,,,,1d,a", "c,site,,,,1d,b", "a,site,,,,1d,c:SS"))
    assert caught.value.cycle == ("a", "b", "c", "a")
    assert str(caught.value) == "the links go round in a circle: a (row 5) -> b (row 3) -> c (row 4) -> a (row 5)"
    assert caught.value.faults[0].row == 5
    with pytest.raises(CycleError) as caught:
        read_plan(table("x,y,,,,,", "y,x,,,,,", "a,site,,,,1d,"))
    assert str(caught.value).endswith("rows are parts of each other: x (row 3) -> y (row 4) -> x (row 3)")


def test_faults_of_what_is_given_beside_the_file_stay_as_they_are() -> None:
    with pytest.raises(PlanError, match="start: expected a datetime with a time zone"):
        read_plan("id\na\n", start=datetime(2026, 1, 5))
    with pytest.raises(PlanError, match="plan: team: expected a Team, got 'x'"):
        read_plan("id\na\n", start=MONDAY, team="x")  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="calendar: expected a WorkCalendar, got 'x'"):
        read_plan("id\na\n", start=MONDAY, calendar="x")  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="calendars: expected a table"):
        read_plan("id\na\n", start=MONDAY, calendars="x")  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="day_minutes: expected at least 1"):
        read_plan("id\na\n", start=MONDAY, day_minutes=0)
    with pytest.raises(TypeError, match="expected the text of a table"):
        read_plan(7)  # type: ignore[arg-type]


def test_limits_are_kept() -> None:
    with pytest.raises(FormatError, match="more than 1 rows below the header"):
        read_plan("id\na\nb\n", start=MONDAY, max_rows=1)
    with pytest.raises(FormatError, match="more than 3 characters"):
        read_plan("id\na\nb\n", start=MONDAY, max_chars=3)
    assert fault_lines("id,name\na,long\n", start=MONDAY, max_field=3) == [
        "row 2, column 'name': 4 characters, the limit (max_field) is 3"
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "'tis", " blanks ", "a\nb", "#question", 'a,"b"'])
def test_no_text_is_run_and_all_come_back(text: str) -> None:
    own = text.strip().replace("\n", "")
    package = WorkPackage(id=own, name=text, calendar="=night", measures={own: 1})
    plan = site(
        package,
        WorkPackage(id="z"),
        links=[Link(predecessor=own, successor="z")],
        calendars={"=night": NIGHT},
        currency=text,
    )
    plan = plan.with_(wbs=Wbs(root=plan.wbs.root, raci=[Raci(node=own, person=f"{own};\\x", role="I")]))
    assert said(again(plan)) == said(plan)
    written = csv.reader(io.StringIO(write_plan(plan), newline=""))
    assert not any(re.match(r"[=+\-@\t\r\n\0]", cell) for row in written for cell in row)


def test_a_schedule_adds_columns_that_are_not_read() -> None:
    plan = samples.plan()
    dates = schedule(plan)
    cells = cells_of(write_plan(plan, dates))
    for row in dates.rows[: len(plan.wbs.packages)]:
        own = cells[row.id]
        assert own["late_finish"] == row.late_finish.strftime("%Y-%m-%d %H:%M")
        assert own["early_start"] == row.early_start.strftime("%Y-%m-%d %H:%M")
        assert (own["total_float"], own["free_float"]) == (str(row.total_float), str(row.free_float))
        assert own["critical"] == str(row.is_critical).lower()
    assert cells["build"]["late_finish"] == cells["build"]["critical"] == ""
    assert said(again(plan, result=dates)) == said(plan)


def test_an_assignment_adds_columns_that_are_not_read() -> None:
    need = (Need(skills={}, heads=2),)
    people = [Person(id="=a;b"), Person(id="c")]
    plan = site(WorkPackage(id="w", estimate=Estimate.fixed(1), needs=need), team=Team(people=people))
    made = assign(plan, schedules=10)
    row = cells_of(write_plan(plan, made))["w"]
    assert list(row)[-3:] == ["people", "assigned_start", "assigned_finish"]
    assert list(row.values())[-3:] == ["'=a\\;b;c", "2026-01-05 08:00", "2026-01-05 17:00"]
    assert said(again(plan, result=made)) == said(plan)


def test_a_tracking_adds_columns_that_are_not_read() -> None:
    plan = samples.plan()
    standing = track(plan, schedule(plan), samples.status())
    cells = cells_of(write_plan(plan, standing))
    assert min(row.slip for row in standing.rows) < 0 < max(row.slip for row in standing.rows)
    for row in standing.rows:
        own = cells[row.id]
        assert (float(own["percent"]), int(own["slip"]), own["state"]) == (row.percent, row.slip, row.state)
        assert own["forecast_finish"] == row.finish.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")
    assert said(again(plan, result=standing)) == said(plan)


def test_a_negative_float_is_a_number_without_an_apostrophe() -> None:
    plan = site(WorkPackage(id="a", estimate=Estimate.fixed(2), deadline=MONDAY + timedelta(hours=4)))
    assert ",-720,0,true\n" in write_plan(plan, schedule(plan))


def test_what_is_no_plan_or_a_result_of_another_is_refused() -> None:
    plan = site(WorkPackage(id="a"))
    with pytest.raises(TypeError, match="plan: expected a Plan, got str"):
        write_plan("plan")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="plan: expected a Plan, got str"):
        plan_losses("plan")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="result: expected a Schedule, an Assignment or a Tracking, got Plan"):
        write_plan(plan, plan)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="the result is of another plan: it has no work package 'a'"):
        write_plan(plan, schedule(site(WorkPackage(id="b"))))


def test_losses_are_what_does_not_come_back() -> None:
    package = WorkPackage(id="a", documents=[Document(id="d")], dictionary=Dictionary(description="x"))
    wbs = Wbs(
        root=Group(id="site", children=[package], dictionary=Dictionary(description="y")),
        control_accounts=[ControlAccount(id="ca", node="site")],
    )
    plan = Plan(
        wbs=wbs,
        start=MONDAY,
        calendar=NIGHT,
        calendars={"night": NIGHT},
        team=Team(people=[Person(id="ann")]),
        gates=[Gate(id="g", after="a")],
    )
    assert plan_losses(plan) == (
        "calendar: the hours of the plan, for calendar=",
        "calendar 'night', for calendars=",
        "team: 1 person, for write_team",
        "control account 'ca'",
        "gate 'g'",
        "group 'site': dictionary",
        "work package 'a': dictionary",
        "work package 'a': documents",
    )
    assert plan_losses(site(WorkPackage(id="a"))) == ()


def test_links_of_gates_are_left_out_and_listed() -> None:
    packages = [WorkPackage(id=own, estimate=Estimate.fixed(1)) for own in ("a", "b")]
    plan = site(*packages, gates=[Gate(id="g", after="a")], links=[Link(predecessor="gate:g", successor="b")])
    assert plan_losses(plan) == ("gate 'g'", "link 'gate:g' -> 'b'")
    assert again(plan).links == ()


def test_a_deep_tree_takes_no_recursion() -> None:
    rows = ["id,parent", "n0,", *(f"n{i},n{i - 1}" for i in range(1, 1200))]
    plan = read_plan("\n".join(rows), start=MONDAY)
    assert len(plan.wbs.nodes) == 1200
    assert plan.activities == ("n1199",)
    shallower = read_plan("\n".join(rows[:250]), start=MONDAY)
    assert again(shallower).wbs == shallower.wbs


def test_many_unknown_predecessors_are_told_without_end_of_search() -> None:
    rows = [f"a{i},b{i}" for i in range(60)]
    lines = fault_lines("id,predecessors\n" + "\n".join(rows) + "\n", start=MONDAY)
    assert len(lines) == 60
    assert sum("did you mean" in line for line in lines) <= 20


CELLS = st.sampled_from(
    (
        "a",
        "b",
        "c",
        "1",
        "1.1",
        "2",
        "CRM",
        "group",
        "milestone",
        "3d",
        "2d/3d/6d",
        "tri 1d/2d/3d",
        "p10-p90 1d/2d",
        "a:SS+2d, b",
        "b:FF-50%",
        "c:FS+3ed",
        "sql>=3 x2; any",
        "100",
        "-1",
        "2026-01-05",
        "2026-03-29 02:30",
        "2026-01-05T08:00:00+01:00",
        "9999-12-31",
        "UTC",
        "Europe/Berlin",
        "effort",
        "ann;bo",
        "'=x",
        '"',
        "\0",
        "\r",
        "9" * 30,
    )
) | st.text(max_size=6)
NAMES = st.sampled_from(
    (
        "id",
        "parent",
        "code",
        "kind",
        "position",
        "duration",
        "basis",
        "predecessors",
        "needs",
        "cost",
        "measure:x",
        "not_before",
        "deadline",
        "calendar",
        "responsible",
        "start",
        "zone",
        "day_minutes",
        "total_float",
    )
)


@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.data())
@settings(max_examples=80)
def test_whatever_the_cells_are_the_answer_is_a_plan_or_a_located_error(names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(st.just("") | CELLS, min_size=len(names), max_size=len(names)), max_size=5))
    lines = [["id", *names[1:]], *([f"r{i}" if i else "", *row[1:]] for i, row in enumerate(rows))]
    text = "\n".join(",".join(line) for line in lines)
    try:
        plan = read_plan(text, start=data.draw(st.none() | st.just(MONDAY)))
    except LeadkitError:
        return
    assert said(again(plan)) == said(plan)


@given(st.text(max_size=60))
def test_whatever_the_text_is_the_answer_is_an_error_of_ours(text: str) -> None:
    with pytest.raises(LeadkitError):
        read_plan(text + "\n")


@pytest.mark.parametrize("lag", ["9" * 400 + "m", "9" * 307 + "d", "9" * 400 + "%"])
def test_a_lag_beyond_all_numbers_is_refused(lag: str) -> None:
    (line,) = fault_lines(table(f"a,site,,,,,site:FS+{lag}"))
    assert line.startswith("row 3, column 'predecessors': ")
