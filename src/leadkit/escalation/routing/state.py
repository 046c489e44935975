"""Who is there now and how much each has to do: what routing looks at beside the matrix."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, in_utc, instant_faults, member_faults
from leadkit._fields import repeated, whole_number_faults
from leadkit._results import Value
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._mappings import as_whole

__all__ = ["AgentState", "TeamState", "as_instant", "expect_instant"]

MOST: Final = 2**63 - 1
"""Where counts end, so that they fit into columns."""


def as_instant(value: Any) -> Any:
    """Keep an aware instant in UTC; what is none stays as it is, for the check to name."""
    return value if instant_faults(value, "") else in_utc(value)


def expect_instant(now: datetime) -> datetime:
    """Give the argument `now` in UTC; refuse what is no aware instant."""
    told: object = now
    faults = [Fault("now", "expected a datetime, got None")] if told is None else instant_faults(now, "now")
    raise_faults(faults, "", EscalationError)
    return now.astimezone(UTC)


@frozen(kw_only=True, eq=False)
class AgentState(Value):
    """How it stands with one person.

    Parameters
    ----------
    id : str
        The person, by the id that the matrix has.
    on_shift : bool
        Whether they work at all now.
    active : int
        Tickets that they work on, at least 0; it may be above the capacity.
    capacity : int
        Tickets that they can work on at a time, at least 0; somebody with 0 is given none.
    idle_since : datetime.datetime, optional
        Aware instant of the last time they were given or finished something; kept in UTC. None where that is not known.
    absent_until : datetime.datetime, optional
        Aware instant at which they are back; kept in UTC. Before it they are given nothing, at it they are there.

    Raises
    ------
    EscalationError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> AgentState(id="ann", active=1, capacity=3).places
    2
    >>> AgentState(id="ann", active=-1, capacity=True)
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: agent 'ann': 2 faults
      active: expected a whole number of at least 0, got -1
      capacity: expected a whole number, got True
    """

    id: str
    on_shift: bool = True
    active: int = field(default=0, converter=as_whole)
    capacity: int = field(default=1, converter=as_whole)
    idle_since: datetime | None = field(default=None, converter=as_instant)
    absent_until: datetime | None = field(default=None, converter=as_instant)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id")
        if not isinstance(self.on_shift, bool):
            faults.append(Fault("on_shift", f"expected True or False, got {self.on_shift!r}"))
        faults += _count_faults(self.active, "active") + _count_faults(self.capacity, "capacity")
        faults += instant_faults(self.idle_since, "idle_since") + instant_faults(self.absent_until, "absent_until")
        raise_faults(faults, f"agent {self.id!r}", EscalationError)

    @property
    def places(self) -> int:
        """How many more tickets they can take, at least 0, leaving aside whether they are there."""
        return max(0, self.capacity - self.active)

    def is_there(self, now: datetime) -> bool:
        """Tell whether they are on shift and not absent at an aware instant."""
        return self.on_shift and (self.absent_until is None or self.absent_until <= now)


@frozen(kw_only=True, eq=False)
class TeamState(Value):
    """How it stands with everybody.

    Parameters
    ----------
    agents : iterable of AgentState
        One a person, in any order; kept sorted by id.

    Raises
    ------
    EscalationError
        Something is no agent's state, or a person is there more than once.

    Examples
    --------
    >>> team = TeamState(agents=[AgentState(id="bo"), AgentState(id="ann", active=1)])
    >>> [agent.id for agent in team.agents], team.agent("ann").active
    (['ann', 'bo'], 1)
    """

    agents: tuple[AgentState, ...] = field(converter=as_tuple)
    _by_id: dict[str, AgentState] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = member_faults(self.agents, AgentState, "agents", "AgentState")
        if not faults:
            double = sorted(repeated(agent.id for agent in self.agents))
            faults = [Fault(f"agent {own!r}", "is there more than once") for own in double]
        raise_faults(faults, "team state", EscalationError)
        in_order = tuple(sorted(self.agents, key=lambda agent: agent.id))
        object.__setattr__(self, "agents", in_order)
        object.__setattr__(self, "_by_id", {agent.id: agent for agent in in_order})

    def agent(self, person: str) -> AgentState:
        """Give the state of one person.

        Raises
        ------
        UnknownIdError
            There is none; the message gives the nearest ids.
        """
        found = self.find(person)
        if found is None:
            raise UnknownIdError.of(str(person), self._by_id, kind="agent")
        return found

    def find(self, person: str) -> AgentState | None:
        """Give the state of one person; None where there is none."""
        return self._by_id.get(person)


def _count_faults(value: Any, where: str) -> list[Fault]:
    faults = whole_number_faults(value, where)
    if not faults and not 0 <= value <= MOST:
        bound = "at least 0" if value < 0 else f"at most {MOST}"
        faults = [Fault(where, f"expected a whole number of {bound}, got {value!r}")]
    return faults
