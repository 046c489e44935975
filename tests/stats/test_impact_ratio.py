"""The impact ratio against reference numbers, exact counting, two peers and its laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.stats import FLAGS, ImpactRatio, impact_ratio

CLOSED = 1e-10
nan = math.nan
NUMBERS = ("rate", "ratio", "z", "fisher_p", "low", "high")

counts = st.integers(0, 40).flatmap(lambda a: st.tuples(st.integers(0, a), st.just(a)))
count_tables = st.lists(counts, min_size=1, max_size=5)


def of(table: list[tuple[int, int]], **options: Any) -> ImpactRatio:
    selected, applicants = zip(*table, strict=True)
    return impact_ratio(selected, applicants, groups=list("abcde")[: len(table)], **options)


def exact_fisher(s: int, a: int, s_r: int, a_r: int) -> float:
    """Two-sided p by counting every table with the same margins."""
    chosen = s + s_r
    ways = {x: math.comb(a, x) * math.comb(a_r, chosen - x) for x in range(max(0, chosen - a_r), min(a, chosen) + 1)}
    return float(Fraction(sum(w for w in ways.values() if w <= ways[s]), sum(ways.values())))


# Golden numbers and second ways


def test_the_reference_table_comes_out(golden: Callable[[str], Any]) -> None:
    known = golden("stats/groups_norms_rsa.json")["adverse_impact"]
    result = impact_ratio(known["hired"], known["applicants"], groups=known["group"])
    assert result.groups == tuple(known["group"])
    assert result.reference == known["reference"]
    assert result.below_threshold.tolist() == known["four_fifths_flag"]
    for ours, theirs in (
        (result.rate, known["rate"]),
        (result.ratio, known["impact_ratio"]),
        (result.z, known["z_two_sample"]),
        (result.fisher_p, known["fisher_p"]),
        (np.column_stack([result.low, result.high]), known["ln_ratio_ci95"]),
    ):
        assert np.allclose(ours, theirs, rtol=0, atol=CLOSED)
    assert (result.threshold, result.min_share, result.level, result.n_rows, result.n_used) == (0.8, 0, 0.95, 3, 3)
    assert result.flags == ()


@given(count_tables.filter(lambda table: len(table) > 1))
def test_fishers_p_is_the_share_of_tables_no_likelier_than_the_one_seen(table: list[tuple[int, int]]) -> None:
    result = of(table, reference="a")
    for (s, a), p in list(zip(table, result.fisher_p, strict=True))[1:]:
        if a == 0 or table[0][1] == 0:
            assert math.isnan(p)
        else:
            assert p == pytest.approx(exact_fisher(s, a, *table[0]), rel=1e-11)


@pytest.mark.parametrize(
    ("s", "a", "s_r", "a_r"),
    [(3, 4000, 900, 1_000_000), (100_000, 200_000, 100_700, 200_000), (0, 30, 7, 7), (1, 500_000, 9, 500_000)],
)
def test_fishers_p_of_many_people_agrees_with_scipy(s: int, a: int, s_r: int, a_r: int) -> None:
    theirs = float(scipy.stats.fisher_exact(np.array([[s, a - s], [s_r, a_r - s_r]]))[1])
    assert impact_ratio([s, s_r], [a, a_r], groups=[1, 2], reference=2).fisher_p[0] == pytest.approx(theirs, rel=1e-9)


def test_a_p_below_the_smallest_number_is_0_whatever_the_size() -> None:
    result = impact_ratio([10_000_000_000, 0], [10_000_000_000, 10_000_000_000], groups=["a", "b"])
    assert result.fisher_p.tolist() == [1, 0]
    assert impact_ratio([100_000, 0], [100_000, 100_000], groups=["a", "b"]).fisher_p[1] == 0


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_statsmodels_gives_the_same_interval_and_z(level: float) -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    result = impact_ratio([14, 33], [71, 90], groups=["a", "b"], level=level)
    low, high = proportion.confint_proportions_2indep(14, 71, 33, 90, compare="ratio", method="log", alpha=1 - level)
    assert (result.low[0], result.high[0]) == pytest.approx((low, high), abs=CLOSED)
    assert result.z[0] == pytest.approx(proportion.proportions_ztest([14, 33], [71, 90])[0], abs=CLOSED)


# The reference and the threshold


def test_the_reference_is_the_first_of_the_highest_rates() -> None:
    result = impact_ratio([5, 3, 10], [20, 6, 20], groups=["c", "b", "a"])
    assert result.groups == ("a", "b", "c")
    assert result.reference == "a"
    assert result.ratio.tolist() == [1, 1, 0.5]
    assert result.z[1] == 0


def test_a_small_group_becomes_the_reference_only_when_it_is_asked_for() -> None:
    table = [(2, 2), (60, 100), (30, 98)]
    assert of(table).reference == "a"
    assert of(table, min_share=0.02).reference == "b"
    assert of(table, min_share=0.01).reference == "a"
    assert of(table, min_share=0.02, reference="a").reference == "a"
    assert of(table, min_share=0.02).ratio[0] == pytest.approx(1 / 0.6)


def test_without_a_group_large_enough_there_is_no_reference_and_nothing_to_compare_with() -> None:
    result = of([(5, 10), (6, 10)], min_share=0.6)
    assert result.reference is None
    assert result.rate.tolist() == [0.5, 0.6]
    assert np.isnan([result.ratio, result.z, result.fisher_p, result.low, result.high]).all()
    assert result.below_threshold.tolist() == [False, False]
    assert result.flags == ("too_few_rows",)


@pytest.mark.parametrize("places", range(1, 60))
def test_exactly_four_fifths_is_not_below_four_fifths(places: int) -> None:
    assert not of([(4 * places, 10 * places), (5 * places, 10 * places)]).below_threshold[0]
    assert of([(4 * places - 1, 10 * places), (5 * places, 10 * places)]).below_threshold[0]


@pytest.mark.parametrize("row", [(3, 5, 6, 8), (3, 5, 30, 40), (3, 5, 39, 52)])
def test_four_fifths_of_different_sizes_are_not_lost_in_rounding(row: tuple[int, int, int, int]) -> None:
    s, a, s_r, a_r = row
    assert (s / a) / (s_r / a_r) < 0.8
    result = of([(s, a), (s_r, a_r)])
    assert (result.ratio[0], result.below_threshold[0]) == (0.8, False)


def test_another_threshold_marks_other_groups() -> None:
    table = [(48, 80), (12, 40), (30, 60)]
    assert of(table, threshold=0.9).below_threshold.tolist() == [False, True, True]
    assert of(table, threshold=0.5).below_threshold.tolist() == [False, False, False]


# Laws


@given(count_tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table: list[tuple[int, int]], random: Any) -> None:
    rows = list(zip("abcde", table, strict=False))
    random.shuffle(rows)
    moved = impact_ratio([t[0] for _, t in rows], [t[1] for _, t in rows], groups=[g for g, _ in rows])
    assert moved == of(table)


@given(count_tables, st.integers(0, 2**32))
def test_a_row_a_person_gives_what_a_row_a_group_gives(table: list[tuple[int, int]], seed: int) -> None:
    people = [(g, int(i < s)) for g, (s, a) in zip("abcde", table, strict=False) for i in range(a)]
    people += [(g, 0) for g, (_, a) in zip("abcde", table, strict=False) if a == 0]
    order = np.random.default_rng(seed).permutation(len(people))
    people = [people[i] for i in order]
    empty = {g for g, (_, a) in zip("abcde", table, strict=False) if a == 0}
    single = impact_ratio([s for _, s in people], [g not in empty for g, _ in people], groups=[g for g, _ in people])
    assert attrs.evolve(single, n_rows=0, n_used=0) == attrs.evolve(of(table), n_rows=0, n_used=0)


@given(counts, counts)
def test_swapping_group_and_reference_inverts_the_ratio_and_negates_z(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    forth, back = of([one, other], reference="a"), of([one, other], reference="b")
    assert back.z[0] == pytest.approx(-forth.z[1], abs=1e-12, nan_ok=True)
    assert back.fisher_p[0] == pytest.approx(forth.fisher_p[1], rel=1e-12, nan_ok=True)
    if one[0] and other[0]:
        assert back.ratio[0] == pytest.approx(1 / forth.ratio[1], rel=1e-12)
        assert back.low[0] == pytest.approx(1 / forth.high[1], rel=1e-12)
        assert back.high[0] == pytest.approx(1 / forth.low[1], rel=1e-12)


@given(count_tables, st.integers(2, 30))
def test_more_people_at_the_same_rates_keep_the_ratio_and_narrow_the_interval(
    table: list[tuple[int, int]], factor: int
) -> None:
    few, many = of(table), of([(factor * s, factor * a) for s, a in table])
    assert np.array_equal(few.ratio, many.ratio, equal_nan=True)
    assert np.array_equal(few.below_threshold, many.below_threshold)
    assert np.allclose(math.sqrt(factor) * few.z, many.z, rtol=1e-12, atol=1e-12, equal_nan=True)
    known = ~np.isnan(few.low)
    assert (many.low[known] >= few.low[known]).all()
    assert (many.high[known] <= few.high[known]).all()


@settings(max_examples=60)
@given(count_tables)
def test_every_number_is_in_its_range_or_nan_with_a_flag(table: list[tuple[int, int]]) -> None:
    result = of(table)
    for row, flags in enumerate(result.group_flags):
        rate, ratio, z, p, low, high = (getattr(result, name)[row] for name in NUMBERS)
        assert math.isnan(rate) or 0 <= rate <= 1
        assert math.isnan(p) or 0 < p <= 1
        assert math.isnan(low) or low <= ratio <= high
        assert math.isnan(ratio) or 0 <= ratio <= 1 + 1e-12
        assert not (result.below_threshold[row] and math.isnan(ratio))
        assert np.isfinite([x for x in (rate, ratio, z, p, low, high) if not math.isnan(x)]).all()
        if np.isnan([rate, ratio, z, p, low, high]).any():
            assert flags
    assert {flag for row_flags in result.group_flags for flag in row_flags} <= set(result.flags) <= set(FLAGS)
    json.dumps(result.to_dict(), allow_nan=False)


@given(count_tables, st.floats(0.05, 0.9))
def test_a_wider_level_has_a_wider_interval(table: list[tuple[int, int]], level: float) -> None:
    narrow, wide = of(table, level=level), of(table, level=level + 0.09)
    known = ~np.isnan(narrow.low)
    assert np.array_equal(known, ~np.isnan(wide.low))
    assert (wide.low[known] <= narrow.low[known]).all()
    assert (wide.high[known] >= narrow.high[known]).all()


# Edges


def test_a_group_with_nobody_selected_has_ratio_0_and_no_interval() -> None:
    result = of([(5, 10), (0, 10)])
    assert result.ratio.tolist() == [1, 0]
    assert result.below_threshold.tolist() == [False, True]
    assert np.isnan([result.low[1], result.high[1]]).all()
    assert result.fisher_p[1] == pytest.approx(exact_fisher(0, 10, 5, 10))
    assert result.group_flags == ((), ("none_selected",))
    assert result.flags == ("none_selected",)


def test_nobody_selected_anywhere_leaves_the_ratios_undefined() -> None:
    result = of([(0, 10), (0, 20)])
    assert result.reference == "a"
    assert np.array_equal(result.ratio, [1, nan], equal_nan=True)
    assert np.array_equal(result.z, [0, nan], equal_nan=True)
    assert result.fisher_p.tolist() == [1, 1]
    assert result.below_threshold.tolist() == [False, False]
    assert result.group_flags == (("none_selected",), ("no_variance", "none_selected"))


def test_a_reference_with_nobody_selected_leaves_the_other_ratios_undefined() -> None:
    result = of([(4, 10), (0, 20)], reference="b")
    assert math.isnan(result.ratio[0])
    assert math.isnan(result.low[0])
    assert result.z[0] == pytest.approx(3.038218101)
    assert result.group_flags == (("none_selected",), ("none_selected",))


def test_everybody_selected_everywhere_is_equal_and_has_no_z() -> None:
    result = of([(10, 10), (20, 20)])
    assert result.ratio.tolist() == result.low.tolist() == result.high.tolist() == [1, 1]
    assert math.isnan(result.z[1])
    assert result.group_flags == ((), ("no_variance",))


def test_a_group_without_applicants_keeps_its_place() -> None:
    result = of([(0, 0), (5, 10), (4, 10)])
    assert result.groups == ("a", "b", "c")
    assert np.isnan([result.rate[0], result.ratio[0], result.fisher_p[0]]).all()
    assert result.group_flags == (("too_few_rows",), (), ())
    asked = of([(0, 0), (5, 10)], reference="a")
    assert np.isnan(asked.ratio).all()
    assert asked.reference == "a"
    assert asked.group_flags == (("too_few_rows",), ("too_few_rows",))


def test_rows_with_a_gap_are_left_out_and_counted() -> None:
    result = impact_ratio([5, nan, 1, 9, 2], [10, 10, nan, 10, 4], groups=["a", "b", "a", None, "c"])
    assert result.groups == ("a", "b", "c")
    assert result.applicants.tolist() == [10, 0, 4]
    assert (result.n_rows, result.n_used) == (5, 2)
    assert result.flags == ("rows_dropped", "too_few_rows")


def test_one_group_is_its_own_reference() -> None:
    result = impact_ratio([3], [10], groups=["a"])
    assert result.ratio.tolist() == [1]
    assert result.flags == ("single_group",)


def test_no_rows_give_no_groups() -> None:
    result = impact_ratio([], [], groups=[])
    assert result.to_records() == []
    assert result.reference is None
    assert result.flags == ("too_few_rows",)


@pytest.mark.parametrize(
    "as_kind",
    [
        lambda v: np.array(v, dtype=np.float32),
        lambda v: np.array(v, dtype=object),
        lambda v: np.ma.masked_array(v, mask=False),
        lambda v: np.array([v, v], order="F")[0],
        lambda v: np.array(v, dtype=np.uint8),
    ],
)
def test_counts_of_every_kind_are_taken(as_kind: Callable[[Any], Any]) -> None:
    selected, applicants = as_kind([48, 12, 30]), as_kind([80, 40, 60])
    for array in (selected, applicants):
        array.flags.writeable = False
    assert impact_ratio(selected, applicants, groups=("A", "B", "C")) == impact_ratio(
        [48, 12, 30], [80, 40, 60], groups=np.array(["A", "B", "C"])
    )


def test_masked_counts_and_none_are_missing() -> None:
    masked = np.ma.masked_array([1, 2, 3], mask=[False, True, False])
    assert impact_ratio(masked, [4, 4, 4], groups=[1, 2, 3]).n_used == 2
    assert impact_ratio(np.array([1, None, 3], dtype=object), [4, 4, 4], groups=[1, 2, 3]).n_used == 2


def test_the_result_is_frozen_plain_and_picklable() -> None:
    selected = np.array([48.0, 12.0, 0.0])
    result: Any = impact_ratio(selected, [80, 40, 10], groups=["A", "B", "C"])
    records = result.to_records()
    json.dumps(records, allow_nan=False)
    assert records[2] | {"z": None, "fisher_p": None} == {
        "group": "C",
        "selected": 0,
        "applicants": 10,
        "rate": 0.0,
        "ratio": 0.0,
        "below_threshold": True,
        "z": None,
        "fisher_p": None,
        "low": None,
        "high": None,
        "flags": "none_selected",
    }
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert selected.tolist() == [48, 12, 0]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.reference = "B"
    for name in ("selected", "applicants", "below_threshold", *NUMBERS):
        assert not getattr(result, name).flags.writeable


def test_the_documentation_calls_it_a_heuristic_and_no_verdict() -> None:
    for documented in (impact_ratio, ImpactRatio):
        text = " ".join((documented.__doc__ or "").split())
        assert "screening heuristic (29 CFR 1607.4D), no verdict" in text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: impact_ratio(["1"], [2], groups=["a"]), "selected: expected real numbers, got text"),
        (lambda: impact_ratio([1], [2j], groups=["a"]), "applicants: expected real numbers, got complex"),
        (lambda: impact_ratio([[1]], [[2]], groups=["a"]), "selected: expected one dimension, got 2"),
        (lambda: impact_ratio([1, 1], [2, np.inf], groups=["a", "b"]), r"applicants\[1\]: expected a finite number"),
        (lambda: impact_ratio([1, 1], [2], groups=["a", "b"]), "applicants: expected 2 values, got 1"),
        (lambda: impact_ratio([1], [2], groups=["a", "b"]), "groups: expected 1 labels, got 2"),
        (lambda: impact_ratio([1, 1], [2, 2], groups=["a", 1]), "groups: labels of kind int, str do not sort together"),
        (lambda: impact_ratio([1, -1], [2, 2], groups=["a", "b"]), r"selected\[1\]: expected a whole number in 0.*-1"),
        (lambda: impact_ratio([1], [2.5], groups=["a"]), r"applicants\[0\]: expected a whole number in 0.*, got 2\.5"),
        (
            lambda: impact_ratio([1], [2e10], groups=["a"]),
            r"applicants\[0\]: expected a whole number in 0\.\.10000000000",
        ),
        (
            lambda: impact_ratio([1, 3], [2, 2], groups=["a", "b"]),
            r"selected\[1\]: expected at most the 2 applicants, got 3",
        ),
        (
            lambda: impact_ratio([1, 1], [2, 2], groups=["a", "b"], reference="c"),
            "reference: expected one of the groups 'a', 'b', got 'c'",
        ),
        (lambda: impact_ratio([1], [2], groups=["a"], threshold=1.2), r"threshold: expected a number in 0\.\.1, got 1"),
        (
            lambda: impact_ratio([1], [2], groups=["a"], threshold=nan),
            r"threshold: expected a number in 0\.\.1, got nan",
        ),
        (lambda: impact_ratio([1], [2], groups=["a"], threshold="0.8"), "threshold: expected real numbers, got text"),  # type: ignore[arg-type]
        (lambda: impact_ratio([1], [2], groups=["a"], min_share=-0.1), r"min_share: expected a number in 0\.\.1"),
        (lambda: impact_ratio([1], [2], groups=["a"], level=1.0), r"level: expected a number inside \(0, 1\)"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
