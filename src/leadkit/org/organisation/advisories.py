"""What is legal in an organisation and yet worth a look: several tops, look-alike ids, vacancies above vacancies."""

from __future__ import annotations

import numpy as np

from leadkit.graphs.tree import TreeIndex
from leadkit.org.organisation.cells import ObjectArray
from leadkit.org.organisation.findings import Findings, folded, listed
from leadkit.org.organisation.posts import LEFT, VACANT, Posts
from leadkit.typing import BoolArray, IntArray

__all__ = ["tell_warnings"]


def tell_warnings(
    posts: Posts,
    tree: TreeIndex,
    declared_root: BoolArray,
    rows: IntArray,
    findings: Findings,
    *,
    single_root: bool = False,
) -> None:
    """Find everything that the table of violations calls a warning.

    Parameters
    ----------
    posts : Posts
        The rows.
    tree : TreeIndex
        Their solid lines.
    declared_root : (n,) bool array
        Roots that the table declared.
    rows : (n,) int array
        Rows of the table as given.
    findings : Findings
        Receives the violations.
    single_root : bool
        Whether more than one declared root is an error.
    """
    tops = np.flatnonzero(declared_root)
    if len(tops) > 1:
        names, at = _by_id(posts.ids, tops, rows)
        message = f"{len(names)} roots: {listed(names)}"
        findings.add("multiple_roots", names, at, message, severity="error" if single_root else "warning")
    _tell_look_alikes(posts.ids, rows, findings)
    for place in np.flatnonzero((posts.status == LEFT) & (tree.n_children > 0)).tolist():
        person, n = posts.ids[place], int(tree.n_children[place])
        message = f"row {rows[place]}: {person!r} has left, but {n} {'posts report' if n > 1 else 'post reports'} there"
        findings.add("inactive_manager", (person,), (int(rows[place]),), message, severity="warning")
    vacant = posts.status == VACANT
    for place in np.flatnonzero(vacant & (tree.parents >= 0) & vacant[tree.parents]).tolist():
        above = int(tree.parents[place])
        pair = (posts.ids[place], posts.ids[above])
        message = f"row {rows[place]}: {pair[0]!r} is vacant and so is its manager {pair[1]!r}"
        findings.add("vacancy_chain", pair, (int(rows[place]), int(rows[above])), message, severity="warning")
    if len(posts.dotted[0]):
        _tell_dotted_cycles(posts, tree, rows, findings)


def _by_id(ids: ObjectArray, places: IntArray, rows: IntArray) -> tuple[list[str], list[int]]:
    named = sorted((str(ids[place]), int(rows[place])) for place in places.tolist())
    return [person for person, _ in named], [row for _, row in named]


def _tell_look_alikes(ids: ObjectArray, rows: IntArray, findings: Findings) -> None:
    names = ids.tolist()
    keys = _folded_all(names)
    if keys is None or len(set(keys)) == len(keys):
        return
    groups: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        groups.setdefault(key, []).append(place)
    for places in groups.values():
        if len(places) > 1:
            alike, at = _by_id(ids, np.array(places), rows)
            message = f"{listed(alike)} differ only in case, space or Unicode form; they stay different people"
            findings.add("id_case_or_space", alike, at, message, severity="warning")


def _folded_all(names: list[str]) -> list[str] | None:
    """Fold all ids; None where different ids cannot fold to the same."""
    joined = "".join(names)
    if not joined.isascii():
        return list(map(folded, names))
    if len(joined.split(maxsplit=1)) <= 1 and joined.strip() == joined and joined in {joined.upper(), joined.lower()}:
        return None
    return list(map(str.casefold, map(str.strip, names)))


def _tell_dotted_cycles(posts: Posts, tree: TreeIndex, rows: IntArray, findings: Findings) -> None:
    from leadkit.graphs.network import Network, strong_components

    below = np.flatnonzero(tree.parents >= 0)
    person, manager = posts.dotted
    source, target = np.concatenate([below, person]), np.concatenate([tree.parents[below], manager])
    labels = strong_components(Network.from_edges(tree.n, source, target))
    on_cycle = np.bincount(labels)[labels] > 1
    on_cycle[person[person == manager]] = True
    places = np.flatnonzero(on_cycle)
    places = places[np.argsort(labels[places], kind="stable")]
    edges = np.flatnonzero(np.diff(labels[places])) + 1
    for members in np.split(places, edges) if places.size else []:
        names, at = _by_id(posts.ids, members, rows)
        message = f"solid and dotted lines lead round in a circle through {listed(names)}"
        findings.add("dotted_cycle", names, at, message, severity="warning")
