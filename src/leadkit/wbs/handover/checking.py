"""Whether a phase is ready to be handed over: its work, its deliverables, its documents, and what comes before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, get_args

import attrs
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import TableResult, plain
from leadkit.errors import Fault, PlanError, UnknownIdError, did_you_mean
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.dates import schedule
from leadkit.wbs.plan import Gate, Handover, Plan
from leadkit.wbs.plan.network import gate_id, handover_id
from leadkit.wbs.structure import Document, Group, WorkPackage
from leadkit.wbs.tracking import Status

__all__ = ["DocumentState", "ItemKind", "Readiness", "ReadinessItem", "readiness"]

DocumentState: TypeAlias = Literal["missing", "draft", "approved"]
"""How far a document has come."""
ItemKind: TypeAlias = Literal[
    "work_package", "deliverable", "acceptance", "document", "management_report", "handover", "gate"
]
"""What is asked for."""

DOCUMENT_STATES: Final[tuple[str, ...]] = get_args(DocumentState)


@frozen(kw_only=True)
class ReadinessItem:
    """One thing that a hand-over or a gate waits for.

    Parameters
    ----------
    kind : str
        "work_package", "deliverable", "acceptance", "document", "management_report", "handover" or "gate".
    id : str
        The id; for deliverables and criteria of acceptance their text.
    state : str
        How it stands: "not_started", "running" or "done" of work; "missing", "draft" or "approved" of documents; "open"
        or "accepted" of deliverables and criteria; "ready" or "not_ready" of what comes before.
    needed : str
        The state that it needs.
    """

    kind: ItemKind
    id: str
    state: str
    needed: str

    @property
    def is_met(self) -> bool:
        """Whether it stands as it needs to."""
        return self.state == self.needed

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} {self.id!r} is {self.state.replace('_', ' ')}"


@frozen(kw_only=True, eq=False)
class Readiness(TableResult):
    """Whether a hand-over or a gate can be passed, and what each part of that rests on.

    Parameters
    ----------
    id : str
        The activity: "handover:<id>" or "gate:<id>".
    is_ready : bool
        Whether every item is as it needs to be.
    items : tuple of ReadinessItem
        Work packages in outline order, then deliverables, criteria of acceptance, documents, and the hand-overs and
        gates that come before in the network.
    missing : tuple of str
        What is still missing, one phrase an item.
    next_phase : str, optional
        Id of what follows; None when nothing in the plan does.
    next_team : str
        Who takes over; "" where nobody is named.
    due : datetime.datetime
        When it is due at the latest for the plan to end as planned.
    message : str
        The one sentence that the next team is told.
    flags : tuple of str
        What is doubtful; see `WBS_FLAGS`.
    """

    id: str
    is_ready: bool
    items: tuple[ReadinessItem, ...] = field(converter=as_tuple)
    missing: tuple[str, ...] = field(converter=as_tuple)
    next_phase: str | None
    next_team: str
    due: datetime
    message: str
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an item, with the fields of `ReadinessItem`."""
        return [plain(attrs.asdict(item)) for item in self.items]


