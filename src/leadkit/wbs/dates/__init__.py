"""The critical path on calendars: early and late dates, both floats, what binds each activity."""

from __future__ import annotations

from leadkit.wbs.dates.results import Activity, Schedule
from leadkit.wbs.dates.scheduling import schedule

__all__ = ["Activity", "Schedule", "schedule"]
