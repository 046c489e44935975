from __future__ import annotations

import io
import re
import warnings
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import DayException, Window, WorkCalendar
from leadkit.errors import CycleError, LeadkitError, PlanError
from leadkit.interchange import mspdi
from leadkit.interchange._xml import read_xml
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    Estimate,
    Group,
    Handover,
    Lag,
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

BERLIN = ZoneInfo("Europe/Berlin")
SPACE = "{http://schemas.microsoft.com/project}"

# every child that is written, in the order of mspdi_pj12.xsd; those of an Assignment there are nearly alphabetical
ORDER = {
    "Project": "SaveVersion Name Title StartDate CurrencySymbol CurrencyCode CalendarUID MinutesPerDay MinutesPerWeek WBSMasks"
    " ExtendedAttributes Calendars Tasks Resources Assignments",
    "WBSMasks": "Prefix",
    "Calendar": "UID Name IsBaseCalendar BaseCalendarUID WeekDays Exceptions",
    "WeekDay": "DayType DayWorking TimePeriod WorkingTimes",
    "Exception": "EnteredByOccurrences TimePeriod Occurrences Name Type DayWorking WorkingTimes",
    "TimePeriod": "FromDate ToDate",
    "WorkingTime": "FromTime ToTime",
    "Task": "UID ID Name Type IsNull WBS OutlineNumber OutlineLevel Start Finish Duration DurationFormat Estimated Milestone"
    " Summary FixedCost ConstraintType CalendarUID ConstraintDate Deadline PredecessorLink ExtendedAttribute",
    "PredecessorLink": "PredecessorUID Type CrossProject LinkLag LagFormat",
    "Resource": "UID ID Name Type IsNull Group MaxUnits StandardRate StandardRateFormat CalendarUID ExtendedAttribute",
    "Assignment": "UID TaskUID ResourceUID Finish Start Units Work",
    "ExtendedAttribute": "FieldID FieldName CFType Alias Value",
}


def days(own: str, n: float, **fields: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(n), **fields)


def project(tasks: str = "", **parts: str) -> str:
    """Write a small file around tasks and other parts."""
    start = parts.pop("start", "<StartDate>2026-01-05T08:00:00</StartDate>")
    rest = "".join(f"<{name}>{text}</{name}>" for name, text in parts.items() if name != "Resources")
    people = f"<Resources>{parts['Resources']}</Resources>" if "Resources" in parts else ""
    return f'<Project xmlns="{SPACE[1:-1]}">{start}{rest}\n<Tasks>{tasks}\n</Tasks>{people}</Project>'


def task(uid: int, rest: str = "", *, level: int = 1) -> str:
    return f"\n<Task><UID>{uid}</UID><OutlineLevel>{level}</OutlineLevel>{rest}</Task>"


def read(text: str, zone: str = "Europe/Berlin") -> Plan:
    return mspdi.read(text, zone=zone)


def faults(text: str) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(PlanError) as caught:
            read(text)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def plan() -> Plan:
    need = [Need(skills={"sql": 2})]
    night = WorkCalendar.weekly(
        {"mon-fri": "22:00-06:00"}, zone="Europe/Berlin", holidays=[date(2026, 5, 1)], name="night"
    )
    hours = WorkCalendar.weekly({"mon-thu": "09:00-12:00"}, zone="Europe/Berlin")
    office = WorkCalendar.weekly(
        {"mon-fri": "08:00-12:00, 13:00-17:00"},
        zone="Europe/Berlin",
        holidays=[date(2026, 1, 6)],
        exceptions={date(2026, 1, 10): "09:00-12:00"},
    )
    build = Group(
        id="build", name="Build", children=[days("a", 2, needs=need, measures={"cost": 123.45}), days("b", 3)]
    )
    rest = [
        days("c", 1.5, calendar="night", not_before=datetime(2026, 1, 12, 10, tzinfo=BERLIN), code="7"),
        WorkPackage(id="m", kind="milestone", name="Done <& dusted>", deadline=datetime(2026, 3, 2, 17, tzinfo=BERLIN)),
        WorkPackage(id="u"),
    ]
    links = [*Link.parse("a:SS+2d", "b"), *Link.parse("build:FS+1ed", "c"), *Link.parse("c:SF-4h", "m")]
    people = [Person(id="ann", name="Ann", team="blue", units=0.5, rate=55.5), Person(id="ben", calendar=hours)]
    return Plan(
        wbs=Wbs(root=Group(id="crm", name="CRM", children=[build, Group(id="empty"), *rest]), prefix="CRM"),
        start=datetime(2026, 1, 5, 8, tzinfo=BERLIN),
        links=links,
        team=Team(people=people, skills=SkillMatrix(["ann", "ben"], ["sql"], [[2], [1]])),
        calendar=office,
        calendars={"night": night},
        deadline=datetime(2026, 4, 1, 17, tzinfo=BERLIN),
        currency="EUR",
    )


def test_a_plan_comes_back_with_all_that_the_format_can_say(plan: Plan) -> None:
    back = read(mspdi.write(plan))
    assert mspdi.losses(plan) == ("team: skills", "work package 'a': needs")
    bare = plan.replace("a", needs=()).with_(team=Team(people=plan.team.people))
    minutes = {own.id: own.duration() for own in plan.wbs.packages if own.estimate}
    for own, n in minutes.items():
        bare = bare.replace(own, estimate=Estimate.fixed(n, "m"))
    bare = bare.replace("c", code="CRM.7").with_(links=sorted(bare.links, key=lambda link: "bcm".index(link.successor)))
    assert back == bare


def test_children_stand_in_the_order_of_the_public_schema(plan: Plan) -> None:
    seen = set()
    for text in (mspdi.write(plan, assign(plan, schedules=10)), mspdi.write(plan.with_(currency="Taler"))):
        for element in read_xml(text).iter():
            name, children = element.tag.removeprefix(SPACE), [child.tag.removeprefix(SPACE) for child in element]
            if name in ORDER and children:
                order = ORDER[name].split()
                assert [order.index(child) for child in children] == sorted(order.index(child) for child in children)
                seen |= {f"{name}/{child}" for child in children}
    never = {"Project/Title", "WeekDay/TimePeriod"}
    assert {f"{name}/{child}" for name, own in ORDER.items() for child in own.split()} - seen == never


