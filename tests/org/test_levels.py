"""Scores by level: the reference figures, a textbook regression, and no way back to a level that is hidden."""

from __future__ import annotations

import csv
import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import ORG_FLAGS, LevelView, Organisation, Tier, build_pyramid, view_levels
from leadkit.org.showing import expect_showable

TOLERANCE = 1e-10
GOLDEN = Path(__file__).parent.parent / "golden" / "org" / "alignment_input.csv"
OVERALL = ("max_adjacent_gap", "sd_of_level_means", "slope", "slope_p", "eta_squared", "icc1", "icc2")


def pyramid_of(parents: list[int], **columns: Any) -> Any:
    ids = [f"p{i:03}" for i in range(len(parents))]
    managers = [None if up < 0 else ids[up] for up in parents]
    return build_pyramid(Organisation.from_columns(ids, managers, **columns))


def layered(sizes: list[int]) -> Any:
    """So many posts in each layer, each reporting to the first post of the layer above."""
    starts = np.cumsum([0, *sizes])
    return pyramid_of([-1 if layer == 0 else int(starts[layer - 1]) for layer, n in enumerate(sizes) for _ in range(n)])


def managers_of_the_reference() -> tuple[Any, dict[str, float]]:
    with GOLDEN.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    organisation = Organisation.from_columns([row["id"] for row in rows], [row["manager"] for row in rows])
    return build_pyramid(organisation), {row["id"]: float(row["mean"]) for row in rows}


def test_reference_figures_by_layer(golden: Any) -> None:
    reference = golden("org/alignment.json")
    view = view_levels(*managers_of_the_reference(), group_size="mean")
    assert view.levels.tolist() == [1, 2, 3]
    assert view.n.tolist() == [1, 4, 16]
    assert view.means == pytest.approx(np.array(reference["level_means"]), abs=TOLERANCE)
    for name, key in (
        ("slope", "level_slope"),
        ("slope_p", "level_slope_p"),
        ("eta_squared", "eta2_level"),
        ("max_adjacent_gap", "max_adjacent_gap"),
        ("sd_of_level_means", "sd_of_level_means"),
        ("icc1", "ICC1_level"),
        ("icc2", "ICC2_level"),
    ):
        assert getattr(view, name) == pytest.approx(reference[key], abs=TOLERANCE), name
    assert view.flags == ()


def test_the_size_of_unequal_levels_matters_to_icc1_only() -> None:
    pyramid, scores = managers_of_the_reference()
    mean, donner = (view_levels(pyramid, scores, group_size=size) for size in ("mean", "donner"))
    assert mean.icc1 != pytest.approx(donner.icc1, abs=0.01)
    assert [getattr(mean, name) for name in OVERALL if name != "icc1"] == [
        getattr(donner, name) for name in OVERALL if name != "icc1"
    ]


@st.composite
def scored(draw: st.DrawFn) -> Any:
    """A tree in any row order with vacancies, and scores with gaps."""
    n = draw(st.integers(1, 24))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parents = np.array([rng.integers(max(-1, i - 6), i) if i else -1 for i in range(n)])
    place = rng.permutation(n)
    rows = np.full(n, -1)
    rows[place] = np.where(parents < 0, -1, place[parents])
    scores = np.where(rng.random(n) < 0.2, np.nan, rng.integers(1, 6, n) + draw(st.sampled_from([0.0, 0.1])))
    status = rng.choice(["active", "absent", "vacant", "left"], n, p=[0.7, 0.1, 0.1, 0.1]).tolist()
    return rows.tolist(), status, scores


