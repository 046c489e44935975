"""The flags of results about an organisation: short words that a result carries, and what each says."""

from __future__ import annotations

from collections.abc import Mapping

from leadkit._fields import FrozenMapping

__all__ = ["ORG_FLAGS"]

ORG_FLAGS: Mapping[str, str] = FrozenMapping(
    {
        "disclosed": "Numbers that rest on too few people are hidden; this result may be shown.",
    }
)
"""Every flag of `leadkit.org` and the sentence it stands for."""
