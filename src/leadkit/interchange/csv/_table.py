"""A text table: delimiter and byte order mark detected, every row with its line in the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from attrs import frozen

from leadkit.errors import Fault, FormatError
from leadkit.interchange._text import TextSource, whole_text
from leadkit.interchange.csv._cells import MARKS, imported

DELIMITERS = (",", ";", "\t")
MOST_COLUMNS = 16_384
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?(?:\n|\Z)", re.IGNORECASE)
FILE_NAME = re.compile(r"[^\r\n]+\.(?:csv|tsv|txt|tab)\s*", re.IGNORECASE)
LONGEST_SHOWN = 40
ROWS_TRIED = 5
QUOTE_NOT_CLOSED = "a quotation mark is opened and never closed"
QUOTE_OUT_OF_PLACE = "a quotation mark is out of place: end the cell after it, or double it inside a quoted text"


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
    source: TextSource, *, known: Collection[str], max_rows: int, max_chars: int, keep_blank_rows: bool = False
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

    Raises
    ------
    FormatError
        A limit is exceeded, the file is not text in its encoding, or the text is no table.
    """
    text = whole_text(source, max_chars)
    body, first_line, delimiter = _opening(text)
    if not delimiter:
        delimiter = _best_delimiter(body, known)
    faults: list[Fault] = []
    records = _records(body, delimiter, first_line, faults)
    header_line, header = next((record for record in records if _has_content(record[1])), (0, []))
    if faults or not header:
        empty = Fault("", f"the file is empty; {expected_header(known)}")
        return TextTable(faults=tuple(faults) or (empty,))
    _refuse_no_table(text, header, known)
    if "\0" in "".join(header):
        faults.append(row_fault(header_line, "holds a NUL character"))
    names = tuple(imported(cell.replace("\0", "")) for cell in header)
    look_for_nul = "\0" in text
    rows, lines = [], []
    for line, row in _counted(records, len(names), max_rows, keep_blank_rows=keep_blank_rows):
        wrong = _row_faults(line, row, names, delimiter, look_for_nul=look_for_nul)
        faults += wrong
        if not wrong:
            rows.append(row)
            lines.append(line)
    if not rows and not faults:
        faults.append(row_fault(header_line, "there is a header and nothing below it"))
    columns = tuple(zip(*rows, strict=True)) if rows else ((),) * len(names)
    return TextTable(names=names, columns=columns, lines=tuple(lines), header_line=header_line, faults=tuple(faults))


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


def _opening(text: str) -> tuple[str, int, str]:
    """Take off the line `sep=;` that some spreadsheets write first."""
    found = SEPARATOR_LINE.match(text)
    return (text[found.end() :], 2, found[1]) if found else (text, 1, "")


def _best_delimiter(text: str, known: Collection[str]) -> str:
    names = frozenset(known)

    def fit(delimiter: str) -> tuple[int, int]:
        rows = [row for _, row in islice(_records(text, delimiter, 1, []), ROWS_TRIED)]
        header = next(filter(_has_content, rows), [])
        return sum(imported(cell) in names for cell in header), max(map(len, rows), default=0)

    return max(DELIMITERS, key=fit)


def _records(text: str, delimiter: str, first_line: int, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Give every row that holds something with the line on which it begins; note quotation marks out of place."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        line = reader.line_num + first_line
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                msg = f"row {line}: a cell is longer than {csv.field_size_limit()} characters, the limit"
                raise FormatError(msg) from None
            closed = "unexpected end" not in str(error)
            faults.append(row_fault(line, QUOTE_OUT_OF_PLACE if closed else QUOTE_NOT_CLOSED))
            continue
        if row:
            yield line, row


def _counted(
    records: Iterator[tuple[int, list[str]]], width: int, max_rows: int, *, keep_blank_rows: bool
) -> Iterator[tuple[int, list[str]]]:
    """Leave out blank rows and rows that explain a form; stop at the limit."""
    n_rows = 0
    for line, row in records:
        counts = _has_content(row) or (keep_blank_rows and len(row) == width)
        if not counts or row[0].strip() in MARKS:
            continue
        n_rows += 1
        if n_rows > max_rows:
            msg = f"row {line}: there are more than {max_rows} rows below the header, the limit (max_rows)"
            raise FormatError(msg)
        yield line, row


def _has_content(row: Sequence[str]) -> bool:
    return any(map(str.strip, row))


def _refuse_no_table(text: str, header: Sequence[str], known: Collection[str]) -> None:
    if len(header) > MOST_COLUMNS:
        msg = f"the header has {len(header)} columns, the limit is {MOST_COLUMNS}"
        raise FormatError(msg)
    if len(header) > 1 or imported(header[0]) in known:
        return
    hint = ""
    if text.startswith("PK"):
        hint = "; it looks like a spreadsheet file: save it as 'CSV UTF-8'"
    elif FILE_NAME.fullmatch(text):
        hint = "; it looks like the name of a file: open the file, or read its text"
    first = f"its first line {shortened(header[0])} holds neither a comma, a semicolon nor a tab"
    msg = f"this is no table: {first}; {expected_header(known)}{hint}"
    raise FormatError(msg)


def _row_faults(
    line: int, row: Sequence[str], names: Sequence[str], delimiter: str, *, look_for_nul: bool
) -> list[Fault]:
    if len(row) != len(names):
        hint = ""
        if len(row) > len(names):
            kind = {",": "comma", ";": "semicolon", "\t": "tab"}[delimiter]
            hint = f"; a text with a {kind} in it must stand in quotation marks"
        return [row_fault(line, f"expected {len(names)} cells like the header, got {len(row)}{hint}")]
    if not look_for_nul:
        return []
    pairs = zip(names, row, strict=True)
    return [cell_fault(line, name, "holds a NUL character") for name, cell in pairs if "\0" in cell]
