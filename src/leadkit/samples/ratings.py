"""Synthetic ratings of team leaders by those around them."""

from __future__ import annotations

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment import Instrument, Ratings, Responses
from leadkit.samples._checks import count, share
from leadkit.samples._traits import draw_answers, draw_traits, instrument_of
from leadkit.samples.people import people
from leadkit.typing import BoolArray, FloatArray, IntArray, RNGLike

__all__ = ["ratings"]

N_MANAGERS = 2
N_COLLEAGUES = 5
MOST_REPORTS = 8
CUSTOMERS = (0, 2, 3, 5)


def ratings(
    name_or_instrument: str | Instrument = "ved", *, n_leaders: int = 6, rng: RNGLike, missing: float = 0.02
) -> Ratings:
    """Draw synthetic ratings of leaders by themselves, a manager, peers, direct reports and customers.

    Raters see the same leader, each through a leniency and a general impression of their own.
    Leaders see themselves a little too well on average, some by far and some not at all, so that there are blind
    spots and hidden strengths; some roles have so few raters that they must not be shown.

    Parameters
    ----------
    name_or_instrument : str or Instrument
        Name of a framework, or an instrument of your own.
    n_leaders : int
        Number of ratees, at least 1.
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same sample.
    missing : float
        Share of answers that are missing, in [0, 1).

    Returns
    -------
    Ratings
        Synthetic: about nobody. Evaluations by ratee, and by role within a ratee.

    Raises
    ------
    ValueError
        An option is out of its range.
    UnknownIdError
        There is no framework of that name.

    Examples
    --------
    >>> sample = ratings("ved", n_leaders=3, rng=1)
    >>> sample
    Ratings('ved' 1.0.0: 36 evaluations of 3 ratees by 29 raters)
    >>> sample.roles[:4]
    ('self', 'manager', 'peer', 'peer')
    """
    count(n_leaders, "n_leaders", at_least=1)
    share(missing, "missing")
    instrument = instrument_of(name_or_instrument)
    rng = np.random.default_rng(rng)
    rows = _who_rates_whom(n_leaders, rng)
    leader = np.array([place for place, _, _, _ in rows])
    roles = [role for _, _, _, role in rows]
    by_self = np.array([role == "self" for role in roles])
    traits = _as_seen(leader, by_self, len(instrument.dimensions), rng)
    values = draw_answers(traits, instrument, rng)
    values[rng.random(values.shape) < missing] = np.nan
    ratees = [ratee for _, ratee, _, _ in rows]
    raters = [rater for _, _, rater, _ in rows]
    names = [f"{rater} on {ratee} as {role}" for _, ratee, rater, role in rows]
    return Ratings(Responses(instrument, sealed(values), names), ratees, raters, roles)


def _who_rates_whom(n_leaders: int, rng: np.random.Generator) -> list[tuple[int, str, str, str]]:
    """List place of the leader, leader, rater and role of every evaluation."""
    cast = people(n_leaders + N_MANAGERS + N_COLLEAGUES + n_leaders * (MOST_REPORTS + max(CUSTOMERS)), rng=rng)
    names = [person.id for person in cast]
    leaders, names = names[:n_leaders], names[n_leaders:]
    managers, colleagues, others = (
        names[:N_MANAGERS],
        names[N_MANAGERS:][:N_COLLEAGUES],
        iter(names[N_MANAGERS + N_COLLEAGUES :]),
    )
    rows = []
    for place, ratee in enumerate(leaders):
        equals = [name for name in (*leaders, *colleagues) if name != ratee]
        around = [("self", [ratee]), ("manager", [managers[int(rng.integers(N_MANAGERS))]])]
        around.append(("peer", [equals[i] for i in rng.permutation(len(equals))[: int(rng.integers(2, 6))].tolist()]))
        around.append(("direct_report", [next(others) for _ in range(int(rng.integers(3, MOST_REPORTS + 1)))]))
        around.append(("customer", [next(others) for _ in range(int(rng.choice(CUSTOMERS)))]))
        rows += [(place, ratee, rater, role) for role, raters in around for rater in raters]
    return rows


def _as_seen(leader: IntArray, by_self: BoolArray, n_dimensions: int, rng: np.random.Generator) -> FloatArray:
    """Draw what each rater sees (n, d): the leader, and what the rater adds."""
    n = len(leader)
    true = 0.8 * draw_traits(int(leader.max()) + 1, n_dimensions, rng)
    flattery = rng.normal(0.4, 0.7, size=true.shape)
    leniency = rng.normal(0.0, 0.5, size=(n, 1))
    impression = rng.normal(0.0, 0.5, size=(n, n_dimensions))
    added = np.where(by_self[:, None], flattery[leader], leniency + impression)
    seen: FloatArray = true[leader] + added
    return seen
