"""Dates against a walk over minutes, against the critical path in working minutes, and against trial."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.wbs import Estimate, Group, Lag, Link, Plan, Wbs, WorkPackage, cpm, schedule
from leadkit.wbs.dates._dates import Dates, dates_on_calendars
from leadkit.wbs.dates._forward import Early, forward
from leadkit.wbs.dates._frame import Frame, frame_of, is_uniform
from leadkit.wbs.dates._uniform import uniform_dates

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 160
FIRST = 60 * 1440
MINUTE = timedelta(minutes=1)
SHORT_DAYS = {
    "a": WorkCalendar.weekly({"mon-sun": "08:00-08:40, 09:00-09:30"}, zone="UTC"),
    "b": WorkCalendar.weekly({"mon-sun": "08:20-09:10"}, zone="UTC"),
    "c": WorkCalendar.weekly({"mon-fri": "23:30-00:40", "sat-sun": "12:00-12:30"}, zone="UTC"),
    "d": WorkCalendar.always(),
}
LONG_DAYS = (
    WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="UTC", holidays=[date(2026, 3, 4)]),
    WorkCalendar.weekly({"mon-sun": "22:00-06:00"}, zone="America/New_York"),
    WorkCalendar.weekly({"mon": "08:00-16:00", "sat": "10:00-24:00"}, zone="Europe/Berlin"),
    WorkCalendar.always(),
)


@cache
def opening(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Tell of each minute whether a calendar is open, and how many open ones lie before it."""
    is_open = np.zeros(DAYS * 1440, dtype=bool)
    for span in SHORT_DAYS[name].intervals(EPOCH, EPOCH + timedelta(days=DAYS)):
        is_open[(span.start - EPOCH) // MINUTE : (span.end - EPOCH) // MINUTE] = True
    return is_open, np.concatenate([[0], np.cumsum(is_open)])


class Walk:
    """The rules of the specification, minute by minute."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.network = plan, plan.network()
        self.start = (plan.start - EPOCH) // MINUTE
        names = [package.calendar or "a" for package in plan.wbs.packages]
        self.open = [opening(name)[0] for name in names]
        self.worked = [opening(name)[1] for name in names]
        self.duration = self.network.duration.tolist()
        columns = (self.network.predecessor, self.network.successor, self.network.kind, self.network.lag)
        table = zip(*(part.tolist() for part in columns), self.network.elapsed.tolist(), strict=True)
        self.links = [(i, j, ("FS", "SS", "FF", "SF")[kind], lag, elapsed) for i, j, kind, lag, elapsed in table]

    def finish_of(self, own: int, t: int) -> int:
        """Find the first minute by which the work is done."""
        worked = self.worked[own]
        return int(worked.searchsorted(worked[t] + self.duration[own])) if self.duration[own] else t

    def lagged(self, t: int, kind: str, lag: int, *, elapsed: bool) -> int:
        if not lag or elapsed:
            return t + lag
        is_open, worked = opening("a")
        bound = int(worked.searchsorted(worked[t] + lag))
        return bound if kind[1] == "F" else bound + int(np.argmax(is_open[bound : bound + 9999]))

    def bound(self, link: tuple[int, int, str, int, bool], start: int, finish: int) -> int:
        _, _, kind, lag, elapsed = link
        return self.lagged(finish if kind[0] == "F" else start, kind, lag, elapsed=elapsed)

    def holds(self, link: tuple[int, int, str, int, bool], bound: int, other: tuple[int, int]) -> bool:
        """Tell whether a link that asks for `bound` lets its successor have the dates `other`."""
        j, kind = link[1], link[2]
        if kind[1] == "S" or not self.duration[j]:
            return bound <= other[kind[1] == "F"]
        return bool(self.worked[j][other[1]] >= self.worked[j][bound])

    def early(self) -> list[tuple[int, int]]:
        dates: dict[int, tuple[int, int]] = {}
        while len(dates) < len(self.duration):
            for own in range(len(self.duration)):
                into = [link for link in self.links if link[1] == own]
                if own not in dates and all(link[0] in dates for link in into):
                    dates[own] = self._earliest(own, into, dates)
        return [dates[own] for own in range(len(self.duration))]

    def _earliest(self, own: int, into: list[Any], dates: dict[int, tuple[int, int]]) -> tuple[int, int]:
        limit = self.plan.wbs.packages[own].not_before
        t = max(self.start, (limit - EPOCH) // MINUTE if limit else 0)
        bounds = [(link, self.bound(link, *dates[link[0]])) for link in into]
        if not self.duration[own]:
            t = max([t, *(bound for _, bound in bounds)])
            return t, t
        while not self.open[own][t] or not all(
            self.holds(link, bound, (t, self.finish_of(own, t))) for link, bound in bounds
        ):
            t += 1
        return t, self.finish_of(own, t)

    def late(self, early: list[tuple[int, int]]) -> list[tuple[int, int]]:
        end = max(finish for _, finish in early)
        dates: dict[int, tuple[int, int]] = {}
        while len(dates) < len(early):
            for own in range(len(early)):
                out_of = [link for link in self.links if link[0] == own]
                if own not in dates and all(link[1] in dates for link in out_of):
                    dates[own] = self._latest(own, out_of, dates, end)
        return [dates[own] for own in range(len(early))]

    def _latest(self, own: int, out_of: list[Any], dates: dict[int, tuple[int, int]], end: int) -> tuple[int, int]:
        deadline = self.plan.wbs.packages[own].deadline
        limit = min(end, (deadline - EPOCH) // MINUTE if deadline else end)
        t = limit
        while True:
            if not self.duration[own] or self.open[own][t]:
                finish = self.finish_of(own, t)
                if finish <= limit and all(self._leaves(link, (t, finish), dates[link[1]], end) for link in out_of):
                    return t, finish
            t -= 1

    def _leaves(self, link: Any, own: tuple[int, int], other: tuple[int, int], end: int) -> bool:
        _, j, kind, lag, elapsed = link
        if not self.duration[j] and other[1] == end and kind[1] == "S" and lag and not elapsed:
            worked = opening("a")[1]
            return bool(worked[self.bound(link, *own)] <= worked[end])
        return self.holds(link, self.bound(link, *own), other)


@st.composite
def plans(
    draw: st.DrawFn, *, calendars: Any, names: tuple[str, ...] = (), most: int = 90, deadlines: bool = True
) -> Plan:
    n = draw(st.integers(1, 5))
    lengths = draw(st.lists(st.one_of(st.integers(1, most), st.sampled_from([0, 30, 70, 120])), min_size=n, max_size=n))
    limits = st.none() | st.integers(FIRST, FIRST + 4 * 1440)
    ids = draw(st.permutations([f"P{j}" for j in range(n)]))
    packages = [
        WorkPackage(
            id=own,
            estimate=Estimate.fixed(minutes, unit="m"),
            calendar=draw(st.sampled_from(names)) if names and minutes else None,
            not_before=_instant(draw(limits)) if names else None,
            deadline=_instant(draw(limits)) if names and minutes and deadlines else None,
        )
        for own, minutes in zip(ids, lengths, strict=True)
    ]
    links = [
        Link(
            predecessor=packages[i].id,
            successor=packages[j].id,
            kind=draw(st.sampled_from(["FS", "FS", "SS", "FF", "SF"])),
            lag=Lag.minutes(
                draw(st.sampled_from([0, 0, 30, -30, 70, -70, 480])), elapsed=bool(names) and draw(st.booleans())
            ),
        )
        for i in range(n)
        for j in range(i + 1, n)
        if draw(st.integers(0, 2))
    ]
    return Plan(
        wbs=Wbs(root=Group(id="site", children=draw(st.permutations(packages)))),
        start=EPOCH + (FIRST + draw(st.sampled_from([0, 500, 1440 + 520, 5 * 1440 + 1020]))) * MINUTE,
        links=links,
        calendar=draw(calendars),
        calendars=SHORT_DAYS if names else {},
    )


def _instant(minute: int | None) -> datetime | None:
    return None if minute is None else EPOCH + minute * MINUTE


MIXED = plans(calendars=st.just(SHORT_DAYS["a"]), names=("a", "b", "c", "d"))
UNIFORM = plans(calendars=st.sampled_from(LONG_DAYS), most=600)


def general(plan: Plan) -> Dates:
    return dates_on_calendars(frame_of(plan, plan.network()))


@given(MIXED)
@settings(max_examples=15)
def test_dates_are_those_of_a_walk_over_minutes(plan: Plan) -> None:
    walk, found = Walk(plan), schedule(plan)
    early = walk.early()
    assert [(row.early_start, row.early_finish) for row in found.rows] == [
        (EPOCH + a * MINUTE, EPOCH + b * MINUTE) for a, b in early
    ]
    late = walk.late(early)
    assert [(row.late_start, row.late_finish) for row in found.rows] == [
        (EPOCH + a * MINUTE, EPOCH + b * MINUTE) for a, b in late
    ]
    for own, row in enumerate(found.rows):
        worked = walk.worked[own]
        assert row.total_float == worked[late[own][0]] - worked[early[own][0]]


@given(plans(calendars=st.just(SHORT_DAYS["a"]), names=("a", "b", "c", "d"), deadlines=False))
@settings(max_examples=25)
def test_floats_by_trial(plan: Plan) -> None:
    frame = frame_of(plan, plan.network())
    found, early = dates_on_calendars(frame), forward(frame)
    assert min(found.total_float) >= 0
    for own, (total, free) in enumerate(zip(found.total_float.tolist(), found.free_float.tolist(), strict=True)):
        for more in (0, 1):
            moved = forward(frame, earliest={own: later(frame, own, early.start[own], total + more)})
            end = max(moved.finish)
            assert end > found.end if more else frame.clock.worked(end) == frame.clock.worked(found.end)
            moved = forward(frame, earliest={own: later(frame, own, early.start[own], free + more)})
            assert (others(frame, own, moved) != others(frame, own, early)) == bool(more)


def later(frame: Frame, own: int, t: int, minutes: int) -> int:
    """Go on by working minutes of an activity; a milestone no farther than it must."""
    ruler = frame.rulers[own]
    worked = ruler.worked(t) + minutes * 60_000_000
    if not minutes:
        return t
    found = ruler.latest(worked, t) if frame.duration[own] else ruler.earliest(worked, t)
    assert found is not None
    return found


def others(frame: Frame, own: int, early: Early) -> list[int]:
    """List all early dates but one, and the end; where one calendar rules, in working time."""
    dates = [t for j, pair in enumerate(zip(early.start, early.finish, strict=True)) if j != own for t in pair]
    dates.append(max(early.finish))
    return [frame.clock.worked(t) for t in dates] if frame.is_uniform else dates


@given(UNIFORM)
@settings(max_examples=25)
def test_both_ways_agree_where_one_calendar_rules(plan: Plan) -> None:
    network = plan.network()
    assert is_uniform(plan, network)
    fast, slow = uniform_dates(plan, network), general(plan)
    assert fast is not None
    for name in ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float", "driven_by"):
        assert np.array_equal(getattr(fast, name), getattr(slow, name)) or getattr(fast, name) == getattr(slow, name), (
            name
        )
    assert (fast.end, fast.is_critical) == (slow.end, slow.is_critical)


@given(UNIFORM)
@settings(max_examples=25)
def test_one_calendar_maps_the_critical_path_in_minutes(plan: Plan) -> None:
    network, calendar = plan.network(), plan.calendar
    path = cpm(network.duration, network.predecessor, network.successor, kind=network.kind, lag=network.lag)
    found = schedule(plan)
    assert [row.total_float for row in found.rows] == path.total_float.tolist()
    assert [row.free_float for row in found.rows] == path.free_float.tolist()
    for own, row in enumerate(found.rows):
        for name, side in (
            ("early_start", "start"),
            ("early_finish", "finish"),
            ("late_start", "start"),
            ("late_finish", "finish"),
        ):
            minutes, date_ = int(getattr(path, name)[own]), getattr(row, name)
            assert calendar.elapsed(plan.start, date_) == minutes * MINUTE
            if row.duration:
                assert date_ == calendar.add(plan.start, minutes * MINUTE, side=side)  # type: ignore[arg-type]


@given(MIXED, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_links_does_not_matter(plan: Plan, random: Any) -> None:
    links = list(plan.links)
    random.shuffle(links)
    assert schedule(plan.with_(links=links)) == schedule(plan)


@given(UNIFORM)
@settings(max_examples=15)
def test_a_wider_calendar_never_finishes_later(plan: Plan) -> None:
    links = [
        Link(predecessor=own.predecessor, successor=own.successor, lag=Lag.minutes(int(abs(own.lag.amount))))
        for own in plan.links
    ]
    plan = plan.with_(links={(own.predecessor, own.successor): own for own in links}.values())
    wider = plan.with_(calendar=WorkCalendar.always(plan.calendar.tz.key))
    assert schedule(wider).finish <= schedule(plan).finish


@given(MIXED)
@settings(max_examples=15)
def test_critical_paths_are_chains_of_drivers(plan: Plan) -> None:
    found = schedule(plan)
    critical = {row.id for row in found.rows if row.is_critical}
    walked = found.critical_paths(limit=1000)
    assert {own for path in walked for own in path} == critical == set(found.critical)
    for path in walked:
        for first, second in pairwise(path):
            assert {f"{kind} {first}" for kind in ("FS", "SS", "FF", "SF")} & set(found.row(second).driven_by)
