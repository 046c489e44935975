"""The 100 % rule and the other rules of a sound work breakdown structure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, TypeAlias

from leadkit._fields import number_faults
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.structure._adding import added_up
from leadkit.wbs.structure._codes import written
from leadkit.wbs.structure._outline import Outline
from leadkit.wbs.structure.accounts import ControlAccount
from leadkit.wbs.structure.findings import Finding, Severity, WbsCheck
from leadkit.wbs.structure.groups import Group
from leadkit.wbs.structure.tree import Wbs

__all__ = ["check_wbs"]

WEIGHT = "weight"

Found: TypeAlias = tuple[int, dict[str, Any]]


def check_wbs(wbs: Wbs, *, tol: float = 1e-9) -> WbsCheck:
    """Check that the parts of everything make up the whole, and that codes and accounts are in order.

    Parameters
    ----------
    wbs : Wbs
        The structure.
    tol : float
        How far a sum may be off, at least 0, as a share of what is stated where that is above 1.

    Returns
    -------
    WbsCheck
        Findings in outline order, then by rule, then by measure:

        - `missing`, `surplus`: a group states a value and its parts sum to less or more (a part counts its own value,
          else the sum of its own parts, else 0); weights are compared with 1 instead of with the group's own.
        - `unmeasured` (warning): some part of such a group has no value at all.
        - `weights`: some part of a group has a weight, and the weights do not sum to 1.
        - `empty_group`; `single_child` (warning).
        - `no_account`: a package is below no control account (a warning while there are no accounts at all).
        - `two_accounts`: an account's node lies below another's, or has an account already.
        - `duplicate_code`: a node before has the same code.
        - `code_out_of_place`: a pinned code does not start with that of the group.

    Raises
    ------
    ValueError
        `tol` is no finite number of at least 0.

    References
    ----------
    .. [1] Project Management Institute, "Practice Standard for Work Breakdown Structures", 3rd ed., 2019 (the 100 %
       rule).

    Examples
    --------
    >>> from leadkit.wbs import WorkPackage
    >>> parts = [WorkPackage(id="a", measures={"cost": 3}), WorkPackage(id="b", measures={"cost": 4})]
    >>> check = check_wbs(Wbs(root=Group(id="all", children=parts, measures={"cost": 8})))
    >>> for finding in check.findings:
    ...     print(finding.severity, finding.message)
    error group 'all' states cost 8 and its parts sum to 7
    warning work package 'a' is below no control account
    warning work package 'b' is below no control account
    """
    expect_kind(wbs, Wbs)
    faults = number_faults(tol, "tol")
    if faults or tol < 0:
        msg = f"tol: expected a finite number of at least 0, got {tol!r}"
        raise ValueError(msg)
    outline = wbs._outline  # noqa: SLF001 - the layout is shared within this package
    found = [*_sums(outline, tol), *_weights(outline, tol), *_shapes(outline)]
    found += [*_accounts(outline, wbs.control_accounts), *_codes(outline, wbs.prefix)]
    found.sort(key=lambda pair: (pair[0], pair[1]["rule"], pair[1].get("measure") or ""))
    findings = tuple(_finding(outline, wbs.prefix, i, **what) for i, what in found)
    return WbsCheck(findings=findings, ok=all(finding.severity != "error" for finding in findings))


def _finding(outline: Outline, prefix: str, i: int, *, severity: Severity = "error", **what: Any) -> Finding:
    code = written(prefix, outline.numbers(i))
    return Finding(severity=severity, node=outline.nodes[i].id, code=code, **what)


def _sums(outline: Outline, tol: float) -> Iterator[Found]:
    """Compare what groups state with what their parts sum to."""
    stated: dict[str, list[int]] = {}
    for i, node in enumerate(outline.nodes):
        if isinstance(node, Group):
            for measure in node.measures:
                stated.setdefault(measure, []).append(i)
    stated.pop(WEIGHT, None)
    for measure, groups in stated.items():
        values = added_up(outline, measure, "skip")
        for i in groups:
            own, parts = values[i], outline.children(i)
            total = math.fsum(values[child] for child in parts if not math.isnan(values[child]))
            what = {"measure": measure, "expected": own, "found": total}
            name = f"group {outline.nodes[i].id!r}"
            if abs(total - own) > tol * max(1.0, abs(own)):
                rule = "missing" if total < own else "surplus"
                message = f"{name} states {measure} {own:.12g} and its parts sum to {total:.12g}"
                yield i, {"rule": rule, "message": message, **what}
            without = [outline.nodes[child].id for child in parts if math.isnan(values[child])]
            if without:
                message = f"{name} states {measure} and {_listed(without)} of its parts {'has' if len(without) == 1 else 'have'} none"
                yield i, {"rule": "unmeasured", "severity": "warning", "message": message, **what}


def _weights(outline: Outline, tol: float) -> Iterator[Found]:
    for i, node in enumerate(outline.nodes):
        if isinstance(node, Group):
            weights = [child.measures[WEIGHT] for child in node.children if WEIGHT in child.measures]
            total = math.fsum(weights)
            if weights and abs(total - 1) > tol:
                message = f"the weights of the parts of group {node.id!r} sum to {total:.12g}, not to 1"
                yield i, {"rule": "weights", "message": message, "measure": WEIGHT, "expected": 1.0, "found": total}


def _shapes(outline: Outline) -> Iterator[Found]:
    for i, node in enumerate(outline.nodes):
        if isinstance(node, Group) and not node.children:
            yield i, {"rule": "empty_group", "message": f"group {node.id!r} has no parts"}
        elif isinstance(node, Group) and len(node.children) == 1:
            message = f"group {node.id!r} has only one part, {node.children[0].id!r}"
            yield i, {"rule": "single_child", "severity": "warning", "message": message}


def _accounts(outline: Outline, accounts: tuple[ControlAccount, ...]) -> Iterator[Found]:
    """Find packages below no account, and accounts below or beside another."""
    severity: Severity = "error" if accounts else "warning"
    own: dict[int, list[ControlAccount]] = {}
    for account in sorted(accounts, key=lambda account: account.id):
        own.setdefault(outline.place[account.node], []).append(account)
    covering: list[ControlAccount | None] = []
    for i, node in enumerate(outline.nodes):
        over = covering[outline.above[i]] if i else None
        here = own.get(i, [])
        for account in here:
            if over is not None and account is here[0]:
                message = f"control account {account.id!r} of {node.id!r} lies below {over.id!r} of {over.node!r}"
                yield i, {"rule": "two_accounts", "message": message}
            elif account is not here[0]:
                message = f"control accounts {here[0].id!r} and {account.id!r} are both for {node.id!r}"
                yield i, {"rule": "two_accounts", "message": message}
        covering.append(here[0] if here else over)
        if covering[i] is None and not isinstance(node, Group):
            message = f"work package {node.id!r} is below no control account"
            yield i, {"rule": "no_account", "severity": severity, "message": message}


def _codes(outline: Outline, prefix: str) -> Iterator[Found]:
    """Find codes that are there twice, and pinned ones that do not start with the code of the group."""
    for i, node in enumerate(outline.nodes):
        first = outline.first_with[outline.code_place[i]]
        if first != i:
            code = written(prefix, outline.numbers(i))
            message = f"{node.id!r} has the code {code!r}, which {outline.nodes[first].id!r} has too"
            yield i, {"rule": "duplicate_code", "message": message}
        above = outline.above[i]
        if node.code is not None and not outline.codes.starts_with(outline.code_place[i], outline.code_place[above]):
            group = f"{written(prefix, outline.numbers(above))!r}, the code of {outline.nodes[above].id!r}"
            message = f"code {node.code!r} of {node.id!r} does not start with {group}"
            yield i, {"rule": "code_out_of_place", "message": message}


def _listed(ids: list[str]) -> str:
    return ", ".join(map(repr, ids[:5])) + (f" and {len(ids) - 5} more" if len(ids) > 5 else "")
