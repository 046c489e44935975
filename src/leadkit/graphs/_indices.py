"""Index arrays: what is accepted as one, the type it is kept in, and places inside bounds."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["IndexArray", "as_indices", "as_node", "as_nodes", "index_dtype", "stable_order"]

IndexArray: TypeAlias = NDArray[np.signedinteger[Any]]
"""An array of node indices: int32 below 2**31 nodes, else int64."""


def index_dtype(n: int) -> DTypeLike:
    """Choose the integer type in which `n` nodes are counted.

    Examples
    --------
    >>> index_dtype(1_000_000)
    <class 'numpy.int32'>
    """
    return np.int32 if n < 2**31 - 1 else np.int64


def as_indices(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return a vector of integers as it is; anything else is a ValueError, an empty list is a vector of none."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.getmaskarray(values).any():
        msg = f"{name}: expected whole numbers, got a masked place"
        raise ValueError(msg)
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError) as error:
        msg = f"{name}: expected a vector of whole numbers: {error}"
        raise ValueError(msg) from error
    if array.size == 0 and array.ndim == 1 and not isinstance(values, np.ndarray):
        return np.empty(0, dtype=np.int32)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        msg = f"{name}: expected a vector of whole numbers, got {array.dtype} with {array.ndim} dimensions"
        raise ValueError(msg)
    return array


def as_nodes(values: ArrayLike, n: int, name: str) -> NDArray[Any]:
    """Return integers of any shape that are nodes of a graph of `n`; a place outside is named."""
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(array.shape, dtype=index_dtype(n))
    if array.dtype.kind not in "iu":
        msg = f"{name}: expected whole numbers, got {array.dtype}"
        raise ValueError(msg)
    outside = (array < 0) | (array >= n)
    if outside.any():
        wrong = array[outside].flat[0]
        msg = f"{name}: node {wrong} is outside {f'0..{n - 1}' if n else 'a graph without nodes'}"
        raise ValueError(msg)
    return array.astype(index_dtype(n), copy=False)


def as_node(value: int, n: int, name: str = "node") -> int:
    """Return one node of a graph of `n`."""
    array = as_nodes(value, n, name)
    if array.ndim:
        msg = f"{name}: expected one node, got {array.size}"
        raise ValueError(msg)
    return int(array)


def stable_order(keys: NDArray[Any]) -> NDArray[np.int64]:
    """Order integers by size, equal ones by place, as a stable argsort does; each, and their number, below 2**31.

    A key and its place stand in one number, so that a plain sort, which numpy does fast, keeps the order of equal keys.

    Examples
    --------
    >>> stable_order(np.array([4, 3, 4, 1])).tolist()
    [3, 1, 0, 2]
    """
    bits = keys.size.bit_length()
    packed = (keys.astype(np.int64) << bits) | np.arange(keys.size)
    packed.sort()
    order: NDArray[np.int64] = packed & ((1 << bits) - 1)
    return order
