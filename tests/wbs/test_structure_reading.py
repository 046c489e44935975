"""Structures read from outlines, rows and plain data: what they mean, and what is refused where."""

from __future__ import annotations

import json
import math
import random
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leadkit.errors import CycleError, PlanError, UnknownIdError
from leadkit.wbs import ControlAccount, Dictionary, Document, Estimate, Group, Need, Raci, Wbs, WorkPackage

FULL = WorkPackage(
    id="api",
    name="Interface",
    estimate=Estimate.pert(1, 2, 9),
    basis="effort",
    needs=[Need(skills={"sql": 3, "python": 2}, heads=2), Need(skills={})],
    measures={"cost": 12.5, "effort": 3},
    code="4",
    kind="planning",
    calendar="nights",
    not_before=datetime(2026, 1, 5, 8, tzinfo=ZoneInfo("Europe/Berlin")),
    deadline=datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    dictionary=Dictionary(description="What", acceptance=["a", "b"]),
    documents=[Document(id="manual", name="Manual", owner="ann"), Document(id="r", kind="management_report")],
)


def faults_of(caught: pytest.ExceptionInfo[Any]) -> list[str]:
    return [str(fault) for fault in caught.value.faults]


def ids(wbs: Wbs) -> list[tuple[str, str]]:
    return [(wbs.code(node.id), node.id) for node in wbs.nodes]


def refused(rows: Any) -> list[str]:
    with pytest.raises(PlanError) as caught:
        Wbs.from_records(rows)
    return faults_of(caught)


def test_an_outline_takes_two_spaces_or_a_tab_a_level() -> None:
    spaces = "r | Root\n  a | A\n    b | B\n  c | C | D\n"
    tabs = "\n\t\tr | Root\n\n\t\t\ta | A\n\t\t\t  b | B\r\n\t\t\tc | C | D\n"
    assert Wbs.from_outline(spaces) == Wbs.from_outline(tabs)
    assert Wbs.from_outline(spaces).node("c").name == "C | D"
    assert isinstance(Wbs.from_outline(spaces).node("a"), Group)
    assert isinstance(Wbs.from_outline(spaces).node("b"), WorkPackage)


def test_a_line_without_an_id_has_its_code_as_id() -> None:
    text = "Help desk\n  Tickets\n    Move\n    chk | Check\n    Close"
    named = [("HD", "Help desk"), ("HD.1", "Tickets"), ("HD.1.1", "Move"), ("chk", "Check"), ("HD.1.3", "Close")]
    assert [(node.id, node.name) for node in Wbs.from_outline(text, prefix="HD").nodes] == named
    plain = Wbs.from_outline(text)
    assert [node.id for node in plain.nodes] == ["root", "1", "1.1", "chk", "1.3"]
    assert plain.code("1.3") == "1.3"


def test_several_outer_lines_get_a_root_above_them() -> None:
    wbs = Wbs.from_outline("Data\n  Move\nTraining")
    assert ids(wbs) == [("", "root"), ("1", "1"), ("1.1", "1.1"), ("2", "2")]
    assert wbs.root.name == ""
    assert Wbs.from_outline("Data\nTraining", prefix="CRM").root.id == "CRM"


def test_a_single_line_is_an_empty_root() -> None:
    assert Wbs.from_outline("crm | Service").nodes == (Group(id="crm", name="Service"),)


def test_faults_of_an_outline_come_with_their_lines() -> None:
    with pytest.raises(PlanError) as caught:
        Wbs.from_outline("r\n a\n      b\n\x0c c\n  d")
    assert [(fault.row, fault.what) for fault in caught.value.faults] == [
        (2, "is indented by 1 spaces; a level is 2 spaces or one tab"),
        (3, "is 3 levels further in than the line before; expected at most one"),
        (5, "is indented by 1 spaces; a level is 2 spaces or one tab"),
    ]
    with pytest.raises(PlanError, match="line 2: is further out than the first line"):
        Wbs.from_outline("  r\na")
    with pytest.raises(PlanError, match="line 2: is indented by something else than spaces and tabs"):
        Wbs.from_outline("r\n\xa0 a")
    with pytest.raises(PlanError, match="line 3: expected a text that is not empty"):
        Wbs.from_outline("r\n  a\n  | nameless")
    with pytest.raises(PlanError, match="id 'a': is used twice: by '1' and by '2'"):
        Wbs.from_outline("r\n  a | x\n  a | y")


