"""The plan: a work breakdown structure with links, a team, calendars, hand-overs, gates, metrics and risks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import attrs
import numpy as np
from attrs import Factory, field, frozen

from leadkit._checks import as_amount, as_tuple, instant_faults
from leadkit._fields import FrozenMapping, frozen_mapping
from leadkit._results import MOST_ROWS_SHOWN, Value, html_table, plain
from leadkit.calendars import WorkCalendar
from leadkit.errors import PlanError, UnknownIdError
from leadkit.wbs.plan._checking import check_plan
from leadkit.wbs.plan.goals import Event, Metric
from leadkit.wbs.plan.links import Link
from leadkit.wbs.plan.milestones import Gate, Handover
from leadkit.wbs.plan.network import Network, Places, Topology, gate_id, handover_id, topology
from leadkit.wbs.plan.people import Person, Team
from leadkit.wbs.plan.zones import office_hours, zone_name
from leadkit.wbs.structure import Group, Wbs, WorkPackage

__all__ = ["Plan"]


def _calendars(calendars: Any) -> Any:
    return frozen_mapping(calendars) if isinstance(calendars, Mapping) else calendars


def _office_hours(plan: Plan) -> Any:
    # None where the start names no zone, for the check to name
    zone = "UTC" if instant_faults(plan.start, "") or plan.start is None else zone_name(plan.start)
    return None if zone is None else office_hours(zone)


@frozen(kw_only=True, eq=False, repr=False)
class Plan(Value):
    """What there is to do, in which order, by whom, and from when on.

    Parameters
    ----------
    wbs : Wbs
        The work breakdown structure.
    start : datetime.datetime
        Aware instant before which nothing starts.
    links : iterable of Link
        What waits for what; a link may name a group, a hand-over ("handover:<id>") or a gate ("gate:<id>").
    team : Team
        The people and their skills.
    calendar : WorkCalendar
        The working time of everything and everybody without a calendar of their own, and of lags; 8 to 12 and 13 to 17
        o'clock, Monday to Friday, in the zone of `start` when left out.
    calendars : mapping of str to WorkCalendar
        The calendars that work packages name.
    handovers, gates : iterable of Handover, iterable of Gate
        Milestones at which work passes on.
    metrics : iterable of Metric
        Targets of the team or of one person.
    events : iterable of Event
        Discrete risks.
    deadline : datetime.datetime, optional
        When the whole is due.
    currency : str
        What costs are in.
    delay_cost : float, optional
        What a working day of delay costs.
    day_minutes : int
        Working minutes of a day, where days are counted.

    Raises
    ------
    PlanError
        A field is wrong, a link means nothing, or ids are taken twice; `faults` holds everything that is wrong.
    UnknownIdError
        An id is used that is not there; `faults` holds all of them with their places.
    CycleError
        The links go round in a circle; `cycle` names it.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Wbs, WorkPackage
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(2)) for own in ("design", "build")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design", successor="build"),
    ... )
    >>> plan
    Plan('site', 2 work packages, 1 link, 0 people, from 2026-01-05T08:00:00+00:00)
    >>> plan.network().duration
    array([960, 960])
    """

    wbs: Wbs
    start: datetime
    links: tuple[Link, ...] = field(default=(), converter=as_tuple)
    team: Team = field(factory=Team)
    calendar: WorkCalendar = field(default=Factory(_office_hours, takes_self=True))
    calendars: Mapping[str, WorkCalendar] = field(factory=FrozenMapping, converter=_calendars)
    handovers: tuple[Handover, ...] = field(default=(), converter=as_tuple)
    gates: tuple[Gate, ...] = field(default=(), converter=as_tuple)
    metrics: tuple[Metric, ...] = field(default=(), converter=as_tuple)
    events: tuple[Event, ...] = field(default=(), converter=as_tuple)
    deadline: datetime | None = None
    currency: str = ""
    delay_cost: float | None = field(default=None, converter=as_amount)
    day_minutes: int = 480
    _places: Places = field(init=False, eq=False)
    _topology: Topology = field(init=False, eq=False)
    _packages: Mapping[str, WorkPackage] = field(init=False, eq=False)
    _networks: dict[object, tuple[Network, bool]] = field(init=False, eq=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        places = check_plan(self)
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_topology", topology(self, places))
        object.__setattr__(self, "_packages", {package.id: package for package in self.wbs.packages})

    def __repr__(self) -> str:
        counts = (
            (len(self._packages), "work package", "work packages"),
            (len(self.links), "link", "links"),
            (len(self.team.people), "person", "people"),
        )
        said = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in counts)
        return f"Plan({self.wbs.root.id!r}, {said}, from {self.start.isoformat()})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (_made_again, (type(self), {part.name: getattr(self, part.name) for part in _parts(type(self))}))

    @property
    def activities(self) -> tuple[str, ...]:
        """The ids in the network: work packages in outline order, then "handover:<id>", then "gate:<id>"."""
        return self._places.ids

    @property
    def flags(self) -> tuple[str, ...]:
        """What is doubtful: "no_estimate:<id>" of packages without an estimate, "duplicate_link"."""
        without = [
            package.id for package in self.wbs.packages if package.estimate is None and package.kind != "milestone"
        ]
        double = self._network("mean")[1]
        return (*(["duplicate_link"] if double else []), *(f"no_estimate:{own}" for own in sorted(without)))

    def package(self, activity: str) -> WorkPackage | None:
        """Find the work package of an activity; None for hand-overs and gates, `UnknownIdError` for what is none."""
        if activity in self._packages:
            return self._packages[activity]
        self._expect_milestone(activity)
        return None

    def calendar_of(self, activity: str) -> WorkCalendar:
        """Find the calendar that an activity is done on: the one its package names, else the plan's."""
        package = self.package(activity)
        if package is None or package.kind == "milestone" or package.calendar is None:
            return self.calendar
        return self.calendars[package.calendar]

    def code(self, activity: str) -> str:
        """Give the code of an activity in the work breakdown structure; "" for hand-overs and gates."""
        return "" if self.package(activity) is None else self.wbs.code(activity)

    def name(self, activity: str) -> str:
        """Give what people call an activity: the name of its package, else its id."""
        package = self.package(activity)
        return activity if package is None else package.name or package.id

    def handover(self, id: str) -> Handover:  # noqa: A002 - the field's name
        """Find a hand-over by its own id; an unknown one raises `UnknownIdError`."""
        for own in self.handovers:
            if own.id == id:
                return own
        raise UnknownIdError.of(id, [own.id for own in self.handovers], kind="handover")

    def person(self, id: str) -> Person:  # noqa: A002 - the field's name
        """Find a person of the team; an unknown id raises `UnknownIdError`."""
        return self.team.person(id)

    def network(self, point: str | float = "mean") -> Network:
        """Give the activities and links as arrays for `cpm`.

        Parameters
        ----------
        point : {"mean", "mode"} or float
            Which point of the estimates: the mean, the mode, or the quantile of a share in [0, 1].

        Returns
        -------
        Network
            With durations in working minutes, groups spelled out, lags in minutes, and of links that are there twice
            the one with the larger lag.

        Raises
        ------
        ValueError
            `point` is none of these.
        """
        return self._network(point)[0]

    def with_(self, **changes: Any) -> Self:
        """Build a plan that differs in the fields that are named, such as `deadline=`."""
        return attrs.evolve(self, **changes)

    def replace(self, package_id: str, **changes: Any) -> Self:
        """Build a plan in which one work package differs in the fields that are named, such as `estimate=`."""
        if package_id not in self._packages:
            raise UnknownIdError.of(package_id, self._packages, kind="work package")
        new: Group | WorkPackage = attrs.evolve(self._packages[package_id], **changes)
        root, old = self.wbs.root, package_id
        parent = self.wbs.parent(package_id)
        while parent is not None:
            children = tuple(new if child.id == old else child for child in parent.children)
            new = root = attrs.evolve(parent, children=children)
            old, parent = parent.id, self.wbs.parent(parent.id)
        return self.with_(wbs=attrs.evolve(self.wbs, root=root))

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain data for `from_dict` and for JSON: instants as ISO text, the structure as rows."""
        return {part.name: plain(getattr(self, part.name)) for part in _parts(type(self))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a plan from plain data.

        Parameters
        ----------
        data : mapping
            What `to_dict` gives; what has a default may be left out. `start` comes back in the zone of the calendar.

        Returns
        -------
        Plan
            The plan.

        Raises
        ------
        PlanError
            A key is unknown or a part is wrong; `faults` holds everything that is, each with its path.
        """
        from leadkit._convert import structure_fields

        plan = structure_fields(data, cls, error=PlanError, subject="plan")
        return plan.with_(start=plan.start.astimezone(plan.calendar.tz))

    def _repr_html_(self) -> str:
        rows = [
            (self.wbs.code(own.id), own.id, own.name, own.duration() / self.day_minutes)
            for own in self.wbs.packages[:MOST_ROWS_SHOWN]
        ]
        rest = len(self._packages) - len(rows)
        table = html_table(repr(self), ("code", "id", "name", "days"), rows)
        return table + (f"<p>... and {rest} more work packages</p>" if rest else "")

    def _network(self, point: str | float) -> tuple[Network, bool]:
        if not isinstance(point, str | int | float):
            msg = f"point: expected 'mean', 'mode' or a share in [0, 1], got {point!r}"
            raise ValueError(msg)  # noqa: TRY004 - as for a point of another value
        if point not in self._networks:
            durations = [package.duration(point) for package in self.wbs.packages]
            milestones = [0] * (len(self.activities) - len(durations))
            made = self._topology.at(np.array(durations + milestones, dtype=np.int64))
            self._networks[point] = made
        return self._networks[point]

    def _expect_milestone(self, activity: str) -> None:
        milestones = [handover_id(own.id) for own in self.handovers] + [gate_id(own.id) for own in self.gates]
        if activity not in milestones:
            raise UnknownIdError.of(activity, self.activities, kind="activity")


def _parts(cls: type[Plan]) -> list[Any]:
    return [part for part in attrs.fields(cls) if part.init]


def _made_again(cls: type[Plan], fields: dict[str, Any]) -> Plan:
    return cls(**fields)
