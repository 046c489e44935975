"""Metrics of resolution: on which line, in how many hands, how soon, and whether it lasted."""

from __future__ import annotations

import numpy as np

from leadkit.escalation.event_log.measuring import Amounts, Cases, Measure, count, mean, share
from leadkit.escalation.survival import kaplan_meier, survival_quantile

__all__ = ["RESOLUTION"]

RESOLVING_EVENT = "first event of status resolved or closed"
REOPENING = (
    "events neither resolved, closed nor cancelled that directly follow a resolved or closed one"
    " (within reopen_window when given)"
)
KAPLAN_MEIER = (
    f"hours from the first event to the {RESOLVING_EVENT}; Kaplan-Meier, open tickets censored at now and cancelled ones at"
    " their last status; least event time t with S(t) <= 1 - p; of tickets"
)


def _first_line_share(cases: Cases) -> Amounts:
    highest = cases.table.highest_level
    return share(cases, highest == 1, of=highest > 0)


def _first_line_resolution(cases: Cases) -> Amounts:
    return share(cases, cases.table.resolved_level == 1, of=cases.table.is_resolved)


def _single_group_resolution(cases: Cases) -> Amounts:
    return share(cases, cases.table.is_resolved & (cases.table.n_groups == 1))


def _single_person_share(cases: Cases) -> Amounts:
    return share(cases, cases.table.n_people == 1)


def _first_contact_resolution(cases: Cases) -> Amounts:
    table = cases.table
    counted = table.is_resolved & (table.contacts > 0) & table.is_window_observed
    return share(cases, (table.incoming == 1) & ~table.reopened_early, of=counted)


def _quantile(cases: Cases, p: float) -> Amounts:
    table, groups = cases.table, cases.tickets
    order = np.argsort(groups.place, kind="stable")
    counted = groups.tally()
    ends = np.cumsum(counted)
    values = np.full(groups.n, np.nan)
    flags: list[tuple[str, ...]] = []
    for group, (end, n) in enumerate(zip(ends.tolist(), counted.tolist(), strict=True)):
        members = order[end - n : end]
        values[group] = survival_quantile(kaplan_meier(table.hours[members], table.is_resolved[members]), p)
        flags.append(("empty",) if not n else ("not_reached",) if np.isnan(values[group]) else ())
    resolved = groups.tally(table.is_resolved)
    return Amounts(
        value=values, numerator=resolved, denominator=counted, censored=counted - resolved, flags=tuple(flags)
    )


def _median(cases: Cases) -> Amounts:
    return _quantile(cases, 0.5)


def _p90(cases: Cases) -> Amounts:
    return _quantile(cases, 0.9)


def _mean_resolved(cases: Cases) -> Amounts:
    return mean(cases, cases.table.hours, of=cases.table.is_resolved)


def _reopened_share(cases: Cases) -> Amounts:
    return share(cases, cases.table.reopenings > 0, of=cases.table.is_resolved)


def _reopenings(cases: Cases) -> Amounts:
    return count(cases, cases.table.reopenings)


def _waiting_share(cases: Cases) -> Amounts:
    return share(cases, cases.table.was_waiting)


def _backlog(cases: Cases) -> Amounts:
    return count(cases, cases.table.is_open)


RESOLUTION: dict[str, Measure] = {
    "first_line_share": Measure(
        unit="share",
        definition="tickets whose highest level is 1, of tickets with a level",
        needs=("level",),
        work_out=_first_line_share,
    ),
    "first_line_resolution": Measure(
        unit="share",
        definition=f"tickets whose {RESOLVING_EVENT} is at level 1, of tickets with such an event",
        needs=("status", "level"),
        work_out=_first_line_resolution,
    ),
    "single_group_resolution": Measure(
        unit="share",
        definition="resolved or closed tickets with one group from start to end, of tickets",
        needs=("status", "group"),
        work_out=_single_group_resolution,
    ),
    "single_person_share": Measure(
        unit="share",
        definition="tickets with one person from start to end, of tickets",
        needs=("person",),
        work_out=_single_person_share,
    ),
    "first_contact_resolution": Measure(
        unit="share",
        definition=(
            "resolved tickets with exactly one incoming contact and no reopening within reopen_window of their"
            f" {RESOLVING_EVENT}, of resolved tickets with contacts whose window ends at now or before"
        ),
        needs=("status", "contact", "reopen_window"),
        work_out=_first_contact_resolution,
    ),
    "time_to_resolve_median": Measure(
        unit="hours", definition=f"median {KAPLAN_MEIER}", needs=("status",), work_out=_median
    ),
    "time_to_resolve_p90": Measure(
        unit="hours", definition=f"90th percentile of {KAPLAN_MEIER}", needs=("status",), work_out=_p90
    ),
    "time_to_resolve_mean_resolved": Measure(
        unit="hours",
        definition=f"mean hours from the first event to the {RESOLVING_EVENT}, of tickets with such an event only",
        needs=("status",),
        work_out=_mean_resolved,
    ),
    "reopened_share": Measure(
        unit="share",
        definition=f"tickets with a reopening, of tickets resolved or closed; reopenings are {REOPENING}",
        needs=("status",),
        work_out=_reopened_share,
    ),
    "reopenings": Measure(unit="count", definition=REOPENING, needs=("status",), work_out=_reopenings),
    "waiting_share": Measure(
        unit="share",
        definition="tickets with an event of status waiting, of tickets",
        needs=("status",),
        work_out=_waiting_share,
    ),
    "backlog": Measure(
        unit="count",
        definition="tickets open at now: their last status is none of resolved, closed, cancelled",
        needs=("status",),
        work_out=_backlog,
    ),
}
"""The metrics of resolution by id."""
