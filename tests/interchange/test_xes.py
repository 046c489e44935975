"""XES in and out: one pass, no tree, nothing fetched."""

from __future__ import annotations

import contextlib
import gzip
import io
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples
from leadkit.errors import FormatError, LeadkitError, LogError, UnknownIdError
from leadkit.escalation import EventLog, LogProfile
from leadkit.interchange.xes import read_xes, write_xes
from leadkit.testing.event_logs import event_log

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def text_of(events: str, *, before: str = "", trace: str = '<string key="concept:name" value="t1"/>') -> str:
    return f"{HEAD}<log>{before}<trace>{trace}{events}</trace></log>"


def an_event(inside: str = "", at: str = "2024-03-04T09:00:00Z") -> str:
    return f'<event><date key="time:timestamp" value="{at}"/>{inside}</event>'


def without_empty_columns(log: EventLog) -> EventLog:
    """A column in which nothing is known leaves no trace in XES."""
    columns = log.to_columns()
    known = {
        name: column
        for name, column in columns.items()
        if name in ("ticket", "at") or log.events == 0 or any(one is not None for one in log.column(name))
    }
    return EventLog.from_columns(**known) if log.events else EventLog.from_columns(ticket=[], at=[])


@given(event_log())
def test_a_log_that_is_written_is_read_again_the_same(log: EventLog) -> None:
    assert read_xes(write_xes(log)) == without_empty_columns(log)


@given(event_log())
def test_what_is_written_is_xml_with_a_trace_a_ticket_and_an_event_an_event(log: EventLog) -> None:
    root = ET.fromstring(write_xes(log).encode())  # noqa: S314 - our own text
    space = "{http://www.xes-standard.org/}"
    assert len(root.findall(f"{space}trace")) == len(log.tickets)
    assert len(root.findall(f"{space}trace/{space}event")) == log.events


def test_the_sample_comes_back_the_same_from_a_path_packed_or_not_from_bytes_and_from_open_files(
    tmp_path: Path,
) -> None:
    log = samples.tickets(50)
    plain, packed = tmp_path / "log.xes", tmp_path / "log.xes.gz"
    text = write_xes(log, plain)
    write_xes(log, str(packed))
    assert plain.read_text(encoding="utf-8") == text
    assert gzip.decompress(packed.read_bytes()).decode() == text
    for source in (
        plain,
        packed,
        str(packed),
        text.encode(),
        gzip.compress(text.encode()),
        io.StringIO(text),
        io.BytesIO(packed.read_bytes()),
    ):
        assert read_xes(source) == log
    with plain.open(encoding="utf-8") as file:
        assert read_xes(file) == log


def test_it_is_written_to_open_files_of_text_and_of_bytes() -> None:
    log = samples.tickets(3)
    text, data = io.StringIO(), io.BytesIO()
    write_xes(log, text)
    write_xes(log, data)
    assert text.getvalue() == data.getvalue().decode() == write_xes(log)


def test_a_log_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "log.xes"
    target.write_text("before", encoding="utf-8")
    bad = EventLog.from_columns(ticket=["t"], at=[datetime(2024, 3, 4, tzinfo=UTC)], note=["a\x01b"])
    with pytest.raises(LogError, match="column 'note': expected no character that XML cannot hold"):
        write_xes(bad, target)
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["log.xes"]


def test_keys_of_the_standard_become_columns_and_others_attributes() -> None:
    inside = (
        '<string key="concept:name" value="Accepted"/><string key="lifecycle:transition" value="complete"/>'
        '<string key="org:group" value="V5 3rd"/><string key="org:resource" value="ann"/>'
        '<int key="cost" value="3"/><float key="score" value="2.5"/><boolean key="vip" value="true"/>'
        '<id key="case" value="4c"/><date key="promised" value="2024-03-05"/>'
    )
    log = read_xes(text_of(an_event(inside, "2024-03-04T10:00:00.250+01:00")))
    found = {name: column.tolist() for name, column in log.to_columns().items() if name != "at"}
    assert found == {
        "ticket": ["t1"], "group": ["V5 3rd"], "person": ["ann"], "activity": ["Accepted"], "lifecycle": ["complete"],
        "cost": [3.0], "score": [2.5], "vip": ["true"], "case": ["4c"], "promised": ["2024-03-05"],
    }  # fmt: skip
    assert log.at.tolist() == [datetime(2024, 3, 4, 9, 0, 0, 250000)]


