"""Scores with a confidence band around each."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment.precision import Precision, Reliability, precision
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.scoring import Scores, position_of
from leadkit.stats.change import score_band
from leadkit.typing import FloatArray

__all__ = ["BandedScores", "banded"]


@frozen(kw_only=True, eq=False)
class BandedScores(Result):
    """A low and a high end beside every score.

    Parameters
    ----------
    respondent_ids, scale_ids : tuple of str
        Rows and columns.
    values : array, shape (n, d)
        The scores.
    estimate : array, shape (n, d)
        Centre of the band: the score, or the estimated true score ("kelley").
    low, high : array, shape (n, d)
        Ends of the band; NaN where there is no score, no reliability, or one person only.
    precision : Precision
        Spread, reliability and standard error of every scale.
    kind : {"observed", "kelley"}
        What the band is about.
    level : float
        Two-sided level.
    provenance : Provenance
        That of the scores.
    """

    respondent_ids: tuple[str, ...]
    scale_ids: tuple[str, ...]
    values: FloatArray = field(converter=float_array)
    estimate: FloatArray = field(converter=float_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    precision: Precision
    kind: Literal["observed", "kelley"]
    level: float
    provenance: Provenance

    @property
    def flags(self) -> tuple[str, ...]:
        """What is doubtful about the bands."""
        return self.precision.flags

    def band(self, scale_id: str) -> tuple[FloatArray, FloatArray]:
        """Give the low and the high ends of one scale, shape (n,) each."""
        at = position_of(scale_id, self.scale_ids)
        return sealed(self.low[:, at]), sealed(self.high[:, at])

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a respondent and scale: score, estimate, low, high."""
        return [
            {
                "respondent_id": name,
                "scale_id": scale,
                "score": plain(self.values[i, j]),
                "estimate": plain(self.estimate[i, j]),
                "low": plain(self.low[i, j]),
                "high": plain(self.high[i, j]),
            }
            for i, name in enumerate(self.respondent_ids)
            for j, scale in enumerate(self.scale_ids)
        ]

    def _repr_html_(self) -> str:
        rows = [list(record.values()) for record in self.to_records()[:MOST_ROWS_SHOWN]]
        header = ("respondent", "scale", "score", "estimate", "low", "high")
        return html_table(f"{self.level:.0%} bands ({self.kind})", header, rows)


def banded(
    scores: Scores, reliability: Reliability, *, kind: Literal["observed", "kelley"] = "observed", level: float = 0.95
) -> BandedScores:
    """Put a confidence band around every score; `Scores.with_bands` says what the options mean.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1))
    >>> bands = banded(scores, {"vision": 0.8})
    >>> low, high = bands.band("vision")
    >>> bool((low < high).all())
    True
    """
    spread = precision(scores, reliability)
    estimate, low, high = (np.full(scores.values.shape, np.nan) for _ in range(3))
    for j in range(len(scores.scale_ids)):
        band = score_band(
            scores.values[:, j],
            sd=float(spread.sd[j]),
            reliability=float(spread.reliability[j]),
            mean=float(spread.mean[j]),
            kind=kind,
            level=level,
        )
        estimate[:, j], low[:, j], high[:, j] = band.estimate, band.low, band.high
    return BandedScores(
        respondent_ids=scores.respondent_ids,
        scale_ids=scores.scale_ids,
        values=scores.values,
        estimate=sealed(estimate),
        low=sealed(low),
        high=sealed(high),
        precision=spread,
        kind=kind,
        level=level,
        provenance=scores.provenance,
    )