def readiness(
    plan: Plan,
    handover_or_gate_id: str,
    status: Status,
    *,
    documents: Mapping[str, DocumentState],
    accepted: Collection[str] = (),
) -> Readiness:
    """Tell whether a phase can be handed over, or a documentation gate be passed.

    It is ready when every work package of the phase is done, every deliverable and criterion of acceptance is accepted,
    every document is approved - those of the hand-over or gate and those of the work packages - and every hand-over and
    gate before it in the network is ready. A customer's hand-over has its management report among the documents.

    Parameters
    ----------
    plan : Plan
        The plan.
    handover_or_gate_id : str
        The id, with "handover:" or "gate:" before it where both are called the same.
    status : Status
        What is reported about the work; a package without a report has not started.
    documents : mapping of str to {"missing", "draft", "approved"}
        State of each document by its id; one that is left out is missing.
    accepted : collection of str
        The deliverables and criteria of acceptance that are accepted, by their text.

    Returns
    -------
    Readiness
        With every item, what is still missing, and the sentence for the next team.

    Raises
    ------
    UnknownIdError
        The hand-over or gate, a document, a package reported on or something accepted is not in the plan.
    PlanError
        A state of a document is none of the three, the id may mean a hand-over and a gate, `accepted` is a single text,
        or something is of another kind than it should be.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Document, Estimate, Group, Handover, Plan, Progress, Status, Wbs, WorkPackage
    >>> build = Group(id="build", name="Build", children=[WorkPackage(id="api", estimate=Estimate.fixed(2))])
    >>> launch = Group(id="launch", children=[WorkPackage(id="train", estimate=Estimate.fixed(1))])
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=[build, launch])),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     handovers=[
    ...         Handover(id="h", from_phase="build", to_phase="launch", to_team="Desk", documents=[Document(id="manual")])
    ...     ],
    ... )
    >>> status = Status(as_of=datetime(2026, 1, 7, 8, tzinfo=UTC), progress=[Progress(package="api", percent=100)])
    >>> found = readiness(plan, "h", status, documents={"manual": "draft"})
    >>> found.is_ready, found.missing
    (False, ("document 'manual' is draft",))
    >>> print(found.message)
    Build comes to Desk by 2026-01-07 08:00 at the latest; document 'manual' is draft.
    """
    expect_kind(plan, Plan)
    milestones = _milestones(plan)
    own = _found(handover_or_gate_id, milestones)
    _check(plan, status, documents, accepted)
    before, after = _neighbours(plan)
    earlier = sorted(_reached([own], before) & milestones.keys())
    states = {
        name: all(item.is_met for item in _own_items(plan, milestones[name], status, documents, accepted))
        for name in earlier
    }
    waiting = _reached([name for name in earlier if not states[name]], after)
    items = tuple(_own_items(plan, milestones[own], status, documents, accepted))
    for name in earlier:
        is_ready = states[name] and name not in waiting
        kind: ItemKind = "handover" if isinstance(milestones[name], Handover) else "gate"
        state = "ready" if is_ready else "not_ready"
        items += (ReadinessItem(kind=kind, id=milestones[name].id, state=state, needed="ready"),)
    missing = tuple(str(item) for item in items if not item.is_met)
    due = schedule(plan).row(own).limit
    milestone = milestones[own]
    next_phase, next_team = _next(milestone)
    return Readiness(
        id=own,
        is_ready=not missing,
        items=items,
        missing=missing,
        next_phase=next_phase,
        next_team=next_team,
        due=due,
        message=_message(plan, milestone, due, missing),
        flags=("overdue",) if missing and status.as_of > due else (),
    )


def _milestones(plan: Plan) -> dict[str, Handover | Gate]:
    """List the hand-overs and gates of a plan by their activities."""
    found: dict[str, Handover | Gate] = {handover_id(own.id): own for own in plan.handovers}
    return found | {gate_id(own.id): own for own in plan.gates}


def _found(own: str, milestones: Mapping[str, Handover | Gate]) -> str:
    named = [name for name in (own, handover_id(own), gate_id(own)) if name in milestones]
    if len(named) > 1:
        msg = f"{own!r} is a handover and a gate: name one, {' or '.join(map(repr, named))}"
        raise PlanError(msg)
    if not named:
        known = {*milestones, *(milestone.id for milestone in milestones.values())}
        raise UnknownIdError.of(own, known, kind="handover or gate")
    return named[0]


