"""The figures of earned value for each control account."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from leadkit._fields import FrozenMapping
from leadkit._results import plain
from leadkit.wbs.plan import Plan
from leadkit.wbs.tracking._earning import Earned
from leadkit.wbs.tracking.earned_value import Evm, EvmMethod, evm

__all__ = ["by_account", "figures_of"]

SHOWN = ("bac", "pv", "ev", "ac", "sv", "cv", "spi", "cpi", "eac", "vac")


def figures_of(
    parts: Sequence[Earned], *, bottom_up: Mapping[str, float] | None = None, method: EvmMethod = "cpi"
) -> Evm[float]:
    """Add up packages and work out their figures.

    A package without a new estimate counts what is left of its budget.
    """
    to_go = None
    if bottom_up is not None:
        rest = {part.planned.id: part.planned.budget - part.ev for part in parts}
        to_go = math.fsum({**rest, **{own: cost for own, cost in bottom_up.items() if own in rest}}.values())
    return evm(
        math.fsum(part.planned.budget for part in parts),
        math.fsum(part.pv for part in parts),
        math.fsum(part.ev for part in parts),
        math.fsum(part.cost for part in parts),
        bottom_up_etc=to_go,
        method=method,
    )


def by_account(
    plan: Plan, parts: Sequence[Earned], bottom_up: Mapping[str, float] | None
) -> tuple[Mapping[str, Any], ...]:
    """Give one record for each control account in outline order, then one for what lies below none, if anything does."""
    place = {node.id: k for k, node in enumerate(plan.wbs.nodes)}
    within: dict[str | None, list[Earned]] = {}
    for part in parts:
        account = plan.wbs.account(part.planned.id)
        within.setdefault(None if account is None else account.id, []).append(part)
    records = []
    for account in sorted(plan.wbs.control_accounts, key=lambda one: (place[one.node], one.id)):
        head = {"account": account.id, "node": account.node, "owner": account.owner, "budget": account.budget}
        records.append(head | _figures(within.get(account.id, []), bottom_up))
    if None in within:
        head = dict.fromkeys(("account", "node", "owner", "budget"))
        records.append(head | _figures(within[None], bottom_up))
    return tuple(FrozenMapping(record) for record in records)


def _figures(parts: Sequence[Earned], bottom_up: Mapping[str, float] | None) -> dict[str, Any]:
    figures = figures_of(parts, bottom_up=bottom_up, method="cpi" if bottom_up is None else "bottom_up")
    return {name: plain(getattr(figures, name)) for name in SHOWN}
