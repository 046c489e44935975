"""Complaints, the indicators of recovery, and the playbook."""

from __future__ import annotations

import json
import math
import pickle
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, UnknownIdError
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.recovery import AuthorityLimit, Complaint, RecoveryPlaybook, RecoveryStep, recovery_indicators
from leadkit.testing.pilot import complaint, complaints

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 30 * DAY
WINDOW = 7 * DAY
IDS = (
    "sought_share",
    "proactive_share",
    "acknowledged_share",
    "acknowledge_median",
    "apology_share",
    "resolved_share",
    "recovery_median",
    "root_cause_known_share",
    "root_cause_fixed_share",
    "symptom_only_share",
    "recurrence_rate",
    "post_recovery_satisfaction",
    "satisfaction_change",
)


def told(own: str, at: datetime = MONDAY, **fields: Any) -> Complaint:
    return Complaint(**{"id": own, "received_at": at, "source": "volunteered", **fields})


def read(*given_complaints: Complaint, now: datetime = NOW, **options: Any) -> dict[str, Metric]:
    found = recovery_indicators(given_complaints, now=now, **{"recurrence_window": WINDOW, **options})
    assert tuple(metric.id for metric in found) == IDS
    return {metric.id: metric for metric in found}


def counts(metric: Metric) -> tuple[float | None, int | None]:
    return metric.numerator, metric.denominator


# the complaint


def test_instants_are_kept_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    one = told("c1", datetime(2026, 3, 2, 11, tzinfo=east), resolved_at=datetime(2026, 3, 2, 12, tzinfo=east))
    assert one == told("c1", MONDAY, resolved_at=MONDAY + HOUR)
    assert one.received_at.tzinfo is UTC


@pytest.mark.parametrize("stage", ["cause_fixed_at", "acknowledged_at", "apologised_at", "resolved_at"])
def test_no_stage_comes_before_the_complaint_unless_it_was_detected(stage: str) -> None:
    with pytest.raises(EscalationError, match=f"complaint 'c1': {stage}: .* is before the complaint was received"):
        told("c1", cause="cable", **{stage: MONDAY - HOUR})
    early = told("c1", cause="cable", source="detected", **{stage: MONDAY - HOUR})
    assert getattr(early, stage) == MONDAY - HOUR
    assert getattr(told("c1", cause="cable", **{stage: MONDAY}), stage) == MONDAY


def test_all_faults_of_a_complaint_at_once() -> None:
    with pytest.raises(EscalationError) as caught:
        Complaint(
            id=" c1",
            received_at=datetime(2026, 3, 2),
            ticket="",
            source="volunteerd",  # type: ignore[arg-type]
            cause=3,  # type: ignore[arg-type]
            cause_fixed_at="monday",
            acknowledged_at=MONDAY.date(),
            symptom_only=1,  # type: ignore[arg-type]
            satisfaction_before=math.nan,
            satisfaction_after=True,
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "id: expected no space before or after the id, got ' c1'",
        "received_at: expected a datetime with a time zone, got 2026-03-02T00:00:00 without one",
        "ticket: expected a text that is not empty, got ''",
        "source: expected one of 'sought', 'volunteered', 'detected', got 'volunteerd' (did you mean 'volunteered'?)",
        "cause: expected a text that is not empty, got 3",
        "cause_fixed_at: expected a datetime, got 'monday'",
        "acknowledged_at: expected a datetime, got datetime.date(2026, 3, 2)",
        "symptom_only: expected True or False, got 1",
        "satisfaction_before: expected a finite number, got nan",
        "satisfaction_after: expected a number, got True",
    ]
    with pytest.raises(EscalationError, match="received_at: expected a datetime, got None"):
        told("c1", None)  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="cause_fixed_at: expected None, as the cause is not known"):
        told("c1", cause_fixed_at=MONDAY)


@given(complaint())
def test_a_complaint_is_a_value_that_travels(one: Complaint) -> None:
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
    assert Complaint.from_dict(json.loads(json.dumps(one.to_dict(), allow_nan=False))) == one


