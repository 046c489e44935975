"""The six intraclass correlations of targets by raters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import check_level, check_word, matrix
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags
from leadkit.stats.variance.mean_squares import FORMS, MCGRAW_WONG, MeanSquares
from leadkit.stats.variance.two_way import mean_squares_with_gaps
from leadkit.typing import FloatArray, IntArray

Missing: TypeAlias = Literal["listwise", "reml"]


@frozen(kw_only=True, eq=False)
class ICC(TableResult):
    """Intraclass correlations in six forms, one row a form.

    The first number of a form says what raters are: 1, every target has raters of its own; 2, raters are a random
    sample whose differences in level count against them (absolute agreement); 3, these raters only, whose differences
    in level do not count (consistency). The second says what is reliable: one rating, or the mean of k.

    Parameters
    ----------
    forms : tuple of str
        "ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)", after Shrout and Fleiss.
    mcgraw_wong : tuple of str
        The same after McGraw and Wong: "ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)".
    estimate : (6,) array
        Never clipped, so one may be below 0; NaN where undefined.
    low, high : (6,) array
        Ends of the interval; NaN where undefined.
    f : (6,) array
        F of no variance between targets.
    df1, df2 : (6,) int array
        Its degrees of freedom.
    p_value : (6,) array
        Chance of a larger F without variance between targets.
    level : float
        Two-sided confidence level.
    ms_targets, ms_raters, ms_error, ms_within : float
        Mean squares; under "reml" those that full rows would have under the estimated components.
    n_rows, n_targets : int
        Rows given, and those used.
    n_raters : int
        k, columns used.
    n_missing : int
        Cells without a rating.
    method : {"anova", "reml"}
        Whether the mean squares come from full rows or from components of variance.
    flags : tuple of str
        `rows_dropped`, `too_few_rows`, `too_few_raters`, `negative_estimate`, `negative_component` when raters differ
        so little that ICC(2,k) is undefined, `no_variance` when targets do not differ, `perfect_consistency`; under
        "reml" also `approximate_interval`, `all_missing` for a rater without a rating, `zero_between_variance` when
        targets have no variance of their own, `underidentified` when no degree of freedom is left for error,
        `disconnected_design`, `not_converged`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "forms": "form",
        "mcgraw_wong": "mcgraw_wong",
        "estimate": "estimate",
        "low": "low",
        "high": "high",
        "f": "f",
        "df1": "df1",
        "df2": "df2",
        "p_value": "p_value",
    }

    forms: tuple[str, ...] = FORMS
    mcgraw_wong: tuple[str, ...] = MCGRAW_WONG
    estimate: FloatArray = field(converter=float_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    f: FloatArray = field(converter=float_array)
    df1: IntArray = field(converter=int_array)
    df2: IntArray = field(converter=int_array)
    p_value: FloatArray = field(converter=float_array)
    level: float = field(converter=as_float)
    ms_targets: float = field(converter=as_float)
    ms_raters: float = field(converter=as_float)
    ms_error: float = field(converter=as_float)
    ms_within: float = field(converter=as_float)
    n_rows: int = field(converter=as_int)
    n_targets: int = field(converter=as_int)
    n_raters: int = field(converter=as_int)
    n_missing: int = field(converter=as_int)
    method: Literal["anova", "reml"]
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def value(self, form: str) -> float:
        """Return the estimate of a form, by either of its names.

        Parameters
        ----------
        form : str
            A name in `forms` or `mcgraw_wong`.

        Returns
        -------
        float
            The estimate; NaN where undefined.

        Raises
        ------
        ValueError
            There is no such form.

        Examples
        --------
        >>> result = icc([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
        >>> round(result.value("ICC(2,1)"), 2), result.value("ICC(2,1)") == result.value("ICC(A,1)")
        (0.29, True)
        """
        place = {name: i for names in (self.forms, self.mcgraw_wong) for i, name in enumerate(names)}
        check_word(form, "form", tuple(place))
        return float(self.estimate[place[form]])


def icc(ratings: ArrayLike, *, missing: Missing = "listwise", level: float = 0.95) -> ICC:
    """Intraclass correlations of targets by raters, in all six forms.

    With k raters and mean squares of targets R, raters C, error E and within targets W:

    - ICC(1,1) = (R - W) / (R + (k - 1) W) and ICC(1,k) = (R - W) / R: every target has raters of its own.
    - ICC(2,1) = (R - E) / (R + (k - 1) E + k (C - E) / n) and ICC(2,k) = (R - E) / (R + (C - E) / n): raters are random
      and their differences in level count. This is absolute agreement.
    - ICC(3,1) = (R - E) / (R + (k - 1) E) and ICC(3,k) = (R - E) / R: these raters only, whose differences in level do
      not count. This is consistency. Packages disagree on which of the two is called what; here 2 is agreement.

    Parameters
    ----------
    ratings : (n_targets, n_raters) array-like
        One rating a target and rater, NaN being missing.
    missing : {"listwise", "reml"}
        "listwise": only targets that every rater rated. "reml": all ratings, through the components of variance of a
        two-way random model by restricted maximum likelihood (at least 0); degrees of freedom come from the observed
        ratings and the intervals are approximate.
    level : float
        Two-sided confidence level, inside (0, 1).

    Returns
    -------
    ICC
        One row a form. The interval of forms 2 rests on Satterthwaite's degrees of freedom, and is NaN where they
        give limits that do not enclose a negative estimate. Without error variance forms 3 are 1, F is NaN and
        `perfect_consistency` is flagged.

    Raises
    ------
    ValueError
        `ratings` is not a matrix of real finite numbers, an option is not one of those above, or under "reml" there
        are more than 5000 targets and more than 5000 raters.

    References
    ----------
    .. [1] P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater reliability", Psychological
       Bulletin 86, 1979.
    .. [2] K. O. McGraw and S. P. Wong, "Forming inferences about some intraclass correlation coefficients",
       Psychological Methods 1, 1996 (with the corrections of the same volume, p. 390).

    Examples
    --------
    Six targets by four judges, table 2 of [1]_, whose table 4 prints these values:

    >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> result = icc(ratings)
    >>> dict(zip(result.forms, result.estimate.round(2).tolist()))
    {'ICC(1,1)': 0.17, 'ICC(2,1)': 0.29, 'ICC(3,1)': 0.71, 'ICC(1,k)': 0.44, 'ICC(2,k)': 0.62, 'ICC(3,k)': 0.91}
    """
    table = matrix(ratings, "ratings")
    check_word(missing, "missing", ("listwise", "reml"))
    check_level(level)
    gaps = np.isnan(table)
    if missing == "reml":
        squares, flags = mean_squares_with_gaps(table)
    else:
        squares, flags = MeanSquares.of(table[~gaps.any(axis=1)] if gaps.any() else table), set()
    if squares.n < len(table):
        flags.add("rows_dropped")
    estimate = squares.estimates()
    f, p_value = squares.tests()
    low, high = squares.intervals(level)
    return ICC(
        estimate=estimate,
        low=low,
        high=high,
        f=f,
        df1=np.full(6, max(squares.n - 1, 0)),
        df2=np.array([squares.df_within, squares.df_error, squares.df_error] * 2),
        p_value=p_value,
        level=level,
        ms_targets=squares.targets,
        ms_raters=squares.raters,
        ms_error=squares.error,
        ms_within=squares.within,
        n_rows=len(table),
        n_targets=squares.n,
        n_raters=squares.k,
        n_missing=int(gaps.sum()),
        method="reml" if missing == "reml" else "anova",
        flags=flags | _flags(squares, estimate),
    )


def _flags(squares: MeanSquares, estimate: FloatArray) -> set[str]:
    found = set()
    if squares.n < 2:
        found.add("too_few_rows")
    if squares.k < 2:
        found.add("too_few_raters")
    if (estimate < 0).any():
        found.add("negative_estimate")
    if squares.targets == 0:
        found.add("no_variance")
    if squares.error == 0 and max(squares.targets, squares.raters) > 0:
        found.add("perfect_consistency")
    if squares.raters < squares.error and math.isnan(estimate[4]):
        found.add("negative_component")
    return found
