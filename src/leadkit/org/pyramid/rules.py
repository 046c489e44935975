"""Which tier a post belongs to: the first rule that applies, and what is doubtful about it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit.graphs import TreeIndex
from leadkit.org.organisation import Organisation
from leadkit.org.people import Tier
from leadkit.typing import BoolArray, IntArray

__all__ = ["RULES", "TIER_ORDER", "Ruling", "assign_tiers", "served_tiers"]

RULES = (
    "explicit",
    "root",
    "senior_depth",
    "leads_leaders",
    "leads_front_line",
    "faces_customers",
    "supports",
    "no_reports",
)
"""The names of the rules, in the order in which they are tried."""

RULED_TIERS = (
    Tier.CUSTOMER,  # stands in for the tier that an explicit row names
    Tier.SENIOR_LEADER,
    Tier.SENIOR_LEADER,
    Tier.MIDDLE_MANAGER,
    Tier.FRONT_LINE_LEADER,
    Tier.FRONT_LINE,
    Tier.SUPPORT,
    Tier.FRONT_LINE,
)

TIER_ORDER = (Tier.FRONT_LINE, Tier.FRONT_LINE_LEADER, Tier.MIDDLE_MANAGER, Tier.SENIOR_LEADER)
"""The four tiers of posts under the customers, highest priority first."""

UNKNOWN = -1

CodeArray: TypeAlias = NDArray[np.int8]


@frozen(kw_only=True, eq=False)
class Ruling:
    """The tier of each of n posts, the rule that gave it, and what was assumed."""

    tier: IntArray
    rule: IntArray
    mixed_span: BoolArray
    facing_assumed: BoolArray
    orphan: BoolArray


def assign_tiers(
    tree: TreeIndex, *, named: CodeArray, facing: CodeArray, declared_root: BoolArray, senior_depth: int
) -> Ruling:
    """Give each post the tier of the first rule that applies to it.

    Parameters
    ----------
    tree : TreeIndex
        n posts, filled or not.
    named : (n,) int array
        The tier that a row names, -1 where it names none.
    facing : (n,) int array
        1 where a post faces customers, 0 where it does not, -1 where that is not known.
    declared_root : (n,) bool array
        Which roots the table itself declares; another root is an orphan.
    senior_depth : int
        Deepest depth at which a leader of leaders is a senior leader.

    Returns
    -------
    Ruling
        `rule` holds indices of `RULES`.
    """
    has_reports: BoolArray = tree.n_children > 0
    leads_leaders = _has_child(tree, has_reports)
    conditions = [
        named != UNKNOWN,
        declared_root,
        leads_leaders & (tree.depth <= senior_depth),
        leads_leaders,
        has_reports,
        facing == 1,
        facing == 0,
    ]
    rule = np.select(conditions, list(range(len(conditions))), default=RULES.index("no_reports"))
    ruled = np.asarray(RULED_TIERS, dtype=np.int64)[rule]
    return Ruling(
        tier=np.where(named != UNKNOWN, named, ruled),
        rule=rule,
        mixed_span=(rule == RULES.index("leads_leaders")) & _has_child(tree, ~has_reports),
        facing_assumed=rule == RULES.index("no_reports"),
        orphan=(tree.parents < 0) & ~declared_root,
    )


def _has_child(tree: TreeIndex, wanted: BoolArray) -> BoolArray:
    """Tell which nodes have a child among the wanted."""
    found = np.zeros(tree.n, dtype=np.bool_)
    parents = tree.parents[wanted]
    found[parents[parents >= 0]] = True
    return found


def served_tiers(organisation: Organisation, tier: IntArray) -> tuple[IntArray, BoolArray]:
    """Find the tier with which each post stands in the order of priority.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    tier : (n,) int array
        Their tiers.

    Returns
    -------
    place : (n,) int array
        The own tier; for a SUPPORT post the lowest-numbered tier among those it serves, other SUPPORT posts left out.
    is_assumed : (n,) bool array
        SUPPORT posts for which that is none, so that FRONT_LINE was taken.
    """
    support: BoolArray = tier == Tier.SUPPORT
    provider, served = organisation.posts.serves
    counts = support[provider] & ~support[served]
    lowest = np.full(organisation.n, Tier.SUPPORT, dtype=np.int64)
    np.minimum.at(lowest, provider[counts], tier[served[counts]])
    is_assumed = support & (lowest == Tier.SUPPORT)
    place = np.where(is_assumed, Tier.FRONT_LINE, np.where(support, lowest, tier))
    return place, is_assumed
