"""Disclosed feedback as comma-separated text, one row a ratee, role and dimension."""

from __future__ import annotations

from leadkit.assessment import DisclosedFeedback
from leadkit.assessment.disclosure.expecting import expect
from leadkit.interchange.csv._cells import exported, text_table

__all__ = ["write_feedback"]

COLUMNS = ("ratee_id", "role", "dimension_id", "mean", "n", "others_mean", "gap", "gap_category", "reason")


def write_feedback(disclosed: DisclosedFeedback) -> str:
    """Write disclosed feedback as comma-separated text: the columns of `DisclosedFeedback.to_records`.

    Parameters
    ----------
    disclosed : DisclosedFeedback
        What may be shown; raw feedback is refused.

    Returns
    -------
    str
        Numbers in full precision, an empty cell where something is hidden or not known; write it to a file with
        `newline=""`.

    Raises
    ------
    TypeError
        The value is something else; for raw feedback the message names `disclose`.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import DisclosurePolicy, disclose, feedback
    >>> raw = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    >>> print(write_feedback(disclose(raw, DisclosurePolicy())).splitlines()[0])
    ratee_id,role,dimension_id,mean,n,others_mean,gap,gap_category,reason
    """
    expect(disclosed, DisclosedFeedback, "write_feedback")
    records = disclosed.to_records()
    return text_table(COLUMNS, [[_cell(record[name]) for record in records] for name in COLUMNS])


def _cell(value: str | float | None) -> str:
    if value is None:
        return ""
    return exported(value) if isinstance(value, str) else repr(value)
