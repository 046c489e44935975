"""Interests: how high, how distinct, which ones, and how well they fit a role."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen

from leadkit._fields import as_float
from leadkit._results import Result
from leadkit.errors import Fault
from leadkit.stats.self_other import profile_similarity
from leadkit.vitals.checks import below, blank_rule, finite_rule, numbers_faults, raise_faults, tuple_of
from leadkit.vitals.evidence import LetterEvidence, not_given
from leadkit.vitals.flags import sorted_flags
from leadkit.vitals.ranks import highest

__all__ = ["HasInterests", "InterestFit", "interest_fit"]

N_TOP = 3
FEWEST_AREAS = 3


class HasInterests(Protocol):
    """A profile or an assessment."""

    @property
    def interests(self) -> Mapping[str, float] | None:
        """Rating of each area of interest."""
        ...


@frozen(kw_only=True, eq=False)
class InterestFit(Result):
    """How alike a person's interests and those that a role asks for are in shape.

    Parameters
    ----------
    correlation : float
        Pearson's r over the shared areas, in [-1, 1]; NaN with a flag where it is undefined. It compares which areas
        stand out, and not how high all of them are.
    areas : tuple of str
        The areas that both sides have, by name.
    not_rated : tuple of str
        Areas of the role that the person did not rate.
    not_asked : tuple of str
        Areas of the person that the role says nothing of.
    flags : tuple of str
        `too_few_areas` for fewer than three, `no_variation` when one side rates all areas alike.
    """

    correlation: float = field(converter=as_float)
    areas: tuple[str, ...] = field(converter=tuple_of)
    not_rated: tuple[str, ...] = field(converter=tuple_of)
    not_asked: tuple[str, ...] = field(converter=tuple_of)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def interest_fit(profile: HasInterests | Mapping[str, float], role: Mapping[str, float]) -> InterestFit:
    """Correlate a person's interests with those that a role asks for.

    Parameters
    ----------
    profile : VitalsProfile, VitalsAssessment or mapping of str to float
        The person, or the person's rating of each area.
    role : mapping of str to float
        How much the role has to do with each area, in any unit.

    Returns
    -------
    InterestFit
        One correlation, over the areas that are on both sides.

    Raises
    ------
    ResponseError
        A rating is no finite number.

    References
    ----------
    .. [1] L. J. Cronbach and G. C. Gleser, "Assessing similarity between profiles", Psychological Bulletin 50, 1953.

    Examples
    --------
    >>> fit = interest_fit({"data": 5, "people": 2, "arts": 4, "travel": 5}, {"data": 90, "people": 30, "arts": 60})
    >>> round(fit.correlation, 3), fit.areas, fit.not_asked
    (0.982, ('arts', 'data', 'people'), ('travel',))
    """
    interests = profile if isinstance(profile, Mapping) else profile.interests or {}
    raise_faults([*numbers_faults(interests, "interests"), *numbers_faults(role, "role")], "interest fit")
    areas = sorted(set(interests) & set(role))
    correlation, reasons = math.nan, {"too_few_dimensions"}
    if areas:
        own, asked = [interests[area] for area in areas], [role[area] for area in areas]
        result = profile_similarity(own, asked, min_dimensions=FEWEST_AREAS)
        correlation, reasons = result.correlation[0], set(result.flags)
    return InterestFit(
        correlation=correlation,
        areas=areas,
        not_rated=sorted(set(role) - set(interests)),
        not_asked=sorted(set(interests) - set(role)),
        flags=["too_few_areas" if reason == "too_few_dimensions" else "no_variation" for reason in reasons],
    )


def interests_rules(interests: object) -> list[Fault]:
    """List the broken rules of ratings of interest; None is none at all."""
    if not isinstance(interests, Mapping):
        return []
    faults = [] if interests else [Fault("", "expected at least one area")]
    for area, rating in interests.items():
        faults += below(f"[{area!r}]", [*blank_rule(area, ""), *finite_rule(rating, "")])
    return faults


def interests_evidence(interests: Mapping[str, float] | None) -> LetterEvidence:
    """Describe the profile of interests.

    Returns
    -------
    LetterEvidence
        `elevation`: mean rating. `differentiation`: highest minus lowest rating, NaN for one area. `top`: the three
        areas of highest interest, and those tied with the third.
    """
    if interests is None:
        return not_given()
    ratings = list(interests.values())
    top = highest(interests, N_TOP)
    flags = {"single_area": len(ratings) == 1, "tied_top": len(top) > N_TOP}
    return LetterEvidence(
        findings={
            "elevation": math.fsum(ratings) / len(ratings),
            "differentiation": float(max(ratings) - min(ratings)) if len(ratings) > 1 else math.nan,
            "top": top,
        },
        flags=[flag for flag, holds in flags.items() if holds],
        signals={"top_interests": top},
    )
