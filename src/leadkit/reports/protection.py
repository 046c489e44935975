"""What a page that goes round may show, so that no number about a few people can be worked out from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from leadkit.reports.sheet import Sheet
from leadkit.typing import BoolArray, IntArray

__all__ = ["Protection", "open_to_all", "protection", "shown_groups"]


@frozen(kw_only=True, eq=False)
class Protection:
    """Which numbers may be shown.

    Parameters
    ----------
    cells : array, shape (g, d)
        Whether the mean of a group on a scale may be shown.
    scales : array, shape (d,)
        Whether mean and spread of all on a scale may be shown.
    """

    cells: BoolArray
    scales: BoolArray


def open_to_all(sheet: Sheet, members: Sequence[BoolArray]) -> Protection:
    """Hide nothing but the means of groups of fewer than `min_group` people, for a page that shows everybody anyway."""
    cells = _counts(sheet, members) >= sheet.min_group
    return Protection(cells=cells, scales=np.ones(len(sheet.names), dtype=np.bool_))


def protection(sheet: Sheet, members: Sequence[BoolArray]) -> Protection:
    """Hide so much that subtracting what is shown tells nothing about fewer than `min_group` people.

    Groups are hidden as a whole (`shown_groups`).
    A composite is hidden where the people with a score on it and those with a score on one of its parts differ by
    fewer than `min_group`, among all, in a shown group, or among those whose groups are hidden: the mean of the
    composite less that of its other parts would be about these few.
    """
    known = ~np.isnan(sheet.scores.values)
    counts = _counts(sheet, members)
    shown = shown_groups(counts, known[_in_none_of(members, len(known))].sum(axis=0), sheet.min_group)
    groups = [rows for rows, may_show in zip(members, shown, strict=True) if may_show]
    blocks = [np.ones(len(known), dtype=np.bool_), *groups, _in_none_of(groups, len(known))]
    scales = sheet.n_scored >= sheet.min_group
    for part in sheet.scores.instrument.composites:
        if part.id in sheet.scores.scale_ids:
            at = sheet.scores.position(part.id)
            others = [sheet.scores.position(name) for name in part.weights]
            differ = known[:, others] != known[:, [at]]
            n_differ = np.array([differ[rows].sum(axis=0) for rows in blocks])
            scales[at] &= not np.any((n_differ > 0) & (n_differ < sheet.min_group))
    return Protection(cells=shown[:, None] & scales, scales=scales)


def shown_groups(
    counts: Sequence[Sequence[int]] | IntArray, n_without: Sequence[int] | IntArray, minimum: int
) -> BoolArray:
    """Tell which groups may be shown beside the mean of all.

    A group needs `minimum` people with a score on every scale that anybody has a score on. Those that are hidden,
    together with the people without a group, must be nobody or at least `minimum` again on every scale: the mean of all
    less what is shown would give theirs away. Where they are fewer, the smallest group that is shown is hidden too.

    Parameters
    ----------
    counts : array_like, shape (g, d)
        People with a score, by group and scale.
    n_without : array_like, shape (d,)
        People with a score and without a group.
    minimum : int
        Least number of people.

    Examples
    --------
    >>> shown_groups([[9], [7], [2]], [0], 5).tolist(), shown_groups([[9], [7], [4], [3]], [0], 5).tolist()
    ([True, False, False], [True, True, False, False])
    """
    without = np.asarray(n_without, dtype=np.int64)
    sizes = np.asarray(counts, dtype=np.int64).reshape(-1, len(without))
    used = sizes.sum(axis=0) + without > 0
    sizes, without = sizes[:, used], without[used]
    shown: BoolArray = np.all(sizes >= minimum, axis=1)
    while shown.any():
        hidden = sizes[~shown].sum(axis=0) + without
        if not np.any((hidden > 0) & (hidden < minimum)):
            break
        shown[min(np.flatnonzero(shown), key=lambda i: (sizes[i].sum(), i))] = False
    return shown


def _in_none_of(groups: Sequence[BoolArray], n: int) -> BoolArray:
    outside = np.ones(n, dtype=np.bool_)
    for rows in groups:
        outside &= ~rows
    return outside


def _counts(sheet: Sheet, members: Sequence[BoolArray]) -> IntArray:
    known = ~np.isnan(sheet.scores.values)
    counts = np.array([known[rows].sum(axis=0) for rows in members], dtype=np.int64)
    return counts.reshape(-1, known.shape[1])
