"""Cases that are alike but for who worked on them, and what is expected of anybody on them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.escalation.pilot.tails import Draw, lower_tail

__all__ = ["PilotStratum", "Share", "Shares", "shares_of", "strata_of"]


@frozen(kw_only=True, eq=False)
class PilotStratum(Result):
    """The cases of one domain and stratum, by person.

    Parameters
    ----------
    domain : str
        The domain.
    stratum : str, optional
        The value of the stratum; None where the outcomes have no strata.
    people : tuple of str
        Who worked on cases of it, sorted.
    n, successes : tuple of int
        Cases of each of them, and how many succeeded.

    Examples
    --------
    >>> stratum = PilotStratum(domain="billing", stratum="P7", people=("ann", "bo"), n=(6, 4), successes=(5, 1))
    >>> stratum.n_cases, stratum.rate, stratum.label, stratum.has_comparison
    (10, 0.6, 'billing/P7', True)
    """

    domain: str
    stratum: str | None
    people: tuple[str, ...] = field(converter=as_tuple)
    n: tuple[int, ...] = field(converter=as_tuple)
    successes: tuple[int, ...] = field(converter=as_tuple)

    @property
    def n_cases(self) -> int:
        """Cases of all."""
        return sum(self.n)

    @property
    def n_successes(self) -> int:
        """Successes of all."""
        return sum(self.successes)

    @property
    def rate(self) -> float:
        """Share of the cases of all that succeeded."""
        return self.n_successes / self.n_cases

    @property
    def label(self) -> str:
        """What the stratum is called in flags: the domain, and the value after a slash where there is one."""
        return self.domain if self.stratum is None else f"{self.domain}/{self.stratum}"

    @property
    def has_comparison(self) -> bool:
        """Whether more than one person worked on it."""
        return len(self.people) > 1


@frozen
class Share:
    """What one person did in one stratum."""

    stratum: PilotStratum
    n: int
    successes: int

    @property
    def draw(self) -> Draw:
        """The cases as drawn from those of the stratum."""
        return (self.n, self.stratum.n_cases, self.stratum.n_successes)


@frozen
class Shares:
    """What one person, or everybody, did in some strata together."""

    parts: tuple[Share, ...] = field(converter=as_tuple)

    @property
    def n(self) -> int:
        """Number of cases."""
        return sum(part.n for part in self.parts)

    @property
    def successes(self) -> int:
        """How many succeeded."""
        return sum(part.successes for part in self.parts)

    @property
    def n_compared(self) -> int:
        """Cases of strata that others worked on too."""
        return sum(part.n for part in self.parts if part.stratum.has_comparison)

    @property
    def expected(self) -> float:
        """Share that somebody like the team succeeds in with the same cases: sum n K / N over n."""
        return min(1.0, math.fsum(n * k / total for n, total, k in (part.draw for part in self.parts)) / self.n)

    @property
    def p_value(self) -> float:
        """Probability of so few successes in somebody like the team; NaN where nobody else had such cases."""
        compared = [part for part in self.parts if part.stratum.has_comparison]
        if not compared:
            return math.nan
        return lower_tail(sum(part.successes for part in compared), [part.draw for part in compared])


def strata_of(outcomes: PilotOutcomes) -> tuple[PilotStratum, ...]:
    """Count the cases and successes of each person in each stratum, sorted by domain and value.

    Examples
    --------
    >>> outcomes = PilotOutcomes(person=["bo", "ann", "bo"], domain=["billing"] * 3, success=[True, True, False])
    >>> strata_of(outcomes)
    (PilotStratum(domain='billing', stratum=None, people=('ann', 'bo'), n=(1, 2), successes=(1, 1)),)
    """
    values = outcomes.stratum or (None,) * len(outcomes)
    counts = np.ones(len(outcomes), dtype=np.int64) if outcomes.count is None else outcomes.count
    tallies: dict[tuple[str, str | None], dict[str, list[int]]] = {}
    rows = zip(outcomes.domain, values, outcomes.person, counts.tolist(), outcomes.success.tolist(), strict=True)
    for domain, value, person, n, successes in rows:
        tally = tallies.setdefault((domain, value), {}).setdefault(person, [0, 0])
        tally[0] += n
        tally[1] += successes
    found = []
    for domain, value in sorted(tallies, key=lambda key: (key[0], key[1] or "")):
        people = tallies[domain, value]
        names = sorted(people)
        n_of, successes_of = tuple(people[name][0] for name in names), tuple(people[name][1] for name in names)
        found.append(PilotStratum(domain=domain, stratum=value, people=tuple(names), n=n_of, successes=successes_of))
    return tuple(found)


def shares_of(strata: Iterable[PilotStratum]) -> dict[tuple[str, str], list[Share]]:
    """List what each person did, by person and domain."""
    found: dict[tuple[str, str], list[Share]] = {}
    for stratum in strata:
        for person, n, successes in zip(stratum.people, stratum.n, stratum.successes, strict=True):
            found.setdefault((person, stratum.domain), []).append(Share(stratum, n, successes))
    return {key: found[key] for key in sorted(found)}
