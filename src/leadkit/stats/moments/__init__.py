"""Sufficient statistics that merge: of items, and of a value within groups."""

from __future__ import annotations

from leadkit.stats.moments.groups import GroupMoments
from leadkit.stats.moments.items import ItemMoments

__all__ = ["GroupMoments", "ItemMoments"]
