"""A plan on the command line: work and a team in; dates, risk, what is missing and how it stands out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from leadkit.cli.commands import print_text
from leadkit.cli.files import UsageError, check_targets, write_whole
from leadkit.cli.plan_reading import about, plan_from, start_from, status_from, zone_from
from leadkit.cli.planning import Planned, planned
from leadkit.cli.progress import showing
from leadkit.wbs import Assignment, management_report

__all__ = ["plan"]

REPORTS = (".html", ".htm", ".md")
MERMAID = (".mmd", ".mermaid")
PLANTUML = (".puml", ".plantuml")
ENDS = {"report": REPORTS, "management": REPORTS, "gantt": (*MERMAID, *PLANTUML), "ics": (".ics",), "mspdi": (".xml",)}
"""What the names of files that are written end in."""


def plan(given: argparse.Namespace) -> None:
    """Schedule a plan, give it to its team, simulate it; write it as a table, a chart, a calendar and a report.

    Where the team cannot do the plan, everything else is told and written all the same, before that is raised.
    """
    names = tuple(WRITERS)
    targets = {f"--{name}": getattr(given, name) for name in names if getattr(given, name) is not None}
    read = [path for path in (given.file, given.team, given.status) if path is not None]
    check_targets(targets, sources=tuple(read), force=given.force)
    _check_usage(given)
    work, fixed = plan_from(given)
    status = status_from(given)
    options = {"schedules": given.schedules, "seed": given.seed, "runs": given.runs, "solver": given.solver}
    made = about(given.file, lambda: planned(work, **options, fixed=fixed))
    if status is not None:
        made = about(given.status, lambda: made.tracked(status))
    texts = {getattr(given, name): WRITERS[name](given, made) for name in names if getattr(given, name) is not None}
    write_whole(texts, force=given.force)
    from leadkit.cli.plan_summary import plan_lines

    print_text("\n".join([*plan_lines(made, name=str(given.file)), *(f"wrote {path}" for path in texts)]))
    about(given.file, made.fail)


def _check_usage(given: argparse.Namespace) -> None:
    """Refuse options that are out of range or do not go together, before anything is read."""
    for name, ends in ENDS.items():
        path: Path | None = getattr(given, name)
        if path is not None and path.suffix.lower() not in ends:
            msg = f"--{name} {path}: expected a name that ends in {' or '.join(ends)}"
            raise UsageError(msg)
    for name, least in {"schedules": 1, "runs": 1, "seed": 0}.items():
        if getattr(given, name) < least:
            msg = f"--{name}: expected at least {least}, got {getattr(given, name)}"
            raise UsageError(msg)
    for name, partner in {"title": "report", "person": "ics", "management": "status"}.items():
        if getattr(given, name) is not None and getattr(given, partner) is None:
            msg = f"--{name} needs --{partner}"
            raise UsageError(msg)
    if given.file.suffix.lower() == ".xml" and given.zone is None:
        msg = f"{given.file} has local times without a zone: name it with --zone, such as Europe/Berlin"
        raise UsageError(msg)
    zone_from(given)
    start_from(given)


def _table(_: argparse.Namespace, made: Planned) -> str:
    from leadkit.interchange import csv

    return csv.write_plan(made.plan, made.result)


def _report(given: argparse.Namespace, made: Planned) -> str:
    from leadkit import reports

    if given.report.suffix.lower() == ".md":
        return reports.plan_markdown(made.plan, title=given.title, **made.found)
    with showing("writing sections") as progress:
        return reports.plan(made.plan, title=given.title, progress=progress, **made.found)


def _management(given: argparse.Namespace, made: Planned) -> str:
    from leadkit import reports

    found = made.found
    told = management_report(made.plan, found["tracking"], risk=found["risk"], request=found.get("request"))
    if given.management.suffix.lower() == ".md":
        return reports.management_report_markdown(told)
    return reports.management_report(told)


def _gantt(given: argparse.Namespace, made: Planned) -> str:
    from leadkit.interchange import mermaid, plantuml

    is_mermaid = given.gantt.suffix.lower() in MERMAID
    return mermaid.gantt(made.result) if is_mermaid else plantuml.gantt(made.result)


def _calendar(given: argparse.Namespace, made: Planned) -> str:
    from leadkit.interchange import icalendar

    if given.person is not None and not isinstance(made.result, Assignment):
        msg = f"--person {given.person}: nobody was given any work"
        raise UsageError(msg)
    return icalendar.write(made.result, now=datetime.now(UTC), person=given.person)


def _project(_: argparse.Namespace, made: Planned) -> str:
    from leadkit.interchange import mspdi

    return mspdi.write(made.plan, made.result)


WRITERS: dict[str, Callable[[argparse.Namespace, Planned], str]] = {
    "out": _table,
    "report": _report,
    "management": _management,
    "gantt": _gantt,
    "ics": _calendar,
    "mspdi": _project,
}
