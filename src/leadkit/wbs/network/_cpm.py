"""The critical path method on arrays: links of four kinds with lags, releases, due dates, one or many runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import sealed
from leadkit.wbs.network._checking import as_numbers, is_whole
from leadkit.wbs.network._prepared import PreparedNetwork
from leadkit.wbs.network._result import CriticalPath

__all__ = ["cpm"]

Numbers = NDArray[Any]
FLOAT_TOLERANCE = 1e-9
NUMBERS_A_PIECE = 2**20
LEAST_RUNS_A_PIECE, MOST_RUNS_A_PIECE = 16, 1024
DATES = ("early_start", "early_finish", "late_start", "late_finish", "total_float", "free_float")


def cpm(
    duration: ArrayLike,
    predecessor: ArrayLike,
    successor: ArrayLike,
    *,
    kind: ArrayLike = 0,
    lag: ArrayLike = 0,
    release: ArrayLike | None = None,
    due: ArrayLike | None = None,
    finish: ArrayLike | None = None,
) -> CriticalPath:
    """Find early and late dates, floats and the critical activities of a network.

    Parameters
    ----------
    duration : (n,) or (runs, n) array_like
        Durations, finite and at least 0, in any one unit.
    predecessor, successor : (m,) array_like of int
        Ends of the links, indices of activities. Their order changes nothing; several links between one pair, also
        of one kind, all hold.
    kind : int or (m,) array_like of int
        Kind of each link, an index into `LINK_KINDS`: 0 FS, 1 SS, 2 FF, 3 SF.
    lag : number or (m,) array_like
        Lag of each link, may be negative.
    release : (n,) array_like, optional
        Earliest start of each activity, may be negative; 0 for all where none is given. Nothing else keeps a start at
        or above 0.
    due : (n,) array_like, optional
        Latest finish of each activity, NaN for none.
    finish : number or (runs,) array_like, optional
        Latest finish of all; the early end where none is given.

    Returns
    -------
    CriticalPath
        The least early dates and the greatest late dates that keep every link. Whole numbers give int64, exactly;
        any float gives float64. Only `due`, which has to be of floats to hold NaN, counts as whole where its values are.

    Raises
    ------
    ValueError
        An index outside 0..n-1, a link from an activity to itself, an unknown kind, a negative duration, a number
        that is NaN or infinite, a wrong shape, or whole numbers too large to be added in int64.
    CycleError
        The links form a loop; `.cycle` names it with indices, closed, from the smallest one on.

    Notes
    -----
    A link from i to j with lag l demands, by kind, FS: start j >= finish i + l; SS: start j >= start i + l; FF: finish
    j >= finish i + l; SF: finish j >= start i + l.

    References
    ----------
    .. [1] J. E. Kelley, M. R. Walker, "Critical-path planning and scheduling", Proceedings of the Eastern Joint
       Computer Conference, 1959.
    .. [2] S. E. Elmaghraby, J. Kamburowski, "The analysis of activity networks under generalized precedence
       relations", Management Science 38, 1992.

    Examples
    --------
    >>> path = cpm([4, 6, 5, 3], [0, 1, 0, 2], [1, 2, 2, 3], kind=[1, 2, 0, 3], lag=[2, 1, -1, 7])
    >>> path.early_start.tolist(), path.early_end
    ([0, 2, 4, 8], 11)
    >>> cpm([5, 5, 10, 15], [0, 0, 1, 2], [1, 2, 3, 3]).total_float.tolist()
    [0, 5, 0, 0]
    >>> cpm([1, 1], [0, 1], [1, 0])
    Traceback (most recent call last):
        ...
    leadkit.errors.CycleError: the links form a loop: 0 -> 1 -> 0
    """
    durations = as_numbers(duration, "duration", least=0)
    if durations.ndim not in {1, 2}:
        msg = f"duration: expected shape (n,) or (runs, n), got {durations.shape}"
        raise ValueError(msg)
    network = PreparedNetwork.of(durations.shape[-1], predecessor, successor, kind=kind, lag=lag)
    releases = None if release is None else _one_an_activity(as_numbers(release, "release"), "release", network.n)
    dues = None if due is None else _one_an_activity(as_numbers(due, "due", missing=True), "due", network.n)
    end = None if finish is None else _one_a_run(as_numbers(finish, "finish"), durations)
    given = [durations, network.lag, *(values for values in (releases, end) if values is not None)]
    whole = all(values.dtype.kind == "i" for values in given) and (dues is None or is_whole(dues))
    if whole:
        _expect_room(durations, network.lag, [*given[2:], *(() if dues is None else (dues,))])
    else:
        durations = durations.astype(np.float64, copy=False)
    if durations.ndim == 1:
        return _one_run(network, durations, releases, dues, end)
    return _runs(network, durations, releases, dues, end)


def _one_run(
    network: PreparedNetwork, duration: Numbers, release: Numbers | None, due: Numbers | None, finish: Numbers | None
) -> CriticalPath:
    dates, early_end, end = _dates(network, duration, release, due, finish)
    return _result([sealed(values) for values in dates], early_end, end)


def _runs(
    network: PreparedNetwork, duration: Numbers, release: Numbers | None, due: Numbers | None, finish: Numbers | None
) -> CriticalPath:
    """Work out the runs in pieces, activities first in each: the runs of an activity then lie side by side."""
    dates = [np.empty(duration.shape, dtype=duration.dtype) for _ in DATES]
    early_end, end = np.empty((2, duration.shape[0]), dtype=duration.dtype)
    for some in _pieces(*duration.shape):
        finishes = None if finish is None else finish[some] if finish.ndim else finish
        found, early_end[some], end[some] = _dates(
            network, np.ascontiguousarray(duration[some].T), release, due, finishes
        )
        for values, part in zip(dates, found, strict=True):
            values[some] = part.T
    return _result([sealed(values) for values in dates], early_end, end)


def _dates(
    network: PreparedNetwork, duration: Numbers, release: Numbers | None, due: Numbers | None, finish: Numbers | None
) -> tuple[list[Numbers], Numbers, Numbers]:
    """Give the dates in the order of `DATES`, the early end, and the finish that was asked for or taken."""
    early_start = network.forward(duration, release)
    early_finish = early_start + duration
    early_end = early_finish.max(axis=0) if network.n else np.zeros(duration.shape[1:], dtype=duration.dtype)
    end = early_end if finish is None else finish
    late_start = network.backward(duration, end, due)
    free_float = network.free_float(duration, early_start)
    dates = [early_start, early_finish, late_start, late_start + duration, late_start - early_start, free_float]
    return dates, early_end, end


def _result(dates: list[Numbers], early_end: Numbers, finish: Numbers) -> CriticalPath:
    total_float = dates[DATES.index("total_float")]
    limit: Any = 0
    if total_float.dtype.kind == "f":
        limit = FLOAT_TOLERANCE * np.maximum(1, np.asarray(early_end))[..., None]
    return CriticalPath(
        **dict(zip(DATES, dates, strict=True)),
        is_critical=sealed(np.asarray(total_float <= limit)),
        finish=finish,
        early_end=early_end,
        flags=("negative_float",) if bool((total_float < -limit).any()) else (),
    )


def _pieces(runs: int, n: int) -> Iterator[slice]:
    """Cut the runs so that a piece of all activities stays small."""
    size = min(max(NUMBERS_A_PIECE // max(n, 1), LEAST_RUNS_A_PIECE), MOST_RUNS_A_PIECE)
    for low in range(0, runs, size):
        yield slice(low, low + size)


def _one_an_activity(values: Numbers, name: str, n: int) -> Numbers:
    if values.shape != (n,):
        msg = f"{name}: expected {n} values, one an activity, got shape {values.shape}"
        raise ValueError(msg)
    return values


def _one_a_run(finish: Numbers, duration: Numbers) -> Numbers:
    if finish.shape not in {(), duration.shape[:-1]}:
        wanted = f"one number or {duration.shape[0]}, one a run" if duration.ndim > 1 else "one number"
        msg = f"finish: expected {wanted}, got shape {finish.shape}"
        raise ValueError(msg)
    return finish


def _expect_room(duration: Numbers, lag: Numbers, bounds: list[Numbers]) -> None:
    """Refuse whole numbers whose sums might leave int64: no date can be further from 0 than all of them together."""
    sizes = [np.abs(values, dtype=np.float64) for values in (duration, lag)]
    longest = float(np.nan_to_num(sizes[0].sum(axis=-1)).max(initial=0)) + float(sizes[1].sum())
    furthest = sum(float(np.nan_to_num(np.abs(values, dtype=np.float64)).max(initial=0)) for values in bounds)
    if 4 * longest + 2 * furthest >= 2**63:
        msg = "duration, lag, release, due, finish: the sums may be larger than int64 can hold; give floats"
        raise ValueError(msg)
