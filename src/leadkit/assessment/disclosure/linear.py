"""Exact rational algebra: which quantities a set of published linear equations determines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

__all__ = ["Form", "RowSpace"]

Form: TypeAlias = Mapping[int, Fraction]
"""A linear form: unknown to coefficient, no coefficient 0."""


class RowSpace:
    """All that follows linearly from some equations, kept as a reduced basis.

    Examples
    --------
    >>> one = Fraction(1)
    >>> space = RowSpace([{0: one, 1: one}, {1: one, 2: one}, {2: one}])
    >>> space.determines({0: one})
    True
    >>> RowSpace([{0: one, 1: one}]).determines({0: one})
    False
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        self._rows: dict[int, dict[int, Fraction]] = {}
        for form in forms:
            self._add(form)

    def determines(self, form: Form) -> bool:
        """Tell whether the value of a form follows from the equations."""
        return not self._rest(form)

    def _rest(self, form: Form) -> dict[int, Fraction]:
        rest = dict(form)
        for pivot in [unknown for unknown in form if unknown in self._rows]:
            _subtract(rest, self._rows[pivot], rest[pivot])
        return rest

    def _add(self, form: Form) -> None:
        rest = self._rest(form)
        if not rest:
            return
        pivot = min(rest)
        scale = rest[pivot]
        row = {unknown: value / scale for unknown, value in rest.items()}
        for other in self._rows.values():
            if pivot in other:
                _subtract(other, row, other[pivot])
        self._rows[pivot] = row


def _subtract(target: dict[int, Fraction], row: Form, factor: Fraction) -> None:
    for unknown, value in row.items():
        left = target.get(unknown, Fraction(0)) - factor * value
        if left:
            target[unknown] = left
        else:
            target.pop(unknown, None)
