"""Two waves of a survey: where they may be compared, by sets of people, and what is withheld."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import DisclosureError, OrgError
from leadkit.org import ORG_FLAGS, Organisation, WaveComparison, audit_release, compare_waves, roll_up

nan = math.nan


@st.composite
def waves(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two organisations of nearly the same people, some moved, come or gone, with the answers of some."""
    n = draw(st.integers(0, 12))
    managers = [draw(st.sampled_from([None, *range(person)])) for person in range(n)]
    moved = draw(st.lists(st.integers(0, 19), max_size=3))
    later = [
        (draw(st.sampled_from([None, *range(person)])) if person in moved else manager)
        for person, manager in enumerate(managers)
    ]
    pair = []
    for lines, most in ((managers, 11), (later, draw(st.integers(3, 12)))):
        here = draw(st.permutations(range(min(n, most))))
        people = Organisation.from_columns(
            [f"p{person}" for person in here],
            [None if lines[person] is None else f"p{lines[person]}" for person in here],
        )
        silent = draw(st.sets(st.integers(0, 11), max_size=2))
        pair.append((people, [nan if person in silent else float(person % 5 + 1) for person in here]))
    return pair[0], pair[1]


def firm(teams: dict[str, int], *, absent: tuple[str, ...] = ()) -> tuple[Organisation, dict[str, float]]:
    """A head over leaders with so many people each; scores 3 but for those `absent`, and the head and leaders."""
    ids, managers = ["head", *teams], [None, *["head"] * len(teams)]
    for leader, n in teams.items():
        ids += [f"{leader}{i}" for i in range(n)]
        managers += [leader] * n
    scores = {person: 3.0 for person in ids if person not in {"head", *teams, *absent}}
    return Organisation.from_columns(ids, managers), scores


def answering_under(wave: Any, person: str) -> set[str]:
    people, scores = wave
    known = dict(zip(people.ids, scores, strict=True))
    return {p for p in (person, *people.reports_of(person, whole_line=True)) if not math.isnan(known[p])}


def comparable_by_sets(before: Any, after: Any, minimum: int) -> list[str]:
    """The definition word by word, with sets of people."""
    first, second = (roll_up(*wave, min_n=minimum).ids for wave in (before, after))
    sound = {
        person
        for person in set(first) & set(second)
        if len(answering_under(before, person) ^ answering_under(after, person)) not in range(1, minimum)
    }
    return sorted(person for person in sound if {person, *after[0].chain(person)} & set(after[0].root_ids) <= sound)


# Laws


@settings(max_examples=150)
@given(waves(), st.integers(3, 5))
def test_the_comparable_nodes_are_those_of_the_definition(pair: Any, minimum: int) -> None:
    result = compare_waves(*pair, min_n=minimum)
    assert list(result.ids) == comparable_by_sets(pair[0], pair[1], minimum)
    alone = roll_up(*pair[1], min_n=minimum).ids
    assert sorted({*result.ids, *result.withheld}) == list(alone)
    assert not set(result.ids) & set(result.withheld)


@given(waves(), st.integers(3, 5))
def test_the_numbers_are_those_of_each_wave_alone(pair: Any, minimum: int) -> None:
    result = compare_waves(*pair, min_n=minimum)
    for wave, n, means in zip(pair, (result.n_before, result.n_after), (result.before, result.after), strict=True):
        alone = roll_up(*wave, min_n=minimum)
        place = [alone.ids.index(person) for person in result.ids]
        assert np.array_equal(alone.n[place], n)
        assert np.allclose(alone.means[place, 0], means, rtol=0, atol=1e-12)
    assert np.array_equal(result.change, result.after - result.before)


@given(waves(), st.integers(3, 5))
def test_what_is_left_of_either_wave_is_a_safe_release(pair: Any, minimum: int) -> None:
    result = compare_waves(*pair, min_n=minimum)
    for people, scores in pair:
        shown = np.isin(people.ids, result.ids) if people.n else np.zeros(0, dtype=bool)
        assert audit_release(people.tree, ~np.isnan(scores), shown, min_n=minimum).is_safe


