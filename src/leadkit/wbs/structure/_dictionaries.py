"""A whole structure as plain data: prefix, nodes as rows, accounts and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, fields

from leadkit._convert import join_path, structure
from leadkit.errors import Fault, PlanError, did_you_mean
from leadkit.wbs._checking import raise_faults
from leadkit.wbs.structure._codes import prefix_faults
from leadkit.wbs.structure._rows import read_rows
from leadkit.wbs.structure.accounts import ControlAccount, Raci
from leadkit.wbs.structure.groups import Group

__all__ = ["parts_of", "plain_parts"]

KEYS = ("prefix", "nodes", "control_accounts", "raci")


def plain_parts(parts: tuple[Any, ...], kind: type) -> list[dict[str, Any]]:
    """Give flat models as plain data."""
    names = [part.name for part in fields(kind)]
    return [{name: getattr(part, name) for name in names} for part in parts]


def parts_of(data: Any) -> tuple[Group, str, tuple[ControlAccount, ...], tuple[Raci, ...]]:
    """Read root, prefix, accounts and roles; everything that is wrong outside of the nodes is told at once."""
    if not isinstance(data, Mapping):
        raise_faults([Fault("", f"expected a table of names and values, got {data!r}")], "work breakdown structure")
    faults = [Fault("", f"unknown key {key!r}{did_you_mean(str(key), KEYS)}") for key in data if key not in KEYS]
    prefix = data.get("prefix", "")
    faults += prefix_faults(prefix)
    accounts: tuple[ControlAccount, ...] = _read(data, "control_accounts", ControlAccount, faults)
    raci: tuple[Raci, ...] = _read(data, "raci", Raci, faults)
    if "nodes" not in data:
        faults.append(Fault("", "'nodes' is missing"))
    raise_faults(faults, "work breakdown structure")
    root, prefix = read_rows(data["nodes"], name="nodes", prefix=prefix)
    return root, prefix, accounts, raci


def _read(data: Mapping[str, Any], key: str, kind: Any, faults: list[Fault]) -> Any:
    try:
        return structure(data.get(key, []), tuple[kind, ...], error=PlanError)
    except PlanError as error:
        faults += [evolve(fault, where=join_path(key, fault.where)) for fault in error.faults]
        return ()
