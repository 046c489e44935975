"""Two releases about the same people: what their difference would tell about the raters who changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from leadkit.assessment.disclosure.arrangement import Arrangement
from leadkit.assessment.disclosure.policy import LEAST_ANONYMOUS
from leadkit.assessment.instrument import ResponseScale
from leadkit.errors import DisclosureError
from leadkit.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from leadkit.assessment.multirater import Feedback

__all__ = ["betrayed", "check_previous"]


def check_previous(feedback: Feedback, previous: Feedback) -> None:
    """Refuse an earlier release whose answers cannot be compared with this one's."""
    if feedback.instrument.hash != previous.instrument.hash:
        msg = (
            f"previous: expected feedback on {feedback.instrument.id!r} {feedback.instrument.version} or another version "
            f"that scores alike, got {previous.instrument.id!r} {previous.instrument.version}"
        )
        raise DisclosureError(msg)


def betrayed(now: Arrangement, before: Arrangement) -> tuple[BoolArray, BoolArray]:
    """Find what the difference of two releases would tell too much about.

    A rater has changed when added, removed or answering differently. It is too much when between one and one less
    than the minimum of a role changed, in all or on the dimension or item itself, or when the difference of two sums
    leaves somebody no other answer.

    Returns
    -------
    cells : array of bool, shape (t, R, d)
        Cells of anonymous roles to hide.
    items : array of bool, shape (t, R, k)
        Item means of anonymous roles to hide.
    """
    pairs = _paired(now, before)
    members = now.feedback.instrument.keys() != 0
    differs = ~((pairs.answers == pairs.before) | (np.isnan(pairs.answers) & np.isnan(pairs.before)))
    in_dimension = np.stack([differs[:, items].any(axis=1) for items in members.T], axis=1)
    in_dimension &= pairs.scored | pairs.scored_before
    anywhere = differs.any(axis=1, keepdims=True) | (pairs.is_new | pairs.is_gone)[:, None]
    least = now.minimum[:, :, None]
    whole, few, few_items = (_within(pairs.people(marks), least) for marks in (anywhere, in_dimension, differs))
    crossed, crossed_items = _crossed(now, before, members)
    cells = whole | few | crossed | pairs.cornered(now, in_dimension, members)
    return cells & now.anonymous[:, None], (few_items | crossed_items) & now.anonymous[:, None]


def _within(changed: IntArray, least: IntArray) -> BoolArray:
    result: BoolArray = (changed > 0) & (changed < least)
    return result


