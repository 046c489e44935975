"""Shrunken means: reference values, whole-matrix predictions, laws and edges."""

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
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.stats import FLAGS
from leadkit.stats.moments import GroupMoments
from leadkit.stats.variance import ShrunkenMeans, group_icc, shrunken_means

REML = 1e-6
nan = math.nan

values = st.integers(-4, 4).map(float) | st.just(nan)
labels = st.sampled_from(["a", "b", "c", "d", None])
tables = st.lists(st.tuples(values, labels), max_size=25)
Table = list[tuple[float, str | None]]

ROWS = ("raw_mean", "reliability", "shrunken_mean", "standard_error", "low", "high")
NUMBERS = ("tau2", "sigma2", "grand_mean", "grand_mean_standard_error", "icc1")


def means_of(table: Table, **options: Any) -> ShrunkenMeans:
    return shrunken_means([value for value, _ in table], [label for _, label in table], **options)


def agree(first: ShrunkenMeans, second: ShrunkenMeans, *, tolerance: float) -> None:
    assert (first.groups, first.flags) == (second.groups, second.flags)
    assert np.array_equal(first.n, second.n)
    for name in (*ROWS, *NUMBERS):
        assert getattr(first, name) == pytest.approx(getattr(second, name), rel=tolerance, abs=tolerance, nan_ok=True)


# Golden numbers


