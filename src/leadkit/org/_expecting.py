"""What a function about an organisation takes, and nothing else."""

from __future__ import annotations

from leadkit.errors import OrgError
from leadkit.org.organisation import Organisation

__all__ = ["expect_organisation"]


def expect_organisation(value: object) -> Organisation:
    """Return an organisation; refuse anything else.

    Raises
    ------
    OrgError
        It is something else.
    """
    if not isinstance(value, Organisation):
        msg = f"organisation: expected an Organisation, got {type(value).__name__}"
        raise OrgError(msg)
    return value
