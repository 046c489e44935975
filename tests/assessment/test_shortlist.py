"""Shortlists: floors, values, probabilities, slack of weights, and what is refused."""

from __future__ import annotations

import json
import math
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.assessment import Instrument, Responses, score, standard_errors
from leadkit.assessment.flags import SHORTLIST_FLAGS
from leadkit.assessment.shortlisting import Candidates, Criterion, Exclusion, Shortlist, shortlist
from leadkit.errors import DefinitionError, ResponseError, UnknownIdError
from leadkit.stats import impact_ratio
from leadkit.testing.assessment import candidates as drawn_candidates
from leadkit.testing.assessment import criterion as drawn_criterion

NAN, INF = float("nan"), float("inf")
NORMALISE = ("min_max", "percentile")

TEAM = Candidates(
    ["ann", "bo", "cy", "dee", "eve"],
    [[5.0, 3, 2], [3.0, 9, 0], [4.5, 8, 2], [2.0, 9, 0], [4.0, NAN, 1]],
    criterion_ids=["coaching", "projects", "absences"],
)
WANTED = (
    Criterion("coaching", 2.0, floor=3.0),
    Criterion("projects", 1.0),
    Criterion("absences", 1.0, direction="low"),
)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Candidates, tuple[Criterion, ...], dict[str, Any]]:
    names = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
    criteria = tuple(draw(drawn_criterion(id=name)) for name in names)
    people = draw(drawn_candidates(criterion_ids=draw(st.permutations(names))))
    options = {"k": draw(st.integers(1, 4)), "normalise": draw(st.sampled_from(NORMALISE)), "rng": 1, "n_draws": 50}
    return people, criteria, options


def exact_parts(people: Candidates, criteria: tuple[Criterion, ...], normalise: str) -> dict[str, tuple[Fraction, ...]]:
    """Normalised criteria of those kept, in rational numbers."""
    column = {part.id: people.criterion_ids.index(part.id) for part in criteria}
    turned = {
        name: [part.sign * float(row[column[part.id]]) for part in criteria]
        for name, row in zip(people.ids, people.values, strict=True)
    }
    kept = {
        name: [Fraction(value) for value in row]
        for name, row in turned.items()
        if not any(math.isnan(value) for value in row)
        and all(p.floor is None or value >= p.sign * p.floor for p, value in zip(criteria, row, strict=True))
    }

    def normalised(value: Fraction, others: tuple[Fraction, ...]) -> Fraction:
        low, high = min(others), max(others)
        if low == high:
            return Fraction(1, 2)
        if normalise == "min_max":
            return (value - low) / (high - low)
        return (sum(other < value for other in others) + Fraction(others.count(value), 2)) / len(others)

    columns = [[normalised(value, others) for value in others] for others in zip(*kept.values(), strict=True)]
    return dict(zip(kept, zip(*columns, strict=True), strict=True))


def in_order(parts: dict[str, tuple[Fraction, ...]], weights: list[Fraction]) -> list[str]:
    return sorted(parts, key=lambda name: (-weighted(parts[name], weights), name))


def weighted(parts: tuple[Fraction, ...], weights: list[Fraction]) -> Fraction:
    return sum((weight * part for weight, part in zip(weights, parts, strict=True)), Fraction(0))


def test_floors_exclude_first_and_the_rest_is_a_weighted_mean_of_min_max_values() -> None:
    result = shortlist(TEAM, WANTED, k=1)
    assert result.ids == ("cy", "ann", "bo")
    assert result.rank.tolist() == [1, 2, 3]
    np.testing.assert_allclose(result.value, [0.375 + 5 / 24, 0.5, 0.5], rtol=0, atol=1e-15)
    np.testing.assert_allclose(
        result.contributions, [[0.375, 5 / 24, 0], [0.5, 0, 0], [0, 0.25, 0.25]], rtol=0, atol=1e-15
    )
    assert result.excluded["dee"] == (Exclusion(criterion_id="coaching", reason="below_floor", value=2.0, floor=3.0),)
    (missing,) = result.excluded["eve"]
    assert (missing.criterion_id, missing.reason, missing.floor) == ("projects", "missing", None)
    assert math.isnan(missing.value)
    assert result.top == ("cy",)
    assert result.n_candidates == 5
    assert result.flags == ()
    assert result.n_draws == 0
    assert result.impact is None


def test_the_slack_of_the_example_is_what_paper_and_pencil_give() -> None:
    # cy has (3/4, 5/6, 0), ann (1, 0, 0), bo (0, 1, 1); cy - ann = 5/6 w2 - w1/4, cy - bo = 3/4 w1 - w2/6 - w3
    slack = shortlist(TEAM, WANTED, k=1).weight_slack
    np.testing.assert_allclose(slack, [[14 / 9, 10 / 3], [0.6, 3.0], [0.0, 4 / 3]], rtol=0, atol=1e-14)