def test_companies_of_lq2002_equal_the_reference(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/groups_norms_rsa.json")["eb_lq2002_LEAD"]
    with gzip.open(shared_data("stats/lq2002.csv.gz"), "rt", encoding="utf-8", newline="") as lines:
        people = list(csv.DictReader(lines))
    y = np.array([[float(row[f"LEAD{i:02d}"]) for i in range(1, 12)] for row in people]).mean(axis=1)
    result = shrunken_means(y, [row["COMPID"] for row in people])
    assert list(result.groups) == known["groups"]
    assert result.n.tolist() == known["n"]
    assert np.allclose(result.raw_mean, known["raw_mean"], rtol=0, atol=1e-10)
    for ours, theirs in (
        (result.reliability, "lambda"),
        (result.shrunken_mean, "eb_mean"),
        (result.standard_error, "eb_cond_sd"),
        (result.tau2, "tau2"),
        (result.sigma2, "sigma2"),
        (result.grand_mean, "mu_gls"),
        (result.grand_mean_standard_error, "se_mu"),
    ):
        assert np.allclose(ours, known[theirs], rtol=0, atol=REML), theirs
    assert result.flags == ()
    assert (result.n_groups, result.n_used) == (49, 2042)


# Second ways


def test_shrunken_means_are_the_predictions_of_the_mixed_model() -> None:
    """mu + tau2 Z' V^-1 (y - mu) from whole matrices, with mu by generalised least squares."""
    rng = np.random.default_rng(1)
    groups = rng.integers(0, 6, 40)
    y = rng.normal(size=40) + 2 * rng.normal(size=6)[groups]
    result = shrunken_means(y, groups)
    member = np.equal.outer(groups, np.arange(6)).astype(float)
    inverse = np.linalg.inv(result.tau2 * member @ member.T + result.sigma2 * np.eye(40))
    mu = float(inverse.sum(axis=0) @ y / inverse.sum())
    assert result.grand_mean == pytest.approx(mu, rel=1e-10)
    assert result.grand_mean_standard_error == pytest.approx(inverse.sum() ** -0.5, rel=1e-10)
    assert np.allclose(result.shrunken_mean, mu + result.tau2 * member.T @ inverse @ (y - mu), rtol=0, atol=1e-10)
    conditional = result.tau2 - result.tau2**2 * np.diag(member.T @ inverse @ member)
    assert np.allclose(result.standard_error, np.sqrt(conditional), rtol=0, atol=1e-10)


def test_the_components_are_those_of_group_icc() -> None:
    y, groups = [4, 5, 5, 2, 3, 1, 4, 4, 3], list("aaabbbccd")
    means, correlation = shrunken_means(y, groups), group_icc(y, groups)
    assert (means.tau2, means.sigma2, means.icc1) == (correlation.tau2, correlation.sigma2, correlation.icc1_reml)
    assert means.grand_mean == correlation.grand_mean


def test_shrunken_means_are_nearer_to_the_truth_than_raw_means() -> None:
    rng = np.random.default_rng(2)
    sizes = rng.integers(2, 12, 300)
    groups = np.repeat(np.arange(300), sizes)
    truth = 0.5 * rng.normal(size=300)
    result = shrunken_means(truth[groups] + rng.normal(size=groups.size), groups, level=0.9)
    assert ((result.shrunken_mean - truth) ** 2).mean() < 0.8 * ((result.raw_mean - truth) ** 2).mean()
    assert 0.85 < ((result.low <= truth) & (truth <= result.high)).mean() < 0.95


# Laws


@given(tables)
def test_a_shrunken_mean_lies_between_the_raw_and_the_grand_mean(table: Table) -> None:
    result = means_of(table)
    known = ~np.isnan(result.raw_mean) & ~np.isnan(result.shrunken_mean)
    raw, shrunken = result.raw_mean[known], result.shrunken_mean[known]
    assert (np.minimum(raw, result.grand_mean) <= shrunken).all()
    assert (shrunken <= np.maximum(raw, result.grand_mean)).all()
    assert ((result.reliability[known] >= 0) & (result.reliability[known] <= 1)).all()
    assert (result.low[known] <= shrunken).all()
    assert (shrunken <= result.high[known]).all()


@given(tables, st.integers(-1000, 1000).map(float))
def test_shifting_the_value_shifts_means_and_nothing_else(table: Table, shift: float) -> None:
    before, after = means_of(table), means_of([(value + shift, label) for value, label in table])
    back = {name: getattr(after, name) - shift for name in ("raw_mean", "shrunken_mean", "low", "high", "grand_mean")}
    agree(attrs.evolve(after, **back), before, tolerance=1e-9)


def test_a_large_offset_costs_no_digit() -> None:
    y, groups = np.array([4.0, 5, 5, 2, 3, 1, 4, 4, 3]), list("aaabbbccd")
    near, far = shrunken_means(y, groups), shrunken_means(y + 1e8, groups)
    assert far.tau2 == pytest.approx(near.tau2, rel=1e-12)
    assert np.allclose(far.standard_error, near.standard_error, rtol=1e-12)
    assert np.allclose(far.shrunken_mean - 1e8, near.shrunken_mean, rtol=0, atol=3e-8)


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(table: Table, random: Any) -> None:
    mixed = list(table)
    random.shuffle(mixed)
    agree(means_of(mixed), means_of(table), tolerance=1e-11)


@settings(max_examples=25)
@given(tables)
def test_moments_give_the_result_of_the_rows(table: Table) -> None:
    moments = GroupMoments.from_arrays([value for value, _ in table], [label for _, label in table])
    rows = means_of(table)
    result = shrunken_means(moments)
    assert set(rows.flags) - {"rows_dropped"} == set(result.flags)
    agree(attrs.evolve(result, flags=rows.flags), rows, tolerance=1e-9)


@given(tables)
def test_more_values_make_a_group_more_reliable(table: Table) -> None:
    result = means_of(table)
    order = np.argsort(result.n, kind="stable")
    if not math.isnan(result.tau2):
        assert (np.diff(result.reliability[order]) >= 0).all()
        assert (np.diff(result.standard_error[order]) <= 1e-15).all()
    json.dumps(result.to_dict(), allow_nan=False)
    assert set(result.flags) <= set(FLAGS)
    assert result.flags or not np.isnan(result.shrunken_mean).any()


def test_a_wider_level_gives_wider_intervals() -> None:
    y, groups = [4, 5, 5, 2, 3, 1, 4], list("aaabbbc")
    narrow, wide = shrunken_means(y, groups, level=0.5), shrunken_means(y, groups)
    assert (wide.low < narrow.low).all()
    assert (narrow.high < wide.high).all()
    assert np.allclose(wide.high - wide.low, 2 * 1.959963984540054 * wide.standard_error, rtol=1e-12)
    assert (narrow.level, wide.level) == (0.5, 0.95)


# Edges


def test_a_label_without_a_value_keeps_its_place_at_the_grand_mean() -> None:
    y, groups = [4, 5, 5, 2, 3, 1, 4, nan, nan], list("aaacccdbb")
    result, without = shrunken_means(y, groups), shrunken_means(y[:7], groups[:7])
    assert result.groups == ("a", "b", "c", "d")
    assert result.n.tolist() == [3, 0, 3, 1]
    assert math.isnan(result.raw_mean[1])
    assert (result.reliability[1], result.shrunken_mean[1]) == (0, result.grand_mean)
    assert result.standard_error[1] == pytest.approx(math.sqrt(result.tau2), rel=1e-15)
    assert (result.n_groups, result.n_rows, result.n_used) == (3, 9, 7)
    assert result.flags == ("rows_dropped",)
    assert np.array_equal(np.delete(result.shrunken_mean, 1), without.shrunken_mean)


def test_without_variance_between_groups_all_are_the_grand_mean() -> None:
    result = shrunken_means([1, 5, 2, 4, 1, 5, 3], list("aabbccc"))
    assert result.tau2 == 0
    assert result.flags == ("zero_between_variance",)
    assert result.reliability.tolist() == [0, 0, 0]
    assert (result.shrunken_mean == result.grand_mean).all()
    assert (result.low == result.high).all()
    assert result.sigma2 == pytest.approx(np.var([1, 5, 2, 4, 1, 5, 3], ddof=1))
    assert result.grand_mean_standard_error == pytest.approx(math.sqrt(result.sigma2 / 7))


def test_without_variance_within_groups_raw_means_stay() -> None:
    result = shrunken_means([1.0, 1.0, 2.0, 2.0, 6.0, nan], list("aabbcd"))
    assert result.flags == ("perfect_consistency", "rows_dropped")
    assert result.shrunken_mean.tolist() == [1, 2, 6, 3]
    assert result.reliability.tolist() == [1, 1, 1, 0]
    assert result.standard_error == pytest.approx([0, 0, 0, math.sqrt(7)])
    assert result.grand_mean_standard_error == pytest.approx(math.sqrt(7 / 3))
    assert result.icc1 == 1


def test_one_value_only_is_no_variance() -> None:
    result = shrunken_means([0.1] * 5, list("aabbc"))
    assert result.flags == ("no_variance", "zero_between_variance")
    assert result.shrunken_mean.tolist() == [0.1, 0.1, 0.1]
    assert (result.tau2, result.sigma2, result.grand_mean_standard_error) == (0, 0, 0)
    assert math.isnan(result.icc1)


@pytest.mark.parametrize(
    ("y", "groups", "flags"),
    [
        ([1.0, 2.0, 3.0], ["a", "a", "a"], ("single_group",)),
        ([1.0, 2.0, 3.0], ["a", "b", "c"], ("no_replication",)),
        ([nan, nan], ["a", "b"], ("rows_dropped", "too_few_rows")),
    ],
)
def test_variance_that_cannot_be_split_leaves_shrunken_means_unknown(y: Any, groups: Any, flags: Any) -> None:
    result = shrunken_means(y, groups)
    assert result.flags == flags
    for name in ("reliability", "shrunken_mean", "standard_error", "low", "high"):
        assert np.isnan(getattr(result, name)).all()
    assert np.isnan([result.tau2, result.icc1, result.grand_mean_standard_error]).all()
    assert result.raw_mean == pytest.approx(GroupMoments.from_arrays(y, groups).mean, nan_ok=True)


def test_no_rows_at_all_give_no_groups() -> None:
    result = shrunken_means([], [])
    assert (result.groups, result.flags) == ((), ("too_few_rows",))
    assert result.to_records() == []


@pytest.mark.parametrize("dtype", [np.float32, np.int8, object])
def test_numbers_of_every_kind_give_the_same(dtype: Any) -> None:
    y, groups = np.array([4, 5, 5, 2, 3, 1, 4, 4]), np.array([0, 0, 0, 1, 1, 1, 2, 2])
    assert shrunken_means(y.astype(dtype), groups) == shrunken_means(y.astype(float), groups)


def test_masked_none_and_read_only_values_are_taken_and_left_alone() -> None:
    known = shrunken_means([4.0, 5.0, nan, 2.0, 3.0], list("aaabb"))
    frozen = np.array([4.0, 5.0, nan, 2.0, 3.0])
    frozen.flags.writeable = False
    masked = np.ma.masked_array([4.0, 5.0, 99.0, 2.0, 3.0], mask=[False, False, True, False, False])
    for y in (masked, np.array([4, 5, None, 2, 3], dtype=object), frozen):
        assert shrunken_means(y, list("aaabb")) == known


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = shrunken_means([4, 5, 2, 3, nan], list("aabbc"))
    record = result.to_records()[2]
    assert list(record) == ["group", "n", *ROWS]
    assert (record["group"], record["n"], record["raw_mean"]) == ("c", 0, None)
    json.dumps(result.to_records(), allow_nan=False)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert not any(getattr(result, name).flags.writeable for name in ("n", *ROWS))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.tau2 = 1.0


# Bad input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shrunken_means(["1"], ["a"]), "y: expected real numbers, got text"),
        (lambda: shrunken_means([1j], ["a"]), "y: expected real numbers, got complex"),
        (lambda: shrunken_means([[1.0]], ["a"]), "y: expected one dimension, got 2"),
        (lambda: shrunken_means([-np.inf], ["a"]), r"y\[0\]: expected a finite number or NaN, got -inf"),
        (lambda: shrunken_means([1.0, 2.0], ["a"]), "groups: expected 2 labels, got 1"),
        (lambda: shrunken_means([1.0]), "groups: expected a label for each value of y, got none"),
        (lambda: shrunken_means([1.0], ["a"], level=0.0), r"level: expected a number inside \(0, 1\), got 0.0"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
