"""JSON Schemas (draft 2020-12) of what is written, from the fields that the classes state."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs
import numpy as np

from leadkit._convert import unknown_fields
from leadkit._fields import FrozenMapping
from leadkit._results import Result
from leadkit.calendars import Never
from leadkit.escalation import Policy, PolicyState, ServiceStandard, Step
from leadkit.interchange._json_data import SCHEMA_KEY, TYPE_KEY
from leadkit.interchange._json_upgrades import SCHEMA
from leadkit.wbs import ControlAccount, Dictionary, Group, Need, Raci, Wbs, WorkPackage

__all__ = ["schema_of"]

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DURATION: Final = {"type": "string", "pattern": "^-?P"}
SIMPLE: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
    Never: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    time: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}"},
}
CELLS: Final[Mapping[str, list[str]]] = {
    "b": ["boolean", "array"],
    "i": ["integer", "array"],
    "f": ["number", "null", "array"],
    "M": ["string", "null", "array"],
}
# they write times as text, where others that write themselves write seconds
WITH_TIMES_AS_TEXT: Final = (Policy, PolicyState, ServiceStandard, Step)
OPAQUE: Final = (
    "An object that is not described further: it is written in a way that the fields of its class do not tell."
)


def schema_of(cls: type[Any]) -> Schema:
    """Describe what `dumps` writes of a class, its head included."""
    writes_itself = hasattr(cls, "to_dict")
    body = _Reader(as_text=not writes_itself, may_be_unknown=issubclass(cls, Result)).model(cls)
    head = {SCHEMA_KEY: {"const": SCHEMA}, TYPE_KEY: {"const": cls.__name__}}
    return {
        "$schema": DIALECT,
        "title": cls.__name__,
        **body,
        "properties": {**head, **body.get("properties", {})},
        "required": [*head, *body.get("required", [])],
    }


@attrs.frozen
class _Reader:
    """Turns type hints into schemas.

    Parameters
    ----------
    as_text : bool
        Whether durations are ISO text; they are seconds where a class writes its fields itself.
    may_be_unknown : bool
        Whether any number may be null, as in results.
    """

    as_text: bool
    may_be_unknown: bool

    def model(self, cls: Any) -> Schema:
        """Describe an object with the fields of a class."""
        if cls in OWN:
            return OWN[cls](self)
        reads_itself = hasattr(cls, "from_dict")
        if cls is Group or not attrs.has(cls) or not (reads_itself or _has_plain_fields(cls)):
            return {"type": "object", "description": OPAQUE}
        reader = attrs.evolve(self, as_text=cls in WITH_TIMES_AS_TEXT) if reads_itself else self
        hints = get_type_hints(cls)
        fields = [part for part in attrs.fields(cls) if reader.is_written(part, cls)]
        return _object(
            {part.name: reader.field(part, hints[part.name], cls) for part in fields},
            [part.name for part in fields if part.default is attrs.NOTHING and part.init],
        )

    def is_written(self, part: attrs.Attribute[Any], cls: Any) -> bool:
        """Tell whether a field is among those that are written."""
        if hasattr(cls, "from_dict"):
            return part.init and not part.name.startswith("_")
        if self.as_text:
            return part.init
        return not (issubclass(cls, Result) and part.name.startswith("_"))

    def field(self, part: attrs.Attribute[Any], hint: Any, cls: Any) -> Schema:
        """Describe the value of a field."""
        if cls is PolicyState and Never in get_args(hint):
            return _any_of([SIMPLE[datetime], {"const": "never"}, SIMPLE[type(None)]])
        if hint is float and part.name in unknown_fields(cls):
            return {"type": ["number", "null"]}
        is_checked = hint is float and hasattr(cls, "__attrs_post_init__")
        return dict(SIMPLE[float]) if is_checked else self.value(hint)

    def value(self, hint: Any) -> Schema:
        """Describe a value of a type."""
        origin, parts = get_origin(hint), get_args(hint)
        if hint is float and self.may_be_unknown:
            return {"type": ["number", "null"]}
        if hint is timedelta:
            return dict(DURATION) if self.as_text else {"type": "number"}
        if isinstance(hint, type) and hint in SIMPLE:
            return dict(SIMPLE[hint])
        if origin is Literal:
            return {"enum": list(parts)}
        if origin in {Union, types.UnionType}:
            return _any_of([self.value(part) for part in parts])
        if origin is np.ndarray:
            return self._array(parts)
        if origin in {tuple, frozenset}:
            return self._list(parts)
        if origin in {Mapping, FrozenMapping, dict}:
            return self._mapping(parts)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [member.value for member in hint]}
        if isinstance(hint, type) and (attrs.has(hint) or hasattr(hint, "to_dict")):
            return self.model(hint)
        return {}

    def _list(self, parts: tuple[Any, ...]) -> Schema:
        if len(parts) == 1 or parts[1:] == (...,):
            return {"type": "array", "items": self.value(parts[0])}
        each = [self.value(part) for part in parts]
        return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}

    def _mapping(self, parts: tuple[Any, ...]) -> Schema:
        described = {"type": "object", "additionalProperties": self.value(parts[1])}
        is_word = get_origin(parts[0]) is Literal
        return described | ({"propertyNames": {"enum": list(get_args(parts[0]))}} if is_word else {})

    def _array(self, parts: tuple[Any, ...]) -> Schema:
        """Describe an array; its shape is no part of the type, so lists in it are let through."""
        dtype = (get_args(parts[1]) or (object,))[0]
        kind = np.dtype(dtype).kind if isinstance(dtype, type) and issubclass(dtype, np.generic) else ""
        return {"type": "array", **({"items": {"type": list(CELLS[kind])}} if kind in CELLS else {})}


def _has_plain_fields(cls: Any) -> bool:
    """Tell whether a class that is not read back is written field by field."""
    return not hasattr(cls, "to_dict") or cls.to_dict is Result.to_dict


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _any_of(options: list[Schema]) -> Schema:
    """Join options; those that are only types become one list of types."""
    told: list[Schema] = []
    for option in options:
        flat = option.get("anyOf", [option]) if set(option) == {"anyOf"} else [option]
        told += [one for one in flat if one not in told]
    if {} in told:
        return {}
    if all(set(one) == {"type"} and isinstance(one["type"], str) for one in told):
        return {"type": [one["type"] for one in told]} if len(told) > 1 else told[0]
    return {"anyOf": told}


def _need(_: _Reader) -> Schema:
    levels = {"type": "object", "additionalProperties": {"type": "number"}}
    return _object({"skills": levels, "heads": {"type": "integer"}}, ["skills"])


def _structure(reader: _Reader) -> Schema:
    """Describe a work breakdown structure: its nodes are rows, groups and packages alike."""
    null = SIMPLE[type(None)]
    hints = get_type_hints(WorkPackage)
    package = attrs.evolve(reader, as_text=False)
    row: Schema = {"id": {"type": "string"}, "parent": _any_of([{"type": "string"}, null])}
    row["position"] = _any_of([{"type": "integer"}, null])
    for part in attrs.fields(WorkPackage):
        row.setdefault(part.name, _any_of([package.value(hints[part.name]), null]))
    row["kind"] = {"enum": [*get_args(hints["kind"]), "group", None]}
    # an entry is written without the fields in which it says nothing
    row["dictionary"] = _any_of([{**package.model(Dictionary), "required": []}, null])
    parts = {
        "prefix": {"type": "string"},
        "nodes": {"type": "array", "items": _object(row, ["id"])},
        "control_accounts": {"type": "array", "items": package.model(ControlAccount)},
        "raci": {"type": "array", "items": package.model(Raci)},
    }
    return _object(parts, ["nodes"])


OWN: Final[Mapping[Any, Callable[[_Reader], Schema]]] = {Need: _need, Wbs: _structure}
