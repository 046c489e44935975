"""What a pilot says of a cell, a person and a domain."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

__all__ = ["PilotRules", "Verdict", "cell_verdict", "domain_verdict", "is_flagged", "person_verdict"]

Verdict: TypeAlias = Literal["train", "observe_more", "fine", "coach", "train_team"]
"""What to do: of cells train, observe more or nothing; of people coach or nothing; of domains train the team or nothing."""


@frozen(kw_only=True)
class PilotRules:
    """What a pilot is read by: error control, the least gap that matters, the least cases, and the power wanted."""

    q: float
    min_gap: float
    min_n: int
    power: float


def is_flagged(q_value: float, shrunken_gap: float, rules: PilotRules) -> bool:
    """Tell whether somebody is weaker than expected, by chance hardly and by enough to matter."""
    return q_value <= rules.q and shrunken_gap <= -rules.min_gap


def cell_verdict(
    *, n: int, n_compared: int, n_needed: int | None, low_gap: float, flagged: bool, rules: PilotRules
) -> Verdict:
    """Tell what a cell needs; `low_gap` is the lower end of the interval less what is expected.

    A cell that nobody else worked on cannot be told from the team, so it is never fine.

    Examples
    --------
    >>> rules = PilotRules(q=0.05, min_gap=0.05, min_n=10, power=0.8)
    >>> cell_verdict(n=40, n_compared=40, n_needed=419, low_gap=-0.02, flagged=False, rules=rules)
    'fine'
    >>> cell_verdict(n=40, n_compared=40, n_needed=419, low_gap=-0.12, flagged=False, rules=rules)
    'observe_more'
    """
    if flagged:
        return "train"
    may_be_weak = low_gap < -rules.min_gap and n_needed is not None and n < n_needed
    return "observe_more" if n < rules.min_n or n_compared == 0 or may_be_weak else "fine"


def person_verdict(*, flagged: bool, has_weak_cell: bool) -> Verdict:
    """Tell what a person needs beside what their cells need."""
    return "coach" if flagged and not has_weak_cell else "fine"


def domain_verdict(q_value: float, target: float | None, rules: PilotRules) -> Verdict | None:
    """Tell whether a whole team misses its target in a domain; None where there is no target."""
    if target is None:
        return None
    return "train_team" if q_value <= rules.q else "fine"
