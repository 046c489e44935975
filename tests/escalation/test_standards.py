"""Standards and agreements: paths that fit or do not, and logs judged case by case."""

from __future__ import annotations

import copy
import json
import math
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.calendars import NEVER, WorkCalendar
from leadkit.errors import EscalationError, UnknownIdError
from leadkit.escalation.clocks import Contact, SlaClock, StatusChange, TicketHistory
from leadkit.escalation.event_log import ALL, EventLog, metrics
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.standards import (
    MEASURES,
    InternalAgreement,
    ServiceStandard,
    StandardRow,
    breach_risk,
    check_path,
    check_standards,
)
from leadkit.escalation.standards.cases import cases_of
from leadkit.interchange import json as interchange
from leadkit.testing.clocks import sla_clock, ticket_history

DESK = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
CLOSED = WorkCalendar([])
# a Monday
DAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour: float, day: int = 0) -> datetime:
    return DAY + timedelta(days=day, hours=hour)


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def promise(n: float = 8, **fields: Any) -> SlaClock:
    given: dict[str, Any] = {"kind": "resolution", "budget": hours(n), "calendar": DESK} | fields
    return SlaClock(**given)


def agreement(own: str, n: float, calendar: WorkCalendar = DESK, **fields: Any) -> InternalAgreement:
    given: dict[str, Any] = {"provider": own, "consumer": "desk", "measure": "work", "budget": hours(n)} | fields
    return InternalAgreement(id=own, calendar=calendar, **given)


FOUR_HOURS = timedelta(hours=4)


def standard(measure: str = "resolution", threshold: Any = FOUR_HOURS, **fields: Any) -> ServiceStandard:
    given: dict[str, Any] = {
        "id": measure,
        "critical_point": "solution",
        "target_share": 0.5,
        "unit": "",
        "owner": "ann",
    } | fields
    return ServiceStandard(measure=measure, threshold=threshold, **given)


def log_of(*rows: tuple[str, float, str | None, str | None], **attributes: Any) -> EventLog:
    return EventLog.from_columns(
        ticket=[row[0] for row in rows],
        at=[at(row[1]) for row in rows],
        status=[row[2] for row in rows],
        contact=[row[3] for row in rows],
        **attributes,
    )


def row_of(log: EventLog, own: ServiceStandard, now: float = 100, **options: Any) -> StandardRow:
    (row,) = check_standards(log, [own], now=at(now), **options).rows
    return row


def wilson(met: int, n: int) -> tuple[float, float]:
    """Wilson's interval as in the paper, with the 97.5 % quantile of the normal law."""
    z, p = 1.959963984540054, met / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


# paths


def test_agreements_run_one_after_another_each_in_its_own_calendar() -> None:
    lab = WorkCalendar.weekly({"mon-fri": "13:00-15:00"}, zone="UTC")
    found = check_path(promise(), [agreement("l1", 2), agreement("l2", 2, lab)], start=at(10))
    assert [(step.agreement, step.start, step.end) for step in found.steps] == [
        ("l1", at(10), at(12)),
        ("l2", at(12), at(15)),
    ]
    assert (found.fits, found.slack, found.due_at, found.end_at) == (True, hours(3), at(10, 1), at(15))


def test_slack_is_open_time_of_the_standards_calendar_and_negative_when_it_does_not_fit() -> None:
    night = WorkCalendar.weekly({"mon-fri": "22:00-24:00"}, zone="UTC")
    found = check_path(promise(4), [agreement("l1", 2), agreement("l2", 1, night)], start=at(9))
    assert (found.fits, found.slack, found.due_at, found.end_at) == (False, -hours(4), at(13), at(23))


def test_a_path_that_ends_at_the_due_instant_fits() -> None:
    found = check_path(promise(4), [agreement("l1", 4)], start=at(9))
    assert (found.fits, found.slack) == (True, hours(0))


def test_a_path_that_ends_in_closed_time_after_the_due_instant_does_not_fit_with_no_slack() -> None:
    found = check_path(promise(8), [agreement("l1", 10, WorkCalendar.always())], start=at(9))
    assert (found.fits, found.slack, found.end_at) == (False, hours(0), at(19))


def test_no_agreements_leave_the_whole_budget() -> None:
    found = check_path(promise(8), [], start=at(9))
    assert (found.fits, found.slack, found.steps, found.to_records()) == (True, hours(8), (), [])