def _crossed(now: Arrangement, before: Arrangement, members: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Find cells, (t, R, d), and items, (t, R, k), with an answer that was counted under another role before."""
    ours, theirs = now.feedback.rater_digest, before.feedback.rater_digest
    shape = (len(now.feedback.ratee_ids), len(now.roles))
    cells = np.zeros((*shape, members.shape[1]), dtype=np.bool_)
    items = np.zeros((*shape, members.shape[0]), dtype=np.bool_)
    may_have_been_shown = np.logical_or.reduce(before.persons >= LEAST_ANONYMOUS, axis=2)
    earlier: dict[tuple[str, str], list[int]] = {}
    for row, (ratee, rater) in enumerate(zip(theirs.ratee.tolist(), theirs.rater_ids, strict=True)):
        earlier.setdefault((before.feedback.ratee_ids[ratee], rater), []).append(row)
    for row, (ratee, rater) in enumerate(zip(ours.ratee.tolist(), ours.rater_ids, strict=True)):
        slot = now.slots[row]
        same_person = earlier.get((now.feedback.ratee_ids[ratee], rater), [])
        if now.roles[slot] in {before.roles[before.slots[other]] for other in same_person}:
            continue
        for other in same_person:
            if may_have_been_shown[theirs.ratee[other], before.slots[other]]:
                alike = ours.answers[row] == theirs.answers[other]
                items[ratee, slot] |= alike
                answered = ~np.isnan(ours.answers[row])
                cells[ratee, slot] |= [bool((alike & own).any() and alike[own & answered].all()) for own in members.T]
    return cells, items


@frozen(kw_only=True, eq=False)
class _Pairs:
    """The evaluations of both releases side by side, u rows sorted by ratee, published role and rater."""

    shape: tuple[int, int]
    cell: IntArray
    person: IntArray
    answers: FloatArray
    before: FloatArray
    scored: BoolArray
    scored_before: BoolArray
    is_new: BoolArray
    is_gone: BoolArray

    def people(self, marks: BoolArray) -> IntArray:
        """Count different people with a mark, (u, c), under every ratee and published role: (t, R, c)."""
        if not len(self.cell):
            return np.zeros((*self.shape, marks.shape[1]), dtype=np.int64)
        starts = np.flatnonzero(np.r_[True, self.person[1:] != self.person[:-1]])
        by_person = np.logical_or.reduceat(marks, starts, axis=0)
        return self.counts(by_person, self.cell[starts])

    def counts(self, marks: BoolArray, cell: IntArray | None = None) -> IntArray:
        """Count marked rows, (u, c), under every ratee and published role: (t, R, c)."""
        where = self.cell if cell is None else cell
        cells = self.shape[0] * self.shape[1]
        sums = [np.bincount(where, weights=column, minlength=cells) for column in marks.T]
        return np.array(sums).T.reshape(*self.shape, marks.shape[1]).astype(np.int64)

    def cornered(self, now: Arrangement, changed: BoolArray, members: BoolArray) -> BoolArray:
        """Find cells where the two sums leave a rater without another answer, (t, R, d).

        With C the sum of those who stayed, G of what is gone and N of what is new, both C + G and C + N are published.
        Nobody is cornered when everyone can move by a whole step while others make up for it: two within C, two within
        G and N, or all three sums together.
        """
        scale = now.feedback.instrument.scale
        keyed = (now.feedback.instrument.keys().sum(axis=1) >= 0)[None, :]
        answers, before = (np.where(keyed, part, scale.low + scale.high - part) for part in (self.answers, self.before))
        rises, falls = _room(answers, members, scale)
        rises_before, falls_before = _room(before, members, scale)
        # whoever changed an answer must still differ afterwards: the reader may know how many did
        step_up, step_down = (
            changed & _one_step(answers, before, members),
            changed & _one_step(before, answers, members),
        )
        rises, falls = rises & ~step_up, falls & ~step_down
        rises_before, falls_before = rises_before & ~step_down, falls_before & ~step_up
        stays = self.scored & self.scored_before & ~changed
        new, gone = self.scored & changed, self.scored_before & changed
        up, down = (self.counts(stays & room) for room in (rises, falls))
        plus = self.counts(gone & rises_before) + self.counts(new & falls)
        minus = self.counts(gone & falls_before) + self.counts(new & rises)
        at = self._at
        new_up, new_down = (at(self.counts(new & room)) > 0 for room in (rises, falls))
        gone_up, gone_down = (at(self.counts(gone & room)) > 0 for room in (rises_before, falls_before))
        stay_moves = (rises & ((at(down) - falls > 0) | (gone_down & new_down))) | (
            falls & ((at(up) - rises > 0) | (gone_up & new_up))
        )
        new_moves = (falls & (at(minus) - rises > 0)) | (rises & (at(plus) - falls > 0))
        gone_moves = (rises_before & (at(minus) - falls_before > 0)) | (falls_before & (at(plus) - rises_before > 0))
        stuck = (stays & ~stay_moves) | (new & ~new_moves) | (gone & ~gone_moves)
        both = (self.counts(stays) > 0) & (self.counts(new | gone) > 0)
        return both & (self.counts(stuck) > 0)

    def _at(self, counts: IntArray) -> IntArray:
        return counts.reshape(-1, counts.shape[2])[self.cell]


def _room(keyed: FloatArray, members: BoolArray, scale: ResponseScale) -> tuple[BoolArray, BoolArray]:
    """Tell which raters could answer all of a dimension's items a step higher, and a step lower: (u, d) each."""
    low, high = scale.low, scale.high
    top = np.where(np.isnan(keyed), -np.inf, keyed)
    bottom = np.where(np.isnan(keyed), np.inf, keyed)
    rises = np.stack([top[:, items].max(axis=1) <= high - 1 for items in members.T], axis=1)
    falls = np.stack([bottom[:, items].min(axis=1) >= low + 1 for items in members.T], axis=1)
    return rises, falls


def _one_step(low: FloatArray, high: FloatArray, members: BoolArray) -> BoolArray:
    """Tell for which dimensions, (u, d), answers a step higher than `low` are the answers `high`."""
    same = (low + 1 == high) | (np.isnan(low) & np.isnan(high))
    return np.stack([same[:, items].all(axis=1) for items in members.T], axis=1)


def _paired(now: Arrangement, before: Arrangement) -> _Pairs:
    ours, theirs = now.feedback.rater_digest, before.feedback.rater_digest
    ratee_place = {ratee: i for i, ratee in enumerate(now.feedback.ratee_ids)}
    their_ratee = np.array([ratee_place.get(ratee, -1) for ratee in before.feedback.ratee_ids], dtype=np.int64)
    their_role = np.array([now.roles.index(role) if role in now.roles else -1 for role in before.roles], dtype=np.int64)
    rows = np.flatnonzero((their_ratee[theirs.ratee] >= 0) & (their_role[before.slots] >= 0))
    _, codes = np.unique(np.array([*ours.rater_ids, *theirs.rater_ids], dtype=object), return_inverse=True)
    n_raters = int(codes.max(initial=0)) + 1
    cell = now.keys
    their_cell = their_ratee[theirs.ratee[rows]] * len(now.roles) + their_role[before.slots[rows]]
    person = cell * n_raters + codes[: len(ours)]
    their_person = their_cell * n_raters + codes[len(ours) :][rows]
    most = 1 + max(_ordinals(person).max(initial=0), _ordinals(their_person).max(initial=0))
    key, their_key = person * most + _ordinals(person), their_person * most + _ordinals(their_person)
    union = np.union1d(key, their_key)
    own, other = np.searchsorted(union, key), np.searchsorted(union, their_key)

    def answers(values: FloatArray, places: IntArray) -> FloatArray:
        table = np.full((len(union), values.shape[1]), np.nan)
        table[places] = values
        return table

    def scored(values: FloatArray, places: IntArray) -> BoolArray:
        return ~np.isnan(answers(values, places))

    is_new, is_gone = np.ones(len(union), dtype=np.bool_), np.ones(len(union), dtype=np.bool_)
    is_new[other] = False
    is_gone[own] = False
    return _Pairs(
        shape=(len(now.feedback.ratee_ids), len(now.roles)),
        cell=union // (most * n_raters),
        person=union // most,
        answers=answers(ours.answers, own),
        before=answers(theirs.answers[rows], other),
        scored=scored(ours.scores, own),
        scored_before=scored(theirs.scores[rows], other),
        is_new=is_new,
        is_gone=is_gone,
    )


def _ordinals(keys: IntArray) -> IntArray:
    """Count the earlier rows with the same key: 0 for its first row, 1 for its second."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    first = np.searchsorted(ranked, ranked, side="left")
    ordinals = np.empty(len(keys), dtype=np.int64)
    ordinals[order] = np.arange(len(keys)) - first
    return ordinals
