"""The style of a leader: quadrants and their exact probabilities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import sqrt
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from leadkit.assessment import Responses
from leadkit.errors import UnknownIdError
from leadkit.ved import QUADRANTS, VedScores, score, style

points = st.floats(0, 100)


@pytest.fixture(scope="module")
def scores(three_people: Responses) -> VedScores:
    return score(three_people, sem=6.0)


def placed(scores: VedScores, leadership: float, management: float) -> VedScores:
    values = np.array(scores.values[:1])
    values[0, 7:9] = leadership, management
    kept = {name: mask[:1] for name, mask in scores.flags.items()}
    return attrs.evolve(scores, ids=("ann",), values=values, weakest=(None,), p_weakest=np.ones((1, 3)) / 3, flags=kept)


def test_the_style_of_three_people_is_the_one_worked_out_by_hand(scores: VedScores) -> None:
    reading = style(scores, cut=60)
    # Ann 56.67 and 62.5, Bo 58.33 and 50, Cy without leadership; errors 6/sqrt(3) and 3.
    assert reading.quadrant == ("manages", "neither_yet", None)
    leads = [float(ndtr((value - 60) / (6 / sqrt(3)))) for value in (170 / 3, 175 / 3)]
    manages = [float(ndtr(value)) for value in (2.5 / 3, -10 / 3)]
    expected = [[a * b, a * (1 - b), (1 - a) * b, (1 - a) * (1 - b)] for a, b in zip(leads, manages, strict=True)]
    np.testing.assert_allclose(reading.probability[:2], expected, atol=1e-15)
    assert np.isnan(reading.probability[2]).all()
    assert np.argwhere(reading.flags["missing_part"]).tolist() == [[2, 0]]
    assert reading.quadrants == QUADRANTS == ("leads_and_manages", "leads", "manages", "neither_yet")


def test_a_label_never_comes_without_its_note(scores: VedScores) -> None:
    reading = style(scores)
    assert reading.note in reading._repr_html_()
    assert reading.to_dict()["note"] == reading.note


@pytest.mark.parametrize(
    ("leadership", "management", "quadrant"),
    [(60, 60, "leads_and_manages"), (60, 59, "leads"), (59, 60, "manages"), (59, 59, "neither_yet")],
)
def test_a_score_at_the_cut_reaches_it(scores: VedScores, leadership: float, management: float, quadrant: str) -> None:
    reading = style(placed(scores, leadership, management), sem=0)
    assert reading.quadrant == (quadrant,)
    assert reading.probability[0].tolist() == [float(name == quadrant) for name in QUADRANTS]
    assert reading.flags["zero_sem"].all()


def test_a_mean_that_misses_the_cut_by_the_last_bits_reaches_it(scores: VedScores) -> None:
    assert style(placed(scores, 60 - 1e-13, 60), sem=0).quadrant == ("leads_and_manages",)


@given(points, st.floats(0.1, 30))
def test_at_the_cut_leading_is_as_likely_as_not(scores: VedScores, management: float, error: float) -> None:
    chances = style(placed(scores, 45, management), cut=45, sem=error).probability[0]
    assert chances[:2].sum() == pytest.approx(0.5, abs=1e-15)


@given(points, points, points, st.floats(0, 30), st.floats(0, 30))
def test_probabilities_lie_between_zero_and_one_and_sum_to_one(
    scores: VedScores, leadership: float, management: float, cut: float, sem_l: float, sem_m: float
) -> None:
    errors = {"leadership": sem_l, "management": sem_m}
    reading = style(placed(scores, leadership, management), cut=cut, sem=errors)
    assert np.all((reading.probability >= 0) & (reading.probability <= 1))
    assert reading.probability.sum() == pytest.approx(1, abs=1e-12)
    assert reading.quadrant[0] in QUADRANTS


@given(points, points, st.floats(0.1, 30), st.floats(0, 20))
def test_a_higher_score_is_never_less_likely_to_lead(
    scores: VedScores, leadership: float, management: float, error: float, rise: float
) -> None:
    lower, higher = (
        style(placed(scores, value, management), sem=error).probability[0, :2].sum()
        for value in (leadership, leadership + rise)
    )
    assert higher >= lower - 1e-12


def test_the_probabilities_are_how_often_random_true_scores_fall_into_each_quadrant(scores: VedScores) -> None:
    n = 400_000
    reading = style(placed(scores, 57, 64), sem={"leadership": 7.0, "management": 5.0})
    true = np.random.default_rng(11).normal([57, 64], [7, 5], size=(n, 2)) >= 60
    share = np.bincount(2 * ~true[:, 0] + ~true[:, 1], minlength=4) / n
    chances = reading.probability[0]
    assert np.all(np.abs(share - chances) <= 4 * np.sqrt(chances * (1 - chances) / n))


@pytest.mark.parametrize(
    ("sem", "leadership", "management"),
    [
        (None, 6 / sqrt(3), 3.0),
        (4.0, 4.0, 4.0),
        ({"leadership": 2.0}, 2.0, 3.0),
        ({"vision": 12.0}, sqrt(144 + 36 + 36) / 3, 3.0),
        ({"vision": 12.0, "leadership": 1.0, "planning": 12.0}, 1.0, sqrt(144 + 3 * 36) / 4),
    ],
)
def test_given_errors_stand_in_the_place_of_those_of_the_scores(
    scores: VedScores, sem: float | Mapping[str, float] | None, leadership: float, management: float
) -> None:
    used = style(scores, sem=sem).sem
    assert dict(used) == pytest.approx({"leadership": leadership, "management": management})


def test_without_an_error_there_are_quadrants_and_no_probabilities(three_people: Responses) -> None:
    reading = style(score(three_people))
    assert reading.quadrant == ("manages", "neither_yet", None)
    assert np.isnan(reading.probability).all()
    assert reading.flags["no_sem"].all()
    half = style(score(three_people), sem={"leadership": 5.0})
    assert half.flags["no_sem"].tolist() == [[False, True]] * 3
    assert np.isnan(half.probability).all()


def test_the_cut_is_in_points_of_the_metric(three_people: Responses) -> None:
    pomp = style(score(three_people, sem=5.0), cut=60)
    mean = style(score(three_people, metric="mean", sem=0.2), cut=3.4)
    assert mean.quadrant == pomp.quadrant
    np.testing.assert_allclose(mean.probability, pomp.probability, atol=1e-12)
    with pytest.raises(
        ValueError, match=r"cut: expected a number in 1\.\.5, where scores in the metric 'mean' lie, got 60"
    ):
        style(score(three_people, metric="mean"))


@pytest.mark.parametrize("cut", [-1, 100.5, np.nan, True, "60"])
def test_a_cut_off_the_scale_is_refused(scores: VedScores, cut: Any) -> None:
    with pytest.raises(ValueError, match=r"cut: expected a number in 0\.\.100"):
        style(scores, cut=cut)


def test_a_wrong_error_is_refused(scores: VedScores) -> None:
    with pytest.raises(ValueError, match=r"sem, scale 'leadership': expected a number in 0\.\.100"):
        style(scores, sem=-3)
    with pytest.raises(UnknownIdError, match="did you mean 'management'"):
        style(scores, sem={"managment": 3})


def test_a_result_becomes_json_without_nan_and_rows_of_scalars(scores: VedScores) -> None:
    reading = style(attrs.evolve(scores, groups={"team": ["x", "y", "y"]}), cut=55)
    plain = json.loads(json.dumps(reading.to_dict(), allow_nan=False))
    assert plain["probability"][2] == [None] * 4
    assert plain["cut"] == 55
    assert plain["provenance"]["rules"]["style_sem"] == pytest.approx({"leadership": 6 / sqrt(3), "management": 3.0})
    rows = json.loads(json.dumps(reading.to_records(), allow_nan=False))
    assert list(rows[0]) == [
        "id",
        "team",
        "leadership",
        "management",
        "quadrant",
        "p_leads_and_manages",
        "p_leads",
        "p_manages",
        "p_neither_yet",
        "flags",
    ]
    assert rows[0]["quadrant"] == "leads_and_manages"
    assert (rows[2]["leadership"], rows[2]["quadrant"], rows[2]["flags"]) == (None, None, "missing_part")
    assert len(reading) == 3
