"""Teams as comma-separated text, one row a person, with a column for each skill."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from leadkit.calendars import WorkCalendar
from leadkit.errors import FormatError, PlanError, did_you_mean
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import exported, text_table
from leadkit.interchange.csv._columns import Columns, column_key
from leadkit.interchange.csv._numbers import amount_of, number_text
from leadkit.interchange.csv._person_calendars import CALENDAR_COLUMNS, CalendarCells, calendar_texts
from leadkit.interchange.csv._sheet import names_of
from leadkit.interchange.csv._table import TableRules, read_table
from leadkit.interchange.csv._team_columns import OWN_COLUMNS, SKILL, skill_column, team_key
from leadkit.interchange.csv._times import zone_of
from leadkit.skills import SkillMatrix
from leadkit.wbs import Person, Team

__all__ = ["read_team", "write_team"]

SUBJECT = "team"
MAX_ROWS = 100_000
MAX_CHARS = 256 * 1024 * 1024
MAX_FIELD = 131_072
"""Most characters of a cell, which is what the csv module takes."""
ALWAYS = ("id", "name", "team", "units", "rate", "hours", "away")
PER_CENT = 100


def read_team(
    source: TextSource,
    *,
    zone: str | None = None,
    calendar: WorkCalendar | None = None,
    scale: tuple[float, float] | None = None,
    ignore: str | Iterable[str] = (),
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
    max_field: int = MAX_FIELD,
) -> Team:
    r"""Read a team from comma-separated text, one row a person.

    Commas, semicolons and tabs are told apart by the header, and a byte order mark is left out. Columns come in any
    order; case, hyphens and blanks in the names of those below make no difference. Only `id` must be there.

    =================  ===========================================================================================
    column             what it says
    =================  ===========================================================================================
    `id`               who it is; unique
    `name`, `team`     what the person and the team are called
    `units`            share of the working time that the plan has: 0.5 or 50%; 1 when empty
    `rate`             cost of a working hour
    `hours`            the week: mon-thu 08:00-12:00 13:00-17:00; fri 08:00-12:00; "never" for none; the plan's when
                       empty
    `away`             2026-09-28..2026-10-02; 2026-10-12; 2026-10-15 12:00..2026-10-15 17:00
    `holidays`         dates on which nobody of this kind begins work: 2026-12-25..2026-12-26
    `special_days`     dates with other hours: 2026-12-24 09:00-12:00; 2026-12-31 closed
    `zone`             whose clocks the person goes by, where that is not `zone=`
    `calendar`         what the person's calendar is called
    any other          a skill: levels of at least 0, empty where not assessed; `skill:rate` is a skill of such a name
    =================  ===========================================================================================

    One apostrophe is taken off a text like ``'=1+1``.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text with `newline=""`.
    zone : str, optional
        Time zone of hours and absences; that of `calendar` when None.
    calendar : WorkCalendar, optional
        What people differ from who have absences, holidays, special days or a zone and no hours: the plan's calendar.
    scale : (float, float), optional
        Lowest and highest level there is.
    ignore : str or iterable of str
        Columns to leave out.
    max_rows, max_chars, max_field : int
        Most rows below the header, characters of the text, and characters of a cell.

    Returns
    -------
    Team
        In the order of the file; `skills` is None where no column is one.

    Raises
    ------
    FormatError
        The text is no such table, larger than a limit, a cell cannot be read or an id is there twice; `faults` holds all
        of it, each with `row` and `column`.
    SkillError
        `scale` is none.
    ValueError
        `zone` is unknown.
    TypeError
        An argument is of another kind.

    Examples
    --------
    >>> text = '''id,name,rate,hours,away,sql,writing
    ... ann,Ann,55,,,3,2
    ... ben,Ben,,mon-thu 08:00-12:00 13:00-17:00,2026-09-28..2026-10-02,,4
    ... '''
    >>> team = read_team(text, zone="Europe/Berlin")
    >>> team.skills
    SkillMatrix(2 people x 2 skills, 1 level not assessed)
    >>> from datetime import UTC, datetime
    >>> team.person("ben").calendar.is_open(datetime(2026, 9, 24, 9, tzinfo=UTC))
    True
    >>> read_team(text.replace("55", "fifty").replace("mon-thu", "mon-tho"), zone="Europe/Berlin")
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: team: 2 faults
      row 2, column 'rate': expected a number, got 'fifty'
      row 3, column 'hours': unknown weekday 'tho' (did you mean 'thu'?)
    """
    if calendar is not None and not isinstance(calendar, WorkCalendar):
        msg = f"calendar: expected a WorkCalendar, got {type(calendar).__name__}"
        raise TypeError(msg)
    given = calendar.zone if zone is None and calendar is not None else zone
    try:
        in_zone = None if given is None else zone_of(given)
    except ValueError as error:
        msg = f"zone: {error}"
        raise ValueError(msg) from None
    ends = SkillMatrix((), (), np.empty((0, 0)), scale=scale).scale  # refuses what is no scale
    rules = TableRules(key=column_key, needed=("id",), may_be_empty=True, max_field=max_field)
    table = read_table(source, known=OWN_COLUMNS, max_rows=max_rows, max_chars=max_chars, rules=rules)
    cells = Columns(table, key=team_key, known=OWN_COLUMNS, needed=("id",), ignore=names_of(ignore))
    if "id" not in cells:
        cells.raise_faults(FormatError, SUBJECT)
    calendars = CalendarCells(cells, zone=in_zone, usual=calendar)
    skills = [key for key in cells.names if key.startswith(SKILL)]
    first: dict[str, int] = {}
    people, levels = [], []
    for i, line in enumerate(cells.lines):
        own = cells.text(i, "id")
        if first.setdefault(own, line) != line and own:
            cells.fault(i, "id", f"{own!r} is in row {first[own]} already")
        people.append(_person(cells, i, own, calendars))
        levels.append([_level(cells, i, key, ends) for key in skills])
    cells.raise_faults(FormatError, SUBJECT)
    known = [person for person in people if person is not None]
    if not skills:
        return Team(people=known)
    table_of_levels = np.array(levels, dtype=float).reshape(len(known), len(skills))
    names = [key.removeprefix(SKILL) for key in skills]
    return Team(people=known, skills=SkillMatrix([one.id for one in known], names, table_of_levels, scale=ends))


def write_team(team: Team) -> str:
    """Write a team as comma-separated text; `read_team` gives the same again.

    The columns are those of `read_team`: `id`, `name`, `team`, `units`, `rate`, `hours` and `away` always, the others
    where they say something, then the skills. Every calendar is written with its zone. What is known about skills beside
    their ids is not in it, nor is the scale, which is given to `read_team` again.

    Parameters
    ----------
    team : Team
        The team; no text in it holds a NUL, which no table can.

    Returns
    -------
    str
        Write it to a file with `newline=""`, in UTF-8 with a byte order mark when a spreadsheet is to open it.

    Raises
    ------
    PlanError
        A calendar has what these columns cannot say: a window of 24 hours that does not begin at midnight, or another
        horizon than usual.
    TypeError
        It is no team.

    Examples
    --------
    >>> from leadkit.calendars import WorkCalendar
    >>> mornings = WorkCalendar.weekly({"mon-fri": "09:00-12:00"}, zone="Europe/Berlin")
    >>> people = [Person(id="ann", rate=55), Person(id="ben", units=0.5, calendar=mornings)]
    >>> team = Team(people=people, skills=SkillMatrix(["ann", "ben"], ["sql", "Rate"], [[3, 1], [float("nan"), 2]]))
    >>> print(write_team(team), end="")
    id,name,team,units,rate,zone,hours,away,sql,skill:Rate
    ann,,,1,55,,,,3,1
    ben,,,0.5,,Europe/Berlin,mon-fri 09:00-12:00,,,2
    >>> read_team(write_team(team)) == team
    True
    """
    if not isinstance(team, Team):
        msg = f"team: expected a Team, got {type(team).__name__}"
        raise TypeError(msg)
    people = team.people
    columns = {
        "id": [one.id for one in people],
        "name": [one.name for one in people],
        "team": [one.team for one in people],
        "units": [number_text(one.units) for one in people],
        "rate": ["" if one.rate is None else number_text(one.rate) for one in people],
    }
    calendars = [calendar_texts(one) for one in people]
    columns |= {name: [texts[name] for texts in calendars] for name in CALENDAR_COLUMNS}
    said = {name: columns[name] for name in OWN_COLUMNS if name in ALWAYS or any(columns[name])}
    if team.skills is not None:
        row = {own: i for i, own in enumerate(team.skills.people)}
        ordered = team.skills.levels[[row[one.id] for one in people]]
        for j, skill in enumerate(team.skills.skills):
            said[skill_column(skill)] = ["" if math.isnan(level) else number_text(level) for level in ordered[:, j]]
    return text_table(list(map(exported, said)), [list(map(exported, texts)) for texts in said.values()])


def _person(cells: Columns, i: int, own: str, calendars: CalendarCells) -> Person | None:
    """Read one person; None where something is wrong."""
    units = cells.value(i, "units", _share)
    rate = cells.value(i, "rate", amount_of)
    calendar = calendars.of(i)
    if not own:
        cells.fault(i, "id", "expected an id, got nothing")
        return None
    try:
        return Person(
            id=own,
            name=cells.text(i, "name"),
            team=cells.text(i, "team"),
            calendar=calendar,
            units=1.0 if units is None else units,
            rate=rate,
        )
    except PlanError as error:
        for fault in error.faults:
            cells.fault(i, fault.where, fault.what)
        return None


def _share(text: str) -> float:
    """Read a share, which may be a percentage."""
    bare = text.removesuffix("%").rstrip()
    return amount_of(bare) / PER_CENT if text.endswith("%") else amount_of(text)


def _level(cells: Columns, i: int, key: str, scale: tuple[float, float] | None) -> float:
    """Read a level; NaN where somebody is not assessed."""

    def read(text: str) -> float:
        try:
            level = amount_of(text)
        except ValueError as error:
            skill = key.removeprefix(SKILL)
            msg = f"{error}, as a level of the skill {skill!r}{did_you_mean(skill, OWN_COLUMNS)}"
            raise ValueError(msg) from None
        if scale is not None and not scale[0] <= level <= scale[1]:
            msg = f"{text} is outside {scale[0]:g}..{scale[1]:g}"
            raise ValueError(msg)
        return level

    level = cells.value(i, key, read)
    return math.nan if level is None else level
