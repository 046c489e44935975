"""People as comma-separated text, one row a post: in our own columns, or in those of other systems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from leadkit.errors import OrgError
from leadkit.interchange._people import MAX_CHARS, MAX_FIELD, MAX_ROWS, organisation_of, raise_faults
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import text_table
from leadkit.interchange.csv._people_cells import neutralised, restored
from leadkit.interchange.csv._people_header import match_header
from leadkit.interchange.csv._people_profiles import NEEDED, Profile, ProfileName, header_key, profile_of
from leadkit.interchange.csv._people_reading import columns_of, date_faults, without_labels
from leadkit.interchange.csv._people_writing import columns_of_profile, own_columns
from leadkit.interchange.csv._table import TableRules, read_table
from leadkit.org import Organisation

__all__ = ["read_people", "write_people"]

SUBJECT = "CSV"


def read_people(
    source: TextSource,
    *,
    profile: ProfileName = "leadkit",
    columns: Mapping[str, str] | None = None,
    as_of: date | None = None,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
    max_field: int = MAX_FIELD,
    **policies: Any,
) -> Organisation:
    r"""Read people from comma-separated text, one row a post.

    Commas, semicolons and tabs are told apart by the header, a byte order mark is left out, and names in the header
    match after strip and case-folding. Every cell is a text and stays as it is, leading zeros and blanks included: ids
    are compared exactly. A row of blank cells is left out. Columns that are no fact of the profile become attributes.

    =================  ===========================================================================================
    profile            headers (id, manager, others) and what stands for no manager
    =================  ===========================================================================================
    `leadkit`          id, manager_id; name, title, team, tier, customer_facing, fte, holders, status, formal_leader,
                       shareable, acting_id, dotted_manager_ids, serves
    `successfactors`   USERID, MANAGER; TITLE, DEPARTMENT (team), STATUS; NO_MANAGER, NO_MGR. Two rows of header:
                       names, then labels
    `bamboohr`         employeeNumber, supervisorEId; jobTitle, department (team)
    `workday`          Employee_ID, Manager_ID; Full_Name, Team_ID, and the dates Start_Date and Termination_Date
    `uk_organogram`    Post Unique Reference, Reports to Senior Post; Job Title, FTE; XX in any case
    =================  ===========================================================================================

    An empty manager stands for none in every profile. Tiers are names or numbers; truths are true or false, yes or no,
    1 or 0; statuses are those of `Person`, elsewhere ACTIVE and INACTIVE (left); all in any case.

    In the profile `leadkit`, the ids of a list are joined by `;`, where a backslash stands before a semicolon or a
    backslash that belongs to an id. A header `attribute:Name` is that of an attribute whose name stands after the colon
    exactly, so that it may be "id" or differ from another in case alone. One apostrophe is taken off a text like
    ``'=1+1``, which `write_people` put there.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text with `newline=""`.
    profile : {"leadkit", "successfactors", "bamboohr", "workday", "uk_organogram"}
        Whose columns these are.
    columns : mapping of str to str, optional
        Facts, by the names of the profile `leadkit`, and the headers under which they stand instead. They must be there.
    as_of : date, optional
        For dates in the file: whose last day is before it has left, whose first day is after it leaves the post vacant
        until then. When None, everybody with a last day has left. The dates stay as attributes.
    max_rows, max_chars, max_field : int
        Most rows below the header, characters of the text, and characters of a cell.
    **policies
        Those of `Organisation.from_columns`: `root_tokens` (beside the profile's own), `job_shares`, `conflicts`,
        `single_root`, `strict`.

    Returns
    -------
    leadkit.org.Organisation
        In the order of the file; its violations tell lines of the file, the header's being 1, in place of rows.

    Raises
    ------
    OrgError
        The text is no such table: a missing or repeated header, an open quotation mark, a NUL, a row with more or fewer
        cells than the header (`faults` holds all of it, each with its line as `row`); a limit is exceeded; or the people
        are no organisation (`violations`, by lines of the file as well).
    ValueError
        `profile`, `columns` or a policy is unknown, or the profile has no dates for `as_of`.
    TypeError
        An argument is of another kind.

    Examples
    --------
    >>> text = "ID;Manager_ID;Title;Site\n007;;Head;north\n008;007;Adviser;\n"
    >>> firm = read_people(text)
    >>> firm.manager_of("008"), firm.person("007").attributes
    ('007', {'Site': 'north'})
    >>> read_people("Post,Boss\na,TOP\nb,x\n", columns={"id": "Post", "manager_id": "Boss"}, root_tokens=["top"])
    Traceback (most recent call last):
    ...
    leadkit.errors.OrgError: unknown_manager: row 3: 'b' reports to 'x', which is nobody's id
    """
    chosen = profile_of(profile).renamed(columns)
    _expect_day(as_of, chosen)
    table = read_table(
        source,
        known=_known(chosen),
        max_rows=max_rows,
        max_chars=max_chars,
        rules=_rules(chosen, max_field),
    )
    raise_faults(table.faults if not table.names else (), SUBJECT)
    header, faults = match_header(table, chosen, asked=columns or ())
    people, more = without_labels(table, header, chosen)
    if as_of is not None:
        more += date_faults(people, header, chosen)
    raise_faults(sorted([*table.faults, *faults, *more], key=lambda fault: fault.row or 0), SUBJECT)
    given = columns_of(people, header, chosen, as_of)
    return organisation_of(given, _with_tokens(policies, chosen), lines=people.lines)


def write_people(organisation: Organisation, *, profile: ProfileName = "leadkit") -> str:
    """Write people as comma-separated text, in the order of the organisation.

    The profile `leadkit` says everything, and leaves out columns that say nothing: `read_people` gives the same
    organisation again as long as no text holds a NUL, which no table can. In the other profiles, what their columns (see
    `read_people`) have no word for is dropped: attributes, tiers, dotted lines, and so on. `successfactors` has active and
    absent people as ACTIVE, vacant and left posts as INACTIVE; `workday` has the dates that it was read with.

    In every profile a text that a spreadsheet would take for a formula gets one more apostrophe in front.

    Parameters
    ----------
    organisation : leadkit.org.Organisation
        The people.
    profile : {"leadkit", "successfactors", "bamboohr", "workday", "uk_organogram"}
        In whose columns.

    Returns
    -------
    str
        Write it to a file with `newline=""`, in UTF-8 with a byte order mark when a spreadsheet is to open it.

    Raises
    ------
    TypeError
        It is no organisation.
    ValueError
        The profile is unknown.

    Examples
    --------
    >>> firm = Organisation.from_columns(["ann", "=bob"], [None, "ann"], fte=[1, 0.5], attributes={"ID": ["7", None]})
    >>> print(write_people(firm), end="")
    id,manager_id,fte,attribute:ID
    ann,,1.0,7
    '=bob,ann,0.5,
    >>> print(write_people(firm, profile="uk_organogram"), end="")
    Post Unique Reference,Reports to Senior Post,Job Title,FTE
    ann,XX,,1.0
    '=bob,ann,,0.5
    """
    if not isinstance(organisation, Organisation):
        msg = f"organisation: expected Organisation, got {type(organisation).__name__}"
        raise TypeError(msg)
    chosen = profile_of(profile)
    columns = (own_columns if chosen.is_ours else columns_of_profile)(organisation, chosen)
    cells = [[neutralised(text) for text in texts] for texts in columns.values()]
    if chosen.labels:
        cells = [[label, *texts] for label, texts in zip(chosen.labels, cells, strict=True)]
    return text_table(list(map(neutralised, columns)), cells)


def _expect_day(as_of: date | None, profile: Profile) -> None:
    if as_of is None:
        return
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        msg = f"as_of: expected a date, got {type(as_of).__name__}"
        raise TypeError(msg)
    if not profile.ends:
        msg = f"as_of: the profile {profile.name!r} has no dates"
        raise ValueError(msg)


def _known(profile: Profile) -> tuple[str, ...]:
    """List the headers that mean something, the needed ones first."""
    dates = (name for name in (profile.starts, profile.ends) if name)
    return tuple(dict.fromkeys((*_needed(profile), *profile.headers.values(), *dates)))


def _needed(profile: Profile) -> tuple[str, ...]:
    return tuple(profile.headers[fact] for fact in NEEDED)


def _rules(profile: Profile, max_field: int) -> TableRules:
    return TableRules(
        name=restored if profile.is_ours else str,
        key=header_key,
        needed=_needed(profile),
        left_out=frozenset(),
        skip_blanks=False,
        header_rows=profile.header_rows,
        may_be_empty=True,
        max_field=max_field,
        error=OrgError,
    )


def _with_tokens(policies: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Add the profile's root tokens to the given ones; a single text is left for the model to refuse."""
    given = policies.get("root_tokens", ())
    return {**policies, "root_tokens": given if isinstance(given, str) else (*profile.root_tokens, *given)}
