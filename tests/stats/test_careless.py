"""Indices of careless answering: reference numbers, brute force, laws, edges."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import mahalanobis
from scipy.stats import chi2

from leadkit.stats import FLAGS, ItemMoments
from leadkit.stats.careless import CarelessIndices, careless_indices, distances

CLOSED = 1e-10
nan = math.nan
ROWS = [name for name in CarelessIndices._columns if name != "person_flags"]
WHOLE = ("longstring", "n_answered", "n_distinct", "mahalanobis_df")
SCALES = [range(5 * scale, 5 * scale + 5) for scale in range(10)]

cells = st.integers(1, 5).map(float) | st.just(nan)
tables = st.tuples(st.integers(1, 8), st.integers(1, 7)).flatmap(lambda s: arrays(np.float64, s, elements=cells))
complete_tables = st.tuples(st.integers(1, 8), st.integers(1, 7)).flatmap(
    lambda s: arrays(np.float64, s, elements=st.integers(1, 5).map(float))
)


@pytest.fixture(scope="module")
def dataset(shared_data: Callable[[str], Path]) -> Any:
    return np.genfromtxt(shared_data("stats/careless_dataset.csv"), delimiter=",", skip_header=1)


def questionnaire(n: int = 300, *, missing: float = 0.0, seed: int = 0) -> np.ndarray[Any, Any]:
    """Four scales of four items; the second item of each is worded the other way around."""
    rng = np.random.default_rng(seed)
    traits = np.repeat(rng.normal(size=(n, 4)), 4, axis=1)
    answers = np.clip(np.round(3 + traits + 0.5 * rng.normal(size=traits.shape)), 1, 5)
    answers[:, 1::4] = 6 - answers[:, 1::4]
    answers[rng.random(answers.shape) < missing] = nan
    return answers


def plain_r(pairs: Sequence[tuple[float, float]]) -> float:
    """Pearson's r of the pairs that are known, by the definition; NaN for fewer than three or without spread."""
    known = [(a, b) for a, b in pairs if not (math.isnan(a) or math.isnan(b))]
    if len(known) < 3:
        return nan
    first, second = zip(*known, strict=True)
    if np.ptp(first) < 1e-12 or np.ptp(second) < 1e-12:
        return nan
    return float(np.corrcoef(first, second)[0, 1])


