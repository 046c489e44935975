"""Random responding: its variance by hand, and simulated quantiles against all possible answers counted one by one."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.stats import FLAGS
from leadkit.stats.agreement import AgreementNull, agreement_null, group_agreement, null_variance

INDICES = ("rwg", "rwg_star", "ad_mean", "ad_median", "awg")
nan = math.nan

weights = st.lists(st.integers(0, 20), min_size=2, max_size=9).filter(any)


# The variance of a response distribution


def test_the_published_variances_come_out(golden: Callable[[str], Any]) -> None:
    assert null_variance(5, shape="slight_skew") == pytest.approx(1.34, abs=1e-12)
    assert null_variance(5, shape="moderate_skew") == pytest.approx(0.90, abs=1e-12)
    assert null_variance(5, shape="heavy_skew") == pytest.approx(0.44, abs=1e-12)
    assert null_variance(5) == 2
    published = golden("stats/published.json")["ranvar_uniform"]
    for categories in (4, 5, 6, 7):
        assert null_variance(categories) == pytest.approx(published[f"A{categories}"], abs=1e-10)


@given(weights)
def test_the_variance_is_that_of_exact_arithmetic(counts: list[int]) -> None:
    shares = [Fraction(count, sum(counts)) for count in counts]
    centre = sum(share * place for place, share in enumerate(shares))
    exact = sum(share * (place - centre) ** 2 for place, share in enumerate(shares))
    found = null_variance(len(counts), probabilities=[float(share) for share in shares])
    assert found == pytest.approx(float(exact), rel=1e-12, abs=1e-12)


@given(st.integers(2, 60))
def test_the_uniform_variance_is_that_of_equal_probabilities(categories: int) -> None:
    equal = np.full(categories, 1 / categories)
    assert null_variance(categories) == pytest.approx(null_variance(categories, probabilities=equal), rel=1e-12)


def test_one_certain_category_has_no_variance() -> None:
    assert null_variance(4, probabilities=[0, 0, 1, 0]) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: null_variance(1), "categories: expected a whole number of at least 2, got 1"),
        (lambda: null_variance(5.0), "categories: expected a whole number of at least 2, got 5.0"),  # type: ignore[arg-type]
        (lambda: null_variance(5, shape="triangular"), "shape: expected one of 'uniform', 'slight_skew'"),  # type: ignore[arg-type]
        (lambda: null_variance(7, shape="heavy_skew"), "shape: 'heavy_skew' is known for 5 categories only, got 7"),
        (
            lambda: null_variance(5, shape="heavy_skew", probabilities=[0.2] * 5),
            "shape: expected 'uniform' beside probabilities, got 'heavy_skew'",
        ),
        (lambda: null_variance(3, probabilities=[0.5, 0.5]), "probabilities: expected 3 values, got 2"),
        (lambda: null_variance(2, probabilities=[1.5, -0.5]), r"probabilities\[1\]: expected a number of at least 0"),
        (lambda: null_variance(2, probabilities=[nan, 1]), r"probabilities\[0\]: expected .* at least 0, got nan"),
        (lambda: null_variance(2, probabilities=[0.5, 0.4]), r"probabilities: expected a sum of 1, got 0\.9"),
        (lambda: null_variance(2, probabilities=["a", "b"]), "probabilities: expected real numbers, got text"),
    ],
)
def test_a_bad_response_distribution_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


# Simulated agreement


def all_possible(n_raters: int, n_items: int, shares: list[float]) -> tuple[dict[str, Any], Any]:
    """Indices of every possible group, and its probability."""
    categories = len(shares)
    groups = list(product(range(1, categories + 1), repeat=n_raters * n_items))
    x = np.array(groups, dtype=float).reshape(-1, n_items)
    labels = np.repeat(np.arange(len(groups)), n_raters)
    null = null_variance(categories, probabilities=shares)
    result = group_agreement(x, labels, bounds=(1, categories), null_variance=null)
    chances = np.array([math.prod(shares[answer - 1] for answer in group) for group in groups])
    return {name: getattr(result, name) for name in INDICES}, chances


@pytest.mark.parametrize(
    ("n_raters", "n_items", "shares"),
    [
        (2, 1, [0.2] * 5),
        (3, 1, [0.1, 0.2, 0.3, 0.4]),
        (4, 1, [1 / 3] * 3),
        (2, 2, [0.5, 0.2, 0.3]),
        (3, 2, [0.25, 0.75]),
        (5, 1, [0.6, 0.0, 0.4]),
    ],
)
def test_quantiles_are_those_of_all_possible_groups(n_raters: int, n_items: int, shares: list[float]) -> None:
    """Compare where the exact distribution does not jump near the level, so that no draw can fall on the other side."""
    levels = np.linspace(0.02, 0.98, 49)
    result = agreement_null(
        n_raters, categories=len(shares), n_items=n_items, probabilities=shares, n_draws=40_000, levels=levels, rng=8
    )
    indices, chances = all_possible(n_raters, n_items, shares)
    for name, values in indices.items():
        known = ~np.isnan(values)
        # one number of several that are equal but for rounding
        distinct, place = np.unique(values[known].round(9), return_inverse=True)
        cumulative = np.bincount(place, weights=chances[known]).cumsum() / chances[known].sum()
        clear = np.abs(levels[:, None] - cumulative).min(axis=1) > 0.015
        expected = distinct[np.searchsorted(cumulative, levels[clear])]
        assert clear.sum() > 5
        np.testing.assert_allclose(getattr(result, name)[clear], expected, rtol=0, atol=2e-9, err_msg=name)


def test_draws_without_an_awg_are_as_many_as_probability_says() -> None:
    result = agreement_null(2, categories=5, n_draws=40_000, rng=3)
    indices, chances = all_possible(2, 1, [0.2] * 5)
    share = chances[np.isnan(indices["awg"])].sum()
    assert result.n_undefined / 40_000 == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 40_000))
    assert result.flags == ("undefined_resamples",)


@given(st.integers(2, 12), st.integers(2, 6), st.integers(1, 4), st.integers(0, 2**32))
def test_quantiles_rise_with_the_level_and_stay_in_their_ranges(
    n_raters: int, categories: int, n_items: int, seed: int
) -> None:
    levels = (0.1, 0.3, 0.6, 0.9)
    result = agreement_null(n_raters, categories=categories, n_items=n_items, n_draws=60, levels=levels, rng=seed)
    for name in INDICES:
        values = getattr(result, name)
        assert np.isnan(values).all() or (np.diff(values) >= -1e-12).all(), name
    assert ((result.rwg >= 0) & (result.rwg <= 1)).all()
    assert (result.rwg_star <= result.rwg + 1e-12).all()
    assert ((result.ad_median <= result.ad_mean + 1e-12) & (result.ad_median >= 0)).all()


def test_many_raters_come_close_to_the_null_itself() -> None:
    result = agreement_null(1_000_000, categories=5, n_items=3, n_draws=200, rng=1)
    assert np.abs(result.rwg_star).max() < 0.01
    assert np.abs(result.ad_mean - 1.2).max() < 0.01
    assert np.abs(result.awg).max() < 0.01


def test_the_same_seed_gives_the_same_result_and_another_seed_another() -> None:
    def draw(rng: Any) -> AgreementNull:
        return agreement_null(6, categories=5, n_items=2, n_draws=500, rng=rng)

    assert draw(5) == draw(5) == draw(np.random.default_rng(5))
    seed = np.random.SeedSequence(5)
    assert draw(seed) == draw(seed)
    assert draw(5) != draw(6)


@pytest.mark.parametrize("n_draws", [1, 999, 1000, 1001, 3500])
def test_the_result_does_not_depend_on_the_executor(n_draws: int) -> None:
    def draw(executor: Any) -> AgreementNull:
        return agreement_null(4, categories=7, n_items=3, n_draws=n_draws, rng=11, executor=executor)

    alone = draw(None)
    for workers in (1, 3):
        with ThreadPoolExecutor(workers) as pool:
            assert draw(pool) == alone
    assert alone.n_draws == n_draws


def test_the_result_does_not_depend_on_processes() -> None:
    def draw(executor: Any) -> AgreementNull:
        return agreement_null(4, categories=3, n_draws=2500, rng=2, executor=executor)

    with ProcessPoolExecutor(2) as pool:
        assert draw(pool) == draw(None)


def test_blocks_are_distinct_draws() -> None:
    """With every block the same, the smallest of two blocks would be that of one."""
    extremes = (0.001, 0.999)
    one = agreement_null(30, categories=9, n_draws=1000, levels=extremes, rng=4)
    two = agreement_null(30, categories=9, n_draws=2000, levels=extremes, rng=4)
    assert not np.allclose(one.rwg_star, two.rwg_star, rtol=0, atol=1e-3)


def test_a_scale_of_very_many_categories_is_drawn_in_small_blocks() -> None:
    result = agreement_null(3, categories=400_000, n_draws=5, levels=(0.5,), rng=1)
    assert result.null_variance == pytest.approx((400_000**2 - 1) / 12)
    assert 0 <= result.rwg[0] <= 1


def test_levels_keep_their_order_and_may_be_alone() -> None:
    up = agreement_null(5, categories=5, n_draws=300, levels=(0.05, 0.5, 0.95), rng=1)
    down = agreement_null(5, categories=5, n_draws=300, levels=np.array([0.95, 0.5, 0.05]), rng=1)
    assert np.array_equal(up.rwg, down.rwg[::-1])
    assert agreement_null(5, categories=5, n_draws=300, levels=[0.5], rng=1).rwg.tolist() == [up.rwg[1]]
    assert agreement_null(5, categories=5, n_draws=3, rng=1).levels.tolist() == [0.05, 0.95, 0.99]


# Edges


def test_one_rater_has_no_agreement() -> None:
    result = agreement_null(1, categories=5, n_draws=50, rng=1)
    assert np.isnan([getattr(result, name) for name in INDICES]).all()
    assert (result.flags, result.n_undefined) == (("too_few_raters",), 50)


@pytest.mark.parametrize(("certain", "awg"), [([1, 0, 0], 1.0), ([0, 1, 0], 1.0), ([0, 1, 0, 0, 0], nan)])
def test_without_variance_there_is_nothing_to_agree_beyond(certain: list[float], awg: float) -> None:
    result = agreement_null(2, categories=len(certain), probabilities=certain, n_draws=50, rng=1)
    assert np.isnan([result.rwg, result.rwg_star]).all()
    assert (result.ad_mean.tolist(), result.ad_median.tolist()) == ([0, 0, 0], [0, 0, 0])
    assert np.array_equal(result.awg, np.full(3, awg), equal_nan=True)
    assert "no_variance" in result.flags
    assert ("undefined_resamples" in result.flags) == math.isnan(awg)


def test_the_null_is_the_variance_of_what_was_simulated() -> None:
    skewed = [0.0, 0.0, 0.1, 0.4, 0.5]
    result = agreement_null(8, categories=5, probabilities=skewed, n_draws=100, rng=1)
    assert result.null_variance == null_variance(5, shape="heavy_skew")
    assert result.probabilities.tolist() == skewed
    uniform = agreement_null(8, categories=5, n_draws=100, rng=1)
    assert (uniform.null_variance, uniform.probabilities.tolist()) == (2, [0.2] * 5)


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = agreement_null(1, categories=2, n_draws=3, rng=1)
    plain = result.to_dict()
    json.dumps(plain, allow_nan=False)
    assert plain["rwg"] == [None, None, None]
    records = agreement_null(3, categories=2, n_items=4, n_draws=30, rng=1).to_records()
    assert [list(record) for record in records] == [["level", *INDICES]] * 3
    assert [record["level"] for record in records] == [0.05, 0.95, 0.99]
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert set(result.flags) <= set(FLAGS)
    assert not any(getattr(result, name).flags.writeable for name in ("levels", "probabilities", *INDICES))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n_draws = 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_raters": 0}, "n_raters: expected a whole number of at least 1, got 0"),
        ({"n_raters": 2.5}, r"n_raters: expected a whole number of at least 1, got 2\.5"),
        ({"categories": 1}, "categories: expected a whole number of at least 2, got 1"),
        ({"n_items": 0}, "n_items: expected a whole number of at least 1, got 0"),
        ({"n_draws": 0}, "n_draws: expected a whole number of at least 1, got 0"),
        ({"levels": (0.05, 1.0)}, r"levels\[1\]: expected a number inside \(0, 1\), got 1"),
        ({"levels": (nan,)}, r"levels\[0\]: expected a number inside \(0, 1\), got nan"),
        ({"levels": ()}, "levels: expected at least one level, got none"),
        ({"levels": 0.5}, "levels: expected one dimension, got 0"),
        ({"levels": ["0.5"]}, "levels: expected real numbers, got text"),
        ({"probabilities": [0.5, 0.5]}, "probabilities: expected 5 values, got 2"),
        ({"probabilities": [0.1] * 5}, r"probabilities: expected a sum of 1, got 0\.5"),
        ({"rng": None}, "rng: expected a Generator, a SeedSequence or an integer of at least 0, got None"),
        ({"rng": -1}, "rng: expected a Generator, a SeedSequence or an integer of at least 0, got -1"),
    ],
)
def test_bad_input_is_named_in_the_message(options: dict[str, Any], message: str) -> None:
    given_options = {"n_raters": 3, "categories": 5, "rng": 1} | options
    with pytest.raises(ValueError, match=message):
        agreement_null(given_options.pop("n_raters"), **given_options)
