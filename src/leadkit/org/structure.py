"""Spans and layers: how many people report to whom, and how many steps lie between the top and the customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from leadkit._fields import FrozenMapping, as_float, as_int, float_array, frozen_mapping, int_array
from leadkit._results import MOST_ROWS_SHOWN, TableResult, html_table
from leadkit.errors import Fault, OrgError
from leadkit.org._expecting import expect_organisation
from leadkit.org._sums import subtree_sums, sums_by
from leadkit.org.flags import sorted_flags
from leadkit.org.organisation import Organisation
from leadkit.typing import FloatArray, IntArray

__all__ = ["SPAN_BANDS", "Structure", "measure_structure"]

Count: TypeAlias = Literal["filled", "posts", "fte"]
"""What is counted: posts that are held, all posts, or full-time equivalents of held posts."""

SPAN_BANDS: Mapping[str, tuple[float, float]] = FrozenMapping(
    {
        "thin": (1.0, 3.0),
        "player_coach": (3.0, 6.0),
        "coach": (6.0, 8.0),
        "supervisor": (8.0, 11.0),
        "facilitator": (11.0, 16.0),
        "coordinator": (16.0, math.inf),
    }
)
"""Bands of spans, from the first number up to but not including the second: they describe, and are no verdict."""


def _counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    return frozen_mapping(counts)


def _limits(bands: Mapping[str, tuple[float, float]]) -> Mapping[str, tuple[float, float]]:
    return frozen_mapping(bands)


@frozen(kw_only=True, eq=False)
class Structure(TableResult):
    """Spans and layers of n posts, one row a post; it holds no scores and may be shown.

    Parameters
    ----------
    ids : tuple of str
        The posts, in the order of the organisation.
    layer : (n,) int array
        1 for a root, 2 for those who report to one, and so on.
    span : (n,) array
        Direct reports, counted as `count` says.
    total_reports : (n,) array
        The whole line below, counted as `count` says, without the post itself.
    n_layers : int
        Deepest layer; 0 without posts.
    n_managers, n_contributors : int
        Posts with a direct report, filled or not, and posts without one.
    mean_span, median_span, max_span : float
        Over the managers with a span above 0; NaN when there are none.
    contributors_per_manager : float
        NaN without managers.
    headcount_by_layer : (n_layers,) array
        What each layer holds, from the top down, counted as `count` says.
    span_of_one : tuple of str
        Posts with exactly one direct report that counts, sorted.
    band_counts : mapping of str to int
        Managers whose span lies in each band.
    bands : mapping of str to (float, float)
        The bands: from the first number up to but not including the second.
    count : {"filled", "posts", "fte"}
        What was counted.
    flags : tuple of str
        What is doubtful: "no_spans", "spans_outside_bands".
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "ids": "id",
        "layer": "layer",
        "span": "span",
        "total_reports": "total_reports",
    }

    ids: tuple[str, ...]
    layer: IntArray = field(converter=int_array)
    span: FloatArray = field(converter=float_array)
    total_reports: FloatArray = field(converter=float_array)
    n_layers: int = field(converter=as_int)
    n_managers: int = field(converter=as_int)
    n_contributors: int = field(converter=as_int)
    mean_span: float = field(converter=as_float)
    median_span: float = field(converter=as_float)
    max_span: float = field(converter=as_float)
    contributors_per_manager: float = field(converter=as_float)
    headcount_by_layer: FloatArray = field(converter=float_array)
    span_of_one: tuple[str, ...]
    band_counts: Mapping[str, int] = field(converter=_counts)
    bands: Mapping[str, tuple[float, float]] = field(converter=_limits)
    count: Count
    flags: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        shown = [name for name in SCALARS if name != "flags" or self.flags]
        scalars = html_table("Structure", ("field", "value"), [(name, getattr(self, name)) for name in shown])
        layers = html_table("Layers", ("layer", self.count), enumerate(self.headcount_by_layer.tolist(), start=1))
        few = len(self.headcount_by_layer) <= MOST_ROWS_SHOWN
        return scalars + (layers if few else "")


SCALARS = (
    "n_layers",
    "n_managers",
    "n_contributors",
    "mean_span",
    "median_span",
    "max_span",
    "contributors_per_manager",
    "band_counts",
    "count",
    "flags",
)


