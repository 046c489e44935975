"""The golden thread: whether everyone from a front-line post up to the top reaches what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array
from leadkit._results import plain
from leadkit.org._hiding import checked_again, shown_if
from leadkit.org._scores import (
    aligned_scores,
    by_tier,
    expect_pyramid,
    limits_of,
    names_of,
    posts_by_id,
    read_thresholds,
    shares_of,
)
from leadkit.org.flags import sorted_flags
from leadkit.org.organisation import Weighting
from leadkit.org.people import Tier
from leadkit.org.pyramid import Pyramid
from leadkit.org.showing import DISCLOSED, GuardedResult
from leadkit.org.thread.following import BROKEN, UNBROKEN, UNKNOWN, Threads, follow_threads, threads_through
from leadkit.org.thread.footing import Footing
from leadkit.typing import FloatArray, IntArray

__all__ = ["Thread", "ThreadStatus", "trace_thread"]

ThreadStatus: TypeAlias = Literal["unbroken", "broken", "unknown"]
STATUS_WORDS: tuple[ThreadStatus, ...] = ("unbroken", "broken", "unknown")
"""The words for UNBROKEN, BROKEN and UNKNOWN."""
TIER_FIELDS = ("first_break", "threshold")


@frozen(kw_only=True, eq=False)
class Thread(GuardedResult):
    """The threads from the front line to the top: how many hold, and where the others break first.

    Before it is shown it goes through `disclosed`.

    Parameters
    ----------
    unbroken_share, broken_share, unknown_share : float
        Shares of the threads by status, in [0, 1], weighted by their front-line posts; they sum to 1. NaN without
        threads, or when these weigh nothing.
    n_threads : int
        Threads: filled front-line posts.
    n_vacant_links : int
        Vacant and left posts over all threads: one that seven threads pass counts seven times.
    first_break : mapping of Tier to float
        Share of all threads that break in this tier first, seen from the customers; they sum to `broken_share`.
        Every tier below the customers is there.
    threshold : mapping of Tier to float
        The score that is asked of each tier.
    weights : {"heads", "posts", "fte"}
        What the shares count; once disclosed posts, where the weights differ.
    ids : tuple of n_threads str
        The front-line posts, sorted; empty once disclosed, like the three below.
    status : tuple of n_threads of {"unbroken", "broken", "unknown"}
        What became of each thread.
    strength : (n_threads,) array
        Smallest known score on each thread; NaN where none is known.
    break_ids : tuple of n_threads of str or None
        Where each thread breaks first; None where it does not.
    footing : Footing or None
        How many people the shares rest on; None once disclosed.
    min_n : int or None
        Fewest people that a shown number rests on; None before `disclosed`.
    flags : tuple of str
        `no_threads`, `no_weight`, `no_leader_on_thread`, `shown_by_posts`, `disclosed`.
    """

    unbroken_share: float = field(converter=as_float)
    broken_share: float = field(converter=as_float)
    unknown_share: float = field(converter=as_float)
    n_threads: int = field(converter=as_int)
    n_vacant_links: int = field(converter=as_int)
    first_break: Mapping[Tier, float] = field(converter=by_tier)
    threshold: Mapping[Tier, float] = field(converter=by_tier)
    weights: Weighting
    ids: tuple[str, ...] = field(repr=False)
    status: tuple[ThreadStatus, ...] = field(repr=False)
    strength: FloatArray = field(converter=float_array, repr=False)
    break_ids: tuple[str | None, ...] = field(repr=False)
    footing: Footing | None = field(repr=False)
    min_n: int | None = None
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def disclosed(self, *, min_n: int = 5) -> Self:
        """Hide everything about single threads, and every share that rests on too few people.

        A status is hidden when fewer than `min_n` threads have it, and all are when fewer than `min_n` people have a
        score, a leader on every thread not counted. Hidden ones together have to hold enough threads too, so the next
        smallest goes with them where they do not, and an empty one does.

        A tier of `first_break` is hidden when fewer than `min_n` of its people have a score, and with it the next
        smallest until the hidden ones hold enough people whom the share of unbroken threads does not clear. All tiers
        are hidden when fewer than `min_n` threads break in one of them, when the share of broken threads is hidden,
        or when a leader who breaks threads is pointed at: when fewer than `min_n` people of the tier, this one
        counted, could have broken as many with the same shares (`leadkit.org.thread.alike`). Then the statuses go
        too, unless so many front-line people have a score that they could have broken all these threads themselves.

        Where the front-line posts differ in weight, all shares are those of posts (`shown_by_posts`): a weighted one
        is a sum over some known weights, and hardly any other posts have the same.

        Parameters
        ----------
        min_n : int
            Least number of people a shown number may rest on, at least 3.

        Returns
        -------
        Thread
            The same with the flag `disclosed`; hidden numbers are NaN.

        Raises
        ------
        DisclosureError
            `min_n` is below 3, or above the one with which this was disclosed before.
        """
        minimum = checked_again(min_n, self.min_n)
        if self.footing is None:
            return self
        told = self if self.footing.is_even else self._by_posts(self.footing)
        statuses, tiers = self.footing.shown_statuses(minimum), self.footing.shown_tiers(minimum)
        breaks = {
            tier: shown_if(share, shown) for (tier, share), shown in zip(told.first_break.items(), tiers, strict=True)
        }
        return evolve(
            told,
            unbroken_share=shown_if(told.unbroken_share, statuses[UNBROKEN]),
            broken_share=shown_if(told.broken_share, statuses[BROKEN]),
            unknown_share=shown_if(told.unknown_share, statuses[UNKNOWN]),
            first_break=breaks,
            ids=(),
            status=(),
            strength=np.zeros(0),
            break_ids=(),
            footing=None,
            min_n=minimum,
            flags={*told.flags, DISCLOSED},
        )

    def _by_posts(self, footing: Footing) -> Self:
        """Count posts instead of what they weigh."""
        shares, breaks = footing.statuses / self.n_threads, footing.broken_first / self.n_threads
        return evolve(
            self,
            unbroken_share=shares[UNBROKEN],
            broken_share=shares[BROKEN],
            unknown_share=shares[UNKNOWN],
            first_break=dict(zip(self.first_break, breaks.tolist(), strict=True)),
            weights="posts",
            flags={*self.flags, "shown_by_posts"},
        )

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python, tiers by name; NaN becomes None.

        Raises
        ------
        DisclosureError
            The result has not been through `disclosed`.
        """
        named = {name: {tier.name: plain(value) for tier, value in getattr(self, name).items()} for name in TIER_FIELDS}
        return super().to_dict() | named

    def _html_scalars(self) -> list[tuple[str, Any]]:
        named = self.to_dict()
        return [(name, named[name] if name in TIER_FIELDS else value) for name, value in super()._html_scalars()]

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a tier: `tier`, `threshold` and `first_break`; NaN becomes None.

        Raises
        ------
        DisclosureError
            The result has not been through `disclosed`.
        """
        fields = self.to_dict()
        return [
            {"tier": tier, "threshold": fields["threshold"].get(tier), "first_break": share}
            for tier, share in fields["first_break"].items()
        ]


def trace_thread(
    pyramid: Pyramid,
    scores: ArrayLike | Mapping[str, float],
    *,
    threshold: float | Mapping[Tier, float],
    weights: Weighting = "heads",
) -> Thread:
    """Follow the golden thread from each front-line post up to the top.

    A thread belongs to each filled front-line post: its holder and the holders of all posts above; vacant and left
    posts are skipped. It is broken when a known score lies below the threshold, unbroken when none does and everybody
    above has a score, and unknown otherwise: a missing score never breaks a thread. The front-line person need not
    have a score.

    Parameters
    ----------
    pyramid : Pyramid
        n posts and their tiers.
    scores : (n,) array_like or mapping of str to float
        One score a post in the order of `pyramid.organisation.ids`, or id to score; NaN or no entry is missing. Scores
        of posts that nobody holds are not looked at.
    threshold : float or mapping of Tier to float
        The least score that is enough, for everybody or by tier, since what is asked differs by level. Each tier that
        has a filled post on some thread needs one.
    weights : {"heads", "posts", "fte"}
        What the shares count: the people on front-line posts, these posts, or their full-time equivalents.

    Returns
    -------
    Thread
        Shares of unbroken, broken and unknown threads, and where they break; `disclosed` makes it fit to show.

    Raises
    ------
    OrgError
        An id is unknown, scores or thresholds are no finite numbers, their number is wrong, a tier lacks a threshold,
        or somebody lacks the full-time equivalents that count.

    Examples
    --------
    >>> from leadkit.org import Organisation, build_pyramid
    >>> ids = ["ann", "bo", "cy", "dee", "eve", "fay"]
    >>> pyramid = build_pyramid(Organisation.from_columns(ids, [None, "ann", "ann", "bo", "bo", "cy"]))
    >>> thread = trace_thread(pyramid, {"ann": 4.5, "bo": 3.0, "cy": 4.0, "dee": 5.0, "fay": 4.0}, threshold=3.5)
    >>> thread.ids, thread.status
    (('dee', 'eve', 'fay'), ('broken', 'broken', 'unbroken'))
    >>> round(thread.first_break[Tier.FRONT_LINE_LEADER], 3), thread.break_ids[0], thread.strength.tolist()
    (0.667, 'bo', [3.0, 3.0, 4.0])
    """
    organisation = expect_pyramid(pyramid).organisation
    known = aligned_scores(organisation, scores, "scores")
    weight = organisation.weights(weights)
    filled = organisation.is_filled
    tier = pyramid.tier.astype(np.int64)
    starts = posts_by_id(organisation, filled & (tier == Tier.FRONT_LINE))
    through = threads_through(organisation.tree, starts)
    thresholds = read_thresholds(threshold, tier[filled & (through > 0)], "threshold")
    threads = follow_threads(
        organisation.tree, starts, through, filled=filled, scores=known, limits=limits_of(thresholds, tier)
    )
    listed = [one for one in Tier if one is not Tier.CUSTOMER or one in tier[through > 0]]
    shares = shares_of(threads.status, weight[starts], 3)
    return Thread(
        unbroken_share=shares[UNBROKEN],
        broken_share=shares[BROKEN],
        unknown_share=shares[UNKNOWN],
        n_threads=starts.size,
        n_vacant_links=int(through[~filled].sum()),
        first_break=_first_break(threads, tier, weight[starts], listed),
        threshold=thresholds,
        weights=weights,
        ids=names_of(organisation, starts),
        status=tuple(np.array(STATUS_WORDS, dtype=object)[threads.status].tolist()),
        strength=threads.strength,
        break_ids=names_of(organisation, threads.breaker),
        footing=Footing.of(organisation.tree, threads, tier, listed, weight[starts]),
        flags=_flags(threads, weight[starts]),
    )


def _first_break(threads: Threads, tier: IntArray, weight: FloatArray, listed: Sequence[Tier]) -> Mapping[Tier, float]:
    """Give the share of all threads that break in each tier first."""
    broken = threads.breaker >= 0
    place = np.searchsorted(listed, tier[threads.breaker[broken]])
    group = np.full(threads.starts.size, len(listed))
    group[broken] = place
    return dict(zip(listed, shares_of(group, weight, len(listed) + 1), strict=False))


def _flags(threads: Threads, weight: FloatArray) -> set[str]:
    found = set()
    if threads.starts.size == 0:
        found.add("no_threads")
    elif not weight.any():
        found.add("no_weight")
    if not threads.is_led.all():
        found.add("no_leader_on_thread")
    return found
