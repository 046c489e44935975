"""What is known of people and what is asked of them, as given by id or in the order of the organisation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import FrozenMapping, number_faults
from leadkit.errors import Fault, OrgError
from leadkit.org.organisation import Organisation
from leadkit.org.people import Tier
from leadkit.org.pyramid import Pyramid
from leadkit.stats._arrays import vector
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = [
    "aligned_scores",
    "by_tier",
    "expect_pyramid",
    "limits_of",
    "names_of",
    "posts_by_id",
    "read_thresholds",
    "shares_of",
]


def expect_pyramid(value: object) -> Pyramid:
    """Return a pyramid; refuse anything else.

    Raises
    ------
    OrgError
        It is something else; the message names `build_pyramid`.
    """
    if not isinstance(value, Pyramid):
        msg = f"pyramid: expected a Pyramid, as build_pyramid gives it, got {type(value).__name__}"
        raise OrgError(msg)
    return value


def aligned_scores(organisation: Organisation, scores: ArrayLike | Mapping[str, float], name: str) -> FloatArray:
    """Put scores into the order of the organisation.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    scores : (n,) array_like or mapping of str to float
        One score a post in the order of `organisation.ids`, or id to score; NaN, None or no entry is not known.
    name : str
        The argument, for messages.

    Returns
    -------
    (n,) float array
        NaN where nothing is known.

    Raises
    ------
    OrgError
        An id is unknown, a score is no finite number, or their number differs from that of the posts.
    """
    try:
        if isinstance(scores, Mapping):
            known = vector(list(scores.values()), name)
        else:
            known = vector(scores, name, length=organisation.n)
    except ValueError as error:
        raise OrgError(str(error)) from error
    if not isinstance(scores, Mapping):
        return known
    aligned = np.full(organisation.n, np.nan)
    aligned[organisation.indices_of(list(scores))] = known
    return aligned


def read_thresholds(threshold: float | Mapping[Tier, float], tiers: IntArray, name: str) -> Mapping[Tier, float]:
    """Give what is asked of each tier that occurs.

    Parameters
    ----------
    threshold : float or mapping of Tier to float
        One number for all, or one for each tier.
    tiers : (k,) int array
        The tiers that have to have one, repeats allowed.
    name : str
        The argument, for messages.

    Returns
    -------
    mapping of Tier to float
        A threshold for each of `tiers`, and for any other that was given.

    Raises
    ------
    OrgError
        A threshold is no finite number, a key is no tier, or one of `tiers` has none; all of it is listed.
    """
    needed = [Tier(int(tier)) for tier in np.unique(tiers)]
    if not isinstance(threshold, Mapping):
        faults = number_faults(threshold, name)
        given = dict.fromkeys(needed, threshold)
    else:
        known = {tier for tier in Tier if tier in threshold}
        faults = [
            Fault(f"{name}[{key!r}]", f"expected a Tier, one of {', '.join(tier.name for tier in Tier)}")
            for key in threshold
            if isinstance(key, bool) or key not in known
        ]
        faults += [fault for tier in sorted(known) for fault in number_faults(threshold[tier], f"{name}[{tier.name}]")]
        faults += [Fault(name, f"there is none for {tier.name}, which occurs") for tier in needed if tier not in known]
        given = {tier: threshold[tier] for tier in sorted(known)}
    if faults:
        raise OrgError.from_faults(faults)
    return FrozenMapping({tier: float(limit) for tier, limit in given.items()})


def by_tier(values: Mapping[Tier, float]) -> Mapping[Tier, float]:
    """Copy numbers by tier into a mapping that cannot be changed, ascending."""
    return FrozenMapping({tier: values[tier] for tier in sorted(values)})


def limits_of(thresholds: Mapping[Tier, float], tiers: IntArray) -> FloatArray:
    """Look up what is asked of each post; NaN for a tier without a threshold."""
    table = np.full(max(Tier) + 1, np.nan)
    table[[int(tier) for tier in thresholds]] = list(thresholds.values())
    return table[tiers]


def posts_by_id(organisation: Organisation, chosen: BoolArray) -> IntArray:
    """Give the indices of the chosen posts in the order of their ids, so that the order of the rows tells nothing."""
    rows = organisation.sorted_rows
    return rows[chosen[rows]]


def names_of(organisation: Organisation, posts: IntArray) -> tuple[Any, ...]:
    """Look up the ids of posts; None for -1."""
    return tuple(None if post < 0 else organisation.ids[post] for post in posts.tolist())


def shares_of(group: IntArray, weight: FloatArray, n_groups: int) -> list[float]:
    """Give each group's share of the weight, the same whatever the order; NaN where there is no weight at all."""
    totals = [math.fsum(weight[group == one].tolist()) for one in range(n_groups)]
    total = math.fsum(weight.tolist())
    return [part / total if total > 0 else math.nan for part in totals]
