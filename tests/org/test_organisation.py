"""An organisation is a snapshot: built from columns or records, asked by id, equal whatever the order of its rows."""

from __future__ import annotations

import hashlib
import json
import math
import pickle
from typing import Any

import attrs
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import Organisation, Person, Tier
from leadkit.org.organisation import Weighting

COLUMNS = (
    "ids",
    "manager_ids",
    "names",
    "titles",
    "teams",
    "tiers",
    "customer_facing",
    "fte",
    "holders",
    "status",
    "formal_leader",
    "shareable",
    "acting_ids",
    "dotted",
    "serves",
    "attributes",
)
TEXTS = st.none() | st.sampled_from(["", "x", " x", "é", "\0", "a\nb", "\ud800"])


@st.composite
def people(draw: st.DrawFn) -> list[Person]:
    """Draw records of a forest: everybody reports to somebody further up the list, which is then shuffled."""
    ids = draw(st.lists(st.text(min_size=1, max_size=3).filter(str.strip), unique=True, max_size=5))
    records = []
    for place, person_id in enumerate(ids):
        above = ids[:place]
        others = st.sampled_from([other for other in ids if other != person_id] or [""])
        references = st.lists(others.filter(bool), max_size=3) if len(ids) > 1 else st.just([])
        records.append(
            Person(
                id=person_id,
                manager_id=draw(st.none() | st.sampled_from(above)) if above else None,
                name=draw(TEXTS),
                title=draw(TEXTS),
                team=draw(TEXTS),
                tier=draw(st.none() | st.sampled_from(Tier)),
                customer_facing=draw(st.none() | st.booleans()),
                fte=draw(st.none() | st.floats(0, 10)),
                holders=draw(st.integers(1, 3)),
                status=draw(st.sampled_from(["active", "absent", "vacant", "left"])),
                formal_leader=draw(st.none() | st.booleans()),
                shareable=draw(st.booleans()),
                acting_id=draw(st.none() | others),
                dotted_manager_ids=tuple(draw(references)),
                serves=tuple(draw(references)),
                attributes=draw(st.dictionaries(st.sampled_from(["a", "b", ""]), TEXTS.map(lambda text: text or ""))),
            )
        )
    return draw(st.permutations(records))


@pytest.fixture(scope="module")
def firm() -> Organisation:
    r"""Six posts.

    top - left - l1, l2
        - right - r1
    """
    return Organisation.from_columns(
        ["top", "right", "left", "l2", "l1", "r1"],
        [None, "top", "top", "left", "left", "right"],
        names=["Ann", None, "Cyd", "", None, None],
        tiers=[Tier.SENIOR_LEADER, None, 3, "FRONT_LINE", None, None],
        customer_facing=[None, None, False, True, True, True],
        fte=[1, 0.5, math.nan, 1, 1, None],
        holders=[1, 2, 1, None, 1, 3],
        status=["active", "absent", "vacant", None, "left", "active"],
        shareable=[True, None, False, False, False, False],
        acting_ids=[None, None, "l2", None, None, None],
        dotted=(["l2", "l2", "r1", "l2"], ["top", "right", "left", "top"]),
        serves=[None, ["r1", "l1", "r1"], (), [], None, None],
        attributes={"site": ["Leeds", None, "", "York", None, None]},
    )


# what it holds


def test_ids_keep_the_order_of_the_rows(firm: Organisation) -> None:
    assert firm.ids == ("top", "right", "left", "l2", "l1", "r1")
    assert (firm.n, firm.root_ids, firm.tree.n_layers) == (6, ("top",), 3)
    assert firm.tree.parents.tolist() == [-1, 0, 0, 2, 2, 1]
    assert firm.declared_root.tolist() == [True, False, False, False, False, False]
    assert repr(firm) == "Organisation(6 posts, 3 layers, 1 root)"


def test_the_lines_are_asked_by_id(firm: Organisation) -> None:
    assert firm.index_of("l2") == 3
    assert firm.indices_of(["r1", "top", "r1"]).tolist() == [5, 0, 5]
    assert firm.indices_of([]).tolist() == []
    assert firm.manager_of("top") is None
    assert firm.manager_of("r1") == "right"
    assert firm.reports_of("top") == ("left", "right")
    assert firm.reports_of("top", whole_line=True) == ("l1", "l2", "left", "r1", "right")
    assert firm.reports_of("r1") == firm.reports_of("r1", whole_line=True) == ()
    assert firm.chain("l1") == ("left", "top")
    assert firm.chain("top") == ()


