"""A report about one person: what it shows is what the results say."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from attrs import evolve

from leadkit import reports
from leadkit.assessment import Instrument, Responses, score
from leadkit.errors import UnknownIdError
from leadkit.ved import score as score_ved
from leadkit.ved import style

DASH = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"


def page_of(parse: Callable[[str], Any], *args: Any, **options: Any) -> Any:
    return parse(reports.individual(*args, **{"picture": False, **options}))


def test_every_score_is_shown_rounded_with_its_scale_band_and_the_mean_of_all(
    parse: Callable[[str], Any], material: Any
) -> None:
    scores, who = material.scores, material.scores.respondent_ids[4]
    bands = scores.with_bands(material.table)
    _, *rows = page_of(parse, scores, who, bands=bands).rows("Scores of")
    assert len(rows) == 9
    for at, (name, shown, _) in enumerate(rows):
        low, high, mean = bands.low[4, at], bands.high[4, at], scores.values[:, at].mean()
        assert name.split()[0] == scores.scale_ids[at].capitalize()
        assert shown == f"{scores.values[4, at]:.2f} of 1{DASH}5 band {low:.2f} to {high:.2f} mean of all {mean:.2f}"


def test_percent_is_whole_and_needs_no_further_scale(parse: Callable[[str], Any], material: Any) -> None:
    scores = score(material.responses, metric="pomp")
    _, *rows = page_of(parse, scores, scores.respondent_ids[0]).rows("Scores of")
    assert [row[1].split(" mean")[0] for row in rows] == [f"{value:.0f}{NBSP}%" for value in scores.values[0]]


def test_a_sum_is_shown_with_the_ends_of_its_own_scale(parse: Callable[[str], Any], material: Any) -> None:
    scores = score(material.responses, metric="sum", composites="none")
    page = page_of(parse, scores, scores.respondent_ids[0])
    assert page.rows("Scores of")[1][1].startswith(f"{scores.values[0, 0]:.2f} of 5{DASH}25")
    assert "A score is the sum of the answers to a dimension" in page.words
    assert "lighter bar" not in page.words


def test_a_reliability_gives_the_same_page_as_the_bands_that_come_from_it(material: Any) -> None:
    scores, who = material.scores, material.scores.respondent_ids[0]
    with_bands = reports.individual(scores, who, bands=scores.with_bands(material.table), picture=False)
    assert reports.individual(scores, who, reliability=material.table, picture=False) == with_bands


def test_bands_are_explained_in_plain_words_and_their_absence_too(parse: Callable[[str], Any], material: Any) -> None:
    scores, who = material.scores, material.scores.respondent_ids[0]
    words = page_of(parse, scores, who, reliability={"vision": 0.8}).words
    assert f"About 95 of 100 such 95{NBSP}% bands hold the score that would remain if chance were averaged out" in words
    kelley = scores.with_bands({"vision": 0.8}, kind="kelley", level=0.8)
    words = page_of(parse, scores, who, bands=kelley).words
    assert "About 80 of 100" in words
    assert "centred on the estimated true score" in words
    assert "No bands are drawn, because no reliability was given" in page_of(parse, scores, who).words


def test_a_missing_score_is_shown_as_words_with_the_reason(parse: Callable[[str], Any], hard: Responses) -> None:
    page = page_of(parse, score(hard), hard.respondent_ids[4])
    rows = page.rows("Scores of")
    assert rows[1][1].startswith("no score")
    assert rows[2] == ["2 of 5 questions answered. Fewer items were answered than the dimension needs for a score."]
    assert "Vision: no score" in page.all("svg")[0].attributes["aria-label"]
    leadership = next(row for row in rows if row[0].startswith("Leadership"))
    assert leadership[1].startswith("no score")
    assert "2 of 3 dimensions have a score. A composite has no score" in page.words
    (missing,) = {one.attributes["class"] for one in page.all("rect") if "missing" in one.attributes["class"]}
    assert missing == "track missing"


def test_somebody_without_answers_gets_a_sentence_and_no_table(parse: Callable[[str], Any], hard: Responses) -> None:
    page = page_of(parse, score(hard), hard.respondent_ids[2], picture=True)
    assert "Nothing was answered, so there is no score on any scale." in page.words
    assert "0 of 35 questions answered" in page.words
    assert page.all("table") == page.all("img") == []


def test_the_bar_has_its_ends_where_the_numbers_are(parse: Callable[[str], Any], material: Any) -> None:
    scores, who = material.scores, material.scores.respondent_ids[0]
    page = page_of(parse, scores, who)
    fills = [one for one in page.all("rect") if one.attributes["class"].startswith("fill")]
    widths = [float(one.attributes["width"]) for one in fills]
    assert np.allclose(widths, 192 * (scores.values[0] - 1) / 4, atol=0.02)
    assert [one.attributes["class"] for one in fills] == ["fill"] * 7 + ["fill composite"] * 2


def test_the_mean_of_all_is_hidden_where_fewer_than_the_minimum_of_others_have_a_score(
    parse: Callable[[str], Any], material: Any
) -> None:
    scores = material.scores[:6]
    who = scores.respondent_ids[0]
    assert "mean of all" in page_of(parse, scores, who).rows("Scores of")[1][1]
    few = page_of(parse, scores[:5], who)
    assert "mean of all" not in few.rows("Scores of")[1][1]
    assert f"{scores[:5].values[:, 0].mean():.2f}" not in few.one("main").text
    assert "mean of all" in page_of(parse, scores[:5], who, min_group=4).rows("Scores of")[1][1]


def test_nobody_else_is_named(parse: Callable[[str], Any], material: Any) -> None:
    who, *others = material.scores.respondent_ids
    text = reports.individual(
        material.scores, who, reliability=material.table, ved=material.ved, style=material.style, picture=True
    )
    assert who in text
    assert not [name for name in others if name in text]


def test_ved_and_style_are_those_of_the_person(parse: Callable[[str], Any], material: Any) -> None:
    at = next(i for i, name in enumerate(material.ved.weakest) if name is not None)
    who = material.scores.respondent_ids[at]
    page = page_of(parse, material.scores, who, ved=material.ved, style=material.style)
    weakest = material.ved.weakest[at]
    chance = material.ved.p_weakest[at, ("vision", "engagement", "delivery").index(weakest)]
    (lowest,) = page.facts("Lowest of vision, engagement and delivery")
    assert lowest == f"{weakest.capitalize()}, with a probability of {100 * chance:.0f}{NBSP}%"
    assert page.facts("Balance of the three, 0 to 1") == [f"{material.ved.column('balance')[at]:.2f}"]
    leadership = material.style.position[at, 0]
    assert page.facts("Leadership") == [f"{leadership:.0f}{NBSP}% of the maximum possible"]
    assert page.facts("Quadrant of these two scores") == [material.style.quadrant[at].replace("_", " ")]
    (chances,) = page.facts("Probability of each quadrant")
    assert chances.count(";") == 3
    assert material.style.note in page.words


def test_ved_in_scale_points_is_shown_with_its_scale(parse: Callable[[str], Any], material: Any) -> None:
    in_points = score_ved(material.responses, metric="mean")
    who = material.scores.respondent_ids[0]
    page = page_of(parse, material.scores, who, ved=in_points, style=style(in_points, cut=3.0))
    assert page.facts("Management") == [f"{in_points.column('management')[0]:.2f} of 1{DASH}5"]
    assert page.facts("Probability of each quadrant") == []
    assert "The standard error of measurement is not known" in page.words


def test_a_style_alone_is_shown_too(parse: Callable[[str], Any], material: Any) -> None:
    who = material.scores.respondent_ids[0]
    page = page_of(parse, material.scores, who, style=material.style)
    assert page.facts("Balance of the three, 0 to 1") == []
    assert page.facts("Leadership") == [f"{material.style.position[0, 0]:.0f}{NBSP}% of the maximum possible"]
    points = style(score_ved(material.responses, metric="mean", sem=0.4), cut=3.0)
    page = page_of(parse, material.scores, who, style=points)
    assert page.facts("Leadership") == [f"{points.position[0, 0]:.2f}"]


def test_a_tie_for_the_lowest_is_called_one(parse: Callable[[str], Any], material: Any) -> None:
    at = material.ved.weakest.index(None)
    page = page_of(parse, material.scores, material.scores.respondent_ids[at], ved=material.ved)
    assert page.facts("Lowest of vision, engagement and delivery") == ["tied"]


def test_ved_of_others_only_is_left_out(parse: Callable[[str], Any], material: Any) -> None:
    scored = score_ved(material.responses[1:])
    page = page_of(parse, material.scores, material.scores.respondent_ids[0], ved=scored)
    assert "ved" not in {one.attributes.get("id") for one in page.elements}


def test_missing_leadership_is_words(parse: Callable[[str], Any], hard: Responses) -> None:
    scored = score_ved(hard)
    page = page_of(parse, score(hard), hard.respondent_ids[4], ved=scored, style=style(scored))
    assert page.facts("Leadership") == ["no score"]
    assert page.facts("Balance of the three, 0 to 1") == []


def test_the_title_and_the_groups_are_in_the_head(parse: Callable[[str], Any], material: Any) -> None:
    who = material.scores.respondent_ids[0]
    page = page_of(parse, material.scores, who, title="Feedback for N. V.", notice="Draft")
    assert page.one("h1").text == page.inside(page.one("head"), "title")[0].text == "Feedback for N. V."
    assert f"team: {material.scores.groups['team'][0]}, 35 of 35 questions answered." in page.words


def test_the_picture_is_svg_that_holds_the_scores_and_needs_nothing_else(
    parse: Callable[[str], Any], material: Any
) -> None:
    who = material.scores.respondent_ids[0]
    page = parse(reports.individual(material.scores, who, reliability=material.table))
    picture = page.one("img")
    kind, data = picture.attributes["src"].split(",")
    assert kind == "data:image/svg+xml;base64"
    root = ET.fromstring(base64.b64decode(data))  # noqa: S314 - our own picture
    drawn = " ".join(root.itertext())
    assert f"{material.scores.values[0, 0]:.2f} of 1{DASH}5" in drawn
    assert who not in drawn
    assert f"Vision {material.scores.values[0, 0]:.2f} of 1{DASH}5;" in picture.attributes["alt"]
    hrefs = [value for one in root.iter() for name, value in one.attrib.items() if name.endswith("href")]
    assert all(value.startswith("#") for value in hrefs)
    assert "dashed line: the mean of all; thin black lines: the bands" in page.one("figcaption").text


def test_an_instrument_of_two_dimensions_gets_bars_and_foreign_letters_stay(parse: Callable[[str], Any]) -> None:
    rows = [{"item": f"i{i}", "dimension": "ab"[i], "low": 1, "high": 5} for i in (0, 1)]
    two = Instrument.from_rows(rows, id="two", version="1.0.0", title="Two", source="Test", licence="MIT")
    two = evolve(two, dimensions=tuple(evolve(part, name=f"愿景 {part.id}") for part in two.dimensions))
    scores = score(Responses(two, [[1, 5]], ["ann"]))
    page = parse(reports.individual(scores, "ann"))
    drawn = base64.b64decode(page.one("img").attributes["src"].split(",")[1]).decode()
    assert "愿景" in drawn
    assert page.one("figcaption").text == "The same scores as a picture. Bars: the scores."


def test_without_matplotlib_the_page_has_no_picture(material: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    who = material.scores.respondent_ids[0]
    without = reports.individual(material.scores, who, picture=False)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert reports.individual(material.scores, who) == without


def test_without_jinja2_the_message_says_what_to_install(material: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    who = material.scores.respondent_ids[0]
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ImportError, match=r"an HTML report needs jinja2: pip install 'leadkit\[reports\]'"):
        reports.individual(material.scores, who, picture=False)
    assert reports.individual_markdown(material.scores, who).startswith(f"# {who}")


def test_wrong_options_are_refused_by_name(material: Any) -> None:
    scores, who = material.scores, material.scores.respondent_ids[0]
    bands = scores.with_bands(material.table)
    with pytest.raises(UnknownIdError, match="unknown respondent 'nobody'"):
        reports.individual(scores, "nobody")
    with pytest.raises(ValueError, match="give one of the two"):
        reports.individual(scores, who, bands=bands, reliability=material.table)
    with pytest.raises(ValueError, match=f"expected the reading of '{who}', got that of 'somebody.else'"):
        reports.individual(scores, who, vitals=material.profiles[1])
    with pytest.raises(ValueError, match="bands: expected those of the same scores"):
        reports.individual(scores[1:], scores.respondent_ids[1], bands=bands)
    wrong: Any
    for wrong in (0, 2.5, True):
        with pytest.raises(ValueError, match="min_group: expected a whole number above 0"):
            reports.individual(scores, who, min_group=wrong)
    with pytest.raises(TypeError, match="scores: expected Scores, got BandedScores"):
        reports.individual(bands, who)
