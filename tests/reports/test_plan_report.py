"""A report on a plan: dates, people, risk, what is missing and how it stands, in words that a team lead reads."""

from __future__ import annotations

import builtins
import inspect
import re
import runpy
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from leadkit import __version__, reports, samples, wbs
from leadkit.plots.dates import instant_text
from leadkit.reports.plan_people import required_skills
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    ControlAccount,
    Estimate,
    Event,
    Gate,
    Group,
    Handover,
    Link,
    Metric,
    Need,
    Person,
    Plan,
    Progress,
    Raci,
    Status,
    Team,
    Wbs,
    WorkPackage,
)

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
SCRIPT = "<script>alert('x')</script>"
NASTY = '"Ann" & *Bo* | $1_0$ <b>'
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HERE = Path(__file__)
OF_EVERY_PAGE = {
    name: check
    for name, check in runpy.run_path(str(HERE.with_name("test_pages.py"))).items()
    if name.startswith("test_")
    and list(inspect.signature(check).parameters) == ["page"]
    and name != "test_the_page_says_what_numbers_are_and_are_not"
}
"""What every page keeps, as the tests of the other pages say it."""
BROWSER = runpy.run_path(str(HERE.with_name("test_browser.py")))


def plan_of(*packages: WorkPackage | Group, links: str = "", **options: Any) -> Plan:
    """Make a plan of a few parts; "a>b, b>c" are links."""
    pairs = [pair.split(">") for pair in links.split(",") if pair]
    made = [link for first, second in pairs for link in Link.parse(first.strip(), successor=second.strip())]
    return Plan(wbs=Wbs(root=Group(id="site", children=packages)), start=START, links=made, **options)


def work(own: str, days: float = 1, **options: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(days), **options)


@pytest.fixture(scope="module")
def portal() -> Plan:
    return samples.plan()


@pytest.fixture(scope="module")
def found(portal: Plan) -> dict[str, Any]:
    """Work out everything about the sample, once for the module."""
    status = samples.status()
    assignment = wbs.assign(portal, schedules=60)
    tracking = wbs.track(portal, assignment, status)
    readiness = [wbs.readiness(portal, own, status, documents={"brief": "approved"}) for own in ("scope", "to-desk")]
    metrics = wbs.evaluate_metrics(portal, {"solved": 31, "defects": 7})
    return {
        "schedule": wbs.schedule(portal),
        "assignment": assignment,
        "risk": wbs.simulate(portal, n=1000),
        "gap": wbs.staffing_gap(portal),
        "request": wbs.resource_request(portal, assignment=assignment),
        "tracking": tracking,
        "readiness": readiness,
        "metrics": metrics,
        "success": wbs.success(portal, tracking, metrics=metrics, readiness=readiness),
        "seed": 7,
    }


def hard_plan() -> Plan:
    """Give a plan whose names try to become markup, with everything that a check can find."""
    people = [Person(id=SCRIPT, name=NASTY), Person(id="b|b", name="Same"), Person(id="c", name="Same", rate=60)]
    children = [
        Group(
            id="<i>g</i>",
            name="# [x](y)",
            measures={"cost": 10},
            children=[work("a|b", 2, name=SCRIPT, needs=[Need(skills={"`sql`": 2})], measures={"cost": 4})],
        ),
        Group(id="empty", name=NASTY),
        work("*c*", 3, needs=[Need(skills={}, heads=2)], deadline=START + timedelta(days=1)),
        WorkPackage(id="open"),
    ]
    structure = Wbs(
        root=Group(id="site & co", children=children),
        raci=[Raci(node="*c*", person="nobody & <b>", role="A")],
        control_accounts=[ControlAccount(id="acc|ount", node="*c*", owner="c", budget=5)],
    )
    return Plan(
        wbs=structure,
        start=START,
        links=Link.parse("a|b", successor="*c*"),
        team=Team(people=people, skills=SkillMatrix([one.id for one in people], ["`sql`"], [[3], [np.nan], [1]])),
        handovers=[Handover(id="<over>", from_phase="<i>g</i>", to_phase="*c*", to_team=NASTY)],
        gates=[Gate(id="g|ate", after="*c*", approver="")],
        metrics=[Metric(id="m|1", target=3, direction="at_most", unit="<b>")],
        events=[Event(id="e|1", probability=0.5, impact=Estimate.fixed(1), packages=["*c*"])],
        deadline=START + timedelta(days=2),
    )


def hard_results(plan: Plan) -> dict[str, Any]:
    status = Status(as_of=START + timedelta(days=1), progress=[Progress(package="a|b", percent=40, actual_start=START)])
    assignment = wbs.assign(plan, schedules=5)
    return {
        "assignment": assignment,
        "risk": wbs.simulate(plan, n=50),
        "gap": wbs.staffing_gap(plan),
        "request": wbs.resource_request(plan, assignment=assignment),
        "tracking": wbs.track(plan, assignment, status),
        "readiness": [wbs.readiness(plan, "<over>", status, documents={})],
        "metrics": wbs.evaluate_metrics(plan, {"m|1": 4}),
    }


def chain(n: int) -> Plan:
    packages = [work(f"p{i}", 0.5) for i in range(n)]
    return plan_of(*packages, links=", ".join(f"p{i}>p{i + 1}" for i in range(n - 1)))