def test_columns_come_back_in_a_readable_form(firm: Organisation) -> None:
    assert firm.column("ids").tolist() == list(firm.ids)
    assert firm.column("manager_ids").tolist() == [None, "top", "top", "left", "left", "right"]
    assert firm.column("names").tolist() == ["Ann", None, "Cyd", None, None, None]
    assert firm.column("titles").tolist() == [None] * 6
    senior, middle, front = Tier.SENIOR_LEADER, Tier.MIDDLE_MANAGER, Tier.FRONT_LINE
    assert firm.column("tiers").tolist() == [senior, None, middle, front, None, None]
    assert firm.column("customer_facing").tolist() == [None, None, False, True, True, True]
    assert np.array_equal(firm.column("fte"), [1, 0.5, np.nan, 1, 1, np.nan], equal_nan=True)
    assert firm.column("holders").tolist() == [1, 2, 1, 1, 1, 3]
    assert firm.column("status").tolist() == ["active", "absent", "vacant", "active", "left", "active"]
    assert firm.column("formal_leader").tolist() == [None] * 6
    assert firm.column("shareable").tolist() == [True, False, False, False, False, False]
    assert firm.column("acting_ids").tolist() == [None, None, "l2", None, None, None]
    assert [side.tolist() for side in firm.column("dotted")] == [["l2", "l2", "r1"], ["right", "top", "left"]]
    assert firm.column("serves").tolist() == [(), ("l1", "r1"), (), (), (), ()]
    assert firm.column("attributes")["site"].tolist() == ["Leeds", None, None, "York", None, None]


def test_every_column_is_read_only(firm: Organisation) -> None:
    arrays = [firm.column(name) for name in COLUMNS if name not in {"dotted", "attributes"}]
    arrays += [*firm.column("dotted"), *firm.column("attributes").values(), firm.weights(), firm.declared_root]
    arrays += [firm.weights("posts"), firm.sorted_rows, firm.is_filled]
    arrays += [firm.indices_of(["top"]), firm.posts.status, firm.posts.ids, *firm.posts.dotted, *firm.posts.serves]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = array


def test_an_unknown_column_is_told_with_the_known_ones(firm: Organisation) -> None:
    with pytest.raises(ValueError, match="no column 'name'; columns: ids, manager_ids, names"):
        firm.column("name")


def test_a_person_is_a_view_of_one_row(firm: Organisation) -> None:
    assert firm.person("right") == Person(
        id="right", manager_id="top", fte=0.5, holders=2, status="absent", serves=("l1", "r1")
    )
    assert firm.person("l2").dotted_manager_ids == ("right", "top")
    assert firm.person("left").acting_id == "l2"
    assert dict(firm.person("l2").attributes) == {"site": "York"}
    assert [person.id for person in firm.people()] == list(firm.ids)


# weights


def test_heads_are_the_holders_of_filled_posts(firm: Organisation) -> None:
    assert firm.weights().tolist() == firm.weights("heads").tolist() == [1, 2, 0, 1, 0, 3]
    assert firm.weights("posts").tolist() == [1] * 6
    assert firm.is_filled.tolist() == [True, True, False, True, False, True]


def test_fte_of_a_filled_post_must_be_known(firm: Organisation) -> None:
    with pytest.raises(OrgError, match=r"weights 'fte': row 5 \('r1'\): the FTE is not known"):
        firm.weights("fte")
    known = Organisation.from_columns(
        ["a", "b", "c"], [None, "a", "a"], fte=[1, None, 0.5], status=[None, "vacant", "left"]
    )
    assert known.weights("fte").tolist() == [1, 0, 0]
    with pytest.raises(OrgError, match="2 faults"):
        Organisation.from_columns(["a", "b"], [None, "a"]).weights("fte")


def test_an_unknown_weighting_is_refused(firm: Organisation) -> None:
    wrong: Any = "people"
    with pytest.raises(ValueError, match="expected one of 'heads', 'posts', 'fte', got 'people'"):
        firm.weights(wrong)


def test_nobody_counts_where_all_posts_are_vacant() -> None:
    empty = Organisation.from_columns(["a", "b"], [None, "a"], status=["vacant", "left"])
    kinds: tuple[Weighting, ...] = ("heads", "fte")
    assert [empty.weights(kind).tolist() for kind in kinds] == [[0, 0], [0, 0]]


# unknown ids


