"""The inverted pyramid: tiers and distance to the customer, who owes what to whom, and the line of support."""

from leadkit.org.pyramid.chain import SupportChain, support_chain
from leadkit.org.pyramid.duties import Obligations, obligations
from leadkit.org.pyramid.tiers import Pyramid, build_pyramid

__all__ = ["Obligations", "Pyramid", "SupportChain", "build_pyramid", "obligations", "support_chain"]
