"""One report through all domains: chapters that say what each report says, one page that holds together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from inspect import signature
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
from attrs import evolve

from leadkit import assessment, escalation, org, reports, samples, wbs
from leadkit.assessment import Responses, Scores, reliability, score
from leadkit.errors import DisclosureError, UnknownIdError
from leadkit.reports import full, full_markdown

CHAPTERS = ("team", "feedback", "pyramid", "plan", "escalation")
NAMES = ("VITALS and V.E.D.", "360° feedback", "The inverted pyramid", "The plan", "Escalation matrix")
SHARED = {"notice", "picture", "progress"}
ARGUMENTS = {
    "team": reports.TeamArguments,
    "feedback": reports.FeedbackArguments,
    "pyramid": reports.PyramidArguments,
    "plan": reports.PlanArguments,
    "escalation": reports.EscalationArguments,
}
NASTY = '<script>alert(1)</script> & "*x*" | `y` # {{ z }}'


@pytest.fixture(scope="module")
def raw() -> assessment.Feedback:
    return assessment.feedback(samples.ratings("ved", n_leaders=4, rng=2026))


@pytest.fixture(scope="module")
def given(material: Any, raw: assessment.Feedback) -> dict[str, Any]:
    """Give every chapter what it needs, and its results."""
    firm = org.build_pyramid(samples.organisation(n_teams=8, rng=1))
    pulse = samples.pulse(firm.organisation, rng=1)
    levels = org.diagnose(firm, pulse.person_ids, pulse.values, n_boot=50, rng=1)
    portal, matrix, log = samples.plan(), samples.escalation_matrix(), samples.tickets()
    assigned = wbs.assign(portal, schedules=2)
    return {
        "team": {"scores": material.scores, **material.everything},
        "feedback": {"disclosed": assessment.disclose(raw, assessment.DisclosurePolicy())},
        "pyramid": {
            "pyramid": firm,
            "structure": org.measure_structure(firm.organisation),
            "diagnosis": levels.disclosed(min_n=5),
        },
        "plan": {"plan": portal, "assignment": assigned, "risk": wbs.simulate(portal, n=100, rng=1)},
        "escalation": {
            "matrix": matrix,
            "evaluation": escalation.evaluate_pilot(escalation.pilot_outcomes(log, stratum="channel")),
            "metrics": escalation.metrics(log),
        },
    }


@pytest.fixture(scope="module")
def whole(given: dict[str, Any]) -> str:
    return full(**given, notice="Synthetic & made up", picture=False)


@pytest.fixture(scope="module")
def hard_chapters(hard: Responses) -> dict[str, Any]:
    """Give two chapters full of nasty texts."""
    scores = score(hard)
    return {
        "team": {"scores": scores, "responses": hard, "reliability": reliability(hard), "title": NASTY},
        "plan": {"plan": samples.plan(), "title": NASTY},
    }


@pytest.fixture(scope="module", params=[*CHAPTERS, "all", "hard"])
def page(
    request: pytest.FixtureRequest,
    given: dict[str, Any],
    whole: str,
    hard_chapters: dict[str, Any],
    parse: Callable[[str], Any],
) -> Any:
    """Parse every chapter alone, all of them, and what is hard to escape."""
    if request.param == "all":
        return parse(whole)
    if request.param == "hard":
        return parse(full(**hard_chapters, title=NASTY, notice=NASTY, picture=False))
    return parse(full(**{request.param: given[request.param]}, picture=False))


def headings(page: Any) -> list[tuple[int, str]]:
    found = [one for one in page.elements if re.fullmatch("h[1-6]", one.tag)]
    return [(int(one.tag[1]), " ".join(one.text.split())) for one in found]


class TestThePage:
    def test_it_is_well_formed(self, page: Any) -> None:
        assert page.doctype == "DOCTYPE html"
        assert page.faults == []
        assert page.one("html").attributes["lang"] == "en"

    def test_ids_are_unique_and_every_link_finds_one(self, page: Any) -> None:
        ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
        assert len(set(ids)) == len(ids)
        links = [one.attributes["href"] for one in page.all("a")]
        assert {link[0] for link in links} == {"#"}
        assert {link[1:] for link in links} <= set(ids)
        labels = {name for one in page.elements for name in (one.attributes.get("aria-labelledby") or "").split()}
        assert labels <= set(ids)

    def test_headings_are_in_order_under_one_first(self, page: Any) -> None:
        levels = [level for level, _ in headings(page)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert all(text for _, text in headings(page))

    def test_every_section_of_a_chapter_is_in_the_contents(self, page: Any) -> None:
        listed = {one.attributes["href"][1:] for one in page.inside(page.one("nav"), "a")}
        sections = {one.attributes["aria-labelledby"].split()[-1] for one in page.all("section")}
        assert sections - {"short"} == listed

    def test_nothing_is_fetched_and_no_script_runs(self, page: Any) -> None:
        assert not {"script", "link", "iframe", "object", "embed", "form"} & {one.tag for one in page.elements}
        for one in page.elements:
            for name, value in one.attributes.items():
                assert not name.startswith("on")
                if name in {"src", "href"}:
                    assert value.startswith(("#", "data:image/svg+xml;base64,"))
        assert not re.search(r"url\(|@import|@font-face", page.one("style").text)

    def test_what_chapters_come_down_to_stands_first_and_links_to_them(self, page: Any) -> None:
        (summary,) = [one for one in page.all("section") if one.attributes["aria-labelledby"] == "short"]
        cards = [one for one in page.inside(summary, "div") if one.attributes.get("class") == "card"]
        chapters = [one.attributes["aria-labelledby"] for one in page.all("section", class_="chapter")]
        assert [page.inside(card, "a")[0].attributes["href"] for card in cards] == [f"#{own}" for own in chapters]
        assert all(1 <= len(page.inside(card, "li")) <= 6 for card in cards)
        assert page.elements.index(summary) < page.elements.index(page.one("nav"))

    def test_methods_and_origin_of_every_chapter_stand_at_the_end(self, page: Any) -> None:
        chapters = [one.attributes["aria-labelledby"] for one in page.all("section", class_="chapter")]
        notes = [one.attributes.get("id") for one in page.inside(page.all("section")[-1], "h2", "h3")]
        assert notes == ["notes", *(f"{own}-notes" for own in chapters)]
        assert len(page.facts("Made with")) == len(chapters)


class TestChapters:
    def test_all_five_stand_in_their_order(self, whole: str, parse: Callable[[str], Any]) -> None:
        page = parse(whole)
        chapters = page.all("section", class_="chapter")
        assert tuple(one.attributes["aria-labelledby"] for one in chapters) == CHAPTERS
        names = [one.text for one in page.all("span", class_="name")]
        assert tuple(names) == NAMES
        assert page.one("p", class_="notice").text == "Notice. Synthetic & made up"

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_a_chapter_says_what_its_report_says(
        self, name: str, given: dict[str, Any], whole: str, parse: Callable[[str], Any]
    ) -> None:
        alone = parse(getattr(reports, name)(**given[name], picture=False))
        page = parse(whole)
        (chapter,) = [one for one in page.all("section", class_="chapter") if one.attributes["aria-labelledby"] == name]

        def cells(source: Any, parent: Any) -> list[str]:
            return [" ".join(one.text.split()) for one in source.inside(parent, "td", "th", "dd")]

        said = [one for one in alone.all("section") if one.attributes["aria-labelledby"] not in {"reading", "notes"}]
        assert [cell for section in said for cell in cells(alone, section)] == cells(page, chapter)
        told = [(level, text) for level, text in headings(alone) if level > 1]
        within = [" ".join(one.text.split()) for one in page.inside(chapter, "h3", "h4", "h5", "h6")]
        assert within == [text for _, text in told if text not in {"Before you read on", "Notes on method and origin"}]

    def test_titles_and_names(self, given: dict[str, Any], material: Any, parse: Callable[[str], Any]) -> None:
        feedback = {**given["feedback"], "title": "Round one"}
        page = parse(full(team={"scores": material.scores}, feedback=cast("Any", feedback), title="All", picture=False))
        assert page.one("h1").text == "All"
        assert [text for level, text in headings(page) if level == 2] == [
            "In short",
            "Contents",
            "The team V.E.D. leadership check",
            "360° feedback Round one",
            "Notes on method and origin",
        ]

    def test_a_title_that_says_what_the_name_says_is_left_out(self, given: dict[str, Any]) -> None:
        text = full(pyramid=given["pyramid"], picture=False)
        assert '<h2 id="pyramid"><span class="name">The inverted pyramid</span></h2>' in text

    def test_many_people_and_long_tables_are_folded_and_few_people_are_open(
        self, whole: str, parse: Callable[[str], Any]
    ) -> None:
        page = parse(whole)
        folded = page.all("details", class_="person")
        few = [one for one in folded if "open" in one.attributes]
        assert len(few) == 4
        assert len(folded) > 12
        assert page.all("details", class_="fold")
        tables = [one for one in page.all("table") if len(page.inside(one, "tr")) > 22]
        assert tables
        style = page.one("style").text
        assert ":is(.person, .fold)::details-content { content-visibility: visible" in style

    def test_the_contents_are_folded_on_a_phone(self, whole: str, parse: Callable[[str], Any]) -> None:
        page = parse(whole)
        (folding,) = page.inside(page.one("nav"), "details")
        assert "open" not in folding.attributes
        assert "@supports selector(::details-content)" in page.one("style").text

    def test_texts_of_an_instrument_keep_their_language(self) -> None:
        german = samples.answers("ved", n=8, rng=1)
        text = full(team={"scores": score(german)}, picture=False)
        assert '<html lang="en">' in text
        assert '<span lang="' not in text


class TestInShort:
    def test_a_team_is_told_with_its_doubts(self, whole: str, parse: Callable[[str], Any]) -> None:
        told = parse(whole).words.split("Contents")[0]
        assert "respondents have a score on every dimension" in told
        assert re.search(r"The lowest mean is on \w+, .* \(95\s% interval .* the highest on ", told)
        assert "Expected number of people in each quadrant, of " in told
        assert re.search(r"The least reliable of 7 scales is \w+, alpha 0\.\d\d \(95\s% interval ", told)
        assert re.search(r"\d messages agree with alpha", told)
        assert "3 VITALS self-assessments stand person by person" in told

    def test_the_interval_of_a_mean_is_students(self, material: Any) -> None:
        from scipy.stats import t

        text = full(team={"scores": material.scores}, picture=False)
        values = material.scores.values[:, :7]
        low = int(np.argmin(np.nanmean(values, axis=0)))
        column = values[~np.isnan(values[:, low]), low]
        ends = t.interval(0.95, len(column) - 1, loc=column.mean(), scale=column.std(ddof=1) / np.sqrt(len(column)))
        assert f"interval {ends[0]:.2f} to {ends[1]:.2f})" in text

    def test_one_dimension_and_no_answers_are_told_as_they_are(self, material: Any) -> None:
        one = material.scores[:1]
        assert "The lowest mean" not in full(team={"scores": one}, picture=False)

    def test_a_scale_of_too_few_people_is_not_named(self, hard: Responses) -> None:
        values = np.array(hard.values)
        values[3:, :5] = np.nan
        few = score(Responses(hard.instrument, values, hard.respondent_ids))
        first = few.instrument.dimensions[0]
        text = full_markdown(team={"scores": few, "individuals": False})
        summary = text.split("## In short")[1].split("\n## ")[0]
        assert str(getattr(first.name, "text", first.id)).capitalize() not in summary
        assert "The lowest mean is on" in summary

    def test_feedback_counts_what_is_hidden_and_names_nobody(
        self, given: dict[str, Any], raw: assessment.Feedback
    ) -> None:
        disclosed = given["feedback"]["disclosed"]
        hidden = int(np.isnan(disclosed.mean).sum())
        summary = full_markdown(feedback=given["feedback"]).split("## In short")[1].split("\n## ")[0]
        assert hidden > 0
        assert f"4 people are rated, from 5 roles; {hidden} of {disclosed.mean.size} means are not shown" in summary
        assert "A gap counts above 33" in summary
        assert not any(name in summary for name in raw.ratee_ids)

    def test_blind_spots_and_agreement_are_told_where_there_are_any(self) -> None:
        ratings = samples.ratings("ved", n_leaders=14, rng=5)
        raw = assessment.feedback(ratings, gap_rule=assessment.GapRule.points(0.2))
        disclosed = assessment.disclose(raw, assessment.DisclosurePolicy())
        summary = full_markdown(feedback={"disclosed": disclosed}).split("## In short")[1].split("\n## ")[0]
        counts = (disclosed.gap_category == "blind_spot").sum(axis=0)
        assert "Blind spots are most frequent on " in summary
        assert f": {counts.max()} of 14 people" in summary
        assert "A gap counts above 0.2 points of the answers" in summary
        assert "Agreement of the raters of a role" in summary

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            (assessment.GapRule.points(1), "above 1 point of the answers"),
            (assessment.GapRule.standard_error(2), "above 2 standard errors of the mean of others"),
        ],
    )
    def test_the_rule_of_a_gap_is_told_in_words(self, rule: Any, words: str) -> None:
        raw = assessment.feedback(samples.ratings("ved", n_leaders=1, rng=1), gap_rule=rule)
        assert words in full_markdown(feedback={"disclosed": assessment.disclose(raw, assessment.DisclosurePolicy())})

    def test_a_diagnosis_comes_with_how_sure_it_is(self, given: dict[str, Any]) -> None:
        found = given["pyramid"]["diagnosis"]
        summary = full_markdown(pyramid=given["pyramid"]).split("## In short")[1].split("\n## ")[0]
        assert found.first
        assert re.search(r"- Begin with .*\. \d+\s%( of the differences lie at this level) \(95", summary)

    def test_weak_scales_are_told_as_too_uncertain(self) -> None:
        answers = samples.answers("ved", n=24, rng=2026)
        table = reliability(answers)
        weak = int((table.alpha < 0.7).sum())
        text = full_markdown(team={"scores": score(answers), "reliability": table})
        assert weak > 0
        assert f"; {weak} of 7 are below 0.7, too uncertain to build on the score of a single person." in text

    def test_one_dimension_alone_is_told_with_its_interval(self, material: Any) -> None:
        answers = material.responses
        first = answers.instrument.dimensions[0]
        columns = [answers.instrument.item_ids.index(item.id) for item in first.items]
        instrument = evolve(answers.instrument, dimensions=(first,), composites=())
        one = Responses(instrument, answers.values[:, columns], answers.respondent_ids)
        summary = full_markdown(team={"scores": score(one), "reliability": reliability(one)}).split("\n## ")[1]
        assert re.search(r"- Mean of Vision: \d\.\d\d of 1.5 \(95\s% interval \d\.\d\d to \d\.\d\d\)\.", summary)
        assert re.search(r"- The reliability of Vision is alpha 0\.\d\d \(95\s% interval ", summary)

    def test_without_any_difference_there_is_no_lowest_and_no_reliability(self, material: Any) -> None:
        answers = material.responses
        same = Responses(answers.instrument, np.full(answers.values.shape, 3.0), answers.respondent_ids)
        summary = full_markdown(team={"scores": score(same), "reliability": reliability(same)}).split("\n## ")[1]
        assert "lowest mean" not in summary
        assert "reliab" not in summary

    def test_a_diagnosis_without_an_answer_or_intervals_says_no_more(self, given: dict[str, Any]) -> None:
        found = given["pyramid"]["diagnosis"]
        gone = {name: evolve(span, low=np.nan, high=np.nan) for name, span in found.intervals.items()}
        for less in (evolve(found, first=None), evolve(found, intervals=gone)):
            text = full_markdown(pyramid=cast("Any", {**given["pyramid"], "diagnosis": less}))
            assert "of the differences lie at this level" not in text


class TestProtection:
    def test_nobody_is_named_where_individuals_are_not_shown(self, given: dict[str, Any], material: Any) -> None:
        team = {name: value for name, value in given["team"].items() if name != "vitals"}
        chapters = {"team": {**team, "individuals": False}, "pyramid": {**given["pyramid"], "individuals": False}}
        for text in (full(**cast("Any", chapters)), full_markdown(**cast("Any", chapters))):
            own = text.split('id="pyramid"')[0].split("## The inverted pyramid")[0]
            assert not any(name in own for name in material.scores.respondent_ids)

    def test_hidden_cells_are_hidden(self, given: dict[str, Any], parse: Callable[[str], Any]) -> None:
        disclosed = given["feedback"]["disclosed"]
        page = parse(full(feedback=given["feedback"], picture=False))
        means = [one for one in page.all("table") if page.inside(one, "caption")[0].text.startswith("Mean of each dim")]
        cells = [one.text for table in means for one in page.inside(table, "td")]
        assert sum("not shown" in cell for cell in cells) == np.isnan(disclosed.mean).sum()

    def test_raw_feedback_is_refused_wherever_it_comes(self, raw: assessment.Feedback) -> None:
        cases: list[dict[str, Any]] = [
            {"feedback": {"disclosed": raw}},
            {"feedback": raw},
            {"team": {"scores": raw}},
        ]
        for write in (full, full_markdown):
            for case in cases:
                with pytest.raises(TypeError, match=r"^(feedback|team): .*disclose"):
                    cast("Any", write)(**case)

    def test_what_single_raters_said_is_refused(self, material: Any) -> None:
        from leadkit import ved

        single = ved.score(samples.ratings(rng=1), sem=6.0)
        with pytest.raises(DisclosureError, match=r"^team: .*what a single rater said"):
            full(team={"scores": material.scores, "ved": single})


class TestArguments:
    @pytest.mark.parametrize("name", CHAPTERS)
    def test_the_typed_arguments_are_those_of_the_report(self, name: str) -> None:
        wanted = set(signature(getattr(reports, name)).parameters) - SHARED
        assert set(ARGUMENTS[name].__annotations__) == wanted

    def test_everything_wrong_is_told_at_once(self, material: Any) -> None:
        wrong: dict[str, Any] = {
            "team": {"score": material.scores, "notice": "x"},
            "feedback": 7,
            "plan": {"plan": samples.plan(), "progress": None, 3: 4},
            "escalation": {},
        }
        for write in (full, full_markdown):
            with pytest.raises(TypeError) as caught:
                cast("Any", write)(**wrong)
            lines = str(caught.value).splitlines()
            assert lines[0] == "7 faults"
            told = "\n".join(lines)
            assert (
                "team: unknown argument 'score' (did you mean 'scores'?); allowed: scores, reliability, bands" in told
            )
            assert "team: 'notice' is an argument of the whole report" in told
            assert "team: 'scores' is missing" in told
            assert "feedback: expected a mapping with the arguments of reports.feedback, got int" in told
            assert "plan: 'progress' is an argument of the whole report" in told
            assert "plan: unknown argument 3; allowed: plan, schedule" in told
            assert "escalation: 'matrix' is missing" in told

    def test_a_single_fault_is_one_line(self) -> None:
        with pytest.raises(TypeError, match=r"^plan: 'plan' is missing$"):
            full(plan=cast("Any", {}))

    def test_nothing_at_all_is_refused(self) -> None:
        for write in (full, full_markdown):
            with pytest.raises(ValueError, match="at least one chapter, of team, feedback, pyramid, plan, escalation"):
                write()

    def test_an_error_of_a_chapter_says_in_which(self, given: dict[str, Any], material: Any) -> None:
        with pytest.raises(UnknownIdError, match=r"^team: unknown group variable 'tem'"):
            full(team={"scores": material.scores, "by": "tem"})
        with pytest.raises(TypeError, match=r"^plan: plan: expected Plan, got str"):
            full(plan={"plan": cast("Any", "x")})
        with pytest.raises(TypeError, match=r"^team: scores: expected Scores, got NoneType"):
            full(team={"scores": cast("Any", None)})
        with pytest.raises(TypeError, match=r"^pyramid: diagnosis: "):
            full(pyramid=cast("Any", {**given["pyramid"], "diagnosis": 3}))
        with pytest.raises(TypeError, match=r"^escalation: matrix: "):
            full(escalation={"matrix": cast("Any", None)})
        with pytest.raises(ValueError, match=r"^team: min_group: "):
            full(team={"scores": material.scores, "min_group": 0})

    def test_what_is_given_stays_as_it_is(self, given: dict[str, Any]) -> None:
        before = {name: dict(arguments) for name, arguments in given.items()}
        full_markdown(**given)
        assert {name: list(arguments) for name, arguments in given.items()} == {
            name: list(arguments) for name, arguments in before.items()
        }

    def test_readings_may_come_from_an_iterator(self, material: Any) -> None:
        scores: Scores = material.scores
        text = full(team={"scores": scores, "vitals": iter(material.profiles)}, picture=False)
        assert "3 VITALS self-assessments" in text

    def test_any_mapping_will_do(self, given: dict[str, Any]) -> None:
        class Few(Mapping[str, Any]):
            def __getitem__(self, key: str) -> Any:
                return given["plan"][key]

            def __iter__(self) -> Any:
                return iter(["plan"])

            def __len__(self) -> int:
                return 1

        assert "Self-service portal" in full(plan=cast("Any", Few()), picture=False)


class TestLongWork:
    def test_progress_comes_in_hundredths_of_a_chapter_and_ends(self, given: dict[str, Any]) -> None:
        told: list[tuple[int, int]] = []
        full(**given, picture=False, progress=lambda done, total: told.append((done, total)))
        done = [one for one, _ in told]
        assert {total for _, total in told} == {500}
        assert done == sorted(done)
        assert {100, 200, 300, 400, 500} <= set(done)
        assert len(done) > 30
        assert done.count(500) == 1

    def test_the_same_input_gives_the_same_bytes(self, given: dict[str, Any], whole: str) -> None:
        assert full(**given, notice="Synthetic & made up", picture=False) == whole

    def test_pictures_are_drawn_where_they_are_wanted(self, given: dict[str, Any]) -> None:
        with_pictures = full(plan=given["plan"])
        assert with_pictures.count("data:image/svg+xml;base64,") >= 2
        assert "data:image" not in full(plan=given["plan"], picture=False)


class TestEscaping:
    def test_nasty_texts_stand_for_themselves(self, hard_chapters: dict[str, Any], parse: Callable[[str], Any]) -> None:
        text = full(**hard_chapters, title=NASTY, notice=NASTY, picture=False)
        page = parse(text)
        assert "<script>" not in text
        assert "<i>north" not in text
        assert page.one("h1").text == NASTY
        assert page.one("h2", id="plan").text == f"The plan {NASTY}"
        assert "&amp;lt;" not in text

    def test_so_they_do_in_markdown(self, hard_chapters: dict[str, Any]) -> None:
        text = full_markdown(**hard_chapters, title="# *x* <b>", notice="[a](b)")
        assert text.splitlines()[0] == r"# \# \*x\* &lt;b&gt;"
        assert "<script>" not in text
        assert r"\[a\]" in text


class TestMarkdown:
    def test_it_has_the_same_chapters_in_the_same_order(self, given: dict[str, Any]) -> None:
        text = full_markdown(**given, title="All", notice="Made up")
        found = re.findall(r"^(#+) (.*)$", text, flags=re.MULTILINE)
        levels = [len(mark) for mark, _ in found]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert max(levels) <= 6
        assert all(after <= before + 1 for before, after in pairwise(levels))
        second = [name for mark, name in found if mark == "##"]
        assert second[0] == "In short"
        assert [name.split(":")[0] for name in second[1:-1]] == list(NAMES)
        assert second[-1] == "Notes on method and origin"
        assert "**Notice.** Made up" in text

    @pytest.mark.parametrize("name", CHAPTERS)
    def test_a_chapter_says_what_its_report_says(self, name: str, given: dict[str, Any]) -> None:
        alone = getattr(reports, f"{name}_markdown")(**given[name])
        text = full_markdown(**{name: given[name]})
        body = alone.split("\n## ", 1)[1].split("\n## Notes on method", 1)[0]
        lines = [line for line in body.splitlines()[1:] if line and not line.startswith("#")]
        assert lines
        assert set(lines) <= set(text.splitlines())

    def test_nothing_of_html_is_left(self, given: dict[str, Any]) -> None:
        text = full_markdown(**given)
        assert not re.search(r"</?(p|div|section|table|td|span)\b", text)
