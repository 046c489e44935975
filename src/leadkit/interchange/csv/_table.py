"""A text table: delimiter and byte order mark detected, every row with its line in the file."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice

from attrs import frozen

from leadkit.errors import Fault, FormatError, LeadkitError
from leadkit.interchange._text import TextSource, whole_text
from leadkit.interchange.csv._cells import MARKS, imported

DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 16_384
USUAL_FIELD = 131_072
LONGEST_FIELD = 2**31 - 1
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?(?:\n|\Z)", re.IGNORECASE)
FILE_NAME = re.compile(r"[^\r\n]+\.(?:csv|tsv|txt|tab)\s*", re.IGNORECASE)
LONGEST_SHOWN = 40
ROWS_TRIED = 5
QUOTE_NOT_CLOSED = "a quotation mark is opened and never closed"
QUOTE_OUT_OF_PLACE = "a quotation mark is out of place: end the cell after it, or double it inside a quoted text"

_FIELD_LIMIT = threading.Lock()


@frozen(kw_only=True)
class TableRules:
    """How a table is read.

    Parameters
    ----------
    name : callable
        Makes a name of a cell of the header.
    key : callable
        Makes of a name what is compared with the known ones.
    needed : tuple of str
        Names without which the table is of no use; a delimiter that gives more of them goes before another.
    left_out : frozenset of str
        First cells of rows that are not read.
    skip_blanks : bool
        Whether blanks before a cell are left out; otherwise they belong to it.
    header_rows : int
        Rows with names; those after the first are read like rows below the header and count in no limit.
    may_be_empty : bool
        Whether a header with nothing below it is a table.
    max_field : int, optional
        Most characters of a cell; the limit of the csv module when None.
    error : type of LeadkitError
        What is raised about the whole.
    """

    name: Callable[[str], str] = imported
    key: Callable[[str], str] = str
    needed: tuple[str, ...] = ()
    left_out: frozenset[str] = MARKS
    skip_blanks: bool = True
    header_rows: int = 1
    may_be_empty: bool = False
    max_field: int | None = None
    error: type[LeadkitError] = FormatError


ANSWERS = TableRules()
"""The rules of a sheet of answers, and of every table that follows it."""


@frozen(kw_only=True)
class TextTable:
    """A header and the rows below it, column by column.

    Parameters
    ----------
    names : tuple of str
        Names in the header, without the blanks around them; empty when there is no header.
    columns : tuple of sequence of str
        Cells of each column as they stand in the file, for the rows that have a cell for every name.
    lines : tuple of int
        Line of the file on which each of these rows begins, from 1.
    header_line : int
        Line of the header.
    faults : tuple of Fault
        Rows of another length, quotation marks out of place, NUL characters, nothing at all.
    """

    names: tuple[str, ...] = ()
    columns: tuple[Sequence[str], ...] = ()
    lines: tuple[int, ...] = ()
    header_line: int = 1
    faults: tuple[Fault, ...] = ()


def read_table(
    source: TextSource,
    *,
    known: Collection[str],
    max_rows: int,
    max_chars: int,
    keep_blank_rows: bool = False,
    rules: TableRules = ANSWERS,
) -> TextTable:
    """Read a text table.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    known : collection of str
        Names that the header may hold; the delimiter under which it holds most of them is taken.
    max_rows, max_chars : int
        Limits on the rows below the header and on the characters of the text.
    keep_blank_rows : bool
        Whether a row of empty cells counts; a line with nothing on it never does.
    rules : TableRules
        How names and cells are read.

    Raises
    ------
    LeadkitError
        The error of the rules, FormatError as a rule: a limit is exceeded, the file is not text in its encoding, or the
        text is no table.
    """
    text = whole_text(source, max_chars, error=rules.error)
    with _room_for(rules.max_field):
        return _Reader(text, known, rules).table(max_rows, keep_blank_rows=keep_blank_rows)


def row_fault(line: int, what: str) -> Fault:
    """Say what is wrong with a row."""
    return Fault(f"row {line}", what, row=line)


def cell_fault(line: int, name: str, what: str) -> Fault:
    """Say what is wrong with a cell."""
    return Fault(f"row {line}, column {name!r}", what, row=line, column=name)


def shortened(text: str) -> str:
    """Quote a text for a message, cut when it is long."""
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")


def expected_header(known: Collection[str]) -> str:
    """Say what the header should look like."""
    names = [name for name in known if name][:4]
    return f"expected a header line like {','.join(names)}" + (",..." if len(known) > len(names) else "")


class _Reader:
    """Reads one text under its rules, and notes what is wrong with its rows."""

    def __init__(self, text: str, known: Collection[str], rules: TableRules) -> None:
        self._known = known
        self._keys = frozenset(map(rules.key, known))
        self._rules = rules
        self._text, self._first_line, delimiter = _opening(text)
        self._delimiter = delimiter or self._best_delimiter()

    def table(self, max_rows: int, *, keep_blank_rows: bool) -> TextTable:
        """Read the header and the rows below it."""
        faults: list[Fault] = []
        records = self._records(self._delimiter, faults)
        header_line, header = next((record for record in records if _has_content(record[1])), (0, []))
        if faults or not header:
            empty = Fault("", f"the file is empty; {expected_header(self._known)}")
            return TextTable(faults=tuple(faults) or (empty,))
        self._refuse_no_table(header)
        if "\0" in "".join(header):
            faults.append(row_fault(header_line, "holds a NUL character"))
        names = tuple(self._rules.name(cell.replace("\0", "")) for cell in header)
        look_for_nul = "\0" in self._text
        rows, lines = [], []
        for line, row in self._counted(records, len(names), max_rows, keep_blank_rows=keep_blank_rows):
            wrong = self._row_faults(line, row, names, look_for_nul=look_for_nul)
            faults += wrong
            if not wrong:
                rows.append(row)
                lines.append(line)
        if not rows and not faults and not self._rules.may_be_empty:
            faults.append(row_fault(header_line, "there is a header and nothing below it"))
        columns = tuple(zip(*rows, strict=True)) if rows else ((),) * len(names)
        return TextTable(
            names=names, columns=columns, lines=tuple(lines), header_line=header_line, faults=tuple(faults)
        )

    def _key(self, cell: str) -> str:
        return self._rules.key(self._rules.name(cell))

    def _best_delimiter(self) -> str:
        needed = set(map(self._rules.key, self._rules.needed))

        def fit(delimiter: str) -> tuple[int, bool, int, int]:
            rows: list[list[str]] = []
            # a wrong delimiter can open a quotation that runs on and on
            with suppress(self._rules.error):
                rows.extend(row for _, row in islice(self._records(delimiter, []), ROWS_TRIED))
            header = [self._key(cell) for cell in next(filter(_has_content, rows), [])]
            begins_well = bool(needed and header) and header[0] in self._keys
            found = sum(key in self._keys for key in header)
            return len(needed.intersection(header)), begins_well, found, max(map(len, rows), default=0)

        return max(DELIMITERS, key=fit)

    def _records(self, delimiter: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
        """Give every row that holds something with the line on which it begins; note quotation marks out of place."""
        file = io.StringIO(self._text, newline="")
        reader = csv.reader(file, delimiter=delimiter, strict=True, skipinitialspace=self._rules.skip_blanks)
        while True:
            line = reader.line_num + self._first_line
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "field limit" in str(error):
                    limit = csv.field_size_limit()
                    msg = f"row {line}: a cell is longer than {limit} characters, the limit; is a quotation mark left open?"
                    raise self._rules.error(msg) from None
                closed = "unexpected end" not in str(error)
                faults.append(row_fault(line, QUOTE_OUT_OF_PLACE if closed else QUOTE_NOT_CLOSED))
                continue
            if row:
                yield line, row

    def _counted(
        self, records: Iterator[tuple[int, list[str]]], width: int, max_rows: int, *, keep_blank_rows: bool
    ) -> Iterator[tuple[int, list[str]]]:
        """Leave out blank rows and rows that explain a form; stop at the limit."""
        n_rows = 1 - self._rules.header_rows
        for line, row in records:
            counts = _has_content(row) or (keep_blank_rows and len(row) == width)
            if not counts or row[0].strip() in self._rules.left_out:
                continue
            n_rows += 1
            if n_rows > max_rows:
                msg = f"row {line}: there are more than {max_rows} rows below the header, the limit (max_rows)"
                raise self._rules.error(msg)
            yield line, row

    def _refuse_no_table(self, header: Sequence[str]) -> None:
        if len(header) > MOST_COLUMNS:
            msg = f"the header has {len(header)} columns, the limit is {MOST_COLUMNS}"
            raise self._rules.error(msg)
        if len(header) > 1 or self._key(header[0]) in self._keys:
            return
        hint = ""
        if self._text.startswith("PK"):
            hint = "; it looks like a spreadsheet file: save it as 'CSV UTF-8'"
        elif FILE_NAME.fullmatch(self._text):
            hint = "; it looks like the name of a file: open the file, or read its text"
        first = f"its first line {shortened(header[0])} holds neither a comma, a semicolon nor a tab"
        msg = f"this is no table: {first}; {expected_header(self._known)}{hint}"
        raise self._rules.error(msg)

    def _row_faults(self, line: int, row: Sequence[str], names: Sequence[str], *, look_for_nul: bool) -> list[Fault]:
        if len(row) != len(names):
            hint = ""
            if len(row) > len(names):
                kind = {",": "comma", ";": "semicolon", "\t": "tab"}[self._delimiter]
                hint = f"; a text with a {kind} in it must stand in quotation marks"
            return [row_fault(line, f"expected {len(names)} cells like the header, got {len(row)}{hint}")]
        limit = self._rules.max_field
        faults = []
        if look_for_nul:
            pairs = zip(names, row, strict=True)
            faults += [cell_fault(line, name, "holds a NUL character") for name, cell in pairs if "\0" in cell]
        if limit is not None and max(map(len, row)) > limit:
            pairs = zip(names, row, strict=True)
            what = f"characters, the limit (max_field) is {limit}"
            faults += [cell_fault(line, name, f"{len(cell)} {what}") for name, cell in pairs if len(cell) > limit]
        return faults


@contextmanager
def _room_for(max_field: int | None) -> Iterator[None]:
    """Let the csv module read cells of this length: its limit belongs to the whole process, so it is put back."""
    if max_field is None or max_field <= min(USUAL_FIELD, csv.field_size_limit()):
        yield
        return
    with _FIELD_LIMIT:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, min(max_field, LONGEST_FIELD)))
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _opening(text: str) -> tuple[str, int, str]:
    """Take off the line `sep=;` that some spreadsheets write first."""
    found = SEPARATOR_LINE.match(text)
    return (text[found.end() :], 2, found[1]) if found else (text, 1, "")


def _has_content(row: Sequence[str]) -> bool:
    return any(map(str.strip, row))
