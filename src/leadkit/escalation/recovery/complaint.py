"""A complaint and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, Self, TypeAlias, get_args

import attrs
from attrs import field, frozen

from leadkit._checks import as_amount, id_faults, in_utc, instant_faults, optional_id_faults, word_faults
from leadkit._fields import number_faults
from leadkit._results import Value, plain
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults

__all__ = ["Complaint", "ComplaintSource"]

ComplaintSource: TypeAlias = Literal["sought", "volunteered", "detected"]
"""How a complaint came: asked for, brought by the customer, or noticed by us before the customer spoke."""

SOURCES: Final[tuple[str, ...]] = get_args(ComplaintSource)
LARGEST: Final = 1e100
STAGES: Final = ("cause_fixed_at", "acknowledged_at", "apologised_at", "resolved_at")


def _as_utc(value: Any) -> Any:
    """Keep an instant in UTC; what is none stays as it is, for the check to name."""
    return value if instant_faults(value, "") else in_utc(value)


@frozen(kw_only=True, eq=False)
class Complaint(Value):
    """A complaint, and when what was done about it.

    Parameters
    ----------
    id : str
        Its id.
    received_at : datetime.datetime
        When it was received, with a time zone; this and all other instants are kept in UTC.
    ticket : str, optional
        Id of the ticket it is about.
    source : {"sought", "volunteered", "detected"}
        Asked for, brought by the customer, or noticed before the customer spoke.
    cause : str, optional
        Id of the root cause, as far as it is known.
    cause_fixed_at : datetime.datetime, optional
        When the cause was removed.
    acknowledged_at, apologised_at, resolved_at : datetime.datetime, optional
        When the customer was told that it is known, was apologised to, and had what was promised.
    symptom_only : bool
        Whether the symptom alone was treated.
    satisfaction_before, satisfaction_after : float, optional
        The customer's rating before and after, on one scale.

    Raises
    ------
    EscalationError
        A field is wrong, a cause is fixed that is not known, or a stage comes before the complaint, which is only possible
        for what was detected; `faults` holds everything that is.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> Complaint(id="c1", received_at=nine, source="volunteered", acknowledged_at=ten).acknowledged_at - nine
    datetime.timedelta(seconds=3600)
    >>> Complaint(id="c1", received_at=ten, source="volunteered", acknowledged_at=nine)
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: complaint 'c1': acknowledged_at: 2026-03-02T09:00:00+00:00 is before the complaint was received, 2026-03-02T10:00:00+00:00
    """

    id: str
    received_at: datetime = field(converter=_as_utc)
    ticket: str | None = None
    source: ComplaintSource
    cause: str | None = None
    cause_fixed_at: datetime | None = field(default=None, converter=_as_utc)
    acknowledged_at: datetime | None = field(default=None, converter=_as_utc)
    apologised_at: datetime | None = field(default=None, converter=_as_utc)
    resolved_at: datetime | None = field(default=None, converter=_as_utc)
    symptom_only: bool = False
    satisfaction_before: float | None = field(default=None, converter=as_amount)
    satisfaction_after: float | None = field(default=None, converter=as_amount)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + _needed_instant_faults(self.received_at, "received_at")
        faults += optional_id_faults(self.ticket, "ticket") + word_faults(self.source, SOURCES, "source")
        faults += optional_id_faults(self.cause, "cause")
        of_stages = [fault for name in STAGES for fault in instant_faults(getattr(self, name), name)]
        faults += of_stages
        if not isinstance(self.symptom_only, bool):
            faults.append(Fault("symptom_only", f"expected True or False, got {self.symptom_only!r}"))
        for name in ("satisfaction_before", "satisfaction_after"):
            if getattr(self, name) is not None:
                faults += _rating_faults(getattr(self, name), name)
        if self.cause is None and self.cause_fixed_at is not None:
            faults.append(Fault("cause_fixed_at", "expected None, as the cause is not known"))
        if not of_stages and not _needed_instant_faults(self.received_at, ""):
            faults += self._order_faults()
        raise_faults(faults, f"complaint {self.id!r}", EscalationError)

    def _order_faults(self) -> list[Fault]:
        """Refuse stages before the complaint; what we detect may be dealt with before the customer speaks."""
        if self.source == "detected":
            return []
        received = self.received_at.isoformat()
        stages = ((name, getattr(self, name)) for name in STAGES)
        return [
            Fault(name, f"{at.isoformat()} is before the complaint was received, {received}")
            for name, at in stages
            if at is not None and at < self.received_at
        ]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as plain data for `from_dict` and for JSON."""
        return {part.name: plain(getattr(self, part.name)) for part in attrs.fields(type(self))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a complaint from plain data; what has a default may be left out.

        Raises
        ------
        EscalationError
            A key is unknown or a field is wrong; `faults` holds everything that is, each with its path.
        """
        from leadkit._convert import structure_fields

        return structure_fields(data, cls, error=EscalationError, subject="complaint")


def _rating_faults(value: Any, where: str) -> list[Fault]:
    """Refuse what is no number, or one so large that squares of such ones could not be added up."""
    faults = number_faults(value, where)
    if not faults and abs(value) > LARGEST:
        faults = [Fault(where, f"expected a rating from {-LARGEST:g} to {LARGEST:g}, got {value:g}")]
    return faults


def _needed_instant_faults(value: object, where: str) -> list[Fault]:
    return instant_faults(value, where) or ([Fault(where, "expected a datetime, got None")] if value is None else [])
