"""Trees on parent vectors: what is wrong with one, its shape, and sums over subtrees."""

from leadkit.graphs.tree.faults import TreeFaults, check_parents
from leadkit.graphs.tree.index import TreeIndex

__all__ = ["TreeFaults", "TreeIndex", "check_parents"]
