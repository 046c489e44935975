"""Strategies for the models of `leadkit.vitals`."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from leadkit import frameworks
from leadkit.vitals import DayLog, Entry, Goal, Strength, ValuesSort, VitalsAssessment

__all__ = ["day_log", "entry", "goal", "strength", "values_sort", "vitals_assessment"]

MONDAY = date(2026, 3, 2)
MINUTES_A_DAY = 1440
NAMES = st.sampled_from(("family", "growth", "honesty", "order", "wit", "ease", "fame"))
SERVED = st.lists(NAMES, max_size=2, unique=True).map(tuple)
RATINGS = st.none() | st.integers(1, 5)
ACTIVITIES = st.sampled_from(("sleep", "work", "rest", "family"))


def entry() -> st.SearchStrategy[Entry]:
    """Draw a stretch of a day; it may cross midnight."""
    minutes = st.integers(0, MINUTES_A_DAY - 1).map(_clock)
    return st.builds(
        Entry, start=minutes, end=minutes, activity=ACTIVITIES, demand=RATINGS, energy=RATINGS, serves=SERVED
    )


@st.composite
def day_log(
    draw: st.DrawFn,
    *,
    day: date = MONDAY,
    demand: st.SearchStrategy[int | None] = RATINGS,
    energy: st.SearchStrategy[int | None] = RATINGS,
) -> DayLog:
    """Draw a day of up to seven entries that do not overlap: the circle is cut, and some stretches are filled."""
    cuts = sorted(draw(st.lists(st.integers(0, MINUTES_A_DAY - 1), max_size=7, unique=True)))
    entries = [
        Entry(
            start=_clock(start),
            end=_clock(end),
            activity=draw(ACTIVITIES),
            demand=draw(demand),
            energy=draw(energy),
            serves=draw(SERVED),
        )
        for start, end in zip(cuts, cuts[1:] + cuts[:1], strict=True)
        if draw(st.booleans())
    ]
    return DayLog(day=day, entries=tuple(entries))


@st.composite
def values_sort(draw: st.DrawFn) -> ValuesSort:
    """Draw values with their importance, some of them with how far they are lived."""
    importance = draw(st.dictionaries(NAMES, st.integers(-3, 6) | st.floats(-9, 9), min_size=1))
    rated = draw(st.lists(st.sampled_from(sorted(importance)), unique=True))
    return ValuesSort(importance=importance, lived={name: draw(st.integers(0, 5)) * 20 for name in rated})


@st.composite
def goal(draw: st.DrawFn, *, id: str = "goal") -> Goal:  # noqa: A002 - the field's name
    """Draw a goal, complete or with parts missing."""
    started = draw(st.none() | st.dates(date(2024, 1, 1), date(2027, 1, 1)))
    due = draw(st.none() | st.dates(started or date(2024, 1, 1), date(2029, 1, 1)))
    return Goal(
        id=id,
        statement=draw(st.sampled_from(("", "Sing."))),
        measure=draw(st.sampled_from(("", "A song."))),
        due=due,
        commitment=draw(RATINGS),
        progress=draw(st.none() | st.floats(0, 1)),
        serves=draw(SERVED),
        started=started,
    )


@st.composite
def strength(draw: st.DrawFn, *, id: str = "strength") -> Strength:  # noqa: A002 - the field's name
    """Draw a strength with or without evidence."""
    evidence = draw(st.lists(st.sampled_from(("a letter", "<b>", "")), max_size=2))
    return Strength(id=id, name=draw(NAMES), rating=draw(st.integers(1, 5)), evidence=tuple(evidence))


@st.composite
def vitals_assessment(draw: st.DrawFn, *, person_id: str = "ann") -> VitalsAssessment:
    """Draw a self-assessment in which every part may be absent."""
    days = [MONDAY + timedelta(days=i) for i in range(draw(st.integers(0, 2)))]
    return VitalsAssessment(
        person_id=person_id,
        taken_on=MONDAY,
        answers=draw(st.dictionaries(st.sampled_from(frameworks.load("vitals").item_ids), RATINGS, max_size=36)),
        values=draw(st.none() | values_sort()),
        interests=draw(st.none() | st.dictionaries(NAMES, st.floats(-5, 5), min_size=1)),
        day_logs=tuple(draw(day_log(day=day)) for day in days),
        goals=tuple(draw(goal(id=f"g{i}")) for i in range(draw(st.integers(0, 2)))),
        strengths=tuple(draw(strength(id=f"s{i}")) for i in range(draw(st.integers(0, 3)))),
    )


def _clock(minute: int) -> time:
    return time(minute % MINUTES_A_DAY // 60, minute % 60)
