"""How a person's own view and others' views of the person relate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, float_array, int_array
from leadkit.stats._arrays import floats, whole_number
from leadkit.stats._base import TableResult
from leadkit.stats._spread import is_rounding
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["ProfileSimilarity", "profile_similarity"]


@frozen(kw_only=True, eq=False)
class ProfileSimilarity(TableResult):
    """Likeness of two profiles in level, spread and shape, one row a pair of profiles.

    The squared distance falls into n_dimensions elevation_difference^2 + scatter_difference^2 + shape_component.

    Parameters
    ----------
    correlation : (n,) array
        Pearson's r across the dimensions both profiles have, in [-1, 1]; NaN for fewer than `min_dimensions` of them
        or without spread.
    distance2 : (n,) array
        Sum of squared differences; NaN where the profiles share no dimension, as are all that follow.
    elevation_difference : (n,) array
        Mean of the first profile minus mean of the second.
    scatter_difference : (n,) array
        Scatter of the first minus scatter of the second, scatter = root of the sum of squares about the mean.
    shape_component : (n,) array
        2 S1 S2 (1 - r), S the scatters; at least 0.
    mean_absolute_difference : (n,) array
        Mean of the absolute differences.
    n_dimensions : (n,) array of int
        Dimensions both profiles have.
    profile_flags : tuple of n tuples of str
        `too_few_dimensions`, `zero_variance_person`.
    min_dimensions : int
        Fewest dimensions a correlation was computed from.
    flags : tuple of str
        Union of `profile_flags`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "correlation": "correlation",
        "distance2": "distance2",
        "elevation_difference": "elevation_difference",
        "scatter_difference": "scatter_difference",
        "shape_component": "shape_component",
        "mean_absolute_difference": "mean_absolute_difference",
        "n_dimensions": "n_dimensions",
        "profile_flags": "flags",
    }

    correlation: FloatArray = field(converter=float_array)
    distance2: FloatArray = field(converter=float_array)
    elevation_difference: FloatArray = field(converter=float_array)
    scatter_difference: FloatArray = field(converter=float_array)
    shape_component: FloatArray = field(converter=float_array)
    mean_absolute_difference: FloatArray = field(converter=float_array)
    n_dimensions: IntArray = field(converter=int_array)
    profile_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    min_dimensions: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def profile_similarity(first: ArrayLike, second: ArrayLike, *, min_dimensions: int = 3) -> ProfileSimilarity:
    """Compare profiles, a row of the one with the same row of the other.

    Parameters
    ----------
    first, second : (n, d) or (d,) array-like
        A profile a row, the same d dimensions in both; one profile (d,) is compared with all of the other side.
        NaN is missing: each pair is compared over the dimensions both have.
    min_dimensions : int
        Fewest shared dimensions for a correlation, at least 1.

    Returns
    -------
    ProfileSimilarity
        One row a pair.

    Raises
    ------
    ValueError
        The profiles differ in number or dimensions, hold something else than real numbers, or `min_dimensions` is not
        a whole number of at least 1.

    References
    ----------
    .. [1] L. J. Cronbach and G. C. Gleser, "Assessing similarity between profiles", Psychological Bulletin 50, 1953.

    Examples
    --------
    >>> result = profile_similarity([[1, 2, 3], [4, 4, 1]], [3, 4, 5])
    >>> result.correlation.round(3).tolist()
    [1.0, -0.866]
    >>> result.distance2.tolist(), result.shape_component.round(3).tolist()
    ([12.0, 17.0], [0.0, 12.928])
    """
    fewest = whole_number(min_dimensions, "min_dimensions", least=1)
    x, y = _paired(_profiles(first, "first"), _profiles(second, "second"))
    known = ~(np.isnan(x) | np.isnan(y))
    n = known.sum(axis=1)
    elevation1, deviation1, spread1 = _about_mean(x, known)
    elevation2, deviation2, spread2 = _about_mean(y, known)
    scatter1 = np.sqrt((deviation1**2).sum(axis=1))
    scatter2 = np.sqrt((deviation2**2).sum(axis=1))
    product = (deviation1 * deviation2).sum(axis=1)
    gap = np.where(known, x - y, 0.0)

    enough, varied = n >= fewest, spread1 & spread2
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.clip(product / (scatter1 * scatter2), -1, 1)
        mean_absolute = np.abs(gap).sum(axis=1) / n
    some = n > 0
    reasons = np.where(enough, np.where(varied, "", "zero_variance_person"), "too_few_dimensions")
    rows = [(flag,) if flag else () for flag in reasons.tolist()]
    return ProfileSimilarity(
        correlation=np.where(enough & varied, r, np.nan),
        distance2=np.where(some, (gap**2).sum(axis=1), np.nan),
        elevation_difference=elevation1 - elevation2,
        scatter_difference=np.where(some, scatter1 - scatter2, np.nan),
        shape_component=np.where(some, np.maximum(2 * (scatter1 * scatter2 - product), 0), np.nan),
        mean_absolute_difference=mean_absolute,
        n_dimensions=n,
        profile_flags=rows,
        min_dimensions=fewest,
        flags=set(reasons.tolist()) - {""},
    )


def _profiles(values: ArrayLike, name: str) -> FloatArray:
    array = floats(values, name)
    if array.ndim not in {1, 2}:
        msg = f"{name}: expected one profile (d,) or profiles (n, d), got {array.ndim} dimensions"
        raise ValueError(msg)
    if array.shape[-1] == 0:
        msg = f"{name}: expected at least one dimension of the profile, got none"
        raise ValueError(msg)
    return array


def _paired(first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give both sides the shape (n, d); one profile is repeated for every row of the other side."""
    if first.shape[-1] != second.shape[-1]:
        msg = f"second: expected profiles of {first.shape[-1]} dimensions as in first, got {second.shape[-1]}"
        raise ValueError(msg)
    if first.ndim == second.ndim == 2 and len(first) != len(second):
        msg = f"second: expected {len(first)} profiles as in first, got {len(second)}"
        raise ValueError(msg)
    x, y = np.broadcast_arrays(np.atleast_2d(first), np.atleast_2d(second))
    return x, y


def _about_mean(x: FloatArray, known: BoolArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Mean over the known dimensions (n,), deviations from it (0 where unknown), and whether they are more than rounding."""
    start = np.take_along_axis(x, known.argmax(axis=1)[:, None], axis=1)
    shifted = np.where(known, x - start, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = shifted.sum(axis=1, keepdims=True) / known.sum(axis=1, keepdims=True)
    largest = np.where(known, np.abs(x), 0.0).max(axis=1)
    varied = ~is_rounding(np.ptp(shifted, axis=1), largest)
    deviation = np.where(known & varied[:, None], shifted - mean, 0.0)
    return (start + mean)[:, 0], deviation, varied
