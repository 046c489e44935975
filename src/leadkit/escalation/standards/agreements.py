"""What is promised to customers, and what teams promise each other so that it can be kept."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

import attrs
from attrs import field, frozen

from leadkit._checks import as_amount, id_faults, text_faults
from leadkit._durations import duration_of, duration_text
from leadkit._fields import number_faults
from leadkit._results import Value
from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import duration_faults, raise_faults
from leadkit.escalation.standards.measures import MEASURES

__all__ = ["InternalAgreement", "ServiceStandard"]


def _as_threshold(value: Any) -> Any:
    return value if isinstance(value, timedelta) else as_amount(value)


@frozen(kw_only=True, eq=False)
class ServiceStandard(Value):
    """A standard at one critical point of the delivery process.

    Parameters
    ----------
    id : str
        Its id.
    critical_point : str
        The named place on the mapped process at which success is decided.
    measure : str
        A kind of clock ("first_response", "next_response", "resolution") or the id of a metric; see `MEASURES`.
    threshold : datetime.timedelta or float
        What a case has to keep: a time for clocks and for metrics of time, a number of at least 0 for other metrics.
    target_share : float
        The share of cases that have to keep it, above 0 and at most 1. Metrics are judged by their value against
        `threshold`, which leaves nothing for it to say.
    unit : str
        What the threshold is told in, such as "hours".
    owner : str
        Who answers for it.
    variant : str, optional
        The variant of a service level, where the standard is one.

    Raises
    ------
    UnknownIdError
        The measure is not known.
    EscalationError
        Another part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import timedelta
    >>> promise = ServiceStandard(
    ...     id="reply",
    ...     critical_point="first reply",
    ...     measure="first_response",
    ...     threshold=timedelta(hours=4),
    ...     target_share=0.9,
    ...     unit="hours",
    ...     owner="ann",
    ... )
    >>> promise.target_share
    0.9
    >>> promise.to_dict()["threshold"], ServiceStandard.from_dict(promise.to_dict()) == promise
    ('PT4H', True)
    """

    id: str
    critical_point: str
    measure: str
    threshold: timedelta | float = field(converter=_as_threshold)
    target_share: float = field(converter=as_amount)
    unit: str
    owner: str
    variant: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = [fault for name in ("id", "critical_point", "owner") for fault in id_faults(getattr(self, name), name)]
        faults += id_faults(self.measure, "measure") + share_faults(self.target_share, "target_share")
        faults += text_faults(self, "unit")
        if self.variant is not None:
            faults += id_faults(self.variant, "variant")
        measure = MEASURES.get(self.measure) if isinstance(self.measure, str) else None
        if measure is not None and measure.is_time:
            faults += duration_faults(self.threshold, "threshold")
        elif measure is not None:
            faults += _number_threshold_faults(self.threshold, is_share=measure.judged == "share")
        raise_faults(faults, f"standard {self.id!r}", EscalationError)
        if measure is None:
            raise UnknownIdError.of(self.measure, MEASURES, kind="measure")

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain data for `from_dict` and for JSON; a threshold of time is ISO 8601 text."""
        found = {part.name: getattr(self, part.name) for part in attrs.fields(type(self))}
        return found | ({"threshold": duration_text(self.threshold)} if isinstance(self.threshold, timedelta) else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a standard from what `to_dict` gives; what has a default may be left out.

        Raises
        ------
        EscalationError
            A key is unknown or a part is wrong; `faults` holds everything that is, each with its path.
        """
        from leadkit._convert import structure_fields

        fields = data
        if isinstance(data, Mapping) and isinstance(data.get("threshold"), str):
            # a text that is no duration stays, for the check to name beside all other faults
            with contextlib.suppress(ValueError):
                fields = {**data, "threshold": duration_of(data["threshold"])}
        return structure_fields(fields, cls, error=EscalationError, subject="standard")


@frozen(kw_only=True, eq=False)
class InternalAgreement(Value):
    """What one team promises another: a budget of working time in its own calendar.

    Parameters
    ----------
    id : str
        Its id.
    provider, consumer : str
        Who does the work, and for whom.
    measure : str
        What is measured, in a word.
    budget : datetime.timedelta
        Working time allowed, at least 0.
    calendar : WorkCalendar
        When the provider works.
    target_share : float
        The share of cases that have to keep it, above 0 and at most 1.

    Raises
    ------
    EscalationError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> lab = WorkCalendar.weekly({"mon-thu": "10:00-16:00"}, zone="UTC")
    >>> fix = InternalAgreement(
    ...     id="l2", provider="L2", consumer="L1", measure="fix", budget=timedelta(hours=6), calendar=lab
    ... )
    >>> fix.target_share
    1.0
    """

    id: str
    provider: str
    consumer: str
    measure: str
    budget: timedelta
    calendar: WorkCalendar
    target_share: float = field(default=1.0, converter=as_amount)

    def __attrs_post_init__(self) -> None:
        names = ("id", "provider", "consumer", "measure")
        faults = [fault for name in names for fault in id_faults(getattr(self, name), name)]
        faults += duration_faults(self.budget, "budget")
        if not isinstance(self.calendar, WorkCalendar):
            faults.append(Fault("calendar", f"expected a WorkCalendar, got {self.calendar!r}"))
        faults += share_faults(self.target_share, "target_share")
        raise_faults(faults, f"agreement {self.id!r}", EscalationError)


def share_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is no share above 0."""
    faults = number_faults(value, where, above=0)
    if not faults and value > 1:  # type: ignore[operator]
        faults.append(Fault(where, f"expected at most 1, got {value!r}"))
    return faults


def _number_threshold_faults(value: object, *, is_share: bool) -> list[Fault]:
    faults = number_faults(value, "threshold")
    if not faults and not 0 <= value <= (1 if is_share else value):  # type: ignore[operator]
        told = "a share from 0 to 1" if is_share else "at least 0"
        faults.append(Fault("threshold", f"expected {told}, got {value!r}"))
    return faults
