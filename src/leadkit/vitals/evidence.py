"""What is known of one letter beside its rated items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from leadkit._fields import FrozenMapping
from leadkit.vitals.flags import sorted_flags

__all__ = ["LETTERS", "SIGNALS", "LetterEvidence"]

LETTERS = ("values", "interests", "temperament", "around_the_clock", "life_mission", "strengths")
"""Ids of the six letters of VITALS; an instrument for it has these dimensions."""

SIGNALS: Mapping[str, str] = MappingProxyType(
    {
        "always": "The question is asked of everybody.",
        "behind": "Goals whose progress is less than the share of their time that has passed; {names}.",
        "claimed": "Strengths that the person claims and others do not see; {names}.",
        "claimed_only": "Strengths without an example; {names}.",
        "confirmed": "Strengths that the person claims and others see too; {names}.",
        "hidden": "Strengths that others see and the person does not claim; {names}.",
        "incomplete_goals": "Goals that lack a statement, a measure, a due date or a commitment; {names}.",
        "little_purpose": "Less than half of the logged waking hours serve a stated value or goal.",
        "lived_less": "Values among the top ones that rank lower by how they are lived than by importance; {names}.",
        "much_unlogged": "More than a quarter of the time is not logged.",
        "no_peak": "Energy has no clear peak.",
        "not_given": "Nothing but rated items was given for this letter.",
        "peak_unused": "Less than half of the demanding hours lie in the six hours around the peak of energy.",
        "top_interests": "The areas of highest interest; {names}.",
        "unserved_values": "Stated values that no goal serves; {names}.",
    }
)
"""When a reflective question is asked: signal to sentence; where it says so, the question may hold `{names}`."""


def frozen_evidence(value: Any) -> Any:
    """Freeze nested evidence: mappings cannot be changed, lists become tuples."""
    if isinstance(value, Mapping):
        return FrozenMapping({name: frozen_evidence(part) for name, part in value.items()})
    if isinstance(value, list | tuple):
        return tuple(frozen_evidence(part) for part in value)
    return value


def _frozen_signals(signals: Mapping[str, Iterable[str]]) -> Mapping[str, tuple[str, ...]]:
    return FrozenMapping({name: tuple(names) for name, names in signals.items()})


@frozen(kw_only=True)
class LetterEvidence:
    """Evidence of one letter, what is doubtful about it, and which signals it gives.

    Parameters
    ----------
    findings : mapping of str
        Name to number, text, tuple or mapping; NaN or None where it cannot be computed.
    flags : tuple of str
        Words of `leadkit.vitals.FLAGS`.
    signals : mapping of str to tuple of str
        Words of `SIGNALS` that hold, and the names that each is about.
    """

    findings: Mapping[str, Any] = field(factory=dict, converter=frozen_evidence)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
    signals: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_frozen_signals)


def not_given() -> LetterEvidence:
    """Say that a letter has nothing but rated items."""
    return LetterEvidence(flags=["no_evidence"], signals={"not_given": ()})
