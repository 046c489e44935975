"""Converters and checks that every model shares: read-only arrays, frozen mappings, located faults."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from leadkit.errors import Fault

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co], Generic[K, V_co]):
    """A mapping that keeps its order and cannot be changed; hashable when its values are, and picklable.

    Examples
    --------
    >>> FrozenMapping({"a": 1})["a"]
    1
    """

    __slots__ = ("_data",)

    def __init__(self, data: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = ()) -> None:
        self._data: dict[K, V_co] = dict(data)

    def __getitem__(self, key: K) -> V_co:
        return self._data[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __hash__(self) -> int:
        return hash(frozenset(self._data.items()))

    def __repr__(self) -> str:
        return repr(self._data)

    def __reduce__(self) -> tuple[type[FrozenMapping[Any, Any]], tuple[dict[K, V_co]]]:
        return (FrozenMapping, (self._data,))


def float_array(values: ArrayLike) -> NDArray[np.float64]:
    """Copy `values` into a read-only float64 array; one that is read-only and owns its data is kept."""
    return _read_only(values, np.float64)


def int_array(values: ArrayLike) -> NDArray[np.int64]:
    """Copy `values` into a read-only int64 array; one that is read-only and owns its data is kept."""
    return _read_only(values, np.int64)


def bool_array(values: ArrayLike) -> NDArray[np.bool_]:
    """Copy `values` into a read-only boolean array; one that is read-only and owns its data is kept."""
    return _read_only(values, np.bool_)


def sealed(values: NDArray[Any]) -> NDArray[Any]:
    """Make a freshly computed array read-only in place, so that a result keeps it without a copy."""
    values.flags.writeable = False
    return values


def optional_int_array(values: ArrayLike | None) -> NDArray[np.int64] | None:
    """Copy `values` into a read-only int64 array; None stays None."""
    return None if values is None else int_array(values)


def as_float(value: float | None) -> float:
    """Turn a numpy scalar into a Python float; None, which `to_dict` writes for NaN, becomes NaN again."""
    return math.nan if value is None else float(value)


def as_int(value: int) -> int:
    """Turn a numpy integer into a Python int."""
    return int(value)


def frozen_mapping(values: Mapping[K, V_co]) -> FrozenMapping[K, V_co]:
    """Copy a mapping into one that cannot be changed."""
    return values if isinstance(values, FrozenMapping) else FrozenMapping(values)


def identifier_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a lower-case identifier."""
    if isinstance(value, str) and IDENTIFIER.fullmatch(value):
        return []
    return [Fault(where, f"{value!r} is not an identifier: a lower-case letter, then a-z, 0-9 or _")]


def whole_number_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not an int; a bool is none."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return []
    return [Fault(where, f"expected a whole number, got {value!r}")]


def number_faults(value: object, where: str, *, above: float = -math.inf) -> list[Fault]:
    """Refuse what is not a finite real number above `above`; a bool is none."""
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        if _is_finite(value) and value > above:
            return []
        bound = "" if above == -math.inf else f" above {above:g}"
        return [Fault(where, f"expected a finite number{bound}, got {value!r}")]
    return [Fault(where, f"expected a number, got {value!r}")]


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no float can hold
        return False


def string_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a text with something in it."""
    if isinstance(value, str) and value.strip():
        return []
    return [Fault(where, f"expected a text that is not empty, got {value!r}")]


def repeated(names: Iterable[Any]) -> list[Any]:
    """List what occurs more than once, in order of first occurrence."""
    counts: dict[Any, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return [name for name, count in counts.items() if count > 1]


def _read_only(values: ArrayLike, dtype: DTypeLike) -> NDArray[Any]:
    if (
        isinstance(values, np.ndarray)
        and values.dtype == dtype
        and values.base is None
        and not values.flags.writeable
        and type(values) is np.ndarray
    ):
        return values
    return sealed(np.array(values, dtype=dtype))
