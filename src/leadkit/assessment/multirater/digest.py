"""Who rated whom, and what they answered: what a release needs to be compared with an earlier one."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, int_array
from leadkit._results import Value
from leadkit.assessment.multirater.converters import texts
from leadkit.typing import FloatArray, IntArray

__all__ = ["RaterDigest"]


@frozen(kw_only=True, eq=False, repr=False)
class RaterDigest(Value):
    """The e evaluations behind a feedback, one row each, by ratee, then role, then id of the rater.

    It names raters beside their answers, so it has no `to_dict` and its repr gives sizes only.

    Parameters
    ----------
    ratee : int array, shape (e,)
        Who is rated: place among the feedback's `ratee_ids`.
    role : int array, shape (e,)
        As what: place among the feedback's `roles`.
    rater_ids : tuple of str
        Who rates, e ids.
    answers : array, shape (e, k)
        Answers as they were given (reversed items not turned round); NaN = not answered.
    scores : array, shape (e, d)
        Dimension scores in the metric of the feedback; NaN where too little was answered.
    """

    ratee: IntArray = field(converter=int_array)
    role: IntArray = field(converter=int_array)
    rater_ids: tuple[str, ...] = field(converter=texts)
    answers: FloatArray = field(converter=float_array)
    scores: FloatArray = field(converter=float_array)

    def rows(self, ratee: int, role: int) -> slice:
        """Give the rows of one ratee's raters in one role, both by their place; empty where there are none.

        Examples
        --------
        >>> digest = RaterDigest(
        ...     ratee=[0, 0, 1], role=[0, 1, 1], rater_ids=["a", "b", "b"], answers=[[1], [2], [3]], scores=[[1], [2], [3]]
        ... )
        >>> digest.rater_ids[digest.rows(1, 1)], digest.rater_ids[digest.rows(1, 0)]
        (('b',), ())
        """
        start, stop = np.searchsorted(self.ratee, [ratee, ratee + 1])
        first, last = np.searchsorted(self.role[start:stop], [role, role + 1])
        return slice(int(start + first), int(start + last))

    def __len__(self) -> int:
        return len(self.rater_ids)

    def __repr__(self) -> str:
        k, d = self.answers.shape[1], self.scores.shape[1]
        return f"RaterDigest({len(self)} evaluations, {k} items, {d} dimensions)"
