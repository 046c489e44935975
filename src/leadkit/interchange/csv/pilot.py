"""What a pilot found, and what single people have to learn, as comma-separated text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from leadkit.escalation.pilot.evaluation import PilotEvaluation
from leadkit.interchange.csv._cells import exported, text_table
from leadkit.interchange.csv._numbers import number_text
from leadkit.skills import TrainingNeed

__all__ = ["write_needs", "write_pilot"]

MEASURED = ("n", "median", "median_low", "median_high", "mean", "mean_low", "mean_high")
PILOT_COLUMNS = (
    "person",
    "domain",
    "n",
    "successes",
    "n_compared",
    "observed",
    "expected",
    "gap",
    "shrunken",
    "shrunken_gap",
    "low",
    "high",
    "p_value",
    "q_value",
    "verdict",
    "n_needed",
    *(f"{name}_{part}" for name in ("seconds", "csat") for part in MEASURED),
)
NEED_COLUMNS = ("person", "skill", "current", "target", "weight", "reason")


def write_pilot(evaluation: PilotEvaluation) -> str:
    """Write the rows of a pilot as comma-separated text: the columns of `PilotEvaluation.to_records`.

    Parameters
    ----------
    evaluation : leadkit.escalation.PilotEvaluation
        What `evaluate_pilot` gave.

    Returns
    -------
    str
        A row a person and domain, then a row a person without a domain, then a row a domain without a person; numbers in
        full precision, an empty cell where there is none. Write it to a file with `newline=""`.

    Raises
    ------
    TypeError
        The value is something else.

    Examples
    --------
    >>> from leadkit.escalation import PilotOutcomes, evaluate_pilot
    >>> outcomes = PilotOutcomes(person=["ann", "bo"], domain=["billing"] * 2, success=[9, 7], count=[10, 10])
    >>> rows = write_pilot(evaluate_pilot(outcomes)).splitlines()
    >>> rows[0][:46], rows[1][:24]
    ('person,domain,n,successes,n_compared,observed,', 'ann,billing,10,9,10,0.9,')
    >>> [row.split(",")[:4] for row in rows[3:]]
    [['ann', '', '10', '9'], ['bo', '', '10', '7'], ['', 'billing', '20', '16']]
    """
    if not isinstance(evaluation, PilotEvaluation):
        msg = f"write_pilot: expected a PilotEvaluation, got {type(evaluation).__name__}"
        raise TypeError(msg)
    return _table(PILOT_COLUMNS, evaluation.to_records())


def write_needs(needs: Iterable[TrainingNeed]) -> str:
    """Write training needs as comma-separated text, one row a person and skill, in the order given.

    Parameters
    ----------
    needs : iterable of leadkit.skills.TrainingNeed
        Such as `PilotEvaluation.training_needs` gives.

    Returns
    -------
    str
        The current level is an empty cell where somebody is not assessed. Write it to a file with `newline=""`.

    Raises
    ------
    TypeError
        A value is something else.

    Examples
    --------
    >>> print(write_needs([TrainingNeed("bo", "billing", 1, 2.5, reason="billing L2: pilot")]), end="")
    person,skill,current,target,weight,reason
    bo,billing,1,2.5,1,billing L2: pilot
    """
    listed = list(needs) if isinstance(needs, Iterable) else [needs]
    for need in listed:
        if not isinstance(need, TrainingNeed):
            msg = f"write_needs: expected TrainingNeeds, got {type(need).__name__}"
            raise TypeError(msg)
    rows = [{name: getattr(need, name) for name in NEED_COLUMNS} for need in listed]
    numbers = ("current", "target", "weight")
    return _table(NEED_COLUMNS, [row | {name: _number(row[name]) for name in numbers} for row in rows])


def _table(header: Sequence[str], records: Sequence[Mapping[str, Any]]) -> str:
    return text_table(header, [[_cell(record[name]) for record in records] for name in header])


def _number(value: float) -> str:
    return "" if math.isnan(value) else number_text(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return exported(value) if isinstance(value, str) else repr(value)
