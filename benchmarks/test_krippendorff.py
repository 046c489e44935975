"""Krippendorff's alpha, ordinal and interval, of 1e4 units by 5 raters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import krippendorff
import numpy as np
import pytest

from leadkit.stats.agreement import krippendorff_alpha

METRICS: tuple[Literal["ordinal", "interval"], ...] = ("ordinal", "interval")


@pytest.mark.parametrize("missing", [0.0, 0.05])
def test_krippendorff_alpha_against_the_krippendorff_package(ratio: Callable[..., float], missing: float) -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(1, 6, (10_000, 1))
    ratings = np.clip(truth + rng.integers(-1, 2, (10_000, 5)), 1, 5).astype(float)
    ratings[rng.random(ratings.shape) < missing] = np.nan

    def ours() -> list[float]:
        return [krippendorff_alpha(ratings, metric=metric).alpha for metric in METRICS]

    def peer() -> list[Any]:
        return [krippendorff.alpha(reliability_data=ratings.T, level_of_measurement=metric) for metric in METRICS]

    assert np.allclose(ours(), peer(), rtol=0, atol=1e-10)
    ratio(ours, peer, at_most=1.5)
