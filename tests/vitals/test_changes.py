"""Change between two occasions and over a series."""

from __future__ import annotations

import json
import math
from datetime import date, time
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit.assessment import ReliabilityTable
from leadkit.assessment import compare as compare_scores
from leadkit.errors import ResponseError, UnknownIdError
from leadkit.frameworks import load
from leadkit.vitals import DayLog, Entry, VitalsAssessment, cohort, compare, trend

VALUES = ("val1", "val2", "val3", "val4")


def person(name: str, year: int, answer: int | None, **parts: Any) -> VitalsAssessment:
    return VitalsAssessment(person_id=name, taken_on=date(year, 3, 2), answers=dict.fromkeys(VALUES, answer), **parts)


def many(year: int, seed: int, n: int = 40) -> list[VitalsAssessment]:
    rng = np.random.default_rng(seed)
    items = load("vitals").item_ids
    return [
        VitalsAssessment(
            person_id=f"p{i}",
            taken_on=date(year, 3, 2),
            answers=dict(zip(items, rng.integers(1, 6, len(items)).tolist(), strict=True)),
        )
        for i in range(n)
    ]


def test_the_index_of_one_person_is_the_change_over_its_standard_error() -> None:
    change = compare(person("ann", 2025, 3), person("ann", 2026, 4), reliability={"values": 0.91}, sd={"values": 20.0})
    error = 20 * math.sqrt(2 * 0.09)
    assert change.change[0, 0] == 25.0
    assert change.rci[0, 0] == pytest.approx(25 / error)
    assert change.threshold[0] == pytest.approx(1.959963985 * error)
    assert change.verdict[0] == ("rose", None, None, None, None, None)
    assert change.flags == ("too_few_answers",)
    assert (change.taken_before, change.taken_after) == ((date(2025, 3, 2),), (date(2026, 3, 2),))


@pytest.mark.parametrize(("answer", "verdict"), [(1, "fell"), (3, "no reliable change"), (5, "rose"), (None, None)])
def test_verdicts_say_which_way_a_letter_moved(answer: int | None, verdict: str | None) -> None:
    change = compare(
        person("ann", 2025, 3), person("ann", 2026, answer), reliability={"values": 0.9}, sd={"values": 15.0}
    )
    assert change.verdict[0][0] == verdict


def test_without_a_spread_there_is_no_index() -> None:
    change = compare(person("ann", 2025, 3), person("ann", 2026, 5), reliability={"values": 0.9})
    assert np.isnan(change.rci).all()
    assert change.verdict[0][0] is None
    assert "single_person" in change.flags


def test_one_person_may_be_judged_by_the_spread_behind_a_table(table: ReliabilityTable) -> None:
    alpha = np.full(6, 0.84)
    sd_in_points = np.linspace(0.5, 1.0, 6)
    table = evolve(table, alpha=alpha, standard_error=sd_in_points * 0.4)
    change = compare(person("ann", 2025, 3), person("ann", 2026, 4), reliability=table)
    assert change.rci[0, 0] == pytest.approx(25 / (25 * 0.5 * 0.4 * math.sqrt(2)))
    assert change.provenance.rules["sd"]["values"] == pytest.approx(12.5)


def test_a_perfect_table_leaves_the_spread_unknown(table: ReliabilityTable) -> None:
    table = evolve(table, alpha=np.ones(6), standard_error=np.zeros(6))
    change = compare(person("ann", 2025, 3), person("ann", 2026, 4), reliability=table)
    assert np.isnan(change.rci).all()
    assert "single_person" in change.flags


def test_many_people_are_compared_as_by_the_assessment_engine() -> None:
    before, after = many(2025, 1), many(2026, 2)
    reliability = dict.fromkeys(load("vitals").dimension_ids, 0.8)
    mine = compare(before, reversed(after), reliability=reliability)
    theirs = compare_scores(cohort(before).scores, cohort(after).scores, reliability=reliability)
    np.testing.assert_allclose(mine.rci, theirs.rci, rtol=1e-12)
    np.testing.assert_allclose(mine.threshold, theirs.threshold, rtol=1e-12)
    words = {"improved": "rose", "declined": "fell", "no reliable change": "no reliable change", None: None}
    assert mine.verdict == tuple(tuple(words[word] for word in row) for row in theirs.category)
    assert {word for row in mine.verdict for word in row} == {"rose", "fell", "no reliable change"}


def test_cohorts_compare_like_the_assessments_they_hold() -> None:
    before, after = many(2025, 1, 5), many(2026, 2, 5)
    reliability = {"values": 0.8}
    assert compare(cohort(before), cohort(after), reliability=reliability) == compare(
        before, after, reliability=reliability
    )


def test_people_in_one_occasion_only_are_listed() -> None:
    change = compare(
        [person("ann", 2025, 3), person("bo", 2025, 3)],
        [person("cy", 2026, 3), person("ann", 2026, 5)],
        reliability={"values": 0.8},
    )
    assert (change.person_ids, change.only_before, change.only_after) == (("ann",), ("bo",), ("cy",))
    assert "unmatched" in change.flags


def test_nobody_in_common_gives_no_rows() -> None:
    change = compare([person("ann", 2025, 3)], [person("bo", 2026, 3)], reliability={"values": 0.8}, sd={"values": 9.0})
    assert (change.person_ids, change.change.shape, change.to_records()) == ((), (0, 6), [])
    assert "... and" not in change._repr_html_()


