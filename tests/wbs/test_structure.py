"""The work breakdown structure: its parts, its codes, and what is refused."""

from __future__ import annotations

import copy
import json
import math
import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve

from leadkit.errors import PlanError, UnknownIdError
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

DEEP = 3_000
OUTLINE = """
crm | Customer service
  data | Data
    move | Move
    check | Check
  train | Training
"""


@pytest.fixture
def wbs() -> Wbs:
    return Wbs.from_outline(OUTLINE, prefix="CRM")


def package(own: str, code: str | None = None, **measures: float) -> WorkPackage:
    return WorkPackage(id=own, code=code, measures=measures)


def tree(*children: Group | WorkPackage, prefix: str = "", **more: Any) -> Wbs:
    return Wbs(root=Group(id="r", children=children), prefix=prefix, **more)


def chain(depth: int) -> Wbs:
    node: Group | WorkPackage = WorkPackage(id="leaf", measures={"cost": 2})
    for step in range(depth):
        node = Group(id=f"g{step}", children=[node])
    return Wbs(root=node)  # type: ignore[arg-type]


def codes(wbs: Wbs) -> dict[str, str]:
    return {node.id: wbs.code(node.id) for node in wbs.nodes}


def pickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - written a moment ago


def faults_of(caught: pytest.ExceptionInfo[Any]) -> list[str]:
    return [str(fault) for fault in caught.value.faults]


def test_nodes_come_in_outline_order(wbs: Wbs) -> None:
    assert [node.id for node in wbs.nodes] == ["crm", "data", "move", "check", "train"]
    assert [node.id for node in wbs.packages] == ["move", "check", "train"]
    assert [node.id for node in wbs.groups] == ["crm", "data"]
    assert wbs.node("check").name == "Check"


def test_the_family_of_a_node_is_found(wbs: Wbs) -> None:
    parent = wbs.parent("move")
    assert parent is not None
    assert parent.id == "data"
    assert wbs.parent("crm") is None
    assert [node.id for node in wbs.path("check")] == ["crm", "data", "check"]
    assert [node.id for node in wbs.path("crm")] == ["crm"]
    assert [node.id for node in wbs.children("data")] == ["move", "check"]
    assert wbs.children("train") == ()


def test_parents_are_read_only_indices_that_graphs_take(wbs: Wbs) -> None:
    assert wbs.parents.tolist() == [-1, 0, 1, 1, 0]
    assert wbs.parents.dtype == np.int64
    assert not wbs.parents.flags.writeable
    assert TreeIndex.from_parents(wbs.parents).depth.tolist() == [wbs.level(node.id) for node in wbs.nodes]


def test_a_code_is_the_places_on_the_way_below_the_prefix(wbs: Wbs) -> None:
    assert codes(wbs) == {"crm": "CRM", "data": "CRM.1", "move": "CRM.1.1", "check": "CRM.1.2", "train": "CRM.2"}
    assert [wbs.level(own) for own in ("crm", "data", "check")] == [0, 1, 2]
    assert codes(Wbs.from_outline(OUTLINE))["check"] == "1.2"
    assert Wbs.from_outline(OUTLINE).code("crm") == ""


def test_a_code_is_found_with_and_without_the_prefix(wbs: Wbs) -> None:
    assert wbs.find("CRM.1.2") is wbs.find("1.2") is wbs.node("check")
    assert wbs.find("CRM") is wbs.find("") is wbs.root


@pytest.mark.parametrize("code", ["1.3", "CRM.1.3", "HD.1.2", "1.02", "1.2.", ".1.2", "x", "1.2.1"])
def test_a_code_that_nobody_has_is_named_with_the_nearest(wbs: Wbs, code: str) -> None:
    with pytest.raises(UnknownIdError, match="unknown code") as caught:
        wbs.find(code)
    assert repr(code) in str(caught.value)
    assert "known: CRM" in str(caught.value)


def test_siblings_after_a_pinned_code_count_on_from_it() -> None:
    wbs = tree(
        package("a"),
        package("b", "4"),
        package("c"),
        Group(id="g", code="9", children=[package("d", "9.3"), package("e")]),
    )
    assert codes(wbs) == {"r": "", "a": "1", "b": "4", "c": "5", "g": "9", "d": "9.3", "e": "9.4"}


