"""Reading an assessment from plain data, such as a parsed JSON or TOML file, with every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from leadkit._convert import structure
from leadkit.assessment import Instrument
from leadkit.errors import Fault, ResponseError
from leadkit.vitals.assessment import VitalsAssessment, answer_rules, assessment_rules, vitals_instrument
from leadkit.vitals.checks import below, listed, named
from leadkit.vitals.day import entry_rules, overlap_rule
from leadkit.vitals.goals import goal_rules
from leadkit.vitals.strengths import strength_rules
from leadkit.vitals.values import values_rules

__all__ = ["read_vitals"]


def read_vitals(record: Mapping[str, Any], *, instrument: Instrument | None = None) -> VitalsAssessment:
    """Read one assessment from plain data, strictly.

    Parameters
    ----------
    record : mapping
        The fields of `VitalsAssessment` as plain data: parts are mappings, sequences lists, days and times dates and
        times or ISO 8601 text.
    instrument : Instrument, optional
        What the answers are checked against; `leadkit.frameworks.load("vitals")` by default.

    Returns
    -------
    VitalsAssessment
        The same as a model.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds every fault of every part, each with its path.
    DefinitionError
        The instrument lacks one of the six letters.

    Examples
    --------
    >>> entry = {"start": "09:00", "end": "12:00", "activity": "desk work", "energy": 9}
    >>> other = {"start": "11:30", "end": "13:00", "activity": "call", "demand": 4}
    >>> values = {"importance": {"honesty": 2, "growth": 1}, "lived": {"honesty": 80, "fame": 20}}
    >>> record = {"person_id": "ann", "taken_on": "2026-03-02", "answers": {"val1": 6}, "values": values}
    >>> read_vitals({**record, "day_logs": [{"day": "2026-03-02", "entries": [entry, other]}]})
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: VITALS assessment of 'ann': 4 faults
      values.lived['fame']: is not among the values of `importance`
      day_logs[0].entries[0].energy: 9 is outside 1..5
      answers['val1']: 6 is outside 1..5
      day_logs[0].entries[1]: 'call' 11:30-13:00 overlaps entries[0], 'desk work' 09:00-12:00
    """
    chosen = vitals_instrument(instrument)
    if not isinstance(record, Mapping):
        msg = f"VITALS assessment: expected a mapping, got {record!r}"
        raise ResponseError(msg)
    assessment: VitalsAssessment | None = None
    faults: list[Fault] = []
    try:
        assessment = structure(record, VitalsAssessment, error=ResponseError)
    except ResponseError as error:
        faults += error.faults
    faults += answer_rules(record.get("answers"), chosen)
    told = {str(fault) for fault in faults}
    if assessment is None:
        faults += [fault for fault in _broken_rules(record) if str(fault) not in told]
    if assessment is None or faults:
        who = record.get("person_id")
        subject = f"VITALS assessment of {who!r}" if isinstance(who, str) else "VITALS assessment"
        raise ResponseError.from_faults(faults, subject=subject)
    return assessment


def _broken_rules(record: Mapping[str, Any]) -> Iterator[Fault]:
    """Apply every rule to what could not become a model, so that these faults do not wait for the others."""
    yield from assessment_rules(record)
    yield from below("values", values_rules(named(record.get("values"))))
    for i, goal in listed(record.get("goals")):
        yield from below(f"goals[{i}]", goal_rules(named(goal)))
    for i, strength in listed(record.get("strengths")):
        yield from below(f"strengths[{i}]", strength_rules(named(strength)))
    for i, log in listed(record.get("day_logs")):
        entries = [named(entry) for _, entry in listed(named(log).get("entries"))]
        for j, entry in enumerate(entries):
            yield from below(f"day_logs[{i}].entries[{j}]", entry_rules(entry))
        yield from below(f"day_logs[{i}]", overlap_rule([_span(entry) for entry in entries]))


def _span(entry: Mapping[str, Any]) -> tuple[Any, time, time] | None:
    """Give activity, start and end of an entry, where its times can be read."""
    try:
        start, end = (structure(entry.get(name), time, error=ResponseError) for name in ("start", "end"))
    except ResponseError:
        return None
    return entry.get("activity"), start, end
