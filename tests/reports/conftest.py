"""A parsed page to look at, a tab of a browser to open it in, and results to make reports of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import define, evolve, field, frozen

from leadkit import samples, vitals
from leadkit.assessment import ReliabilityTable, Responses, Scores, reliability, score
from leadkit.ved import MessageReading, VedScores, VedStyle, read_messages, style
from leadkit.ved import score as score_ved

VOID = {"br", "meta", "link", "img", "input", "hr"}


@define(eq=False, repr=False)
class Element:
    """A tag, its attributes, and the pieces of text inside it."""

    tag: str
    attributes: dict[str, str | None]
    parents: tuple[Element, ...]
    within: list[Element] = field(factory=list)
    pieces: list[tuple[str, bool]] = field(factory=list)

    @property
    def text(self) -> str:
        """All of its text."""
        return "".join(piece for piece, _ in self.pieces)

    @property
    def heard(self) -> str:
        """The text that a screen reader reads."""
        return "".join(piece for piece, hidden in self.pieces if not hidden)


@define(eq=False, repr=False)
class Page(HTMLParser):
    """The elements of a page in order; what is nested wrongly is in `faults`."""

    elements: list[Element] = field(factory=list)
    faults: list[str] = field(factory=list)
    stack: list[Element] = field(factory=list)
    doctype: str = ""

    def __attrs_pre_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.faults.append(f"{tag} repeats an attribute")
        element = Element(tag, dict(attrs), tuple(self.stack))
        self.elements.append(element)
        for parent in self.stack:
            parent.within.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self.stack[-1].tag if self.stack else 'nothing'}")
            return
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        hidden = any(one.attributes.get("aria-hidden") == "true" for one in self.stack)
        for element in self.stack:
            element.pieces.append((data, hidden))

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """List the elements of a tag whose attributes have these values."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            one
            for one in self.elements
            if one.tag == tag and all(one.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Give the only element of a tag with these attributes."""
        (found,) = self.all(tag, **attributes)
        return found

    def inside(self, parent: Element, *tags: str) -> list[Element]:
        """List the elements of some tags inside another."""
        return [one for one in parent.within if one.tag in tags]

    def rows(self, caption: str) -> list[list[str]]:
        """Give the texts of the cells of every table with a caption that starts so."""
        return [
            [words(cell.heard) for cell in self.inside(row, "th", "td")]
            for table in self.all("table")
            if self.inside(table, "caption")[0].text.strip().startswith(caption)
            for row in self.inside(table, "tr")
        ]

    def facts(self, name: str) -> list[str]:
        """Give what stands beside a name in the lists of facts."""
        terms = [one for one in self.elements if one.tag in {"dt", "dd"}]
        return [words(value.heard) for term, value in pairwise(terms) if term.tag == "dt" and words(term.text) == name]

    @property
    def words(self) -> str:
        """Everything that a screen reader reads of the body."""
        return words(self.one("body").heard)


def words(text: str) -> str:
    """Put one space between words, no-break spaces kept apart from others."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", "\0").split()).replace("\0", "\N{NO-BREAK SPACE}")


def parsed(text: str) -> Page:
    """Parse a page."""
    page = Page()
    page.feed(text)
    page.close()
    page.faults += [f"{element.tag} is not closed" for element in page.stack]
    return page


@pytest.fixture(scope="session")
def parse() -> Callable[[str], Page]:
    """Give the parser."""
    return parsed


@frozen(kw_only=True)
class Material:
    """Results about one synthetic team."""

    responses: Responses
    scores: Scores
    table: ReliabilityTable
    ved: VedScores
    style: VedStyle
    messages: MessageReading
    profiles: tuple[vitals.VitalsProfile, ...]

    @property
    def everything(self) -> dict[str, Any]:
        """All that a report about a team takes."""
        return {
            "reliability": self.table,
            "responses": self.responses,
            "ved": self.ved,
            "style": self.style,
            "messages": self.messages,
            "vitals": self.profiles,
        }


@pytest.fixture(scope="session")
def material() -> Material:
    """Make results of samples; the second VITALS reading is of somebody without scores."""
    responses = samples.answers("ved", rng=1)
    table = reliability(responses)
    scored = score_ved(responses, reliability=table)
    known = dict.fromkeys(vitals.LETTERS, 0.8)
    first, second = samples.vitals_assessments(rng=1)[:2]
    readings = [
        vitals.profile(first, reliability=known, sd=dict.fromkeys(vitals.LETTERS, 14.0)),
        vitals.profile(evolve(second, person_id="somebody.else")),
        vitals.profile(vitals.VitalsAssessment(person_id="somebody.else", taken_on=date(2026, 1, 7))),
    ]
    return Material(
        responses=responses,
        scores=score(responses),
        table=table,
        ved=scored,
        style=style(scored),
        messages=read_messages(samples.messages(rng=1), n_resamples=50, rng=1),
        profiles=tuple(readings),
    )


@pytest.fixture(scope="session")
def hard() -> Responses:
    """Give answers with nasty names, a silent person, a person with gaps, one answer throughout, and small groups."""
    sample = samples.answers("ved", n=20, rng=3, careless=0, missing=0.0)
    values = np.array(sample.values)
    values[2] = np.nan
    values[3] = 4
    values[4, :3] = np.nan
    ids = list(sample.respondent_ids)
    ids[0] = "<script>alert('x')</script>"
    ids[1] = '"Ann" & *Bo* | $1_000_$ <b>'
    team = ["<i>north</i>"] * 9 + ["south"] * 7 + ["night"] * 3 + [None]
    return Responses(sample.instrument, values, ids, {"team & shift": team})


@pytest.fixture(scope="session")
def tab(open_tab: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Open a tab of a real browser without a network; skip where there is none."""
    opened = open_tab(tmp_path_factory.mktemp("browser"))
    opened.leave_network()
    return opened
