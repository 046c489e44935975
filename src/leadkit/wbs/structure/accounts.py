"""Who answers for the parts of the work: control accounts with their budgets, and RACI entries."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, id_faults, optional_id_faults, word_faults
from leadkit.wbs._checking import raise_faults

__all__ = ["ROLES", "ControlAccount", "Raci", "RaciRole"]

RaciRole: TypeAlias = Literal["R", "A", "C", "I"]
"""Responsible, accountable, consulted, informed."""

ROLES: tuple[RaciRole, ...] = get_args(RaciRole)
"""The four roles in the order of their name."""


@frozen(kw_only=True)
class ControlAccount:
    """A point of the structure where scope, budget and progress are managed together; it covers everything below.

    Parameters
    ----------
    id : str
        Unique in the structure.
    node : str
        Id of the group or package.
    owner : str, optional
        Who manages it.
    budget : float, optional
        In the plan's currency, at least 0; None is not known.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> ControlAccount(id="CA-1", node="build", owner="ann", budget=20_000).budget
    20000.0
    """

    id: str
    node: str
    owner: str | None = None
    budget: float | None = field(default=None, converter=as_amount)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + id_faults(self.node, "node") + optional_id_faults(self.owner, "owner")
        if self.budget is not None:
            faults += amount_faults(self.budget, "budget")
        raise_faults(faults, f"control account {self.id!r}")


@frozen(kw_only=True)
class Raci:
    """One person's role in one part of the work, and in everything below it that says nothing else.

    Parameters
    ----------
    node : str
        Id of the group or package.
    person : str
        Id of the person.
    role : {"R", "A", "C", "I"}
        Responsible, accountable, consulted or informed.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Raci(node="build", person="ann", role="A").role
    'A'
    """

    node: str
    person: str
    role: RaciRole

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.node, "node") + id_faults(self.person, "person")
        raise_faults(faults + word_faults(self.role, ROLES, "role"), "RACI entry")
