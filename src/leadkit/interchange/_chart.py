"""What every organisation chart draws: the posts in order, their labels, their lines, and who faces customers."""

from __future__ import annotations

import unicodedata
from typing import Literal, TypeAlias, get_args

import numpy as np
from attrs import frozen

from leadkit.errors import OrgError
from leadkit.org import Organisation, Pyramid, Tier, build_pyramid
from leadkit.typing import IntArray

__all__ = ["Chart", "Label", "chart_of", "one_line"]

Label: TypeAlias = Literal["name", "title", "id"]
"""What stands on a post."""

SPACES = frozenset({"Cc", "Zl", "Zp"})
BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
NOT_HELD = {2: "vacant", 3: "left", 1: "absent"}


@frozen(kw_only=True)
class Chart:
    """The posts of a chart in preorder, leaders before their reports.

    Parameters
    ----------
    labels : tuple of str
        What stands on each post, on one line.
    above : tuple of int
        Place of each post's leader in the chart; -1 for a top.
    depth : tuple of int
        Steps to the top of the chart.
    faces : tuple of bool
        Whether the post faces customers.
    filled : tuple of bool
        Whether somebody holds the post.
    tiers : tuple of str
        Name of each post's tier, in small letters.
    dotted : tuple of pairs of int
        Places of a dotted leader and of the post.
    """

    labels: tuple[str, ...]
    above: tuple[int, ...]
    depth: tuple[int, ...]
    faces: tuple[bool, ...]
    filled: tuple[bool, ...]
    tiers: tuple[str, ...]
    dotted: tuple[tuple[int, int], ...]


def chart_of(
    organisation: Organisation,
    *,
    pyramid: Pyramid | None,
    label: Label,
    top: str | None,
    layers: int | None,
    max_nodes: int,
) -> Chart:
    """Cut out what is to be drawn and check that it is not too much.

    Raises
    ------
    OrgError
        `top` is nobody's id, or there are more than `max_nodes` posts.
    TypeError, ValueError
        An argument is of another kind, or the pyramid is that of another organisation.
    """
    if not isinstance(organisation, Organisation):
        msg = f"organisation: expected Organisation, got {type(organisation).__name__}"
        raise TypeError(msg)
    if label not in get_args(Label):
        msg = f"label: expected one of {', '.join(map(repr, get_args(Label)))}, got {label!r}"
        raise ValueError(msg)
    for name, value in (("layers", layers), ("max_nodes", max_nodes)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1):
            msg = f"{name}: expected a whole number of at least 1, got {value!r}"
            raise ValueError(msg)
    known = build_pyramid(organisation) if pyramid is None else _checked(pyramid, organisation)
    rows = _rows(organisation, top, layers)
    if rows.size > max_nodes:
        msg = (
            f"{rows.size} posts are to be drawn, the limit (max_nodes) is {max_nodes}: draw a subtree (top=...), fewer "
            f"layers (layers=...), or raise the limit"
        )
        raise OrgError(msg)
    tree = organisation.tree
    # a parent of -1 finds the last place, which stays -1
    place = np.full(organisation.n + 1, -1)
    place[rows] = np.arange(rows.size)
    above = place[tree.parents[rows]]
    return Chart(
        labels=tuple(_label(organisation, row, label) for row in rows.tolist()),
        above=tuple(above.tolist()),
        depth=tuple((tree.depth[rows] - tree.depth[rows[:1]].sum()).tolist()),
        faces=tuple(known.faces_customers[rows].tolist()),
        filled=tuple(organisation.is_filled[rows].tolist()),
        tiers=tuple(Tier(tier).name.lower() for tier in known.tier[rows].tolist()),
        dotted=_dotted(organisation, place),
    )


def one_line(text: str) -> str:
    r"""Put a text on one line: control characters, line breaks and marks that turn the reading direction are spaces.

    Examples
    --------
    >>> one_line("Ann\nLee"), one_line("a\x00b")
    ('Ann Lee', 'a b')
    """
    spaced = (" " if unicodedata.category(sign) in SPACES or sign in BIDI else sign for sign in text)
    return "".join("\ufffd" if unicodedata.category(sign) == "Cs" else sign for sign in spaced).strip()


def _checked(pyramid: Pyramid, organisation: Organisation) -> Pyramid:
    if not isinstance(pyramid, Pyramid):
        msg = f"pyramid: expected Pyramid, got {type(pyramid).__name__}"
        raise TypeError(msg)
    own = pyramid.organisation
    # equal organisations may have their rows in another order
    if own is not organisation and (own.ids != organisation.ids or own != organisation):
        msg = "pyramid: it was built from another organisation"
        raise ValueError(msg)
    return pyramid


def _rows(organisation: Organisation, top: str | None, layers: int | None) -> IntArray:
    tree = organisation.tree
    first = 0 if top is None else organisation.index_of(top)
    rows = tree.order if top is None else tree.subtree(first)
    start = 0 if top is None else int(tree.depth[first])
    return rows if layers is None else rows[tree.depth[rows] < start + layers]


def _label(organisation: Organisation, row: int, label: Label) -> str:
    own = organisation.ids[row]
    posts = organisation.posts
    chosen = {"id": own, "name": posts.names[row] or own, "title": posts.titles[row] or own}[label]
    note = NOT_HELD.get(int(posts.status[row]))
    return one_line(str(chosen)) + (f" ({note})" if note else "")


def _dotted(organisation: Organisation, place: IntArray) -> tuple[tuple[int, int], ...]:
    people, managers = organisation.posts.dotted
    pairs = zip(place[managers].tolist(), place[people].tolist(), strict=True)
    return tuple(sorted(pair for pair in pairs if min(pair) >= 0))
