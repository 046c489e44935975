"""Synthetic answers of a service team to a questionnaire."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment import Instrument, Responses
from leadkit.samples._checks import count, share
from leadkit.samples._traits import draw_answers, draw_traits, instrument_of
from leadkit.samples.people import people
from leadkit.typing import FloatArray, RNGLike

__all__ = ["answers"]

TEAMS = ("north", "south", "east", "west")


def answers(
    name_or_instrument: str | Instrument = "ved",
    *,
    n: int = 24,
    rng: RNGLike,
    missing: float = 0.03,
    careless: int = 2,
    teams: Sequence[str] = TEAMS,
) -> Responses:
    """Draw synthetic answers that behave like real ones.

    Every respondent has a trait for each dimension; traits correlate by 0.35, teams differ as a whole and from
    dimension to dimension, and items show their trait more or less well, so that alpha lies around 0.7 to 0.85.

    Parameters
    ----------
    name_or_instrument : str or Instrument
        Name of a framework, or an instrument of your own.
    n : int
        Number of respondents, at least 1.
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same sample.
    missing : float
        Share of answers that are missing, in [0, 1); careless respondents leave none out.
    careless : int
        How many respondents do not read the items: by turns, one ticks the same code throughout and one ticks at
        random.
    teams : sequence of str
        Teams of nearly equal size, as group variable `team`; none leaves the groups out.

    Returns
    -------
    Responses
        Synthetic: about nobody.

    Raises
    ------
    ValueError
        An option is out of its range.
    UnknownIdError
        There is no framework of that name.

    Examples
    --------
    >>> sample = answers("ved", n=40, rng=1)
    >>> sample
    Responses('ved' 1.0.0: 40 respondents x 35 items, 39 not answered)
    >>> sample.respondent_ids[:2], sample.groups["team"][:2]
    (('naveen.vargas', 'priya.jansen'), ('south', 'south'))
    """
    count(n, "n", at_least=1)
    count(careless, "careless")
    if careless > n:
        msg = f"careless: expected at most the {n} respondents, got {careless}"
        raise ValueError(msg)
    share(missing, "missing")
    instrument = instrument_of(name_or_instrument)
    rng = np.random.default_rng(rng)
    persons = people(n, rng=rng)
    traits = draw_traits(n, len(instrument.dimensions), rng)
    groups = {}
    if teams:
        team = rng.permutation(np.arange(n) % len(teams))
        traits += _team_differences(len(teams), len(instrument.dimensions), rng)[team]
        groups["team"] = [teams[i] for i in team]
    values = draw_answers(traits, instrument, rng)
    values[rng.random(values.shape) < missing] = np.nan
    _be_careless(values, instrument, rng.permutation(n)[:careless].tolist(), rng)
    return Responses(instrument, sealed(values), [person.id for person in persons], groups)


def _team_differences(n_teams: int, n_dimensions: int, rng: np.random.Generator) -> FloatArray:
    """Draw how far the teams lie apart: evenly as a whole, in any order, and a little on each dimension."""
    overall = rng.permutation(np.linspace(-0.5, 0.5, n_teams)) if n_teams > 1 else np.zeros(1)
    return overall[:, None] + rng.normal(0.0, 0.25, size=(n_teams, n_dimensions))


def _be_careless(values: FloatArray, instrument: Instrument, rows: Sequence[int], rng: np.random.Generator) -> None:
    """Overwrite the answers of some rows, by turns with one code and with random codes."""
    low, high = instrument.scale.low, instrument.scale.high
    for turn, row in enumerate(rows):
        size = 1 if turn % 2 == 0 else instrument.n_items
        values[row] = rng.integers(low, high, size=size, endpoint=True)