def test_a_calendar_that_never_opens_never_comes_to_an_end() -> None:
    found = check_path(promise(), [agreement("l1", 1), agreement("l2", 1, CLOSED), agreement("l3", 1)], start=at(9))
    assert [step.end for step in found.steps] == [at(10), NEVER, NEVER]
    assert (found.fits, found.slack, found.end_at, found.flags) == (False, None, NEVER, ("never_done",))
    never_due = check_path(promise(calendar=CLOSED), [agreement("l1", 1)], start=at(9))
    assert (never_due.fits, never_due.slack, never_due.due_at, never_due.flags) == (True, None, NEVER, ("never_due",))
    neither = check_path(promise(calendar=CLOSED), [agreement("l1", 1, CLOSED)], start=at(9))
    assert (neither.fits, neither.flags) == (False, ("never_done", "never_due"))


@given(st.lists(st.integers(0, 600), max_size=5), st.integers(0, 3000), st.integers(0, 5000))
def test_in_one_calendar_slack_is_the_budget_less_those_of_the_agreements(
    parts: list[int], budget: int, start: int
) -> None:
    clock = promise(budget / 60)
    found = check_path(
        clock, [agreement(str(i), n / 60) for i, n in enumerate(parts)], start=DAY + timedelta(minutes=start)
    )
    assert found.slack == clock.budget - sum((hours(n / 60) for n in parts), hours(0))
    if found.slack:
        assert found.fits == (found.slack > hours(0))


def test_a_path_refuses_what_is_none() -> None:
    with pytest.raises(EscalationError, match="standard_clock: expected a SlaClock"):
        check_path(None, [], start=at(9))  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="path: 2 faults"):
        check_path(promise(), [agreement("l1", 1), None], start=None)  # type: ignore[list-item, arg-type]
    with pytest.raises(EscalationError, match="agreements: expected a list"):
        check_path(promise(), None, start=at(9))  # type: ignore[arg-type]


# models


def test_all_faults_of_a_standard_come_at_once() -> None:
    with pytest.raises(EscalationError, match="7 faults") as caught:
        ServiceStandard(
            id="",
            critical_point=" x",
            measure="resolution",
            threshold=4.0,
            target_share=1.5,
            unit=None,  # type: ignore[arg-type]
            owner=None,  # type: ignore[arg-type]
            variant="",
        )
    assert "target_share: expected at most 1, got 1.5" in str(caught.value)


@pytest.mark.parametrize(
    ("measure", "threshold", "match"),
    [
        ("resolution", -hours(1), "threshold: expected at least 0"),
        ("resolution", 4, "threshold: expected a timedelta, got 4.0"),
        ("time_to_resolve_median", 4, "threshold: expected a timedelta"),
        ("first_line_share", hours(1), "threshold: expected a number"),
        ("first_line_share", 1.2, "threshold: expected a share from 0 to 1, got 1.2"),
        ("backlog", -1, "threshold: expected at least 0, got -1"),
        ("backlog", math.nan, "threshold: expected a finite number"),
        ("backlog", True, "threshold: expected a number, got True"),
    ],
)
def test_a_threshold_is_of_the_kind_that_the_measure_needs(measure: str, threshold: Any, match: str) -> None:
    with pytest.raises(EscalationError, match=match):
        standard(measure, threshold)


@pytest.mark.parametrize("share", [0, -0.1, 1.1, math.nan, None, "0.9", True])
def test_a_target_share_is_above_0_and_at_most_1(share: Any) -> None:
    for make in (lambda: standard(target_share=share), lambda: agreement("l1", 1, target_share=share)):
        with pytest.raises(EscalationError, match="target_share"):
            make()


def test_a_measure_that_is_not_known_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown measure 'resoluton' .did you mean 'resolution'"):
        standard("resoluton")
    with pytest.raises(EscalationError, match="measure: expected a text"):
        standard(None)  # type: ignore[arg-type]


def test_all_faults_of_an_agreement_come_at_once() -> None:
    with pytest.raises(EscalationError, match="agreement '': 6 faults"):
        InternalAgreement(id="", provider="", consumer=None, measure="", budget=3, calendar=None)  # type: ignore[arg-type]


def test_every_metric_and_every_clock_is_a_measure() -> None:
    clocks = {"first_response", "next_response", "resolution"}
    assert set(MEASURES) == set(ALL) | clocks


def test_shares_and_times_are_the_metrics_of_that_unit() -> None:
    log = log_of(("a", 9, "new", "in"), ("a", 10, "resolved", None), level=[1, 1], csat=[4, 4])
    for metric in metrics(log, now=at(12)):
        assert (MEASURES[metric.id].judged == "share") == (metric.unit == "share"), metric.id
        assert MEASURES[metric.id].is_time == (metric.unit == "hours"), metric.id


# clocks on a log


