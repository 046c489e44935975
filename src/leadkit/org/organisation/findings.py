"""What is found wrong while a table of people is read, kept in an order that does not depend on that of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import normalize

from leadkit.errors import OrgError
from leadkit.org.people import Severity, Violation

__all__ = ["Findings", "folded", "listed"]

CODES = (
    "blank_id",
    "duplicate_id",
    "conflicting_duplicate",
    "unknown_manager",
    "self_manager",
    "cycle",
    "unreachable",
    "no_root",
    "multiple_roots",
    "unknown_reference",
    "bad_value",
    "id_case_or_space",
    "inactive_manager",
    "vacancy_chain",
    "dotted_cycle",
)
RANK = {code: rank for rank, code in enumerate(CODES)}
MOST_LISTED = 5


class Findings:
    """The violations found so far."""

    def __init__(self) -> None:
        self._found: list[Violation] = []

    def add(
        self,
        code: str,
        ids: Sequence[str],
        rows: Iterable[int],
        message: str,
        *,
        severity: Severity = "error",
        repair: str | None = None,
    ) -> None:
        """Keep one violation."""
        self._found.append(Violation(code, severity, tuple(ids), tuple(rows), message, repair))

    def bad_value(self, row: int, person_id: object, column: str, what: str, repair: str = "None") -> None:
        """Keep what is wrong with one cell; `repair` is what it becomes."""
        ids = (person_id,) if isinstance(person_id, str) else ()
        whose = f" ({person_id!r})" if ids else ""
        repaired = repair if repair.startswith("the ") else f"{column} becomes {repair}"
        self.add("bad_value", ids, (row,), f"row {row}{whose}: {column}: {what}", repair=repaired)

    def in_order(self) -> tuple[Violation, ...]:
        """Give all violations by code in the order of the specification, then by ids and rows."""
        return tuple(sorted(self._found, key=lambda found: (RANK[found.code], found.ids, found.rows)))

    def raise_errors(self) -> None:
        """Raise everything that was found in one OrgError if an error is among it."""
        found = self.in_order()
        errors = [violation for violation in found if violation.severity == "error"]
        if errors:
            raise OrgError.from_violations(errors + [violation for violation in found if violation.severity != "error"])


def folded(person_id: str) -> str:
    """Reduce an id to what is left of it after strip, NFC and case-folding.

    Examples
    --------
    >>> folded(" P7 ")
    'p7'
    """
    return normalize("NFC", person_id.strip()).casefold()


def listed(ids: Sequence[str]) -> str:
    """Name the first few ids and count the rest.

    Examples
    --------
    >>> listed(["a", "b", "c", "d", "e", "f", "g"])
    "'a', 'b', 'c', 'd', 'e' and 2 more"
    """
    more = f" and {len(ids) - MOST_LISTED} more" if len(ids) > MOST_LISTED else ""
    return ", ".join(map(repr, ids[:MOST_LISTED])) + more
