"""People from LDIF (RFC 2849): the text in which LDAP directories are exported."""

from leadkit.interchange.ldif.reading import read_ldif

__all__ = ["read_ldif"]
