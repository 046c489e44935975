"""What changed between two pilots, with the mix of cases taken out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result, TableResult
from leadkit.escalation._checking import expect_kind
from leadkit.escalation.pilot.evaluation import PilotEvaluation
from leadkit.escalation.pilot.sizes import detectable_change
from leadkit.escalation.pilot.strata import PilotStratum
from leadkit.stats import wilson_interval

__all__ = ["ChangeRow", "PilotChange", "compare_pilots", "newcombe"]

Key: TypeAlias = tuple[str | None, str | None]
"""A person and a domain, None for all of them."""
StratumKey: TypeAlias = tuple[str, str | None]
"""A domain and the value of a stratum."""

METHOD = "rates adjusted to the mean of both pilots in each stratum; Newcombe interval of their difference"


@frozen(kw_only=True, eq=False)
class ChangeRow(Result):
    """How the rate of a cell, a person or a domain changed between two pilots.

    Parameters
    ----------
    person, domain : str, optional
        Whom and what it is about; None for all domains, and for all people.
    n_before, n_after : int
        Cases of strata that both pilots have.
    before, after : float
        Adjusted rates, in [0, 1]; NaN where either pilot has no such case, as is all that follows.
    change : float
        After less before.
    low, high : float
        Ends of its 95 % interval.
    detectable : float
        Least change that as many cases find with a power of 80 %; see `detectable_change`. Above 1: none.

    Examples
    --------
    >>> from leadkit.escalation import PilotOutcomes, evaluate_pilot
    >>> people, domains = ["ann", "bo"], ["billing"] * 2
    >>> spring = evaluate_pilot(PilotOutcomes.from_columns(people, domains, [45, 30], count=[50, 50]))
    >>> autumn = evaluate_pilot(PilotOutcomes.from_columns(people, domains, [45, 40], count=[50, 50]))
    >>> row = compare_pilots(spring, autumn).rows[1]
    >>> row.person, row.before, row.after, round(row.change, 3), round(row.detectable, 3)
    ('bo', 0.6, 0.8, 0.2, 0.257)
    """

    person: str | None
    domain: str | None
    n_before: int
    n_after: int
    before: float
    after: float
    change: float
    low: float
    high: float
    detectable: float


@frozen(kw_only=True, eq=False)
class PilotChange(TableResult):
    """What changed between two pilots.

    Parameters
    ----------
    rows : tuple of ChangeRow
        Cells by person and domain, then people (domain None), then domains (person None), of either pilot.
    method : str
        How rates are adjusted and compared.
    flags : tuple of str
        `one_pilot:<stratum>` for each stratum that only one of the pilots has, so that its cases are left out.

    Examples
    --------
    >>> from leadkit.escalation import PilotOutcomes, evaluate_pilot
    >>> people, domains = ["ann", "bo"], ["billing"] * 2
    >>> spring = evaluate_pilot(PilotOutcomes.from_columns(people, domains, [45, 30], count=[50, 50]))
    >>> autumn = evaluate_pilot(PilotOutcomes.from_columns(people, domains, [45, 40], count=[50, 50]))
    >>> [(row.person, row.domain, round(row.change, 3)) for row in compare_pilots(spring, autumn).rows]
    [('ann', 'billing', 0.0), ('bo', 'billing', 0.2), ('ann', None, 0.0), ('bo', None, 0.2), (None, 'billing', 0.1)]
    """

    rows: tuple[ChangeRow, ...] = field(converter=as_tuple)
    method: str
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one flat dictionary a row; NaN becomes None."""
        return [row.to_dict() for row in self.rows]


@frozen
class Part:
    """Cases and successes of one person in one stratum of one pilot."""

    stratum: StratumKey
    n: int
    successes: int


