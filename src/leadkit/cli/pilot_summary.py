"""What the command line says about a pilot: gaps of the matrix, who is to learn what, where to look longer, and key metrics."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from leadkit.cli.piloting import Learning, Piloted
from leadkit.errors import did_you_mean
from leadkit.escalation import MemberReport, Metric, PilotEvaluation, PilotRow, StandardRow
from leadkit.escalation.event_log.grouping import ticket_groups
from leadkit.plots.dates import date_text
from leadkit.plots.tiers import counted
from leadkit.reports.escalation_matrix import GAP_WORDS, gap_sentence
from leadkit.reports.escalation_training import UNMET
from leadkit.reports.escalation_wording import EscalationWords, value_text
from leadkit.reports.figures import decimal, percent

__all__ = ["KEY_METRICS", "pilot_lines"]

KEY_METRICS = ("first_line_resolution", "time_to_resolve_median", "reopened_share", "ping_pong_share")
"""The metrics that are told, by the names of their definitions."""
UNITS = {
    "calls_addressed": "count",
    "first_line_resolution": "share",
    "time_to_resolve_median": "hours",
    "reopened_share": "share",
}
"""What is told of a member, and its unit."""
MOST_LINES = 3
MOST_NAMES = 5
MOST_MONTHS = 2
NBSP = "\N{NO-BREAK SPACE}"


def pilot_lines(made: Piloted, *, name: str, zone: str = "UTC", team: str = "the team file") -> list[str]:
    """Describe a pilot in under twenty lines, beside a member's where one was asked for."""
    lines = [
        *_size(made, name, zone),
        *_matrix(made),
        *_found(made),
        *_strangers(made, team),
        *_plan(made.learning),
        *_standards(made),
        *_metrics(made),
        *_member(made.member),
        *_doubts(made),
    ]
    return [line.replace(NBSP, " ") for line in lines]


def _size(made: Piloted, name: str, zone: str) -> Iterator[str]:
    first, last = (
        date_text(moment.item().replace(tzinfo=UTC).astimezone(ZoneInfo(zone)))
        for moment in (made.log.at.min(), made.log.at.max())
    )
    sizes = [counted(len(made.log.tickets), "ticket"), counted(made.log.events, "event")]
    yield f"{name}: {', '.join(sizes)}, {first} to {last} ({zone})"


def _matrix(made: Piloted) -> Iterator[str]:
    matrix = made.matrix
    if matrix is None:
        return
    levels = ", ".join(f"{level.id} from {level.threshold:g}" for level in matrix.levels)
    sizes = f"{counted(len(matrix.people), 'person', 'people')}, {counted(len(matrix.domains), 'domain')}, {levels}"
    kinds, words = list(GAP_WORDS), EscalationWords(matrix=matrix)
    gaps = sorted(matrix.gaps(), key=lambda gap: kinds.index(gap.kind))
    counts = Counter(gap.kind for gap in gaps)
    told = ", ".join(f"{n} {GAP_WORDS[kind]}" for kind, n in counts.items())
    yield f"matrix: {sizes}; {counted(len(gaps), 'gap')}{': ' * bool(gaps)}{told}"
    yield from _first([gap_sentence(gap, words, has=matrix.at(gap.domain, gap.level)).rstrip(".") for gap in gaps])


