"""Item parameters: what they accept, what they refuse, and how slopes and intercepts become thresholds."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.stats.irt import ItemParameters, category_probabilities

nan = math.nan


@pytest.mark.parametrize(
    ("key", "model"), [("grm_science", "grm"), ("grm_lq2002_lead", "grm"), ("gpcm_science", "gpcm")]
)
def test_slopes_and_intercepts_of_the_reference_become_its_thresholds(key: str, model: Any, golden: Any) -> None:
    expected = golden("stats/irt_dif.json")[key]
    names = expected["par_names_slope_intercept"]
    rows = np.array(expected["slope_intercept"], dtype=float)
    columns = [names.index(name) for name in names if name[0] == "d" and name != "d0"]
    found = ItemParameters.from_slope_intercept(model, rows[:, 0], rows[:, columns], items=expected["item_names"])
    reference = np.array(expected["irt_pars"], dtype=float)
    assert found.items == tuple(expected["item_names"])
    assert found.discrimination == pytest.approx(reference[:, 0], abs=1e-10)
    assert np.allclose(found.thresholds, reference[:, 1:], rtol=0, atol=1e-10)


def test_the_intercept_of_two_categories_is_minus_slope_times_threshold(golden: Any) -> None:
    expected = golden("stats/irt_dif.json")["twopl_dif_sim"]
    rows = np.array(expected["slope_intercept"], dtype=float)
    for model in ("grm", "gpcm"):
        found = ItemParameters.from_slope_intercept(model, rows[:, 0], rows[:, 1:2], lowest=0)
        assert np.allclose(found.thresholds, np.array(expected["irt_pars"])[:, 1:2], rtol=0, atol=1e-10)
        assert found.lowest == 0


@given(st.data(), st.sampled_from(["grm", "gpcm"]))
def test_slope_intercept_form_gives_the_same_curves(data: Any, model: Any) -> None:
    slopes = data.draw(st.lists(st.floats(0.2, 4), min_size=1, max_size=4))
    steps = data.draw(st.integers(1, 4))
    intercepts = np.sort(
        [data.draw(st.lists(st.floats(-5, 5), min_size=steps, max_size=steps)) for _ in slopes], axis=1
    )[:, ::-1] - np.arange(steps)
    parameters = ItemParameters.from_slope_intercept(model, slopes, intercepts)
    theta = np.array([-2.0, 0.3, 1.7])
    if model == "grm":
        at_least = 1 / (1 + np.exp(-(np.array(slopes)[:, None] * theta[:, None, None] + intercepts)))
        ends = np.ones((3, len(slopes), 1))
        expected = -np.diff(np.concatenate([ends, at_least, 0 * ends], axis=2), axis=2)
    else:
        logits = np.arange(1, steps + 1) * np.array(slopes)[:, None] * theta[:, None, None] + intercepts
        odds = np.concatenate([np.ones((3, len(slopes), 1)), np.exp(logits)], axis=2)
        expected = odds / odds.sum(axis=2, keepdims=True)
    assert np.allclose(category_probabilities(parameters, theta), expected, rtol=0, atol=1e-10)


def test_thresholds_filled_up_with_nan_are_categories_that_an_item_lacks() -> None:
    parameters = ItemParameters("grm", [1.0, 1.5, 2.0], np.array([[-1, 0, 1], [0.5, nan, nan], [0, 1, nan]]))
    assert parameters.n_categories.tolist() == [4, 2, 3]
    assert parameters.n_items == 3
    assert parameters.items == ("item1", "item2", "item3")
    assert parameters.is_known.all()


def test_an_item_without_any_number_is_one_whose_parameters_are_not_known() -> None:
    parameters = ItemParameters("gpcm", [1.0, nan], [[-1.0, 0.0], [nan, nan]], items=["a", "b"])
    assert parameters.is_known.tolist() == [True, False]
    assert parameters.n_categories.tolist() == [3, 0]
    assert parameters.to_records()[1] == {"item": "b", "discrimination": None, "threshold1": None, "threshold2": None}


def test_partial_credit_thresholds_may_fall_but_graded_ones_may_not() -> None:
    assert ItemParameters("gpcm", [1.0], [[1.0, -1.0]]).n_categories.tolist() == [3]
    with pytest.raises(ValueError, match=r"thresholds\[1\]: expected numbers that rise strictly, got \[1\.0, 1\.0\]"):
        ItemParameters("grm", [1.0, 1.0], [[0.0, 1.0], [1.0, 1.0]])


@pytest.mark.parametrize(
    ("discrimination", "thresholds"),
    [
        (np.array([1.5, 2.0], dtype=np.float32), np.array([[-1, 1], [0.5, nan]], dtype=np.float32)),
        (np.array([1.5, 2], dtype=object), np.array([[-1, 1], [0.5, None]], dtype=object)),
        ([1.5, 2.0], np.ma.masked_array([[-1, 1], [0.5, 9]], mask=[[False, False], [False, True]])),
        ([1.5, 2.0], np.asfortranarray([[-1, 1], [0.5, nan]])),
    ],
)
def test_numbers_of_every_kind_are_copied_into_read_only_arrays(discrimination: Any, thresholds: Any) -> None:
    parameters = ItemParameters("grm", discrimination, thresholds)
    assert parameters == ItemParameters("grm", [1.5, 2.0], [[-1.0, 1.0], [0.5, nan]])
    assert not parameters.discrimination.flags.writeable
    assert not parameters.thresholds.flags.writeable


def test_parameters_are_frozen_compared_by_value_and_independent_of_their_source() -> None:
    source = np.array([[-1.0, 1.0]])
    parameters = ItemParameters("grm", [1.0], source)
    source[0, 0] = 9.0
    assert parameters == ItemParameters("grm", [1.0], [[-1.0, 1.0]])
    assert parameters != ItemParameters("gpcm", [1.0], [[-1.0, 1.0]])
    assert pickle.loads(pickle.dumps(parameters)) == parameters  # noqa: S301
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        parameters.model = "gpcm"  # type: ignore[misc]


def test_parameters_can_be_rebuilt_from_their_dictionary_and_shown() -> None:
    parameters = ItemParameters("grm", [1.0, nan], [[0.5], [nan]], lowest=0, items=["<a>", "b"])
    assert ItemParameters(**json.loads(json.dumps(parameters.to_dict(), allow_nan=False))) == parameters
    assert "&lt;a&gt;" in parameters._repr_html_()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "rasch"}, "model: expected one of 'grm', 'gpcm', got 'rasch'"),
        ({"discrimination": [1.0]}, "discrimination: expected 2 values, one a row of thresholds, got 1"),
        (
            {"discrimination": [1.0, -0.5]},
            r"discrimination\[1\]: expected a number above 0, got -0\.5; turn the answers",
        ),
        ({"discrimination": [0.0, 1.0]}, r"discrimination\[0\]: expected a number above 0, got 0"),
        ({"discrimination": ["1", "2"]}, "discrimination: expected real numbers, got text"),
        ({"discrimination": [1.0, math.inf]}, r"discrimination\[1\]: expected a finite number or NaN, got inf"),
        ({"discrimination": [[1.0, 1.0]]}, "discrimination: expected one dimension, got 2"),
        ({"discrimination": [1.0, nan]}, r"thresholds\[1\]: expected numbers exactly where there is a discrimination"),
        ({"thresholds": [[0.0], [nan]]}, r"thresholds\[1\]: expected numbers exactly where there is a discrimination"),
        ({"thresholds": [0.0, 1.0]}, r"thresholds: expected two dimensions \(rows, columns\), got 1"),
        ({"thresholds": [[0.0, 1.0], [nan, 1.0]]}, r"thresholds\[1, 0\]: expected a number, got NaN before 1"),
        ({"thresholds": [[0.0], [1j]]}, "thresholds: expected real numbers, got complex numbers"),
        ({"thresholds": np.zeros((0, 2)), "discrimination": []}, "thresholds: expected at least one item, got none"),
        ({"thresholds": np.zeros((2, 0))}, "thresholds: expected at least one column, got none"),
        ({"lowest": 1.0}, "lowest: expected a whole number, got 1.0"),
        ({"lowest": True}, "lowest: expected a whole number, got True"),
        ({"lowest": 10**30}, "lowest: expected a whole number, got 1000"),
        ({"items": ["a"]}, "items: expected 2 names, got 1"),
        ({"items": ["a", "a"]}, r"items: names \['a'\] are there more than once"),
    ],
)
def test_parameters_that_no_item_can_have_are_refused_by_name(changes: dict[str, Any], message: str) -> None:
    fields: dict[str, Any] = {"model": "grm", "discrimination": [1.0, 2.0], "thresholds": [[0.0], [1.0]]}
    with pytest.raises(ValueError, match=message):
        ItemParameters(**fields | changes)


@pytest.mark.parametrize(
    ("model", "slopes", "intercepts", "message"),
    [
        ("2pl", [1.0], [[0.0]], "model: expected one of 'grm', 'gpcm', got '2pl'"),
        ("grm", [1.0, 1.0], [[0.0]], "slopes: expected 1 values, one a row of intercepts, got 2"),
        ("grm", [1.0, 0.0], [[0.0], [0.0]], r"slopes\[1\]: expected numbers above 0, got \[1\.0, 0\.0\]"),
        ("grm", [nan], [[0.0]], r"slopes\[0\]: expected numbers above 0"),
        ("grm", [1.0], [[-1.0, 1.0]], r"thresholds\[0\]: expected numbers that rise strictly"),
        ("grm", [1.0], [["0"]], "intercepts: expected real numbers, got text"),
    ],
)
def test_slopes_and_intercepts_that_no_item_can_have_are_refused(
    model: Any, slopes: Any, intercepts: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        ItemParameters.from_slope_intercept(model, slopes, intercepts)
