"""How the roles other than self are averaged, and how sure that average is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import number_faults
from leadkit.assessment.items import raise_faults
from leadkit.errors import DefinitionError, Fault, UnknownIdError
from leadkit.typing import FloatArray, IntArray

__all__ = ["Weighting", "check_weighting", "others", "others_standard_error", "role_weights", "self_mean"]

SELF = "self"
WEIGHTING_WORDS = ("equal_roles", "equal_raters")

Weighting: TypeAlias = Literal["equal_roles", "equal_raters"] | Mapping[str, float]
"""How the roles other than self are averaged."""


def check_weighting(weighting: Weighting, roles: Iterable[str]) -> None:
    """Refuse a weighting that is no known word and no mapping of known `roles` to weights.

    Raises
    ------
    DefinitionError
        The word is unknown; a weight is negative or no finite number; all are 0; self has one.
    UnknownIdError
        A role is not one of `roles`.
    """
    _check_word(weighting)
    if isinstance(weighting, str):
        return
    known = [role for role in roles if role != SELF]
    for role in weighting:
        if role != SELF and role not in known:
            raise UnknownIdError.of(role, known, kind="role")
    faults = []
    for role, weight in weighting.items():
        wrong = number_faults(weight, f"weighting[{role!r}]")
        if not wrong and weight < 0:
            wrong = [Fault(f"weighting[{role!r}]", f"expected 0 or more, got {weight!r}")]
        elif not wrong and role == SELF and weight > 0:
            wrong = [Fault(f"weighting[{role!r}]", f"others never include self, got {weight!r}")]
        faults += wrong
    if not faults and not any(weight > 0 for weight in weighting.values()):
        faults.append(Fault("weighting", "expected a weight above 0 for at least one role other than self"))
    raise_faults(faults, "")


def role_weights(n: ArrayLike, roles: Sequence[str], weighting: Weighting) -> FloatArray:
    """Give the weight of every role in the others' mean.

    Parameters
    ----------
    n : array_like, shape (t, r, d)
        Raters with a score; a role with 0 or NaN is absent.
    roles : sequence of str
        The r roles.
    weighting : {"equal_roles", "equal_raters"} or mapping of str to float
        Equal weights; weights by `n`; or weights by role, 0 for a role not named.

    Returns
    -------
    array, shape (t, r, d)
        Weights that sum to 1 over the roles that are there, or are all 0 where none is; self has 0.

    Raises
    ------
    DefinitionError
        The word is unknown.

    Examples
    --------
    >>> role_weights([[[1], [3], [1]]], ("self", "peer", "customer"), "equal_raters").ravel().tolist()
    [0.0, 0.75, 0.25]
    """
    _check_word(weighting)
    return np.moveaxis(_weights(_role_first(n), roles, weighting), 0, 1)


def others(mean: ArrayLike, n: ArrayLike, roles: Sequence[str], weighting: Weighting) -> tuple[FloatArray, IntArray]:
    """Average the roles other than self.

    Parameters
    ----------
    mean : array_like, shape (t, r, d)
        Role means; NaN where a role is absent or hidden.
    n : array_like, shape (t, r, d)
        Raters behind each mean.
    roles : sequence of str
        The r roles.
    weighting : {"equal_roles", "equal_raters"} or mapping of str to float
        As in `role_weights`.

    Returns
    -------
    others_mean : array, shape (t, d)
        Weighted mean; NaN where no role with a weight is there.
    others_n : int array, shape (t, d)
        Raters behind it.

    Examples
    --------
    >>> mean, n = [[[5.0], [3.0], [4.0]]], [[[1], [3], [1]]]
    >>> roles = ("self", "peer", "customer")
    >>> [others(mean, n, roles, how)[0].item() for how in ("equal_roles", "equal_raters", {"customer": 1})]
    [3.5, 3.25, 4.0]
    """
    _check_word(weighting)
    means, counts = _role_first(mean), _role_first(n)
    absent = np.isnan(means)
    np.copyto(counts, 0.0, where=absent)
    np.copyto(means, 0.0, where=absent)
    weights = _weights(counts, roles, weighting)
    unused = weights == 0
    joined = np.sum(weights * means, axis=0)
    # rounding must not carry the mean of equal numbers beyond them
    np.maximum(joined, np.where(unused, np.inf, means).min(axis=0, initial=np.inf), out=joined)
    np.minimum(joined, np.where(unused, -np.inf, means).max(axis=0, initial=-np.inf), out=joined)
    np.copyto(joined, np.nan, where=unused.all(axis=0))
    np.copyto(counts, 0.0, where=unused)
    return joined, counts.sum(axis=0).astype(np.int64)


def self_mean(mean: ArrayLike, roles: Sequence[str]) -> FloatArray:
    """Take the self-ratings (t, d) out of role means (t, r, d); NaN where nobody rates themselves."""
    means = np.asarray(mean, dtype=np.float64)
    if SELF in roles:
        return means[:, list(roles).index(SELF)]
    return np.full((means.shape[0], means.shape[2]), np.nan)


def others_standard_error(sd: ArrayLike, n: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Work out the standard error of the others' mean from the variance within roles, pooled over roles.

    With weights w and s2 = sum (n - 1) sd^2/sum (n - 1) over the roles with a weight, SE^2 = s2 sum w^2/n.

    Parameters
    ----------
    sd : array_like, shape (t, r, d)
        Spread of each role's raters, with divisor n - 1; NaN for one rater.
    n : array_like, shape (t, r, d)
        Raters with a score.
    weights : array_like, shape (t, r, d)
        As from `role_weights`.

    Returns
    -------
    array, shape (t, d)
        NaN where no role with a weight has two raters.

    Examples
    --------
    >>> se = others_standard_error([[[1.0], [float("nan")]]], [[[4], [1]]], [[[0.5], [0.5]]])
    >>> round(se.item() ** 2, 12)
    0.3125
    """
    share, spread, raters = _role_first(weights), _role_first(sd), _role_first(n)
    df = np.where(share > 0, np.maximum(raters - 1, 0.0), 0.0)
    np.copyto(spread, 0.0, where=df == 0)
    squares, total = np.sum(df * spread**2, axis=0), df.sum(axis=0)
    pooled = np.divide(squares, total, out=np.full(total.shape, np.nan), where=total > 0)
    error: FloatArray = np.sqrt(pooled * np.sum(share**2 / np.maximum(raters, 1.0), axis=0))
    return error


