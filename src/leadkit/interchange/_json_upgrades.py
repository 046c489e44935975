"""What was written by the leadkit before: how the fields of each number become those of the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from leadkit.errors import Fault

__all__ = ["SCHEMA", "UPGRADES", "Upgrade", "number_faults", "upgraded"]

SCHEMA: Final = 1
"""Number of the layout that is written; it rises when a field changes its meaning."""

Upgrade: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes the fields of one number into those of the next, without changing what it is given."""

UPGRADES: Final[dict[int, dict[str, Upgrade]]] = {}
"""Older number to the name of a type to its upgrade; a type that is not named has not changed from that number on.

Only the number before `SCHEMA` is read. There is none yet: 1 is the first.
"""


def number_faults(number: object) -> list[Fault]:
    """Refuse a number of a layout that this leadkit does not read."""
    known = [SCHEMA - 1, SCHEMA] if SCHEMA - 1 in UPGRADES else [SCHEMA]
    if isinstance(number, int) and not isinstance(number, bool):
        if number in known:
            return []
        if number > SCHEMA:
            what = f"expected {SCHEMA}, got {number}: a newer leadkit wrote this; update leadkit to read it"
            return [Fault("leadkit_schema", what)]
    return [Fault("leadkit_schema", f"expected {' or '.join(map(str, known))}, got {number!r}")]


def upgraded(fields: Mapping[str, Any], number: int, name: str) -> tuple[Mapping[str, Any], list[Fault]]:
    """Bring the fields of a type up to `SCHEMA`.

    Parameters
    ----------
    fields : mapping
        As they were written.
    number : int
        Layout that they were written in, one that `number_faults` lets through.
    name : str
        Name of the type.

    Returns
    -------
    mapping
        The fields as they are now.
    list of Fault
        Why that cannot be.
    """
    upgrade = UPGRADES.get(number, {}).get(name) if number < SCHEMA else None
    if upgrade is None:
        return fields, []
    try:
        return upgrade(fields), []
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        what = f"these are no fields of schema {number}: {type(error).__name__}: {error}"
        return fields, [Fault("", what)]
