"""From columns or records to the rows and lines of an organisation: read, keep, connect, warn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, get_args

from leadkit.org.organisation.advisories import tell_warnings
from leadkit.org.organisation.findings import Findings
from leadkit.org.organisation.lines import Lines, solid_lines
from leadkit.org.organisation.posts import Posts
from leadkit.org.organisation.reading import Given, read_columns
from leadkit.org.organisation.references import resolve_references
from leadkit.org.organisation.rows import Conflicts, JobShares, Kept, declare_roots, expect_tokens, keep_rows
from leadkit.org.people import Person

__all__ = ["assemble", "columns_of_people"]

FIELDS = {
    "ids": "id",
    "manager_ids": "manager_id",
    "names": "name",
    "titles": "title",
    "teams": "team",
    "tiers": "tier",
    "customer_facing": "customer_facing",
    "fte": "fte",
    "holders": "holders",
    "status": "status",
    "formal_leader": "formal_leader",
    "shareable": "shareable",
    "acting_ids": "acting_id",
    "serves": "serves",
}
CODES = ("tiers", "customer_facing", "status", "formal_leader")


def assemble(
    ids: Any,
    manager_ids: Any,
    columns: Mapping[str, Any],
    dotted: Any,
    attributes: Mapping[str, Any] | None,
    *,
    root_tokens: Collection[str],
    job_shares: JobShares,
    conflicts: Conflicts,
    single_root: bool,
) -> tuple[Posts, Lines, dict[str, int], Findings]:
    """Make rows and a tree of whatever was given, and find everything that is wrong on the way.

    Returns
    -------
    tuple
        The rows, their lines, the index from id to row, and the findings, errors included.
    """
    _expect("job_shares", job_shares, get_args(JobShares))
    _expect("conflicts", conflicts, get_args(Conflicts))
    tokens = expect_tokens(root_tokens)
    findings = Findings()
    given = read_columns(ids, manager_ids, columns, dotted, attributes, findings)
    given = declare_roots(given, tokens)
    kept = keep_rows(given, job_shares, conflicts, findings)
    rows = kept.rows
    names = given.ids[rows]
    lines = solid_lines(names, given.managers[rows], given.is_root[rows], kept.index, rows, findings)
    posts = _posts(given, kept, resolve_references(given, kept, findings))
    tell_warnings(posts, lines.tree, lines.declared_root, rows, findings, single_root=single_root)
    return posts, lines, kept.index, findings


def columns_of_people(people: Iterable[Person]) -> dict[str, Any]:
    """Lay records out in the columns of `Organisation.from_columns`."""
    records = list(people)
    for record in records:
        if not isinstance(record, Person):
            msg = f"people: expected Person, got {type(record).__name__}"
            raise TypeError(msg)
    columns: dict[str, Any] = {
        name: [getattr(record, attribute) for record in records] for name, attribute in FIELDS.items()
    }
    lines = [(record.id, manager) for record in records for manager in record.dotted_manager_ids]
    columns["dotted"] = ([person for person, _ in lines], [manager for _, manager in lines])
    names = sorted({name for record in records for name in record.attributes})
    columns["attributes"] = {name: [record.attributes.get(name) for record in records] for name in names}
    return columns


def _posts(given: Given, kept: Kept, references: Mapping[str, Any]) -> Posts:
    rows = kept.rows
    texts = {name: given.texts[name][rows] for name in ("names", "titles", "teams") if name in given.texts}
    codes = {name: values[rows] for name in CODES if (values := getattr(given, name)) is not None}
    return Posts.of(
        given.ids[rows],
        **texts,
        **codes,
        shareable=None if given.shareable is None else given.shareable[rows] == 1,
        fte=kept.fte,
        holders=kept.holders,
        attributes={name: values[rows] for name, values in given.attributes.items()},
        **references,
    )


def _expect(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        msg = f"{name}: expected one of {', '.join(map(repr, choices))}, got {value!r}"
        raise ValueError(msg)
