"""Ticks on an axis of dates: round, in the zone that is asked for, and not too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.plots.dates import day_number, ticks
from leadkit.plots.names import listed

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "texts"),
    [
        (timedelta(hours=3), ["14:00\n9 Sep 2026", "15:00", "16:00", "17:00"]),
        (
            timedelta(days=2),
            ["18:00\n9 Sep 2026", "00:00\n10 Sep 2026", "06:00", "12:00", "18:00", "00:00\n11 Sep 2026"],
        ),
        (timedelta(days=5), ["10 Sep\n2026", "11 Sep", "12 Sep", "13 Sep", "14 Sep"]),
        (timedelta(days=30), ["14 Sep\n2026", "21 Sep", "28 Sep", "5 Oct"]),
        (timedelta(days=250), ["Oct\n2026", "Nov", "Dec", "Jan\n2027", "Feb", "Mar", "Apr", "May"]),
        (timedelta(days=366 * 4), ["Jan\n2027", "Jul", "Jan\n2028", "Jul", "Jan\n2029", "Jul", "Jan\n2030", "Jul"]),
        (timedelta(days=366 * 45), ["2030", "2035", "2040", "2045", "2050", "2055", "2060", "2065", "2070"]),
    ],
)
def test_ticks_are_hours_days_mondays_months_or_years_by_the_length(length: timedelta, texts: list[str]) -> None:
    found = ticks(NOON, NOON + length, BERLIN)
    assert [tick.text for tick in found][: len(texts)] == texts


def test_days_are_counted_as_matplotlib_does() -> None:
    from matplotlib.dates import date2num

    moment = datetime(2026, 9, 9, 14, 30, 15, tzinfo=BERLIN)
    assert day_number(moment) == pytest.approx(date2num(moment), abs=1e-9)  # type: ignore[no-untyped-call]


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(BERLIN)),
    st.timedeltas(timedelta(hours=4), timedelta(days=40_000)),
)
def test_ticks_rise_within_the_ends_and_are_neither_too_many_nor_too_few(start: datetime, length: timedelta) -> None:
    low = start.astimezone(UTC)
    found = ticks(low, low + length, BERLIN)
    at = [tick.at for tick in found]
    assert at == sorted(set(at))
    assert all(low <= moment <= low + length for moment in at)
    assert 1 <= len(at) <= 12
    assert all(moment.astimezone(BERLIN).minute == 0 for moment in at if moment.year > 1900)


def test_an_hour_that_a_change_of_the_clocks_skips_is_no_tick_of_its_own() -> None:
    start = datetime(2026, 3, 29, 0, tzinfo=BERLIN)
    found = ticks(start, start + timedelta(hours=6), BERLIN)
    assert len({tick.at for tick in found}) == len(found)


def test_all_of_time_has_ticks() -> None:
    found = ticks(datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 1, tzinfo=UTC), UTC)
    assert [tick.text for tick in found] == [str(year) for year in range(1000, 10_000, 1000)]


def test_at_least_the_first_of_some_names_is_listed() -> None:
    assert listed(["a" * 30, "b"], 10) == "aaaaaaaaa\N{HORIZONTAL ELLIPSIS} and 1 more"
