"""Plans, teams and their progress as files: comma-separated text, JSON and Microsoft Project XML."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from attrs import evolve

from leadkit import wbs
from leadkit.cli.commands import about_file
from leadkit.cli.files import UsageError, read_text
from leadkit.errors import FormatError, LeadkitError, UnknownIdError

__all__ = ["about", "instant_from", "plan_from", "start_from", "status_from", "zone_from"]

T = TypeVar("T")
Fixed = Mapping[str, tuple[str, ...]]


def about(path: Path, read: Callable[[], T]) -> T:
    """Put the name of the file before what is wrong with it; an id that is not there is a fault of the file."""
    try:
        return read()
    except UnknownIdError as error:
        if error.faults:
            raise FormatError.from_faults(error.faults, subject=str(path)) from None
        raise about_file(str(path), error) from None
    except LeadkitError as error:
        raise about_file(str(path), error) from None


def zone_from(given: argparse.Namespace) -> ZoneInfo | None:
    """Find the time zone that was named."""
    try:
        return None if given.zone is None else ZoneInfo(given.zone)
    except (LookupError, OSError, ValueError):
        msg = f"--zone {given.zone}: unknown time zone; expected a name such as Europe/Berlin"
        raise UsageError(msg) from None


def start_from(given: argparse.Namespace) -> datetime | None:
    """Read the start that was given."""
    return instant_from(given, "start")


def instant_from(given: argparse.Namespace, name: str) -> datetime | None:
    """Read an instant that was given: with an offset, or on the clocks of the zone that was named."""
    text = getattr(given, name)
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        msg = f"--{name} {text}: expected a date and time such as 2026-09-07T08:00"
        raise UsageError(msg) from None
    zone = zone_from(given)
    if instant.tzinfo is None and zone is None:
        msg = f"--{name} {text} has no offset from UTC: add one, such as +02:00, or name a --zone"
        raise UsageError(msg)
    if instant.tzinfo is None:
        return instant.replace(tzinfo=zone)
    return instant if zone is None else instant.astimezone(zone)


def plan_from(given: argparse.Namespace) -> tuple[wbs.Plan, Fixed]:
    """Read the plan and its team, and who was given what already."""
    text = read_text(given.file, encoding=given.encoding)
    read = READERS.get(given.file.suffix.lower(), _from_table)
    plan, fixed = about(given.file, lambda: read(given, text))
    if given.team is not None:
        rows = read_text(given.team, encoding=given.encoding)
        team = about(given.team, lambda: _team(rows, plan, given.zone))
        plan, fixed = about(given.file, lambda: (plan.with_(team=team), {}))
    return plan, fixed


def status_from(given: argparse.Namespace) -> wbs.Status | None:
    """Read the progress that was reported."""
    if given.status is None:
        return None
    from leadkit.interchange import json

    text = read_text(given.status, encoding=given.encoding)
    status: wbs.Status = about(given.status, lambda: json.loads(text, wbs.Status))
    return status


def _team(text: str, plan: wbs.Plan, zone: str | None) -> wbs.Team:
    from leadkit.interchange import csv

    return csv.read_team(text, zone=zone, calendar=plan.calendar)


def _from_table(given: argparse.Namespace, text: str) -> tuple[wbs.Plan, Fixed]:
    from leadkit.interchange import csv

    return csv.read_plan(text, start=start_from(given), zone=given.zone, ignore=given.ignore), {}


def _from_json(given: argparse.Namespace, text: str) -> tuple[wbs.Plan, Fixed]:
    from leadkit.interchange import json

    return _moved(json.loads(text, wbs.Plan), given), {}


def _from_project(given: argparse.Namespace, text: str) -> tuple[wbs.Plan, Fixed]:
    """Read Microsoft Project XML; those who are given work there keep it."""
    from leadkit.interchange import mspdi

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        plan = mspdi.read(text, zone=given.zone)
        fixed = mspdi.read_assignments(text, zone=given.zone)
    for one in dict.fromkeys(str(warning.message) for warning in told):
        print(f"{given.file}: {one}", file=sys.stderr)
    return _moved(_with_needs(plan, fixed), given), fixed


def _moved(plan: wbs.Plan, given: argparse.Namespace) -> wbs.Plan:
    start = start_from(given)
    return plan if start is None else plan.with_(start=start)


def _with_needs(plan: wbs.Plan, fixed: Fixed) -> wbs.Plan:
    """Let every work package need as many people as it was given: the format knows no skills."""
    rows: list[dict[str, Any]] = plan.wbs.to_records()
    for row in rows:
        if row["id"] in fixed:
            row["needs"] = [wbs.Need(skills={}, heads=len(fixed[row["id"]]))]
    return plan.with_(wbs=evolve(plan.wbs, root=wbs.Wbs.from_records(rows).root))


READERS = {".json": _from_json, ".xml": _from_project}
"""Who reads what, by the end of the name; any other is a table."""
