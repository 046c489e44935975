"""Metrics against their targets."""

from __future__ import annotations

import math
from collections.abc import Mapping

from attrs import field, frozen

from leadkit._fields import as_float, number_faults
from leadkit._results import Result
from leadkit.errors import Fault, PlanError, UnknownIdError, did_you_mean
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.plan import Plan

__all__ = ["MetricResult", "evaluate_metrics"]


@frozen(kw_only=True, eq=False)
class MetricResult(Result):
    """One metric against its target.

    Parameters
    ----------
    id : str
        The metric.
    target : float
        What was set.
    value : float
        What was measured; NaN where nothing was.
    met : bool, optional
        Whether the value is at the target or on its good side; None where nothing was measured.
    gap : float
        Value less target, whichever side is the good one; NaN where nothing was measured.
    """

    id: str
    target: float = field(converter=as_float)
    value: float = field(converter=as_float)
    met: bool | None
    gap: float = field(converter=as_float)


def evaluate_metrics(plan: Plan, values: Mapping[str, float]) -> tuple[MetricResult, ...]:
    """Compare what was measured with the targets of a plan.

    Parameters
    ----------
    plan : Plan
        The plan with its metrics.
    values : mapping of str to float
        What was measured, by the id of the metric; NaN, None and metrics that are left out are not known yet.

    Returns
    -------
    tuple of MetricResult
        One for each metric of the plan, in the order of the plan.

    Raises
    ------
    UnknownIdError
        Values are given for metrics that the plan does not have; `faults` holds all of them.
    PlanError
        A value is not a finite number.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Group, Metric, Plan, Wbs
    >>> metrics = [Metric(id="defects", target=3, direction="at_most"), Metric(id="nps", target=40)]
    >>> plan = Plan(wbs=Wbs(root=Group(id="site")), start=datetime(2026, 1, 5, tzinfo=UTC), metrics=metrics)
    >>> [(metric.id, metric.met, metric.gap) for metric in evaluate_metrics(plan, {"defects": 2})]
    [('defects', True, -1.0), ('nps', None, nan)]
    """
    expect_kind(plan, Plan)
    if not isinstance(values, Mapping):
        msg = f"metrics: expected ids and values, got {values!r}"
        raise PlanError(msg)
    known = [metric.id for metric in plan.metrics]
    unknown = [
        Fault("values", f"unknown metric {own!r}{did_you_mean(own, known)}") for own in values if own not in known
    ]
    if unknown:
        raise UnknownIdError.from_faults(unknown, subject="metrics")
    given = {own: value for own, value in values.items() if not _is_missing(value)}
    faults = [fault for own, value in given.items() for fault in number_faults(value, f"metric {own!r}")]
    if faults:
        raise PlanError.from_faults(faults, subject="metrics")
    found = []
    for metric in plan.metrics:
        value = float(given.get(metric.id, math.nan))
        gap = value - metric.target
        met = None if math.isnan(value) else (gap >= 0 if metric.direction == "at_least" else gap <= 0)
        found.append(MetricResult(id=metric.id, target=metric.target, value=value, met=met, gap=gap))
    return tuple(found)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
