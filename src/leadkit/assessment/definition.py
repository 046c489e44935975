"""Instruments from text and tables: TOML files and researchers' key tables, with every fault at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from leadkit._convert import structure
from leadkit.assessment.instrument import Dimension, Instrument, Item, ResponseScale, id_faults
from leadkit.errors import DefinitionError, Fault, did_you_mean

AnyInstrument = TypeVar("AnyInstrument", bound=Instrument)

ROW_KEYS = ("item", "dimension", "text", "reverse", "weight", "low", "high")


def parse_instrument(text: str, cls: type[AnyInstrument]) -> AnyInstrument:
    """Read an instrument from TOML; `Instrument.parse` says what is refused."""
    data = toml_data(text)
    try:
        return structure(data, cls, error=DefinitionError)
    except DefinitionError as error:
        told = {str(fault) for fault in error.faults}
        more = [fault for fault in _id_faults_of_plain(data) if str(fault) not in told]
        raise DefinitionError.from_faults([*error.faults, *more]) from None


def toml_data(text: str, *, subject: str = "") -> dict[str, Any]:
    """Read TOML into plain data; `subject` names the file in the message.

    Raises
    ------
    DefinitionError
        The text is not TOML; the message says where.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{subject}: this is not TOML: {error}" if subject else f"this is not TOML: {error}"
        raise DefinitionError(msg) from None


def instrument_from_rows(rows: Iterable[Mapping[str, Any]], cls: type[AnyInstrument], **about: Any) -> AnyInstrument:
    """Read a key table; `Instrument.from_rows` says what is expected."""
    table = [dict(row) for row in rows]
    faults: list[Fault] = [] if table else [Fault("", "the key table has no rows")]
    items: dict[str, list[Item]] = {}
    for number, row in enumerate(table, start=1):
        found = _row_faults(row, f"row {number}")
        faults += found
        if not found:
            try:
                items.setdefault(row["dimension"], []).append(_item(row))
            except DefinitionError as error:
                faults += [Fault(f"row {number}, {fault.where}", fault.what) for fault in error.faults]
    for end in ("low", "high"):
        values = sorted({repr(row[end]) for row in table if end in row})
        if len(values) > 1:
            faults.append(Fault(end, f"expected the same in every row, got {', '.join(values)}"))
    faults += id_faults([(name, [item.id for item in part]) for name, part in items.items()], ()) if items else []
    if faults:
        raise DefinitionError.from_faults(faults, subject="key table")
    dimensions = tuple(Dimension(id=name, name=name, items=tuple(part)) for name, part in items.items())
    scale = ResponseScale(low=table[0]["low"], high=table[0]["high"])
    return cls(scale=scale, dimensions=dimensions, **about)


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        id=row["item"],
        text=row.get("text") or row["item"],
        reverse=bool(row.get("reverse", False)),
        weight=row.get("weight", 1.0),
    )


def _row_faults(row: Mapping[str, Any], where: str) -> list[Fault]:
    faults = [
        Fault(where, f"unknown key {key!r}{did_you_mean(str(key), ROW_KEYS)}") for key in row if key not in ROW_KEYS
    ]
    faults += [
        Fault(where, f"{key!r} is missing") for key in ("item", "dimension", "low", "high") if row.get(key) is None
    ]
    reverse = row.get("reverse", False)
    if not isinstance(reverse, bool) and reverse not in (0, 1):
        faults.append(Fault(f"{where}, reverse", f"expected True or False, got {reverse!r}"))
    return faults


def _id_faults_of_plain(data: Mapping[str, Any]) -> list[Fault]:
    """Look between the parts of a file that could not be built, so that these faults do not wait for the others."""
    dimensions = [
        (str(part.get("id")), [item["id"] for item in _tables(part.get("items")) if isinstance(item.get("id"), str)])
        for part in _tables(data.get("dimensions"))
    ]
    composites = [
        (str(part.get("id")), list(part["weights"]) if isinstance(part.get("weights"), Mapping) else [])
        for part in _tables(data.get("composites"))
    ]
    return id_faults(dimensions, composites) if dimensions else []


def _tables(value: Any) -> list[Mapping[str, Any]]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
