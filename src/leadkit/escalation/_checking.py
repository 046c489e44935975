"""How the models of escalation refuse what they cannot be made of."""

from __future__ import annotations

from leadkit.errors import EscalationError, Fault

__all__ = ["expect_kind", "raise_faults"]


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
