"""What every page keeps: one file, valid, accessible, escaped, responsive, printable."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve

from leadkit import reports
from leadkit.assessment import Responses, reliability, score

KINDS = ("team", "team_for_all", "person", "team_of_hard_names", "silent_person")


@pytest.fixture(scope="module")
def pages(material: Any, hard: Responses) -> dict[str, str]:
    scores = score(hard, metric="pomp")
    table = reliability(hard)
    first = material.scores.respondent_ids[0]
    shared = {name: value for name, value in material.everything.items() if name != "vitals"}
    return {
        "team": reports.team(material.scores, **material.everything, notice="Synthetic & made up", picture=False),
        "team_for_all": reports.team(material.scores, **shared, individuals=False),
        "person": reports.individual(
            material.scores,
            first,
            reliability=material.table,
            vitals=material.profiles[0],
            ved=material.ved,
            style=material.style,
        ),
        "team_of_hard_names": reports.team(scores, reliability=table, responses=hard, picture=False),
        "silent_person": reports.individual(scores, hard.respondent_ids[2], reliability=table),
    }


@pytest.fixture(scope="module", params=KINDS)
def page(request: pytest.FixtureRequest, pages: dict[str, str], parse: Callable[[str], Any]) -> Any:
    return parse(pages[request.param])


def test_the_page_is_well_formed_html_in_the_language_of_the_instrument(page: Any) -> None:
    assert page.doctype == "DOCTYPE html"
    assert page.faults == []
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("meta", charset="utf-8")
    (title,) = page.inside(page.one("head"), "title")
    assert title.text == page.one("h1").text


def test_ids_are_unique_and_every_reference_finds_one(page: Any) -> None:
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    links = [one.attributes["href"] for one in page.all("a")]
    assert links
    assert {link[0] for link in links} == {"#"}
    assert {link[1:] for link in links} <= set(ids)
    assert {one.attributes["aria-labelledby"] for one in page.elements if "aria-labelledby" in one.attributes} <= set(
        ids
    )


def test_nothing_is_fetched_from_anywhere(page: Any) -> None:
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {one.tag for one in page.elements}
    for one in page.elements:
        for name, value in one.attributes.items():
            assert not name.startswith("on")
            if name in {"src", "href", "srcset", "action", "data"}:
                assert value.startswith(("#", "data:image/svg+xml;base64,"))
    assert not re.search(r"url\(|@import|@font-face", page.one("style").text)


def test_headings_are_in_order_under_one_first(page: Any) -> None:
    levels = [int(one.tag[1]) for one in page.elements if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(one.text.strip() for one in page.elements if re.fullmatch("h[1-6]", one.tag))


def test_landmarks_and_a_skip_link_come_before_the_content(page: Any) -> None:
    assert page.all("a")[0].attributes["href"] == "#content"
    assert page.one("main").attributes["id"] == "content"
    assert page.one("nav").attributes["aria-label"] == "Contents"
    assert page.one("header")
    assert page.one("footer")
    assert {one.attributes["aria-labelledby"] for one in page.all("section")} >= {"reading", "notes"}


def test_every_section_is_in_the_contents(page: Any) -> None:
    listed = {one.attributes["href"][1:] for one in page.inside(page.one("nav"), "a")}
    sections = {one.attributes["aria-labelledby"] for one in page.all("section")}
    assert listed == sections - {"reading"}


def test_every_table_has_a_caption_and_headers_with_a_scope(page: Any) -> None:
    for table in page.all("table"):
        assert len(page.inside(table, "caption")) == 1
        assert page.inside(table, "thead")
        assert {one.attributes.get("scope") for one in page.inside(table, "th")} <= {"col", "row", "rowgroup"}
        for row in page.inside(table, "tr"):
            cells = page.inside(row, "th", "td")
            assert cells[0].tag == "th" or row.attributes.get("class") == "reasons"


def test_rows_of_a_table_have_as_many_cells_as_its_head(page: Any) -> None:
    for table in page.all("table"):
        widths = {
            sum(int(one.attributes.get("colspan", "1")) for one in page.inside(row, "th", "td"))
            for row in page.inside(table, "tr")
        }
        assert len(widths) == 1


def test_every_picture_has_a_text(page: Any) -> None:
    for one in page.all("svg"):
        assert one.attributes["role"] == "img"
        assert one.attributes["aria-label"].strip()
    for one in page.all("img"):
        assert one.attributes["alt"].strip()


def test_wide_tables_scroll_inside_a_region_that_the_keyboard_reaches(page: Any) -> None:
    for one in page.elements:
        if one.attributes.get("class") == "scroll":
            assert (one.attributes["role"], one.attributes["tabindex"]) == ("region", "0")
            assert one.attributes["aria-label"].strip()
    for table in page.all("table"):
        kind = (table.attributes.get("class") or "").split()
        wrapped = any(one.attributes.get("class") == "scroll" for one in table.parents)
        assert wrapped or "scores" in kind or "narrow" in kind


def test_a_table_that_is_laid_out_anew_on_a_phone_keeps_its_roles(page: Any) -> None:
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for table in page.all("table"):
        if "scores" in (table.attributes.get("class") or "").split():
            assert table.attributes["role"] == "table"
            for one in page.inside(table, *roles):
                assert one.attributes["role"] == roles[one.tag]
            assert {one.attributes["role"] for one in page.inside(table, "th")} == {"columnheader", "rowheader"}


def test_a_dash_is_for_the_eye_only_and_comes_with_words(page: Any) -> None:
    for one in page.elements:
        if one.attributes.get("aria-hidden") == "true":
            assert one.text == "\N{EN DASH}"
    dashes = [one for one in page.all("span") if one.attributes.get("aria-hidden") == "true"]
    hidden = [one for one in page.all("span") if one.attributes.get("class") == "unseen"]
    assert len(dashes) == len(hidden)
    assert all(one.text.strip() for one in hidden)


def test_the_page_says_what_numbers_are_and_are_not(page: Any) -> None:
    for sentence in (
        "These numbers describe answers to a questionnaire, not people.",
        "A person decides what follows from them",
        "The wording is unvalidated",
        "A missing score is never counted as 0.",
    ):
        assert sentence in page.words


def test_the_page_ends_with_where_the_numbers_come_from(page: Any, material: Any) -> None:
    assert page.facts("Key (SHA-256 of all that affects scoring)") == [material.scores.instrument.hash]
    assert page.facts("Questionnaire") == ["V.E.D. leadership check (ved 1.0.0)"]
    assert page.facts("Licence of the wording") == ["MIT"]
    assert page.facts("Made with") == [f"leadkit {material.scores.provenance.leadkit_version}"]
    assert "composites: complete" in page.facts("Rules of scoring")[0]


def test_it_fits_a_phone_and_a_sheet_of_paper(page: Any) -> None:
    assert page.one("meta", name="viewport").attributes["content"] == "width=device-width, initial-scale=1"
    style = page.one("style").text
    assert "@media print" in style
    assert "break-before: page" in style
    assert "@media (max-width: 36rem)" in style
    assert ":focus-visible" in style


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(first), luminance(second)])
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_text_has_contrast_on_the_page() -> None:
    style = files("leadkit.reports").joinpath("templates", "report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", style))
    used = set(re.findall(r"[^-]color: var\(--(\w+)\)", style)) | {"accent"}
    assert used == {"ink", "soft", "accent"}
    assert all(contrast(colours[name], "#ffffff") >= 4.5 for name in used)
    assert contrast(colours["accent"], "#ffffff") >= 3


def test_a_notice_stands_above_the_heading(pages: dict[str, str], parse: Callable[[str], Any]) -> None:
    page = parse(pages["team"])
    notice = page.one("p", role="note")
    assert "Synthetic & made up" in notice.text
    assert page.elements.index(notice) < page.elements.index(page.one("h1"))
    assert parse(pages["person"]).all("p", role="note") == []


def test_names_cannot_become_markup(pages: dict[str, str], parse: Callable[[str], Any], hard: Responses) -> None:
    text = pages["team_of_hard_names"]
    page = parse(text)
    assert "<script" not in text
    assert page.all("i") == page.all("b") == []
    for name in (*hard.respondent_ids[:2], "<i>north</i>", "team & shift"):
        assert name in page.one("body").text
        assert name not in text or escape(name) == name
    assert escape(hard.respondent_ids[0], quote=False).replace("'", "&#39;") in text


def test_texts_in_another_language_are_marked(parse: Callable[[str], Any], hard: Responses) -> None:
    german = evolve(
        hard.instrument,
        language="de-AT",
        dimensions=tuple(evolve(part, name=f"{part.name}-Blick") for part in hard.instrument.dimensions),
    )
    answers = evolve(hard, instrument=german)
    page = parse(reports.individual(score(answers), hard.respondent_ids[1], picture=False))
    assert page.one("html").attributes["lang"] == "de-AT"
    assert page.one("body").attributes["lang"] == "en"
    assert "Vision-Blick" in {one.text for one in page.all("span", lang="de-AT")}
    english = parse(reports.individual(score(hard), hard.respondent_ids[1], picture=False))
    assert "lang" not in english.one("body").attributes
    assert english.all("span", lang="en") == []


def test_the_same_results_give_the_same_page(material: Any) -> None:
    who = material.scores.respondent_ids[1]
    first, second = (reports.individual(material.scores, who, reliability=material.table) for _ in range(2))
    assert first == second
