"""Metrics of a log: every definition on a case worked by hand, then laws and bad input."""

from __future__ import annotations

import json
import math
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadkit.errors import LogError, UnknownIdError
from leadkit.escalation.event_log import ALL, EventLog, Metric, as_of, handovers, metrics, ticket_table
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.testing.event_logs import event_log, event_logs

START = datetime(2024, 3, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)

Row = tuple[str, float, str | None, int, str | None, str | None]


def log_of(rows: list[Row], **attributes: list[Any]) -> EventLog:
    ticket, hours, status, level, group, person = zip(*rows, strict=True)
    at = [START + timedelta(hours=hour) for hour in hours]
    return EventLog.from_columns(
        ticket=ticket, at=at, status=status, level=level, group=group, person=person, **attributes
    )


DESK = log_of(
    [
        # resolved at once on the first line
        ("a", 0, "new", 1, "desk", "ann"),
        ("a", 1, "resolved", 1, "desk", "ann"),
        ("a", 2, "closed", 1, "desk", "ann"),
        # up, down and up again, waits, resolved on level 2, reopened, resolved on level 1
        ("b", 0, "new", 1, "desk", "ann"),
        ("b", 1, "assigned", 2, "net", "bo"),
        ("b", 2, "waiting", 1, "desk", "ann"),
        ("b", 5, "resolved", 2, "net", "bo"),
        ("b", 30, "in_progress", 2, "apps", "bo"),
        ("b", 31, "resolved", 1, "desk", "ann"),
        # never resolved
        ("c", 10, "new", 1, "desk", None),
        ("c", 12, None, 0, None, "cy"),
        # cancelled
        ("d", 20, "new", 0, "net", "cy"),
        ("d", 24, "cancelled", 0, "net", "cy"),
    ],
    domain=["login", "login", "login", *["net"] * 6, "login", "login", None, None],
)


def one(log: EventLog, name: str, **options: Any) -> Metric:
    (found,) = metrics(log, (name,), **options)
    return found


@pytest.mark.parametrize(
    ("name", "value", "numerator", "denominator", "excluded"),
    [
        ("first_line_share", 2 / 3, 2, 3, 1),
        ("first_line_resolution", 1 / 2, 1, 2, 2),
        ("single_group_resolution", 1 / 4, 1, 4, 0),
        ("single_person_share", 3 / 4, 3, 4, 0),
        ("reopened_share", 1 / 2, 1, 2, 2),
        ("reopenings", 1, 1, None, 0),
        ("group_changes", 5, 5, None, 0),
        ("group_changes_per_ticket", 5 / 4, 5, 4, 0),
        ("ping_pong", 2, 2, None, 0),
        ("ping_pong_share", 1 / 4, 1, 4, 0),
        ("bounce", 3, 3, None, 0),
        ("bounce_share", 1 / 4, 1, 4, 0),
        ("level_ups", 2, 2, None, 0),
        ("level_up_share", 1 / 4, 1, 4, 0),
        ("level_downs", 2, 2, None, 0),
        ("level_down_share", 1 / 4, 1, 4, 0),
        ("waiting_share", 1 / 4, 1, 4, 0),
        ("calls_addressed", 13, 13, None, 0),
        ("backlog", 1, 1, None, 0),
        ("time_to_resolve_mean_resolved", 3.0, 6.0, 2, 2),
    ],
)
def test_a_case_worked_by_hand(
    name: str, value: float, numerator: float, denominator: int | None, excluded: int
) -> None:
    found = one(DESK, name)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert (found.numerator, found.denominator, found.excluded) == (numerator, denominator, excluded)
    assert found.group == ()
    assert found.flags == ()
    assert len(found.definition) > 10


def test_the_sequence_of_groups_by_hand() -> None:
    # desk net desk net apps desk: five steps, two returns after one stay, three returns to any earlier group
    table = ticket_table(DESK)
    place = table.tickets.index("b")
    assert [int(table.group_changes[place]), int(table.ping_pong[place]), int(table.bounce[place])] == [5, 2, 3]


def test_open_tickets_are_censored_at_now_and_cancelled_ones_when_they_were_cancelled() -> None:
    table = ticket_table(DESK)
    assert dict(zip(table.tickets, table.hours.tolist(), strict=True)) == {"a": 1, "b": 5, "c": 21, "d": 4}
    later = ticket_table(DESK, now=START + timedelta(hours=110))
    assert dict(zip(later.tickets, later.hours.tolist(), strict=True)) == {"a": 1, "b": 5, "c": 100, "d": 4}
    # S: 3/4 at 1 hour with four at risk, then d leaves at 4 hours, then 3/4 * 1/2 at 5 hours
    median = one(DESK, "time_to_resolve_median")
    assert (median.value, median.numerator, median.denominator, median.censored) == (5, 2, 4, 2)
    p90 = one(DESK, "time_to_resolve_p90")
    assert math.isnan(p90.value)
    assert p90.flags == ("not_reached",)


