"""An organisation over time: dated rows, what differs between two snapshots, and what if."""

from __future__ import annotations

from leadkit.org.change.differing import OrgDiff, diff
from leadkit.org.change.history import History
from leadkit.org.change.holding import fill, vacate
from leadkit.org.change.moving import insert, move, remove

__all__ = ["History", "OrgDiff", "diff", "fill", "insert", "move", "remove", "vacate"]
