"""What a pilot is read from: a log of tickets, the skills of a team, the levels of the matrix, what is on offer, promises."""

from __future__ import annotations

import argparse
import io
import math
from pathlib import Path

import numpy as np
from attrs import evolve, field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import repeated
from leadkit.cli.files import UsageError, opened, read_text
from leadkit.cli.plan_reading import about, instant_from
from leadkit.cli.progress import working
from leadkit.errors import EscalationError, Fault, FormatError, SkillError, UnknownIdError
from leadkit.escalation import (
    PROFILES,
    EventLog,
    LevelRule,
    LogProfile,
    Matrix,
    ServiceStandard,
    as_of,
    build_matrix,
)
from leadkit.interchange import csv, json
from leadkit.interchange.event_csv import read_event_csv
from leadkit.interchange.xes import read_xes
from leadkit.skills import DevelopmentAction

__all__ = [
    "ActionCatalogue",
    "StandardCatalogue",
    "actions_from",
    "is_xes",
    "levels_from",
    "log_from",
    "matrix_from",
    "profile_from",
    "standards_from",
    "targets_from",
]

UTF_8 = "utf-8-sig"


@frozen(kw_only=True)
class ActionCatalogue:
    """What is on offer to learn, as one file.

    Parameters
    ----------
    actions : tuple of DevelopmentAction
        With different ids.

    Raises
    ------
    SkillError
        An id is there twice; `faults` holds all of them.
    """

    actions: tuple[DevelopmentAction, ...] = field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        twice = repeated([action.id for action in self.actions])
        if twice:
            faults = [Fault(f"action {own!r}", "is there more than once") for own in twice]
            raise SkillError.from_faults(faults, subject="actions")


@frozen(kw_only=True)
class StandardCatalogue:
    """What was promised, as one file.

    Parameters
    ----------
    standards : tuple of ServiceStandard
        With different ids.

    Raises
    ------
    EscalationError
        An id is there twice; `faults` holds all of them.
    """

    standards: tuple[ServiceStandard, ...] = field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        twice = repeated([standard.id for standard in self.standards])
        if twice:
            faults = [Fault(f"standard {own!r}", "is there more than once") for own in twice]
            raise EscalationError.from_faults(faults, subject="standards")


def is_xes(path: Path) -> bool:
    """Tell whether a file is XES by its name."""
    return path.name.lower().removesuffix(".gz").endswith(".xes")


def profile_from(given: argparse.Namespace) -> LogProfile:
    """Give the profile that was named, with the headers of the user's own; XES has no other one than the generic."""
    profile = PROFILES[given.profile]
    if is_xes(given.file) and given.profile != "generic":
        msg = f"--profile {given.profile} is of tables; {given.file} is XES, whose names --column can give"
        raise UsageError(msg)
    own: dict[str, str] = {}
    for text in given.column:
        name, sign, header = text.partition("=")
        if not sign or not name or not header:
            msg = f"--column {text}: expected COLUMN=HEADER, such as ticket=Number"
            raise UsageError(msg)
        if is_xes(given.file) and name in ("ticket", "at"):
            msg = f"--column {text}: in XES that is the name of the trace and the time of the event"
            raise UsageError(msg)
        if own.setdefault(name, header) != header:
            msg = f"--column: {name} is given twice, as {own[name]} and {header}"
            raise UsageError(msg)
    return evolve(profile, columns={**profile.columns, **own}, zone=given.zone or profile.zone)


def log_from(given: argparse.Namespace) -> EventLog:
    """Read the log, up to the instant at which it is looked at."""
    profile = profile_from(given)
    with working(f"reading {given.file.name}"):
        log = about(given.file, lambda: _log(given, profile))
    if not log.events:
        msg = f"{given.file}: there is no event in it"
        raise FormatError(msg)
    now = instant_from(given, "now")
    seen = log if now is None else as_of(log, now)
    if not seen.events:
        first = np.datetime_as_string(log.at.min(), unit="m")
        msg = f"--now {given.now}: the first event of {given.file} is later, at {first}Z"
        raise UsageError(msg)
    _check_columns(given, seen)
    return seen


def matrix_from(given: argparse.Namespace) -> Matrix | None:
    """Read the team, and place its people: every skill is a domain."""
    if given.team is None:
        return None
    text = read_text(given.team, encoding=given.encoding)
    team = about(given.team, lambda: csv.read_team(text, zone=given.zone or "UTC"))
    if team.skills is None or not team.people:
        msg = f"{given.team}: expected a row a person and a column a skill, got no {'skill' if team.people else 'row'}"
        raise FormatError(msg)
    skills = team.skills
    return about(given.team, lambda: build_matrix(skills, levels_from(given)))


def levels_from(given: argparse.Namespace) -> tuple[LevelRule, ...]:
    """Read the thresholds: L1, L2, ... from the front line upwards."""
    text = "2,3,4" if given.levels is None else given.levels
    try:
        thresholds = [float(part) for part in text.split(",")]
    except ValueError:
        thresholds = []
    if not thresholds or not all(0 <= one < math.inf for one in thresholds) or thresholds != sorted(thresholds):
        msg = f"--levels {text}: expected levels of at least 0 that do not fall, such as 2,3,4"
        raise UsageError(msg)
    return tuple(LevelRule(id=f"L{rank}", rank=rank, threshold=one) for rank, one in enumerate(thresholds, start=1))


def targets_from(given: argparse.Namespace) -> dict[str, float]:
    """Read the rates that the team should reach in a domain."""
    found: dict[str, float] = {}
    for text in given.target:
        domain, _, share = text.rpartition("=")
        try:
            rate = float(share)
        except ValueError:
            rate = math.nan
        if not domain or not 0 <= rate <= 1:
            msg = f"--target {text}: expected DOMAIN=SHARE with a share from 0 to 1, such as billing=0.8"
            raise UsageError(msg)
        if domain in found:
            msg = f"--target: {domain} is given twice"
            raise UsageError(msg)
        found[domain] = rate
    return found


def actions_from(given: argparse.Namespace) -> tuple[DevelopmentAction, ...]:
    """Read what is on offer to learn."""
    if given.actions is None:
        return ()
    text = read_text(given.actions, encoding=given.encoding)
    catalogue = about(given.actions, lambda: json.loads(text, ActionCatalogue))
    return catalogue.actions


def standards_from(given: argparse.Namespace) -> tuple[ServiceStandard, ...]:
    """Read what was promised."""
    if given.standards is None:
        return ()
    text = read_text(given.standards, encoding=given.encoding)
    catalogue = about(given.standards, lambda: json.loads(text, StandardCatalogue))
    return catalogue.standards


def _log(given: argparse.Namespace, profile: LogProfile) -> EventLog:
    with opened(given.file) as file:
        if is_xes(given.file):
            return read_xes(file, profile=profile)
        if given.encoding == UTF_8:
            return read_event_csv(file, profile=profile)
    return read_event_csv(io.StringIO(read_text(given.file, encoding=given.encoding), newline=""), profile=profile)


def _check_columns(given: argparse.Namespace, log: EventLog) -> None:
    """Refuse a domain or stratum that is no column of the log."""
    known = [name for name in log.to_columns() if name not in ("ticket", "at")]
    for name in ("domain", "stratum"):
        column = getattr(given, name)
        if column is not None and column not in known:
            msg = f"--{name}: {UnknownIdError.of(column, known, kind='column')}"
            raise UsageError(msg)
