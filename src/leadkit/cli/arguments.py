"""The arguments of the program and of the verbs about questionnaires."""

from __future__ import annotations

import argparse
from pathlib import Path

from leadkit._version import __version__
from leadkit.cli.team_arguments import add_pilot, add_plan, add_pyramid
from leadkit.cli.verbs import EXIT_CODES, Verbs, add_verb

__all__ = ["FORMS", "program_parser"]

FORMS = ("csv", "html", "limesurvey", "surveyjs", "redcap")


def program_parser() -> argparse.ArgumentParser:
    """Make the parser of all arguments; the verb is `command`."""
    parser = argparse.ArgumentParser(
        prog="leadkit",
        description="Leadership frameworks of customer service: forms, checks, scores and reports.",
        epilog=EXIT_CODES,
    )
    parser.add_argument("--version", action="version", version=f"leadkit {__version__}")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_demo(verbs)
    _add_frameworks(verbs)
    _add_form(verbs)
    check = add_verb(
        verbs,
        "check",
        told="check an instrument, or a file of answers, and print every fault",
        examples=("ved answers.csv --group team", "my-own.toml"),
    )
    _add_name(check)
    check.add_argument("file", type=Path, nargs="?", metavar="FILE", help="answers, CSV; without it NAME is checked")
    _add_reading(check)
    _add_score(verbs)
    _add_feedback(verbs)
    add_pyramid(verbs)
    add_plan(verbs)
    add_pilot(verbs)
    return parser


def _add_demo(verbs: Verbs) -> None:
    demo_parser = add_verb(
        verbs, "demo", told="make a folder with synthetic answers and the report on them", examples=("", "my-folder")
    )
    demo_parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("leadkit-demo"),
        metavar="FOLDER",
        help="empty or not there yet (default leadkit-demo)",
    )
    demo_parser.add_argument("--force", action="store_true", help="use a folder that holds something")
    demo_parser.add_argument("--seed", type=int, default=2026, help="another seed makes another team (default 2026)")


def _add_frameworks(verbs: Verbs) -> None:
    frameworks = add_verb(verbs, "frameworks", told="list the frameworks, or tell about one", examples=("", "ved"))
    frameworks.add_argument("name", nargs="?", metavar="NAME", help="a framework, or the path of your own .toml file")


def _add_form(verbs: Verbs) -> None:
    form = add_verb(
        verbs,
        "form",
        told="write an empty form to fill in",
        examples=("ved --rows 12 --group team --out answers.csv", "ved --format html --out page.html"),
    )
    _add_name(form)
    form.add_argument("--format", choices=FORMS, default="csv", help="what kind of form (default csv)")
    form.add_argument("--rows", type=int, default=0, help="number of prepared rows, csv only")
    form.add_argument("--group", action="append", default=[], metavar="COLUMN", help="a group column, such as team")
    form.add_argument("--title", help="heading of the page, html only (default the instrument's title)")
    form.add_argument("--language", metavar="TAG", help="language of the questions, such as en")
    form.add_argument("--out", type=Path, metavar="FILE", help="write there, not to the screen")
    form.add_argument("--force", action="store_true", help="replace a file that exists")


def _add_score(verbs: Verbs) -> None:
    score = add_verb(
        verbs,
        "score",
        told="score answers",
        examples=("ved answers.csv --group team --out scores.csv --report report.html",),
    )
    _add_name(score)
    score.add_argument("file", type=Path, metavar="FILE", help="answers, CSV")
    _add_reading(score)
    score.add_argument(
        "--metric", choices=("mean", "sum", "pomp"), default="mean", help="scale points, prorated sum, or percent"
    )
    score.add_argument(
        "--min-answered", type=_share_or_count, metavar="N", help="least share (0.5) or number (3) of items answered"
    )
    score.add_argument(
        "--composites",
        choices=("complete", "available", "none"),
        default="complete",
        help="scores made of dimensions: where all are known, of those that are, or none (default complete)",
    )
    score.add_argument("--out", type=Path, metavar="FILE", help="write the scores there as CSV")
    score.add_argument("--report", type=Path, metavar="FILE", help="write a report there: .html, or .md for Markdown")
    score.add_argument("--title", help="title of the report")
    score.add_argument(
        "--individuals",
        choices=("auto", "yes", "no"),
        default="auto",
        help="whether the report has a section for each person (auto: up to 100 people)",
    )
    score.add_argument("--force", action="store_true", help="replace files that exist")