def mean_of(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else nan


def runs_of(row: Sequence[float]) -> list[int]:
    return [len(list(same)) for value, same in groupby(row) if not math.isnan(value)]


def person_total(table: Any, person: int) -> float:
    others = [
        mean_of([row[item] for place, row in enumerate(table) if place != person]) for item in range(table.shape[1])
    ]
    return plain_r(list(zip(table[person].tolist(), others, strict=True)))


def even_odd(row: Any, scales: Sequence[Sequence[int]]) -> float:
    halves = [(mean_of(row[list(scale)][::2].tolist()), mean_of(row[list(scale)][1::2].tolist())) for scale in scales]
    r = plain_r(halves)
    return max(2 * r / (1 + r), -1.0) if r > -1 + 1e-12 else (-1.0 if r < 0 else nan)


# Golden numbers


def test_reference_values_come_out(golden: Callable[[str], Any], dataset: Any) -> None:
    known = golden("stats/careless.json")["careless_dataset"]
    rows = np.array(known["rows_1based"]) - 1
    result = careless_indices(dataset, subscales=SCALES)
    assert (result.n_rows, result.n_items, result.n_subscales) == (known["n"], known["k"], len(known["factors"]))
    assert result.longstring[rows].tolist() == known["longstring"]
    assert result.n_distinct[rows].tolist() == known["n_distinct"]
    for name, key in (
        ("average_string", "avgstring"),
        ("irv", "irv"),
        ("synonyms", "psychsyn"),
        ("person_total_r", "person_total_r"),
    ):
        expected = np.array(known[key], dtype=float)
        assert np.allclose(getattr(result, name)[rows], expected, rtol=0, atol=CLOSED, equal_nan=True), name
    assert np.allclose(result.mahalanobis_d2[rows], known["mahalanobis_d2"], rtol=CLOSED, atol=0)
    assert np.count_nonzero(result.mahalanobis_p < 0.01) == known["mahal_flag_99_n"]
    assert (result.mahalanobis_df == 50).all()
    assert result.n_synonym_pairs == known["n_synonym_pairs"]


def test_the_reference_summary_comes_out(golden: Callable[[str], Any], dataset: Any) -> None:
    known = golden("stats/careless.json")["careless_dataset"]["summary"]
    result = careless_indices(dataset, subscales=SCALES)
    assert result.longstring.mean() == pytest.approx(known["longstring_mean"], abs=CLOSED)
    assert result.irv.mean() == pytest.approx(known["irv_mean"], abs=CLOSED)
    assert result.mahalanobis_d2.mean() == pytest.approx(known["mahal_mean"], abs=CLOSED)
    assert -np.nanmean(result.even_odd_consistency) == pytest.approx(known["evenodd_mean"], abs=CLOSED)
    assert np.count_nonzero(np.isnan(result.even_odd_consistency)) == known["evenodd_n_na"]


def test_without_antonyms_they_are_nan_and_flagged(golden: Callable[[str], Any], dataset: Any) -> None:
    known = golden("stats/careless.json")["careless_dataset"]
    result = careless_indices(dataset, antonym_r=known["antonym_critval"])
    assert result.n_antonym_pairs == known["n_antonym_pairs"] == 0
    assert np.isnan(result.antonyms).all()
    assert "no_pairs" in result.flags
    assert (result.synonym_r, result.antonym_r) == (0.6, known["antonym_critval"])


# Traps


def test_even_odd_is_high_for_consistent_people_unlike_the_reference_software(
    golden: Callable[[str], Any], dataset: Any
) -> None:
    known = golden("stats/careless.json")["careless_dataset"]
    rows = np.array(known["rows_1based"]) - 1
    result = careless_indices(dataset, subscales=SCALES)
    negated = -np.array(known["evenodd_careless_1_2_2"], dtype=float)
    assert np.allclose(result.even_odd_consistency[rows], negated, rtol=0, atol=CLOSED, equal_nan=True)
    consistent = [[1, 1, 3, 3, 5, 5], [1, 5, 3, 1, 5, 3]]
    sure, unsure = careless_indices(consistent, subscales=[(0, 1), (2, 3), (4, 5)]).even_odd_consistency
    assert sure == pytest.approx(1)
    assert unsure == -1


def test_irv_divides_by_the_answers_less_one() -> None:
    result = careless_indices([[1.0, 2.0, 3.0, 4.0], [1.0, nan, 5.0, nan]])
    assert result.irv.tolist() == pytest.approx([math.sqrt(5 / 3), math.sqrt(8)], abs=1e-15)


def test_reversing_items_changes_even_odd_and_person_total_only() -> None:
    answers = questionnaire()
    scales = np.arange(16).reshape(4, 4).tolist()
    reverse = np.arange(16) % 4 == 1
    raw = careless_indices(answers, subscales=scales, bounds=(1, 5))
    keyed = careless_indices(answers, subscales=scales, bounds=(1, 5), reverse=reverse)
    turned = careless_indices(np.where(reverse, 6 - answers, answers), subscales=scales)
    for name in ROWS:
        same_as = turned if name in {"even_odd_consistency", "person_total_r"} else raw
        assert np.allclose(getattr(keyed, name), getattr(same_as, name), rtol=0, atol=CLOSED, equal_nan=True), name
    assert not np.allclose(keyed.even_odd_consistency, raw.even_odd_consistency, equal_nan=True)
    assert not np.allclose(keyed.person_total_r, raw.person_total_r, equal_nan=True)
    assert not np.array_equal(keyed.longstring, turned.longstring)
    assert keyed.n_antonym_pairs == raw.n_antonym_pairs > 0
    assert keyed.reverse.tolist() == reverse.tolist()


def test_a_straight_line_over_reversed_items_is_a_long_string() -> None:
    result = careless_indices([[4, 4, 4, 4], [1, 2, 5, 3]], reverse=[0, 1, 0, 1], bounds=(1, 5))
    assert result.longstring.tolist() == [4, 1]
    assert result.irv[0] == 0


# Second ways


@settings(max_examples=25)
@given(tables)
def test_sameness_is_what_counting_says(table: Any) -> None:
    result = careless_indices(table)
    for person, row in enumerate(table.tolist()):
        runs = runs_of(row)
        known = [answer for answer in row if not math.isnan(answer)]
        assert result.longstring[person] == max(runs, default=0)
        assert result.n_answered[person] == len(known)
        assert result.n_distinct[person] == len(set(known))
        average = len(known) / len(runs) if runs else nan
        assert result.average_string[person] == pytest.approx(average, abs=1e-15, nan_ok=True)
        sd = np.std(known, ddof=1) if len(known) > 1 else nan
        assert result.irv[person] == pytest.approx(sd, abs=1e-14, nan_ok=True)


@settings(max_examples=25)
@given(tables | complete_tables)
def test_person_total_r_is_the_correlation_with_the_means_of_all_others(table: Any) -> None:
    result = careless_indices(table)
    brute = [person_total(table, person) for person in range(len(table))]
    assert np.allclose(result.person_total_r, brute, rtol=0, atol=CLOSED, equal_nan=True)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_person_total_r_of_many_people_is_that_of_brute_force(missing: float) -> None:
    table = questionnaire(80, missing=missing)
    brute = [person_total(table, person) for person in range(len(table))]
    assert np.allclose(careless_indices(table).person_total_r, brute, rtol=0, atol=CLOSED)


@settings(max_examples=25)
@given(tables | complete_tables, st.randoms(use_true_random=False))
def test_even_odd_is_the_correlation_of_the_halves_stepped_up(table: Any, random: Any) -> None:
    k = table.shape[1]
    scales = [random.sample(range(k), random.randint(1, k)) for _ in range(random.randint(1, 5))]
    result = careless_indices(table, subscales=scales)
    brute = [even_odd(row, scales) for row in table]
    assert np.allclose(result.even_odd_consistency, brute, rtol=0, atol=1e-8, equal_nan=True)
    assert result.n_subscales == len(scales)


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_synonyms_and_antonyms_are_correlations_over_pairs_of_items(missing: float) -> None:
    table = questionnaire(missing=missing)
    correlation = ItemMoments.from_array(table).correlation
    pairs = [(i, j) for i in range(16) for j in range(i)]
    alike = [(i, j) for i, j in pairs if correlation[i, j] > 0.5]
    opposed = [(i, j) for i, j in pairs if correlation[i, j] < -0.5]
    result = careless_indices(table, synonym_r=0.5, antonym_r=-0.5)
    assert (result.n_synonym_pairs, result.n_antonym_pairs) == (len(alike), len(opposed))
    assert min(len(alike), len(opposed)) > 3
    for chosen, ours in ((alike, result.synonyms), (opposed, result.antonyms)):
        brute = [plain_r([(row[i], row[j]) for i, j in chosen]) for row in table]
        assert np.allclose(ours, brute, rtol=0, atol=CLOSED, equal_nan=True)
    assert np.nanmean(result.synonyms) > 0.5
    assert np.nanmean(result.antonyms) < -0.5


def test_a_correlation_at_the_threshold_is_no_pair() -> None:
    table = [[1, 1, 2], [2, 2, 1], [3, 3, 2], [2, 2, 3]]
    correlation = ItemMoments.from_array(table).correlation
    assert careless_indices(table, synonym_r=float(correlation[2, 0])).n_synonym_pairs == 1
    assert careless_indices(table, synonym_r=float(correlation[2, 0]) - 1e-9).n_synonym_pairs == 3
    assert careless_indices(table, synonym_r=1.0, antonym_r=-1.0).n_antonym_pairs == 0


def test_mahalanobis_of_complete_data_is_that_of_scipy() -> None:
    table = questionnaire()
    result = careless_indices(table)
    mean, inverse = table.mean(axis=0), np.linalg.inv(np.cov(table.T))
    brute = [mahalanobis(row, mean, inverse) ** 2 for row in table]
    assert np.allclose(result.mahalanobis_d2, brute, rtol=CLOSED, atol=0)
    assert np.allclose(result.mahalanobis_p, chi2.sf(brute, 16), rtol=0, atol=CLOSED)
    assert (result.mahalanobis_df == 16).all()
    assert not result.person_flags[0]


@pytest.mark.parametrize("missing", [0.05, 0.6])
@pytest.mark.parametrize("most_cells", [2**20, 30])
def test_mahalanobis_with_gaps_is_over_the_answered_items(
    monkeypatch: pytest.MonkeyPatch, missing: float, most_cells: int
) -> None:
    monkeypatch.setattr(distances, "MOST_CELLS", most_cells)
    table = questionnaire(4000, missing=missing)
    covariance = ItemMoments.from_array(table).covariance
    result = careless_indices(table)
    assert "singular_covariance" not in result.flags
    for person, row in enumerate(table[:150]):
        there = np.flatnonzero(~np.isnan(row))
        part = np.ix_(there, there)
        brute = mahalanobis(row[there], np.nanmean(table, axis=0)[there], np.linalg.inv(covariance[part])) ** 2
        assert result.mahalanobis_d2[person] == pytest.approx(brute, rel=CLOSED)
        assert result.mahalanobis_df[person] == there.size
        assert result.mahalanobis_p[person] == pytest.approx(chi2.sf(brute, there.size), abs=CLOSED)


def test_the_road_by_patterns_gives_the_same_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    table = questionnaire(150, missing=0.1)
    fast = careless_indices(table)
    monkeypatch.setattr(distances, "WELL_CONDITIONED", 1.0)
    slow = careless_indices(table)
    assert np.allclose(slow.mahalanobis_d2, fast.mahalanobis_d2, rtol=CLOSED, atol=0)
    assert slow.mahalanobis_df.tolist() == fast.mahalanobis_df.tolist()
    assert slow.person_flags == fast.person_flags


def test_singular_covariances_take_the_pseudo_inverse_and_its_rank() -> None:
    table = questionnaire(60)[:, :6]
    table = np.column_stack([table, table[:, 0] + table[:, 2], np.full(60, 2.0)])
    result = careless_indices(table)
    deviations = table - table.mean(axis=0)
    inverse = np.linalg.pinv(np.cov(table.T), rcond=1e-10, hermitian=True)
    assert np.allclose(result.mahalanobis_d2, np.einsum("ni,ij,nj->n", deviations, inverse, deviations), rtol=1e-9)
    assert set(result.mahalanobis_df) == {6}
    assert all("singular_covariance" in flags for flags in result.person_flags)
    assert "constant_item" in result.flags


def test_only_people_who_answered_the_items_that_make_it_singular_are_flagged() -> None:
    table = questionnaire(60)[:, :6]
    table = np.column_stack([table, table[:, 0] + table[:, 2]])
    table[0, 6] = nan
    table[1, 3] = nan
    result = careless_indices(table)
    assert result.mahalanobis_df[:3].tolist() == [6, 6, 7]
    assert "singular_covariance" not in result.person_flags[0]
    sub = [0, 1, 2, 4, 5, 6]
    covariance = ItemMoments.from_array(table).covariance
    deviation = table[1, sub] - np.nanmean(table, axis=0)[sub]
    brute = deviation @ np.linalg.inv(covariance[np.ix_(sub, sub)]) @ deviation
    assert result.mahalanobis_d2[1] == pytest.approx(brute, rel=1e-6)


def test_fewer_people_than_items_are_all_as_far_from_their_mean() -> None:
    table = questionnaire(5, seed=3)
    table = table[:, table.std(axis=0) > 0]
    result = careless_indices(table)
    assert np.allclose(result.mahalanobis_d2, 16 / 5, rtol=1e-9)
    assert set(result.mahalanobis_df) == {4}
    assert "singular_covariance" in result.flags


def test_covariances_that_no_data_can_have_count_only_where_they_are_positive() -> None:
    one, two, three = [1, 2, 3, 4, 5, 6], [1, 3, 2, 5, 4, 6], [6, 5, 4, 3, 2, 1]
    table = np.full((18, 3), nan)
    table[:6, 0], table[:6, 1] = one, two
    table[6:12, 1], table[6:12, 2] = one, two
    table[12:, 0], table[12:, 2] = one, three
    table = np.vstack([table, [[2, 5, 1]]])
    correlation = ItemMoments.from_array(table).correlation
    values, vectors = np.linalg.eigh(correlation)
    assert values[0] < 0
    result = careless_indices(table)
    z = (table[-1] - np.nanmean(table, axis=0)) / np.nanstd(table, axis=0, ddof=1)
    assert result.mahalanobis_d2[-1] == pytest.approx(((z @ vectors[:, 1:]) ** 2 / values[1:]).sum(), rel=CLOSED)
    assert result.mahalanobis_df[-1] == 2
    assert "singular_covariance" in result.person_flags[-1]
    assert result.mahalanobis_df[0] == 2
    assert "singular_covariance" not in result.person_flags[0]


# Laws


@settings(max_examples=20)
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_persons_changes_only_the_order_of_rows(table: Any, random: Any) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    scales = [[0], list(range(table.shape[1])), [table.shape[1] - 1, 0][: table.shape[1]]]
    whole = careless_indices(table, subscales=scales, synonym_r=0.61, antonym_r=-0.61)
    moved = careless_indices(table[order], subscales=scales, synonym_r=0.61, antonym_r=-0.61)
    for name in ROWS:
        ours, theirs = getattr(moved, name), getattr(whole, name)[order]
        assert np.allclose(ours, theirs, rtol=1e-9, atol=1e-9, equal_nan=True), name
    assert moved.person_flags == tuple(whole.person_flags[place] for place in order)
    assert moved.flags == whole.flags


@settings(max_examples=25)
@given(tables)
def test_indices_stay_in_their_ranges_and_what_is_undefined_is_flagged(table: Any) -> None:
    k = table.shape[1]
    result = careless_indices(table, subscales=[[item] for item in range(k)])
    answered = result.n_answered > 0
    assert ((result.longstring[answered] >= 1) & (result.longstring[answered] <= k)).all()
    assert (result.longstring[~answered] == 0).all()
    assert (result.longstring <= result.n_answered).all()
    assert (result.average_string[answered] <= result.longstring[answered]).all()
    assert (result.mahalanobis_df <= result.n_answered).all()
    for name, low, high in (
        ("mahalanobis_d2", 0, math.inf),
        ("mahalanobis_p", 0, 1),
        ("even_odd_consistency", -1, 1),
        ("synonyms", -1, 1),
        ("antonyms", -1, 1),
        ("person_total_r", -1, 1),
    ):
        values = getattr(result, name)
        known = values[~np.isnan(values)]
        assert ((known >= low) & (known <= high)).all(), name
    for person in range(len(table)):
        undefined = [math.isnan(getattr(result, name)[person]) for name in ("mahalanobis_d2", "person_total_r")]
        assert not any(undefined) or result.person_flags[person]
    assert set(result.flags) <= set(FLAGS)
    assert {flag for row in result.person_flags for flag in row} <= set(result.flags)


@settings(max_examples=20)
@given(tables, st.sampled_from([0.5, 4.0]), st.integers(-50, 50))
def test_another_scale_changes_only_the_spread(table: Any, factor: float, shift: int) -> None:
    scales = [[item] for item in range(table.shape[1])] * 3
    before, after = (
        careless_indices(table, subscales=scales),
        careless_indices(factor * table + shift, subscales=scales),
    )
    assert np.allclose(after.irv, factor * before.irv, rtol=1e-12, atol=1e-12, equal_nan=True)
    for name in ROWS:
        if name != "irv":
            assert np.allclose(getattr(after, name), getattr(before, name), rtol=1e-8, atol=1e-8, equal_nan=True), name


def test_blocks_of_persons_change_nothing() -> None:
    table = questionnaire(700, missing=0.03)
    scales = np.arange(16).reshape(4, 4).tolist()
    tiled = careless_indices(np.tile(table, (8, 1)), subscales=scales)
    again = careless_indices(table, subscales=scales)
    for name in ("longstring", "irv", "n_distinct", "even_odd_consistency", "synonyms"):
        ours = getattr(tiled, name)[-700:]
        assert np.allclose(ours, getattr(again, name), rtol=0, atol=1e-12, equal_nan=True), name


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_a_large_offset_changes_nothing(missing: float) -> None:
    table, scales = questionnaire(missing=missing), np.arange(16).reshape(4, 4).tolist()
    near, far = careless_indices(table, subscales=scales), careless_indices(table + 1e8, subscales=scales)
    for name in ROWS:
        assert np.allclose(getattr(far, name), getattr(near, name), rtol=1e-9, atol=1e-9, equal_nan=True), name
    assert (far.flags, far.person_flags) == (near.flags, near.person_flags)


# Edges


def test_a_person_who_always_answers_the_same_has_no_correlations() -> None:
    table = np.array([[1, 2, 3, 5], [2, 1, 5, 4], [1, 1, 4, 4], [0.1, 0.1, 0.1, 0.1], [0.3, 0.3, 0.1 + 0.2, 0.3]])
    result = careless_indices(table, subscales=[[0, 1], [1, 2], [2, 3]], synonym_r=-1.0)
    assert result.n_synonym_pairs >= 3
    for name in ("person_total_r", "even_odd_consistency", "synonyms"):
        assert np.isnan(getattr(result, name)).tolist()[3:] == [True, True], name
    assert result.irv[3:].tolist() == [0, 0]
    assert all("zero_variance_person" in flags for flags in result.person_flags[3:])
    assert not np.isnan(result.person_total_r[:3]).any()


@pytest.mark.parametrize("gap", [False, True])
def test_others_who_agree_on_every_item_leave_nothing_to_correlate_with(gap: bool) -> None:
    table = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.7, 0.7, 0.7], [0.9, 0.9, 0.9, 0.9]])
    if gap:
        table[2, 0] = table[1, 0] = 0.8
        table[2, 0] = nan
        table[1:, 1:] = 0.8
    result = careless_indices(table)
    assert np.isnan(result.person_total_r).all()
    assert set(result.flags) >= {"zero_variance_person"}


