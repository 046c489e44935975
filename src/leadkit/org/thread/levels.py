"""Scores by level: how far apart the levels are, which way they go, and how much of the spread they account for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Self, TypeAlias

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array, int_array
from leadkit._results import plain
from leadkit.errors import OrgError
from leadkit.org._hiding import checked_again
from leadkit.org._scores import aligned_scores, expect_pyramid
from leadkit.org.flags import sorted_flags
from leadkit.org.people import Tier
from leadkit.org.pyramid import Pyramid
from leadkit.org.showing import DISCLOSED, GuardedResult, shown_groups
from leadkit.stats import GroupMoments, group_icc
from leadkit.stats._arrays import check_word
from leadkit.stats.variance.rounding import beyond_rounding
from leadkit.typing import FloatArray, IntArray

__all__ = ["LevelView", "view_levels"]

LevelKind: TypeAlias = Literal["layer", "tier"]
SizeRule: TypeAlias = Literal["donner", "mean"]
OVERALL = ("max_adjacent_gap", "sd_of_level_means", "slope", "slope_p", "eta_squared", "icc1", "icc2")
"""The numbers over all levels."""


@frozen(kw_only=True, eq=False)
class LevelView(GuardedResult):
    """Scores by level, one row a level that has any; before it is shown it goes through `disclosed`.

    Parameters
    ----------
    levels : (g,) int array
        Layers, 1 being the roots'; or tiers by number, 1 being the front line. Ascending.
    n : (g,) array
        People of each level with a score, whole numbers; NaN where hidden.
    means, sds : (g,) array
        Mean and standard deviation (divisor n - 1) of each level; an sd of one person is NaN.
    max_adjacent_gap : float
        Largest difference between the means of two levels next to each other in `levels`; NaN for fewer than two.
    sd_of_level_means : float
        Standard deviation (divisor g - 1) of the level means, each level counting once; NaN for fewer than two.
    slope : float
        Least squares slope of the score on the level's number over people [points a level]; NaN for one level. By
        layer a negative slope says that scores fall towards the front line, by tier a positive one does.
    slope_p : float
        Two-sided p-value of the slope by Student's t with n - 2 degrees of freedom; NaN for fewer than three people
        or when all scores are equal.
    eta_squared : float
        Share of the sum of squares between levels, in [0, 1].
    icc1, icc2 : float
        ICC(1), which may be below 0, and ICC(2), as `leadkit.stats.group_icc` gives them.
    by : {"layer", "tier"}
        What a level is.
    group_size : {"donner", "mean"}
        The size that stands for unequal levels in `icc1`.
    min_n : int or None
        Fewest people that a shown number rests on; None before `disclosed`.
    flags : tuple of str
        `no_scores`, `single_level`, `no_replication`, `no_variance`, `level_without_scores`, `negative_icc`,
        `levels_hidden`, `disclosed`.
    """

    levels: IntArray = field(converter=int_array)
    n: FloatArray = field(converter=float_array)
    means: FloatArray = field(converter=float_array)
    sds: FloatArray = field(converter=float_array)
    max_adjacent_gap: float = field(converter=as_float)
    sd_of_level_means: float = field(converter=as_float)
    slope: float = field(converter=as_float)
    slope_p: float = field(converter=as_float)
    eta_squared: float = field(converter=as_float)
    icc1: float = field(converter=as_float)
    icc2: float = field(converter=as_float)
    by: LevelKind
    group_size: SizeRule
    min_n: int | None = None
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def disclosed(self, *, min_n: int = 5) -> Self:
        """Hide the levels with too few people, and every number from which they could be worked out.

        A level under `min_n` people is hidden; where the hidden ones together hold fewer, the next smallest level
        goes too. As soon as one level is hidden, so are all numbers over the levels: slope, p-value and eta squared
        are so many equations beside the means shown that a boss alone in a layer could be solved for. To keep them,
        view by tier, where levels are larger.

        Parameters
        ----------
        min_n : int
            Least number of people a shown number may rest on, at least 3.

        Returns
        -------
        LevelView
            The same with the flag `disclosed`, and `levels_hidden` where that happened; hidden numbers are NaN.

        Raises
        ------
        DisclosureError
            `min_n` is below 3, or above the one with which this was disclosed before.
        """
        minimum = checked_again(min_n, self.min_n)
        if self.min_n is not None:
            return self
        shown = shown_groups(self.n, minimum)
        hidden: dict[str, float] = {} if shown.all() else dict.fromkeys(OVERALL, math.nan)
        told = set(self.flags) if shown.all() else set(self.flags) & {"level_without_scores"} | {"levels_hidden"}
        return evolve(
            self,
            n=np.where(shown, self.n, np.nan),
            means=np.where(shown, self.means, np.nan),
            sds=np.where(shown, self.sds, np.nan),
            min_n=minimum,
            flags=told | {DISCLOSED},
            **hidden,  # type: ignore[arg-type]  # names of float fields
        )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a level: `level`, `n`, `mean`, `sd`; NaN becomes None.

        Raises
        ------
        DisclosureError
            The result has not been through `disclosed`.
        """
        columns = self.to_dict()
        rows = zip(*(columns[name] for name in ("levels", "n", "means", "sds")), strict=True)
        return [{"level": level, "n": plain(n), "mean": mean, "sd": sd} for level, n, mean, sd in rows]


