"""Feedback of many raters: worked examples, a second way in plain loops, laws, edges and refusals."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pytest
from attrs import evolve, fields
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import samples
from leadkit.assessment import (
    ROLES,
    Comment,
    Feedback,
    GapRule,
    Instrument,
    Metric,
    Ratings,
    Responses,
    ResponseScale,
    feedback,
    score,
)
from leadkit.assessment.flags import FEEDBACK_FLAGS
from leadkit.errors import DefinitionError, ResponseError, UnknownIdError
from leadkit.stats import FLAGS, group_agreement, group_icc, rater_severity
from leadkit.testing import ratings

NAN = float("nan")
METRICS: tuple[Metric, ...] = ("mean", "sum", "pomp")
TABLES = ("mean", "sd", "minimum", "maximum", "n", "n_raters", "item_mean", "item_n")
Row = tuple[str, str, str, Sequence[float]]


def rated(instrument: Instrument, *rows: Row) -> Ratings:
    """Build ratings from (ratee, rater, role, answers)."""
    ratees, raters, roles, values = zip(*rows, strict=True)
    answers = Responses(instrument, np.array(values, dtype=float), [f"e{i}" for i in range(len(rows))])
    return Ratings(answers, ratees, raters, roles)


def shuffled(given: Ratings, seed: int = 0) -> Ratings:
    return given[np.random.default_rng(seed).permutation(len(given))]


EXAMPLE: tuple[Row, ...] = (
    ("ann", "cy", "peer", (4, 2, 4, 4, 4)),
    ("ann", "ann", "self", (5, 1, 5, 3, 3)),
    ("ann", "bo", "peer", (2, 4, 2, 2, NAN)),
    ("ann", "dee", "mentor", (3, NAN, 3, 1, 1)),
    ("ann", "eve", "customer", (NAN, NAN, 5, NAN, NAN)),
    ("bo", "ann", "peer", (4, 4, 4, 4, 4)),
)


def test_every_table_of_a_small_example_by_hand(two: Instrument) -> None:
    raw = feedback(rated(two, *EXAMPLE))
    assert raw.ratee_ids == ("ann", "bo")
    assert raw.roles == ("self", "peer", "customer", "mentor")
    assert raw.dimension_ids == ("vision", "drive")
    np.testing.assert_array_equal(raw.mean[0], [[5, 3], [3, 3], [NAN, NAN], [3, 1]])
    np.testing.assert_array_equal(raw.mean[1], [[NAN, NAN], [3.5, 4], [NAN, NAN], [NAN, NAN]])
    np.testing.assert_allclose(
        raw.sd[0], [[NAN, NAN], [math.sqrt(2), math.sqrt(2)], [NAN, NAN], [NAN, NAN]], rtol=1e-15
    )
    np.testing.assert_array_equal(raw.minimum[0, 1], [2, 2])
    np.testing.assert_array_equal(raw.maximum[0, 1], [4, 4])
    assert raw.n.tolist() == [[[1, 1], [2, 2], [0, 0], [1, 1]], [[0, 0], [1, 1], [0, 0], [0, 0]]]
    assert raw.n_raters.tolist() == [[1, 2, 1, 1], [0, 1, 0, 0]]
    np.testing.assert_array_equal(raw.item_mean[0, 1], [3, 3, 3, 3, 4])
    np.testing.assert_array_equal(raw.item_mean[1, 1], [4, 2, 4, 4, 4])
    assert raw.item_n[0].tolist() == [[1, 1, 1, 1, 1], [2, 2, 2, 2, 1], [0, 0, 1, 0, 0], [1, 0, 1, 1, 1]]
    np.testing.assert_array_equal(raw.others_mean, [[3, 2], [3.5, 4]])
    assert raw.others_n.tolist() == [[3, 3], [1, 1]]
    np.testing.assert_array_equal(raw.gap, [[2, 1], [NAN, NAN]])
    np.testing.assert_array_equal(raw.target, np.full((2, 2), 3.0))
    assert raw.gap_category.tolist() == [["blind_spot", "agreed_need"], ["undecided", "undecided"]]
    np.testing.assert_allclose(raw.standard_error[0], [math.sqrt(2 * (1 / 2 + 1) / 4)] * 2, rtol=1e-15)
    assert np.isnan(raw.standard_error[1]).all()
    assert raw.adjusted_mean is None


def test_flags_say_where_what_is_missing(two: Instrument) -> None:
    raw = feedback(rated(two, *EXAMPLE, ("cy", "cy", "self", (3, 3, 3, 3, 3))))
    assert set(raw.flags) == {"no_self", "no_others", "no_standard_error", "too_few_answers"} <= set(FEEDBACK_FLAGS)
    assert raw.flags["no_self"].tolist() == [[False] * 2, [True] * 2, [False] * 2]
    assert raw.flags["no_others"].tolist() == [[False] * 2, [False] * 2, [True] * 2]
    assert raw.flags["no_standard_error"].tolist() == [[False] * 2, [True] * 2, [False] * 2]
    assert np.argwhere(raw.flags["too_few_answers"]).tolist() == [[0, 2, 0], [0, 2, 1]]


def naive(given: Ratings, metric: Metric) -> dict[tuple[str, str], dict[str, Any]]:
    """Work out every cell with loops over records: its scores and its keyed answers."""
    form = given.instrument
    low, high = form.scale.low, form.scale.high
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for ratee, role, row in zip(given.ratee_ids, given.roles, given.responses.values, strict=True):
        cell = cells.setdefault((ratee, role), {"n": 0, "scores": {}, "items": {}, "raw": {}})
        cell["n"] += 1
        answers = dict(zip(form.item_ids, row.tolist(), strict=True))
        for part in form.dimensions:
            total = weight = answered = 0.0
            for item in part.items:
                answer = answers[item.id]
                if math.isnan(answer):
                    continue
                keyed = low + high - answer if item.reverse else answer
                percent = 100 * (keyed - low) / (high - low)
                cell["items"].setdefault(item.id, []).append(percent if metric == "pomp" else keyed)
                answered, total, weight = answered + 1, total + item.weight * keyed, weight + item.weight
            if answered < part.n_needed:
                continue
            mean = total / weight
            own = {"mean": mean, "sum": len(part.items) * mean, "pomp": 100 * (mean - low) / (high - low)}[metric]
            cell["scores"].setdefault(part.id, []).append(own)
    return cells


def moments(values: Sequence[float]) -> tuple[float, float, float, float, int]:
    n = len(values)
    if n == 0:
        return NAN, NAN, NAN, NAN, 0
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (n - 1)) if n > 1 else NAN
    return mean, sd, min(values), max(values), n


@given(ratings(), st.sampled_from(METRICS))
def test_every_cell_is_what_loops_over_the_records_give(given: Ratings, metric: Metric) -> None:
    raw = feedback(given, metric=metric)
    form, cells = given.instrument, naive(given, metric)
    assert raw.ratee_ids == tuple(sorted(set(given.ratee_ids)))
    custom = sorted(set(given.roles) - set(ROLES))
    assert raw.roles == (*(role for role in ROLES if role in given.roles), *custom)
    for t, ratee in enumerate(raw.ratee_ids):
        for r, role in enumerate(raw.roles):
            cell = cells.get((ratee, role), {"n": 0, "scores": {}, "items": {}})
            assert raw.n_raters[t, r] == cell["n"]
            for d, name in enumerate(raw.dimension_ids):
                wanted = moments(cell["scores"].get(name, []))
                found = [table[t, r, d] for table in (raw.mean, raw.sd, raw.minimum, raw.maximum, raw.n)]
                # two means of the same scores differ in their last digit, and so a spread of 0 from none
                np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
            for k, name in enumerate(form.item_ids):
                answers = cell["items"].get(name, [])
                assert raw.item_n[t, r, k] == len(answers)
                np.testing.assert_allclose(raw.item_mean[t, r, k], moments(answers)[0], rtol=1e-13, atol=1e-13)


@settings(max_examples=25)
@given(ratings(), st.sampled_from(METRICS), st.sampled_from(["equal_roles", "equal_raters", {"peer": 2, "manager": 1}]))
def test_others_gap_and_error_are_what_loops_over_the_roles_give(
    given: Ratings, metric: Metric, weighting: Any
) -> None:
    raw = feedback(given, metric=metric, weighting=weighting)
    cells = naive(given, metric)
    for t, ratee in enumerate(raw.ratee_ids):
        for d, name in enumerate(raw.dimension_ids):
            scores = {role: cells.get((ratee, role), {"scores": {}})["scores"].get(name, []) for role in raw.roles}
            own = scores.pop("self", [])
            weight = {
                role: {"equal_roles": 1, "equal_raters": len(values)}.get(weighting, 0)
                if isinstance(weighting, str)
                else weighting.get(role, 0)
                for role, values in scores.items()
                if values
            }
            weight = {role: share / sum(weight.values()) for role, share in weight.items() if share}
            mean = sum(share * moments(scores[role])[0] for role, share in weight.items()) if weight else NAN
            assert raw.others_mean[t, d] == pytest.approx(mean, rel=1e-12, abs=1e-12, nan_ok=True)
            assert raw.others_n[t, d] == sum(len(scores[role]) for role in weight)
            gap = own[0] - mean if own else NAN
            assert raw.gap[t, d] == pytest.approx(gap, rel=1e-11, abs=1e-11, nan_ok=True)
            df = sum(len(scores[role]) - 1 for role in weight)
            squares = sum(
                moments(scores[role])[1] ** 2 * (len(scores[role]) - 1) for role in weight if len(scores[role]) > 1
            )
            error = NAN
            if df:
                error = math.sqrt(squares / df * sum(share**2 / len(scores[role]) for role, share in weight.items()))
            assert raw.standard_error[t, d] == pytest.approx(error, rel=1e-11, abs=1e-11, nan_ok=True)


@given(ratings(), st.integers(0, 5), st.sampled_from(METRICS))
def test_the_order_of_the_evaluations_changes_nothing_at_all(given: Ratings, seed: int, metric: Metric) -> None:
    assert feedback(shuffled(given, seed), metric=metric) == feedback(given, metric=metric)


@given(ratings(), st.sampled_from([GapRule.share_of_scale(0.25), GapRule.points(1), GapRule.standard_error(1.5)]))
def test_the_metrics_are_the_same_feedback_in_other_units(given: Ratings, rule: GapRule) -> None:
    low, high = given.instrument.scale.low, given.instrument.scale.high
    n_items = np.array([len(part.items) for part in given.instrument.dimensions])
    mean, sums, pomp = (feedback(given, metric=metric, gap_rule=rule) for metric in METRICS)
    unit = 100 / (high - low)
    for name in ("mean", "minimum", "maximum", "others_mean", "target"):
        np.testing.assert_allclose(getattr(pomp, name), (getattr(mean, name) - low) * unit, rtol=1e-12, atol=1e-10)
        np.testing.assert_allclose(getattr(sums, name), getattr(mean, name) * n_items, rtol=1e-12, atol=1e-12)
    for name in ("sd", "gap", "standard_error"):
        np.testing.assert_allclose(getattr(pomp, name), getattr(mean, name) * unit, rtol=1e-11, atol=1e-10)
        np.testing.assert_allclose(getattr(sums, name), getattr(mean, name) * n_items, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(pomp.item_mean, (mean.item_mean - low) * unit, rtol=1e-12, atol=1e-10)
    assert np.array_equal(sums.item_mean, mean.item_mean, equal_nan=True)
    assert mean.gap_category.tolist() == sums.gap_category.tolist() == pomp.gap_category.tolist()
    assert mean.agreement.rwg_star_j.tolist() == pytest.approx(pomp.agreement.rwg_star_j.tolist(), nan_ok=True)
    for name in ("icc1", "icc2"):
        np.testing.assert_allclose(getattr(mean.agreement, name), getattr(pomp.agreement, name), rtol=1e-8, atol=1e-8)


@settings(max_examples=20)
@given(ratings())
def test_what_a_ratee_says_of_themselves_never_enters_the_others_mean(given: Ratings) -> None:
    by_others = np.array(given.roles) != "self"
    if not by_others.any():
        return
    whole, without = feedback(given), feedback(given[by_others])
    rows = [whole.ratee_ids.index(name) for name in without.ratee_ids]
    assert np.array_equal(whole.others_mean[rows], without.others_mean, equal_nan=True)
    assert np.array_equal(whole.standard_error[rows], without.standard_error, equal_nan=True)
    assert np.isnan(without.gap).all()
    assert set(without.gap_category.ravel()) == {"undecided"}


@settings(max_examples=20)
@given(ratings())
def test_the_feedback_of_some_ratees_is_a_part_of_that_of_all(given: Ratings) -> None:
    raw = feedback(given)
    first = raw.ratee_ids[0]
    part = feedback(given[[name == first for name in given.ratee_ids]])
    places = [raw.roles.index(role) for role in part.roles]
    for name in TABLES:
        assert np.array_equal(getattr(part, name)[0], getattr(raw, name)[0][places], equal_nan=True)
    for name in ("others_mean", "others_n", "gap", "standard_error"):
        assert np.array_equal(getattr(part, name)[0], getattr(raw, name)[0], equal_nan=True)


@settings(max_examples=15)
@given(ratings())
def test_agreement_is_that_of_the_floor_role_by_role(given: Ratings) -> None:
    check_agreement(given)


def test_agreement_of_a_larger_sample_is_that_of_the_floor() -> None:
    check_agreement(samples.ratings("ved", n_leaders=30, rng=3, missing=0.2))


def check_agreement(given: Ratings) -> None:
    raw, form = feedback(given), given.instrument
    table = raw.agreement
    scores = score(given.responses, composites="none").values
    roles, ratees = np.array(given.roles), np.array(given.ratee_ids)
    rows = [(role, j) for role in raw.roles if role != "self" for j in range(len(form.dimensions))]
    assert list(zip(table.role, table.dimension_id, strict=True)) == [(role, form.dimension_ids[j]) for role, j in rows]
    for row, (role, j) in enumerate(rows):
        mine = roles == role
        columns = form.keys()[:, j] != 0
        within = group_agreement(
            given.responses.values[mine][:, columns],
            ratees[mine],
            bounds=(form.scale.low, form.scale.high),
            missing="pairwise",
        ).rwg_star
        wanted = within[~np.isnan(within)].mean() if (~np.isnan(within)).any() else NAN
        assert table.rwg_star_j[row] == pytest.approx(wanted, rel=1e-12, abs=1e-12, nan_ok=True)
        known = ~np.isnan(scores[:, j]) & mine
        assert table.n_raters[row] == known.sum()
        assert table.n_ratees[row] == len(set(ratees[known]))
        correlations = group_icc(scores[known, j], ratees[known])
        assert table.icc1[row] == pytest.approx(correlations.icc1, rel=1e-9, abs=1e-9, nan_ok=True)
        assert table.icc2[row] == pytest.approx(correlations.icc2, rel=1e-9, abs=1e-9, nan_ok=True)
        shared = {"too_few_rows", "single_group", "no_replication", "perfect_consistency", "no_variance"}
        assert set(table.row_flags[row]) & shared == set(correlations.flags) & shared
        assert ("negative_estimate" in table.row_flags[row]) == (correlations.icc1 < 0)
        no_between = correlations.ms_between == 0 and not math.isnan(correlations.ms_within)
        assert ("zero_between_variance" in table.row_flags[row]) == no_between
        assert ("too_few_raters" in table.row_flags[row]) == math.isnan(wanted)
    assert set(table.flags) <= set(FLAGS)
    json.dumps(table.to_dict(), allow_nan=False)
    assert len(table.to_records()) == len(rows)


def test_a_role_of_one_rater_each_has_no_agreement_and_says_why(two: Instrument) -> None:
    table = feedback(rated(two, *EXAMPLE)).agreement
    mentor = table.to_records()[4]
    assert (mentor["role"], mentor["dimension_id"], mentor["n_ratees"], mentor["n_raters"]) == (
        "mentor",
        "vision",
        1,
        1,
    )
    assert mentor["rwg_star_j"] is mentor["icc1"] is None
    assert mentor["flags"] == "no_replication single_group too_few_raters"
    customer = table.to_records()[2]
    assert (customer["n_ratees"], customer["flags"]) == (0, "too_few_raters too_few_rows")
    assert "self" not in table.role


def test_raters_who_agree_wholly_have_no_spread_though_their_scores_are_no_round_numbers(two: Instrument) -> None:
    rows = [("ann", f"p{i}", "peer", (4, 3, 3, 3, 4)) for i in range(7)]
    raw = feedback(rated(two, *rows), metric="pomp")
    assert raw.sd.tolist() == [[[0, 0]]]
    assert np.array_equal(raw.mean, raw.minimum)
    assert np.array_equal(raw.mean, raw.maximum)
    assert raw.standard_error.tolist() == [[0, 0]]
    assert raw.agreement.rwg_star_j.tolist() == [1, 1]


def test_percent_of_items_is_exact(two: Instrument) -> None:
    given = rated(two, ("ann", "p1", "peer", (2, 4, 5, 1, 3)), ("ann", "p2", "peer", (3, 3, 5, 1, NAN)))
    assert feedback(given, metric="pomp").item_mean[0, 0].tolist() == [37.5, 37.5, 100, 0, 50]


def many(two: Instrument, n: int, *, scale: ResponseScale | None = None, fractions: bool = False) -> Ratings:
    form = two if scale is None else evolve(two, scale=scale)
    rng = np.random.default_rng(n)
    values = rng.integers(form.scale.low, form.scale.high + 1, (n, 5)).astype(float)
    if fractions:
        values = rng.uniform(form.scale.low, form.scale.high, (n, 5))
    values[rng.random(values.shape) < 0.1] = NAN
    answers = Responses(form, values, [str(i) for i in range(n)], allow_fractions=fractions)
    return Ratings(answers, ["ann"] * n, [f"p{i}" for i in range(n)], ["peer"] * n)


@pytest.mark.parametrize("n", [255, 256, 300, 70_000])
def test_a_giant_role_is_one_cell(two: Instrument, n: int) -> None:
    given = many(two, n)
    raw, scores = feedback(given), score(given.responses, composites="none").values
    assert raw.item_n[0, 0].tolist() == (~np.isnan(given.responses.values)).sum(axis=0).tolist()
    assert raw.n[0, 0].tolist() == (~np.isnan(scores)).sum(axis=0).tolist()
    np.testing.assert_allclose(raw.mean[0, 0], np.nanmean(scores, axis=0), rtol=1e-13)
    np.testing.assert_allclose(raw.sd[0, 0], np.nanstd(scores, axis=0, ddof=1), rtol=1e-12)
    np.testing.assert_array_equal(raw.minimum[0, 0], np.nanmin(scores, axis=0))
    np.testing.assert_array_equal(raw.maximum[0, 0], np.nanmax(scores, axis=0))


def test_a_scale_far_from_0_and_answers_between_codes_lose_no_digits(two: Instrument) -> None:
    near, far = many(two, 50), many(two, 50, scale=ResponseScale(low=10**8 + 1, high=10**8 + 5))
    assert np.array_equal(near.responses.values + 10**8, far.responses.values, equal_nan=True)
    one, other = feedback(near), feedback(far)
    np.testing.assert_allclose(other.sd, one.sd, rtol=1e-6)
    np.testing.assert_allclose(other.item_mean - 10**8, one.item_mean, rtol=0, atol=1e-7)
    assert other.agreement.rwg_star_j == pytest.approx(one.agreement.rwg_star_j, rel=1e-12)
    between = many(two, 40, fractions=True)
    keyed = np.where([False, True, False, False, False], 6 - between.responses.values, between.responses.values)
    np.testing.assert_allclose(feedback(between).item_mean[0, 0], np.nanmean(keyed, axis=0), rtol=1e-14)


def test_blocks_of_ratees_and_batches_of_cells_change_nothing(two: Instrument) -> None:
    rng = np.random.default_rng(8)
    who = [(f"t{t:04d}", f"p{i}", "peer") for t in range(2100) for i in range(1 + t % 4)]
    who += [(f"t{t:04d}", f"t{t:04d}", "self") for t in range(0, 2100, 3)]
    values = rng.integers(1, 6, (len(who), 5)).astype(float)
    values[rng.random(values.shape) < 0.1] = NAN
    given = shuffled(rated(two, *((*names, row) for names, row in zip(who, values.tolist(), strict=True))))
    raw = feedback(given)
    for t in (0, 1023, 1024, 2047, 2099):
        alone = feedback(given[[name == f"t{t:04d}" for name in given.ratee_ids]])
        places = [raw.roles.index(role) for role in alone.roles]
        for name in TABLES:
            assert np.array_equal(getattr(alone, name)[0], getattr(raw, name)[t][places], equal_nan=True)
        for name in ("others_mean", "others_n", "standard_error"):
            assert np.array_equal(getattr(alone, name)[0], getattr(raw, name)[t], equal_nan=True)


def test_no_evaluations_give_empty_tables(two: Instrument) -> None:
    nothing = Ratings(Responses(two, np.empty((0, 5)), []), [], [], [])
    choices: tuple[Literal["none", "shrunken"], ...] = ("none", "shrunken")
    for effects in choices:
        raw = feedback(nothing, rater_effects=effects)
        assert raw.ratee_ids == raw.roles == raw.rater_digest.rater_ids == ()
        assert raw.mean.shape == raw.n.shape == (0, 0, 2)
        assert raw.item_mean.shape == raw.item_n.shape == (0, 0, 5)
        assert raw.others_mean.shape == raw.gap_category.shape == raw.target.shape == (0, 2)
        assert raw.n_raters.shape == (0, 0)
        assert raw.agreement.to_records() == []


def test_only_self_ratings_leave_every_gap_undecided(two: Instrument) -> None:
    raw = feedback(rated(two, ("ann", "ann", "self", (1, 1, 1, 1, 1))), rater_effects="shrunken")
    assert raw.roles == ("self",)
    assert np.isnan(raw.others_mean).all()
    assert raw.others_n.tolist() == [[0, 0]]
    assert raw.gap_category.tolist() == [["undecided"] * 2]
    assert raw.adjusted_mean is not None
    assert raw.adjusted_mean.tolist() == raw.mean.tolist()


def test_an_evaluation_without_answers_counts_as_a_rater_without_a_score(two: Instrument) -> None:
    raw = feedback(rated(two, ("ann", "p1", "peer", (NAN,) * 5), ("ann", "p2", "peer", (4, 2, 4, 4, 4))))
    assert raw.n_raters.tolist() == [[2]]
    assert raw.n.tolist() == [[[1, 1]]]
    assert raw.mean.tolist() == [[[4, 4]]]
    assert np.isnan(raw.sd).all()
    assert raw.flags["too_few_answers"].all()


GAPS: tuple[Row, ...] = (
    ("ann", "ann", "self", (5, 1, 5, 3, 3)),
    ("ann", "bo", "peer", (4, 2, 4, 3, 3)),
    ("ann", "cy", "peer", (3, 3, 3, 3, 3)),
    ("ann", "dee", "manager", (4, 2, 4, 4, 4)),
)


@pytest.mark.parametrize(
    ("rule", "vision"),
    [
        (GapRule.share_of_scale(0.3), "blind_spot"),
        (GapRule.share_of_scale(0.32), "agreed_strength"),
        (GapRule.points(1.2), "blind_spot"),
        (GapRule.points(1.25), "agreed_strength"),
        (GapRule.standard_error(2.8), "blind_spot"),
        (GapRule.standard_error(2.9), "agreed_strength"),
    ],
)
def test_each_gap_rule_by_hand(two: Instrument, rule: GapRule, vision: str) -> None:
    raw = feedback(rated(two, *GAPS), gap_rule=rule)
    assert raw.gap.tolist() == [[1.25, -0.5]]
    assert raw.standard_error[0, 0] == pytest.approx(math.sqrt(0.5 * (1 + 1 / 2) / 4))
    assert raw.gap[0, 0] / raw.standard_error[0, 0] == pytest.approx(2.887, abs=1e-3)
    for metric in METRICS:
        assert feedback(rated(two, *GAPS), gap_rule=rule, metric=metric).gap_category[0, 0] == vision
    assert raw.gap_rule == rule
    assert raw.provenance.rules["gap_rule"] == rule.name


def test_without_degrees_of_freedom_a_rule_of_standard_errors_decides_nothing(two: Instrument) -> None:
    given = rated(two, GAPS[0], GAPS[1], GAPS[3])
    assert feedback(given, gap_rule=GapRule.standard_error(1)).gap_category.tolist() == [["undecided"] * 2]
    assert feedback(given).gap_category.tolist() == [["agreed_strength"] * 2]


@pytest.mark.parametrize(
    ("weighting", "vision", "raters"),
    [
        ("equal_roles", 3.75, 3),
        ("equal_raters", 11 / 3, 3),
        ({"peer": 3, "manager": 1}, 3.625, 3),
        ({"peer": 1, "customer": 9}, 3.5, 2),
        ({"customer": 1}, NAN, 0),
    ],
)
def test_each_weighting_by_hand(two: Instrument, weighting: Any, vision: float, raters: int) -> None:
    raw = feedback(rated(two, *GAPS), weighting=weighting)
    assert raw.others_mean[0, 0] == pytest.approx(vision, rel=1e-15, nan_ok=True)
    assert raw.others_n[0, 0] == raters
    assert raw.weighting == weighting
    assert raw.provenance.rules["weighting"] == weighting


def test_a_target_is_the_midpoint_a_number_or_one_of_each_dimension(two: Instrument) -> None:
    given = rated(two, *GAPS)
    assert [feedback(given, metric=metric).target.tolist() for metric in METRICS] == [[[3, 3]], [[9, 6]], [[50, 50]]]
    assert feedback(given, target=4).target.tolist() == [[4, 4]]
    strict = feedback(given, target={"drive": 3.6})
    assert strict.target.tolist() == [[3, 3.6]]
    assert strict.gap_category.tolist() == [["agreed_strength", "agreed_need"]]
    assert feedback(given, target={"drive": 3.5}).gap_category.tolist() == [["agreed_strength"] * 2]
    assert strict.provenance.rules["target"] == {"drive": 3.6}
    assert feedback(given, metric="sum", target={"vision": 12, "drive": 8}).target.tolist() == [[12, 8]]


def test_targets_that_cannot_be_are_refused_all_at_once(two: Instrument) -> None:
    given = rated(two, *GAPS)
    with pytest.raises(
        DefinitionError, match=r"target\['vision'\]: 75 is outside 1..5, the span in metric 'mean'"
    ) as caught:
        feedback(given, target=75)
    assert len(caught.value.faults) == 2
    with pytest.raises(DefinitionError, match=r"target\['drive'\]: 12 is outside 2..10, the span in metric 'sum'"):
        feedback(given, metric="sum", target=12)
    with pytest.raises(DefinitionError, match=r"target\['drive'\]: expected a number, got 'high'"):
        feedback(given, target={"drive": "high"})  # type: ignore[dict-item]
    with pytest.raises(UnknownIdError, match=r"unknown dimension 'dirve' \(did you mean 'drive'\?\)"):
        feedback(given, target={"dirve": 3})


def test_wrong_options_are_refused_with_what_is_possible(two: Instrument) -> None:
    given = rated(two, *EXAMPLE)
    with pytest.raises(DefinitionError, match="metric: expected one of 'mean', 'sum', 'pomp', got 'median'"):
        feedback(given, metric="median")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="weighting: expected one of 'equal_roles', 'equal_raters', or a mapping"):
        feedback(given, weighting="equal")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match=r"gap_rule: expected a GapRule such as GapRule.points\(1\), got 1"):
        feedback(given, gap_rule=1)  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="rater_effects: expected one of 'none', 'shrunken', got True"):
        feedback(given, rater_effects=True)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match=r"unknown role 'mentr' \(did you mean 'mentor'\?\); known: .*mentor"):
        feedback(given, weighting={"mentr": 1})
    with pytest.raises(DefinitionError, match="others never include self"):
        feedback(given, weighting={"self": 1, "peer": 1})
    assert feedback(given, weighting={"mentor": 1}).others_mean[0].tolist() == [3, 1]


def test_comments_stay_beside_the_feedback_in_their_order(two: Instrument) -> None:
    written = [
        Comment(ratee_id="ann", rater_id="cy", role="peer", text="Calm."),
        Comment(ratee_id="ann", rater_id="ann", role="self", text="Hm.", dimension_id="drive"),
    ]
    assert feedback(rated(two, *EXAMPLE), comments=iter(written)).comments == tuple(written)
    assert feedback(rated(two, *EXAMPLE)).comments == ()


def test_comments_that_fit_no_evaluation_are_refused_all_at_once(two: Instrument) -> None:
    def by(**changes: Any) -> Comment:
        return Comment(**({"ratee_id": "ann", "rater_id": "cy", "role": "peer", "text": "Calm."} | changes))

    wrong: list[Any] = [
        by(),
        by(ratee_id="anne"),
        by(role="manager"),
        by(rater_id="zoe"),
        by(dimension_id="visoin"),
        "Calm.",
    ]
    with pytest.raises(ResponseError) as caught:
        feedback(rated(two, *EXAMPLE), comments=wrong)
    assert [str(fault) for fault in caught.value.faults] == [
        "comments[1]: nobody rated 'anne' (did you mean 'ann'?)",
        "comments[2]: 'cy' did not rate 'ann' as 'manager'",
        "comments[3]: 'zoe' did not rate 'ann' as 'peer'",
        "comments[4]: unknown dimension 'visoin' (did you mean 'vision'?); known: drive, vision",
        "comments[5]: expected a Comment, got 'Calm.'",
    ]


@settings(max_examples=20)
@given(ratings())
def test_the_digest_holds_every_evaluation_in_order(given: Ratings) -> None:
    raw = feedback(shuffled(given), metric="sum")
    digest = raw.rater_digest
    scores = score(given.responses, metric="sum", composites="none").values
    rows = sorted(
        range(len(given)), key=lambda i: (given.ratee_ids[i], raw.roles.index(given.roles[i]), given.rater_ids[i])
    )
    assert [raw.ratee_ids[t] for t in digest.ratee] == [given.ratee_ids[i] for i in rows]
    assert [raw.roles[r] for r in digest.role] == [given.roles[i] for i in rows]
    assert digest.rater_ids == tuple(given.rater_ids[i] for i in rows)
    assert np.array_equal(digest.answers, given.responses.values[rows], equal_nan=True)
    assert np.array_equal(digest.scores, scores[rows], equal_nan=True)
    for t, ratee in enumerate(raw.ratee_ids):
        for r, role in enumerate(raw.roles):
            mine = [i for i in rows if given.ratee_ids[i] == ratee and given.roles[i] == role]
            assert digest.rater_ids[digest.rows(t, r)] == tuple(given.rater_ids[i] for i in mine)


def test_nothing_of_a_feedback_is_shown(two: Instrument) -> None:
    raw = feedback(rated(two, *EXAMPLE))
    assert repr(raw) == str(raw)
    assert repr(raw) == (
        "Feedback('two' 1.0.0: 2 ratees x 4 roles x 2 dimensions, 6 evaluations; call disclose(feedback, policy))"
    )
    assert repr(raw.rater_digest) == "RaterDigest(6 evaluations, 5 items, 2 dimensions)"
    for value in (raw, raw.rater_digest):
        for name in ("to_dict", "to_records", "_repr_html_"):
            assert not hasattr(value, name)


def test_feedback_is_a_value_that_cannot_be_changed_and_survives_pickling(two: Instrument) -> None:
    raw = feedback(rated(two, *EXAMPLE), weighting={"peer": 1, "mentor": 2}, rater_effects="shrunken")
    again = pickle.loads(pickle.dumps(raw))  # noqa: S301 - our own bytes
    assert again == raw
    assert raw != feedback(rated(two, *EXAMPLE), weighting={"peer": 1, "mentor": 3}, rater_effects="shrunken")
    values = [getattr(raw, part.name) for part in fields(Feedback)]
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    assert len(arrays) == 16
    for array in (
        *arrays,
        raw.rater_digest.answers,
        raw.rater_digest.scores,
        raw.rater_digest.ratee,
        *raw.flags.values(),
    ):
        assert not array.flags.writeable
    with pytest.raises(AttributeError):
        raw.mean = raw.sd  # type: ignore[misc]
    rebuilt = evolve(
        raw, gap_category=raw.gap_category.tolist(), mean=raw.mean.tolist(), weighting={"peer": 1, "mentor": 2}
    )
    assert rebuilt == raw
    assert not rebuilt.gap_category.flags.writeable


def test_a_result_says_what_it_was_made_with(two: Instrument) -> None:
    raw = feedback(rated(two, *EXAMPLE), metric="pomp", gap_rule=GapRule.points(2), target=60)
    assert raw.provenance.instrument_hash == two.hash
    assert dict(raw.provenance.rules) == {
        "metric": "pomp",
        "weighting": "equal_roles",
        "gap_rule": "points(2)",
        "target": 60,
        "rater_effects": "none",
    }
    json.dumps(raw.provenance.to_dict(), allow_nan=False)


def test_adjusted_means_are_role_means_of_scores_freed_of_severity() -> None:
    given = shuffled(samples.ratings("ved", n_leaders=8, rng=5, missing=0.1))
    raw = feedback(given, metric="pomp", rater_effects="shrunken")
    assert raw.adjusted_mean is not None
    scores = score(given.responses, metric="pomp", composites="none").values
    ratees, roles, raters = (np.array(names) for names in (given.ratee_ids, given.roles, given.rater_ids))
    others = roles != "self"
    changed = 0.0
    for j in range(len(raw.dimension_ids)):
        found = rater_severity(scores[others, j], ratees[others], raters[others])
        severity = dict(zip(found.raters, found.severity.tolist(), strict=True))
        for t, ratee in enumerate(raw.ratee_ids):
            for r, role in enumerate(raw.roles):
                mine = np.flatnonzero((ratees == ratee) & (roles == role) & ~np.isnan(scores[:, j]))
                added = [0.0 if role == "self" else severity[raters[i]] for i in mine]
                wanted = np.mean(scores[mine, j] + added) if len(mine) else NAN
                assert raw.adjusted_mean[t, r, j] == pytest.approx(wanted, rel=1e-7, nan_ok=True)
                changed = max(changed, *map(abs, added), 0.0)
    assert changed > 1
    plain = feedback(given, metric="pomp")
    assert np.array_equal(raw.mean, plain.mean, equal_nan=True)
    own = raw.roles.index("self")
    assert np.array_equal(raw.adjusted_mean[:, own], raw.mean[:, own], equal_nan=True)


def test_where_severity_cannot_be_told_the_means_are_not_known_and_flagged(two: Instrument) -> None:
    raw = feedback(rated(two, *EXAMPLE), rater_effects="shrunken")
    assert raw.adjusted_mean is not None
    assert raw.adjusted_mean[0, 0].tolist() == [5, 3]
    doubts = set(raw.flags) - set(FEEDBACK_FLAGS)
    assert doubts
    assert doubts <= set(FLAGS)
    assert all(raw.flags[name].shape == (2,) for name in doubts)
    assert np.isnan(raw.adjusted_mean[:, 1:]).all()


def test_severity_of_too_many_people_is_refused_with_the_dimension(two: Instrument) -> None:
    n = 5001
    rng = np.random.default_rng(1)
    given = Responses(two, rng.integers(1, 6, (2 * n, 5)), [str(i) for i in range(2 * n)])
    ratees = [f"t{i}" for i in range(n)] * 2
    raters = [f"p{i}" for i in range(n)] + [f"p{(i + 1) % n}" for i in range(n)]
    with pytest.raises(ResponseError, match=r"rater_effects 'shrunken', dimension 'vision': .*5000"):
        feedback(Ratings(given, ratees, raters, ["peer"] * (2 * n)), rater_effects="shrunken")
