"""LDIF entries into an organisation: ids from employee numbers, managers from distinguished names."""

from __future__ import annotations

from typing import Any

from leadkit.errors import Fault, OrgError
from leadkit.interchange._people import MAX_CHARS, MAX_FIELD, MAX_ROWS, PeopleTable, raise_faults
from leadkit.interchange._text import TextSource, whole_text
from leadkit.interchange.ldif.names import normal_name
from leadkit.interchange.ldif.records import Record, records
from leadkit.org import Organisation

__all__ = ["read_ldif"]

SUBJECT = "LDIF"
WANTED = ("employeenumber", "uid", "displayname", "cn", "title", "departmentnumber", "ou", "manager")
DN = "ldif.dn"
"""Attribute column that keeps the distinguished name where it is not the id."""


def read_ldif(
    source: TextSource,
    *,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
    max_field: int = MAX_FIELD,
    **policies: Any,
) -> Organisation:
    """Read content records of LDIF.

    The id is the employee number, else the uid, else the distinguished name. A manager is a distinguished name, matched
    after normalisation (case, spaces around separators, escaped characters); the first is the solid line, further ones
    are dotted. The name is displayName, else cn; the team departmentNumber, else ou. `directReports` is never read:
    it repeats what `manager` says.

    Parameters
    ----------
    source : str or text file
        LDIF in UTF-8.
    max_rows, max_chars, max_field : int
        Most records, characters of the text, and characters of a value.
    **policies
        Those of `Organisation.from_columns`: `root_tokens`, `job_shares`, `conflicts`, `single_root`, `strict`.

    Returns
    -------
    leadkit.org.Organisation
        With the distinguished name as attribute `ldif.dn` where it is not the id.

    Raises
    ------
    OrgError
        The text is no LDIF, holds changes or URLs (every fault with its line), a limit is exceeded, or the people are
        no organisation.
    TypeError
        The source is something else.

    References
    ----------
    .. [1] G. Good, "The LDAP Data Interchange Format (LDIF)", RFC 2849, 2000.
    .. [2] K. Zeilenga, "COSINE LDAP/X.500 Schema", RFC 4524, 2006: `manager`.

    Examples
    --------
    >>> text = '''dn: cn=Ann Lee,o=Firm
    ... employeeNumber: 007
    ...
    ... dn: cn=Bob,o=Firm
    ... employeeNumber: 008
    ... manager: CN=ann lee, O=firm
    ... '''
    >>> read_ldif(text).manager_of("008")
    '007'
    """
    text = whole_text(source, max_chars, what=SUBJECT, error=OrgError, hint="LDIF is UTF-8")
    faults: list[Fault] = []
    found: list[Record] = []
    for record in records(text, WANTED, max_field, faults):
        if len(found) == max_rows:
            msg = f"{SUBJECT}: line {record.line}: there are more than {max_rows} records, the limit (max_rows)"
            raise OrgError(msg)
        found.append(record)
    by_name = _by_name(found, faults)
    raise_faults(faults, SUBJECT)
    table = PeopleTable()
    for record in found:
        own = _id_of(record)
        managers = [_manager(text, by_name) for text in record.values.get("manager", ()) if text]
        table.add(
            {
                "ids": own,
                "manager_ids": managers[0] if managers else None,
                "names": _first(record, "displayname", "cn"),
                "titles": _first(record, "title"),
                "teams": _first(record, "departmentnumber", "ou"),
            },
            attributes={} if own == record.name else {DN: record.name},
            dotted=dict.fromkeys(managers[1:]),
        )
    return table.organisation(policies)


def _by_name(found: list[Record], faults: list[Fault]) -> dict[Any, str]:
    """Find ids by normalised distinguished names; a name that is none, or is there twice, is a fault."""
    by_name: dict[Any, str] = {}
    for record in found:
        name = normal_name(record.name)
        where = f"line {record.line}, dn"
        if name is None:
            faults.append(Fault(where, f"{record.name!r} is no distinguished name"[:200], row=record.line))
        elif name in by_name:
            faults.append(Fault(where, f"{record.name!r} is there already"[:200], row=record.line))
        else:
            by_name[name] = _id_of(record)
    return by_name


def _id_of(record: Record) -> str:
    return _first(record, "employeenumber", "uid") or record.name


def _manager(text: str, by_name: dict[Any, str]) -> str:
    """Name the manager's id; a distinguished name that nobody has stays as it is, for an unknown manager."""
    return by_name.get(normal_name(text), text)


def _first(record: Record, *names: str) -> str | None:
    return next((record.values[name][0] for name in names if record.values.get(name, [""])[0]), None)
