"""How the columns of a log are kept: texts as int32 codes into a sorted list of words, numbers as float64."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from leadkit._checks import as_tuple, id_faults, instant_faults
from leadkit._fields import sealed
from leadkit._results import Value
from leadkit.errors import Fault, LogError
from leadkit.typing import FloatArray

__all__ = [
    "CodeArray",
    "InstantArray",
    "TextColumn",
    "attribute_column",
    "instants",
    "levels",
    "text_column",
    "values_of",
]

CodeArray = NDArray[np.int32]
"""An array of int32: codes, offsets or levels."""
InstantArray = NDArray[np.datetime64]
"""An array of datetime64[us] in UTC."""

# what no text file can hold
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EARLIEST = np.datetime64(datetime.min, "us")  # noqa: DTZ901 - the bounds of datetime itself
LATEST = np.datetime64(datetime.max, "us")  # noqa: DTZ901 - as above
MOST_LEVELS = 2**31 - 1


def _codes(values: Any) -> CodeArray:
    return sealed(np.array(values, dtype=np.int32))


@frozen(eq=False)
class TextColumn(Value):
    """A column of texts, each as the place of its word among `values`.

    Parameters
    ----------
    codes : array of int, shape (n_events,)
        Place in `values`; -1 is missing.
    values : tuple of str
        The words in sorted order.

    Raises
    ------
    LogError
        A code is the place of no word.

    Examples
    --------
    >>> column, _ = text_column(["b", None, "a"], "group")
    >>> column.codes.tolist(), column.values
    ([1, -1, 0], ('a', 'b'))
    >>> column.texts().tolist()
    ['b', None, 'a']
    """

    codes: CodeArray = field(converter=_codes)
    values: tuple[str, ...] = field(converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        wrong = np.flatnonzero((self.codes < -1) | (self.codes >= len(self.values)))
        if len(wrong):
            expected = f"expected -1..{len(self.values) - 1}"
            faults = [Fault(f"codes[{at}]", f"{self.codes.flat[at]} is no place of a word, {expected}") for at in wrong]
            raise LogError.from_faults(faults)

    def texts(self) -> NDArray[np.object_]:
        """Give the texts again; missing is None."""
        return _words(self.values)[self.codes]

    def among(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """Tell which events have one of `words`."""
        wanted = frozenset(words)
        # the place -1 of a missing text is the last of the table
        return np.array([value in wanted for value in self.values] + [False], dtype=bool)[self.codes]

    def taken(self, order: NDArray[Any]) -> TextColumn:
        """Give the column of the events in `order` (places or a mask), with no more words than they use."""
        codes = self.codes[order]
        used = np.bincount(codes[codes >= 0], minlength=len(self.values)) > 0
        if used.all():
            return TextColumn(codes, self.values)
        places = np.append(np.cumsum(used) - 1, -1)
        return TextColumn(
            places[codes], tuple(value for value, is_used in zip(self.values, used, strict=True) if is_used)
        )


class _Table(dict[Any, int]):
    """Numbers what it is asked for in order of first asking."""

    def __missing__(self, key: Any) -> int:
        self[key] = place = len(self)
        return place


def text_column(rows: Sequence[Any] | NDArray[Any], name: str, *, ids: bool = True) -> tuple[TextColumn, list[Fault]]:
    """Factorise a column of texts once, and list what is none; None, NaN and the empty text are missing."""
    table = _Table()
    try:
        given = np.fromiter(map(table.__getitem__, rows), np.int32, len(rows))
    except TypeError:  # something that cannot be hashed is no text
        return _nothing(len(rows)), [
            fault for place, one in enumerate(rows) for fault in _text_faults(one, f"{name}[{place}]")
        ]
    judge = _id_faults if ids else _text_faults
    wrong = {one for one in table if judge(one, "")}
    if wrong:
        faults = [judge(one, f"{name}[{place}]") for place, one in enumerate(rows) if one in wrong]
        return _nothing(len(rows)), [fault for found in faults for fault in found]
    texts = sorted(str(one) for one in table if isinstance(one, str) and one)
    place_of: dict[Any, int] = {one: place for place, one in enumerate(texts)}
    places = np.array([place_of.get(one, -1) for one in table] or [-1], dtype=np.int32)
    return TextColumn(places[given], tuple(texts)), []


def attribute_column(rows: Sequence[Any] | NDArray[Any], name: str) -> tuple[TextColumn | FloatArray, list[Fault]]:
    """Keep a column of numbers as float64, one of texts as codes; list what is neither or mixes the two."""
    if isinstance(rows, np.ndarray) and rows.dtype.kind == "M":
        rows = rows.tolist()
    kinds = {float} if isinstance(rows, np.ndarray) else set(map(type, rows)) - {type(None)}
    if not kinds or any(issubclass(kind, str) for kind in kinds):
        return text_column(rows, name, ids=False)
    if all(map(_is_number, kinds)):
        try:
            given = rows if isinstance(rows, np.ndarray) else [math.nan if one is None else one for one in rows]
            numbers = np.array(given, dtype=np.float64)
        except OverflowError:
            numbers = np.full(len(rows), np.inf)
        faults = [
            Fault(f"{name}[{place}]", f"expected a finite number, got {rows[place]!r}")
            for place in np.flatnonzero(np.isinf(numbers)).tolist()
        ]
        # a column of nothing but NaN is a column of missing texts as much as of numbers
        return (_nothing(len(rows)) if np.isnan(numbers).all() else sealed(numbers)), faults
    return _nothing(len(rows)), [
        Fault(f"{name}[{place}]", f"expected a text or a number, got {one!r}")
        for place, one in enumerate(rows)
        if one is not None and not _is_number(type(one))
    ]


def instants(values: Any, name: str) -> tuple[InstantArray, list[Fault]]:
    """Read a column of instants: aware datetimes, or datetime64 taken as UTC."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        at = values.astype("datetime64[us]")
    else:
        try:
            at = np.fromiter(((one - EPOCH) // MICROSECOND for one in values), np.int64, len(values)).view(
                "datetime64[us]"
            )
        except (TypeError, ValueError, OverflowError, AttributeError):  # told apart below
            return _told_apart(values, name)
    faults = [
        Fault(f"{name}[{place}]", "expected an instant, got NaT") for place in np.flatnonzero(np.isnat(at)).tolist()
    ]
    faults += [
        Fault(f"{name}[{place}]", f"expected an instant of the years 1 to 9999, got {at[place]}")
        for place in np.flatnonzero((at < EARLIEST) | (at > LATEST)).tolist()
    ]
    return at, faults


def _told_apart(values: Any, name: str) -> tuple[InstantArray, list[Fault]]:
    """Read instants that are not all aware datetimes, one by one."""
    at = np.zeros(len(values), dtype="datetime64[us]")
    faults: list[Fault] = []
    for place, one in enumerate(values):
        if isinstance(one, np.datetime64) and not np.isnat(one):
            at[place] = one.astype("datetime64[us]")
            continue
        found = _instant_faults(one, f"{name}[{place}]")
        if not found:
            at[place] = np.datetime64((one - EPOCH) // MICROSECOND, "us")
        faults += found
    return at, faults


def levels(rows: Sequence[Any] | NDArray[Any], name: str) -> tuple[CodeArray, list[Fault]]:
    """Read a column of levels: whole numbers from 1; None, NaN and 0 are unknown and kept as 0."""
    if isinstance(rows, np.ndarray) and rows.dtype.kind in "iu":
        wrong_places = np.flatnonzero((rows < 0) | (rows > MOST_LEVELS)).tolist()
        return rows.astype(np.int32), [_level_fault(rows[place], f"{name}[{place}]") for place in wrong_places]
    known: dict[Any, int] = {}
    faults: list[Fault] = []
    numbers = np.zeros(len(rows), dtype=np.int32)
    for kind in set(map(type, rows)):
        if kind is not type(None) and not _is_number(kind):
            faults += [_level_fault(one, f"{name}[{place}]") for place, one in enumerate(rows) if type(one) is kind]
    if faults:
        return numbers, sorted(faults, key=_place)
    table = _Table()
    given = np.fromiter(map(table.__getitem__, rows), np.int32, len(rows))
    wrong = set()
    for one in table:
        if one is None or one != one:  # noqa: PLR0124 - NaN of any float class
            known[one] = 0
        elif 0 <= one <= MOST_LEVELS and one == int(one):
            known[one] = int(one)
        else:
            wrong.add(one)
    faults = [_level_fault(one, f"{name}[{place}]") for place, one in enumerate(rows) if one in wrong]
    if not faults and known:
        numbers = np.array(list(known.values()), dtype=np.int32)[given]
    return numbers, faults


def values_of(values: Sequence[Any] | NDArray[Any]) -> Any:
    """Give the values of a column as a list; an array of instants or numbers as it is."""
    kind = getattr(values, "dtype", None)
    if isinstance(kind, np.dtype) and kind.kind in "Miuf":
        return np.asarray(values)
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _words(values: tuple[str, ...]) -> NDArray[np.object_]:
    words = np.empty(len(values) + 1, dtype=object)
    words[:-1] = values
    return words


def _nothing(n: int) -> TextColumn:
    return TextColumn(np.full(n, -1, dtype=np.int32), ())


def _text_faults(value: object, where: str) -> list[Fault]:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return []
    if not isinstance(value, str):
        return [Fault(where, f"expected a text, got {value!r}")]
    if UNWRITABLE.search(value):
        return [Fault(where, f"expected a text without NUL and lone surrogates, got {value!r}")]
    return []


def _id_faults(value: object, where: str) -> list[Fault]:
    return id_faults(value, where) if isinstance(value, str) and value else _text_faults(value, where)


def _level_fault(value: object, where: str) -> Fault:
    shown = value.item() if isinstance(value, np.generic) else value
    return Fault(where, f"expected a level, a whole number from 1, got {shown!r}")


def _is_number(kind: type) -> bool:
    return issubclass(kind, int | float | np.integer | np.floating) and not issubclass(kind, bool)


def _instant_faults(value: object, where: str) -> list[Fault]:
    if value is None or str(value) == "NaT":
        return [Fault(where, f"expected an instant, got {value}")]
    return instant_faults(value, where)


def _place(fault: Fault) -> int:
    return int(fault.where.rpartition("[")[2].rstrip("]"))
