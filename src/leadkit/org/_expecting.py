"""What a function about an organisation takes, and nothing else."""

from __future__ import annotations

from leadkit.errors import OrgError
from leadkit.org.organisation import Organisation

__all__ = ["expect_organisation"]


def expect_organisation(value: object, name: str = "organisation") -> Organisation:
    """Return an organisation; refuse anything else.

    Parameters
    ----------
    value : object
        What was given.
    name : str
        The argument, for the message.

    Raises
    ------
    OrgError
        It is something else.
    """
    if not isinstance(value, Organisation):
        msg = f"{name}: expected an Organisation, got {type(value).__name__}"
        raise OrgError(msg)
    return value
