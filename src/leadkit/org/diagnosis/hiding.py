"""What of a diagnosis may be shown: numbers that rest on too few people go, and those that would give them away."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from leadkit.org.diagnosis.bootstrap import no_interval
from leadkit.org.diagnosis.components import NestedComponents
from leadkit.org.diagnosis.levels import PARTS
from leadkit.org.showing import DISCLOSED

if TYPE_CHECKING:
    from leadkit.org.diagnosis.result import Diagnosis

__all__ = ["MISSING", "TAU", "hide"]

Name = TypeVar("Name", bound=str)
MISSING, TAU = "share_of_teams_missing_target", "support_tau"
ABOUT_SCORES = frozenset({"negative_component", "no_variance", "undefined_resamples"})
"""Flags that say something about the values, not about the design."""


def hide(found: Diagnosis, minimum: int) -> Diagnosis:
    """Return the diagnosis without the numbers that rest on fewer than `minimum` people."""
    is_small = found.n_people < minimum
    hidden = frozenset(PARTS) if is_small else _hidden_parts(found, minimum)
    gone = [name for name in (MISSING, TAU) if is_small or found.rests_on[name] < minimum]
    overall = ("mean", "target_gap") if is_small else ()
    loses_rule = is_small or _tells_hidden(found, hidden, hides_missing=MISSING in gone)
    components = _components_without(found.components, hidden, all_of_it=is_small)
    flags = set(found.flags) - (ABOUT_SCORES if is_small else {"negative_component"})
    return attrs.evolve(
        found,
        first=None if loses_rule else found.first,
        rule="too_few" if loses_rule else found.rule,
        order=tuple(level for level in found.order if level not in hidden),
        shares=_blanked(found.shares, hidden),
        components=components,
        intervals={part: no_interval() if part in hidden else span for part, span in found.intervals.items()},
        support_probability=_blanked(found.support_probability, hidden),
        rests_on={},
        flags={*flags, *(set(components.flags) & {"negative_component"}), DISCLOSED},
        shown_from=minimum,
        **_unknown((*gone, *overall)),
    )


def _hidden_parts(found: Diagnosis, minimum: int) -> frozenset[str]:
    """Find the shares to hide: those that rest on too few, and enough others that their sum is none of them.

    What is hidden together adds up to 1 less what is shown. A share of 0 hides nothing, so two above 0 have to go, the
    nearest levels first; where there are no two, all go.
    """
    parts = [{"leadership"}, {"team_support"}, {"individual"}, {"noise"}]
    if not math.isnan(found.reliability):
        # one number, divided by a known one
        parts[2:] = [{"individual", "noise"}]
    few = [place for place, part in enumerate(parts) if min(found.rests_on[name] for name in part) < minimum]
    shares = [sum(found.shares[name] for name in part) for part in parts]
    hidden = set(few)
    if any(not math.isnan(shares[place]) for place in few):
        for place in sorted(range(len(parts)), key=lambda place: min(abs(place - other) for other in few)):
            if sum(shares[other] > 0 for other in hidden) < 2:
                hidden.add(place)
    return frozenset(name for place in hidden for name in parts[place])


def _tells_hidden(found: Diagnosis, hidden: Collection[str], *, hides_missing: bool) -> bool:
    """Whether the rule and the level it names say what is hidden."""
    if found.rule == "largest_component":
        names_hidden = found.first in hidden
    else:
        names_hidden = found.rule == "individual_not_separable" and "individual" in hidden
    share = found.share_of_teams_missing_target
    if found.rule == "too_few" or not hides_missing or math.isnan(share):
        return names_hidden
    is_systemic = found.rule == "systemic_shortfall"
    counts = range(found.n_teams + 1)
    possible = [count for count in counts if (count / found.n_teams >= found.systemic_share) == is_systemic]
    return names_hidden or len(possible) == 1 or (is_systemic and share < 1)


def _components_without(components: NestedComponents, hidden: Collection[str], *, all_of_it: bool) -> NestedComponents:
    # without persons the noise of the components is what the individuals' share was taken from
    within = ("noise", "person") if components.n_persons is None else ("person", "noise")
    names = {name for name, part in zip(("unit", "team", *within), PARTS, strict=True) if part in hidden}
    shown = [getattr(components, name) for name in ("unit", "team", "person", "noise") if name not in names]
    flags = set(components.flags) - (ABOUT_SCORES if all_of_it else {"negative_component"})
    if any(variance < 0 for variance in shown):
        flags.add("negative_component")
    return attrs.evolve(
        components,
        shares=_blanked(components.shares, names),
        mean=math.nan if all_of_it else components.mean,
        flags=flags,
        **_unknown(names),
    )


def _unknown(names: Iterable[str]) -> dict[str, Any]:
    """Give NaN for fields by name."""
    return dict.fromkeys(names, math.nan)


def _blanked(numbers: Mapping[Name, float], hidden: Collection[str]) -> Mapping[Name, float]:
    """Put NaN in the place of what is hidden."""
    return {name: math.nan if name in hidden else number for name, number in numbers.items()}
