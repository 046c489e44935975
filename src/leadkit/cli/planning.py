"""What is worked out about a plan for showing: arguments of `reports.plan`, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import evolve, frozen

from leadkit import wbs
from leadkit._fields import FrozenMapping
from leadkit.cli.progress import showing
from leadkit.errors import InfeasibleError

__all__ = ["Planned", "planned"]


@frozen(kw_only=True, eq=False)
class Planned:
    """A plan with everything that was found about it.

    Parameters
    ----------
    plan : Plan
        The plan.
    found : dict
        Results as `leadkit.reports.plan` takes them.
    problem : InfeasibleError, optional
        Why the team cannot do the plan.
    """

    plan: wbs.Plan
    found: dict[str, Any]
    problem: InfeasibleError | None = None

    @property
    def result(self) -> wbs.Assignment | wbs.Schedule:
        """The dates to work by: those of the team where there are any."""
        dates: wbs.Assignment | wbs.Schedule = self.found.get("assignment") or self.found["schedule"]
        return dates

    def tracked(self, status: wbs.Status) -> Self:
        """Add how the project stands beside these dates."""
        return evolve(self, found={**self.found, "tracking": wbs.track(self.plan, self.result, status)})

    def fail(self) -> None:
        """Raise what stands in the way, if anything does."""
        if self.problem is not None:
            raise self.problem


def planned(
    plan: wbs.Plan,
    *,
    schedules: int = 3000,
    seed: int = 0,
    runs: int = 10_000,
    solver: bool = False,
    fixed: Mapping[str, tuple[str, ...]] = FrozenMapping(),
) -> Planned:
    """Schedule a plan, give it to its team where there is one, simulate it, and say whom it lacks."""
    found: dict[str, Any] = {"schedule": wbs.schedule(plan), "seed": seed}
    problem = None
    if plan.team.people:
        try:
            with showing("trying schedules") as progress:
                found["assignment"] = wbs.assign(
                    plan, schedules=schedules, rng=seed, fixed=fixed, solver=solver, progress=progress
                )
        except InfeasibleError as error:
            problem = error
        found["gap"] = wbs.staffing_gap(plan, schedule=found["schedule"])
        found["request"] = wbs.resource_request(plan, assignment=found.get("assignment"))
    with showing("simulating") as progress:
        found["risk"] = wbs.simulate(plan, n=runs, rng=seed, progress=progress)
    return Planned(plan=plan, found=found, problem=problem)
