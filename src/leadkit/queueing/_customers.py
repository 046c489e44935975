"""What customers bring to a queue and who may serve them, checked."""

from __future__ import annotations

import math
from operator import itemgetter
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import whole_number_faults
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Customers", "Pool", "amounts", "arrivals", "marks", "patiences", "pool", "truths"]


@attrs.frozen(kw_only=True, eq=False)
class Customers:
    """Those who come to one level, in order of arrival; without `patience` nobody ever gives up."""

    arrival: FloatArray
    service: FloatArray
    patience: FloatArray | None = None
    kind: IntArray | None = None
    priority: IntArray | None = None

    def __len__(self) -> int:
        return len(self.arrival)

    def deadlines(self, part: slice = slice(None)) -> list[float]:
        """Tell until when each of some customers waits."""
        if self.patience is None:
            return [math.inf] * len(self.arrival[part])
        with np.errstate(over="ignore"):
            deadlines: list[float] = (self.arrival[part] + self.patience[part]).tolist()
        return deadlines


@attrs.frozen(eq=False)
class Pool:
    """The servers of one level, and for each kind of customer those who may serve it."""

    servers: int
    by_kind: tuple[tuple[int, ...], ...]

    @property
    def is_alike(self) -> bool:
        """Tell whether there are servers and every one of them serves everybody."""
        return self.servers > 0 and all(len(members) == self.servers for members in self.by_kind)

    def kinds(self, customers: Customers) -> IntArray:
        """Give the kind of each customer, 0 where there are none."""
        return np.zeros(len(customers), dtype=np.int64) if customers.kind is None else customers.kind

    def pickers(self) -> list[tuple[Any, tuple[int, ...]]]:
        """Give for each kind what picks the entries of its servers out of a list, and those servers."""
        return [(_picker(members), members) for members in self.by_kind]

    def refuse_endless(self, customers: Customers) -> None:
        """Refuse customers whom nobody serves and who would wait for ever."""
        kinds = self.kinds(customers)
        unserved = np.isin(kinds, [kind for kind, members in enumerate(self.by_kind) if not members])
        if not unserved.any():
            return
        patience = math.inf if customers.patience is None else customers.patience[unserved]
        with np.errstate(over="ignore"):
            endless = np.isinf(customers.arrival[unserved] + patience)
        if endless.any():
            kind = kinds[unserved][endless][0]
            who = "there are no servers" if customers.kind is None else f"nobody serves kind {kind}"
            msg = f"patience: {who}, so every such customer needs a finite patience to give up at"
            raise ValueError(msg)


def _picker(members: tuple[int, ...]) -> Any:
    if not members:
        return lambda _: (math.inf,)
    if len(members) == 1:
        (only,) = members
        return lambda values: (values[only],)
    return itemgetter(*members)


def arrivals(values: ArrayLike) -> FloatArray:
    """Take instants of arrival: finite and non-decreasing."""
    found = _numbers(values, "arrival")
    if found.ndim != 1:
        msg = f"arrival: expected one number a customer, got an array of shape {found.shape}"
        raise ValueError(msg)
    _refuse(~np.isfinite(found), found, "arrival", "a finite number")
    early = np.flatnonzero(found[1:] < found[:-1])
    if len(early):
        place = int(early[0]) + 1
        msg = f"arrival[{place}]: {found[place]} is before {found[place - 1]}; arrivals must not decrease"
        raise ValueError(msg)
    return found


def amounts(values: ArrayLike, name: str, shape: tuple[int, ...], *, arrival: FloatArray) -> FloatArray:
    """Take finite times of at least 0, small enough to add up after the last arrival."""
    found = _shaped(_numbers(values, name), name, shape)
    _refuse(~(np.isfinite(found) & (found >= 0)), found, name, "a finite number of at least 0")
    with np.errstate(over="ignore"):
        end = found.sum() + 2 * np.abs(arrival).max(initial=0.0)
    if not np.isfinite(end):
        msg = f"{name}: expected times whose sum is finite, got {end}"
        raise ValueError(msg)
    return found


def patiences(values: ArrayLike | None, shape: tuple[int, ...]) -> FloatArray | None:
    """Take times of at least 0, infinite ones too; None stays None."""
    if values is None:
        return None
    found = _shaped(_numbers(values, "patience"), "patience", shape)
    _refuse(~(found >= 0), found, "patience", "a number of at least 0, or inf")
    return found


def marks(values: ArrayLike | None, name: str, n: int) -> IntArray | None:
    """Take one whole number of at least 0 a customer; None stays None."""
    if values is None:
        return None
    found = _shaped(_array(values, name), name, (n,))
    if found.dtype.kind not in "iu" and n:
        msg = f"{name}: expected whole numbers, got an array of {found.dtype}"
        raise ValueError(msg)
    numbers = found.astype(np.int64, copy=False)
    _refuse(numbers < 0, found, name, "a whole number of at least 0")
    return numbers


def truths(values: ArrayLike, name: str, shape: tuple[int, ...]) -> BoolArray:
    """Take an array of truth values, or of 0 and 1."""
    found = _shaped(_array(values, name), name, shape)
    is_binary = found.dtype.kind in "iuf" and bool(np.isin(found, (0, 1)).all())
    if found.dtype.kind != "b" and not is_binary:
        msg = f"{name}: expected truth values, got an array of {found.dtype}"
        raise ValueError(msg)
    return found.astype(np.bool_, copy=False)


def pool(servers: object, kind: IntArray | None, eligible: ArrayLike | None, *, where: str = "") -> Pool:
    """Take the servers of a level and who of them serves which kind."""
    if whole_number_faults(servers, "servers") or servers < 0:  # type: ignore[operator]
        msg = f"servers{where}: expected a whole number of at least 0, got {servers!r}"
        raise ValueError(msg)
    n = int(servers)  # type: ignore[call-overload]
    if (kind is None) != (eligible is None):
        given, other = ("kind", "eligible") if eligible is None else ("eligible", "kind")
        msg = f"{given} says nothing without {other}: give both or neither"
        raise ValueError(msg)
    if kind is None or eligible is None:
        return Pool(n, (tuple(range(n)),))
    table = _array(eligible, f"eligible{where}")
    if table.ndim != 2:
        msg = f"eligible{where}: expected a table of kinds by servers, got an array of shape {table.shape}"
        raise ValueError(msg)
    table = truths(table, f"eligible{where}", (len(table), n))
    _refuse(kind >= len(table), kind, "kind", f"a row of eligible{where}, 0 to {len(table) - 1}")
    return Pool(n, tuple(tuple(np.flatnonzero(row).tolist()) for row in table))


def _array(values: Any, name: str) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except (ValueError, TypeError) as error:
        msg = f"{name}: expected an array, got rows of different lengths"
        raise ValueError(msg) from error


def _numbers(values: ArrayLike, name: str) -> FloatArray:
    found = _array(values, name)
    if found.dtype.kind not in "fiu":
        msg = f"{name}: expected numbers, got an array of {found.dtype}"
        raise ValueError(msg)
    return found.astype(np.float64, copy=False)


def _shaped(found: NDArray[Any], name: str, shape: tuple[int, ...]) -> NDArray[Any]:
    if found.shape != shape:
        msg = f"{name}: expected an array of shape {shape}, got one of shape {found.shape}"
        raise ValueError(msg)
    return found


def _refuse(wrong: BoolArray, values: NDArray[Any], name: str, expected: str) -> None:
    if wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        where = ", ".join(str(int(one)) for one in place)
        msg = f"{name}[{where}]: expected {expected}, got {values[place]}"
        raise ValueError(msg)
