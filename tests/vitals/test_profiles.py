"""The reading of one person, worked out by hand, and every flag."""

from __future__ import annotations

import json
import math
from datetime import date, time
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit._convert import structure, unstructure
from leadkit.assessment import ReliabilityTable
from leadkit.errors import DefinitionError, ResponseError, UnknownIdError
from leadkit.frameworks import load
from leadkit.stats.norms import norm_table
from leadkit.vitals import (
    FLAGS,
    DayLog,
    Entry,
    Goal,
    LetterReading,
    Strength,
    ValuesSort,
    VitalsAssessment,
    VitalsProfile,
    profile,
)

DAY = date(2026, 3, 2)


@pytest.fixture
def letters(ann: VitalsAssessment) -> Any:
    return profile(ann).letters


def test_scores_are_the_percent_of_maximum_of_the_keyed_answers(letters: Any) -> None:
    # Values: 5 4 4 2 3 and 2 turned round to 4, mean 22/6.
    assert letters["values"].score == pytest.approx(100 * (22 / 6 - 1) / 4)
    # Temperament: 5 4 3 and 4 turned round to 2, then 2; one is not answered.
    assert letters["temperament"].score == pytest.approx(100 * (16 / 5 - 1) / 4)
    assert math.isnan(letters["strengths"].score)
    assert "too_few_answers" in letters["strengths"].flags


def test_temperament_is_described_by_its_facets(letters: Any) -> None:
    assert letters["temperament"].facets == {"composure": 87.5, "patience": 37.5, "directness": 25.0}
    assert letters["temperament"].evidence == {}
    assert letters["values"].facets == {}


def test_a_facet_needs_its_share_of_answers(ann: VitalsAssessment) -> None:
    quiet = evolve(ann, answers={**ann.answers, "tem5": None})
    assert math.isnan(profile(quiet).letters["temperament"].facets["directness"])


def test_a_rule_that_counts_items_asks_half_of_a_facet(ann: VitalsAssessment) -> None:
    vitals = load("vitals")
    counted = tuple(evolve(part, min_answered=6) if part.id == "temperament" else part for part in vitals.dimensions)
    letter = profile(ann, instrument=evolve(vitals, dimensions=counted)).letters["temperament"]
    assert math.isnan(letter.score)
    assert letter.facets["directness"] == 25.0


def test_values_are_compared_by_rank(letters: Any) -> None:
    evidence = letters["values"].evidence
    assert set(evidence) == {"congruence", "gaps", "top"}
    # Of 15 pairs five are discordant: family with learning, order and ease, ease with order and fame.
    assert evidence["congruence"] == pytest.approx(5 / 15)
    assert evidence["gaps"] == {"family": 3, "fame": 1, "honesty": 0, "order": 0, "learning": -1, "ease": -3}
    assert list(evidence["gaps"]) == ["family", "fame", "honesty", "order", "learning", "ease"]
    assert evidence["top"] == ("honesty", "family", "learning", "order", "fame")
    assert letters["values"].flags == ()


def test_interests_are_described_by_height_and_spread(letters: Any) -> None:
    assert letters["interests"].evidence == {
        "elevation": 3.0,
        "differentiation": 4.0,
        "top": ("data", "people", "law"),
    }


def test_the_day_was_worked_out_by_hand(letters: Any) -> None:
    evidence = dict(letters["around_the_clock"].evidence)
    assert set(evidence) == {
        *("unlogged_hours", "hours", "peak", "concentration", "alignment", "purposeful_share", "mid_sleep"),
        *("weekday", "weekend"),
    }
    assert evidence["unlogged_hours"] == 6.0
    assert evidence["hours"] == {"sleep": 8.0, "meetings": 4.0, "desk work": 3.0, "family": 2.0, "breakfast": 1.0}
    assert list(evidence["hours"]) == ["sleep", "meetings", "desk work", "family", "breakfast"]
    # Weights 2, 15, 12, 6 at 112.5, 157.5, 225, 300 degrees: east -20.1088, north -6.0934, length 21.0118 of 35.
    assert evidence["peak"] == pytest.approx(13.1238, abs=1e-4)
    assert evidence["concentration"] == pytest.approx(21.0118 / 35, abs=1e-5)
    # The window 10.12 to 16.12 holds all but the hour from 12 to 13 of desk work 9-12 and meetings 13-17.
    assert evidence["alignment"] == pytest.approx(5 / 7)
    assert evidence["purposeful_share"] == 0.5
    assert evidence["mid_sleep"] == pytest.approx(3.0)
    assert evidence["weekend"] is None
    monday = dict(evidence["weekday"])
    assert (monday.pop("n_days"), monday.pop("flags")) == (1, ())
    assert monday == {name: value for name, value in evidence.items() if not name.startswith("week")}