def test_a_reopening_later_than_the_window_is_none() -> None:
    assert one(DESK, "reopenings", reopen_window=timedelta(hours=24)).value == 0
    assert one(DESK, "reopenings", reopen_window=timedelta(hours=25)).value == 1
    assert one(DESK, "reopened_share", reopen_window=timedelta(hours=24)).numerator == 0


def test_the_second_of_two_resolutions_starts_the_window_of_reopening() -> None:
    log = log_of(
        [("t", hour, status, 1, "desk", "ann") for hour, status in enumerate(("resolved", "closed", "reopened"))]
    )
    assert one(log, "reopenings", reopen_window=timedelta(hours=1)).value == 1


def test_a_closed_ticket_that_was_never_called_resolved_is_resolved() -> None:
    log = log_of([("t", 0, "new", 1, "desk", "ann"), ("t", 2, "closed", 2, "desk", "ann")])
    assert one(log, "time_to_resolve_mean_resolved").value == 2
    assert one(log, "first_line_resolution").value == 0


def contact_log() -> EventLog:
    rows: list[tuple[str, int, str | None, str | None]] = [
        ("once", 0, "new", "in"),
        ("once", 5, "resolved", "out"),
        ("twice", 0, "new", "in"),
        ("twice", 3, "in_progress", "in"),
        ("twice", 5, "resolved", None),
        ("again", 0, "new", "in"),
        ("again", 1, "resolved", None),
        ("again", 24, "reopened", None),
        ("late", 0, "new", "in"),
        ("late", 95, "resolved", None),
        ("silent", 0, "new", None),
        ("silent", 1, "resolved", None),
        ("outgoing", 0, "new", "out"),
        ("outgoing", 1, "resolved", None),
        ("open", 0, "new", "in"),
        ("open", 100, "waiting", None),
    ]
    ticket, hours, status, contact = zip(*rows, strict=True)
    return EventLog.from_columns(
        ticket=ticket, at=[START + timedelta(hours=hour) for hour in hours], status=status, contact=contact
    )


def test_first_contact_resolution_needs_one_contact_and_an_observed_window_without_reopening() -> None:
    found = one(contact_log(), "first_contact_resolution", reopen_window=DAY)
    # counted are once, twice, again and outgoing; late is not observed, silent has no contact, open is not resolved
    assert (found.numerator, found.denominator, found.excluded) == (1, 4, 3)
    short = one(contact_log(), "first_contact_resolution", reopen_window=timedelta(hours=5))
    assert (short.numerator, short.denominator) == (3, 5)
    without = one(contact_log(), "first_contact_resolution")
    assert math.isnan(without.value)
    assert without.flags == ("needs:reopen_window",)


def test_satisfaction_is_the_rating_of_the_first_event() -> None:
    rows: list[Row] = [(name, hour, "new", 1, "desk", "ann") for hour, name in enumerate("aabcd")]
    for csat in ([5, 1, 4, 2, None], ["5", "1", "4", "2", ""]):
        log = log_of(rows, csat=list(csat))
        top2, mean = one(log, "csat_top2"), one(log, "csat_mean")
        assert (top2.numerator, top2.denominator, top2.excluded) == (2, 3, 1)
        assert mean.value == pytest.approx(11 / 3)
    with pytest.raises(LogError, match=r"csat of ticket 'a': expected a number from 1 to 5, got 6\.0"):
        one(log_of(rows, csat=[6, 1, 4, 2, None]), "csat_mean")
    with pytest.raises(LogError, match=r"(?s)2 faults.*csat of ticket 'a'.*got 'good'.*csat of ticket 'c'.*got '0'"):
        one(log_of(rows, csat=["good", "1", "4", "0", ""]), "csat_top2")


def test_the_interval_of_a_share_is_wilsons() -> None:
    found = one(DESK, "first_line_share")
    expected = stats.binomtest(2, 3).proportion_ci(method="wilson")
    assert found.interval == pytest.approx((expected.low, expected.high), rel=1e-12)
    none, all_ = (
        one(DESK.where(DESK.ticket == 2), "waiting_share"),
        one(DESK.where(DESK.ticket == 0), "first_line_share"),
    )
    assert none.interval is not None
    assert none.interval[0] == 0
    assert all_.interval is not None
    assert all_.interval[1] == 1


