"""Models as plain data with a head that says what they are, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import attrs
from cattrs import StructureHandlerNotFoundError

from leadkit._convert import structure, unstructure
from leadkit._results import plain
from leadkit.assessment import Feedback, RaterDigest
from leadkit.errors import DisclosureError, Fault, FormatError
from leadkit.interchange._json_upgrades import SCHEMA, number_faults, upgraded
from leadkit.wbs import Group

__all__ = ["SCHEMA_KEY", "TYPE_KEY", "check_type", "data_of", "of_data"]

T = TypeVar("T")

SCHEMA_KEY: Final = "leadkit_schema"
TYPE_KEY: Final = "type"


def check_type(cls: Any) -> None:
    """Refuse what is no class whose values are written.

    Raises
    ------
    DisclosureError
        Values of this class are never written.
    TypeError
        This is no model or result of leadkit.
    """
    is_ours = isinstance(cls, type) and cls.__module__.partition(".")[0] == "leadkit"
    if not is_ours or not (attrs.has(cls) or hasattr(cls, "to_dict")):
        msg = f"expected a model or result of leadkit, got {cls.__name__ if isinstance(cls, type) else repr(cls)}"
        raise TypeError(msg)
    if issubclass(cls, Feedback | RaterDigest):
        msg = f"{cls.__name__} names raters beside their answers: disclose it first"
        raise DisclosureError(msg)
    if issubclass(cls, Group):
        msg = "a Group is part of a structure: write the Wbs that holds it"
        raise TypeError(msg)


def data_of(value: Any) -> dict[str, Any]:
    """Give a model or result as plain data, with its head first; what it raises is what `json.dumps` raises."""
    if isinstance(value, type):
        msg = f"expected a model or result of leadkit, got the class {value.__name__}"
        raise TypeError(msg)
    check_type(type(value))
    fields = value.to_dict() if hasattr(value, "to_dict") else plain(unstructure(value))
    return {SCHEMA_KEY: SCHEMA, TYPE_KEY: type(value).__name__, **fields}


def of_data(data: Any, cls: type[T]) -> T:
    """Build what `data_of` gave; what it raises is what `json.loads` raises."""
    if not isinstance(data, Mapping):
        msg = f"{cls.__name__}: expected an object, got {'null' if data is None else type(data).__name__}"
        raise FormatError(msg)
    number: Any = data.get(SCHEMA_KEY)
    faults = number_faults(number)
    if data.get(TYPE_KEY) != cls.__name__:
        faults.append(Fault(TYPE_KEY, f"expected {cls.__name__!r}, got {data.get(TYPE_KEY)!r}"))
    fields: Any = {key: value for key, value in data.items() if key not in {SCHEMA_KEY, TYPE_KEY}}
    if not faults:
        fields, faults = upgraded(fields, number, cls.__name__)
    if faults:
        raise FormatError.from_faults(faults, subject=cls.__name__)
    try:
        return structure(fields, cls, error=FormatError, subject=cls.__name__)
    except StructureHandlerNotFoundError:
        msg = f"{cls.__name__} is not read back: its fields do not say all there is to it"
        raise TypeError(msg) from None
