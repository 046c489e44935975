"""Spans of time as two sorted arrays, starts and ends, half-open and with time between them."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from leadkit.typing import BoolArray, IntArray

Spans: TypeAlias = tuple[IntArray, IntArray]


def united(starts: IntArray, ends: IntArray) -> Spans:
    """Unite spans that overlap or touch; spans without time are dropped."""
    kept = ends > starts
    order = np.argsort(starts[kept], kind="stable")
    starts, ends = starts[kept][order], np.maximum.accumulate(ends[kept][order])
    begins = np.append(True, starts[1:] > ends[:-1])[: starts.size]
    return starts[begins], ends[np.append(begins[1:], True)[: starts.size]]


def clipped(spans: Spans, low: int, high: int) -> Spans:
    """Keep what lies in `[low, high)`."""
    starts, ends = spans
    # a stretch without time may lie within a span, and holds nothing of it
    first, last = ends.searchsorted(low, "right"), starts.searchsorted(high, "left") if low < high else 0
    return np.maximum(starts[first:last], low), np.minimum(ends[first:last], high)


def covers(spans: Spans, instants: IntArray) -> BoolArray:
    """Tell which instants lie in a span."""
    starts, ends = spans
    return starts.searchsorted(instants, "right") > ends.searchsorted(instants, "right")


def pieces(low: int, high: int, *many: Spans) -> Spans:
    """Cut `[low, high)` at every edge of `many`."""
    edges = np.concatenate([np.array([low, high], dtype=np.int64), *(side for spans in many for side in spans)])
    edges = np.unique(np.clip(edges, low, high))
    return edges[:-1], edges[1:]


def without(spans: Spans, others: Spans) -> Spans:
    """Take `others` out of `spans`."""
    if not (spans[0].size and others[0].size):
        return spans
    starts, ends = pieces(int(spans[0][0]), int(spans[1][-1]), spans, others)
    kept = covers(spans, starts) & ~covers(others, starts)
    return united(starts[kept], ends[kept])


def shared(spans: Spans, others: Spans) -> Spans:
    """Keep what lies in both."""
    if not (spans[0].size and others[0].size):
        return spans[0][:0], spans[1][:0]
    starts, ends = pieces(int(spans[0][0]), int(spans[1][-1]), spans, others)
    kept = covers(spans, starts) & covers(others, starts)
    return united(starts[kept], ends[kept])


def time_until(spans: Spans, instants: IntArray) -> IntArray:
    """Measure how much of `spans` lies before each instant."""
    starts, ends = spans
    worked = np.append(0, np.cumsum(ends - starts))
    begun, done = starts.searchsorted(instants, "right"), ends.searchsorted(instants, "right")
    running = begun > done
    since = np.append(starts, 0)[np.where(running, done, starts.size)]
    return worked[done] + np.where(running, instants - since, 0)
