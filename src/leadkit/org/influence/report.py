"""Influence as a result: what is known about each person who may be shown, and about the organisation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from leadkit._fields import as_float, as_int, float_array, frozen_mapping
from leadkit._results import Result, TableResult, html_table
from leadkit.org.flags import sorted_flags
from leadkit.org.people import Tier
from leadkit.typing import FloatArray

__all__ = ["InfluenceReport", "Measure", "Role", "TierInfluence"]

Measure: TypeAlias = Literal["in_degree", "pagerank", "betweenness", "harmonic", "eigenvector"]
"""A way to read influence from who goes to whom."""
Role: TypeAlias = Literal["leader", "positional", "informal_leader", "colleague"]
"""How position and influence go together in one person."""


@frozen(kw_only=True, eq=False)
class TierInfluence(Result):
    """The influence of one tier.

    Parameters
    ----------
    n : int
        Filled posts of the tier.
    mean_influence : float
        Mean of their influence, in (0, 1); NaN when withheld.
    mean_gap : float
        Mean of influence minus authority, in (-1, 1); NaN when withheld.
    """

    n: int = field(converter=as_int)
    mean_influence: float = field(converter=as_float)
    mean_gap: float = field(converter=as_float)


def _tiers(values: Mapping[Tier, TierInfluence]) -> Mapping[Tier, TierInfluence]:
    return frozen_mapping(values)


@frozen(kw_only=True, eq=False)
class InfluenceReport(TableResult):
    """Who leads with a position and who without, one row a post.

    Person-level fields (`influence` to `role`) are NaN or None for everybody who may not be shown: the numbers are not
    in here at all. Numbers over many people are NaN or None where, beside what is shown, they would give away fewer
    than `min_n` of the others.

    Parameters
    ----------
    ids : tuple of n_posts str
        The posts, in the order of the organisation.
    influence : (n_posts,) array
        Mean percentile over the measures, in (0, 1).
    authority : (n_posts,) array
        Percentile of tier and size of the line below, in (0, 1).
    gap : (n_posts,) array
        Influence minus authority: above 0, colleagues turn to this person more than the position explains.
    in_degree : (n_posts,) array
        Share of the respondents other than oneself who name this person, in [0, 1].
    persuasive_share : (n_posts,) array
        Share of a person's incoming ties that come from outside the own line, in [0, 1]; the rest is positional. NaN
        without ties.
    role : tuple of n_posts of {"leader", "positional", "informal_leader", "colleague", None}
        Formal and influential; formal and not; influential without being formal; neither.
    n : int
        Filled posts.
    n_respondents : int
        Those of them who answered.
    response_rate : float
        n_respondents / n; NaN without filled posts.
    tau_b : float
        Kendall's tau-b of influence with authority, in [-1, 1]; NaN where one of them is the same for all.
    top_k_overlap : float
        People among the `top_k` of both influence and authority, over people among the top of either, in [0, 1].
    formal_persuasive_share : float
        Persuasive share of the incoming ties of all formal leaders together.
    boss_sought_share : float
        Share of the respondents with a boss who name that boss. The boss is the holder of the post right above; where
        it is not filled, there is none.
    ties_to_boss_share : float
        Share of all ties that run to the own boss.
    n_informal_leaders : int or None
        People in that role; None when withheld.
    n_withheld : int or None
        Those of them who are not listed in `informal_leader_ids`; None when withheld.
    informal_leader_ids : tuple of str
        The informal leaders who may be shown, by id.
    by_tier : mapping of Tier to TierInfluence
        Tiers with somebody in them, from the customers down; a tier of fewer than `min_n` people has no means.
    question : str
        What was asked.
    measures : tuple of str
        What influence was read from.
    informal_at : float
        Influence from which somebody counts as influential.
    min_nominators : int
        Fewest incoming ties of an informal leader.
    top_k : int
        Size of the two tops.
    min_n : int
        Least number of people a number may rest on.
    flags : tuple of str
        What is doubtful or withheld, words of `leadkit.org.ORG_FLAGS`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "ids": "id",
        "influence": "influence",
        "authority": "authority",
        "gap": "gap",
        "in_degree": "in_degree",
        "persuasive_share": "persuasive_share",
        "role": "role",
    }

    ids: tuple[str, ...] = field(repr=False)
    influence: FloatArray = field(converter=float_array)
    authority: FloatArray = field(converter=float_array)
    gap: FloatArray = field(converter=float_array)
    in_degree: FloatArray = field(converter=float_array)
    persuasive_share: FloatArray = field(converter=float_array)
    role: tuple[Role | None, ...] = field(repr=False)
    n: int = field(converter=as_int)
    n_respondents: int = field(converter=as_int)
    response_rate: float = field(converter=as_float)
    tau_b: float = field(converter=as_float, default=math.nan)
    top_k_overlap: float = field(converter=as_float, default=math.nan)
    formal_persuasive_share: float = field(converter=as_float, default=math.nan)
    boss_sought_share: float = field(converter=as_float, default=math.nan)
    ties_to_boss_share: float = field(converter=as_float, default=math.nan)
    n_informal_leaders: int | None = None
    n_withheld: int | None = None
    informal_leader_ids: tuple[str, ...] = ()
    by_tier: Mapping[Tier, TierInfluence] = field(converter=_tiers)
    question: str
    measures: tuple[Measure, ...]
    informal_at: float = field(converter=as_float)
    min_nominators: int = field(converter=as_int)
    top_k: int = field(converter=as_int)
    min_n: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    @property
    def is_identified(self) -> bool:
        """Whether everybody's own numbers are in here, by the caller's decision."""
        return "identified" in self.flags

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python that `json.dumps` takes; NaN becomes None, tiers go by name."""
        return super().to_dict() | {"by_tier": {tier.name: one.to_dict() for tier, one in self.by_tier.items()}}

    def _html_scalars(self) -> list[tuple[str, Any]]:
        long = {"ids", "role", "by_tier"}
        return [pair for pair in super()._html_scalars() if pair[0] not in long]

    def _repr_html_(self) -> str:
        whole = html_table(type(self).__name__, ("field", "value"), self._html_scalars())
        rows = [(tier.name, one.n, one.mean_influence, one.mean_gap) for tier, one in self.by_tier.items()]
        tiers = html_table("by_tier", ("tier", "n", "mean_influence", "mean_gap"), rows)
        return whole + tiers