def _found(made: Piloted) -> Iterator[str]:
    found = made.evaluation
    if found is None:
        lacking = [name for name in ("status", "level", "person") if not made.log.has(name)]
        if lacking:
            yield f"pilot: none, for the log has no {' and no '.join(lacking)}; --column {lacking[0]}=HEADER names one"
        return
    n, hits = sum(row.n for row in found.domains), sum(row.successes for row in found.domains)
    where = f"{counted(len(found.people), 'person', 'people')} in {counted(len(found.domains), 'domain')}"
    yield f"pilot: {hits:,} of {counted(n, 'case')} solved on the first line ({percent(hits / n)}), {where}"
    yield from _weak(found, made.learning)
    coached = [row.person or "" for row in found.people if row.verdict == "coach"]
    if coached:
        yield f"to coach, weaker over all domains than in any one: {_names(coached)}"
    below = [
        f"{row.domain} {percent(row.observed)} of {percent(row.expected)}"
        for row in found.domains
        if row.verdict == "train_team"
    ]
    if below:
        yield f"below target, to train as a team: {_names(below)}"
    open_cells = sorted(
        (row for row in found.cells if row.verdict == "observe_more"),
        key=lambda row: (row.shrunken_gap, row.person, row.domain),
    )
    if open_cells:
        told = "; ".join(_so_far(row) for row in open_cells[:MOST_LINES])
        yield f"observe more: {len(open_cells):,} of {counted(len(found.cells), 'cell')}, first {told}"


def _weak(found: PilotEvaluation, learnt: Learning | None) -> Iterator[str]:
    weak = sorted((row for row in found.cells if row.verdict == "train"), key=lambda row: (row.q_value, row.gap))
    least = f"q {found.q:g}, least gap {100 * found.min_gap:g} points"
    if not weak:
        yield f"to train: nobody ({least})"
        return
    needs = "" if learnt is None else f"; {_needs(learnt)}"
    yield f"to train: {counted(len(weak), 'person in a domain', 'people in a domain')} ({least}){needs}"
    yield from _first([f"{_case(row)}{_follows(row, learnt)}" for row in weak])


def _needs(learnt: Learning) -> str:
    """Count the needs, and the weak cells that have none."""
    told = [counted(len(learnt.needs), "training need")]
    if learnt.at_level:
        told.append(f"{len(learnt.at_level)} at {learnt.target_level} on paper already")
    if learnt.unknown:
        told.append(f"{len(learnt.unknown)} without a need, not in the team file")
    return ", ".join(told)


def _case(row: PilotRow) -> str:
    q = "under 0.001" if row.q_value < 0.001 else decimal(row.q_value, 3)
    solved = f"{row.successes:,} of {row.n:,} solved ({percent(row.observed)})"
    return f"{row.person} in {row.domain}: {solved}, expected {percent(row.expected)}, q {q}"


def _follows(row: PilotRow, learnt: Learning | None) -> str:
    if learnt is None:
        return ""
    if row in learnt.unknown:
        return "; not in the team file, so no need"
    if row in learnt.at_level:
        return f"; at {learnt.target_level} on paper already: assess again"
    return f"; to come to {learnt.target_level}"


def _so_far(row: PilotRow) -> str:
    enough = "" if row.n_needed is None else f" of {row.n_needed:,}"
    return f"{row.person} in {row.domain} ({row.n:,}{enough} cases)"


def _strangers(made: Piloted, team: str) -> Iterator[str]:
    """Say whom and what the log has and the team file has not."""
    if made.matrix is None:
        return
    log, known, skills = made.log, set(made.matrix.people), set(made.matrix.domain_ids)
    people = [] if log.person is None else [one for one in sorted(set(log.person.values)) if one not in known]
    worked_on = {label for (label,) in ticket_groups(log, (made.domain,)).labels if label is not None}
    domains, unused = sorted(worked_on - skills), skills - worked_on
    told = []
    if people:
        told.append(f"{counted(len(people), 'person', 'people')} of the log ({_names(people)})")
    if domains:
        asked = [f"{one}{did_you_mean(one, unused)}" for one in domains[:MOST_NAMES]]
        told.append(f"a skill for {counted(len(domains), 'domain')} of the log ({_names(asked, len(domains))})")
    if told:
        yield f"not in {team}: {'; '.join(told)}"