def test_a_profile_tells_what_the_names_of_events_mean() -> None:
    profile = LogProfile(
        columns={"ticket": "ticket", "at": "at", "status": ("activity", "lifecycle"), "level": "line"},
        statuses={"Completed/*": "resolved", "*/Wait*": "waiting", "*": "in_progress"},
        level={"1st": 1, "2nd": 2},
        zone="Europe/Berlin",
    )
    rows = [("Accepted", "In Progress", "1st"), ("Accepted", "Wait - User", "2nd"), ("Completed", "Closed", "2nd")]
    events = "".join(
        an_event(
            f'<string key="concept:name" value="{name}"/><string key="lifecycle:transition" value="{step}"/>'
            f'<string key="line" value="{line}"/><string key="org:resource" value="ann"/>',
            f"2024-03-04T{hour:02}:00:00",
        )
        for hour, (name, step, line) in enumerate(rows, start=9)
    )
    log = read_xes(text_of(events), profile=profile)
    columns = log.to_columns()
    assert columns["status"].tolist() == ["in_progress", "waiting", "resolved"]
    assert columns["level"].tolist() == [1, 2, 2]
    assert columns["person"].tolist() == ["ann"] * 3
    assert log.at[0] == np.datetime64("2024-03-04T08:00:00")
    assert set(log.attributes) == set()


def test_attributes_of_a_trace_are_those_of_its_events_under_a_name_of_their_own() -> None:
    trace = '<string key="concept:name" value="t1"/><string key="region" value="north"/><int key="cost" value="9"/>'
    log = read_xes(text_of(an_event('<int key="cost" value="1"/>') + an_event(), trace=trace))
    assert log.to_columns()["region"].tolist() == ["north", "north"]
    assert log.to_columns()["case:cost"].tolist() == [9.0, 9.0]
    assert log.to_columns()["cost"].tolist()[0] == 1.0
    assert math.isnan(log.to_columns()["cost"][1])


def test_globals_stand_in_where_an_attribute_is_missing() -> None:
    before = (
        '<global scope="trace"><string key="concept:name" value="?"/><string key="region" value="south"/></global>'
        '<global scope="event"><date key="time:timestamp" value="1970-01-01T00:00:00Z"/>'
        '<string key="org:group" value="desk"/></global><global scope="other"><string key="x" value="y"/></global>'
        '<classifier name="Activity" keys="concept:name"/><string key="concept:name" value="the log"/>'
    )
    log = read_xes(text_of(an_event() + an_event('<string key="org:group" value="V5"/>'), before=before))
    assert log.to_columns()["group"].tolist() == ["desk", "V5"]
    assert log.attribute("region").tolist() == ["south"]
    with pytest.raises(FormatError, match="expected a <date> time:timestamp in the event"):
        read_xes(text_of("<event/>", before=before))
    with pytest.raises(FormatError, match="expected a <string> concept:name in the trace"):
        read_xes(text_of(an_event(), before=before, trace=""))


def test_nested_attributes_lists_and_extensions_are_skipped() -> None:
    inside = (
        '<string key="who" value="ann"><string key="why" value="on duty"/></string>'
        '<list key="seen"><values><string key="by" value="bo"/></values></list>'
        '<container key="all"><string key="by" value="cy"/></container>'
    )
    log = read_xes(text_of(an_event(inside), before='<extension name="Concept" prefix="concept" uri="x"/>'))
    assert set(log.attributes) == {"who"}


def test_a_prefix_of_the_namespace_and_another_encoding_are_fine() -> None:
    text = text_of(an_event('<string key="org:resource" value="Zoë"/>'))
    prefixed = text.replace("<string", "<x:string").replace("<log>", '<x:log xmlns:x="http://www.xes-standard.org/">')
    prefixed = prefixed.replace("</log>", "</x:log>").replace("<event>", "<x:event>").replace("</event>", "</x:event>")
    assert read_xes(prefixed) == read_xes(text)
    for encoding in ("iso-8859-1", "utf-16", "windows-1252"):
        assert read_xes(text.replace("UTF-8", encoding).encode(encoding)) == read_xes(text)
    # text is text, whatever its first line says
    assert read_xes("\ufeff" + text.replace("UTF-8", "utf-16")) == read_xes(text)


