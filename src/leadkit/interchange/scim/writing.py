"""An organisation as a SCIM ListResponse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from leadkit.interchange.scim.schemas import ENTERPRISE, LIST_RESPONSE, OWN, USER
from leadkit.org import Organisation, Person, Tier

__all__ = ["write_scim"]


def write_scim(organisation: Organisation) -> dict[str, Any]:
    """Write people as a SCIM ListResponse of users, in the order of the organisation.

    A manager is given by value and `$ref`, never by name. What SCIM has no word for travels in an extension of our
    own, `urn:leadkit:params:scim:schemas:extension:org:1.0:User`, so that reading gives the same organisation.

    Parameters
    ----------
    organisation : leadkit.org.Organisation
        The people.

    Returns
    -------
    dict
        For `json.dumps`.

    Raises
    ------
    TypeError
        It is no organisation.

    References
    ----------
    .. [1] P. Hunt et al., "System for Cross-domain Identity Management: Core Schema", RFC 7643, 2015.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "bob"], [None, "ann"])
    >>> users = write_scim(firm)
    >>> users["totalResults"], users["Resources"][1]["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
    (2, {'manager': {'value': 'ann', '$ref': '../Users/ann'}})
    """
    if not isinstance(organisation, Organisation):
        msg = f"organisation: expected Organisation, got {type(organisation).__name__}"
        raise TypeError(msg)
    users = [_user(person) for person in organisation.people()]
    return {
        "schemas": [LIST_RESPONSE],
        "totalResults": len(users),
        "startIndex": 1,
        "itemsPerPage": len(users),
        "Resources": users,
    }


def _user(person: Person) -> dict[str, Any]:
    enterprise = _present({"department": person.team, "manager": _manager(person.manager_id)})
    user = {
        "schemas": [USER, ENTERPRISE, OWN],
        "id": person.id,
        "userName": person.id,
        **_present({"displayName": person.name, "title": person.title}),
        "active": person.status != "left",
    }
    if person.name is not None:
        user["name"] = {"formatted": person.name}
    if enterprise:
        user[ENTERPRISE] = enterprise
    user[OWN] = _own_facts(person)
    return user


def _manager(manager_id: str | None) -> dict[str, str] | None:
    return None if manager_id is None else {"value": manager_id, "$ref": f"../Users/{quote(manager_id, safe='')}"}


def _own_facts(person: Person) -> dict[str, Any]:
    facts = {
        "tier": None if person.tier is None else Tier(person.tier).name,
        "customerFacing": person.customer_facing,
        "fte": person.fte,
        "holders": person.holders if person.holders != 1 else None,
        "formalLeader": person.formal_leader,
        "shareable": person.shareable or None,
        "acting": person.acting_id,
        "dottedManagers": list(person.dotted_manager_ids) or None,
        "serves": list(person.serves) or None,
        "attributes": dict(person.attributes) or None,
    }
    return {"status": person.status, **_present(facts)}


def _present(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
