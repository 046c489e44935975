"""Gantt charts as Mermaid and PlantUML text, and iCalendar: dates as they are, and names that cannot break out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import testing
from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError, PlanError, UnknownIdError
from leadkit.interchange import icalendar, mermaid, plantuml
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    Estimate,
    Group,
    Handover,
    Link,
    Need,
    Person,
    Plan,
    Team,
    Wbs,
    WorkPackage,
    assign,
    schedule,
)

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = ("a: b; #c", "x\ny", "section two", "title :crit, 2026-01-01", "[t9] as [t9]", "@enduml", "%%{init}", "\\n''")
NAMES = st.sampled_from(HOSTILE) | st.text(max_size=12)


def plan(names: tuple[str, str, str] = ("Design", "Build", "Check"), **fields: Any) -> Plan:
    need = (Need(skills={"sql": 1}),)
    packages = [
        WorkPackage(id=own, name=name, estimate=Estimate.fixed(days), needs=need)
        for own, name, days in zip(("d", "b", "c"), names, (2, 1.5, 1), strict=True)
    ]
    phases = [Group(id="first", name="First", children=packages[:1]), Group(id="second", children=packages[1:])]
    people = [Person(id="ann", name="Ann"), Person(id="ben")]
    return Plan(
        wbs=Wbs(root=Group(id="site", name="Web: site", children=phases)),
        start=MONDAY,
        links=[*Link.parse("d:FS+1d", "b"), *Link.parse("d:SS-1d, b:FF", "c")],
        handovers=[Handover(id="h", from_phase="second")],
        team=Team(people=people, skills=SkillMatrix(("ann", "ben"), ("sql",), [[3], [2]])),
        **fields,
    )


def test_a_mermaid_chart_has_absolute_dates_phases_and_the_critical_path() -> None:
    lines = mermaid.gantt(schedule(plan())).splitlines()
    assert lines == [
        "gantt",
        "    title Web#58; site",
        "    dateFormat YYYY-MM-DDTHH:mm:ss",
        "    axisFormat %d %b",
        "    section First",
        "    Design :crit, t0, 2026-01-05T08:00:00, 2026-01-06T17:00:00",
        "    section second",
        "    Build :crit, t1, 2026-01-08T08:00:00, 2026-01-09T12:00:00",
        "    Check :crit, t2, 2026-01-08T13:00:00, 2026-01-09T12:00:00",
        "    section Milestones",
        "    handover#58;h :crit, milestone, t3, 2026-01-09T12:00:00, 0d",
    ]
    assert "after" not in mermaid.gantt(schedule(plan()))


def test_charts_of_an_assignment_name_the_people() -> None:
    found = assign(plan(), schedules=20)
    for text in (mermaid.gantt(found), plantuml.gantt(found)):
        for row in found.rows:
            if row.people:
                assert f"({', '.join(row.people)})" in text
        assert "crit" not in text.replace("critical", "")


def test_a_plantuml_chart_has_days_closed_days_and_links() -> None:
    closed = WorkCalendar.weekly(
        {"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="UTC", holidays=[MONDAY.date() + timedelta(2)]
    )
    lines = plantuml.gantt(schedule(plan(calendar=closed))).splitlines()
    assert lines == [
        "@startgantt",
        "title Web<U+003A> site",
        "Project starts 2026-01-05",
        "saturday are closed",
        "sunday are closed",
        "2026-01-07 is closed",
        "<U+002D><U+002D> First --".replace("<U+002D><U+002D>", "--"),
        "[Design] as [t0] lasts 2 days",
        "[t0] is colored in Salmon",
        "[t0] starts 2026-01-05",
        "-- second --",
        "[Build] as [t1] lasts 2 days",
        "[t1] is colored in Salmon",
        "[t1] starts 1 days after [t0]'s end",
        "[Check] as [t2] lasts 1 days",
        "[t2] is colored in Salmon",
        "[t2] starts 1 days before [t0]'s start",
        "[t2] ends at [t1]'s end",
        "-- Milestones --",
        "[handover<U+003A>h] as [t3] happens 2026-01-12",
        "[t3] happens at [t1]'s end",
        "[t3] happens at [t2]'s end",
        "@endgantt",
    ]


@given(st.tuples(NAMES, NAMES, NAMES))
@settings(max_examples=30)
def test_names_cannot_break_out_of_a_chart(names: tuple[str, str, str]) -> None:
    found = schedule(plan(names))
    tasks = mermaid.gantt(found).splitlines()
    assert len(tasks) == 11
    for line in (tasks[5], tasks[7], tasks[8]):
        assert re.fullmatch(r"    (?:[^:;#,\n]|#\w+;)+ :crit, t\d, [\dT:-]+, [\dT:-]+", line)
        first = line.split()[0].lower()
        assert not first.startswith(("section", "title", "gantt", "dateformat", "click"))
    lines = plantuml.gantt(found).split("\n")
    assert len(lines) == len(plantuml.gantt(schedule(plan())).split("\n"))
    labels = [line for line in lines if " as [t" in line]
    assert all(re.fullmatch(r"\[[^\[\]]+\] as \[t\d\] (lasts \d+ days|happens [\d-]+)", line) for line in labels)


def test_a_chart_that_mermaid_would_not_draw_is_refused() -> None:
    packages = [WorkPackage(id=f"p{n}", name="x" * 100) for n in range(400)]
    long = Plan(wbs=Wbs(root=Group(id="r", children=packages)), start=MONDAY)
    with pytest.raises(PlanError, match="at most 50000"):
        mermaid.gantt(schedule(long))


def test_charts_are_asked_of_schedules_and_assignments() -> None:
    for call in (mermaid.gantt, plantuml.gantt, lambda value: icalendar.write(value, now=NOW)):
        with pytest.raises(PlanError, match="expected a Schedule or an Assignment, got Plan"):
            call(plan())  # type: ignore[arg-type]


@given(testing.plans())
@settings(max_examples=20)
def test_every_plan_can_be_drawn_and_put_into_calendars(given_plan: Plan) -> None:
    try:
        found = schedule(given_plan)
    except InfeasibleError:
        return
    assert mermaid.gantt(found).count(" :") == len(found.rows)
    assert plantuml.gantt(found).count(" as [t") == len(found.rows)
    assert icalendar.write(found, now=NOW).count("BEGIN:VEVENT") == len(found.rows)


def events(text: str) -> list[Any]:
    import icalendar as library

    return list(library.Calendar.from_ical(text).walk("VEVENT"))


def test_events_read_back_with_their_dates_and_stable_ids() -> None:
    found = schedule(plan())
    text = icalendar.write(found, now=NOW)
    assert text == icalendar.write(found, now=NOW)
    read = events(text)
    assert [str(event["summary"]) for event in read] == ["Design", "Build", "Check", "handover:h"]
    assert read[0].decoded("dtstart") == found.row("d").early_start
    assert read[0].decoded("dtend") == found.row("d").early_finish
    assert "dtend" not in read[3]
    assert read[0].decoded("dtstamp") == NOW
    assert len({str(event["uid"]) for event in read}) == 4
    later = icalendar.write(
        schedule(plan(deadline=MONDAY + timedelta(days=9)).with_(start=MONDAY + timedelta(days=7))), now=NOW
    )
    assert [str(event["uid"]) for event in events(later)] == [str(event["uid"]) for event in read]


def test_a_person_gets_their_own_work() -> None:
    found = assign(plan(), schedules=20)
    for person in ("ann", "ben"):
        assert len(events(icalendar.write(found, now=NOW, person=person))) == len(found.of(person))
    assert "People: Ann" in icalendar.write(found, now=NOW).replace("\r\n ", "")


def test_texts_of_events_are_escaped() -> None:
    text = icalendar.write(schedule(plan(("a;b,c\\d\nEND:VEVENT", "x", "y"))), now=NOW)
    assert len(events(text)) == 4
    assert str(events(text)[0]["summary"]) == "a;b,c\\d END:VEVENT"


def test_what_cannot_be_put_into_a_calendar_is_refused() -> None:
    found = schedule(plan())
    with pytest.raises(ValueError, match="now: expected a datetime with a time zone"):
        icalendar.write(found, now=datetime(2026, 1, 1))
    with pytest.raises(PlanError, match="give an assignment"):
        icalendar.write(found, now=NOW, person="ann")
    with pytest.raises(UnknownIdError, match="unknown person 'anne'"):
        icalendar.write(assign(plan(), schedules=5), now=NOW, person="anne")


def test_dates_are_those_of_the_plans_zone() -> None:
    start = datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Asia/Tokyo"))
    text = mermaid.gantt(
        schedule(plan().with_(start=start, calendar=WorkCalendar.weekly({"mon-fri": "08:00-16:00"}, zone="Asia/Tokyo")))
    )
    assert "t0, 2026-01-05T08:00:00" in text
