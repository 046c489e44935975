"""The combination of cells that touches the fewest people, found by exact search over what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd
from typing import TypeAlias

from attrs import frozen

__all__ = ["Lightest", "lightest_combination", "solve_combination"]

Row: TypeAlias = list[int]


@frozen
class Lightest:
    """A combination that is not zero: how many people it touches, and in which columns."""

    weight: int
    columns: tuple[int, ...]


@frozen
class _Branch:
    """Combinations still open: those of `rows`, after `columns_kept` were granted at the price of `weight`.

    Every row has a column of its own, in which the other rows are 0; a column may stand for several that every
    combination of the rows touches together.
    """

    rows: list[Row]
    own: list[int]
    columns: list[tuple[int, ...]]
    prices: list[int]
    weight: int
    columns_kept: tuple[int, ...]


def lightest_combination(table: Sequence[Sequence[int]], prices: Sequence[int]) -> Lightest | None:
    """Find the non-zero rational combination of rows that touches columns of the smallest total price.

    Parameters
    ----------
    table : sequence of sequences of int
        One row a cell.
    prices : sequence of int
        Price of each column, above 0.

    Returns
    -------
    Lightest or None
        None when every row is 0.

    Notes
    -----
    A lightest combination is fixed by the columns it leaves out. The search takes the dearest column and either leaves
    it out (one row fewer) or pays for it; it gives up a branch that costs as much as the best one found. Columns that
    are multiples of each other go together, and two rows are solved at sight: leave out the dearest column. All
    numbers are integers, rows are divided by their common factor, so nothing is ever rounded.
    """
    rows, own = _reduced([list(row) for row in table])
    best: Lightest | None = None
    for part in _parts(rows):
        columns = sorted({column for row in part for column, entry in enumerate(rows[row]) if entry})
        start = _Branch(
            [[rows[row][column] for column in columns] for row in part],
            [columns.index(own[row]) for row in part],
            [(column,) for column in columns],
            [prices[column] for column in columns],
            0,
            (),
        )
        best = _search(start, best)
    return best


def _search(start: _Branch, best: Lightest | None) -> Lightest | None:
    open_branches = [start]
    while open_branches:
        branch = _merged(open_branches.pop())
        total = sum(branch.prices)
        if len(branch.rows) <= 2:
            left_out = max(range(len(branch.columns)), key=branch.prices.__getitem__) if len(branch.rows) == 2 else -1
            touched = (c for place, columns in enumerate(branch.columns) if place != left_out for c in columns)
            price = branch.weight + total - (branch.prices[left_out] if left_out >= 0 else 0)
            best = _better(best, price, (*branch.columns_kept, *touched))
            continue
        if best and branch.weight + min(branch.prices) >= best.weight:
            continue
        column = max(range(len(branch.columns)), key=branch.prices.__getitem__)
        branch, row = _pivoted(branch, column)
        price = branch.weight + branch.prices[column]
        kept = (*branch.columns_kept, *branch.columns[column])
        other = next((c for c, entry in enumerate(branch.rows[row]) if entry and c != column), None)
        if other is None:
            best = _better(best, price, kept)
        elif best is None or price < best.weight:
            paid, _ = _pivoted(branch, other, row)
            open_branches.append(_without(paid, column, price, kept))
        open_branches.append(_without(branch, column, branch.weight, branch.columns_kept, row=row))
    return best


def _better(best: Lightest | None, weight: int, columns: Iterable[int]) -> Lightest:
    return Lightest(weight, tuple(sorted(columns))) if best is None or weight < best.weight else best


def _merged(branch: _Branch) -> _Branch:
    """Join columns that are multiples of each other."""
    first: dict[tuple[int, ...], int] = {}
    joined: list[tuple[int, ...]] = []
    prices: list[int] = []
    places: list[int] = []
    at: dict[int, int] = {}
    for place, column in enumerate(zip(*branch.rows, strict=True)):
        factor = gcd(*column)
        sign = next(entry for entry in column if entry)
        key = tuple(entry // (factor if sign > 0 else -factor) for entry in column)
        found = first.setdefault(key, len(joined))
        if found == len(joined):
            joined.append(branch.columns[place])
            prices.append(branch.prices[place])
            places.append(place)
        else:
            joined[found] += branch.columns[place]
            prices[found] += branch.prices[place]
        at[place] = found
    rows = [[row[place] for place in places] for row in branch.rows]
    own = [at[place] for place in branch.own]
    return _Branch(rows, own, joined, prices, branch.weight, branch.columns_kept)


def _pivoted(branch: _Branch, column: int, row: int | None = None) -> tuple[_Branch, int]:
    """Make `column` the own column of a row."""
    if row is None:
        row = next(place for place, entries in enumerate(branch.rows) if entries[column])
    rows, own = list(branch.rows), list(branch.own)
    _eliminate(rows, row, column)
    own[row] = column
    return _Branch(rows, own, branch.columns, branch.prices, branch.weight, branch.columns_kept), row


def _without(branch: _Branch, column: int, weight: int, kept: tuple[int, ...], *, row: int | None = None) -> _Branch:
    rows = [entries[:column] + entries[column + 1 :] for place, entries in enumerate(branch.rows) if place != row]
    own = [c - (c > column) for place, c in enumerate(branch.own) if place != row]
    columns = branch.columns[:column] + branch.columns[column + 1 :]
    prices = branch.prices[:column] + branch.prices[column + 1 :]
    return _Branch(rows, own, columns, prices, weight, kept)


def _eliminate(rows: list[Row], pivot: int, column: int) -> None:
    """Clear `column` in every row but the pivot's, with whole numbers and without common factors."""
    top = rows[pivot]
    lead = top[column]
    for place, row in enumerate(rows):
        entry = row[column]
        if entry and place != pivot:
            cleared = [lead * a - entry * b for a, b in zip(row, top, strict=True)]
            factor = gcd(*cleared)
            rows[place] = [a // factor for a in cleared] if factor > 1 else cleared


def _reduced(rows: list[Row]) -> tuple[list[Row], list[int]]:
    """Give independent rows with the same combinations, and the own column of each."""
    own: list[int] = []
    for column in range(len(rows[0]) if rows else 0):
        done = len(own)
        pivot = next((place for place in range(done, len(rows)) if rows[place][column]), None)
        if pivot is not None:
            rows[done], rows[pivot] = rows[pivot], rows[done]
            _eliminate(rows, done, column)
            own.append(column)
    return rows[: len(own)], own


def _parts(rows: list[Row]) -> list[list[int]]:
    """Group reduced rows that share columns: a lightest combination never mixes two groups."""
    parts: list[tuple[set[int], list[int]]] = []
    for place, row in enumerate(rows):
        touched, members = {column for column, entry in enumerate(row) if entry}, [place]
        apart = []
        for other, others in parts:
            if touched & other:
                touched, members = touched | other, others + members
            else:
                apart.append((other, others))
        parts = [*apart, (touched, members)]
    return [members for _, members in parts]


def solve_combination(table: Sequence[Sequence[int]], columns: Sequence[int]) -> tuple[int, ...]:
    """Find whole-number factors of the rows whose sum is 0 outside `columns` and not 0 in them.

    Parameters
    ----------
    table : sequence of sequences of int
        One row a cell.
    columns : sequence of int
        Columns that a combination touches, and no others.

    Returns
    -------
    tuple of int
        One factor a row, without a common divisor, the first of them above 0.
    """
    count = len(table)
    inside = set(columns)
    outside = [c for c in range(len(table[0])) if c not in inside]
    wide = [
        [*(row[c] for c in outside), *(row[c] for c in columns), *(int(place == other) for other in range(count))]
        for place, row in enumerate(table)
    ]
    reduced, own = _reduced(wide)
    factors = next(
        row[len(outside) + len(columns) :]
        for row, column in zip(reduced, own, strict=True)
        if len(outside) <= column < len(outside) + len(columns)
    )
    sign = 1 if next(factor for factor in factors if factor) > 0 else -1
    return tuple(sign * factor for factor in factors)
