"""Lists of steps with delays, targets and a repeat count, as on-call tools keep them, into a policy."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import frozen

from leadkit._checks import as_amount, word_faults
from leadkit._fields import FrozenMapping, number_faults
from leadkit._results import Result
from leadkit.errors import Fault, FormatError, PolicyError
from leadkit.escalation.policy import Policy, Step

__all__ = ["Flavour", "ImportedPolicy", "import_steps"]

Flavour: TypeAlias = Literal["delay-list"]
"""Which shape the data has: steps, each with the minutes until the next, its targets, and a number of repeats."""

ID_KEYS: Final = ("id", "name", "summary")
STEP_KEYS: Final = ("steps", "escalation_rules", "rules")
DELAY_KEYS: Final = ("delay_minutes", "escalation_delay_in_minutes", "delay")
REPEAT_KEYS: Final = ("repeat", "num_loops", "repeat_count")
TARGETS_KEYS: Final = ("targets", "target")
PEOPLE: Final = ("person", "user", "user_reference")
LEVELS: Final = ("level", "tier")
OWN_PREFIXES: Final = ("level:", "owner:", "person:")
SPARE: Final = Step(wait=timedelta(minutes=1), axis="functional", target="next_level")


@frozen(kw_only=True, eq=False)
class ImportedPolicy(Result):
    """A policy from another tool, and what of it could not be said.

    Parameters
    ----------
    policy : Policy
        The policy; its steps are functional, and an acknowledgement holds them.
    losses : tuple of str
        One line for each thing that the policy does not say, with its place; empty where all was taken over.
    """

    policy: Policy
    losses: tuple[str, ...]


def import_steps(data: Any, flavour: Flavour = "delay-list") -> ImportedPolicy:
    """Read a list of steps with delays.

    Parameters
    ----------
    data : mapping
        What `json.loads` made of it: an id ("id", else "name"), "steps" (or "escalation_rules") and "repeat" (or
        "num_loops"), how often the steps are gone through again. Each step has "delay_minutes" (or
        "escalation_delay_in_minutes", "delay"), the minutes until the next step, and "targets": texts, or tables with
        "id" and "type". A text is a target of leadkit such as "level:L2", else the id of a person.
    flavour : {"delay-list"}
        The shape.

    Returns
    -------
    ImportedPolicy
        The policy, and one line for each thing that it does not say: targets after the first of a step, since a step
        has one; schedules and teams, whose ids are kept as those of persons so that `on_duty` can say who that is; and
        keys that mean nothing here.

    Raises
    ------
    FormatError
        A part is wrong or missing; `faults` holds everything that is, with its path.

    Examples
    --------
    >>> found = import_steps({
    ...     "name": "Support",
    ...     "escalation_rules": [
    ...         {"escalation_delay_in_minutes": 15, "targets": [{"id": "U1", "type": "user_reference"}]},
    ...         {"escalation_delay_in_minutes": 30, "targets": [{"id": "S1", "type": "schedule_reference"}, "bo"]},
    ...     ],
    ...     "num_loops": 2,
    ... })
    >>> [(step.wait.total_seconds() / 60, step.target) for step in found.policy.steps], found.policy.repeat
    ([(15.0, 'person:U1'), (30.0, 'person:S1')], 2)
    >>> for line in found.losses:
    ...     print(line)
    escalation_rules[1].targets[0]: a schedule_reference is kept as person:S1, and on_duty has to say who that is
    escalation_rules[1].targets[1]: a step has one target; person:bo is left out
    """
    reading = _Reading()
    reading.faults += word_faults(flavour, get_args(Flavour), "flavour")
    policy = reading.policy(data)
    if policy is None or reading.faults:
        raise FormatError.from_faults(reading.faults, subject="policy")
    return ImportedPolicy(policy=policy, losses=tuple(reading.losses))


class _Reading:
    """One import: what was found to be wrong, and what gets lost."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.losses: list[str] = []

    def policy(self, data: Any) -> Policy | None:
        if not isinstance(data, Mapping):
            self.faults.append(Fault("", f"expected a table of names and values, got {reprlib.repr(data)}"))
            return None
        id_key, name = self.found(data, "", ID_KEYS)
        steps_key, rows = self.found(data, "", STEP_KEYS)
        repeat_key, repeat = self.found(data, "", REPEAT_KEYS, required=False)
        self.lose_rest(data, "", (id_key, steps_key, repeat_key))
        steps = self.rows(rows, steps_key) if steps_key else [SPARE]
        renamed = FrozenMapping({"id": id_key, "steps": steps_key, "repeat": repeat_key})
        fields = {"id": name if id_key else "policy", "steps": steps, "repeat": repeat if repeat_key else 0}
        policy: Policy | None = self.made(Policy, fields, "", renamed)
        return policy

    def rows(self, rows: Any, where: str) -> list[Step]:
        if not isinstance(rows, list | tuple):
            self.faults.append(Fault(where, f"expected a list, got {reprlib.repr(rows)}"))
            return [SPARE]
        return [self.row(row, f"{where}[{place}]") or SPARE for place, row in enumerate(rows)]

    def row(self, row: Any, where: str) -> Step | None:
        if not isinstance(row, Mapping):
            self.faults.append(Fault(where, f"expected a table of names and values, got {reprlib.repr(row)}"))
            return None
        delay_key, delay = self.found(row, where, DELAY_KEYS)
        targets_key, targets = self.found(row, where, TARGETS_KEYS)
        self.lose_rest(row, where, (delay_key, targets_key))
        fields = {
            "wait": self.minutes(delay, f"{where}.{delay_key}") if delay_key else SPARE.wait,
            "axis": "functional",
            "target": self.target(targets, f"{where}.{targets_key}") if targets_key else SPARE.target,
        }
        step: Step | None = self.made(Step, fields, where, {"wait": delay_key, "target": targets_key})
        return step

    def minutes(self, value: Any, where: str) -> timedelta:
        amount = as_amount(value)
        faults = number_faults(amount, where, above=0)
        try:
            if not faults:
                return timedelta(minutes=amount)
        except OverflowError:
            faults = [Fault(where, f"{value!r} minutes are longer than the longest duration")]
        self.faults += faults
        return SPARE.wait

    def target(self, values: Any, where: str) -> str:
        """Keep the first target of a step; the others are lost."""
        given = [(where, values)]
        if isinstance(values, list | tuple):
            given = [(f"{where}[{place}]", value) for place, value in enumerate(values)]
        if not given:
            self.faults.append(Fault(where, "expected at least one target, got none"))
            return SPARE.target
        kept = self.one_target(*given[0], is_kept=True)
        for place, value in given[1:]:
            self.losses.append(f"{place}: a step has one target; {self.one_target(place, value)} is left out")
        return kept

    def one_target(self, where: str, value: Any, *, is_kept: bool = False) -> str:
        if isinstance(value, str):
            return value if value == "next_level" or value.startswith(OWN_PREFIXES) else f"person:{value}"
        if not isinstance(value, Mapping):
            self.faults.append(Fault(where, f"expected a text or a table with an id, got {reprlib.repr(value)}"))
            return SPARE.target
        name, kind = value.get("id"), value.get("type", "person")
        for key, part in (("id", name), ("type", kind)):
            if not isinstance(part, str):
                self.faults.append(Fault(f"{where}.{key}", f"expected a text, got {reprlib.repr(part)}"))
        if not isinstance(name, str) or not isinstance(kind, str):
            return SPARE.target
        target = f"level:{name}" if kind in LEVELS else f"person:{name}"
        if is_kept:
            if kind not in {*PEOPLE, *LEVELS}:
                self.losses.append(f"{where}: a {kind} is kept as {target}, and on_duty has to say who that is")
            self.lose_rest(value, where, ("id", "type"))
        return target

    def found(
        self, table: Mapping[Any, Any], where: str, names: tuple[str, ...], *, required: bool = True
    ) -> tuple[str, Any]:
        """Give the first of the keys that the table has, and its value; an empty key where it has none."""
        for name in names:
            if name in table and table[name] is not None:
                return name, table[name]
        if required:
            self.faults.append(Fault(where, f"{names[0]!r} is missing"))
        return "", None

    def lose_rest(self, table: Mapping[Any, Any], where: str, used: Iterable[str]) -> None:
        place = f"{where}." if where else ""
        rest = [key for key in table if key not in set(used)]
        self.losses += [f"{place}{key!s:.40}: has no counterpart and is left out" for key in rest]

    def made(self, cls: type[Any], fields: Mapping[str, Any], where: str, renamed: Mapping[str, str]) -> Any:
        """Build a model; its faults are told at the places that the data has."""
        try:
            return cls(**fields)
        except PolicyError as error:
            for fault in error.faults:
                place = ".".join(filter(None, (where, renamed.get(fault.where) or fault.where)))
                self.faults.append(Fault(place, fault.what))
            return None
