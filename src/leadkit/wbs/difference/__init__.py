"""What changes between two plans, schedules, assignments or simulations: the what-if comparison."""

from leadkit.wbs.difference.comparing import Change, Difference, compare

__all__ = ["Change", "Difference", "compare"]
