"""Working time: one long count, a million pairs, ten years made ready, and the memory of each."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import businesstimedelta
import numpy as np
import pytest
import pytz
from pytest_benchmark.fixture import BenchmarkFixture

from leadkit.calendars import Never, WorkCalendar

ZONE = "America/New_York"
N_PAIRS = 1_000_000
N_LOOPED = 20_000
LEAST_A_SECOND = 2e6
FIRST, LAST = datetime(2021, 1, 4, 12, tzinfo=UTC), datetime(2026, 1, 5, 12, tzinfo=UTC)
SPANS = "09:00-12:30, 13:30-17:00"
HOLIDAYS = [date(year, month, day) for year in range(2020, 2030) for month, day in ((1, 1), (7, 3), (12, 25))]
READY = f"""
calendar = WorkCalendar.weekly({{"mon-fri": "{SPANS}"}}, zone="{ZONE}")
calendar.elapsed(datetime(2020, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC))
"""


def desk(spans: str = SPANS) -> WorkCalendar:
    return WorkCalendar.weekly({"mon-fri": spans}, zone=ZONE, holidays=HOLIDAYS)


def pairs() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    low, high = np.array([FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)], dtype="M8[us]").astype(np.int64)
    starts, ends = rng.integers(low, high, (2, N_PAIRS)).view("M8[us]")
    return starts, ends, rng.integers(0, 200 * 3600 * 10**6, N_PAIRS).view("m8[us]")


def moments(values: np.ndarray) -> list[datetime]:
    return [value.replace(tzinfo=UTC) for value in values[:N_LOOPED].tolist()]


def child_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_elapsed_over_five_years_against_businesstimedelta(ratio: Callable[..., float]) -> None:
    ours = desk("09:00-17:00").with_(holidays=())
    nine_to_five = datetime(2026, 1, 1, 9, tzinfo=UTC).time(), datetime(2026, 1, 1, 17, tzinfo=UTC).time()
    rule = businesstimedelta.WorkDayRule(*nine_to_five, working_days=[0, 1, 2, 3, 4], tz=pytz.timezone(ZONE))
    rules = businesstimedelta.Rules([rule])
    assert ours.elapsed(FIRST, LAST) == rules.difference(FIRST, LAST).timedelta
    ratio(lambda: ours.elapsed(FIRST, LAST), lambda: rules.difference(FIRST, LAST), at_most=0.01)


@pytest.mark.parametrize("question", ["elapsed", "add"])
def test_a_million_pairs_against_a_loop(
    question: str, benchmark: BenchmarkFixture, tell: Callable[[str], None]
) -> None:
    starts, ends, work = pairs()
    calendar = desk()
    firsts, lasts, amounts = moments(starts), moments(ends), work[:N_LOOPED].tolist()

    def ours() -> np.ndarray:
        return calendar.elapsed_array(starts, ends) if question == "elapsed" else calendar.add_array(starts, work)

    def loop() -> list[timedelta] | list[datetime | Never]:
        if question == "elapsed":
            return [calendar.elapsed(start, end) for start, end in zip(firsts, lasts, strict=True)]
        return [calendar.add(start, amount) for start, amount in zip(firsts, amounts, strict=True)]

    looped = [moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment for moment in loop()]
    assert ours()[:N_LOOPED].tolist() == looped
    best = [float("inf")] * 2
    for _ in range(5):
        for place, work_of in enumerate((ours, loop)):
            before = time.process_time()
            work_of()
            best[place] = min(best[place], time.process_time() - before)
    rate, faster = N_PAIRS / best[0], best[1] / N_LOOPED / (best[0] / N_PAIRS)
    benchmark.extra_info.update(rate=rate, faster=faster)
    benchmark.pedantic(ours, rounds=1)  # type: ignore[no-untyped-call]
    tell(
        f"{question}_array: {rate:.3g} pairs a second, at least {LEAST_A_SECOND:g}, or {faster:.3g} times the loop, 50"
    )
    assert rate >= LEAST_A_SECOND or faster >= 50


@pytest.mark.parametrize("question", ["elapsed", "add"])
def test_the_memory_of_a_million_pairs(question: str, peak_memory: Callable[..., float]) -> None:
    starts, ends, work = pairs()
    calendar = desk()
    six_arrays = 6 * starts.nbytes / 2**20
    if question == "elapsed":
        peak_memory(lambda: calendar.elapsed_array(starts, ends), at_most=six_arrays)
    else:
        peak_memory(lambda: calendar.add_array(starts, work), at_most=six_arrays)


def test_the_memory_of_thirty_years(peak_memory: Callable[..., float]) -> None:
    calendar = desk()
    thirty = datetime(2000, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC)
    peak_memory(lambda: calendar.elapsed(*thirty), at_most=4.0)
    assert calendar._hours.nbytes < 1_000_000  # noqa: SLF001 - what is kept shows nowhere


def test_ten_years_made_ready_against_importing_holidays(
    benchmark: BenchmarkFixture, tell: Callable[[str], None]
) -> None:
    imports = "from datetime import UTC, datetime\nfrom leadkit.calendars import WorkCalendar\n"
    codes = ("pass", "import holidays", imports, imports + READY)
    best = {code: min(child_seconds(code) for _ in range(5)) for code in codes}
    ours, peer = best[imports + READY] - best[imports], best["import holidays"] - best["pass"]
    benchmark.extra_info.update(ours=ours, peer=peer)
    benchmark.pedantic(child_seconds, args=("pass",), rounds=1)  # type: ignore[no-untyped-call]
    tell(f"ten years ready in {ours:.3f} s, import holidays {peer:.3f} s: ratio {ours / peer:.2f}, below 1")
    assert ours < peer
