"""Middle managers are the key change agents: how many of them are engaged, and which front-line lines they cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int
from leadkit.graphs import TreeIndex
from leadkit.org._hiding import checked_again, shown_if
from leadkit.org._paths import any_marked
from leadkit.org._scores import aligned_scores, expect_pyramid, names_of, posts_by_id, read_thresholds, shares_of
from leadkit.org.agents.reach import (
    COVERED,
    ENGAGED,
    NO_AGENT,
    NOT_COVERED,
    NOT_ENGAGED,
    NOT_SCORED,
    UNKNOWN,
    Reach,
    measure_reach,
)
from leadkit.org.flags import sorted_flags
from leadkit.org.organisation import Weighting
from leadkit.org.people import Tier
from leadkit.org.pyramid import Pyramid
from leadkit.org.showing import DISCLOSED, GuardedResult
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["ChangeAgents", "measure_change_agents"]


@frozen(kw_only=True, eq=False)
class ChangeAgents(GuardedResult):
    """How far the change agents between top and front line are engaged, and how many lines they reach.

    Before it is shown it goes through `disclosed`.

    Parameters
    ----------
    n_agents : int
        Filled middle-manager posts; without any, filled posts of front-line leaders, who stand in.
    engaged_share, not_engaged_share, unknown_share : float
        Shares of the agents who reach the threshold, who do not, and who have no score, in [0, 1]; they sum to 1.
        NaN without agents.
    n_threads : int
        Threads: filled front-line posts.
    covered_share, not_covered_share, unknown_share_of_threads, no_agent_share : float
        Shares of the threads with at least one engaged agent on the chain, with scored agents of whom none is
        engaged, with none engaged and one unscored, and with no agent at all; they sum to 1. NaN without threads.
    threshold : float
        The score from which an agent counts as engaged; NaN when one was given by tier and there are no agents.
    weights : {"heads", "posts", "fte"}
        What the shares count; once disclosed posts, where the weights differ.
    uncovered_leader_ids : tuple of str
        Filled front-line leaders whose line has agents, all scored and none engaged, sorted; empty once disclosed.
    no_agent_leader_ids : tuple of str
        Filled front-line leaders without an agent on their line, sorted; empty once disclosed.
    footing : Reach or None
        How many people the shares rest on; None once disclosed.
    min_n : int or None
        Fewest people that a shown number rests on; None before `disclosed`.
    flags : tuple of str
        `no_middle_tier`, `no_agents`, `no_threads`, `no_weight`, `shown_by_posts`, `disclosed`.
    """

    n_agents: int = field(converter=as_int)
    engaged_share: float = field(converter=as_float)
    not_engaged_share: float = field(converter=as_float)
    unknown_share: float = field(converter=as_float)
    n_threads: int = field(converter=as_int)
    covered_share: float = field(converter=as_float)
    not_covered_share: float = field(converter=as_float)
    unknown_share_of_threads: float = field(converter=as_float)
    no_agent_share: float = field(converter=as_float)
    threshold: float = field(converter=as_float)
    weights: Weighting
    uncovered_leader_ids: tuple[str, ...] = field(repr=False)
    no_agent_leader_ids: tuple[str, ...] = field(repr=False)
    footing: Reach | None = field(repr=False)
    min_n: int | None = None
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def disclosed(self, *, min_n: int = 5) -> Self:
        """Hide the ids of leaders, and every share that rests on too few people.

        A share of agents is hidden when fewer than `min_n` agents are in it, a share of threads when fewer than
        `min_n` threads are, or when fewer than `min_n` agents make them so: with the tree at hand the size of their
        lines would tell who they are. Hidden shares together have to pass the same test, so the next smallest goes
        with them where they do not, and an empty one does. All but `no_agent_share` go when fewer than `min_n` agents
        have a score. The shares of threads also go when the size of their line gives an agent away: where no exchange
        of as many engaged agents, among them this one, for others would leave all shares as they are. `no_agent_share`
        follows from the tree alone, and never protects another.

        Where agents or front-line posts differ in weight, their shares are those of posts (`shown_by_posts`): a
        weighted one is a sum over some known weights, and hardly any other posts have the same.

        Parameters
        ----------
        min_n : int
            Least number of people a shown number may rest on, at least 3.

        Returns
        -------
        ChangeAgents
            The same with the flag `disclosed`; hidden numbers are NaN.

        Raises
        ------
        DisclosureError
            `min_n` is below 3, or above the one with which this was disclosed before.
        """
        minimum = checked_again(min_n, self.min_n)
        if self.footing is None:
            return self
        agents, threads = self.footing.shown_agents(minimum), self.footing.shown_threads(minimum)
        told = self._by_posts(self.footing)
        return evolve(
            told,
            engaged_share=shown_if(told.engaged_share, agents[ENGAGED]),
            not_engaged_share=shown_if(told.not_engaged_share, agents[NOT_ENGAGED]),
            unknown_share=shown_if(told.unknown_share, agents[NOT_SCORED]),
            covered_share=shown_if(told.covered_share, threads[COVERED]),
            not_covered_share=shown_if(told.not_covered_share, threads[NOT_COVERED]),
            unknown_share_of_threads=shown_if(told.unknown_share_of_threads, threads[UNKNOWN]),
            no_agent_share=shown_if(told.no_agent_share, threads[NO_AGENT]),
            uncovered_leader_ids=(),
            no_agent_leader_ids=(),
            footing=None,
            min_n=minimum,
            flags={*told.flags, DISCLOSED},
        )

    def _by_posts(self, footing: Reach) -> Self:
        """Count posts instead of what they weigh, agents or threads or both, where the weights differ."""
        shares: dict[str, Any] = {}
        if not footing.agents_even:
            names = [name for name, of, _ in SHARES if of == "agents"]
            shares |= dict(zip(names, (footing.agents / self.n_agents).tolist(), strict=True))
        if not footing.threads_even:
            names = [name for name, of, _ in SHARES if of == "threads"]
            shares |= dict(zip(names, (footing.threads / self.n_threads).tolist(), strict=True))
        return evolve(self, **shares, weights="posts", flags={*self.flags, "shown_by_posts"}) if shares else self

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a share: `of` ("agents" or "threads"), `state`, `share`; NaN becomes None.

        Raises
        ------
        DisclosureError
            The result has not been through `disclosed`.
        """
        shares = self.to_dict()
        return [{"of": of, "state": state, "share": shares[name]} for name, of, state in SHARES]


