"""The largest release of a tree that cannot be unpicked: which nodes may be published together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, bool_array, int_array, sealed
from leadkit._results import TableResult
from leadkit.graphs import TreeIndex
from leadkit.org.rollup.blocks import as_respondents, as_tree, residual_blocks, subtree_counts
from leadkit.org.rollup.largest import largest_release
from leadkit.org.showing import checked_minimum
from leadkit.typing import BoolArray, IntArray

__all__ = ["REASONS", "Release", "choose_release"]

REASONS = ("published", "no_response", "below_minimum", "complementary")


@frozen(kw_only=True, eq=False)
class Release(TableResult):
    """Nodes whose subtrees may be published together, and why each other one is held back.

    It says how many answered where, for whoever prepares a release; what may be shown is a `DisclosedRollUp`.

    Parameters
    ----------
    published : (n,) bool array
        Whether the node is published.
    subtree_n : (n,) int array
        Respondents in the node's subtree, its own post included.
    blocks : (n,) int array
        Respondents in a published node's subtree under no published node below it: 0 or at least `min_n`; -1 where
        unpublished.
    reasons : tuple of n str
        `published`; `no_response`: nobody in the subtree answered; `below_minimum`: fewer than `min_n` did;
        `complementary`: enough did, but with this node somebody else could be worked out.
    min_n : int
        Least number of respondents a number that can be worked out rests on.
    n_published : int
        Number of published nodes.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "published": "published",
        "subtree_n": "subtree_n",
        "blocks": "block",
        "reasons": "reason",
    }

    published: BoolArray = field(converter=bool_array)
    subtree_n: IntArray = field(converter=int_array)
    blocks: IntArray = field(converter=int_array)
    reasons: tuple[str, ...] = field(repr=False)
    min_n: int = field(converter=as_int)
    n_published: int = field(converter=as_int)

    @property
    def reason_counts(self) -> dict[str, int]:
        """Number of nodes by reason, every reason named."""
        found = Counter(self.reasons)
        return {reason: found[reason] for reason in REASONS}


def choose_release(tree: TreeIndex | ArrayLike, respondents: ArrayLike, *, min_n: int = 5) -> Release:
    """Choose the largest set of nodes whose subtree figures can be published together.

    Figures of nested groups can be subtracted, so a release is judged as a whole: each published subtree holds at
    least `min_n` respondents, and so does each residual block, those under a published node and under no published
    node below it, unless it is empty. The blocks are the finest sums a reader can solve for.

    Every root with at least `min_n` respondents is published, and with the roots as many nodes as a safe release can
    hold. Among the largest releases the one with the smallest sum of depths is taken; what is left equal is settled by
    going through children in index order and taking the first that was found.

    Parameters
    ----------
    tree : TreeIndex or (n,) array_like of int
        The forest, or its parent vector (-1 for a root).
    respondents : (n,) array_like of int
        Respondents in each node's own post, at least 0.
    min_n : int
        Least number of respondents a number that can be worked out rests on, at least 3.

    Returns
    -------
    Release
        The nodes published and the reason at each other one.

    Raises
    ------
    DisclosureError
        `min_n` is below 3.
    OrgError
        `tree` is no forest, or `respondents` are not n counts.

    Notes
    -----
    Bottom-up over the nodes with at least `min_n` respondents: the best value of each subtree for each number 0, 1,
    ..., at least `min_n`, of respondents left over above its published nodes. O(n min_n^2) at worst. Raising `min_n`
    never publishes more.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical Disclosure Control", Wiley, 2012, chapter 4 (secondary suppression in
       hierarchical tables).

    Examples
    --------
    A root with 2 + 4 + 6 respondents: with both branches published, the root's own 2 could be worked out.

    >>> release = choose_release([-1, 0, 0], [2, 4, 6], min_n=4)
    >>> release.published.tolist(), release.blocks.tolist()
    ([True, True, False], [8, 4, -1])
    >>> release.reasons
    ('published', 'published', 'complementary')
    """
    minimum = checked_minimum(min_n)
    index = as_tree(tree)
    own = as_respondents(respondents, index.n)
    subtree_n = subtree_counts(index, own)
    published = largest_release(index, subtree_n, minimum)
    code = np.select([published, subtree_n == 0, subtree_n < minimum], [0, 1, 2], default=3)
    return Release(
        published=sealed(published),
        subtree_n=sealed(subtree_n),
        blocks=sealed(residual_blocks(index, own, published)),
        reasons=tuple([REASONS[reason] for reason in code.tolist()]),
        min_n=minimum,
        n_published=int(published.sum()),
    )