def test_weekday_and_weekend_are_kept_apart(ann: VitalsAssessment, monday: DayLog) -> None:
    sunday = DayLog(
        day=date(2026, 3, 1),
        entries=(
            Entry(start=time(1), end=time(10), activity="sleep"),
            Entry(start=time(16), end=time(18), activity="garden", energy=5),
        ),
    )
    both = evolve(ann, day_logs=(monday, sunday))
    evidence = profile(both).letters["around_the_clock"].evidence
    assert evidence["unlogged_hours"] == 6.0 + 13.0
    assert evidence["hours"]["sleep"] == 17.0
    assert evidence["weekday"]["mid_sleep"] == pytest.approx(3.0)
    assert evidence["weekend"]["mid_sleep"] == pytest.approx(5.5)
    assert evidence["mid_sleep"] == pytest.approx(4.25)
    assert evidence["weekend"]["peak"] == pytest.approx(17.0)
    assert evidence["weekend"]["concentration"] == pytest.approx(1.0)
    assert evidence["weekend"]["flags"] == ("no_demanding_hours",)
    assert math.isnan(evidence["weekend"]["alignment"])
    elsewhere = profile(both, weekend=(4, 5)).letters["around_the_clock"].evidence
    assert elsewhere["weekend"] is None
    assert elsewhere["weekday"]["n_days"] == 2


def test_the_middle_of_sleep_joins_entries_that_touch_and_leaves_out_naps(ann: VitalsAssessment) -> None:
    pieces = ((22, 0), (0, 2), (2, 6), (13, 15))
    entries = tuple(Entry(start=time(a), end=time(b), activity=" Sleep ") for a, b in pieces)
    night = DayLog(day=DAY, entries=entries)
    evidence = profile(evolve(ann, day_logs=(night,))).letters["around_the_clock"].evidence
    assert evidence["mid_sleep"] == pytest.approx(2.0)


def test_goals_are_read_against_the_day_of_the_assessment(letters: Any) -> None:
    evidence = letters["life_mission"].evidence
    assert set(evidence) == {"completeness", "progress", "expected_progress", "unserved_values"}
    assert evidence["completeness"] == {"learn": 1.0, "home": 0.25}
    assert evidence["progress"]["learn"] == 0.1
    assert math.isnan(evidence["progress"]["home"])
    assert evidence["expected_progress"]["learn"] == pytest.approx(65 / 365)
    assert math.isnan(evidence["expected_progress"]["home"])
    assert evidence["unserved_values"] == ("ease", "fame", "order")


def test_strengths_without_others_are_backed_by_examples_or_not(letters: Any) -> None:
    assert letters["strengths"].evidence == {
        "evidenced": ("listening", "calm"),
        "claimed_only": ("planning", "humour"),
    }


def test_strengths_with_others_are_confirmed_claimed_or_hidden(ann: VitalsAssessment) -> None:
    others = {"Listening": 80, "planning": 40.0, "humour": 75, "Patience": 90, "Maths": 20, "calm": None}
    letter = profile(ann, others=others).letters["strengths"]
    assert letter.evidence["confirmed"] == ("listening",)
    assert letter.evidence["claimed"] == ("planning",)
    assert letter.evidence["hidden"] == ("humour", "Patience")
    assert "not_rated_by_others" in letter.flags
    lower = profile(ann, others=others, strength_threshold=20).letters["strengths"].evidence
    assert (lower["confirmed"], lower["claimed"]) == (("listening", "planning", "humour"), ())
    assert lower["hidden"] == ("Maths", "Patience")


def test_the_threshold_itself_counts_as_reached(ann: VitalsAssessment) -> None:
    letter = profile(ann, others={"planning": 75.0}, strength_threshold=75.0).letters["strengths"]
    assert letter.evidence["confirmed"] == ("planning",)


def test_others_alone_show_what_is_hidden() -> None:
    bare = VitalsAssessment(person_id="bo", taken_on=DAY)
    letter = profile(bare, others={"Patience": 90}).letters["strengths"]
    assert letter.evidence["hidden"] == ("Patience",)
    assert "no_evidence" not in letter.flags


