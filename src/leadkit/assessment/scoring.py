"""Scores of persons: one matrix product and masks, in row blocks that stay in cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, get_args

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import FrozenMapping, bool_array, float_array, frozen_mapping, int_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment.answers import row_index
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.items import MinAnswered, min_answered_faults, n_needed
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.responses import Responses
from leadkit.errors import DefinitionError, UnknownIdError
from leadkit.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from leadkit.assessment.banding import BandedScores
    from leadkit.assessment.norming import NormedScores
    from leadkit.assessment.precision import Reliability
    from leadkit.stats.norms import NormTable

__all__ = ["Composites", "Metric", "Scores", "Weights", "score"]

Metric: TypeAlias = Literal["mean", "sum", "pomp"]
"""Scale points, prorated sum, or percent of the maximum possible."""
Weights: TypeAlias = Literal["items", "equal"]
Composites: TypeAlias = Literal["complete", "available", "none"]

CELLS_PER_BLOCK = 2**15


def flag_masks(flags: Mapping[str, Any]) -> Mapping[str, BoolArray]:
    """Keep the mask of every flag, read-only."""
    return frozen_mapping({name: bool_array(mask) for name, mask in flags.items()})


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values)


def groups_of_rows(groups: Mapping[str, Sequence[Any]]) -> Mapping[str, tuple[Any, ...]]:
    """Keep the group variables, one value a row."""
    return frozen_mapping({name: tuple(labels) for name, labels in groups.items()})


@frozen(kw_only=True, eq=False)
class Scores(Result):
    """Scores of n respondents on d scales.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire that was scored.
    respondent_ids : tuple of str
        The rows.
    scale_ids : tuple of str
        The columns: dimensions, then composites.
    values : array, shape (n, d)
        Scores in the `metric`; NaN where too little was answered.
    n_answered : array, shape (n, d)
        Answered items of a dimension; dimensions with a score of a composite.
    metric : {"mean", "sum", "pomp"}
        Scale points, prorated sum, or percent of the maximum possible.
    flags : mapping of str to array, shape (n, d)
        Which cells are doubtful, by flag: `no_answers`, `too_few_answers`, `missing_part`, `partial_composite`.
    provenance : Provenance
        Instrument, rules and version.
    groups : mapping of str to tuple
        Group variables of the responses, one value a row.
    """

    instrument: Instrument
    respondent_ids: tuple[str, ...] = field(converter=_texts)
    scale_ids: tuple[str, ...] = field(converter=_texts)
    values: FloatArray = field(converter=float_array)
    n_answered: IntArray = field(converter=int_array)
    metric: Metric
    flags: Mapping[str, BoolArray] = field(converter=flag_masks)
    provenance: Provenance
    groups: Mapping[str, tuple[Any, ...]] = field(factory=FrozenMapping, converter=groups_of_rows)

    def column(self, scale_id: str) -> FloatArray:
        """Give the scores of one scale, shape (n,).

        Raises
        ------
        UnknownIdError
            There is no such scale; the message gives those that there are.
        """
        return sealed(self.values[:, self.position(scale_id)])

    def position(self, scale_id: str) -> int:
        """Find the column of a scale."""
        return position_of(scale_id, self.scale_ids)

    @property
    def span(self) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest possible score of every scale, shape (d,) each."""
        scale = self.instrument.scale
        n_items = np.array([len(part.items) for part in self.instrument.dimensions])
        rule = _rule(self.metric, self.instrument, n_items)
        weights = [
            row
            for row, part in zip(_composite_weights(self.instrument), self.instrument.composites, strict=True)
            if part.id in self.scale_ids
        ]
        ends = []
        for end in (scale.low, scale.high):
            of_dimensions = (end - rule.midpoint + rule.offset) * rule.factor / rule.divisor
            of_composites = [float(row @ of_dimensions / row.sum()) for row in weights]
            ends.append(sealed(np.array([*of_dimensions, *of_composites])))
        return ends[0], ends[1]

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a respondent: `respondent_id`, groups, a score a scale; NaN becomes None."""
        rows = []
        for i, (name, row) in enumerate(zip(self.respondent_ids, self.values, strict=True)):
            labels = {group: plain(values[i]) for group, values in self.groups.items()}
            rows.append({"respondent_id": name, **labels, **dict(zip(self.scale_ids, plain(row), strict=True))})
        return rows

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python; of the instrument its id, version and hash, in `provenance`."""
        names = ("respondent_ids", "scale_ids", "values", "n_answered", "metric", "flags", "provenance", "groups")
        return {name: plain(getattr(self, name)) for name in names}

    def with_bands(
        self, reliability: Reliability, kind: Literal["observed", "kelley"] = "observed", level: float = 0.95
    ) -> BandedScores:
        """Put a confidence band around every score.

        Parameters
        ----------
        reliability : ReliabilityTable or mapping of str to float
            Reliability of each scale; that of a composite follows from its parts when it is not given.
        kind : {"observed", "kelley"}
            Centre on the score, or on the estimated true score.
        level : float
            Two-sided level, inside (0, 1).
        """
        from leadkit.assessment.banding import banded

        return banded(self, reliability, kind=kind, level=level)

    def normed(self, norms: Mapping[str, NormTable]) -> NormedScores:
        """Compare every score with a norm group.

        Parameters
        ----------
        norms : mapping of str to NormTable
            The norm table of each scale that is to be compared, in this metric; none ships with leadkit.
        """
        from leadkit.assessment.norming import normed

        return normed(self, norms)

    def __len__(self) -> int:
        return len(self.respondent_ids)

    def __getitem__(self, rows: ArrayLike | slice) -> Self:
        """Take rows by a boolean mask, by positions or by a slice."""
        index = row_index(rows, len(self))
        return evolve(
            self,
            respondent_ids=tuple(self.respondent_ids[i] for i in index),
            values=sealed(self.values[index]),
            n_answered=sealed(self.n_answered[index]),
            flags={name: sealed(mask[index]) for name, mask in self.flags.items()},
            groups={name: tuple(labels[i] for i in index) for name, labels in self.groups.items()},
        )

    def _repr_html_(self) -> str:
        rows = [(name, *row) for name, row in zip(self.respondent_ids[:MOST_ROWS_SHOWN], self.values, strict=False)]
        caption = f"{self.instrument.id} {self.instrument.version}: {self.metric} of {len(self)} respondents"
        table = html_table(caption, ("respondent", *self.scale_ids), rows)
        rest = len(self) - len(rows)
        return table + (f"<p>... and {rest} more rows</p>" if rest else "")


