"""V.E.D. scores: golden numbers by hand, laws, flags, errors, and what a result can become."""

from __future__ import annotations

import json
from math import sqrt
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import ndtr

from leadkit import assessment, frameworks
from leadkit.assessment import Instrument, Ratings, Responses
from leadkit.assessment.flags import SCORE_FLAGS
from leadkit.errors import DefinitionError, DisclosureError, UnknownIdError
from leadkit.typing import FloatArray
from leadkit.ved import LEADERSHIP, MANAGEMENT, SCALE_IDS, VED_FLAGS, VedScores, score, style
from leadkit.ved.measurement import composite_error

VED = frameworks.load("ved")
RELIABILITY = {"vision": 0.84, "engagement": 0.75, "delivery": 0.91, **dict.fromkeys(MANAGEMENT, 0.8)}

answer_matrices = arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.just(VED.n_items)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]),
)
sems = st.one_of(st.just(0.0), st.floats(0.1, 30))


def responses(values: FloatArray) -> Responses:
    return Responses(VED, values, [f"r{i}" for i in range(len(values))])


def flagged(scores: VedScores, flag: str) -> list[tuple[int, str]]:
    return [(int(i), SCALE_IDS[j]) for i, j in np.argwhere(scores.flags[flag])]


def test_the_scores_of_three_people_are_those_worked_out_by_hand(three_people: Responses) -> None:
    scores = score(three_people)
    assert scores.ids == ("ann", "bo", "cy")
    assert scores.scale_ids == SCALE_IDS == (*LEADERSHIP, *MANAGEMENT, "leadership", "management", "balance")
    nan = np.nan
    expected = [
        [75, 60, 35, 100, 75, 50, 25, 170 / 3, 62.5, 0.6],
        [50, 50, 75, 50, 50, 50, 50, 175 / 3, 50, 0.75],
        [25, 100, nan, 0, 25, 50, 75, nan, 37.5, nan],
    ]
    np.testing.assert_allclose(scores.values, expected, rtol=0, atol=1e-12)
    assert scores.weakest == ("delivery", None, None)
    assert flagged(scores, "tied_lowest") == [(1, "vision"), (1, "engagement")]
    assert flagged(scores, "missing_part") == [(2, "leadership"), (2, "balance")]
    assert flagged(scores, "too_few_answers") == [(2, "delivery")]


def test_the_errors_of_three_people_are_those_worked_out_by_hand(three_people: Responses) -> None:
    scores = score(three_people, reliability=RELIABILITY)
    # Vision is 75, 50, 25, so its sd is 25 and its standard error 25 x sqrt(0.16).
    assert scores.sem["vision"] == pytest.approx(10, abs=1e-12)
    # Engagement is 60, 50, 100 with variance 700; delivery 35, 75 with variance 800, one score being missing.
    assert scores.sem["engagement"] == pytest.approx(sqrt(700 * 0.25), abs=1e-12)
    assert scores.sem["delivery"] == pytest.approx(sqrt(800 * 0.09), abs=1e-12)
    assert scores.sem["leadership"] == pytest.approx(sqrt(100 + 175 + 72) / 3, abs=1e-12)
    # Monitoring is 50 for all three, so there is nothing that could be error.
    assert scores.sem["monitoring"] == 0
    assert flagged(scores, "zero_sem") == [(i, "monitoring") for i in range(3)]
    assert set(scores.sem) == set(SCALE_IDS) - {"balance"}


def test_a_known_error_gives_the_probabilities_worked_out_by_hand(three_people: Responses) -> None:
    scores = score(three_people, sem={"vision": 5.0, "engagement": 0.0, "delivery": 0.0})
    # Bo: vision 50 +- 5 against engagement 50 without error; delivery 75 cannot be lower.
    assert scores.p_weakest[1] == pytest.approx([0.5, 0.5, 0.0], abs=1e-15)
    below = float(ndtr((35 - 75) / 5))
    assert scores.p_weakest[0] == pytest.approx([below, 0.0, 1 - below], abs=1e-15)
    assert np.isnan(scores.p_weakest[2]).all()


