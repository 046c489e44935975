"""The leaves of the structure: work that one estimate, one set of people and one deadline describe."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import (
    as_tuple,
    id_faults,
    in_utc,
    instant_faults,
    member_faults,
    optional_id_faults,
    text_faults,
    word_faults,
)
from leadkit._fields import FrozenMapping, repeated
from leadkit.errors import Fault
from leadkit.wbs._checking import as_measures, measure_faults, raise_faults
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.structure._codes import code_faults
from leadkit.wbs.structure.describing import Dictionary, Document
from leadkit.wbs.structure.needs import Need

__all__ = ["Basis", "PackageKind", "WorkPackage"]

Basis: TypeAlias = Literal["duration", "effort"]
"""Whether an estimate is working time of the package or person-minutes to be shared by its people."""
PackageKind: TypeAlias = Literal["work", "planning", "milestone"]
"""Work in detail, work with a budget and no detail yet, or a point in time."""

BASES: tuple[str, ...] = get_args(Basis)
PACKAGE_KINDS: tuple[str, ...] = get_args(PackageKind)


@frozen(kw_only=True)
class WorkPackage:
    """A part of the work that is planned, given to people and finished as one.

    Parameters
    ----------
    id : str
        Unique in the structure; not empty, without space around it or control characters.
    name : str
        What people call it.
    estimate : Estimate, optional
        How long it takes, or how much work it is; None is not known yet.
    basis : {"duration", "effort"}
        Whether the estimate is working time of the package, or person-minutes that its people share.
    needs : sequence of Need
        The people it takes.
    measures : mapping of str to float
        Quantities that add up, finite and at least 0: "cost" (plan currency), "effort" (person-minutes), "weight"
        (share of the parent) and any other name.
    code : str, optional
        Pins the code, such as "1.3", with or without the prefix of the structure; None follows the position.
    kind : {"work", "planning", "milestone"}
        A milestone has no estimate or one of 0.
    calendar : str, optional
        Name of one of the plan's calendars; None means the plan's own.
    not_before, deadline : datetime, optional
        Earliest start and latest finish, with a time zone.
    dictionary : Dictionary, optional
        What is written about it.
    documents : sequence of Document
        What has to be written; ids are there once.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> api = WorkPackage(id="api", estimate=Estimate.fixed(3), basis="effort", needs=[Need(skills={"sql": 3}, heads=2)])
    >>> api.heads, api.duration()
    (2, 720)
    >>> WorkPackage(id="api ", basis="work", measures={"cost": -1})
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: work package 'api ': 3 faults
      id: expected no space before or after the id, got 'api '
      basis: expected one of 'duration', 'effort', got 'work'
      measures['cost']: expected at least 0, got -1.0
    """

    id: str
    name: str = ""
    estimate: Estimate | None = None
    basis: Basis = "duration"
    needs: tuple[Need, ...] = field(default=(), converter=as_tuple)
    measures: Mapping[str, float] = field(default=FrozenMapping(), converter=as_measures)
    code: str | None = None
    kind: PackageKind = "work"
    calendar: str | None = None
    not_before: datetime | None = field(default=None, eq=in_utc)
    deadline: datetime | None = field(default=None, eq=in_utc)
    dictionary: Dictionary | None = None
    documents: tuple[Document, ...] = field(default=(), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + text_faults(self, "name") + _estimate_faults(self)
        faults += word_faults(self.basis, BASES, "basis") + member_faults(self.needs, Need, "needs", "Need")
        faults += measure_faults(self.measures) + code_faults(self.code) + word_faults(self.kind, PACKAGE_KINDS, "kind")
        faults += optional_id_faults(self.calendar, "calendar") + dictionary_faults(self.dictionary)
        faults += instant_faults(self.not_before, "not_before") + instant_faults(self.deadline, "deadline")
        faults += _document_faults(self.documents)
        raise_faults(faults, f"work package {self.id!r}")

    @property
    def heads(self) -> int:
        """How many people it needs at the same time; 0 where it has no needs."""
        return sum(need.heads for need in self.needs)

    def duration(self, point: str | float = "mean") -> int:
        """Give its working time before anybody is assigned.

        Parameters
        ----------
        point : {"mean", "mode"} or float
            Which value of the estimate, as for `Estimate.minutes`.

        Returns
        -------
        int
            Working minutes; effort is divided by the heads (at least one) and rounded up; 0 without an estimate.

        Raises
        ------
        ValueError
            `point` is no point of an estimate.

        Examples
        --------
        >>> WorkPackage(id="api", estimate=Estimate.pert(1, 2, 9)).duration("mode")
        960
        """
        if self.estimate is None:
            return 0
        minutes = self.estimate.minutes(point)
        return minutes if self.basis == "duration" else math.ceil(minutes / max(1, self.heads))


def dictionary_faults(value: object) -> list[Fault]:
    """Refuse what is neither None nor a dictionary entry."""
    if value is None or isinstance(value, Dictionary):
        return []
    return [Fault("dictionary", f"expected a Dictionary, got {value!r}")]


def _estimate_faults(package: WorkPackage) -> list[Fault]:
    if package.estimate is None:
        return []
    if not isinstance(package.estimate, Estimate):
        return [Fault("estimate", f"expected an Estimate, got {package.estimate!r}")]
    if package.kind == "milestone" and package.estimate.mean > 0:
        return [Fault("estimate", f"a milestone takes no time, got a mean of {package.estimate.mean:g} minutes")]
    return []


def _document_faults(documents: object) -> list[Fault]:
    faults = member_faults(documents, Document, "documents", "Document")
    if faults or not documents:
        return faults
    twice = repeated(document.id for document in documents)  # type: ignore[attr-defined]
    return [Fault(f"document {own!r}", "is there more than once") for own in twice]
