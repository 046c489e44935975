"""A report on an organisation: it shows what may be shown, in words a manager reads, and names nobody who is hidden."""

from __future__ import annotations

import inspect
import re
import runpy
import shutil
import sys
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from markdown_it import MarkdownIt

from leadkit import __version__, org, reports, samples
from leadkit.org import Nominations, Organisation, Tier
from leadkit.plots.tiers import tier_name
from leadkit.stats import ConfidenceInterval

NBSP = "\N{NO-BREAK SPACE}"
SCRIPT = "<script>alert('x')</script>"
HERE = Path(__file__)
NOT_FOR_ORGANISATIONS = {"test_the_page_says_what_numbers_are_and_are_not"}
OF_EVERY_PAGE = {
    name: check
    for name, check in runpy.run_path(str(HERE.with_name("test_pages.py"))).items()
    if name.startswith("test_")
    and list(inspect.signature(check).parameters) == ["page"]
    and name not in NOT_FOR_ORGANISATIONS
}
"""What every page keeps, as the tests of the other pages say it."""
BROWSER = runpy.run_path(str(HERE.with_name("test_browser.py")))
GUARDED = ("thread", "levels", "alignment", "diagnosis", "agents")


def percent(share: float) -> str:
    return f"{100 * share:.0f}{NBSP}%"


def found_of(firm: Organisation, *, raw: bool = False) -> dict[str, Any]:
    """Measure everything about an organisation of samples."""
    pyramid = org.build_pyramid(firm)
    pulse = samples.pulse(firm, rng=5)
    means = pulse.by_person()
    ranks = np.argsort(np.random.default_rng(3).random((firm.n, 4)), axis=1) + 1.0
    ties = Nominations.from_columns(firm, *samples.advice(firm, rng=5))
    leaders = firm.reports_of(firm.root_ids[0])
    results: dict[str, Any] = {
        "structure": org.measure_structure(firm),
        "obligations": org.obligations(pyramid),
        "roll_up": org.roll_up(firm, means, column_names=["engagement"]),
        "thread": org.trace_thread(pyramid, means, threshold=3.2),
        "levels": org.view_levels(pyramid, means, by="tier"),
        "alignment": org.measure_alignment(firm, ranks),
        "diagnosis": org.diagnose(pyramid, pulse.person_ids, pulse.values, target=3.5, n_boot=60),
        "agents": org.measure_change_agents(pyramid, means, threshold=3.2),
        "influence": org.measure_influence(firm, ties, pyramid=pyramid),
        "succession": (
            org.bus_factor(firm, {"refunds": leaders[:1], "night desk": leaders[:2], "audit": []}),
            org.succession_cover(firm, {leaders[0]: [(leaders[1], "now")], leaders[1]: [(leaders[0], "later")]}),
        ),
    }
    return {name: value if raw or name not in GUARDED else value.disclosed(min_n=5) for name, value in results.items()}


@pytest.fixture(scope="module")
def firm() -> Organisation:
    return samples.organisation(n_teams=18, team_size=6, rng=5)


@pytest.fixture(scope="module")
def pyramid(firm: Organisation) -> org.Pyramid:
    return org.build_pyramid(firm)


@pytest.fixture(scope="module")
def found(firm: Organisation) -> dict[str, Any]:
    return found_of(firm)


@pytest.fixture(scope="module")
def raw(firm: Organisation) -> dict[str, Any]:
    return found_of(firm, raw=True)


def hard_organisation() -> Organisation:
    """Give people whose names try to become markup, in a table that needs repairs."""
    ids = [SCRIPT, "a|b", "*c*", "d", "e", "f", "g"]
    return Organisation.from_columns(
        ids,
        [None, SCRIPT, "a|b", "a|b", "nobody & <b>", "f", "*c*"],
        names=['"Ann" & *Bo* | $1_0$ <b>', None, "# [x](y)", "dee", None, "eff", None],
        titles=["<i>Head</i>", "Lead | 1", None, "`code`", None, None, "Post\nwith a break"],
        status=[None, "absent", None, "vacant", None, None, "left"],
        acting_ids=[None, "d", None, None, None, None, None],
        strict=False,
    )


@pytest.fixture(scope="module")
def pages(pyramid: org.Pyramid, found: dict[str, Any]) -> dict[str, str]:
    hard, nobody = (org.build_pyramid(one) for one in (hard_organisation(), Organisation.from_columns([], [])))
    chain = Organisation.from_columns([f"p{i}" for i in range(200)], [None, *(f"p{i}" for i in range(199))])
    return {
        "everything": reports.pyramid(pyramid, **found, notice="Synthetic & made up", individuals=True),
        "bare": reports.pyramid(pyramid),
        "hard_names": reports.pyramid(hard, **small_results(hard)),
        "no_pictures": reports.pyramid(pyramid, **found, picture=False),
        "nobody": reports.pyramid(nobody, **small_results(nobody)),
        "chain": reports.pyramid(org.build_pyramid(chain), **small_results(org.build_pyramid(chain))),
    }


def small_results(pyramid: org.Pyramid) -> dict[str, Any]:
    """Measure an organisation of which nobody answered anything."""
    firm = pyramid.organisation
    return {
        "structure": org.measure_structure(firm),
        "obligations": org.obligations(pyramid),
        "roll_up": org.roll_up(firm, {}),
        "thread": org.trace_thread(pyramid, {}, threshold=3).disclosed(),
        "levels": org.view_levels(pyramid, {}).disclosed(),
        "alignment": org.measure_alignment(firm, np.full((firm.n, 3), np.nan)).disclosed(),
        "diagnosis": org.diagnose(pyramid, [], []).disclosed(),
        "agents": org.measure_change_agents(pyramid, {}, threshold=3).disclosed(),
        "influence": org.measure_influence(firm, Nominations.from_columns(firm, [], []), pyramid=pyramid),
        "succession": (org.bus_factor(firm, {}), org.succession_cover(firm, {})),
    }


@pytest.fixture(scope="module", params=["everything", "bare", "hard_names", "no_pictures", "nobody", "chain"])
def page(request: pytest.FixtureRequest, pages: dict[str, str], parse: Callable[[str], Any]) -> Any:
    return parse(pages[request.param])


