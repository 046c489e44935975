"""What importing leadkit loads, and what it must not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import leadkit
from leadkit import stats, wbs

HEAVY = ("scipy", "pandas", "matplotlib", "narwhals", "cattrs", "hypothesis", "jinja2", "polars")


def loaded_after(code: str) -> set[str]:
    probe = f"{code}\nimport sys\nprint(*sorted(name for name in sys.modules if '.' not in name))"
    ran = subprocess.run(
        [sys.executable, "-c", probe], check=True, capture_output=True, text=True, env=without_coverage()
    )
    return set(ran.stdout.split())


def without_coverage() -> dict[str, str]:
    """Give the environment without what starts coverage, which imports modules of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


@pytest.mark.parametrize("code", ["import leadkit", "import leadkit.stats", "from leadkit.stats import *"])
def test_importing_leadkit_or_its_statistics_loads_nothing_heavy(code: str) -> None:
    assert loaded_after(code).isdisjoint(HEAVY)


def test_scoring_loads_no_scipy() -> None:
    code = "import leadkit; from leadkit import samples; leadkit.score(samples.answers('ved', rng=1))"
    assert loaded_after(code).isdisjoint({"scipy", "pandas", "matplotlib", "jinja2"})


def test_plans_load_nothing_heavy() -> None:
    code = "import leadkit.wbs as wbs; [getattr(wbs, name) for name in wbs.__all__]"
    assert loaded_after(code).isdisjoint({"scipy", "ortools", "networkx", "matplotlib", "xml", "pandas"})


def test_every_public_name_is_there_and_listed() -> None:
    for package in (leadkit, stats, wbs):
        assert sorted(package.__all__) == dir(package)
        for name in package.__all__:
            assert getattr(package, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'leadkit' has no attribute 'nothing'"):
        leadkit.nothing  # noqa: B018
    with pytest.raises(AttributeError, match=r"module 'leadkit\.stats' has no attribute 'nothing'"):
        stats.nothing  # noqa: B018
