"""Evaluations in order: by ratee, by role, by rater, and where each ratee's raters of a role begin and end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from operator import itemgetter
from typing import Self

import numpy as np
from attrs import frozen

from leadkit._fields import sealed
from leadkit.assessment.ratings import ROLES, Ratings
from leadkit.typing import IntArray

__all__ = ["Cells"]


@frozen(kw_only=True, eq=False)
class Cells:
    """The order of e evaluations, and the c cells of it: the raters of one ratee in one role.

    `order` (e,) gives the row of the ratings; `ratee`, `role` and `rater` (e,) are places among the ids, in that
    order. `starts` and `sizes` (c,) tell the rows of each cell, `place` (c,) is ratee * n_roles + role.
    """

    ratee_ids: tuple[str, ...]
    roles: tuple[str, ...]
    rater_ids: tuple[str, ...]
    order: IntArray
    ratee: IntArray
    role: IntArray
    rater: IntArray
    starts: IntArray
    sizes: IntArray
    place: IntArray

    @classmethod
    def of(cls, ratings: Ratings) -> Self:
        """Sort the evaluations; no ratee, role and rater come twice, so there is one order only."""
        ratee_ids, ratees = _coded(ratings.ratee_ids, sorted)
        roles, as_roles = _coded(ratings.roles, ordered_roles)
        rater_ids, raters = _coded(ratings.rater_ids, sorted)
        key = (ratees * len(roles) + as_roles) * len(rater_ids) + raters
        order = np.argsort(key)
        cell, rater = np.divmod(key[order], max(len(rater_ids), 1))
        ratee, role = np.divmod(cell, max(len(roles), 1))
        starts = np.flatnonzero(np.diff(cell, prepend=-1))
        return cls(
            ratee_ids=tuple(ratee_ids),
            roles=tuple(roles),
            rater_ids=tuple(rater_ids),
            order=order,
            ratee=sealed(ratee),
            role=sealed(role),
            rater=rater,
            starts=starts,
            sizes=np.diff(starts, append=len(order)),
            place=cell[starts],
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Number of ratees and of roles."""
        return len(self.ratee_ids), len(self.roles)

    @property
    def sorted_rater_ids(self) -> tuple[str, ...]:
        """The rater of each evaluation, in order."""
        return tuple(np.array(self.rater_ids, dtype=object)[self.rater].tolist())

    def batches(self, n_rows: int) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield the cells in batches of one size m and about `n_rows` rows: their places (b,) and their rows (m, b).

        Sums over the first axis of what is taken by such rows run along memory.
        """
        by_size = np.argsort(self.sizes, kind="stable")
        sizes = self.sizes[by_size]
        firsts = np.flatnonzero(np.diff(sizes, prepend=0)).tolist()
        ends = (np.flatnonzero(np.diff(sizes, append=0)) + 1).tolist()
        for first, end in zip(firsts, ends, strict=True):
            size = int(sizes[first])
            step = max(1, n_rows // size)
            for start in range(first, end, step):
                batch = by_size[start : min(start + step, end)]
                yield self.place[batch], self.starts[batch] + np.arange(size)[:, None]


def ordered_roles(roles: Iterable[str]) -> list[str]:
    """List the roles that occur in the order of `ROLES`, then custom ones by name."""
    found = set(roles)
    return [role for role in ROLES if role in found] + sorted(found.difference(ROLES))


def _coded(ids: Sequence[str], ordered: Callable[[Iterable[str]], list[str]]) -> tuple[list[str], IntArray]:
    """Return the different ids in order, and the place of each id among them; looks each id up once."""
    if not ids:
        return [], np.empty(0, dtype=np.int64)
    seen: defaultdict[str, int] = defaultdict(count().__next__)
    # one call for all ids: an iterator would take twice as long
    codes = np.atleast_1d(np.array(itemgetter(*ids)(seen), dtype=np.int64))
    names = ordered(seen)
    place = np.empty(len(names), dtype=np.int64)
    place[[seen[name] for name in names]] = np.arange(len(names))
    return names, place[codes]
