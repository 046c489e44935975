"""The arguments of the verbs about organisations, plans and pilots."""

from __future__ import annotations

import argparse
from pathlib import Path

from leadkit.cli.verbs import Verbs, add_verb

__all__ = ["LOG_PROFILES", "PEOPLE_PROFILES", "add_pilot", "add_plan", "add_pyramid"]

PEOPLE_PROFILES = ("leadkit", "successfactors", "bamboohr", "workday", "uk_organogram")
LOG_PROFILES = ("generic", "servicenow", "bpi2013", "helpdesk")


def add_pyramid(verbs: Verbs) -> None:
    """Add the verb about what an organisation looks like with customers on top."""
    shown = add_verb(
        verbs,
        "pyramid",
        told="put customers on top: tiers, spans, scores by line and the root cause",
        examples=("people.csv --scores scores.csv --target 3.5 --report pyramid.html",),
    )
    shown.add_argument("people", type=Path, metavar="PEOPLE", help="people: CSV, or .json (SCIM) or .ldif")
    _add_people(shown)
    shown.add_argument(
        "--senior-depth", type=int, default=1, metavar="N", help="steps below a top that are senior (default 1)"
    )
    shown.add_argument(
        "--weights", choices=("heads", "posts", "fte"), default="heads", help="what is counted (default heads)"
    )
    scores = shown.add_argument_group("what people answered")
    scores.add_argument("--scores", type=Path, metavar="FILE", help="scores, CSV: an id and a column a score")
    scores.add_argument("--id", metavar="COLUMN", help="column of the ids")
    scores.add_argument("--score", metavar="COLUMN", help="one score; all are rolled up without it")
    scores.add_argument("--threshold", type=float, metavar="X", help="least score on the golden thread")
    scores.add_argument("--target", type=float, metavar="X", help="what the mean of a team should reach")
    scores.add_argument("--better", choices=("high", "low"), help="which end is good (default high)")
    scores.add_argument("--advice", type=Path, metavar="FILE", help="who turns to whom, CSV: source, target")
    scores.add_argument("--min-n", type=int, default=5, metavar="N", help="fewest people behind a number (default 5)")
    written = shown.add_argument_group("what is written")
    written.add_argument("--chart", type=Path, metavar="FILE", help="draw the chart there: .mmd, .dot or .svg")
    written.add_argument("--chart-top", metavar="ID", help="draw the line of one person")
    written.add_argument("--chart-layers", type=int, metavar="N", help="draw so many layers")
    written.add_argument("--out", type=Path, metavar="FILE", help="write the tier of every post there as CSV")
    written.add_argument("--report", type=Path, metavar="FILE", help="write a report there: .html, or .md for Markdown")
    written.add_argument("--title", help="title of the report")
    written.add_argument("--force", action="store_true", help="replace files that exist")


def add_plan(verbs: Verbs) -> None:
    """Add the verb about a plan and its team."""
    shown = add_verb(
        verbs,
        "plan",
        told="schedule a plan with a team: dates, risk, what is missing for HR, progress",
        examples=("plan.csv --team team.csv --out dates.csv --report plan.html",),
    )
    shown.add_argument("file", type=Path, metavar="FILE", help="the plan: CSV, or .json, or .xml (Microsoft Project)")
    shown.add_argument("--team", type=Path, metavar="FILE", help="the team, CSV: a row a person, a column a skill")
    shown.add_argument("--status", type=Path, metavar="FILE", help="the progress so far, JSON")
    shown.add_argument("--start", metavar="INSTANT", help="start of the plan, such as 2026-09-07T08:00")
    shown.add_argument("--zone", metavar="NAME", help="time zone of times without one, such as Europe/Berlin")
    shown.add_argument("--encoding", default="utf-8-sig", help="encoding of the files (default UTF-8)")
    shown.add_argument(
        "--ignore", action="append", default=[], metavar="COLUMN", help="a column of the plan to leave out, CSV only"
    )
    search = shown.add_argument_group("how it is worked out")
    search.add_argument("--schedules", type=int, default=3000, metavar="N", help="schedules to try (default 3000)")
    search.add_argument("--runs", type=int, default=10_000, metavar="N", help="runs to simulate (default 10000)")
    search.add_argument("--seed", type=int, default=0, metavar="N", help="seed of all chance (default 0)")
    search.add_argument("--solver", action="store_true", help="go on with a solver (extra 'solver')")
    written = shown.add_argument_group("what is written")
    written.add_argument("--out", type=Path, metavar="FILE", help="write the plan with its dates there as CSV")
    written.add_argument("--report", type=Path, metavar="FILE", help="write a report there: .html, or .md for Markdown")
    written.add_argument("--title", help="title of the report")
    written.add_argument(
        "--management",
        type=Path,
        metavar="FILE",
        help="write a report to management there: .html or .md; with --status",
    )
    written.add_argument("--gantt", type=Path, metavar="FILE", help="write a Gantt chart there: .mmd or .puml")
    written.add_argument("--ics", type=Path, metavar="FILE", help="write a calendar there, .ics")
    written.add_argument("--person", metavar="ID", help="whose work the calendar holds; everybody's without it")
    written.add_argument("--mspdi", type=Path, metavar="FILE", help="write Microsoft Project XML there, .xml")
    written.add_argument("--force", action="store_true", help="replace files that exist")