class TestPage:
    @pytest.mark.parametrize("name", sorted(OF_EVERY_PAGE))
    def test_it_keeps_what_every_page_keeps(self, name: str, page: Any) -> None:
        OF_EVERY_PAGE[name](page)

    def test_there_are_such_checks(self) -> None:
        assert len(OF_EVERY_PAGE) >= 11

    def test_it_says_what_it_is_and_is_not(self, page: Any) -> None:
        assert "It does not say how well anybody works." in page.words
        assert "No decision should rest on these numbers alone." in page.words

    def test_it_ends_with_where_it_comes_from(self, pages: Any, pyramid: org.Pyramid, parse: Any) -> None:
        page = parse(pages["everything"])
        assert page.facts("Made with") == [f"leadkit {__version__}"]
        assert page.facts("People (SHA-256 of all rows)") == [pyramid.organisation.digest]
        assert page.facts("Counted") == ["people"]
        assert page.facts("Deepest leader of leaders who is a senior leader") == ["1 step below a top"]
        assert page.facts("Fewest people that a number shown rests on") == ["5"]
        bare = parse(pages["bare"])
        assert bare.facts("Fewest people that a number shown rests on") == []
        assert "Scores describe answers" not in bare.words

    def test_different_minima_are_told_apart(self, pyramid: org.Pyramid, raw: Any, parse: Any) -> None:
        page = parse(
            reports.pyramid(
                pyramid, agents=raw["agents"].disclosed(min_n=3), diagnosis=raw["diagnosis"].disclosed(min_n=7)
            )
        )
        told = "change agents 3; root cause 7"
        assert page.facts("Fewest people that a number shown rests on") == [told]

    def test_a_section_is_there_when_its_result_is(self, pyramid: org.Pyramid, found: Any, parse: Any) -> None:
        anchors = {
            "structure": "structure",
            "obligations": "duties",
            "roll_up": "lines",
            **{
                name: name
                for name in ("thread", "levels", "alignment", "diagnosis", "agents", "influence", "succession")
            },
        }
        always = {"reading", "short", "pyramid", "notes"}
        for name, anchor in anchors.items():
            page = parse(reports.pyramid(pyramid, **{name: found[name]}))
            assert {one.attributes["aria-labelledby"] for one in page.all("section")} == {*always, anchor}
            assert f"## {page.one('h2', id=anchor).text}\n" in reports.pyramid_markdown(pyramid, **{name: found[name]})

    def test_title_and_notice_stand_above(self, pyramid: org.Pyramid, parse: Any) -> None:
        page = parse(reports.pyramid(pyramid, title="Firm <2>", notice="Draft"))
        assert page.one("h1").text == "Firm <2>"
        assert "Draft" in page.one("p", role="note").text
        text = reports.pyramid_markdown(pyramid, title="Firm <2>", notice="Draft *1*")
        assert text.startswith("# Firm &lt;2&gt;\n\n**Notice.** Draft \\*1\\*\n")

    def test_progress_is_told_after_every_section(self, pyramid: org.Pyramid, found: Any) -> None:
        told: list[tuple[int, int]] = []
        reports.pyramid(
            pyramid,
            structure=found["structure"],
            individuals=True,
            progress=lambda done, total: told.append((done, total)),
        )
        assert told == [(1, 3), (2, 3), (3, 3)]

    def test_the_same_results_give_the_same_page_whatever_the_order_of_rows(self, firm: Organisation) -> None:
        rng = np.random.default_rng(1)
        people = list(firm.people())
        texts = []
        for order in (range(firm.n), rng.permutation(firm.n)):
            shuffled = Organisation.from_people([people[i] for i in order])
            pyramid = org.build_pyramid(shuffled)
            texts.append(
                reports.pyramid(
                    pyramid,
                    structure=org.measure_structure(shuffled),
                    obligations=org.obligations(pyramid),
                    individuals=True,
                )
            )
        assert texts[0] == texts[1]

    def test_names_cannot_become_markup(self, pages: dict[str, str], parse: Any) -> None:
        text = pages["hard_names"]
        page = parse(text)
        assert "<script" not in text
        assert page.all("b") == page.all("i") == []
        body = page.one("body").text
        for name in (SCRIPT, '"Ann" & *Bo* | $1_0$ <b>', "<i>Head</i>", "nobody & <b>"):
            assert name in body


class TestRefusals:
    @pytest.mark.parametrize("name", GUARDED)
    def test_what_is_not_disclosed_is_refused(self, name: str, pyramid: org.Pyramid, raw: Any) -> None:
        for write in (reports.pyramid, reports.pyramid_markdown):
            with pytest.raises(TypeError, match=rf"^{name}: \w+ is not for showing yet: call .disclosed\(min_n=...\)"):
                write(pyramid, **{name: raw[name]})

    def test_anything_else_is_refused_by_its_name(self, pyramid: org.Pyramid, found: Any) -> None:
        wrong: Any
        for name in found:
            for wrong in (3, "text", np.ones(3)):
                with pytest.raises(TypeError, match=f"^{name}: expected .*, got {type(wrong).__name__}$"):
                    reports.pyramid(pyramid, **{name: wrong})
        for wrong in (None, pyramid.organisation):
            with pytest.raises(TypeError, match=f"^pyramid: expected Pyramid, got {type(wrong).__name__}$"):
                reports.pyramid(wrong)

    def test_results_about_other_people_are_refused(self, pyramid: org.Pyramid) -> None:
        other = Organisation.from_columns(["x", "y"], [None, "x"])
        built = org.build_pyramid(other)
        results: dict[str, Any] = {
            "structure": org.measure_structure(other),
            "obligations": org.obligations(built),
            "influence": org.measure_influence(other, Nominations.from_columns(other, ["y"], ["x"])),
        }
        for name, result in results.items():
            with pytest.raises(ValueError, match=f"{name}: is about other posts than the pyramid"):
                reports.pyramid(pyramid, **{name: result})
        few = org.roll_up(other, {"x": 1.0, "y": 2.0}, min_n=3)
        assert "No line has enough answers" in reports.pyramid(built, roll_up=few)
        many = Organisation.from_columns(["x", *"abcde"], [None, *["x"] * 5])
        with pytest.raises(ValueError, match="'x'"):
            reports.pyramid(pyramid, roll_up=org.roll_up(many, dict.fromkeys("abcde", 1.0)))


