"""The first section: everything that was found, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from leadkit.escalation import PilotRow, StandardsReport
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Heading, Paragraph, Section, Sentences
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.escalation_matrix import GAP_WORDS, gap_sentence
from leadkit.reports.escalation_training import UNMET
from leadkit.reports.escalation_wording import EscalationWords, metric_name, share_text

__all__ = ["found_section"]

MOST = 30
NOTHING = "Nothing was found that has to be closed."


def found_section(given: EscalationFindings, words: EscalationWords) -> Section:
    """Say what was found: gaps, cells to train, where to observe more, needs that stay open, standards missed."""
    parts = (
        ("In the matrix", _gaps(given, words)),
        ("In the pilot", _pilot(given, words)),
        ("In the training plan", _training(given, words)),
        ("In the standards", _standards(given.standards)),
    )
    blocks: list[Block] = []
    for title, sentences in parts:
        told = list(islice(sentences, MOST + 1))
        if told:
            blocks += [Heading(title), Sentences(told[:MOST])]
            if len(told) > MOST:
                blocks.append(Paragraph("… and more; the section below holds all of it.", "legend"))
    return Section(anchor="found", title="What was found", blocks=blocks or [Paragraph(NOTHING)])


def _gaps(given: EscalationFindings, words: EscalationWords) -> Iterator[str]:
    gaps = given.matrix.gaps()
    for kind in GAP_WORDS:
        for gap in gaps:
            if gap.kind == kind:
                yield gap_sentence(gap, words, has=given.matrix.at(gap.domain, gap.level))


def _pilot(given: EscalationFindings, words: EscalationWords) -> Iterator[str]:
    found = given.evaluation
    if found is None:
        return
    for row in found.domains:
        if row.verdict == "train_team":
            yield (
                f"{words.domain(row.domain or '')}: the team succeeds in {share_text(row.observed)} of "
                f"{counted(row.n, 'case')}, the target is {share_text(row.expected)}: train the team."
            )
    for row in found.cells:
        if row.verdict == "train":
            yield f"{row.person}, {words.domain(row.domain or '')}: {_told(row)}: train.{_no_need(given, row)}"
    for row in found.people:
        if row.verdict == "coach":
            yield f"{row.person}: {_told(row)}, in no single domain: coach."
    more = [row for row in found.cells if row.verdict == "observe_more"]
    if more:
        yield (
            f"{counted(len(more), 'cell')} of {len(found.cells):,}: too few cases to tell; observe more. The section on "
            "the pilot says how many cases it takes."
        )


def _told(row: PilotRow) -> str:
    share = share_text(row.expected)
    return f"{row.successes:,} of {counted(row.n, 'case')} succeeded, where {share} of the same cases were expected"


def _no_need(given: EscalationFindings, row: PilotRow) -> str:
    """Say where somebody is to be trained whom the training needs do not have."""
    planned = {(need.person, need.skill) for need in given.needs}
    if given.training is not None:
        planned |= {*zip(given.training.before.person, given.training.before.skill, strict=True)}
    skills = next((own.skills for own in given.matrix.domains if own.id == row.domain), {})
    if not planned or any((row.person, skill) in planned for skill in skills):
        return ""
    return " No training need names this: if they hold the level on paper, assess them again."


def _training(given: EscalationFindings, words: EscalationWords) -> Iterator[str]:
    if given.training is not None:
        for unmet in given.training.unmet:
            yield f"{unmet.need.person}, {words.skill(unmet.need.skill)}: stays open, as {UNMET[unmet.reason]}."


def _standards(found: StandardsReport | None) -> Iterator[str]:
    for row in () if found is None else found.rows:
        if row.kept is False:
            told = f"{row.standard} ({metric_name(row.measure).lower()}): missed"
            if row.n is None:
                yield f"{told}, at {row.value:,.2f}."
            else:
                yield f"{told}, kept in {row.met:,} of {counted(row.n, 'case')}, asked for is {share_text(row.target)}."
