"""What somebody can be able to do, and how many people have to be."""

from __future__ import annotations

from attrs import field, frozen

from leadkit._fields import whole_number_faults
from leadkit.errors import Fault
from leadkit.skills._amounts import amount_faults, as_number, name_faults, raise_faults

__all__ = ["Skill", "SkillRequirement"]


@frozen
class Skill:
    """Something that somebody can be able to do.

    Parameters
    ----------
    id : str
        What matrices, requirements and actions call it.
    name : str
        What people call it.
    domain : str, optional
        The field that it belongs to.
    description : str
        What belongs to it.

    Raises
    ------
    SkillError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Skill("sql", "Queries", domain="data")
    Skill(id='sql', name='Queries', domain='data', description='')
    """

    id: str
    name: str = ""
    domain: str | None = None
    description: str = ""

    def __attrs_post_init__(self) -> None:
        faults = name_faults(self, "id")
        if self.domain is not None:
            faults += name_faults(self, "domain")
        faults += [
            Fault(name, f"expected a text, got {getattr(self, name)!r}")
            for name in ("name", "description")
            if not isinstance(getattr(self, name), str)
        ]
        raise_faults(faults, f"skill {self.id!r}")


@frozen
class SkillRequirement:
    """At least so many people at a level of a skill or above.

    Parameters
    ----------
    skill : str
        Id of the skill.
    level : float
        The least level that counts, at least 0.
    people : int
        How many people have to reach it, at least 1.

    Raises
    ------
    SkillError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> SkillRequirement("sql", 3)
    SkillRequirement(skill='sql', level=3.0, people=1)
    >>> SkillRequirement("sql", -1, people=0)
    Traceback (most recent call last):
    ...
    leadkit.errors.SkillError: requirement 'sql': 2 faults
      level: expected a number of at least 0, got -1.0
      people: expected a whole number of at least 1, got 0
    """

    skill: str
    level: float = field(converter=as_number)
    people: int = 1

    def __attrs_post_init__(self) -> None:
        faults = name_faults(self, "skill") + amount_faults(self.level, "level")
        of_people = whole_number_faults(self.people, "people")
        if not of_people and self.people < 1:
            of_people = [Fault("people", f"expected a whole number of at least 1, got {self.people!r}")]
        raise_faults(faults + of_people, f"requirement {self.skill!r}")