def view_levels(
    pyramid: Pyramid,
    scores: ArrayLike | Mapping[str, float],
    *,
    by: LevelKind = "layer",
    group_size: SizeRule = "donner",
) -> LevelView:
    """Compare the scores of the levels.

    Parameters
    ----------
    pyramid : Pyramid
        n posts and their tiers.
    scores : (n,) array_like or mapping of str to float
        One score a post in the order of `pyramid.organisation.ids`, or id to score; NaN or no entry is missing. Scores
        of posts that nobody holds are not looked at.
    by : {"layer", "tier"}
        Levels are layers, counted from the roots, or tiers, counted from the front line; support posts, which stand
        outside the tiers, are then left out.
    group_size : {"donner", "mean"}
        The size n0 that stands for unequal levels in ICC(1): (N - sum n_j^2 / N) / (G - 1), or N / G.

    Returns
    -------
    LevelView
        Size, mean and spread of each level with a score, and how the levels differ.

    Raises
    ------
    OrgError
        An id is unknown, scores are no finite numbers, their number is wrong, or an option is unknown.

    References
    ----------
    .. [1] P. D. Bliese, "Within-group agreement, non-independence, and reliability", in K. J. Klein and
       S. W. J. Kozlowski (eds), "Multilevel Theory, Research, and Methods in Organizations", Jossey-Bass, 2000.
    .. [2] A. Donner, "A review of inference procedures for the intraclass correlation coefficient in the one-way
       random effects model", International Statistical Review 54, 1986.

    Examples
    --------
    >>> from leadkit.org import Organisation, build_pyramid
    >>> ids = ["ann", "bo", "cy", "dee", "eve", "fay"]
    >>> pyramid = build_pyramid(Organisation.from_columns(ids, [None, "ann", "ann", "bo", "bo", "cy"]))
    >>> view = view_levels(pyramid, [4.5, 4.0, 4.5, 3.0, 3.5, 4.0])
    >>> view.levels.tolist(), view.means.tolist(), view.max_adjacent_gap
    ([1, 2, 3], [4.5, 4.25, 3.5], 0.75)
    >>> round(view.slope, 3), round(view.eta_squared, 3)
    (-0.55, 0.634)
    """
    organisation = expect_pyramid(pyramid).organisation
    try:
        check_word(by, "by", ("layer", "tier"))
        check_word(group_size, "group_size", ("donner", "mean"))
    except ValueError as error:
        raise OrgError(str(error)) from error
    tier = pyramid.tier.astype(np.int64)
    level = tier if by == "tier" else organisation.tree.depth.astype(np.int64) + 1
    counted = organisation.is_filled if by == "layer" else organisation.is_filled & (tier != Tier.SUPPORT)
    known = aligned_scores(organisation, scores, "scores")
    has_score = counted & ~np.isnan(known)
    found = compare_levels(known[has_score], level[has_score], group_size)
    flags = found.flags
    if np.setdiff1d(level[counted], level[has_score]).size:
        flags.add("level_without_scores")
    moments = found.moments
    return LevelView(
        levels=moments.groups,
        n=moments.n,
        means=moments.mean,
        sds=_standard_deviations(moments),
        max_adjacent_gap=_largest(np.abs(np.diff(moments.mean))),
        sd_of_level_means=float(moments.mean.std(ddof=1)) if len(moments.groups) > 1 else math.nan,
        slope=found.slope,
        slope_p=found.slope_p,
        eta_squared=found.eta_squared,
        icc1=found.icc1,
        icc2=found.icc2,
        by=by,
        group_size=group_size,
        flags=flags,
    )


class Comparison(NamedTuple):
    """How the scores of levels differ."""

    moments: GroupMoments
    slope: float
    slope_p: float
    eta_squared: float
    icc1: float
    icc2: float
    flags: set[str]


FLAG_OF = {
    "too_few_rows": "no_scores",
    "single_group": "single_level",
    "no_replication": "no_replication",
    "no_variance": "no_variance",
    "negative_estimate": "negative_icc",
}
"""Flags of the intraclass correlation that concern a view of levels, and what they are called there."""


def compare_levels(scores: FloatArray, level: IntArray, group_size: SizeRule) -> Comparison:
    """Compare levels from the known scores of people, the same whatever the order of the people."""
    order = np.lexsort((scores, level))
    moments = GroupMoments.from_arrays(scores[order], level[order])
    icc = group_icc(moments, size=group_size)
    slope, slope_p = _regression(moments)
    return Comparison(
        moments=moments,
        slope=slope,
        slope_p=slope_p,
        eta_squared=icc.eta_squared,
        icc1=icc.icc1,
        icc2=icc.icc2,
        flags={FLAG_OF[flag] for flag in icc.flags if flag in FLAG_OF},
    )


def _regression(moments: GroupMoments) -> tuple[float, float]:
    """Regress the score on the level's number by least squares over people; return the slope and its p-value."""
    from scipy import special

    n, x, y = moments.n, np.asarray(moments.groups, dtype=np.float64), moments.mean
    total = int(n.sum())
    if x.size < 2:
        return math.nan, math.nan
    away, y_away = x - n @ x / total, y - n @ y / total
    spread = float(n @ away**2)
    within, between = float(moments.sum_squares.sum()), float(n @ y_away**2)
    largest = float(np.abs(y).max())
    whole = beyond_rounding(within + between, of=within + between, n=total, largest=largest)
    slope = float((n * away) @ y_away) / spread if whole else 0.0
    if total < 3 or not whole:
        return slope, math.nan
    left = within + float(n @ (y_away - slope * away) ** 2)
    error = beyond_rounding(left, of=whole, n=total, largest=largest)
    if not error:
        return slope, 0.0
    t = slope / math.sqrt(error / (total - 2) / spread)
    return slope, float(2 * special.stdtr(total - 2, -abs(t)))


def _standard_deviations(moments: GroupMoments) -> FloatArray:
    freedom = np.where(moments.n > 1, moments.n - 1, 1)
    return np.where(moments.n > 1, np.sqrt(moments.sum_squares / freedom), np.nan)


def _largest(values: FloatArray) -> float:
    return float(values.max()) if values.size else math.nan
