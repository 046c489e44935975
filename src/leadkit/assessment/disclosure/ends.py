"""Means near an end of the scale say what every rater answered, so they are published one answer's step inside."""

from __future__ import annotations

import numpy as np

from leadkit.assessment.instrument import Instrument
from leadkit.assessment.multirater.metrics import dimension_span, item_span, scale_point
from leadkit.assessment.scoring import Metric
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["end_coded", "item_ends"]

ROUNDING = 1e-9


def end_coded(mean: FloatArray, n: IntArray, instrument: Instrument, metric: Metric) -> tuple[FloatArray, BoolArray]:
    """Move means at or beyond high - 1/n and low + 1/n to that value.

    Parameters
    ----------
    mean : array, shape (t, R, d)
        Means of dimensions in the metric.
    n : array, shape (t, R, d)
        Raters behind each mean.
    instrument : Instrument
        Whose scale is meant.
    metric : {"mean", "sum", "pomp"}
        Metric of the means; 1 stands for one scale point in it.

    Returns
    -------
    published : array, shape (t, R, d)
        Means that may be shown.
    coded : array of bool, shape (t, R, d)
        Where a mean was at an end.
    """
    low, high = dimension_span(instrument, metric)
    return _inside(mean, n, low, high, scale_point(instrument, metric))


def item_ends(mean: FloatArray, n: IntArray, instrument: Instrument, metric: Metric) -> BoolArray:
    """Tell which item means, (t, R, k), lie at or beyond high - 1/n or low + 1/n."""
    low, high = item_span(instrument, metric)
    step = (high - low) / (instrument.scale.high - instrument.scale.low)
    return _inside(mean, n, low, high, step)[1]


def _inside(
    mean: FloatArray, n: IntArray, low: FloatArray | float, high: FloatArray | float, step: FloatArray | float
) -> tuple[FloatArray, BoolArray]:
    room = np.divide(step, n, out=np.full(mean.shape, np.nan), where=n > 0)
    slack = ROUNDING * np.asarray(step)
    at_high = mean >= high - room - slack
    at_low = mean <= low + room + slack
    published = np.where(at_high, high - room, np.where(at_low, low + room, mean))
    return published, at_high | at_low
