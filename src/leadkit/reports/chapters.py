"""The chapters of a full report: each is the report of the same name, as a part of a larger page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import frozen

from leadkit.reports.content import TeamPage, team_page
from leadkit.reports.escalation_content import escalation_page
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.feedback import feedback_contents, feedback_filling
from leadkit.reports.feedback_content import feedback_page
from leadkit.reports.feedback_text import feedback_blocks
from leadkit.reports.full_arguments import ChapterName
from leadkit.reports.glances import Glance, feedback_glance, matrix_glance, plan_glance, pyramid_glance, team_glance
from leadkit.reports.markdown import deeper, escaped, sentence_list
from leadkit.reports.notes import Notes
from leadkit.reports.page import render_chapter
from leadkit.reports.plan_content import plan_page
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.pyramid_content import pyramid_page
from leadkit.reports.pyramid_findings import PyramidFindings
from leadkit.reports.sections import SectionsPage, page_blocks, page_contents, page_filling
from leadkit.reports.short_feedback import feedback_short
from leadkit.reports.short_team import team_short
from leadkit.reports.teams import team_contents, team_filling
from leadkit.reports.texts import team_blocks
from leadkit.typing import Progress

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["READING", "Chapter", "chapter"]

READING = (
    "What follows describes answers, work and cases, not people. Nothing here is a rank.",
    "A person decides what follows from it, best in a talk with those concerned.",
    "No decision should rest on these numbers alone.",
)
"""What is said once for all chapters."""
SAID = {*READING, "A person decides what follows from them, best in a talk with those concerned."}
MOST_SENTENCES = 4
FIRST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pyramid": ("diagnosis", "thread", "agents", "lines"),
        "plan": ("finish", "progress", "risk", "missing"),
        "escalation": ("pilot", "training", "matrix", "time"),
    }
)
"""Sections whose sentences stand first on the card of a chapter; others follow in their order."""


@frozen(kw_only=True)
class Chapter:
    """One chapter, ready to be written.

    Parameters
    ----------
    id : ChapterName
        Which it is; its ids on the page begin with it.
    name, title, lead : str
        What the chapter is, its heading beside that, empty where it would say the same, and what it is about.
    reading, short : tuple of str
        How to read it, and what it comes down to.
    glance : Glance, optional
        A small picture of it; None without pictures, or where there is nothing to be seen.
    contents : tuple of (str, str)
        Anchors on the page, and names, of its sections.
    notes : Notes
        Method and origin.
    template, language : str
        The template that writes it, and the language of the texts of its instrument.
    filling : Mapping
        What the template asks for.
    blocks : tuple of str
        The same as Markdown.
    """

    id: ChapterName
    name: str
    title: str
    lead: str
    reading: tuple[str, ...]
    short: tuple[str, ...]
    glance: Glance | None
    contents: tuple[tuple[str, str], ...]
    notes: Notes
    template: str
    language: str
    filling: Mapping[str, Any]
    blocks: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Name and title on one line."""
        return f"{self.name}: {self.title}" if self.title else self.name

    @property
    def html(self) -> Markup:
        """The chapter as a part of a page; `ImportError` where jinja2 is not installed."""
        filling = {**self.filling, "name": self.name, "title": self.title, "lead": self.lead, "reading": self.reading}
        return render_chapter(self.template, language=self.language, prefix=f"{self.id}-", anchor=self.id, **filling)

    @property
    def text(self) -> Iterator[str]:
        """The chapter as blocks of Markdown."""
        yield f"## {escaped(self.heading)}"
        yield escaped(self.lead)
        yield sentence_list(self.reading)
        yield from deeper(self.blocks)


def chapter(name: ChapterName, given: dict[str, Any], *, picture: bool, progress: Progress | None) -> Chapter:
    """Gather a chapter from the arguments of the report of its name; an error says in which chapter it is."""
    with _located(name):
        return MAKERS[name](given, picture=picture, progress=progress)


@contextmanager
def _located(name: ChapterName) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError, LookupError) as error:
        error.args = (f"{name}: {error}",)
        raise