def test_the_interval_of_a_mean_is_students() -> None:
    found = one(DESK, "time_to_resolve_mean_resolved")
    expected = stats.ttest_1samp([1.0, 5.0], 0).confidence_interval(0.95)
    assert found.interval == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert one(DESK.where(DESK.ticket == 0), "time_to_resolve_mean_resolved").interval is None
    assert one(DESK, "reopenings").interval is None


def test_groups_are_those_of_the_first_event_and_sorted_with_none_last() -> None:
    found = metrics(DESK, ("first_line_share", "backlog"), by=("domain",))
    assert [(metric.id, metric.group) for metric in found] == [
        ("first_line_share", ("login",)),
        ("first_line_share", ("net",)),
        ("first_line_share", (None,)),
        ("backlog", ("login",)),
        ("backlog", ("net",)),
        ("backlog", (None,)),
    ]
    assert [metric.denominator for metric in found[:3]] == [2, 1, 0]
    assert found[2].flags == ("empty",)
    assert math.isnan(found[2].value)
    assert [metric.value for metric in found[3:]] == [1, 0, 0]


def test_levels_and_numbers_group_in_order_of_size() -> None:
    rows: list[Row] = [(str(i), i, "new", level, "desk", "ann") for i, level in enumerate((10, 2, 0))]
    log = log_of(rows, size=[2.5, 10, None])
    assert [metric.group for metric in metrics(log, "backlog", by=("level",))] == [("2",), ("10",), (None,)]
    assert [metric.group for metric in metrics(log, "backlog", by="size")] == [("2.5",), ("10",), (None,)]
    pairs = [metric.group for metric in metrics(log, "backlog", by=("size", "level"))]
    assert pairs == [("2.5", "10"), ("10", "2"), (None, None)]


def test_calls_addressed_by_person_are_different_tickets_with_an_event_of_theirs() -> None:
    by_person = {metric.group[0]: metric.value for metric in metrics(DESK, "calls_addressed", by="person")}
    assert by_person == {"ann": 2, "bo": 1, "cy": 2, None: 1}
    by_group = {metric.group[0]: metric.value for metric in metrics(DESK, "calls_addressed", by="group")}
    assert by_group == {"apps": 1, "desk": 7, "net": 4, None: 1}
    both = {metric.group: metric.value for metric in metrics(DESK, "calls_addressed", by=("domain", "person"))}
    assert both[None, "cy"] == 1
    assert both["login", "cy"] == 1


def test_later_events_than_now_count_as_not_happened() -> None:
    now = START + timedelta(hours=10)
    assert metrics(DESK, now=now) == metrics(as_of(DESK, now), now=now)
    assert one(DESK, "reopenings", now=now).value == 0
    assert one(DESK, "single_person_share", now=np.datetime64("2024-03-04T18:00")).denominator == 3


def test_a_metric_without_its_column_is_nan_and_says_so() -> None:
    bare = EventLog.from_columns(ticket=["a"], at=[START])
    for metric in metrics(bare):
        if metric.id != "calls_addressed":
            assert math.isnan(metric.value)
            assert metric.flags
            assert all(flag.startswith("needs:") for flag in metric.flags)
    assert one(bare, "first_line_resolution").flags == ("needs:status", "needs:level")
    assert {flag.partition(":")[0] for metric in metrics(bare) for flag in metric.flags} <= set(ESCALATION_FLAGS)


def test_an_empty_log_counts_nothing() -> None:
    empty = EventLog.from_columns(ticket=[], at=[], status=[], level=[], group=[], person=[], contact=[], csat=[])
    for metric in metrics(empty, reopen_window=DAY):
        if metric.denominator is None:
            assert metric.value == 0
        else:
            assert math.isnan(metric.value)
            assert metric.flags == ("empty",)
            assert metric.interval is None
    assert metrics(empty, by=("group",)) == ()


def test_the_ids_are_those_of_the_table() -> None:
    assert set(ALL) == {
        "first_line_share",
        "first_line_resolution",
        "single_group_resolution",
        "single_person_share",
        "first_contact_resolution",
        "time_to_resolve_median",
        "time_to_resolve_p90",
        "time_to_resolve_mean_resolved",
        "reopened_share",
        "reopenings",
        "group_changes",
        "group_changes_per_ticket",
        "ping_pong",
        "ping_pong_share",
        "bounce",
        "bounce_share",
        "level_ups",
        "level_up_share",
        "level_downs",
        "level_down_share",
        "waiting_share",
        "calls_addressed",
        "csat_top2",
        "csat_mean",
        "backlog",
    }
    assert [metric.id for metric in metrics(DESK)] == list(ALL)


