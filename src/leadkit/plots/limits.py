"""How much one picture may hold: limits that are whole numbers, and the refusal of what is beyond."""

from __future__ import annotations

from leadkit._fields import whole_number_faults

__all__ = ["expect_at_most"]


def expect_at_most(n: int, limit: int, *, name: str, what: str, instead: str) -> None:
    """Refuse more rows than the limit, and a limit that is none.

    Parameters
    ----------
    n : int
        How many there are.
    limit : int
        How many may be drawn, at least 1.
    name : str
        The argument that sets the limit.
    what : str
        What is drawn, in the plural.
    instead : str
        How to have fewer.

    Raises
    ------
    ValueError
        The limit is no whole number of at least 1, or there are more.

    Examples
    --------
    >>> expect_at_most(61, 60, name="max_rows", what="items", instead="draw one dimension")
    Traceback (most recent call last):
    ...
    ValueError: 61 items are to be drawn, the limit (max_rows) is 60: draw one dimension, or raise the limit
    """
    if whole_number_faults(limit, name) or limit < 1:
        msg = f"{name}: expected a whole number of at least 1, got {limit!r}"
        raise ValueError(msg)
    if n > limit:
        msg = f"{n} {what} are to be drawn, the limit ({name}) is {limit}: {instead}, or raise the limit"
        raise ValueError(msg)
