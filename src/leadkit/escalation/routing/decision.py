"""Where a ticket goes and why: the decision, the levels it looked at, and a row for everybody in the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import attrs
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import FrozenMapping
from leadkit._results import Result, Value, html_table, plain
from leadkit.errors import UnknownIdError
from leadkit.escalation.routing.rules import Relaxation

__all__ = [
    "CANDIDATE_CODES",
    "REASONS",
    "Action",
    "Axis",
    "Candidate",
    "CandidateCode",
    "Decision",
    "LevelReason",
    "Reason",
]

Action: TypeAlias = Literal["assign", "queue", "escalate", "hold"]
"""What happens to a ticket."""
Axis: TypeAlias = Literal["functional", "hierarchical"]
"""To whoever can solve, or to whoever can decide."""
Reason: TypeAlias = Literal["ASSIGNED", "CONSULTED", "NO_CAPACITY", "NO_CAPABILITY", "UNROUTABLE"]
"""Why; a key of `REASONS`."""
CandidateCode: TypeAlias = Literal[
    "CHOSEN",
    "BUSIER",
    "FEWER_PREFERRED",
    "LARGER_SURPLUS",
    "IDLE_SHORTER",
    "LATER_ID",
    "SPARED",
    "AT_CAPACITY",
    "OFF_SHIFT",
    "ABSENT",
    "BELOW_THRESHOLD",
    "NOT_ASSESSED",
    "OTHER_LEVEL",
    "MISSING_REQUIRED",
    "ASSIGNEE",
]
"""What came of one person; a key of `CANDIDATE_CODES`."""

REASONS: Final[Mapping[str, str]] = FrozenMapping(
    {
        "ASSIGNED": "somebody who can solve it has a place free",
        "CONSULTED": "somebody who can solve it joins the assignee, who keeps it",
        "NO_CAPACITY": "there are people who can solve it, and none of them has a place free",
        "NO_CAPABILITY": "nobody at the level can solve it",
        "UNROUTABLE": "nobody at any level up to the highest allowed can solve it",
    }
)
"""Reason to meaning."""

CANDIDATE_CODES: Final[Mapping[str, str]] = FrozenMapping(
    {
        "CHOSEN": "comes first of those who can solve it and have a place free",
        "BUSIER": "has more to do for their capacity than the one chosen",
        "FEWER_PREFERRED": "has fewer of the preferred skills than the one chosen",
        "LARGER_SURPLUS": "knows more beyond what is needed, so is kept free for harder cases",
        "IDLE_SHORTER": "was idle for a shorter time than the one chosen",
        "LATER_ID": "is as good in everything as the one chosen, and comes later by id",
        "SPARED": "would come before the one chosen, and is left to the rest of the batch, which is placed better so",
        "AT_CAPACITY": "can solve it and has as many tickets as they can work on",
        "OFF_SHIFT": "can solve it and is not on shift",
        "ABSENT": "can solve it and is absent",
        "BELOW_THRESHOLD": "is below the level that a skill of the domain needs",
        "NOT_ASSESSED": "is not assessed in a skill of the domain",
        "OTHER_LEVEL": "has a place in the domain at another level",
        "MISSING_REQUIRED": "is at the level, and not known to have a skill that the ticket requires",
        "ASSIGNEE": "has the ticket and asks for help, so is not who could give it",
    }
)
"""Code of a candidate to meaning."""


@frozen(kw_only=True, eq=False)
class Candidate(Value):
    """What came of one person when a ticket was routed.

    Parameters
    ----------
    person : str
        Id.
    level : int or None
        Rank at which they are placed in the ticket's domain: that of the decision where they are, else the highest;
        None when they are placed at none.
    chosen : bool
        Whether the ticket goes to them, or they are who is consulted.
    code : str
        A key of `CANDIDATE_CODES`.
    load : float
        Active tickets over capacity, at least 0; NaN for a capacity of 0.
    preferred_met : int
        Preferred skills that they hold at the level's threshold.
    surplus : float
        Levels held less levels needed, summed over the skills of the domain and those required; NaN when one is not
        assessed.
    idle_since : datetime.datetime or None
        As in their state.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit import samples
    >>> from leadkit.escalation import AgentState, TeamState, Ticket, route
    >>> nine = datetime(2026, 9, 7, 9, tzinfo=UTC)
    >>> team = TeamState(agents=[AgentState(id="chen", active=1), AgentState(id="hana")])
    >>> ticket = Ticket(id="t1", domain="billing", created_at=nine, level=2)
    >>> rows = route(ticket, samples.escalation_matrix(), team, nine).candidates
    >>> [(row.person, row.code, row.load) for row in rows if row.level == 2]
    [('chen', 'AT_CAPACITY', 1.0), ('hana', 'CHOSEN', 0.0)]
    """

    person: str
    level: int | None
    chosen: bool
    code: CandidateCode
    load: float
    preferred_met: int
    surplus: float
    idle_since: datetime | None


@frozen(kw_only=True)
class LevelReason:
    """What was found at one level.

    Parameters
    ----------
    level : int
        Rank.
    reason : str
        A key of `REASONS`.
    capable : int
        People of the team who can solve the ticket there.
    available : int
        Those of them who are there and have a place free.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit import samples
    >>> from leadkit.escalation import AgentState, TeamState, Ticket, route
    >>> nine = datetime(2026, 9, 7, 9, tzinfo=UTC)
    >>> team = TeamState(agents=[AgentState(id="fatima")])
    >>> ticket = Ticket(id="t1", domain="billing", created_at=nine, requires={"billing": 4})
    >>> for row in route(ticket, samples.escalation_matrix(), team, nine).path:
    ...     print(row.level, row.reason, row.capable, row.available)
    1 NO_CAPABILITY 0 0
    2 NO_CAPABILITY 0 0
    3 ASSIGNED 1 1
    """

    level: int
    reason: Reason
    capable: int
    available: int


@frozen(kw_only=True, eq=False)
class Decision(Result):
    """Where a ticket goes, and why there.

    Parameters
    ----------
    ticket : str
        Id.
    action : {"assign", "queue", "escalate", "hold"}
        To somebody at its level, to the queue of its level, to a higher level (with or without somebody who is free
        there), or nowhere until somebody with authority decides.
    person : str or None
        Who works on it from now on: the one found, or the assignee where that one is consulted; None when it waits.
    level : int
        Rank of the level that it goes to, never below `from_level`.
    from_level : int
        Rank of the level that it was at.
    axis : {"functional", "hierarchical"} or None
        To whoever can solve, or to whoever can decide; None when it stays at its level.
    owner : str or None
        The owner of the ticket, who stays.
    consulted : str or None
        Who joins the assignee; for a hold the first of the domain's owners.
    reason : str
        A key of `REASONS`.
    path : tuple of LevelReason
        What was found at each level looked at, from the ticket's upward.
    relaxed : tuple of Relaxation
        Relaxations that made a difference to what the ticket requires.
    candidates : tuple of Candidate
        A row for everybody whom the matrix and the state know, sorted by id; worked out when first read.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit import samples
    >>> from leadkit.escalation import AgentState, TeamState, Ticket, route
    >>> nine = datetime(2026, 9, 7, 9, tzinfo=UTC)
    >>> team = TeamState(agents=[AgentState(id="chen", active=1), AgentState(id="hana")])
    >>> ticket = Ticket(id="t1", domain="billing", created_at=nine, level=2)
    >>> decision = route(ticket, samples.escalation_matrix(), team, nine)
    >>> decision.action, decision.person, decision.reason
    ('assign', 'hana', 'ASSIGNED')
    >>> decision.why("chen")
    'chen can solve it and has as many tickets as they can work on'
    """

    ticket: str
    action: Action
    person: str | None
    level: int
    from_level: int
    axis: Axis | None
    owner: str | None
    consulted: str | None
    reason: Reason
    path: tuple[LevelReason, ...] = field(converter=as_tuple)
    relaxed: tuple[Relaxation, ...] = field(default=(), converter=as_tuple)
    candidates: tuple[Candidate, ...] = field(default=(), converter=as_tuple, repr=False)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)
    _rows: Callable[[], tuple[Candidate, ...]] | None = field(default=None, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # a callable in place of rows is kept until they are asked for, and the empty slot leads to __getattr__
        if callable(self.candidates):
            object.__setattr__(self, "_rows", self.candidates)
            object.__delattr__(self, "candidates")

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name != "candidates":
                msg = f"{type(self).__name__!r} object has no attribute {name!r}"
                raise AttributeError(msg)
            rows = self._rows
            if rows is not None:
                object.__setattr__(self, "candidates", rows())
                object.__setattr__(self, "_rows", None)
            return object.__getattribute__(self, "candidates")

    def __reduce__(self) -> tuple[Any, ...]:
        rows = self.candidates
        make, (cls, values) = super().__reduce__()
        return make, (cls, values | {"candidates": rows, "_rows": None})

    def why(self, person: str) -> str:
        """Tell in a sentence what came of one person.

        Raises
        ------
        UnknownIdError
            They are no candidate; the message gives the nearest ids.
        """
        for row in self.candidates:
            if row.person == person:
                return f"{person} {CANDIDATE_CODES[row.code]}"
        raise UnknownIdError.of(str(person), [row.person for row in self.candidates], kind="candidate")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a candidate: the ticket's id and the fields of `Candidate`."""
        return [{"ticket": self.ticket} | plain(attrs.asdict(row)) for row in self.candidates]

    def _repr_html_(self) -> str:
        to = f" to {self.person}" if self.person is not None else ""
        asked = f", with {self.consulted}" if self.consulted is not None else ""
        head = f"ticket {self.ticket}: {self.action}{to}{asked} at level {self.level}, for {REASONS[self.reason]}"
        flags = f"<p>flags: {escape(', '.join(self.flags))}</p>" if self.flags else ""
        path = [(row.level, REASONS[row.reason], row.capable, row.available) for row in self.path]
        rows = [(row.person, row.code, CANDIDATE_CODES[row.code], row.load, row.surplus) for row in self.candidates]
        return (
            f"<p>{escape(head)}</p>{flags}"
            + html_table("levels looked at", ("level", "found", "capable", "available"), path)
            + html_table("candidates", ("person", "code", "meaning", "load", "surplus"), rows)
        )
