"""Strict conversion: types as they are, unknown keys refused, every fault with its path."""

from __future__ import annotations

import json as library
import math
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from enum import IntEnum
from typing import Any, Literal

import numpy as np
import pytest
from attrs import field, frozen
from cattrs import StructureHandlerNotFoundError
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from leadkit._convert import structure, unknown_fields, unstructure
from leadkit._fields import FrozenMapping, as_float, bool_array, float_array, frozen_mapping, int_array
from leadkit._results import Result, Value
from leadkit.errors import FormatError


def _sizes(sizes: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping(sizes)


def _tags(tags: Iterable[str]) -> frozenset[str]:
    return frozenset(tags)


@frozen(kw_only=True)
class Inner:
    n: int
    share: float = 0.5
    word: Literal["red", "blue"] = "red"


@frozen(kw_only=True, eq=False)
class Outer(Value):
    name: str
    on: bool = False
    day: date = date(2026, 1, 1)
    at: time = time(9)
    parts: tuple[Inner, ...] = ()
    sizes: Mapping[str, int] = field(factory=FrozenMapping, converter=_sizes)
    values: NDArray[np.float64] = field(factory=lambda: np.zeros(0), converter=float_array)
    counts: NDArray[np.int64] = field(factory=lambda: np.zeros(0, dtype=np.int64), converter=int_array)
    mask: NDArray[np.bool_] = field(factory=lambda: np.zeros(0), converter=bool_array)
    best: Inner | None = None
    tags: frozenset[str] = field(factory=frozenset, converter=_tags)
    text: str | Mapping[str, str] = ""
    rule: int | float = 1


def faults(**data: Any) -> list[str]:
    with pytest.raises(FormatError) as caught:
        structure(data, Outer, error=FormatError)
    return [str(fault) for fault in caught.value.faults]


def test_a_model_goes_through_plain_data_and_back() -> None:
    made = Outer(
        name="a",
        on=True,
        parts=(Inner(n=1), Inner(n=2, word="blue")),
        sizes={"x": 3},
        values=[[1.0, np.nan]],
        counts=[[1, 2]],
        mask=[True, False],
        best=Inner(n=9),
        tags=["b", "a"],
        text={"en": "a"},
        rule=0.5,
    )
    data = unstructure(made)
    assert data["values"] == [[1.0, None]]
    assert data["tags"] == ["a", "b"]
    assert data["day"] == "2026-01-01"
    assert structure(data, Outer, error=FormatError) == made


def test_whole_numbers_are_numbers_and_keep_their_kind_where_both_are_allowed() -> None:
    assert structure({"name": "a", "parts": [{"n": 1, "share": 1}]}, Outer, error=FormatError).parts[0].share == 1.0
    assert isinstance(structure({"name": "a", "rule": 1}, Outer, error=FormatError).rule, int)
    assert isinstance(structure({"name": "a", "rule": 1.0}, Outer, error=FormatError).rule, float)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"name": 3}, "name: expected a text, got 3"),
        ({}, "'name' is missing"),
        ({"name": "a", "on": 1}, "on: expected true or false, got 1"),
        ({"name": "a", "nmae": 1}, "unknown key 'nmae' (did you mean 'name'?)"),
        ({"name": "a", "parts": [{"n": "3"}]}, "parts[0].n: expected a whole number, got '3'"),
        ({"name": "a", "parts": [{"n": 3.7}]}, "parts[0].n: expected a whole number, got 3.7"),
        ({"name": "a", "parts": [{"n": True}]}, "parts[0].n: expected a whole number, got True"),
        ({"name": "a", "parts": [{"n": 1, "share": "1"}]}, "parts[0].share: expected a number, got '1'"),
        (
            {"name": "a", "parts": [{"n": 1, "word": "blu"}]},
            "parts[0].word: expected one of 'red', 'blue', got 'blu' (did you mean 'blue'?)",
        ),
        ({"name": "a", "parts": {"n": 1}}, "parts: expected a list, got {'n': 1}"),
        ({"name": "a", "tags": "abc"}, "tags: expected a list, got 'abc'"),
        ({"name": "a", "tags": ["x", 1]}, "tags[1]: expected a text, got 1"),
        ({"name": "a", "parts": "abc"}, "parts: expected a list, got 'abc'"),
        ({"name": "a", "sizes": {"x": 1.5}}, "sizes['x']: expected a whole number, got 1.5"),
        ({"name": "a", "sizes": [1]}, "sizes: expected a table of names and values, got [1]"),
        ({"name": "a", "day": "2026-13-01"}, "day: expected a date like 2026-05-31, got '2026-13-01'"),
        ({"name": "a", "day": 3}, "day: expected a date like 2026-05-31, got 3"),
        ({"name": "a", "at": "25:00"}, "at: expected a time of day like 09:30, got '25:00'"),
        ({"name": "a", "at": "09:00+01:00"}, "at: expected a time of day like 09:30, got '09:00+01:00'"),
        ({"name": "a", "values": [[1], [1, 2]]}, "values: expected numbers in rows of equal length"),
        ({"name": "a", "values": ["1"]}, "values: expected numbers, got '1'"),
        ({"name": "a", "values": [True]}, "values: expected numbers, got True"),
        ({"name": "a", "values": [10**400]}, "values: expected numbers, got one that is too large"),
        ({"name": "a", "counts": [3.7]}, "counts: expected whole numbers, got 3.7"),
        ({"name": "a", "counts": [True]}, "counts: expected whole numbers, got True"),
        ({"name": "a", "counts": [None]}, "counts: expected whole numbers, got None"),
        ({"name": "a", "counts": [10**30]}, "counts: expected whole numbers, got one that is too large"),
        ({"name": "a", "mask": [1, 0]}, "mask: expected truth values, got 1"),
        ({"name": "a", "mask": 1}, "mask: expected a list of truth values, got 1"),
        ({"name": "a", "values": 3}, "values: expected a list of numbers, got 3"),
        ({"name": "a", "text": {"en": 1}}, "text: expected a text, or one text per language, got {'en': 1}"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(data: dict[str, Any], told: str) -> None:
    assert told in faults(**data)


def test_all_faults_come_at_once() -> None:
    assert len(faults(on="yes", parts=[{"n": "1"}, {"m": 2}], sizes={"a": "b"})) == 6


def test_an_array_may_come_as_an_array() -> None:
    made = structure(
        {"name": "a", "values": np.array([1.0, np.nan]), "counts": np.array([3])}, Outer, error=FormatError
    )
    assert made == Outer(name="a", values=[1.0, np.nan], counts=[3])


def test_native_dates_and_times_pass() -> None:
    made = structure({"name": "a", "day": date(2026, 5, 1), "at": time(7, 30)}, Outer, error=FormatError)
    assert (made.day, made.at) == (date(2026, 5, 1), time(7, 30))


def test_anything_but_a_table_is_refused() -> None:
    for data in (3, None, [1], "x"):
        with pytest.raises(FormatError, match="expected a table of names and values, got"):
            structure(data, Outer, error=FormatError)


@frozen
class Waiting:
    budget: timedelta


@given(st.timedeltas())
def test_a_duration_travels_as_iso_8601_text(budget: timedelta) -> None:
    told = unstructure(Waiting(budget))
    assert told["budget"].lstrip("-").startswith("PT")
    assert structure(told, Waiting, error=FormatError) == Waiting(budget)
    assert structure({"budget": budget}, Waiting, error=FormatError) == Waiting(budget)


def test_what_is_no_duration_is_named() -> None:
    assert structure({"budget": "-P1DT30M"}, Waiting, error=FormatError).budget == -timedelta(days=1, minutes=30)
    for wrong in (90, "90", "1 day", "P", "P1Y", None):
        with pytest.raises(FormatError, match="budget: expected a duration in ISO 8601 like PT10M"):
            structure({"budget": wrong}, Waiting, error=FormatError)
    with pytest.raises(FormatError, match="longer than the longest duration"):
        structure({"budget": "P999999999W"}, Waiting, error=FormatError)


def _by_number(values: Mapping[int, float]) -> FrozenMapping[int, float]:
    return frozen_mapping(values)


def _by_step(values: Mapping[Step, float]) -> FrozenMapping[Step, float]:
    return frozen_mapping(values)


class Step(IntEnum):
    LOW = 1
    HIGH = 2


@frozen(kw_only=True, eq=False)
class Row(Value):
    load: float


@frozen(kw_only=True, eq=False)
class Checked(Value):
    level: float = field(converter=as_float)
    weight: float = 1.0

    def __attrs_post_init__(self) -> None:
        if not self.weight > 0:
            msg = f"weight: expected a number above 0, got {self.weight}"
            raise ValueError(msg)


@frozen(kw_only=True, eq=False)
class Found(Result):
    share: float
    waits: tuple[timedelta, ...]
    rows: tuple[Row, ...]
    by_priority: FrozenMapping[int, float] = field(converter=_by_number)
    by_step: Mapping[Step, float] = field(converter=_by_step)
    at: NDArray[np.datetime64]
    now: np.datetime64
    codes: NDArray[np.signedinteger[Any]]
    words: NDArray[np.object_]
    column: Row | NDArray[np.float64]
    bounds: tuple[float, float] = (0.0, 1.0)


FOUND = Found(
    share=math.nan,
    waits=(timedelta(minutes=1, microseconds=5), -timedelta(days=1)),
    rows=(Row(load=math.nan),),
    by_priority={3: math.nan, -1: 2.5},
    by_step={Step.LOW: 1.0},
    at=np.array(["2026-03-02T09:00:00.000005", "NaT"], dtype="datetime64[us]"),
    now=np.datetime64("2026-03-02T09:00:00", "us"),
    codes=np.array([1, -1]),
    words=np.array(["a", None], dtype=object),
    column=np.array([1.0, np.nan]),
)


def test_a_result_comes_back_from_what_it_writes() -> None:
    data = library.loads(library.dumps(FOUND.to_dict(), allow_nan=False))
    assert structure(data, Found, error=FormatError) == FOUND
    assert structure({**data, "column": {"load": None}}, Found, error=FormatError).column == Row(load=math.nan)
    assert structure({**data, "by_step": {"LOW": 1.0}}, Found, error=FormatError) == FOUND


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"waits": ["an hour"]}, r"waits\[0\]: expected a duration in ISO 8601"),
        ({"waits": [True]}, r"waits\[0\]: expected a duration in ISO 8601"),
        ({"waits": [1e300]}, r"waits\[0\]: 1e\+300 seconds are longer than the longest duration"),
        ({"by_priority": {"03": 1.0}}, r"by_priority\['03'\]: expected a whole number, got '03'"),
        ({"by_priority": {"x": 1.0}}, r"by_priority\['x'\]: expected a whole number, got 'x'"),
        ({"by_step": {"MIDDLE": 1.0}}, "by_step.*'MIDDLE'"),
        ({"at": ["2026-03-02T09:00:00+01:00"]}, "at: expected instants like 2026-05-31T09:00:00"),
        ({"at": [3]}, "at: expected instants like 2026-05-31T09:00:00, got 3"),
        ({"now": "noon"}, "now: expected instants"),
        ({"codes": [1.5]}, "codes: expected whole numbers, got 1.5"),
        ({"words": [{}]}, "words: expected texts, numbers or null, got {}"),
        ({"column": 3}, "column: expected a table of names and values, got 3"),
        ({"bounds": [0.0, None]}, r"bounds\[1\]: expected a number, got None"),
        ({"share": "1"}, "share: expected a number, got '1'"),
    ],
)
def test_what_does_not_fit_a_result_is_refused_with_its_path(change: dict[str, Any], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        structure({**FOUND.to_dict(), **change}, Found, error=FormatError)


def test_null_is_nan_where_a_model_takes_nan_and_nowhere_else() -> None:
    assert unknown_fields(Row) == {"load"}
    assert unknown_fields(Checked) == {"level"}
    assert structure({"load": None}, Row, error=FormatError) == Row(load=math.nan)
    assert structure({"level": None}, Checked, error=FormatError) == Checked(level=math.nan)
    with pytest.raises(FormatError, match="weight: expected a number, got None"):
        structure({"level": 1.0, "weight": None}, Checked, error=FormatError)


def test_keys_that_are_numbers_already_pass() -> None:
    data = {**FOUND.to_dict(), "by_priority": {3: None, -1: 2.5}, "now": FOUND.now, "at": FOUND.at}
    assert structure(data, Found, error=FormatError) == FOUND


def test_an_array_of_any_class_is_not_read() -> None:
    @frozen
    class Odd:
        cells: NDArray[np.complex128]

    with pytest.raises(StructureHandlerNotFoundError):
        structure({"cells": []}, Odd, error=FormatError)
