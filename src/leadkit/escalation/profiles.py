"""Profiles: what the columns and words of an event log of somebody else mean, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from attrs import field, frozen

from leadkit._checks import as_tuple, texts_faults
from leadkit._fields import FrozenMapping, string_faults, whole_number_faults
from leadkit._results import Value
from leadkit.errors import Fault, LogError, UnknownIdError, did_you_mean
from leadkit.escalation._checking import raise_faults

__all__ = ["PROFILES", "STATUSES", "LogProfile", "profile_of", "zone_faults"]

STATUSES = ("new", "assigned", "in_progress", "waiting", "resolved", "closed", "reopened", "cancelled")
"""The statuses of a ticket."""


def _texts_by_name(values: Any) -> Any:
    """Keep a mapping of names to one header or several as one of tuples; what is none stays, for the check to name."""
    if not isinstance(values, Mapping):
        return values
    return FrozenMapping({name: (one,) if isinstance(one, str) else as_tuple(one) for name, one in values.items()})


def _mapping(values: Any) -> Any:
    return FrozenMapping(values) if isinstance(values, Mapping) else values


@frozen(kw_only=True, eq=False)
class LogProfile(Value):
    """How a table of events is read.

    Parameters
    ----------
    columns : mapping of str to str or tuple of str
        The header for each column of a log: `ticket` and `at` always, `status`, `level`, `group`, `person`, `contact`, or
        an attribute by its name. The texts of several headers are joined with a slash. One of a log's columns whose
        header the table does not have is left out, `ticket` and `at` excepted; headers that are not named here become
        attributes of their own name.
    statuses : mapping of str to str, optional
        The status for each text; `*` stands for any characters, and the first that fits counts. Without any, texts are
        the statuses themselves.
    level : mapping of str to int, optional
        The level for each text; None where the texts are whole numbers.
    missing : tuple of str
        Texts that stand for nothing, beside the empty one.
    time_format : str or None
        How instants are written that are not in the form of ISO 8601, in the words of `datetime.strptime`.
    zone : str or None
        The time zone of instants without an offset.

    Raises
    ------
    LogError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> profile = LogProfile(
    ...     columns={"ticket": "Case", "at": "When", "status": "State"}, statuses={"Done*": "resolved", "*": "in_progress"}
    ... )
    >>> profile.status_of("Done (workaround)"), profile.status_of("Open")
    ('resolved', 'in_progress')
    """

    columns: FrozenMapping[str, tuple[str, ...]] = field(converter=_texts_by_name)
    statuses: FrozenMapping[str, str] = field(default=FrozenMapping(), converter=_mapping)
    level: FrozenMapping[str, int] | None = field(default=None, converter=_mapping)
    missing: tuple[str, ...] = field(default=(), converter=as_tuple)
    time_format: str | None = None
    zone: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = _column_faults(self.columns) + _status_faults(self.statuses) + _level_faults(self.level)
        faults += texts_faults(self, "missing")
        if self.time_format is not None:
            faults += string_faults(self.time_format, "time_format")
        raise_faults(faults + zone_faults(self.zone), "log profile", LogError)

    def status_of(self, text: str) -> str | None:
        """Give the status that a text stands for; None where no pattern fits.

        Raises
        ------
        LogError
            `text` is no text.
        """
        raise_faults([] if isinstance(text, str) else [Fault("text", f"expected a text, got {text!r}")], "", LogError)
        if not self.statuses:
            return text
        for pattern, status in self.statuses.items():
            if re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL):
                return status
        return None


def profile_of(profile: LogProfile | str) -> LogProfile:
    """Give a profile, or the one of `PROFILES` of that name.

    Raises
    ------
    UnknownIdError
        There is none of that name.
    LogError
        It is neither.
    """
    if isinstance(profile, LogProfile):
        return profile
    if not isinstance(profile, str):
        raise LogError.from_faults([Fault("profile", f"expected a LogProfile or the name of one, got {profile!r}")])
    if profile not in PROFILES:
        raise UnknownIdError.of(profile, PROFILES, kind="profile")
    return PROFILES[profile]


def zone_faults(zone: object) -> list[Fault]:
    """Refuse what is neither None nor the name of a time zone."""
    if zone is None:
        return []
    if not isinstance(zone, str):
        return [Fault("zone", f"expected the name of a time zone, got {zone!r}")]
    try:
        ZoneInfo(zone)
    except (LookupError, OSError, ValueError):  # not there, a folder of zones, or no path that may be looked at
        return [Fault("zone", f"unknown time zone {zone!r}{did_you_mean(zone, available_timezones())}")]
    return []


def _column_faults(columns: object) -> list[Fault]:
    if not isinstance(columns, Mapping):
        return [Fault("columns", f"expected a mapping of columns to headers, got {columns!r}")]
    faults = [Fault("columns", f"expected a header for {name!r}") for name in ("ticket", "at") if name not in columns]
    for name, headers in columns.items():
        if not isinstance(name, str) or not name:
            faults.append(Fault("columns", f"expected names of columns, got {name!r}"))
        if not isinstance(headers, tuple) or not headers or not all(isinstance(one, str) and one for one in headers):
            faults.append(Fault(f"columns[{name!r}]", f"expected a header or several, got {headers!r}"))
    return faults


def _status_faults(statuses: object) -> list[Fault]:
    if not isinstance(statuses, Mapping):
        return [Fault("statuses", f"expected a mapping of texts to statuses, got {statuses!r}")]
    return [
        Fault(f"statuses[{text!r}]", f"expected one of {', '.join(STATUSES)}, got {status!r}")
        for text, status in statuses.items()
        if not isinstance(text, str) or status not in STATUSES
    ]


def _level_faults(level: object) -> list[Fault]:
    if level is None:
        return []
    if not isinstance(level, Mapping):
        return [Fault("level", f"expected a mapping of texts to levels, got {level!r}")]
    faults = []
    for text, rank in level.items():
        if not isinstance(text, str):
            faults.append(Fault(f"level[{text!r}]", "expected a text"))
        elif whole_number_faults(rank, "") or rank < 1:
            faults.append(Fault(f"level[{text!r}]", f"expected a level, a whole number from 1, got {rank!r}"))
    return faults


PROFILES: FrozenMapping[str, LogProfile] = FrozenMapping(
    {
        "generic": LogProfile(
            columns={name: name for name in ("ticket", "at", "status", "level", "group", "person", "contact")}
        ),
        "servicenow": LogProfile(
            columns={
                "ticket": "number",
                "at": "sys_updated_at",
                "status": "incident_state",
                "group": "assignment_group",
                "person": "assigned_to",
            },
            statuses={
                "New": "new",
                "Active": "in_progress",
                "In Progress": "in_progress",
                "On Hold": "waiting",
                "Awaiting*": "waiting",
                "Resolved": "resolved",
                "Closed": "closed",
                "Cancel*": "cancelled",
            },
            # -100 is what an export writes for a state it does not know
            missing=("?", "-100"),
            time_format="%d/%m/%Y %H:%M",
        ),
        "bpi2013": LogProfile(
            columns={
                "ticket": "case_id",
                "at": "ts_utc",
                "status": ("status", "substatus"),
                "level": "line",
                "group": "group",
                "person": "resource",
            },
            statuses={
                "Completed/*": "resolved",
                "*/Wait*": "waiting",
                "Accepted/*": "in_progress",
                "Queued/*": "assigned",
                "Unmatched/*": "in_progress",
            },
        ),
        "helpdesk": LogProfile(
            columns={
                "ticket": "case_id",
                "at": "ts_utc",
                "status": "activity",
                "person": "resource",
                "activity": "activity",
            },
            statuses={
                "Insert ticket": "new",
                "Assign seriousness": "assigned",
                "Wait": "waiting",
                "Resolve ticket": "resolved",
                "RESOLVED": "resolved",
                "Closed": "closed",
                "VERIFIED": "closed",
                "INVALID": "cancelled",
                "DUPLICATE": "cancelled",
                "Take in charge ticket": "in_progress",
                "Create SW anomaly": "in_progress",
                "Resolve SW anomaly": "in_progress",
                "Require upgrade": "in_progress",
                "Schedule intervention": "in_progress",
            },
        ),
    }
)
"""The profiles of known logs by name."""
