"""A report on feedback: it shows what may be shown, says why the rest is not, and tells nothing of the host's log."""

from __future__ import annotations

import inspect
import re
import runpy
import shutil
import sys
from collections.abc import Callable, Iterable
from html import escape, unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from leadkit import reports, samples
from leadkit.assessment import (
    Comment,
    Dimension,
    DisclosedFeedback,
    DisclosurePolicy,
    Feedback,
    GapRule,
    Instrument,
    Item,
    Metric,
    Ratings,
    Responses,
    ResponseScale,
    disclose,
    feedback,
)

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
LOG_WORDS = ("below_minimum", "pooled", "differencing", "certain", "items_inconsistent", "items_at_end", "no_raters")
SCRIPT = "<script>alert('x')</script>"
Row = tuple[str, str, str, list[float]]

HERE = Path(__file__)
OF_EVERY_PAGE = {
    name: check
    for name, check in runpy.run_path(str(HERE.with_name("test_pages.py"))).items()
    if name.startswith("test_") and list(inspect.signature(check).parameters) == ["page"]
}
"""What every page keeps, as the tests of the other pages say it."""
BROWSER = runpy.run_path(str(HERE.with_name("test_browser.py")))


def instrument(*n_items: int, low: int = 1, high: int = 5, **options: Any) -> Instrument:
    dimensions = tuple(
        Dimension(id=f"d{i}", name=f"D{i}", items=tuple(Item(id=f"d{i}_{j}", text=f"t{i}{j}") for j in range(size)))
        for i, size in enumerate(n_items)
    )
    facts: dict[str, Any] = {"title": "Small", "source": "made up", "licence": "MIT", "status": "unvalidated"}
    scale = ResponseScale(low=low, high=high)
    return Instrument(id="small", version="1.0.0", scale=scale, dimensions=dimensions, **{**facts, **options})


def evaluations(form: Instrument, rows: list[Row]) -> Ratings:
    values = np.array([answers for *_, answers in rows], dtype=np.float64)
    ratees, raters, roles = zip(*(row[:3] for row in rows), strict=True)
    return Ratings(Responses(form, values, [f"e{i}" for i in range(len(rows))]), ratees, raters, roles)


def by(role: str, *answers: list[float], ratee: str = "t") -> list[Row]:
    return [(ratee, f"{ratee}{role}{i}", role, own) for i, own in enumerate(answers)]


def own(*answers: float, ratee: str = "t") -> list[Row]:
    return [(ratee, ratee, "self", list(answers))]


def shown(
    rows: list[Row], policy: DisclosurePolicy | None = None, *, form: Instrument | None = None, **options: Any
) -> DisclosedFeedback:
    form = form or instrument(*[1] * len(rows[0][3]))
    return disclose(feedback(evaluations(form, rows), **options), policy or DisclosurePolicy())


def with_comments(ratings: Ratings, text: str) -> list[Comment]:
    written = zip(ratings.ratee_ids, ratings.rater_ids, ratings.roles, strict=True)
    return [
        Comment(ratee_id=ratee, rater_id=rater, role=role, text=f"{text} {i}", dimension_id=["vision", None][i % 2])
        for i, (ratee, rater, role) in enumerate(written)
    ]


def renamed(ratings: Ratings, old: str, new: str) -> Ratings:
    names = [[new if name == old else name for name in ids] for ids in (ratings.ratee_ids, ratings.rater_ids)]
    return evolve(ratings, ratee_ids=names[0], rater_ids=names[1])


@pytest.fixture(scope="module")
def raw() -> Feedback:
    ratings = samples.ratings("ved", n_leaders=4, rng=1)
    return feedback(ratings, comments=with_comments(ratings, "Listens"))


@pytest.fixture(scope="module")
def sample(raw: Feedback) -> DisclosedFeedback:
    return disclose(raw, DisclosurePolicy())


@pytest.fixture(scope="module")
def many() -> DisclosedFeedback:
    ratings = samples.ratings("ved", n_leaders=18, rng=1)
    return disclose(feedback(ratings, comments=with_comments(ratings, "Listens")), DisclosurePolicy())


@pytest.fixture(scope="module")
def hard() -> DisclosedFeedback:
    """Give feedback whose names, comments and wording try to become markup."""
    ratings = samples.ratings("ved", n_leaders=5, rng=2)
    ratings = renamed(renamed(ratings, ratings.ratee_ids[0], SCRIPT), ratings.ratee_ids[-1], '"A" & *B* | $1_0$ <b>')
    first, *others = ratings.instrument.dimensions
    items = (evolve(first.items[0], observer_text="<i>They</i> | see"), *first.items[1:])
    form = evolve(ratings.instrument, dimensions=(evolve(first, name="<i>Vision</i> | *", items=items), *others))
    ratings = evolve(ratings, responses=evolve(ratings.responses, instrument=form))
    comments = with_comments(ratings, f"# {SCRIPT}\n\n- *a* | `b` [c](d)")
    policy = DisclosurePolicy(below="merge", comment_min_n=3)
    return disclose(feedback(ratings, comments=comments), policy)