def test_without_a_reliability_there_are_scores_and_no_probabilities(three_people: Responses) -> None:
    scores = score(three_people)
    assert scores.sem == {}
    assert np.isnan(scores.p_weakest).all()
    assert scores.flags["no_sem"][:, :-1].all()
    assert not scores.flags["no_sem"][:, -1].any()
    assert scores.provenance.rules["reliability"] is None


def test_a_table_of_reliabilities_serves_like_the_mapping_of_its_alphas() -> None:
    rng = np.random.default_rng(3)
    trait = rng.normal(3, 0.8, size=(60, 1))
    turned = np.array([item.reverse for item in VED.items])
    keyed = np.clip(np.rint(trait + rng.normal(0, 0.8, size=(60, VED.n_items))), 1, 5)
    people = responses(np.where(turned, 6 - keyed, keyed))
    table = assessment.reliability(people)
    assert score(people, reliability=table) == score(people, reliability=table.coefficients())
    assert 0 < score(people, reliability=table).sem["vision"] < 20


def test_one_person_has_no_spread_unless_the_error_is_known(three_people: Responses) -> None:
    alone = score(three_people[:1], reliability=RELIABILITY)
    assert all(np.isnan(error) for error in alone.sem.values())
    assert alone.flags["single_person"][0, :-1].all()
    assert np.isnan(alone.p_weakest).all()
    known = score(three_people[:1], reliability=RELIABILITY, sem=5.0)
    assert known.p_weakest.sum() == pytest.approx(1)
    assert not known.flags["single_person"].any()
    assert not known.flags["no_sem"].any()


def test_a_reliability_out_of_range_is_flagged_and_gives_no_probability(three_people: Responses) -> None:
    scores = score(three_people, reliability={**RELIABILITY, "engagement": 1.2})
    assert flagged(scores, "reliability_out_of_range") == [(i, "engagement") for i in range(3)]
    assert np.isnan(scores.sem["engagement"])
    assert np.isnan(scores.sem["leadership"])
    assert np.isnan(scores.p_weakest).all()


def test_one_number_is_the_error_of_each_dimension_and_composites_follow_from_their_parts(
    three_people: Responses,
) -> None:
    scores = score(three_people, sem=6.0)
    assert [scores.sem[name] for name in (*LEADERSHIP, *MANAGEMENT)] == [6.0] * 7
    assert scores.sem["leadership"] == pytest.approx(6 / sqrt(3))
    assert scores.sem["management"] == pytest.approx(3)


def test_a_given_error_stands_in_the_place_of_one_by_reliability(three_people: Responses) -> None:
    by_reliability = score(three_people, reliability=RELIABILITY)
    scores = score(three_people, reliability=RELIABILITY, sem={"vision": 2.0, "management": 4.5})
    assert scores.sem["vision"] == 2.0
    assert scores.sem["management"] == 4.5
    assert scores.sem["engagement"] == by_reliability.sem["engagement"]
    assert scores.sem["leadership"] == pytest.approx(sqrt(4 + 175 + 72) / 3)
    unknown = score(three_people, reliability=RELIABILITY, sem={"vision": np.nan})
    assert np.isnan(unknown.sem["leadership"])
    assert flagged(unknown, "no_sem") == [(i, name) for i in range(3) for name in ("vision", "leadership")]


def test_a_reliability_of_a_composite_counts_before_its_parts(three_people: Responses) -> None:
    own = score(three_people[:2], reliability={**RELIABILITY, "leadership": 0.75})
    assert own.sem["leadership"] == pytest.approx(0.5 * np.std([170 / 3, 175 / 3], ddof=1))


def test_the_error_of_a_composite_follows_its_weights() -> None:
    assert composite_error({"a": 3.0, "b": 1.0}, {"a": 4.0, "b": 5.0}) == pytest.approx(13 / 4)
    assert np.isnan(composite_error({"a": 3.0, "b": 1.0}, {"a": 4.0}))


