"""A policy: its steps, how often they are gone through, and in whose working time they wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Literal, Self, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, member_faults, word_faults
from leadkit._durations import duration_of, duration_text
from leadkit._fields import whole_number_faults
from leadkit._results import Value
from leadkit.calendars import WorkCalendar
from leadkit.errors import Fault, PolicyError, did_you_mean
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.policy._reading import Table, built, each

__all__ = ["MOST_REPEATS", "Axis", "OnAckTimeout", "OnEmpty", "Policy", "Step", "When"]

Axis: TypeAlias = Literal["functional", "hierarchical"]
"""Whether a step goes to somebody who can solve, or to somebody who can decide."""
When: TypeAlias = Literal["not_acknowledged", "not_resolved"]
"""Until when a step is taken: as long as nobody has acknowledged, or as long as the ticket is open."""
OnEmpty: TypeAlias = Literal["skip", "wait"]
"""What follows a step that reaches nobody: the next one at once, or after the step's wait."""
OnAckTimeout: TypeAlias = Literal["resume", "restart"]
"""What follows an acknowledgement that came to nothing: the next step, or the first one again."""

MOST_REPEATS: Final = 1_000_000
"""How often a policy may be gone through again."""

OWNER: Final = re.compile(r"owner:[1-9][0-9]{0,8}")
TARGET_FORMS: Final = "next_level, level:<id>, owner:<n> or person:<id>"
SPARE_WAIT: Final = timedelta(minutes=1)


@frozen(kw_only=True, eq=False)
class Step(Value):
    """One step: who is told, and how long it takes until the next.

    Parameters
    ----------
    wait : datetime.timedelta
        Time from this step to the next, above 0; working time where the policy has a calendar.
    axis : {"functional", "hierarchical"}
        To somebody who can solve, or to somebody who can decide.
    target : str
        "next_level", "level:<id>", "owner:<n>" (n-th of the domain's chain, from 1) or "person:<id>".
    when : {"not_acknowledged", "not_resolved"}
        Whether an acknowledgement holds the step.

    Raises
    ------
    PolicyError
        A part is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Step(wait=timedelta(minutes=10), axis="functional", target="next_level").when
    'not_acknowledged'
    >>> Step(wait=timedelta(0), axis="functional", target="level")
    Traceback (most recent call last):
    ...
    leadkit.errors.PolicyError: step: 2 faults
      wait: expected a time above 0, got 0:00:00
      target: expected next_level, level:<id>, owner:<n> or person:<id>, got 'level' (did you mean 'next_level'?)
    """

    wait: timedelta
    axis: Axis
    target: str
    when: When = "not_acknowledged"

    def __attrs_post_init__(self) -> None:
        faults = _time_faults(self.wait, "wait")
        faults += word_faults(self.axis, get_args(Axis), "axis")
        faults += _target_faults(self.target)
        faults += word_faults(self.when, get_args(When), "when")
        raise_faults(faults, "step", PolicyError)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as plain data; the wait is ISO 8601 text."""
        return {"wait": duration_text(self.wait), "axis": self.axis, "target": self.target, "when": self.when}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a step from what `to_dict` gives, or raise `PolicyError` with everything that is wrong."""
        table = Table(data, ("wait", "axis", "target", "when"))
        fields = {
            "wait": table.read("wait", SPARE_WAIT, how=duration_of),
            "axis": table.read("axis", "functional"),
            "target": table.read("target", "next_level"),
            "when": table.read("when", None, "not_acknowledged"),
        }
        return built(cls, fields, table.faults, "step")


