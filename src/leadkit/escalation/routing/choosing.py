"""Who of several people gets a ticket, and by which point each of the others falls behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from math import lcm
from typing import Any, TypeAlias

import numpy as np

from leadkit.escalation.routing.asking import Case, beyond_of
from leadkit.escalation.routing.decision import CandidateCode
from leadkit.escalation.routing.state import AgentState

__all__ = ["Free", "contest"]

Free: TypeAlias = tuple[AgentState, int, int]
"""Somebody who can solve a ticket and has a place free: their state, their row, and how many tickets they have."""


def contest(
    free: Sequence[Free], case: Case, rank: int, fairness: timedelta | None, chosen: str | None = None
) -> tuple[str, dict[str, CandidateCode]]:
    """Let people contend point by point, and by their ids where several are left.

    Parameters
    ----------
    free : sequence of Free
        At least one, in any order.
    case : Case
        The ticket.
    rank : int
        Of the level.
    fairness : datetime.timedelta or None
        Idle times that differ by less than this from the longest among those who are even up to then count as equal.
        The longest is the measure, and not one's neighbour, for else a chain of small steps would make all equal.
    chosen : str, optional
        Somebody whom a batch has chosen already, with whom the others are compared.

    Returns
    -------
    (str, dict)
        Who is chosen, and the code of each.
    """
    left = list(free)
    codes: dict[str, CandidateCode] = {}
    for code, measure in _points(case, rank, fairness):
        if len(left) == 1:
            break
        values = measure(left)
        mark = min(values) if chosen is None else values[_ids(left).index(chosen)]
        if values.count(mark) == len(left):
            continue
        even = []
        for value, own in zip(values, left, strict=True):
            if value == mark:
                even.append(own)
            else:
                codes[own[0].id] = code if value > mark else "SPARED"
        left = even
    ids = _ids(left)
    winner = min(ids) if chosen is None else chosen
    codes |= {own: "LATER_ID" if own > winner else "SPARED" for own in ids if own != winner}
    codes[winner] = "CHOSEN"
    return winner, codes


def _points(
    case: Case, rank: int, fairness: timedelta | None
) -> Iterator[tuple[CandidateCode, Callable[[list[Free]], list[Any]]]]:
    """Give the points in order, ids left out, each with what it measures: the least is best."""
    yield "BUSIER", _loads
    if case.ticket.preferred:
        yield "FEWER_PREFERRED", lambda left: _wishes_missed(case, rank, left)
    yield "LARGER_SURPLUS", lambda left: beyond_of(case.held, case.needed(rank))[_rows(left)].tolist()
    yield "IDLE_SHORTER", lambda left: _idle(left, fairness)


def _ids(left: list[Free]) -> list[str]:
    return [agent.id for agent, _, _ in left]


def _rows(left: list[Free]) -> list[int]:
    return [row for _, row, _ in left]


def _wishes_missed(case: Case, rank: int, left: list[Free]) -> list[int]:
    missed = sum(~(case.held[column] >= least) for column, least in case.wished(rank))
    found: list[int] = np.asarray(missed)[_rows(left)].tolist()
    return found


def _loads(left: list[Free]) -> list[int]:
    """Give active tickets over capacity as whole numbers over one denominator, so that equal shares are equal."""
    whole = lcm(*{agent.capacity for agent, _, _ in left})
    return [active * (whole // agent.capacity) for agent, _, active in left]


def _idle(left: list[Free], fairness: timedelta | None) -> list[tuple[bool, datetime | None]]:
    """Give the instants since when people are idle, those that count as equally long with the same one, and None last."""
    instants = [agent.idle_since for agent, _, _ in left]
    known = [since for since in instants if since is not None]
    if known and fairness is not None:
        first = min(known)
        instants = [first if since is not None and since - first < fairness else since for since in instants]
    return [(since is None, since) for since in instants] if known else [(True, None)] * len(left)
