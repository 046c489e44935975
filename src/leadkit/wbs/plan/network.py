"""A plan as a network of activities: groups, hand-overs and gates spelled out, lags in minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from attrs import field, frozen

from leadkit._fields import bool_array, int_array
from leadkit._results import Result
from leadkit.errors import CycleError, Fault
from leadkit.typing import BoolArray, IntArray
from leadkit.wbs.network._cycles import find_cycle
from leadkit.wbs.plan.links import KINDS, NO_LAG, Lag, Link, LinkKind

if TYPE_CHECKING:
    from leadkit.wbs.plan.plan import Plan

__all__ = ["Network", "Topology", "gate_id", "handover_id", "topology", "topology_faults"]

LEAVE_A_GROUP: Final = frozenset({"FS", "FF"})
ENTER_A_GROUP: Final = frozenset({"FS", "SS"})


@frozen(kw_only=True, eq=False)
class Network(Result):
    """The activities of a plan and the links between them, as arrays for `cpm`.

    Parameters
    ----------
    ids : tuple of str
        The n activities: work packages in outline order, then hand-overs, then gates.
    duration : IntArray
        (n,) Working time of each [min].
    predecessor, successor : IntArray
        (m,) Indices of the ends of each link; links come by predecessor, then successor, then kind.
    kind : IntArray
        (m,) Indices into `LINK_KINDS`.
    lag : IntArray
        (m,) Lag of each [min].
    elapsed : BoolArray
        (m,) Whether every minute of the lag counts, not only the working minutes of the plan's calendar.
    """

    ids: tuple[str, ...]
    duration: IntArray = field(converter=int_array)
    predecessor: IntArray = field(converter=int_array)
    successor: IntArray = field(converter=int_array)
    kind: IntArray = field(converter=int_array)
    lag: IntArray = field(converter=int_array)
    elapsed: BoolArray = field(converter=bool_array)


@frozen(kw_only=True, eq=False)
class Topology:
    """Links between activities before their lags are known: link k of the network comes from the lag `source[k]`."""

    ids: tuple[str, ...]
    predecessor: IntArray
    successor: IntArray
    kind: IntArray
    source: IntArray
    lags: tuple[Lag, ...]

    def at(self, duration: IntArray) -> tuple[Network, bool]:
        """Give the network for these durations [min], and whether links were there twice; the larger lag stays."""
        minutes = np.array([0 if lag.unit == "percent" else int(lag.amount) for lag in self.lags], dtype=np.int64)
        elapsed = np.array([lag.elapsed for lag in self.lags], dtype=np.bool_)[self.source]
        lag = minutes[self.source]
        shares = np.array([own.unit == "percent" for own in self.lags], dtype=np.bool_)[self.source]
        for k in np.flatnonzero(shares).tolist():
            lag[k] = self.lags[self.source[k]].minutes_of(int(duration[self.predecessor[k]]))
        key = ((self.predecessor * len(self.ids) + self.successor) * len(KINDS) + self.kind) * 2 + elapsed
        order = np.lexsort((lag, key))
        last = np.append(key[order][1:] != key[order][:-1], np.ones(min(1, len(order)), dtype=np.bool_))
        kept = order[last]
        network = Network(
            ids=self.ids,
            duration=duration,
            predecessor=self.predecessor[kept],
            successor=self.successor[kept],
            kind=self.kind[kept],
            lag=lag[kept],
            elapsed=elapsed[kept],
        )
        return network, len(kept) < len(order)


def handover_id(own: str) -> str:
    """Give the id that a hand-over has among the activities."""
    return f"handover:{own}"


def gate_id(own: str) -> str:
    """Give the id that a gate has among the activities."""
    return f"gate:{own}"


@frozen
class Places:
    """Where the parts of a plan lie among its activities: each is a stretch of them."""

    ids: tuple[str, ...]
    stretch: dict[str, tuple[int, int]]  # first activity, end
    subtree: dict[str, tuple[int, int]]  # first node, end, for groups and packages
    groups: frozenset[str]

    @classmethod
    def of(cls, plan: Plan) -> Places:
        """Find them."""
        nodes, parents = plan.wbs.nodes, plan.wbs.parents.tolist()
        size = [1] * len(nodes)
        for place in range(len(nodes) - 1, 0, -1):
            size[parents[place]] += size[place]
        packages = frozenset(package.id for package in plan.wbs.packages)
        before = [0]
        for node in nodes:
            before.append(before[-1] + (node.id in packages))
        subtree = {node.id: (place, place + size[place]) for place, node in enumerate(nodes)}
        stretch = {own: (before[first], before[end]) for own, (first, end) in subtree.items()}
        milestones = [handover_id(own.id) for own in plan.handovers] + [gate_id(own.id) for own in plan.gates]
        for place, own in enumerate(milestones, start=before[-1]):
            stretch.setdefault(own, (place, place + 1))
        ids = (*(package.id for package in plan.wbs.packages), *milestones)
        return cls(ids, stretch, subtree, frozenset(subtree) - packages)

    def overlap(self, first: str, second: str) -> bool:
        """Tell whether one of two parts lies in the other."""
        if first not in self.subtree or second not in self.subtree:
            return False
        (low, end), (other_low, other_end) = self.subtree[first], self.subtree[second]
        return low <= other_low < end or other_low <= low < other_end


def stated_links(plan: Plan) -> Iterator[tuple[str, str, LinkKind, Lag]]:
    """Give the links of a plan with those that its hand-overs and gates stand for."""
    for link in plan.links:
        yield link.predecessor, link.successor, link.kind, link.lag
    for handover in plan.handovers:
        yield handover.from_phase, handover_id(handover.id), "FS", NO_LAG
        if handover.to_phase is not None:
            yield handover_id(handover.id), handover.to_phase, "FS", handover.lag
    for gate in plan.gates:
        yield gate.after, gate_id(gate.id), "FS", NO_LAG
        if gate.before is not None:
            yield gate_id(gate.id), gate.before, "FS", NO_LAG


def topology_faults(links: Sequence[Link], places: Places) -> list[Fault]:
    """List the links that mean nothing: into or out of groups by the wrong end, or within one."""
    faults = []
    for link in links:
        where = f"link {link.predecessor!r} -> {link.successor!r}"
        if places.overlap(link.predecessor, link.successor):
            faults.append(Fault(where, "one is a part of the other"))
            continue
        if link.predecessor in places.groups:
            if link.kind not in LEAVE_A_GROUP:
                faults.append(Fault(where, f"{link.kind} has no meaning out of a group; FS and FF have"))
            if link.lag.unit == "percent":
                faults.append(Fault(where, "a group has no duration that a per cent could be taken of"))
        if link.successor in places.groups and link.kind not in ENTER_A_GROUP:
            faults.append(Fault(where, f"{link.kind} has no meaning into a group; FS and SS have"))
    return faults


def topology(plan: Plan, places: Places) -> Topology:
    """Spell out the links of a plan; a loop raises `CycleError` with its ids."""
    lags: list[Lag] = []
    blocks: list[tuple[IntArray, IntArray, int]] = []
    for first, second, kind, lag in stated_links(plan):
        (low, end), (other_low, other_end) = places.stretch[first], places.stretch[second]
        sources, targets = np.arange(low, end), np.arange(other_low, other_end)
        blocks.append((np.repeat(sources, len(targets)), np.tile(targets, len(sources)), KINDS.index(kind)))
        lags.append(lag)
    sizes = [len(sources) for sources, _, _ in blocks]
    nothing = np.empty(0, dtype=np.int64)
    made = Topology(
        ids=places.ids,
        predecessor=np.concatenate([nothing, *(sources for sources, _, _ in blocks)]),
        successor=np.concatenate([nothing, *(targets for _, targets, _ in blocks)]),
        kind=np.repeat(np.array([kind for _, _, kind in blocks], dtype=np.int64), sizes),
        source=np.repeat(np.arange(len(blocks)), sizes),
        lags=tuple(lags),
    )
    _expect_no_cycle(made)
    return made


def _expect_no_cycle(made: Topology) -> None:
    """Refuse a loop, named from its smallest id on whatever the order of the outline."""
    by_id = sorted(range(len(made.ids)), key=made.ids.__getitem__)
    rank = np.empty(len(by_id), dtype=np.int64)
    rank[by_id] = np.arange(len(by_id))
    found = find_cycle(len(by_id), rank[made.predecessor], rank[made.successor])
    if found is not None:
        loop = [made.ids[by_id[place]] for place in found]
        if loop[0] != loop[-1]:
            loop.append(loop[0])
        msg = f"the links go round in a circle: {' -> '.join(loop)}"
        raise CycleError(msg, cycle=loop)