def test_numbers_of_the_format_are_those_that_microsoft_states(plan: Plan) -> None:
    text = mspdi.write(plan, assign(plan, schedules=10))
    assert re.findall("<(?:PredecessorUID|Type|LinkLag|LagFormat)>(-?[0-9]+)<", "".join(re.findall("<PredecessorLink>.*?</PredecessorLink>", text, re.DOTALL))) == [
        "2", "3", "9600", "7",  # a SS+2d b: tenths of a minute, shown in days
        "1", "1", "14400", "8",  # build FS+1ed c: elapsed days
        "5", "2", "-2400", "5",  # c SF-4h m
    ]  # fmt: skip
    assert "<FixedCost>12345</FixedCost>" in text  # hundredths of the currency
    assert "<StandardRate>55.5</StandardRate>" in text
    assert "<MaxUnits>0.5</MaxUnits>" in text
    assert "<Prefix>CRM.</Prefix>" in text
    assert "<Name>Done &lt;&amp; dusted&gt;</Name>" in text
    week = re.findall("<DayType>([1-7])</DayType>\n *<DayWorking>([01])</DayWorking>", text)
    assert week[:7] == [("1", "0"), ("2", "1"), ("3", "1"), ("4", "1"), ("5", "1"), ("6", "1"), ("7", "0")]


def test_tasks_carry_position_level_code_and_id(plan: Plan) -> None:
    root = read_xml(mspdi.write(plan))
    rows = [
        tuple(
            own.findtext(SPACE + name)
            for name in ("UID", "OutlineNumber", "OutlineLevel", "WBS", "Summary", "Milestone")
        )
        for own in root.iter(SPACE + "Task")
    ]
    assert rows == [
        ("0", "0", "0", None, "1", "0"),
        ("1", "1", "1", "CRM.1", "1", "0"),
        ("2", "1.1", "2", "CRM.1.1", "0", "0"),
        ("3", "1.2", "2", "CRM.1.2", "0", "0"),
        ("4", "2", "1", "CRM.2", "1", "0"),
        ("5", "3", "1", "CRM.7", "0", "0"),
        ("6", "4", "1", "CRM.8", "0", "1"),
        ("7", "5", "1", "CRM.9", "0", "0"),
    ]


def test_a_schedule_gives_dates_and_groups_those_of_their_parts(plan: Plan) -> None:
    dates = schedule(plan)
    root = read_xml(mspdi.write(plan, dates))
    found = {own.findtext(f"{SPACE}ExtendedAttribute/{SPACE}Value"): own for own in root.iter(SPACE + "Task")}
    shown = {key: (own.findtext(SPACE + "Start"), own.findtext(SPACE + "Finish")) for key, own in found.items()}
    for row in dates.rows:
        ends = (row.early_start, row.early_finish)
        assert shown[row.id] == tuple(end.astimezone(BERLIN).replace(tzinfo=None).isoformat() for end in ends)
    assert shown["build"] == (shown["a"][0], shown["b"][1])
    assert shown["crm"][0] == "2026-01-05T08:00:00"
    assert shown["empty"] == (None, None)
    assert (
        found["build"].findtext(SPACE + "Duration") == "PT40H0M0S"
    )  # 5 Jan 08:00 to 12 Jan 12:00 without Epiphany ...
    assert read(mspdi.write(plan, dates)) == read(mspdi.write(plan))


def test_a_schedule_at_another_point_gives_its_durations() -> None:
    package = WorkPackage(id="api", estimate=Estimate.pert(1, 2, 9))
    plan = Plan(wbs=Wbs(root=Group(id="crm", children=[package])), start=datetime(2026, 1, 5, 8, tzinfo=UTC))
    assert "<Duration>PT24H0M0S</Duration>" in mspdi.write(plan)
    assert "<Duration>PT16H0M0S</Duration>" in mspdi.write(plan, schedule(plan, point="mode"))


def test_an_assignment_gives_people_with_units(plan: Plan) -> None:
    text = mspdi.write(plan, assign(plan, schedules=10))
    own = next(read_xml(text).iter(SPACE + "Assignment"))
    assert {child.tag.removeprefix(SPACE): child.text for child in own} == {
        "UID": "1",
        "TaskUID": "2",
        "ResourceUID": "1",
        "Finish": "2026-01-09T17:00:00",
        "Start": "2026-01-05T08:00:00",
        "Units": "0.5",
        "Work": "PT16H0M0S",
    }
    assert mspdi.read_assignments(text) == {"a": ("ann",)}


def test_a_result_of_another_plan_or_of_another_kind_is_refused(plan: Plan) -> None:
    other = plan.with_(wbs=Wbs(root=Group(id="crm")), links=())
    with pytest.raises(PlanError, match="activities are those of another plan"):
        mspdi.write(plan, schedule(other))
    with pytest.raises(TypeError, match="expected a Schedule or an Assignment, got str"):
        mspdi.write(plan, "early")  # type: ignore[arg-type]
    for function in (mspdi.write, mspdi.losses):
        with pytest.raises(TypeError, match="plan: expected a Plan, got int"):
            function(3)  # type: ignore[arg-type]


def test_characters_that_xml_cannot_hold_are_replaced_and_named() -> None:
    parts = [
        days("a\uffff", 1, name="bell \x07, half \ud800"),
        days("long", 1, name="x" * 600),
        days("lines", 1, name="a\r\nb\tc\n "),
    ]
    people = [Person(id="p\ufffe", name="]]>", team="t\x0b"), Person(id="q")]
    plan = Plan(
        wbs=Wbs(root=Group(id="r", children=parts), prefix="P\uffff"),
        start=datetime(2026, 1, 5, tzinfo=UTC),
        team=Team(people=people),
        currency="\x01",
    )
    back = mspdi.read(mspdi.write(plan), zone="UTC")
    assert [own.id for own in back.wbs.packages] == ["a\ufffd", "long", "lines"]
    assert [own.name for own in back.wbs.packages] == ["bell \ufffd, half \ufffd", "x" * 512, "a\r\nb\tc\n "]
    assert [(own.id, own.name, own.team) for own in back.team.people] == [("p\ufffd", "]]>", "t\ufffd"), ("q", "", "")]
    assert mspdi.losses(plan) == (
        "plan: currency '\\x01'",
        "work breakdown structure: prefix 'P\\uffff'",
        "work package 'a\\uffff': characters of its id that XML cannot hold",
        "work package 'a\\uffff': name 'bell \\x07, half \\ud800', written as 'bell \ufffd, half \ufffd'",
        f"work package 'long': name {'x' * 600!r}, written as {'x' * 512!r}",
        "person 'p\\ufffe': characters of its id that XML cannot hold",
        "person 'p\\ufffe': team 't\\x0b'",
    )


