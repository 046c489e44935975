"""Answers exported from LimeSurvey as CSV."""

from __future__ import annotations

import re
from collections.abc import Collection

from attrs import evolve

from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import AnswerRules, OutOfRange
from leadkit.assessment.disclosure.expecting import expect
from leadkit.interchange._survey_answers import personal_faults, recognising, responses_of
from leadkit.interchange._survey_text import text_names
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._sheet import MAX_CHARS, MAX_ROWS, SheetLayout
from leadkit.interchange.csv._table import TableRules, TextTable, read_table
from leadkit.interchange.limesurvey._codes import answer_number, code_of, names_in_exports

__all__ = ["read_responses"]

RULES = TableRules(left_out=frozenset())
BOOKKEEPING = frozenset(
    {"id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp", "interviewtime"}
)
TIMES = re.compile(r"(?:group|question)time[0-9]*", re.IGNORECASE)
PERSONAL = re.compile(r"token|ipaddr|refurl|firstname|lastname|email|attribute_[0-9]+", re.IGNORECASE)


def read_responses(
    source: TextSource,
    instrument: Instrument,
    *,
    id: str | None = "id",  # noqa: A002 - the column's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    ignore_other_columns: bool = False,
    keep_personal_data: bool = False,
    missing: Collection[str] = ("N/A",),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> Responses:
    r"""Read answers from the CSV file that LimeSurvey exports with question codes as headings and answer codes.

    The column of item `a_1` of dimension `calm` may be called `calm[a1]`, `calm_a1`, `calm.a1`, `a1` or `a_1`, or as
    one of the item's external ids says.
    Codes such as `A4` and `AO04` are 4, and `N2` is -2 on a scale that begins below zero.
    Columns about people (`token`, `ipaddr`, `refurl`, `firstname`, `lastname`, `email`, `attribute_1`, ...) are left
    out, and so are those about the answering (`submitdate`, `seed`, times, ...) that are not named here.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text (with `newline=""`, so that line breaks inside a cell stay).
    instrument : Instrument
        The questionnaire.
    id : str or None
        Column of the respondents' ids. None calls the respondent on line 5 `row5`.
    groups : collection of str
        Columns to keep as group variables; a column without the underscores of the name is found too.
    ignore : collection of str
        Columns to leave out.
    ignore_other_columns : bool
        Whether to leave out every unknown column.
    keep_personal_data : bool
        Whether `id` and `groups` may name a column about people; those not named are left out all the same.
    missing : collection of str
        Cells that stand for no answer, beside the empty one.
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

    References
    ----------
    .. [1] LimeSurvey manual, "Exporting results", as of 2026.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a_1", "a_2")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> file = '"id","submitdate","ipaddr","calm[a1]","calm[a2]"\n"7","2026-03-02 10:00:00","192.0.2.1","4",""\n'
    >>> answers = read_responses(file, calm)
    >>> answers.respondent_ids, answers.values.tolist()
    (('7',), [[4.0, nan]])
    """
    expect(instrument, Instrument, "read_responses")
    groups = text_names(groups, "groups")
    ignore = text_names(ignore, "ignore")
    names = names_in_exports(instrument)
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
    table = read_table(
        source,
        known=(*layout.known, *names, *sorted(BOOKKEEPING)),
        max_rows=max_rows,
        max_chars=max_chars,
        keep_blank_rows=id is None,
        rules=RULES,
    )
    table = _renamed(table, {code_of(name): name for name in groups})
    wanted = set(layout.reserved)
    here = {name: item_id for name, item_id in names.items() if name in table.names and name not in wanted}
    own = {name for item in instrument.items for name in (item.id, *item.external_ids.values())}
    items = (own | set(here)) - wanted
    personal = {name for name in table.names if name not in items and PERSONAL.fullmatch(name)}
    left_out = personal | {name for name in table.names if name in BOOKKEEPING or TIMES.fullmatch(name)}
    layout = evolve(layout, instrument=recognising(instrument, here), ignore=(*ignore, *sorted(left_out - items)))
    wrong = [] if keep_personal_data else personal_faults(layout.reserved, personal, table.header_line)
    return responses_of(_decoded(table, items, instrument), instrument, layout, id=id, groups=groups, faults=wrong)


def _renamed(table: TextTable, names: dict[str, str]) -> TextTable:
    """Give group columns back the underscores that LimeSurvey does not take."""
    renamed = (names.get(name, name) if names.get(name) not in table.names else name for name in table.names)
    return evolve(table, names=tuple(renamed))


def _decoded(table: TextTable, items: Collection[str], instrument: Instrument) -> TextTable:
    """Turn codes of answers into numbers, in the columns of items."""
    below_zero = instrument.scale.low < 0
    columns = (
        tuple(
            tuple(answer_number(cell.strip(), below_zero=below_zero) for cell in column) if name in items else column
            for name, column in zip(table.names, table.columns, strict=True)
        )
        if table.names
        else table.columns
    )
    return evolve(table, columns=columns)
