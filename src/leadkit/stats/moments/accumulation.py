"""Counts, sums and products of rows that arrive in pieces, in memory that does not grow with the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit.stats._arrays import first_place, floats, item_names, native
from leadkit.stats.moments.checks import centre_vector
from leadkit.typing import BoolArray, FloatArray, IntArray

MOST_CELLS = 2**20
CACHE_CELLS = 2**15
FEWEST_ROWS = 256

Table: TypeAlias = tuple[str, NDArray[Any], BoolArray | None]


class Accumulator:
    """Moments of rows about each item's first answer.

    Answers are taken relative to a value of their own size before they are squared, so a large offset costs no digits,
    and an item that never varies has products of exactly 0.
    """

    def __init__(
        self, n_items: int, *, bounds: tuple[float, float] | None, listwise: bool, chunk_rows: int | None = None
    ) -> None:
        self.bounds = bounds
        self.listwise = listwise
        self.n_rows = 0
        self.n_complete = 0
        self.centre: FloatArray = np.full(n_items, np.nan)
        self.sums: FloatArray = np.zeros((n_items, n_items))
        self.products: FloatArray = np.zeros((n_items, n_items))
        self.floor_counts: IntArray = np.zeros(n_items, dtype=np.int64)
        self.ceiling_counts: IntArray = np.zeros(n_items, dtype=np.int64)
        self._counts: FloatArray = np.zeros((n_items, n_items))
        self._chunk_rows = rows_a_chunk(n_items, chunk_rows)
        self._cells: FloatArray = np.empty((0, n_items))
        self._present: FloatArray = np.empty((0, n_items))
        self._missing: BoolArray = np.empty((0, n_items), dtype=np.bool_)

    @property
    def counts(self) -> IntArray:
        """Rows that answer both items of a pair."""
        return self._counts.astype(np.int64)

    def add(self, values: NDArray[Any], mask: BoolArray | None, name: str) -> None:
        """Take in the rows of `values`, of any real type, where `mask` marks missing cells."""
        self._reserve(min(self._chunk_rows, len(values)))
        with np.errstate(all="ignore"):
            for start in range(0, len(values), self._chunk_rows):
                stop = start + self._chunk_rows
                self._add_chunk(values[start:stop], None if mask is None else mask[start:stop], name, start)

    def _reserve(self, rows: int) -> None:
        if rows > len(self._cells):
            shape = (rows, self.centre.size)
            self._cells, self._present = np.empty(shape), np.empty(shape)
            self._missing = np.empty(shape, dtype=np.bool_)

    def _add_chunk(self, values: NDArray[Any], mask: BoolArray | None, name: str, start: int) -> None:
        cells = self._cells[: len(values)]
        np.copyto(cells, values, casting="same_kind")
        if mask is not None:
            cells[mask] = np.nan
        missing = np.isnan(cells, out=self._missing[: len(values)])
        self._refuse_outside(cells, name, start)
        self.n_rows += len(cells)
        if self.listwise and missing.any():
            refuse_infinity(values, mask, name, start)
            complete = ~missing.any(axis=1)
            cells, missing = cells[complete], missing[complete]
        self._find_centre(cells, missing)
        if self.bounds is not None:
            self.floor_counts += (cells == self.bounds[0]).sum(axis=0)
            self.ceiling_counts += (cells == self.bounds[1]).sum(axis=0)
        self._add_products(cells, missing)
        if not np.isfinite(self.products.diagonal()).all():
            refuse_infinity(values, mask, name, start)
            msg = f"{name}: answers are too far apart to be squared"
            raise ValueError(msg)

    def _refuse_outside(self, cells: FloatArray, name: str, start: int) -> None:
        if self.bounds is None:
            return
        low, high = self.bounds
        outside = (cells < low) | (cells > high)
        if outside.any():
            row, column = first_place(outside)
            msg = f"{name}[{start + row}, {column}]: {cells[row, column]:g} is outside {low:g}..{high:g}"
            raise ValueError(msg)

    def _find_centre(self, cells: FloatArray, missing: BoolArray) -> None:
        for item in np.flatnonzero(np.isnan(self.centre)):
            answered = np.flatnonzero(~missing[:, item])
            if answered.size:
                self.centre[item] = cells[answered[0], item]

    def _add_products(self, cells: FloatArray, missing: BoolArray) -> None:
        deviations = np.subtract(cells, self.centre, out=cells)
        if missing.any():
            deviations[missing] = 0.0
            present = np.subtract(1.0, missing, out=self._present[: len(missing)])
            self._counts += present.T @ present
            self.sums += deviations.T @ present
            self.n_complete += int(np.count_nonzero(present @ np.ones(self.centre.size) == self.centre.size))
        else:
            self._counts += len(deviations)
            self.sums += deviations.sum(axis=0)[:, np.newaxis]
            self.n_complete += len(deviations)
        self.products += deviations.T @ deviations


def accumulate(
    tables: Iterable[Table],
    *,
    items: Sequence[str] | None,
    bounds: tuple[float, float] | None,
    centre: ArrayLike | None,
    listwise: bool,
    chunk_rows: int | None,
) -> tuple[tuple[str, ...], FloatArray | None, Accumulator]:
    """Take in every table; return the item names, the centre asked for (None: each first answer) and the moments."""
    rest = iter(tables)
    first = list(islice(rest, 1))
    if not first and items is None:
        msg = "chunks: expected at least one chunk or the names of the items, got neither"
        raise ValueError(msg)
    names = item_names(items, first[0][1].shape[1] if first else len(items or ()))
    if centre is None and bounds is not None:
        centre = (bounds[0] + bounds[1]) / 2
    wanted = None if centre is None else centre_vector(centre, len(names))
    rows = Accumulator(len(names), bounds=bounds, listwise=listwise, chunk_rows=chunk_rows)
    for name, cells, mask in chain(first, rest):
        if cells.shape[1] != len(names):
            msg = f"{name}: expected {len(names)} columns, got {cells.shape[1]}"
            raise ValueError(msg)
        rows.add(cells, mask, name)
    return names, wanted, rows


def rows_a_chunk(n_items: int, chunk_rows: int | None) -> int:
    """Return how many rows are worked on at once: few enough to stay in a processor's cache, unless told."""
    most = max(1, MOST_CELLS // n_items)
    if chunk_rows is None:
        return min(most, max(CACHE_CELLS // n_items, FEWEST_ROWS))
    if chunk_rows < 1:
        msg = f"chunk_rows: expected at least 1, got {chunk_rows!r}"
        raise ValueError(msg)
    return min(most, int(chunk_rows))


def table(values: ArrayLike, name: str) -> Table:
    """Return the name, the cells of an `(n, k)` table in the type they have, and the mask of a masked array."""
    mask = np.ma.getmask(values) if isinstance(values, np.ma.MaskedArray) else np.ma.nomask
    cells = native(values, name)
    if cells.dtype.kind == "O":
        cells, mask = floats(values, name), np.ma.nomask
    if cells.ndim != 2:
        msg = f"{name}: expected two dimensions (rows, columns), got {cells.ndim}"
        raise ValueError(msg)
    if cells.shape[1] == 0:
        msg = f"{name}: expected at least one column, got none"
        raise ValueError(msg)
    return name, cells, None if mask is np.ma.nomask else np.asarray(mask)


def refuse_infinity(values: NDArray[Any], mask: BoolArray | None, name: str, start: int) -> None:
    """Refuse a chunk that holds infinity where it is not masked, naming the first place."""
    infinite = np.isinf(values)
    if mask is not None:
        infinite &= ~mask
    if infinite.any():
        row, column = first_place(infinite)
        msg = f"{name}[{start + row}, {column}]: expected a finite number or NaN, got {values[row, column]}"
        raise ValueError(msg)
