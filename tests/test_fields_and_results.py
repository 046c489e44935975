"""What models share: frozen mappings, read-only arrays, results that compare and become plain data."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

import numpy as np
import pytest
from attrs import field, frozen

from leadkit._fields import (
    FrozenMapping,
    bool_array,
    float_array,
    frozen_mapping,
    identifier_faults,
    int_array,
    number_faults,
    optional_int_array,
    repeated,
    sealed,
    string_faults,
    whole_number_faults,
)
from leadkit._results import Result, TableResult, plain, same, shown
from leadkit.typing import FloatArray

NAN = float("nan")


@frozen(kw_only=True, eq=False)
class Rows(TableResult):
    _columns: ClassVar[Mapping[str, str]] = {"names": "name", "values": "value", "row_flags": "flags"}
    names: tuple[str, ...]
    values: FloatArray = field(converter=float_array)
    row_flags: tuple[tuple[str, ...], ...]


@frozen(kw_only=True, eq=False)
class Holder(Result):
    number: float
    inner: Rows
    table: Mapping[str, Any]


def rows(*values: float) -> Rows:
    return Rows(names=tuple("abcdefghijklmnopqrstuvwxyz"[: len(values)]), values=values, row_flags=((),) * len(values))


def test_a_frozen_mapping_is_a_mapping_that_cannot_change() -> None:
    data = {"a": 1}
    frozen_data = frozen_mapping(data)
    data["a"] = 2
    assert frozen_data == {"a": 1}
    assert hash(frozen_data) == hash(FrozenMapping([("a", 1)]))
    assert pickle.loads(pickle.dumps(frozen_data)) == frozen_data  # noqa: S301 - our own bytes
    assert frozen_mapping(frozen_data) is frozen_data
    assert repr(frozen_data) == "{'a': 1}"
    with pytest.raises(TypeError):
        frozen_data["a"] = 3  # type: ignore[index]


@pytest.mark.parametrize("convert", [float_array, int_array, bool_array])
def test_arrays_are_copied_and_sealed(convert: Any) -> None:
    given = np.ones(3, dtype=convert([1]).dtype)
    kept = convert(given)
    given[0] = 0
    assert kept[0] == 1
    assert not kept.flags.writeable
    assert convert(kept) is kept
    assert convert(kept[:2]) is not kept


def test_a_view_of_a_sealed_array_is_copied_because_its_owner_may_be_unsealed() -> None:
    owner = np.ones(3)
    view = sealed(owner[:2])
    assert float_array(view).base is None
    assert optional_int_array(None) is None
    assert optional_int_array([1]).tolist() == [1]  # type: ignore[union-attr]


def test_results_compare_by_value_and_nan_equals_nan() -> None:
    assert rows(1, NAN) == rows(1, NAN)
    assert rows(1, NAN) != rows(1, 2)
    assert rows(1) != rows(1, 2)
    assert rows(1) != 3
    with pytest.raises(TypeError, match="unhashable"):
        hash(rows(1))


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (NAN, NAN, True),
        (1.0, NAN, False),
        (np.array([1]), [1], False),
        (np.array(["a"]), np.array(["a"]), True),
        (np.array(["NaT"], "M8[us]"), np.array(["NaT"], "M8[us]"), True),
        (np.array(["NaT"], "M8[us]"), np.array(["2026-05-01"], "M8[us]"), False),
        (np.array(["NaT"], "M8[us]"), np.array([NAN]), False),
        ({"a": NAN}, {"a": NAN}, True),
        ({"a": 1}, {"b": 1}, False),
        ((1, (NAN,)), (1, (NAN,)), True),
        ((1,), (1, 2), False),
        ("a", "a", True),
    ],
)
def test_equality_looks_inside(first: Any, second: Any, equal: bool) -> None:
    assert same(first, second) is equal


def test_a_result_becomes_plain_data_without_nan() -> None:
    held = Holder(number=NAN, inner=rows(1, NAN), table={"day": date(2026, 5, 1), "set": {2, 1}})
    told = held.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == {
        "number": None,
        "inner": {"names": ["a", "b"], "values": [1.0, None], "row_flags": [[], []]},
        "table": {"day": "2026-05-01", "set": [1, 2]},
    }


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (np.float64("inf"), None),
        (np.int64(3), 3),
        (np.array([[1.5, NAN]]), [[1.5, None]]),
        (datetime(2026, 5, 1, 9, 30), "2026-05-01T09:30:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(minutes=1.5), 90.0),
        ((1, None, True), [1, None, True]),
        (1j, "1j"),
    ],
)
def test_values_become_plain(value: Any, wanted: Any) -> None:
    assert plain(value) == wanted


def test_rows_become_records_and_a_short_escaped_table() -> None:
    made = Rows(names=("<i>",), values=[1.23456], row_flags=(("small_group", "no_pairs"),))
    assert made.to_records() == [{"name": "<i>", "value": 1.23456, "flags": "small_group no_pairs"}]
    assert "&lt;i&gt;" in made._repr_html_()
    assert "<td>1.235</td>" in made._repr_html_()
    assert "... and 6 more rows" in rows(*range(26))._repr_html_()
    assert '<th scope="col">name</th>' in rows()._repr_html_()
    html = Holder(number=2.0, inner=rows(), table={"metric": "mean", "level": 0.95})._repr_html_()
    assert "<td>number</td><td>2</td>" in html
    assert "<td>table</td><td>metric: mean, level: 0.95</td>" in html
    assert "<td>table" not in Holder(number=2.0, inner=rows(), table={"a": {}})._repr_html_().split("<thead>")[1]


def test_a_person_sees_four_digits_and_a_dash() -> None:
    assert [shown(value) for value in (1 / 3, NAN, None, (1.0, "a"), 7)] == [
        "0.3333",
        "\N{EN DASH}",
        "\N{EN DASH}",
        "1, a",
        "7",
    ]


def test_checks_name_what_was_found() -> None:
    assert identifier_faults("a_1", "id") == []
    assert "'A' is not an identifier" in str(identifier_faults("A", "id")[0])
    assert whole_number_faults(np.int64(3), "n") == []
    assert "got True" in str(whole_number_faults(True, "n")[0])
    assert number_faults(np.float64(2), "x") == []
    assert "expected a finite number above 0, got 0" in str(number_faults(0, "x", above=0)[0])
    assert "expected a finite number, got inf" in str(number_faults(float("inf"), "x")[0])
    assert "expected a number, got 'x'" in str(number_faults("x", "x")[0])
    assert "expected a finite number, got 1000" in str(number_faults(10**400, "x")[0])
    assert "expected a text that is not empty, got ' '" in str(string_faults(" ", "t")[0])
    assert repeated([3, 1, 3, 1, 2]) == [3, 1]


def pickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


@pytest.mark.parametrize("again", [pickled, copy.deepcopy, copy.copy])
def test_arrays_stay_read_only_when_a_result_travels(again: Any) -> None:
    rows = Rows(names=("a",), values=[1.0, NAN], row_flags=((),))
    made = again(rows)
    assert made == rows
    assert type(made) is Rows
    assert not made.values.flags.writeable


def test_arrays_inside_mappings_and_tuples_stay_read_only_when_they_travel() -> None:
    @frozen(kw_only=True, eq=False)
    class Nested(Result):
        masks: Mapping[str, Any]
        pairs: tuple[Any, ...]

    nested = copy.deepcopy(Nested(masks={"a": np.arange(2)}, pairs=(np.arange(3),)))
    assert not nested.masks["a"].flags.writeable
    assert not nested.pairs[0].flags.writeable
