"""Scores in the frame they came from: one list of expressions for every library, and what is lazy stays lazy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, get_args

import narwhals.stable.v2 as nw
from attrs import frozen
from narwhals.stable.v2.typing import IntoFrameT

from leadkit._fields import repeated
from leadkit.assessment import Dimension, Instrument, Item, Metric
from leadkit.assessment.items import MinAnswered, min_answered_faults, n_needed
from leadkit.errors import DefinitionError, Fault, ResponseError
from leadkit.frames._columns import (
    AnyFrame,
    absent_faults,
    answer_faults,
    any_frame,
    check_instrument,
    filled,
    item_columns,
    keyed,
    missing,
    name_tuple,
    on_scale,
    type_faults,
)

__all__ = ["score"]


def score(
    frame: IntoFrameT,
    instrument: Instrument,
    *,
    keep: Collection[str] = (),
    metric: Metric = "mean",
    min_answered: MinAnswered | None = None,
    composites: bool = True,
) -> IntoFrameT:
    """Score a data frame of answers, one row a respondent, in its own library.

    The rules are those of `leadkit.score`, and so are the numbers.
    Columns that are neither an item's nor kept are left out; nothing depends on the order of rows.

    Parameters
    ----------
    frame : data frame
        pandas, Polars (eager or lazy), PyArrow, a DuckDB relation, an Ibis table, PySpark or SQLFrame; a column of
        whole numbers for every item, named by its id or one of its external ids; null or NaN = not answered.
    instrument : Instrument
        The questionnaire.
    keep : collection of str
        Columns to carry over as they are, an id among them where rows must be known again.
    metric : {"mean", "sum", "pomp"}
        Scale points, prorated sum, or percent of the maximum possible.
    min_answered : float or int, optional
        Least share (float) or number (int) of a dimension's items that must be answered; by default each dimension's
        own rule.
    composites : bool
        Whether to add a column for each composite; a missing part makes it missing.

    Returns
    -------
    data frame
        Of the same kind: the kept columns, then a column of floats for each dimension and composite; null (NaN in
        numpy columns of pandas) where there is no score.
        A lazy frame comes back lazy and uncomputed.

    Raises
    ------
    TypeError
        `frame` is no data frame, `instrument` no instrument, `keep` no collection of names.
    ResponseError
        A column is not there, holds no numbers, or bears the name of a scale; in rows that are in memory, an answer
        is outside the scale or between two codes.
        Nobody looks into a lazy frame beforehand: there, such an answer makes the scores that need it null.
    DefinitionError
        `min_answered` does not fit a dimension.
    ValueError
        `metric` is not one of those above.

    Examples
    --------
    >>> import polars as pl
    >>> from leadkit.assessment import Instrument
    >>> rows = [
    ...     {"item": "a1", "dimension": "calm", "low": 1, "high": 5},
    ...     {"item": "a2", "dimension": "calm", "reverse": True, "low": 1, "high": 5},
    ... ]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> answers = pl.LazyFrame({"who": ["ann", "bo"], "a1": [4, 2], "a2": [1, None]})
    >>> score(answers, calm, keep=["who"]).collect().rows()
    [('ann', 4.5), ('bo', 2.0)]
    """
    wrapped = any_frame(frame)
    check_instrument(instrument)
    kept = name_tuple(keep, "keep")
    if metric not in get_args(Metric):
        msg = f"metric: expected one of {', '.join(map(repr, get_args(Metric)))}, got {metric!r}"
        raise ValueError(msg)
    if not isinstance(composites, bool):
        msg = f"composites: expected True or False, got {composites!r}"
        raise TypeError(msg)
    needed = [_needed(part, min_answered) for part in instrument.dimensions]
    schema = wrapped.collect_schema()
    scale_ids = instrument.scale_ids if composites else instrument.dimension_ids
    columns = _checked_columns(wrapped, schema, instrument, kept, scale_ids)
    plan = _Plan(instrument, columns, schema, isinstance(wrapped, nw.LazyFrame), _free_prefix(kept))
    scored: Any = plan.totals(wrapped, kept).select(*kept, *plan.scores(metric, needed))
    if composites and instrument.composites:
        scored = scored.select(*kept, *instrument.dimension_ids, *_composed(instrument))
    return scored.to_native()  # type: ignore[no-any-return]


@frozen
class _Plan:
    """The expressions that score one frame; columns in between begin with `prefix`, which no kept column does."""

    instrument: Instrument
    columns: dict[str, str]
    schema: Mapping[str, Any]
    is_lazy: bool
    prefix: str

    def totals(self, frame: Any, kept: Sequence[str]) -> Any:
        """Count and sum the answers of every dimension; in a lazy frame, where nobody has looked, mark what is wrong.

        There gaps are filled first and marks are columns of their own: an engine adds and compares columns without
        nulls many rows at a time, and takes conditions inside a choice row by row.
        """
        parts = self.instrument.dimensions
        counts = {name: count for part in parts for name, count in self._counts(part)}
        counted = [count.alias(name) for name, count in counts.items()]
        if not self.is_lazy:
            return frame.select(*kept, *counted, *(self._sum(part) for part in parts))
        gapless = [self._filled(item).alias(self._gapless(item)) for item in self.instrument.items]
        sums = [self._sum_of_filled(part) for part in parts]
        marks = [self._all_on_scale(part) for part in parts]
        return frame.select(*kept, *counted, *gapless).select(*kept, *counts, *sums, *marks)

    def scores(self, metric: Metric, needed: Sequence[int]) -> Iterator[nw.Expr]:
        """Divide the sums, once, so that whole numbers stay exact until then."""
        scale = self.instrument.scale
        low, span = float(scale.low), float(scale.high - scale.low)
        for part, least in zip(self.instrument.dimensions, needed, strict=True):
            total, weight = nw.col(self._name("s", part)), nw.col(self._weight(part))
            valid = nw.col(self._name("n", part)) >= least
            if self.is_lazy:
                valid &= nw.col(self._name("ok", part))
            enough = nw.when(valid).then(weight.cast(nw.Float64()))
            if metric == "pomp":
                value = (total - enough * low) * 100.0 / (enough * span)
            else:
                value = (total * float(len(part.items)) if metric == "sum" else total) / enough
            yield value.alias(part.id)

    def _counts(self, part: Dimension) -> Iterator[tuple[str, nw.Expr]]:
        """Count the answers, and sum their weights where these differ."""
        given = [(~missing(self.columns[item.id], self.schema)).cast(nw.Int32()) for item in part.items]
        yield self._name("n", part), _added(given)
        if not _weighs_all_the_same(part):
            yield self._weight(part), _added(_weighted(given, part))

    def _sum(self, part: Dimension) -> nw.Expr:
        """Sum keyed answers, passing over gaps."""
        answers = [keyed(self.columns[item.id], self.instrument, reverse=item.reverse) for item in part.items]
        return nw.sum_horizontal(*_weighted(answers, part)).alias(self._name("s", part))

    def _filled(self, item: Item) -> nw.Expr:
        return filled(self.columns[item.id], self.schema, self.instrument, reverse=item.reverse)

    def _sum_of_filled(self, part: Dimension) -> nw.Expr:
        """Sum how far keyed answers are above the low end, where a filled gap is 0; then add that end for each given."""
        low, high = float(self.instrument.scale.low), float(self.instrument.scale.high)
        values = [nw.col(self._gapless(item)).cast(nw.Float64()) for item in part.items]
        heights = [high - v if item.reverse else v - low for v, item in zip(values, part.items, strict=True)]
        total = _added(_weighted(heights, part)) + nw.col(self._weight(part)).cast(nw.Float64()) * low
        return total.alias(self._name("s", part))

    def _all_on_scale(self, part: Dimension) -> nw.Expr:
        types = [self.schema[self.columns[item.id]] for item in part.items]
        marks = [on_scale(self._gapless(item), t, self.instrument) for item, t in zip(part.items, types, strict=True)]
        return nw.all_horizontal(*marks, ignore_nulls=False).alias(self._name("ok", part))

    def _weight(self, part: Dimension) -> str:
        return self._name("n" if _weighs_all_the_same(part) else "w", part)

    def _name(self, what: str, part: Dimension) -> str:
        return f"{self.prefix}{what}_{part.id}"

    def _gapless(self, item: Item) -> str:
        return f"{self.prefix}f_{item.id}"


def _composed(instrument: Instrument) -> Iterator[nw.Expr]:
    """Average the dimensions of every composite; one that is missing makes it missing."""
    for part in instrument.composites:
        parts = [nw.col(name) * float(weight) for name, weight in part.weights.items()]
        yield (_added(parts) / float(sum(part.weights.values()))).alias(part.id)


def _checked_columns(
    frame: AnyFrame,
    schema: Mapping[str, Any],
    instrument: Instrument,
    kept: tuple[str, ...],
    scale_ids: Collection[str],
) -> dict[str, str]:
    """Find the column of every item; refuse what is wrong with any column, and in rows in memory with any answer."""
    columns, faults = item_columns(schema, instrument)
    faults += type_faults(frame, schema, columns)
    faults += absent_faults(kept, list(schema), "keep")
    faults += [Fault(f"keep {name!r}", "is named more than once", column=name) for name in repeated(kept)]
    taken = {name.casefold() for name in scale_ids}  # a database does not tell Calm from calm
    faults += [
        Fault(f"keep {name!r}", "is the name of a scale too; rename the column", column=name)
        for name in kept
        if name.casefold() in taken
    ]
    if not faults and isinstance(frame, nw.DataFrame):
        faults += answer_faults(frame, columns, instrument)
    if faults:
        raise ResponseError.from_faults(faults)
    return dict(zip(instrument.item_ids, columns, strict=True))


def _needed(part: Dimension, asked: MinAnswered | None) -> int:
    if asked is None:
        return part.n_needed
    faults = min_answered_faults(asked, len(part.items))
    if faults:
        raise DefinitionError.from_faults(faults, subject=f"dimension {part.id!r}")
    return n_needed(asked, len(part.items))


def _free_prefix(kept: Collection[str]) -> str:
    """Find a beginning that no kept column has."""
    prefix = "leadkit_"
    while any(name.casefold().startswith(prefix) for name in kept):
        prefix += "_"
    return prefix


def _weighs_all_the_same(part: Dimension) -> bool:
    return len({item.weight for item in part.items}) == 1


def _weighted(answers: list[nw.Expr], part: Dimension) -> list[nw.Expr]:
    if _weighs_all_the_same(part):
        return answers
    return [answer * float(item.weight) for answer, item in zip(answers, part.items, strict=True)]


def _added(terms: list[nw.Expr]) -> nw.Expr:
    return reduce(add, terms)
