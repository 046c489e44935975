"""To whom a person turns, step by step up the line."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import Organisation, Person, support_chain
from leadkit.testing import organisation as organisations


def line(**changes: dict[str, Any]) -> Organisation:
    """Ann above bo above cy above di; ed and fay report to ann."""
    bosses = {"ann": None, "bo": "ann", "cy": "bo", "di": "cy", "ed": "ann", "fay": "ann"}
    return Organisation.from_people(
        Person(id=own, manager_id=boss, **changes.get(own, {})) for own, boss in bosses.items()
    )


def test_the_chain_is_the_solid_line_nearest_first() -> None:
    chain = support_chain(line(), "di")
    assert (chain.person_id, chain.ids, chain.skipped) == ("di", ("cy", "bo", "ann"), ())


@pytest.mark.parametrize("reason", ["vacant", "left", "absent"])
def test_who_is_not_there_is_skipped_with_the_reason(reason: str) -> None:
    chain = support_chain(line(bo={"status": reason}), "di")
    assert chain.ids == ("cy", "ann")
    assert chain.skipped == (("bo", reason),)


@pytest.mark.parametrize("reason", ["vacant", "left", "absent"])
def test_an_acting_holder_takes_the_place_of_the_skipped_post(reason: str) -> None:
    chain = support_chain(line(bo={"status": reason, "acting_id": "ed"}), "di")
    assert chain.ids == ("cy", "ed", "ann")
    assert chain.skipped == (("bo", reason),)


def test_an_acting_holder_is_listed_once() -> None:
    chain = support_chain(
        line(bo={"status": "left", "acting_id": "ed"}, cy={"status": "absent", "acting_id": "ed"}), "di"
    )
    assert chain.ids == ("ed", "ann")
    assert chain.skipped == (("cy", "absent"), ("bo", "left"))
    assert support_chain(line(cy={"status": "vacant", "acting_id": "ann"}), "di").ids == ("ann", "bo")


@pytest.mark.parametrize("status", ["absent", "vacant", "left"])
def test_an_acting_holder_who_is_not_there_takes_no_place(status: str) -> None:
    people = line(bo={"status": "vacant", "acting_id": "ed"}, ed={"status": status, "acting_id": "fay"})
    assert support_chain(people, "di").ids == ("cy", "ann")


def test_nobody_turns_to_themselves() -> None:
    chain = support_chain(line(cy={"status": "absent", "acting_id": "di"}), "di")
    assert chain.ids == ("bo", "ann")
    assert chain.skipped == (("cy", "absent"),)


def test_an_acting_holder_of_somebody_who_is_there_is_not_asked() -> None:
    assert support_chain(line(cy={"acting_id": "ed"}), "di").ids == ("cy", "bo", "ann")


def test_dotted_bosses_follow_the_whole_solid_chain_if_asked_for() -> None:
    people = line(di={"dotted_manager_ids": ("fay", "bo", "ed")})
    assert support_chain(people, "di").ids == ("cy", "bo", "ann")
    assert support_chain(people, "di", include_dotted=True).ids == ("cy", "bo", "ann", "ed", "fay")


def test_dotted_bosses_who_are_not_there_are_skipped_too() -> None:
    people = line(di={"dotted_manager_ids": ("ed",)}, ed={"status": "absent", "acting_id": "fay"})
    chain = support_chain(people, "di", include_dotted=True)
    assert chain.ids == ("cy", "bo", "ann", "fay")
    assert chain.skipped == (("ed", "absent"),)


def test_a_dotted_line_to_oneself_adds_nobody() -> None:
    people = Organisation.from_columns(["a", "b"], [None, "a"], status=["active", "absent"], dotted=(["b"], ["b"]))
    chain = support_chain(people, "b", include_dotted=True)
    assert (chain.ids, chain.skipped) == (("a",), ())


def test_a_root_has_nobody_to_turn_to() -> None:
    chain = support_chain(line(), "ann")
    assert (chain.ids, chain.skipped) == ((), ())


def test_when_nobody_is_there_the_chain_is_empty_and_says_why() -> None:
    people = line(ann={"status": "left"}, bo={"status": "vacant"}, cy={"status": "absent"})
    assert support_chain(people, "di").ids == ()
    assert support_chain(people, "di").skipped == (("cy", "absent"), ("bo", "vacant"), ("ann", "left"))


def test_a_chain_of_fifty_thousand_is_no_trouble() -> None:
    ids = [f"p{i:05}" for i in range(50_000)]
    people = Organisation.from_columns(ids, [None, *ids[:-1]])
    assert support_chain(people, ids[-1]).ids == tuple(reversed(ids[:-1]))


@given(organisations(), st.booleans())
def test_the_chain_holds_active_people_once_and_never_the_person(people: Organisation, dotted: bool) -> None:
    for one in people.people():
        chain = support_chain(people, one.id, include_dotted=dotted)
        assert len(set(chain.ids)) == len(chain.ids)
        assert one.id not in chain.ids
        assert {people.person(other).status for other in chain.ids} <= {"active"}
        above = [*people.chain(one.id), *(one.dotted_manager_ids if dotted else ())]
        away = {other: people.person(other).status for other in above if people.person(other).status != "active"}
        assert dict(chain.skipped) == away
        acting = {people.person(other).acting_id for other in away}
        assert set(chain.ids) <= (set(above) | acting)
        assert {other for other in above if other not in away} <= set(chain.ids)


@given(organisations(), st.randoms(use_true_random=False))
def test_shuffling_the_rows_changes_no_chain(people: Organisation, random: Random) -> None:
    rows = list(people.people())
    random.shuffle(rows)
    shuffled = Organisation.from_people(rows)
    for name in people.ids:
        assert support_chain(people, name, include_dotted=True) == support_chain(shuffled, name, include_dotted=True)


def test_the_result_is_plain_json_and_shows_itself() -> None:
    chain = support_chain(line(bo={"status": "vacant"}), "di")
    assert json.loads(json.dumps(chain.to_dict())) == {
        "person_id": "di",
        "ids": ["cy", "ann"],
        "skipped": [["bo", "vacant"]],
    }
    assert "cy, ann" in chain._repr_html_()


def test_an_unknown_person_is_answered_with_the_nearest_ids() -> None:
    with pytest.raises(OrgError, match="unknown person id 'an'; nearest: 'ann'"):
        support_chain(line(), "an")
    with pytest.raises(OrgError, match="person ids are texts, got 3"):
        support_chain(line(), 3)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("given", [None, ("ann", "bo")])
def test_only_an_organisation_has_chains(given: Any) -> None:
    with pytest.raises(OrgError, match="organisation: expected an Organisation, got"):
        support_chain(given, "ann")
