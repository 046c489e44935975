"""Open time along the line of time: how much lies before an instant, and at which instant how much has passed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import sealed
from leadkit.calendars._instants import year_start
from leadkit.calendars._pattern import Year
from leadkit.calendars._spans import Spans, united
from leadkit.typing import IntArray

Side: TypeAlias = Literal["finish", "start"]
"""Where an amount of work is used up: the earliest such instant, or the latest."""

NOWHERE = np.iinfo(np.int64).min
"""Where a line does not reach; numpy reads it as NaT."""


@frozen(eq=False)
class Line:
    """The open time of the years `first` to `last`.

    `opens[i]` is where span i begins and `worked[i]` how much open time lies before it; `worked` has one entry more.
    Span 0 is the instant at which the line begins and has no length, so every instant on the line has a span at or
    before it. Instants and amounts may be numbers or arrays.
    """

    first: int
    last: int
    opens: IntArray
    worked: IntArray
    days: IntArray
    start: int = field(init=False)
    end: int = field(init=False)
    _opens_of_one: memoryview = field(init=False, repr=False)
    _worked_of_one: memoryview = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "start", year_start(self.first))
        object.__setattr__(self, "end", year_start(self.last + 1))
        object.__setattr__(self, "_opens_of_one", self.opens.data)
        object.__setattr__(self, "_worked_of_one", self.worked.data)

    @classmethod
    def of(cls, first: int, last: int, years: Sequence[Year]) -> Line:
        """Join what was worked out for the years `first` to `last`."""
        starts, ends = united(*(np.concatenate([year.open[side] for year in years]) for side in (0, 1)))
        return cls(
            first,
            last,
            sealed(np.append(year_start(first), starts)),
            sealed(np.concatenate([np.zeros(2, dtype=np.int64), np.cumsum(ends - starts)])),
            sealed(np.concatenate([year.days for year in years]).astype(np.int32)),
        )

    @property
    def total(self) -> int:
        """All open time of the line."""
        return int(self.worked[-1])

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self.opens.nbytes + self.worked.nbytes + self.days.nbytes

    @property
    def spans(self) -> Spans:
        """The open spans."""
        return self.opens[1:], self.opens[1:] + np.diff(self.worked[1:])

    def worked_until(self, instants: Any) -> Any:
        """Measure the open time from the start of the line to instants on it."""
        span = self.opens.searchsorted(instants, "right") - 1
        return np.minimum(self.worked[span] + (instants - self.opens[span]), self.worked[span + 1])

    def worked_until_one(self, instant: int) -> int:
        """Measure the open time from the start of the line to one instant on it, in plain numbers, which is faster."""
        span = bisect_right(self._opens_of_one, instant) - 1
        return int(min(self._worked_of_one[span] + instant - self._opens_of_one[span], self._worked_of_one[span + 1]))

    def instant_at(self, worked: Any, side: Side) -> Any:
        """Find the earliest ("finish") or latest ("start") instant before which so much open time lies, or NOWHERE."""
        if side == "finish":
            span = np.minimum(self.worked[1:].searchsorted(worked, "left"), self.opens.size - 1)
            inside = (worked > 0) & (worked <= self.worked[-1])
        else:
            span = self.worked[:-1].searchsorted(worked, "right") - 1
            inside = (worked >= 0) & (worked < self.worked[-1])
        return np.where(inside, self.opens[span] + (worked - self.worked[span]), NOWHERE)

    def is_open(self, instant: int) -> bool:
        """Tell whether an instant on the line lies in an open span."""
        span = self.opens.searchsorted(instant, "right") - 1
        return bool(instant - self.opens[span] < self.worked[span + 1] - self.worked[span])

    def next_opening(self, instant: int) -> int | None:
        """Find the first opening after an instant on the line."""
        span = int(self.opens.searchsorted(instant, "right"))
        return int(self.opens[span]) if span < self.opens.size else None

    def next_closing(self, instant: int) -> int | None:
        """Find the first closing after an instant on the line; where the line itself ends, nothing closes."""
        span = int(self.opens.searchsorted(instant, "right")) - 1
        for place in (span, span + 1):
            if place < self.opens.size:
                closing = int(self.opens[place] + self.worked[place + 1] - self.worked[place])
                if instant < closing < self.end:
                    return closing
        return None

    def working_day(self, day: int, n: int) -> int | None:
        """Find the n-th working day after a day of the line, before it for n < 0; n is not 0."""
        place = int(self.days.searchsorted(day, "right")) + n - 1 if n > 0 else int(self.days.searchsorted(day)) + n
        return int(self.days[place]) if 0 <= place < self.days.size else None
