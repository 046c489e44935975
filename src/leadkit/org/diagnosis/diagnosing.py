"""The root cause before the training: at which level do people at the front line differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from leadkit.errors import OrgError
from leadkit.org._scores import aligned_scores, expect_pyramid
from leadkit.org.diagnosis.judging import TeamRows, judge
from leadkit.org.diagnosis.result import Diagnosis
from leadkit.org.diagnosis.rules import Better, Settings
from leadkit.org.people import Tier
from leadkit.stats._arrays import vector
from leadkit.stats._replicates import replicate_seeds
from leadkit.typing import Executor, Progress, RNGLike

if TYPE_CHECKING:
    from leadkit.org.pyramid import Pyramid

__all__ = ["diagnose"]

DEFAULT_SEED = 0


def diagnose(
    pyramid: Pyramid,
    person_ids: Sequence[str],
    values: ArrayLike,
    *,
    target: float | None = None,
    better: Better = "high",
    reliability: float | None = None,
    support: Mapping[str, float] | None = None,
    systemic_share: float = 0.8,
    confidence: float = 0.8,
    n_boot: int = 500,
    min_n: int = 5,
    rng: RNGLike | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Diagnosis:
    """Tell whether a weakness at the front line sits in the leadership, in the team's support or in the individual.

    The values of filled front-line posts are split into variances of units, of teams within units, of people within
    teams and of noise. The team is the direct manager's, the unit that of the manager's manager; a root is its own
    unit. Posts count whether they are filled or not. The first rule that applies names the level:

    ==========================  ================================================================  ==============
    rule                        condition                                                         first
    ==========================  ================================================================  ==============
    `too_few`                   fewer than 2 units, 4 teams or `min_n` people                     None
    `systemic_shortfall`        at least `systemic_share` of the team means miss the target       leadership
    `individual_not_separable`  the share within teams is largest, people and noise are together  None
    `largest_component`         a level is largest in at least `confidence` of the resamples      that level
    `no_clear_level`            otherwise                                                         None
    ==========================  ================================================================  ==============

    Noise takes part in the comparison without being a level: where it is largest, no level is. Neither is a level whose
    share holds another one's too, because each unit has one team only, or each team one person.

    Parameters
    ----------
    pyramid : Pyramid
        Who works at the front line, and under whom.
    person_ids : (m,) sequence of str
        Who each value is about; somebody measured several times occurs several times.
    values : (m,) array-like
        Measurements; NaN is missing and left out.
    target : float, optional
        What a team's mean should reach.
    better : {"high", "low"}
        Which end of the scale is good.
    reliability : float, optional
        Share of the variance within teams that belongs to the people, in [0, 1]; used when nobody is measured twice.
    support : mapping of str to float, optional
        Score of the support and environment of a team by the id of its manager; NaN is not known.
    systemic_share, confidence : float
        Where the rules draw the line, above 0 and at most 1.
    n_boot : int
        Number of resamples, at least 2: of whole units where there are at least 5, else of teams within units. What is
        drawn twice counts as two.
    min_n : int
        Least number of people, at least 3.
    rng : Generator, SeedSequence or int, optional
        Source of the seeds, one spawned a resample; by default the seed 0, so that the same call gives the same result.
    executor : Executor, optional
        Where resamples are computed; the result does not depend on it, nor on the order of the rows or posts.
    progress : callable, optional
        Called as `progress(done, total)` after every part of the resamples.

    Returns
    -------
    Diagnosis
        Evidence about where people differ, not proof of a cause. Go through its `disclosed` before anything is shown.

    Raises
    ------
    OrgError
        An id is unknown, ids and values differ in number, a value is no finite number, `pyramid` is none, or an
        option is out of its range.
    DisclosureError
        `min_n` is below 3.

    References
    ----------
    .. [1] S. R. Searle, G. Casella and C. E. McCulloch, "Variance Components", Wiley, 1992, chapter 5.
    .. [2] A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", Cambridge University Press, 1997,
       section 3.8 (resampling of nested data).
    .. [3] W. E. Deming, "Out of the Crisis", MIT Press, 1986, chapter 11 (common causes belong to the system).

    Examples
    --------
    Two units of two teams with three people each; one unit is far behind:

    >>> from leadkit.org import Organisation, build_pyramid
    >>> leaders = {"ceo": None, "north": "ceo", "south": "ceo", "n1": "north", "n2": "north", "s1": "south", "s2": "south"}
    >>> staff = {f"{team}-{i}": team for team in ("n1", "n2", "s1", "s2") for i in range(3)}
    >>> lines = leaders | staff
    >>> pyramid = build_pyramid(Organisation.from_columns(list(lines), list(lines.values())))
    >>> found = diagnose(pyramid, list(staff), [71, 75, 73, 72, 76, 74, 51, 55, 53, 50, 54, 52], reliability=0.9)
    >>> found.first, found.rule, found.is_training_first
    ('leadership', 'largest_component', False)
    >>> {level: round(share, 3) for level, share in found.shares.items()}
    {'leadership': 0.982, 'team_support': 0.0, 'individual': 0.016, 'noise': 0.002}
    """
    settings = Settings(
        target=target,
        better=better,
        reliability=reliability,
        systemic_share=systemic_share,
        confidence=confidence,
        n_boot=n_boot,
        min_n=min_n,
    )
    rows = _front_line_rows(expect_pyramid(pyramid), person_ids, values, support)
    try:
        seeds = replicate_seeds(DEFAULT_SEED if rng is None else rng, n_boot)
    except ValueError as error:
        raise OrgError(str(error)) from error
    return judge(rows, settings, seeds=seeds, executor=executor, progress=progress)


def _front_line_rows(
    pyramid: Pyramid, person_ids: Sequence[str], values: ArrayLike, support: Mapping[str, float] | None
) -> TeamRows:
    """Place the values of filled front-line posts in their team and unit, everybody numbered by the order of ids."""
    organisation = pyramid.organisation
    given = [person_ids] if isinstance(person_ids, str) else list(person_ids)
    person = organisation.indices_of(given)
    try:
        y = vector(values, "values", length=len(given))
    except ValueError as error:
        raise OrgError(str(error)) from error
    manager = organisation.tree.parents[person]
    is_front_line = (np.asarray(pyramid.tier)[person] == Tier.FRONT_LINE) & organisation.is_filled[person]
    kept = is_front_line & (manager >= 0) & ~np.isnan(y)
    manager = manager[kept].astype(np.int64)
    above = organisation.tree.parents[manager].astype(np.int64)
    unit = np.where(above < 0, manager, above)
    number = np.empty(organisation.n, dtype=np.int64)
    number[organisation.sorted_rows] = np.arange(organisation.n)
    scores = np.full(organisation.n, np.nan) if support is None else aligned_scores(organisation, support, "support")
    reasons = {
        "no_manager": bool((is_front_line & (organisation.tree.parents[person] < 0)).any()),
        "not_front_line": not is_front_line.all(),
        "rows_dropped": bool(np.isnan(y).any()),
        "short_chain": bool((above < 0).any()),
    }
    return TeamRows(
        values=y[kept],
        unit=number[unit],
        team=number[manager],
        person=number[person[kept]],
        support=scores[manager],
        flags=frozenset(flag for flag, holds in reasons.items() if holds),
    )
