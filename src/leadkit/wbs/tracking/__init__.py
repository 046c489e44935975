"""How a project is going: what is done against what was planned, and when and at what cost it ends."""

from leadkit.wbs.tracking.earned_time import EarnedSchedule, earned_schedule
from leadkit.wbs.tracking.earned_value import Evm, EvmMethod, evm
from leadkit.wbs.tracking.results import PlannedValue, ProgressRow, ProgressState, Tracking
from leadkit.wbs.tracking.standing import track
from leadkit.wbs.tracking.status import Progress, Status

__all__ = [
    "EarnedSchedule",
    "Evm",
    "EvmMethod",
    "PlannedValue",
    "Progress",
    "ProgressRow",
    "ProgressState",
    "Status",
    "Tracking",
    "earned_schedule",
    "evm",
    "track",
]
