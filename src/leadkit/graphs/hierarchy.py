"""How much of a formal hierarchy a network is: Krackhardt's four measures, by definition."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_float, as_int, sealed
from leadkit._results import Result
from leadkit.graphs._arcs import (
    Arcs,
    every_arc,
    one_network,
    row_starts,
    span_places,
    strong_labels,
    weak_labels,
    whole_number,
)
from leadkit.graphs._indices import stable_order
from leadkit.graphs._levels import levels_of
from leadkit.graphs.network import Network
from leadkit.graphs.tree import TreeIndex
from leadkit.typing import IntArray

__all__ = ["HierarchyMeasures", "hierarchy_measures", "lub_violations"]

# Reachability is kept as one Python integer a part, so many bits at a time: 64 MB in all, and not too short to be worth it.
ALL_BITS = 2**29
FEWEST_BITS, MOST_BITS = 512, 8192


def _in_order(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(flags))


@frozen(kw_only=True, eq=False)
class HierarchyMeasures(Result):
    """Krackhardt's four measures of a network, each 1 for a tree of reporting lines (boss -> report).

    Parameters
    ----------
    connectedness : float
        Pairs of one weak component / all pairs, in [0, 1].
    hierarchy : float
        1 - pairs that reach each other / pairs with a path at least one way, in [0, 1].
    efficiency : float
        1 - arcs beyond a spanning tree of each component / the most there could be, in [0, 1].
    least_upper_boundedness : float
        1 - `n_lub_violations` / `n_lub_pairs`, in [0, 1].
    n_components : int
        Number of weak components.
    n_lub_violations : int or None
        Pairs of one component without a least upper bound; None above `max_nodes`.
    n_lub_pairs : int
        The most violations there could be: the sum of (s - 1)(s - 2) / 2 over components of s nodes.
    flags : tuple of str
        Why a measure is NaN: `no_pairs` (connectedness), `no_paths` (hierarchy), `no_slack` (efficiency), `no_triples`
        or `too_large` (least upper boundedness).
    """

    connectedness: float = field(converter=as_float)
    hierarchy: float = field(converter=as_float)
    efficiency: float = field(converter=as_float)
    least_upper_boundedness: float = field(converter=as_float)
    n_components: int = field(converter=as_int)
    n_lub_violations: int | None
    n_lub_pairs: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=_in_order)


def hierarchy_measures(network: Network, *, max_nodes: int = 2000) -> HierarchyMeasures:
    """Measure how near a network is to a formal hierarchy.

    Parameters
    ----------
    network : Network
        An arc runs from the higher to the lower person (boss -> report); the other way round the last measure differs.
        A tie of an undirected network is taken as two arcs.
    max_nodes : int
        Above this number of nodes least upper boundedness is NaN, since it looks at every pair.

    Returns
    -------
    HierarchyMeasures
        NaN with a flag where a measure is not defined.

    Raises
    ------
    ValueError
        `max_nodes` is no whole number of at least 0.

    Notes
    -----
    R(a, b) says that a path leads from a to b; every node reaches itself. The upper bounds of a pair i, j of one weak
    component are U = {u : R(u, i) and R(u, j)}, where i or j itself may be one. l in U is a least upper bound when
    R(u, l) for every u in U: exactly when the nodes that reach l are U. The pair violates when there is none. Published
    programmes count other sets of pairs.

    References
    ----------
    .. [1] D. Krackhardt, "Graph theoretical dimensions of informal organizations", in K. M. Carley and M. J. Prietula
       (eds.), Computational Organization Theory, Lawrence Erlbaum, 1994.

    Examples
    --------
    >>> result = hierarchy_measures(Network.from_edges(5, [0, 1, 0, 1, 2], [2, 2, 3, 3, 4]))
    >>> result.connectedness, result.hierarchy, round(result.efficiency, 4), result.least_upper_boundedness
    (1.0, 1.0, 0.9375, 0.5)
    """
    one_network(network)
    most = whole_number(max_nodes, "max_nodes")
    arcs = every_arc(network)
    n, weak = arcs.n, weak_labels(arcs)
    sizes = np.bincount(weak)
    parts = _parts(arcs)
    pairs, connected = _pairs(np.array([n])), _pairs(sizes)
    mutual = _pairs(parts.size)
    one_way = _reachable_pairs(parts) - mutual
    tree, places = n - sizes.size, 2 * connected
    triples = _pairs(sizes - 1)
    known = n <= most
    violations = (
        sum(int(parts.size[one]) * int(parts.size[two].sum()) for one, two in _violating(parts, weak))
        if known
        else None
    )
    undefined = {
        "no_pairs": pairs == 0,
        "no_paths": one_way == 0,
        "no_slack": places == tree,
        "no_triples": triples == 0,
        "too_large": triples > 0 and not known,
    }
    return HierarchyMeasures(
        connectedness=_share(connected, pairs),
        hierarchy=1 - _share(mutual, one_way),
        efficiency=1 - _share(arcs.source.size - tree, places - tree),
        least_upper_boundedness=math.nan if violations is None else 1 - _share(violations, triples),
        n_components=sizes.size,
        n_lub_violations=violations,
        n_lub_pairs=triples,
        flags=(flag for flag, holds in undefined.items() if holds),
    )


def lub_violations(network: Network) -> IntArray:
    """List the pairs of one weak component that have no least upper bound.

    Parameters
    ----------
    network : Network
        An arc runs from the higher to the lower person (boss -> report).

    Returns
    -------
    (v, 2) int array
        Nodes i < j of each pair, sorted.

    References
    ----------
    .. [1] D. Krackhardt, "Graph theoretical dimensions of informal organizations", in K. M. Carley and M. J. Prietula
       (eds.), Computational Organization Theory, Lawrence Erlbaum, 1994.

    Examples
    --------
    >>> lub_violations(Network.from_edges(5, [0, 1, 0, 1, 2], [2, 2, 3, 3, 4])).tolist()
    [[0, 1], [2, 3], [3, 4]]
    """
    one_network(network)
    arcs = every_arc(network)
    parts = _parts(arcs)
    members = np.argsort(parts.label, kind="stable")
    start = np.cumsum(parts.size) - parts.size
    found = [np.empty((0, 2), dtype=np.int64)]
    for one, others in _violating(parts, weak_labels(arcs)):
        first = members[start[one] : start[one] + parts.size[one]]
        second = members[span_places(start[others], parts.size[others])]
        found.append(np.stack((np.repeat(first, second.size), np.tile(second, first.size)), axis=1))
    pairs = np.sort(np.concatenate(found), axis=1)
    return sealed(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


class Parts(NamedTuple):
    """Strong components in topological order, and the arcs between them, sorted by the part they enter."""

    label: IntArray
    size: IntArray
    source: IntArray
    target: IntArray


def _parts(arcs: Arcs) -> Parts:
    label = strong_labels(arcs)
    size = np.bincount(label)
    source, target = label[arcs.source], label[arcs.target]
    between = source != target
    order = stable_order(levels_of(size.size, source[between], target[between]))
    rank = np.empty(size.size, dtype=np.int64)
    rank[order] = np.arange(size.size)
    arc = np.unique(rank[target[between]] * size.size + rank[source[between]])
    return Parts(rank[label], size[order], arc % max(size.size, 1), arc // max(size.size, 1))


def _reachable_pairs(parts: Parts) -> int:
    """Count the ordered pairs of different nodes with a path from the first to the second."""
    n_parts, n = parts.size.size, int(parts.size.sum())
    for above, below in ((parts.source, parts.target), (parts.target, parts.source)):
        if np.unique(below).size == below.size:
            parents = np.full(n_parts, -1, dtype=np.int64)
            parents[below] = above
            return int((parts.size * TreeIndex.from_parents(parents).roll_up(parts.size).astype(np.int64)).sum()) - n
    starts = row_starts(n_parts, parts.target).tolist()
    source, size = parts.source.tolist(), parts.size.tolist()
    stop = np.cumsum(parts.size)
    bits = max(FEWEST_BITS, min(MOST_BITS, ALL_BITS // n_parts))
    total = 0
    for first in range(0, n, bits):
        start_part = int(np.searchsorted(stop, first, side="right"))
        reached = [0] * n_parts
        for part in range(start_part, n_parts):
            low = max(int(stop[part]) - size[part], first)
            high = min(int(stop[part]), first + bits)
            here = ((1 << (high - low)) - 1) << (low - first) if low < high else 0
            for above in source[starts[part] : starts[part + 1]]:
                here |= reached[above]
            reached[part] = here
            total += size[part] * here.bit_count()
    return total - n


def _violating(parts: Parts, weak: IntArray) -> Iterator[tuple[int, IntArray]]:
    """Yield a part and the later parts with which it has no least upper bound.

    A node of U has a set of nodes that reach it inside U, so a least upper bound is there exactly when U is such a set.
    """
    n_parts = parts.size.size
    starts = row_starts(n_parts, parts.target).tolist()
    source = parts.source.tolist()
    component = np.empty(n_parts, dtype=np.int64)
    component[parts.label] = weak
    for members in np.split(stable_order(component), np.cumsum(np.bincount(component))[:-1]):
        above: dict[int, int] = {}
        for bit, part in enumerate(members.tolist()):
            mine = 1 << bit
            for higher in source[starts[part] : starts[part + 1]]:
                mine |= above[higher]
            above[part] = mine
        known = set(above.values())
        reached = list(above.items())
        for place, (part, mine) in enumerate(reached):
            without = [other for other, theirs in reached[place + 1 :] if mine & theirs not in known]
            if without:
                yield part, np.array(without, dtype=np.int64)


def _pairs(sizes: IntArray) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
