"""What is to be asked for: one line for each stretch of adjoining periods in which a need is short."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

from attrs import frozen

from leadkit.wbs.requirement._demand import Picture, Skills, in_plan_order, work_dates
from leadkit.wbs.requirement.gap import single_people
from leadkit.wbs.structure import Need
from leadkit.wbs.tracking._worked import MINUTE

__all__ = ["Reason", "RequestLine", "lines_of"]

Reason: TypeAlias = Literal["nobody_qualified", "too_few", "overload", "one_person_only"]
"""Nobody has the skills, fewer people than heads have them, they have too little time, or all of them are needed."""

REASONS: tuple[Reason, ...] = ("nobody_qualified", "too_few", "overload", "one_person_only")
AN_HOUR = 60 * MINUTE
ONE_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class RequestLine:
    """One thing to ask for.

    Parameters
    ----------
    skills : tuple of (str, float)
        The skills and their least levels, sorted; none means that anybody will do.
    heads : int
        How many people are missing; 0 where nobody is asked for.
    hours : float
        Working time that nobody has [person-hours].
    from_date, to_date : datetime.date
        First and last day of the work in question.
    packages : tuple of str
        Work packages that ask, in outline order.
    reason : {"nobody_qualified", "too_few", "overload", "one_person_only"}
        Nobody has the skills; fewer people than one package needs at a time have them; those who have them lack the time;
        or there is nobody beside the one in `best`.
    best : (str, float), optional
        Who comes nearest to the need without meeting it, and their level in the skill that lacks most, NaN where they
        are not assessed in it; under "one_person_only" the person that everything depends on and their level in the skill
        with the least to spare. None where there is nobody, or no skill.
    """

    skills: tuple[tuple[str, float], ...]
    heads: int
    hours: float
    from_date: date
    to_date: date
    packages: tuple[str, ...]
    reason: Reason
    best: tuple[str, float] | None


def lines_of(picture: Picture, *, with_overload: bool) -> tuple[RequestLine, ...]:
    """List what is to be asked for, by first day, then by skills."""
    found = [line for skills in picture.heads for line in _short(picture, skills)]
    kept = [line for line in found if with_overload or line.reason != "overload"]
    kept += _depended_on(picture)
    return tuple(
        sorted(kept, key=lambda line: (line.from_date, line.skills, REASONS.index(line.reason), line.best or ("", 0)))
    )


def _short(picture: Picture, skills: Skills) -> Iterator[RequestLine]:
    for stretch in _stretches(picture, skills):
        cells = [picture.cells[place, skills] for place in stretch]
        packages = dict.fromkeys(own for cell in cells for own in cell.work)
        missing = max(picture.missing[skills][own] for own in packages)
        if not missing:
            reason: Reason = "overload"
            missing = max(_heads_of(picture, skills, place) for place in stretch)
        else:
            reason = "too_few" if picture.qualified(skills) else "nobody_qualified"
        start, end = picture.periods[stretch[0]].start, picture.periods[stretch[-1]].end
        from_date, to_date = _dates(picture, packages, start, end)
        yield RequestLine(
            skills=skills,
            heads=missing,
            hours=sum(cell.shortage for cell in cells) / AN_HOUR,
            from_date=from_date,
            to_date=to_date,
            packages=in_plan_order(picture.plan, packages),
            reason=reason,
            best=_nearest(picture, skills),
        )


def _stretches(picture: Picture, skills: Skills) -> list[list[int]]:
    """Join the periods in which a need is short where no working time of the plan lies between them."""
    stretches: list[list[int]] = []
    for place in range(len(picture.periods)):
        cell = picture.cells.get((place, skills))
        if cell is None or not cell.shortage:
            continue
        if stretches and not _is_open(picture, stretches[-1][-1] + 1, place):
            stretches[-1].append(place)
        else:
            stretches.append([place])
    return stretches


def _is_open(picture: Picture, first: int, last: int) -> bool:
    return any(_open_time(picture, place) for place in range(first, last))


def _open_time(picture: Picture, place: int) -> int:
    period = picture.periods[place]
    return picture.plan.calendar.elapsed(period.start, period.end) // ONE_MICROSECOND


def _heads_of(picture: Picture, skills: Skills, place: int) -> int:
    """Count the people who could do what is short in a period; where the plan's calendar is closed, by the work itself."""
    cell = picture.cells[place, skills]
    return math.ceil(cell.shortage / (_open_time(picture, place) or max(cell.work.values())))


def _dates(picture: Picture, packages: dict[str, None], start: datetime, end: datetime) -> tuple[date, date]:
    zone = picture.plan.calendar.tz
    first, last = work_dates(picture, packages, start, end)
    return first.astimezone(zone).date(), (last - ONE_MICROSECOND).astimezone(zone).date()


def _depended_on(picture: Picture) -> Iterator[RequestLine]:
    """Name those without whom a need cannot be met; nobody is asked for."""
    for need, person, packages in single_people(picture):
        start, end = picture.periods[0].start, picture.periods[-1].end
        from_date, to_date = _dates(picture, dict.fromkeys(packages), start, end)
        yield RequestLine(
            skills=need.skills,
            heads=0,
            hours=0.0,
            from_date=from_date,
            to_date=to_date,
            packages=packages,
            reason="one_person_only",
            best=(person, _least_to_spare(picture, need, person)),
        )


def _least_to_spare(picture: Picture, need: Need, person: str) -> float:
    own = picture.staff.ids.index(person)
    spare = [(picture.staff.level(own, skill) - level, picture.staff.level(own, skill)) for skill, level in need.skills]
    return min(spare)[1] if spare else math.nan


def _nearest(picture: Picture, skills: Skills) -> tuple[str, float] | None:
    """Find who lacks least in sum, a skill that is not assessed lacking all of it and more, and the level that lacks most."""
    staff = picture.staff
    rest = sorted(set(range(len(staff.ids))) - staff.qualified(Need(skills=skills)))
    if not rest:
        return None

    def lack(person: int, skill: str, level: float) -> float:
        own = staff.level(person, skill)
        return level + 1 if math.isnan(own) else max(0.0, level - own)

    best = min(rest, key=lambda person: sum(lack(person, skill, level) for skill, level in skills))
    worst = max(skills, key=lambda pair: lack(best, *pair))[0]
    return staff.ids[best], staff.level(best, worst)
