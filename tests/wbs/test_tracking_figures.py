"""Earned value and earned schedule: reference numbers, laws and what is refused."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.wbs import WBS_FLAGS, earned_schedule, evm

NAN = math.nan
money = st.integers(0, 10**11).map(lambda cents: cents / 100)
some_money = st.integers(1, 10**11).map(lambda cents: cents / 100)
shares = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


def words(flags: tuple[str, ...]) -> set[str]:
    return {flag.split(":")[0] for flag in flags}


def figures(result: Any) -> dict[str, Any]:
    names = [a.name for a in attrs.fields(type(result))]
    return {name: getattr(result, name) for name in names if name not in {"method", "flags", "planned_duration"}}


# --- earned value


def test_figures_are_those_of_exact_fractions(golden: Callable[[str], Any]) -> None:
    for case in golden("wbs/evm.json")["cases"]:
        found = evm(case["bac"], case["pv"], case["ev"], case["ac"])
        for name, expected in case.items():
            value = getattr(found, name)
            assert isinstance(value, float)
            if expected is None:
                assert math.isnan(value), name
            else:
                assert value == pytest.approx(expected, rel=1e-12, abs=1e-9 * case["bac"]), name


def test_every_missing_figure_of_the_reference_numbers_has_a_flag_that_names_it(golden: Callable[[str], Any]) -> None:
    explained = {"etc": "eac_cpi", "vac": "eac_cpi"}
    for case in golden("wbs/evm.json")["cases"]:
        missing = {explained.get(name, name) for name, value in case.items() if value is None}
        flags = evm(case["bac"], case["pv"], case["ev"], case["ac"]).flags
        assert words(flags) == missing
        assert words(flags) <= set(WBS_FLAGS)


def test_the_textbook_case_f() -> None:
    found = evm(100_000, 55_000, 50_000, 45_000)
    assert (found.sv, found.cv, found.percent_complete) == (-5000, 5000, 50)
    assert found.spi == pytest.approx(0.9090909, abs=1e-7)
    assert found.cpi == pytest.approx(1.1111111, abs=1e-7)
    estimates = (found.eac_cpi, found.eac_remaining, found.eac_cpi_spi)
    assert estimates == pytest.approx((90_000, 95_000, 94_500))
    assert found.tcpi_bac == pytest.approx(0.9090909, abs=1e-7)
    assert found.tcpi_eac == pytest.approx(1.1111111, abs=1e-7)
    assert found.vac == pytest.approx(10_000)
    assert math.isnan(found.eac_bottom_up)
    assert found.flags == ()


@pytest.mark.parametrize(
    ("method", "eac"), [("cpi", 90_000), ("remaining", 95_000), ("cpi_spi", 94_500), ("bottom_up", 85_000)]
)
def test_the_method_chooses_the_estimate_that_the_rest_is_about(method: Any, eac: float) -> None:
    found = evm(100_000, 55_000, 50_000, 45_000, bottom_up_etc=40_000, method=method)
    assert found.eac == pytest.approx(eac)
    assert found.eac == getattr(found, f"eac_{method}")
    assert found.etc == pytest.approx(eac - 45_000)
    assert found.vac == pytest.approx(100_000 - eac)
    assert found.tcpi_eac == pytest.approx(50_000 / (eac - 45_000))
    assert found.eac_bottom_up == 85_000
    assert found.method == method


def test_an_estimate_that_nothing_is_left_to_spend_leaves_no_index() -> None:
    found = evm(100, 50, 50, 40, bottom_up_etc=0, method="bottom_up")
    assert (found.eac, found.etc, found.vac) == (40, 0, 60)
    assert math.isnan(found.tcpi_eac)
    assert found.flags == ("tcpi_eac: nothing left to spend",)


def test_what_is_not_known_is_nan_and_flagged_once() -> None:
    found = evm(100, 50, 50, NAN)
    assert (found.sv, found.spi, found.percent_complete) == (0, 1, 50)
    assert all(math.isnan(x) for x in (found.cv, found.cpi, found.eac_cpi, found.eac_remaining, found.tcpi_bac))
    assert found.flags == ("not_known:ac",)
    assert evm(100, 50, 50, 40, bottom_up_etc=NAN).flags == ("not_known:bottom_up_etc",)


def test_a_ratio_too_large_for_a_float_is_nan_too() -> None:
    found = evm(1e308, 1e-300, 1e308, 1e-300)
    assert all(math.isnan(x) for x in (found.spi, found.cpi, found.percent_complete))
    assert {"spi", "cpi", "percent_complete"} <= words(found.flags)
    assert math.isnan(evm(1e308, 1, 0, 1e308).eac_remaining)
    json.dumps(found.to_dict(), allow_nan=False)


def test_arrays_broadcast_and_are_read_only() -> None:
    bac, ac = np.array([[100.0], [200.0]]), [40, 0, 60]
    found = evm(bac, 50, 50, ac)
    for name, values in figures(found).items():
        assert values.shape == (2, 3), name
        assert not values.flags.writeable
    for i in range(2):
        for j in range(3):
            alone = figures(evm(float(bac[i, 0]), 50, 50, ac[j]))
            np.testing.assert_array_equal([v[i, j] for v in figures(found).values()], list(alone.values()))
    assert words(found.flags) == {"cpi", "eac_cpi", "eac_cpi_spi", "tcpi_eac"}
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301
    assert found.to_dict()["cpi"][0][1] is None
    assert evm([], [], [], []).cpi.shape == (0,)


def test_a_none_in_a_list_is_not_known() -> None:
    found = evm([100, 100], [50, 50], [50, 50], [40, None])  # type: ignore[arg-type]
    assert found.flags == ("not_known:ac",)
    assert math.isnan(found.cpi[1])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((100, -1, 50, 40), {}, "pv: expected numbers of at least 0, got -1"),
        ((100, 50, -2, 40), {}, "ev: expected numbers of at least 0, got -2"),
        ((100, 50, 50, [1, -3]), {}, r"ac: expected numbers of at least 0, got -3 at \[1\]"),
        ((-1, 50, 50, 40), {}, "bac: expected numbers of at least 0"),
        ((100, 50, 101, 40), {}, "ev: expected at most bac, got 101"),
        ((math.inf, 50, 50, 40), {}, "bac: expected finite numbers, got inf"),
        ((100, "50", 50, 40), {}, "pv: expected numbers, got '50'"),
        ((100, True, 50, 40), {}, "pv: expected numbers, got True"),
        ((100, ["x"], 50, 40), {}, "pv: expected numbers"),
        ((100, [[1], [2, 3]], 50, 40), {}, "pv: expected numbers"),
        (([1, 2], [1, 2, 3], 0, 40), {}, r"do not broadcast: bac \(2,\), pv \(3,\), ev \(\), ac \(\)"),
        ((100, 50, 50, 40), {"method": "best"}, "method: expected one of 'cpi', .* got 'best'"),
        ((100, 50, 50, 40), {"method": "bottom_up"}, "needs bottom_up_etc"),
        ((100, 50, 50, 40), {"bottom_up_etc": -1}, "bottom_up_etc: expected numbers of at least 0"),
    ],
)
def test_what_no_budget_can_be_is_refused(arguments: Any, options: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        evm(*arguments, **options)


@given(some_money, st.floats(0.01, 0.99))
def test_on_plan_and_on_cost_every_index_is_1(bac: float, share: float) -> None:
    value = bac * share
    found = evm(bac, value, value, value)
    assert (found.spi, found.cpi, found.tcpi_bac, found.tcpi_eac) == (1, 1, 1, 1)
    assert (found.sv, found.cv) == (0, 0)
    assert found.eac == pytest.approx(bac)
    assert found.vac == pytest.approx(0, abs=1e-9 * bac)


@given(money, money, shares, money, st.integers(-20, 20))
def test_money_in_another_unit_changes_amounts_and_no_ratio(
    bac: float, pv: float, share: float, ac: float, power: int
) -> None:
    # a power of two scales floats without rounding, so that the law is exact
    unit = 2.0**power
    plain, scaled = (
        figures(evm(bac, pv, bac * share, ac)),
        figures(evm(bac * unit, pv * unit, bac * share * unit, ac * unit)),
    )
    for name, value in plain.items():
        is_ratio = name in {"spi", "cpi", "percent_complete", "tcpi_bac", "tcpi_eac"}
        np.testing.assert_array_equal(scaled[name], value if is_ratio else value * unit, err_msg=name)


@given(some_money, money, st.floats(0.01, 1), some_money)
def test_the_estimate_by_cost_is_budget_over_index(bac: float, pv: float, share: float, ac: float) -> None:
    found = evm(bac, pv, bac * share, ac)
    assert found.eac_cpi == pytest.approx(bac / found.cpi, rel=1e-9)
    assert found.etc == pytest.approx(found.eac - ac, rel=1e-9, abs=1e-9 * found.eac)
    if not math.isnan(found.tcpi_eac):
        assert found.tcpi_eac == pytest.approx(found.cpi, rel=1e-9)


# --- earned schedule


def test_earned_schedules_are_those_of_exact_fractions(golden: Callable[[str], Any]) -> None:
    for case in golden("wbs/earned_schedule.json")["cases"]:
        found = earned_schedule(case["pv"], case["ev"], case["at"])
        assert found.planned_duration == case["planned_duration"]
        for name in ("es", "sv", "spi", "ieac"):
            if case[name] is None:
                assert math.isnan(getattr(found, name))
                assert name in words(found.flags)
            else:
                assert getattr(found, name) == pytest.approx(case[name], rel=1e-12, abs=1e-12)
                assert name not in words(found.flags)


def test_the_textbook_case_g() -> None:
    found = earned_schedule([10, 20, 30, 40, 50], 25, 3)
    assert (found.es, found.sv, found.planned_duration) == (2.5, -0.5, 5)
    assert found.ieac == pytest.approx(6.0)
    assert found.spi == pytest.approx(0.8333333, abs=1e-7)
    assert found.flags == ()


def test_without_time_or_value_there_is_no_index() -> None:
    start = earned_schedule([10, 20], 0, 0)
    assert (start.es, start.sv) == (0, 0)
    assert math.isnan(start.spi)
    assert math.isnan(start.ieac)
    assert start.flags == ("spi: no time has passed", "ieac: no time has passed")
    nothing = earned_schedule([10, 20], 0, 1)
    assert nothing.spi == 0
    assert nothing.flags == ("ieac: nothing earned",)
    assert words(start.flags + nothing.flags) <= set(WBS_FLAGS)


def test_all_that_was_planned_is_earned_at_the_end() -> None:
    assert earned_schedule([10, 20, 20], 20, 1).es == 3
    assert earned_schedule([10, 20], 1e9, 1).es == 2
    assert earned_schedule([0, 0], 0, 1).es == 2
    assert earned_schedule([0, 10, 10, 20], 10, 1).es == 3


def test_earned_schedule_takes_a_history_at_once() -> None:
    found = earned_schedule([10, 20, 30], [5, 15, NAN], [1, 2, 3])
    assert found.es.tolist()[:2] == [0.5, 1.5]
    assert math.isnan(found.es[2])
    assert found.flags == ("not_known:ev",)
    assert not found.es.flags.writeable
    assert found.to_dict()["es"] == [0.5, 1.5, None]
    assert "EarnedSchedule" in found._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], 1, 1), r"pv: expected one number a period, at least one, got shape \(0,\)"),
        ((10, 1, 1), r"at least one, got shape \(\)"),
        (([[10]], 1, 1), r"got shape \(1, 1\)"),
        (([10, 9], 1, 1), r"pv: must not fall, got 9 at \[1\]"),
        (([10, NAN], 1, 1), r"pv: expected a planned value for every period, got nan at \[1\]"),
        (([-1, 9], 1, 1), "pv: expected numbers of at least 0"),
        (([10], -1, 1), "ev: expected numbers of at least 0, got -1"),
        (([10], 1, -1), "at: expected numbers of at least 0, got -1"),
        (([10], [1, 2], [1, 2, 3]), r"do not broadcast: ev \(2,\), at \(3,\)"),
    ],
)
def test_what_no_planned_value_can_be_is_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        earned_schedule(*arguments)


@given(st.lists(st.floats(0.5, 100), min_size=1, max_size=12), st.data())
def test_what_was_planned_to_be_earned_by_now_is_on_time(steps: list[float], data: Any) -> None:
    pv = np.cumsum(steps)
    at = data.draw(st.floats(0, len(steps), exclude_min=True))
    value = float(np.interp(at, np.arange(len(steps) + 1), np.append(0, pv)))
    found = earned_schedule(pv, value, at)
    assert found.es == pytest.approx(at, abs=1e-9 * (1 + len(steps)) * (1 + pv[-1]))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(0, 1500), st.floats(0, 1500))
def test_more_value_is_never_earned_earlier(steps: list[float], one: float, other: float) -> None:
    pv = np.cumsum(steps)
    less, more = (earned_schedule(pv, value, 1).es for value in sorted((one, other)))
    assert 0 <= less <= more <= len(steps)
