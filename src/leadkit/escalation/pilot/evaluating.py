"""From the outcomes of a pilot to what they say of cells, people and domains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from attrs import evolve

from leadkit.escalation._checking import expect_kind
from leadkit.escalation.pilot._options import NO_TARGETS, read_options
from leadkit.escalation.pilot.control import benjamini_hochberg
from leadkit.escalation.pilot.evaluation import PilotEvaluation, PilotRow
from leadkit.escalation.pilot.measures import Measurements, measurements_of
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.escalation.pilot.shrinkage import CellCount, concentration, shrink
from leadkit.escalation.pilot.sizes import cases_needed
from leadkit.escalation.pilot.strata import Share, Shares, shares_of, strata_of
from leadkit.escalation.pilot.tails import binomial_tail, clopper_pearson
from leadkit.escalation.pilot.verdicts import PilotRules, cell_verdict, domain_verdict, is_flagged, person_verdict

__all__ = ["evaluate_pilot"]

METHOD = (
    "one-sided exact test by convolved hypergeometric laws; beta-binomial shrinkage by moments; Benjamini-Hochberg "
    "over cells, people and domains with a target"
)


def evaluate_pilot(
    outcomes: PilotOutcomes,
    *,
    q: float = 0.05,
    min_gap: float = 0.05,
    min_n: int = 10,
    targets: Mapping[str, float] = NO_TARGETS,
    power: float = 0.8,
) -> PilotEvaluation:
    """Find who is weaker than expected of the cases they had, and in which domain.

    Somebody like the team draws their cases of a stratum - a domain and the value of `stratum` - from all of it, so their
    successes follow a hypergeometric law and the mix of cases is taken out. A stratum that one person alone worked on
    counts in `n`, `observed` and `expected` but not in the test. All tests are one family: over a team of equals nobody at
    all is flagged in at least 95 of 100 pilots at the default `q`.

    Parameters
    ----------
    outcomes : PilotOutcomes
        The cases.
    q : float
        Share of false findings that is accepted among all, in (0, 1).
    min_gap : float
        Least gap that matters, in (0, 1).
    min_n : int
        Cases from which a cell or person is tested, at least 1.
    targets : mapping of str to float
        Rate that the team should reach in a domain, in [0, 1]; a domain without one is not tested.
    power : float
        Probability with which a true gap of `min_gap` should be found, in [0.5, 1); for `n_needed`.

    Returns
    -------
    PilotEvaluation
        A row for each cell, person and domain, with the verdict. A cell is to `train` where its q-value is at most `q` and
        its shrunken gap at least `min_gap` below 0; to `observe_more` where it has less than `min_n` cases, nothing to
        compare with, or an interval that reaches below the gap with less than `n_needed` cases. A person is to `coach`
        where they are weak in the same way and none of their cells is. `train_team` is a domain below its target at `q`.

    Raises
    ------
    EscalationError
        An argument is wrong; `faults` holds all of it.
    UnknownIdError
        A target is of a domain that has no case.

    Examples
    --------
    >>> outcomes = PilotOutcomes(
    ...     person=["ann", "bo", "cy", "dee"], domain=["billing"] * 4, success=[45, 28, 46, 44], count=[50] * 4
    ... )
    >>> found = evaluate_pilot(outcomes)
    >>> [(row.person, row.observed, row.expected, row.verdict) for row in found.cells]
    [('ann', 0.9, 0.815, 'fine'), ('bo', 0.56, 0.815, 'train'), ('cy', 0.92, 0.815, 'fine'), ('dee', 0.88, 0.815, 'fine')]
    """
    expect_kind(outcomes, PilotOutcomes, "outcomes")
    rules, wanted = read_options(outcomes, q, min_gap, min_n, power, targets)
    strata = strata_of(outcomes)
    cells = {key: Shares(parts) for key, parts in shares_of(strata).items()}
    kappa = concentration(
        [CellCount(domain, own.n, own.successes, own.expected) for (_, domain), own in cells.items() if own.n_compared]
    )
    measurements = measurements_of(outcomes)
    cell_rows = [_member_row(*key, own, kappa, rules, measurements) for key, own in cells.items()]
    people_rows = [
        _member_row(person, None, own, kappa, rules, measurements) for person, own in _by_person(cells).items()
    ]
    domain_rows = [
        _domain_row(domain, own, wanted.get(domain), rules, measurements) for domain, own in _by_domain(cells).items()
    ]
    judged = _judged(cell_rows, people_rows, domain_rows, wanted, rules)
    lonely = tuple(f"no_comparison:{stratum.label}" for stratum in strata if not stratum.has_comparison)
    return PilotEvaluation(
        cells=judged[0],
        people=judged[1],
        domains=judged[2],
        concentration=kappa,
        strata=strata,
        q=rules.q,
        min_gap=rules.min_gap,
        min_n=rules.min_n,
        power=rules.power,
        targets=wanted,
        method=METHOD,
        flags=lonely if strata else ("empty",),
    )


def _member_row(
    person: str, domain: str | None, own: Shares, kappa: float, rules: PilotRules, measurements: Measurements
) -> PilotRow:
    """Tell what is known of a person before the family of tests is put together."""
    n, successes, expected = own.n, own.successes, own.expected
    drawn = shrink(n, successes, expected, kappa)
    return PilotRow(
        person=person,
        domain=domain,
        n=n,
        successes=successes,
        n_compared=own.n_compared,
        observed=successes / n,
        expected=expected,
        gap=successes / n - expected,
        shrunken=drawn.value,
        shrunken_gap=drawn.value - expected,
        low=drawn.low,
        high=drawn.high,
        p_value=own.p_value,
        q_value=math.nan,
        verdict=None,
        n_needed=cases_needed(expected, rules.min_gap, rules.power),
        **measurements.get((person, domain), {}),
    )


def _domain_row(
    domain: str, own: Shares, target: float | None, rules: PilotRules, measurements: Measurements
) -> PilotRow:
    """Tell what is known of a domain before the family of tests is put together."""
    n, successes = own.n, own.successes
    expected = math.nan if target is None else target
    low, high = clopper_pearson(successes, n)
    return PilotRow(
        person=None,
        domain=domain,
        n=n,
        successes=successes,
        n_compared=own.n_compared,
        observed=successes / n,
        expected=expected,
        gap=successes / n - expected,
        shrunken=math.nan,
        shrunken_gap=math.nan,
        low=low,
        high=high,
        p_value=math.nan if target is None else binomial_tail(successes, n, target),
        q_value=math.nan,
        verdict=None,
        n_needed=cases_needed(expected, rules.min_gap, rules.power),
        **measurements.get((None, domain), {}),
    )


def _judged(
    cells: list[PilotRow],
    people: list[PilotRow],
    domains: list[PilotRow],
    targets: Mapping[str, float],
    rules: PilotRules,
) -> tuple[tuple[PilotRow, ...], tuple[PilotRow, ...], tuple[PilotRow, ...]]:
    """Adjust all p-values as one family, and say what follows for each row."""
    members = [row.p_value if row.n >= rules.min_n else math.nan for row in (*cells, *people)]
    q_values = iter(benjamini_hochberg([*members, *(row.p_value for row in domains)]).tolist())
    cells = [_judged_cell(evolve(row, q_value=next(q_values)), rules) for row in cells]
    weak = {row.person for row in cells if row.verdict == "train"}
    judged_people, judged_domains = [], []
    for row in people:
        q_value = next(q_values)
        verdict = person_verdict(flagged=is_flagged(q_value, row.shrunken_gap, rules), has_weak_cell=row.person in weak)
        judged_people.append(evolve(row, q_value=q_value, verdict=verdict))
    for row in domains:
        q_value = next(q_values)
        verdict_of_domain = domain_verdict(q_value, targets.get(row.domain or ""), rules)
        judged_domains.append(evolve(row, q_value=q_value, verdict=verdict_of_domain))
    return tuple(cells), tuple(judged_people), tuple(judged_domains)


def _judged_cell(row: PilotRow, rules: PilotRules) -> PilotRow:
    verdict = cell_verdict(
        n=row.n,
        n_compared=row.n_compared,
        n_needed=row.n_needed,
        low_gap=row.low - row.expected,
        flagged=is_flagged(row.q_value, row.shrunken_gap, rules),
        rules=rules,
    )
    return evolve(row, verdict=verdict)


def _by_person(cells: Mapping[tuple[str, str], Shares]) -> dict[str, Shares]:
    return _joined(((person, own) for (person, _), own in cells.items()))


def _by_domain(cells: Mapping[tuple[str, str], Shares]) -> dict[str, Shares]:
    return _joined(((domain, own) for (_, domain), own in cells.items()))


def _joined(shares: Iterable[tuple[str, Shares]]) -> dict[str, Shares]:
    """Put the shares of one name together, sorted by name."""
    found: dict[str, list[Share]] = {}
    for name, own in shares:
        found.setdefault(name, []).extend(own.parts)
    return {name: Shares(found[name]) for name in sorted(found)}