def test_every_reason_against_a_candidate_is_listed() -> None:
    people = Candidates(["x", "y"], [[1.0, 9.0, NAN], [5.0, 1.0, 2.0]])
    wanted = (
        Criterion("a", 1, floor=2.0),
        Criterion("b", 1, direction="low", floor=8.0),
        Criterion("c", 0, floor=2.0),
    )
    excluded = shortlist(people, wanted, k=1).excluded
    assert set(excluded) == {"x"}
    assert [(part.criterion_id, part.reason) for part in excluded["x"]] == [
        ("a", "below_floor"),
        ("b", "below_floor"),
        ("c", "missing"),
    ]


def test_a_value_at_the_floor_is_kept() -> None:
    people = Candidates(["x", "y"], [[2.0, 8.0], [2.0, 8.1]])
    wanted = (Criterion("a", 1, floor=2.0), Criterion("b", 1, direction="low", floor=8.0))
    assert shortlist(people, wanted, k=1).ids == ("x",)


def test_percentiles_are_mid_ranks_over_those_kept() -> None:
    people = Candidates(["u", "v", "w", "x", "y"], [[1.0], [2.0], [2.0], [9.0], [-5.0]])
    result = shortlist(people, [Criterion("a", 1, floor=0.0)], k=1, normalise="percentile")
    assert result.ids == ("x", "v", "w", "u")
    assert result.value.tolist() == [0.875, 0.5, 0.5, 0.125]
    turned = shortlist(people, [Criterion("a", 1, direction="low", floor=5.0)], k=1, normalise="percentile")
    assert turned.ids == ("y", "u", "v", "w")
    assert turned.value.tolist() == [0.875, 0.625, 0.25, 0.25]


@pytest.mark.parametrize("normalise", NORMALISE)
def test_a_constant_criterion_gives_half_to_all_and_changes_no_draw(normalise: Any) -> None:
    people = Candidates(
        ["x", "y"], [[0.3, 4.0], [0.1 + 0.2, 2.0]], standard_errors=[[5.0, 0.0], [5.0, 0.0]], groups=None
    )
    result = shortlist(people, [Criterion("a", 3), Criterion("b", 1)], k=1, normalise=normalise, rng=1, n_draws=100)
    assert result.contributions[:, 0].tolist() == [0.375, 0.375]
    assert result.flags == ("constant_criterion",)
    assert result.p_top_k.tolist() == [1.0, 0.0]
    assert result.weight_slack[0].tolist() == [0.0, INF]


