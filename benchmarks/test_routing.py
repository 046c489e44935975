"""Routing among fifty agents with and without its rows, and a batch of a thousand against the bare assignment."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import numpy as np
import scipy.optimize
from pytest_benchmark.fixture import BenchmarkFixture

from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.routing import AgentState, TeamState, assign_batch, route
from leadkit.escalation.tickets import Ticket
from leadkit.skills import SkillMatrix

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
N_SKILLS = 20
ROUTES = 500


def matrix_of(n: int) -> Matrix:
    """Draw n people with levels 0 to 5 of 20 skills, two of them a domain, and three levels."""
    levels = np.random.default_rng(0).integers(0, 6, (n, N_SKILLS))
    skills = SkillMatrix([f"p{i:04}" for i in range(n)], [f"s{j}" for j in range(N_SKILLS)], levels)
    domains = [Domain(id=f"d{k}", skills={f"s{2 * k}": 0, f"s{2 * k + 1}": 0}) for k in range(N_SKILLS // 2)]
    rules = [LevelRule(id=f"L{rank}", rank=rank, threshold=rank) for rank in (1, 2, 3)]
    return build_matrix(skills, rules, domains=domains, placement="all")


def tickets_of(n: int) -> list[Ticket]:
    """Draw n tickets of five priorities and three levels, each with a required and a preferred skill."""
    rng = np.random.default_rng(1)
    drawn = zip(*(rng.integers(0, most, n).tolist() for most in (10, 5, 3, 20, 3, 20)), strict=True)
    return [
        Ticket(
            id=f"t{i:04}",
            domain=f"d{domain}",
            created_at=NINE - timedelta(seconds=i),
            priority=priority + 1,
            level=level + 1,
            requires={f"s{required}": least + 1},
            preferred=[f"s{preferred}"],
        )
        for i, (domain, priority, level, required, least, preferred) in enumerate(drawn)
    ]


def test_rows_that_nobody_reads_are_not_paid_for(ratio: Callable[..., float], tell: Callable[[str], None]) -> None:
    rng = np.random.default_rng(2)
    matrix, tickets = matrix_of(50), tickets_of(ROUTES)
    busy, idle = rng.integers(0, 3, 50).tolist(), rng.integers(0, 90, 50).tolist()
    agents = [
        AgentState(id=own, active=active, capacity=3, idle_since=NINE - timedelta(minutes=minutes))
        for own, active, minutes in zip(matrix.people, busy, idle, strict=True)
    ]
    state = TeamState(agents=agents)

    def unread() -> list[str]:
        return [route(own, matrix, state, NINE).action for own in tickets]

    def read() -> int:
        return sum(len(route(own, matrix, state, NINE).candidates) for own in tickets)

    assert read() == 50 * ROUTES
    assert "assign" in set(unread())
    start = time.process_time()
    unread()
    tell(f"{(time.process_time() - start) / ROUTES * 1e6:.0f} us a ticket;")
    ratio(unread, read, at_most=1 / 4)


def test_a_batch_of_a_thousand_against_the_bare_assignment(
    benchmark: BenchmarkFixture, tell: Callable[[str], None]
) -> None:
    matrix, tickets = matrix_of(1000), tickets_of(1000)
    state = TeamState(agents=[AgentState(id=own) for own in matrix.people])
    bare = scipy.optimize.linear_sum_assignment
    with patch.object(scipy.optimize, "linear_sum_assignment", wraps=bare) as seen:
        batch = assign_batch(tickets, matrix, state, NINE)
    (cost,) = seen.call_args.args
    assert cost.shape == (1000, 1000)
    assert batch.assigned == np.count_nonzero(cost[bare(cost)] < 0)

    def ours() -> object:
        return assign_batch(tickets, matrix, state, NINE)

    works: list[Callable[[], object]] = [ours, lambda: bare(cost)]
    best = [np.inf, np.inf]
    for _ in range(5):
        for place, work in enumerate(works):
            start = time.process_time()
            work()
            best[place] = min(best[place], time.process_time() - start)
    at_most = 1.5 * best[1] + 0.05
    benchmark.extra_info.update(ours=best[0], peer=best[1], at_most=at_most)
    benchmark.pedantic(ours, rounds=1)  # type: ignore[no-untyped-call]
    tell(f"{best[0]:.4g} s against {best[1]:.4g} s, at most {at_most:.4g} s")
    assert best[0] <= at_most
