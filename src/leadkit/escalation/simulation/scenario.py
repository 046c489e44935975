"""A scenario: how customers come, which levels they climb, and who may serve whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_amount, as_tuple, id_faults, member_faults
from leadkit._fields import (
    FrozenMapping,
    bool_array,
    number_faults,
    repeated,
    string_faults,
    whole_number_faults,
)
from leadkit._results import Value
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._mappings import as_whole
from leadkit.escalation.simulation.distributions import Distribution
from leadkit.escalation.simulation.rates import RateProfile
from leadkit.typing import BoolArray

__all__ = ["LevelLoad", "Scenario"]

NEAR = 1e-9


def _as_shares(values: Any) -> Any:
    """Freeze a mapping to numbers; what is none stays as it is, for the check to name."""
    if not isinstance(values, Mapping):
        return values
    return FrozenMapping({as_whole(key): as_amount(value) for key, value in values.items()})


def _as_tables(values: Any) -> Any:
    """Freeze one table of truth values a level; what is none stays as it is, for the check to name."""
    if isinstance(values, np.ndarray):
        values = list(values)
    if values is None or isinstance(values, str) or not isinstance(values, Sequence):
        return values
    return tuple(map(_as_table, values))


def _as_table(values: Any) -> Any:
    try:
        found = np.asarray(values)
    except (TypeError, ValueError):
        return values
    is_binary = found.dtype.kind in "iuf" and bool(np.isin(found, (0, 1)).all())
    return bool_array(found) if found.dtype.kind == "b" or is_binary else values


@frozen(kw_only=True, eq=False)
class LevelLoad(Value):
    """One level of support: how many agents, how long they take, and how often they must pass a customer on.

    Parameters
    ----------
    id : str
        What the level is called, such as "L1".
    servers : int
        Number of agents, at least 1.
    service : Distribution
        Law of the time one customer takes.
    escalate : float
        Share of those served who go on to the next level, in [0, 1]; on the last level, out of the team.
    patience : Distribution, optional
        Law of the time after which a customer who is not served gives up; without it nobody does.

    Examples
    --------
    >>> from leadkit.escalation import Exponential
    >>> LevelLoad(id="L1", servers=3, service=Exponential(0.2), escalate=0.3).patience is None
    True
    """

    id: str
    servers: int = field(converter=as_whole)
    service: Distribution
    escalate: float = field(default=0.0, converter=as_amount)
    patience: Distribution | None = None

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id")
        if whole_number_faults(self.servers, "servers") or self.servers < 1:
            faults.append(Fault("servers", f"expected a whole number of at least 1, got {self.servers!r}"))
        faults += _law_faults(self.service, "service")
        if number_faults(self.escalate, "escalate") or not 0 <= self.escalate <= 1:
            faults.append(Fault("escalate", f"expected a share in [0, 1], got {self.escalate!r}"))
        if self.patience is not None:
            faults += _law_faults(self.patience, "patience")
        raise_faults(faults, f"level {self.id!r}", ScenarioError)


@frozen(kw_only=True, eq=False)
class Scenario(Value):
    """How customers come and which levels they climb; each level passes on to the next.

    Parameters
    ----------
    arrival : Distribution or RateProfile
        Law of the time between two arrivals, or the rates of arrival over the day.
    levels : sequence of LevelLoad
        The levels from the first to the last, each with an id of its own.
    priorities : mapping of int to float
        Share of the customers by priority; 0 or the lowest number is served first. Shares are above 0 and add up to 1.
        Left out, service is first come, first served.
    kinds : mapping of str to float
        Share of the customers by kind, such as the domain of the question; above 0, adding up to 1.
    eligible : sequence of array_like of bool, shape (kinds, servers of the level), optional
        Who may serve which kind: one table a level, its rows in the order of `kinds`. Left out, everybody serves every
        kind. The scenario keeps kinds in order of their ids, and rows with them.
    unit : str
        What one unit of time is, for the reader; nothing is converted.

    Examples
    --------
    >>> from leadkit.escalation import Exponential, LevelLoad
    >>> first = LevelLoad(id="L1", servers=3, service=Exponential(0.2), escalate=0.3)
    >>> second = LevelLoad(id="L2", servers=2, service=Exponential(0.5))
    >>> Scenario(arrival=Exponential(0.1), levels=[first, second]).arrival_rate
    10.0
    """

    arrival: Distribution | RateProfile
    levels: tuple[LevelLoad, ...] = field(converter=as_tuple)
    priorities: Mapping[int, float] = field(factory=dict, converter=_as_shares)
    kinds: Mapping[str, float] = field(factory=dict, converter=_as_shares)
    eligible: tuple[BoolArray, ...] | None = field(default=None, converter=_as_tables)
    unit: str = "hour"

    def __attrs_post_init__(self) -> None:
        faults = [] if isinstance(self.arrival, RateProfile) else _law_faults(self.arrival, "arrival")
        if not faults and not isinstance(self.arrival, RateProfile) and self.arrival.mean <= 0:
            faults.append(Fault("arrival", f"expected a mean above 0, got {self.arrival.mean!r}"))
        of_levels = self._level_faults()
        of_kinds = _share_faults(self.kinds, "kinds", "kind", id_faults)
        of_priorities = _share_faults(self.priorities, "priorities", "priority", _priority_faults)
        faults += [*of_levels, *of_priorities, *of_kinds]
        if self.eligible is not None and not of_levels and not of_kinds:
            faults += self._eligible_faults(self.eligible)
        faults += string_faults(self.unit, "unit")
        raise_faults(faults, "scenario", ScenarioError)
        self._sort()

    @property
    def arrival_rate(self) -> float:
        """Expected arrivals per unit of time."""
        return self.arrival.mean_rate if isinstance(self.arrival, RateProfile) else 1 / self.arrival.mean

    def _level_faults(self) -> list[Fault]:
        faults = member_faults(self.levels, LevelLoad, "levels", "LevelLoad")
        if not faults and not self.levels:
            faults.append(Fault("levels", "expected at least one level"))
        if not faults:
            faults = [Fault("levels", f"id {own!r} occurs twice") for own in repeated(one.id for one in self.levels)]
        return faults

    def _eligible_faults(self, tables: object) -> list[Fault]:
        if not self.kinds:
            return [Fault("eligible", "says nothing without kinds")]
        if not isinstance(tables, tuple) or len(tables) != len(self.levels):
            return [Fault("eligible", f"expected one table for each of {len(self.levels)} levels, got {tables!r}")]
        faults = []
        for level, table in zip(self.levels, tables, strict=True):
            where, shape = f"eligible, level {level.id!r}", (len(self.kinds), level.servers)
            if not isinstance(table, np.ndarray) or table.dtype.kind != "b" or table.shape != shape:
                faults.append(Fault(where, f"expected a table of truth values of shape {shape}, got {table!r}"))
            elif level.patience is None:
                faults += [
                    Fault(where, f"nobody serves kind {kind!r}, and without patience it would wait for ever")
                    for kind, row in zip(self.kinds, table, strict=True)
                    if not row.any()
                ]
        return faults

    def _sort(self) -> None:
        """Put priorities and kinds in order, and the rows of the tables with the kinds."""
        kinds = sorted(self.kinds)
        rows = [list(self.kinds).index(kind) for kind in kinds]
        object.__setattr__(self, "kinds", FrozenMapping({kind: self.kinds[kind] for kind in kinds}))
        priorities = FrozenMapping({priority: self.priorities[priority] for priority in sorted(self.priorities)})
        object.__setattr__(self, "priorities", priorities)
        if self.eligible is not None:
            object.__setattr__(self, "eligible", tuple(bool_array(table[rows]) for table in self.eligible))


def _law_faults(law: object, where: str) -> list[Fault]:
    if not isinstance(law, Distribution):
        return [Fault(where, f"expected a distribution, with a mean and samples, got {law!r}")]
    return [
        Fault(where, f"expected a distribution whose mean is a finite number of at least 0, got {law!r}")
        for mean in [law.mean]
        if number_faults(mean, where) or mean < 0
    ]


def _priority_faults(value: object, where: str) -> list[Fault]:
    if whole_number_faults(value, where) or value < 0:  # type: ignore[operator]
        return [Fault(where, f"expected a whole number of at least 0, got {value!r}")]
    return []


def _share_faults(shares: object, where: str, word: str, of_key: Any) -> list[Fault]:
    if not isinstance(shares, Mapping):
        return [Fault(where, f"expected a mapping of each {word} to its share, got {shares!r}")]
    faults = []
    for key, share in shares.items():
        place = f"{where}, {word} {key!r}"
        faults += of_key(key, place)
        faults += number_faults(share, place, above=0.0)
    if shares and not faults and abs(sum(shares.values()) - 1) > NEAR:
        faults.append(Fault(where, f"expected shares that add up to 1, got {sum(shares.values())!r}"))
    return faults
