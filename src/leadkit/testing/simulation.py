"""Strategies for the models of `leadkit.escalation.simulation`."""

from __future__ import annotations

from typing import Final

import numpy as np
from hypothesis import strategies as st

from leadkit.escalation.simulation import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    LevelLoad,
    Lognormal,
    RateProfile,
    Scenario,
)

__all__ = ["level_load", "rate_profile", "scenario", "scenarios"]

LEVELS: Final = ("L1", "L2", "desk")
KINDS: Final = ("billing", "login", "network")
TIMES: Final = st.sampled_from((0.25, 0.5, 1.0, 2.0, 3.0))
SHARES: Final = st.sampled_from((0.0, 0.25, 0.5, 1.0))


def distribution() -> st.SearchStrategy[Distribution]:
    """Draw a law of times of any kind, with a mean above 0."""
    laws: list[st.SearchStrategy[Distribution]] = [
        st.builds(Exponential, TIMES),
        st.builds(Gamma, TIMES, TIMES),
        st.builds(Lognormal, TIMES, TIMES),
        st.builds(Fixed, TIMES),
        st.builds(Empirical, st.lists(TIMES, min_size=1, max_size=3)),
    ]
    return st.one_of(laws)


@st.composite
def rate_profile(draw: st.DrawFn) -> RateProfile:
    """Draw rates of up to three stretches of a day, the last one above 0."""
    stretches = draw(st.lists(TIMES, min_size=1, max_size=3))
    rates = [draw(SHARES) for _ in stretches[1:]]
    edges = np.cumsum([draw(st.sampled_from((0.0, 8.0))), *stretches])
    return RateProfile(edges, [*rates, draw(TIMES)])


@st.composite
def level_load(draw: st.DrawFn, *, own: str | None = None) -> LevelLoad:
    """Draw a level of one to three agents."""
    return LevelLoad(
        id=draw(st.sampled_from(LEVELS)) if own is None else own,
        servers=draw(st.integers(1, 3)),
        service=draw(distribution()),
        escalate=draw(SHARES),
        patience=draw(st.none() | distribution()),
    )


@st.composite
def scenario(draw: st.DrawFn) -> Scenario:
    """Draw a scenario of up to three levels, with or without priorities, and kinds that not everybody serves."""
    ids = draw(st.lists(st.sampled_from(LEVELS), min_size=1, unique=True))
    levels = [draw(level_load(own=own)) for own in ids]
    kinds = draw(st.lists(st.sampled_from(KINDS), unique=True))
    priorities = draw(st.lists(st.integers(0, 3), unique=True, max_size=3))
    is_choosy = draw(st.booleans())
    tables: list[list[list[bool]]] | None = None
    if kinds and is_choosy:
        tables = [[[draw(st.booleans()) for _ in range(one.servers)] for _ in kinds] for one in levels]
        for one, table in zip(levels, tables, strict=True):
            for row in table:
                # without patience a kind needs somebody
                row[0] |= one.patience is None
    return Scenario(
        arrival=draw(distribution() | rate_profile()),
        levels=levels,
        priorities={own: 1 / len(priorities) for own in priorities},
        kinds={own: 1 / len(kinds) for own in kinds},
        eligible=tables,
        unit=draw(st.sampled_from(("hour", "minute"))),
    )


def scenarios() -> st.SearchStrategy[Scenario]:
    """Draw a scenario as `scenario` does."""
    return scenario()
