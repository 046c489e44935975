"""What a status says about a plan, once everything in it that contradicts the plan or itself is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, TypeAlias, get_args

from leadkit._fields import number_faults
from leadkit.errors import Fault, PlanError, UnknownIdError, did_you_mean
from leadkit.wbs.plan import Plan
from leadkit.wbs.structure import WorkPackage
from leadkit.wbs.tracking.status import Progress, Status

__all__ = ["Rule", "checked_reports", "number_of_steps"]

Rule: TypeAlias = Literal["percent", "0/100", "50/50", "steps"]
"""How value is earned: by the percentage, all at the finish, half at the start, or by the steps that are done."""


class _UnknownPackageError(UnknownIdError, PlanError):
    """A status or an estimate names a package that is not there."""


def checked_reports(
    plan: Plan, status: Status, rule: Rule, bottom_up: Mapping[str, float] | None
) -> dict[str, Progress]:
    """Give what is reported about each activity, or raise the error that lists every contradiction.

    Raises
    ------
    PlanError
        Anything is wrong; an `UnknownIdError` as well where an id is not there.
    """
    if not isinstance(status, Status):
        raise PlanError.from_faults([Fault("status", f"expected a Status, got {status!r}")])
    if not isinstance(bottom_up, Mapping | None):
        raise PlanError.from_faults([Fault("bottom_up", f"expected costs by package, got {bottom_up!r}")])
    unknown, faults = [], []
    activities, groups = frozenset(plan.activities), frozenset(group.id for group in plan.wbs.groups)
    packages = {package.id: package for package in plan.wbs.packages}
    for part in status.progress:
        where = f"progress of {part.package!r}"
        if part.package in groups:
            faults.append(Fault(where, "is a group; progress is that of its work packages"))
        elif part.package not in activities:
            unknown.append(Fault(where, f"unknown work package{did_you_mean(part.package, activities)}"))
        elif part.package in packages:
            faults += [Fault(where, what) for what in _contradictions(packages[part.package], part, rule)]
    for own, cost in (bottom_up or {}).items():
        where = f"bottom_up[{own!r}]"
        if own not in packages:
            unknown.append(Fault(where, f"unknown work package{did_you_mean(str(own), packages)}"))
        faults += _cost_faults(cost, where)
    if unknown:
        raise _UnknownPackageError.from_faults([*unknown, *faults], subject="status")
    if faults:
        raise PlanError.from_faults(faults, subject="status")
    return {part.package: part for part in status.progress}


def number_of_steps(package: WorkPackage) -> int:
    """Count the steps of a package: its measure "steps", else the activities in its dictionary entry."""
    stated = package.measures.get("steps")
    if stated is not None:
        return round(stated)
    return 0 if package.dictionary is None else len(package.dictionary.activities)


def expect_word(value: object, allowed: Collection[str], name: str) -> None:
    """Refuse what is none of the words of a choice."""
    if value not in allowed:
        msg = f"{name}: expected one of {', '.join(map(repr, allowed))}, got {value!r}"
        raise ValueError(msg)


def _contradictions(package: WorkPackage, part: Progress, rule: Rule) -> Iterator[str]:
    if rule == "0/100" and part.percent == 100 and part.actual_finish is None:
        yield "100 % without an actual finish, which the rule '0/100' needs"
    if rule == "steps":
        steps = number_of_steps(package)
        if part.steps_done is not None and not steps:
            yield "has no steps: state the measure 'steps', or activities in its dictionary entry"
        elif part.steps_done is not None and part.steps_done > steps:
            yield f"{part.steps_done} steps are done of {steps}"


def _cost_faults(cost: object, where: str) -> list[Fault]:
    faults = number_faults(cost, where)
    if not faults and cost < 0:  # type: ignore[operator]
        faults = [Fault(where, f"expected at least 0, got {cost:g}")]
    return faults


RULES: tuple[str, ...] = get_args(Rule)
