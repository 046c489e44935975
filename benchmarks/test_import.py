"""How long a fresh interpreter takes to import leadkit, beside numpy and attrs, which it stands on."""

from __future__ import annotations

import math
import resource
import subprocess
import sys
from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

BASE = "import numpy, attrs"


def processor_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize(
    ("code", "goal"),
    [("import leadkit", 2.5), ("import leadkit.stats", 2.5), ("from leadkit.stats import *", math.inf)],
)
def test_import_against_numpy_and_attrs(
    code: str, goal: float, benchmark: BenchmarkFixture, tell: Callable[[str], None]
) -> None:
    best = {run: min(processor_seconds(run) for _ in range(7)) for run in ("pass", BASE, code)}
    ours, peer = best[code] - best["pass"], best[BASE] - best["pass"]
    benchmark.extra_info.update(ours=ours, peer=peer, ratio=ours / peer)
    benchmark.pedantic(processor_seconds, args=(code,), rounds=1)  # type: ignore[no-untyped-call]
    tell(f"{code} {ours:.3f} s against {BASE} {peer:.3f} s: ratio {ours / peer:.2f}, at most {goal}")
    assert ours / peer <= goal
