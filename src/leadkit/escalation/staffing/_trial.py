"""Whether a mix of people keeps its promises: by Erlang's formulas where they hold, else by a simulation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from leadkit.queueing.erlang import erlang_a, mmc
from leadkit.queueing.first_come import fcfs
from leadkit.queueing.service_levels import NEED_SHORT, service_level, service_level_counts
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Trial", "groups_of", "try_mix"]

WARMUP = 0.1


@frozen(kw_only=True, eq=False)
class Trial:
    """What each skill would get from a mix of people, in the order of the skills."""

    levels: FloatArray
    missed: BoolArray
    too_busy: bool
    method: str

    @property
    def keeps_all(self) -> bool:
        """Whether every promise is kept."""
        return not (self.too_busy or bool(self.missed.any()))


def try_mix(
    counts: IntArray,
    serves: BoolArray,
    demand: FloatArray,
    service_rate: float,
    targets: Mapping[str, Any],
    *,
    customers: int,
    seed: int,
) -> Trial:
    """Look at the steady state of a mix.

    Parameters
    ----------
    counts : (n_profiles,) array of int
        People of each profile.
    serves : (n_profiles, n_skills) array of bool
        Who can serve what.
    demand : (n_skills,) array
        Arrival rate of each skill, above 0.
    service_rate : float
        Services a unit of time of one person.
    targets : mapping
        Keywords of `required_servers`, checked.
    customers, seed : int
        Size and start of the simulation.
    """
    there = serves[counts > 0]
    groups = groups_of(there)
    if all(there[(there & group).any(axis=1)][:, group].all() for group in groups):
        return _by_formula(counts, serves, demand, service_rate, targets, groups)
    return _by_simulation(counts, serves, demand, service_rate, targets, customers=customers, seed=seed)


def groups_of(serves: BoolArray) -> list[BoolArray]:
    """Split the skills into groups that no profile reaches across."""
    n = serves.shape[1]
    linked = np.eye(n, dtype=np.bool_) | (serves.T.astype(np.int64) @ serves.astype(np.int64) > 0)
    for _ in range(n.bit_length()):
        linked = linked.astype(np.int64) @ linked.astype(np.int64) > 0
    return [linked[place] for place in range(n) if not linked[place, :place].any()]


def _by_formula(
    counts: IntArray,
    serves: BoolArray,
    demand: FloatArray,
    service_rate: float,
    targets: Mapping[str, Any],
    groups: list[BoolArray],
) -> Trial:
    levels, missed = np.full(len(demand), np.nan), np.zeros(len(demand), dtype=np.bool_)
    carried, patience = 0.0, targets.get("patience_rate")
    for group in groups:
        people = int(counts[(serves & group).any(axis=1)].sum())
        rates = (people, float(demand[group].sum()), service_rate)
        state = mmc(*rates) if patience is None else erlang_a(*rates, patience)
        if targets.get("variant"):
            levels[group] = service_level(
                *rates,
                targets["threshold"],
                variant=targets["variant"],
                patience_rate=patience,
                short=targets.get("short"),
            )
        found = (float(levels[group][0]), float(state.mean_wait_served), float(state.p_abandon))
        missed[group] = bool(state.saturated) or _misses(targets, *found)
        carried += float(state.occupancy) * people
    busy = carried / max(int(counts.sum()), 1)
    return Trial(levels=levels, missed=missed, too_busy=_is_above(busy, targets), method="erlang")


def _by_simulation(
    counts: IntArray,
    serves: BoolArray,
    demand: FloatArray,
    service_rate: float,
    targets: Mapping[str, Any],
    *,
    customers: int,
    seed: int,
) -> Trial:
    """Draw the same customers for every mix; whoever can do least comes first among those who are free as long."""
    rng = np.random.default_rng(seed)
    total = float(demand.sum())
    arrival = np.cumsum(rng.exponential(size=customers)) / total
    kind = np.searchsorted(np.cumsum(demand)[:-1] / total, rng.random(customers), side="right")
    service = rng.exponential(size=customers) / service_rate
    patience_rate = targets.get("patience_rate")
    patience = None if patience_rate is None else rng.exponential(size=customers) / patience_rate
    order = np.argsort(serves.sum(axis=1), kind="stable")
    eligible = np.repeat(serves[order], counts[order], axis=0).T
    trace = fcfs(arrival, service, int(counts.sum()), patience=patience, kind=kind, eligible=eligible)
    counted = np.arange(customers) >= WARMUP * customers
    levels, missed = np.full(len(demand), np.nan), np.zeros(len(demand), dtype=np.bool_)
    for skill in range(len(demand)):
        mine = counted & (kind == skill)
        wait, left = trace.wait[mine], trace.abandoned[mine]
        levels[skill] = _level(wait, left, targets)
        asa = float(wait[~left].mean()) if np.any(~left) else math.nan
        missed[skill] = not len(wait) or _misses(targets, float(levels[skill]), asa, float(left.mean()))
    served = counted & ~trace.abandoned
    span = float(arrival[-1] - arrival[counted][0])
    busy = float(service[served].sum()) / max(span * int(counts.sum()), np.finfo(np.float64).tiny)
    return Trial(levels=levels, missed=missed, too_busy=_is_above(busy, targets), method="simulation")


def _is_above(busy: float, targets: Mapping[str, Any]) -> bool:
    most = targets.get("max_occupancy")
    return most is not None and busy > most


def _level(wait: FloatArray, left: BoolArray, targets: Mapping[str, Any]) -> float:
    if not targets.get("variant"):
        return math.nan
    in_time = wait <= targets["threshold"]
    short = wait <= targets["short"] if targets["variant"] in NEED_SHORT else in_time
    return float(
        service_level_counts(
            answered=int((~left).sum()),
            abandoned=int(left.sum()),
            answered_in_time=int((in_time & ~left).sum()),
            abandoned_in_time=int((in_time & left).sum()),
            abandoned_short=int((short & left).sum()),
            variant=targets["variant"],
        )
    )


def _misses(targets: Mapping[str, Any], level: float, asa: float, abandoned: float) -> bool:
    """Tell whether a promise to the people of one skill is broken; what is NaN keeps none."""
    least, longest, most = (targets.get(name) for name in ("service_level", "max_asa", "max_abandonment"))
    return (
        (least is not None and not level >= least)
        or (longest is not None and not asa <= longest)
        or (most is not None and not abandoned <= most)
    )
