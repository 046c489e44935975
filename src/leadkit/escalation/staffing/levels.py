"""How many people each level of a chain needs, where each level passes a share of its tickets on to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import float_array
from leadkit._results import TableResult
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.staffing._targets import LEVEL_TARGETS, rate_faults, rates_faults, share_faults, target_faults
from leadkit.queueing.staffing import Staffing, required_servers
from leadkit.typing import FloatArray

__all__ = ["LevelStaffing", "staff_levels"]

APPROXIMATION = "approximation:departures_not_poisson"


@frozen(kw_only=True, eq=False)
class LevelStaffing(TableResult):
    """What each level of a chain needs.

    Parameters
    ----------
    arrival_rates : (n_levels,) array
        Arrivals a unit of time at each level.
    rows : tuple of leadkit.queueing.Staffing
        The levels from the first up.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> found = staff_levels(10.0, [6.0, 2.0], [0.3], targets={"max_occupancy": 0.8})
    >>> found.arrival_rates.tolist(), [row.servers for row in found.rows]
    ([10.0, 3.0], [3, 2])
    """

    arrival_rates: FloatArray = field(converter=float_array)
    rows: tuple[Staffing, ...] = field(converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a level: its rank from 1, its arrival rate, and the fields of its `Staffing`."""
        return [
            {"level": rank, "arrival_rate": float(rate), **row.to_dict(), "flags": " ".join(row.flags)}
            for rank, (rate, row) in enumerate(zip(self.arrival_rates, self.rows, strict=True), start=1)
        ]


def staff_levels(
    external_rate: float,
    service_rates: Sequence[float],
    escalate: Sequence[float],
    *,
    patience_rates: Sequence[float | None] | None = None,
    targets: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> LevelStaffing:
    """Find the least people on each level of a chain that keep the promises of that level.

    Where everybody stays the levels are a Jackson network, and exact. Where people give up the next level is taken as if
    those passed on came at random, which their departures do not quite do; the result is flagged.

    Parameters
    ----------
    external_rate : float
        Arrivals a unit of time at the first level, at least 0.
    service_rates : sequence of float
        Services a unit of time that one person of the level can do, above 0; one a level.
    escalate : sequence of float
        Share of those served at a level who go on to the next, in 0..1; one a level but the last.
    patience_rates : sequence of float or None, optional
        Rate at which somebody waiting at the level gives up, above 0; None where nobody does. One a level.
    targets : mapping, or sequence of mappings
        Keywords of `leadkit.queueing.required_servers` (`service_level`, `threshold`, `variant`, `short`, `max_asa`,
        `max_occupancy`, `max_abandonment`, `shrinkage`, `fractional`): for every level, or one mapping a level.

    Returns
    -------
    LevelStaffing
        With one row a level.

    Raises
    ------
    ScenarioError
        A rate, a share or a target is wrong, or a length does not fit; `faults` holds all of it.

    References
    ----------
    .. [1] J. R. Jackson, "Networks of waiting lines", Operations Research 5, 1957.

    Examples
    --------
    >>> promise = {"service_level": 0.8, "threshold": 0.5, "variant": "offered"}
    >>> found = staff_levels(85.0, [10.0, 4.0, 3.0], [0.2, 0.3], targets=promise)
    >>> [row.servers for row in found.rows], found.arrival_rates
    ([9, 5, 3], array([85. , 17. ,  5.1]))
    """
    rates, shares, patience, promises = _checked(external_rate, service_rates, escalate, patience_rates, targets)
    arrivals, rows = [float(external_rate)], []
    for place, rate in enumerate(rates):
        row = required_servers(arrivals[place], rate, patience_rate=patience[place], **promises[place])
        rows.append(row)
        if place < len(shares):
            arrivals.append(arrivals[place] * (1 - row.p_abandon) * shares[place])
    gives_up = any(rate is not None for rate in patience[:-1])
    return LevelStaffing(arrival_rates=arrivals, rows=rows, flags=(APPROXIMATION,) if gives_up else ())


def _checked(
    external_rate: object, service_rates: object, escalate: object, patience_rates: object, targets: object
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float | None, ...], tuple[dict[str, Any], ...]]:
    rates, shares = as_tuple(service_rates), as_tuple(escalate)
    faults = rate_faults(external_rate, "external_rate") + rates_faults(rates, "service_rates", above_zero=True)
    n = len(rates) if isinstance(rates, tuple) else 0
    if not isinstance(shares, tuple) or len(shares) != max(n - 1, 0):
        got = len(shares) if isinstance(shares, tuple) else repr(shares)
        faults.append(Fault("escalate", f"expected a list of {max(n - 1, 0)}, one a level but the last, got {got}"))
    else:
        faults += [fault for place, one in enumerate(shares) for fault in share_faults(one, f"escalate[{place}]")]
    patience = (None,) * n if patience_rates is None else as_tuple(patience_rates)
    if not isinstance(patience, tuple) or len(patience) != n:
        faults.append(Fault("patience_rates", f"expected a list of {n}, one a level, got {patience_rates!r}"))
        patience = (None,) * n
    wrong = [
        fault
        for place, rate in enumerate(patience)
        if rate is not None
        for fault in rate_faults(rate, f"patience_rates[{place}]", above_zero=True)
    ]
    faults += wrong
    promises = (targets,) * n if isinstance(targets, Mapping) else as_tuple(targets)
    if not isinstance(promises, tuple) or len(promises) != n:
        faults.append(Fault("targets", f"expected a mapping, or a list of {n}, got {targets!r}"))
    elif not wrong:
        is_one = isinstance(targets, Mapping)
        found = [
            target_faults(one, "targets" if is_one else f"targets[{place}]", LEVEL_TARGETS, patience_rate=rate)
            for place, (one, rate) in enumerate(zip(promises, patience, strict=True))
        ]
        faults += [fault for place, ones in enumerate(found) for fault in ones if ones not in found[:place]]
    raise_faults(faults, "levels", ScenarioError)
    return (
        cast("tuple[float, ...]", rates),
        cast("tuple[float, ...]", shares),
        cast("tuple[float | None, ...]", patience),
        tuple(dict(cast("Mapping[str, Any]", one)) for one in cast("tuple[Any, ...]", promises)),
    )
