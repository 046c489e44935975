"""Answers from data files of SPSS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import OutOfRange, missing
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import Fault, FormatError, ResponseError, did_you_mean
from leadkit.interchange._survey_text import text_names
from leadkit.interchange.spss._lacking import need

__all__ = ["read_responses"]

MAX_ROWS: Final = 2_000_000


def read_responses(
    source: os.PathLike[str],
    instrument: Instrument,
    *,
    id: str | None = "respondent_id",  # noqa: A002 - the variable's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    ignore_other_columns: bool = False,
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
    max_rows: int = MAX_ROWS,
) -> Responses:
    """Read answers from a data file of SPSS.

    A variable belongs to an item when its name is the item's id or one of its external ids; its codes are the answers.
    System-missing values, and those that the file declares missing for a variable, are no answer and no group.
    It is read in a process of its own, because a broken file can end the process that reads it.
    A group is the label of its code where the file gives one, otherwise the value; whole numbers are `int`.

    Parameters
    ----------
    source : os.PathLike
        Where the file is, as a `pathlib.Path`: unlike all other formats this one is read from its path, as pyreadstat
        needs that. A text is refused, as elsewhere it would be the content.
    instrument : Instrument
        The questionnaire.
    id : str or None
        Variable of the respondents' ids. None calls the respondent in the fifth row `row5`.
    groups : collection of str
        Variables to keep as group variables.
    ignore : collection of str
        Variables to leave out.
    ignore_other_columns : bool
        Whether to leave out every unknown variable.
    on_out_of_range : {"error", "missing"}
        What to do with a number outside the scale.
    allow_fractions : bool
        Whether 3.7 is an answer.
    allow_missing_items : bool
        Whether an item may have no variable.
    max_rows : int
        Limit on the rows.

    Returns
    -------
    Responses
        In the order of the file.

    Raises
    ------
    FormatError
        This is no data file of SPSS, or it has too many rows.
    ImportError
        pyreadstat is not installed.
    OSError
        The file cannot be opened.
    ResponseError
        A variable or a value is wrong; `faults` holds all of it.
    TypeError
        `source` is no path.

    Examples
    --------
    >>> from pathlib import Path
    >>> from leadkit import frameworks
    >>> read_responses(Path("survey.sav"), frameworks.load("ved"))
    Traceback (most recent call last):
    ...
    FileNotFoundError: [Errno 2] No such file or directory: 'survey.sav'
    """
    expect(instrument, Instrument, "read_responses")
    kept = text_names(groups, "groups")
    left_out = set(text_names(ignore, "ignore"))
    reserved = kept if id is None else (*text_names(id, "id"), *kept)
    columns, labels, ranges = _read(source, max_rows)
    known = {name for item in instrument.items for name in (item.id, *item.external_ids.values())} | set(reserved)
    absent = [
        Fault(f"variable {name!r}", f"is not in the file{did_you_mean(name, list(columns))}", column=name)
        for name in reserved
        if name not in columns
    ]
    if absent:
        raise ResponseError.from_faults(absent)
    if ignore_other_columns:
        left_out |= set(columns) - known
    table: dict[str, Any] = {}
    for name, column in columns.items():
        if name not in left_out - set(reserved):
            of_codes = labels.get(name, {}) if name in kept else {}
            table[name] = _values(column, ranges.get(name, ()), of_codes, is_text=name in reserved)
    if not table:
        msg = f"no variable is known ({', '.join(list(columns)[:4])}); expected the ids of the items"
        raise ResponseError(msg)
    name_of_id = id
    if name_of_id is None:
        name_of_id = "respondent_id"
        while name_of_id in table or name_of_id in known:
            name_of_id += "_"
        table[name_of_id] = [f"row{i}" for i in range(1, len(next(iter(table.values()))) + 1)]
    return Responses.from_columns(
        table,
        instrument,
        id=name_of_id,
        groups=kept,
        on_out_of_range=on_out_of_range,
        allow_fractions=allow_fractions,
        allow_missing_items=allow_missing_items,
    )


def _read(source: Any, max_rows: int) -> tuple[dict[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Give the columns of a file, the labels of their values, and which of these are declared missing."""
    need("pyreadstat")
    if not isinstance(source, os.PathLike):
        msg = f"expected the path of a file (pathlib.Path), got {type(source).__name__}"
        raise TypeError(msg)
    path = Path(source)
    path.open("rb").close()  # a file that is not there is no fault of its format
    found = _in_a_process(path, max_rows + 1)
    if any(len(column) > max_rows for column in found["columns"].values()):
        msg = f"there are more than {max_rows} rows, the limit (max_rows)"
        raise FormatError(msg)
    return found["columns"], {name: dict(labels) for name, labels in found["labels"].items()}, found["ranges"]


def _in_a_process(path: Path, row_limit: int) -> dict[str, Any]:
    """Let another process read the file, as a broken file may end it."""
    program = Path(__file__).with_name("_program.py")
    # -P: the program means no module of its own folder
    command = [sys.executable, "-P", os.fspath(program), os.fspath(path.absolute()), str(row_limit)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own program
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {"error": f"pyreadstat broke off ({done.returncode})"}
    if "error" in found:
        msg = f"this is no data file of SPSS that can be read: {found['error']}"
        raise FormatError(msg)
    return dict(found)


def _values(column: Any, ranges: Sequence[Mapping[str, Any]], labels: Mapping[Any, str], *, is_text: bool) -> Any:
    """Take what is declared missing out of a column; in one of texts, put labels for codes and `int` for whole ones."""
    cells = np.asarray(column, dtype=object).tolist()
    if is_text or not set(map(type, cells)) <= {float, int, type(None)}:
        return [_cell(cell, ranges, labels) for cell in cells]
    numbers = np.array(cells, dtype=np.float64)
    for one in ranges:
        if not isinstance(one["lo"], str):
            numbers[(numbers >= one["lo"]) & (numbers <= one["hi"])] = np.nan
    return numbers


def _cell(value: Any, ranges: Sequence[Mapping[str, Any]], labels: Mapping[Any, str]) -> Any:
    if missing(value) or any(_is_within(value, one["lo"], one["hi"]) for one in ranges):
        return None
    if value in labels:
        return labels[value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_within(value: Any, low: Any, high: Any) -> bool:
    if isinstance(value, str) or isinstance(low, str):
        return bool(value == low)
    return isinstance(value, float | int) and bool(low <= value <= high)
