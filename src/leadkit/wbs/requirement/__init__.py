"""What is missing: where the team is too small for its plan, and the documented requirement for HR."""

from leadkit.wbs.requirement._lines import RequestLine
from leadkit.wbs.requirement.gap import ShortageRow, Single, StaffingGap, staffing_gap
from leadkit.wbs.requirement.request import ResourceRequest, resource_request

__all__ = [
    "RequestLine",
    "ResourceRequest",
    "ShortageRow",
    "Single",
    "StaffingGap",
    "resource_request",
    "staffing_gap",
]
