"""What no schedule can beat: the longest path, the work beside the capacity, and what time windows force."""

from __future__ import annotations

from leadkit.wbs._checking import expect_kind
from leadkit.wbs.rcpsp._limits import limits_of
from leadkit.wbs.rcpsp._windows import clique_bound, energy_bound, windows_of, work_bound
from leadkit.wbs.rcpsp.feasibility import require_feasible
from leadkit.wbs.rcpsp.problem import Problem

__all__ = ["lower_bound"]


def lower_bound(problem: Problem) -> int:
    """Bound the makespan of every schedule of a problem from below.

    Parameters
    ----------
    problem : Problem
        What is to be scheduled.

    Returns
    -------
    int
        Time units, at most the shortest makespan; 0 without activities.

    Raises
    ------
    InfeasibleError
        There is no schedule: some work has too few qualified people, or asks for more of a resource than there is.

    Notes
    -----
    The greatest of these:

    - the critical path with links of all kinds and releases;
    - for each resource, total demand times duration over its capacity, rounded up;
    - for sets of people, the work that only they can do over their number: those qualified for a need, those with a
      skill, everybody, and unions of the first that become ever scarcer;
    - the last two between what must come before the work and what must follow it;
    - in problems of up to some hundred activities, sets of activities of which no two can run at a time, and the work
      that every stretch of time must hold (energetic reasoning).

    References
    ----------
    .. [1] R. Klein, A. Scholl, "Computing lower bounds by destructive improvement: an application to resource-constrained
       project scheduling", European Journal of Operational Research 112, 1999, 322-346.

    Examples
    --------
    >>> from leadkit.wbs import Problem
    >>> lower_bound(Problem([3, 2, 4], [0], [1]))
    5
    >>> lower_bound(Problem([3, 2, 4], [0], [1], demand=[[1], [2], [2]], capacity=[3]))
    6
    """
    expect_kind(problem, Problem)
    require_feasible(problem)
    if not problem.n:
        return 0
    windows = windows_of(problem)
    path = int((windows.head + windows.duration + windows.tail).max())
    limits = limits_of(problem)
    bound = max(path, work_bound(windows, limits), clique_bound(problem, windows, limits))
    bound = energy_bound(windows, limits, bound)
    # the shortest schedule ends at a multiple of the unit of time
    return -(-bound // problem.unit) * problem.unit
