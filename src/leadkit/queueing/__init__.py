"""How long people wait, how many servers that takes, and what a queue does customer by customer; every module loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadkit.queueing.erlang import (
        QueueMeasures,
        asa,
        beta_for_delay,
        erlang_a,
        erlang_b,
        erlang_c,
        halfin_whitt,
        mmc,
        occupancy,
        square_root_servers,
        wait_quantile,
    )
    from leadkit.queueing.events import event_heap, event_heap_levels
    from leadkit.queueing.first_come import fcfs, fcfs_levels
    from leadkit.queueing.flags import QUEUEING_FLAGS
    from leadkit.queueing.network import NetworkMeasures, jackson
    from leadkit.queueing.service_levels import SERVICE_LEVEL_VARIANTS, service_level, service_level_counts
    from leadkit.queueing.staffing import Staffing, required_servers
    from leadkit.queueing.traces import LevelTrace, QueueTrace

__all__ = [
    "QUEUEING_FLAGS",
    "SERVICE_LEVEL_VARIANTS",
    "LevelTrace",
    "NetworkMeasures",
    "QueueMeasures",
    "QueueTrace",
    "Staffing",
    "asa",
    "beta_for_delay",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "event_heap",
    "event_heap_levels",
    "fcfs",
    "fcfs_levels",
    "halfin_whitt",
    "jackson",
    "mmc",
    "occupancy",
    "required_servers",
    "service_level",
    "service_level_counts",
    "square_root_servers",
    "wait_quantile",
]

MODULES = {
    "erlang": (
        "QueueMeasures",
        "asa",
        "beta_for_delay",
        "erlang_a",
        "erlang_b",
        "erlang_c",
        "halfin_whitt",
        "mmc",
        "occupancy",
        "square_root_servers",
        "wait_quantile",
    ),
    "events": ("event_heap", "event_heap_levels"),
    "first_come": ("fcfs", "fcfs_levels"),
    "flags": ("QUEUEING_FLAGS",),
    "network": ("NetworkMeasures", "jackson"),
    "service_levels": ("SERVICE_LEVEL_VARIANTS", "service_level", "service_level_counts"),
    "staffing": ("Staffing", "required_servers"),
    "traces": ("LevelTrace", "QueueTrace"),
}
HOMES = {name: module for module, names in MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module of a public name on first use (PEP 562)."""
    if name in HOMES:
        return getattr(import_module(f"leadkit.queueing.{HOMES[name]}"), name)
    msg = f"module 'leadkit.queueing' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
