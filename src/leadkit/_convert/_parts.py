"""Whole from parts: models field by field, lists, sets and mappings entry by entry."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import cache
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from leadkit._convert._arrays import is_array
from leadkit._convert._values import number_or_unknown
from leadkit._fields import FrozenMapping

__all__ = [
    "StructureHook",
    "is_fixed",
    "is_mapping",
    "is_sequence",
    "is_set",
    "is_union_with_array",
    "is_word",
    "mapping_hook",
    "model_hook",
    "own_hook",
    "reads_itself",
    "sequence_hook",
    "set_hook",
    "union_hook",
    "unknown_fields",
]

StructureHook: TypeAlias = Callable[[Any, Any], Any]
"""What the converter calls with plain data and a type."""


@cache
def unknown_fields(cls: type[Any]) -> frozenset[str]:
    """Name the fields of one number in which a class takes NaN, which is written as null.

    A class that checks its fields says so by a converter that makes NaN of None.

    Examples
    --------
    >>> from leadkit.skills import TrainingNeed
    >>> unknown_fields(TrainingNeed)
    frozenset({'current'})
    """
    hints = get_type_hints(cls)
    takes_anything = not hasattr(cls, "__attrs_post_init__")
    return frozenset(
        part.name
        for part in attrs.fields(cls)
        if hints.get(part.name) is float
        and (takes_anything if part.converter is None else _makes_nan_of_none(part.converter))
    )


def _makes_nan_of_none(converter: Any) -> bool:
    try:
        made = converter(None)
    except (TypeError, ValueError):
        return False
    return isinstance(made, float) and math.isnan(made)


def is_word(hint: Any) -> bool:
    """Tell whether a type is a `Literal`."""
    return get_origin(hint) is Literal


def is_sequence(hint: Any) -> bool:
    """Tell whether a type is a tuple of any length."""
    return get_origin(hint) is tuple and get_args(hint)[1:] == (...,)


def is_fixed(hint: Any) -> bool:
    """Tell whether a type is a tuple of a certain length."""
    return get_origin(hint) is tuple and get_args(hint)[1:] != (...,)


def is_set(hint: Any) -> bool:
    """Tell whether a type is a frozen set."""
    return get_origin(hint) is frozenset


def is_mapping(hint: Any) -> bool:
    """Tell whether a type is a mapping, frozen or not."""
    return get_origin(hint) in {Mapping, FrozenMapping}


def is_union_with_array(hint: Any) -> bool:
    """Tell whether a type is an array or a model, which JSON writes otherwise."""
    if get_origin(hint) not in {Union, types.UnionType}:
        return False
    parts = get_args(hint)
    return len(parts) == 2 and sum(map(is_array, parts)) == 1 and any(attrs.has(part) for part in parts)


def reads_itself(hint: Any) -> bool:
    """Tell whether a class has its own way to plain data and back."""
    return isinstance(hint, type) and hasattr(hint, "from_dict") and hasattr(hint, "to_dict")


def sequence_hook(hint: Any, converter: Converter) -> StructureHook:
    """Make what reads a tuple."""
    element = get_args(hint)[0]
    each = converter.get_structure_hook(list[element])  # type: ignore[valid-type]

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            msg = f"expected a list, got {value!r}"
            raise TypeError(msg)
        return tuple(each(value, list[element]))  # type: ignore[valid-type]

    return read


def set_hook(hint: Any, converter: Converter) -> StructureHook:
    """Make what reads a frozen set."""
    element = get_args(hint)[0]
    each = converter.get_structure_hook(list[element])  # type: ignore[valid-type]

    def read(value: Any, _: Any) -> frozenset[Any]:
        if not isinstance(value, list | tuple | set | frozenset):
            msg = f"expected a list, got {value!r}"
            raise TypeError(msg)
        return frozenset(each(list(value), list[element]))  # type: ignore[valid-type]

    return read


def model_hook(hint: Any, converter: Converter) -> StructureHook:
    """Make what reads a model field by field."""
    cls = get_origin(hint) or hint
    unknown: dict[str, Any] = {name: override(struct_hook=number_or_unknown) for name in sorted(unknown_fields(cls))}
    each = make_dict_structure_fn(
        hint,
        converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **unknown,
    )

    def read(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            msg = f"expected a table of names and values, got {value!r}"
            raise TypeError(msg)
        return each(value, hint)

    return read


def mapping_hook(hint: Any, converter: Converter) -> StructureHook:
    """Make what reads a mapping; its keys come as texts."""
    key, element = get_args(hint)
    key_of = _key_reader(key)
    each = converter.get_structure_hook(dict[key, element])  # type: ignore[valid-type]

    def read(value: Any, _: Any) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            msg = f"expected a table of names and values, got {value!r}"
            raise TypeError(msg)
        return dict(each({key_of(name): part for name, part in value.items()}, dict[key, element]))  # type: ignore[valid-type]

    return read


def union_hook(hint: Any, converter: Converter) -> StructureHook:
    """Make what reads an array from a list, and a model from anything else."""
    of_lists, of_others = sorted(get_args(hint), key=is_array, reverse=True)
    read_list, read_other = converter.get_structure_hook(of_lists), converter.get_structure_hook(of_others)

    def read(value: Any, _: Any) -> Any:
        return read_list(value, of_lists) if isinstance(value, list | tuple) else read_other(value, of_others)

    return read


def own_hook(hint: Any, _: Converter) -> StructureHook:
    """Make what lets a class read itself."""

    def read(value: Any, _: Any) -> Any:
        return value if isinstance(value, hint) else hint.from_dict(value)

    return read


def _key_reader(key: Any) -> Callable[[Any], Any]:
    """Give what makes a key of its text; a text that is none is left for the converter to refuse."""
    if key is int:
        return _whole_key
    if isinstance(key, type) and issubclass(key, IntEnum):
        return lambda name: key.__members__.get(name, _whole_key(name))
    return lambda name: name


def _whole_key(name: Any) -> Any:
    if not isinstance(name, str):
        return name
    try:
        made = int(name)
    except ValueError:
        return name
    return made if str(made) == name else name
