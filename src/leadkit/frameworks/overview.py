"""What a framework is, where it comes from and how to use it, for a person who chooses one."""

from __future__ import annotations

from html import escape
from pathlib import Path
from textwrap import fill

from attrs import frozen

from leadkit._results import Result, html_table
from leadkit.assessment import Instrument, Status
from leadkit.frameworks.library import all_languages

__all__ = ["About", "CompositeOverview", "DimensionOverview", "about"]

WIDTH = 100


@frozen(kw_only=True)
class DimensionOverview:
    """One dimension of a framework: its id, name, description and number of items."""

    id: str
    name: str
    description: str
    n_items: int


@frozen(kw_only=True)
class CompositeOverview:
    """One composite of a framework: its id, name and the ids of the dimensions that it takes the mean of."""

    id: str
    name: str
    dimension_ids: tuple[str, ...]


@frozen(kw_only=True)
class About(Result):
    """What a framework is, where it comes from and how to use it; `print` shows it as a page of text.

    Parameters
    ----------
    name : str
        What `load` takes, for a user's own file the id it states.
    title, description : str
        What people call it, what it measures and how to use it.
    source, licence : str
        Where the idea comes from, and the licence of the wording.
    status : {"unvalidated", "pilot", "validated"}
        How far it has been tried.
    version, note : str
        Version of the file, and what a user must know.
    languages : tuple of str
        Languages in which every text is there.
    answers : tuple of str
        What each answer means, as code and label, from the lowest.
    dimensions : tuple of DimensionOverview
        In the order of the file.
    composites : tuple of CompositeOverview
        In the order of the file.
    """

    name: str
    title: str
    description: str
    source: str
    licence: str
    status: Status
    version: str
    note: str
    languages: tuple[str, ...]
    answers: tuple[str, ...]
    dimensions: tuple[DimensionOverview, ...]
    composites: tuple[CompositeOverview, ...]

    @property
    def n_items(self) -> int:
        """Number of items of the whole framework."""
        return sum(part.n_items for part in self.dimensions)

    def __str__(self) -> str:
        """Give the page that a person reads before choosing a framework."""
        measured = [f"- {part.name}, {_items(part.n_items)}: {part.description}" for part in self.dimensions]
        combined = [f"- {part.name}: {self._names_of(part)}" for part in self.composites]
        blocks = [
            [self.title, "=" * len(self.title)],
            [self.description],
            [f"What it measures ({_items(self.n_items)})", *measured],
            ["What it combines", *combined] if combined else [],
            [f"Answers: {', '.join(self.answers)}"],
            [f"Source: {self.source}", f"Note: {self.note}" if self.note else "", self._facts()],
        ]
        return "\n\n".join("\n".join(_wrapped(line) for line in block if line) for block in blocks if any(block))

    def _repr_html_(self) -> str:
        rows = [(part.name, str(part.n_items), part.description) for part in self.dimensions]
        rows += [(part.name, "", self._names_of(part)) for part in self.composites]
        below = (
            self.description,
            f"Answers: {', '.join(self.answers)}",
            f"Source: {self.source}",
            self.note,
            self._facts(),
        )
        table = html_table(self.title, ("measures", "items", "what it is about"), rows)
        return table + "".join(f"<p>{escape(text)}</p>" for text in below if text)

    def _names_of(self, composite: CompositeOverview) -> str:
        names = {part.id: part.name for part in self.dimensions}
        return ", ".join(names[dimension_id] for dimension_id in composite.dimension_ids)

    def _facts(self) -> str:
        return (
            f"{self.name} {self.version}, {self.status}, licence of the wording {self.licence}, "
            f"in {', '.join(self.languages)}"
        )


def about(name: str | Path, language: str | None = None) -> About:
    """Say what a framework is, where it comes from and how to use it.

    Parameters
    ----------
    name : str or Path
        As for `load`.
    language : str, optional
        As for `load`.

    Returns
    -------
    About
        Reads well when printed.

    Raises
    ------
    UnknownIdError, DefinitionError, FileNotFoundError
        As for `load`.

    Examples
    --------
    >>> page = about("ved")
    >>> page.title, page.status, page.licence
    ('V.E.D. leadership check', 'unvalidated', 'MIT')
    >>> print(str(page).splitlines()[0])
    V.E.D. leadership check
    """
    instrument = all_languages(name)
    return _overview(instrument.translated(language or instrument.language), instrument.languages)


def _overview(instrument: Instrument, languages: tuple[str, ...]) -> About:
    scale = instrument.scale
    labels = scale.labels or ("",) * scale.n_options
    return About(
        name=instrument.id,
        title=str(instrument.title),
        description=str(instrument.description),
        source=instrument.source,
        licence=instrument.licence,
        status=instrument.status,
        version=instrument.version,
        note=str(instrument.note),
        languages=languages,
        answers=tuple(f"{scale.low + step} {label}".strip() for step, label in enumerate(labels)),
        dimensions=tuple(
            DimensionOverview(
                id=part.id, name=str(part.name), description=str(part.description), n_items=len(part.items)
            )
            for part in instrument.dimensions
        ),
        composites=tuple(
            CompositeOverview(id=part.id, name=str(part.name), dimension_ids=tuple(part.weights))
            for part in instrument.composites
        ),
    )


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _wrapped(line: str) -> str:
    return fill(line, WIDTH, subsequent_indent="  " if line.startswith("- ") else "", break_on_hyphens=False)
