"""What a service standard can be about, and how each measure is judged."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from attrs import frozen

from leadkit._fields import FrozenMapping
from leadkit.escalation.clocks.kinds import CLOCK_KINDS

__all__ = ["MEASURES", "Judged", "Measure"]

Judged: TypeAlias = Literal["case", "share", "value"]
"""Whether each case is judged, a share of cases is, or a single number."""


@frozen
class Measure:
    """How a measure is judged.

    Parameters
    ----------
    judged : {"case", "share", "value"}
        Case by case against the threshold; as a share of cases that is held against it; or as one number.
    more_is_better : bool
        Whether the value has to reach the threshold, or must not exceed it.
    is_time : bool
        Whether the threshold is a time.
    """

    judged: Judged
    more_is_better: bool = False
    is_time: bool = False


_GOOD_SHARES = (
    "first_line_share",
    "first_line_resolution",
    "single_group_resolution",
    "single_person_share",
    "first_contact_resolution",
    "csat_top2",
)
_BAD_SHARES = (
    "reopened_share",
    "ping_pong_share",
    "bounce_share",
    "level_up_share",
    "level_down_share",
    "waiting_share",
)
_TIMES = ("time_to_resolve_median", "time_to_resolve_p90", "time_to_resolve_mean_resolved")
_GOOD_NUMBERS = ("calls_addressed", "csat_mean")
_BAD_NUMBERS = (
    "reopenings",
    "group_changes",
    "group_changes_per_ticket",
    "ping_pong",
    "bounce",
    "level_ups",
    "level_downs",
    "backlog",
)

MEASURES: Final[FrozenMapping[str, Measure]] = FrozenMapping(
    {name: Measure("case", is_time=True) for name in CLOCK_KINDS}
    | {name: Measure("share", more_is_better=True) for name in _GOOD_SHARES}
    | {name: Measure("share") for name in _BAD_SHARES}
    | {name: Measure("value", is_time=True) for name in _TIMES}
    | {name: Measure("value", more_is_better=True) for name in _GOOD_NUMBERS}
    | {name: Measure("value") for name in _BAD_NUMBERS}
)
"""Every measure that a standard can name: the kinds of clocks, and the metrics of a log."""
