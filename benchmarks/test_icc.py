"""Six intraclass correlations with intervals of 1e4 targets by 5 raters against pingouin."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadkit.stats.variance import icc

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin


@pytest.mark.filterwarnings("ignore")  # of the peer's own
def test_icc_against_pingouin(ratio: Callable[..., float]) -> None:
    rng = np.random.default_rng(0)
    ratings = rng.normal(size=(10_000, 1)) + 0.3 * rng.normal(size=5) + rng.normal(size=(10_000, 5))
    targets, raters = np.indices(ratings.shape)
    frame = pd.DataFrame({"target": targets.ravel(), "rater": raters.ravel(), "rating": ratings.ravel()})

    def ours() -> Any:
        return icc(ratings).estimate

    def peer() -> Any:
        table = pingouin.intraclass_corr(data=frame, targets="target", raters="rater", ratings="rating")
        return table["ICC"].to_numpy()

    # the peer sorts its forms as here: single ratings, then means
    assert np.allclose(ours(), peer(), rtol=0, atol=1e-8)
    ratio(ours, peer, at_most=0.15)
