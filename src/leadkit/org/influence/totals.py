"""Influence in the whole organisation and by tier: the numbers about many, less those that expose a few."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import frozen

from leadkit.org.influence.ranking import order_agreement, top_overlap, top_places
from leadkit.org.influence.report import TierInfluence
from leadkit.org.influence.standing import Standing
from leadkit.org.influence.withholding import hides_enough, shown_tiers
from leadkit.org.organisation import Organisation
from leadkit.org.people import Tier
from leadkit.typing import BoolArray, IntArray

__all__ = ["WholeNumbers", "whole_numbers"]

WHY_NAN = {
    "tau_b": "no_variance",
    "formal_persuasive_share": "no_formal_ties",
    "boss_sought_share": "no_boss_to_name",
    "ties_to_boss_share": "no_ties",
}


@frozen(kw_only=True, eq=False)
class WholeNumbers:
    """Numbers about many people, by field of the report, and what is doubtful or withheld."""

    values: dict[str, Any]
    flags: frozenset[str] = frozenset()


def whole_numbers(
    standing: Standing,
    shown: BoolArray,
    organisation: Organisation,
    *,
    identify: bool,
    informal_at: float,
    min_nominators: int,
    top_k: int,
    min_n: int,
    **_: Any,
) -> WholeNumbers:
    """Compute the numbers about many people that give away nobody who is hidden."""
    counted = standing.is_counted
    hidden, formal = counted & ~shown, counted & standing.formal
    tiers, tier_withheld = _tiers(standing, hidden, min_n)
    if not counted.any():
        return WholeNumbers(values={"by_tier": tiers})
    informal = standing.is_informal_leader(informal_at, min_nominators)
    by_id = organisation.sorted_rows
    listed = tuple(organisation.posts.ids[by_id[(informal & shown)[by_id]]].tolist())
    n_informal = int(informal.sum())
    tau_b, overlap, top = _agreement(standing, by_id, top_k)

    def n_hidden(group: BoolArray) -> int:
        return int((hidden & group).sum())

    named = standing.n_ties > 0
    are_many = hides_enough(n_hidden(counted), 2 * min_n)
    may_show_bosses = identify or (
        standing.n_seekers >= min_n and hides_enough(n_hidden(standing.n_reports_heard > 0), min_n)
    )
    shown_with = {
        "tau_b": (tau_b, are_many and not (hidden.any() and _tells_order(tau_b))),
        "top_k_overlap": (overlap, are_many and hides_enough(n_hidden(top), min_n)),
        "formal_persuasive_share": (
            _share(standing.n_outside[formal], standing.n_ties[formal]),
            n_hidden(formal) == 0 or n_hidden(formal & named) >= min_n,
        ),
        "boss_sought_share": (_share(standing.n_to_boss, standing.n_seekers), may_show_bosses),
        "ties_to_boss_share": (
            _share(standing.n_to_boss, standing.n_ties),
            may_show_bosses and (named.any() or not hidden.any()),
        ),
    }
    may_count = are_many and hides_enough(n_hidden(~standing.formal), min_n)
    flags = {WHY_NAN[name] for name, (value, may_show) in shown_with.items() if may_show and math.isnan(value)}
    if tier_withheld or not may_count or not all(may_show for _, may_show in shown_with.values()):
        flags.add("numbers_withheld")
    values = {name: value if may_show else math.nan for name, (value, may_show) in shown_with.items()}
    return WholeNumbers(
        values={
            **values,
            "n_informal_leaders": n_informal if may_count else None,
            "n_withheld": n_informal - len(listed) if may_count else None,
            "informal_leader_ids": listed,
            "by_tier": tiers,
        },
        flags=frozenset(flags),
    )


def _tells_order(tau_b: float) -> bool:
    """Tell whether two orders agree so well, or so badly, that one of them gives the other; or whether one has none."""
    return math.isnan(tau_b) or math.isclose(abs(tau_b), 1.0)


def _share(part: IntArray, whole: IntArray | int) -> float:
    total = int(np.sum(whole))
    return int(part.sum()) / total if total else math.nan


def _agreement(standing: Standing, by_id: IntArray, top_k: int) -> tuple[float, float, BoolArray]:
    """Compare influence with authority: tau-b, overlap of the tops, and who is at the top by authority."""
    counted = standing.is_counted
    authority = np.where(counted, standing.authority, np.nan)
    by_authority = top_places(authority, by_id, top_k)
    top = np.zeros(counted.size, dtype=np.bool_)
    top[by_authority] = True
    overlap = top_overlap(top_places(standing.influence, by_id, top_k), by_authority)
    return order_agreement(standing.influence[counted], authority[counted]), overlap, top


def _tiers(standing: Standing, hidden: BoolArray, min_n: int) -> tuple[dict[Tier, TierInfluence], bool]:
    """Average influence and gap by tier, and tell whether a mean is withheld."""
    counted = standing.is_counted
    tiers = np.unique(standing.tier[standing.filled])
    groups = [standing.tier == tier for tier in tiers]
    n = np.array([(counted & group).sum() for group in groups], dtype=np.int64)
    shown = shown_tiers(n, np.array([(hidden & group).sum() for group in groups], dtype=np.int64), min_n)
    gap = standing.influence - standing.authority
    result = {
        Tier(int(tier)): TierInfluence(
            n=int((standing.filled & group).sum()),
            mean_influence=float(standing.influence[counted & group].mean()) if show else math.nan,
            mean_gap=float(gap[counted & group].mean()) if show else math.nan,
        )
        for tier, group, show in zip(tiers.tolist(), groups, shown.tolist(), strict=True)
    }
    return result, bool((n[~shown] > 0).any())
