"""Work packages given to people, on calendars: the search, its result, and the check that trusts nobody."""

from leadkit.wbs.assignment.assigning import assign
from leadkit.wbs.assignment.checking import check_assignment
from leadkit.wbs.assignment.rows import Assignment, AssignmentRow, Period

__all__ = ["Assignment", "AssignmentRow", "Period", "assign", "check_assignment"]
