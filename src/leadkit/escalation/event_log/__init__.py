"""Event logs: their columns, and what they tell of resolution, movement between groups, and satisfaction."""

from __future__ import annotations

from leadkit.escalation.event_log.as_of import as_of
from leadkit.escalation.event_log.calculation import ALL, metrics
from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.handovers import HandoverTable, HandoverUnit, handovers
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.event_log.resolution_times import resolution_times
from leadkit.escalation.event_log.sequences import Runs, runs_of
from leadkit.escalation.event_log.ticket_table import TicketTable, ticket_table

__all__ = [
    "ALL",
    "EventLog",
    "HandoverTable",
    "HandoverUnit",
    "Metric",
    "Runs",
    "TextColumn",
    "TicketTable",
    "as_of",
    "handovers",
    "metrics",
    "resolution_times",
    "runs_of",
    "ticket_table",
]
