"""What each verb does: one or two library calls and a few lines for the person who typed it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from leadkit import frameworks as catalogue
from leadkit.assessment import Instrument, Responses, Scores, reliability
from leadkit.assessment import score as score_responses
from leadkit.cli.files import UsageError, check_targets, read_text, write_whole
from leadkit.cli.progress import showing, working
from leadkit.errors import FormatError, LeadkitError

INDIVIDUALS_UP_TO = 100
WITH_BYTE_ORDER_MARK = frozenset({"csv", "limesurvey"})


def frameworks(given: argparse.Namespace) -> None:
    """List the catalogue, or tell about one framework."""
    if given.name is not None:
        instrument_named(given.name)
        print(catalogue.about(given.name))
        return
    width = max(map(len, catalogue.names()))
    for name in catalogue.names():
        about = catalogue.about(name)
        print(f"{name:<{width}}  {about.title} ({about.version}, {len(about.dimensions)} dimensions)")
    print("\n'leadkit frameworks NAME' tells more; 'leadkit form NAME' prints an empty form.")


def form(given: argparse.Namespace) -> None:
    """Write an empty form."""
    if given.rows < 0:
        msg = f"--rows: expected a number of at least 0, got {given.rows}"
        raise UsageError(msg)
    if given.out is not None:
        check_targets({"--out": given.out}, sources=sources(given), force=given.force)
    if given.rows and given.format != "csv":
        msg = f"--rows: a {given.format} form has no rows to prepare; leave it out"
        raise UsageError(msg)
    if given.title is not None and given.format != "html":
        msg = f"--title: only an html form takes one, not {given.format}; leave it out"
        raise UsageError(msg)
    text = _form_text(given, instrument_named(given.name))
    if given.out is None:
        print_text(text)
    else:
        mark = "\N{BYTE ORDER MARK}" if given.format in WITH_BYTE_ORDER_MARK else ""
        write_whole({given.out: mark + text}, force=given.force)
        print(f"wrote {given.out}")


def check(given: argparse.Namespace) -> None:
    """Check an instrument, or a file of answers to it."""
    instrument = instrument_named(given.name)
    if given.file is None:
        print(_summary(instrument))
        return
    print(f"{given.file} is fine: {_who(answers_from(given, instrument))}")


def score(given: argparse.Namespace) -> None:
    """Score a file of answers; write scores and a report."""
    targets = {name: path for name, path in (("--out", given.out), ("--report", given.report)) if path is not None}
    check_targets(targets, sources=sources(given), force=given.force)
    if given.report is not None and given.report.suffix.lower() not in {".html", ".htm", ".md"}:
        msg = f"--report {given.report}: expected a name that ends in .html or .md"
        raise UsageError(msg)
    instrument = instrument_named(given.name)
    responses = answers_from(given, instrument)
    try:
        scores = score_responses(
            responses, metric=given.metric, min_answered=given.min_answered, composites=given.composites
        )
    except LeadkitError as error:
        msg = f"--min-answered: {error}"
        raise UsageError(msg) from None
    from leadkit.interchange import csv

    texts = {}
    if given.out is not None:
        texts[given.out] = csv.write_scores(scores)
    if given.report is not None:
        texts[given.report] = _report(given, responses, scores)
    write_whole(texts, force=given.force)
    if not texts:
        print_text(csv.write_scores(scores))
        return
    print(f"scored {_who(responses)}")
    for path in texts:
        print(f"wrote {path}")


def instrument_named(name: str) -> Instrument:
    """Load a framework of the catalogue, or the user's own instrument where the name is the path of a .toml file."""
    if not _is_path(name):
        return catalogue.load(name)
    text = read_text(Path(name))
    try:
        return Instrument.parse(text)
    except LeadkitError as error:
        raise about_file(name, error) from None


def answers_from(given: argparse.Namespace, instrument: Instrument) -> Responses:
    """Read the answers that the arguments name."""
    from leadkit.interchange import csv

    text = read_text(given.file, encoding=given.encoding)
    try:
        with working(f"reading {given.file.name}"):
            return csv.read_responses(
                text,
                instrument,
                id=None if given.no_id else given.id,
                groups=given.group,
                ignore=given.ignore,
                ignore_other_columns=given.ignore_other_columns,
                missing=("NA",) if given.missing is None else given.missing,
                on_out_of_range=given.out_of_range,
                allow_missing_items=given.allow_missing_items,
            )
    except LeadkitError as error:
        raise about_file(str(given.file), error) from None


def _form_text(given: argparse.Namespace, instrument: Instrument) -> str:
    from leadkit.interchange import csv, html_form, limesurvey, redcap, surveyjs

    if given.format == "csv":
        return csv.write_form(instrument, rows=given.rows, groups=given.group, language=given.language)
    if given.format == "html":
        return html_form.write_form(instrument, groups=given.group, language=given.language, title=given.title)
    writers: dict[str, Callable[..., str]] = {
        "limesurvey": limesurvey.write_form,
        "surveyjs": surveyjs.write_form,
        "redcap": redcap.write_form,
    }
    return writers[given.format](instrument, groups=given.group, language=given.language)


def _report(given: argparse.Namespace, responses: Responses, scores: Scores) -> str:
    from leadkit import reports

    with working("measuring reliability"):
        table = reliability(responses)
    individuals = given.individuals == "yes" or (given.individuals == "auto" and len(scores) <= INDIVIDUALS_UP_TO)
    options: dict[str, Any] = {
        "reliability": table,
        "responses": responses,
        "by": given.group[0] if given.group else None,
        "individuals": individuals,
        "title": given.title,
    }
    if given.report.suffix.lower() == ".md":
        return reports.team_markdown(scores, **options)
    with showing("writing pages") as progress:
        return reports.team(scores, **options, progress=progress)


def _is_path(name: str) -> bool:
    return name.lower().endswith(".toml")


def sources(given: argparse.Namespace) -> tuple[Path, ...]:
    """List the files that the arguments name to be read."""
    files = [Path(given.name)] if _is_path(given.name) else []
    return (*files, given.file) if getattr(given, "file", None) is not None else tuple(files)


def about_file(name: str, error: LeadkitError) -> LeadkitError:
    """Put the name of the file before what is wrong with it."""
    if error.faults:
        return type(error).from_faults(error.faults, subject=name)
    kind = type(error) if isinstance(error, ValueError) else FormatError
    return kind(f"{name}: {error}")


def _summary(instrument: Instrument) -> str:
    sizes = f"{_count(len(instrument.dimensions), 'dimension')}, {_count(instrument.n_items, 'item')}"
    scale = f"{instrument.scale.low}..{instrument.scale.high}"
    return f"{instrument.id} {instrument.version} is fine: {sizes}, scale {scale}, {instrument.status}"


def _who(responses: Responses) -> str:
    n_missing = int(np.count_nonzero(np.isnan(responses.values)))
    share = n_missing / max(1, responses.values.size)
    sizes = f"{_count(len(responses), 'respondent')}, {_count(responses.instrument.n_items, 'item')}"
    empty = int(np.count_nonzero(responses.no_answers))
    nobody = f", {empty} without any answer" if empty else ""
    return f"{sizes}, {_count(n_missing, 'cell')} not answered ({share:.1%}){nobody}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_text(text: str) -> None:
    """Write a text to standard output, ending in a line feed."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
