"""Whether a project is a success: six answers with what each rests on, and no total."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from leadkit._results import Result, plain
from leadkit.wbs.handover import Readiness
from leadkit.wbs.plan import Plan
from leadkit.wbs.reporting._records import Record, expect_own, frozen_records
from leadkit.wbs.reporting.metrics import MetricResult
from leadkit.wbs.tracking import Tracking

__all__ = ["Success", "success"]

ANSWERS: Final = ("on_time", "on_budget", "scope_done", "documented", "metrics_met", "handed_over")
DOCUMENT_KINDS: Final = frozenset({"document", "management_report"})

Answer = tuple[bool | None, str]


@frozen(kw_only=True, eq=False)
class Success(Result):
    """Six answers about a project; each is None where it is not known yet or nothing was asked for.

    Parameters
    ----------
    on_time : bool, optional
        Whether all work was done by the deadline; False as soon as the deadline has passed without that.
    on_budget : bool, optional
        Whether all work was done for no more than its budget; False as soon as more is spent.
    scope_done : bool, optional
        Whether every work package is done.
    documented : bool, optional
        Whether every document that the plan asks for is approved.
    metrics_met : bool, optional
        Whether every metric meets its target.
    handed_over : bool, optional
        Whether the hand-over to the customer took place.
    evidence : tuple of mapping
        One record an answer: "answer", "value" and "because".
    """

    on_time: bool | None
    on_budget: bool | None
    scope_done: bool | None
    documented: bool | None
    metrics_met: bool | None
    handed_over: bool | None
    evidence: tuple[Record, ...] = field(converter=frozen_records)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an answer, with what it rests on."""
        return [plain(record) for record in self.evidence]


def success(
    plan: Plan,
    tracking: Tracking,
    *,
    metrics: Iterable[MetricResult] = (),
    readiness: Iterable[Readiness] = (),
) -> Success:
    """Tell in how far a project is a success, without a total score.

    Parameters
    ----------
    plan : Plan
        The plan.
    tracking : Tracking
        How it stands, from `track`.
    metrics : iterable of MetricResult
        From `evaluate_metrics`.
    readiness : iterable of Readiness
        Of its hand-overs and gates, from `readiness`.

    Returns
    -------
    Success
        The answers and their evidence.

    Raises
    ------
    PlanError
        The tracking is of another plan.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.wbs import schedule, track
    >>> plan = samples.plan()
    >>> found = success(plan, track(plan, schedule(plan), samples.status()))
    >>> found.scope_done, found.on_budget
    (False, None)
    """
    expect_own(plan, tracking)
    is_done = all(row.state == "done" or row.percent == 100 for row in tracking.rows) and bool(tracking.rows)
    answers: dict[str, Answer] = {
        "on_time": _on_time(plan, tracking, is_done=is_done),
        "on_budget": _on_budget(plan, tracking, is_done=is_done),
        "scope_done": _scope(tracking, is_done=is_done),
        "documented": _documented(plan, tuple(readiness)),
        "metrics_met": _metrics(tuple(metrics)),
        "handed_over": _handed_over(plan, tracking),
    }
    evidence = [{"answer": name, "value": answers[name][0], "because": answers[name][1]} for name in ANSWERS]
    return Success(**{name: answers[name][0] for name in ANSWERS}, evidence=tuple(evidence))


def _on_time(plan: Plan, tracking: Tracking, *, is_done: bool) -> Answer:
    if plan.deadline is None:
        return None, "the plan has no deadline"
    deadline = _shown(plan, plan.deadline)
    if is_done:
        return tracking.forecast_finish <= plan.deadline, (
            f"done {_shown(plan, tracking.forecast_finish)}, due {deadline}"
        )
    if tracking.as_of > plan.deadline:
        return False, f"not done {_shown(plan, tracking.as_of)}, due {deadline}"
    return None, f"expected {_shown(plan, tracking.forecast_finish)}, due {deadline}"


def _on_budget(plan: Plan, tracking: Tracking, *, is_done: bool) -> Answer:
    spent, budget = tracking.evm.ac, tracking.evm.bac
    money = f" {plan.currency}" if plan.currency else ""
    said = f"{spent:,.2f}{money} spent of {budget:,.2f}{money}"
    if spent > budget:
        return False, said
    if spent <= budget and is_done:
        return True, said
    return None, said if spent <= budget else "what was spent is not known"


def _scope(tracking: Tracking, *, is_done: bool) -> Answer:
    if not tracking.rows:
        return None, "there is no work package"
    open_ids = [row.id for row in tracking.rows if row.state != "done" and row.percent != 100]
    return is_done, f"{len(tracking.rows) - len(open_ids)} of {len(tracking.rows)} work packages are done"


def _documented(plan: Plan, given: tuple[Readiness, ...]) -> Answer:
    listed = [own.documents for own in plan.wbs.packages]
    listed += [own.documents for own in plan.handovers] + [own.documents for own in plan.gates]
    asked = {document.id for documents in listed for document in documents}
    if not asked:
        return None, "the plan asks for no document"
    known = {item.id: item.is_met for found in given for item in found.items if item.kind in DOCUMENT_KINDS}
    waiting = sorted(own for own in asked if known.get(own) is False)
    unknown = sorted(asked - set(known))
    if waiting:
        return False, f"not approved: {', '.join(waiting)}"
    if unknown:
        return None, f"not known: {', '.join(unknown)}"
    return True, f"{len(asked)} of {len(asked)} documents are approved"


def _metrics(given: tuple[MetricResult, ...]) -> Answer:
    if not given:
        return None, "no metric was measured"
    missed = [metric.id for metric in given if metric.met is False]
    unknown = [metric.id for metric in given if metric.met is None]
    if missed:
        return False, f"missed: {', '.join(missed)}"
    if unknown:
        return None, f"not known: {', '.join(unknown)}"
    return True, f"{len(given)} of {len(given)} metrics are met"


def _handed_over(plan: Plan, tracking: Tracking) -> Answer:
    customers = [own.id for own in plan.handovers if own.customer]
    if not customers:
        return None, "the plan has no hand-over to a customer"
    if tracking.next_handover is None:
        return True, "every hand-over took place"
    return False, f"the next hand-over is {tracking.next_handover}"


def _shown(plan: Plan, instant: datetime) -> str:
    return f"{instant.astimezone(plan.calendar.tz):%Y-%m-%d %H:%M}"
