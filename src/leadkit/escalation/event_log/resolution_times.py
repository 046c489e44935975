"""How long tickets take until they are resolved, as curves by group."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from leadkit._fields import FrozenMapping
from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.grouping import ticket_groups
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.ticket_table import ticket_table
from leadkit.escalation.survival import Survival, kaplan_meier

__all__ = ["NOT_KNOWN", "resolution_times"]

NOT_KNOWN = "not known"
"""Name of the group of tickets that have no value."""


def resolution_times(
    log: EventLog, *, by: str | None = None, now: datetime | np.datetime64 | None = None
) -> Mapping[str, Survival]:
    """Estimate how long tickets take until they are resolved, in hours, for each group by itself.

    Times run as in the metrics `time_to_resolve_median` and `time_to_resolve_p90`: from the first event to the first that
    resolves; tickets still open count up to `now` and cancelled ones up to their last status, as not resolved.

    Parameters
    ----------
    log : EventLog
        The log.
    by : str, optional
        Column or attribute by whose value at their first event tickets are grouped; all are one group, named "all", when
        None. Tickets without a value are the group "not known".
    now : datetime, optional
        The instant at which the log is looked at; by default its last.

    Returns
    -------
    mapping of str to Survival
        By name of the group, sorted, "not known" last.

    Raises
    ------
    UnknownIdError
        The log does not have such a column.
    LogError
        An argument is of another kind, or the log says nothing of statuses.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.escalation import survival_quantile
    >>> curves = resolution_times(samples.tickets(), by="channel")
    >>> {name: round(survival_quantile(curve, 0.5), 1) for name, curve in curves.items()}
    {'chat': 5.9, 'mail': 7.5, 'phone': 5.2}
    """
    expect_kind(log, EventLog, "log", LogError)
    if by is not None:
        raise_faults([] if isinstance(by, str) else [Fault("by", f"expected a name, got {by!r}")], "", LogError)
        log.column_of(by)
    if not log.has("status"):
        raise_faults([Fault("log", "expected a column of statuses, got a log without")], "", LogError)
    table = ticket_table(log, now=now)
    seen = log if table.now is None else log.where(log.at <= table.now)
    groups = ticket_groups(seen, () if by is None else (by,))
    members: dict[str, list[int]] = {}
    for place, label in enumerate(groups.labels):
        name = "all" if by is None else NOT_KNOWN if label[0] is None else str(label[0])
        members.setdefault(name, []).append(place)
    curves = {}
    for name in sorted(members, key=lambda own: (own == NOT_KNOWN, own)):
        own = np.isin(groups.place, members[name])
        curves[name] = kaplan_meier(table.hours[own], table.is_resolved[own])
    return FrozenMapping(curves)