def _plan(learnt: Learning | None) -> Iterator[str]:
    if learnt is None or learnt.plan is None:
        return
    plan = learnt.plan
    items = [f"{item.person} {item.action}" for item in plan.items]
    rest = {unmet.reason for unmet in plan.unmet}
    why = "; ".join(UNMET[reason] for reason in sorted(rest))
    yield (
        f"training plan: {_names(items) or 'nothing'}; {plan.hours:,.0f} hours, cost {plan.cost:,.0f}, "
        f"{counted(len(plan.unmet), 'need')} left open{': ' * bool(why)}{why}"
    )


def _standards(made: Piloted) -> Iterator[str]:
    """Count the promises that are kept, and name the others."""
    if made.standards is None:
        return
    rows = made.standards.rows
    missed = [row for row in rows if row.kept is False]
    unknown = [row.standard for row in rows if row.kept is None]
    n_kept = len(rows) - len(missed) - len(unknown)
    rest = f"; not known: {_names(unknown)}" if unknown else ""
    yield f"promises: {n_kept} of {counted(len(rows), 'standard')} kept{rest}"
    yield from _first([_missed(row) for row in missed])


def _missed(row: StandardRow) -> str:
    if row.n is None:
        return f"{row.standard} missed: {row.measure} is {decimal(row.value, 2)}"
    return f"{row.standard} missed: kept by {row.met:,} of {counted(row.n, 'case')} ({percent(row.share)}) of {percent(row.target)}"


def _metrics(made: Piloted) -> Iterator[str]:
    found = {metric.id: metric for metric in made.metrics}
    yield "metrics: " + ", ".join(_metric(found[name]) for name in KEY_METRICS)


def _metric(metric: Metric) -> str:
    if math.isnan(metric.value):
        return f"{metric.id} not known ({', '.join(metric.flags)})"
    if metric.unit == "share":
        return f"{metric.id} {percent(metric.value)} ({metric.numerator:,.0f} of {metric.denominator:,})"
    return f"{metric.id} {value_text(metric.value, metric.unit)}"


def _member(report: MemberReport | None) -> Iterator[str]:
    """Tell the last months of a member and where they can grow."""
    if report is None:
        return
    for period in report.periods[-MOST_MONTHS:]:
        rows = {row.metric: row for row in report.rows if row.period == period.id}
        told = [_beside(name, rows[name].value, rows[name].team_value) for name in UNITS]
        yield f"{report.person}, {period.id}: {', '.join(told)}"
    for area in report.growth[:MOST_MONTHS]:
        offers = _names([action.id for action in area.actions]) or "nothing on offer is known"
        yield f"  to grow in {area.domain or 'all domains'}: {offers}"


def _beside(name: str, value: float, others: float) -> str:
    def shown(number: float) -> str:
        return value_text(round(number) if UNITS[name] == "count" else number, UNITS[name])

    if math.isnan(value):
        return f"{name} not known"
    return f"{name} {shown(value)}" + ("" if math.isnan(others) else f" (others {shown(others)})")


def _doubts(made: Piloted) -> Iterator[str]:
    plan = None if made.learning is None else made.learning.plan
    holders = [one for one in (made.evaluation, made.matrix, plan) if one is not None]
    flags: dict[str, list[str]] = {}
    for flag in sorted({flag for holder in holders for flag in holder.flags}):
        flags.setdefault(flag.partition(":")[0], []).append(flag)
    if flags:
        told = [" ".join(own) if len(own) == 1 else f"{key} ({len(own):,})" for key, own in flags.items()]
        yield f"doubtful: {', '.join(told)}"


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[: MOST_LINES - (len(lines) > MOST_LINES)])
    if len(lines) > MOST_LINES:
        yield f"  ... and {len(lines) - MOST_LINES + 1} more"


def _names(names: Iterable[str], n: int | None = None) -> str:
    """Join the first names and count the rest; `n` is how many there are where not all are given."""
    listed = list(names)
    rest = (len(listed) if n is None else n) - MOST_NAMES
    return ", ".join(listed[:MOST_NAMES]) + (f" and {rest:,} more" if rest > 0 else "")
