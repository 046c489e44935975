"""What if people moved, or a post were added or taken away: a new snapshot, the one at hand stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from leadkit._fields import sealed
from leadkit.errors import OrgError
from leadkit.graphs import TreeIndex
from leadkit.org._expecting import expect_organisation
from leadkit.org.change.holding import lone_post
from leadkit.org.organisation import Organisation
from leadkit.org.organisation.advisories import tell_warnings
from leadkit.org.organisation.findings import Findings, listed
from leadkit.org.organisation.posts import Posts
from leadkit.org.people import Person, Violation
from leadkit.typing import BoolArray, IntArray

__all__ = ["insert", "move", "remove"]

Reports = Literal["to_manager", "error"]
"""What becomes of the reports of a post that is removed."""


def move(organisation: Organisation, person_ids: str | Iterable[str], to: str | None) -> Organisation:
    """Let people report to somebody else; everybody below them comes along.

    Parameters
    ----------
    organisation : Organisation
        The snapshot at hand.
    person_ids : str or iterable of str
        Who moves, one id or several.
    to : str or None
        The new manager; None makes them roots.

    Returns
    -------
    Organisation
        Moving people back to the managers they had gives the digest there was.

    Raises
    ------
    OrgError
        An id is unknown, or `to` is one of the people who move or in their line: a violation `cycle`.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bo", "cy", "di"], [None, "ann", "ann", "bo"])
    >>> move(firm, "di", "cy").chain("di")
    ('cy', 'ann')
    >>> move(firm, "bo", "di")
    Traceback (most recent call last):
    ...
    leadkit.errors.OrgError: cycle: 'di' is in the line of 'bo', who cannot report there
    """
    rows = expect_organisation(organisation).indices_of(person_ids)
    target = -1 if to is None else organisation.index_of(to)
    if target >= 0:
        _refuse_own_line(organisation, rows, target)
    parents = organisation.tree.parents.copy()
    parents[rows] = target
    return organisation._replace(parents=parents)


def remove(organisation: Organisation, person_id: str, reports: Reports = "to_manager") -> Organisation:
    """Take a post away.

    Parameters
    ----------
    organisation : Organisation
        The snapshot at hand.
    person_id : str
        The post.
    reports : {"to_manager", "error"}
        Its direct reports then report to its manager, or become roots where it has none; or it may have none.

    Returns
    -------
    Organisation
        Where others have the post as stand-in, as dotted manager or among those they serve, that reference is gone.

    Raises
    ------
    OrgError
        The id is unknown, `reports` is, or the post has reports and `reports="error"`.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bo", "cy", "di"], [None, "ann", "bo", "bo"])
    >>> remove(firm, "bo").reports_of("ann")
    ('cy', 'di')
    """
    if reports not in get_args(Reports):
        msg = f"reports: expected 'to_manager' or 'error', got {reports!r}"
        raise OrgError(msg)
    row, tree = expect_organisation(organisation).index_of(person_id), organisation.tree
    if reports == "error" and tree.n_children[row]:
        msg = f"{person_id!r} has {tree.n_children[row]} reports: {listed(organisation.reports_of(person_id))}"
        raise OrgError(msg)
    parents = np.where(tree.parents == row, tree.parents[row], tree.parents)
    declared = organisation.declared_root | ((tree.parents == row) & organisation.declared_root[row])
    kept = np.delete(np.arange(tree.n), row)
    place = np.full(tree.n + 1, -1, dtype=np.int64)
    place[kept] = np.arange(kept.size)
    return _rebuilt(organisation.posts.taken(kept), place[parents[kept]], declared[kept])


def insert(organisation: Organisation, person: Person, above: str | Iterable[str] = ()) -> Organisation:
    """Add a post, and put it above others where that is wanted.

    Parameters
    ----------
    organisation : Organisation
        The snapshot at hand.
    person : Person
        The new post; its `manager_id` is somebody who is there, or None for a new root.
    above : str or iterable of str
        Who reports to the new post from now on, with everybody below them.

    Returns
    -------
    Organisation
        The new post stands in the last row.

    Raises
    ------
    OrgError
        The id is there already (a violation `duplicate_id`), another id is unknown, or the manager of the new post is
        among `above` or in their line (a violation `cycle`).

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bo", "cy"], [None, "ann", "ann"])
    >>> insert(firm, Person(id="di", manager_id="ann"), above=["bo", "cy"]).chain("cy")
    ('di', 'ann')
    """
    one, n = lone_post(person), expect_organisation(organisation).n
    if person.id in set(organisation.posts.ids.tolist()):
        row = organisation.index_of(person.id)
        message = f"{person.id!r} is there already, in row {row}"
        raise OrgError.from_violations([Violation("duplicate_id", "error", (person.id,), (row,), message)])
    manager = -1 if person.manager_id is None else organisation.index_of(person.manager_id)
    below = organisation.indices_of(above)
    if manager >= 0:
        _refuse_own_line(organisation, below, manager, newcomer=person.id)
    acting = -1 if person.acting_id is None else organisation.index_of(person.acting_id)
    dotted = [n if name == person.id else organisation.index_of(name) for name in person.dotted_manager_ids]
    served = organisation.indices_of(person.serves)
    one = evolve(
        one,
        acting=sealed(np.array([acting])),
        dotted=(np.full(len(dotted), n), np.array(dotted, dtype=np.int64)),
        serves=(np.full(served.size, n), served),
    )
    parents = np.append(organisation.tree.parents, manager).astype(np.int64)
    parents[below] = n
    declared = np.append(organisation.declared_root, manager < 0)
    return _rebuilt(organisation.posts.joined(one), parents, declared)


def _rebuilt(posts: Posts, parents: NDArray[np.integer], declared_root: BoolArray) -> Organisation:
    """Make a snapshot of other people, in which a root that a repair made stays one that nobody declared."""
    tree = TreeIndex.from_parents(parents)
    declared = sealed(declared_root & (tree.parents < 0))
    findings = Findings()
    tell_warnings(posts, tree, declared, np.arange(tree.n), findings)
    return Organisation(posts=posts, tree=tree, declared_root=declared, violations=findings.in_order())


def _refuse_own_line(organisation: Organisation, rows: IntArray, target: int, *, newcomer: str | None = None) -> None:
    """Refuse to let people report to somebody in their own line, or to a newcomer who would report there."""
    tree, ids = organisation.tree, organisation.posts.ids
    above = rows[tree.is_ancestor(rows, target, strict=False)]
    if not above.size:
        return
    # the nearest of them closes the circle: whoever stands higher would only hang on it
    nearest = int(above[np.argmax(tree.depth[above])])
    upward = np.concatenate([[target], tree.ancestors(target)]).astype(np.int64)
    round_trip = upward[: int(np.argmax(upward == nearest)) + 1]
    names = ids[round_trip].tolist() + ([] if newcomer is None else [newcomer])
    places = round_trip.tolist() + ([] if newcomer is None else [tree.n])
    start = names.index(min(names))
    through = "" if newcomer is None else f" through {newcomer!r}"
    if nearest == target:
        message = f"{ids[target]!r} cannot report to itself{through}"
    else:
        message = f"{ids[target]!r} is in the line of {ids[nearest]!r}, who cannot report there{through}"
    found = Violation("cycle", "error", (*names[start:], *names[:start]), (*places[start:], *places[:start]), message)
    raise OrgError.from_violations([found])
