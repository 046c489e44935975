"""The way from each person up to the root: doubling agrees with walking, and long lines do not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.org._paths import any_marked, nearest_marked, on_some_path, smallest_on_path, starts_below


@st.composite
def forests(draw: st.DrawFn) -> Any:
    """Draw a forest in any row order, a mark for each node and a value with gaps."""
    n = draw(st.integers(0, 20))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    first = [int(rng.integers(-1, i)) if i else -1 for i in range(n)]
    if draw(st.booleans()):
        first = [i - 1 for i in range(n)]
    place = rng.permutation(n)
    parents = np.full(n, -1)
    for i, parent in enumerate(first):
        parents[place[i]] = place[parent] if parent >= 0 else -1
    values = np.where(rng.random(n) < 0.4, np.nan, rng.integers(0, 9, n).astype(float))
    return parents, rng.random(n) < 0.3, values


def upward(parents: Any, node: int) -> Iterator[int]:
    while node >= 0:
        yield node
        node = int(parents[node])


@given(forests(), st.booleans())
def test_the_nearest_marked_node_is_the_first_that_a_walk_meets(forest: Any, strict: bool) -> None:
    parents, marked, _ = forest
    walked = [
        next((i for i in upward(parents, int(parents[node]) if strict else node) if marked[i]), -1)
        for node in range(len(parents))
    ]
    assert nearest_marked(parents, marked, strict=strict).tolist() == walked
    assert any_marked(parents, marked, strict=strict).tolist() == [found >= 0 for found in walked]


@given(forests())
def test_the_smallest_value_is_the_smallest_that_a_walk_sees(forest: Any) -> None:
    parents, _, values = forest
    walked = [
        min((values[i] for i in upward(parents, node) if not np.isnan(values[i])), default=np.nan)
        for node in range(len(parents))
    ]
    assert np.array_equal(smallest_on_path(parents, values), walked, equal_nan=True)


@given(forests())
def test_starts_are_counted_at_every_node_their_walks_pass(forest: Any) -> None:
    parents, marked, _ = forest
    counts = np.zeros(len(parents), dtype=int)
    for start in np.flatnonzero(marked):
        for node in upward(parents, int(start)):
            counts[node] += 1
    assert starts_below(parents, marked).tolist() == counts.tolist()
    assert on_some_path(parents, marked).tolist() == (counts > 0).tolist()


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_a_chain_of_a_hundred_thousand_is_no_different(dtype: Any) -> None:
    n = 100_000
    parents = np.arange(-1, n - 1, dtype=dtype)
    marked = np.zeros(n, dtype=bool)
    marked[[0, 50_000]] = True
    found = nearest_marked(parents, marked)
    assert (found[0], found[1], found[50_000], found[50_001], found[-1]) == (-1, 0, 0, 50_000, 50_000)
    assert smallest_on_path(parents, np.arange(n, 0, -1.0)).tolist() == list(range(n, 0, -1))
    assert np.array_equal(starts_below(parents, np.ones(n, dtype=bool)), np.arange(n, 0, -1))


def test_without_nodes_there_is_nothing() -> None:
    nobody = np.array([], dtype=np.int32)
    assert nearest_marked(nobody, np.array([], dtype=bool)).tolist() == []
    assert smallest_on_path(nobody, np.array([])).tolist() == []
    assert starts_below(nobody, np.array([], dtype=bool)).tolist() == []