def test_an_unknown_id_is_told_with_the_three_nearest(firm: Organisation) -> None:
    with pytest.raises(OrgError, match=r"^unknown person id 'l3'; nearest: 'l1', 'l2', 'left'$"):
        firm.index_of("l3")
    for ask in (firm.person, firm.manager_of, firm.reports_of, firm.chain):
        with pytest.raises(OrgError, match="unknown person id 'Top'; nearest: 'top'"):
            ask("Top")
    with pytest.raises(OrgError, match="2 faults") as error:
        firm.indices_of(["top", "x", "y"])
    assert [fault.what.split(";")[0] for fault in error.value.faults] == [
        "unknown person id 'x'",
        "unknown person id 'y'",
    ]


@pytest.mark.parametrize("wrong", [3, None, b"top", ["top"]])
def test_an_id_that_is_no_text_is_unknown(firm: Organisation, wrong: Any) -> None:
    with pytest.raises(OrgError, match="person ids are texts, got"):
        firm.index_of(wrong)
    with pytest.raises(OrgError, match="person ids are texts, got"):
        firm.indices_of([wrong])


def test_one_text_is_one_id(firm: Organisation) -> None:
    assert firm.indices_of("top").tolist() == [0]


def test_nearest_ids_are_found_among_many_without_comparing_all() -> None:
    ids = [f"P{number:06d}" for number in range(5000)]
    many = Organisation.from_columns(ids, [None] + ids[:1] * 4999)
    for typed, meant in [
        ("P0o1234", "P001234"),
        ("P01234", "P001234"),
        ("P0012334", "P001234"),
        ("P010234", "P001234"),
    ]:
        with pytest.raises(OrgError, match=f"nearest: .*'{meant}'"):
            many.index_of(typed)
    with pytest.raises(OrgError, match="nearest: "):
        many.index_of("x" * 100_000)
    with pytest.raises(OrgError, match="unknown person id ''"):
        many.index_of("")


def test_nobody_is_near_in_an_empty_organisation() -> None:
    with pytest.raises(OrgError, match=r"^unknown person id 'a'$"):
        Organisation.from_columns([], []).index_of("a")


# equality, digest, exchange


def test_row_order_does_not_matter_to_the_digest(firm: Organisation) -> None:
    records = list(firm.people())
    shuffled = Organisation.from_people(records[::-1])
    assert shuffled.digest == firm.digest
    assert shuffled == firm
    assert hash(shuffled) == hash(firm)
    assert len(firm.digest) == 64


def test_the_digest_is_the_same_on_every_machine() -> None:
    pair = Organisation.from_columns(["ann", "bob"], [None, "ann"], fte=[1, 0.5], names=["Ann", "B\u00f3b"])
    blocks: list[tuple[str, bytes]] = [
        ("ids", np.array([3, 3], "<i8").tobytes() + b"annbob"),
        ("managers", np.array([-1, 0], "<i8").tobytes()),
        ("names", np.array([3, 3], "<i8").tobytes() + "AnnB\u00f3b".encode()),
        ("fte", np.array([1, 0.5], "<f8").tobytes()),
    ]
    total = b"leadkit.org.Organisation\n"
    for name, data in blocks:
        total += f"{len(name)} {name} 2 {len(data)}\n".encode() + data
    assert pair.digest == hashlib.sha256(total).hexdigest()
    assert pair.digest == "8b7ea6a8ee6b69657199e80e1570419924967f2731c5f53b7eb2c1f544959699"


def test_any_change_of_a_row_changes_the_digest(firm: Organisation) -> None:
    changes: list[dict[str, Any]] = [
        {"manager_id": "right"},
        {"name": "Bob"},
        {"title": "Bob"},
        {"team": "Bob"},
        {"tier": Tier.SUPPORT},
        {"customer_facing": False},
        {"fte": 0.25},
        {"holders": 2},
        {"status": "left"},
        {"formal_leader": False},
        {"shareable": True},
        {"acting_id": "l1"},
        {"dotted_manager_ids": ("top",)},
        {"serves": ("top",)},
        {"attributes": {"site": "Hull"}},
        {"attributes": {"place": "York"}},
    ]
    digests = {firm.digest}
    for change in changes:
        records = {person.id: person for person in firm.people()}
        records["l2"] = attrs.evolve(records["l2"], **change)
        digests.add(Organisation.from_people(records.values()).digest)
    assert len(digests) == len(changes) + 1


def test_texts_do_not_run_into_each_other() -> None:
    one = Organisation.from_columns(["a", "b"], [None, None], names=["xy", "z"])
    other = Organisation.from_columns(["a", "b"], [None, None], names=["x", "yz"])
    assert one != other
    assert one != "a"


