"""Pages that are made of sections of blocks: gathered once, written as HTML or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import evolve, fields, frozen

from leadkit.reports.blocks import Section, block_texts, without_pictures
from leadkit.reports.markdown import escaped, fact_list, joined, sentence_list
from leadkit.reports.notes import Notes
from leadkit.reports.page import render
from leadkit.typing import Progress

__all__ = ["SectionsPage", "gathered", "page_blocks", "page_contents", "page_filling", "page_html", "page_text"]


@frozen(kw_only=True)
class SectionsPage:
    """Everything that a report in sections says.

    Parameters
    ----------
    title, kind, lead, notice : str
        The head.
    reading : tuple of str
        How to read it, before any number.
    sections : tuple of Section
        Section by section.
    notes : Notes
        Method and origin.
    last : str
        The last sentence of the page.
    """

    title: str
    kind: str
    lead: str
    notice: str
    reading: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: Notes
    last: str

    @property
    def short(self) -> tuple[str, ...]:
        """What each section comes down to."""
        return tuple(section.short for section in self.sections if section.short)


CONTENT = tuple(part.name for part in fields(SectionsPage))


def gathered(
    steps: Sequence[Callable[[], Section]], *, picture: bool, progress: Progress | None = None
) -> tuple[Section, ...]:
    """Make section after section, without their pictures where there shall be none, and tell how many are done."""
    sections = []
    for done, step in enumerate(steps, start=1):
        section = step()
        sections.append(section if picture else evolve(section, blocks=without_pictures(section.blocks)))
        if progress is not None:
            progress(done, len(steps))
    return tuple(sections)


def page_html(page: SectionsPage) -> str:
    """Write a page as HTML; `ImportError` where jinja2 is not installed."""
    return render(
        "sections.html.jinja",
        language="en",
        contents=[*page_contents(page), ("notes", "Notes")],
        **page_filling(page),
    )


def page_filling(page: SectionsPage) -> dict[str, Any]:
    """Give everything that the template asks for."""
    return {"short": page.short, **{name: getattr(page, name) for name in CONTENT}}


def page_contents(page: SectionsPage) -> list[tuple[str, str]]:
    """List the sections that there are: anchor and name."""
    return [("short", "In short"), *((section.anchor, section.title) for section in page.sections)]


def page_text(page: SectionsPage) -> str:
    """Write a page as Markdown."""
    return joined(
        [
            f"# {escaped(page.title)}",
            f"**Notice.** {escaped(page.notice)}" if page.notice else "",
            f"{escaped(page.kind)}. {escaped(page.lead)}",
            sentence_list(page.reading),
            *page_blocks(page),
            "## Notes on method and origin",
            sentence_list(page.notes.methods),
            fact_list(page.notes.provenance),
        ]
    )


def page_blocks(page: SectionsPage) -> Iterator[str]:
    """Write what stands between the head and the notes as Markdown."""
    yield "## In short"
    yield sentence_list(page.short)
    for section in page.sections:
        yield f"## {escaped(section.title)}"
        yield from block_texts(section.blocks)
