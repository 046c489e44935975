"""Where a project stands: every package against its baseline, the figures of the whole, and the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, TypeAlias

import attrs
from attrs import field, frozen

from leadkit._fields import as_float
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.errors import UnknownIdError
from leadkit.wbs.dates import Schedule
from leadkit.wbs.tracking._reports import Rule
from leadkit.wbs.tracking.earned_time import EarnedSchedule
from leadkit.wbs.tracking.earned_value import Evm

__all__ = ["Period", "PlannedValue", "ProgressRow", "ProgressState", "Tracking"]

ProgressState: TypeAlias = Literal["not_started", "running", "done", "late"]
"""Late is what should have begun and has not, or should be done and is not."""
Period: TypeAlias = Literal["day", "week", "month"]
"""How long a period of the earned schedule is."""


@frozen(kw_only=True)
class ProgressRow:
    """One work package against its baseline.

    Parameters
    ----------
    id, code, name : str
        Which it is.
    percent : float
        What is earned of its budget by the rule [%], 0..100.
    planned_percent : float
        What was planned to be earned by now [%], 0..100.
    budget, pv, ev, ac : float
        Its budget, planned value, earned value and actual cost [money]; `ac` is NaN where it is not known.
    slip : int
        Working time of the plan's calendar from its finish in the baseline to the one that is expected or did happen
        [min]; negative is early.
    state : {"not_started", "running", "done", "late"}
        How far it is; "late" is what should have begun and has not, or should be done and is not.
    start, finish : datetime.datetime
        When it did or is expected to begin and end.
    """

    id: str
    code: str
    name: str
    percent: float = field(converter=as_float)
    planned_percent: float = field(converter=as_float)
    budget: float = field(converter=as_float)
    pv: float = field(converter=as_float)
    ev: float = field(converter=as_float)
    ac: float = field(converter=as_float)
    slip: int
    state: ProgressState
    start: datetime
    finish: datetime


FIELDS = tuple(part.name for part in attrs.fields(ProgressRow))


@frozen(kw_only=True)
class PlannedValue:
    """What was planned to be earned by an instant.

    Parameters
    ----------
    at : datetime.datetime
        The start of the baseline, or the end of a period, in UTC.
    pv : float
        Planned value of everything by then [money].
    """

    at: datetime
    pv: float = field(converter=as_float)


@frozen(kw_only=True, eq=False)
class Tracking(Result):
    """Where a project stands.

    Parameters
    ----------
    evm : Evm
        Earned value of the whole.
    earned_schedule : EarnedSchedule
        Earned schedule of the whole, in periods from the start of the baseline.
    rows : tuple of ProgressRow
        Every work package in outline order.
    by_account : tuple of mapping
        One record for each control account in outline order, and one with None for what lies below no account: "account",
        "node", "owner", "budget" (as stated, None where it is not), then "bac", "pv", "ev", "ac", "sv", "cv", "spi", "cpi",
        "eac", "vac", None where one has no value.
    forecast : Schedule
        The plan rescheduled from `as_of`.
    forecast_finish : datetime.datetime
        When everything is expected to be done.
    next_handover : str, optional
        Id of the next hand-over in time that has not taken place; None where there is none.
    as_of : datetime.datetime
        The instant up to which it is true.
    rule : {"percent", "0/100", "50/50", "steps"}
        How value is earned.
    period : {"day", "week", "month"}
        How long a period of the earned schedule is.
    curve : tuple of PlannedValue
        The planned value over time: 0 at the start of the baseline, then that at the end of each period of the earned
        schedule.
    flags : tuple of str
        What is doubtful, words of `leadkit.wbs.WBS_FLAGS`, with an id after a colon where one is meant. What has no value
        is flagged in `evm` and `earned_schedule`, deadlines that are missed in `forecast`.
    """

    evm: Evm[float]
    earned_schedule: EarnedSchedule[float]
    rows: tuple[ProgressRow, ...]
    by_account: tuple[Mapping[str, Any], ...]
    forecast: Schedule
    forecast_finish: datetime
    next_handover: str | None
    as_of: datetime
    rule: Rule = "percent"
    period: Period = "week"
    curve: tuple[PlannedValue, ...] = ()
    flags: tuple[str, ...] = ()

    def row(self, id: str) -> ProgressRow:  # noqa: A002 - the field's name
        """Find a work package by its id; an unknown one raises `UnknownIdError`."""
        if id not in self._by_id:
            raise UnknownIdError.of(id, self._by_id, kind="work package")
        return self._by_id[id]

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a work package, with the fields of `ProgressRow`; instants as ISO text, NaN as None."""
        return [{name: plain(getattr(row, name)) for name in FIELDS} for row in self.rows]

    @cached_property
    def _by_id(self) -> dict[str, ProgressRow]:
        return {row.id: row for row in self.rows}

    def _repr_html_(self) -> str:
        rows = [tuple(record.values()) for record in self.to_records()[:MOST_ROWS_SHOWN]]
        rest = len(self.rows) - len(rows)
        caption = f"Tracking as of {self.as_of.isoformat()}, expected to end {self.forecast_finish.isoformat()}"
        return html_table(caption, FIELDS, rows) + (f"<p>... and {rest} more rows</p>" if rest else "")
