"""Places that keep a distance: apart, in order, and moved as little as can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leadkit.plots.spacing import spread

places = st.lists(st.floats(-20, 20), min_size=1, max_size=8)
gaps = st.floats(0, 3)


@given(places, gaps)
def test_neighbours_are_at_least_a_gap_apart(wanted: list[float], gap: float) -> None:
    assert (np.diff(spread(wanted, gap)) >= gap - 1e-9).all()


@given(places, gaps, st.randoms(use_true_random=False))
def test_no_other_places_that_keep_the_distance_need_smaller_moves(
    wanted: list[float], gap: float, random: object
) -> None:
    rng = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    target = np.array(wanted)
    moved = ((spread(target, gap) - target) ** 2).sum()
    for _ in range(20):
        steps = gap + rng.exponential(size=target.size)
        other = target.mean() + rng.normal() + np.cumsum(steps) - np.cumsum(steps).mean()
        assert moved <= ((other - target) ** 2).sum() + 1e-9


@given(places)
def test_places_within_bounds_stay_there_and_apart(wanted: list[float]) -> None:
    found = spread(wanted, 1.0, within=(0.0, 10.0))
    assert found[0] >= -1e-9
    assert found[-1] <= 10 + 1e-9
    assert (np.diff(found) >= 1 - 1e-9).all()


def test_nobody_has_no_places() -> None:
    assert spread([], 1.0, within=(0.0, 1.0)).size == 0
