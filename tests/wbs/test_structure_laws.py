"""Laws of the work breakdown structure, over drawn trees."""

from __future__ import annotations

import copy
import json
import math
import pickle
import random
from datetime import UTC, datetime
from typing import Any

import numpy as np
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.graphs import TreeIndex
from leadkit.wbs import (
    ControlAccount,
    Dictionary,
    Document,
    Estimate,
    Group,
    Need,
    Raci,
    Wbs,
    WorkPackage,
    check_raci,
    check_wbs,
)

ROLES = "RACI"
# quarters add up without rounding
QUARTERS = st.integers(0, 400).map(lambda n: n / 4)


@st.composite
def parents(draw: st.DrawFn, most: int = 25) -> list[int]:
    n = draw(st.integers(2, most))
    return [-1, *(draw(st.integers(0, i - 1)) for i in range(1, n))]


def grow(above: list[int], leaf: Any, group: Any) -> Group:
    """Build a tree of a parent vector whose nodes come after their parents."""
    below: dict[int, list[Any]] = {}
    for i in range(len(above) - 1, -1, -1):
        parts = below.pop(i, [])
        node = group(i, parts[::-1]) if parts or i == 0 else leaf(i)
        below.setdefault(above[i], []).append(node)
    (root,) = below[-1]
    return root  # type: ignore[no-any-return]


def plain(above: list[int], values: list[float]) -> Wbs:
    """Give a tree in which packages alone state a cost."""
    root = grow(
        above,
        lambda i: WorkPackage(id=f"n{i}", measures={"cost": values[i]}),
        lambda i, parts: Group(id=f"n{i}", children=parts),
    )
    return Wbs(root=root)


@st.composite
def rich(draw: st.DrawFn) -> Wbs:
    """Draw trees with every field, pinned codes in any order and empty groups."""
    above = draw(parents(12))
    rng = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret
    instants = [None, datetime(2026, 10, 25, 2, 30, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)]

    def code() -> str | None:
        return rng.choice([None, None, str(rng.randint(1, 4)), f"P.{rng.randint(1, 3)}.{rng.randint(1, 12)}"])

    def leaf(i: int) -> Group | WorkPackage:
        if rng.random() < 0.2:
            return Group(id=f"n{i}", code=code())
        kind = rng.choice(["work", "planning", "milestone"])
        estimates = [None, Estimate.fixed(0), Estimate.pert(1, 2, 9), Estimate.lognormal(3, 1)]
        return WorkPackage(
            id=f"n{i}",
            name=rng.choice(["", "<name>"]),
            estimate=rng.choice(estimates[: 2 if kind == "milestone" else 4]),
            basis=rng.choice(["duration", "effort"]),
            needs=[Need(skills={"sql": rng.randint(0, 3), "ui": 1}, heads=rng.randint(1, 2))] * rng.randint(0, 2),
            measures={"cost": rng.random()} if rng.random() < 0.5 else {},
            code=code(),
            kind=kind,  # type: ignore[arg-type]
            calendar=rng.choice([None, "nights"]),
            not_before=rng.choice(instants),
            deadline=rng.choice(instants),
            dictionary=rng.choice([None, Dictionary(), Dictionary(responsible="ann", quality=["q"])]),
            documents=[Document(id="d", kind="management_report")] * rng.randint(0, 1),
        )

    def group(i: int, parts: list[Any]) -> Group:
        return Group(id=f"n{i}", children=parts, code=code() if i else None, measures={"weight": 0.5} if i % 2 else {})

    root = grow(above, leaf, group)
    nodes = [f"n{i}" for i in range(len(above))]
    accounts = [ControlAccount(id=f"c{k}", node=rng.choice(nodes), budget=1.5) for k in range(rng.randint(0, 3))]
    raci = [
        Raci(node=rng.choice(nodes), person=rng.choice("xyz"), role=rng.choice(ROLES))  # type: ignore[arg-type]
        for _ in range(rng.randint(0, 8))
    ]
    return Wbs(root=root, prefix="P", control_accounts=accounts, raci=raci)


@given(parents(), st.lists(QUARTERS, min_size=25, max_size=25))
def test_the_sum_of_packages_is_what_every_group_rolls_up_to(above: list[int], values: list[float]) -> None:
    wbs = plain(above, values)
    sums = wbs.roll_up("cost")
    for node in wbs.nodes:
        below = [package for package in wbs.packages if node in wbs.path(package.id)]
        assert sums[node.id] == math.fsum(package.measures["cost"] for package in below)
    costs = [node.measures.get("cost", math.nan) for node in wbs.nodes]
    assert TreeIndex.from_parents(wbs.parents).roll_up(costs).tolist() == list(sums.values())


@given(parents())
def test_codes_are_unique_ascend_in_outline_order_and_are_found(above: list[int]) -> None:
    wbs = plain(above, [1.0] * len(above))
    numbers = [tuple(map(int, wbs.code(node.id).split("."))) if wbs.code(node.id) else () for node in wbs.nodes]
    assert numbers == sorted(set(numbers))
    for node, parts in zip(wbs.nodes, numbers, strict=True):
        assert wbs.find(wbs.code(node.id)).id == node.id
        assert wbs.level(node.id) == len(parts) == len(wbs.path(node.id)) - 1