@pytest.mark.parametrize(
    ("ids", "slack"),
    [("pqrs", [[0.0, 0.1], [0.0, 0.2], [0.3, INF]]), ("qprs", [[0.1, INF], [0.2, INF], [0.0, 0.3]])],
)
def test_equal_values_are_ordered_by_id_though_their_sums_are_rounded(ids: str, slack: list[list[float]]) -> None:
    rows = [[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]
    wanted = [Criterion("a", 0.1), Criterion("b", 0.2), Criterion("c", 0.3)]
    result = shortlist(Candidates(ids, rows), wanted, k=2)
    assert result.ids == ("s", "p", "q", "r")
    assert result.flags == ("tied_at_cut",)
    assert result.weight_slack.tolist() == slack
    assert shortlist(Candidates(ids, rows), wanted, k=3).flags == ()


def test_a_tie_at_the_cut_leaves_a_weight_no_room_on_the_side_of_the_outsider() -> None:
    rows = [[1.0, 0.0], [0.0, 1.0]]
    wanted = [Criterion("a", 2.0), Criterion("b", 2.0)]
    assert shortlist(Candidates(["p", "q"], rows), wanted, k=1).weight_slack.tolist() == [[2.0, INF], [0.0, 2.0]]
    assert shortlist(Candidates(["q", "p"], rows), wanted, k=1).weight_slack.tolist() == [[0.0, 2.0], [2.0, INF]]


def test_a_difference_that_is_rounding_limits_no_weight() -> None:
    people = Candidates(["p", "q", "r", "s"], [[0.3, 0.5], [0.1 + 0.2, 0.5], [1.0, 1.0], [0.0, 0.0]])
    result = shortlist(people, [Criterion("a", 1), Criterion("b", 1)], k=2)
    assert result.ids == ("r", "p", "q", "s")
    assert result.flags == ("tied_at_cut",)
    assert result.weight_slack.tolist() == [[0.0, INF], [0.0, INF]]


@pytest.mark.parametrize("normalise", NORMALISE)
@pytest.mark.parametrize("seed", range(8))
def test_the_set_changes_just_outside_the_slack_and_not_just_inside(seed: int, normalise: Any) -> None:
    rng = np.random.default_rng(seed)
    people = Candidates("abcdefghijkl", rng.integers(0, 200, (12, 3)), criterion_ids=["u", "v", "w"])
    criteria = tuple(Criterion(name, float(rng.integers(1, 9))) for name in people.criterion_ids)
    slack = shortlist(people, criteria, k=4, normalise=normalise).weight_slack
    parts = exact_parts(people, criteria, normalise)
    weights = [Fraction(part.weight) for part in criteria]
    top = set(in_order(parts, weights)[:4])
    for j, (low, high) in enumerate(slack.tolist()):
        inside = [low * (1 + 1e-9) or 1e-9, min(high, 1e9) * (1 - 1e-9)]
        outside = [low * (1 - 1e-9)] * (low > 0) + [high * (1 + 1e-9)] * (high < INF)
        for at, same in [(weight, True) for weight in inside] + [(weight, False) for weight in outside]:
            moved = in_order(parts, [*weights[:j], Fraction(at), *weights[j + 1 :]])[:4]
            assert (set(moved) == top) == same


def test_the_slack_of_many_candidates_is_where_their_set_changes() -> None:
    people = Candidates([f"c{i:04}" for i in range(2100)], np.random.default_rng(2).normal(size=(2100, 2)))
    fixed = Criterion("a", 1.0)
    result = shortlist(people, [fixed, Criterion("b", 1.0)], k=1050)
    low, high = result.weight_slack[1].tolist()
    assert 0.9 < low < 1 < high < 1.1
    for weight, same in ((low * 0.999999, False), (low * 1.000001, True), (high * 0.999999, True)):
        moved = shortlist(people, [fixed, Criterion("b", weight)], k=1050)
        assert (set(moved.top) == set(result.top)) == same
    assert set(shortlist(people, [fixed, Criterion("b", high * 1.000001)], k=1050).top) != set(result.top)


@settings(max_examples=60)
@given(problems())
def test_order_and_values_are_those_of_rational_arithmetic(problem: Any) -> None:
    people, criteria, options = problem
    weights = [Fraction(part.weight) for part in criteria]
    parts = exact_parts(people, criteria, options["normalise"])
    result = shortlist(people, criteria, **options)
    assert list(result.ids) == in_order(parts, weights)
    assert set(result.excluded) == set(people.ids) - set(parts)
    exact = [float(weighted(parts[name], weights) / sum(weights)) for name in result.ids]
    np.testing.assert_allclose(result.value, exact, rtol=0, atol=1e-14)


@settings(max_examples=60)
@given(problems(), st.integers(0, 3))
def test_a_scan_of_weights_finds_the_slack(problem: Any, which: int) -> None:
    people, criteria, options = problem
    j, k = which % len(criteria), options["k"]
    low, high = shortlist(people, criteria, **options).weight_slack[j]
    weights = [Fraction(part.weight) for part in criteria]
    assert 0 <= low <= weights[j] <= high
    parts = exact_parts(people, criteria, options["normalise"])
    top = set(in_order(parts, weights)[:k])
    scanned = [Fraction(step, 8) for step in range(1, 49)] + [Fraction(10**6)]
    edges = [Fraction(end * factor) for end in (low, high) for factor in (0.999, 1.001) if 0 < end < INF]
    for weight in scanned + edges:
        if min(abs(weight - low), abs(weight - high)) > 1e-9:
            moved = in_order(parts, [*weights[:j], weight, *weights[j + 1 :]])
            assert (set(moved[:k]) == top) == (low < weight < high)


@given(problems())
def test_contributions_add_up_and_places_are_shared_out(problem: Any) -> None:
    people, criteria, options = problem
    result = shortlist(people, criteria, **options)
    np.testing.assert_allclose(result.contributions.sum(axis=1), result.value, rtol=0, atol=1e-15)
    assert ((result.value >= 0) & (result.value <= 1)).all()
    assert (np.diff(result.value) <= 1e-12).all()
    assert len(result.ids) + len(result.excluded) == len(people) == result.n_candidates
    assert set(result.flags) <= set(SHORTLIST_FLAGS)
    if people.standard_errors is not None:
        assert result.p_top_k.sum() == pytest.approx(min(options["k"], len(result.ids)), abs=1e-12)
        assert (result.rank_low <= result.rank_high).all()
    else:
        assert np.isnan(result.p_top_k).all()
        assert np.isnan(result.rank_low).all()
        assert math.isnan(result.p_first_above_second)
    json.dumps([result.to_dict(), result.to_records()], allow_nan=False)


@given(problems(), st.sampled_from((0.1, 3.0, 1e-300, 1e300)))
def test_only_the_proportions_of_weights_count(problem: Any, factor: float) -> None:
    people, criteria, options = problem
    scaled = [evolve(part, weight=part.weight * factor) for part in criteria]
    result, other = shortlist(people, criteria, **options), shortlist(people, scaled, **options)
    assert other.ids == result.ids
    np.testing.assert_allclose(other.value, result.value, rtol=0, atol=1e-14)
    np.testing.assert_allclose(other.weight_slack / factor, result.weight_slack, rtol=1e-12, atol=1e-12)


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_changes_nothing(problem: Any, random: Any) -> None:
    people, criteria, options = problem
    rows = list(range(len(people)))
    random.shuffle(rows)
    errors, groups = people.standard_errors, people.groups
    moved = Candidates(
        [people.ids[i] for i in rows],
        people.values[rows],
        standard_errors=None if errors is None else errors[rows],
        groups=None if groups is None else [groups[i] for i in rows],
        criterion_ids=people.criterion_ids,
    )
    assert shortlist(moved, criteria, **options) == shortlist(people, criteria, **options)


@given(problems())
def test_the_order_of_criteria_changes_no_value(problem: Any) -> None:
    people, criteria, options = problem
    result, other = shortlist(people, criteria, **options), shortlist(people, criteria[::-1], **options)
    assert other.ids == result.ids
    np.testing.assert_allclose(other.weight_slack[::-1], result.weight_slack, rtol=1e-12, atol=1e-12)


def test_two_candidates_with_normal_errors_meet_the_closed_form() -> None:
    people = Candidates(["x", "y"], [[4.0, 20.0], [2.0, 30.0]], standard_errors=[[0.8, 4.0], [1.0, 6.0]])
    result = shortlist(people, [Criterion("a", 3.0), Criterion("b", 2.0)], k=1, rng=7, n_draws=40_000)
    # on 0..1 the values are 0.6 and 0.4; errors are 0.6 (0.4, 0.5) and 0.4 (0.4, 0.6)
    spread = math.sqrt(0.36 * (0.4**2 + 0.5**2) + 0.16 * (0.4**2 + 0.6**2))
    exact = 0.5 * (1 + math.erf(0.2 / spread / math.sqrt(2)))
    tolerance = 4 * math.sqrt(exact * (1 - exact) / 40_000)
    assert result.p_first_above_second == pytest.approx(exact, abs=tolerance)
    assert result.p_top_k[0] == result.p_first_above_second
    assert result.flags == ("overlapping_leaders",)
    assert result.n_draws == 40_000
    sure = shortlist(
        evolve(people, standard_errors=np.asarray(people.standard_errors) / 10),
        result.criteria,
        k=1,
        rng=7,
        n_draws=1000,
    )
    assert sure.flags == ()
    assert sure.p_first_above_second > 0.95


@pytest.mark.parametrize("normalise", NORMALISE)
def test_a_plain_simulation_gives_the_same_probabilities(normalise: Any) -> None:
    values = np.array([[4.0, 1.0], [3.5, 6.0], [3.0, 5.0], [2.0, 2.0], [1.0, 3.0]])
    errors = np.array([[0.5, 1.0], [1.0, 0.5], [0.4, 2.0], [0.7, 1.0], [0.2, 3.0]])
    people = Candidates("vwxyz", values, standard_errors=errors)
    n_draws, k = 4000, 2
    result = shortlist(
        people,
        [Criterion("a", 2.0), Criterion("b", 1.0, direction="low")],
        k=k,
        normalise=normalise,
        rng=3,
        n_draws=40_000,
    )
    rng = np.random.default_rng(11)
    ranks = np.empty((n_draws, 5))
    for row in ranks:
        parts = []
        for j, sign in enumerate((1, -1)):
            own = sign * values[:, j]
            drawn = own + errors[:, j] * rng.standard_normal(5)
            if normalise == "min_max":
                parts.append((drawn - own.min()) / (own.max() - own.min()))
            else:
                parts.append(np.array([np.mean(own < x) for x in drawn]))
        total = np.round((2 * parts[0] + parts[1]) / 3, 9) + 1e-10 * rng.random(5)
        row[:] = 1 + np.argsort(np.argsort(-total))
    at = ["vwxyz".index(name) for name in result.ids]
    tolerance = 4 * math.sqrt(0.25 / n_draws + 0.25 / 40_000)
    np.testing.assert_allclose(result.p_top_k, np.mean(ranks <= k, axis=0)[at], rtol=0, atol=tolerance)
    np.testing.assert_allclose(result.rank_low, np.quantile(ranks, 0.05, axis=0)[at], rtol=0, atol=1)
    np.testing.assert_allclose(result.rank_high, np.quantile(ranks, 0.95, axis=0)[at], rtol=0, atol=1)
    above = np.mean(ranks[:, at[0]] < ranks[:, at[1]])
    assert result.p_first_above_second == pytest.approx(above, abs=tolerance)


@pytest.mark.parametrize("normalise", NORMALISE)
def test_without_error_every_draw_is_the_observed_order(normalise: Any) -> None:
    people = evolve(TEAM, standard_errors=np.zeros((5, 3)))
    wanted = [Criterion("coaching", 2.0, floor=3.0), Criterion("projects", 1.0)]
    result = shortlist(people, wanted, k=2, normalise=normalise, rng=1, n_draws=20)
    assert result.p_top_k.tolist() == [1.0, 1.0, 0.0]
    assert result.rank_low.tolist() == result.rank_high.tolist() == [1.0, 2.0, 3.0]
    assert result.p_first_above_second == 1.0


def test_no_id_is_at_an_advantage_in_the_draws() -> None:
    people = Candidates(["x", "y"], [[1.0, 0.0], [0.0, 1.0]], standard_errors=np.zeros((2, 2)))
    result = shortlist(people, [Criterion("a", 1), Criterion("b", 1)], k=1, rng=1, n_draws=10_000)
    assert result.p_top_k[0] == pytest.approx(0.5, abs=0.02)
    assert result.flags == ("overlapping_leaders", "tied_at_cut")
    assert (result.rank_low.tolist(), result.rank_high.tolist()) == ([1.0, 1.0], [2.0, 2.0])


def test_rank_quantiles_are_whole_ranks_at_least_5_percent_of_draws_reach() -> None:
    people = Candidates(["x", "y"], [[1.0], [0.0]], standard_errors=[[1.0], [1.0]])
    seen = set()
    for seed in range(40):
        result = shortlist(people, [Criterion("a", 1)], k=1, rng=seed, n_draws=20)
        wins = round(result.p_top_k[0] * 20)
        seen.add(wins)
        assert result.rank_low[0] == (1 if wins >= 1 else 2)
        assert result.rank_high[0] == (1 if wins >= 19 else 2)
    assert len(seen) > 3


@pytest.mark.parametrize("normalise", NORMALISE)
def test_the_answer_is_the_same_whoever_computes_it(normalise: Any) -> None:
    rng = np.random.default_rng(5)
    people = Candidates([f"c{i}" for i in range(60)], rng.normal(size=(60, 3)), standard_errors=np.full((60, 3), 0.5))
    wanted = [Criterion("a", 1), Criterion("b", 2), Criterion("c", 1, direction="low")]
    options: dict[str, Any] = {"k": 5, "normalise": normalise, "n_draws": 5000}
    alone = shortlist(people, wanted, rng=9, **options)
    with ThreadPoolExecutor(3) as threads:
        assert shortlist(people, wanted, rng=9, executor=threads, **options) == alone
    with ProcessPoolExecutor(2) as processes:
        assert shortlist(people, wanted, rng=9, executor=processes, **options) == alone
    assert shortlist(people, wanted, rng=np.random.SeedSequence(9), **options) == alone
    assert shortlist(people, wanted, rng=np.random.default_rng(9), **options) == alone
    assert shortlist(people, wanted, rng=10, **options) != alone


def test_impact_counts_excluded_candidates_as_applicants() -> None:
    people = evolve(TEAM, groups=["n", "s", "n", "s", None])
    result = shortlist(people, WANTED, k=1)
    assert result.impact == impact_ratio([0, 0, 1, 0, 0], [1] * 5, groups=["n", "s", "n", "s", None])
    assert result.impact is not None
    assert result.impact.applicants.tolist() == [2, 2]
    assert result.impact.selected.tolist() == [1, 0]


def test_nobody_left_is_a_flag_and_no_error() -> None:
    wanted = [Criterion("coaching", 1, floor=9.0), Criterion("projects", 1)]
    people = evolve(TEAM, standard_errors=np.ones((5, 3)), groups=list("nnsss"))
    result = shortlist(people, wanted, k=2, rng=1)
    assert (result.ids, result.flags, len(result.excluded)) == ((), ("all_excluded",), 5)
    assert result.weight_slack.tolist() == [[0.0, INF]] * 2
    assert result.contributions.shape == (0, 2)
    assert result.n_draws == 0
    assert result.impact is not None
    assert result.impact.selected.tolist() == [0, 0]
    assert result.to_records() == []
    assert "excluded: ann (coaching)" in result._repr_html_()
    empty = Candidates([], np.empty((0, 2)), standard_errors=np.empty((0, 2)), groups=[])
    assert shortlist(empty, [Criterion("a", 1), Criterion("b", 1)], k=1, rng=1).flags == ("no_candidates",)


def test_one_candidate_is_first_for_certain() -> None:
    people = Candidates(["x"], [[3.0]], standard_errors=[[1.0]])
    result = shortlist(people, [Criterion("a", 2)], k=1, rng=1, n_draws=10)
    assert result.value.tolist() == [0.5]
    assert result.p_top_k.tolist() == result.rank_low.tolist() == result.rank_high.tolist() == [1.0]
    assert math.isnan(result.p_first_above_second)
    assert result.weight_slack.tolist() == [[0.0, INF]]
    assert result.flags == ("constant_criterion",)


def test_more_places_than_candidates_take_all_of_them() -> None:
    result = shortlist(evolve(TEAM, standard_errors=np.ones((5, 3))), WANTED, k=10**20, rng=1, n_draws=10)
    assert result.flags[0] == "fewer_than_k"
    assert result.top == result.ids
    assert result.p_top_k.tolist() == [1.0] * 3
    assert result.weight_slack.tolist() == [[0.0, INF]] * 3


def test_an_unknown_error_leaves_probabilities_unknown_where_it_matters() -> None:
    errors = np.zeros((5, 3))
    errors[0, 1] = NAN
    people = evolve(TEAM, standard_errors=errors)
    result = shortlist(people, WANTED, k=1, rng=1)
    assert result.flags == ("unknown_error",)
    assert np.isnan(result.p_top_k).all()
    assert result.n_draws == 0
    without = [WANTED[0], evolve(WANTED[1], weight=0.0), WANTED[2]]
    assert shortlist(people, without, k=1, rng=1, n_draws=10).n_draws == 10
    assert shortlist(people, [WANTED[0]], k=1, rng=1, n_draws=10).p_top_k[0] == 1.0


def test_a_criterion_of_weight_zero_has_nothing_but_its_floor() -> None:
    people = Candidates(["x", "y", "z"], [[3.0, 1.0], [2.0, 5.0], [9.0, 0.0]])
    result = shortlist(people, [Criterion("a", 1), Criterion("b", 0, floor=1.0)], k=1)
    assert result.ids == ("x", "y")
    assert result.value.tolist() == [1.0, 0.0]
    assert result.weight_slack.tolist() == [[0.0, INF], [0.0, 1.0]]


def test_values_of_any_size_are_put_on_the_unit_interval() -> None:
    rows = np.array([[1.0], [3.0], [5.0]])
    for factor, offset in ((1e308 / 5, -6e307), (5e-324, 0.0), (1.0, 1e8), (-1e-200, 0.0)):
        people = Candidates(["x", "y", "z"], rows * factor + offset, standard_errors=[[1.0]] * 3)
        result = shortlist(people, [Criterion("a", 1)], k=1, rng=1, n_draws=50)
        np.testing.assert_allclose(np.sort(result.value), [0, 0.5, 1], rtol=0, atol=1e-15)
        assert result.p_top_k.sum() == pytest.approx(1, abs=1e-12)


def test_columns_without_names_go_by_the_order_of_the_criteria() -> None:
    unnamed = Candidates(TEAM.ids, TEAM.values)
    assert shortlist(unnamed, WANTED, k=1).ids == shortlist(TEAM, WANTED[::-1], k=1).ids == ("cy", "ann", "bo")


def test_a_record_has_one_key_for_each_criterion() -> None:
    people = evolve(TEAM, standard_errors=np.ones((5, 3)))
    result = shortlist(people, WANTED, k=1, rng=1, n_draws=100)
    first = result.to_records()[0]
    assert list(first) == [
        "rank",
        "id",
        "value",
        "contribution_coaching",
        "contribution_projects",
        "contribution_absences",
        "p_top_k",
        "rank_low",
        "rank_high",
    ]
    assert (first["rank"], first["id"], first["contribution_coaching"]) == (1, "cy", 0.375)
    assert result.to_dict()["criteria"][0] == {"id": "coaching", "weight": 2.0, "direction": "high", "floor": 3.0}
    assert result.to_dict()["excluded"]["dee"][0]["value"] == 2.0


def test_the_result_says_that_a_person_decides_and_shows_it_escaped() -> None:
    people = Candidates(["<b>", "x&y", "z"], [[1.0], [2.0], [NAN]], standard_errors=[[1.0]] * 3)
    result = shortlist(people, [Criterion("a", 1)], k=1, rng=1, n_draws=100)
    assert "human decision" in result.note
    page = result._repr_html_()
    assert result.note in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "x&amp;y" in page
    assert "excluded: z (a)" in page
    assert "overlapping_leaders" in page


def test_result_arrays_are_read_only() -> None:
    result = shortlist(evolve(TEAM, standard_errors=np.ones((5, 3))), WANTED, k=1, rng=1, n_draws=10)
    for name in ("rank", "value", "contributions", "p_top_k", "rank_low", "rank_high", "weight_slack"):
        assert not getattr(result, name).flags.writeable
    assert isinstance(result, Shortlist)


def test_candidates_come_from_scores(two: Instrument) -> None:
    rows = np.array([[5, 1, 4, 3, 3], [2, 4, 2, 5, 5], [4, 2, 4, NAN, NAN]])
    answers = Responses(two, rows, "xyz", {"team": ["n", "s", "n"]})
    scores = score(answers)
    errors = standard_errors(scores, {"vision": 0.8})
    people = Candidates.from_scores(scores, standard_errors=errors, groups="team")
    assert people.criterion_ids == ("vision", "drive", "lead")
    assert people.groups == ("n", "s", "n")
    assert people.standard_errors is not None
    assert np.array_equal(people.standard_errors, np.tile(errors, (3, 1)), equal_nan=True)
    result = shortlist(people, [Criterion("vision", 1.0)], k=1, rng=1, n_draws=100)
    assert result.ids[0] == "x"
    assert result.provenance == scores.provenance
    assert set(result.flags) <= {"overlapping_leaders"}
    assert result.n_draws == 100
    by_cell = Candidates.from_scores(scores, standard_errors=np.ones((3, 3)), groups=["n", None, "s"])
    assert by_cell.groups == ("n", None, "s")
    assert Candidates.from_scores(scores).standard_errors is None
    with pytest.raises(UnknownIdError, match=r"unknown group variable 'teem' \(did you mean 'team'\?\)"):
        Candidates.from_scores(scores, groups="teem")
    with pytest.raises(
        ResponseError, match=r"standard_errors: expected shape \(3, 3\), that of the values, got \(2,\)"
    ):
        Candidates.from_scores(scores, standard_errors=[1.0, 1.0])


def test_a_column_is_put_beside_the_others() -> None:
    people = Candidates(["x", "y"], [[4.0], [3.0]], criterion_ids=["a"], standard_errors=[[0.5], [0.6]])
    more = people.with_criterion("b", {"y": 7}).with_criterion("c", [1, 2], standard_errors={"x": 0.1, "y": None})
    assert more.criterion_ids == ("a", "b", "c")
    np.testing.assert_array_equal(more.values, [[4.0, NAN, 1.0], [3.0, 7.0, 2.0]])
    np.testing.assert_array_equal(more.standard_errors, [[0.5, 0.0, 0.1], [0.6, 0.0, NAN]])
    exact = evolve(people, standard_errors=None)
    assert exact.with_criterion("b", [1, 2]).standard_errors is None
    np.testing.assert_array_equal(
        exact.with_criterion("b", [1, 2], standard_errors=[3, 4]).standard_errors, [[0, 3], [0, 4]]
    )
    with pytest.raises(ResponseError, match=r"values: unknown candidate 'z'"):
        people.with_criterion("b", {"z": 1})
    with pytest.raises(ResponseError, match=r"values: expected 2 numbers, one a candidate, got \[1\]"):
        people.with_criterion("b", [1])
    with pytest.raises(ResponseError, match=r"standard_errors: expected 2 numbers, one a candidate, got \['1', '2'\]"):
        people.with_criterion("b", [1, 2], standard_errors=["1", "2"])
    with pytest.raises(ResponseError, match="column 'a': is there more than once"):
        people.with_criterion("a", [1, 2])
    with pytest.raises(ResponseError, match="the other columns have no names"):
        Candidates(["x"], [[1.0]]).with_criterion("b", [1])


def test_candidates_keep_a_read_only_copy_and_compare_by_value() -> None:
    values = np.array([[1.0, 2.0], [3.0, NAN]])
    people = Candidates(["x", "y"], values)
    values[0, 0] = 9
    assert people.values[0, 0] == 1
    assert not people.values.flags.writeable
    assert people == Candidates(["x", "y"], [[1, 2], [3, None]])
    assert people != Candidates(["x", "z"], [[1, 2], [3, None]])
    assert len(people) == 2
    assert repr(people) == "Candidates(2 candidates x 2 criteria, 1 value missing)"
    assert people._repr_html_() == f"<p>{people!r}</p>"


@pytest.mark.parametrize(
    "values",
    [
        np.array([[1.0, 2.0], [3.0, NAN]], dtype=np.float32),
        np.array([[1, 2], [3, None]], dtype=object),
        np.ma.masked_invalid([[1.0, 2.0], [3.0, NAN]]),
        np.ma.masked_equal([[1, 2], [3, 99]], 99),
        np.asfortranarray([[1.0, 2.0], [3.0, NAN]]),
        ((1, 2), (3, NAN)),
    ],
    ids=["float32", "object", "masked", "masked whole numbers", "Fortran", "tuples"],
)
def test_values_of_every_kind_of_array_are_the_same_candidates(values: Any) -> None:
    people = Candidates(["x", "y"], values, standard_errors=values)
    plain = [[1.0, 2.0], [3.0, NAN]]
    assert people == Candidates(["x", "y"], plain, standard_errors=plain)


def test_labels_of_numpy_and_missing_ones_become_plain() -> None:
    labels = np.array(["n", "s"])
    assert Candidates(["x", "y"], [[1], [2]], groups=labels).groups == ("n", "s")
    assert Candidates(["x", "y"], [[1], [2]], groups=np.array([1.0, NAN])).groups == (1.0, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": [["3"], ["4"]]}, "values: expected real numbers, got text"),
        ({"values": [[1j], [2]]}, "values: expected real numbers, got complex numbers"),
        ({"values": [[1], ["x"]]}, "values: expected real numbers, got text"),
        (
            {"values": np.array([[1], [b"x"]], dtype=object)},
            r"values\[1, 0\]: expected a real number or None, got b'x'",
        ),
        ({"values": [[1, 2], [3]]}, "values: rows differ in length"),
        ({"values": [1, 2]}, r"values: expected shape \(2, c\): a row for each id, .* got \(2,\)"),
        ({"values": [[1]]}, r"values: expected shape \(2, c\): a row for each id, .* got \(1, 1\)"),
        ({"values": np.empty((2, 0))}, r"values: expected shape \(2, c\)"),
        ({"values": [[1, 2], [3, 4]], "criterion_ids": ["a"]}, r"values: expected shape \(2, 1\): .* got \(2, 2\)"),
        ({"values": [[INF], [1]]}, "values: candidate 'x', column 0: expected a finite number or NaN, got inf"),
        (
            {"values": [[1], [-INF]], "criterion_ids": ["a"]},
            "values: candidate 'y', column 'a': expected a finite number or NaN, got -inf",
        ),
        ({"ids": ["x", "x"]}, "candidate 'x': is there 2 times, in rows 1, 2"),
        ({"ids": ["x", ""]}, "row 2: expected a candidate id, a text that is not empty, got ''"),
        ({"ids": [1, 2]}, "row 1: expected a candidate id, a text that is not empty, got 1"),
        ({"standard_errors": [[1], [-1]]}, "standard_errors: candidate 'y', column 0: .* at least 0, got -1"),
        ({"standard_errors": [[1], [INF]]}, "standard_errors: candidate 'y', column 0: expected a finite number"),
        ({"standard_errors": [1, 1]}, r"standard_errors: expected shape \(2, 1\), that of the values, got \(2,\)"),
        ({"standard_errors": "ab"}, "standard_errors: expected real numbers, got text"),
        ({"groups": ["n"]}, "groups: expected 2 labels, got 1"),
        ({"groups": ["n", 1]}, "groups: labels of kind int, str do not sort together"),
        ({"groups": "ns"}, "groups: expected one label a row, got 'ns'"),
        ({"groups": 5}, "groups: expected one label a row, got 5"),
        ({"criterion_ids": [""]}, "column 0: expected a text that is not empty, got ''"),
        ({"values": [[1, 2], [3, 4]], "criterion_ids": ["a", "a"]}, "column 'a': is there more than once"),
    ],
)
def test_candidates_that_are_none_are_refused(arguments: dict[str, Any], message: str) -> None:
    given_arguments: dict[str, Any] = {"ids": ["x", "y"], "values": [[1], [2]]} | arguments
    with pytest.raises(ResponseError, match=message):
        Candidates(**given_arguments)