SHARES = (
    ("engaged_share", "agents", "engaged"),
    ("not_engaged_share", "agents", "not_engaged"),
    ("unknown_share", "agents", "unknown"),
    ("covered_share", "threads", "covered"),
    ("not_covered_share", "threads", "not_covered"),
    ("unknown_share_of_threads", "threads", "unknown"),
    ("no_agent_share", "threads", "no_agent"),
)
"""Field, what is counted and the state that it has."""


def measure_change_agents(
    pyramid: Pyramid,
    engagement: ArrayLike | Mapping[str, float],
    *,
    threshold: float | Mapping[Tier, float],
    weights: Weighting = "heads",
) -> ChangeAgents:
    """Tell how many middle managers are engaged in a change, and how many front-line threads one of them covers.

    Where no middle-manager post is filled, the front-line leaders stand in (`no_middle_tier`). Only filled posts are
    agents or begin a thread; on a chain vacant and left posts are skipped.

    Parameters
    ----------
    pyramid : Pyramid
        n posts and their tiers.
    engagement : (n,) array_like or mapping of str to float
        One score a post in the order of `pyramid.organisation.ids`, or id to score; NaN or no entry is missing. Only
        those of agents are looked at.
    threshold : float or mapping of Tier to float
        The least score of an engaged agent; a mapping needs the agents' tier.
    weights : {"heads", "posts", "fte"}
        What the shares count: the people on posts, posts, or full-time equivalents.

    Returns
    -------
    ChangeAgents
        Shares of agents and of threads; `disclosed` makes it fit to show.

    Raises
    ------
    OrgError
        An id is unknown, scores or the threshold are no finite numbers, the number of scores is wrong, the agents'
        tier lacks a threshold, or somebody lacks the full-time equivalents that count.

    Examples
    --------
    >>> from leadkit.org import Organisation, build_pyramid
    >>> managers = {"top": None, "vic": "top", "ann": "vic", "bo": "vic", "cy": "ann", "dee": "bo",
    ...             "eve": "cy", "fay": "cy", "gil": "dee", "hal": "dee"}
    >>> pyramid = build_pyramid(Organisation.from_columns(list(managers), list(managers.values())))
    >>> agents = measure_change_agents(pyramid, {"ann": 4.0, "bo": 2.0}, threshold=3.5)
    >>> agents.n_agents, agents.engaged_share, agents.covered_share, agents.uncovered_leader_ids
    (2, 0.5, 0.5, ('dee',))
    """
    organisation = expect_pyramid(pyramid).organisation
    known = aligned_scores(organisation, engagement, "engagement")
    weight = organisation.weights(weights)
    filled, tier = organisation.is_filled, pyramid.tier
    middle = filled & (tier == Tier.MIDDLE_MANAGER)
    acts = middle if middle.any() else filled & (tier == Tier.FRONT_LINE_LEADER)
    limit = _limit(threshold, tier[acts])
    agents, starts = np.flatnonzero(acts), np.flatnonzero(filled & (tier == Tier.FRONT_LINE))
    leaders = posts_by_id(organisation, filled & (tier == Tier.FRONT_LINE_LEADER))
    state = np.where(np.isnan(known), NOT_SCORED, np.where(known < limit, NOT_ENGAGED, ENGAGED))
    line = _lines(organisation.tree, acts, state)
    shares = shares_of(state[agents], weight[agents], 3)
    thread_shares = shares_of(line[starts], weight[starts], 4)
    return ChangeAgents(
        n_agents=agents.size,
        engaged_share=shares[ENGAGED],
        not_engaged_share=shares[NOT_ENGAGED],
        unknown_share=shares[NOT_SCORED],
        n_threads=starts.size,
        covered_share=thread_shares[COVERED],
        not_covered_share=thread_shares[NOT_COVERED],
        unknown_share_of_threads=thread_shares[UNKNOWN],
        no_agent_share=thread_shares[NO_AGENT],
        threshold=limit,
        weights=weights,
        uncovered_leader_ids=names_of(organisation, leaders[line[leaders] == NOT_COVERED]),
        no_agent_leader_ids=names_of(organisation, leaders[line[leaders] == NO_AGENT]),
        footing=measure_reach(organisation.tree, acts, state, line, starts, weight),
        flags=_flags(middle, (weight[agents], weight[starts])),
    )


def _limit(threshold: float | Mapping[Tier, float], tiers: IntArray) -> float:
    """Give the one threshold that applies; NaN where one is given by tier and nobody is an agent."""
    needed = tiers[:1]
    thresholds = read_thresholds(threshold, needed, "threshold")
    if isinstance(threshold, Mapping):
        return thresholds[Tier(int(needed[0]))] if needed.size else np.nan
    return float(threshold)


def _lines(tree: TreeIndex, acts: BoolArray, state: IntArray) -> IntArray:
    """Tell for each post what the agents at or above it make of its line."""

    def on_line(marked: BoolArray) -> BoolArray:
        return any_marked(tree.parents, marked, strict=False)

    return np.select(
        [on_line(acts & (state == ENGAGED)), on_line(acts & (state == NOT_SCORED)), on_line(acts)],
        [COVERED, UNKNOWN, NOT_COVERED],
        default=NO_AGENT,
    )


def _flags(middle: BoolArray, weights: Sequence[FloatArray]) -> set[str]:
    found = set() if middle.any() else {"no_middle_tier"}
    for weight, flag in zip(weights, ("no_agents", "no_threads"), strict=True):
        if weight.size == 0:
            found.add(flag)
        elif not weight.any():
            found.add("no_weight")
    return found
