"""Dated rows and the organisation of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import History, Organisation

NEW_YEAR, APRIL, JULY = date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)


def day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


def test_a_row_is_valid_from_its_first_day_until_the_day_before_its_last() -> None:
    history = History.from_columns(["ann", "bo"], [None, "ann"], [NEW_YEAR, APRIL], [None, JULY])
    for when, ids in (
        (day(-1), ()),
        (NEW_YEAR, ("ann",)),
        (APRIL - timedelta(days=1), ("ann",)),
        (APRIL, ("ann", "bo")),
        (JULY - timedelta(days=1), ("ann", "bo")),
        (JULY, ("ann",)),
        (date(9999, 12, 31), ("ann",)),
    ):
        assert history.as_of(when).ids == ids, when


def test_change_days_are_where_rows_begin_and_end() -> None:
    history = History.from_columns(["ann", "bo", "cy"], [None, "ann", "ann"], [None, APRIL, APRIL], [None, JULY, APRIL])
    assert history.change_days() == (APRIL, JULY)
    assert History.from_columns([], [], []).change_days() == ()
    assert History.from_columns(["ann"], [None], [None]).change_days() == ()


def test_an_open_start_is_valid_on_every_day() -> None:
    history = History.from_columns(["ann"], [None], [None])
    assert history.as_of(date(1, 1, 1)).ids == history.as_of(np.datetime64("2500-01-01")).ids == ("ann",)


def test_of_the_corrections_of_one_day_the_highest_number_counts_and_the_others_never_were() -> None:
    history = History.from_columns(
        ["ann", "bo", "bo", "bo"],
        [None, "ann", None, "ann"],
        [NEW_YEAR] * 4,
        [None, JULY, None, APRIL],
        sequence=[0, 1, 3, 2],
    )
    assert history.as_of(NEW_YEAR).root_ids == ("ann", "bo")
    assert history.as_of(date(2030, 1, 1)).root_ids == ("ann", "bo")
    assert history.change_days() == (NEW_YEAR,)


def test_a_correction_that_ends_on_its_first_day_takes_the_row_away() -> None:
    history = History.from_columns(
        ["ann", "bo", "bo"], [None, "ann", "ann"], [NEW_YEAR] * 3, [None, None, NEW_YEAR], sequence=[1, 1, 2]
    )
    assert history.as_of(NEW_YEAR).ids == ("ann",)


def test_sequence_numbers_may_be_large_negative_or_whole_floats() -> None:
    for numbers in (
        [2**40, -(2**40)],
        np.array([2**63 - 1, -(2**63)]),
        np.array([2**64 - 1, 0], dtype=np.uint64),
        [3.0, np.int8(2)],
    ):
        history = History.from_columns(["a", "a"], [None, "b"], [NEW_YEAR] * 2, sequence=numbers)
        assert history.as_of(NEW_YEAR).root_ids == ("a",)


def test_every_overlap_of_one_id_is_told() -> None:
    ids = ["ann", "ann", "ann", "bo", "bo", "cy"]
    starts = [day(0), day(10), day(50), day(0), day(5), day(0)]
    stops = [day(100), day(20), None, day(5), day(9), None]
    with pytest.raises(OrgError) as caught:
        History.from_columns(ids, [None] * 6, starts, stops)
    found = caught.value.violations
    assert [(one.code, one.severity, one.ids, one.rows) for one in found] == [
        ("overlapping_dates", "error", ("ann",), (0, 1)),
        ("overlapping_dates", "error", ("ann",), (0, 2)),
    ]
    assert found[0].message == "row 1: 'ann' is valid from 2024-01-11 on, but row 0 of the same id is until 2024-04-10"
    assert "2 overlapping_dates" in str(caught.value)
    assert found[0].repair is not None


def test_two_open_rows_and_two_equal_corrections_overlap() -> None:
    with pytest.raises(
        OrgError, match=r"overlapping_dates: row 1: 'a' is valid from 2024-04-01 on, but row 0 .* without end"
    ):
        History.from_columns(["a", "a"], [None, None], [NEW_YEAR, APRIL])
    with pytest.raises(OrgError, match="'a' is valid from ever on"):
        History.from_columns(["a", "a"], [None, None], [None, None], sequence=[1, 1])


def test_columns_and_policies_reach_the_organisation() -> None:
    history = History.from_columns(
        ["ann", "bo", "bo"],
        ["XX", "ann", "ann"],
        [NEW_YEAR, NEW_YEAR, APRIL],
        [None, APRIL, None],
        names=["Ann", "Bo", "Bo"],
        titles=["Head", "Clerk", "Chief"],
        teams=None,
        fte=np.array([1.0, 0.5, 1.0]),
        status=["active", "vacant", "active"],
        serves=[(), ["ann"], ()],
        acting_ids=[None, "ann", None],
        attributes={"site": ["N", "S", "N"]},
    )
    before, after = (history.as_of(when, root_tokens=("xx",), single_root=True) for when in (NEW_YEAR, APRIL))
    bo = before.person("bo")
    assert (bo.title, bo.fte, bo.status, bo.serves, bo.acting_id, bo.attributes) == (
        "Clerk",
        0.5,
        "vacant",
        ("ann",),
        "ann",
        {"site": "S"},
    )
    assert (after.person("bo").title, after.person("bo").attributes["site"]) == ("Chief", "N")
    with pytest.raises(OrgError, match="unknown_manager"):
        history.as_of(APRIL)
    assert history.as_of(APRIL, strict=False).root_ids == ("ann",)


def test_a_dotted_line_counts_while_both_its_ends_are_there() -> None:
    history = History.from_columns(
        ["ann", "bo", "cy"],
        [None, "ann", "ann"],
        [NEW_YEAR] * 3,
        [None, None, APRIL],
        dotted=(["bo", "cy"], ["cy", "bo"]),
    )
    assert history.as_of(NEW_YEAR).person("bo").dotted_manager_ids == ("cy",)
    assert history.as_of(APRIL).person("bo").dotted_manager_ids == ()
    nobody = History.from_columns(["ann"], [None], [NEW_YEAR], dotted=(["ann", "ann"], ["zoe", 3]))
    with pytest.raises(OrgError, match=r"1 bad_value, 1 unknown_reference"):
        nobody.as_of(NEW_YEAR)


@pytest.mark.parametrize(
    "days",
    [
        [NEW_YEAR, None],
        [datetime(2024, 1, 1), None],
        np.array(["2024-01-01", "NaT"], dtype="datetime64[D]"),
        np.array(["2024-01-01", "NaT"], dtype="datetime64[ns]"),
        [np.datetime64("2024-01-01T00:00", "m"), np.datetime64("NaT")],
        pd.Series([pd.Timestamp("2024-01-01"), pd.NaT]),
        pd.Series([NEW_YEAR, None], dtype=object),
        [pd.Timestamp("2024-01-01"), float("nan")],
        [NEW_YEAR, pd.NA],
    ],
)
def test_days_come_as_dates_of_any_make(days: Any) -> None:
    history = History.from_columns(["a", "b"], [None, None], days)
    assert history.change_days() == (NEW_YEAR,)
    assert history.as_of(day(-1)).ids == ("b",)
    assert history.as_of(pd.Timestamp("2024-01-01")).ids == ("a", "b")


def test_every_day_and_number_that_cannot_be_read_is_told_at_once() -> None:
    with pytest.raises(OrgError) as caught:
        History.from_columns(
            ["a", "b", "c", "d", "e", 6, "g", "g"],
            [None] * 8,
            [
                "2024-01-01",
                20240101,
                datetime(2024, 1, 1, 8),
                datetime(2024, 1, 1, tzinfo=UTC),
                APRIL,
                True,
                NEW_YEAR,
                NEW_YEAR,
            ],
            [None, None, None, None, NEW_YEAR, None, None, APRIL],
            sequence=[1, 1, 1, 1, 1, 1, 1.5, None],
        )
    found = caught.value.violations
    assert {one.code for one in found} == {"bad_value"}
    assert [one.rows[0] for one in found] == [5, 0, 1, 2, 3, 4, 6, 7]
    assert (
        "row 0 ('a'): valid_from: expected a date (datetime.date or numpy.datetime64, without a time of day), got '2024-01-01'"
        in str(caught.value)
    )
    assert "row 4 ('e'): valid_to: 2024-01-01 is before 2024-04-01" in str(caught.value)
    assert "row 5: valid_from: expected a date" in str(caught.value)
    assert "row 7 ('g'): sequence: expected a whole number, got None" in str(caught.value)


def test_a_time_of_day_in_a_column_of_datetimes_is_told() -> None:
    with pytest.raises(OrgError, match=r"row 1 \('b'\): valid_from"):
        History.from_columns(
            ["a", "b"], [None] * 2, np.array(["2024-01-01T00", "2024-01-01T08"], dtype="datetime64[h]")
        )
    with pytest.raises(OrgError, match="2 bad_value"):
        History.from_columns(["a", "b"], [None] * 2, [NEW_YEAR] * 2, sequence=[True, 2**70])


@pytest.mark.parametrize("when", [None, "2024-01-01", 5, np.datetime64("NaT"), np.datetime64("2024-01-01T08")])
def test_a_day_that_is_none_is_refused(when: Any) -> None:
    with pytest.raises(OrgError, match="day: expected a date"):
        History.from_columns(["a"], [None], [NEW_YEAR]).as_of(when)


def test_columns_that_do_not_fit_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="columns of unequal length: ids 2, manager_ids 2, valid_from 1"):
        History.from_columns(["a", "b"], [None, None], [NEW_YEAR])
    with pytest.raises(ValueError, match=r"attributes\['x'\] 1"):
        History.from_columns(["a", "b"], [None, None], [NEW_YEAR] * 2, attributes={"x": ["y"]})
    with pytest.raises(ValueError, match="attributes: expected a mapping of names to columns, got list"):
        History.from_columns(["a"], [None], [NEW_YEAR], attributes=["x"])
    with pytest.raises(ValueError, match="valid_to: expected a column"):
        History.from_columns(["a"], [None], [NEW_YEAR], JULY)
    with pytest.raises(ValueError, match="dotted: expected a pair"):
        History.from_columns(["a"], [None], [NEW_YEAR], dotted=["a"])
    with pytest.raises(ValueError, match="dotted person ids 1, dotted manager ids 2"):
        History.from_columns(["a"], [None], [NEW_YEAR], dotted=(["a"], ["a", "b"]))


def test_unknown_columns_and_policies_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"no column 'title' \(did you mean 'titles'\?\); known: names, titles"):
        History.from_columns(["a"], [None], [NEW_YEAR], title=["x"])
    with pytest.raises(TypeError, match="no policy 'names'; known: root_tokens"):
        History.from_columns(["a"], [None], [NEW_YEAR]).as_of(NEW_YEAR, names=["x"])


def test_rows_without_an_id_are_left_to_the_organisation_of_the_day() -> None:
    history = History.from_columns([None, "", None, "a"], [None] * 4, [NEW_YEAR] * 4)
    with pytest.raises(OrgError, match="3 blank_id"):
        history.as_of(NEW_YEAR)
    assert history.as_of(NEW_YEAR, strict=False).ids == ("a",)


def test_a_history_shows_no_people_and_keeps_its_own_columns() -> None:
    ids = np.array(["ann"], dtype=object)
    fte = np.array([1.0])
    history = History.from_columns(ids, [None], [NEW_YEAR], names=["Ann"], fte=fte)
    ids[0], fte[0] = "bo", 0.5
    assert history.as_of(NEW_YEAR).weights("fte").tolist() == [1.0]
    assert repr(history) == "History(1 rows)"
    assert history.as_of(NEW_YEAR).ids == ("ann",)


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 12), st.none() | st.integers(0, 12), st.integers(0, 2)), max_size=8
)


@given(ROWS)
def test_as_of_agrees_with_a_walk_over_the_rows(rows: list[tuple[str, int, int | None, int]]) -> None:
    ids = [row[0] for row in rows]
    given_rows = [[day(row[1]) for row in rows], [None if row[2] is None else day(row[2]) for row in rows]]
    titles = [str(place) for place in range(len(rows))]
    kept = [
        (place, one)
        for place, one in enumerate(rows)
        if not any(other[:2] == one[:2] and other[3] > one[3] for other in rows)
    ]
    end = {place: 99 if one[2] is None else one[2] for place, one in kept}
    backward = [one for one in rows if one[2] is not None and one[2] < one[1]]
    overlap = [
        (first, second)
        for first, one in kept
        for second, other in kept
        if first < second and one[0] == other[0] and max(one[1], other[1]) < min(end[first], end[second])
    ]

    def build() -> History:
        return History.from_columns(
            ids, [None] * len(rows), *given_rows, sequence=[row[3] for row in rows], titles=titles
        )

    if backward or overlap:
        with pytest.raises(OrgError) as caught:
            build()
        told = {one.rows for one in caught.value.violations if one.code == "overlapping_dates"}
        assert bool(told) == bool(overlap) or backward
        assert {tuple(sorted(pair)) for pair in told} <= set(overlap) or backward
        return
    history = build()
    seen: Any = None
    for number in range(-1, 14):
        valid = [str(place) for place, one in kept if one[1] <= number < end[place]]
        now = history.as_of(day(number)).column("titles").tolist()
        assert now == valid
        if seen is not None and now != seen:
            assert day(number) in history.change_days()
        seen = now


@given(ROWS, st.randoms())
def test_the_order_of_the_rows_changes_no_organisation(
    rows: list[tuple[str, int, int | None, int]], random: Any
) -> None:
    def build(given_rows: Any) -> History | str:
        try:
            return History.from_columns(
                [row[0] for row in given_rows],
                [None] * len(given_rows),
                [day(row[1]) for row in given_rows],
                [None if row[2] is None else day(row[2]) for row in given_rows],
                sequence=[row[3] for row in given_rows],
                titles=["t"] * len(given_rows),
            )
        except OrgError as error:
            return ",".join(sorted(one.code for one in error.violations if one.code == "bad_value"))

    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = build(rows), build(shuffled)
    if isinstance(first, str) or isinstance(second, str):
        assert first == second
        return
    assert first.change_days() == second.change_days()
    for number in range(13):
        assert first.as_of(day(number)) == second.as_of(day(number))


def test_the_organisation_of_a_day_is_that_of_its_rows() -> None:
    rng = np.random.default_rng(0)
    n = 500
    ids = [f"p{i}" for i in range(n)]
    managers = [None, *(f"p{rng.integers(i)}" for i in range(1, n))]
    history = History.from_columns(
        ids * 2, managers * 2, [NEW_YEAR] * n + [APRIL] * n, [APRIL] * n + [None] * n, fte=[1.0] * n + [0.5] * n
    )
    assert history.n_rows == 2 * n
    assert history.as_of(NEW_YEAR) == Organisation.from_columns(ids, managers, fte=[1.0] * n)
    assert history.as_of(APRIL) == Organisation.from_columns(ids, managers, fte=[0.5] * n)
