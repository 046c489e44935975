"""Interests are compared with a role by shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit.errors import ResponseError
from leadkit.vitals import VitalsAssessment, interest_fit, profile

ROLE = {"data": 9.0, "people": 5.0, "law": 1.0, "sea": 3.0}


def test_the_fit_is_pearsons_correlation_over_the_shared_areas(ann: VitalsAssessment) -> None:
    fit = interest_fit(ann, ROLE)
    # data 5 and 9, law 2 and 1, people 4 and 5.
    assert fit.correlation == pytest.approx(np.corrcoef([5, 2, 4], [9, 1, 5])[0, 1], abs=1e-12)
    assert fit.areas == ("data", "law", "people")
    assert (fit.not_rated, fit.not_asked, fit.flags) == (("sea",), ("arts",), ())


def test_an_assessment_its_profile_and_its_ratings_fit_alike(ann: VitalsAssessment) -> None:
    ratings = ann.interests or {}
    assert interest_fit(ann, ROLE) == interest_fit(profile(ann), ROLE) == interest_fit(ratings, ROLE)


def test_the_fit_compares_shape_and_not_height(ann: VitalsAssessment) -> None:
    higher = {area: 10 * rating + 3 for area, rating in ROLE.items()}
    assert interest_fit(ann, higher).correlation == pytest.approx(interest_fit(ann, ROLE).correlation)


@pytest.mark.parametrize(
    ("interests", "role", "flag"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 2}, "too_few_areas"),
        ({"a": 1, "b": 2}, {"c": 1}, "too_few_areas"),
        ({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "c": 3}, "no_variation"),
    ],
)
def test_a_fit_that_is_undefined_is_nan_and_says_why(
    interests: dict[str, float], role: dict[str, float], flag: str
) -> None:
    fit = interest_fit(interests, role)
    assert np.isnan(fit.correlation)
    assert fit.flags == (flag,)
    assert fit.to_dict()["correlation"] is None


def test_somebody_without_interests_has_no_fit(ann: VitalsAssessment) -> None:
    assert interest_fit(evolve(ann, interests=None), ROLE).flags == ("too_few_areas",)


def test_wrong_ratings_come_in_one_error() -> None:
    wrong: Any = {"data": "much", "law": float("nan")}
    with pytest.raises(ResponseError, match="interest fit: 3 faults") as caught:
        interest_fit({"data": float("inf")}, wrong)
    assert len(caught.value.faults) == 3
