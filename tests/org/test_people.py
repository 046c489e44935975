"""Persons check themselves and say everything that is wrong at once."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

from leadkit.errors import OrgError
from leadkit.org import Person, Tier, Violation


def faults_of(**fields: Any) -> list[str]:
    with pytest.raises(OrgError) as error:
        Person(**fields)
    return [str(fault) for fault in error.value.faults]


def test_tiers_are_numbered_from_the_customers() -> None:
    assert [tier.name for tier in sorted(Tier)] == [
        "CUSTOMER",
        "FRONT_LINE",
        "FRONT_LINE_LEADER",
        "MIDDLE_MANAGER",
        "SENIOR_LEADER",
        "SUPPORT",
    ]
    assert [int(tier) for tier in sorted(Tier)] == [0, 1, 2, 3, 4, 9]


def test_only_the_id_is_needed_and_the_rest_has_quiet_defaults() -> None:
    person = Person(id="p")
    assert (person.manager_id, person.tier, person.fte, person.holders, person.status) == (
        None,
        None,
        None,
        1,
        "active",
    )
    assert (person.shareable, person.dotted_manager_ids, person.serves, dict(person.attributes)) == (False, (), (), {})


def test_every_field_keeps_what_is_right() -> None:
    person = Person(
        id="p",
        manager_id="m",
        name="Ann",
        title="Lead",
        team="North",
        tier=Tier.SUPPORT,
        customer_facing=False,
        fte=0.5,
        holders=2,
        status="absent",
        formal_leader=True,
        shareable=True,
        acting_id="q",
        dotted_manager_ids=("d",),
        serves=("s", "t"),
        attributes={"grade": "7"},
    )
    assert (person.tier, person.fte, person.acting_id, person.serves) == (Tier.SUPPORT, 0.5, "q", ("s", "t"))
    assert pickle.loads(pickle.dumps(person)) == person  # noqa: S301
    assert hash(person) == hash(pickle.loads(pickle.dumps(person)))  # noqa: S301


def test_numbers_and_truths_of_numpy_become_pythons() -> None:
    person = Person(
        id=np.str_("p"),
        fte=np.float32(0.5),
        holders=np.int8(2),
        tier=np.int64(3),
        shareable=np.bool_(True),
        serves=np.array(["q"]),
    )
    assert [type(value) for value in (person.id, person.fte, person.holders, person.shareable)] == [
        str,
        float,
        int,
        bool,
    ]
    assert person.tier is Tier.MIDDLE_MANAGER
    assert person.serves == ("q",)


def test_empty_texts_nan_and_empty_attributes_are_missing() -> None:
    attributes: Any = {"a": "", "b": None, "c": " "}
    person = Person(id="p", manager_id="", name="", acting_id="", fte=math.nan, attributes=attributes)
    assert (person.manager_id, person.name, person.acting_id, person.fte) == (None, None, None, None)
    assert dict(person.attributes) == {"c": " "}


def test_an_int_id_is_refused_with_what_to_do() -> None:
    (fault,) = faults_of(id=7)
    assert (
        fault
        == "id: expected a text, got the int 7; ids are texts, compared exactly ('007' is not '7'): read them as text"
    )
    assert "got the int 7" in faults_of(id="p", manager_id=np.int64(7))[0]
    assert "got the float 7.0" in faults_of(id="p", dotted_manager_ids=(7.0,))[0]


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_a_blank_id_is_refused(blank: str) -> None:
    assert faults_of(id=blank) == ["id: expected a text that is not empty"]


def test_all_faults_come_at_once() -> None:
    found = faults_of(
        id=None,
        manager_id=3,
        name=4,
        tier=7,
        customer_facing="yes",
        fte=-1,
        holders=0,
        status="gone",
        formal_leader=1,
        shareable=None,
        acting_id=5,
        dotted_manager_ids="m",
        serves=(1,),
        attributes={"a": 1},
    )
    fields = ["id", "manager_id", "acting_id", "name", "tier", "fte", "holders", "status", "customer_facing"]
    fields += ["formal_leader", "shareable", "dotted_manager_ids", "serves", "attributes"]
    assert [fault.split(":")[0] for fault in found] == fields


@pytest.mark.parametrize("fte", [-0.1, math.inf, -math.inf, "1", True, 1j])
def test_full_time_equivalents_are_finite_numbers_of_at_least_0(fte: Any) -> None:
    assert len(faults_of(id="p", fte=fte)) == 1
    assert Person(id="p", fte=0).fte == 0


@pytest.mark.parametrize("holders", [0, -1, 1.0, True, None, "2", 2**31])
def test_holders_are_whole_people(holders: Any) -> None:
    (fault,) = faults_of(id="p", holders=holders)
    assert fault.startswith("holders: expected a whole number in 1..2147483647")


@pytest.mark.parametrize("tier", [5, -1, "SUPPORT", True, 1.0])
def test_an_unknown_tier_is_told_with_the_known_ones(tier: Any) -> None:
    (fault,) = faults_of(id="p", tier=tier)
    assert fault == (
        f"tier: unknown tier {tier!r}; known: CUSTOMER (0), FRONT_LINE (1), FRONT_LINE_LEADER (2), MIDDLE_MANAGER (3), "
        "SENIOR_LEADER (4), SUPPORT (9)"
    )


def test_an_unknown_status_is_told_with_the_known_ones() -> None:
    known = "known: active, absent, vacant, left"
    assert faults_of(id="p", status="Active") == [f"status: unknown status 'Active'; {known}"]
    assert faults_of(id="p", status=["active"]) == [f"status: unknown status ['active']; {known}"]


def test_nobody_stands_in_for_or_serves_themselves() -> None:
    assert faults_of(id="p", acting_id="p", serves=("p",)) == [
        "acting_id: nobody stands in for themselves",
        "serves: a post does not serve itself",
    ]


@pytest.mark.parametrize("field", ["dotted_manager_ids", "serves"])
@pytest.mark.parametrize("references", ["q", b"q", 3, None, {"q": 1}])
def test_references_are_sequences(field: str, references: Any) -> None:
    (fault,) = faults_of(id="p", **{field: references})
    assert fault == f"{field}: expected a sequence of ids, got {references!r}"


def test_attributes_are_a_mapping_of_texts() -> None:
    assert faults_of(id="p", attributes=["a"]) == ["attributes: expected a mapping of texts, got ['a']"]
    assert faults_of(id="p", attributes={1: "a", "b": 0}) == [
        "attributes: expected texts, got 1: 'a'",
        "attributes: expected texts, got 'b': 0",
    ]


def test_a_person_cannot_be_changed() -> None:
    person = Person(id="p", attributes={"a": "b"})
    with pytest.raises(AttributeError):
        person.id = "q"  # type: ignore[misc]
    with pytest.raises(TypeError):
        person.attributes["a"] = "c"  # type: ignore[index]


def test_a_violation_says_what_where_and_what_is_done() -> None:
    violation = Violation("cycle", "error", ("a", "b"), (0, 1), "a cycle", "cut")
    assert (violation.code, violation.rows, violation.repair) == ("cycle", (0, 1), "cut")
    assert Violation("multiple_roots", "warning", (), (), "two").repair is None
