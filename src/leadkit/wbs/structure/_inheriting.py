"""Who has which role where, when entries hold for everything below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leadkit.wbs.structure._outline import Outline
from leadkit.wbs.structure.accounts import Raci, RaciRole

__all__ = ["roles_in"]


def roles_in(outline: Outline, raci: Iterable[Raci]) -> list[Mapping[RaciRole, tuple[str, ...]]]:
    """Give for every node in outline order each role that somebody has there, with the people sorted by id."""
    own: dict[int, dict[RaciRole, set[str]]] = {}
    for entry in raci:
        own.setdefault(outline.place[entry.node], {}).setdefault(entry.role, set()).add(entry.person)
    roles: list[Mapping[RaciRole, tuple[str, ...]]] = []
    for i, above in enumerate(outline.above):
        inherited = roles[above] if above >= 0 else {}
        stated = own.get(i)
        if stated is None:
            roles.append(inherited)
        else:
            roles.append({**inherited, **{role: tuple(sorted(people)) for role, people in stated.items()}})
    return roles
