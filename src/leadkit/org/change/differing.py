"""What differs between two snapshots of an organisation: who came, went, moved, and what became of their posts."""

from __future__ import annotations

import math
from itertools import repeat
from typing import Any

import numpy as np
from attrs import field, fields, frozen
from numpy.typing import NDArray

from leadkit._fields import as_float, as_int, whole_number_faults
from leadkit._results import Result
from leadkit.errors import OrgError
from leadkit.org._expecting import expect_organisation
from leadkit.org.organisation import Organisation
from leadkit.org.pyramid.rules import assign_tiers
from leadkit.typing import BoolArray, IntArray

__all__ = ["OrgDiff", "diff"]

KINDS = ("joiners", "leavers", "moved", "retitled", "refilled", "tier_changed")


@frozen(kw_only=True, eq=False)
class OrgDiff(Result):
    """What changed from one snapshot to a later one; every tuple is sorted, and holds no scores.

    Parameters
    ----------
    joiners, leavers : tuple of str
        Ids that are only in the later, and only in the earlier snapshot. All that follows is about the others.
    moved : tuple of str
        Ids whose own manager is another one now, or who have become a root or are one no longer. Somebody whose boss
        moved, and who still reports to that boss, has not moved.
    retitled : tuple of str
        Ids with another title.
    refilled : tuple of str
        Ids whose status changed, for instance from vacant to active.
    tier_changed : tuple of str
        Ids in another tier, by the rules of `build_pyramid`.
    layers_delta : int
        Layers of the later snapshot less those of the earlier.
    mean_span_delta : float
        Change of the mean span as `measure_structure` gives it, filled posts counted; NaN where there is none.
    """

    joiners: tuple[str, ...]
    leavers: tuple[str, ...]
    moved: tuple[str, ...]
    retitled: tuple[str, ...]
    refilled: tuple[str, ...]
    tier_changed: tuple[str, ...]
    layers_delta: int = field(converter=as_int)
    mean_span_delta: float = field(converter=as_float)

    @property
    def is_empty(self) -> bool:
        """Whether nobody came, went or changed in any of these ways."""
        return not any(getattr(self, kind) for kind in KINDS)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary for each person and kind of change: `id`, `change`; sorted by kind, then id."""
        return [{"id": name, "change": kind} for kind in KINDS for name in getattr(self, kind)]

    def _html_scalars(self) -> list[tuple[str, Any]]:
        values = [(part.name, getattr(self, part.name)) for part in fields(OrgDiff)]
        return [(name, len(value) if name in KINDS else value) for name, value in values]


def diff(before: Organisation, after: Organisation, *, senior_depth: int = 1) -> OrgDiff:
    """Compare two snapshots person by person.

    Parameters
    ----------
    before, after : Organisation
        The earlier and the later snapshot; people are the same when their ids are.
    senior_depth : int
        As for `build_pyramid`, which decides the tiers.

    Returns
    -------
    OrgDiff
        Empty for two snapshots that are equal; with the snapshots swapped, joiners and leavers are swapped.

    Raises
    ------
    OrgError
        `before` or `after` is something else, or `senior_depth` is no whole number.

    Examples
    --------
    >>> before = Organisation.from_columns(["ann", "bo", "cy", "di"], [None, "ann", "bo", "bo"])
    >>> after = Organisation.from_columns(["ann", "bo", "cy", "ed"], [None, "ann", "ann", "bo"])
    >>> found = diff(before, after)
    >>> found.joiners, found.leavers, found.moved, found.layers_delta, found.mean_span_delta
    (('ed',), ('di',), ('cy',), 0, 0.0)
    """
    faults = whole_number_faults(senior_depth, "senior_depth")
    if faults:
        raise OrgError.from_faults(faults)
    place = _places(expect_organisation(before, "before").posts.ids, expect_organisation(after, "after").posts.ids)
    old = np.flatnonzero(place >= 0)
    new = place[old]
    is_joiner = np.ones(after.n, dtype=np.bool_)
    is_joiner[new] = False

    def changed(first: NDArray[Any], second: NDArray[Any]) -> tuple[str, ...]:
        return _names(before, old[np.not_equal(first[old], second[new]).astype(np.bool_)])

    return OrgDiff(
        joiners=_names(after, np.flatnonzero(is_joiner)),
        leavers=_names(before, np.flatnonzero(place < 0)),
        moved=_names(before, old[_has_moved(before.tree.parents[old], after.tree.parents[new], place)]),
        retitled=changed(before.posts.titles, after.posts.titles),
        refilled=changed(before.posts.status, after.posts.status),
        tier_changed=changed(_tiers(before, senior_depth), _tiers(after, senior_depth)),
        layers_delta=after.tree.n_layers - before.tree.n_layers,
        mean_span_delta=_mean_span(after) - _mean_span(before),
    )


def _places(ids: NDArray[Any], others: NDArray[Any]) -> IntArray:
    """Find each id among the others, -1 where it is not there.

    Whoever stands in the same row, from the top or from the bottom, need not be looked up.
    """
    place = np.full(ids.size, -1, dtype=np.int64)
    for shift in {0, others.size - ids.size}:
        start, stop = max(0, -shift), min(ids.size, others.size - shift)
        stays = start + np.flatnonzero(np.equal(ids[start:stop], others[start + shift : stop + shift]))
        place[stays] = stays + shift
    lost = np.flatnonzero(place < 0)
    free = np.ones(others.size, dtype=np.bool_)
    free[place[place >= 0]] = False
    index = dict(zip(others[free].tolist(), np.flatnonzero(free).tolist(), strict=True))
    place[lost] = np.fromiter(map(index.get, ids[lost].tolist(), repeat(-1)), dtype=np.int64, count=lost.size)
    return place


def _has_moved(old_manager: IntArray, new_manager: IntArray, place: IntArray) -> BoolArray:
    """Compare managers; a manager who left is another one than any of now, and than none."""
    was_root, is_root = old_manager < 0, new_manager < 0
    expected = np.append(place, -1)[old_manager]
    moved: BoolArray = (was_root != is_root) | (~was_root & (expected != new_manager))
    return moved


def _tiers(organisation: Organisation, senior_depth: int) -> IntArray:
    return assign_tiers(
        organisation.tree,
        named=organisation.posts.tiers,
        facing=organisation.posts.customer_facing,
        declared_root=organisation.declared_root,
        senior_depth=senior_depth,
    ).tier


def _mean_span(organisation: Organisation) -> float:
    """Average as `measure_structure` does, of which nothing else is needed here."""
    parents = organisation.tree.parents
    span = np.bincount(parents[(parents >= 0) & organisation.is_filled])
    return float(span[span > 0].mean()) if span.any() else math.nan


def _names(organisation: Organisation, rows: IntArray) -> tuple[str, ...]:
    return tuple(sorted(organisation.posts.ids[rows].tolist()))
