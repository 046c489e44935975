"""What if: moved, removed, vacated, filled, inserted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import Organisation, Person, Tier, build_pyramid, diff, fill, insert, move, remove, vacate
from leadkit.testing.org import organisation, person

LINES = {"ann": None, "bo": "ann", "cy": "ann", "di": "bo", "ed": "bo"}


@pytest.fixture
def firm() -> Organisation:
    return Organisation.from_columns(
        list(LINES),
        list(LINES.values()),
        names=["Ann", "Bo", "Cy", "Di", "Ed"],
        titles=["Head", "Lead", "Clerk", "Clerk", "Clerk"],
        fte=[1, 1, 0.5, 1, np.nan],
        holders=[1, 1, 2, 1, 1],
        status=["active", "active", "active", "absent", "vacant"],
        shareable=[False, True, False, False, True],
        acting_ids=[None, None, None, "bo", "bo"],
        dotted=(["cy", "di"], ["bo", "cy"]),
        serves=[(), (), ["bo", "di"], (), ()],
        attributes={"site": ["N", "S", None, None, "S"]},
    )


def rebuilt(people: Organisation) -> Organisation:
    """The same rows through the front door."""
    return Organisation.from_people(people.people(), strict=False)


def test_who_moves_takes_everybody_below_along(firm: Organisation) -> None:
    found = move(firm, "bo", "cy")
    assert found.chain("di") == ("bo", "cy", "ann")
    assert found.n == firm.n
    assert move(firm, ["di", "ed"], "cy").reports_of("cy") == ("di", "ed")
    assert move(firm, (), "cy") == firm


def test_who_moves_nowhere_is_a_declared_root(firm: Organisation) -> None:
    found = move(firm, ["bo"], None)
    assert found.root_ids == ("ann", "bo")
    assert [one.code for one in found.violations] == ["multiple_roots"]
    assert build_pyramid(found).tier_of("bo") == Tier.SENIOR_LEADER


def test_moving_into_the_own_line_is_a_cycle(firm: Organisation) -> None:
    with pytest.raises(OrgError, match="cycle: 'di' is in the line of 'bo', who cannot report there") as caught:
        move(firm, ["cy", "ann", "bo"], "di")
    (found,) = caught.value.violations
    assert (found.code, found.severity, found.ids, found.rows) == ("cycle", "error", ("bo", "di"), (1, 3))
    with pytest.raises(OrgError, match="cycle: 'bo' cannot report to itself") as caught:
        move(firm, "bo", "bo")
    assert caught.value.violations[0].ids == ("bo",)


def test_a_cycle_is_told_from_its_smallest_id_along_the_managers() -> None:
    people = Organisation.from_columns(["m", "b", "z", "a"], [None, "m", "b", "z"])
    with pytest.raises(OrgError) as caught:
        move(people, "b", "a")
    assert caught.value.violations[0].ids == ("a", "z", "b")
    assert caught.value.violations[0].rows == (3, 2, 1)


def test_unknown_ids_are_named_beside_the_nearest(firm: Organisation) -> None:
    attempts: tuple[Callable[[], Organisation], ...] = (
        lambda: move(firm, ["di", "anne"], "cy"),
        lambda: move(firm, "di", "anne"),
        lambda: remove(firm, "anne"),
        lambda: vacate(firm, "anne"),
        lambda: fill(firm, "anne"),
        lambda: fill(firm, "bo", acting_id="anne"),
        lambda: fill(firm, "bo", serves=["anne"]),
        lambda: insert(firm, Person(id="x", manager_id="anne")),
        lambda: insert(firm, Person(id="x", dotted_manager_ids=("anne",))),
        lambda: insert(firm, Person(id="x"), above=["anne"]),
    )
    for attempt in attempts:
        with pytest.raises(OrgError, match="unknown person id 'anne'; nearest: 'ann'"):
            attempt()


def test_reports_of_a_removed_post_go_to_its_manager(firm: Organisation) -> None:
    found = remove(firm, "bo")
    assert found.ids == ("ann", "cy", "di", "ed")
    assert found.reports_of("ann") == ("cy", "di", "ed")
    assert diff(firm, found).moved == ("di", "ed")


def test_reports_of_a_removed_root_become_roots(firm: Organisation) -> None:
    found = remove(firm, "ann")
    assert found.root_ids == ("bo", "cy")
    assert found.declared_root.tolist() == [True, True, False, False]


def test_references_to_a_removed_post_are_dropped(firm: Organisation) -> None:
    found = remove(firm, "bo")
    assert (found.person("di").acting_id, found.person("ed").acting_id) == (None, None)
    assert found.person("cy").dotted_manager_ids == ()
    assert found.person("cy").serves == ("di",)
    assert found.person("di").dotted_manager_ids == ("cy",)


def test_a_post_with_reports_may_be_kept_from_removal(firm: Organisation) -> None:
    with pytest.raises(OrgError, match="'bo' has 2 reports: 'di', 'ed'"):
        remove(firm, "bo", reports="error")
    assert remove(firm, "ed", "error").n == 4
    with pytest.raises(OrgError, match="reports: expected 'to_manager' or 'error', got 'drop'"):
        remove(firm, "bo", reports="drop")  # type: ignore[arg-type]


def test_the_last_post_can_be_removed_and_a_first_inserted() -> None:
    nobody = remove(Organisation.from_columns(["a"], [None]), "a")
    assert (nobody.n, nobody.ids) == (0, ())
    assert nobody == Organisation.from_columns([], [])
    assert insert(nobody, Person(id="a")) == Organisation.from_columns(["a"], [None])


def test_a_vacated_post_keeps_what_is_the_posts_and_loses_what_was_the_holders(firm: Organisation) -> None:
    before, after = firm.person("bo"), vacate(firm, "bo").person("bo")
    assert after == evolve(before, status="vacant", name=None, shareable=False)
    assert vacate(firm, "cy").person("cy").holders == 1
    assert vacate(firm, "cy").weights().tolist() == [1, 1, 0, 1, 0]
    assert diff(firm, vacate(firm, "bo")).refilled == ("bo",)


def test_a_new_holder_is_active_unknown_and_not_shareable_unless_told(firm: Organisation) -> None:
    ed = fill(firm, "ed").person("ed")
    assert (ed.status, ed.name, ed.shareable, ed.acting_id, ed.title) == ("active", None, False, None, "Clerk")
    given = {
        "name": "Eve",
        "title": "Guide",
        "team": "North",
        "tier": Tier.SUPPORT,
        "customer_facing": False,
        "fte": 0.25,
        "holders": 3,
        "status": "absent",
        "formal_leader": True,
        "shareable": True,
        "acting_id": "di",
        "dotted_manager_ids": ("cy", "bo"),
        "serves": ("bo",),
        "attributes": {"site": "W", "floor": "3"},
    }
    eve = fill(firm, "ed", **given).person("ed")
    assert {name: getattr(eve, name) for name in given} == given | {"dotted_manager_ids": ("bo", "cy")}
    assert eve.manager_id == "bo"


def test_filling_changes_nobody_else(firm: Organisation) -> None:
    filled = fill(firm, "ed", name="Eve", dotted_manager_ids=["ann"], serves=["ann"], attributes={"floor": "3"})
    for other in ("ann", "bo", "cy", "di"):
        assert filled.person(other) == firm.person(other)
    assert filled.person("ed").attributes == {"floor": "3"}
    again = fill(firm, "cy", serves=(), dotted_manager_ids=())
    assert (again.person("cy").serves, again.person("cy").dotted_manager_ids) == ((), ())
    assert again.person("di").dotted_manager_ids == ("cy",)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"status": "vacant"}, OrgError, "status: 'vacant' means that nobody holds 'ed'"),
        ({"status": "left"}, OrgError, "status: 'left' means that nobody holds 'ed'"),
        ({"fte": -1}, OrgError, "person 'ed': fte: expected a finite number of at least 0"),
        ({"acting_id": "ed"}, OrgError, "nobody stands in for themselves"),
        ({"manager_id": "cy"}, TypeError, "use move"),
        ({"id": "eve"}, TypeError, "fill: no field 'id'"),
        ({"nmae": "Eve"}, TypeError, r"no field 'nmae' \(did you mean 'name'\?\); fields: name, title"),
    ],
)
def test_a_holder_that_makes_no_sense_is_refused(
    firm: Organisation, fields: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        fill(firm, "ed", **fields)


def test_a_new_layer_goes_above_those_who_are_named(firm: Organisation) -> None:
    newcomer = Person(
        id="fi",
        manager_id="bo",
        name="Fi",
        status="absent",
        acting_id="bo",
        dotted_manager_ids=("cy", "ann"),
        serves=("ed", "cy"),
        attributes={"floor": "2"},
    )
    found = insert(firm, newcomer, above=["di", "ed"])
    assert found.ids == (*firm.ids, "fi")
    assert found.chain("di") == ("fi", "bo", "ann")
    assert found.person("fi") == evolve(newcomer, dotted_manager_ids=("ann", "cy"), serves=("cy", "ed"))
    for other in ("ann", "bo", "cy"):
        assert found.person(other) == firm.person(other)
    assert remove(found, "fi") == firm
    assert insert(firm, Person(id="top"), above="ann").root_ids == ("top",)


def test_a_newcomer_above_its_own_manager_is_a_cycle(firm: Organisation) -> None:
    with pytest.raises(
        OrgError, match="cycle: 'di' is in the line of 'bo', who cannot report there through 'aa'"
    ) as caught:
        insert(firm, Person(id="aa", manager_id="di"), above=["cy", "bo"])
    assert caught.value.violations[0].ids == ("aa", "di", "bo")
    assert caught.value.violations[0].rows == (5, 3, 1)
    with pytest.raises(OrgError, match="cycle: 'bo' cannot report to itself through 'fi'"):
        insert(firm, Person(id="fi", manager_id="bo"), above="bo")


def test_an_id_that_is_there_cannot_be_inserted(firm: Organisation) -> None:
    with pytest.raises(OrgError, match="duplicate_id: 'cy' is there already, in row 2") as caught:
        insert(firm, Person(id="cy"))
    assert (caught.value.violations[0].ids, caught.value.violations[0].rows) == (("cy",), (2,))
    with pytest.raises(TypeError, match="person: expected Person, got dict"):
        insert(firm, {"id": "x"})  # type: ignore[arg-type]


def test_columns_that_do_not_change_are_shared(firm: Organisation) -> None:
    for found in (move(firm, "di", "cy"), vacate(firm, "ed"), fill(firm, "di", name="Di", acting_id="bo")):
        for name in ("ids", "titles", "teams", "fte", "holders"):
            assert getattr(found.posts, name) is getattr(firm.posts, name)
    assert move(firm, "di", "cy").posts is firm.posts
    assert vacate(firm, "bo").tree is firm.tree


def test_the_snapshot_at_hand_stays_as_it_is(firm: Organisation) -> None:
    digest = rebuilt(firm).digest
    move(firm, "di", "cy")
    remove(firm, "bo")
    vacate(firm, "bo")
    fill(firm, "ed", name="Eve", attributes={"site": "W"}, dotted_manager_ids=["ann"])
    insert(firm, Person(id="fi", manager_id="bo"), above="di")
    assert rebuilt(firm).digest == digest
    with pytest.raises(ValueError, match="read-only"):
        vacate(firm, "bo").posts.status[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        fill(firm, "ed", attributes={"new": "1"}).column("attributes")["new"][0] = "2"


def test_a_root_that_a_repair_made_stays_an_orphan() -> None:
    people = Organisation.from_columns(["a", "b", "c", "d"], [None, "gone", "b", "c"], strict=False)
    for found in (
        insert(people, Person(id="e", manager_id="a")),
        remove(people, "d"),
        move(people, "d", "a"),
        vacate(people, "d"),
    ):
        assert found.declared_root[:2].tolist() == [True, False]
        assert not any(one.code == "multiple_roots" for one in found.violations)
    assert remove(people, "b").declared_root.tolist() == [True, False, False]
    assert move(move(people, "b", "a"), "b", None).declared_root[:2].tolist() == [True, True]


@settings(max_examples=12)
@given(organisation(), st.data())
def test_move_there_and_back_restores_the_digest(people: Organisation, data: st.DataObject) -> None:
    assume(people.n)
    name, to = data.draw(st.sampled_from(people.ids)), data.draw(st.none() | st.sampled_from(people.ids))
    if to == name or (to is not None and name in people.chain(to)):
        with pytest.raises(OrgError, match="cycle"):
            move(people, name, to)
        return
    there = move(people, name, to)
    assert there.manager_of(name) == to
    assert there == rebuilt(there)
    assert move(there, name, people.manager_of(name)).digest == people.digest


@settings(max_examples=12)
@given(organisation(), st.data())
def test_a_change_and_its_opposite_restore_the_digest(people: Organisation, data: st.DataObject) -> None:
    assume(people.n)
    name = data.draw(st.sampled_from(people.ids))
    row, reports = people.person(name), people.reports_of(name)
    empty = vacate(people, name)
    assert empty == rebuilt(empty)
    if row.status in {"active", "absent"}:
        kept = {key: getattr(row, key) for key in ("name", "status", "holders", "shareable", "acting_id")}
        assert fill(empty, name, **kept).digest == people.digest
    gone = remove(people, name)
    assert gone == rebuilt(gone)
    assert gone.n == people.n - 1
    if not any(name in {other.acting_id, *other.dotted_manager_ids, *other.serves} for other in gone_to(people, name)):
        assert insert(gone, row, above=reports).digest == people.digest


def gone_to(people: Organisation, name: str) -> list[Person]:
    """Everybody but one."""
    return [other for other in people.people() if other.id != name]


@settings(max_examples=12)
@given(organisation(), person(), st.data())
def test_what_was_inserted_can_be_removed_again(people: Organisation, newcomer: Person, data: st.DataObject) -> None:
    assume(newcomer.id not in people.ids)
    boss = data.draw(st.none() | st.sampled_from(people.ids)) if people.n else None
    above = people.reports_of(boss)[:2] if boss is not None else ()
    alone = evolve(newcomer, manager_id=boss, acting_id=None, dotted_manager_ids=(), serves=())
    found = insert(people, alone, above=above)
    assert found == rebuilt(found)
    assert found.person(alone.id) == alone
    assert diff(people, found).joiners == (alone.id,)
    assert diff(people, found).moved == tuple(sorted(above))
    assert remove(found, alone.id).digest == people.digest


def test_a_chain_of_twenty_thousand_moves_without_recursion() -> None:
    ids = [f"p{i}" for i in range(20_000)]
    people = Organisation.from_columns(ids, [None, *ids[:-1]])
    assert move(people, ids[10_000], ids[0]).tree.n_layers == 10_001
    with pytest.raises(OrgError, match="is in the line of 'p0'"):
        move(people, ids[0], ids[-1])
    assert remove(people, ids[1]).tree.n_layers == 19_999
