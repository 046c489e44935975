"""The plan: what it refuses, its network, and its way through plain data."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from leadkit.calendars import WorkCalendar
from leadkit.errors import CycleError, PlanError, UnknownIdError
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    LINK_KINDS,
    Document,
    Estimate,
    Event,
    Gate,
    Group,
    Handover,
    Lag,
    Link,
    Metric,
    Need,
    Person,
    Plan,
    Team,
    Wbs,
    WorkPackage,
)

MONDAY = datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Europe/Berlin"))
REPORT = Document(id="final", kind="management_report")


def package(own: str, days: float | None = 1, **fields: object) -> WorkPackage:
    estimate = None if days is None else Estimate.fixed(days)
    return WorkPackage(id=own, estimate=estimate, **fields)  # type: ignore[arg-type]


def phases() -> Wbs:
    """Three phases: design (A, B), build (C, D), and one package without a phase."""
    return Wbs(
        root=Group(
            id="site",
            children=(
                Group(id="design", children=(package("A", 2), package("B", 3))),
                Group(id="build", children=(package("C", 4), package("D"))),
                package("E"),
            ),
        )
    )


def links_of(plan: Plan) -> set[tuple[str, str, str, int]]:
    net = plan.network()
    ends = zip(net.predecessor, net.successor, net.kind, net.lag, strict=True)
    return {(net.ids[i], net.ids[j], LINK_KINDS[kind], int(lag)) for i, j, kind, lag in ends}


def test_the_network_holds_packages_then_handovers_then_gates() -> None:
    plan = Plan(
        wbs=phases(),
        start=MONDAY,
        gates=(Gate(id="g", after="design", before="E"),),
        handovers=(Handover(id="h", from_phase="design", to_phase="build", lag=Lag.hours(4)),),
    )
    assert plan.activities == ("A", "B", "C", "D", "E", "handover:h", "gate:g")
    assert plan.network().duration.tolist() == [960, 1440, 1920, 480, 480, 0, 0]
    assert links_of(plan) == {
        ("A", "handover:h", "FS", 0),
        ("B", "handover:h", "FS", 0),
        ("handover:h", "C", "FS", 240),
        ("handover:h", "D", "FS", 240),
        ("A", "gate:g", "FS", 0),
        ("B", "gate:g", "FS", 0),
        ("gate:g", "E", "FS", 0),
    }


def test_a_link_of_groups_binds_every_package() -> None:
    plan = Plan(wbs=phases(), start=MONDAY, links=Link.parse("design:FS+1d", "build"))
    assert links_of(plan) == {(a, b, "FS", 480) for a in "AB" for b in "CD"}
    started = Plan(wbs=phases(), start=MONDAY, links=(*Link.parse("A:SS", "build"), *Link.parse("design:FF", "E")))
    assert links_of(started) == {("A", "C", "SS", 0), ("A", "D", "SS", 0), ("A", "E", "FF", 0), ("B", "E", "FF", 0)}


def test_a_milestone_may_be_linked() -> None:
    plan = Plan(
        wbs=phases(),
        start=MONDAY,
        handovers=(Handover(id="h", from_phase="design"),),
        links=(Link(predecessor="handover:h", successor="E"),),
    )
    assert ("handover:h", "E", "FS", 0) in links_of(plan)


@pytest.mark.parametrize(
    ("text", "successor", "message"),
    [
        ("design:SS", "E", "SS has no meaning out of a group"),
        ("design:SF", "E", "SF has no meaning out of a group"),
        ("E:FF", "build", "FF has no meaning into a group"),
        ("E:SF", "build", "SF has no meaning into a group"),
        ("design:FS+50%", "E", "a group has no duration"),
        ("A", "design", "one is a part of the other"),
        ("site", "A", "one is a part of the other"),
    ],
)
def test_links_of_groups_that_mean_nothing_are_refused(text: str, successor: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Plan(wbs=phases(), start=MONDAY, links=Link.parse(text, successor))


def test_of_links_that_are_there_twice_the_larger_lag_stays() -> None:
    links = Link.parse("A:FS+1d, A:FS+2d, A:SS, A:FS+3ed", "C")
    plan = Plan(wbs=phases(), start=MONDAY, links=links)
    assert links_of(plan) == {("A", "C", "FS", 960), ("A", "C", "SS", 0), ("A", "C", "FS", 4320)}
    assert plan.network().elapsed.sum() == 1
    assert plan.flags == ("duplicate_link",)
    assert Plan(wbs=phases(), start=MONDAY, links=links[:1]).flags == ()


def test_a_share_counts_the_duration_at_the_point_asked_for() -> None:
    estimate = Estimate.triangular(1, 2, 6)
    wbs = Wbs(root=Group(id="r", children=(WorkPackage(id="A", estimate=estimate), package("B"))))
    plan = Plan(wbs=wbs, start=MONDAY, links=Link.parse("A:SS+50%", "B"))
    assert plan.network("mean").lag.tolist() == [720]
    assert plan.network("mode").lag.tolist() == [480]
    assert plan.network(0.5).duration[0] == estimate.minutes(0.5)
    with pytest.raises(ValueError, match="'median'"):
        plan.network("median")


def test_effort_is_divided_among_the_heads() -> None:
    needs = (Need(skills={"sql": 2}, heads=2), Need(skills={}, heads=1))
    team = WorkPackage(id="A", estimate=Estimate.fixed(1000, unit="m"), basis="effort", needs=needs)
    alone = WorkPackage(id="B", estimate=Estimate.fixed(1000, unit="m"), basis="effort")
    plan = Plan(wbs=Wbs(root=Group(id="r", children=(team, alone))), start=MONDAY)
    assert plan.network().duration.tolist() == [334, 1000]


def test_a_package_without_an_estimate_is_flagged() -> None:
    children = (package("B", None), package("A", None), package("M", None, kind="milestone"))
    plan = Plan(wbs=Wbs(root=Group(id="r", children=children)), start=MONDAY)
    assert plan.flags == ("no_estimate:A", "no_estimate:B")
    assert plan.network().duration.tolist() == [0, 0, 0]


def test_a_circle_is_named_from_its_smallest_id_on_whatever_the_order() -> None:
    packages = [package(own) for own in "ACFZ"]
    links = [Link(predecessor=i, successor=j) for i, j in ("AC", "CF", "FA", "AZ")]
    for order in (1, -1):
        wbs = Wbs(root=Group(id="r", children=tuple(packages[::order])))
        with pytest.raises(CycleError, match="A -> C -> F -> A") as caught:
            Plan(wbs=wbs, start=MONDAY, links=links[::order])
        assert caught.value.cycle == ("A", "C", "F", "A")


def test_a_circle_of_other_kinds_and_of_groups_is_one_too() -> None:
    with pytest.raises(CycleError):
        Plan(wbs=phases(), start=MONDAY, links=(*Link.parse("A:SS+2d", "C"), *Link.parse("C:SS+2d", "A")))
    with pytest.raises(CycleError):
        Plan(wbs=phases(), start=MONDAY, links=(*Link.parse("design", "build"), *Link.parse("D", "A")))


def test_unknown_ids_are_all_told_with_their_places() -> None:
    with pytest.raises(UnknownIdError) as caught:
        Plan(
            wbs=Wbs(root=Group(id="site", children=(package("build", calendar="nights"),))),
            start=MONDAY,
            links=Link.parse("biuld", "build"),
            handovers=(Handover(id="h", from_phase="x", to_phase="y"),),
            gates=(Gate(id="g", after="z"),),
            events=(Event(id="e", probability=0.5, impact=Estimate.fixed(1), packages=("site",)),),
            metrics=(Metric(id="m", target=1, person="zoe"),),
            calendars={"night": WorkCalendar.always()},
        )
    said = [str(fault) for fault in caught.value.faults]
    assert said == [
        "link 'biuld' -> 'build': unknown part of the plan 'biuld' (did you mean 'build'?)",
        "handover 'h': unknown phase 'x'",
        "handover 'h': unknown phase 'y'",
        "gate 'g': unknown phase 'z'",
        "event 'e': unknown work package 'site'",
        "metric 'm': unknown person 'zoe'",
        "work package 'build': unknown calendar 'nights' (did you mean 'night'?)",
    ]


def test_unknown_ids_beside_other_faults_are_told_too() -> None:
    wbs = Wbs(root=Group(id="r", children=(package("handover:h"),)))
    with pytest.raises(PlanError) as caught:
        Plan(wbs=wbs, start=MONDAY, handovers=(Handover(id="h", from_phase="r", to_phase="x"),))
    assert len(caught.value.faults) == 2


def test_a_plan_tells_everything_that_is_wrong_with_its_fields() -> None:
    with pytest.raises(PlanError) as caught:
        Plan(
            wbs="site",  # type: ignore[arg-type]
            start=datetime(2026, 1, 5),
            links="A",
            team=(),  # type: ignore[arg-type]
            calendar="day",  # type: ignore[arg-type]
            calendars={"": 3},
            handovers=(1,),
            deadline=datetime(2026, 2, 1),
            currency=None,  # type: ignore[arg-type]
            delay_cost=-1.0,
            day_minutes=0,
        )
    assert [fault.where for fault in caught.value.faults] == [
        "wbs",
        "start",
        "deadline",
        "calendar",
        "team",
        "calendars",
        "calendars['']",
        "links",
        "handovers[0]",
        "currency",
        "delay_cost",
        "day_minutes",
    ]


def test_strange_members_are_told_by_place() -> None:
    with pytest.raises(PlanError, match=r"links\[0\]: expected a Link, got 'A'"):
        Plan(wbs=phases(), start=MONDAY, links=("A",))
    with pytest.raises(PlanError, match="calendars: expected"):
        Plan(wbs=phases(), start=MONDAY, calendars=3)
    gate = Gate(id="g", after="design")
    with pytest.raises(PlanError, match="gate 'g': is there more than once"):
        Plan(wbs=phases(), start=MONDAY, gates=(gate, gate))


@pytest.mark.parametrize(
    ("start", "zone"),
    [
        (MONDAY, "Europe/Berlin"),
        (datetime(2026, 1, 5, tzinfo=UTC), "UTC"),
        (datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=2))), "Etc/GMT-2"),
        (datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=-5))), "Etc/GMT+5"),
    ],
)
def test_office_hours_are_those_of_the_zone_of_the_start(start: datetime, zone: str) -> None:
    plan = Plan(wbs=phases(), start=start)
    assert plan.calendar == WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone=zone)
    assert plan.calendar.is_open(datetime(2026, 1, 5, 11, tzinfo=start.tzinfo))


def test_a_start_without_a_known_zone_asks_for_a_calendar() -> None:
    nepal = timezone(timedelta(hours=5, minutes=45))
    with pytest.raises(PlanError, match="give the plan a calendar"):
        Plan(wbs=phases(), start=datetime(2026, 1, 5, tzinfo=nepal))
    assert Plan(wbs=phases(), start=datetime(2026, 1, 5, tzinfo=nepal), calendar=WorkCalendar.always()).flags == ()


def full() -> Plan:
    night = WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="Europe/Berlin")
    wbs = phases()
    return Plan(
        wbs=wbs,
        start=MONDAY,
        links=(*Link.parse("A:SS+50%, B:FF+3ed", "C"), *Link.parse("C", "E")),
        team=Team(
            people=(Person(id="ann", calendar=night, rate=50.0), Person(id="ben", units=0.5)),
            skills=SkillMatrix(("ann", "ben"), ("sql",), [[3], [float("nan")]], scale=(0, 5)),
        ),
        calendars={"night": night},
        handovers=(Handover(id="h", from_phase="build", deliverables=("site",), documents=(REPORT,), customer=True),),
        gates=(Gate(id="g", after="design", before="E", approver="cy"),),
        metrics=(Metric(id="m", target=0.5, person="ann"),),
        events=(Event(id="e", probability=0.25, impact=Estimate.uniform(1, 2), packages=("A", "C")),),
        deadline=MONDAY + timedelta(days=30),
        currency="EUR",
        delay_cost=100.0,
        day_minutes=450,
    )


def test_a_plan_goes_through_json_and_back() -> None:
    plan = full()
    text = json.dumps(plan.to_dict(), allow_nan=False)
    back = Plan.from_dict(json.loads(text))
    assert back == plan
    assert back.start.tzinfo == plan.calendar.tz
    assert json.dumps(back.to_dict()) == text


def test_a_plan_survives_copying_and_pickling() -> None:
    plan = full()
    for again in (pickle.loads(pickle.dumps(plan)), copy.deepcopy(plan), copy.copy(plan)):  # noqa: S301
        assert again == plan
        assert np.array_equal(again.network().duration, plan.network().duration)
    assert plan != plan.with_(currency="USD")
    assert plan != "plan"


def test_unknown_keys_and_wrong_values_are_refused_with_their_path() -> None:
    data = full().to_dict()
    data["dedline"] = None
    data["links"][0]["kind"] = "XX"
    data["team"]["people"][0]["units"] = 2
    with pytest.raises(PlanError) as caught:
        Plan.from_dict(data)
    said = str(caught.value)
    for part in ("'dedline' (did you mean 'deadline'?)", "links[0].kind", "team.people[0]"):
        assert part in said
    with pytest.raises(PlanError, match="expected a table"):
        Plan.from_dict([])  # type: ignore[arg-type]


def test_one_package_is_replaced_and_nothing_else() -> None:
    plan = full()
    changed = plan.replace("C", estimate=Estimate.fixed(9), name="construct")
    assert changed.network().duration.tolist() == [960, 1440, 4320, 480, 480, 0, 0]
    assert changed.name("C") == "construct"
    assert changed.replace("C", estimate=Estimate.fixed(4), name="") == plan
    with pytest.raises(UnknownIdError, match="unknown work package 'build'"):
        plan.replace("build", name="x")


def test_activities_are_looked_up_by_id() -> None:
    night = WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="UTC")
    children = (package("A", calendar="night", name="Ask"), package("M", 0, kind="milestone"))
    plan = Plan(
        wbs=Wbs(root=Group(id="r", children=children), prefix="P"),
        start=MONDAY,
        calendars={"night": night},
        handovers=(Handover(id="h", from_phase="r"),),
        team=Team(people=(Person(id="ann"),)),
    )
    assert plan.calendar_of("A") == night
    assert plan.calendar_of("M") == plan.calendar_of("handover:h") == plan.calendar
    assert (plan.code("A"), plan.code("handover:h")) == ("P.1", "")
    assert (plan.name("A"), plan.name("M"), plan.name("handover:h")) == ("Ask", "M", "handover:h")
    assert plan.package("handover:h") is None
    assert plan.handover("h").from_phase == "r"
    assert plan.person("ann").id == "ann"
    for call in (plan.package, plan.calendar_of, plan.handover, plan.person):
        with pytest.raises(UnknownIdError, match="'x'"):
            call("x")


def test_a_plan_shows_itself() -> None:
    plan = full()
    assert repr(plan) == "Plan('site', 5 work packages, 3 links, 2 people, from 2026-01-05T08:00:00+01:00)"
    assert "<td>E</td>" in plan._repr_html_()
    many = Wbs(root=Group(id="<r>", children=tuple(package(f"p{n}") for n in range(25))))
    shown = Plan(wbs=many, start=MONDAY)._repr_html_()
    assert "... and 5 more work packages" in shown
    assert "&lt;r&gt;" in shown


def test_an_empty_plan_is_valid() -> None:
    plan = Plan(wbs=Wbs(root=Group(id="r")), start=MONDAY)
    assert plan.activities == ()
    assert plan.network().duration.shape == (0,)
    assert plan.network().predecessor.shape == (0,)


def test_people_and_teams_tell_what_is_wrong() -> None:
    with pytest.raises(PlanError) as caught:
        Person(id=" ", name=1, calendar="x", units=0, rate=-1)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["id", "name", "calendar", "units", "rate"]
    with pytest.raises(PlanError, match="person 'ann': is there more than once"):
        Team(people=(Person(id="ann"), Person(id="ann")))
    with pytest.raises(PlanError, match="expected a SkillMatrix"):
        Team(skills=3)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="expected a list of Person, got 3"):
        Team(people=3)
    with pytest.raises(PlanError, match="units: expected a number"):
        Person(id="ann", units="x")


def test_handovers_tell_what_is_wrong() -> None:
    with pytest.raises(PlanError) as caught:
        Handover(
            id="",
            from_phase="a",
            to_phase="a",
            to_team=3,  # type: ignore[arg-type]
            deliverables="site",
            acceptance=(3,),
            documents=(REPORT, REPORT),
            lag=Lag.percent(10),
            customer=1,  # type: ignore[arg-type]
        )
    assert [fault.where for fault in caught.value.faults] == [
        "id",
        "to_phase",
        "to_team",
        "deliverables",
        "acceptance[0]",
        "document 'final'",
        "lag",
        "customer",
    ]
    with pytest.raises(PlanError, match="lag: expected a Lag"):
        Handover(id="h", from_phase="a", lag=3)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="needs a document of kind 'management_report'"):
        Handover(id="h", from_phase="a", customer=True, documents=(Document(id="d"),))


def test_gates_metrics_and_events_tell_what_is_wrong() -> None:
    with pytest.raises(PlanError) as caught:
        Gate(id="g", after="a", before="a", documents=(3,), approver=None)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["before", "documents[0]", "approver"]
    with pytest.raises(PlanError) as caught:
        Metric(id="m", target=float("nan"), direction="up", person="")  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["target", "direction", "person"]
    with pytest.raises(PlanError) as caught:
        Event(id="e", probability=1.5, impact=3, packages=("a", "a"))  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["probability", "impact", "packages"]
    with pytest.raises(PlanError, match="expected a list of ids, got 3"):
        Event(id="e", probability=1, impact=Estimate.fixed(1), packages=3)
