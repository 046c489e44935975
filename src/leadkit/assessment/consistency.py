"""How reliable the dimensions of an instrument are on given answers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, int_array
from leadkit._results import TableResult, plain
from leadkit.assessment.instrument import Dimension
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.responses import Responses
from leadkit.assessment.scoring import score
from leadkit.errors import UnknownIdError
from leadkit.stats._groups import group_codes
from leadkit.stats.factors import Omega, omega
from leadkit.stats.reliability import ItemAnalysis, cronbach_alpha, item_analysis
from leadkit.typing import FloatArray, IntArray

__all__ = ["ReliabilityTable", "reliability"]


def _tuple(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(values)


@frozen(kw_only=True, eq=False)
class ReliabilityTable(TableResult):
    """Reliability of every dimension, one row a dimension and group.

    Parameters
    ----------
    dimension_ids : tuple of str
        The dimension of each row.
    groups : tuple
        The group of each row; None when all respondents are taken together.
    n_respondents, n_items : int array, shape (rows,)
        Respondents with at least one answer to the dimension, and its items.
    alpha, alpha_low, alpha_high : array, shape (rows,)
        Cronbach's alpha of the keyed items with its interval; NaN where undefined.
    omega : array, shape (rows,)
        McDonald's omega of one factor, from complete rows; NaN below three items.
    standard_error : array, shape (rows,)
        Standard error of measurement of the dimension's mean, in scale points.
    row_flags : tuple of tuple of str
        What is doubtful, a tuple for each row.
    analyses : tuple of ItemAnalysis
        Item statistics of each row.
    omegas : tuple of Omega
        The fitted one-factor model of each row.
    level : float
        Two-sided level of the intervals.
    by : str or None
        The group variable.
    provenance : Provenance
        Instrument, rules and version.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "dimension_ids": "dimension_id",
        "groups": "group",
        "n_respondents": "n",
        "n_items": "n_items",
        "alpha": "alpha",
        "alpha_low": "alpha_low",
        "alpha_high": "alpha_high",
        "omega": "omega",
        "standard_error": "standard_error",
        "row_flags": "flags",
    }

    dimension_ids: tuple[str, ...] = field(converter=_tuple)
    groups: tuple[Any, ...] = field(converter=_tuple)
    n_respondents: IntArray = field(converter=int_array)
    n_items: IntArray = field(converter=int_array)
    alpha: FloatArray = field(converter=float_array)
    alpha_low: FloatArray = field(converter=float_array)
    alpha_high: FloatArray = field(converter=float_array)
    omega: FloatArray = field(converter=float_array)
    standard_error: FloatArray = field(converter=float_array)
    row_flags: tuple[tuple[str, ...], ...] = field(converter=_tuple)
    analyses: tuple[ItemAnalysis, ...] = field(converter=_tuple)
    omegas: tuple[Omega, ...] = field(converter=_tuple)
    level: float
    by: str | None
    provenance: Provenance

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags of all rows."""
        return tuple(sorted({flag for row in self.row_flags for flag in row}))

    def coefficients(self) -> Mapping[str, float]:
        """Give alpha by dimension id.

        Raises
        ------
        ValueError
            The table has groups, so a dimension has more than one alpha.
        """
        if self.by is not None:
            msg = f"this table has an alpha for each {self.by!r}; call reliability(responses) without by="
            raise ValueError(msg)
        return dict(zip(self.dimension_ids, self.alpha.tolist(), strict=True))

    def analysis(self, dimension_id: str, group: Any = None) -> ItemAnalysis:
        """Give the item statistics of one dimension, and of one group where there are groups.

        Raises
        ------
        UnknownIdError
            There is no such row.
        """
        rows = list(zip(self.dimension_ids, self.groups, strict=True))
        # an array is no label, and compares element by element
        if not (isinstance(dimension_id, str) and isinstance(group, Hashable)) or (dimension_id, group) not in rows:
            wanted = dimension_id if group is None else f"{dimension_id}, {group}"
            known = {name if label is None else f"{name}, {label}" for name, label in rows}
            raise UnknownIdError.of(wanted, known, kind="row of this reliability table")
        return self.analyses[rows.index((dimension_id, group))]

    def item_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an item, dimension and group: the rows of every item analysis."""
        return [
            {"dimension_id": name, "group": plain(group), **record}
            for name, group, analysis in zip(self.dimension_ids, self.groups, self.analyses, strict=True)
            for record in analysis.to_records()
        ]


