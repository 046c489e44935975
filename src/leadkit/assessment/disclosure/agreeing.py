"""How far raters agree, over all ratees that are shown, where that tells nothing about any of them."""

from __future__ import annotations

import numpy as np
from attrs import evolve

from leadkit.assessment.disclosure.arrangement import Arrangement
from leadkit.assessment.multirater.agreement import RoleAgreement, role_agreement
from leadkit.typing import BoolArray, FloatArray

__all__ = ["shown_agreement"]

LEAST_RATEES = 10
DECIMALS = 1
ROUNDING = 1e-9
ONE_EXCHANGE = 2.0
"""Squares that a group of equal whole answers gains when one rater goes a step up and another a step down."""


def shown_agreement(grouped: Arrangement, n_shown: FloatArray, coded: BoolArray) -> RoleAgreement:
    """Sum up agreement over the cells that are shown with their number of raters.

    A row of an anonymous role needs ten such ratees with means away from the ends, and answers that spread by more than
    their means force them to: agreement that is perfect, or as near to it as whole answers can come, tells on
    everybody. It is given to one decimal, so that the means beside it do not lead back to answers. A row that is left
    out for the one reason looks like one left out for another.

    Parameters
    ----------
    grouped : Arrangement
        The feedback under its published roles.
    n_shown : array, shape (t, R, d)
        Raters behind a cell; NaN where they are not told.
    coded : array of bool, shape (t, R, d)
        Cells at an end of the scale.
    """
    feedback = grouped.feedback
    places = [grouped.roles.index(role) for role in feedback.roles]
    told = ~np.isnan(n_shown[:, places]) & ~grouped.pooled[:, :, None] & ~coded[:, places]
    found = role_agreement(
        np.where(told, feedback.mean, np.nan),
        np.where(told, feedback.sd, np.nan),
        np.where(told, feedback.n, 0),
        np.where(told, feedback.item_variance, np.nan),
        feedback.roles,
        feedback.instrument,
    )
    anonymous = {role for role, place in zip(feedback.roles, places, strict=True) if grouped.anonymous[place]}
    roomy = _has_room(grouped, told)
    kept = [
        i
        for i, (role, dimension) in enumerate(zip(found.role, found.dimension_id, strict=True))
        if role not in anonymous
        or (
            found.n_ratees[i] >= LEAST_RATEES
            and found.icc1[i] < 1
            and roomy[feedback.roles.index(role), feedback.dimension_ids.index(dimension)]
        )
    ]
    return evolve(
        found,
        role=[found.role[i] for i in kept],
        dimension_id=[found.dimension_id[i] for i in kept],
        row_flags=[() if found.role[i] in anonymous else found.row_flags[i] for i in kept],
        n_ratees=found.n_ratees[kept],
        n_raters=found.n_raters[kept],
        **{
            name: np.where(
                [found.role[i] in anonymous for i in kept],
                np.round(getattr(found, name)[kept], DECIMALS),
                getattr(found, name)[kept],
            )
            for name in ("rwg_star_j", "icc1", "icc2")
        },
    )


def _has_room(grouped: Arrangement, told: BoolArray) -> BoolArray:
    """Tell for which roles and dimensions, (r, d), answers spread by more than whole answers with these means must."""
    feedback = grouped.feedback
    n = feedback.item_n.astype(np.float64)
    scale = feedback.instrument.scale
    step = 1.0 if feedback.metric != "pomp" else 100 / (scale.high - scale.low)
    means = feedback.item_mean / step
    above = np.where(n > 0, means - np.floor(means + ROUNDING), 0.0)
    least = n * above * (1 - above)
    room = np.zeros(told.shape[1:], dtype=np.bool_)
    for d, columns in enumerate(grouped.columns):
        twice = n[:, :, columns] > 1
        share = np.divide(least[:, :, columns], n[:, :, columns] - 1, out=np.zeros(twice.shape), where=twice)
        counted = twice.sum(axis=2)
        forced = np.divide(share.sum(axis=2), counted, out=np.zeros(counted.shape), where=counted > 0)
        exchange = np.divide(
            ONE_EXCHANGE, (n[:, :, columns].max(axis=2) - 1) * counted, out=np.zeros(counted.shape), where=counted > 0
        )
        here = told[:, :, d] & (counted > 0)
        spare = np.where(here, feedback.item_variance[:, :, d] - forced, 0.0).sum(axis=0)
        # the bar is that of all cells, so that hiding one never lowers it
        room[:, d] = here.any(axis=0) & (spare > exchange.max(axis=0, initial=0.0) - ROUNDING)
    return room
