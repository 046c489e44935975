"""Evaluations in data frames, as ratings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from leadkit.assessment import Instrument, Ratings
from leadkit.assessment.answers import OutOfRange
from leadkit.frames._columns import check_instrument, check_name, eager_frame, name_tuple
from leadkit.frames.responses import column_table

__all__ = ["to_ratings"]


def to_ratings(
    frame: Any,
    instrument: Instrument,
    *,
    ratee: str = "ratee_id",
    rater: str = "rater_id",
    role: str = "role",
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
) -> Ratings:
    """Read evaluations from a data frame, one row an evaluation: what one rater answered about one ratee.

    Parameters
    ----------
    frame : data frame
        pandas, Polars or PyArrow, in memory; a column for every item, as for `to_responses`.
    instrument : Instrument
        The questionnaire.
    ratee, rater, role : str
        Columns of who is rated, who rates, and as what.
    groups, ignore : collection of str
        Columns to keep as group variables, and columns to leave out.
    on_out_of_range, allow_fractions, allow_missing_items
        As for `Responses.from_records`.

    Returns
    -------
    Ratings
        In the order of the frame's rows.

    Raises
    ------
    TypeError
        `frame` is no data frame, or a lazy one; an argument is no name of a column.
    ResponseError
        A column or a cell is wrong, or somebody rates the same person twice in one role; `faults` holds every fault.

    Examples
    --------
    >>> import polars as pl
    >>> from leadkit import frameworks
    >>> table = pl.DataFrame({"ratee_id": ["ann"], "rater_id": ["bo"], "role": ["peer"], "vis1": [4]})
    >>> to_ratings(table, frameworks.load("ved"), allow_missing_items=True)
    Ratings('ved' 1.0.0: 1 evaluations of 1 ratees by 1 raters)
    """
    wrapped = eager_frame(frame)
    check_instrument(instrument)
    for argument, name in (("ratee", ratee), ("rater", rater), ("role", role)):
        check_name(name, argument)
    kept = name_tuple(groups, "groups")
    return Ratings.from_columns(
        column_table(wrapped, (ratee, rater, role, *kept)),
        instrument,
        ratee=ratee,
        rater=rater,
        role=role,
        groups=kept,
        ignore=name_tuple(ignore, "ignore"),
        on_out_of_range=on_out_of_range,
        allow_fractions=allow_fractions,
        allow_missing_items=allow_missing_items,
    )
