from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit.wbs import Need, Problem, Solution, violations

PROBLEM = Problem(
    [4, 3, 2, 0],
    [0, 0, 1],
    [1, 2, 3],
    kind=[0, 1, 2],
    lag=[1, 2, 0],
    demand=[[2], [1], [1], [0]],
    capacity=[3],
    needs=[[Need(skills={"sql": 2}), Need(skills={})], [Need(skills={"sql": 1})], [], [Need(skills={"sql": 9})]],
    levels=[[3], [1], [math.nan]],
    skill_ids=["sql"],
    person_ids=["ann", "ben", "cem"],
    release=[1, 0, 0, 0],
    ids=["a", "b", "c", "d"],
)
RIGHT = Solution(start=[1, 6, 3, 9], people=[[2, 0], [1], [], []], makespan=9, lower_bound=9)


def with_start(i: int, begin: int) -> dict[str, Any]:
    start = RIGHT.start.copy()
    start[i] = begin
    return {"start": start}


def with_people(i: int, *team: int) -> dict[str, Any]:
    people = list(RIGHT.people)
    people[i] = team
    return {"people": people}


def test_a_schedule_that_keeps_every_rule_has_no_violations() -> None:
    assert violations(PROBLEM, RIGHT) == ()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (with_start(0, 0), ["activity 'a' starts at 0, before its release at 1"]),
        (with_start(1, 5), ["link 'a' -> 'b' (FS): 'b' starts at 5, at least 6 is due"]),
        (with_start(2, 2), ["link 'a' -> 'c' (SS): 'c' starts at 2, at least 3 is due"]),
        (with_start(3, 8), ["link 'b' -> 'd' (FF): 'd' finishes at 8, at least 9 is due"]),
        (with_start(3, 12), ["makespan 9 is not the greatest finish 12"]),
        (with_people(0, 0), ["activity 'a': expected 2 people, got 1"]),
        (
            with_people(0, 0, 0),
            [
                "activity 'a': somebody is in its team twice",
            ],
        ),
        (with_people(0, 1, 2), ["activity 'a': 'ben', 'cem' cannot be divided among its needs by their skills"]),
        (with_people(1, 2), ["activity 'b': 'cem' cannot be divided among its needs by their skills"]),
        (with_people(1, 3), ["activity 'b': there is no person with index 3"]),
        (with_people(1, -1), ["activity 'b': there is no person with index -1"]),
        (with_people(2, 1), ["activity 'c': expected 0 people, got 1"]),
        (with_people(3, 0), ["activity 'd': expected 0 people, got 1"]),
        ({"makespan": 8, "lower_bound": 8}, ["makespan 8 is not the greatest finish 9"]),
        ({"lower_bound": 10}, ["lower bound 10 is above the makespan 9"]),
        ({"start": [1, 6, 3]}, ["expected 4 starts, one for each activity, got 3"]),
        ({"people": [[]]}, ["expected 4 lists of people, one for each activity, got 1"]),
        ({"start": np.ones((4, 2))}, ["expected 4 starts, one for each activity, got an array of shape (4, 2)"]),
        ({"start": 3}, ["expected 4 starts, one for each activity, got an array of shape ()"]),
    ],
)
def test_one_broken_rule_is_told_in_one_sentence(changes: dict[str, Any], found: list[str]) -> None:
    assert list(violations(PROBLEM, evolve(RIGHT, **changes))) == found


def test_start_to_finish_links_are_checked() -> None:
    problem = Problem([4, 3], [0], [1], kind=3, lag=5)
    late = Solution(start=[0, 1], people=[[], []], makespan=4, lower_bound=0)
    assert violations(problem, late) == ("link '0' -> '1' (SF): '1' finishes at 4, at least 5 is due",)


def test_a_resource_is_added_up_at_every_instant() -> None:
    problem = Problem([4, 4, 4], demand=[[2], [2], [1]], capacity=[3])
    together = Solution(start=[0, 2, 4], people=[[]] * 3, makespan=8, lower_bound=0)
    assert violations(problem, together) == ("resource 0: 4 are used at 2, there are 3",)
    touching = Solution(start=[0, 4, 4], people=[[]] * 3, makespan=8, lower_bound=0)
    assert violations(problem, touching) == ()


def test_nobody_works_twice_at_a_time_even_across_a_long_activity() -> None:
    anybody = [Need(skills={})]
    problem = Problem([9, 1, 2], needs=[anybody] * 3, person_ids=["ann"], ids=["long", "x", "y"])
    booked = Solution(start=[0, 2, 8], people=[[0]] * 3, makespan=10, lower_bound=0)
    assert violations(problem, booked) == (
        "person 'ann' works on 'long' and 'x' at 2",
        "person 'ann' works on 'long' and 'y' at 8",
    )
    one_by_one = Solution(start=[0, 9, 10], people=[[0]] * 3, makespan=12, lower_bound=0)
    assert violations(problem, one_by_one) == ()


def test_people_are_moved_between_needs_until_all_fit() -> None:
    first, second, third = (Need(skills={"s": level}) for level in (1, 2, 3))
    problem = Problem([1], needs=[[first, second, third]], levels=[[3], [2], [1]], skill_ids=["s"])
    for team in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        assert violations(problem, Solution(start=[0], people=[team], makespan=1, lower_bound=1)) == ()


def test_no_activities_have_no_violations() -> None:
    assert violations(Problem([]), Solution(start=[], people=[], makespan=0, lower_bound=0)) == ()
    assert violations(Problem([]), Solution(start=[], people=[], makespan=1, lower_bound=0)) == (
        "makespan 1 is not the greatest finish 0",
    )
