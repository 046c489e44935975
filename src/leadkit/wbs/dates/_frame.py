"""A plan as lists of whole microseconds, in an order in which every activity comes after what it waits for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from leadkit.calendars import WorkCalendar
from leadkit.graphs import topological_order
from leadkit.wbs.dates._ruler import MINUTE, Ruler, instant
from leadkit.wbs.network import LINK_KINDS

if TYPE_CHECKING:
    from leadkit.wbs.plan import Network, Plan

__all__ = ["Arrow", "Frame", "frame_of", "is_uniform"]

Arrow: TypeAlias = tuple[int, str, int, bool]
"""The activity at the other end of a link, its kind, its lag [us], and whether every minute of the lag counts."""


@frozen(eq=False)
class Frame:
    """What the passes need of a plan.

    `clock` is the plan's calendar, on which lags count; `rulers[j]` the calendar of activity j. `not_before` and
    `deadline` hold the limits that packages state, `is_uniform` tells that all calendars are the plan's and no lag counts
    every minute.
    """

    plan: Plan
    ids: tuple[str, ...]
    order: list[int]
    duration: list[int]
    into: list[list[Arrow]]
    out_of: list[list[Arrow]]
    clock: Ruler
    rulers: list[Ruler]
    start: int
    not_before: list[int | None]
    deadline: list[int | None]
    is_uniform: bool


def frame_of(plan: Plan, network: Network) -> Frame:
    """Lay out a plan and its network."""
    n, start = len(network.ids), instant(plan.start)
    into: list[list[Arrow]] = [[] for _ in range(n)]
    out_of: list[list[Arrow]] = [[] for _ in range(n)]
    for first, second, kind, lag, elapsed in _links(network):
        into[second].append((first, kind, lag, elapsed))
        out_of[first].append((second, kind, lag, elapsed))
    clock = Ruler(plan.calendar, start)
    known: dict[WorkCalendar, Ruler] = {plan.calendar: clock}
    calendars = [plan.calendar_of(own) for own in network.ids]
    for calendar in calendars:
        if calendar not in known:
            known[calendar] = Ruler(calendar, start)
    packages = [plan.package(own) for own in network.ids]
    return Frame(
        plan=plan,
        ids=network.ids,
        order=topological_order(n, network.predecessor, network.successor).tolist(),
        duration=[minutes * MINUTE for minutes in network.duration.tolist()],
        into=into,
        out_of=out_of,
        clock=clock,
        rulers=[known[calendar] for calendar in calendars],
        start=start,
        not_before=[None if own is None or own.not_before is None else instant(own.not_before) for own in packages],
        deadline=[None if own is None or own.deadline is None else instant(own.deadline) for own in packages],
        is_uniform=is_uniform(plan, network),
    )


def is_uniform(plan: Plan, network: Network) -> bool:
    """Tell whether one calendar rules everything: no package has another, and no lag counts every minute."""
    if (network.elapsed & (network.lag != 0)).any():
        return False
    named = {own.calendar for own in plan.wbs.packages if own.calendar is not None and own.kind != "milestone"}
    return all(plan.calendars[name] == plan.calendar for name in named)


def _links(network: Network) -> Iterator[tuple[int, int, str, int, bool]]:
    ends = zip(network.predecessor.tolist(), network.successor.tolist(), strict=True)
    rest = zip(network.kind.tolist(), network.lag.tolist(), network.elapsed.tolist(), strict=True)
    for (first, second), (kind, lag, elapsed) in zip(ends, rest, strict=True):
        yield first, second, LINK_KINDS[kind], lag * MINUTE, elapsed
