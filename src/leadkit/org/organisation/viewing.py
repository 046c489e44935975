"""The columns of an organisation as people read them, and one row of them as a record."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from leadkit._fields import FrozenMapping, sealed
from leadkit.errors import Fault, OrgError
from leadkit.org.organisation.posts import Pairs, Posts
from leadkit.org.people import STATUSES, Person, Tier
from leadkit.typing import FloatArray

__all__ = ["CELLS", "COLUMNS", "Weighting", "person_at", "public_column", "weights_of"]

Weighting: TypeAlias = Literal["heads", "posts", "fte"]
"""What counts: people who hold a post, posts, or full-time equivalents."""

CELLS = (
    "names",
    "titles",
    "teams",
    "tiers",
    "customer_facing",
    "fte",
    "holders",
    "status",
    "formal_leader",
    "shareable",
)
"""Columns with one cell a row beside the ids and the references."""

COLUMNS = ("ids", "manager_ids", *CELLS, "acting_ids", "dotted", "serves", "attributes")
TIERS = {-1: None} | {int(tier): tier for tier in Tier}
TRUTHS = (False, True, None)


def public_column(posts: Posts, parents: NDArray[Any], name: str) -> Any:
    """Give a column in the form in which `Organisation.from_columns` takes it."""
    if name not in COLUMNS:
        msg = f"no column {name!r}; columns: {', '.join(COLUMNS)}"
        raise ValueError(msg)
    if name == "manager_ids":
        return _texts_at(posts, parents)
    if name == "acting_ids":
        return _texts_at(posts, posts.acting)
    if name == "dotted":
        return tuple(sealed(posts.ids[side]) for side in posts.dotted)
    if name == "serves":
        return _served(posts)
    if name == "attributes":
        return FrozenMapping({key: _whole(values) for key, values in posts.attributes.items()})
    if name == "tiers":
        return _decoded(posts.tiers, [TIERS.get(code) for code in (*range(10), -1)])
    if name in {"customer_facing", "formal_leader"}:
        return _decoded(getattr(posts, name), TRUTHS)
    if name == "status":
        return _decoded(posts.status, STATUSES)
    return _whole(getattr(posts, name))


def weights_of(posts: Posts, kind: Weighting) -> FloatArray:
    """Say how much each post counts; an OrgError names the filled posts whose FTE is not known."""
    if kind not in get_args(Weighting):
        msg = f"weights: expected one of {', '.join(map(repr, get_args(Weighting)))}, got {kind!r}"
        raise ValueError(msg)
    if kind == "posts":
        return sealed(np.ones(len(posts.ids)))
    filled = posts.is_filled
    if kind == "heads":
        return sealed(np.where(filled, posts.holders, 0).astype(np.float64))
    lacking = np.flatnonzero(filled & np.isnan(posts.fte))
    if lacking.size:
        faults = [Fault(f"row {row} ({posts.ids[row]!r})", "the FTE is not known") for row in lacking.tolist()]
        raise OrgError.from_faults(faults, subject="weights 'fte'")
    return sealed(np.where(filled, posts.fte, 0.0))


def person_at(posts: Posts, parents: NDArray[Any], row: int) -> Person:
    """Make the record of one row."""
    above, acting, tier = int(parents[row]), int(posts.acting[row]), int(posts.tiers[row])
    fte = float(posts.fte[row])
    return Person(
        id=posts.ids[row],
        manager_id=None if above < 0 else posts.ids[above],
        name=posts.names[row],
        title=posts.titles[row],
        team=posts.teams[row],
        tier=TIERS[tier],
        customer_facing=TRUTHS[posts.customer_facing[row]],
        fte=None if np.isnan(fte) else fte,
        holders=int(posts.holders[row]),
        status=STATUSES[posts.status[row]],
        formal_leader=TRUTHS[posts.formal_leader[row]],
        shareable=bool(posts.shareable[row]),
        acting_id=None if acting < 0 else posts.ids[acting],
        dotted_manager_ids=_seconds(posts, posts.dotted, row),
        serves=_seconds(posts, posts.serves, row),
        attributes={name: values[row] for name, values in posts.attributes.items()},
    )


def _seconds(posts: Posts, pairs: Pairs, row: int) -> tuple[str, ...]:
    first, second = pairs
    start, stop = np.searchsorted(first, [row, row + 1])
    return tuple(posts.ids[second[start:stop]].tolist())


def _texts_at(posts: Posts, places: NDArray[Any]) -> NDArray[Any]:
    texts = posts.ids[places] if len(posts.ids) else np.empty(0, dtype=object)
    texts[places < 0] = None
    return sealed(texts)


def _decoded(codes: NDArray[Any], meanings: Any) -> NDArray[Any]:
    table = np.empty(len(meanings), dtype=object)
    table[:] = meanings
    return sealed(table[codes])


def _served(posts: Posts) -> NDArray[Any]:
    column = np.empty(len(posts.ids), dtype=object)
    column[:] = [()] * len(column)
    for row in np.unique(posts.serves[0]).tolist():
        column[row] = _seconds(posts, posts.serves, row)
    return sealed(column)


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Give a column its own memory when it is a constant, which some libraries do not take."""
    return values if values.strides != (0,) else sealed(values.copy())
