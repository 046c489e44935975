"""Sections on the structure: whether the plan is complete, who answers for what, and what is handed over."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Grid, Heading, Paragraph, Section, first_rows
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_wording import PlanWords
from leadkit.wbs import Document, Finding, Plan, RaciCheck, Readiness, WorkPackage, check_raci, check_wbs
from leadkit.wbs.structure.accounts import ROLES

__all__ = ["handovers_section", "structure_findings", "structure_section"]

MOST_FINDINGS = 100
MOST_GROUPS = 100
RULE = (
    "The parts of a group have to add up to the whole: no more and no less than what the group states. A group that "
    "states nothing is the sum of its parts."
)
NO_ACCOUNTS = "The plan has no control accounts: no points at which scope, cost and progress are managed together."
ROLE_NAMES = {"R": "Responsible", "A": "Accountable", "C": "Consulted", "I": "Informed"}
KINDS = {
    "work_package": "work package",
    "deliverable": "deliverable",
    "acceptance": "criterion of acceptance",
    "document": "document",
    "management_report": "management report",
    "handover": "hand-over",
    "gate": "gate",
}


def structure_section(given: PlanFindings, words: PlanWords) -> Section:
    """Say whether the structure holds together and everybody's role is clear."""
    plan = given.plan
    raci = _roles(plan)
    findings = structure_findings(plan)
    blocks: list[Block] = [
        Paragraph(_answer(findings), "answer"),
        Paragraph(RULE if plan.wbs.control_accounts else f"{RULE} {NO_ACCOUNTS}"),
        *first_rows(_findings_grid(findings, words), "findings", most=MOST_FINDINGS),
        *first_rows(_groups_grid(plan, words), "groups", most=MOST_GROUPS),
    ]
    if raci is None:
        blocks.append(Paragraph("The plan says of nobody what they answer for (RACI)."))
    else:
        names = [ROLE_NAMES[role] for role in ROLES]
        blocks += first_rows(
            Grid(
                caption="In how many work packages people have each role",
                header=("Person", *names),
                rows=[
                    (words.person(person), *(f"{roles.get(role, 0):,}" for role in ROLES))
                    for person, roles in raci.load.items()
                ],
            ),
            "people",
            most=MOST_FINDINGS,
        )
    return Section(anchor="structure", title="Whether the plan is complete", short=_answer(findings), blocks=blocks)


def structure_findings(plan: Plan) -> tuple[Finding, ...]:
    """List what the checks of the structure and the roles find; a plan without any account is no finding a package."""
    raci = _roles(plan)
    found = [one for one in check_wbs(plan.wbs).findings if one.rule != "no_account" or plan.wbs.control_accounts]
    return (*found, *(() if raci is None else raci.findings))


def _roles(plan: Plan) -> RaciCheck | None:
    people = [person.id for person in plan.team.people]
    return check_raci(plan.wbs, people or None) if plan.wbs.raci else None


def _answer(findings: Sequence[Finding]) -> str:
    errors = sum(finding.severity == "error" for finding in findings)
    if not findings:
        return "The structure of the work and the roles have no faults."
    warnings = len(findings) - errors
    parts = [counted(errors, "fault")] if errors else []
    parts += [counted(warnings, "warning")] if warnings else []
    return f"Checks of the structure and the roles found {' and '.join(parts)}."


def _findings_grid(findings: Sequence[Finding], words: PlanWords) -> Grid:
    return Grid(
        caption="What the checks found",
        header=("Where", "What", "Fault or warning", "Rule"),
        n_texts=4,
        rows=[
            (
                words.node(one.node),
                one.message,
                "fault" if one.severity == "error" else "warning",
                one.rule.replace("_", " "),
            )
            for one in findings
        ],
    )


