"""The diagnosis of values that already stand in their units and teams: arrays in, the judgement out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from attrs import frozen

from leadkit.org.diagnosis.bootstrap import ENOUGH_UNITS, no_resamples, resample
from leadkit.org.diagnosis.components import components_of
from leadkit.org.diagnosis.hiding import MISSING, TAU
from leadkit.org.diagnosis.levels import LEVELS, PARTS, LevelShares, level_shares
from leadkit.org.diagnosis.result import Diagnosis
from leadkit.org.diagnosis.rules import Settings, apply_rules
from leadkit.org.diagnosis.sums import TeamSums, sum_teams, totals_of
from leadkit.typing import BoolArray, Executor, FloatArray, IntArray, Progress

__all__ = ["TeamRows", "judge"]

SAME = 1e-12
"""Means no further apart than this part of the largest number are equal: they come from rounded sums."""


@frozen(kw_only=True, eq=False)
class TeamRows:
    """One row a measurement, without gaps.

    Parameters
    ----------
    values : (m,) array
        Measurements.
    unit, team, person : (m,) int array
        Codes; a team lies in one unit and a person in one team.
    support : (m,) array
        Score of the support of the row's team; NaN = not known.
    flags : frozenset of str
        What was doubtful about the rows.
    """

    values: FloatArray
    unit: IntArray
    team: IntArray
    person: IntArray
    support: FloatArray
    flags: frozenset[str] = frozenset()


def judge(
    rows: TeamRows,
    settings: Settings,
    *,
    seeds: Sequence[np.random.SeedSequence],
    executor: Executor | None,
    progress: Progress | None,
) -> Diagnosis:
    """Split the variance, resample, and apply the rules.

    Parameters
    ----------
    rows : TeamRows
        The measurements.
    settings : Settings
        What was asked.
    seeds : sequence of SeedSequence
        One a resample.
    executor, progress
        As in `diagnose`.
    """
    n_people = np.unique(rows.person).size
    has_repeats = n_people < rows.values.size
    sums = sum_teams(rows.values, rows.unit, rows.team, rows.person if has_repeats else None) if n_people else None
    components = components_of(sums, has_persons=has_repeats, n_rows=rows.values.size)
    reliability = None if has_repeats else settings.reliability
    is_too_small = settings.is_too_small(n_units=components.n_units, n_teams=components.n_teams, n_people=n_people)
    shares = _shares_of(sums, reliability)
    resamples = no_resamples()
    if sums is not None and not is_too_small:
        resamples = resample(
            sums,
            shares,
            reliability=reliability,
            seeds=seeds,
            executor=executor,
            progress=progress,
        )
    missing = _teams_missing(rows, sums, settings)
    share_missing = float(missing.mean()) if missing.size else math.nan
    rule, first = apply_rules(settings, shares, resamples, is_too_small=is_too_small, missing=share_missing)
    tau, compared = _support_tau(rows, sums)
    resampling = _resampling(components.n_units, is_too_small=is_too_small)
    by_part: dict[str, float] = dict(zip(PARTS, shares.values[0].tolist(), strict=True))
    reasons = {
        "few_units": resampling == "teams",
        "not_separable": n_people > 0 and not has_repeats and reliability is None,
        "reliability_unused": has_repeats and settings.reliability is not None,
        "undefined_resamples": resamples.has_undefined,
    }
    return Diagnosis(
        first=first,
        rule=rule,
        order=tuple(
            sorted((level for level in LEVELS if not math.isnan(by_part[level])), key=lambda level: -by_part[level])
        ),
        shares=by_part,
        components=components,
        intervals=resamples.intervals,
        support_probability=resamples.support,
        mean=components.mean,
        target_gap=_gap(components.mean, settings),
        share_of_teams_missing_target=share_missing,
        n_units=components.n_units,
        n_teams=components.n_teams,
        n_people=n_people,
        n_observations=components.n_observations,
        support_tau=tau,
        resampling=resampling,
        target=settings.target,
        better=settings.better,
        reliability=reliability,
        systemic_share=settings.systemic_share,
        confidence=settings.confidence,
        n_boot=settings.n_boot,
        min_n=settings.min_n,
        rests_on=_rests_on(sums, has_repeats=has_repeats, missing=missing, tau=tau, compared=compared),
        flags={*rows.flags, *components.flags, *(flag for flag, holds in reasons.items() if holds)},
    )


def _shares_of(sums: TeamSums | None, reliability: float | None) -> LevelShares:
    if sums is None:
        return LevelShares(np.full((1, len(PARTS)), math.nan), np.zeros((1, len(PARTS)), dtype=np.bool_))
    totals = totals_of(sums.by_unit().sum(axis=1))
    return level_shares(totals, negligible=sums.negligible, reliability=reliability)


def _resampling(n_units: int, *, is_too_small: bool) -> Literal["units", "teams", "none"]:
    if is_too_small:
        return "none"
    return "units" if n_units >= ENOUGH_UNITS else "teams"


def _gap(mean: float, settings: Settings) -> float:
    """Give how far a mean is on the good side of the target."""
    if settings.target is None:
        return math.nan
    return mean - settings.target if settings.better == "high" else settings.target - mean


def _teams_missing(rows: TeamRows, sums: TeamSums | None, settings: Settings) -> BoolArray:
    """Tell which teams' means are on the bad side of the target; empty without a target."""
    if sums is None or settings.target is None:
        return np.zeros(0, dtype=np.bool_)
    short = settings.target - sums.team_means if settings.better == "high" else sums.team_means - settings.target
    missing: BoolArray = short > SAME * max(float(np.abs(rows.values).max()), abs(settings.target))
    return missing


