"""Votes against a person's answers by rules of the user's own choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen

from leadkit._fields import bool_array, float_array, int_array
from leadkit._results import plain
from leadkit.stats._arrays import floats
from leadkit.stats._base import TableResult
from leadkit.stats.careless.indices import CarelessIndices
from leadkit.stats.flags import sorted_flags
from leadkit.typing import BoolArray, FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class CarelessScreen(TableResult):
    """How many of the given rules each person's answers meet, one row a person; no verdict.

    Parameters
    ----------
    votes : (n,) array of int
        Rules met, in 0..r.
    rules : (r,) tuple of str
        The rules given, named as the options of `careless_screen`.
    thresholds : (r,) array
        Their thresholds.
    hits : (n, r) array of bool
        Which person meets which rule; an undefined index never does.
    n_hits : (r,) array of int
        Persons who meet each rule.
    n_undefined : (r,) array of int
        Persons about whom a rule says nothing, because the index is undefined.
    flags : tuple of str
        Flags of the indices.
    """

    _columns: ClassVar[Mapping[str, str]] = {"votes": "votes"}

    votes: IntArray = field(converter=int_array)
    rules: tuple[str, ...]
    thresholds: FloatArray = field(converter=float_array)
    hits: BoolArray = field(converter=bool_array)
    n_hits: IntArray = field(converter=int_array)
    n_undefined: IntArray = field(converter=int_array)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a person: the votes, and whether each rule is met.

        Returns
        -------
        list of dict
            The rows in the order of the result.
        """
        rows = zip(super().to_records(), plain(self.hits), strict=True)
        return [record | dict(zip(self.rules, hits, strict=True)) for record, hits in rows]


def careless_screen(
    indices: CarelessIndices,
    *,
    longstring_at_least: float | None = None,
    irv_below: float | None = None,
    mahalanobis_p_below: float | None = None,
    even_odd_below: float | None = None,
    synonyms_below: float | None = None,
    antonyms_above: float | None = None,
    person_total_below: float | None = None,
) -> CarelessScreen:
    """Count for every person how many of the given rules the answers meet.

    Only the rules given are counted, none has a default, and how many votes are too many is for the reader to say:
    good thresholds depend on the questionnaire, its length and its scale.

    Parameters
    ----------
    indices : CarelessIndices
        What `careless_indices` gives.
    longstring_at_least : float, optional
        Vote where `longstring` is at least this.
    irv_below, mahalanobis_p_below : float, optional
        Vote where `irv`, `mahalanobis_p` is strictly below this.
    even_odd_below, synonyms_below, person_total_below : float, optional
        Vote where `even_odd_consistency`, `synonyms`, `person_total_r` is strictly below this.
    antonyms_above : float, optional
        Vote where `antonyms` is strictly above this.

    Returns
    -------
    CarelessScreen
        One row a person. An undefined index never votes, nor does `longstring` of a person without answers.

    Raises
    ------
    ValueError
        A threshold is not a finite number.

    References
    ----------
    .. [1] P. G. Curran, "Methods for the detection of carelessly invalid responses in survey data", Journal of
       Experimental Social Psychology 66, 2016.

    Examples
    --------
    >>> from leadkit.stats import careless_indices
    >>> indices = careless_indices([[1, 1, 5, 4], [2, 1, 4, 5], [3, 3, 3, 3], [5, float("nan"), 2, 1]])
    >>> screen = careless_screen(indices, longstring_at_least=4, irv_below=0.5, person_total_below=0.0)
    >>> screen.votes.tolist()
    [0, 0, 2, 1]
    >>> dict(zip(screen.rules, screen.n_hits.tolist()))
    {'longstring_at_least': 1, 'irv_below': 1, 'person_total_below': 1}
    """
    longstring = np.where(indices.n_answered > 0, indices.longstring, np.nan)
    offered: dict[str, tuple[FloatArray, float | None]] = {
        "longstring_at_least": (longstring, longstring_at_least),
        "irv_below": (indices.irv, irv_below),
        "mahalanobis_p_below": (indices.mahalanobis_p, mahalanobis_p_below),
        "even_odd_below": (indices.even_odd_consistency, even_odd_below),
        "synonyms_below": (indices.synonyms, synonyms_below),
        "antonyms_above": (indices.antonyms, antonyms_above),
        "person_total_below": (indices.person_total_r, person_total_below),
    }
    given = {rule: (values, _threshold(at, rule)) for rule, (values, at) in offered.items() if at is not None}
    hits = np.zeros((longstring.size, len(given)), dtype=np.bool_)
    for place, (rule, (values, threshold)) in enumerate(given.items()):
        hits[:, place] = _meets(values, threshold, rule)
    return CarelessScreen(
        votes=np.count_nonzero(hits, axis=1),
        rules=tuple(given),
        thresholds=[threshold for _, threshold in given.values()],
        hits=hits,
        n_hits=np.count_nonzero(hits, axis=0),
        n_undefined=[np.count_nonzero(np.isnan(values)) for values, _ in given.values()],
        flags=indices.flags,
    )


def _threshold(value: float, name: str) -> float:
    number = floats(value, name)
    if number.ndim or np.isnan(number):
        msg = f"{name}: expected a finite number, got {value!r}"
        raise ValueError(msg)
    return float(number)


def _meets(values: FloatArray, threshold: float, rule: str) -> BoolArray:
    """Compare as the rule's name says; NaN compares False."""
    if rule.endswith("_at_least"):
        return values >= threshold
    return values > threshold if rule.endswith("_above") else values < threshold
