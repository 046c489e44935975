"""Scores rolled up over the tree: the means of whole subtrees, of the nodes that can be published together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias, get_args

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_int, float_array, frozen_mapping, int_array, repeated
from leadkit._results import TableResult, plain
from leadkit.errors import Fault, OrgError
from leadkit.org._expecting import expect_organisation
from leadkit.org.flags import sorted_flags
from leadkit.org.organisation import Organisation
from leadkit.org.rollup.answers import Answers, ScoresLike, answers_of
from leadkit.org.rollup.release import REASONS, choose_release
from leadkit.org.rollup.unanimity import Bounds, checked_bounds, unanimous
from leadkit.org.showing import checked_minimum
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["DisclosedRollUp", "Weighting", "roll_up"]

Weighting: TypeAlias = Literal["heads", "fte"]
"""Each respondent counts once, or with their full-time equivalent."""


def _counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping(counts)


@frozen(kw_only=True, eq=False)
class DisclosedRollUp(TableResult):
    """Mean scores of the subtrees that can be published together, one row a node; it may be shown.

    It holds nothing about any other node but how many there are by reason.

    Parameters
    ----------
    ids : tuple of p str
        The published nodes, ascending by code point: each stands for its post and everybody below.
    n : (p,) int array
        Respondents of each subtree; (p, k) with columns judged apart, -1 where the column is not published there.
    means : (p, k) array
        Mean score of each subtree; NaN where a column judged apart is not published.
    column_names : tuple of k str
        The columns.
    node_flags : tuple of p tuples of str
        `unanimous`: a mean lies on a bound, so the score of everybody in the subtree is known; `unanimous_rest`: the
        same of those in the subtree under no published node below it, whose mean follows by subtraction.
    reason_counts : mapping of str to int
        Number of nodes `published` and held back with `no_response`, `below_minimum` and `complementary`; with columns
        judged apart, number of pairs of node and column.
    n_incomplete : int
        People left out because they answered in some columns only; 0 with columns judged apart.
    min_n : int
        Least number of respondents a number that can be worked out rests on.
    weights : {"heads", "fte"}
        Whether each respondent counts once or with their full-time equivalent.
    flags : tuple of str
        Union of `node_flags`, and `columns_judged_apart`, `unfilled_answered`,
        `weighted_by_fte`, `without_fte_left_out`.
    """

    _columns: ClassVar[Mapping[str, str]] = {"ids": "id", "n": "n", "node_flags": "flags"}

    ids: tuple[str, ...]
    n: IntArray = field(converter=int_array)
    means: FloatArray = field(converter=float_array)
    column_names: tuple[str, ...]
    node_flags: tuple[tuple[str, ...], ...] = field(repr=False)
    reason_counts: Mapping[str, int] = field(converter=_counts)
    n_incomplete: int = field(converter=as_int)
    min_n: int = field(converter=as_int)
    weights: Weighting
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a node: `id`, `n`, the mean of each column by its name, `flags`.

        With columns judged apart, `n_<column>` stands before each mean instead of one `n`; None is not published.
        """
        return [self._record(row) for row in range(len(self.ids))]

    def _record(self, row: int) -> dict[str, Any]:
        record: dict[str, Any] = {"id": self.ids[row]}
        means = dict(zip(self.column_names, plain(self.means[row]), strict=True))
        if self.n.ndim == 1:
            record |= {"n": int(self.n[row]), **means}
        else:
            for (name, mean), n in zip(means.items(), self.n[row].tolist(), strict=True):
                record |= {f"n_{name}": None if n < 0 else n, name: mean}
        return record | {"flags": " ".join(self.node_flags[row])}