def test_a_clock_counts_cases_met_late_undecided_and_cancelled() -> None:
    log = log_of(
        ("met", 9, "new", None),
        ("met", 13, "resolved", None),
        ("late", 9, "new", None),
        ("late", 14, "resolved", None),
        ("open late", 9, "new", None),
        ("open", 19, "new", None),
        ("cancelled", 9, "new", None),
        ("cancelled", 10, "cancelled", None),
        ("cancelled late", 9, "new", None),
        ("cancelled late", 15, "cancelled", None),
        ("later", 30, "new", None),
    )
    row = row_of(log, standard(), now=20)
    assert (row.n, row.met, row.share, row.target, row.kept) == (4, 1, 0.25, 0.5, False)
    assert (row.undecided, row.excluded, row.flags) == (1, 1, ())
    assert row.interval == pytest.approx(wilson(1, 4), rel=1e-12)
    assert row_of(log, standard(target_share=0.25), now=20).kept


def test_clocks_count_plain_time_without_a_calendar_and_working_time_with_one() -> None:
    log = log_of(("a", 16, "new", None), ("a", 33, "resolved", None))
    assert row_of(log, standard()).met == 0
    assert row_of(log, standard(), calendar=DESK).met == 1


def test_pauses_and_reopenings_are_those_asked_for() -> None:
    log = log_of(
        ("a", 9, "new", None),
        ("a", 10, "waiting", None),
        ("a", 20, "resolved", None),
        ("a", 30, "reopened", None),
        ("a", 31, "resolved", None),
    )
    assert row_of(log, standard(), now=20).met == 1
    assert row_of(log, standard(), now=20, pause_statuses=()).met == 0
    assert row_of(log, standard()).met == 0
    assert row_of(log, standard(), on_reopen="restart").met == 1


def test_responses_are_counted_by_ticket_and_by_exchange() -> None:
    log = log_of(
        ("a", 9, "new", "in"),
        ("a", 10, None, "out"),
        ("a", 11, None, "in"),
        ("a", 17, None, "out"),
        ("a", 18, None, "in"),
    )
    assert (row_of(log, standard("first_response"), now=19).met, row_of(log, standard("first_response"), now=19).n) == (
        1,
        1,
    )
    row = row_of(log, standard("next_response"), now=19)
    assert (row.n, row.met, row.undecided) == (2, 1, 1)


def test_a_missing_column_is_named_and_nothing_counts_as_empty() -> None:
    log = EventLog.from_columns(ticket=["a"], at=[at(9)])
    for measure, column in (("resolution", "status"), ("next_response", "contact"), ("first_response", "contact")):
        row = row_of(log, standard(measure))
        assert (row.n, row.kept, row.interval, row.undecided, row.flags) == (0, None, None, 0, (f"needs:{column}",))
        assert math.isnan(row.share)
    empty = EventLog.from_columns(ticket=[], at=[], status=[], contact=[])
    for measure in ("resolution", "next_response", "first_response"):
        assert row_of(empty, standard(measure)).flags == ("empty",)


def test_a_log_with_contacts_alone_tells_first_responses_and_one_with_statuses_alone_too() -> None:
    contacts = EventLog.from_columns(ticket=["a", "a"], at=[at(9), at(10)], contact=["in", "out"])
    statuses = EventLog.from_columns(ticket=["a", "a"], at=[at(9), at(10)], status=["new", "in_progress"])
    assert row_of(contacts, standard("first_response")).met == 1
    assert row_of(statuses, standard("first_response")).met == 1


# metrics on a log


def metric_log() -> EventLog:
    return log_of(
        ("a", 9, "new", "in"),
        ("a", 10, "resolved", None),
        ("b", 9, "new", "in"),
        ("b", 12, "resolved", None),
        ("b", 13, "reopened", None),
        ("b", 14, "resolved", None),
        level=[1, 1, 1, 2, 2, 2],
        csat=[5, 5, 2, 2, 2, 2],
    )


def test_a_share_of_which_more_is_better_has_to_reach_the_threshold() -> None:
    row = row_of(metric_log(), standard("first_line_share", 0.5))
    assert (row.n, row.met, row.share, row.target, row.value, row.kept) == (2, 1, 0.5, 0.5, 0.5, True)
    assert not row_of(metric_log(), standard("first_line_share", 0.51)).kept


def test_a_share_of_which_less_is_better_must_not_exceed_the_threshold() -> None:
    row = row_of(metric_log(), standard("reopened_share", 0.6))
    assert (row.n, row.met, row.share, row.target, row.value, row.kept) == (2, 1, 0.5, 0.4, 0.5, True)
    assert not row_of(metric_log(), standard("reopened_share", 0.4)).kept


