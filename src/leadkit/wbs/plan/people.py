"""The team of a plan: its people, when they are there, how much of their time it has, and what they can do."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, as_tuple, id_faults, member_faults, text_faults
from leadkit._fields import number_faults, repeated
from leadkit._results import Value
from leadkit.calendars import WorkCalendar
from leadkit.errors import Fault, UnknownIdError
from leadkit.skills import SkillMatrix
from leadkit.wbs._checking import raise_faults

__all__ = ["Person", "Team", "unique_member_faults"]


@frozen(kw_only=True)
class Person:
    """Somebody who can be given work.

    Parameters
    ----------
    id : str
        Unique in the team.
    name, team : str
        What the person and the team are called.
    calendar : WorkCalendar, optional
        When the person works; None means the plan's calendar.
    units : float
        Share of the person's working time that the plan has, above 0 and at most 1.
    rate : float, optional
        Cost of a working hour in the plan's currency, at least 0; None is not known.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Person(id="ann", units=0.5).units
    0.5
    >>> Person(id="ben", units=1.5)
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: person 'ben': units: 1.5 is outside 0 < units <= 1
    """

    id: str
    name: str = ""
    team: str = ""
    calendar: WorkCalendar | None = None
    units: float = field(default=1.0, converter=as_amount)
    rate: float | None = field(default=None, converter=as_amount)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + text_faults(self, "name", "team")
        if self.calendar is not None and not isinstance(self.calendar, WorkCalendar):
            faults.append(Fault("calendar", f"expected a WorkCalendar, got {self.calendar!r}"))
        of_units = number_faults(self.units, "units")
        if not of_units and not 0 < self.units <= 1:
            of_units = [Fault("units", f"{self.units:g} is outside 0 < units <= 1")]
        faults += of_units + ([] if self.rate is None else amount_faults(self.rate, "rate"))
        raise_faults(faults, f"person {self.id!r}")


@frozen(kw_only=True, eq=False)
class Team(Value):
    """The people of a plan and what they can do.

    Parameters
    ----------
    people : iterable of Person
        Everybody who can be given work.
    skills : SkillMatrix, optional
        Their levels; its people are those of the team, everyone.

    Raises
    ------
    PlanError
        A person is there twice, or the matrix and the people differ; `faults` holds everything that is wrong.

    Examples
    --------
    >>> Team(people=[Person(id="ann")], skills=SkillMatrix(["ben"], ["sql"], [[3]]))
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: team: 2 faults
      person 'ann': is not in the skill matrix
      person 'ben': is in the skill matrix and not in the team
    """

    people: tuple[Person, ...] = field(default=(), converter=as_tuple)
    skills: SkillMatrix | None = None

    def __attrs_post_init__(self) -> None:
        faults = unique_member_faults(self.people, Person, "people", "person")
        if self.skills is not None and not isinstance(self.skills, SkillMatrix):
            faults.append(Fault("skills", f"expected a SkillMatrix, got {self.skills!r}"))
        elif self.skills is not None and not faults:
            ours, theirs = {person.id for person in self.people}, set(self.skills.people)
            faults += [Fault(f"person {own!r}", "is not in the skill matrix") for own in sorted(ours - theirs)]
            faults += [
                Fault(f"person {own!r}", "is in the skill matrix and not in the team") for own in sorted(theirs - ours)
            ]
        raise_faults(faults, "team")

    def person(self, id: str) -> Person:  # noqa: A002 - the field's name
        """Find a person; an unknown id raises `UnknownIdError`."""
        for person in self.people:
            if person.id == id:
                return person
        raise UnknownIdError.of(id, [person.id for person in self.people], kind="person")


def unique_member_faults(members: Any, kind: type, where: str, word: str) -> list[Fault]:
    """Refuse what is no list of `kind`, and ids that are there twice."""
    faults = member_faults(members, kind, where, kind.__name__)
    if faults:
        return faults
    return [Fault(f"{word} {own!r}", "is there more than once") for own in repeated(member.id for member in members)]