@pytest.fixture(scope="module")
def pages(portal: Plan, found: dict[str, Any]) -> dict[str, str]:
    hard, empty = hard_plan(), Plan(wbs=Wbs(root=Group(id="nothing")), start=START)
    return {
        "everything": reports.plan(portal, **found, notice="Synthetic & made up"),
        "bare": reports.plan(portal, picture=False),
        "hard_names": reports.plan(hard, **hard_results(hard), picture=False),
        "hard_pictures": reports.plan(hard),
        "no_pictures": reports.plan(portal, **found, picture=False),
        "empty": reports.plan(empty, assignment=wbs.assign(empty), risk=wbs.simulate(empty, n=10), picture=False),
        "chain": reports.plan(chain(520)),
    }


@pytest.fixture(
    scope="module", params=["everything", "bare", "hard_names", "hard_pictures", "no_pictures", "empty", "chain"]
)
def page(request: pytest.FixtureRequest, pages: dict[str, str], parse: Callable[[str], Any]) -> Any:
    return parse(pages[request.param])


class TestPage:
    @pytest.mark.parametrize("name", sorted(OF_EVERY_PAGE))
    def test_it_keeps_what_every_page_keeps(self, name: str, page: Any) -> None:
        OF_EVERY_PAGE[name](page)

    def test_there_are_such_checks(self) -> None:
        assert len(OF_EVERY_PAGE) >= 11

    def test_it_says_what_it_is_and_is_not(self, page: Any) -> None:
        assert "They are no promise." in page.words
        assert "It does not say how well anybody works." in page.words
        assert page.one("footer").text.strip().endswith("A person decides.")

    def test_a_section_is_there_when_its_result_is(self, portal: Plan, found: Any, parse: Any) -> None:
        always = {"reading", "short", "finish", "work", "skills", "structure", "handovers", "notes"}
        doubts = {"risk", "tracking", "readiness"}
        sections = {
            "assignment": "load",
            "risk": "risk",
            "request": "missing",
            "gap": "missing",
            "tracking": "progress",
        }
        sections |= {"metrics": "metrics", "success": "metrics", "readiness": "handovers"}
        for name, anchor in sections.items():
            page = parse(reports.plan(portal, **{name: found[name]}, picture=False))
            there = {one.attributes["aria-labelledby"] for one in page.all("section")}
            assert there - {"doubts"} == {*always, anchor}, name
            assert ("doubts" in there) == (name in doubts - {"readiness"}), name
            assert f"## {page.one('h2', id=anchor).text}\n" in reports.plan_markdown(portal, **{name: found[name]})

    def test_parts_that_a_plan_lacks_have_no_section(self, parse: Any) -> None:
        page = parse(reports.plan(plan_of(work("a")), picture=False))
        there = {one.attributes["aria-labelledby"] for one in page.all("section")}
        assert there == {"reading", "short", "finish", "work", "structure", "notes"}

    def test_title_and_notice_stand_above(self, portal: Plan, parse: Any) -> None:
        page = parse(reports.plan(portal, title="Plan <2>", notice="Draft", picture=False))
        assert page.one("h1").text == "Plan <2>"
        assert "Draft" in page.one("p", role="note").text
        assert parse(reports.plan(plan_of(work("a")), picture=False)).one("h1").text == "site"
        text = reports.plan_markdown(portal, title="Plan <2>", notice="Draft *1*")
        assert text.startswith("# Plan &lt;2&gt;\n\n**Notice.** Draft \\*1\\*\n")

    def test_progress_is_told_after_every_section(self) -> None:
        told: list[tuple[int, int]] = []
        reports.plan(plan_of(work("a")), picture=False, progress=lambda done, total: told.append((done, total)))
        assert told == [(1, 3), (2, 3), (3, 3)]

    def test_the_same_results_give_the_same_bytes(self, portal: Plan, found: Any, pages: Any) -> None:
        assert reports.plan(portal, **found, picture=False) == pages["no_pictures"]
        small = plan_of(work("a"))
        first, second = (reports.plan(small, risk=wbs.simulate(small, n=20)) for _ in range(2))
        assert "<img" in first
        assert first == second

    def test_the_order_of_links_and_people_changes_nothing(self, portal: Plan) -> None:
        turned = portal.with_(
            links=portal.links[::-1],
            team=evolve(portal.team, people=portal.team.people[::-1]),
            wbs=evolve(portal.wbs, raci=portal.wbs.raci[::-1]),
        )
        texts = [
            reports.plan(one, risk=wbs.simulate(one, n=20), gap=wbs.staffing_gap(one), picture=False)
            for one in (portal, turned)
        ]
        assert texts[0] == texts[1]

    def test_names_cannot_become_markup(self, pages: dict[str, str], parse: Any) -> None:
        text = pages["hard_names"]
        page = parse(text)
        assert "<script" not in text
        assert page.all("b") == page.all("i") == []
        body = page.one("body").text
        for name in (SCRIPT, NASTY, "# [x](y)", "nobody & <b>", "Hand-over <over>", "acc|ount"):
            assert name in body

    def test_it_ends_with_where_it_comes_from(self, pages: Any, found: Any, portal: Plan, parse: Any) -> None:
        page = parse(pages["everything"])
        (digest,) = page.facts("Plan (SHA-256 of all its fields)")
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert parse(pages["bare"]).facts("Plan (SHA-256 of all its fields)") == [digest]
        moved = portal.with_(deadline=None)
        assert parse(reports.plan(moved, picture=False)).facts("Plan (SHA-256 of all its fields)") != [digest]
        assignment = found["assignment"]
        assert page.facts("Method and number of schedules") == [f"ga, {assignment.schedules}"]
        assert page.facts("Gap to the bound") == [f"{100 * assignment.gap:.1f}{NBSP}%"]
        assert page.facts("Proven to be the shortest") == ["no"]
        assert page.facts("Simulated runs") == ["1,000"]
        assert page.facts("Seed of all chance") == ["7"]
        assert page.facts("Value is earned by the rule") == ["percent"]
        assert page.facts("Made with") == [f"leadkit {__version__}"]
        for source in (
            "Kelley",
            "Malcolm",
            "Hartmann",
            "Vanhoucke",
            "maximum flow",
            "Earned Value Management",
            "Lipke",
        ):
            assert source in page.words, source
        bare = parse(pages["bare"])
        assert bare.facts("Seed of all chance") == []
        assert "Hartmann" not in bare.words


