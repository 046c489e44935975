"""Which people a desk needs where each can serve some of the skills and costs accordingly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_amount, as_tuple, id_faults
from leadkit._fields import FrozenMapping, frozen_mapping, repeated, whole_number_faults
from leadkit._results import TableResult, Value
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.staffing._cheapest import cheapest
from leadkit.escalation.staffing._search import carrying, pooled, search, skill_sets
from leadkit.escalation.staffing._targets import MIX_TARGETS, rate_faults, target_faults
from leadkit.escalation.staffing._trial import Trial, try_mix
from leadkit.typing import IntArray

__all__ = ["Profile", "SkillMix", "skill_mix"]

LEAST_CUSTOMERS: Final = 100


def _as_counts(values: Mapping[str, int]) -> FrozenMapping[str, int]:
    return frozen_mapping(values)


def _as_levels(values: Mapping[str, float]) -> FrozenMapping[str, float]:
    return frozen_mapping(values)


@frozen(kw_only=True, eq=False)
class Profile(Value):
    """People who can serve the same skills at the same cost.

    Parameters
    ----------
    id : str
        Name of the profile.
    skills : sequence of str
        What one of them can serve, at least one skill.
    cost : float
        Cost of one, at least 0.
    max_people : int, optional
        How many there are at most, at least 0; None where there is no bound.

    Raises
    ------
    ScenarioError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Profile(id="both", skills=["billing", "login"], cost=1.2)
    Profile(id='both', skills=('billing', 'login'), cost=1.2, max_people=None)
    """

    id: str
    skills: tuple[str, ...] = field(converter=as_tuple)
    cost: float = field(converter=as_amount)
    max_people: int | None = None

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + rate_faults(self.cost, "cost")
        if not isinstance(self.skills, tuple) or not self.skills:
            faults.append(Fault("skills", f"expected a list of at least one skill, got {self.skills!r}"))
        else:
            faults += [
                fault for place, skill in enumerate(self.skills) for fault in id_faults(skill, f"skills[{place}]")
            ]
            named = [skill for skill in self.skills if isinstance(skill, str)]
            faults += [Fault("skills", f"{skill!r} is there more than once") for skill in repeated(named)]
        if self.max_people is not None:
            wrong = whole_number_faults(self.max_people, "max_people")
            if not wrong and self.max_people < 0:
                wrong.append(Fault("max_people", f"expected at least 0, got {self.max_people!r}"))
            faults += wrong
        raise_faults(faults, f"profile {self.id!r}", ScenarioError)


@frozen(kw_only=True, eq=False)
class SkillMix(TableResult):
    """How many people of each profile a desk needs.

    Parameters
    ----------
    counts : mapping of str to int
        People by profile, in order of the profiles' ids.
    cost : float
        Cost of them all.
    capacity_bound : float
        Cost of the cheapest people who can carry the bare load; no mix that keeps up costs less.
    checked_service_level : float
        The least level that any skill got when the mix was checked; NaN where no threshold was given.
    by_skill : mapping of str to float
        The level each skill got.
    method : str
        How the mix was checked: "erlang", where whoever shares a skill shares them all, so that the formulas are exact;
        else "simulation".
    rounds : int
        How often a mix was found and checked.
    variant : str, optional
        What the service level divides by what.
    threshold : float
        Wait that counts as in time [unit of time]; NaN where none was given.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> people = [Profile(id="billing", skills=["billing"], cost=1.0), Profile(id="login", skills=["login"], cost=1.0)]
    >>> found = skill_mix({"billing": 2.0, "login": 1.0}, people, 1 / 3, targets={"max_occupancy": 0.8})
    >>> dict(found.counts), found.cost, found.method
    ({'billing': 8, 'login': 4}, 12.0, 'erlang')
    """

    counts: FrozenMapping[str, int] = field(converter=_as_counts)
    cost: float
    capacity_bound: float
    checked_service_level: float
    by_skill: FrozenMapping[str, float] = field(converter=_as_levels)
    method: str
    rounds: int
    variant: str | None
    threshold: float
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a profile: its id and the number of people."""
        return [{"profile": own, "people": people} for own, people in self.counts.items()]


