"""How a log is made of columns: factorised, checked together, and brought into order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import gt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit._checks import id_faults
from leadkit._fields import sealed
from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.columns import (
    InstantArray,
    TextColumn,
    attribute_column,
    instants,
    levels,
    text_column,
    values_of,
)

__all__ = ["COLUMNS", "CONTACTS", "TEXT_COLUMNS", "columns_of_records", "fields_of", "sorted_fields", "taken"]

TEXT_COLUMNS = ("status", "group", "person", "contact")
COLUMNS = ("ticket", "at", "status", "level", "group", "person", "contact")
CONTACTS = ("in", "out")


def fields_of(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Factorise columns as they are given into the fields of a log, and raise all that is wrong with them."""
    raise_faults([fault for name, one in columns.items() for fault in _column_faults(one, name)], "event log", LogError)
    faults: list[Fault] = []
    kept: dict[str, Any] = {}
    rows = {name: values_of(values) for name, values in columns.items()}
    for name, values in rows.items():
        if name == "at":
            kept[name], found = instants(values, name)
        elif name == "level":
            kept[name], found = levels(values, name)
        elif name == "ticket" or name in TEXT_COLUMNS:
            kept[name], found = text_column(values, name)
        else:
            kept[name], found = attribute_column(values, name)
        faults += found
    tickets, at = kept.pop("ticket"), kept.pop("at")
    if not any(fault.where.startswith("ticket[") for fault in faults):
        missing = np.flatnonzero(tickets.codes < 0).tolist()
        faults += [Fault(f"ticket[{place}]", "expected a ticket id, got none") for place in missing]
    lengths = {name: len(values) for name, values in rows.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {n}" for name, n in lengths.items())
        faults.insert(0, Fault("", f"expected columns of one length, got {told}"))
    faults += _contact_faults(kept.get("contact"))
    raise_faults(faults, "event log", LogError)
    return sorted_fields(tickets.values, tickets.codes, at, kept)


def sorted_fields(
    tickets: tuple[str, ...], codes: NDArray[Any], at: InstantArray, columns: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the fields of a log with its events in order; `tickets` may hold ids without events and in any order."""
    used = np.flatnonzero(np.bincount(codes, minlength=len(tickets)))
    ids = [tickets[place] for place in used.tolist()]
    first = np.full(len(tickets), np.iinfo(np.int64).max)
    np.minimum.at(first, codes, at.view(np.int64))
    by_id = list(range(len(ids)))
    if any(map(gt, ids, ids[1:])):
        by_id.sort(key=ids.__getitem__)
    by_first = (
        np.array(by_id, dtype=np.intp)[np.argsort(first[used[by_id]], kind="stable")] if ids else np.zeros(0, np.intp)
    )
    rank = np.zeros(len(tickets), dtype=np.int32)
    rank[used[by_first]] = np.arange(len(ids), dtype=np.int32)
    ranks = rank[codes]
    is_sorted = not np.any((ranks[1:] < ranks[:-1]) | ((ranks[1:] == ranks[:-1]) & (at[1:] < at[:-1])))
    order = np.arange(0) if is_sorted else np.lexsort((at, ranks))
    kept: dict[str, Any] = {name: column if is_sorted else taken(column, order) for name, column in columns.items()}
    own = {name: kept.pop(name) for name in COLUMNS[2:] if name in kept}
    return own | {
        "tickets": tuple(ids[place] for place in by_first.tolist()),
        "starts": np.concatenate(([0], np.cumsum(np.bincount(ranks, minlength=len(ids))))),
        "at": at if is_sorted else at[order],
        "attributes": kept,
    }


def columns_of_records(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Turn rows into columns, where what a row does not have is None."""
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise LogError.from_faults([Fault("rows", f"expected rows of names and values, got {rows!r}")])
    given = list(rows)
    faults = [
        Fault(f"rows[{place}]", f"expected a mapping of names to values, got {row!r}")
        for place, row in enumerate(given)
        if not isinstance(row, Mapping)
    ]
    faults += [
        Fault(f"rows[{place}]", f"expected names of columns, got {name!r}")
        for place, row in enumerate(given)
        if isinstance(row, Mapping)
        for name in row
        if not isinstance(name, str)
    ]
    raise_faults(faults, "event log", LogError)
    names = dict.fromkeys(name for row in given for name in row)
    return {name: [row.get(name) for row in given] for name in names}


def taken(column: TextColumn | NDArray[Any], order: NDArray[Any]) -> TextColumn | NDArray[Any]:
    """Give the column of the events in `order`."""
    return column.taken(order) if isinstance(column, TextColumn) else sealed(column[order])


def _column_faults(values: object, name: str) -> list[Fault]:
    """Refuse what is no sequence of values, and a name that no table could have."""
    faults = id_faults(name, f"column {name!r}")
    if faults:
        return faults
    is_column = (
        not isinstance(values, str | bytes | Mapping | set | frozenset)
        and hasattr(values, "__len__")
        and hasattr(values, "__iter__")
    )
    if not is_column or getattr(values, "ndim", 1) != 1:
        shown = repr(values) if not is_column else f"{getattr(values, 'ndim', 0)} dimensions"
        return [Fault(name, f"expected a column of values, got {shown}")]
    return []


def _contact_faults(column: TextColumn | None) -> list[Fault]:
    if column is None or set(column.values) <= set(CONTACTS):
        return []
    texts = column.texts()
    return [
        Fault(f"contact[{place}]", f"expected one of 'in', 'out' or nothing, got {texts[place]!r}")
        for place in np.flatnonzero((column.codes >= 0) & ~column.among(CONTACTS)).tolist()
    ]