@given(scored(), st.sampled_from(["layer", "tier"]))
@settings(max_examples=100)
def test_levels_agree_with_textbook_formulas(case: Any, by: Any) -> None:
    parents, status, scores = case
    pyramid = pyramid_of(parents, status=status)
    view = view_levels(pyramid, scores, by=by)
    level = pyramid.tier if by == "tier" else pyramid.organisation.tree.depth + 1
    counted = np.isin(status, ["active", "absent"]) & ~np.isnan(scores) & ((by == "layer") | (pyramid.tier != 9))
    x, y = level[counted].astype(float), scores[counted]
    assert view.levels.tolist() == np.unique(x).tolist()
    groups = [y[x == one] for one in np.unique(x)]
    assert view.n.tolist() == [group.size for group in groups]
    assert view.means.tolist() == pytest.approx([group.mean() for group in groups], abs=1e-12)
    spreads = [group.std(ddof=1) if group.size > 1 else math.nan for group in groups]
    assert view.sds.tolist() == pytest.approx(spreads, abs=1e-9, nan_ok=True)
    if len(groups) > 1:
        means = [group.mean() for group in groups]
        assert view.max_adjacent_gap == pytest.approx(np.abs(np.diff(means)).max(), abs=1e-12)
        assert view.sd_of_level_means == pytest.approx(np.std(means, ddof=1), abs=1e-12)
    if len(groups) > 1 and y.size > 3 and y.std() > 1e-6:
        line = stats.linregress(x, y)
        assert view.slope == pytest.approx(line.slope, abs=1e-10)
        if line.stderr > 1e-7:
            assert view.slope_p == pytest.approx(line.pvalue, abs=1e-9)


