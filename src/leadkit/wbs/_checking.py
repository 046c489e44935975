"""What the models of plans refuse beside what every model does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leadkit._checks import amount_faults, as_amount, id_faults
from leadkit._fields import FrozenMapping
from leadkit.errors import Fault, PlanError, UnknownIdError

__all__ = ["as_measures", "expect_kind", "measure_faults", "raise_faults", "unknown_node"]


def as_measures(values: Any) -> Any:
    """Copy a mapping of names to numbers into one that cannot be changed."""
    if not isinstance(values, dict | Mapping):
        return values
    return FrozenMapping((name, as_amount(value)) for name, value in values.items())


def measure_faults(measures: object) -> list[Fault]:
    """Refuse quantities without a name, and values that are not finite or below 0."""
    if not isinstance(measures, FrozenMapping):
        return [Fault("measures", f"expected names and numbers, got {measures!r}")]
    faults = []
    for name, value in measures.items():
        of_name = id_faults(name, "measures")
        faults += of_name or amount_faults(value, f"measures[{name!r}]")
    return faults


def unknown_node(own: object, known: Iterable[str], where: str = "") -> UnknownIdError:
    """Build the error for a node that is not there, named at `where`."""
    error = UnknownIdError.of(str(own), known, kind="node")
    return UnknownIdError(f"{where}: {error}") if where else error


def raise_faults(faults: list[Fault], subject: str) -> None:
    """Raise the error that lists all of `faults`, if there are any."""
    if faults:
        raise PlanError.from_faults(faults, subject=subject)


def expect_kind(value: object, kind: type) -> None:
    """Refuse an argument of another class.

    Examples
    --------
    >>> expect_kind("plan", int)
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: expected an int, got str
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOUaeiou" else "a"
        msg = f"expected {article} {kind.__name__}, got {type(value).__name__}"
        raise PlanError(msg)
