"""The section on training: what people have to learn, who does what for it, and what stays open."""

from __future__ import annotations

from collections.abc import Iterator

from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Figures, Grid, Paragraph, Section, first_rows
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.escalation_wording import EscalationWords, level_text
from leadkit.reports.figures import decimal, percent
from leadkit.skills import TrainingPlan

__all__ = ["UNMET", "training_section"]

MOST_ROWS = 100
KINDS = {
    "training": "training",
    "certification": "certification",
    "management_development": "management development",
    "research_assignment": "research assignment",
    "coaching": "coaching",
}
UNMET = {
    "no_action": "nothing in the catalogue goes further",
    "entry_level": "what would help asks for a level that cannot be reached",
    "limits": "budget, hours or seats leave no room",
}
"""Why a need stays open."""
ABOUT = (
    "A need names a skill and a level to come to. It is an offer to grow, to be talked over with the person before anything "
    "is booked."
)


def training_section(given: EscalationFindings, words: EscalationWords) -> Section:
    """Show what has to be learnt and how."""
    told = _answer(given)
    return Section(
        anchor="training",
        title="What to learn, and how",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Paragraph(ABOUT),
            *_needs(given, words),
            *([] if given.training is None else _plan(given, words, given.training)),
        ],
    )


def _answer(given: EscalationFindings) -> str:
    told = ""
    if given.needs:
        people = len({need.person for need in given.needs})
        told = f"{counted(people, 'person has', 'people have')} {counted(len(given.needs), 'training need')}"
    if given.training is None:
        return f"{told}."
    items, n_open = given.training.items, len(given.training.unmet)
    joined = f"{told}; the plan" if told else "The plan"
    left = f"{counted(n_open, 'need stays', 'needs stay')} open" if n_open else "no need stays open"
    return f"{joined} has {counted(len(items), 'action')} and {decimal(given.training.hours, 0)} hours, and {left}."


def _needs(given: EscalationFindings, words: EscalationWords) -> Iterator[Block]:
    grid = Grid(
        caption="Training needs",
        header=("Person", "Skill", "Why", "Level now", "Level to come to"),
        n_texts=3,
        empty="not assessed",
        rows=[
            (
                need.person,
                words.skill(need.skill),
                need.reason or "no reason given",
                level_text(need.current),
                level_text(need.target),
            )
            for need in sorted(given.needs, key=lambda need: (need.person, need.skill))
        ],
    )
    yield from first_rows(grid, "needs", most=MOST_ROWS)


def _plan(given: EscalationFindings, words: EscalationWords, plan: TrainingPlan) -> Iterator[Block]:
    reached = percent(plan.benefit / plan.benefit_possible) if plan.benefit_possible > 0 else ""
    yield Figures(
        [
            ("cost of the plan", f"{plan.cost:,.0f}"),
            ("hours of all", f"{plan.hours:,.0f}"),
            ("of what could be closed without limits", reached or "nothing can be closed"),
        ]
    )
    names = {action.id: action.name for action in given.catalogue}
    grid = Grid(
        caption="Who does what, in the order of the steps",
        header=("Person", "Skill", "Action", "How", "Step", "Hours", "Cost"),
        n_texts=4,
        rows=[
            (
                item.person,
                words.skill(item.skill),
                names.get(item.action, item.action),
                KINDS[item.kind],
                str(item.order),
                f"{item.hours:g}",
                f"{item.cost_per_person:,.0f}",
            )
            for item in plan.items
        ],
    )
    yield from first_rows(grid, "actions", most=MOST_ROWS)
    levels = Grid(
        caption="Levels before and after the plan",
        header=("Person", "Skill", "Before", "After"),
        n_texts=2,
        empty="not assessed",
        rows=[
            (person, words.skill(skill), level_text(before), level_text(after))
            for person, skill, before, after in zip(
                plan.before.person,
                plan.before.skill,
                plan.before.levels.tolist(),
                plan.after.levels.tolist(),
                strict=True,
            )
        ],
    )
    yield from first_rows(levels, "levels", most=MOST_ROWS)
    left = Grid(
        caption="Needs that stay open",
        header=("Person", "Skill", "Why", "Comes to", "Should come to"),
        n_texts=3,
        empty="not assessed",
        rows=[
            (
                unmet.need.person,
                words.skill(unmet.need.skill),
                UNMET[unmet.reason],
                level_text(unmet.level_reached),
                level_text(unmet.need.target),
            )
            for unmet in plan.unmet
        ],
    )
    yield from first_rows(left, "needs", most=MOST_ROWS)
