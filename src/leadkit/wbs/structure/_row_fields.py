"""What one row says about its node: which fields are given, and the values that they stand for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from attrs import evolve, field, frozen

from leadkit._checks import as_tuple, id_faults
from leadkit._convert import join_path, structure
from leadkit._fields import whole_number_faults
from leadkit.errors import Fault, PlanError, did_you_mean
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.structure._codes import prefix_faults, split_code, written
from leadkit.wbs.structure._records import GROUP, PACKAGE_KEYS, ROW_KEYS
from leadkit.wbs.structure.describing import Dictionary, Document
from leadkit.wbs.structure.groups import Group, Node
from leadkit.wbs.structure.needs import Need
from leadkit.wbs.structure.packages import PACKAGE_KINDS, WorkPackage

__all__ = ["Row", "node_of", "rows_of"]

MODELS: Mapping[str, type] = {
    "estimate": Estimate,
    "not_before": datetime,
    "deadline": datetime,
    "dictionary": Dictionary,
}
PARTS: Mapping[str, type] = {"needs": Need, "documents": Document}
READ_KEYS = tuple(key for key in ROW_KEYS if key in MODELS or key in PARTS)
KNOWN = frozenset(ROW_KEYS)
PLACING_KEYS = ("id", "parent", "position", "code", "kind")


@frozen
class Row:
    """One row: its place for messages, where it says that it belongs, and all else that it gives."""

    where: str
    id: str
    parent: Any
    position: Any
    code: str | None
    kind: Any
    fields: dict[str, Any]
    _split: tuple[str | None, tuple[int, ...]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_split", (None, ()) if self.code is None else split_code(self.code))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the code; none without a code or in one that is all prefix."""
        return self._split[1]

    @property
    def prefix(self) -> str | None:
        """What stands before the numbers of the code; None without a code."""
        return self._split[0]

    @property
    def may_be_group(self) -> bool:
        """Whether nothing in the row makes it a work package."""
        return self.kind not in PACKAGE_KINDS and not any(key in self.fields for key in PACKAGE_KEYS)


def rows_of(rows: Iterable[Any], name: str, faults: list[Fault]) -> list[Row | None]:
    """Take the rows apart; None stands for one that has no id, or no place that can be read."""
    if isinstance(rows, str | Mapping) or not isinstance(rows, Iterable):
        faults.append(Fault(name, f"expected rows, got {rows!r}"))
        return []
    found: list[Row | None] = []
    for i, data in enumerate(rows):
        where = f"{name}[{i}]"
        if not isinstance(data, Mapping):
            faults.append(Fault(where, f"expected a table of names and values, got {data!r}"))
            found.append(None)
            continue
        if not data.keys() <= KNOWN:
            unknown = [key for key in data if key not in KNOWN]
            faults += [Fault(where, f"unknown key {key!r}{did_you_mean(str(key), ROW_KEYS)}") for key in unknown]
        values = {
            key: value for key, value in data.items() if value is not None and key in KNOWN and not _is_missing(value)
        }
        of_place = _placing_faults(values, where)
        faults += of_place
        found.append(
            None if of_place else Row(where, **{key: values.pop(key, None) for key in PLACING_KEYS}, fields=values)
        )
    return found


def node_of(row: Row, *, has_parts: bool, faults: list[Fault]) -> Node | None:
    """Build the node of a row, a group without its parts; None where something is wrong."""
    is_group = has_parts or row.kind == GROUP
    fields = dict(row.fields)
    if is_group:
        if row.kind in PACKAGE_KINDS:
            faults.append(Fault(row.where, f"has rows below it, so its kind is {GROUP!r}, not {row.kind!r}"))
        alien = [key for key in PACKAGE_KEYS if key in fields]
        faults += [Fault(f"{row.where}.{key}", "belongs to a work package, and this is a group") for key in alien]
        fields = {key: value for key, value in fields.items() if key not in alien}
    for key in READ_KEYS:
        if key in fields:
            value, found = _value(key, fields.pop(key), f"{row.where}.{key}")
            faults += found
            if not found:
                fields[key] = value
    if row.numbers:
        fields["code"] = row.code
    try:
        if is_group:
            return Group(id=row.id, **fields)
        return WorkPackage(id=row.id, **({} if row.kind is None else {"kind": row.kind}), **fields)
    except PlanError as error:
        faults += [evolve(fault, where=join_path(row.where, fault.where)) for fault in error.faults]
        return None


def _is_missing(value: Any) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str | list | tuple) and not value


def _placing_faults(values: Mapping[str, Any], where: str) -> list[Fault]:
    if "id" not in values:
        return [Fault(where, "'id' is missing")]
    faults = id_faults(values["id"], f"{where}.id")
    for key in ("parent", "code", "kind"):
        if not isinstance(values.get(key, ""), str):
            faults.append(Fault(f"{where}.{key}", f"expected a text, got {values[key]!r}"))
    if "position" in values:
        faults += whole_number_faults(values["position"], f"{where}.position")
    return faults or _code_faults(values.get("code"), where)


def _code_faults(code: str | None, where: str) -> list[Fault]:
    """Refuse what is neither a code nor a prefix."""
    if code is None:
        return []
    prefix, numbers = split_code(code)
    if prefix_faults(prefix) or written(prefix, numbers) != code:
        return [Fault(f"{where}.code", f"expected a code such as '1.2' or the prefix of all codes, got {code!r}")]
    return []


def _value(key: str, value: Any, path: str) -> tuple[Any, list[Fault]]:
    """Build the value of a field from plain data, or list what is wrong with it."""
    faults: list[Fault] = []
    if key in MODELS:
        return _built(value, MODELS[key], path, faults), faults
    parts = as_tuple(value)
    if not isinstance(parts, tuple):
        return value, faults
    return tuple(_built(part, PARTS[key], f"{path}[{i}]", faults) for i, part in enumerate(parts)), faults


def _built(value: Any, model: type, path: str, faults: list[Fault]) -> Any:
    """Build one model; what is built already stays as it is."""
    if isinstance(value, model):
        return value
    try:
        return structure(value, model, error=PlanError)
    except PlanError as error:
        faults += [evolve(fault, where=join_path(path, fault.where)) for fault in error.faults]
        return None
