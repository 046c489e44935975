"""One ratee's disclosed feedback as it is drawn: self, others, roles, target, and the words for what is not shown."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from leadkit.assessment import DisclosedFeedback, Metric
from leadkit.assessment.disclosure.expecting import expect_disclosed
from leadkit.assessment.multirater.metrics import dimension_span
from leadkit.assessment.multirater.weighting import self_mean
from leadkit.plots.labels import number, scale_names, unit_text
from leadkit.plots.rows import ScaleRow
from leadkit.typing import FloatArray

__all__ = ["NOT_SHOWN", "FeedbackRow", "feedback_row", "gap_text", "role_name"]

NOT_SHOWN = "not shown"


@frozen(kw_only=True, eq=False)
class FeedbackRow(ScaleRow):
    """One ratee over d dimensions.

    Parameters
    ----------
    own, others, target : array, shape (d,)
        Self-rating, the others' mean, and what that should reach; NaN where it is not shown.
    roles : tuple of str
        What the R roles other than self are called.
    role_means : array, shape (R, d)
        Their means; NaN where one is not shown.
    texts : tuple of str
        Written gap of every dimension; empty where there is none.
    hidden : tuple of str
        What of every dimension is not shown; empty where all is.
    """

    own: FloatArray
    others: FloatArray
    target: FloatArray
    roles: tuple[str, ...]
    role_means: FloatArray
    texts: tuple[str, ...]
    hidden: tuple[str, ...]


def feedback_row(disclosed: DisclosedFeedback, ratee_id: str) -> FeedbackRow:
    """Gather what `leadkit.plots.feedback` draws.

    Raises
    ------
    TypeError
        The feedback is raw, or something else.
    UnknownIdError
        Nobody rated that person.
    """
    expect_disclosed(disclosed, "disclosed")
    one = disclosed.for_ratee(ratee_id)
    start, end = dimension_span(one.instrument, one.metric)
    names = scale_names(one.instrument)
    own = self_mean(one.mean, one.roles)[0]
    others = [r for r, role in enumerate(one.roles) if role != "self"]
    roles = tuple(role_name(one.roles[r]) for r in others)
    role_means = one.mean[0, others]
    missing = np.isnan(np.vstack([own, role_means]))
    return FeedbackRow(
        title=ratee_id,
        names=tuple(names[name] for name in one.dimension_ids),
        start=start,
        end=end,
        unit=unit_text(one.metric, one.instrument),
        own=own,
        others=one.others_mean[0],
        target=one.target[0],
        roles=roles,
        role_means=role_means,
        texts=tuple("" if np.isnan(gap) else f"gap {gap_text(gap, one.metric)}" for gap in one.gap[0].tolist()),
        hidden=tuple(
            _hidden([name for name, is_ in zip(("Self", *roles), row, strict=True) if is_]) for row in missing.T
        ),
    )


def role_name(role: str) -> str:
    """Write what a role is called.

    Examples
    --------
    >>> role_name("direct_report")
    'Direct report'
    """
    return role.replace("_", " ").capitalize()


def gap_text(gap: float, metric: Metric) -> str:
    r"""Write a gap with its sign, in percentage points where scores are percent; empty for NaN.

    Examples
    --------
    >>> gap_text(0.533, "mean"), gap_text(12.6, "pomp"), gap_text(0.001, "mean")
    ('+0.53', '+13 percentage points', '0.00')
    """
    if np.isnan(gap):
        return ""
    text = number(gap, 0 if metric == "pomp" else 2)
    sign = "+" if gap > 0 and text.strip("0.") else ""
    return f"{sign}{text}{' percentage points' if metric == 'pomp' else ''}"


def _hidden(names: list[str]) -> str:
    return f"{NOT_SHOWN}: {', '.join(names)}" if names else ""
