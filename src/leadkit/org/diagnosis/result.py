"""A diagnosis as a result: the level to begin with, the rule that named it, the numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import Factory, field, frozen

from leadkit._fields import as_float, as_int, frozen_mapping
from leadkit._results import shown
from leadkit.org._hiding import checked_again
from leadkit.org.diagnosis.components import NestedComponents, as_counts, as_numbers
from leadkit.org.diagnosis.hiding import hide
from leadkit.org.diagnosis.levels import Level
from leadkit.org.diagnosis.rules import Better, Rule
from leadkit.org.flags import sorted_flags
from leadkit.org.showing import GuardedResult
from leadkit.stats import ConfidenceInterval

__all__ = ["NOTE", "Diagnosis"]

NOTE = (
    "Shares are evidence about where people differ, not proof of a cause: look at the work and talk to the people "
    "before anybody is sent to training."
)


def _spans(values: Mapping[str, ConfidenceInterval]) -> Mapping[str, ConfidenceInterval]:
    return frozen_mapping(values)


def _by_level(values: Mapping[Level, float]) -> Mapping[Level, float]:
    return frozen_mapping(values)


@frozen(kw_only=True, eq=False)
class Diagnosis(GuardedResult):
    """Where people at the front line differ, and at which level to begin.

    Parameters
    ----------
    first : {"leadership", "team_support", "individual"} or None
        The level to begin with; None where the numbers name none.
    rule : str
        The rule that applied: `too_few`, `systemic_shortfall`, `individual_not_separable`, `largest_component` or
        `no_clear_level`. After `disclosed` also `too_few` where what named the level rests on too few people.
    order : tuple of str
        The levels with a known share, largest first.
    shares : mapping of str to float
        leadership, team_support, individual and noise over their sum, in [0, 1]; NaN where unknown. Where people and
        noise cannot be told apart, individual holds both and noise is NaN.
    components : NestedComponents
        Variances of units, teams, persons and noise; without persons where nobody is measured twice.
    intervals : mapping of str to ConfidenceInterval
        95 % percentile interval of each share; NaN without resampling.
    support_probability : mapping of str to float
        Share of the resamples in which a level has the largest share, noise too taking part; NaN where its share is
        unknown and without resampling.
    mean : float
        Mean of all measurements.
    target_gap : float
        How far the mean is on the good side of the target, below 0 where it misses it; NaN without a target.
    share_of_teams_missing_target : float
        Share of the teams whose mean is on the bad side of the target; NaN without one.
    n_units, n_teams, n_people, n_observations : int
        What the diagnosis is about; a person counts once.
    support_tau : float
        Kendall's tau-b of the means of teams with the score of their support; NaN for fewer than two teams with a score
        or no variation.
    is_training_first : bool
        Whether training individuals is the first thing to do: only where `first` is individual.
    resampling : {"units", "teams", "none"}
        What was drawn with replacement: units, teams within units, or nothing because there are too few.
    target : float
        What was asked for; NaN without a target.
    better : {"high", "low"}
        Which end of the scale is good.
    reliability : float
        Share of the variance within teams that was given to the individuals; NaN where none was needed or given.
    systemic_share, confidence : float
        Where the rules draw the line.
    n_boot, min_n : int
        Number of resamples, and the least number of people.
    rests_on : mapping of str to int
        The people each number rests on. A share: those outside the largest of the groups it compares, for noise those
        who were measured twice. The share of teams that miss the target: those in the teams that do, or in the others
        where these are fewer, or in the smallest team where all teams are on one side. The tau: those in the teams it
        compares, or in the smallest of them where it is 1 or -1. Empty after `disclosed`.
    flags : tuple of str
        What is doubtful, words of `leadkit.org.ORG_FLAGS`.
    note : str
        How to read it.
    shown_from : int or None
        The `min_n` of `disclosed`; None before.
    """

    first: Level | None
    rule: Rule
    order: tuple[Level, ...]
    shares: Mapping[str, float] = field(converter=as_numbers)
    components: NestedComponents
    intervals: Mapping[str, ConfidenceInterval] = field(converter=_spans)
    support_probability: Mapping[Level, float] = field(converter=_by_level)
    mean: float = field(converter=as_float)
    target_gap: float = field(converter=as_float)
    share_of_teams_missing_target: float = field(converter=as_float)
    n_units: int = field(converter=as_int)
    n_teams: int = field(converter=as_int)
    n_people: int = field(converter=as_int)
    n_observations: int = field(converter=as_int)
    support_tau: float = field(converter=as_float)
    is_training_first: bool = field(
        init=False, default=Factory(lambda made: made.first == "individual", takes_self=True)
    )
    resampling: Literal["units", "teams", "none"]
    target: float = field(converter=as_float)
    better: Better
    reliability: float = field(converter=as_float)
    systemic_share: float = field(converter=as_float)
    confidence: float = field(converter=as_float)
    n_boot: int = field(converter=as_int)
    min_n: int = field(converter=as_int)
    rests_on: Mapping[str, int] = field(converter=as_counts)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
    note: str = NOTE
    shown_from: int | None = None

    def disclosed(self, *, min_n: int = 5) -> Diagnosis:
        """Hide every number that rests on fewer than `min_n` people, and what would give it away.

        Shares add up to 1, so a single share is never hidden alone. The share of teams that miss the target and the
        tau are also hidden where they say the same of all teams and one of these is smaller than `min_n`; the rule and
        the level it names, where they tell what is hidden. Numbers of people, teams and measurements are no scores and
        stay.

        Parameters
        ----------
        min_n : int
            Least number of people a shown number may rest on, at least 3.

        Returns
        -------
        Diagnosis
            With the flag `disclosed`; hidden numbers are NaN.

        Raises
        ------
        DisclosureError
            `min_n` is below 3, or above the one with which this was disclosed before.
        """
        minimum = checked_again(min_n, self.shown_from)
        return self if self.is_disclosed else hide(self, minimum)

    def _html_scalars(self) -> list[tuple[str, Any]]:
        rows: list[tuple[str, Any]] = [("first", self.first), ("rule", self.rule)]
        for part, share in self.shares.items():
            ends = self.intervals[part]
            rows.append((f"share of {part}", f"{shown(share)} ({shown(ends.low)} to {shown(ends.high)})"))
        names = ("mean", "target_gap", "share_of_teams_missing_target", "support_tau", "n_units", "n_teams", "n_people")
        rows += [(name, getattr(self, name)) for name in names]
        return [*rows, ("flags", self.flags), ("note", self.note)]
