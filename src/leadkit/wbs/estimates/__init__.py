"""How long a part of the work may take: one number, a range, or three points."""

from leadkit.wbs.estimates.estimate import Estimate, EstimateKind, TimeUnit

__all__ = ["Estimate", "EstimateKind", "TimeUnit"]