def add_pilot(verbs: Verbs) -> None:
    """Add the verb about a pilot and its team."""
    shown = add_verb(
        verbs,
        "pilot",
        told="say of a pilot's tickets who is to learn what, beside the escalation matrix",
        examples=("tickets.csv --team team.csv --stratum channel --report pilot.html",),
    )
    shown.add_argument("file", type=Path, metavar="TICKETS", help="what happened to tickets: CSV, or .xes; .gz too")
    shown.add_argument("--team", type=Path, metavar="FILE", help="the team, CSV: a row a person, a column a skill")
    shown.add_argument(
        "--actions", type=Path, metavar="FILE", help="what is on offer to learn, JSON; 'leadkit demo' writes one"
    )
    shown.add_argument(
        "--standards", type=Path, metavar="FILE", help="what was promised, JSON; clocks run at all hours"
    )
    reading = shown.add_argument_group("how the log is read")
    reading.add_argument(
        "--profile", choices=LOG_PROFILES, default="generic", help="whose table it is (default generic)"
    )
    reading.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="COLUMN=HEADER",
        help="a header of your own, such as level=Tier",
    )
    reading.add_argument("--zone", metavar="NAME", help="time zone of times without one, such as Europe/Berlin")
    reading.add_argument("--now", metavar="INSTANT", help="leave out what came later, such as 2026-10-05T08:00")
    reading.add_argument("--encoding", default="utf-8-sig", help="encoding of the files (default UTF-8)")
    judged = shown.add_argument_group("how it is judged")
    judged.add_argument("--domain", default="domain", metavar="COLUMN", help="column of the domains (default domain)")
    judged.add_argument("--stratum", metavar="COLUMN", help="column of what makes cases easier or harder")
    judged.add_argument("--q", type=float, default=0.05, help="share of false findings accepted (default 0.05)")
    judged.add_argument(
        "--min-gap", type=float, default=0.05, metavar="X", help="least gap that matters (default 0.05)"
    )
    judged.add_argument("--min-n", type=int, default=10, metavar="N", help="fewest cases of a test (default 10)")
    judged.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="DOMAIN=SHARE",
        help="rate that a domain should reach, billing=0.8",
    )
    judged.add_argument("--member", metavar="ID", help="tell of one person too, month by month")
    learnt = shown.add_argument_group("who is to learn what, with --team")
    learnt.add_argument("--levels", metavar="X,Y,...", help="levels of a skill for L1, L2, ... (default 2,3,4)")
    learnt.add_argument("--target-level", metavar="ID", help="level to come to (default the second)")
    learnt.add_argument("--budget-hours", type=float, metavar="X", help="most hours of training, with --actions")
    learnt.add_argument("--budget-cost", type=float, metavar="X", help="most that training may cost, with --actions")
    written = shown.add_argument_group("what is written")
    written.add_argument("--out", type=Path, metavar="FILE", help="write what was found there as CSV")
    written.add_argument(
        "--needs", type=Path, metavar="FILE", help="write the training needs there as CSV; with --team"
    )
    written.add_argument("--report", type=Path, metavar="FILE", help="write a report there: .html, or .md for Markdown")
    written.add_argument("--title", help="title of the report")
    written.add_argument("--force", action="store_true", help="replace files that exist")


def _add_people(parser: argparse.ArgumentParser) -> None:
    reading = parser.add_argument_group("how people are read")
    reading.add_argument("--profile", choices=PEOPLE_PROFILES, help="whose table it is (default leadkit)")
    reading.add_argument(
        "--column", action="append", default=[], metavar="FACT=HEADER", help="a header of your own, such as id=Number"
    )
    reading.add_argument("--as-of", metavar="DAY", help="the day that counts where a table has dates")
    reading.add_argument(
        "--root-token", action="append", default=[], metavar="TEXT", help="a text for no manager, such as XX"
    )
    reading.add_argument("--job-shares", choices=("error", "merge"), default="error", help="two rows of one post")
    reading.add_argument(
        "--conflicts", choices=("error", "keep_first", "prefer_root"), default="error", help="rows that contradict"
    )
    reading.add_argument("--single-root", action="store_true", help="more than one top is an error")
    reading.add_argument(
        "--repair", action="store_true", help="repair what is wrong, and tell it, in place of stopping"
    )
    reading.add_argument("--encoding", default="utf-8-sig", help="encoding of the files (default UTF-8)")
