"""Feedback from many raters about each of many people, as it must not be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import float_array, int_array
from leadkit._results import Value
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.multirater.agreement import RoleAgreement
from leadkit.assessment.multirater.converters import kept_weighting, texts, word_array
from leadkit.assessment.multirater.digest import RaterDigest
from leadkit.assessment.multirater.gaps import GapRule
from leadkit.assessment.multirater.weighting import Weighting
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.ratings import Comment
from leadkit.assessment.scoring import Metric, flag_masks
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Feedback"]


def _comments(comments: Iterable[Comment]) -> tuple[Comment, ...]:
    return tuple(comments)


def _optional_array(values: ArrayLike | None) -> FloatArray | None:
    return None if values is None else float_array(values)


@frozen(kw_only=True, eq=False, repr=False)
class Feedback(Value):
    """What r roles of raters say about t ratees on d dimensions and k items: for analysis, not for showing.

    A cell may rest on one rater, so this has no `to_dict`, no `to_records` and no table: call
    `disclose(feedback, policy)` for what people may see.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    ratee_ids : tuple of str
        The t people who were rated, sorted.
    roles : tuple of str
        The r roles that occur, in the order of `ROLES`, then your own by name.
    dimension_ids : tuple of str
        The d dimensions.
    mean, sd, minimum, maximum : array, shape (t, r, d)
        Of the raters' scores, in the `metric`; NaN without a score. sd has divisor n - 1 and is NaN for one rater.
    n : int array, shape (t, r, d)
        Raters with a score.
    n_raters : int array, shape (t, r)
        Raters, whether they have a score or not.
    item_mean : array, shape (t, r, k)
        Means of the keyed answers (reversed items turned round): in scale points for the metrics "mean" and "sum", in
        percent of the maximum possible for "pomp"; NaN without an answer.
    item_n : int array, shape (t, r, k)
        Raters who answered the item.
    item_variance : array, shape (t, r, d)
        Mean variance (divisor n - 1, squared scale points) of a dimension's items that two raters answered; NaN without
        one.
    others_mean : array, shape (t, d)
        Mean of the roles other than self under the `weighting`; NaN without any.
    others_n : int array, shape (t, d)
        Raters behind it.
    gap : array, shape (t, d)
        Self minus others; NaN where either is.
    target : array, shape (t, d)
        What the others' mean should reach.
    gap_category : object array, shape (t, d)
        "blind_spot", "hidden_strength", "agreed_strength", "agreed_need" or "undecided".
    standard_error : array, shape (t, d)
        Standard error of `others_mean`; NaN where no role has two raters.
    adjusted_mean : array, shape (t, r, d), or None
        Means of the scores less the raters' severity; None when severity was not asked for.
    agreement : RoleAgreement
        How far the raters of each role agree, over all ratees.
    metric : {"mean", "sum", "pomp"}
        Metric of the scores.
    weighting : {"equal_roles", "equal_raters"} or mapping of str to float
        How the others were averaged.
    gap_rule : GapRule
        When a gap counts.
    comments : tuple of Comment
        What raters wrote.
    rater_digest : RaterDigest
        Who rated whom.
    provenance : Provenance
        Instrument, rules and version.
    flags : mapping of str to array
        Where what is doubtful, by flag of `FEEDBACK_FLAGS`: masks over (t, d), or over (t, r, d) for
        `too_few_answers`; with severity also its flags of `leadkit.stats.FLAGS`, masks over (d,).
    """

    instrument: Instrument
    ratee_ids: tuple[str, ...] = field(converter=texts)
    roles: tuple[str, ...] = field(converter=texts)
    dimension_ids: tuple[str, ...] = field(converter=texts)
    mean: FloatArray = field(converter=float_array)
    sd: FloatArray = field(converter=float_array)
    minimum: FloatArray = field(converter=float_array)
    maximum: FloatArray = field(converter=float_array)
    n: IntArray = field(converter=int_array)
    n_raters: IntArray = field(converter=int_array)
    item_mean: FloatArray = field(converter=float_array)
    item_n: IntArray = field(converter=int_array)
    item_variance: FloatArray = field(converter=float_array)
    others_mean: FloatArray = field(converter=float_array)
    others_n: IntArray = field(converter=int_array)
    gap: FloatArray = field(converter=float_array)
    target: FloatArray = field(converter=float_array)
    gap_category: NDArray[np.object_] = field(converter=word_array)
    standard_error: FloatArray = field(converter=float_array)
    adjusted_mean: FloatArray | None = field(converter=_optional_array)
    agreement: RoleAgreement
    metric: Metric
    weighting: Weighting = field(converter=kept_weighting)
    gap_rule: GapRule
    comments: tuple[Comment, ...] = field(converter=_comments)
    rater_digest: RaterDigest
    provenance: Provenance
    flags: Mapping[str, BoolArray] = field(converter=flag_masks)

    def __repr__(self) -> str:
        size = f"{len(self.ratee_ids)} ratees x {len(self.roles)} roles x {len(self.dimension_ids)} dimensions"
        what = f"{self.instrument.id!r} {self.instrument.version}"
        return f"Feedback({what}: {size}, {len(self.rater_digest)} evaluations; call disclose(feedback, policy))"
