"""From the gaps of a matrix to what single people have to learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.errors import MatrixError
from leadkit.escalation._checking import count_faults, raise_faults
from leadkit.escalation.matrix.gaps import gaps_of
from leadkit.skills import TrainingNeed

if TYPE_CHECKING:
    from leadkit.escalation.matrix.grid import Matrix

__all__ = ["needs_of"]


def needs_of(matrix: Matrix, per_gap: int | None) -> tuple[TrainingNeed, ...]:
    """Give the needs that close the gaps of a matrix; see `Matrix.training_needs`."""
    raise_faults([] if per_gap is None else count_faults(per_gap, "per_gap"), "", MatrixError)
    found: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    for gap in gaps_of(matrix):
        shortfalls, held = matrix.shortfalls(gap.domain, gap.level), matrix.held(gap.domain)
        needed = matrix.requirements(gap.domain, gap.level)
        reason = f"{gap.domain} {gap.level}: {gap.kind}"
        for near in gap.nearest[: max(1, gap.missing) if per_gap is None else per_gap]:
            own = matrix.position(near.person)
            for at, (skill, target) in enumerate(needed.items()):
                if shortfalls[own, at] > 0:
                    need = (float(held[own, at]), target, reason)
                    found.setdefault((near.person, skill), []).append(need)
    return tuple(_joined(person, skill, needs) for (person, skill), needs in sorted(found.items()))


def _joined(person: str, skill: str, needs: list[tuple[float, float, str]]) -> TrainingNeed:
    target = max(target for _, target, _ in needs)
    return TrainingNeed(person, skill, needs[0][0], target, reason=", ".join(reason for *_, reason in needs))