def compare_pilots(before: PilotEvaluation, after: PilotEvaluation) -> PilotChange:
    """Tell what changed from one pilot to the next.

    Both pilots are held against one standard: in each stratum that both have, the mean of the two pilots' rates. A rate is
    adjusted by what this standard expects of its cases: observed - expected + the mean of both expected ones, kept in
    [0, 1]. So a harder mix of cases is no decline, and where the whole team became better, everybody did. The interval
    takes the standard as known.

    Parameters
    ----------
    before, after : PilotEvaluation
        The pilots, in the order of time.

    Returns
    -------
    PilotChange
        One row a cell, a person and a domain of either pilot.

    Raises
    ------
    EscalationError
        One of them is no pilot evaluation.

    References
    ----------
    .. [1] R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
       methods", Statistics in Medicine 17, 1998, method 10.

    Examples
    --------
    >>> from leadkit.escalation.pilot import PilotOutcomes, evaluate_pilot
    >>> people, domains = ["ann", "bo"], ["billing", "billing"]
    >>> spring = evaluate_pilot(PilotOutcomes.from_columns(people, domains, [45, 30], count=[50, 50]))
    >>> autumn = evaluate_pilot(PilotOutcomes.from_columns(people, domains, [45, 40], count=[50, 50]))
    >>> row = compare_pilots(spring, autumn).rows[1]
    >>> row.person, row.before, row.after, round(row.change, 3), round(row.low, 3), round(row.high, 3)
    ('bo', 0.6, 0.8, 0.2, 0.02, 0.364)
    """
    expect_kind(before, PilotEvaluation, "before")
    expect_kind(after, PilotEvaluation, "after")
    rates = [{_key(own): own.rate for own in pilot.strata} for pilot in (before, after)]
    standard = {key: (rate + rates[1][key]) / 2 for key, rate in rates[0].items() if key in rates[1]}
    parts = [_parts(pilot.strata) for pilot in (before, after)]
    keys = sorted(parts[0].keys() | parts[1].keys(), key=_place)
    alone = [own.label for pilot in (before, after) for own in pilot.strata if _key(own) not in standard]
    return PilotChange(
        rows=tuple(_row(key, parts[0].get(key, []), parts[1].get(key, []), standard) for key in keys),
        method=METHOD,
        flags=tuple(f"one_pilot:{label}" for label in sorted(alone)),
    )


def newcombe(first: float, n_first: int, second: float, n_second: int) -> tuple[float, float]:
    """Give the ends of the 95 % interval of the second rate less the first, from the Wilson interval of each.

    Parameters
    ----------
    first, second : float
        Rates, in [0, 1].
    n_first, n_second : int
        Cases of each, at least 1.

    Examples
    --------
    >>> [round(end, 4) for end in newcombe(48 / 80, 80, 56 / 70, 70)]
    [0.0524, 0.3339]
    """
    (low_1, low_2), (high_1, high_2) = wilson_interval(
        np.array([first * n_first, second * n_second]), np.array([n_first, n_second])
    )
    change = second - first
    return change - math.hypot(second - low_2, high_1 - first), change + math.hypot(high_2 - second, first - low_1)


def _row(key: Key, before: list[Part], after: list[Part], standard: Mapping[StratumKey, float]) -> ChangeRow:
    before = [part for part in before if part.stratum in standard]
    after = [part for part in after if part.stratum in standard]
    n_before, n_after = _cases(before), _cases(after)
    head: dict[str, Any] = {"person": key[0], "domain": key[1], "n_before": n_before, "n_after": n_after}
    if not n_before or not n_after:
        unknown: dict[str, Any] = dict.fromkeys(("before", "after", "change", "low", "high", "detectable"), math.nan)
        return ChangeRow(**head, **unknown)
    expected = [math.fsum(part.n * standard[part.stratum] for part in own) / _cases(own) for own in (before, after)]
    level = (expected[0] + expected[1]) / 2
    first, second = (
        min(max(sum(part.successes for part in own) / _cases(own) + (level - share), 0.0), 1.0)
        for own, share in zip((before, after), expected, strict=True)
    )
    low, high = newcombe(first, n_before, second, n_after)
    return ChangeRow(
        **head,
        before=first,
        after=second,
        change=second - first,
        low=low,
        high=high,
        detectable=detectable_change((first + second) / 2, n_before, n_after),
    )


def _parts(strata: Iterable[PilotStratum]) -> dict[Key, list[Part]]:
    """List the cases by cell, by person and by domain."""
    found: dict[Key, list[Part]] = {}
    for stratum in strata:
        for person, n, successes in zip(stratum.people, stratum.n, stratum.successes, strict=True):
            part = Part(_key(stratum), n, successes)
            for key in ((person, stratum.domain), (person, None), (None, stratum.domain)):
                found.setdefault(key, []).append(part)
    return found


def _place(key: Key) -> tuple[bool, bool, str, str]:
    """Order cells before people before domains, each by id."""
    person, domain = key
    return person is None, domain is None, person or "", domain or ""


def _key(stratum: PilotStratum) -> StratumKey:
    return stratum.domain, stratum.stratum


def _cases(parts: Iterable[Part]) -> int:
    return sum(part.n for part in parts)