def test_a_complaint_from_wrong_data() -> None:
    with pytest.raises(EscalationError, match=r"complaint: .*\n.*unknown key 'colour'|unknown key 'colour'"):
        Complaint.from_dict({"id": "c1", "received_at": MONDAY.isoformat(), "source": "sought", "colour": "red"})


# shares and medians


def test_every_indicator_of_four_complaints() -> None:
    found = read(
        told(
            "a",
            source="sought",
            acknowledged_at=MONDAY + HOUR,
            apologised_at=MONDAY + HOUR,
            resolved_at=MONDAY + 4 * HOUR,
        ),
        told("b", source="detected", acknowledged_at=MONDAY - HOUR, resolved_at=MONDAY + 6 * HOUR, cause="cable"),
        told("c", cause="queue", cause_fixed_at=MONDAY + DAY, apologised_at=MONDAY + HOUR, symptom_only=True),
        told("d", acknowledged_at=MONDAY + 3 * HOUR, resolved_at=MONDAY + 8 * HOUR),
    )
    assert {own: counts(found[own]) for own in IDS[:10]} == {
        "sought_share": (1, 4),
        "proactive_share": (1, 4),
        "acknowledged_share": (3, 4),
        "acknowledge_median": (3, 4),
        "apology_share": (1, 3),
        "resolved_share": (3, 4),
        "recovery_median": (3, 4),
        "root_cause_known_share": (2, 4),
        "root_cause_fixed_share": (1, 2),
        "symptom_only_share": (1, 4),
    }
    assert found["acknowledged_share"].value == 0.75
    ends = stats.binomtest(3, 4).proportion_ci(method="wilson")
    assert found["acknowledged_share"].interval == pytest.approx((ends.low, ends.high))
    assert (found["acknowledge_median"].value, found["acknowledge_median"].censored) == (1.0, 1)
    assert (found["recovery_median"].value, found["recovery_median"].unit) == (6.0, "hours")
    assert found["apology_share"].excluded == 1
    assert all(metric.definition and metric.group == () for metric in found.values())


def test_what_was_met_before_it_was_received_took_no_time() -> None:
    found = read(told("a", source="detected", acknowledged_at=MONDAY - 5 * HOUR))
    assert found["acknowledge_median"].value == 0.0


def test_open_complaints_are_censored_at_now() -> None:
    found = read(told("a", resolved_at=MONDAY + HOUR), told("b"), told("c"))
    assert math.isnan(found["recovery_median"].value)
    assert (found["recovery_median"].flags, found["recovery_median"].censored) == (("not_reached",), 2)


def test_working_hours_with_a_calendar() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
    one = told("a", MONDAY + 7 * HOUR, resolved_at=MONDAY + DAY + HOUR)
    assert read(one)["recovery_median"].value == 18.0
    found = read(one, calendar=desk)["recovery_median"]
    assert found.value == 2.0
    assert found.definition.endswith("working hours")


def test_what_is_after_now_has_not_happened() -> None:
    one = told(
        "a",
        acknowledged_at=MONDAY + HOUR,
        apologised_at=MONDAY + 3 * HOUR,
        resolved_at=MONDAY + 3 * HOUR,
        cause="cable",
        cause_fixed_at=MONDAY + 3 * HOUR,
        satisfaction_before=2,
        satisfaction_after=4,
    )
    later = told("b", MONDAY + 3 * HOUR)
    found = read(one, later, now=MONDAY + 2 * HOUR)
    assert counts(found["acknowledged_share"]) == (1, 1)
    assert found["acknowledged_share"].excluded == 1
    assert counts(found["apology_share"]) == counts(found["resolved_share"]) == (0, 1)
    assert counts(found["root_cause_known_share"]) == (1, 1)
    assert counts(found["root_cause_fixed_share"]) == (0, 1)
    assert counts(found["post_recovery_satisfaction"]) == (0, 0)
    at_the_time = read(one, later, now=MONDAY + 3 * HOUR)
    assert counts(at_the_time["resolved_share"]) == (1, 2)
    assert counts(at_the_time["satisfaction_change"]) == (2, 1)


