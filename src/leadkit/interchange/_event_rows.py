"""The rows of a table of events, read one by one into columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import IO, Any

from attrs import field, frozen

from leadkit.errors import Fault, FormatError
from leadkit.interchange._sources import AnySource, opened
from leadkit.interchange.csv._cells import imported
from leadkit.interchange.csv._table import (
    DELIMITERS,
    MOST_COLUMNS,
    QUOTE_NOT_CLOSED,
    QUOTE_OUT_OF_PLACE,
    expected_header,
    row_fault,
    shortened,
)

__all__ = ["EventRows", "read_rows"]

HINT = "save the table as 'CSV UTF-8'"
LONGEST_LINE = 2**24
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)


@frozen(kw_only=True)
class EventRows:
    """A header and the rows below it, column by column.

    Parameters
    ----------
    names : tuple of str
        Names in the header.
    columns : tuple of list of str
        Cells of each column, without the blanks around them; equal texts are one object.
    lines : list of int
        Line of the file on which each row begins, from 1.
    faults : tuple of Fault
        Rows of another length, quotation marks out of place, NUL characters, a name that is there twice.
    """

    names: tuple[str, ...]
    columns: tuple[list[str], ...]
    lines: list[int]
    faults: tuple[Fault, ...] = field(default=())


def read_rows(source: AnySource, known: Collection[str], *, max_rows: int) -> EventRows:
    """Read a table row by row.

    Parameters
    ----------
    source : path, str, bytes or file
        The table; a text without a line break is taken for a path.
    known : collection of str
        Names that the header may hold; the delimiter under which it holds most of them is taken.
    max_rows : int
        Most rows below the header.

    Raises
    ------
    FormatError
        It is no text in UTF-8, no table, has too many rows, or the file cannot be read.
    TypeError
        `source` is something else.
    """
    with opened(source, is_text=_is_table, what="a table", hint=HINT) as file:
        if isinstance(file.read(0), str):
            return _table(file, known, max_rows)
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            return _table(text, known, max_rows)
        finally:
            text.detach()  # or it would close a file that belongs to whoever opened it


def _is_table(text: str) -> bool:
    return "\n" in text or "\r" in text or not text


def _table(file: IO[str], known: Collection[str], max_rows: int) -> EventRows:
    file_lines = _lines(file)
    first = next(file_lines, "").removeprefix("\ufeff")
    n_before = 0
    found = SEPARATOR_LINE.fullmatch(first)
    if found:
        first, n_before = next(file_lines, ""), 1
    delimiter = found[1] if found else _best_delimiter(first, known)
    reader = csv.reader(chain([first], file_lines), delimiter=delimiter, strict=True)
    faults: list[Fault] = []
    rows = _records(reader, n_before, faults)
    header_line, header = next(((line, row) for line, row in rows if any(map(str.strip, row))), (0, []))
    if not header:
        raise FormatError.from_faults(faults or [Fault("", f"the file is empty; {expected_header(known)}")])
    names = tuple(map(imported, header))
    faults += _header_faults(names, header_line, known)
    columns: tuple[list[str], ...] = tuple([] for _ in names)
    lines: list[int] = []
    same: dict[str, str] = {}
    adders: list[Callable[[str], None]] = [column.append for column in columns]
    for line, row in rows:
        if not row[0].strip() and not any(map(str.strip, row)):
            continue
        if len(row) != len(names):
            faults.append(row_fault(line, f"expected {len(names)} cells like the header, got {len(row)}"))
            continue
        if len(lines) == max_rows:
            msg = f"row {line}: there are more than {max_rows} rows below the header, the limit (max_rows)"
            raise FormatError(msg)
        lines.append(line)
        for add, cell in zip(adders, row, strict=True):
            add(same.get(cell) or same.setdefault(cell, imported(cell)))
    faults += _nul_faults(names, columns, lines, same)
    return EventRows(names=names, columns=columns, lines=lines, faults=tuple(faults))


def _records(reader: Any, n_before: int, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Give every row with the line on which it begins; note quotation marks out of place."""
    while True:
        line = reader.line_num + n_before + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                msg = f"row {line}: a cell is longer than {csv.field_size_limit()} characters; is a quotation mark left open?"
                raise FormatError(msg) from None
            closed = "unexpected end" not in str(error)
            faults.append(row_fault(line, QUOTE_OUT_OF_PLACE if closed else QUOTE_NOT_CLOSED))
            continue
        if row:
            yield line, row


def _lines(file: IO[str]) -> Iterator[str]:
    """Give line after line, none so long that it could fill the memory."""
    for row, line in enumerate(iter(partial(file.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            msg = f"row {row}: a line has {LONGEST_LINE} characters or more; is this a table?"
            raise FormatError(msg)
        yield line


def _best_delimiter(line: str, known: Collection[str]) -> str:
    def fit(delimiter: str) -> tuple[int, int]:
        cells = [imported(cell.strip().strip('"')) for cell in line.rstrip("\r\n").split(delimiter)]
        return sum(cell in known for cell in cells), len(cells)

    return max(DELIMITERS, key=fit)


def _header_faults(names: Sequence[str], line: int, known: Collection[str]) -> list[Fault]:
    if len(names) > MOST_COLUMNS:
        msg = f"the header has {len(names)} columns, the limit is {MOST_COLUMNS}"
        raise FormatError(msg)
    if not set(names) & set(known):
        shown = ", ".join(map(shortened, names[:4])) + (", ..." if len(names) > 4 else "")
        msg = f"row {line}: no column is known ({shown}); {expected_header(known)}"
        raise FormatError(msg)
    faults = [
        Fault(f"row {line}, column {place}", "has no name", row=line, column="")
        for place, name in enumerate(names, start=1)
        if not name
    ]
    for name in dict.fromkeys(names):
        places = [str(place) for place, one in enumerate(names, start=1) if one == name]
        if name and len(places) > 1:
            what = f"is there more than once, as columns {', '.join(places)}"
            faults.append(Fault(f"row {line}, column {name!r}", what, row=line, column=name))
    return faults


def _nul_faults(
    names: Sequence[str], columns: Sequence[list[str]], lines: Sequence[int], same: dict[str, str]
) -> list[Fault]:
    if not any("\0" in cell for cell in same.values()):
        return []
    return [
        Fault(f"row {line}, column {name!r}", "holds a NUL character", row=line, column=name)
        for name, column in zip(names, columns, strict=True)
        for line, cell in zip(lines, column, strict=True)
        if "\0" in cell
    ]
