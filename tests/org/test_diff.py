"""What differs between two snapshots."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import Organisation, OrgDiff, build_pyramid, diff, measure_structure, move
from leadkit.testing.org import organisation

EMPTY = {"joiners": (), "leavers": (), "moved": (), "retitled": (), "refilled": (), "tier_changed": ()}


def firm(lines: dict[str, str | None], **columns: Any) -> Organisation:
    return Organisation.from_columns(list(lines), list(lines.values()), **columns)


BEFORE = {"ann": None, "bo": "ann", "cy": "ann", "di": "bo", "ed": "bo"}


def kinds(found: OrgDiff) -> dict[str, tuple[str, ...]]:
    return {name: getattr(found, name) for name in EMPTY}


def test_who_came_and_went_is_told_and_sorted() -> None:
    found = diff(firm(BEFORE), firm({"zoe": "ann", "ann": None, "abe": "ann", "bo": "ann", "ed": "bo"}))
    assert (found.joiners, found.leavers) == (("abe", "zoe"), ("cy", "di"))


def test_who_follows_a_boss_that_moved_has_not_moved() -> None:
    found = diff(firm(BEFORE), move(firm(BEFORE), "bo", "cy"))
    assert found.moved == ("bo",)
    assert found.layers_delta == 1


def test_becoming_a_root_and_being_one_no_longer_are_moves() -> None:
    before, after = firm({"a": None, "b": "a", "c": "a"}), firm({"a": "b", "b": None, "c": "a"})
    assert diff(before, after).moved == ("a", "b")


def test_reports_of_somebody_who_left_have_moved() -> None:
    after = firm({"ann": None, "cy": "ann", "di": "ann", "ed": None})
    assert diff(firm(BEFORE), after).moved == ("di", "ed")


def test_an_id_that_stands_in_another_row_has_not_moved() -> None:
    turned = dict(reversed(BEFORE.items()))
    assert diff(firm(BEFORE), firm(turned)).is_empty


def test_titles_statuses_and_tiers_are_compared() -> None:
    before = firm(BEFORE, titles=["A", None, "C", "D", None], status=["active", "vacant", "absent", "active", "left"])
    after = firm(
        BEFORE | {"cy": "bo"}, titles=["A", "B", None, "d", None], status=["active", "active", "absent", "left", "left"]
    )
    found = diff(before, after)
    assert found.retitled == ("bo", "cy", "di")
    assert found.refilled == ("bo", "di")
    assert found.tier_changed == ()
    led = diff(firm(BEFORE), firm(BEFORE | {"ed": "di"}))
    assert led.tier_changed == ("bo", "di")
    assert led.moved == ("ed",)


def test_tiers_follow_the_senior_depth() -> None:
    before, after = firm({"a": None, "b": "a", "c": "b"}), firm({"a": None, "b": "a", "c": "b", "d": "c"})
    assert diff(before, after).tier_changed == ("b", "c")
    assert diff(firm({"r": None, "a": "r", "b": "a"}), after, senior_depth=0).tier_changed == ("a", "b")
    with pytest.raises(OrgError, match="senior_depth: expected a whole number"):
        diff(before, after, senior_depth=1.5)  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="after: expected an Organisation, got dict"):
        diff(before, BEFORE)  # type: ignore[arg-type]


def test_the_mean_span_is_that_of_filled_posts() -> None:
    before = firm(BEFORE)
    after = firm(BEFORE, status=["active", "active", "vacant", "active", "left"])
    found = diff(before, after)
    assert found.mean_span_delta == 1.0 - 2.0
    assert found.layers_delta == 0


def test_without_any_manager_there_is_no_mean_span() -> None:
    nobody = Organisation.from_columns([], [])
    alone = firm({"a": None})
    found = diff(nobody, alone)
    assert (found.joiners, found.layers_delta) == (("a",), 1)
    assert math.isnan(found.mean_span_delta)
    assert diff(nobody, nobody).is_empty


@settings(max_examples=12)
@given(organisation())
def test_nothing_differs_from_itself(people: Organisation) -> None:
    found = diff(people, people)
    assert found.is_empty
    assert found.layers_delta == 0
    assert found.mean_span_delta == 0 or math.isnan(measure_structure(people).mean_span)
    assert found.to_records() == []


@settings(max_examples=12)
@given(organisation(), organisation())
def test_swapping_the_snapshots_swaps_joiners_and_leavers(first: Organisation, second: Organisation) -> None:
    there, back = diff(first, second), diff(second, first)
    assert (there.joiners, there.leavers) == (back.leavers, back.joiners)
    for name in ("moved", "retitled", "refilled", "tier_changed"):
        assert getattr(there, name) == getattr(back, name)
    assert there.layers_delta == -back.layers_delta
    assert there.mean_span_delta == -back.mean_span_delta or math.isnan(there.mean_span_delta)


@settings(max_examples=12)
@given(organisation(), organisation())
def test_a_diff_agrees_with_one_person_at_a_time(first: Organisation, second: Organisation) -> None:
    found = diff(first, second)
    both = sorted(set(first.ids) & set(second.ids))
    tiers = build_pyramid(first), build_pyramid(second)

    def differ(of: Callable[[int, str], Any]) -> tuple[str, ...]:
        return tuple(name for name in both if of(0, name) != of(1, name))

    people = (first, second)
    assert found.joiners == tuple(sorted(set(second.ids) - set(first.ids)))
    assert found.leavers == tuple(sorted(set(first.ids) - set(second.ids)))
    assert found.moved == differ(lambda i, name: people[i].manager_of(name))
    assert found.retitled == differ(lambda i, name: people[i].person(name).title)
    assert found.refilled == differ(lambda i, name: people[i].person(name).status)
    assert found.tier_changed == differ(lambda i, name: tiers[i].tier_of(name))
    spans = [measure_structure(one).mean_span for one in people]
    assert found.mean_span_delta == pytest.approx(spans[1] - spans[0], abs=1e-12, nan_ok=True)


@settings(max_examples=12)
@given(organisation(), st.randoms())
def test_shuffled_rows_are_no_difference(people: Organisation, random: Any) -> None:
    rows = list(people.people())
    random.shuffle(rows)
    assert diff(people, Organisation.from_people(rows)).is_empty


def test_a_diff_is_plain_json_rows_and_a_short_table() -> None:
    found = diff(firm(BEFORE), firm({"ann": None, "bo": "ann", "cy": "bo", "<x>": "bo"}))
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["joiners"] == ["<x>"]
    assert found.to_records()[:2] == [{"id": "<x>", "change": "joiners"}, {"id": "di", "change": "leavers"}]
    assert "<x>" not in found._repr_html_()
    assert "<td>leavers</td><td>2</td>" in found._repr_html_()


def test_a_chain_of_twenty_thousand_is_compared_without_recursion() -> None:
    n = 20_000
    ids = [f"p{i}" for i in range(n)]
    before = Organisation.from_columns(ids, [None, *ids[:-1]])
    found = diff(before, move(before, ids[-1], ids[0]))
    assert (found.moved, found.layers_delta) == ((ids[-1],), -1)
    assert np.isclose(found.mean_span_delta, (n - 1) / (n - 2) - 1)
