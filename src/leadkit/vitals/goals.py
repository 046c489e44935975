"""Life mission and goals: what a goal still lacks, how far it is, and which values have none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import asdict, field, frozen

from leadkit._fields import number_faults, string_faults, whole_number_faults
from leadkit.errors import Fault
from leadkit.vitals.checks import (
    blank_rule,
    blanks_rule,
    date_faults,
    day_of,
    python_number,
    raise_faults,
    range_rule,
    texts_faults,
    tuple_of,
)
from leadkit.vitals.evidence import LetterEvidence, not_given

__all__ = ["Goal"]

PARTS = ("statement", "measure", "due", "commitment")


@frozen(kw_only=True)
class Goal:
    """Something that a person means to reach.

    Parameters
    ----------
    id : str
        What entries of a day log and other places call it.
    statement, measure : str
        What is to be reached, and how it will be seen; empty where it is not settled.
    due, started : date, optional
        When it is to be reached, and when work on it began; not due before it started.
    commitment : int, optional
        How much the person wants it, 1..5.
    progress : float, optional
        How much of it is reached, 0..1.
    serves : tuple of str
        Names of the values that it serves.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> goal = Goal(id="spanish", statement="I hold a talk in Spanish.", commitment=4)
    >>> goal.parts_there, goal.parts_missing, goal.completeness
    (('statement', 'commitment'), ('measure', 'due'), 0.5)
    """

    id: str
    statement: str = ""
    measure: str = ""
    due: date | None = None
    commitment: int | None = field(default=None, converter=python_number)
    progress: float | None = field(default=None, converter=python_number)
    serves: tuple[str, ...] = field(default=(), converter=tuple_of)
    started: date | None = None

    def __attrs_post_init__(self) -> None:
        faults = [] if isinstance(self.id, str) else string_faults(self.id, "id")
        for name in ("statement", "measure"):
            if not isinstance(getattr(self, name), str):
                faults += string_faults(getattr(self, name), name)
        for name, check in (
            ("due", date_faults),
            ("commitment", whole_number_faults),
            ("progress", number_faults),
            ("started", date_faults),
        ):
            if getattr(self, name) is not None:
                faults += check(getattr(self, name), name)
        faults += texts_faults(self.serves, "serves")
        told = {fault.where for fault in faults}
        faults += [fault for fault in goal_rules(asdict(self, recurse=False)) if fault.where not in told]
        raise_faults(faults, f"goal {self.id!r}")

    @property
    def parts_there(self) -> tuple[str, ...]:
        """Which of statement, measure, due and commitment it has."""
        missing = self.parts_missing
        return tuple(part for part in PARTS if part not in missing)

    @property
    def parts_missing(self) -> tuple[str, ...]:
        """Which of statement, measure, due and commitment it lacks."""
        values = {part: getattr(self, part) for part in PARTS}
        return tuple(
            part for part, value in values.items() if value is None or (isinstance(value, str) and not value.strip())
        )

    @property
    def completeness(self) -> float:
        """Share of statement, measure, due and commitment that it has, in 0..1."""
        return len(self.parts_there) / len(PARTS)

    def expected_progress(self, on: date) -> float:
        """Give the share of the time from start to due date that has passed on a day.

        Parameters
        ----------
        on : date
            The day.

        Returns
        -------
        float
            0 until the start, 1 from the due date on; NaN without both dates.

        Examples
        --------
        >>> goal = Goal(id="g", started=date(2026, 1, 1), due=date(2026, 1, 11))
        >>> goal.expected_progress(date(2026, 1, 4))
        0.3
        """
        if self.started is None or self.due is None:
            return math.nan
        if on >= self.due:
            return 1.0
        if on <= self.started:
            return 0.0
        return (on - self.started).days / (self.due - self.started).days


def goal_rules(part: Mapping[str, Any]) -> list[Fault]:
    """List the broken rules of a goal, as a model or as plain data."""
    faults = blank_rule(part.get("id"), "id")
    faults += range_rule(part.get("commitment"), "commitment", 1, 5) + range_rule(
        part.get("progress"), "progress", 0, 1
    )
    faults += blanks_rule(part.get("serves"), "serves")
    started, due = day_of(part.get("started")), day_of(part.get("due"))
    if started is not None and due is not None and due < started:
        faults.append(Fault("due", f"{due} lies before the start, {started}"))
    return faults


def goals_evidence(goals: Sequence[Goal], on: date, values: Sequence[str] | None) -> LetterEvidence:
    """Describe the goals as they stand on a day.

    Parameters
    ----------
    goals : sequence of Goal
        With different ids.
    on : date
        The day.
    values : sequence of str, optional
        The stated values; None = none were stated.

    Returns
    -------
    LetterEvidence
        `completeness`: goal id to the share of statement, measure, due date and commitment that it has.
        `progress`: goal id to 0..1, NaN where none is given. `expected_progress`: goal id to the share of its time
        that has passed, NaN without both dates. `unserved_values`: the stated values that no goal serves, None when
        none were stated.
    """
    if not goals:
        return not_given()
    progress = {goal.id: math.nan if goal.progress is None else goal.progress for goal in goals}
    expected = {goal.id: goal.expected_progress(on) for goal in goals}
    served = {name for goal in goals for name in goal.serves}
    unserved = None if values is None else tuple(sorted(set(values) - served))
    known = {*(values or ()), *(goal.id for goal in goals)}
    flags = {
        "no_progress": any(map(math.isnan, progress.values())),
        "no_goal_dates": any(map(math.isnan, expected.values())),
        "no_values_stated": values is None,
        "serves_unstated": bool(served - known),
    }
    signals = {
        "incomplete_goals": [_shown(goal) for goal in goals if goal.completeness < 1],
        "behind": [_shown(goal) for goal in goals if progress[goal.id] < expected[goal.id]],
        "unserved_values": unserved or (),
    }
    return LetterEvidence(
        findings={
            "completeness": {goal.id: goal.completeness for goal in goals},
            "progress": progress,
            "expected_progress": expected,
            "unserved_values": unserved,
        },
        flags=[flag for flag, holds in flags.items() if holds],
        signals={signal: names for signal, names in signals.items() if names},
    )


def _shown(goal: Goal) -> str:
    return goal.statement.strip() or goal.id
