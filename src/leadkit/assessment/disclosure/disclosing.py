"""Raw feedback and a policy into feedback that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from leadkit._fields import sealed
from leadkit.assessment.disclosure.agreeing import shown_agreement
from leadkit.assessment.disclosure.arrangement import Arrangement, arrange
from leadkit.assessment.disclosure.certainty import pinned, pinned_together
from leadkit.assessment.disclosure.comments import readable_comments
from leadkit.assessment.disclosure.differencing import betrayed, check_previous
from leadkit.assessment.disclosure.ends import end_coded, item_ends
from leadkit.assessment.disclosure.policy import DisclosurePolicy
from leadkit.assessment.disclosure.result import DisclosedFeedback, DisclosureLog
from leadkit.assessment.multirater.gaps import gap_categories, others, self_mean, thresholds
from leadkit.assessment.multirater.model import Feedback
from leadkit.assessment.provenance import provenance
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["disclose"]

Words: TypeAlias = NDArray[np.object_]


def disclose(
    feedback: Feedback, policy: DisclosurePolicy, *, previous: Feedback | Sequence[Feedback] | None = None
) -> DisclosedFeedback:
    """Turn feedback into what may be shown without anybody being found out.

    Anonymous roles below their minimum are hidden, or pooled as "other"; means at the ends of the scale are published
    one answer's step inside; items are shown only where they agree with their dimension; others and gaps are formed
    again from what is shown; spread stays hidden; and where an earlier release exists, so does what the difference
    would tell.

    Parameters
    ----------
    feedback : Feedback
        What `feedback` made of the ratings.
    policy : DisclosurePolicy
        What may be shown.
    previous : Feedback or sequence of Feedback, optional
        The feedback behind every earlier release about the same people, not the last alone: what was hidden then for a
        difference can be worked out from the one before. They are taken to have been disclosed under the same policy.

    Returns
    -------
    DisclosedFeedback
        Hidden cells are NaN.

    Raises
    ------
    TypeError
        An argument is of another kind.
    DisclosureError
        `previous` is about another instrument.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import DisclosurePolicy, feedback
    >>> raw = feedback(samples.ratings("ved", n_leaders=2, rng=1))
    >>> shown = disclose(raw, DisclosurePolicy())
    >>> shown.roles
    ('self', 'manager', 'peer', 'direct_report', 'customer')
    """
    earlier = _earlier(previous)
    _check_kinds(feedback, policy, earlier)
    grouped = arrange(feedback, policy)
    counts, people = grouped.joined(feedback.n), grouped.persons
    raw = grouped.means(feedback.mean, feedback.n)
    why = _first_reasons(grouped, people)
    few = why != ""
    item_why: Words = np.full((*why.shape[:2], feedback.instrument.n_items), "", dtype=object)
    withheld = np.zeros(why.shape[:2], dtype=np.bool_)
    for one in earlier:
        check_previous(feedback, one)
        cells, items = betrayed(grouped, arrange(one, policy))
        why[cells & (why == "")] = "differencing"
        item_why[items] = "differencing"
        withheld |= np.logical_and.reduce(cells, axis=2)
    published, coded = end_coded(raw, counts, feedback.instrument, feedback.metric)
    coded = coded & grouped.anonymous[:, None]
    mean = np.where(grouped.anonymous[:, None], published, raw)
    why[_certain(grouped, (why == "") & ~coded) & (why == "")] = "certain"
    shown = why == ""
    mean = np.where(shown, mean, np.nan)
    reason = np.where(shown, np.where(coded, "end_coded", ""), "not_shown").astype(object)
    item_mean, item_why = _items(grouped, shown, why, item_why)
    told_few = few.any(axis=2, keepdims=True) & grouped.anonymous[:, None]
    n_shown = np.where(shown & ~told_few, counts.astype(np.float64), np.nan)
    spread, flags = _spread(grouped, policy, shown)
    others_mean = _others(grouped, mean, counts, n_shown)
    gap = self_mean(mean, grouped.roles) - others_mean
    limit, gap_flags = _thresholds(grouped, policy, shown)
    return DisclosedFeedback(
        instrument=feedback.instrument,
        ratee_ids=feedback.ratee_ids,
        roles=grouped.roles,
        dimension_ids=feedback.dimension_ids,
        mean=sealed(mean),
        n_shown=sealed(n_shown),
        others_mean=others_mean,
        gap=gap,
        gap_category=gap_categories(gap, others_mean, feedback.target, limit),
        item_mean=sealed(item_mean),
        reason=reason,
        item_reason=np.where(item_why == "", "", "not_shown").astype(object),
        **spread,
        target=feedback.target,
        agreement=shown_agreement(grouped, n_shown, coded),
        comments=readable_comments(grouped, policy, withheld=withheld, earlier=earlier),
        metric=feedback.metric,
        weighting=feedback.weighting,
        gap_rule=feedback.gap_rule,
        policy=policy,
        provenance=provenance(
            feedback.instrument,
            **feedback.provenance.rules,
            n_earlier_releases=len(earlier),
        ),
        flags=tuple(sorted({*flags, *gap_flags})),
        log=DisclosureLog(cells=why, items=item_why, pooled=_pooled(grouped)),
    )


def _earlier(previous: Feedback | Sequence[Feedback] | None) -> tuple[Feedback, ...]:
    if previous is None:
        return ()
    return tuple(previous) if isinstance(previous, Sequence) else (previous,)


def _check_kinds(feedback: object, policy: object, earlier: Sequence[object]) -> None:
    if not isinstance(feedback, Feedback):
        msg = f"feedback: expected Feedback, got {type(feedback).__name__}"
        raise TypeError(msg)
    if not isinstance(policy, DisclosurePolicy):
        msg = f"policy: expected a DisclosurePolicy, got {type(policy).__name__}"
        raise TypeError(msg)
    for one in earlier:
        if not isinstance(one, Feedback):
            msg = f"previous: expected the Feedback of an earlier release, got {type(one).__name__}"
            raise TypeError(msg)


def _pooled(grouped: Arrangement) -> BoolArray:
    """Spread the pooled roles over the published ones, (t, R)."""
    pooled = np.zeros((len(grouped.pooled), len(grouped.roles)), dtype=np.bool_)
    pooled[:, [grouped.roles.index(role) for role in grouped.feedback.roles]] = grouped.pooled
    return pooled


def _first_reasons(grouped: Arrangement, people: IntArray) -> Words:
    """Say why a cell has too few raters, (t, R, d); "" where it has enough."""
    why: Words = np.full(people.shape, "", dtype=object)
    why[people < grouped.minimum[:, :, None]] = "below_minimum"
    why[people == 0] = "no_raters"
    pooled = _pooled(grouped)[:, :, None] & (people == 0)
    why[pooled] = "pooled"
    return why


def _certain(grouped: Arrangement, exact: BoolArray) -> BoolArray:
    """Find cells of anonymous roles, among those published exactly, whose mean leaves no doubt about an answer.

    Equal weights and complete answers never do once the ends are coded; cells with gaps or weights are looked at one
    by one, but only where not everybody could move by a whole step while somebody else makes up for it. Of pooled roles
    the sum of each is looked at as well. A cell where
    all answered one and the same of several items is that item's mean, which does not agree with a view of all.
    """
    digest = grouped.feedback.rater_digest
    top = grouped.feedback.instrument.scale.high - grouped.feedback.instrument.scale.low
    in_pool = grouped.pooled[digest.ratee, digest.role]
    found = np.zeros(exact.shape, dtype=np.bool_)
    for d, (columns, weights) in enumerate(zip(grouped.columns, grouped.weights, strict=True)):
        steps = grouped.steps[:, columns]
        scored = ~np.isnan(digest.scores[:, d])
        partial = scored & np.isnan(steps).any(axis=1)
        open_cells = exact[:, :, d] & grouped.anonymous
        if len(set(weights)) == 1:
            open_cells &= _any(grouped, partial)
        rises = scored & (np.where(np.isnan(steps), -np.inf, steps).max(axis=1) <= top - 1)
        falls = scored & (np.where(np.isnan(steps), np.inf, steps).min(axis=1) >= 1)
        n_rises, n_falls = (grouped.counted(marks[:, None]).reshape(-1)[grouped.keys] for marks in (rises, falls))
        stuck = scored & ~((rises & (n_falls - falls > 0)) | (falls & (n_rises - rises > 0)))
        single = scored & ((~np.isnan(steps)).sum(axis=1) == 1) & (len(columns) > 1)
        own_rises, own_falls = (_of_own_role(grouped, marks) for marks in (rises, falls))
        apart = ~((own_rises > 0) & (n_falls - own_falls > 0)) & ~((own_falls > 0) & (n_rises - own_rises > 0))
        looked_at = exact[:, :, d] & grouped.anonymous & _any(grouped, scored & in_pool & apart)
        for t, r in np.argwhere(looked_at | open_cells & (_any(grouped, stuck) | ~_any(grouped, scored & ~single))):
            rows = grouped.rows(t, r)
            rows = rows[scored[rows]]
            given = steps[rows]
            alike = (~np.isnan(given)).any(axis=0).sum() == 1 < len(columns)
            of_scores, of_answers = pinned(given, weights, top)
            of_roles = pinned_together(given, weights, top, digest.role[rows].tolist()) if looked_at[t, r] else {}
            found[t, r, d] = alike or of_scores.any() or of_answers.any() or any(of_roles.values())
    return found


def _of_own_role(grouped: Arrangement, marks: BoolArray) -> IntArray:
    """Count, for every evaluation, those of its ratee and its own role that are marked, (e,)."""
    digest = grouped.feedback.rater_digest
    cell = digest.ratee * len(grouped.feedback.roles) + digest.role
    counts: IntArray = np.bincount(cell, weights=marks).astype(np.int64)[cell]
    return counts


def _any(grouped: Arrangement, marks: BoolArray) -> BoolArray:
    """Tell which ratees and published roles, (t, R), have a marked evaluation."""
    result: BoolArray = grouped.counted(marks[:, None])[:, :, 0] > 0
    return result


def _others(grouped: Arrangement, mean: FloatArray, counts: IntArray, n_shown: FloatArray) -> FloatArray:
    """Average the shown roles other than self; weights by raters need their numbers, so all of them must be told."""
    others_mean, _ = others(mean, counts, grouped.roles, grouped.feedback.weighting)
    if grouped.feedback.weighting == "equal_raters":
        untold = ~np.isnan(mean) & np.isnan(n_shown)
        others_mean[np.logical_or.reduce(untold[:, [role != "self" for role in grouped.roles]], axis=1)] = np.nan
    return others_mean


def _items(grouped: Arrangement, shown: BoolArray, why: Words, item_why: Words) -> tuple[FloatArray, Words]:
    """Decide on the item view of every role and dimension as a whole: item means, (t, R, k), and why not."""
    feedback = grouped.feedback
    digest = feedback.rater_digest
    counts = grouped.joined(feedback.item_n)
    mean = grouped.means(feedback.item_mean, feedback.item_n)
    at_end = item_ends(mean, counts, feedback.instrument, feedback.metric)
    answered = ~np.isnan(digest.answers)
    for d, columns in enumerate(grouped.columns):
        n_answered = answered[:, columns].sum(axis=1)
        partial = _any(grouped, (n_answered > 0) & (n_answered < len(columns)))
        differencing = (item_why[:, :, columns] != "").any(axis=2)
        reasons: Words = np.where(differencing, "differencing", "").astype(object)
        reasons[np.logical_or.reduce(at_end[:, :, columns], axis=2)] = "items_at_end"
        reasons[partial] = "items_inconsistent"
        reasons[:, ~grouped.anonymous] = ""
        hidden = ~shown[:, :, d]
        reasons[hidden] = why[:, :, d][hidden]
        item_why[:, :, columns] = reasons[:, :, None]
    item_why[(item_why == "") & np.isnan(mean)] = "no_raters"
    return np.where(item_why == "", mean, np.nan), item_why


def _spread(
    grouped: Arrangement, policy: DisclosurePolicy, shown: BoolArray
) -> tuple[dict[str, FloatArray], tuple[str, ...]]:
    """Take the spread of the roles that may show it; a pool has none, because only its members' is known."""
    feedback = grouped.feedback
    visible = shown & (~grouped.anonymous[:, None] | (policy.spread == "shown"))
    spread = {}
    for name in ("sd", "minimum", "maximum"):
        own = np.full(shown.shape, np.nan)
        own[:, [grouped.roles.index(role) for role in feedback.roles]] = getattr(feedback, name)
        own[_pooled(grouped)] = np.nan
        spread[name] = np.where(visible, own, np.nan)
    return spread, ("spread_shown",) if policy.spread == "shown" else ()


def _thresholds(grouped: Arrangement, policy: DisclosurePolicy, shown: BoolArray) -> tuple[FloatArray, tuple[str, ...]]:
    """Give the thresholds of the gap rule; one of standard errors needs spread that may be shown, of every role."""
    feedback = grouped.feedback
    if feedback.gap_rule.kind != "standard_error":
        return thresholds(feedback.gap_rule, feedback.instrument, feedback.metric), ()
    limit = thresholds(feedback.gap_rule, feedback.instrument, feedback.metric, standard_error=feedback.standard_error)
    there = grouped.joined(feedback.n) > 0
    open_roles = ~grouped.anonymous[:, None] | (policy.spread == "shown")
    visible = np.all(~there | (shown & open_roles), axis=1)
    hidden = ~visible & ~np.isnan(limit)
    return np.where(visible, limit, np.nan), ("spread_not_shown",) if hidden.any() else ()
