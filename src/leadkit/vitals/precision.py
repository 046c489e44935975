"""Measurement error of the letters: where the spread comes from when there is one person only, and the bands."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from attrs import frozen

from leadkit._fields import sealed
from leadkit.assessment.consistency import ReliabilityTable
from leadkit.assessment.precision import Reliability
from leadkit.assessment.precision import precision as score_precision
from leadkit.assessment.scoring import Scores
from leadkit.errors import UnknownIdError
from leadkit.stats.change import score_band
from leadkit.stats.norms import NormTable
from leadkit.typing import FloatArray


@frozen(kw_only=True, eq=False)
class LetterPrecision:
    """Spread and reliability of every letter.

    Parameters
    ----------
    dimension_ids : tuple of str
        The d letters.
    sd : array, shape (d,)
        Standard deviation between people [POMP]; NaN where unknown.
    reliability : array, shape (d,)
        In (0, 1]; NaN where none was given or it is out of range.
    flags : tuple of tuple of str
        `single_person`, `reliability_out_of_range`, a tuple for each letter.
    """

    dimension_ids: tuple[str, ...]
    sd: FloatArray
    reliability: FloatArray
    flags: tuple[tuple[str, ...], ...]

    def rules(self) -> dict[str, dict[str, float]]:
        """Give what was used, for the provenance: reliability and sd of the letters that have a reliability."""
        known = [j for j, r in enumerate(self.reliability) if not math.isnan(r)]
        return {
            "reliability": {self.dimension_ids[j]: float(self.reliability[j]) for j in known},
            "sd": {self.dimension_ids[j]: float(self.sd[j]) for j in known},
        }


def letter_precision(
    scores: Scores,
    reliability: Reliability | None,
    *,
    sd: Mapping[str, float] | None,
    norms: Mapping[str, NormTable] | None = None,
    one_person: bool = False,
) -> LetterPrecision:
    """Find the spread that goes with each reliability.

    The first of these that is known: `sd`; the n - 1 sd of the scores, unless all are of one person; that of the people
    a `ReliabilityTable` was computed from; that of the norm group.

    Raises
    ------
    UnknownIdError
        A coefficient, a spread or a norm table is given for a letter that is not there.
    """
    ids = scores.scale_ids
    for name in [*(sd or {}), *(norms or {})]:
        if name not in ids:
            raise UnknownIdError.of(name, ids, kind="letter")
    found = score_precision(scores, {} if reliability is None else reliability)
    spread = np.array([_given(sd, name) for name in ids])
    sources = [np.full(len(ids), np.nan) if one_person else found.sd]
    if isinstance(reliability, ReliabilityTable):
        sources.append(_sd_of_table(reliability, scores))
    if norms:
        sources.append(np.array([norms[name].sd if name in norms else np.nan for name in ids]))
    for source in sources:
        spread = np.where(np.isnan(spread), source, spread)
    out_of_range = ["reliability_out_of_range" in row for row in found.scale_flags]
    unknown = np.isnan(spread) & ~np.isnan(found.reliability)
    return LetterPrecision(
        dimension_ids=ids,
        sd=sealed(spread),
        reliability=found.reliability,
        flags=tuple(
            ("reliability_out_of_range",) * wrong + ("single_person",) * bool(alone)
            for wrong, alone in zip(out_of_range, unknown, strict=True)
        ),
    )


def letter_bands(values: FloatArray, precision: LetterPrecision, *, level: float) -> tuple[FloatArray, FloatArray]:
    """Put a band around every score, shape (n, d) each; NaN where the error is unknown."""
    low, high = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    for j, (sd, reliability) in enumerate(zip(precision.sd, precision.reliability, strict=True)):
        band = score_band(values[:, j], sd=float(sd), reliability=float(reliability), level=level)
        low[:, j], high[:, j] = band.low, band.high
    return sealed(low), sealed(high)


def _given(sd: Mapping[str, float] | None, name: str) -> float:
    value = math.nan if sd is None else float(sd.get(name, math.nan))
    if value < 0:
        msg = f"sd[{name!r}]: expected at least 0, got {value:g}"
        raise ValueError(msg)
    return value


def _sd_of_table(table: ReliabilityTable, scores: Scores) -> FloatArray:
    """Turn the standard errors of a table, in scale points, into standard deviations in POMP."""
    scale = scores.instrument.scale
    rows = zip(table.dimension_ids, table.standard_error, table.alpha, strict=True)
    by_id = {
        name: 100 / (scale.high - scale.low) * error / math.sqrt(1 - alpha) for name, error, alpha in rows if alpha < 1
    }
    return np.array([by_id.get(name, math.nan) for name in scores.scale_ids])