def skill_mix(
    demand: Mapping[str, float],
    profiles: Sequence[Profile],
    service_rate: float,
    *,
    targets: Mapping[str, Any],
    customers: int = 20_000,
    seed: int = 0,
) -> SkillMix:
    """Find the cheapest people who keep the promises to the customers of every skill.

    For every set of skills, the people who can serve some of it must outnumber its load; for each single skill and for
    all of them together they must be as many as would keep the promises if they did nothing else. The cheapest such mix
    is checked, and where the promise of a skill is missed, more people who can serve it are asked for, or more in all,
    whichever costs less, until every promise is kept. Where a simulation decides, it is right to within its chance, and a
    cheaper mix may have been passed by. Among mixes of one cost the one with the fewest people is taken, then that with the least of the first
    profile by id, of the second, and so on.

    Parameters
    ----------
    demand : mapping of str to float
        Arrivals a unit of time by skill, at least 0.
    profiles : sequence of Profile
        Whom there is to choose from; skills nobody asks for are left aside.
    service_rate : float
        Services a unit of time that one person can do, above 0.
    targets : mapping
        Keywords of `leadkit.queueing.required_servers`: `service_level`, `threshold`, `variant`, `short`, `max_asa`,
        `max_occupancy` (of all people together), `max_abandonment`, `patience_rate`.
    customers : int, optional
        Customers of a simulation, at least 100; a tenth of them is cut as its start.
    seed : int, optional
        Where the random numbers of a simulation start, at least 0; every mix meets the same customers.

    Returns
    -------
    SkillMix
        After 20 rounds the last mix is given as it is, flagged.

    Raises
    ------
    ScenarioError
        An argument is wrong, a skill is served by nobody, or the people there are cannot carry the load; `faults` holds
        all of it.

    References
    ----------
    .. [1] N. Gans, G. Koole, A. Mandelbaum, "Telephone call centers: tutorial, review, and research prospects",
       Manufacturing and Service Operations Management 5, 2003.

    Examples
    --------
    >>> people = [
    ...     Profile(id="billing", skills=["billing"], cost=1.0),
    ...     Profile(id="both", skills=["billing", "login"], cost=1.1),
    ...     Profile(id="login", skills=["login"], cost=1.0),
    ... ]
    >>> promise = {"service_level": 0.8, "threshold": 1 / 3, "variant": "offered"}
    >>> found = skill_mix({"billing": 2.0, "login": 1.0}, people, 1 / 3, targets=promise)
    >>> dict(found.counts), round(found.cost, 6), found.method
    ({'billing': 6, 'both': 4, 'login': 3}, 13.4, 'simulation')
    """
    skills, chosen = _checked(demand, profiles, service_rate, targets, customers, seed)
    if not skills:
        return _nobody(chosen, targets)
    rates = np.array([float(demand[skill]) for skill in skills])
    serves = np.array([[skill in one.skills for skill in skills] for one in chosen]).reshape(len(chosen), len(skills))
    costs = np.array([one.cost for one in chosen])
    most = np.array([math.inf if one.max_people is None else one.max_people for one in chosen])
    sets, flags = skill_sets(len(skills))
    covers = (
        np.array([serves[:, list(one)].any(axis=1) for one in sets]).reshape(len(sets), len(chosen)).astype(np.int64)
    )
    needs = carrying(sets, rates / service_rate)
    bare = cheapest(costs, covers, needs, most)
    if bare is None:
        lacking = Fault("profiles", "the people there are cannot carry the load")
        raise ScenarioError.from_faults([lacking], subject="mix")
    bound = math.fsum(costs * bare)
    promised = {name: value for name, value in targets.items() if value is not None}
    needs = np.maximum(needs, pooled(sets, rates, service_rate, promised))

    def solve(at_least: IntArray) -> IntArray | None:
        return cheapest(costs, covers, at_least, most)

    def check(counts: IntArray) -> Trial:
        return try_mix(counts, serves, rates, service_rate, promised, customers=customers, seed=seed)

    counts, trial, rounds = search(bare, needs, sets, covers, costs, solve, check)
    if not trial.keeps_all:
        flags.append("not_converged")
    return SkillMix(
        counts={one.id: int(count) for one, count in zip(chosen, counts, strict=True)},
        cost=math.fsum(costs * counts),
        capacity_bound=bound,
        checked_service_level=float(trial.levels.min()),
        by_skill=dict(zip(skills, trial.levels.tolist(), strict=True)),
        method=trial.method,
        rounds=rounds,
        variant=targets.get("variant"),
        threshold=float(promised.get("threshold", math.nan)),
        flags=sorted(flags),
    )


def _nobody(profiles: list[Profile], targets: Mapping[str, Any]) -> SkillMix:
    """Answer a demand of nothing."""
    threshold = targets.get("threshold")
    return SkillMix(
        counts={one.id: 0 for one in profiles},
        cost=0.0,
        capacity_bound=0.0,
        checked_service_level=math.nan,
        by_skill={},
        method="erlang",
        rounds=0,
        variant=targets.get("variant"),
        threshold=math.nan if threshold is None else float(threshold),
        flags=("empty",),
    )


def _checked(
    demand: object, profiles: object, service_rate: object, targets: object, customers: object, seed: object
) -> tuple[list[str], list[Profile]]:
    """Give the skills that are asked for and the profiles, both in order of their ids."""
    faults = rate_faults(service_rate, "service_rate", above_zero=True) + target_faults(targets, "targets", MIX_TARGETS)
    for value, where, least in ((customers, "customers", LEAST_CUSTOMERS), (seed, "seed", 0)):
        wrong = whole_number_faults(value, where)
        if not wrong and value < least:  # type: ignore[operator]
            wrong.append(Fault(where, f"expected at least {least}, got {value!r}"))
        faults += wrong
    skills: list[str] = []
    if not isinstance(demand, Mapping):
        faults.append(Fault("demand", f"expected a mapping of skills to rates, got {type(demand).__name__}"))
    else:
        for skill, rate in demand.items():
            wrong = id_faults(skill, "demand") + rate_faults(rate, f"demand of {skill!r}")
            faults += wrong
            if not wrong and rate > 0:
                skills.append(skill)
    chosen = as_tuple(profiles)
    if not isinstance(chosen, tuple) or not all(isinstance(one, Profile) for one in chosen) or not chosen:
        faults.append(Fault("profiles", f"expected a list of at least one Profile, got {profiles!r}"))
        chosen = ()
    else:
        twice = repeated([one.id for one in chosen])
        faults += [Fault("profiles", f"profile {own!r} is there more than once") for own in twice]
        served = {skill for one in chosen for skill in one.skills}
        lacking = [skill for skill in skills if skill not in served]
        faults += [Fault(f"demand of {skill!r}", "no profile has this skill") for skill in sorted(lacking)]
    raise_faults(faults, "mix", ScenarioError)
    return sorted(skills), sorted(chosen, key=lambda one: one.id)
