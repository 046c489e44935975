"""Groups of like cases, each with the curve of how long they lasted; too small a group falls back to a wider one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.standards.cases import Cases
from leadkit.escalation.survival import Survival, kaplan_meier
from leadkit.typing import IntArray

__all__ = ["Strata", "Stratum", "value_text"]

Values = tuple[str | None, ...]


@frozen(eq=False)
class Stratum:
    """Like cases: how many, how many without an end, the columns that they share, the curve, and the longest time."""

    basis: tuple[str, ...]
    n: int
    censored: int
    curve: Survival
    longest: float
    is_small: bool


class Strata:
    """The strata of a log by columns, each worked out when it is asked for."""

    def __init__(self, log: EventLog, cases: Cases, columns: Sequence[str], min_n: int) -> None:
        self._columns = tuple(columns)
        self._cases = cases
        self._min_n = min_n
        texts = [[value_text(value) for value in log.attribute(name)] for name in columns]
        self._values: list[Values] = list(zip(*texts, strict=True)) if texts else [()] * len(log.tickets)
        self._members = [self._grouped(depth) for depth in range(len(self._columns) + 1)]
        self._known: dict[Values, Stratum] = {}

    def values_of(self, place: int) -> Values:
        """Give the values of the ticket at a place of the log."""
        return self._values[place]

    def of(self, values: Values) -> Stratum:
        """Find the narrowest stratum of these values that is large enough, or else all cases."""
        depth = values.index(None) if None in values else len(values)
        while depth and self._members[depth].get(values[:depth], self._cases.ticket[:0]).size < self._min_n:
            depth -= 1
        key = values[:depth]
        if key not in self._known:
            self._known[key] = self._stratum(
                self._columns[:depth], self._members[depth].get(key, self._cases.ticket[:0])
            )
        return self._known[key]

    def _grouped(self, depth: int) -> dict[Values, IntArray]:
        groups: dict[Values, list[int]] = {}
        for case, place in enumerate(self._cases.ticket.tolist()):
            groups.setdefault(self._values[place][:depth], []).append(case)
        return {key: np.array(found, dtype=np.int64) for key, found in groups.items()}

    def _stratum(self, basis: tuple[str, ...], members: IntArray) -> Stratum:
        hours, is_ended = self._cases.hours[members], self._cases.is_ended[members]
        return Stratum(
            basis=basis,
            n=members.size,
            censored=int((~is_ended).sum()),
            curve=kaplan_meier(hours, is_ended),
            longest=float(hours.max(initial=0.0)),
            is_small=members.size < self._min_n,
        )


def value_text(value: Any) -> str | None:
    """Tell a value as text, so that the priority 3 of a ticket is that of 3.0 in a column of numbers; None is missing.

    Examples
    --------
    >>> value_text(3.0), value_text(3), value_text("3"), value_text(2.5), value_text(None)
    ('3', '3', '3', '2.5', None)
    """
    if value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
