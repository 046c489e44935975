"""Reliability of a sum of items from factor models: one factor, or a general factor with group factors below it."""

from __future__ import annotations

from leadkit.stats.factors.hierarchical import HierarchicalOmega, hierarchical_omega
from leadkit.stats.factors.one import Omega, omega

__all__ = ["HierarchicalOmega", "Omega", "hierarchical_omega", "omega"]
