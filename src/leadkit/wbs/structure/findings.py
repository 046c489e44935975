"""What a check of the structure finds: each with its rule, its place and the numbers behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from leadkit._fields import FrozenMapping, frozen_mapping
from leadkit._results import TableResult, plain
from leadkit.wbs.structure.accounts import RaciRole

__all__ = ["Finding", "FindingRule", "RaciCheck", "Severity", "WbsCheck"]

FindingRule: TypeAlias = Literal[
    "code_out_of_place",
    "duplicate_code",
    "empty_group",
    "many_accountable",
    "missing",
    "no_account",
    "no_accountable",
    "no_responsible",
    "single_child",
    "surplus",
    "two_accounts",
    "unknown_person",
    "unmeasured",
    "weights",
]
"""Which rule a finding breaks."""
Severity: TypeAlias = Literal["error", "warning"]
"""How bad a finding is: with an error the check is not ok."""

COLUMNS = ("rule", "severity", "node", "code", "measure", "expected", "found", "message")


@frozen(kw_only=True)
class Finding:
    """One thing that a check has found.

    Parameters
    ----------
    rule : str
        Which rule is broken.
    severity : {"error", "warning"}
        Whether the structure is wrong or only unusual.
    node, code : str
        Where.
    measure : str, optional
        Which quantity; None where the rule is not about one.
    expected, found : float, optional
        What the quantity should be, and what it is; None where the rule compares no numbers.
    message : str
        What was found, in one sentence.

    Examples
    --------
    >>> Finding(rule="empty_group", severity="error", node="build", code="2", message="group 'build' has no parts").node
    'build'
    """

    rule: FindingRule
    severity: Severity
    node: str
    code: str
    measure: str | None = None
    expected: float | None = None
    found: float | None = None
    message: str


def _as_accountable(people: Mapping[str, str]) -> Mapping[str, str]:
    return frozen_mapping(people)


def _as_load(counts: Mapping[str, Mapping[RaciRole, int]]) -> Mapping[str, Mapping[RaciRole, int]]:
    return FrozenMapping((person, frozen_mapping(roles)) for person, roles in counts.items())


def records_of_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Give one dictionary a finding."""
    return [{name: plain(getattr(finding, name)) for name in COLUMNS} for finding in findings]


@frozen(kw_only=True, eq=False)
class WbsCheck(TableResult):
    """What `check_wbs` has found.

    Parameters
    ----------
    findings : tuple of Finding
        In outline order, then by rule.
    ok : bool
        Whether none of them is an error.
    """

    _columns: ClassVar[Mapping[str, str]] = {name: name for name in COLUMNS}

    findings: tuple[Finding, ...]
    ok: bool

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a finding, with the fields of `Finding`."""
        return records_of_findings(self.findings)


@frozen(kw_only=True, eq=False)
class RaciCheck(TableResult):
    """What `check_raci` has found.

    Parameters
    ----------
    findings : tuple of Finding
        In outline order, then by rule.
    accountable : mapping of str to str
        Every node for which exactly one person is accountable, in outline order, with that person.
    load : mapping of str to mapping of str to int
        For each person, by id, in how many packages they have each of the four roles.
    ok : bool
        Whether there is no finding.
    """

    _columns: ClassVar[Mapping[str, str]] = {name: name for name in COLUMNS}

    findings: tuple[Finding, ...]
    accountable: Mapping[str, str] = field(converter=_as_accountable)
    load: Mapping[str, Mapping[RaciRole, int]] = field(converter=_as_load)
    ok: bool

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a finding, with the fields of `Finding`."""
        return records_of_findings(self.findings)
