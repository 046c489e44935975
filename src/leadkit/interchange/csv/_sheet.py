"""A sheet of answers as text: columns matched to items, cells read as answers, every fault with row and column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import evolve, field, frozen

from leadkit.assessment import Instrument
from leadkit.assessment.answers import AnswerRules, match_columns
from leadkit.errors import Fault
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import imported
from leadkit.interchange.csv._table import (
    TextTable,
    cell_fault,
    expected_header,
    read_table,
    shortened,
)
from leadkit.typing import FloatArray

MAX_ROWS = 2_000_000
MAX_CHARS = 1_000_000_000
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def names_of(names: str | Iterable[str]) -> tuple[str, ...]:
    """Take one name for a collection of one."""
    return (names,) if isinstance(names, str) else tuple(names)


@frozen(kw_only=True)
class SheetLayout:
    """Which columns a sheet of answers has, and what counts as an answer.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    rules : AnswerRules
        What counts as an answer.
    reserved : tuple of str
        Columns of text that must be there beside the items.
    optional : tuple of str
        Columns of text that may be there.
    ignore, missing : tuple of str
        Columns to leave out, and words that stand for no answer.
    ignore_other_columns, allow_missing_items, keep_blank_rows : bool
        Whether unknown columns are left out, items may have no column, and a row of empty cells is a respondent.
    max_rows, max_chars : int
        Limits.
    """

    instrument: Instrument
    rules: AnswerRules
    reserved: tuple[str, ...]
    optional: tuple[str, ...] = ()
    ignore: tuple[str, ...] = field(default=(), converter=names_of)
    missing: tuple[str, ...] = field(default=(), converter=names_of)
    ignore_other_columns: bool = False
    allow_missing_items: bool = False
    keep_blank_rows: bool = False
    max_rows: int = MAX_ROWS
    max_chars: int = MAX_CHARS

    @property
    def known(self) -> tuple[str, ...]:
        """Every name that the header may hold: text columns, item ids, external ids."""
        items = self.instrument.items
        names = (*self.reserved, *self.optional, *(item.id for item in items))
        return tuple(dict.fromkeys((*names, *(name for item in items for name in item.external_ids.values()))))


@frozen(kw_only=True)
class AnswerSheet:
    """What was read: names in the header, lines of the rows, texts of the reserved columns, answers (n, k), faults."""

    names: tuple[str, ...] = ()
    lines: tuple[int, ...]
    texts: Mapping[str, list[str]]
    values: FloatArray
    faults: tuple[Fault, ...]

    def with_faults(self, faults: Sequence[Fault]) -> tuple[Fault, ...]:
        """Give all faults in reading order; those that concern the whole file or row come first."""
        place = {name: i for i, name in enumerate(self.names, start=1)}
        return tuple(sorted((*self.faults, *faults), key=lambda one: (one.row or 0, place.get(one.column or "", 0))))


def read_sheet(source: TextSource, layout: SheetLayout) -> AnswerSheet:
    """Read a sheet of answers as its layout says."""
    table = read_table(
        source,
        known=layout.known,
        max_rows=layout.max_rows,
        max_chars=layout.max_chars,
        keep_blank_rows=layout.keep_blank_rows,
    )
    return sheet_of(table, layout)


def sheet_of(table: TextTable, layout: SheetLayout) -> AnswerSheet:
    """Read a table that is there already as a sheet of answers."""
    known = layout.known
    nothing = AnswerSheet(lines=(), texts={}, values=np.empty((0, layout.instrument.n_items)), faults=table.faults)
    if not table.names:
        return nothing
    if not set(table.names) & set(known):
        shown = ", ".join(map(shortened, table.names[:4])) + (", ..." if len(table.names) > 4 else "")
        fault = Fault(f"row {table.header_line}", f"no column is known ({shown}); {expected_header(known)}")
        return evolve(nothing, faults=(evolve(fault, row=table.header_line), *table.faults))
    places, found, faults = _match(table, layout)
    texts = {
        name: [imported(cell) for cell in table.columns[places[name]]]
        for name in (*layout.reserved, *layout.optional)
        if name in places
    }
    values, wrong = _answers(table, {i: places[name] for i, name in found.items()}, layout)
    found_faults = (*table.faults, *faults, *wrong)
    return AnswerSheet(names=table.names, lines=table.lines, texts=texts, values=values, faults=found_faults)


def empty_cell_faults(sheet: AnswerSheet, name: str, kind: str) -> list[Fault]:
    """List the rows without an id."""
    return [
        cell_fault(line, name, f"expected the {kind}'s id, got nothing")
        for line, text in zip(sheet.lines, sheet.texts.get(name, ()), strict=False)
        if not text
    ]


def _match(table: TextTable, layout: SheetLayout) -> tuple[dict[str, int], dict[int, str], list[Fault]]:
    """Find the place of every named column and the name of every item's column."""
    text_names = (*layout.reserved, *layout.optional)
    ignore = set(layout.ignore) - set(text_names)
    if layout.ignore_other_columns:
        ignore |= set(table.names) - set(layout.known)
    everywhere: dict[str, list[int]] = {}
    faults = []
    for place, name in enumerate(table.names):
        if name in ignore:
            continue
        if name or name in text_names:
            everywhere.setdefault(name, []).append(place)
        elif any(map(str.strip, table.columns[place])):
            what = "has no name; give it one, or put '' into ignore= to leave it out"
            faults.append(Fault(f"column {place + 1}", what, column=""))
    for name, found_at in everywhere.items():
        if len(found_at) > 1:
            where = ", ".join(str(place + 1) for place in found_at)
            faults.append(Fault(f"column {name!r}", f"is there more than once, as columns {where}", column=name))
    places = {name: found_at[0] for name, found_at in everywhere.items()}
    optional = [name for name in layout.optional if name in places]
    found, more = match_columns(
        list(places),
        layout.instrument,
        reserved=tuple(dict.fromkeys((*layout.reserved, *optional))),
        ignore=ignore,
        allow_missing_items=layout.allow_missing_items,
    )
    return places, found, [_in_header(fault, table.header_line) for fault in (*faults, *more)]