def test_what_is_lost_is_named_part_by_part() -> None:
    late = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN)
    parts = [
        days("x", 1, name="x", not_before=late, deadline=late.replace(fold=0)),
        WorkPackage(id="half", estimate=Estimate.fixed(2.5, "m")),
        WorkPackage(id="stone", kind="milestone", estimate=Estimate.fixed(0)),
    ]
    plan = Plan(
        wbs=Wbs(root=Group(id="r", children=parts), prefix="P" * 50),
        start=late,
        deadline=late,
        currency="twenty-one characters",
    )
    assert mspdi.losses(plan) == (
        "plan: start 2026-10-25T02:30:00+01:00, in an hour that comes twice",
        "plan: currency 'twenty-one characters'",
        "work package 'x': name 'x', written as 'x'",
        "work package 'x': not_before 2026-10-25T02:30:00+01:00, in an hour that comes twice",
        "work package 'x': deadline 2026-10-25T02:30:00+02:00, in an hour that comes twice",
        "work package 'half': a fixed estimate, written as 2 minutes",
        "work package 'stone': the estimate of a milestone, which is 0",
    )
    back = read(mspdi.write(plan))
    assert back.start.utcoffset() == timedelta(hours=2)
    assert back.deadline is not None
    assert back.deadline.utcoffset() == timedelta(hours=1)
    assert back.wbs.prefix == "P" * 50
    alone = Plan(wbs=Wbs(root=Group(id="r"), prefix="P" * 50), start=datetime(2026, 1, 5, tzinfo=UTC))
    assert mspdi.losses(alone) == (f"work breakdown structure: prefix {'P' * 50!r}",)


def test_an_instant_given_in_a_skipped_hour_comes_back_as_itself() -> None:
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN)
    package = days("a", 1, not_before=skipped, deadline=skipped)
    plan = Plan(wbs=Wbs(root=Group(id="r", children=[package])), start=datetime(2026, 3, 2, tzinfo=BERLIN))
    (back,) = read(mspdi.write(plan)).wbs.packages
    assert mspdi.losses(plan) == ()
    assert [own and own.astimezone(UTC) for own in (back.not_before, back.deadline)] == [skipped.astimezone(UTC)] * 2


def test_more_than_five_stretches_of_a_day_are_cut_and_named() -> None:
    hours = ", ".join(f"{hour:02}:00-{hour:02}:30" for hour in range(8, 14))
    calendar = WorkCalendar.weekly({"mon": hours}, zone="UTC")
    plan = Plan(wbs=Wbs(root=Group(id="r")), start=datetime(2026, 1, 5, tzinfo=UTC), calendar=calendar)
    assert mspdi.losses(plan) == (
        "calendar of the plan: open stretches of a day beyond the fifth",
        "calendar of the plan: windows that touch or overlap, written as days",
    )
    assert mspdi.write(plan).count("<WorkingTime>") == 5


def test_a_leave_without_an_end_is_one_stretch_of_dates() -> None:
    for closure in (
        (datetime(2026, 6, 1, 12, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
        (datetime.min.replace(tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC)),
    ):
        calendar = WorkCalendar.weekly({"mon-sun": "08:00-16:00"}, zone="Europe/Berlin", closures=[closure])
        plan = Plan(wbs=Wbs(root=Group(id="r")), start=datetime(2026, 1, 5, tzinfo=UTC), calendar=calendar)
        text = mspdi.write(plan)
        assert text.count("<Exception>") == 2
        assert read(text).calendar == calendar
        renamed = re.sub("<Name>Closure.*?</Name>", "<Name>Leave</Name>", text)
        assert read(renamed).calendar.elapsed(*(datetime(2026, 5, n, tzinfo=UTC) for n in (1, 31))) == calendar.elapsed(
            *(datetime(2026, 5, n, tzinfo=UTC) for n in (1, 31))
        )


def test_links_of_handovers_and_names_that_cannot_be_are_named() -> None:
    calendar = WorkCalendar.weekly({"mon": "08:00-12:00"}, zone="UTC")
    plan = Plan(
        wbs=Wbs(root=Group(id="r", children=[days("a", 1), days("b", 1)])),
        start=datetime(2026, 1, 5, tzinfo=UTC),
        links=[Link(predecessor="handover:h", successor="b")],
        handovers=[Handover(id="h", from_phase="a")],
        calendars={"a\x01": calendar, " night ": calendar},
    )
    assert mspdi.losses(plan) == (
        "handover 'h'",
        "link 'handover:h' -> 'b': a handover or gate has no place in the format",
        "calendar 'a\\x01': its name, written as 'a\ufffd'",
        "calendar ' night ': its name, written as 'night'",
    )
    back = mspdi.read(mspdi.write(plan), zone="UTC")
    assert (list(back.calendars), back.links) == (["a\ufffd", "night"], ())


@pytest.mark.parametrize(
    "name",
    [
        "Exception 09:00-24:01, 30:00-31:00",
        "Exception 12:00-09:00",
        "Closure soon/now",
        "Closure 1/2",
        "Closure 2026-01-09T00:00:00+00:00/2026-01-08T00:00:00+00:00",
        "Holiday; Leave",
        "Feast",
        "Holiday",
        "Exception",
        "Exception 10:00-11:00",
    ],
)
def test_a_name_that_does_not_fit_its_days_is_not_believed(name: str) -> None:
    calendar = WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="UTC", exceptions={date(2026, 1, 9): "10:00-12:00"})
    plan = Plan(wbs=Wbs(root=Group(id="r")), start=datetime(2026, 1, 5, tzinfo=UTC), calendar=calendar)
    text = mspdi.write(plan)
    assert "<Name>Exception 10:00-12:00</Name>" in text
    back = mspdi.read(text.replace("Exception 10:00-12:00", name), zone="UTC").calendar
    low, high = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    assert back.intervals(low, high) == calendar.intervals(low, high)


def test_two_exceptions_of_one_date_are_not_both_believed() -> None:
    plan = read(project(CalendarUID="1", Calendars="<Calendar><UID>1</UID><Exceptions>" + "".join(
        f"<Exception><TimePeriod><FromDate>2026-01-0{n}T00:00:00</FromDate><ToDate>2026-01-0{n}T00:00:00</ToDate></TimePeriod>"
        f"<Name>{name}</Name></Exception>"
        for n, name in ((6, "Exception; Exception 08:00-09:00"), (6, "Holiday"), (7, "Holiday"))
    ) + "</Exceptions></Calendar>"))  # fmt: skip
    assert plan.calendar.holidays == (date(2026, 1, 6), date(2026, 1, 7))


def test_a_leave_that_begins_in_a_midnight_that_is_skipped_begins_after_it() -> None:
    period = "<TimePeriod><FromDate>2018-11-04T00:00:00</FromDate><ToDate>2019-01-10T23:59:00</ToDate></TimePeriod>"
    exception = f"<Exceptions><Exception>{period}<DayWorking>0</DayWorking></Exception></Exceptions>"
    times = "<WorkingTime><FromTime>00:00:00</FromTime><ToTime>00:00:00</ToTime></WorkingTime>"
    sunday = f"<WeekDay><DayType>1</DayType><DayWorking>1</DayWorking><WorkingTimes>{times}</WorkingTimes></WeekDay>"
    calendar = f"<Calendar><UID>1</UID><WeekDays>{sunday}</WeekDays>{exception}</Calendar>"
    text = project(CalendarUID="1", Calendars=calendar)
    (closure,) = read(text, "America/Sao_Paulo").calendar.closures
    assert closure == (datetime(2018, 11, 4, 3, tzinfo=UTC), datetime(2019, 1, 11, 2, tzinfo=UTC))


def test_a_tree_of_thousands_of_levels_comes_back() -> None:
    node: Group | WorkPackage = days("leaf", 1)
    for n in range(1500):
        node = Group(id=f"g{n}", children=[node])
    assert isinstance(node, Group)
    plan = Plan(wbs=Wbs(root=node, prefix="P"), start=datetime(2026, 1, 5, 8, tzinfo=UTC))
    back = mspdi.read(mspdi.write(plan, schedule(plan)), zone="UTC")
    assert back.wbs.root == plan.replace("leaf", estimate=Estimate.fixed(480, "m")).wbs.root
    assert back.wbs.code("leaf") == plan.wbs.code("leaf")


# --- files of others


def test_the_smallest_file_is_an_empty_project() -> None:
    plan = read(project())
    assert (plan.wbs.root.id, plan.wbs.nodes, plan.day_minutes) == ("0", (plan.wbs.root,), 480)
    assert plan.start == datetime(2026, 1, 5, 8, tzinfo=BERLIN)
    assert plan.calendar == WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="Europe/Berlin")