def test_a_pinned_code_may_carry_the_prefix() -> None:
    wbs = tree(package("a", "CRM.3"), package("b", "5"), package("c"), prefix="CRM")
    assert codes(wbs) == {"r": "CRM", "a": "CRM.3", "b": "CRM.5", "c": "CRM.6"}


def test_a_pinned_code_elsewhere_takes_its_parts_with_it() -> None:
    wbs = tree(Group(id="g", children=[Group(id="h", code="7.4", children=[package("a")]), package("b")]))
    assert codes(wbs) == {"r": "", "g": "1", "h": "7.4", "a": "7.4.1", "b": "1.5"}
    assert wbs.level("a") == 3
    assert wbs.find("7.4.1").id == "a"


def test_codes_sort_by_number_part_by_part() -> None:
    wbs = Wbs.from_records([{"id": f"n{k}", "code": f"1.{k}"} for k in (10, 9, 1, 2)] + [{"id": "g", "code": "1"}])
    assert [node.id for node in wbs.packages] == ["n1", "n2", "n9", "n10"]
    assert tuple(map(wbs.find, ("1.9", "1.10"))) == (wbs.node("n9"), wbs.node("n10"))


@pytest.mark.parametrize(
    "code", ["0", "1.0", "01", "1.02", "1..2", ".1", "1.", "a.b", "", "1.0.2", "CRM", "1.2 ", 3, "٣"]
)
def test_a_pinned_code_is_whole_numbers_with_dots_between(code: Any) -> None:
    with pytest.raises(PlanError, match="code: expected whole numbers of at least 1"):
        WorkPackage(id="a", code=code)


@pytest.mark.parametrize("prefix", ["1", "CRM.1", "CRM.", " CRM", "CRM.02", "a\nb", 7, None])
def test_a_prefix_does_not_end_like_a_code(prefix: Any) -> None:
    with pytest.raises(PlanError, match="prefix: expected a text"):
        tree(package("a"), prefix=prefix)


def test_a_pinned_code_of_another_prefix_and_a_root_with_a_code_are_refused() -> None:
    with pytest.raises(PlanError) as caught:
        Wbs(root=Group(id="r", code="1", children=[package("a", "HD.1"), package("b", "1")]), prefix="CRM")
    assert faults_of(caught) == [
        "root 'r': has no code of its own: it is the prefix",
        "node 'a': code 'HD.1' does not start with the prefix 'CRM'",
    ]


def test_an_id_that_is_used_twice_is_named_with_both_codes() -> None:
    with pytest.raises(PlanError, match=r"id 'a': is used twice: by 'P\.1' and by 'P\.2\.1'"):
        tree(package("a"), Group(id="g", children=[package("a")]), prefix="P")


@pytest.mark.parametrize("own", ["", "  ", " a", "a ", "a\tb", "a\nb", "a\x7f", "a\u2028b", "\ud800", None, 3])
def test_an_id_is_a_stripped_text_without_control_characters(own: Any) -> None:
    for make in (WorkPackage, Group, Document):
        with pytest.raises(PlanError, match="id: expected"):
            make(id=own)


def test_an_id_may_have_space_inside_and_letters_of_any_script() -> None:
    assert tree(package("Büro 1"), package("a\xa0b"), package("数据")).code("数据") == "3"


