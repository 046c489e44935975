"""G- and D-studies: exact random effects, mean squares by brute force, intraclass correlations, and edges."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.stats import FLAGS, icc
from leadkit.stats.variance import GStudy, d_study, generalizability

Array = np.ndarray[Any, Any]
CLOSED = 1e-10
nan = math.nan

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
TWO_WAY = ("p", "r", "pr,e")
THREE_WAY = ("p", "i", "r", "pi", "pr", "ir", "pir,e")


def contrasts(rng: Any, n: int) -> Array:
    """A vector with mean 0 and n - 1 variance 1."""
    x = rng.normal(size=n)
    x -= x.mean()
    return np.asarray(x / x.std(ddof=1))


def exact_table(variances: dict[str, float], sizes: dict[str, int]) -> Array:
    """Scores whose every effect has the mean square that is expected of these components.

    An effect is the product of contrasts of its facets, so all effects are orthogonal and its mean square is the square
    of its factor times the scores of a level.
    """
    rng = np.random.default_rng(0)
    letters = list(sizes)
    table = np.full(tuple(sizes.values()), 4.0)
    for effect in variances:
        above = [other for other in variances if set(effect) <= set(other)]
        per_level = {other: math.prod(sizes[x] for x in sizes if x not in other) for other in above}
        expected = sum(per_level[other] * variances[other] for other in above)
        shape = [sizes[x] if x in effect else 1 for x in letters]
        part = np.ones(shape)
        for axis, letter in enumerate(letters):
            if letter in effect:
                part = part * contrasts(rng, sizes[letter]).reshape([-1 if a == axis else 1 for a in range(len(sizes))])
        table = table + part * math.sqrt(expected / per_level[effect])
    return np.asarray(table)


def mean_squares_by_projection(table: Array) -> list[float]:
    """Mean squares from the increase of explained variance, regressing on dummy variables of each effect."""
    axes = range(table.ndim)
    codes = np.indices(table.shape).reshape(table.ndim, -1)
    y = table.ravel()
    found = []
    for effect in [part for size in range(1, table.ndim + 1) for part in combinations(axes, size)]:

        def dummies(part: tuple[int, ...]) -> Array:
            label = np.ravel_multi_index(tuple(codes[list(part)]), tuple(table.shape[a] for a in part))
            return np.asarray(np.equal.outer(label, np.unique(label)), dtype=float)

        below = [
            np.ones((y.size, 1)),
            *(dummies(part) for s in range(1, len(effect)) for part in combinations(effect, s)),
        ]
        before = np.hstack(below)
        after = np.hstack([before, dummies(effect)])
        squares = [float(((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2).sum()) for x in (before, after)]
        found.append((squares[0] - squares[1]) / math.prod(table.shape[a] - 1 for a in effect))
    return found


@st.composite
def tables(draw: st.DrawFn, n_dimensions: int = 2) -> Array:
    shape = draw(st.tuples(*[st.integers(2, 5)] * n_dimensions))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    table = rng.normal(size=shape)
    for axis in range(n_dimensions):
        size = [shape[axis] if a == axis else 1 for a in range(n_dimensions)]
        table = table + draw(st.floats(0, 2)) * rng.normal(size=size)
    return np.asarray(table)


# G-study


def test_components_of_exact_random_effects_come_out_of_two_facets() -> None:
    variances = {"p": 1.5, "r": 0.3, "pr": 0.8}
    study = generalizability(exact_table(variances, {"p": 9, "r": 4}), design="p x r")
    assert study.effects == TWO_WAY
    assert np.allclose(study.variance, list(variances.values()), rtol=0, atol=CLOSED)
    assert np.allclose(study.mean_square, [4 * 1.5 + 0.8, 9 * 0.3 + 0.8, 0.8], rtol=0, atol=CLOSED)
    assert study.df.tolist() == [8, 3, 24]
    assert np.allclose(study.share, np.array([1.5, 0.3, 0.8]) / 2.6, rtol=0, atol=CLOSED)
    assert (study.n_persons, study.n_items, study.n_raters, study.n_rows, study.flags) == (9, 1, 4, 9, ())


def test_components_of_exact_random_effects_come_out_of_three_facets() -> None:
    variances = {"p": 1.5, "i": 0.2, "r": 0.3, "pi": 0.4, "pr": 0.5, "ir": 0.05, "pir": 0.8}
    study = generalizability(exact_table(variances, {"p": 7, "i": 3, "r": 4}), design="p x i x r")
    assert study.effects == THREE_WAY
    assert np.allclose(study.variance, list(variances.values()), rtol=0, atol=CLOSED)
    assert study.df.tolist() == [6, 2, 3, 12, 18, 6, 36]
    assert study.share.sum() == pytest.approx(1)
    assert (study.n_persons, study.n_items, study.n_raters, study.flags) == (7, 3, 4, ())


def test_a_component_below_0_is_kept_flagged_and_counted_as_0_in_shares() -> None:
    variances = {"p": 1.5, "i": -0.02, "r": 0.3, "pi": 0.4, "pr": -0.1, "ir": 0.1, "pir": 0.8}
    study = generalizability(exact_table(variances, {"p": 7, "i": 3, "r": 4}), design="p x i x r")
    assert np.allclose(study.variance, list(variances.values()), rtol=0, atol=CLOSED)
    assert study.share[[1, 4]].tolist() == [0, 0]
    assert np.allclose(study.share[0], 1.5 / 3.1, rtol=0, atol=CLOSED)
    assert study.flags == ("negative_component",)
    errors = d_study(study, n_raters=2, n_items=5)
    assert errors.relative_error[0] == pytest.approx(0.4 / 5 + 0.8 / 10, abs=CLOSED)
    assert errors.absolute_error[0] == pytest.approx(0.4 / 5 + 0.8 / 10 + 0.3 / 2 + 0.1 / 10, abs=CLOSED)
    assert errors.flags == ("negative_component",)


@settings(max_examples=15)
@given(tables() | tables(3))
def test_mean_squares_are_those_of_regression_on_dummy_variables(table: Array) -> None:
    design: Any = "p x r" if table.ndim == 2 else "p x i x r"
    study = generalizability(table, design=design)
    assert np.allclose(study.mean_square, mean_squares_by_projection(table), rtol=1e-9, atol=CLOSED)


def test_mean_squares_of_the_paper_come_out(golden: Callable[[str], Any]) -> None:
    known = golden("stats/published.json")["shrout_fleiss_1979_table4"]["mean_squares"]
    study = generalizability(SHROUT_FLEISS, design="p x r")
    assert study.mean_square.round(2).tolist() == [known["BMS"], known["JMS"], known["EMS"]]


@settings(max_examples=20)
@given(tables() | tables(3), st.sampled_from([1e8, -7.0]))
def test_an_offset_changes_nothing(table: Array, offset: float) -> None:
    design: Any = "p x r" if table.ndim == 2 else "p x i x r"
    exact = np.round(table * 64) / 64
    near, far = generalizability(exact, design=design), generalizability(exact + offset, design=design)
    assert np.allclose(far.variance, near.variance, rtol=1e-9, atol=1e-12)


@settings(max_examples=20)
@given(tables(3), st.randoms(use_true_random=False))
def test_the_order_of_persons_items_and_raters_changes_nothing(table: Array, random: Any) -> None:
    plain = generalizability(table, design="p x i x r")
    for axis in range(3):
        order = list(range(table.shape[axis]))
        random.shuffle(order)
        table = np.take(table, order, axis=axis)
    moved = generalizability(table, design="p x i x r")
    assert np.allclose(moved.variance, plain.variance, rtol=1e-11, atol=1e-13)


def test_items_and_raters_may_swap_their_roles() -> None:
    table = np.random.default_rng(1).normal(size=(6, 3, 4))
    one = generalizability(table, design="p x i x r")
    other = generalizability(table.transpose(0, 2, 1), design="p x i x r")
    assert np.allclose(other.variance[[0, 2, 1, 4, 3, 5, 6]], one.variance, rtol=0, atol=1e-12)


def test_persons_with_a_gap_are_left_out_and_counted() -> None:
    gappy = [[float(x) for x in row] for row in SHROUT_FLEISS] + [[1.0, nan, 2.0, 3.0]]
    study = generalizability(gappy, design="p x r")
    whole = generalizability(SHROUT_FLEISS, design="p x r")
    assert np.array_equal(study.variance, whole.variance)
    assert (study.n_persons, study.n_rows, study.flags) == (6, 7, ("rows_dropped",))


@pytest.mark.parametrize(
    "x",
    [
        np.array(SHROUT_FLEISS, dtype=np.float32),
        np.array(SHROUT_FLEISS, dtype=np.int8, order="F"),
        np.array(SHROUT_FLEISS, dtype=object),
        np.ma.masked_array([*SHROUT_FLEISS, [1, 1, 1, 99]], mask=np.array([*[[0] * 4] * 6, [0, 0, 0, 1]])),
        np.array([*SHROUT_FLEISS, [None, 1, 2, 3]], dtype=object),
    ],
)
def test_tables_of_every_kind_are_taken(x: Any) -> None:
    study = generalizability(x, design="p x r")
    assert np.array_equal(study.variance, generalizability(SHROUT_FLEISS, design="p x r").variance)


def test_nothing_given_is_changed() -> None:
    x = np.array(SHROUT_FLEISS, dtype=float)
    x.flags.writeable = False
    generalizability(x, design="p x r")
    assert x.tolist() == SHROUT_FLEISS


@pytest.mark.parametrize(
    ("x", "design", "told"),
    [
        ([["1", "2"]], "p x r", "x: expected real numbers, got text"),
        ([[1j, 2]], "p x r", "x: expected real numbers, got complex numbers"),
        ([[1.0, math.inf]], "p x r", "x[0, 1]: expected a finite number or NaN, got inf"),
        ([1.0, 2.0], "p x r", "x: expected 2 dimensions (persons, raters) for a p x r design, got 1"),
        ([[1.0, 2.0]], "p x i x r", "x: expected 3 dimensions (persons, items, raters) for a p x i x r design, got 2"),
        (np.zeros((3, 0)), "p x r", "x: expected at least one of each in (persons, raters), got shape (3, 0)"),
        (np.zeros((3, 0, 2)), "p x i x r", "x: expected at least one of each in (persons, items, raters), got shape"),
        ([[1.0]], "p:r", "design: expected one of 'p x r', 'p x i x r', got 'p:r'"),
    ],
)
def test_what_is_no_table_of_the_design_is_refused(x: Any, design: Any, told: str) -> None:
    with pytest.raises(ValueError) as caught:
        generalizability(x, design=design)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("shape", "flags"),
    [
        ((5, 1), ("too_few_raters",)),
        ((1, 5), ("too_few_rows",)),
        ((0, 5), ("too_few_rows",)),
        ((5, 1, 3), ("single_item",)),
        ((5, 3, 1), ("too_few_raters",)),
        ((1, 1, 1), ("single_item", "too_few_raters", "too_few_rows")),
    ],
)
def test_a_facet_of_one_level_leaves_components_undefined(shape: tuple[int, ...], flags: tuple[str, ...]) -> None:
    table = np.random.default_rng(2).normal(size=shape)
    study = generalizability(table, design="p x r" if len(shape) == 2 else "p x i x r")
    assert np.isnan(study.variance).all()
    assert np.isnan(study.share).all()
    assert study.flags == flags
    result = d_study(study, n_raters=[1, 2])
    assert np.isnan([result.generalizability, result.relative_error]).all()
    assert result.smallest(0.5) is None


@pytest.mark.parametrize("score", [3.0, 1e8 + 0.1, 0.0])
def test_equal_scores_have_no_variance(score: float) -> None:
    study = generalizability(np.full((5, 3, 4), score), design="p x i x r")
    assert study.variance.tolist() == [0] * 7
    assert np.isnan(study.share).all()
    assert study.flags == ("no_variance",)
    assert np.isnan(d_study(study, n_raters=2).generalizability).all()


def test_raters_that_differ_by_constants_leave_no_error_and_no_negative_rounding() -> None:
    table = np.array([0.1, 0.7, 1.3])[:, None] + np.array([0.0, 0.2, 0.4, 0.9])
    study = generalizability(table, design="p x r")
    assert study.variance[2] == 0
    assert study.flags == ()
    assert d_study(study, n_raters=1).generalizability[0] == 1
    only_persons = generalizability(np.repeat([[0.1], [0.7], [1.3]], 4, axis=1), design="p x r")
    assert only_persons.variance == pytest.approx([0.36, 0, 0])
    assert only_persons.flags == ()


# D-study


@settings(max_examples=25)
@given(tables())
def test_at_the_observed_number_of_raters_coefficients_are_intraclass_correlations(table: Array) -> None:
    study = generalizability(table, design="p x r")
    result = d_study(study, n_raters=table.shape[1])
    correlations = icc(table)
    if "negative_component" not in study.flags:
        assert result.generalizability[0] == pytest.approx(correlations.value("ICC(3,k)"), abs=CLOSED)
        assert result.dependability[0] == pytest.approx(correlations.value("ICC(2,k)"), abs=CLOSED)


@pytest.mark.parametrize(("key", "file"), [("sim_40x5", "sim_ratings_40x5.csv")])
def test_coefficients_are_the_reference_intraclass_correlations(
    golden: Callable[[str], Any], shared_data: Callable[[str], Path], key: str, file: str
) -> None:
    table = np.genfromtxt(shared_data(f"stats/{file}"), delimiter=",", skip_header=1)
    known = golden("stats/agreement.json")[key]["anova"]["icc"]
    result = d_study(generalizability(table, design="p x r"), n_raters=[1, 5])
    assert np.allclose(result.dependability, [known[1], known[4]], rtol=0, atol=CLOSED)
    assert np.allclose(result.generalizability, [known[2], known[5]], rtol=0, atol=CLOSED)


def study_of(variance: list[float], design: Any = "p x i x r") -> GStudy:
    n = len(variance)
    return GStudy(
        effects=THREE_WAY if n == 7 else TWO_WAY,
        variance=variance,
        mean_square=[1.0] * n,
        df=[1] * n,
        share=[1 / n] * n,
        n_persons=10,
        n_items=3 if n == 7 else 1,
        n_raters=2,
        n_rows=10,
        design=design,
    )


def test_errors_divide_every_component_by_the_levels_it_is_averaged_over() -> None:
    result = d_study(study_of([1.0, 0.2, 0.3, 0.4, 0.5, 0.06, 0.8]), n_raters=[2, 4], n_items=[5, 10])
    assert result.n_raters.tolist() == [2, 2, 4, 4]
    assert result.n_items.tolist() == [5, 10, 5, 10]
    for row, (r, i) in enumerate([(2, 5), (2, 10), (4, 5), (4, 10)]):
        relative = 0.4 / i + 0.5 / r + 0.8 / (i * r)
        absolute = relative + 0.2 / i + 0.3 / r + 0.06 / (i * r)
        assert result.relative_error[row] == pytest.approx(relative, abs=1e-12)
        assert result.absolute_error[row] == pytest.approx(absolute, abs=1e-12)
        assert result.generalizability[row] == pytest.approx(1 / (1 + relative), abs=1e-12)
        assert result.dependability[row] == pytest.approx(1 / (1 + absolute), abs=1e-12)


def test_the_items_of_the_study_are_the_default() -> None:
    study = study_of([1.0, 0.2, 0.3, 0.4, 0.5, 0.06, 0.8])
    assert d_study(study, n_raters=range(1, 4)) == d_study(study, n_raters=np.arange(1, 4), n_items=3)
    assert d_study(study_of([1.0, 0.2, 0.3], "p x r"), n_raters=2).n_items.tolist() == [1]


def test_more_raters_never_make_scores_less_dependable() -> None:
    result = d_study(study_of([1.0, 0.2, 0.3, 0.4, 0.5, 0.06, 0.8]), n_raters=range(1, 30))
    assert (np.diff(result.generalizability) > 0).all()
    assert (np.diff(result.dependability) > 0).all()
    assert (result.dependability <= result.generalizability).all()


def test_the_smallest_design_has_the_fewest_scores_and_of_these_the_fewest_raters() -> None:
    study = study_of([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0])
    result = d_study(study, n_raters=[6, 4, 3, 2, 12], n_items=[6, 4, 3, 2, 1])
    # 12 scores a person give 1 / (1 + 4 / 12) = 0.75
    smallest = result.smallest(0.75)
    assert smallest is not None
    assert (smallest["n_raters"], smallest["n_items"]) == (2, 6)
    assert smallest in result.to_records()
    assert result.smallest(0.999) is None


def test_the_smallest_design_depends_on_the_coefficient() -> None:
    result = d_study(study_of([1.0, 0.5, 0.5], "p x r"), n_raters=range(1, 20))
    by_rank, by_standard = result.smallest(0.8), result.smallest(0.8, coefficient="dependability")
    assert by_rank is not None
    assert by_standard is not None
    assert (by_rank["n_raters"], by_standard["n_raters"]) == (2, 4)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"n_raters": 0}, "n_raters: expected a whole number of at least 1, got 0"),
        ({"n_raters": [2, 1.5]}, "n_raters[1]: expected a whole number of at least 1, got 1.5"),
        ({"n_raters": True}, "n_raters: expected a whole number of at least 1, got True"),
        ({"n_raters": "2"}, "n_raters[0]: expected a whole number of at least 1, got '2'"),
        ({"n_raters": []}, "n_raters: expected at least one number, got none"),
        ({"n_raters": 2, "n_items": -1}, "n_items: expected a whole number of at least 1, got -1"),
        ({"n_raters": 2, "n_items": ()}, "n_items: expected at least one number, got none"),
    ],
)
def test_numbers_of_raters_and_items_are_whole_and_at_least_1(options: Any, told: str) -> None:
    with pytest.raises(ValueError) as caught:
        d_study(study_of([1.0, 0.2, 0.3, 0.4, 0.5, 0.06, 0.8]), **options)
    assert told in str(caught.value)


def test_items_of_a_design_without_items_are_refused() -> None:
    with pytest.raises(ValueError, match="n_items: expected None for a p x r design, got 3"):
        d_study(study_of([1.0, 0.5, 0.5], "p x r"), n_raters=2, n_items=3)


def test_only_a_g_study_can_be_carried_on() -> None:
    with pytest.raises(ValueError, match="study: expected a GStudy, got"):
        d_study([[1, 2]], n_raters=2)  # type: ignore[arg-type]


def test_an_unreachable_kind_of_target_is_refused() -> None:
    result = d_study(study_of([1.0, 0.5, 0.5], "p x r"), n_raters=2)
    for target in (0, 1, 80, nan):
        with pytest.raises(ValueError, match=r"target: expected a number inside \(0, 1\)"):
            result.smallest(target)
    with pytest.raises(ValueError, match="coefficient: expected one of 'generalizability', 'dependability', got 'phi'"):
        result.smallest(0.8, coefficient="phi")  # type: ignore[arg-type]


def test_results_are_frozen_plain_and_picklable() -> None:
    study: Any = generalizability(SHROUT_FLEISS, design="p x r")
    result: Any = d_study(study, n_raters=[1, 2])
    assert list(study.to_records()[0]) == ["effect", "variance", "mean_square", "df", "share"]
    assert list(result.to_records()[0]) == [
        "n_raters",
        "n_items",
        "relative_error",
        "absolute_error",
        "generalizability",
        "dependability",
    ]
    for one in (study, result):
        json.dumps([one.to_dict(), one.to_records()], allow_nan=False)
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
        assert set(one.flags) <= set(FLAGS)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            one.design = "p x i x r"
    assert not study.variance.flags.writeable
    assert not result.n_raters.flags.writeable
