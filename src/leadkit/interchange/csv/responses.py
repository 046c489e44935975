"""Answers as comma-separated text, one row a respondent."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadkit._fields import repeated, sealed
from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import AnswerRules, OutOfRange
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import Fault, ResponseError
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import answer_texts, exported, label_text, text_table
from leadkit.interchange.csv._sheet import (
    MAX_CHARS,
    MAX_ROWS,
    AnswerSheet,
    SheetLayout,
    empty_cell_faults,
    names_of,
    read_sheet,
)
from leadkit.interchange.csv._table import cell_fault

__all__ = ["read_responses", "write_responses"]


def read_responses(
    source: TextSource,
    instrument: Instrument,
    *,
    id: str | None = "respondent_id",  # noqa: A002 - the column's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    ignore_other_columns: bool = False,
    missing: Collection[str] = ("NA",),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> Responses:
    r"""Read answers from comma-separated text.

    Commas, semicolons or tabs are found by themselves, and so is a byte order mark.
    A column belongs to an item when its header is the item's id or one of its external ids.
    An empty cell is no answer; rows of empty cells, and the rows of a form that explain it, are left out.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text (with `newline=""`, so that line breaks inside a cell stay).
    instrument : Instrument
        The questionnaire.
    id : str or None
        Column of the respondents' ids. None when the file has none: the respondent on line 5 becomes `row5`, by the
        same count as in error messages (the header is line 1), and a row of empty cells stays.
    groups : collection of str
        Columns to keep as group variables; an empty cell is no group.
    ignore : collection of str
        Columns to leave out; "" leaves out those without a name.
    ignore_other_columns : bool
        Whether to leave out every unknown column.
    missing : collection of str
        Words that stand for no answer, beside the empty cell.
    on_out_of_range : {"error", "missing"}
        What to do with a number outside the scale.
    allow_fractions : bool
        Whether 3.7 is an answer.
    allow_missing_items : bool
        Whether an item may have no column.
    max_rows, max_chars : int
        Limits on the rows below the header and on the characters of the text.

    Returns
    -------
    Responses
        In the order of the file.

    Raises
    ------
    ResponseError
        Anything in the table is wrong; `faults` holds all of it, each with `row` and `column`.
    FormatError
        The text is no table, or larger than a limit.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> read_responses("respondent_id;a1;a2\nann;4;5\nbo;2;\n", calm).values.tolist()
    [[4.0, 5.0], [2.0, nan]]
    >>> read_responses("respondent_id,a1,a2\nann,4,5\nann,9,three\n", calm)
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: 3 faults
      row 3, column 'respondent_id': 'ann' is in row 2 already
      row 3, column 'a1': 9 is outside 1..5
      row 3, column 'a2': 'three' is not a number; expected a whole number 1..5
    """
    groups = names_of(groups)
    layout = SheetLayout(
        instrument=instrument,
        rules=AnswerRules(scale=instrument.scale, on_out_of_range=on_out_of_range, allow_fractions=allow_fractions),
        reserved=groups if id is None else (id, *groups),
        ignore=ignore,
        ignore_other_columns=ignore_other_columns,
        missing=missing,
        allow_missing_items=allow_missing_items,
        keep_blank_rows=id is None,
        max_rows=max_rows,
        max_chars=max_chars,
    )
    sheet = read_sheet(source, layout)
    faults = sheet.with_faults(() if id is None else _id_faults(sheet, id))
    if faults:
        raise ResponseError.from_faults(faults)
    ids = [f"row{line}" for line in sheet.lines] if id is None else sheet.texts[id]
    labels = {name: [text or None for text in sheet.texts[name]] for name in groups}
    return Responses(instrument, sealed(sheet.values), ids, labels, allow_fractions=allow_fractions)


def write_responses(responses: Responses) -> str:
    """Write answers as comma-separated text: `respondent_id`, the group variables, the items.

    A text that a spreadsheet would run as a formula gets a leading apostrophe, which `read_responses` takes off:
    it gives the same responses again when group labels are texts and no text holds a NUL character.

    Parameters
    ----------
    responses : Responses
        The answers.

    Returns
    -------
    str
        Write it to a file with `newline=""`.

    Raises
    ------
    ResponseError
        A group variable bears the name of an item or of the id column.

    Examples
    --------
    >>> from leadkit.assessment import Instrument, Responses
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> print(write_responses(Responses(calm, [[4, float("nan")]], ["ann"], {"team": ["=HYPERLINK()"]})), end="")
    respondent_id,team,a1,a2
    ann,'=HYPERLINK(),4,
    """
    expect(responses, Responses, "write_responses")
    header = ("respondent_id", *responses.groups)
    refuse_name_clash((*header, *responses.instrument.item_ids))
    ids = map(exported, responses.respondent_ids)
    return answer_table(responses, header, (ids,))


def answer_table(responses: Responses, header: Sequence[str], first: Sequence[Collection[str] | map[str]]) -> str:
    """Join the first columns, the group variables and the answers to one table."""
    labels = [map(label_text, values) for values in responses.groups.values()]
    answers = [answer_texts(column) for column in responses.values.T]
    names = [*map(exported, header), *responses.instrument.item_ids]
    return text_table(names, [*first, *labels, *answers])


def refuse_name_clash(names: Sequence[str]) -> None:
    """Refuse to write two columns of one name."""
    faults = [Fault(f"column {name!r}", "would be there more than once; rename the group") for name in repeated(names)]
    if faults:
        raise ResponseError.from_faults(faults)


def repeated_row_faults(sheet: AnswerSheet, keys: Sequence[object], name: str, texts: Sequence[str]) -> list[Fault]:
    """List the rows whose key is in an earlier row; the fault names both rows."""
    first: dict[object, int] = {}
    faults = []
    for line, key, text in zip(sheet.lines, keys, texts, strict=True):
        if text and first.setdefault(key, line) != line:
            faults.append(cell_fault(line, name, f"{text} is in row {first[key]} already"))
    return faults


def _id_faults(sheet: AnswerSheet, name: str) -> list[Fault]:
    ids = sheet.texts.get(name, [])
    if not ids:
        return []
    shown = [repr(text) if text else "" for text in ids]
    return empty_cell_faults(sheet, name, "respondent") + repeated_row_faults(sheet, ids, name, shown)
