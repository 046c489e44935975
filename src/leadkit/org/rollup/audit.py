"""Whether a given release of a tree is safe: what a reader can solve for, and where that is too little."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, int_array, sealed
from leadkit._results import Result
from leadkit.errors import OrgError
from leadkit.graphs import TreeIndex
from leadkit.org.rollup.blocks import as_respondents, as_tree, residual_blocks, subtree_counts
from leadkit.org.showing import checked_minimum
from leadkit.typing import BoolArray, IntArray

__all__ = ["ReleaseAudit", "audit_release"]


@frozen(kw_only=True, eq=False)
class ReleaseAudit(Result):
    """Whether the published nodes of a tree can be shown together.

    Parameters
    ----------
    is_safe : bool
        Whether every published subtree holds at least `min_n` respondents and every block none or at least `min_n`.
    blocks : (n,) int array
        Respondents in a published node's subtree under no published node below it; -1 where unpublished.
    unsafe : int array
        Published nodes whose subtree or block holds too few, ascending.
    min_n : int
        The minimum that was asked for.
    """

    is_safe: bool
    blocks: IntArray = field(converter=int_array)
    unsafe: IntArray = field(converter=int_array)
    min_n: int = field(converter=as_int)


def audit_release(
    tree: TreeIndex | ArrayLike, respondents: ArrayLike, published: ArrayLike, *, min_n: int = 5
) -> ReleaseAudit:
    """Judge a release of one tree by what a reader can work out about fewer than `min_n` respondents.

    Whatever a reader adds and subtracts is made of whole residual blocks, so a release without a block of 1 to
    `min_n` - 1 respondents is safe, and each such block can be solved for. A published node where nobody answered is
    unsafe too: it says that none of its people did.

    Parameters
    ----------
    tree : TreeIndex or (n,) array_like of int
        The forest, or its parent vector (-1 for a root).
    respondents : (n,) array_like of int
        Respondents in each node's own post, at least 0.
    published : (n,) array_like of bool
        Whether each node is published.
    min_n : int
        Least number of respondents a number that can be worked out rests on, at least 3.

    Returns
    -------
    ReleaseAudit
        The verdict, the blocks, and the nodes at fault.

    Raises
    ------
    DisclosureError
        `min_n` is below 3.
    OrgError
        `tree` is no forest, `respondents` are not n counts, or `published` are not n truth values.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical Disclosure Control", Wiley, 2012, chapter 4.

    Examples
    --------
    >>> audit = audit_release([-1, 0, 0], [2, 4, 6], [True, True, True], min_n=4)
    >>> audit.is_safe, audit.blocks.tolist(), audit.unsafe.tolist()
    (False, [2, 4, 6], [0])
    """
    minimum = checked_minimum(min_n)
    index = as_tree(tree)
    own = as_respondents(respondents, index.n)
    shown = _truth_values(published, index.n)
    blocks = residual_blocks(index, own, shown)
    too_few = (subtree_counts(index, own) < minimum) | ((blocks > 0) & (blocks < minimum))
    unsafe = np.flatnonzero(shown & too_few)
    return ReleaseAudit(is_safe=not unsafe.size, blocks=sealed(blocks), unsafe=unsafe, min_n=minimum)


def _truth_values(published: ArrayLike, n: int) -> BoolArray:
    given = np.asarray(published)
    if given.shape != (n,) or (n and given.dtype != np.bool_):
        msg = f"published: expected {n} truth values, got {given.dtype} of shape {given.shape}"
        raise OrgError(msg)
    return given.astype(np.bool_)
