"""What every result can do: compare by value, become plain Python, become rows, show itself in a notebook."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from html import escape
from typing import Any, ClassVar

import attrs
import numpy as np

MOST_ROWS_SHOWN = 20


class Value:
    """Comparison by value, arrays included; NaN equals NaN."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        names = [a.name for a in attrs.fields(type(self)) if a.eq is not False]  # type: ignore[arg-type]
        return all(same(getattr(self, name), getattr(other, name)) for name in names)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        names = [a.name for a in attrs.fields(type(self))]  # type: ignore[arg-type]
        return (_made_again, (type(self), {name: getattr(self, name) for name in names}))


class Result(Value):
    """A frozen result: `to_dict` for machines, a small escaped table for notebooks."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Give every public field as plain Python that `json.dumps(..., allow_nan=False)` takes; NaN becomes None.

        Returns
        -------
        dict
            Field name to value; arrays become nested lists, tuples lists, other results dictionaries.
        """
        return {name: plain(getattr(self, name)) for name in self._public_fields()}

    def _repr_html_(self) -> str:
        return html_table(type(self).__name__, ("field", "value"), self._html_scalars())

    def _public_fields(self) -> list[str]:
        fields = attrs.fields(type(self))  # type: ignore[arg-type]
        return [a.name for a in fields if not a.name.startswith("_")]

    def _html_scalars(self) -> list[tuple[str, Any]]:
        pairs = [(name, getattr(self, name)) for name in self._public_fields()]
        return [(name, value) for name, value in pairs if not isinstance(value, np.ndarray) and _is_short(value)]


class TableResult(Result):
    """A result with rows; `_columns` names the row fields and the key of each in a record."""

    __slots__ = ()
    _columns: ClassVar[Mapping[str, str]] = {}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row, scalars only; NaN becomes None, flags of a row are joined by a space.

        Returns
        -------
        list of dict
            The rows in the order of the result.
        """
        columns = [[_cell(value) for value in getattr(self, name)] for name in self._columns]
        return [dict(zip(self._columns.values(), row, strict=True)) for row in zip(*columns, strict=True)]

    def _repr_html_(self) -> str:
        records = self.to_records()
        keys = tuple(records[0]) if records else tuple(self._columns.values())
        rows = [tuple(record.values()) for record in records[:MOST_ROWS_SHOWN]]
        table = html_table(type(self).__name__, keys, rows)
        rest = len(records) - len(rows)
        return table + (f"<p>... and {rest} more rows</p>" if rest else "")


def _made_again(cls: type, values: Mapping[str, Any]) -> Any:
    """Build a value from its fields as they are, with its arrays read-only again."""
    made: Any = object.__new__(cls)
    for name, value in values.items():
        _seal(value)
        object.__setattr__(made, name, value)
    return made


def _seal(value: Any) -> None:
    """Make an array read-only, and those in a tuple or a mapping."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple | Mapping):
        for part in value.values() if isinstance(value, Mapping) else value:
            _seal(part)


def same(first: object, second: object) -> bool:
    """Tell whether two values are equal, where NaN equals NaN and arrays are compared element by element."""
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        if not (isinstance(first, np.ndarray) and isinstance(second, np.ndarray)):
            return False
        is_nan_equal = any(first.dtype.kind in kinds and second.dtype.kind in kinds for kinds in ("fc", "m", "M"))
        return np.array_equal(first, second, equal_nan=is_nan_equal)
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, tuple | list) and isinstance(second, tuple | list):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(same(one, other) for one, other in pairs)
    if isinstance(first, float) and isinstance(second, float) and math.isnan(first):
        return math.isnan(second)
    return bool(first == second)


def plain(value: Any) -> Any:
    """Turn a field into plain Python: NaN and infinity become None, dates ISO text, a duration its seconds, an enum its value, sets sorted lists."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Result):
        return value.to_dict()
    if hasattr(type(value), "from_dict"):
        return value.to_dict()
    if attrs.has(type(value)):
        return {a.name: plain(getattr(value, a.name)) for a in attrs.fields(type(value))}
    return str(value)


def html_table(caption: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Render a small table as HTML with every text escaped."""
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(shown(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def shown(value: Any) -> str:
    """Format a value for a person: four significant digits, a dash for what is not known."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "\N{EN DASH}"
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    if isinstance(value, tuple | list):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {shown(item)}" for key, item in value.items())
    return str(value)


def _is_short(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return True
    return len(value) <= MOST_ROWS_SHOWN and not any(
        isinstance(x, np.ndarray | Mapping | Result) for x in value.values()
    )


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return " ".join(str(part) for part in value)
    return plain(value)