@given(waves(), st.integers(3, 5))
def test_the_rest_between_comparable_nodes_is_judged_by_sets(pair: Any, minimum: int) -> None:
    result = compare_waves(*pair, min_n=minimum)
    for person, flags in zip(result.ids, result.node_flags, strict=True):
        rests = []
        for wave in pair:
            below = [other for other in wave[0].reports_of(person, whole_line=True) if other in result.ids]
            rests.append(answering_under(wave, person).difference(*(answering_under(wave, other) for other in below)))
        moved = len(rests[0] ^ rests[1])
        assert flags == (("few_moved_in_rest",) if 0 < moved < minimum else ())
    assert result.flags == tuple(sorted({flag for flags in result.node_flags for flag in flags}))


@given(waves())
def test_a_wave_beside_itself_is_the_whole_release_without_change(pair: Any) -> None:
    wave = pair[0]
    result = compare_waves(wave, wave, min_n=3)
    assert result.ids == roll_up(*wave, min_n=3).ids
    assert not result.change.any()
    assert result.withheld == ()
    assert result.flags == ()


@given(waves(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(pair: Any, random: Any) -> None:
    shuffled = []
    for people, scores in pair:
        rows = list(range(people.n))
        random.shuffle(rows)
        ids = [people.ids[row] for row in rows]
        lines = [people.manager_of(person) for person in ids]
        shuffled.append((Organisation.from_columns(ids, lines), [scores[row] for row in rows]))
    assert compare_waves(*shuffled, min_n=3) == compare_waves(*pair, min_n=3)


# Known cases


def test_one_who_joined_withholds_the_team_and_the_root_withholds_the_tree() -> None:
    before, after = firm({"a": 6, "b": 6}), firm({"a": 6, "b": 7})
    result = compare_waves(before, after)
    assert result.ids == ()
    assert result.withheld == ("a", "b", "head")


def test_enough_who_joined_leave_the_team_and_the_root_comparable() -> None:
    result = compare_waves(firm({"a": 6, "b": 6}), firm({"a": 6, "b": 11}))
    assert result.ids == ("a", "b", "head")
    assert result.n_after.tolist() == [6, 11, 17]
    assert result.withheld == ()


def test_joining_and_leaving_count_together() -> None:
    # three have gone and two have come: five people differ
    result = compare_waves(firm({"a": 9}, absent=("a7", "a8")), firm({"a": 9}, absent=("a0", "a1", "a2")))
    assert result.ids == ("a", "head")
    assert result.n_before.tolist() == [7, 7]
    assert compare_waves(firm({"a": 9}, absent=("a8",)), firm({"a": 9}, absent=("a0", "a1"))).ids == ()


def test_moving_elsewhere_is_leaving_one_team_and_joining_another() -> None:
    ids = ["head", "a", "b", *(f"a{i}" for i in range(8)), *(f"b{i}" for i in range(6))]
    lines = [None, "head", "head", *["a"] * 8, *["b"] * 6]
    moved = ["b" if person in {"a6", "a7"} else line for person, line in zip(ids, lines, strict=True)]
    scores = [nan, *[3.0] * (len(ids) - 1)]
    before, after = (Organisation.from_columns(ids, managers) for managers in (lines, moved))
    result = compare_waves((before, scores), (after, scores))
    assert result.ids == ("head",)
    assert result.withheld == ("a", "b")


def test_few_between_two_comparable_nodes_are_flagged() -> None:
    # five joined a and one joined the head's other people: six in all, yet one alone in the rest
    before, after = firm({"a": 6, "b": 5}), firm({"a": 11, "b": 6})
    result = compare_waves(before, after)
    assert result.ids == ("a", "head")
    assert result.node_flags == ((), ("few_moved_in_rest",))
    assert result.withheld == ("b",)
    assert result.to_records()[1]["flags"] == "few_moved_in_rest"
    assert ORG_FLAGS["few_moved_in_rest"].endswith(".")


def test_somebody_who_moved_into_a_team_has_left_the_rest() -> None:
    # x goes from the head to team a, which five others join; of those left with the head one has gone
    ids = ["head", "a", "x", *(f"h{i}" for i in range(6)), *(f"a{i}" for i in range(11))]
    lines = [None, "head", "head", *["head"] * 6, *["a"] * 11]
    moved = [None, "head", "a", *["head"] * 6, *["a"] * 11]
    first = {person: 3.0 for person in ids[2:] if person not in {f"a{i}" for i in range(6, 11)}}
    second = dict.fromkeys(ids[2:], 3.0)
    result = compare_waves(
        (Organisation.from_columns(ids, lines), first), (Organisation.from_columns(ids, moved), second)
    )
    assert result.ids == ("a", "head")
    assert result.node_flags == ((), ("few_moved_in_rest",))


def test_rows_of_scores_give_rows_of_means() -> None:
    people = firm({"a": 6})[0]
    first = np.column_stack([np.full(8, 3.0), np.full(8, 2.0)])
    second = first + np.array([0.5, 1.0])
    second[0, 1] = nan
    first[0, 0] = nan
    result = compare_waves((people, first), (people, second))
    assert result.change.tolist() == [[0.5, 1.0], [0.5, 1.0]]
    assert result.n_before.tolist() == [7, 7]
    assert result.to_records()[0] == {
        "id": "a",
        "n_before": 7,
        "n_after": 7,
        "before_1": 3.0,
        "after_1": 3.5,
        "change_1": 0.5,
        "before_2": 2.0,
        "after_2": 3.0,
        "change_2": 1.0,
        "flags": "",
    }


def test_long_lines_with_many_nodes_are_compared() -> None:
    n = 3000
    ids = [f"{i:05d}" for i in range(n)]
    people = Organisation.from_columns(ids, [None, *ids[:-1]])
    turned = Organisation.from_columns(ids, [*ids[1:], None])
    scores = np.full(n, 4.0)
    assert len(compare_waves((people, scores), (people, scores)).ids) == n // 5
    assert compare_waves((people, scores), (turned, scores)).withheld != ()


def test_waves_of_nobody_compare_nothing() -> None:
    nobody = Organisation.from_columns([], [])
    result = compare_waves((nobody, []), firm({"a": 6}))
    assert (result.ids, result.withheld) == ((), ("a", "head"))
    assert compare_waves((nobody, []), (nobody, [])).to_records() == []


# Arguments and results


@pytest.mark.parametrize("minimum", [2, True, 5.0])
def test_a_minimum_below_three_is_refused(minimum: Any) -> None:
    with pytest.raises(DisclosureError, match="at least 3"):
        compare_waves(firm({"a": 6}), firm({"a": 6}), min_n=minimum)


def test_what_is_no_wave_is_refused() -> None:
    wave = firm({"a": 6})
    with pytest.raises(OrgError, match="before: expected a pair"):
        compare_waves(wave[0], wave)  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="after: expected a pair"):
        compare_waves(wave, (*wave, 1))  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="after: expected an Organisation"):
        compare_waves(wave, ([], []))  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="after: expected 8 scores"):
        compare_waves(wave, (wave[0], [1.0]))
    with pytest.raises(OrgError, match="after: expected 1 columns as before, got 2"):
        compare_waves(wave, (wave[0], np.ones((8, 2))))


def test_results_are_read_only_and_become_plain_python() -> None:
    result = compare_waves(firm({"a": 6}), firm({"a": 11}))
    assert isinstance(result, WaveComparison)
    for array in (result.before, result.after, result.change, result.n_before, result.n_after):
        assert not array.flags.writeable
        assert array.base is None
    assert json.loads(json.dumps(result.to_dict(), allow_nan=False))["ids"] == ["a", "head"]
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own bytes
    assert "a0" not in json.dumps(result.to_dict()) + repr(result) + result._repr_html_()
