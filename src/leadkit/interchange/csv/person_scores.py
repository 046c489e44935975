"""Scores of people from any comma-separated table: an id, and a column a score."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, sealed
from leadkit._results import Value
from leadkit.errors import Fault, ResponseError, UnknownIdError, did_you_mean
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import exported, imported, score_texts, text_table
from leadkit.interchange.csv._sheet import MAX_CHARS, MAX_ROWS, NUMBER, names_of
from leadkit.interchange.csv._table import TextTable, cell_fault, read_table, row_fault, shortened
from leadkit.typing import FloatArray

__all__ = ["PersonScores", "read_person_scores", "write_person_scores"]

ID_NAMES = ("id", "person_id", "respondent_id", "ratee_id")


@frozen(kw_only=True, eq=False)
class PersonScores(Value):
    """Scores of people as they were read.

    Parameters
    ----------
    person_ids : (m,) tuple of str
        Who each row is about; somebody measured several times occurs several times.
    names : (k,) tuple of str
        Names of the scores.
    values : (m, k) float array
        NaN where a cell is empty.
    ignored : tuple of str
        Columns that hold texts and were left out.
    """

    person_ids: tuple[str, ...]
    names: tuple[str, ...]
    values: FloatArray = field(converter=float_array)
    ignored: tuple[str, ...] = ()

    def column(self, name: str) -> FloatArray:
        """Give one score of every row, shape (m,); an unknown name is an UnknownIdError."""
        if name not in self.names:
            raise UnknownIdError.of(name, self.names, kind="score")
        values: FloatArray = self.values[:, self.names.index(name)]
        return values

    def by_person(self) -> PersonScores:
        r"""Give everybody's mean of each score over the rows that have it, one row a person, by id.

        Examples
        --------
        >>> twice = read_person_scores("id,vision\nbo,4\nann,3\nbo,5\n").by_person()
        >>> twice.person_ids, twice.values.tolist()
        (('ann', 'bo'), [[3.0], [4.5]])
        """
        ids, which = np.unique(np.array(self.person_ids, dtype=object), return_inverse=True)
        known = ~np.isnan(self.values)
        totals, counts = np.zeros((ids.size, len(self.names))), np.zeros((ids.size, len(self.names)))
        np.add.at(totals, which, np.where(known, self.values, 0.0))
        np.add.at(counts, which, known)
        means = np.divide(totals, counts, out=np.full(totals.shape, np.nan), where=counts > 0)
        return PersonScores(
            person_ids=tuple(ids.tolist()), names=self.names, values=sealed(means), ignored=self.ignored
        )


def read_person_scores(
    source: TextSource,
    *,
    id: str | None = None,  # noqa: A002 - the word of every other reader
    columns: Collection[str] | str | None = None,
    missing: Collection[str] = ("NA",),
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> PersonScores:
    r"""Read scores of people, such as what `write_scores` wrote.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    id : str, optional
        Column of the ids; the first of `id`, `person_id`, `respondent_id`, `ratee_id` that is there when None.
    columns : str or collection of str, optional
        Columns of scores; every other column that holds a number when None, and columns of texts are left out.
    missing : collection of str
        Words for no score.
    max_rows, max_chars : int
        Limits on the rows below the header and on the characters of the text.

    Returns
    -------
    PersonScores
        In the order of the file.

    Raises
    ------
    ResponseError
        Anything in the table is wrong; `faults` holds all of it, each with `row` and `column`.
    FormatError
        The text is no table, or larger than a limit.

    Examples
    --------
    >>> scores = read_person_scores("respondent_id,team,vision\nann,north,4.5\nbo,south,\n")
    >>> scores.person_ids, scores.names, scores.values.tolist(), scores.ignored
    (('ann', 'bo'), ('vision',), [[4.5], [nan]], ('team',))
    """
    wanted = None if columns is None else names_of(columns)
    known = (id,) if id is not None else ID_NAMES
    table = read_table(source, known=(*known, *(wanted or ())), max_rows=max_rows, max_chars=max_chars)
    faults = list(table.faults)
    id_name = next((name for name in known if name in table.names), None)
    if not faults:
        faults = _header_faults(table, id_name, known, wanted)
    if faults or id_name is None:
        raise ResponseError.from_faults(faults)
    ids = tuple(map(imported, table.columns[table.names.index(id_name)]))
    faults = [
        cell_fault(line, id_name, "expected an id, got nothing")
        for line, text in zip(table.lines, ids, strict=True)
        if not text
    ]
    found: dict[str, FloatArray] = {}
    ignored = []
    for name, cells in zip(table.names, table.columns, strict=True):
        if name == id_name or (wanted is not None and name not in wanted):
            continue
        texts = [imported(cell) for cell in cells]
        if wanted is None and not any(map(NUMBER.fullmatch, texts)):
            ignored.append(name)
            continue
        found[name], wrong = _numbers(texts, table, name, missing)
        faults += wrong
    if not found and not faults:
        faults = [row_fault(table.header_line, "there is no column of numbers beside the ids")]
    if faults:
        raise ResponseError.from_faults(faults)
    names = tuple(found) if wanted is None else tuple(dict.fromkeys(wanted))
    values = np.column_stack([found[name] for name in names])
    return PersonScores(person_ids=ids, names=names, values=sealed(values), ignored=tuple(ignored))


def write_person_scores(scores: PersonScores, *, id: str = "person_id") -> str:  # noqa: A002 - as in reading
    """Write scores of people as comma-separated text, a row each, for keeping or handing on: nothing is hidden.

    Parameters
    ----------
    scores : PersonScores
        As `read_person_scores` gives them.
    id : str
        Name of the column of ids.

    Returns
    -------
    str
        Numbers in full precision, an empty cell for NaN; write it to a file with `newline=""`.

    Raises
    ------
    ResponseError
        A score bears the name of the column of ids.

    Examples
    --------
    >>> print(write_person_scores(PersonScores(person_ids=("ann",), names=("vision",), values=[[4.5]])), end="")
    person_id,vision
    ann,4.5
    """
    if id in scores.names:
        msg = f"a score bears the name of the column of ids, {id!r}"
        raise ResponseError(msg)
    columns = [score_texts(column) for column in scores.values.T]
    return text_table([*map(exported, (id, *scores.names))], [map(exported, scores.person_ids), *columns])


def _header_faults(
    table: TextTable, id_name: str | None, known: Sequence[str], wanted: tuple[str, ...] | None
) -> list[Fault]:
    faults = []
    if id_name is None:
        expected = " or ".join(map(repr, known))
        faults.append(row_fault(table.header_line, f"expected a column {expected} with the ids"))
    faults += [
        row_fault(table.header_line, f"expected a column {name!r}{did_you_mean(name, table.names)}")
        for name in wanted or ()
        if name not in table.names
    ]
    if id_name is not None and id_name in (wanted or ()):
        faults.append(row_fault(table.header_line, f"column {id_name!r} holds the ids, not scores"))
    repeats = sorted({name for name in table.names if table.names.count(name) > 1})
    return faults + [row_fault(table.header_line, f"column {name!r} is there more than once") for name in repeats]


def _numbers(
    texts: Sequence[str], table: TextTable, name: str, missing: Collection[str]
) -> tuple[FloatArray, list[Fault]]:
    values = np.full(len(texts), np.nan)
    faults = []
    for i, text in enumerate(texts):
        if not text or text in missing:
            continue
        number = float(text) if NUMBER.fullmatch(text) else math.inf
        if math.isfinite(number):
            values[i] = number
        else:
            faults.append(cell_fault(table.lines[i], name, f"{shortened(text)} is not a number"))
    return values, faults
