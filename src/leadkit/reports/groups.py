"""Means of groups, with those of too few people left out."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from leadkit.errors import UnknownIdError
from leadkit.plots.rows import column_means
from leadkit.reports.protection import Protection
from leadkit.reports.sheet import Sheet
from leadkit.reports.wording import WITHHELD, fewer_than, people
from leadkit.typing import BoolArray

__all__ = ["GroupLine", "GroupTable", "Grouping", "group_table", "grouping"]


@frozen(kw_only=True, eq=False)
class Grouping:
    """A group variable: its name, its labels, and who belongs to each."""

    by: str
    labels: tuple[str, ...]
    members: tuple[BoolArray, ...]


@frozen(kw_only=True)
class GroupLine:
    """One scale: its unit, the mean of all, and a mean a group, or the words that say why there is none."""

    name: str
    unit: str
    composite: bool
    mean: str
    cells: tuple[str, ...]


@frozen(kw_only=True)
class GroupTable:
    """Group means, one row a scale.

    Parameters
    ----------
    by : str
        The group variable.
    labels, sizes : tuple of str
        Groups, and how many people each has.
    n : str
        How many people there are.
    lines : tuple of GroupLine
        The scales.
    has_small, has_withheld : bool
        Whether a number is missing because its group is too small, or to protect few people.
    n_without : str
        How many people have no group; empty for nobody.
    """

    by: str
    labels: tuple[str, ...]
    sizes: tuple[str, ...]
    n: str
    lines: tuple[GroupLine, ...]
    has_small: bool
    has_withheld: bool
    n_without: str


def grouping(sheet: Sheet, by: str | None) -> Grouping | None:
    """Find the groups of `by`, by default those of the first group variable; None where there is none.

    Raises
    ------
    UnknownIdError
        `by` is no group variable of the scores.
    """
    groups = sheet.scores.groups
    if by is not None and by not in groups:
        raise UnknownIdError.of(by, groups, kind="group variable")
    chosen = by if by is not None else next(iter(groups), None)
    if chosen is None:
        return None
    of_rows = groups[chosen]
    labels = sorted({label for label in of_rows if label is not None}, key=lambda label: (str(label), repr(label)))
    members = tuple(np.array([other == label for other in of_rows], dtype=np.bool_) for label in labels)
    return Grouping(by=chosen, labels=tuple(map(str, labels)), members=members)


def group_table(sheet: Sheet, groups: Grouping, protection: Protection) -> GroupTable:
    """Average every scale in every group, as far as it may be shown."""
    few = fewer_than(sheet.min_group)
    sizes = [int(rows.sum()) for rows in groups.members]
    cells = [_cells(sheet, rows, shown) for rows, shown in zip(groups.members, protection.cells, strict=True)]
    n_without = len(sheet.scores) - sum(sizes)
    texts = {text for column in cells for text in column}
    return GroupTable(
        by=groups.by,
        labels=groups.labels,
        sizes=tuple(str(n) if n >= sheet.min_group else few for n in sizes),
        n=str(len(sheet.scores)),
        lines=tuple(
            GroupLine(
                name=name,
                unit=sheet.unit(at),
                composite=sheet.is_composite(at),
                mean=sheet.mean_or_words(at, shown=bool(protection.scales[at])),
                cells=tuple(column[at] for column in cells),
            )
            for at, name in enumerate(sheet.names)
        ),
        has_small=few in texts,
        has_withheld=WITHHELD in texts,
        n_without=people(n_without) if n_without else "",
    )


def _cells(sheet: Sheet, rows: BoolArray, shown: BoolArray) -> list[str]:
    """Write the mean of one group on every scale, or why there is none."""
    values = sheet.scores.values[rows]
    counts = (~np.isnan(values)).sum(axis=0)
    means = column_means(values)
    few = fewer_than(sheet.min_group)
    return [
        sheet.value(float(mean)) if may_show else WITHHELD if n >= sheet.min_group else few
        for mean, may_show, n in zip(means, shown, counts, strict=True)
    ]
