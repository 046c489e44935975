"""Reports as Markdown: the words of the pages, without pictures and without statistics of single questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadkit.reports.announcements import MessagePage
from leadkit.reports.content import IndividualPage, PersonPage, TeamPage
from leadkit.reports.groups import GroupTable
from leadkit.reports.leadership import QUADRANT_NAMES, Leader, LeadershipPage
from leadkit.reports.letters import VitalsPage
from leadkit.reports.markdown import escaped, fact_list, joined, sentence_list, shown, table
from leadkit.reports.notes import Notes
from leadkit.reports.overview import Answering, SpreadLine
from leadkit.reports.people import Person
from leadkit.reports.wording import NO_SCORE

__all__ = ["individual_text", "team_blocks", "team_text"]


def individual_text(page: IndividualPage) -> str:
    """Write the report about one person."""
    blocks = [*_head(page), "## Scores", escaped(page.metric), *_person(page.person)]
    if page.leader:
        blocks += ["## Vision, engagement, delivery", *_leader(page.leader), escaped(page.leader_note)]
    if page.vitals:
        blocks += ["## VITALS", *_vitals(page.vitals, "###")]
    return joined([*blocks, *_notes(page.notes)])


def team_text(page: TeamPage) -> str:
    """Write the report about a team."""
    return joined([*_head(page), *team_blocks(page), *_notes(page.notes)])


def team_blocks(page: TeamPage) -> list[str]:
    """Write what stands between the head and the notes."""
    blocks = [
        "## Who answered",
        *_answering(page.answering),
        "## Scores of all",
        escaped(page.metric),
        _spread(page.lines),
    ]
    if page.groups:
        blocks += [f"## By {escaped(page.groups.by)}", *_groups(page.groups, page.min_group)]
    if page.leadership:
        blocks += ["## Vision, engagement, delivery", *_leadership(page.leadership)]
    if page.messages:
        blocks += ["## Messages", *_messages(page.messages)]
    if page.consistency:
        blocks += ["## How far the scores can be trusted", *_consistency(page)]
    if page.people:
        blocks += ["## Person by person", *(block for person in page.people for block in _person_page(person))]
    return blocks


def _head(page: IndividualPage | TeamPage) -> Iterator[str]:
    yield f"# {escaped(page.title)}"
    yield f"**Notice.** {escaped(page.notice)}" if page.notice else ""
    yield f"{escaped(page.kind)}. {escaped(page.lead)}"
    yield sentence_list(page.reading)


def _notes(notes: Notes) -> Iterator[str]:
    yield "## Notes on method and origin"
    yield sentence_list(notes.methods)
    yield fact_list(notes.provenance)


def _person(person: Person) -> Iterator[str]:
    if person.is_silent:
        yield "Nothing was answered, so there is no score on any scale."
        return
    header = ["Scale", "Score"]
    header += ["Band"] if person.has_bands else []
    header += ["Mean of all"] if person.has_comparison else []
    rows = []
    for line in person.lines:
        row = [escaped(line.name), escaped(f"{line.score} {line.unit}" if line.score else NO_SCORE)]
        row += [shown(line.band)] if person.has_bands else []
        row += [shown(line.compared)] if person.has_comparison else []
        rows.append(row)
    yield table(header, rows)
    yield sentence_list(
        f"{line.name}: {line.answered}. {' '.join(line.reasons)}" for line in person.lines if line.reasons
    )


def _leader(leader: Leader) -> Iterator[str]:
    facts = []
    if leader.balance:
        lowest = ", ".join(filter(None, [leader.weakest, leader.weakest_chance]))
        facts += [("Lowest of vision, engagement and delivery, and its probability", lowest)]
        facts += [("Balance of the three, 0 to 1", leader.balance)]
    facts += [
        ("Leadership", leader.leadership_in_full or NO_SCORE),
        ("Management", leader.management_in_full or NO_SCORE),
    ]
    facts += [("Quadrant of these two scores", leader.quadrant)] if leader.quadrant else []
    if leader.has_chances:
        chances = zip(QUADRANT_NAMES.values(), leader.chances, strict=True)
        facts += [("Probability of each quadrant", "; ".join(f"{name} {text}" for name, text in chances))]
    yield fact_list(facts)
    yield escaped(" ".join(leader.reasons))


def _vitals(vitals: VitalsPage, mark: str) -> Iterator[str]:
    yield f"Self-assessment of {vitals.taken_on}, in percent of the maximum possible. There is no total."
    for letter in vitals.letters:
        yield f"{mark} {escaped(letter.name)}"
        yield f"{shown(letter.score, NO_SCORE)}{f' (band {escaped(letter.band)})' if letter.band else ''}"
        yield fact_list((finding.name, finding.text) for finding in (*letter.facets, *letter.findings))
        if letter.days:
            rows = [[escaped(name), *map(shown, texts)] for name, texts in (*letter.days.rows, *letter.days.hours)]
            yield table(["Logged days", *map(escaped, letter.days.columns)], rows)
        yield "To reflect on:" if letter.questions else ""
        yield sentence_list(letter.questions)
        yield escaped(" ".join(letter.reasons))


def _person_page(page: PersonPage) -> Iterator[str]:
    yield f"### {escaped(page.id)}"
    if page.person:
        facts = [f"{name}: {label}" for name, label in page.person.groups]
        yield escaped(", ".join([*facts, page.person.answered]) + ".")
        yield from _person(page.person)
    if page.leader:
        yield "#### Vision, engagement, delivery"
        yield from _leader(page.leader)
    for reading in page.vitals:
        yield "#### VITALS"
        yield from _vitals(reading, "#####")


def _answering(answering: Answering) -> Iterator[str]:
    facts = [
        ("Respondents", str(answering.n)),
        ("With a score on every dimension", str(answering.n_scored)),
        ("Of all questions answered", answering.share_answered),
        ("Answered nothing", "; ".join(answering.silent) or "nobody"),
        ("Left something out", "; ".join(answering.gappy) or "nobody"),
    ]
    if answering.knows_answers:
        left_out = "; ".join(f"{text} ({count})" for text, count in answering.left_out)
        facts += [("Same answer to every question", "; ".join(answering.same) or "nobody")]
        facts += [("Questions left out most often", left_out or "none")]
    yield fact_list(facts)


def _spread(lines: Sequence[SpreadLine]) -> str:
    rows = [
        [escaped(line.name), escaped(line.hidden), "", ""]
        if line.hidden
        else [
            escaped(line.name),
            line.n,
            escaped(f"{line.mean} {line.unit}" if line.mean else NO_SCORE),
            shown(line.sd),
        ]
        for line in lines
    ]
    return table(["Scale", "People", "Mean", "SD"], rows)


def _groups(groups: GroupTable, min_group: int) -> Iterator[str]:
    people = ["People", groups.n, *map(escaped, groups.sizes)]
    rows = [
        [escaped(f"{line.name} {line.unit}"), escaped(line.mean), *map(escaped, line.cells)] for line in groups.lines
    ]
    yield table(["Scale", "all", *map(escaped, groups.labels)], [people, *rows])
    yield f"A mean of fewer than {min_group} people is not shown." if groups.has_small else ""


def _leadership(page: LeadershipPage) -> Iterator[str]:
    if page.expected:
        yield f"People expected in each quadrant, of {page.n_expected} (probabilities added up):"
        yield fact_list(page.expected)
    elif page.n_expected:
        yield f"Quadrants: {escaped(page.n_expected)} people have one, so nothing is shown."
    if page.leaders:
        header = [
            "Person",
            "Lowest of V, E, D",
            "Balance",
            *(f"{name} {unit}" for name, unit in zip(("Leadership", "Management"), page.units, strict=True)),
        ]
        header += list(QUADRANT_NAMES.values()) if page.cut else []
        yield table(header, [_leader_row(leader, with_quadrants=bool(page.cut)) for leader in page.leaders])
    yield escaped(page.note)


def _leader_row(leader: Leader, *, with_quadrants: bool) -> list[str]:
    lowest = f"{leader.weakest} {leader.weakest_chance}".strip()
    cells = [lowest or NO_SCORE, leader.balance, leader.leadership or NO_SCORE, leader.management or NO_SCORE]
    cells += (leader.chances or [""] * len(QUADRANT_NAMES)) if with_quadrants else []
    return [escaped(leader.id), *map(shown, cells)]


def _messages(page: MessagePage) -> Iterator[str]:
    rows = [
        [escaped(line.id), shown(line.contrast, "no code seen"), shown(line.leans), line.n_coders]
        for line in page.lines
    ]
    yield table(["Message", "Contrast, -1 to +1", "Leans to", "Readers"], rows)
    shares = [
        [escaped(code.name), code.side, *(shown(line.shares[at]) for line in page.lines)]
        for at, code in enumerate(page.codes)
    ]
    yield table(["Code", "Side", *(escaped(line.id) for line in page.lines)], shares)
    interval = f", {page.level} interval {page.interval}" if page.interval else ""
    yield f"Agreement of the readers: alpha {shown(page.alpha)}{interval}. {escaped(page.reading)}"
    yield sentence_list([*page.reasons, *(f"{line.id}: {text}" for line in page.lines for text in line.reasons)])


def _consistency(page: TeamPage) -> Iterator[str]:
    group = [page.by] if page.by else []
    header = ["Dimension", *map(escaped, group), "People", "Alpha", f"{page.level} interval", "Omega", "Standard error"]
    rows = [
        [
            escaped(line.name),
            *([escaped(line.group)] if page.by else []),
            *map(shown, (line.n, line.alpha, line.interval, line.omega, line.standard_error)),
        ]
        for line in page.consistency
    ]
    yield table(header, rows)
    yield sentence_list(page.consistency_notes)
