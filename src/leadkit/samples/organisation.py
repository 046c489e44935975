"""A synthetic service organisation: its people, how engaged they say they are, and whom they ask for advice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from attrs import evolve, frozen

from leadkit._fields import sealed
from leadkit._results import TableResult
from leadkit.org import Organisation, Person
from leadkit.samples._checks import count, share
from leadkit.samples.people import people
from leadkit.typing import FloatArray, IntArray, RNGLike

__all__ = ["Cause", "Pulse", "advice", "organisation", "pulse"]

Cause: TypeAlias = Literal["leadership", "team_support", "individual"]
"""Where a planted weakness sits."""

TOWNS = ("Arden", "Brook", "Cedar", "Dale", "Elm", "Fern", "Glen", "Haven", "Isle", "Juniper", "Kestrel", "Larch")
TEAMS_PER_MANAGER = 3
MANAGERS_PER_DIRECTOR = 2
LOWEST, HIGHEST = 1.0, 5.0
LARGE, SMALL, NOISE = 0.45, 0.12, 0.3
TIE_SHARES = {"team": 0.5, "leader": 0.3, "anybody": 0.2}


@frozen(kw_only=True, eq=False)
class Pulse(TableResult):
    """What people say about their engagement, one row an answer.

    Parameters
    ----------
    person_ids : (m,) tuple of str
        Who answered; a person occurs once a wave.
    waves : (m,) int array
        In which wave, from 1.
    values : (m,) float array
        From 1, not at all, to 5, entirely.
    """

    person_ids: tuple[str, ...]
    waves: IntArray
    values: FloatArray
    _columns = {"person_ids": "person_id", "waves": "wave", "values": "engagement"}  # noqa: RUF012 - as TableResult has it

    def by_person(self) -> dict[str, float]:
        """Give each person's mean over the waves."""
        names, which = np.unique(np.array(self.person_ids, dtype=object), return_inverse=True)
        means = np.bincount(which, weights=self.values) / np.bincount(which)
        return dict(zip(names.tolist(), means.tolist(), strict=True))


