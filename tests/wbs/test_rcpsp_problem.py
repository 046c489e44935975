from __future__ import annotations

import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import CycleError, InfeasibleError, LeadkitError, PlanError, UnknownIdError
from leadkit.wbs import Need, Problem, Solution
from leadkit.wbs.rcpsp.feasibility import divided, require_feasible

SQL = Need(skills={"sql": 2})


def staffed(**changes: Any) -> Problem:
    given: dict[str, Any] = {
        "duration": [3, 2],
        "predecessor": [0],
        "successor": [1],
        "needs": [[SQL], []],
        "levels": [[3.0, math.nan], [1.0, 2.0]],
        "skill_ids": ["sql", "python"],
        "person_ids": ["ann", "ben"],
        "ids": ["model", "load"],
    }
    return Problem(**{**given, **changes})


def test_what_is_left_out_has_its_default() -> None:
    problem = Problem([3, 2], [0], [1])
    assert problem.n == 2
    assert problem.kind.tolist() == [0]
    assert problem.lag.tolist() == [0]
    assert problem.demand.shape == (2, 0)
    assert problem.capacity.shape == (0,)
    assert problem.needs == ((), ())
    assert problem.levels.shape == (0, 0)
    assert problem.release.tolist() == [0, 0]
    assert problem.ids == ("0", "1")
    assert repr(problem) == "Problem(2 activities, 1 link, 0 resources, 0 people)"


def test_ids_of_people_and_skills_are_counted_when_left_out() -> None:
    problem = Problem([1], levels=[[1, 2], [None, 0]], needs=[[Need(skills={"1": 0})]])
    assert problem.person_ids == problem.skill_ids == ("0", "1")
    assert math.isnan(problem.levels[1, 0])
    assert problem.qualified(problem.needs[0][0]).tolist() == [True, True]


def test_people_without_a_table_hold_no_skill() -> None:
    problem = Problem([1], person_ids=["ann"], skill_ids=["sql"])
    assert np.isnan(problem.levels).all()
    assert problem.qualified(SQL).tolist() == [False]
    assert problem.qualified(Need(skills={})).tolist() == [True]


