"""The critical path of a network of activities and links of four kinds, on arrays."""

from __future__ import annotations

from leadkit.wbs.network._checking import LINK_KINDS
from leadkit.wbs.network._cpm import cpm
from leadkit.wbs.network._cycles import find_cycle
from leadkit.wbs.network._prepared import PreparedNetwork
from leadkit.wbs.network._result import CriticalPath

__all__ = ["LINK_KINDS", "CriticalPath", "PreparedNetwork", "cpm", "find_cycle"]
