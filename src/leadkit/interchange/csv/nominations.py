"""Who goes to whom, from and to comma-separated text, one row a tie."""

from __future__ import annotations

from collections.abc import Iterable

from leadkit.errors import ResponseError
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import exported, imported, text_table
from leadkit.interchange.csv._sheet import MAX_CHARS, MAX_ROWS
from leadkit.interchange.csv._table import cell_fault, read_table, row_fault

__all__ = ["read_nominations", "write_nominations"]


def read_nominations(
    source: TextSource,
    *,
    asks: str = "source",
    asked: str = "target",
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    r"""Read who names whom; `leadkit.org.Nominations.from_columns` places them on an organisation.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    asks, asked : str
        Columns of the person who names and of the person who is named; other columns are left out.
    max_rows, max_chars : int
        Limits on the rows below the header and on the characters of the text.

    Returns
    -------
    tuple of two tuples of str
        Ids of those who name, and of those who are named, in the order of the file.

    Raises
    ------
    ResponseError
        A column or an id is missing, or a row is broken; `faults` holds all of it, each with `row`.
    FormatError
        The text is no table, or larger than a limit.

    Examples
    --------
    >>> read_nominations("source,target\nann,bo\ncy,bo\n")
    (('ann', 'cy'), ('bo', 'bo'))
    """
    wanted = (asks, asked)
    table = read_table(source, known=wanted, max_rows=max_rows, max_chars=max_chars)
    faults = list(table.faults) or [
        row_fault(table.header_line, f"expected {'one' if n else 'a'} column {name!r}{f', got {n}' if n else ''}")
        for name in wanted
        if (n := table.names.count(name)) != 1
    ]
    if faults:
        raise ResponseError.from_faults(faults)
    named, names = (tuple(map(imported, table.columns[table.names.index(name)])) for name in wanted)
    faults = [
        cell_fault(line, name, "expected an id, got nothing")
        for line, *ids in zip(table.lines, named, names, strict=True)
        for name, text in zip(wanted, ids, strict=True)
        if not text
    ]
    if faults:
        raise ResponseError.from_faults(faults)
    return named, names


def write_nominations(source_ids: Iterable[str], target_ids: Iterable[str]) -> str:
    """Write who names whom as comma-separated text, for keeping or handing on: nothing is hidden.

    Parameters
    ----------
    source_ids, target_ids : iterable of str
        Those who name, and those who are named, as many.

    Returns
    -------
    str
        Columns `source` and `target`; write it to a file with `newline=""`.

    Raises
    ------
    ValueError
        Their numbers differ.

    Examples
    --------
    >>> print(write_nominations(["ann"], ["=bo"]), end="")
    source,target
    ann,'=bo
    """
    return text_table(("source", "target"), [map(exported, source_ids), map(exported, target_ids)])
