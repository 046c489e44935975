"""Where the parts of a small picture lie, in percent of its width."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray

__all__ = ["Bar", "Strip", "bar", "share", "strip"]

MOST_DOTS = 60
N_BINS = 24
MOST_TICKS = 10


@frozen(kw_only=True)
class Bar:
    """A score on its scale: ends of the bar, the band and the mark, in percent of the width; None = not there."""

    value: float | None
    low: float | None
    high: float | None
    mark: float | None
    composite: bool


@frozen(kw_only=True)
class Strip:
    """Many scores on their scale.

    Parameters
    ----------
    dots : tuple of tuple of float
        Place in percent and storey (0 = on the line) of each person's dot; empty for many people.
    columns : tuple of tuple of float
        Place in percent and height (0..1) of each column of a histogram, for many people.
    mean, low, high : float or None
        Place of the mean, and of one standard deviation to either side.
    ticks : tuple of float
        Places of the whole points of the scale.
    """

    TALLEST: ClassVar[float] = 27.0
    DOT: ClassVar[float] = 5.4

    dots: tuple[tuple[float, int], ...]
    columns: tuple[tuple[float, float], ...]
    mean: float | None
    low: float | None
    high: float | None
    ticks: tuple[float, ...]

    @property
    def storey_height(self) -> float:
        """Height of a storey in the picture: that of a dot, less where dots would rise above the picture."""
        most = max((storey for _, storey in self.dots), default=0)
        return min(self.DOT, round(self.TALLEST / max(most, 1), 2))


def share(value: float, start: float, end: float) -> float | None:
    """Place a value between the ends of its scale, 0..100; beyond an end it lies on it; None for NaN.

    Examples
    --------
    >>> share(3.0, 1.0, 5.0), share(6.0, 1.0, 5.0), share(float("nan"), 1.0, 5.0)
    (50.0, 100.0, None)
    """
    if math.isnan(value):
        return None
    return round(min(100.0, max(0.0, 100 * (value - start) / (end - start))), 2)


def bar(value: float, band: tuple[float, float], mark: float, span: tuple[float, float], *, composite: bool) -> Bar:
    """Place a score, its band and what it is compared with."""
    low, high, at = (share(number, *span) for number in (*band, mark))
    return Bar(value=share(value, *span), low=low, high=high, mark=at, composite=composite)


def strip(values: Iterable[float], mean: float, sd: float, span: tuple[float, float]) -> Strip:
    """Place many scores: a dot each, or a histogram where there are more than 60."""
    known = np.array([value for value in values if not math.isnan(value)])
    start, end = span
    whole = np.arange(math.ceil(start), end + 1e-9) if end - start <= MOST_TICKS else np.array([start, end])
    many = known.size > MOST_DOTS
    return Strip(
        dots=() if many else _dots(known, span),
        columns=_columns(known, span) if many else (),
        mean=share(mean, *span),
        low=share(mean - sd, *span),
        high=share(mean + sd, *span),
        ticks=tuple(share(float(tick), *span) or 0.0 for tick in whole),
    )


def _dots(values: FloatArray, span: Sequence[float]) -> tuple[tuple[float, int], ...]:
    """Put dots that would cover each other on top of each other."""
    start, end = span
    bins = np.minimum(((values - start) / (end - start) * 2 * N_BINS).astype(np.int64), 2 * N_BINS - 1)
    storeys: dict[int, int] = {}
    dots = []
    for at, place in sorted(zip(bins.tolist(), values.tolist(), strict=True)):
        storeys[at] = storeys.get(at, -1) + 1
        dots.append((share(place, start, end) or 0.0, storeys[at]))
    return tuple(dots)


def _columns(values: FloatArray, span: Sequence[float]) -> tuple[tuple[float, float], ...]:
    counts, _ = np.histogram(values, bins=N_BINS, range=(span[0], span[1]))
    heights = (counts / counts.max()).round(3).tolist()
    return tuple((round(100 * i / N_BINS, 2), height) for i, height in enumerate(heights) if height)
