"""Which rows of a table of people are kept: roots told by tokens, ids given more than once, job shares."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import evolve, frozen

from leadkit.org.organisation.cells import is_none
from leadkit.org.organisation.findings import Findings
from leadkit.org.organisation.reading import Given
from leadkit.typing import FloatArray, IntArray

__all__ = ["Conflicts", "JobShares", "Kept", "declare_roots", "keep_rows"]

JobShares: TypeAlias = Literal["error", "merge"]
Conflicts: TypeAlias = Literal["error", "keep_first", "prefer_root"]


@frozen(kw_only=True, eq=False)
class Kept:
    """The rows that make the organisation, one an id.

    Parameters
    ----------
    rows : (n,) int array
        Rows of the table, ascending.
    index : dict of str to int
        Id to place in `rows`.
    fte : (n,) float array, optional
        Full-time equivalents after merging.
    holders : (n,) int array, optional
        Holders after merging.
    """

    rows: IntArray
    index: dict[str, int]
    fte: FloatArray | None
    holders: IntArray | None


def declare_roots(given: Given, tokens: Sequence[str]) -> Given:
    """Make roots of the rows whose manager is a root token and no person's id."""
    if not tokens:
        return given
    known = set(given.ids.tolist())
    marks = {token.strip().casefold() for token in tokens if token not in known}
    if not marks:
        return given
    there = np.flatnonzero(~is_none(given.managers))
    texts = given.managers[there].tolist()
    named = {text for text in set(texts) if text.strip().casefold() in marks and text not in known}
    rows = there[[text in named for text in texts]]
    managers, is_root = given.managers.copy(), given.is_root.copy()
    managers[rows] = None
    is_root[rows] = True
    return evolve(given, managers=managers, is_root=is_root)


def keep_rows(given: Given, job_shares: JobShares, conflicts: Conflicts, findings: Findings) -> Kept:
    """Keep one row an id by the policies, and tell of every other."""
    rows = np.flatnonzero(~is_none(given.ids))
    names = given.ids[rows].tolist()
    index = dict(zip(names, range(len(names)), strict=True))
    if len(index) == len(names):
        return _kept(given, rows, index)
    kept = _kept_row(given, rows, names, prefer_root=conflicts == "prefer_root")
    others, keepers = rows[kept != rows], kept[kept != rows]
    is_share = _same_post(given, others, keepers)
    for row, keeper, share in zip(others.tolist(), keepers.tolist(), is_share.tolist(), strict=True):
        _tell(str(given.ids[row]), row, keeper, findings, job_shares if share else conflicts, is_share=share)
    if job_shares == "merge":
        given = _merged(given, others[is_share], keepers[is_share])
    rows = np.unique(kept)
    names = given.ids[rows].tolist()
    return _kept(given, rows, dict(zip(names, range(len(names)), strict=True)))


def _kept(given: Given, rows: IntArray, index: dict[str, int]) -> Kept:
    return Kept(
        rows=rows,
        index=index,
        fte=None if given.fte is None else given.fte[rows],
        holders=None if given.holders is None else given.holders[rows],
    )


def _kept_row(given: Given, rows: IntArray, names: list[str], *, prefer_root: bool) -> IntArray:
    """Find for each row the one that stands for its id."""
    first: dict[str, int] = {}
    group = np.array([first.setdefault(name, place) for place, name in enumerate(names)], dtype=np.int64)
    keeper = np.arange(len(names))
    if prefer_root:
        roots = np.flatnonzero(given.is_root[rows])[::-1]
        # written from the last to the first, so the first root of an id stays
        keeper[group[roots]] = roots
    kept: IntArray = rows[keeper[group]]
    return kept


def _same_post(given: Given, others: IntArray, keepers: IntArray) -> Any:
    same = np.equal(given.managers[others], given.managers[keepers]).astype(bool)
    same &= given.is_root[others] == given.is_root[keepers]
    titles = given.texts.get("titles")
    return same if titles is None else same & np.equal(titles[others], titles[keepers]).astype(bool)


def _tell(person_id: str, row: int, keeper: int, findings: Findings, policy: str, *, is_share: bool) -> None:
    code = "duplicate_id" if is_share else "conflicting_duplicate"
    what = "the same manager and title" if is_share else "another manager or title"
    findings.add(
        code,
        (person_id,),
        (row,),
        f"row {row}: id {person_id!r} is also that of row {keeper}, with {what}",
        severity="error" if policy == "error" else "warning",
        repair=f"merged into row {keeper}" if policy == "merge" else f"dropped, row {keeper} is kept",
    )


def _merged(given: Given, others: IntArray, keepers: IntArray) -> Given:
    """Add the full-time equivalents and holders of job shares to the kept rows."""
    if not others.size:
        return given
    holders = np.ones(len(given.ids), dtype=np.int64) if given.holders is None else given.holders.copy()
    np.add.at(holders, keepers, holders[others])
    if given.fte is None:
        return evolve(given, holders=holders)
    fte = given.fte.copy()
    posts = np.unique(keepers)
    share, post = np.concatenate([posts, others]), np.concatenate([posts, keepers])
    # smallest first, so that the sum does not depend on the order of the rows
    order = np.lexsort((given.fte[share], post))
    fte[posts] = np.add.reduceat(given.fte[share[order]], np.searchsorted(post[order], posts))
    return evolve(given, fte=fte, holders=holders)


def expect_tokens(tokens: Collection[str]) -> tuple[str, ...]:
    """Return root tokens as a tuple; one text in place of several is refused."""
    if isinstance(tokens, str) or not all(isinstance(token, str) for token in tokens):
        msg = f"root_tokens: expected a sequence of texts, got {tokens!r}"
        raise ValueError(msg)
    return tuple(tokens)
