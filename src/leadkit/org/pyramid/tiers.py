"""The inverted pyramid: the tier of every post, and how far it is from the customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from leadkit._fields import (
    FrozenMapping,
    bool_array,
    float_array,
    frozen_mapping,
    int_array,
    sealed,
    whole_number_faults,
)
from leadkit._results import MOST_ROWS_SHOWN, TableResult, html_table, plain
from leadkit.errors import Fault, OrgError
from leadkit.org._expecting import expect_organisation
from leadkit.org._sums import subtree_sums, sums_by
from leadkit.org.organisation import Organisation, Weighting
from leadkit.org.people import Tier
from leadkit.org.pyramid.distances import line_distances, network_distances
from leadkit.org.pyramid.rules import RULES, TIER_ORDER, assign_tiers, served_tiers
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Pyramid", "build_pyramid"]

YES, NOT_KNOWN = 1, -1


def _weights(weights: Mapping[Tier, float]) -> Mapping[Tier, float]:
    return frozen_mapping(weights)


def _masks(flags: Mapping[str, BoolArray]) -> Mapping[str, BoolArray]:
    return FrozenMapping({name: bool_array(mask) for name, mask in flags.items()})


@frozen(kw_only=True, eq=False)
class Pyramid(TableResult):
    """The inverted pyramid of n posts, one row a post; it holds no scores and may be shown.

    Parameters
    ----------
    organisation : Organisation
        The snapshot that the pyramid was built from; every array is in its order.
    tier : (n,) int array
        Number of each post's `Tier`.
    rule : (n,) object array of str
        The rule that gave the tier: "explicit", "root", "senior_depth", "leads_leaders", "leads_front_line",
        "faces_customers", "supports" or "no_reports".
    line_distance : (n,) array
        1 for a post that faces customers, else one more than the smallest among its direct reports; NaN where nobody
        below faces a customer.
    network_distance : (n,) array
        One more than the steps to the nearest post that faces customers, along solid lines up or down; NaN where
        there is none to be reached.
    faces_customers : (n,) bool array
        Whether the row says so, or does not say and the tier is FRONT_LINE.
    facing_share : (n,) array
        Weight of the posts of the subtree that face customers over the weight of the subtree, in [0, 1]; NaN for a
        subtree without weight.
    tier_counts : mapping of Tier to float
        Weight of the posts of each tier, from the front line down, then SUPPORT, which stands outside; CUSTOMER only
        where a row names it.
    empty_tiers : tuple of Tier
        Tiers from FRONT_LINE to SENIOR_LEADER that hold no post, filled or not.
    flags : mapping of str to (n,) bool array
        Posts about which something is doubtful: "customer_tier", "facing_assumed", "mixed_span", "orphan",
        "served_tier_assumed", words of `leadkit.org.ORG_FLAGS`.
    senior_depth : int
        Deepest depth at which a leader of leaders is a senior leader.
    weights : {"heads", "posts", "fte"}
        What the weights count.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> firm = Organisation.from_columns(
    ...     ["ann", "bo", "cy", "di", "ed"], [None, "ann", "bo", "bo", "ann"], customer_facing=[None, None, True, None, False]
    ... )
    >>> pyramid = build_pyramid(firm)
    >>> pyramid.tier_of("bo").name, pyramid.rule_of("bo"), pyramid.line_distance.tolist()
    ('FRONT_LINE_LEADER', 'leads_front_line', [3.0, 2.0, 1.0, 1.0, nan])
    >>> pyramid.members(Tier.SUPPORT), pyramid.empty_tiers
    (('ed',), (<Tier.MIDDLE_MANAGER: 3>,))
    >>> pyramid.priority_order()
    ('cy', 'di', 'ed', 'bo', 'ann')
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "ids": "id",
        "tier": "tier",
        "rule": "rule",
        "line_distance": "line_distance",
        "network_distance": "network_distance",
        "faces_customers": "faces_customers",
        "facing_share": "facing_share",
        "flags": "flags",
    }

    organisation: Organisation
    tier: IntArray = field(converter=int_array)
    rule: NDArray[np.object_]
    line_distance: FloatArray = field(converter=float_array)
    network_distance: FloatArray = field(converter=float_array)
    faces_customers: BoolArray = field(converter=bool_array)
    facing_share: FloatArray = field(converter=float_array)
    tier_counts: Mapping[Tier, float] = field(converter=_weights)
    empty_tiers: tuple[Tier, ...]
    flags: Mapping[str, BoolArray] = field(converter=_masks)
    senior_depth: int
    weights: Weighting

    def tier_of(self, person_id: str) -> Tier:
        """Tell a person's tier; an unknown id is an OrgError that names the three nearest."""
        return Tier(int(self.tier[self.organisation.index_of(person_id)]))

    def rule_of(self, person_id: str) -> str:
        """Tell the rule that gave a person's tier; an unknown id is an OrgError that names the three nearest."""
        return str(self.rule[self.organisation.index_of(person_id)])

    def members(self, tier: Tier | int) -> tuple[str, ...]:
        """List the posts of a tier, filled or not, by the code points of their ids; what is no tier is an OrgError."""
        if isinstance(tier, bool | np.ndarray) or tier not in tuple(Tier):
            msg = f"tier: expected one of {', '.join(known.name for known in Tier)}, got {tier!r}"
            raise OrgError(msg)
        return tuple(sorted(self.organisation.posts.ids[self.tier == tier].tolist()))

    def priority_order(self) -> tuple[str, ...]:
        """Put all posts in order of priority; the customers stand before them all.

        Returns
        -------
        tuple of str
            Ids by tier from FRONT_LINE to SENIOR_LEADER, then line distance (unknown last), then id by code point. A
            SUPPORT post stands just after the lowest-numbered tier among those it serves; after FRONT_LINE where it
            serves no post of another tier than SUPPORT (flag "served_tier_assumed").
        """
        place, _ = served_tiers(self.organisation, self.tier)
        rows = self.organisation.sorted_rows
        distance = np.where(np.isnan(self.line_distance), np.inf, self.line_distance)
        in_order = np.lexsort((distance[rows], self.tier[rows] == Tier.SUPPORT, place[rows]))
        return tuple(self.organisation.posts.ids[rows[in_order]].tolist())

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python; the organisation as its digest and ids, tiers of mappings by name."""
        fields: dict[str, Any] = {"digest": self.organisation.digest, "ids": list(self.organisation.ids)}
        names = (part.name for part in attrs.fields(type(self)) if part.name != "organisation")
        fields |= {name: plain(getattr(self, name)) for name in names}
        fields["tier_counts"] = {tier.name: plain(weight) for tier, weight in self.tier_counts.items()}
        return fields | {"empty_tiers": [tier.name for tier in self.empty_tiers]}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a post: id, tier by name, rule, distances, share and flags.

        Returns
        -------
        list of dict
            In the order of the organisation; NaN becomes None, flags are joined by a space.
        """
        return self._records(self.organisation.n)

    def _records(self, n: int) -> list[dict[str, Any]]:
        """Give the first `n` records."""
        columns = [plain(getattr(self, name)[:n]) for name in list(self._columns)[2:-1]]
        tiers = [Tier(number).name for number in self.tier[:n].tolist()]
        rows = zip(self.organisation.posts.ids[:n].tolist(), tiers, *columns, self._raised(n), strict=True)
        return [dict(zip(self._columns.values(), row, strict=True)) for row in rows]

    def _raised(self, n: int) -> list[str]:
        """Join the flags of each of the first `n` posts by a space."""
        codes = np.zeros(len(self.tier[:n]), dtype=np.int64)
        words = [""]
        for name, mask in self.flags.items():
            codes += len(words) * mask[:n]
            words += [f"{word} {name}".lstrip() for word in words]
        return [words[code] for code in codes.tolist()]

    def _repr_html_(self) -> str:
        names = [Tier.CUSTOMER, *(tier for tier in self.tier_counts if tier != Tier.CUSTOMER)]
        posts = np.bincount(self.tier, minlength=Tier.SUPPORT + 1).tolist()
        tiers = [
            (tier.name, posts[tier] if tier in self.tier_counts else None, self.tier_counts.get(tier)) for tier in names
        ]
        records = self._records(MOST_ROWS_SHOWN)
        rest = self.organisation.n - len(records)
        return (
            html_table("Pyramid", ("tier", "posts", self.weights if self.weights != "posts" else "weight"), tiers)
            + html_table("Posts", self._columns.values(), (record.values() for record in records))
            + (f"<p>... and {rest} more rows</p>" if rest else "")
        )


