"""A report on an escalation matrix: what was found, gaps, the pilot without ranks, training, metrics, standards."""

from __future__ import annotations

import builtins
import inspect
import re
import runpy
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from leadkit import __version__, escalation, reports, samples
from leadkit.escalation import (
    Domain,
    LevelRule,
    Metric,
    PilotOutcomes,
    ServiceStandard,
    build_matrix,
    evaluate_pilot,
    kaplan_meier,
)
from leadkit.escalation.event_log.resolution_times import resolution_times
from leadkit.escalation.matrix import Matrix
from leadkit.skills import DevelopmentAction, Skill, SkillMatrix, TrainingNeed, plan_training

NBSP = "\N{NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
SCRIPT = "<script>alert('x')</script>"
NASTY = '"Ann" & *Bo* | $1_0$ <b>'
NOW = datetime(2026, 11, 2, tzinfo=UTC)
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


def standard(own: str, measure: str, threshold: Any, share: float = 0.9) -> ServiceStandard:
    return ServiceStandard(
        id=own,
        critical_point="here",
        measure=measure,
        threshold=threshold,
        target_share=share,
        unit="hours",
        owner="ann",
    )


@pytest.fixture(scope="module")
def desk() -> Matrix:
    return samples.escalation_matrix()


@pytest.fixture(scope="module")
def found(desk: Matrix) -> dict[str, Any]:
    """Work out everything about the sample, once for the module."""
    log = samples.tickets()
    outcomes = escalation.pilot_outcomes(log, stratum="channel")
    evaluation = evaluate_pilot(outcomes, targets={"network": 0.85, "accounts": 0.9})
    needs = evaluation.training_needs(desk, target_level="L2")
    catalogue = samples.development_actions()
    standards = [
        standard("reply", "first_response", timedelta(hours=1)),
        standard("solve", "resolution", timedelta(hours=24)),
        standard("first", "first_line_resolution", 0.7),
        standard("left", "backlog", 5),
    ]
    months = escalation.periods(date(2026, 9, 1), date(2026, 11, 1), zone="Europe/Berlin")
    return {
        "evaluation": evaluation,
        "needs": needs,
        "training": plan_training(needs, catalogue, max_cost=600),
        "catalogue": catalogue,
        "metrics": escalation.metrics(log),
        "survival": resolution_times(log, by="domain"),
        "standards": escalation.check_standards(log, standards, now=NOW),
        "member": escalation.member_report(
            log, "boris", periods=months, outcomes=outcomes, catalogue=catalogue, skills=desk
        ),
    }


def hard_matrix() -> Matrix:
    """Build a matrix whose names try to become markup, with every kind of gap."""
    team = SkillMatrix(
        [SCRIPT, NASTY, "c|c", "d"],
        ["`s`", "<i>t</i>"],
        [[3, np.nan], [1, 0], [1, 0], [0, 0]],
        catalogue=[Skill("`s`", "# [x](y)"), Skill("<i>t</i>", "")],
    )
    levels = [
        LevelRule(id="L|1", rank=1, threshold=1, min_people=3, name=NASTY),
        LevelRule(id="<b>2</b>", rank=2, threshold=3),
        LevelRule(id="L3", rank=3, threshold=4),
    ]
    domains = [Domain(id="<u>", skills={"`s`": 0}, name=SCRIPT), Domain(id="*t*", skills={"<i>t</i>": 0}, name="")]
    return build_matrix(team, levels, domains=domains, owners={"<u>": ("boss & <b>", "chief")})


def hard_results(matrix: Matrix) -> dict[str, Any]:
    """Work out everything about names that try to become markup."""
    people, n = matrix.people, len(matrix.people)
    outcomes = PilotOutcomes(
        person=people * 2,
        domain=["<u>"] * n + ["*t*"] * n,
        success=[40, 40, 9, 40, 5, 5, 5, 5],
        count=[45] * 4 + [6] * 4,
    )
    needs = [
        TrainingNeed(SCRIPT, "<i>t</i>", np.nan, 3, reason="a|b <b>"),
        TrainingNeed("d", "`s`", 0, 1),
        TrainingNeed(NASTY, "`s`", 1, 4),
    ]
    catalogue = [
        DevelopmentAction(id="a<1>", name=NASTY, kind="coaching", skill="<i>t</i>", reaches=2, hours=3),
        DevelopmentAction(id="a2", name="last step", kind="training", skill="`s`", requires=3, reaches=4),
    ]
    metrics = [
        Metric(id="x<y>_share", group=(SCRIPT, None), value=0.5, unit="share", definition="<b> of *all*"),
        Metric(id="time", value=float("nan"), unit="hours", definition="hours", flags=("empty", "made_up: <x>")),
    ]
    return {
        "evaluation": evaluate_pilot(outcomes, targets={"*t*": 0.9}),
        "needs": needs,
        "training": plan_training(needs, catalogue),
        "catalogue": catalogue,
        "metrics": metrics,
        "survival": {SCRIPT: kaplan_meier([1, 2], [1, 0]), "*b*": kaplan_meier([], [])},
    }