@settings(max_examples=30)
@given(rich(), st.randoms(use_true_random=False))
def test_rows_in_any_order_make_the_same_structure(wbs: Wbs, rng: random.Random) -> None:
    bare = evolve(wbs, control_accounts=(), raci=())
    rows = json.loads(json.dumps(bare.to_records(), allow_nan=False))
    assert Wbs.from_records(rows) == bare
    rng.shuffle(rows)
    assert Wbs.from_records(rows) == bare
    assert hash(Wbs.from_records(rows)) == hash(bare)


@settings(max_examples=30)
@given(rich())
def test_plain_data_pickles_and_copies_give_the_same_structure(wbs: Wbs) -> None:
    assert Wbs.from_dict(json.loads(json.dumps(wbs.to_dict(), allow_nan=False))) == wbs
    assert pickle.loads(pickle.dumps(wbs)) == wbs  # noqa: S301 - written a moment ago
    assert copy.deepcopy(wbs) == wbs


@settings(max_examples=30)
@given(rich())
def test_codes_by_walking_down_are_the_codes_of_the_structure(wbs: Wbs) -> None:
    expected = {wbs.root.id: "P"}
    for group in wbs.groups:
        last = 0
        for child in group.children:
            last = last + 1 if child.code is None else int(child.code.rsplit(".", 1)[-1])
            pinned = None if child.code is None else "P." + child.code.removeprefix("P.")
            expected[child.id] = pinned or f"{expected[group.id]}.{last}"
    assert {node.id: wbs.code(node.id) for node in wbs.nodes} == expected
    twice = {finding.node for finding in check_wbs(wbs).findings if finding.rule == "duplicate_code"}
    order = [node.id for node in wbs.nodes]
    assert twice == {own for i, own in enumerate(order) if expected[own] in {expected[other] for other in order[:i]}}


@given(parents(), st.lists(QUARTERS, min_size=25, max_size=25), st.data())
def test_the_check_finds_exactly_the_value_that_was_moved(
    above: list[int], values: list[float], data: st.DataObject
) -> None:
    sums = plain(above, values).roll_up("cost")
    moved = data.draw(st.integers(0, len(above) - 1))
    by = data.draw(st.sampled_from([-0.25, 0.25, 3.0]))
    stated = {f"n{i}": sums[f"n{i}"] + (by if i == moved else 0) for i in range(len(above))}
    if stated[f"n{moved}"] < 0:
        return
    root = grow(
        above,
        lambda i: WorkPackage(id=f"n{i}", measures={"cost": stated[f"n{i}"]}),
        lambda i, parts: Group(id=f"n{i}", children=parts, measures={"cost": stated[f"n{i}"]}),
    )
    wbs = Wbs(root=root)
    found = {finding.node: finding.rule for finding in check_wbs(wbs).findings if finding.measure == "cost"}
    expected = {}
    if isinstance(wbs.node(f"n{moved}"), Group):
        expected[f"n{moved}"] = "missing" if by > 0 else "surplus"
    if moved:
        expected[f"n{above[moved]}"] = "surplus" if by > 0 else "missing"
    assert found == expected


@settings(max_examples=30)
@given(rich())
def test_roles_by_asking_upwards_are_the_roles_of_the_check(wbs: Wbs) -> None:
    load: dict[str, dict[str, int]] = {entry.person: dict.fromkeys(ROLES, 0) for entry in wbs.raci}
    rules = []
    for package in wbs.packages:
        holders: dict[str, set[str]] = {}
        for role in ROLES:
            for node in reversed(wbs.path(package.id)):
                holders[role] = {entry.person for entry in wbs.raci if (entry.node, entry.role) == (node.id, role)}
                if holders[role]:
                    break
            for person in holders[role]:
                load[person][role] += 1
        accountable = {0: ["no_accountable"], 1: []}.get(len(holders["A"]), ["many_accountable"])
        rules += [(package.id, rule) for rule in accountable + (["no_responsible"] if not holders["R"] else [])]
    check = check_raci(wbs)
    assert [(finding.node, finding.rule) for finding in check.findings] == rules
    assert {person: dict(counts) for person, counts in check.load.items()} == load


@settings(max_examples=30)
@given(rich())
def test_accounts_by_intervals_are_the_accounts_of_the_structure(wbs: Wbs) -> None:
    index = TreeIndex.from_parents(wbs.parents)
    place = {node.id: i for i, node in enumerate(wbs.nodes)}
    at = np.array([place[account.node] for account in wbs.control_accounts], dtype=np.int64)
    for node in wbs.nodes:
        over = [int(i) for i in at if index.is_ancestor(i, place[node.id], strict=False)]
        found = wbs.account(node.id)
        assert (found is None) == (not over)
        assert found is None or place[found.node] == max(over, key=lambda i: index.depth[i])
    below = {wbs.nodes[i].id for i in at if index.is_ancestor(at, i, strict=True).any()}
    shared = {wbs.nodes[i].id for i in at.tolist() if at.tolist().count(i) > 1}
    findings = check_wbs(wbs).findings
    assert {finding.node for finding in findings if finding.rule == "two_accounts"} == below | shared
    none = {package.id for package in wbs.packages if wbs.account(package.id) is None}
    assert {finding.node for finding in findings if finding.rule == "no_account"} == none