def test_all_faults_of_candidates_come_at_once() -> None:
    with pytest.raises(ResponseError) as caught:
        Candidates(["x", "x"], [[INF], [-INF]], standard_errors=[["a"], ["b"]], groups=["n"])
    assert [fault.where for fault in caught.value.faults] == [
        "candidate 'x'",
        "values: candidate 'x', column 0",
        "values: candidate 'x', column 0",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"id": "Team lead"}, "id: 'Team lead' is not an identifier"),
        ({"weight": -1}, "weight: expected a number of at least 0, got -1"),
        ({"weight": NAN}, "weight: expected a finite number, got nan"),
        ({"weight": INF}, "weight: expected a finite number, got inf"),
        ({"weight": True}, "weight: expected a number, got True"),
        ({"weight": "2"}, "weight: expected a number, got '2'"),
        ({"direction": "up"}, "direction: expected one of 'high', 'low', got 'up'"),
        ({"floor": NAN}, "floor: expected a finite number, got nan"),
        ({"floor": "3"}, "floor: expected a number, got '3'"),
    ],
)
def test_a_criterion_that_is_none_is_refused(arguments: dict[str, Any], message: str) -> None:
    given_arguments: dict[str, Any] = {"id": "a", "weight": 1.0} | arguments
    with pytest.raises(DefinitionError, match=message):
        Criterion(**given_arguments)


