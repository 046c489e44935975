"""What moments that somebody else added up must satisfy, and the message when they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from leadkit.stats._arrays import check_word, checked_bounds, first_place, floats, item_names, vector
from leadkit.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from leadkit.stats.moments.items import ItemMoments

MISSING = ("pairwise", "listwise")
SYMMETRY = 1e-9


def check_moments(moments: ItemMoments) -> None:
    """Refuse moments that no data can have."""
    check_word(moments.missing, "missing", MISSING)
    k = len(item_names(moments.items, len(moments.items)))
    if k == 0:
        msg = "items: expected at least one item, got none"
        raise ValueError(msg)
    for name in ("counts", "sums", "products"):
        shaped(getattr(moments, name), name, (k, k))
    for name in ("sums", "products", "centre"):
        finite(getattr(moments, name), name)
    shaped(moments.centre, "centre", (k,))
    _check_counts(moments)
    _check_products(moments)
    _check_ends(moments)


def _check_counts(moments: ItemMoments) -> None:
    counts = moments.counts
    answered = counts.diagonal()
    most = np.minimum.outer(answered, answered)
    wrong = (counts < 0) | (counts > most) | (counts != counts.T)
    if wrong.any():
        row, column = first_place(wrong)
        msg = f"counts[{row}, {column}]: {counts[row, column]} rows cannot answer both items, got {counts.tolist()}"
        raise ValueError(msg)
    if moments.n_rows < counts.max():
        msg = f"n_rows: expected at least {counts.max()}, the largest count, got {moments.n_rows}"
        raise ValueError(msg)
    if not 0 <= moments.n_complete <= counts.min():
        msg = f"n_complete: expected 0..{counts.min()}, the smallest count, got {moments.n_complete}"
        raise ValueError(msg)
    if moments.missing == "listwise" and (counts != moments.n_complete).any():
        msg = f"counts: expected {moments.n_complete} complete rows for every pair under 'listwise'"
        raise ValueError(msg)


def _check_products(moments: ItemMoments) -> None:
    products = moments.products
    squares = products.diagonal()
    if (squares < 0).any():
        item = int(np.argmin(squares))
        msg = f"products[{item}, {item}]: a sum of squares cannot be {squares[item]:g}"
        raise ValueError(msg)
    size = np.sqrt(squares)
    wrong = np.abs(products - products.T) > SYMMETRY * np.multiply.outer(size, size)
    if wrong.any():
        row, column = first_place(wrong)
        msg = f"products[{row}, {column}]: {products[row, column]:g} differs from {products[column, row]:g} across"
        raise ValueError(msg)


def _check_ends(moments: ItemMoments) -> None:
    if moments.bounds is not None:
        checked_bounds(moments.bounds)
    floor, ceiling = moments.floor_counts, moments.ceiling_counts
    if floor is None and ceiling is None:
        return
    if floor is None or ceiling is None or moments.bounds is None:
        msg = "floor_counts, ceiling_counts: expected both, with bounds, or neither"
        raise ValueError(msg)
    shaped(floor, "floor_counts", (len(moments.items),))
    shaped(ceiling, "ceiling_counts", (len(moments.items),))
    if (floor < 0).any() or (ceiling < 0).any() or (floor + ceiling > moments.counts.diagonal()).any():
        msg = "floor_counts, ceiling_counts: expected 0 or more, together at most the answers to the item"
        raise ValueError(msg)


def pair_sums(counts: ArrayLike, sums: ArrayLike, products: ArrayLike) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return k x k counts, sums and products, where one count and k sums stand for complete rows.

    The sum of no rows, which databases give as NULL, is 0.
    """
    n = whole(counts, "counts")
    totals, squares = floats(sums, "sums"), floats(products, "products")
    if n.ndim == 0:
        if totals.ndim != 1:
            msg = f"sums: expected one dimension beside one count, got {totals.ndim}"
            raise ValueError(msg)
        totals = np.repeat(totals[:, np.newaxis], totals.size, axis=1)
        n = np.full(totals.shape, n)
    shaped(totals, "sums", n.shape)
    shaped(squares, "products", n.shape)
    totals, squares = (np.where((n == 0) & np.isnan(array), 0.0, array) for array in (totals, squares))
    return n, totals, squares


def whole(values: ArrayLike, name: str) -> IntArray:
    """Turn whole numbers of 0 or more into int64."""
    numbers = floats(values, name)
    wrong = ~((numbers >= 0) & (numbers == np.floor(numbers)))
    if wrong.any():
        place = first_place(wrong)
        msg = f"{name}{list(place) if place else ''}: expected a whole number of 0 or more, got {numbers[place]:g}"
        raise ValueError(msg)
    return numbers.astype(np.int64)


def centre_vector(centre: ArrayLike, k: int) -> FloatArray:
    """Return the centre of k items from one number or k of them."""
    numbers = floats(centre, "centre")
    finite(numbers, "centre")
    return np.full(k, numbers) if numbers.ndim == 0 else vector(numbers, "centre", length=k)


def positions(items: Sequence[str], known: Sequence[str]) -> list[int]:
    """Return the place of every item among the known ones."""
    if isinstance(items, str):
        msg = f"items: expected a sequence of names, got {items!r}"
        raise ValueError(msg)  # noqa: TRY004
    names = item_names(items, len(items))
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"items: {unknown} are not among {list(known)}"
        raise ValueError(msg)
    return [known.index(name) for name in names]


def shaped(array: FloatArray | IntArray, name: str, shape: tuple[int, ...]) -> None:
    """Refuse an array of another shape."""
    if array.shape != shape:
        msg = f"{name}: expected shape {shape}, got {array.shape}"
        raise ValueError(msg)


def finite(array: FloatArray, name: str) -> None:
    """Refuse NaN and infinity."""
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = first_place(wrong)
        msg = f"{name}{list(place) if place else ''}: expected a finite number, got {array[place]}"
        raise ValueError(msg)
