"""What can be done so that somebody is able to do more."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._fields import whole_number_faults
from leadkit.errors import Fault
from leadkit.skills._amounts import amount_faults, as_number, name_faults, raise_faults

__all__ = ["ActionKind", "DevelopmentAction"]

ActionKind: TypeAlias = Literal[
    "training", "certification", "management_development", "research_assignment", "coaching"
]
"""How people learn: in a course, for a certificate, as a manager, by finding out, or from somebody beside them."""


@frozen(kw_only=True)
class DevelopmentAction:
    """Something that lifts a person to a level of a skill.

    Parameters
    ----------
    id, name : str
        Id, and what people call it.
    kind : {"training", "certification", "management_development", "research_assignment", "coaching"}
        How people learn in it.
    skill : str
        Id of the skill.
    reaches : float
        The level that a person has at least when it is done, above `requires`.
    requires : float
        The level that a person needs to begin, at least 0.
    hours : float
        Hours of one participant, at least 0 [h].
    cost_per_person : float
        Cost of one participant, at least 0.
    cost_fixed : float
        Cost that arises once when anybody takes part, at least 0.
    seats : int, optional
        How many people can take part, at least 1; any number when None.

    Raises
    ------
    SkillError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> course = DevelopmentAction(id="c1", name="Invoices", kind="training", skill="billing", reaches=2, hours=8)
    >>> course.requires, course.reaches, course.seats
    (0.0, 2.0, None)
    >>> DevelopmentAction(id="c2", name="Invoices", kind="reading", skill="billing", requires=2, reaches=2)
    Traceback (most recent call last):
    ...
    leadkit.errors.SkillError: action 'c2': 2 faults
      kind: expected one of 'training', 'certification', 'management_development', 'research_assignment', 'coaching', got 'reading'
      reaches: expected a level above requires, 2, got 2
    """

    id: str
    name: str
    kind: ActionKind
    skill: str
    reaches: float = field(converter=as_number)
    requires: float = field(default=0.0, converter=as_number)
    hours: float = field(default=0.0, converter=as_number)
    cost_per_person: float = field(default=0.0, converter=as_number)
    cost_fixed: float = field(default=0.0, converter=as_number)
    seats: int | None = None

    def __attrs_post_init__(self) -> None:
        faults = name_faults(self, "id", "name", "skill")
        kinds = get_args(ActionKind)
        if self.kind not in kinds:
            faults.append(Fault("kind", f"expected one of {', '.join(map(repr, kinds))}, got {self.kind!r}"))
        levels = [fault for name in ("reaches", "requires") for fault in amount_faults(getattr(self, name), name)]
        if not levels and self.reaches <= self.requires:
            what = f"expected a level above requires, {self.requires:g}, got {self.reaches:g}"
            levels = [Fault("reaches", what)]
        faults += levels
        for name in ("hours", "cost_per_person", "cost_fixed"):
            faults += amount_faults(getattr(self, name), name)
        if self.seats is not None:
            of_seats = whole_number_faults(self.seats, "seats")
            if not of_seats and self.seats < 1:
                of_seats = [Fault("seats", f"expected a whole number of at least 1 or None, got {self.seats!r}")]
            faults += of_seats
        raise_faults(faults, f"action {self.id!r}")
