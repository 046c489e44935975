"""The one cattrs converter: strict about types and keys, and every fault comes with its path."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal, TypeVar, cast, get_args, get_origin

import attrs
import numpy as np
from cattrs import ClassValidationError, Converter, ForbiddenExtraKeysError, IterableValidationError
from cattrs.gen import make_dict_structure_fn

from leadkit._durations import duration_of, duration_text
from leadkit._results import plain
from leadkit.errors import Fault, LeadkitError, did_you_mean

T = TypeVar("T")
StructureHook = Callable[[Any, Any], Any]

# What a cell of an array may be; numpy itself would make 3 of 3.7 and True of 2.
CELLS: Mapping[Any, tuple[frozenset[type], str]] = {
    np.bool_: (frozenset({bool}), "truth values"),
    np.int64: (frozenset({int}), "whole numbers"),
    np.float64: (frozenset({int, float, type(None)}), "numbers"),
}


def structure(data: Any, cls: type[T], *, error: type[LeadkitError], subject: str = "") -> T:
    """Build a model from plain data, or raise `error` with every fault and its path.

    Examples
    --------
    >>> from leadkit.errors import DefinitionError
    >>> from leadkit.assessment import ResponseScale
    >>> structure({"low": 1, "high": "5"}, ResponseScale, error=DefinitionError)
    Traceback (most recent call last):
    ...
    leadkit.errors.DefinitionError: high: expected a whole number, got '5'
    """
    try:
        return CONVERTER.structure(data, cls)
    except (ClassValidationError, IterableValidationError, LeadkitError, ValueError, TypeError) as caught:
        raise error.from_faults(faults_of(caught), subject=subject) from None


def structure_fields(data: Any, cls: type[T], *, error: type[LeadkitError], subject: str = "") -> T:
    """Build a model field by field, though it has a `from_dict`: for use inside of that."""
    try:
        return cast("T", _field_reader(cast("Any", cls))(data, cls))
    except (ClassValidationError, IterableValidationError, LeadkitError, ValueError, TypeError) as caught:
        raise error.from_faults(faults_of(caught), subject=subject) from None


@cache
def _field_reader(cls: Any) -> StructureHook:
    """Keep the reader of a class, which is compiled."""
    return _model_factory(cls, CONVERTER)


def unstructure(value: Any) -> Any:
    """Turn a model into plain data that `structure` reads back."""
    return CONVERTER.unstructure(value)


def faults_of(error: BaseException, path: str = "") -> Iterator[Fault]:
    """Walk a tree of exceptions and give each leaf with the path that leads to it."""
    if isinstance(error, ClassValidationError):
        located, others = error.group_exceptions()
        for inner, note in located:
            if isinstance(inner, KeyError) and inner.args == (note.name,):
                yield Fault(path, f"{note.name!r} is missing")
            else:
                yield from faults_of(inner, join_path(path, note.name))
        for inner in others:
            yield from faults_of(inner, path)
    elif isinstance(error, IterableValidationError):
        elements, others = error.group_exceptions()
        for inner, index in elements:
            yield from faults_of(inner, f"{path}[{index.index!r}]")
        for inner in others:
            yield from faults_of(inner, path)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [a.name for a in attrs.fields(error.cl) if a.init]
        for name in sorted(error.extra_fields, key=str):
            yield Fault(path, f"unknown key {name!r}{did_you_mean(str(name), known)}")
    elif isinstance(error, LeadkitError) and error.faults:
        for fault in error.faults:
            yield attrs.evolve(fault, where=join_path(path, fault.where))
    else:
        yield Fault(path, str(error))


def join_path(path: str, part: str) -> str:
    """Join two parts of a path with a dot, unless one is empty or the second is an index."""
    if not path or not part or part.startswith("["):
        return path + part
    return f"{path}.{part}"


def _whole(value: Any, _: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    msg = f"expected a whole number, got {value!r}"
    raise TypeError(msg)


def _number(value: Any, _: Any) -> float:
    return float(_whole_or_number(value, None))


def _whole_or_number(value: Any, _: Any) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    msg = f"expected a number, got {value!r}"
    raise TypeError(msg)


def _string(value: Any, _: Any) -> str:
    if isinstance(value, str):
        return value
    msg = f"expected a text, got {value!r}"
    raise TypeError(msg)


def _truth(value: Any, _: Any) -> bool:
    if isinstance(value, bool):
        return value
    msg = f"expected true or false, got {value!r}"
    raise TypeError(msg)


def _text(value: Any, _: Any) -> str | dict[str, str]:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair):
        return dict(value)
    msg = f"expected a text, or one text per language, got {value!r}"
    raise TypeError(msg)


def _word(value: Any, literal: Any) -> Any:
    allowed = get_args(literal)
    if isinstance(value, str) and value in allowed:
        return value
    msg = f"expected one of {', '.join(map(repr, allowed))}, got {value!r}{did_you_mean(str(value), allowed)}"
    raise ValueError(msg)


def _date(value: Any, _: Any) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        msg = f"expected a date like 2026-05-31, got {value!r}"
        raise ValueError(msg) from None


def _instant(value: Any, _: Any) -> datetime:
    parsed = value if isinstance(value, datetime) else None
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            parsed = datetime.fromisoformat(value)
    if parsed is None or parsed.tzinfo is None:
        msg = f"expected an instant with its offset like 2026-05-31T09:00:00+02:00, got {value!r}"
        raise ValueError(msg)
    return parsed


def _time(value: Any, _: Any) -> time:
    parsed = value if isinstance(value, time) else None
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            parsed = time.fromisoformat(value)
    if parsed is None or parsed.tzinfo is not None:
        msg = f"expected a time of day like 09:30, got {value!r}"
        raise ValueError(msg)
    return parsed


def _duration(value: Any, _: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    is_negative = isinstance(value, str) and value.startswith("-")
    return -duration_of(value[1:]) if is_negative else duration_of(value)


def _duration_text(value: timedelta) -> str:
    return f"-{duration_text(-value)}" if value < timedelta() else duration_text(value)


def _is_word(hint: Any) -> bool:
    return get_origin(hint) is Literal


def _is_sequence(hint: Any) -> bool:
    return get_origin(hint) is tuple and get_args(hint)[1:] == (...,)


def _is_set(hint: Any) -> bool:
    return get_origin(hint) is frozenset


def _is_mapping(hint: Any) -> bool:
    return get_origin(hint) is Mapping


def _sequence_factory(hint: Any, converter: Converter) -> StructureHook:
    element = get_args(hint)[0]
    each = converter.get_structure_hook(list[element])  # type: ignore[valid-type]

    def read(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            msg = f"expected a list, got {value!r}"
            raise TypeError(msg)
        return tuple(each(value, list[element]))  # type: ignore[valid-type]

    return read


def _set_factory(hint: Any, converter: Converter) -> StructureHook:
    element = get_args(hint)[0]
    each = converter.get_structure_hook(list[element])  # type: ignore[valid-type]

    def read(value: Any, _: Any) -> frozenset[Any]:
        if not isinstance(value, list | tuple | set | frozenset):
            msg = f"expected a list, got {value!r}"
            raise TypeError(msg)
        return frozenset(each(list(value), list[element]))  # type: ignore[valid-type]

    return read


def _model_factory(hint: Any, converter: Converter) -> StructureHook:
    each = make_dict_structure_fn(hint, converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True)

    def read(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            msg = f"expected a table of names and values, got {value!r}"
            raise TypeError(msg)
        return each(value, hint)

    return read


def _mapping_factory(hint: Any, converter: Converter) -> StructureHook:
    key, element = get_args(hint)
    each = converter.get_structure_hook(dict[key, element])  # type: ignore[valid-type]

    def read(value: Any, _: Any) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            msg = f"expected a table of names and values, got {value!r}"
            raise TypeError(msg)
        return dict(each(value, dict[key, element]))  # type: ignore[valid-type]

    return read


def _reads_itself(hint: Any) -> bool:
    return isinstance(hint, type) and hasattr(hint, "from_dict") and hasattr(hint, "to_dict")


def _own_reader_factory(hint: Any, _: Converter) -> StructureHook:
    def read(value: Any, _: Any) -> Any:
        return value if isinstance(value, hint) else hint.from_dict(value)

    return read


def _is_array(hint: Any) -> bool:
    return get_origin(hint) is np.ndarray


def _array(value: Any, hint: Any) -> Any:
    dtype = get_args(get_args(hint)[1])[0]
    kinds, words = CELLS[dtype]
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(rows, list | tuple):
        msg = f"expected a list of {words}, got {value!r}"
        raise TypeError(msg)
    for cell in _cells(rows):
        if type(cell) not in kinds:
            msg = f"expected {words}, got {cell!r}"
            raise TypeError(msg)
    try:
        return np.array(rows, dtype=dtype)
    except ValueError:
        msg = f"expected {words} in rows of equal length"
    except OverflowError:
        msg = f"expected {words}, got one that is too large"
    raise ValueError(msg)


def _cells(rows: Any) -> Iterator[Any]:
    if isinstance(rows, list | tuple):
        for part in rows:
            yield from _cells(part)
    else:
        yield rows


def _strict_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(int, _whole)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(str, _string)
    converter.register_structure_hook(bool, _truth)
    converter.register_structure_hook(date, _date)
    converter.register_structure_hook(datetime, _instant)
    converter.register_structure_hook(time, _time)
    converter.register_structure_hook(timedelta, _duration)
    converter.register_structure_hook(str | Mapping[str, str], _text)
    converter.register_structure_hook(int | float, _whole_or_number)
    converter.register_structure_hook_func(_is_word, _word)
    converter.register_structure_hook_factory(_is_sequence, _sequence_factory)
    converter.register_structure_hook_factory(_is_set, _set_factory)
    converter.register_unstructure_hook_func(_is_set, plain)
    converter.register_structure_hook_factory(attrs.has, _model_factory)
    converter.register_structure_hook_factory(_reads_itself, _own_reader_factory)
    converter.register_unstructure_hook_func(_reads_itself, lambda value: value.to_dict())
    converter.register_structure_hook_factory(_is_mapping, _mapping_factory)
    converter.register_structure_hook_func(_is_array, _array)
    converter.register_unstructure_hook_func(_is_array, plain)
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_unstructure_hook(timedelta, _duration_text)
    converter.register_unstructure_hook(time, lambda value: value.isoformat())
    return converter


CONVERTER = _strict_converter()