@pytest.mark.parametrize(("text", "message"), [("", "there is no line"), ("\n \n", "there is no line"), (3, "got 3")])
def test_an_outline_has_to_say_something(text: Any, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Wbs.from_outline(text)


def test_an_outline_refuses_a_wrong_prefix() -> None:
    with pytest.raises(PlanError, match="prefix: expected a text"):
        Wbs.from_outline("r\n  a", prefix="1.1")


def test_rows_hang_by_parent_or_by_code() -> None:
    by_parent = [{"id": "a", "parent": "g"}, {"id": "g", "parent": "r"}, {"id": "r"}, {"id": "b", "parent": "g"}]
    by_code = [{"id": "b", "code": "1.2"}, {"id": "g", "code": "1"}, {"id": "a", "code": "1.1"}, {"id": "r"}]
    expected = [("", "r"), ("1", "g"), ("1.1", "a"), ("1.2", "b")]
    assert ids(Wbs.from_records(by_parent)) == ids(Wbs.from_records(by_code)) == expected
    assert Wbs.from_records(by_code).node("a").code == "1.1"
    assert Wbs.from_records(by_parent).node("a").code is None


def test_the_code_of_the_root_is_the_prefix() -> None:
    wbs = Wbs.from_records([{"id": "a", "code": "CRM.1"}, {"id": "r", "code": "CRM"}, {"id": "b", "parent": "r"}])
    assert ids(wbs) == [("CRM", "r"), ("CRM.1", "a"), ("CRM.2", "b")]
    made = Wbs.from_records([{"id": "b", "code": "CRM.2"}, {"id": "a", "code": "CRM.1"}])
    assert ids(made) == [("CRM", "CRM"), ("CRM.1", "a"), ("CRM.2", "b")]


def test_rows_that_hang_nowhere_get_a_root_above_them() -> None:
    assert ids(Wbs.from_records([{"id": "b"}, {"id": "a"}])) == [("", "root"), ("1", "b"), ("2", "a")]
    assert ids(Wbs.from_records([{"id": "a", "kind": "work"}])) == [("", "root"), ("1", "a")]
    assert ids(Wbs.from_records([{"id": "a", "estimate": Estimate.fixed(1)}])) == [("", "root"), ("1", "a")]
    assert ids(Wbs.from_records([{"id": "a"}])) == [("", "a")]


def test_siblings_are_ordered_by_code_then_by_row() -> None:
    rows = [
        {"id": "first", "parent": "r"},
        {"id": "ten", "parent": "r", "code": "10"},
        {"id": "after", "parent": "r"},
        {"id": "two", "parent": "r", "code": "2"},
        {"id": "three", "parent": "r"},
        {"id": "r"},
    ]
    expected = [("", "r"), ("1", "first"), ("2", "two"), ("3", "three"), ("10", "ten"), ("11", "after")]
    assert ids(Wbs.from_records(rows)) == expected


def test_positions_go_before_codes_when_all_siblings_have_one() -> None:
    rows: list[Any] = [
        {"id": "r"},
        {"id": "a", "parent": "r", "position": 2},
        {"id": "b", "parent": "r", "position": 1},
    ]
    assert [node.id for node in Wbs.from_records(rows).packages] == ["b", "a"]
    assert [node.id for node in Wbs.from_records([*rows, {"id": "c", "parent": "r"}]).packages] == ["a", "b", "c"]


def test_every_field_travels_in_plain_rows() -> None:
    wbs = Wbs(
        root=Group(id="r", children=[FULL, Group(id="g", measures={"cost": 1}, dictionary=Dictionary())]), prefix="P"
    )
    rows = wbs.to_records()
    assert rows[1]["needs"] == [{"skills": {"python": 2.0, "sql": 3.0}, "heads": 2}, {"skills": {}, "heads": 1}]
    assert rows[1]["estimate"] == {"kind": "pert", "parameters": [480.0, 960.0, 4320.0, 4.0]}
    assert rows[1]["dictionary"] == {"description": "What", "acceptance": ["a", "b"]}
    assert rows[1]["deadline"] == "2026-10-25T02:30:00+01:00"
    assert [row["kind"] for row in rows] == ["group", "planning", "group"]
    assert (rows[0]["parent"], rows[0]["code"], rows[1]["parent"], rows[2]["position"]) == (None, "P", "r", 2)
    assert len({tuple(row) for row in rows}) == 1
    again = Wbs.from_records(json.loads(json.dumps(rows, allow_nan=False)))
    assert again == wbs
    assert again.node("g").dictionary == Dictionary()


def test_values_that_are_built_already_are_taken_as_they_are() -> None:
    fields = ("estimate", "needs", "not_before", "deadline", "dictionary", "documents", "measures", "basis", "calendar")
    row = {
        "id": "api",
        "name": "Interface",
        "code": "4",
        "kind": "planning",
        **{key: getattr(FULL, key) for key in fields},
    }
    assert Wbs.from_records([{"id": "r"}, row]).node("api") == FULL


def test_none_nan_and_empty_texts_count_as_not_given() -> None:
    row = {"id": "a", "parent": "", "code": math.nan, "estimate": None, "calendar": "", "kind": "", "position": None}
    assert Wbs.from_records([{"id": "r", "parent": None, "needs": []}, {**row, "parent": "r"}]).packages == (
        WorkPackage(id="a"),
    )


def test_faults_of_rows_come_with_their_place() -> None:
    rows: list[Any] = [
        {"id": "r"},
        {"id": "a", "parent": "r", "estimat": 3, "estimate": {"kind": "pert", "parameters": [3, 2, 1, 4], "unit": "d"}},
        {"id": "b", "parent": "r", "needs": [{"skills": {"sql": "3"}, "head": 2}], "not_before": "monday"},
        {"id": "c", "parent": "r", "measures": {"cost": -1}, "dictionary": {"description": 3}, "needs": "sql"},
        {"id": "g", "parent": "r", "kind": "group", "deadline": datetime(2026, 1, 5, tzinfo=UTC), "basis": "effort"},
    ]
    assert refused(rows) == [
        "rows[1]: unknown key 'estimat' (did you mean 'estimate'?)",
        "rows[1].estimate: unknown key 'unit'",
        "rows[2].needs[0]: unknown key 'head' (did you mean 'heads'?)",
        "rows[2].needs[0].skills['sql']: expected a number, got '3'",
        "rows[2].not_before: expected an instant with its offset like 2026-05-31T09:00:00+02:00, got 'monday'",
        "rows[3].dictionary.description: expected a text, got 3",
        "rows[3].needs: expected a list of Need, got 'sql'",
        "rows[3].measures['cost']: expected at least 0, got -1.0",
        "rows[4].basis: belongs to a work package, and this is a group",
        "rows[4].deadline: belongs to a work package, and this is a group",
    ]


def test_faults_of_nodes_come_with_the_place_of_their_row() -> None:
    rows = [{"id": "r"}, {"id": "a", "parent": "r", "measures": {"cost": -1}}, {"id": "b", "parent": "r", "basis": "x"}]
    assert refused([*rows, {"id": "c", "parent": "r", "needs": "sql"}, {"id": "d", "parent": "r", "kind": "task"}]) == [
        "rows[1].measures['cost']: expected at least 0, got -1.0",
        "rows[2].basis: expected one of 'duration', 'effort', got 'x'",
        "rows[3].needs: expected a list of Need, got 'sql'",
        "rows[4].kind: expected one of 'work', 'planning', 'milestone', got 'task'",
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "rows: there is no row"),
        ("rows", "rows: expected rows, got 'rows'"),
        ({"id": "a"}, "rows: expected rows, got {'id': 'a'}"),
        (3, "rows: expected rows, got 3"),
        (["a"], "rows[0]: expected a table of names and values, got 'a'"),
        ([{"name": "a"}], "rows[0]: 'id' is missing"),
        ([{"id": " a"}], "rows[0].id: expected no space before or after the id, got ' a'"),
        ([{"id": 3}], "rows[0].id: expected a text that is not empty, got 3"),
        ([{"id": "a", "parent": 3}], "rows[0].parent: expected a text, got 3"),
        ([{"id": "a", "position": "x"}], "rows[0].position: expected a whole number, got 'x'"),
        (
            [{"id": "a", "code": "1.0"}],
            "rows[0].code: expected a code such as '1.2' or the prefix of all codes, got '1.0'",
        ),
        ([{"id": "a", "code": "1.2"}], "rows[0].code: belongs below '1', which no row has"),
        (
            [{"id": "a", "code": "1"}, {"id": "b", "code": "1"}, {"id": "c", "code": "1.1"}],
            "rows[2].code: belongs below '1', which rows[0] and rows[1] have",
        ),
        ([{"id": "r", "code": "A"}, {"id": "a", "code": "B.1"}], "codes have 2 prefixes: 'A', 'B'"),
        (
            [{"id": "r", "code": "A"}, {"id": "a", "parent": "r", "code": "A"}],
            "rows[1].code: 'A' has no number, and this row is not the root",
        ),
        (
            [{"id": "r"}, {"id": "a", "parent": "r", "kind": "work"}, {"id": "b", "parent": "a"}],
            "rows[1]: has rows below it, so its kind is 'group', not 'work'",
        ),
        (
            [{"id": "a"}, {"id": "g", "parent": "a"}, {"id": "a", "parent": "g"}],
            "id 'a': is used twice: by '' and by '1.1'",
        ),
    ],
)
def test_rows_that_make_no_tree_are_refused(rows: Any, message: str) -> None:
    assert refused(rows) == [message]


