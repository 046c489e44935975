"""Comments of raters as comma-separated text: one row says what one rater wrote about one ratee."""

from __future__ import annotations

from collections.abc import Iterable

from leadkit._fields import IDENTIFIER
from leadkit.assessment import ROLES, Comment, Instrument
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import Fault, ResponseError, did_you_mean
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import exported, imported, text_table
from leadkit.interchange.csv._sheet import MAX_CHARS, MAX_ROWS
from leadkit.interchange.csv._table import cell_fault, read_table, row_fault, shortened

__all__ = ["read_comments", "write_comments"]

NEEDED = ("ratee_id", "rater_id", "role", "text")
COLUMNS = ("ratee_id", "rater_id", "role", "dimension_id", "text")


def read_comments(
    source: TextSource, instrument: Instrument, *, max_rows: int = MAX_ROWS, max_chars: int = MAX_CHARS
) -> tuple[Comment, ...]:
    r"""Read comments from comma-separated text: `ratee_id`, `rater_id`, `role`, `text` and perhaps `dimension_id`.

    Rows without a text are left out: whoever wrote nothing has no comment.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    instrument : Instrument
        Whose dimensions the comments may name.
    max_rows, max_chars : int
        Limits on the rows below the header and on the characters of the text.

    Returns
    -------
    tuple of Comment
        In the order of the file.

    Raises
    ------
    ResponseError
        Anything in the table is wrong; `faults` holds all of it, each with `row` and `column`.
    FormatError
        The text is no table, or larger than a limit.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> text = "ratee_id,rater_id,role,text\nann,bo,peer,Listens well\n"
    >>> read_comments(text, frameworks.load("ved"))[0].text
    'Listens well'
    """
    table = read_table(source, known=COLUMNS, max_rows=max_rows, max_chars=max_chars)
    faults = list(table.faults) or _header_faults(table.names, table.header_line)
    if faults:
        raise ResponseError.from_faults(faults)
    places = {name: table.columns[table.names.index(name)] for name in table.names}
    comments = []
    for i, line in enumerate(table.lines):
        row = {name: imported(cells[i]) for name, cells in places.items()}
        if not row["text"]:
            continue
        wrong = _row_faults(row, line, instrument)
        faults += wrong
        if not wrong:
            comments.append(
                Comment(
                    ratee_id=row["ratee_id"],
                    rater_id=row["rater_id"],
                    role=row["role"],
                    text=row["text"],
                    dimension_id=row.get("dimension_id") or None,
                )
            )
    if faults:
        raise ResponseError.from_faults(faults)
    return tuple(comments)


def write_comments(comments: Iterable[Comment]) -> str:
    """Write comments as comma-separated text; `read_comments` gives the same again.

    Parameters
    ----------
    comments : iterable of Comment
        What raters wrote, with their names: this file is for analysis, not for showing.

    Returns
    -------
    str
        Write it to a file with `newline=""`.

    Examples
    --------
    >>> from leadkit.assessment import Comment
    >>> print(write_comments([Comment(ratee_id="ann", rater_id="bo", role="peer", text="Listens well")]), end="")
    ratee_id,rater_id,role,dimension_id,text
    ann,bo,peer,,Listens well
    """
    every = tuple(comments)
    for comment in every:
        expect(comment, Comment, "write_comments")
    return text_table(COLUMNS, [[exported(getattr(comment, name) or "") for comment in every] for name in COLUMNS])


def _header_faults(names: tuple[str, ...], line: int) -> list[Fault]:
    faults = [row_fault(line, f"expected a column {name!r}") for name in NEEDED if name not in names]
    faults += [
        row_fault(line, f"unknown column {name!r}{did_you_mean(name, COLUMNS)}")
        for name in names
        if name not in COLUMNS
    ]
    repeats = sorted({name for name in names if names.count(name) > 1})
    return faults + [row_fault(line, f"column {name!r} is there more than once") for name in repeats]


def _row_faults(row: dict[str, str], line: int, instrument: Instrument) -> list[Fault]:
    faults = [
        cell_fault(line, name, "expected an id, got nothing") for name in ("ratee_id", "rater_id") if not row[name]
    ]
    if not IDENTIFIER.fullmatch(row["role"]):
        right = f"expected one of {', '.join(ROLES)} or an identifier of your own"
        hint = did_you_mean(row["role"].lower(), ROLES)
        faults.append(cell_fault(line, "role", f"{right}, got {shortened(row['role'])}{hint}"))
    about = row.get("dimension_id")
    if about and about not in instrument.dimension_ids:
        hint = did_you_mean(about, instrument.dimension_ids)
        faults.append(cell_fault(line, "dimension_id", f"there is no dimension {shortened(about)}{hint}"))
    return faults
