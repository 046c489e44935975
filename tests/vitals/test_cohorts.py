"""The rows of a cohort are the profiles of its people."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from attrs import evolve

from leadkit.assessment import score
from leadkit.assessment.precision import standard_errors
from leadkit.errors import ResponseError, UnknownIdError
from leadkit.stats.norms import norm_table
from leadkit.vitals import MEASURES, VitalsAssessment, VitalsCohort, cohort, profile
from leadkit.vitals.rated import responses_of


@pytest.fixture
def people(ann: VitalsAssessment) -> list[VitalsAssessment]:
    bare = VitalsAssessment(
        person_id="bo", taken_on=date(2026, 3, 4), answers=dict.fromkeys(("val1", "val2", "val3"), 2)
    )
    other = evolve(
        ann,
        person_id="cy",
        answers={**ann.answers, "val1": 1, "tem6": 5},
        interests={"data": 2, "law": 5},
        goals=ann.goals[:1],
        strengths=ann.strengths[1:],
    )
    return [ann, bare, other]


def test_rows_are_the_single_profiles(people: list[VitalsAssessment]) -> None:
    norms = {"values": norm_table(np.arange(30.0, 90.0))}
    others = {"ann": {"listening": 90, "planning": 10}, "cy": {"Patience": 99}}
    spread = {"values": 12.0, "temperament": 9.0}
    reliability = {"values": 0.8, "temperament": 0.7}
    group = cohort(people, norms=norms, others=others, sd=spread, reliability=reliability)
    for i, person in enumerate(people):
        single = profile(person, norms=norms, others=others.get(person.person_id), sd=spread, reliability=reliability)
        assert (group.person_ids[i], group.taken_on[i]) == (single.person_id, single.taken_on)
        letters = single.letters
        for j, name in enumerate(group.dimension_ids):
            cells = [group.scores.values[i, j], group.low[i, j], group.high[i, j], group.percentile[i, j]]
            expected = [letters[name].score, letters[name].low, letters[name].high]
            np.testing.assert_array_equal(cells, [*expected, letters[name].evidence.get("percentile", np.nan)])
            flagged = {flag for flag, mask in group.flags.items() if mask[i, j]}
            assert flagged == set(letters[name].flags)
        for name, value in zip(group.facet_ids, group.facets[i], strict=True):
            letter, facet = name.split(".")
            np.testing.assert_equal(value, letters[letter].facets[facet])


def test_measures_are_the_numbers_of_the_evidence(people: list[VitalsAssessment]) -> None:
    others = {"ann": {"listening": 90, "planning": 10}}
    group = cohort(people, others=others)
    assert tuple(group.measures) == tuple(MEASURES)
    for i, person in enumerate(people):
        letters = profile(person, others=others.get(person.person_id)).letters
        for name in ("congruence", "elevation", "differentiation", "unlogged_hours", "peak", "concentration"):
            np.testing.assert_equal(group.measures[name][i], letters[MEASURES[name]].evidence.get(name, np.nan))
        for name in ("alignment", "purposeful_share", "mid_sleep"):
            np.testing.assert_equal(group.measures[name][i], letters[MEASURES[name]].evidence.get(name, np.nan))
    assert group.column("mean_completeness").tolist()[0] == 0.625
    assert group.column("mean_progress").tolist()[0] == 0.1
    assert group.column("mean_expected_progress").tolist()[0] == pytest.approx(65 / 365)
    assert group.column("n_unserved_values").tolist()[0] == 3
    assert [group.column(f"n_{kind}")[0] for kind in ("evidenced", "claimed_only")] == [2, 2]
    assert [group.column(f"n_{kind}")[0] for kind in ("confirmed", "claimed", "hidden")] == [1, 1, 0]
    assert np.isnan(group.column("n_confirmed")[1:]).all()
    assert all(np.isnan(column[1]) for column in group.measures.values())


def test_the_rated_part_is_that_of_the_assessment_engine(people: list[VitalsAssessment]) -> None:
    group = cohort(people)
    responses = responses_of(people, ["ann", "bo", "cy"], group.scores.instrument)
    np.testing.assert_array_equal(group.scores.values, score(responses, metric="pomp", composites="none").values)


def test_bands_use_the_spread_of_the_cohort(people: list[VitalsAssessment]) -> None:
    reliability = {"values": 0.75}
    group = cohort(people, reliability=reliability)
    error = standard_errors(group.scores, reliability)[0]
    np.testing.assert_allclose(group.high[:, 0] - group.scores.values[:, 0], 1.959963985 * error, rtol=1e-8)
    assert np.isnan(group.low[:, 1:]).all()
    assert "single_person" not in group.flags


def test_a_cohort_of_one_has_no_spread(ann: VitalsAssessment) -> None:
    group = cohort([ann], reliability={"values": 0.8})
    assert group.flags["single_person"].tolist() == [[True, False, False, False, False, False]]


def test_columns_are_found_by_name(people: list[VitalsAssessment]) -> None:
    group = cohort(people)
    assert group.column("temperament.composure").tolist()[0] == 87.5
    with pytest.raises(UnknownIdError, match="unknown column 'congruense' \\(did you mean 'congruence'\\?\\)"):
        group.column("congruense")


def test_somebody_who_is_there_twice_is_refused(people: list[VitalsAssessment], ann: VitalsAssessment) -> None:
    with pytest.raises(ResponseError, match=r"person 'ann': is there more than once; trend\(\) takes several of one"):
        cohort([*people, ann])


def test_nobody_is_refused() -> None:
    with pytest.raises(ResponseError, match="cohort: expected at least one assessment"):
        cohort([])


def test_others_of_somebody_who_is_not_there_are_refused(people: list[VitalsAssessment]) -> None:
    with pytest.raises(UnknownIdError, match="unknown person 'an' \\(did you mean 'ann'\\?\\)"):
        cohort(people, others={"an": {}})


def test_wrong_answers_of_all_people_come_in_one_error(people: list[VitalsAssessment]) -> None:
    wrong = [evolve(person, answers={"val1": 9, "zzz": 1}) for person in people]
    with pytest.raises(ResponseError) as caught:
        cohort(wrong)
    assert len(caught.value.faults) == 6
    assert str(caught.value.faults[2]) == "person 'bo', answers['val1']: 9 is outside 1..5"


def test_a_cohort_becomes_json_rows_and_a_table(people: list[VitalsAssessment]) -> None:
    group = cohort([*people, *(evolve(people[1], person_id=f"p{i}") for i in range(20))])
    json.dumps(group.to_dict(), allow_nan=False)
    rows = group.to_records()
    json.dumps(rows, allow_nan=False)
    assert len(rows) == len(group) == 23
    assert rows[0]["values"] == pytest.approx(100 * (22 / 6 - 1) / 4)
    assert (rows[0]["taken_on"], rows[1]["congruence"]) == ("2026-03-03", None)
    assert rows[0]["flags"].split() == [
        "interests:too_few_answers",
        "around_the_clock:too_few_answers",
        "life_mission:no_goal_dates",
        "life_mission:no_progress",
        "life_mission:too_few_answers",
        "strengths:too_few_answers",
    ]
    html = group._repr_html_()
    assert "<p>... and 3 more rows</p>" in html
    assert "more rows" not in cohort(people)._repr_html_()


def test_equal_cohorts_are_equal(people: list[VitalsAssessment]) -> None:
    assert cohort(people) == cohort(iter(people))
    assert cohort(people) != cohort(people[:2])
    assert isinstance(cohort(people), VitalsCohort)
