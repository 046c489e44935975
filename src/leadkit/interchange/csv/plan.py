"""Plans as comma-separated text, one row a group or work package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from leadkit.calendars import WorkCalendar
from leadkit.errors import FormatError
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import exported, text_table
from leadkit.interchange.csv._columns import Columns, column_key
from leadkit.interchange.csv._plan_building import SUBJECT, plan_of
from leadkit.interchange.csv._plan_columns import KNOWN, plan_key
from leadkit.interchange.csv._plan_rows import rows_of
from leadkit.interchange.csv._plan_writing import plan_columns
from leadkit.interchange.csv._sheet import names_of
from leadkit.interchange.csv._table import TableRules, read_table
from leadkit.interchange.csv._times import zone_of
from leadkit.wbs import Plan, Team, WorkPackage
from leadkit.wbs.plan.zones import office_hours

if TYPE_CHECKING:
    from leadkit.wbs import Assignment, Schedule, Tracking

__all__ = ["plan_losses", "read_plan", "write_plan"]

MAX_ROWS = 100_000
MAX_CHARS = 256 * 1024 * 1024
MAX_FIELD = 131_072
"""Most characters of a cell, which is what the csv module takes."""


def read_plan(
    source: TextSource,
    *,
    start: datetime | None = None,
    team: Team | None = None,
    calendar: WorkCalendar | None = None,
    calendars: Mapping[str, WorkCalendar] | None = None,
    zone: str | None = None,
    day_minutes: int | None = None,
    ignore: str | Iterable[str] = (),
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
    max_field: int = MAX_FIELD,
) -> Plan:
    r"""Read a plan from comma-separated text, one row a group or work package, in any order.

    Commas, semicolons and tabs are told apart by the header, and a byte order mark is left out. Columns come in any
    order; case, hyphens and blanks in their names make no difference. Only `id` must be there.

    =================  ===========================================================================================
    column             what it says
    =================  ===========================================================================================
    `id`               what the part is called in links; unique
    `parent`, `code`   where it belongs: the id of its group, or a code such as 1.2; neither: below the root
    `position`         place among its siblings, where that is not the order of codes and rows
    `name`             what people call it
    `kind`             group, work, planning or milestone; a row with rows below it is a group anyway
    `duration`         3d; 2d/3d/6d (PERT; pert(2) for another shape); tri 2d/3d/6d; uniform 2d/6d; lognormal 3d/1d
                       (mean, standard deviation); p10-p90 2d/6d; units m, h, d, w
    `basis`            duration (as when empty) or effort: person-time that the people share
    `predecessors`     what it waits for, as `Link.parse` reads it: A:SS+2d, B:FF-50%, C:FS+3ed
    `needs`            sql>=3 x2; python>=2 & web>=1; any x2 -- semicolons between needs, `&` (or `,` or `+`) between
                       the skills of one person, x2 for two of them; other skills in quotation marks
    `cost`, `weight`   measures; `measure:pages` is another, `measure:effort` one in person-minutes
    `not_before`       2026-10-30, 2026-10-30 17:00 or 2026-10-30T17:00:00+01:00; a date alone is its first instant
    `deadline`         the same, but a date alone is its last minute
    `calendar`         one of `calendars`
    `responsible`      ids of people, with semicolons between them; so do `accountable`, `consulted`, `informed`
    =================  ===========================================================================================

    One row is that of the whole plan: the one of kind group without a parent and without a number in its code, or the
    only row without a place of its own. Its deadline is that of the plan, and only there may stand `start`, `zone`,
    `day_minutes`, `currency` and `delay_cost`. Where there is no such row, a root is made.

    A code that a row has by its place anyway is not pinned. The columns that `write_plan` adds of a result are left
    alone. One apostrophe is taken off a text like ``'=1+1``.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text with `newline=""`.
    start : datetime.datetime, optional
        Start of the plan, aware; goes before the column `start`.
    team : Team, optional
        The people; `read_team` reads them from another file.
    calendar : WorkCalendar, optional
        The plan's calendar; office hours in the plan's zone when None.
    calendars : mapping of str to WorkCalendar, optional
        The calendars that rows name.
    zone : str, optional
        Time zone of dates without an offset. When None, that of `calendar`, else the column `zone`, else that of the
        start.
    day_minutes : int, optional
        Working minutes of a day [min], also those of "d" in the file. When None, the column `day_minutes`, else 480.
    ignore : str or iterable of str
        Columns to leave out.
    max_rows, max_chars, max_field : int
        Most rows below the header, characters of the text, and characters of a cell.

    Returns
    -------
    Plan
        Links are in the order of their successors.

    Raises
    ------
    FormatError
        The text is no such table, larger than a limit, a cell cannot be read, an id is there twice or names nothing, or
        the plan has no start; `faults` holds all of it, each with `row` and `column`.
    PlanError
        The rows contradict each other, as where a group has a duration; `faults` holds all of it, with `row`.
    CycleError
        Groups are parts of each other, or the links go round in a circle; the message names the rows.
    ValueError
        `zone` is unknown.

    Examples
    --------
    >>> text = '''id,parent,name,kind,duration,predecessors,needs,start,zone
    ... site,,Web site,group,,,,2026-01-05 08:00,Europe/Berlin
    ... design,site,Design,,2d/3d/6d,,web>=2,,
    ... build,site,Build,,5d,design:FS+1d,"web>=3 & sql>=1 x2",,
    ... '''
    >>> plan = read_plan(text)
    >>> plan
    Plan('site', 2 work packages, 1 link, 0 people, from 2026-01-05T08:00:00+01:00)
    >>> plan.package("build").needs, plan.calendar.zone
    ((Need(skills=(('sql', 1.0), ('web', 3.0)), heads=2),), 'Europe/Berlin')
    >>> read_plan(text.replace("5d", "5").replace("design:", "desing:"))
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: plan: 2 faults
      row 4, column 'duration': '5' has no unit: write 5d for days, or h, m or w
      row 4, column 'predecessors': unknown predecessor 'desing' (did you mean 'design'?)
    """
    given = calendar.zone if zone is None and isinstance(calendar, WorkCalendar) else zone
    in_zone = _zone(given)
    rules = TableRules(key=column_key, needed=("id",), max_field=max_field)
    table = read_table(source, known=KNOWN, max_rows=max_rows, max_chars=max_chars, rules=rules)
    cells = Columns(table, key=plan_key, known=KNOWN, needed=("id",), ignore=names_of(ignore))
    if "id" not in cells:
        cells.raise_faults(FormatError, SUBJECT)
    rows = rows_of(cells, zone=in_zone, start=start, day_minutes=day_minutes, calendars=calendars)
    cells.raise_faults(FormatError, SUBJECT)
    fields = {"team": team, "calendar": calendar, "calendars": calendars}
    return plan_of(rows, cells, **{name: value for name, value in fields.items() if value is not None})


def write_plan(plan: Plan, result: Schedule | Assignment | Tracking | None = None) -> str:
    """Write a plan as comma-separated text, in outline order.

    The columns are those of `read_plan`: `id`, `parent`, `code`, `name`, `kind`, `duration`, `predecessors`, `needs`,
    `cost`, `deadline`, `calendar`, `start` and `zone` always, the others where they say something. Dates are those that
    the clocks of the plan's calendar show. The team goes into a file of its own (`write_team`), and `plan_losses` lists
    what does not come back; everything else does, from `read_plan` with the same team and calendars.

    Parameters
    ----------
    plan : Plan
        The plan; no name in it holds a NUL, which no table can.
    result : Schedule, Assignment or Tracking, optional
        Adds columns, empty for groups, that `read_plan` leaves alone: of a schedule `early_start`, `early_finish`,
        `late_start`, `late_finish`, `total_float` and `free_float` [min], `critical`; of an assignment `people`,
        `assigned_start`, `assigned_finish`; of a tracking `percent`, `slip` [min], `state`, `forecast_start`,
        `forecast_finish`.

    Returns
    -------
    str
        Write it to a file with `newline=""`, in UTF-8 with a byte order mark when a spreadsheet is to open it.

    Raises
    ------
    PlanError
        The result is of another plan.
    TypeError
        It is no plan, or no such result.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.wbs import Estimate, Group, Link, Wbs, schedule
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(2)) for own in ("design", "build")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design:FS+4h", successor="build"),
    ... )
    >>> print(write_plan(plan), end="")
    id,parent,code,name,kind,duration,predecessors,needs,cost,deadline,calendar,start,zone
    site,,,,group,,,,,,,2026-01-05 08:00,UTC
    design,site,1,,work,2d,,,,,,,
    build,site,2,,work,2d,design:FS+4h,,,,,,
    >>> read_plan(write_plan(plan, schedule(plan))) == plan
    True
    """
    _expect_plan(plan)
    columns = {exported(name): list(map(exported, texts)) for name, texts in plan_columns(plan).items()}
    if result is not None:
        from leadkit.interchange.csv._plan_results import result_columns

        columns |= result_columns(plan, result)
    return text_table(list(columns), columns.values())


def plan_losses(plan: Plan) -> tuple[str, ...]:
    """List what the text of `write_plan` does not say of a plan.

    Parameters
    ----------
    plan : Plan
        The plan.

    Returns
    -------
    tuple of str
        One line each. The team and calendars are given to `read_plan` again; all else that is listed is lost. Links and
        roles come back in outline order, and a code that is pinned to the place it has anyway is not pinned; neither is
        listed.

    Raises
    ------
    TypeError
        It is no plan.

    Examples
    --------
    >>> from leadkit import samples
    >>> plan_losses(samples.plan())[:3]
    ('team: 6 people, for write_team', "control account 'account analyse'", "control account 'account build'")
    """
    _expect_plan(plan)
    return tuple(_losses(plan))


def _expect_plan(plan: object) -> None:
    if not isinstance(plan, Plan):
        msg = f"plan: expected a Plan, got {type(plan).__name__}"
        raise TypeError(msg)


def _losses(plan: Plan) -> Iterator[str]:
    if plan.calendar != office_hours(plan.calendar.zone):
        yield "calendar: the hours of the plan, for calendar="
    yield from (f"calendar {name!r}, for calendars=" for name in plan.calendars)
    if plan.team.people or plan.team.skills is not None:
        n = len(plan.team.people)
        yield f"team: {n} {'person' if n == 1 else 'people'}, for write_team"
    yield from (f"control account {own.id!r}" for own in plan.wbs.control_accounts)
    for word, parts in (
        ("handover", plan.handovers),
        ("gate", plan.gates),
        ("metric", plan.metrics),
        ("event", plan.events),
    ):
        yield from (f"{word} {own.id!r}" for own in parts)
    known = {node.id for node in plan.wbs.nodes}
    for link in plan.links:
        if link.predecessor not in known or link.successor not in known:
            yield f"link {link.predecessor!r} -> {link.successor!r}"
    for node in plan.wbs.nodes:
        what = "work package" if isinstance(node, WorkPackage) else "group"
        if node.dictionary is not None:
            yield f"{what} {node.id!r}: dictionary"
        if isinstance(node, WorkPackage) and node.documents:
            yield f"{what} {node.id!r}: documents"


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return zone_of(name)
    except ValueError as error:
        msg = f"zone: {error}"
        raise ValueError(msg) from None
