"""Scores over the tree: the means that are published, what is left out, and what a reader can make of them."""

from __future__ import annotations

import json
import math
import pickle
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import ORG_FLAGS, DisclosedRollUp, Organisation, choose_release, roll_up

nan = math.nan
scales = st.none() | st.integers(1, 5)


@st.composite
def surveys(draw: st.DrawFn, largest: int = 14) -> tuple[Organisation, list[float]]:
    """An organisation in any order of its rows, with answers of some."""
    n = draw(st.integers(0, largest))
    names = draw(st.permutations([f"p{i}" for i in range(n)]))
    managers = [draw(st.sampled_from([None, *names[:row]])) for row in range(n)]
    rows = draw(st.permutations(range(n)))
    scores = draw(st.lists(scales, min_size=n, max_size=n))
    people = Organisation.from_columns([names[row] for row in rows], [managers[row] for row in rows])
    return people, [nan if score is None else float(score) for score in scores]


def line_of(people: Organisation, person: str) -> set[str]:
    return {person, *people.reports_of(person, whole_line=True)}


def team(n: int = 6, **columns: Any) -> Organisation:
    """A head and n people who report to it."""
    return Organisation.from_columns(["head", *(f"p{i}" for i in range(n))], [None, *["head"] * n], **columns)


# What is published


@given(surveys(), st.integers(3, 6))
def test_published_means_are_those_of_the_people_below(survey: Any, minimum: int) -> None:
    people, scores = survey
    known = dict(zip(people.ids, scores, strict=True))
    result = roll_up(people, scores, min_n=minimum)
    assert list(result.ids) == sorted(result.ids)
    for person, n, mean in zip(result.ids, result.n, result.means[:, 0], strict=True):
        answers = [known[other] for other in line_of(people, person) if not math.isnan(known[other])]
        assert len(answers) == n
        assert mean == pytest.approx(np.mean(answers), abs=1e-12)


@given(surveys(), st.integers(3, 6))
def test_the_nodes_are_those_of_the_largest_safe_release(survey: Any, minimum: int) -> None:
    people, scores = survey
    result = roll_up(people, scores, min_n=minimum)
    release = choose_release(people.tree, ~np.isnan(scores), min_n=minimum)
    assert len(result.ids) == release.n_published == result.reason_counts["published"]
    assert sum(result.reason_counts.values()) == people.n
    assert result.reason_counts["no_response"] == release.reason_counts["no_response"]


@settings(max_examples=30)
@given(surveys(10))
def test_no_sum_over_fewer_people_than_the_minimum_can_be_solved_for(survey: Any) -> None:
    people, scores = survey
    minimum = 3
    result = roll_up(people, scores, min_n=minimum)
    answered = [person for person, score in zip(people.ids, scores, strict=True) if not math.isnan(score)]
    sums = np.array([[other in line_of(people, person) for other in answered] for person in result.ids], dtype=float)
    sums = sums.reshape(len(result.ids), len(answered))
    everything = np.linalg.matrix_rank(sums) if sums.size else 0
    for size in range(1, min(minimum, len(answered) + 1)):
        for group in combinations(range(len(answered)), size):
            rest = np.delete(sums, group, axis=1)
            assert (np.linalg.matrix_rank(rest) if rest.size else 0) == everything


@given(surveys(), st.data())
def test_the_answers_of_an_unpublished_branch_change_only_the_means_above_it(survey: Any, data: st.DataObject) -> None:
    people, scores = survey
    result = roll_up(people, scores, min_n=3)
    hidden = [row for row, person in enumerate(people.ids) if person not in result.ids and not math.isnan(scores[row])]
    if not hidden:
        return
    row = data.draw(st.sampled_from(hidden))
    changed = roll_up(people, [*scores[:row], scores[row] + 1, *scores[row + 1 :]], min_n=3)
    above = {people.ids[row], *people.chain(people.ids[row])}
    same = np.array([person not in above for person in result.ids], dtype=bool)
    assert changed.ids == result.ids
    assert np.array_equal(changed.n, result.n)
    assert np.array_equal(changed.means[same], result.means[same])
    assert changed.reason_counts == result.reason_counts