def measure_structure(
    organisation: Organisation,
    *,
    count: Count = "filled",
    bands: Mapping[str, tuple[float, float]] = SPAN_BANDS,
) -> Structure:
    """Measure spans of control and layers along the solid lines.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    count : {"filled", "posts", "fte"}
        What counts as a report: each active or absent post as 1, every post as 1, or the full-time equivalents of
        active and absent posts. Managers, contributors and layers are posts whatever is counted.
    bands : mapping of str to (float, float)
        Name to lowest span and the span at which the next band begins; bands do not overlap.

    Returns
    -------
    Structure
        Posts in the order of the organisation.

    Raises
    ------
    OrgError
        An unknown `count`, bands that are none or overlap, or with "fte" a filled post without full-time equivalents.

    References
    ----------
    .. [1] L. F. Urwick, "The manager's span of control", Harvard Business Review 34(3), 1956.
    .. [2] D. D. Van Fleet, A. G. Bedeian, "A history of the span of management", Academy of Management Review 2(3), 1977.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> people = Organisation.from_columns(["ann", "bo", "cy", "di"], [None, "ann", "ann", "bo"])
    >>> structure = measure_structure(people)
    >>> structure.span.tolist(), structure.mean_span, structure.span_of_one
    ([2.0, 1.0, 0.0, 0.0], 1.5, ('bo',))
    >>> dict(structure.band_counts)["thin"]
    2
    """
    expect_organisation(organisation)
    if count not in get_args(Count):
        msg = f"count: expected one of {', '.join(map(repr, get_args(Count)))}, got {count!r}"
        raise OrgError(msg)
    limits = _checked_bands(bands)
    tree = organisation.tree
    counted = _counted(organisation, count)
    # a sum over the children, not a total less the own value: no digits are lost, and a leaf has exactly 0
    span, n_counted, total = (
        _over_children(tree.parents, amounts)
        for amounts in (counted, (counted > 0).astype(np.float64), subtree_sums(organisation, counted))
    )
    is_manager = tree.n_children > 0
    spans = np.sort(span[span > 0])
    band_counts = {name: int(np.sum((low <= spans) & (spans < high))) for name, (low, high) in limits.items()}
    n_managers = int(is_manager.sum())
    flags = {"no_spans": not spans.size, "spans_outside_bands": sum(band_counts.values()) < spans.size}
    return Structure(
        ids=organisation.ids,
        layer=tree.depth + 1,
        span=span,
        total_reports=total,
        n_layers=tree.n_layers,
        n_managers=n_managers,
        n_contributors=organisation.n - n_managers,
        mean_span=spans.mean() if spans.size else math.nan,
        median_span=np.median(spans) if spans.size else math.nan,
        max_span=spans.max() if spans.size else math.nan,
        contributors_per_manager=(organisation.n - n_managers) / n_managers if n_managers else math.nan,
        headcount_by_layer=sums_by(tree.depth, counted, tree.n_layers),
        span_of_one=tuple(sorted(organisation.ids[i] for i in np.flatnonzero(n_counted == 1))),
        band_counts=band_counts,
        bands=limits,
        count=count,
        flags=sorted_flags(name for name, is_raised in flags.items() if is_raised),
    )


def _counted(organisation: Organisation, count: Count) -> FloatArray:
    if count == "filled":
        return (organisation.weights("heads") > 0).astype(np.float64)
    return organisation.weights(count)


def _over_children(parents: NDArray[np.integer], amounts: FloatArray) -> FloatArray:
    """Sum what each node's children hold."""
    is_child = parents >= 0
    return sums_by(parents[is_child], amounts[is_child], parents.size)


def _checked_bands(bands: object) -> dict[str, tuple[float, float]]:
    """Take bands apart into names and numbers; everything that is wrong is one error."""
    if not isinstance(bands, Mapping):
        msg = f"bands: expected a mapping of a name to (low, high), got {type(bands).__name__}"
        raise OrgError(msg)
    faults, limits = [], {}
    for name, band in bands.items():
        where = f"band {name!r}"
        if not isinstance(name, str) or not name.strip():
            faults.append(Fault(where, "expected a name that is a text with something in it"))
        numbers = _pair(band)
        if numbers is None or not 0 <= numbers[0] < numbers[1]:
            faults.append(Fault(where, f"expected two numbers 0 <= low < high, got {band!r}"))
        else:
            limits[name] = numbers
    by_low = sorted(limits.items(), key=lambda item: item[1])
    faults += [
        Fault(f"band {name!r}", f"begins at {low:g}, inside band {before!r}, which ends at {high:g}")
        for (before, (_, high)), (name, (low, _)) in pairwise(by_low)
        if low < high
    ]
    if faults:
        raise OrgError.from_faults(faults, subject="bands")
    return limits


def _pair(band: object) -> tuple[float, float] | None:
    if not isinstance(band, tuple | list) or len(band) != 2:
        return None
    if any(isinstance(end, bool) or not isinstance(end, int | float | np.integer | np.floating) for end in band):
        return None
    return float(band[0]), float(band[1])
