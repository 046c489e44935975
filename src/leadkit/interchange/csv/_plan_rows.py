"""Rows of a plan's table read cell by cell: the records of its structure, its links, its roles and what holds for all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import frozen

from leadkit._checks import id_faults
from leadkit.errors import Fault
from leadkit.interchange.csv._columns import Columns, hint
from leadkit.interchange.csv._durations import estimate_of
from leadkit.interchange.csv._needs import needs_of
from leadkit.interchange.csv._numbers import amount_of, whole_of
from leadkit.interchange.csv._people_cells import split
from leadkit.interchange.csv._plan_columns import (
    GROUP,
    KINDS,
    MEASURE,
    MEASURES,
    PLAN_FACTS,
    ROLE_COLUMNS,
    WORK_COLUMNS,
)
from leadkit.interchange.csv._times import deadline_of, instant_of, zone_of
from leadkit.wbs import Link, Raci
from leadkit.wbs.plan.zones import zone_name

__all__ = ["MADE_ROOT", "PlanFacts", "PlanRows", "rows_of"]

MADE_ROOT: Final = "root"
ENDS_IN_A_NUMBER: Final = re.compile(r"(?:.*\.)?[1-9][0-9]*", re.DOTALL)
USUAL_DAY: Final = 480
ROOT_ROW: Final = "the row of kind group without a parent and without a number in its code"
NO_START: Final = f"the plan has no start: give start=, or write it into the column 'start' of {ROOT_ROW}"
BASES: Final[Mapping[str, str]] = {"duration": "duration", "effort": "effort"}


@frozen(kw_only=True)
class PlanFacts:
    """What holds for the whole plan, as far as it is said."""

    zone: ZoneInfo | None
    start: datetime | None
    deadline: datetime | None
    day_minutes: int
    currency: str
    delay_cost: float | None


@frozen(kw_only=True)
class PlanRows:
    """What the rows say: record i of the structure stands on row `rows[i]` of the table, None where it was made."""

    facts: PlanFacts
    records: list[dict[str, Any]]
    rows: list[int | None]
    links: list[Link]
    row_of_link: dict[tuple[str, str], int]
    raci: list[Raci]


def rows_of(
    cells: Columns,
    *,
    zone: ZoneInfo | None,
    start: datetime | None,
    day_minutes: int | None,
    calendars: Mapping[str, Any] | None,
) -> PlanRows:
    """Read all rows; what is wrong is noted in `cells.faults`.

    `zone`, `start` and `day_minutes` go before what the file says, where they are not None.
    """
    ids = _ids(cells)
    root = _root(cells)
    facts = _facts(cells, root, zone=zone, start=start, day_minutes=day_minutes)
    links: list[Link] = []
    row_of_link: dict[tuple[str, str], int] = {}
    raci: list[Raci] = []
    records: list[dict[str, Any]] = []
    rows: list[int | None] = []
    root_id = ids[root] if root is not None else _free_id(ids)
    if root is None:
        records.append({"id": root_id, "kind": GROUP})
        rows.append(None)
    for i, own in enumerate(ids):
        record = _record(cells, i, facts, is_root=i == root)
        record["id"] = own
        if i != root and "parent" not in record and not ENDS_IN_A_NUMBER.fullmatch(record.get("code", "")):
            record["parent"] = root_id
        records.append(record)
        rows.append(i)
        if own:
            for link in _links(cells, i, own, facts.day_minutes):
                links.append(link)
                row_of_link[link.predecessor, link.successor] = i
            raci += _roles(cells, i, own)
    _check_references(cells, {root_id, *ids}, links, row_of_link, calendars)
    return PlanRows(facts=facts, records=records, rows=rows, links=links, row_of_link=row_of_link, raci=raci)


def _ids(cells: Columns) -> list[str]:
    """Read the ids; one that is missing or wrong is empty."""
    first: dict[str, int] = {}
    ids = []
    for i, line in enumerate(cells.lines):
        own = cells.text(i, "id")
        wrong = id_faults(own, "id") if own else []
        if not own:
            cells.fault(i, "id", "expected an id, got nothing")
        for fault in wrong:
            cells.fault(i, "id", fault.what)
        if own in first:
            cells.fault(i, "id", f"{own!r} is in row {first[own]} already")
        elif own:
            first[own] = line
        ids.append("" if wrong else own)
    return ids


def _root(cells: Columns) -> int | None:
    """Find the row of the whole plan: a group, or a row with facts of the plan, without parent or number in its code.

    Where no row says that it is one, the only row without a place is, if nothing makes it a work package.
    """
    tops = [
        i
        for i in range(len(cells.lines))
        if not cells.text(i, "parent") and not ENDS_IN_A_NUMBER.fullmatch(cells.text(i, "code"))
    ]
    claims = [i for i in tops if _says_it_is_root(cells, i)]
    if len(claims) == 1:
        return claims[0]
    if claims or len(tops) != 1 or len(cells.lines) == 1:
        return None
    is_work = bool(cells.text(tops[0], "kind")) or any(cells.text(tops[0], name) for name in WORK_COLUMNS)
    return None if is_work else tops[0]


def _says_it_is_root(cells: Columns, i: int) -> bool:
    kind = cells.text(i, "kind").casefold()
    return kind == GROUP or (not kind and any(cells.text(i, fact) for fact in PLAN_FACTS))


def _facts(
    cells: Columns, root: int | None, *, zone: ZoneInfo | None, start: datetime | None, day_minutes: int | None
) -> PlanFacts:
    """Read what the root's row says of the whole plan, after what is given."""
    for i in range(len(cells.lines)):
        if i != root:
            for name in PLAN_FACTS:
                if cells.text(i, name):
                    cells.fault(i, name, _astray(name))
    if start is None and (root is None or not cells.text(root, "start")):
        cells.faults.append(Fault("", NO_START, row=None if root is None else cells.lines[root]))
    known = zone or _zone_of_start(start)
    if root is None:
        usual = USUAL_DAY if day_minutes is None else day_minutes
        return PlanFacts(zone=known, start=start, deadline=None, day_minutes=usual, currency="", delay_cost=None)
    said = cells.value(root, "zone", zone_of)
    known = zone or said or known
    written = cells.value(root, "start", lambda text: instant_of(text, known))
    begins = written if start is None else start
    in_zone = known or _zone_of_start(begins)
    of_day = cells.value(root, "day_minutes", whole_of)
    return PlanFacts(
        zone=in_zone,
        start=begins,
        deadline=cells.value(root, "deadline", lambda text: deadline_of(text, in_zone)),
        day_minutes=(of_day or USUAL_DAY) if day_minutes is None else day_minutes,
        currency=cells.text(root, "currency"),
        delay_cost=cells.value(root, "delay_cost", amount_of),
    )


