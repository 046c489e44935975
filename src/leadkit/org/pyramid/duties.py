"""Who owes what to whom: leaders support those above them in the pyramid, and each boss is a customer of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from leadkit._fields import as_int, frozen_mapping, int_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, TableResult, html_table
from leadkit.errors import OrgError
from leadkit.org.organisation.posts import ACTIVE
from leadkit.org.people import Tier
from leadkit.org.pyramid.standing_in import VIAS, find_carriers
from leadkit.org.pyramid.tiers import Pyramid
from leadkit.typing import BoolArray, IntArray

__all__ = ["CUSTOMERS", "Kind", "Obligations", "obligations"]

Kind: TypeAlias = Literal["external_service", "support", "internal_customer", "internal_service"]
"""What is owed: service to the customers, support to a report, service to the boss, or a support post's service."""

KINDS: tuple[Kind, ...] = ("external_service", "support", "internal_customer", "internal_service")
CUSTOMERS = -1


def _counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping(counts)


@frozen(kw_only=True, eq=False)
class Obligations(TableResult):
    """Who owes what to whom, m obligations, one row each; it holds no scores and may be shown.

    Parameters
    ----------
    ids : tuple of str
        The n posts that the indices count.
    provider, recipient : (m,) int array
        Index of who owes, and of whom it is owed to; -1 is the customers.
    kind : (m,) object array of str
        "external_service", "support", "internal_customer" or "internal_service", one kind after the other.
    via : (m,) object array of str
        "direct", "acting" where an acting holder carries it, or "nearest_filled" where it passed up the line.
    counts : mapping of str to int
        Number of obligations of each kind.
    n_without_provider : int
        Obligations that were dropped because nobody is there to carry them.

    Examples
    --------
    >>> from leadkit.org import Organisation, build_pyramid
    >>> firm = Organisation.from_columns(["ann", "bo", "cy"], [None, "ann", "bo"], status=["active", "vacant", "active"])
    >>> for record in obligations(build_pyramid(firm)).to_records():
    ...     print(*record.values())
    cy customers external_service direct
    ann cy support nearest_filled
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "provider": "provider",
        "recipient": "recipient",
        "kind": "kind",
        "via": "via",
    }

    ids: tuple[str, ...]
    provider: IntArray = field(converter=int_array)
    recipient: IntArray = field(converter=int_array)
    kind: NDArray[np.object_]
    via: NDArray[np.object_]
    counts: Mapping[str, int] = field(converter=_counts)
    n_without_provider: int = field(converter=as_int)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an obligation: ids of provider and recipient, kind and via.

        Returns
        -------
        list of dict
            The recipient of an external service is "customers".
        """
        return self._records(len(self.provider))

    def _records(self, n: int) -> list[dict[str, Any]]:
        """Give the first `n` records."""
        providers = [self.ids[place] for place in self.provider[:n].tolist()]
        recipients = ["customers" if place == CUSTOMERS else self.ids[place] for place in self.recipient[:n].tolist()]
        rows = zip(providers, recipients, self.kind[:n].tolist(), self.via[:n].tolist(), strict=True)
        return [dict(zip(self._columns.values(), row, strict=True)) for row in rows]

    def _repr_html_(self) -> str:
        totals = [*self.counts.items(), ("without provider", self.n_without_provider)]
        records = self._records(MOST_ROWS_SHOWN)
        rest = len(self.provider) - len(records)
        return (
            html_table("Obligations", ("kind", "number"), totals)
            + html_table("Who owes whom", self._columns.values(), (record.values() for record in records))
            + (f"<p>... and {rest} more rows</p>" if rest else "")
        )