def score(
    responses: Responses,
    *,
    metric: Metric = "mean",
    min_answered: MinAnswered | None = None,
    weights: Weights = "items",
    composites: Composites = "complete",
) -> Scores:
    """Score every respondent on every dimension and composite.

    Reversed items are turned round, weighted, and averaged over those that were answered.

    Parameters
    ----------
    responses : Responses
        The answers, n respondents.
    metric : {"mean", "sum", "pomp"}
        "mean" in scale points; "sum", prorated: number of items times mean; "pomp", percent of the maximum possible:
        100 (mean - low)/(high - low).
    min_answered : float or int, optional
        Least share (float in (0, 1]) or number (int) of a dimension's items that must be answered; by default each
        dimension's own rule.
    weights : {"items", "equal"}
        Whether the items' own weights count.
    composites : {"complete", "available", "none"}
        A composite needs all its dimensions; or is formed of those with a score, with weights rescaled and the cell
        flagged; or is left out.

    Returns
    -------
    Scores
        Values (n, d); NaN with flag `too_few_answers`, `missing_part` or `no_answers` where there is no score.

    Raises
    ------
    ValueError
        An option is not one of those above.
    DefinitionError
        `min_answered` does not fit a dimension.

    References
    ----------
    .. [1] P. Cohen, J. Cohen, L. S. Aiken and S. G. West, "The problem of units and the circumstance for POMP",
       Multivariate Behavioral Research 34, 1999.

    Examples
    --------
    >>> from leadkit.assessment import Instrument, Responses
    >>> rows = [
    ...     {"item": "a1", "dimension": "calm", "low": 1, "high": 5},
    ...     {"item": "a2", "dimension": "calm", "reverse": True, "low": 1, "high": 5},
    ... ]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> answers = Responses(calm, [[4, 1], [2, float("nan")]], ["ann", "bo"])
    >>> score(answers).values.tolist()
    [[4.5], [2.0]]
    >>> score(answers, metric="pomp", min_answered=2).column("calm").tolist()
    [87.5, nan]
    """
    for word, name, allowed in (
        (metric, "metric", Metric),
        (weights, "weights", Weights),
        (composites, "composites", Composites),
    ):
        if word not in get_args(allowed):
            msg = f"{name}: expected one of {', '.join(map(repr, get_args(allowed)))}, got {word!r}"
            raise ValueError(msg)
    instrument = responses.instrument
    keys = instrument.keys() if weights == "items" else np.sign(instrument.keys())
    needed = np.array(
        [_needed(part.min_answered, min_answered, len(part.items), part.id) for part in instrument.dimensions]
    )
    n_items = np.array([len(part.items) for part in instrument.dimensions])
    values, n_answered = _dimension_scores(responses.values, keys, _rule(metric, instrument, n_items))
    too_few = n_answered < needed
    values[too_few] = np.nan
    flags = {
        "no_answers": np.repeat(~np.any(n_answered, axis=1, keepdims=True), len(n_items), axis=1),
        "too_few_answers": too_few,
    }
    scale_ids = instrument.dimension_ids
    if composites != "none" and instrument.composites:
        scale_ids = instrument.scale_ids
        values, n_answered, flags = _with_composites(
            values, n_answered, flags, instrument, available=composites == "available"
        )
    else:
        flags |= {name: np.zeros_like(too_few) for name in ("missing_part", "partial_composite")}
    return Scores(
        instrument=instrument,
        respondent_ids=responses.respondent_ids,
        scale_ids=scale_ids,
        values=sealed(values),
        n_answered=sealed(n_answered),
        metric=metric,
        flags={name: sealed(mask) for name, mask in flags.items()},
        provenance=provenance(
            instrument, metric=metric, min_answered=min_answered, weights=weights, composites=composites
        ),
        groups=responses.groups,
    )