@pytest.mark.parametrize("space", ["", ' xmlns="http://schemas.microsoft.com/project/2007"'])
def test_other_namespaces_of_the_format_are_read(space: str) -> None:
    text = f"<Project{space}><Title>Site</Title><StartDate>2026-01-05T08:00:00</StartDate></Project>"
    assert read(text).wbs.root.name == "Site"


def test_ids_are_uids_where_none_of_ours_came_along() -> None:
    field = "<ExtendedAttribute><FieldID>9</FieldID><FieldName>Text1</FieldName><Alias>leadkit id</Alias></ExtendedAttribute>"
    own = "<ExtendedAttribute><FieldID>9</FieldID><Value>{}</Value></ExtendedAttribute>".format
    tasks = (
        task(7, "<Name>7</Name>") + task(2, "<Name>api</Name>" + own("api")) + task(3, own("api")) + task(4, own("7"))
    )
    tasks += task(5, own(" bad ")) + task(0, own("0"))
    plan = read(project(tasks, ExtendedAttributes=field))
    assert [node.id for node in plan.wbs.nodes] == ["0-2", "7-2", "api", "3", "7", "5", "0"]
    assert [node.name for node in plan.wbs.nodes] == ["", "7", "", "", "", "", ""]


def test_groups_are_summaries_and_what_has_parts() -> None:
    tasks = task(1, "<Summary>1</Summary>") + task(2) + task(3, level=2) + task(4, "<Milestone>1</Milestone>", level=3)
    plan = read(project(tasks))
    assert [own.id for own in plan.wbs.groups] == ["0", "1", "2", "3"]
    assert [own.kind for own in plan.wbs.packages] == ["milestone"]


def test_levels_come_from_outline_numbers_where_they_are_missing() -> None:
    numbers = ("0", "1", "1.1", "1.2", "2")
    tasks = "".join(f"<Task><UID>{n}</UID><OutlineNumber>{own}</OutlineNumber></Task>" for n, own in enumerate(numbers))
    plan = read(project(tasks + "<Task><UID>9</UID></Task>"))
    assert plan.wbs.parents.tolist() == [-1, 0, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("codes", "prefix", "want"),
    [
        (("A.1", "A.4", "A.5"), "", ("A.1", "A.4", "A.5")),
        (("1", "2", "9"), "X.", ("X.1", "X.2", "X.3")),
        (("X.1", "X.2", "X.9"), "X.", ("X.1", "X.2", "X.9")),
    ],
)
def test_codes_are_pinned_where_the_place_gives_another(
    codes: tuple[str, ...], prefix: str, want: tuple[str, ...]
) -> None:
    tasks = "".join(task(n, f"<WBS>{code}</WBS>") for n, code in enumerate(codes, start=1))
    text = project(tasks, WBSMasks=f"<Prefix>{prefix}</Prefix>" if prefix else "")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        plan = read(text)
    assert tuple(plan.wbs.code(own.id) for own in plan.wbs.packages) == want
    assert len(caught) == (codes[0] == "1")


