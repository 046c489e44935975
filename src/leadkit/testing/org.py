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

MOST_POSTS = 10
STATUSES: tuple[Status, ...] = get_args(Status)
POST_TIERS = tuple(tier for tier in Tier if tier is not Tier.CUSTOMER)
# ids and texts with what trips readers: leading zeros, spaces, formulas, quotes, other alphabets
ODD_NAMES = ("007", "7", " 7", "=1+1", "'=1", '"q"', "a,b", "a;b", "ŽIŽEK", "ž", "<b>", "x\\y", "-", "@me")
NAMES = st.sampled_from(ODD_NAMES) | st.text("abzé01 .-", min_size=1, max_size=4).filter(
    lambda text: bool(text.strip())
)
TRUTHS = st.none() | st.booleans()
FACTS: dict[str, st.SearchStrategy[Any]] = {
    "name": NAMES,
    "title": NAMES,
    "team": NAMES,
    "tier": st.sampled_from(POST_TIERS),
    "customer_facing": TRUTHS,
    "fte": st.sampled_from((0.0, 0.5, 0.8, 1.0, 2.25)),
    "holders": st.integers(1, 3),
    "status": st.sampled_from(STATUSES),
    "formal_leader": TRUTHS,
    "shareable": st.booleans(),
    "attributes": st.dictionaries(NAMES, NAMES, max_size=2),
}
CHOSEN_FACTS = st.lists(st.sampled_from(sorted(FACTS)), max_size=4, unique=True)
PLACES = st.integers(0, MOST_POSTS - 1)
FEW_PLACES = st.just(()) | st.lists(PLACES, max_size=2).map(tuple)


@st.composite
def person(draw: st.DrawFn) -> Person:
    """Draw one row on its own: its references name nobody in particular."""
    own, *others = draw(st.lists(NAMES, min_size=4, max_size=4, unique=True))
    return Person(id=own, **_references(draw, others), **_facts(draw))


@st.composite
def organisation(draw: st.DrawFn) -> Organisation:
    """Draw up to ten posts with every kind of status, reference and text; several roots, or nobody at all."""
    ids = draw(st.lists(NAMES, max_size=MOST_POSTS, unique=True))
    people = []
    for i, own in enumerate(ids):
        others = [other for other in ids if other != own]
        above = draw(PLACES)
        boss = ids[above] if above < i else None
        people.append(Person(id=own, manager_id=boss, **_references(draw, others), **_facts(draw)))
    start = draw(PLACES)
    return Organisation.from_people([*people[start:], *people[:start]])


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
    return {name: draw(FACTS[name]) for name in draw(CHOSEN_FACTS)}


def _references(draw: st.DrawFn, others: list[str]) -> dict[str, Any]:
    """Draw who stands in, dotted managers and whom the post serves, of the others."""
    acting, dotted, serves = draw(st.none() | PLACES), draw(FEW_PLACES), draw(FEW_PLACES)
    if not others:
        return {}

    def named(places: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(others[place % len(others)] for place in places))

    return {
        "acting_id": None if acting is None else others[acting % len(others)],
        "dotted_manager_ids": named(dotted),
        "serves": named(serves),
    }
