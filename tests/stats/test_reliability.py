"""Alpha, lower bounds and split halves: their laws, their edges and what they refuse."""

from __future__ import annotations

import json
import math
import pickle
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from leadkit.stats.flags import FLAGS
from leadkit.stats.moments import ItemMoments
from leadkit.stats.reliability import cronbach_alpha, guttman_lambdas, spearman_brown, split_half

NAN = float("nan")
Answers = NDArray[np.float64]


def related(n: int, k: int, *, seed: int = 0, gaps: float = 0.0) -> Answers:
    """Give answers 1..5 that share one cause, some of them missing."""
    rng = np.random.default_rng(seed)
    x = np.clip(np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, k))), 1, 5)
    x[rng.random((n, k)) < gaps] = np.nan
    return x


@st.composite
def complete(draw: st.DrawFn, *, items: tuple[int, int] = (2, 6)) -> Answers:
    shape = (draw(st.integers(3, 20)), draw(st.integers(*items)))
    x = draw(hnp.arrays(np.float64, shape, elements=st.integers(1, 7).map(float)))
    assume(x.sum(axis=1).var() > 0)
    return x


def close(ours: Any, theirs: Any, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@settings(max_examples=30)
@given(complete(), st.integers(-50, 50), st.floats(0.01, 100), st.randoms(use_true_random=False))
def test_alpha_does_not_depend_on_origin_unit_or_order(x: Answers, shift: int, factor: float, random: Any) -> None:
    alpha = cronbach_alpha(x).alpha
    rows, items = list(range(x.shape[0])), list(range(x.shape[1]))
    random.shuffle(rows)
    random.shuffle(items)
    close(cronbach_alpha(x + shift * np.arange(x.shape[1])).alpha, alpha)
    close(cronbach_alpha(x * factor).alpha, alpha)
    close(cronbach_alpha(x[rows][:, items]).alpha, alpha)
    close(cronbach_alpha(np.vstack([x, x])).alpha, alpha)


@settings(max_examples=30)
@given(complete())
def test_alpha_is_lambda3_which_is_at_most_lambda2_which_is_at_most_1(x: Answers) -> None:
    lambdas = guttman_lambdas(x)
    assert lambdas.lambda3 == cronbach_alpha(x).alpha
    assert lambdas.lambda3 <= lambdas.lambda2 + 1e-12 <= 1 + 2e-12
    assert lambdas.lambda1 < lambdas.lambda3 or lambdas.lambda3 <= 0
    close(lambdas.ten_berge[:2], [lambdas.lambda3, lambdas.lambda2])
    assert (np.diff(lambdas.ten_berge) >= -1e-12).all()
    assert lambdas.ten_berge[3] <= 1 + 1e-12
    assert lambdas.lambda4 <= 1 + 1e-12


@settings(max_examples=30)
@given(complete(items=(1, 3)), st.data())
def test_alpha_is_the_mean_of_all_equal_splits(x: Answers, data: st.DataObject) -> None:
    k = 2 * x.shape[1]
    x = np.hstack([x, data.draw(hnp.arrays(np.float64, x.shape, elements=st.integers(1, 7).map(float)))])
    assume(x.sum(axis=1).var() > 0)
    splits = [[int(item in chosen) for item in range(k)] for chosen in combinations(range(k), k // 2)]
    values = [split_half(x, halves=halves).flanagan_rulon for halves in splits]
    close(np.mean(values), cronbach_alpha(x).alpha)
    close(max(values), guttman_lambdas(x).lambda4)


@settings(max_examples=30)
@given(complete(), st.data())
def test_an_item_keyed_and_answered_the_other_way_round_changes_nothing(x: Answers, data: st.DataObject) -> None:
    moments = ItemMoments.from_array(x, bounds=(1, 7))
    item = data.draw(st.sampled_from(range(x.shape[1])))
    turned = x.copy()
    turned[:, item] = 8 - turned[:, item]
    back = ItemMoments.from_array(turned, bounds=(1, 7)).reversed([moments.items[item]], bounds=(1, 7))
    assert cronbach_alpha(back) == cronbach_alpha(moments)
    assert guttman_lambdas(back) == guttman_lambdas(moments)


def test_moments_give_what_their_answers_give_by_their_own_rule() -> None:
    x = related(60, 5, gaps=0.05)
    for missing in ("pairwise", "listwise"):
        moments = ItemMoments.from_array(x, missing=missing)
        assert cronbach_alpha(moments) == cronbach_alpha(x, missing=missing)
        assert guttman_lambdas(moments) == guttman_lambdas(x, missing=missing)
        assert split_half(moments) == split_half(x, missing=missing)
        assert cronbach_alpha(moments, missing="listwise").missing == missing


def test_alpha_with_gaps_is_that_of_the_pairwise_covariances_and_of_no_other_mixture() -> None:
    x = related(80, 4, seed=1, gaps=0.15)
    k = x.shape[1]

    def from_variances(items: Any, total: Any) -> float:
        return float(k / (k - 1) * (1 - items / total))

    c = pd.DataFrame(x).cov().to_numpy()
    alpha = cronbach_alpha(x).alpha
    close(alpha, from_variances(np.trace(c), c.sum()), 1e-12)
    filled = np.where(np.isnan(x), 0, x)
    imputed = np.where(np.isnan(x), np.nanmean(x, axis=1, keepdims=True), x)
    whole = x[~np.isnan(x).any(axis=1)]
    others = {
        "nansum and nanvar": from_variances(np.nanvar(x, axis=0, ddof=1).sum(), np.nansum(x, axis=1).var(ddof=1)),
        "zeros": from_variances(filled.var(axis=0, ddof=1).sum(), filled.sum(axis=1).var(ddof=1)),
        "person means": from_variances(imputed.var(axis=0, ddof=1).sum(), imputed.sum(axis=1).var(ddof=1)),
        "complete rows": from_variances(whole.var(axis=0, ddof=1).sum(), whole.sum(axis=1).var(ddof=1)),
    }
    for name, value in others.items():
        assert abs(alpha - value) > 1e-3, name
    close(cronbach_alpha(x, missing="listwise").alpha, others["complete rows"], 1e-12)
    for unknown in ("zeros", "person_mean", "nan"):
        with pytest.raises(ValueError, match=f"missing: expected one of 'pairwise', 'listwise', got '{unknown}'"):
            cronbach_alpha(x, missing=unknown)  # type: ignore[arg-type]


def test_zero_is_an_answer() -> None:
    x = related(40, 3) - 3
    close(cronbach_alpha(x).alpha, cronbach_alpha(x + 3).alpha, 1e-12)


def test_the_interval_under_gaps_rests_on_the_harmonic_mean_of_the_pair_counts_unless_told() -> None:
    x = related(80, 4, seed=2, gaps=0.2)
    present = (~np.isnan(x)).astype(int)
    pairs = (present.T @ present)[np.triu_indices(4, 1)]
    harmonic = cronbach_alpha(x)
    assert harmonic.interval_n == pytest.approx(scipy.stats.hmean(pairs), rel=1e-12)
    rows = cronbach_alpha(x, interval_n="rows")
    told = cronbach_alpha(x, interval_n=harmonic.interval_n)
    assert rows.interval_n == 80 > harmonic.interval_n
    assert told == harmonic
    assert harmonic.interval.low < rows.interval.low - 1e-3
    assert harmonic.standard_error == pytest.approx(rows.standard_error * math.sqrt(80 / harmonic.interval_n))
    listwise = cronbach_alpha(x, missing="listwise")
    assert listwise.interval_n == cronbach_alpha(x, missing="listwise", interval_n="rows").interval_n
    assert listwise.interval_n == present.all(axis=1).sum()


@pytest.mark.parametrize("level", [0.5, 0.9, 0.999])
def test_intervals_are_quantiles_of_f_and_of_the_normal_distribution(level: float) -> None:
    x = related(35, 6, seed=3)
    feldt = cronbach_alpha(x, level=level)
    ends = scipy.stats.f.ppf([(1 + level) / 2, (1 - level) / 2], 34, 34 * 5)
    close([feldt.interval.low, feldt.interval.high], 1 - (1 - feldt.alpha) * ends, 1e-10)
    duhachek = cronbach_alpha(x, level=level, interval="duhachek")
    reach = scipy.stats.norm.ppf((1 + level) / 2) * duhachek.standard_error
    close([duhachek.interval.low, duhachek.interval.high], [feldt.alpha - reach, feldt.alpha + reach], 1e-12)
    assert (feldt.interval_method, duhachek.interval_method) == ("feldt", "duhachek")
    assert feldt.interval.level == duhachek.interval.level == level


def test_the_standard_error_is_the_root_of_q_over_n() -> None:
    x = related(50, 5, seed=4)
    c = np.cov(x, rowvar=False)
    k, v, t = 5, c.sum(), np.trace(c)
    q = 2 * k**2 / ((k - 1) ** 2 * v**3) * (v * (np.trace(c @ c) + t**2) - 2 * t * (c @ c).sum())
    close(cronbach_alpha(x).standard_error, math.sqrt(q / 50), 1e-12)


def test_parallel_items_have_alpha_1_without_error() -> None:
    x = np.tile(related(20, 1), 3)
    result = cronbach_alpha(x)
    close([result.alpha, result.standardised, result.average_r], [1, 1, 1], 1e-14)
    assert result.standard_error == 0
    close([result.interval.low, result.interval.high], [1, 1], 1e-14)
    assert result.flags == ()
    assert cronbach_alpha(x, interval="duhachek").interval.low == result.alpha


EDGES: list[tuple[str, Any, set[str]]] = [
    ("no rows", np.empty((0, 3)), {"too_few_rows"}),
    ("one row", [[1, 2, 3]], {"too_few_rows"}),
    ("one item", [[1], [2], [3]], {"single_item"}),
    ("one item and row", [[1]], {"single_item", "too_few_rows"}),
    ("one item, one answer", [[1], [NAN]], {"single_item", "too_few_rows"}),
    ("one constant item", [[1], [1]], {"single_item", "constant_item", "no_variance"}),
    ("a pair seen once", [[1, 2, NAN], [2, 3, NAN], [3, 3, 1], [4, NAN, 2]], {"too_few_pairs"}),
    ("an item nobody answered", [[1, NAN], [2, NAN], [3, NAN]], {"too_few_pairs"}),
    ("all constant", [[1, 2], [1, 2], [1, 2]], {"constant_item", "no_variance"}),
    ("a sum that never varies", [[1, 3], [2, 2], [3, 1]], {"no_variance"}),
]


@pytest.mark.parametrize(("x", "flags"), [edge[1:] for edge in EDGES], ids=[edge[0] for edge in EDGES])
def test_alpha_without_meaning_is_nan_and_says_why(x: Any, flags: set[str]) -> None:
    for interval in ("feldt", "duhachek"):
        result = cronbach_alpha(x, interval=interval)
        assert set(result.flags) == flags
        for value in (result.alpha, result.standardised, result.standard_error):
            assert math.isnan(value)
        assert math.isnan(result.interval.low)
        assert math.isnan(result.interval.high)


@pytest.mark.parametrize(("x", "flags"), [edge[1:] for edge in EDGES], ids=[edge[0] for edge in EDGES])
def test_lambdas_without_meaning_are_nan_and_say_why(x: Any, flags: set[str]) -> None:
    result = guttman_lambdas(x)
    assert set(result.flags) == flags
    bounds = [getattr(result, f"lambda{number}") for number in range(1, 7)]
    assert np.isnan([*bounds, *result.ten_berge]).all()
    assert (result.lambda4_method, result.n_splits) == (None, 0)


@pytest.mark.parametrize(("x", "flags"), [edge[1:] for edge in EDGES[:-1]], ids=[edge[0] for edge in EDGES[:-1]])
def test_halves_without_meaning_are_nan_and_say_why(x: Any, flags: set[str]) -> None:
    result = split_half(x, missing="pairwise")
    assert set(result.flags) - {"unequal_halves"} == flags
    assert np.isnan([result.r, result.spearman_brown, result.horst, result.flanagan_rulon]).all()


def test_listwise_deletion_counts_and_flags_the_rows_it_drops() -> None:
    x = [[1.0, 2.0], [2.0, NAN], [3.0, 3.0], [4.0, 5.0]]
    result = cronbach_alpha(x, missing="listwise")
    assert (result.n_rows, result.n_complete, result.flags) == (4, 3, ("rows_dropped",))
    assert guttman_lambdas(x, missing="listwise").flags == ("rows_dropped",)
    halves = split_half(x)
    assert (halves.n, halves.flags) == (3, ("rows_dropped",))
    assert split_half(x, missing="pairwise").n == 4
    assert cronbach_alpha(related(30, 3, gaps=0.1)).flags == ()
    none_left = cronbach_alpha([[1.0, NAN], [NAN, 2.0], [3.0, 3.0]], missing="listwise")
    assert none_left.flags == ("rows_dropped", "too_few_rows")


def test_a_constant_item_stays_in_alpha_but_never_without_a_flag() -> None:
    x = related(40, 4, seed=5)
    with_constant = np.column_stack([x, np.full(40, 0.3)])
    result = cronbach_alpha(with_constant)
    c = np.cov(with_constant, rowvar=False)
    close(result.alpha, 5 / 4 * (1 - np.trace(c) / c.sum()), 1e-12)
    assert result.flags == ("constant_item",)
    assert math.isnan(result.standardised)
    assert math.isnan(result.average_r)
    assert result.interval.low < result.alpha < result.interval.high
    lambdas = guttman_lambdas(with_constant)
    assert lambdas.flags == ("constant_item", "singular_covariance")
    assert math.isnan(lambdas.lambda6)
    assert lambdas.lambda2 >= lambdas.lambda3 == result.alpha


def test_a_negative_alpha_is_returned_and_flagged() -> None:
    x = [[1, 5, 2], [2, 4, 2], [3, 1, 3], [4, 2, 1]]
    result = cronbach_alpha(x)
    assert result.alpha < 0
    assert result.flags == ("negative_estimate",)
    assert guttman_lambdas(x).flags == ("negative_estimate",)


def test_standardised_items_that_cancel_have_no_alpha() -> None:
    x = np.column_stack([np.arange(6.0), -2 * np.arange(6.0)])
    result = cronbach_alpha(x)
    assert result.average_r == pytest.approx(-1)
    assert math.isnan(result.standardised)
    assert result.flags == ("negative_estimate", "no_variance")


INDEFINITE = {
    "counts": 3,
    "sums": [0, 0],
    "products": [[8.0, -2.0], [-2.0, 0.2]],
    "centre": 0,
}


def test_covariances_that_no_complete_data_have_give_no_error_and_no_interval() -> None:
    result = cronbach_alpha(ItemMoments.from_sums(**INDEFINITE))  # type: ignore[arg-type]
    assert math.isfinite(result.alpha)
    assert math.isnan(result.standard_error)
    assert "singular_covariance" in result.flags
    above = ItemMoments.from_sums(3, [0, 0], [[1.0, 4.0], [4.0, 1.0]], centre=0)
    result = cronbach_alpha(above)
    assert result.alpha == pytest.approx(1.6)
    assert math.isnan(result.interval.low)
    assert result.flags == ("singular_covariance",)
    assert math.isnan(guttman_lambdas(above).lambda6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interval": "wald"}, "interval: expected one of 'feldt', 'duhachek', got 'wald'"),
        ({"interval_n": "mean"}, "interval_n: expected one of 'harmonic', 'rows', got 'mean'"),
        ({"interval_n": 1}, "interval_n: expected 'harmonic', 'rows' or a number above 1, got 1"),
        ({"interval_n": NAN}, "interval_n: expected 'harmonic', 'rows' or a number above 1, got nan"),
        ({"level": 1.0}, r"level: expected a number inside \(0, 1\), got 1.0"),
        ({"missing": "zero"}, "missing: expected one of 'pairwise', 'listwise', got 'zero'"),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cronbach_alpha([[1, 2], [2, 3]], **options)


@pytest.mark.parametrize("function", [cronbach_alpha, guttman_lambdas, split_half])
def test_answers_that_are_none_are_refused_with_the_place(function: Any) -> None:
    with pytest.raises(ValueError, match="x: expected real numbers, got text"):
        function([["1", "2"]])
    with pytest.raises(ValueError, match=r"x\[1, 0\]: expected a finite number or NaN, got inf"):
        function([[1, 2], [np.inf, 2]])
    with pytest.raises(ValueError, match=r"x: expected two dimensions \(rows, columns\), got 1"):
        function([1, 2, 3])


@pytest.mark.parametrize("k", [2, 3, 6, 7])
def test_lambda4_is_the_best_of_all_splits_and_no_split_is_tried_twice(k: int) -> None:
    x = related(30, k, seed=6)
    c = np.cov(x, rowvar=False)
    values = {}
    for chosen in combinations(range(k), k // 2):
        s = np.isin(np.arange(k), chosen)
        values[frozenset([frozenset(chosen), frozenset(range(k)) - frozenset(chosen)])] = 4 * s @ c @ ~s / c.sum()
    result = guttman_lambdas(x)
    close(result.lambda4, max(values.values()), 1e-12)
    assert result.n_splits == len(values)
    assert result.lambda4_method == "exact"


def test_lambda4_of_more_splits_than_a_batch_holds() -> None:
    x = related(40, 16, seed=7)
    exact = guttman_lambdas(x)
    assert exact.n_splits == math.comb(16, 8) // 2 == 6435
    sampled = guttman_lambdas(x, lambda4="sampled", n_splits=5000, rng=1)
    assert sampled.n_splits == 5000
    assert sampled.lambda2 == exact.lambda2
    assert exact.lambda3 < sampled.lambda4 <= exact.lambda4


def test_sampled_splits_are_flagged_repeat_with_their_seed_and_replace_too_many_exact_ones() -> None:
    x = related(40, 9, seed=8)
    first = guttman_lambdas(x, max_exact_items=8, n_splits=50, rng=3)
    assert (first.lambda4_method, first.n_splits, first.flags) == ("sampled", 50, ("sampled_splits",))
    assert guttman_lambdas(x, lambda4="sampled", n_splits=50, rng=np.random.default_rng(3)) == first
    assert guttman_lambdas(x, lambda4="sampled", n_splits=3000, rng=0).lambda4 == guttman_lambdas(x).lambda4
    none = guttman_lambdas(x, lambda4="none")
    assert math.isnan(none.lambda4)
    assert (none.lambda4_method, none.n_splits, none.flags) == (None, 0, ())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lambda4": "best"}, "lambda4: expected one of 'exact', 'sampled', 'none', got 'best'"),
        ({"lambda4": "sampled"}, r"rng: splits of 3 items are sampled \(lambda4='sampled'\), which needs one"),
        ({"max_exact_items": 2}, r"rng: splits of 3 items are sampled \(lambda4='exact'\), which needs one"),
        ({"max_exact_items": 0}, "max_exact_items: expected at least 1, got 0"),
        ({"n_splits": 0}, "n_splits: expected at least 1, got 0"),
    ],
)
def test_splits_that_cannot_be_made_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        guttman_lambdas(related(10, 3), **options)


def test_lambda6_is_made_of_squared_multiple_correlations_and_nan_when_they_do_not_exist() -> None:
    x = related(60, 4, seed=9)
    c = np.cov(x, rowvar=False)
    left = []
    for item in range(4):
        predictors = np.column_stack([np.ones(60), np.delete(x, item, axis=1)])
        residual = x[:, item] - predictors @ np.linalg.lstsq(predictors, x[:, item], rcond=None)[0]
        left.append((residual**2).sum() / 59)
    close(guttman_lambdas(x).lambda6, 1 - sum(left) / c.sum(), 1e-12)
    as_many_items_as_rows = np.random.default_rng(9).normal(size=(50, 50))
    for singular in (np.column_stack([x, x[:, 0]]), x[:3], as_many_items_as_rows):
        result = guttman_lambdas(singular, lambda4="none")
        assert math.isnan(result.lambda6)
        assert "singular_covariance" in result.flags
        assert math.isfinite(result.lambda5)


@pytest.mark.parametrize(
    ("halves", "first"),
    [
        ("odd_even", [0, 2, 4]),
        ("first_second", [0, 1, 2]),
        ([0, 1, 1, 1, 0], [0, 4]),
        ([True, False, False, True, True], [1, 2]),
    ],
)
def test_halves_are_compared_by_their_sums(halves: Any, first: list[int]) -> None:
    x = related(50, 5, seed=10)
    second = [item for item in range(5) if item not in first]
    a, b = x[:, first].sum(axis=1), x[:, second].sum(axis=1)
    r = np.corrcoef(a, b)[0, 1]
    p, q = len(first) / 5, len(second) / 5
    result = split_half(x, halves=halves)
    close(result.r, r, 1e-12)
    close(result.spearman_brown, 2 * r / (1 + r), 1e-12)
    close(result.horst, (math.sqrt(r**4 + 4 * r**2 * (1 - r**2) * p * q) - r**2) / (2 * p * q * (1 - r**2)), 1e-12)
    rulon = 2 * (1 - (a.var(ddof=1) + b.var(ddof=1)) / (a + b).var(ddof=1))
    close(result.flanagan_rulon, rulon, 1e-12)
    assert (result.n, result.n_first, result.n_second) == (50, len(first), len(second))
    assert result.flags == ("unequal_halves",)
    assert result.horst > result.spearman_brown


def test_horst_is_spearman_brown_for_equal_halves_and_1_for_perfect_ones() -> None:
    even = split_half(related(50, 6, seed=11))
    close(even.horst, even.spearman_brown, 1e-12)
    assert even.flags == ()
    perfect = split_half(np.outer(np.arange(9.0), [1, 2, 3]))
    close([perfect.r, perfect.horst, perfect.spearman_brown], [1, 1, 1], 1e-12)


def test_halves_that_oppose_each_other_are_flagged() -> None:
    opposed = split_half([[1, 4], [2, 4], [3, 1], [4, 2]])
    assert opposed.r < 0
    assert math.isnan(opposed.horst)
    assert opposed.spearman_brown < 0
    assert opposed.flags == ("negative_estimate",)
    unrelated = split_half([[1, 1], [1, 2], [2, 1], [2, 2]])
    assert unrelated.r == 0
    assert math.isnan(unrelated.horst)
    assert unrelated.spearman_brown == unrelated.flanagan_rulon == 0
    cancelled = split_half([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])
    assert cancelled.r == -1
    assert np.isnan([cancelled.spearman_brown, cancelled.flanagan_rulon]).all()
    assert cancelled.flags == ("negative_estimate", "no_variance")
    stretched = split_half([[1.0, 6.0], [2.0, 4.0], [3.0, 2.0]])
    assert math.isnan(stretched.spearman_brown)
    assert stretched.flanagan_rulon == pytest.approx(-8)
    assert stretched.flags == ("negative_estimate", "no_variance")


def test_a_half_that_never_varies_has_no_correlation() -> None:
    result = split_half([[1, 2, 3], [2, 2, 4], [4, 2, 1]], halves=[0, 1, 0])
    assert math.isnan(result.r)
    assert result.flanagan_rulon == 0
    assert result.flags == ("constant_item", "no_variance", "unequal_halves")


@pytest.mark.parametrize(
    ("halves", "message"),
    [
        ("even_odd", "halves: expected one of 'odd_even', 'first_second', got 'even_odd'"),
        ([0, 1], "halves: expected 3 values, got 2"),
        ([0, 1, 2], r"halves: expected 0 or 1 for each item, got \[0.0, 1.0, 2.0\]"),
        ([0, 1, NAN], "halves: expected 0 or 1 for each item"),
        ([1, 1, 1], r"halves: expected an item in each half, got \[1, 1, 1\]"),
    ],
)
def test_halves_that_are_none_are_refused(halves: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        split_half(related(10, 3), halves=halves)


@given(st.floats(-0.9, 1), st.floats(0.1, 1.5), st.floats(0.1, 1.5))
def test_lengthening_twice_is_lengthening_by_the_product(reliability: float, first: float, second: float) -> None:
    assume(1 + (first - 1) * reliability > 0.05)
    assume(1 + (first * second - 1) * reliability > 0.05)
    twice = spearman_brown(spearman_brown(reliability, factor=first), factor=second)
    assert twice == pytest.approx(spearman_brown(reliability, factor=first * second), abs=1e-9)
    assert spearman_brown(reliability, factor=1) == pytest.approx(reliability, abs=1e-15)


def test_lengthening_reaches_1_and_has_a_limit_below_0() -> None:
    assert spearman_brown(1, factor=7) == 1
    assert spearman_brown(0.5, factor=2) == pytest.approx(2 / 3)
    assert spearman_brown(0.0, factor=9) == 0
    assert math.isnan(spearman_brown(NAN, factor=2))
    assert math.isnan(spearman_brown(-1, factor=2))
    assert math.isnan(spearman_brown(-0.9, factor=3))
    assert spearman_brown(-0.4, factor=3) == pytest.approx(-6)


@pytest.mark.parametrize(
    ("reliability", "factor", "message"),
    [
        (1.1, 2, "reliability: expected a finite number of at most 1, got 1.1"),
        (-math.inf, 2, "reliability: expected a finite number of at most 1, got -inf"),
        (0.5, 0, "factor: expected a finite number above 0, got 0"),
        (0.5, NAN, "factor: expected a finite number above 0, got nan"),
        (0.5, math.inf, "factor: expected a finite number above 0, got inf"),
    ],
)
def test_lengthening_by_nothing_is_refused(reliability: float, factor: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spearman_brown(reliability, factor=factor)


def test_results_are_frozen_equal_by_value_picklable_and_json_safe() -> None:
    x = [[1.0, 2.0, 2.0], [2.0, NAN, 2.0], [3.0, 3.0, 2.0], [4.0, 5.0, 2.0]]
    for result in (cronbach_alpha(x), guttman_lambdas(x, lambda4="none"), split_half(x)):
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301
        assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["flags"] == list(result.flags)
        assert set(result.flags) <= set(FLAGS)
        with pytest.raises(AttributeError):
            result.flags = ()  # type: ignore[misc]
    assert not guttman_lambdas(x).ten_berge.flags.writeable
    assert cronbach_alpha(x).to_dict()["standardised"] is None
    assert cronbach_alpha(x) == cronbach_alpha(x) != cronbach_alpha(x, level=0.9)
