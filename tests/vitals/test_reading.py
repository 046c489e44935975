"""Plain data becomes an assessment, or one error with every fault."""

from __future__ import annotations

import copy
import json
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from leadkit._convert import structure, unstructure
from leadkit.errors import DefinitionError, ResponseError
from leadkit.frameworks import load
from leadkit.vitals import LETTERS, VitalsAssessment, read_vitals


def faults_of(record: Any, **options: Any) -> list[str]:
    with pytest.raises(ResponseError) as caught:
        read_vitals(record, **options)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def record(ann: VitalsAssessment) -> Any:
    return json.loads(json.dumps(unstructure(ann), allow_nan=False))


def test_json_of_an_assessment_is_read_back_as_the_same(ann: VitalsAssessment, record: Any) -> None:
    assert read_vitals(record) == ann


def test_dates_and_times_may_be_dates_and_times(ann: VitalsAssessment, record: Any) -> None:
    record["taken_on"] = ann.taken_on
    record["day_logs"][0]["day"] = ann.day_logs[0].day
    record["day_logs"][0]["entries"][0]["start"] = ann.day_logs[0].entries[0].start
    assert read_vitals(record) == ann


def test_the_three_faults_of_the_specification_come_in_one_error(record: Any) -> None:
    record["values"]["lived"]["glory"] = 10
    record["day_logs"][0]["entries"][1]["energy"] = 9
    record["day_logs"][0]["entries"][4]["start"] = "16:00"
    with pytest.raises(ResponseError, match="VITALS assessment of 'ann': 3 faults") as caught:
        read_vitals(record)
    assert [str(fault) for fault in caught.value.faults] == [
        "values.lived['glory']: is not among the values of `importance`",
        "day_logs[0].entries[1].energy: 9 is outside 1..5",
        "day_logs[0].entries[4]: 'family' 16:00-21:00 overlaps entries[3], 'meetings' 13:00-17:00",
    ]


def test_every_fault_of_every_part_comes_in_one_error(record: Any) -> None:
    del record["taken_on"]
    record |= {"person_id": "", "colour": "blue"}
    record["answers"] |= {"val1": 6, "val2": "4", "val3": True, "vall": 3, "val4": 0}
    record["values"]["importance"]["honesty"] = "high"
    record["values"]["lived"] |= {"glory": 10, "ease": 200}
    record["interests"]["data"] = None
    day = record["day_logs"][0]
    day["entries"][0]["end"] = "25:00"
    day["entries"][1] |= {"energy": 9, "demand": "5", "serves": "family"}
    day["entries"][2] |= {"activity": "", "end": "14:00"}
    record["day_logs"].append({"day": "2026-03-02"})
    record["goals"][0] |= {"due": "2020-01-01", "commitment": 9, "progress": "half"}
    record["goals"].append({"id": "home", "progress": 2})
    record["strengths"].append({"id": "calm", "name": "", "rating": 7})
    assert set(faults_of(record)) == {
        "'taken_on' is missing",
        "unknown key 'colour'",
        "person_id: expected a text that is not empty",
        "answers: unknown item 'vall' (did you mean 'val6'?)",
        "answers['val1']: 6 is outside 1..5",
        "answers['val2']: expected a whole number, got '4'",
        "answers['val3']: expected a whole number, got True",
        "answers['val4']: 0 is outside 1..5",
        "values.importance['honesty']: expected a number, got 'high'",
        "values.lived['glory']: is not among the values of `importance`",
        "values.lived['ease']: 200 is outside 0..100",
        "interests['data']: expected a number, got None",
        "day_logs: day '2026-03-02' is there more than once",
        "day_logs[0].entries[0].end: expected a time of day like 09:30, got '25:00'",
        "day_logs[0].entries[1].energy: 9 is outside 1..5",
        "day_logs[0].entries[1].demand: expected a whole number, got '5'",
        "day_logs[0].entries[1].serves: expected a list, got 'family'",
        "day_logs[0].entries[2].activity: expected a text that is not empty",
        "day_logs[0].entries[3]: 'meetings' 13:00-17:00 overlaps entries[2], '' 09:00-14:00",
        "goals: id 'home' is there more than once",
        "goals[0].due: 2020-01-01 lies before the start, 2025-12-28",
        "goals[0].commitment: 9 is outside 1..5",
        "goals[0].progress: expected a number, got 'half'",
        "goals[2].progress: 2 is outside 0..1",
        "strengths: id 'calm' is there more than once",
        "strengths[4].name: expected a text that is not empty",
        "strengths[4].rating: 7 is outside 1..5",
    }