def test_arrays_are_read_only_copies() -> None:
    duration, levels = np.array([3, 2]), np.array([[3.0, np.nan], [1.0, 2.0]])
    problem = staffed(duration=duration, levels=levels)
    duration[0], levels[0, 0] = 99, 99
    assert problem.duration[0] == problem.levels[0, 0] == 3
    for name in ("duration", "predecessor", "successor", "kind", "lag", "demand", "capacity", "levels", "release"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(problem, name)[...] = 0


def test_kind_and_lag_broadcast_and_stay_exact() -> None:
    problem = Problem([1, 1, 1], [0, 1], [1, 2], kind=2, lag=-(10**12))
    assert problem.kind.tolist() == [2, 2]
    assert problem.lag.tolist() == [-(10**12)] * 2


def test_whole_numbers_may_come_as_floats_and_as_any_integers() -> None:
    problem = Problem(np.array([3.0, 2.0]), np.array([0], dtype=np.uint8), [1], demand=[[2.0], [0.0]], capacity=[2])
    assert problem.duration.dtype == problem.predecessor.dtype == problem.demand.dtype == np.int64


def test_ids_that_are_numerals_are_sorted_by_number_and_others_as_texts() -> None:
    assert Problem([1] * 12).order.tolist() == list(range(12))
    assert Problem([1, 1, 1], ids=["10", "9", "08"]).order.tolist() == [2, 1, 0]
    assert Problem([1, 1, 1], ids=["t10", "t9", "a"]).order.tolist() == [2, 0, 1]
    assert staffed(person_ids=["zoe", "bo"]).person_order.tolist() == [1, 0]
    assert not Problem([1]).order.flags.writeable


def test_the_unit_divides_every_time() -> None:
    assert Problem([480, 960], [0], [1], lag=-240, release=[0, 120]).unit == 120
    assert Problem([480, 960], [0], [1]).unit == 480
    assert Problem([0]).unit == Problem([]).unit == 1


def test_no_activities_are_a_problem_too() -> None:
    problem = Problem([])
    assert problem.n == 0
    assert problem.ids == ()
    assert problem.needs == ()
    assert Problem([], [], [], demand=np.zeros((0, 2)), capacity=[1, 1]).demand.shape == (0, 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"duration": [3, -1]}, r"duration\[1\]: expected a whole number of at least 0, got -1"),
        ({"duration": [3, 1.5]}, r"duration\[1\]: expected a whole number of at least 0, got 1.5"),
        ({"duration": [3, math.nan]}, r"duration\[1\]: .* got nan"),
        ({"duration": [3, math.inf]}, r"duration\[1\]: .* got inf"),
        ({"duration": [3, True]}, r"duration\[1\]: .* got True"),
        ({"duration": [3, "2"]}, r"duration\[1\]: .* got 2"),
        ({"duration": [3, 10**13]}, r"duration\[1\]: expected a whole number of at least 0"),
        ({"duration": [3, 10**30]}, r"duration\[1\]"),
        ({"duration": [[3], [2]]}, r"duration: expected a list of whole numbers, got shape \(2, 1\)"),
        ({"duration": [[3], [2, 1]]}, "duration: expected a list of whole numbers, got"),
        ({"duration": 3}, "duration: expected a list of whole numbers, got 3"),
        ({"duration": None}, "duration: expected a list of whole numbers, got None"),
        ({"duration": [np.zeros((2, 2)), np.zeros((2, 3))]}, "duration: expected a list of whole numbers, got"),
        ({"levels": [np.zeros((2, 2)), np.zeros((2, 3))]}, "levels: expected shape"),
        ({"predecessor": [2]}, r"predecessor\[0\]: expected a whole number in 0..1, got 2"),
        ({"successor": [-1]}, r"successor\[0\]: expected a whole number in 0..1, got -1"),
        ({"successor": [1, 1]}, r"successor: expected shape \(1,\), got \(2,\)"),
        ({"predecessor": 0}, "predecessor: expected a list of whole numbers, got 0"),
        ({"successor": [0]}, "link 0: activity 'model' cannot depend on itself"),
        ({"kind": [4]}, r"kind\[0\]: expected a whole number in 0..3, got 4"),
        ({"kind": "FS"}, r"kind\[0\]: expected a whole number in 0..3, got FS"),
        ({"lag": [0.5]}, r"lag\[0\]: expected a whole number"),
        ({"lag": [1, 2]}, r"lag: expected shape \(1,\), got \(2,\)"),
        ({"demand": [[1], [1]]}, r"demand: expected shape \(2, 0\), got \(2, 1\)"),
        ({"demand": [[1], [-1]], "capacity": [1]}, r"demand\[1, 0\]: .* got -1"),
        ({"capacity": [-1]}, r"capacity\[0\]: .* got -1"),
        ({"capacity": 3}, "capacity: expected a list of whole numbers, got 3"),
        ({"needs": [[SQL]]}, "needs: expected 2 lists, one for each activity, got 1"),
        ({"needs": 7}, "needs: expected a list of needs for each activity, got 7"),
        ({"needs": [SQL, []]}, "needs of 'model': expected a list of needs, got Need"),
        ({"needs": [["sql"], []]}, "needs of 'model': expected a Need, got 'sql'"),
        ({"needs": [[Need(skills={"sqk": 1})], []]}, "needs of 'model': skill 'sqk' is not among skill_ids"),
        ({"levels": [[1, 2]]}, r"levels: expected shape \(2, 2\), .* got \(1, 2\)"),
        ({"levels": [[1], [2, 3]]}, "levels: expected shape"),
        ({"levels": [["a", 1], [2, 3]]}, "levels: expected numbers"),
        ({"levels": [[math.inf, 1], [2, 3]]}, r"levels\[0, 0\]: expected a finite level, got inf"),
        ({"person_ids": ["ann", "ann"]}, "person_ids: 'ann' is there more than once"),
        ({"person_ids": "ab"}, "person_ids: expected ids, got 'ab'"),
        ({"skill_ids": ["sql", " "]}, r"skill_ids\[1\]: expected a text that is not empty"),
        ({"ids": ["model"]}, "ids: expected 2 ids, got 1"),
        ({"ids": ["model", 3]}, r"ids\[1\]: expected a text"),
        ({"ids": ["model", "model"]}, "ids: 'model' is there more than once"),
        ({"release": [0, -1]}, r"release\[1\]: .* got -1"),
        ({"release": [0]}, r"release: expected shape \(2,\), got \(1,\)"),
    ],
)
def test_a_fault_is_named_with_its_place(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        staffed(**changes)


def test_every_fault_is_in_one_error() -> None:
    with pytest.raises(PlanError, match="problem: 5 faults") as caught:
        staffed(duration=[-1, 2], successor=[7], ids=["a", "a"], release=[0, 0.5], person_ids=["ann", ""])
    assert len(caught.value.faults) == 5


def test_a_loop_names_its_ids_from_the_smallest() -> None:
    with pytest.raises(CycleError, match="A -> C -> F -> A") as caught:
        Problem([1] * 4, [3, 0, 1, 2], [0, 1, 3, 0], ids=["C", "F", "Z", "A"])
    assert caught.value.cycle == ("A", "C", "F", "A")


def test_a_loop_of_a_hundred_thousand_is_found() -> None:
    n = 100_000
    with pytest.raises(CycleError) as caught:
        Problem(np.ones(n), np.arange(n), np.roll(np.arange(n), -1))
    assert len(caught.value.cycle) == n + 1


def test_problems_are_equal_by_value_and_can_be_pickled() -> None:
    assert staffed() == staffed()
    assert staffed() != staffed(duration=[3, 3])
    assert pickle.loads(pickle.dumps(staffed())) == staffed()  # noqa: S301


anything = st.one_of(
    st.none(),
    st.integers(-2, 3),
    st.floats(),
    st.text(max_size=2),
    st.lists(st.integers(-1, 3), max_size=3),
    st.just([SQL]),
)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            (
                "duration",
                "predecessor",
                "successor",
                "kind",
                "lag",
                "demand",
                "capacity",
                "needs",
                "levels",
                "skill_ids",
                "person_ids",
                "release",
                "ids",
            ),
            anything,
        ),
    )
)
def test_whatever_is_given_is_a_problem_or_a_located_error(changes: dict[str, Any]) -> None:
    try:
        staffed(**changes)
    except LeadkitError as error:
        assert error.faults or isinstance(error, CycleError)


