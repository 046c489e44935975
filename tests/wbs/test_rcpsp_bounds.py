from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from leadkit.errors import InfeasibleError
from leadkit.interchange.imopse import read_def
from leadkit.interchange.psplib import read_sm
from leadkit.wbs import Need, Problem, lower_bound
from leadkit.wbs.rcpsp._limits import MOST_NEEDS


def test_the_critical_path_bounds_with_links_of_every_kind_and_releases() -> None:
    # the project with four kinds of links whose finish is 11, in days
    links = {"predecessor": [0, 1, 0, 2], "successor": [1, 2, 2, 3], "kind": [1, 2, 0, 3], "lag": [2, 1, -1, 7]}
    assert lower_bound(Problem([4, 6, 5, 3], **links)) == 11
    assert lower_bound(Problem([4, 6, 5, 3], **links, release=[0, 0, 0, 20])) == 23


def test_work_on_a_resource_is_divided_by_its_capacity_and_rounded_up() -> None:
    assert lower_bound(Problem([3, 3, 2, 3], demand=[[1]] * 4, capacity=[2])) == 6


def test_the_bound_is_a_multiple_of_the_unit_of_time() -> None:
    assert lower_bound(Problem([3, 3, 3], demand=[[1]] * 3, capacity=[2])) == 6


def test_two_that_exclude_each_other_follow_each_other() -> None:
    assert lower_bound(Problem([3, 3, 3], demand=[[2], [2], [0]], capacity=[3])) == 6


def test_work_between_heads_and_tails_is_added_to_them() -> None:
    # three times 4 on a unit of two, after 10 and before 10
    n = 5
    problem = Problem(
        [10, 4, 4, 4, 10], [0, 0, 0, 1, 2, 3], [1, 2, 3, 4, 4, 4], demand=[[0], [1], [1], [1], [0]], capacity=[2]
    )
    assert problem.n == n
    assert lower_bound(problem) == 10 + 6 + 10


def test_energy_in_a_stretch_of_time_raises_the_bound() -> None:
    # the long ones must overlap in the middle, where only two of three fit
    problem = Problem([6, 6, 6, 8], demand=[[1], [1], [1], [1]], capacity=[3], release=[0, 1, 1, 0])
    assert lower_bound(problem) >= 9


def test_people_are_counted_for_what_only_they_can_do() -> None:
    sql, java = Need(skills={"sql": 1}), Need(skills={"java": 1})
    nan = math.nan
    levels = [[1, nan], [1, nan], [nan, 1]]
    problem = Problem([4] * 6, needs=[[sql]] * 3 + [[java]] * 3, levels=levels, skill_ids=["sql", "java"])
    assert lower_bound(problem) == 12
    both = Problem([4] * 3, needs=[[Need(skills={}, heads=2)]] * 3, levels=levels, skill_ids=["sql", "java"])
    assert lower_bound(both) == 12


def test_a_union_of_needs_can_be_scarcer_than_each_and_than_everybody() -> None:
    # each of the three needs has two people for 4 units, all three together have three people for 12 units
    nan = math.nan
    levels = [[1, nan, 1], [1, 1, nan], [nan, 1, 1], [nan] * 3, [nan] * 3]
    needs = [[Need(skills={name: 1})] for name in "abc"]
    problem = Problem([4] * 6, needs=needs * 2, levels=levels, skill_ids=list("abc"))
    assert lower_bound(problem) == 8


def test_activities_without_duration_count_for_nothing() -> None:
    impossible = Need(skills={"sql": 9}, heads=5)
    problem = Problem([0, 2], demand=[[7], [1]], capacity=[1], needs=[[impossible], []], skill_ids=["sql"])
    assert lower_bound(problem) == 2
    assert lower_bound(Problem([])) == 0
    assert lower_bound(Problem([0, 0], [0], [1])) == 0


def test_a_problem_without_a_schedule_has_no_bound() -> None:
    with pytest.raises(InfeasibleError, match="takes 2 of resource 0 and there are 1"):
        lower_bound(Problem([1], demand=[[2]], capacity=[1]))


def test_more_needs_than_are_put_together_still_bound() -> None:
    n = MOST_NEEDS + 10
    levels = np.where(np.eye(n, dtype=bool), 1.0, np.nan)
    needs = [[Need(skills={str(k): 1})] for k in range(n)]
    assert lower_bound(Problem(np.arange(n) + 1, needs=needs, levels=levels)) == n


def test_many_activities_and_numbers_beyond_64_bits_are_bounded() -> None:
    n = 2000
    rng = np.random.default_rng(0)
    duration = rng.integers(1, 1000, n)
    chain = np.arange(n - 1)
    assert lower_bound(Problem(duration, chain, chain + 1, demand=np.ones((n, 1)), capacity=[1])) == duration.sum()
    huge = 10**12
    assert lower_bound(Problem([huge] * 3, demand=[[huge - 1]] * 3, capacity=[huge])) == 3 * huge


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    duration, demand = rng.integers(0, 9, 30), rng.integers(0, 4, (30, 2))
    links = np.array([(i, j) for i in range(30) for j in range(i + 1, 30) if rng.random() < 0.06])
    problem = Problem(duration, links[:, 0], links[:, 1], demand=demand, capacity=[6, 5])
    place = rng.permutation(30)
    moved = Problem(
        duration[np.argsort(place)],
        place[links[:, 0]],
        place[links[:, 1]],
        demand=demand[np.argsort(place)],
        capacity=[6, 5],
    )
    assert lower_bound(problem) == lower_bound(moved)


def known(path: Path, name: str, value: str) -> dict[str, int]:
    with path.open(encoding="utf-8") as file:
        return {row[name]: int(row[value]) for row in csv.DictReader(file)}


def test_the_bound_is_never_above_the_best_known_makespan_of_psplib(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("wbs/psplib")
    best = known(folder / "best_known.csv", "file", "best_known")
    paths = known(folder / "best_known.csv", "file", "cpm_lower_bound")
    met = 0
    for file in sorted(folder.glob("j*/*.sm")):
        bound = lower_bound(read_sm(file.read_text(encoding="ascii")))
        assert paths[file.name] <= bound <= best[file.name], file.name
        met += bound == best[file.name]
    assert met >= 50


def test_the_bound_meets_the_reference_bound_of_imopse(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("wbs/imopse")
    reference = known(folder / "reference_makespan.csv", "instance", "lower_bound")
    for file in sorted(folder.glob("d36/*.def")):
        assert lower_bound(read_def(file.read_text(encoding="ascii"))) == reference[file.stem], file.name
