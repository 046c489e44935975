"""From the cells of a pilot that need training to what single people have to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.errors import UnknownIdError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation.matrix import Matrix
from leadkit.skills import TrainingNeed

if TYPE_CHECKING:
    from leadkit.escalation.pilot.evaluation import PilotEvaluation, PilotRow

__all__ = ["already_at_level", "training_needs"]


def training_needs(evaluation: PilotEvaluation, matrix: Matrix, *, target_level: str) -> tuple[TrainingNeed, ...]:
    """Give the needs of the cells that need training; see `PilotEvaluation.training_needs`."""
    wanted: dict[tuple[str, str], list[TrainingNeed]] = {}
    for _, needs in _needs_by_cell(evaluation, matrix, target_level):
        for need in needs:
            wanted.setdefault((need.person, need.skill), []).append(need)
    return tuple(
        TrainingNeed(
            *key,
            needs[0].current,
            max(need.target for need in needs),
            reason=", ".join(need.reason for need in needs),
        )
        for key, needs in sorted(wanted.items())
    )


def already_at_level(evaluation: PilotEvaluation, matrix: Matrix, *, target_level: str) -> tuple[PilotRow, ...]:
    """Give the weak cells without a need; see `PilotEvaluation.already_at_level`."""
    return tuple(row for row, needs in _needs_by_cell(evaluation, matrix, target_level) if not needs)


def _needs_by_cell(
    evaluation: PilotEvaluation, matrix: Matrix, level: str
) -> list[tuple[PilotRow, tuple[TrainingNeed, ...]]]:
    expect_kind(matrix, Matrix, "matrix")
    if not isinstance(level, str) or level not in matrix.level_ids:
        raise UnknownIdError.of(str(level), matrix.level_ids, kind="level")
    return [
        (row, _needs_of(row.person or "", row.domain or "", matrix, level))
        for row in evaluation.cells
        if row.verdict == "train"
    ]


def _needs_of(person: str, domain: str, matrix: Matrix, level: str) -> tuple[TrainingNeed, ...]:
    """Give one need a skill of the domain in which the person is below the level; not assessed counts from 0."""
    required = matrix.requirements(domain, level)
    matrix.position(person)
    found = []
    for skill, target in required.items():
        held = matrix.skills.level(person, skill)
        # NaN >= target is never true: who is not assessed starts from 0
        if held >= target or target <= 0:
            continue
        found.append(TrainingNeed(person, skill, held, target, reason=f"{domain} {level}: pilot"))
    return tuple(found)
