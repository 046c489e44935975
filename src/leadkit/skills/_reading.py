"""Statements of who can do what, row by row, made a table."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from leadkit._fields import sealed, string_faults
from leadkit.errors import Fault, did_you_mean
from leadkit.skills._amounts import amount_faults
from leadkit.skills.requirements import Skill
from leadkit.typing import FloatArray

__all__ = ["Statement", "statements_of_columns", "statements_of_records", "tabulated"]


class Statement(NamedTuple):
    """One row: where it stands, and what it says."""

    row: int
    person: Any
    skill: Any
    level: Any


def statements_of_records(rows: Iterable[Any], keys: tuple[str, str, str], faults: list[Fault]) -> list[Statement]:
    """Read mappings; what is no mapping or lacks a key becomes a fault."""
    found = []
    for row, record in enumerate(rows, start=1):
        if not isinstance(record, Mapping):
            faults.append(Fault(f"row {row}", f"expected a table of names and values, got {record!r}"))
            continue
        lacking = [key for key in keys if key not in record]
        faults += [Fault(f"row {row}", f"has no {key!r}{did_you_mean(key, map(str, record))}") for key in lacking]
        if not lacking:
            found.append(Statement(row, *(record[key] for key in keys)))
    return found


def statements_of_columns(columns: Mapping[str, Iterable[Any]], faults: list[Fault]) -> list[Statement]:
    """Read three columns that are equally long."""
    lists = {name: list(column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in lists.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        faults.append(Fault("columns", f"expected equal lengths, got {told}"))
        return []
    return [Statement(row, *cells) for row, cells in enumerate(zip(*lists.values(), strict=True), start=1)]


def tabulated(
    statements: Sequence[Statement], catalogue: Sequence[Skill], faults: list[Fault]
) -> tuple[tuple[str, ...], tuple[str, ...], FloatArray]:
    """Make the table: people sorted by id, skills in the order of the catalogue or sorted by id.

    Parameters
    ----------
    statements : sequence of Statement
        The rows, in any order. A statement without a level gives way to one with a level.
    catalogue : sequence of Skill
        The skills there are; empty when the rows say which.
    faults : list of Fault
        Takes what is wrong with the rows: by row, and each pair that was stated with two levels.
    """
    known = {part.id for part in catalogue}
    stated: dict[tuple[str, str], dict[float, int]] = {}
    for statement in statements:
        wrong = _row_faults(statement, known)
        faults += wrong
        if not wrong:
            levels = stated.setdefault((statement.person, statement.skill), {})
            if not _not_assessed(statement.level):
                levels.setdefault(float(statement.level), statement.row)
    faults += [
        _conflict(person, skill, levels) for (person, skill), levels in sorted(stated.items()) if len(levels) > 1
    ]
    people = tuple(sorted({person for person, _ in stated}))
    skills = tuple(part.id for part in catalogue) or tuple(sorted({skill for _, skill in stated}))
    row_of = {person: i for i, person in enumerate(people)}
    column_of = {skill: j for j, skill in enumerate(skills)}
    table = np.full((len(people), len(skills)), math.nan)
    for (person, skill), levels in stated.items():
        for level in levels:
            table[row_of[person], column_of[skill]] = level
    return people, skills, sealed(table)


def _row_faults(statement: Statement, known: set[str]) -> list[Fault]:
    where = f"row {statement.row}"
    faults = string_faults(statement.person, f"{where}, person") + string_faults(statement.skill, f"{where}, skill")
    if not faults and known and statement.skill not in known:
        what = f"{statement.skill!r} is not in the catalogue{did_you_mean(statement.skill, known)}"
        faults.append(Fault(f"{where}, skill", what))
    if not _not_assessed(statement.level):
        faults += amount_faults(statement.level, f"{where}, person {statement.person!r}, skill {statement.skill!r}")
    return faults


def _not_assessed(level: Hashable) -> bool:
    """Tell whether a cell is one of None, an empty text and NaN."""
    return level is None or (isinstance(level, str) and not level) or _is_nan(level)


def _is_nan(level: Any) -> bool:
    return isinstance(level, float | np.floating) and math.isnan(level)


def _conflict(person: str, skill: str, levels: Mapping[float, int]) -> Fault:
    told = ", ".join(f"{level:g} in row {row}" for level, row in sorted(levels.items(), key=lambda pair: pair[1]))
    return Fault(f"person {person!r}, skill {skill!r}", f"has two levels: {told}")