def test_every_faulty_field_is_told_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        WorkPackage(
            id="",
            name=3,  # type: ignore[arg-type]
            estimate=3,  # type: ignore[arg-type]
            basis="efort",  # type: ignore[arg-type]
            needs="sql",
            measures={"cost": -1, "": 1, "time": math.nan, "x": "3"},
            code="0",
            kind="milestones",  # type: ignore[arg-type]
            calendar="",
            not_before=datetime(2026, 1, 5),
            deadline="2026-01-05",  # type: ignore[arg-type]
            dictionary="text",  # type: ignore[arg-type]
            documents=[Document(id="d"), Document(id="d")],
        )
    assert faults_of(caught) == [
        "id: expected a text that is not empty, got ''",
        "name: expected a text, got 3",
        "estimate: expected an Estimate, got 3",
        "basis: expected one of 'duration', 'effort', got 'efort' (did you mean 'effort'?)",
        "needs: expected a list of Need, got 'sql'",
        "measures['cost']: expected at least 0, got -1.0",
        "measures: expected a text that is not empty, got ''",
        "measures['time']: expected a finite number, got nan",
        "measures['x']: expected a number, got '3'",
        "code: expected whole numbers of at least 1 with dots between, such as '1.2', got '0'",
        "kind: expected one of 'work', 'planning', 'milestone', got 'milestones' (did you mean 'milestone'?)",
        "calendar: expected a text that is not empty, got ''",
        "dictionary: expected a Dictionary, got 'text'",
        "not_before: expected a datetime with a time zone, got 2026-01-05T00:00:00 without one",
        "deadline: expected a datetime, got '2026-01-05'",
        "document 'd': is there more than once",
    ]


def test_a_group_refuses_what_is_no_part() -> None:
    with pytest.raises(PlanError) as caught:
        Group(id="g", children=[package("a"), "b"], measures=3, dictionary=3)  # type: ignore[arg-type]
    assert faults_of(caught) == [
        "children[1]: expected a Group or WorkPackage, got 'b'",
        "measures: expected names and numbers, got 3",
        "dictionary: expected a Dictionary, got 3",
    ]


def test_a_structure_refuses_what_is_no_part_of_it() -> None:
    account = ControlAccount(id="c", node="a")
    with pytest.raises(PlanError) as caught:
        Wbs(root=package("a"), control_accounts=[account, account], raci=["ann"])  # type: ignore[arg-type]
    assert faults_of(caught) == [
        f"root: expected a Group, got {package('a')!r}",
        "control account 'c': is there more than once",
        "raci[0]: expected a Raci, got 'ann'",
    ]
    with pytest.raises(PlanError, match="control_accounts: expected a list of ControlAccount, got 3"):
        Wbs(root=Group(id="r"), control_accounts=3)


def test_a_milestone_takes_no_time() -> None:
    assert WorkPackage(id="m", kind="milestone").duration() == 0
    assert WorkPackage(id="m", kind="milestone", estimate=Estimate.fixed(0)).duration() == 0
    with pytest.raises(PlanError, match="estimate: a milestone takes no time, got a mean of 480 minutes"):
        WorkPackage(id="m", kind="milestone", estimate=Estimate.fixed(1))


@pytest.mark.parametrize(("day", "hours"), [((1, 1, 1), 12), ((9999, 12, 31), -12)])
def test_an_instant_that_utc_cannot_tell_is_refused(day: tuple[int, int, int], hours: int) -> None:
    edge = datetime(*day, 11 if hours > 0 else 13, tzinfo=timezone(timedelta(hours=hours)))
    with pytest.raises(PlanError, match="deadline: expected a datetime that can be told in UTC"):
        WorkPackage(id="a", deadline=edge)


def test_instants_are_compared_as_such_in_an_hour_that_occurs_twice() -> None:
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    there, elsewhere = WorkPackage(id="a", deadline=second), WorkPackage(id="a", deadline=second.astimezone(UTC))
    assert there == elsewhere
    assert hash(there) == hash(elsewhere)
    assert there != WorkPackage(id="a", deadline=second.replace(fold=0))


def test_a_need_keeps_its_skills_sorted() -> None:
    need = Need(skills={"sql": 3, "python": 2}, heads=np.int64(2))  # type: ignore[arg-type]
    assert need == Need(skills=[("python", 2), ["sql", 3.0]], heads=2)
    assert need.skills == (("python", 2.0), ("sql", 3.0))
    assert need.levels == {"sql": 3.0, "python": 2.0}
    assert type(need.heads) is int
    assert Need(skills={}).skills == ()


