"""The rules of a sound structure and of its roles: what breaks which, in what order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from leadkit.wbs import ControlAccount, Group, Raci, Wbs, WbsCheck, WorkPackage, check_raci, check_wbs


def package(own: str, code: str | None = None, **measures: float) -> WorkPackage:
    return WorkPackage(id=own, code=code, measures=measures)


def group(own: str, *children: Group | WorkPackage, code: str | None = None, **measures: float) -> Group:
    return Group(id=own, children=children, code=code, measures=measures)


def tree(*children: Group | WorkPackage, accounts: tuple[str, ...] = ("r",), **measures: float) -> Wbs:
    made = tuple(ControlAccount(id=f"c{k}", node=node) for k, node in enumerate(accounts))
    return Wbs(root=Group(id="r", children=children, measures=measures), control_accounts=made)


def told(check: WbsCheck) -> list[tuple[Any, ...]]:
    return [(finding.node, finding.rule, finding.severity) for finding in check.findings]


def test_golden_trees_have_exactly_the_known_findings_and_sums(golden: Callable[[str], Any]) -> None:
    cases = golden("wbs/structure.json")["cases"]
    assert len(cases) == 10
    for case in cases:
        rows = [
            {
                "id": node["id"],
                "parent": node["parent"],
                "kind": "group" if node["group"] else "work",
                "measures": {} if node["cost"] is None else {"cost": node["cost"]},
            }
            for node in case["nodes"]
        ]
        wbs = Wbs.from_records(rows)
        assert [wbs.code(node["id"]) for node in case["nodes"]] == [node["code"] for node in case["nodes"]]
        found = [
            {"node": finding.node, "rule": finding.rule, "expected": finding.expected, "found": finding.found}
            for finding in check_wbs(wbs).findings
            if finding.measure == "cost"
        ]
        assert found == case["findings"]
        leaves = Wbs.from_records([{**row, "measures": {}} if row["kind"] == "group" else row for row in rows])
        assert dict(leaves.roll_up("cost")) == {node["id"]: node["roll_up"] for node in case["nodes"]}


def test_a_group_whose_parts_sum_to_less_or_more_is_found() -> None:
    low = group("low", package("a", cost=3), package("b", cost=4), cost=8)
    high = group("high", package("c", cost=3), package("d", cost=4), cost=6)
    check = check_wbs(tree(low, high, cost=14))
    assert told(check) == [("low", "missing", "error"), ("high", "surplus", "error")]
    first = check.findings[0]
    assert (first.code, first.measure, first.expected, first.found) == ("1", "cost", 8, 7)
    assert first.message == "group 'low' states cost 8 and its parts sum to 7"
    assert not check.ok


def test_a_part_counts_its_own_value_else_its_sum_else_nothing() -> None:
    stating = group("g", package("a", cost=1), package("b", cost=1), cost=5)
    adding = group("h", package("c", cost=2), package("d", cost=2))
    check = check_wbs(tree(stating, adding, package("e"), cost=9))
    assert told(check) == [("r", "unmeasured", "warning"), ("g", "missing", "error")]
    assert check.findings[0].message == "group 'r' states cost and 'e' of its parts has none"


def test_a_part_with_some_value_below_it_is_measured() -> None:
    half = group("g", package("a", cost=2), package("b"))
    assert told(check_wbs(tree(half, package("c", cost=1), cost=3))) == []
    blank = group("g", package("a"), package("b"))
    many = [package(f"p{k}") for k in range(6)]
    check = check_wbs(tree(blank, package("c", cost=3), *many, cost=3))
    assert check.findings[0].message == (
        "group 'r' states cost and 'g', 'p0', 'p1', 'p2', 'p3' and 2 more of its parts have none"
    )
    assert check.ok


def test_the_tolerance_is_a_share_of_what_is_stated() -> None:
    wbs = tree(package("a", cost=1e6), package("b", cost=1e-4), cost=1e6)
    assert check_wbs(wbs).ok
    assert not check_wbs(wbs, tol=0).ok
    near = tree(package("a", cost=0.1), package("b", cost=0.2), cost=0.3)
    assert check_wbs(near).ok
    assert not check_wbs(tree(package("a", cost=1e-8), package("b", cost=0), cost=0)).ok


def test_a_message_tells_numbers_apart_that_differ_late() -> None:
    (finding,) = check_wbs(tree(package("a", cost=1e6), package("b", cost=0.5), cost=1e6)).findings
    assert finding.message == "group 'r' states cost 1000000 and its parts sum to 1000000.5"


def test_weights_of_parts_sum_to_one_and_are_not_compared_with_the_group_s_own() -> None:
    good = group("g", package("a", weight=0.1), package("b", weight=0.9), weight=0.4)
    assert told(check_wbs(tree(good, package("c", weight=0.6)))) == []
    bad = group("g", package("a", weight=0.5), package("b"))
    (finding,) = check_wbs(tree(bad, package("c"))).findings
    assert (finding.node, finding.rule, finding.measure, finding.expected, finding.found) == (
        "g",
        "weights",
        "weight",
        1,
        0.5,
    )


def test_empty_groups_and_single_parts_are_found() -> None:
    check = check_wbs(tree(group("g"), group("h", package("a"))))
    assert told(check) == [("g", "empty_group", "error"), ("h", "single_child", "warning")]
    assert told(check_wbs(tree(group("g", cost=3), package("a")))) == [
        ("g", "empty_group", "error"),
        ("g", "missing", "error"),
    ]


def test_packages_below_no_account_are_found() -> None:
    parts = (group("g", package("a"), package("b")), package("c"))
    without = check_wbs(tree(*parts, accounts=()))
    assert told(without) == [(own, "no_account", "warning") for own in "abc"]
    assert without.ok
    assert told(check_wbs(tree(*parts, accounts=("g",)))) == [("c", "no_account", "error")]
    assert told(check_wbs(tree(*parts, accounts=("g", "c")))) == []


def test_accounts_below_and_beside_each_other_are_found() -> None:
    check = check_wbs(tree(group("g", package("a"), package("b")), package("c"), accounts=("a", "g", "c", "g")))
    assert told(check) == [("g", "two_accounts", "error"), ("a", "two_accounts", "error")]
    assert [finding.message for finding in check.findings] == [
        "control accounts 'c1' and 'c3' are both for 'g'",
        "control account 'c0' of 'a' lies below 'c1' of 'g'",
    ]


def test_codes_that_are_there_twice_or_elsewhere_are_found() -> None:
    wbs = tree(
        group("g", package("a", "2.5"), package("b", "1.2"), package("c", "1.2")),
        package("d", "1"),
        package("e", "1.9"),
    )
    check = check_wbs(wbs)
    assert told(check) == [
        ("a", "code_out_of_place", "error"),
        ("c", "duplicate_code", "error"),
        ("d", "duplicate_code", "error"),
    ]
    assert [finding.message for finding in check.findings] == [
        "code '2.5' of 'a' does not start with '1', the code of 'g'",
        "'c' has the code '1.2', which 'b' has too",
        "'d' has the code '1', which 'g' has too",
    ]
    assert wbs.find("1.2").id == "b"


def test_the_head_of_a_code_is_compared_number_by_number() -> None:
    wbs = tree(group("g", package("a", "11.1"), package("b"), code="1"))
    assert told(check_wbs(wbs)) == [("r", "single_child", "warning"), ("a", "code_out_of_place", "error")]
    short = tree(group("g", group("h", package("a", "1"), package("b")), package("c")), package("d"))
    assert ("a", "code_out_of_place", "error") in told(check_wbs(short))


def test_findings_come_in_outline_order_then_by_rule_then_by_measure() -> None:
    wbs = tree(group("g", package("a", effort=1), time=2, cost=2, effort=2), group("h", code="1"), accounts=())
    assert [(finding.node, finding.rule, finding.measure) for finding in check_wbs(wbs).findings] == [
        ("g", "missing", "cost"),
        ("g", "missing", "effort"),
        ("g", "missing", "time"),
        ("g", "single_child", None),
        ("g", "unmeasured", "cost"),
        ("g", "unmeasured", "time"),
        ("a", "no_account", None),
        ("h", "duplicate_code", None),
        ("h", "empty_group", None),
    ]


@pytest.mark.parametrize("tol", [-1, math.nan, math.inf, "0", True])
def test_a_tolerance_is_a_finite_number_of_at_least_zero(tol: Any) -> None:
    with pytest.raises(ValueError, match="tol: expected a finite number of at least 0"):
        check_wbs(tree(package("a")), tol=tol)


def test_a_check_becomes_plain_rows_and_a_table() -> None:
    check = check_wbs(tree(package("a", cost=1), package("b", cost=1), cost=3))
    assert check.to_records() == [
        {
            "rule": "missing",
            "severity": "error",
            "node": "r",
            "code": "",
            "measure": "cost",
            "expected": 3.0,
            "found": 2.0,
            "message": "group 'r' states cost 3 and its parts sum to 2",
        }
    ]
    assert json.loads(json.dumps(check.to_dict(), allow_nan=False)) == {"findings": check.to_records(), "ok": False}
    assert check == check_wbs(tree(package("a", cost=1), package("b", cost=1), cost=3))
    assert "<td>missing</td>" in check._repr_html_()
    assert "WbsCheck" in check_wbs(tree(package("a"), package("b")))._repr_html_()


def roled(*entries: str) -> Wbs:
    """Give a tree with entries such as 'g:ann:A'."""
    root = group("r", group("g", package("a"), package("b")), package("c"))
    raci = [Raci(node=node, person=person, role=role) for node, person, role in (entry.split(":") for entry in entries)]  # type: ignore[arg-type]
    return Wbs(root=root, prefix="P", raci=raci)


def test_a_sound_table_of_roles_has_no_finding() -> None:
    check = check_raci(roled("r:ann:A", "r:ben:R", "g:cy:R", "c:di:I"), ["ann", "ben", "cy", "di", "eve"])
    assert check.ok
    assert check.findings == ()
    assert dict(check.accountable) == dict.fromkeys(("r", "g", "a", "b", "c"), "ann")
    assert {person: dict(counts) for person, counts in check.load.items()} == {
        "ann": {"R": 0, "A": 3, "C": 0, "I": 0},
        "ben": {"R": 1, "A": 0, "C": 0, "I": 0},
        "cy": {"R": 2, "A": 0, "C": 0, "I": 0},
        "di": {"R": 0, "A": 0, "C": 0, "I": 1},
        "eve": {"R": 0, "A": 0, "C": 0, "I": 0},
    }
    assert list(check.load) == ["ann", "ben", "cy", "di", "eve"]


def test_a_nodes_own_entries_of_a_role_replace_the_inherited_ones_of_that_role_only() -> None:
    check = check_raci(roled("r:ann:A", "r:ben:A", "r:ann:R", "g:cy:A", "b:di:R"))
    assert dict(check.accountable) == {"g": "cy", "a": "cy", "b": "cy"}
    assert [(finding.node, finding.rule) for finding in check.findings] == [("c", "many_accountable")]
    assert check.findings[0].message == "2 people are accountable for work package 'c': 'ann', 'ben'"
    assert {person: counts["R"] for person, counts in check.load.items()} == {"ann": 2, "ben": 0, "cy": 0, "di": 1}


def test_packages_that_nobody_answers_for_and_strangers_are_found_in_outline_order() -> None:
    check = check_raci(roled("g:ann:A", "g:zoe:C", "g:zoe:I", "b:ann:R", "c:abe:R"), {"ann"})
    assert [(finding.node, finding.code, finding.rule, finding.severity) for finding in check.findings] == [
        ("g", "P.1", "unknown_person", "error"),
        ("a", "P.1.1", "no_responsible", "error"),
        ("c", "P.2", "no_accountable", "error"),
        ("c", "P.2", "unknown_person", "error"),
    ]
    assert [finding.message for finding in check.findings][::3] == [
        "'zoe' at 'g' is not known",
        "'abe' at 'c' is not known",
    ]
    assert not check.ok
    assert check_raci(roled("r:ann:A", "r:zoe:R")).ok


def test_one_person_named_twice_in_a_role_is_one_person() -> None:
    check = check_raci(roled("r:ann:A", "r:ann:A", "r:ann:R"))
    assert check.ok
    assert check.load["ann"]["A"] == 3


def test_a_structure_without_roles_lacks_both_everywhere() -> None:
    check = check_raci(roled(), [])
    assert [finding.rule for finding in check.findings] == ["no_accountable", "no_responsible"] * 3
    assert not check.accountable
    assert not check.load
    assert check_raci(Wbs(root=Group(id="r"))).ok


def test_the_order_of_entries_does_not_matter() -> None:
    entries = ("r:ann:A", "r:ben:A", "g:cy:R", "b:ann:A", "b:zoe:R")
    forwards, backwards = roled(*entries), roled(*reversed(entries))
    assert check_raci(forwards, ["ann"]) == check_raci(backwards, ["ann"])
    assert forwards.work_breakdown() == backwards.work_breakdown()


def test_people_are_ids_and_not_one_text() -> None:
    with pytest.raises(ValueError, match="people: expected ids, got the text 'ann'"):
        check_raci(roled(), "ann")


def test_a_check_of_roles_becomes_plain_data() -> None:
    check = check_raci(roled("r:ann:A", "r:ann:R"), ["ann"])
    data = json.loads(json.dumps(check.to_dict(), allow_nan=False))
    assert data["load"] == {"ann": {"R": 3, "A": 3, "C": 0, "I": 0}}
    assert check.to_records() == []
    assert check == check_raci(evolve(roled("r:ann:R", "r:ann:A")), ["ann"])