def test_an_unknown_parent_is_named_with_the_row_that_has_it() -> None:
    rows = [{"id": "build"}, {"id": "b", "parent": "xyz"}, {"id": "a", "parent": "biuld"}]
    with pytest.raises(
        UnknownIdError, match=r"^parent of 'a': unknown node 'biuld' \(did you mean 'build'\?\); known: a"
    ):
        Wbs.from_records(rows)


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_are_parts_of_each_other_are_named_as_a_loop(seed: int) -> None:
    parents = {"r": None, "c": "a", "a": "b", "b": "c", "d": "c", "own": "own", "x": "r"}
    rows = [{"id": own, "parent": parent} for own, parent in parents.items()]
    random.Random(seed).shuffle(rows)  # noqa: S311 - no secret
    with pytest.raises(CycleError, match="rows are parts of each other: a -> b -> c -> a") as caught:
        Wbs.from_records(rows)
    assert caught.value.cycle == ("a", "b", "c", "a")


def test_plain_data_holds_prefix_nodes_accounts_and_roles() -> None:
    wbs = Wbs(
        root=Group(id="r", children=[FULL]),
        prefix="P",
        control_accounts=[ControlAccount(id="c", node="r", owner="ann", budget=3), ControlAccount(id="d", node="api")],
        raci=[Raci(node="r", person="ann", role="A")],
    )
    data = json.loads(json.dumps(wbs.to_dict(), allow_nan=False))
    assert list(data) == ["prefix", "nodes", "control_accounts", "raci"]
    assert Wbs.from_dict(data) == wbs
    assert Wbs.from_dict({"nodes": [{"id": "r"}, {"id": "a", "parent": "r"}]}).prefix == ""
    assert Wbs.from_dict({"nodes": [{"id": "r"}], "prefix": "P"}).code("r") == "P"


