"""Long work tells how far it has come, and comes to the same numbers whether anybody listens or not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from leadkit.assessment import Candidates, Criterion, shortlist
from leadkit.stats import agreement_null, bootstrap, krippendorff_alpha

RATINGS = np.array([[1, 1, 2], [2, 2, 2], [3, 3, 1], [4, 3, 4], [1, 2, 1], [5, 5, 5]], dtype=float)
CANDIDATES = Candidates(["a", "b", "c"], [[3.0], [2.0], [1.0]], standard_errors=[[1.0], [1.0], [1.0]])

WORK: dict[str, Callable[..., Any]] = {
    "bootstrap bca": lambda **more: bootstrap(np.mean, RATINGS[:, 0], rng=1, n_resamples=100, **more),
    "bootstrap basic": lambda **more: bootstrap(np.mean, RATINGS[:, 0], rng=1, n_resamples=100, method="basic", **more),
    "krippendorff": lambda **more: krippendorff_alpha(RATINGS, metric="ordinal", n_resamples=50, rng=1, **more),
    "random agreement": lambda **more: agreement_null(5, categories=5, n_draws=5000, rng=1, **more),
    "shortlist": lambda **more: shortlist(CANDIDATES, [Criterion("x", 1.0)], k=1, rng=1, n_draws=50_000, **more),
}


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("on_threads", [False, True])
def test_progress_counts_up_to_the_total_and_changes_nothing(name: str, on_threads: bool) -> None:
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as pool:
        heard = WORK[name](
            progress=lambda done, total: told.append((done, total)), executor=pool if on_threads else None
        )
    total = told[-1][1]
    assert told == [(step, total) for step in range(1, total + 1)]
    assert total > 1
    assert heard == WORK[name]()
