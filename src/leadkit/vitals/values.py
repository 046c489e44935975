"""Values: what matters to a person, how far they live it, and how well the two agree."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Self

from attrs import field, frozen

from leadkit._fields import repeated
from leadkit.errors import Fault, did_you_mean
from leadkit.vitals.checks import (
    blank_rule,
    finite_rule,
    frozen_numbers,
    named,
    numbers_faults,
    raise_faults,
    range_rule,
)
from leadkit.vitals.evidence import LetterEvidence, not_given
from leadkit.vitals.ranks import falling_ranks, highest, kendall_tau_b

__all__ = ["ValuesSort"]

N_TOP = 5


@frozen(kw_only=True)
class ValuesSort:
    """What matters to a person, and how far they live it.

    Parameters
    ----------
    importance : mapping of str to float
        Points of each value, higher = more important; ties are allowed. At least one value; the names are free, and
        `leadkit.frameworks.values()` is a list to start from.
    lived : mapping of str to float
        How far the person lives each value, 0..100; a value that is left out is not rated.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> ValuesSort(importance={"honesty": 3, "growth": 1}, lived={"honesty": 80, "growht": 30})
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: values: lived['growht']: is not among the values of `importance`
    (did you mean 'growth'?)
    """

    importance: Mapping[str, float] = field(converter=frozen_numbers)
    lived: Mapping[str, float] = field(converter=frozen_numbers)

    def __attrs_post_init__(self) -> None:
        faults = numbers_faults(self.importance, "importance") + numbers_faults(self.lived, "lived")
        rules = values_rules({"importance": self.importance, "lived": self.lived})
        told = {fault.where for fault in faults}
        raise_faults([*faults, *(fault for fault in rules if fault.where not in told)], "values")

    @classmethod
    def from_ranking(cls, ranking: Iterable[str | Collection[str]], lived: Mapping[str, float]) -> Self:
        """Build the sort from an order of values, the most important first.

        Parameters
        ----------
        ranking : iterable of str or of tuple of str
            Names in order; a tuple of names shares one place. The last place gets 1 point, each above it 1 more.
        lived : mapping of str to float
            As above.

        Raises
        ------
        ResponseError
            A name is there more than once, or anything above.

        Examples
        --------
        >>> sort = ValuesSort.from_ranking(["honesty", ("growth", "family")], {"honesty": 80, "growth": 30})
        >>> sort.importance
        {'honesty': 2, 'growth': 1, 'family': 1}
        """
        places = [(place,) if isinstance(place, str) else tuple(place) for place in ranking]
        names = [name for place in places for name in place]
        faults = [Fault("ranking", f"{name!r} is there more than once") for name in repeated(names)]
        raise_faults(faults, "values")
        points = {name: len(places) - i for i, place in enumerate(places) for name in place}
        return cls(importance=points, lived=lived)


def values_rules(part: Mapping[str, Any]) -> list[Fault]:
    """List the broken rules of a values sort, as a model or as plain data."""
    importance, lived = named(part.get("importance")), named(part.get("lived"))
    faults: list[Fault] = []
    if "importance" in part and isinstance(part["importance"], Mapping) and not importance:
        faults.append(Fault("importance", "expected at least one value"))
    for name, points in importance.items():
        faults += blank_rule(name, f"importance[{name!r}]") + finite_rule(points, f"importance[{name!r}]")
    known = [name for name in importance if isinstance(name, str)]
    for name, rating in lived.items():
        faults += range_rule(rating, f"lived[{name!r}]", 0, 100)
        if isinstance(name, str) and "importance" in part and name not in known:
            hint = did_you_mean(name, known)
            faults.append(Fault(f"lived[{name!r}]", f"is not among the values of `importance`{hint}"))
    return faults


def values_evidence(sort: ValuesSort | None) -> LetterEvidence:
    """Compare what matters with what is lived.

    Returns
    -------
    LetterEvidence
        `congruence`: Kendall's tau-b between importance and lived over the values that have both, in [-1, 1].
        `gaps`: value to lived rank minus importance rank, both among these values, rank 1 the highest and ties
        sharing the mean of their ranks; positive = lived less than it matters. Largest gap first.
        `top`: the five most important values, and those tied with the fifth.
    """
    if sort is None:
        return not_given()
    both = sorted(name for name in sort.importance if name in sort.lived)
    points, ratings = [sort.importance[name] for name in both], [sort.lived[name] for name in both]
    by_name = dict(
        zip(
            both,
            (lived - matters for lived, matters in zip(falling_ranks(ratings), falling_ranks(points), strict=True)),
            strict=True,
        )
    )
    congruence = kendall_tau_b(points, ratings)
    top = highest(sort.importance, N_TOP)
    lived_less = [name for name in top if by_name.get(name, 0.0) > 0]
    flags = {
        "too_few_values": len(both) < 2,
        "no_variation": len(both) > 1 and math.isnan(congruence),
        "values_not_rated": len(both) < len(sort.importance),
        "tied_top": len(top) > N_TOP,
    }
    return LetterEvidence(
        findings={
            "congruence": congruence,
            "gaps": {name: by_name[name] for name in sorted(both, key=lambda name: (-by_name[name], name))},
            "top": top,
        },
        flags=[flag for flag, holds in flags.items() if holds],
        signals={"lived_less": lived_less} if lived_less else {},
    )
