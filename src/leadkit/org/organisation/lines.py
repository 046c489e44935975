"""Reporting lines: every manager found, cycles told once each and cut at their smallest id, so that a tree is left."""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit.graphs.tree import TreeFaults, TreeIndex, check_parents
from leadkit.org.organisation.cells import ObjectArray, is_none
from leadkit.org.organisation.findings import Findings, folded, listed
from leadkit.typing import BoolArray, IntArray

__all__ = ["Lines", "solid_lines"]

ROOT = "the row becomes a root"


@frozen(kw_only=True, eq=False)
class Lines:
    """The solid lines as a tree, and which of its roots the table itself declared."""

    tree: TreeIndex
    declared_root: BoolArray


def solid_lines(
    ids: ObjectArray,
    managers: ObjectArray,
    is_root: BoolArray,
    index: dict[str, int],
    rows: IntArray,
    findings: Findings,
) -> Lines:
    """Find every manager by id, tell what is wrong with the lines, and repair them into a tree.

    Parameters
    ----------
    ids, managers : (n,) object array
        The kept rows; a manager of None that is no root could not be read, which has been told.
    is_root : (n,) bool array
        Declared roots.
    index : dict of str to int
        Id to place.
    rows : (n,) int array
        Rows of the table as given.
    findings : Findings
        Receives the violations.
    """
    n = len(ids)
    texts = managers.tolist()
    parents = np.fromiter(map(index.get, texts, repeat(-1)), dtype=np.int64, count=n)
    lost = np.flatnonzero((parents < 0) & ~is_root)
    _tell_unknown(ids, managers, lost[~is_none(managers[lost])], rows, findings)
    if n and not is_root.any():
        findings.add(
            "no_root",
            (),
            (),
            "nobody is without a manager: the lines have no top",
            repair="the repair of the lines makes one",
        )
    try:
        tree = TreeIndex.from_parents(parents)
    except ValueError:
        tree = TreeIndex.from_parents(_repaired(parents, check_parents(parents), ids, rows, findings))
    return Lines(tree=tree, declared_root=is_root)


def _tell_unknown(
    ids: ObjectArray, managers: ObjectArray, places: NDArray[Any], rows: IntArray, findings: Findings
) -> None:
    if not places.size:
        return
    # the smallest of several equal ids stays, whatever the order of the rows
    alike = dict(sorted(((folded(person_id), person_id) for person_id in ids.tolist()), reverse=True))
    for place in places.tolist():
        person, manager, row = str(ids[place]), str(managers[place]), int(rows[place])
        near = alike.get(folded(manager))
        hint = "" if near is None else f" (there is {near!r}: ids are compared exactly)"
        message = f"row {row}: {person!r} reports to {manager!r}, which is nobody's id{hint}"
        findings.add("unknown_manager", (person,), (row,), message, repair=ROOT)


def _repaired(
    parents: IntArray, faults: TreeFaults, ids: ObjectArray, rows: IntArray, findings: Findings
) -> NDArray[Any]:
    """Tell of self-managers, cycles and what hangs behind them, and cut them."""
    cut = parents.copy()
    for place in faults.self_parents.tolist():
        person, row = str(ids[place]), int(rows[place])
        findings.add("self_manager", (person,), (row,), f"row {row}: {person!r} reports to itself", repair=ROOT)
        cut[place] = -1
    for cycle in faults.cycles:
        names = [str(ids[place]) for place in cycle]
        start = names.index(min(names))
        names, places = names[start:] + names[:start], cycle[start:] + cycle[:start]
        message = f"a cycle of {len(names)}: {listed(names)}, each reporting to the next and the last to the first"
        findings.add("cycle", names, rows[list(places)].tolist(), message, repair=f"{names[0]!r} becomes a root")
        cut[places[0]] = -1
    if faults.behind_cycle.size:
        names = ids.tolist()
        behind = sorted(faults.behind_cycle.tolist(), key=names.__getitem__)
        names = [names[place] for place in behind]
        message = (
            f"{len(names)} {'rows reach' if len(names) > 1 else 'row reaches'} no root, only a cycle: {listed(names)}"
        )
        findings.add("unreachable", names, rows[behind].tolist(), message, repair="the cycle is cut")
    return cut
