"""Scores: worked examples, laws, and every rule and flag."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from leadkit.assessment import SCORE_FLAGS, Instrument, Responses, Scores, concat, score
from leadkit.assessment.items import n_needed
from leadkit.errors import DefinitionError, UnknownIdError
from leadkit.testing import responses, scores

NAN = float("nan")


def answers(two: Instrument, *rows: Any) -> Responses:
    return Responses(two, [list(row) for row in rows], [f"r{i}" for i in range(len(rows))])


def test_reverse_then_weight_then_average_over_what_was_answered(two: Instrument) -> None:
    scored = score(answers(two, (5, 1, 4, 2, 4), (5, 1, NAN, NAN, 4), (NAN, NAN, 4, 3, 3)))
    assert scored.scale_ids == ("vision", "drive", "lead")
    assert scored.column("vision").tolist()[:2] == [(5 + 5 + 2 * 4) / 4, 5.0]
    assert np.isnan(scored.column("vision")[2])
    assert scored.column("drive").tolist() == [3.0, 4.0, 3.0]
    assert scored.column("lead").tolist()[:2] == [(3 * 4.5 + 3) / 4, (3 * 5 + 4) / 4]
    assert scored.n_answered.tolist() == [[3, 2, 2], [2, 1, 2], [1, 2, 1]]


def test_flags_say_why_there_is_no_score(two: Instrument) -> None:
    scored = score(answers(two, (5, 1, 4, 2, 4), (NAN, NAN, 4, 3, 3), (NAN,) * 5))
    assert (
        set(scored.flags) == {"no_answers", "too_few_answers", "missing_part", "partial_composite"} <= set(SCORE_FLAGS)
    )
    assert scored.flags["too_few_answers"].tolist() == [[False] * 3, [True, False, False], [True, True, False]]
    assert scored.flags["missing_part"].tolist() == [[False] * 3, [False, False, True], [False, False, True]]
    assert scored.flags["no_answers"].tolist() == [[False] * 3, [False] * 3, [True] * 3]
    assert not scored.flags["partial_composite"].any()


def test_an_available_composite_rescales_its_weights_and_says_so(two: Instrument) -> None:
    scored = score(answers(two, (NAN, NAN, 4, 3, 4), (NAN,) * 5), composites="available")
    assert scored.column("lead").tolist()[0] == 3.5
    assert np.isnan(scored.column("lead")[1])
    assert scored.flags["partial_composite"].tolist() == [[False, False, True], [False] * 3]
    assert scored.flags["missing_part"].tolist() == [[False] * 3, [False, False, True]]


def test_composites_may_be_left_out(two: Instrument) -> None:
    scored = score(answers(two, (5, 1, 4, 2, 4)), composites="none")
    assert scored.scale_ids == ("vision", "drive")
    assert scored.flags["missing_part"].shape == (1, 2)


def test_the_metrics_are_scale_points_prorated_sum_and_percent(two: Instrument) -> None:
    given = answers(two, (5, 1, NAN, 2, 4))
    assert score(given).values.tolist() == [[5, 3, 4.5]]
    assert score(given, metric="sum").values.tolist() == [[15, 6, (3 * 15 + 6) / 4]]
    assert score(given, metric="pomp").values.tolist() == [[100, 50, 87.5]]


def test_item_weights_may_be_set_aside(two: Instrument) -> None:
    given = answers(two, (5, 5, 4, 2, 4))
    assert score(given).column("vision").tolist() == [(5 + 1 + 8) / 4]
    assert score(given, weights="equal").column("vision").tolist() == [(5 + 1 + 4) / 3]


@pytest.mark.parametrize(("rule", "known"), [(None, [1, 1]), (1, [1, 1]), (1.0, [0, 0]), (0.5, [1, 1]), (2, [1, 0])])
def test_the_least_number_of_answers_may_be_set_for_all(two: Instrument, rule: Any, known: list[int]) -> None:
    values = score(answers(two, (5, 1, NAN, 2, NAN)), min_answered=rule, composites="none").values
    assert (~np.isnan(values)).astype(int).tolist() == [known]


def test_wrong_options_are_refused_with_what_is_possible(two: Instrument) -> None:
    given = answers(two, (1, 1, 1, 1, 1))
    with pytest.raises(ValueError, match="metric: expected one of 'mean', 'sum', 'pomp', got 'median'"):
        score(given, metric="median")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="weights: expected one of"):
        score(given, weights="x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="composites: expected one of"):
        score(given, composites="some")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match=r"dimension 'drive': min_answered: expected a count in 1..2, got 3"):
        score(given, min_answered=3)
    with pytest.raises(
        UnknownIdError, match=r"unknown scale 'visoin' \(did you mean 'vision'\?\); known: drive, lead, vision"
    ):
        score(given).column("visoin")


def test_a_result_says_what_it_was_made_with_and_becomes_plain_data(two: Instrument) -> None:
    given = Responses(two, [[5, 1, 4, 2, NAN]], ["ann"], {"team": ["north"]})
    scored = score(given, metric="pomp", min_answered=1.0)
    told = scored.to_dict()
    json.dumps(told, allow_nan=False)
    assert told["provenance"]["instrument_hash"] == two.hash
    assert told["provenance"]["rules"] == {
        "metric": "pomp",
        "min_answered": 1.0,
        "weights": "items",
        "composites": "complete",
    }
    assert scored.to_records() == [
        {"respondent_id": "ann", "team": "north", "vision": 87.5, "drive": None, "lead": None}
    ]
    html = scored._repr_html_()
    assert "<td>87.5</td>" in html
    assert "<td>\N{EN DASH}</td>" in html


def test_a_notebook_table_is_escaped_and_short(two: Instrument) -> None:
    many = Responses(two, np.full((30, 5), 3), [f"<b>{i}" for i in range(30)])
    html = score(many)._repr_html_()
    assert "&lt;b&gt;0" in html
    assert "<b>" not in html
    assert "... and 10 more rows" in html


def test_the_span_of_a_scale_follows_the_metric(two: Instrument) -> None:
    given = answers(two, (1, 1, 1, 1, 1))
    for metric, low, high in (
        ("mean", [1, 1, 1], [5, 5, 5]),
        ("pomp", [0] * 3, [100] * 3),
        ("sum", [3, 2, 2.75], [15, 10, 13.75]),
    ):
        span = score(given, metric=metric).span  # type: ignore[arg-type]
        assert [end.tolist() for end in span] == [low, high]
    assert score(given, composites="none").span[0].tolist() == [1, 1]


def test_rows_of_scores_are_taken_with_their_flags(two: Instrument) -> None:
    given = answers(two, (5, 1, 4, 2, 4), (NAN,) * 5)
    assert score(given)[1:] == score(given[1:])


def test_a_block_boundary_changes_nothing(two: Instrument) -> None:
    rng = np.random.default_rng(5)
    values = rng.integers(1, 6, (20_000, 5)).astype(float)
    values[rng.random(values.shape) < 0.2] = NAN
    values[7_000:15_000] = rng.integers(1, 6, (8_000, 5))
    given = Responses(two, values, [str(i) for i in range(len(values))])
    whole = score(given)
    for start in (0, 6_550, 13_100, 19_990):
        assert np.array_equal(score(given[start : start + 10]).values, whole.values[start : start + 10], equal_nan=True)


def by_hand(given: Responses) -> list[list[float]]:
    rows = []
    for row in given.values:
        means, at = [], 0
        for part in given.instrument.dimensions:
            pairs = [
                (item.weight, given.instrument.scale.reverse(x) if item.reverse else x)
                for item, x in zip(part.items, row[at : at + len(part.items)].tolist(), strict=True)
                if x == x  # noqa: PLR0124 - NaN is not itself
            ]
            at += len(part.items)
            enough = len(pairs) >= n_needed(part.min_answered, len(part.items))
            means.append(sum(w * x for w, x in pairs) / sum(w for w, _ in pairs) if enough else NAN)
        ids = given.instrument.dimension_ids
        for composite in given.instrument.composites:
            total = sum(w * means[ids.index(name)] for name, w in composite.weights.items())
            means.append(total / sum(composite.weights.values()))
        rows.append(means)
    return rows


@given(responses())
def test_scores_are_what_a_person_would_work_out_by_hand(drawn: Responses) -> None:
    np.testing.assert_allclose(score(drawn).values, by_hand(drawn), rtol=0, atol=1e-12)


@given(scores())
def test_scores_lie_on_the_scale(drawn: Scores) -> None:
    low, high = drawn.span
    known = ~np.isnan(drawn.values)
    assert (drawn.values >= low - 1e-9)[known].all()
    assert (drawn.values <= high + 1e-9)[known].all()


@given(responses(), st.randoms(use_true_random=False))
def test_respondent_order_changes_only_the_order(drawn: Responses, random: Any) -> None:
    order = random.sample(range(len(drawn)), len(drawn))
    assert score(drawn[order]) == score(drawn)[order]


@given(responses(), st.randoms(use_true_random=False))
def test_item_order_changes_nothing(drawn: Responses, random: Any) -> None:
    form = drawn.instrument
    shuffled = evolve(
        form,
        dimensions=tuple(evolve(part, items=random.sample(part.items, len(part.items))) for part in form.dimensions),
    )
    columns = [form.item_ids.index(name) for name in shuffled.item_ids]
    turned = Responses(shuffled, drawn.values[:, columns], drawn.respondent_ids)
    np.testing.assert_allclose(score(turned).values, score(drawn).values, rtol=0, atol=1e-12)


@given(responses())
def test_reversing_a_key_and_its_data_changes_nothing(drawn: Responses) -> None:
    form = drawn.instrument
    turned = evolve(
        form,
        dimensions=tuple(
            evolve(part, items=tuple(evolve(item, reverse=not item.reverse) for item in part.items))
            for part in form.dimensions
        ),
    )
    mirrored = Responses(turned, form.scale.low + form.scale.high - drawn.values, drawn.respondent_ids)
    np.testing.assert_allclose(score(mirrored).values, score(drawn).values, rtol=0, atol=1e-12)


@given(responses())
def test_percent_is_affine_in_the_mean(drawn: Responses) -> None:
    scale = drawn.instrument.scale
    mean, pomp = score(drawn).values, score(drawn, metric="pomp").values
    np.testing.assert_allclose(pomp, 100 * (mean - scale.low) / (scale.high - scale.low), rtol=0, atol=1e-9)


@given(responses())
def test_an_unanswered_item_more_changes_no_mean_while_enough_is_answered(drawn: Responses) -> None:
    form = drawn.instrument
    first = form.dimensions[0]
    assume(isinstance(first.min_answered, int))
    longer = evolve(
        form,
        dimensions=(evolve(first, items=(*first.items, evolve(first.items[0], id="one_more"))), *form.dimensions[1:]),
    )
    at = len(first.items)
    values = np.insert(drawn.values, at, NAN, axis=1)
    wider = Responses(longer, values, drawn.respondent_ids)
    np.testing.assert_allclose(score(wider).values, score(drawn).values, rtol=0, atol=1e-12)


@given(responses(min_size=2))
def test_concat_then_score_is_score_then_concat(drawn: Responses) -> None:
    assert score(concat([drawn[:1], drawn[1:]])) == score(drawn)


@given(scores())
def test_every_result_is_frozen_and_json_safe(drawn: Scores) -> None:
    json.dumps(drawn.to_dict(), allow_nan=False)
    json.dumps(drawn.to_records(), allow_nan=False)
    for array in (drawn.values, drawn.n_answered, *drawn.flags.values()):
        assert not array.flags.writeable


@pytest.mark.parametrize(("metric", "wanted"), [("mean", 3.2), ("pomp", 55.0), ("sum", 16.0)])
def test_a_score_is_the_nearest_number_to_the_true_one(metric: Any, wanted: float) -> None:
    rows = [{"item": f"a{i}", "dimension": "five", "low": 1, "high": 5} for i in range(5)]
    five = Instrument.from_rows(rows, id="five", version="1.0.0", title="Five", source="Example", licence="MIT")
    given = Responses(five, [[4, 3, 3, 3, 3]], ["ann"])
    assert score(given, metric=metric).column("five").tolist() == [wanted]