BOMB = '<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (BOMB, "a document type declaration is not read"),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd">', "a document type declaration is not read"),
        ('<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "a document type declaration is not read"),
    ],
)
def test_a_document_type_is_refused_before_anything_of_it_is_read(head: str, what: str) -> None:
    text = text_of(an_event('<string key="note" value="x"/>')).replace("<log>", f"{head}<log>")
    for source in (text, text.encode(), io.StringIO(text)):
        with pytest.raises(FormatError, match=what):
            read_xes(source)


def test_all_faults_are_told_at_once_with_their_lines() -> None:
    text = (
        '<log>\n<event/>\n<trace>\n<string key="concept:name" value="a"/>\n'
        '<event><date key="time:timestamp" value="yesterday"/></event>\n'
        '<event><date key="time:timestamp" value="2024-03-04T09:00:00"/></event>\n'
        '<event><date key="time:timestamp" value="2024-03-04T09:00:00Z"/><int key="n" value="many"/>\n'
        '<thing key="n"/>\n<string value="x"/></event>\n</trace>\n<trace><string key="concept:name" value="a"/></trace></log>'
    )
    with pytest.raises(FormatError) as caught:
        read_xes(text)
    assert [(fault.row, fault.what[:32]) for fault in caught.value.faults] == [
        (2, "the event is in no trace, so it "),
        (5, "expected an instant such as 2026"),
        (6, "no time zone is known for 2024-0"),
        (7, "expected a finite number for 'n'"),
        (8, "expected an attribute of the typ"),
        (9, "expected a key and a value in <s"),
        (11, "a trace 'a' was there before"),
    ]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<log>", "no element found"),
        ("<log></trace>", "mismatched tag"),
        ("<plan/>", "expected <log>, got <plan>"),
        (b"", "no element found"),
        (b"\x1f\x8bnonsense", "the gzip data cannot be unpacked"),
        (gzip.compress(b"<log/>", mtime=0)[:-4], "the gzip data cannot be unpacked"),
        ("<log>\ud800</log>", "half a character"),
        ("no/such/file.xes", "cannot be read"),
        (b"<?xml version='1.0' encoding='klingon'?><log/>", "unknown encoding"),
        (text_of(an_event('<float key="n" value="inf"/>')), "expected a finite number for 'n', got 'inf'"),
        (text_of(an_event('<int key="leadkit:level" value="-2"/>')), "attribute 'level': expected a level"),
        (text_of(an_event('<string key="leadkit:contact" value="up"/>')), "expected one of 'in', 'out' or nothing"),
        (text_of(an_event(at="0001-01-01T00:00:00+05:00")), "expected an instant of the years 1 to 9999"),
        (text_of(an_event(), trace='<string key="concept:name" value=" t1"/>'), "no space before or after the id"),
    ],
)
def test_what_is_no_log_is_refused_by_name(source: Any, what: str) -> None:
    with pytest.raises(FormatError, match=what):
        read_xes(source)


@pytest.mark.parametrize("value", ["1" + "0" * 308, "-1" + "0" * 400, "1" + "0" * 5000, "1e301"])
def test_numbers_beyond_all_measure_are_refused(value: str) -> None:
    kind = "float" if "e" in value else "int"
    with pytest.raises(FormatError, match=r"line 2: expected a finite number for 'n', got '-?1") as caught:
        read_xes(text_of(an_event(f'<{kind} key="n" value="{value}"/>')))
    assert len(str(caught.value)) < 200


def test_times_that_the_clocks_of_the_zone_skip_or_show_twice_are_refused() -> None:
    rome = LogProfile(columns={"ticket": "ticket", "at": "at"}, zone="Europe/Rome")
    assert read_xes(text_of(an_event(at="2024-07-01T10:00:00")), profile=rome).at.tolist() == [datetime(2024, 7, 1, 8)]
    for at, how in (("2024-03-31T02:30:00", "is skipped by"), ("2024-10-27T02:30:00", "comes twice on")):
        with pytest.raises(FormatError, match=f"line 2: {at.replace('T', ' ')} {how} the clocks of Europe/Rome"):
            read_xes(text_of(an_event(at=at)), profile=rome)


