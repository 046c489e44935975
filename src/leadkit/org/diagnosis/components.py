"""How much values differ among units, among teams of a unit, among people of a team, and from one time to the next."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, frozen_mapping
from leadkit._results import Result
from leadkit.errors import OrgError
from leadkit.org.diagnosis.equations import joined_levels, solve
from leadkit.org.diagnosis.sums import TeamSums, sum_teams, totals_of
from leadkit.org.flags import sorted_flags
from leadkit.stats._arrays import vector
from leadkit.stats._groups import group_codes

__all__ = ["NestedComponents", "as_counts", "as_numbers", "components_of", "nested_components"]

LEVELS = ("unit", "team", "person", "noise")


def as_numbers(values: Mapping[str, float]) -> Mapping[str, float]:
    """Copy numbers by name into a mapping that cannot be changed."""
    return frozen_mapping(values)


def as_counts(values: Mapping[str, int]) -> Mapping[str, int]:
    """Copy counts by name into a mapping that cannot be changed."""
    return frozen_mapping(values)


@frozen(kw_only=True, eq=False)
class NestedComponents(Result):
    """Variances of y = mean + unit + team(unit) + person(team) + noise, all of them random.

    A level that divides the rows no further than the one above has no degrees of freedom: it is NaN, and the level
    above holds the variance of both, flag `levels_joined`.

    Parameters
    ----------
    unit : float
        Variance of units; NaN with fewer than two.
    team : float
        Variance of teams within units; NaN where no unit has two teams.
    person : float
        Variance of persons within teams; NaN where no team has two persons, and when persons were not given.
    noise : float
        Variance of repeated values of one person; NaN where nobody has two. When persons were not given, the variance
        of values within teams: persons and noise together.
    shares : mapping of str to float
        Each variance over the sum of those that are known, one below 0 counted as 0; in [0, 1]. NaN where the variance
        is NaN, and all of them where the sum is 0.
    df : mapping of str to int
        Degrees of freedom of each level.
    mean : float
        Mean of the values; NaN without any.
    n_units, n_teams : int
        Number of units, and of pairs of unit and team.
    n_persons : int or None
        Number of triples of unit, team and person; None when persons were not given.
    n_observations : int
        Values that count.
    n_rows : int
        Values given.
    flags : tuple of str
        `levels_joined`, `negative_component`, `no_degrees_of_freedom`, `no_variance`, `rows_dropped`.
    """

    unit: float = field(converter=as_float)
    team: float = field(converter=as_float)
    person: float = field(converter=as_float)
    noise: float = field(converter=as_float)
    shares: Mapping[str, float] = field(converter=as_numbers)
    df: Mapping[str, int] = field(converter=as_counts)
    mean: float = field(converter=as_float)
    n_units: int = field(converter=as_int)
    n_teams: int = field(converter=as_int)
    n_persons: int | None
    n_observations: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def nested_components(
    values: ArrayLike,
    unit: ArrayLike | Sequence[Hashable],
    team: ArrayLike | Sequence[Hashable],
    person: ArrayLike | Sequence[Hashable] | None = None,
) -> NestedComponents:
    r"""Split the variance of values among units, teams, persons and noise; groups may differ in size.

    The estimator is the method of moments with sequential sums of squares. For the partitions B = all, unit, team,
    person, observation let Q_B be the sum of n_b times the squared mean of each group b. The difference of Q from one
    partition to the next is a sum of squares, whose expectation is linear in the variances. The expectation of Q_B
    holds the variance of a level as many times as there are values, when the level is that of B or a coarser one, and

    .. math:: \sum_b \sum_{a \in b} n_a^2 / n_b

    times, when the groups a of the level are finer than the groups b. (For the noise that is the number of groups b.)
    The equations are solved from the noise upward. On a balanced design the estimates are those of the analysis of
    variance.

    Parameters
    ----------
    values : (n,) array-like
        One value a row; NaN is missing and left out.
    unit, team : (n,) array-like of labels
        Integers, strings or objects that sort together. The same team label in two units means two teams. None and NaN
        are no label: the row is left out.
    person : (n,) array-like of labels, optional
        Who the value is about. The same label in two teams means two persons.

    Returns
    -------
    NestedComponents
        Variances as they are estimated, below 0 too; no row order and no name of a group changes them.

    Raises
    ------
    OrgError
        The arguments differ in length, `values` are not finite real numbers, or labels do not sort together.

    References
    ----------
    .. [1] C. R. Henderson, "Estimation of variance and covariance components", Biometrics 9, 1953 (method 1).
    .. [2] S. R. Searle, G. Casella and C. E. McCulloch, "Variance Components", Wiley, 1992, chapter 5.

    Examples
    --------
    Two units of two teams, with two values each:

    >>> found = nested_components([1, 3, 2, 4, 9, 11, 6, 8], list("aaaabbbb"), [1, 1, 2, 2, 1, 1, 2, 2])
    >>> found.unit, found.team, found.noise
    (16.75, 1.5, 2.0)
    >>> round(found.shares["unit"], 3)
    0.827
    """
    try:
        y = vector(values, "values")
        codes = [group_codes(labels, name, length=y.size)[1] for labels, name in ((unit, "unit"), (team, "team"))]
        if person is not None:
            codes.append(group_codes(person, "person", length=y.size)[1])
    except ValueError as error:
        raise OrgError(str(error)) from error
    kept = ~np.isnan(y) & np.all([code >= 0 for code in codes], axis=0)
    sums = sum_teams(y[kept], *(code[kept] for code in codes)) if kept.any() else None
    return components_of(sums, has_persons=person is not None, n_rows=y.size)


def components_of(sums: TeamSums | None, *, has_persons: bool, n_rows: int) -> NestedComponents:
    """Estimate the components of the rows that were summed up; None is no row."""
    if sums is None:
        return _nothing(has_persons=has_persons, n_rows=n_rows)
    totals = totals_of(sums.by_unit().sum(axis=1))
    # without persons every row is one, so that what is left within teams stands at their level
    order = [0, 1, 2, 3] if has_persons else [0, 1, 3, 2]
    known = range(4) if has_persons else (0, 1, 3)
    df = totals.df[0, order]
    joined = joined_levels(df[[*known]])
    scaled = solve(totals, negligible=sums.negligible)[0, order]
    positive = np.maximum(scaled, 0.0)
    total = float(np.nansum(positive))
    with np.errstate(over="ignore"):
        variances = np.ldexp(scaled, 2 * sums.exponent)
    n_observations = int(totals.rows[0])
    reasons = {
        "levels_joined": bool(joined.any()),
        "negative_component": bool((scaled < 0).any()),
        "no_degrees_of_freedom": bool((df[[*known]] == 0).any()),
        "no_variance": total == 0,
        "rows_dropped": n_observations < n_rows,
    }
    return NestedComponents(
        **dict(zip(LEVELS, variances.tolist(), strict=True)),
        shares=dict(zip(LEVELS, (positive / (total or np.nan)).tolist(), strict=True)),
        df=dict(zip(LEVELS, df.astype(np.int64).tolist(), strict=True)),
        mean=sums.mean,
        n_units=sums.n_units,
        n_teams=sums.n_teams,
        n_persons=int(totals.persons[0]) if has_persons else None,
        n_observations=n_observations,
        n_rows=n_rows,
        flags=[flag for flag, holds in reasons.items() if holds],
    )


def _nothing(*, has_persons: bool, n_rows: int) -> NestedComponents:
    unknown: dict[str, float] = dict.fromkeys(LEVELS, np.nan)
    return NestedComponents(
        **unknown,
        shares=unknown,
        df=dict.fromkeys(LEVELS, 0),
        mean=np.nan,
        n_units=0,
        n_teams=0,
        n_persons=0 if has_persons else None,
        n_observations=0,
        n_rows=n_rows,
        flags=["no_degrees_of_freedom", "no_variance", *(["rows_dropped"] if n_rows else [])],
    )
