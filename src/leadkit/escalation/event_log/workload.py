"""Metrics of workload: how many calls were addressed, and by whom."""

from __future__ import annotations

import numpy as np

from leadkit.escalation.event_log.grouping import event_groups
from leadkit.escalation.event_log.measuring import Amounts, Cases, Grouping, Measure

__all__ = ["WORKLOAD"]


def _calls_addressed(cases: Cases) -> tuple[Grouping, Amounts]:
    groups = event_groups(cases.log, cases.by)
    if "person" in cases.by:
        width = max(len(cases.log.tickets), 1)
        pairs = np.unique(groups.place * width + cases.log.ticket)
        found = np.bincount(pairs // width, minlength=groups.n)
    else:
        found = groups.tally()
    return groups, Amounts(value=found.astype(float), numerator=found)


WORKLOAD: dict[str, Measure] = {
    "calls_addressed": Measure(
        unit="count",
        definition=(
            "by person: distinct tickets with an event of the person; else events; grouped by the events' own status, level,"
            " group, person and contact and by the tickets' attributes"
        ),
        work_out=_calls_addressed,
    )
}
"""The metrics of workload by id."""