def obligations(pyramid: Pyramid) -> Obligations:
    """List what everybody owes: to the customers, to those they lead, to their boss, and to those they serve.

    ==================  ========================================================================
    kind                from whom to whom
    ==================  ========================================================================
    external_service    each filled post that faces customers, to the customers
    support             each leader, to each direct report
    internal_customer   each report, to the leader: the boss is an internal customer
    internal_service    each SUPPORT post, to each post it serves
    ==================  ========================================================================

    Nothing is owed to a post that nobody holds. A leader is a post with direct reports. What a vacant or left leader owes
    passes to the acting holder, else to the nearest filled post up the line; if there is none, it is dropped and
    counted. What an absent leader owes passes to the acting holder, else it stays. What a SUPPORT post owes passes on
    in the same way. Any other post owes what it owes itself, and nothing while nobody holds it; so does every post that
    faces customers: a service to them that nobody is there to give is not owed.

    An acting holder stands in only while active, and for the one post alone: there is no acting for one who acts.
    Where a duty passes up the line to an absent leader, the one acting for that leader carries it. Nobody owes
    themselves: what an acting holder would owe to themselves goes on as if there were no acting holder, and a duty
    whose only possible provider is its recipient falls away, uncounted.

    Parameters
    ----------
    pyramid : Pyramid
        As `build_pyramid` gives it.

    Returns
    -------
    Obligations
        When all posts are filled, there are as many of "support" and of "internal_customer" as posts that are no root.

    Raises
    ------
    OrgError
        `pyramid` is something else.

    References
    ----------
    .. [1] K. Ishikawa, "What Is Total Quality Control? The Japanese Way", Prentice-Hall, 1985: the next process is
       your customer.

    Examples
    --------
    >>> from leadkit.org import Organisation, build_pyramid
    >>> firm = Organisation.from_columns(
    ...     ["ann", "bo", "cy", "di"],
    ...     [None, "ann", "bo", "bo"],
    ...     status=["active", "absent", "active", "active"],
    ...     acting_ids=[None, "cy", None, None],
    ... )
    >>> owed = obligations(build_pyramid(firm))
    >>> [tuple(record.values()) for record in owed.to_records() if record["kind"] == "support"]
    [('ann', 'bo', 'support', 'direct'), ('bo', 'cy', 'support', 'direct'), ('cy', 'di', 'support', 'acting')]
    """
    if not isinstance(pyramid, Pyramid):
        msg = f"pyramid: expected a Pyramid, as build_pyramid gives it, got {type(pyramid).__name__}"
        raise OrgError(msg)
    organisation = pyramid.organisation
    passes_on = (organisation.tree.n_children > 0) | (pyramid.tier == Tier.SUPPORT)
    carriers = find_carriers(
        organisation.tree,
        filled=organisation.is_filled,
        active=organisation.posts.status == ACTIVE,
        acting=organisation.posts.acting,
        passes_on=passes_on,
    )
    providers, recipients, kinds, ways, n_lost = [], [], [], [], 0
    for code, kind in enumerate(KINDS):
        owing, recipient = _owed(pyramid, kind, passes_on)
        provider, via, is_lost = carriers.assign(owing, recipient)
        carried = provider >= 0
        providers.append(provider[carried])
        recipients.append(recipient[carried])
        kinds.append(np.full(int(carried.sum()), code))
        ways.append(via[carried])
        n_lost += int(is_lost.sum())
    return Obligations(
        ids=organisation.ids,
        provider=np.concatenate(providers),
        recipient=np.concatenate(recipients),
        kind=sealed(np.array(KINDS, dtype=object)[np.concatenate(kinds)]),
        via=sealed(np.array(VIAS, dtype=object)[np.concatenate(ways)]),
        counts={kind: len(owed) for kind, owed in zip(KINDS, providers, strict=True)},
        n_without_provider=n_lost,
    )


def _owed(pyramid: Pyramid, kind: Kind, passes_on: BoolArray) -> tuple[IntArray, IntArray]:
    """List the posts that owe something of a kind, held or not, and the held posts it is owed to."""
    filled = pyramid.organisation.is_filled
    parents = pyramid.organisation.tree.parents.astype(np.int64)
    if kind == "external_service":
        serving = np.flatnonzero(pyramid.faces_customers & filled)
        return serving, np.full(serving.shape, CUSTOMERS, dtype=np.int64)
    if kind == "support":
        reports = np.flatnonzero((parents >= 0) & filled)
        return parents[reports], reports
    if kind == "internal_customer":
        owes = filled | passes_on
        reports = np.flatnonzero((parents >= 0) & owes & filled[parents])
        return reports, parents[reports]
    provider, served = pyramid.organisation.posts.serves
    counts = (pyramid.tier == Tier.SUPPORT)[provider] & filled[served]
    return provider[counts], served[counts]
