"""A forest indexed once: depth, preorder, subtree ranges, and roll-ups over them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import sealed
from leadkit._results import Value
from leadkit.graphs._indices import IndexArray, as_indices, as_node, as_nodes, index_dtype, stable_order
from leadkit.graphs.tree.faults import check_parents
from leadkit.graphs.tree.jumping import along_line, sizes_and_depths
from leadkit.graphs.tree.segments import reduce_ranges
from leadkit.typing import BoolArray, FloatArray

__all__ = ["TreeIndex"]

Kind: TypeAlias = Literal["sum", "mean", "count", "min", "max"]


@frozen(kw_only=True, eq=False, repr=False)
class TreeIndex(Value):
    """A forest given by its parent vector, with everything that is asked of it again and again.

    Build it with `from_parents`. Arrays are read-only, int32 below 2**31 nodes. Trees are equal when their parents are.

    Parameters
    ----------
    parents : (n,) int array
        Index of each node's parent, -1 for a root.
    depth : (n,) int array
        Steps to the root; 0 for a root.
    size : (n,) int array
        Nodes of the subtree, the node included.
    order : (n,) int array
        The nodes in preorder, roots and siblings by ascending index.
    position : (n,) int array
        Place of each node in `order`: the subtree of v is `order[position[v] : position[v] + size[v]]`.
    n_children : (n,) int array
        Number of children.
    roots : (r,) int array
        The roots, ascending.
    n_layers : int
        Deepest depth + 1; 0 without nodes.

    Examples
    --------
    >>> tree = TreeIndex.from_parents([-1, 0, 0, 1, 1])
    >>> tree
    TreeIndex(n=5, n_layers=3, roots=1)
    >>> tree.subtree(1).tolist(), tree.ancestors(4).tolist(), tree.roll_up([1, 1, 1, 1, 1]).tolist()
    ([1, 3, 4], [1, 0], [5.0, 3.0, 1.0, 1.0, 1.0])
    """

    parents: IndexArray
    depth: IndexArray = field(eq=False)
    size: IndexArray = field(eq=False)
    order: IndexArray = field(eq=False)
    position: IndexArray = field(eq=False)
    n_children: IndexArray = field(eq=False)
    roots: IndexArray = field(eq=False)
    n_layers: int = field(eq=False)
    _siblings: IndexArray = field(eq=False, alias="siblings")
    _first_child: IndexArray = field(eq=False, alias="first_child")

    @classmethod
    def from_parents(cls, parents: ArrayLike) -> TreeIndex:
        """Index a parent vector.

        Parameters
        ----------
        parents : (n,) array_like of int
            Index of each node's parent, -1 for a root; any integer type.

        Returns
        -------
        TreeIndex
            The forest; none has n = 0.

        Raises
        ------
        ValueError
            `parents` is no vector of integers, or no forest; the message names the faults that `check_parents` finds.

        Notes
        -----
        Sizes, depths and places come from pointer jumping, O(n log depth) array work, so a line of a hundred thousand
        nodes takes a few times as long as a bushy tree.
        """
        given = as_indices(parents, "parents")
        n = given.size
        dtype = index_dtype(n)
        if n and (given.min() < -1 or given.max() >= n):
            raise _not_a_forest(given)
        # numpy gathers and counts by machine-sized indices, whatever it is given; the results are kept small
        above = np.append(np.where(given == -1, n, given), n).astype(np.intp, copy=False)
        try:
            size, depth = sizes_and_depths(above)
        except ValueError:
            raise _not_a_forest(given) from None
        siblings = stable_order(above[:n])
        n_children = np.bincount(above[:n], minlength=n + 1)
        first_child = np.cumsum(n_children) - n_children
        position = _positions(above, size, siblings, n_children, first_child)
        order = np.empty(n, dtype=dtype)
        order[position] = np.arange(n, dtype=dtype)
        return cls(
            parents=sealed(np.where(above[:n] == n, -1, above[:n]).astype(dtype, copy=False)),
            depth=sealed(depth[:n].astype(dtype)),
            size=sealed(size[:n].astype(dtype)),
            order=sealed(order),
            position=sealed(position.astype(dtype)),
            n_children=sealed(n_children[:n].astype(dtype)),
            roots=sealed(siblings[first_child[n] :].astype(dtype)),
            n_layers=int(depth.max()) + 1 if n else 0,
            siblings=sealed(siblings.astype(dtype)),
            first_child=sealed(first_child.astype(dtype)),
        )

    @property
    def n(self) -> int:
        """Number of nodes."""
        return self.parents.size

    def children(self, node: int) -> IndexArray:
        """List the children of a node, ascending; an unknown node is a ValueError."""
        place = as_node(node, self.n)
        first = self._first_child[place]
        return self._siblings[first : first + self.n_children[place]]

    def ancestors(self, node: int) -> IndexArray:
        """List the nodes above one, nearest first; an unknown node is a ValueError."""
        place = as_node(node, self.n)
        line = np.empty(self.depth[place], dtype=self.parents.dtype)
        for step in range(line.size):
            place = line[step] = self.parents[place]
        return sealed(line)

    def subtree(self, node: int) -> IndexArray:
        """List the nodes of a subtree in preorder, its top first; an unknown node is a ValueError."""
        place = as_node(node, self.n)
        first = self.position[place]
        return self.order[first : first + self.size[place]]

    def is_ancestor(self, above: ArrayLike, below: ArrayLike, *, strict: bool = True) -> BoolArray:
        """Tell whether nodes lie above others.

        Parameters
        ----------
        above, below : array_like of int
            Nodes; the two broadcast.
        strict : bool
            Whether nobody is their own ancestor.

        Returns
        -------
        bool array
            In the broadcast shape.

        Raises
        ------
        ValueError
            A node is not there, or the shapes do not broadcast.

        Examples
        --------
        >>> TreeIndex.from_parents([-1, 0, 1]).is_ancestor(0, [0, 1, 2]).tolist()
        [False, True, True]
        """
        top, low = as_nodes(above, self.n, "above"), as_nodes(below, self.n, "below")
        first = self.position[top] + (1 if strict else 0)
        inside: BoolArray = np.asarray((first <= self.position[low]) & (self.position[low] < self._stop(top)))
        return inside

    def heights(self) -> IndexArray:
        """Count the steps from each node down to its deepest descendant; 0 for a leaf."""
        deepest = self._reduce(self.depth.astype(np.float64), np.maximum, -np.inf)
        return sealed(deepest.astype(self.depth.dtype) - self.depth)

    def level_counts(self) -> IndexArray:
        """Count the nodes at each depth, from the roots down."""
        return sealed(np.bincount(self.depth, minlength=self.n_layers).astype(self.parents.dtype))

    def roll_up(self, values: ArrayLike, *, how: Kind = "sum") -> FloatArray:
        """Combine values over each node's subtree, the node included.

        Parameters
        ----------
        values : (n,) or (n, k) array_like of float
            One value or one row a node; NaN is left out.
        how : {"sum", "mean", "count", "min", "max"}
            What to make of them; "count" counts the values that are there.

        Returns
        -------
        (n,) or (n, k) float array
            NaN where no value is there ("count": 0). A node without descendants has its own value bit for bit, whole
            numbers below 2**53 are exact, and the error of any other sum is at most 1e-12 of the sum of the absolute
            values in that subtree.

        Raises
        ------
        ValueError
            Another shape, text, complex or infinite numbers, or an unknown word.

        Examples
        --------
        >>> TreeIndex.from_parents([-1, 0, 0]).roll_up([float("nan"), 2, 4], how="mean").tolist()
        [3.0, 2.0, 4.0]
        """
        if how not in get_args(Kind):
            msg = f"how: expected one of {', '.join(map(repr, get_args(Kind)))}, got {how!r}"
            raise ValueError(msg)
        table = _numbers(values, self.n)
        there = ~np.isnan(table)
        if how == "count":
            result = self._reduce(there.astype(np.float64), np.add, 0.0)
        elif how in {"min", "max"}:
            edge = np.inf if how == "min" else -np.inf
            result = self._reduce(np.where(there, table, edge), np.minimum if how == "min" else np.maximum, edge)
            result[np.isinf(result)] = np.nan
        else:
            result = self._totals(table, there, how)
        return sealed(result)

    def __reduce__(self) -> tuple[Any, tuple[IndexArray]]:
        return (TreeIndex.from_parents, (self.parents,))

    def __repr__(self) -> str:
        return f"TreeIndex(n={self.n}, n_layers={self.n_layers}, roots={self.roots.size})"

    def _stop(self, nodes: NDArray[Any]) -> IndexArray:
        stop: IndexArray = self.position[nodes] + self.size[nodes]
        return stop

    def _totals(self, table: FloatArray, there: BoolArray, how: Kind) -> FloatArray:
        total = self._reduce(np.where(there, table, 0.0), np.add, 0.0)
        if there.all():
            return total / self.size.reshape(-1, *(1,) * (total.ndim - 1)) if how == "mean" else total
        count = self._reduce(there.astype(np.float64), np.add, 0.0)
        some = count > 0
        return np.where(some, total / np.where(some, count, 1.0) if how == "mean" else total, np.nan)

    def _reduce(self, table: FloatArray, combine: np.ufunc, identity: float) -> FloatArray:
        order = self.order.astype(np.intp, copy=False)
        result = np.empty_like(table)
        result[order] = reduce_ranges(table[order], self.size[order], combine, identity)
        return result


def _positions(
    above: IndexArray, size: IndexArray, siblings: IndexArray, n_children: IndexArray, first_child: IndexArray
) -> IndexArray:
    """Place every node: behind its parent and the subtrees of its elder siblings."""
    sentinel = siblings.size
    before = np.zeros(sentinel + 1, dtype=np.intp)
    np.cumsum(size[siblings], out=before[1:])
    # siblings stand together, those of node 0 first and the roots, under the sentinel, last
    behind = before[:-1] - np.repeat(before[first_child], n_children)
    behind[: first_child[sentinel]] += 1
    step = np.zeros(sentinel + 1, dtype=np.intp)
    step[siblings] = behind
    return along_line(above, step)[:sentinel]


def _numbers(values: ArrayLike, n: int) -> FloatArray:
    array = np.ma.filled(values.astype(np.float64), np.nan) if isinstance(values, np.ma.MaskedArray) else values
    array = np.asarray(array)
    if array.dtype.kind == "O" and all(
        item is None or isinstance(item, int | float | np.number) for item in array.flat
    ):
        array = array.astype(np.float64)
    if array.dtype.kind not in "biuf":
        msg = f"values: expected real numbers, got {array.dtype}"
        raise ValueError(msg)
    if array.ndim not in {1, 2} or len(array) != n:
        msg = f"values: expected {n} values or rows, got an array of shape {array.shape}"
        raise ValueError(msg)
    if array.dtype.kind == "f" and np.isinf(array).any():
        msg = f"values: expected finite numbers or NaN, got {array[np.isinf(array)][0]}"
        raise ValueError(msg)
    return array.astype(np.float64, copy=False)


def _not_a_forest(parents: NDArray[Any]) -> ValueError:
    return ValueError(f"parents: {check_parents(parents).describe()}")