@pytest.fixture(scope="module")
def pages(desk: Matrix, found: dict[str, Any]) -> dict[str, str]:
    hard = hard_matrix()
    alone = build_matrix(SkillMatrix([], ["s"], np.empty((0, 1))), [LevelRule(id="L1", rank=1, threshold=1)])
    return {
        "everything": reports.escalation(desk, **found, notice="Synthetic & made up"),
        "bare": reports.escalation(desk, picture=False),
        "hard": reports.escalation(hard, **hard_results(hard)),
        "no_pictures": reports.escalation(desk, **found, picture=False),
        "nobody": reports.escalation(alone, evaluation=evaluate_pilot(PilotOutcomes(person=[], domain=[], success=[]))),
    }


@pytest.fixture(scope="module", params=["everything", "bare", "hard", "no_pictures", "nobody"])
def page(request: pytest.FixtureRequest, pages: dict[str, str], parse: Callable[[str], Any]) -> Any:
    return parse(pages[request.param])


def column(page: Any, caption: str, name: str) -> list[str]:
    head, *rows = page.rows(caption)
    return [row[head.index(name)] for row in rows]


class TestPage:
    @pytest.mark.parametrize("name", sorted(OF_EVERY_PAGE))
    def test_it_keeps_what_every_page_keeps(self, name: str, page: Any) -> None:
        OF_EVERY_PAGE[name](page)

    def test_there_are_such_checks(self) -> None:
        assert len(OF_EVERY_PAGE) >= 11

    def test_it_says_what_it_is_and_is_not(self, page: Any) -> None:
        assert "They do not measure what a person is worth." in page.words
        assert "Nothing here is a rank." in page.words
        assert "It ranks nobody" in page.words
        assert page.one("footer").text.strip().endswith("A person decides.")

    def test_a_section_is_there_when_its_result_is(self, desk: Matrix, found: Any, parse: Any) -> None:
        always = {"reading", "short", "found", "matrix", "notes"}
        sections = {
            "evaluation": "pilot",
            "needs": "training",
            "training": "training",
            "metrics": "metrics",
            "survival": "time",
            "standards": "standards",
            "member": "member",
        }
        for name, anchor in sections.items():
            page = parse(reports.escalation(desk, **{name: found[name]}, picture=False))
            there = {one.attributes["aria-labelledby"] for one in page.all("section")}
            assert there - {"doubts"} == {*always, anchor}, name
            assert ("doubts" in there) == (name in {"metrics", "standards", "member"}), name
            assert f"## {page.one('h2', id=anchor).text}\n" in reports.escalation_markdown(desk, **{name: found[name]})
        bare = parse(reports.escalation(desk, catalogue=found["catalogue"], picture=False))
        assert {one.attributes["aria-labelledby"] for one in bare.all("section")} == always

    def test_title_and_notice_stand_above(self, desk: Matrix, pages: Any, parse: Any) -> None:
        page = parse(reports.escalation(desk, title="Desk <2>", notice="Draft", picture=False))
        assert page.one("h1").text == "Desk <2>"
        assert "Draft" in page.one("p", role="note").text
        assert parse(pages["bare"]).one("h1").text == "Escalation matrix"
        text = reports.escalation_markdown(desk, title="Desk <2>", notice="Draft *1*")
        assert text.startswith("# Desk &lt;2&gt;\n\n**Notice.** Draft \\*1\\*\n")

    def test_progress_is_told_after_every_section(self, desk: Matrix) -> None:
        told: list[tuple[int, int]] = []
        reports.escalation(desk, picture=False, progress=lambda done, total: told.append((done, total)))
        assert told == [(1, 2), (2, 2)]

    def test_the_same_results_give_the_same_bytes(self, desk: Matrix, found: Any, pages: Any) -> None:
        assert reports.escalation(desk, **found, picture=False) == pages["no_pictures"]
        first, second = (reports.escalation(desk, survival=found["survival"]) for _ in range(2))
        assert first.count("<img") == 2
        assert first == second

    def test_the_order_of_people_changes_nothing(self, desk: Matrix, found: Any, pages: Any) -> None:
        turned = build_matrix(
            desk.skills.select(desk.people[::-1], desk.skills.skills[::-1]),
            desk.levels[::-1],
            domains=desk.domains[::-1],
            owners=desk.owners,
        )
        assert reports.escalation(turned, **found, picture=False) == pages["no_pictures"]

    def test_names_cannot_become_markup(self, pages: dict[str, str], parse: Any) -> None:
        text = pages["hard"]
        page = parse(text)
        assert "<script" not in text
        assert page.all("b") == page.all("i") == page.all("u") == []
        body = page.one("body").text
        for name in (SCRIPT, NASTY, "c|c", "# [x](y)", "<i>t</i>", "<b>2</b>", "boss & <b>", "*t*", "*b*"):
            assert name in body, name

    def test_it_ends_with_where_it_comes_from(self, pages: Any, desk: Matrix, parse: Any) -> None:
        page = parse(pages["everything"])
        (digest,) = page.facts("Matrix (SHA-256 of all its fields)")
        assert re.fullmatch("[0-9a-f]{64}", digest)
        assert parse(pages["bare"]).facts("Matrix (SHA-256 of all its fields)") == [digest]
        moved = evolve(desk, owners={})
        assert parse(reports.escalation(moved)).facts("Matrix (SHA-256 of all its fields)") != [digest]
        assert page.facts("Placement") == ["highest"]
        assert page.facts("Cases and kinds of cases of the pilot") == ["600 and 15"]
        assert page.facts("Least gap that matters") == ["0.05"]
        assert page.facts("Standards looked at") == ["2 Nov 2026, 00:00 UTC"]
        assert page.facts("Made with") == [f"leadkit {__version__}"]
        for source in ("hypergeometric", "Benjamini", "beta-binomial", "integer program", "Wilson", "Kaplan"):
            assert source in page.words, source
        assert "hypergeometric" not in parse(pages["bare"]).words


