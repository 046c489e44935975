"""A report about a team: who answered, spread, groups, reliability, messages, persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit import reports, samples
from leadkit.assessment import Responses, reliability, score
from leadkit.errors import UnknownIdError
from leadkit.plots.labels import scale_names
from leadkit.ved import MessageCoding, read_messages, style
from leadkit.ved import score as score_ved

DASH = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"


def page_of(parse: Callable[[str], Any], *args: Any, **options: Any) -> Any:
    return parse(reports.team(*args, **{"picture": False, **options}))


def test_mean_spread_and_number_of_people_are_shown_for_every_scale(parse: Callable[[str], Any], material: Any) -> None:
    values = material.scores.values
    _, *rows = page_of(parse, material.scores).rows("Every scale")
    for at, row in enumerate(rows):
        mean, sd = values[:, at].mean(), values[:, at].std(ddof=1)
        assert row[1] == f"{mean:.2f} of 1{DASH}5 24 people, SD {sd:.2f}"


def test_a_page_for_all_without_composites_or_groups_is_made_too(parse: Callable[[str], Any], material: Any) -> None:
    scores = evolve(score(material.responses, composites="none"), groups={})
    page = page_of(parse, scores, individuals=False)
    assert [row[0].split()[0] for row in page.rows("Every scale")[1:]] == [
        name.capitalize() for name in scores.instrument.dimension_ids
    ]


def test_everybody_is_a_dot_at_their_score(parse: Callable[[str], Any], material: Any) -> None:
    page = page_of(parse, material.scores)
    first = page.all("svg", class_="strip")[0]
    dots = [float(one.attributes["cx"]) for one in page.inside(first, "circle")]
    assert np.allclose(sorted(dots), 6 + 228 * (np.sort(material.scores.values[:, 0]) - 1) / 4, atol=0.02)
    spread = f"24 people from {material.scores.values[:, 0].min():.2f} to {material.scores.values[:, 0].max():.2f}"
    assert spread in first.attributes["aria-label"]


def test_many_people_are_columns_whose_heights_are_their_numbers(parse: Callable[[str], Any]) -> None:
    scores = score(samples.answers("ved", n=150, rng=2), composites="none")
    page = page_of(parse, scores, individuals=True)
    first = page.all("svg", class_="strip")[0]
    assert page.inside(first, "circle") == []
    columns = [float(one.attributes["height"]) for one in page.inside(first, "rect")]
    counts, _ = np.histogram(scores.values[:, 0], bins=24, range=(1, 5))
    assert np.allclose(columns, 28 * counts[counts > 0] / counts.max(), atol=0.03)


def test_who_answered_what_is_told(parse: Callable[[str], Any], hard: Responses) -> None:
    page = page_of(parse, score(hard), responses=hard)
    assert page.facts("respondents") == ["20"]
    assert page.facts("with a score on every dimension") == ["18"]
    assert page.facts("of all questions answered") == [f"{100 * (700 - 38) / 700:.0f}{NBSP}%"]
    assert page.facts("Answered nothing") == [hard.respondent_ids[2]]
    assert page.facts("Left something out") == [f"{hard.respondent_ids[4]} (3 left out)"]
    assert page.facts("Same answer to every question") == [hard.respondent_ids[3]]
    (left_out,) = page.facts("Questions left out most often")
    first = str(hard.instrument.items[0].text)
    assert left_out.startswith(f"{first} (1 of 19)")
    assert "may not have read them" in page.words


def test_without_answers_at_hand_nothing_is_said_about_single_questions(
    parse: Callable[[str], Any], hard: Responses
) -> None:
    page = page_of(parse, score(hard))
    assert page.facts("Same answer to every question") == []
    assert page.facts("Questions left out most often") == []


def test_nothing_missing_is_told_as_well(parse: Callable[[str], Any]) -> None:
    answers = samples.answers("ved", n=8, rng=1, missing=0.0, careless=0)
    page = page_of(parse, score(answers), responses=answers)
    assert page.facts("Left something out") == page.facts("Answered nothing") == ["nobody"]
    assert page.facts("Questions left out most often") == ["none"]


def test_means_of_groups_are_shown_and_those_of_few_people_never(parse: Callable[[str], Any], hard: Responses) -> None:
    scores = score(hard)
    page = page_of(parse, scores)
    head, sizes, *rows = page.rows("Mean of each scale by")
    assert head == ["Scale", "all", "<i>north</i>", "night", "south"]
    assert sizes == ["People", "20", "9", "fewer than 5", "7"]
    team = np.array(scores.groups["team & shift"], dtype=object)
    for at, row in enumerate(rows):
        known = scores.values[:, at]
        means = {label: np.nanmean(known[team == label]) for label in ("<i>north</i>", "night", "south")}
        assert row[1:] == [
            f"{np.nanmean(known):.2f}",
            f"{means['<i>north</i>']:.2f}",
            "fewer than 5",
            f"{means['south']:.2f}",
        ]
    assert "A mean of fewer than 5 people is not shown." in page.words
    assert "Without team & shift, and with no part in these means: 1 person." in page.words


def test_a_page_for_all_shows_no_person_and_nothing_from_which_a_small_group_follows(
    parse: Callable[[str], Any], hard: Responses
) -> None:
    scores = score(hard)
    text = reports.team(scores, responses=hard, reliability=reliability(hard), individuals=False)
    page = parse(text)
    assert not [name for name in hard.respondent_ids if name in page.one("body").text]
    assert page.all("circle") == page.all("img") == page.all("article") == []
    _, sizes, *rows = page.rows("Mean of each scale by")
    assert sizes[3] == "fewer than 5"
    assert {row[3] for row in rows} == {"fewer than 5"}
    assert {row[4] for row in rows} == {"not shown"}
    assert {row[0].split()[0] for row in rows if row[1] == "not shown"} == {"Leadership"}
    assert all(row[2] not in {"not shown", "fewer than 5"} for row in rows if row[1] != "not shown")
    assert "would let one of fewer than 5 people be worked out" in page.words
    assert page.facts("Answered nothing") == ["1 person"]
    assert page.facts("Left something out") == ["1 person"]
    assert "No single person's score is shown." in page.words


def test_a_page_for_all_about_few_people_shows_no_numbers_about_them(
    parse: Callable[[str], Any], material: Any
) -> None:
    few = material.responses[:4]
    scores = score(few)
    scored = score_ved(few, sem=8.0)
    page = page_of(
        parse,
        scores,
        responses=few,
        reliability=reliability(few),
        ved=scored,
        style=style(scored),
        individuals=False,
    )
    _, *rows = page.rows("Every scale")
    assert {row[1] for row in rows} == {"fewer than 5 people have a score"}
    _, _, *groups = page.rows("Mean of each scale by")
    assert {cell for row in groups for cell in row[1:]} == {"fewer than 5"}
    _, *lines = page.rows("Reliability of each dimension")
    assert {tuple(row[3:]) for row in lines} == {("fewer than 5",) * 4}
    assert page.rows("Vision") == []
    assert "Quadrants: fewer than 5 people have one" in page.words
    means = {f"{mean:.2f}" for mean in scores.values.mean(axis=0)}
    assert not [mean for mean in means if mean in page.one("main").text]


def test_a_larger_minimum_hides_more(parse: Callable[[str], Any], material: Any) -> None:
    page = page_of(parse, material.scores, min_group=7)
    _, sizes, *rows = page.rows("Mean of each scale by team")
    assert sizes[1:] == ["24", *["fewer than 7"] * 4]
    assert {cell for row in rows for cell in row[2:]} == {"fewer than 7"}


def test_the_group_variable_can_be_chosen(parse: Callable[[str], Any], material: Any) -> None:
    wave = tuple("ab"[i % 2] for i in range(24))
    scores = evolve(material.scores, groups={**material.scores.groups, "wave": wave})
    assert page_of(parse, scores, by="wave").rows("Mean of each scale by wave")[0] == ["Scale", "all", "a", "b"]
    with pytest.raises(UnknownIdError, match="unknown group variable 'wav'"):
        reports.team(scores, by="wav")
    plain = page_of(parse, evolve(scores, groups={}))
    assert "groups" not in {one.attributes.get("id") for one in plain.elements}


def test_reliability_and_item_statistics_are_those_of_the_table(parse: Callable[[str], Any], material: Any) -> None:
    table = material.table
    page = page_of(parse, material.scores, reliability=table)
    _, *rows = page.rows("Reliability of each dimension")
    for at, row in enumerate(rows):
        assert row == [
            scale_names(material.scores.instrument)[table.dimension_ids[at]],
            str(table.n_respondents[at]),
            str(table.n_items[at]),
            f"{table.alpha[at]:.2f}",
            f"{table.alpha_low[at]:.2f} to {table.alpha_high[at]:.2f}",
            f"{table.omega[at]:.2f}",
            f"{table.standard_error[at]:.2f}",
        ]
    _, *items = page.rows("Engagement")
    analysis = table.analysis("engagement")
    for i, row in enumerate(items):
        assert row[1] == str(analysis.n_answered[i])
        assert row[2:4] == [f"{analysis.mean[i]:.2f}", f"{analysis.sd[i]:.2f}"]
    reversed_items = [item.reverse for item in material.scores.instrument.dimension("engagement").items]
    assert ["reversed" in row[0] for row in items] == reversed_items
    left_out = "Rows were left out, for missing values or a missing group."
    assert left_out not in page.words
    listwise = reliability(material.responses, missing="listwise")
    assert left_out in page_of(parse, material.scores, reliability=listwise).words
    assert page.facts("Reliability")[0].startswith("ved 1.0.0; by: not given; missing: pairwise")


def test_a_table_by_group_is_shown_without_bands_and_without_small_groups(
    parse: Callable[[str], Any], hard: Responses
) -> None:
    table = reliability(hard, by="team & shift")
    page = page_of(parse, score(hard), reliability=table)
    _, *rows = page.rows("Reliability of each dimension, by team & shift")
    assert len(rows) == 21
    hidden = [row for row in rows if row[1] == "night"]
    assert {tuple(row[4:]) for row in hidden} == {("fewer than 5",) * 4}
    assert page.rows("Vision, south")
    assert page.rows("Vision, night") == []
    assert "No bands are drawn" in page.words
    for_all = page_of(parse, score(hard), reliability=table, individuals=False)
    assert len(for_all.rows("Reliability of each dimension, by team & shift")) == 22
    assert for_all.rows("Vision, south") == []


def test_a_mapping_of_reliabilities_gives_bands_and_no_table(parse: Callable[[str], Any], material: Any) -> None:
    page = page_of(parse, material.scores, reliability={"vision": 0.9})
    low, high = material.scores.with_bands({"vision": 0.9}).band("vision")
    assert f"band {low[0]:.2f} to {high[0]:.2f}" in page.rows("Scores of")[1][1]
    assert page.rows("Reliability") == []


def test_undefined_statistics_are_dashes_with_words(parse: Callable[[str], Any], material: Any) -> None:
    constant = evolve(material.responses, values=np.full_like(material.responses.values, 4.0))
    page = page_of(parse, score(constant), reliability=reliability(constant))
    alpha = page.rows("Reliability of each dimension")[1][3]
    assert alpha == "not known"
    assert "An item has the same answer from everybody." in page.words


def test_everybody_has_a_section_and_so_has_who_gave_nothing_but_a_vitals_reading(
    parse: Callable[[str], Any], material: Any
) -> None:
    page = page_of(parse, material.scores, **material.everything)
    names = [one.text for one in page.all("h3") if (one.attributes.get("id") or "").startswith("person-")]
    assert names == [*material.scores.respondent_ids, "somebody.else"]
    articles = page.all("article")
    assert len(page.inside(articles[0], "h5")) == 6
    assert len(page.inside(articles[1], "h5")) == 0
    assert len(page.inside(articles[-1], "h5")) == 12
    assert page.inside(articles[-1], "table")[0].attributes["class"] == "days"
    for article, row in zip(articles, material.scores.values, strict=False):
        (table,) = page.inside(article, "table")[:1]
        cells = [one.text.strip() for one in page.inside(table, "span") if one.attributes["class"] == "value"]
        assert cells == [f"{value:.2f}" for value in row]


def test_ved_of_everybody_is_a_table_and_a_plane(parse: Callable[[str], Any], material: Any) -> None:
    page = page_of(parse, material.scores, ved=material.ved, style=material.style)
    head, *rows = page.rows("Lowest of the three")
    assert head[3] == "Leadership of the maximum possible"
    assert [row[0] for row in rows] == list(material.ved.ids)
    for row, (leadership, management), balance in zip(
        rows, material.style.position, material.ved.column("balance"), strict=True
    ):
        assert row[2:5] == [f"{balance:.2f}", f"{leadership:.0f}{NBSP}%", f"{management:.0f}{NBSP}%"]
    plane = next(one for one in page.all("svg") if "Leadership (upwards)" in one.attributes["aria-label"])
    dots = page.inside(plane, "circle")
    places = [(float(one.attributes["cx"]), float(one.attributes["cy"])) for one in dots]
    expected = [(36 + 2.94 * right, 304 - 2.94 * up) for up, right in material.style.position]
    assert np.allclose(places, expected, atol=0.02)
    _, *expected_people = page.rows("People expected in each quadrant, of 24")
    sums = material.style.probability.sum(axis=0)
    assert [row[1] for row in expected_people] == [f"{total:.1f}" for total in sums]
    assert material.style.note in page.words


def test_ved_without_a_style_has_no_quadrants(parse: Callable[[str], Any], material: Any) -> None:
    in_points = score_ved(material.responses, metric="mean")
    page = page_of(parse, material.scores, ved=in_points)
    head, *_ = page.rows("Lowest of the three")
    assert head[3:] == [f"Leadership of 1{DASH}5", f"Management of 1{DASH}5"]
    assert page.rows("People expected") == []


def test_a_style_without_scores_or_errors_is_shown_as_far_as_it_goes(
    parse: Callable[[str], Any], material: Any
) -> None:
    in_points = style(score_ved(material.responses, metric="mean"), cut=3.5)
    page = page_of(parse, material.scores, style=in_points)
    head, *rows = page.rows("Lowest of the three")
    assert head[3:5] == ["Leadership", "Management"]
    assert rows[0][1:3] == ["no score", "no score"]
    assert rows[0][5:] == ["not known"] * 4
    assert page.rows("People expected") == []
    assert not [one for one in page.all("svg") if "upwards" in one.attributes["aria-label"]]


def test_messages_are_shown_with_contrast_codes_and_agreement(parse: Callable[[str], Any], material: Any) -> None:
    reading = material.messages
    page = page_of(parse, material.scores, messages=reading)
    _, *rows = page.rows("Whose way of announcing prevails")
    for row, contrast in zip(rows, reading.contrast, strict=True):
        number = f"{contrast:+.2f}".replace("-", "\N{MINUS SIGN}") if contrast else "0.00"
        side = "leader's side" if contrast > 0 else "manager's side" if contrast < 0 else "both sides"
        assert row[1] == f"{number} {side} 3 readers"
    head, *codes = page.rows("Share of the readers")
    assert head[2:] == list(reading.message_ids)
    assert [row[2:] for row in codes] == [[f"{100 * part:.0f}{NBSP}%" for part in column] for column in reading.share.T]
    interval = reading.alpha_interval
    assert f"alpha {reading.alpha:.2f}, 95{NBSP}% interval {interval.low:.2f} to {interval.high:.2f}." in page.words


def test_a_message_in_which_nobody_saw_a_code_has_words(parse: Callable[[str], Any], material: Any) -> None:
    reading = read_messages([MessageCoding(message_id="<spring>", coder_id="ann", codes=())])
    page = page_of(parse, material.scores, messages=reading)
    assert page.rows("Whose way of announcing prevails")[1] == ["<spring>", "no code seen 1 reader", ""]
    assert "alpha not known." in page.words
    assert "Only one person read the message" in page.words


def test_a_team_of_one_and_a_team_of_nobody_have_a_page(parse: Callable[[str], Any], material: Any) -> None:
    one = material.responses[:1]
    page = page_of(parse, score(one), responses=one, ved=score_ved(one), style=style(score_ved(one)))
    assert page.rows("Every scale")[1][1].endswith("1 person, SD not known")
    nobody = material.responses[:0]
    empty = page_of(parse, score(nobody), responses=nobody, ved=score_ved(nobody))
    assert empty.rows("Every scale")[1][1].endswith("0 people, SD not known")
    assert empty.facts("of all questions answered") == ["not known"]
    assert empty.faults == []


def test_pictures_are_drawn_when_asked_for(parse: Callable[[str], Any], material: Any) -> None:
    assert len(parse(reports.team(material.scores[:2])).all("img")) == 2


def test_the_title_is_that_of_the_questionnaire_or_what_is_given(parse: Callable[[str], Any], material: Any) -> None:
    assert page_of(parse, material.scores).one("h1").text == "V.E.D. leadership check"
    assert page_of(parse, material.scores, title="Spring").one("h1").text == "Spring"


def test_what_does_not_belong_together_is_refused(material: Any, hard: Responses) -> None:
    with pytest.raises(ValueError, match="a reading is about one person"):
        reports.team(material.scores, vitals=material.profiles, individuals=False)
    with pytest.raises(ValueError, match=r"24 respondents are not there, like 'naveen.vargas'"):
        reports.team(material.scores, responses=material.responses[:0])
    other = samples.answers("vitals", n=3, rng=1)
    with pytest.raises(ValueError, match="expected answers to 'ved', got answers to 'vitals'"):
        reports.team(material.scores, responses=other, picture=False)
    with pytest.raises(ValueError, match="bands: expected those of the same scores"):
        reports.team(material.scores, bands=score(hard).with_bands({"vision": 0.8}))


def test_answers_may_come_in_another_order(parse: Callable[[str], Any], hard: Responses) -> None:
    turned = hard[::-1]
    assert reports.team(score(hard), responses=turned, picture=False) == reports.team(
        score(hard), responses=hard, picture=False
    )


def test_validated_and_pilot_wording_is_called_so(parse: Callable[[str], Any], material: Any) -> None:
    for status, sentence in (("pilot", "is being tried out"), ("validated", "states that it has been validated")):
        scores = evolve(material.scores, instrument=evolve(material.scores.instrument, status=status, note=""))
        page = page_of(parse, scores)
        assert sentence in page.words
        assert page.facts("Note") == []


def test_a_section_with_nothing_to_show_is_left_out(parse: Callable[[str], Any], material: Any) -> None:
    page = page_of(parse, material.scores, ved=material.ved, individuals=False)
    assert "ved" not in {one.attributes["aria-labelledby"] for one in page.all("section")}
    assert "#ved" not in {one.attributes["href"] for one in page.all("a")}


def test_words_in_place_of_the_mean_of_a_group_look_like_all_that_is_hidden(
    parse: Callable[[str], Any], material: Any
) -> None:
    page = page_of(parse, material.scores, by="team", min_group=15)
    (table,) = [
        one for one in page.all("table") if page.inside(one, "caption")[0].text.startswith("Mean of each scale")
    ]
    told = [one.text for one in page.inside(table, "td") if "fewer than 15" in one.text]
    assert told
    assert [one.text for one in page.inside(table, "span") if one.attributes["class"] == "none"] == told