@pytest.fixture(scope="module")
def pages(sample: DisclosedFeedback, hard: DisclosedFeedback) -> dict[str, str]:
    return {
        "everybody": reports.feedback(sample, notice="Synthetic & made up"),
        "one_person": reports.feedback(sample.for_ratee(sample.ratee_ids[2])),
        "hard_names": reports.feedback(hard),
        "no_pictures": reports.feedback(sample, picture=False),
        "nobody": reports.feedback(disclose(feedback(samples.ratings("ved", rng=1)[:0]), DisclosurePolicy())),
    }


@pytest.fixture(scope="module", params=["everybody", "one_person", "hard_names", "no_pictures", "nobody"])
def page(request: pytest.FixtureRequest, pages: dict[str, str], parse: Callable[[str], Any]) -> Any:
    return parse(pages[request.param])


def means(page: Any) -> dict[str, list[str]]:
    """Give the cells of the means of the only person of a page, by dimension."""
    _, *rows = page.rows("Mean of each dimension by role")
    return {name: cells for name, *cells in rows}


def gaps(page: Any) -> dict[str, str]:
    _, *rows = page.rows("Self and others")
    return {name.split()[0]: cell for name, cell, _ in rows}


class TestPage:
    @pytest.mark.parametrize("name", sorted(OF_EVERY_PAGE))
    def test_it_keeps_what_every_page_keeps(self, name: str, page: Any) -> None:
        OF_EVERY_PAGE[name](page)

    def test_there_are_such_checks(self) -> None:
        assert len(OF_EVERY_PAGE) >= 12

    def test_it_ends_with_where_the_numbers_come_from(self, page: Any, sample: DisclosedFeedback) -> None:
        assert page.facts("Made with") == [f"leadkit {sample.provenance.leadkit_version}"]
        assert page.facts("Licence of the wording") == ["MIT"]
        assert "gap rule: share_of_scale(0.3333)" in page.facts("Rules of the feedback")[0]

    def test_everybody_has_a_page_in_the_order_of_the_feedback(self, pages: Any, parse: Any, sample: Any) -> None:
        page = parse(pages["everybody"])
        articles = page.all("article", class_="person")
        assert [page.inside(one, "h3")[0].text for one in articles] == list(sample.ratee_ids)
        assert len(parse(pages["one_person"]).all("article")) == 1
        assert parse(pages["nobody"]).all("article") == []

    def test_a_note_of_the_instrument_and_its_language_are_told(self, parse: Any) -> None:
        form = instrument(1, language="de", note="Only a try")
        text = reports.feedback(shown([*own(3), *by("manager", [4])], form=form))
        page = parse(text)
        assert page.facts("Note") == ["Only a try"]
        assert page.one("html").attributes["lang"] == "de"
        assert "D0" in {one.text for one in page.all("span", lang="de")}

    def test_title_and_notice_stand_above(self, sample: DisclosedFeedback, parse: Any) -> None:
        page = parse(reports.feedback(sample, title="Round <2>", notice="Draft"))
        assert page.one("h1").text == "Round <2>"
        assert "Draft" in page.one("p", role="note").text
        text = reports.feedback_markdown(sample, title="Round <2>", notice="Draft *1*")
        assert text.startswith("# Round &lt;2&gt;\n\n**Notice.** Draft \\*1\\*\n")

    def test_progress_is_told_after_every_person(self, sample: DisclosedFeedback) -> None:
        told: list[tuple[int, int]] = []
        reports.feedback(sample, progress=lambda done, total: told.append((done, total)))
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

    def test_the_same_feedback_gives_the_same_page(self, sample: DisclosedFeedback, pages: dict[str, str]) -> None:
        assert reports.feedback(sample, notice="Synthetic & made up") == pages["everybody"]