def test_metrics_differ_in_points_and_agree_in_what_they_say(three_people: Responses) -> None:
    pomp, mean, total = (score(three_people, metric=m, reliability=RELIABILITY) for m in ("pomp", "mean", "sum"))
    np.testing.assert_allclose(mean.values[:, :9], 1 + pomp.values[:, :9] / 25, atol=1e-12)
    np.testing.assert_allclose(total.values[:, :9], 5 * mean.values[:, :9], atol=1e-12)
    for other in (mean, total):
        np.testing.assert_allclose(other.column("balance"), pomp.column("balance"), atol=1e-12)
        np.testing.assert_allclose(other.p_weakest, pomp.p_weakest, atol=1e-12)
        assert other.weakest == pomp.weakest
    assert mean.sem["vision"] == pytest.approx(pomp.sem["vision"] / 25)
    assert mean.lowest.tolist() == [1.0] * 9 + [0.0]
    assert total.highest.tolist() == [25.0] * 9 + [1.0]
    assert total.widths["leadership"] == 20.0


def test_dimensions_of_different_length_are_compared_on_one_scale() -> None:
    short = attrs.evolve(
        VED,
        id="short",
        dimensions=[
            attrs.evolve(part, items=part.items[:2] if part.id == "vision" else part.items) for part in VED.dimensions
        ],
    )
    values = [[4.0 if not item.reverse else 2.0 for item in short.items]]
    scores = score(Responses(short, values, ["ann"]), metric="sum")
    assert scores.column("vision").tolist() == [8.0]
    assert scores.column("engagement").tolist() == [20.0]
    assert scores.column("balance").tolist() == [1.0]
    assert scores.weakest == (None,)


def test_evaluations_are_rows_of_their_own_under_their_own_ids(three_people: Responses) -> None:
    ratings = Ratings(three_people, ["dee"] * 3, ["ann", "bo", "cy"], ["peer"] * 3)
    scores = score(ratings, sem=5.0)
    assert scores.ids == three_people.respondent_ids
    assert scores.provenance.rules["rows"] == "evaluations"
    assert score(three_people, sem=5.0).provenance.rules["rows"] == "respondents"
    assert np.array_equal(scores.values, score(three_people).values, equal_nan=True)


def test_single_evaluations_are_never_shown(three_people: Responses) -> None:
    ratings = Ratings(three_people, ["dee"] * 3, ["ann", "bo", "cy"], ["peer"] * 3)
    scores = score(ratings, sem=5.0)
    for result in (scores, style(scores)):
        for show in (result.to_dict, result.to_records):
            with pytest.raises(DisclosureError, match="each row is what a single rater said about a person"):
                show()
        assert result._repr_html_() == f"<p>{type(result).__name__} of 3 evaluations, for analysis only</p>"


def test_what_else_an_instrument_holds_is_left_out_and_weights_of_composites_count() -> None:
    item = assessment.Item(id="pro1", text="I am proud of this team.")
    wider = attrs.evolve(
        VED,
        id="wider",
        dimensions=[assessment.Dimension(id="proud", name="Proud", items=[item]), *VED.dimensions],
        composites=[
            assessment.Composite(id="leadership", name="L", weights={"vision": 2, "engagement": 1, "delivery": 1}),
            VED.composites[1],
        ],
    )
    row = {"respondent_id": "ann", "pro1": 5, "vis1": 5, "vis2": 5, "vis3": 5}
    row |= {f"{name}{i}": 3 for name in ("eng", "del") for i in (1, 2, 3)}
    people = Responses.from_records([row], wider, allow_missing_items=True)
    scores = score(people, sem=8.0)
    assert scores.values[0, [0, 1, 2, 7]].tolist() == [100.0, 50.0, 50.0, 75.0]
    assert scores.sem["leadership"] == pytest.approx(8 * sqrt(6) / 4)