def test_fewer_than_three_pairs_are_too_few_for_a_correlation() -> None:
    table = [[1.0, 2.0, nan], [2.0, 3.0, 1.0], [4.0, 1.0, 2.0], [5.0, 2.0, 2.0]]
    result = careless_indices(table, subscales=[[0, 1], [1, 2]])
    assert np.isnan(result.even_odd_consistency).all()
    assert np.isnan(result.person_total_r).tolist() == [True, False, False, False]
    assert all("zero_variance_person" in flags for flags in result.person_flags)


def test_without_subscales_even_odd_is_nan_without_a_flag() -> None:
    result = careless_indices(questionnaire(50), synonym_r=0.3, antonym_r=-0.3)
    assert np.isnan(result.even_odd_consistency).all()
    assert (result.n_subscales, result.flags) == (0, ())


def test_no_subscales_at_all_are_too_few() -> None:
    result = careless_indices(questionnaire(50), subscales=[])
    assert np.isnan(result.even_odd_consistency).all()
    assert "zero_variance_person" in result.flags


def test_a_subscale_of_one_item_has_no_even_half() -> None:
    table = questionnaire(50)
    scales = [[0, 1, 2], [4, 5, 6], [8, 9, 10]]
    more = careless_indices(table, subscales=[*scales, [12]])
    assert np.array_equal(
        more.even_odd_consistency, careless_indices(table, subscales=scales).even_odd_consistency, equal_nan=True
    )


