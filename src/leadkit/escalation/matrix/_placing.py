"""Who qualifies for which cell, and which of these cells each person is placed in: arrays only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leadkit._fields import sealed
from leadkit.escalation.matrix.rules import Domain, LevelRule
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["columns_of", "needed_levels", "placed", "qualified", "who_qualifies"]


def columns_of(domains: Sequence[Domain], skills: Sequence[str]) -> tuple[IntArray, ...]:
    """Find the columns of each domain's skills among the `skills` of a table."""
    column = {skill: j for j, skill in enumerate(skills)}
    return tuple(sealed(np.array([column[skill] for skill in domain.skills], np.int64)) for domain in domains)


def needed_levels(levels: Sequence[LevelRule], domains: Sequence[Domain]) -> tuple[FloatArray, ...]:
    """Give for each domain the (n_levels, k) levels that its k skills need: threshold plus offset."""
    return tuple(
        sealed(
            np.array([[level.threshold_of(own) + offset for own, offset in domain.skills.items()] for level in levels])
        )
        for domain in domains
    )


def who_qualifies(held: FloatArray, columns: Sequence[IntArray], needed: Sequence[FloatArray]) -> BoolArray:
    """Tell who meets every need of every cell.

    Parameters
    ----------
    held : (n_people, n_skills) array
        Levels; NaN is not assessed and meets nothing.
    columns, needed : sequence of arrays
        For each domain the columns of its skills, and the levels that they need.

    Returns
    -------
    (n_domains, n_levels, n_people) bool array
        A person who meets the needs of a level meets those of every level below it, as thresholds never fall.
    """
    n_levels = needed[0].shape[0]
    found = np.empty((len(columns), n_levels, held.shape[0]), np.bool_)
    by_skill = np.ascontiguousarray(held.T)
    for own, (where, least) in enumerate(zip(columns, needed, strict=True)):
        np.all(by_skill[where] >= least[:, :, np.newaxis], axis=1, out=found[own])
    return found


def placed(found: BoolArray, placement: str) -> BoolArray:
    """Leave people in the highest of the cells they qualify for, or in all of them."""
    members = found.copy()
    if placement == "highest":
        members[:, :-1] &= ~found[:, 1:]
    return sealed(members)


def qualified(members: BoolArray) -> BoolArray:
    """Tell who qualifies for each cell from who is placed where: whoever is placed there or higher."""
    return np.logical_or.accumulate(members[:, ::-1], axis=1)[:, ::-1]
