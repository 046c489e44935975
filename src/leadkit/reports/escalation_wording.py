"""Words of a report on an escalation matrix: what domains, levels, verdicts, metrics and times are called."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from attrs import frozen

from leadkit.escalation import ESCALATION_FLAGS
from leadkit.escalation.matrix import Matrix
from leadkit.plots.labels import PERCENT, number
from leadkit.reports.blocks import Grid
from leadkit.reports.figures import decimal
from leadkit.skills import SKILL_FLAGS

__all__ = [
    "VERDICTS",
    "EscalationWords",
    "doubts_grid",
    "ends_text",
    "hours_text",
    "level_text",
    "metric_name",
    "points_text",
    "share_text",
    "value_text",
]

VERDICTS = {
    "train": "train",
    "observe_more": "observe more",
    "fine": "as expected",
    "coach": "coach",
    "train_team": "train the team",
}
"""What each verdict is called."""

MEANINGS = {**SKILL_FLAGS, **ESCALATION_FLAGS}
MINUTES = 60
FEW_HOURS = 10


@frozen(kw_only=True, slots=False, eq=False)
class EscalationWords:
    """How a matrix speaks of its domains, levels and skills."""

    matrix: Matrix

    def domain(self, own: str) -> str:
        """Name a domain; its id where the matrix does not know it."""
        return self._domains.get(own, "") or own

    def level(self, own: str) -> str:
        """Name a level with its id."""
        name = next((level.name for level in self.matrix.levels if level.id == own), "")
        return f"{own} ({name})" if name else own

    def cell(self, domain: str, level: str) -> str:
        """Name a cell of the matrix."""
        return f"{self.domain(domain)} {level}"

    def skill(self, own: str) -> str:
        """Name a skill."""
        return self._skills.get(own, "") or own

    @cached_property
    def _domains(self) -> dict[str, str]:
        return {domain.id: domain.name for domain in self.matrix.domains}

    @cached_property
    def _skills(self) -> dict[str, str]:
        return {skill.id: skill.name for skill in self.matrix.skills.catalogue}


def metric_name(own: str) -> str:
    """Write the id of a metric or measure in words.

    Examples
    --------
    >>> metric_name("time_to_resolve_p90"), metric_name("csat_mean")
    ('Time to resolve, 90th percentile', 'Customer rating, mean')
    """
    words = own
    for tail, said in ((" p90", ", 90th percentile"), (" median", ", median"), (" mean", ", mean")):
        words = words.replace("_", " ").replace(tail, said)
    words = words.replace("csat", "customer rating")
    return words[:1].upper() + words[1:]


def share_text(share: float) -> str:
    r"""Write a share as percent with one decimal; empty where it is not known.

    Examples
    --------
    >>> share_text(0.6752).replace("\N{NO-BREAK SPACE}", " "), share_text(float("nan"))
    ('67.5 %', '')
    """
    return f"{number(100 * share, 1)}{PERCENT}" if decimal(share) else ""


def ends_text(low: float, high: float, *, decimals: int = 1) -> str:
    """Write the ends of an interval of shares as percent."""
    return f"{number(100 * low, decimals)} to {number(100 * high, decimals)}{PERCENT}"


def points_text(difference: float) -> str:
    r"""Write a difference of shares in points with its sign.

    Examples
    --------
    >>> points_text(0.031), points_text(-0.5085), points_text(0.0)
    ('+3.1', '\u221250.8', '0.0')
    """
    text = number(100 * difference, 1)
    return f"+{text}" if difference > 0 and text != "0.0" else text


def hours_text(hours: float) -> str:
    """Write hours, in minutes where they are few; empty where it is not known.

    Examples
    --------
    >>> hours_text(33.25), hours_text(5.94), hours_text(0.5), hours_text(float("nan"))
    ('33 hours', '5.9 hours', '30 minutes', '')
    """
    if not decimal(hours):
        return ""
    if abs(hours) < 1:
        minutes = number(hours * MINUTES, 0)
        return f"{minutes} {'minute' if minutes == '1' else 'minutes'}"
    return f"{hours:,.0f} hours" if abs(hours) >= FEW_HOURS else f"{number(hours, 1)} hours"


def value_text(value: float, unit: str) -> str:
    """Write the value of a metric in its unit; empty where it is not known.

    Examples
    --------
    >>> value_text(12.0, "count"), value_text(4.125, "points"), value_text(1.5, "count per ticket")
    ('12', '4.12', '1.50 per ticket')
    """
    if not decimal(value):
        return ""
    if unit == "share":
        return share_text(value)
    if unit == "hours":
        return hours_text(value)
    if unit == "count":
        return f"{value:,.0f}" if float(value).is_integer() else number(value, 1)
    return number(value) + (" per ticket" if unit == "count per ticket" else "")


def level_text(level: float) -> str:
    """Write a level of a skill; empty where somebody is not assessed."""
    return f"{level:.2f}".rstrip("0").rstrip(".") if decimal(level) else ""


def doubts_grid(doubts: Iterable[tuple[str, str]]) -> Grid:
    """List flags by their word with all that each is about and what it means."""
    about: dict[str, list[str]] = {}
    for flag, part in doubts:
        key, _, rest = flag.partition(":")
        said = ": ".join(text for text in (part, rest.strip()) if text)
        about.setdefault(key, []).append(said or "the whole")
    rows = []
    for key, parts in sorted(about.items()):
        meaning = MEANINGS.get(key, key).rstrip(".").replace("NaN", "not known")
        rows.append((key, ", ".join(dict.fromkeys(parts)), f"{meaning[:1].upper()}{meaning[1:]}."))
    return Grid(caption="Flags of the results", header=("Flag", "About", "What it means"), rows=rows, n_texts=3)
