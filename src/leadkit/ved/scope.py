"""Whether a vision fits the level of the person who holds it, with the reason."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from attrs import frozen

from leadkit._fields import identifier_faults, number_faults, string_faults
from leadkit._results import Result, TableResult, html_table
from leadkit.errors import ResponseError, UnknownIdError
from leadkit.ved.levels import ScopeTable, VisionScope, vision_scopes

__all__ = ["ScopeCheck", "ScopeFinding", "VisionStatement", "scope_check"]

Aspect: TypeAlias = Literal["horizon", "reach"]
Verdict: TypeAlias = Literal["fits", "too_near", "too_far", "too_narrow", "too_wide", "not_stated"]

FLAG_OF = {"horizon": "no_horizon", "reach": "no_reach"}


@frozen(kw_only=True)
class VisionStatement:
    """A vision as somebody put it, with its horizon and reach as a person reads them.

    Parameters
    ----------
    text : str
        The words. They are kept and shown, never analysed.
    horizon_months : float, optional
        How far ahead it looks, above 0 [months]; None when it does not say.
    reach : str, optional
        Id of the reach that it is about; None when it does not say.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> VisionStatement(text="Nobody waits.", horizon_months=0, reach="")
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: vision statement: 2 faults
      horizon_months: expected a finite number above 0, got 0
      reach: '' is not an identifier: a lower-case letter, then a-z, 0-9 or _
    """

    text: str
    horizon_months: float | None = None
    reach: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = string_faults(self.text, "text")
        if self.horizon_months is not None:
            faults += number_faults(self.horizon_months, "horizon_months", above=0.0)
        if self.reach is not None:
            faults += identifier_faults(self.reach, "reach")
        if faults:
            raise ResponseError.from_faults(faults, subject="vision statement")


@frozen(kw_only=True, eq=False)
class ScopeFinding(Result):
    """What was found about one aspect of a vision.

    Parameters
    ----------
    aspect : {"horizon", "reach"}
        How far ahead, or for whom.
    verdict : {"fits", "too_near", "too_far", "too_narrow", "too_wide", "not_stated"}
        Too near and too far are about the horizon, too narrow and too wide about the reach.
    stated, expected : str
        What the statement says, and what is expected at the level; `stated` is empty when it says nothing.
    explanation : str
        What that means, in a sentence or two.
    """

    aspect: Aspect
    verdict: Verdict
    stated: str
    expected: str
    explanation: str


@frozen(kw_only=True, eq=False)
class ScopeCheck(TableResult):
    """Whether a vision fits a level, one row a finding.

    Parameters
    ----------
    level : str
        The level that it was held against.
    statement : VisionStatement
        The vision.
    scope : VisionScope
        What is expected at the level.
    findings : tuple of ScopeFinding
        One about the horizon, one about the reach.
    fits : bool or None
        Whether both fit; None when nothing is amiss but something is not stated.
    fitting_levels : tuple of str
        Levels at which what the statement says fits, lowest first; empty when it says neither.
    flags : tuple of str
        `no_horizon`, `no_reach` when the statement does not say.
    table, table_version : str
        Title and version of the table of levels.
    """

    level: str
    statement: VisionStatement
    scope: VisionScope
    findings: tuple[ScopeFinding, ...]
    fits: bool | None
    fitting_levels: tuple[str, ...]
    flags: tuple[str, ...]
    table: str
    table_version: str

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a finding: `level`, `aspect`, `verdict`, `stated`, `expected`, `explanation`."""
        return [{"level": self.level, **finding.to_dict()} for finding in self.findings]

    def _repr_html_(self) -> str:
        rows = [(finding.aspect, finding.verdict, finding.explanation) for finding in self.findings]
        return html_table(f"{self.scope.name}: {self.statement.text}", ("aspect", "verdict", "explanation"), rows)


