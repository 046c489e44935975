"""Key tables in data frames, as instruments."""

from __future__ import annotations

from typing import Any

from leadkit.assessment import Instrument, Status, Text
from leadkit.assessment.answers import missing
from leadkit.assessment.definition import ROW_KEYS
from leadkit.errors import DefinitionError, Fault, did_you_mean
from leadkit.frames._columns import eager_frame

__all__ = ["to_instrument"]

NEEDED = ("item", "dimension", "low", "high")


def to_instrument(
    frame: Any,
    *,
    id: str,  # noqa: A002 - the field's name
    version: str,
    title: Text,
    source: str,
    licence: str,
    status: Status = "unvalidated",
) -> Instrument:
    """Read a researcher's key table from a data frame, one row an item.

    Parameters
    ----------
    frame : data frame
        pandas, Polars or PyArrow, in memory; columns `item`, `dimension`, `low`, `high` (the same in every row) and,
        optionally, `text`, `reverse` and `weight`, as `Instrument.from_rows` takes them; a blank cell is as good as
        none.
    id, version, title, source, licence, status
        Those of the instrument.

    Returns
    -------
    Instrument
        Items and dimensions in the order in which they first appear.

    Raises
    ------
    TypeError
        `frame` is no data frame, or a lazy one.
    DefinitionError
        A column is unknown or missing, or any row is wrong; every fault with its row, counted from 1.

    Examples
    --------
    >>> import polars as pl
    >>> table = pl.DataFrame({"item": ["a1"], "dimension": ["calm"], "reverse": [True], "low": [1], "high": [5]})
    >>> to_instrument(table, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT").keys().tolist()
    [[-1.0]]
    """
    wrapped = eager_frame(frame)
    columns = wrapped.columns
    faults = [
        Fault(f"column {name!r}", f"unknown column{did_you_mean(str(name), ROW_KEYS)}", column=str(name))
        for name in columns
        if name not in ROW_KEYS
    ]
    faults += [
        Fault(f"column {name!r}", f"is not among the columns{did_you_mean(name, map(str, columns))}", column=name)
        for name in NEEDED
        if name not in columns
    ]
    if faults:
        raise DefinitionError.from_faults(faults, subject="key table")
    rows = [
        {name: _cell(value) for name, value in row.items() if not missing(value)}
        for row in wrapped.iter_rows(named=True)
    ]
    return Instrument.from_rows(
        rows, id=id, version=version, title=title, source=source, licence=licence, status=status
    )


def _cell(value: Any) -> Any:
    """Give a cell as plain Python; a whole number that a gap made a float becomes whole again."""
    value = value.item() if hasattr(value, "item") else value
    return int(value) if isinstance(value, float) and value.is_integer() else value