def test_nothing_to_divide_by_is_flagged() -> None:
    found = read()
    assert all(math.isnan(metric.value) and metric.flags == ("empty",) for metric in found.values())
    assert all(metric.interval is None and metric.denominator == 0 for metric in found.values())
    assert set(read(told("a"))["apology_share"].flags) <= set(ESCALATION_FLAGS)


# recurrence


def fixed(own: str, day: float, cause: str = "cable") -> Complaint:
    return told(own, MONDAY, cause=cause, cause_fixed_at=MONDAY + day * DAY)


@pytest.mark.parametrize(
    ("after", "back"),
    [(timedelta(0), 0), (timedelta(microseconds=1), 1), (WINDOW, 1), (WINDOW + timedelta(microseconds=1), 0)],
)
def test_a_cause_came_back_after_its_removal_and_inside_the_window(after: timedelta, back: int) -> None:
    again = told("b", MONDAY + DAY + after, cause="cable")
    assert counts(read(fixed("a", 1), again)["recurrence_rate"]) == (back, 1)


def test_the_window_has_to_be_observed() -> None:
    again = told("b", MONDAY + 2 * DAY, cause="cable")
    ends = MONDAY + DAY + WINDOW
    assert counts(read(fixed("a", 1), again, now=ends)["recurrence_rate"]) == (1, 1)
    found = read(fixed("a", 1), again, now=ends - timedelta(microseconds=1))["recurrence_rate"]
    assert (counts(found), found.excluded, found.flags) == ((0, 0), 1, ("empty",))


def test_a_cause_counts_once() -> None:
    found = read(
        fixed("a", 1),
        fixed("b", 1.5),
        told("c", MONDAY + 2 * DAY, cause="cable"),
        told("d", MONDAY + 3 * DAY, cause="cable"),
        fixed("e", 1, "queue"),
        told("f", MONDAY + 2 * DAY, cause="price"),
        told("g", MONDAY + 2 * DAY),
    )
    assert counts(found["recurrence_rate"]) == (1, 2)


def test_any_removal_whose_window_is_observed_counts() -> None:
    """The first removal held for its window, the second did not; a third is too young to tell."""
    found = read(
        fixed("a", 1),
        told("b", MONDAY + 10 * DAY, cause="cable", cause_fixed_at=MONDAY + 11 * DAY),
        told("c", MONDAY + 12 * DAY, cause="cable", cause_fixed_at=MONDAY + 29 * DAY),
    )
    assert counts(found["recurrence_rate"]) == (1, 1)


def test_a_complaint_is_no_return_of_itself() -> None:
    early = told("a", source="detected", cause="cable", cause_fixed_at=MONDAY - HOUR)
    assert counts(read(early)["recurrence_rate"]) == (0, 1)
    assert counts(read(early, told("b", cause="cable"))["recurrence_rate"]) == (1, 1)


def test_a_window_without_end_is_never_observed() -> None:
    assert counts(read(fixed("a", 1), recurrence_window=timedelta.max)["recurrence_rate"]) == (0, 0)


# satisfaction


def test_a_rating_of_which_no_mean_could_be_told_is_refused() -> None:
    with pytest.raises(
        EscalationError, match=r"satisfaction_before: expected a rating from -1e\+100 to 1e\+100, got -1e\+308"
    ):
        told("a", satisfaction_before=-1e308, satisfaction_after=1e100)


def test_satisfaction_after_and_its_change() -> None:
    before, after = [2.0, 1.0, 3.0, None], [4.0, 4.0, 3.0, 5.0]
    given_complaints = [
        told(f"c{i}", satisfaction_before=start, satisfaction_after=end)
        for i, (start, end) in enumerate(zip(before, after, strict=True))
    ]
    found = read(*given_complaints, told("x", satisfaction_before=1))
    assert found["post_recovery_satisfaction"].value == 4.0
    assert found["post_recovery_satisfaction"].denominator == 4
    change = found["satisfaction_change"]
    differences = np.array([2.0, 3.0, 0.0])
    assert change.value == pytest.approx(5 / 3)
    assert (change.denominator, change.excluded) == (3, 2)
    assert change.interval == pytest.approx(stats.t.interval(0.95, 2, differences.mean(), stats.sem(differences)))
    assert read(given_complaints[0])["satisfaction_change"].interval is None


