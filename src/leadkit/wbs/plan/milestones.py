"""The points of a plan at which work passes on: hand-overs to the next team or the customer, and documentation gates."""

from __future__ import annotations

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, optional_id_faults, text_faults, texts_faults
from leadkit.errors import Fault
from leadkit.wbs._checking import raise_faults
from leadkit.wbs.plan.links import NO_LAG, Lag
from leadkit.wbs.plan.people import unique_member_faults
from leadkit.wbs.structure import Document

__all__ = ["Gate", "Handover"]


@frozen(kw_only=True)
class Handover:
    """A phase passes to the next team, or the project to its customer.

    In the network it is a milestone "handover:<id>" after every work package of `from_phase` and before every one of
    `to_phase`.

    Parameters
    ----------
    id : str
        Unique among the hand-overs of a plan.
    from_phase : str
        Id of the group or work package that is handed over.
    to_phase : str, optional
        Id of the group or work package that follows; None when none of this plan does.
    from_team, to_team : str
        Who hands over, and to whom.
    deliverables, acceptance : iterable of str
        What has to be there, and what has to hold, before the hand-over is accepted.
    documents : iterable of Document
        What has to be approved.
    lag : Lag
        Time between the hand-over and the start of `to_phase`, in minutes.
    customer : bool
        Whether this is the last one, to the customer; `documents` then has a management report.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Handover(id="launch", from_phase="build", to_phase=None, customer=True)
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: handover 'launch': documents: a handover to the customer needs a document of kind 'management_report'
    """

    id: str
    from_phase: str
    to_phase: str | None = None
    from_team: str = ""
    to_team: str = ""
    deliverables: tuple[str, ...] = field(default=(), converter=as_tuple)
    documents: tuple[Document, ...] = field(default=(), converter=as_tuple)
    acceptance: tuple[str, ...] = field(default=(), converter=as_tuple)
    lag: Lag = NO_LAG
    customer: bool = False

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + id_faults(self.from_phase, "from_phase")
        faults += optional_id_faults(self.to_phase, "to_phase")
        if self.to_phase == self.from_phase:
            faults.append(Fault("to_phase", f"{self.to_phase!r} is the phase that is handed over"))
        faults += text_faults(self, "from_team", "to_team") + texts_faults(self, "deliverables", "acceptance")
        of_documents = unique_member_faults(self.documents, Document, "documents", "document")
        faults += of_documents
        if not isinstance(self.lag, Lag):
            faults.append(Fault("lag", f"expected a Lag, got {self.lag!r}"))
        elif self.lag.unit == "percent":
            faults.append(Fault("lag", "a handover has no duration that a per cent could be taken of"))
        if not isinstance(self.customer, bool):
            faults.append(Fault("customer", f"expected true or false, got {self.customer!r}"))
        elif self.customer and not of_documents and not any(d.kind == "management_report" for d in self.documents):
            faults.append(Fault("documents", "a handover to the customer needs a document of kind 'management_report'"))
        raise_faults(faults, f"handover {self.id!r}")


@frozen(kw_only=True)
class Gate:
    """A point that work passes only when its documentation is approved.

    In the network it is a milestone "gate:<id>" after `after` and before `before`.

    Parameters
    ----------
    id : str
        Unique among the gates of a plan.
    after : str
        Id of the group or work package that has to be done.
    before : str, optional
        Id of the group or work package that waits; None when nothing does.
    documents : iterable of Document
        What has to be approved.
    approver : str
        Who approves.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Gate(id="review", after="design", before="build", documents=[Document(id="spec")]).documents[0].id
    'spec'
    """

    id: str
    after: str
    before: str | None = None
    documents: tuple[Document, ...] = field(default=(), converter=as_tuple)
    approver: str = ""

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + id_faults(self.after, "after")
        faults += optional_id_faults(self.before, "before")
        if self.before == self.after:
            faults.append(Fault("before", f"{self.before!r} is what the gate comes after"))
        faults += unique_member_faults(self.documents, Document, "documents", "document")
        faults += text_faults(self, "approver")
        raise_faults(faults, f"gate {self.id!r}")
