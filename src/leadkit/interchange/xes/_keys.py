"""Which key of XES is which column of a log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["ACTIVITY", "COLUMN_OF", "KEY_OF", "NAME", "TIME", "names_of"]

NAME: Final = "concept:name"
TIME: Final = "time:timestamp"
ACTIVITY: Final = "leadkit:activity"
"""Says in the head of a log what the names of its events are: `status` where they repeat that."""
COLUMN_OF: Final = {
    NAME: "activity",
    "lifecycle:transition": "lifecycle",
    "org:group": "group",
    "org:resource": "person",
    "leadkit:status": "status",
    "leadkit:level": "level",
    "leadkit:contact": "contact",
}
"""The column that a key of an event becomes."""
KEY_OF: Final = {column: key for key, column in COLUMN_OF.items()}
RESERVED: Final = ("ticket", "at")


def names_of(of_events: Iterable[str], of_traces: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Name the columns of the keys of events and of traces, no two alike.

    A key of XES that has its own column comes first; another one of the same name is called `xes:<key>`, and that of a trace
    `case:<key>`.

    Examples
    --------
    >>> names_of(["concept:name", "activity", "cost"], ["cost", "region"])
    ({'concept:name': 'activity', 'activity': 'xes:activity', 'cost': 'cost'}, {'cost': 'case:cost', 'region': 'region'})
    """
    events = list(of_events)
    names = {key: COLUMN_OF[key] for key in events if key in COLUMN_OF}
    taken = {*names.values(), *RESERVED}
    rest = _named([key for key in events if key not in names], taken, "xes")
    return {key: names.get(key) or rest[key] for key in events}, _named(of_traces, taken, "case")


def _named(keys: Iterable[str], taken: set[str], prefix: str) -> dict[str, str]:
    found = {}
    for key in keys:
        name = key
        while name in taken:
            name = f"{prefix}:{name}"
        taken.add(name)
        found[key] = name
    return found
