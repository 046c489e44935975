"""Cells of a text table: harmless to a spreadsheet on the way out, the same text again on the way in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np

from leadkit.typing import FloatArray

QUESTION_MARK = "#question"
ANSWERS_MARK = "#answers"
MARKS = frozenset({QUESTION_MARK, ANSWERS_MARK})
"""First cells of the rows that explain a form to people; readers leave these rows out."""

RUN_BY_A_SPREADSHEET = re.compile(r"[=+\-@\t\r\n\0]")
NEEDS_QUOTES = re.compile(r'[",;\t\r\n]')


def exported(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run, or a reader would strip or leave out.

    Examples
    --------
    >>> exported("=1+1"), exported("north"), exported("'=1+1"), exported("#question")
    ("'=1+1", 'north', "''=1+1", "'#question")
    """
    return f"'{text}" if _is_risky(text) else text


def imported(cell: str) -> str:
    """Undo `exported`; other cells lose the blanks around them.

    Examples
    --------
    >>> imported("'=1+1"), imported(" north "), imported("'tis"), imported("' north ")
    ('=1+1', 'north', "'tis", ' north ')
    """
    if cell.startswith("'") and _is_risky(cell[1:]):
        return cell[1:]
    return cell.strip()


def answer_texts(values: FloatArray) -> list[str]:
    """Write a column of answers: whole numbers without a point, other numbers in full, NaN as nothing."""
    different, which = np.unique(values, return_inverse=True)
    texts = [_answer_text(number) for number in different.tolist()]
    return [texts[i] for i in which.tolist()]


def score_texts(values: FloatArray) -> list[str]:
    """Write a column of scores so that reading gives the same floats; NaN as nothing."""
    return ["" if math.isnan(number) else repr(number) for number in values.tolist()]


def text_table(header: Sequence[str], columns: Iterable[Iterable[str]]) -> str:
    r"""Join columns of cells to comma-separated text; lines end in a line feed.

    Examples
    --------
    >>> text_table(["id", "team"], [["ann"], ["north, early"]])
    'id,team\nann,"north, early"\n'
    """
    rows = zip(*map(_quoted_column, columns), strict=True)
    return "".join(",".join(row) + "\n" for row in (map(_quoted, header), *rows))


def label_text(label: object) -> str:
    """Write a group label; None, no group, as nothing."""
    return "" if label is None else exported(str(label))


def _quoted_column(cells: Iterable[str]) -> list[str]:
    """Quote through a table of the cells that occur, which are few in a column of answers."""
    every = list(cells)
    quoted = {cell: _quoted(cell) for cell in set(every)}
    return [quoted[cell] for cell in every]


def _quoted(cell: str) -> str:
    if NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _answer_text(number: float) -> str:
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() else repr(number)


def _is_risky(text: str) -> bool:
    bare = text.lstrip("'")
    return bare in MARKS or bare != bare.strip() or RUN_BY_A_SPREADSHEET.match(bare) is not None