def test_unknown_ids_raise_with_the_nearest_known() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown metric 'ping_ponk' \(did you mean 'ping_pong'\?\)"):
        metrics(DESK, ("ping_ponk",))
    with pytest.raises(UnknownIdError, match=r"unknown column 'persn' \(did you mean 'person'\?\)"):
        metrics(DESK, by=("persn",))
    with pytest.raises(UnknownIdError, match="unknown column 'contact'"):
        metrics(DESK, by="contact")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ids": None}, "ids: expected a list of names, got None"),
        ({"ids": (3,)}, r"ids\[0\]: expected a name, got 3"),
        ({"ids": ("bounce", "bounce")}, "ids: 'bounce' is there more than once"),
        ({"by": 3}, "by: expected a list of names, got 3"),
        ({"now": datetime(2024, 1, 1)}, "now: expected a datetime with a time zone"),
        ({"now": "today"}, "now: expected a datetime, got 'today'"),
        ({"now": np.datetime64("NaT")}, "now: expected"),
        ({"reopen_window": 3}, "reopen_window: expected a timedelta of at least 0, got 3"),
        ({"reopen_window": -DAY}, "reopen_window: expected a timedelta of at least 0"),
        ({"now": 1, "reopen_window": 3}, "2 faults"),
        ({"log": []}, "log: expected an EventLog, got list"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(LogError, match=message):
        metrics(**({"log": DESK} | options))


def test_the_longest_window_there_is() -> None:
    assert one(DESK, "reopenings", reopen_window=timedelta.max).value == 1
    assert one(contact_log(), "first_contact_resolution", reopen_window=timedelta.max).denominator == 0


def test_metrics_become_plain_values() -> None:
    found = metrics(DESK, by=("domain",))
    assert json.loads(json.dumps([metric.to_dict() for metric in found], allow_nan=False))[2]["group"] == [None]
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    assert "definition" in found[0]._repr_html_()
    rows = ticket_table(DESK).to_records()
    json.dumps(rows, allow_nan=False)
    assert rows[0]["resolved_at"] == "2024-03-04T09:00:00"


def values(log: EventLog, **options: Any) -> dict[tuple[str, tuple[str | None, ...]], Metric]:
    return {(metric.id, metric.group): metric for metric in metrics(log, reopen_window=DAY, **options)}


@given(event_log(distinct=True), st.permutations(range(5)))
def test_renaming_tickets_changes_no_metric(log: EventLog, order: list[int]) -> None:
    columns = log.to_columns()
    names = {own: f"x{order[place]}" for place, own in enumerate(log.tickets)}
    columns["ticket"] = np.array([names[own] for own in columns["ticket"]] + [None], dtype=object)[:-1]
    renamed = EventLog.from_columns(**columns)
    others = values(renamed)
    for key, metric in values(log).items():
        other = others[key]
        assert (metric.numerator, metric.denominator) == pytest.approx((other.numerator, other.denominator))
        assert metric.value == pytest.approx(other.value, nan_ok=True)


@given(event_logs())
def test_laws_of_movement(log: EventLog) -> None:
    found = {metric.id: metric for metric in metrics(log)}
    if log.group is not None:
        assert found["ping_pong"].value <= found["bounce"].value <= found["group_changes"].value
        assert not found["ping_pong_share"].value > found["bounce_share"].value
        assert handovers(log).count.sum() == found["group_changes"].value
    for metric in found.values():
        if metric.unit == "share" and not math.isnan(metric.value):
            assert metric.interval is not None
            assert 0 <= metric.interval[0] <= metric.value <= metric.interval[1] <= 1


@given(event_logs(), event_logs())
def test_joining_logs_of_different_tickets_adds_counts(one_log: EventLog, other_log: EventLog) -> None:
    columns = other_log.to_columns()
    columns["ticket"] = np.array([f"other {own}" for own in columns["ticket"]] + [None], dtype=object)[:-1]
    other_log = EventLog.from_columns(**columns)
    joined, parts = values(one_log.concat(other_log)), [values(one_log), values(other_log)]
    for key, metric in joined.items():
        counts = [part[key].value for part in parts]
        if metric.unit == "count" and not np.isnan(counts).any():
            assert metric.value == sum(counts)


@given(event_log(distinct=True), st.sampled_from(["domain", "person", "level"]))
def test_groups_add_up_to_the_whole(log: EventLog, column: str) -> None:
    if not log.has(column):
        return
    groups, whole = values(log, by=(column,)), values(log)
    for (name, _), metric in whole.items():
        if name == "calls_addressed" or math.isnan(metric.value) or metric.numerator is None:
            continue
        parts = [part for (own, _), part in groups.items() if own == name]
        assert sum(part.numerator or 0 for part in parts) == pytest.approx(metric.numerator)
        assert sum(part.denominator or 0 for part in parts) == (metric.denominator or 0)