def _groups_grid(plan: Plan, words: PlanWords) -> Grid:
    """List groups with how many packages lie below each, and their cost where all of it is known."""
    n_packages = {node.id: int(isinstance(node, WorkPackage)) for node in plan.wbs.nodes}
    parents = plan.wbs.parents.tolist()
    for place in range(len(parents) - 1, 0, -1):
        n_packages[plan.wbs.nodes[parents[place]].id] += n_packages[plan.wbs.nodes[place].id]
    cost = plan.wbs.roll_up("cost")
    has_cost = any(not math.isnan(value) for value in cost.values())
    money = ["Cost"] if has_cost else []
    return Grid(
        caption="The parts of the work",
        header=("Group", "Work packages", *money),
        rows=[
            (words.node(own.id), f"{n_packages[own.id]:,}", *([words.money(cost[own.id])] if has_cost else []))
            for own in plan.wbs.groups
        ],
        empty="not known",
    )


def handovers_section(given: PlanFindings, words: PlanWords) -> Section:
    """List hand-overs and gates with their dates, what they need, and how ready they are."""
    plan = given.plan
    ready = sum(one.is_ready for one in given.readiness)
    told = f"{ready} of {counted(len(given.readiness), 'hand-over or gate', 'hand-overs and gates')} ready."
    return Section(
        anchor="handovers",
        title="Hand-overs and gates",
        short=told.replace(" ready.", " is ready." if ready == 1 else " are ready.") if given.readiness else "",
        blocks=[
            *first_rows(_milestones_grid(given, words), "hand-overs and gates", most=MOST_GROUPS),
            *(block for one in given.readiness for block in _readiness_blocks(one, plan)),
        ],
    )


def _milestones_grid(given: PlanFindings, words: PlanWords) -> Grid:
    plan, dates = given.plan, {row.id: row.early_finish for row in given.schedule.rows}
    if given.assignment is not None:
        dates |= {row.id: row.finish for row in given.assignment.rows}
    rows = []
    for handover in plan.handovers:
        own, after = f"handover:{handover.id}", handover.to_phase
        beyond = "the customer" if handover.customer else "nothing in this plan"
        rows.append(
            (
                words.short(own),
                words.when(dates[own]),
                words.node(handover.from_phase),
                beyond if after is None else words.node(after),
                f"{handover.to_team} takes over" if handover.to_team else "",
                _documents(handover.documents),
            )
        )
    for gate in plan.gates:
        own, after = f"gate:{gate.id}", gate.before
        rows.append(
            (
                words.short(own),
                words.when(dates[own]),
                words.node(gate.after),
                "nothing in this plan" if after is None else words.node(after),
                f"{gate.approver} approves" if gate.approver else "",
                _documents(gate.documents),
            )
        )
    return Grid(
        caption="Hand-overs and gates in the plan",
        header=("Which", "When", "After", "Before", "Who takes over or approves", "Documents"),
        n_texts=6,
        rows=rows,
    )


def _documents(documents: Sequence[Document]) -> str:
    return ", ".join(document.name or document.id for document in documents)


def _readiness_blocks(found: Readiness, plan: Plan) -> Iterator[Block]:
    """Say of a hand-over or gate whether it is ready, what the next team is told, and what each part rests on."""
    words = PlanWords(plan=plan)
    yield Heading(f"{words.short(found.id)}: {'ready' if found.is_ready else 'not ready'}")
    yield Paragraph(found.message)
    yield _readiness_grid(found, plan)


def _readiness_grid(found: Readiness, plan: Plan) -> Grid:
    """List what a hand-over or gate waits for."""
    words = PlanWords(plan=plan)
    return Grid(
        caption=f"What {words.short(found.id)} waits for",
        header=("What", "Kind", "How it stands", "Needed"),
        n_texts=4,
        rows=[
            (
                words.work(item.id) if item.kind == "work_package" else item.id,
                KINDS[item.kind],
                item.state.replace("_", " "),
                item.needed.replace("_", " "),
            )
            for item in found.items
        ],
    )