def scope_check(statement: VisionStatement, level: str, *, table: ScopeTable | None = None) -> ScopeCheck:
    """Hold a vision against what is expected at a level: how far ahead it looks, and whom it is about.

    Parameters
    ----------
    statement : VisionStatement
        The vision with its horizon and reach as a person reads them; the text itself is not analysed.
    level : str
        Id of the level of the person who holds it.
    table : ScopeTable, optional
        Levels of one's own; `vision_scopes()` when None.

    Returns
    -------
    ScopeCheck
        Two findings that explain themselves, and the levels at which the vision would fit.

    Raises
    ------
    UnknownIdError
        The level or the reach is not in the table; the message gives the nearest.
    TypeError
        The statement is a plain text.

    Examples
    --------
    >>> vision = VisionStatement(text="Callers reach us within a minute.", horizon_months=3, reach="department")
    >>> check = scope_check(vision, "manager")
    >>> check.fits, [finding.verdict for finding in check.findings], check.fitting_levels
    (False, ['too_near', 'fits'], ('supervisor',))
    >>> print(check.findings[0].explanation)
    It looks 3 months ahead; at the level Manager, 6 to 24 months are expected.
    As near as that it is a target or a plan: what will be different when it has been reached?
    """
    if not isinstance(statement, VisionStatement):
        msg = f"statement: expected a VisionStatement with its horizon and reach, got {statement!r}"
        raise TypeError(msg)
    known = vision_scopes() if table is None else table
    scope = known.scope(level)
    if statement.reach is not None and statement.reach not in known.reach_ids:
        raise UnknownIdError.of(statement.reach, known.reach_ids, kind="reach")
    verdicts = _verdicts(statement, scope, known)
    findings = (
        _horizon_finding(statement, scope, verdicts["horizon"]),
        _reach_finding(statement, scope, verdicts["reach"], known),
    )
    silent = tuple(aspect for aspect, verdict in verdicts.items() if verdict == "not_stated")
    amiss = any(verdict not in {"fits", "not_stated"} for verdict in verdicts.values())
    return ScopeCheck(
        level=level,
        statement=statement,
        scope=scope,
        findings=findings,
        fits=False if amiss else None if silent else True,
        fitting_levels=() if len(silent) == 2 else _fitting_levels(statement, known),
        flags=tuple(FLAG_OF[aspect] for aspect in silent),
        table=known.title,
        table_version=known.version,
    )


def _verdicts(statement: VisionStatement, scope: VisionScope, table: ScopeTable) -> dict[Aspect, Verdict]:
    return {"horizon": _horizon_verdict(statement, scope), "reach": _reach_verdict(statement, scope, table)}


def _horizon_verdict(statement: VisionStatement, scope: VisionScope) -> Verdict:
    if statement.horizon_months is None:
        return "not_stated"
    nearest, furthest = scope.horizon_months
    if statement.horizon_months < nearest:
        return "too_near"
    return "too_far" if statement.horizon_months > furthest else "fits"


def _reach_verdict(statement: VisionStatement, scope: VisionScope, table: ScopeTable) -> Verdict:
    if statement.reach is None:
        return "not_stated"
    place = table.reach_ids.index(statement.reach)
    if place < table.reach_ids.index(scope.reach[0]):
        return "too_narrow"
    return "too_wide" if place > table.reach_ids.index(scope.reach[-1]) else "fits"


def _fitting_levels(statement: VisionStatement, table: ScopeTable) -> tuple[str, ...]:
    return tuple(
        scope.level
        for scope in table.scopes
        if set(_verdicts(statement, scope, table).values()) <= {"fits", "not_stated"}
    )


def _horizon_finding(statement: VisionStatement, scope: VisionScope, verdict: Verdict) -> ScopeFinding:
    stated = "" if statement.horizon_months is None else _months(statement.horizon_months)
    expected = "{} to {} months".format(*scope.horizon_months)
    says = f"It looks {stated} ahead" if stated else "It does not say when"
    question = {
        "fits": "",
        "too_near": " As near as that it is a target or a plan: what will be different when it has been reached?",
        "too_far": " Those who are to follow need something nearer too: what will they see on the way?",
        "not_stated": " By when could one tell?",
    }[verdict]
    explanation = f"{says}; at the level {scope.name}, {expected} are expected.{question}"
    return ScopeFinding(aspect="horizon", verdict=verdict, stated=stated, expected=expected, explanation=explanation)


def _reach_finding(statement: VisionStatement, scope: VisionScope, verdict: Verdict, table: ScopeTable) -> ScopeFinding:
    stated = "" if statement.reach is None else table.reach_name(statement.reach)
    expected = " or ".join(map(table.reach_name, scope.reach))
    says = f"It is about: {stated}" if stated else "It does not say for whom"
    question = {
        "fits": "",
        "too_narrow": " Who else depends on this person to say where things are going?",
        "too_wide": " Which part of it can this person and those who follow bring about themselves?",
        "not_stated": " Whose future is it?",
    }[verdict]
    explanation = f"{says}; at the level {scope.name} is expected: {expected}.{question}"
    return ScopeFinding(aspect="reach", verdict=verdict, stated=stated, expected=expected, explanation=explanation)


def _months(months: float) -> str:
    return "1 month" if months == 1 else f"{months:g} months"
