"""Who is there now and how much each has to do: what routing looks at beside the matrix."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, instant_faults, member_faults
from leadkit._fields import repeated
from leadkit._results import Value
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import count_faults, raise_faults
from leadkit.escalation._instants import as_utc, expect_instant
from leadkit.escalation._mappings import as_whole

__all__ = ["AgentState", "TeamState", "is_there"]

MOST: Final = 2**63 - 1
"""Where counts end, so that they fit into columns."""


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
    idle_since: datetime | None = field(default=None, converter=as_utc)
    absent_until: datetime | None = field(default=None, converter=as_utc)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id")
        if not isinstance(self.on_shift, bool):
            faults.append(Fault("on_shift", f"expected True or False, got {self.on_shift!r}"))
        faults += count_faults(self.active, "active", least=0, most=MOST)
        faults += count_faults(self.capacity, "capacity", least=0, most=MOST)
        faults += instant_faults(self.idle_since, "idle_since") + instant_faults(self.absent_until, "absent_until")
        raise_faults(faults, f"agent {self.id!r}", EscalationError)

    @property
    def places(self) -> int:
        """How many more tickets they can take, at least 0, leaving aside whether they are there."""
        return max(0, self.capacity - self.active)

    def is_there(self, now: datetime) -> bool:
        """Tell whether they are on shift and not absent at an aware instant."""
        return is_there(self, expect_instant(now))


def is_there(agent: AgentState, now: datetime) -> bool:
    """Tell the same of an instant that has been checked."""
    return agent.on_shift and (agent.absent_until is None or agent.absent_until <= now)


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

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all people, sorted."""
        return tuple(self._by_id)

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
        return self._by_id.get(person) if isinstance(person, str) else None
