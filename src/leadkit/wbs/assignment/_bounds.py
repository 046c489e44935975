"""Before when no schedule of a plan can finish: the links alone, and the work that only some people can do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

from leadkit.wbs.assignment._generating import least_minutes
from leadkit.wbs.assignment._open import FAR, MINUTE, OpenTime
from leadkit.wbs.assignment._work import Work


def earliest_finish(work: Work, early_start: Sequence[int], early_finish: Sequence[int]) -> int:
    """Give an instant before which no schedule finishes.

    Parameters
    ----------
    work : Work
        The plan.
    early_start, early_finish : sequence of int
        Of each activity, whatever people do otherwise [us].

    Returns
    -------
    int
        The greatest of the early finishes, and, for the people who alone can do some of the needs, of the instant at
        which their open time since the first of these could start is enough for that work [us].
    """
    best = max(early_finish, default=work.start)
    pieces = _pieces(work, early_start)
    for group in _groups(work):
        inside = [(begin, minutes) for able, begin, minutes in pieces if able <= group]
        lines = [work.clock.shared([work.staff.calendars[person]]) for person in sorted(group)]
        best = max(best, _enough(lines, sorted(inside)))
    return best


def _pieces(work: Work, early_start: Sequence[int]) -> list[tuple[frozenset[int], int, int]]:
    """List the needs of all activities: who can do each, when at the earliest, and how much work it is at least [us]."""
    return [
        (able, early_start[j], least_minutes(work, j) * MINUTE * heads)
        for j, task in enumerate(work.tasks)
        for able, heads in _narrowed(work, j)
    ]


def _narrowed(work: Work, j: int) -> list[tuple[frozenset[int], int]]:
    """Take the people an activity has been given as a need each; they are all it has where they are enough."""
    task = work.tasks[j]
    if len(task.given) == task.heads:
        return [(frozenset([person]), 1) for person in task.given]
    return list(task.slots)


def _groups(work: Work) -> list[frozenset[int]]:
    """List sets of people to look at: of single needs, of all needs with a skill, of single people given, everyone."""
    found: dict[frozenset[int], None] = {}
    by_skill: dict[str, frozenset[int]] = {}
    for j, task in enumerate(work.tasks):
        for able, _ in _narrowed(work, j):
            found[able] = None
        if task.slots and task.package is not None:
            for need in task.package.needs:
                for skill, _ in need.skills:
                    by_skill[skill] = by_skill.get(skill, frozenset()) | work.staff.qualified(need)
    found.update(dict.fromkeys(by_skill.values()))
    everyone = frozenset(chain.from_iterable(found))
    return [*found, *([everyone] if everyone and everyone not in found else [])]


def _enough(lines: Sequence[OpenTime], pieces: Sequence[tuple[int, int]]) -> int:
    """Find when people have worked as much as each tail of the work, by earliest start, needs; FAR where they never have."""
    tails = list(accumulate(minutes for _, minutes in reversed(pieces)))[::-1]
    best = 0
    for (begin, _), work in zip(pieces, tails, strict=True):
        if begin < FAR and _done(lines, begin, best) < work:
            best = _when(lines, begin, work)
    return best


def _done(lines: Sequence[OpenTime], begin: int, end: int) -> int:
    return sum(max(0, line.worked(end) - line.worked(begin)) for line in lines) if end > begin else 0


def _when(lines: Sequence[OpenTime], begin: int, work: int) -> int:
    """Find by halving the first instant at which so much open time has passed for all together [us]."""
    share = -(-work // len(lines))
    high = max(line.end(line.worked(begin) + share, begin) for line in lines)
    if high >= FAR:
        # some are not there for their share: one who is there for all of it is enough
        high = min(line.end(line.worked(begin) + work, begin) for line in lines)
    if high >= FAR:
        return 0
    low = begin
    while low < high:
        middle = (low + high) // 2
        if _done(lines, begin, middle) >= work:
            high = middle
        else:
            low = middle + 1
    return low
