"""What importing leadkit loads, and what it must not."""

from __future__ import annotations

import subprocess
import sys

import pytest

import leadkit
from leadkit import stats

HEAVY = ("scipy", "pandas", "matplotlib", "narwhals", "cattrs", "hypothesis", "jinja2", "polars")


def loaded_after(code: str) -> set[str]:
    probe = f"{code}\nimport sys\nprint(*sorted(name for name in sys.modules if '.' not in name))"
    return set(subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize("code", ["import leadkit", "import leadkit.stats", "from leadkit.stats import *"])
def test_importing_leadkit_or_its_statistics_loads_nothing_heavy(code: str) -> None:
    assert loaded_after(code).isdisjoint(HEAVY)


def test_scoring_loads_no_scipy() -> None:
    code = "import leadkit; from leadkit import samples; leadkit.score(samples.answers('ved', rng=1))"
    assert loaded_after(code).isdisjoint({"scipy", "pandas", "matplotlib", "jinja2"})


def test_every_public_name_is_there_and_listed() -> None:
    for package in (leadkit, stats):
        assert sorted(package.__all__) == dir(package)
        for name in package.__all__:
            assert getattr(package, name) is not None


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'leadkit' has no attribute 'nothing'"):
        leadkit.nothing  # noqa: B018
    with pytest.raises(AttributeError, match=r"module 'leadkit\.stats' has no attribute 'nothing'"):
        stats.nothing  # noqa: B018
