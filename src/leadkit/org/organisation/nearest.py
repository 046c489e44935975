"""The ids nearest to one that nobody has, found without comparing it with a million others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher

from leadkit.org.organisation.cells import ObjectArray
from leadkit.typing import IntArray

__all__ = ["nearest_ids", "unknown_id"]

N_NEAREST = 3
FEW = 2000
NEIGHBOURS = 200
MOST_EDITS = 100_000


def unknown_id(
    person_id: object, ids: ObjectArray, index: Mapping[str, int], sorted_rows: Callable[[], IntArray]
) -> str:
    """Say that nobody has this id, and who has one like it."""
    if not isinstance(person_id, str):
        return f"person ids are texts, got {person_id!r}"
    near = nearest_ids(person_id, ids, index, sorted_rows)
    return f"unknown person id {person_id!r}" + (f"; nearest: {', '.join(map(repr, near))}" if near else "")


def nearest_ids(
    person_id: str, ids: ObjectArray, index: Mapping[str, int], sorted_rows: Callable[[], IntArray]
) -> tuple[str, ...]:
    """Name the three ids most like `person_id`, by `difflib`'s ratio and then by code point.

    Among more than 2000 people only the neighbours in sorted order and the ids one slip of a key away are compared.

    Parameters
    ----------
    person_id : str
        An id that nobody has.
    ids : (n,) object array
        All ids.
    index : mapping of str to int
        Its keys are the ids.
    sorted_rows : callable
        Gives the rows sorted by id.

    Returns
    -------
    tuple of str
        At most three ids, nearest first.
    """
    names = ids.tolist()
    if len(names) > FEW:
        names = _candidates(person_id, names, index, sorted_rows())
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(person_id[:FEW])
    ranked = []
    for name in names:
        matcher.set_seq1(name[:FEW])
        ranked.append((-matcher.ratio(), name))
    return tuple(name for _, name in sorted(ranked)[:N_NEAREST])


def _candidates(person_id: str, names: list[str], index: Mapping[str, int], sorted_rows: IntArray) -> list[str]:
    rows = sorted_rows.tolist()
    place = bisect_left(rows, person_id, key=names.__getitem__)
    near = {names[row] for row in rows[max(place - NEIGHBOURS, 0) : place + NEIGHBOURS]}
    alphabet = set("".join(names))
    if (len(person_id) + 1) * len(alphabet) <= MOST_EDITS:
        near |= {edited for edited in _one_slip(person_id, alphabet) if edited in index}
    return list(near)


def _one_slip(text: str, alphabet: set[str]) -> set[str]:
    """Give every text that one letter left out, added, changed or swapped with its neighbour makes."""
    cuts = [(text[:place], text[place:]) for place in range(len(text) + 1)]
    return {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in alphabet),
        *(left + letter + right for left, right in cuts for letter in alphabet),
    }
