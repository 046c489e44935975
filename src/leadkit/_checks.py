"""What models of every subject convert and refuse, each fault with the field that has it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from leadkit._fields import number_faults
from leadkit.errors import Fault, did_you_mean

__all__ = [
    "CONTROL",
    "amount_faults",
    "as_amount",
    "as_tuple",
    "id_faults",
    "in_utc",
    "instant_faults",
    "member_faults",
    "optional_id_faults",
    "text_faults",
    "texts_faults",
    "word_faults",
]

# line separators and lone surrogates end a line or a file as control characters do
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def as_tuple(values: Any) -> Any:
    """Keep a list as a tuple; what is none stays as it is, for the check to name."""
    if type(values) is tuple or isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        return values
    # an array without dimensions says that it can be iterated over, and cannot
    return values if getattr(values, "ndim", 1) == 0 else tuple(values)


def as_amount(value: Any) -> Any:
    """Make a float of a number; what is none stays as it is, for the check to name."""
    if type(value) is float or not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def in_utc(instant: datetime | None) -> datetime | None:
    """Compare instants as such: across zones, an hour that occurs twice would never be equal to itself."""
    return None if instant is None else instant.astimezone(UTC)


def id_faults(value: object, where: str) -> list[Fault]:
    """Refuse an id that is no text, is empty, has space around it or a control character in it."""
    if isinstance(value, str) and value.isprintable() and value and value[0] != " " != value[-1]:
        return []
    if not isinstance(value, str) or not value.strip():
        return [Fault(where, f"expected a text that is not empty, got {value!r}")]
    if value != value.strip():
        return [Fault(where, f"expected no space before or after the id, got {value!r}")]
    if CONTROL.search(value):
        return [Fault(where, f"expected no control character in the id, got {value!r}")]
    return []


def optional_id_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is neither None nor an id."""
    return [] if value is None else id_faults(value, where)


def text_faults(owner: object, *names: str) -> list[Fault]:
    """Refuse fields that are no texts; an empty one is fine."""
    return [
        Fault(name, f"expected a text, got {getattr(owner, name)!r}")
        for name in names
        if not isinstance(getattr(owner, name), str)
    ]


def texts_faults(owner: object, *names: str) -> list[Fault]:
    """Refuse fields that are no lists of texts."""
    faults = []
    for name in names:
        values = getattr(owner, name)
        if not isinstance(values, tuple):
            faults.append(Fault(name, f"expected a list of texts, got {values!r}"))
        else:
            faults += [
                Fault(f"{name}[{place}]", f"expected a text, got {value!r}")
                for place, value in enumerate(values)
                if not isinstance(value, str)
            ]
    return faults


def word_faults(value: object, allowed: tuple[str, ...], where: str) -> list[Fault]:
    """Refuse what is none of the words."""
    if isinstance(value, str) and value in allowed:
        return []
    known = ", ".join(map(repr, allowed))
    return [Fault(where, f"expected one of {known}, got {value!r}{did_you_mean(str(value), allowed)}")]


def amount_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a finite number of at least 0."""
    if type(value) is float and 0 <= value < math.inf:
        return []
    faults = number_faults(value, where)
    if not faults and value < 0:  # type: ignore[operator]
        faults.append(Fault(where, f"expected at least 0, got {value!r}"))
    return faults


def member_faults(members: object, kinds: type | tuple[type, ...], where: str, word: str) -> list[Fault]:
    """Refuse what is no list of `kinds`."""
    if isinstance(members, tuple) and not members:
        return []
    if not isinstance(members, tuple):
        return [Fault(where, f"expected a list of {word}, got {members!r}")]
    return [
        Fault(f"{where}[{place}]", f"expected a {word}, got {member!r}")
        for place, member in enumerate(members)
        if not isinstance(member, kinds)
    ]


def instant_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is neither None nor a datetime with a zone."""
    if value is None:
        return []
    if not isinstance(value, datetime):
        return [Fault(where, f"expected a datetime, got {value!r}")]
    if value.utcoffset() is None:
        return [Fault(where, f"expected a datetime with a time zone, got {value.isoformat()} without one")]
    try:
        in_utc(value)
    except OverflowError:
        return [Fault(where, f"expected a datetime that can be told in UTC, got {value.isoformat()}")]
    return []
