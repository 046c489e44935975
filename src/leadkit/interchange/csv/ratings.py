"""Evaluations as comma-separated text: one row says what one rater answered about one ratee."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadkit._fields import IDENTIFIER, sealed
from leadkit.assessment import ROLES, Instrument, Ratings, Responses
from leadkit.assessment.answers import AnswerRules, OutOfRange
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import Fault, ResponseError, did_you_mean
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._cells import exported
from leadkit.interchange.csv._sheet import (
    MAX_CHARS,
    MAX_ROWS,
    AnswerSheet,
    SheetLayout,
    empty_cell_faults,
    names_of,
    read_sheet,
)
from leadkit.interchange.csv._table import cell_fault, shortened
from leadkit.interchange.csv.responses import answer_table, refuse_name_clash, repeated_row_faults

__all__ = ["read_ratings", "write_ratings"]

EVALUATION = "evaluation_id"


def read_ratings(
    source: TextSource,
    instrument: Instrument,
    *,
    ratee: str = "ratee_id",
    rater: str = "rater_id",
    role: str = "role",
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    ignore_other_columns: bool = False,
    missing: Collection[str] = ("NA",),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
    max_rows: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> Ratings:
    r"""Read evaluations from comma-separated text; the other options are those of `read_responses`.

    A column `evaluation_id` names the evaluations where there is one; otherwise they are named "<rater> on <ratee>
    as <role>".

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    instrument : Instrument
        The questionnaire.
    ratee, rater, role : str
        Columns of who is rated, who rates, and what the rater is to the ratee.

    Returns
    -------
    Ratings
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
    >>> rows = [{"item": "a1", "dimension": "calm", "low": 1, "high": 5}]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> read_ratings("ratee_id,rater_id,role,a1\nann,bo,peer,4\nann,ann,self,5\n", calm)
    Ratings('calm' 1.0.0: 2 evaluations of 1 ratees by 2 raters)
    >>> read_ratings("ratee_id,rater_id,role,a1\nann,bo,Peer,4\n", calm)
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: row 2, column 'role': expected one of self, manager, peer, direct_report, customer,
    other or an identifier of your own, got 'Peer' (did you mean 'peer'?)
    """
    groups = names_of(groups)
    layout = SheetLayout(
        instrument=instrument,
        rules=AnswerRules(scale=instrument.scale, on_out_of_range=on_out_of_range, allow_fractions=allow_fractions),
        reserved=(ratee, rater, role, *groups),
        optional=(EVALUATION,),
        ignore=ignore,
        ignore_other_columns=ignore_other_columns,
        missing=missing,
        allow_missing_items=allow_missing_items,
        max_rows=max_rows,
        max_chars=max_chars,
    )
    sheet = read_sheet(source, layout)
    faults = sheet.with_faults(_who_faults(sheet, ratee, rater, role))
    if faults:
        raise ResponseError.from_faults(faults)
    who = [sheet.texts[name] for name in (ratee, rater, role)]
    ids = sheet.texts.get(EVALUATION) or _evaluation_ids(*who)
    labels = {name: [text or None for text in sheet.texts[name]] for name in groups}
    responses = Responses(instrument, sealed(sheet.values), ids, labels, allow_fractions=allow_fractions)
    return Ratings(responses, *who)


def write_ratings(ratings: Ratings) -> str:
    """Write evaluations as comma-separated text: `ratee_id`, `rater_id`, `role`, group variables, items.

    `read_ratings` gives the same ratings again, under the conditions of `write_responses`.
    A column `evaluation_id` is written where the evaluations have names of their own.

    Parameters
    ----------
    ratings : Ratings
        The evaluations, with the names of the raters: this file is for analysis, not for showing.

    Returns
    -------
    str
        Write it to a file with `newline=""`.

    Raises
    ------
    ResponseError
        A group variable bears the name of an item or of one of the columns above.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> from leadkit.assessment import Ratings
    >>> columns = {"ratee_id": ["ann"], "rater_id": ["bo"], "role": ["peer"], "vis1": [4]}
    >>> ratings = Ratings.from_columns(columns, frameworks.load("ved"), allow_missing_items=True)
    >>> print(write_ratings(ratings)[:45])
    ratee_id,rater_id,role,vis1,vis2,vis3,vis4,vi
    """
    expect(ratings, Ratings, "write_ratings")
    who = (ratings.ratee_ids, ratings.rater_ids, ratings.roles)
    header = ["ratee_id", "rater_id", "role"]
    first = [[exported(name) for name in column] for column in who]
    if list(ratings.responses.respondent_ids) != _evaluation_ids(*who):
        header.append(EVALUATION)
        first.append([exported(name) for name in ratings.responses.respondent_ids])
    header += ratings.responses.groups
    refuse_name_clash((*header, *ratings.instrument.item_ids))
    return answer_table(ratings.responses, header, first)


def _evaluation_ids(ratees: Sequence[str], raters: Sequence[str], roles: Sequence[str]) -> list[str]:
    return [f"{by} on {about} as {as_role}" for about, by, as_role in zip(ratees, raters, roles, strict=True)]


def _who_faults(sheet: AnswerSheet, ratee: str, rater: str, role: str) -> list[Fault]:
    if not all(name in sheet.texts for name in (ratee, rater, role)):
        return []
    who = list(zip(*(sheet.texts[name] for name in (ratee, rater, role)), strict=True))
    faults = empty_cell_faults(sheet, ratee, "ratee") + empty_cell_faults(sheet, rater, "rater")
    for line, (about, by, as_role) in zip(sheet.lines, who, strict=True):
        if not IDENTIFIER.fullmatch(as_role):
            right = f"expected one of {', '.join(ROLES)} or an identifier of your own"
            hint = did_you_mean(as_role.lower(), ROLES)
            faults.append(cell_fault(line, role, f"{right}, got {shortened(as_role)}{hint}"))
        elif as_role == "self" and about != by:
            faults.append(cell_fault(line, role, f"'self', but {by!r} rates {about!r}"))
    told = [f"the evaluation of {about!r} by {by!r} as {as_role!r}" for about, by, as_role in who]
    faults += repeated_row_faults(sheet, who, role, told)
    return faults + _name_faults(sheet, who)


def _name_faults(sheet: AnswerSheet, who: Sequence[tuple[str, str, str]]) -> list[Fault]:
    """List what is wrong with the names of the evaluations, given or formed."""
    if EVALUATION in sheet.texts:
        names = sheet.texts[EVALUATION]
        told = [repr(name) if name else "" for name in names]
        return empty_cell_faults(sheet, EVALUATION, "evaluation") + repeated_row_faults(sheet, names, EVALUATION, told)
    first: dict[str, tuple[int, tuple[str, str, str]]] = {}
    faults = []
    for line, one in zip(sheet.lines, who, strict=True):
        (name,) = _evaluation_ids(*([part] for part in one))
        earlier, other = first.setdefault(name, (line, one))
        if other != one:
            what = f"the evaluation {name!r} is in row {earlier} already; name both in a column {EVALUATION!r}"
            faults.append(Fault(f"row {line}", what, row=line))
    return faults
