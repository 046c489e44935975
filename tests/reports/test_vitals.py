"""VITALS in a report: letters, evidence and questions in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from attrs import evolve

from leadkit import reports, vitals
from leadkit.reports.letters import vitals_page

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def profile() -> vitals.VitalsProfile:
    log = vitals.DayLog(
        day=date(2026, 3, 2),
        entries=(
            vitals.Entry(start=time(23), end=time(7), activity="sleep"),
            vitals.Entry(
                start=time(9), end=time(12, 30), activity="<b>cases</b>", demand=5, energy=5, serves=("care",)
            ),
        ),
    )
    return vitals.profile(
        vitals.VitalsAssessment(
            person_id="ann",
            taken_on=date(2026, 3, 3),
            answers={"val1": 4, "val2": 5, "val3": 4, "val4": 2, "tem1": 3, "tem2": 4},
            values=vitals.ValuesSort.from_ranking(
                ["care", "growth", "fun", "rest"], {"care": 20, "growth": 90, "fun": 50, "rest": 10}
            ),
            interests={"data": 4.0},
            day_logs=(log,),
            goals=(vitals.Goal(id="talk", statement="I hold a talk.", progress=0.25, serves=("growth",)),),
            strengths=(vitals.Strength(id="calm", name="Calm", rating=4, evidence=("The outage.",)),),
        ),
        reliability={"values": 0.84},
        sd={"values": 10.0},
    )


def test_the_letters_have_names_scores_and_bands(profile: vitals.VitalsProfile) -> None:
    page = vitals_page(profile)
    assert [letter.name for letter in page.letters][:2] == ["Values", "Interests"]
    first = page.letters[0]
    reading = profile.letters["values"]
    assert first.score == f"{reading.score:.0f}{NBSP}%"
    assert first.band == f"{reading.low:.0f}{NBSP}% to {reading.high:.0f}{NBSP}%"
    assert (page.letters[1].score, page.letters[1].alt) == ("", "Interests: no score")
    assert page.taken_on == "2026-03-03"


def test_evidence_is_told_in_words_and_numbers(profile: vitals.VitalsProfile) -> None:
    letters = {
        letter.name: {finding.name: finding.text for finding in letter.findings}
        for letter in vitals_page(profile).letters
    }
    assert letters["Values"] == {
        "Agreement of importance and living (\N{MINUS SIGN}1 to 1)": "0.33",
        "Lived less than they matter, by places": "care 2",
        "Lived more than they matter, by places": "fun 1, growth 1",
        "At the top": "care, growth, fun, rest",
    }
    interests = letters["Interests"]
    assert (interests["Mean rating of the areas"], interests["Highest rating less the lowest"]) == ("4.00", "")
    goals = letters["Life mission and goals"]
    assert goals["Goals: progress"] == f"talk: 25{NBSP}%"
    assert goals["Goals: share of the time that has passed"] == "talk: not known"
    assert goals["Values that no goal serves"] == "care, fun, rest"
    assert letters["Strengths"] == {"Strengths with an example": "calm", "Strengths without an example": "none"}


def test_days_are_a_table_of_all_days_and_of_the_parts_of_the_week_that_were_logged(
    profile: vitals.VitalsProfile,
) -> None:
    (days,) = (letter.days for letter in vitals_page(profile).letters if letter.days)
    assert days.columns == ("All days", "Working week (1)")
    rows = dict(days.rows)
    assert rows["Peak of energy"] == ("10:45", "10:45")
    assert rows["Demanding hours within three hours of the peak"] == (f"100{NBSP}%",) * 2
    assert rows["Waking hours that serve a value or a goal"] == (f"100{NBSP}%",) * 2
    assert rows["Middle of sleep"] == ("03:00", "03:00")
    assert rows["Time not logged"] == (f"12.5{NBSP}h",) * 2
    assert dict(days.hours) == {"sleep": (f"8.0{NBSP}h",) * 2, "<b>cases</b>": (f"3.5{NBSP}h",) * 2}


def test_facets_reasons_and_questions_are_there(
    profile: vitals.VitalsProfile, parse: Callable[[str], Any], material: Any
) -> None:
    who = material.scores.respondent_ids[0]
    page = parse(reports.individual(material.scores, who, vitals=evolve(profile, person_id=who), picture=False))
    composure = profile.letters["temperament"].facets["composure"]
    assert page.facts("Composure") == [f"{composure:.0f}{NBSP}%"]
    for letter in profile.letters.values():
        for question in letter.questions:
            assert question in page.words
        for flag in letter.flags:
            assert vitals.FLAGS[flag] in page.words
    assert page.all("b") == []
    assert "<b>cases</b>" in page.words
    assert page.facts("VITALS questionnaire")[0].startswith("vitals 1.0.0, key ")


def test_evidence_of_another_kind_is_written_as_it_is() -> None:
    reading = vitals.LetterReading(
        dimension_id="own_letter",
        score=50.0,
        low=float("nan"),
        high=float("nan"),
        facets={"own_part": float("nan")},
        evidence={
            "percentile": 61.5,
            "pulse_rate": 61.25,
            "notes": ("a", None),
            "by_place": {"home": 2, "work": None},
            "kind": "new",
            "empty": {},
            "unknown": None,
        },
    )
    base = vitals.profile(vitals.VitalsAssessment(person_id="ann", taken_on=date(2026, 3, 3)))
    (letter,) = vitals_page(evolve(base, letters={"own_letter": reading})).letters
    assert letter.name == "Own letter"
    assert [(part.name, part.text) for part in letter.facets] == [("Own part", "")]
    assert {finding.name: finding.text for finding in letter.findings} == {
        "Percentile in the norm group": "62",
        "Pulse rate": "61.25",
        "Notes": "a, not known",
        "By place": "home: 2; work: not known",
        "Kind": "new",
        "Empty": "none",
        "Unknown": "",
    }
    assert letter.days is None
