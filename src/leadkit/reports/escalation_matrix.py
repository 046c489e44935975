"""The section on the matrix itself: who is placed where, where there are gaps, and who is asked for authority."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadkit.escalation import MatrixGap
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Grid, Heading, Paragraph, Section, first_rows
from leadkit.reports.drawings import drawn
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.escalation_wording import EscalationWords, level_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["GAP_WORDS", "gap_sentence", "matrix_section"]

MOST_DRAWN = 40
MOST_ROWS = 100
MOST_NEAREST = 3
GAP_WORDS = {
    "unreachable": "nobody qualifies",
    "not_assessed": "nobody qualifies as far as is assessed",
    "thin": "too few people",
    "single_point_of_failure": "one person alone",
}
"""What each kind of gap is called, the worst first."""
TOO_LARGE = "The picture is left out: the matrix has too many domains for one."
PLACED = {
    "highest": "Everybody stands in the highest level of a domain that they qualify for.",
    "all": "Everybody stands in every level of a domain that they qualify for.",
}


def matrix_section(given: EscalationFindings, words: EscalationWords) -> Section:
    """Show who is placed where, and where somebody is missing."""
    told = _answer(given)
    return Section(
        anchor="matrix",
        title="Who solves what on which level",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Paragraph(PLACED[given.matrix.placement]),
            *_picture(given),
            *first_rows(_people(given, words), "domains", most=MOST_ROWS),
            *first_rows(_gaps(given, words), "gaps", most=MOST_ROWS),
            *_owners(given, words),
        ],
    )


def gap_sentence(gap: MatrixGap, words: EscalationWords, *, has: tuple[str, ...]) -> str:
    """Say where somebody is missing, and who is nearest."""
    told = f"{words.cell(gap.domain, gap.level)}: {GAP_WORDS[gap.kind]}"
    if gap.kind == "thin":
        told += f", {gap.have} of {gap.need}"
    if has and gap.kind == "single_point_of_failure":
        told += f", {has[0]}"
    if gap.kind == "not_assessed":
        return f"{told}; not assessed: {_some(gap.not_assessed)}."
    near = ", ".join(one.person for one in gap.nearest[:MOST_NEAREST])
    return f"{told}; nearest: {near}." if near else f"{told}."


def _some(people: tuple[str, ...]) -> str:
    rest = len(people) - MOST_NEAREST
    return ", ".join(people[:MOST_NEAREST]) + (f" and {rest} more" if rest > 0 else "")


def _answer(given: EscalationFindings) -> str:
    n = len(given.matrix.domains) * len(given.matrix.levels)
    kinds: Counter[str] = Counter(gap.kind for gap in given.matrix.gaps())
    if not kinds:
        return f"None of the {counted(n, 'cell')} of the matrix has a gap."
    listed = [f"{GAP_WORDS[kind]} in {kinds[kind]}" for kind in GAP_WORDS if kinds[kind]]
    return f"{kinds.total():,} of {counted(n, 'cell')} of the matrix {_have(kinds.total())}: {', '.join(listed)}."


def _have(n: int) -> str:
    return "has a gap" if n == 1 else "have a gap"


def _picture(given: EscalationFindings) -> Iterator[Block]:
    matrix = given.matrix
    if len(matrix.domains) > MOST_DRAWN:
        if given.picture:
            yield Paragraph(TOO_LARGE, "legend")
        return

    def draw() -> Axes:
        from leadkit.plots.matrix import matrix as draw_matrix

        return draw_matrix(matrix)

    yield from drawn(
        given,
        draw,
        alt="The escalation matrix: a row a domain, a column a level, the people of each cell, and marks where there is a "
        "gap. The two tables below hold the same.",
        caption="Who is placed where. A cell says how many people it has and how many it needs.",
    )


def _people(given: EscalationFindings, words: EscalationWords) -> Grid:
    matrix = given.matrix
    return Grid(
        caption="People of each domain and level",
        header=("Domain", *(words.level(level) for level in matrix.level_ids)),
        n_texts=1 + len(matrix.levels),
        empty="nobody",
        rows=[
            (words.domain(domain), *(", ".join(matrix.at(domain, level)) for level in matrix.level_ids))
            for domain in matrix.domain_ids
        ],
    )


def _gaps(given: EscalationFindings, words: EscalationWords) -> Grid:
    return Grid(
        caption="Gaps of the matrix",
        header=("Domain", "Level", "What is missing", "Nearest, and what they lack", "Not assessed", "Has", "Needs"),
        n_texts=5,
        rows=[
            (
                words.domain(gap.domain),
                words.level(gap.level),
                GAP_WORDS[gap.kind],
                _nearest(gap),
                _some(gap.not_assessed),
                str(gap.have),
                str(gap.need),
            )
            for gap in given.matrix.gaps()
        ],
    )


def _nearest(gap: MatrixGap) -> str:
    shown = [f"{one.person} ({level_text(one.shortfall)})" for one in gap.nearest[:MOST_NEAREST]]
    rest = len(gap.nearest) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def _owners(given: EscalationFindings, words: EscalationWords) -> Iterator[Block]:
    owners = given.matrix.owners
    if owners:
        yield Heading("Who decides")
        yield Paragraph(
            "A case goes up the levels to whoever can solve it. What needs authority goes along this chain to whoever can "
            "decide it."
        )
        grid = Grid(
            caption="Whom to ask for authority, the first first",
            header=("Domain", "Chain"),
            n_texts=2,
            rows=[(words.domain(domain), ", then ".join(chain)) for domain, chain in owners.items()],
        )
        yield from first_rows(grid, "domains", most=MOST_ROWS)
