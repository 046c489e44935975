"""Answers to the V.E.D. framework that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pytest

from leadkit import frameworks
from leadkit.assessment import Instrument, Responses


class Answers(Protocol):
    """Make the answers of people from their keyed answers, dimension by dimension."""

    def __call__(self, people: Mapping[str, Sequence[Sequence[float]]]) -> Responses: ...


@pytest.fixture(scope="session")
def ved() -> Instrument:
    return frameworks.load("ved")


@pytest.fixture(scope="session")
def answers(ved: Instrument) -> Answers:
    turned = np.array([item.reverse for item in ved.items])

    def make(people: Mapping[str, Sequence[Sequence[float]]]) -> Responses:
        keyed = np.array([np.concatenate([np.asarray(part, dtype=float) for part in row]) for row in people.values()])
        return Responses(ved, np.where(turned, 6 - keyed, keyed), list(people))

    return make


@pytest.fixture(scope="session")
def three_people(answers: Answers) -> Responses:
    """Ann, Bo and Cy, whose scores a reader can check on paper."""
    return answers(
        {
            "ann": [(5, 4, 4, 3, 4), (4, 4, 3, 3, 3), (3, 3, 2, 2, 2), [5] * 5, [4] * 5, [3] * 5, [2] * 5],
            "bo": [[3] * 5, [3] * 5, [4] * 5, [3] * 5, [3] * 5, [3] * 5, [3] * 5],
            "cy": [[2] * 5, [5] * 5, [np.nan] * 5, [1] * 5, [2] * 5, [3] * 5, [4] * 5],
        }
    )
