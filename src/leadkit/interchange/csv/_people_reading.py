"""From the rows of a people file to the columns of an organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve

from leadkit.errors import Fault
from leadkit.interchange.csv._people_cells import (
    day_of,
    number_of,
    read_cells,
    restored,
    split,
    tier_of,
    truth_of,
    word_of,
)
from leadkit.interchange.csv._people_header import Header
from leadkit.interchange.csv._people_profiles import COLUMN_OF, Profile
from leadkit.interchange.csv._table import TextTable, cell_fault, row_fault, shortened

__all__ = ["columns_of", "date_faults", "without_labels"]

READERS: Mapping[str, Callable[[str], Any]] = {
    "tier": tier_of,
    "customer_facing": truth_of,
    "fte": number_of,
    "holders": number_of,
    "formal_leader": truth_of,
    "shareable": truth_of,
    "serves": split,
}


def without_labels(table: TextTable, header: Header, profile: Profile) -> tuple[TextTable, list[Fault]]:
    """Take off the second row of a header that has two; one that is missing, or looks like a person, is a fault."""
    if profile.header_rows == 1 or table.faults or not table.names:
        return table, []
    if not table.lines:
        return table, [row_fault(table.header_line, "expected a second row of the header below it, with labels")]
    people = evolve(table, columns=tuple(cells[1:] for cells in table.columns), lines=table.lines[1:])
    row = {fact: table.columns[place][0].strip().casefold() for fact, place in header.facts.items()}
    ids = map(str.casefold, people.columns[header.facts["id"]]) if "id" in header.facts else ()
    managers = {token.casefold() for token in profile.root_tokens}.union(ids)
    if row.get("status") in profile.status_words or row.get("manager_id") in managers:
        what = f"looks like a person; the profile {profile.name!r} has two rows of header, names and then labels"
        return people, [row_fault(table.lines[0], what)]
    return people, []


def date_faults(table: TextTable, header: Header, profile: Profile) -> list[Fault]:
    """List the cells that hold no day where one is asked for, or the header when there are none to look at."""
    names = [name for name in (profile.starts, profile.ends) if name in header.attributes]
    if not names:
        what = f"expected a column {profile.starts!r} or {profile.ends!r}, since as_of is given"
        return [row_fault(table.header_line, what)]
    return [
        cell_fault(line, name, f"expected a date like 2024-05-31, got {shortened(cell)}")
        for name in names
        for line, cell in zip(table.lines, table.columns[header.attributes[name]], strict=True)
        if cell.strip() and day_of(cell) is None
    ]


def columns_of(table: TextTable, header: Header, profile: Profile, as_of: date | None) -> dict[str, Any]:
    """Lay a table out in the columns of `Organisation.from_columns`.

    Parameters
    ----------
    table : TextTable
        The rows of people.
    header : Header
        Where everything stands.
    profile : Profile
        How cells are read; what cannot be read stays a text, for the model to judge.
    as_of : date, optional
        The day on which the rows are looked at.
    """
    places = (*header.facts.values(), *header.attributes.values())
    cells = {place: _clean(table.columns[place], profile) for place in places}
    columns: dict[str, Any] = {}
    for fact, place in header.facts.items():
        if fact == "dotted_manager_ids":
            columns["dotted"] = _dotted(cells[header.facts["id"]], cells[place])
        elif fact == "status":
            columns["status"] = read_cells(cells[place], word_of(profile.status_words))
        else:
            read = READERS.get(fact)
            columns[COLUMN_OF[fact]] = cells[place] if read is None else read_cells(cells[place], read)
    columns["attributes"] = {name: cells[place] for name, place in header.attributes.items()}
    by_dates = _status_by_dates(columns["attributes"], profile, as_of)
    if by_dates is not None:
        words = columns.get("status", [None] * len(by_dates))
        columns["status"] = [dated or word for dated, word in zip(by_dates, words, strict=True)]
    return columns


def _clean(cells: Sequence[str], profile: Profile) -> Sequence[str]:
    return [restored(cell) for cell in cells] if profile.is_ours else cells


def _dotted(ids: Sequence[str], cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Pair people with their dotted managers; a row without an id is dropped, so it has none."""
    pairs = [
        (own, manager) for own, cell in zip(ids, cells, strict=True) if cell and own.strip() for manager in split(cell)
    ]
    return [own for own, _ in pairs], [manager for _, manager in pairs]


def _status_by_dates(
    attributes: Mapping[str, Sequence[str]], profile: Profile, as_of: date | None
) -> list[str | None] | None:
    """Tell who has left and, with a day to look at, who has not begun; None where there are no dates."""
    if not profile.ends:
        return None
    starts, ends = attributes.get(profile.starts), attributes.get(profile.ends)
    there = starts or ends
    if there is None:
        return None

    def is_over(cell: str) -> bool:
        day = day_of(cell)
        return bool(cell.strip()) if as_of is None else day is not None and day < as_of

    def is_to_come(cell: str) -> bool:
        day = day_of(cell)
        return as_of is not None and day is not None and day > as_of

    nothing = [""] * len(there)
    left, to_come = read_cells(ends or nothing, is_over), read_cells(starts or nothing, is_to_come)
    return ["left" if gone else "vacant" if later else None for gone, later in zip(left, to_come, strict=True)]