# laws


@given(complaints(), st.integers(0, 60), st.integers(0, 60), st.sampled_from((DAY, WINDOW, 40 * DAY)))
def test_shares_are_shares_and_what_is_resolved_stays_so(
    given_complaints: tuple[Complaint, ...], first: int, more: int, window: timedelta
) -> None:
    now = MONDAY + first * DAY
    early = read(*given_complaints, now=now, recurrence_window=window)
    late = read(*given_complaints, now=now + more * DAY, recurrence_window=window)
    for metric in early.values():
        if metric.unit == "share":
            assert math.isnan(metric.value) or 0 <= metric.value <= 1
        if metric.unit == "hours":
            assert math.isnan(metric.value) or metric.value >= 0
    for own in ("resolved_share", "acknowledged_share", "root_cause_fixed_share", "recurrence_rate", "recovery_median"):
        assert (early[own].numerator or 0) <= (late[own].numerator or 0)
    assert recovery_indicators(
        given_complaints[::-1], now=now + more * DAY, recurrence_window=window
    ) == recovery_indicators(given_complaints, now=now + more * DAY, recurrence_window=window)


@given(complaints(), st.timedeltas(-1000 * DAY, 1000 * DAY))
def test_shifting_every_instant_changes_nothing(given_complaints: tuple[Complaint, ...], shift: timedelta) -> None:
    stages = ("received_at", "cause_fixed_at", "acknowledged_at", "apologised_at", "resolved_at")
    moved = tuple(
        evolve(one, **{name: at + shift for name in stages if (at := getattr(one, name)) is not None})
        for one in given_complaints
    )
    assert read(*moved, now=NOW + shift) == read(*given_complaints)


@given(complaints())
def test_indicators_travel(given_complaints: tuple[Complaint, ...]) -> None:
    found = recovery_indicators(given_complaints, now=NOW, recurrence_window=WINDOW)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    json.dumps([metric.to_dict() for metric in found], allow_nan=False)


def test_all_faults_of_the_arguments_at_once() -> None:
    wrong: dict[str, Any] = {"now": datetime(2026, 3, 2), "recurrence_window": 7, "calendar": "UTC"}
    with pytest.raises(EscalationError) as caught:
        recovery_indicators([told("a"), told("b"), told("a")], **wrong)
    assert [fault.where for fault in caught.value.faults] == ["complaint 'a'", "now", "recurrence_window", "calendar"]
    with pytest.raises(EscalationError, match=r"complaints\[1\]: expected a Complaint, got 'c'"):
        read(told("a"), "c")  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="complaints: expected a list of Complaint, got None"):
        recovery_indicators(None, now=NOW, recurrence_window=WINDOW)  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="now: expected a datetime, got None"):
        recovery_indicators([], now=None, recurrence_window=WINDOW)  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="recurrence_window: expected a timedelta above 0"):
        recovery_indicators([], now=NOW, recurrence_window=timedelta(0))


# the playbook


def text_of(**changes: str) -> str:
    steps = "".join(
        f'[[steps]]\nid = "{own}"\nname = "N"\naim = "A"\nactions = ["act"]\n'
        for own in ("listen", "empathise", "apologise", "resolve", "follow_up")
    )
    parts = {
        "head": "".join(f'{name} = "x"\n' for name in ("title", "version", "source", "licence", "note", "unit")),
        "steps": steps,
        "limits": "[[limits]]\nlevel = 1\nrefund = 0.1\ngoodwill = 0\n[[limits]]\nlevel = 2\nrefund = 1\ngoodwill = 5\n",
    }
    return "\n".join({**parts, **changes}.values())


def test_the_default_playbook_has_five_steps_and_rising_limits() -> None:
    playbook = RecoveryPlaybook.default()
    assert [step.id for step in playbook.steps] == ["listen", "empathise", "apologise", "resolve", "follow_up"]
    assert all(step.actions and step.phrases and step.within_hours for step in playbook.steps)
    assert [limit.level for limit in playbook.limits] == [1, 2, 3]
    assert playbook.step("apologise") == playbook.steps[2]
    assert pickle.loads(pickle.dumps(playbook)) == playbook == RecoveryPlaybook.default()  # noqa: S301 - our own bytes
    json.dumps(playbook.to_dict(), allow_nan=False)
    assert "Recovery of service" in playbook._repr_html_()