@pytest.mark.parametrize(
    ("number", "unit", "lag"),
    [(9600, 7, Lag.days(2)), (-300, 3, Lag.minutes(-30)), (600, 5, Lag.hours(1)), (24000, 9, Lag.days(5)),
     (14400, 8, Lag.days(1, elapsed=True)), (10, 4, Lag.minutes(1, elapsed=True)), (600, 6, Lag.hours(1, elapsed=True)),
     (100800, 10, Lag.days(7, elapsed=True)), (-50, 19, Lag.percent(-50)), (25, 20, Lag.percent(25, elapsed=True))],
)  # fmt: skip
def test_every_lag_format_is_read(number: int, unit: int, lag: Lag) -> None:
    link = f"<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>0</Type><LinkLag>{number}</LinkLag><LagFormat>{unit}</LagFormat></PredecessorLink>"
    plan = read(project(task(1) + task(2, link)))
    assert plan.links == (Link(predecessor="1", successor="2", kind="FF", lag=lag),)


def test_calendars_stand_on_each_other() -> None:
    day = "<WeekDay><DayType>{}</DayType><DayWorking>{}</DayWorking>{}</WeekDay>".format
    times = "<WorkingTimes><WorkingTime><FromTime>{}</FromTime><ToTime>{}</ToTime></WorkingTime></WorkingTimes>".format
    period = "<TimePeriod><FromDate>{}T00:00:00</FromDate><ToDate>{}T23:59:00</ToDate></TimePeriod>".format
    calendars = (
        f"<Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar><BaseCalendarUID>0</BaseCalendarUID>"
        f"<WeekDays>{day(1, 0, '')}{day(2, 1, '')}{day(7, 1, times('08:00:00', '00:00:00'))}</WeekDays>"
        f"<Exceptions><Exception>{period('2026-01-06', '2026-01-06')}<Type>1</Type><DayWorking>0</DayWorking></Exception>"
        f"<Exception>{period('2026-08-03', '2026-08-05')}<DayWorking>1</DayWorking>{times('10:00:00', '12:00:00')}</Exception>"
        "</Exceptions></Calendar>"
        "<Calendar><UID>2</UID><Name>Ann</Name><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID></Calendar>"
        f"<Calendar><UID>3</UID><Name>Ben</Name><IsBaseCalendar>0</IsBaseCalendar><BaseCalendarUID>1</BaseCalendarUID>"
        f"<WeekDays>{day(6, 0, '')}{day(0, 0, period('2026-08-04', '2026-12-31'))}</WeekDays></Calendar>"
    )
    people = "".join(
        f"<Resource><UID>{uid}</UID><Name>{name}</Name><CalendarUID>{uid + 1}</CalendarUID></Resource>"
        for uid, name in ((1, "Ann"), (2, "Ben"))
    )
    plan = read(project(CalendarUID="1", Calendars=calendars, Resources=people))
    office = [Window(day, *span) for day in range(5) for span in ((480, 720), (780, 1020))]
    saturday = Window(5, 480, 1440)
    summer = [DayException(date(2026, 8, n), ((600, 720),)) for n in (3, 4, 5)]
    assert plan.calendar == WorkCalendar(
        [*office, saturday], zone="Europe/Berlin", holidays=[date(2026, 1, 6)], exceptions=summer
    )
    ann, ben = plan.team.people
    assert ann.calendar is None
    assert ben.calendar == WorkCalendar(
        [*office[:8], saturday],
        zone="Europe/Berlin",
        holidays=[date(2026, 1, 6)],
        exceptions=summer[:1],
        closures=[(datetime(2026, 8, 4, tzinfo=BERLIN), datetime(2027, 1, 1, tzinfo=BERLIN))],
    )
    assert plan.calendars == {}


# the dates that Microsoft Project 2016 itself gives for these rules, in its own export of a calendar with them
@pytest.mark.parametrize(
    ("rule", "first", "last", "want"),
    [
        ("<Type>7</Type><Period>3</Period>", "2000-02-01", "2000-02-10", "2000-02-01 2000-02-04 2000-02-07 2000-02-10"),
        ("<Type>6</Type><Period>2</Period><DaysOfWeek>4</DaysOfWeek>", "2001-01-01", "2001-02-13", "2001-01-02 2001-01-16 2001-01-30 2001-02-13"),
        ("<Type>6</Type><Period>7</Period><DaysOfWeek>1</DaysOfWeek>", "2001-01-01", "2001-05-27", "2001-02-18 2001-04-08 2001-05-27"),
        ("<Type>6</Type><Period>6</Period><DaysOfWeek>64</DaysOfWeek>", "2001-01-01", "2001-05-12", "2001-01-06 2001-02-17 2001-03-31 2001-05-12"),
        ("<Type>5</Type><Period>3</Period><MonthItem>5</MonthItem><MonthPosition>1</MonthPosition>", "2002-01-01", "2002-10-08", "2002-01-08 2002-04-09 2002-07-09 2002-10-08"),
        ("<Type>5</Type><Period>6</Period><MonthItem>8</MonthItem><MonthPosition>4</MonthPosition>", "2002-01-01", "2003-01-31", "2002-01-25 2002-07-26 2003-01-31"),
        ("<Type>4</Type><Period>5</Period><MonthDay>4</MonthDay>", "2003-01-01", "2005-02-04", "2003-01-04 2003-06-04 2003-11-04 2004-04-04 2004-09-04 2005-02-04"),
        ("<Type>3</Type><Month>4</Month><MonthItem>7</MonthItem><MonthPosition>2</MonthPosition>", "2004-01-01", "2007-05-17", "2004-05-20 2005-05-19 2006-05-18 2007-05-17"),
        ("<Type>2</Type><Month>1</Month><MonthDay>1</MonthDay>", "2005-01-01", "2007-02-01", "2005-02-01 2006-02-01 2007-02-01"),
    ],
)  # fmt: skip
def test_exceptions_that_come_back_fall_on_the_dates_of_microsoft_project(
    rule: str, first: str, last: str, want: str
) -> None:
    period = f"<TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate></TimePeriod>"
    exception = f"<Exceptions><Exception>{period}{rule}<DayWorking>0</DayWorking></Exception></Exceptions>"
    plan = read(project(CalendarUID="1", Calendars=f"<Calendar><UID>1</UID>{exception}</Calendar>"))
    assert plan.calendar.holidays == tuple(date.fromisoformat(day) for day in want.split())