@pytest.mark.parametrize(
    ("skills", "message"),
    [
        ("sql", "skills: expected skills and their levels, got 'sql'"),
        ([("sql",)], "skills: expected skills and their levels"),
        (3, "skills: expected skills and their levels, got 3"),
        ({"sql": math.inf}, r"skills\['sql'\]: expected a finite number, got inf"),
        ({"sql": 10**400}, r"skills\['sql'\]: expected a finite number, got inf"),
        ({"sql": True}, r"skills\['sql'\]: expected a number, got True"),
        ({" ": 1, 3: 1}, "2 faults"),
        ([("sql", 1), ("sql", 2)], r"skills\['sql'\]: is there more than once"),
    ],
)
def test_a_need_refuses_what_is_no_skill_or_level(skills: Any, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Need(skills=skills)


def test_a_need_is_read_back_from_plain_data() -> None:
    need = Need(skills={"sql": 3, "ui": 1}, heads=2)
    assert Need.from_dict(json.loads(json.dumps(need.to_dict()))) == need
    assert Need.from_dict({"skills": [["sql", 3]]}) == Need(skills={"sql": 3})
    with pytest.raises(PlanError) as caught:
        Need.from_dict({"head": 2, "heads": 0})
    assert faults_of(caught) == [
        "unknown key 'head' (did you mean 'heads'?)",
        "'skills' is missing",
        "heads: expected a whole number of at least 1, got 0",
    ]
    with pytest.raises(PlanError, match="need: expected a table of names and values, got 3"):
        Need.from_dict(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("heads", [0, -1, 1.5, True, "2"])
def test_a_need_is_for_at_least_one_head(heads: Any) -> None:
    with pytest.raises(PlanError, match="need: heads: expected a whole number"):
        Need(skills={"sql": 1}, heads=heads)


def test_dictionary_and_document_refuse_what_is_no_text() -> None:
    with pytest.raises(PlanError) as caught:
        Dictionary(description=None, acceptance="no ticket lost", quality=["a", 3])  # type: ignore[arg-type]
    assert faults_of(caught) == [
        "description: expected a text, got None",
        "quality[1]: expected a text, got 3",
        "acceptance: expected a list of texts, got 'no ticket lost'",
    ]
    with pytest.raises(PlanError, match=r"kind: expected one of .*did you mean 'management_report'"):
        Document(id="d", kind="management report")  # type: ignore[arg-type]


def test_accounts_and_roles_refuse_what_is_wrong() -> None:
    with pytest.raises(PlanError) as caught:
        ControlAccount(id=" c", node="", owner="", budget=-1)
    assert len(caught.value.faults) == 4
    with pytest.raises(PlanError) as caught:
        Raci(node="", person=" ", role="X")  # type: ignore[arg-type]
    assert faults_of(caught)[2] == "role: expected one of 'R', 'A', 'C', 'I', got 'X'"


def test_unknown_nodes_are_named_with_where_they_were_used_and_the_nearest(wbs: Wbs) -> None:
    with pytest.raises(UnknownIdError, match=r"^unknown node 'chek' \(did you mean 'check'\?\); known: check, crm"):
        wbs.node("chek")
    for ask in (wbs.parent, wbs.path, wbs.children, wbs.code, wbs.level, wbs.account):
        with pytest.raises(UnknownIdError, match="unknown node 'nobody'"):
            ask("nobody")
    with pytest.raises(UnknownIdError, match=r"^control account 'c1': unknown node 'dat' \(did you mean 'data'"):
        evolve(wbs, control_accounts=[ControlAccount(id="c1", node="dat")])
    with pytest.raises(UnknownIdError, match=r"^RACI entry A of 'ann': unknown node 'tain' \(did you mean 'train'"):
        evolve(wbs, raci=[Raci(node="tain", person="ann", role="A")])


def test_an_account_covers_its_node_and_everything_below(wbs: Wbs) -> None:
    one, two = ControlAccount(id="one", node="data"), ControlAccount(id="two", node="check", owner="ann", budget=5)
    covered = evolve(wbs, control_accounts=[two, one])
    found = {node.id: covered.account(node.id) for node in covered.nodes}
    assert found == {"crm": None, "data": one, "move": one, "check": two, "train": None}


def test_effort_is_shared_by_the_heads_and_rounded_up() -> None:
    effort = WorkPackage(id="a", estimate=Estimate.fixed(1000, "m"), basis="effort")
    assert effort.heads == 0
    assert effort.duration() == 1000
    needs = [Need(skills={"sql": 1}, heads=2), Need(skills={"ui": 1})]
    assert evolve(effort, needs=needs).duration() == 334
    assert evolve(effort, needs=needs, basis="duration").duration() == 1000
    assert evolve(effort, estimate=Estimate.uniform(0, 10, unit="m")).duration(0.9) == 9
    assert WorkPackage(id="a").duration() == 0


def test_a_group_is_the_sum_of_its_parts_unless_it_states_a_value() -> None:
    stated = Group(id="h", children=[package("c", cost=7)], measures={"cost": 9})
    wbs = tree(Group(id="g", children=[package("a", cost=0.1), package("b", cost=0.2)]), stated)
    assert dict(wbs.roll_up("cost")) == {
        "r": math.fsum([math.fsum([0.1, 0.2]), 9]),
        "g": math.fsum([0.1, 0.2]),
        "a": 0.1,
        "b": 0.2,
        "h": 9,
        "c": 7,
    }


def test_a_missing_leaf_makes_the_sum_nan_or_counts_nothing() -> None:
    wbs = tree(
        Group(id="g", children=[package("a", cost=3), package("b")]),
        Group(id="h"),
        Group(id="i", children=[package("c")]),
    )
    strict, skipping = wbs.roll_up("cost"), wbs.roll_up("cost", missing="skip")
    assert [own for own, value in strict.items() if not math.isnan(value)] == ["a"]
    assert {own: value for own, value in skipping.items() if not math.isnan(value)} == {"r": 3, "g": 3, "a": 3}
    assert list(strict) == [node.id for node in wbs.nodes]
    assert all(math.isnan(value) for value in wbs.roll_up("weight").values())
    with pytest.raises(ValueError, match=r"missing: expected one of 'nan', 'skip', got 'skipp' \(did you mean 'skip'"):
        wbs.roll_up("cost", missing="skipp")  # type: ignore[arg-type]


def test_sums_are_exact_where_adding_one_by_one_is_not() -> None:
    wbs = tree(*(package(f"p{k}", cost=0.1) for k in range(10)))
    assert wbs.roll_up("cost")["r"] == 1.0


def test_the_team_is_given_code_name_level_responsible_duration_and_limits() -> None:
    start, end = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 1, 9, 17, tzinfo=UTC)
    needs = [Need(skills={"sql": 1}, heads=2)]
    data = WorkPackage(id="data", name="Data", estimate=Estimate.pert(1, 2, 9), not_before=start, deadline=end)
    train = WorkPackage(id="train", estimate=Estimate.fixed(3), basis="effort", needs=needs)
    done = WorkPackage(id="done", kind="milestone", dictionary=Dictionary(responsible="cy"))
    later = WorkPackage(id="later", kind="planning", dictionary=Dictionary())
    raci = [Raci(node="data", person=person, role="R") for person in ("ben", "ann")]
    wbs = tree(Group(id="g", name="Part", children=[data, train]), done, later, prefix="P", raci=raci)
    rows = wbs.work_breakdown()
    assert [tuple(row.values()) for row in rows] == [
        ("P", "", 0, None, None, None, None),
        ("P.1", "Part", 1, None, None, None, None),
        ("P.1.1", "Data", 2, "ann, ben", 3.0, "2026-01-05T08:00:00+00:00", "2026-01-09T17:00:00+00:00"),
        ("P.1.2", "", 2, None, 1.5, None, None),
        ("P.2", "", 1, "cy", 0.0, None, None),
        ("P.3", "", 1, None, None, None, None),
    ]
    assert list(rows[0]) == ["code", "name", "level", "responsible", "days", "start_limit", "finish_limit"]
    assert wbs.work_breakdown(day_minutes=240)[2]["days"] == 6.0
    assert json.dumps(rows, allow_nan=False)
    for wrong in (0, -1, math.nan, "480"):
        with pytest.raises(ValueError, match="day_minutes: expected a"):
            wbs.work_breakdown(day_minutes=wrong)  # type: ignore[arg-type]


def test_a_structure_shows_itself_as_a_small_escaped_outline(wbs: Wbs) -> None:
    assert repr(wbs) == "Wbs(root='crm', 2 groups, 3 packages)"
    assert repr(wbs.node("data")) == "Group(id='data', name='Data', 2 children)"
    assert repr(tree(Group(id="g", children=[package("a")])).node("g")) == "Group(id='g', name='', 1 child)"
    shown = tree(*(WorkPackage(id=f"p{k}", name="<b>") for k in range(30)))._repr_html_()
    assert shown.count("<tr>") == 21
    assert "<td>1</td><td>&lt;b&gt;</td>" in shown
    assert shown.endswith("<p>... and 11 more rows</p>")
    assert "more rows" not in wbs._repr_html_()
    assert "<td>r</td>" in shown


def test_structures_are_equal_when_every_node_account_and_role_is(wbs: Wbs) -> None:
    again = Wbs.from_outline(OUTLINE, prefix="CRM")
    assert wbs == again
    assert hash(wbs) == hash(again)
    assert wbs.root == again.root
    flat = Group(id="g", children=[Group(id="h"), package("a")])
    nested = Group(id="g", children=[Group(id="h", children=[package("a")])])
    assert flat != nested
    assert flat != "g"
    assert len({flat, nested, evolve(flat)}) == 2
    for other in (
        evolve(wbs, prefix=""),
        evolve(wbs, root=evolve(wbs.root, name="x")),
        evolve(wbs, root=evolve(wbs.root, children=wbs.root.children[:1])),
        evolve(wbs, raci=[Raci(node="crm", person="ann", role="A")]),
    ):
        assert other != wbs


def test_copies_and_pickles_are_equal(wbs: Wbs) -> None:
    full = evolve(
        wbs,
        control_accounts=[ControlAccount(id="c", node="data", budget=3)],
        raci=[Raci(node="crm", person="ann", role="A")],
    )
    for again in (copy.copy(full), copy.deepcopy(full), pickled(full)):
        assert again == full
        assert again.code("check") == "CRM.1.2"
    assert pickled(full.root) == copy.deepcopy(full.root) == full.root


def test_a_chain_deeper_than_the_recursion_limit_works_everywhere() -> None:
    wbs = chain(DEEP)
    assert sys.getrecursionlimit() < DEEP
    assert wbs.level("leaf") == DEEP
    assert wbs.find(wbs.code("leaf")).id == "leaf"
    assert len(wbs.path("leaf")) == DEEP + 1
    assert wbs.roll_up("cost")[f"g{DEEP - 1}"] == 2
    assert wbs == chain(DEEP)
    assert hash(wbs) == hash(chain(DEEP))
    assert wbs != evolve(wbs, root=evolve(wbs.root, name="x"))
    for again in (
        copy.deepcopy(wbs),
        pickled(wbs),
        Wbs.from_dict(json.loads(json.dumps(wbs.to_dict()))),
    ):
        assert again == wbs
    assert repr(wbs) == f"Wbs(root='g{DEEP - 1}', {DEEP} groups, 1 package)"
    assert wbs._repr_html_().count("<tr>") == 21


def test_a_deep_chain_is_checked_and_listed() -> None:
    wbs = chain(1_100)
    assert len(check_wbs(wbs).findings) == 1_101
    assert check_raci(evolve(wbs, raci=[Raci(node="g1099", person="ann", role=role) for role in "RA"])).ok  # type: ignore[arg-type]
    assert wbs.work_breakdown()[-1]["level"] == 1_100
    outline = "\n".join("\t" * k + f"n{k} |" for k in range(1_100))
    assert Wbs.from_outline(outline).level("n1099") == 1_099


def test_importing_the_structure_loads_nothing_heavy() -> None:
    heavy = "{'scipy', 'ortools', 'networkx', 'matplotlib', 'xml'}"
    program = f"import sys, leadkit.wbs.structure; sys.exit(str({heavy} & set(sys.modules)) if {heavy} & set(sys.modules) else 0)"
    # coverage would import modules of its own
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    subprocess.run([sys.executable, "-c", program], check=True, env=env)
