"""From evaluations to feedback: score, sort, aggregate, compare self with others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from leadkit._fields import number_faults, sealed
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.items import raise_faults
from leadkit.assessment.multirater.aggregation import Tables, tables
from leadkit.assessment.multirater.agreement import role_agreement
from leadkit.assessment.multirater.cells import Cells
from leadkit.assessment.multirater.digest import RaterDigest
from leadkit.assessment.multirater.gaps import GapRule, gap_categories, thresholds
from leadkit.assessment.multirater.metrics import check_metric, dimension_span
from leadkit.assessment.multirater.model import Feedback
from leadkit.assessment.multirater.severity import adjusted_means
from leadkit.assessment.multirater.weighting import (
    Weighting,
    check_weighting,
    others,
    others_standard_error,
    role_weights,
    self_mean,
)
from leadkit.assessment.provenance import provenance
from leadkit.assessment.ratings import ROLES, Comment, Ratings
from leadkit.assessment.scoring import Metric, score
from leadkit.errors import DefinitionError, Fault, ResponseError, UnknownIdError, did_you_mean
from leadkit.typing import FloatArray, IntArray

__all__ = ["feedback"]

RaterEffects: TypeAlias = Literal["none", "shrunken"]
Target: TypeAlias = float | Mapping[str, float]

RATER_EFFECTS = ("none", "shrunken")
RATEES_PER_BLOCK = 2**10
THIRD_OF_SCALE = GapRule.share_of_scale(1 / 3)


def feedback(
    ratings: Ratings,
    *,
    metric: Metric = "mean",
    weighting: Weighting = "equal_roles",
    gap_rule: GapRule = THIRD_OF_SCALE,
    target: Target | None = None,
    rater_effects: RaterEffects = "none",
    comments: Iterable[Comment] = (),
) -> Feedback:
    """Sum up what many raters say about each ratee, by role, and how others see what each says of themselves.

    A rater's score on a dimension follows the instrument's own rules, as in `score`.
    The result is for analysis: call `disclose(feedback, policy)` before anybody sees any of it.

    Parameters
    ----------
    ratings : Ratings
        The evaluations; their order does not matter.
    metric : {"mean", "sum", "pomp"}
        Metric of the scores: scale points, prorated sum, or percent of the maximum possible.
    weighting : {"equal_roles", "equal_raters"} or mapping of str to float
        The others' mean is the mean of the role means that are there; the mean over all raters; or weighted by role,
        0 for a role not named, over the roles that are there. Self is never in it.
    gap_rule : GapRule
        When self minus others counts: |gap| above a share of the scale, above scale points, or above standard errors
        of the others' mean from the variance within roles, pooled over roles.
    target : float or mapping of str to float, optional
        What the others' mean should reach, in the metric, for all dimensions or by dimension; the middle of the scale
        by default.
    rater_effects : {"none", "shrunken"}
        Whether to give `adjusted_mean`, where each score is freed of its rater's severity, shrunken towards 0 as far
        as the rater has rated few.
    comments : iterable of Comment
        What raters wrote; each about a ratee whom the writer rated in that role.

    Returns
    -------
    Feedback
        Means, spreads and counts by ratee, role and dimension, item means, gaps with their categories, agreement.

    Raises
    ------
    DefinitionError
        An option is not one of those above.
    UnknownIdError
        A weighting or a target names a role or a dimension that is not there.
    ResponseError
        A comment fits no evaluation (`faults` holds all of them), or severity was asked for and there are too many
        ratees and raters.

    References
    ----------
    .. [1] L. E. Atwater and F. J. Yammarino, "Does self-other agreement on leadership perceptions moderate the validity
       of leadership and performance predictions?", Personnel Psychology 45, 1992.

    Examples
    --------
    >>> from leadkit import samples
    >>> raw = feedback(samples.ratings("ved", n_leaders=3, rng=1))
    >>> raw
    Feedback('ved' 1.0.0: 3 ratees x 5 roles x 7 dimensions, 36 evaluations; call disclose(feedback, policy))
    >>> raw.roles
    ('self', 'manager', 'peer', 'direct_report', 'customer')
    >>> bool(abs(raw.gap[0, 0] - (raw.mean[0, 0, 0] - raw.others_mean[0, 0])) < 1e-12)
    True
    """
    instrument = ratings.instrument
    _check_options(metric, gap_rule, rater_effects)
    wanted = _targets(target, instrument, metric)
    written = _checked_comments(comments, ratings)
    cells = Cells.of(ratings)
    check_weighting(weighting, dict.fromkeys((*ROLES, *cells.roles)))
    scores = sealed(np.take(score(ratings.responses, metric=metric, composites="none").values, cells.order, axis=0))
    found = tables(ratings.responses.values, scores, cells, instrument, metric)
    others_mean, others_n, error = _by_others(found, cells.roles, weighting)
    own = self_mean(found.mean, cells.roles)
    gap = own - others_mean
    threshold = thresholds(gap_rule, instrument, metric, standard_error=error)
    flags = {
        "no_self": np.isnan(own),
        "no_others": np.isnan(others_mean),
        "no_standard_error": np.isnan(error) & ~np.isnan(others_mean),
        "too_few_answers": found.n < found.n_raters[:, :, None],
    }
    adjusted_mean = None
    if rater_effects == "shrunken":
        adjusted_mean, doubts = adjusted_means(scores, cells, instrument.dimension_ids)
        flags |= doubts
    return Feedback(
        instrument=instrument,
        ratee_ids=cells.ratee_ids,
        roles=cells.roles,
        dimension_ids=instrument.dimension_ids,
        mean=found.mean,
        sd=found.sd,
        minimum=found.minimum,
        maximum=found.maximum,
        n=found.n,
        n_raters=found.n_raters,
        item_mean=found.item_mean,
        item_n=found.item_n,
        item_variance=found.item_variance,
        others_mean=sealed(others_mean),
        others_n=sealed(others_n),
        gap=sealed(gap),
        target=np.broadcast_to(wanted, gap.shape),
        gap_category=gap_categories(gap, others_mean, wanted, threshold),
        standard_error=sealed(error),
        adjusted_mean=adjusted_mean,
        agreement=role_agreement(found.mean, found.sd, found.n, found.item_variance, cells.roles, instrument),
        metric=metric,
        weighting=weighting,
        gap_rule=gap_rule,
        comments=written,
        rater_digest=RaterDigest(
            ratee=cells.ratee,
            role=cells.role,
            rater_ids=cells.sorted_rater_ids,
            answers=found.answers,
            scores=scores,
        ),
        provenance=provenance(
            instrument,
            metric=metric,
            weighting=dict(weighting) if isinstance(weighting, Mapping) else weighting,
            gap_rule=gap_rule.name,
            target=dict(target) if isinstance(target, Mapping) else target,
            rater_effects=rater_effects,
        ),
        flags=flags,
    )


def _check_options(metric: Metric, gap_rule: object, rater_effects: object) -> None:
    check_metric(metric)
    if not isinstance(gap_rule, GapRule):
        msg = f"gap_rule: expected a GapRule such as GapRule.points(1), got {gap_rule!r}"
        raise DefinitionError(msg)
    if rater_effects not in RATER_EFFECTS:
        msg = f"rater_effects: expected one of {', '.join(map(repr, RATER_EFFECTS))}, got {rater_effects!r}"
        raise DefinitionError(msg)


def _by_others(found: Tables, roles: Sequence[str], weighting: Weighting) -> tuple[FloatArray, IntArray, FloatArray]:
    """Return the others' mean, raters and standard error (t, d), worked out for some ratees at a time."""
    parts = []
    for start in range(0, max(len(found.mean), 1), RATEES_PER_BLOCK):
        rows = slice(start, start + RATEES_PER_BLOCK)
        mean, sd, n = found.mean[rows], found.sd[rows], found.n[rows]
        error = others_standard_error(sd, n, role_weights(n, roles, weighting))
        parts.append((*others(mean, n, roles, weighting), error))
    others_mean, others_n, errors = (np.concatenate(column) for column in zip(*parts, strict=True))
    return others_mean, others_n, errors


