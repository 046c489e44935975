"""People as comma-separated text: what is written is read back the same, and whatever is wrong is told by its line."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadkit import samples, testing
from leadkit.errors import Fault, OrgError
from leadkit.interchange.csv import read_people, write_people
from leadkit.org import Organisation, Person, Tier

NASTY = st.sampled_from(
    (
        "id",
        "ID",
        " id",
        "Manager_ID",
        "attribute:",
        "Attribute:x",
        "Site",
        "site",
        " ",
        "",
        "'",
        "''=",
        "sep=;",
        "#question",
        "x;id;manager_id;name;title",
        "x\tid\tmanager_id\tname",
        'x;"',
        ';"',
        "a\\",
        "\\;",
        "\r",
        "\n",
        "\r\n",
        "\u2028",
        "\ufeff",
    )
)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=5) | NASTY
IDS = TEXTS.filter(lambda text: bool(text.strip()))


@st.composite
def people_of_any_text(draw: st.DrawFn) -> Organisation:
    """Draw a few posts with whatever texts there are, lone surrogates among them."""
    ids = draw(st.lists(IDS, max_size=4, unique=True))
    people = []
    for i, own in enumerate(ids):
        others = [other for other in ids if other != own]
        few = st.lists(st.sampled_from(others), max_size=3).map(tuple) if others else st.just(())
        people.append(
            Person(
                id=own,
                manager_id=draw(st.none() | st.sampled_from(ids[:i])) if i else None,
                name=draw(st.none() | TEXTS),
                title=draw(st.none() | TEXTS),
                team=draw(st.none() | TEXTS),
                tier=draw(st.none() | st.sampled_from(Tier)),
                fte=draw(st.none() | st.floats(min_value=0, allow_infinity=False)),
                holders=draw(st.sampled_from((1, 2, 2**31 - 1))),
                acting_id=draw(st.none() | st.sampled_from(others)) if others else None,
                dotted_manager_ids=draw(few),
                serves=draw(few),
                attributes=draw(st.dictionaries(TEXTS, TEXTS, max_size=4)),
            )
        )
    return Organisation.from_people(people)


def fault_lines(text: str, **options: Any) -> list[str]:
    with pytest.raises(OrgError) as caught:
        read_people(text, **options)
    assert not caught.value.violations
    return [str(fault) for fault in caught.value.faults]


@given(testing.organisation())
def test_what_is_written_is_read_back_the_same(people: Organisation) -> None:
    again = read_people(write_people(people))
    assert again == people
    assert again.ids == people.ids


@given(people_of_any_text())
@example(Organisation.from_columns([" 7", "7"], [None, " 7"], names=[" ", "\t"], attributes={"": [" ", None]}))
@example(Organisation.from_columns(["a;b", "x\\y"], [None, None], dotted=(["a;b"], ["x\\y"]), serves=[[], ["a;b"]]))
@example(Organisation.from_columns(["a"], [None], fte=[-0.0], attributes={"x;id;manager_id;name": ["y"]}))
@example(Organisation.from_columns(["\ud800"], [None], names=["\udfff"]))
@example(Organisation.from_columns([], [], attributes={"site": []}))
def test_whatever_the_texts_are_they_come_back(people: Organisation) -> None:
    again = read_people(write_people(people))
    assert list(again.people()) == list(people.people())
    assert again.digest == people.digest
    assert write_people(again) == write_people(people)


def test_a_sample_goes_there_and_back_through_an_open_file() -> None:
    people = samples.organisation(rng=1)
    assert read_people(io.StringIO(write_people(people), newline="")) == people


def test_the_file_says_what_some_row_says_and_leaves_out_the_rest() -> None:
    people = Organisation.from_people(
        [
            Person(id="007", name="Ann", status="absent", acting_id="8", serves=("8", "9;x"), shareable=True),
            Person(id="8", manager_id="007", tier=Tier.FRONT_LINE, customer_facing=True, fte=0.5, holders=2),
            Person(
                id="9;x", manager_id="007", formal_leader=False, dotted_manager_ids=("8",), attributes={"Site": "n"}
            ),
        ]
    )
    assert write_people(people) == (
        "id,manager_id,name,tier,customer_facing,fte,holders,status,formal_leader,shareable,acting_id,"
        "dotted_manager_ids,serves,Site\n"
        '007,,Ann,,,,1,absent,,true,8,,"8;9\\;x",\n'
        "8,007,,FRONT_LINE,true,0.5,2,active,,false,,,,\n"
        '"9;x",007,,,,,1,active,false,false,,8,,n\n'
    )
    assert write_people(Organisation.from_columns(["a", "b"], [None, "a"])) == "id,manager_id\na,\nb,a\n"


def test_attributes_of_any_name_have_their_own_header() -> None:
    names = ["Site", "ID", "Title ", "north", "North", "attribute:x", ""]
    people = Organisation.from_columns(["a"], [None], attributes={name: [name + "!"] for name in names})
    header = next(csv.reader(io.StringIO(write_people(people), newline="")))
    exact = ["attribute:", "attribute:ID", "attribute:North", "attribute:Title ", "attribute:attribute:x"]
    assert sorted(header) == sorted([*exact, "Site", "attribute:north", "id", "manager_id"])
    assert read_people(write_people(people)).person("a").attributes == {name: name + "!" for name in names}


def test_an_attribute_that_nobody_has_is_not_written() -> None:
    people = Organisation.from_columns(["a"], [None], attributes={"Site": [None]})
    assert write_people(people) == "id,manager_id\na,\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "'=1", "''@", "'\t"])
def test_no_text_is_left_for_a_spreadsheet_to_run(text: str) -> None:
    people = Organisation.from_columns([text + "a"], [None], names=[text], attributes={text + "b": [text]})
    for row in csv.reader(io.StringIO(write_people(people), newline="")):
        assert not any(re.match(r"[=+\-@\t\r\n\0]", cell) for cell in row)
    assert f"'{text}" in write_people(people)
    assert read_people(write_people(people)) == people


def test_an_apostrophe_before_anything_else_stays() -> None:
    people = read_people("id,manager_id,name\n'tis,,'twas\n'=1,,''=1\n")
    assert people.ids == ("'tis", "=1")
    assert people.column("names").tolist() == ["'twas", "'=1"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff", "sep={}\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiter_byte_order_mark_and_line_ends_make_no_difference(delimiter: str, start: str, line_end: str) -> None:
    lines = [[" ID", "Manager_Id ", "TITLE", "Site"], ["007", "", "Head", "a b"], ["08", "007", "", ""]]
    text = start.format(delimiter) + line_end.join(delimiter.join(line) for line in lines)
    people = read_people(text)
    assert people.ids == ("007", "08")
    assert people.manager_of("08") == "007"
    assert people.person("007") == Person(id="007", title="Head", attributes={"Site": "a b"})


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_quotation_that_another_delimiter_would_open_does_not_mislead(delimiter: str) -> None:
    people = Organisation.from_columns(
        ["a", "b"], [None, "a"], names=[f'x{delimiter}"', "y" * 100_000], titles=[None, "z" * 100_000]
    )
    assert read_people(write_people(people)) == people


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_an_attribute_named_like_a_header_under_another_delimiter_does_not_mislead(delimiter: str) -> None:
    name = delimiter.join(["x", "id", "manager_id", "name", "title", "y"])
    people = Organisation.from_columns(["a"], [None], attributes={name: ["b"]})
    assert read_people(write_people(people)) == people


def test_minus_zero_is_written_as_zero_which_is_no_formula() -> None:
    assert write_people(Organisation.from_columns(["a"], [None], fte=[-0.0])) == "id,manager_id,fte\na,,0.0\n"


def test_cells_keep_their_blanks_and_zeros_and_ids_are_compared_exactly() -> None:
    people = read_people("id,manager_id,name\n7,,  Ann \n 7,7,\n007, 7,\n#question,7,\n")
    assert people.ids == ("7", " 7", "007", "#question")
    assert people.manager_of("007") == " 7"
    assert people.person("7").name == "  Ann "


def test_blank_rows_and_nameless_empty_columns_are_left_out() -> None:
    assert read_people("id,manager_id,,\na,,,\n,,,\n\n  \nb,a,,\n").ids == ("a", "b")


def test_a_header_alone_is_an_organisation_of_nobody() -> None:
    people = read_people("id,manager_id\n")
    assert (people.n, people.violations) == (0, ())
    assert write_people(people) == "id,manager_id\n"


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("tier", "middle_manager", Tier.MIDDLE_MANAGER),
        ("tier", " Front line-Leader ", Tier.FRONT_LINE_LEADER),
        ("tier", "9", Tier.SUPPORT),
        ("customer_facing", "TRUE", True),
        ("customer_facing", "no", False),
        ("formal_leader", "1", True),
        ("formal_leader", " ", None),
        ("shareable", "Yes", True),
        ("shareable", "", False),
        ("fte", " 0.80 ", 0.8),
        ("fte", "1e-05", 1e-5),
        ("fte", "", None),
        ("holders", "2", 2),
        ("holders", "2.0", 2),
        ("holders", " ", 1),
        ("status", " Vacant", "vacant"),
        ("status", "", "active"),
        ("dotted_manager_ids", "b;;a; ", ("a", "b")),
        ("serves", r"x\\y;firm\b;", ("firm\\b", "x\\y")),
        ("acting_id", "b", "b"),
    ],
)
def test_cells_are_read_as_the_facts_they_are(fact: str, cell: str, value: object) -> None:
    people = read_people(f"id,manager_id,{fact}\nb,,\na,,\np,a,{cell}\nx\\y,,\nfirm\\b,,\n")
    assert getattr(people.person("p"), fact) == value


@pytest.mark.parametrize(
    ("fact", "cell", "message", "value"),
    [
        ("tier", "boss", "unknown tier 'boss'", None),
        ("customer_facing", "perhaps", "expected True, False or None, got 'perhaps'", None),
        ("fte", "half", "expected a number, got 'half'", None),
        ("fte", "-1", "expected a finite number of at least 0, got -1.0", None),
        ("fte", "9" * 400, "expected a finite number of at least 0, got inf", None),
        ("holders", "0", "expected a whole number in 1..2147483647, got 0", 1),
        ("holders", "1.5", "got 1.5", 1),
        ("status", "retired", "unknown status 'retired'", "active"),
        ("status", "inactive", "unknown status 'inactive'", "active"),
        ("serves", "ghost", "'p' serves 'ghost', which is nobody's id", ()),
        ("dotted_manager_ids", "ghost", "'p' has as dotted manager 'ghost'", ()),
        ("acting_id", "ghost", "'p' has as stand-in 'ghost'", None),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line_and_can_be_repaired(
    fact: str, cell: str, message: str, value: object
) -> None:
    text = f"id,manager_id,{fact}\n\na,,\np,a,{cell}\n"
    with pytest.raises(OrgError, match=re.escape(message)) as caught:
        read_people(text)
    (violation,) = caught.value.violations
    assert violation.rows == (4,)
    assert violation.message.startswith("row 4")
    assert caught.value.faults == (Fault(violation.code, violation.message, row=4),)
    repaired = read_people(text, strict=False)
    assert getattr(repaired.person("p"), fact) == value
    assert repaired.violations == (violation,)


DEFECTS = """\
id,manager_id,title,status

