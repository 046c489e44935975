"""How the models of escalation refuse what they cannot be made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from leadkit._fields import whole_number_faults
from leadkit.errors import EscalationError, Fault

__all__ = ["count_faults", "duration_faults", "expect_kind", "raise_faults"]


def raise_faults(faults: list[Fault], subject: str, error: type[EscalationError]) -> None:
    """Raise the `error` that lists all of `faults`, if there are any."""
    if faults:
        raise error.from_faults(faults, subject=subject)


def expect_kind(value: object, kind: type, name: str, error: type[EscalationError] = EscalationError) -> None:
    """Refuse the argument `name` where it is of another class.

    Examples
    --------
    >>> expect_kind("matrix", int, "matrix")
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: matrix: expected an int, got str
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOUaeiou" else "a"
        raise error.from_faults([Fault(name, f"expected {article} {kind.__name__}, got {type(value).__name__}")])


def count_faults(value: Any, where: str, *, least: int = 1, most: int | None = None) -> list[Fault]:
    """Refuse what is no whole number from `least` to `most`.

    Examples
    --------
    >>> print(*count_faults(0, "rank"))
    rank: expected a whole number of at least 1, got 0
    """
    faults = whole_number_faults(value, where)
    if not faults and value < least:
        faults = [Fault(where, f"expected a whole number of at least {least}, got {value!r}")]
    elif not faults and most is not None and value > most:
        faults = [Fault(where, f"expected a whole number of at most {most}, got {value!r}")]
    return faults


def duration_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a timedelta of at least 0."""
    if not isinstance(value, timedelta):
        return [Fault(where, f"expected a timedelta, got {value!r}")]
    return [] if value >= timedelta(0) else [Fault(where, f"expected at least 0, got {value}")]
