"""Laws of the readings, for assessments that hypothesis draws."""

from __future__ import annotations

import json
import math
from datetime import date, time, timedelta
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit import testing
from leadkit._convert import structure, unstructure
from leadkit._results import same
from leadkit.errors import ResponseError
from leadkit.vitals import (
    DayLog,
    Goal,
    ValuesSort,
    VitalsAssessment,
    VitalsProfile,
    cohort,
    profile,
    read_vitals,
)
from leadkit.vitals.clock import hour_difference

DAY = date(2026, 3, 2)
MINUTES_A_DAY = 1440

names = st.sampled_from(("family", "growth", "honesty", "order", "wit", "ease", "fame"))


def clock(minute: int) -> time:
    return time(minute % MINUTES_A_DAY // 60, minute % 60)


def rhythm(logs: list[DayLog], **parts: Any) -> Any:
    person = VitalsAssessment(person_id="ann", taken_on=DAY, day_logs=logs, **parts)
    return profile(person).letters["around_the_clock"].evidence


@given(st.lists(testing.day_log(), min_size=1, max_size=3))
def test_logged_and_unlogged_hours_fill_the_days(logs: list[DayLog]) -> None:
    week = [evolve(log, day=DAY + timedelta(days=i)) for i, log in enumerate(logs)]
    evidence = rhythm(week)
    assert math.fsum(evidence["hours"].values()) + evidence["unlogged_hours"] == pytest.approx(24 * len(logs), abs=1e-9)
    assert evidence["unlogged_hours"] >= 0


@given(testing.day_log(), st.integers(1, MINUTES_A_DAY - 1))
def test_turning_the_day_turns_the_peak_and_leaves_the_rest(log: DayLog, turn: int) -> None:
    def turned(moment: time) -> time:
        return clock(moment.hour * 60 + moment.minute + turn)

    assume(log.entries)
    later = evolve(log, entries=[evolve(e, start=turned(e.start), end=turned(e.end)) for e in log.entries])
    one, other = rhythm([log]), rhythm([later])
    for name in ("concentration", "alignment", "purposeful_share", "unlogged_hours"):
        assert other[name] == pytest.approx(one[name], abs=1e-9, nan_ok=True)
    assert other["hours"] == one["hours"]
    if not math.isnan(one["peak"]):
        assert hour_difference(one["peak"], other["peak"]) % 24 == pytest.approx(turn / 60, abs=1e-6)


@given(testing.day_log(demand=st.sampled_from((2, 4, 5)), energy=st.integers(1, 5)))
def test_alignment_is_that_of_a_count_by_the_minute(log: DayLog) -> None:
    evidence = rhythm([log])
    if math.isnan(evidence["alignment"]):
        assert math.isnan(evidence["peak"]) or all(e.demand < 4 for e in log.entries if e.demand is not None)
        return
    demanding = [
        (minute + 0.5) / 60
        for e in log.entries
        if e.demand is not None and e.demand >= 4
        for minute in range(
            e.start.hour * 60 + e.start.minute, e.start.hour * 60 + e.start.minute + round(e.hours * 60)
        )
    ]
    near = [abs(hour_difference(evidence["peak"], hour % 24)) <= 3 for hour in demanding]
    assert evidence["alignment"] == pytest.approx(np.mean(near), abs=2 / len(near))
    assert 0 <= evidence["alignment"] <= 1


@given(testing.day_log(), st.randoms(use_true_random=False), st.lists(names, min_size=1, unique=True))
def test_the_order_of_entries_changes_nothing(log: DayLog, random: Any, stated: list[str]) -> None:
    entries = list(log.entries)
    random.shuffle(entries)
    sort = ValuesSort(importance=dict.fromkeys(stated, 1), lived={})
    shuffled = evolve(log, entries=entries)
    one, other = rhythm([log], values=sort), rhythm([shuffled], values=sort)
    assert same(one, other)


@given(testing.day_log(), st.lists(names, min_size=1, unique=True))
def test_shares_and_hours_of_the_day_stay_in_their_bounds(log: DayLog, stated: list[str]) -> None:
    sort = ValuesSort(importance=dict.fromkeys(stated, 1), lived={})
    evidence = rhythm([log], values=sort)
    for name, top in (("purposeful_share", 1), ("alignment", 1), ("concentration", 1), ("peak", 24), ("mid_sleep", 24)):
        assert math.isnan(evidence[name]) or 0 <= evidence[name] <= top
    serving = sum(e.hours for e in log.entries if not e.is_sleep and set(e.serves) & set(stated))
    awake = sum(e.hours for e in log.entries if not e.is_sleep)
    if awake:
        assert evidence["purposeful_share"] == pytest.approx(serving / awake)


@given(testing.values_sort(), st.randoms(use_true_random=False))
def test_the_order_of_values_changes_nothing(sort: ValuesSort, random: Any) -> None:
    importance, lived = list(sort.importance.items()), list(sort.lived.items())
    random.shuffle(importance)
    random.shuffle(lived)
    person = VitalsAssessment(person_id="ann", taken_on=DAY, values=sort)
    again = evolve(person, values=ValuesSort(importance=dict(importance), lived=dict(lived)))
    assert profile(person).letters["values"] == profile(again).letters["values"]


@given(testing.values_sort())
def test_congruence_stays_in_its_bounds_and_gaps_sum_to_nothing(sort: ValuesSort) -> None:
    evidence = profile(VitalsAssessment(person_id="ann", taken_on=DAY, values=sort)).letters["values"].evidence
    assert math.isnan(evidence["congruence"]) or -1 <= evidence["congruence"] <= 1
    assert math.fsum(evidence["gaps"].values()) == 0
    assert set(evidence["gaps"]) == set(sort.lived)
    assert len(evidence["top"]) >= min(5, len(sort.importance))


@given(testing.values_sort())
def test_a_stretch_of_the_points_changes_nothing(sort: ValuesSort) -> None:
    stretched = ValuesSort(importance={name: 8 * x for name, x in sort.importance.items()}, lived=sort.lived)
    one, other = (
        profile(VitalsAssessment(person_id="ann", taken_on=DAY, values=each)).letters["values"]
        for each in (sort, stretched)
    )
    assert one == other


@given(testing.goal(), st.dates(date(2023, 1, 1), date(2030, 1, 1)))
def test_progress_expected_and_completeness_stay_in_their_bounds(goal: Goal, on: date) -> None:
    letter = profile(VitalsAssessment(person_id="ann", taken_on=on, goals=(goal,))).letters["life_mission"]
    for name in ("completeness", "progress", "expected_progress"):
        share = letter.evidence[name][goal.id]
        assert math.isnan(share) or 0 <= share <= 1
    dated = goal.due is not None and goal.started is not None
    assert dated != math.isnan(letter.evidence["expected_progress"][goal.id])


@given(testing.goal(), st.dates(date(2023, 1, 1), date(2030, 1, 1)), st.integers(1, 400))
def test_expected_progress_never_falls_with_time(goal: Goal, on: date, days: int) -> None:
    assume(goal.due is not None and goal.started is not None)
    assert goal.expected_progress(on) <= goal.expected_progress(on + timedelta(days=days))


@given(testing.vitals_assessment())
def test_every_model_survives_the_way_to_plain_data_and_back(assessment: VitalsAssessment) -> None:
    assert structure(unstructure(assessment), VitalsAssessment, error=ResponseError) == assessment
    assert read_vitals(json.loads(json.dumps(unstructure(assessment), allow_nan=False))) == assessment
    for model in (assessment.values, *assessment.day_logs, *assessment.goals, *assessment.strengths):
        if model is not None:
            assert structure(unstructure(model), type(model), error=ResponseError) == model


@settings(max_examples=30)
@given(
    testing.vitals_assessment(), st.none() | st.dictionaries(st.sampled_from(("s0", "s1", "zeal")), st.floats(0, 100))
)
def test_every_profile_is_plain_data_and_back_and_json(assessment: VitalsAssessment, others: Any) -> None:
    result = profile(assessment, others=others, reliability={"values": 0.8}, sd={"values": 10.0})
    assert structure(unstructure(result), VitalsProfile, error=ResponseError) == result
    json.dumps(result.to_dict(), allow_nan=False)
    assert result._repr_html_().startswith("<table>")


@settings(max_examples=30)
@given(testing.vitals_assessment(person_id="ann"), testing.vitals_assessment(person_id="bo"))
def test_permuting_people_permutes_rows(ann: VitalsAssessment, bo: VitalsAssessment) -> None:
    one, other = cohort([ann, bo]), cohort([bo, ann])
    assert one.to_records() == other.to_records()[::-1]


@settings(max_examples=30)
@given(testing.vitals_assessment())
def test_a_row_of_a_cohort_is_the_profile_of_its_person(assessment: VitalsAssessment) -> None:
    row = cohort([assessment]).to_records()[0]
    single = profile(assessment)
    for name, letter in single.letters.items():
        assert row[name] == letter.to_dict()["score"]
        for facet, value in letter.to_dict()["facets"].items():
            assert row[f"{name}.{facet}"] == value
        for key, value in letter.to_dict()["evidence"].items():
            if key in row:
                assert row[key] == value
    assert row["flags"].split() == [
        f"{name}:{flag}" for name, letter in single.letters.items() for flag in letter.flags
    ]
