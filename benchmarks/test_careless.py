"""All indices of careless answering, of 1e4 people by 50 items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from leadkit.stats.careless import CarelessIndices, careless_indices

N_SCALES = 10
LOADINGS = np.tile([0.9, 0.9, 0.9, 0.9, 0.4], N_SCALES)
REVERSE = np.tile([False, True, False, False, True], N_SCALES)
SCALES = [range(start, start + 5) for start in range(0, 5 * N_SCALES, 5)]


def test_careless_indices_against_pandas_person_total_r_alone(ratio: Callable[..., float]) -> None:
    rng = np.random.default_rng(0)
    traits = np.repeat(rng.normal(size=(10_000, N_SCALES)), 5, axis=1)
    keyed = np.clip(np.round(3 + LOADINGS * traits + 0.4 * rng.normal(size=traits.shape)), 1, 5)
    answers = np.where(REVERSE, 6 - keyed, keyed)
    frame = pd.DataFrame(keyed)

    def ours() -> CarelessIndices:
        return careless_indices(answers, subscales=SCALES, reverse=REVERSE, bounds=(1, 5))

    def peer() -> Any:
        means_of_others = (frame.sum() - frame) / (len(frame) - 1)
        return frame.corrwith(means_of_others, axis=1)

    result = ours()
    assert result.n_synonym_pairs > 0
    assert result.n_antonym_pairs > 0
    assert np.allclose(result.person_total_r, peer(), rtol=0, atol=1e-10, equal_nan=True)
    ratio(ours, peer, at_most=1.0)