def position_of(scale_id: str, scale_ids: Sequence[str]) -> int:
    """Find the column of a scale.

    Raises
    ------
    UnknownIdError
        There is no such scale; the message gives those that there are.
    """
    if scale_id not in scale_ids:
        raise UnknownIdError.of(scale_id, scale_ids, kind="scale")
    return scale_ids.index(scale_id)


def _needed(own: MinAnswered, asked: MinAnswered | None, n_items: int, dimension_id: str) -> int:
    rule = own if asked is None else asked
    faults = min_answered_faults(rule, n_items)
    if faults:
        raise DefinitionError.from_faults(faults, subject=f"dimension {dimension_id!r}")
    return n_needed(rule, n_items)


@frozen
class _Rule:
    """How a score follows from the weighted sum S of answers about the midpoint and the sum W of their weights.

    Score = (S + offset W) factor / (W divisor): whole numbers until the one division, so that 55 % is not 55.00000001.
    """

    midpoint: float
    offset: float
    factor: FloatArray
    divisor: float


def _rule(metric: Metric, instrument: Instrument, n_items: IntArray) -> _Rule:
    scale = instrument.scale
    if metric == "pomp":
        factor = np.full(len(n_items), 100.0)
        return _Rule(scale.midpoint, scale.midpoint - scale.low, factor, float(scale.high - scale.low))
    factor = n_items.astype(np.float64) if metric == "sum" else np.ones(len(n_items))
    return _Rule(scale.midpoint, scale.midpoint, factor, 1.0)


def _dimension_scores(values: FloatArray, keys: FloatArray, rule: _Rule) -> tuple[FloatArray, IntArray]:
    """Score keyed answers from sums about the midpoint, where reversing is a change of sign and a gap counts as 0."""
    n, k = values.shape
    d = keys.shape[1]
    member = (keys != 0).astype(np.float64)
    weight = np.abs(keys)
    equal = np.array_equal(weight, member)
    scores = np.empty((n, d))
    counts = np.empty((n, d), dtype=np.int64)
    rows = max(1, CELLS_PER_BLOCK // k)
    centred = np.empty((min(rows, n), k))
    answered = np.empty((min(rows, n), k))
    for start in range(0, n, rows):
        block = values[start : start + rows]
        size = len(block)
        z, seen = centred[:size], answered[:size]
        np.subtract(block, rule.midpoint, out=z)
        gaps = np.isnan(z)
        if gaps.any():
            np.copyto(z, 0.0, where=gaps)
            np.logical_not(gaps, out=seen, casting="unsafe")
            count = seen @ member
            total = count if equal else seen @ weight
        else:
            count = np.broadcast_to(member.sum(axis=0), (size, d))
            total = np.broadcast_to(weight.sum(axis=0), (size, d))
        sums = z @ keys
        sums += rule.offset * total
        sums *= rule.factor
        np.divide(sums, total * rule.divisor, out=scores[start : start + size], where=total > 0)
        counts[start : start + size] = count
    return scores, counts


def _composite_weights(instrument: Instrument) -> FloatArray:
    ids = instrument.dimension_ids
    return np.array([[part.weights.get(name, 0.0) for name in ids] for part in instrument.composites]).reshape(
        -1, len(ids)
    )


def _with_composites(
    values: FloatArray, n_answered: IntArray, flags: dict[str, BoolArray], instrument: Instrument, *, available: bool
) -> tuple[FloatArray, IntArray, dict[str, BoolArray]]:
    weights = _composite_weights(instrument)
    scored = ~np.isnan(values)
    parts = scored @ (weights > 0).T.astype(np.int64)
    share = scored @ weights.T
    with_score = parts > 0 if available else parts == (weights > 0).sum(axis=1)
    joined = np.where(scored, values, 0.0) @ weights.T
    composed = np.full(joined.shape, np.nan)
    np.divide(joined, share, out=composed, where=with_score)
    none = np.zeros(values.shape, dtype=np.bool_)
    nothing = np.zeros(composed.shape, dtype=np.bool_)
    partial = with_score & (parts < (weights > 0).sum(axis=1))
    joined_flags = {
        "no_answers": np.hstack([flags["no_answers"], np.repeat(flags["no_answers"][:, :1], len(weights), axis=1)]),
        "too_few_answers": np.hstack([flags["too_few_answers"], nothing]),
        "missing_part": np.hstack([none, ~with_score]),
        "partial_composite": np.hstack([none, partial]),
    }
    return np.hstack([values, composed]), np.hstack([n_answered, parts]), joined_flags
