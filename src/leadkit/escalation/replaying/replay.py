"""A policy run over the real histories of tickets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, get_args

import numpy as np

from leadkit._checks import instant_faults, word_faults
from leadkit.errors import Fault, LogError, MatrixError, PolicyError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation._instants import as_utc
from leadkit.escalation.event_log import EventLog, as_of, runs_of
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.policy import OnDuty, Policy
from leadkit.escalation.policy.machine import Machine
from leadkit.escalation.policy.stepping import expect_duty
from leadkit.escalation.replaying.histories import Acknowledgement, History, histories, instants_of
from leadkit.escalation.replaying.result import ReplayResult, ReplayRow
from leadkit.escalation.replaying.targets import Levels, Targets, owner_of
from leadkit.typing import Progress

__all__ = ["replay"]

BLOCK: Final = 500
VISITS: Final = ("fired", "passed", "skipped")
DOMAIN: Final = "domain"


def replay(
    log: EventLog,
    policy: Policy,
    *,
    matrix: Matrix | None = None,
    on_duty: OnDuty | None = None,
    ack: Acknowledgement = "in_progress",
    now: datetime | None = None,
    progress: Progress | None = None,
) -> ReplayResult:
    """Tell which steps of a policy would have been taken on the tickets of a log.

    The policy begins at the first event of each ticket. It is paused while the status is `waiting`, and closed at the
    first event that is resolved, closed or cancelled; where an instant has several statuses, the last one says whether
    the ticket waits. Histories are taken as they were: what would have gone otherwise is not claimed.

    Parameters
    ----------
    log : EventLog
        The log; without statuses nothing is acknowledged, paused or closed (flag `needs:status`).
    policy : Policy
        The policy.
    matrix : Matrix, optional
        Who can solve what. A functional step then reaches nobody where `route` finds nobody for the ticket's domain
        (attribute `domain` of the log) among a team that is all available: at the step's level, at the one above the
        ticket's own (`next_level`), or the person named. A step to ``owner:<n>`` reaches nobody where the domain's chain
        of owners has fewer than n (flag `no_owner`).
    on_duty : callable, optional
        Called as `on_duty(step, at)`, gives the ids of those who are told; without it nobody is ever missing.
    ack : {"in_progress", "first_person_change"}
        What counts as an acknowledgement: the first status `in_progress`, or the first event with another person than
        the one known before.
    now : datetime.datetime, optional
        Up to when; later events are left out. By default the log's last instant.
    progress : callable, optional
        Called as `progress(done, total)` with the number of tickets after every 500 of them.

    Returns
    -------
    ReplayResult
        The steps visited, ticket by ticket, and what they add up to.

    Raises
    ------
    LogError
        `log` or `now` is wrong, or there is a matrix and the log has no attribute `domain`.
    PolicyError
        Another argument is wrong.
    UnknownIdError
        A functional step goes to a level that the matrix does not have.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> from leadkit.escalation.policy import Step
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> log = EventLog.from_columns(
    ...     ticket=["t1", "t1", "t1", "t2", "t2"],
    ...     at=[nine + timedelta(minutes=after) for after in (0, 12, 30, 1, 5)],
    ...     status=["new", "in_progress", "resolved", "new", "resolved"],
    ...     level=[1, 2, 2, 1, 1],
    ... )
    >>> steps = [Step(wait=timedelta(minutes=10), axis="functional", target=target) for target in ("level:L1", "level:L2")]
    >>> result = replay(log, Policy(id="desk", steps=steps))
    >>> for row in result.rows:
    ...     print(row.ticket, f"{row.at:%H:%M}", row.kind, row.target, row.level_changed)
    t1 09:00 fired level:L1 False
    t1 09:10 fired level:L2 True
    t2 09:01 fired level:L1 False
    >>> result.tickets_fired, result.steps_fired, round(result.agreement, 3), result.flags
    (2, 3, 0.333, ('counterfactual_times_unknown',))
    """
    _expect(log, policy, matrix, ack, now, progress)
    duty = expect_duty(on_duty)
    seen = log if now is None else as_of(log, now)
    targets = _targets(matrix, log, policy)
    domains = seen.attribute(DOMAIN).tolist() if targets is not None else []
    until = _until(seen, now)
    rows: list[ReplayRow] = []
    fired = 0
    for (history, levels), done in zip(_tickets(seen, ack), range(1, len(seen.tickets) + 1), strict=True):
        asked = duty if targets is None else targets.on_duty(domains[history.place], levels, duty)
        found = _rows(policy, history, levels, asked, history.end or until)
        fired += any(row.kind == "fired" for row in found)
        rows += found
        if progress is not None and (done % BLOCK == 0 or done == len(seen.tickets)):
            progress(done, len(seen.tickets))
    told = [row.level_changed for row in rows if row.level_changed is not None]
    return ReplayResult(
        rows=tuple(rows),
        tickets=len(seen.tickets),
        tickets_fired=fired,
        steps_fired=sum(row.kind == "fired" for row in rows),
        agreement=sum(told) / len(told) if told else math.nan,
        policy=policy.id,
        version=policy.version,
        now=until,
        flags=_flags(seen, policy, ack, targets, domains, is_told=bool(told)),
    )


def _until(log: EventLog, now: datetime | None) -> datetime | None:
    if now is not None:
        until: datetime = as_utc(now)
        return until
    return instants_of(log.at[[log.at.argmax()]])[0] if log.events else None


def _rows(
    policy: Policy, history: History, levels: Levels, on_duty: OnDuty | None, until: datetime | None
) -> list[ReplayRow]:
    """Run the policy over one history."""
    machine = Machine(policy, history.ticket, on_duty, history.start)
    machine.begin()
    for at, kind in history.events:
        machine.happen(kind, at)
    last = history.start if until is None else until
    machine.catch_up(last, including=True)
    visits = [record for record in machine.records if record.kind in VISITS]
    ends = [*(record.at for record in visits[1:]), last]
    return [
        ReplayRow(
            ticket=history.ticket,
            at=record.at,
            step=record.step,
            loop=record.loop,
            axis=policy.steps[record.step].axis,
            target=policy.steps[record.step].target,
            kind=record.kind,  # type: ignore[arg-type]
            level_changed=levels.changed(record.at, end) if record.kind == "fired" else None,
        )
        for record, end in zip(visits, ends, strict=True)
    ]


def _tickets(log: EventLog, ack: Acknowledgement) -> Iterator[tuple[History, Levels]]:
    """Give the history and the levels of each ticket."""
    n = len(log.tickets)
    if log.level is None:
        none = Levels((), ())
        yield from ((history, none) for history in histories(log, ack))
        return
    runs = runs_of(log, log.level)
    bounds = np.searchsorted(runs.ticket, np.arange(n + 1)).tolist()
    at, ranks = instants_of(log.at[runs.event]), runs.value.tolist()
    for history, (first, last) in zip(histories(log, ack), pairwise(bounds), strict=True):
        yield history, Levels(at[first:last], ranks[first:last])


def _targets(matrix: Matrix | None, log: EventLog, policy: Policy) -> Targets | None:
    if matrix is None:
        return None
    if not log.has(DOMAIN):
        told = f"with a matrix the log needs an attribute {DOMAIN!r}, which says where a ticket belongs"
        raise LogError.from_faults([Fault("log", told)])
    targets = Targets(matrix)
    targets.check(policy.steps)
    return targets


def _flags(
    log: EventLog,
    policy: Policy,
    ack: Acknowledgement,
    targets: Targets | None,
    domains: list[Any],
    *,
    is_told: bool,
) -> tuple[str, ...]:
    flags = {"counterfactual_times_unknown"}
    flags |= {"needs:level"} if log.level is None else set()
    flags |= {"needs:status"} if log.status is None else set()
    flags |= {"needs:person"} if ack == "first_person_change" and log.person is None else set()
    flags |= set() if is_told else {"empty"}
    if targets is not None:
        flags |= {f"unknown_domain:{domain}" for domain in set(domains) - targets.domains if domain is not None}
        flags |= {"no_domain"} if None in domains else set()
        farthest = max((owner_of(step) or 0 for step in policy.steps), default=0)
        has_all = all(targets.chain(domain) >= farthest for domain in set(domains) & targets.domains)
        flags |= set() if has_all else {"no_owner"}
    return tuple(sorted(flags))


def _expect(log: Any, policy: Any, matrix: Any, ack: Any, now: Any, progress: Any) -> None:
    expect_kind(log, EventLog, "log", LogError)
    expect_kind(policy, Policy, "policy", PolicyError)
    if matrix is not None:
        expect_kind(matrix, Matrix, "matrix", MatrixError)
    faults = word_faults(ack, get_args(Acknowledgement), "ack")
    if progress is not None and not callable(progress):
        faults.append(Fault("progress", f"expected a callable or None, got {progress!r}"))
    raise_faults(faults, "replay", PolicyError)
    raise_faults(instant_faults(now, "now"), "replay", LogError)
