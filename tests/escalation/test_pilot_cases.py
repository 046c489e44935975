"""The cases of a pilot out of a log: by plain loops, one rule after another, wrong arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples
from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, LogError, UnknownIdError
from leadkit.escalation import EventLog, PilotOutcomes, evaluate_pilot, pilot_outcomes
from leadkit.testing.performance import desk_log

START = datetime(2024, 3, 4, 8, tzinfo=UTC)
NINE_TO_FIVE = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
Row = dict[str, Any]


def expected(log: EventLog, level: int, stratum: str | None, calendar: WorkCalendar | None) -> list[Row]:
    """Go through the events of each ticket up to its first resolving one."""
    columns = log.to_columns()
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    cases: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row["at"]):
        cases.setdefault(row["ticket"], []).append(row)
    found = []
    for events in cases.values():
        person = None
        for row in events:
            if person is None and row["level"] == level:
                person = row["person"]
            if row["status"] in ("resolved", "closed"):
                if person is not None and events[0]["domain"] is not None and row["level"] > 0:
                    start, end = (one["at"].astype(datetime).replace(tzinfo=UTC) for one in (events[0], row))
                    lasted = end - start if calendar is None else calendar.elapsed(start, end)
                    found.append(
                        {
                            "person": person,
                            "domain": events[0]["domain"],
                            "success": row["level"] == level,
                            "stratum": None if stratum is None else events[0][stratum] or "(none)",
                            "seconds": lasted.total_seconds(),
                            "csat": events[0]["csat"],
                        }
                    )
                break
    return found


@given(
    desk_log(complete=True),
    st.integers(1, 3),
    st.sampled_from((None, "contact", "domain")),
    st.sampled_from((None, NINE_TO_FIVE)),
)
def test_every_case_is_that_of_plain_loops(
    log: EventLog, level: int, stratum: str | None, calendar: WorkCalendar | None
) -> None:
    wanted = expected(log, level, stratum, calendar)
    if not wanted:
        with pytest.raises(EscalationError, match="pilot outcomes: no ticket of the log is resolved"):
            pilot_outcomes(log, stratum=stratum, level=level, calendar=calendar)
        return
    columns = {name: [row[name] for row in wanted] for name in wanted[0] if stratum is not None or name != "stratum"}
    if all(one is None for one in log.attribute("csat")):  # nobody said anything
        del columns["csat"]
    assert pilot_outcomes(log, stratum=stratum, level=level, calendar=calendar) == PilotOutcomes(**columns)


@given(desk_log(complete=True), st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(log: EventLog, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(log))
    again = EventLog.from_columns(**{name: column[order] for name, column in log.to_columns().items()})
    if expected(log, 1, None, None):
        assert pilot_outcomes(again) == pilot_outcomes(log)


def case(*events: tuple[str, int | None, str | None], **facts: Any) -> list[Row]:
    """Make a ticket of one event an hour."""
    names = ("status", "level", "person")
    facts = {"ticket": "t", "domain": "billing"} | facts
    return [
        dict(zip(names, one, strict=True)) | {"at": START + timedelta(hours=i)} | facts for i, one in enumerate(events)
    ]


def outcomes_of(*cases: list[Row], **options: Any) -> PilotOutcomes:
    return pilot_outcomes(EventLog.from_records([row for rows in cases for row in rows]), **options)


SOLVED = case(("new", 1, "ann"), ("resolved", 1, "ann"), ticket="solved")


def test_a_case_belongs_to_the_first_person_of_the_level() -> None:
    found = outcomes_of(case(("new", 1, None), ("assigned", 1, "ann"), ("in_progress", 1, "bo"), ("closed", 1, "cy")))
    assert (found.person, found.success.tolist()) == (("ann",), [1])


def test_a_case_solved_above_is_no_success_and_one_that_came_back_is() -> None:
    above = case(("new", 1, "ann"), ("assigned", 2, "bo"), ("resolved", 2, "bo"))
    back = case(("new", 1, "ann"), ("assigned", 2, "bo"), ("resolved", 1, "cy"), ticket="u")
    found = outcomes_of(above, back)
    assert (found.person, found.success.tolist()) == (("ann", "ann"), [0, 1])
    second = outcomes_of(above, back, level=2)
    assert (second.person, second.success.tolist()) == (("bo", "bo"), [0, 1])


def test_only_the_first_resolving_event_counts() -> None:
    found = outcomes_of(case(("new", 1, "ann"), ("resolved", 1, "ann"), ("reopened", 1, "ann"), ("resolved", 2, "bo")))
    assert found.success.tolist() == [1]
    assert found.seconds == pytest.approx([3600.0])


def test_who_comes_after_the_case_was_resolved_has_no_part_in_it() -> None:
    """Solved by specialists from the start; the first line closes it, or takes it when it is reopened."""
    late = case(("new", 2, "bo"), ("resolved", 2, "bo"), ("reopened", 1, "cy"), ("closed", 1, "cy"))
    assert outcomes_of(late, SOLVED).person == ("ann",)
    with pytest.raises(EscalationError, match="person at level 1"):
        outcomes_of(late)


@pytest.mark.parametrize(
    "left_out",
    [
        case(("new", 1, "ann"), ("in_progress", 1, "ann")),
        case(("new", 1, "ann"), ("cancelled", 1, "ann")),
        case(("new", 1, None), ("resolved", 1, None)),
        case(("new", 2, "ann"), ("resolved", 2, "ann")),
        case(("new", 1, "ann"), ("resolved", None, "ann")),
        case(("new", 1, "ann"), ("resolved", 1, "ann"), domain=None),
    ],
)
def test_what_cannot_be_told_is_left_out(left_out: list[Row]) -> None:
    assert outcomes_of(left_out, SOLVED).n_cases == 1
    with pytest.raises(EscalationError, match="no ticket of the log is resolved, has a domain and a person at level 1"):
        outcomes_of(left_out)


def test_the_domain_and_the_stratum_are_those_of_the_first_event() -> None:
    rows = case(("new", 1, "ann"), ("resolved", 1, "ann"), product="a")
    rows[1] |= {"domain": "login", "product": "b"}
    found = outcomes_of(rows, stratum="product")
    assert (found.domain, found.stratum) == (("billing",), ("a",))


def test_numbers_name_domains_and_strata_as_metrics_do() -> None:
    cases = [
        case(("new", 1, "ann"), ("resolved", 1, "ann"), ticket=str(i), queue=10 + i, weight=size)
        for i, size in enumerate((1.0, 2.5, None))
    ]
    found = outcomes_of(*cases, domain="queue", stratum="weight")
    assert (found.domain, found.stratum) == (("10", "11", "12"), ("1", "2.5", "(none)"))


@pytest.mark.parametrize("four", [4, "4", "4.0"])
def test_ratings_are_taken_in_numbers_or_as_the_texts_of_a_table(four: Any) -> None:
    rows = [
        case(("new", 1, "ann"), ("resolved", 1, "ann"), ticket=str(i), csat=csat) for i, csat in enumerate((four, None))
    ]
    found = outcomes_of(*rows)
    assert found.csat is not None
    assert np.array_equal(found.csat, [4.0, np.nan], equal_nan=True)
    with pytest.raises(LogError, match="expected a number from 1 to 5, got 'good'"):
        outcomes_of(case(("new", 1, "ann"), ("resolved", 1, "ann"), csat="good"))
    assert outcomes_of(SOLVED).csat is None


def test_working_time_is_that_of_the_calendar() -> None:
    """From 08:00 to 10:00 of a Monday, of which one hour is open."""
    rows = case(("new", 1, "ann"), ("in_progress", 1, "ann"), ("resolved", 1, "ann"))
    plain, open_hours = (outcomes_of(rows, calendar=calendar).seconds for calendar in (None, NINE_TO_FIVE))
    assert plain == pytest.approx([7200.0])
    assert open_hours == pytest.approx([3600.0])


def test_the_pilot_of_the_sample_finds_two_cells() -> None:
    evaluation = evaluate_pilot(pilot_outcomes(samples.tickets(), stratum="channel"))
    assert [(row.person, row.domain) for row in evaluation.cells if row.verdict == "train"] == [
        ("boris", "network"),
        ("emeka", "billing"),
    ]


# wrong arguments


LOG = EventLog.from_records(SOLVED)


@pytest.mark.parametrize("wrong", [None, "log", 3, SOLVED])
def test_what_is_no_log_is_refused(wrong: Any) -> None:
    with pytest.raises(LogError, match="log: expected an EventLog, got"):
        pilot_outcomes(wrong)


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong: Any = {"domain": 3, "stratum": "", "level": 0, "calendar": "9-5"}
    with pytest.raises(LogError, match="pilot outcomes: 7 faults") as raised:
        pilot_outcomes(EventLog.from_columns(ticket=["t"], at=[START]), **wrong)
    wheres = [fault.where for fault in raised.value.faults]
    assert wheres == ["domain", "stratum", "level", "calendar", "log", "log", "log"]
    assert all(f"expected a column {name}" in str(raised.value) for name in ("status", "level", "person"))


@pytest.mark.parametrize("level", [None, "1", 1.0, True, 0, -1, float("nan")])
def test_a_level_is_a_whole_number_from_1(level: Any) -> None:
    with pytest.raises(LogError, match="level: expected"):
        pilot_outcomes(LOG, level=level)


def test_a_level_that_nobody_has_finds_nothing() -> None:
    for level in (2, 2**40):
        with pytest.raises(EscalationError, match=f"person at level {level}"):
            pilot_outcomes(LOG, level=level)


def test_an_unknown_attribute_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownIdError, match=r"unknown column 'domian' \(did you mean 'domain'\?\)"):
        pilot_outcomes(LOG, domain="domian")
    with pytest.raises(UnknownIdError, match="unknown column 'product'"):
        pilot_outcomes(LOG, stratum="product")


def test_an_empty_log_has_no_pilot() -> None:
    empty = EventLog.from_columns(ticket=[], at=[], status=[], level=[], person=[], domain=[])
    with pytest.raises(EscalationError, match="no ticket of the log"):
        pilot_outcomes(empty)


def test_a_domain_that_is_no_id_is_refused() -> None:
    with pytest.raises(EscalationError, match=r"domain\[0\]: expected no space before or after the id, got ' billing'"):
        outcomes_of(case(("new", 1, "ann"), ("resolved", 1, "ann"), domain=" billing"))
