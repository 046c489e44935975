"""The shortlist as a result: who comes where, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, ClassVar

from attrs import field, frozen

from leadkit._fields import as_float, as_int, float_array, frozen_mapping, int_array
from leadkit._results import TableResult, plain
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.shortlisting.criteria import Criterion
from leadkit.assessment.shortlisting.ranking import Exclusion, Normalise
from leadkit.stats.fairness import ImpactRatio
from leadkit.typing import FloatArray, IntArray

__all__ = ["NOTE", "Shortlist"]

NOTE = "This supports a human decision and does not make it: people weigh what no number here holds, and they choose."


def _exclusions(excluded: Mapping[str, tuple[Exclusion, ...]]) -> Mapping[str, tuple[Exclusion, ...]]:
    return frozen_mapping(excluded)


def _sorted(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(flags)))


@frozen(kw_only=True, eq=False)
class Shortlist(TableResult):
    """The n candidates who are kept, best first, one row a candidate.

    It supports a human decision: read `p_top_k` and `weight_slack` before the order.

    Parameters
    ----------
    ids : tuple of str
        By value, highest first; equal values (no further apart than 1e-12) by id.
    rank : (n,) int array
        1 to n; nobody shares a rank, because the id decides between equal values.
    value : (n,) array
        Weighted mean of the normalised criteria, in [0, 1].
    contributions : (n, c) array
        What each criterion adds to the value.
    p_top_k : (n,) array
        Share of the draws in which a candidate is among the top k; NaN without standard errors.
    rank_low, rank_high : (n,) array
        5 and 95 % quantiles of a candidate's rank over the draws, whole numbers; NaN without standard errors.
    p_first_above_second : float
        Share of the draws in which the first candidate is above the second; NaN without standard errors or with fewer
        than two candidates.
    weight_slack : (c, 2) array
        Lowest and highest weight of each criterion, in the units of the weights and the others fixed, between which
        the set of the top k stays as it is; 0 and inf (None in `to_dict`) where no weight changes it. At an end itself two candidates are
        equal, and the order of their ids decides.
    excluded : mapping of str to tuple of Exclusion
        Candidates who are not kept, with every criterion that speaks against them.
    impact : ImpactRatio, optional
        Rates at which groups reach the top k, of all candidates with a group, the excluded ones too; None without
        groups.
    criteria : tuple of Criterion
        The c criteria.
    k : int
        Places on the shortlist.
    normalise : {"min_max", "percentile"}
        How criteria were made comparable.
    n_candidates : int
        Everybody who was considered, excluded ones too.
    n_draws : int
        Draws that the probabilities rest on; 0 without them.
    flags : tuple of str
        What is doubtful, words of `leadkit.assessment.flags.SHORTLIST_FLAGS`.
    note : str
        How to use it.
    provenance : Provenance, optional
        That of the candidates.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "rank": "rank",
        "ids": "id",
        "value": "value",
        "p_top_k": "p_top_k",
        "rank_low": "rank_low",
        "rank_high": "rank_high",
    }

    ids: tuple[str, ...]
    rank: IntArray = field(converter=int_array)
    value: FloatArray = field(converter=float_array)
    contributions: FloatArray = field(converter=float_array)
    p_top_k: FloatArray = field(converter=float_array)
    rank_low: FloatArray = field(converter=float_array)
    rank_high: FloatArray = field(converter=float_array)
    p_first_above_second: float = field(converter=as_float)
    weight_slack: FloatArray = field(converter=float_array)
    excluded: Mapping[str, tuple[Exclusion, ...]] = field(converter=_exclusions)
    impact: ImpactRatio | None
    criteria: tuple[Criterion, ...]
    k: int = field(converter=as_int)
    normalise: Normalise
    n_candidates: int = field(converter=as_int)
    n_draws: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=_sorted)
    note: str = NOTE
    provenance: Provenance | None = None

    @property
    def top(self) -> tuple[str, ...]:
        """The ids of the top k, or of everybody who is kept where these are fewer."""
        return self.ids[: self.k]

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a kept candidate: rank, id, value, `contribution_` of every criterion, probabilities.

        Returns
        -------
        list of dict
            The best candidate first; NaN becomes None.
        """
        records = []
        for record, parts in zip(super().to_records(), plain(self.contributions), strict=True):
            added = {f"contribution_{part.id}": share for part, share in zip(self.criteria, parts, strict=True)}
            head = {key: record.pop(key) for key in ("rank", "id", "value")}
            records.append(head | added | record)
        return records

    def _repr_html_(self) -> str:
        doubts = f"<p>{escape(', '.join(self.flags))}</p>" if self.flags else ""
        lost = [f"{name} ({', '.join(part.criterion_id for part in why)})" for name, why in self.excluded.items()]
        excluded = f"<p>excluded: {escape(', '.join(lost))}</p>" if lost else ""
        return f"{super()._repr_html_()}{excluded}{doubts}<p>{escape(self.note)}</p>"
