"""Every defect of a table of people is named with its rows, and `strict=False` always ends in one tree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import Organisation, Person, Violation
from leadkit.org.people import not_an_id

IDS = st.sampled_from(["a", "b", "c", "d", "A", "b ", "é", "e\u0301"])


def violations_of(*columns: Any, **options: Any) -> tuple[Violation, ...]:
    """Collect the violations of a table, which a strict reading raises and a repair keeps."""
    repaired = Organisation.from_columns(*columns, strict=False, **options)
    if any(violation.severity == "error" for violation in repaired.violations):
        with pytest.raises(OrgError) as error:
            Organisation.from_columns(*columns, **options)
        assert sorted(map(repr, error.value.violations)) == sorted(map(repr, repaired.violations))
    else:
        assert Organisation.from_columns(*columns, **options).violations == repaired.violations
    return repaired.violations


def only(violations: tuple[Violation, ...], code: str) -> Violation:
    (found,) = violations
    assert found.code == code
    return found


# blank and odd ids


@pytest.mark.parametrize("blank", [None, "", " ", "\t \n", math.nan, pd.NA, np.nan])
def test_a_row_without_an_id_is_dropped(blank: Any) -> None:
    found = only(violations_of(["a", blank, "b"], [None, "a", "a"]), "blank_id")
    assert (found.severity, found.ids, found.rows, found.repair) == ("error", (), (1,), "the row is dropped")
    shown = "only white space as id" if isinstance(blank, str) and blank else "no id"
    assert found.message == f"row 1: {shown}"
    repaired = Organisation.from_columns(["a", blank, "b"], [None, "a", "a"], fte=[1, 9, 2], strict=False)
    assert repaired.ids == ("a", "b")
    assert repaired.weights("fte").tolist() == [1, 2]


def test_a_number_as_id_is_told_to_be_read_as_text() -> None:
    found = only(violations_of(["a", 7], [None, "a"]), "bad_value")
    assert found.message == f"row 1: ids: {not_an_id(7)}"
    assert (found.ids, found.rows, found.repair) == ((), (1,), "the row is dropped")
    with pytest.raises(OrgError, match="3 violations: 3 bad_value"):
        Organisation.from_columns(np.array([1, 2, 3]), [None, None, None])
    assert Organisation.from_columns([1, 2], [None, 1], strict=False).n == 0


def test_ids_are_compared_exactly() -> None:
    made = Organisation.from_columns(["007", "7", " 7"], [None, "007", "7"], strict=False)
    assert made.chain(" 7") == ("7", "007")
    found = only(made.violations, "id_case_or_space")
    assert (found.severity, found.ids, found.rows, found.repair) == ("warning", (" 7", "7"), (2, 1), None)


@pytest.mark.parametrize(
    ("ids", "alike"),
    [
        (["P7", "p7", "x"], ("P7", "p7")),
        (["\u00e9", "e\u0301", "x"], ("e\u0301", "\u00e9")),
        (["STRASSE", "straße", "x"], ("STRASSE", "straße")),
        (["x y", "x y ", "xy"], ("x y", "x y ")),
        (["x\t", "x", "X "], ("X ", "x", "x\t")),
    ],
)
def test_ids_equal_but_for_case_space_and_unicode_form_stay_different_people(ids: list[str], alike: tuple[str]) -> None:
    found = only(violations_of(ids, [None, ids[0], ids[0]]), "id_case_or_space")
    assert (found.ids, found.severity) == (alike, "warning")
    assert Organisation.from_columns(ids, [None, ids[0], ids[0]]).n == 3


@pytest.mark.parametrize("ids", [["x y", "xy"], ["p7", "p8"], ["P7", "P8"], ["Px", "py"], ["é", "e"]])
def test_different_ids_are_no_look_alikes(ids: list[str]) -> None:
    assert violations_of(ids, [None, ids[0]]) == ()


# managers


@pytest.mark.parametrize("root", [None, "", math.nan, pd.NA, pd.NaT, np.float32("nan")])
def test_a_missing_manager_is_a_declared_root(root: Any) -> None:
    made = Organisation.from_columns(["a", "b"], [root, "a"])
    assert made.root_ids == ("a",)
    assert made.declared_root.tolist() == [True, False]


def test_root_tokens_are_compared_after_strip_and_case_folding() -> None:
    made = Organisation.from_columns(["a", "b", "c"], ["XX", " xx ", "a"], root_tokens=("xX",))
    assert made.root_ids == ("a", "b")
    assert made.declared_root.tolist() == [True, True, False]
    assert made.manager_of("a") is None


def test_a_root_token_that_is_a_persons_id_is_no_token() -> None:
    made = Organisation.from_columns(["XX", "a"], [None, "XX"], root_tokens=("XX",))
    assert made.manager_of("a") == "XX"
    beside = Organisation.from_columns(["xx", "a", "b"], [None, "xx", "XX"], root_tokens=("XX", "none"))
    assert beside.manager_of("a") == "xx"
    assert beside.manager_of("b") is None


def test_an_unknown_manager_makes_a_root_that_was_not_declared() -> None:
    found = only(violations_of(["a", "b", "c"], [None, "x", "b"]), "unknown_manager")
    assert (found.severity, found.ids, found.rows) == ("error", ("b",), (1,))
    assert (found.message, found.repair) == (
        "row 1: 'b' reports to 'x', which is nobody's id",
        "the row becomes a root",
    )
    made = Organisation.from_columns(["a", "b", "c"], [None, "x", "b"], strict=False)
    assert made.root_ids == ("a", "b")
    assert made.declared_root.tolist() == [True, False, False]
    assert made.column("manager_ids").tolist() == [None, None, "b"]


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]])
def test_an_unknown_manager_is_told_whose_id_looks_like_it(order: list[int]) -> None:
    ids, managers = np.array(["P1", "p1", "b", "c"]), np.array([None, "P1", " P1 ", "B"], dtype=object)
    found = violations_of(ids[order], managers[order])
    unknown = [violation for violation in found if violation.code == "unknown_manager"]
    assert [violation.ids for violation in unknown] == [("b",), ("c",)]
    assert unknown[0].message.endswith(
        "reports to ' P1 ', which is nobody's id (there is 'P1': ids are compared exactly)"
    )
    assert unknown[1].message.endswith("reports to 'B', which is nobody's id (there is 'b': ids are compared exactly)")


def test_a_manager_that_is_a_number_is_a_bad_value_and_no_declared_root() -> None:
    found = only(violations_of(["a", "7", "b"], [None, "a", 7]), "bad_value")
    assert (found.ids, found.rows, found.repair) == (("b",), (2,), "the row becomes a root")
    assert found.message.startswith("row 2 ('b'): manager_ids: expected a text, got the int 7; ids are texts")
    made = Organisation.from_columns(["a", "7", "b"], [None, "a", 7], strict=False)
    assert made.root_ids == ("a", "b")
    assert made.declared_root.tolist() == [True, False, False]


def test_a_self_manager_becomes_a_root() -> None:
    found = violations_of(["a", "b", "c", "d"], [None, "b", "b", "a"])
    assert [violation.code for violation in found] == ["self_manager", "unreachable"]
    assert (found[0].ids, found[0].rows, found[0].severity) == (("b",), (1,), "error")
    assert (found[0].message, found[0].repair) == ("row 1: 'b' reports to itself", "the row becomes a root")
    assert (found[1].ids, found[1].rows) == (("c",), (2,))
    made = Organisation.from_columns(["a", "b", "c", "d"], [None, "b", "b", "a"], strict=False)
    assert made.root_ids == ("a", "b")
    assert made.declared_root.tolist() == [True, False, False, False]
    assert made.manager_of("c") == "b"


def test_a_cycle_is_told_from_its_smallest_id_along_the_managers_and_cut_there() -> None:
    ids, managers = ["d", "b", "c", "x", "y"], ["b", "c", "d", "d", "x"]
    found = violations_of(ids, managers)
    assert [violation.code for violation in found] == ["cycle", "unreachable", "no_root"]
    cycle, behind, no_root = found
    assert (cycle.ids, cycle.rows, cycle.severity) == (("b", "c", "d"), (1, 2, 0), "error")
    assert cycle.repair == "'b' becomes a root"
    assert cycle.message == "a cycle of 3: 'b', 'c', 'd', each reporting to the next and the last to the first"
    assert (behind.ids, behind.rows, behind.severity) == (("x", "y"), (3, 4), "error")
    assert behind.message == "2 rows reach no root, only a cycle: 'x', 'y'"
    assert (no_root.ids, no_root.rows, no_root.severity) == ((), (), "error")
    made = Organisation.from_columns(ids, managers, strict=False)
    assert made.root_ids == ("b",)
    assert made.chain("y") == ("x", "d", "b")
    assert not made.declared_root.any()


def test_each_cycle_is_told_once() -> None:
    found = violations_of(list("abcdefg"), ["b", "a", "d", "c", None, "a", "e"])
    cycles = [violation.ids for violation in found if violation.code == "cycle"]
    assert cycles == [("a", "b"), ("c", "d")]


def test_long_lists_of_ids_are_shortened_in_messages_only() -> None:
    ids = [f"p{number:05d}" for number in range(20_000)]
    cycle, no_root = violations_of(ids, ids[1:] + ids[:1])
    assert len(cycle.ids) == 20_000
    assert len(cycle.message) < 200
    assert no_root.code == "no_root"
    made = Organisation.from_columns(ids, ids[1:] + ids[:1], strict=False)
    assert (made.root_ids, made.tree.n_layers) == (("p00000",), 20_000)


def test_no_root_is_told_even_where_only_the_managers_are_unknown() -> None:
    codes = [violation.code for violation in violations_of(["a", "b"], ["x", "a"])]
    assert codes == ["unknown_manager", "no_root"]
    assert violations_of([], []) == ()


def test_several_declared_roots_are_a_warning_unless_one_is_asked_for() -> None:
    found = only(violations_of(["b", "a", "c"], [None, None, "a"]), "multiple_roots")
    assert (found.severity, found.ids, found.rows, found.repair) == ("warning", ("a", "b"), (1, 0), None)
    error = only(violations_of(["b", "a", "c"], [None, None, "a"], single_root=True), "multiple_roots")
    assert error.severity == "error"
    kept = Organisation.from_columns(["b", "a", "c"], [None, None, "a"], single_root=True, strict=False)
    assert kept.root_ids == ("a", "b")
    assert Organisation.from_columns(["a", "b"], [None, "x"], single_root=True, strict=False).violations[0].code == (
        "unknown_manager"
    )


# duplicates

TWICE: dict[str, Any] = {
    "ids": ["a", "b", "b", "b", "c"],
    "manager_ids": [None, "a", "a", "c", "a"],
    "titles": ["x", "y", "y", "y", None],
    "fte": [1, 0.5, 0.25, 4, 1],
}


def test_a_repeated_row_is_a_job_share_and_another_manager_a_conflict() -> None:
    share, conflict = violations_of(**TWICE)
    assert (share.code, share.severity, share.ids, share.rows) == ("duplicate_id", "error", ("b",), (2,))
    assert (conflict.code, conflict.severity, conflict.ids, conflict.rows) == (
        "conflicting_duplicate",
        "error",
        ("b",),
        (3,),
    )
    assert share.message == "row 2: id 'b' is also that of row 1, with the same manager and title"
    assert conflict.message == "row 3: id 'b' is also that of row 1, with another manager or title"
    assert share.repair == conflict.repair == "dropped, row 1 is kept"
    kept = Organisation.from_columns(**TWICE, strict=False)
    assert kept.ids == ("a", "b", "c")
    assert kept.weights("fte").tolist() == [1, 0.5, 1]
    assert kept.weights().tolist() == [1, 1, 1]


def test_job_shares_are_merged_by_policy() -> None:
    made = Organisation.from_columns(**TWICE, job_shares="merge", conflicts="keep_first")
    assert [violation.severity for violation in made.violations] == ["warning", "warning"]
    assert [violation.repair for violation in made.violations] == ["merged into row 1", "dropped, row 1 is kept"]
    assert made.weights("fte").tolist() == [1, 0.75, 1]
    assert made.weights().tolist() == [1, 2, 1]
    with pytest.raises(OrgError, match="1 conflicting_duplicate, 1 duplicate_id"):
        Organisation.from_columns(**TWICE, job_shares="merge")


def test_missing_fte_of_a_job_share_stays_missing_and_holders_add_up() -> None:
    columns: dict[str, Any] = {"ids": ["a", "a", "a"], "manager_ids": [None] * 3, "holders": [2, 1, None]}
    made = Organisation.from_columns(**columns, fte=[0.5, None, 0.25], job_shares="merge")
    assert made.person("a").fte is None
    assert made.person("a").holders == 4
    assert Organisation.from_columns(**columns, job_shares="merge").person("a").holders == 4


def test_the_sum_of_a_job_share_does_not_depend_on_the_order_of_its_rows() -> None:
    fte = [0.1, 0.2, 0.3, 0.7, 1e-9]
    sums = set()
    for shift in range(5):
        rolled = fte[shift:] + fte[:shift]
        sums.add(Organisation.from_columns(["a"] * 5, [None] * 5, fte=rolled, job_shares="merge").person("a").fte)
    assert len(sums) == 1
    assert sums.pop() == pytest.approx(math.fsum(fte), rel=1e-15)


def test_another_title_is_a_conflict_and_two_missing_ones_are_the_same() -> None:
    codes = [v.code for v in violations_of(["a", "a"], [None, None], titles=["x", None])]
    assert codes == ["conflicting_duplicate"]
    assert [v.code for v in violations_of(["a", "a"], [None, None], titles=[None, ""])] == ["duplicate_id"]
    assert [v.code for v in violations_of(["a", "a"], [None, ""])] == ["duplicate_id"]


def test_root_tokens_are_read_before_rows_are_compared() -> None:
    found = violations_of(["a", "a"], ["XX", "xx"], root_tokens=("XX",), job_shares="merge")
    assert [(v.code, v.severity) for v in found] == [("duplicate_id", "warning")]


def test_an_unreadable_manager_is_not_the_same_as_none() -> None:
    codes = {v.code for v in violations_of(["a", "a"], [None, 7])}
    assert codes == {"bad_value", "conflicting_duplicate"}


def test_prefer_root_keeps_the_first_row_that_declares_a_root() -> None:
    columns: dict[str, Any] = {
        "ids": ["a", "b", "a", "a", "b"],
        "manager_ids": ["b", "a", None, None, "a"],
        "names": ["1", "2", "3", "4", "5"],
    }
    made = Organisation.from_columns(**columns, conflicts="prefer_root", job_shares="merge")
    assert made.ids == ("b", "a")
    assert made.person("a").name == "3"
    assert made.person("b").name == "2"
    told = [(violation.code, violation.ids, violation.rows) for violation in made.violations]
    assert told == [
        ("duplicate_id", ("a",), (3,)),
        ("duplicate_id", ("b",), (4,)),
        ("conflicting_duplicate", ("a",), (0,)),
    ]
    assert "row 0: id 'a' is also that of row 2" in made.violations[2].message
    first = Organisation.from_columns(**columns, conflicts="keep_first", job_shares="merge", strict=False)
    assert first.person("a").name == "1"
    assert first.root_ids == ("a",)


def test_a_person_given_twice_is_a_duplicate_as_in_columns() -> None:
    records = [
        Person(id="a", fte=0.5),
        Person(id="a", fte=0.5),
        Person(id="b", manager_id="a", dotted_manager_ids=("a",)),
    ]
    with pytest.raises(OrgError, match="duplicate_id: row 1: id 'a'"):
        Organisation.from_people(records)
    made = Organisation.from_people(records, job_shares="merge")
    assert (made.person("a").fte, made.person("a").holders) == (1.0, 2)
    assert made.person("b").dotted_manager_ids == ("a",)


# references


def test_references_to_nobody_are_dropped() -> None:
    ids, managers = ["a", "b", "c"], [None, "a", "a"]
    options: dict[str, Any] = {
        "acting_ids": ["x", "c", None],
        "dotted": (["b", "b", "y"], ["z", "c", "a"]),
        "serves": [None, ["a", "w"], None],
    }
    found = violations_of(ids, managers, **options)
    assert {violation.code for violation in found} == {"unknown_reference"}
    assert [(v.severity, v.ids, v.rows, v.repair) for v in found] == [
        ("error", (), (), "the reference is dropped"),
        ("error", ("a",), (0,), "the reference is dropped"),
        ("error", ("b",), (1,), "the reference is dropped"),
        ("error", ("b",), (1,), "the reference is dropped"),
    ]
    assert {violation.message for violation in found} == {
        "dotted line 2 is that of 'y', which is nobody's id",
        "row 0: 'a' has as stand-in 'x', which is nobody's id",
        "row 1: 'b' has as dotted manager 'z', which is nobody's id",
        "row 1: 'b' serves 'w', which is nobody's id",
    }
    made = Organisation.from_columns(ids, managers, strict=False, **options)
    assert made.column("acting_ids").tolist() == [None, "c", None]
    assert [side.tolist() for side in made.column("dotted")] == [["b"], ["c"]]
    assert made.column("serves").tolist() == [(), ("a",), ()]


def test_references_of_dropped_rows_are_dropped_without_a_word() -> None:
    made = Organisation.from_columns(
        ["a", "a", "b"],
        [None, "b", "a"],
        acting_ids=[None, "x", None],
        serves=[["b"], ["x"], None],
        conflicts="keep_first",
    )
    assert [violation.code for violation in made.violations] == ["conflicting_duplicate"]
    assert made.person("a").serves == ("b",)


# bad values

BAD_CELLS: list[tuple[str, Any, str, Any]] = [
    ("fte", -0.5, "fte: expected a finite number of at least 0, got -0.5", math.nan),
    ("fte", math.inf, "fte: expected a finite number of at least 0, got inf", math.nan),
    ("fte", "1", "fte: expected a number, got '1'", math.nan),
    ("fte", True, "fte: expected a number, got True", math.nan),
    ("fte", 10**400, "fte: expected a finite number of at least 0, got inf", math.nan),
    ("fte", -(10**400), "fte: expected a finite number of at least 0, got -inf", math.nan),
    ("holders", 0, "holders: expected a whole number in 1..2147483647, got 0", 1),
    ("holders", 1.5, "holders: expected a whole number in 1..2147483647, got 1.5", 1),
    ("holders", "2", "holders: expected a whole number in 1..2147483647, got '2'", 1),
    ("holders", 2**31, "holders: expected a whole number in 1..2147483647, got 2147483648", 1),
    ("holders", math.inf, "holders: expected a whole number in 1..2147483647, got inf", 1),
    ("status", "gone", "status: unknown status 'gone'; known: active, absent, vacant, left", "active"),
    ("status", 1, "status: unknown status 1; known: active, absent, vacant, left", "active"),
    ("status", ["left"], "status: unknown status ['left']; known: active, absent, vacant, left", "active"),
    ("tiers", 5, "tiers: unknown tier 5; known: CUSTOMER (0), FRONT_LINE (1)", None),
    ("tiers", True, "tiers: unknown tier True; known:", None),
    ("tiers", 1.5, "tiers: unknown tier 1.5; known:", None),
    ("tiers", "boss", "tiers: unknown tier 'boss'; known:", None),
    ("customer_facing", 1, "customer_facing: expected True, False or None, got 1", None),
    ("customer_facing", "yes", "customer_facing: expected True, False or None, got 'yes'", None),
    ("formal_leader", 0.0, "formal_leader: expected True, False or None, got 0.0", None),
    ("shareable", "no", "shareable: expected True, False or None, got 'no'", False),
    ("names", 3, "names: expected a text, got 3", None),
    ("titles", b"x", "titles: expected a text, got b'x'", None),
    ("teams", ("x",), "teams: expected a text, got ('x',)", None),
    ("acting_ids", 3, "acting_ids: expected a text, got the int 3; ids are texts", None),
    ("acting_ids", "b", "acting_ids: nobody stands in for themselves", None),
    ("serves", "a", "serves: expected a sequence of ids, got 'a'", ()),
    ("serves", 4, "serves: expected a sequence of ids, got 4", ()),
    ("serves", [4], "serves: expected a text, got the int 4; ids are texts", ()),
    ("serves", ["b"], "serves: a post does not serve itself", ()),
]


@pytest.mark.parametrize(("column", "cell", "message", "repaired"), BAD_CELLS)
def test_a_bad_cell_is_told_and_becomes_missing_or_the_default(
    column: str, cell: Any, message: str, repaired: Any
) -> None:
    columns: dict[str, Any] = {column: [None, cell]}
    found = only(violations_of(["a", "b"], [None, "a"], **columns), "bad_value")
    assert (found.severity, found.ids, found.rows) == ("error", ("b",), (1,))
    assert found.message.startswith(f"row 1 ('b'): {message}")
    made = Organisation.from_columns(["a", "b"], [None, "a"], strict=False, **columns)
    value = made.column(column)[1]
    assert value == repaired or (value != value and repaired != repaired)  # noqa: PLR0124 - NaN


def test_the_repair_of_a_bad_cell_is_said() -> None:
    cells: dict[str, Any] = {"fte": [-1], "holders": [0], "status": ["x"], "shareable": [3], "serves": ["x"]}
    found = violations_of(["a"], [None], **cells)
    assert {violation.repair for violation in found} == {
        "fte becomes None",
        "holders becomes 1",
        "status becomes 'active'",
        "shareable becomes False",
        "serves becomes ()",
    }


def test_columns_of_numpy_numbers_are_judged_too() -> None:
    found = violations_of(
        ["a", "b"], [None, "a"], fte=np.array([-1.0, np.inf]), holders=np.array([0, 2]), names=np.array([1, 2])
    )
    assert sorted(violation.message.split(": ")[1] for violation in found) == [
        "fte",
        "fte",
        "holders",
        "names",
        "names",
    ]
    assert len(violations_of(["a"], [None], fte=np.array([True]))) == 1


def test_bad_attributes_and_dotted_cells_are_told() -> None:
    found = violations_of(
        ["a", "b"], [None, "a"], attributes={"site": [None, 3]}, dotted=(["b", None, "b"], ["a", "a", 4])
    )
    assert {violation.code for violation in found} == {"bad_value"}
    assert {violation.message for violation in found} == {
        "row 1 ('b'): attributes['site']: expected a text, got 3",
        "dotted line 1: dotted person ids: no id",
        f"dotted line 2: dotted manager ids: {not_an_id(4)}",
    }
    assert Organisation.from_columns(["a"], [None], attributes={"x": [3]}, strict=False).person("a").attributes == {}


# what is worth a look


def test_reports_of_somebody_who_left_and_vacancies_above_vacancies_are_told() -> None:
    found = violations_of(
        list("abcde"), [None, "a", "a", "c", "b"], status=["left", "vacant", "left", "vacant", "vacant"]
    )
    assert [(v.code, v.severity, v.ids, v.rows) for v in found] == [
        ("inactive_manager", "warning", ("a",), (0,)),
        ("inactive_manager", "warning", ("c",), (2,)),
        ("vacancy_chain", "warning", ("e", "b"), (4, 1)),
    ]
    assert found[0].message == "row 0: 'a' has left, but 2 posts report there"
    assert found[1].message == "row 2: 'c' has left, but 1 post reports there"
    assert found[2].message == "row 4: 'e' is vacant and so is its manager 'b'"
    assert {violation.repair for violation in found} == {None}


def test_solid_and_dotted_lines_that_form_a_cycle_are_told() -> None:
    ids, managers = list("abcdef"), [None, "a", "b", None, "d", "d"]
    found = violations_of(ids, managers, dotted=(["a", "d", "f"], ["c", "a", "f"]))
    cycles = [violation for violation in found if violation.code == "dotted_cycle"]
    assert [(v.severity, v.ids, v.rows) for v in cycles] == [
        ("warning", ("a", "b", "c"), (0, 1, 2)),
        ("warning", ("f",), (5,)),
    ]
    assert cycles[0].message == "solid and dotted lines lead round in a circle through 'a', 'b', 'c'"
    without = violations_of(ids, managers, dotted=(["c", "d"], ["a", "a"]))
    assert [violation.code for violation in without] == ["multiple_roots"]


def test_dotted_lines_never_enter_the_tree() -> None:
    plain = Organisation.from_columns(["a", "b", "c"], [None, "a", "a"])
    dotted = Organisation.from_columns(["a", "b", "c"], [None, "a", "a"], dotted=(["c"], ["b"]))
    assert dotted.tree == plain.tree
    assert dotted.reports_of("b") == ()
    assert dotted.digest != plain.digest


# the error


def test_one_error_holds_everything_counts_it_and_shows_twenty() -> None:
    ids = [*"ab", *([None] * 30)]
    with pytest.raises(OrgError) as error:
        Organisation.from_columns(ids, [None, "x", *([None] * 30)], status=["left", "gone", *([None] * 30)])
    lines = str(error.value).splitlines()
    assert lines[0] == "32 violations: 1 bad_value, 30 blank_id, 1 unknown_manager"
    assert len(lines) == 22
    assert lines[-1].strip() == "... and 12 more"
    assert len(error.value.violations) == 32


def test_errors_are_raised_with_the_warnings_behind_them() -> None:
    with pytest.raises(OrgError) as error:
        Organisation.from_columns(["a", "A", "b"], [None, None, "x"])
    assert [(v.code, v.severity) for v in error.value.violations] == [
        ("unknown_manager", "error"),
        ("multiple_roots", "warning"),
        ("id_case_or_space", "warning"),
    ]


# laws

CELLS = st.none() | st.sampled_from(
    ["", " ", "a", "b", "x", 0, 1, 9, -1, 0.5, math.nan, math.inf, True, ["a"], ("b", 3)]
)


@st.composite
def dirty_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Draw columns of anything."""
    n = draw(st.integers(0, 7))
    ids = st.lists(IDS | CELLS, min_size=n, max_size=n)
    cells = st.lists(CELLS, min_size=n, max_size=n)
    table: dict[str, Any] = {"ids": draw(ids), "manager_ids": draw(ids)}
    names = ["titles", "tiers", "customer_facing", "fte", "holders", "status", "shareable", "acting_ids", "serves"]
    table |= {name: draw(cells) for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=4))}
    if draw(st.booleans()):
        pairs = draw(st.lists(st.tuples(IDS | CELLS, IDS | CELLS), max_size=4))
        table["dotted"] = ([person for person, _ in pairs], [manager for _, manager in pairs])
    if draw(st.booleans()):
        table["attributes"] = {"x": draw(cells)}
    return table


