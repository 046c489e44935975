"""Synthetic VITALS self-assessments of people who lead a service team."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from leadkit import frameworks
from leadkit.samples._checks import count
from leadkit.samples.answers import answers
from leadkit.samples.days import FIRST_DAY, day_logs
from leadkit.typing import RNGLike

if TYPE_CHECKING:
    from leadkit.vitals import Goal, Strength, ValuesSort, VitalsAssessment

__all__ = ["vitals_assessments"]

N_VALUES = 8


class Aim(NamedTuple):
    """A goal that somebody in a service team may have: id, statement, measure."""

    id: str
    statement: str
    measure: str


class Gift(NamedTuple):
    """A strength that somebody in a service team may have: id, name and examples of it."""

    id: str
    name: str
    examples: tuple[str, ...]


AIMS = (
    Aim(
        "first_reply", "Every customer hears from us on the day they write.", "Share of letters answered the same day."
    ),
    Aim("deputy", "Two people in the team can stand in for me.", "Weeks in which a deputy led the team alone."),
    Aim(
        "root_causes", "We remove the reasons for complaints and do not only answer them.", "Causes removed a quarter."
    ),
    Aim("degree", "I finish my evening course in business.", "Modules passed of eight."),
    Aim("spanish", "I talk to our customers in Madrid in their language.", "A talk of half an hour without English."),
    Aim("marathon", "I run a half marathon.", "Finished, in any time."),
    Aim("evenings", "I am home for dinner on four evenings a week.", "Evenings at home, counted every Sunday."),
    Aim("handbook", "A newcomer can solve the ten most common cases with our handbook.", "Cases described of ten."),
    Aim("mentor", "I help a younger colleague into her first role as a leader.", "She leads a team of her own."),
    Aim("garden", "Our street has a garden that everybody uses.", "Families that have a bed in it."),
)
GIFTS = (
    Gift("listening", "Listening", ("Kept an angry customer by hearing her out.", "Colleagues ask me to sit in.")),
    Gift("calm", "Staying calm", ("Led the team through the outage in May.",)),
    Gift("explaining", "Explaining", ("My page on refunds is the one everybody uses.", "Trained four newcomers.")),
    Gift("order", "Keeping order", ("No case was lost in my queue last year.",)),
    Gift("figures", "Reading figures", ("Found the double billing before the customers did.",)),
    Gift("humour", "Humour", ("The Monday huddle is the best attended meeting.",)),
    Gift("courage", "Saying what is so", ("Told the board why the launch had to wait.",)),
    Gift("languages", "Languages", ("Answer letters in four languages.",)),
    Gift("patience", "Patience", ("Coached a colleague for a year until he passed.",)),
    Gift("ideas", "Having ideas", ("The call-back button was my suggestion.",)),
)


def vitals_assessments(
    n: int = 6, *, rng: RNGLike, taken_on: date = FIRST_DAY + timedelta(days=7), n_days: int = 7
) -> tuple[VitalsAssessment, ...]:
    """Draw synthetic VITALS self-assessments with every part: answers, values, interests, days, goals, strengths.

    Parameters
    ----------
    n : int
        Number of people, at least 1.
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same sample.
    taken_on : date
        Day of the assessments; the logged days are those before it.
    n_days : int
        Number of logged days, at least 0.

    Returns
    -------
    tuple of VitalsAssessment
        Synthetic: about nobody.

    Raises
    ------
    ValueError
        An option is out of its range.

    Examples
    --------
    >>> first = vitals_assessments(2, rng=1)[0]
    >>> first.person_id, len(first.day_logs), [goal.id for goal in first.goals]
    ('naveen.vargas', 7, ['spanish', 'handbook', 'mentor'])
    """
    from leadkit.vitals import VitalsAssessment

    count(n, "n", at_least=1)
    count(n_days, "n_days")
    rng = np.random.default_rng(rng)
    rated = answers("vitals", n=n, rng=rng, missing=0.02, careless=0, teams=())
    assessments = []
    for person, row in zip(rated.respondent_ids, rated.values.tolist(), strict=True):
        values = _values(rng)
        goals = _goals(tuple(values.importance), taken_on, rng)
        assessments.append(
            VitalsAssessment(
                person_id=person,
                taken_on=taken_on,
                answers={
                    item: None if math.isnan(answer) else int(answer)
                    for item, answer in zip(rated.instrument.item_ids, row, strict=True)
                },
                values=values,
                interests=_interests(rng),
                day_logs=day_logs(
                    rng=rng,
                    n_days=n_days,
                    first_day=taken_on - timedelta(days=n_days),
                    serves=[*tuple(values.importance)[:4], *(goal.id for goal in goals)],
                ),
                goals=goals,
                strengths=_strengths(rng),
            )
        )
    return tuple(assessments)


def _values(rng: np.random.Generator) -> ValuesSort:
    """Rank some values, and live them more or less in that order."""
    from leadkit.vitals import ValuesSort

    names = [str(name) for name in rng.permutation(frameworks.values().ids)[:N_VALUES]]
    lived = 85 - 5.0 * np.arange(N_VALUES) + rng.normal(0, 15, size=N_VALUES)
    return ValuesSort.from_ranking(names, dict(zip(names, np.rint(lived.clip(0, 100)).tolist(), strict=True)))


def _interests(rng: np.random.Generator) -> dict[str, float]:
    """Rate every area of interest from 1 to 5: a few high, most of them in between."""
    areas = frameworks.interest_areas().ids
    return dict(zip(areas, np.rint(1 + 4 * rng.beta(1.6, 1.8, size=len(areas))).tolist(), strict=True))


def _goals(values: Sequence[str], taken_on: date, rng: np.random.Generator) -> tuple[Goal, ...]:
    """Choose two to four goals at different stages; some lack a measure or a due date."""
    from leadkit.vitals import Goal

    goals = []
    for i in sorted(rng.permutation(len(AIMS))[: int(rng.integers(2, 5))].tolist()):
        started = taken_on - timedelta(days=int(rng.integers(30, 300)))
        length = int(rng.integers(310, 700))
        elapsed = (taken_on - started).days / length
        goals.append(
            Goal(
                id=AIMS[i].id,
                statement=AIMS[i].statement,
                measure=AIMS[i].measure if rng.random() < 0.75 else "",
                due=started + timedelta(days=length) if rng.random() < 0.8 else None,
                commitment=int(rng.integers(2, 6)),
                progress=round(float(np.clip(elapsed + rng.normal(-0.05, 0.2), 0, 1)), 2),
                serves=tuple(
                    values[j] for j in sorted(rng.permutation(len(values))[: int(rng.integers(0, 3))].tolist())
                ),
                started=started,
            )
        )
    return tuple(goals)


def _strengths(rng: np.random.Generator) -> tuple[Strength, ...]:
    """Choose three to five strengths; some come without an example."""
    from leadkit.vitals import Strength

    chosen = [GIFTS[i] for i in sorted(rng.permutation(len(GIFTS))[: int(rng.integers(3, 6))].tolist())]
    return tuple(
        Strength(
            id=gift.id,
            name=gift.name,
            rating=int(rng.integers(3, 6)),
            evidence=gift.examples[: int(rng.integers(0, len(gift.examples) + 1))],
        )
        for gift in chosen
    )