class TestRefusals:
    @pytest.mark.parametrize(
        "name",
        ["schedule", "assignment", "risk", "gap", "request", "tracking", "success"],
    )
    def test_another_class_is_refused_by_its_name(self, name: str, portal: Plan) -> None:
        wrong: Any
        for wrong in (3, "text", np.ones(2)):
            with pytest.raises(TypeError, match=f"^{name}: expected .*, got {type(wrong).__name__}$"):
                reports.plan(portal, **{name: wrong})
        for wrong in (None, portal.wbs):
            with pytest.raises(TypeError, match=f"^plan: expected Plan, got {type(wrong).__name__}$"):
                reports.plan_markdown(wrong)

    def test_members_of_another_class_are_refused(self, portal: Plan, found: Any) -> None:
        with pytest.raises(TypeError, match=r"^readiness: expected Readiness, got MetricResult$"):
            reports.plan(portal, readiness=found["metrics"])
        with pytest.raises(TypeError, match=r"^metrics: expected MetricResult, got Readiness$"):
            reports.plan(portal, metrics=found["readiness"])

    def test_one_readiness_needs_no_list(self, portal: Plan, found: Any) -> None:
        one = found["readiness"][0]
        assert reports.plan_markdown(portal, readiness=one) == reports.plan_markdown(portal, readiness=[one])
        assert "### " not in reports.plan_markdown(portal, readiness=None)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "name", ["schedule", "assignment", "risk", "gap", "request", "tracking", "readiness", "metrics"]
    )
    def test_results_of_another_plan_are_refused(self, name: str, found: Any) -> None:
        other = plan_of(work("a"), work("b"))
        with pytest.raises(ValueError, match=f"^{name}: is about another plan$"):
            reports.plan(other, **{name: found[name]})

    def test_dates_of_a_changed_plan_are_refused(self, portal: Plan, found: Any) -> None:
        changed = portal.with_(deadline=None)
        for name in ("schedule", "assignment"):
            with pytest.raises(ValueError, match=f"^{name}: is about another plan$"):
                reports.plan(changed, **{name: found[name]})
        with pytest.raises(ValueError, match=r"^risk: is about another plan$"):
            reports.plan(changed, risk=wbs.simulate_network([Estimate.fixed(1)], [], [], n=5))