def test_the_lowest_level_with_authority_decides() -> None:
    playbook = RecoveryPlaybook.from_toml(text_of())
    assert playbook.level_for() == playbook.level_for(refund=0.1) == 1
    assert playbook.level_for(refund=0.1, goodwill=5) == 2
    assert playbook.level_for(goodwill=5.01) is None
    with pytest.raises(
        EscalationError, match=r"(?s)2 faults.*refund: expected at least 0.*goodwill: expected a number"
    ):
        playbook.level_for(refund=-1, goodwill="much")  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match=r"unknown step 'apologize' \(did you mean 'apologise'\?\)"):
        playbook.step("apologize")


def test_a_playbook_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_bytes(b"\xef\xbb\xbf" + text_of().encode())
    assert RecoveryPlaybook.load(path) == RecoveryPlaybook.from_toml(text_of())
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(EscalationError, match=r"ours.toml: this is not UTF-8 text: byte 9 is 0xff"):
        RecoveryPlaybook.load(path)
    with pytest.raises(EscalationError, match="path: expected a path, got None"):
        RecoveryPlaybook.load(None)  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        RecoveryPlaybook.load(tmp_path / "gone.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", r"p\.toml: this is not TOML: Invalid value \(at end of document\)"),
        (None, "text: expected a text, got None"),
        (text_of(head='title = ""\ncolour = "red"'), r"(?s)'version' is missing.*unknown key 'colour'"),
        (text_of(steps=""), "'steps' is missing"),
        (text_of().replace('"empathise"', '"listen"'), "steps: expected listen, empathise, .*, got listen, listen"),
        (text_of().replace('"resolve"', '"solve"'), r"steps\[3\]\.id: expected one of .*, got 'solve'"),
        (text_of().replace('["act"]', "[]", 1), r"steps\[0\]\.actions: expected at least one thing to do"),
        (
            text_of().replace('name = "N"', 'name = "N"\nwithin_hours = 0', 1),
            r"steps\[0\]\.within_hours: expected a finite",
        ),
        (
            text_of().replace("level = 2", "level = 3"),
            r"limits: expected levels 1, 2, \.\.\. in order .*, got \[1, 3\]",
        ),
        (text_of(limits="limits = []"), r"limits: expected levels 1, 2, \.\.\. in order and without gaps, got \[\]"),
        (
            text_of().replace("level = 1", "level = 0"),
            r"limits\[0\]\.level: expected a whole number of at least 1, got 0",
        ),
        (
            text_of().replace("refund = 1", "refund = 1.5"),
            r"limits\[1\]\.refund: expected a share of at most 1, got 1\.5",
        ),
        (text_of().replace("refund = 1", "refund = 0.05"), r"limits\[1\]\.refund: falls below that of level 1: 0\.1"),
        (text_of().replace("goodwill = 5", 'goodwill = "5"'), r"limits\[1\]\.goodwill: expected a number, got '5'"),
    ],
)
def test_a_wrong_playbook_says_where(text: str, message: str) -> None:
    if "limits = []" in str(text):
        text = "limits = []\n" + text.replace("limits = []", "")
    with pytest.raises(EscalationError, match=message):
        RecoveryPlaybook.from_toml(text, subject="p.toml")


def test_parts_of_a_playbook_refuse_what_is_wrong() -> None:
    with pytest.raises(EscalationError, match="level: expected a whole number, got True"):
        AuthorityLimit(level=True, refund=0, goodwill=0)
    with pytest.raises(
        EscalationError, match=r"(?s)step 'x': .*id: .*name: .*aim: .*actions: expected a list of texts"
    ):
        RecoveryStep(id="x", name="", aim=3, actions="act")  # type: ignore[arg-type]
    with pytest.raises(EscalationError, match="steps: expected a list of RecoveryStep, got None"):
        evolve(RecoveryPlaybook.default(), steps=None)
