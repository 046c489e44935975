from __future__ import annotations

import io
import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import FormatError, PlanError
from leadkit.interchange._xml import Element, read_xml

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
]>
<lolz>&lol1;</lolz>"""
NAMES = st.sampled_from(("a", "b", "Task", "{urn:x}c"))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> ET.Element:
    element = ET.Element(draw(NAMES), {"key": draw(TEXTS)} if draw(st.booleans()) else {})
    element.text = draw(TEXTS)
    if depth:
        element.extend(draw(st.lists(trees(depth=depth - 1), max_size=2)))
    return element


def facts(element: ET.Element) -> tuple[object, ...]:
    own = (element.text or "") if not len(element) else ""
    return (element.tag, own, tuple(sorted(element.attrib.items())), tuple(facts(child) for child in element))


def test_elements_know_their_text_and_their_line() -> None:
    root = read_xml('<a x="1">\n  <b>one<!-- no --> &amp; <![CDATA[<two>]]></b>\n\n  <c/> tail <c/>\n</a>')
    assert isinstance(root[0], Element)
    assert (root.attrib, root[0].text, root[1].text, root[1].tail) == ({"x": "1"}, "one & <two>", None, " tail ")
    assert [child.line for child in root if isinstance(child, Element)] == [2, 4, 4]
    assert (root.line, root[0].tail) == (1, None)


def test_namespaces_stand_before_names_as_in_elementtree() -> None:
    root = read_xml('<a xmlns="urn:x" xmlns:y="urn:y"><y:b y:c="1" d="2"/></a>')
    assert (root.tag, root[0].tag, root[0].attrib) == ("{urn:x}a", "{urn:y}b", {"{urn:y}c": "1", "d": "2"})


@given(trees())
@settings(max_examples=20)
def test_what_elementtree_writes_is_read_as_elementtree_reads_it(tree: ET.Element) -> None:
    text = ET.tostring(tree, encoding="unicode")
    assert facts(read_xml(text)) == facts(ET.fromstring(text))  # noqa: S314 - our own text


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "<!DOCTYPE a>\n<a/>",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><a/>',
        "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
    ],
)
def test_a_document_type_is_refused_before_anything_in_it_is_read(text: str) -> None:
    with pytest.raises(FormatError, match=r"line [12], column \d+: a document type declaration is not read"):
        read_xml(text)


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("", "line 1, column 1", "no element found"),
        ("plain words", "line 1, column 1", "syntax error"),
        ("<a>\n <b>\n</a>", "line 3, column 3", "mismatched tag"),
        ("<a>\n</a>\n<b/>", "line 3, column 1", "junk after document element"),
        ("<a>&nbsp;</a>", "line 1, column 4", "undefined entity"),
        ("<a>\x00</a>", "line 1, column 4", "not well-formed"),
        ("<a>\n\n <b c='1' c='2'/></a>", "line 3, column 11", "duplicate attribute"),
        ("<x:a/>", "line 1, column 1", "unbound prefix"),
        ("<a>\n é\ud800</a>", "line 2, column 3", "half a character"),
    ],
)
def test_a_malformed_file_is_located(text: str, place: str, what: str) -> None:
    with pytest.raises(PlanError, match=what) as caught:
        read_xml(text, what="a plan", error=PlanError)
    assert str(caught.value).startswith(f"a plan: {place}: this is no XML")
    assert [fault.row for fault in caught.value.faults] == [int(place.split()[1].rstrip(","))]


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-16", "iso-8859-1", "klingon"])
def test_the_encoding_that_the_first_line_names_does_not_matter(encoding: str) -> None:
    assert read_xml(f'\ufeff<?xml version="1.0" encoding="{encoding}"?><a>Größe €</a>').text == "Größe €"


def test_elements_lie_as_deep_as_the_limit_and_no_deeper() -> None:
    assert read_xml("<a>" * 200 + "</a>" * 200).tag == "a"
    with pytest.raises(FormatError, match=r"column 601: elements lie more than 200 deep .* \(max_depth\)"):
        read_xml("<a>" * 201 + "</a>" * 201)
    with pytest.raises(FormatError, match="more than 1 deep"):
        read_xml("<a><b/></a>", max_depth=1)


def test_size_is_counted_in_bytes_of_utf_8() -> None:
    text = "<a>éé</a>"
    assert read_xml(text, max_bytes=11).text == "éé"
    for source in (text, io.StringIO(text)):
        with pytest.raises(FormatError, match=r"an XML file: there are more than 10 bytes, the limit \(max_bytes\)"):
            read_xml(source, max_bytes=10)
    with pytest.raises(FormatError, match="more than 4 bytes"):
        read_xml(text, max_bytes=4)


def test_only_as_much_of_a_file_is_read_as_the_limit_allows() -> None:
    file = io.StringIO("<a>" + "x" * 1000)
    with pytest.raises(FormatError, match="more than 100 bytes"):
        read_xml(file, max_bytes=100)
    assert file.tell() == 101


def test_an_open_file_is_read_and_a_wrong_encoding_is_named() -> None:
    assert read_xml(io.StringIO("<a>1</a>")).text == "1"
    file = io.TextIOWrapper(io.BytesIO("<a>é</a>".encode("latin-1")), encoding="utf-8")
    with pytest.raises(FormatError, match=r"not utf-8 text: byte 3 is 0xe9; open the file in the encoding"):
        read_xml(file)


@pytest.mark.parametrize("source", [b"<a/>", None, 3, io.BytesIO(b"<a/>")])
def test_what_is_no_text_is_a_type_error(source: object) -> None:
    with pytest.raises(TypeError, match="expected the text of an XML file"):
        read_xml(source)  # type: ignore[arg-type]


@given(st.text(st.sampled_from("<>/!?[]&;=\"'-ab :\n\ud800%EDOCTYP"), max_size=40))
@settings(max_examples=80)
def test_any_text_gives_a_tree_or_a_located_error(text: str) -> None:
    try:
        read_xml(text)
    except FormatError as error:
        assert [fault.row is not None for fault in error.faults] == [True]


@given(trees(), st.data())
@settings(max_examples=30)
def test_a_damaged_document_gives_a_tree_or_an_error(tree: ET.Element, data: st.DataObject) -> None:
    text = ET.tostring(tree, encoding="unicode")
    place = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 3))
    damaged = (
        text[:place] + data.draw(st.sampled_from(("", "<", "&", "<!DOCTYPE a>", "\x00", "]]>"))) + text[place + cut :]
    )
    try:
        root = read_xml(damaged)
    except FormatError:
        return
    assert facts(root) == facts(ET.fromstring(damaged))  # noqa: S314 - a document type would have been refused


def test_plans_load_without_any_xml_module() -> None:
    code = "import sys, leadkit.wbs, leadkit.interchange; print([m for m in sys.modules if m.split('.')[0] == 'xml'])"
    # coverage would import modules of its own
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert ran.stdout.strip() == "[]"