def test_a_column_left_out_is_a_column_of_defaults() -> None:
    bare = Organisation.from_columns(["a", "b"], [None, "a"])
    full = Organisation.from_columns(
        ["a", "b"],
        [None, "a"],
        names=[None, ""],
        tiers=[None, None],
        fte=[None, math.nan],
        holders=[1, None],
        status=["active", None],
        shareable=[False, None],
        acting_ids=[None, None],
        dotted=([], []),
        serves=[None, ()],
        attributes={"x": ["", None]},
    )
    assert full == bare


@given(people())
@settings(max_examples=25)
def test_records_of_an_organisation_make_it_again(records: list[Person]) -> None:
    made = Organisation.from_people(records)
    again = Organisation.from_people(made.people())
    assert again.digest == made.digest
    assert again.violations == made.violations
    assert list(again.people()) == list(made.people())
    assert [person.id for person in made.people()] == [person.id for person in records]


@given(people())
@settings(max_examples=25)
def test_columns_of_an_organisation_make_it_again(records: list[Person]) -> None:
    made = Organisation.from_people(records)
    columns = {name: made.column(name) for name in COLUMNS}
    assert Organisation.from_columns(**columns) == made


@given(people(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_shuffling_rows_changes_no_answer(records: list[Person], random: Any) -> None:
    made = Organisation.from_people(records)
    shuffled_records = records.copy()
    random.shuffle(shuffled_records)
    shuffled = Organisation.from_people(shuffled_records)
    assert shuffled == made
    assert shuffled.root_ids == made.root_ids
    told = [(violation.code, violation.severity, violation.ids) for violation in made.violations]
    assert [(violation.code, violation.severity, violation.ids) for violation in shuffled.violations] == told
    for person_id in made.ids:
        assert shuffled.person(person_id) == made.person(person_id)
        assert shuffled.chain(person_id) == made.chain(person_id)
        assert shuffled.reports_of(person_id, whole_line=True) == made.reports_of(person_id, whole_line=True)


@given(people())
@settings(max_examples=15)
def test_an_organisation_survives_pickling_and_json(records: list[Person]) -> None:
    made = Organisation.from_people(records)
    made.ids  # noqa: B018 - what is kept on first use does not travel
    again = pickle.loads(pickle.dumps(made))  # noqa: S301
    assert again == made
    assert again.violations == made.violations
    assert not again.posts.ids.flags.writeable
    assert not again.declared_root.flags.writeable
    plain = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert (plain["ids"], plain["digest"]) == (list(made.ids), made.digest)
    assert list(plain) == ["digest", *COLUMNS, "violations"]


def test_a_notebook_shows_counts_and_no_names(firm: Organisation) -> None:
    html = firm._repr_html_()
    assert "Ann" not in html
    assert "<td>posts</td><td>6</td>" in html


# columns of every kind


def columns_as(kind: Any) -> dict[str, Any]:
    return {
        "ids": kind(["a", "b", "c"]),
        "manager_ids": kind([None, "a", "b"]),
        "names": kind(["Ann", None, "Cyd"]),
        "fte": kind([1.0, None, 0.5]),
        "customer_facing": kind([None, True, False]),
        "status": kind(["active", None, "vacant"]),
        "acting_ids": kind([None, None, "a"]),
    }


@pytest.mark.parametrize(
    "kind",
    [
        tuple,
        lambda cells: np.array(cells, dtype=object),
        pd.Series,
        lambda cells: pd.Series(cells, dtype=object, index=[7, 7, 7]),
        lambda cells: pd.Series([pd.NA if cell is None else cell for cell in cells], dtype=object),
        lambda cells: pd.Series([math.nan if cell is None else cell for cell in cells], dtype=object),
        lambda cells: pd.Series([np.str_(cell) if isinstance(cell, str) else cell for cell in cells], dtype=object),
        lambda cells: pd.Series(cells).convert_dtypes(),
        lambda cells: pd.Series(cells, dtype="category"),
        pl.Series,
        lambda cells: dict(enumerate(cells)).values(),
    ],
)
def test_columns_may_be_any_sequence_and_missing_is_missing(kind: Any) -> None:
    assert Organisation.from_columns(**columns_as(kind)) == Organisation.from_columns(**columns_as(list))


def test_numpy_text_columns_and_masked_ones_are_read() -> None:
    plain = Organisation.from_columns(["a", "b"], [None, "a"], names=["Ann", None])
    masked = np.ma.masked_array(["Ann", "x"], [False, True])
    assert Organisation.from_columns(np.array(["a", "b"]), np.array(["", "a"]), names=masked) == plain
    assert Organisation.from_columns(np.array(["a"]), np.array([np.nan])).root_ids == ("a",)


def test_numbers_may_be_of_any_size_and_truths_of_numpy() -> None:
    made = Organisation.from_columns(
        ["a", "b"],
        [None, "a"],
        tiers=np.array([4.0, np.nan]),
        fte=np.array([1, 2], dtype=np.uint8),
        holders=np.array([2.0, np.nan]),
        shareable=np.array([True, False]),
        customer_facing=np.array([np.True_, None], dtype=object),
    )
    assert made.column("tiers").tolist() == [Tier.SENIOR_LEADER, None]
    assert made.column("fte").tolist() == [1.0, 2.0]
    assert made.column("holders").tolist() == [2, 1]
    assert made.column("shareable").tolist() == [True, False]
    assert made.column("customer_facing").tolist() == [True, None]


def test_served_posts_come_in_any_container() -> None:
    made = Organisation.from_columns(
        ["a", "b", "c", "d"], [None, "a", "a", "a"], serves=[["b"], {"c", "a"}, np.array(["a"]), math.nan]
    )
    assert made.column("serves").tolist() == [("b",), ("a", "c"), ("a",), ()]


def test_changing_the_input_afterwards_changes_nothing() -> None:
    ids, managers = np.array(["a", "b"], dtype=object), np.array([None, "a"], dtype=object)
    fte = np.array([1.0, 2.0])
    made = Organisation.from_columns(ids, managers, fte=fte)
    ids[0], managers[1], fte[0] = "z", "z", 9
    assert made.ids == ("a", "b")
    assert made.manager_of("b") == "a"
    assert made.weights("fte").tolist() == [1, 2]


def test_columns_of_unequal_length_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="columns of unequal length: ids 2, manager_ids 1, fte 3"):
        Organisation.from_columns(["a", "b"], [None], fte=[1, 2, 3], strict=False)
    with pytest.raises(ValueError, match=r"unequal length: .*attributes\['x'\] 1"):
        Organisation.from_columns(["a", "b"], [None, "a"], attributes={"x": [""]})
    with pytest.raises(ValueError, match="unequal length: dotted person ids 1, dotted manager ids 2"):
        Organisation.from_columns(["a", "b"], [None, "a"], dotted=(["a"], ["b", "b"]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"ids": "ab"}, r"ids: expected a column \(a sequence or an array\), got str"),
        ({"ids": {"a", "b"}}, "ids: expected a column .*, got set"),
        ({"manager_ids": 3}, "manager_ids: expected a column .*, got int"),
        ({"manager_ids": iter("ab")}, "manager_ids: expected a column"),
        ({"names": {"a": 1}}, "names: expected a column .*, got dict"),
        ({"fte": np.ones((2, 2))}, "fte: expected a column, got an array of 2 dimensions"),
        ({"dotted": ["a"]}, "dotted: expected a pair of columns"),
        ({"dotted": {"a": "b", "c": "d"}}, "dotted: expected a pair of columns"),
        ({"attributes": ["x"]}, "attributes: expected a mapping of names to columns, got list"),
        ({"attributes": {1: ["x", "y"]}}, "attributes: expected a mapping of names to columns"),
        ({"attributes": {"x": "xy"}}, r"attributes\['x'\]: expected a column"),
        ({"job_shares": "keep"}, "job_shares: expected one of 'error', 'merge', got 'keep'"),
        ({"conflicts": "merge"}, "conflicts: expected one of 'error', 'keep_first', 'prefer_root', got 'merge'"),
        ({"root_tokens": "XX"}, "root_tokens: expected a sequence of texts, got 'XX'"),
        ({"root_tokens": [1]}, r"root_tokens: expected a sequence of texts, got \[1\]"),
    ],
)
def test_what_is_no_column_and_no_policy_is_refused_at_once(arguments: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"ids": ["a", "b"], "manager_ids": [None, "a"], "strict": False} | arguments
    with pytest.raises(ValueError, match=message):
        Organisation.from_columns(**given)