def reliability(
    responses: Responses,
    by: str | None = None,
    *,
    missing: Literal["pairwise", "listwise"] = "pairwise",
    interval_n: Literal["harmonic", "rows"] | float = "harmonic",
    level: float = 0.95,
) -> ReliabilityTable:
    """Work out how reliable every dimension is: alpha with Feldt's interval, omega, SEM, item statistics.

    Parameters
    ----------
    responses : Responses
        The answers; reversed items are turned round first.
    by : str, optional
        A group variable of the responses: one row a dimension and group; respondents without a group are left out.
    missing : {"pairwise", "listwise"}
        Which answers alpha and the item statistics use; omega uses complete rows.
    interval_n : {"harmonic", "rows"} or float
        The number of respondents that the interval counts with.
    level : float
        Two-sided level of the interval, inside (0, 1).

    Returns
    -------
    ReliabilityTable
        Rows by dimension in the order of the instrument, within groups in ascending order.

    Raises
    ------
    UnknownIdError
        `by` is no group variable of the responses.

    References
    ----------
    .. [1] L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 1951.
    .. [2] L. S. Feldt, "The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty",
       Psychometrika 30, 1965.

    Examples
    --------
    >>> from leadkit import samples
    >>> table = reliability(samples.answers("ved", n=200, rng=1))
    >>> table.dimension_ids[:3]
    ('vision', 'engagement', 'delivery')
    >>> bool((table.alpha > 0.5).all())
    True
    """
    rows = []
    for group, part in _parts(responses, by):
        start = 0
        for dimension in responses.instrument.dimensions:
            answers = part.values[:, start : start + len(dimension.items)]
            start += len(dimension.items)
            keyed = _keyed(answers, dimension, responses.instrument.scale.reverse)
            rows.append(_row(group, part, dimension, keyed, missing=missing, interval_n=interval_n, level=level))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return ReliabilityTable(
        **columns,
        level=level,
        by=by,
        provenance=provenance(responses.instrument, by=by, missing=missing, interval_n=interval_n, level=level),
    )


def _parts(responses: Responses, by: str | None) -> list[tuple[Any, Responses]]:
    if by is None:
        return [(None, responses)]
    if not isinstance(by, str) or by not in responses.groups:
        raise UnknownIdError.of(by, responses.groups, kind="group variable")
    name = f"groups {by!r}"
    labels, codes = group_codes(responses.groups[by], name)
    if not labels:
        msg = f"{name}: no respondent has a group"
        raise ValueError(msg)
    return [(label, responses[codes == code]) for code, label in enumerate(labels)]


def _keyed(answers: FloatArray, dimension: Dimension, reverse: Any) -> FloatArray:
    turned = np.array([item.reverse for item in dimension.items])
    return np.where(turned, reverse(answers), answers)


def _row(
    group: Any, part: Responses, dimension: Dimension, keyed: FloatArray, *, missing: Any, interval_n: Any, level: float
) -> dict[str, Any]:
    scale = part.instrument.scale
    names = [item.id for item in dimension.items]
    analysis = item_analysis(
        keyed, items=names, bounds=(scale.low, scale.high), missing=missing, interval_n=interval_n, level=level
    )
    weights = np.array([item.weight for item in dimension.items], dtype=np.float64)
    weighted = keyed * weights
    equal = bool((weights == weights[0]).all())
    alpha = analysis.alpha if equal else cronbach_alpha(weighted, missing=missing, interval_n=interval_n, level=level)
    factor = omega(weighted)
    column = score(part, composites="none").column(dimension.id)
    known = column[~np.isnan(column)]
    sd = float(np.std(known, ddof=1)) if known.size > 1 else np.nan
    # omega always takes complete rows, as the field says; its own flag about them would stand in every row
    flags = {*alpha.flags, *(set(factor.flags) - {"rows_dropped"})} | (set() if equal else {"weighted_items"})
    return {
        "dimension_ids": dimension.id,
        "groups": group,
        "n_respondents": int(np.count_nonzero(~np.isnan(keyed).all(axis=1))),
        "n_items": len(names),
        "alpha": alpha.alpha,
        "alpha_low": alpha.interval.low,
        "alpha_high": alpha.interval.high,
        "omega": factor.omega,
        "standard_error": sd * np.sqrt(1 - alpha.alpha) if 0 < alpha.alpha <= 1 else np.nan,
        "row_flags": tuple(sorted(flags)),
        "analyses": analysis,
        "omegas": factor,
    }
