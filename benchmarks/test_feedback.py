"""Feedback on a hundred thousand evaluations against a careful pandas script that groups them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadkit.assessment import Feedback, Instrument, Ratings, Responses, feedback

N_RATEES, N_DIMENSIONS, N_ITEMS = 10_000, 6, 5
NEEDED, TURNED, LOW, HIGH = 3, 4, 1, 5
ROLES = ("self", "manager", "peer", "direct_report")
RATERS = (1, 1, 4, 4)
ROWS = [
    {"item": f"i{d}_{j}", "dimension": f"d{d}", "reverse": j == TURNED, "low": LOW, "high": HIGH}
    for d in range(N_DIMENSIONS)
    for j in range(N_ITEMS)
]
TABLES = ("mean", "sd", "minimum", "maximum", "n", "item_mean", "item_n")


@pytest.fixture(scope="module")
def evaluations() -> Ratings:
    """Draw evaluations in no order, whose ids are texts of their own, as they are when read from a file."""
    form = Instrument.from_rows(ROWS, id="bench", version="1.0.0", title="Bench", source="Made up", licence="MIT")
    rng = np.random.default_rng(1)
    ratee = np.repeat(np.arange(N_RATEES), sum(RATERS))
    role = np.tile(np.repeat(np.arange(len(ROLES)), RATERS), N_RATEES)
    rater = np.where(role == 0, ratee, (ratee + rng.integers(1, N_RATEES, len(ratee))) % N_RATEES)
    kept = np.unique(np.stack([ratee, role, rater], axis=1), axis=0)
    ratee, role, rater = rng.permutation(kept).T
    true = rng.normal(3.4, 0.6, (N_RATEES, N_DIMENSIONS))[ratee]
    seen = np.repeat(true + rng.normal(0, 0.5, true.shape), N_ITEMS, axis=1)
    values = np.clip(np.rint(seen + rng.normal(0, 0.7, seen.shape)), LOW, HIGH)
    values[:, TURNED::N_ITEMS] = LOW + HIGH - values[:, TURNED::N_ITEMS]
    values[rng.random(values.shape) < 0.03] = np.nan
    ratees, raters = ([f"person{i:05d}" for i in places] for places in (ratee, rater))
    answers = Responses(form, values, [str(i) for i in range(len(values))])
    return Ratings(answers, ratees, raters, [str(name) for name in np.array(ROLES)[role]])


def frame_of(evaluations: Ratings) -> pd.DataFrame:
    frame = pd.DataFrame(evaluations.responses.values, columns=evaluations.instrument.item_ids)
    return frame.assign(ratee=evaluations.ratee_ids, role=evaluations.roles)


def by_pandas(frame: pd.DataFrame) -> dict[str, Any]:
    """Write what a careful analyst would: columns turned round, row means, grouped columns, means of role means."""
    items = [str(row["item"]) for row in ROWS]
    keyed = frame[items].copy()
    turned = items[TURNED::N_ITEMS]
    keyed[turned] = LOW + HIGH - keyed[turned]
    scores = {}
    for d in range(N_DIMENSIONS):
        block = keyed[items[d * N_ITEMS : (d + 1) * N_ITEMS]]
        scores[f"d{d}"] = block.mean(axis=1).where(block.count(axis=1) >= NEEDED)
    keys = [frame["ratee"], pd.Categorical(frame["role"], categories=ROLES)]
    by_score = pd.DataFrame(scores).groupby(keys, observed=False)
    by_item = keyed.groupby(keys, observed=False)
    mean, n = by_score.mean(), by_score.count()
    around = mean.index.get_level_values(1) != "self"
    others = mean[around].groupby(level=0).mean()
    gap = mean.xs("self", level=1) - others
    # a gap of four thirds exactly must not become a blind spot by its last digit
    limit, middle = (HIGH - LOW) / 3 + 1e-9, (LOW + HIGH) / 2 - 1e-9
    conditions = [gap.isna(), gap > limit, gap < -limit, others >= middle]
    words = ["undecided", "blind_spot", "hidden_strength", "agreed_strength"]
    sd = by_score.std()
    return {
        "mean": mean,
        "sd": sd,
        "minimum": by_score.min(),
        "maximum": by_score.max(),
        "n": n,
        "n_raters": by_score.size(),
        "item_mean": by_item.mean(),
        "item_n": by_item.count(),
        "others_mean": others,
        "others_n": n[around].groupby(level=0).sum(),
        "gap": gap,
        "gap_category": np.select(conditions, words, "agreed_need"),
        "standard_error": standard_error(sd[around], n[around]),
        **agreement(mean[around], sd[around], n[around], by_item.var()[around]),
    }


def standard_error(sd: pd.DataFrame, n: pd.DataFrame) -> pd.DataFrame:
    """Give the standard error of a mean of role means from the variance pooled over roles."""
    ratee = n.index.get_level_values(0)
    df = (n - 1).clip(lower=0)
    pooled = (sd**2 * df).groupby(ratee).sum() / df.groupby(ratee).sum()
    there = n.where(n > 0)
    return (pooled * (1 / there).groupby(ratee).sum()) ** 0.5 / there.groupby(ratee).count()


def agreement(mean: pd.DataFrame, sd: pd.DataFrame, n: pd.DataFrame, variance: pd.DataFrame) -> dict[str, Any]:
    """Give r*wg(j), ICC(1) and ICC(2) of every role and dimension."""
    role = pd.CategoricalIndex(n.index.get_level_values(1)).remove_unused_categories()
    within = {f"d{d}": variance.iloc[:, d * N_ITEMS : (d + 1) * N_ITEMS].mean(axis=1) for d in range(N_DIMENSIONS)}
    agreed = 1 - pd.DataFrame(within) / (((HIGH - LOW + 1) ** 2 - 1) / 12)
    total, groups = n.groupby(role, observed=True).sum(), (n > 0).groupby(role, observed=True).sum()
    centre = (mean * n).groupby(role, observed=True).sum() / total
    distance = mean - centre.loc[role].set_axis(mean.index)
    msb = (n * distance**2).groupby(role, observed=True).sum() / (groups - 1)
    msw = (sd**2 * (n - 1)).groupby(role, observed=True).sum() / (total - groups)
    size = (total - (n**2).groupby(role, observed=True).sum() / total) / (groups - 1)
    return {
        "rwg_star_j": agreed.groupby(role, observed=True).mean(),
        "icc1": (msb - msw) / (msb + (size - 1) * msw),
        "icc2": (msb - msw) / msb,
    }


def test_feedback_against_grouping_with_pandas(
    evaluations: Ratings, ratio: Callable[..., float], tell: Callable[[str], None]
) -> None:
    frame = frame_of(evaluations)
    ours, theirs = feedback(evaluations), by_pandas(frame)
    assert ours.roles == ROLES
    for name in TABLES:
        table = getattr(ours, name)
        np.testing.assert_allclose(table, theirs[name].to_numpy().reshape(table.shape), rtol=0, atol=1e-12)
    assert np.array_equal(ours.n_raters, theirs["n_raters"].to_numpy().reshape(ours.n_raters.shape))
    for name in ("others_mean", "others_n", "gap", "standard_error"):
        np.testing.assert_allclose(getattr(ours, name), theirs[name].to_numpy(), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(ours.gap_category, theirs["gap_category"])
    several = [row for row, role in enumerate(ours.agreement.role) if role != "manager"]
    for name in ("rwg_star_j", "icc1", "icc2"):
        table = theirs[name].drop("manager").to_numpy().ravel()
        np.testing.assert_allclose(getattr(ours.agreement, name)[several], table, rtol=0, atol=1e-10)
    tell(f"{len(evaluations)} evaluations")
    ratio(lambda: feedback(evaluations), lambda: by_pandas(frame), at_most=1 / 1.5, repeats=7)


def test_memory_of_feedback(evaluations: Ratings, peak_memory: Callable[..., float]) -> None:
    def work() -> Feedback:
        return feedback(evaluations)

    peak_memory(work, at_most=3 * evaluations.responses.values.nbytes / 2**20)
