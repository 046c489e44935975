"""What is reported about work: how far each package has come, and as of when."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

from attrs import field, frozen

from leadkit._checks import (
    amount_faults,
    as_amount,
    as_tuple,
    id_faults,
    in_utc,
    instant_faults,
    member_faults,
    text_faults,
)
from leadkit._fields import number_faults, repeated, whole_number_faults
from leadkit.errors import Fault
from leadkit.wbs._checking import raise_faults

__all__ = ["Progress", "Status"]


@frozen(kw_only=True)
class Progress:
    """How far one work package has come.

    Parameters
    ----------
    package : str
        Id of the work package, or of a milestone "handover:<id>" or "gate:<id>" that has been reached.
    percent : float, optional
        Share of its work that is done [%], 0..100. None leaves it to `remaining`: what is not left is done. Work with an
        actual finish is done, whatever the default of 0 says.
    actual_start, actual_finish : datetime.datetime, optional
        Aware instants at which work began and was done.
    remaining : int, optional
        Working time that is left [min]; None lets the forecast take the share that is not done of the planned time.
    actual_cost : float, optional
        What it has cost so far [money]; None is not known.
    steps_done : int, optional
        How many of its steps are done, for the rule "steps".
    note : str
        Whatever the reporter says.

    Raises
    ------
    PlanError
        A field is wrong or fields contradict each other; `faults` holds everything that is wrong.

    Examples
    --------
    >>> Progress(package="api", percent=40).percent
    40.0
    >>> Progress(package="api", percent=140, remaining=-5)
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: progress of 'api': 2 faults
      percent: 140 is outside 0..100
      remaining: expected at least 0, got -5
    """

    package: str
    percent: float | None = field(default=0.0, converter=as_amount)
    actual_start: datetime | None = field(default=None, eq=in_utc)
    actual_finish: datetime | None = field(default=None, eq=in_utc)
    remaining: int | None = None
    actual_cost: float | None = field(default=None, converter=as_amount)
    steps_done: int | None = None
    note: str = ""

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.package, "package") + _percent_faults(self.percent)
        of_dates = instant_faults(self.actual_start, "actual_start")
        of_dates += instant_faults(self.actual_finish, "actual_finish")
        faults += of_dates or self._order_faults()
        faults += _count_faults(self.remaining, "remaining")
        if self.actual_cost is not None:
            faults += amount_faults(self.actual_cost, "actual_cost")
        faults += _count_faults(self.steps_done, "steps_done") + text_faults(self, "note")
        raise_faults(faults or self._contradictions(), f"progress of {self.package!r}")

    @property
    def is_done(self) -> bool:
        """Whether the work is done: it has an actual finish or is at 100 %."""
        return self.actual_finish is not None or self.percent == 100

    @property
    def is_started(self) -> bool:
        """Whether anything is reported that tells of a start."""
        return self.is_done or self.actual_start is not None or bool(self.percent) or bool(self.steps_done)

    def _order_faults(self) -> list[Fault]:
        start, finish = in_utc(self.actual_start), in_utc(self.actual_finish)
        if start is None or finish is None or finish >= start:
            return []
        return [Fault("actual_finish", f"{finish.isoformat()} is before the start, {start.isoformat()}")]

    def _contradictions(self) -> list[Fault]:
        faults = []
        if self.actual_finish is not None and self.percent and self.percent < 100:
            faults.append(Fault("percent", f"{self.percent:g} % of what has an actual finish"))
        if self.is_done and self.remaining:
            faults.append(Fault("remaining", f"{self.remaining} minutes are left of what is done"))
        return faults


@frozen(kw_only=True)
class Status:
    """What is reported about a project as of one instant.

    Parameters
    ----------
    as_of : datetime.datetime
        Aware instant up to which it is true.
    progress : iterable of Progress
        At most one for each work package; what has none has not started.

    Raises
    ------
    PlanError
        A package is there twice, something is dated after `as_of`, or a field is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> friday, monday = datetime(2026, 1, 9, 17, tzinfo=UTC), datetime(2026, 1, 12, 8, tzinfo=UTC)
    >>> Status(as_of=friday, progress=[Progress(package="api", actual_start=monday)])
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: status: progress of 'api': actual_start 2026-01-12T08:00:00+00:00 is after 2026-01-09T17:00:00+00:00
    """

    as_of: datetime = field(eq=in_utc)
    progress: tuple[Progress, ...] = field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        of_date = instant_faults(self.as_of, "as_of")
        if self.as_of is None:
            of_date = [Fault("as_of", "expected a datetime, got None")]
        of_parts = member_faults(self.progress, Progress, "progress", "Progress")
        if not of_parts:
            of_parts = [
                Fault(f"progress of {own!r}", "is there more than once")
                for own in repeated(part.package for part in self.progress)
            ]
            of_parts += [] if of_date else self._late_faults()
        raise_faults(of_date + of_parts, "status")

    def of(self, package: str) -> Progress | None:
        """Find what is reported about a package; None where nothing is."""
        return self._by_package.get(package)

    @cached_property
    def _by_package(self) -> dict[str, Progress]:
        return {part.package: part for part in reversed(self.progress)}

    def _late_faults(self) -> list[Fault]:
        faults, until = [], self.as_of.astimezone(UTC)
        for part in self.progress:
            for name in ("actual_start", "actual_finish"):
                instant = in_utc(getattr(part, name))
                if instant is not None and instant > until:
                    what = f"{name} {instant.isoformat()} is after {until.isoformat()}"
                    faults.append(Fault(f"progress of {part.package!r}", what))
        return faults


def _percent_faults(percent: object) -> list[Fault]:
    if percent is None:
        return []
    faults = number_faults(percent, "percent")
    if not faults and not 0 <= percent <= 100:  # type: ignore[operator]
        faults = [Fault("percent", f"{percent:g} is outside 0..100")]
    return faults


def _count_faults(count: object, name: str) -> list[Fault]:
    if count is None:
        return []
    faults = whole_number_faults(count, name)
    if not faults and count < 0:  # type: ignore[operator]
        faults = [Fault(name, f"expected at least 0, got {count}")]
    return faults