def test_a_solution_tells_its_gap() -> None:
    def made(makespan: int, bound: int) -> Solution:
        return Solution(start=[0], people=[[]], makespan=makespan, lower_bound=bound)

    assert made(9, 8).gap == 0.125
    assert not made(9, 8).is_proven
    assert made(8, 8).gap == 0
    assert made(8, 8).is_proven
    assert made(0, 0).gap == 0
    assert math.isnan(made(3, 0).gap)


def test_a_solution_becomes_plain_python() -> None:
    solution = Solution(
        start=np.array([0, 4]),
        people=[np.array([1]), []],
        makespan=np.int64(9),
        lower_bound=8,
        schedules=3,
        history=[(np.int64(1), 10), (3, 9)],
        flags=["time_limited"],
    )
    assert json.loads(json.dumps(solution.to_dict(), allow_nan=False)) == {
        "start": [0, 4],
        "people": [[1], []],
        "makespan": 9,
        "lower_bound": 8,
        "gap": 0.125,
        "is_proven": False,
        "schedules": 3,
        "method": "ga",
        "history": [[1, 10], [3, 9]],
        "flags": ["time_limited"],
    }
    assert solution.to_records() == [
        {"activity": 0, "start": 0, "people": "1"},
        {"activity": 1, "start": 4, "people": ""},
    ]
    with pytest.raises(ValueError, match="read-only"):
        solution.start[0] = 1
    assert "makespan" in solution._repr_html_()


