"""Answers in data frames, as responses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import narwhals.stable.v2 as nw

from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import OutOfRange
from leadkit.frames._columns import check_instrument, check_name, eager_frame, name_tuple, numbers

__all__ = ["to_responses"]


def to_responses(
    frame: Any,
    instrument: Instrument,
    *,
    id: str = "respondent_id",  # noqa: A002 - the column's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
) -> Responses:
    """Read answers from a data frame, one row a respondent.

    Parameters
    ----------
    frame : data frame
        pandas, Polars or PyArrow, in memory; a column for every item, named by its id or one of its external ids; null
        or NaN = not answered.
    instrument : Instrument
        The questionnaire.
    id : str
        Column of the respondent's id.
    groups, ignore : collection of str
        Columns to keep as group variables, and columns to leave out.
    on_out_of_range, allow_fractions, allow_missing_items
        As for `Responses.from_records`.

    Returns
    -------
    Responses
        In the order of the frame's rows.

    Raises
    ------
    TypeError
        `frame` is no data frame, or a lazy one; an argument is no name of a column.
    ResponseError
        A column or a cell is wrong; `faults` holds every fault.

    Examples
    --------
    >>> import polars as pl
    >>> from leadkit import frameworks
    >>> table = pl.DataFrame({"respondent_id": ["ann", "bo"], "vis1": [4, 5], "del1": [2, None]})
    >>> to_responses(table, frameworks.load("ved"), allow_missing_items=True).n_answered.tolist()
    [2, 1]
    """
    wrapped = eager_frame(frame)
    check_instrument(instrument)
    check_name(id, "id")
    kept = name_tuple(groups, "groups")
    return Responses.from_columns(
        column_table(wrapped, (id, *kept)),
        instrument,
        id=id,
        groups=kept,
        ignore=name_tuple(ignore, "ignore"),
        on_out_of_range=on_out_of_range,
        allow_fractions=allow_fractions,
        allow_missing_items=allow_missing_items,
    )


def column_table(frame: nw.DataFrame[Any], labels: Collection[str]) -> dict[str, Any]:
    """Give every column: numbers as an array of floats, but `labels` and all others as they are."""
    return {
        name: numbers(frame, name)
        if frame.schema[name].is_numeric() and name not in labels
        else frame.get_column(name).to_list()
        for name in frame.columns
    }
