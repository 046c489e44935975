"""Service clocks: working time of many pairs and of one beside a peer, and of rows with pauses beside our own loop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from business_duration import businessDuration

from leadkit.calendars import WorkCalendar
from leadkit.escalation.clocks import SlaClock

N_PAIRS = 2_000
N_SCALAR = 300
N_ROWS = 100_000
N_LOOPED = 2_000
HOLIDAYS = [date(2024, 12, 25), date(2025, 1, 1)]
SECOND = np.timedelta64(1, "s")


def clock() -> SlaClock:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC", holidays=HOLIDAYS)
    return SlaClock(kind="resolution", budget=timedelta(hours=8), calendar=desk)


def pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    starts = np.datetime64("2024-01-01", "s") + rng.integers(0, 500 * 86_400, n).astype("m8[s]")
    return starts, starts + rng.integers(0, 30 * 86_400, n).astype("m8[s]")


def peer_seconds(start: datetime, end: datetime) -> float:
    found: float = businessDuration(
        startdate=start, enddate=end, starttime=time(9), endtime=time(17), holidaylist=HOLIDAYS, unit="sec"
    )
    return found


def test_working_time_of_many_pairs_against_business_duration(ratio: Callable[..., float]) -> None:
    own, (starts, ends) = clock(), pairs(N_PAIRS)
    naive = list(zip(starts.tolist(), ends.tolist(), strict=True))

    def peer() -> list[float]:
        return [peer_seconds(*pair) for pair in naive]

    assert (own.elapsed_array(starts, ends) / SECOND).tolist() == peer()
    ratio(lambda: own.elapsed_array(starts, ends), peer, at_most=1 / 100)


def test_working_time_of_one_pair_against_business_duration(ratio: Callable[..., float]) -> None:
    own, (starts, ends) = clock(), pairs(N_SCALAR)
    naive = list(zip(starts.tolist(), ends.tolist(), strict=True))
    aware = [(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)) for start, end in naive]

    def ours() -> list[timedelta]:
        return [own.elapsed(*pair) for pair in aware]

    def peer() -> list[float]:
        return [peer_seconds(*pair) for pair in naive]

    assert [found.total_seconds() for found in ours()] == peer()
    ratio(ours, peer, at_most=1 / 15)


def test_a_hundred_thousand_rows_with_pauses_against_a_loop_over_two_thousand(ratio: Callable[..., float]) -> None:
    own, (starts, ends) = clock(), pairs(N_ROWS)
    of = np.repeat(np.arange(N_ROWS), 2)
    begins = starts[of] + np.tile(np.array([3600, 86_400], dtype="m8[s]"), N_ROWS)
    stops = begins + np.tile(np.array([90_000, 40_000], dtype="m8[s]"), N_ROWS)
    aware = [
        (a.replace(tzinfo=UTC), b.replace(tzinfo=UTC)) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    edges = [
        (a.replace(tzinfo=UTC), b.replace(tzinfo=UTC)) for a, b in zip(begins.tolist(), stops.tolist(), strict=True)
    ]

    def ours() -> np.ndarray:
        return own.elapsed_array(starts, ends, pause_of=of, pause_starts=begins, pause_ends=stops)

    def loop() -> list[timedelta]:
        return [own.elapsed(*aware[i], pauses=edges[2 * i : 2 * i + 2]) for i in range(N_LOOPED)]

    assert ours()[:N_LOOPED].tolist() == loop()
    # a row of ours at most a tenth of a row of the loop
    ratio(ours, loop, at_most=N_ROWS / N_LOOPED / 10)