def _check_word(weighting: object) -> None:
    if isinstance(weighting, Mapping) or weighting in WEIGHTING_WORDS:
        return
    words = ", ".join(map(repr, WEIGHTING_WORDS))
    msg = f"weighting: expected one of {words}, or a mapping of role to weight, got {weighting!r}"
    raise DefinitionError(msg)


def _role_first(table: ArrayLike) -> FloatArray:
    """Copy (t, r, d) to (r, t, d), where sums over roles run along memory."""
    copied: FloatArray = np.array(np.moveaxis(np.asarray(table, dtype=np.float64), 1, 0), order="C")
    return copied


def _weights(counts: FloatArray, roles: Sequence[str], weighting: Weighting) -> FloatArray:
    """Give the weights (r, t, d) of roles from their counts (r, t, d)."""
    present = counts > 0
    if weighting == "equal_raters":
        raw = np.where(present, counts, 0.0)
        by_role = np.ones(len(roles))
    else:
        raw = present.astype(np.float64)
        named = dict.fromkeys(roles, 1.0) if isinstance(weighting, str) else weighting
        by_role = np.array([named.get(role, 0.0) for role in roles], dtype=np.float64)
    by_role[[role == SELF for role in roles]] = 0.0
    raw *= by_role[:, None, None]
    total = raw.sum(axis=0)
    weights: FloatArray = np.divide(raw, total, out=np.zeros_like(raw), where=total > 0)
    return weights