def _zone_of_start(start: object) -> ZoneInfo | None:
    """Find the zone that a plan takes from its start when nothing else tells one."""
    if not isinstance(start, datetime) or start.utcoffset() is None:
        return None
    name = zone_name(start)
    try:
        return None if name is None else zone_of(name)
    except ValueError:  # no zone is so far from UTC
        return None


def _astray(name: str) -> str:
    more = "; a work package may have a not_before" if name == "start" else ""
    return f"is said of the whole plan, in {ROOT_ROW}{more}"


def _record(cells: Columns, i: int, facts: PlanFacts, *, is_root: bool) -> dict[str, Any]:
    """Read one row of the structure; what is not said is left out."""
    record: dict[str, Any] = {name: text for name in ("parent", "code", "name") if (text := cells.text(i, name))}
    measures = {}
    for key in cells.names:
        if key in MEASURES or key.startswith(MEASURE):
            value = cells.value(i, key, amount_of)
            if value is not None:
                measures[key.removeprefix(MEASURE)] = value
    said = {
        "position": cells.value(i, "position", whole_of),
        "kind": GROUP if is_root else cells.word(i, "kind", KINDS),
        "estimate": cells.value(i, "duration", lambda text: estimate_of(text, facts.day_minutes)),
        "basis": cells.word(i, "basis", BASES),
        "needs": cells.value(i, "needs", needs_of),
        "measures": measures or None,
        "calendar": cells.text(i, "calendar") or None,
        "not_before": cells.value(i, "not_before", lambda text: instant_of(text, facts.zone)),
    }
    if not is_root:
        said["deadline"] = cells.value(i, "deadline", lambda text: deadline_of(text, facts.zone))
    return record | {name: value for name, value in said.items() if value is not None}


def _links(cells: Columns, i: int, own: str, day_minutes: int) -> tuple[Link, ...]:
    return cells.value(i, "predecessors", lambda text: Link.parse(text, own, day_minutes=day_minutes)) or ()


def _roles(cells: Columns, i: int, own: str) -> list[Raci]:
    """Read who does what, people with semicolons between them."""
    found: list[Raci] = []
    for name, role in ROLE_COLUMNS.items():

        def read(text: str, role: Any = role) -> list[Raci]:
            return [Raci(node=own, person=person.strip(), role=role) for person in split(text)]

        found += cells.value(i, name, read) or ()
    return found


def _check_references(
    cells: Columns,
    ids: set[str],
    links: list[Link],
    row_of_link: Mapping[tuple[str, str], int],
    calendars: Mapping[str, Any] | None,
) -> None:
    """Note parents, predecessors and calendars that are not there."""
    unknown = [
        (i, "parent", "parent", parent)
        for i in range(len(cells.lines))
        if (parent := cells.text(i, "parent")) and parent not in ids
    ]
    unknown += [
        (row_of_link[link.predecessor, link.successor], "predecessors", "predecessor", link.predecessor)
        for link in links
        if link.predecessor not in ids
    ]
    for n, (i, column, word, own) in enumerate(unknown):
        cells.fault(i, column, f"unknown {word} {own!r}{hint(own, ids, n)}")
    known = calendars if isinstance(calendars, Mapping) else {}
    for i in range(len(cells.lines)):
        name = cells.text(i, "calendar")
        if name and name not in known:
            more = hint(name, [str(own) for own in known], 0) or "; calendars= gives them"
            cells.fault(i, "calendar", f"unknown calendar {name!r}{more}")


def _free_id(ids: list[str]) -> str:
    """Give an id for a root that no row is."""
    taken, own = set(ids), MADE_ROOT
    while own in taken:
        own += "_"
    return own
