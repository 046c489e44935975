"""An organisation on the command line: people in, the inverted pyramid and what its scores say out."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from leadkit import org
from leadkit.cli.commands import about_file, print_text
from leadkit.cli.files import UsageError, check_targets, read_text, write_whole
from leadkit.cli.findings import of_lines, of_nominations, of_scores
from leadkit.cli.progress import showing, working
from leadkit.cli.pyramid_summary import found_lines, summary_lines
from leadkit.errors import DisclosureError, LeadkitError, OrgError
from leadkit.interchange import csv, graphviz, ldif, mermaid, scim, svg
from leadkit.org.showing import checked_minimum

__all__ = ["pyramid"]

CHARTS: dict[str, ModuleType] = {
    ".mmd": mermaid,
    ".mermaid": mermaid,
    ".dot": graphviz,
    ".gv": graphviz,
    ".svg": svg,
}
PROFILE = "leadkit"


def pyramid(given: argparse.Namespace) -> None:
    """Build the pyramid of a file of people; write it as a table, a chart and a report."""
    names = ("chart", "out", "report")
    targets = {f"--{name}": getattr(given, name) for name in names if getattr(given, name) is not None}
    read = [path for path in (given.people, given.scores, given.advice) if path is not None]
    check_targets(targets, sources=tuple(read), force=given.force)
    _check_usage(given)
    text = read_text(given.people, encoding=given.encoding)
    with working(f"reading {given.people.name}"):
        organisation = _about(given.people, lambda: _people(given, text))
        built = _about(given.people, lambda: _built(given, organisation))
    results = of_lines(built)
    if given.scores is not None:
        scored = read_text(given.scores, encoding=given.encoding)
        results |= _about(given.scores, lambda: _of_scores(given, built, scored))
    if given.advice is not None:
        advice = read_text(given.advice, encoding=given.encoding)
        with working("measuring who is asked"):
            results |= _about(given.advice, lambda: _of_advice(built, advice, min_n=given.min_n))
    texts = {}
    if given.chart is not None:
        texts[given.chart] = _chart(given, built)
    if given.out is not None:
        texts[given.out] = csv.write_pyramid(built)
    if given.report is not None:
        texts[given.report] = _report(given, built, results)
    write_whole(texts, force=given.force)
    lines = summary_lines(built, results["structure"], name=str(given.people), is_short=bool(texts))
    print_text("\n".join([*lines, *found_lines(results), *(f"wrote {path}" for path in texts)]))


def _check_usage(given: argparse.Namespace) -> None:
    """Refuse options that do not go together, before anything is read."""
    if given.report is not None and given.report.suffix.lower() not in {".html", ".htm", ".md"}:
        msg = f"--report {given.report}: expected a name that ends in .html or .md"
        raise UsageError(msg)
    if given.chart is not None and given.chart.suffix.lower() not in CHARTS:
        msg = f"--chart {given.chart}: expected a name that ends in {', '.join(CHARTS)}"
        raise UsageError(msg)
    if given.senior_depth < 0:
        msg = f"--senior-depth: expected at least 0, got {given.senior_depth}"
        raise UsageError(msg)
    try:
        checked_minimum(given.min_n)
    except DisclosureError as error:
        msg = f"--min-n: {str(error).removeprefix('min_n: ')}"
        raise UsageError(msg) from None
    _check_numbers(given)
    _check_partners(given)


def _check_numbers(given: argparse.Namespace) -> None:
    for option in ("threshold", "target"):
        value = getattr(given, option)
        if value is not None and not math.isfinite(value):
            msg = f"--{option}: expected a finite number, got {value}"
            raise UsageError(msg)
    if given.chart_layers is not None and given.chart_layers < 1:
        msg = f"--chart-layers: expected at least 1, got {given.chart_layers}"
        raise UsageError(msg)


def _check_partners(given: argparse.Namespace) -> None:
    """Refuse an option without the one that gives it a meaning."""
    partners = {
        "scores": ("id", "score", "threshold", "target"),
        "target": ("better",),
        "chart": ("chart_top", "chart_layers"),
        "report": ("title",),
    }
    for partner, options in partners.items():
        for option in options:
            if getattr(given, option) is not None and getattr(given, partner) is None:
                msg = f"--{option.replace('_', '-')} needs --{partner}"
                raise UsageError(msg)
    if given.people.suffix.lower() in {".json", ".ldif"}:
        for option in ("profile", "column", "as_of"):
            if getattr(given, option):
                msg = f"--{option.replace('_', '-')} is for a table of people, not for {given.people.suffix}"
                raise UsageError(msg)


def _about(path: Path, read: Callable[[], Any]) -> Any:
    """Put the name of the file before what is wrong with it; violations keep their counts by code."""
    try:
        return read()
    except OrgError as error:
        if error.violations:
            msg = f"{path}: {error}"
            told = OrgError(msg)
            told.violations, told.faults = error.violations, error.faults
            raise told from None
        raise about_file(str(path), error) from None
    except LeadkitError as error:
        raise about_file(str(path), error) from None


def _people(given: argparse.Namespace, text: str) -> org.Organisation:
    policies: dict[str, Any] = {
        "root_tokens": tuple(given.root_token),
        "job_shares": given.job_shares,
        "conflicts": given.conflicts,
        "single_root": given.single_root,
        "strict": not given.repair,
    }
    suffix = given.people.suffix.lower()
    if suffix == ".json":
        return scim.read_scim(text, **policies)
    if suffix == ".ldif":
        return ldif.read_ldif(text, **policies)
    columns = dict(_renamed(one) for one in given.column)
    options = policies | {"profile": given.profile or PROFILE, "columns": columns or None, "as_of": _day(given.as_of)}
    try:
        return csv.read_people(text, **options)
    except LeadkitError:
        raise
    except ValueError as error:
        raise UsageError(str(error)) from None


def _renamed(text: str) -> tuple[str, str]:
    fact, _, header = text.partition("=")
    if not header:
        msg = f"--column {text}: expected FACT=HEADER, such as manager_id=Boss"
        raise UsageError(msg)
    return fact, header


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        msg = f"--as-of {text}: expected a day such as 2026-03-31"
        raise UsageError(msg) from None


def _built(given: argparse.Namespace, organisation: org.Organisation) -> org.Pyramid:
    return org.build_pyramid(organisation, senior_depth=given.senior_depth, weights=given.weights)


def _scores(given: argparse.Namespace, text: str) -> csv.PersonScores:
    scores = csv.read_person_scores(text, id=given.id, columns=given.score)
    for option in ("threshold", "target"):
        if len(scores.names) > 1 and getattr(given, option) is not None:
            msg = f"--{option} is about one score of {', '.join(scores.names)}: name it with --score"
            raise UsageError(msg)
    return scores


def _of_scores(given: argparse.Namespace, built: org.Pyramid, text: str) -> dict[str, Any]:
    return of_scores(
        built,
        _scores(given, text),
        min_n=given.min_n,
        threshold=given.threshold,
        target=given.target,
        better=given.better or "high",
    )


def _of_advice(built: org.Pyramid, text: str, *, min_n: int) -> dict[str, Any]:
    asks, asked = csv.read_nominations(text)
    return of_nominations(built, asks, asked, min_n=min_n)


def _chart(given: argparse.Namespace, built: org.Pyramid) -> str:
    draw = CHARTS[given.chart.suffix.lower()].org_chart
    try:
        drawn: str = draw(built.organisation, pyramid=built, top=given.chart_top, layers=given.chart_layers)
    except OrgError as error:
        told = str(error).replace("top=...", "--chart-top ID").replace("layers=...", "--chart-layers N")
        msg = f"--chart {given.chart}: {told}"
        raise UsageError(msg) from None
    return drawn


def _report(given: argparse.Namespace, built: org.Pyramid, results: dict[str, Any]) -> str:
    from leadkit import reports

    if given.report.suffix.lower() == ".md":
        return reports.pyramid_markdown(built, title=given.title, **results)
    with showing("writing sections") as progress:
        return reports.pyramid(built, title=given.title, progress=progress, **results)
