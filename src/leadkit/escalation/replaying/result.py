"""What a replay tells: one row a step that was visited, and what they add up to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeAlias

import attrs
from attrs import frozen

from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.escalation.policy.steps import Axis

__all__ = ["ReplayKind", "ReplayResult", "ReplayRow"]

ReplayKind: TypeAlias = Literal["fired", "passed", "skipped"]
"""A step would have been taken, been held by an acknowledgement, or have reached nobody."""


@frozen(kw_only=True)
class ReplayRow:
    """A step that the policy would have visited.

    Parameters
    ----------
    ticket : str
        Id.
    at : datetime.datetime
        When, in UTC.
    step, loop : int
        Which step in which pass, both counted from 0.
    axis, target : str
        Those of the step.
    kind : {"fired", "passed", "skipped"}
        What would have come of it.
    level_changed : bool, optional
        Whether the log has a change of level after this step, and not after the next one or the ticket's end; None for
        a step that was not taken, and for a ticket whose levels are not known.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from leadkit import samples
    >>> from leadkit.escalation import Policy, Step, replay
    >>> policy = Policy(id="desk", steps=[Step(wait=timedelta(hours=4), axis="functional", target="level:L2")])
    >>> row = replay(samples.tickets(5), policy).rows[0]
    >>> row.ticket, f"{row.at:%d %b %H:%M}", row.kind, row.target, row.level_changed
    ('T0001', '14 Sep 07:11', 'fired', 'level:L2', False)
    """

    ticket: str
    at: datetime
    step: int
    loop: int
    axis: Axis
    target: str
    kind: ReplayKind
    level_changed: bool | None = None


@frozen(kw_only=True, eq=False)
class ReplayResult(Result):
    """What a policy would have done on the tickets of a log.

    Parameters
    ----------
    rows : tuple of ReplayRow
        The steps visited, in the order of the log's tickets and of time.
    tickets : int
        Number of tickets replayed.
    tickets_fired : int
        Those on which at least one step would have been taken.
    steps_fired : int
        Number of steps that would have been taken.
    agreement : float
        Share of the steps taken after which the log has a change of level before the next step; NaN where no step was
        taken on a ticket with known levels.
    policy, version : str
        The policy, and its version.
    now : datetime.datetime, optional
        Up to when tickets that have not ended were followed; None for a log without events.
    flags : tuple of str
        Always "counterfactual_times_unknown": what the customer would have experienced is not claimed. Others are words
        of `leadkit.escalation.ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import timedelta
    >>> from leadkit import samples
    >>> from leadkit.escalation import Policy, Step, replay
    >>> policy = Policy(id="desk", steps=[Step(wait=timedelta(hours=4), axis="functional", target="level:L2")])
    >>> result = replay(samples.tickets(20), policy)
    >>> result.tickets, result.tickets_fired, result.steps_fired, round(result.agreement, 3)
    (20, 20, 20, 0.2)
    """

    rows: tuple[ReplayRow, ...]
    tickets: int
    tickets_fired: int
    steps_fired: int
    agreement: float
    policy: str
    version: str
    now: datetime | None
    flags: tuple[str, ...]

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row, scalars only."""
        names = [part.name for part in attrs.fields(ReplayRow)]
        return [{name: plain(getattr(row, name)) for name in names} for row in self.rows]

    def _repr_html_(self) -> str:
        pairs = [(name, getattr(self, name)) for name in self._public_fields() if name != "rows"]
        names = [part.name for part in attrs.fields(ReplayRow)]
        rows = [[getattr(row, name) for name in names] for row in self.rows[:MOST_ROWS_SHOWN]]
        rest = len(self.rows) - len(rows)
        more = f"<p>... and {rest} more rows</p>" if rest else ""
        return html_table("ReplayResult", ("field", "value"), pairs) + html_table("rows", names, rows) + more