@pytest.mark.parametrize("others", [5, "listening", [1, 2]])
def test_others_that_are_no_mapping_are_refused(ann: VitalsAssessment, others: Any) -> None:
    with pytest.raises(ResponseError, match="others: expected a mapping of strengths and scores"):
        profile(ann, others=others)


def test_all_wrong_scores_of_others_come_in_one_error(ann: VitalsAssessment) -> None:
    others: Any = {"listening": 101, "Listening": 50, "calm": "high", "planning": float("inf"), 3: 4, "humour": np.nan}
    with pytest.raises(ResponseError) as caught:
        profile(ann, others=others)
    assert {str(fault) for fault in caught.value.faults} == {
        "['listening']: 101 is outside 0..100",
        "['Listening']: strength 'listening' is there more than once, by id and by name",
        "['calm']: expected a number, got 'high'",
        "['planning']: expected a finite number, got inf",
        "[3]: expected the id or the name of a strength",
    }


def test_a_band_needs_a_spread(ann: VitalsAssessment) -> None:
    alone = profile(ann, reliability={"values": 0.84}).letters["values"]
    assert math.isnan(alone.low)
    assert "single_person" in alone.flags
    banded = profile(ann, reliability={"values": 0.84}, sd={"values": 10.0}).letters["values"]
    assert (banded.high - banded.low) / 2 == pytest.approx(1.959964 * 10 * 0.4, abs=1e-5)
    assert (banded.high + banded.low) / 2 == pytest.approx(banded.score)
    narrow = profile(ann, reliability={"values": 0.84}, sd={"values": 10.0}, level=0.5).letters["values"]
    assert narrow.high - narrow.low < banded.high - banded.low


def test_the_spread_may_come_from_a_reliability_table(ann: VitalsAssessment, table: ReliabilityTable) -> None:
    letter = profile(ann, reliability=table).letters["values"]
    error_in_points = table.standard_error[table.dimension_ids.index("values")]
    assert (letter.high - letter.low) / 2 == pytest.approx(1.959964 * 25 * error_in_points, rel=1e-6)
    assert "single_person" not in letter.flags


def test_norms_give_a_percentile_and_a_spread(ann: VitalsAssessment) -> None:
    sample = np.repeat([40.0, 60.0, 70.0, 80.0], 30)
    norms = {"values": norm_table(sample, name="leads", version="2025"), "interests": norm_table(sample[:50])}
    whole = profile(ann, norms=norms, reliability={"values": 0.75})
    letter = whole.letters["values"]
    # 66.7 lies above half of the sample.
    assert letter.evidence["percentile"] == 50.0
    assert (letter.high - letter.low) / 2 == pytest.approx(1.959964 * np.std(sample, ddof=1) * 0.5, rel=1e-6)
    assert "percentile" not in whole.letters["strengths"].evidence
    assert math.isnan(whole.letters["interests"].evidence["percentile"])
    assert "small_norm_sample" in whole.letters["interests"].flags
    assert "small_norm_sample" not in letter.flags
    rules = whole.provenance.rules
    assert (rules["norms"]["values"], rules["norm_sizes"]["values"]) == ("leads 2025", 120)