@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_bit_for_bit(survey: Any, random: Any) -> None:
    people, scores = survey
    uneven = [score + 1 / 3 + row / 7 for row, score in enumerate(scores)]
    rows = list(range(people.n))
    random.shuffle(rows)
    shuffled = Organisation.from_columns(
        [people.ids[row] for row in rows], [people.manager_of(people.ids[row]) for row in rows]
    )
    assert roll_up(shuffled, [uneven[row] for row in rows], min_n=3) == roll_up(people, uneven, min_n=3)


@given(surveys(), st.integers(3, 8), st.integers(0, 4))
def test_raising_the_minimum_never_publishes_more(survey: Any, minimum: int, more: int) -> None:
    people, scores = survey
    assert len(roll_up(people, scores, min_n=minimum + more).ids) <= len(roll_up(people, scores, min_n=minimum).ids)


@given(surveys())
def test_scores_by_id_are_scores_in_order(survey: Any) -> None:
    people, scores = survey
    by_id = {person: score for person, score in zip(people.ids, scores, strict=True) if not math.isnan(score)}
    assert roll_up(people, by_id, min_n=3) == roll_up(people, scores, min_n=3)
    rows = {person: [score, score] for person, score in by_id.items()}
    if rows:
        assert roll_up(people, rows, min_n=3) == roll_up(people, np.column_stack([scores, scores]), min_n=3)


# Several columns


def test_somebody_who_answered_in_some_columns_only_is_out_of_all() -> None:
    table = np.full((7, 2), 4.0)
    table[1, 1] = nan
    table[2] = nan
    result = roll_up(team(), table, min_n=5, column_names=["trust", "pace"])
    assert result.n.tolist() == [5]
    assert result.means.tolist() == [[4.0, 4.0]]
    assert result.n_incomplete == 1
    assert result.to_records() == [{"id": "head", "n": 5, "trust": 4.0, "pace": 4.0, "flags": ""}]
    assert result.flags == ()


def test_columns_judged_apart_keep_everybody_and_say_so() -> None:
    table = np.arange(14, dtype=float).reshape(7, 2)
    table[1, 1] = nan
    table[2:5, 0] = nan
    result = roll_up(team(), table, min_n=5, per_column=True)
    assert result.n.tolist() == [[-1, 6]]
    assert np.isnan(result.means[0, 0])
    assert result.means[0, 1] == pytest.approx(np.nanmean(table[:, 1]))
    assert result.flags == ("columns_judged_apart",)
    assert result.n_incomplete == 0
    assert result.reason_counts == {"published": 1, "no_response": 4, "below_minimum": 9, "complementary": 0}
    record = result.to_records()[0]
    assert record == {
        "id": "head",
        "n_score_1": None,
        "score_1": None,
        "n_score_2": 6,
        "score_2": record["score_2"],
        "flags": "",
    }


@given(surveys())
def test_one_column_judged_apart_has_the_same_means(survey: Any) -> None:
    people, scores = survey
    apart, together = roll_up(people, scores, min_n=3, per_column=True), roll_up(people, scores, min_n=3)
    assert apart.ids == together.ids
    assert np.array_equal(apart.means, together.means)
    assert np.array_equal(apart.n[:, 0], together.n)
    assert apart.reason_counts == together.reason_counts


# Weights and status


def test_fte_weighs_the_means_and_persons_still_count_for_the_minimum() -> None:
    people = team(fte=[1, 1, 1, 1, 0.5, 0.5, 0.5])
    result = roll_up(people, [1, 1, 1, 1, 5, 5, 5], weights="fte")
    assert result.n.tolist() == [7]
    assert result.means[0, 0] == pytest.approx((4 * 1 + 1.5 * 5) / 5.5, abs=1e-15)
    assert result.weights == "fte"
    assert roll_up(people, [1, nan, nan, nan, 5, 5, 5], weights="fte").ids == ()


def test_somebody_with_no_time_hides_nobody() -> None:
    # five people of whom one alone has weight would be a mean of one
    people = team(fte=[1, 1, 1, 0, 0, 0, 0])
    result = roll_up(people, [4.0] * 7, weights="fte", min_n=5)
    assert result.ids == ()
    assert result.flags == ("without_fte_left_out",)
    assert roll_up(people, [4.0] * 7, weights="fte", min_n=3).n.tolist() == [3]
    assert roll_up(people, [4.0] * 7, min_n=5).flags == ()