POLICIES = st.fixed_dictionaries(
    {
        "job_shares": st.sampled_from(["error", "merge"]),
        "conflicts": st.sampled_from(["error", "keep_first", "prefer_root"]),
        "single_root": st.booleans(),
        "root_tokens": st.sampled_from([(), ("A",), ("x", " B ")]),
    }
)


@given(dirty_tables(), POLICIES)
@settings(max_examples=80)
def test_any_columns_end_in_a_tree_that_its_records_make_again(table: dict[str, Any], policies: dict[str, Any]) -> None:
    made = Organisation.from_columns(**table, **policies, strict=False)
    assert made.tree.size[made.tree.roots].sum() == made.n
    assert len(set(made.ids)) == made.n
    assert not (made.declared_root & (made.tree.parents >= 0)).any()
    again = Organisation.from_people(made.people())
    assert again.digest == made.digest
    errors = any(violation.severity == "error" for violation in made.violations)
    if errors:
        with pytest.raises(OrgError):
            Organisation.from_columns(**table, **policies)
    else:
        assert Organisation.from_columns(**table, **policies) == made


def repaired_by_walking(ids: list[str], managers: list[str | None]) -> dict[str, str | None]:
    """Repair the lines one person at a time, as the table of violations says."""
    above = {
        person: manager if manager in ids and manager != person else None
        for person, manager in zip(ids, managers, strict=True)
    }
    for start in sorted(ids):
        line = [start]
        while (manager := above[line[-1]]) is not None and manager not in line:
            line.append(manager)
        if manager is not None:
            above[min(line[line.index(manager) :])] = None
    return above


