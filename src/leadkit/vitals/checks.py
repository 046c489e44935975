"""What the parts of an assessment share: converters that refuse nothing and rules that list every fault.

A rule looks at the values it can judge and passes over those of a wrong type, which the strict converter or a model
reports; so the same rules serve a model and a plain record that could not become one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeVar

import numpy as np
from attrs import evolve

from leadkit._convert import join_path
from leadkit._fields import FrozenMapping, number_faults, repeated, string_faults, whole_number_faults
from leadkit.errors import Fault, ResponseError

T = TypeVar("T")


def frozen_numbers(values: Any) -> Any:
    """Freeze a mapping of numbers and turn numpy's numbers into Python's; leave what is no mapping to the checks."""
    if not isinstance(values, Mapping):
        return values
    return FrozenMapping({name: python_number(value) for name, value in values.items()})


def python_number(value: Any) -> Any:
    """Turn a numpy number into Python's."""
    return value.item() if isinstance(value, np.generic) else value


def tuple_of(values: Any) -> Any:
    """Keep a sequence as a tuple; leave a text or what is no sequence to the checks."""
    return tuple(values) if isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping) else values


def date_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a plain date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return []
    return [Fault(where, f"expected a date, got {value!r}")]


def time_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a time of day without a zone."""
    if isinstance(value, time) and value.tzinfo is None:
        return []
    return [Fault(where, f"expected a time of day without a zone, got {value!r}")]


def part_faults(values: object, part: type, where: str) -> list[Fault]:
    """Refuse what is not a tuple of `part`."""
    if not isinstance(values, tuple):
        return [Fault(where, f"expected a sequence of {part.__name__}, got {values!r}")]
    return [
        Fault(f"{where}[{i}]", f"expected {part.__name__}, got {value!r}")
        for i, value in enumerate(values)
        if not isinstance(value, part)
    ]


def texts_faults(values: object, where: str) -> list[Fault]:
    """Refuse what is not a tuple of texts with something in them."""
    if not isinstance(values, tuple):
        return [Fault(where, f"expected a sequence of texts, got {values!r}")]
    return [fault for i, value in enumerate(values) for fault in string_faults(value, f"{where}[{i}]")]


def numbers_faults(values: object, where: str, *, whole: bool = False, optional: bool = False) -> list[Fault]:
    """Refuse what is not a mapping from texts to numbers; `optional` lets a number be None."""
    if not isinstance(values, Mapping):
        return [Fault(where, f"expected a mapping of names and numbers, got {values!r}")]
    check = whole_number_faults if whole else number_faults
    faults = [fault for name in values for fault in string_faults(name, where)]
    for name, value in values.items():
        if not (optional and value is None):
            faults += check(value, f"{where}[{name!r}]")
    return faults


def blank_rule(value: object, where: str) -> list[Fault]:
    """Refuse a text with nothing in it."""
    return [Fault(where, "expected a text that is not empty")] if isinstance(value, str) and not value.strip() else []


def blanks_rule(values: object, where: str) -> list[Fault]:
    """Refuse texts with nothing in them."""
    return [fault for i, value in listed(values) for fault in blank_rule(value, f"{where}[{i}]")]


def range_rule(value: object, where: str, low: float, high: float) -> list[Fault]:
    """Refuse a number outside low..high, and NaN."""
    if is_number(value) and not low <= value <= high:  # type: ignore[operator]
        return [Fault(where, f"{_shown(value)} is outside {low:g}..{high:g}")]
    return []


def finite_rule(value: object, where: str) -> list[Fault]:
    """Refuse NaN and infinity."""
    if isinstance(value, float) and not math.isfinite(value):
        return [Fault(where, f"expected a finite number, got {value!r}")]
    return []


def repeated_rule(values: Iterable[Any], where: str, what: str) -> list[Fault]:
    """Refuse texts that are there more than once; `what` names the kind."""
    known = [value for value in values if isinstance(value, str)]
    return [Fault(where, f"{what} {value!r} is there more than once") for value in repeated(known)]


def is_number(value: object) -> bool:
    """Tell whether a value is a real number; a bool is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def day_of(value: object) -> date | None:
    """Read a date, or ISO text of one; None for anything else."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def listed(values: object) -> Iterable[tuple[int, Any]]:
    """Count off the members of a list or tuple; give nothing for anything else."""
    return enumerate(values) if isinstance(values, list | tuple) else ()


def named(values: object) -> Mapping[Any, Any]:
    """Give a mapping as it is, and an empty one for anything else."""
    return values if isinstance(values, Mapping) else {}


def below(path: str, faults: Iterable[Fault]) -> list[Fault]:
    """Put faults under a path."""
    return [evolve(fault, where=join_path(path, fault.where)) for fault in faults]


def raise_faults(faults: Sequence[Fault], subject: str) -> None:
    """Raise one `ResponseError` with all `faults`, when there are any."""
    if faults:
        raise ResponseError.from_faults(faults, subject=subject)


def _shown(value: Any) -> str:
    """Write a number so that 120 and 120.0 look alike."""
    try:
        return f"{float(value):.15g}"
    except OverflowError:
        return str(value)
