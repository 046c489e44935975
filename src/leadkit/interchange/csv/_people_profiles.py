"""Profiles of people files as data: what each system calls the facts of a row, and how it says that nobody is above."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

from attrs import evolve, frozen

from leadkit._fields import FrozenMapping
from leadkit.errors import did_you_mean
from leadkit.org import Status

__all__ = ["COLUMN_OF", "NEEDED", "Profile", "ProfileName", "header_key", "profile_of"]

ProfileName: TypeAlias = Literal["leadkit", "successfactors", "bamboohr", "workday", "uk_organogram"]

COLUMN_OF: Mapping[str, str] = FrozenMapping(
    {
        "id": "ids",
        "manager_id": "manager_ids",
        "name": "names",
        "title": "titles",
        "team": "teams",
        "tier": "tiers",
        "customer_facing": "customer_facing",
        "fte": "fte",
        "holders": "holders",
        "status": "status",
        "formal_leader": "formal_leader",
        "shareable": "shareable",
        "acting_id": "acting_ids",
        "dotted_manager_ids": "dotted",
        "serves": "serves",
    }
)
"""The facts of a row and the columns of an organisation that they are."""

NEEDED = ("id", "manager_id")

OWN_STATUS: Mapping[str, str] = FrozenMapping({status: status for status in get_args(Status)})
HR_STATUS: Mapping[str, str] = FrozenMapping({"active": "active", "inactive": "left"})


def header_key(name: str) -> str:
    """Reduce a name in a header to what is compared: strip and case-folding.

    Examples
    --------
    >>> header_key(" Employee_ID ")
    'employee_id'
    """
    return name.strip().casefold()


@frozen(kw_only=True)
class Profile:
    """How one system writes people.

    Parameters
    ----------
    name : str
        Its name.
    headers : mapping of str to str
        Facts and the headers they stand under, in the order of writing.
    root_tokens : tuple of str
        Texts in place of a manager for somebody without one; the first is written.
    labels : tuple of str
        Second row of the header, in the order of `headers`; empty where there is one row.
    status_words : mapping of str to str
        What the words of the status column mean, case-folded.
    status_texts : mapping of str to str
        What is written there.
    starts, ends : str
        Headers of the first and the last day of a row; empty where there are none.
    is_ours : bool
        Whether reading takes off the apostrophe that writing puts before a formula, and attributes may have any name.
    """

    name: str
    headers: Mapping[str, str]
    root_tokens: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    status_words: Mapping[str, str] = HR_STATUS
    status_texts: Mapping[str, str] = FrozenMapping()
    starts: str = ""
    ends: str = ""
    is_ours: bool = False

    @property
    def header_rows(self) -> int:
        """Number of rows with names."""
        return 2 if self.labels else 1

    def renamed(self, columns: Mapping[str, str] | None) -> Profile:
        """Give the profile with other headers for some facts.

        Raises
        ------
        TypeError, ValueError
            A fact is unknown, a header is no text, or two facts share one.
        """
        if columns is None:
            return self
        if not isinstance(columns, Mapping):
            msg = f"columns: expected a mapping of facts to headers, got {type(columns).__name__}"
            raise TypeError(msg)
        for fact, header in columns.items():
            if fact not in COLUMN_OF:
                msg = (
                    f"columns: unknown fact {fact!r}{did_you_mean(str(fact), COLUMN_OF)}; facts: {', '.join(COLUMN_OF)}"
                )
                raise ValueError(msg)
            if not isinstance(header, str) or not header.strip():
                msg = f"columns[{fact!r}]: expected the text of a header, got {header!r}"
                raise ValueError(msg)
        headers = {**self.headers, **columns}
        first: dict[str, str] = {}
        for fact, header in headers.items():
            other = first.setdefault(header_key(header), fact)
            if other != fact:
                msg = f"columns: {header!r} would be the header of both {other!r} and {fact!r}"
                raise ValueError(msg)
        return evolve(self, headers=headers)


LEADKIT = Profile(
    name="leadkit",
    headers={fact: fact for fact in COLUMN_OF},
    status_words=OWN_STATUS,
    status_texts=OWN_STATUS,
    is_ours=True,
)
SUCCESSFACTORS = Profile(
    name="successfactors",
    headers={"status": "STATUS", "id": "USERID", "manager_id": "MANAGER", "title": "TITLE", "team": "DEPARTMENT"},
    labels=("Status", "User ID", "Manager", "Title", "Department"),
    root_tokens=("NO_MANAGER", "NO_MGR"),
    status_texts={"active": "ACTIVE", "absent": "ACTIVE", "vacant": "INACTIVE", "left": "INACTIVE"},
)
BAMBOOHR = Profile(
    name="bamboohr",
    headers={"id": "employeeNumber", "manager_id": "supervisorEId", "title": "jobTitle", "team": "department"},
)
WORKDAY = Profile(
    name="workday",
    headers={"id": "Employee_ID", "manager_id": "Manager_ID", "name": "Full_Name", "team": "Team_ID"},
    starts="Start_Date",
    ends="Termination_Date",
)
UK_ORGANOGRAM = Profile(
    name="uk_organogram",
    headers={
        "id": "Post Unique Reference",
        "manager_id": "Reports to Senior Post",
        "title": "Job Title",
        "fte": "FTE",
    },
    root_tokens=("XX",),
)
PROFILES = {profile.name: profile for profile in (LEADKIT, SUCCESSFACTORS, BAMBOOHR, WORKDAY, UK_ORGANOGRAM)}


def profile_of(name: str) -> Profile:
    """Find a profile; an unknown name is a ValueError.

    Examples
    --------
    >>> profile_of("uk_organogram").root_tokens
    ('XX',)
    """
    if not isinstance(name, str) or name not in PROFILES:
        msg = f"profile: expected one of {', '.join(map(repr, PROFILES))}, got {name!r}"
        raise ValueError(msg)
    return PROFILES[name]
