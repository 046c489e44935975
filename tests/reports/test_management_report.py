"""The report to management as a page: every section of the data in words, lists and tables."""

from __future__ import annotations

import inspect
import json
import re
import runpy
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from leadkit import __version__, reports, samples, wbs
from leadkit.plots.dates import date_text, instant_text
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    Estimate,
    Group,
    ManagementReport,
    Need,
    Person,
    Plan,
    Progress,
    ReportSection,
    Status,
    Team,
    Wbs,
    WorkPackage,
)

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
SCRIPT = "<script>alert('x')</script>"
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
OF_EVERY_PAGE = {
    name: check
    for name, check in runpy.run_path(str(Path(__file__).with_name("test_pages.py"))).items()
    if name.startswith("test_")
    and list(inspect.signature(check).parameters) == ["page"]
    and name != "test_the_page_says_what_numbers_are_and_are_not"
}
"""What every page keeps, as the tests of the other pages say it."""


@pytest.fixture(scope="module")
def material() -> dict[str, Any]:
    """Gather what management is told about the sample."""
    plan, status = samples.plan(), samples.status()
    assignment = wbs.assign(plan, schedules=60)
    tracking = wbs.track(plan, assignment, status)
    readiness = [wbs.readiness(plan, own, status, documents={"brief": "approved"}) for own in ("scope", "to-test")]
    metrics = wbs.evaluate_metrics(plan, {"solved": 31, "defects": 7})
    request = wbs.resource_request(plan, assignment=assignment)
    risk = wbs.simulate(plan, n=500)
    whole = wbs.management_report(plan, tracking, readiness=readiness, metrics=metrics, risk=risk, request=request)
    return {"plan": plan, "tracking": tracking, "risk": risk, "whole": whole}


def bare_report(*, deadline: datetime | None = None, as_of: datetime = START, **options: Any) -> ManagementReport:
    """Report on one package that has not begun."""
    package = WorkPackage(id="a", name=SCRIPT, estimate=Estimate.fixed(1), needs=options.pop("needs", ()))
    plan = Plan(wbs=Wbs(root=Group(id="s|te", children=[package])), start=START, deadline=deadline, **options)
    tracking = wbs.track(plan, wbs.schedule(plan), Status(as_of=as_of, progress=[]))
    return wbs.management_report(plan, tracking, request=wbs.resource_request(plan) if plan.team.people else None)


@pytest.fixture(scope="module")
def pages(material: dict[str, Any]) -> dict[str, str]:
    records: Any = ({"who": "*Ann*", "how_many": 2.5},)
    bare = bare_report()
    sections: Any = (*bare.sections, ReportSection(id="notes & more", title="<b>Own</b>", records=records))
    return {
        "whole": reports.management_report(material["whole"], notice="Draft"),
        "bare": reports.management_report(bare),
        "own": reports.management_report(evolve(bare, sections=sections)),
    }


@pytest.fixture(scope="module", params=["whole", "bare", "own"])
def page(request: pytest.FixtureRequest, pages: dict[str, str], parse: Callable[[str], Any]) -> Any:
    return parse(pages[request.param])


@pytest.mark.parametrize("name", sorted(OF_EVERY_PAGE))
def test_it_keeps_what_every_page_keeps(name: str, page: Any) -> None:
    OF_EVERY_PAGE[name](page)


def test_every_section_of_the_data_is_there_in_order(material: Any, pages: Any, parse: Any) -> None:
    page, report = parse(pages["whole"]), material["whole"]
    headings = [one.text for one in page.all("h2")]
    assert headings[2:-1] == [section.title for section in report.sections]
    assert page.one("h1").text == "Self-service portal"
    assert "As of 2 Oct 2026, 17:00. Times are those of Europe/Berlin." in page.words
    assert page.facts("Costs are in") == ["EUR"]
    assert page.facts("Made with") == [f"leadkit {__version__}"]
    assert "Draft" in page.one("p", role="note").text


def test_dates_of_the_request_are_written_like_all_others(material: Any, pages: Any, parse: Any) -> None:
    (section,) = [one for one in material["whole"].sections if one.id == "requests"]
    rows = parse(pages["whole"]).rows("Lines of the request")[1:]
    assert len(rows) == len(section.records) > 0
    for row, record in zip(rows, section.records, strict=True):
        assert row[2:4] == [date_text(date.fromisoformat(record[name])) for name in ("from_date", "to_date")]


def test_instants_money_shares_and_indices_are_written_for_people(material: Any, pages: Any, parse: Any) -> None:
    page, plan, tracking = parse(pages["whole"]), material["plan"], material["tracking"]
    zone = plan.calendar.tz
    assert page.facts("Expected finish") == [instant_text(tracking.forecast_finish, zone)]
    assert page.facts("Complete") == [f"50{NBSP}%"]
    assert page.facts("Work packages done") == ["6 of 15"]
    assert page.facts("Budget at completion") == ["30,000 EUR"]
    assert page.facts("Cost variance") == [f"{MINUS}750 EUR"]
    assert page.facts("Cost performance index") == [f"{tracking.evm.cpi:.2f}"]
    assert page.facts("Earned schedule") == [f"{tracking.earned_schedule.es:.1f} weeks"]
    assert page.facts("Finish with 80 % certainty") == [instant_text(material["risk"].date(0.8), zone)]
    (chance,) = page.facts("Probability to meet the deadline")
    assert chance == f"{100 * material['risk'].probability(plan.deadline).value:.0f}{NBSP}%"
    assert page.facts("Next hand-over") == ["to-test"]


