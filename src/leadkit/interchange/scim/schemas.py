"""The names of SCIM: schemas, and the attributes of a user that carry something here."""

from __future__ import annotations

__all__ = ["ENTERPRISE", "LIST_RESPONSE", "MATCHED_BY", "OWN", "OWN_FACTS", "USER"]

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
OWN = "urn:leadkit:params:scim:schemas:extension:org:1.0:User"
"""Our own extension: what SCIM has no word for."""

MATCHED_BY = "scim.matched_by"
"""Attribute column that keeps by which kind of key a manager was found."""

OWN_FACTS = {
    "tier": "tiers",
    "customerFacing": "customer_facing",
    "fte": "fte",
    "holders": "holders",
    "status": "status",
    "formalLeader": "formal_leader",
    "shareable": "shareable",
    "acting": "acting_ids",
}
"""Facts of our extension and the columns of `Organisation.from_columns` that they are."""
