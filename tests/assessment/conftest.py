"""A small instrument that the tests of this room share."""

from __future__ import annotations

import pytest

from leadkit.assessment import Instrument

TWO = """
id = "two"
version = "1.0.0"
title = "Two dimensions"
source = "Example"
licence = "MIT"
status = "unvalidated"
scale = { low = 1, high = 5 }
[[dimensions]]
id = "vision"
name = "Vision"
min_answered = 2
[[dimensions.items]]
id = "vis1"
text = "I look ahead."
[[dimensions.items]]
id = "vis2"
text = "I wait."
reverse = true
[[dimensions.items]]
id = "vis3"
text = "I plan."
weight = 2
[[dimensions]]
id = "drive"
name = "Drive"
[[dimensions.items]]
id = "dri1"
text = "I act."
external_ids = { csv = "Q4" }
[[dimensions.items]]
id = "dri2"
text = "I finish."
[[composites]]
id = "lead"
name = "Lead"
weights = { vision = 3, drive = 1 }
"""


@pytest.fixture(scope="session")
def two() -> Instrument:
    """Give an instrument of two dimensions, a reversed and a weighted item, and a composite."""
    return Instrument.parse(TWO)
