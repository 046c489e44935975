"""Is everyone pulling in the same direction: rankings of the same priorities compared over the reporting lines."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit.errors import OrgError
from leadkit.graphs import TreeIndex
from leadkit.org._expecting import expect_organisation
from leadkit.org.alignment.ranks import (
    Rankings,
    any_below,
    chain_sums,
    concordance,
    group_sums,
    mean_by,
    mean_of,
    rank_rows,
    rho,
    tau_b,
)
from leadkit.org.alignment.result import Alignment
from leadkit.org.organisation import Organisation
from leadkit.stats._arrays import at, first_place, matrix, vector
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Alignment", "measure_alignment"]


def measure_alignment(
    organisation: Organisation, priorities: ArrayLike, *, endgame_ranking: ArrayLike | None = None
) -> Alignment:
    """Tell whether everyone is pulling in the same direction.

    Everybody ranks the same k priorities; the rankings are compared among all, within each layer, along each chain of
    command, between a person and the direct boss, and with the ranking that serves the endgame.

    Parameters
    ----------
    organisation : Organisation
        Who reports to whom.
    priorities : (n, k) array-like
        Ranks, or ratings taken as ranks, 1 = first, in the row order of `organisation.ids`; k at least 2. Only the
        order within a row counts, equal values are tied. A row with any NaN did not answer.
    endgame_ranking : (k,) array-like, optional
        How the endgame ranks them, 1 = first; when None the ranking of the single root, who is then not compared.

    Returns
    -------
    Alignment
        Go through its `disclosed` before anything is shown.

    Raises
    ------
    OrgError
        `organisation` is something else, `priorities` is no matrix of finite numbers with a row for each person and at least two columns, or
        `endgame_ranking` is no vector of k finite numbers.

    References
    ----------
    .. [1] M. G. Kendall and B. Babington Smith, "The problem of m rankings", Annals of Mathematical Statistics 10,
       1939.
    .. [2] M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945.

    Examples
    --------
    >>> people = Organisation.from_columns(["ann", "bo", "cy"], [None, "ann", "ann"])
    >>> found = measure_alignment(people, [[1, 2, 3], [1, 2, 3], [3, 2, 1]])
    >>> found.n_raters, round(found.kendall_w, 3), found.boss_tau_mean, found.same_direction_share
    (3, 0.111, 0.0, 0.5)
    """
    rows = _checked_rows(priorities, expect_organisation(organisation).n)
    tree = organisation.tree
    raters = np.flatnonzero(~np.isnan(rows).any(axis=1))
    ranks = rank_rows(rows[raters])
    endgame, source = _endgame(endgame_ranking, rows, tree)
    pairs, compared = _compared(tree, ranks, raters, endgame, left_out=source)
    chains = _chains(tree, ranks, raters, pairs)
    layer = tree.depth[raters]
    sums, squares, n_by_layer = group_sums(ranks, layer, tree.n_layers)
    w = float(
        concordance(sums.sum(axis=1, keepdims=True), squares.sum(keepdims=True), n_by_layer.sum(keepdims=True))[0]
    )
    defined = ~np.isnan(pairs.tau)
    n_pairs_by_layer, tau_by_layer = mean_by(pairs.tau[defined], tree.depth[pairs.reports[defined]], tree.n_layers)
    bosses = np.unique(tree.parents[pairs.reports[defined]])
    known = compared.tau[~np.isnan(compared.tau)]
    flags = {
        "too_few_raters": raters.size < 2,
        "all_tied": raters.size >= 2 and np.isnan(w),
        "no_endgame": endgame is None,
        "endgame_from_root": source is not None,
        "unfilled_answered": not organisation.is_filled[raters].all(),
    }
    return Alignment(
        n_items=rows.shape[1],
        n_raters=raters.size,
        kendall_w=w,
        n_by_layer=n_by_layer,
        w_by_layer=concordance(sums, squares, n_by_layer),
        n_chains=chains.w.size,
        n_chain_raters=chains.n_raters,
        n_chain_bosses=chains.n_bosses,
        chain_w_mean=mean_of(chains.w),
        n_pairs=pairs.reports.size,
        boss_tau_mean=mean_of(pairs.tau[defined]),
        boss_spearman_mean=mean_of(pairs.rho[defined]),
        n_pairs_by_layer=n_pairs_by_layer,
        boss_tau_by_layer=tau_by_layer,
        n_bosses_by_layer=np.bincount(tree.depth[bosses] + 1, minlength=tree.n_layers),
        n_compared=known.size,
        endgame_tau_mean=mean_of(known),
        same_direction_share=mean_of((known > 0).astype(np.float64)),
        n_same_direction=(known > 0).sum(),
        n_undefined=np.isnan(pairs.tau).sum() + np.isnan(compared.tau).sum(),
        n_chain_apart=chains.n_apart,
        n_endgame_apart=compared.n_apart,
        n_unlike=ranks.n_unlike,
        n_tied=(ranks.squares == 0).sum(),
        flags=[name for name, holds in flags.items() if holds],
    )


@frozen(eq=False)
class Pairs:
    """People who answered and whose direct boss did: their rows, tau-b and rho."""

    reports: IntArray
    tau: FloatArray
    rho: FloatArray


@frozen(eq=False)
class Compared:
    """Tau-b of the people who are compared with the endgame, and how many of the known ones no boss's tau repeats."""

    tau: FloatArray
    n_apart: int