@pytest.mark.parametrize("option", ["reliability", "sd", "norms"])
def test_a_letter_that_is_not_there_is_refused(ann: VitalsAssessment, option: str) -> None:
    given: Any = {option: {"value": norm_table([1.0, 2.0]) if option == "norms" else 0.8}}
    with pytest.raises(UnknownIdError, match="'value' \\(did you mean 'values'\\?\\)"):
        profile(ann, **given)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weekend": (5, 7)}, r"weekend: expected days in 0..6, Monday = 0, got \[5, 7\]"),
        ({"strength_threshold": 101}, "strength_threshold: expected a score in 0..100, got 101"),
        ({"sd": {"values": -1.0}}, r"sd\['values'\]: expected at least 0, got -1"),
        ({"level": 1.0}, "level"),
    ],
)
def test_an_option_outside_its_range_is_refused(ann: VitalsAssessment, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        profile(ann, reliability={"values": 0.8}, **options)


def test_answers_are_checked_against_the_instrument(ann: VitalsAssessment) -> None:
    wrong = evolve(ann, answers={"val1": 9, "valu": 1})
    with pytest.raises(ResponseError) as caught:
        profile(wrong)
    assert {str(fault) for fault in caught.value.faults} == {
        "person 'ann', answers['val1']: 9 is outside 1..5",
        "person 'ann', answers: unknown item 'valu' (did you mean 'val6'?)",
    }


def test_an_instrument_without_the_letters_is_refused(ann: VitalsAssessment) -> None:
    with pytest.raises(DefinitionError, match="'ved' has no dimension"):
        profile(ann, instrument=load("ved"))


def test_an_instrument_may_have_more_dimensions(ann: VitalsAssessment) -> None:
    vitals, ved = load("vitals"), load("ved")
    longer = evolve(vitals, dimensions=(*vitals.dimensions, ved.dimensions[0]))
    letter = profile(ann, instrument=longer).letters["vision"]
    assert (letter.evidence, letter.questions) == ({}, ())
    assert letter.flags == ("too_few_answers",)


def log(*entries: tuple[int, int, str, int | None, int | None]) -> tuple[DayLog, ...]:
    return (
        DayLog(
            day=DAY,
            entries=[
                Entry(start=time(a), end=time(b), activity=name, demand=demand, energy=energy)
                for a, b, name, demand, energy in entries
            ],
        ),
    )


FLAGGED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "no_answers": ("values", {}, {}),
    "too_few_answers": ("values", {"answers": {"val1": 3}}, {}),
    "single_person": ("values", {}, {"reliability": {"values": 0.8}}),
    "reliability_out_of_range": ("values", {}, {"reliability": {"values": 0.0}, "sd": {"values": 10.0}}),
    "small_norm_sample": ("values", {}, {"norms": {"values": norm_table([50.0, 60.0])}}),
    "no_evidence": ("interests", {}, {}),
    "too_few_values": ("values", {"values": ValuesSort(importance={"a": 1, "b": 2}, lived={"a": 3})}, {}),
    "no_variation": ("values", {"values": ValuesSort(importance={"a": 1, "b": 1}, lived={"a": 3, "b": 4})}, {}),
    "values_not_rated": ("values", {"values": ValuesSort(importance={"a": 1, "b": 2}, lived={"a": 3})}, {}),
    "tied_top": ("interests", {"interests": {"a": 2, "b": 1, "c": 1, "d": 1}}, {}),
    "single_area": ("interests", {"interests": {"a": 2}}, {}),
    "no_energy": ("around_the_clock", {"day_logs": log((9, 10, "call", 4, None))}, {}),
    "no_clear_peak": ("around_the_clock", {"day_logs": log((0, 12, "work", 4, 3), (12, 0, "rest", 1, 3))}, {}),
    "no_demanding_hours": ("around_the_clock", {"day_logs": log((9, 10, "call", 3, 2))}, {}),
    "no_waking_hours": ("around_the_clock", {"day_logs": log((22, 6, "sleep", None, None))}, {}),
    "no_sleep_logged": ("around_the_clock", {"day_logs": log((9, 10, "call", 3, 2))}, {}),
    "no_clear_mid_sleep": ("around_the_clock", {"day_logs": log((8, 8, "sleep", None, None))}, {}),
    "nothing_stated": ("around_the_clock", {"day_logs": log((9, 10, "call", 3, 2))}, {}),
    "no_goal_dates": ("life_mission", {"goals": (Goal(id="g", due=DAY),)}, {}),
    "no_progress": ("life_mission", {"goals": (Goal(id="g"),)}, {}),
    "no_values_stated": ("life_mission", {"goals": (Goal(id="g"),)}, {}),
    "serves_unstated": ("life_mission", {"goals": (Goal(id="g", serves=("growth",)),)}, {}),
    "not_rated_by_others": (
        "strengths",
        {"strengths": (Strength(id="s", name="S", rating=4),)},
        {"others": {"t": 80}},
    ),
}
ELSEWHERE = {"too_few_areas", "too_few_occasions", "unmatched"}


def test_every_flag_of_a_profile_has_a_case_below() -> None:
    assert set(FLAGS) == set(FLAGGED) | ELSEWHERE


@pytest.mark.parametrize("flag", FLAGGED)
def test_a_flag_is_raised_where_its_sentence_holds(flag: str) -> None:
    letter, parts, options = FLAGGED[flag]
    bare = VitalsAssessment(person_id="bo", taken_on=DAY, **parts)
    result = profile(bare, **options)
    assert flag in result.letters[letter].flags
    assert flag in result.flags


