"""The parts of a self-assessment check themselves and report everything at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import attrs
import numpy as np
import pytest

from leadkit.errors import ResponseError
from leadkit.vitals import DayLog, Entry, Goal, Strength, ValuesSort, VitalsAssessment

MARCH = date(2026, 3, 2)


def faults_of(build: Any) -> set[str]:
    with pytest.raises(ResponseError) as caught:
        build()
    return {str(fault) for fault in caught.value.faults}


def test_an_entry_reports_everything_that_is_wrong_with_it() -> None:
    wrong: Any = {
        "start": "9",
        "end": time(9, tzinfo=UTC),
        "activity": " ",
        "demand": 2.5,
        "energy": 9,
        "serves": ("", 3),
    }
    assert faults_of(lambda: Entry(**wrong)) == {
        "start: expected a time of day without a zone, got '9'",
        f"end: expected a time of day without a zone, got {time(9, tzinfo=UTC)!r}",
        "activity: expected a text that is not empty",
        "demand: expected a whole number, got 2.5",
        "energy: 9 is outside 1..5",
        "serves[0]: expected a text that is not empty, got ''",
        "serves[1]: expected a text that is not empty, got 3",
    }


@pytest.mark.parametrize("serves", ["family", 3, {"family": 1}])
def test_a_single_text_is_no_sequence_of_texts(serves: Any) -> None:
    told = faults_of(lambda: Entry(start=time(9), end=time(10), activity="call", serves=serves))
    assert told == {f"serves: expected a sequence of texts, got {serves!r}"}


def test_an_activity_that_is_no_text_is_refused() -> None:
    activity: Any = 7
    told = faults_of(lambda: Entry(start=time(9), end=time(10), activity=activity))
    assert told == {"activity: expected a text that is not empty, got 7"}


def test_numpy_numbers_become_pythons_and_are_checked_like_them() -> None:
    energy: Any = np.int64(4)
    assert type(Entry(start=time(9), end=time(10), activity="call", energy=energy).energy) is int
    assert faults_of(lambda: Entry(start=time(9), end=time(10), activity="call", energy=energy + 5)) == {
        "energy: 9 is outside 1..5"
    }
    assert faults_of(lambda: ValuesSort(importance={"a": 1}, lived={"a": np.float64(101.0)})) == {
        "lived['a']: 101 is outside 0..100"
    }


def test_a_day_log_names_every_pair_that_overlaps_across_midnight_too() -> None:
    night = Entry(start=time(22), end=time(6), activity="sleep")
    early = Entry(start=time(5), end=time(7), activity="run")
    late = Entry(start=time(21), end=time(22, 0, 0, 1), activity="film")
    noon = Entry(start=time(12), end=time(13), activity="lunch")
    assert faults_of(lambda: DayLog(day=MARCH, entries=(night, early, noon, late))) == {
        "entries[1]: 'run' 05:00-07:00 overlaps entries[0], 'sleep' 22:00-06:00",
        "entries[3]: 'film' 21:00-22:00:00.000001 overlaps entries[0], 'sleep' 22:00-06:00",
    }


def test_a_whole_day_leaves_no_room_for_anything_else() -> None:
    day = Entry(start=time(8), end=time(8), activity="travel")
    assert day.hours == 24
    assert len(faults_of(lambda: DayLog(day=MARCH, entries=(day, attrs.evolve(day, start=time(3), end=time(4)))))) == 1


def test_a_day_log_refuses_what_is_no_date_and_no_entry() -> None:
    day: Any = datetime(2026, 3, 2, tzinfo=UTC)
    entries: Any = ["sleep", Entry(start=time(9), end=time(10), activity="call")]
    assert faults_of(lambda: DayLog(day=day, entries=entries)) == {
        f"day: expected a date, got {day!r}",
        "entries[0]: expected Entry, got 'sleep'",
    }
    alone: Any = "sleep"
    assert faults_of(lambda: DayLog(day=MARCH, entries=alone)) == {"entries: expected a sequence of Entry, got 'sleep'"}


def test_entries_that_touch_are_no_overlap() -> None:
    entries = [Entry(start=time(hour), end=time((hour + 8) % 24), activity="shift") for hour in (0, 8, 16)]
    assert sum(entry.hours for entry in DayLog(day=MARCH, entries=entries).entries) == 24


def test_a_values_sort_reports_everything_that_is_wrong_with_it() -> None:
    importance: Any = {"honesty": "high", "": 3, "growth": float("nan")}
    lived: Any = {"honesty": 120, "growth": True, "fame": -1}
    assert faults_of(lambda: ValuesSort(importance=importance, lived=lived)) == {
        "importance['honesty']: expected a number, got 'high'",
        "importance: expected a text that is not empty, got ''",
        "importance['']: expected a text that is not empty",
        "importance['growth']: expected a finite number, got nan",
        "lived['honesty']: 120 is outside 0..100",
        "lived['growth']: expected a number, got True",
        "lived['fame']: -1 is outside 0..100",
        "lived['fame']: is not among the values of `importance`",
    }


def test_a_values_sort_needs_a_value_and_mappings() -> None:
    assert faults_of(lambda: ValuesSort(importance={}, lived={})) == {"importance: expected at least one value"}
    wrong: Any = ["honesty"]
    assert faults_of(lambda: ValuesSort(importance=wrong, lived={})) == {
        "importance: expected a mapping of names and numbers, got ['honesty']"
    }


def test_a_ranking_becomes_points_that_fall_by_one_and_ties_share_them() -> None:
    sort = ValuesSort.from_ranking(["a", ["b", "c"], "d"], {"a": 1.0})
    assert dict(sort.importance) == {"a": 3, "b": 2, "c": 2, "d": 1}
    assert faults_of(lambda: ValuesSort.from_ranking(["a", ("b", "a")], {})) == {"ranking: 'a' is there more than once"}


def test_a_goal_reports_everything_that_is_wrong_with_it() -> None:
    wrong: Any = {
        "id": "",
        "statement": 3,
        "due": date(2026, 1, 1),
        "started": date(2026, 2, 1),
        "commitment": 6,
        "progress": 1.5,
        "serves": ("",),
    }
    assert faults_of(lambda: Goal(**wrong)) == {
        "id: expected a text that is not empty",
        "statement: expected a text that is not empty, got 3",
        "commitment: 6 is outside 1..5",
        "progress: 1.5 is outside 0..1",
        "serves[0]: expected a text that is not empty, got ''",
        "due: 2026-01-01 lies before the start, 2026-02-01",
    }


def test_a_goal_refuses_wrong_types() -> None:
    wrong: Any = {"id": 7, "due": "2026-01-01", "commitment": True, "progress": float("nan"), "started": "soon"}
    assert faults_of(lambda: Goal(**wrong)) == {
        "id: expected a text that is not empty, got 7",
        "due: expected a date, got '2026-01-01'",
        "commitment: expected a whole number, got True",
        "progress: expected a finite number, got nan",
        "started: expected a date, got 'soon'",
    }


def test_expected_progress_is_the_elapsed_share_kept_inside_0_and_1() -> None:
    goal = Goal(id="g", started=date(2026, 1, 1), due=date(2026, 1, 5))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 5), date(2026, 6, 1)]
    assert [goal.expected_progress(day) for day in days] == [0.0, 0.0, 0.25, 1.0, 1.0]
    at_once = Goal(id="g", started=MARCH, due=MARCH)
    assert at_once.expected_progress(MARCH) == 1.0
    assert at_once.expected_progress(date(2026, 3, 1)) == 0.0
    assert np.isnan(Goal(id="g", due=MARCH).expected_progress(MARCH))
    assert np.isnan(Goal(id="g", started=MARCH).expected_progress(MARCH))


def test_a_goal_knows_which_of_its_four_parts_are_there() -> None:
    goal = Goal(id="g", statement="Learn.", measure="  ", commitment=1)
    assert goal.parts_there == ("statement", "commitment")
    assert goal.parts_missing == ("measure", "due")
    assert goal.completeness == 0.5


def test_a_strength_reports_everything_that_is_wrong_with_it() -> None:
    wrong: Any = {"id": 3, "name": "", "rating": 0, "evidence": "once"}
    assert faults_of(lambda: Strength(**wrong)) == {
        "id: expected a text that is not empty, got 3",
        "name: expected a text that is not empty",
        "rating: 0 is outside 1..5",
        "evidence: expected a sequence of texts, got 'once'",
    }


def test_an_assessment_reports_everything_that_is_wrong_with_it(monday: DayLog) -> None:
    wrong: Any = {
        "person_id": " ",
        "taken_on": "today",
        "answers": {"val1": 2.5, 3: 1, "val2": None},
        "values": {"importance": {}},
        "interests": {"data": "much", "": float("inf")},
        "day_logs": (monday, monday),
        "goals": (Goal(id="g"), Goal(id="g"), "h"),
        "strengths": (Strength(id="s", name="S", rating=3),) * 2,
    }
    assert faults_of(lambda: VitalsAssessment(**wrong)) == {
        "person_id: expected a text that is not empty",
        "taken_on: expected a date, got 'today'",
        "answers['val1']: expected a whole number, got 2.5",
        "answers: expected a text that is not empty, got 3",
        "values: expected ValuesSort, got {'importance': {}}",
        "interests['data']: expected a number, got 'much'",
        "interests: expected a text that is not empty, got ''",
        "interests['']: expected a finite number, got inf",
        "goals[2]: expected Goal, got 'h'",
        "day_logs: day '2026-03-02' is there more than once",
        "goals: id 'g' is there more than once",
        "strengths: id 's' is there more than once",
    }


def test_an_assessment_refuses_ids_and_parts_of_a_wrong_type() -> None:
    wrong: Any = {"person_id": 3, "answers": [1], "interests": [1], "goals": 5, "day_logs": "x"}
    assert faults_of(lambda: VitalsAssessment(taken_on=MARCH, **wrong)) == {
        "person_id: expected a text that is not empty, got 3",
        "answers: expected a mapping of names and numbers, got [1]",
        "interests: expected a mapping of names and numbers, got [1]",
        "goals: expected a sequence of Goal, got 5",
        "day_logs: expected a sequence of DayLog, got 'x'",
    }


def test_interests_that_are_given_are_not_empty() -> None:
    assert faults_of(lambda: VitalsAssessment(person_id="ann", taken_on=MARCH, interests={})) == {
        "interests: expected at least one area"
    }


def test_every_part_is_optional_and_models_can_be_hashed(ann: VitalsAssessment) -> None:
    assert VitalsAssessment(person_id="ann", taken_on=MARCH).stated == frozenset()
    assert ann.stated == {"honesty", "family", "learning", "order", "fame", "ease", "learn", "home"}
    assert len({ann, attrs.evolve(ann)}) == 1