def test_no_fault_is_told_twice(record: Any) -> None:
    record["values"]["lived"] |= {"ease": 200, "glory": 10}
    record["day_logs"][0]["entries"][1]["energy"] = 9
    record["day_logs"].append(copy.deepcopy(record["day_logs"][0]))
    record["goals"][0] |= {"due": "2020-01-01"}
    told = faults_of(record)
    assert len(told) == len(set(told)) == 6


def test_a_fault_between_parts_alone_is_told_once(record: Any) -> None:
    record["day_logs"].append(record["day_logs"][0])
    record["goals"].append(record["goals"][0])
    assert faults_of(record) == [
        "day_logs: day '2026-03-02' is there more than once",
        "goals: id 'learn' is there more than once",
    ]


def test_wrong_answers_alone_are_refused(record: Any) -> None:
    record["answers"] = {"val1": 7, "tem9": 1}
    assert faults_of(record) == [
        "answers['val1']: 7 is outside 1..5",
        "answers: unknown item 'tem9' (did you mean 'tem6'?)",
    ]


def test_answers_are_checked_against_the_instrument_that_is_given(record: Any) -> None:
    longer = evolve(load("vitals"), scale=evolve(load("vitals").scale, high=7, labels=()))
    record["answers"]["val1"] = 7
    assert read_vitals(record, instrument=longer).answers["val1"] == 7


def test_an_instrument_without_the_letters_is_refused() -> None:
    with pytest.raises(DefinitionError, match="'ved' has no dimension 'values', 'interests', 'temperament'"):
        read_vitals({}, instrument=load("ved"))


@pytest.mark.parametrize("record", [None, 5, "ann", [], [("person_id", "ann")]])
def test_what_is_no_mapping_is_refused(record: Any) -> None:
    with pytest.raises(ResponseError, match="VITALS assessment: expected a mapping, got"):
        read_vitals(record)


nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("2026-03-02"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("person_id", "taken_on", "answers", "values", "interests", "day_logs", "goals", "strengths")
INNER = (
    "importance",
    "lived",
    "day",
    "entries",
    "start",
    "end",
    "activity",
    "energy",
    "serves",
    "id",
    "due",
    "started",
)


def near_misses() -> st.SearchStrategy[dict[str, Any]]:
    inner = st.dictionaries(st.sampled_from(INNER), nonsense, max_size=4)
    return st.dictionaries(st.sampled_from(FIELDS), nonsense | inner | st.lists(inner, max_size=2), max_size=8)


@given(near_misses())
@example({"goals": [{"due": "2026-01-01", "started": date(2026, 2, 1)}]})
@example({"day_logs": [{"day": ["2026"], "entries": [{"start": {}, "end": "10:00"}]}]})
@example({"values": {"importance": [], "lived": {"x": 10**400}}})
def test_any_malformed_record_raises_a_response_error_and_nothing_else(record: Any) -> None:
    try:
        assessment = read_vitals(record)
    except ResponseError as error:
        assert error.faults or "expected a mapping" in str(error)
    else:
        assert structure(unstructure(assessment), VitalsAssessment, error=ResponseError) == assessment


def test_the_letters_are_the_dimensions_of_the_shipped_instrument() -> None:
    assert load("vitals").dimension_ids == LETTERS