@given(scored(), st.sampled_from(["layer", "tier"]), st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_changes_nothing(case: Any, by: Any, seed: int) -> None:
    parents, status, scores = case
    ids = [f"p{i:03}" for i in range(len(parents))]
    managers = [None if up < 0 else ids[up] for up in parents]
    order = np.random.default_rng(seed).permutation(len(ids))
    other = Organisation.from_columns(
        [ids[i] for i in order], [managers[i] for i in order], status=[status[i] for i in order]
    )
    given_scores = dict(zip(ids, scores, strict=True))
    first = view_levels(pyramid_of(parents, status=status), scores, by=by)
    assert view_levels(build_pyramid(other), given_scores, by=by) == first


def test_by_tier_support_is_left_out() -> None:
    facing = [None, None, True, True, False]
    view = view_levels(pyramid_of([-1, 0, 1, 1, 1], customer_facing=facing), [5, 4, 3, 2, 1.0], by="tier")
    assert view.levels.tolist() == [Tier.FRONT_LINE, Tier.FRONT_LINE_LEADER, Tier.SENIOR_LEADER]
    assert view.means.tolist() == [2.5, 4.0, 5.0]
    by_layer = view_levels(pyramid_of([-1, 0, 1, 1, 1], customer_facing=facing), [5, 4, 3, 2, 1.0])
    assert by_layer.means.tolist() == [5.0, 4.0, 2.0]


def test_a_negative_icc_is_returned_as_it_is() -> None:
    view = view_levels(layered([2, 2]), [1.0, 5.0, 1.0, 5.0])
    assert view.icc1 < 0
    assert "negative_icc" in view.flags


def test_a_level_without_scores_is_not_listed_but_flagged() -> None:
    view = view_levels(layered([1, 2, 2]), [5.0, math.nan, math.nan, 3.0, 4.0])
    assert view.levels.tolist() == [1, 3]
    assert view.max_adjacent_gap == 1.5
    assert view.flags == ("level_without_scores",)


def test_scores_of_posts_that_nobody_holds_do_not_count() -> None:
    pyramid = pyramid_of([-1, 0, 0], status=["vacant", "active", "left"])
    view = view_levels(pyramid, [5.0, 3.0, 1.0])
    assert (view.levels.tolist(), view.means.tolist()) == ([2], [3.0])


@pytest.mark.parametrize(
    ("sizes", "scores", "flag", "known"),
    [
        ([], [], "no_scores", set()),
        ([1, 2], [math.nan] * 3, "no_scores", set()),
        ([1], [3.0], "single_level", set()),
        ([1, 1], [3.0, 5.0], "no_replication", {"max_adjacent_gap", "sd_of_level_means", "slope"}),
        ([2, 2], [0.1] * 4, "no_variance", {"max_adjacent_gap", "sd_of_level_means", "slope"}),
    ],
)
def test_what_cannot_be_told_is_nan_with_a_flag(sizes: list[int], scores: Any, flag: str, known: set[str]) -> None:
    view = view_levels(layered(sizes), scores)
    assert flag in view.flags
    assert {name for name in OVERALL if not math.isnan(getattr(view, name))} == known


def test_a_perfect_line_has_a_p_value_of_zero_and_no_spread_a_slope_of_zero() -> None:
    line = view_levels(layered([2, 2, 2]), [3.0, 3.0, 2.0, 2.0, 1.0, 1.0])
    assert (line.slope, line.slope_p, line.eta_squared) == (-1.0, 0.0, 1.0)
    flat = view_levels(layered([2, 2, 2]), [0.1] * 6)
    assert (flat.slope, flat.max_adjacent_gap) == (0.0, 0.0)
    assert math.isnan(flat.slope_p)


@pytest.mark.parametrize(
    ("scores", "options", "message"),
    [
        ([1.0], {}, "scores: expected 3 values, got 1"),
        ({"p9": 1.0}, {}, "p9"),
        ([1, "x", 2], {}, "scores"),
        ([1.0] * 3, {"by": "depth"}, "by: expected one of 'layer', 'tier', got 'depth'"),
        ([1.0] * 3, {"group_size": "median"}, "group_size: expected one of 'donner', 'mean'"),
    ],
)
def test_what_does_not_fit_is_refused(scores: Any, options: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        view_levels(layered([1, 2]), scores, **options)


def test_a_list_is_no_pyramid() -> None:
    with pytest.raises(OrgError, match="expected a Pyramid"):
        view_levels([], [])  # type: ignore[arg-type]


def test_a_view_is_not_text_before_it_is_disclosed() -> None:
    view = view_levels(layered([1, 9]), [3.0] * 10)
    for show in (view.to_dict, view.to_records):
        with pytest.raises(DisclosureError, match="disclosed"):
            show()
    with pytest.raises(TypeError, match="disclosed"):
        expect_showable(view, LevelView, "report")
    expect_showable(view.disclosed(), LevelView, "report")


def test_arrays_cannot_be_changed() -> None:
    view = view_levels(layered([1, 2]), [3.0] * 3)
    for name in ("levels", "n", "means", "sds"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(view, name)[0] = 0


def test_levels_with_enough_people_are_shown_with_all_numbers() -> None:
    scores = np.arange(18.0) % 7
    view = view_levels(layered([5, 6, 7]), scores)
    shown = view.disclosed()
    assert shown.to_records() == [
        {"level": 1, "n": 5.0, "mean": view.means[0], "sd": view.sds[0]},
        {"level": 2, "n": 6.0, "mean": view.means[1], "sd": view.sds[1]},
        {"level": 3, "n": 7.0, "mean": view.means[2], "sd": view.sds[2]},
    ]
    assert [getattr(shown, name) for name in OVERALL] == [getattr(view, name) for name in OVERALL]
    assert shown.flags == (*sorted({"disclosed", *view.flags}),)


def test_small_levels_are_hidden_with_the_next_smallest_and_all_that_would_solve_for_them() -> None:
    view = view_levels(layered([1, 6, 9]), np.arange(16.0) % 7)
    shown = view.disclosed()
    assert np.isnan(shown.means).tolist() == [True, True, False]
    assert np.isnan(shown.n).tolist() == [True, True, False]
    assert np.isnan(shown.sds).tolist() == [True, True, False]
    assert all(math.isnan(getattr(shown, name)) for name in OVERALL)
    assert shown.flags == ("disclosed", "levels_hidden")
    assert set(shown.flags) <= set(ORG_FLAGS)
    assert json.dumps(shown.to_dict(), allow_nan=False)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=4), st.integers(3, 6), st.integers(0, 2**32 - 1))
def test_scores_of_hidden_levels_leave_no_trace(sizes: list[int], min_n: int, seed: int) -> None:
    sizes = [1, *(size for size in sizes if size)]
    rng = np.random.default_rng(seed)
    pyramid, level = layered(sizes), np.repeat(np.arange(len(sizes)), sizes)
    scores = rng.integers(1, 6, level.size).astype(float)
    shown = view_levels(pyramid, scores).disclosed(min_n=min_n)
    hidden = np.isnan(shown.means)
    assert hidden[np.asarray(sizes) < min_n].all()
    people = int(np.asarray(sizes)[hidden].sum())
    assert people == 0 or people >= min_n or hidden.all()
    other = np.where(hidden[level], rng.random(level.size), scores)
    again = view_levels(pyramid, other).disclosed(min_n=min_n)
    assert again == shown
    assert pickle.dumps(again) == pickle.dumps(shown)


def test_disclosing_again_needs_no_more_people_than_before() -> None:
    shown = view_levels(layered([5, 6]), np.arange(11.0)).disclosed(min_n=5)
    assert shown.disclosed(min_n=3) is shown
    with pytest.raises(DisclosureError, match="disclosed with 5 already"):
        shown.disclosed(min_n=6)