class TestFinish:
    def test_the_answer_is_the_finish_beside_the_deadline(
        self, pages: Any, portal: Plan, found: Any, parse: Any
    ) -> None:
        finish = instant_text(found["assignment"].finish, portal.calendar.tz)
        page = parse(pages["everything"])
        assert f"With this team, all work is done by {finish}, " in page.words
        assert " before the deadline of 30 Oct 2026, 17:00." in page.words
        assert page.facts("Finish with this team") == [finish]
        assert page.facts("Finish by links and calendars alone") == ["23 Oct 2026, 09:20"]
        assert "By links and calendars alone, all work is done by 23 Oct 2026, 09:20, " in parse(pages["bare"]).words

    @pytest.mark.parametrize(
        ("deadline", "told"),
        [
            (None, "."),
            (datetime(2026, 1, 6, 17, tzinfo=UTC), ", just at the deadline."),
            (datetime(2026, 1, 7, 8, tzinfo=UTC), ", just at the deadline."),
            (datetime(2026, 1, 7, 17, tzinfo=UTC), ", 1 working day before the deadline of 7 Jan 2026, 17:00."),
            (datetime(2026, 1, 6, 16, 30, tzinfo=UTC), ", 30 working minutes after the deadline of 6 Jan 2026, 16:30."),
            (datetime(2026, 1, 6, 16, 59, tzinfo=UTC), ", 1 working minute after the deadline of 6 Jan 2026, 16:59."),
            (datetime(2026, 1, 5, 12, tzinfo=UTC), ", 1.5 working days after the deadline of 5 Jan 2026, 12:00."),
        ],
    )
    def test_the_margin_counts_working_time(self, deadline: datetime | None, told: str) -> None:
        text = reports.plan_markdown(plan_of(work("a", 2), deadline=deadline))
        assert f"- By links and calendars alone, all work is done by 6 Jan 2026, 17:00{told}\n" in text

    def test_what_the_team_loses_and_who_holds_it_back(self) -> None:
        need = [Need(skills={"sql": 2})]
        team = Team(people=[Person(id="ann", name="Ann")], skills=SkillMatrix(["ann"], ["sql"], [[3]]))
        plan = plan_of(work("a", needs=need), work("b", needs=need), team=team)
        text = reports.plan_markdown(plan, assignment=wbs.assign(plan))
        assert "- Lost because people are few or away: 1 d" in text
        assert "- Bottleneck: whose other work keeps it from ending earlier: Ann" in text
        assert "The finish waits for Ann." in text
        assert "It is proven that no schedule of this team ends earlier." in text
        assert "Ann is busy before" in text

    def test_without_a_bottleneck_links_decide(self) -> None:
        plan = plan_of(work("a"), team=Team(people=[Person(id="ann")]))
        text = reports.plan_markdown(plan, assignment=wbs.assign(plan))
        assert "nobody; links and calendars decide" in text
        assert "Nobody's other work holds the finish back." in text
        assert "Lost because" not in text

    def test_critical_paths_are_followed_and_long_ones_are_cut(self, pages: Any, parse: Any) -> None:
        assert "→ 2.2 Open the ticket data → 2.3 Build the service →" in parse(pages["everything"]).words
        assert "30 p29 and 490 more" in parse(pages["chain"]).words
        several = reports.plan_markdown(plan_of(work("a"), work("b")))
        assert "The critical paths by links" in several
        assert "- 1 a\n- 2 b" in several

    def test_a_plan_without_work_says_so(self, pages: Any, parse: Any) -> None:
        assert "There is no work in the plan." in parse(pages["empty"]).words


class TestWork:
    def test_every_activity_has_its_row(self, pages: Any, portal: Plan, found: Any, parse: Any) -> None:
        header, *rows = parse(pages["everything"]).rows("18 parts of the plan")
        assert header == ["Work", "People", "Start", "Finish", "Critical", "What binds the start", "Days", "Float"]
        assert len(rows) == len(portal.activities)
        assignment, schedule = found["assignment"], found["schedule"]
        zone = portal.calendar.tz
        for row, own in zip(rows, assignment.rows, strict=True):
            dates = schedule.row(own.id)
            names = ", ".join(portal.person(one).name for one in own.people) or "nobody needed"
            assert row[1:5] == [
                names,
                instant_text(own.start, zone),
                instant_text(own.finish, zone),
                "critical" if dates.is_critical else "no",
            ]
            assert row[6] == f"{own.minutes / 480:.1f} d".replace(".0 d", " d")
        assert [row[0] for row in rows[-3:]] == ["Hand-over to-test", "Hand-over to-desk", "Gate scope"]
        assert rows[0][5] == "start of the plan"

    def test_a_schedule_tells_links_and_floats_without_people(self, pages: Any, parse: Any) -> None:
        header, *rows = parse(pages["bare"]).rows("18 parts of the plan")
        assert "People" not in header
        told = {row[0]: row[4:] for row in rows}
        assert told["2.5 Build the search"] == ["after the start of 2.3", "4.5 d", "1.2 d"]
        assert told["4.3 Switch over"][0] == "ends after 4.1"
        assert told["2.2 Open the ticket data"][0] == "after Gate scope"

    def test_every_kind_of_bound_has_words(self) -> None:
        later = START + timedelta(days=2)
        plan = plan_of(
            work("a"), work("b", not_before=later), work("c"), work("d", 0.01), deadline=START, links="a>c"
        ).with_(links=Link.parse("a:SF+3d", successor="d"))
        text = reports.plan_markdown(plan)
        assert "a date before which it must not start" in text
        assert "ends after the start of 1" in text
        team = Team(people=[Person(id="ann", calendar=plan.calendar.with_(closures=[(START, later)]))])
        away = plan_of(work("a", needs=[Need(skills={})]), team=team)
        assert "its people are not there together" in reports.plan_markdown(away, assignment=wbs.assign(away))

    def test_a_missed_deadline_of_a_package_is_a_negative_float_and_a_doubt(self) -> None:
        plan = plan_of(work("a", 3, name="Late", deadline=datetime(2026, 1, 5, 17, tzinfo=UTC)))
        text = reports.plan_markdown(plan)
        assert f"{MINUS}2 d |" in text
        assert "| deadline\\_missed | 1 Late | A work package finishes after its deadline at the earliest" in text

    def test_a_table_that_is_too_long_is_cut(self, pages: Any, parse: Any) -> None:
        page = parse(pages["chain"])
        assert len(page.rows("520 parts of the plan")) == 501
        assert "… and 20 more parts." in page.words

    def test_a_deep_plan_is_drawn_within_its_groups_and_a_broad_one_not_at_all(self, pages: Any, parse: Any) -> None:
        page = parse(pages["chain"])
        assert "The chart is left out: the plan has too many parts for one picture." in page.words
        assert page.all("img") == []
        deep = plan_of(*(Group(id=f"g{i}", children=[work(f"g{i}-{k}") for k in range(20)]) for i in range(4)))
        page = parse(reports.plan(deep))
        assert len(page.all("img")) == 1
        assert "Parts below level 1 are drawn within their group." in page.words
        assert "drawn within" not in reports.plan_markdown(deep)


