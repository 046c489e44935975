"""Plain data into the fields of a model: what cannot be read becomes a fault with its path and a spare value."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from leadkit._convert import faults_of, join_path
from leadkit.errors import Fault, LeadkitError, PolicyError, did_you_mean

__all__ = ["Table", "built", "each"]

T = TypeVar("T")
REQUIRED: Final = object()


class Table:
    """The keys of one table; a fault of one never hides those of others.

    Parameters
    ----------
    data : object
        Anything; what is no mapping is a fault and has no key.
    known : sequence of str
        The keys that there may be.
    """

    def __init__(self, data: object, known: Sequence[str]) -> None:
        self.data: Mapping[Any, Any] = data if isinstance(data, Mapping) else {}
        self.faults: list[Fault] = []
        self.is_table = isinstance(data, Mapping)
        if not self.is_table:
            self.faults.append(Fault("", f"expected a table of names and values, got {reprlib.repr(data)}"))
        for key in self.data:
            if key not in known:
                self.faults.append(Fault("", f"unknown key {reprlib.repr(key)}{did_you_mean(key, known)}"))

    def read(self, name: str, spare: Any, default: Any = REQUIRED, how: Callable[[Any], Any] | None = None) -> Any:
        """Give a value, read by `how`; `default` where the key is missing, `spare` where something is wrong with it."""
        if name not in self.data:
            if default is not REQUIRED:
                return default
            if self.is_table:
                self.faults.append(Fault("", f"{name!r} is missing"))
            return spare
        value = self.data[name]
        if how is None or (value is None and default is None):
            return value
        try:
            return how(value)
        except (LeadkitError, ValueError, TypeError, OverflowError) as error:
            self.faults += faults_of(error, name)
            return spare


def each(how: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Read every part of a list; the error holds the faults of all of them, with their places."""

    def read(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, list | tuple):
            msg = f"expected a list, got {reprlib.repr(values)}"
            raise TypeError(msg)
        found, faults = [], []
        for place, value in enumerate(values):
            try:
                found.append(how(value))
            except (LeadkitError, ValueError, TypeError, OverflowError) as error:
                faults += [Fault(join_path(f"[{place}]", fault.where), fault.what) for fault in faults_of(error)]
        if faults:
            raise PolicyError.from_faults(faults)
        return tuple(found)

    return read


def built(cls: Callable[..., T], fields: Mapping[str, Any], faults: list[Fault], subject: str) -> T:
    """Build a model from fields in which `faults` were found; the error holds these and its own."""
    try:
        made = cls(**fields)
    except PolicyError as error:
        faults = [*faults, *error.faults]
    else:
        if not faults:
            return made
    raise PolicyError.from_faults(faults, subject=subject)
