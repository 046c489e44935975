"""Feedback on the command line: ratings in, what may be shown out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from leadkit.assessment import (
    ROLES,
    Comment,
    DisclosedFeedback,
    DisclosurePolicy,
    GapRule,
    Instrument,
    Ratings,
    disclose,
)
from leadkit.assessment import feedback as sum_up
from leadkit.cli.commands import about_file, instrument_named, print_text, sources
from leadkit.cli.files import UsageError, check_targets, read_text, write_whole
from leadkit.cli.progress import showing, working
from leadkit.errors import DisclosureError, LeadkitError
from leadkit.interchange import csv

__all__ = ["feedback"]


def feedback(given: argparse.Namespace) -> None:
    """Disclose the feedback in a file of ratings; write it as a table and as a report."""
    targets = {name: path for name, path in (("--out", given.out), ("--report", given.report)) if path is not None}
    read = [*sources(given), *given.previous]
    if given.comments is not None:
        read.append(given.comments)
    check_targets(targets, sources=tuple(read), force=given.force)
    if given.report is not None and given.report.suffix.lower() not in {".html", ".htm", ".md"}:
        msg = f"--report {given.report}: expected a name that ends in .html or .md"
        raise UsageError(msg)
    _policy(given, ROLES)
    instrument = instrument_named(given.name)
    ratings = _ratings(given, given.file, instrument)
    comments = () if given.comments is None else _comments(given, instrument)
    earlier = [_ratings(given, path, instrument) for path in given.previous]
    options = {"metric": given.metric, "weighting": given.weighting, "gap_rule": _gap_rule(given)}
    try:
        raw = sum_up(ratings, comments=comments, **options)
    except LeadkitError as error:
        raise about_file(str(given.comments or given.file), error) from None
    previous = [sum_up(one, **options) for one in earlier]
    with working("deciding what may be shown"):
        disclosed = disclose(raw, _policy(given, {*ROLES, *raw.roles}), previous=previous)
    texts = {}
    if given.out is not None:
        texts[given.out] = csv.write_feedback(disclosed)
    if given.report is not None:
        texts[given.report] = _report(given, disclosed)
    write_whole(texts, force=given.force)
    if not texts:
        print_text(csv.write_feedback(disclosed))
        return
    print(_summary(ratings, disclosed))
    for path in texts:
        print(f"wrote {path}")


def _policy(given: argparse.Namespace, roles: Iterable[str]) -> DisclosurePolicy:
    """Take one minimum for all anonymous roles, then those of single roles."""
    if given.min_n is not None and given.min_n < 1:
        msg = f"--min-n: expected at least 1, got {given.min_n}"
        raise UsageError(msg)
    named = {"self", *(given.named or ("manager",))}
    minimum = {role: given.min_n for role in roles if role not in named and given.min_n is not None}
    for text in given.role_min_n:
        role, _, least = text.partition("=")
        if not least.isdecimal():
            msg = f"--role-min-n {text}: expected ROLE=N, such as peer=5"
            raise UsageError(msg)
        minimum[role] = int(least)
    try:
        return DisclosurePolicy(
            min_n=minimum,
            attributed=frozenset(named),
            below="merge" if given.merge else "omit",
            comment_min_n=given.comment_min_n,
        )
    except DisclosureError as error:
        raise UsageError(str(error)) from None


def _gap_rule(given: argparse.Namespace) -> GapRule:
    try:
        return GapRule.share_of_scale(given.gap) if given.gap_points is None else GapRule.points(given.gap_points)
    except LeadkitError as error:
        msg = f"{'--gap' if given.gap_points is None else '--gap-points'}: {error}"
        raise UsageError(msg) from None


def _ratings(given: argparse.Namespace, path: Path, instrument: Instrument) -> Ratings:
    text = read_text(path, encoding=given.encoding)
    try:
        with working(f"reading {path.name}"):
            return csv.read_ratings(
                text,
                instrument,
                ratee=given.ratee,
                rater=given.rater,
                role=given.role,
                groups=given.group,
                ignore=given.ignore,
                ignore_other_columns=given.ignore_other_columns,
                missing=("NA",) if given.missing is None else given.missing,
                on_out_of_range=given.out_of_range,
                allow_missing_items=given.allow_missing_items,
            )
    except LeadkitError as error:
        raise about_file(str(path), error) from None


def _comments(given: argparse.Namespace, instrument: Instrument) -> tuple[Comment, ...]:
    text = read_text(given.comments, encoding=given.encoding)
    try:
        return csv.read_comments(text, instrument)
    except LeadkitError as error:
        raise about_file(str(given.comments), error) from None


def _report(given: argparse.Namespace, disclosed: DisclosedFeedback) -> str:
    from leadkit import reports

    if given.report.suffix.lower() == ".md":
        return reports.feedback_markdown(disclosed, title=given.title)
    with showing("writing pages") as progress:
        return reports.feedback(disclosed, title=given.title, progress=progress)


def _summary(ratings: Ratings, disclosed: DisclosedFeedback) -> str:
    n_cells = disclosed.mean.size
    n_hidden = int(np.count_nonzero(np.isnan(disclosed.mean)))
    raters = len(set(ratings.rater_ids))
    return (
        f"{len(ratings)} evaluations of {len(disclosed.ratee_ids)} people by {raters} raters: "
        f"{n_cells - n_hidden} means shown, {n_hidden} not shown"
    )