def roll_up(
    organisation: Organisation,
    scores: ScoresLike,
    *,
    min_n: int = 5,
    weights: Weighting = "heads",
    column_names: Sequence[str] | None = None,
    bounds: Bounds | None = None,
    per_column: bool = False,
) -> DisclosedRollUp:
    """Average scores over every subtree, and publish as many of the means as cannot be unpicked.

    Whoever has a score is a respondent and counts as one person, whatever the status of the post and however many hold
    it. Which nodes are published is decided by `choose_release`, from numbers of respondents alone.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    scores : (n,) or (n, k) array_like, or mapping
        In the order of `organisation.ids`, or id to score or to k scores; NaN, None or no entry is no answer. Somebody
        who answered in some columns only is left out of all: columns that differ by a few people can be subtracted.
    min_n : int
        Least number of respondents a number that can be worked out rests on, at least 3.
    weights : {"heads", "fte"}
        Whether each respondent counts once in a mean or with their full-time equivalent. `min_n` counts persons either
        way; a respondent with an FTE of 0 adds nothing to a mean and is left out (flag `without_fte_left_out`).
    column_names : sequence of k str, optional
        By default `score`, or `score_1`, `score_2`, ... for several columns.
    bounds : (float, float) or k such pairs, optional
        Lowest and highest possible score; with it a mean on a bound is flagged, since it tells everybody's score.
    per_column : bool
        Whether to judge each column alone and keep everybody's answers; flag `columns_judged_apart`, since two columns
        of nearly the same people may then give away those in whom they differ.

    Returns
    -------
    DisclosedRollUp
        Means and numbers of the published nodes.

    Raises
    ------
    DisclosureError
        `min_n` is below 3.
    OrgError
        The scores do not fit the organisation or the bounds, an id is unknown, a respondent lacks the FTE asked for, or
        an option is not one of those above.

    Notes
    -----
    One release, one hierarchy: a second cut of the same answers, by department or by direct team, can be subtracted
    from this one and has to be judged together with it, by `audit_cells`. So can the same answers weighted the other
    way, which would give away a single part-timer: publish `heads` or `fte`, not both. And whoever knows everybody's
    full-time equivalents can look for the scores that fit a mean weighted by them: among few people with whole-number
    scores and unequal equivalents, few sets fit (flag `weighted_by_fte`). Means of `heads` have no such sets, since
    people can be exchanged in them.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical Disclosure Control", Wiley, 2012, chapter 4.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> ids = ["ceo", "east", "west", *(f"e{i}" for i in range(4)), "w1", "w2"]
    >>> managers = ["", "ceo", "ceo", *["east"] * 4, *["west"] * 2]
    >>> organisation = Organisation.from_columns(ids, managers)
    >>> result = roll_up(organisation, [4, 5, 3, 4, 4, 2, 5, 1, 2], min_n=4)
    >>> result.to_records()[0]
    {'id': 'ceo', 'n': 9, 'score': 3.3333333333333335, 'flags': ''}
    >>> result.ids, result.means.tolist(), result.reason_counts["below_minimum"]
    (('ceo', 'east'), [[3.3333333333333335], [4.0]], 7)
    """
    minimum = checked_minimum(min_n)
    answers = answers_of(expect_organisation(organisation), scores, "scores")
    k = answers.scores.shape[1]
    names = _names(column_names, k, apart=per_column)
    ends = None if bounds is None else checked_bounds(bounds, answers)
    known = ~np.isnan(answers.scores)
    if not per_column:
        known &= known.all(axis=1, keepdims=True)
    counted: BoolArray = np.asarray(known.any(axis=1))
    weight, flags = _weights(organisation, answers, counted, weights)
    known &= (weight > 0)[:, None]
    releases = [
        choose_release(answers.tree, known[:, column], min_n=minimum) for column in range(k if per_column else 1)
    ]
    published = np.column_stack([release.published for release in releases])
    nodes = np.flatnonzero(published.any(axis=1))
    n = np.column_stack([np.where(release.published, release.subtree_n, -1) for release in releases])[nodes]
    reasons = Counter[str]()
    for release in releases:
        reasons.update(release.reason_counts)
    node_flags = _node_flags(answers, known, np.broadcast_to(published, known.shape), ends, nodes)
    if per_column:
        flags.add("columns_judged_apart")
    return DisclosedRollUp(
        ids=tuple([answers.ids[node] for node in nodes.tolist()]),
        n=n if per_column else n[:, 0],
        means=np.where(published[nodes], _means(answers, known, weight)[nodes], np.nan),
        column_names=names,
        node_flags=node_flags,
        reason_counts={reason: reasons[reason] for reason in REASONS},
        n_incomplete=0 if per_column else answers.n_incomplete,
        min_n=minimum,
        weights=weights,
        flags=flags.union(*node_flags),
    )


def _names(column_names: Sequence[str] | None, k: int, *, apart: bool) -> tuple[str, ...]:
    if column_names is None:
        return ("score",) if k == 1 else tuple(f"score_{column + 1}" for column in range(k))
    names = tuple(column_names)
    if isinstance(column_names, str) or len(names) != k or not all(isinstance(name, str) and name for name in names):
        msg = f"column_names: expected {k} texts that are not empty, got {column_names!r}"
        raise OrgError(msg)
    keys = ["id", "flags", *names, *([f"n_{name}" for name in names] if apart else ["n"])]
    twice = repeated(keys)
    if twice:
        msg = f"column_names: {', '.join(map(repr, twice))} would name two columns of the records"
        raise OrgError(msg)
    return names


def _weights(
    organisation: Organisation, answers: Answers, counted: BoolArray, weights: Weighting
) -> tuple[FloatArray, set[str]]:
    """Give the weight of each person who is `counted`, and the flags that go with them."""
    if weights not in get_args(Weighting):
        msg = f"weights: expected one of {', '.join(map(repr, get_args(Weighting)))}, got {weights!r}"
        raise OrgError(msg)
    flags = {"unfilled_answered"} if (counted & ~organisation.is_filled[answers.rows]).any() else set()
    if weights == "heads":
        return np.ones(counted.size), flags
    fte: FloatArray = organisation.column("fte")[answers.rows]
    lacking = np.flatnonzero(counted & np.isnan(fte))
    if lacking.size:
        faults = [Fault(repr(answers.ids[person]), "has a score but no FTE") for person in lacking.tolist()]
        raise OrgError.from_faults(faults, subject="weights 'fte'")
    if (counted & (fte == 0)).any():
        flags.add("without_fte_left_out")
    if np.unique(fte[counted & (fte > 0)]).size > 1:
        flags.add("weighted_by_fte")
    return np.where(counted, fte, 0.0), flags


def _means(answers: Answers, known: BoolArray, weight: FloatArray) -> FloatArray:
    """Average over each subtree, shape (n, k); NaN over nobody."""
    counted = np.where(known, weight[:, None], 0.0)
    total = answers.tree.roll_up(counted * np.where(known, answers.scores, 0.0))
    mass = answers.tree.roll_up(counted)
    means: FloatArray = np.divide(total, mass, out=np.full(total.shape, np.nan), where=mass > 0)
    return means


def _node_flags(
    answers: Answers, known: BoolArray, published: BoolArray, ends: FloatArray | None, nodes: IntArray
) -> tuple[tuple[str, ...], ...]:
    if ends is None:
        return ((),) * nodes.size
    whole, rest = unanimous(answers, known, published, ends)
    words: list[tuple[str, ...]] = [(), ("unanimous",), ("unanimous_rest",), ("unanimous", "unanimous_rest")]
    return tuple([words[code] for code in (whole[nodes] + 2 * rest[nodes]).tolist()])
