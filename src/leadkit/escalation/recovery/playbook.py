"""The playbook of recovery: what to do step by step, and how far each level may go without asking."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, as_tuple, member_faults, texts_faults, word_faults
from leadkit._fields import number_faults, string_faults, whole_number_faults
from leadkit._results import Result
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import raise_faults

__all__ = ["AuthorityLimit", "RecoveryPlaybook", "RecoveryStep", "StepId"]

StepId: TypeAlias = Literal["listen", "empathise", "apologise", "resolve", "follow_up"]
"""The steps of recovery, in their order."""

STEP_IDS: Final[tuple[str, ...]] = get_args(StepId)


@frozen(kw_only=True, eq=False)
class RecoveryStep(Result):
    """One step of recovery.

    Parameters
    ----------
    id : {"listen", "empathise", "apologise", "resolve", "follow_up"}
        Which step it is.
    name, aim : str
        What people call it, and what is so when it is done.
    actions : tuple of str
        What to do, at least one thing.
    phrases : tuple of str
        What can be said.
    within_hours : float, optional
        By when it should be done, in hours from receipt, above 0.

    Raises
    ------
    EscalationError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> step = RecoveryPlaybook.default().steps[0]
    >>> step.id, step.actions[0], step.within_hours
    ('listen', 'Take the case yourself and give your name and a way to reach you.', 1.0)
    """

    id: StepId
    name: str
    aim: str
    actions: tuple[str, ...] = field(converter=as_tuple)
    phrases: tuple[str, ...] = field(default=(), converter=as_tuple)
    within_hours: float | None = field(default=None, converter=as_amount)

    def __attrs_post_init__(self) -> None:
        faults = word_faults(self.id, STEP_IDS, "id") + string_faults(self.name, "name")
        faults += string_faults(self.aim, "aim") + texts_faults(self, "actions", "phrases")
        if self.actions == ():
            faults.append(Fault("actions", "expected at least one thing to do"))
        if self.within_hours is not None:
            faults += number_faults(self.within_hours, "within_hours", above=0)
        raise_faults(faults, f"step {self.id!r}", EscalationError)


@frozen(kw_only=True, eq=False)
class AuthorityLimit(Result):
    """How far a level of support may go without asking the next.

    Parameters
    ----------
    level : int
        Rank of the level, from 1.
    refund : float
        Greatest share of the price that may be given back, in [0, 1].
    goodwill : float
        Greatest amount beyond that, at least 0, in the unit of the playbook.
    acts : tuple of str
        What else people of the level may do.

    Raises
    ------
    EscalationError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> for limit in RecoveryPlaybook.default().limits:
    ...     print(limit.level, limit.refund, limit.goodwill)
    1 0.2 0.2
    2 1.0 1.0
    3 1.0 5.0
    """

    level: int
    refund: float = field(converter=as_amount)
    goodwill: float = field(converter=as_amount)
    acts: tuple[str, ...] = field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        faults = whole_number_faults(self.level, "level")
        if not faults and self.level < 1:
            faults.append(Fault("level", f"expected a whole number of at least 1, got {self.level!r}"))
        of_refund = amount_faults(self.refund, "refund")
        if not of_refund and self.refund > 1:
            of_refund.append(Fault("refund", f"expected a share of at most 1, got {self.refund!r}"))
        faults += of_refund + amount_faults(self.goodwill, "goodwill") + texts_faults(self, "acts")
        raise_faults(faults, f"limit of level {self.level!r}", EscalationError)


@frozen(kw_only=True, eq=False)
class RecoveryPlaybook(Result):
    """What to do when service failed, and who may decide how much.

    Parameters
    ----------
    title, version, source, licence, note : str
        What it is called, which version it is, where it comes from, under which licence, and what to know.
    unit : str
        What goodwill is counted in.
    steps : tuple of RecoveryStep
        Listen, empathise, apologise, resolve and follow up, in this order.
    limits : tuple of AuthorityLimit
        One a level, from level 1 upwards without gaps; no limit falls from a level to the next.

    Raises
    ------
    EscalationError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> playbook = RecoveryPlaybook.default()
    >>> [step.name for step in playbook.steps]
    ['Listen', 'Empathise', 'Apologise', 'Resolve', 'Follow up']
    >>> playbook.level_for(refund=0.1), playbook.level_for(refund=0.5), playbook.level_for(goodwill=100)
    (1, 2, None)
    """

    title: str
    version: str
    source: str
    licence: str
    note: str
    unit: str
    steps: tuple[RecoveryStep, ...] = field(converter=as_tuple)
    limits: tuple[AuthorityLimit, ...] = field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        head = ("title", "version", "source", "licence", "note", "unit")
        faults = [fault for name in head for fault in string_faults(getattr(self, name), name)]
        faults += member_faults(self.steps, RecoveryStep, "steps", "RecoveryStep") or self._step_faults()
        faults += member_faults(self.limits, AuthorityLimit, "limits", "AuthorityLimit") or self._limit_faults()
        raise_faults(faults, f"recovery playbook {self.title!r}", EscalationError)

    def step(self, step_id: str) -> RecoveryStep:
        """Return a step by its id.

        Raises
        ------
        UnknownIdError
            There is none; the message gives the nearest.

        Examples
        --------
        >>> RecoveryPlaybook.default().step("listen").aim
        'The customer has told the whole of it, once, to one person.'
        """
        if not isinstance(step_id, str) or step_id not in STEP_IDS:
            raise UnknownIdError.of(str(step_id), STEP_IDS, kind="step")
        return self.steps[STEP_IDS.index(step_id)]

    def level_for(self, *, refund: float = 0.0, goodwill: float = 0.0) -> int | None:
        """Tell the lowest level that may grant this without asking; None where it is beyond every level.

        Parameters
        ----------
        refund : float
            Share of the price, in [0, 1].
        goodwill : float
            Amount beyond that, at least 0, in the unit of the playbook.

        Raises
        ------
        EscalationError
            An amount is wrong.

        Examples
        --------
        >>> ours = RecoveryPlaybook.default()
        >>> ours.level_for(refund=0.5), ours.level_for(refund=2.0)
        (2, None)
        """
        faults = amount_faults(refund, "refund") + amount_faults(goodwill, "goodwill")
        raise_faults(faults, "", EscalationError)
        able = (limit.level for limit in self.limits if refund <= limit.refund and goodwill <= limit.goodwill)
        return next(able, None)

    @classmethod
    def default(cls) -> Self:
        """Give the playbook that comes with leadkit."""
        return cls.from_toml(_shipped_text(), subject="recovery_playbook")

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read a playbook of one's own from a file.

        Raises
        ------
        EscalationError
            `path` is no path, or the file is no UTF-8 text or no TOML, or says something wrong; the message lists every
            fault with its path.
        FileNotFoundError
            There is no file at that path.
        """
        if not isinstance(path, str | Path):
            raise EscalationError.from_faults([Fault("path", f"expected a path, got {path!r}")])
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            msg = f"{path}: this is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
            raise EscalationError(msg) from None
        return cls.from_toml(text, subject=str(path))

    @classmethod
    def from_toml(cls, text: str, *, subject: str = "") -> Self:
        """Read a playbook from TOML; `subject` is what it is called in messages.

        Raises
        ------
        EscalationError
            The text is no TOML, or says something wrong; the message lists every fault with its path.

        Examples
        --------
        >>> RecoveryPlaybook.from_toml("title = 'Ours'", subject="ours.toml")
        Traceback (most recent call last):
        ...
        leadkit.errors.EscalationError: ours.toml: 7 faults
          'version' is missing
          'source' is missing
          'licence' is missing
          'note' is missing
          'unit' is missing
          'steps' is missing
          'limits' is missing
        """
        from leadkit._convert import structure

        return structure(_toml_data(text, subject), cls, error=EscalationError, subject=subject)

    def _step_faults(self) -> list[Fault]:
        ids = tuple(step.id for step in self.steps)
        return [] if ids == STEP_IDS else [Fault("steps", f"expected {', '.join(STEP_IDS)}, got {', '.join(ids)}")]

    def _limit_faults(self) -> list[Fault]:
        ranks = [limit.level for limit in self.limits]
        if not ranks or ranks != list(range(1, len(ranks) + 1)):
            return [Fault("limits", f"expected levels 1, 2, ... in order and without gaps, got {ranks}")]
        return [
            Fault(f"limits[{place}].{name}", f"falls below that of level {place}: {getattr(below, name):g}")
            for place, (below, own) in enumerate(zip(self.limits, self.limits[1:], strict=False), start=1)
            for name in ("refund", "goodwill")
            if getattr(own, name) < getattr(below, name)
        ]


@cache
def _shipped_text() -> str:
    return files("leadkit.escalation").joinpath("data", "recovery_playbook.toml").read_text(encoding="utf-8")


def _toml_data(text: object, subject: str) -> dict[str, Any]:
    if not isinstance(text, str):
        raise EscalationError.from_faults([Fault("text", f"expected a text, got {text!r}")], subject=subject)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EscalationError.from_faults([Fault("", f"this is not TOML: {error}")], subject=subject) from None
