"""Every page in a real browser: axe finds nothing to complain of, nothing is fetched, it prints, and Tab goes through."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit import escalation, frameworks, org, reports, samples, vitals, wbs
from leadkit.assessment import Comment, DisclosurePolicy, disclose, feedback, reliability, score
from leadkit.escalation import ServiceStandard, evaluate_pilot
from leadkit.escalation.event_log.resolution_times import resolution_times
from leadkit.interchange import html_form
from leadkit.skills import plan_training
from leadkit.ved import read_messages, style
from leadkit.ved import score as score_ved

NOTICE = "Synthetic & made up"


@cache
def plan_results() -> dict[str, Any]:
    plan, status = samples.plan(), samples.status()
    assignment = wbs.assign(plan, schedules=20)
    tracking = wbs.track(plan, assignment, status)
    readiness = [wbs.readiness(plan, own, status, documents={"brief": "approved"}) for own in ("scope", "to-desk")]
    metrics = wbs.evaluate_metrics(plan, {"solved": 31, "defects": 7})
    return {
        "schedule": wbs.schedule(plan),
        "assignment": assignment,
        "risk": wbs.simulate(plan, n=500),
        "gap": wbs.staffing_gap(plan),
        "request": wbs.resource_request(plan, assignment=assignment),
        "tracking": tracking,
        "readiness": readiness,
        "metrics": metrics,
        "success": wbs.success(plan, tracking, metrics=metrics, readiness=readiness),
    }


@cache
def answers() -> dict[str, Any]:
    responses = samples.answers("ved", n=24, rng=1)
    table = reliability(responses)
    scored = score_ved(responses, reliability=table)
    known = dict.fromkeys(vitals.LETTERS, 0.8)
    first = vitals.profile(
        samples.vitals_assessments(rng=1)[0], reliability=known, sd=dict.fromkeys(vitals.LETTERS, 14.0)
    )
    return {"responses": responses, "scores": score(responses), "table": table, "ved": scored, "vitals": first}


def individual_page() -> str:
    made = answers()
    scores, scored = made["scores"], made["ved"]
    first = scores.respondent_ids[0]
    return reports.individual(
        scores, first, reliability=None, vitals=made["vitals"], ved=scored, style=style(scored), notice=NOTICE
    )


def team_page(*, individuals: bool) -> str:
    made = answers()
    shown = made["responses"][:3] if individuals else made["responses"]
    scored = score_ved(shown)
    return reports.team(
        score(shown),
        reliability=made["table"],
        responses=None if individuals else shown,
        by="team",
        vitals=[made["vitals"]] if individuals else (),
        ved=scored,
        style=style(scored),
        messages=read_messages(samples.messages(rng=1), n_resamples=50, rng=1),
        individuals=individuals,
        notice=NOTICE,
    )


def feedback_page() -> str:
    ratings = samples.ratings("ved", n_leaders=2, rng=1)
    written = zip(ratings.ratee_ids, ratings.rater_ids, ratings.roles, strict=True)
    comments = [Comment(ratee_id=one, rater_id=by, role=role, text="Listens\nwell") for one, by, role in written]
    return reports.feedback(disclose(feedback(ratings, comments=comments), DisclosurePolicy()), notice=NOTICE)


def pyramid_page() -> str:
    firm = samples.organisation(n_teams=18, team_size=6, rng=5)
    pyramid = org.build_pyramid(firm)
    pulse = samples.pulse(firm, rng=5)
    means = pulse.by_person()
    ranks = np.argsort(np.random.default_rng(3).random((firm.n, 4)), axis=1) + 1.0
    leaders = firm.reports_of(firm.root_ids[0])
    return reports.pyramid(
        pyramid,
        structure=org.measure_structure(firm),
        obligations=org.obligations(pyramid),
        roll_up=org.roll_up(firm, means, column_names=["engagement"]),
        thread=org.trace_thread(pyramid, means, threshold=3.2).disclosed(min_n=5),
        levels=org.view_levels(pyramid, means, by="tier").disclosed(min_n=5),
        alignment=org.measure_alignment(firm, ranks).disclosed(min_n=5),
        diagnosis=org.diagnose(pyramid, pulse.person_ids, pulse.values, target=3.5, n_boot=60).disclosed(min_n=5),
        agents=org.measure_change_agents(pyramid, means, threshold=3.2).disclosed(min_n=5),
        influence=org.measure_influence(
            firm, org.Nominations.from_columns(firm, *samples.advice(firm, rng=5)), pyramid=pyramid
        ),
        succession=(
            org.bus_factor(firm, {"refunds": leaders[:1], "audit": []}),
            org.succession_cover(firm, {leaders[0]: [(leaders[1], "now")]}),
        ),
        individuals=True,
        notice=NOTICE,
    )


def plan_page() -> str:
    return reports.plan(samples.plan(), **plan_results(), seed=7, notice=NOTICE)


def management_page() -> str:
    made = plan_results()
    given = {name: made[name] for name in ("readiness", "metrics", "risk", "request")}
    return reports.management_report(wbs.management_report(samples.plan(), made["tracking"], **given), notice=NOTICE)


def escalation_page() -> str:
    desk, log = samples.escalation_matrix(), samples.tickets()
    outcomes = escalation.pilot_outcomes(log, stratum="channel")
    evaluation = evaluate_pilot(outcomes, targets={"network": 0.85, "accounts": 0.9})
    needs = evaluation.training_needs(desk, target_level="L2")
    catalogue = samples.development_actions()
    measures = {"first_response": timedelta(hours=1), "resolution": timedelta(hours=24), "backlog": 5}
    facts: dict[str, Any] = {"critical_point": "here", "target_share": 0.9, "unit": "hours", "owner": "ann"}
    standards = [ServiceStandard(id=name, measure=name, threshold=at, **facts) for name, at in measures.items()]
    months = escalation.periods(date(2026, 9, 1), date(2026, 11, 1), zone="Europe/Berlin")
    return reports.escalation(
        desk,
        evaluation=evaluation,
        needs=needs,
        training=plan_training(needs, catalogue, max_cost=600),
        catalogue=catalogue,
        metrics=escalation.metrics(log),
        survival=resolution_times(log, by="domain"),
        standards=escalation.check_standards(log, standards, now=datetime(2026, 11, 2, tzinfo=UTC)),
        member=escalation.member_report(
            log, "boris", periods=months, outcomes=outcomes, catalogue=catalogue, skills=desk
        ),
        notice=NOTICE,
    )


def form_page() -> str:
    return html_form.write_form(frameworks.load("ved"), groups=["team"])


def full_page() -> str:
    # Every kind of block of the page has to be there, folded people too, and no more of each than that: axe takes long.
    made = answers()
    pyramid = org.build_pyramid(samples.organisation(n_teams=2, team_size=5, rng=5))
    shown = disclose(feedback(samples.ratings("ved", n_leaders=9, rng=1)), DisclosurePolicy())
    return reports.full(
        team={"scores": made["scores"][:9], "vitals": [made["vitals"]]},
        feedback={"disclosed": shown},
        pyramid={"pyramid": pyramid, "individuals": False},
        plan={"plan": samples.plan()},
        escalation={"matrix": samples.escalation_matrix()},
        notice=NOTICE,
    )


PAGES: dict[str, Callable[[], str]] = {
    "individual": cache(individual_page),
    "team": cache(lambda: team_page(individuals=False)),
    "team_with_people": cache(lambda: team_page(individuals=True)),
    "feedback": cache(feedback_page),
    "pyramid": cache(pyramid_page),
    "plan": cache(plan_page),
    "management": cache(management_page),
    "escalation": cache(escalation_page),
    "form": cache(form_page),
    "full": cache(full_page),
}


WIDTHS = {"desktop": (1200, 900, False), "phone": (390, 844, True)}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """
axe.run(document, {runOnly: {type: "tag", values: %s}, rules: {"color-contrast": {enabled: %s}}, resultTypes: ["violations", "incomplete"]}).then((found) => {
  const told = (rules) => rules.map((rule) => [rule.id, rule.nodes.map((node) => node.target.join(" "))]);
  return {violations: told(found.violations), incomplete: told(found.incomplete), n: found.passes.length};
})
"""
# Words in a table that scrolls sideways lie under its edge, and axe then does not say which colour is behind them.
STYLE = "document.head.append(Object.assign(document.createElement('style'), {textContent: %s}))"
UNROLL = STYLE % json.dumps(".scroll { overflow: visible; background: none; }")
# Rows of a table are alike, and the time that axe takes for colours grows with the square of what there is.
FEW_ROWS = STYLE % json.dumps("tbody tr:nth-child(n + 3), li:nth-child(n + 5), .person ~ .person { display: none; }")
BAD = """<!DOCTYPE html><html><head><title></title></head><body><h3 style="color:#aaa">Grey</h3><img src="data:,">
<table><tr><th></th></tr><tr><td>1</td></tr></table><input><a href="#x"></a><div role="buton"></div></body></html>"""
OUT = """
[...document.body.querySelectorAll("*")].filter((one) => !one.closest(".scroll, .unseen, .skip, thead")
  && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((one) => one.outerHTML.slice(0, 90))
"""
FOCUS = """
(() => {
  const one = document.activeElement, look = getComputedStyle(one);
  return [one.tagName, one.getAttribute("href") || one.id || one.getAttribute("aria-label") || one.textContent.trim(),
    look.outlineStyle, parseFloat(look.outlineWidth), look.outlineColor, one.matches(":focus-visible"), one.type || ""];
})()
"""
STOPS = """
[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((one) =>
  one.checkVisibility() && !one.disabled && (one.type !== "radio" || one === document.getElementsByName(one.name)[0])).length
"""


@pytest.fixture(scope="module")
def axe() -> str:
    package = pytest.importorskip("axe_core_python", reason="axe is not installed")
    return Path(package.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=sorted(PAGES))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def page(name: str) -> str:
    return PAGES[name]()


def looked_at(tab: Any, axe: str, *, colours: bool = True) -> dict[str, Any]:
    """Let axe look at the page that is open."""
    tab.ask(f"{axe};0")
    found: dict[str, Any] = tab.ask(RUN % (json.dumps(TAGS), json.dumps(colours)))
    return found


@pytest.mark.parametrize("size", WIDTHS)
def test_axe_finds_nothing_and_nothing_is_fetched(tab: Any, axe: str, name: str, page: str, size: str) -> None:
    width, height, mobile = WIDTHS[size]
    tab.window(width, height, mobile=mobile)
    tab.open(page)
    assert tab.asked
    assert tab.outside == []
    tab.ask(UNROLL)
    # Colours are the same at every width; the phone has every row and every other rule.
    if size == "desktop":
        tab.ask(FEW_ROWS)
    found = looked_at(tab, axe, colours=size == "desktop")
    assert found["violations"] == []
    assert found["n"] > 20
    # What axe leaves to people: words in a drawing, whose colours are those of test_colours, single letters, and the
    # heading of a group of rows, which has no cells of its own.
    left = [(rule, place) for rule, places in found["incomplete"] for place in places]
    assert [one for one in left if one[0] not in {"color-contrast", "th-has-data-cells"}] == []


def test_axe_and_the_watch_over_requests_can_find_something(tab: Any, axe: str) -> None:
    tab.window(1200, 900)
    tab.open(BAD)
    found = {rule for rule, _ in looked_at(tab, axe)["violations"]}
    assert found >= {
        "color-contrast",
        "document-title",
        "html-has-lang",
        "image-alt",
        "label",
        "link-name",
        "aria-roles",
    }
    tab.open("<!DOCTYPE html><html lang=en><title>x</title><link rel=stylesheet href='https://example.com/a.css'>")
    assert tab.outside == ["https://example.com/a.css"]


def test_a_form_that_is_half_answered_stays_accessible(tab: Any, axe: str) -> None:
    for width, height, mobile in WIDTHS.values():
        tab.window(width, height, mobile=mobile)
        tab.open(PAGES["form"]())
        tab.ask("localStorage.clear()")
        tab.ask("document.querySelectorAll('.item').forEach((one, k) => k % 2 || one.querySelector('input').click())")
        tab.ask("document.getElementById('t-0').value = 'ann'; document.getElementById('save').click()")
        assert tab.ask("document.querySelectorAll('.item.wrong').length") > 5
        assert looked_at(tab, axe)["violations"] == []
        tab.ask("document.getElementById('t-0').value = ''; document.getElementById('save').click()")
        assert tab.ask("document.getElementById('t-0').getAttribute('aria-invalid')") == "true"
        assert looked_at(tab, axe)["violations"] == []
        tab.ask("localStorage.clear()")


def test_a_dark_page_is_given_where_there_is_one_and_words_keep_their_contrast(tab: Any, axe: str, page: str) -> None:
    tab.window(1200, 900)
    tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    try:
        tab.open(page)
        behind, ink = tab.ask(
            "[document.documentElement, document.querySelector('h1')].map((one, k) =>"
            "getComputedStyle(one)[k ? 'color' : 'backgroundColor'])"
        )
        if "prefers-color-scheme: dark" in page:
            assert behind == "rgb(21, 25, 29)"
            assert looked_at(tab, axe)["violations"] == []
        else:
            assert (behind, ink) == ("rgb(255, 255, 255)", "rgb(27, 31, 36)")
            assert tab.ask("document.querySelector('meta[name=color-scheme]').content") == "light"
    finally:
        tab.call("Emulation.setEmulatedMedia", features=[])


def test_nothing_needs_sideways_scrolling_when_small_enlarged_or_spaced(tab: Any, page: str) -> None:
    tab.open(page)

    def runs_off(width: int) -> list[str]:
        tab.window(width, 800)
        over = tab.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [*([f"{over} pixels at {width}"] if over > 0 else []), *tab.ask(OUT)]

    # A window of 1280 pixels at 400 % is one of 320 (WCAG 2.2, 1.4.10), and at 200 % one of 640.
    assert runs_off(320) == []
    assert runs_off(640) == []
    # Spaces between letters, words and lines that a reader may set (1.4.12)
    spaces = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    tab.ask(STYLE % json.dumps(spaces))
    assert runs_off(390) == []
    # Larger letters in the same window (1.4.4)
    tab.ask("document.documentElement.style.fontSize = '200%'")
    assert runs_off(1280) == []


def test_the_page_says_its_language_and_its_title(tab: Any, page: str) -> None:
    tab.open(page)
    assert tab.ask("document.documentElement.lang") == "en"
    assert tab.ask("document.title") == tab.ask("document.querySelector('h1').innerText")
    assert tab.ask("document.querySelectorAll('h1, main').length") == 2


def test_tab_goes_through_the_page_in_order_and_shows_where_it_is(tab: Any, page: str) -> None:
    tab.window(1200, 900)
    tab.open(page)
    stops = tab.ask(STOPS)
    seen = []
    last = None
    for _ in range(min(stops, 40)):
        tab.press("Tab")
        tag, name, style, width, colour, is_shown, kind = tab.ask(FOCUS)
        assert is_shown, name
        assert style in {"solid", "auto"}, name
        assert width >= 2 or style == "auto", name
        assert colour == "rgb(11, 92, 143)" or style == "auto", name
        place = tab.ask("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        assert last is None or place > last, name
        last = place
        seen.append((tag, name, kind))
    assert seen[0][:2] in {("A", "#content"), ("A", "#questions")}
    assert len(seen) == min(stops, 40) > 4


def test_links_in_the_page_lead_somewhere_and_the_first_to_the_content(tab: Any, page: str) -> None:
    tab.open(page)
    assert (
        tab.ask(
            "[...document.querySelectorAll('a[href^=\"#\"]')].filter((one) => one.hash.length > 1"
            " && !document.getElementById(decodeURIComponent(one.hash.slice(1)))).map((one) => one.hash)"
        )
        == []
    )
    tab.press("Tab")
    tab.ask("document.activeElement.click()")
    assert tab.ask("document.activeElement.id") in {"content", "questions"}


@pytest.mark.parametrize(
    ("which", "fewest", "most"),
    [
        ("individual", 2, 5),
        ("team", 2, 7),
        ("team_with_people", 5, 12),
        ("feedback", 3, 8),
        ("pyramid", 12, 26),
        ("plan", 8, 18),
        ("management", 1, 5),
        ("escalation", 6, 14),
        ("form", 1, 5),
        ("full", 20, 60),
    ],
)
def test_it_prints_on_a_sensible_number_of_sheets(tab: Any, which: str, fewest: int, most: int) -> None:
    tab.open(PAGES[which]())
    # A4; what cannot break would be cut, and what is wider than the sheet would make the printer shrink the page
    paper = base64.b64decode(
        tab.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=False)["data"]
    )
    assert fewest <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= most


def test_nothing_moves(page: str) -> None:
    assert re.search(r"@keyframes|animation:|transition:|<marquee|<blink|autoplay", page) is None
