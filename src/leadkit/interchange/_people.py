"""What the readers of people share: rows gathered as columns, and an organisation made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leadkit.errors import Fault, OrgError
from leadkit.org import Organisation

__all__ = ["MAX_CHARS", "MAX_FIELD", "MAX_ROWS", "PeopleTable", "raise_faults"]

MAX_ROWS = 2_000_000
MAX_CHARS = 1_000_000_000
MAX_FIELD = 131_072


class PeopleTable:
    """Rows of people as they are read, column by column.

    Examples
    --------
    >>> table = PeopleTable()
    >>> table.add({"ids": "ann", "manager_ids": None}, attributes={"site": "north"})
    >>> table.add({"ids": "bob", "manager_ids": "ann"}, dotted=("ann",))
    >>> table.organisation({}).person("ann").attributes
    {'site': 'north'}
    """

    def __init__(self) -> None:
        self._columns: dict[str, list[Any]] = {"ids": [], "manager_ids": []}
        self._attributes: dict[str, list[Any]] = {}
        self._dotted: tuple[list[str], list[str]] = ([], [])
        self._n = 0

    def add(
        self,
        cells: Mapping[str, Any],
        *,
        attributes: Mapping[str, str] | None = None,
        dotted: Iterable[str] = (),
    ) -> None:
        """Add a row: cells by the column names of `Organisation.from_columns`; a column left out is missing there."""
        for name, value in cells.items():
            _put(self._columns, name, self._n, value)
        for name, text in (attributes or {}).items():
            _put(self._attributes, name, self._n, text)
        for manager in dotted:
            self._dotted[0].append(cells["ids"])
            self._dotted[1].append(manager)
        self._n += 1

    def organisation(self, policies: Mapping[str, Any]) -> Organisation:
        """Build the organisation; errors are those of `Organisation.from_columns`."""
        for columns in (self._columns, self._attributes):
            for values in columns.values():
                values.extend([None] * (self._n - len(values)))
        attributes = dict(sorted(self._attributes.items()))
        given: dict[str, Any] = {**self._columns, "dotted": self._dotted, "attributes": attributes, **policies}
        return Organisation.from_columns(**given)


def raise_faults(faults: Iterable[Fault], subject: str) -> None:
    """Raise an OrgError that lists all faults; nothing happens when there are none."""
    found = tuple(faults)
    if found:
        raise OrgError.from_faults(found, subject=subject)


def _put(columns: dict[str, list[Any]], name: str, row: int, value: Any) -> None:
    column = columns.setdefault(name, [])
    column.extend([None] * (row - len(column)))
    column.append(value)
