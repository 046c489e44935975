"""What is written about a part of the work: its dictionary entry and its documents."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults, text_faults, texts_faults, word_faults
from leadkit.wbs._checking import raise_faults

__all__ = ["Dictionary", "Document", "DocumentKind"]

DocumentKind: TypeAlias = Literal["document", "management_report"]
"""What a document is: the management report goes to management before a project goes to the customer."""

DOCUMENT_KINDS: tuple[str, ...] = get_args(DocumentKind)
TEXTS = ("description", "responsible", "cost_basis", "agreement")
LISTS = ("assumptions", "constraints", "milestones", "activities", "resources", "quality", "acceptance", "references")


@frozen(kw_only=True)
class Dictionary:
    """The entry of the work breakdown structure dictionary for one node.

    Parameters
    ----------
    description : str
        What there is to do.
    assumptions, constraints : sequence of str
        What is taken for granted, and what limits the work.
    responsible : str
        The person or the part of the organisation that answers for it.
    milestones, activities, resources : sequence of str
        Dates to meet, steps of the work, and what it takes.
    cost_basis : str
        How the cost was estimated.
    quality, acceptance : sequence of str
        Requirements on the quality, and the criteria by which the work is accepted.
    references : sequence of str
        Technical sources.
    agreement : str
        The contract or the agreement behind it.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    References
    ----------
    .. [1] Project Management Institute, "Practice Standard for Work Breakdown Structures", 3rd ed., 2019.

    Examples
    --------
    >>> Dictionary(description="Move the tickets", acceptance=["no ticket is lost"]).acceptance
    ('no ticket is lost',)
    """

    description: str = ""
    assumptions: tuple[str, ...] = field(default=(), converter=as_tuple)
    constraints: tuple[str, ...] = field(default=(), converter=as_tuple)
    responsible: str = ""
    milestones: tuple[str, ...] = field(default=(), converter=as_tuple)
    activities: tuple[str, ...] = field(default=(), converter=as_tuple)
    resources: tuple[str, ...] = field(default=(), converter=as_tuple)
    cost_basis: str = ""
    quality: tuple[str, ...] = field(default=(), converter=as_tuple)
    acceptance: tuple[str, ...] = field(default=(), converter=as_tuple)
    references: tuple[str, ...] = field(default=(), converter=as_tuple)
    agreement: str = ""

    def __attrs_post_init__(self) -> None:
        raise_faults(text_faults(self, *TEXTS) + texts_faults(self, *LISTS), "dictionary")


@frozen(kw_only=True)
class Document:
    """Something that has to be written.

    Parameters
    ----------
    id : str
        What plans and readiness checks call it.
    name : str
        What people call it.
    owner : str
        Who writes it.
    kind : {"document", "management_report"}
        Whether it is the report to management.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Document(id="manual", name="User manual", owner="ann").kind
    'document'
    """

    id: str
    name: str = ""
    owner: str = ""
    kind: DocumentKind = "document"

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + text_faults(self, "name", "owner")
        raise_faults(faults + word_faults(self.kind, DOCUMENT_KINDS, "kind"), f"document {self.id!r}")
