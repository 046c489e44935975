"""The four nested regressions of one item: without predictors, on score, on group too, on their product too."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from attrs import frozen

from leadkit.stats.dif.design import FEWEST_STRATA, Comparison, Levels
from leadkit.stats.dif.ordinal import CountTable, fit_ordinal
from leadkit.typing import BoolArray, FloatArray, IntArray

MODELS = ("null", "score", "group", "interaction")
MOST_CATEGORIES = 500


@frozen(kw_only=True, eq=False)
class NestedModels:
    """The four models of one item; `informative (3,)` tells which predictors say something beside those before."""

    log_likelihood: Sequence[float] = (np.nan,) * len(MODELS)
    informative: Sequence[bool] = (False,) * (len(MODELS) - 1)
    group_coefficient: float = np.nan
    converged: bool = False
    flags: Sequence[str] = ()


def nested_models(people: Comparison, item: int, score: Levels) -> NestedModels:
    """Fit the models of one item, as far as they have a finite estimate."""
    used = people.answer_levels(item)
    n_categories = used.values.size
    if n_categories > MOST_CATEGORIES:
        msg = f"x[:, {item}]: expected at most {MOST_CATEGORIES} different answers, got {n_categories}"
        raise ValueError(msg)
    flags = ["few_strata"] if _n_overlapping(people.is_focal, score) < FEWEST_STRATA else []
    if n_categories == 1:
        flags.append("constant_item")
    if people.is_single or n_categories == 1:
        return NestedModels(flags=flags)
    kinds, kind = np.unique(2 * score.codes + people.is_focal, return_inverse=True)
    cells = np.bincount(kind * n_categories + used.codes, minlength=kinds.size * n_categories)
    counts = cells.reshape(kinds.size, n_categories).astype(np.float64)
    return _fitted(counts, _design(_standardised(score)[kinds // 2], kinds % 2), flags)


def _fitted(counts: FloatArray, design: FloatArray, flags: list[str]) -> NestedModels:
    """Fit one model after the other; the first one that separates leaves the richer ones undefined too."""
    informative = _informative(design)
    likelihood = [CountTable(counts=counts, design=design[:, :0]).null_log_likelihood()]
    coefficient, converged = np.nan, True
    for column in range(design.shape[1]):
        if not informative[column]:
            likelihood.append(likelihood[-1])
            continue
        included = [one for one in range(column + 1) if informative[one]]
        fit = fit_ordinal(CountTable(counts=counts, design=design[:, included]))
        if fit.status != "converged":
            flags.append(fit.status)
            converged = False
        if fit.status == "separated":
            likelihood += [np.nan] * (len(MODELS) - len(likelihood))
            break
        likelihood.append(fit.log_likelihood)
        if MODELS[column + 1] == "group":
            coefficient = float(fit.coefficients[-1])
    return NestedModels(
        log_likelihood=likelihood,
        informative=informative,
        group_coefficient=coefficient,
        converged=converged,
        flags=flags,
    )


def _n_overlapping(is_focal: BoolArray, score: Levels) -> int:
    """Count the scores within the range that both groups cover."""
    if is_focal.all() or not is_focal.any():
        return 0
    ends = [(codes.min(), codes.max()) for codes in (score.codes[is_focal], score.codes[~is_focal])]
    low, high = max(low for low, _ in ends), min(high for _, high in ends)
    return int(max(high - low + 1, 0))


def _standardised(score: Levels) -> FloatArray:
    """Score of each level in standard deviations from the mean, 0 where there is one level only."""
    people = np.bincount(score.codes)
    above = score.values - score.values[0]
    centred = above - np.average(above, weights=people)
    sd = np.sqrt(np.average(centred**2, weights=people))
    return np.asarray(centred / sd if sd > 0 else centred)


def _design(score: FloatArray, is_focal: IntArray) -> FloatArray:
    group = is_focal.astype(np.float64)
    return np.column_stack([score, group, score * group])


def _informative(design: FloatArray) -> list[bool]:
    """Tell which columns do not depend on a constant and the columns before them."""
    columns = np.column_stack([np.ones(len(design)), design])
    ranks = [int(np.linalg.matrix_rank(columns[:, : count + 1])) for count in range(columns.shape[1])]
    return [after > before for before, after in pairwise(ranks)]
