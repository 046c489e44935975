"""Arrays of instants and of amounts of time: checked, brought to microseconds, and answered a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit.calendars._hours import Hours
from leadkit.calendars._instants import FIRST, LAST, MOST_WORK, length, microseconds
from leadkit.calendars._line import NOWHERE, Side
from leadkit.calendars.never import Never
from leadkit.typing import IntArray

Instants: TypeAlias = ArrayLike | datetime | Sequence[datetime | Never | None]
Amounts: TypeAlias = ArrayLike | timedelta | Sequence[timedelta | None]

INSTANTS: Final = np.dtype("M8[us]")
AMOUNTS: Final = np.dtype("m8[us]")
# what is in work at one time: small enough for the processor's cache and for the bound on memory
BLOCK: Final = 16_384
# the range of the narrow units lies within that of microseconds; the vague ones have no fixed length
NARROW_UNITS: Final = frozenset({"ns", "ps", "fs", "as"})
VAGUE_UNITS: Final = frozenset({"Y", "M", "generic"})


def instant_array(values: Instants, name: str) -> NDArray[np.datetime64]:
    """Turn what an argument called `name` holds into instants; NaT stays NaT."""
    given = _given(values, INSTANTS)
    if given.dtype.kind == "O":
        return _from_objects(given, name, microseconds).view(INSTANTS)
    if given.dtype.kind != "M":
        msg = f"{name}: expected datetime64 or aware datetimes, got {given.dtype}"
        raise TypeError(msg)
    if np.datetime_data(given.dtype)[0] not in NARROW_UNITS:
        _expect_years(given, name)
    instants = given.astype(INSTANTS, copy=False)
    _expect_years(instants, name)
    return instants


def amount_array(values: Amounts, name: str) -> NDArray[np.timedelta64]:
    """Turn what an argument called `name` holds into amounts of time; NaT stays NaT."""
    given = _given(values, AMOUNTS)
    if given.dtype.kind == "O":
        return _from_objects(given, name, length).view(AMOUNTS)
    if given.dtype.kind != "m":
        msg = f"{name}: expected timedelta64 or timedeltas, got {given.dtype}"
        raise TypeError(msg)
    unit = np.datetime_data(given.dtype)[0]
    if unit in VAGUE_UNITS and not np.isnat(given).all():
        msg = f"{name}: an amount in the unit {unit!r} has no fixed length; give weeks or anything smaller"
        raise ValueError(msg)
    if unit not in NARROW_UNITS | VAGUE_UNITS:
        most = np.array(MOST_WORK).view(AMOUNTS).astype(given.dtype)
        if _any_outside(given, -most, most):
            given = np.clip(given, -most, most)
    return given.astype(AMOUNTS, copy=False)


def elapsed_of_arrays(
    hours: Hours, starts: NDArray[np.datetime64], ends: NDArray[np.datetime64]
) -> NDArray[np.timedelta64]:
    """Measure the open time from each start to its end."""
    ranges = [known for known in (_range(starts), _range(ends)) if known]
    low, high = min((known[0] for known in ranges), default=0), max((known[1] for known in ranges), default=0)
    line = hours.covering(low, high)

    def kernel(first: IntArray, second: IntArray) -> IntArray:
        elapsed: IntArray = line.worked_until(second) - line.worked_until(first)
        return elapsed

    return _in_blocks(kernel, starts, ends, fill=(low, low), dtype=AMOUNTS)


def added_to_arrays(
    hours: Hours, starts: NDArray[np.datetime64], work: NDArray[np.timedelta64], *, side: Side, horizon: int
) -> NDArray[np.datetime64]:
    """Find for each start the instant `work` after it; NaT where it is farther than `horizon`."""
    low, high = _range(starts) or (0, 0)
    least, most = _range(work) or (0, 0)
    line = hours.reaching(low, high, least=least, most=max(most, 0), horizon=horizon)

    def kernel(start: IntArray, amount: IntArray) -> IntArray:
        found = line.instant_at(line.worked_until(start) + amount, side)
        found[(found < start - horizon) | (found > np.minimum(start + horizon, LAST))] = NOWHERE
        return np.where(amount == 0, start, found) if side == "finish" else found

    return _in_blocks(kernel, starts, work, fill=(low, 0), dtype=INSTANTS)


def _in_blocks(
    kernel: Callable[[IntArray, IntArray], IntArray],
    first: NDArray[Any],
    second: NDArray[Any],
    *,
    fill: tuple[int, int],
    dtype: np.dtype[Any],
) -> NDArray[Any]:
    """Broadcast two arrays and answer a block at a time; NaT in either gives NaT, and the kernel sees `fill` there."""
    walk = np.nditer(
        [first, second, None],
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=[["readonly"], ["readonly"], ["writeonly", "allocate"]],
        op_dtypes=[first.dtype, second.dtype, dtype],
        buffersize=BLOCK,
    )
    with walk:
        for one, other, out in walk:
            a, b, answer = one.view(np.int64), other.view(np.int64), out.view(np.int64)
            missing = (a == NOWHERE) | (b == NOWHERE)
            if missing.any():
                a, b = np.where(missing, fill[0], a), np.where(missing, fill[1], b)
            answer[...] = kernel(a, b)
            answer[missing] = NOWHERE
        answers: NDArray[Any] = walk.operands[2]
    return answers


def _given(values: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Make an array; numpy takes an empty list for one of floats."""
    given = np.asarray(values)
    return given if given.size else np.empty(given.shape, dtype=dtype)


def _range(values: NDArray[Any]) -> tuple[int, int] | None:
    """Find the least and the greatest of microseconds; None where all are NaT."""
    if not values.size or np.isnat(low := np.fmin.reduce(values, axis=None)):
        return None
    return int(low.view(np.int64)), int(np.fmax.reduce(values, axis=None).view(np.int64))


def _any_outside(values: NDArray[Any], low: Any, high: Any) -> bool:
    if not values.size:
        return False
    return bool(np.fmin.reduce(values, axis=None) < low or np.fmax.reduce(values, axis=None) > high)


def _expect_years(values: NDArray[np.datetime64], name: str) -> None:
    low, high = np.array([FIRST, LAST]).view(INSTANTS).astype(values.dtype)
    if _any_outside(values, low, high):
        place = int(np.flatnonzero((values < low) | (values > high))[0])
        msg = f"{name}[{place}]: {values.flat[place]} lies outside the years 1 to 9999 of UTC"
        raise ValueError(msg)


def _from_objects(given: NDArray[Any], name: str, read: Callable[[object, str], int]) -> IntArray:
    numbers = [NOWHERE if _is_missing(value) else read(value, f"{name}[{i}]") for i, value in enumerate(given.flat)]
    return np.array(numbers, dtype=np.int64).reshape(given.shape)


def _is_missing(value: object) -> bool:
    # NaT of numpy and of pandas, and NaN, are not equal to themselves
    return value is None or isinstance(value, Never) or bool(value != value)  # noqa: PLR0124
