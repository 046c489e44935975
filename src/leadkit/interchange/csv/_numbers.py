"""Numbers in the cells of a table: read or refused with what would be right, and written so that they come back."""

from __future__ import annotations

import math
from decimal import Decimal

from leadkit.interchange.csv._sheet import NUMBER
from leadkit.interchange.csv._table import shortened

__all__ = ["amount_of", "number_text", "whole_of"]

MOST_DIGITS = 18


def amount_of(text: str) -> float:
    """Read a finite number of at least 0.

    Raises
    ------
    ValueError
        It is none; the message says what is wrong.

    Examples
    --------
    >>> amount_of("1400"), amount_of("2.5e3")
    (1400.0, 2500.0)
    >>> amount_of("1,5")
    Traceback (most recent call last):
    ...
    ValueError: '1,5' has a decimal comma; expected a decimal point
    """
    if not NUMBER.fullmatch(text):
        if NUMBER.fullmatch(text.replace(",", ".")):
            msg = f"{shortened(text)} has a decimal comma; expected a decimal point"
        else:
            msg = f"expected a number, got {shortened(text)}"
        raise ValueError(msg)
    value = float(text)
    if not 0 <= value < math.inf:
        msg = f"expected a finite number of at least 0, got {shortened(text)}"
        raise ValueError(msg)
    return value


def whole_of(text: str) -> int:
    """Read a whole number of at least 1; anything else raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS and int(text) > 0):
        msg = f"expected a whole number of at least 1, got {shortened(text)}"
        raise ValueError(msg)
    return int(text)


def number_text(value: float) -> str:
    """Write a number without an exponent, whole ones without a point; reading gives the same float.

    Examples
    --------
    >>> number_text(1400.0), number_text(0.1), number_text(1e22)
    ('1400', '0.1', '10000000000000000000000')
    """
    return str(int(value)) if float(value).is_integer() else f"{Decimal(repr(float(value))):f}"
