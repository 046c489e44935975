"""What a pilot is read by, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from leadkit._checks import as_amount
from leadkit._fields import FrozenMapping, number_faults, whole_number_faults
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._mappings import as_whole
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.escalation.pilot.verdicts import PilotRules

__all__ = ["NO_TARGETS", "read_options"]

NO_TARGETS: FrozenMapping[str, float] = FrozenMapping()


def read_options(
    outcomes: PilotOutcomes, q: object, min_gap: object, min_n: object, power: object, targets: object
) -> tuple[PilotRules, FrozenMapping[str, float]]:
    """Refuse options that are out of range, and targets of domains that have no case."""
    faults = _range_faults(q, "q", lambda x: 0 < x < 1, "above 0 and below 1")
    faults += _range_faults(min_gap, "min_gap", lambda x: 0 < x < 1, "above 0 and below 1")
    faults += whole_number_faults(min_n, "min_n") or _range_faults(min_n, "min_n", lambda x: x >= 1, "of at least 1")
    faults += _range_faults(power, "power", lambda x: 0.5 <= x < 1, "of at least 0.5 and below 1")
    rates: dict[Any, Any] = dict(targets) if isinstance(targets, Mapping) else {}
    if not isinstance(targets, Mapping):
        faults.append(Fault("targets", f"expected a mapping of domain to rate, got {targets!r}"))
    for domain, rate in rates.items():
        faults += _range_faults(rate, f"target of domain {domain!r}", lambda x: 0 <= x <= 1, "from 0 to 1")
    raise_faults(faults, "pilot", EscalationError)
    known = set(outcomes.domain)
    for domain in sorted(rates, key=str):
        if domain not in known:
            raise UnknownIdError.of(domain, known, kind="domain of a target")
    rules = PilotRules(q=as_amount(q), min_gap=as_amount(min_gap), min_n=as_whole(min_n), power=as_amount(power))
    return rules, FrozenMapping({domain: float(rates[domain]) for domain in sorted(rates)})


def _range_faults(value: Any, where: str, is_inside: Callable[[Any], bool], words: str) -> list[Fault]:
    faults = number_faults(value, where)
    if not faults and not is_inside(value):
        faults = [Fault(where, f"expected a number {words}, got {value!r}")]
    return faults