def test_a_full_assessment_raises_no_flag_but_those_of_its_gaps(ann: VitalsAssessment) -> None:
    result = profile(ann)
    assert {name: letter.flags for name, letter in result.letters.items()} == {
        "values": (),
        "interests": ("too_few_answers",),
        "temperament": (),
        "around_the_clock": ("too_few_answers",),
        "life_mission": ("no_goal_dates", "no_progress", "too_few_answers"),
        "strengths": ("too_few_answers",),
    }


def test_an_entry_that_serves_nothing_stated_is_flagged_and_not_counted(ann: VitalsAssessment, monday: DayLog) -> None:
    entries = tuple(evolve(entry, serves=("glory",)) for entry in monday.entries)
    letter = profile(evolve(ann, day_logs=(evolve(monday, entries=entries),))).letters["around_the_clock"]
    assert letter.evidence["purposeful_share"] == 0.0
    assert "serves_unstated" in letter.flags


def test_opposite_nights_have_no_middle(ann: VitalsAssessment) -> None:
    nights = tuple(
        DayLog(day=date(2026, 3, day), entries=(Entry(start=time(a), end=time(b), activity="sleep"),))
        for day, a, b in ((2, 22, 6), (3, 10, 18))
    )
    letter = profile(evolve(ann, day_logs=nights)).letters["around_the_clock"]
    assert math.isnan(letter.evidence["mid_sleep"])
    assert "no_clear_mid_sleep" in letter.flags


def test_unserved_values_are_unknown_when_no_values_were_stated() -> None:
    bare = VitalsAssessment(person_id="bo", taken_on=DAY, goals=(Goal(id="g"),))
    assert profile(bare).letters["life_mission"].evidence["unserved_values"] is None


def test_the_profile_says_where_it_comes_from(ann: VitalsAssessment) -> None:
    result = profile(ann, reliability={"values": 0.8}, sd={"values": 12.0}, weekend=[4, 5])
    vitals = load("vitals")
    assert (result.provenance.instrument_id, result.provenance.instrument_hash) == ("vitals", vitals.hash)
    rules = result.provenance.rules
    assert (rules["metric"], rules["weekend"], rules["strength_threshold"]) == ("pomp", (4, 5), 60.0)
    assert (rules["reliability"], rules["sd"]) == ({"values": 0.8}, {"values": 12.0})


def test_a_profile_survives_the_way_to_plain_data_and_back(ann: VitalsAssessment) -> None:
    norms = {"values": norm_table(np.arange(40.0, 90.0))}
    others = {"listening": 80, "Patience": 90}
    whole = profile(ann, norms=norms, others=others, reliability={"values": 0.8})
    assert structure(unstructure(whole), VitalsProfile, error=ResponseError) == whole


def test_a_profile_becomes_json_rows_and_an_escaped_table(ann: VitalsAssessment) -> None:
    result = profile(evolve(ann, person_id="<ann>"))
    data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert data["letters"]["values"]["evidence"]["gaps"]["family"] == 3.0
    assert data["letters"]["strengths"]["score"] is None
    assert data["taken_on"] == "2026-03-03"
    rows = result.to_records()
    assert [row["dimension_id"] for row in rows] == list(load("vitals").dimension_ids)
    assert (rows[5]["score"], rows[5]["flags"]) == (None, "too_few_answers")
    html = result._repr_html_()
    assert "&lt;ann&gt;" in html
    assert "<ann>" not in html


def test_a_reading_cannot_be_changed(ann: VitalsAssessment) -> None:
    letter = profile(ann).letters["values"]
    with pytest.raises(TypeError):
        letter.evidence["gaps"]["family"] = 0


def test_an_instrument_without_facets_has_none(ann: VitalsAssessment) -> None:
    vitals = load("vitals")
    plain = tuple(
        evolve(part, items=tuple(evolve(item, facet=None) for item in part.items)) for part in vitals.dimensions
    )
    assert profile(ann, instrument=evolve(vitals, dimensions=plain)).letters["temperament"].facets == {}


def test_a_flag_that_nothing_explains_is_refused() -> None:
    with pytest.raises(ValueError, match=r"flags \['odd'\] are not in FLAGS"):
        LetterReading(dimension_id="values", score=1, low=0, high=2, facets={}, evidence={}, flags=["odd"])