def test_a_respondent_without_fte_is_named_and_others_may_lack_it() -> None:
    people = team(fte=[1, 1, 1, 1, 1, None, None])
    with pytest.raises(OrgError, match=r"'p4': has a score but no FTE") as caught:
        roll_up(people, [3.0] * 7, weights="fte")
    assert len(caught.value.faults) == 2
    assert roll_up(people, [3.0] * 5 + [nan] * 2, weights="fte").n.tolist() == [5]


def test_whoever_has_a_score_is_a_respondent_whatever_the_post() -> None:
    people = team(status=["vacant", "left", "absent", *["active"] * 4], holders=[1, 1, 3, 1, 1, 1, 1])
    result = roll_up(people, [4.0] * 7)
    assert result.n.tolist() == [7]
    assert result.flags == ("unfilled_answered",)
    assert roll_up(people, [nan, nan, *[4.0] * 5]).flags == ()
    empty = team(status=["vacant"] * 7)
    assert roll_up(empty, [nan] * 7).reason_counts["no_response"] == 7


# The ends of the scale


def test_a_mean_on_a_bound_is_flagged() -> None:
    people = Organisation.from_columns(
        ["head", "a", "b", *(f"a{i}" for i in range(5)), *(f"b{i}" for i in range(5))],
        [None, "head", "head", *["a"] * 5, *["b"] * 5],
    )
    scores = [3, 5, 1, *[5] * 5, *[1, 2, 3, 4, 5]]
    result = roll_up(people, scores, bounds=(1, 5))
    flags = dict(zip(result.ids, result.node_flags, strict=True))
    assert result.ids == ("a", "head")
    assert flags["a"] == ("unanimous", "unanimous_rest")
    assert flags["head"] == ()
    assert result.flags == ("unanimous", "unanimous_rest")
    assert result.to_records()[0]["flags"] == "unanimous unanimous_rest"
    assert roll_up(people, scores).flags == ()
    assert roll_up(people, scores, bounds=(1, 6)).flags == ()


def test_a_rest_on_a_bound_is_flagged_too() -> None:
    people = Organisation.from_columns(
        ["head", "a", *(f"a{i}" for i in range(5)), *(f"h{i}" for i in range(5))],
        [None, "head", *["a"] * 5, *["head"] * 5],
    )
    result = roll_up(people, [1, 3, *[1, 2, 3, 4, 5], *[1] * 5], bounds=[(1, 5)])
    assert dict(zip(result.ids, result.node_flags, strict=True)) == {"a": (), "head": ("unanimous_rest",)}


def test_silence_is_no_answer_of_another_kind() -> None:
    result = roll_up(team(), [5, 5, 5, nan, 5, 5, nan], bounds=(1, 5))
    assert result.node_flags == (("unanimous", "unanimous_rest"),)


def test_a_rest_of_nobody_is_not_unanimous() -> None:
    people = Organisation.from_columns(["head", "a", *(f"a{i}" for i in range(5))], [None, "head", *["a"] * 5])
    result = roll_up(people, [nan, nan, 1, 2, 3, 4, 5], bounds=(1, 5))
    assert result.ids == ("a", "head")
    assert result.node_flags == ((), ())


def test_each_column_may_have_its_own_bounds() -> None:
    table = np.column_stack([np.full(7, 5.0), np.full(7, 9.0)])
    assert roll_up(team(), table, bounds=[(1, 5), (0, 10)]).flags == ("unanimous", "unanimous_rest")
    assert roll_up(team(), table, bounds=[(1, 6), (0, 10)]).flags == ()
    with pytest.raises(OrgError, match=r"scores\['head'\]: 9 is outside 1..5"):
        roll_up(team(), table, bounds=(1, 5))


@pytest.mark.parametrize("bounds", [(5, 1), (1, 1), (1, nan), (1,), [(1, 5)] * 3, "ab", (1, math.inf)])
def test_bounds_that_are_none_are_refused(bounds: Any) -> None:
    with pytest.raises(OrgError, match="bounds"):
        roll_up(team(), np.full((7, 2), 3.0), bounds=bounds)


# Large and degenerate organisations


