"""V.E.D. scores as a result: seven dimensions, leadership, management, balance, and the weakest of the three."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, fields, frozen

from leadkit._fields import FrozenMapping, float_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, plain
from leadkit.assessment import Instrument
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.scoring import Metric, flag_masks, groups_of_rows, position_of
from leadkit.typing import BoolArray, FloatArray
from leadkit.ved.rows import errors_of_scales, flags_of_rows, refuse_evaluations, short_table

__all__ = ["LEADERSHIP", "MANAGEMENT", "SCALE_IDS", "VedScores"]

LEADERSHIP = ("vision", "engagement", "delivery")
"""The three dimensions of leadership: the what."""

MANAGEMENT = ("planning", "organising", "monitoring", "reviewing")
"""The four dimensions of management: the how."""

COMPOSITES = {"leadership": LEADERSHIP, "management": MANAGEMENT}
MEASURED = (*LEADERSHIP, *MANAGEMENT, *COMPOSITES)

SCALE_IDS = (*MEASURED, "balance")
"""The ten columns of `VedScores`."""


@frozen(kw_only=True, eq=False)
class VedScores(Result):
    """V.E.D. scores of n respondents, or of n evaluations.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire that was scored.
    ids : tuple of str
        The rows: respondents, or evaluations when ratings were scored.
    scale_ids : tuple of str
        The columns: vision, engagement, delivery, planning, organising, monitoring, reviewing, leadership,
        management, balance.
    values : array, shape (n, 10)
        Scores in the `metric`; the balance in [0, 1] whatever the metric; NaN where too little was answered.
    lowest, highest : array, shape (10,)
        Ends of each scale, in the metric.
    metric : {"mean", "sum", "pomp"}
        Scale points, prorated sum, or percent of the maximum possible.
    sem : mapping of str to float
        Standard error of measurement of each scale but the balance, in points of the metric; NaN where it is not
        known. Empty when neither a reliability nor a standard error was given.
    weakest : tuple of str or None, n of them
        Which of vision, engagement and delivery is the lowest; None where one of them is missing or two are tied.
    p_weakest : array, shape (n, 3)
        Probability that the true score on vision, engagement, delivery is the lowest, in [0, 1]; rows sum to 1.
        NaN where a score or a standard error is missing.
    flags : mapping of str to array, shape (n, 10)
        Which cells are doubtful: `no_answers`, `too_few_answers`, `missing_part`, `partial_composite`, `tied_lowest`,
        and for whole columns `no_sem`, `zero_sem`, `single_person`, `reliability_out_of_range`.
    provenance : Provenance
        Instrument, rules and version.
    groups : mapping of str to tuple
        Group variables of the responses, one value a row.
    """

    instrument: Instrument
    ids: tuple[str, ...]
    scale_ids: tuple[str, ...] = SCALE_IDS
    values: FloatArray = field(converter=float_array)
    lowest: FloatArray = field(converter=float_array)
    highest: FloatArray = field(converter=float_array)
    metric: Metric
    sem: Mapping[str, float] = field(converter=errors_of_scales)
    weakest: tuple[str | None, ...]
    p_weakest: FloatArray = field(converter=float_array)
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
    def widths(self) -> Mapping[str, float]:
        """Highest less lowest possible score of every scale but the balance, by scale id."""
        ends = zip(self.scale_ids, self.lowest.tolist(), self.highest.tolist(), strict=True)
        return {name: high - low for name, low, high in ends if name in MEASURED}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row: `id`, groups, ten scores, `weakest`, `p_weakest_<dimension>`, flags.

        Raises
        ------
        DisclosureError
            The rows are evaluations by single raters.
        """
        refuse_evaluations(self.provenance)
        return self._records(len(self))

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python; of the instrument its id, version and hash, in `provenance`.

        Raises
        ------
        DisclosureError
            The rows are evaluations by single raters.
        """
        refuse_evaluations(self.provenance)
        names = [part.name for part in fields(VedScores) if part.name != "instrument"]
        return {name: plain(getattr(self, name)) for name in names}

    def __len__(self) -> int:
        return len(self.ids)

    def _records(self, n: int) -> list[dict[str, Any]]:
        flags = flags_of_rows(self.flags, n)
        chances = [f"p_weakest_{name}" for name in LEADERSHIP]
        rows = zip(self.ids[:n], plain(self.values[:n]), self.weakest[:n], plain(self.p_weakest[:n]), strict=True)
        return [
            {
                "id": name,
                **{group: plain(labels[i]) for group, labels in self.groups.items()},
                **dict(zip(self.scale_ids, values, strict=True)),
                "weakest": weakest,
                **dict(zip(chances, chance, strict=True)),
                "flags": flags[i],
            }
            for i, (name, values, weakest, chance) in enumerate(rows)
        ]

    def _repr_html_(self) -> str:
        if self.provenance.rules.get("rows") == "evaluations":
            return f"<p>{type(self).__name__} of {len(self)} evaluations, for analysis only</p>"
        records = self._records(min(len(self), MOST_ROWS_SHOWN))
        return short_table(f"V.E.D. scores ({self.metric})", records, len(self))
