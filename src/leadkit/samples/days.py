"""Synthetic days of people who lead a service team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadkit.samples._checks import count, share
from leadkit.typing import RNGLike

if TYPE_CHECKING:
    from leadkit.vitals import DayLog, Entry

__all__ = ["day_logs"]

FIRST_DAY = date(2026, 3, 2)
QUARTERS = 24 * 4


class Slot(NamedTuple):
    """A stretch of a usual day: start [h], activity, usual demand 1..5, and whether it tends to serve something."""

    start: float
    activity: str
    demand: int | None
    serves: bool


WORKDAY = (
    Slot(6.5, "breakfast with the family", 1, True),
    Slot(7.5, "on the way", 1, False),
    Slot(8.25, "planning the day", 3, True),
    Slot(9.0, "team huddle", 2, True),
    Slot(9.5, "difficult customer cases", 5, True),
    Slot(11.5, "e-mail", 2, False),
    Slot(12.5, "lunch", 1, False),
    Slot(13.25, "coaching", 4, True),
    Slot(14.75, "meetings", 3, False),
    Slot(16.0, "figures and reports", 4, False),
    Slot(17.25, "on the way", 1, False),
    Slot(18.0, "dinner and household", 2, True),
    Slot(19.5, "sport", 4, True),
    Slot(20.75, "reading", 2, True),
    Slot(22.5, "sleep", None, False),
)
FREE_DAY = (
    Slot(8.0, "breakfast with the family", 1, True),
    Slot(9.5, "household", 2, False),
    Slot(11.0, "sport", 4, True),
    Slot(13.0, "lunch", 1, False),
    Slot(14.0, "friends", 2, True),
    Slot(18.0, "dinner and household", 2, False),
    Slot(20.0, "series", 1, False),
    Slot(23.0, "sleep", None, False),
)


def day_logs(
    *,
    rng: RNGLike,
    n_days: int = 5,
    first_day: date = FIRST_DAY,
    serves: Sequence[str] = (),
    unlogged: float = 0.06,
) -> tuple[DayLog, ...]:
    """Draw the days of one person in a row: at work from Monday to Friday, free at the weekend.

    The person is a lark or an owl: all times shift by up to an hour, and energy peaks at a time of the person's own,
    between nine and six o'clock.

    Parameters
    ----------
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same sample.
    n_days : int
        Number of days, at least 0.
    first_day : date
        The first of them.
    serves : sequence of str
        Values and goals that hours can serve.
    unlogged : float
        Share of the stretches of a day that were not written down, in [0, 1).

    Returns
    -------
    tuple of DayLog
        Synthetic: about nobody.

    Raises
    ------
    ValueError
        An option is out of its range.

    Examples
    --------
    >>> monday = day_logs(rng=1, n_days=1)[0]
    >>> for entry in monday.entries[:3]:
    ...     print(entry.start, entry.activity, entry.demand, entry.energy)
    06:45:00 breakfast with the family 1 3
    07:30:00 on the way 1 3
    08:15:00 planning the day 4 3
    """
    from leadkit.vitals import DayLog

    count(n_days, "n_days")
    share(unlogged, "unlogged")
    rng = np.random.default_rng(rng)
    owl = float(rng.uniform(-1, 1))
    peak = 13.5 + 4.5 * owl
    liked = {slot.activity: _liked(serves, rng) for slot in (*WORKDAY, *FREE_DAY) if slot.serves}
    logs = []
    for i in range(n_days):
        day = first_day + timedelta(days=i)
        slots = FREE_DAY if day.weekday() >= 5 else WORKDAY
        entries = [entry for entry in _entries(slots, owl, peak, liked, rng) if rng.random() >= unlogged]
        logs.append(DayLog(day=day, entries=tuple(entries)))
    return tuple(logs)


def _liked(serves: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
    """Choose what an activity serves: one or two of the things that there are, or nothing."""
    chosen = rng.permutation(len(serves))[: int(rng.choice((0, 1, 1, 2)))].tolist()
    return tuple([str(serves[i]) for i in sorted(chosen)])


def _entries(
    slots: Sequence[Slot], owl: float, peak: float, liked: dict[str, tuple[str, ...]], rng: np.random.Generator
) -> list[Entry]:
    """Turn a usual day into one that happened, in quarters of an hour, round the clock."""
    from leadkit.vitals import Entry

    shift = round(4 * owl)
    starts = [round(4 * slot.start) + shift + int(rng.choice((0, 0, 1))) for slot in slots]
    entries = []
    for slot, start, end in zip(slots, starts, [*starts[1:], starts[0] + QUARTERS], strict=True):
        is_sleep = slot.demand is None
        energy = 3 + 1.7 * np.cos(2 * np.pi * ((start + end) / 8 - peak) / 24) + rng.normal(0, 0.4)
        demand = None if slot.demand is None else int(np.clip(slot.demand + rng.choice((-1, 0, 0, 0, 1)), 1, 5))
        entries.append(
            Entry(
                start=_clock(start),
                end=_clock(end),
                activity=slot.activity,
                demand=demand,
                energy=None if is_sleep else int(np.clip(np.rint(energy), 1, 5)),
                serves=liked.get(slot.activity, ()),
            )
        )
    return entries


def _clock(quarter: int) -> time:
    hour, part = divmod(quarter % QUARTERS, 4)
    return time(hour, 15 * part)