def test_group_variables_travel_along(three_people: Responses) -> None:
    people = attrs.evolve(three_people, groups={"team": ["x", "y", None]})
    assert score(people).groups == {"team": ("x", "y", None)}
    assert [row["team"] for row in score(people).to_records()] == ["x", "y", None]


@given(answer_matrices, sems)
def test_probabilities_sum_to_one_and_the_balance_lies_between_zero_and_one(values: FloatArray, sem: float) -> None:
    scores = score(responses(values), sem=sem)
    known = np.logical_not(np.isnan(scores.values[:, :3]).any(axis=1))
    assert np.array_equal(~np.isnan(scores.p_weakest), np.repeat(known[:, None], 3, axis=1))
    np.testing.assert_allclose(scores.p_weakest[known].sum(axis=1), 1, atol=1e-12)
    assert np.all((scores.p_weakest[known] >= 0) & (scores.p_weakest[known] <= 1))
    balance = scores.column("balance")
    assert np.array_equal(~np.isnan(balance), known)
    assert np.all((balance[known] >= 0) & (balance[known] <= 1))


@given(answer_matrices, st.randoms(use_true_random=False))
def test_the_order_of_respondents_changes_only_the_order(values: FloatArray, random: Any) -> None:
    order = list(range(len(values)))
    random.shuffle(order)
    people = responses(values)
    one, other = score(people, sem=7.0), score(people[order], sem=7.0)
    assert other.ids == tuple(one.ids[i] for i in order)
    assert other.weakest == tuple(one.weakest[i] for i in order)
    assert np.array_equal(other.values, one.values[order], equal_nan=True)
    assert np.array_equal(other.p_weakest, one.p_weakest[order], equal_nan=True)
    assert all(np.array_equal(other.flags[name], mask[order]) for name, mask in one.flags.items())
    assert style(other).quadrant == tuple(style(one).quadrant[i] for i in order)


@given(answer_matrices, sems, st.integers(0, 3))
def test_raising_the_vision_of_a_person_never_raises_the_probability_that_it_is_the_weakest(
    values: FloatArray, sem: float, item: int
) -> None:
    raised = values.copy()
    raised[:, item] = np.minimum(raised[:, item] + 1, 5)
    before, after = (score(responses(v), sem=sem).p_weakest[:, 0] for v in (values, raised))
    assert np.all((after <= before + 1e-12) | np.isnan(before))


@given(answer_matrices)
def test_the_weakest_is_the_only_lowest_and_the_likeliest(values: FloatArray) -> None:
    scores = score(responses(values), sem=9.0)
    for i, name in enumerate(scores.weakest):
        three = scores.values[i, :3]
        if name is None:
            assert np.isnan(three).any() or np.sum(three <= three.min() + 1e-9) > 1
        else:
            assert LEADERSHIP[int(np.argmin(three))] == name
            assert np.argmax(scores.p_weakest[i]) == np.argmin(three)


def test_an_instrument_that_does_not_measure_ved_is_refused_with_all_that_it_lacks() -> None:
    vitals = frameworks.load("vitals")
    nobody = Responses(vitals, np.empty((0, vitals.n_items)), [])
    with pytest.raises(DefinitionError) as caught:
        score(nobody)
    assert str(caught.value).startswith("instrument 'vitals' does not measure V.E.D.: 9 faults")
    assert "dimensions: 'vision' is missing" in str(caught.value)
    assert "composites: 'management' is missing" in str(caught.value)


def test_a_composite_of_other_parts_and_a_misspelt_dimension_are_refused() -> None:
    dimensions = [attrs.evolve(part, id="visions") if part.id == "vision" else part for part in VED.dimensions]
    odd = attrs.evolve(
        VED,
        dimensions=dimensions,
        composites=[assessment.Composite(id="leadership", name="L", weights={"visions": 1, "delivery": 1})],
    )
    with pytest.raises(DefinitionError) as caught:
        score(Responses(odd, np.empty((0, odd.n_items)), []))
    assert [str(fault) for fault in caught.value.faults] == [
        "dimensions: 'vision' is missing (did you mean 'visions'?)",
        "composite 'leadership': expected the parts vision, engagement, delivery, got visions, delivery",
        "composites: 'management' is missing",
    ]