def test_plain_data_with_faults_is_refused_with_every_path() -> None:
    data = {
        "prefx": "P",
        "prefix": "1",
        "control_accounts": [{"id": "c", "node": "r", "budgt": 3}, {"id": "d"}],
        "raci": [{"node": "r", "person": "ann", "role": "B"}],
    }
    with pytest.raises(PlanError) as caught:
        Wbs.from_dict(data)
    assert faults_of(caught) == [
        "unknown key 'prefx' (did you mean 'prefix'?)",
        "prefix: expected a text such as 'CRM' that does not end like a code, got '1'",
        "control_accounts[0]: unknown key 'budgt' (did you mean 'budget'?)",
        "control_accounts[1]: 'node' is missing",
        "raci[0].role: expected one of 'R', 'A', 'C', 'I', got 'B'",
        "'nodes' is missing",
    ]
    with pytest.raises(PlanError, match=r"nodes\[0\]: unknown key 'idd'"):
        Wbs.from_dict({"nodes": [{"id": "r", "idd": 3}]})
    with pytest.raises(PlanError, match="expected a table of names and values, got 3"):
        Wbs.from_dict(3)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="control account 'c': unknown node 'x'"):
        Wbs.from_dict({"nodes": [{"id": "r"}], "control_accounts": [{"id": "c", "node": "x"}]})
