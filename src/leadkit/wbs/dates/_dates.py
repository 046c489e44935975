"""The dates of all activities of a plan, on whichever way they were found."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from leadkit._fields import int_array
from leadkit.typing import IntArray
from leadkit.wbs.dates._backward import backward, free_floats
from leadkit.wbs.dates._forward import Fixed, forward
from leadkit.wbs.dates._frame import Frame

__all__ = ["Dates", "dates_on_calendars"]


@frozen(eq=False)
class Dates:
    """Dates [us since 1970-01-01 UTC] and floats [min] by activity; `end` is the early end of the whole."""

    early_start: IntArray = field(converter=int_array)
    early_finish: IntArray = field(converter=int_array)
    late_start: IntArray = field(converter=int_array)
    late_finish: IntArray = field(converter=int_array)
    total_float: IntArray = field(converter=int_array)
    free_float: IntArray = field(converter=int_array)
    driven_by: list[tuple[str, ...]]
    is_critical: list[bool]
    end: int


def dates_on_calendars(
    frame: Frame, *, earliest: Mapping[int, int] | None = None, fixed: Mapping[int, Fixed] | None = None
) -> Dates:
    """Find the dates instant by instant: the way that knows every calendar, lag, limit and fact."""
    early = forward(frame, earliest=earliest, fixed=fixed)
    end = max(early.finish, default=frame.start)
    late = backward(frame, early, end)
    return Dates(
        early_start=early.start,
        early_finish=early.finish,
        late_start=late.start,
        late_finish=late.finish,
        total_float=late.total_float,
        free_float=free_floats(frame, early, end),
        driven_by=early.driven_by,
        is_critical=[own <= 0 and not early.is_done(j) for j, own in enumerate(late.total_float)],
        end=end,
    )
