"""Agreement within groups against reference numbers, exact arithmetic by hand, and its laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from statistics import mean, median, variance
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS
from leadkit.stats.agreement import GroupAgreement, group_agreement
from leadkit.typing import FloatArray

CLOSED = 1e-10
SAME = 1e-12
BOUNDS = (1.0, 5.0)
INDICES = ("rwg", "rwg_star", "ad_mean", "ad_median", "awg")
NUMBERS = (*INDICES, "mean_variance")
nan = math.nan

cells = st.integers(1, 5).map(float) | st.just(nan)
tables = st.tuples(st.integers(0, 14), st.integers(1, 4)).flatmap(lambda s: arrays(np.float64, s, elements=cells))
complete = st.tuples(st.integers(1, 14), st.integers(1, 4)).flatmap(
    lambda s: arrays(np.float64, s, elements=st.integers(1, 5).map(float))
)
labels = st.lists(st.sampled_from(["a", "b", "c", None]), min_size=14, max_size=14)
rules: Any = st.sampled_from(["listwise", "pairwise"])


def same_numbers(one: GroupAgreement, other: GroupAgreement, names: tuple[str, ...] = NUMBERS) -> None:
    for name in names:
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=SAME, abs=SAME, nan_ok=True), name


def by_hand(items: list[list[float]], low: int, high: int, null: Fraction) -> dict[str, float]:
    """Indices of one group in exact arithmetic, from the ratings of each item by at least two raters."""
    if not items:
        return dict.fromkeys(NUMBERS, nan)
    exact = [[Fraction(x) for x in item] for item in items]
    v = mean(variance(item) for item in exact)
    q, j = min(v, null) / null, len(items)
    awg = []
    for item in exact:
        n, m = len(item), mean(item)
        if m in (low, high):
            awg.append(Fraction(1))
        elif Fraction(low * (n - 1) + high, n) <= m <= Fraction(high * (n - 1) + low, n):
            awg.append(1 - 2 * variance(item) / (((high + low) * m - m**2 - high * low) * Fraction(n, n - 1)))
    return {
        "rwg": float(j * (1 - q) / (j * (1 - q) + q)),
        "rwg_star": float(1 - v / null),
        "ad_mean": float(mean(mean(abs(x - mean(item)) for x in item) for item in exact)),
        "ad_median": float(mean(mean(abs(x - median(item)) for x in item) for item in exact)),
        "awg": float(mean(awg)) if awg else nan,
        "mean_variance": float(v),
    }


# Reference numbers


@pytest.fixture
def lq2002(shared_data: Callable[[str], Path]) -> tuple[FloatArray, list[str]]:
    """The eleven LEAD items of the shared data set, and the company of each soldier as text."""
    path = shared_data("stats/lq2002.csv.gz")
    data = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=[0, *range(2, 13)])
    return data[:, 1:], [str(int(company)) for company in data[:, 0]]


@pytest.fixture
def cohesion(shared_data: Callable[[str], Path]) -> tuple[FloatArray, list[str]]:
    """The five items of the shared data set, one cell missing, and "UNIT PLATOON" of each row."""
    path = shared_data("stats/cohesion.csv")
    names = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=[0, 1], dtype=str)
    items = np.genfromtxt(path, delimiter=",", skip_header=1, usecols=range(2, 7))
    return items, [" ".join(row).replace('"', "") for row in names.tolist()]


def check_reference(result: GroupAgreement, expected: dict[str, Any]) -> None:
    assert list(result.groups) == expected["groups"]
    assert result.n.tolist() == expected["gsize"]
    assert (result.n_items, result.n_used) == (expected["k"], expected["n_rows_used"])
    assert (result.null_variance, result.null_name) == (expected["ranvar"], "uniform")
    fields = {
        "rwg_j": result.rwg,
        "rwg": result.rwg,
        "rwg_j_lindell": result.rwg_star,
        "ad_m_mean": result.ad_mean,
        "ad_m_median": result.ad_median,
        "awg": result.awg,
    }
    for key in fields.keys() & expected.keys():
        np.testing.assert_allclose(fields[key], expected[key], rtol=0, atol=CLOSED, err_msg=key)


def test_eleven_items_of_49_companies_are_as_in_the_reference(golden: Any, lq2002: Any) -> None:
    expected = golden("stats/agreement.json")["lq2002_lead_by_compid"]
    check_reference(group_agreement(*lq2002, bounds=(1, 5)), expected)


def test_one_item_as_a_vector_is_as_in_the_reference(golden: Any, lq2002: Any) -> None:
    expected = golden("stats/agreement.json")["lq2002_LEAD01_by_compid"]
    check_reference(group_agreement(lq2002[0][:, 0], lq2002[1], bounds=(1, 5)), expected)


def test_tiny_groups_with_a_gap_are_as_in_the_reference(golden: Any, cohesion: Any) -> None:
    expected = golden("stats/agreement.json")["cohesion_items_by_unit_platoon"]
    result = group_agreement(*cohesion, bounds=(1, 5))
    check_reference(result, expected)
    assert (result.n_rows, result.flags) == (11, ("mean_out_of_range", "rows_dropped"))
    # in the second group the means lie inside the limits or exactly on them
    out = ("mean_out_of_range",)
    assert result.group_flags == (out, (), out, out)


@pytest.mark.parametrize("key", ["lq2002_lead_by_compid", "cohesion_items_by_unit_platoon"])
def test_the_summary_is_that_of_the_reference(key: str, golden: Any, request: pytest.FixtureRequest) -> None:
    data = request.getfixturevalue(key.split("_", maxsplit=1)[0])
    summary = group_agreement(*data, bounds=(1, 5)).summary(threshold=0.7)
    expected = golden("stats/agreement.json")[key]["summary"]
    found = (summary["rwg"]["mean"], summary["rwg"]["median"], summary["rwg"]["share_at_or_above"])
    assert found == pytest.approx([expected[f"rwg_j_{name}"] for name in ("mean", "median", "pct_ge_70")], abs=CLOSED)
    assert summary["rwg_star"]["mean"] == pytest.approx(expected["lindell_mean"], abs=CLOSED)


def test_rwg_passes_where_the_items_are_many_and_rwg_star_does_not(lq2002: Any) -> None:
    summary = group_agreement(*lq2002, bounds=(1, 5)).summary(threshold=0.7)
    assert summary["rwg"]["share_at_or_above"] == 1
    assert summary["rwg_star"]["share_at_or_above"] == 0


def test_repeating_an_item_raises_rwg_and_leaves_rwg_star() -> None:
    x = np.array([[3.0], [4.0], [5.0], [3.0]])
    once, often = (group_agreement(np.repeat(x, k, axis=1), ["a"] * 4, bounds=BOUNDS) for k in (1, 10))
    assert once.rwg[0] == pytest.approx(0.5416666666666666, abs=SAME)
    assert often.rwg[0] == pytest.approx(10 * 0.5416666666666666 / (9 * 0.5416666666666666 + 1), abs=SAME)
    assert often.rwg_star[0] == pytest.approx(once.rwg_star[0], abs=SAME)


# A second way


@given(tables, labels, rules, st.sampled_from([None, 0.44, 1.34]))
def test_the_indices_are_what_exact_arithmetic_gives(x: Any, names: Any, missing: Any, null: float | None) -> None:
    names = names[: len(x)]
    result = group_agreement(x, names, bounds=BOUNDS, missing=missing, null_variance=null)
    assert result.groups == tuple(sorted({name for name in names if name}))
    s2 = Fraction(2) if null is None else Fraction(null)
    total = 0
    for place, group in enumerate(result.groups):
        rows = [row for row, name in zip(x.tolist(), names, strict=True) if name == group]
        keep = all if missing == "listwise" else any
        rows = [row for row in rows if keep(not math.isnan(value) for value in row)]
        items = [[value for value in item if not math.isnan(value)] for item in zip(*rows, strict=True)]
        items = [item for item in items if len(item) > 1]
        expected = by_hand(items, 1, 5, s2)
        for name in NUMBERS:
            found = getattr(result, name)[place]
            assert found == pytest.approx(expected[name], rel=CLOSED, abs=CLOSED, nan_ok=True), name
        assert result.n[place] == len(rows)
        flags = result.group_flags[place]
        assert ("too_few_raters" in flags) == (not items)
        assert ("variance_above_null" in flags) == (
            bool(items) and mean(variance(map(Fraction, i)) for i in items) > s2
        )
        total += len(rows)
    assert (result.n_used, result.n_rows) == (total, len(x))
    assert ("rows_dropped" in result.flags) == (total < len(x))


def test_more_groups_than_sixteen_bits_hold_are_kept_apart() -> None:
    n_groups = 70_000
    x = np.tile([1.0, 2.0], n_groups) + np.repeat(np.arange(n_groups) % 4, 2)
    result = group_agreement(x, np.repeat(np.arange(n_groups), 2), bounds=BOUNDS)
    assert set(result.n.tolist()) == {2}
    assert set(result.mean_variance.tolist()) == {0.5}
    assert result.groups == tuple(range(n_groups))


# Laws


@given(complete, labels)
def test_rwg_is_a_share_and_rwg_star_is_not_above_it(x: Any, names: Any) -> None:
    result = group_agreement(x, names[: len(x)], bounds=BOUNDS)
    known = ~np.isnan(result.rwg)
    assert ((result.rwg[known] >= 0) & (result.rwg[known] <= 1)).all()
    assert (result.rwg_star[known] <= result.rwg[known] + SAME).all()
    awg = result.awg[~np.isnan(result.awg)]
    assert (np.abs(awg) <= 1 + SAME).all()
    assert (result.ad_median[known] <= result.ad_mean[known] + SAME).all()


@given(complete, labels, st.sampled_from([0.0, 1.0, 2.5, 95.0, 1e8]))
def test_adding_a_constant_to_the_answers_of_one_group_changes_nothing_but_its_awg(
    x: Any, names: Any, shift: float
) -> None:
    names = names[: len(x)]
    moved = x + shift * np.array([[name == "a"] for name in names])
    before, after = (group_agreement(data, names, bounds=(1, 5 + 1e8), null_variance=2) for data in (x, moved))
    same_numbers(before, after, ("rwg", "rwg_star", "ad_mean", "ad_median", "mean_variance"))
    others = [place for place, group in enumerate(before.groups) if group != "a"]
    assert np.array_equal(before.awg[others], after.awg[others], equal_nan=True)


@given(tables, labels, rules)
def test_an_offset_of_data_and_bounds_changes_nothing(x: Any, names: Any, missing: Any) -> None:
    one = group_agreement(x, names[: len(x)], bounds=BOUNDS, missing=missing)
    for offset in (-7, 1e8):
        bounds = (1 + offset, 5 + offset)
        other = group_agreement(x + offset, names[: len(x)], bounds=bounds, missing=missing)
        same_numbers(one, other)
        assert other.group_flags == one.group_flags


@given(tables, labels, rules)
def test_reversing_the_scale_changes_nothing(x: Any, names: Any, missing: Any) -> None:
    one, other = (group_agreement(data, names[: len(x)], bounds=BOUNDS, missing=missing) for data in (x, 6 - x))
    same_numbers(one, other)
    assert one.group_flags == other.group_flags


@given(tables, labels, rules, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_items_changes_nothing(x: Any, names: Any, missing: Any, random: Any) -> None:
    names = names[: len(x)]
    rows, items = list(range(len(x))), list(range(x.shape[1]))
    random.shuffle(rows)
    random.shuffle(items)
    one = group_agreement(x, names, bounds=BOUNDS, missing=missing)
    other = group_agreement(x[rows][:, items], [names[row] for row in rows], bounds=BOUNDS, missing=missing)
    same_numbers(one, other)
    assert (one.n.tolist(), one.flags, one.group_flags) == (other.n.tolist(), other.flags, other.group_flags)


@given(complete, labels)
def test_complete_data_are_the_same_under_both_rules(x: Any, names: Any) -> None:
    one, other = (group_agreement(x, names[: len(x)], bounds=BOUNDS, missing=rule) for rule in ("listwise", "pairwise"))
    assert attrs.evolve(other, missing="listwise") == one


@pytest.mark.parametrize("value", [1.0, 3.0, 5.0, 4.0, 1 / 3 + 3, 0.1 + 4.2])
@pytest.mark.parametrize("n", [2, 3, 10])
def test_raters_who_are_all_equal_agree_perfectly(value: float, n: int) -> None:
    result = group_agreement(np.full((n, 3), value), ["a"] * n, bounds=BOUNDS)
    assert (result.rwg[0], result.rwg_star[0]) == (1, 1)
    assert (result.ad_mean[0], result.ad_median[0], result.mean_variance[0]) == (0, 0, 0)
    inside = value in {1.0, 5.0} or (4 + n) / n <= value <= (5 * n - 4) / n
    assert result.awg[0] == 1 if inside else math.isnan(result.awg[0])
    assert result.flags == (() if inside else ("mean_out_of_range",))


def test_numbers_that_differ_by_rounding_only_are_equal() -> None:
    result = group_agreement([0.1 + 0.2, 0.3, 0.3], ["a"] * 3, bounds=(0, 1))
    assert (result.mean_variance[0], result.ad_mean[0], result.ad_median[0], result.rwg_star[0]) == (0, 0, 0, 1)


@pytest.mark.parametrize("n", [2, 3, 7, 10, 49, 1000])
def test_awg_is_known_exactly_on_the_limits_of_the_mean_and_unknown_beyond(n: int) -> None:
    on_limit = [5.0] + [1.0] * (n - 1)
    for data in (on_limit, [6 - x for x in on_limit]):
        assert group_agreement(data, ["a"] * n, bounds=BOUNDS).awg[0] == pytest.approx(-1, abs=CLOSED)
    beyond = group_agreement([4.9] + [1.0] * (n - 1), ["a"] * n, bounds=BOUNDS)
    assert math.isnan(beyond.awg[0])
    assert "mean_out_of_range" in beyond.flags


def test_awg_is_the_mean_over_the_items_that_have_it() -> None:
    result = group_agreement([[2, 4, 1], [4, 5, 1]], ["a", "a"], bounds=BOUNDS)
    assert result.awg[0] == pytest.approx((0.5 + 1) / 2, abs=SAME)
    assert result.group_flags == (("mean_out_of_range",),)


# Edges


def test_a_small_spread_far_from_zero_keeps_its_digits_whatever_the_bounds() -> None:
    rng = np.random.default_rng(2)
    x = rng.integers(1, 6, (300, 2)).astype(float)
    groups = rng.integers(0, 9, 300)
    near = group_agreement(x, groups, bounds=(0, 2e8), null_variance=2)
    far = group_agreement(x + 1e8, groups, bounds=(0, 2e8), null_variance=2)
    same_numbers(near, far, ("mean_variance", "ad_mean", "ad_median", "rwg", "rwg_star"))


def test_one_giant_group_is_as_numpy_has_it() -> None:
    x = np.random.default_rng(6).normal(3, 0.5, 200_001).clip(1, 5)
    result = group_agreement(x + 1e8, np.zeros(x.size, dtype=int), bounds=(1e8, 1e8 + 6), null_variance=2)
    kept = (x + 1e8) - 1e8
    assert result.mean_variance[0] == pytest.approx(kept.var(ddof=1), rel=1e-11)
    assert result.ad_median[0] == pytest.approx(np.abs(kept - np.median(kept)).mean(), rel=1e-11)
    assert result.ad_mean[0] == pytest.approx(np.abs(kept - kept.mean()).mean(), rel=1e-11)


def test_variance_that_equals_that_of_random_responding_is_not_above_it() -> None:
    equal = group_agreement([2, 4], ["a", "a"], bounds=BOUNDS)
    above = group_agreement([1, 4], ["a", "a"], bounds=BOUNDS)
    assert (equal.rwg[0], equal.rwg_star[0], "variance_above_null" in equal.flags) == (0, 0, False)
    assert (above.rwg[0], above.rwg_star[0], "variance_above_null" in above.flags) == (0, -1.25, True)


def test_a_label_without_a_usable_row_keeps_its_place() -> None:
    x: list[list[float]] = [[1, 2], [2, nan], [3, 3], [3, 4], [nan, nan]]
    result = group_agreement(x, ["a", "b", "c", "c", None], bounds=BOUNDS)
    assert result.groups == ("a", "b", "c")
    assert result.n.tolist() == [1, 0, 2]
    assert np.isnan([getattr(result, name)[:2] for name in NUMBERS]).all()
    assert result.group_flags[:2] == (("too_few_raters",),) * 2
    assert result.flags == ("mean_out_of_range", "rows_dropped", "too_few_raters")
    assert (result.n_rows, result.n_used) == (5, 3)


def test_pairwise_steps_up_to_the_items_that_two_raters_answered() -> None:
    x: list[list[float]] = [[3, 4, nan], [4, 4, 5], [5, nan, nan]]
    result = group_agreement(x, ["a"] * 3, bounds=BOUNDS, missing="pairwise")
    assert result.n.tolist() == [3]
    assert result.mean_variance[0] == pytest.approx(0.5, abs=SAME)
    assert result.rwg[0] == pytest.approx(2 * 0.75 / (2 * 0.75 + 0.25), abs=SAME)
    assert result.n_items == 3
    alone = group_agreement([[1, nan], [nan, 2]], ["a", "a"], bounds=BOUNDS, missing="pairwise")
    assert (alone.n[0], alone.group_flags) == (2, (("too_few_raters",),))


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize(("x", "groups"), [(np.empty((0, 2)), []), ([[nan, 1]], [None]), ([], [])])
def test_no_group_at_all_gives_an_empty_table(x: Any, groups: Any, missing: Any) -> None:
    result = group_agreement(x, groups, bounds=BOUNDS, missing=missing)
    assert (result.groups, result.rwg.shape, result.group_flags) == ((), (0,), ())
    assert result.to_records() == []
    summary = result.summary(threshold=0.5)["awg"]
    assert summary["n_groups"] == 0
    assert np.isnan([summary["mean"], summary["median"], summary["share_at_or_above"]]).all()


def test_all_rows_missing_leaves_the_labels() -> None:
    for missing in ("listwise", "pairwise"):
        result = group_agreement(np.full((3, 2), nan), [2, 1, 2], bounds=BOUNDS, missing=missing)
        assert (result.groups, result.n.tolist(), result.n_used) == ((1, 2), [0, 0], 0)
        assert result.flags == ("rows_dropped", "too_few_raters")


def test_the_summary_leaves_out_groups_without_the_index_and_counts_the_threshold_itself() -> None:
    result = group_agreement([2, 3, 4, 4, 4, 1], list("aabbbc"), bounds=BOUNDS)
    summary = result.summary(threshold=0.75)
    assert set(summary) == set(INDICES)
    assert summary["rwg"] == {"n_groups": 2, "mean": 0.875, "median": 0.875, "share_at_or_above": 1.0}
    assert result.summary(threshold=0.76)["rwg"]["share_at_or_above"] == 0.5
    # 0.3 and 0.1 + 0.2 are the same threshold
    near = attrs.evolve(result, rwg=np.array([0.3, 0.2, 0.1]))
    assert near.summary(threshold=0.1 + 0.2)["rwg"]["share_at_or_above"] == pytest.approx(1 / 3)


def test_bounds_set_the_null_and_a_given_one_is_named() -> None:
    for bounds, null in (((1, 7), 4.0), ((0, 1), 0.25), ((-2.0, 2.0), 2.0)):
        result = group_agreement([0.0, 1.0] if bounds[0] <= 0 else [1, 2], ["a", "a"], bounds=bounds)
        assert (result.null_variance, result.null_name, result.bounds) == (null, "uniform", bounds)
    given_one = group_agreement([1, 2], ["a", "a"], bounds=BOUNDS, null_variance=1.34)
    assert (given_one.null_variance, given_one.null_name) == (1.34, "given")
    assert given_one.rwg_star[0] == pytest.approx(1 - 0.5 / 1.34, abs=SAME)


# Input and result


def test_every_accepted_kind_of_input_gives_the_same_result() -> None:
    x = np.array([[1.0, 2.5], [2.0, 3.5], [nan, 4.0], [5.0, 5.0]])
    groups = ["a", "a", "b", "b"]
    expected = group_agreement(x, groups, bounds=BOUNDS, missing="pairwise")
    read_only = x.copy()
    read_only.flags.writeable = False
    kinds: list[Any] = [
        x.astype(np.float32),
        np.array([[None if math.isnan(cell) else cell for cell in row] for row in x.tolist()], dtype=object),
        np.ma.masked_array(np.where(np.isnan(x), 99.0, x), mask=np.isnan(x)),
        np.asfortranarray(x),
        read_only,
        x.tolist(),
    ]
    for kind in kinds:
        assert group_agreement(kind, groups, bounds=BOUNDS, missing="pairwise") == expected
    assert np.isnan(x[2, 0])
    assert group_agreement([True, False], [1, 1], bounds=(0, 1)).mean_variance[0] == 0.5
    assert group_agreement(np.array([1, 2], dtype=np.int8), [1, 1], bounds=BOUNDS).mean_variance[0] == 0.5


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ([3, 1, 3], (1, 3)),
        (np.array([2.0, nan, 2.0]), (2.0,)),
        (["x", None, "x"], ("x",)),
        ([("u", 2), ("u", 1), ("u", 2)], (("u", 1), ("u", 2))),
        (np.array(["b", "a", "b"]), ("a", "b")),
    ],
)
def test_labels_come_in_ascending_order_as_plain_values(groups: Any, found: tuple[Any, ...]) -> None:
    result = group_agreement([2, 3, 4], groups, bounds=BOUNDS)
    assert result.groups == found
    assert result.mean_variance[-1] == 2


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = group_agreement([[4, 3], [4, 4], [1, 5], [5, 1], [2, 2]], list("aabbc"), bounds=(1, 5))
    plain = result.to_dict()
    json.dumps(plain, allow_nan=False)
    assert plain["rwg"][2] is None
    assert plain["bounds"] == [1.0, 5.0]
    assert result.to_records()[1] == {
        "group": "b",
        "n": 2,
        "rwg": 0.0,
        "rwg_star": -3.0,
        "ad_mean": 2.0,
        "ad_median": 2.0,
        "awg": -1.0,
        "mean_variance": 8.0,
        "flags": "variance_above_null",
    }
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert set(result.flags) <= set(FLAGS)
    assert not any(getattr(result, name).flags.writeable for name in ("n", *NUMBERS))
    assert "too_few_raters" in result._repr_html_()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n_used = 1


# Bad input


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (["3", "4"], "x: expected real numbers, got text"),
        ([1 + 2j, 3], "x: expected real numbers, got complex numbers"),
        ([[1, 2], [np.inf, 3]], r"x\[1, 0\]: expected a finite number or NaN, got inf"),
        ([1, -np.inf], r"x\[1\]: expected a finite number or NaN, got -inf"),
        ([[1, 2], [3, 6]], r"x\[1, 1\]: 6 is outside 1\.\.5"),
        ([0.5, 2], r"x\[0\]: 0\.5 is outside 1\.\.5"),
        (np.ones((2, 2, 2)), r"x: expected one dimension \(ratings\) or two \(raters, items\), got 3"),
        (3.0, r"x: expected one dimension .*, got 0"),
        (np.empty((2, 0)), "x: expected at least one column, got none"),
        ([[1, 2], [3]], "x: rows differ in length"),
        ([1, "b"], "x: expected real numbers, got text"),
        (np.array([1, "b"], dtype=object), r"x\[1\]: expected a real number or None, got 'b'"),
    ],
)
def test_bad_ratings_are_named_in_the_message(x: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        group_agreement(x, ["a", "a"], bounds=BOUNDS)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["a"], "groups: expected 2 labels, got 1"),
        (["a", 1], "groups: labels of kind int, str do not sort together"),
        ([["a", "b"], ["a", "b"]], "groups: "),
        ("aa", "groups: expected one label a row, got 'aa'"),
    ],
)
def test_bad_groups_are_named_in_the_message(groups: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        group_agreement([1, 2], groups, bounds=BOUNDS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bounds": (5, 1)}, r"bounds: expected \(low, high\) with low < high, got \(5, 1\)"),
        ({"bounds": (1, 2, 3)}, r"bounds: expected \(low, high\)"),
        ({"bounds": None}, r"bounds: expected \(low, high\)"),
        ({"bounds": (1, nan)}, r"bounds: expected \(low, high\)"),
        ({"bounds": (-1e160, 1e160)}, r"bounds: expected ends 1e-100 to 1e\+100 apart, got \(-1e\+160, 1e\+160\)"),
        ({"bounds": (0, 1e-160)}, "bounds: expected ends 1e-100 to"),
        ({"null_variance": 0}, "null_variance: expected a number of at least 1e-100, got 0"),
        ({"null_variance": -1.5}, r"null_variance: expected a number of at least 1e-100, got -1\.5"),
        ({"null_variance": nan}, "null_variance: expected one finite number, got nan"),
        ({"null_variance": np.inf}, "null_variance: expected a finite number or NaN, got inf"),
        ({"null_variance": "uniform"}, "null_variance: expected real numbers, got text"),
        ({"null_variance": [1.0, 2.0]}, r"null_variance: expected one finite number, got \[1\.0, 2\.0\]"),
        ({"missing": "zero"}, "missing: expected one of 'listwise', 'pairwise', got 'zero'"),
    ],
)
def test_bad_options_are_named_in_the_message(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        group_agreement([1, 2], ["a", "a"], **({"bounds": BOUNDS} | options))


@pytest.mark.parametrize("threshold", [nan, [0.7], None])
def test_a_bad_threshold_is_named_in_the_message(threshold: Any) -> None:
    result = group_agreement([1, 2], ["a", "a"], bounds=BOUNDS)
    with pytest.raises(ValueError, match="threshold: expected one finite number"):
        result.summary(threshold=threshold)
