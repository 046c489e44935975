"""People as SCIM users: what directories send is read, what we write is read back the same."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples, testing
from leadkit.errors import LeadkitError, OrgError
from leadkit.interchange.scim import read_scim, write_scim
from leadkit.interchange.scim.schemas import ENTERPRISE, LIST_RESPONSE, OWN, USER
from leadkit.org import Organisation, Tier


def user(own: str, manager: Any = None, **facts: Any) -> dict[str, Any]:
    enterprise = facts.pop("enterprise", {})
    if manager is not None:
        enterprise = {**enterprise, "manager": manager}
    return {"schemas": [USER, ENTERPRISE], "id": own, "userName": f"{own}@firm", ENTERPRISE: enterprise, **facts}


@given(testing.organisation())
def test_what_is_written_is_read_back_the_same(people: Organisation) -> None:
    text = json.dumps(write_scim(people), allow_nan=False)
    assert read_scim(text) == people
    assert read_scim(json.loads(text)).digest == people.digest


def test_a_sample_goes_there_and_back_through_an_open_file() -> None:
    people = samples.organisation(rng=4)
    assert read_scim(io.StringIO(json.dumps(write_scim(people)))) == people


def test_the_list_says_what_it_is() -> None:
    written = write_scim(
        Organisation.from_columns(["a", "b"], [None, "a"], names=["Ann", "Bob"], teams=[None, "north"])
    )
    assert written["schemas"] == [LIST_RESPONSE]
    assert (written["totalResults"], written["startIndex"], written["itemsPerPage"]) == (2, 1, 2)
    assert written["Resources"][1] == {
        "schemas": [USER, ENTERPRISE, OWN],
        "id": "b",
        "userName": "b",
        "displayName": "Bob",
        "active": True,
        "name": {"formatted": "Bob"},
        ENTERPRISE: {"department": "north", "manager": {"value": "a", "$ref": "../Users/a"}},
        OWN: {"status": "active"},
    }


def test_a_managers_name_never_leaves() -> None:
    written = json.dumps(write_scim(Organisation.from_columns(["a", "b"], [None, "a"], names=["Ann Secret", "Bob"])))
    assert written.count("Ann Secret") == 2  # her own displayName and name, not Bob's manager


@pytest.mark.parametrize(
    ("manager", "kind"),
    [
        ({"value": "m1"}, "id"),
        ({"VALUE": "m1", "displayName": "Somebody Else"}, "id"),
        ("m1", "id"),
        ({"$ref": "https://directory.example/scim/v2/Users/m1"}, "id"),
        ({"$ref": "../Users/m1/"}, "id"),
        ({"$ref": "http://[no/Users/m1"}, "id"),
        ({"value": "ext-1"}, "externalId"),
        ({"value": "0042"}, "employeeNumber"),
        ({"value": "m1@firm"}, "userName"),
    ],
)
def test_a_manager_is_found_by_any_of_its_keys(manager: Any, kind: str) -> None:
    boss = user("m1", externalId="ext-1", enterprise={"employeeNumber": "0042"})
    people = read_scim([user("p1", manager), boss])
    assert people.manager_of("p1") == "m1"
    assert people.person("p1").attributes["scim.matched_by"] == kind
    assert people.person("m1").attributes == {
        "scim.externalId": "ext-1",
        "scim.employeeNumber": "0042",
        "scim.userName": "m1@firm",
    }


def test_an_id_wins_over_another_users_user_name() -> None:
    people = read_scim([{"id": "ann", "userName": "x"}, {"id": "x", "userName": "ann"}, user("p", "x")])
    assert people.manager_of("p") == "x"


def test_names_of_attributes_and_schemas_match_without_regard_to_case() -> None:
    people = read_scim(
        [
            {"ID": "a", "USERNAME": "a", "DisplayName": "Ann", "ACTIVE": True},
            {"id": "b", ENTERPRISE.upper(): {"Department": "north", "MANAGER": {"Value": "a"}}},
        ]
    )
    assert people.person("a").name == "Ann"
    assert people.person("b").team == "north"
    assert people.manager_of("b") == "a"


def test_facts_of_a_user() -> None:
    people = read_scim(
        user("a", active=False, title="Planner", name={"formatted": "Ann Z"}, enterprise={"department": "north"})
    )
    ann = people.person("a")
    assert (ann.status, ann.title, ann.name, ann.team) == ("left", "Planner", "Ann Z", "north")


def test_our_own_facts_are_read() -> None:
    own = {"tier": "MIDDLE_MANAGER", "customerFacing": False, "fte": 0.5, "status": "absent", "acting": "b"}
    people = read_scim(
        [
            user("a", **{OWN.upper(): {**own, "dottedManagers": ["b"], "serves": ["b"], "attributes": {"Site": "n"}}}),
            user("b"),
        ]
    )
    ann = people.person("a")
    assert (ann.tier, ann.customer_facing, ann.fte, ann.status) == (Tier.MIDDLE_MANAGER, False, 0.5, "absent")
    assert (ann.acting_id, ann.dotted_manager_ids, ann.serves, dict(ann.attributes)) == (
        "b",
        ("b",),
        ("b",),
        {"Site": "n"},
    )


def test_a_manager_whom_nobody_is_is_an_unknown_manager_and_policies_apply() -> None:
    users = [user("a", {"value": "ghost"})]
    with pytest.raises(OrgError, match="1 unknown_manager") as caught:
        read_scim(users)
    assert [violation.code for violation in caught.value.violations] == ["unknown_manager", "no_root"]
    assert read_scim(users, strict=False).root_ids == ("a",)
    assert read_scim(users, root_tokens=("GHOST",)).violations == ()


def test_a_user_without_any_key_has_no_id() -> None:
    with pytest.raises(OrgError, match="blank_id"):
        read_scim([{"displayName": "Ann"}])
    assert read_scim([{"userName": "ann"}]).ids == ("ann",)


def test_no_users_are_an_empty_organisation() -> None:
    assert read_scim([]).n == 0
    assert read_scim({"schemas": [LIST_RESPONSE], "totalResults": 0}).n == 0


def test_every_fault_is_told_with_its_place() -> None:
    users: list[Any] = [
        {"id": 7, "active": "yes", "name": "Ann"},
        "bob",
        {"id": "c", "ID": "d", OWN: {"fte": {}, "serves": "x", "dottedManagers": [1], "attributes": {"a": 1}}},
        {"id": "e", ENTERPRISE: {"manager": 5}},
    ]
    with pytest.raises(OrgError) as caught:
        read_scim({"Resources": users})
    places = [fault.where for fault in caught.value.faults]
    assert places == [
        "Resources[0].id",
        "Resources[0].name",
        "Resources[0].active",
        "Resources[1]",
        "Resources[2]",
        f"Resources[2].{OWN}.serves",
        f"Resources[2].{OWN}.fte",
        f"Resources[2].{OWN}.attributes.a",
        f"Resources[2].{OWN}.dottedManagers[0]",
        f"Resources[3].{ENTERPRISE}.manager",
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{", "line 1, column 2"),
        ("[NaN]", "NaN is not JSON"),
        ('[{"id": "a", "id": "b"}]', "the key 'id' is there more than once"),
        ("[" * 100_000, "nested too deeply"),
        ('{"Resources": 5}', "expected a list of users, got int"),
        ('{"Resources": "abc"}', "expected a list of users, got str"),
        ('{"schemas": 5, "x": 1}', "got an object with"),
        ("5", "expected a ListResponse"),
        ("[" + "9" * 5000 + "]", "no JSON"),
    ],
)
def test_what_is_no_list_of_users_is_refused(source: str, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        read_scim(source)


def test_limits() -> None:
    users = [user("a"), user("b")]
    with pytest.raises(OrgError, match=r"2 users, the limit \(max_rows\) is 1"):
        read_scim(users, max_rows=1)
    with pytest.raises(OrgError, match="more than 10 characters"):
        read_scim(json.dumps(users), max_chars=10)
    with pytest.raises(OrgError, match=r"limit \(max_field\) is 3"):
        read_scim([{"id": "abcd"}], max_field=3)


def test_another_kind_of_source_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="expected the text of SCIM users"):
        read_scim(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected Organisation"):
        write_scim([])  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="SCIM is JSON in UTF-8"):
        read_scim(io.TextIOWrapper(io.BytesIO(b"\xff[]"), encoding="utf-8"))


names = st.sampled_from(
    ["id", "userName", "active", "name", "manager", "value", "$ref", ENTERPRISE, OWN, "serves", "fte"]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(names, anything, max_size=5), max_size=3) | anything)
def test_nothing_but_leadkits_own_errors_come_of_any_json(data: Any) -> None:
    with contextlib.suppress(LeadkitError):
        assert isinstance(read_scim(json.dumps(data), strict=False), Organisation)


@given(st.text(max_size=40))
def test_nothing_but_leadkits_own_errors_come_of_any_text(text: str) -> None:
    with pytest.raises(OrgError):
        read_scim("{" + text)
