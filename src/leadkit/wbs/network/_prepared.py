"""A network made ready once, so that early and late dates of many sets of durations are worked out fast."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Self, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike, DTypeLike, NDArray

from leadkit._fields import sealed
from leadkit.graphs._indices import IndexArray
from leadkit.typing import IntArray
from leadkit.wbs.network._blocks import Steps, latest_block, least_slack_block, soonest_block, steps_of
from leadkit.wbs.network._checking import as_ends, as_kinds, as_numbers, expect_no_self_links, one_a_link
from leadkit.wbs.network._cycles import cycle_error, find_cycle
from leadkit.wbs.network._one_run import latest, least_slack, soonest, spans
from leadkit.wbs.network._ordering import MEAN_WIDTH, ordered

__all__ = ["PreparedNetwork"]

Numbers: TypeAlias = NDArray[Any]
"""int64 or float64: what goes in comes out."""
FEW_RUNS = 4
"""Up to so many runs are worked out one by one; more of them link by link, all runs at a time."""


@frozen(kw_only=True, eq=False)
class PreparedNetwork:
    """Activities 0..n-1 in a topological order, and the links between them in the order of their predecessors.

    `PreparedNetwork.of` makes one and checks the links. The object holds no durations: `forward`, `backward` and
    `free_float` take them, one set of shape (n,) or a block of shape (n, runs), activities first, so that the runs of
    an activity lie side by side. They trust their input: arrays of int64 or of float64 (not mixed with float lags where
    integers are to come out), finite, durations at least 0. The same durations give the same bits in a block as alone.

    Parameters
    ----------
    n : int
        Number of activities.
    order : (n,) int array
        The activities in an order in which every link leads forward.
    tail, head : (m,) int array
        Ends of the links as positions in `order`; tails ascend, so a pass forward that takes the links as they come
        has each date ready when it is needed, and so has a pass backward that takes them from the end.
    kind : (m,) int8 array
        Kind code of each link.
    lag : (m,) int64 or float64 array
        Lag of each link.
    place : (m,) int array
        Which link of the input each one is.
    levels : (levels + 1,) int array or None
        Bounds in `order` of the activities with equally long longest paths to them; None where the network is narrow.

    Examples
    --------
    >>> network = PreparedNetwork.of(3, [0, 0], [1, 2], lag=[0, 2])
    >>> start = network.forward(np.array([3, 4, 1]))
    >>> start.tolist()
    [0, 3, 5]
    >>> network.backward(np.array([3, 4, 1]), 7).tolist()
    [0, 3, 6]
    >>> network.forward(np.array([[3.0, 1.0], [4.0, 4.0], [1.0, 1.0]])).tolist()
    [[0.0, 0.0], [3.0, 1.0], [5.0, 3.0]]
    """

    n: int
    order: IndexArray
    tail: IndexArray
    head: IndexArray
    kind: NDArray[np.int8]
    lag: Numbers
    place: IntArray
    levels: IntArray | None

    @classmethod
    def of(
        cls,
        n: int,
        predecessor: ArrayLike,
        successor: ArrayLike,
        *,
        kind: ArrayLike = 0,
        lag: ArrayLike = 0,
        mean_width: int = MEAN_WIDTH,
    ) -> Self:
        """Check the links of a network and order it.

        Parameters
        ----------
        n : int
            Number of activities.
        predecessor, successor : (m,) array_like of int
            Ends of the links, in any order; several links between one pair are fine.
        kind, lag : array_like
            One value or one a link: code of the kind, and lag; integers stay int64, anything else becomes float64.
        mean_width : int
            Activities a level from which array work is used; 0 uses it always. The dates do not depend on it.

        Raises
        ------
        ValueError
            An end outside the network, a link from an activity to itself, an unknown kind, a lag that is not finite,
            or a wrong shape.
        CycleError
            The links form a loop; `.cycle` names it with indices.
        """
        source, target = as_ends(n, predecessor, successor)
        expect_no_self_links(source, target)
        kinds = as_kinds(kind, source.size)
        lags = one_a_link(as_numbers(lag, "lag"), "lag", source.size)
        made = ordered(n, source, target, mean_width=mean_width)
        if made.order.size < n:
            raise cycle_error(find_cycle(n, source, target) or ())
        position = np.empty(n, dtype=made.order.dtype)
        position[made.order] = np.arange(n, dtype=made.order.dtype)
        return cls(
            n=n,
            order=sealed(made.order),
            tail=sealed(position[source[made.links]]),
            head=sealed(position[target[made.links]]),
            kind=sealed(kinds[made.links]),
            lag=sealed(lags[made.links]),
            place=sealed(made.links),
            levels=None if made.levels is None else sealed(made.levels),
        )

    @property
    def predecessor(self) -> IndexArray:
        """The activity that each link leaves, (m,), in the order of the links here."""
        return self.order[self.tail]

    @property
    def successor(self) -> IndexArray:
        """The activity that each link enters, (m,), in the order of the links here."""
        return self.order[self.head]

    def forward(self, duration: Numbers, release: Numbers | None = None) -> Numbers:
        """Give the early starts: the least ones that keep every link and no start before its release.

        Parameters
        ----------
        duration : (n,) or (n, runs) array
            Durations.
        release : (n,) array, optional
            Earliest start of each activity; 0 where none is given.

        Returns
        -------
        (n,) or (n, runs) array
            Early starts; add `duration` to have the early finishes.
        """
        bounds = np.zeros(self.n, dtype=np.int64) if release is None else release
        dtype = np.result_type(duration, self.lag, bounds)
        if duration.ndim == 1:
            positions = bounds[self.order].astype(dtype)
            return self._by_activity(soonest(positions, *self._links(duration), self.levels))
        if duration.shape[1] <= FEW_RUNS:
            return _each_run(lambda run: self.forward(duration[:, run], bounds), duration.shape, dtype)
        start = np.empty(duration.shape, dtype=dtype)
        start[:] = bounds[:, None]
        soonest_block(self._steps, duration, start)
        return start

    def backward(self, duration: Numbers, finish: ArrayLike, due: Numbers | None = None) -> Numbers:
        """Give the late starts: the greatest ones that keep every link, `finish` and every due date.

        Parameters
        ----------
        duration : (n,) or (n, runs) array
            Durations.
        finish : scalar or (runs,) array_like
            Latest finish of every activity.
        due : (n,) array, optional
            Latest finish of each activity, NaN for none. It never makes integers floats: the others have to be whole
            where the dates are.

        Returns
        -------
        (n,) or (n, runs) array
            Late starts; add `duration` to have the late finishes.
        """
        ends = np.asarray(finish)
        dtype = np.result_type(duration, self.lag, ends)
        if duration.ndim == 1:
            limit = _limits(self.n, ends, due, dtype) - duration
            return self._by_activity(latest(limit[self.order], *self._links(duration), self.levels))
        ends = np.broadcast_to(ends, duration.shape[1:])
        if duration.shape[1] <= FEW_RUNS:
            return _each_run(lambda run: self.backward(duration[:, run], ends[run], due), duration.shape, dtype)
        start = _limits(self.n, ends, due, dtype)
        latest_block(self._steps, duration, start)
        return start

    def free_float(self, duration: Numbers, early_start: Numbers) -> Numbers:
        """Give the most that each activity can be late without moving another early date or the early end.

        Parameters
        ----------
        duration : (n,) or (n, runs) array
            Durations.
        early_start : (n,) or (n, runs) array
            What `forward` gives.

        Returns
        -------
        (n,) or (n, runs) array
            Free floats, at least 0.
        """
        finish = early_start + duration
        room = (finish.max(axis=0) if self.n else 0) - finish
        if duration.ndim == 1:
            tail, head, span = self._links(duration)
            return self._by_activity(least_slack(room[self.order], early_start[self.order], tail, head, span))
        if duration.shape[1] <= FEW_RUNS:
            return _each_run(
                lambda run: self.free_float(duration[:, run], early_start[:, run]), duration.shape, room.dtype
            )
        least_slack_block(self._steps, duration, early_start, room)
        return room

    def _links(self, duration: Numbers) -> tuple[IndexArray, IndexArray, Numbers]:
        """Give the ends of the links as positions, and their spans under these durations."""
        return self.tail, self.head, spans(duration[self.order], self.tail, self.head, self.kind, self.lag)

    def _by_activity(self, values: Numbers) -> Numbers:
        """Bring values from the order back to the activities."""
        result = np.empty_like(values)
        result[self.order] = values
        return result

    @cached_property
    def _steps(self) -> Steps:
        return steps_of(self.order, self.tail, self.head, self.kind, self.lag)


def _limits(n: int, finish: Numbers, due: Numbers | None, dtype: DTypeLike) -> Numbers:
    """Give the latest finish of each activity, (n,) or (n, runs)."""
    limit = np.empty((n, *finish.shape), dtype=dtype)
    limit[:] = finish
    if due is not None:
        given = np.flatnonzero(~np.isnan(due))
        bounds = due[given].astype(dtype).reshape(-1, *(1,) * finish.ndim)
        limit[given] = np.minimum(limit[given], bounds)
    return limit


def _each_run(one_run: Callable[[int], Numbers], shape: tuple[int, ...], dtype: DTypeLike) -> Numbers:
    """Work out the runs one by one."""
    result = np.empty(shape, dtype=dtype)
    for run in range(shape[1]):
        result[:, run] = one_run(run)
    return result
