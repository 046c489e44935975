"""Columns of a table by their names: what is unknown, there twice or missing is a fault, and so is a cell that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from leadkit.errors import Fault, LeadkitError, did_you_mean
from leadkit.interchange.csv._cells import imported
from leadkit.interchange.csv._table import TextTable, cell_fault, row_fault

__all__ = ["Columns", "column_key", "hint", "in_reading_order"]

T = TypeVar("T")

MOST_HINTS = 20
MOST_NEIGHBOURS = 5_000


def column_key(name: str) -> str:
    """Reduce a name in a header to what is compared: case, hyphens and blanks make no difference.

    Examples
    --------
    >>> column_key("Not before")
    'not_before'
    """
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


class Columns:
    """The cells of a table by column and row, and what is wrong with them.

    Parameters
    ----------
    table : TextTable
        What was read.
    key : callable
        Makes of a name in the header what is asked for; None of one that is not known.
    known : collection of str
        What an unknown name may have meant.
    needed : tuple of str
        Keys that must be there.
    ignore : iterable of str
        Names of columns to leave out.
    """

    def __init__(
        self,
        table: TextTable,
        *,
        key: Callable[[str], str | None],
        known: Collection[str],
        needed: tuple[str, ...],
        ignore: Iterable[str],
    ) -> None:
        self.lines = table.lines
        self.header_line = table.header_line
        self.names: dict[str, str] = {}
        self.faults: list[Fault] = list(table.faults)
        self._cells: dict[str, list[str]] = {}
        left_out = {column_key(name) for name in ignore}
        twice: dict[str, list[int]] = {}
        for place, name in enumerate(table.names):
            if column_key(name) in left_out or (not name and not any(map(str.strip, table.columns[place]))):
                continue
            own = key(name)
            if own is None:
                self._header_fault(name, _unknown(name, place, known))
            elif own in self._cells:
                twice.setdefault(own, []).append(place + 1)
            else:
                self.names[own] = name
                self._cells[own] = list(map(imported, table.columns[place]))
        for own, places in twice.items():
            more = ", ".join(map(str, places))
            self._header_fault(self.names[own], f"is there more than once: column {more} repeats it")
        for own in needed:
            if own not in self._cells:
                self.faults.append(row_fault(self.header_line, f"expected a column {own!r}"))

    def __contains__(self, key: str) -> bool:
        return key in self._cells

    def text(self, i: int, key: str) -> str:
        """Give the text of a cell; a column that is not there is empty."""
        cells = self._cells.get(key)
        return "" if cells is None else cells[i]

    def value(self, i: int, key: str, read: Callable[[str], T]) -> T | None:
        """Read a cell; None where it is empty, and where it cannot be read, which is a fault."""
        text = self.text(i, key)
        if not text:
            return None
        try:
            return read(text)
        except LeadkitError as error:
            for fault in error.faults or (Fault("", str(error)),):
                self.fault(i, key, str(fault))
        except (ValueError, OverflowError) as error:
            self.fault(i, key, str(error))
        return None

    def word(self, i: int, key: str, words: Mapping[str, T]) -> T | None:
        """Read one of a few words in any case; None where the cell is empty or holds another, which is a fault."""

        def read(text: str) -> T:
            if text.casefold() not in words:
                known = ", ".join(words)
                msg = f"expected one of {known}, got {text!r}{did_you_mean(text, words)}"
                raise ValueError(msg)
            return words[text.casefold()]

        return self.value(i, key, read)

    def fault(self, i: int, key: str, what: str) -> None:
        """Note what is wrong with a cell, or with a row that has no such column."""
        self.faults.append(self.located(i, key, what))

    def located(self, i: int, key: str | None, what: str) -> Fault:
        """Say what is wrong with a cell, or with a row where it is about no column that is there."""
        if key not in self.names:
            return row_fault(self.lines[i], what)
        return cell_fault(self.lines[i], self.names[key], what)

    def raise_faults(self, error: type[LeadkitError], subject: str) -> None:
        """Raise the error that lists all that was noted, by line, if there is any."""
        if self.faults:
            raise error.from_faults(in_reading_order(self.faults), subject=subject)

    def _header_fault(self, name: str, what: str) -> None:
        self.faults.append(cell_fault(self.header_line, name, what))


def in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """Sort faults by line; those of one line stay in the order in which they were found."""
    return sorted(faults, key=lambda fault: fault.row or 0)


def hint(own: str, known: Collection[str], n_before: int) -> str:
    """Suggest the nearest of some ids, where there are not too many of them and not too many were looked for before."""
    return did_you_mean(own, known) if n_before < MOST_HINTS and len(known) <= MOST_NEIGHBOURS else ""


def _unknown(name: str, place: int, known: Collection[str]) -> str:
    if not name:
        return f"column {place + 1} holds something and has no name; put '' into ignore= to leave it out"
    return f"is no column of this table{did_you_mean(name, known)}; put it into ignore= to leave it out"
