"""Answers in the files of survey tools: whose columns are whose, and which columns are about people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from attrs import evolve

from leadkit._fields import sealed
from leadkit.assessment import Instrument, Responses
from leadkit.errors import Fault, ResponseError
from leadkit.interchange.csv._sheet import SheetLayout, empty_cell_faults, sheet_of
from leadkit.interchange.csv._table import TextTable
from leadkit.interchange.csv.responses import repeated_row_faults

__all__ = ["personal_faults", "recognising", "responses_of"]


def recognising(instrument: Instrument, names: Mapping[str, str]) -> Instrument:
    """Give the instrument with more names for its items.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    names : mapping of str to str
        What a file calls an item, to the item's id.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> recognising(frameworks.load("ved"), {"QID1_1": "vis1"}).items[0].external_ids["QID1_1"]
    'QID1_1'
    """
    more: dict[str, dict[str, str]] = {}
    for name, item_id in names.items():
        more.setdefault(item_id, {})[name] = name
    dimensions = tuple(
        evolve(
            dimension,
            items=tuple(
                evolve(item, external_ids={**item.external_ids, **more[item.id]}) if item.id in more else item
                for item in dimension.items
            ),
        )
        for dimension in instrument.dimensions
    )
    return evolve(instrument, dimensions=dimensions)


def personal_faults(wanted: Iterable[str], personal: Collection[str], line: int) -> list[Fault]:
    """Refuse columns about people that are asked for without saying that this is meant."""
    what = "holds personal data, which is left out; keep_personal_data=True lets you name it"
    return [
        Fault(f"row {line}, column {name!r}", what, row=line, column=name)
        for name in dict.fromkeys(wanted)
        if name in personal
    ]


def responses_of(
    table: TextTable,
    instrument: Instrument,
    layout: SheetLayout,
    *,
    id: str | None,  # noqa: A002 - the column's name
    groups: tuple[str, ...],
    faults: Collection[Fault] = (),
) -> Responses:
    """Read the rows of a table as answers; the layout may know more names of the items than the instrument.

    Parameters
    ----------
    table : TextTable
        Header and rows.
    instrument : Instrument
        The questionnaire that the answers shall belong to.
    layout : SheetLayout
        Which columns there are.
    id : str or None
        Column of the ids; None calls the respondent on line 5 `row5`.
    groups : tuple of str
        Columns to keep.
    faults : collection of Fault
        What is known to be wrong already.
    """
    sheet = sheet_of(table, layout)
    found = list(faults)
    if id is not None and sheet.texts.get(id):
        ids = sheet.texts[id]
        found += empty_cell_faults(sheet, id, "respondent")
        found += repeated_row_faults(sheet, ids, id, [repr(text) if text else "" for text in ids])
    everything = sheet.with_faults(found)
    if everything:
        raise ResponseError.from_faults(everything)
    names = [f"row{line}" for line in sheet.lines] if id is None else sheet.texts[id]
    labels = {name: [text or None for text in sheet.texts[name]] for name in groups}
    return Responses(instrument, sealed(sheet.values), names, labels, allow_fractions=layout.rules.allow_fractions)
