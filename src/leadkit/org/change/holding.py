"""What if a post lost its holder or got a new one: a new snapshot, the one at hand stays as it is."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from leadkit.errors import OrgError, did_you_mean
from leadkit.org._expecting import expect_organisation
from leadkit.org.organisation import Organisation
from leadkit.org.organisation.posts import VACANT, Posts, constant
from leadkit.org.organisation.viewing import CELLS
from leadkit.org.people import Person

__all__ = ["fill", "lone_post", "vacate"]

FIELDS = tuple(part.name for part in attrs.fields(Person) if part.name not in {"id", "manager_id"})
NEW_HOLDER: dict[str, Any] = {"status": "active", "name": None, "holders": 1, "shareable": False, "acting_id": None}


def vacate(organisation: Organisation, person_id: str) -> Organisation:
    """Leave a post without a holder.

    What belongs to the post stays: its place, title, team, tier, full-time equivalents, stand-in and references. What
    belonged to the holder goes: the name, the number of holders and the consent to share results.

    Parameters
    ----------
    organisation : Organisation
        The snapshot at hand.
    person_id : str
        The post.

    Returns
    -------
    Organisation
        With the status "vacant" there.

    Raises
    ------
    OrgError
        The id is unknown.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bo"], [None, "ann"], names=["Ann", "Bo"])
    >>> empty = vacate(firm, "bo").person("bo")
    >>> empty.status, empty.name
    ('vacant', None)
    """
    row = expect_organisation(organisation).index_of(person_id)
    cells = {"status": VACANT, "names": None, "holders": 1, "shareable": False}
    return organisation._replace(**_with_cells(organisation.posts, row, cells))


def fill(organisation: Organisation, post_id: str, **fields: Any) -> Organisation:
    """Give a post a new holder.

    Parameters
    ----------
    organisation : Organisation
        The snapshot at hand.
    post_id : str
        The post, vacant or not.
    **fields
        Fields of `Person`, but for `id` and `manager_id`. What belongs to the holder and is not given is that of a new
        one: `status` "active", no `name`, one of `holders`, not `shareable`; nobody stands in (`acting_id`) any more.
        All else stays as it was.

    Returns
    -------
    Organisation

    Raises
    ------
    OrgError
        An id is unknown, a value is wrong, or the status is one of a post that nobody holds.
    TypeError
        There is no such field.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bo"], [None, "ann"], status=["active", "vacant"])
    >>> fill(firm, "bo", name="Bo", fte=0.5).person("bo").fte
    0.5
    """
    _expect_fields(fields)
    row, posts = expect_organisation(organisation).index_of(post_id), organisation.posts
    person = evolve(organisation.person(post_id), **(NEW_HOLDER | fields))
    if person.status not in {"active", "absent"}:
        msg = f"status: {person.status!r} means that nobody holds {post_id!r}; expected 'active' or 'absent'"
        raise OrgError(msg)
    one = lone_post(person)
    columns = _with_cells(posts, row, {name: getattr(one, name)[0] for name in CELLS})
    acting = -1 if person.acting_id is None else organisation.index_of(person.acting_id)
    columns |= _with_cells(posts, row, {"acting": acting})
    for name, key in (("dotted", "dotted_manager_ids"), ("serves", "serves")):
        if key in fields:
            first, second = getattr(posts, name)
            others, targets = first != row, organisation.indices_of(getattr(person, key))
            columns[name] = (
                np.concatenate([first[others], np.full(targets.size, row)]),
                np.concatenate([second[others], targets]),
            )
    if "attributes" in fields:
        columns["attributes"] = {
            name: _with_cell(posts.attributes.get(name, constant("names", organisation.n)), row, text)
            for name in dict.fromkeys([*posts.attributes, *person.attributes])
            for text in [person.attributes.get(name)]
        }
    return organisation._replace(**columns)


def lone_post(person: Person) -> Posts:
    """Give one post in the codes of `Posts`, without what points to others."""
    if not isinstance(person, Person):
        msg = f"person: expected Person, got {type(person).__name__}"
        raise TypeError(msg)
    alone = evolve(person, manager_id=None, acting_id=None, dotted_manager_ids=(), serves=())
    return Organisation.from_people([alone]).posts


def _expect_fields(fields: dict[str, Any]) -> None:
    if "manager_id" in fields:
        msg = "fill: manager_id is where a post stands, not who holds it: use move"
        raise TypeError(msg)
    for name in fields:
        if name not in FIELDS:
            msg = f"fill: no field {name!r}{did_you_mean(name, FIELDS)}; fields: {', '.join(FIELDS)}"
            raise TypeError(msg)


def _with_cells(posts: Posts, row: int, cells: dict[str, Any]) -> dict[str, Any]:
    """Give copies of the columns in which a cell changes; the others are left out, so that snapshots share them."""
    changed = {name: _with_cell(getattr(posts, name), row, value) for name, value in cells.items()}
    return {name: column for name, column in changed.items() if column is not getattr(posts, name)}


def _with_cell(column: NDArray[Any], row: int, value: Any) -> NDArray[Any]:
    if column[row] == value or (column[row] != column[row] and value != value):  # noqa: PLR0124 - NaN is as good as NaN
        return column
    copy = column.copy()
    copy[row] = value
    return copy
