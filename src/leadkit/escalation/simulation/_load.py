"""Which levels cannot keep up with what comes to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from leadkit.escalation.simulation.results import LevelResult
from leadkit.escalation.simulation.scenario import Scenario

__all__ = ["saturated"]

# a load that equals the servers but for rounding is one that does
NEAR = 1e-12
MOST_KINDS = 10


def saturated(scenario: Scenario, found: Sequence[LevelResult]) -> list[str]:
    """List the levels without patience whose load, of all or of some kinds, is no less than the servers for it.

    What reaches a level follows from the shares that escalate; where customers gave up on the way, from how many did.
    """
    ids, rate = [], scenario.arrival_rate
    for place, (load, result) in enumerate(zip(scenario.levels, found, strict=True)):
        groups = _groups(scenario, place)
        if load.patience is None and any(
            rate * share * load.service.mean >= servers * (1 - NEAR) and rate > 0 for share, servers in groups
        ):
            ids.append(load.id)
        left = result.p_abandon.value if load.patience is not None and result.p_abandon.n else 0.0
        rate *= (1 - left) * load.escalate
    return ids


def _groups(scenario: Scenario, level: int) -> Iterator[tuple[float, int]]:
    """Give the share of the customers and the number of servers for them: of everybody, then of kinds together.

    Kinds with the same servers are one. Of more than ten that differ, only single ones, pairs and all are looked at.
    """
    if scenario.eligible is None:
        yield 1.0, scenario.levels[level].servers
        return
    shares: dict[tuple[bool, ...], float] = {}
    for share, row in zip(scenario.kinds.values(), scenario.eligible[level].tolist(), strict=True):
        shares[tuple(row)] = shares.get(tuple(row), 0.0) + share
    n = len(shares)
    for size in range(1, n + 1) if n <= MOST_KINDS else (1, 2, n):
        for chosen in combinations(shares, size):
            yield sum(shares[row] for row in chosen), sum(map(any, zip(*chosen, strict=True)))
