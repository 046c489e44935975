"""People from LDIF: folded lines, base64, distinguished names in any way of writing them."""

from __future__ import annotations

import base64
import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import LeadkitError, OrgError
from leadkit.interchange.ldif import read_ldif
from leadkit.interchange.ldif.names import normal_name
from leadkit.org import Organisation

FIRM = """version: 1

# the board
dn: cn=Ann Lee,ou=Board,o=Firm
cn: Ann Lee
employeeNumber: 007
title: Managing
  director
ou: Board

dn: uid=bob,o=Firm
uid: bob
displayName:: WsOpbMOpbmE=
departmentNumber: 12
manager: CN = ann  lee , OU=board,O=FIRM
directReports: cn=Ann Lee,ou=Board,o=Firm
jpegPhoto:: /9j/4AAQ

dn: cn=Lee\\, Cy,o=Firm
cn: Lee, Cy
manager: uid=bob,o=Firm
manager: cn=Ann Lee,ou=Board,o=Firm
manager: cn=Ann Lee, ou=Board, o=Firm
"""


def test_a_directory_is_read() -> None:
    people = read_ldif(FIRM)
    assert people.ids == ("007", "bob", "cn=Lee\\, Cy,o=Firm")
    ann, bob, cy = people.people()
    assert (ann.name, ann.title, ann.team, ann.manager_id) == ("Ann Lee", "Managing director", "Board", None)
    assert (bob.name, bob.team, bob.manager_id) == ("Zéléna", "12", "007")
    assert (cy.manager_id, cy.dotted_manager_ids) == ("bob", ("007",))
    assert dict(ann.attributes) == {"ldif.dn": "cn=Ann Lee,ou=Board,o=Firm"}
    assert dict(cy.attributes) == {}


def test_base64_is_utf_8() -> None:
    name = "Žofia Ångström"
    text = f"dn: cn=z\ndisplayName:: {base64.b64encode(name.encode()).decode()}\n"
    assert next(read_ldif(text).people()).name == name


def test_line_ends_folding_comments_and_open_files_change_nothing() -> None:
    expected = read_ldif(FIRM)
    assert read_ldif(FIRM.replace("\n", "\r\n")) == expected
    assert read_ldif(io.StringIO("\ufeff" + FIRM)) == expected
    assert read_ldif(FIRM.replace("employeeNumber: 007", "employeeNumber: 00\n 7\n# a comment\n  goes on")) == expected
    assert read_ldif(FIRM.removeprefix("version: 1\n")) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cn=Ann,o=Firm", "CN=ann, O=firm"),
        ("cn=Ann,o=Firm", " cn = Ann ;o=Firm "),
        ("cn=Lee\\, Ann,o=F", 'cn="Lee, Ann",o=F'),
        ("cn=Lee\\, Ann,o=F", "cn=Lee\\2C Ann,o=F"),
        ("cn=\\C3\\A9t\\C3\\A9,o=F", "cn=été,o=F"),
        ("cn=a+uid=1,o=F", "uid=1+cn=A,o=F"),
        ("cn=a\\+b,o=F", "cn=a\\2bb,o=F"),
        ("cn=a\\\\b", "cn=a\\5cb"),
        ("2.5.4.3=a", "2.5.4.3=A"),
        ("cn=", "cn="),
        ("cn=a\\", "cn=a"),
    ],
)
def test_two_ways_of_writing_a_name_are_one(one: str, other: str) -> None:
    assert normal_name(one) == normal_name(other)
    assert normal_name(one) is not None


@pytest.mark.parametrize(("one", "other"), [("cn=a,o=F", "cn=a,o=G"), ("cn=a\\,o\\=F", "cn=a,o=F"), ("cn=a", "uid=a")])
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


@pytest.mark.parametrize("text", ["", "ann", "=a", "c n=a", "cn=a,", "cn=a,,o=F"])
def test_what_is_no_distinguished_name_is_none(text: str) -> None:
    assert normal_name(text) is None


def test_every_fault_is_told_with_its_line() -> None:
    text = (
        "dn: cn=a\nchangetype: add\n\n"  # 1, 2
        "cn: b\n\n"  # 4
        "dn: cn=c\nno colon here\nphoto:< file:///etc/passwd\nuid:: %%%\n\n"  # 6..9
        "dn: nobody\n\n"  # 11
        "dn: CN=A\n\n"  # 13
        "dn: cn=d\ndn: cn=e\nuid: x\0y\n"  # 15..17
    )
    with pytest.raises(OrgError) as caught:
        read_ldif(text)
    assert [(fault.row, fault.where) for fault in caught.value.faults] == [
        (2, "line 2"),
        (4, "line 4"),
        (7, "line 7"),
        (8, "line 8"),
        (9, "line 9, uid"),
        (17, "line 17, uid"),
        (15, "line 15"),
        (11, "line 11, dn"),
        (13, "line 13, dn"),
    ]
    assert "not fetched" in str(caught.value)
    assert "records of changes are not read" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("version: 2\n\ndn: cn=a\n", "expected version: 1"),
        (" folded\ndn: cn=a\n", "continues nothing"),
        ("dn: cn=a\nuid:: /w==\n", "base64 of UTF-8"),
        ("what is this " * 9, "expected 'name: value'"),
    ],
)
def test_what_is_no_ldif_is_refused(text: str, message: str) -> None:
    with pytest.raises(OrgError, match=message):
        read_ldif(text)


def test_a_manager_who_is_not_there_is_unknown() -> None:
    text = "dn: cn=a\n\ndn: cn=b\nmanager: cn=ghost\n\ndn: cn=c\nmanager: not a name\n"
    with pytest.raises(OrgError) as caught:
        read_ldif(text)
    assert [violation.code for violation in caught.value.violations] == ["unknown_manager"] * 2
    assert read_ldif(text, strict=False).root_ids == ("cn=a", "cn=b", "cn=c")


def test_nothing_is_an_empty_organisation() -> None:
    assert read_ldif("").n == read_ldif("# nothing\n\n").n == read_ldif("  \n").n == 0


def test_limits() -> None:
    with pytest.raises(OrgError, match=r"line 5: there are more than 1 records, the limit \(max_rows\)"):
        read_ldif("dn: cn=a\n\n\n\ndn: cn=b\n", max_rows=1)
    with pytest.raises(OrgError, match=r"the limit \(max_chars\)"):
        read_ldif(FIRM, max_chars=20)
    with pytest.raises(OrgError, match=r"9 characters, the limit \(max_field\) is 8"):
        read_ldif("dn: cn=a\nuid: 123456789\n", max_field=8)
    with pytest.raises(OrgError, match=r"9 characters, the limit \(max_field\) is 8"):
        read_ldif("dn: cn=a\nuid:: MTIzNDU2Nzg5\n", max_field=8)
    with pytest.raises(TypeError, match="expected the text of LDIF"):
        read_ldif(b"dn: cn=a")  # type: ignore[arg-type]


pieces = st.sampled_from(
    ["dn", ":", " ", "\n", "\n\n", "cn=a", "cn=b,", "manager", "uid", "::", "<", "#", "\\", '"', "=", "é"]
)


@given(st.lists(pieces, max_size=25).map("".join))
def test_nothing_but_leadkits_own_errors_come_of_any_text(text: str) -> None:
    with contextlib.suppress(LeadkitError):
        assert isinstance(read_ldif(text, strict=False), Organisation)