@frozen(eq=False)
class Chains:
    """W of every chain that has one, the people on them, bosses alone too, and those by whom they differ from the pairs."""

    w: FloatArray
    n_raters: int
    n_bosses: int
    n_apart: int


def _checked_rows(priorities: ArrayLike, n: int) -> FloatArray:
    try:
        rows = matrix(priorities, "priorities")
    except ValueError as error:
        raise OrgError(str(error)) from error
    if len(rows) != n:
        msg = f"priorities: expected {n} rows, one for each person, got {len(rows)}"
        raise OrgError(msg)
    if rows.shape[1] < 2:
        msg = "priorities: expected at least two columns, got 1: one thing alone has no rank"
        raise OrgError(msg)
    return rows


def _endgame(ranking: ArrayLike | None, rows: FloatArray, tree: TreeIndex) -> tuple[Rankings | None, int | None]:
    """Return how the endgame ranks, if anything says so, and the root it was taken from."""
    if ranking is not None:
        try:
            row = vector(ranking, "endgame_ranking", length=rows.shape[1])
        except ValueError as error:
            raise OrgError(str(error)) from error
        missing = np.isnan(row)
        if missing.any():
            msg = f"endgame_ranking{at(first_place(missing))}: expected a finite number, got NaN"
            raise OrgError(msg)
        return rank_rows(row[None, :]), None
    if tree.roots.size != 1 or np.isnan(rows[tree.roots[0]]).any():
        return None, None
    root = int(tree.roots[0])
    return rank_rows(rows[root][None, :]), root


def _compared(
    tree: TreeIndex, ranks: Rankings, raters: IntArray, endgame: Rankings | None, *, left_out: int | None
) -> tuple[Pairs, Compared]:
    """Compare each rater with the direct boss and with the endgame, in one walk over the pairs of priorities."""
    place = np.full(tree.n + 1, -1, dtype=np.int64)  # the last is the boss of a root
    place[raters] = np.arange(raters.size)
    boss = place[tree.parents[raters]]
    with_boss = np.flatnonzero(boss >= 0)
    reports, bosses = ranks.at(with_boss), ranks.at(boss[with_boss])
    to_boss = np.zeros(with_boss.size, dtype=np.int64)
    to_endgame = np.zeros(raters.size, dtype=np.int64)
    directions = None if endgame is None else endgame.signs()
    for signs in ranks.signs():
        to_boss += signs[with_boss] * signs[boss[with_boss]]
        if directions is not None:
            to_endgame += signs * next(directions)
    pairs = Pairs(raters[with_boss], tau_b(to_boss, reports, bosses), rho(reports, bosses))
    if endgame is None:
        return pairs, Compared(np.empty(0), 0)
    tau = tau_b(to_endgame, ranks, endgame)
    # Where the boss ranks as the endgame does, the one tau is the other.
    like_endgame = (ranks.centred == endgame.centred).all(axis=0)
    repeated = (boss >= 0) & like_endgame[boss]
    counted = raters != left_out
    return pairs, Compared(tau[counted], int((counted & ~repeated & ~np.isnan(tau)).sum()))


def _chains(tree: TreeIndex, ranks: Rankings, raters: IntArray, pairs: Pairs) -> Chains:
    """Measure W along the chain of every contributor."""
    contributors = np.flatnonzero(tree.n_children == 0)
    sums, squares, n = chain_sums(tree, ranks, raters, contributors)
    w = concordance(sums, squares, n)
    used = ~np.isnan(w)
    answered = np.zeros(tree.n, dtype=np.bool_)
    answered[raters] = True
    paired = np.zeros(tree.n, dtype=np.bool_)
    paired[pairs.reports[~np.isnan(pairs.tau)]] = True
    like_pair = used & (n == 2) & paired[contributors]
    on_chain = answered & any_below(tree, contributors[used])
    apart: BoolArray = answered & any_below(tree, contributors[used & ~like_pair])
    paired[contributors[like_pair]] = False
    apart[paired] = True
    apart[tree.parents[paired]] = True
    n_bosses = int((on_chain & (tree.n_children > 0)).sum())
    return Chains(w[used], int(on_chain.sum()), n_bosses, int(apart.sum()))
