"""Strategies for the models of `leadkit.org`."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from leadkit.org import (
    DisclosedRollUp,
    Endgame,
    EndgameGoal,
    Nominations,
    Organisation,
    Person,
    Pyramid,
    Status,
    Tier,
    Vision,
    build_pyramid,
    roll_up,
)
from leadkit.testing.assessment import WORDS

__all__ = [
    "disclosed_roll_up",
    "endgame",
    "endgame_goal",
    "nominations",
    "organisation",
    "person",
    "pyramid",
    "vision",
]

MOST_POSTS = 12
STATUSES: tuple[Status, ...] = get_args(Status)
POST_TIERS = tuple(tier for tier in Tier if tier is not Tier.CUSTOMER)


def _names() -> st.SearchStrategy[str]:
    """Draw ids and texts with what trips readers: leading zeros, spaces, formulas, quotes, other alphabets."""
    odd = st.sampled_from(
        ("007", "7", " 7", "=1+1", "'=1", '"q"', "a,b", "a;b", "ŽIŽEK", "ž", "<b>", "x\\y", "-", "@me")
    )
    return odd | st.text("abzé01 .-", min_size=1, max_size=4).filter(lambda text: bool(text.strip()))


@st.composite
def person(draw: st.DrawFn) -> Person:
    """Draw one row on its own: its references name nobody in particular."""
    own, *others = draw(st.lists(_names(), min_size=4, max_size=4, unique=True))
    return Person(id=own, **_references(draw, others), **_facts(draw))


@st.composite
def organisation(draw: st.DrawFn) -> Organisation:
    """Draw up to twelve posts with every kind of status, reference and text; several roots, or nobody at all."""
    ids = draw(st.lists(_names(), max_size=MOST_POSTS, unique=True))
    people = []
    for i, own in enumerate(ids):
        others = [other for other in ids if other != own]
        boss = draw(st.none() | st.sampled_from(ids[:i])) if i else None
        people.append(Person(id=own, manager_id=boss, **_references(draw, others), **_facts(draw)))
    return Organisation.from_people(draw(st.permutations(people)))


def pyramid() -> st.SearchStrategy[Pyramid]:
    """Draw the pyramid of a small organisation."""
    return st.builds(
        build_pyramid, organisation(), senior_depth=st.integers(0, 3), weights=st.sampled_from(("heads", "posts"))
    )


@st.composite
def nominations(draw: st.DrawFn) -> Nominations:
    """Draw who goes to whom for advice in a small organisation."""
    people = draw(organisation())
    ties: list[tuple[str, str]] = []
    if people.n:
        names = st.sampled_from(people.ids)
        ties = draw(st.lists(st.tuples(names, names), max_size=20))
    return Nominations.from_columns(people, [tie[0] for tie in ties], [tie[1] for tie in ties])


@st.composite
def disclosed_roll_up(draw: st.DrawFn) -> DisclosedRollUp:
    """Draw scores over a small organisation, as far as they may be shown."""
    people = draw(organisation())
    score = st.none() | st.integers(1, 5)
    scores = draw(st.lists(score, min_size=people.n, max_size=people.n))
    return roll_up(people, [float("nan") if one is None else float(one) for one in scores], min_n=3)


def endgame_goal() -> st.SearchStrategy[EndgameGoal]:
    """Draw a goal that everybody can say."""
    return st.builds(
        EndgameGoal,
        id=st.sampled_from(("zero_complaints", "all_stay", "delight")),
        text=WORDS,
        unit=st.sampled_from(("percent", "complaints a month")),
        target=st.integers(-100, 100).map(float),
        direction=st.sampled_from(("high", "low")),
    )


def endgame() -> st.SearchStrategy[Endgame]:
    """Draw an endgame of one to three goals."""
    goals = st.lists(endgame_goal(), min_size=1, max_size=3, unique_by=lambda goal: goal.id).map(tuple)
    return st.builds(Endgame, id=st.sampled_from(("endgame", "service")), goals=goals)


def vision() -> st.SearchStrategy[Vision]:
    """Draw the vision of one tier."""
    return st.builds(
        Vision,
        tier=st.sampled_from(POST_TIERS),
        statement=WORDS,
        scope=st.sampled_from(("organisation", "function", "team", "own_work")),
        horizon_days=st.integers(1, 3650),
    )


def _facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a row says beside its references; most rows say little."""
    truth = st.none() | st.booleans()
    facts: dict[str, st.SearchStrategy[Any]] = {
        "name": _names(),
        "title": _names(),
        "team": _names(),
        "tier": st.sampled_from(POST_TIERS),
        "customer_facing": truth,
        "fte": st.sampled_from((0.0, 0.5, 0.8, 1.0, 2.25)),
        "holders": st.integers(1, 3),
        "status": st.sampled_from(STATUSES),
        "formal_leader": truth,
        "shareable": st.booleans(),
        "attributes": st.dictionaries(_names(), _names(), max_size=2),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(facts)), max_size=5, unique=True))
    return {name: draw(facts[name]) for name in chosen}


def _references(draw: st.DrawFn, others: list[str]) -> dict[str, Any]:
    """Draw who stands in, dotted managers and whom the post serves, of the others."""
    if not others:
        return {}
    few = st.lists(st.sampled_from(others), max_size=2, unique=True).map(tuple)
    return {
        "acting_id": draw(st.none() | st.sampled_from(others)),
        "dotted_manager_ids": draw(few),
        "serves": draw(few),
    }
