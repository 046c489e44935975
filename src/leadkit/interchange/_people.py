"""What the readers of people share: rows gathered as columns, and an organisation made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import evolve

from leadkit.errors import Fault, OrgError
from leadkit.org import Organisation, Violation

__all__ = ["MAX_CHARS", "MAX_FIELD", "MAX_ROWS", "PeopleTable", "organisation_of", "raise_faults"]

MAX_ROWS = 2_000_000
MAX_CHARS = 1_000_000_000
MAX_FIELD = 131_072

POLICIES = ("root_tokens", "job_shares", "conflicts", "single_root", "strict")
OWN_ROW = re.compile(r"(row )([0-9]+)")
KEPT_ROW = re.compile(
    r"(.*is also that of row )([0-9]+)(?=, with (?:the same|another) manager (?:and|or) title\Z)", re.DOTALL
)
KEPT_BY = re.compile(r"((?:merged into|dropped,) row )([0-9]+)")


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
        return organisation_of({**self._columns, "dotted": self._dotted, "attributes": attributes}, policies)


def organisation_of(
    columns: Mapping[str, Any], policies: Mapping[str, Any], *, lines: Sequence[int] | None = None
) -> Organisation:
    """Build an organisation of columns and the policies that a reader was given.

    Parameters
    ----------
    columns : mapping of str to column
        Arguments of `Organisation.from_columns`.
    policies : mapping of str
        Its policies, and nothing else.
    lines : sequence of int, optional
        Line of the file on which each row begins; violations then tell these in place of rows counted from 0.

    Raises
    ------
    OrgError
        As `Organisation.from_columns`; with `lines`, the faults carry them as `row`.
    TypeError
        Something is no policy.

    Examples
    --------
    >>> columns = {"ids": ["ann", "bob"], "manager_ids": [None, "anne"]}
    >>> organisation_of(columns, {"strict": False}, lines=[2, 4]).violations[0].message
    "row 4: 'bob' reports to 'anne', which is nobody's id"
    """
    unknown = sorted(set(policies) - set(POLICIES))
    if unknown:
        msg = f"unexpected argument {unknown[0]!r}; policies: {', '.join(POLICIES)}"
        raise TypeError(msg)
    if lines is None:
        return Organisation.from_columns(**columns, **policies)
    try:
        made = Organisation.from_columns(**columns, **policies)
    except OrgError as error:
        told = OrgError.from_violations(_in_lines(violation, lines) for violation in error.violations)
        told.faults = tuple(
            Fault(violation.code, violation.message, row=violation.rows[0] if violation.rows else None)
            for violation in told.violations
        )
        raise told from None
    if not made.violations:
        return made
    return evolve(made, violations=tuple(_in_lines(violation, lines) for violation in made.violations))


def raise_faults(faults: Iterable[Fault], subject: str) -> None:
    """Raise an OrgError that lists all faults; nothing happens when there are none."""
    found = tuple(faults)
    if found:
        raise OrgError.from_faults(found, subject=subject)


def _put(columns: dict[str, list[Any]], name: str, row: int, value: Any) -> None:
    column = columns.setdefault(name, [])
    column.extend([None] * (row - len(column)))
    column.append(value)


def _in_lines(violation: Violation, lines: Sequence[int]) -> Violation:
    """Tell a violation by lines of the file; the places of rows in its texts are those where the model puts them."""

    def by_line(pattern: re.Pattern[str], text: str) -> str:
        found = pattern.match(text)
        return text if found is None else f"{found[1]}{lines[int(found[2])]}{text[found.end() :]}"

    message = by_line(KEPT_ROW, by_line(OWN_ROW, violation.message))
    repair = violation.repair and by_line(KEPT_BY, violation.repair)
    rows = tuple(lines[row] for row in violation.rows)
    return evolve(violation, rows=rows, message=message, repair=repair)