top,,Head,
,top,nobody,
"two
lines",top,,
twin,top,A,
twin,top,A,
twin,top,B,
row 3,row 9,"row 1",
me,me,,
c1,c2,,
c2,c1,,
behind,c1,,
gone,top,,left
under,gone,,vacant
below,under,,vacant
TOP,top,,
"id 'x' is also that of row 0, with the same manager and title",top,A,
"id 'x' is also that of row 0, with the same manager and title",top,A,
bad,top,,retired
other,,,
"""


def test_every_violation_names_the_line_of_the_file() -> None:
    with pytest.raises(OrgError) as caught:
        read_people(DEFECTS, single_root=True)
    lines = {"twin": 8, "row 3": 10, "me": 11, "gone": 15, "below": 17, "bad": 21}
    told = {(violation.code, violation.ids): violation for violation in caught.value.violations}
    assert {code for code, _ in told} == {
        "blank_id",
        "duplicate_id",
        "conflicting_duplicate",
        "unknown_manager",
        "self_manager",
        "cycle",
        "unreachable",
        "multiple_roots",
        "bad_value",
        "id_case_or_space",
        "inactive_manager",
        "vacancy_chain",
    }
    for (code, ids), violation in told.items():
        if ids and ids[0] in lines and code not in {"conflicting_duplicate", "multiple_roots"}:
            assert violation.rows[0] == lines[ids[0]], violation
            assert violation.message.startswith(f"row {lines[ids[0]]}"), violation
    assert told["blank_id", ()].message == "row 4: no id"
    assert told["cycle", ("c1", "c2")].rows == (12, 13)
    assert told["unreachable", ("behind",)].rows == (14,)
    assert told["multiple_roots", ("other", "top")].rows == (22, 3)
    assert told["id_case_or_space", ("TOP", "top")].rows == (18, 3)
    assert told["vacancy_chain", ("below", "under")].rows == (17, 16)
    shares = [violation for violation in caught.value.violations if violation.code == "duplicate_id"]
    tricky = "id 'x' is also that of row 0, with the same manager and title"
    assert [violation.message for violation in shares] == [
        f"row 20: id {tricky!r} is also that of row 19, with the same manager and title",
        "row 8: id 'twin' is also that of row 7, with the same manager and title",
    ]
    assert told["conflicting_duplicate", ("twin",)].repair == "dropped, row 7 is kept"
    assert told["unknown_manager", ("row 3",)].message == "row 10: 'row 3' reports to 'row 9', which is nobody's id"
    assert [fault.row for fault in caught.value.faults][:2] == [4, 20]


def test_what_a_policy_resolves_is_told_by_its_line_too() -> None:
    text = "id,manager_id\n\na,\n\nb,a\n\nb,a\n"
    (violation,) = read_people(text, job_shares="merge").violations
    assert violation.message == "row 7: id 'b' is also that of row 5, with the same manager and title"
    assert (violation.rows, violation.repair) == ((7,), "merged into row 5")


def test_dotted_lines_of_a_row_without_an_id_go_with_the_row() -> None:
    people = read_people("id,manager_id,dotted_manager_ids\na,,\n ,a,a\n", strict=False)
    assert [violation.code for violation in people.violations] == ["blank_id"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("id,boss\na,\n", ["row 1: expected a column 'manager_id'; columns= names another header"]),
        (
            "\nmanager id;ids\na;b\n",
            [
                "row 2: expected a column 'id' (did you mean 'ids'?); columns= names another header",
                "row 2: expected a column 'manager_id' (did you mean 'manager id'?); columns= names another header",
            ],
        ),
        ("id,manager_id, ID\na,,b\n", ["row 1, column 3: ' ID' repeats the header of column 1"]),
        ("id,manager_id,Site,site\na,,b,c\n", ["row 1, column 4: 'site' repeats the header of column 3"]),
        (
            "id,manager_id,attribute:x,Attribute:x\na,,b,c\n",
            ["row 1, column 4: 'Attribute:x' repeats the header of column 3"],
        ),
        ("id,manager_id,x,attribute:x\na,,b,c\n", ["row 1, column 4: 'attribute:x' repeats the header of column 3"]),
        ("id,manager_id,\na,,b\n", ["row 1, column 3: holds something and has no name"]),
        ("id,manager_id\na,\n\nb\nc,a,\n", ["row 4: expected 2 cells like the header, got 1"]),
        ('id,manager_id\na,"\nb,a\n', ["row 2: a quotation mark is opened and never closed"]),
        ('id,manager_id\n"a"b,\n', ["row 2: a quotation mark is out of place"]),
        (
            "id,manager_id\na\0,\n\0b,\0\n",
            ["row 2, column 'id': holds a NUL", "row 3, column 'id'", "row 3, column 'man"],
        ),
        ("id,manager_id\0\na,\n", ["row 1: holds a NUL character"]),
        ("", ["the file is empty; expected a header line like id,manager_id,name,title,..."]),
        ('"', ["row 1: a quotation mark is opened and never closed"]),
    ],
)
def test_every_fault_of_the_file_is_told_with_its_row(text: str, faults: list[str]) -> None:
    found = fault_lines(text)
    assert len(found) >= len(faults)
    for one, wanted in zip(found, faults, strict=False):
        assert one.startswith(wanted)


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(OrgError) as caught:
        read_people('id,name,Name\na\nb,c,d,e\nf,"g"h,\nk,\0,m\n')
    assert [fault.row for fault in caught.value.faults] == [1, 1, 2, 3, 4, 5]
    assert str(caught.value).startswith("CSV: 6 faults")


@pytest.mark.parametrize("text", ["people.csv", "PK\x03\x04", "ann", ",".join(map(str, range(20_000)))])
def test_what_is_no_table_is_told_so(text: str) -> None:
    with pytest.raises(OrgError, match=r"this is no table|the header has 20000 columns"):
        read_people(text)


def test_limits_are_arguments() -> None:
    text = "id,manager_id,name\na,,xxx\nb,a,\n"
    assert read_people(text, max_rows=2, max_chars=len(text), max_field=10).n == 2
    with pytest.raises(OrgError, match=r"row 3: there are more than 1 rows below the header, the limit \(max_rows\)"):
        read_people(text, max_rows=1)
    with pytest.raises(OrgError, match=r"more than 5 characters, the limit \(max_chars\)"):
        read_people(text, max_chars=5)
    assert fault_lines(text, max_field=2) == ["row 2, column 'name': 3 characters, the limit (max_field) is 2"]


def test_a_long_cell_is_read_when_the_limit_allows_it_and_the_limit_of_the_process_stays() -> None:
    before = csv.field_size_limit()
    people = Organisation.from_columns(["a"], [None], names=["x" * 200_000])
    with pytest.raises(OrgError, match="row 2: a cell is longer than 131072 characters, the limit"):
        read_people(write_people(people))
    assert read_people(write_people(people), max_field=200_000) == people
    assert read_people("id,manager_id\na,\n", max_field=10**30).n == 1
    with pytest.raises(OrgError, match="row 2: a cell is longer than 199999"):
        read_people(write_people(people), max_field=199_999)
    assert csv.field_size_limit() == before


def test_long_cells_are_read_by_several_threads_at_once() -> None:
    text = write_people(Organisation.from_columns(["a"], [None], names=["x" * 200_000]))
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(read_people(text, max_field=300_000).n)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1, 1]


def test_columns_name_other_headers() -> None:
    text = "Post;Boss;manager_id;Chef\na;;x;Head\nb;a;y;\n"
    people = read_people(text, columns={"id": " POST", "manager_id": "boss", "title": "Chef"})
    assert people.manager_of("b") == "a"
    assert people.person("a") == Person(id="a", title="Head", attributes={"manager_id": "x"})
    assert read_people(write_people(people)) == people
    assert fault_lines(text, columns={"id": "Post", "manager_id": "Boss", "name": "Chief"}) == [
        "row 1: expected a column 'Chief' for name (did you mean 'Chef'?); columns= names another header"
    ]


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ({"manager": "x"}, ValueError, r"unknown fact 'manager' \(did you mean 'manager_id'\?\); facts: id,"),
        ({"name": "Id"}, ValueError, "'Id' would be the header of both 'id' and 'name'"),
        ({"name": "x", "title": " X "}, ValueError, "would be the header of both 'name' and 'title'"),
        ({"name": " "}, ValueError, r"columns\['name'\]: expected the text of a header, got ' '"),
        ({"name": 3}, ValueError, "expected the text of a header, got 3"),
        ({3: "x"}, ValueError, "unknown fact 3"),
        (["id"], TypeError, "expected a mapping of facts to headers, got list"),
    ],
)
def test_columns_that_make_no_sense_are_refused(columns: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_people("id,manager_id\n", columns=columns)


def test_policies_are_those_of_the_model_and_nothing_else() -> None:
    text = "id,manager_id\na,TOP\nb,a\n"
    assert read_people(text, root_tokens=["top"]).root_ids == ("a",)
    assert read_people(text, strict=False).root_ids == ("a",)
    with pytest.raises(ValueError, match="root_tokens: expected a sequence of texts"):
        read_people(text, root_tokens="TOP")
    with pytest.raises(TypeError, match="unexpected argument 'names'; policies: root_tokens, job_shares"):
        read_people(text, names=["Ann", "Bob"])


def test_arguments_of_another_kind_are_mistakes_of_the_program() -> None:
    with pytest.raises(TypeError, match="reading text, got bytes"):
        read_people(b"id,manager_id\n")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected Organisation, got list"):
        write_people([])  # type: ignore[arg-type]
    with pytest.raises(OrgError, match="this is not utf-8 text: byte 0 is 0xff; save the table as 'CSV UTF-8'"):
        read_people(io.TextIOWrapper(io.BytesIO(b"\xffid"), encoding="utf-8"))


def test_shuffled_rows_are_the_same_organisation() -> None:
    people = samples.organisation(rng=2)
    header, *rows = write_people(people).splitlines(keepends=True)
    for seed in range(3):
        order = np.random.default_rng(seed).permutation(len(rows))
        assert read_people("".join([header, *(rows[place] for place in order)])) == people


CELLS = st.sampled_from(
    ("id", "manager_id", "serves", "fte", "tier", "status", "attribute:id", "a", "b", "'=a", "")
) | st.text("ab01;\\'\" =,\t\r\n\0.é", max_size=6)
TABLES = st.tuples(
    st.lists(CELLS, max_size=3).map(lambda more: ["id", "manager_id", *more]),
    st.lists(st.lists(CELLS, max_size=5), max_size=5),
).map(lambda table: "\n".join(",".join(row) for row in (table[0], *table[1])))


@given(
    st.text(max_size=60) | TABLES | st.text("id,manager_id;\t\r\n\"\0'=", max_size=80),
    st.sampled_from(("leadkit", "successfactors", "bamboohr", "workday", "uk_organogram")),
    st.booleans(),
)
def test_any_text_gives_an_organisation_or_an_org_error(text: str, profile: Any, strict: bool) -> None:
    with contextlib.suppress(OrgError):
        assert isinstance(read_people(text, profile=profile, strict=strict), Organisation)


@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=5))
def test_any_cells_under_a_sound_header_give_an_organisation_when_it_need_not_be_strict(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    clean = [[cell.replace("\0", "") for cell in row] for row in rows]
    csv.writer(file).writerows([["id", "manager_id", "fte", "serves", "dotted_manager_ids"], *clean])
    people = read_people(file.getvalue(), strict=False)
    assert people.n <= len(rows)
    assert read_people(write_people(people)) == people
