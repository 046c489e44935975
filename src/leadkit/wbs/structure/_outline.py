"""A tree of groups and packages laid out in outline order, with the place of every id and every code."""

from __future__ import annotations

from attrs import frozen

from leadkit._fields import int_array
from leadkit.errors import Fault
from leadkit.typing import IntArray
from leadkit.wbs.structure._codes import ROOT, CodeTree, split_code, written
from leadkit.wbs.structure.groups import Group, Node
from leadkit.wbs.structure.packages import WorkPackage

__all__ = ["Outline", "laid_out"]


@frozen(eq=False, repr=False)
class Outline:
    """The nodes of a tree in outline order; the parts of node i start at i + 1 and end before `stop[i]`."""

    nodes: tuple[Node, ...]
    packages: tuple[WorkPackage, ...]
    groups: tuple[Group, ...]
    above: list[int]
    stop: list[int]
    place: dict[str, int]
    codes: CodeTree
    code_place: list[int]
    first_with: dict[int, int]
    parents: IntArray

    def children(self, i: int) -> list[int]:
        """List the places of a node's children in order."""
        found = []
        child = i + 1
        while child < self.stop[i]:
            found.append(child)
            child = self.stop[child]
        return found

    def numbers(self, i: int) -> tuple[int, ...]:
        """Write out the numbers of a node's code."""
        return self.codes.numbers(self.code_place[i])


def laid_out(root: Group, prefix: str) -> tuple[Outline, list[Fault]]:
    """Lay out a tree; the faults are codes below another prefix and ids that are there twice."""
    nodes, above = _in_order(root)
    stop = [i + 1 for i in range(len(nodes))]
    for i in range(len(nodes) - 1, 0, -1):
        stop[above[i]] = max(stop[above[i]], stop[i])
    codes, code_place, faults = _coded(nodes, above, prefix)
    place: dict[str, int] = {}
    first_with: dict[int, int] = {}
    for i, node in enumerate(nodes):
        first = place.setdefault(node.id, i)
        if first != i:
            both = [written(prefix, codes.numbers(code_place[j])) for j in (first, i)]
            faults.append(Fault(f"id {node.id!r}", f"is used twice: by {both[0]!r} and by {both[1]!r}"))
        first_with.setdefault(code_place[i], i)
    packages = tuple(node for node in nodes if isinstance(node, WorkPackage))
    groups = tuple(node for node in nodes if isinstance(node, Group))
    parents = int_array(above)
    outline = Outline(tuple(nodes), packages, groups, above, stop, place, codes, code_place, first_with, parents)
    return outline, faults


def _in_order(root: Group) -> tuple[list[Node], list[int]]:
    nodes: list[Node] = []
    above: list[int] = []
    waiting: list[tuple[Node, int]] = [(root, -1)]
    while waiting:
        node, parent = waiting.pop()
        if isinstance(node, Group):
            here = len(nodes)
            waiting.extend((child, here) for child in reversed(node.children))
        nodes.append(node)
        above.append(parent)
    return nodes, above


def _coded(nodes: list[Node], above: list[int], prefix: str) -> tuple[CodeTree, list[int], list[Fault]]:
    """Give every node the place of its code: pinned, or one further than the sibling before it."""
    codes = CodeTree()
    faults = [Fault(f"root {nodes[0].id!r}", "has no code of its own: it is the prefix")] if nodes[0].code else []
    code_place = [ROOT] * len(nodes)
    last = [0] * len(nodes)
    for i in range(1, len(nodes)):
        parent, pinned = above[i], nodes[i].code
        if pinned is None:
            last[parent] += 1
            code_place[i] = codes.step(code_place[parent], last[parent])
            continue
        own_prefix, numbers = split_code(pinned)
        if own_prefix not in {"", prefix}:
            faults.append(Fault(f"node {nodes[i].id!r}", f"code {pinned!r} does not start with the prefix {prefix!r}"))
        code_place[i] = codes.walk(numbers)
        last[parent] = numbers[-1]
    return codes, code_place, faults
