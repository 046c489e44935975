"""A list of entries of one kind, with where it comes from, read strictly from TOML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from attrs import field, frozen

from leadkit._convert import structure
from leadkit._fields import repeated, string_faults
from leadkit._results import html_table, plain
from leadkit.assessment.definition import toml_data
from leadkit.assessment.items import raise_faults
from leadkit.errors import DefinitionError, Fault, UnknownIdError
from leadkit.frameworks._files import shipped_text, user_text

__all__ = ["Catalogue"]


class Entry(Protocol):
    """Anything that has an id."""

    @property
    def id(self) -> str:
        """Identifier, unique in its list."""
        ...


EntryT = TypeVar("EntryT", bound=Entry)
T = TypeVar("T")


def _entry_tuple(entries: Iterable[EntryT]) -> tuple[EntryT, ...]:
    return tuple(entries)


@frozen(kw_only=True)
class Catalogue(Generic[EntryT]):
    """A list of entries of one kind, and where it comes from; iterating gives the entries.

    Parameters
    ----------
    title, version, source, licence, note : str
        What it is called, which version it is, where it comes from, under which licence, and what to know.
    entries : tuple
        At least one; their ids are unique.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from leadkit.frameworks import values
    >>> catalogue = values()
    >>> len(catalogue), catalogue.ids[:2], [value.name for value in catalogue][:2]
    (32, ('achievement', 'adventure'), ['Achievement', 'Adventure'])
    """

    title: str
    version: str
    source: str
    licence: str
    note: str
    entries: tuple[EntryT, ...] = field(converter=_entry_tuple)

    def __attrs_post_init__(self) -> None:
        raise_faults([*header_faults(self), *entry_faults(self.entries, "entries")], f"catalogue {self.title!r}")

    def __iter__(self) -> Iterator[EntryT]:
        """Go through the entries in the order of the file."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.entries)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the entries, in the order of the file."""
        return tuple(entry.id for entry in self.entries)

    def entry(self, entry_id: str) -> EntryT:
        """Return the entry with an id.

        Raises
        ------
        UnknownIdError
            There is none; the message gives the nearest.

        Examples
        --------
        >>> from leadkit.frameworks import endgames
        >>> endgames().entry("zero_complaints").target
        0.0
        """
        return find(self.entries, entry_id, kind="entry")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an entry, scalars only; several ids in one field are joined by a space."""
        return [
            {name: " ".join(value) if isinstance(value, list) else value for name, value in plain(entry).items()}
            for entry in self.entries
        ]

    def _repr_html_(self) -> str:
        records = self.to_records()
        return html_table(self.title, tuple(records[0]), [tuple(record.values()) for record in records])


def catalogue_of(name: str, entry: type[EntryT], path: str | Path | None) -> Catalogue[EntryT]:
    """Read the user's catalogue at `path`, or the one of that `name` that comes with leadkit."""
    hint: Any = Catalogue[entry]  # type: ignore[valid-type]
    catalogue: Catalogue[EntryT] = read(name, hint, path)
    return catalogue


def read(name: str, hint: Any, path: str | Path | None) -> Any:
    """Build what `hint` says from the user's file at `path`, or from the file of that `name` in leadkit."""
    if path is None:
        return _read_shipped(name, hint)
    data = toml_data(user_text(Path(path)), subject=str(path))
    return structure(data, hint, error=DefinitionError, subject=str(path))


@cache
def _read_shipped(name: str, hint: Any) -> Any:
    return structure(toml_data(shipped_text(name), subject=name), hint, error=DefinitionError, subject=name)


def header_faults(model: Any) -> list[Fault]:
    """List the parts of a header that are no text or empty."""
    return [
        fault
        for name in ("title", "version", "source", "licence", "note")
        for fault in string_faults(getattr(model, name), name)
    ]


def entry_faults(entries: Iterable[Entry], where: str) -> list[Fault]:
    """List what is wrong with entries as a whole: none at all, or an id that is there twice."""
    ids = [entry.id for entry in entries]
    faults = [] if ids else [Fault(where, "expected at least one entry")]
    return faults + [Fault(where, f"id {name!r} is there more than once") for name in repeated(ids)]


def find(entries: Iterable[EntryT], entry_id: str, *, kind: str) -> EntryT:
    """Return the entry with an id, or name the nearest."""
    by_id = {entry.id: entry for entry in entries}
    if entry_id not in by_id:
        raise UnknownIdError.of(entry_id, by_id, kind=kind)
    return by_id[entry_id]
