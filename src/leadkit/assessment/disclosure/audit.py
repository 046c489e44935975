"""What the published numbers determine, by exact rational algebra: the check on everything else in this room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_int
from leadkit._results import Result
from leadkit.assessment.disclosure.arrangement import Arrangement, arrange
from leadkit.assessment.disclosure.certainty import pinned, pinned_together
from leadkit.assessment.disclosure.ends import end_coded
from leadkit.assessment.disclosure.published import Cell, determined, pattern
from leadkit.assessment.disclosure.result import DisclosedFeedback
from leadkit.assessment.multirater.gaps import others, role_weights, self_mean
from leadkit.assessment.multirater.model import Feedback
from leadkit.errors import DisclosureError, Fault
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Audit", "audit"]

ROUNDING = 1e-9
FINEST_WEIGHT = 10**6


def _cells(cells: Iterable[Iterable[str]]) -> tuple[tuple[str, str, str], ...]:
    return tuple(sorted({(ratee, role, what) for ratee, role, what in cells}))


@frozen(kw_only=True, eq=False)
class Audit(Result):
    """What a reader could work out from disclosed feedback: for the host.

    Parameters
    ----------
    recoverable : tuple of (ratee, role, dimension or item)
        Hidden role means that the published numbers determine, and roles with a rater whose score or answer they
        determine; sorted.
    n_published : int
        Role means, item means and others' means that were published.
    n_evaluations : int
        Evaluations behind them.
    """

    recoverable: tuple[tuple[str, str, str], ...] = field(converter=_cells)
    n_published: int = field(converter=as_int)
    n_evaluations: int = field(converter=as_int)

    @property
    def is_safe(self) -> bool:
        """Tell whether nothing hidden can be worked out."""
        return not self.recoverable


def audit(disclosed: DisclosedFeedback, feedback: Feedback) -> Audit:
    """Work out what a reader of the published numbers could know beyond them.

    The reader is taken to know how many raters each role has and who answered which item, though not what. Every
    published mean is then a linear equation over the answers; exact rational elimination tells which hidden role
    means, scores and answers follow. On top of that, answers are whole numbers on a scale: sums that can come about
    in one way only tell as well, and so does a published spread.

    Parameters
    ----------
    disclosed : DisclosedFeedback
        What is to be shown, of all ratees or of some.
    feedback : Feedback
        What it was made from.

    Returns
    -------
    Audit
        `recoverable` is empty for what `disclose` gives under a policy with `spread="never"`.

    Raises
    ------
    DisclosureError
        The two are not about the same people, roles and dimensions.

    References
    ----------
    .. [1] N. R. Adam and J. C. Worthmann, "Security-control methods for statistical databases: a comparative study",
       ACM Computing Surveys 21, 1989.

    Examples
    --------
    >>> from attrs import evolve
    >>> from leadkit import samples
    >>> from leadkit.assessment import DisclosurePolicy, disclose, feedback
    >>> raw = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    >>> shown = disclose(raw, DisclosurePolicy(min_n={"peer": 9}))
    >>> audit(shown, raw).recoverable
    ()
    >>> careless = evolve(shown, others_mean=raw.others_mean)
    >>> audit(careless, raw).is_safe
    False
    """
    grouped = arrange(feedback, disclosed.policy)
    _check_same(disclosed, feedback, grouped)
    reader = _Reader(disclosed, grouped)
    recoverable = {
        (disclosed.ratee_ids[row], role, what)
        for row in range(len(disclosed.ratee_ids))
        for d in range(len(disclosed.dimension_ids))
        for role, what in reader.concludes(row, d)
    }
    shown = (disclosed.mean, disclosed.item_mean, disclosed.others_mean)
    return Audit(
        recoverable=recoverable,
        n_published=sum(int(np.count_nonzero(~np.isnan(numbers))) for numbers in shown),
        n_evaluations=len(feedback.rater_digest),
    )


def _check_same(disclosed: DisclosedFeedback, feedback: Feedback, grouped: Arrangement) -> None:
    faults = [
        Fault(f"ratee {ratee!r}", "is not in the feedback")
        for ratee in disclosed.ratee_ids
        if ratee not in feedback.ratee_ids
    ]
    for name, ours, theirs in (
        ("roles", disclosed.roles, grouped.roles),
        ("dimension_ids", disclosed.dimension_ids, feedback.dimension_ids),
        ("instrument", disclosed.instrument.hash, feedback.instrument.hash),
        ("metric", disclosed.metric, feedback.metric),
    ):
        if ours != theirs:
            faults.append(Fault(name, f"expected {theirs!r}, as in the feedback, got {ours!r}"))
    if faults:
        raise DisclosureError.from_faults(faults, subject="audit")


class _Reader:
    """Somebody who knows the published numbers, the counts and the instrument, and nothing of the answers."""

    def __init__(self, disclosed: DisclosedFeedback, grouped: Arrangement) -> None:
        self.disclosed, self.grouped = disclosed, grouped
        feedback = grouped.feedback
        self.top = feedback.instrument.scale.high - feedback.instrument.scale.low
        self.ratees = np.array([feedback.ratee_ids.index(name) for name in disclosed.ratee_ids], dtype=np.int64)
        self.counts = grouped.joined(feedback.n)[self.ratees]
        raw = grouped.means(feedback.mean, feedback.n)[self.ratees]
        limit, coded = end_coded(raw, self.counts, feedback.instrument, feedback.metric)
        self.exact = ~np.isnan(disclosed.mean) & ~(
            coded & _near(disclosed.mean, limit) & (disclosed.reason == "end_coded")
        )
        formed, _ = others(disclosed.mean, self.counts, disclosed.roles, disclosed.weighting)
        by_gap = self_mean(disclosed.mean, disclosed.roles) - disclosed.gap
        told = [~np.isnan(tale) & ~_near(tale, formed) for tale in (disclosed.others_mean, by_gap)]
        self.tells_others = told[0] | told[1]
        self.weights = role_weights(feedback.n, feedback.roles, disclosed.weighting)
        self.places = [grouped.roles.index(name) for name in feedback.roles]
        self.determined = cache(determined)

    def concludes(self, row: int, d: int) -> Iterator[tuple[str, str]]:
        """Give roles, each with the dimension or item on which something hidden about it can be known."""
        names = self.grouped.feedback.roles
        dimension = self.disclosed.dimension_ids[d]
        items = [self.grouped.feedback.instrument.item_ids[i] for i in self.grouped.columns[d]]
        for rows, cell in self._blocks(row, d):
            scores, answers = self.determined(cell)
            yield from ((names[role], dimension) for role in scores)
            yield from ((names[role], items[item]) for role, item in answers)
            yield from self._certain(d, rows, cell, items)
        for r in np.flatnonzero(self.grouped.anonymous):
            published = self.disclosed.roles[r]
            below = 0 < self.grouped.persons[self.ratees[row], r, d] < self.grouped.minimum[self.ratees[row], r]
            spread = (self.disclosed.sd, self.disclosed.minimum, self.disclosed.maximum)
            if (below and not np.isnan(self.disclosed.mean[row, r, d])) or any(
                not np.isnan(part[row, r, d]) for part in spread
            ):
                yield published, dimension
            for i, item in zip(self.grouped.columns[d], items, strict=True):
                if below and not np.isnan(self.disclosed.item_mean[row, r, i]):
                    yield published, item

    def _blocks(self, row: int, d: int) -> Iterator[tuple[IntArray, Cell]]:
        """Collect what is unknown about a ratee and dimension, a block for each published role.

        Roles share no unknown, so that each can be looked at by itself, unless the others' mean joins them. Answers of
        attributed roles that are shown are known. Raters come in the order of what they answered, because many blocks
        are then the same.
        """
        grouped, digest = self.grouped, self.grouped.feedback.rater_digest
        t = int(self.ratees[row])
        columns = grouped.columns[d]
        own = np.arange(*np.searchsorted(digest.ratee, [t, t + 1]))
        slots = grouped.slots[own]
        known = ~grouped.anonymous[slots] & ~np.isnan(self.disclosed.mean[row, slots, d])
        answered = ~np.isnan(grouped.steps[own[:, None], columns])
        keep = answered.any(axis=1) & ~known
        order = np.lexsort((*answered[keep].T, digest.role[own[keep]]))
        rows = own[keep][order]
        places = grouped.slots[rows]
        blocks = [rows] if self.tells_others[row, d] else [rows[places == place] for place in np.unique(places)]
        for block in blocks:
            yield block, self._cell(row, d, block)

    def _cell(self, row: int, d: int, rows: IntArray) -> Cell:
        """Describe the equations about some raters."""
        grouped, digest = self.grouped, self.grouped.feedback.rater_digest
        t, columns = int(self.ratees[row]), grouped.columns[d]
        roles, present = digest.role[rows].tolist(), set(grouped.slots[rows].tolist())
        places = self.places
        by_itself = {
            r
            for r, place in enumerate(places)
            if not grouped.pooled[t, r] and not np.isnan(self.disclosed.mean[row, place, d])
        }
        weights = self.weights[t, :, d] if self.tells_others[row, d] else np.zeros(len(places))
        return Cell(
            role=tuple(roles),
            slot=tuple(grouped.slots[rows].tolist()),
            answered=pattern(~np.isnan(grouped.steps[rows[:, None], columns])),
            scored=tuple((~np.isnan(digest.scores[rows, d])).tolist()),
            weights=grouped.weights[d],
            means=frozenset(r for r in present if self.exact[row, r, d]),
            items=frozenset(
                (r, i)
                for r in present
                for i, c in enumerate(columns)
                if not np.isnan(self.disclosed.item_mean[row, r, c])
            ),
            others=tuple(
                (r, Fraction(float(w)).limit_denominator(FINEST_WEIGHT))
                for r, w in enumerate(weights)
                if w and r in roles
            ),
            hidden=frozenset(set(roles) - by_itself),
            anonymous=frozenset(r for r in set(roles) if grouped.anonymous[places[r]]),
        )

    def _certain(self, d: int, rows: IntArray, cell: Cell, items: list[str]) -> Iterator[tuple[str, str]]:
        """Conclude from answers being whole numbers on a scale."""
        dimension = self.disclosed.dimension_ids[d]
        names, steps = self.grouped.feedback.roles, self.grouped.steps[rows[:, None], self.grouped.columns[d]]
        slots, scored = np.array(cell.slot, dtype=np.int64), np.array(cell.scored, dtype=np.bool_)
        for slot in sorted(cell.means):
            members = np.flatnonzero((slots == slot) & scored)
            if len(members) and self.grouped.anonymous[slot]:
                scores, answers = pinned(steps[members], cell.weights, self.top)
                yield from ((names[cell.role[i]], dimension) for i in members[scores])
                yield from ((names[cell.role[members[i]]], items[item]) for i, item in np.argwhere(answers))
                own = [cell.role[i] for i in members]
                together = pinned_together(steps[members], cell.weights, self.top, own) if len(set(own)) > 1 else {}
                yield from ((names[role], dimension) for role, is_certain in together.items() if is_certain)
        known = np.isnan(steps)
        for slot, item in sorted(cell.items):
            members = np.flatnonzero((slots == slot) & ~np.isnan(steps[:, item]))
            if len(members) and self.grouped.anonymous[slot]:
                certain = pinned(steps[members][:, [item]], [Fraction(1)], self.top)[0]
                known[members[certain], item] = True
                yield from ((names[cell.role[i]], items[item]) for i in members[certain])
        yield from ((names[cell.role[i]], dimension) for i in np.flatnonzero(known.all(axis=1) & scored))
        yield from self._certain_from_others(dimension, cell, steps, items)

    def _certain_from_others(
        self, dimension: str, cell: Cell, steps: FloatArray, items: list[str]
    ) -> Iterator[tuple[str, str]]:
        """Conclude the same from a mean of others that holds roles whose own means are not published exactly."""
        names, weights = self.grouped.feedback.roles, dict(cell.others)
        sizes = Counter(role for role, scored in zip(cell.role, cell.scored, strict=True) if scored)
        members = [
            i
            for i, (role, slot) in enumerate(zip(cell.role, cell.slot, strict=True))
            if role in weights and cell.scored[i] and slot not in cell.means
        ]
        if not members:
            return
        shares = [weights[cell.role[i]] / sizes[cell.role[i]] for i in members]
        scores, answers = pinned(steps[members], cell.weights, self.top, shares=shares)
        yield from ((names[cell.role[i]], dimension) for i, certain in zip(members, scores, strict=True) if certain)
        yield from ((names[cell.role[members[i]]], items[item]) for i, item in np.argwhere(answers))


def _near(first: FloatArray, second: FloatArray) -> BoolArray:
    result: BoolArray = np.abs(first - second) <= ROUNDING * (1 + np.abs(first))
    return result
