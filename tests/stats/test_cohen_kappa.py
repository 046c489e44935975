"""Cohen's kappa against reference numbers, a count of pairs, peers, an intraclass form and its laws."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS, CohenKappa, cohen_kappa, fleiss_kappa, self_other_gap

CLOSED = 1e-10
nan = math.nan
KINDS: tuple[Any, ...] = (None, "linear", "quadratic")
NUMBERS = ("kappa", "standard_error", "observed_agreement", "expected_agreement")

every_weight = pytest.mark.parametrize("weights", KINDS)
weight_words = st.sampled_from(KINDS)
pairs = st.integers(0, 15).flatmap(lambda n: arrays(np.float64, (n, 2), elements=st.integers(1, 4).map(float)))
gappy = st.integers(0, 15).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.integers(1, 4).map(float) | st.just(nan))
)


def of(table: Any, **options: Any) -> CohenKappa:
    return cohen_kappa(table[:, 0], table[:, 1], **options)


def disagreement(a: float, b: float, categories: list[float], weights: str | None) -> float:
    step = abs(categories.index(a) - categories.index(b))
    most = len(categories) - 1
    return {None: float(step > 0), "linear": step / most, "quadratic": (step / most) ** 2}[weights]


def brute_force(table: Any, categories: list[float], weights: str | None) -> float:
    """Kappa from every pair as it is against every pair of somebody's rating with anybody else's."""
    first, second = table.T.tolist()
    observed = np.mean([disagreement(a, b, categories, weights) for a, b in zip(first, second, strict=True)])
    expected = np.mean([disagreement(a, b, categories, weights) for a in first for b in second])
    return float(1 - observed / expected)


def delta_method_error(table: Any, categories: list[float], weights: str | None) -> float:
    """Standard error by the delta method, its derivatives taken numerically in the cells of the table."""
    m, n = len(categories), len(table)
    share = np.zeros((m, m))
    for a, b in table:
        share[categories.index(a), categories.index(b)] += 1 / n
    weight = np.array([[disagreement(a, b, categories, weights) for b in categories] for a in categories])

    def kappa(p: Any) -> float:
        p = p / p.sum()
        return float(1 - (p * weight).sum() / (p.sum(axis=1) @ weight @ p.sum(axis=0)))

    step = 1e-5
    gradient = np.zeros((m, m))
    for cell in np.ndindex(m, m):
        moved = np.zeros((m, m))
        moved[cell] = step
        gradient[cell] = (kappa(share + moved) - kappa(share - moved)) / (2 * step)
    mean = (share * gradient).sum()
    return math.sqrt(max((share * gradient**2).sum() - mean**2, 0.0) / n)


# Golden numbers and second ways


@pytest.mark.parametrize(
    ("weights", "keys"),
    [
        (None, ("cohen", "irr_unweighted")),
        ("linear", ("irr_equal",)),
        ("quadratic", ("weighted_quadratic", "irr_squared")),
    ],
)
def test_the_reference_values_of_40_ratings_come_out(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], weights: Any, keys: tuple[str, ...]
) -> None:
    known = golden("stats/agreement.json")["kappa_sim_40x5"]
    table = np.genfromtxt(shared_data("stats/sim_ratings_40x5.csv"), delimiter=",", skip_header=1)
    for categories in (None, range(1, 8)):
        result = of(table[:, :2], weights=weights, categories=categories)
        for key in keys:
            assert abs(result.kappa - known[key]) < CLOSED
    assert result.n == 40
    assert result.flags == ()


@settings(max_examples=60)
@given(pairs, weight_words)
def test_kappa_counts_every_pair_once(table: Any, weights: Any) -> None:
    categories = [1.0, 2.0, 3.0, 4.0]
    result = of(table, categories=categories, weights=weights)
    if math.isnan(result.kappa):
        assert len(table) < 2 or len(set(table.ravel())) == 1
    else:
        assert result.kappa == pytest.approx(brute_force(table, categories, weights), abs=1e-12)
        observed = [1 - disagreement(a, b, categories, weights) for a, b in table]
        assert result.observed_agreement == pytest.approx(np.mean(observed), abs=1e-12)


@settings(max_examples=30)
@given(pairs, weight_words)
def test_the_standard_error_is_the_delta_methods(table: Any, weights: Any) -> None:
    categories = [1.0, 2.0, 3.0, 4.0]
    result = of(table, categories=categories, weights=weights)
    assume(not math.isnan(result.kappa))
    expected = delta_method_error(table, categories, weights)
    assert result.standard_error == pytest.approx(expected, rel=1e-5, abs=1e-5)


@every_weight
def test_statsmodels_gives_the_same_kappa_error_and_interval(weights: Any) -> None:
    peer = pytest.importorskip("statsmodels.stats.inter_rater")
    rng = np.random.default_rng(1)
    truth = rng.integers(1, 6, 60)
    table = np.clip(truth[:, None] + rng.integers(-1, 2, (60, 2)), 1, 5)
    result = of(table, categories=range(1, 6), weights=weights)
    theirs = peer.cohens_kappa(result.counts, wt=weights)
    assert result.kappa == pytest.approx(theirs.kappa, abs=CLOSED)
    assert result.standard_error == pytest.approx(theirs.std_kappa, abs=CLOSED)
    assert (result.interval.low, result.interval.high) == pytest.approx(
        (theirs.kappa_low, theirs.kappa_upp), abs=CLOSED
    )


@every_weight
def test_scikit_learn_gives_the_same_kappa(weights: Any) -> None:
    peer = pytest.importorskip("sklearn.metrics")
    table = np.random.default_rng(2).integers(1, 6, (50, 2))
    theirs = peer.cohen_kappa_score(table[:, 0], table[:, 1], weights=weights)
    assert of(table, weights=weights).kappa == pytest.approx(theirs, abs=CLOSED)


@given(pairs)
def test_quadratic_kappa_is_the_concordance_correlation_of_the_places(table: Any) -> None:
    result = of(table, categories=[1, 2, 3, 4], weights="quadratic")
    concordance = self_other_gap(table[:, 0], table[:, 1], rule="points").lin_ccc
    assert result.kappa == pytest.approx(concordance, abs=1e-10, nan_ok=True)


@given(pairs)
def test_the_exact_kappa_of_two_raters_is_cohens(table: Any) -> None:
    assert of(table).kappa == pytest.approx(fleiss_kappa(table, exact=True).kappa, abs=1e-12, nan_ok=True)


def test_a_worked_table_comes_out() -> None:
    first = [1] * 45 + [1] * 15 + [2] * 25 + [2] * 15
    second = [1] * 45 + [2] * 15 + [1] * 25 + [2] * 15
    result = cohen_kappa(first, second)
    assert result.counts.tolist() == [[45, 15], [25, 15]]
    assert (result.observed_agreement, result.expected_agreement) == pytest.approx((0.6, 0.54))
    assert result.kappa == pytest.approx(0.06 / 0.46)


# The full set of categories


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_weights_are_those_of_all_categories_not_of_the_ones_used(weights: Any) -> None:
    table = np.array([[1, 1], [2, 2], [2, 5], [5, 5], [1, 2], [5, 2]])
    full = of(table, categories=range(1, 6), weights=weights)
    observed = of(table, weights=weights)
    assert full.kappa == pytest.approx(brute_force(table.astype(float), [1.0, 2.0, 3.0, 4.0, 5.0], weights))
    assert observed.kappa == pytest.approx(brute_force(table.astype(float), [1.0, 2.0, 5.0], weights))
    assert abs(full.kappa - observed.kappa) > 0.05
    assert full.weight_matrix.shape == (5, 5)
    assert full.weight_matrix[0].tolist() == pytest.approx(
        [1 - (i / 4) ** (1 if weights == "linear" else 2) for i in range(5)]
    )
    assert (full.flags, observed.flags) == ((), ("categories_from_data",))


def test_the_order_of_the_categories_is_the_order_of_the_weights() -> None:
    table = np.array([[1, 3], [2, 2], [3, 3], [1, 1], [2, 3]])
    reordered = of(table, categories=[2, 3, 1], weights="linear")
    assert reordered.categories.tolist() == [2, 3, 1]
    renamed = np.select([table == 2, table == 3, table == 1], [1, 2, 3])
    assert reordered.kappa == pytest.approx(of(renamed, categories=[1, 2, 3], weights="linear").kappa)
    assert reordered.kappa != pytest.approx(of(table, categories=[1, 2, 3], weights="linear").kappa)


@given(pairs, st.integers(5, 9))
def test_unused_categories_change_nothing_without_weights(table: Any, last: int) -> None:
    plain, more = of(table), of(table, categories=range(last + 1))
    for name in NUMBERS:
        assert getattr(more, name) == pytest.approx(getattr(plain, name), abs=1e-12, nan_ok=True)
    assert (more.flags, more.interval.level) == (plain.flags, plain.interval.level)


@given(pairs, weight_words)
def test_an_agreement_matrix_does_what_its_word_does(table: Any, weights: Any) -> None:
    by_word = of(table, categories=[1, 2, 3, 4], weights=weights)
    by_matrix = of(table, categories=[1, 2, 3, 4], weights=by_word.weight_matrix)
    assert attrs.evolve(by_matrix, weights=weights) == by_word
    assert by_matrix.weights == "matrix"


def test_an_agreement_matrix_need_not_be_symmetric() -> None:
    table = np.array([[1, 2], [1, 1], [2, 2], [2, 2], [2, 2]])
    harsh, mild = (of(table, weights=[[1, w], [0.0, 1]]) for w in (0.0, 0.9))
    assert mild.observed_agreement == pytest.approx(harsh.observed_agreement + 0.9 / 5)
    # category 1 was chosen 2 times in 5 by the first and once in 5 by the second; the pair (1, 2) counts 0.9
    assert mild.expected_agreement == pytest.approx((2 * 1 + 3 * 4 + 0.9 * 2 * 4) / 25)
    turned = of(table[:, ::-1], weights=[[1, 0.0], [0.9, 1]])
    assert turned.kappa == pytest.approx(mild.kappa)
    assert turned.standard_error == pytest.approx(mild.standard_error)
    assert mild.flags == ("categories_from_data",)


# Laws


@given(gappy, weight_words)
def test_swapping_the_raters_changes_only_the_side_of_the_table(table: Any, weights: Any) -> None:
    forth, back = (of(t, categories=[1, 2, 3, 4], weights=weights) for t in (table, table[:, ::-1]))
    for name in NUMBERS:
        assert getattr(back, name) == pytest.approx(getattr(forth, name), abs=1e-12, nan_ok=True)
    assert np.array_equal(back.counts, forth.counts.T)
    assert back.flags == forth.flags


@given(pairs, st.permutations([1.0, 2.0, 3.0, 4.0]))
def test_relabelling_changes_nothing_without_weights(table: Any, names: list[float]) -> None:
    renamed = np.array(names)[table.astype(int) - 1]
    for name in NUMBERS:
        assert getattr(of(renamed), name) == pytest.approx(getattr(of(table), name), abs=1e-12, nan_ok=True)


@given(pairs, weight_words)
def test_turning_the_categories_round_changes_nothing(table: Any, weights: Any) -> None:
    forth, back = (of(t, categories=[1, 2, 3, 4], weights=weights) for t in (table, 5 - table))
    assert back.kappa == pytest.approx(forth.kappa, abs=1e-12, nan_ok=True)
    assert back.standard_error == pytest.approx(forth.standard_error, abs=1e-9, nan_ok=True)


@given(gappy, weight_words, st.integers(0, 2**32))
def test_the_order_of_units_changes_nothing(table: Any, weights: Any, seed: int) -> None:
    moved = np.random.default_rng(seed).permutation(table)
    assert of(moved, weights=weights) == of(table, weights=weights)


@given(pairs, weight_words, st.integers(2, 5))
def test_every_unit_several_times_keeps_kappa_and_divides_the_error_by_the_root(
    table: Any, weights: Any, times: int
) -> None:
    once, more = of(table, weights=weights), of(np.tile(table, (times, 1)), weights=weights)
    assume(once.n > 1)
    assert more.kappa == pytest.approx(once.kappa, abs=1e-12, nan_ok=True)
    assert math.sqrt(times) * more.standard_error == pytest.approx(once.standard_error, abs=1e-7, nan_ok=True)


@given(gappy, weight_words)
def test_numbers_are_in_their_ranges_or_nan_with_a_flag(table: Any, weights: Any) -> None:
    result = of(table, weights=weights)
    assert math.isnan(result.kappa) or result.kappa <= 1
    assert math.isnan(result.standard_error) or result.standard_error >= 0
    for name in ("observed_agreement", "expected_agreement"):
        assert math.isnan(getattr(result, name)) or -1e-12 <= getattr(result, name) <= 1
    assert math.isnan(result.interval.low) or result.interval.low <= result.kappa <= result.interval.high
    if math.isnan(result.kappa):
        assert result.flags
    assert result.counts.sum() == result.n
    assert set(result.flags) <= set(FLAGS)
    json.dumps(result.to_dict(), allow_nan=False)


@given(pairs, st.floats(0.05, 0.9))
def test_a_wider_level_has_a_wider_interval(table: Any, level: float) -> None:
    narrow, wide = of(table, level=level).interval, of(table, level=level + 0.09).interval
    assume(not math.isnan(narrow.low))
    assert wide.low <= narrow.low <= narrow.high <= wide.high


# Edges


@every_weight
def test_full_agreement_on_several_categories_is_1_without_error(weights: Any) -> None:
    result = cohen_kappa([1, 2, 3, 3], [1, 2, 3, 3], categories=[1, 2, 3], weights=weights)
    assert result.kappa == 1
    assert result.standard_error == pytest.approx(0, abs=1e-7)
    assert result.flags == ()


@every_weight
def test_one_category_only_is_undefined_and_not_perfect(weights: Any) -> None:
    result = cohen_kappa([2, 2, 2], [2, 2, 2], categories=[1, 2, 3], weights=weights)
    assert np.isnan([result.kappa, result.standard_error, result.interval.low, result.interval.high]).all()
    assert (result.observed_agreement, result.expected_agreement) == (1, 1)
    assert result.flags == ("chance_agreement_one",)
    assert "chance_agreement_one" in cohen_kappa([2, 2], [2, 2], weights=weights).flags


def test_weights_without_a_difference_between_the_categories_used_leave_kappa_undefined() -> None:
    result = cohen_kappa([1, 2, 1], [2, 1, 1], categories=[1, 2, 3], weights=[[1, 1, 0], [1, 1, 0], [0, 0, 1]])
    assert math.isnan(result.kappa)
    assert result.flags == ("chance_agreement_one",)


def test_raters_who_never_meet_have_kappa_0() -> None:
    result = cohen_kappa([1, 1, 1], [2, 2, 2])
    assert (result.kappa, result.observed_agreement, result.expected_agreement) == (0, 0, 0)
    assert result.standard_error == 0


def test_units_with_a_gap_are_left_out_and_flagged() -> None:
    gaps = cohen_kappa([1, 2, nan, 2, 9], [1, 1, 2, 2, nan])
    whole = cohen_kappa([1, 2, 2], [1, 1, 2])
    assert attrs.evolve(gaps, flags=(), n_rows=3) == whole
    assert (gaps.n, gaps.n_rows, gaps.flags) == (3, 5, ("rows_dropped",))
    assert gaps.categories.tolist() == [1, 2]


@every_weight
@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_pairs_say_nothing(n: int, weights: Any) -> None:
    result = cohen_kappa([1.0, 2.0][:n], [2.0, 2.0][:n], weights=weights)
    assert np.isnan([result.kappa, result.standard_error, result.interval.low]).all()
    assert "too_few_rows" in result.flags
    assert result.counts.sum() == n
    assert math.isnan(result.observed_agreement) == (n == 0)


@pytest.mark.parametrize(
    "as_kind",
    [
        lambda v: np.array(v, dtype=np.float32),
        lambda v: np.array([None if math.isnan(x) else x for x in v], dtype=object),
        np.ma.masked_invalid,
        lambda v: np.array([v, v], order="F")[0],
        lambda v: np.array([v, v]).T[:, 1],
    ],
)
def test_ratings_of_every_kind_are_taken_and_not_changed(as_kind: Callable[[Any], Any]) -> None:
    first, second = as_kind([1.0, 2.0, 2.0, nan]), as_kind([1.0, 1.0, 2.0, 2.0])
    for array in (first, second):
        array.flags.writeable = False
    assert cohen_kappa(first, second) == cohen_kappa([1, 2, 2, nan], [1, 1, 2, 2])


def test_truth_values_and_codes_far_from_0_are_categories() -> None:
    assert cohen_kappa([True, False, True], [True, False, False]).kappa == pytest.approx(0.4)
    far = cohen_kappa([1e8 + 1, 1e8 + 2, 1e8 + 1], [1e8 + 1, 1e8 + 2, 1e8 + 2])
    assert far.kappa == pytest.approx(0.4)


def test_the_result_is_frozen_plain_and_picklable() -> None:
    result: Any = cohen_kappa([1, 2, nan], [1, 1, 2], weights="linear")
    json.dumps(result.to_dict(), allow_nan=False)
    assert result.to_dict()["weights"] == "linear"
    assert result.to_dict()["counts"] == [[1, 0], [1, 0]]
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.kappa = 1.0
    for name in ("categories", "weight_matrix", "counts"):
        assert not getattr(result, name).flags.writeable


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cohen_kappa(["a"], ["b"]), "first: expected real numbers, got text"),
        (lambda: cohen_kappa([1], [2j]), "second: expected real numbers, got complex numbers"),
        (lambda: cohen_kappa([1, 2], [1, np.inf]), r"second\[1\]: expected a finite number or NaN, got inf"),
        (lambda: cohen_kappa([[1]], [[1]]), "first: expected one dimension, got 2"),
        (lambda: cohen_kappa([1, 2], [1]), "second: expected 2 values, got 1"),
        (
            lambda: cohen_kappa([1, 2], [1, 7], categories=[1, 2, 3]),
            r"second\[1\]: expected one of the categories 1, 2, 3, got 7",
        ),
        (
            lambda: cohen_kappa([9, nan], [nan, 1], categories=[1, 2]),
            r"first\[0\]: expected one of the categories 1, 2",
        ),
        (lambda: cohen_kappa([1], [1], categories=[]), r"categories: expected at least one value, .* got \[\]"),
        (lambda: cohen_kappa([1], [1], categories=[1, 1]), r"categories: .* each once .* got \[1\.0, 1\.0\]"),
        (lambda: cohen_kappa([1], [1], categories=[1, nan]), "categories: .* none missing"),
        (lambda: cohen_kappa([1], [1], categories=range(2001)), "categories: expected at most 2000, got 2001"),
        (lambda: cohen_kappa([1, 2], [1, 2], weights="cubic"), "weights: expected one of 'linear', 'quadratic', got"),
        (
            lambda: cohen_kappa([1, 2], [1, 2], weights=np.eye(3)),
            r"weights: expected a matrix of 2 rows and columns, one a category, got \(3, 3\)",
        ),
        (lambda: cohen_kappa([1, 2], [1, 2], weights=[1, 0]), "weights: expected two dimensions"),
        (
            lambda: cohen_kappa([1, 2], [1, 2], weights=np.array([[1, 0], [0, 0.5]])),
            r"weights\[1, 1\]: expected 1 on the diagonal, got 0\.5",
        ),
        (
            lambda: cohen_kappa([1, 2], [1, 2], weights=np.array([[1, 1.5], [0, 1]])),
            r"weights\[0, 1\]: expected a number in 0\.\.1, got 1\.5",
        ),
        (lambda: cohen_kappa([1, 2], [1, 2], weights=np.array([[1, nan], [0, 1]])), r"weights\[0, 1\]: .* got nan"),
        (lambda: cohen_kappa([1, 2], [1, 2], level=1), r"level: expected a number inside \(0, 1\)"),
    ],
)
def test_bad_input_is_named_in_the_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
