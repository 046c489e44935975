"""Role means of scores that are freed of each rater's own severity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment.multirater.aggregation import cell_means
from leadkit.assessment.multirater.cells import Cells
from leadkit.assessment.multirater.weighting import SELF
from leadkit.errors import ResponseError
from leadkit.stats.variance import rater_severity
from leadkit.typing import BoolArray, FloatArray

__all__ = ["adjusted_means"]


def adjusted_means(
    scores: FloatArray, cells: Cells, dimension_ids: Sequence[str]
) -> tuple[FloatArray, dict[str, BoolArray]]:
    """Average scores plus the severity of their raters, dimension by dimension; self-ratings stay as they are.

    Severity is a random effect over the evaluations other than self, so a rater of few people is hardly adjusted.

    Parameters
    ----------
    scores : array, shape (e, d)
        Scores in the order of the cells.
    cells : Cells
        Who rated whom.
    dimension_ids : sequence of str
        The d dimensions.

    Returns
    -------
    adjusted_mean : array, shape (t, r, d)
        NaN without a score, or where severity cannot be told.
    flags : dict of str to array, shape (d,)
        In which dimensions severity is doubtful, by flag of `leadkit.stats.FLAGS`.

    Raises
    ------
    ResponseError
        There are too many ratees and raters.
    """
    adjusted = scores.copy()
    flags: dict[str, BoolArray] = {}
    by_others = np.array([role != SELF for role in cells.roles], dtype=np.bool_)[cells.role]
    for j, dimension in enumerate(dimension_ids):
        rows = np.flatnonzero(by_others & ~np.isnan(scores[:, j]))
        try:
            found = rater_severity(scores[rows, j], cells.ratee[rows], cells.rater[rows])
        except ValueError as error:
            msg = f"rater_effects 'shrunken', dimension {dimension!r}: {error}"
            raise ResponseError(msg) from error
        severity = np.full(len(cells.rater_ids), np.nan)
        severity[np.array(found.raters, dtype=np.int64)] = found.severity
        adjusted[rows, j] += severity[cells.rater[rows]]
        for flag in found.flags:
            flags.setdefault(flag, np.zeros(len(dimension_ids), dtype=np.bool_))[j] = True
    return cell_means(adjusted, cells), {flag: sealed(mask) for flag, mask in sorted(flags.items())}
