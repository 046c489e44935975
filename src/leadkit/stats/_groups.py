"""Labels of groups into codes: what is a label, what is no group, and in which order groups come."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit.typing import IntArray

NO_GROUP = -1


def group_codes(
    groups: ArrayLike | Sequence[Hashable], name: str, *, length: int | None = None
) -> tuple[tuple[Any, ...], IntArray]:
    """Return the labels in ascending order and the place of each row's label among them, -1 for no group.

    None, NaN and masked cells are no group; labels are plain Python values. `length` is the number of rows there
    must be.
    """
    array = label_array(groups, name)
    if length is not None and array.size != length:
        msg = f"{name}: expected {length} labels, got {array.size}"
        raise ValueError(msg)
    if array.dtype.kind in "biuSU":
        found, places = np.unique(array, return_inverse=True)
        return tuple(found.tolist()), places.astype(np.int64)
    rows = [_label(label) for label in array.tolist()]
    try:
        labels = sorted_labels((label for label in rows if label is not None), name)
        code = {label: place for place, label in enumerate(labels)} | {None: NO_GROUP}
        return labels, np.array([code[label] for label in rows], dtype=np.int64)
    except TypeError as error:
        msg = f"{name}: a label cannot be compared: {error}"
        raise ValueError(msg) from error


def label_array(groups: ArrayLike | Sequence[Hashable], name: str) -> NDArray[Any]:
    """Return labels as a vector without turning numbers among strings into text, or tuples into columns."""
    array: NDArray[Any]
    if isinstance(groups, np.ma.MaskedArray):
        array = np.array(groups.data, dtype=object)
        array[np.ma.getmaskarray(groups)] = None
    elif hasattr(groups, "__array__"):
        array = np.asarray(groups)
    elif isinstance(groups, str | bytes) or not isinstance(groups, Iterable):
        msg = f"{name}: expected one label a row, got {groups!r}"
        raise ValueError(msg)
    else:
        array = np.fromiter(groups, dtype=object)
    if array.ndim != 1:
        msg = f"{name}: expected one dimension, got {array.ndim}"
        raise ValueError(msg)
    return array.astype("datetime64[us]") if array.dtype.kind == "M" else array


def sorted_labels(labels: Iterable[Hashable], name: str) -> tuple[Any, ...]:
    """Sort labels and drop repeats; refuse labels that do not sort together."""
    unique: set[Any] = set(labels)
    try:
        return tuple(sorted(unique))
    except TypeError as error:
        kinds = sorted({type(label).__name__ for label in unique})
        msg = f"{name}: labels of kind {', '.join(kinds)} do not sort together"
        raise ValueError(msg) from error


def _label(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    # NaN differs from itself, and so does every other mark of a missing value (pandas' NA answers with itself)
    return None if value is None or (value != value) is not False else value  # noqa: PLR0124