class TestOverview:
    def test_it_counts_people_roles_and_what_is_not_shown(self, sample: DisclosedFeedback, parse: Any) -> None:
        page = parse(reports.feedback(sample))
        n_hidden = (sample.reason == "not_shown").sum()
        assert n_hidden > 0
        assert page.facts("people rated") == ["4"]
        assert page.facts("roles with something shown") == ["5 of 5"]
        assert page.facts("means of a role on a dimension that are not shown") == [f"{n_hidden} of 140"]
        _, *rows = page.rows("What is shown, role by role")
        hidden = (sample.reason == "not_shown").sum(axis=(0, 2))
        assert [row[2] for row in rows] == [f"{n} of 28" for n in hidden]
        people = (~np.isnan(sample.mean)).any(axis=2).sum(axis=0)
        assert [row[:2] for row in rows] == [
            [name, f"{n} of 4"]
            for name, n in zip(("Self", "Manager", "Peer", "Direct report", "Customer"), people, strict=True)
        ]

    def test_one_sentence_says_why_something_is_not_shown_and_no_more(self, page: Any) -> None:
        assert "rests on too few people or on nobody, or would let somebody work out" in page.words
        assert "which of these it is, is not told" in page.words

    def test_the_policy_is_in_plain_words(self, sample: DisclosedFeedback, raw: Feedback, parse: Any) -> None:
        page = parse(reports.feedback(sample))
        least = "Self 1; Manager 1; Peer 3; Direct report 3; Customer 3"
        assert page.facts("Fewest raters for a mean to be shown") == [least]
        assert page.facts("Named raters, who know that their answers are shown as theirs") == ["Self, Manager"]
        assert page.facts("Anonymous") == ["Peer, Direct report, Customer"]
        assert page.facts("An anonymous role with fewer raters") == ["It is left out."]
        assert page.facts("Spread of an anonymous role") == ["Not shown."]
        assert "at least 5 about a person" in page.facts("Comments")[0]
        assert "“at least” or “at most”" in page.facts("Ends of the scale")[0]
        other = DisclosurePolicy(
            min_n={"peer": 4}, below="merge", comment_min_n=7, attributed=frozenset(), spread="shown"
        )
        page = parse(reports.feedback(disclose(raw, other)))
        assert "Peer 4; Direct report 3; Customer 3; Other 3" in page.facts("Fewest raters for a mean to be shown")[0]
        assert page.facts("Named raters, who know that their answers are shown as theirs") == ["nobody"]
        assert page.facts("An anonymous role with fewer raters")[0].startswith("It is counted under Other")
        assert page.facts("Spread of an anonymous role") == ["Shown, as the host of this feedback decided."]
        assert "at least 7 about a person" in page.facts("Comments")[0]
        assert "The spread of anonymous raters is shown, which may tell what one of them answered." in page.words

    def test_without_an_anonymous_role_nobody_is(self, parse: Any) -> None:
        page = parse(reports.feedback(shown([*own(3), *by("manager", [4])])))
        assert page.facts("Anonymous") == ["nobody"]

    @pytest.mark.parametrize(
        ("rule", "metric", "text"),
        [
            (GapRule.points(1), "mean", "points(1): a gap counts above 1 point of the answers, here 1.00."),
            (GapRule.points(1.5), "pomp", f"points(1.5): a gap counts above 1.5 points of the answers, here 38{NBSP}%."),
            (GapRule.points(1), "sum", "points(1): a gap counts above 1 point of the answers."),
            (GapRule.share_of_scale(0.25), "mean", f"above 25{NBSP}% of the way from the lowest to the highest possible score, here 1.00."),
            (GapRule.share_of_scale(0.25), "pomp", f"above 25{NBSP}% of the way from the lowest to the highest possible score."),
            (GapRule.standard_error(2), "mean", "above 2 standard errors of the mean of others."),
        ],
    )  # fmt: skip
    def test_the_rule_for_gaps_has_its_name_and_its_limit(
        self, rule: GapRule, metric: Metric, text: str, parse: Any
    ) -> None:
        rows = [*own(3, 3, 3), *by("manager", [4, 4, 4], [2, 3, 5])]
        result = shown(rows, form=instrument(1, 2), gap_rule=rule, metric=metric)
        (told,) = parse(reports.feedback(result)).facts("Rule for a gap")
        assert told.startswith(f"{rule.name}: a gap counts above")
        assert told.endswith(text)

    @pytest.mark.parametrize(
        ("weighting", "text"),
        [
            ("equal_roles", "every role counts the same"),
            ("equal_raters", "every rater counts the same"),
            ({"manager": 2, "peer": 0.5}, "roles count by weight: Manager 2, Peer 0.5"),
        ],
    )
    def test_it_says_how_others_are_averaged(self, weighting: Any, text: str, parse: Any) -> None:
        result = shown([*own(3), *by("manager", [4])], weighting=weighting)
        assert parse(reports.feedback(result)).facts("Mean of others") == [
            f"Of the roles other than self that are shown; {text}."
        ]

    def test_a_rule_on_a_hidden_spread_says_that_gaps_are_undecided(self, parse: Any) -> None:
        rows = [*own(5), *by("peer", [2], [3], [4])]
        page = parse(reports.feedback(shown(rows, gap_rule=GapRule.standard_error(1))))
        assert "rests on a spread that is not shown, so some gaps are undecided" in page.words
        assert gaps(page)["D0"].startswith("undecided")


