"""Under which role every rater is shown, and how many there are of them: small roles pooled or left by themselves."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from leadkit.assessment.disclosure.policy import POOL, DisclosurePolicy
from leadkit.assessment.ratings import ROLES
from leadkit.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from leadkit.assessment.multirater import Feedback

__all__ = ["Arrangement", "arrange"]


@frozen(kw_only=True, eq=False, slots=False)
class Arrangement:
    """Feedback regrouped under the roles that are published.

    Parameters
    ----------
    feedback : Feedback
        What is regrouped.
    roles : tuple of str
        The R published roles: those of the feedback, and "other" where small roles may be pooled.
    anonymous : array of bool, shape (R,)
        Roles whose raters are not to be found out.
    place : array, shape (t, r)
        Under which published role the raters of a role are counted, for every ratee.
    pooled : array of bool, shape (t, r)
        Roles that are counted under "other" and not shown by themselves.
    minimum : array, shape (t, R)
        Fewest raters for the published role to be shown.
    """

    feedback: Feedback
    roles: tuple[str, ...]
    anonymous: BoolArray
    place: IntArray
    pooled: BoolArray
    minimum: IntArray

    @cached_property
    def slots(self) -> IntArray:
        """Published role of every evaluation, shape (e,)."""
        digest = self.feedback.rater_digest
        return self.place[digest.ratee, digest.role]

    @cached_property
    def keys(self) -> IntArray:
        """Ratee and published role of every evaluation as one number, ratee x R + role; shape (e,)."""
        return self.feedback.rater_digest.ratee * len(self.roles) + self.slots

    @cached_property
    def steps(self) -> FloatArray:
        """Answers turned the same way round and counted in steps from the low end, (e, k); NaN = none."""
        scale = self.feedback.instrument.scale
        answers = self.feedback.rater_digest.answers
        reverse = np.array([item.reverse for item in self.feedback.instrument.items], dtype=np.bool_)
        return np.where(reverse, scale.high - answers, answers - scale.low)

    @cached_property
    def columns(self) -> tuple[list[int], ...]:
        """Columns of the items of every dimension."""
        place = {name: i for i, name in enumerate(self.feedback.instrument.item_ids)}
        return tuple([place[item.id] for item in part.items] for part in self.feedback.instrument.dimensions)

    @cached_property
    def weights(self) -> tuple[tuple[Fraction, ...], ...]:
        """Weights of the items of every dimension as they were written, so that 0.1 is a tenth."""
        dimensions = self.feedback.instrument.dimensions
        return tuple(tuple(Fraction(str(float(item.weight))) for item in part.items) for part in dimensions)

    @cached_property
    def _order(self) -> tuple[IntArray, IntArray]:
        order = np.argsort(self.keys, kind="stable")
        return order, self.keys[order]

    def rows(self, ratee: int, role: int) -> IntArray:
        """Find the evaluations counted under a ratee and published role, by their places."""
        order, ranked = self._order
        cell = ratee * len(self.roles) + role
        return order[np.searchsorted(ranked, cell) : np.searchsorted(ranked, cell + 1)]

    def counted(self, marks: BoolArray) -> IntArray:
        """Count marked evaluations, (e, c), under every ratee and published role, (t, R, c)."""
        cells = len(self.feedback.ratee_ids) * len(self.roles)
        sums = [np.bincount(self.keys, weights=column, minlength=cells) for column in marks.T]
        shape = (len(self.feedback.ratee_ids), len(self.roles), marks.shape[1])
        return np.array(sums).T.reshape(shape).astype(np.int64)

    @cached_property
    def persons(self) -> IntArray:
        """Different people who scored a cell, (t, R, d); a person in two pooled roles is one."""
        counts = self.joined(self.feedback.n)
        digest = self.feedback.rater_digest
        pooled = np.flatnonzero(self.pooled[digest.ratee, digest.role])
        seen: dict[tuple[int, str], list[int]] = {}
        for row in pooled:
            seen.setdefault((int(digest.ratee[row]), digest.rater_ids[row]), []).append(int(row))
        for (ratee, _), rows in seen.items():
            if len(rows) > 1:
                scored = ~np.isnan(digest.scores[rows])
                counts[ratee, self.slots[rows[0]]] -= np.maximum(scored.sum(axis=0) - 1, 0)
        return counts

    def joined(self, counts: IntArray) -> IntArray:
        """Add the counts of the roles, (t, r, c), under the published ones, (t, R, c)."""
        joined = np.zeros((len(counts), len(self.roles), counts.shape[2]), dtype=np.int64)
        for r in range(counts.shape[1]):
            np.add.at(joined, (np.arange(len(counts)), self.place[:, r]), counts[:, r])
        return joined

    def means(self, mean: FloatArray, counts: IntArray) -> FloatArray:
        """Join means of the roles, (t, r, c), into means of the published ones; a role by itself keeps its digits."""
        total = self.joined(counts)
        sums = np.zeros(total.shape)
        alone = np.full(total.shape, np.nan)
        weighted = np.where(counts > 0, mean * counts, 0.0)
        rows = np.arange(len(mean))
        for r in range(mean.shape[1]):
            np.add.at(sums, (rows, self.place[:, r]), weighted[:, r])
            own = ~self.pooled[:, r]
            alone[rows[own], self.place[own, r]] = mean[own, r]
        several = self.joined((counts > 0).astype(np.int64)) > 1
        result = np.divide(sums, total, out=np.full(total.shape, np.nan), where=total > 0)
        return np.where(several | np.isnan(alone), result, alone)


def arrange(feedback: Feedback, policy: DisclosurePolicy) -> Arrangement:
    """Place every role of every ratee under a published role."""
    published = _published_roles({*feedback.roles, *([POOL] if policy.below == "merge" else [])})
    minimum = np.array([policy.minimum(role) for role in published], dtype=np.int64)
    anonymous = np.array([policy.is_anonymous(role) for role in published], dtype=np.bool_)
    own = np.array([published.index(role) for role in feedback.roles], dtype=np.int64)
    place = np.tile(own, (len(feedback.ratee_ids), 1))
    least = np.tile(minimum, (len(feedback.ratee_ids), 1))
    pooled = np.zeros(place.shape, dtype=np.bool_)
    if policy.below == "merge":
        pooled, needed = _pools(feedback, policy)
        place = np.where(pooled, published.index(POOL), place)
        rest = published.index(POOL)
        least[:, rest] = np.where(needed > 0, needed, least[:, rest])
    return Arrangement(
        feedback=feedback, roles=published, anonymous=anonymous, place=place, pooled=pooled, minimum=least
    )


def _published_roles(roles: set[str]) -> tuple[str, ...]:
    return (*(role for role in ROLES if role in roles), *sorted(roles.difference(ROLES)))


def _pools(feedback: Feedback, policy: DisclosurePolicy) -> tuple[BoolArray, IntArray]:
    """Find the roles that are pooled for every ratee, (t, r), and how many raters their pool needs, 0 without a pool.

    A role is small by the raters who scored anything. Where a pool would still be too small, nothing is pooled.
    """
    digest = feedback.rater_digest
    t, r = len(feedback.ratee_ids), len(feedback.roles)
    scored = ~np.isnan(digest.scores).all(axis=1)
    sizes = np.bincount(digest.ratee * r + digest.role, weights=scored, minlength=t * r).reshape(t, r)
    minimum = np.array([policy.minimum(role) for role in feedback.roles], dtype=np.int64)
    anonymous = np.array([policy.is_anonymous(role) for role in feedback.roles], dtype=np.bool_)
    is_rest = np.array([role == POOL for role in feedback.roles], dtype=np.bool_)
    is_self = np.array([role == "self" for role in feedback.roles], dtype=np.bool_)
    small = anonymous & ~is_self & (sizes > 0) & (sizes < minimum) & ~is_rest
    pooled = small | (is_rest & (sizes > 0) & small.any(axis=1, keepdims=True))
    needed = np.where(pooled, minimum, 0).max(axis=1, initial=0)
    people = (sizes * pooled).sum(axis=1)
    enough = (people >= needed) & (pooled.sum(axis=1) > 1)
    return pooled & enough[:, None], np.where(enough, needed, 0).astype(np.int64)
