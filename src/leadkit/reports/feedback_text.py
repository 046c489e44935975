"""A report on feedback as Markdown: the words of the page, without pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadkit.reports.feedback_content import FeedbackPage
from leadkit.reports.feedback_overview import FeedbackOverview
from leadkit.reports.feedback_ratee import ItemPart, RateePage
from leadkit.reports.markdown import escaped, fact_list, joined, sentence_list, shown, table
from leadkit.reports.wording import WITHHELD

__all__ = ["feedback_blocks", "feedback_text"]


def feedback_text(page: FeedbackPage) -> str:
    """Write the report on feedback."""
    return joined(
        [
            f"# {escaped(page.title)}",
            f"**Notice.** {escaped(page.notice)}" if page.notice else "",
            f"{escaped(page.kind)}. {escaped(page.lead)}",
            sentence_list(page.reading),
            *feedback_blocks(page),
            "## Notes on method and origin",
            sentence_list(page.notes.methods),
            fact_list(page.notes.provenance),
        ]
    )


def feedback_blocks(page: FeedbackPage) -> Iterator[str]:
    """Write what stands between the head and the notes."""
    yield "## Overview"
    yield from _overview(page.overview)
    if page.ratees:
        yield "## Person by person"
        yield escaped(page.metric)
        for ratee in page.ratees:
            yield from _ratee(ratee, page.roles)


def _overview(overview: FeedbackOverview) -> Iterator[str]:
    yield fact_list((name[:1].upper() + name[1:], count) for name, count in overview.figures)
    yield escaped(overview.why_hidden)
    yield sentence_list(overview.reasons)
    rows = [[escaped(line.name), line.n_ratees, line.n_hidden] for line in overview.lines]
    yield table(["Role", "People with something shown", "Means not shown"], rows) if rows else ""
    yield "### What may be shown"
    yield fact_list(overview.policy)
    yield "### How a gap reads"
    yield fact_list(overview.gaps)
    yield "### How far raters agree"
    yield escaped(overview.about_agreement)
    if overview.agreement:
        yield table(
            ["Role", "Dimension", r"r\*wg(j)", "ICC(1)", "ICC(2)"],
            [
                [escaped(line.role), escaped(line.name), *map(shown, (line.rwg, line.icc1, line.icc2))]
                for line in overview.agreement
            ],
        )
    yield sentence_list(overview.agreement_reasons)


def _ratee(ratee: RateePage, roles: Sequence[str]) -> Iterator[str]:
    yield f"### {escaped(ratee.id)}"
    yield escaped(ratee.lead)
    yield "#### Means by role"
    rows = [[escaped(line.name), *(escaped(cell.text) for cell in line.cells)] for line in ratee.means]
    yield table(["Dimension", *map(escaped, roles)], rows)
    yield "#### Self and others"
    yield table(
        ["Dimension", "Self", "Others", "Gap", "Target", "Category"],
        [
            [
                escaped(line.name),
                *(shown(text, WITHHELD) for text in (line.own, line.others, line.gap)),
                escaped(line.target),
                escaped(f"{line.category}: {line.meaning}"),
            ]
            for line in ratee.gaps
        ],
    )
    yield f"A gap counts above {escaped(ratee.rule)}."
    if ratee.questions:
        yield "#### Question by question"
        yield from _items(ratee.questions, ratee.question_roles)
    if ratee.comments:
        yield "#### Comments"
        for comments in ratee.comments:
            yield f"{escaped(comments.role)}:"
            yield sentence_list(f"{line.about}: {line.text}" if line.about else line.text for line in comments.lines)


def _items(parts: Sequence[ItemPart], roles: Sequence[str]) -> Iterator[str]:
    for part in parts:
        rows = [
            [
                escaped(f"{line.text} (turned round)" if line.reverse else line.text),
                *(shown(mean, WITHHELD) for mean in line.means),
            ]
            for line in part.lines
        ]
        yield table([escaped(part.name), *map(escaped, roles)], rows)