class TestAgreement:
    def test_it_is_that_of_the_roles_over_everybody(self, many: DisclosedFeedback, parse: Any) -> None:
        page = parse(reports.feedback(many))
        _, *rows = page.rows("Agreement of the raters of a role")
        table = many.agreement
        known = [i for i in range(len(table.role)) if not np.isnan(table.rwg_star_j[i])]
        assert {table.role[i] for i in known} >= {"peer", "direct_report"}
        names = {"peer": "Peer", "direct_report": "Direct report", "customer": "Customer"}
        assert [row[:2] for row in rows] == [[table.dimension_id[i].capitalize(), names[table.role[i]]] for i in known]
        for row, i in zip(rows, known, strict=True):
            values = [table.rwg_star_j[i], table.icc1[i], table.icc2[i]]
            assert row[2:] == [f"{value:.2f}".replace("-", MINUS) for value in values]

    def test_how_many_raters_it_rests_on_is_not_told(self, many: DisclosedFeedback) -> None:
        table = many.agreement
        more = evolve(many, agreement=evolve(table, n_raters=table.n_raters + 100, n_ratees=table.n_ratees + 50))
        assert reports.feedback(more) == reports.feedback(many)
        assert reports.feedback_markdown(more) == reports.feedback_markdown(many)

    def test_doubts_are_told_of_named_roles_only(self, parse: Any) -> None:
        alike = [
            row
            for name in "abcdef"
            for row in [*own(4, 2, ratee=name), *by("manager", [3, 2], ratee=name), *by("peer", *[[2.0, 4.0]] * 3, ratee=name)]
        ]  # fmt: skip
        alike[1:2] = by("manager", [4, 2], [4, 3], ratee="a")
        result = shown(alike)
        flags = dict(zip(zip(result.agreement.role, result.agreement.dimension_id, strict=True), result.agreement.row_flags, strict=True))  # fmt: skip
        assert ("peer", "d0") not in flags
        assert flags["manager", "d0"] != flags["manager", "d1"]
        words = parse(reports.feedback(result)).words
        assert "Peer:" not in words
        assert "Manager (D0): " in words

    def test_of_too_few_people_there_is_a_sentence_and_no_table(self, sample: DisclosedFeedback, parse: Any) -> None:
        page = parse(reports.feedback(sample))
        assert page.rows("Agreement of the raters of a role") == []
        assert "an anonymous role must have rated at least 10 people" in page.words
        assert "Manager: There are fewer than two raters." in page.words


