"""Steady states in closed form: Erlang's formulas, queues with and without abandonment, the square root rule."""

from leadkit.queueing.erlang.abandonment import asa, erlang_a, occupancy
from leadkit.queueing.erlang.blocking import erlang_b, erlang_c
from leadkit.queueing.erlang.measures import QueueMeasures, mmc, wait_quantile
from leadkit.queueing.erlang.square_root import beta_for_delay, halfin_whitt, square_root_servers

__all__ = [
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
]
