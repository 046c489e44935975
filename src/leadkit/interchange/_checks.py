"""What every writer checks first: that it was given the kind of value it writes."""

from __future__ import annotations

from typing import Any


def expect(value: Any, cls: type, *, writer: str) -> None:
    """Refuse what is not a `cls`; raw feedback is told how to become something that may be shown.

    Raises
    ------
    TypeError
        `value` is something else.

    Examples
    --------
    >>> expect([1, 2], str, writer="write_form")
    Traceback (most recent call last):
    ...
    TypeError: write_form: expected str, got list
    """
    if isinstance(value, cls):
        return
    kind = type(value).__name__
    hint = "; raw feedback is not for showing: call disclose(feedback, policy) first" if kind == "Feedback" else ""
    msg = f"{writer}: expected {cls.__name__}, got {kind}{hint}"
    raise TypeError(msg)
