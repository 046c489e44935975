"""Who serves whom as a drawing: posts or whole tiers as points in rows, duties as arcs between them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit.org import Obligations, Pyramid, Tier
from leadkit.plots.layers import Rows, place_in_rows, preorder, rows_by_step, rows_by_tier
from leadkit.plots.names import ELLIPSIS, one_line
from leadkit.plots.tiers import counted, tier_name
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Drawing", "Look", "draw_posts", "draw_tiers"]

Look: TypeAlias = Literal["post", "support post", "no duty"]

CUSTOMERS = -1
LONGEST_NAME = 28
SUPPORT_COLUMN = 1.6
BEND = 0.06
SIDES = {"support": -0.5, "internal_customer": 0.5}
LINE = (Tier.FRONT_LINE, Tier.FRONT_LINE_LEADER, Tier.MIDDLE_MANAGER, Tier.SENIOR_LEADER)


@frozen(kw_only=True, eq=False)
class Drawing:
    """n points in rows below the customers, who are row 0, and a arcs between them.

    Parameters
    ----------
    x, y : (n,) array
        Where the points are; rows count downwards.
    names : tuple of n str
        What they are called.
    looks : tuple of n of {"post", "support post", "no duty"}
        What they are.
    rows : tuple of (float, str)
        Place and name of the rows, or of groups of rows.
    provider, recipient : (a,) int array
        From which point to which; -1 is the customers.
    kind : (a,) object array of str
        Kind of duty.
    number : (a,) int array
        Duties in the arc.
    is_carried : (a,) bool array
        Whether somebody else carries it than the post that owes it.
    bend : (a, 2) array
        How far the middle of the arc is pulled aside, twice as far as it gets: what two people owe each other are two
        lines.
    """

    x: FloatArray
    y: FloatArray
    names: tuple[str, ...]
    looks: tuple[Look, ...]
    rows: tuple[tuple[float, str], ...]
    provider: IntArray
    recipient: IntArray
    kind: NDArray[np.object_]
    number: IntArray
    is_carried: BoolArray
    bend: FloatArray


def draw_posts(obligations: Obligations, pyramid: Pyramid | None) -> Drawing:
    """Place every post: in the row of its tier, or by its steps from the customers where the tiers are not known."""
    provider, recipient = obligations.provider.astype(np.int64), obligations.recipient.astype(np.int64)
    n = len(obligations.ids)
    has_duty = np.zeros(n + 1, dtype=np.bool_)
    has_duty[provider] = has_duty[recipient] = True
    if pyramid is None:
        rows = rows_by_step(n, provider, recipient)
        parents = np.full(n, -1, dtype=np.int64)
        supports = obligations.kind == "support"
        parents[recipient[supports]] = provider[supports]
        names: Sequence[str] = obligations.ids
        is_support = np.zeros(n, dtype=np.bool_)
    else:
        rows = rows_by_tier(pyramid, obligations)
        parents = pyramid.organisation.tree.parents.astype(np.int64)
        names = [person.name or person.id for person in pyramid.organisation.people()]
        is_support = pyramid.tier == Tier.SUPPORT
    between = recipient != CUSTOMERS
    rank = preorder(parents, obligations.ids)
    x = place_in_rows(rows.row, rank, provider[between], recipient[between])
    steps = np.where(between, np.abs(rows.row[recipient] - rows.row[provider]), 1)
    side = _sides(obligations.kind) * min(BEND * (float(np.ptp(x)) + 1.0 if n else 0.0), 1.0)
    # within a row an arc goes below the points between its ends
    bend = np.column_stack([np.where(steps > 0, side * steps, 0.0), np.where(steps > 0, 0.0, 0.5 + 0.4 * side)])
    looks: list[Look] = [
        "support post" if support else "post" if duty else "no duty"
        for support, duty in zip(is_support.tolist(), has_duty[:n].tolist(), strict=True)
    ]
    return Drawing(
        x=x,
        y=rows.row.astype(np.float64),
        names=tuple(map(_short, names)),
        looks=tuple(looks),
        rows=_row_names(rows),
        provider=provider,
        recipient=recipient,
        kind=obligations.kind,
        number=np.ones(provider.size, dtype=np.int64),
        is_carried=np.asarray(obligations.via != "direct", dtype=np.bool_),
        bend=bend,
    )


def _short(name: str) -> str:
    """Cut a long name between words, or within the first where that alone is too long."""
    words = shorten(name, LONGEST_NAME, placeholder=ELLIPSIS)
    return one_line(name, LONGEST_NAME) if words == ELLIPSIS else words


def _sides(kind: NDArray[np.object_]) -> FloatArray:
    """Tell to which side an arc bends: support to the left, service to the boss to the right."""
    return np.array([SIDES.get(one, 0.0) for one in kind.tolist()])


def _row_names(rows: Rows) -> tuple[tuple[float, str], ...]:
    groups = dict.fromkeys(rows.names)
    result = []
    for name in groups:
        places = [row for row, one in enumerate(rows.names, start=1) if one == name]
        n_posts = int(np.isin(rows.row, places).sum())
        result.append((sum(places) / len(places), f"{name}\n{counted(n_posts, 'post')}"))
    return tuple(result)


def draw_tiers(obligations: Obligations, pyramid: Pyramid) -> Drawing:
    """Join the posts of each tier to one point, and equal duties between two tiers to one arc."""
    tier = pyramid.tier.astype(np.int64)
    posts = np.bincount(tier, minlength=Tier.SUPPORT + 1).tolist()
    tiers = [one for one in Tier if one in LINE or posts[one]]
    point = np.full(Tier.SUPPORT + 2, -1, dtype=np.int64)
    point[tiers] = np.arange(len(tiers))
    # the customers are index -1 of the posts, and so take the last place of both tables
    of_post = point[np.append(tier, Tier.SUPPORT + 1)]
    kinds, code = np.unique(obligations.kind.astype(str), return_inverse=True)
    arcs = np.column_stack([of_post[obligations.provider], of_post[obligations.recipient], code])
    arcs, number = np.unique(arcs, axis=0, return_counts=True)
    is_loop = arcs[:, 0] == arcs[:, 1]
    within = np.bincount(arcs[is_loop, 0], weights=number[is_loop], minlength=len(tiers)).astype(np.int64)
    arcs, number = arcs[~is_loop], number[~is_loop]
    beside = {Tier.CUSTOMER: 0.5, Tier.SUPPORT: _support_place(obligations, tier)}
    x = np.array([SUPPORT_COLUMN if one in beside else 0.0 for one in tiers])
    y = np.array([beside.get(one, float(one)) for one in tiers])
    kind = kinds.astype(object)[arcs[:, 2]]
    side = _sides(kind)
    start, end = arcs[:, 0], np.where(arcs[:, 1] == CUSTOMERS, arcs[:, 0], arcs[:, 1])
    is_across = x[start] != x[end]
    aside = 1.6 * side * np.abs(y[end] - y[start])
    return Drawing(
        x=x,
        y=y,
        names=tuple(_tier_text(one, posts[one], int(within[place])) for place, one in enumerate(tiers)),
        looks=tuple(["post" if posts[one] else "no duty" for one in tiers]),
        rows=(),
        provider=arcs[:, 0],
        recipient=arcs[:, 1],
        kind=kind,
        number=number,
        is_carried=np.zeros(number.size, dtype=np.bool_),
        bend=np.column_stack([np.where(is_across, 0.0, aside), np.where(is_across, side, 0.0)]),
    )


def _support_place(obligations: Obligations, tier: IntArray) -> float:
    """Put support just below the tier that most of its service goes to, and below the front line without any."""
    served = obligations.recipient[obligations.kind == "internal_service"]
    to = np.bincount(tier[served], minlength=Tier.SUPPORT)[Tier.FRONT_LINE : Tier.SENIOR_LEADER + 1]
    return Tier.FRONT_LINE + int(to.argmax()) + 0.5


def _tier_text(tier: Tier, n_posts: int, n_within: int) -> str:
    name = "Named as customers" if tier == Tier.CUSTOMER else tier_name(tier)
    text = f"{name}\n{counted(n_posts, 'post')}"
    return f"{text}\n{counted(n_within, 'duty', 'duties')} among them" if n_within else text
