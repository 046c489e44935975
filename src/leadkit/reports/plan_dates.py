"""Sections on dates: when the work ends and what decides that, and the table of all work."""

from __future__ import annotations

from collections.abc import Iterator

from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Facts, Figures, Grid, Paragraph, Section, Sentences, first_rows
from leadkit.reports.figures import chance
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_pictures import gantt_blocks
from leadkit.reports.plan_wording import PlanWords, joined_and

__all__ = ["finish_section", "margin_text", "work_section"]

MOST_WORK = 500
MOST_PATHS = 3
MOST_STEPS = 30
OF_SCHEDULE = (
    "Bars: the earliest dates, by links and calendars alone; hatched: critical, without any float; thin bars behind: "
    "the float; diamonds: what takes no time. Grey stripes: days on which nobody works."
)
OF_ASSIGNMENT = (
    "Bars: when the work is done, with the people who do it beside them; hatched: what ends after its own deadline; "
    "diamonds: what takes no time. Grey stripes: days on which nobody works."
)
FLOATS = (
    "Float is by how much work can be later before the finish moves or a deadline is missed, in working days (d); "
    "critical work has none. Days are working time in days of {hours:g} hours."
)
ALONE = "Float and critical follow from links and calendars alone: that people are busy elsewhere is not in them."


def finish_section(given: PlanFindings, words: PlanWords) -> Section:
    """Say when all is done, what decides it, and whether the deadline is kept."""
    plan = given.plan
    result = given.schedule if given.assignment is None else given.assignment
    answer = _answer(given, words)
    alt = (
        f"Gantt chart of {words.packages()} from {words.day(given.schedule.start)} to {words.day(given.finish)}. "
        f"The table of the work holds the same dates."
    )
    return Section(
        anchor="finish",
        title="When it is done",
        short=answer,
        blocks=[
            Paragraph(answer, "answer"),
            Figures(_figures(given, words)),
            *gantt_blocks(given, result, alt=alt, caption=OF_SCHEDULE if given.assignment is None else OF_ASSIGNMENT),
            Facts(_facts(given, words)),
            *_paths(given, words),
        ]
        if plan.activities
        else [Paragraph("There is no work in the plan.", "answer")],
    )


def margin_text(given: PlanFindings, words: PlanWords) -> str:
    """Say how far the finish is from the deadline; empty where there is none."""
    deadline = given.plan.deadline
    if deadline is None:
        return ""
    left = words.between(given.finish, deadline)
    if given.finish > deadline:
        return f"{words.working_days(-left)} after the deadline of {words.when(deadline)}"
    return (
        f"{words.working_days(left)} before the deadline of {words.when(deadline)}" if left else "just at the deadline"
    )


def _answer(given: PlanFindings, words: PlanWords) -> str:
    margin = margin_text(given, words)
    ends = words.when(given.finish) + (f", {margin}" if margin else "")
    if given.assignment is None:
        return f"By links and calendars alone, all work is done by {ends}."
    return f"With this team, all work is done by {ends}."


def _figures(given: PlanFindings, words: PlanWords) -> Iterator[tuple[str, str]]:
    plan = given.plan
    yield "work packages", f"{len(plan.wbs.packages):,}"
    if plan.team.people:
        yield "people", f"{len(plan.team.people):,}"
    minutes = given.schedule.duration if given.assignment is None else given.assignment.makespan
    yield "working days from start to finish", words.days(minutes).removesuffix(" d")
    if given.risk is not None and plan.deadline is not None:
        yield "of the simulated runs keep the deadline", chance(given.risk.probability(plan.deadline).value)


def _facts(given: PlanFindings, words: PlanWords) -> Iterator[tuple[str, str]]:
    plan = given.plan
    yield "Start", words.when(plan.start)
    if given.assignment is not None:
        late = words.between(given.schedule.finish, given.assignment.finish)
        yield "Finish with this team", words.when(given.assignment.finish)
        if late > 0:
            yield "Lost because people are few or away", words.days(late)
    yield "Finish by links and calendars alone", words.when(given.schedule.finish)
    if plan.deadline is not None:
        yield "Deadline", words.when(plan.deadline)
    if given.assignment is not None:
        waits = words.people(given.assignment.bottleneck)
        yield "Bottleneck: whose other work keeps it from ending earlier", waits or "nobody; links and calendars decide"


def _paths(given: PlanFindings, words: PlanWords) -> Iterator[Block]:
    paths = given.schedule.critical_paths(limit=MOST_PATHS)
    many = "paths" if len(paths) > 1 else "path"
    yield Paragraph(
        f"The critical {many} by links and calendars alone: each part begins when what stands before it allows it."
    )
    yield Sentences(_path(path, words) for path in paths)


def _path(path: tuple[str, ...], words: PlanWords) -> str:
    more = f" and {len(path) - MOST_STEPS:,} more" if len(path) > MOST_STEPS else ""
    return " → ".join(map(words.work, path[:MOST_STEPS])) + more


def work_section(given: PlanFindings, words: PlanWords) -> Section:
    """List all work: who does it, when, for how long, and what binds it."""
    grid = _work_grid(given, words)
    critical = len([own for own in given.schedule.critical if given.plan.package(own) is not None])
    told = f"{critical} of {words.packages()} {'is' if critical == 1 else 'are'} critical by links and calendars alone"
    legend = [FLOATS.format(hours=given.plan.day_minutes / 60), *([ALONE] if given.assignment is not None else [])]
    return Section(
        anchor="work",
        title="The work",
        short=f"{told}." if given.plan.wbs.packages else "",
        blocks=[*first_rows(grid, "parts", most=MOST_WORK), Paragraph(" ".join(legend), "legend")]
        if grid.rows
        else [Paragraph("There is no work in the plan.")],
    )


def _work_grid(given: PlanFindings, words: PlanWords) -> Grid:
    has_people = given.assignment is not None
    done_by = {row.id: row for row in given.assignment.rows} if given.assignment is not None else {}
    rows = []
    for row in given.schedule.rows:
        own = done_by.get(row.id)
        start, finish = (row.early_start, row.early_finish) if own is None else (own.start, own.finish)
        minutes, bounds = (row.duration, row.driven_by) if own is None else (own.minutes, own.bound_by)
        rows.append(
            (
                words.work(row.id),
                *([] if own is None else [words.people(own.people) or "nobody needed"]),
                words.when(start),
                words.when(finish),
                "critical" if row.is_critical else "no",
                joined_and(map(words.bound, bounds)),
                words.days(minutes),
                words.days(row.total_float),
            )
        )
    people = ["People"] if has_people else []
    return Grid(
        caption=f"{counted(len(rows), 'part')} of the plan in outline order",
        header=("Work", *people, "Start", "Finish", "Critical", "What binds the start", "Days", "Float"),
        rows=rows,
        n_texts=5 + has_people,
    )
