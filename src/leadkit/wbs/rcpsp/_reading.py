"""What a scheduling problem is made of, read with care: whole numbers, lists of needs, and every fault named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from leadkit._fields import int_array, repeated, sealed, string_faults
from leadkit.errors import Fault
from leadkit.wbs.structure import Need

__all__ = [
    "MOST",
    "as_levels",
    "as_needs",
    "as_texts",
    "as_whole",
    "level_faults",
    "list_fault",
    "need_faults",
    "text_faults",
    "whole_faults",
]

MOST = 10**12
"""No duration, lag, demand or capacity is larger, so that sums over all activities stay within 64 bits."""


def as_whole(values: Any) -> Any:
    """Copy whole numbers into a read-only int64 array; anything else becomes objects, for the check to name."""
    if values is None:
        return None
    if isinstance(values, np.ndarray) and values.dtype == np.int64:
        return int_array(values)
    try:
        cells = np.array(values)
    except ValueError:
        return values
    if cells.size == 0 and cells.dtype.kind == "f":
        return sealed(cells.astype(np.int64))
    if cells.dtype.kind in "iuf" and not isinstance(values, np.ndarray):
        # numpy takes True for 1
        objects = np.array(values, dtype=object)
        if any(isinstance(cell, bool | np.bool_) for cell in objects.flat):
            return objects
    if cells.dtype.kind in "iu" and not (cells.size and cells.max() > MOST):
        return sealed(cells.astype(np.int64))
    if cells.dtype.kind == "f" and np.isfinite(cells).all() and (np.abs(cells) <= MOST).all():
        whole = cells.astype(np.int64)
        if (whole == cells).all():
            return sealed(whole)
    try:
        return np.array(values, dtype=object)
    except ValueError:
        return values


def as_levels(values: Any) -> Any:
    """Copy numbers into a read-only float64 array; None and NaN are not assessed; anything else stays."""
    if values is None:
        return None
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        return sealed(values.copy())
    try:
        cells = np.array(values, dtype=object)
    except ValueError:
        return values
    numbers = [np.nan if cell is None else cell for cell in cells.flat]
    if any(isinstance(cell, bool) or not isinstance(cell, int | float | np.number) for cell in numbers):
        return cells
    return sealed(np.array(numbers, dtype=np.float64).reshape(cells.shape))


def as_texts(values: Any) -> Any:
    """Keep ids as a tuple; what is no list of ids stays as it is, for the check to name."""
    return values if isinstance(values, str) or not isinstance(values, Iterable) else tuple(values)


def as_needs(values: Any) -> Any:
    """Keep the needs of all activities as a tuple of tuples; what is no list stays as it is."""
    return tuple(map(as_texts, values)) if isinstance(values, Iterable) and not isinstance(values, str) else values


def list_fault(values: Any, name: str) -> Fault:
    """Say of something that it is no list of whole numbers."""
    got = f"shape {values.shape}" if isinstance(values, np.ndarray) and values.ndim else f"{values!s}"
    return Fault(name, f"expected a list of whole numbers, got {got}")


def whole_faults(values: Any, name: str, shape: tuple[int, ...], *, low: int, high: int = MOST) -> list[Fault]:
    """List what is wrong with an array of whole numbers: its shape, or every cell that is outside `low`..`high`."""
    if not isinstance(values, np.ndarray) or not values.ndim:
        return [list_fault(values, name)]
    if values.shape != shape:
        return [Fault(name, f"expected shape {shape}, got {values.shape}")]
    if values.dtype == np.int64:
        wrong = [tuple(place) for place in np.argwhere((values < low) | (values > high)).tolist()]
    else:
        wrong = [place for place, cell in np.ndenumerate(values) if not _is_within(cell, low, high)]
    span = f"of at least {low}" if high == MOST and low >= 0 else f"in {low}..{high}"
    return [
        Fault(f"{name}[{', '.join(map(str, place))}]", f"expected a whole number {span}, got {values[place]!s}")
        for place in wrong
    ]


def level_faults(levels: Any, shape: tuple[int, int]) -> list[Fault]:
    """Refuse a table of levels of another shape, and cells that are neither a finite number nor missing."""
    if not isinstance(levels, np.ndarray) or levels.shape != shape:
        got = levels.shape if isinstance(levels, np.ndarray) else repr(levels)
        return [Fault("levels", f"expected shape {shape}, a row for each person, a column for each skill, got {got}")]
    if levels.dtype == object:
        return [Fault("levels", "expected numbers; None or NaN where somebody is not assessed")]
    wrong = np.argwhere(np.isinf(levels)).tolist()
    return [Fault(f"levels[{i}, {j}]", f"expected a finite level, got {levels[i, j]:g}") for i, j in wrong]


def text_faults(ids: Any, name: str, n: int | None = None) -> list[Fault]:
    """Refuse ids that are no texts, empty, there twice, or not as many as `n`."""
    if not isinstance(ids, tuple):
        return [Fault(name, f"expected ids, got {ids!r}")]
    faults = [fault for i, own in enumerate(ids) for fault in string_faults(own, f"{name}[{i}]")]
    faults = faults or [Fault(name, f"{own!r} is there more than once") for own in repeated(ids)]
    if n is not None and len(ids) != n:
        faults.append(Fault(name, f"expected {n} ids, got {len(ids)}"))
    return faults


def need_faults(needs: Any, ids: Sequence[str], skills: Sequence[str]) -> list[Fault]:
    """Refuse what is no need, and needs of skills that nobody has heard of."""
    if not isinstance(needs, tuple):
        return [Fault("needs", f"expected a list of needs for each activity, got {needs!r}")]
    if len(needs) != len(ids):
        return [Fault("needs", f"expected {len(ids)} lists, one for each activity, got {len(needs)}")]
    known = set(skills)
    faults = []
    for own, group in zip(ids, needs, strict=True):
        if not isinstance(group, tuple):
            faults.append(Fault(f"needs of {own!r}", f"expected a list of needs, got {group!r}"))
            continue
        for need in group:
            if not isinstance(need, Need):
                faults.append(Fault(f"needs of {own!r}", f"expected a Need, got {need!r}"))
                continue
            unknown = [skill for skill, _ in need.skills if skill not in known]
            faults += [Fault(f"needs of {own!r}", f"skill {skill!r} is not among skill_ids") for skill in unknown]
    return faults


def _is_within(cell: Any, low: int, high: int) -> bool:
    is_number = isinstance(cell, int | float | np.number) and not isinstance(cell, bool | np.bool_)
    return is_number and bool(low <= cell <= high) and cell == int(cell)
