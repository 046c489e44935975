"""Scores put in the order of the ids, with the tree in that order, so that no result depends on the order of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit.errors import OrgError
from leadkit.graphs import TreeIndex
from leadkit.org._expecting import expect_organisation
from leadkit.org.organisation import Organisation
from leadkit.stats._arrays import floats
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Answers", "ScoresLike", "answers_of"]

ScoresLike: TypeAlias = ArrayLike | Mapping[str, Any]
"""One score or one row of k scores a person: in the order of the organisation, or by id."""


@frozen(eq=False)
class Answers:
    """Who answered what in one organisation, by ascending id.

    Parameters
    ----------
    ids : tuple of str
        The n ids by code point.
    tree : TreeIndex
        The reporting lines among them.
    scores : (n, k) float array
        NaN is no answer.
    is_vector : bool
        Whether one score a person was given, not rows.
    rows : (n,) int array
        Place of each id in the organisation.
    """

    ids: tuple[str, ...]
    tree: TreeIndex
    scores: FloatArray
    is_vector: bool
    rows: IntArray

    @property
    def is_complete(self) -> BoolArray:
        """Whether each person answered in every column, shape (n,)."""
        complete: BoolArray = np.asarray(~np.isnan(self.scores).any(axis=1))
        return complete

    @property
    def n_incomplete(self) -> int:
        """Number of people who answered in some columns and not in others."""
        known = ~np.isnan(self.scores)
        return int((known.any(axis=1) & ~known.all(axis=1)).sum())


def answers_of(organisation: Organisation, scores: ScoresLike, name: str) -> Answers:
    """Put an organisation and the scores of its people into the order of the ids.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    scores : (n,) or (n, k) array_like, or mapping
        In the order of `organisation.ids`, or id to score or to k scores; NaN, None or no entry is no answer.
    name : str
        The argument, for messages.

    Returns
    -------
    Answers
        Scores and tree by ascending id.

    Raises
    ------
    OrgError
        `organisation` is none, an id is unknown, or the scores are no finite numbers in rows of one length.
    """
    expect_organisation(organisation, name)
    given = _by_row(organisation, scores, name) if isinstance(scores, Mapping) else _numbers(scores, name)
    if given.ndim not in {1, 2} or len(given) != organisation.n or (given.ndim == 2 and not given.shape[1]):
        msg = f"{name}: expected {organisation.n} scores or rows of scores, got an array of shape {given.shape}"
        raise OrgError(msg)
    rows = organisation.sorted_rows
    return Answers(
        ids=tuple(map(organisation.ids.__getitem__, rows.tolist())),
        tree=_reordered(organisation.tree, rows),
        scores=given.reshape(len(rows), -1 if len(rows) else max(given.shape[1:], default=1))[rows],
        is_vector=given.ndim == 1,
        rows=rows,
    )


def _numbers(values: Any, name: str) -> FloatArray:
    try:
        return floats(values, name)
    except ValueError as error:
        raise OrgError(str(error)) from error


def _by_row(organisation: Organisation, scores: Mapping[str, Any], name: str) -> FloatArray:
    known = _numbers(list(scores.values()), name)
    if known.ndim not in {1, 2}:
        msg = f"{name}: expected a score or a row of scores for each id, got {known.ndim - 1} dimensions"
        raise OrgError(msg)
    table = np.full((organisation.n, *known.shape[1:]), np.nan)
    table[organisation.indices_of(list(scores))] = known
    return table


def _reordered(tree: TreeIndex, rows: IntArray) -> TreeIndex:
    if (rows[1:] > rows[:-1]).all():
        return tree
    place = np.empty(rows.size + 1, dtype=np.int64)
    place[rows] = np.arange(rows.size)
    place[-1] = -1
    return TreeIndex.from_parents(place[tree.parents[rows]])