class TestRefusals:
    @pytest.mark.parametrize("name", ["evaluation", "training", "standards", "member", "survival"])
    def test_another_class_is_refused_by_its_name(self, name: str, desk: Matrix) -> None:
        wrong: Any
        for wrong in (3, "text", np.ones(2)):
            with pytest.raises(TypeError, match=f"^{name}: expected .*, got {type(wrong).__name__}$"):
                reports.escalation(desk, **{name: wrong})
        for wrong in (None, desk.skills):
            with pytest.raises(TypeError, match=f"^matrix: expected Matrix, got {type(wrong).__name__}$"):
                reports.escalation_markdown(wrong)

    def test_members_of_another_class_are_refused(self, desk: Matrix, found: Any) -> None:
        wrong: Any
        for name, wrong in (("needs", found["metrics"]), ("metrics", found["needs"]), ("catalogue", found["needs"])):
            with pytest.raises(TypeError, match=f"^{name}: expected .*, got {type(wrong[0]).__name__}$"):
                reports.escalation(desk, **{name: wrong})
        with pytest.raises(TypeError, match=r"^survival: expected Survival, got int$"):
            reports.escalation(desk, survival={"a": 3})  # type: ignore[dict-item]
        with pytest.raises(TypeError, match=r"^survival: name of a curve: expected str, got int$"):
            reports.escalation(desk, survival={3: found["survival"]["billing"]})  # type: ignore[dict-item]

    def test_one_thing_needs_no_list_and_none_is_nothing(self, desk: Matrix, found: Any) -> None:
        for name, more in (("needs", found["needs"]), ("metrics", found["metrics"])):
            given: list[dict[str, Any]] = [{name: more[0]}, {name: [more[0]]}, {name: None}, {}]
            one, several, none, nothing = (reports.escalation_markdown(desk, **own) for own in given)
            assert one == several
            assert none == nothing

    @pytest.mark.parametrize("name", ["evaluation", "needs", "training", "member"])
    def test_results_about_others_are_refused(self, name: str, found: Any) -> None:
        other = build_matrix(SkillMatrix(["x"], ["s"], [[1]]), [LevelRule(id="L1", rank=1, threshold=1)])
        with pytest.raises(ValueError, match=f"^{name}: is about nobody whom the matrix knows$"):
            reports.escalation(other, **{name: found[name]})