def test_a_person_without_answers_has_no_indices() -> None:
    table = questionnaire(50)
    table[7] = nan
    result = careless_indices(table, subscales=[[0, 2], [4, 6], [8, 10]])
    assert [int(getattr(result, name)[7]) for name in WHOLE] == [0, 0, 0, 0]
    assert all(math.isnan(getattr(result, name)[7]) for name in ROWS if name not in WHOLE)
    assert result.person_flags[7] == ("all_missing",)
    assert "all_missing" in result.flags


def test_one_answer_has_a_distance_but_no_spread() -> None:
    table = questionnaire(50)
    table[3, 1:] = nan
    result = careless_indices(table)
    z = (table[3, 0] - table[:, 0].mean()) / table[:, 0].std(ddof=1)
    assert result.mahalanobis_d2[3] == pytest.approx(z**2, rel=1e-10)
    assert (result.longstring[3], result.average_string[3], result.mahalanobis_df[3]) == (1, 1, 1)
    assert math.isnan(result.irv[3])
    assert result.person_flags[3] == ("zero_variance_person",)


def test_items_too_rarely_answered_leave_the_distances_of_their_people_undefined() -> None:
    table = questionnaire(50)[:, :5]
    table[1:, 0] = nan
    table[::2, 1], table[1::2, 2] = nan, nan
    table[2, 1:3] = 3.0
    result = careless_indices(table)
    assert np.isnan(result.mahalanobis_d2).tolist() == [True, False, True, *[False] * 47]
    assert [person for person, flags in enumerate(result.person_flags) if "too_few_pairs" in flags] == [0, 2]
    assert result.mahalanobis_df[[0, 1, 2]].tolist() == [0, 3, 0]
    assert "too_few_pairs" in result.flags