class TestTiers:
    def test_every_tier_is_counted_with_its_share(self, pages: Any, pyramid: org.Pyramid, parse: Any) -> None:
        page = parse(pages["everything"])
        header, *rows = page.rows("Posts by tier")
        assert header == ["Tier", "Posts", "People", "Share of the people"]
        total = sum(pyramid.tier_counts.values())
        assert len(rows) == 5
        for row, (tier, count) in zip(rows, pyramid.tier_counts.items(), strict=True):
            posts = int((pyramid.tier == tier).sum())
            assert row[1:] == [str(posts), f"{count:.0f}", percent(count / total)]

    def test_the_picture_has_customers_on_top_and_bands_as_wide_as_their_share(
        self, pages: Any, pyramid: org.Pyramid, parse: Any
    ) -> None:
        page = parse(pages["bare"])
        (figure,) = page.all("figure", class_="bands")
        bars = [one for one in page.inside(figure, "rect") if "band" in (one.attributes["class"] or "")]
        widths = [float(one.attributes["width"]) for one in bars]
        counts = list(pyramid.tier_counts.values())
        assert widths == pytest.approx([max(340 * count / max(counts), 1.5) for count in counts], abs=0.02)
        centres = {float(one.attributes["x"]) + width / 2 for one, width in zip(bars, widths, strict=True)}
        assert all(abs(centre - 180) < 0.02 for centre in centres)
        words = [one.text.split(":")[0] for one in page.inside(figure, "text")]
        assert words == [
            "Customers",
            "Front-line employees",
            "Front-line leaders",
            "Middle managers",
            "Senior leaders",
            "Support",
        ]
        alt = page.inside(figure, "svg")[0].attributes["aria-label"]
        assert alt.startswith("The inverted pyramid, from the top down. Customers; Front-line employees: ")

    def test_without_pictures_there_is_no_drawing_and_every_table(self, pages: Any, parse: Any) -> None:
        plain, drawn = parse(pages["no_pictures"]), parse(pages["everything"])
        assert plain.all("svg") == []
        captions = [[one.text for one in page.all("caption")] for page in (plain, drawn)]
        assert captions[0] == captions[1][:-1]
        assert captions[1][-1] == "Posts in order of priority"

    def test_an_empty_tier_is_told(self, parse: Any) -> None:
        page = parse(reports.pyramid(org.build_pyramid(Organisation.from_columns(["a", "b"], [None, "a"]))))
        assert "nobody stands among the front-line leaders, middle managers." in page.words
        assert "An empty tier is no fault" in page.words
        assert ["Middle managers", "0", "0", f"0{NBSP}%"] in page.rows("Posts by tier")
        (figure,) = page.all("figure", class_="bands")
        assert sum("empty" in (one.attributes["class"] or "") for one in page.inside(figure, "rect")) == 2

    @pytest.mark.parametrize(
        ("weights", "noun", "header"),
        [("posts", "4 posts", ["Tier", "Posts", "Share of the posts"]),
         ("fte", "3.5 full-time equivalents", ["Tier", "Posts", "Full-time equivalents", "Share of the full-time equivalents"])],
    )  # fmt: skip
    def test_other_weights_have_their_own_words(self, weights: Any, noun: str, header: list[str], parse: Any) -> None:
        firm = Organisation.from_columns(list("abcde"), [None, *"aaaa"], fte=[1, 1, 1, 1, 0.5])
        page = parse(reports.pyramid(org.build_pyramid(firm, weights=weights)))
        assert page.rows("Posts by tier")[0] == header
        assert noun in page.inside(page.all("figure")[0], "svg")[0].attributes["aria-label"]
        if weights == "fte":
            assert page.facts("full-time equivalents") == ["4.5"]

    def test_steps_to_the_customer_are_counted_both_ways(self, pages: Any, pyramid: org.Pyramid, parse: Any) -> None:
        _, *rows = parse(pages["everything"]).rows("Posts by steps to the customer")
        for name, distance in ((1, pyramid.line_distance), (2, pyramid.network_distance)):
            known = {row[0].split()[0]: int(row[name]) for row in rows}
            assert known.pop("no") == np.isnan(distance).sum()
            assert known == {str(step): int((distance == step).sum()) for step in range(1, len(rows))}
        assert parse(pages["everything"]).facts("From the top to the customer, down the own line") == ["5 steps"]

    def test_tops_at_different_steps_are_a_span(self, parse: Any) -> None:
        firm = Organisation.from_columns(["a", "b", "c"], [None, None, "b"])
        page = parse(reports.pyramid(org.build_pyramid(firm)))
        assert page.facts("From the top to the customer, down the own line") == ["2 steps"]
        assert "3 posts, 2 tops; customers come first." in page.words
        firm = Organisation.from_columns(["a", "b", "c"], [None, None, "b"], customer_facing=[True, None, True])
        page = parse(reports.pyramid(org.build_pyramid(firm)))
        assert page.facts("From the top to the customer, down the own line") == ["1 to 2 steps"]

    def test_long_chains_are_cut_and_say_so(self, pages: Any, parse: Any) -> None:
        page = parse(pages["chain"])
        _, *rows = page.rows("Posts by steps to the customer")
        assert len(rows) == 32
        assert rows[-2] == ["31 and more", "170", "170"]
        _, *rows = page.rows("Layers from the top")
        assert rows[-1][:2] == ["Layers 31 to 200", "170"]
        assert len(page.rows("Agreement by layer")) == 31
        assert "… and 170 more layers." in page.words

    def test_faults_of_the_table_are_counted_told_and_repaired(self, pages: Any, parse: Any) -> None:
        page = parse(pages["hard_names"])
        _, *rows = page.rows("What was found")
        assert ["A manager who is nobody in the table", "error", "the row becomes a root", "1"] in rows
        assert any(row[0] == "Somebody who reports to themselves" for row in rows)
        told = [one.text.strip() for one in page.all("li")]
        for violation in hard_organisation().violations:
            assert any(violation.message[1:] in one for one in told)
        assert "Nothing: every line leads to a top" in parse(pages["bare"]).words

    def test_of_many_faults_the_first_twenty_are_told(self, parse: Any) -> None:
        ids = ["top", *(f"p{i}" for i in range(25))]
        firm = Organisation.from_columns(ids, [None, *(f"q{i}" for i in range(25))], strict=False)
        page = parse(reports.pyramid(org.build_pyramid(firm), individuals=False))
        assert page.rows("What was found")[1][-1] == "25"
        assert page.words.count("which is nobody's id") == 20
        assert "more. Rows are lines of the file" in page.words

    def test_repairs_that_differ_are_told_one_by_one(self, parse: Any) -> None:
        firm = Organisation.from_columns(["a", "b", "b", "c", "c"], [None, "a", "a", "a", "a"], job_shares="merge")
        page = parse(reports.pyramid(org.build_pyramid(firm)))
        assert page.rows("What was found")[1][2:] == ["each as told below", "2"]
        assert "merged into row 1" in page.words
        assert "merged into row 3" in page.words

    def test_posts_placed_on_an_assumption_are_counted(self, parse: Any) -> None:
        firm = Organisation.from_columns(["a", "b", "c"], [None, "a", "a"])
        page = parse(reports.pyramid(org.build_pyramid(firm)))
        assert f"2 posts: {org.ORG_FLAGS['facing_assumed']}" in page.words


