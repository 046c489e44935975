"""Gaps between self and others: rules, weightings, standard errors and what a gap is called."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.assessment import GapRule, Instrument
from leadkit.assessment.multirater.gaps import (
    GAP_CATEGORIES,
    gap_categories,
    others,
    others_standard_error,
    role_weights,
    self_mean,
    thresholds,
)
from leadkit.assessment.multirater.metrics import check_metric, dimension_span, item_span, scale_point
from leadkit.assessment.multirater.weighting import check_weighting
from leadkit.errors import DefinitionError, UnknownIdError

NAN = float("nan")
ROLES = ("self", "manager", "peer", "direct_report")
MEAN = [[[5.0], [3.0], [4.0], [2.0]]]
N = [[[1], [1], [3], [6]]]


def test_a_rule_is_named_by_what_it_counts() -> None:
    assert GapRule.share_of_scale(1 / 3).name == "share_of_scale(0.3333)"
    assert GapRule.points(1).name == "points(1)"
    assert GapRule.standard_error(1.96).name == "standard_error(1.96)"
    assert GapRule.points(np.float64(1)) == GapRule("points", 1.0)
    whole: Any = np.int64(2)
    assert type(GapRule.points(whole).value) is float


@pytest.mark.parametrize("value", [0, -1, NAN, math.inf, True, "1", None])
def test_the_value_of_a_rule_must_be_positive_and_finite(value: Any) -> None:
    for make in (GapRule.share_of_scale, GapRule.points, GapRule.standard_error):
        with pytest.raises(DefinitionError, match=rf"gap rule: {make.__name__}: expected a (finite )?number"):
            make(value)


def test_a_share_above_1_and_an_unknown_kind_are_refused() -> None:
    with pytest.raises(DefinitionError, match=r"share_of_scale: expected a share above 0 and at most 1, got 33.0"):
        GapRule.share_of_scale(33)
    with pytest.raises(DefinitionError, match="kind: expected one of share_of_scale, points, standard_error, got 'sd'"):
        GapRule("sd", 1)  # type: ignore[arg-type]


def test_the_span_and_the_point_of_a_scale_follow_the_metric(two: Instrument) -> None:
    assert [end.tolist() for end in dimension_span(two, "mean")] == [[1, 1], [5, 5]]
    assert [end.tolist() for end in dimension_span(two, "sum")] == [[3, 2], [15, 10]]
    assert [end.tolist() for end in dimension_span(two, "pomp")] == [[0, 0], [100, 100]]
    assert [scale_point(two, metric).tolist() for metric in ("mean", "sum", "pomp")] == [[1, 1], [3, 2], [25, 25]]
    assert [item_span(two, metric) for metric in ("mean", "sum", "pomp")] == [(1, 5), (1, 5), (0, 100)]
    with pytest.raises(DefinitionError, match="metric: expected one of 'mean', 'sum', 'pomp', got 'z'"):
        check_metric("z")  # type: ignore[arg-type]


def test_thresholds_are_converted_to_the_metric(two: Instrument) -> None:
    third, point = GapRule.share_of_scale(0.25), GapRule.points(1.5)
    assert [thresholds(third, two, metric).tolist() for metric in ("mean", "sum", "pomp")] == [[1, 1], [3, 2], [25, 25]]
    assert [thresholds(point, two, metric).tolist() for metric in ("mean", "sum", "pomp")] == [
        [1.5, 1.5],
        [4.5, 3],
        [37.5, 37.5],
    ]
    assert thresholds(GapRule.standard_error(2), two, "sum", standard_error=[[0.5, 1]]).tolist() == [[1, 2]]
    with pytest.raises(DefinitionError, match=r"gap rule standard_error\(2\): expected standard errors"):
        thresholds(GapRule.standard_error(2), two, "mean")


@pytest.mark.parametrize(
    ("weighting", "weights"),
    [
        ("equal_roles", [0, 1 / 3, 1 / 3, 1 / 3]),
        ("equal_raters", [0, 0.1, 0.3, 0.6]),
        ({"manager": 1, "peer": 3}, [0, 0.25, 0.75, 0]),
        ({"direct_report": 0.5, "customer": 9}, [0, 0, 0, 1]),
        ({"customer": 1}, [0, 0, 0, 0]),
    ],
)
def test_each_weighting_by_hand(weighting: Any, weights: list[float]) -> None:
    assert role_weights(N, ROLES, weighting)[0, :, 0] == pytest.approx(weights, abs=1e-15)
    mean, n = others(MEAN, N, ROLES, weighting)
    if any(weights):
        assert mean.item() == pytest.approx(np.dot(weights, np.ravel(MEAN)), abs=1e-15)
    else:
        assert math.isnan(mean.item())
    assert n.item() == sum(count for count, weight in zip(np.ravel(N), weights, strict=True) if weight)


def test_weights_are_renormalised_over_the_roles_that_are_there() -> None:
    hidden = [[[5.0], [3.0], [NAN], [2.0]]]
    assert others(hidden, N, ROLES, {"manager": 1, "peer": 8, "direct_report": 3})[0].item() == 2.25
    assert others(hidden, N, ROLES, "equal_raters")[0].item() == pytest.approx(15 / 7, abs=1e-15)
    assert others(hidden, N, ROLES, "equal_raters")[1].item() == 7
    nobody = [[[5.0], [NAN], [NAN], [NAN]]]
    assert math.isnan(others(nobody, N, ROLES, "equal_roles")[0].item())
    assert others(nobody, N, ROLES, "equal_roles")[1].item() == 0


def test_a_count_that_is_not_told_is_an_absent_role() -> None:
    told = [[[1.0], [1.0], [NAN], [6.0]]]
    assert role_weights(told, ROLES, "equal_roles")[0, :, 0].tolist() == [0, 0.5, 0, 0.5]
    assert role_weights(told, ROLES, "equal_raters")[0, :, 0] == pytest.approx([0, 1 / 7, 0, 6 / 7])
    assert others(MEAN, told, ROLES, "equal_roles")[0].item() == 2.5


TABLES = st.integers(1, 3).flatmap(
    lambda t: st.lists(
        st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=4, max_size=4), min_size=t, max_size=t
    )
)
WEIGHTINGS: st.SearchStrategy[Any] = st.sampled_from(["equal_roles", "equal_raters"]) | st.dictionaries(
    st.sampled_from(ROLES[1:]), st.sampled_from([0.1, 1.0, 2.5])
)


@given(TABLES, WEIGHTINGS, st.floats(-3, 3))
def test_weights_sum_to_1_or_are_all_0_and_keep_equal_means(n: Any, weighting: Any, value: float) -> None:
    weights = role_weights(n, ROLES, weighting)
    total = weights.sum(axis=1)
    np.testing.assert_allclose(total[total > 0], 1, rtol=0, atol=1e-15)
    assert (weights[:, 0] == 0).all()
    assert (weights[np.array(n) == 0] == 0).all()
    mean, _ = others(np.where(np.array(n) > 0, value, NAN), n, ROLES, weighting)
    assert np.array_equal(mean, np.where(total > 0, value, NAN), equal_nan=True)


@given(TABLES, WEIGHTINGS, st.randoms(use_true_random=False))
def test_others_lie_between_the_role_means_and_are_their_weighted_mean(n: Any, weighting: Any, random: Any) -> None:
    shape = np.shape(n)
    values = np.array([random.uniform(1, 5) for _ in range(np.size(n))]).reshape(shape)
    mean, count = others(values, n, ROLES, weighting)
    weights = role_weights(n, ROLES, weighting)
    for t in range(shape[0]):
        for d in range(shape[2]):
            used = [r for r in range(4) if weights[t, r, d] > 0]
            assert count[t, d] == sum(n[t][r][d] for r in used)
            if used:
                wanted = math.fsum(weights[t, r, d] * values[t, r, d] for r in used)
                assert mean[t, d] == pytest.approx(wanted, rel=1e-14)
                assert min(values[t, used, d]) <= mean[t, d] <= max(values[t, used, d])
            else:
                assert math.isnan(mean[t, d])


def test_self_is_taken_out_of_the_role_means() -> None:
    assert self_mean(MEAN, ROLES).tolist() == [[5.0]]
    assert self_mean([[[3.0, 4.0], [1.0, 2.0]]], ("peer", "self")).tolist() == [[1.0, 2.0]]
    assert np.isnan(self_mean(MEAN, ("manager", "peer", "customer", "other"))).all()


def test_the_standard_error_pools_the_variance_within_roles() -> None:
    sd = [[[NAN], [NAN], [1.0], [2.0]]]
    weights = role_weights(N, ROLES, "equal_roles")
    pooled = (2 * 1 + 5 * 4) / 7
    wanted = math.sqrt(pooled * (1 + 1 / 3 + 1 / 6) / 9)
    assert others_standard_error(sd, N, weights).item() == pytest.approx(wanted, rel=1e-15)
    only_peers = role_weights(N, ROLES, {"manager": 1, "peer": 1})
    assert others_standard_error(sd, N, only_peers).item() == pytest.approx(math.sqrt((1 + 1 / 3) / 4), rel=1e-15)


def test_without_two_raters_in_any_role_there_is_no_standard_error() -> None:
    n = [[[1], [1], [1], [0]]]
    assert math.isnan(others_standard_error([[[NAN]] * 4], n, role_weights(n, ROLES, "equal_roles")).item())
    assert math.isnan(others_standard_error([[[NAN], [NAN], [1.0], [2.0]]], N, np.zeros((1, 4, 1))).item())


@pytest.mark.parametrize(
    ("gap", "seen", "category"),
    [
        (1.1, 2.0, "blind_spot"),
        (1.1, 4.0, "blind_spot"),
        (-1.1, 2.0, "hidden_strength"),
        (1.0, 3.0, "agreed_strength"),
        (-1.0, 3.0, "agreed_strength"),
        (1.0, 2.999, "agreed_need"),
        (0.0, 1.0, "agreed_need"),
        (NAN, 3.0, "undecided"),
        (1.0, NAN, "undecided"),
    ],
)
def test_each_category_by_hand(gap: float, seen: float, category: str) -> None:
    assert gap_categories([[gap]], [[seen]], 3.0, 1.0).tolist() == [[category]]
    assert category in GAP_CATEGORIES


def test_a_threshold_or_target_that_is_not_known_decides_nothing() -> None:
    assert gap_categories([[3.0]], [[2.0]], 3.0, NAN).tolist() == [["undecided"]]
    assert gap_categories([[3.0]], [[2.0]], NAN, 1.0).tolist() == [["undecided"]]


def test_categories_take_thresholds_of_every_shape_and_are_read_only() -> None:
    gap, seen = [[1.0, 1.0], [1.0, 1.0]], [[2.0, 2.0], [4.0, 4.0]]
    by_dimension = gap_categories(gap, seen, [3.0, 5.0], [0.5, 2.0])
    assert by_dimension.tolist() == [["blind_spot", "agreed_need"], ["blind_spot", "agreed_need"]]
    by_cell = gap_categories(gap, seen, 3.0, [[0.5, NAN], [2.0, 2.0]])
    assert by_cell.tolist() == [["blind_spot", "undecided"], ["agreed_strength", "agreed_strength"]]
    assert not by_cell.flags.writeable
    assert gap_categories(np.empty((0, 2)), np.empty((0, 2)), 3.0, 1.0).shape == (0, 2)


def test_a_gap_of_exactly_the_threshold_is_not_beyond_it_whatever_the_rounding() -> None:
    assert 4.4 - 3.4 > 1
    assert gap_categories([[4.4 - 3.4]], [[3.4]], 3.0, 1.0).tolist() == [["agreed_strength"]]
    assert gap_categories([[3.4 - 4.4]], [[4.4]], 3.0, 1.0).tolist() == [["agreed_strength"]]
    assert 0.1 + 0.2 - 0.3 > 0
    assert gap_categories([[0.1 + 0.2 - 0.3]], [[3.0]], 3.0, 0.0).tolist() == [["agreed_strength"]]
    assert gap_categories([[0.0]], [[3.0 - 4e-16]], 3.0, 1.0).tolist() == [["agreed_strength"]]


@pytest.mark.parametrize("word", ["equal", None, 3, ["peer"]])
def test_an_unknown_weighting_is_refused_with_what_is_possible(word: Any) -> None:
    with pytest.raises(DefinitionError, match="weighting: expected one of 'equal_roles', 'equal_raters', or a mapping"):
        role_weights(N, ROLES, word)
    with pytest.raises(DefinitionError, match="weighting: expected one of"):
        others(MEAN, N, ROLES, word)
    with pytest.raises(DefinitionError, match="weighting: expected one of"):
        check_weighting(word, ROLES)


@pytest.mark.parametrize(
    ("weighting", "message"),
    [
        ({"peer": -1}, r"weighting\['peer'\]: expected 0 or more, got -1"),
        ({"peer": NAN}, r"weighting\['peer'\]: expected a finite number, got nan"),
        ({"peer": "1"}, r"weighting\['peer'\]: expected a number, got '1'"),
        ({"peer": 1, "self": 1}, r"weighting\['self'\]: others never include self, got 1"),
        ({"peer": 0, "self": 0}, "weighting: expected a weight above 0 for at least one role other than self"),
        ({}, "weighting: expected a weight above 0 for at least one role other than self"),
    ],
)
def test_weights_that_cannot_be_are_refused(weighting: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        check_weighting(weighting, ROLES)


def test_all_wrong_weights_are_listed_and_an_unknown_role_is_named() -> None:
    with pytest.raises(DefinitionError, match="2 faults"):
        check_weighting({"peer": -1, "manager": -2}, ROLES)
    with pytest.raises(
        UnknownIdError, match=r"unknown role 'pear' \(did you mean 'peer'\?\); known: direct_report, manager, peer"
    ):
        check_weighting({"pear": 1}, ROLES)
    check_weighting({"peer": 1, "manager": 0, "self": 0}, ROLES)
