"""Posterior means and standard deviations of 1e4 persons on 20 items of 5 categories, 61 points."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import mirt
import numpy as np
import pytest

from leadkit.stats.irt import ItemParameters, estimate_theta
from leadkit.typing import FloatArray

N_POINTS = 61
Family = Literal["GRM", "GPCM"]


def answers() -> FloatArray:
    rng = np.random.default_rng(0)
    slopes = rng.uniform(0.8, 2.5, 20)
    thresholds = np.sort(rng.normal(0, 1.2, (20, 4)), axis=1)
    logits = slopes[:, None] * (rng.normal(size=(10_000, 1, 1)) - thresholds)
    return np.asarray((rng.random((10_000, 20, 1)) < 1 / (1 + np.exp(-logits))).sum(axis=2), dtype=np.float64)


@pytest.mark.parametrize("family", ["GRM", "GPCM"])
@pytest.mark.parametrize("missing", [0.0, 0.05])
def test_posterior_means_against_the_compiled_scores_of_mirt(
    ratio: Callable[..., float], tell: Callable[[str], None], family: Family, missing: float
) -> None:
    x = answers()
    fitted: Any = mirt.fit_mirt(x.astype(int), model=family, max_iter=5, compute_standard_errors=False)
    found = fitted.model.parameters
    thresholds = found["thresholds" if family == "GRM" else "steps"]
    parameters = ItemParameters("grm" if family == "GRM" else "gpcm", found["discrimination"], thresholds, lowest=0)
    x[np.random.default_rng(1).random(x.shape) < missing] = np.nan
    coded = np.where(np.isnan(x), -1, x).astype(int)

    def ours() -> Any:
        return estimate_theta(x, parameters, n_quadpts=N_POINTS)

    def peer() -> Any:
        return mirt.fscores(fitted, coded, method="EAP", n_quadpts=N_POINTS)

    # the peer's points are those of Gauss and Hermite: as many, so the same work, but further apart in the middle, where
    # they cost it digits; with many more the two agree, but for the part of a posterior that lies beyond -6..6
    far = float(np.abs(ours().theta - peer().theta).max())
    finer = mirt.fscores(fitted, coded, method="EAP", n_quadpts=247)
    tell(f"{family}, largest difference from the peer: {far:.1g} of its 61 points")
    assert np.allclose(ours().theta, finer.theta, rtol=0, atol=1e-4)
    assert np.allclose(ours().standard_error, finer.standard_error, rtol=0, atol=1e-4)
    ratio(ours, peer, at_most=3.5)
