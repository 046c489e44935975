"""What may leave the room: results about people become text only once `disclosed` has hidden what rests on too few."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leadkit._results import Result
from leadkit.errors import DisclosureError
from leadkit.typing import BoolArray

__all__ = ["DISCLOSED", "GuardedResult", "checked_minimum", "expect_showable", "shown_groups"]

DISCLOSED = "disclosed"
LEAST_MINIMUM = 3


class GuardedResult(Result):
    """A result about people's scores, which has a `disclosed` method and refuses to become text before it.

    A subclass has a field `flags` and a method `disclosed(*, min_n=5)` that returns the same class with the flag
    `disclosed`.
    """

    __slots__ = ()
    flags: tuple[str, ...]

    @property
    def is_disclosed(self) -> bool:
        """Whether this is what `disclosed` returned."""
        return DISCLOSED in self.flags

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python that `json.dumps(..., allow_nan=False)` takes; NaN becomes None.

        Raises
        ------
        DisclosureError
            The result has not been through `disclosed`.
        """
        if not self.is_disclosed:
            msg = f"{type(self).__name__}: not for showing yet: call .disclosed(min_n=...) first"
            raise DisclosureError(msg)
        return super().to_dict()

    def _repr_html_(self) -> str:
        if self.is_disclosed:
            return super()._repr_html_()
        return f"<p>{escape(type(self).__name__)}: call <code>.disclosed()</code> to show it</p>"


def checked_minimum(min_n: int) -> int:
    """Return the least number of people a shown number may rest on; below 3 is refused.

    Raises
    ------
    DisclosureError
        `min_n` is no whole number of at least 3.

    Examples
    --------
    >>> checked_minimum(2)
    Traceback (most recent call last):
    ...
    leadkit.errors.DisclosureError: min_n: expected a whole number of at least 3, got 2
    """
    if isinstance(min_n, bool) or not isinstance(min_n, int | np.integer) or min_n < LEAST_MINIMUM:
        msg = f"min_n: expected a whole number of at least {LEAST_MINIMUM}, got {min_n!r}"
        raise DisclosureError(msg)
    return int(min_n)


def shown_groups(n: ArrayLike, min_n: int) -> BoolArray:
    """Tell which groups of one breakdown may be shown beside their total.

    A group under `min_n` people is hidden. Where the hidden ones together hold fewer than `min_n` people, the total
    less the shown groups would give them away, so the smallest shown group is hidden too, until they hold enough.

    Parameters
    ----------
    n : (g,) array_like of int
        People in each group, at least 0.
    min_n : int
        Least number of people a shown number may rest on, at least 3.

    Returns
    -------
    (g,) bool array
        Whether the group may be shown; a group of nobody is not.

    Examples
    --------
    >>> shown_groups([2, 5, 9, 0], 5).tolist()
    [False, False, True, False]
    """
    people = np.asarray(n, dtype=np.int64)
    minimum = checked_minimum(min_n)
    shown: BoolArray = people >= minimum
    hidden = int(people[~shown].sum())
    for group in np.argsort(people, kind="stable"):
        if not 0 < hidden < minimum:
            break
        if shown[group]:
            shown[group] = False
            hidden += int(people[group])
    return shown


def expect_showable(value: object, classes: type | Sequence[type], where: str) -> None:
    """Refuse what is not one of `classes`, or is one that has not been through `disclosed`.

    Parameters
    ----------
    value : object
        What was given.
    classes : type or sequence of type
        What can be shown here.
    where : str
        The argument or the function, with which the message begins.

    Raises
    ------
    TypeError
        `value` is something else, or still holds numbers about too few people; the message names `disclosed`.
    """
    allowed = (classes,) if isinstance(classes, type) else tuple(classes)
    if not isinstance(value, allowed):
        names = " or ".join(cls.__name__ for cls in allowed)
        msg = f"{where}: expected {names}, got {type(value).__name__}"
        raise TypeError(msg)
    if isinstance(value, GuardedResult) and not value.is_disclosed:
        msg = f"{where}: {type(value).__name__} is not for showing yet: call .disclosed(min_n=...) first"
        raise TypeError(msg)
