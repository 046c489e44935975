"""The VITALS self-assessment of one person on one day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from leadkit._fields import FrozenMapping, string_faults
from leadkit.assessment import Instrument
from leadkit.errors import DefinitionError, Fault, did_you_mean
from leadkit.frameworks import load
from leadkit.vitals.checks import (
    below,
    blank_rule,
    date_faults,
    day_of,
    frozen_numbers,
    listed,
    named,
    numbers_faults,
    part_faults,
    raise_faults,
    range_rule,
    repeated_rule,
    tuple_of,
)
from leadkit.vitals.day import DayLog
from leadkit.vitals.evidence import LETTERS
from leadkit.vitals.goals import Goal
from leadkit.vitals.interests import interests_rules
from leadkit.vitals.strengths import Strength
from leadkit.vitals.values import ValuesSort

__all__ = ["VitalsAssessment"]


@frozen(kw_only=True)
class VitalsAssessment:
    """What one person said about values, interests, temperament, day, life mission and strengths; every part is optional.

    Parameters
    ----------
    person_id : str
        Who.
    taken_on : date
        When.
    answers : mapping of str to int or None
        Item id to the answer to the rated item, None = not answered. Whether the items are there and the answers on
        the scale is checked where the instrument is known: in `read_vitals` and in `profile`.
    values : ValuesSort, optional
        What matters, and how far it is lived.
    interests : mapping of str to float, optional
        Rating of each area of interest, in any one unit; `leadkit.frameworks.interest_areas()` is a list to start from.
    day_logs : tuple of DayLog
        Days as they were spent, each day once.
    goals : tuple of Goal
        With different ids.
    strengths : tuple of Strength
        With different ids.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import date
    >>> VitalsAssessment(person_id="ann", taken_on=date(2026, 3, 2), answers={"val1": 4, "val2": None}).answers
    {'val1': 4, 'val2': None}
    """

    person_id: str
    taken_on: date
    answers: Mapping[str, int | None] = field(factory=FrozenMapping, converter=frozen_numbers)
    values: ValuesSort | None = None
    interests: Mapping[str, float] | None = field(default=None, converter=frozen_numbers)
    day_logs: tuple[DayLog, ...] = field(default=(), converter=tuple_of)
    goals: tuple[Goal, ...] = field(default=(), converter=tuple_of)
    strengths: tuple[Strength, ...] = field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        faults = [] if isinstance(self.person_id, str) else string_faults(self.person_id, "person_id")
        faults += date_faults(self.taken_on, "taken_on")
        faults += numbers_faults(self.answers, "answers", whole=True, optional=True)
        if self.values is not None and not isinstance(self.values, ValuesSort):
            faults.append(Fault("values", f"expected ValuesSort, got {self.values!r}"))
        if self.interests is not None:
            faults += numbers_faults(self.interests, "interests")
        for name, part in (("day_logs", DayLog), ("goals", Goal), ("strengths", Strength)):
            faults += part_faults(getattr(self, name), part, name)
        told = {fault.where for fault in faults}
        whole = {
            "person_id": self.person_id,
            "interests": self.interests,
            "day_logs": [{"day": getattr(log, "day", None)} for _, log in listed(self.day_logs)],
            "goals": [{"id": getattr(goal, "id", None)} for _, goal in listed(self.goals)],
            "strengths": [{"id": getattr(strength, "id", None)} for _, strength in listed(self.strengths)],
        }
        faults += [fault for fault in assessment_rules(whole) if fault.where not in told]
        raise_faults(faults, f"assessment of {self.person_id!r}")

    @property
    def stated(self) -> frozenset[str]:
        """Names of the stated values and ids of the goals: what an hour can serve."""
        values = () if self.values is None else self.values.importance
        return frozenset([*values, *(goal.id for goal in self.goals)])


def assessment_rules(record: Mapping[str, Any]) -> list[Fault]:
    """List the broken rules between the parts of an assessment, given as plain data."""
    faults = blank_rule(record.get("person_id"), "person_id")
    faults += below("interests", interests_rules(record.get("interests")))
    days = [day_of(named(log).get("day")) for _, log in listed(record.get("day_logs"))]
    faults += repeated_rule([day.isoformat() for day in days if day is not None], "day_logs", "day")
    for name in ("goals", "strengths"):
        faults += repeated_rule([named(part).get("id") for _, part in listed(record.get(name))], name, "id")
    return faults


def answer_rules(answers: object, instrument: Instrument) -> list[Fault]:
    """List answers to items that the instrument does not have, and those outside its scale."""
    low, high, known = instrument.scale.low, instrument.scale.high, instrument.item_ids
    faults = []
    for name, answer in named(answers).items():
        if name not in known:
            hint = did_you_mean(str(name), known)
            faults.append(Fault("answers", f"unknown item {name!r}{hint}"))
        else:
            faults += range_rule(answer, f"answers[{name!r}]", low, high)
    return faults


def vitals_instrument(instrument: Instrument | None) -> Instrument:
    """Give the instrument to score with: the one that comes with leadkit when None.

    Raises
    ------
    DefinitionError
        It lacks one of the six letters.
    """
    if instrument is None:
        return load("vitals")
    lacking = [letter for letter in LETTERS if letter not in instrument.dimension_ids]
    if lacking:
        msg = f"instrument {instrument.id!r} has no dimension {', '.join(map(repr, lacking))}, which VITALS needs"
        raise DefinitionError(msg)
    return instrument
