"""The most work that people can do of several kinds when each may only do some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["greatest_flow"]


def greatest_flow(
    demand: Sequence[int], capacity: Sequence[int], most: Sequence[Mapping[int, int]]
) -> list[dict[int, int]]:
    """Share out capacities so that as much as possible of all demands is met, and of the first ones before the others.

    Parameters
    ----------
    demand : sequence of int
        What each of the k sinks asks for, at least 0, in the order in which they are served.
    capacity : sequence of int
        What each of the p sources has, at least 0.
    most : sequence of mapping
        For each sink, the sources it can be served from, with the most that it can take from each.

    Returns
    -------
    list of dict
        For each sink, what it takes from each source. The sum is the maximum flow; no sink could get more without one
        that is served before it getting less.

    References
    ----------
    .. [1] J. Edmonds and R. M. Karp, "Theoretical improvements in algorithmic efficiency for network flow problems",
       Journal of the ACM 19, 1972, 248-264.

    Examples
    --------
    >>> greatest_flow([3, 4], [5, 1], [{0: 3}, {0: 4, 1: 4}])
    [{0: 3}, {0: 2, 1: 1}]
    """
    room = list(capacity)
    flow: list[dict[int, int]] = [{} for _ in demand]
    for sink, wanted in enumerate(demand):
        left = wanted
        while left and (path := _shortest_path(sink, room, most, flow)):
            amount = min(left, *_slack(path, room, most, flow))
            for place, (to, source) in enumerate(path):
                flow[to][source] = flow[to].get(source, 0) + amount
                if place:
                    flow[to][path[place - 1][1]] -= amount
            room[path[-1][1]] -= amount
            left -= amount
    return [{source: amount for source, amount in sorted(own.items()) if amount} for own in flow]


def _slack(
    path: list[tuple[int, int]], room: list[int], most: Sequence[Mapping[int, int]], flow: list[dict[int, int]]
) -> list[int]:
    """Give what can still pass each step of a path."""
    fresh = [most[sink][source] - flow[sink].get(source, 0) for sink, source in path]
    moved = [flow[path[k][0]][path[k - 1][1]] for k in range(1, len(path))]
    return [room[path[-1][1]], *fresh, *moved]


def _shortest_path(
    sink: int, room: list[int], most: Sequence[Mapping[int, int]], flow: list[dict[int, int]]
) -> list[tuple[int, int]]:
    """Find how a sink can get more: it takes a source, whose taker so far takes another, until a source has room.

    Each step (sink, source) says who takes from which source; none where there is no way.
    """
    came_from: dict[int, int] = {}  # source -> the sink that would take from it
    given_up: dict[int, int] = {}  # sink -> the source that it would take less from
    queue, seen = [sink], {sink}
    for own in queue:
        for source, limit in most[own].items():
            if source in came_from or flow[own].get(source, 0) >= limit:
                continue
            came_from[source] = own
            if room[source]:
                return _traced(sink, source, came_from, given_up)
            for other, taken in enumerate(flow):
                if other not in seen and taken.get(source, 0):
                    seen.add(other)
                    given_up[other] = source
                    queue.append(other)
    return []


def _traced(sink: int, last: int, came_from: dict[int, int], given_up: dict[int, int]) -> list[tuple[int, int]]:
    path = [(came_from[last], last)]
    while path[-1][0] != sink:
        source = given_up[path[-1][0]]
        path.append((came_from[source], source))
    return path[::-1]
