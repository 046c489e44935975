"""The blocks that a page is built of: what is said, once for HTML and Markdown, without how it looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal, TypeAlias

from attrs import evolve, field, frozen

from leadkit.reports.geometry import Bar
from leadkit.reports.markdown import escaped, fact_list, sentence_list, shown, table

__all__ = [
    "MOST_ROWS",
    "Band",
    "Bands",
    "BarLine",
    "Bars",
    "Block",
    "Drawing",
    "Facts",
    "Figures",
    "Grid",
    "Heading",
    "Paragraph",
    "Section",
    "Sentences",
    "block_texts",
    "first_rows",
    "without_pictures",
]

MOST_ROWS = 30
"""Rows of a table that could be as long as an organisation is deep."""


def _pairs(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(pairs)


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(texts)


def _lines(lines: Iterable[BarLine]) -> tuple[BarLine, ...]:
    return tuple(lines)


def _bands(bands: Iterable[Band]) -> tuple[Band, ...]:
    return tuple(bands)


def _blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Leave out lists and tables with nothing in them."""
    return tuple(
        block
        for block in blocks
        if not (
            (isinstance(block, Sentences) and not block.texts)
            or (isinstance(block, Facts) and not block.pairs)
            or (isinstance(block, Grid) and not block.rows)
            or (isinstance(block, Bars) and not block.lines)
        )
    )


def _rows(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, rows))


@frozen
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@frozen
class Paragraph:
    """A few sentences; an answer is what the section comes down to, a legend is small print."""

    kind: ClassVar[str] = "paragraph"
    text: str
    role: Literal["plain", "answer", "legend"] = "plain"


@frozen
class Figures:
    """A few large numbers: what is counted, and the count."""

    kind: ClassVar[str] = "figures"
    pairs: tuple[tuple[str, str], ...] = field(converter=_pairs)


@frozen
class Facts:
    """Names and what belongs to each."""

    kind: ClassVar[str] = "facts"
    pairs: tuple[tuple[str, str], ...] = field(converter=_pairs)


@frozen
class Sentences:
    """A list of sentences."""

    kind: ClassVar[str] = "sentences"
    texts: tuple[str, ...] = field(converter=_texts)


@frozen(kw_only=True)
class Grid:
    """A table of texts; the first `n_texts` columns hold words, the others numbers; what an empty cell says is `empty`."""

    kind: ClassVar[str] = "grid"
    caption: str
    header: tuple[str, ...] = field(converter=_texts)
    rows: tuple[tuple[str, ...], ...] = field(converter=_rows)
    n_texts: int = 1
    empty: str = "none"


@frozen(kw_only=True)
class BarLine:
    """A row with a small picture.

    Parameters
    ----------
    name, about : str
        What the row is, and a few words on it.
    value : str
        The number that the picture shows.
    details : tuple of str
        What else is told beside it.
    bar : Bar or None
        The picture; None where there is none.
    step : int
        How far the row is set in, 0..8.
    """

    name: str
    about: str = ""
    value: str
    details: tuple[str, ...] = field(default=(), converter=_texts)
    bar: Bar | None = None
    step: int = 0

    @property
    def alt(self) -> str:
        """The picture in words."""
        return f"{self.name}: {', '.join((self.value, *self.details))}"


@frozen(kw_only=True)
class Bars:
    """A table with a picture in each row: names of the three columns, and how to read it."""

    kind: ClassVar[str] = "bars"
    caption: str
    header: tuple[str, str, str]
    lines: tuple[BarLine, ...] = field(converter=_lines)
    legend: str = ""

    @property
    def grid(self) -> Grid:
        """The same without pictures."""
        return Grid(
            caption=self.caption,
            header=self.header[:2],
            rows=[
                (f"{line.name}, {line.about}" if line.about else line.name, ", ".join((line.value, *line.details)))
                for line in self.lines
            ],
        )


@frozen(kw_only=True)
class Band:
    """One band of the pyramid: its width in percent of the widest, and which kind it is."""

    name: str
    text: str
    width: float
    role: Literal["customers", "tier", "empty", "support"]


@frozen(kw_only=True)
class Bands:
    """The pyramid as a picture, from the customers down."""

    kind: ClassVar[str] = "bands"
    bands: tuple[Band, ...] = field(converter=_bands)
    caption: str

    @property
    def alt(self) -> str:
        """The picture in words."""
        told = "; ".join(f"{band.name}: {band.text}" if band.text else band.name for band in self.bands)
        return f"The inverted pyramid, from the top down. {told}."


@frozen(kw_only=True)
class Drawing:
    """A wide picture as a data URI, what it shows in words, and how to read it; on a small screen it scrolls."""

    kind: ClassVar[str] = "drawing"
    source: str
    alt: str
    caption: str


Block: TypeAlias = Heading | Paragraph | Figures | Facts | Sentences | Grid | Bars | Bands | Drawing


@frozen(kw_only=True)
class Section:
    """A part of a page under a heading of its own.

    What it comes down to is said in a sentence, and how sure that is in another for where it stands alone; empty for
    nothing.
    """

    anchor: str
    title: str
    blocks: tuple[Block, ...] = field(converter=_blocks)
    short: str = ""
    doubt: str = ""


def first_rows(grid: Grid, what: str, *, most: int = MOST_ROWS) -> Iterator[Block]:
    """Give a table that could be as long as an organisation is deep, cut, and say what is left out."""
    yield evolve(grid, rows=grid.rows[:most])
    if len(grid.rows) > most:
        yield Paragraph(f"… and {len(grid.rows) - most:,} more {what}.", "legend")


def without_pictures(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Leave pictures out, and make tables with pictures plain."""
    return tuple(
        block.grid if isinstance(block, Bars) else block for block in blocks if not isinstance(block, Bands | Drawing)
    )


def block_texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Write blocks as Markdown."""
    for block in without_pictures(blocks):
        match block:
            case Heading():
                yield f"### {escaped(block.text)}"
            case Paragraph(role="answer"):
                yield f"**{escaped(block.text)}**"
            case Paragraph():
                yield escaped(block.text)
            case Figures() | Facts():
                yield fact_list((name[:1].upper() + name[1:], text) for name, text in block.pairs)
            case Sentences():
                yield sentence_list(block.texts)
            case Grid():
                yield f"{escaped(block.caption)}:"
                rows = [[*map(shown, row)] for row in block.rows]
                yield table([*map(escaped, block.header)], rows, n_texts=block.n_texts)
