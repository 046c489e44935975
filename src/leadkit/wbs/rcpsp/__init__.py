"""Scheduling with limited resources and people: problem, solution, search, and the check that trusts nobody."""

from leadkit.wbs.rcpsp.bounds import lower_bound
from leadkit.wbs.rcpsp.checking import violations
from leadkit.wbs.rcpsp.problem import Problem
from leadkit.wbs.rcpsp.solution import Solution
from leadkit.wbs.rcpsp.solving import solve

__all__ = ["Problem", "Solution", "lower_bound", "solve", "violations"]
