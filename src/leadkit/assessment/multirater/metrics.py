"""What a dimension and an item may reach in each metric, and how long a scale point is there."""

from __future__ import annotations

from typing import get_args

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.scoring import Metric
from leadkit.errors import DefinitionError
from leadkit.typing import FloatArray

__all__ = ["check_metric", "dimension_span", "item_span", "scale_point"]


def check_metric(metric: Metric) -> None:
    """Refuse a word that is no metric."""
    if metric not in get_args(Metric):
        msg = f"metric: expected one of {', '.join(map(repr, get_args(Metric)))}, got {metric!r}"
        raise DefinitionError(msg)


def dimension_span(instrument: Instrument, metric: Metric) -> tuple[FloatArray, FloatArray]:
    """Give the lowest and the highest possible score of every dimension, shape (d,) each.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> low, high = dimension_span(frameworks.load("ved"), "pomp")
    >>> low[0].item(), high[0].item()
    (0.0, 100.0)
    """
    check_metric(metric)
    n_items = np.array([len(part.items) for part in instrument.dimensions], dtype=np.float64)
    factor = n_items if metric == "sum" else np.ones(len(n_items))
    low, high = item_span(instrument, metric)
    return sealed(low * factor), sealed(high * factor)


def item_span(instrument: Instrument, metric: Metric) -> tuple[float, float]:
    """Give the lowest and the highest possible mean of an item: scale points, or percent for "pomp"."""
    return (0.0, 100.0) if metric == "pomp" else (float(instrument.scale.low), float(instrument.scale.high))


def scale_point(instrument: Instrument, metric: Metric) -> FloatArray:
    """Give the length of one scale point in the metric of every dimension, shape (d,)."""
    low, high = dimension_span(instrument, metric)
    return sealed((high - low) / (instrument.scale.high - instrument.scale.low))
