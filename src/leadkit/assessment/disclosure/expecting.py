"""What everything that shows results checks first: that it was given the kind of value that it shows."""

from __future__ import annotations

from leadkit.assessment.disclosure.result import DisclosedFeedback
from leadkit.assessment.multirater.model import Feedback

__all__ = ["expect", "expect_disclosed"]


def expect(value: object, cls: type, where: str, *, hint: str = "") -> None:
    """Refuse what is not a `cls`; raw feedback is told how to become something that may be shown.

    Parameters
    ----------
    value : object
        What was given.
    cls : type
        What is needed.
    where : str
        The argument or the function, with which the message begins.
    hint : str
        What to do instead, for the end of the message.

    Raises
    ------
    TypeError
        `value` is something else.

    Examples
    --------
    >>> expect([1, 2], str, "title")
    Traceback (most recent call last):
    ...
    TypeError: title: expected str, got list
    """
    if isinstance(value, cls):
        return
    if isinstance(value, Feedback):
        hint = "raw feedback is not for showing: call disclose(feedback, policy) first"
    msg = f"{where}: expected {cls.__name__}, got {type(value).__name__}{'; ' if hint else ''}{hint}"
    raise TypeError(msg)


def expect_disclosed(value: object, where: str) -> None:
    """Refuse what is not disclosed feedback.

    Raises
    ------
    TypeError
        `value` is something else; for raw feedback the message names `disclose`.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import feedback
    >>> expect_disclosed(feedback(samples.ratings("ved", n_leaders=1, rng=1)), "report")
    Traceback (most recent call last):
    ...
    TypeError: report: expected DisclosedFeedback, got Feedback; raw feedback is not for showing: call
    disclose(feedback, policy) first
    """
    expect(value, DisclosedFeedback, where)
