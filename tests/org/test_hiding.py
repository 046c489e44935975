"""Parts of a whole: what is hidden together holds enough, and exchanges agree with trying every one."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import DisclosureError
from leadkit.org._exchanges import is_exchangeable
from leadkit.org._hiding import checked_again, shown_parts

COUNTS = st.integers(1, 2).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(COUNTS, st.integers(3, 6))
def test_each_part_shown_and_the_hidden_ones_together_hold_nobody_or_enough(counts: Any, min_n: int) -> None:
    found = np.array(counts)
    shown = shown_parts(found, min_n)
    assert all(count == 0 or count >= min_n for count in found[shown].ravel())
    together = found[~shown].sum(axis=0)
    assert ((together == 0) | (together >= min_n)).all() or not shown.any()
    assert shown.all() or found[shown].any(axis=1).all()


def test_everything_goes_when_no_other_part_helps() -> None:
    assert shown_parts([[3], [0], [0]], 5).tolist() == [False] * 3
    assert shown_parts([[9, 1], [8, 9], [0, 0]], 5).tolist() == [False] * 3
    assert shown_parts([[9, 1], [8, 0]], 5).tolist() == [False] * 2


@pytest.mark.parametrize("min_n", [2, 3.0, True])
def test_a_minimum_below_three_is_refused(min_n: Any) -> None:
    with pytest.raises(DisclosureError, match="at least 3"):
        shown_parts([[1]], min_n)
    with pytest.raises(DisclosureError, match="at least 3"):
        checked_again(min_n, None)


SIZES = st.lists(st.integers(0, 9), max_size=5)


@given(st.integers(0, 9), SIZES, SIZES)
def test_an_exchange_is_found_exactly_where_one_exists(value: int, same: list[int], opposite: list[int]) -> None:
    tried = any(
        value + sum(away) == sum(back)
        for taken in range(len(same) + 1)
        for away in combinations(same, taken)
        for back in combinations(opposite, taken + 1)
    )
    assert is_exchangeable(value, np.array(same, dtype=int), np.array(opposite, dtype=int)) == tried


def test_among_many_an_exchange_of_equals_is_always_found() -> None:
    many = np.arange(1000) * 10
    assert is_exchangeable(370, many, many)
    assert is_exchangeable(5, np.full(100, 5), np.repeat([2, 8], 50))
    assert not is_exchangeable(1, np.arange(0, 200, 2), np.arange(0, 200, 2))
    assert not is_exchangeable(10**9, many, many)
