"""The rows of a table of events, read one by one into columns: a file, its bytes or its text, packed or not."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

from attrs import field, frozen

from leadkit.errors import Fault, FormatError
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

__all__ = ["EventRows", "EventSource", "read_rows"]

EventSource: TypeAlias = str | os.PathLike[str] | bytes | IO[Any]
"""A path, the text itself (which has more than one line), its bytes, or an open file; bytes may be packed by gzip."""

PACKED = b"\x1f\x8b"
HINT = "save the table as 'CSV UTF-8'"
FIRST_PIECE = 65_536
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


def read_rows(source: EventSource, known: Collection[str], *, max_rows: int) -> EventRows:
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
    with _opened(source) as file:
        try:
            return _table(file, known, max_rows)
        except UnicodeDecodeError as fault:
            byte = fault.object[fault.start]
            msg = f"this is not {fault.encoding} text: a byte of it is {byte:#04x}; {HINT}"
            raise FormatError(msg) from None
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            msg = f"the gzip data cannot be unpacked: {fault}"
            raise FormatError(msg) from None


def _table(file: IO[str], known: Collection[str], max_rows: int) -> EventRows:
    first = file.readline(FIRST_PIECE).removeprefix("\ufeff")
    n_before = 0
    found = SEPARATOR_LINE.fullmatch(first)
    if found:
        first, n_before = file.readline(FIRST_PIECE), 1
    delimiter = found[1] if found else _best_delimiter(first, known)
    reader = csv.reader(_with_first(first, file), delimiter=delimiter, strict=True)
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
        if len(row) != len(names):
            if any(map(str.strip, row)):
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


def _with_first(first: str, file: IO[str]) -> Iterator[str]:
    yield first
    yield from file


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


@contextmanager
def _opened(source: EventSource) -> Iterator[IO[str]]:
    """Open a source for reading text, and close what was opened."""
    if isinstance(source, str) and ("\n" in source or "\r" in source or not source):
        yield io.StringIO(source, newline="")
    elif isinstance(source, str | os.PathLike):
        try:
            with Path(source).open("rb") as file:
                yield _as_text(file)
        except OSError as error:
            msg = f"{os.fspath(source)} cannot be read: {error.strerror or error}"
            raise FormatError(msg) from None
    elif isinstance(source, bytes | bytearray):
        yield _as_text(io.BytesIO(source))
    elif callable(getattr(source, "read", None)):
        yield _text_of_open_file(source)
    else:
        msg = f"expected a path, the text of a table, its bytes or an open file, got {type(source).__name__}"
        raise TypeError(msg)


def _text_of_open_file(file: IO[Any]) -> IO[str]:
    nothing = file.read(0)
    if isinstance(nothing, str):
        return file
    return _as_text(file if hasattr(file, "peek") else io.BytesIO(file.read()))


def _as_text(file: Any) -> IO[str]:
    """Read bytes as UTF-8, unpacked when they begin as gzip does."""
    peekable = io.BufferedReader(file) if isinstance(file, io.BytesIO) else file
    whole = gzip.GzipFile(fileobj=peekable) if peekable.peek(2)[:2] == PACKED else peekable
    return _Reading(whole, encoding="utf-8-sig", newline="")


class _Reading(io.TextIOWrapper):
    """Text over a file that belongs to whoever opened it, so it is let go and not closed."""

    def __del__(self) -> None:
        with suppress(ValueError):  # detached already
            self.detach()