def _support_tau(rows: TeamRows, sums: TeamSums | None) -> tuple[float, BoolArray]:
    """Correlate the means of teams with the score of their support; also tell which teams have one."""
    if sums is None:
        return math.nan, np.zeros(0, dtype=np.bool_)
    _, first_row = np.unique(rows.team, return_index=True)
    # teams in the order of the sums: by unit, then by code
    scores = rows.support[first_row[np.argsort(rows.unit[first_row], kind="stable")]]
    compared = ~np.isnan(scores)
    largest = float(np.abs(rows.values).max())
    means = np.round(sums.team_means[compared] / (largest or 1.0), 12)
    known = scores[compared]
    if compared.sum() < 2 or np.ptp(means) == 0 or np.ptp(known) == 0:
        return math.nan, compared

    from scipy.stats import kendalltau

    found: Any = kendalltau(means, known)
    return float(found.statistic), compared


def _rests_on(
    sums: TeamSums | None, *, has_repeats: bool, missing: BoolArray, tau: float, compared: BoolArray
) -> dict[str, int]:
    """Count the people whom each number rests on; see `Diagnosis`."""
    if sums is None:
        return dict.fromkeys((*PARTS, MISSING, TAU), 0)
    people = sums.persons
    by_unit = np.add.reduceat(people, sums.first_team)
    largest_team = np.maximum.reduceat(people, sums.first_team)
    within = people.sum() - people.size
    counts = {
        "leadership": by_unit.sum() - by_unit.max(),
        "team_support": (by_unit - largest_team).sum(),
        "individual": within,
        "noise": sums.repeating if has_repeats else within,
        MISSING: _fewer(people, missing) if missing.size else 0,
        TAU: people[compared].min() if abs(tau) >= 1 - SAME else people[compared].sum(),
    }
    return {name: int(count) for name, count in counts.items()}


def _fewer(people: FloatArray, side: BoolArray) -> float:
    """Count the people of the smaller side, or of the smallest team where all are on one side."""
    sides = [float(people[side].sum()), float(people[~side].sum())]
    return min(sides) or float(people.min())