def organisation(*, n_teams: int = 12, team_size: int = 7, shareable: float = 0.3, rng: RNGLike) -> Organisation:
    """Make up a service organisation: directors, managers, team leaders, and teams that serve customers.

    Three teams have a manager, two managers a director, all directors a managing director. Beside the line stand a
    planner who serves the team leaders and a knowledge editor who serves the first team. One team leader is absent
    with somebody of the team acting, one front-line post is vacant, two share a post, and one team has a dotted line.

    Parameters
    ----------
    n_teams : int
        Teams, at least 2.
    team_size : int
        Posts in a team without its leader, at least 2.
    shareable : float
        Share of people who agree that results about them are shown, in [0, 1).
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same organisation.

    Returns
    -------
    leadkit.org.Organisation
        Synthetic: about nobody.

    Raises
    ------
    ValueError
        An option is out of its range.

    Examples
    --------
    >>> organisation(rng=1)
    Organisation(105 posts, 5 layers, 1 root)
    """
    count(n_teams, "n_teams", at_least=2)
    count(team_size, "team_size", at_least=2)
    share(shareable, "shareable")
    rng = np.random.default_rng(rng)
    n_managers = -(-n_teams // TEAMS_PER_MANAGER)
    n_directors = -(-n_managers // MANAGERS_PER_DIRECTOR)
    n_posts = 1 + n_directors + n_managers + n_teams + n_teams * team_size + 2
    pool = iter(people(n_posts, rng=rng))
    agrees = iter((rng.random(n_posts) < shareable).tolist())

    def post(title: str, manager_id: str | None, **facts: Any) -> Person:
        somebody = next(pool)
        return Person(
            id=somebody.id,
            name=somebody.name,
            title=title,
            manager_id=manager_id,
            **{"fte": 1.0, "customer_facing": False, "shareable": next(agrees), **facts},
        )

    top = post("Managing director", None)
    directors = [post("Director", top.id) for _ in range(n_directors)]
    managers = [post("Service manager", directors[i // MANAGERS_PER_DIRECTOR].id) for i in range(n_managers)]
    leaders = [
        post("Team leader", managers[i // TEAMS_PER_MANAGER].id, team=_town(i), customer_facing=None)
        for i in range(n_teams)
    ]
    front = [
        post(
            "Service adviser",
            leader.id,
            team=leader.team,
            customer_facing=True,
            fte=float(rng.choice([1.0, 1.0, 1.0, 0.8, 0.5])),
        )
        for leader in leaders
        for _ in range(team_size)
    ]
    leaders[1] = evolve(leaders[1], status="absent", acting_id=front[team_size].id)
    front[0] = evolve(front[0], holders=2, fte=1.0)
    front[-1] = evolve(front[-1], status="vacant", name=None, shareable=False)
    first_team = tuple(person.id for person in front[:team_size])
    last_team = range(len(front) - team_size, len(front) - 1)
    for i in last_team:
        front[i] = evolve(front[i], dotted_manager_ids=(managers[0].id,))
    support = [
        post("Planner", directors[0].id, serves=tuple(leader.id for leader in leaders)),
        post("Knowledge editor", managers[0].id, serves=first_team),
    ]
    return Organisation.from_people([top, *directors, *managers, *leaders, *front, *support])


def pulse(
    organisation: Organisation,
    *,
    waves: int = 3,
    cause: Cause | None = "team_support",
    answered: float = 0.9,
    rng: RNGLike,
) -> Pulse:
    """Draw how engaged people say they are, with a weakness planted where `cause` says.

    Parameters
    ----------
    organisation : leadkit.org.Organisation
        The people; those whose posts are filled answer.
    waves : int
        How often everybody is asked, at least 1.
    cause : {"leadership", "team_support", "individual"}, optional
        Which differences are large: between the lines of second-level managers, between teams, between people; none
        when None.
    answered : float
        Chance that somebody answers in a wave, in (0, 1].
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same answers.

    Returns
    -------
    Pulse
        Synthetic: about nobody.

    Raises
    ------
    ValueError
        An option is out of its range.

    Examples
    --------
    >>> answers = pulse(organisation(rng=1), rng=1)
    >>> len(answers.person_ids), [round(float(q), 1) for q in np.quantile(answers.values, [0, 0.5, 1])]
    (280, [2.3, 3.6, 4.8])
    """
    count(waves, "waves", at_least=1)
    if cause is not None and cause not in get_args(Cause):
        msg = f"cause: expected one of {', '.join(map(repr, get_args(Cause)))} or None, got {cause!r}"
        raise ValueError(msg)
    if not 0 < answered <= 1:
        msg = f"answered: expected a share in (0, 1], got {answered!r}"
        raise ValueError(msg)
    rng = np.random.default_rng(rng)
    spread = {name: LARGE if name == cause else SMALL for name in get_args(Cause)}
    feeling = 3.6 + spread["individual"] * rng.standard_normal(organisation.n)
    feeling += _of_the_line(organisation, spread, rng)
    filled = np.flatnonzero(organisation.is_filled)
    wave, person = (part.ravel() for part in np.meshgrid(np.arange(1, waves + 1), filled, indexing="ij"))
    there = rng.random(person.size) < answered
    wave, person = wave[there], person[there]
    values = np.clip(feeling[person] + NOISE * rng.standard_normal(person.size), LOWEST, HIGHEST).round(1)
    ids = organisation.ids
    return Pulse(person_ids=tuple(ids[i] for i in person.tolist()), waves=sealed(wave), values=sealed(values))


def advice(organisation: Organisation, *, each: int = 3, rng: RNGLike) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw whom people turn to for advice: half the time their team, often the leader, and a few wells of knowledge.

    Parameters
    ----------
    organisation : leadkit.org.Organisation
        The people; those whose posts are filled ask and are asked.
    each : int
        How many everybody names at most, at least 1; a name drawn twice counts once.
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same ties.

    Returns
    -------
    tuple of two tuples of str
        Who asks, and whom; synthetic: about nobody.

    Raises
    ------
    ValueError
        `each` is out of its range.

    Examples
    --------
    >>> asks, asked = advice(organisation(rng=1), rng=1)
    >>> len(asks) == len(asked), asks[0] != asked[0]
    (True, True)
    """
    count(each, "each", at_least=1)
    rng = np.random.default_rng(rng)
    ids = organisation.ids
    above = organisation.tree.parents
    filled = np.flatnonzero(organisation.is_filled)
    wells = rng.permutation(filled)[: max(2, filled.size // 20)]
    ties: dict[tuple[int, int], None] = {}
    for person in filled.tolist():
        boss = int(above[person])
        mates = filled[above[filled] == boss]
        choices = {"team": mates, "leader": np.array([boss] if boss in filled else []), "anybody": wells}
        for kind in rng.choice(list(TIE_SHARES), size=each, p=list(TIE_SHARES.values())).tolist():
            others = choices[kind][choices[kind] != person]
            if others.size:
                ties[person, int(rng.choice(others))] = None
    asks, asked = zip(*((ids[i], ids[j]) for i, j in ties), strict=True) if ties else ((), ())
    return asks, asked


def _town(i: int) -> str:
    lap, place = divmod(i, len(TOWNS))
    return TOWNS[place] + (f" {lap + 1}" if lap else "")


def _of_the_line(organisation: Organisation, spread: Mapping[str, float], rng: np.random.Generator) -> FloatArray:
    """Set teams and the lines of second-level managers apart; a leader feels like the people of the own line."""
    tree = organisation.tree
    front = np.flatnonzero(tree.depth == tree.n_layers - 1)
    team = np.where(tree.parents[front] < 0, front, tree.parents[front])
    unit = np.where(tree.parents[team] < 0, team, tree.parents[team])
    apart = np.full(organisation.n, np.nan)
    apart[front] = spread["team_support"] * _evenly_apart(team, unit, rng)
    apart[front] += spread["leadership"] * _evenly_apart(unit, np.zeros_like(unit), rng)
    return np.nan_to_num(tree.roll_up(apart, how="mean"))


def _evenly_apart(groups: IntArray, wholes: IntArray, rng: np.random.Generator) -> FloatArray:
    """Give the groups of each whole standings that lie evenly apart, with mean 0 and spread 1, in any order."""
    apart = np.zeros(groups.size)
    for whole in np.unique(wholes):
        members = np.flatnonzero(wholes == whole)
        names, which = np.unique(groups[members], return_inverse=True)
        if names.size > 1:
            standing = np.linspace(-1.0, 1.0, names.size)
            apart[members] = rng.permutation(standing / standing.std())[which]
    return apart