def test_constant_items_are_no_part_of_a_distance() -> None:
    table = np.column_stack([questionnaire(50), np.full(50, 3.0)])
    table[0, -1] = nan
    with_it, without = careless_indices(table), careless_indices(table[:, :-1])
    assert np.allclose(with_it.mahalanobis_d2, without.mahalanobis_d2, rtol=1e-12)
    assert "singular_covariance" not in with_it.person_flags[0]
    assert "singular_covariance" in with_it.person_flags[1]
    only = careless_indices(np.full((4, 3), 3.0))
    assert np.isnan(only.mahalanobis_d2).all()
    assert np.isnan(only.mahalanobis_p).all()
    assert only.flags == ("constant_item", "no_pairs", "singular_covariance", "zero_variance_person")


def test_a_single_item_has_only_a_distance() -> None:
    result = careless_indices([[1], [2], [4]])
    assert result.mahalanobis_d2 == pytest.approx(np.array([16, 1, 25]) / 9 / (7 / 3))
    assert np.isnan(result.irv).all()
    assert result.flags == ("no_pairs", "single_item", "zero_variance_person")


def test_two_people_have_distances_of_one_dimension() -> None:
    result = careless_indices([[1, 2, 5, 4], [2, 1, 4, 4]])
    assert np.allclose(result.mahalanobis_d2, 0.5, rtol=1e-12)
    assert result.mahalanobis_df.tolist() == [1, 1]
    assert result.person_total_r == pytest.approx(np.corrcoef([1, 2, 5, 4], [2, 1, 4, 4])[0, 1] * np.ones(2))


