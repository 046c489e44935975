"""Intraclass correlations of groups: reference values, a dense restricted likelihood, simulation, laws and edges."""

from __future__ import annotations

import csv
import gzip
import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.stats import FLAGS, ConfidenceInterval
from leadkit.stats.moments import GroupMoments
from leadkit.stats.variance import GroupICC, group_icc

CLOSED = 1e-10
REML = 1e-6
nan = math.nan

values = st.integers(-4, 4).map(float) | st.just(nan)
labels = st.sampled_from(["a", "b", "c", "d", None])
tables = st.lists(st.tuples(values, labels), max_size=25)


def split(table: list[tuple[float, str | None]]) -> tuple[list[float], list[str | None]]:
    return [value for value, _ in table], [label for _, label in table]


def icc_of(table: list[tuple[float, str | None]], **options: Any) -> GroupICC:
    y, groups = split(table)
    return group_icc(y, groups, **options)


def leadership(path: Path) -> tuple[np.ndarray[Any, Any], list[str]]:
    """Row means of the leadership items of lq2002 and the company of each row, as text."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    items = [f"LEAD{i:02d}" for i in range(1, 12)]
    return np.array([[float(row[item]) for item in items] for row in rows]).mean(axis=1), [r["COMPID"] for r in rows]


def deviance(y: Any, groups: Any, tau2: float, sigma2: float) -> float:
    """Minus twice the restricted log-likelihood of the one-way model, from whole matrices."""
    same = np.equal.outer(np.asarray(groups), np.asarray(groups)).astype(float)
    covariance = tau2 * same + sigma2 * np.eye(len(y))
    inverse, one = np.linalg.inv(covariance), np.ones(len(y))
    information = one @ inverse @ one
    rest = np.asarray(y) - one @ inverse @ y / information
    return float(np.linalg.slogdet(covariance)[1] + math.log(information) + rest @ inverse @ rest)


def agree(first: GroupICC, second: GroupICC, *, tolerance: float = 1e-12) -> None:
    """Require two results to be equal but for rounding."""
    for attribute in attrs.fields(GroupICC):
        name = attribute.name
        one, other = getattr(first, name), getattr(second, name)
        if isinstance(one, ConfidenceInterval):
            one, other = [one.low, one.high], [other.low, other.high]
        if name not in {"size_rule", "flags"}:
            assert one == pytest.approx(other, rel=tolerance, abs=tolerance, nan_ok=True), name
        else:
            assert one == other, name


# Golden numbers


def test_companies_of_lq2002_equal_the_reference(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/agreement.json")["lq2002_icc_LEAD"]
    y, groups = leadership(shared_data("stats/lq2002.csv.gz"))
    result = group_icc(y, groups)
    assert (result.n_used, result.n_groups) == (known["N"], known["n_groups"])
    assert (result.df_between, result.df_within) == (known["df_between"], known["df_within"])
    assert result.group_size == pytest.approx(known["n0_donner"], rel=CLOSED)
    for ours, theirs in (
        (result.ms_between, "MSB"),
        (result.ms_within, "MSW"),
        (result.f, "F"),
        (result.icc1, "ICC1_n0"),
        (result.icc2, "ICC2_multilevel"),
        (result.eta_squared, "eta_sq"),
        (result.omega_squared, "omega_sq"),
    ):
        assert abs(ours - known[theirs]) < CLOSED, theirs
    assert result.p_value == pytest.approx(known["p"], rel=CLOSED)
    for interval, theirs in ((result.icc1_interval, "ICC1_ci95_n0"), (result.icc2_interval, "ICC2_ci95")):
        assert np.allclose([interval.low, interval.high], known[theirs], rtol=0, atol=CLOSED)
    for ours, theirs in (
        (result.tau2, "reml_tau2"),
        (result.sigma2, "reml_sigma2"),
        (result.icc1_reml, "reml_ICC1"),
        (result.grand_mean, "reml_mu"),
    ):
        assert abs(ours - known[theirs]) < REML, theirs
    assert result.flags == ()


def test_unequal_groups_have_three_values_and_the_rule_is_named(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/agreement.json")["lq2002_icc_LEAD"]
    y, groups = leadership(shared_data("stats/lq2002.csv.gz"))
    donner, mean = group_icc(y, groups), group_icc(y, groups, size="mean")
    assert (donner.size_rule, mean.size_rule) == ("donner", "mean")
    assert (round(mean.icc1, 4), round(donner.icc1, 4), round(donner.icc1_reml, 4)) == (0.0880, 0.0887, 0.1078)
    assert abs(mean.icc1 - known["ICC1_multilevel_nbar"]) < CLOSED
    assert mean.group_size == pytest.approx(known["n_bar"], rel=CLOSED)
    assert mean.icc2 == donner.icc2
    assert mean.icc1_reml == donner.icc1_reml


# Second ways


def test_mean_squares_are_those_of_an_analysis_of_variance() -> None:
    rng = np.random.default_rng(1)
    y, groups = rng.normal(size=60), rng.integers(0, 7, 60)
    y += groups
    parts = [y[groups == label] for label in np.unique(groups)]
    known = scipy.stats.f_oneway(*parts)
    result = group_icc(y, groups)
    assert result.f == pytest.approx(known.statistic, rel=1e-10)
    assert result.p_value == pytest.approx(known.pvalue, rel=1e-8)
    within = sum(((part - part.mean()) ** 2).sum() for part in parts)
    assert result.ms_within == pytest.approx(within / (60 - len(parts)), rel=1e-12)
    total = ((y - y.mean()) ** 2).sum()
    assert result.eta_squared == pytest.approx(1 - within / total, rel=1e-12)
    assert result.omega_squared == pytest.approx(
        (total - within - (len(parts) - 1) * result.ms_within) / (total + result.ms_within), rel=1e-10
    )


@settings(max_examples=60)
@given(tables, st.floats(0, 30), st.floats(0.01, 30))
def test_no_other_components_have_a_higher_restricted_likelihood(table: Any, tau2: float, sigma2: float) -> None:
    used = [(value, label) for value, label in table if label is not None and not math.isnan(value)]
    result = icc_of(table)
    if result.n_groups < 2 or result.n_used == result.n_groups or not result.sigma2 > 0:
        return
    y, groups = split(used)
    best = deviance(y, groups, result.tau2, result.sigma2)
    near = [
        deviance(y, groups, result.tau2 * up + shift, result.sigma2 * other)
        for up in (0.99, 1.01)
        for shift in (0.0, 1e-3)
        for other in (0.99, 1.01)
    ]
    assert best <= min([*near, deviance(y, groups, tau2, sigma2), deviance(y, groups, 0.0, result.sigma2)]) + 1e-9


def test_the_likelihood_is_compared_at_every_valley() -> None:
    """One large and many small groups: the estimate is the lowest point of a fine grid, not the first one met."""
    rng = np.random.default_rng(0)
    for _ in range(30):
        sizes = rng.choice([1, 2, 3, 40], 6)
        groups = np.repeat(np.arange(6), sizes)
        if groups.size == 6:
            continue
        y = np.round(rng.normal(size=groups.size) + rng.normal(size=6)[groups] * rng.choice([0.0, 0.3, 3.0]), 1)
        result = group_icc(y, groups)
        grid = [deviance(y, groups, tau2, result.sigma2) for tau2 in np.geomspace(1e-4, 1e2, 60)]
        assert deviance(y, groups, result.tau2, result.sigma2) <= min(grid) + 1e-9


@settings(max_examples=40)
@given(st.integers(2, 6), st.integers(2, 5), st.integers(0, 10**6))
def test_groups_of_equal_size_have_the_components_of_the_mean_squares(n_groups: int, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(n_groups), size)
    y = rng.normal(size=groups.size) + rng.normal(size=n_groups)[groups]
    result = group_icc(y, groups)
    expected = (result.ms_between - result.ms_within) / size
    assert result.tau2 == pytest.approx(max(expected, 0), rel=1e-9, abs=1e-12)
    if expected > 0:
        assert result.sigma2 == pytest.approx(result.ms_within, rel=1e-9)
        assert result.icc1_reml == pytest.approx(result.icc1, rel=1e-9)
        assert "zero_between_variance" not in result.flags
    else:
        assert result.sigma2 == pytest.approx(y.var(ddof=1), rel=1e-9)
        assert {"zero_between_variance", "negative_estimate"} <= set(result.flags)
    assert result.grand_mean == pytest.approx(y.mean(), rel=1e-9, abs=1e-12)


def test_the_interval_covers_the_true_value_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    groups = np.repeat(np.arange(12), 5)
    truth, hits = 0.3, 0
    for _ in range(300):
        y = math.sqrt(truth) * rng.normal(size=12)[groups] + math.sqrt(1 - truth) * rng.normal(size=60)
        interval = group_icc(y, groups, level=0.8).icc1_interval
        hits += interval.low <= truth <= interval.high
    assert 0.74 < hits / 300 < 0.86


# Laws


@given(tables, st.integers(-1000, 1000).map(float))
def test_shifting_the_value_changes_nothing_but_means(table: Any, shift: float) -> None:
    y, groups = split(table)
    before, after = group_icc(y, groups), group_icc([value + shift for value in y], groups)
    agree(attrs.evolve(after, grand_mean=after.grand_mean - shift), before, tolerance=1e-9)


def test_a_large_offset_costs_no_digit() -> None:
    rng = np.random.default_rng(3)
    groups = rng.integers(0, 9, 200)
    y = rng.integers(1, 6, 200) + groups % 3
    near, far = group_icc(y, groups), group_icc(y + 1e8, groups)
    agree(attrs.evolve(far, grand_mean=far.grand_mean - 1e8), attrs.evolve(near), tolerance=1e-8)
    assert far.tau2 == pytest.approx(near.tau2, rel=1e-11)


@given(tables, st.floats(0.01, 100))
def test_scaling_the_value_changes_no_share_of_variance(table: Any, factor: float) -> None:
    y, groups = split(table)
    before, after = group_icc(y, groups), group_icc([value * factor for value in y], groups)
    for name in ("icc1", "icc2", "icc1_reml", "f", "p_value", "eta_squared", "omega_squared"):
        assert getattr(after, name) == pytest.approx(getattr(before, name), rel=1e-8, abs=1e-8, nan_ok=True), name
    assert after.tau2 == pytest.approx(before.tau2 * factor**2, rel=1e-7, abs=1e-9 * factor**2, nan_ok=True)
    assert after.flags == before.flags


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table: Any, random: Any) -> None:
    mixed = list(table)
    random.shuffle(mixed)
    agree(icc_of(mixed), icc_of(table), tolerance=1e-11)


@given(st.integers(2, 5), st.integers(1, 4), st.integers(0, 1000))
def test_both_size_rules_are_equal_for_groups_of_equal_size(n_groups: int, size: int, seed: int) -> None:
    groups = np.tile(np.arange(n_groups), size)
    y = np.random.default_rng(seed).integers(1, 6, groups.size)
    donner, mean = group_icc(y, groups), group_icc(y, groups, size="mean")
    assert donner.group_size == pytest.approx(size, rel=1e-12)
    agree(attrs.evolve(mean, size_rule="donner"), donner)


@given(tables, st.integers(0, 25))
def test_moments_of_parts_give_the_result_of_the_whole(table: Any, cut: int) -> None:
    parts = [GroupMoments.from_arrays(*split(part)) for part in (table[cut:], table[:cut])]
    merged, whole = group_icc(GroupMoments.merge(parts)), icc_of(table)
    assert merged.n_rows == merged.n_used == whole.n_used
    assert set(whole.flags) - {"rows_dropped"} == set(merged.flags)
    agree(attrs.evolve(merged, n_rows=whole.n_rows, flags=whole.flags), whole, tolerance=1e-9)


@given(tables)
def test_every_number_is_finite_or_nan_with_a_flag_and_never_clipped(table: Any) -> None:
    result = icc_of(table)
    numbers = [value for value in attrs.asdict(result, recurse=False).values() if isinstance(value, float)]
    assert not any(math.isinf(number) for number in numbers)
    if any(map(math.isnan, numbers)):
        assert result.flags
    assert set(result.flags) <= set(FLAGS)
    assert ("negative_estimate" in result.flags) == (result.icc1 < 0)
    if not math.isnan(result.icc1_interval.low):
        assert result.icc1_interval.low - 1e-12 <= result.icc1 <= result.icc1_interval.high + 1e-12
    json.dumps(result.to_dict(), allow_nan=False)


def test_a_wider_level_gives_wider_intervals() -> None:
    y, groups = [4, 5, 5, 2, 3, 1, 4, 4], list("aaabbbcc")
    narrow, wide = group_icc(y, groups, level=0.5), group_icc(y, groups, level=0.9)
    for name in ("icc1", "icc2"):
        one, other = getattr(narrow, f"{name}_interval"), getattr(wide, f"{name}_interval")
        assert other.low < one.low < getattr(narrow, name) < one.high < other.high
        assert (one.level, other.level) == (0.5, 0.9)


# Edges


def test_one_group_is_flagged_and_keeps_what_is_known() -> None:
    result = group_icc([1.0, 2.0, 3.0], ["a", "a", "a"])
    assert result.flags == ("single_group",)
    assert (result.ms_within, result.sigma2, result.grand_mean) == (1, 1, 2)
    assert (result.df_between, result.df_within, result.n_groups) == (0, 2, 1)
    undefined = [result.icc1, result.icc2, result.ms_between, result.f, result.p_value, result.tau2, result.icc1_reml]
    assert np.isnan([*undefined, result.eta_squared, result.omega_squared, result.group_size]).all()
    assert group_icc([1.0, 2.0, 3.0], ["a", "a", "a"], size="mean").group_size == 3


def test_groups_of_one_row_each_are_flagged() -> None:
    result = group_icc([1.0, 2.0, 6.0], ["a", "b", "c"])
    assert result.flags == ("no_replication",)
    assert (result.ms_between, result.grand_mean, result.group_size) == (7, 3, 1)
    assert np.isnan([result.icc1, result.icc2, result.ms_within, result.tau2, result.sigma2, result.eta_squared]).all()
    assert group_icc([1.0], ["a"]).flags == ("no_replication", "single_group")


@pytest.mark.parametrize(
    ("y", "groups", "flags"),
    [
        ([], [], ("too_few_rows",)),
        ([nan, nan], ["a", "b"], ("rows_dropped", "too_few_rows")),
        ([1.0, 2.0], [None, None], ("rows_dropped", "too_few_rows")),
    ],
)
def test_no_usable_row_gives_nan_and_its_flag(y: Any, groups: Any, flags: Any) -> None:
    result = group_icc(y, groups)
    assert result.flags == flags
    assert np.isnan([result.icc1, result.grand_mean, result.group_size, result.sigma2]).all()
    assert (result.n_groups, result.n_used, result.df_between, result.df_within) == (0, 0, 0, 0)
    assert math.isnan(group_icc(y, groups, size="mean").group_size)


def test_equal_group_means_give_the_lowest_icc1_and_no_icc2() -> None:
    result = group_icc([0.1, 0.3, 0.3, 0.1, 0.2, 0.2], list("aabbcc"))
    assert result.ms_between == 0
    assert (result.f, result.p_value) == (0, 1)
    assert result.icc1 == result.icc1_interval.low == result.icc1_interval.high == -1
    assert math.isnan(result.icc2)
    assert math.isnan(result.icc2_interval.low)
    assert result.tau2 == 0
    assert result.flags == ("negative_estimate", "zero_between_variance")


def test_mean_squares_equal_but_for_rounding_give_0_in_any_order() -> None:
    y, groups = np.array([3e-9, 5e-8, 3e-9, 5e-8]), np.array([2, 2, 3, 2])
    for order in ([0, 1, 2, 3], [1, 0, 2, 3], [3, 2, 1, 0]):
        result = group_icc(y[order], groups[order])
        assert result.f == pytest.approx(1, abs=1e-14)
        assert (result.icc1, result.icc2, result.tau2) == (0, 0, 0)
        assert result.flags == ("zero_between_variance",)


def test_no_difference_within_groups_is_perfect_consistency() -> None:
    result = group_icc([0.1 + 0.2, 0.3, 0.7, 0.7, 0.5, 0.5, 0.5], list("aabbccc"))
    assert result.flags == ("perfect_consistency",)
    assert (result.icc1, result.icc2, result.icc1_reml, result.eta_squared) == (1, 1, 1, 1)
    assert result.tau2 == pytest.approx(0.04)
    assert result.sigma2 == 0
    assert result.grand_mean == pytest.approx(0.5)
    assert np.isnan([result.f, result.p_value, result.icc1_interval.low, result.icc2_interval.high]).all()


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1e8 + 0.1])
def test_one_value_only_is_no_variance(value: float) -> None:
    result = group_icc([value] * 7, list("aabbccc"))
    assert result.flags == ("no_variance", "zero_between_variance")
    assert (result.ms_between, result.ms_within, result.tau2, result.sigma2) == (0, 0, 0, 0)
    assert np.isnan([result.icc1, result.icc2, result.icc1_reml, result.f, result.eta_squared]).all()
    assert result.grand_mean == pytest.approx(value, rel=1e-15)


def test_rounding_alone_is_no_variance() -> None:
    moments = GroupMoments.from_sums(["a", "b"], [3, 3], [1e8, 1e8 + 1.5e-8], [1e-16, 0.0])
    assert group_icc(moments).flags == ("no_variance", "zero_between_variance")


def test_means_equal_but_for_rounding_at_an_offset_do_not_differ() -> None:
    moments = GroupMoments.from_sums(["a", "b"], [3, 3], [1e8, 1e8 + 3e-8], [0.02, 0.02])
    result = group_icc(moments)
    assert result.ms_between == 0
    assert "zero_between_variance" in result.flags


def test_rows_without_value_or_group_are_counted() -> None:
    result = group_icc([1.0, 2.0, nan, 4.0, 5.0, 9.0], ["a", "a", "a", "b", "b", None])
    assert (result.n_rows, result.n_used, result.n_groups) == (6, 4, 2)
    assert result.flags == ("rows_dropped",)
    labelled = group_icc([1.0, 2.0, 4.0, 5.0, nan], ["a", "a", "b", "b", "c"])
    assert (labelled.n_groups, labelled.df_between) == (2, 1)
    agree(attrs.evolve(labelled, n_rows=6), result)


def test_one_giant_group_among_small_ones_gives_numbers() -> None:
    rng = np.random.default_rng(4)
    groups = np.concatenate([np.zeros(5000, dtype=int), np.arange(1, 9).repeat(2)])
    y = rng.normal(size=groups.size) + rng.normal(size=9)[groups]
    result = group_icc(y, groups)
    assert result.flags == ()
    assert result.group_size < 10
    assert 0.1 < result.icc1_reml < 0.9


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.int64, object])
def test_numbers_of_every_kind_give_the_same(dtype: Any) -> None:
    y, groups = np.array([4, 5, 5, 2, 3, 1, 4, 4]), np.array([0, 0, 0, 1, 1, 1, 2, 2])
    agree(group_icc(y.astype(dtype), groups.astype(object)), group_icc(y.astype(float), groups), tolerance=0)


def test_masked_none_strided_and_read_only_values_are_taken_and_left_alone() -> None:
    known = group_icc([4.0, 5.0, nan, 2.0, 3.0], list("aaabb"))
    masked = np.ma.masked_array([4.0, 5.0, 99.0, 2.0, 3.0], mask=[False, False, True, False, False])
    wide = np.asfortranarray(np.column_stack([np.zeros(5), [4.0, 5.0, nan, 2.0, 3.0]]).T)
    frozen = np.array([4.0, 5.0, nan, 2.0, 3.0])
    frozen.flags.writeable = False
    for y in (masked, np.array([4, 5, None, 2, 3], dtype=object), wide[1], frozen):
        assert group_icc(y, np.array(list("aaabb"))) == known
    assert masked.mask.tolist() == [False, False, True, False, False]


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = group_icc([1.0, 2.0, 3.0], ["a", "a", "a"])
    assert result.to_dict()["icc1"] is None
    assert result.to_dict()["icc1_interval"] == {"low": None, "high": None, "level": 0.95}
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert "GroupICC" in result._repr_html_()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.icc1 = 1.0


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: group_icc(["1", "2"], ["a", "b"]), "y: expected real numbers, got text"),
        (lambda: group_icc([1 + 1j], ["a"]), "y: expected real numbers, got complex"),
        (lambda: group_icc([[1.0], [2.0]], ["a", "b"]), "y: expected one dimension, got 2"),
        (lambda: group_icc([1.0, np.inf], ["a", "b"]), r"y\[1\]: expected a finite number or NaN, got inf"),
        (lambda: group_icc([1.0, 2.0], ["a"]), "groups: expected 2 labels, got 1"),
        (lambda: group_icc([1.0, 2.0], ["a", 1]), "groups: labels of kind int, str do not sort together"),
        (lambda: group_icc([1.0, 2.0]), "groups: expected a label for each value of y, got none"),
        (
            lambda: group_icc(GroupMoments.from_arrays([1.0], ["a"]), ["a"]),
            "groups: expected none beside GroupMoments",
        ),
        (lambda: group_icc([1.0], ["a"], size="harmonic"), "size: expected one of 'donner', 'mean', got 'harmonic'"),  # type: ignore[arg-type]
        (lambda: group_icc([1.0], ["a"], level=1.0), r"level: expected a number inside \(0, 1\), got 1.0"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
