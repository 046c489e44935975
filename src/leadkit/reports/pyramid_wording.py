"""Words of a report on an organisation: what tiers, levels and rules are called, and how counts are written."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from attrs import frozen
from numpy.typing import NDArray

from leadkit.org import ORG_FLAGS, Organisation, Tier
from leadkit.org.showing import DISCLOSED
from leadkit.plots.tiers import tier_name
from leadkit.reports.figures import decimal, percent
from leadkit.reports.geometry import Bar, share
from leadkit.reports.wording import WITHHELD, flag_sentences

__all__ = [
    "NOT_SHOWN",
    "Labels",
    "amount",
    "doubts",
    "number_or_words",
    "percent_or_words",
    "share_bar",
    "tier_phrase",
]


NOT_SHOWN = (
    "A number that is “not shown” rests on too few people, would give somebody among so few away, or cannot be worked "
    "out."
)


@frozen(eq=False)
class Labels:
    """What posts are called: the name of the holder, else the title, with the id."""

    organisation: Organisation
    names: NDArray[Any]
    titles: NDArray[Any]

    @classmethod
    def of(cls, organisation: Organisation) -> Labels:
        """Look names and titles up once."""
        return cls(organisation, organisation.column("names"), organisation.column("titles"))

    def post(self, row: int) -> str:
        """Name a post by its place."""
        one = self.organisation.ids[row]
        named = self.names[row] or self.titles[row]
        return one if named is None or named == one else f"{named} ({one})"

    def by_id(self, person_id: str) -> str:
        """Name a post by its id."""
        return self.post(self.organisation.index_of(person_id))

    def listed(self, person_ids: Iterable[str]) -> str:
        """Name several posts."""
        return ", ".join(map(self.by_id, person_ids))

    def title(self, row: int) -> str:
        """Give the title of a post whose holder has a name; empty otherwise."""
        return (self.titles[row] or "") if self.names[row] else ""

    def apart(self, row: int) -> tuple[str, str]:
        """Name a post, and say what else is known: the id where it is not the name, and the title."""
        one = self.organisation.ids[row]
        named = self.names[row] or self.titles[row] or one
        return named, ", ".join(text for text in (one if named != one else "", self.title(row)) if text)


def amount(value: float) -> str:
    """Write a count, or full-time equivalents with one decimal.

    Examples
    --------
    >>> amount(12500.0), amount(7.25)
    ('12,500', '7.2')
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def number_or_words(value: float, decimals: int = 2) -> str:
    """Write a number, or that it is not shown."""
    return decimal(value, decimals) or WITHHELD


def percent_or_words(value: float) -> str:
    """Write a share as percent, or that it is not shown."""
    return percent(value) or WITHHELD


def share_bar(value: float, low: float = math.nan, high: float = math.nan) -> Bar:
    """Draw a share from 0 to 1, with the ends of its interval where they are known."""
    return Bar(value=share(value, 0, 1), low=share(low, 0, 1), high=share(high, 0, 1), mark=None, composite=False)


def doubts(flags: Iterable[str]) -> tuple[str, ...]:
    """Say what is doubtful about a result; that it was disclosed is not."""
    return flag_sentences(set(flags) - {DISCLOSED}, ORG_FLAGS)


def tier_phrase(tiers: Iterable[Tier]) -> str:
    """List tiers within a sentence."""
    return ", ".join(tier_name(tier).lower() for tier in tiers)
