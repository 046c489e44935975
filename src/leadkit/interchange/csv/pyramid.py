"""The inverted pyramid as comma-separated text, one row a post."""

from __future__ import annotations

from leadkit.interchange.csv._cells import exported, text_table
from leadkit.org import Pyramid
from leadkit.org.showing import expect_showable

__all__ = ["write_pyramid"]

COLUMNS = (
    "id",
    "tier",
    "rule",
    "line_distance",
    "network_distance",
    "faces_customers",
    "facing_share",
    "flags",
)


def write_pyramid(pyramid: Pyramid) -> str:
    """Write the tier of every post as comma-separated text: the columns of `Pyramid.to_records`.

    Parameters
    ----------
    pyramid : leadkit.org.Pyramid
        It holds no scores.

    Returns
    -------
    str
        Truths are true and false, an empty cell is not known; write it to a file with `newline=""`.

    Raises
    ------
    TypeError
        The value is something else.

    Examples
    --------
    >>> from leadkit.org import Organisation, build_pyramid
    >>> print(write_pyramid(build_pyramid(Organisation.from_columns(["ann", "bo"], [None, "ann"]))), end="")
    id,tier,rule,line_distance,network_distance,faces_customers,facing_share,flags
    ann,SENIOR_LEADER,root,2.0,2.0,false,0.5,
    bo,FRONT_LINE,no_reports,1.0,1.0,true,1.0,facing_assumed
    """
    expect_showable(pyramid, Pyramid, "write_pyramid")
    records = pyramid.to_records()
    return text_table(COLUMNS, [[_cell(record[name]) for record in records] for name in COLUMNS])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return exported(value) if isinstance(value, str) else repr(value)
