"""Metrics of movement: between groups and up and down the levels."""

from __future__ import annotations

from collections.abc import Callable

from leadkit.escalation.event_log.measuring import Amounts, Cases, Measure, count, mean, share

__all__ = ["MOVEMENT"]

GROUPS = "the run-length sequence of a ticket's groups"
LEVELS = "the run-length sequence of a ticket's levels"
PING_PONG = f"places in {GROUPS} whose group equals the one two places before"
BOUNCE = f"returns to any earlier group: length of {GROUPS} less its different groups"


def _total(name: str) -> Callable[[Cases], Amounts]:
    return lambda cases: count(cases, getattr(cases.table, name))


def _touched(name: str) -> Callable[[Cases], Amounts]:
    return lambda cases: share(cases, getattr(cases.table, name) > 0)


def _per_ticket(cases: Cases) -> Amounts:
    return mean(cases, cases.table.group_changes)


def _pair(name: str, share_name: str, definition: str, column: str) -> dict[str, Measure]:
    return {
        name: Measure(unit="count", definition=definition, needs=(column,), work_out=_total(name)),
        share_name: Measure(
            unit="share",
            definition=f"tickets with at least one, of tickets: {definition}",
            needs=(column,),
            work_out=_touched(name),
        ),
    }


MOVEMENT: dict[str, Measure] = {
    "group_changes": Measure(
        unit="count", definition=f"steps in {GROUPS}", needs=("group",), work_out=_total("group_changes")
    ),
    "group_changes_per_ticket": Measure(
        unit="count per ticket",
        definition=f"mean number of steps in {GROUPS}, of tickets",
        needs=("group",),
        work_out=_per_ticket,
    ),
    **_pair("ping_pong", "ping_pong_share", PING_PONG, "group"),
    **_pair("bounce", "bounce_share", BOUNCE, "group"),
    **_pair("level_ups", "level_up_share", f"rises in {LEVELS}", "level"),
    **_pair("level_downs", "level_down_share", f"falls in {LEVELS}", "level"),
}
"""The metrics of movement by id."""