def _team(given: dict[str, Any], *, picture: bool, progress: Progress | None) -> Chapter:
    page = team_page(**{**given, "vitals": tuple(given["vitals"])}, notice="", picture=picture, progress=progress)
    return Chapter(
        id="team",
        name=_team_name(page),
        title=page.title,
        lead=page.lead,
        reading=_unsaid(page.reading),
        short=team_short(page, given["scores"], given["reliability"]),
        glance=team_glance(page) if picture else None,
        contents=_anchored("team", team_contents(page)),
        notes=page.notes,
        template="team.html.jinja",
        language=given["scores"].instrument.language,
        filling=team_filling(page),
        blocks=tuple(team_blocks(page)),
    )


def _team_name(page: TeamPage) -> str:
    has_vitals, has_ved = any(person.vitals for person in page.people), page.leadership is not None
    parts = [name for name, is_there in (("VITALS", has_vitals), ("V.E.D.", has_ved)) if is_there]
    return " and ".join(parts) or "The team"


def _feedback(given: dict[str, Any], *, picture: bool, progress: Progress | None) -> Chapter:
    page = feedback_page(**given, notice="", picture=picture, progress=progress)
    disclosed = given["disclosed"]
    return Chapter(
        id="feedback",
        name="360° feedback",
        title=page.title,
        lead=page.lead,
        reading=_unsaid(page.reading),
        short=feedback_short(disclosed),
        glance=feedback_glance(disclosed) if picture else None,
        contents=_anchored("feedback", feedback_contents(page)),
        notes=page.notes,
        template="feedback.html.jinja",
        language=disclosed.instrument.language,
        filling=feedback_filling(page),
        blocks=tuple(feedback_blocks(page)),
    )


def _pyramid(given: dict[str, Any], *, picture: bool, progress: Progress | None) -> Chapter:
    own = {name: given.pop(name) for name in ("title", "individuals")}
    page = pyramid_page(PyramidFindings(**given), **own, notice="", picture=picture, progress=progress)
    return _of_sections("pyramid", "The inverted pyramid", page, pyramid_glance(page) if picture else None)


def _plan(given: dict[str, Any], *, picture: bool, progress: Progress | None) -> Chapter:
    title = given.pop("title")
    findings = PlanFindings(**given, picture=picture)
    page = plan_page(findings, title=title, notice="", progress=progress)
    return _of_sections("plan", "The plan", page, plan_glance(findings) if picture else None)


def _escalation(given: dict[str, Any], *, picture: bool, progress: Progress | None) -> Chapter:
    title = given.pop("title")
    findings = EscalationFindings(**given, picture=picture)
    page = escalation_page(findings, title=title, notice="", progress=progress)
    return _of_sections("escalation", "Escalation matrix", page, matrix_glance(findings.matrix) if picture else None)


MAKERS: Mapping[ChapterName, Callable[..., Chapter]] = MappingProxyType(
    {"team": _team, "feedback": _feedback, "pyramid": _pyramid, "plan": _plan, "escalation": _escalation}
)


def _of_sections(own: ChapterName, name: str, page: SectionsPage, glance: Glance | None) -> Chapter:
    return Chapter(
        id=own,
        name=name,
        title="" if page.title == name else page.title,
        lead=page.lead,
        reading=_unsaid(page.reading),
        short=_first_sentences(page, FIRST[own]),
        glance=glance,
        contents=_anchored(own, page_contents(page)),
        notes=page.notes,
        template="sections.html.jinja",
        language="en",
        filling=page_filling(page),
        blocks=tuple(page_blocks(page)),
    )


def _first_sentences(page: SectionsPage, first: tuple[str, ...]) -> tuple[str, ...]:
    """Choose what a leader should know who reads nothing else of a chapter."""
    told = [section for section in page.sections if section.short]
    ranks = {anchor: rank for rank, anchor in enumerate(first)}
    chosen = sorted(told, key=lambda section: ranks.get(section.anchor, len(first)))
    return tuple(" ".join(filter(None, (section.short, section.doubt))) for section in chosen[:MOST_SENTENCES])


def _unsaid(reading: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sentence for sentence in reading if sentence not in SAID)


def _anchored(own: str, contents: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{own}-{anchor}", name) for anchor, name in contents)
