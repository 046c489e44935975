"""What keeps each activity from starting earlier, and whom the finish waits for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from leadkit.wbs.assignment._generating import Generator, Schedule

KINDS: Final = ("FS", "SS", "FF", "SF")


class Binding:
    """The reasons of a schedule.

    Parameters
    ----------
    generator : Generator
        Knows links and calendars.
    made : Schedule
        The schedule.
    """

    def __init__(self, generator: Generator, made: Schedule) -> None:
        self.generator, self.made = generator, made
        self.before = self._before()
        self.reasons = [self._of(j) for j in range(generator.work.n)]

    def words(self, j: int) -> tuple[str, ...]:
        """Give the reasons of one activity as text, sorted."""
        return tuple(sorted(self.reasons[j]))

    def bottleneck(self, share: Mapping[str, float]) -> tuple[str, ...]:
        """Walk back from the last finish and collect the people whom nothing but their other work keeps."""
        last = max(self.made.finish, default=0)
        queue = [j for j, finish in enumerate(self.made.finish) if finish == last]
        seen, people = set(queue), set()
        for j in queue:
            if all(word == "calendar" or word.startswith("person ") for word in self.reasons[j]):
                people |= {word.removeprefix("person ") for word in self.reasons[j] if word != "calendar"}
            for i in self.reasons[j].values():
                if i is not None and i not in seen:
                    seen.add(i)
                    queue.append(i)
        return tuple(sorted(people, key=lambda person: (-share[person], person)))

    def _before(self) -> list[dict[int, int]]:
        """Find what each person of an activity does before it."""
        start, _, people = self.made
        found: list[dict[int, int]] = [{} for _ in start]
        last: dict[int, int] = {}
        for j in sorted(range(len(start)), key=start.__getitem__):
            for person in people[j]:
                if person in last:
                    found[j][person] = last[person]
                last[person] = j
        return found

    def _of(self, j: int) -> dict[str, int | None]:
        """Find the reasons of one activity, each with the activity behind it if there is one."""
        generator, work = self.generator, self.generator.work
        start, finish, people = self.made
        staff = work.staff
        begins: dict[str, tuple[int, int | None]] = {"start": (generator.low, None)}
        not_before = work.tasks[j].not_before
        if not_before is not None:
            begins["not_before"] = (not_before, None)
        ends: dict[str, tuple[int, int | None]] = {}
        for into in generator.into[j]:
            kind = KINDS[2 * into.to_finish + into.from_start]
            chosen = ends if into.to_finish else begins
            name, bound = f"{kind} {work.tasks[into.other].id}", generator.lagged(into, start, finish)
            chosen[name] = (max(bound, chosen.get(name, (bound, None))[0]), into.other)
        if work.tasks[j].is_point:
            return {name: i for name, (t, i) in {**ends, **begins}.items() if t == start[j]} or {"slack": None}
        for person, i in self.before[j].items():
            begins[f"person {staff.ids[person]}"] = (finish[i], i)
        way = generator.way(j, people[j])
        low = generator.low
        found = {name: i for name, (t, i) in begins.items() if generator.first(way, max(t, low), low) == start[j]}
        targets = {name: (generator.target(j, t), i) for name, (t, i) in ends.items()}
        late = {n: i for n, (t, i) in targets.items() if t > low and generator.first(way, low, t) == start[j]}
        if people[j] and not late and found:
            latest = max(t for t, _ in begins.values())
            if generator.own[j].opening(max(latest, low)) < start[j]:
                found["calendar"] = None
        return {**found, **late} or {"slack": None}
