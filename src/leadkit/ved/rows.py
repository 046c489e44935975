"""What results with a row a person share: masks of flags, groups, standard errors, and a short table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from leadkit._fields import frozen_mapping
from leadkit._results import html_table
from leadkit.assessment.provenance import Provenance
from leadkit.errors import DisclosureError
from leadkit.typing import BoolArray


def refuse_evaluations(provenance: Provenance) -> None:
    """Refuse to show rows that are evaluations: each tells what one rater said about a person.

    Raises
    ------
    DisclosureError
        The rows come from ratings.
    """
    if provenance.rules.get("rows") == "evaluations":
        msg = (
            "each row is what a single rater said about a person, so it is for analysis only; read the arrays, and for "
            "what may be shown call disclose(feedback(ratings), policy)"
        )
        raise DisclosureError(msg)


def errors_of_scales(sem: Mapping[str, float]) -> Mapping[str, float]:
    """Keep the standard errors by scale id."""
    return frozen_mapping(sem)


def flags_of_rows(flags: Mapping[str, BoolArray], n: int) -> list[str]:
    """Join the flags of each of the first `n` rows of (rows, columns) masks, in alphabetical order, by a space."""
    rows = np.full(n, "", dtype=object)
    for name in sorted(flags):
        rows[flags[name][:n].any(axis=1)] += f" {name}"
    return [row.lstrip() for row in rows.tolist()]


def short_table(caption: str, records: Sequence[Mapping[str, Any]], total: int) -> str:
    """Render the first records of `total` as HTML, and count the rest."""
    header = tuple(records[0]) if records else ()
    table = html_table(caption, header, [tuple(record.values()) for record in records])
    rest = total - len(records)
    return table + (f"<p>... and {rest} more rows</p>" if rest else "")
