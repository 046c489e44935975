"""Whether everybody knows who answers for which work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from leadkit.wbs._checking import expect_kind
from leadkit.wbs.structure._codes import written
from leadkit.wbs.structure._inheriting import roles_in
from leadkit.wbs.structure.accounts import ROLES, RaciRole
from leadkit.wbs.structure.findings import Finding, FindingRule, RaciCheck
from leadkit.wbs.structure.packages import WorkPackage
from leadkit.wbs.structure.tree import Wbs

__all__ = ["check_raci"]

Wrong: TypeAlias = tuple[FindingRule, str]


def check_raci(wbs: Wbs, people: Collection[str] | None = None) -> RaciCheck:
    """Check the RACI entries of a structure and count who has how much.

    Parameters
    ----------
    wbs : Wbs
        The structure. An entry holds for its node and everything below, until a node has entries of its own for that
        role.
    people : collection of str, optional
        Everybody there is; None does not check.

    Returns
    -------
    RaciCheck
        Findings, all errors, in outline order, then by rule:

        - `no_accountable`, `many_accountable`: a package has no A, or more than one.
        - `no_responsible`: a package has no R.
        - `unknown_person`: an entry names somebody who is not among `people`.

    Raises
    ------
    ValueError
        `people` is a single text.

    References
    ----------
    .. [1] Project Management Institute, "A Guide to the Project Management Body of Knowledge", 6th ed., 2017,
       section 9.1 (responsibility assignment matrix).

    Examples
    --------
    >>> from leadkit.wbs import Group, Raci
    >>> root = Group(id="crm", children=[WorkPackage(id="data"), WorkPackage(id="train")])
    >>> entries = [Raci(node="crm", person="ann", role="A"), Raci(node="data", person="ben", role="R")]
    >>> check = check_raci(Wbs(root=root, raci=entries))
    >>> check.findings[0].message, check.accountable["data"], check.load["ann"]["A"]
    ("nobody is responsible for work package 'train'", 'ann', 2)
    """
    expect_kind(wbs, Wbs)
    if isinstance(people, str):
        msg = f"people: expected ids, got the text {people!r}"
        raise ValueError(msg)  # noqa: TRY004 - a wrong value, as for any other argument
    outline = wbs._outline  # noqa: SLF001 - the layout is shared within this package
    strangers = _strangers(wbs, people)
    everybody = sorted({entry.person for entry in wbs.raci}.union(people or ()))
    load: dict[str, dict[RaciRole, int]] = {person: dict.fromkeys(ROLES, 0) for person in everybody}
    accountable: dict[str, str] = {}
    findings: list[Finding] = []
    for i, roles in enumerate(roles_in(outline, wbs.raci)):
        node = outline.nodes[i]
        if len(roles.get("A", ())) == 1:
            accountable[node.id] = roles["A"][0]
        wrong: list[Wrong] = []
        if isinstance(node, WorkPackage):
            wrong += _wrong_roles(node.id, roles)
            for role, holders in roles.items():
                for person in holders:
                    load[person][role] += 1
        wrong += strangers.get(node.id, ())
        for rule, message in wrong:
            code = written(wbs.prefix, outline.numbers(i))
            findings.append(Finding(rule=rule, severity="error", node=node.id, code=code, message=message))
    return RaciCheck(findings=tuple(findings), accountable=accountable, load=load, ok=not findings)


def _strangers(wbs: Wbs, people: Collection[str] | None) -> dict[str, list[Wrong]]:
    """Find the people of entries who are not among `people`, by node."""
    found: dict[str, list[Wrong]] = {}
    known = None if people is None else set(people)
    for own, person in sorted({(entry.node, entry.person) for entry in wbs.raci}):
        if known is not None and person not in known:
            found.setdefault(own, []).append(("unknown_person", f"{person!r} at {own!r} is not known"))
    return found


def _wrong_roles(own: str, roles: Mapping[RaciRole, tuple[str, ...]]) -> list[Wrong]:
    """Check one package; the rules come by name."""
    wrong: list[Wrong] = []
    accountable = roles.get("A", ())
    if len(accountable) > 1:
        names = ", ".join(map(repr, accountable))
        wrong.append(
            ("many_accountable", f"{len(accountable)} people are accountable for work package {own!r}: {names}")
        )
    if not accountable:
        wrong.append(("no_accountable", f"nobody is accountable for work package {own!r}"))
    if not roles.get("R"):
        wrong.append(("no_responsible", f"nobody is responsible for work package {own!r}"))
    return wrong