@given(st.lists(IDS, unique=True, max_size=8), st.data())
@settings(max_examples=50)
def test_repaired_lines_are_those_found_by_walking_in_every_order(ids: list[str], data: st.DataObject) -> None:
    managers = [data.draw(st.none() | IDS) for _ in ids]
    made = Organisation.from_columns(ids, managers, strict=False)
    assert {person: made.manager_of(person) for person in ids} == repaired_by_walking(ids, managers)
    rows = data.draw(st.permutations(range(len(ids))))
    shuffled = Organisation.from_columns([ids[row] for row in rows], [managers[row] for row in rows], strict=False)
    assert shuffled == made
    assert shuffled.root_ids == made.root_ids
    assert [(v.code, v.severity, v.ids) for v in shuffled.violations] == [
        (v.code, v.severity, v.ids) for v in made.violations
    ]
    assert shuffled.declared_root.tolist() == [bool(made.declared_root[row]) for row in rows]


@given(dirty_tables(), st.data())
@settings(max_examples=50)
def test_the_repair_of_any_cells_is_the_same_in_every_order_of_the_rows(
    table: dict[str, Any], data: st.DataObject
) -> None:
    n = len(table["ids"])
    table["ids"] = ["a", "b", "A", "b ", "é", "x", "e\u0301"][:n]
    rows = data.draw(st.permutations(range(n)))
    shuffled: dict[str, Any] = {
        name: [column[row] for row in rows] for name, column in table.items() if isinstance(column, list)
    }
    if "attributes" in table:
        shuffled["attributes"] = {"x": [table["attributes"]["x"][row] for row in rows]}
    if "dotted" in table:
        shuffled["dotted"] = table["dotted"]
    made = Organisation.from_columns(**table, strict=False)
    again = Organisation.from_columns(**shuffled, strict=False)
    assert again == made
    told = [(violation.code, violation.severity, violation.ids) for violation in made.violations]
    assert [(violation.code, violation.severity, violation.ids) for violation in again.violations] == told