class TestPeople:
    def test_load_is_a_bar_for_each_person(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        rows = page.rows("Share of their working time")[1:]
        for row, record in zip(rows, found["assignment"].load, strict=True):
            assert row[1].startswith(f"{100 * record['share']:.0f}{NBSP}%")
            assert f"{record['assigned'] / 60:.0f} of {record['open'] / 60:.0f} hours" in row[1]

    def test_somebody_without_working_time_is_told(self) -> None:
        never = plan_of(work("a")).calendar.with_(closures=[(START, START + timedelta(days=30))])
        plan = plan_of(work("a"), team=Team(people=[Person(id="ann", calendar=never)]))
        assert "| ann, 0 work packages | no working time, 0 of 0 hours |" in reports.plan_markdown(
            plan, assignment=wbs.assign(plan)
        )

    def test_people_of_one_name_are_told_apart(self, pages: Any, parse: Any) -> None:
        words = parse(pages["hard_names"]).words
        assert "Same (b|b)" in words
        assert "Same (c)" in words

    def test_the_matrix_shows_every_level_and_what_is_not_assessed(self, pages: Any, portal: Plan, parse: Any) -> None:
        page = parse(pages["everything"])
        header, *rows = page.rows("Levels of people in skills, from 0 to 5")
        matrix = portal.team.skills
        assert matrix is not None
        assert header == ["Person", *sorted(matrix.skills)]
        assert [row[0] for row in rows] == ["Adaeze", "Bjorn", "Chidi", "Dalia", "Elif", "Farid"]
        assert rows[0][1:] == ["4", "1", "1", "2", "2", "3"]
        assert rows[1][1] == "not assessed"
        assert page.rows("What the plan asks for and too few")[1:] == [
            ["support", "one person alone has the level", "Elif", "Dalia, level 3", "4", "1", "1"]
        ]

    def test_the_levels_that_are_asked_for_count_heads_of_one_package(self) -> None:
        plan = plan_of(
            work("a", needs=[Need(skills={"sql": 2}, heads=2), Need(skills={"sql": 2, "web": 1})]),
            work("b", needs=[Need(skills={"sql": 2})]),
        )
        assert [(one.skill, one.level, one.people) for one in required_skills(plan)] == [("sql", 2, 3), ("web", 1, 1)]

    def test_a_team_with_enough_of_every_skill_has_no_gap(self) -> None:
        matrix = SkillMatrix(["a", "b"], ["sql"], [[3], [3]])
        team = Team(people=[Person(id="a"), Person(id="b")], skills=matrix)
        text = reports.plan_markdown(plan_of(work("w", needs=[Need(skills={"sql": 2})]), team=team))
        assert "Every skill level that the plan asks for is held by enough people." in text
        assert "too few people can do" not in text


class TestMissing:
    def test_a_request_names_skills_dates_reasons_and_what_the_delay_costs(self) -> None:
        need = [Need(skills={"sql": 3})]
        team = Team(people=[Person(id="ann", name="Ann")], skills=SkillMatrix(["ann"], ["sql"], [[4]]))
        plan = plan_of(
            work("api", 4, needs=need), work("etl", 4, needs=need), team=team, delay_cost=500.0, currency="EUR"
        )
        text = reports.plan_markdown(plan, request=wbs.resource_request(plan), gap=wbs.staffing_gap(plan))
        assert "HR is asked for 1 person, 24 hours of work in all; 1 person has nobody who could stand in" in text
        assert (
            "| sql 3 | those who have the skills have too little time | 5 Jan 2026 | 8 Jan 2026 | 1 api, 2 etl |"
            in text
        )
        assert "- How much later the team ends than one of unlimited size: 4 d" in text
        assert "- What that costs: 2,000 EUR" in text
        assert "24 hours of it would find nobody with the skills and the time." in text
        assert "| sql 3 | 5 Jan 2026 | 11 Jan 2026 | 64 | 40 | 24 |" in text

    def test_a_skill_that_nobody_has_makes_the_delay_unknown(self) -> None:
        team = Team(people=[Person(id="ann")], skills=SkillMatrix(["ann"], ["sql", "web"], [[np.nan, 1]]))
        plan = plan_of(work("api", needs=[Need(skills={"sql": 3}, heads=2)]), team=team)
        text = reports.plan_markdown(plan, request=wbs.resource_request(plan))
        assert "HR is asked for 2 people, 16 hours of work in all." in text
        assert "nobody has the skills" in text
        assert "ann, not assessed" in text
        assert "not known: the team cannot do the plan at all" in text
        assert "| infeasible |" not in reports.plan_markdown(plan)

    def test_nobody_is_asked_for_where_the_team_can_do_it(self) -> None:
        matrix = SkillMatrix(["a", "b"], ["sql"], [[3], [3]])
        plan = plan_of(
            work("w", needs=[Need(skills={"sql": 2})]),
            team=Team(people=[Person(id="a"), Person(id="b")], skills=matrix),
        )
        text = reports.plan_markdown(plan, request=wbs.resource_request(plan))
        assert "The team can do it in time, so HR is asked for nobody.\n" in text
        assert "Lines of the request" not in text
        alone = reports.plan_markdown(plan, gap=wbs.staffing_gap(plan))
        assert alone.count("there is somebody with the skills and the time for it.") == 2

    def test_needs_of_several_people_are_told(self, pages: Any, parse: Any) -> None:
        rows = parse(pages["everything"]).rows("Needs that are short")
        assert rows[1][:3] == ["web 3, 2 people", "28 Sep 2026", "4 Oct 2026"]


class TestRisk:
    def test_quantiles_and_the_probability_are_those_of_the_result(
        self, pages: Any, found: Any, portal: Plan, parse: Any
    ) -> None:
        page, risk, zone = parse(pages["everything"]), found["risk"], portal.calendar.tz
        rows = page.rows("Finish that is kept")[1:]
        assert len(rows) == 8
        for label, text in rows:
            share = float(label.removesuffix(f"{NBSP}%")) / 100
            assert text == instant_text(risk.date(share), zone)
        assert portal.deadline is not None
        kept = risk.probability(portal.deadline)
        (shown,) = [one.text for one in page.all("dt") if one.text.startswith("probability of the deadline")]
        assert f"{100 * kept.low:.0f}{NBSP}% to {100 * kept.high:.0f}{NBSP}%" in shown
        assert f"{100 * kept.value:.0f}{NBSP}% of them keep the deadline" in page.words

    def test_it_says_that_people_are_not_in_the_runs(self, pages: Any, portal: Plan, found: Any, parse: Any) -> None:
        assert "these dates are rather early and these probabilities rather high" in parse(pages["everything"]).words
        alone = parse(reports.plan(portal, risk=found["risk"], picture=False)).words
        assert "The runs know links and calendars, not people" in alone
        assert "rather early" not in alone

    def test_work_that_is_never_critical_is_left_out_and_the_rest_is_in_order(
        self, pages: Any, found: Any, parse: Any
    ) -> None:
        rows = parse(pages["everything"]).rows("What decides the finish")[1:]
        criticality = {record["id"]: record["criticality"] for record in found["risk"].to_records()}
        assert len(rows) == sum(value > 0 for own, value in criticality.items() if ":" not in own)
        assert not any(row[0].startswith(("3.3", "4.2", "Gate")) for row in rows)
        shares = [float(row[1].split(NBSP)[0].removeprefix("under ").removeprefix("over ")) for row in rows]
        assert shares == sorted(shares, reverse=True)

    def test_what_may_happen_is_listed(self, pages: Any, parse: Any) -> None:
        rows = parse(pages["everything"]).rows("What may happen")[1:]
        assert rows[0] == ["access", "2.2 Open the ticket data", f"30{NBSP}%", "4.3 d"]

    def test_without_deadline_and_with_one_run_there_is_no_probability_and_no_error(self) -> None:
        plan = plan_of(work("a"))
        text = reports.plan_markdown(plan, risk=wbs.simulate(plan, n=1))
        assert "keep the deadline" not in text
        assert "1 d and not known" in text
        assert "Standard errors" not in text

    def test_a_long_list_of_deciding_work_is_cut(self) -> None:
        plan = chain(35)
        text = reports.plan_markdown(plan, risk=wbs.simulate(plan, n=5))
        assert "… and 5 more." in text


class TestStructure:
    def test_findings_are_listed_with_their_place(self, pages: Any, parse: Any) -> None:
        page = parse(pages["hard_names"])
        rows = page.rows("What the checks found")[1:]
        told = {(row[3], row[2]) for row in rows}
        assert {("missing", "fault"), ("empty group", "fault"), ("unknown person", "fault")} <= told
        assert ("single child", "warning") in told
        assert re.search(r"Checks of the structure and the roles found \d+ faults and \d+ warnings?\.", page.words)

    def test_a_sound_plan_is_told(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        assert "The structure of the work and the roles have no faults." in page.words
        assert page.rows("The parts of the work")[1] == ["Self-service portal", "15", "30,000 EUR"]
        assert page.rows("The parts of the work")[2:] == [
            ["1 Understand", "3", "5,400 EUR"],
            ["2 Build", "5", "14,600 EUR"],
            ["3 Test", "4", "6,400 EUR"],
            ["4 Launch", "3", "3,600 EUR"],
        ]
        assert page.rows("In how many work packages")[1] == ["Adaeze", "0", "15", "0", "0"]

    def test_a_plan_without_accounts_and_roles_is_told_once(self) -> None:
        text = reports.plan_markdown(plan_of(work("a"), work("b")))
        assert "The plan has no control accounts" in text
        assert "The plan says of nobody what they answer for (RACI)." in text
        assert "no account" not in text
        assert "have no faults" in text

    def test_handovers_have_dates_and_readiness(self, pages: Any, found: Any, portal: Plan, parse: Any) -> None:
        page = parse(pages["everything"])
        rows = {row[0]: row[1:] for row in page.rows("Hand-overs and gates in the plan")}
        dates = {row.id: instant_text(row.finish, portal.calendar.tz) for row in found["assignment"].rows}
        assert rows["Hand-over to-desk"] == [
            dates["handover:to-desk"],
            "4 Launch",
            "the customer",
            "Service desk takes over",
            "Manual, Report to management",
        ]
        assert rows["Gate scope"][2:] == ["2 Build", "Head approves", "brief"]
        headings = [one.text for one in page.all("h3")]
        assert headings == ["Gate scope: ready", "Hand-over to-desk: not ready"]
        assert "1 of 2 hand-overs and gates is ready." in page.words
        waits = {row[0]: row[1:] for row in page.rows("What Hand-over to-desk waits for")}
        assert waits["4.1 Train the desk"] == ["work package", "not started", "done"]
        assert waits["the desk has run it for a day"] == ["criterion of acceptance", "open", "accepted"]

    def test_what_nobody_in_the_plan_takes_over_is_told(self) -> None:
        plan = plan_of(
            Group(id="g", children=[work("a")]),
            handovers=[Handover(id="h", from_phase="g", to_phase=None)],
            gates=[Gate(id="x", after="a")],
        )
        text = reports.plan_markdown(plan)
        assert f"| Hand-over h | 5 Jan 2026, 17:00 | 1 g | nothing in this plan | {DASH} | {DASH} |" in text
        assert f"| Gate x | 5 Jan 2026, 17:00 | 1.1 a | nothing in this plan | {DASH} | {DASH} |" in text


class TestProgress:
    def test_earned_value_is_that_of_the_tracking(self, pages: Any, found: Any, portal: Plan, parse: Any) -> None:
        page, tracking = parse(pages["everything"]), found["tracking"]
        assert page.facts("Budget at completion (BAC)") == ["30,000 EUR"]
        assert page.facts("Cost variance (CV = EV - AC)") == [f"{MINUS}750 EUR"]
        assert page.facts("Cost performance index (CPI = EV / AC)") == [f"{tracking.evm.cpi:.2f}"]
        assert page.facts("Next hand-over") == ["Hand-over to-test"]
        finish = instant_text(tracking.forecast_finish, portal.calendar.tz)
        assert f"all is expected to be done on {finish}" in page.words
        rows = {row[0]: row[1:] for row in page.rows("Progress of the work")}
        assert rows["4.2 Write the manual"][0] == "late"
        assert rows["2.3 Build the service"][0] == "running"
        assert rows["2.3 Build the service"][3] == f"55{NBSP}%"
        accounts = page.rows("Control accounts in EUR")
        assert accounts[1][:4] == ["account analyse", "1 Understand", "Adaeze", "5,400"]
        assert accounts[4][-1] == "not known"

    def test_what_has_no_value_is_not_known(self) -> None:
        plan = plan_of(work("a", 2))
        tracking = wbs.track(plan, wbs.schedule(plan), Status(as_of=START, progress=[]))
        text = reports.plan_markdown(plan, tracking=tracking)
        assert "- Schedule performance index (SPI = EV / PV): not known" in text
        assert "Next hand-over" not in text
        assert ", within the deadline" not in text
        assert "| spi | nothing planned | The schedule performance index is NaN" in text

    def test_a_forecast_after_the_deadline_is_told(self) -> None:
        plan = plan_of(work("a", 2), deadline=datetime(2026, 1, 6, 17, tzinfo=UTC))
        status = Status(as_of=datetime(2026, 1, 7, 8, tzinfo=UTC), progress=[])
        tracking = wbs.track(plan, wbs.schedule(plan), status)
        text = reports.plan_markdown(plan, tracking=tracking)
        assert "On 7 Jan 2026, 0\N{NO-BREAK SPACE}% of the budget is earned; all is expected to be done on" in text
        assert ", 2 working days after the deadline." in text

    def test_metrics_and_success_have_answers_and_no_total(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        assert page.rows("Metrics beside")[1:] == [
            ["Solved without a ticket", "the team", "at least 30 %", "yes", "31 %"],
            ["Defects in the first week", "the team", "at most 5", "no", "7"],
            ["Test cases written", "Elif", "at least 40", "not known yet", "not measured"],
        ]
        assert "1 of 3 metrics is met." in page.words
        rows = page.rows("Whether the project is a success")[1:]
        assert [row[0] for row in rows] == [
            "Done on time",
            "Done within the budget",
            "All work done",
            "Documented",
            "Metrics met",
            "Handed over to the customer",
        ]
        assert "There is no total." in page.words


class TestDoubts:
    def test_every_flag_has_its_meaning(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        rows = page.rows("What is doubtful")[1:]
        told = {row[0]: row[1:] for row in rows}
        assert told["out_of_sequence"] == [
            "3.1 Write the test cases",
            "Work was begun or done before a link let it; the id follows the colon.",
        ]
        assert told["merge_bias"][0] == "the whole"
        assert all(row[2].endswith(".") for row in rows)

    def test_a_flag_with_an_amount_and_one_that_is_not_known_are_told(self, portal: Plan) -> None:
        schedule = evolve(wbs.schedule(portal), flags=("late_by:960", "made_up:thing"))
        text = reports.plan_markdown(portal, schedule=schedule)
        assert "| late\\_by | 2 d |" in text
        assert "| made\\_up | thing | Made\\_up:thing. |" in text

    def test_there_is_no_such_section_without_flags(self, pages: Any, parse: Any) -> None:
        assert parse(pages["bare"]).all("h2", id="doubts") == []


class TestPictures:
    def test_pictures_are_drawn_with_words(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        alts = [one.attributes["alt"] for one in page.all("img")]
        assert len(alts) == 6
        assert alts[0].startswith("Gantt chart of 15 work packages from 7 Sep 2026 to ")
        assert len(page.all("figcaption")) == 6
        assert parse(pages["no_pictures"]).all("img") == []

    def test_without_pictures_every_table_stays(self, pages: Any, parse: Any) -> None:
        captions = [[one.text for one in parse(pages[name]).all("caption")] for name in ("everything", "no_pictures")]
        assert captions[0] == captions[1]

    def test_without_matplotlib_the_page_has_no_pictures(self, monkeypatch: pytest.MonkeyPatch, parse: Any) -> None:
        real = builtins.__import__

        def without(name: str, *rest: Any, **more: Any) -> Any:
            if name.startswith("matplotlib"):
                raise ImportError(name)
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        assert parse(reports.plan(plan_of(work("a")))).all("img") == []

    def test_without_jinja2_markdown_is_still_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        with pytest.raises(ImportError, match=r"pip install 'leadkit\[reports\]'"):
            reports.plan(plan_of(work("a")), picture=False)
        assert reports.plan_markdown(plan_of(work("a"))).startswith("# site\n")


EMPTY = {"none", "not known", "not assessed", "not measured", DASH}


def rows_of(text: str) -> list[list[str]]:
    """Read the rows of all tables of a Markdown text as a reader of Markdown does."""
    rows: list[list[str]] = []
    for token, after in pairwise(MarkdownIt("commonmark").enable("table").parse(text)):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in {"th_open", "td_open"}:
            rows[-1].append("".join(part.content for part in after.children or []))
    return rows


def plain(row: Iterable[str]) -> list[str]:
    return ["" if cell in EMPTY else "".join(re.split(r"[\s,]+", cell)) for cell in row]


class TestMarkdown:
    def test_it_has_every_row_of_the_page(self, portal: Plan, found: Any, pages: Any, parse: Any) -> None:
        text = reports.plan_markdown(portal, **found)
        rows = [plain(row) for row in rows_of(text)]
        page = parse(pages["no_pictures"])
        wanted = [row for table in page.all("table") for row in page.rows(page.inside(table, "caption")[0].text)]
        assert len(wanted) > 100
        for row in wanted:
            assert plain(row) in rows
        for heading in page.all("h2")[1:]:
            assert f"## {heading.text}\n" in text

    def test_texts_of_users_stay_texts(self) -> None:
        plan = hard_plan()
        text = reports.plan_markdown(plan, **hard_results(plan))
        assert "<" not in text
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        kinds = {part.type for token in tokens for part in token.children or []}
        assert kinds <= {"text", "text_special", "strong_open", "strong_close"}
        told = unescape("".join(part.content for token in tokens for part in token.children or []))
        assert SCRIPT in told
        assert NASTY in told
        assert not [token for token in tokens if token.type in {"fence", "code_block", "html_block"}]

    def test_of_no_work_there_is_little(self) -> None:
        empty = Plan(wbs=Wbs(root=Group(id="nothing")), start=START)
        text = reports.plan_markdown(empty, assignment=wbs.assign(empty), risk=wbs.simulate(empty, n=5))
        assert "There is no work in the plan." in text
        assert "The plan has no team." in text
        assert not re.search(r"\bnan\b", text, re.IGNORECASE)


@pytest.fixture(scope="module")
def browser() -> str:
    names: tuple[str, ...] = BROWSER["NAMES"]
    for name in names:
        there = shutil.which(name)
        if there:
            return there
    pytest.skip("no Chromium or Chrome is installed")


def test_nothing_runs_off_the_side_of_a_phone_or_a_desktop(browser: str, pages: Any, tmp_path: Path) -> None:
    widths = (390, 1200)
    frames = [
        f'<iframe srcdoc="{escape(pages[name])}" style="width:{width}px;height:800px;border:0"></iframe>'
        for name in ("everything", "hard_names", "hard_pictures")
        for width in widths
    ]
    wrapper = tmp_path / "wrapper.html"
    wrapper.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{''.join(frames)}<pre id=told></pre>"
        f"<script>addEventListener('load', () => {{{BROWSER['MEASURE']}}})</script>",
        encoding="utf-8",
    )
    dump = BROWSER["run"](browser, tmp_path, "--dump-dom", wrapper.as_uri())
    told = re.search(r'<pre id="told">([^<]*)</pre>', dump)
    assert told
    measured = [list(map(int, one.split())) for one in told.group(1).split(";")]
    assert len(measured) == 6
    for (client, scroll, outside, broken, _), width in zip(measured, widths * 3, strict=True):
        assert client <= width
        assert scroll <= client
        assert (outside, broken) == (0, 0)
    # The check above would pass on an empty page, so the wide tables have to be there and to scroll on the phone.
    assert measured[0][4] > 10
    assert measured[1][4] < measured[0][4]
