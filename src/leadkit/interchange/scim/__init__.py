"""People as SCIM 2.0 users (RFC 7643): the form in which directories hand over who works where."""

from leadkit.interchange.scim.reading import read_scim
from leadkit.interchange.scim.writing import write_scim

__all__ = ["read_scim", "write_scim"]
