"""A pilot on the command line: tickets and a team in; gaps of the matrix, training needs and metrics out."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

from leadkit.cli.commands import about_file, print_text
from leadkit.cli.files import UsageError, check_targets, write_whole
from leadkit.cli.pilot_reading import (
    actions_from,
    levels_from,
    log_from,
    matrix_from,
    profile_from,
    standards_from,
    targets_from,
)
from leadkit.cli.piloting import Piloted, piloted
from leadkit.cli.plan_reading import about, instant_from, zone_from
from leadkit.cli.progress import showing, working
from leadkit.errors import FormatError, LogError, UnknownIdError
from leadkit.escalation import EventLog, Matrix
from leadkit.skills import DevelopmentAction

__all__ = ["pilot"]

REPORTS = (".html", ".htm", ".md")
PARTNERS = {
    "title": "report",
    "report": "team",
    "levels": "team",
    "target_level": "team",
    "needs": "team",
    "actions": "team",
    "budget_hours": "actions",
    "budget_cost": "actions",
}
"""Options that say nothing without another one."""


def pilot(given: argparse.Namespace) -> None:
    """Evaluate a pilot: who is weaker than expected in what, beside what the team can do on paper.

    Where the log holds no pilot, the matrix and the metrics are told before that is raised, and nothing is written.
    """
    names = tuple(WRITERS)
    targets = {f"--{name}": getattr(given, name) for name in names if getattr(given, name) is not None}
    read = [path for path in (given.file, given.team, given.actions, given.standards) if path is not None]
    check_targets(targets, sources=tuple(read), force=given.force)
    _check_usage(given)
    log, matrix, actions = log_from(given), matrix_from(given), actions_from(given)
    with working("evaluating the pilot"):
        made = _made(given, log, matrix, actions)
    _check_report(given, made)
    texts: dict[Path, str] = {}
    if made.problem is None:
        texts = {getattr(given, name): WRITERS[name](given, made) for name in names if getattr(given, name) is not None}
        write_whole(texts, force=given.force)
    from leadkit.cli.pilot_summary import pilot_lines

    told = pilot_lines(made, name=str(given.file), zone=given.zone or "UTC", team=str(given.team))
    print_text("\n".join([*told, *(f"wrote {path}" for path in texts)]))
    about(given.file, made.fail)


def _made(
    given: argparse.Namespace, log: EventLog, matrix: Matrix | None, actions: tuple[DevelopmentAction, ...]
) -> Piloted:
    """Work everything out; what is wrong with the log bears its name."""
    try:
        return piloted(
            log,
            domain=given.domain,
            stratum=given.stratum,
            now=instant_from(given, "now"),
            matrix=matrix,
            target_level=_target_level(given),
            actions=actions,
            limits=_limits(given),
            member=given.member,
            zone=given.zone or "UTC",
            standards=standards_from(given),
            options={name: getattr(given, name) for name in ("q", "min_gap", "min_n")}
            | {"targets": targets_from(given)},
        )
    except LogError as error:
        raise about_file(str(given.file), error) from None


def _check_report(given: argparse.Namespace, made: Piloted) -> None:
    """Refuse a report for a team that the log knows nobody of, or that does not know the member."""
    if given.report is None or made.matrix is None or made.evaluation is None:
        return
    people = set(made.matrix.people)
    if given.member is not None and given.member not in people:
        msg = f"--member: the report is about the team; {UnknownIdError.of(given.member, people, kind='person')}"
        raise UsageError(msg)
    if not people & {row.person for row in made.evaluation.people}:
        msg = f"{given.team}: nobody who had a case in {given.file} is in it, so there is nothing to report on"
        raise FormatError(msg)


def _check_usage(given: argparse.Namespace) -> None:
    """Refuse options that are out of range or do not go together, before anything is read."""
    if given.report is not None and given.report.suffix.lower() not in REPORTS:
        msg = f"--report {given.report}: expected a name that ends in {' or '.join(REPORTS)}"
        raise UsageError(msg)
    for name, partner in PARTNERS.items():
        if getattr(given, name) is not None and getattr(given, partner) is None:
            msg = f"--{name.replace('_', '-')} needs --{partner}"
            raise UsageError(msg)
    for name in ("q", "min_gap"):
        if not 0 < getattr(given, name) < 1:
            msg = f"--{name.replace('_', '-')}: expected a number above 0 and below 1, got {getattr(given, name):g}"
            raise UsageError(msg)
    if given.min_n < 1:
        msg = f"--min-n: expected at least 1, got {given.min_n}"
        raise UsageError(msg)
    for name in ("budget_hours", "budget_cost"):
        amount = getattr(given, name)
        if amount is not None and not 0 <= amount < math.inf:
            msg = f"--{name.replace('_', '-')}: expected a number of at least 0, got {amount:g}"
            raise UsageError(msg)
    zone_from(given)
    instant_from(given, "now")
    profile_from(given)
    targets_from(given)
    _target_level(given)


def _target_level(given: argparse.Namespace) -> str:
    """Name the level to come to: the one that was given, or the second, or the only one."""
    known = [level.id for level in levels_from(given)]
    if given.target_level is None:
        return known[min(1, len(known) - 1)]
    if given.target_level not in known:
        msg = f"--target-level: {UnknownIdError.of(given.target_level, known, kind='level')}"
        raise UsageError(msg)
    level: str = given.target_level
    return level


def _limits(given: argparse.Namespace) -> dict[str, float]:
    limits = {"max_hours": given.budget_hours, "max_cost": given.budget_cost}
    return {name: amount for name, amount in limits.items() if amount is not None}


def _table(_: argparse.Namespace, made: Piloted) -> str:
    from leadkit.interchange import csv

    return "" if made.evaluation is None else csv.write_pilot(made.evaluation)


def _needs(_: argparse.Namespace, made: Piloted) -> str:
    from leadkit.interchange import csv

    return csv.write_needs(() if made.learning is None else made.learning.needs)


def _report(given: argparse.Namespace, made: Piloted) -> str:
    from leadkit import reports

    if given.report.suffix.lower() == ".md":
        return reports.escalation_markdown(title=given.title, **made.found)
    with showing("writing sections") as progress:
        return reports.escalation(title=given.title, progress=progress, **made.found)


WRITERS: dict[str, Callable[[argparse.Namespace, Piloted], str]] = {"out": _table, "needs": _needs, "report": _report}
