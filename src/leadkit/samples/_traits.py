"""From what people are like to what they answer: traits, items and a scale of whole numbers."""

from __future__ import annotations

import math

import numpy as np

from leadkit import frameworks
from leadkit.assessment import Instrument
from leadkit.typing import FloatArray

COMMON_SHARE = 0.35
CENTRE = 0.64
SPREAD = 0.24


def instrument_of(name_or_instrument: str | Instrument) -> Instrument:
    """Take an instrument, or load the framework of that name."""
    if isinstance(name_or_instrument, Instrument):
        return name_or_instrument
    return frameworks.load(name_or_instrument)


def draw_traits(n: int, n_dimensions: int, rng: np.random.Generator) -> FloatArray:
    """Draw standard normal traits (n, d) that correlate by 0.35."""
    common = rng.standard_normal((n, 1))
    own = rng.standard_normal((n, n_dimensions))
    traits: FloatArray = math.sqrt(COMMON_SHARE) * common + math.sqrt(1 - COMMON_SHARE) * own
    return traits


def draw_answers(traits: FloatArray, instrument: Instrument, rng: np.random.Generator) -> FloatArray:
    """Answer every item: (n, d) traits in, (n, k) whole numbers on the scale out.

    Items differ in how well they show the trait and in how easy they are to agree with; a reversed item is answered
    the other way round. People agree a little more often than not, as they do about themselves.
    """
    low, high = instrument.scale.low, instrument.scale.high
    dimension = np.repeat(np.arange(len(instrument.dimensions)), [len(part.items) for part in instrument.dimensions])
    loading = rng.uniform(0.58, 0.74, size=instrument.n_items)
    easiness = rng.normal(0.0, 0.3, size=instrument.n_items)
    noise = rng.standard_normal((len(traits), instrument.n_items))
    agreement = loading * traits[:, dimension] + np.sqrt(1 - loading**2) * noise + easiness
    answers = np.rint(low + (high - low) * (CENTRE + SPREAD * agreement)).clip(low, high)
    reverse = np.array([item.reverse for item in instrument.items])
    return np.where(reverse, low + high - answers, answers)