def test_one_person_has_only_what_needs_no_others() -> None:
    result = careless_indices([[1, 1, 5, 4]])
    assert (result.longstring[0], result.n_distinct[0]) == (2, 3)
    assert np.isnan([result.mahalanobis_d2[0], result.person_total_r[0]]).all()
    assert result.person_flags == (("too_few_rows", "zero_variance_person"),)
    assert result.flags == ("no_pairs", "too_few_rows", "zero_variance_person")


def test_nobody_gives_no_rows() -> None:
    result = careless_indices(np.empty((0, 3)), subscales=[[0, 1, 2]])
    assert result.to_records() == []
    assert all(getattr(result, name).shape == (0,) for name in ROWS)
    assert result.flags == ("no_pairs", "too_few_rows")


def test_zero_is_an_answer() -> None:
    result = careless_indices([[0.0, 0.0, -0.0, 1.0], [1.0, 0.0, 2.0, 0.0]])
    assert (result.longstring.tolist(), result.n_distinct.tolist()) == ([3, 1], [2, 3])


@pytest.mark.parametrize(
    "convert",
    [
        lambda x: x.astype(np.float32),
        np.asfortranarray,
        lambda x: np.where(np.isnan(x), None, x),
        np.ma.masked_invalid,
        lambda x: np.ma.masked_array(np.where(np.isnan(x), np.inf, x), np.isnan(x)),
        lambda x: x.tolist(),
        lambda x: np.repeat(x, 2, axis=0)[::2],
    ],
)
def test_answers_of_every_kind_are_taken_and_left_alone(convert: Callable[[Any], Any]) -> None:
    table = questionnaire(60, missing=0.1)
    given_answers = convert(table)
    if isinstance(given_answers, np.ndarray):
        given_answers.flags.writeable = False
    kept = np.array(given_answers, dtype=object)
    expected = careless_indices(table, subscales=[[0, 2], [4, 6], [8, 10]])
    result = careless_indices(given_answers, subscales=np.array([[0, 2], [4, 6], [8, 10]]))  # type: ignore[arg-type]
    for name in ROWS:
        assert np.allclose(getattr(result, name), getattr(expected, name), rtol=1e-12, equal_nan=True), name
    assert str(np.array(given_answers, dtype=object).tolist()) == str(kept.tolist())


