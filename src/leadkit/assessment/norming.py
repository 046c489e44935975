"""Scores beside those of a norm group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, frozen_mapping, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.scoring import Scores
from leadkit.stats.norms import NormTable
from leadkit.typing import FloatArray

__all__ = ["NormedScores", "normed"]


def _sizes(sizes: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping(sizes)


def _names(names: Mapping[str, str]) -> Mapping[str, str]:
    return frozen_mapping(names)


@frozen(kw_only=True, eq=False)
class NormedScores(Result):
    """Where every score lies in a norm group.

    Parameters
    ----------
    respondent_ids, scale_ids : tuple of str
        Rows, and the scales that have a norm table.
    values : array, shape (n, d)
        The scores.
    percentile : array, shape (n, d)
        Mid percentile rank, 0..100; NaN where there is no score.
    t : array, shape (n, d)
        T score: 50 + 10 z.
    sten, stanine : array, shape (n, d)
        1..10 and 1..9, by percentile; NaN where there is no score.
    norm_names : mapping of str to str
        Name and version of the norm group of each scale.
    norm_sizes : mapping of str to int
        Its number of people.
    flags : tuple of str
        Flags of the norm tables.
    provenance : Provenance
        That of the scores.
    """

    respondent_ids: tuple[str, ...]
    scale_ids: tuple[str, ...]
    values: FloatArray = field(converter=float_array)
    percentile: FloatArray = field(converter=float_array)
    t: FloatArray = field(converter=float_array)
    sten: FloatArray = field(converter=float_array)
    stanine: FloatArray = field(converter=float_array)
    norm_names: Mapping[str, str] = field(converter=_names)
    norm_sizes: Mapping[str, int] = field(converter=_sizes)
    flags: tuple[str, ...]
    provenance: Provenance

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a respondent and scale: score, percentile, T, sten, stanine."""
        return [
            {
                "respondent_id": name,
                "scale_id": scale,
                "score": plain(self.values[i, j]),
                "percentile": plain(self.percentile[i, j]),
                "t": plain(self.t[i, j]),
                "sten": plain(self.sten[i, j]),
                "stanine": plain(self.stanine[i, j]),
            }
            for i, name in enumerate(self.respondent_ids)
            for j, scale in enumerate(self.scale_ids)
        ]

    def _repr_html_(self) -> str:
        rows = [list(record.values()) for record in self.to_records()[:MOST_ROWS_SHOWN]]
        groups = ", ".join(f"{scale}: {name} (n = {self.norm_sizes[scale]})" for scale, name in self.norm_names.items())
        return html_table(
            f"Norms: {groups}", ("respondent", "scale", "score", "percentile", "T", "sten", "stanine"), rows
        )


def normed(scores: Scores, norms: Mapping[str, NormTable]) -> NormedScores:
    """Compare every score with a norm group; `Scores.normed` says what is expected.

    Raises
    ------
    ValueError
        `norms` is empty.
    UnknownIdError
        A norm table is given for a scale that is not there.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> from leadkit.stats import norm_table
    >>> scores = score(samples.answers("ved", n=200, rng=1))
    >>> norms = {"vision": norm_table(scores.column("vision"), name="made up", version="1")}
    >>> normed(scores[:2], norms).norm_sizes["vision"] >= 190
    True
    """
    if not norms:
        msg = "norms: expected a norm table for at least one scale, got none"
        raise ValueError(msg)
    places = [scores.position(name) for name in norms]
    values = scores.values[:, places]
    columns = {name: np.full(values.shape, np.nan) for name in ("percentile", "t", "sten", "stanine")}
    for j, table in enumerate(norms.values()):
        columns["percentile"][:, j] = table.percentile_rank(values[:, j])
        columns["t"][:, j] = table.t(values[:, j])
        columns["sten"][:, j] = table.sten(values[:, j])
        columns["stanine"][:, j] = table.stanine(values[:, j])
    return NormedScores(
        respondent_ids=scores.respondent_ids,
        scale_ids=tuple(norms),
        values=values,
        **{name: sealed(column) for name, column in columns.items()},
        norm_names={scale: " ".join(part for part in (t.name, t.version) if part) for scale, t in norms.items()},
        norm_sizes={scale: table.n for scale, table in norms.items()},
        flags=tuple(sorted({flag for table in norms.values() for flag in table.flags})),
        provenance=scores.provenance,
    )
