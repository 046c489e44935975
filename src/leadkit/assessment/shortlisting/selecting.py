"""Candidates and criteria into a shortlist."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import get_args

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment.items import raise_faults
from leadkit.assessment.shortlisting.candidates import Candidates
from leadkit.assessment.shortlisting.criteria import Criterion, columns_of, criteria_faults
from leadkit.assessment.shortlisting.ranking import Field, Normalise, below_floors, field_of, tie_classes
from leadkit.assessment.shortlisting.result import Shortlist
from leadkit.assessment.shortlisting.simulation import simulate, unknown_certainty
from leadkit.assessment.shortlisting.slack import weight_slack
from leadkit.stats._arrays import check_word, whole_number
from leadkit.stats.fairness import ImpactRatio, impact_ratio
from leadkit.typing import Executor, FloatArray, Progress, RNGLike

__all__ = ["shortlist"]

SURE = 0.8
"""Share of the draws from which on the first counts as above the second."""


def shortlist(
    candidates: Candidates,
    criteria: Iterable[Criterion],
    *,
    k: int,
    normalise: Normalise = "min_max",
    rng: RNGLike | None = None,
    n_draws: int = 10_000,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Shortlist:
    """Put candidates in an order by weighted criteria, and say how much it hangs on weights and errors.

    Candidates who lack a value or fall below a floor are excluded first. Every criterion is then put on 0..1 over
    those kept, and the value of a candidate is the weighted mean. It supports a human decision and does not make it.

    Parameters
    ----------
    candidates : Candidates
        Their values, and the standard errors of these where they are known.
    criteria : iterable of Criterion
        Each has the column of its id, or of its place where columns have no names. Columns without a criterion do not
        count.
    k : int
        Places on the shortlist, at least 1.
    normalise : {"min_max", "percentile"}
        (x - lowest)/(highest - lowest), or the share of the kept candidates below plus half of those equal, a
        candidate's own value included. Where low is good, the value is turned round first. A criterion on which all are equal gives 0.5.
    rng : Generator, SeedSequence or int, optional
        Source of the draws; needed with standard errors, not used without.
    n_draws : int
        Number of draws, at least 1. Each draws all values again with independent normal errors; floors and the
        normalisation stay those of the observed values, so a drawn criterion may lie outside 0..1. Candidates who are
        equal in a draw are ordered at random.
    executor : Executor, optional
        Where draws are computed; the result does not depend on it, nor on the order of the candidates.
    progress : callable, optional
        Called as `progress(done, total)` after every block of draws.

    Returns
    -------
    Shortlist
        One row a kept candidate, best first.

    Raises
    ------
    DefinitionError
        The criteria are wrong or do not fit the columns; `faults` holds all of it.
    ValueError
        `k`, `normalise`, `rng` or `n_draws` is out of its range, or standard errors are given without `rng`.

    References
    ----------
    .. [1] R. L. Keeney and H. Raiffa, "Decisions with Multiple Objectives", Wiley, 1976.
    .. [2] R. Lahdelma, J. Hokkanen and P. Salminen, "SMAA - Stochastic multiobjective acceptability analysis",
       European Journal of Operational Research 106, 1998.
    .. [3] E. Triantaphyllou and A. Sanchez, "A sensitivity analysis approach for some deterministic multi-criteria
       decision-making methods", Decision Sciences 28, 1997.

    Examples
    --------
    >>> people = Candidates(
    ...     ["ann", "bo", "cy", "dee"],
    ...     [[5.0, 3, 2], [3.0, 9, 0], [4.5, 8, 2], [2.0, 9, 0]],
    ...     criterion_ids=["coaching", "projects", "absences"],
    ... )
    >>> wanted = [
    ...     Criterion("coaching", 2.0, floor=3.0),
    ...     Criterion("projects", 1.0),
    ...     Criterion("absences", 1.0, direction="low"),
    ... ]
    >>> result = shortlist(people, wanted, k=1)
    >>> result.ids, result.value.round(3).tolist(), result.excluded["dee"][0].criterion_id
    (('cy', 'ann', 'bo'), [0.583, 0.5, 0.5], 'coaching')

    While the weight of coaching lies between 1.56 and 3.33, and the others stay, cy is first.

    >>> result.weight_slack.round(2).tolist()
    [[1.56, 3.33], [0.6, 3.0], [0.0, 1.33]]
    """
    wanted = tuple(criteria)
    raise_faults(criteria_faults(wanted, candidates.criterion_ids, candidates.values.shape[1]), "")
    places = whole_number(k, "k", least=1)
    check_word(normalise, "normalise", get_args(Normalise))
    draws = whole_number(n_draws, "n_draws", least=1)
    if candidates.standard_errors is not None and rng is None:
        msg = "rng: the candidates have standard errors, so a Generator, a SeedSequence or a seed is needed"
        raise ValueError(msg)

    columns = columns_of(wanted, candidates.criterion_ids)
    excluded = below_floors(candidates, wanted, columns)
    rows = sorted((i for i, name in enumerate(candidates.ids) if name not in excluded), key=candidates.ids.__getitem__)
    standing = field_of(candidates, wanted, rows=rows, columns=columns, normalise=normalise)
    normalised = standing.normalised()
    contributions = normalised * standing.shares
    value = contributions.sum(axis=1)
    order = np.argsort(tie_classes(value), kind="stable")
    certainty = unknown_certainty(len(rows))
    if candidates.standard_errors is not None and rng is not None:
        certainty = simulate(
            standing, order=order, k=places, rng=rng, n_draws=draws, executor=executor, progress=progress
        )

    ids = tuple(candidates.ids[rows[i]] for i in order)
    return Shortlist(
        ids=ids,
        rank=np.arange(1, len(ids) + 1),
        value=sealed(value[order]),
        contributions=sealed(contributions[order]),
        p_top_k=certainty.p_top_k[order],
        rank_low=certainty.rank_low[order],
        rank_high=certainty.rank_high[order],
        p_first_above_second=certainty.p_first_above_second,
        weight_slack=weight_slack(
            normalised[order], value[order], k=places, weights=[float(part.weight) for part in wanted]
        ),
        excluded=excluded,
        impact=_impact(candidates, ids[:places]),
        criteria=wanted,
        k=places,
        normalise=normalise,
        n_candidates=len(candidates),
        n_draws=0 if np.isnan(certainty.p_top_k).any() or not ids else draws,
        flags=[
            *_flags(candidates, standing, value[order], places),
            *(["overlapping_leaders"] if certainty.p_first_above_second < SURE else []),
        ],
        provenance=candidates.provenance,
    )


def _impact(candidates: Candidates, chosen: Collection[str]) -> ImpactRatio | None:
    """Compare the rates at which groups reach the top k; everybody counts as an applicant."""
    if candidates.groups is None:
        return None
    selected = [float(name in chosen) for name in candidates.ids]
    return impact_ratio(selected, np.ones(len(candidates)), groups=candidates.groups)


def _flags(candidates: Candidates, standing: Field, value: FloatArray, k: int) -> list[str]:
    errors = standing.errors
    found = {
        "no_candidates": len(candidates) == 0,
        "all_excluded": len(candidates) > 0 and value.size == 0,
        "fewer_than_k": 0 < value.size < k,
        "tied_at_cut": value.size > k and tie_classes(value)[k - 1] == tie_classes(value)[k],
        "constant_criterion": bool(standing.constant.any()),
        "unknown_error": errors is not None and bool(np.isnan(errors[:, standing.live]).any()),
    }
    return [flag for flag, holds in found.items() if holds]