def test_the_evidence_moves_too_and_hours_turn_the_shorter_way(ann: VitalsAssessment) -> None:
    def at(start: int, name: str, year: int) -> VitalsAssessment:
        entry = Entry(start=time(start), end=time(start + 1), activity="work", energy=4)
        return evolve(
            ann, person_id=name, taken_on=date(year, 3, 3), day_logs=(DayLog(day=date(year, 3, 2), entries=(entry,)),)
        )

    change = compare(at(22, "ann", 2025), at(0, "ann", 2026), reliability={})
    assert change.measures["peak"][0] == pytest.approx(2.0)
    assert change.measures["congruence"][0] == 0.0
    assert np.isnan(change.measures["mid_sleep"][0])
    assert "unlogged_hours" not in change.measures


def test_two_different_people_are_not_compared() -> None:
    with pytest.raises(ResponseError, match="before is of 'ann', after of 'bo'"):
        compare(person("ann", 2025, 3), person("bo", 2026, 3), reliability={})


def test_an_order_of_time_that_is_turned_round_is_refused() -> None:
    with pytest.raises(ResponseError, match="person 'ann': after was taken on 2025-03-02, before on 2026-03-02"):
        compare(person("ann", 2026, 3), person("ann", 2025, 3), reliability={})


def test_different_instruments_are_not_compared() -> None:
    vitals = load("vitals")
    seven = evolve(vitals, scale=evolve(vitals.scale, high=7, labels=()))
    with pytest.raises(ResponseError, match=r"before was scored by 'vitals' 1\.0\.0"):
        compare(cohort([person("ann", 2025, 3)]), cohort([person("ann", 2026, 3)], instrument=seven), reliability={})


def test_a_reliability_of_an_unknown_letter_is_refused() -> None:
    with pytest.raises(UnknownIdError, match="unknown scale 'value'"):
        compare(person("ann", 2025, 3), person("ann", 2026, 3), reliability={"value": 0.8})


def test_a_change_becomes_json_rows_and_a_table() -> None:
    change = compare(many(2025, 1, 4), many(2026, 2, 4), reliability={"values": 0.8})
    json.dumps(change.to_dict(), allow_nan=False)
    rows = change.to_records()
    assert len(rows) == 24
    assert rows[1]["rci"] is None
    assert (rows[0]["change"], rows[0]["verdict"]) == (change.change[0, 0], change.verdict[0][0])
    assert "<p>... and 4 more rows</p>" in change._repr_html_()


def test_a_trend_is_in_order_of_time_with_a_line_through_each_letter() -> None:
    series = [person("ann", 2024, 2), person("ann", 2026, 5), person("ann", 2025, 4), person("ann", 2023, None)]
    result = trend(series, reliability={"values": 0.9}, sd={"values": 15.0})
    assert [day.year for day in result.taken_on] == [2023, 2024, 2025, 2026]
    np.testing.assert_array_equal(result.values[:, 0], [np.nan, 25.0, 75.0, 100.0])
    years = np.array([day.toordinal() for day in result.taken_on[1:]]) / 365.25
    assert result.slope[0] == pytest.approx(np.polyfit(years - years[0], [25.0, 75.0, 100.0], 1)[0])
    assert result.change[0] == 75.0
    assert result.rci[0] == pytest.approx(75 / (15 * math.sqrt(2 * 0.1)))
    assert result.verdict[0] == "rose"
    half = 1.959963985 * 15 * math.sqrt(0.1)
    np.testing.assert_allclose(result.high[1:, 0] - result.values[1:, 0], half, rtol=1e-8)
    assert np.isnan(result.slope[1:]).all()
    assert result.flags == ("too_few_answers", "too_few_occasions")


def test_two_occasions_give_the_change_of_compare() -> None:
    first, second = many(2025, 1, 1)[0], many(2026, 2, 1)[0]
    reliability, sd = (
        dict.fromkeys(load("vitals").dimension_ids, 0.8),
        dict.fromkeys(load("vitals").dimension_ids, 15.0),
    )
    change = compare(first, second, reliability=reliability, sd=sd)
    series = trend([first, second], reliability=reliability, sd=sd)
    np.testing.assert_array_equal(series.rci, change.rci[0])
    assert series.verdict == change.verdict[0]
    assert series.flags == ()


def test_the_spread_over_the_occasions_is_no_spread_between_people() -> None:
    result = trend([person("ann", 2025, 2), person("ann", 2026, 5)], reliability={"values": 0.8})
    assert np.isnan(result.rci).all()
    assert np.isnan(result.low).all()
    assert "single_person" in result.flags


def test_one_occasion_is_no_trend_yet() -> None:
    result = trend([person("ann", 2025, 3)])
    assert np.isnan(result.slope).all()
    assert np.isnan(result.change).all()
    assert "too_few_occasions" in result.flags


def test_the_measures_follow_the_order_of_time(ann: VitalsAssessment) -> None:
    later = evolve(ann, taken_on=date(2027, 3, 3), interests={"data": 1, "law": 1, "sea": 4})
    assert trend([later, ann]).measures["elevation"].tolist() == [3.0, 2.0]


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ([], "trend: expected at least one assessment"),
        ([("ann", 2025), ("bo", 2026)], "trend: expected one person, got 'ann', 'bo'"),
        ([("ann", 2025), ("ann", 2025)], "trend: 2025-03-02: has more than one assessment"),
    ],
)
def test_a_series_that_is_none_is_refused(series: Any, message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        trend([person(name, year, 3) for name, year in series])


def test_a_trend_becomes_json_rows_and_a_table() -> None:
    result = trend([person("<ann>", 2025, 3), person("<ann>", 2026, 4)])
    json.dumps(result.to_dict(), allow_nan=False)
    rows = result.to_records()
    assert (len(rows), rows[0]["taken_on"], rows[6]["score"], rows[7]["score"]) == (12, "2025-03-02", 75.0, None)
    assert "&lt;ann&gt;" in result._repr_html_()
