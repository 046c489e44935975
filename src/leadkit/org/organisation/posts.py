"""The rows of an organisation as arrays: small codes for other modules, and the digest over all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit._fields import FrozenMapping, sealed
from leadkit.org.organisation.cells import ObjectArray, is_none
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["ABSENT", "ACTIVE", "LEFT", "VACANT", "Pairs", "Posts", "constant", "reference_pairs"]

CodeArray: TypeAlias = NDArray[np.int8]
Pairs: TypeAlias = tuple[IntArray, IntArray]

ACTIVE, ABSENT, VACANT, LEFT = range(4)
TEXTS = ("names", "titles", "teams")
NUMBERS = ("tiers", "customer_facing", "fte", "holders", "status", "formal_leader", "shareable")
DEFAULTS: dict[str, Any] = {
    "names": None,
    "titles": None,
    "teams": None,
    "tiers": np.int8(-1),
    "customer_facing": np.int8(-1),
    "fte": np.float64("nan"),
    "holders": np.int64(1),
    "status": np.int8(ACTIVE),
    "formal_leader": np.int8(-1),
    "shareable": np.bool_(False),
    "acting": np.int64(-1),
}


@frozen(kw_only=True, eq=False)
class Posts:
    """The n rows of an organisation, column by column; everything is read-only.

    People are named by their index 0 .. n - 1. A column that was not given is a constant that takes no memory.

    Parameters
    ----------
    ids : (n,) object array of str
        Ids.
    names, titles, teams : (n,) object array
        Texts; None = missing.
    tiers : (n,) int8 array
        Number of the explicit `Tier`; -1 = none.
    customer_facing, formal_leader : (n,) int8 array
        1 = yes, 0 = no, -1 = not known.
    fte : (n,) float array
        Full-time equivalents; NaN = not known.
    holders : (n,) int array
        People who hold the post.
    status : (n,) int8 array
        0 = active, 1 = absent, 2 = vacant, 3 = left (`ACTIVE`, `ABSENT`, `VACANT`, `LEFT`).
    shareable : (n,) bool array
        Whether person-level results may be shown.
    acting : (n,) int array
        Index of who stands in; -1 = nobody.
    dotted : pair of (d,) int arrays
        Person and dotted manager, each pair once, by person and then by the manager's id.
    serves : pair of (s,) int arrays
        Support post and the post it serves, each pair once, by post and then by the served one's id.
    attributes : mapping of str to (n,) object array
        Further texts; None = missing.
    """

    ids: ObjectArray
    names: ObjectArray
    titles: ObjectArray
    teams: ObjectArray
    tiers: CodeArray
    customer_facing: CodeArray
    fte: FloatArray
    holders: IntArray
    status: CodeArray
    formal_leader: CodeArray
    shareable: BoolArray
    acting: IntArray
    dotted: Pairs
    serves: Pairs
    attributes: Mapping[str, ObjectArray]

    def __reduce__(self) -> tuple[Any, tuple[dict[str, Any]]]:
        return (
            _restored,
            ({name: getattr(self, name) for name in (*DEFAULTS, "ids", "dotted", "serves", "attributes")},),
        )

    @classmethod
    def of(cls, ids: ObjectArray, **columns: Any) -> Posts:
        """Build the rows from the columns there are; the others get their default."""
        n = len(ids)
        none = (sealed(np.empty(0, dtype=np.int64)), sealed(np.empty(0, dtype=np.int64)))
        full: dict[str, Any] = {name: constant(name, n) for name in DEFAULTS} | {
            "dotted": none,
            "serves": none,
            "attributes": {},
        }
        full |= {name: values for name, values in columns.items() if values is not None}
        for name in (*DEFAULTS, "attributes"):
            full[name] = _sealed(full[name])
        return cls(ids=sealed(ids), **full)

    @property
    def is_filled(self) -> BoolArray:
        """Whether somebody holds the post: active or absent."""
        return sealed(self.status <= ABSENT)

    def replaced(self, **columns: Any) -> Posts:
        """Give the same people with other columns, in the codes of this class; the rest is shared."""
        for name in ("dotted", "serves"):
            if name in columns:
                columns[name] = reference_pairs(self.ids, *columns[name])
        return attrs.evolve(self, **{name: _sealed(values) for name, values in columns.items()})

    def taken(self, rows: IntArray) -> Posts:
        """Give the posts at `rows` in that order; references to the others are dropped."""
        new = np.full(len(self.ids) + 1, -1, dtype=np.int64)
        new[rows] = np.arange(len(rows))
        kept = {name: getattr(self, name)[rows] for name in (*TEXTS, *NUMBERS)}
        pairs = {}
        for name in ("dotted", "serves"):
            first, second = (new[side] for side in getattr(self, name))
            both = (first >= 0) & (second >= 0)
            pairs[name] = reference_pairs(self.ids[rows], first[both], second[both])
        attributes = {name: values[rows] for name, values in self.attributes.items()}
        return Posts.of(self.ids[rows], acting=new[self.acting[rows]], attributes=attributes, **kept, **pairs)

    def joined(self, others: Posts) -> Posts:
        """Give these posts and then `others`, whose references are already counted over both."""
        ids = np.concatenate([self.ids, others.ids])
        columns = {
            name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in (*TEXTS, *NUMBERS, "acting")
        }
        pairs = {}
        for name in ("dotted", "serves"):
            sides = zip(getattr(self, name), getattr(others, name), strict=True)
            pairs[name] = reference_pairs(ids, *(np.concatenate(side) for side in sides))
        empty, more = constant("names", len(self.ids)), constant("names", len(others.ids))
        attributes = {
            name: np.concatenate([self.attributes.get(name, empty), others.attributes.get(name, more)])
            for name in dict.fromkeys([*self.attributes, *others.attributes])
        }
        return Posts.of(ids, attributes=attributes, **columns, **pairs)

    def digest(self, order: IntArray, managers: NDArray[Any]) -> str:
        """Hash the rows in the order of their ids.

        Parameters
        ----------
        order : (n,) int array
            The rows sorted by id.
        managers : (n,) int array
            Index of each row's manager, -1 for a root.
        """
        place = np.full(len(order) + 1, -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        total = hashlib.sha256(b"leadkit.org.Organisation\n")
        _add(total, "ids", self.ids[order])
        _add(total, "managers", place[managers[order]])
        for name in (*TEXTS, *NUMBERS):
            _add(total, name, getattr(self, name)[order])
        _add(total, "acting", place[self.acting[order]])
        for name in ("dotted", "serves"):
            first, second = (place[side] for side in getattr(self, name))
            by_id = np.lexsort((second, first))
            _add(total, name, np.concatenate([first[by_id], second[by_id]]))
        for name in sorted(self.attributes):
            _add(total, f"attributes {name}", self.attributes[name][order])
        return total.hexdigest()


def _number_bytes(column: NDArray[Any]) -> bytes:
    if column.dtype.kind != "f":
        return column.astype("<i8").tobytes()
    # one NaN and one zero for all
    return np.where(np.isnan(column), np.nan, column + 0.0).astype("<f8").tobytes()


def constant(name: str, n: int) -> NDArray[Any]:
    """Give a column of `n` defaults, which holds its one value once."""
    value = DEFAULTS[name]
    return np.broadcast_to(np.array(value, dtype=object if value is None else None), (n,))


def reference_pairs(ids: ObjectArray, first: NDArray[Any], second: NDArray[Any]) -> Pairs:
    """Put references in order, by the first index and then the second one's id, each pair once."""
    seconds, inverse = np.unique(second, return_inverse=True)
    by_id = sorted(range(len(seconds)), key=lambda place: ids[seconds[place]])
    rank = np.empty(len(seconds), dtype=np.int64)
    rank[by_id] = np.arange(len(seconds))
    pairs = np.unique(np.stack([first.astype(np.int64), rank[inverse]], axis=1).reshape(-1, 2), axis=0)
    served = seconds[np.array(by_id, dtype=np.int64)].astype(np.int64) if len(seconds) else seconds.astype(np.int64)
    return sealed(pairs[:, 0].copy()), sealed(served[pairs[:, 1]])


def _sealed(values: Any) -> Any:
    if isinstance(values, Mapping):
        return FrozenMapping({name: sealed(column) for name, column in values.items()})
    if isinstance(values, tuple):
        return tuple(map(sealed, values))
    return sealed(values)


def _restored(columns: dict[str, Any]) -> Posts:
    return Posts(**{name: _sealed(values) for name, values in columns.items()})


def _add(total: Any, name: str, column: NDArray[Any]) -> None:
    """Add a column to the hash; one that says nothing adds nothing, so a column left out is one of defaults."""
    if not len(column):
        return
    if column.dtype == object:
        if is_none(column).all():
            return
        lengths = np.array([-1 if text is None else len(text) for text in column.tolist()], dtype="<i8")
        data = "".join(text for text in column.tolist() if text is not None).encode("utf-8", "surrogatepass")
        parts = [lengths.tobytes(), data]
    else:
        if name in DEFAULTS and np.array_equal(column, constant(name, len(column)), equal_nan=True):
            return
        parts = [_number_bytes(column)]
    total.update(f"{len(name)} {name} {len(column)} {sum(map(len, parts))}\n".encode("utf-8", "surrogatepass"))
    for part in parts:
        total.update(part)