def _add_feedback(verbs: Verbs) -> None:
    shown = add_verb(
        verbs,
        "feedback",
        told="turn ratings of many raters into feedback in which nobody is found out",
        examples=("ved ratings.csv --min-n 4 --out feedback.csv --report feedback.html",),
    )
    _add_name(shown)
    shown.add_argument("file", type=Path, metavar="RATINGS", help="ratings, CSV: who rates whom as what, and answers")
    for name, what in (("ratee", "who is rated"), ("rater", "who rates"), ("role", "what the rater is to the ratee")):
        default = "role" if name == "role" else f"{name}_id"
        shown.add_argument(f"--{name}", default=default, metavar="COLUMN", help=f"column of {what} (default {default})")
    _add_cells(shown)
    rules = shown.add_argument_group("what may be shown")
    rules.add_argument("--min-n", type=int, metavar="N", help="fewest raters of an anonymous role (default 3)")
    rules.add_argument(
        "--role-min-n", action="append", default=[], metavar="ROLE=N", help="fewest raters of one role, such as peer=5"
    )
    rules.add_argument(
        "--named", action="append", metavar="ROLE", help="a role whose raters know they are named (default manager)"
    )
    rules.add_argument("--merge", action="store_true", help="pool small roles as 'other' in place of leaving them out")
    rules.add_argument(
        "--comment-min-n", type=int, default=5, metavar="N", help="fewest comments of a role (default 5)"
    )
    rules.add_argument(
        "--previous",
        type=Path,
        action="append",
        default=[],
        metavar="RATINGS",
        help="the ratings behind an earlier report about the same people; once for each",
    )
    shown.add_argument("--comments", type=Path, metavar="FILE", help="comments, CSV: ratee_id, rater_id, role, text")
    shown.add_argument(
        "--metric", choices=("mean", "sum", "pomp"), default="mean", help="scale points, prorated sum, or percent"
    )
    shown.add_argument(
        "--weighting", choices=("equal_roles", "equal_raters"), default="equal_roles", help="how others are averaged"
    )
    shown.add_argument(
        "--gap", type=float, default=1 / 3, metavar="SHARE", help="share of the scale above which a gap counts"
    )
    shown.add_argument("--gap-points", type=float, metavar="POINTS", help="the same in scale points")
    shown.add_argument("--out", type=Path, metavar="FILE", help="write the table there as CSV")
    shown.add_argument("--report", type=Path, metavar="FILE", help="write a report there: .html, or .md for Markdown")
    shown.add_argument("--title", help="title of the report")
    shown.add_argument("--force", action="store_true", help="replace files that exist")


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a framework, or the path of your own .toml file")


def _add_reading(parser: argparse.ArgumentParser) -> None:
    reading = _add_cells(parser)
    reading.add_argument("--id", default="respondent_id", metavar="COLUMN", help="column of the ids")
    reading.add_argument("--no-id", action="store_true", help="the file has no ids; rows are counted")


def _add_cells(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    reading = parser.add_argument_group("how the file is read")
    reading.add_argument("--group", action="append", default=[], metavar="COLUMN", help="a group column, such as team")
    reading.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="a column to leave out")
    reading.add_argument("--ignore-other-columns", action="store_true", help="leave out every unknown column")
    reading.add_argument("--missing", action="append", metavar="WORD", help="a word for no answer (default NA)")
    reading.add_argument(
        "--out-of-range", choices=("error", "missing"), default="error", help="what to do with 9 on a scale of 1..5"
    )
    reading.add_argument("--allow-missing-items", action="store_true", help="an item may have no column")
    reading.add_argument("--encoding", default="utf-8-sig", help="encoding of the file (default UTF-8)")
    return reading


def _share_or_count(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        return float(text)
