"""The strong component with the largest eigenvalue, and its positive eigenvector."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from leadkit.graphs._arcs import Arcs, Matrix, matrix
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["leading_block"]

# Eigenvalues nearer than this, relatively, are equal.
EQUAL = 1e-12
SPREAD = 1e-13
# Entries this far below the largest have no bearing on it; their own ratios may take long to settle.
NEGLIGIBLE = 1e-20
MOST_STEPS = 500
MOST_INVERSE_STEPS = 25
NEAR = 1e-6
# A factorisation of more nodes than this may fill the memory, unless they hang together by little more than a tree; so an
# Arnoldi iteration is tried first, the longer the more arcs there are.
LARGE = 1000
TREE_ARCS = 2
FEW_ARCS = 4
RESTARTS, MORE_RESTARTS = 100, 3000


class Blocks(NamedTuple):
    """Strong components, one behind the other: the arcs inside them turned round, and where each starts."""

    nodes: IntArray
    into: Matrix
    size: IntArray

    @property
    def start(self) -> IntArray:
        return np.cumsum(self.size) - self.size

    def keep(self, block: BoolArray) -> Blocks:
        """Leave out the other blocks."""
        place = np.flatnonzero(np.repeat(block, self.size))
        return Blocks(self.nodes[place], self.into[place][:, place], self.size[block])

    def spread(self, of_block: FloatArray) -> FloatArray:
        """Repeat a value of each block for its nodes."""
        return np.repeat(of_block, self.size)


def leading_block(arcs: Arcs, label: IntArray, inside: BoolArray) -> tuple[IntArray | None, FloatArray, float]:
    """Find the component with the largest eigenvalue: its nodes, their values (largest 1) and the eigenvalue.

    None for the nodes when several components share the largest eigenvalue.
    """
    blocks = _cyclic_blocks(arcs, label, inside)
    blocks, values, low, high = _power(blocks)
    settled = high - low <= SPREAD * high
    radius = high.copy()
    start = blocks.start
    for block in np.flatnonzero(~settled):
        rows = slice(start[block], start[block] + blocks.size[block])
        values[rows], radius[block] = _slow(blocks.into[rows][:, rows], values[rows])
    top = int(np.argmax(radius))
    if (radius >= radius[top] * (1 - EQUAL)).sum() > 1:
        return None, values, float(radius[top])
    rows = slice(start[top], start[top] + blocks.size[top])
    return blocks.nodes[rows], values[rows], float(radius[top])


def _cyclic_blocks(arcs: Arcs, label: IntArray, inside: BoolArray) -> Blocks:
    """Gather the components of two nodes or more, and the arcs inside them."""
    size = np.bincount(label)
    nodes = np.argsort(label, kind="stable")
    nodes = nodes[size[label[nodes]] > 1]
    own = Arcs(arcs.n, arcs.source[inside], arcs.target[inside], None)
    return Blocks(nodes, matrix(own)[nodes][:, nodes].T.tocsr(), size[size > 1])


def _power(blocks: Blocks) -> tuple[Blocks, FloatArray, FloatArray, FloatArray]:
    """Iterate on all components at once, leaving out those that cannot have the largest eigenvalue any more.

    The ratios (Ax)_i / x_i enclose the eigenvalue of a component. Half of the upper bound is added to the diagonal, so
    that the largest eigenvalue is the only one of its size even where the component is periodic.
    """
    values = np.ones(blocks.nodes.size)
    steps = 0
    while True:
        product: FloatArray = blocks.into @ values
        ratio = product / values
        counts = values > NEGLIGIBLE
        low = np.minimum.reduceat(np.where(counts, ratio, np.inf), blocks.start)
        high = np.maximum.reduceat(np.where(counts, ratio, 0.0), blocks.start)
        ahead = high >= low.max() * (1 - EQUAL)
        if not ahead.all():
            place = np.repeat(ahead, blocks.size)
            values, product = values[place], product[place]
            blocks, low, high = blocks.keep(ahead), low[ahead], high[ahead]
        steps += 1
        if steps == MOST_STEPS or (high - low <= SPREAD * high).all():
            return blocks, values, low, high
        values = product + values * blocks.spread(high / 2)
        values /= blocks.spread(np.maximum.reduceat(values, blocks.start))


def _slow(into: Matrix, values: FloatArray) -> tuple[FloatArray, float]:
    """Find eigenvector and eigenvalue of a component on which the power iteration crawls."""
    from scipy.sparse.linalg import ArpackError, eigs

    if values.size > LARGE and into.nnz > TREE_ARCS * values.size:
        restarts = RESTARTS if into.nnz <= FEW_ARCS * values.size else MORE_RESTARTS
        with suppress(ArpackError):
            pair: Any = eigs(into, k=1, which="LR", v0=values, ncv=40, maxiter=restarts, tol=0)
            return _scaled(into, np.abs(pair[1][:, 0]))
    return _inverse(into, values)


def _inverse(into: Matrix, values: FloatArray) -> tuple[FloatArray, float]:
    """Noda's inverse iteration: shifted by the upper bound, which falls to the eigenvalue at a quadratic rate."""
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    bound, last, change, steps = _upper_bound(into, values), np.inf, np.inf, 0
    # Rounding alone makes the bound rise again once the values are near.
    while change > SPREAD and (change > NEAR or bound < last) and steps < MOST_INVERSE_STEPS:
        equations: Any = (bound * (1 + 1e-15) * eye_array(values.size) - into).tocsc()
        following: FloatArray = np.abs(splu(equations).solve(values))
        following /= following.max()
        change = float(np.abs(following - values).max())
        values = following
        bound, last, steps = _upper_bound(into, values), bound, steps + 1
    return _scaled(into, values)


def _upper_bound(into: Matrix, values: FloatArray) -> float:
    counts = values > NEGLIGIBLE
    return float(((into @ values)[counts] / values[counts]).max())


def _scaled(into: Matrix, values: FloatArray) -> tuple[FloatArray, float]:
    largest = int(np.argmax(values))
    scaled = values / values[largest]
    return scaled, float((into @ scaled)[largest])