def test_tables_have_words_first_and_numbers_after(material: Any, pages: Any, parse: Any) -> None:
    page = parse(pages["whole"])
    late = page.rows("What should have begun")
    assert late[0] == ["Work", "State", "Start", "Finish", "Done", "Planned by now", "Hours late"]
    assert late[1][:2] == ["4.2 Write the manual", "late"]
    accounts = page.rows("Each account with what was planned, earned and spent, in EUR")
    assert accounts[1] == ["account analyse", "analyse", "adaeze", "5,400", "5,400", "5,400", "5,600", "5,600", "0.96"]
    assert accounts[4][-1] == "not known"
    over = page.rows("What is handed over")
    assert over[1][:4] == ["Gate scope", "yes", "16 Sep 2026, 10:40", "build"]
    assert over[2][:4] == ["Hand-over to-test", "no", "6 Oct 2026, 10:40", "Testers"]
    assert page.rows("What each hand-over or gate waits for")[1][0] == "Hand-over to-test"
    metrics = page.rows("Targets and what was measured")[1:]
    assert metrics == [
        ["solved", "yes", "30", "31", "1"],
        ["defects", "no", "5", "7", "2"],
        ["cases", "not known yet", "40", "not known", "not known"],
    ]
    critical = page.rows("How often work is critical")[1:]
    assert {row[0] for row in critical} >= {"Gate scope", "Talk to customers"}
    assert all(row[1].endswith("%") for row in critical)
    requests = page.rows("Lines of the request")
    assert requests[1][1] == "nobody could stand in for this person"
    assert requests[1][5] == "chidi, level 4"
    flags = {row[0] for row in page.rows("Flags and what they mean")[1:]}
    assert "out_of_sequence:cases" in flags


def test_in_short_there_are_the_end_what_is_late_and_what_is_asked(pages: Any, parse: Any) -> None:
    page = parse(pages["whole"])
    short = [one.text for one in page.inside(page.all("section")[1], "li")]
    assert len(short) == 3
    assert short[0].endswith(f"; the deadline is 30 Oct 2026, 17:00; 50{NBSP}% is complete.")
    assert short[1:] == ["1 work package is late.", "HR is asked for nobody."]


def test_a_project_that_has_not_begun_has_little_and_says_so(pages: Any, parse: Any) -> None:
    page = parse(pages["bare"])
    assert "No work is late." in page.words
    assert page.facts("Deadline") == ["none"]
    assert page.facts("Late by") == ["none"]
    assert page.facts("Schedule performance index") == ["not known", "not known"]
    assert "; the deadline is" not in page.words
    assert page.facts("Costs are in") == []
    assert "HR is asked" not in page.words


def test_what_is_late_and_asked_for_is_counted() -> None:
    team = Team(people=[Person(id="ann")], skills=SkillMatrix(["ann"], ["sql"], [[float("nan")]]))
    report = bare_report(
        deadline=START + timedelta(hours=9),
        as_of=START + timedelta(days=2),
        team=team,
        needs=[Need(skills={"sql": 2})],
    )
    text = reports.management_report_markdown(report)
    assert "- 1 work package is late.\n- HR is asked for 1 person." in text
    assert "| ann, not assessed | 1 | 8 |" in text
    assert "- Late by: 2.0 days" in text
    requests = report.section("requests")
    records: Any = [{**record, "best": None} for record in requests.records]
    sections: Any = [evolve(requests, records=records)]
    nobody = evolve(report, sections=sections)
    assert "| \N{EN DASH} | 1 | 8 |" in reports.management_report_markdown(nobody)


def test_a_section_that_is_not_ours_is_written_as_it_is(pages: Any, parse: Any) -> None:
    page = parse(pages["own"])
    assert page.rows("<b>Own</b>") == [["who", "how many"], ["*Ann*", "2.50"]]


def test_texts_of_users_stay_texts(pages: Any, parse: Any) -> None:
    assert "<script" not in pages["bare"]
    assert parse(pages["own"]).all("b") == []
    package = WorkPackage(id="x", name=SCRIPT, estimate=Estimate.fixed(1))
    plan = Plan(wbs=Wbs(root=Group(id="# *s*", children=[package])), start=START)
    status = Status(as_of=START + timedelta(days=3), progress=[Progress(package="x", percent=5, actual_start=START)])
    report = wbs.management_report(plan, wbs.track(plan, wbs.schedule(plan), status))
    text = reports.management_report_markdown(report)
    assert "<" not in text
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    told = "".join(part.content for token in tokens for part in token.children or [])
    assert SCRIPT in told
    assert "# *s*" in told


def test_markdown_says_the_same(material: Any, pages: Any, parse: Any) -> None:
    text = reports.management_report_markdown(material["whole"], title="Board", notice="Draft")
    assert text.startswith("# Board\n\n**Notice.** Draft\n\nReport to management. As of 2 Oct 2026, 17:00.")
    page = parse(pages["whole"])
    for heading in page.all("h2")[1:]:
        assert f"## {heading.text}\n" in text
    assert "- Budget at completion: 30,000 EUR" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_the_same_report_gives_the_same_bytes(material: Any, pages: Any) -> None:
    assert reports.management_report(material["whole"], notice="Draft") == pages["whole"]
    assert json.dumps(material["whole"].to_dict(), allow_nan=False)


def test_anything_else_is_refused() -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match=r"^report: expected ManagementReport, got int$"):
        reports.management_report(wrong)
    with pytest.raises(TypeError, match=r"^report: expected ManagementReport, got int$"):
        reports.management_report_markdown(wrong)
    naive = evolve(bare_report(), as_of=datetime(2026, 1, 5))
    with pytest.raises(ValueError, match=r"^as_of: expected an aware datetime$"):
        reports.management_report(naive)