class TestStructure:
    def test_spans_lie_in_bands_and_layers_have_their_count(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        structure = found["structure"]
        _, *rows = page.rows("Managers by span")
        assert [int(row[1].split()[0]) for row in rows] == list(structure.band_counts.values())
        assert [row[0] for row in rows][:3] == [
            "Thin 1 to 2 direct reports",
            "Player coach 3 to 5 direct reports",
            "Coach 6 to 7 direct reports",
        ]
        _, *rows = page.rows("Layers from the top")
        assert [float(row[1]) for row in rows] == structure.headcount_by_layer.tolist()
        assert page.facts("Largest span") == [f"{structure.max_span:g}"]
        assert "Posts that somebody holds are counted." in page.words

    def test_managers_with_one_report_are_named_where_posts_are(self, parse: Any) -> None:
        firm = Organisation.from_columns(["a", "b", "c"], [None, "a", "b"], names=["Ann", None, None])
        pyramid = org.build_pyramid(firm)
        structure = org.measure_structure(firm)
        page = parse(reports.pyramid(pyramid, structure=structure))
        assert page.facts("Managers with one direct report") == ["2: Ann (a), b"]
        assert "2 managers have one report only." in page.words
        page = parse(reports.pyramid(pyramid, structure=structure, individuals=False))
        assert page.facts("Managers with one direct report") == ["2"]

    def test_bands_of_ones_own_and_fte(self, parse: Any) -> None:
        firm = Organisation.from_columns(["a", "b", "c"], [None, "a", "a"], fte=[1, 0.5, 0.7])
        structure = org.measure_structure(firm, count="fte", bands={"few": (0, 2), "one": (2, 3), "many": (3, np.inf)})
        page = parse(reports.pyramid(org.build_pyramid(firm), structure=structure))
        rows = page.rows("Managers by span")
        assert [row[0] for row in rows[1:]] == [
            "Few 0 to under 2 direct reports",
            "One 2 to under 3 direct reports",
            "Many 3 or more direct reports",
        ]
        assert page.rows("Layers from the top")[0][1] == "FTE"
        whole = org.measure_structure(firm, bands={"two": (2, 3)})
        page = parse(reports.pyramid(org.build_pyramid(firm), structure=whole))
        assert page.rows("Managers by span")[1][0] == "Two 2 direct reports"

    def test_many_managers_with_one_report_are_cut(self, parse: Any) -> None:
        ids = [f"p{i}" for i in range(30)]
        firm = Organisation.from_columns(ids, [None, *ids[:-1]])
        page = parse(reports.pyramid(org.build_pyramid(firm), structure=org.measure_structure(firm)))
        assert page.facts("Managers with one direct report")[0].endswith(" and 9 more")
        assert " more up the line" in page.words

    def test_duties_are_counted_by_who_carries_them(self, pages: Any, found: Any, parse: Any) -> None:
        _, *rows = parse(pages["everything"]).rows("Who owes what to whom")
        owed = found["obligations"]
        assert [int(row[2]) for row in rows] == list(owed.counts.values())
        for row in rows:
            assert int(row[2]) == sum(map(int, row[3:]))
        assert int(rows[1][4]) == ((owed.kind == "support") & (owed.via == "acting")).sum() > 0

    def test_duties_that_nobody_carries_are_told(self, parse: Any) -> None:
        firm = Organisation.from_columns(["a", "b", "c"], [None, "a", "a"], status=["vacant", None, None])
        pyramid = org.build_pyramid(firm)
        page = parse(reports.pyramid(pyramid, obligations=org.obligations(pyramid)))
        assert "2 duties have nobody to carry it." in page.words
        firm = Organisation.from_columns(["a", "b"], [None, "a"])
        pyramid = org.build_pyramid(firm)
        page = parse(reports.pyramid(pyramid, obligations=org.obligations(pyramid)))
        assert "Every duty is carried by the post it belongs to." in page.words


class TestPosts:
    def test_posts_are_listed_in_order_of_priority_with_the_way_of_their_support(
        self, pages: Any, pyramid: org.Pyramid, parse: Any
    ) -> None:
        firm = pyramid.organisation
        _, *rows = parse(pages["everything"]).rows("Posts in order of priority")
        assert len(rows) == firm.n
        for row, one in zip(rows, pyramid.priority_order(), strict=True):
            assert f"({one})" in row[0]
            chain = org.support_chain(firm, one).ids
            assert re.findall(r"\(([^)]*)\)", row[2]) == list(chain)
            assert row[1] == tier_name(pyramid.tier_of(one))
        assert any("absent" in row[3] for row in rows)
        assert any("vacant" in row[3] for row in rows)

    def test_they_are_listed_where_they_are_few_or_when_asked_for(self, parse: Any) -> None:
        sizes = {60: True, 61: False}
        for size, is_listed in sizes.items():
            ids = [f"p{i}" for i in range(size)]
            pyramid = org.build_pyramid(Organisation.from_columns(ids, [None, *["p0"] * (size - 1)]))
            anchors = {one.attributes["id"] for one in parse(reports.pyramid(pyramid)).all("h2")}
            assert ("posts" in anchors) is is_listed
            assert "p7" not in reports.pyramid(pyramid, individuals=False)
            assert "p7" in reports.pyramid(pyramid, individuals=True)


class TestThread:
    def test_shares_and_first_breaks_are_those_of_the_thread(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        thread = found["thread"]
        _, *rows = page.rows(f"{thread.n_threads} front-line threads, by what became of them")
        shares = (thread.unbroken_share, thread.broken_share, thread.unknown_share)
        assert [row[1] for row in rows] == [percent(share) for share in shares]
        assert thread.unbroken_share > 0.3
        _, *rows = page.rows("Where threads break first")
        known = [share for tier, share in thread.first_break.items() if tier not in {Tier.CUSTOMER, Tier.SUPPORT}]
        assert len(rows) == 4
        assert [row[1] for row in rows] == [percent(s) if not np.isnan(s) else "not shown" for s in known]
        assert page.facts("Least score that is enough") == ["3.2"]
        assert f"The golden thread holds for {percent(thread.unbroken_share)} of the front line" in page.words

    def test_what_is_hidden_is_not_shown(self, pyramid: org.Pyramid, firm: Organisation, parse: Any) -> None:
        few = dict.fromkeys(firm.ids[:4], 2.0)
        thread = org.trace_thread(pyramid, few, threshold=3).disclosed()
        page = parse(reports.pyramid(pyramid, thread=thread))
        assert {row[1] for row in page.rows("Where threads break first")[1:]} == {"not shown"}
        assert {row[1] for row in page.rows(f"{thread.n_threads} front-line")[1:]} == {"not shown"}
        assert "How many golden threads hold is not shown" in page.words

    def test_thresholds_by_tier_stand_beside_the_tier(
        self, pyramid: org.Pyramid, firm: Organisation, parse: Any
    ) -> None:
        asked = {tier: 2.0 + tier / 10 for tier in Tier}
        scores = dict.fromkeys(firm.ids, 2.25)
        page = parse(reports.pyramid(pyramid, thread=org.trace_thread(pyramid, scores, threshold=asked).disclosed()))
        rows = page.rows("Where threads break first")
        assert [row[0] for row in rows[1:]] == [
            "Front-line employees asked: 2.1",
            "Front-line leaders asked: 2.2",
            "Middle managers asked: 2.3",
            "Senior leaders asked: 2.4",
        ]
        assert page.facts("Least score that is enough") == ["by tier, see above"]

    def test_the_tier_where_most_threads_break_is_told_when_all_tiers_are_known(self, parse: Any) -> None:
        firm = samples.organisation(n_teams=30, team_size=8, shareable=0, rng=2)
        pyramid = org.build_pyramid(firm)
        rng = np.random.default_rng(4)
        thread = org.trace_thread(pyramid, rng.uniform(2.9, 5, firm.n), threshold=3)
        shown = evolve(thread.disclosed(), first_break=dict(thread.first_break))
        page = parse(reports.pyramid(pyramid, thread=shown))
        worst = max(thread.first_break, key=lambda tier: thread.first_break[tier])
        assert worst is Tier.FRONT_LINE
        assert "it does so most often among the front-line employees." in page.words


class TestLevels:
    def test_means_by_level_stand_alone(self, pyramid: org.Pyramid, firm: Organisation, parse: Any) -> None:
        scores = np.random.default_rng(2).normal(3, 1, firm.n)
        for by, first in (("tier", "Front-line employees"), ("layer", "Layer 1")):
            raw_view = org.view_levels(pyramid, scores, by=by)  # type: ignore[arg-type]
            view = raw_view.disclosed()
            page = parse(reports.pyramid(pyramid, levels=view))
            _, *rows = page.rows("Scores by level")
            assert rows[0][0] == first
            assert [row[2] for row in rows] == ["not shown" if np.isnan(m) else f"{m:.2f}" for m in view.means]
            assert "not shown" in {row[2] for row in rows}
            assert page.facts("Largest difference between neighbours") == []

    def test_numbers_over_levels_are_there_when_no_level_is_hidden(self, parse: Any) -> None:
        ids = ["top", *(f"t{i}" for i in range(9))]
        firm = Organisation.from_columns(
            [*ids, *(f"f{i}" for i in range(40))], [None, *["top"] * 9, *(f"t{i % 9}" for i in range(40))]
        )
        pyramid = org.build_pyramid(firm)
        scores = np.random.default_rng(2).normal(3, 1, firm.n)
        scores[0] = np.nan
        view = org.view_levels(pyramid, scores).disclosed()
        page = parse(reports.pyramid(pyramid, levels=view, individuals=False))
        assert page.facts("Largest difference between neighbours") == [f"{view.max_adjacent_gap:.2f}"]
        (slope,) = page.facts("Change from one level to the next, towards the front line")
        assert slope.endswith(f"points (p = {view.slope_p:.3f})")
        assert f"Neighbouring levels differ by at most {view.max_adjacent_gap:.2f} points." in page.words
        assert org.ORG_FLAGS["level_without_scores"] in page.words
        same = org.view_levels(pyramid, np.where(np.isnan(scores), np.nan, 3.0)).disclosed()
        page = parse(reports.pyramid(pyramid, levels=same, individuals=False))
        assert page.facts("Change from one level to the next, towards the front line") == ["0.00 points"]

    def test_two_cuts_of_the_same_answers_do_not_stand_side_by_side(
        self, pyramid: org.Pyramid, found: Any, raw: Any, parse: Any
    ) -> None:
        """The whole less the tiers is the support posts, who are two."""
        page = parse(reports.pyramid(pyramid, **{name: found[name] for name in ("levels", "roll_up", "diagnosis")}))
        assert page.rows("Scores by level") == []
        assert "two cuts of the same answers" in page.words
        assert page.facts("Mean of all measurements") == ["not shown"]
        assert page.facts("Mean beside the target") == ["not shown"]
        text = reports.pyramid_markdown(
            pyramid, roll_up=found["roll_up"], levels=found["levels"], diagnosis=found["diagnosis"]
        )
        for mean in (*raw["levels"].means[:2], found["diagnosis"].mean):
            assert f" {mean:.2f} |" not in text.split("## Scores by line")[0].split("## Scores by level")[1]
        assert f"- Mean of all measurements: {found['diagnosis'].mean:.2f}" not in text
        beside = parse(reports.pyramid(pyramid, levels=found["levels"], diagnosis=found["diagnosis"]))
        assert beside.facts("Mean of all measurements") == ["not shown"]
        alone = parse(reports.pyramid(pyramid, diagnosis=found["diagnosis"]))
        assert alone.facts("Mean of all measurements") == [f"{found['diagnosis'].mean:.2f}"]

    def test_different_answers_may_stand_side_by_side(self, pyramid: org.Pyramid, found: Any, parse: Any) -> None:
        results = {name: found[name] for name in ("levels", "roll_up", "diagnosis")}
        page = parse(reports.pyramid(pyramid, **results, same_answers=False))
        assert len(page.rows("Scores by level")) > 1
        assert page.facts("Mean of all measurements") == [f"{found['diagnosis'].mean:.2f}"]
        assert "two cuts" not in page.words


class TestAlignmentAndAgents:
    def test_agreement_is_told_with_how_many_it_rests_on(self, pages: Any, found: Any, parse: Any) -> None:
        page = parse(pages["everything"])
        alignment = found["alignment"]
        assert page.facts("Who answered") == [f"{alignment.n_raters} people, 4 priorities"]
        assert page.facts("Agreement with the own boss (mean tau)")[0].endswith(f"({alignment.n_pairs} pairs)")
        _, *rows = page.rows("Agreement by layer")
        assert len(rows) == len(alignment.w_by_layer)
        assert ["Layer 1", *["not shown"] * 4] in rows
        last = [alignment.w_by_layer[-1], alignment.boss_tau_by_layer[-1]]
        assert [rows[-1][2], rows[-1][4]] == [f"{value:.2f}".replace("-", "\N{MINUS SIGN}") for value in last]

    def test_without_an_endgame_nothing_is_said_of_its_direction(self, parse: Any) -> None:
        ids = [f"p{i}" for i in range(12)]
        firm = Organisation.from_columns(ids, [None, None, *["p0", "p1"] * 5])
        ranks = np.tile([1.0, 2.0, 3.0], (12, 1))
        found = org.measure_alignment(firm, ranks).disclosed()
        page = parse(reports.pyramid(org.build_pyramid(firm), alignment=found))
        assert page.facts("Pull in the direction of the endgame (tau above 0)") == ["not shown"]
        assert "Agreement on priorities is 1.00, where 1 is the same order throughout, among 12 people." in page.words

    def test_agents_and_threads_have_their_shares(self, pages: Any, found: Any, parse: Any) -> None:
        agents = found["agents"]
        page = parse(pages["everything"])
        told = [row[1] for row in page.rows(f"{agents.n_agents} middle managers, by engagement")[1:]]
        shares = (agents.engaged_share, agents.not_engaged_share, agents.unknown_share)
        assert told == ["not shown" if np.isnan(share) else percent(share) for share in shares]
        rows = page.rows(f"{agents.n_threads} front-line threads, by whether a middle manager")
        assert len(rows) == 5

    def test_covered_threads_are_told_and_leaders_stand_in(self, parse: Any) -> None:
        leaders = [f"l{i}" for i in range(6)]
        ids = ["top", *leaders, *(f"f{i}" for i in range(36))]
        firm = Organisation.from_columns(ids, [None, *["top"] * 6, *(leaders[i % 6] for i in range(36))])
        pyramid = org.build_pyramid(firm)
        agents = org.measure_change_agents(pyramid, dict.fromkeys(leaders, 4.0), threshold=3).disclosed()
        page = parse(reports.pyramid(pyramid, agents=agents))
        assert "No middle manager's post is filled, so the front-line leaders stand in." in page.words
        assert f"An engaged front-line leader stands on 100{NBSP}% of the front-line threads." in page.words
        assert page.words.count("stand in.") == 1


class TestLines:
    def test_published_lines_are_shown_and_the_others_counted_but_never_named(
        self, pyramid: org.Pyramid, found: Any, parse: Any
    ) -> None:
        roll_up = found["roll_up"]
        text = reports.pyramid(pyramid, roll_up=roll_up)
        page = parse(text)
        _, *rows = page.rows("Mean of engagement by line")
        ids = [re.search(r"([\w.]+), ", row[0].split(" ", 1)[1]) for row in rows]
        assert len(rows) == len(roll_up.ids) > 10
        means = dict(zip(roll_up.ids, roll_up.means[:, 0].tolist(), strict=True))
        counts = dict(zip(roll_up.ids, roll_up.n.tolist(), strict=True))
        for one, row in zip(ids, rows, strict=True):
            assert one
            assert row[1] == f"{means.pop(one[1].split()[-1]):.2f} {counts[one[1].split()[-1]]} answers"
        assert not means
        hidden = set(pyramid.organisation.ids) - set(roll_up.ids)
        assert not [one for one in hidden if re.search(rf"\b{re.escape(one)}\b", text)]
        reasons = roll_up.reason_counts
        assert page.facts("Lines that are shown") == [str(reasons["published"])]
        assert page.facts("Lines and posts with fewer than 5 answers") == [str(reasons["below_minimum"])]
        assert page.facts("Lines that would give a smaller one away by subtraction") == [str(reasons["complementary"])]

    def test_lines_stand_below_the_line_they_belong_to(self, pyramid: org.Pyramid, found: Any, parse: Any) -> None:
        firm = pyramid.organisation
        page = parse(reports.pyramid(pyramid, roll_up=found["roll_up"]))
        heads = [one for one in page.all("th", role="rowheader") if one.parents]
        steps = [int((one.attributes.get("class") or "step-0").removeprefix("step-")) for one in heads]
        depth = {one: int(firm.tree.depth[firm.index_of(one)]) for one in found["roll_up"].ids}
        expected = sorted(depth, key=lambda one: int(firm.tree.position[firm.index_of(one)]))
        assert steps == [depth[one] for one in expected]

    def test_several_scores_and_columns_judged_apart(
        self, pyramid: org.Pyramid, firm: Organisation, parse: Any
    ) -> None:
        rng = np.random.default_rng(1)
        scores = rng.integers(1, 6, (firm.n, 2)).astype(float)
        scores[3:100, 1] = np.nan
        found = org.roll_up(firm, scores, column_names=["calm", "<b>drive</b>"], per_column=True)
        page = parse(reports.pyramid(pyramid, roll_up=found))
        header, *rows = page.rows("Means by line")
        assert header == ["Line of", "Layer", "calm", "<b>drive</b>"]
        assert len(rows) == len(found.ids)
        assert rows[0][2] == f"{found.means[list(found.ids).index(firm.root_ids[0]), 0]:.2f} (n = {firm.n})"
        assert sum(row[3] == "not shown" for row in rows) == np.isnan(found.means[:, 1]).sum() > 0
        assert org.ORG_FLAGS["columns_judged_apart"] in page.words
        both = org.roll_up(firm, scores, column_names=["calm", "drive"])
        page = parse(reports.pyramid(pyramid, roll_up=both))
        assert page.facts("People left out because they answered in part") == ["97"]

    @pytest.mark.parametrize("k", [1, 2])
    def test_a_line_of_one_mind_is_marked(self, k: int, parse: Any) -> None:
        ids = ["top", "l1", "l2", *(f"a{i}" for i in range(6)), *(f"b{i}" for i in range(6))]
        firm = Organisation.from_columns(ids, [None, "top", "top", *["l1"] * 6, *["l2"] * 6])
        scores = np.full((15, k), 5.0)
        scores[9:] = 3
        scores[:3] = [[2.0] * k] * 3
        scores[1] = 5.0
        found = org.roll_up(firm, scores, bounds=(1, 5))
        assert any(found.node_flags)
        page = parse(reports.pyramid(org.build_pyramid(firm), roll_up=found, individuals=False))
        assert "everybody gave the same answer, at an end of the scale" in page.words

    def test_equal_means_have_no_span(self, parse: Any) -> None:
        ids = ["top", *(f"a{i}" for i in range(6))]
        firm = Organisation.from_columns(ids, [None, *["top"] * 6])
        found = org.roll_up(firm, np.full(7, 3.0))
        page = parse(reports.pyramid(org.build_pyramid(firm), roll_up=found, individuals=False))
        assert [row[1] for row in page.rows("Mean of score")[1:]] == ["3.00 7 answers"]
        assert "Scores run from" not in page.words

    def test_a_long_table_stops_and_says_so(self, parse: Any) -> None:
        leaders = [f"l{i:03d}" for i in range(250)]
        ids = ["top", *leaders, *(f"{one}-{i}" for one in leaders for i in range(5))]
        firm = Organisation.from_columns(ids, [None, *["top"] * 250, *(one for one in leaders for _ in range(5))])
        found = org.roll_up(firm, np.random.default_rng(1).random(firm.n))
        page = parse(reports.pyramid(org.build_pyramid(firm), roll_up=found))
        assert len(page.rows("Mean of score")) == 201
        assert f"{len(found.ids) - 200} lines further down may be shown too" in page.words


class TestDiagnosis:
    def shown(self, pyramid: org.Pyramid, found: Any, parse: Any, **changes: Any) -> Any:
        return parse(reports.pyramid(pyramid, diagnosis=evolve(found["diagnosis"], **changes)))

    @pytest.mark.parametrize(
        ("first", "begin", "training"),
        [
            ("leadership", "Begin with the leadership.", "Training individuals is not the first thing to do."),
            ("team_support", "Begin with the team's support and environment.", "Training individuals is not the first thing to do."),
            ("individual", "Begin with the individual.", "Training individuals is the first thing to consider"),
            (None, "No level to begin with stands out.", "These numbers give no reason to begin with training."),
        ],
    )  # fmt: skip
    def test_the_level_and_whether_training_comes_first_are_in_words(
        self, first: Any, begin: str, training: str, pyramid: org.Pyramid, found: Any, parse: Any
    ) -> None:
        page = self.shown(pyramid, found, parse, first=first)
        assert page.one("p", class_="answer").text == begin
        assert training in page.words
        assert page.words.count(begin) == 2  # in short, and in its section
        assert page.one("p", class_="answer").text.startswith("Begin with the individual") is (first == "individual")

    @pytest.mark.parametrize(
        ("rule", "missing", "told"),
        [
            ("too_few", 0.5, "There are too few units, teams or people to tell levels apart"),
            ("systemic_shortfall", 0.9, f"90{NBSP}% of the teams miss the target of 3.5."),
            ("systemic_shortfall", np.nan, f"At least 80{NBSP}% of the teams miss the target of 3.5."),
            ("individual_not_separable", 0.5, "lasting differences cannot be told from chance."),
            ("largest_component", 0.5, f"The largest share of the differences lies here, in at least 80{NBSP}% of the samples"),
            ("no_clear_level", 0.5, "No level has the largest share of the differences in at least"),
        ],
    )  # fmt: skip
    def test_every_rule_is_in_plain_words(
        self, rule: Any, missing: float, told: str, pyramid: org.Pyramid, found: Any, parse: Any
    ) -> None:
        page = self.shown(pyramid, found, parse, rule=rule, share_of_teams_missing_target=missing)
        assert told in page.words

    def test_shares_stand_with_their_intervals_and_bars(self, pyramid: org.Pyramid, found: Any, parse: Any) -> None:
        page = self.shown(pyramid, found, parse)
        diagnosis = found["diagnosis"]
        _, *rows = page.rows("Where people at the front line differ")
        assert len(rows) == 4
        for row, (part, share) in zip(rows, diagnosis.shares.items(), strict=True):
            span = diagnosis.intervals[part]
            assert row[1].startswith(f"{percent(share)} {percent(span.low)} to {percent(span.high)}")
        fills = page.all("rect", class_="fill")
        assert [float(one.attributes["width"]) for one in fills] == pytest.approx(
            [192 * share for share in diagnosis.shares.values()], abs=0.05
        )
        assert len(page.all("path", class_="whisker")) == 4
        assert diagnosis.note in page.words
        assert "evidence about where people differ, not proof of a cause" in page.words
        assert page.facts("units") == [str(diagnosis.n_units)]
        assert page.facts("measurements") == [f"{diagnosis.n_observations:,}"]

    def test_people_and_chance_that_cannot_be_told_apart_are_one_row(
        self, pyramid: org.Pyramid, firm: Organisation, parse: Any
    ) -> None:
        once = np.random.default_rng(2).normal(3, 1, firm.n)
        found = org.diagnose(pyramid, firm.ids, once, n_boot=20).disclosed()
        assert "not_separable" in found.flags
        page = parse(reports.pyramid(pyramid, diagnosis=found))
        names = [row[0] for row in page.rows("Where people at the front line differ")[1:]]
        assert len(names) == 3
        assert names[-1].startswith("Individual and chance")

    def test_reliability_support_and_a_low_target_are_told(
        self, pyramid: org.Pyramid, firm: Organisation, parse: Any
    ) -> None:
        rng = np.random.default_rng(2)
        support = {one: rng.random() for one in pyramid.members(Tier.FRONT_LINE_LEADER)}
        found = org.diagnose(
            pyramid, firm.ids, rng.normal(3, 1, firm.n), reliability=0.7, support=support, target=1, better="low", n_boot=20
        ).disclosed()  # fmt: skip
        page = parse(reports.pyramid(pyramid, diagnosis=found))
        assert page.facts("Reliability with which chance was taken out") == ["0.70"]
        assert page.facts("Target") == ["1 or less"]
        assert page.facts("Mean beside the target")[0].endswith(" worse")
        assert len(page.facts("Tau of team means with the support teams have")) == 1
        better = evolve(found, target_gap=0.5)
        assert parse(reports.pyramid(pyramid, diagnosis=better)).facts("Mean beside the target") == ["0.50 better"]
        even = evolve(found, target_gap=0.001)
        assert parse(reports.pyramid(pyramid, diagnosis=even)).facts("Mean beside the target") == ["on it"]

    def test_an_unknown_interval_is_left_out(self, pyramid: org.Pyramid, found: Any, parse: Any) -> None:
        spans = dict.fromkeys(found["diagnosis"].intervals, ConfidenceInterval(np.nan, np.nan, level=0.95))
        page = self.shown(pyramid, found, parse, intervals=spans, resampling="none")
        assert page.all("path", class_="whisker") == []
        assert "so there are no intervals." in page.facts("How the intervals were made")[0]


class TestInfluenceAndSuccession:
    def test_totals_and_tiers_are_told(self, pages: Any, found: Any, parse: Any) -> None:
        influence = found["influence"]
        page = parse(pages["everything"])
        assert page.facts("informal leaders") == [str(influence.n_informal_leaders)]
        rows = {row[0]: row[1:] for row in page.rows("Influence by tier")[1:]}
        front = influence.by_tier[Tier.FRONT_LINE]
        assert rows["Front-line employees"][:2] == [str(front.n), f"{front.mean_influence:.2f}"]
        assert rows["Senior leaders"][1] == "not shown"

    def test_informal_leaders_are_named_only_as_far_as_they_agree(self, parse: Any) -> None:
        for shareable, is_shown in ((True, True), (False, False)):
            ids = ["top", *(f"p{i}" for i in range(30))]
            firm = Organisation.from_columns(ids, [None, *["top"] * 30], shareable=[shareable] * 31)
            ties = Nominations.from_columns(firm, ids[2:], ["p0"] * 29)
            found = org.measure_influence(firm, ties)
            page = parse(reports.pyramid(org.build_pyramid(firm), influence=found, individuals=False))
            rows = page.rows("Informal leaders who agree to be shown")
            assert bool(rows) is is_shown
            assert ("p0" in page.words) is is_shown
        assert found.n_withheld is None or "not listed here." in page.words

    def test_many_informal_leaders_are_cut(self, parse: Any) -> None:
        ids = ["top", *(f"p{i:03d}" for i in range(300))]
        firm = Organisation.from_columns(ids, [None, *["top"] * 300], shareable=[True] * 301)
        ties = Nominations.from_columns(firm, ids[101:], [ids[1 + i % 60] for i in range(200)], respondent_ids=ids)
        found = org.measure_influence(firm, ties, identify=True)
        assert found.n_informal_leaders == 60
        page = parse(reports.pyramid(org.build_pyramid(firm), influence=found))
        assert len(page.rows("Informal leaders who agree")) == 51
        assert "… and 10 more." in page.words
        assert org.ORG_FLAGS["identified"] in page.words

    def test_functions_and_posts_are_told(self, pages: Any, firm: Organisation, parse: Any) -> None:
        page = parse(pages["everything"])
        assert page.rows("How many could keep")[1] == ["audit", "nobody", "0"]
        rests = {row[0]: row[1:] for row in page.rows("How many could keep")[1:]}
        assert rests["night desk"] == ["several", "2"]
        assert rests["refunds"][0].endswith(f"({firm.reports_of(firm.root_ids[0])[0]})")
        assert "1 critical function rests on one person, 1 on nobody." in page.words
        assert page.facts("Posts that could be filled at once") == [f"50{NBSP}%"]

    def test_one_of_the_two_is_enough_and_shared_successors_are_named(
        self, firm: Organisation, pyramid: org.Pyramid, parse: Any
    ) -> None:
        first, second, third = firm.ids[1:4]
        cover = org.succession_cover(firm, {first: [(third, "now")], second: [(third, "year")]})
        page = parse(reports.pyramid(pyramid, succession=cover))
        assert page.rows("How many could keep") == []
        assert len([one for one in page.all("dt") if one.text.startswith("Down for more than one post: ")]) == 1


def markdown_rows(text: str) -> Iterator[list[str]]:
    """Give the cells of every table of a Markdown text as a reader shows them."""
    row: list[str] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield row
            row = None
        elif token.type == "inline" and row is not None:
            row.append("".join(part.content for part in token.children or []))


def plain(cells: list[str]) -> list[str]:
    return [" ".join(re.sub(r"[(),\N{EN DASH}]|\bnone\b", " ", cell).split()) for cell in cells]


class TestMarkdown:
    def test_it_has_every_row_of_the_page(self, pyramid: org.Pyramid, found: Any, pages: Any, parse: Any) -> None:
        text = reports.pyramid_markdown(pyramid, **found, individuals=True)
        rows = [plain(row) for row in markdown_rows(text)]
        page = parse(pages["no_pictures"])
        wanted = [
            [" ".join(cell.heard.split()) for cell in page.inside(row, "th", "td")]
            for table in page.all("table")
            for row in page.inside(table, "tr")
        ]
        assert len(wanted) > 80
        for row in wanted:
            assert plain(row) in rows
        assert f"- Made with: leadkit {__version__}" in text
        assert "## In short\n\n- 138 posts in 5 layers" in text

    def test_texts_of_users_stay_texts(self) -> None:
        hard = org.build_pyramid(hard_organisation())
        text = reports.pyramid_markdown(hard, **small_results(hard))
        assert "<" not in text
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        kinds = {part.type for token in tokens for part in token.children or []}
        assert kinds <= {"text", "text_special", "strong_open", "strong_close"}
        assert SCRIPT in unescape("".join(part.content for token in tokens for part in token.children or []))
        assert not [token for token in tokens if token.type in {"fence", "code_block", "html_block"}]

    def test_of_nobody_there_is_little(self) -> None:
        nobody = org.build_pyramid(Organisation.from_columns([], []))
        text = reports.pyramid_markdown(nobody, **small_results(nobody))
        assert "There is no post." in text
        assert not re.search(r"\bnan\b", text, re.IGNORECASE)


class TestExtras:
    def test_without_matplotlib_the_page_is_the_same(
        self, pyramid: org.Pyramid, pages: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "matplotlib", None)
        assert reports.pyramid(pyramid) == pages["bare"]

    def test_without_jinja2_the_message_says_what_to_install(
        self, pyramid: org.Pyramid, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jinja2", None)
        with pytest.raises(ImportError, match=r"an HTML report needs jinja2: pip install 'leadkit\[reports\]'"):
            reports.pyramid(pyramid)
        assert reports.pyramid_markdown(pyramid).startswith("# The inverted pyramid")


@pytest.fixture(scope="module")
def browser() -> str:
    names: tuple[str, ...] = BROWSER["NAMES"]
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium or Chrome is installed")


def test_nothing_runs_off_the_side_of_a_phone_or_a_desktop(browser: str, pages: dict[str, str], tmp_path: Path) -> None:
    widths = (390, 1200)
    frames = [
        f'<iframe srcdoc="{escape(pages[name])}" style="width:{width}px;height:800px;border:0"></iframe>'
        for name in ("everything", "hard_names")
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
    assert measured[0][4] >= 3
    assert measured[1][4] < measured[0][4]
