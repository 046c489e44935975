"""The columns of a team: what each is called; all others are skills."""

from __future__ import annotations

from typing import Final

from leadkit.interchange.csv._columns import column_key

__all__ = ["OWN_COLUMNS", "SKILL", "skill_column", "team_key"]

OWN_COLUMNS: Final = (
    "id",
    "name",
    "team",
    "units",
    "rate",
    "calendar",
    "zone",
    "hours",
    "holidays",
    "special_days",
    "away",
)
SKILL: Final = "skill:"


def team_key(name: str) -> str | None:
    """Give what a name in the header stands for: a column of its own, or a skill; None where it has no name.

    Examples
    --------
    >>> team_key("Special days"), team_key("sql"), team_key("skill:Name"), team_key("skill:")
    ('special_days', 'skill:sql', 'skill:Name', None)
    """
    key = column_key(name)
    if key in OWN_COLUMNS:
        return key
    skill = name[len(SKILL) :] if key.startswith(SKILL) else name
    return SKILL + skill if skill.strip() else None


def skill_column(skill: str) -> str:
    """Give the header of a skill: its id, or that after `skill:` where the id alone would be read as something else."""
    return skill if team_key(skill) == SKILL + skill else SKILL + skill
