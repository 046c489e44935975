"""The check that trusts nobody: whether a solution keeps every rule of its problem, in code of its own."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from leadkit.wbs.rcpsp.problem import Problem
from leadkit.wbs.rcpsp.solution import Solution
from leadkit.wbs.structure import Need

__all__ = ["violations"]


def violations(problem: Problem, solution: Solution) -> tuple[str, ...]:
    """List every rule of `problem` that `solution` breaks.

    Parameters
    ----------
    problem : Problem
        What was to be scheduled.
    solution : Solution
        What claims to be a schedule of it; nothing in it is taken for granted.

    Returns
    -------
    tuple of str
        One sentence a broken rule, with ids and times; empty for a good solution.
        With starts or lists of people that are not as many as activities, only that is said.

    Notes
    -----
    Checked are: releases, links of all kinds, shared resources at every instant, for each activity that its people are
    different, as many as its heads and can be divided among its needs by their skills, that nobody works on two
    activities at a time, that the makespan is the greatest finish, and that the lower bound is not above it.
    Nothing of this is shared with the code that makes schedules.

    Examples
    --------
    >>> problem = Problem([3, 2], [0], [1], ids=["model", "load"])
    >>> violations(problem, Solution(start=[0, 3], people=[[], []], makespan=5, lower_bound=5))
    ()
    >>> for broken in violations(problem, Solution(start=[0, 2], people=[[], [7]], makespan=4, lower_bound=5)):
    ...     print(broken)
    link 'model' -> 'load' (FS): 'load' starts at 2, at least 3 is due
    activity 'load': there is no person with index 7
    lower bound 5 is above the makespan 4
    """
    n = len(problem.ids)
    sizes = {"starts": solution.start.shape, "lists of people": (len(solution.people),)}
    wrong = [
        f"expected {n} {what}, one for each activity, got {_size(shape)}"
        for what, shape in sizes.items()
        if shape != (n,)
    ]
    if wrong:
        return tuple(wrong)
    start = solution.start.tolist()
    finish = [begin + length for begin, length in zip(start, problem.duration.tolist(), strict=True)]
    found = [*_early(problem, start), *_links(problem, start, finish), *_resources(problem, start, finish)]
    found += [*_teams(problem, solution.people), *_double(problem, solution.people, start, finish)]
    end = max(finish, default=0)
    if solution.makespan != end:
        found.append(f"makespan {solution.makespan} is not the greatest finish {end}")
    if solution.lower_bound > solution.makespan:
        found.append(f"lower bound {solution.lower_bound} is above the makespan {solution.makespan}")
    return tuple(found)


def _size(shape: tuple[int, ...]) -> str:
    return str(shape[0]) if len(shape) == 1 else f"an array of shape {shape}"


def _early(problem: Problem, start: Sequence[int]) -> Iterator[str]:
    for own, begin, release in zip(problem.ids, start, problem.release.tolist(), strict=True):
        if begin < release:
            yield f"activity {own!r} starts at {begin}, before its release at {release}"


def _links(problem: Problem, start: Sequence[int], finish: Sequence[int]) -> Iterator[str]:
    ends = zip(
        problem.predecessor.tolist(),
        problem.successor.tolist(),
        problem.kind.tolist(),
        problem.lag.tolist(),
        strict=True,
    )
    for i, j, kind, lag in ends:
        name = ("FS", "SS", "FF", "SF")[kind]
        due = (start[i] if name[0] == "S" else finish[i]) + lag
        got = start[j] if name[1] == "S" else finish[j]
        if got < due:
            verb = "starts" if name[1] == "S" else "finishes"
            first, second = problem.ids[i], problem.ids[j]
            yield f"link {first!r} -> {second!r} ({name}): {second!r} {verb} at {got}, at least {due} is due"


def _resources(problem: Problem, start: Sequence[int], finish: Sequence[int]) -> Iterator[str]:
    """Walk along time and add up what is taken and given back at each instant."""
    for r, limit in enumerate(problem.capacity.tolist()):
        changes: defaultdict[int, int] = defaultdict(int)
        for begin, end, amount in zip(start, finish, problem.demand[:, r].tolist(), strict=True):
            changes[begin] += amount
            changes[end] -= amount
        used = 0
        for instant in sorted(changes):
            used += changes[instant]
            if used > limit and changes[instant] > 0:
                yield f"resource {r}: {used} are used at {instant}, there are {limit}"


def _teams(problem: Problem, people: Sequence[Sequence[int]]) -> Iterator[str]:
    levels = [dict(zip(problem.skill_ids, row, strict=True)) for row in problem.levels.tolist()]
    works = problem.duration.tolist()
    for own, team, needs, length in zip(problem.ids, people, problem.needs, works, strict=True):
        strangers = [person for person in team if not 0 <= person < len(levels)]
        if strangers:
            yield from (f"activity {own!r}: there is no person with index {person}" for person in strangers)
            continue
        heads = sum(need.heads for need in needs) if length else 0
        if len(set(team)) < len(team):
            yield f"activity {own!r}: somebody is in its team twice"
        if len(team) != heads:
            yield f"activity {own!r}: expected {heads} people, got {len(team)}"
        elif heads and not _can_divide(needs, [levels[person] for person in team]):
            names = ", ".join(repr(problem.person_ids[person]) for person in team)
            yield f"activity {own!r}: {names} cannot be divided among its needs by their skills"


def _can_divide(needs: Sequence[Need], team: Sequence[dict[str, float]]) -> bool:
    """Place one person after the other, moving those placed before along an augmenting path (Kuhn's method)."""
    fits = [
        [all(levels[skill] >= level for skill, level in need.skills) for need in needs]  # NaN is not >= anything
        for levels in team
    ]
    placed: list[list[int]] = [[] for _ in needs]
    for newcomer in range(len(team)):
        reached: dict[int, tuple[int, int]] = {}
        queue = deque([newcomer])
        room = None
        while queue and room is None:
            person = queue.popleft()
            for k in range(len(needs)):
                if fits[person][k] and k not in reached:
                    home = next((h for h, members in enumerate(placed) if person in members), -1)
                    reached[k] = (person, home)
                    if len(placed[k]) < needs[k].heads:
                        room = k
                        break
                    queue.extend(placed[k])
        if room is None:
            return False
        while room != -1:
            person, home = reached[room]
            placed[room].append(person)
            if home != -1:
                placed[home].remove(person)
            room = home
    return True


def _double(
    problem: Problem, people: Sequence[Sequence[int]], start: Sequence[int], finish: Sequence[int]
) -> Iterator[str]:
    """Walk along the work of each person and compare each piece with the latest finish before it."""
    work: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for i, team in enumerate(people):
        for person in set(team):
            if 0 <= person < len(problem.person_ids) and finish[i] > start[i]:
                work[person].append((start[i], finish[i], i))
    for person in sorted(work):
        last, before = None, -1
        for begin, end, i in sorted(work[person]):
            if last is not None and begin < last:
                both = f"{problem.ids[before]!r} and {problem.ids[i]!r}"
                yield f"person {problem.person_ids[person]!r} works on {both} at {begin}"
            if last is None or end > last:
                last, before = end, i