class TestFound:
    def test_it_comes_first_and_says_everything_in_sentences(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        assert [one.attributes["aria-labelledby"] for one in page.all("section")][:4] == [
            "reading",
            "short",
            "found",
            "matrix",
        ]
        (section,) = [one for one in page.all("section") if one.attributes["aria-labelledby"] == "found"]
        assert [one.text for one in page.inside(section, "h3")] == [
            "In the matrix",
            "In the pilot",
            "In the training plan",
            "In the standards",
        ]
        told = [one.text for one in page.inside(section, "li")]
        assert told[:3] == [
            "Network L3: nobody qualifies; nearest: fatima, goran, hana.",
            "Delivery L3: nobody qualifies as far as is assessed; not assessed: hana.",
            "Accounts L3: one person alone, hana; nearest: fatima, goran, amara.",
        ]
        assert (
            f"Network: the team succeeds in 67.5{NBSP}% of 120 cases, the target is 85.0{NBSP}%: train the team."
            in told
        )
        expected = f"where 67.5{NBSP}% of the same cases were expected: train."
        assert f"boris, Network: 4 of 24 cases succeeded, {expected}" in told
        assert any(text.startswith("18 cells of 25: too few cases to tell") for text in told)
        assert any(text.endswith("stays open, as budget, hours or seats leave no room.") for text in told)
        kept = f"solve (resolution): missed, kept in 504 of 600 cases, asked for is 90.0{NBSP}%."
        assert told[-1] == kept

    def test_a_weak_cell_without_a_need_is_to_be_assessed_again(self, desk: Matrix, found: Any) -> None:
        text = reports.escalation_markdown(desk, evaluation=found["evaluation"], needs=found["needs"][:1])
        boris, emeka = (line for line in text.splitlines() if line.endswith((": train.", "again.")))
        assert boris.startswith("- boris")
        assert boris.endswith(": train.")
        assert emeka.endswith("train. No training need names this: if they hold the level on paper, assess them again.")
        assert "assess them again" not in reports.escalation_markdown(desk, evaluation=found["evaluation"])

    def test_coaching_and_a_single_number_missed_are_told(self, desk: Matrix, found: Any) -> None:
        people = ["amara", "boris", "chen", "dilnoza"]
        outcomes = PilotOutcomes(
            person=people * 5,
            domain=[own for own in desk.domain_ids for _ in people],
            success=[17, 13, 17, 17] * 5,
            count=[20] * 20,
        )
        evaluation = evaluate_pilot(outcomes)
        assert [row.verdict for row in evaluation.people] == ["fine", "coach", "fine", "fine"]
        missed = evolve(found["standards"], rows=[evolve(found["standards"].rows[1], kept=False)])
        text = reports.escalation_markdown(desk, evaluation=evaluation, standards=missed)
        assert "- boris: 65 of 100 cases succeeded, where 80.0" in text
        assert "of the same cases were expected, in no single domain: coach." in text
        assert "no cell to train" in text
        assert "1 person to coach" in text
        assert "- left (backlog): missed, at 0.00." in text

    def test_where_nothing_is_found_it_says_so(self) -> None:
        team = SkillMatrix(["a", "b"], ["s"], [[1], [1]])
        fine = build_matrix(team, [LevelRule(id="L1", rank=1, threshold=1, min_people=2)])
        text = reports.escalation_markdown(fine)
        assert "Nothing was found that has to be closed." in text
        assert "None of the 1 cell of the matrix has a gap." in text

    def test_many_findings_are_cut_and_say_so(self) -> None:
        names = [f"s{k:02}" for k in range(50)]
        large = build_matrix(SkillMatrix(["a"], names, np.zeros((1, 50))), [LevelRule(id="L1", rank=1, threshold=1)])
        page = reports.escalation(large)
        assert "… and more; the section below holds all of it." in page
        assert "The picture is left out: the matrix has too many domains for one." in page
        assert "left out" not in reports.escalation(large, picture=False)


class TestMatrix:
    def test_cells_name_their_people(self, pages: Any, desk: Matrix, parse: Any) -> None:
        head, *rows = parse(pages["everything"]).rows("People of each domain and level")
        assert head == ["Domain", "L1 (First line)", "L2 (Specialists)", "L3 (Experts)"]
        for domain, row in zip(desk.domains, rows, strict=True):
            assert row[0] == domain.name
            assert row[1:] == [", ".join(desk.at(domain.id, level)) or "nobody" for level in desk.level_ids]

    def test_gaps_say_what_is_missing_and_who_is_nearest(self, pages: Any, parse: Any) -> None:
        rows = parse(pages["everything"]).rows("Gaps of the matrix")[1:]
        assert rows[2][:2] == ["Delivery", "L3 (Experts)"]
        assert rows[2][2:] == [
            "nobody qualifies as far as is assessed",
            "dilnoza (1), fatima (1), amara (2) and 4 more",
            "hana",
            "0",
            "1",
        ]
        kinds = {row[2] for row in parse(pages["hard"]).rows("Gaps of the matrix")[1:]}
        assert kinds == {
            "too few people",
            "one person alone",
            "nobody qualifies",
            "nobody qualifies as far as is assessed",
        }

    def test_the_chain_of_authority_is_there_where_there_is_one(self, pages: Any, desk: Matrix, parse: Any) -> None:
        rows = parse(pages["everything"]).rows("Whom to ask for authority")
        assert rows[1] == ["Accounts", "head_of_desk, then head_of_service"]
        assert "Who decides" not in reports.escalation_markdown(evolve(desk, owners={}))

    def test_how_people_are_placed_is_told(self, desk: Matrix) -> None:
        assert "Everybody stands in the highest level" in reports.escalation_markdown(desk)
        assert "Everybody stands in every level" in reports.escalation_markdown(evolve(desk, placement="all"))


class TestPilot:
    def test_cells_are_told_with_what_the_same_cases_let_expect(self, pages: Any, found: Any, parse: Any) -> None:
        page, evaluation = parse(pages["everything"]), found["evaluation"]
        rows = {tuple(row[:2]): row[2:] for row in page.rows("Person and domain in numbers")[1:]}
        assert len(rows) == len(evaluation.cells)
        assert rows["boris", "Network"] == [
            "train",
            "24",
            "24",
            "4",
            f"16.7{NBSP}%",
            f"67.5{NBSP}%",
            "\N{MINUS SIGN}50.9",
            "under 0.001",
        ]
        bars = page.rows("Adjusted rate of each person in each domain")[1:]
        line = next(row for row in bars if row[0].startswith("boris") and row[0].endswith("Network"))
        assert line[1] == f"30.5{NBSP}% 16 to 47{NBSP}%; train"

    def test_nobody_is_ranked(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        for caption in ("Adjusted rate of each", "Person and domain in numbers", "Each person over", "Cases so far"):
            names = [row[0] for row in page.rows(caption)[1:]]
            assert names == sorted(names), caption
        assert not re.search(
            r"\b(worst|ranks|ranked|ranking|league|top|bottom|better than)\b", page.words.replace("ranks nobody", "")
        )

    def test_observe_more_says_how_many_cases_it_takes(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        assert "Observe more is no finding about the person." in page.words
        assert f"a true gap of that size would be found with a probability of 80{NBSP}%" in page.words
        rows = page.rows("Cases so far and cases needed")[1:]
        wanted = [row for row in found["evaluation"].cells if row.verdict == "observe_more"]
        assert [(row[0], int(row[2]), int(row[3]), int(row[4])) for row in rows] == [
            (row.person, row.n, row.n_needed, row.n_needed - row.n) for row in wanted
        ]

    def test_domains_are_held_against_their_targets(self, pages: Any, parse: Any) -> None:
        rows = {row[0]: row[1:] for row in parse(pages["everything"]).rows("Each domain over all people")[1:]}
        assert rows["Network"] == [
            "train the team",
            "120",
            f"67.5{NBSP}%",
            f"58.3 to 75.8{NBSP}%",
            f"85.0{NBSP}%",
        ]
        assert rows["Accounts"][0] == "not shown to be below"
        assert rows["Billing"][0] == "no target"
        assert rows["Billing"][-1] == "none"

    def test_times_and_ratings_have_intervals_and_no_verdict(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        rows = page.rows("Time and customer rating by person and domain")
        assert rows[1] == ["amara", "Accounts", "4.3 hours", "2.8 hours to 9.9 hours", "15", "4.27", "3.82 to 4.71"]
        assert page.rows("Time and customer rating by domain")[1][0] == "Accounts"
        assert parse(pages["hard"]).rows("Time and customer rating") == []

    def test_one_measure_alone_leaves_the_other_not_known(self, desk: Matrix) -> None:
        columns: dict[str, Any] = {"person": ["amara", "boris"], "domain": ["billing"] * 2, "success": [1, 0]}
        times = reports.escalation_markdown(desk, evaluation=evaluate_pilot(PilotOutcomes(**columns, seconds=[60, 90])))
        assert f"| amara | Billing | 1 minute | {DASH} | {DASH} | {DASH} | {DASH} |" in times
        rated = reports.escalation_markdown(desk, evaluation=evaluate_pilot(PilotOutcomes(**columns, csat=[4, 5])))
        assert f"| amara | Billing | {DASH} | {DASH} | 1 | 4.00 | {DASH} |" in rated

    def test_where_nobody_else_had_such_cases_more_do_not_help(self, desk: Matrix) -> None:
        outcomes = PilotOutcomes(person=["amara", "boris"], domain=["billing", "devices"], success=[1, 1])
        text = reports.escalation_markdown(desk, evaluation=evaluate_pilot(outcomes))
        assert "nobody else had such cases" in text
        assert "let others take some of them" in text
        assert "no_comparison" in text.replace("\\", "")

    def test_a_gap_that_there_cannot_be_has_no_number_of_cases(self, desk: Matrix) -> None:
        outcomes = PilotOutcomes(person=["amara", "boris"], domain=["billing"] * 2, success=[0, 0], count=[5, 5])
        assert [row.n_needed for row in evaluate_pilot(outcomes).cells] == [None, None]
        text = reports.escalation_markdown(desk, evaluation=evaluate_pilot(outcomes))
        assert f"| amara | Billing | 5 | {DASH} | {DASH} |" in text

    def test_an_empty_pilot_says_so(self, pages: Any, parse: Any) -> None:
        assert "The pilot has no cases." in parse(pages["nobody"]).words

    def test_people_whom_the_matrix_does_not_know_keep_their_ids(self, desk: Matrix) -> None:
        outcomes = PilotOutcomes(person=["amara", "zoe"], domain=["billing", "faxes"], success=[1, 1])
        assert "| zoe | faxes | observe more |" in reports.escalation_markdown(
            desk, evaluation=evaluate_pilot(outcomes)
        )

    def test_a_long_list_of_cells_is_cut(self, desk: Matrix) -> None:
        n = 210
        people = ["amara", *(f"p{k:03}" for k in range(n - 1))]
        evaluation = evaluate_pilot(PilotOutcomes(person=people, domain=["billing"] * n, success=[1] * n))
        text = reports.escalation(desk, evaluation=evaluation, picture=False)
        assert "… and 10 more." in text
        assert "… and 10 more cells." in text


class TestTraining:
    def test_needs_and_steps_have_their_names(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        assert page.rows("Training needs")[1:] == [
            ["boris", "network", "network L2: pilot", "2", "3"],
            ["emeka", "billing", "billing L2: pilot", "2", "3"],
        ]
        assert len(page.rows("Who does what")) == 2
        assert column(page, "Who does what", "Action")[0].endswith(": a specialist beside you")
        assert column(page, "Who does what", "Cost") == ["480"]
        assert page.facts("cost of the plan") == ["480"]
        assert len(page.rows("Needs that stay open")) == 2

    def test_levels_not_assessed_are_no_zero_and_reasons_are_told(self, pages: Any, parse: Any) -> None:
        page = parse(pages["hard"])
        needs = {row[0]: row[1:] for row in page.rows("Training needs")[1:]}
        assert needs[SCRIPT] == ["<i>t</i>", "a|b <b>", "not assessed", "3"]
        assert needs["d"][:2] == ["# [x](y)", "no reason given"]
        why = set(column(page, "Needs that stay open", "Why"))
        assert why == {
            "nothing in the catalogue goes further",
            "what would help asks for a level that cannot be reached",
        }
        assert "assumed_level_zero" in column(page, "Flags of the results", "Flag")

    def test_without_a_catalogue_actions_have_their_ids(self, desk: Matrix, found: Any) -> None:
        text = reports.escalation_markdown(desk, training=found["training"])
        assert "\\_coach | coaching |" in text
        assert "The plan has 1 action and 12 hours, and 1 need stays open." in text
        assert "2 people have 2 training needs." in reports.escalation_markdown(desk, needs=found["needs"])
        nothing = reports.escalation_markdown(desk, training=plan_training([], found["catalogue"]))
        assert "nothing can be closed" in nothing
        assert "no need stays open" in nothing


class TestWork:
    def test_every_metric_has_its_definition(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        rows = {row[0]: row[1:] for row in page.rows("Metrics of the log")[1:]}
        assert rows["First line share"] == [
            f"75.8{NBSP}%",
            f"72.3 to 79.1{NBSP}%",
            "455 of 600",
            "0",
            "0",
        ]
        assert rows["Time to resolve, median"][0] == "5.9 hours"
        assert rows["Group changes per ticket"][:2] == ["0.28 per ticket", "0.23 to 0.32"]
        assert rows["First contact resolution"][0] == "not known"
        assert rows["Calls addressed"] == ["3,620", "none", "all", "0", "0"]
        for metric in found["metrics"]:
            definition = f"{metric.definition[:1].upper()}{metric.definition[1:]}."
            assert definition in unescape(pages["everything"]).replace("&#39;", "'"), metric.id
        doubts = {row[0]: row[1] for row in page.rows("Flags of the results")[1:]}
        assert doubts["needs"] == "first_contact_resolution: reopen_window"

    def test_groups_of_metrics_are_named(self, desk: Matrix) -> None:
        metrics = escalation.metrics(samples.tickets(50), ["backlog"], by=["channel"])
        text = reports.escalation_markdown(desk, metrics=metrics)
        assert "| Metric | Group | Value |" in text
        assert "| Backlog | chat | " in text
        assert text.count("- Backlog: Tickets open at now") == 1

    def test_unknown_flags_stand_for_themselves(self, pages: Any, parse: Any) -> None:
        rows = {row[0]: row[1:] for row in parse(pages["hard"]).rows("Flags of the results")[1:]}
        assert rows["made_up"] == ["time: <x>", "Made_up."]
        assert rows["domain_uncovered"][0] == "*t*"
        assert rows["empty"][0] == "*b*, time"

    def test_times_are_told_group_by_group(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        assert page.rows("Time until resolved")[1] == ["accounts", "120", "0", "4.4 hours", "16 hours"]
        assert "600 tickets, all of them resolved: half within 4.4 hours to 7.9 hours and 90" in page.words
        hard = parse(pages["hard"])
        assert hard.rows("Time until resolved")[1:] == [
            [SCRIPT, "2", "1", "1.0 hours", "not reached"],
            ["*b*", "0", "0", "not reached", "not reached"],
        ]
        assert "half not reached yet in every group and 90" in hard.words

    def test_one_curve_has_one_answer(self, desk: Matrix) -> None:
        text = reports.escalation_markdown(desk, survival=kaplan_meier([0.5, 2, 30], [1, 1, 0]))
        assert "3 tickets, 1 of them not resolved yet: half within 2.0 hours and 90" in text
        assert "% not reached yet." in text
        assert "| all tickets | 3 | 1 | 2.0 hours |" in text
        assert "0 tickets, all of them resolved." in reports.escalation_markdown(desk, survival=kaplan_meier([], []))

    def test_too_many_curves_are_a_table_only(self, desk: Matrix, parse: Any) -> None:
        curves = {f"g{k}": kaplan_meier([1, 2], [1, 1]) for k in range(9)}
        page = parse(reports.escalation(desk, survival=curves))
        assert len(page.all("img")) == 1
        assert "so many curves could not be told apart" in page.words
        assert len(page.rows("Time until resolved")) == 10
        assert "told apart" not in reports.escalation(desk, survival=curves, picture=False)
        short = parse(reports.escalation(desk, survival={"g": curves["g0"]}))
        assert len(short.all("img")) == 2

    def test_standards_are_kept_or_not_or_not_known(self, pages: Any, desk: Matrix, found: Any, parse: Any) -> None:
        rows = {row[0]: row[1:] for row in parse(pages["everything"]).rows("Standards")[1:]}
        assert rows["solve"][:5] == ["Resolution", "no", f"84.0{NBSP}%", f"90.0{NBSP}%", "504 of 600"]
        assert rows["left"][:5] == ["Backlog", "yes", "0.00", "its threshold", "a single number"]
        assert "1 of 4 standards is missed: solve." in parse(pages["everything"]).words
        rows_of = found["standards"].rows
        unknown = evolve(found["standards"], rows=[evolve(rows_of[2], kept=None, n=0, met=0, share=float("nan"))])
        text = reports.escalation_markdown(desk, standards=unknown)
        assert "None of 1 standard is missed; not known yet: reply." in text
        assert "| reply | First response | not known |" in text
        both = evolve(found["standards"], rows=[evolve(row, kept=False) for row in rows_of])
        assert "4 of 4 standards are missed: first, left, reply, solve." in reports.escalation_markdown(
            desk, standards=both
        )


class TestMember:
    def test_own_work_stands_beside_all_others_together(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        head, *rows = page.rows("Own work by period")
        assert head[4] == "Others together"
        assert len(rows) == len(found["member"].rows)
        assert rows[2] == ["2026-09", "Calls addressed", "55", "none", "39.6", "not compared", "55"]
        assert rows[-1][:2] == ["the pilot", "Pilot success"]
        changes = {tuple(row[:2]): row[5] for row in rows}
        assert changes["2026-10", "Time to resolve, median"] == "+1.7 hours"
        assert changes["2026-10", "Customer rating, mean"].startswith("\N{MINUS SIGN}0.0")
        assert changes["2026-10", "First line resolution"] == "0.0 points"
        others = set(samples.escalation_matrix().people) - {"boris"}
        (section,) = [one for one in page.all("section") if one.attributes["aria-labelledby"] == "member"]
        assert not [name for name in others if name in section.text]

    def test_growth_comes_with_offers(self, pages: Any, parse: Any) -> None:
        rows = parse(pages["everything"]).rows("Areas and offers")[1:]
        assert rows[0][0] == "Network"
        assert rows[0][1].startswith("4 of 24 cases succeeded")
        assert "Network: course (16 hours)" in rows[0][2]

    def test_without_growth_there_is_none(self, desk: Matrix, found: Any) -> None:
        text = reports.escalation_markdown(desk, member=evolve(found["member"], growth=()))
        assert "Where to grow" not in text
        assert "The report of boris covers 2 periods." in text
        overall = evolve(found["member"].growth[0], domain=None, actions=())
        assert "| all domains | 4 of 24" in reports.escalation_markdown(
            desk, member=evolve(found["member"], growth=[overall])
        )


class TestPictures:
    def test_pictures_are_drawn_with_words(self, pages: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        alts = [one.attributes["alt"] for one in page.all("img")]
        assert [alt.partition(":")[0].partition(" over")[0] for alt in alts] == [
            "The escalation matrix",
            "The share of tickets not resolved yet",
        ]
        assert len(page.all("figcaption")) == 2
        assert parse(pages["no_pictures"]).all("img") == []

    def test_without_pictures_every_table_stays(self, pages: Any, parse: Any) -> None:
        captions = [[one.text for one in parse(pages[name]).all("caption")] for name in ("everything", "no_pictures")]
        assert captions[0] == captions[1]

    def test_without_matplotlib_the_page_has_no_pictures(
        self, desk: Matrix, monkeypatch: pytest.MonkeyPatch, parse: Any
    ) -> None:
        real = builtins.__import__

        def without(name: str, *rest: Any, **more: Any) -> Any:
            if name.startswith("matplotlib"):
                raise ImportError(name)
            return real(name, *rest, **more)

        monkeypatch.setattr(builtins, "__import__", without)
        assert parse(reports.escalation(desk)).all("img") == []

    def test_without_jinja2_markdown_is_still_written(self, desk: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        with pytest.raises(ImportError, match=r"pip install 'leadkit\[reports\]'"):
            reports.escalation(desk, picture=False)
        assert reports.escalation_markdown(desk).startswith("# Escalation matrix\n")


EMPTY = {"none", "not known", "not assessed", "not compared", "not reached", "nobody", DASH}


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
    def test_it_has_every_row_of_the_page(self, desk: Matrix, found: Any, pages: Any, parse: Any) -> None:
        text = reports.escalation_markdown(desk, **found)
        rows = [plain(row) for row in rows_of(text)]
        page = parse(pages["no_pictures"])
        wanted = [row for table in page.all("table") for row in page.rows(page.inside(table, "caption")[0].text)]
        assert len(wanted) > 150
        for row in wanted:
            assert plain(row) in rows
        for heading in page.all("h2")[1:]:
            assert f"## {heading.text}\n" in text

    def test_texts_of_users_stay_texts(self) -> None:
        matrix = hard_matrix()
        text = reports.escalation_markdown(matrix, **hard_results(matrix))
        assert "<" not in text
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        kinds = {part.type for token in tokens for part in token.children or []}
        assert kinds <= {"text", "text_special", "strong_open", "strong_close"}
        told = unescape("".join(part.content for token in tokens for part in token.children or []))
        assert SCRIPT in told
        assert NASTY in told
        assert not [token for token in tokens if token.type in {"fence", "code_block", "html_block"}]
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
        for name in ("everything", "hard")
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
    assert len(measured) == 4
    for (client, scroll, outside, broken, _), width in zip(measured, widths * 2, strict=True):
        assert client <= width
        assert scroll <= client
        assert (outside, broken) == (0, 0)
    # The check above would pass on an empty page, so the wide tables have to be there and to scroll on the phone.
    assert measured[0][4] > 8
    assert measured[1][4] < measured[0][4]
