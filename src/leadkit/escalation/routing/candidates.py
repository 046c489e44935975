"""A row for everybody in the team: what stood in the way of each, or by which point they fell behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import nan

from leadkit.escalation.routing.asking import Case, beyond
from leadkit.escalation.routing.decision import Candidate, CandidateCode
from leadkit.escalation.routing.state import AgentState, TeamState, is_there

__all__ = ["candidate_rows"]


def candidate_rows(
    case: Case,
    state: TeamState,
    now: datetime,
    *,
    rank: int | None,
    codes: Mapping[str, CandidateCode],
    taken: Mapping[str, int],
) -> tuple[Candidate, ...]:
    """Give a row for everybody whom matrix and state know, sorted by id.

    Parameters
    ----------
    case : Case
        The ticket.
    state : TeamState
        The team.
    now : datetime.datetime
        Instant.
    rank : int or None
        Of the level at which people are looked at; None where nobody at any level can solve it. Then each is looked at on
        the lowest of these levels where they are placed, or else on the ticket's.
    codes : mapping of str to str
        Codes of those who contended.
    taken : mapping of str to int
        Tickets that people were given beside those in their state.

    Returns
    -------
    tuple of Candidate
        Each with the first obstacle: at another level, below it or not assessed, without a required skill, not on shift,
        absent, at capacity.
    """
    row_of = {person: row for row, person in enumerate(case.matrix.people)}
    placed = case.matrix.members[case.domain].T.tolist()
    levels = case.matrix.skills.levels.tolist()
    asked = {own: (case.needed(own), case.wished(own)) for own in ([rank] if rank else case.ranks)}
    rows = []
    for agent in state.agents:
        if agent.id not in row_of:
            continue
        held = levels[row_of[agent.id]]
        ranks = [place for place, is_in in enumerate(placed[row_of[agent.id]], start=1) if is_in]
        judged = rank or next((own for own in ranks if own in asked), case.ticket.level)
        needed, wished = asked[judged]
        code = codes.get(agent.id) or _obstacle(case, judged, ranks, held, agent, now)
        rows.append(
            Candidate(
                person=agent.id,
                level=judged if judged in ranks else max(ranks, default=None),
                chosen=code == "CHOSEN",
                code=code,
                load=(agent.active + taken.get(agent.id, 0)) / agent.capacity if agent.capacity else nan,
                preferred_met=sum(held[column] >= least for column, least in wished),
                surplus=beyond(held, needed),
                idle_since=agent.idle_since,
            )
        )
    return tuple(rows)


def _obstacle(
    case: Case, rank: int, ranks: Sequence[int], held: list[float], agent: AgentState, now: datetime
) -> CandidateCode:
    """Name the first thing that stood in the way of somebody who did not contend."""
    if agent.id == case.stays:
        return "ASSIGNEE"
    if rank not in ranks:
        if ranks:
            return "OTHER_LEVEL"
        is_below = any(held[column] < least for column, least in case.of_domain(rank))
        return "BELOW_THRESHOLD" if is_below else "NOT_ASSESSED"
    if not all(held[column] >= least for column, least in case.required()):
        return "MISSING_REQUIRED"
    if not agent.on_shift:
        return "OFF_SHIFT"
    return "ABSENT" if not is_there(agent, now) else "AT_CAPACITY"