def test_work_that_nobody_can_do_is_named_all_at_once() -> None:
    team = {"levels": [[2, math.nan], [4, 1]], "skill_ids": ["sql", "python"], "person_ids": ["ann", "ben"]}
    problem = Problem(
        [5, 5, 5, 0, 5],
        needs=[
            [Need(skills={"sql": 3}, heads=2)],
            [Need(skills={"sql": 5, "python": 3})],
            [Need(skills={}, heads=3)],
            [Need(skills={"sql": 9})],
            [],
        ],
        demand=[[0], [0], [0], [9], [3]],
        capacity=[2],
        ids=["api", "b", "c", "d", "e"],
        **team,
    )
    with pytest.raises(InfeasibleError) as caught:
        require_feasible(problem)
    assert [str(fault) for fault in caught.value.faults] == [
        "activity 'e' takes 3 of resource 0 and there are 2",
        "activity 'api' needs 2 with sql >= 3 and has 1 (ben 4; nearest: ann 2)",
        "activity 'b' needs 1 with python >= 3 and sql >= 5 and has 0 (nearest: ben 1)",
        "activity 'c' needs 3 and has 2 (ann, ben)",
    ]
    assert caught.value.reasons[0] == ("e", 0, 3, 2)
    assert caught.value.reasons[1] == ("api", Need(skills={"sql": 3}, heads=2), 2, ("ben",), ("ann", 2.0))


def test_needs_that_compete_for_the_same_people_are_named_together() -> None:
    one, other, free = Need(skills={"sql": 1}), Need(skills={"sql": 2}), Need(skills={})
    problem = Problem(
        [1, 1], needs=[[one, free, other], [one, free]], levels=[[2], [math.nan], [math.nan]], skill_ids=["sql"]
    )
    with pytest.raises(
        InfeasibleError, match="activity '0' needs 1 with sql >= 1, 1 with sql >= 2 and has 1"
    ) as caught:
        require_feasible(problem)
    assert len(caught.value.reasons) == 1


def test_nobody_there_at_all_has_no_nearest() -> None:
    problem = Problem([1], needs=[[SQL]], skill_ids=["sql"])
    with pytest.raises(InfeasibleError, match=r"activity '0' needs 1 with sql >= 2 and has 0$"):
        require_feasible(problem)


def test_somebody_not_assessed_can_be_the_nearest() -> None:
    problem = Problem([1], needs=[[SQL]], skill_ids=["sql"], person_ids=["ann"])
    with pytest.raises(InfeasibleError, match=r"has 0 \(nearest: ann not assessed\)"):
        require_feasible(problem)


@given(st.lists(st.frozensets(st.integers(0, 4), max_size=4), min_size=1, max_size=4), st.data())
def test_people_are_divided_or_the_needs_that_are_short_are_named(
    able: list[frozenset[int]], data: st.DataObject
) -> None:
    heads = [data.draw(st.integers(1, 2)) for _ in able]
    found = divided(able, heads)
    if isinstance(found, dict):
        assert all(person in able[place] for person, place in found.items())
        assert [list(found.values()).count(place) for place in range(len(able))] == heads
    else:
        together = frozenset().union(*(able[place] for place in found))
        assert len(together) < sum(heads[place] for place in found)


def test_a_need_of_an_unknown_skill_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown skill 'sqk' \(did you mean 'sql'\?\)"):
        staffed().qualified(Need(skills={"sqk": 1}))
