"""What a pilot found: a row for each cell, person and domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result, TableResult, plain
from leadkit.escalation._mappings import as_numbers
from leadkit.escalation.pilot.measures import Measured
from leadkit.escalation.pilot.strata import PilotStratum
from leadkit.escalation.pilot.verdicts import Verdict

if TYPE_CHECKING:
    from leadkit.escalation.matrix import Matrix
    from leadkit.skills import TrainingNeed

__all__ = ["PilotEvaluation", "PilotRow"]


@frozen(kw_only=True, eq=False)
class PilotRow(Result):
    """What a pilot says of a person in a domain, of a person in all domains, or of a domain.

    Parameters
    ----------
    person, domain : str, optional
        Whom and what it is about; rows of people have no domain, rows of domains no person.
    n, successes : int
        Cases, and how many of them succeeded.
    n_compared : int
        Cases of strata that somebody else worked on too: those that the test rests on.
    observed : float
        Share that succeeded.
    expected : float
        Share that somebody like the team succeeds in with the same cases; of domains the target, NaN without one.
    gap : float
        Observed less expected.
    shrunken, shrunken_gap : float
        The rate drawn towards the expected one, and that less the expected one; NaN of domains.
    low, high : float
        Ends of the 95 % interval: of the shrunken rate; of domains of the observed one (Clopper and Pearson).
    p_value : float
        Probability of so few successes in somebody like the team; of domains at the target. NaN where nothing is compared.
    q_value : float
        The p-value adjusted for the family; NaN for what is not in it.
    verdict : {"train", "observe_more", "fine", "coach", "train_team"}, optional
        What to do; None of domains without a target.
    n_needed : int, optional
        Cases at which a true gap of `min_gap` would be found; None where there can be none.
    seconds, csat : Measured, optional
        Working times [s] and ratings; None where the outcomes have none.

    Examples
    --------
    >>> from leadkit.escalation import PilotOutcomes, evaluate_pilot
    >>> people, domains = ["ann", "bo", "cy"], ["billing"] * 3
    >>> outcomes = PilotOutcomes.from_columns(people, domains, [45, 28, 46], count=[50, 50, 50])
    >>> row = evaluate_pilot(outcomes).cells[1]
    >>> row.person, row.domain, row.observed, round(row.expected, 3), row.verdict
    ('bo', 'billing', 0.56, 0.793, 'train')
    """

    person: str | None
    domain: str | None
    n: int
    successes: int
    n_compared: int
    observed: float
    expected: float
    gap: float
    shrunken: float
    shrunken_gap: float
    low: float
    high: float
    p_value: float
    q_value: float
    verdict: Verdict | None
    n_needed: int | None
    seconds: Measured | None = None
    csat: Measured | None = None

    def to_record(self) -> dict[str, Any]:
        """Give the row as one flat dictionary, scalars only; what is missing is None."""
        record: dict[str, Any] = {}
        for name in (a.name for a in attrs.fields(PilotRow)):
            if name in ("seconds", "csat"):
                parts = getattr(self, name)
                for part in (a.name for a in attrs.fields(Measured)):
                    record[f"{name}_{part}"] = None if parts is None else plain(getattr(parts, part))
            else:
                record[name] = plain(getattr(self, name))
        return record


@frozen(kw_only=True, eq=False)
class PilotEvaluation(TableResult):
    """What a pilot found.

    Parameters
    ----------
    cells : tuple of PilotRow
        One a person and domain, sorted by both.
    people, domains : tuple of PilotRow
        One a person over all domains, and one a domain over all people, sorted.
    concentration : float
        How many cases the expected rate weighs against those of a row, in [1, 50].
    strata : tuple of PilotStratum
        The counts that all rests on, sorted by domain and value.
    q, min_gap, min_n, power, targets
        What the pilot was read by; see `evaluate_pilot`.
    method : str
        How it was tested, shrunken and controlled.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from leadkit.escalation import PilotOutcomes, evaluate_pilot
    >>> people, domains = ["ann", "bo", "cy"], ["billing"] * 3
    >>> outcomes = PilotOutcomes.from_columns(people, domains, [45, 28, 46], count=[50, 50, 50])
    >>> found = evaluate_pilot(outcomes)
    >>> [(row.person, row.verdict) for row in found.cells], round(found.domains[0].observed, 3)
    ([('ann', 'fine'), ('bo', 'train'), ('cy', 'fine')], 0.793)
    """

    cells: tuple[PilotRow, ...] = field(converter=as_tuple)
    people: tuple[PilotRow, ...] = field(converter=as_tuple)
    domains: tuple[PilotRow, ...] = field(converter=as_tuple)
    concentration: float
    strata: tuple[PilotStratum, ...] = field(converter=as_tuple)
    q: float
    min_gap: float
    min_n: int
    power: float
    targets: Mapping[str, float] = field(converter=as_numbers)
    method: str
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one flat dictionary a row: cells, then people (domain None), then domains (person None)."""
        return [row.to_record() for row in (*self.cells, *self.people, *self.domains)]

    def training_needs(self, matrix: Matrix, *, target_level: str) -> tuple[TrainingNeed, ...]:
        """Turn the cells that need training into needs: the skills of the domain that are below a level of the matrix.

        Somebody who holds the level on paper in every skill of the domain gets no need, as there is no level to come to:
        see `already_at_level`.

        Parameters
        ----------
        matrix : Matrix
            The escalation matrix with the domains and people of the pilot.
        target_level : str
            Id of the level to come to.

        Returns
        -------
        tuple of TrainingNeed
            Sorted by person and skill; a skill of two domains is one need, for the higher level and with both reasons.

        Raises
        ------
        EscalationError
            `matrix` is no matrix.
        UnknownIdError
            The matrix does not know the level, or the domain or person of a cell that needs training.
        """
        from leadkit.escalation.pilot.needs import training_needs

        return training_needs(self, matrix, target_level=target_level)

    def already_at_level(self, matrix: Matrix, *, target_level: str) -> tuple[PilotRow, ...]:
        """List the cells that need training though the person holds the level on paper in every skill of the domain.

        There the pilot and the skill matrix contradict each other: assess the person again.

        Parameters and errors are those of `training_needs`.
        """
        from leadkit.escalation.pilot.needs import already_at_level

        return already_at_level(self, matrix, target_level=target_level)
