"""Empty forms and scores as comma-separated text."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from leadkit import frameworks
from leadkit.assessment import Instrument, Responses, score
from leadkit.errors import ResponseError, UnknownIdError
from leadkit.interchange.csv import read_ratings, read_responses, write_form, write_rating_form, write_scores

MOOD = Instrument.parse(
    """
    id = "mood"
    version = "1.0.0"
    title = { en = "Mood", de = "Stimmung" }
    source = "Example"
    licence = "MIT"
    status = "unvalidated"
    scale = { low = 1, high = 2, labels = [{ en = "No", de = "Nein" }, { en = "Yes", de = "Ja" }] }
    [[dimensions]]
    id = "calm"
    name = { en = "Calm", de = "Ruhe" }
    items = [
      { id = "m1", text = { en = "=I am calm, always", de = "Ich bin ruhig" }, observer_text = { en = "Is calm", de = "Ist ruhig" } },
      { id = "m2", text = { en = "I rest", de = "Ich ruhe" } },
    ]
    """
)


def cells(form: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(form)))


def test_a_form_shows_wording_and_answers_in_rows_that_are_not_read() -> None:
    form = write_form(MOOD, rows=["ann", "bo"], groups=["team"])
    assert cells(form) == [
        ["respondent_id", "team", "m1", "m2"],
        ["#question", "", "'=I am calm, always", "I rest"],
        ["#answers", "", "1 = No, 2 = Yes", "1 = No, 2 = Yes"],
        ["ann", "", "", ""],
        ["bo", "", "", ""],
    ]
    filled = form.replace("ann,,,", "ann,north,1,2")
    given_back = read_responses(filled, MOOD, groups=["team"])
    assert given_back.respondent_ids == ("ann", "bo")
    assert given_back.no_answers.tolist() == [False, True]


def test_a_form_is_written_in_the_language_asked_for() -> None:
    assert cells(write_form(MOOD, language="de-AT"))[1:] == [
        ["#question", "Ich bin ruhig", "Ich ruhe"],
        ["#answers", "1 = Nein, 2 = Ja", "1 = Nein, 2 = Ja"],
    ]
    with pytest.raises(UnknownIdError, match="unknown language of instrument 'mood' 'fr'"):
        write_form(MOOD, language="fr")


def test_a_form_without_rows_holds_no_answers_yet() -> None:
    with pytest.raises(ResponseError, match="row 1: there is a header and nothing below it"):
        read_responses(write_form(MOOD), MOOD)


def test_prepared_rows_are_numbered() -> None:
    assert read_responses(write_form(MOOD, rows=3), MOOD).respondent_ids == ("r1", "r2", "r3")
    with pytest.raises(ValueError, match="rows: expected a number at least 0, got -1"):
        write_form(MOOD, rows=-1)


def test_ids_that_look_like_marks_or_formulas_come_back() -> None:
    names = ("#question", "#answers", "=1", "'#question", " x ")
    assert read_responses(write_form(MOOD, rows=names), MOOD).respondent_ids == names


def test_a_form_for_raters_asks_about_somebody_else() -> None:
    form = write_rating_form(MOOD, rows=[("ann", "bo", "peer")], groups=["wave"])
    assert cells(form)[:2] == [
        ["ratee_id", "rater_id", "role", "wave", "m1", "m2"],
        ["#question", "", "", "", "Is calm", "I rest"],
    ]
    given_back = read_ratings(form.replace("peer,,,", "peer,1,2,1"), MOOD, groups="wave")
    assert given_back.responses.values.tolist() == [[2, 1]]


def test_a_scale_without_labels_shows_its_ends() -> None:
    rows = [{"item": "a", "dimension": "calm", "low": -2, "high": 2}]
    plain = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    assert cells(write_form(plain))[2] == ["#answers", "'-2..2"]


def test_a_group_named_like_an_item_is_refused() -> None:
    with pytest.raises(ResponseError, match="column 'm1': would be there more than once"):
        write_form(MOOD, groups=["m1"])


@pytest.mark.parametrize("name", frameworks.names())
def test_every_framework_has_a_form_that_is_read_when_filled_in(name: str) -> None:
    form = frameworks.load(name)
    filled = cells(write_form(form, rows=1))
    filled[-1][1:] = ["3"] * form.n_items
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(filled)
    assert read_responses(text.getvalue(), form) == Responses(form, np.full((1, form.n_items), 3), ["r1"])


def test_scores_are_written_in_full_precision_with_their_groups() -> None:
    values = np.random.default_rng(1).integers(1, 3, size=(5, 2)).astype(float)
    values[0] = np.nan
    groups: dict[str, list[str | int | None]] = {"team": ["=n", None, "n", "s", "s"], "wave": [1] * 5}
    scores = score(Responses(MOOD, values, [f"r{i}" for i in range(5)], groups), metric="pomp")
    header, *rows = cells(write_scores(scores))
    assert header == ["respondent_id", "team", "wave", "calm"]
    assert rows[0] == ["r0", "'=n", "1", ""]
    assert [float(row[3]) for row in rows[1:]] == scores.column("calm")[1:].tolist()
    assert cells(write_scores(scores, groups=()))[0] == ["respondent_id", "calm"]
    assert cells(write_scores(scores, groups="wave"))[0] == ["respondent_id", "wave", "calm"]


def test_thirds_come_back_as_the_same_floats() -> None:
    rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a", "b", "c")]
    thirds = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    scores = score(Responses(thirds, [[1, 1, 2], [5, 5, 4], [2, 2, 2]], ["x", "y", "z"]))
    assert [float(row[1]) for row in cells(write_scores(scores))[1:]] == scores.column("calm").tolist()


def test_a_group_that_the_scores_do_not_carry_is_refused() -> None:
    scores = score(Responses(MOOD, [[1, 2]], ["ann"], {"team": ["n"]}))
    with pytest.raises(UnknownIdError, match=r"unknown group variable 'tem' \(did you mean 'team'"):
        write_scores(scores, groups=["tem"])


def test_a_group_named_like_a_scale_is_refused() -> None:
    scores = score(Responses(MOOD, [[1, 2]], ["ann"], {"calm": ["n"]}))
    with pytest.raises(ResponseError, match="column 'calm': would be there more than once"):
        write_scores(scores)


def test_only_what_a_writer_names_is_written() -> None:
    with pytest.raises(TypeError, match="write_scores: expected Scores, got Instrument"):
        write_scores(MOOD)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="write_form: expected Instrument, got str"):
        write_form("ved")  # type: ignore[arg-type]