def test_a_single_number_is_judged_by_its_value() -> None:
    row = row_of(metric_log(), standard("time_to_resolve_mean_resolved", hours(2)))
    assert (row.n, row.met, row.value, row.kept, row.flags) == (None, None, 2.0, True, ("judged_by_value",))
    assert not row_of(metric_log(), standard("time_to_resolve_mean_resolved", hours(1.9))).kept
    assert row_of(metric_log(), standard("csat_mean", 3.5)).kept
    assert not row_of(metric_log(), standard("csat_mean", 3.6)).kept
    assert not row_of(metric_log(), standard("reopenings", 0)).kept


def test_a_metric_that_cannot_be_told_is_neither_kept_nor_not() -> None:
    row = row_of(metric_log(), standard("ping_pong_share", 0.1))
    assert (row.kept, row.flags) == (None, ("needs:group",))
    assert math.isnan(row.share)
    needs = row_of(metric_log(), standard("first_contact_resolution", 0.1))
    assert needs.flags == ("needs:reopen_window",)
    assert row_of(metric_log(), standard("first_contact_resolution", 0.1), reopen_window=hours(2)).met == 1


def test_every_flag_is_explained() -> None:
    assert {"empty", "judged_by_value", "needs", "never_done", "never_due"} <= ESCALATION_FLAGS.keys()


# reports


def test_a_report_is_sorted_by_id_whatever_the_order_of_standards() -> None:
    own = [standard("first_line_share", 0.5), standard(), standard("backlog", 3)]
    report = check_standards(metric_log(), own, now=at(100))
    assert [row.standard for row in report.rows] == ["backlog", "first_line_share", "resolution"]
    assert report == check_standards(metric_log(), own[::-1], now=at(100))
    assert report.flags == ("judged_by_value",)


def test_a_report_becomes_plain_python() -> None:
    report = check_standards(metric_log(), [standard(), standard("ping_pong_share", 0.1)], now=at(100))
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["rows"][1]["n"] == 2
    records = report.to_records()
    json.dumps(records, allow_nan=False)
    assert records[0]["flags"] == "needs:group"
    assert records[0]["low"] is None
    assert records[1]["low"] == pytest.approx(wilson(1, 2)[0], rel=1e-12)
    assert "resolution" in report._repr_html_()
    for value in (
        report,
        report.rows[0],
        check_path(promise(), [agreement("l1", 1)], start=at(9)),
        standard(),
        agreement("l1", 1),
    ):
        for again in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):  # noqa: S301
            assert again == value


def test_a_path_becomes_plain_python() -> None:
    found = check_path(promise(), [agreement("l1", 1)], start=at(9))
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["slack"] == 7 * 3600
    assert json.loads(json.dumps(found.to_records(), allow_nan=False))[0]["agreement"] == "l1"
    assert "l1" in found._repr_html_()
    never = check_path(promise(calendar=CLOSED), [], start=at(9))
    assert (never.to_dict()["slack"], never.to_dict()["due_at"]) == (None, None)


def test_a_report_refuses_what_is_none() -> None:
    log = metric_log()
    with pytest.raises(EscalationError, match="log: expected an EventLog"):
        check_standards(None, [], now=at(9))  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="standards: 2 faults"):
        check_standards(log, [None], now=datetime(2026, 3, 2))  # type: ignore[list-item]
    with pytest.raises(EscalationError, match="'resolution' is there more than once"):
        check_standards(log, [standard(), standard()], now=at(9))
    for bad in ({"calendar": 3}, {"pause_statuses": "waiting"}, {"on_reopen": "x"}, {"pause_statuses": None}):
        with pytest.raises(EscalationError, match="service clock"):
            check_standards(log, [standard()], now=at(9), **bad)
    with pytest.raises(EscalationError):
        check_standards(log, [standard("first_line_share", 0.5)], now=at(9), reopen_window=3)  # type: ignore[arg-type]


# the log and the histories tell the same


def as_log(histories: list[TicketHistory]) -> EventLog:
    rows: list[tuple[str, datetime, str | None, str | None]] = []
    for lived in histories:
        rows += [(lived.ticket, change.at, change.status, None) for change in lived.changes]
        rows += [(lived.ticket, contact.at, None, contact.direction) for contact in lived.contacts]
    ticket, when, status, contact = zip(*rows, strict=True)
    return EventLog.from_columns(ticket=ticket, at=when, status=status, contact=contact)


