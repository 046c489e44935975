"""The section on the pilot: what each person succeeds in beside what the same cases let expect, and what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from leadkit.escalation import PilotEvaluation, PilotRow
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import BarLine, Bars, Block, Grid, Heading, Paragraph, Section, first_rows
from leadkit.reports.escalation_wording import VERDICTS, EscalationWords, ends_text, hours_text, points_text, share_text
from leadkit.reports.figures import decimal, interval
from leadkit.reports.geometry import bar

__all__ = ["pilot_section"]

MOST_ROWS = 200
HOUR = 3600
READ = (
    "A row is the work of one person in one domain. Expected is the share that somebody like the team succeeds in with "
    "the very same mix of cases, so nobody looks weak for having had the hard ones. The adjusted rate is the share that "
    "succeeded, drawn towards the expected one as far as cases are few. Rows stand in the order of names, not of rates."
)
LEGEND = "Bar: the adjusted rate; thin black line: its 95 % interval; diamond: what the same cases let expect."
TRAIN = (
    "Compared are the cases of a kind that somebody else had too. The gap is observed less expected; q is the share of false "
    "findings that comes with calling this gap one. Train: fewer cases succeeded than chance explains, and by enough to matter. Coach: the same over all domains "
    "together, in no single one. As expected: no sign of that."
)
MORE = (
    "Observe more is no finding about the person. It says that the cases do not tell yet: a rate lower than expected by "
    "{gap} points or more can be neither shown nor ruled out. With as many cases as needed, a true gap of that size would "
    "be found with a probability of {power}."
)
BY_DOMAIN = "A domain has a verdict where it has a target; its interval is that of the share as observed."
MEASURED = "Time and ratings are told as they are, with no verdict: they are not adjusted for the mix of cases."


def pilot_section(words: EscalationWords, found: PilotEvaluation) -> Section:
    """Show what the pilot found by person and domain, by person, and by domain."""
    told = _answer(found)
    return Section(
        anchor="pilot",
        title="What the pilot found",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Paragraph(READ),
            *_cells(words, found),
            Paragraph(TRAIN),
            *_people(found),
            *_domains(words, found),
            *_observe(words, found),
            *_measured(words, found),
        ]
        if found.cells
        else [Paragraph(told, "answer")],
    )


def _answer(found: PilotEvaluation) -> str:
    if not found.cells:
        return "The pilot has no cases."
    n_cases = sum(row.n for row in found.people)
    cells = Counter(row.verdict for row in found.cells)
    told = [
        f"{counted(cells['train'], 'cell')} to train" if cells["train"] else "no cell to train",
        f"{cells['observe_more']:,} to observe more" if cells["observe_more"] else "",
        f"{cells['fine']:,} as expected" if cells["fine"] else "",
    ]
    coach = sum(row.verdict == "coach" for row in found.people)
    told += [f"{counted(coach, 'person', 'people')} to coach"] if coach else []
    below = sum(row.verdict == "train_team" for row in found.domains)
    told += [f"{counted(below, 'domain')} below target"] if below else []
    people = counted(len(found.people), "person", "people")
    where = f"{counted(len(found.cells), 'cell')} of a person and a domain"
    return f"{counted(n_cases, 'case')} of {people} in {where}: {', '.join(text for text in told if text)}."


def _cells(words: EscalationWords, found: PilotEvaluation) -> Iterator[Block]:
    yield Bars(
        caption="Adjusted rate of each person in each domain",
        header=("Person and domain", "Adjusted rate", f"Picture, 0 to 100{PERCENT}"),
        lines=[_line(words, row) for row in found.cells[:MOST_ROWS]],
        legend=LEGEND,
    )
    if len(found.cells) > MOST_ROWS:
        yield Paragraph(f"… and {len(found.cells) - MOST_ROWS:,} more.", "legend")
    grid = Grid(
        caption="Person and domain in numbers",
        header=("Person", "Domain", "Verdict", "Cases", "Compared", "Succeeded", "Observed", "Expected", "Gap", "q"),
        n_texts=3,
        empty="not known",
        rows=[
            (
                row.person or "",
                words.domain(row.domain or ""),
                _verdict(row),
                str(row.n),
                str(row.n_compared),
                str(row.successes),
                share_text(row.observed),
                share_text(row.expected),
                points_text(row.gap),
                _chance(row.q_value),
            )
            for row in found.cells
        ],
    )
    yield from first_rows(grid, "cells", most=MOST_ROWS)


def _line(words: EscalationWords, row: PilotRow) -> BarLine:
    return BarLine(
        name=row.person or "",
        about=words.domain(row.domain or ""),
        value=share_text(row.shrunken),
        details=[f"{ends_text(row.low, row.high, decimals=0)}; {_verdict(row)}"],
        bar=bar(100 * row.shrunken, (100 * row.low, 100 * row.high), 100 * row.expected, (0, 100), composite=False),
    )


def _verdict(row: PilotRow) -> str:
    return VERDICTS[row.verdict] if row.verdict else "no target"


def _chance(value: float) -> str:
    return "" if not decimal(value) else "under 0.001" if value < 0.001 else number(value, 3)


def _people(found: PilotEvaluation) -> Iterator[Block]:
    grid = Grid(
        caption="Each person over all domains",
        header=("Person", "Verdict", "Cases", "Observed", "Expected", "Adjusted", f"95{PERCENT} interval"),
        n_texts=2,
        empty="not known",
        rows=[
            (
                row.person or "",
                _verdict(row),
                str(row.n),
                share_text(row.observed),
                share_text(row.expected),
                share_text(row.shrunken),
                ends_text(row.low, row.high),
            )
            for row in found.people
        ],
    )
    yield from first_rows(grid, "people", most=MOST_ROWS)


def _domains(words: EscalationWords, found: PilotEvaluation) -> Iterator[Block]:
    grid = Grid(
        caption="Each domain over all people",
        header=("Domain", "Verdict", "Cases", "Observed", f"95{PERCENT} interval", "Target"),
        n_texts=2,
        rows=[
            (
                words.domain(row.domain or ""),
                "not shown to be below" if row.verdict == "fine" else _verdict(row),
                str(row.n),
                share_text(row.observed),
                ends_text(row.low, row.high),
                share_text(row.expected),
            )
            for row in found.domains
        ],
    )
    yield from first_rows(grid, "domains", most=MOST_ROWS)
    yield Paragraph(BY_DOMAIN, "legend")


def _observe(words: EscalationWords, found: PilotEvaluation) -> Iterator[Block]:
    rows = [row for row in found.cells if row.verdict == "observe_more"]
    if not rows:
        return
    yield Heading("Where to observe more")
    yield Paragraph(MORE.format(gap=f"{100 * found.min_gap:g}", power=f"{100 * found.power:g}{PERCENT}"))
    grid = Grid(
        caption="Cases so far and cases needed",
        header=("Person", "Domain", "Cases so far", "Cases needed", "Still missing"),
        n_texts=2,
        empty="not known",
        rows=[(row.person or "", words.domain(row.domain or ""), str(row.n), *_needed(row)) for row in rows],
    )
    yield from first_rows(grid, "cells", most=MOST_ROWS)
    if any(row.n_compared == 0 for row in rows):
        yield Paragraph(
            "Where nobody else had such cases, more of the same do not help: let others take some of them.", "legend"
        )


def _needed(row: PilotRow) -> tuple[str, str]:
    if row.n_compared == 0:
        return "nobody else had such cases", ""
    if row.n_needed is None:
        return "", ""
    return f"{row.n_needed:,}", f"{max(0, row.n_needed - row.n):,}"


def _measured(words: EscalationWords, found: PilotEvaluation) -> Iterator[Block]:
    shown: list[tuple[str, Sequence[PilotRow]]] = [
        ("Time and customer rating by person and domain", found.cells),
        ("Time and customer rating by domain", found.domains),
    ]
    if all(row.seconds is None and row.csat is None for row in found.domains):
        return
    yield Heading("Time and customer rating")
    yield Paragraph(MEASURED)
    for caption, rows in shown:
        is_cell = rows is found.cells
        grid = Grid(
            caption=caption,
            header=(
                *(("Person",) if is_cell else ()),
                *("Domain", "Median time", f"95{PERCENT} interval", "Ratings", "Mean rating", f"95{PERCENT} interval "),
            ),
            n_texts=2 if is_cell else 1,
            empty="not known",
            rows=[
                (*((row.person or "",) if is_cell else ()), words.domain(row.domain or ""), *_amounts(row))
                for row in rows
            ],
        )
        yield from first_rows(grid, "rows", most=MOST_ROWS)


def _amounts(row: PilotRow) -> tuple[str, ...]:
    seconds, csat = row.seconds, row.csat
    times = rating = ("", "", "")
    if seconds is not None:
        low, high = hours_text(seconds.median_low / HOUR), hours_text(seconds.median_high / HOUR)
        times = (hours_text(seconds.median / HOUR), f"{low} to {high}" if low and high else "", "")
    if csat is not None:
        rating = (f"{csat.n:,}", decimal(csat.mean), interval(csat.mean_low, csat.mean_high))
    return (*times[:2], *rating)
