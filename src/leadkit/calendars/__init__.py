"""Working time: how much lies between two instants, when a budget of it is used up, and why."""

from leadkit.calendars.calendar import WorkCalendar
from leadkit.calendars.explaining import Counted, CountedKind
from leadkit.calendars.never import NEVER, Never
from leadkit.calendars.overlapping import overlap
from leadkit.calendars.public import public_holidays
from leadkit.calendars.windows import DayException, Interval, Window

__all__ = [
    "NEVER",
    "Counted",
    "CountedKind",
    "DayException",
    "Interval",
    "Never",
    "Window",
    "WorkCalendar",
    "overlap",
    "public_holidays",
]
