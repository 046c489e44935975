"""Dates where one calendar rules everything: the critical path in working minutes, mapped to instants in batches."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leadkit.typing import BoolArray, IntArray
from leadkit.wbs.dates._dates import Dates
from leadkit.wbs.dates._ruler import MINUTE, instant
from leadkit.wbs.network import LINK_KINDS, CriticalPath, cpm

if TYPE_CHECKING:
    from leadkit.calendars._line import Side
    from leadkit.wbs.plan import Network, Plan

__all__ = ["uniform_dates"]

NOWHERE = np.iinfo(np.int64).min
FROM_FINISH = np.array([kind[0] == "F" for kind in LINK_KINDS])
TO_START = np.array([kind[1] == "S" for kind in LINK_KINDS])


def uniform_dates(plan: Plan, network: Network) -> Dates | None:
    """Find the dates of a plan with one calendar, no limits of packages and no lags that count every minute.

    Work starts at the latest instant before which so many working minutes lie and finishes at the earliest; a milestone
    sits on what binds it. None where the calendar has no such instants.
    """
    path = cpm(network.duration, network.predecessor, network.successor, kind=network.kind, lag=network.lag)
    opening, closing = _at(plan, path.early_start, "start"), _at(plan, path.early_finish, "finish")
    is_work = network.duration > 0
    tight = _tight(network, path)
    after_opening = _after_opening(network, is_work, tight)
    early_start = np.where(is_work | after_opening, opening, closing)
    early_finish = np.where(is_work, closing, early_start)
    end = int(early_finish.max(initial=instant(plan.start)))
    late_start, late_finish = _at(plan, path.late_start, "start"), _at(plan, path.late_finish, "finish")
    at_end = ~is_work & (path.late_finish == path.early_end)
    late_start = np.where(at_end, end, late_start)
    late_finish = np.where(is_work, late_finish, late_start)
    dates = (early_start, early_finish, late_start, late_finish)
    if any((part == NOWHERE).any() for part in dates):
        return None
    bound = np.where(
        _to_opening(network, is_work, after_opening), opening[network.successor], closing[network.successor]
    )
    drives = tight & (is_work[network.successor] | (bound == early_start[network.successor]))
    drives &= ~_before_start(plan, network, path, is_work)
    starts = (path.early_start == 0) & (is_work | (early_start == instant(plan.start)))
    return Dates(
        *dates, path.total_float, path.free_float, _names(network, drives, starts), path.is_critical.tolist(), end
    )


def _at(plan: Plan, worked: NDArray[Any], side: Side) -> IntArray:
    start = np.datetime64(instant(plan.start), "us")
    return plan.calendar.add_array(start, (worked * MINUTE).astype("m8[us]"), side=side).view(np.int64)


def _tight(network: Network, path: CriticalPath) -> BoolArray:
    """Tell of each link whether it leaves no time between its ends at their early dates."""
    first, second = network.predecessor, network.successor
    from_ = np.where(FROM_FINISH[network.kind], path.early_finish[first], path.early_start[first])
    to = np.where(TO_START[network.kind], path.early_start[second], path.early_finish[second])
    return np.asarray(from_ + network.lag == to)


def _to_opening(network: Network, is_work: BoolArray, after_opening: BoolArray) -> BoolArray:
    """Tell of each link whether it bounds a milestone by an instant at which the calendar opens, not by the one it closed."""
    opens_from = np.where(is_work[network.predecessor], ~FROM_FINISH[network.kind], after_opening[network.predecessor])
    return np.where(network.lag != 0, TO_START[network.kind], opens_from)


def _after_opening(network: Network, is_work: BoolArray, tight: BoolArray) -> BoolArray:
    """Find the milestones that wait for the calendar to open; one hands that on to those that follow without lag."""
    found = np.zeros(is_work.size, dtype=np.bool_)
    into = tight & ~is_work[network.successor]
    if not into.any():
        return found
    found[network.successor[into & _to_opening(network, is_work, found)]] = True
    followers = defaultdict(list)
    handing_on = np.flatnonzero(into & (network.lag == 0) & ~is_work[network.predecessor])
    for k in handing_on.tolist():
        followers[int(network.predecessor[k])].append(int(network.successor[k]))
    waiting = np.flatnonzero(found).tolist()
    while waiting:
        for own in followers.get(waiting.pop(), ()):
            if not found[own]:
                found[own] = True
                waiting.append(own)
    return found


def _before_start(plan: Plan, network: Network, path: CriticalPath, is_work: BoolArray) -> BoolArray:
    """Tell of each link whether its lag ends when the calendar closed before the plan starts: that binds no milestone."""
    to_milestone = ~is_work[network.successor] & (path.early_start[network.successor] == 0)
    links: BoolArray = to_milestone & (network.lag != 0) & ~TO_START[network.kind]
    shortest = timedelta(microseconds=1)
    if links.any() and plan.calendar.elapsed(plan.start - shortest, plan.start) == shortest:
        return np.zeros(links.size, dtype=np.bool_)
    return links


def _names(network: Network, drives: BoolArray, starts: BoolArray) -> list[tuple[str, ...]]:
    """Name what binds each early start."""
    names: list[list[str]] = [["start"] if own else [] for own in starts.tolist()]
    places = np.flatnonzero(drives)
    ends = network.predecessor[places].tolist(), network.successor[places].tolist(), network.kind[places].tolist()
    for first, second, kind in zip(*ends, strict=True):
        names[second].append(f"{LINK_KINDS[kind]} {network.ids[first]}")
    return [tuple(own if len(own) == 1 else sorted(own)) for own in names]