def test_records_must_be_persons() -> None:
    wrong: Any = [Person(id="a"), {"id": "b"}]
    with pytest.raises(TypeError, match="people: expected Person, got dict"):
        Organisation.from_people(wrong)


def test_records_come_from_any_iterable_and_take_policies() -> None:
    made = Organisation.from_people((Person(id=name, manager_id="top") for name in "ab"), root_tokens=("TOP",))
    assert made.root_ids == ("a", "b")
    with pytest.raises(OrgError, match="multiple_roots: 2 roots: 'a', 'b'"):
        Organisation.from_people(made.people(), single_root=True)


# small and deep


def test_an_empty_organisation_is_one() -> None:
    empty = Organisation.from_columns([], [], dotted=([], []), serves=[], acting_ids=[], fte=[], attributes={"x": []})
    assert (empty.n, empty.ids, empty.root_ids, empty.violations, empty.tree.n_layers) == (0, (), (), (), 0)
    assert empty == Organisation.from_people([]) == Organisation.from_people(empty.people())
    assert empty.weights("fte").tolist() == []
    assert empty.column("manager_ids").tolist() == empty.column("serves").tolist() == []
    assert repr(empty) == "Organisation(0 posts, 0 layers, 0 roots)"


def test_one_person_is_an_organisation() -> None:
    alone = Organisation.from_columns(["a"], [None])
    assert (alone.root_ids, alone.reports_of("a"), alone.chain("a"), alone.violations) == (("a",), (), (), ())


