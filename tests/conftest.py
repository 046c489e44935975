"""Where reference numbers and shared data sets are."""

from __future__ import annotations

import json
import os

# small matrices on several threads of a busy machine take ten times as long; a BLAS reads this when numpy loads it
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
SHARED = TESTS.parent.parent / "shared"

settings.register_profile(
    "leadkit",
    deadline=None,
    max_examples=40,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("short", settings.get_profile("leadkit"), max_examples=10)
settings.load_profile("leadkit")


@pytest.fixture(scope="session")
def golden() -> Callable[[str], Any]:
    """Read a reference file by its path below tests/golden."""

    def read(name: str) -> Any:
        return json.loads((TESTS / "golden" / name).read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find a shared data set by its path below shared/data; skip where it is absent."""

    def find(name: str) -> Path:
        path = SHARED / "data" / name
        if not path.exists():
            pytest.skip(f"the shared data set {name} is not beside this checkout")
        return path

    return find
