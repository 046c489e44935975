"""Questions are asked when their signal holds, and read strictly."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from leadkit.errors import DefinitionError
from leadkit.vitals import (
    LETTERS,
    SIGNALS,
    DayLog,
    Entry,
    Goal,
    QuestionSet,
    ReflectiveQuestion,
    Strength,
    ValuesSort,
    VitalsAssessment,
    profile,
    reflective_questions,
)

DAY = date(2026, 3, 2)
HEAD = 'title = "Q"\nversion = "1"\nsource = "us"\nlicence = "MIT"\nnote = "n"\n'
WORK = Entry(start=time(6), end=time(9), activity="work", demand=5, energy=1)
REST = Entry(start=time(18), end=time(21), activity="rest", demand=1, energy=5)

ASKED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "always": ({}, {}, ""),
    "not_given": ({}, {}, ""),
    "lived_less": ({"values": ValuesSort.from_ranking(["calm", "wit"], {"calm": 1, "wit": 2})}, {}, "calm"),
    "top_interests": ({"interests": {"data": 3, "law": 1}}, {}, "data, law"),
    "no_peak": ({"day_logs": (DayLog(day=DAY, entries=(WORK, evolve(REST, energy=1))),)}, {}, ""),
    "peak_unused": ({"day_logs": (DayLog(day=DAY, entries=(WORK, REST)),)}, {}, ""),
    "little_purpose": ({"day_logs": (DayLog(day=DAY, entries=(WORK,)),), "goals": (Goal(id="g"),)}, {}, ""),
    "much_unlogged": ({"day_logs": (DayLog(day=DAY, entries=(WORK,)),)}, {}, ""),
    "incomplete_goals": ({"goals": (Goal(id="g", statement="Sing."), Goal(id="h"))}, {}, "Sing., h"),
    "behind": (
        {"goals": (Goal(id="g", statement="Sing.", started=date(2025, 3, 2), due=date(2027, 3, 2), progress=0.4),)},
        {},
        "Sing.",
    ),
    "unserved_values": (
        {"values": ValuesSort(importance={"wit": 1}, lived={}), "goals": (Goal(id="g"),)},
        {},
        "wit",
    ),
    "claimed_only": ({"strengths": (Strength(id="s", name="Song", rating=4),)}, {}, "Song"),
    "confirmed": ({"strengths": (Strength(id="s", name="Song", rating=4),)}, {"others": {"s": 80}}, "Song"),
    "claimed": ({"strengths": (Strength(id="s", name="Song", rating=4),)}, {"others": {"s": 20}}, "Song"),
    "hidden": ({"strengths": (Strength(id="s", name="Song", rating=2),)}, {"others": {"Song": 80}}, "Song"),
}


def test_every_signal_has_a_case_and_every_case_is_a_signal() -> None:
    assert set(ASKED) == set(SIGNALS)


@pytest.mark.parametrize("signal", ASKED)
def test_every_question_of_a_signal_is_asked_when_it_holds(signal: str) -> None:
    parts, options, names = ASKED[signal]
    letters = profile(VitalsAssessment(person_id="bo", taken_on=DAY, **parts), **options).letters
    questions = [question for question in reflective_questions().questions if question.when == signal]
    assert questions
    for question in questions:
        assert (
            str(question.text).replace("{names}", names.replace("Sing., h", "Sing; h").removesuffix("."))
            in letters[question.dimension].questions
        )
        assert ("{names}" in str(question.text)) == bool(names)


def test_only_the_questions_asked_of_everybody_are_asked_where_nothing_stands_out(ann: VitalsAssessment) -> None:
    calm = evolve(
        ann,
        values=ValuesSort(importance={"wit": 2, "calm": 1}, lived={"wit": 50, "calm": 20}),
        goals=(Goal(id="g", statement="Sing.", measure="A song.", due=DAY, commitment=3, serves=("wit", "calm")),),
        strengths=(Strength(id="s", name="Song", rating=4, evidence=("The party.",)),),
        day_logs=(DayLog(day=DAY, entries=(evolve(REST, end=time(6), serves=("wit",)), evolve(WORK, start=time(6)))),),
    )
    always = {
        letter: tuple(
            str(question.text)
            for question in reflective_questions().questions
            if question.dimension == letter and question.when == "always"
        )
        for letter in LETTERS
    }
    letters = profile(calm).letters
    for letter in ("values", "temperament", "life_mission", "strengths"):
        assert letters[letter].questions == always[letter]


def test_names_with_braces_are_shown_as_they_are() -> None:
    odd = VitalsAssessment(person_id="bo", taken_on=DAY, interests={"{0}": 1.0})
    assert any("{0}" in question for question in profile(odd).letters["interests"].questions)


def test_everybody_is_asked_something_about_every_letter() -> None:
    asked = {question.dimension for question in reflective_questions().questions if question.when == "always"}
    assert asked == set(LETTERS)


def test_a_users_own_questions_are_asked(tmp_path: Path, ann: VitalsAssessment) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + '[[questions]]\ndimension = "values"\nwhen = "always"\ntext = "Why?"\n', encoding="utf-8")
    own = reflective_questions(path)
    result = profile(ann, questions=own)
    assert result.letters["values"].questions == ("Why?",)
    assert result.letters["strengths"].questions == ()
    assert result.provenance.rules["questions"] == "Q 1"


def test_questions_are_asked_in_the_language_of_the_instrument_where_all_are_written_in_it() -> None:
    about: dict[str, Any] = {"title": "Q", "version": "1", "source": "us", "licence": "MIT", "note": "n"}
    both = ReflectiveQuestion(dimension="values", when="always", text={"en": "Why?", "de": "Warum?"})
    questions = QuestionSet(questions=(both,), **about)
    assert questions.asked("values", {}, language="de-AT") == ("Warum?",)
    assert questions.asked("values", {}, language="fr") == ("Why?",)
    mixed = QuestionSet(questions=(both, evolve(both, text="Who?")), **about)
    assert mixed.asked("values", {}, language="de") == ("Why?", "Who?")


def test_all_that_is_wrong_with_a_file_comes_in_one_error(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        HEAD
        + '[[questions]]\ndimension = "value"\nwhen = "allways"\ntext = ""\n'
        + '[[questions]]\ndimension = "values"\nwhen = "lived_less"\ntext = "{name}"\n'
        + '[[questions]]\ndimension = "values"\nwhen = "always"\ntext = "{names}"\n'
        + '[[questions]]\ndimension = "values"\nwhen = "always"\ntext = "{"\n'
        + '[[questions]]\ndimension = "values"\nwhen = "lived_less"\ntext = "{names!r:>9}"\n',
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError) as caught:
        reflective_questions(path)
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 7
    assert told[0].startswith("questions[0].dimension: expected one of values, interests")
    assert told[0].endswith("got 'value' (did you mean 'values'?)")
    assert told[1].endswith("got 'allways' (did you mean 'always'?)")
    assert told[2] == "questions[0].text: expected a text that is not empty, got ''"
    assert told[3] == "questions[1].text: '{name}': the only placeholder is {names}"
    assert told[4] == "questions[2].text: '{names}': the signal 'always' is about no names"
    assert told[5].startswith("questions[3].text: '{': ")
    assert told[5].endswith("write a brace as {{ or }}")
    assert told[6] == "questions[4].text: '{names!r:>9}': the only placeholder is {names}"


def test_a_set_reports_everything_that_is_wrong_with_it() -> None:
    german = ReflectiveQuestion(dimension="values", when="always", text={"de": "Warum?"})
    wrong: Any = {"title": "", "version": "1", "source": "us", "licence": "MIT", "note": "n", "language": "e"}
    with pytest.raises(DefinitionError) as caught:
        QuestionSet(questions=(german, german), **wrong)
    assert {str(fault) for fault in caught.value.faults} == {
        "title: expected a text that is not empty, got ''",
        "questions: {'de': 'Warum?'} is there more than once",
        "questions[0].text: is not written in the language of the set, 'e'",
        "questions[1].text: is not written in the language of the set, 'e'",
        "language: expected a language tag like 'en', got 'e'",
    }
    with pytest.raises(DefinitionError, match="questions: expected at least one question"):
        QuestionSet(questions=(), **{**wrong, "title": "Q", "language": "en"})


@pytest.mark.parametrize(
    ("content", "message"), [(b"title =", "this is not TOML"), (b'title = "\xff"', "byte 9 is 0xff")]
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match=message):
        reflective_questions(path)


def test_sentences_are_listed_with_semicolons_and_without_their_full_stops() -> None:
    asked = reflective_questions().asked("strengths", {"hidden": ("I sing.", "Patience")}, language="en")[-1]
    assert asked == "Others see these strengths more than you do: I sing; Patience. What do they see?"
