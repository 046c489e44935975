"""Fleiss' and Conger's kappa against reference numbers, a count of pairs, simulation, peers and their laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS, fleiss_kappa, krippendorff_alpha

CLOSED = 1e-10
nan = math.nan
NUMBERS = ("kappa", "standard_error", "z", "p_value", "observed_agreement", "expected_agreement")

either = pytest.mark.parametrize("exact", [False, True])
shapes = st.tuples(st.integers(0, 7), st.integers(1, 4))
tables = shapes.flatmap(lambda s: arrays(np.float64, s, elements=st.integers(1, 4).map(float)))
gappy = shapes.flatmap(lambda s: arrays(np.float64, s, elements=st.integers(1, 4).map(float) | st.just(nan)))
usable = st.tuples(st.integers(2, 7), st.integers(2, 4)).flatmap(
    lambda s: arrays(np.float64, s, elements=st.integers(1, 4).map(float))
)


def brute_force(table: Any, *, exact: bool) -> float:
    """Kappa from every pair of ratings of a unit against every pair that chance could make."""
    units = table.tolist()
    observed = np.mean([a == b for unit in units for a, b in permutations(unit, 2)])
    if exact:
        columns = table.T.tolist()
        chance = [a == b for one, other in combinations(columns, 2) for a in one for b in other]
    else:
        ratings = table.ravel().tolist()
        chance = [a == b for a in ratings for b in ratings]
    expected = np.mean(chance)
    return float((observed - expected) / (1 - expected)) if expected < 1 else nan


# Golden numbers and second ways


def test_the_reference_values_of_40_units_come_out(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path]
) -> None:
    known = golden("stats/agreement.json")["kappa_sim_40x5"]
    table = np.genfromtxt(shared_data("stats/sim_ratings_40x5.csv"), delimiter=",", skip_header=1)
    result = fleiss_kappa(table)
    assert abs(result.kappa - known["fleiss"]) < CLOSED
    assert abs(result.z - known["fleiss_z"]) < CLOSED
    assert abs(fleiss_kappa(table, exact=True).kappa - known["fleiss_exact_conger"]) < CLOSED
    assert (result.n_units, result.n_used, result.n_raters, result.flags) == (40, 40, 5, ())


@settings(max_examples=60)
@given(usable, st.booleans())
def test_kappa_counts_every_pair_once(table: Any, exact: bool) -> None:
    result = fleiss_kappa(table, exact=exact)
    assert result.kappa == pytest.approx(brute_force(table, exact=exact), abs=1e-12, nan_ok=True)


@settings(max_examples=60)
@given(usable, st.booleans())
def test_category_kappa_is_the_kappa_of_this_category_or_another(table: Any, exact: bool) -> None:
    result = fleiss_kappa(table, exact=exact)
    for category, kappa in zip(result.categories, result.category_kappa, strict=True):
        alone = brute_force((table == category).astype(float), exact=exact)
        assert kappa == pytest.approx(alone, abs=1e-12, nan_ok=True)


@given(usable)
def test_kappa_is_the_mean_of_category_kappas_weighted_by_their_spread(table: Any) -> None:
    result = fleiss_kappa(table)
    assume(not math.isnan(result.kappa))
    spread = result.proportion * (1 - result.proportion)
    assert (spread * result.category_kappa).sum() / spread.sum() == pytest.approx(result.kappa, abs=1e-12)


@given(usable)
def test_nominal_alpha_is_fleiss_kappa_but_for_a_small_sample_term(table: Any) -> None:
    kappa = fleiss_kappa(table).kappa
    alpha = krippendorff_alpha(table, metric="nominal").alpha
    assert alpha == pytest.approx(kappa + (1 - kappa) / table.size, abs=1e-12, nan_ok=True)


def test_statsmodels_gives_the_same_kappa() -> None:
    peer = pytest.importorskip("statsmodels.stats.inter_rater")
    table = np.random.default_rng(3).integers(1, 5, (30, 6))
    counts, _ = peer.aggregate_raters(table)
    assert fleiss_kappa(table).kappa == pytest.approx(peer.fleiss_kappa(counts), abs=CLOSED)


def test_the_standard_error_is_the_spread_of_kappa_under_chance() -> None:
    rng = np.random.default_rng(4)
    tables = rng.choice([1.0, 2.0, 3.0], p=[0.5, 0.3, 0.2], size=(1500, 80, 4))
    results = [fleiss_kappa(table) for table in tables]
    spread = np.std([result.kappa for result in results])
    assert np.mean([result.standard_error for result in results]) == pytest.approx(spread, rel=0.06)
    assert np.mean([result.p_value < 0.05 for result in results]) == pytest.approx(0.05, abs=0.02)


# Laws


@given(gappy, st.booleans(), st.integers(0, 2**32))
def test_the_order_of_units_and_raters_changes_nothing(table: Any, exact: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    moved = rng.permutation(rng.permutation(table), axis=1)
    one, other = fleiss_kappa(table, exact=exact), fleiss_kappa(moved, exact=exact)
    for name in NUMBERS:
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9, abs=1e-12, nan_ok=True)
    assert np.allclose(other.category_kappa, one.category_kappa, rtol=0, atol=1e-12, equal_nan=True)
    assert other.flags == one.flags


@given(tables)
def test_without_own_frequencies_a_unit_may_have_its_raters_in_any_order(table: Any) -> None:
    assert fleiss_kappa(np.sort(table, axis=1)) == fleiss_kappa(table)


@given(tables, st.booleans(), st.permutations([1.0, 2.0, 3.0, 4.0]))
def test_relabelling_changes_nothing_but_the_order(table: Any, exact: bool, names: list[float]) -> None:
    renamed = np.array(names)[table.astype(int) - 1]
    one, other = fleiss_kappa(table, exact=exact), fleiss_kappa(renamed, exact=exact)
    for name in NUMBERS:
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9, abs=1e-12, nan_ok=True)
    by_name = dict(zip(other.categories.tolist(), other.category_kappa.tolist(), strict=True))
    for category, kappa in zip(one.categories, one.category_kappa, strict=True):
        assert by_name[names[int(category) - 1]] == pytest.approx(kappa, abs=1e-12, nan_ok=True)


@given(usable, st.booleans())
def test_unused_categories_add_rows_and_change_nothing_else(table: Any, exact: bool) -> None:
    plain, more = fleiss_kappa(table, exact=exact), fleiss_kappa(table, categories=[9, 4, 3, 2, 1, 0], exact=exact)
    assert more.categories.tolist() == [9, 4, 3, 2, 1, 0]
    for name in NUMBERS:
        assert getattr(more, name) == pytest.approx(getattr(plain, name), rel=1e-9, abs=1e-12, nan_ok=True)
    assert math.isnan(more.category_kappa[0])
    assert more.category_flags[0] == ("no_variation",)
    assert more.proportion[0] == 0
    assert set(plain.flags) | {"no_variation"} == set(more.flags)


@given(usable)
def test_the_exact_kappa_is_never_below_fleiss(table: Any) -> None:
    plain, exact = fleiss_kappa(table), fleiss_kappa(table, exact=True)
    assert math.isnan(plain.kappa) == math.isnan(exact.kappa)
    assert not exact.kappa < plain.kappa - 1e-12
    assert exact.observed_agreement == plain.observed_agreement


@given(gappy, st.booleans())
def test_numbers_are_in_their_ranges_or_nan_with_a_flag(table: Any, exact: bool) -> None:
    result = fleiss_kappa(table, exact=exact)
    for value in (result.kappa, *result.category_kappa):
        assert math.isnan(value) or -1 - 1e-12 <= value <= 1
    assert math.isnan(result.p_value) or 0 <= result.p_value <= 1
    if math.isnan(result.kappa) or np.isnan(result.category_kappa).any():
        assert result.flags
    assert {flag for row in result.category_flags for flag in row} <= set(result.flags) <= set(FLAGS)
    json.dumps(result.to_dict(), allow_nan=False)


# Edges


@either
def test_full_agreement_on_several_categories_is_1(exact: bool) -> None:
    result = fleiss_kappa([[1, 1, 1], [2, 2, 2], [5, 5, 5]], exact=exact)
    assert result.kappa == 1
    assert result.category_kappa.tolist() == [1, 1, 1]
    assert result.flags == ()


@either
def test_one_category_only_is_undefined_and_not_perfect(exact: bool) -> None:
    result = fleiss_kappa([[2, 2], [2, 2], [2, 2]], exact=exact)
    assert np.isnan([result.kappa, result.standard_error, result.z, result.p_value]).all()
    assert np.isnan(result.category_kappa).all()
    assert (result.observed_agreement, result.expected_agreement) == (1, 1)
    assert result.flags == ("chance_agreement_one", "no_variation")


def test_the_exact_kappa_has_no_test() -> None:
    result = fleiss_kappa([[1, 1], [2, 1], [2, 2]], exact=True)
    assert np.isnan([result.standard_error, result.z, result.p_value]).all()
    assert result.exact
    assert result.flags == ()


@either
def test_one_rater_cannot_agree(exact: bool) -> None:
    result = fleiss_kappa([[1], [2], [2]], exact=exact)
    assert np.isnan([getattr(result, name) for name in NUMBERS]).all()
    assert np.isnan(result.category_kappa).all()
    assert result.flags == ("too_few_raters",)


@either
@pytest.mark.parametrize("table", [np.empty((0, 3)), [[1.0, 2.0, 1.0]], [[1.0, nan], [nan, nan], [1.0, 2.0]]])
def test_fewer_than_two_complete_units_say_nothing(table: Any, exact: bool) -> None:
    for categories in (None, [1, 2]):
        result = fleiss_kappa(table, exact=exact, categories=categories)
        assert np.isnan([getattr(result, name) for name in NUMBERS]).all()
        assert np.isnan(result.category_kappa).all()
        assert "too_few_rows" in result.flags


@either
def test_units_with_a_gap_are_left_out_and_flagged(exact: bool) -> None:
    whole = [[1.0, 1.0, 2.0], [2.0, 2.0, 2.0], [1.0, 2.0, 2.0]]
    gaps = fleiss_kappa([*whole, [nan, 7.0, 7.0], [nan, nan, nan]], exact=exact)
    assert attrs.evolve(gaps, n_units=3, flags=()) == fleiss_kappa(whole, exact=exact)
    assert (gaps.n_units, gaps.n_used, gaps.flags) == (5, 3, ("rows_dropped",))


@pytest.mark.parametrize(
    "as_kind",
    [
        lambda v: np.array(v, dtype=np.float32),
        lambda v: np.array([[None if math.isnan(x) else x for x in row] for row in v], dtype=object),
        np.ma.masked_invalid,
        np.asfortranarray,
        lambda v: np.array(v) + 0.0,
    ],
)
def test_ratings_of_every_kind_are_taken_and_not_changed(as_kind: Callable[[Any], Any]) -> None:
    table = [[1.0, 1.0, 2.0], [2.0, 2.0, 2.0], [1.0, 2.0, 2.0], [nan, 1.0, 1.0]]
    ratings = as_kind(table)
    ratings.flags.writeable = False
    assert fleiss_kappa(ratings) == fleiss_kappa(table)


def test_codes_far_from_0_are_categories() -> None:
    table = np.array([[1, 1, 2], [2, 2, 2], [1, 2, 2]])
    assert fleiss_kappa(table + 1e8).category_kappa.tolist() == fleiss_kappa(table).category_kappa.tolist()


def test_many_categories_do_not_need_a_table_of_units_by_categories() -> None:
    ratings = np.arange(40_000, dtype=float).reshape(-1, 2)
    result = fleiss_kappa(ratings)
    assert result.categories.size == 40_000
    assert result.kappa == pytest.approx(-1 / 39_999)


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = fleiss_kappa([[1, 1, 2], [2, 2, 2], [1, 2, 2]], categories=[1, 2, 3])
    records = result.to_records()
    json.dumps(records, allow_nan=False)
    assert list(records[0]) == ["category", "proportion", "kappa", "flags"]
    assert records[2] == {"category": 3.0, "proportion": 0.0, "kappa": None, "flags": "no_variation"}
    json.dumps(result.to_dict(), allow_nan=False)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.n_used = 1
    for name in ("categories", "proportion", "category_kappa"):
        assert not getattr(result, name).flags.writeable


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fleiss_kappa([["a", "b"]]), "ratings: expected real numbers, got text"),
        (lambda: fleiss_kappa([[1j, 2]]), "ratings: expected real numbers, got complex numbers"),
        (lambda: fleiss_kappa([1, 2]), "ratings: expected two dimensions"),
        (lambda: fleiss_kappa(np.empty((3, 0))), "ratings: expected at least one column"),
        (
            lambda: fleiss_kappa(np.array([[1, 2], [1, -np.inf]])),
            r"ratings\[1, 1\]: expected a finite number or NaN, got -inf",
        ),
        (
            lambda: fleiss_kappa([[1, 2], [1, 7]], categories=[1, 2]),
            r"ratings\[1, 1\]: expected one of the categories 1, 2, got 7",
        ),
        (lambda: fleiss_kappa([[1, 2]], categories=[2, 2]), "categories: expected at least one value, each once"),
        (lambda: fleiss_kappa([[1, 2]], categories=[["a"]]), "categories: expected real numbers, got text"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
