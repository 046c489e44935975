"""The header of a people file: which column is which fact, which are attributes, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

from attrs import frozen

from leadkit.errors import Fault, did_you_mean
from leadkit.interchange.csv._people_profiles import NEEDED, Profile, header_key
from leadkit.interchange.csv._table import TextTable, row_fault, shortened

__all__ = ["Header", "attribute_header", "match_header"]

EXACT = "attribute:"
"""What begins the header of an attribute whose name stands after it as it is."""


@frozen(kw_only=True)
class Header:
    """Where everything stands.

    Parameters
    ----------
    facts : mapping of str to int
        Facts and the places of their columns.
    attributes : mapping of str to int
        Names of attributes and the places of their columns.
    """

    facts: Mapping[str, int]
    attributes: Mapping[str, int]


def match_header(table: TextTable, profile: Profile, *, asked: Collection[str] = ()) -> tuple[Header, list[Fault]]:
    """Find the column of every fact and attribute.

    Parameters
    ----------
    table : TextTable
        With names as they stand in the file.
    profile : Profile
        The headers of facts.
    asked : collection of str
        Facts that must be there beside the id and the manager.

    Returns
    -------
    tuple
        The header, and what is wrong with it.
    """
    fact_of = {header_key(header): fact for fact, header in profile.headers.items()}
    facts: dict[str, int] = {}
    attributes: dict[str, int] = {}
    first: dict[Hashable, int] = {}
    faults: list[Fault] = []
    for place, name in enumerate(table.names):
        where = f"row {table.header_line}, column {place + 1}"
        key = header_key(name)
        fact = fact_of.get(key)
        if fact is None and not key:
            if any(map(str.strip, table.columns[place])):
                faults.append(Fault(where, "holds something and has no name", row=table.header_line, column=""))
            continue
        attribute = "" if fact else _attribute(name, profile)
        is_exact = fact is None and _is_exact(name, profile)
        # an exact name may differ from another in case alone, other headers may not
        marks = ([] if is_exact else [key]) + ([] if fact else [("attribute", attribute)])
        earlier = next((first[mark] for mark in marks if mark in first), None)
        if earlier is not None:
            what = f"{shortened(name)} repeats the header of column {earlier + 1}"
            faults.append(Fault(where, what, row=table.header_line, column=name))
            continue
        first.update(dict.fromkeys(marks, place))
        if fact is None:
            attributes[attribute] = place
        else:
            facts[fact] = place
    wanted = [fact for fact in profile.headers if fact in {*NEEDED, *asked} and fact not in facts]
    faults += [_missing(fact, profile, table, attributes) for fact in wanted]
    return Header(facts=facts, attributes=attributes), faults


def attribute_header(name: str, others: Collection[str], profile: Profile) -> str:
    """Give the header of an attribute: its name where that is read back as it is, else `attribute:` and the name.

    Parameters
    ----------
    name : str
        Any text.
    others : collection of str
        Reduced headers that are taken, as `header_key` gives them, those of other attributes among them.
    profile : Profile
        One of ours.

    Examples
    --------
    >>> from leadkit.interchange.csv._people_profiles import profile_of
    >>> ours = profile_of("leadkit")
    >>> [attribute_header(name, ["id"], ours) for name in ("Site", "ID", " site")]
    ['Site', 'attribute:ID', 'attribute: site']
    """
    is_plain = name and name == name.strip() and header_key(name) not in others and not _is_exact(name, profile)
    return name if is_plain else EXACT + name


def _is_exact(header: str, profile: Profile) -> bool:
    return profile.is_ours and header.lstrip()[: len(EXACT)].lower() == EXACT


def _attribute(header: str, profile: Profile) -> str:
    if _is_exact(header, profile):
        return header.lstrip()[len(EXACT) :]
    known = {header_key(name): name for name in (profile.starts, profile.ends)}
    return known.get(header_key(header), header.strip())


def _missing(fact: str, profile: Profile, table: TextTable, attributes: Collection[str]) -> Fault:
    header = profile.headers[fact]
    hint = did_you_mean(header, attributes)
    shown = repr(header) if header == fact else f"{header!r} for {fact}"
    return row_fault(table.header_line, f"expected a column {shown}{hint}; columns= names another header")
