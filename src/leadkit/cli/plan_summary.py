"""What the command line says about a plan: when it is done, how sure that is, what is wrong and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from leadkit import wbs
from leadkit.cli.planning import Planned
from leadkit.plots.tiers import counted
from leadkit.reports.figures import chance
from leadkit.reports.plan_people import REASONS
from leadkit.reports.plan_structure import structure_findings
from leadkit.reports.plan_wording import PlanWords, skills_text

__all__ = ["plan_lines"]

MOST_LINES = 4
MOST_STEPS = 8
NBSP = "\N{NO-BREAK SPACE}"


def plan_lines(made: Planned, *, name: str) -> list[str]:
    """Describe a plan in under about twenty lines."""
    words = PlanWords(plan=made.plan)
    lines = [
        *_size(made, words, name),
        *_dates(made, words),
        *_risk(made, words),
        *_progress(made, words),
        *_checks(made.plan, words),
        *_request(made, words),
        *_doubts(made),
    ]
    return [line.replace(NBSP, " ") for line in lines]


def _size(made: Planned, words: PlanWords, name: str) -> Iterator[str]:
    plan = made.plan
    sizes = [words.packages(), counted(len(plan.links), "link")]
    if plan.team.people:
        sizes.append(counted(len(plan.team.people), "person", "people"))
    yield f"{name}: {', '.join(sizes)}, from {words.when(plan.start)} ({words.zone})"


def _dates(made: Planned, words: PlanWords) -> Iterator[str]:
    alone: wbs.Schedule = made.found["schedule"]
    team: wbs.Assignment | None = made.found.get("assignment")
    yield f"finish by links alone: {words.when(alone.finish)}{_margin(words, alone) if team is None else ''}"
    steps = [words.short(own) for own in alone.critical]
    more = f" and {len(steps) - MOST_STEPS} more" if len(steps) > MOST_STEPS else ""
    if steps:
        yield f"  critical: {', '.join(steps[:MOST_STEPS])}{more}"
    if team is None:
        if not made.plan.team.people:
            yield "finish with people: not known, for there is no team; --team FILE says who can do what, and when"
        return
    yield f"finish with this team: {words.when(team.finish)}{_margin(words, team)}"
    waits = words.people(team.bottleneck)
    yield f"  {_proof(team)}; " + (f"it waits for {waits}" if waits else "nobody's other work holds it back")


def _margin(words: PlanWords, result: wbs.Schedule | wbs.Assignment) -> str:
    deadline = words.plan.deadline
    if deadline is None:
        return ""
    left = words.between(result.finish, deadline)
    side = "after" if result.finish > deadline else "before"
    return f", {words.working_days(abs(left))} {side} the deadline of {words.when(deadline)}"


def _proof(found: wbs.Assignment) -> str:
    if found.is_proven:
        return "no schedule ends earlier"
    return f"at most {100 * found.gap:.1f} % longer than the best there can be, after {counted(found.schedules, 'schedule')}"


def _risk(made: Planned, words: PlanWords) -> Iterator[str]:
    risk: wbs.RiskResult = made.found["risk"]
    told = f"risk by links alone: P50 {words.day(risk.date(0.5))}, P80 {words.day(risk.date(0.8))}"
    deadline = made.plan.deadline
    if deadline is not None:
        told += f", probability of the deadline {chance(risk.probability(deadline).value)}"
    yield f"{told} ({counted(risk.n, 'run')})"


def _progress(made: Planned, words: PlanWords) -> Iterator[str]:
    tracking: wbs.Tracking | None = made.found.get("tracking")
    if tracking is None:
        return
    done = sum(row.state == "done" for row in tracking.rows)
    late = sum(row.state == "late" for row in tracking.rows)
    over = tracking.forecast.late_by
    after = f", {words.working_days(over)} after the deadline" if over else ""
    yield (
        f"progress on {words.day(tracking.as_of)}: {done} of {words.packages()} done, {late} late; "
        f"expected to be done {words.when(tracking.forecast_finish)}{after}"
    )


def _checks(plan: wbs.Plan, words: PlanWords) -> Iterator[str]:
    """Say what is wrong with the structure; what is unusual is counted alone."""
    findings = structure_findings(plan)
    errors = [one for one in findings if one.severity == "error"]
    if not findings:
        yield "checks: nothing wrong was found"
        return
    kinds = Counter((one.severity, one.rule) for one in findings)
    yield "checks: " + ", ".join(f"{counted(n, severity)} {rule}" for (severity, rule), n in kinds.items())
    yield from _first([f"{words.node(one.node)}: {one.message}" for one in errors])


def _request(made: Planned, words: PlanWords) -> Iterator[str]:
    request: wbs.ResourceRequest | None = made.found.get("request")
    if request is None:
        return
    asked = [line for line in request.lines if line.heads]
    alone = {line.best[0] for line in request.lines if not line.heads and line.best is not None}
    rest = f"; {counted(len(alone), 'person has', 'people have')} nobody to stand in for them" if alone else ""
    if not asked:
        yield f"HR: nobody is asked for{rest}"
        return
    yield f"HR: {counted(sum(line.heads for line in asked), 'person is', 'people are')} asked for{rest}"
    yield from _first([_line(line, words) for line in asked])


def _line(line: wbs.RequestLine, words: PlanWords) -> str:
    packages = ", ".join(words.short(own) for own in line.packages[:MOST_STEPS])
    return (
        f"{counted(line.heads, 'person', 'people')} with {skills_text(line.skills)}, {line.hours:,.0f} hours, "
        f"{line.from_date} to {line.to_date}, for {packages}: {REASONS[line.reason]}"
    )


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"  ... and {len(lines) - MOST_LINES} more"


def _doubts(made: Planned) -> Iterator[str]:
    holders = [made.found[name] for name in ("schedule", "assignment", "risk", "tracking") if name in made.found]
    flags = sorted({*made.plan.flags, *(flag for holder in holders for flag in holder.flags)})
    if flags:
        more = f" and {len(flags) - MOST_STEPS} more" if len(flags) > MOST_STEPS else ""
        yield f"doubtful: {', '.join(flags[:MOST_STEPS])}{more}"
