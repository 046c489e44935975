"""What may go into a network: ends of links inside it, kinds by code, numbers that are there and finite."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit.graphs._indices import IndexArray, as_indices, index_dtype

__all__ = ["LINK_KINDS", "as_ends", "as_kinds", "as_numbers", "expect_no_self_links", "is_whole", "one_a_link"]

LINK_KINDS: tuple[str, ...] = ("FS", "SS", "FF", "SF")
"""Kinds of link: finish to start, start to start, finish to finish, start to finish; a kind code is an index into this."""


def as_ends(n: int, predecessor: ArrayLike, successor: ArrayLike) -> tuple[IndexArray, IndexArray]:
    """Return the ends of the links; one outside of 0..n-1 is named."""
    ends = []
    for name, values in (("predecessor", predecessor), ("successor", successor)):
        array = as_indices(values, name)
        outside = (array < 0) | (array >= n)
        if outside.any():
            place = int(np.argmax(outside))
            bound = f"0..{n - 1}" if n else "a network without activities"
            msg = f"{name}[{place}]: activity {array[place]} is outside {bound}"
            raise ValueError(msg)
        ends.append(array.astype(index_dtype(n), copy=False))
    first, second = ends
    if first.size != second.size:
        msg = f"predecessor and successor differ in length: {first.size} and {second.size}"
        raise ValueError(msg)
    return first, second


def expect_no_self_links(predecessor: IndexArray, successor: IndexArray) -> None:
    """Name the first link from an activity to itself."""
    itself = predecessor == successor
    if itself.any():
        place = int(np.argmax(itself))
        msg = f"link {place}: activity {predecessor[place]} cannot depend on itself"
        raise ValueError(msg)


def as_kinds(kind: ArrayLike, n_links: int) -> NDArray[np.int8]:
    """Return one kind code a link."""
    array = one_a_link(np.asarray(kind), "kind", n_links)
    known = ", ".join(f"{code} {word}" for code, word in enumerate(LINK_KINDS))
    if array.size and array.dtype.kind not in "iu":
        msg = f"kind: expected codes ({known}), got {array.dtype}"
        raise ValueError(msg)
    wrong = (array < 0) | (array >= len(LINK_KINDS)) if array.size else array.astype(bool)
    if wrong.any():
        place = int(np.argmax(wrong))
        msg = f"kind[{place}]: expected a code ({known}), got {array[place]}"
        raise ValueError(msg)
    return array.astype(np.int8)


def one_a_link(values: NDArray[Any], name: str, n_links: int) -> NDArray[Any]:
    """Spread one value, or one a link, over all links."""
    if values.shape not in {(), (1,), (n_links,)}:
        msg = f"{name}: expected one value or {n_links}, one a link, got shape {values.shape}"
        raise ValueError(msg)
    return np.broadcast_to(values, (n_links,))


def as_numbers(values: ArrayLike, name: str, *, least: float | None = None, missing: bool = False) -> NDArray[Any]:
    """Return integers as int64 and other real numbers as float64; `missing` lets NaN pass, infinity never does.

    An array that is of the type already is not copied.
    """
    masked = isinstance(values, np.ma.MaskedArray) and bool(np.ma.getmaskarray(values).any())
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError) as error:
        msg = f"{name}: expected numbers: {error}"
        raise ValueError(msg) from error
    if array.size == 0 and not isinstance(values, np.ndarray):
        array = array.astype(np.int64)
    if masked or array.dtype.kind not in "iuf":
        msg = f"{name}: expected numbers, got {'a masked place' if masked else array.dtype}"
        raise ValueError(msg)
    if array.dtype.kind == "u" and array.size and array.max() > np.iinfo(np.int64).max:
        msg = f"{name}: {array.max()} does not fit into int64"
        raise ValueError(msg)
    array = array.astype(np.float64 if array.dtype.kind == "f" else np.int64, copy=False)
    _expect_usable(array, name, least, missing=missing)
    return array


def is_whole(values: NDArray[Any]) -> bool:
    """Tell whether an array, of floats perhaps because some are missing, holds whole numbers that int64 keeps exactly."""
    known = values[~np.isnan(values)]
    return values.dtype.kind == "i" or bool((known == np.rint(known)).all() and (np.abs(known) < 2**53).all())


def _expect_usable(array: NDArray[Any], name: str, least: float | None, *, missing: bool) -> None:
    """Name the first number that is not finite or below `least`."""
    wrong = np.zeros(array.shape, dtype=bool)
    if array.dtype.kind == "f":
        wrong |= np.isinf(array) if missing else ~np.isfinite(array)
    if least is not None:
        wrong |= array < least
    if wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        where = f"[{', '.join(map(str, place))}]" if place else ""
        bound = "" if least is None else f" of at least {least:g}"
        missed = " or NaN for none" if missing else ""
        msg = f"{name}{where}: expected a finite number{bound}{missed}, got {array[place]}"
        raise ValueError(msg)
