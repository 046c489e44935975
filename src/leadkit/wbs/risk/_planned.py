"""A plan made ready for simulation: distributions in the order of its activities, and the passes that suit it."""

from __future__ import annotations

import numpy as np

from leadkit.calendars import Never
from leadkit.errors import InfeasibleError
from leadkit.typing import FloatArray, IntArray
from leadkit.wbs.network import LINK_KINDS, PreparedNetwork
from leadkit.wbs.plan import Network, Plan
from leadkit.wbs.risk._calendar_passes import Arrow, Calendar, CalendarPasses, bounded
from leadkit.wbs.risk._clock import instant
from leadkit.wbs.risk._drawing import Draws, Hazard, law_of_estimate
from leadkit.wbs.risk._passes import MinutePasses

__all__ = ["draws_of", "expect_open", "passes_of"]


def draws_of(plan: Plan, *, correlation: float, events: bool) -> Draws:
    """Say how the durations of a plan's activities are drawn: by id, so that the order of its rows changes nothing."""
    packages = [plan.package(own) for own in plan.activities]
    place = {own: j for j, own in enumerate(plan.activities)}
    shared = [1 if own is None or own.basis == "duration" else max(1, own.heads) for own in packages]
    hazards = [
        Hazard(
            probability=event.probability,
            impact=law_of_estimate(event.impact),
            places=np.array([place[own] for own in event.packages], dtype=np.int64),
        )
        for event in sorted(plan.events, key=lambda event: event.id)
    ]
    return Draws(
        laws=tuple(law_of_estimate(None if own is None else own.estimate) for own in packages),
        heads=np.array(shared, dtype=np.float64),
        turn=tuple(sorted(range(len(packages)), key=plan.activities.__getitem__)),
        correlation=correlation,
        hazards=tuple(hazards) if events else (),
    )


def passes_of(plan: Plan) -> MinutePasses | CalendarPasses:
    """Choose minutes where one calendar rules everything, else instants."""
    network = plan.network()
    prepared = PreparedNetwork.of(
        len(network.ids), network.predecessor, network.successor, kind=network.kind, lag=network.lag
    )
    return MinutePasses(prepared) if _counts_in_minutes(plan, network) else _on_calendars(plan, network, prepared.order)


def expect_open(plan: Plan, passes: MinutePasses | CalendarPasses, means: FloatArray) -> None:
    """Refuse work and lags on a calendar that does not open, which minutes alone would not show."""
    if not isinstance(passes, MinutePasses):
        return
    is_time = means.any() or bool((passes.network.lag > 0).any())
    if is_time and isinstance(plan.calendar.next_open(plan.start), Never):
        reason = f"the plan's calendar does not open after {plan.start.isoformat()}"
        raise InfeasibleError(reason, reasons=(reason,))


def _counts_in_minutes(plan: Plan, network: Network) -> bool:
    has_dates = any(own.not_before is not None or own.deadline is not None for own in plan.wbs.packages)
    is_elapsed = bool((network.elapsed & (network.lag != 0)).any())
    return not has_dates and not is_elapsed and all(plan.calendar_of(own) == plan.calendar for own in network.ids)


def _on_calendars(plan: Plan, network: Network, order: IntArray) -> CalendarPasses:
    into: list[list[Arrow]] = [[] for _ in network.ids]
    out_of: list[list[Arrow]] = [[] for _ in network.ids]
    columns = (network.predecessor, network.successor, network.kind, network.lag, network.elapsed)
    for first, second, kind, lag, elapsed in zip(*(column.tolist() for column in columns), strict=True):
        leaves, enters = LINK_KINDS[kind]
        sides = (leaves == "F", enters == "F", bounded(lag), elapsed)
        into[second].append(Arrow(first, *sides))
        out_of[first].append(Arrow(second, *sides))
    packages = [plan.package(own) for own in network.ids]
    start = instant(plan.start)
    return CalendarPasses(
        ids=network.ids,
        order=tuple(order.tolist()),
        into=tuple(map(tuple, into)),
        out_of=tuple(map(tuple, out_of)),
        clock=Calendar(plan.calendar, start),
        calendars=tuple(Calendar(plan.calendar_of(own), start) for own in network.ids),
        start=start,
        not_before=tuple(None if p is None or p.not_before is None else instant(p.not_before) for p in packages),
        deadline=tuple(None if p is None or p.deadline is None else instant(p.deadline) for p in packages),
    )