class TestMeans:
    def test_every_mean_that_is_published_is_there_with_its_number_of_raters(
        self, sample: DisclosedFeedback, parse: Any
    ) -> None:
        for t, who in enumerate(sample.ratee_ids):
            rows = means(parse(reports.feedback(sample.for_ratee(who))))
            for d, name in enumerate(sample.dimension_ids):
                for r, cell in enumerate(rows[name.capitalize()]):
                    count = sample.count_text(t, r, d)
                    told = f"n = {count}" if count.isdigit() else count
                    if sample.reason[t, r, d] == "not_shown":
                        assert cell == f"not shown {told}"
                    else:
                        sign = (
                            ""
                            if not sample.reason[t, r, d]
                            else "at least "
                            if sample.mean[t, r, d] > 3
                            else "at most "
                        )
                        assert cell == f"{sign}{sample.mean[t, r, d]:.2f} {told}"

    def test_a_hidden_cell_prints_n_below_three(self, parse: Any) -> None:
        rows = means(parse(reports.feedback(shown([*own(3), *by("peer", [2], [4])]))))
        assert rows == {"D0": ["3.00 n = 1", "not shown n < 3"]}

    def test_where_one_dimension_of_a_role_is_hidden_the_others_print_no_exact_number(self, parse: Any) -> None:
        rows = [*own(3, 3), *by("peer", [2, 4], [4, 3], [3, np.nan])]
        cells = means(parse(reports.feedback(shown(rows))))
        assert cells == {"D0": ["3.00 n = 1", "3.00 n \u2265 3"], "D1": ["3.00 n = 1", "not shown n < 3"]}

    @pytest.mark.parametrize(
        ("answers", "metric", "text"),
        [
            ((5, 5, 5), "mean", "at least 4.67 n = 3"),
            ((1, 1, 1), "mean", "at most 1.33 n = 3"),
            ((5, 5, 5), "pomp", f"at least 92{NBSP}% n = 3"),
            ((1, 1, 2), "pomp", f"at most 8{NBSP}% n = 3"),
            ((1, 1, 1), "sum", "at most 1.33 n = 3"),
        ],
    )
    def test_a_mean_at_an_end_says_which_end(self, answers: Any, metric: Metric, text: str, parse: Any) -> None:
        result = shown([*own(3), *by("peer", *[[float(a)] for a in answers])], metric=metric)
        assert means(parse(reports.feedback(result)))["D0"][1] == text

    def test_an_end_that_is_the_middle_is_not_guessed(self, parse: Any) -> None:
        policy = DisclosurePolicy(min_n={"peer": 2})
        form = instrument(1, low=0, high=1)
        for answers in ([[0.0], [0.0]], [[1.0], [1.0]], [[0.0], [1.0]]):
            result = shown([*own(1), *by("peer", *answers)], policy, form=form)
            assert means(parse(reports.feedback(result)))["D0"][1] == "about 0.50 n = 2"

    def test_spread_is_there_where_it_is_published(self, parse: Any) -> None:
        rows = [*own(3), *by("manager", [2], [4]), *by("peer", [2], [3], [4])]
        cells = means(parse(reports.feedback(shown(rows))))["D0"]
        assert cells[1:] == ["3.00 n = 2 SD 1.41, 2.00 to 4.00", "3.00 n = 3"]
        cells = means(parse(reports.feedback(shown(rows, DisclosurePolicy(spread="shown")))))["D0"]
        assert cells[2] == "3.00 n = 3 SD 1.00, 2.00 to 4.00"

    def test_pooled_roles_are_counted_under_other(self, parse: Any) -> None:
        rows = [*own(3), *by("peer", [2], [4]), *by("customer", [3], [3])]
        page = parse(reports.feedback(shown(rows, DisclosurePolicy(below="merge"))))
        assert page.rows("Mean of each dimension")[0] == ["Dimension", "Self", "Peer", "Customer", "Other"]
        assert means(page)["D0"] == ["3.00 n = 1", "not shown n < 3", "not shown n < 3", "3.00 n = 4"]
        assert "Shown: Self, Other. 2 of 4 means are not shown." in page.words

    def test_custom_roles_and_one_role_alone(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(by("board_member", [2], [3], [4]))))
        assert page.rows("Mean of each dimension") == [["Dimension", "Board member"], ["D0", "3.00 n = 3"]]
        assert "1 person rated, 1 role, 1 dimension, 1 question." in page.words
        assert "All means are shown." in page.words
        assert gaps(page)["D0"].startswith("undecided")

    def test_somebody_of_whom_nothing_may_be_shown(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(by("peer", [2], [4]))))
        assert means(page) == {"D0": ["not shown n < 3"]}
        assert "Shown: nobody. 1 of 1 means are not shown." in page.words
        assert page.all("details") == []
        assert (
            page.one("svg").attributes["aria-label"].startswith("D0: self not shown, others not shown, gap not shown")
        )


class TestGaps:
    ROWS: tuple[Row, ...] = (*own(5, 1, 4, 2, np.nan), *by("manager", [2, 4, 4, 2, 3]))

    def test_every_category_is_in_plain_words_with_the_limit_of_the_rule(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(list(self.ROWS))))
        assert gaps(page) == {
            "D0": "blind spot rates oneself higher than others do, by more than the rule",
            "D1": "hidden strength rates oneself lower than others do, by more than the rule",
            "D2": "agreed strength no gap beyond the rule, and the mean of others reaches the target",
            "D3": "agreed need no gap beyond the rule, and the mean of others is below the target",
            "D4": "undecided self, others or the limit of the rule is missing or not shown",
        }
        (caption,) = [one.text for one in page.all("caption") if one.text.startswith("Self and others")]
        assert caption.endswith("a gap counts above 33\N{NO-BREAK SPACE}% of the scale")

    def test_the_picture_has_its_marks_where_the_numbers_are(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(list(self.ROWS), target=4.0)))
        first, *_, last = page.all("svg")
        assert first.attributes["aria-label"] == "D0: self 5.00, others 2.00, gap +3.00, target 4.00"
        (dot,) = page.inside(first, "circle")
        assert float(dot.attributes["cx"]) == 196.0
        paths = {one.attributes["class"]: one.attributes["d"] for one in page.inside(first, "path")}
        assert paths == {"whisker": "M148.0 2V22", "gap": "M196.0 12H52.0", "mark": "M52.0 6L58.0 12L52.0 18L46.0 12Z"}
        assert last.attributes["aria-label"] == "D4: self not shown, others 3.00, gap not shown, target 4.00"
        assert page.inside(last, "circle") == []
        assert [one.attributes["class"] for one in page.inside(last, "path")] == ["whisker", "mark"]

    def test_without_pictures_the_numbers_stand_in_their_place(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(list(self.ROWS)), picture=False))
        assert page.all("svg") == []
        assert page.rows("Self and others")[1][2] == "self 5.00, others 2.00, gap +3.00, target 3.00"
        assert "Diamond" not in page.words

    @pytest.mark.parametrize(
        ("metric", "alt"),
        [
            ("pomp", f"D0: self 25{NBSP}%, others 50{NBSP}%, gap {MINUS}25 percentage points, target 50{NBSP}%"),
            ("sum", f"D0: self 4.00, others 6.00, gap {MINUS}2.00, target 6.00"),
        ],
    )
    def test_other_metrics_have_their_own_units(self, metric: Metric, alt: str, parse: Any) -> None:
        result = shown([*own(2, 2, 3), *by("manager", [3, 3, 4])], form=instrument(2, 1), metric=metric)
        page = parse(reports.feedback(result))
        first = page.all("svg")[0]
        assert first.attributes["aria-label"] == alt
        assert float(page.inside(first, "circle")[0].attributes["cx"]) == 52.0


