"""Item moments of answers in data frames: one aggregation, however many rows there are and wherever they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations_with_replacement
from typing import Any, overload

import narwhals.stable.v2 as nw
import numpy as np

from leadkit.assessment import Instrument
from leadkit.assessment.answers import missing as missing_label
from leadkit.errors import Fault, ResponseError
from leadkit.frames._columns import (
    absent_faults,
    answer_faults,
    any_frame,
    check_instrument,
    check_name,
    item_columns,
    keyed,
    missing,
    numbers,
    on_scale,
    type_faults,
)
from leadkit.stats import ItemMoments
from leadkit.typing import FloatArray

__all__ = ["item_moments"]

GROUP = "leadkit_group"


@overload
def item_moments(frame: Any, instrument: Instrument, *, by: None = None) -> ItemMoments: ...
@overload
def item_moments(frame: Any, instrument: Instrument, *, by: str) -> dict[Any, ItemMoments]: ...
def item_moments(frame: Any, instrument: Instrument, *, by: str | None = None) -> ItemMoments | dict[Any, ItemMoments]:
    """Reduce the keyed answers of a data frame to their moments, from which every classical item statistic follows.

    Reversed items are turned round; incomplete rows count for the pairs of items that they answer.
    A lazy frame is asked one question, one aggregation, and only the k x k sums travel.

    Parameters
    ----------
    frame : data frame
        As for `score`; a DuckDB relation, an Ibis table or SQLFrame also needs pyarrow for the sums to come back.
    instrument : Instrument
        The questionnaire, of k items.
    by : str, optional
        Column of groups.

    Returns
    -------
    ItemMoments or dict
        Moments of all k items about the scale's midpoint, with answers at both ends counted; with `by`, by group in
        sorted order, rows without a group last under None.

    Raises
    ------
    TypeError
        `frame` is no data frame, `instrument` no instrument, `by` no name.
    ResponseError
        A column is not there or holds no numbers; an answer is outside the scale or between two codes.

    Examples
    --------
    >>> import polars as pl
    >>> from leadkit.assessment import Instrument
    >>> from leadkit.stats import cronbach_alpha
    >>> rows = [
    ...     {"item": "a1", "dimension": "calm", "low": 1, "high": 5},
    ...     {"item": "a2", "dimension": "calm", "reverse": True, "low": 1, "high": 5},
    ... ]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> moments = item_moments(pl.LazyFrame({"a1": [4, 2, 5], "a2": [1, 3, 2]}), calm)
    >>> moments.means.round(2).tolist(), round(cronbach_alpha(moments).alpha, 2)
    ([3.67, 4.0], 0.75)
    """
    wrapped = any_frame(frame)
    check_instrument(instrument)
    if by is not None:
        check_name(by, "by")
    schema = wrapped.collect_schema()
    columns, faults = item_columns(schema, instrument)
    faults += type_faults(wrapped, schema, columns)
    faults += [] if by is None else absent_faults([by], list(schema), "by")
    if not faults and isinstance(wrapped, nw.DataFrame):
        faults += answer_faults(wrapped, columns, instrument)
    if faults:
        raise ResponseError.from_faults(faults)
    if isinstance(wrapped, nw.DataFrame):
        found = _in_memory(wrapped, columns, instrument, by)
    else:
        found = _aggregated(wrapped, schema, columns, instrument, by)
    if by is None:
        return found[None]
    return dict(sorted(found.items(), key=lambda entry: (entry[0] is None, type(entry[0]).__name__, entry[0])))


def _in_memory(
    frame: nw.DataFrame[Any], columns: list[str], instrument: Instrument, by: str | None
) -> dict[Any, ItemMoments]:
    """Read the answers once with numpy, which is faster than any question to a data frame."""
    turn = float(instrument.scale.low + instrument.scale.high)
    answers = np.column_stack(
        [
            turn - numbers(frame, name) if item.reverse else numbers(frame, name)
            for name, item in zip(columns, instrument.items, strict=True)
        ]
    )

    def moments(rows: Any) -> ItemMoments:
        return ItemMoments.from_array(answers[rows], items=instrument.item_ids, bounds=_bounds(instrument))

    if by is None:
        return {None: moments(slice(None))}
    places: dict[Any, list[int]] = {}
    for place, label in enumerate(frame.get_column(by).to_list()):
        places.setdefault(_label(label), []).append(place)
    return {label: moments(rows) for label, rows in places.items()}


def _aggregated(
    frame: nw.LazyFrame[Any], schema: Mapping[str, Any], columns: list[str], instrument: Instrument, by: str | None
) -> dict[Any, ItemMoments]:
    """Ask a lazy frame for the sums of products of all answers, centred, and of the marks of who answered."""
    k = instrument.n_items
    parts = list(_centred(schema, columns, instrument))
    sums = [
        (nw.col(f"x{i}") * nw.col(f"x{j}")).sum().alias(f"s{i}_{j}")
        for i, j in combinations_with_replacement(range(2 * k), 2)
    ]
    sums += [nw.col(f"{kind}{i}").sum() for kind in ("low", "high", "wrong") for i in range(k)]
    sums += [nw.len().alias("rows"), nw.col("complete").sum()]
    if by is None:
        answer = frame.select(*parts).select(*sums)
    else:
        answer = frame.select(nw.col(by).alias(GROUP), *parts).group_by(GROUP).agg(*sums)
    rows = answer.collect().rows(named=True)
    _refuse_wrong(rows, columns, instrument)
    found: dict[Any, ItemMoments] = {}
    for row in rows:
        label, moments = _label(row.get(GROUP)), _moments(row, instrument)
        found[label] = found[label] + moments if label in found else moments  # null and NaN are one group
    return found


def _centred(schema: Mapping[str, Any], columns: list[str], instrument: Instrument) -> Iterator[nw.Expr]:
    """Give keyed answers about the midpoint, 0 where there is none, then 1 or 0 for who answered; and what is counted."""
    k, scale = len(columns), instrument.scale
    complete = []
    for i, (name, item) in enumerate(zip(columns, instrument.items, strict=True)):
        value, gap = keyed(name, instrument, reverse=item.reverse), missing(name, schema)
        complete.append(~gap)
        yield nw.when(gap).then(nw.lit(0.0)).otherwise(value - scale.midpoint).alias(f"x{i}")
        yield nw.when(gap).then(nw.lit(0.0)).otherwise(nw.lit(1.0)).alias(f"x{k + i}")
        for kind, end in (("low", scale.low), ("high", scale.high)):
            yield nw.when(value == end).then(nw.lit(1)).otherwise(nw.lit(0)).alias(f"{kind}{i}")
        right = gap | on_scale(name, schema[name], instrument)
        yield nw.when(right).then(nw.lit(0)).otherwise(nw.lit(1)).alias(f"wrong{i}")
    everything = nw.all_horizontal(*complete, ignore_nulls=False)
    yield nw.when(everything).then(nw.lit(1)).otherwise(nw.lit(0)).alias("complete")


def _refuse_wrong(rows: list[dict[str, Any]], columns: list[str], instrument: Instrument) -> None:
    counts = [sum(int(row[f"wrong{i}"] or 0) for row in rows) for i in range(instrument.n_items)]
    span = f"{instrument.scale.low}..{instrument.scale.high}"
    faults = [
        Fault(f"item {item_id!r}", f"rows whose answer is no whole number {span}: {count}", column=name)
        for item_id, name, count in zip(instrument.item_ids, columns, counts, strict=True)
        if count
    ]
    if faults:
        raise ResponseError.from_faults(faults)


def _moments(row: Mapping[str, Any], instrument: Instrument) -> ItemMoments:
    k = instrument.n_items
    gram: FloatArray = np.zeros((2 * k, 2 * k))
    for i, j in combinations_with_replacement(range(2 * k), 2):
        gram[i, j] = gram[j, i] = row[f"s{i}_{j}"] or 0.0  # a sum of no rows is null
    return ItemMoments.from_sums(
        gram[k:, k:],
        gram[:k, k:],
        gram[:k, :k],
        centre=instrument.scale.midpoint,
        items=instrument.item_ids,
        n_rows=int(row["rows"]),
        n_complete=int(row["complete"] or 0),
        bounds=_bounds(instrument),
        floor_counts=[int(row[f"low{i}"] or 0) for i in range(k)],
        ceiling_counts=[int(row[f"high{i}"] or 0) for i in range(k)],
    )


def _bounds(instrument: Instrument) -> tuple[float, float]:
    return float(instrument.scale.low), float(instrument.scale.high)


def _label(value: Any) -> Any:
    return None if missing_label(value) else value
