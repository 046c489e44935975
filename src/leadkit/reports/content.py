"""Everything that a report says, gathered once for HTML and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from leadkit.assessment import BandedScores, Reliability, ReliabilityTable, Responses, Scores
from leadkit.assessment.disclosure.expecting import expect
from leadkit.plots.labels import span_text, words
from leadkit.reports.announcements import MessagePage, message_page
from leadkit.reports.consistency import ConsistencyLine, ItemTable, consistency_lines, consistency_notes, item_tables
from leadkit.reports.figures import percent
from leadkit.reports.groups import GroupTable, group_table, grouping
from leadkit.reports.leadership import Leader, LeadershipPage, leader, leadership_page
from leadkit.reports.letters import VitalsPage, vitals_page
from leadkit.reports.notes import Notes, notes, provenance_text
from leadkit.reports.overview import Answering, SpreadLine, answering, spread_lines
from leadkit.reports.people import Person, person
from leadkit.reports.protection import open_to_all, protection
from leadkit.reports.sheet import Sheet, sheet
from leadkit.reports.wording import how_to_read, metric_sentence
from leadkit.typing import Progress
from leadkit.ved import MessageReading, VedScores, VedStyle
from leadkit.ved.rows import refuse_evaluations
from leadkit.vitals import VitalsProfile

__all__ = ["IndividualPage", "PersonPage", "TeamPage", "individual_page", "team_page"]

EVERYBODY = (
    "Each dot is a person. The diamond is the mean; the line through it reaches one standard deviation (SD) to either "
    "side. A composite is a mean of dimensions."
)
NOBODY = (
    "The diamond is the mean; the line through it reaches one standard deviation (SD) to either side. No single "
    "person's score is shown. A composite is a mean of dimensions."
)


@frozen(kw_only=True)
class IndividualPage:
    """Everything that a report about one person says."""

    title: str
    kind: str
    lead: str
    notice: str
    reading: tuple[str, ...]
    metric: str
    person: Person
    leader: Leader | None
    leader_note: str
    vitals: VitalsPage | None
    notes: Notes


@frozen(kw_only=True)
class PersonPage:
    """Everything about one person in a report about a team."""

    id: str
    person: Person | None
    leader: Leader | None
    vitals: tuple[VitalsPage, ...]

    @property
    def lead(self) -> str:
        """Groups, and how much was answered; empty without scores."""
        if self.person is None:
            return ""
        return ", ".join([*(f"{name}: {label}" for name, label in self.person.groups), self.person.answered]) + "."


@frozen(kw_only=True)
class TeamPage:
    """Everything that a report about a team says."""

    title: str
    kind: str
    lead: str
    notice: str
    reading: tuple[str, ...]
    metric: str
    answering: Answering
    lines: tuple[SpreadLine, ...]
    spread_legend: str
    groups: GroupTable | None
    min_group: int
    leadership: LeadershipPage | None
    messages: MessagePage | None
    consistency: tuple[ConsistencyLine, ...]
    consistency_notes: tuple[str, ...]
    items: tuple[ItemTable, ...]
    answers: str
    by: str
    level: str
    people: tuple[PersonPage, ...]
    notes: Notes


def individual_page(
    scores: Scores,
    respondent_id: str,
    *,
    bands: BandedScores | None,
    reliability: Reliability | None,
    vitals: VitalsProfile | None,
    ved: VedScores | None,
    style: VedStyle | None,
    min_group: int,
    title: str | None,
    notice: str,
    picture: bool,
) -> IndividualPage:
    """Gather what a report about one person says; `individual` says what the options mean."""
    expect(scores, Scores, "scores")
    _refuse_evaluations(ved, style)
    if bands is not None and reliability is not None:
        msg = "bands and reliability: give one of the two, bands are worked out from a reliability"
        raise ValueError(msg)
    if vitals is not None and vitals.person_id != respondent_id:
        msg = f"vitals: expected the reading of {respondent_id!r}, got that of {vitals.person_id!r}"
        raise ValueError(msg)
    if reliability is not None:
        bands = scores.with_bands(reliability)
    scales = sheet(scores, bands=bands, min_group=min_group)
    found = person(scales, respondent_id, picture=picture)
    lead = [f"{name}: {label}" for name, label in found.groups]
    reading = None if vitals is None else vitals_page(vitals)
    return IndividualPage(
        title=respondent_id if title is None else title,
        kind=words(scores.instrument.title, scores.instrument.language),
        lead=", ".join([*lead, found.answered]) + ".",
        notice=notice,
        reading=how_to_read(scores.instrument),
        metric=metric_sentence(scores.metric, scores.instrument),
        person=found,
        leader=leader(ved, style, respondent_id),
        leader_note="" if style is None else style.note,
        vitals=reading,
        notes=notes(
            scales,
            f"The mean of all is shown where at least {min_group} others have a score.",
            made_with=() if reading is None else (("VITALS questionnaire", reading.made_with),),
        ),
    )


def team_page(
    scores: Scores,
    *,
    reliability: ReliabilityTable | Mapping[str, float] | None,
    bands: BandedScores | None,
    responses: Responses | None,
    by: str | None,
    vitals: Iterable[VitalsProfile],
    ved: VedScores | None,
    style: VedStyle | None,
    messages: MessageReading | None,
    min_group: int,
    individuals: bool,
    title: str | None,
    notice: str,
    picture: bool,
    progress: Progress | None,
) -> TeamPage:
    """Gather what a report about a team says; `team` says what the options mean."""
    expect(scores, Scores, "scores")
    _refuse_evaluations(ved, style)
    readings = tuple(vitals)
    if readings and not individuals:
        msg = "vitals: a reading is about one person; pass individuals=True, or leave the readings out"
        raise ValueError(msg)
    table = reliability if isinstance(reliability, ReliabilityTable) else None
    if bands is None and reliability is not None and (table is None or table.by is None):
        bands = scores.with_bands(reliability)
    scales = sheet(scores, bands=bands, min_group=min_group)
    instrument = scores.instrument
    rule: dict[str, Any] = {"min_group": min_group, "individuals": individuals}
    told = answering(scores, responses, individuals=individuals)
    groups = grouping(scales, by)
    members = () if groups is None else groups.members
    shown = open_to_all(scales, members) if individuals else protection(scales, members)
    pages = _people(scales, readings, ved, style, picture=picture, progress=progress) if individuals else ()
    consistency = () if table is None else consistency_lines(table, instrument, **rule)
    return TeamPage(
        title=words(instrument.title, instrument.language) if title is None else title,
        kind="Report for a team",
        lead=f"{len(scores)} respondents, {len(instrument.dimensions)} dimensions, {instrument.n_items} questions.",
        notice=notice,
        reading=how_to_read(instrument),
        metric=metric_sentence(scores.metric, instrument),
        answering=told,
        lines=spread_lines(scales, shown, individuals=individuals),
        spread_legend=EVERYBODY if individuals else NOBODY,
        groups=None if groups is None else group_table(scales, groups, shown),
        min_group=min_group,
        leadership=leadership_page(ved, style, **rule),
        messages=message_page(messages),
        consistency=consistency,
        consistency_notes=consistency_notes(consistency),
        items=() if table is None else item_tables(table, instrument, **rule),
        answers=f"of {span_text(instrument.scale.low, instrument.scale.high, 'mean')}",
        by="" if table is None or table.by is None else table.by,
        level="" if table is None else percent(table.level),
        people=pages,
        notes=notes(
            scales,
            f"A mean of a group is shown where at least {min_group} people stand behind it.",
            made_with=_made_with(table, ved, style, pages),
        ),
    )


def _people(
    scales: Sheet,
    readings: tuple[VitalsProfile, ...],
    ved: VedScores | None,
    style: VedStyle | None,
    *,
    picture: bool,
    progress: Progress | None,
) -> tuple[PersonPage, ...]:
    """Give everybody with scores a page, then everybody with nothing but a VITALS reading."""
    scored = scales.scores.respondent_ids
    others = dict.fromkeys(reading.person_id for reading in readings if reading.person_id not in scored)
    names = (*scored, *others)
    pages = []
    for done, name in enumerate(names, start=1):
        page = PersonPage(
            id=name,
            person=None if name in others else person(scales, name, picture=picture),
            leader=leader(ved, style, name),
            vitals=tuple(vitals_page(reading) for reading in readings if reading.person_id == name),
        )
        pages.append(page)
        if progress is not None:
            progress(done, len(names))
    return tuple(pages)


def _refuse_evaluations(*results: VedScores | VedStyle | None) -> None:
    for result in results:
        if result is not None:
            refuse_evaluations(result.provenance)


def _made_with(
    table: ReliabilityTable | None, ved: VedScores | None, style: VedStyle | None, pages: tuple[PersonPage, ...]
) -> tuple[tuple[str, str], ...]:
    made = [("Reliability", table), ("V.E.D. scores", ved), ("V.E.D. quadrants", style)]
    readings = sorted({reading.made_with for page in pages for reading in page.vitals})
    return (
        *((name, provenance_text(result.provenance)) for name, result in made if result is not None),
        *(("VITALS questionnaire", reading) for reading in readings),
    )
