"""Self against others: when a gap counts, and what it is then called."""

from __future__ import annotations

from typing import Any, Literal, Self, TypeAlias, get_args

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import as_float, number_faults, sealed
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.items import raise_faults
from leadkit.assessment.multirater.metrics import dimension_span, scale_point
from leadkit.assessment.multirater.weighting import Weighting, others, others_standard_error, role_weights, self_mean
from leadkit.assessment.scoring import Metric
from leadkit.errors import DefinitionError, Fault
from leadkit.typing import FloatArray

__all__ = [
    "GAP_CATEGORIES",
    "GapRule",
    "Weighting",
    "gap_categories",
    "others",
    "others_standard_error",
    "role_weights",
    "self_mean",
    "thresholds",
]

GAP_CATEGORIES = ("blind_spot", "hidden_strength", "agreed_strength", "agreed_need", "undecided")
"""What a gap may be called."""
ROUNDING = 1e-12

GapKind: TypeAlias = Literal["share_of_scale", "points", "standard_error"]


def _number(value: Any) -> Any:
    return value if number_faults(value, "") else as_float(value)


@frozen
class GapRule:
    """When the gap between self and others counts: |gap| strictly above a threshold.

    Parameters
    ----------
    kind : {"share_of_scale", "points", "standard_error"}
        What `value` counts: shares of the scale's width, scale points, or standard errors of the others' mean.
    value : float
        Above 0; a share is at most 1.

    Raises
    ------
    DefinitionError
        The kind is unknown or the value is out of its range.

    Examples
    --------
    >>> GapRule.share_of_scale(1 / 3).name, GapRule.points(1).name
    ('share_of_scale(0.3333)', 'points(1)')
    >>> GapRule.points(-1)
    Traceback (most recent call last):
    ...
    leadkit.errors.DefinitionError: gap rule: points: expected a finite number above 0, got -1.0
    """

    kind: GapKind
    value: float = field(converter=_number)

    def __attrs_post_init__(self) -> None:
        faults = []
        if self.kind not in get_args(GapKind):
            faults.append(Fault("kind", f"expected one of {', '.join(get_args(GapKind))}, got {self.kind!r}"))
        else:
            faults += number_faults(self.value, self.kind, above=0.0)
            if not faults and self.kind == "share_of_scale" and self.value > 1:
                faults.append(Fault(self.kind, f"expected a share above 0 and at most 1, got {self.value!r}"))
        raise_faults(faults, "gap rule")

    @classmethod
    def share_of_scale(cls, share: float) -> Self:
        """Let a gap count above a share of the scale's width, high - low."""
        return cls("share_of_scale", share)

    @classmethod
    def points(cls, points: float) -> Self:
        """Let a gap count above a number of scale points, converted to the metric in use."""
        return cls("points", points)

    @classmethod
    def standard_error(cls, z: float) -> Self:
        """Let a gap count above `z` standard errors of the others' mean."""
        return cls("standard_error", z)

    @property
    def name(self) -> str:
        """The rule in one word, for a result."""
        return f"{self.kind}({self.value:.4g})"


def thresholds(
    rule: GapRule, instrument: Instrument, metric: Metric, *, standard_error: ArrayLike | None = None
) -> FloatArray:
    """Turn a rule into thresholds in the metric of the scores.

    Parameters
    ----------
    rule : GapRule
        The rule.
    instrument : Instrument
        Whose scale is meant.
    metric : {"mean", "sum", "pomp"}
        Metric of the scores.
    standard_error : array_like, shape (t, d), optional
        Of the others' mean, in the metric; a rule of standard errors needs it.

    Returns
    -------
    array, shape (d,) or (t, d)
        |gap| above it counts; NaN where the standard error is.

    Raises
    ------
    DefinitionError
        The rule counts standard errors and there are none.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> thresholds(GapRule.points(1), frameworks.load("ved"), "pomp")[0].item()
    25.0
    """
    if rule.kind == "points":
        return rule.value * scale_point(instrument, metric)
    if rule.kind == "share_of_scale":
        low, high = dimension_span(instrument, metric)
        return rule.value * (high - low)
    if standard_error is None:
        msg = f"gap rule {rule.name}: expected standard errors of the others' mean, got none"
        raise DefinitionError(msg)
    return rule.value * np.asarray(standard_error, dtype=np.float64)


def gap_categories(
    gap: ArrayLike, others_mean: ArrayLike, target: ArrayLike, threshold: ArrayLike
) -> NDArray[np.object_]:
    """Name every gap.

    A gap, or a distance from the target, that is a rounding error counts as none, so that 4.4 - 3.4 is not above 1.

    Parameters
    ----------
    gap : array_like, shape (t, d)
        Self minus others.
    others_mean : array_like, shape (t, d)
        The others' mean.
    target, threshold : array_like, shape (t, d), (d,) or ()
        What the others' mean should reach, and above what |gap| counts, both in the metric of the scores.

    Returns
    -------
    object array, shape (t, d)
        "blind_spot" (self above others beyond the threshold), "hidden_strength" (below), else "agreed_strength" or
        "agreed_need" by whether the others' mean reaches the target; "undecided" where any part is NaN.

    Examples
    --------
    >>> gap_categories([[2.0, -2.0, 0.5, 0.5]], [[2.0, 4.0, 3.0, 2.9]], 3.0, 1.0).tolist()
    [['blind_spot', 'hidden_strength', 'agreed_strength', 'agreed_need']]
    """
    gaps, seen, wanted, least = (np.asarray(part, dtype=np.float64) for part in (gap, others_mean, target, threshold))
    unknown = np.isnan(gaps) | np.isnan(seen) | np.isnan(wanted) | np.isnan(least)
    # a scale is at least one point wide, so a difference as small as this is none in any metric
    none = ROUNDING * (1 + np.abs(gaps) + np.abs(seen) + np.abs(wanted))
    beyond = np.abs(gaps) > least + none
    place = np.where(seen >= wanted - none, 2, 3)
    place = np.where(beyond, np.where(gaps > 0, 0, 1), place)
    words: NDArray[np.object_] = np.array(GAP_CATEGORIES, dtype=object)[np.where(unknown, 4, place)]
    return sealed(words)