@st.composite
def lives(draw: st.DrawFn) -> list[TicketHistory]:
    found = draw(st.lists(ticket_history(), min_size=1, max_size=4))
    return [attrs.evolve(lived, ticket=f"t{place}") for place, lived in enumerate(found)]


@given(sla_clock(), lives(), st.data())
def test_a_log_is_measured_as_its_histories_are_read(
    clock: SlaClock, histories: list[TicketHistory], data: st.DataObject
) -> None:
    events = [change.at for lived in histories for change in lived.changes]
    now = data.draw(st.sampled_from(events)) + timedelta(minutes=data.draw(st.sampled_from((0, 1, 60, 4000, 40_000))))
    log = as_log(histories)
    cases = cases_of(log, clock, now)
    last = dict(zip(cases.ticket.tolist(), range(cases.ticket.size), strict=True))
    for lived in histories:
        reading = clock.read(lived, now)
        case = last.get(log.tickets.index(lived.ticket))
        if case is None:
            assert reading.state == "not_started"
            continue
        assert reading.started_at is not None
        assert cases.start[case].item() == reading.started_at.replace(tzinfo=None)
        assert cases.limit[case].item() == (reading.ended_at or now).replace(tzinfo=None)
        assert bool(cases.is_cancelled[case]) == ("cancelled" in reading.flags)
        assert bool(cases.is_ended[case]) == (reading.ended_at is not None and not reading.flags)
        assert cases.worked[case].item() == reading.elapsed
        assert bool(cases.is_late[case]) == (reading.state == "breached")


@given(lives(), st.data())
def test_shuffled_rows_change_no_report(histories: list[TicketHistory], data: st.DataObject) -> None:
    own = [standard(), standard("first_response"), standard("next_response"), standard("reopened_share", 0.5)]
    now = max(change.at for lived in histories for change in lived.changes)
    report = check_standards(as_log(histories), own, now=now)
    assert report == check_standards(as_log(data.draw(st.permutations(histories))), own, now=now)
    for row in report.rows:
        assert row.n is not None
        assert row.met is not None
        assert 0 <= row.met <= row.n
        if row.interval is not None:
            assert row.interval[0] <= row.share <= row.interval[1]


def test_exchanges_of_a_log_are_those_that_a_reading_goes_through() -> None:
    changes = [StatusChange(at(9), "new"), StatusChange(at(15), "waiting"), StatusChange(at(16), "in_progress")]
    directions: Any = ((10, "in"), (11, "out"), (12, "in"), (13, "in"), (17, "out"), (18, "in"))
    contacts = [Contact(at(h), direction) for h, direction in directions]
    lived = TicketHistory(ticket="a", changes=changes, contacts=contacts)
    clock = promise(4, kind="next_response", calendar=WorkCalendar.always())
    cases = cases_of(as_log([lived]), clock, at(20))
    readings = [clock.read(lived, at(h)) for h in (11, 17, 20)]
    assert cases.worked.tolist() == [reading.elapsed for reading in readings] == [hours(1), hours(4), hours(2)]
    assert cases.is_ended.tolist() == [True, True, False]
    assert np.array_equal(cases.ticket, [0, 0, 0])


@pytest.mark.parametrize(
    ("measure", "threshold"), [("resolution", FOUR_HOURS), ("reopened_share", 0.25), ("backlog", 3.0)]
)
def test_a_standard_comes_back_from_plain_data_and_json(measure: str, threshold: Any) -> None:
    own = standard(measure, threshold, variant="offered")
    assert ServiceStandard.from_dict(json.loads(json.dumps(own.to_dict(), allow_nan=False))) == own
    assert interchange.loads(interchange.dumps(own), ServiceStandard) == own


def test_all_that_is_wrong_with_the_data_of_a_standard_is_told() -> None:
    data = standard().to_dict() | {"threshold": "4h", "target_share": 2, "ownr": "ann"}
    with pytest.raises(EscalationError, match="unknown key 'ownr'"):
        ServiceStandard.from_dict(data)
    del data["ownr"]
    with pytest.raises(EscalationError, match="standard: 2 faults") as caught:
        ServiceStandard.from_dict(data)
    assert {fault.where for fault in caught.value.faults} == {"threshold", "target_share"}
    with pytest.raises(EscalationError, match="standard: expected a table"):
        ServiceStandard.from_dict(None)  # type: ignore[arg-type]


def test_a_report_is_dated_in_utc() -> None:
    now = at(100).astimezone(timezone(timedelta(hours=5)))
    log = log_of(("a", 0, "new", None))
    assert check_standards(log, [], now=now).now.utcoffset() == timedelta(0)
    assert breach_risk(log, [], promise(), by=(), now=now).now.utcoffset() == timedelta(0)
