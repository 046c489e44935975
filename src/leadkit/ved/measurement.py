"""Standard errors of the V.E.D. scales: checked, and those of a composite from its parts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np

from leadkit.assessment import Composite
from leadkit.errors import UnknownIdError

StandardErrors: TypeAlias = float | Mapping[str, float]
"""One standard error of measurement, or one for each scale id, in points of the metric."""


def checked_errors(sem: StandardErrors, widths: Mapping[str, float], *, scales: Iterable[str]) -> dict[str, float]:
    """Return standard errors by scale; a single number is that of each of `scales`, NaN is not known.

    Raises
    ------
    UnknownIdError
        A scale is not there.
    ValueError
        A standard error is no number, is negative, or is wider than its scale.
    """
    given = sem if isinstance(sem, Mapping) else dict.fromkeys(scales, sem)
    for name, value in given.items():
        if name not in widths:
            raise UnknownIdError.of(name, widths, kind="scale in sem")
        is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
        if not is_number or not (math.isnan(value) or 0 <= value <= widths[name]):
            what = f"expected a number in 0..{widths[name]:g}, the width of the scale, got {value!r}"
            msg = f"sem, scale {name!r}: {what}"
            raise ValueError(msg)
    return {name: float(value) for name, value in given.items()}


def overridden(
    known: Mapping[str, float], given: Mapping[str, float], composites: Iterable[Composite]
) -> dict[str, float]:
    """Put the `given` standard errors in the place of `known` ones.

    A composite that is not given itself follows from its parts when one of them is given.
    """
    errors = {**known, **given}
    for composite in composites:
        if composite.id not in given and any(part in given for part in composite.weights):
            errors[composite.id] = composite_error(composite.weights, errors)
    return errors


def composite_error(weights: Mapping[str, float], errors: Mapping[str, float]) -> float:
    """Work out the standard error of a weighted mean of parts that err independently; NaN when one is not known.

    Examples
    --------
    >>> composite_error({"vision": 1, "engagement": 1}, {"vision": 6.0, "engagement": 8.0})
    5.0
    """
    parts = (weight * errors.get(name, math.nan) for name, weight in weights.items())
    return math.sqrt(sum(part**2 for part in parts)) / sum(weights.values())
