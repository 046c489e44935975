"""Variance components from sums of squares: the triangular equations of nested random effects."""

from __future__ import annotations

import numpy as np

from leadkit.org.diagnosis.sums import Totals
from leadkit.stats._arrays import ROUNDING
from leadkit.typing import BoolArray, FloatArray

__all__ = ["joined_levels", "solve"]


def solve(totals: Totals, *, negligible: float) -> FloatArray:
    """Solve for the components of unit, team, person and noise, from the noise upward.

    A level without degrees of freedom divides the rows as the level above it does. It is NaN, and the level above,
    whose equation then holds the two with the same coefficient, is the sum of both.

    Parameters
    ----------
    totals : Totals
        One value a data set, (b,) arrays.
    negligible : float
        Mean square over all rows that counts as none.

    Returns
    -------
    (b, 4) array
        Components, below 0 where they come out so.
    """
    t, df = totals, totals.df
    least = negligible * t.rows
    noise = _component(t.noise, least, df[:, 3], df[:, 3])
    person = _component(t.person, least, df[:, 2], t.person_free, df[:, 2] * noise)
    team_parts = ((t.person_in_team - t.person_in_unit) * person, df[:, 1] * noise)
    team = _component(t.team, least, df[:, 1], t.team_free, *team_parts)
    unit_parts = (
        (t.team_in_unit - t.team_size / t.rows) * team,
        (t.person_in_unit - t.person_size / t.rows) * person,
        df[:, 0] * noise,
    )
    unit = _component(t.unit, least, df[:, 0], t.rows - t.unit_size / t.rows, *unit_parts)
    return np.where(df > 0, np.stack([unit, team, person, noise], axis=-1), np.nan)


def joined_levels(df: FloatArray) -> BoolArray:
    """Tell which levels (last axis) have a component that holds the level below it too."""
    joined = np.zeros(df.shape, dtype=np.bool_)
    joined[..., :-1] = (df[..., :-1] > 0) & (df[..., 1:] == 0)
    return joined


def _component(
    square: FloatArray, least: FloatArray, df: FloatArray, coefficient: FloatArray, *parts: FloatArray
) -> FloatArray:
    """Take the `parts` of finer levels from a sum of squares and divide by the level's own coefficient."""
    beyond = np.where(square > least, square, 0.0)
    finer = np.sum(parts, axis=0) if parts else np.zeros_like(square)
    rest = beyond - finer
    # sums that are equal but for rounding leave nothing
    rest = np.where(np.abs(rest) <= ROUNDING * np.maximum(beyond, np.abs(finer)), 0.0, rest)
    known = df > 0
    return np.where(known, rest / np.where(known, coefficient, 1.0), 0.0)
