"""The endgame: goals, where they come from, and how far each is."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import OrgError, UnknownIdError
from leadkit.frameworks import endgames
from leadkit.org import Endgame, EndgameGoal, track_endgame


def goal(**fields: Any) -> EndgameGoal:
    given = {"id": "retention", "text": "Everybody stays.", "unit": "percent", "target": 100.0, "direction": "high"}
    return EndgameGoal(**{**given, **fields})


@pytest.fixture
def endgame() -> Endgame:
    complaints = goal(id="complaints", text="Nobody complains.", unit="a month", target=0, direction="low")
    return Endgame(id="2030", goals=[goal(), complaints])


def test_goals_at_and_beyond_the_target_are_reached(endgame: Endgame) -> None:
    assert track_endgame(endgame, {"retention": 100, "complaints": 0}).is_reached == (True, True)
    assert track_endgame(endgame, {"retention": 100.5, "complaints": -1}).is_reached == (True, True)
    assert track_endgame(endgame, {"retention": 99.9, "complaints": 1}).is_reached == (False, False)


def test_the_gap_is_what_is_missing_whatever_the_direction(endgame: Endgame) -> None:
    assert track_endgame(endgame, {"retention": 96, "complaints": 12}).gap.tolist() == [4.0, 12.0]
    assert track_endgame(endgame, {"retention": 104, "complaints": -2}).gap.tolist() == [-4.0, -2.0]


def test_progress_is_the_share_of_the_way_from_the_baseline(endgame: Endgame) -> None:
    actuals = {"retention": 96, "complaints": 25}
    status = track_endgame(endgame, actuals, baseline={"retention": 80, "complaints": 20})
    assert status.progress.tolist() == [0.8, -0.25]
    assert status.flags == ()


def test_a_missing_actual_is_unknown_and_never_not_reached(endgame: Endgame) -> None:
    for actuals in (
        {"retention": 100},
        {"retention": 100, "complaints": None},
        {"retention": 100, "complaints": math.nan},
    ):
        status = track_endgame(endgame, actuals, baseline={"retention": 90, "complaints": 5})
        assert status.is_reached == (True, None)
        assert math.isnan(status.actual[1])
        assert math.isnan(status.gap[1])
        assert math.isnan(status.progress[1])
        assert (status.n_reached, status.n_unknown, status.flags) == (1, 1, ("no_actual",))


def test_progress_without_a_way_to_go_is_not_known(endgame: Endgame) -> None:
    actuals = {"retention": 96, "complaints": 3}
    status = track_endgame(endgame, actuals, baseline={"retention": 100})
    assert np.isnan(status.progress).all()
    assert status.flags == ("baseline_on_target", "no_baseline")
    assert track_endgame(endgame, actuals).flags == ("no_baseline",)


def test_tiny_differences_decide_what_is_reached() -> None:
    tiny = Endgame(id="tiny", goals=[goal(target=5e-324)])
    assert track_endgame(tiny, {"retention": 0.0}).is_reached == (False,)


def test_the_catalogue_gives_all_its_goals_or_those_asked_for() -> None:
    assert Endgame.from_catalogue().goal_ids == endgames().ids
    chosen = Endgame.from_catalogue(["zero_complaints", "full_retention"], endgame_id="ours")
    assert (chosen.id, chosen.goal_ids) == ("ours", ("zero_complaints", "full_retention"))
    entry = endgames().entry("zero_complaints")
    first = chosen.goals[0]
    assert (first.text, first.unit, first.target, first.direction) == (entry.statement, entry.unit, 0.0, "low")


def test_a_catalogue_of_ones_own_serves_as_well() -> None:
    catalogue = endgames()
    assert Endgame.from_catalogue(["promises_kept"], catalogue=catalogue).goal_ids == ("promises_kept",)


def test_an_unknown_entry_is_named_beside_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match="did you mean 'zero_complaints'"):
        Endgame.from_catalogue(["zero_complaint"])


def test_every_fault_of_a_goal_is_told() -> None:
    with pytest.raises(OrgError, match="5 faults") as caught:
        goal(id=" ", text="", unit=3, target=math.inf, direction="up")
    assert [fault.where for fault in caught.value.faults] == ["id", "text", "unit", "target", "direction"]
    with pytest.raises(OrgError, match="target: expected a number, got True"):
        goal(target=True)


def test_every_fault_of_an_endgame_is_told() -> None:
    with pytest.raises(OrgError, match="expected at least one goal"):
        Endgame(id="none", goals=[])
    with pytest.raises(OrgError, match="id 'retention' is there more than once"):
        Endgame(id="twice", goals=[goal(), goal()])
    with pytest.raises(OrgError, match=r"2 faults[\s\S]*id: [\s\S]*goals\[0\]: expected an EndgameGoal, got 'x'"):
        Endgame(id="", goals=["x"])  # type: ignore[list-item]


def test_figures_of_no_goal_and_no_figures_are_refused_together(endgame: Endgame) -> None:
    with pytest.raises(OrgError) as caught:
        track_endgame(endgame, {"retentoin": 3, "complaints": "4"}, baseline={3: 1, "retention": math.inf})  # type: ignore[dict-item]
    told = [str(fault) for fault in caught.value.faults]
    assert told == [
        "actuals: no goal 'retentoin' (did you mean 'retention'?)",
        "actuals['complaints']: expected a number, got '4'",
        "baseline: no goal 3",
        "baseline['retention']: expected a finite number, got inf",
    ]
    with pytest.raises(OrgError, match="actuals: expected a mapping of goal ids and numbers, got list"):
        track_endgame(endgame, [1, 2])  # type: ignore[arg-type]


def test_a_status_is_read_only_plain_json_and_rows(endgame: Endgame) -> None:
    status = track_endgame(endgame, {"retention": 96})
    with pytest.raises(ValueError, match="read-only"):
        status.gap[0] = 0
    told = json.loads(json.dumps(status.to_dict(), allow_nan=False))
    assert told["gap"] == [4.0, None]
    assert told["is_reached"] == [False, None]
    assert status.to_records()[1] == {
        "goal": "complaints",
        "unit": "a month",
        "direction": "low",
        "actual": None,
        "target": 0.0,
        "baseline": None,
        "gap": None,
        "progress": None,
        "is_reached": None,
    }
    assert "retention" in status._repr_html_()


FIGURES = st.floats(-1e6, 1e6)


@given(FIGURES, FIGURES, FIGURES, st.sampled_from(["high", "low"]))
def test_a_goal_is_reached_exactly_when_nothing_is_missing(
    target: float, actual: float, start: float, way: str
) -> None:
    status = track_endgame(
        Endgame(id="e", goals=[goal(target=target, direction=way)]),
        {"retention": actual},
        baseline={"retention": start},
    )
    assert status.is_reached[0] == (status.gap[0] <= 0)
    if start == target:
        assert math.isnan(status.progress[0])
    elif abs(target - start) > 1e-3:
        assert status.progress[0] == pytest.approx((actual - start) / (target - start), abs=1e-9)


def test_figures_alone_are_no_endgame() -> None:
    with pytest.raises(OrgError, match="endgame: expected an Endgame, got int"):
        track_endgame(3, {})  # type: ignore[arg-type]
