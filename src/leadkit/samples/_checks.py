"""Checks of the options that the generators share."""

from __future__ import annotations

import numpy as np


def count(value: int, name: str, *, at_least: int = 0) -> None:
    """Refuse what is no whole number from `at_least` on."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < at_least:
        msg = f"{name}: expected a whole number at least {at_least}, got {value!r}"
        raise ValueError(msg)


def share(value: float, name: str) -> None:
    """Refuse what is not in [0, 1)."""
    if not 0 <= value < 1:
        msg = f"{name}: expected a share in [0, 1), got {value!r}"
        raise ValueError(msg)