def test_whole_numbers_and_truth_values_are_answers() -> None:
    assert careless_indices(np.array([[1, 1, 2], [3, 1, 2]])).longstring.tolist() == [2, 1]
    assert careless_indices([[True, True, False], [False, True, False]]).longstring.tolist() == [2, 1]


def test_the_result_is_frozen_plain_and_picklable() -> None:
    table = questionnaire(20, missing=0.2)
    result: Any = careless_indices(table, subscales=[[0, 1], [2, 3], [4, 5]], reverse=[1] * 16, bounds=(1, 5))
    json.dumps(result.to_dict(), allow_nan=False)
    records = result.to_records()
    json.dumps(records, allow_nan=False)
    assert list(records[0]) == [*ROWS, "flags"]
    assert records[0]["flags"] == " ".join(result.person_flags[0])
    assert "CarelessIndices" in result._repr_html_()
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert careless_indices(table) != result
    for name in [*ROWS, "reverse"]:
        assert not getattr(result, name).flags.writeable
    for name in WHOLE:
        assert getattr(result, name).dtype == np.int64
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.flags = ()


def test_a_flag_outside_the_vocabulary_is_refused() -> None:
    result = careless_indices([[1, 2], [2, 1]])
    with pytest.raises(ValueError, match="not in FLAGS"):
        attrs.evolve(result, person_flags=(("bored",), ()))


