"""Measure who is influential, beside who holds authority, and keep back what would expose somebody."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from leadkit._fields import number_faults, whole_number_faults
from leadkit.errors import OrgError
from leadkit.org._expecting import expect_organisation
from leadkit.org._scores import expect_pyramid
from leadkit.org.influence.nominations import Nominations
from leadkit.org.influence.report import InfluenceReport, Measure, Role
from leadkit.org.influence.standing import Standing, find_standing
from leadkit.org.influence.totals import whole_numbers
from leadkit.org.influence.withholding import shown_people
from leadkit.org.organisation import Organisation
from leadkit.org.pyramid import Pyramid, build_pyramid
from leadkit.org.showing import checked_minimum
from leadkit.typing import BoolArray

__all__ = ["measure_influence"]

MEASURES: tuple[Measure, ...] = ("in_degree", "pagerank", "betweenness", "harmonic", "eigenvector")


def measure_influence(
    organisation: Organisation,
    nominations: Nominations,
    *,
    pyramid: Pyramid | None = None,
    measures: Sequence[Measure] = ("in_degree", "pagerank"),
    informal_at: float = 0.8,
    min_nominators: int = 3,
    top_k: int = 10,
    min_n: int = 5,
    identify: bool = False,
    force: bool = False,
) -> InfluenceReport:
    """Find who leads with a position and who without.

    Formal leaders are officially designated: `formal_leader`, else whoever has direct reports. Informal leaders are
    those colleagues turn to, with or without authority. Positional leadership works down the own line; persuasive
    leadership reaches people who owe the leader nothing.

    Parameters
    ----------
    organisation : Organisation
        The people and their reporting lines.
    nominations : Nominations
        Who goes to whom, of the same people in the same order.
    pyramid : Pyramid, optional
        The tiers of the organisation; built with the defaults when not given.
    measures : sequence of {"in_degree", "pagerank", "betweenness", "harmonic", "eigenvector"}
        What influence is read from, all of them with the same say. PageRank follows the weights of the nominations
        where there are any; the other measures count ties.
    informal_at : float
        Influence from which somebody counts as influential, in (0, 1].
    min_nominators : int
        Fewest people who have to name an informal leader, at least 1.
    top_k : int
        Size of the two tops that are compared, at least 1.
    min_n : int
        Least number of people a number may rest on, at least 3.
    identify : bool
        Whether to show everybody's own numbers; the caller answers for it. Flag `identified`.
    force : bool
        Whether to compute influence though fewer than half of the people answered. Flag `low_response` either way.

    Returns
    -------
    InfluenceReport
        One row a post; posts that are vacant or left have no numbers.

    Raises
    ------
    OrgError
        What is given is no organisation, nominations or pyramid, or these belong to other people; eigenvector
        centrality is not unique, or an option is out of its bounds.
    DisclosureError
        `min_n` is below 3.

    Notes
    -----
    Influence is the mean over the measures of the mid-rank percentile (mid-rank - 0.5) / n among filled posts; values
    equal to 12 decimals share a rank. Authority is the same percentile of the tier (senior leaders first, front line
    and support last), then the number of posts in the own line. Ties that touch an unfilled post do not count.

    The mean of all percentiles is one half. So where fewer than `min_n` people are not shareable, some of those who
    are get hidden too (flag `more_withheld`), and a number about many is shown only when the hidden people in it are
    none or at least `min_n` (flag `numbers_withheld`): the mean of a tier, the shares of formal leaders, the number of
    informal leaders, the overlap of the tops, where those at the top by authority are counted, and the shares about
    bosses, where the bosses of respondents are, and where at least `min_n` respondents have to have one. Tau-b and the
    overlap compare two orders of few people so closely that they are withheld while fewer than twice `min_n` people
    are hidden; tau-b, too, where it is exactly 1 or -1, because it then tells everybody's place. With `identify` only the tiers of fewer than `min_n` people go without a mean.
    What is the same for all of at least `min_n` hidden people can still be read: an `n_withheld` of 0 says that none of
    them is an informal leader. Two reports with different options, side by side, can tell more than each of them.

    References
    ----------
    .. [1] D. Krackhardt and J. R. Hanson, "Informal networks: the company behind the chart", Harvard Business Review
       71(4), 1993.
    .. [2] D. J. Brass, "Being in the right place: a structural analysis of individual influence in an organization",
       Administrative Science Quarterly 29, 1984.

    Examples
    --------
    >>> from leadkit.org import Nominations, Organisation
    >>> ids = ["boss", "ann", "bob", "cem", "dee", "eva"]
    >>> organisation = Organisation.from_columns(ids, [None, "boss", "boss", "ann", "ann", "ann"])
    >>> sources = ["boss", "ann", "bob", "cem", "eva", "bob"]
    >>> targets = ["dee", "dee", "dee", "dee", "ann", "ann"]
    >>> nominations = Nominations.from_columns(organisation, sources, targets)
    >>> report = measure_influence(organisation, nominations, measures=["in_degree"], informal_at=0.7, identify=True)
    >>> report.role
    ('positional', 'leader', 'colleague', 'colleague', 'informal_leader', 'colleague')
    >>> report.influence.round(3).tolist()
    [0.333, 0.75, 0.333, 0.333, 0.917, 0.333]
    >>> measure_influence(organisation, nominations, measures=["in_degree"]).informal_leader_ids
    ()
    """
    options: dict[str, Any] = {
        "measures": _measures(measures),
        "informal_at": _level(informal_at),
        "min_nominators": _whole(min_nominators, "min_nominators"),
        "top_k": _whole(top_k, "top_k"),
        "min_n": checked_minimum(min_n),
    }
    expect_organisation(organisation)
    if not isinstance(nominations, Nominations):
        msg = f"nominations: expected Nominations, got {type(nominations).__name__}"
        raise OrgError(msg)
    pyramid = _own_pyramid(organisation, pyramid)
    standing = find_standing(organisation, nominations, pyramid, options["measures"], force=force)
    flags = {*nominations.flags, *standing.flags}
    if identify:
        shown = standing.filled
        flags.add("identified")
    else:
        shareable = standing.filled & organisation.posts.shareable
        shown = shown_people(standing.is_counted, shareable, organisation.sorted_rows, options["min_n"])
        flags |= {"more_withheld"} if (shareable & ~shown).any() else set()
    numbers = whole_numbers(standing, shown, organisation, identify=identify, **options)
    n, n_respondents = int(standing.filled.sum()), int(standing.responded.sum())
    return InfluenceReport(
        ids=organisation.ids,
        **_rows(standing, shown, options["informal_at"], options["min_nominators"]),
        n=n,
        n_respondents=n_respondents,
        response_rate=n_respondents / n if n else math.nan,
        **numbers.values,
        question=nominations.question,
        **options,
        flags=flags | numbers.flags,
    )


def _measures(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    given = tuple(measures)
    if not given or isinstance(measures, str) or len(set(given)) < len(given) or not set(given) <= set(MEASURES):
        msg = f"measures: expected some of {', '.join(MEASURES)}, each once, got {measures!r}"
        raise OrgError(msg)
    return given


def _level(informal_at: float) -> float:
    faults = number_faults(informal_at, "informal_at", above=0.0)
    if faults or informal_at > 1:
        msg = f"informal_at: expected a number above 0 and at most 1, got {informal_at!r}"
        raise OrgError(msg)
    return float(informal_at)


def _whole(value: int, name: str) -> int:
    if whole_number_faults(value, name) or value < 1:
        msg = f"{name}: expected a whole number of at least 1, got {value!r}"
        raise OrgError(msg)
    return int(value)


def _own_pyramid(organisation: Organisation, pyramid: Pyramid | None) -> Pyramid:
    if pyramid is None:
        return build_pyramid(organisation)
    other = expect_pyramid(pyramid).organisation
    if other is not organisation and (other.ids != organisation.ids or other.digest != organisation.digest):
        msg = "pyramid: it was built of another organisation, or of the same people in another order"
        raise OrgError(msg)
    return pyramid


def _rows(standing: Standing, shown: BoolArray, informal_at: float, min_nominators: int) -> dict[str, Any]:
    """Copy the person-level numbers of those who are shown, and of nobody else."""
    columns = {
        "influence": standing.influence,
        "authority": standing.authority,
        "gap": standing.influence - standing.authority,
        "in_degree": standing.in_degree,
        "persuasive_share": standing.persuasive_share,
    }
    names: tuple[Role | None, ...] = (None, "leader", "positional", "informal_leader", "colleague")
    leading = standing.is_influential(informal_at)
    informal = standing.is_informal_leader(informal_at, min_nominators)
    code = np.where(standing.formal, np.where(leading, 1, 2), np.where(informal, 3, 4))
    code = np.where(shown & standing.is_counted, code, 0)
    rows: dict[str, Any] = {name: np.where(shown, values, np.nan) for name, values in columns.items()}
    return rows | {"role": tuple(names[place] for place in code.tolist())}
