"""Strengths: which are backed by examples, and which others see too."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict, field, frozen

from leadkit._fields import number_faults, string_faults, whole_number_faults
from leadkit.errors import Fault, ResponseError
from leadkit.vitals.checks import (
    blank_rule,
    frozen_numbers,
    is_number,
    python_number,
    raise_faults,
    range_rule,
    texts_faults,
    tuple_of,
)
from leadkit.vitals.evidence import LetterEvidence, not_given

__all__ = ["Strength"]

LOWEST, HIGHEST = 1, 5


@frozen(kw_only=True)
class Strength:
    """Something that a person does well.

    Parameters
    ----------
    id, name : str
        What other places call it, and what people call it.
    rating : int
        How strong the person thinks it is, 1..5.
    evidence : tuple of str
        Examples of it.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Strength(id="listening", name="Listening", rating=4, evidence=("Kept a customer by hearing her out.",)).pomp
    75.0
    """

    id: str
    name: str
    rating: int = field(converter=python_number)
    evidence: tuple[str, ...] = field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        faults = [
            fault
            for name in ("id", "name")
            if not isinstance(getattr(self, name), str)
            for fault in string_faults(getattr(self, name), name)
        ]
        faults += whole_number_faults(self.rating, "rating")
        if not isinstance(self.evidence, tuple) or not all(isinstance(example, str) for example in self.evidence):
            faults += texts_faults(self.evidence, "evidence")
        raise_faults([*faults, *strength_rules(asdict(self, recurse=False))], f"strength {self.id!r}")

    @property
    def is_evidenced(self) -> bool:
        """Whether there is an example of it."""
        return any(example.strip() for example in self.evidence)

    @property
    def pomp(self) -> float:
        """The rating in percent of the maximum possible, 0..100."""
        return 100.0 * (self.rating - LOWEST) / (HIGHEST - LOWEST)


def strength_rules(part: Mapping[str, Any]) -> list[Fault]:
    """List the broken rules of a strength, as a model or as plain data."""
    faults = blank_rule(part.get("id"), "id") + blank_rule(part.get("name"), "name")
    return faults + range_rule(part.get("rating"), "rating", LOWEST, HIGHEST)


def others_scores(others: Any, strengths: Sequence[Strength]) -> Mapping[str, float]:
    """Read the others' scores, by strength id where the person lists the strength and by the given name elsewhere.

    Raises
    ------
    ResponseError
        It is no mapping, a score is no number in 0..100 (NaN and None are no score), or one strength is named twice.
    """
    ids = {strength.name: strength.id for strength in strengths} | {strength.id: strength.id for strength in strengths}
    scores: dict[str, float] = {}
    faults = []
    for name, score in _pairs(others).items():
        where = f"[{name!r}]"
        if not isinstance(name, str) or not name.strip():
            faults.append(Fault(where, "expected the id or the name of a strength"))
            continue
        known = ids.get(name, name)
        if known in scores:
            faults.append(Fault(where, f"strength {known!r} is there more than once, by id and by name"))
        missing = score is None or (is_number(score) and math.isnan(score))
        if not missing:
            faults += number_faults(score, where) or range_rule(score, where, 0, 100)
        scores[known] = math.nan if score is None or missing else score
    raise_faults(faults, "others")
    return scores


def _pairs(others: Any) -> Mapping[Any, Any]:
    try:
        pairs: Mapping[Any, Any] = frozen_numbers(dict(others))
    except (TypeError, ValueError):
        fault = Fault("", f"expected a mapping of strengths and scores, got {others!r}")
        raise ResponseError.from_faults([fault], subject="others") from None
    return pairs


def strengths_evidence(strengths: Sequence[Strength], others: Any, threshold: float) -> LetterEvidence:
    """Sort the strengths by what backs them.

    Parameters
    ----------
    strengths : sequence of Strength
        With different ids.
    others : mapping of str to float, or None
        Strength id or name to the others' score, 0..100.
    threshold : float
        Score from which on a strength is claimed by the person, and seen by the others [POMP].

    Returns
    -------
    LetterEvidence
        Ids: `evidenced`, with an example; `claimed_only`, without; and, with `others`, `confirmed`: both sides reach
        the threshold; `claimed`: the person's rating does, the others' score does not; `hidden`: the others' score
        does, and the person rates it lower or does not list it. What the others did not score is in none of the three.
    """
    if not strengths and others is None:
        return not_given()
    names = {strength.id: strength.name for strength in strengths}
    findings = {
        "evidenced": tuple(strength.id for strength in strengths if strength.is_evidenced),
        "claimed_only": tuple(strength.id for strength in strengths if not strength.is_evidenced),
    }
    flags = []
    if others is not None:
        seen = others_scores(others, strengths)
        own = {strength.id: strength.pomp >= threshold for strength in strengths}
        findings["confirmed"] = tuple(name for name in own if own[name] and seen.get(name, math.nan) >= threshold)
        findings["claimed"] = tuple(name for name in own if own[name] and seen.get(name, math.nan) < threshold)
        order = [*own, *sorted(set(seen) - set(own))]
        findings["hidden"] = tuple(
            name for name in order if not own.get(name, False) and seen.get(name, math.nan) >= threshold
        )
        if any(math.isnan(seen.get(name, math.nan)) for name in own):
            flags.append("not_rated_by_others")
    signals = {
        signal: [names.get(name, name) for name in ids]
        for signal, ids in findings.items()
        if ids and signal != "evidenced"
    }
    return LetterEvidence(findings=findings, flags=flags, signals=signals)
