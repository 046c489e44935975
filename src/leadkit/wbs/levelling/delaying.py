"""Levelling: with people given, work is delayed until nobody is booked twice."""

from __future__ import annotations

from collections.abc import Mapping

from leadkit.typing import RNGLike
from leadkit.wbs.assignment import Assignment, assign
from leadkit.wbs.plan import Plan

__all__ = ["level"]


def level(plan: Plan, fixed: Mapping[str, tuple[str, ...]], *, rng: RNGLike = 0, schedules: int = 3000) -> Assignment:
    """Delay work until nobody is booked twice, as little as the finish allows.

    Parameters
    ----------
    plan : Plan
        What there is to do, and the team.
    fixed : mapping of str to tuple of str
        The people of work packages. They stay as given; a package that needs people and is not named, or has fewer
        than it needs, is given others as in `assign`.
    rng : int, SeedSequence or Generator
        Where all chance comes from.
    schedules : int
        How many schedules to make at most, at least 1.

    Returns
    -------
    Assignment
        Checked by `check_assignment`.

    Raises
    ------
    InfeasibleError, UnknownIdError, PlanError
        As in `assign`.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Need, Person, Plan, Team, Wbs, WorkPackage
    >>> anybody = (Need(skills={}),)
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(1), needs=anybody) for own in ("door", "wall")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="house", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     team=Team(people=[Person(id="ann"), Person(id="ben")]),
    ... )
    >>> both = level(plan, {"door": ("ann",), "wall": ("ann",)})
    >>> [(row.id, f"{row.start:%a}", row.people) for row in both.of("ann")]
    [('door', 'Mon', ('ann',)), ('wall', 'Tue', ('ann',))]
    """
    return assign(plan, fixed=fixed, rng=rng, schedules=schedules)