def _targets(target: Target | None, instrument: Instrument, metric: Metric) -> FloatArray:
    """Give the wanted mean of every dimension, shape (d,)."""
    low, high = dimension_span(instrument, metric)
    wanted = (low + high) / 2
    if target is None:
        return sealed(wanted)
    ids = instrument.dimension_ids
    asked: Mapping[str, Any] = target if isinstance(target, Mapping) else dict.fromkeys(ids, target)
    faults = []
    for name, value in asked.items():
        if name not in ids:
            raise UnknownIdError.of(name, ids, kind="dimension")
        place = ids.index(name)
        wrong = number_faults(value, f"target[{name!r}]")
        if not wrong and not low[place] <= value <= high[place]:
            what = f"{value!r} is outside {low[place]:g}..{high[place]:g}, the span in metric {metric!r}"
            wrong = [Fault(f"target[{name!r}]", what)]
        if not wrong:
            wanted[place] = value
        faults += wrong
    raise_faults(faults, "")
    return sealed(wanted)


def _checked_comments(comments: Iterable[Comment], ratings: Ratings) -> tuple[Comment, ...]:
    """Refuse comments that fit no evaluation, all at once."""
    written = tuple(comments)
    if not written:
        return ()
    evaluations = set(zip(ratings.ratee_ids, ratings.rater_ids, ratings.roles, strict=True))
    ratees = set(ratings.ratee_ids)
    faults = [
        Fault(f"comments[{i}]", what)
        for i, comment in enumerate(written)
        for what in _comment_faults(comment, evaluations, ratees, ratings.instrument.dimension_ids)
    ]
    if faults:
        raise ResponseError.from_faults(faults)
    return written


def _comment_faults(
    comment: object, evaluations: set[tuple[str, str, str]], ratees: set[str], dimension_ids: Sequence[str]
) -> list[str]:
    if not isinstance(comment, Comment):
        return [f"expected a Comment, got {comment!r}"]
    found = []
    if comment.ratee_id not in ratees:
        found.append(f"nobody rated {comment.ratee_id!r}{did_you_mean(comment.ratee_id, ratees)}")
    elif (comment.ratee_id, comment.rater_id, comment.role) not in evaluations:
        found.append(f"{comment.rater_id!r} did not rate {comment.ratee_id!r} as {comment.role!r}")
    if comment.dimension_id is not None and comment.dimension_id not in dimension_ids:
        found.append(str(UnknownIdError.of(comment.dimension_id, dimension_ids, kind="dimension")))
    return found