def _in_header(fault: Fault, line: int) -> Fault:
    where = f"row {line}, {fault.where}" if fault.where else f"row {line}"
    return evolve(fault, where=where, row=line)


def _answers(table: TextTable, places: Mapping[int, int], layout: SheetLayout) -> tuple[FloatArray, list[Fault]]:
    """Read the columns of items through a cache of the cell texts that occur, which are few."""
    values = np.full((len(table.lines), layout.instrument.n_items), np.nan)
    faults = []
    numbers: dict[str, float] = {}
    complaints: dict[str, str] = {}
    for i, place in places.items():
        cells = table.columns[place]
        for cell in set(cells) - numbers.keys():
            numbers[cell], complaint = _meaning(cell.strip(), layout)
            if complaint:
                complaints[cell] = complaint
        values[:, i] = np.fromiter(map(numbers.__getitem__, cells), dtype=np.float64, count=len(cells))
        if complaints:
            name = table.names[place]
            faults += [
                cell_fault(line, name, complaints[cell])
                for line, cell in zip(table.lines, cells, strict=True)
                if cell in complaints
            ]
    return values, faults


def _meaning(text: str, layout: SheetLayout) -> tuple[float, str]:
    """Turn the text of a cell into a number and an empty complaint, or into NaN and what is wrong with it."""
    if not text or text in layout.missing:
        return math.nan, ""
    if NUMBER.fullmatch(text):
        return layout.rules.judge(float(text))
    right = f"expected a {'' if layout.rules.allow_fractions else 'whole '}number {layout.rules.span}"
    for code, label in enumerate(layout.instrument.scale.labels, start=layout.instrument.scale.low):
        if text in ({label} if isinstance(label, str) else set(label.values())):
            return math.nan, f"{shortened(text)} is the label of {code}; {right}"
    if NUMBER.fullmatch(text.replace(",", ".")):
        return math.nan, f"{shortened(text)} has a decimal comma; {right}, with a decimal point"
    return math.nan, f"{shortened(text)} is not a number; {right}"
