"""Event logs as comma-separated text: read in the words of a profile, written whole, and what is refused."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from leadkit.errors import FormatError, LogError, UnknownIdError
from leadkit.escalation.event_log import EventLog
from leadkit.escalation.profiles import PROFILES, STATUSES, LogProfile, profile_of
from leadkit.interchange.event_csv import read_event_csv, write_event_csv
from leadkit.testing.event_logs import event_logs, log_profile

START = datetime(2024, 3, 4, 8, tzinfo=UTC)
TEXT = """ticket,at,status,level,group,person,contact,domain
t1,2024-03-04T08:00:00Z,new,1,desk,ann,in,login
t1,2024-03-04T10:00:00+01:00,resolved,2,net,,out,login
t2,2024-03-04 09:30:00.5Z,new,,,,,
"""
LOG = EventLog.from_columns(
    ticket=["t1", "t1", "t2"],
    at=[START, START + timedelta(hours=1), START + timedelta(hours=1.5, microseconds=500_000)],
    status=["new", "resolved", "new"],
    level=[1, 2, 0],
    group=["desk", "net", None],
    person=["ann", None, None],
    contact=["in", "out", None],
    domain=["login", "login", None],
)
BPI = "case_id,ts_utc,status,substatus,line,group,resource,product\n"
MINUTE = "2024-03-04T08:00:00Z"


def test_a_table_is_read() -> None:
    assert read_event_csv(TEXT) == LOG


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_the_line_that_names_them(delimiter: str) -> None:
    text = TEXT.replace(",", delimiter)
    assert read_event_csv(text) == LOG
    assert read_event_csv(f"sep={delimiter}\r\n" + text.replace("\n", "\r\n")) == LOG


def test_a_path_bytes_and_open_files_are_read_packed_or_not(tmp_path: Path) -> None:
    data = ("\ufeff" + TEXT).encode()
    packed = gzip.compress(data)
    path = tmp_path / "log.csv"
    path.write_bytes(data)
    (tmp_path / "log.csv.gz").write_bytes(packed)
    sources: list[Any] = [path, str(path), tmp_path / "log.csv.gz", data, packed, io.BytesIO(data), io.BytesIO(packed)]
    sources += ["\ufeff" + TEXT, io.StringIO(TEXT), bytearray(data)]
    for source in sources:
        assert read_event_csv(source) == LOG
    with (
        path.open(encoding="utf-8-sig") as text,
        path.open("rb") as binary,
        gzip.open(tmp_path / "log.csv.gz") as unpacked,
    ):
        files: list[Any] = [text, binary, unpacked]
        for source in files:
            assert read_event_csv(source) == LOG
            assert not source.closed


def test_a_file_without_peek_is_read() -> None:
    class Pipe:
        def __init__(self, data: bytes) -> None:
            self._file = io.BytesIO(data)

        def read(self, size: int = -1) -> bytes:
            return self._file.read(size)

    source: Any = Pipe(TEXT.encode())
    assert read_event_csv(source) == LOG


def test_a_header_may_be_long() -> None:
    names = [f"x{i:03d}{'y' * 900}" for i in range(100)]
    log = read_event_csv(f"ticket,at,{','.join(names)}\na,{MINUTE},{','.join(names)}\n")
    assert [log.attribute(name).tolist() for name in names] == [[name] for name in names]
    with pytest.raises(FormatError, match="row 1: a line has 16777216 characters or more; is this a table"):
        read_event_csv(b"x" * 2**24)


def test_rows_with_nothing_in_them_are_left_out() -> None:
    assert read_event_csv(TEXT + ",,,,,,,\n , ,,,,,,\n,\n") == LOG


@pytest.mark.parametrize("name", ["cls", "self", "rows", "profile", "columns"])
def test_a_column_may_have_any_name(name: str) -> None:
    log = read_event_csv(f"ticket,at,{name}\na,{MINUTE},x\n")
    assert log.attribute(name).tolist() == ["x"]
    assert log.concat(EventLog.from_columns(ticket=[], at=[])) == log


def test_a_format_of_instants_that_cannot_be_is_refused_as_such() -> None:
    for form in ("%Q", "%", "%d%d"):
        own = LogProfile(columns={"ticket": "ticket", "at": "at"}, time_format=form, zone="UTC")
        with pytest.raises(
            FormatError, match=f"row 2, column 'at': expected an instant .* or {form}, got '04.03.2024'"
        ):
            read_event_csv("ticket,at\na,04.03.2024\n", profile=own)


def test_a_header_alone_is_a_log_of_nothing() -> None:
    log = read_event_csv("ticket,at,group\n")
    assert log == EventLog.from_columns(ticket=[], at=[], group=[])


def test_naive_times_are_those_of_the_zone() -> None:
    text = "ticket,at\na,2024-07-01T10:00\na,2024-07-01T10:00Z\n"
    log = read_event_csv(text, zone="Europe/Rome")
    assert log.at.tolist() == [datetime(2024, 7, 1, 8), datetime(2024, 7, 1, 10)]
    with pytest.raises(
        FormatError, match="row 2, column 'at': no time zone is known for 2024-07-01 10:00:00: give zone="
    ):
        read_event_csv(text)


def test_times_that_the_clocks_skip_or_show_twice_are_refused() -> None:
    text = "ticket,at\na,2024-03-31T02:30\na,2024-10-27T02:30\na,2024-10-27T02:30+01:00\n"
    with pytest.raises(FormatError) as caught:
        read_event_csv(text, zone="Europe/Rome")
    assert [fault.what for fault in caught.value.faults] == [
        "2024-03-31 02:30:00 is skipped by the clocks of Europe/Rome",
        "2024-10-27 02:30:00 comes twice on the clocks of Europe/Rome",
    ]


def test_instants_outside_the_years_of_utc_are_refused() -> None:
    with pytest.raises(FormatError, match="row 2, column 'at': expected a datetime that can be told in UTC"):
        read_event_csv("ticket,at\na,0001-01-01T00:00+05:00\n")


def test_the_statuses_of_bpi_2013() -> None:
    pairs = {
        ("Accepted", "In Progress"): "in_progress",
        ("Accepted", "Assigned"): "in_progress",
        ("Accepted", "Wait"): "waiting",
        ("Accepted", "Wait - User"): "waiting",
        ("Queued", "Awaiting Assignment"): "assigned",
        ("Unmatched", "Unmatched"): "in_progress",
        ("Completed", "Closed"): "resolved",
        ("Completed", "Cancelled"): "resolved",
        ("Completed", "Wait - User"): "resolved",
    }
    rows = [f"{i},{MINUTE},{status},{reason},2,V30,R0001,P1" for i, (status, reason) in enumerate(pairs)]
    log = read_event_csv(BPI + "\n".join(rows) + "\n", profile="bpi2013")
    assert log.column("status").tolist() == list(pairs.values())
    assert log.column("level").tolist() == [2] * len(pairs)
    assert log.column("person").tolist() == ["R0001"] * len(pairs)
    assert list(log.attributes) == ["product"]


def test_the_words_of_servicenow() -> None:
    text = (
        "number,sys_updated_at,incident_state,assignment_group,assigned_to,priority,category\n"
        "INC1,29/2/2016 01:16,New,Group 56,?,3 - Moderate,Category 55\n"
        "INC1,29/2/2016 02:16,Awaiting User Info,,Resolver 1,3 - Moderate,?\n"
        "INC1,29/2/2016 03:16,Closed,?,Resolver 1,2 - High,?\n"
    )
    log = read_event_csv(text, profile="servicenow", zone="UTC")
    assert log.column("status").tolist() == ["new", "waiting", "closed"]
    assert log.column("group").tolist() == ["Group 56", None, None]
    assert log.column("person").tolist() == [None, "Resolver 1", "Resolver 1"]
    assert log.column("category").tolist() == ["Category 55", None, None]
    assert log.attribute("priority").tolist() == ["3 - Moderate"]
    with pytest.raises(
        FormatError, match=r"row 4, column 'incident_state': 'Shut' is none of the profile's statuses: New,"
    ):
        read_event_csv(text.replace("Closed", "Shut"), profile="servicenow", zone="UTC")


def test_a_profile_of_ones_own() -> None:
    profile = LogProfile(
        columns={"ticket": "Case", "at": "When", "level": "Line", "status": ("State", "Why"), "raw": "State"},
        statuses={"*/n.a.": "new", "Done*": "resolved"},
        level={"L1": 1, "L2": 2},
        missing=("-",),
        time_format="%d.%m.%Y %H:%M",
        zone="Europe/Rome",
    )
    text = "Case;When;Line;State;Why\n1;01.07.2024 10:00;L2;Done;-\n1;01.07.2024 09:00;-;-;n.a.\n1;02.07.2024 09:00;L1;-;-\n"
    log = read_event_csv(text, profile=profile)
    assert log.column("status").tolist() == ["new", "resolved", None]
    assert log.column("level").tolist() == [None, 2, 1]
    assert log.column("raw").tolist() == [None, "Done", None]
    assert log.at[0].item() == datetime(2024, 7, 1, 7)
    with pytest.raises(
        FormatError, match=r"(?s)row 2, column 'When': expected an instant such as .* or %d.%m.%Y %H:%M, got"
    ):
        read_event_csv(text.replace("01.07.2024 10:00", "1 July"), profile=profile)
    with pytest.raises(FormatError, match="row 2, column 'Line': 'L3' is none of the profile's levels: L1, L2"):
        read_event_csv(text.replace("L2", "L3"), profile=profile)
    with pytest.raises(FormatError, match="the column 'Why' is missing"):
        read_event_csv(text.replace("Why", "Reason"), profile=profile)


def test_every_fault_is_reported_with_row_and_column() -> None:
    text = (
        "ticket,at,status,level,contact\n"
        f",{MINUTE},new,1,in\n"
        "a,yesterday,new,one,in\n"
        f"a,{MINUTE},new,1,phone\n"
        f"a,{MINUTE},new\n"
        "  \n"
        f'"a"b,{MINUTE},new,1,in\n'
        f"a\0,{MINUTE},new,-1,in\n"
    )
    with pytest.raises(FormatError) as caught:
        read_event_csv(text)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "ticket"),
        (3, "at"),
        (3, "level"),
        (4, "contact"),
        (5, None),
        (7, None),
        (8, "ticket"),
        (8, "level"),
    ]


def test_a_thousand_faults_are_counted_and_twenty_are_shown() -> None:
    text = "ticket,at\n" + "a,never\n" * 1000
    with pytest.raises(FormatError, match=r"1000 faults") as caught:
        read_event_csv(text)
    assert len(caught.value.faults) == 1000
    assert str(caught.value).count("row ") == 20


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "the file is empty; expected a header line like ticket,at,status,level,..."),
        ("\n\n", "the file is empty"),
        ("a,b\n1,2\n", "row 1: no column is known"),
        ("ticket,status\na,new\n", "the column 'at' is missing"),
        (
            "ticket,at,group,group,\na,b,c,d,e\n",
            "(?s)'group'.*is there more than once, as columns 3, 4.*column 5: has no name",
        ),
        ('ticket,at\n"a,b\n', "row 2: a quotation mark is opened and never closed"),
        (f"ticket,at\na,{'b' * 200_000}\n", "row 2: a cell is longer than 131072 characters"),
        ("ticket,at" + ",x" * 20_000 + "\n", "the header has 20002 columns, the limit is 16384"),
        (b"ticket,at\n\xff\n", "this is not utf-8 text: a byte of it is 0xff"),
        (b"\x1f\x8bnothing", "the gzip data cannot be unpacked"),
        ("no such file.csv", "no such file.csv cannot be read"),
        (f"ticket,at\na,{MINUTE}\na,{MINUTE}\na,{MINUTE}\n", "row 4: there are more than 2 rows below the header"),
    ],
)
def test_what_is_no_table_is_refused(source: Any, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_event_csv(source, max_rows=2)


def test_a_header_with_the_name_of_a_log_column_that_means_something_else_is_refused() -> None:
    text = f"number,sys_updated_at,group\nINC1,{MINUTE},a\n"
    with pytest.raises(FormatError, match="column 'group': has the name of a column of a log"):
        read_event_csv(text, profile="servicenow")


@pytest.mark.parametrize("cut", [20, -9])
def test_a_packed_file_that_is_cut_is_refused(cut: int) -> None:
    with pytest.raises(FormatError, match="the gzip data cannot be unpacked"):
        read_event_csv(gzip.compress(TEXT.encode())[:cut])


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="expected a path, the text of a table, its bytes or an open file, got int"):
        read_event_csv(3)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="unknown profile 'bpi2012'"):
        read_event_csv(TEXT, profile="bpi2012")
    with pytest.raises(LogError, match=r"(?s)zone: unknown time zone 'Europe/Rom'.*max_rows: expected a whole number"):
        read_event_csv(TEXT, zone="Europe/Rom", max_rows=True)
    with pytest.raises(LogError, match="max_rows: expected at least 1, got 0"):
        read_event_csv(TEXT, max_rows=0)
    with pytest.raises(LogError, match="zone: expected the name of a time zone, got 3"):
        read_event_csv(TEXT, zone=3)  # type: ignore[arg-type]
    with pytest.raises(LogError, match="log: expected an EventLog, got str"):
        write_event_csv(TEXT)  # type: ignore[arg-type]
    with pytest.raises(LogError, match=r"target: 'a\\x00b' is no path: embedded null byte"):
        write_event_csv(LOG, "a\0b")
    with pytest.raises(LogError, match="target: expected a path or an open file, got int"):
        write_event_csv(LOG, 3)  # type: ignore[arg-type]


@given(event_logs())
def test_a_log_survives_being_written_and_read(log: EventLog) -> None:
    assert read_event_csv(write_event_csv(log)) == log


def test_texts_that_a_spreadsheet_would_run_or_split_survive() -> None:
    texts = ["=1+1", "+a", "-b", "@c", "'=d", "#question", 'say "hi"', "a;b", "a\nb", " x ", "\t", "ä\u2028"]
    at = [START + timedelta(hours=hour) for hour in range(len(texts))]
    log = EventLog.from_columns(ticket=["=t"] * len(texts), at=at, note=texts, **{"=name": texts})
    text = write_event_csv(log)
    assert read_event_csv(text) == log
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))


def test_numbers_are_read_back_as_texts() -> None:
    log = EventLog.from_columns(ticket=["a", "a"], at=[START, START], csat=[4.5, None])
    assert read_event_csv(write_event_csv(log)).column("csat").tolist() == ["4.5", None]


def test_a_log_is_written_to_a_path_or_an_open_file(tmp_path: Path) -> None:
    path, packed = tmp_path / "log.csv", tmp_path / "log.csv.gz"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o640)
    text = write_event_csv(LOG, path)
    write_event_csv(LOG, str(packed))
    assert path.read_text(encoding="utf-8") == text == gzip.decompress(packed.read_bytes()).decode()
    assert path.stat().st_mode & 0o777 == 0o640
    first = packed.read_bytes()
    write_event_csv(LOG, packed)
    assert packed.read_bytes() == first
    files: list[Any] = [io.StringIO(), io.BytesIO()]
    for file in files:
        write_event_csv(LOG, file)
    assert files[0].getvalue() == files[1].getvalue().decode() == text
    assert sorted(one.name for one in tmp_path.iterdir()) == ["log.csv", "log.csv.gz"]


def test_a_log_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(OSError, match=r"log\.csv"):
        write_event_csv(LOG, tmp_path / "log.csv")
    assert [one.name for one in tmp_path.iterdir()] == ["log.csv"]


@given(log_profile())
def test_a_profile_is_a_value(profile: LogProfile) -> None:
    assert profile_of(profile) is profile
    assert (
        LogProfile(
            columns=profile.columns,
            statuses=profile.statuses,
            level=profile.level,
            missing=list(profile.missing),
            time_format=profile.time_format,
            zone=profile.zone,
        )
        == profile
    )


def test_the_profiles_are_those_of_known_logs() -> None:
    assert sorted(PROFILES) == ["bpi2013", "generic", "helpdesk", "servicenow"]
    assert profile_of("generic").status_of("anything") == "anything"
    with pytest.raises(LogError, match="text: expected a text, got None"):
        profile_of("generic").status_of(None)  # type: ignore[arg-type]


def test_the_statuses_are_those_of_tickets() -> None:
    tickets = pytest.importorskip("leadkit.escalation.tickets")
    assert set(STATUSES) == set(tickets.TRANSITIONS)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"columns": {"ticket": "a"}}, "columns: expected a header for 'at'"),
        ({"columns": "abc"}, "columns: expected a mapping of columns to headers, got 'abc'"),
        (
            {"columns": {"ticket": "a", "at": "b", 3: "c", "x": ()}},
            r"(?s)names of columns, got 3.*columns\['x'\]: expected a h",
        ),
        ({"statuses": {"Done": "done"}}, r"statuses\['Done'\]: expected one of new, .*got 'done'"),
        ({"statuses": ["Done"]}, "statuses: expected a mapping"),
        ({"level": {"L1": 0, 3: 1}}, r"(?s)level\['L1'\]: expected a level.*got 0.*level\[3\]: expected a text"),
        ({"level": "L1"}, "level: expected a mapping"),
        ({"missing": (3,)}, r"missing\[0\]: expected a text, got 3"),
        ({"missing": "?"}, r"missing: expected a list of texts, got '\?'"),
        ({"time_format": ""}, "time_format: expected a text that is not empty"),
        ({"zone": "Rome"}, "zone: unknown time zone 'Rome'"),
    ],
)
def test_what_is_no_profile_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(LogError, match=message):
        LogProfile(**({"columns": {"ticket": "a", "at": "b"}} | fields))


def test_the_log_of_incidents_survives_being_written_and_read(shared_data: Callable[[str], Path]) -> None:
    log = read_event_csv(shared_data("escalation/bpi2013_incidents.csv.gz"), profile="bpi2013")
    again = read_event_csv(write_event_csv(log))
    assert again == log
    assert np.array_equal(again.at, log.at)
