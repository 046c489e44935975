"""Strategies for the models of `leadkit.skills`."""

from __future__ import annotations

import math
from typing import Any, TypeAlias, get_args

import numpy as np
from hypothesis import strategies as st

from leadkit.skills import ActionKind, DevelopmentAction, Skill, SkillMatrix, SkillRequirement, TrainingNeed
from leadkit.testing.assessment import WORDS

__all__ = [
    "TrainingCase",
    "development_action",
    "skill",
    "skill_matrices",
    "skill_matrix",
    "skill_requirement",
    "training_cases",
    "training_need",
]

TrainingCase: TypeAlias = tuple[tuple[TrainingNeed, ...], tuple[DevelopmentAction, ...], dict[str, Any]]
"""Needs, a catalogue, and limits as the keywords of `plan_training`."""

PEOPLE = ("ann", "bo", "cy", "dee", "007", "=1+1")
SKILLS = ("billing", "login", "network", "SQL 2")
KINDS: tuple[ActionKind, ...] = get_args(ActionKind)
SCALE = (0.0, 5.0)
MOST_PAIRS = 12
LEVELS = st.sampled_from((0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0))
SHARES = st.sampled_from((1.0, 1.0, 2.0, 0.5, 1 / 3, 0.7))
HOURS = st.sampled_from((0.0, 4.0, 7.5, 16.0, 24.0))
COSTS = st.sampled_from((0.0, 99.9, 100.0, 250.0, 900.0))
FIXED_COSTS = st.sampled_from((0.0, 0.0, 400.0, 1500.0))
SEATS = st.none() | st.integers(1, 3)
LIMITS = {
    "max_cost": st.sampled_from((0, 100, 500.0, 999.9, 2000, 2700)),
    "max_hours": st.sampled_from((0, 7.5, 16, 31.5, 48, 60)),
    "max_hours_per_person": st.sampled_from((0, 4, 16, 24, 28, 40)),
    "max_actions_per_person": st.sampled_from((0, 1, 2, 2, 3, 3)),
}


def skill() -> st.SearchStrategy[Skill]:
    """Draw a skill with or without a name, a domain and a description."""
    words = st.just("") | WORDS
    return st.builds(Skill, st.sampled_from(SKILLS), words, st.none() | WORDS, words)


def skill_requirement() -> st.SearchStrategy[SkillRequirement]:
    """Draw a requirement of one to three people at some level of one of the skills that matrices have."""
    return st.builds(SkillRequirement, st.sampled_from(SKILLS), LEVELS, st.integers(1, 3))


@st.composite
def skill_matrix(draw: st.DrawFn) -> SkillMatrix:
    """Draw up to six people and four skills in any order, where anything may be not assessed, or nobody at all."""
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    skills = draw(st.lists(st.sampled_from(SKILLS), unique=True))
    cells = draw(st.lists(st.none() | LEVELS, min_size=len(people) * len(skills), max_size=len(people) * len(skills)))
    levels = np.array(cells, dtype=float).reshape(len(people), len(skills))
    entries = tuple(Skill(own, domain=draw(st.none() | WORDS)) for own in skills) if draw(st.booleans()) else ()
    return SkillMatrix(people, skills, levels, entries, draw(st.none() | st.just(SCALE)))


@st.composite
def skill_matrices(draw: st.DrawFn) -> SkillMatrix:
    """Draw a matrix that its records hold whole: all four skills, and nobody without a level."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
    table = [draw(st.lists(st.none() | LEVELS, min_size=len(SKILLS), max_size=len(SKILLS))) for _ in people]
    for i in range(max(len(people), len(SKILLS))):
        table[i % len(people)][i % len(SKILLS)] = draw(LEVELS)
    return SkillMatrix(people, SKILLS, table, scale=draw(st.none() | st.just(SCALE)))


@st.composite
def development_action(draw: st.DrawFn) -> DevelopmentAction:
    """Draw an action for one of the skills, often one that another action opens the way to."""
    return _action(draw, draw(st.sampled_from(("a1", "a2", "B 3"))))


@st.composite
def training_need(draw: st.DrawFn) -> TrainingNeed:
    """Draw a need of one of the people, sometimes not assessed."""
    return _need(draw, draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(SKILLS)))


@st.composite
def training_cases(draw: st.DrawFn) -> TrainingCase:
    """Draw what `plan_training` takes, with at most twelve pairs of person and action: so few that all can be tried."""
    pairs = st.tuples(st.sampled_from(PEOPLE[:3]), st.sampled_from(SKILLS[:2]))
    n_needs = draw(st.sampled_from((0, 1, 2, 2, 3, 3, 4)))
    wanted = draw(st.lists(pairs, min_size=n_needs, max_size=n_needs, unique=True))
    needs = tuple(_need(draw, *pair) for pair in wanted)
    n_actions = min(MOST_PAIRS // max(n_needs, 1), 6) - draw(st.sampled_from((0, 0, 0, 1, 2)))
    catalogue = tuple(_action(draw, f"a{i}", SKILLS[i % 3 // 2 : i % 3 // 2 + 1]) for i in range(n_actions))
    limits = {name: draw(amounts) for name, amounts in LIMITS.items() if draw(st.sampled_from((True, False, False)))}
    return needs, catalogue, limits


def _need(draw: st.DrawFn, person: str, own: str) -> TrainingNeed:
    current = draw(st.sampled_from((0.0, 0.0, 1.0, 1.0, 2.0, math.nan)))
    start = 0.0 if math.isnan(current) else current
    target = draw(LEVELS.filter(lambda level: level > start))
    return TrainingNeed(person, own, current, target, draw(SHARES), draw(st.sampled_from(("", "thin"))))


def _action(draw: st.DrawFn, name: str, skills: tuple[str, ...] = SKILLS) -> DevelopmentAction:
    requires = draw(st.sampled_from((0.0, 0.0, 1.0, 1.0, 2.0, 2.5)))
    return DevelopmentAction(
        id=name,
        name=name,
        kind=draw(st.sampled_from(KINDS)),
        skill=draw(st.sampled_from(skills)),
        reaches=requires + draw(st.sampled_from((0.5, 1.0, 1.0, 2.0))),
        requires=requires,
        hours=draw(HOURS),
        cost_per_person=draw(COSTS),
        cost_fixed=draw(FIXED_COSTS),
        seats=draw(SEATS),
    )