def test_positions_count_days_working_days_and_days_of_weekends() -> None:
    def found(item: int, position: int) -> list[int]:
        period = "<TimePeriod><FromDate>2026-08-01T00:00:00</FromDate><ToDate>2026-08-31T00:00:00</ToDate></TimePeriod>"
        rule = f"<Type>5</Type><MonthItem>{item}</MonthItem><MonthPosition>{position}</MonthPosition>"
        exception = f"<Exceptions><Exception>{period}{rule}</Exception></Exceptions>"
        plan = read(project(CalendarUID="1", Calendars=f"<Calendar><UID>1</UID>{exception}</Calendar>"))
        return [day.day for day in plan.calendar.holidays]

    # August 2026 begins on a Saturday
    assert [found(0, position) for position in range(5)] == [[1], [2], [3], [4], [31]]
    assert [found(1, position) for position in range(5)] == [[3], [4], [5], [6], [31]]
    assert [found(2, position) for position in range(5)] == [[1], [2], [8], [9], [30]]


def test_an_exception_by_occurrences_ends_after_them_and_is_not_read_twice() -> None:
    period = "<TimePeriod><FromDate>2026-01-01T00:00:00</FromDate><ToDate>2026-12-31T00:00:00</ToDate></TimePeriod>"
    rule = f"<EnteredByOccurrences>1</EnteredByOccurrences>{period}<Occurrences>2</Occurrences><Type>7</Type><Period>10</Period>"
    again = f"<WeekDays><WeekDay><DayType>0</DayType><DayWorking>0</DayWorking>{period}</WeekDay></WeekDays>"
    both = f"{again}<Exceptions><Exception>{rule}</Exception></Exceptions>"
    plan = read(project(CalendarUID="1", Calendars=f"<Calendar><UID>1</UID>{both}</Calendar>"))
    assert plan.calendar.holidays == (date(2026, 1, 1), date(2026, 1, 11))
    assert plan.calendar.closures == ()


def test_resources_become_people_and_nothing_else_does() -> None:
    rows = (
        "<UID>0</UID><CalendarUID>77</CalendarUID>",
        "<UID>1</UID><Name>Ann</Name><Group>blue</Group><MaxUnits>0.50</MaxUnits><StandardRate>55.5</StandardRate>",
        "<UID>2</UID><Name>Crew</Name><MaxUnits>3</MaxUnits><StandardRate>0</StandardRate>",
        "<UID>3</UID><Name>Sand</Name><Type>0</Type>",
        "<UID>4</UID><Name>Travel</Name><IsCostResource>1</IsCostResource>",
        "<UID>5</UID><IsNull>1</IsNull>",
        "<UID>6</UID><Name>Ann</Name><StandardRate>9</StandardRate><StandardRateFormat>8</StandardRateFormat>",
    )
    with pytest.warns(UserWarning, match="resources that are no people; units of resources above 1$"):
        plan = read(project(Resources="".join(f"<Resource>{row}</Resource>" for row in rows)))
    assert plan.team.people == (
        Person(id="1", name="Ann", team="blue", units=0.5, rate=55.5),
        Person(id="2", name="Crew"),
        Person(id="6", name="Ann"),
    )


def test_one_warning_lists_all_that_is_left_out() -> None:
    link = "<PredecessorLink><CrossProject>1</CrossProject></PredecessorLink>"
    odd = "<PredecessorLink><PredecessorUID>1</PredecessorUID><LinkLag>5</LinkLag></PredecessorLink>"
    shifts = "<Exceptions><Exception><Type>8</Type></Exception></Exceptions><WorkWeeks><WorkWeek/></WorkWeeks>"
    fields = (
        "<ExtendedAttribute><FieldID>9</FieldID><FieldName>Text1</FieldName><Alias>Risk</Alias></ExtendedAttribute>"
    )
    value = "<ExtendedAttribute><FieldID>{}</FieldID><Value>high</Value></ExtendedAttribute><ExtendedAttribute/>".format
    limits = "<ConstraintType>4</ConstraintType><ConstraintDate>2026-01-05T08:00:00</ConstraintDate><Deadline>2026-01-05T08:00:00</Deadline>"
    tasks = (
        task(
            1,
            f"<Summary>1</Summary><Priority>500</Priority><FixedCost>5</FixedCost><CalendarUID>1</CalendarUID>{limits}",
        )
        + task(
            2,
            f"<Duration>PT1H0M30S</Duration><DurationFormat>8</DurationFormat><ConstraintType>2</ConstraintType>{odd}",
            level=1,
        )
        + task(
            3,
            f"<Duration>PT1H0M0S</Duration><Milestone>1</Milestone><Active>0</Active><WBS>x</WBS>{link}{value(9)}{value(8)}",
        )
        + task(4, "<IsNull>1</IsNull><Priority>1</Priority><Contact>me</Contact>")
    )
    text = project(
        tasks,
        Author="me",
        ScheduleFromStart="0",
        ExtendedAttributes=fields,
        Calendars=f"<Calendar><UID>1</UID>{shifts}</Calendar>",
    )
    with pytest.warns(UserWarning, match="the plan leaves out: ") as caught:
        plan = read(text)
    assert len(caught) == 1
    assert sorted(str(caught[0].message).partition("the plan leaves out: ")[2].split("; ")) == [
        "Calendar/WorkWeeks",
        "Project/Author",
        "Task/Priority",
        "WBS codes that are not whole numbers with dots between",
        "calendar exceptions of type 8",
        "calendars of summary tasks",
        "constraints of summary tasks",
        "constraints of type 2 (must start on)",
        "custom field 'Risk'",
        "custom field 'without a definition'",
        "deadlines of summary tasks",
        "fixed costs of summary tasks",
        "links to other projects",
        "parts of a minute in durations",
        "parts of a minute in lags",
        "that durations are elapsed time",
        "that tasks are not active",
        "that tasks with a duration are milestones",
        "that the project is scheduled from its finish",
    ]
    assert caught[0].filename == __file__
    assert [own.duration() for own in plan.wbs.packages] == [60, 60]
    assert plan.links == (Link(predecessor="1", successor="2", lag=Lag()),)


def test_read_assignments_warns_of_nothing_and_leaves_out_materials() -> None:
    given_to = "<Assignment><TaskUID>{}</TaskUID><ResourceUID>{}</ResourceUID></Assignment>".format
    pairs = given_to(1, 2) + given_to(1, 1) + given_to(2, -65535) + given_to(2, 3) + given_to(1, 1)
    people = "".join(
        f"<Resource><UID>{n}</UID><Name>r{n}</Name><Type>{int(n != 3)}</Type></Resource>" for n in (1, 2, 3)
    )
    text = project(task(1) + task(2), Resources=people, Assignments=pairs)
    assert mspdi.read_assignments(io.StringIO(text)) == {"1": ("1", "2")}