def test_organisations_of_nobody_and_of_one_publish_nothing() -> None:
    nobody = Organisation.from_columns([], [])
    result = roll_up(nobody, [])
    assert (result.ids, result.means.shape, result.n.shape) == ((), (0, 1), (0,))
    assert roll_up(nobody, np.empty((0, 3))).means.shape == (0, 3)
    assert roll_up(nobody, {}).to_records() == []
    one = roll_up(Organisation.from_columns(["a"], [None]), [5.0], bounds=(1, 5))
    assert one.ids == ()
    assert one.reason_counts["below_minimum"] == 1


def test_every_root_with_enough_is_published() -> None:
    people = Organisation.from_columns(list("abcdefg"), [None, None, *["a"] * 4, "b"])
    assert roll_up(people, [3.0] * 7, min_n=5).ids == ("a",)
    assert roll_up(people, [3.0] * 7, min_n=3).ids == ("a",)


def test_a_long_line_is_no_trouble() -> None:
    n = 5000
    ids = [f"{i:05d}" for i in range(n)]
    result = roll_up(Organisation.from_columns(ids, [None, *ids[:-1]]), np.arange(n) % 5 + 1.0)
    assert len(result.ids) == n // 5
    assert np.allclose(result.means, 3.0, atol=0.01)


# Arguments and results


@pytest.mark.parametrize("minimum", [2, 0, True, 5.0])
def test_a_minimum_below_three_is_refused(minimum: Any) -> None:
    with pytest.raises(DisclosureError, match="at least 3"):
        roll_up(team(), [3.0] * 7, min_n=minimum)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([3.0] * 6, "expected 7 scores"),
        (np.ones((7, 0)), "expected 7 scores"),
        (np.ones((7, 1, 1)), "expected 7 scores"),
        (3.0, "expected 7 scores"),
        (["a"] * 7, "real numbers"),
        ([math.inf] * 7, "inf"),
        ([[1], [1, 2]], "rows differ"),
        ({"hea": 3.0}, "head"),
        ({"head": [[3.0]]}, "2 dimensions"),
        ({"head": "x"}, "real numbers"),
        ({"head": [1.0], "p1": [1.0, 2.0]}, "rows differ"),
    ],
)
def test_scores_that_do_not_fit_are_refused(scores: Any, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        roll_up(team(), scores)


@pytest.mark.parametrize("names", [["a"], ["a", "a"], ["id", "a"], ["n", "a"], ["flags", "a"], ["", "a"], [1, 2], "ab"])
def test_column_names_that_do_not_fit_are_refused(names: Any) -> None:
    with pytest.raises(OrgError, match="column_names"):
        roll_up(team(), np.ones((7, 2)), column_names=names)


def test_names_that_clash_with_the_number_of_a_column_are_refused() -> None:
    table = np.ones((7, 2))
    assert roll_up(team(), table, column_names=["a", "n_a"]).column_names == ("a", "n_a")
    with pytest.raises(OrgError, match="'n_a'"):
        roll_up(team(), table, column_names=["a", "n_a"], per_column=True)


def test_an_unknown_word_and_no_organisation_are_refused() -> None:
    with pytest.raises(OrgError, match="'heads', 'fte'"):
        roll_up(team(), [3.0] * 7, weights="posts")  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="expected an Organisation, got list"):
        roll_up([], [])  # type: ignore[arg-type]


def test_results_are_read_only_and_hold_nothing_of_other_nodes() -> None:
    people = Organisation.from_columns(
        ["head", "secret", *(f"p{i}" for i in range(6))], [None, "head", *["head"] * 4, *["secret"] * 2]
    )
    result = roll_up(people, [3, 2.71828, 1, 2, 3, 4, 2.71828, 2.71828], bounds=(1, 5))
    assert isinstance(result, DisclosedRollUp)
    assert result.ids == ("head",)
    assert not result.means.flags.writeable
    assert not result.n.flags.writeable
    assert result.means.base is None
    text = json.dumps(result.to_dict(), allow_nan=False) + repr(result) + result._repr_html_()
    for trace in ("secret", "p1", "2.718"):
        assert trace not in text
        assert trace.encode() not in pickle.dumps(result)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert json.loads(json.dumps(result.to_dict()))["reason_counts"]["below_minimum"] == 7


def test_every_flag_is_explained() -> None:
    for flag in ("columns_judged_apart", "unanimous", "unanimous_rest", "unfilled_answered", "without_fte_left_out"):
        assert ORG_FLAGS[flag].endswith(".")