@pytest.mark.parametrize("shape", ["chain", "star"])
def test_twenty_thousand_people_in_a_line_or_round_one_are_no_trouble(shape: str) -> None:
    ids = [f"p{number}" for number in range(20_000)]
    managers = [None, *(ids[:-1] if shape == "chain" else ids[:1] * 19_999)]
    made = Organisation.from_columns(ids, managers)
    assert made.tree.n_layers == (20_000 if shape == "chain" else 2)
    assert len(made.reports_of("p0", whole_line=True)) == 19_999
    assert made.chain(ids[-1])[-1] == "p0"


# snapshots of changed people


def test_a_changed_snapshot_shares_what_does_not_change(firm: Organisation) -> None:
    status = firm.posts.status.copy()
    status[firm.index_of("l2")] = 2
    after = firm._replace(status=status)
    assert after.person("l2").status == "vacant"
    assert firm.person("l2").status == "active"
    assert after.tree is firm.tree
    assert after.posts.ids is firm.posts.ids
    assert after.posts.fte is firm.posts.fte
    assert [violation.code for violation in after.violations] == ["vacancy_chain"]


def test_moving_there_and_back_restores_the_digest(firm: Organisation) -> None:
    parents = firm.tree.parents.copy()
    parents[firm.index_of("l2")] = firm.index_of("right")
    moved = firm._replace(parents=parents)
    assert moved.manager_of("l2") == "right"
    assert moved.digest != firm.digest
    assert moved._replace(parents=firm.tree.parents).digest == firm.digest
    with pytest.raises(ValueError, match="cycle"):
        firm._replace(parents=[1, 0, 0, 2, 2, 1])


def test_a_new_root_is_declared_and_a_repaired_one_stays_what_it_was() -> None:
    repaired = Organisation.from_columns(["a", "b", "c"], [None, "x", "a"], strict=False)
    assert repaired.declared_root.tolist() == [True, False, False]
    freed = repaired._replace(parents=[-1, -1, -1])
    assert freed.declared_root.tolist() == [True, False, True]
    assert [violation.code for violation in freed.violations] == ["multiple_roots"]


def test_dotted_lines_of_a_changed_snapshot_are_put_in_order(firm: Organisation) -> None:
    after = firm._replace(dotted=(np.array([4, 3, 4]), np.array([1, 0, 1])))
    assert [side.tolist() for side in after.column("dotted")] == [["l2", "l1"], ["top", "right"]]


def test_rows_can_be_taken_and_joined(firm: Organisation) -> None:
    rows = firm.indices_of(["left", "l2", "top"])
    part = firm._replace(posts=firm.posts.taken(rows), parents=[2, 0, -1])
    assert part.ids == ("left", "l2", "top")
    assert part.person("left").acting_id == "l2"
    assert part.person("l2").dotted_manager_ids == ("top",)
    assert part.column("serves").tolist() == [(), (), ()]
    more = Organisation.from_columns(["new"], [None], attributes={"grade": ["7"]}).posts
    whole = part._replace(posts=part.posts.joined(more), parents=[2, 0, -1, 0])
    assert whole.ids == ("left", "l2", "top", "new")
    assert whole.manager_of("new") == "left"
    assert dict(whole.person("new").attributes) == {"grade": "7"}
    assert dict(whole.person("l2").attributes) == {"site": "York"}
    assert whole.index_of("new") == 3
