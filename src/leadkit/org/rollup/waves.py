"""Two waves of one survey side by side: change where the people who came and went cannot be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_int, float_array, int_array
from leadkit._results import TableResult, plain
from leadkit.errors import OrgError
from leadkit.graphs import TreeIndex
from leadkit.org.flags import sorted_flags
from leadkit.org.organisation import Organisation
from leadkit.org.rollup.answers import Answers, ScoresLike, answers_of
from leadkit.org.rollup.blocks import nearest_published
from leadkit.org.rollup.overlap import shared_people
from leadkit.org.rollup.release import Release, choose_release
from leadkit.org.showing import checked_minimum
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Wave", "WaveComparison", "compare_waves"]

Wave: TypeAlias = tuple[Organisation, ScoresLike]
"""An organisation and the scores of its people."""


@frozen(kw_only=True, eq=False)
class WaveComparison(TableResult):
    """Mean scores of the subtrees that can be compared between two waves, one row a node; it may be shown.

    Parameters
    ----------
    ids : tuple of p str
        The comparable nodes, ascending by code point: each stands for its post and everybody below, in each wave.
    before, after : (p,) or (p, k) array
        Mean score of the subtree in each wave; rows where rows of scores were given.
    change : (p,) or (p, k) array
        After minus before.
    n_before, n_after : (p,) int array
        Respondents of the subtree in each wave.
    withheld : tuple of str
        Nodes that the second wave alone would have published, ascending.
    node_flags : tuple of p tuples of str
        `few_moved_in_rest`: among those in the subtree under no comparable node below it, 1 to `min_n` - 1 came or
        went.
    min_n : int
        Least number of respondents a number that can be worked out rests on.
    flags : tuple of str
        Union of `node_flags`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "ids": "id",
        "n_before": "n_before",
        "n_after": "n_after",
        "before": "before",
        "after": "after",
        "change": "change",
        "node_flags": "flags",
    }

    ids: tuple[str, ...]
    before: FloatArray = field(converter=float_array)
    after: FloatArray = field(converter=float_array)
    change: FloatArray = field(converter=float_array)
    n_before: IntArray = field(converter=int_array)
    n_after: IntArray = field(converter=int_array)
    withheld: tuple[str, ...]
    node_flags: tuple[tuple[str, ...], ...] = field(repr=False)
    min_n: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a node: `id`, `n_before`, `n_after`, `before`, `after`, `change`, `flags`.

        Several columns are counted: `before_1`, `after_1`, `change_1`, `before_2`, ...
        """
        if self.change.ndim == 1:
            return super().to_records()
        return [self._record(row) for row in range(len(self.ids))]

    def _record(self, row: int) -> dict[str, Any]:
        record: dict[str, Any] = {
            "id": self.ids[row],
            "n_before": int(self.n_before[row]),
            "n_after": int(self.n_after[row]),
        }
        for column in range(self.change.shape[1]):
            for name in ("before", "after", "change"):
                record[f"{name}_{column + 1}"] = plain(getattr(self, name)[row, column])
        return record | {"flags": " ".join(self.node_flags[row])}


def compare_waves(before: Wave, after: Wave, *, min_n: int = 5) -> WaveComparison:
    """Set two waves side by side where nobody who came or went can be worked out from the difference.

    A node is comparable when both waves publish it and the respondents who joined or left its subtree, taken together,
    number 0 or at least `min_n`. Somebody has left a subtree who answered under it in the first wave and not in the
    second, whether gone, silent or moved elsewhere; joining is the same the other way round. Every other node is
    withheld from the second wave, and a root of the second wave that is not comparable withholds its whole tree; what
    is left of a safe release is safe.

    Parameters
    ----------
    before, after : pair of (Organisation, scores)
        The two waves; scores as in `roll_up`, the same number of columns in both. People and posts are the same when
        their ids are. A respondent counts once.
    min_n : int
        Least number of respondents a number that can be worked out rests on, at least 3.

    Returns
    -------
    WaveComparison
        The comparable nodes, and the ids withheld.

    Raises
    ------
    DisclosureError
        `min_n` is below 3.
    OrgError
        A wave is no pair of an organisation and its scores, or the waves differ in their columns.

    Notes
    -----
    A guard against differencing, not a proof: scores change between waves, so nobody can be solved for exactly, and
    somebody who knows who came and who went knows more than the numbers say. The flag `few_moved_in_rest` marks where
    the rule holds for a subtree and for those below but not for the people between.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical Disclosure Control", Wiley, 2012, chapter 4.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> def wave(n):
    ...     ids = ["head", *(f"p{i}" for i in range(n))]
    ...     return Organisation.from_columns(ids, ["", *["head"] * n]), [3, *[4] * n]
    >>> compare_waves(wave(6), wave(12), min_n=5).to_records()[0]["n_after"]
    13
    >>> compare_waves(wave(6), wave(7), min_n=5).withheld
    ('head',)
    """
    minimum = checked_minimum(min_n)
    waves = [_checked(wave, name) for wave, name in ((before, "before"), (after, "after"))]
    first, second = waves
    if first.scores.shape[1] != second.scores.shape[1]:
        msg = f"after: expected {first.scores.shape[1]} columns as before, got {second.scores.shape[1]}"
        raise OrgError(msg)
    releases = [choose_release(wave.tree, wave.is_complete, min_n=minimum) for wave in waves]
    pairs = _same_ids(first, second)
    both = pairs[:, first.is_complete[pairs[0]] & second.is_complete[pairs[1]]]
    tops = pairs[:, releases[0].published[pairs[0]] & releases[1].published[pairs[1]]]
    tops = tops[:, _is_comparable(waves, releases, both, tops, minimum)]
    means = [_means(wave)[nodes] for wave, nodes in zip(waves, tops, strict=True)]
    if first.is_vector and second.is_vector:
        means = [mean[:, 0] for mean in means]
    few = _few_moved(waves, both, tops, minimum)
    withheld = releases[1].published.copy()
    withheld[tops[1]] = False
    return WaveComparison(
        ids=tuple([second.ids[node] for node in tops[1].tolist()]),
        before=means[0],
        after=means[1],
        change=means[1] - means[0],
        n_before=releases[0].subtree_n[tops[0]],
        n_after=releases[1].subtree_n[tops[1]],
        withheld=tuple([second.ids[node] for node in np.flatnonzero(withheld).tolist()]),
        node_flags=tuple([("few_moved_in_rest",) if is_few else () for is_few in few.tolist()]),
        min_n=minimum,
        flags=("few_moved_in_rest",) if few.any() else (),
    )


def _checked(wave: Wave, name: str) -> Answers:
    if not isinstance(wave, tuple | list) or len(wave) != 2:
        msg = f"{name}: expected a pair of an organisation and its scores, got {type(wave).__name__}"
        raise OrgError(msg)
    return answers_of(wave[0], wave[1], name)


def _same_ids(first: Answers, second: Answers) -> IntArray:
    """Pair the nodes with one id, shape (2, c), ascending."""
    place = {name: node for node, name in enumerate(first.ids)}
    pairs = [(place[name], node) for node, name in enumerate(second.ids) if name in place]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T


def _is_comparable(
    waves: list[Answers], releases: list[Release], both: IntArray, tops: IntArray, minimum: int
) -> BoolArray:
    """Tell at which of the nodes published twice enough people came or went, or none, up to the root."""
    trees = [wave.tree for wave in waves]
    shared = shared_people(trees[0], trees[1], (both[0], both[1]), (tops[0], tops[1]))
    moved = releases[0].subtree_n[tops[0]] + releases[1].subtree_n[tops[1]] - 2 * shared
    comparable = (moved == 0) | (moved >= minimum)
    is_sound = np.zeros(trees[1].n, dtype=np.bool_)
    is_sound[tops[1, comparable]] = True
    sound: BoolArray = comparable & is_sound[_roots(trees[1], tops[1])]
    return sound


def _roots(tree: TreeIndex, nodes: IntArray) -> IntArray:
    starts = tree.position[tree.roots]
    found: IntArray = tree.roots[np.searchsorted(starts, tree.position[nodes], side="right") - 1]
    return found


def _few_moved(waves: list[Answers], both: IntArray, tops: IntArray, minimum: int) -> BoolArray:
    """Tell where the people between a comparable node and the comparable ones below it changed by few."""
    count = tops.shape[1]
    sizes, names = [], []
    for wave, nodes in zip(waves, tops, strict=True):
        published = np.zeros(wave.tree.n, dtype=np.bool_)
        published[nodes] = True
        name = np.full(wave.tree.n + 1, count)
        name[nodes] = np.arange(count)
        group = name[nearest_published(wave.tree, published)]
        sizes.append(np.bincount(group[wave.is_complete], minlength=count + 1)[:count])
        names.append(group)
    one, other = names[0][both[0]], names[1][both[1]]
    shared = np.bincount(one[one == other], minlength=count + 1)[:count]
    moved = sizes[0] + sizes[1] - 2 * shared
    few: BoolArray = (moved > 0) & (moved < minimum)
    return few


def _means(wave: Answers) -> FloatArray:
    """Average the complete rows of each subtree, shape (n, k); NaN over nobody."""
    return wave.tree.roll_up(np.where(wave.is_complete[:, None], wave.scores, np.nan), how="mean")
