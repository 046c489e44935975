"""Sections on people: who carries how much, who can do what, and whom the plan lacks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from leadkit.plots.dates import date_text
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import BarLine, Bars, Block, Facts, Grid, Paragraph, Section, first_rows
from leadkit.reports.drawings import drawn
from leadkit.reports.figures import decimal, percent
from leadkit.reports.geometry import Bar, share
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_wording import PlanWords, joined_and, skills_text
from leadkit.skills import SkillGap, SkillMatrix, SkillRequirement
from leadkit.wbs import Assignment, Plan, RequestLine, ResourceRequest, StaffingGap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["load_section", "missing_section", "required_skills", "skills_section"]

MOST_ROWS = 100
REASONS = {
    "nobody_qualified": "nobody has the skills",
    "too_few": "fewer people have the skills than one package needs at a time",
    "overload": "those who have the skills have too little time",
    "one_person_only": "nobody could stand in for this person",
}
GAPS = {
    "uncovered": "nobody has the level",
    "thin": "too few have the level",
    "single_point_of_failure": "one person alone has the level",
}


def load_section(given: PlanFindings, words: PlanWords, assignment: Assignment) -> Section:
    """Show how much of their time people give to the plan, and who holds the finish back."""
    waits = [words.person(own) for own in assignment.bottleneck]
    told = f"The finish waits for {joined_and(waits)}." if waits else "Nobody's other work holds the finish back."

    def draw() -> Axes:
        from leadkit.plots.load import load

        return load(assignment)

    return Section(
        anchor="load",
        title="Who carries how much",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Bars(
                caption="Share of their working time, from start to finish, in which people work on the plan",
                header=("Person", "Share", "Picture, 0 to 100 % of the working time"),
                lines=[_load_line(words, assignment, record) for record in assignment.load],
            ),
            *drawn(
                given,
                draw,
                alt="Hours of work in each week, stacked by person, beside the hours that people have. "
                "The table above holds the sums.",
                caption="Hours of work in each week by person; the line is the time that people have.",
            ),
        ]
        if assignment.load
        else [Paragraph("The plan has no team.")],
    )


def _load_line(words: PlanWords, assignment: Assignment, load: Mapping[str, Any]) -> BarLine:
    value = math.nan if load["share"] is None else float(load["share"])
    n = len(assignment.of(load["person"]))
    return BarLine(
        name=words.person(load["person"]),
        about=counted(n, "work package"),
        value=percent(value) or "no working time",
        details=[f"{decimal(load['assigned'] / 60, 0)} of {decimal(load['open'] / 60, 0)} hours"],
        bar=Bar(value=share(value, 0, 1), low=None, high=None, mark=None, composite=False),
    )


def missing_section(given: PlanFindings, words: PlanWords) -> Section:
    """Write the documented requirement for HR: whom the plan lacks, when, why, and what doing without costs."""
    blocks: list[Block] = []
    told = ""
    if given.request is not None:
        told = _request_answer(given.request)
        blocks += [Paragraph(told, "answer"), *_request_blocks(given.request, words)]
    if given.gap is not None:
        blocks += _gap_blocks(given.gap, words)
        told = told or _gap_answer(given.gap)
    return Section(anchor="missing", title="What is asked of HR", short=told, blocks=blocks)


def _request_answer(request: ResourceRequest) -> str:
    heads = sum(line.heads for line in request.lines)
    alone = {line.best[0] for line in request.lines if line.reason == "one_person_only" and line.best is not None}
    if heads:
        hours = math.fsum(line.hours for line in request.lines)
        asked = f"HR is asked for {counted(heads, 'person', 'people')}, {hours:,.0f} hours of work in all"
    else:
        asked = "The team can do it in time, so HR is asked for nobody"
    if alone:
        asked += f"; {counted(len(alone), 'person has', 'people have')} nobody who could stand in for them"
    return f"{asked}."


def _request_blocks(request: ResourceRequest, words: PlanWords) -> Iterator[Block]:
    grid = Grid(
        caption="Lines of the request",
        header=("Skills and levels", "Why", "From", "To", "Work", "Nearest, or the one person", "People", "Hours"),
        n_texts=6,
        rows=[_request_row(line, words) for line in request.lines],
    )
    if grid.rows:
        yield from first_rows(grid, "lines", most=MOST_ROWS)
    late = "not known: the team cannot do the plan at all" if request.delay is None else words.days(request.delay)
    facts = [("How much later the team ends than one of unlimited size", late)]
    if request.cost_of_delay is not None:
        facts.append(("What that costs", words.money(request.cost_of_delay)))
    yield Facts(facts)


def _request_row(line: RequestLine, words: PlanWords) -> tuple[str, ...]:
    return (
        skills_text(line.skills),
        REASONS[line.reason],
        date_text(line.from_date),
        date_text(line.to_date),
        words.listed(line.packages),
        _nearest(line, words),
        f"{line.heads:,}",
        f"{line.hours:,.0f}",
    )


def _nearest(line: RequestLine, words: PlanWords) -> str:
    if line.best is None:
        return ""
    person, level = line.best
    return f"{words.person(person)}, {'not assessed' if math.isnan(level) else f'level {level:g}'}"


def _gap_answer(gap: StaffingGap) -> str:
    hours = sum(row.shortage for row in gap.rows) / 60
    if hours:
        return f"If all work began at its earliest date, {hours:,.0f} hours of it would find nobody with the skills and the time."
    return "Even if all work began at its earliest date, there is somebody with the skills and the time for it."


def _gap_blocks(gap: StaffingGap, words: PlanWords) -> Iterator[Block]:
    yield Paragraph(_gap_answer(gap))
    grid = Grid(
        caption="Needs that are short at the early dates, in person-hours",
        header=("Skills and levels", "From", "To", "Asked for", "There is time for", "Short"),
        n_texts=3,
        rows=[
            (
                words.need(row.need),
                date_text(row.from_date),
                date_text(row.to_date),
                *(f"{minutes / 60:,.0f}" for minutes in (row.demand, row.capacity, row.shortage)),
            )
            for row in gap.rows
            if row.shortage
        ],
    )
    if grid.rows:
        yield from first_rows(grid, "rows", most=MOST_ROWS)


def required_skills(plan: Plan) -> tuple[SkillRequirement, ...]:
    """List the levels that work packages ask for, with the most people that one package asks for at a time."""
    found: dict[tuple[str, float], int] = {}
    for package in plan.wbs.packages:
        own: dict[tuple[str, float], int] = {}
        for need in package.needs:
            for skill, level in need.skills:
                own[skill, level] = own.get((skill, level), 0) + need.heads
        found |= {key: max(heads, found.get(key, 0)) for key, heads in own.items()}
    return tuple(SkillRequirement(skill, level, people) for (skill, level), people in sorted(found.items()))


def skills_section(given: PlanFindings, words: PlanWords, matrix: SkillMatrix) -> Section:
    """Show the skill matrix, and where it is thin for what the plan asks."""
    asked = tuple(one for one in required_skills(given.plan) if one.skill in matrix.skills)
    gaps = matrix.gaps(asked)

    def draw() -> Axes:
        from leadkit.plots.matrix import matrix as draw_matrix

        return draw_matrix(matrix, requirements=asked)

    told = (
        f"{counted(len(gaps), 'skill level')} that the plan asks for {'rests' if len(gaps) == 1 else 'rest'} on too few."
        if gaps
        else "Every skill level that the plan asks for is held by enough people."
    )
    return Section(
        anchor="skills",
        title="Who can do what",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            *drawn(
                given,
                draw,
                alt="The levels of all people in all skills as a table of shades. The table below holds the numbers.",
                caption="Levels of people in skills, and where they are thin.",
            ),
            *first_rows(_matrix_grid(matrix, words), "people", most=MOST_ROWS),
            *first_rows(
                Grid(
                    caption="What the plan asks for and too few people can do",
                    header=(
                        "Skill",
                        "What is wrong",
                        "Who has the level",
                        "Nearest below it",
                        "Level",
                        "Needed",
                        "There",
                    ),
                    n_texts=4,
                    rows=[_skill_row(gap, words) for gap in gaps],
                ),
                "rows",
                most=MOST_ROWS,
            ),
            Paragraph("A level that is not assessed counts neither as there nor as missing.", "legend"),
        ],
    )


def _matrix_grid(matrix: SkillMatrix, words: PlanWords) -> Grid:
    order = sorted(range(len(matrix.people)), key=matrix.people.__getitem__)
    skills = sorted(range(len(matrix.skills)), key=matrix.skills.__getitem__)
    names = {skill.id: skill.name for skill in matrix.catalogue}
    return Grid(
        caption="Levels of people in skills" + ("" if matrix.scale is None else f", {_scale(matrix.scale)}"),
        header=("Person", *(names.get(matrix.skills[k]) or matrix.skills[k] for k in skills)),
        rows=[
            (
                words.person(matrix.people[i]),
                *("" if math.isnan(level) else f"{level:g}" for level in matrix.levels[i, skills].tolist()),
            )
            for i in order
        ],
        empty="not assessed",
    )


def _scale(scale: tuple[float, float]) -> str:
    return f"from {scale[0]:g} to {scale[1]:g}"


def _skill_row(gap: SkillGap, words: PlanWords) -> tuple[str, ...]:
    nearest = gap.nearest[0] if gap.nearest else None
    return (
        gap.skill,
        GAPS[gap.kind],
        words.people(gap.holders),
        "" if nearest is None else f"{words.person(nearest.person)}, level {nearest.level:g}",
        f"{gap.level:g}",
        f"{gap.need:,}",
        f"{gap.have:,}",
    )
