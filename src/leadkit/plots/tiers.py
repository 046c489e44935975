"""What tiers, weights and amounts of people are called wherever a person reads them."""

from __future__ import annotations

from leadkit._fields import FrozenMapping
from leadkit.org import Tier

__all__ = ["TIER_NAMES", "UNITS", "amount_text", "counted", "tier_name"]

TIER_NAMES = FrozenMapping(
    {
        Tier.CUSTOMER: "Customers",
        Tier.FRONT_LINE: "Front-line employees",
        Tier.FRONT_LINE_LEADER: "Front-line leaders",
        Tier.MIDDLE_MANAGER: "Middle managers",
        Tier.SENIOR_LEADER: "Senior leaders",
        Tier.SUPPORT: "Support",
    }
)
"""Every tier in words."""

UNITS = FrozenMapping(
    {
        "heads": ("person", "people"),
        "posts": ("post", "posts"),
        "fte": ("full-time equivalent", "full-time equivalents"),
    }
)
"""What a weight counts: one of it, and several."""


def tier_name(tier: int) -> str:
    """Write a tier by its number.

    Examples
    --------
    >>> tier_name(Tier.FRONT_LINE_LEADER), tier_name(9)
    ('Front-line leaders', 'Support')
    """
    return TIER_NAMES[Tier(tier)]


def amount_text(amount: float, weights: str) -> str:
    """Write an amount with its unit, fractions with one decimal.

    Parameters
    ----------
    amount : float
        At least 0.
    weights : {"heads", "posts", "fte"}
        What it counts.

    Examples
    --------
    >>> amount_text(1.0, "heads"), amount_text(12345.0, "posts"), amount_text(7.25, "fte")
    ('1 person', '12,345 posts', '7.2 full-time equivalents')
    """
    one, several = UNITS[weights]
    text = f"{amount:,.1f}".removesuffix(".0")
    return f"{text} {one if text == '1' else several}"


def counted(number: int, one: str, several: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "post"), counted(2000, "post"), counted(0, "duty", "duties")
    ('1 post', '2,000 posts', '0 duties')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
