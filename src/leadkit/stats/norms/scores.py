"""Scores in every unit that a norm table knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen

from leadkit._fields import float_array
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags
from leadkit.typing import FloatArray


@frozen(kw_only=True, eq=False)
class NormScores(TableResult):
    """Scores and where they stand in a norm sample, one row a score; NaN where the score or the norm is undefined.

    Parameters
    ----------
    scores : (m,) array
        Raw scores; NaN where missing.
    percentile_below : (m,) array
        Share of the norm sample below the score, in 0..100.
    percentile_mid : (m,) array
        Share below plus half of those equal, in 0..100.
    percentile_at_or_below : (m,) array
        Share at or below the score, in 0..100.
    z, t : (m,) array
        Linear standard scores of mean 0 and sd 1, and of mean 50 and sd 10.
    z_normalised, t_normalised : (m,) array
        The same from the normal quantile of `percentile_mid`.
    sten, sten_linear : (m,) array
        Whole numbers in 1..10, by percentile and from z.
    stanine, stanine_linear : (m,) array
        Whole numbers in 1..9, by percentile and from z.
    name, version : str
        Which norm sample.
    n : int
        Size of the norm sample.
    flags : tuple of str
        What is doubtful about the norms, words of `FLAGS`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "scores": "score",
        "percentile_below": "percentile_below",
        "percentile_mid": "percentile_mid",
        "percentile_at_or_below": "percentile_at_or_below",
        "z": "z",
        "t": "t",
        "z_normalised": "z_normalised",
        "t_normalised": "t_normalised",
        "sten": "sten",
        "sten_linear": "sten_linear",
        "stanine": "stanine",
        "stanine_linear": "stanine_linear",
    }

    scores: FloatArray = field(converter=float_array)
    percentile_below: FloatArray = field(converter=float_array)
    percentile_mid: FloatArray = field(converter=float_array)
    percentile_at_or_below: FloatArray = field(converter=float_array)
    z: FloatArray = field(converter=float_array)
    t: FloatArray = field(converter=float_array)
    z_normalised: FloatArray = field(converter=float_array)
    t_normalised: FloatArray = field(converter=float_array)
    sten: FloatArray = field(converter=float_array)
    sten_linear: FloatArray = field(converter=float_array)
    stanine: FloatArray = field(converter=float_array)
    stanine_linear: FloatArray = field(converter=float_array)
    name: str
    version: str
    n: int
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