class TestQuestions:
    def test_the_questions_of_shown_roles_have_the_words_that_raters_read(self, parse: Any) -> None:
        form = instrument(3)
        (part,) = form.dimensions
        items = (evolve(part.items[0], observer_text="They see"), evolve(part.items[1], reverse=True), part.items[2])
        form = evolve(form, dimensions=(evolve(part, items=items),))
        rows = [*own(4, 4, 3), *by("manager", [3, 3, 2]), *by("peer", [2, 3, 3], [3, 2, 4], [4, 4, 2], [2, 3, 3])]
        page = parse(reports.feedback(shown(rows, form=form)))
        assert page.rows("Mean of each question") == [
            ["Question", "Self", "Manager", "Peer"],
            ["D0"],
            ["They see", "4.00", "3.00", "2.75"],
            ["t01 turned round", "2.00", "3.00", "3.00"],
            ["t02", "3.00", "2.00", "3.00"],
        ]
        (details,) = page.all("details")
        assert "open" not in details.attributes
        assert page.inside(details, "summary")[0].text == "Show the means of the single questions"

    def test_a_role_that_hides_one_dimension_has_words_there(self, parse: Any) -> None:
        rows = [*own(4, 4), *by("peer", [2, 5], [3, 5], [4, 5], [2, 5])]
        page = parse(reports.feedback(shown(rows)))
        assert page.rows("Mean of each question")[1:] == [
            ["D0"], ["t00", "4.00", "2.75"], ["D1"], ["t10", "4.00", "not shown"],
        ]  # fmt: skip

    def test_a_dimension_of_which_no_question_is_shown_is_left_out(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(by("peer", [2, 5], [3, 5], [4, 5], [2, 5]))))
        assert page.rows("Mean of each question")[1:] == [["D0"], ["t00", "2.75"]]

    @pytest.mark.parametrize(("metric", "text"), [("pomp", f"25{NBSP}%"), ("sum", "2.00")])
    def test_means_of_questions_are_in_percent_or_in_points_of_the_answers(
        self, metric: Metric, text: str, parse: Any
    ) -> None:
        page = parse(reports.feedback(shown(own(2, 4), form=instrument(2), metric=metric)))
        assert page.rows("Mean of each question")[2] == ["t00", text]


class TestComments:
    def test_they_are_listed_by_role_with_what_they_are_about(self, sample: DisclosedFeedback, parse: Any) -> None:
        for who in sample.ratee_ids:
            page = parse(reports.feedback(sample.for_ratee(who)))
            lists = page.all("ul", class_="comments")
            told = [[one.text for one in page.inside(part, "bdi")] for part in lists]
            about = [[one.text for one in page.inside(part, "small")] for part in lists]
            mine = [one for one in sample.comments if one.ratee_id == who]
            roles = list(dict.fromkeys(one.role for one in mine))
            assert told == [[one.text for one in mine if one.role == role] for role in roles]
            assert about == [["Vision" for one in mine if one.role == role and one.dimension_id] for role in roles]
            assert [one.text for one in page.all("h5")] == [role.replace("_", " ").capitalize() for role in roles]

    def test_comments_of_too_few_are_nowhere(self, raw: Feedback, sample: DisclosedFeedback) -> None:
        readable = {comment.text for comment in sample.comments}
        withheld = {comment.text for comment in raw.comments} - readable
        assert readable
        assert withheld
        for text in (reports.feedback(sample), reports.feedback_markdown(sample)):
            words = set(re.findall(r"Listens \d+", text))
            assert words == readable

    def test_without_any_there_is_no_heading(self, parse: Any) -> None:
        page = parse(reports.feedback(shown(own(3))))
        assert "Comments" not in [one.text for one in page.all("h4")]