def _neighbours(plan: Plan) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Give for each activity those that a link leads from, and those that one leads to."""
    network = plan.network()
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for i, j in zip(network.predecessor.tolist(), network.successor.tolist(), strict=True):
        before.setdefault(network.ids[j], []).append(network.ids[i])
        after.setdefault(network.ids[i], []).append(network.ids[j])
    return before, after


def _reached(starts: Iterable[str], neighbours: Mapping[str, list[str]]) -> set[str]:
    """Find the activities that lie on the way from some others, by one step at least."""
    seen: set[str] = set()
    queue = list(starts)
    while queue:
        fresh = set(neighbours.get(queue.pop(), ())) - seen
        seen |= fresh
        queue += fresh
    return seen


def _check(plan: Plan, status: Status, documents: Mapping[str, str], accepted: Collection[str]) -> None:
    """Refuse what is of another kind, and what the plan does not know: reports, documents, deliverables."""
    if faults := list(_kind_faults(status, documents, accepted)):
        raise PlanError.from_faults(faults, subject="readiness")
    milestones = _milestones(plan).values()
    known_documents = {document.id for own in (*milestones, *plan.wbs.packages) for document in own.documents}
    known_texts = {text for own in plan.handovers for text in (*own.deliverables, *own.acceptance)}
    wrong = [
        Fault(f"document {own!r}", f"expected 'missing', 'draft' or 'approved', got {state!r}")
        for own, state in documents.items()
        if state not in DOCUMENT_STATES
    ]
    if wrong:
        raise PlanError.from_faults(wrong, subject="readiness")
    unknown = [
        Fault(where, f"unknown {kind} {own!r}{did_you_mean(own, known)}")
        for where, kind, owns, known in (
            ("status", "activity", [part.package for part in status.progress], set(plan.activities)),
            ("documents", "document", documents, known_documents),
            ("accepted", "deliverable or criterion", accepted, known_texts),
        )
        for own in sorted(set(owns) - known)
    ]
    if unknown:
        raise UnknownIdError.from_faults(unknown, subject="readiness")


def _kind_faults(status: object, documents: object, accepted: object) -> Iterator[Fault]:
    if not isinstance(status, Status):
        yield Fault("status", f"expected a Status, got {status!r}")
    if not isinstance(documents, Mapping):
        yield Fault("documents", f"expected a mapping of ids to states, got {documents!r}")
    elif faulty := [own for own in documents if not isinstance(own, str)]:
        yield Fault("documents", f"expected ids as text, got {faulty[0]!r}")
    # one text is a collection too, of its letters
    is_collection = isinstance(accepted, Collection) and not isinstance(accepted, str | bytes)
    if not is_collection or not all(isinstance(text, str) for text in accepted):  # type: ignore[attr-defined]
        yield Fault("accepted", f"expected a collection of texts, got {accepted!r}")


def _own_items(
    plan: Plan,
    milestone: Handover | Gate,
    status: Status,
    documents: Mapping[str, str],
    accepted: Collection[str],
) -> Iterator[ReadinessItem]:
    """List what a hand-over or gate asks for by itself."""
    phase = plan.wbs.node(milestone.from_phase if isinstance(milestone, Handover) else milestone.after)
    packages = list(_packages_of(phase))
    for package in packages:
        report = status.of(package.id)
        state = "not_started"
        if report is not None:
            state = "done" if report.is_done else "running" if report.is_started else state
        yield ReadinessItem(kind="work_package", id=package.id, state=state, needed="done")
    if isinstance(milestone, Handover):
        for kind, texts in (("deliverable", milestone.deliverables), ("acceptance", milestone.acceptance)):
            for text in texts:
                state = "accepted" if text in accepted else "open"
                yield ReadinessItem(kind=kind, id=text, state=state, needed="accepted")  # type: ignore[arg-type]
    asked: dict[str, Document] = {}
    for document in (*milestone.documents, *(own for package in packages for own in package.documents)):
        asked.setdefault(document.id, document)
    for document in asked.values():
        state = documents.get(document.id, "missing")
        yield ReadinessItem(kind=document.kind, id=document.id, state=state, needed="approved")


def _packages_of(phase: Group | WorkPackage) -> Iterator[WorkPackage]:
    """List the packages of a phase in outline order."""
    if isinstance(phase, WorkPackage):
        yield phase
        return
    queue = [*reversed(phase.children)]
    while queue:
        node = queue.pop()
        if isinstance(node, WorkPackage):
            yield node
        else:
            queue += reversed(node.children)


def _next(milestone: Handover | Gate) -> tuple[str | None, str]:
    if isinstance(milestone, Handover):
        return milestone.to_phase, milestone.to_team
    return milestone.before, ""


def _message(plan: Plan, milestone: Handover | Gate, due: datetime, missing: tuple[str, ...]) -> str:
    """Say what is coming, to whom, when at the latest, and what is still missing."""
    next_phase, next_team = _next(milestone)
    if isinstance(milestone, Handover):
        phase = plan.wbs.node(milestone.from_phase)
        to = "the customer" if milestone.customer and not next_team else next_team
        comes = f"{phase.name or phase.id} comes" + (f" to {to}" if to else "")
    else:
        follower = plan.wbs.node(next_phase) if next_phase is not None else None
        comes = f"Gate {milestone.id} opens" + (f" {follower.name or follower.id}" if follower is not None else "")
    by = due.astimezone(plan.calendar.tz)
    rest = "; ".join(missing) if missing else "nothing misses"
    return f"{comes} by {by:%Y-%m-%d %H:%M} at the latest; {rest}."
