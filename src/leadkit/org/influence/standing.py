"""Where everybody stands, before anything is withheld: influence and authority of each post, and the ties behind them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from leadkit.errors import OrgError
from leadkit.graphs import Network, betweenness, eigenvector, harmonic, pagerank
from leadkit.org.influence.nominations import Nominations
from leadkit.org.influence.ranking import mid_rank_percentile, rounded
from leadkit.org.influence.report import Measure
from leadkit.org.organisation import Organisation
from leadkit.org.people import Tier
from leadkit.org.pyramid import Pyramid
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Standing", "find_standing"]

LEAST_RESPONSE = 0.5


@frozen(kw_only=True, eq=False, repr=False)
class Standing:
    """What is known about each of the n posts; it never leaves `measure_influence`.

    Parameters
    ----------
    filled, responded, formal : (n,) bool array
        Who holds a post, and of these who answered and who is a formal leader.
    tier : (n,) int array
        The tier.
    influence, authority, in_degree : (n,) array
        NaN for posts that are not filled, and for influence that is not known.
    n_ties, n_outside, n_to_boss : (n,) int array
        Incoming ties, those of them from outside the own line, and those from direct reports.
    n_reports_heard : (n,) int array
        Respondents who have this person as their boss.
    """

    filled: BoolArray
    responded: BoolArray
    formal: BoolArray
    tier: IntArray
    influence: FloatArray
    authority: FloatArray
    in_degree: FloatArray
    n_ties: IntArray
    n_outside: IntArray
    n_to_boss: IntArray
    n_reports_heard: IntArray
    flags: frozenset[str]

    @property
    def n_seekers(self) -> int:
        """Respondents who have a boss to name."""
        return int(self.n_reports_heard.sum())

    @property
    def is_counted(self) -> BoolArray:
        """Who has a percentile."""
        known: BoolArray = ~np.isnan(self.influence)
        return known

    @property
    def persuasive_share(self) -> FloatArray:
        """Share of the incoming ties that come from outside the own line; NaN without ties."""
        return shares(self.n_outside, self.n_ties)

    def is_influential(self, informal_at: float) -> BoolArray:
        """Who reaches the influence `informal_at`, rounding aside."""
        high: BoolArray = rounded(self.influence) >= rounded(informal_at)
        return high

    def is_informal_leader(self, informal_at: float, min_nominators: int) -> BoolArray:
        """Who is influential without being a formal leader, and named by enough people."""
        return ~self.formal & self.is_influential(informal_at) & (self.n_ties >= min_nominators)


def shares(part: IntArray, whole: IntArray) -> FloatArray:
    """Divide; NaN where the whole is 0."""
    result: FloatArray = np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
    return result


def find_standing(
    organisation: Organisation, nominations: Nominations, pyramid: Pyramid, measures: Sequence[Measure], *, force: bool
) -> Standing:
    """Compute everybody's influence and authority; without enough answers influence and ties are not known."""
    if nominations.ids != organisation.ids:
        msg = "nominations: they belong to other people, or to the same people in another order"
        raise OrgError(msg)
    n, tree = organisation.n, organisation.tree
    filled = organisation.is_filled
    responded = nominations.responded & filled
    authority, influence, in_degree = np.full((3, n), np.nan)
    size = np.asarray(tree.size, dtype=np.float64)
    authority[filled] = mid_rank_percentile((_tier_order(pyramid.tier) * (n + 1) + size)[filled])
    flags = set() if filled.any() else {"no_filled_posts"}
    network = nominations.network
    kept = filled[network.source] & filled[network.target]
    if not kept.all():
        flags.add("unfilled_dropped")
    if responded.sum() < LEAST_RESPONSE * filled.sum():
        flags.add("low_response")
        kept &= force
    source, target = network.source[kept], network.target[kept]
    if filled.any() and (force or "low_response" not in flags):
        network = _among(network, filled, kept)
        in_degree[filled] = _named_share(network, responded[filled])
        influence[filled] = _influence(network, in_degree[filled], measures)
    boss = tree.parents
    return Standing(
        filled=filled,
        responded=responded,
        formal=filled & _formal(organisation),
        tier=np.asarray(pyramid.tier, dtype=np.int64),
        influence=influence,
        authority=authority,
        in_degree=in_degree,
        n_ties=np.bincount(target, minlength=n),
        n_outside=np.bincount(
            target[~(tree.is_ancestor(source, target) | tree.is_ancestor(target, source))], minlength=n
        ),
        n_to_boss=np.bincount(target[boss[source] == target], minlength=n),
        n_reports_heard=np.where(filled, np.bincount(boss[responded & (boss >= 0)], minlength=n), 0),
        flags=frozenset(flags),
    )


def _tier_order(tier: IntArray) -> FloatArray:
    """Order tiers by authority: senior leaders 4 to front line 1; support stands beside the front line."""
    order = np.asarray(tier, dtype=np.float64)
    return np.where(order == Tier.SUPPORT, float(Tier.FRONT_LINE), order)


def _formal(organisation: Organisation) -> BoolArray:
    """Tell who is designated a leader, or not said not to be one and has direct reports."""
    designated = organisation.posts.formal_leader
    formal: BoolArray = (designated == 1) | ((designated == -1) & (organisation.tree.n_children > 0))
    return formal


def _among(network: Network, filled: BoolArray, kept: BoolArray) -> Network:
    """Cut a network down to the filled posts, numbered in their order."""
    place = np.cumsum(filled) - 1
    return Network.from_edges(
        int(filled.sum()),
        place[network.source[kept]],
        place[network.target[kept]],
        None if network.weights is None else network.weights[kept],
    )


def _named_share(network: Network, responded: BoolArray) -> FloatArray:
    others = responded.sum() - responded.astype(np.int64)
    return shares(np.bincount(network.target, minlength=network.n), others)


def _influence(network: Network, in_degree: FloatArray, measures: Sequence[Measure]) -> FloatArray:
    percentiles = [
        mid_rank_percentile(in_degree if measure == "in_degree" else _centrality(network, measure))
        for measure in sorted(measures)
    ]
    mean: FloatArray = np.mean(percentiles, axis=0)
    return mean


def _centrality(network: Network, measure: Measure) -> FloatArray:
    if measure == "pagerank":
        return pagerank(network, weighted=network.weights is not None)
    if measure == "betweenness":
        return betweenness(network)
    if measure == "harmonic":
        return harmonic(network, normalized=False)
    result = eigenvector(network)
    if result.flag:
        msg = f"measures: eigenvector centrality is not defined here: {result.flag}; leave it out"
        raise OrgError(msg)
    return result.values