class TestSecrecy:
    def test_no_rater_and_no_word_of_the_log_is_in_any_text(
        self, raw: Feedback, sample: DisclosedFeedback, pages: dict[str, str]
    ) -> None:
        raters = set(raw.rater_digest.rater_ids) - set(raw.ratee_ids)
        merged = disclose(raw, DisclosurePolicy(below="merge"), previous=raw)
        texts = [*pages.values(), reports.feedback_markdown(sample)]
        texts += [reports.feedback(merged), reports.feedback_markdown(merged)]
        assert len(raters) > 20
        for text in texts:
            assert not [name for name in (*raters, *LOG_WORDS) if name in text]

    def test_the_page_of_one_person_names_no_other(self, sample: DisclosedFeedback, pages: dict[str, str]) -> None:
        who = sample.ratee_ids[2]
        assert who in pages["one_person"]
        assert not [name for name in sample.ratee_ids if name != who and name in pages["one_person"]]

    def test_the_log_is_not_read(self, sample: DisclosedFeedback) -> None:
        other = evolve(
            sample.log,
            cells=np.full(sample.log.cells.shape, "certain", dtype=object),
            items=np.full(sample.log.items.shape, "items_at_end", dtype=object),
            pooled=~sample.log.pooled,
        )
        swapped = evolve(sample, log=other)
        assert reports.feedback(swapped) == reports.feedback(sample)
        assert reports.feedback_markdown(swapped) == reports.feedback_markdown(sample)

    def test_what_hidden_raters_answered_changes_no_letter(self) -> None:
        open_rows = [*own(3, 4), *by("manager", [4, 2]), *by("customer", [2, 3], [4, 4], [3, 4])]
        hidden: list[list[list[float]]] = [[[2, 4], [3, 3]], [[5, 1], [1, 1]], [[4, np.nan], [4, 5]]]
        results = [shown([*open_rows, *by("peer", *answers)]) for answers in hidden]
        assert len({reports.feedback(result) for result in results}) == 1
        assert len({reports.feedback_markdown(result) for result in results}) == 1

    def test_names_comments_and_wording_cannot_become_markup(
        self, hard: DisclosedFeedback, pages: dict[str, str], parse: Any
    ) -> None:
        text = pages["hard_names"]
        page = parse(text)
        assert "<script" not in text
        assert page.all("i") == page.all("b") == []
        body = page.one("body").text
        for name in (SCRIPT, '"A" & *B* | $1_0$ <b>', "<i>Vision</i> | *", "<i>They</i> | see", "`b` [c](d)"):
            assert name in body
        assert hard.comments
        assert all(comment.text in body for comment in hard.comments)

    def test_raw_feedback_is_refused_everywhere_with_the_way_to_disclose_it(self, raw: Any) -> None:
        who = raw.ratee_ids[0]
        message = r"got Feedback; raw feedback is not for showing: call disclose\(feedback, policy\) first"
        options: Any
        for write in (reports.feedback, reports.feedback_markdown):
            with pytest.raises(TypeError, match=f"disclosed: expected DisclosedFeedback, {message}"):
                write(raw)
        for write_team in (reports.team, reports.team_markdown):
            for options in ({}, {"reliability": {"vision": 0.8}}, {"individuals": False}):
                with pytest.raises(TypeError, match=f"scores: expected Scores, {message}"):
                    write_team(raw, **options)
        for write_one in (reports.individual, reports.individual_markdown):
            for options in ({}, {"reliability": {"vision": 0.8}}):
                with pytest.raises(TypeError, match=f"scores: expected Scores, {message}"):
                    write_one(raw, who, **options)

    def test_anything_else_is_refused_by_its_name(self) -> None:
        wrong: Any
        for wrong in (None, [1], "ved"):
            for write in (reports.feedback, reports.feedback_markdown):
                with pytest.raises(TypeError, match=f"expected DisclosedFeedback, got {type(wrong).__name__}$"):
                    write(wrong)


