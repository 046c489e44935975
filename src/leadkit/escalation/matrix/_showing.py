"""How a matrix shows itself in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit._results import MOST_ROWS_SHOWN, html_table

if TYPE_CHECKING:
    from leadkit.escalation.matrix.grid import Matrix

__all__ = ["matrix_html"]


def matrix_html(matrix: Matrix) -> str:
    """Draw a table with a row a domain and a column a level, the people of each cell in it."""
    header = ("domain", *(level.name or level.id for level in matrix.levels))
    rows = [
        (domain.name or domain.id, *(_people(matrix, domain.id, level) for level in matrix.level_ids))
        for domain in matrix.domains[:MOST_ROWS_SHOWN]
    ]
    rest = len(matrix.domains) - len(rows)
    return html_table("Matrix", header, rows) + (f"<p>... and {rest} more domains</p>" if rest else "")


def _people(matrix: Matrix, domain: str, level: str) -> str | None:
    people = matrix.at(domain, level)
    rest = len(people) - MOST_ROWS_SHOWN
    told = ", ".join(people[:MOST_ROWS_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
    return told or None
