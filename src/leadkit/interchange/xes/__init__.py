"""XES, the event log of process mining (IEEE 1849): read in one pass, safely, and written."""

from __future__ import annotations

from leadkit.interchange.xes.reading import read_xes
from leadkit.interchange.xes.writing import write_xes

__all__ = ["read_xes", "write_xes"]
