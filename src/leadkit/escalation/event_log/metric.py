"""What a metric is: a number with its definition, what it counts and leaves out, and how sure it is."""

from __future__ import annotations

from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result

__all__ = ["Metric"]


@frozen(kw_only=True, eq=False)
class Metric(Result):
    """A number about a log, with all that is needed to read it.

    Parameters
    ----------
    id : str
        One of `ALL`, or of the indicators of another part.
    group : tuple of str or None
        The values of the `by` columns; None where a ticket has none. Empty without `by`.
    value : float
        NaN where it cannot be told.
    unit : str
        `share`, `hours`, `count`, `count per ticket` or `points`.
    numerator : float or None
        What is counted or summed up.
    denominator : int or None
        Of how many; None for a plain count.
    excluded : int
        How many tickets of the group the definition leaves out.
    censored : int
        How many had not ended yet.
    interval : tuple of float or None
        95 % interval: Wilson's for a share, Student's t for a mean.
    definition : str
        What is counted, and of what.
    flags : tuple of str
        Why the value is NaN or doubtful.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.escalation import metrics
    >>> found = metrics(samples.tickets(40), ["first_line_resolution"])[0]
    >>> found.value, found.unit, found.numerator, found.denominator
    (0.775, 'share', 31, 40)
    >>> print(found.definition)
    tickets whose first event of status resolved or closed is at level 1, of tickets with such an event
    """

    id: str
    group: tuple[str | None, ...] = field(default=(), converter=as_tuple)
    value: float
    unit: str
    numerator: float | None = None
    denominator: int | None = None
    excluded: int = 0
    censored: int = 0
    interval: tuple[float, float] | None = None
    definition: str
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)