@frozen(kw_only=True, eq=False)
class Policy(Value):
    """Who is told of a ticket after how long, as long as nobody takes it or solves it.

    Parameters
    ----------
    id : str
        Whatever tells the policy from others.
    steps : sequence of Step
        In order, at least one.
    repeat : int
        How often the steps are gone through again, 0 to 1,000,000.
    on_empty : {"skip", "wait"}
        What follows a step that reaches nobody.
    ack_timeout : datetime.timedelta, optional
        How long an acknowledgement holds unless the ticket is closed, above 0.
    on_ack_timeout : {"resume", "restart"}, optional
        What follows then; needed with `ack_timeout` and only with it.
    calendar : leadkit.calendars.WorkCalendar, optional
        All times are working time of this calendar; without one they are plain time.
    version : str
        Version of the policy.

    Raises
    ------
    PolicyError
        A part is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> policy = Policy(
    ...     id="desk",
    ...     steps=[
    ...         Step(wait=timedelta(minutes=10), axis="functional", target="next_level"),
    ...         Step(wait=timedelta(minutes=30), axis="hierarchical", target="owner:1", when="not_resolved"),
    ...     ],
    ...     repeat=1,
    ... )
    >>> Policy.from_dict(policy.to_dict()) == policy
    True
    >>> Policy(id="desk", steps=[], ack_timeout=timedelta(hours=1))
    Traceback (most recent call last):
    ...
    leadkit.errors.PolicyError: policy 'desk': 2 faults
      steps: a policy has at least one step
      on_ack_timeout: is missing: say what follows the ack_timeout, 'resume' or 'restart'
    """

    id: str
    steps: tuple[Step, ...] = field(converter=as_tuple)
    repeat: int = 0
    on_empty: OnEmpty = "skip"
    ack_timeout: timedelta | None = None
    on_ack_timeout: OnAckTimeout | None = None
    calendar: WorkCalendar | None = None
    version: str = "1"

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + member_faults(self.steps, Step, "steps", "Step")
        if isinstance(self.steps, tuple) and not self.steps:
            faults.append(Fault("steps", "a policy has at least one step"))
        faults += _repeat_faults(self.repeat) + word_faults(self.on_empty, get_args(OnEmpty), "on_empty")
        faults += self._timeout_faults()
        if self.calendar is not None and not isinstance(self.calendar, WorkCalendar):
            faults.append(Fault("calendar", f"expected a WorkCalendar, got {self.calendar!r}"))
        faults += id_faults(self.version, "version")
        raise_faults(faults, f"policy {self.id!r}", PolicyError)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain data for `from_dict` and for JSON; times are ISO 8601 text."""
        return {
            "id": self.id,
            "version": self.version,
            "steps": [step.to_dict() for step in self.steps],
            "repeat": int(self.repeat),
            "on_empty": self.on_empty,
            "ack_timeout": None if self.ack_timeout is None else duration_text(self.ack_timeout),
            "on_ack_timeout": self.on_ack_timeout,
            "calendar": None if self.calendar is None else self.calendar.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a policy from what `to_dict` gives, or raise `PolicyError` with everything that is wrong.

        What has a default may be left out, and an unknown key is a fault.
        """
        names = ("id", "version", "steps", "repeat", "on_empty", "ack_timeout", "on_ack_timeout", "calendar")
        table = Table(data, names)
        spare = Step(wait=SPARE_WAIT, axis="functional", target="next_level")
        fields = {
            "id": table.read("id", "policy"),
            "version": table.read("version", None, "1"),
            "steps": table.read("steps", (spare,), how=each(Step.from_dict)),
            "repeat": table.read("repeat", None, 0),
            "on_empty": table.read("on_empty", None, "skip"),
            "ack_timeout": table.read("ack_timeout", SPARE_WAIT, None, duration_of),
            "on_ack_timeout": table.read("on_ack_timeout", None, None),
            "calendar": table.read("calendar", None, None, WorkCalendar.from_dict),
        }
        return built(cls, fields, table.faults, "policy")

    def _timeout_faults(self) -> list[Fault]:
        faults = [] if self.ack_timeout is None else _time_faults(self.ack_timeout, "ack_timeout")
        if self.on_ack_timeout is not None:
            faults += word_faults(self.on_ack_timeout, get_args(OnAckTimeout), "on_ack_timeout")
            if self.ack_timeout is None:
                faults.append(Fault("ack_timeout", "is missing: on_ack_timeout says what follows it"))
        elif self.ack_timeout is not None:
            told = "is missing: say what follows the ack_timeout, 'resume' or 'restart'"
            faults.append(Fault("on_ack_timeout", told))
        return faults


def _time_faults(value: object, where: str) -> list[Fault]:
    if not isinstance(value, timedelta):
        return [Fault(where, f"expected a timedelta, got {value!r}")]
    return [] if value > timedelta(0) else [Fault(where, f"expected a time above 0, got {value}")]


def _repeat_faults(value: object) -> list[Fault]:
    faults = whole_number_faults(value, "repeat")
    if not faults and not 0 <= value <= MOST_REPEATS:  # type: ignore[operator]
        faults.append(Fault("repeat", f"expected 0 to {MOST_REPEATS}, got {value!r}"))
    return faults


def _target_faults(target: object) -> list[Fault]:
    if isinstance(target, str):
        word, colon, rest = target.partition(":")
        if target == "next_level" or OWNER.fullmatch(target):
            return []
        if word in {"level", "person"} and colon and rest:
            return id_faults(rest, "target")
        if word == "owner" and colon:
            return [Fault("target", f"expected owner:<n> with n from 1, got {target!r}")]
        known = ("level", "owner", "person")
        hint = did_you_mean(word, known) * (word not in known) if colon else did_you_mean(target, ("next_level",))
        return [Fault("target", f"expected {TARGET_FORMS}, got {target!r}{hint}")]
    return [Fault("target", f"expected {TARGET_FORMS}, got {target!r}")]
