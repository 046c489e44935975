"""The event log: columns in, sorted codes, columns out; and what it refuses."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import LogError, UnknownIdError
from leadkit.escalation.event_log import EventLog, TextColumn, as_of, handovers, runs_of, ticket_table
from leadkit.escalation.event_log.ticket_table import TicketTable
from leadkit.testing.event_logs import event_log, event_logs

START = datetime(2024, 3, 4, 8, tzinfo=UTC)


def at(*hours: float) -> list[datetime]:
    return [START + timedelta(hours=hour) for hour in hours]


def log_of(**columns: Any) -> EventLog:
    n = len(columns["at"])
    return EventLog.from_columns(**({"ticket": ["t"] * n} | columns))


def test_a_code_that_is_the_place_of_no_word_is_refused() -> None:
    with pytest.raises(LogError) as caught:
        TextColumn(np.array([0, 2, -2]), ("a", "b"))
    assert [fault.where for fault in caught.value.faults] == ["codes[1]", "codes[2]"]
    assert "2 is no place of a word, expected -1..1" in str(caught.value)


def test_events_are_sorted_by_first_event_of_the_ticket_then_id_instant_and_given_order() -> None:
    log = EventLog.from_columns(
        ticket=["z", "b", "a", "z", "b", "b"],
        at=at(5, 1, 1, 0, 3, 3),
        group=["6", "3", "2", "1", "4", "5"],
    )
    assert log.tickets == ("z", "a", "b")
    assert log.column("group").tolist() == ["1", "6", "2", "3", "4", "5"]
    assert log.starts.tolist() == [0, 2, 3, 6]
    assert log.ticket.tolist() == [0, 0, 1, 2, 2, 2]
    assert log.events == len(log) == 6


def test_texts_are_kept_as_codes_into_sorted_words_and_missing_is_minus_one() -> None:
    log = log_of(at=at(0, 1, 2, 3), group=["b", None, "", "a"], level=[2, None, 0, float("nan")])
    assert log.group == TextColumn(np.array([1, -1, -1, 0]), ("a", "b"))
    assert log.group is not None
    assert log.group.codes.dtype == np.int32
    assert log.level is not None
    assert log.level.tolist() == [2, 0, 0, 0]
    assert log.column("level").tolist() == [2, None, None, None]
    assert log.status is None


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_datetime64_is_taken_as_utc(unit: str) -> None:
    instants = np.array(["2024-03-04T08:00:00", "2024-03-04T09:00:00"], dtype=f"M8[{unit}]")
    assert log_of(at=instants) == log_of(at=at(0, 1)) == log_of(at=list(instants))


def test_an_offset_is_taken_into_account() -> None:
    elsewhere = START.astimezone(timezone(timedelta(hours=5)))
    assert log_of(at=[elsewhere]).at.tolist() == [START.replace(tzinfo=None)]


def test_arrays_of_numpy_and_lists_of_numpy_scalars_are_columns_too() -> None:
    plain = log_of(at=at(0, 1), person=["ann", "bo"], level=[1, 2], csat=[4.0, 5.0])
    arrays = log_of(at=at(0, 1), person=np.array(["ann", "bo"]), level=np.array([1, 2]), csat=np.array([4, 5]))
    scalars = log_of(
        at=tuple(at(0, 1)),
        person=np.array(["ann", "bo"], dtype=object),
        level=[np.int16(1), np.float64(2)],
        csat=list(np.array([4.0, 5.0])),
    )
    assert plain == arrays == scalars


def test_an_attribute_of_a_ticket_is_that_of_its_first_event() -> None:
    log = EventLog.from_columns(
        ticket=["a", "a", "b"], at=at(0, 1, 2), domain=["net", "apps", None], csat=[None, 5, 3], level=[1, 2, 0]
    )
    assert log.attribute("domain").tolist() == ["net", None]
    assert log.attribute("csat").tolist() == [None, 3.0]
    assert log.attribute("level").tolist() == [1, None]
    with pytest.raises(UnknownIdError, match=r"unknown column 'domian' \(did you mean 'domain'\?\)"):
        log.attribute("domian")


def test_columns_come_out_as_they_went_in() -> None:
    log = log_of(at=at(0, 1), status=["new", None], level=[1, 0], domain=["net", None], csat=[None, 5])
    columns = log.to_columns()
    assert list(columns) == ["ticket", "at", "status", "level", "domain", "csat"]
    assert columns["status"].tolist() == ["new", None]
    assert columns["at"].dtype == "M8[us]"
    assert columns["level"].tolist() == [1, 0]
    assert np.array_equal(columns["csat"], [np.nan, 5], equal_nan=True)


def test_records_are_rows_of_columns() -> None:
    rows = [{"ticket": "a", "at": START, "group": "desk"}, {"ticket": "b", "at": START, "domain": "net"}]
    log = EventLog.from_records(rows)
    assert log.column("group").tolist() == ["desk", None]
    assert log.column("domain").tolist() == [None, "net"]
    assert EventLog.from_records([]) == EventLog.from_columns(ticket=[], at=[])


def test_records_are_read_in_the_words_of_a_profile() -> None:
    rows = [
        {"number": "1", "sys_updated_at": "29/2/2016 01:16", "incident_state": "Awaiting Vendor", "csat": 4},
        {"number": "1", "sys_updated_at": "2016-02-29T02:16:00+00:00", "incident_state": "?", "csat": float("nan")},
    ]
    with pytest.raises(LogError, match=r"rows\[0\], 'sys_updated_at': no time zone is known"):
        EventLog.from_records(rows, profile="servicenow")
    rows[0]["sys_updated_at"] = datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    log = EventLog.from_records(rows, profile="servicenow")
    assert log.column("status").tolist() == ["waiting", None]
    assert log.column("csat").tolist() == [4.0, None]


def test_places_of_tickets() -> None:
    log = EventLog.from_columns(ticket=["b", "a"], at=at(0, 1))
    assert log.places(["a", "b"]).tolist() == [1, 0]
    with pytest.raises(UnknownIdError, match="unknown ticket 'c'"):
        log.places(["c"])


def test_a_mask_keeps_events_and_no_more_words_than_they_use() -> None:
    log = EventLog.from_columns(ticket=["a", "b", "a"], at=at(0, 1, 2), group=["x", "y", "z"])
    kept = log.where(log.at > log.at[0])
    assert kept == EventLog.from_columns(ticket=["b", "a"], at=at(1, 2), group=["y", "z"])
    assert log.where([True] * 3) == log
    for mask in ([True], [1, 0, 1], [[True] * 3], None):
        with pytest.raises(LogError, match="mask: expected 3 truth values"):
            log.where(mask)  # type: ignore[arg-type]


def test_joining_logs_keeps_the_columns_of_either() -> None:
    one = EventLog.from_columns(ticket=["a", "b"], at=at(0, 1), group=["x", "y"], size=[1.0, 2.0])
    other = EventLog.from_columns(ticket=["a"], at=at(0), level=[2], size=[None])
    joined = one.concat(other)
    assert joined.column("group").tolist() == ["x", None, "y"]
    assert joined.column("level").tolist() == [None, 2, None]
    assert joined.column("size").tolist() == [1.0, None, 2.0]
    with pytest.raises(LogError, match="size: expected texts in both logs or numbers in both"):
        one.concat(EventLog.from_columns(ticket=["a"], at=at(0), size=["big"]))
    with pytest.raises(LogError, match="other: expected an EventLog, got list"):
        one.concat([])  # type: ignore[arg-type]


def test_a_log_as_of_an_instant_has_the_events_up_to_and_including_it() -> None:
    log = EventLog.from_columns(ticket=["a", "a", "b"], at=at(0, 1, 2))
    assert as_of(log, at(1)[0]).events == 2
    assert as_of(log, log.at[2]) == log
    assert as_of(log, at(-1)[0]).tickets == ()
    for wrong, what in ((None, "None"), (np.datetime64("NaT"), "NaT"), (datetime(2024, 1, 1), "without one"), (3, "3")):
        with pytest.raises(LogError, match=f"t: expected .*{what}"):
            as_of(log, wrong)  # type: ignore[arg-type]


def test_runs_join_neighbours_and_leave_out_what_is_missing() -> None:
    log = log_of(at=at(*range(7)), group=["a", None, "a", "b", "a", "c", "a"], level=[1, 0, 2, 2, 1, 3, 0])
    assert log.group is not None
    assert log.level is not None
    runs = runs_of(log, log.group)
    assert runs.value.tolist() == [0, 1, 0, 2, 0]
    assert runs.event.tolist() == [0, 3, 4, 5, 6]
    assert int(runs.returns.sum()) == 2
    levels = runs_of(log, log.level)
    assert levels.value.tolist() == [1, 2, 1, 3]
    assert (int(levels.rises.sum()), int(levels.falls.sum())) == (2, 1)


def test_handovers_count_steps_between_groups_people_and_levels() -> None:
    log = EventLog.from_columns(
        ticket=["a", "a", "a", "b"], at=at(0, 1, 2, 3), group=["x", "y", "x", "y"], level=[2, 10, 2, 1]
    )
    table = handovers(log)
    assert table.to_records() == [
        {"source": "x", "target": "y", "count": 1},
        {"source": "y", "target": "x", "count": 1},
    ]
    assert [row["source"] for row in handovers(log, of="level").to_records()] == ["2", "10"]
    assert "y" in table._repr_html_()
    assert table.to_dict()["of"] == "group"
    assert handovers(log.where(log.ticket == 1)).flags == ("empty",)
    with pytest.raises(LogError, match="person: expected a log with this column"):
        handovers(log, of="person")
    with pytest.raises(LogError, match="of: expected one of 'group', 'person', 'level', got 'team'"):
        handovers(log, of="team")  # type: ignore[arg-type]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ticket": ["a", None, ""]}, r"ticket\[1\]: expected a ticket id, got none\n  ticket\[2\]"),
    ({"ticket": ["a", 3, " b"]}, r"ticket\[1\]: expected a text, got 3\n  ticket\[2\]: expected no space"),
    ({"at": [START, None, datetime(2024, 1, 1)]}, r"at\[1\]: expected an instant, got None\n  at\[2\].* time zone"),
    (
        {"at": [START, date(2024, 1, 1), "2024"]},
        r"at\[1\]: expected a datetime, got .*\n  at\[2\]: expected a datetime",
    ),
    ({"at": np.array(["2024", "NaT", "2024"], dtype="M8[us]")}, r"at\[1\]: expected an instant, got NaT"),
    ({"at": [np.datetime64("NaT"), START, START]}, r"at\[0\]: expected an instant, got NaT"),
    ({"at": np.array([0, 0, 20_000], dtype="M8[Y]")}, r"at\[2\]: expected an instant of the years 1 to 9999"),
    ({"at": [0, 0, 0]}, "3 faults"),
    ({"at": [START]}, "expected columns of one length, got ticket 3, at 1"),
    ({"at": START}, "at: expected a column of values"),
    ({"ticket": "abc"}, "ticket: expected a column of values, got 'abc'"),
    ({"group": np.zeros((3, 2))}, "group: expected a column of values, got 2 dimensions"),
    ({"group": {"a", "b", "c"}}, "group: expected a column of values"),
    ({"group": ["a", ["b"], 1.5]}, r"group\[1\]: expected a text, got \['b'\]\n  group\[2\]: expected a text, got 1.5"),
    ({"person": [True, "a", "b\n"]}, r"person\[0\]: expected a text, got True\n  person\[2\]: expected no"),
    ({"level": [1, True, "2"]}, r"level\[1\]: expected a level.*got True\n  level\[2\]: .*got '2'"),
    ({"level": np.array([1, -1, 2**40])}, r"level\[1\].*got -1\n  level\[2\].*got 1099511627776"),
    ({"level": np.array([1, -1, np.nan])}, r"level\[1\].*got -1\.0$"),
    ({"group": np.array([1.5, np.nan, 2])}, r"group\[0\]: expected a text, got .*1\.5.*\n  group\[2\]"),
    ({"size": np.array([1.5, np.nan, np.inf])}, r"size\[2\]: expected a finite number"),
    ({"level": [-1, 1.5, 2**40]}, r"level\[0\].*got -1\n  level\[1\].*got 1.5\n  level\[2\]"),
    ({"level": [1, 2, float("inf")]}, r"level\[2\]: expected a level, a whole number from 1, got inf"),
    ({"contact": ["in", "phone", None]}, r"contact\[1\]: expected one of 'in', 'out' or nothing, got 'phone'"),
    ({"size": [1, "big", None]}, r"size\[0\]: expected a text, got 1"),
    ({"size": [1, True, None]}, r"size\[1\]: expected a text or a number, got True"),
    ({"size": [1, float("inf"), 10**400]}, r"size\[0\]"),
    ({"size": ["a", "\0", "\ud800"]}, r"size\[1\]: expected a text without NUL.*\n  size\[2\]"),
    ({" size": ["a", "b", "c"]}, "column ' size': expected no space"),
]


@pytest.mark.parametrize(("columns", "message"), WRONG)
def test_what_is_no_log_is_refused_with_its_place(columns: dict[str, Any], message: str) -> None:
    given_columns: dict[str, Any] = {"ticket": ["a", "b", "c"], "at": at(0, 1, 2)} | columns
    with pytest.raises(LogError, match=f"(?s){message}"):
        EventLog.from_columns(**given_columns)


def test_parts_that_do_not_fit_are_refused() -> None:
    instants = np.zeros(2, dtype="M8[us]")
    with pytest.raises(
        LogError, match=r"(?s)level: expected 2 values, one an event, got 1.*starts: expected the places"
    ):
        EventLog(tickets=("a",), starts=np.array([0, 1]), at=instants, level=np.array([1]))
    for starts in ([], [0, 1, 1, 2], [1, 2], [0]):
        with pytest.raises(LogError, match="starts: expected the places from 0 to 2"):
            EventLog(tickets=("a",), starts=np.array(starts), at=instants)


def test_all_faults_are_reported_together() -> None:
    with pytest.raises(LogError) as caught:
        EventLog.from_columns(ticket=[None, 3], at=[None, START], level=["x", 1], group=[[], "a"])
    assert [fault.where for fault in caught.value.faults] == ["ticket[1]", "at[0]", "level[0]", "group[0]"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (None, "rows: expected rows of names and values, got None"),
        ("abc", "rows: expected rows"),
        ([{"ticket": "a", "at": START}, 3], r"rows\[1\]: expected a mapping of names to values, got 3"),
        ([{3: "a"}], r"rows\[0\]: expected names of columns, got 3"),
        ([{"at": START}], "expected columns of one length, got ticket 0, at 1"),
    ],
)
def test_what_are_no_records_is_refused(rows: Any, message: str) -> None:
    with pytest.raises(LogError, match=message):
        EventLog.from_records(rows)


def test_records_with_other_values_than_texts_and_numbers_are_refused() -> None:
    rows = [{"number": "1", "sys_updated_at": START, "vip": True, "size": 2}]
    with pytest.raises(LogError, match=r"rows\[0\], 'vip': expected a text or a number, got True"):
        EventLog.from_records(rows, profile="servicenow")
    own = [{"ticket": "1", "at": START, "level": 2.0, "size": 2}]
    log = EventLog.from_records(own, profile="generic")
    assert log.column("level").tolist() == [2]
    assert log.column("size").tolist() == [2.0]


def test_a_profile_that_is_none_is_refused() -> None:
    rows = [{"number": ["1"], "sys_updated_at": True}]
    with pytest.raises(LogError, match=r"rows\[0\], 'number': expected a text, got \['1'\]"):
        EventLog.from_records(rows, profile="servicenow")
    with pytest.raises(UnknownIdError, match="unknown profile 'service'"):
        EventLog.from_records(rows, profile="service")
    with pytest.raises(LogError, match="profile: expected a LogProfile or the name of one, got 3"):
        EventLog.from_records(rows, profile=3)  # type: ignore[arg-type]


@given(event_logs())
def test_a_log_survives_its_columns_records_pickle_and_copy(log: EventLog) -> None:
    columns = log.to_columns()
    assert EventLog.from_columns(**columns) == log
    assert pickle.loads(pickle.dumps(log)) == log == copy.deepcopy(log)  # noqa: S301 - our own bytes
    assert not log.at.flags.writeable
    assert not log.starts.flags.writeable
    names = list(columns)
    if log.events:
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        assert EventLog.from_records(rows) == log


@given(event_log(distinct=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(log: EventLog, rng: Any) -> None:
    order = list(range(log.events))
    rng.shuffle(order)
    assert EventLog.from_columns(**{name: column[order] for name, column in log.to_columns().items()}) == log


@given(event_logs(), st.data())
def test_a_log_cut_in_two_joins_again(log: EventLog, data: st.DataObject) -> None:
    mask = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(log.tickets), max_size=len(log.tickets))), dtype=bool
    )
    chosen = mask[log.ticket]
    assert log.where(chosen).concat(log.where(~chosen)) == log


@given(event_logs())
def test_the_table_of_tickets_agrees_with_plain_loops(log: EventLog) -> None:
    table = ticket_table(log)
    columns = log.to_columns()
    n = log.events
    for place, own in enumerate(log.tickets):
        events = [i for i in range(n) if columns["ticket"][i] == own]
        groups = [columns["group"][i] for i in events if columns["group"][i]] if "group" in columns else []
        runs = [g for i, g in enumerate(groups) if i == 0 or groups[i - 1] != g]
        levels = [columns["level"][i] for i in events if columns["level"][i]] if "level" in columns else []
        ups = sum(b > a for a, b in pairwise(levels))
        downs = sum(b < a for a, b in pairwise(levels))
        statuses = [(columns["status"][i], i) for i in events if columns["status"][i]] if "status" in columns else []
        ends = [i for status, i in statuses if status in {"resolved", "closed"}]
        reopened = sum(
            a[0] in {"resolved", "closed"} and b[0] not in {"resolved", "closed", "cancelled"}
            for a, b in pairwise(statuses)
        )
        assert table.n_events[place] == len(events)
        assert table.group_changes[place] == max(len(runs) - 1, 0)
        assert table.ping_pong[place] == sum(runs[i] == runs[i - 2] for i in range(2, len(runs)))
        assert table.bounce[place] == len(runs) - len(set(runs))
        assert (table.level_ups[place], table.level_downs[place]) == (ups, downs)
        assert table.highest_level[place] == max(levels, default=0)
        assert table.resolving_event[place] == (ends[0] if ends else -1)
        assert table.reopenings[place] == reopened
        assert table.is_open[place] == (not statuses or statuses[-1][0] not in {"resolved", "closed", "cancelled"})
        assert table.was_waiting[place] == any(status == "waiting" for status, _ in statuses)
    records = table.to_records()
    assert [row["ticket"] for row in records] == list(log.tickets)
    again: TicketTable = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
    assert np.array_equal(again.reopenings, table.reopenings)


def test_a_log_takes_at_most_forty_bytes_an_event() -> None:
    n = 1000
    words = [str(i % 7) for i in range(n)]
    log = log_of(at=at(*range(n)), status=words, level=[1] * n, group=words, person=words, contact=[None] * n)
    arrays = [
        log.at,
        log.starts,
        log.level,
        *(one.codes for one in (log.status, log.group, log.person, log.contact) if one),
    ]
    assert sum(one.nbytes for one in arrays if one is not None) <= 40 * n


def test_instants_are_no_attributes() -> None:
    with pytest.raises(LogError, match=r"due\[0\]: expected a text or a number, got datetime"):
        log_of(at=at(0), due=np.array(["2024-03-04"], dtype="datetime64[us]"))


def test_places_are_those_of_known_tickets() -> None:
    log = EventLog.from_columns(ticket=["b", "a"], at=at(0, 1))
    assert log.places(["a", "b", "a"]).tolist() == [1, 0, 1]
    for ids in (3, "a", None):
        with pytest.raises(LogError, match="ids: expected a list of ticket ids, got "):
            log.places(ids)  # type: ignore[arg-type]
    for unknown in ("c", 3, ["a"]):
        with pytest.raises(UnknownIdError, match=r"unknown ticket .*; known: a, b"):
            log.places([unknown])  # type: ignore[list-item]
