"""Under which numbers and names the calendars of a plan are written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from leadkit.calendars import WorkCalendar
from leadkit.interchange.mspdi._format import MOST_TEXT, STANDARD, calendar_key, clean
from leadkit.wbs import Plan

__all__ = ["HOURS_OF", "Filed", "filed_calendars", "free_name"]

PLAN_UID: Final = 1
HOURS_OF: Final = "Hours of "
"""What the name of a base calendar begins with that is there for one person."""


class Filed(NamedTuple):
    """A calendar of a plan with its place in the file."""

    uid: int
    name: str
    calendar: WorkCalendar
    what: str
    back: str
    """The name that the calendar itself comes back with."""
    key: str = ""
    """Its name among the plan's calendars."""
    person: str = ""
    """The id of the person whose it is."""
    own_uid: int = 0
    """The resource calendar that stands on it and says nothing; a calendar that says something has its base's holidays."""
    own_name: str = ""


def filed_calendars(plan: Plan) -> list[Filed]:
    """List the calendars: the plan's, those with a name, then those of people."""
    named: list[Filed] = []
    taken: set[str] = set()
    for uid, (key, calendar) in enumerate(plan.calendars.items(), start=PLAN_UID + 1):
        name = free_name(calendar_key(clean(key, MOST_TEXT), uid), taken)
        taken.add(name)
        named.append(Filed(uid, name, calendar, f"calendar {key!r}", name, key=key))
    own = free_name(clean(plan.calendar.name or STANDARD, MOST_TEXT), taken)
    taken.add(own)
    filed = [Filed(PLAN_UID, own, plan.calendar, "calendar of the plan", "" if own == STANDARD else own), *named]
    uid = PLAN_UID + len(named)
    for person in plan.team.people:
        if person.calendar is not None:
            called = clean(person.name or person.id, MOST_TEXT)
            name = free_name((HOURS_OF + called)[:MOST_TEXT], taken)
            taken.add(name)
            what = f"calendar of person {person.id!r}"
            own = clean(person.calendar.name, MOST_TEXT) or called
            back = "" if own == called else own
            uid += 2
            filed.append(Filed(uid - 1, name, person.calendar, what, back, person=person.id, own_uid=uid, own_name=own))
    return filed


def free_name(name: str, taken: Collection[str]) -> str:
    """Give a name that is not taken: this one, or with a number behind it."""
    found, n = name, 1
    while found in taken:
        n += 1
        end = f" ({n})"
        found = name[: MOST_TEXT - len(end)] + end
    return found