def test_all_faults_of_a_file_come_at_once_with_their_lines() -> None:
    link = "<PredecessorLink>{}</PredecessorLink>".format
    tasks = (
        task(1, "<Duration>-PT1H0M0S</Duration>")
        + task(1)
        + task(2, "<Start>yesterday</Start><CalendarUID>9</CalendarUID>")
        + task(3, link("<PredecessorUID>77</PredecessorUID>") + link("<PredecessorUID>3</PredecessorUID>") + link(""))
        + task(
            4,
            link("<PredecessorUID>1</PredecessorUID><LagFormat>11</LagFormat>")
            + link("<PredecessorUID>x</PredecessorUID>"),
        )
        + task(5, "<ConstraintType>4</ConstraintType><Summary>maybe</Summary><FixedCost>-3</FixedCost>")
        + task(6, "<ConstraintType>12</ConstraintType><Duration>P1M</Duration><Deadline>2026-02-30T08:00:00</Deadline>")
        + "\n<Task/>"
        + task(7, link("<PredecessorUID>1</PredecessorUID><Type>4</Type>"))
    )
    people = "<Resource><UID>1</UID><MaxUnits>0</MaxUnits><Name>a</Name></Resource><Resource><UID>1</UID></Resource><Resource/>"
    pairs = "<Assignment><UID>5</UID><TaskUID>1</TaskUID><ResourceUID>8</ResourceUID></Assignment><Assignment><TaskUID>9</TaskUID></Assignment>"
    text = project(tasks, start="", CalendarUID="8", MinutesPerDay="0", Resources=people, Assignments=pairs)
    assert faults(text) == [
        "line 1: CalendarUID: unknown calendar 8",
        "line 1: assignment 5: ResourceUID: unknown resource 8",
        "line 1: assignment: TaskUID: unknown task 9",
        "line 1: StartDate is missing",
        "line 1: MinutesPerDay: 0 is outside 1..10000000000000",
        "line 3: task 1: Duration: expected a duration of 0 to 1000000000000 minutes, got '-PT1H0M0S'",
        "line 4: task 1: UID 1 is there more than once",
        "line 5: task 2: Start: expected a date such as 2026-03-02T08:00:00, got 'yesterday'",
        "line 5: task 2: CalendarUID: unknown calendar 9",
        "line 6: task 3: PredecessorUID is missing",
        "line 6: task 3: PredecessorUID: unknown task 77",
        "line 6: task 3: PredecessorUID: a task cannot follow itself",
        "line 7: task 4: LagFormat: 11 is not read, only 3, 5, 7, 9, their elapsed forms 4, 6, 8, 10, and 19, 20 for per cent",
        "line 7: task 4: PredecessorUID: expected a whole number, got 'x'",
        "line 7: task 4: PredecessorUID is missing",
        "line 8: task 5: ConstraintDate is missing for a start no earlier than it",
        "line 8: task 5: Summary: expected 0 or 1, got 'maybe'",
        "line 8: task 5: FixedCost: expected a finite number of at least 0, got '-3'",
        "line 9: task 6: ConstraintType: 12 is outside 0..7",
        "line 9: task 6: Duration: expected a duration such as PT8H0M0S, got 'P1M'",
        "line 9: task 6: Deadline: expected a date such as 2026-03-02T08:00:00, got '2026-02-30T08:00:00'",
        "line 10: task None: UID is missing",
        "line 11: task 7: Type: 4 is outside 0..3",
        "line 12: resource 1: UID 1 is there more than once",
        "line 12: resource None: UID is missing",
        "line 12: resource 1: MaxUnits: expected a number above 0, got 0",
    ]


def test_faults_of_calendars_are_located() -> None:
    day = "<WeekDay><DayType>{}</DayType><DayWorking>1</DayWorking>{}</WeekDay>".format
    times = "<WorkingTimes><WorkingTime><FromTime>{}</FromTime><ToTime>{}</ToTime></WorkingTime></WorkingTimes>".format
    period = "<Exception><TimePeriod><FromDate>{}</FromDate><ToDate>{}</ToDate></TimePeriod>{}</Exception>".format
    rows = (
        "<UID>1</UID><BaseCalendarUID>2</BaseCalendarUID>",
        "<UID>2</UID><BaseCalendarUID>1</BaseCalendarUID>",
        "<UID>3</UID><BaseCalendarUID>9</BaseCalendarUID>",
        "<UID>3</UID>",
        "",
        f"<UID>4</UID><WeekDays>{day(8, '')}{day(2, times('22:00:00', '06:00:00'))}{day(3, times('8', '24:01:00'))}</WeekDays>",
        f"<UID>5</UID><Exceptions>{period('2026-01-02T00:00:00', '2026-01-01T00:00:00', '')}{period('soon', '', '')}</Exceptions>",
    )
    text = project(Calendars="".join(f"\n<Calendar>{row}</Calendar>" for row in rows))
    assert faults(text) == [
        "line 2: calendar 1: BaseCalendarUID: the calendars stand on each other in a circle",
        "line 3: calendar 2: BaseCalendarUID: the calendars stand on each other in a circle",
        "line 4: calendar 3: BaseCalendarUID: unknown calendar 9",
        "line 5: calendar 3: UID 3 is there more than once",
        "line 6: calendar None: UID is missing",
        "line 7: calendar 4: DayType: 8 is outside 0..7",
        "line 7: calendar 4: DayType is missing",
        "line 7: calendar 4: a working time ends before it begins; one past midnight is written on both days",
        "line 7: calendar 4: FromTime: expected a time in whole minutes such as 08:30:00, got '8'",
        "line 7: calendar 4: ToTime: expected a time in whole minutes such as 08:30:00, got '24:01:00'",
        "line 8: calendar 5: TimePeriod: ToDate lies before FromDate",
        "line 8: calendar 5: FromDate: expected a date such as 2026-03-02T00:00:00, got 'soon'",
        "line 8: calendar 5: an exception needs a TimePeriod with FromDate and ToDate",
    ]


