"""Columns of people as they were given, made into clean arrays; what cannot be read is found, not raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit._fields import as_float
from leadkit.org.organisation.cells import (
    ObjectArray,
    are_plain_ids,
    as_column,
    expect_one_length,
    is_missing,
    is_none,
    native,
    numbers,
    texts,
)
from leadkit.org.organisation.findings import Findings
from leadkit.org.people import STATUSES, Tier, fte_fault, holders_fault, not_an_id, unknown_status, unknown_tier
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Given", "read_columns"]

CodeArray: TypeAlias = NDArray[np.int8]

NOT_KNOWN = -1
UNREAD = -2
STATUS_CODES = {status: code for code, status in enumerate(STATUSES)}
TIER_CODES: dict[Any, int] = {int(tier): int(tier) for tier in Tier} | {tier.name: int(tier) for tier in Tier}
TRUTHS = {False: 0, True: 1}
TEXTS = ("names", "titles", "teams", "acting_ids")


@frozen(kw_only=True, eq=False)
class Given:
    """All rows of a table of people, cell by cell clean; a column that was not given is None.

    Parameters
    ----------
    ids : (n,) object array
        Ids; None in a row that has none and is to be dropped.
    managers : (n,) object array
        Managers as texts; None for a missing or unreadable one.
    is_root : (n,) bool array
        Whether the row has no manager (rows whose manager could not be read are none).
    texts : mapping of str to (n,) object array
        Names, titles, teams and acting ids; None = missing.
    attributes : mapping of str to (n,) object array
        Attribute columns; None = missing.
    tiers, customer_facing, status, formal_leader, shareable : (n,) int8 array, optional
        Codes; -1 = not known.
    fte : (n,) float array, optional
        NaN = missing.
    holders : (n,) int array, optional
        At least 1.
    dotted : (ids, manager ids), optional
        Two object arrays of one length; None where a cell could not be read.
    serves : (rows, ids), optional
        Two arrays of one length.
    """

    ids: ObjectArray
    managers: ObjectArray
    is_root: BoolArray
    texts: Mapping[str, ObjectArray]
    attributes: Mapping[str, ObjectArray]
    tiers: CodeArray | None
    customer_facing: CodeArray | None
    status: CodeArray | None
    formal_leader: CodeArray | None
    shareable: CodeArray | None
    fte: FloatArray | None
    holders: IntArray | None
    dotted: tuple[ObjectArray, ObjectArray] | None
    serves: tuple[IntArray, ObjectArray] | None


def read_columns(
    ids: Any, manager_ids: Any, columns: Mapping[str, Any], dotted: Any, attributes: Any, findings: Findings
) -> Given:
    """Read every column; unequal lengths and things that are no column are a ValueError at once.

    Parameters
    ----------
    ids, manager_ids : sequence
        The two columns that every table has.
    columns : mapping of str to sequence or None
        The other columns by the names of `Organisation.from_columns`.
    dotted : pair of sequences or None
        Person ids and manager ids of dotted lines.
    attributes : mapping of str to sequence or None
        Further text columns.
    findings : Findings
        Receives `blank_id` and `bad_value`.
    """
    given = {"ids": as_column(ids, "ids"), "manager_ids": as_column(manager_ids, "manager_ids")}
    given |= {name: as_column(values, name) for name, values in columns.items() if values is not None}
    extra = _attribute_columns(attributes)
    expect_one_length({**given, **{f"attributes[{name!r}]": values for name, values in extra.items()}})
    labels = _read_ids(given["ids"], findings)
    managers, bad = texts(given["manager_ids"])
    is_root = is_none(managers)
    for row, value in bad:
        findings.bad_value(row, labels[row], "manager_ids", not_an_id(value), "the row becomes a root")
        is_root[row] = False
    read = _Reader(given, labels, findings)
    return Given(
        ids=labels,
        managers=managers,
        is_root=is_root,
        texts={name: read.texts(name) for name in TEXTS if name in given},
        attributes={name: read.attribute(name, values) for name, values in extra.items()},
        tiers=read.codes("tiers", TIER_CODES, frozenset({int, Tier, str}), unknown_tier),
        customer_facing=read.codes("customer_facing", TRUTHS, frozenset({bool}), _no_truth),
        status=read.codes("status", STATUS_CODES, frozenset({str}), unknown_status, default=0),
        formal_leader=read.codes("formal_leader", TRUTHS, frozenset({bool}), _no_truth),
        shareable=read.codes("shareable", TRUTHS, frozenset({bool}), _no_truth, default=0),
        fte=read.fte(),
        holders=read.holders(),
        dotted=_read_dotted(dotted, findings),
        serves=read.serves(),
    )


class _Reader:
    """Reads the optional columns, each bad cell told with its row and id."""

    def __init__(self, given: Mapping[str, NDArray[Any]], labels: ObjectArray, findings: Findings) -> None:
        self._given = given
        self._labels = labels
        self._findings = findings

    def bad(self, row: int, column: str, what: str, repair: str = "None") -> None:
        self._findings.bad_value(row, self._labels[row], column, what, repair)

    def texts(self, name: str) -> ObjectArray:
        read, bad = texts(self._given[name])
        for row, value in bad:
            self.bad(row, name, not_an_id(value) if name == "acting_ids" else f"expected a text, got {value!r}")
        return read

    def attribute(self, name: str, values: NDArray[Any]) -> ObjectArray:
        read, bad = texts(values)
        for row, value in bad:
            self.bad(row, f"attributes[{name!r}]", f"expected a text, got {value!r}")
        return read

    def codes(
        self, name: str, lookup: Mapping[Any, int], types: frozenset[type], fault: Any, *, default: int = NOT_KNOWN
    ) -> CodeArray | None:
        if name not in self._given:
            return None
        values = self._given[name].tolist()
        found = [lookup.get(value, UNREAD) if type(value) in types else UNREAD for value in values]
        codes = np.array(found, dtype=np.int8)
        for row in np.flatnonzero(codes == UNREAD).tolist():
            value = native(values[row], whole=int in types)
            code = default if is_missing(value) else lookup.get(value, UNREAD) if type(value) in types else UNREAD
            if code == UNREAD:
                self.bad(row, name, fault(values[row]), repr(_default_value(name)))
            codes[row] = default if code == UNREAD else code
        return codes

    def fte(self) -> FloatArray | None:
        if "fte" not in self._given:
            return None
        values, bad = numbers(self._given["fte"])
        for row in np.flatnonzero((values < 0) | np.isinf(values)).tolist():
            bad.append((row, float(values[row])))
            values[row] = np.nan
        for row, value in bad:
            self.bad(row, "fte", fte_fault(value) or f"expected a number, got {value!r}")
        return values

    def holders(self) -> IntArray | None:
        if "holders" not in self._given:
            return None
        values, bad = numbers(self._given["holders"])
        there = ~np.isnan(values)
        with np.errstate(invalid="ignore"):
            wrong = there & ~((values >= 1) & (values < 2**31) & (values == np.floor(values)))
        bad += [(row, as_float(values[row])) for row in np.flatnonzero(wrong).tolist()]
        for row, value in bad:
            shown = int(value) if isinstance(value, float) and value.is_integer() else value
            self.bad(row, "holders", holders_fault(shown) or "not a number of people", "1")
        return np.where(there & ~wrong, values, 1).astype(np.int64)

    def serves(self) -> tuple[IntArray, ObjectArray] | None:
        if "serves" not in self._given:
            return None
        rows: list[int] = []
        served: list[str] = []
        for row, cell in enumerate(self._given["serves"].tolist()):
            if is_missing(cell):
                continue
            if isinstance(cell, str | bytes | Mapping) or not isinstance(cell, Sequence | AbstractSet | np.ndarray):
                self.bad(row, "serves", f"expected a sequence of ids, got {cell!r}", "()")
                continue
            for value in cell:
                if isinstance(value, str):
                    rows.append(row)
                    served.append(str.__str__(value))
                else:
                    self.bad(row, "serves", not_an_id(value), "the reference is dropped")
        return np.array(rows, dtype=np.int64), as_column(served, "serves")


def _read_ids(column: NDArray[Any], findings: Findings) -> ObjectArray:
    values = column.tolist()
    read = np.empty(len(values), dtype=object)
    read[:] = values
    if are_plain_ids(values):
        return read
    for row in [row for row, value in enumerate(values) if type(value) is not str or not value.strip()]:
        value = values[row]
        if isinstance(value, str) and value.strip():
            read[row] = str.__str__(value)
            continue
        read[row] = None
        if isinstance(value, str) or is_missing(value):
            shown = "no id" if is_missing(value) or not value else "only white space as id"
            findings.add("blank_id", (), (row,), f"row {row}: {shown}", repair="the row is dropped")
        else:
            findings.bad_value(row, None, "ids", not_an_id(value), "the row is dropped")
    return read


def _read_dotted(dotted: Any, findings: Findings) -> tuple[ObjectArray, ObjectArray] | None:
    if dotted is None:
        return None
    if isinstance(dotted, str | Mapping) or not hasattr(dotted, "__len__") or len(dotted) != 2:
        msg = "dotted: expected a pair of columns, person ids and manager ids"
        raise ValueError(msg)
    names = ("dotted person ids", "dotted manager ids")
    pair = [as_column(values, name) for values, name in zip(dotted, names, strict=True)]
    expect_one_length(dict(zip(names, pair, strict=True)))
    read = []
    for name, column in zip(names, pair, strict=True):
        cells, bad = texts(column)
        wrong = dict(bad)
        for line in np.flatnonzero(is_none(cells)).tolist():
            what = not_an_id(wrong[line]) if line in wrong else "no id"
            message = f"dotted line {line}: {name}: {what}"
            findings.add("bad_value", (), (), message, repair="the reference is dropped")
        read.append(cells)
    return read[0], read[1]


def _attribute_columns(attributes: Any) -> dict[str, NDArray[Any]]:
    if attributes is None:
        return {}
    if not isinstance(attributes, Mapping) or not all(isinstance(name, str) for name in attributes):
        msg = f"attributes: expected a mapping of names to columns, got {type(attributes).__name__}"
        raise ValueError(msg)
    return {name: as_column(values, f"attributes[{name!r}]") for name, values in attributes.items()}


def _no_truth(value: object) -> str:
    return f"expected True, False or None, got {value!r}"


def _default_value(name: str) -> Any:
    return {"status": "active", "shareable": False}.get(name)