# Bad input


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": [["1", "2"]]}, "x: expected real numbers, got text"),
        ({"x": [[1j, 2]]}, "x: expected real numbers, got complex numbers"),
        ({"x": [1, 2]}, r"x: expected two dimensions \(rows, columns\), got 1"),
        ({"x": np.empty((3, 0))}, "x: expected at least one column, got none"),
        ({"x": [[1, 2], [np.inf, 1]]}, r"x\[1, 0\]: expected a finite number or NaN, got inf"),
        ({"x": [[1, 2], [1]]}, "x: rows differ in length"),
        ({"x": [[1e200, 2], [-1e200, 1]]}, "x: answers are too far apart to be squared"),
        ({"bounds": (1, 4)}, r"x\[0, 2\]: 5 is outside 1..4"),
        ({"bounds": (5, 1)}, r"bounds: expected \(low, high\) with low < high"),
        ({"reverse": [True, False, False]}, r"bounds: expected \(low, high\) to reverse answers by, got none"),
        ({"reverse": [True, False], "bounds": (1, 5)}, "reverse: expected 3 values, got 2"),
        ({"reverse": [True, 2, False], "bounds": (1, 5)}, r"reverse\[1\]: expected True or False, got 2"),
        ({"reverse": [True, nan, False], "bounds": (1, 5)}, r"reverse\[1\]: expected True or False, got nan"),
        ({"reverse": ["no"] * 3, "bounds": (1, 5)}, "reverse: expected real numbers, got text"),
        ({"subscales": 3}, "subscales: expected sequences of columns, got 3"),
        ({"subscales": [0, 1]}, r"subscales\[0\]: expected a sequence of at least one column, got 0"),
        ({"subscales": [[0], []]}, r"subscales\[1\]: expected a sequence of at least one column, got \[\]"),
        ({"subscales": [[0, 3]]}, r"subscales\[0\]\[1\]: expected a column in 0..2, got 3"),
        ({"subscales": [[0, -1]]}, r"subscales\[0\]\[1\]: expected a whole number of at least 0, got -1"),
        ({"subscales": [[0, 1.0]]}, r"subscales\[0\]\[1\]: expected a whole number of at least 0, got 1.0"),
        ({"subscales": [[0, 1], [2, 1, 2]]}, r"subscales\[1\]: columns \[2\] are there more than once"),
        ({"synonym_r": 1.2}, r"synonym_r: expected a number in \[-1, 1\], got 1.2"),
        ({"antonym_r": nan}, r"antonym_r: expected a number in \[-1, 1\], got nan"),
        ({"antonym_r": [0.5]}, r"antonym_r: expected a number in \[-1, 1\], got \[0.5\]"),
        ({"synonym_r": "high"}, "synonym_r: expected real numbers, got text"),
    ],
)
def test_bad_input_is_named_in_the_message(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        careless_indices(**({"x": [[1, 2, 5], [2, 1, 3]]} | options))
