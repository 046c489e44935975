"""Every benchmark runs beside its peer: one BLAS thread, processor time, the best of interleaved repeats."""

from __future__ import annotations

import math
import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

# a BLAS reads these once, when numpy loads it, which no import above does
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

Work: TypeAlias = Callable[[], object]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.benchmark(timer=time.process_time))


@pytest.fixture
def ratio(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> Callable[..., float]:
    """Compare `ours` with `peer` and require at most so many times its processor time."""

    def compare(ours: Work, peer: Work, *, at_most: float, repeats: int = 5) -> float:
        best = [math.inf, math.inf]
        for _ in range(repeats):
            for place, work in enumerate((ours, peer)):
                best[place] = min(best[place], processor_seconds(work))
        value = best[0] / best[1]
        benchmark.extra_info.update(ours=best[0], peer=best[1], ratio=value, at_most=at_most)
        benchmark.pedantic(ours, rounds=1)  # type: ignore[no-untyped-call]
        report(capsys, f"{best[0]:.4g} s against {best[1]:.4g} s: ratio {value:.3g}, at most {at_most:g}")
        assert value <= at_most
        return value

    return compare


@pytest.fixture
def peak_memory(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> Callable[..., float]:
    """Measure what `ours` allocates at its peak, in MiB, and require at most so many."""

    def measure(ours: Work, *, at_most: float) -> float:
        tracemalloc.start()
        try:
            ours()
            value = tracemalloc.get_traced_memory()[1] / 2**20
        finally:
            tracemalloc.stop()
        benchmark.extra_info.update(peak_mib=value, at_most=at_most)
        benchmark.pedantic(ours, rounds=1)  # type: ignore[no-untyped-call]
        report(capsys, f"{value:.3g} MiB at the peak, at most {at_most:g}")
        assert value <= at_most
        return value

    return measure


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Write a line even where output is captured."""
    return lambda line: report(capsys, line)


def processor_seconds(work: Work) -> float:
    """Measure one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def report(capsys: pytest.CaptureFixture[Any], line: str) -> None:
    """Write a line even where output is captured."""
    with capsys.disabled():
        sys.stdout.write(f" {line} ")
        sys.stdout.flush()