def build_pyramid(organisation: Organisation, *, senior_depth: int = 1, weights: Weighting = "heads") -> Pyramid:
    """Turn an organisation upside down: who serves the customers, and who carries those who do.

    A post's tier is that of the first rule that applies, whether anybody holds the post or not:

    ==================== ====================================================================== =================
    rule                 condition                                                              tier
    ==================== ====================================================================== =================
    explicit             the row names a tier                                                   that one
    root                 the table declares a root                                              SENIOR_LEADER
    senior_depth         at most `senior_depth` below a root, and a direct report has reports   SENIOR_LEADER
    leads_leaders        a direct report has reports                                            MIDDLE_MANAGER
    leads_front_line     has direct reports                                                     FRONT_LINE_LEADER
    faces_customers      none, and faces customers                                              FRONT_LINE
    supports             none, and does not face customers                                      SUPPORT
    no_reports           none, and whether it faces customers is not known                      FRONT_LINE
    ==================== ====================================================================== =================

    A root that a repair made is flagged "orphan" and falls through to the later rules. A row that names CUSTOMER keeps
    it, flagged "customer_tier": no post is a customer's, so look whether 0 stood for "not known" in the table.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    senior_depth : int
        Deepest depth at which a leader of leaders is a senior leader, at least 0.
    weights : {"heads", "posts", "fte"}
        What the weights of tiers and shares count, as in `Organisation.weights`.

    Returns
    -------
    Pyramid
        Posts in the order of the organisation.

    Raises
    ------
    OrgError
        `organisation` is something else, `senior_depth` is no whole number of at least 0, or with "fte" a filled post
        lacks its full-time equivalents.
    ValueError
        `weights` is unknown.

    References
    ----------
    .. [1] J. Carlzon, "Moments of Truth", Ballinger, 1987.
    .. [2] K. Albrecht, R. Zemke, "Service America!", Dow Jones-Irwin, 1985.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> pyramid = build_pyramid(Organisation.from_columns(["ann", "bo", "cy"], [None, "ann", "bo"]))
    >>> pyramid.tier.tolist(), pyramid.rule.tolist()
    ([4, 2, 1], ['root', 'leads_front_line', 'no_reports'])
    >>> pyramid.flags["facing_assumed"].tolist()
    [False, False, True]
    """
    expect_organisation(organisation)
    _expect_depth(senior_depth)
    weight = organisation.weights(weights)
    tree, posts = organisation.tree, organisation.posts
    ruling = assign_tiers(
        tree,
        named=posts.tiers,
        facing=posts.customer_facing,
        declared_root=organisation.declared_root,
        senior_depth=senior_depth,
    )
    tier = ruling.tier
    facing = (posts.customer_facing == YES) | ((posts.customer_facing == NOT_KNOWN) & (tier == Tier.FRONT_LINE))
    distance = line_distances(tree, facing)
    _, served_tier_assumed = served_tiers(organisation, tier)
    return Pyramid(
        organisation=organisation,
        tier=tier,
        rule=sealed(np.array(RULES, dtype=object)[ruling.rule]),
        line_distance=distance,
        network_distance=network_distances(tree, distance),
        faces_customers=facing,
        facing_share=_facing_share(organisation, weight, facing),
        tier_counts=_tier_counts(tier, weight),
        empty_tiers=tuple(one for one in TIER_ORDER if not (tier == one).any()),
        flags={
            "customer_tier": tier == Tier.CUSTOMER,
            "facing_assumed": ruling.facing_assumed,
            "mixed_span": ruling.mixed_span,
            "orphan": ruling.orphan,
            "served_tier_assumed": served_tier_assumed,
        },
        senior_depth=int(senior_depth),
        weights=weights,
    )


def _expect_depth(senior_depth: object) -> None:
    faults = whole_number_faults(senior_depth, "senior_depth")
    if not faults and senior_depth < 0:  # type: ignore[operator]  # a whole number by the line above
        faults = [Fault("senior_depth", f"expected a whole number of at least 0, got {senior_depth!r}")]
    if faults:
        raise OrgError.from_faults(faults)


def _facing_share(organisation: Organisation, weight: FloatArray, facing: BoolArray) -> FloatArray:
    sums = subtree_sums(organisation, np.column_stack([np.where(facing, weight, 0.0), weight]))
    total = sums[:, 1]
    return np.where(total > 0, sums[:, 0] / np.where(total > 0, total, 1.0), np.nan)


def _tier_counts(tier: IntArray, weight: FloatArray) -> dict[Tier, float]:
    totals = sums_by(tier, weight, Tier.SUPPORT + 1)
    named = [Tier.CUSTOMER] if (tier == Tier.CUSTOMER).any() else []
    return {one: float(totals[one]) for one in (*named, *TIER_ORDER, Tier.SUPPORT)}
