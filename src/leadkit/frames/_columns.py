"""Data frames of any library as narwhals sees them, and the columns of answers in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import narwhals.stable.v2 as nw
import numpy as np
from narwhals.exceptions import DuplicateError

from leadkit.assessment import Instrument
from leadkit.assessment.answers import AnswerRules
from leadkit.errors import Fault, ResponseError, did_you_mean
from leadkit.typing import FloatArray

AnyFrame: TypeAlias = "nw.DataFrame[Any] | nw.LazyFrame[Any]"
LIBRARIES = "pandas, Polars, PyArrow, DuckDB, Ibis, PySpark or SQLFrame"


def any_frame(frame: Any) -> AnyFrame:
    """Wrap an eager or a lazy data frame.

    Raises
    ------
    TypeError
        This is no data frame that narwhals knows, or one of Dask, whose partitions are data frames.
    ResponseError
        Two columns have the same name.
    """
    if type(frame).__module__.partition(".")[0] == "dask":
        msg = "frame: a frame of Dask is scored a partition at a time: frame.map_partitions(frames.score, ...)"
        raise TypeError(msg)
    try:
        wrapped = nw.from_native(frame, pass_through=True)
    except DuplicateError as error:
        msg = f"frame: two columns have the same name: {error}"
        raise ResponseError(msg) from None
    if not isinstance(wrapped, nw.DataFrame | nw.LazyFrame):
        msg = f"frame: expected a data frame of {LIBRARIES}, got {type(frame).__name__}"
        raise TypeError(msg)
    return wrapped


def eager_frame(frame: Any) -> nw.DataFrame[Any]:
    """Wrap a data frame whose rows are in memory.

    Raises
    ------
    TypeError
        This is no data frame, or a lazy one: who has it decides when it is computed.
    """
    wrapped = any_frame(frame)
    if isinstance(wrapped, nw.LazyFrame):
        msg = f"frame: expected rows in memory, got a lazy {type(frame).__name__}; collect it first"
        raise TypeError(msg)
    return wrapped


def check_instrument(instrument: object) -> None:
    """Refuse what is no instrument."""
    if not isinstance(instrument, Instrument):
        msg = f"instrument: expected an Instrument, got {type(instrument).__name__}"
        raise TypeError(msg)


def name_tuple(value: Any, argument: str) -> tuple[str, ...]:
    """Take several names of columns.

    Raises
    ------
    TypeError
        This is no collection of texts; one text alone is none either.
    """
    if isinstance(value, str) or not isinstance(value, Collection):
        msg = f"{argument}: expected a collection of column names, got {value!r}"
        raise TypeError(msg)
    for name in value:
        check_name(name, argument)
    return tuple(value)


def check_name(value: object, argument: str) -> None:
    """Refuse what is no name of a column."""
    if not isinstance(value, str):
        msg = f"{argument}: expected the name of a column, got {value!r}"
        raise TypeError(msg)


def absent_faults(wanted: Iterable[str], columns: Sequence[str], argument: str) -> list[Fault]:
    """List the columns that are asked for and not there."""
    return [
        Fault(f"{argument} {name!r}", f"is not among the columns{did_you_mean(name, columns)}", column=name)
        for name in wanted
        if name not in columns
    ]


def item_columns(schema: Mapping[str, Any], instrument: Instrument) -> tuple[list[str], list[Fault]]:
    """Find the column of every item, by its id or one of its external ids, and what is wrong with them."""
    columns = [name for name in schema if isinstance(name, str)]
    own = set(instrument.item_ids)
    taken: set[str] = set()
    found: list[str] = []
    faults: list[Fault] = []
    for item in instrument.items:
        others = [name for name in item.external_ids.values() if name not in own and name not in taken]
        taken.update(others)
        there = [name for name in dict.fromkeys((item.id, *others)) if name in schema]
        if not there:
            faults.append(Fault(f"item {item.id!r}", f"has no column{did_you_mean(item.id, columns)}", column=item.id))
        faults += [
            Fault(f"column {name!r}", f"item {item.id!r} is in column {there[0]!r} too", column=name)
            for name in there[1:]
        ]
        found += there[:1]
    return found, faults


def type_faults(frame: AnyFrame, schema: Mapping[str, Any], columns: Iterable[str]) -> list[Fault]:
    """List the columns that hold no numbers; a column without a single value holds none that is wrong."""
    return [
        Fault(f"column {name!r}", f"expected numbers, got {schema[name]}; cast it first", column=name)
        for name in columns
        if not schema[name].is_numeric()
        and not (isinstance(frame, nw.DataFrame) and frame.get_column(name).null_count() == len(frame))
    ]


def numbers(frame: nw.DataFrame[Any], name: str) -> FloatArray:
    """Give a numeric column as floats, missing as NaN."""
    return np.asarray(frame.get_column(name).cast(nw.Float64()).to_numpy(), dtype=np.float64)


def answer_faults(frame: nw.DataFrame[Any], columns: Iterable[str], instrument: Instrument) -> list[Fault]:
    """List the answers that are outside the scale or between two codes, with row (from 1) and item."""
    rules = AnswerRules(scale=instrument.scale)
    low, high = instrument.scale.low, instrument.scale.high
    faults = []
    for item_id, name in zip(instrument.item_ids, columns, strict=True):
        values = numbers(frame, name)
        wrong = (values < low) | (values > high) | ((values != np.rint(values)) & ~np.isnan(values))
        for row in np.flatnonzero(wrong).tolist():
            _, complaint = rules.judge(float(values[row]))
            faults.append(Fault(f"row {row + 1}, item {item_id!r}", complaint, column=name))
    return faults


def missing(name: str, schema: Mapping[str, Any]) -> nw.Expr:
    """Say whether there is no answer: null, or NaN in a column of floats."""
    value = nw.col(name)
    return value.is_null() | value.is_nan() if schema[name].is_float() else value.is_null()


def filled(name: str, schema: Mapping[str, Any], instrument: Instrument, *, reverse: bool) -> nw.Expr:
    """Put the low end of the scale, once keyed, where there is no answer, so that the column has no nulls."""
    value, scale = nw.col(name), instrument.scale
    if not schema[name].is_integer() or (schema[name].is_unsigned_integer() and scale.low < 0):
        value = value.cast(nw.Float64())
    return nw.when(missing(name, schema)).then(nw.lit(scale.high if reverse else scale.low)).otherwise(value)


def on_scale(name: str, dtype: Any, instrument: Instrument) -> nw.Expr:
    """Say whether an answer is one of the scale's codes."""
    value, scale = nw.col(name), instrument.scale
    if dtype.is_integer():
        return value.is_between(scale.low, scale.high)
    value = value.cast(nw.Float64())
    return value.is_between(scale.low, scale.high) & (value == value.round(0))


def keyed(name: str, instrument: Instrument, *, reverse: bool) -> nw.Expr:
    """Turn a reversed answer round, as a float."""
    value = nw.col(name).cast(nw.Float64())
    return float(instrument.scale.low + instrument.scale.high) - value if reverse else value
