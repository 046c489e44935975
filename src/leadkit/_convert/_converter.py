"""The converter: strict about types and keys, and every fault comes with its path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, TypeVar, cast, get_origin

import attrs
import numpy as np
from cattrs import ClassValidationError, Converter, IterableValidationError

from leadkit._convert import _arrays, _parts, _values
from leadkit._convert._faults import faults_of
from leadkit._results import Result, plain
from leadkit.errors import LeadkitError

__all__ = ["CONVERTER", "structure", "structure_fields", "unstructure"]

T = TypeVar("T")
REFUSALS = (ClassValidationError, IterableValidationError, LeadkitError, ValueError, TypeError)
"""What the converter and the models raise about wrong data."""


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
    except REFUSALS as caught:
        raise error.from_faults(faults_of(caught), subject=subject) from None


def structure_fields(data: Any, cls: type[T], *, error: type[LeadkitError], subject: str = "") -> T:
    """Build a model field by field, though it has a `from_dict`: for use inside of that."""
    try:
        return cast("T", _field_reader(cast("Any", cls))(data, cls))
    except REFUSALS as caught:
        raise error.from_faults(faults_of(caught), subject=subject) from None


@cache
def _field_reader(cls: Any) -> _parts.StructureHook:
    """Keep the reader of a class, which is compiled."""
    return _parts.model_hook(cls, CONVERTER)


def unstructure(value: Any) -> Any:
    """Turn a model into plain data that `structure` reads back."""
    return CONVERTER.unstructure(value)


def _strict_converter() -> Converter:
    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(int, _values.whole)
    converter.register_structure_hook(float, _values.number)
    converter.register_structure_hook(str, _values.string)
    converter.register_structure_hook(bool, _values.truth)
    converter.register_structure_hook(date, _values.day)
    converter.register_structure_hook(datetime, _values.instant)
    converter.register_structure_hook(time, _values.time_of_day)
    converter.register_structure_hook(timedelta, _values.duration)
    converter.register_structure_hook(np.datetime64, _arrays.instant)
    converter.register_structure_hook(str | Mapping[str, str], _values.text)
    converter.register_structure_hook(int | float, _values.whole_or_number)
    converter.register_structure_hook_func(_parts.is_word, _values.word)
    converter.register_structure_hook_factory(_parts.is_sequence, _parts.sequence_hook)
    converter.register_structure_hook_factory(_parts.is_set, _parts.set_hook)
    converter.register_unstructure_hook_func(_parts.is_set, plain)
    converter.register_structure_hook_factory(attrs.has, _parts.model_hook)
    converter.register_structure_hook_factory(_parts.reads_itself, _parts.own_hook)
    converter.register_unstructure_hook_func(_parts.reads_itself, lambda value: value.to_dict())
    converter.register_structure_hook_factory(_parts.is_mapping, _parts.mapping_hook)
    converter.register_structure_hook_func(_arrays.is_array, _arrays.array)
    converter.register_structure_hook_factory(_parts.is_union_with_array, _parts.union_hook)
    converter.register_unstructure_hook_func(_is_any_array, plain)
    converter.register_unstructure_hook(np.datetime64, plain)
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_unstructure_hook(timedelta, _values.signed_duration_text)
    converter.register_unstructure_hook(time, lambda value: value.isoformat())
    return converter


def _converter_of_results() -> Converter:
    """Make the one that reads what `Result.to_dict` writes: any number may be unknown, durations are seconds."""
    converter = _strict_converter()
    converter.register_structure_hook(float, _values.number_or_unknown)
    converter.register_structure_hook(timedelta, _values.duration_or_seconds)
    # bounds, of which a null may be an infinite one
    converter.register_structure_hook_factory(_parts.is_fixed, CONVERTER.get_structure_hook)
    return converter


def _is_result(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Result) and not _parts.reads_itself(hint)


def _is_any_array(hint: Any) -> bool:
    return get_origin(hint) is np.ndarray


CONVERTER = _strict_converter()
OF_RESULTS = _converter_of_results()
CONVERTER.register_structure_hook_factory(_is_result, OF_RESULTS.get_structure_hook)
