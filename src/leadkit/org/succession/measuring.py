"""Count who could be lost and who would follow, over active people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from leadkit.errors import OrgError
from leadkit.org._expecting import expect_organisation
from leadkit.org.influence.nominations import Nominations
from leadkit.org.organisation import Organisation
from leadkit.org.organisation.posts import ACTIVE
from leadkit.org.succession.reading import READINESS, Readiness, read_coverage, read_successors
from leadkit.org.succession.results import BusFactor, RemovalImpact, SuccessionCover
from leadkit.typing import BoolArray

__all__ = ["bus_factor", "removal_impact", "succession_cover"]


def bus_factor(organisation: Organisation, coverage: Mapping[str, Iterable[str]]) -> BusFactor:
    """Count who could keep each critical function going.

    Parameters
    ----------
    organisation : Organisation
        The people.
    coverage : mapping of str to iterable of str
        Critical function to the ids of those who are proficient in it; somebody who is still learning is not. An id
        that occurs twice counts once, and only active people count.

    Returns
    -------
    BusFactor
        One row a function, by name.

    Raises
    ------
    OrgError
        An id is unknown, or something is no text; `faults` holds all of it.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> organisation = Organisation.from_columns(["ann", "bob"], [None, "ann"], status=["active", "left"])
    >>> result = bus_factor(organisation, {"refunds": ["ann", "bob"], "rosters": ["bob"]})
    >>> result.n_proficient.tolist(), dict(result.single_points), result.uncovered
    ([1, 0], {'refunds': 'ann'}, ('rosters',))
    """
    proficient = read_coverage(expect_organisation(organisation), coverage)
    active = {name: _active_only(organisation, people) for name, people in proficient.items()}
    return BusFactor(
        functions=tuple(active),
        n_proficient=[len(people) for people in active.values()],
        single_points={name: people[0] for name, people in active.items() if len(people) == 1},
        uncovered=tuple(name for name, people in active.items() if not people),
        flags=_inactive(proficient, active),
    )


def removal_impact(
    organisation: Organisation,
    person_id: str,
    *,
    coverage: Mapping[str, Iterable[str]] | None = None,
    nominations: Nominations | None = None,
    identify: bool = False,
) -> RemovalImpact:
    """Tell what the removal of one post would change.

    Parameters
    ----------
    organisation : Organisation
        The people.
    person_id : str
        The post that would go; its direct reports move to the post above, filled or not.
    coverage : mapping of str to iterable of str, optional
        As in `bus_factor`.
    nominations : Nominations, optional
        Who goes to whom, of the same people in the same order. Ties that touch an unfilled post do not count.
    identify : bool
        Whether to tell the ties of people who are not shareable; the caller answers for it. Flag `identified`.

    Returns
    -------
    RemovalImpact
        Before and after.

    Raises
    ------
    OrgError
        An id is unknown, or the nominations belong to other people.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> organisation = Organisation.from_columns(["ann", "bob", "cem"], [None, "ann", "bob"])
    >>> impact = removal_impact(organisation, "bob", coverage={"refunds": ["bob"]})
    >>> impact.reparented, impact.new_manager_id, impact.n_layers_before, impact.n_layers_after
    (('cem',), 'ann', 3, 2)
    >>> impact.uncovered_functions
    ('refunds',)
    """
    place = expect_organisation(organisation).index_of(person_id)
    flags = set() if organisation.posts.status[place] == ACTIVE else {"not_active"}
    flags |= {"identified"} if identify else set()
    lost = None if coverage is None else bus_factor(organisation, coverage).single_points
    n_ties, alone = None, None
    if nominations is not None:
        if getattr(nominations, "ids", None) != organisation.ids:
            msg = "nominations: they belong to other people, or to the same people in another order"
            raise OrgError(msg)
        if identify or organisation.posts.shareable[place]:
            told = np.ones(organisation.n, dtype=np.bool_) if identify else organisation.posts.shareable
            n_ties, alone = _ties_lost(organisation, nominations, place, told)
        else:
            flags.add("numbers_withheld")
    return RemovalImpact(
        person_id=person_id,
        new_manager_id=organisation.manager_of(person_id),
        reparented=organisation.reports_of(person_id),
        n_layers_before=organisation.tree.n_layers,
        n_layers_after=_layers_without(organisation, place),
        uncovered_functions=None if lost is None else tuple(name for name, one in lost.items() if one == person_id),
        n_ties_lost=n_ties,
        left_without_tie=alone,
        flags=flags,
    )


def succession_cover(
    organisation: Organisation, successors: Mapping[str, Iterable[tuple[str, Readiness]]]
) -> SuccessionCover:
    """Tell which critical posts somebody could take over.

    Parameters
    ----------
    organisation : Organisation
        The people.
    successors : mapping of str to iterable of (str, {"now", "year", "later"})
        Post to the people who could follow there and when; a post without anybody is an empty list. Only active people
        count.

    Returns
    -------
    SuccessionCover
        One row a post, by id.

    Raises
    ------
    OrgError
        An id or a readiness is unknown, or somebody is down for their own post or twice for one post; `faults` holds
        all of it.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> organisation = Organisation.from_columns(["ann", "bob", "cem"], [None, "ann", "ann"])
    >>> cover = succession_cover(organisation, {"ann": [("bob", "now"), ("cem", "year")], "bob": [("cem", "later")]})
    >>> cover.cover_share, cover.without_ready_now, dict(cover.shared_successors)
    (0.5, ('bob',), {'cem': ('ann', 'bob')})
    """
    named = read_successors(expect_organisation(organisation), successors)
    everybody = {post: tuple(pairs) for post, pairs in named.items()}
    active = {post: _active_only(organisation, people) for post, people in everybody.items()}
    n = {
        word: [sum(named[post][one] == word for one in people) for post, people in active.items()] for word in READINESS
    }
    posts_of: dict[str, list[str]] = {}
    for post, people in active.items():
        for one in people:
            posts_of.setdefault(one, []).append(post)
    lacking = tuple(post for post, count in zip(active, n["now"], strict=True) if not count)
    return SuccessionCover(
        post_ids=tuple(active),
        n_now=n["now"],
        n_year=n["year"],
        n_later=n["later"],
        without_ready_now=lacking,
        shared_successors={one: tuple(posts) for one, posts in sorted(posts_of.items()) if len(posts) > 1},
        cover_share=(len(active) - len(lacking)) / len(active) if active else math.nan,
        flags=_inactive(everybody, active),
    )


def _active_only(organisation: Organisation, people: Iterable[str]) -> tuple[str, ...]:
    named = tuple(people)
    active = organisation.posts.status[organisation.indices_of(named)] == ACTIVE
    return tuple(one for one, here in zip(named, active.tolist(), strict=True) if here)


def _inactive(named: Mapping[str, Sequence[str]], active: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    return ("inactive_left_out",) if any(len(people) > len(active[name]) for name, people in named.items()) else ()


def _layers_without(organisation: Organisation, place: int) -> int:
    """Count the layers once everybody below has moved up by one and the post is gone."""
    tree = organisation.tree
    depth = np.array(tree.depth, dtype=np.int64)
    depth[tree.subtree(place)] -= 1
    depth[place] = -1
    return int(depth.max()) + 1


def _ties_lost(
    organisation: Organisation, nominations: Nominations, place: int, told: BoolArray
) -> tuple[int, tuple[str, ...]]:
    """Count the ties with a person, and name those of the `told` whose only ties these are."""
    filled = organisation.is_filled
    source, target = nominations.network.source, nominations.network.target
    kept = filled[source] & filled[target]
    source, target = source[kept], target[kept]
    theirs = (source == place) | (target == place)
    n_ties, n_theirs = (
        np.bincount(np.concatenate([source[rows], target[rows]]), minlength=organisation.n)
        for rows in (slice(None), theirs)
    )
    alone = told & (n_theirs > 0) & (n_theirs == n_ties)
    alone[place] = False
    by_id = organisation.sorted_rows
    return int(theirs.sum()), tuple(organisation.posts.ids[by_id[alone[by_id]]].tolist())