def markdown_rows(text: str) -> list[list[str]]:
    """Give the cells of every table of a Markdown text as a reader shows them."""
    rows: list[list[str]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and token.level > 3:
            rows[-1].append("".join(part.content for part in token.children or []))
    return rows


def plain(cells: Iterable[str]) -> list[str]:
    return [" ".join(re.sub(r"[(),]", " ", cell).split()) for cell in cells]


class TestMarkdown:
    def test_it_has_the_means_and_questions_of_the_page(
        self, sample: DisclosedFeedback, hard: DisclosedFeedback, parse: Any
    ) -> None:
        for given in (sample, hard):
            rows = [plain(row) for row in markdown_rows(reports.feedback_markdown(given))]
            page = parse(reports.feedback(given))
            of_means = [plain(row) for row in page.rows("Mean of each dimension by role")]
            of_questions = [plain(row) for row in page.rows("Mean of each question") if len(row) > 1]
            assert len(of_means) == len(given.ratee_ids) * 8
            assert len(of_questions) > 100
            for row in [*of_means, *(row for row in of_questions if row[0] != "Question")]:
                assert row in rows
            for row in page.rows("What is shown, role by role"):
                assert plain(row) in rows

    def test_it_has_the_gaps_of_the_page(self, sample: DisclosedFeedback, parse: Any) -> None:
        rows = markdown_rows(reports.feedback_markdown(sample))
        page = parse(reports.feedback(sample, picture=False))
        told = [row for row in page.rows("Self and others") if row[0] != "Dimension"]
        assert len(told) == 28
        for name, category, numbers in told:
            own_, others, gap, target = (part.split(" ", 1)[1] for part in numbers.split(", "))
            assert any(
                row[:5] == [name, own_, others, gap, target] and row[5].replace(": ", " ") == category for row in rows
            )

    def test_hidden_numbers_are_words(self) -> None:
        text = reports.feedback_markdown(shown([*own(np.nan), *by("peer", [2], [4])]))
        assert ["D0", "not shown (n < 1)", "not shown (n < 3)"] in markdown_rows(text)
        assert "n &lt; 3" in text
        assert ["D0", "not shown", "not shown", "not shown", "3.00"] in [row[:5] for row in markdown_rows(text)]

    def test_it_has_policy_agreement_and_comments(self, many: DisclosedFeedback, parse: Any) -> None:
        text = reports.feedback_markdown(many)
        page = parse(reports.feedback(many))
        rows = markdown_rows(text)
        _, *agreement = page.rows("Agreement of the raters of a role")
        assert agreement
        for name, role, *numbers in agreement:
            assert [role, name, *numbers] in rows
        for name in ("Anonymous", "Comments", "Ends of the scale", "Rule for a gap", "Mean of others"):
            assert f"- {name}: " in text
        assert all(f"{comment.text}\n" in text for comment in many.comments)
        assert "- Vision: Listens" in text

    def test_texts_of_users_stay_texts(self, hard: DisclosedFeedback) -> None:
        text = reports.feedback_markdown(hard)
        assert "<" not in text
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        kinds = {part.type for token in tokens for part in token.children or []}
        assert kinds <= {"text", "text_special"}
        headings = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
        assert sum(SCRIPT in unescape(heading) for heading in headings) == 1
        assert not [token for token in tokens if token.type in {"fence", "code_block", "html_block"}]

    def test_of_nobody_there_is_an_overview_only(self) -> None:
        nobody = disclose(feedback(samples.ratings("ved", rng=1)[:0]), DisclosurePolicy())
        text = reports.feedback_markdown(nobody)
        assert "- People rated: 0\n" in text
        assert "## Person by person" not in text
        assert "0 people rated, 0 roles, 7 dimensions, 35 questions." in text


class TestExtras:
    def test_without_matplotlib_the_page_is_the_same(
        self, sample: DisclosedFeedback, pages: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        assert reports.feedback(sample, notice="Synthetic & made up") == pages["everybody"]

    def test_without_jinja2_the_message_says_what_to_install(
        self, sample: DisclosedFeedback, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        with pytest.raises(ImportError, match=r"an HTML report needs jinja2: pip install 'leadkit\[reports\]'"):
            reports.feedback(sample)
        assert reports.feedback_markdown(sample).startswith("# V.E.D. leadership check")


@pytest.fixture(scope="module")
def browser() -> str:
    names: tuple[str, ...] = BROWSER["NAMES"]
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium or Chrome is installed")


class TestBrowser:
    def test_nothing_runs_off_the_side_of_a_phone_or_a_desktop(
        self, browser: str, pages: dict[str, str], tmp_path: Path
    ) -> None:
        widths = (390, 1200)
        opened = [pages[name].replace("<details>", "<details open>") for name in ("everybody", "hard_names")]
        frames = [
            f'<iframe srcdoc="{escape(page)}" style="width:{width}px;height:800px;border:0"></iframe>'
            for page in opened
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
        assert measured[0][4] >= 4
        assert measured[1][4] < measured[0][4]

    def test_every_person_begins_on_a_new_sheet_of_paper(self, browser: str, tmp_path: Path) -> None:
        def sheets(n_people: int) -> int:
            rows = [
                row for i in range(n_people) for row in [*own(3, ratee=f"r{i}"), *by("manager", [4], ratee=f"r{i}")]
            ]
            page, paper = tmp_path / f"{n_people}.html", tmp_path / f"{n_people}.pdf"
            page.write_text(reports.feedback(shown(rows)), encoding="utf-8")
            BROWSER["run"](browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}", page.as_uri())
            return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))

        assert sheets(7) - sheets(3) == 4
