"""References beside the solid line: who stands in, dotted managers, and whom a support post serves."""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit.org.organisation.cells import ObjectArray, is_none
from leadkit.org.organisation.findings import Findings
from leadkit.org.organisation.posts import reference_pairs
from leadkit.org.organisation.reading import Given
from leadkit.org.organisation.rows import Kept
from leadkit.typing import IntArray

__all__ = ["resolve_references"]

DROPPED = "the reference is dropped"


def resolve_references(given: Given, kept: Kept, findings: Findings) -> dict[str, Any]:
    """Turn ids into places; tell of and drop those that are nobody's.

    Returns
    -------
    dict
        `acting`, `dotted` and `serves` as `Posts` keeps them, where the table has them.
    """
    ids = given.ids[kept.rows]
    found: dict[str, Any] = {}
    acting = given.texts.get("acting_ids")
    if acting is not None:
        found["acting"] = _acting(ids, acting[kept.rows], kept, findings)
    if given.dotted is not None:
        found["dotted"] = _dotted(ids, given.dotted, kept, findings)
    if given.serves is not None:
        found["serves"] = _serves(ids, given.serves, kept, findings)
    return found


def _places(texts: ObjectArray, index: dict[str, int]) -> IntArray:
    return np.fromiter(map(index.get, texts.tolist(), repeat(-1)), dtype=np.int64, count=len(texts))


def _unknown(findings: Findings, ids: tuple[str, ...], rows: tuple[int, ...], what: str, text: str) -> None:
    message = f"{f'row {rows[0]}: ' if rows else ''}{what} {text!r}, which is nobody's id"
    findings.add("unknown_reference", ids, rows, message, repair=DROPPED)


def _acting(ids: ObjectArray, texts: ObjectArray, kept: Kept, findings: Findings) -> IntArray:
    places = _places(texts, kept.index)
    for place in np.flatnonzero(~is_none(texts) & (places < 0)).tolist():
        _unknown(
            findings, (str(ids[place]),), (int(kept.rows[place]),), f"{ids[place]!r} has as stand-in", texts[place]
        )
    for place in np.flatnonzero(places == np.arange(len(ids))).tolist():
        findings.bad_value(int(kept.rows[place]), ids[place], "acting_ids", "nobody stands in for themselves")
        places[place] = -1
    return places


def _dotted(
    ids: ObjectArray, pair: tuple[ObjectArray, ObjectArray], kept: Kept, findings: Findings
) -> tuple[IntArray, IntArray]:
    people, managers = (_places(texts, kept.index) for texts in pair)
    readable = ~is_none(pair[0]) & ~is_none(pair[1])
    for line in np.flatnonzero(readable & (people < 0)).tolist():
        _unknown(findings, (), (), f"dotted line {line} is that of", pair[0][line])
    for line in np.flatnonzero(readable & (people >= 0) & (managers < 0)).tolist():
        person = people[line]
        what = f"{ids[person]!r} has as dotted manager"
        _unknown(findings, (str(ids[person]),), (int(kept.rows[person]),), what, pair[1][line])
    both = (people >= 0) & (managers >= 0)
    return reference_pairs(ids, people[both], managers[both])


def _serves(
    ids: ObjectArray, pair: tuple[IntArray, ObjectArray], kept: Kept, findings: Findings
) -> tuple[IntArray, IntArray]:
    place_of_row = np.full(int(max(kept.rows.max(initial=0), pair[0].max(initial=0))) + 1, -1, dtype=np.int64)
    place_of_row[kept.rows] = np.arange(len(kept.rows))
    provider: NDArray[Any] = place_of_row[pair[0]]
    served = _places(pair[1], kept.index)
    for line in np.flatnonzero((provider >= 0) & (served < 0)).tolist():
        place = provider[line]
        _unknown(findings, (str(ids[place]),), (int(kept.rows[place]),), f"{ids[place]!r} serves", pair[1][line])
    for line in np.flatnonzero((provider >= 0) & (served == provider)).tolist():
        place = provider[line]
        findings.bad_value(int(kept.rows[place]), ids[place], "serves", "a post does not serve itself", DROPPED)
    both = (provider >= 0) & (served >= 0) & (provider != served)
    return reference_pairs(ids, provider[both], served[both])
