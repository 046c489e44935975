"""Service levels at 2,000 erlangs against pyworkforce, whose one model is the queue in which everybody stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pyworkforce.queuing import ErlangC

from leadkit.queueing import service_level

LOAD = 2000.0
THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
SERVERS = np.arange(2001, 2401)


def peer_levels() -> list[list[float]]:
    """Ask for one level after the other, as the peer is used."""
    peers = [ErlangC(transactions=LOAD, aht=1.0, asa=time, interval=1) for time in THRESHOLDS]
    return [[peer.service_level(int(servers)) for servers in SERVERS] for peer in peers]


def test_a_table_of_service_levels_where_everybody_stays(ratio: Callable[..., float]) -> None:
    def ours() -> Any:
        return service_level(SERVERS, LOAD, 1.0, np.array(THRESHOLDS)[:, None], variant="offered")

    assert np.allclose(ours(), peer_levels(), rtol=1e-9, atol=0)
    ratio(ours, peer_levels, at_most=1 / 500)


def test_a_table_of_service_levels_with_abandonment(ratio: Callable[..., float]) -> None:
    """The peer computes the simpler model; with endless patience both are the same."""

    def ours(patience_rate: float = 0.5) -> Any:
        times = np.array(THRESHOLDS)[:, None]
        return service_level(SERVERS, LOAD, 1.0, times, variant="offered", patience_rate=patience_rate)

    assert np.allclose(ours(1e-12), peer_levels(), rtol=1e-7, atol=0)
    ratio(ours, peer_levels, at_most=1 / 4)