@pytest.mark.parametrize("wrong", [-1.0, 101.0, np.inf, True, "5", None])
def test_a_standard_error_that_is_none_is_refused_by_scale(three_people: Responses, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"sem, scale 'vision': expected a number in 0\.\.100, the width of the scale"):
        score(three_people, sem={"vision": wrong})


def test_an_unknown_scale_or_metric_is_refused_with_the_nearest(three_people: Responses) -> None:
    with pytest.raises(UnknownIdError, match=r"unknown scale in sem 'visoin' \(did you mean 'vision'\?\)"):
        score(three_people, sem={"visoin": 5.0})
    with pytest.raises(UnknownIdError, match="balance"):
        score(three_people, sem={"balance": 5.0})
    with pytest.raises(UnknownIdError, match="did you mean 'delivery'"):
        score(three_people, reliability={"delivry": 0.8})
    with pytest.raises(UnknownIdError, match="did you mean 'leadership'"):
        score(three_people).column("leadersip")
    with pytest.raises(ValueError, match="metric: expected one of 'mean', 'sum', 'pomp', got 'percent'"):
        score(three_people, metric="percent")  # type: ignore[arg-type]


def test_nobody_gives_an_empty_result(ved: Instrument) -> None:
    scores = score(Responses(ved, np.empty((0, ved.n_items)), []), sem=5.0)
    assert (scores.values.shape, scores.p_weakest.shape, scores.weakest) == ((0, 10), (0, 3), ())
    assert scores.to_records() == []
    assert style(scores).to_records() == []
    assert "V.E.D." in scores._repr_html_()


def test_a_result_becomes_json_without_nan_and_rows_of_scalars(three_people: Responses) -> None:
    scores = score(three_people, reliability=RELIABILITY)
    plain = json.loads(json.dumps(scores.to_dict(), allow_nan=False))
    assert plain["scale_ids"] == list(SCALE_IDS)
    assert plain["values"][2][2] is None
    assert plain["provenance"]["instrument_hash"] == three_people.instrument.hash
    assert "instrument" not in plain
    rows = json.loads(json.dumps(scores.to_records(), allow_nan=False))
    assert rows[0]["id"] == "ann"
    assert rows[0]["vision"] == 75
    assert rows[0]["weakest"] == "delivery"
    assert rows[2]["p_weakest_vision"] is None
    assert rows[2]["flags"] == "missing_part too_few_answers zero_sem"


def test_every_flag_has_its_sentence(three_people: Responses) -> None:
    assert set(score(three_people).flags) <= set(VED_FLAGS) | set(SCORE_FLAGS)
    assert set(style(score(three_people)).flags) <= set(VED_FLAGS) | set(SCORE_FLAGS)
    assert all(sentence.endswith(".") for sentence in VED_FLAGS.values())


def test_a_notebook_shows_the_first_rows_and_nothing_a_browser_would_run() -> None:
    values = np.full((23, VED.n_items), 3.0)
    scores = score(Responses(VED, values, ["<script>", *map(str, range(22))]), sem=5.0)
    for page in (scores._repr_html_(), style(scores)._repr_html_()):
        assert "&lt;script&gt;" in page
        assert "<script>" not in page
        assert "and 3 more rows" in page


def test_results_are_equal_by_value_and_read_only(three_people: Responses) -> None:
    scores = score(three_people, sem=5.0)
    assert scores == score(three_people, sem=5.0)
    assert scores != score(three_people, sem=6.0)
    for array in (scores.values, scores.p_weakest, scores.column("vision"), scores.flags["no_sem"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
