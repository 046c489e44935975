"""Metrics of customer satisfaction: ratings from 1 to 5."""

from __future__ import annotations

import numpy as np

from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.measuring import Amounts, Cases, Measure, mean, share
from leadkit.typing import FloatArray

__all__ = ["SATISFACTION", "ratings"]

LOWEST, HIGHEST, SATISFIED = 1.0, 5.0, 4.0
RATING = "attribute csat (1 to 5) of a ticket's first event"


def ratings(log: EventLog) -> FloatArray:
    """Give the rating of each ticket, shape (n_tickets,): the attribute `csat` of its first event; NaN without one.

    Raises
    ------
    LogError
        A rating is no number from 1 to 5; `faults` holds all of them.
    """
    firsts = log.starts[:-1]
    column = log.attributes["csat"]
    if isinstance(column, TextColumn):
        numbers = np.array([_number(text) for text in column.values] + [np.nan])[column.codes[firsts]]
        wrong = (column.codes[firsts] >= 0) & ~((numbers >= LOWEST) & (numbers <= HIGHEST))
    else:
        numbers = column[firsts]
        wrong = (numbers < LOWEST) | (numbers > HIGHEST)
    shown = log.attribute("csat") if wrong.any() else ()
    faults = [
        Fault(f"csat of ticket {log.tickets[place]!r}", f"expected a number from 1 to 5, got {shown[place]!r}")
        for place in np.flatnonzero(wrong).tolist()
    ]
    raise_faults(faults, "event log", LogError)
    return numbers


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _top2(cases: Cases) -> Amounts:
    rated = ratings(cases.log)
    return share(cases, rated >= SATISFIED, of=~np.isnan(rated))


def _mean(cases: Cases) -> Amounts:
    rated = ratings(cases.log)
    return mean(cases, rated, of=~np.isnan(rated))


SATISFACTION: dict[str, Measure] = {
    "csat_top2": Measure(
        unit="share",
        definition=f"tickets rated 4 or 5, of tickets with a rating: {RATING}",
        needs=("csat",),
        work_out=_top2,
    ),
    "csat_mean": Measure(
        unit="points", definition=f"mean rating, of tickets with one: {RATING}", needs=("csat",), work_out=_mean
    ),
}
"""The metrics of satisfaction by id."""
