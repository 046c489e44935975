"""Which links decide the early dates at the means, and where a path may begin and end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from attrs import frozen

from leadkit.typing import BoolArray, FloatArray
from leadkit.wbs.network import LINK_KINDS
from leadkit.wbs.risk._calendar_passes import CalendarPasses, microseconds
from leadkit.wbs.risk._passes import FLOAT_TOLERANCE, MinutePasses

__all__ = ["Drive", "Driving", "driving"]


class Drive(NamedTuple):
    """A link that decides the early dates of `successor`, and which of the dates at its ends it ties."""

    successor: int
    from_finish: bool
    to_finish: bool


@frozen(kw_only=True, eq=False)
class Driving:
    """The links that decide, by predecessor; where fixed dates decide; what ends last; the end [minutes]."""

    order: tuple[int, ...]
    out_of: tuple[list[Drive], ...]
    is_start: BoolArray
    is_end: BoolArray
    end: float


def driving(passes: MinutePasses | CalendarPasses, means: FloatArray) -> Driving:
    """Find what decides the early dates of durations at their means."""
    return _in_minutes(passes, means) if isinstance(passes, MinutePasses) else _on_calendars(passes, means)


def _in_minutes(passes: MinutePasses, means: FloatArray) -> Driving:
    network = passes.network
    start = network.forward(means)
    finish = start + means
    end = float(finish.max(initial=0.0))
    tolerance = FLOAT_TOLERANCE * max(1.0, end)
    leaves = np.array([kind[0] == "F" for kind in LINK_KINDS])[network.kind]
    enters = np.array([kind[1] == "F" for kind in LINK_KINDS])[network.kind]
    bound = np.where(leaves, finish[network.predecessor], start[network.predecessor]) + network.lag
    reached = np.where(enters, finish[network.successor], start[network.successor])
    out_of: tuple[list[Drive], ...] = tuple([] for _ in means)
    tied = np.abs(reached - bound) <= tolerance
    columns = (network.predecessor, network.successor, leaves, enters)
    for predecessor, *drive in zip(*(column[tied].tolist() for column in columns), strict=True):
        out_of[predecessor].append(Drive(*drive))
    return Driving(
        order=tuple(network.order.tolist()),
        out_of=out_of,
        is_start=start <= tolerance,
        is_end=finish >= end - tolerance,
        end=end,
    )


def _on_calendars(passes: CalendarPasses, means: FloatArray) -> Driving:
    work = microseconds(means)[:, None]
    early = passes.early(work)
    out_of: tuple[list[Drive], ...] = tuple([] for _ in means)
    is_start = np.zeros(len(means), dtype=np.bool_)
    for own in passes.order:
        bounds, calendar = passes.bounds(own, early.start, early.finish), passes.calendars[own]
        spent, reached = work[own], early.start[own]
        for arrow, bound in bounds:
            needed = bound
            if spent[0]:
                taken = spent if arrow is not None and arrow.to_finish else 0
                needed, reached = calendar.worked(bound) - taken, calendar.worked(early.start[own])
            if needed[0] == reached[0]:
                if arrow is None:
                    is_start[own] = True
                else:
                    out_of[arrow.other].append(Drive(own, arrow.from_finish, arrow.to_finish))
    return Driving(
        order=passes.order,
        out_of=out_of,
        is_start=is_start,
        is_end=early.finish[:, 0] == early.end[0],
        end=float(passes.minutes(early.end)[0]),
    )