def test_exceptions_may_not_reach_over_too_many_days() -> None:
    period = "<Exception><TimePeriod><FromDate>{}-01-01T00:00:00</FromDate><ToDate>{}-01-01T00:00:00</ToDate></TimePeriod>{}</Exception>".format
    times = (
        "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>09:00:00</ToTime></WorkingTime></WorkingTimes>"
    )

    def found(exceptions: str) -> list[str]:
        return faults(project(Calendars=f"<Calendar><UID>6</UID><Exceptions>{exceptions}</Exceptions></Calendar>"))

    assert found(period(1990, 2090, times)) == [
        "line 1: calendar 6: exceptions of the file reach over more than 20000 days"
    ]
    assert found(period(1940, 2020, "<Type>7</Type>")) == found(period(1990, 2090, times))
    many = found(5 * period(1000, 1400, "<Type>2</Type>"))
    assert many == 3 * ["line 1: calendar 6: exceptions of the file reach over more than 400000 days"]


@pytest.mark.parametrize(
    ("levels", "fault"),
    [
        ((2,), "line 3: task 1: OutlineLevel: level 2 follows level 0"),
        ((0, 1, 3), "line 5: task 3: OutlineLevel: level 3 follows level 1"),
        ((0, 0), "line 4: task 2: OutlineLevel: level 0 is that of the project, the first task alone"),
        ((1, 0), "line 4: task 2: OutlineLevel: level 0 is that of the project, the first task alone"),
        ((-1,), "line 3: task 1: OutlineLevel: -1 is outside 0..10000000000000"),
    ],
)
def test_outline_levels_that_jump_are_located(levels: tuple[int, ...], fault: str) -> None:
    assert faults(project("".join(task(uid, level=level) for uid, level in enumerate(levels, start=1)))) == [fault]


def test_links_that_mean_nothing_are_located() -> None:
    link = "<PredecessorLink><PredecessorUID>{}</PredecessorUID><Type>{}</Type></PredecessorLink>".format
    tasks = task(1, "<Summary>1</Summary>") + task(2, link(1, 1), level=2) + task(3, link(1, 3))
    assert faults(project(tasks)) == [
        "line 4: link '1' -> '2': one is a part of the other",
        "line 5: link '1' -> '3': SS has no meaning out of a group; FS and FF have",
    ]


def test_links_in_a_circle_name_the_circle() -> None:
    link = "<PredecessorLink><PredecessorUID>{}</PredecessorUID></PredecessorLink>".format
    with pytest.raises(CycleError) as caught:
        read(project(task(1, link(2)) + task(2, link(1))))
    assert caught.value.cycle == ("1", "2", "1")


def test_a_file_of_another_kind_is_refused() -> None:
    for text in ("<html/>", '<Project xmlns="http://example.org"/>', "<Tasks/>"):
        with pytest.raises(PlanError, match=r"line 1: expected a Project of http://schemas\.microsoft\.com/project"):
            read(text)
    with pytest.raises(PlanError, match="line 1, column 12: this is no XML: mismatched tag"):
        read("<Project></Tasks>")
    with pytest.raises(PlanError, match="a document type declaration is not read"):
        read('<!DOCTYPE Project [<!ENTITY a "b">]><Project>&a;</Project>')
    with pytest.raises(PlanError, match=r"more than 5 bytes, the limit \(max_bytes\)"):
        mspdi.read("<Project/>", zone="UTC", max_bytes=5)
    with pytest.raises(PlanError, match="zone: unknown time zone 'Europe/Bärlin'"):
        read("<Project/>", zone="Europe/Bärlin")
    with pytest.raises(TypeError, match="expected the text of Microsoft Project XML"):
        mspdi.read(b"<Project/>", zone="UTC")  # type: ignore[arg-type]


def test_the_start_is_the_earliest_of_the_tasks_where_the_project_has_none() -> None:
    tasks = task(1, "<Start>2026-03-29T02:30:00</Start>") + task(2, "<Start>2026-03-30T08:00:00Z</Start>")
    plan = read(project(tasks, start=""))
    assert plan.start == datetime(2026, 3, 29, 3, tzinfo=BERLIN)  # 02:30 is skipped: the first instant after the gap
    assert plan.start.tzinfo == BERLIN


PIECES = st.sampled_from(
    [own for own in re.findall(r"<[^<>]*>|[^<>]+", mspdi.write(Plan(
        wbs=Wbs(root=Group(id="r", children=[days("a", 1), days("b", 2)])),
        start=datetime(2026, 1, 5, tzinfo=UTC),
        links=Link.parse("a:SS+1d", "b"),
        team=Team(people=[Person(id="ann", calendar=WorkCalendar.always())]),
    ))) if own.strip()] + ["-1", "99999999999999999999", "1e400", "PT-1S", "2026-13-01T00:00:00", "\x00", "&x;", "é"]
)  # fmt: skip


@given(st.data())
@settings(max_examples=70)
def test_a_damaged_file_gives_a_plan_or_a_located_error(data: st.DataObject) -> None:
    plan = Plan(
        wbs=Wbs(root=Group(id="r", children=[days("a", 1, calendar="n"), Group(id="g", children=[days("b", 2)])])),
        start=datetime(2026, 1, 5, tzinfo=UTC),
        links=Link.parse("a:FF+10%", "b"),
        team=Team(people=[Person(id="ann")]),
        calendars={"n": WorkCalendar.weekly({"fri": "22:00-06:00"}, zone="UTC", holidays=[date(2026, 1, 9)])},
    )
    parts = [own for own in re.findall(r"<[^<>]*>|[^<>]+", mspdi.write(plan)) if own.strip()]
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(parts) - 1))
        if data.draw(st.booleans()):
            leaves = [n for n, own in enumerate(parts) if not own.startswith("<")]
            parts[data.draw(st.sampled_from(leaves))] = data.draw(PIECES.filter(lambda own: not own.startswith("<")))
        else:
            parts[place : place + data.draw(st.integers(0, 2))] = data.draw(st.lists(PIECES, max_size=2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            back = mspdi.read("".join(parts), zone="Europe/Berlin")
        except LeadkitError as error:
            assert isinstance(error, PlanError)
            assert isinstance(error, CycleError) or all(fault.row for fault in error.faults)
            return
        mspdi.read(mspdi.write(back), zone="Europe/Berlin")