def test_an_empty_log_has_no_tickets() -> None:
    assert read_xes("<log/>").tickets == ()
    assert read_xes(write_xes(read_xes("<log/>"))).events == 0
    # a trace without events has no instant to stand at
    assert read_xes('<log><trace><string key="concept:name" value="a"/></trace></log>').tickets == ()


def test_limits_are_kept() -> None:
    text = write_xes(samples.tickets(5))
    with pytest.raises(FormatError, match=r"more than 1000 bytes, the limit \(max_bytes\)"):
        read_xes(text, max_bytes=1000)
    with pytest.raises(FormatError, match="max_bytes"):
        read_xes(gzip.compress(text.encode()), max_bytes=1000)
    deep = text_of(an_event("<list key='a'>" * 300 + "</list>" * 300))
    with pytest.raises(FormatError, match=r"more than 200 deep in each other, the limit \(max_depth\)"):
        read_xes(deep)
    for depth in (1, 2, 3):
        with pytest.raises(FormatError, match="max_depth"):
            read_xes(text, max_depth=depth)
    assert read_xes(text, max_depth=4).events > 0
    with pytest.raises(LogError, match="2 faults"):
        read_xes(text, max_bytes=0, max_depth=True)


def test_other_wrong_arguments_are_named() -> None:
    source: Any = 3
    with pytest.raises(TypeError, match="expected a path, the text of an XES log, its bytes or an open file, got int"):
        read_xes(source)
    with pytest.raises(UnknownIdError, match="generic"):
        read_xes("<log/>", profile="genric")
    with pytest.raises(LogError, match="expected 'ticket' as the header of ticket"):
        read_xes("<log/>", profile=LogProfile(columns={"ticket": "case", "at": "at"}))
    with pytest.raises(LogError, match="expected a path or an open file"):
        write_xes(samples.tickets(1), source)
    with pytest.raises(LogError, match="log: expected an EventLog"):
        write_xes(source)


def test_white_space_in_texts_comes_back() -> None:
    at = [datetime(2024, 3, 4, tzinfo=UTC)]
    log = EventLog.from_columns(ticket=["t"], at=at, note=["two\nlines\tand 'quotes' \"both\" <&> \r end"])
    assert read_xes(write_xes(log)) == log


def test_names_of_columns_that_are_taken_are_told_apart() -> None:
    inside = (
        '<string key="activity" value="b"/><string key="concept:name" value="a"/><string key="ticket" value="c"/>'
        '<string key="person" value="foreign"/><string key="org:resource" value="ann"/>'
    )
    log = read_xes(text_of(an_event(inside)))
    found = {name: column.tolist()[0] for name, column in log.to_columns().items() if name != "at"}
    assert found == {
        "ticket": "t1", "person": "ann", "activity": "a", "xes:activity": "b", "xes:ticket": "c", "xes:person": "foreign",
    }  # fmt: skip


@given(
    st.text(max_size=60)
    | st.binary(max_size=60)
    | st.text(alphabet="<>/logtraceevn=\"' key:", max_size=80).map("<log>{}</log>".format)
)
def test_any_text_or_bytes_give_a_log_or_an_error_of_leadkit(source: str | bytes) -> None:
    with contextlib.suppress(LeadkitError):
        assert isinstance(read_xes(source), EventLog)


@given(event_log(), st.data())
def test_a_file_cut_short_or_garbled_gives_a_log_or_an_error_of_leadkit(log: EventLog, data: st.DataObject) -> None:
    text = write_xes(log)
    place = data.draw(st.integers(0, len(text)))
    garbled = text[:place] + data.draw(st.text(max_size=3)) + text[place + data.draw(st.integers(0, 5)) :]
    with contextlib.suppress(LeadkitError):
        assert isinstance(read_xes(garbled.encode("utf-8", "replace")), EventLog)
