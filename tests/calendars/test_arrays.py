"""Arrays of instants: any unit, NaT, broadcasting, object arrays, and the same answers as the scalar methods."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from leadkit.calendars import NEVER, Never, WorkCalendar

DESK = WorkCalendar.weekly({"mon-fri": "09:00-12:30, 13:30-17:00"}, zone="America/New_York")
HOUR = timedelta(hours=1)
NAT = np.datetime64("NaT")


def plain(value: datetime | Never) -> datetime | None:
    return None if isinstance(value, Never) else value.replace(tzinfo=None)


@pytest.mark.parametrize("side", ["finish", "start"])
def test_thousands_of_pairs_are_answered_as_one_by_one(side: Literal["finish", "start"]) -> None:
    rng = np.random.default_rng(0)
    low, high = np.array(["2026-01-01", "2027-06-01"], dtype="M8[us]").astype(np.int64)
    starts, ends = rng.integers(low, high, (2, 700)).view("M8[us]")
    work = rng.integers(-200 * 3600, 200 * 3600, 700).astype("m8[s]")
    moments = [[moment.replace(tzinfo=UTC) for moment in column.tolist()] for column in (starts, ends)]
    elapsed = [DESK.elapsed(start, end) for start, end in zip(*moments, strict=True)]
    assert DESK.elapsed_array(starts, ends).tolist() == elapsed
    added = [plain(DESK.add(start, amount, side=side)) for start, amount in zip(moments[0], work.tolist(), strict=True)]
    assert DESK.add_array(starts, work, side=side).tolist() == added


@pytest.mark.parametrize("unit", ["W", "D", "h", "m", "s", "ms", "us", "ns"])
def test_any_unit_is_taken_and_microseconds_come_back(unit: str) -> None:
    start, end = np.array(["2026-03-05", "2026-03-19"], dtype=f"M8[{unit}]")
    found = DESK.elapsed_array([start], [end])
    assert found.dtype == np.dtype("m8[us]")
    first, last = (moment.astype("M8[us]").item().replace(tzinfo=UTC) for moment in (start, end))
    assert found.tolist() == [DESK.elapsed(first, last)]
    work = np.array([1], dtype=f"m8[{unit}]")
    due = DESK.add_array(start, work)
    assert due.dtype == np.dtype("M8[us]")
    assert due.tolist() == [plain(DESK.add(first, work.astype("m8[us]").tolist()[0]))]


def test_whole_months_and_years_are_instants() -> None:
    assert DESK.elapsed_array(np.array(["2026-03"], dtype="M8[M]"), np.array(["2027"], dtype="M8[Y]")) == np.array(
        [DESK.elapsed(datetime(2026, 3, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))], dtype="m8[us]"
    )


def test_a_part_of_a_microsecond_is_cut_off() -> None:
    start = np.datetime64("2026-03-05T15:00:00.000000999", "ns")
    assert DESK.add_array(start, np.timedelta64(1999, "ns")) == np.datetime64("2026-03-05T15:00:00.000001", "us")


def test_what_is_missing_stays_missing() -> None:
    starts = np.array(["2026-03-02T15:00", "NaT", "2026-03-02T15:00"], dtype="M8[us]")
    ends = np.array(["2026-03-02T16:00", "2026-03-02T16:00", "NaT"], dtype="M8[us]")
    assert DESK.elapsed_array(starts, ends).tolist() == [HOUR, None, None]
    work = np.array([3600, 3600, "NaT"], dtype="m8[s]")
    assert DESK.add_array(starts, work).tolist() == [datetime(2026, 3, 2, 16), None, None]
    assert DESK.elapsed_array([NAT, NAT], starts[0]).tolist() == [None, None]
    assert DESK.add_array([NAT], np.array([NAT - NAT])).tolist() == [None]
    nothing: list[Any] = [None, pd.NaT, NEVER]
    assert DESK.add_array(nothing, [HOUR, HOUR, HOUR]).tolist() == [None, None, None]
    assert DESK.add_array(starts[:1], [None]).tolist() == [None]
    assert DESK.add_array(starts[:1], np.array(["NaT"], dtype="m8[Y]")).tolist() == [None]
    assert DESK.elapsed_array(np.array(["NaT"], dtype="M8"), starts[:1]).tolist() == [None]


def test_inputs_broadcast_and_keep_their_shape() -> None:
    starts = np.array(["2026-03-02T15:00", "2026-03-03T15:00"], dtype="M8[us]")
    ends = np.array([["2026-03-04"], ["2026-03-05"], ["2026-03-06"]], dtype="M8[D]")
    found = DESK.elapsed_array(starts, ends)
    assert found.shape == (3, 2)
    rows = [[DESK.elapsed_array(start, end).item() for start in starts] for end in ends[:, 0]]
    assert found.tolist() == rows
    assert DESK.elapsed_array(starts[0], ends[0, 0]).shape == ()
    assert DESK.elapsed_array([], []).shape == (0,)
    assert DESK.add_array(np.empty((0, 2), dtype="M8[s]"), HOUR).shape == (0, 2)
    assert DESK.elapsed_array(starts[::-1], ends[::2]).tolist() == [row[::-1] for row in rows[::2]]
    with pytest.raises(ValueError, match="broadcast"):
        DESK.elapsed_array(starts, starts[[0, 1, 0]])


def test_lists_of_datetimes_of_any_zone_and_pandas_are_taken() -> None:
    start = datetime(2026, 3, 2, 10, tzinfo=DESK.tz)
    assert DESK.elapsed_array([start], [start + HOUR]).tolist() == [HOUR]
    series = pd.Series([pd.Timestamp(start), pd.NaT])
    assert DESK.add_array(series, HOUR).tolist() == [datetime(2026, 3, 2, 16), None]
    assert DESK.add_array(pd.Series([pd.Timestamp("2026-03-02T15:00")]), pd.Timedelta(hours=1)).tolist() == [
        datetime(2026, 3, 2, 16)
    ]


def test_never_in_a_batch_is_nat_beside_answers() -> None:
    near = DESK.with_(horizon_days=3)
    starts = ["2026-03-02T15:00", "2026-03-06T22:00", "2026-03-02T15:00", "2026-03-02T15:00"]
    work = [HOUR, 8 * HOUR, timedelta.max, timedelta.min]
    due = near.add_array(np.array(starts, dtype="M8[us]"), work)
    assert due.tolist() == [datetime(2026, 3, 2, 16), None, None, None]
    huge = np.array([2**62, -(2**62), 3600], dtype="m8[s]")
    assert near.add_array(np.datetime64("2026-03-02T15:00"), huge).tolist() == [None, None, datetime(2026, 3, 2, 16)]
    assert WorkCalendar([]).add_array(np.datetime64("2026-03-02"), [HOUR, 0 * HOUR]).tolist() == [
        None,
        datetime(2026, 3, 2),
    ]


@pytest.mark.parametrize(
    ("starts", "work", "error", "words"),
    [
        (["2026-03-02"], [HOUR], TypeError, "starts: expected datetime64 or aware datetimes, got <U10"),
        ([1.5], [HOUR], TypeError, "starts: expected datetime64 or aware datetimes, got float64"),
        ([datetime(2026, 3, 2)], [HOUR], ValueError, r"starts\[0\]: 2026-03-02T00:00:00 has no time zone"),
        ([datetime(2026, 3, 2, tzinfo=UTC), 5], [HOUR], TypeError, r"starts\[1\]: expected an aware datetime, got 5"),
        (np.array(["10000-01-01"], dtype="M8[D]"), [HOUR], ValueError, r"starts\[0\]: 10000-01-01 lies outside"),
        (np.array([2026, 2**60], dtype="M8[Y]"), [HOUR], ValueError, r"starts\[1\]: .* lies outside the years"),
        (np.array([[-(2**62)]], dtype="M8[us]"), [HOUR], ValueError, r"starts\[0\]: .* lies outside the years"),
        (np.array([-2_525_455_745], dtype="M8[25s]"), [HOUR], ValueError, r"starts\[0\]: .* lies outside the years"),
        (np.array(["2026"], dtype="M8[D]"), [3600], TypeError, "work: expected timedelta64 or timedeltas, got int64"),
        (np.array(["2026"], dtype="M8[D]"), ["x", None], TypeError, r"work\[0\]: expected a timedelta, got 'x'"),
        (np.array(["2026"], dtype="M8[D]"), np.array([1], dtype="m8[M]"), ValueError, "unit 'M' has no fixed length"),
        (
            np.array(["2026"], dtype="M8[D]"),
            np.array([1], dtype="m8"),
            ValueError,
            "unit 'generic' has no fixed length",
        ),
    ],
)
def test_bad_arrays_are_refused_with_the_place_named(
    starts: Any, work: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        DESK.add_array(starts, work)


def test_ends_and_sides_are_checked_too() -> None:
    start = np.datetime64("2026-03-02")
    with pytest.raises(TypeError, match="ends: expected datetime64"):
        DESK.elapsed_array(start, [1])
    with pytest.raises(ValueError, match="side: expected one of 'finish', 'start', got 'end'"):
        DESK.add_array(start, HOUR, side="end")  # type: ignore[arg-type]


def test_a_batch_needs_at_most_six_arrays_of_its_length() -> None:
    n = 200_000
    rng = np.random.default_rng(0)
    low, high = np.array(["2026-01-01", "2027-01-01"], dtype="M8[s]").astype(np.int64)
    starts, ends = rng.integers(low, high, (2, n)).view("M8[s]")
    work = rng.integers(-3600, 3600, n).view("m8[s]")
    DESK.add_array(starts[:10], work[:10])
    for ask in (lambda: DESK.elapsed_array(starts, ends), lambda: DESK.add_array(starts, work)):
        tracemalloc.start()
        ask()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak <= 6 * 8 * n
