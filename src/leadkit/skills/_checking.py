"""What a skill matrix refuses: every part that is wrong, named by person and skill."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from leadkit._fields import float_array, number_faults, repeated, sealed, string_faults
from leadkit.errors import Fault
from leadkit.skills._amounts import amount_faults, as_level, as_number
from leadkit.skills.requirements import Skill
from leadkit.typing import BoolArray, FloatArray

__all__ = ["as_scale", "as_table", "as_tuple", "catalogue_faults", "id_faults", "level_faults", "scale_faults"]


def as_tuple(values: Any) -> Any:
    """Keep a list as a tuple; what is none stays as it is, for the check to name."""
    return values if isinstance(values, str) or not isinstance(values, Iterable) else tuple(values)


def as_scale(ends: Any) -> Any:
    """Make floats of the ends of a scale where they are numbers."""
    ends = as_tuple(ends)
    return tuple(map(as_number, ends)) if isinstance(ends, tuple) else ends


def as_table(levels: Any) -> Any:
    """Copy numbers into a read-only array; anything else becomes objects, for the check to name."""
    if type(levels) is np.ndarray and levels.dtype.kind in "iuf":
        return float_array(levels)
    if isinstance(levels, np.ma.MaskedArray):
        cells, masked = levels.data.astype(object), np.ma.getmaskarray(levels)
        cells[masked] = None
        levels = cells
    try:
        cells = np.array(levels, dtype=object)
    except ValueError:
        return levels
    numbers = [as_level(cell) for cell in cells.flat]
    if not all(isinstance(number, float) for number in numbers):
        return cells
    return sealed(np.array(numbers, dtype=np.float64).reshape(cells.shape))


def id_faults(ids: Any, name: str, kind: str) -> list[Fault]:
    """Refuse ids that are no texts, empty or there twice."""
    if not isinstance(ids, tuple):
        return [Fault(name, f"expected ids, got {ids!r}")]
    faults = [fault for i, own in enumerate(ids) for fault in string_faults(own, f"{name}[{i}]")]
    return faults or [Fault(f"{kind} {own!r}", "is there more than once") for own in repeated(ids)]


def catalogue_faults(catalogue: Any, skills: Sequence[str] | None = None) -> list[Fault]:
    """List what is wrong with a catalogue, by itself and beside the `skills` that a matrix has."""
    if not isinstance(catalogue, tuple):
        return [Fault("catalogue", f"expected a list of skills, got {catalogue!r}")]
    faults = [
        Fault(f"catalogue[{i}]", f"expected a Skill, got {part!r}")
        for i, part in enumerate(catalogue)
        if not isinstance(part, Skill)
    ]
    if faults:
        return faults
    ids = [part.id for part in catalogue]
    faults = [Fault("catalogue", f"skill {own!r} is there more than once") for own in repeated(ids)]
    if ids and skills is not None:
        faults += [Fault(f"skill {own!r}", "is not in the catalogue") for own in skills if own not in ids]
        faults += [
            Fault(f"skill {own!r}", "is in the catalogue and not in the table") for own in ids if own not in skills
        ]
    return faults


def scale_faults(scale: Any) -> list[Fault]:
    """Refuse what is not a pair of levels, the low one first."""
    if scale is None:
        return []
    if not isinstance(scale, tuple) or len(scale) != 2:
        return [Fault("scale", f"expected (low, high), got {scale!r}")]
    faults = amount_faults(scale[0], "scale, low end") + amount_faults(scale[1], "scale, high end")
    if not faults and scale[0] >= scale[1]:
        faults = [Fault("scale", f"expected low below high, got {scale[0]:g}..{scale[1]:g}")]
    return faults


def level_faults(
    table: Any, people: Sequence[str], skills: Sequence[str], scale: tuple[float, float] | None
) -> list[Fault]:
    """List every cell that is no level, or say what shape is expected."""
    shape = (len(people), len(skills))
    if not isinstance(table, np.ndarray) or table.shape != shape:
        got = table.shape if isinstance(table, np.ndarray) else repr(table)
        return [
            Fault("levels", f"expected shape {shape}, a row for each person and a column for each skill, got {got}")
        ]
    if table.dtype == object:
        cells = [
            (_place(person, skill), as_level(table[i, j]))
            for i, person in enumerate(people)
            for j, skill in enumerate(skills)
        ]
        return [
            fault
            for place, cell in cells
            if not (isinstance(cell, float) and math.isnan(cell))
            for fault in number_faults(cell, place)
        ]
    wrong = (table < 0) | np.isinf(table)
    faults = _cells(wrong, table, people, skills, "expected a finite level of at least 0, got {:g}")
    if scale is not None:
        low, high = scale
        outside = ~wrong & ((table < low) | (table > high))
        faults += _cells(outside, table, people, skills, f"{{:g}} is outside {low:g}..{high:g}")
    return faults


def _cells(wrong: BoolArray, table: FloatArray, people: Sequence[str], skills: Sequence[str], what: str) -> list[Fault]:
    return [Fault(_place(people[i], skills[j]), what.format(table[i, j])) for i, j in np.argwhere(wrong).tolist()]


def _place(person: str, skill: str) -> str:
    return f"person {person!r}, skill {skill!r}"
