"""A plan on calendars: early and late dates, both floats, what binds each activity, and the critical paths."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any

import attrs
from attrs import field, frozen

from leadkit._fields import whole_number_faults
from leadkit._results import TableResult, plain
from leadkit.errors import UnknownIdError
from leadkit.wbs.dates._paths import paths
from leadkit.wbs.network import LINK_KINDS
from leadkit.wbs.plan import Plan

__all__ = ["Activity", "Schedule"]


# a plan has thousands of these, and attrs fills a dictionary twice as fast as slots
@frozen(kw_only=True, slots=False)
class Activity:
    """A work package, a hand-over or a gate with its dates.

    Parameters
    ----------
    id, code, name : str
        Which it is; hand-overs and gates have no code.
    duration : int
        Working time [min].
    early_start, early_finish : datetime.datetime
        The earliest dates.
    late_start, late_finish : datetime.datetime
        The latest dates with which the plan still ends when it can and keeps its deadlines.
    total_float : int
        By how much it can be later in all, in working time of its own calendar [min]; negative when a deadline cannot
        be met.
    free_float : int
        By how much it alone can be later before another early date or the finish moves [min], at least 0.
    is_critical : bool
        Whether it has no total float and is not done.
    driven_by : tuple of str
        What binds the early start, sorted: kind and id of a link such as "FS A", "not_before", or "start" for the start
        of the plan; in a forecast also "as_of", the day it is made, and "actual", a start that did happen.
    limit : datetime.datetime
        The time limit: the late finish.
    days : float
        The number of days: the duration over `plan.day_minutes`.
    """

    id: str
    code: str
    name: str
    duration: int
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    total_float: int
    free_float: int
    is_critical: bool
    driven_by: tuple[str, ...]
    limit: datetime
    days: float


FIELDS = tuple(part.name for part in attrs.fields(Activity))


@frozen(kw_only=True, eq=False)
class Schedule(TableResult):
    """The dates of a plan when everything that is needed is there.

    All instants read in the time zone of the plan's calendar; each holds its offset from UTC, so that they compare and
    subtract exactly, also over a change of the clocks.

    Parameters
    ----------
    rows : tuple of Activity
        The activities in the order of `plan.activities`.
    start, finish : datetime.datetime
        The earliest early start and the latest early finish; both the start of a plan without activities.
    duration : int
        Working time of the plan's calendar between them [min].
    critical : tuple of str
        Ids of the critical activities, by early start, then id.
    late_by : int
        Working time from the deadline of the plan to the finish [min], a part of a minute counting as one; 0 where it is
        met or there is none. The deadline of the plan bounds no late date.
    point : str or float
        Which point of the estimates the durations are.
    zone : str
        The time zone of the plan's calendar.
    flags : tuple of str
        What is doubtful, words of `leadkit.wbs.WBS_FLAGS`, with an id after a colon where one is meant.
    plan : Plan
        The plan that the dates are of; no part of equality and of `to_dict`.
    """

    rows: tuple[Activity, ...]
    start: datetime
    finish: datetime
    duration: int
    critical: tuple[str, ...]
    late_by: int
    point: str | float
    zone: str
    flags: tuple[str, ...] = ()
    _plan: Plan = field(alias="plan", repr=False, eq=False)

    @property
    def plan(self) -> Plan:
        """The plan that these dates are of."""
        return self._plan

    def row(self, id: str) -> Activity:  # noqa: A002 - the field's name
        """Find an activity by its id; an unknown one raises `UnknownIdError`."""
        if id not in self._by_id:
            raise UnknownIdError.of(id, self._by_id, kind="activity")
        return self._by_id[id]

    def critical_paths(self, limit: int = 10) -> tuple[tuple[str, ...], ...]:
        """Follow the critical activities along the links that drive them.

        A path begins at a critical activity that no critical one drives and ends at one that drives no critical one: at
        the finish, or where a deadline is missed. Where a calendar leaves a driver some float, the path begins after it.

        Parameters
        ----------
        limit : int
            The most paths to give, at least 1.

        Returns
        -------
        tuple of tuple of str
            Ids along each path; earlier and, at the same instant, smaller ids come first.

        Raises
        ------
        ValueError
            `limit` is no whole number of at least 1.
        """
        most = _at_least(1, limit, "limit")
        critical = set(self.critical)
        followers: dict[str, list[str]] = defaultdict(list)
        driven = set()
        for own in self.critical:
            for other in dict.fromkeys(_drivers(self._by_id[own])):
                if other in critical:
                    followers[other].append(own)
                    driven.add(own)
        starts = [own for own in self.critical if own not in driven]
        return tuple(islice(paths(starts, followers), most))

    def near_critical(self, minutes: int) -> tuple[str, ...]:
        """List the activities whose total float is above 0 and at most `minutes`, by early start, then id.

        Parameters
        ----------
        minutes : int
            Working time [min], at least 0.

        Returns
        -------
        tuple of str
            Their ids.

        Raises
        ------
        ValueError
            `minutes` is no whole number of at least 0.
        """
        most = _at_least(0, minutes, "minutes")
        return in_time_order([row for row in self.rows if 0 < row.total_float <= most])

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an activity, with the fields of `Activity`; instants as ISO text, drivers in one text."""
        return [
            {**{name: plain(getattr(row, name)) for name in FIELDS}, "driven_by": ", ".join(row.driven_by)}
            for row in self.rows
        ]

    @cached_property
    def _by_id(self) -> dict[str, Activity]:
        return {row.id: row for row in self.rows}


def in_time_order(rows: list[Activity]) -> tuple[str, ...]:
    """Give the ids of activities by early start, then id."""
    return tuple(row.id for row in sorted(rows, key=attrgetter("early_start", "id")))


def _drivers(row: Activity) -> list[str]:
    """List the ids in what drives an activity; "FS A" is the link from A, "start" is none."""
    return [name[3:] for name in row.driven_by if name[:2] in LINK_KINDS and name[2:3] == " "]


def _at_least(least: int, value: int, name: str) -> int:
    if whole_number_faults(value, name) or value < least:
        msg = f"{name}: expected a whole number of at least {least}, got {value!r}"
        raise ValueError(msg)
    return int(value)
