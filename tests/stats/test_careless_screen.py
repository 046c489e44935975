"""Votes against careless answers by rules of the user's own choice."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from leadkit.stats import FLAGS, careless_indices, careless_screen

nan = math.nan
RULES = (
    "longstring_at_least",
    "irv_below",
    "mahalanobis_p_below",
    "even_odd_below",
    "synonyms_below",
    "antonyms_above",
    "person_total_below",
)
FIELDS = ("longstring", "irv", "mahalanobis_p", "even_odd_consistency", "synonyms", "antonyms", "person_total_r")
cells = st.integers(1, 5).map(float) | st.just(nan)
tables = st.tuples(st.integers(0, 8), st.integers(1, 6)).flatmap(lambda s: arrays(np.float64, s, elements=cells))


@pytest.fixture
def indices() -> Any:
    rng = np.random.default_rng(4)
    traits = np.repeat(rng.normal(size=(60, 4)), 4, axis=1)
    answers = np.clip(np.round(3 + traits + 0.5 * rng.normal(size=traits.shape)), 1, 5)
    answers[:, 1::4] = 6 - answers[:, 1::4]
    answers[0], answers[1], answers[2, 3:] = 3.0, nan, nan
    scales = np.arange(16).reshape(4, 4).tolist()
    return careless_indices(answers, subscales=scales, reverse=np.arange(16) % 4 == 1, bounds=(1, 5))


@pytest.mark.parametrize(("rule", "name"), list(zip(RULES, FIELDS, strict=True)))
def test_each_rule_compares_its_own_index_in_its_own_direction(indices: Any, rule: str, name: str) -> None:
    values = getattr(indices, name).astype(float)
    at = float(np.nanmedian(values))
    result = careless_screen(indices, **{rule: at})
    known = np.flatnonzero((indices.n_answered > 0) & ~np.isnan(values))
    direction = {"least": lambda x: x >= at, "below": lambda x: x < at, "above": lambda x: x > at}
    expected = [person in known and direction[rule.rsplit("_", 1)[1]](values[person]) for person in range(60)]
    assert result.rules == (rule,)
    assert result.thresholds.tolist() == [at]
    assert result.hits[:, 0].tolist() == expected
    assert result.votes.tolist() == [int(hit) for hit in expected]
    assert 0 < result.n_hits[0] < 60
    assert result.n_undefined.tolist() == [60 - known.size]


def test_a_value_at_the_threshold_votes_only_where_the_rule_says_at_least() -> None:
    indices = careless_indices([[1, 1, 3, 4], [4, 2, 3, 1], [1, 2, 2, 2]])
    result = careless_screen(indices, longstring_at_least=2, irv_below=float(indices.irv[0]))
    assert result.hits[:, 0].tolist() == [True, False, True]
    assert not result.hits[0, 1]
    above = careless_screen(indices, irv_below=float(np.nextafter(indices.irv[0], 9)))
    assert above.hits[0, 0]


@settings(max_examples=25)
@given(tables, st.lists(st.sampled_from(RULES), unique=True), st.floats(-1, 6))
def test_votes_and_hits_add_up_and_what_is_undefined_never_votes(table: Any, rules: list[str], at: float) -> None:
    indices = careless_indices(table, subscales=[[item] for item in range(table.shape[1])])
    result = careless_screen(indices, **dict.fromkeys(rules, at))
    assert result.rules == tuple(rule for rule in RULES if rule in rules)
    assert result.hits.shape == (len(table), len(rules))
    assert result.votes.tolist() == result.hits.sum(axis=1).tolist()
    assert result.n_hits.tolist() == result.hits.sum(axis=0).tolist()
    for place, rule in enumerate(result.rules):
        undefined = np.isnan(getattr(indices, FIELDS[RULES.index(rule)])) | (indices.n_answered == 0)
        assert not result.hits[undefined, place].any()
        assert result.n_undefined[place] == np.count_nonzero(undefined)


def test_a_person_without_answers_never_gets_a_vote(indices: Any) -> None:
    result = careless_screen(
        indices,
        longstring_at_least=0,
        irv_below=99,
        mahalanobis_p_below=2,
        even_odd_below=2,
        synonyms_below=2,
        antonyms_above=-2,
        person_total_below=2,
    )
    assert result.votes[1] == 0
    assert result.votes[0] == 3
    assert result.votes.max() == 7
    assert result.rules == RULES


def test_no_rule_is_no_verdict(indices: Any) -> None:
    result = careless_screen(indices)
    assert (result.rules, result.hits.shape, result.n_hits.shape) == ((), (60, 0), (0,))
    assert not result.votes.any()
    assert result.to_records()[0] == {"votes": 0}


def test_a_rule_about_an_index_that_was_not_asked_for_hits_nobody() -> None:
    result = careless_screen(careless_indices([[1, 2, 3], [3, 2, 1]]), even_odd_below=1.0, synonyms_below=1.0)
    assert result.n_hits.tolist() == [0, 0]
    assert result.n_undefined.tolist() == [2, 2]
    assert "no_pairs" in result.flags


def test_the_result_is_frozen_plain_and_picklable(indices: Any) -> None:
    thresholds: dict[str, Any] = {"longstring_at_least": np.int64(6), "person_total_below": np.float32(0.25)}
    result: Any = careless_screen(indices, **thresholds)
    json.dumps(result.to_dict(), allow_nan=False)
    records = result.to_records()
    json.dumps(records, allow_nan=False)
    assert records[0] == {"votes": 1, "longstring_at_least": True, "person_total_below": False}
    assert "CarelessScreen" in result._repr_html_()
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert result != careless_screen(indices, longstring_at_least=7, person_total_below=0.25)
    assert result.flags == indices.flags
    assert set(result.flags) <= set(FLAGS)
    for name in ("votes", "thresholds", "hits", "n_hits", "n_undefined"):
        assert not getattr(result, name).flags.writeable
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        result.votes = ()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (nan, "irv_below: expected a finite number, got nan"),
        (math.inf, "irv_below: expected a finite number or NaN, got inf"),
        ("low", "irv_below: expected real numbers, got text"),
        ([1.0], r"irv_below: expected a finite number, got \[1.0\]"),
    ],
)
def test_bad_thresholds_are_named_in_the_message(indices: Any, value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        careless_screen(indices, irv_below=value)
