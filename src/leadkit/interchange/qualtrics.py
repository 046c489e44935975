"""Answers downloaded from Qualtrics as CSV with numeric values and three header rows."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from attrs import evolve

from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import AnswerRules, OutOfRange
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import Fault, FormatError, ResponseError
from leadkit.interchange._json_text import parsed
from leadkit.interchange._survey_answers import personal_faults, recognising, responses_of
from leadkit.interchange._survey_text import text_names
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._sheet import MAX_CHARS, MAX_ROWS, SheetLayout
from leadkit.interchange.csv._table import TableRules, TextTable, read_table, row_fault

__all__ = ["read_responses"]

RULES: Final = TableRules(left_out=frozenset(), header_rows=3, may_be_empty=True)
BOOKKEEPING: Final = frozenset(
    {
        "StartDate",
        "EndDate",
        "Status",
        "Progress",
        "Duration (in seconds)",
        "Finished",
        "RecordedDate",
        "ResponseId",
        "DistributionChannel",
        "UserLanguage",
    }
)
PERSONAL_NAMES: Final = frozenset({"ipaddress", "externalreference", "externaldatareference", "emailaddress", "email"})
PERSONAL_BEGINNINGS: Final = ("recipient", "location", "participant")
LONGEST_IMPORT_CELL: Final = 10_000
NO_IMPORT_ROW: Final = (
    'the row of {"ImportId": ...} below the question texts is not there; '
    "expected three header rows (names, texts, ids), as Qualtrics writes them to CSV"
)


def read_responses(
    source: TextSource,
    instrument: Instrument,
    *,
    id: str | None = "ResponseId",  # noqa: A002 - the column's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    ignore_other_columns: bool = False,
    keep_personal_data: bool = False,
    missing: Collection[str] = ("-99",),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> Responses:
    r"""Read answers from the CSV file that Qualtrics writes.

    It has three header rows: names, question texts, and the ids under which Qualtrics knows the columns.
    A column belongs to an item when its name or its ImportId is the item's id or one of its external ids.
    Columns about people (`IPAddress`, `Recipient...`, `Location...`, `Participant...`, `ExternalReference`, e-mail) are
    left out, and so are those about the answering (`StartDate`, `Status`, ...) that are not named here.
    Download with "use numeric values"; previews are among the rows, so keep `Status` as a group to tell them.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text (with `newline=""`, so that line breaks inside a cell stay).
    instrument : Instrument
        The questionnaire.
    id : str or None
        Column of the respondents' ids. None calls the respondent on line 5 `row5`.
    groups : collection of str
        Columns to keep as group variables; an empty cell is no group.
    ignore : collection of str
        Columns to leave out.
    ignore_other_columns : bool
        Whether to leave out every unknown column.
    keep_personal_data : bool
        Whether `id` and `groups` may name a column about people; those not named are left out all the same.
    missing : collection of str
        Cells that stand for no answer, beside the empty one; -99 is what Qualtrics proposes for "seen, not answered".
    on_out_of_range : {"error", "missing"}
        What to do with a number outside the scale.
    allow_fractions : bool
        Whether 3.7 is an answer.
    allow_missing_items : bool
        Whether an item may have no column.
    max_rows, max_chars : int
        Limits on the rows below the headers and on the characters of the text.

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

    References
    ----------
    .. [1] Qualtrics, "Understanding Your Dataset", support pages, as of 2026.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("q1_1", "q1_2")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> file = (
    ...     "ResponseId,IPAddress,q1_1,q1_2\n"
    ...     "Response ID,IP Address,I am calm.,I am tense.\n"
    ...     '"{""ImportId"":""_recordId""}","{""ImportId"":""ipAddress""}",'
    ...     '"{""ImportId"":""QID1_1""}","{""ImportId"":""QID1_2""}"\n'
    ...     "R_1,192.0.2.1,4,-99\n"
    ... )
    >>> answers = read_responses(file, calm)
    >>> answers.respondent_ids, answers.values.tolist(), dict(answers.groups)
    (('R_1',), [[4.0, nan]], {})
    """
    expect(instrument, Instrument, "read_responses")
    groups = text_names(groups, "groups")
    ignore = text_names(ignore, "ignore")
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
    table, import_ids = _below_headers(
        read_table(
            source,
            known=(*layout.known, *sorted(BOOKKEEPING)),
            max_rows=max_rows,
            max_chars=max_chars,
            keep_blank_rows=id is None,
            rules=RULES,
        )
    )
    own = {name for item in instrument.items for name in (item.id, *item.external_ids.values())}
    wanted = set(layout.reserved)
    names = {
        name: _owner(instrument, import_ids[name])
        for name in table.names
        if name not in own | wanted and import_ids.get(name) in own
    }
    items = (own | set(names)) - wanted
    personal = {name for name in table.names if name not in items and _is_personal(name, import_ids.get(name, ""))}
    left_out = (personal | BOOKKEEPING) - items
    layout = evolve(layout, instrument=recognising(instrument, names), ignore=(*ignore, *sorted(left_out)))
    wrong = [] if keep_personal_data else personal_faults(layout.reserved, personal, table.header_line)
    return responses_of(table, instrument, layout, id=id, groups=groups, faults=wrong)


def _below_headers(table: TextTable) -> tuple[TextTable, Mapping[str, str]]:
    """Take off the second and third header row; give the ImportIds by the names of their columns."""
    rows = [[column[i] for column in table.columns] for i in range(min(2, len(table.lines)))]
    for n_headers, row in enumerate(rows, start=1):
        ids = [_import_id(cell) for cell in row]
        if any(ids):
            faults = [*table.faults, *_import_faults(table, n_headers - 1, ids)]
            columns = tuple(column[n_headers:] for column in table.columns)
            lines = table.lines[n_headers:]
            if not lines and not faults:
                faults.append(row_fault(table.lines[n_headers - 1], "there are three header rows and nothing below"))
            below = evolve(table, columns=columns, lines=lines, faults=tuple(faults))
            return below, dict(zip(table.names, ids, strict=True))
    faults = list(table.faults) or [row_fault(table.header_line, NO_IMPORT_ROW)]
    raise ResponseError.from_faults(faults)


def _import_faults(table: TextTable, row: int, ids: list[str]) -> list[Fault]:
    line = table.lines[row]
    what = 'expected {"ImportId": ...} like in the cells beside it'
    return [
        Fault(f"row {line}, column {name!r}", what, row=line, column=name)
        for name, import_id in zip(table.names, ids, strict=True)
        if not import_id
    ]


def _import_id(cell: str) -> str:
    """Give the id in a cell of the third header row; nothing when there is none."""
    if not cell.lstrip().startswith("{") or len(cell) > LONGEST_IMPORT_CELL:
        return ""
    try:
        found = parsed(cell)
    except FormatError:
        return ""
    import_id = found.get("ImportId")
    return import_id if isinstance(import_id, str) else ""


def _owner(instrument: Instrument, name: str) -> str:
    """Give the id of the item with a name; the first, as everywhere where columns meet items."""
    own = [item.id for item in instrument.items if item.id == name]
    return (own or [item.id for item in instrument.items if name in item.external_ids.values()])[0]


def _is_personal(name: str, import_id: str) -> bool:
    texts = [re.sub(r"[^a-z]", "", text.lower()) for text in (name, import_id)]
    return any(text in PERSONAL_NAMES or text.startswith(PERSONAL_BEGINNINGS) for text in texts)