def test_all_faults_of_criteria_come_at_once() -> None:
    wanted: list[Any] = [Criterion("coching", 0.0), Criterion("projects", 0.0), Criterion("projects", 0.0), "absences"]
    with pytest.raises(DefinitionError) as caught:
        shortlist(TEAM, wanted, k=1)
    assert [str(fault) for fault in caught.value.faults] == [
        "criteria[3]: expected a Criterion, got 'absences'",
        "criterion 'projects': is there more than once",
        "criteria: expected weights with a finite sum above 0",
        "criterion 'coching': the candidates have no such column (did you mean 'coaching'?)",
    ]
    with pytest.raises(DefinitionError, match="expected at least one criterion, got none"):
        shortlist(TEAM, [], k=1)
    with pytest.raises(DefinitionError, match="expected weights with a finite sum above 0"):
        shortlist(TEAM, [Criterion("coaching", 1e308), Criterion("projects", 1e308)], k=1)
    with pytest.raises(DefinitionError, match=r"the candidates have 3 columns without names, .* got 2"):
        shortlist(Candidates(TEAM.ids, TEAM.values), WANTED[:2], k=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "k: expected a whole number of at least 1, got 0"),
        ({"k": 1.0}, "k: expected a whole number of at least 1, got 1.0"),
        ({"k": True}, "k: expected a whole number of at least 1, got True"),
        ({"n_draws": 0}, "n_draws: expected a whole number of at least 1, got 0"),
        ({"normalise": "z"}, "normalise: expected one of 'min_max', 'percentile', got 'z'"),
        ({"rng": None}, "rng: the candidates have standard errors, so a Generator, a SeedSequence or a seed is needed"),
        ({"rng": -1}, "rng: expected a Generator, a SeedSequence or an integer of at least 0, got -1"),
        ({"rng": "x"}, "rng: expected a Generator, a SeedSequence or an integer of at least 0, got 'x'"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], message: str) -> None:
    people = evolve(TEAM, standard_errors=np.ones((5, 3)))
    chosen: dict[str, Any] = {"k": 1, "rng": 1} | options
    with pytest.raises(ValueError, match=message):
        shortlist(people, WANTED, **chosen)


def test_without_standard_errors_no_seed_is_needed() -> None:
    assert shortlist(TEAM, WANTED, k=1) == shortlist(TEAM, WANTED, k=1, rng=5, n_draws=7)


@given(drawn_candidates())
def test_raising_a_floor_never_keeps_more(people: Candidates) -> None:
    name = people.criterion_ids[0]
    kept = [
        set(shortlist(people, [Criterion(name, 1, floor=floor)], k=1, rng=1, n_draws=5).ids)
        for floor in (None, 2.0, 3.0, 4.5)
    ]
    assert kept[0] >= kept[1] >= kept[2] >= kept[3]
