"""An instrument from LimeSurvey's tab-separated survey structure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from attrs import Factory, define, evolve

from leadkit.assessment import Instrument, ResponseScale
from leadkit.assessment.instrument import Status
from leadkit.assessment.text import Text
from leadkit.errors import Fault, FormatError, LeadkitError
from leadkit.interchange._survey_questions import Facts, Matrix, instrument_of, one_text, scale_of
from leadkit.interchange._survey_text import plain, text_names
from leadkit.interchange._text import TextSource
from leadkit.interchange.csv._table import TableRules, TextTable, cell_fault, read_table
from leadkit.interchange.limesurvey._codes import answer_number
from leadkit.interchange.limesurvey.writing import ARRAY, COLUMNS

__all__ = ["read_instrument"]

NEEDED = ("class", "name", "text")
RULES = TableRules(needed=NEEDED, left_out=frozenset())
ARRAYS = {ARRAY: None, "A": 5, "B": 10}
"""Types of array: with answers of their own, from 1 to 5, from 1 to 10."""

BELOW_ZERO = re.compile(r"N[1-9][0-9]{0,4}")


@define(kw_only=True)
class _Question:
    """A question as its rows come, one language after the other."""

    code: str
    line: int
    kind: str
    texts: dict[str, str] = Factory(dict)
    helps: dict[str, str] = Factory(dict)
    rows: dict[str, dict[str, str]] = Factory(dict)
    answers: dict[str, dict[str, str]] = Factory(dict)


def read_instrument(
    form: TextSource,
    *,
    id: str,  # noqa: A002 - the field's name
    version: str,
    source: str,
    licence: str,
    title: Text | None = None,
    status: Status = "unvalidated",
    reverse: Collection[str] = (),
    questions: Collection[str] | None = None,
    max_rows: int = 100_000,
    max_chars: int = 50_000_000,
) -> Instrument:
    r"""Read the arrays of a survey as an instrument, a dimension of every array.

    Arrays are questions of the types F (answers of their own), A (1 to 5) and B (1 to 10); other questions are left
    out.
    All arrays must have the same answers.
    Tags and expressions in the texts are not kept, nor run.

    Parameters
    ----------
    form : str or text file
        The structure, or a file that is open for reading text (encoding `utf-8-sig`).
    id, version, source, licence, status
        As for `Instrument.from_rows`: what LimeSurvey does not know.
    title : Text, optional
        The survey's own when None.
    reverse : collection of str
        Ids of the items for which a high answer counts as low.
    questions : collection of str, optional
        Codes of the arrays to read; all when None.
    max_rows, max_chars : int
        Limits on the rows and on the characters of the text.

    Returns
    -------
    Instrument
        Items have what LimeSurvey calls their column, such as `calm[SQ001]`, among their external ids, so that
        `read_responses` finds it.

    Raises
    ------
    FormatError
        The text is no such structure, or has no arrays with equal answers; `faults` holds the rows.
    DefinitionError
        What was found is no instrument.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> from leadkit.interchange.limesurvey import write_form
    >>> about = {"id": "ved", "version": "1.0.0", "source": "Example", "licence": "MIT"}
    >>> read_instrument(write_form(frameworks.load("ved")), **about).dimension_ids[:3]
    ('vision', 'engagement', 'delivery')
    """
    table = read_table(form, known=COLUMNS, max_rows=max_rows, max_chars=max_chars, rules=RULES)
    absent = [name for name in NEEDED if name not in table.names]
    faults = list(table.faults)
    if table.names and absent:
        faults.append(Fault(f"row {table.header_line}", f"no column {', '.join(map(repr, absent))}", row=1))
    if faults:
        raise FormatError.from_faults(faults)
    base, titles, found = _collected(table)
    wanted = None if questions is None else text_names(questions, "questions")
    arrays = [one for one in found if one.kind in ARRAYS and (wanted is None or one.code in wanted)]
    faults = [
        Fault("questions", f"there is no array {name!r}")
        for name in wanted or ()
        if name not in {one.code for one in arrays}
    ]
    matrices = []
    for one in arrays:
        try:
            matrices.append(_matrix(one))
        except LeadkitError as error:
            faults.append(Fault(f"row {one.line}", str(error), row=one.line))
    if faults:
        raise FormatError.from_faults(faults)
    facts = Facts(
        id=id,
        version=version,
        source=source,
        licence=licence,
        status=status,
        language=base,
        title=one_text(titles, id) if title is None else title,
        reverse=text_names(reverse, "reverse"),
    )
    return instrument_of(matrices, facts, tool="limesurvey", full=lambda question, row: f"{question}[{row}]")


def _collected(table: TextTable) -> tuple[str, dict[str, str], list[_Question]]:
    """Give the first language, the titles and the questions; rows of other languages add their texts."""
    place = {name: i for i, name in enumerate(table.names)}
    base = ""
    titles: dict[str, str] = {}
    questions: dict[str, _Question] = {}
    now: _Question | None = None
    faults = []
    for line, row in zip(table.lines, zip(*table.columns, strict=True), strict=True):
        cell = {name: row[i].strip() for name, i in place.items()}
        kind, name, text, tag = (cell.get(key, "") for key in ("class", "name", "text", "language"))
        text = plain(text)
        if kind == "S" and name == "language":
            base = text
        elif kind == "SL" and name == "surveyls_title":
            titles[tag] = text
        elif kind == "G":
            now = None
        elif kind == "Q":
            fresh = _Question(code=name, line=line, kind=cell.get("type/scale", ""))
            now = questions.setdefault(name, fresh)
            if tag in now.texts:
                faults.append(cell_fault(line, "name", f"the question {name[:20]!r} is in row {now.line} already"))
            now.texts[tag] = text
            now.helps[tag] = plain(cell.get("help", ""))
        elif kind in {"SQ", "A"} and now is not None:
            kept = now.rows if kind == "SQ" else now.answers
            if tag in kept.setdefault(name, {}):
                faults.append(cell_fault(line, "name", f"{name[:20]!r} is there already in this question"))
            kept[name][tag] = text
    if faults:
        raise FormatError.from_faults(faults)
    return (
        base or next((tag for one in questions.values() for tag in one.texts if tag), "en"),
        titles,
        list(questions.values()),
    )


def _matrix(one: _Question) -> Matrix:
    return Matrix(
        code=one.code,
        place=Fault(f"row {one.line}", "", row=one.line),
        name=one_text(one.texts, one.code),
        description=one_text(one.helps, ""),
        rows=tuple((code, one_text(texts, code)) for code, texts in one.rows.items()),
        scale=_scale(one.kind, one.answers),
    )


def _scale(kind: str, answers: Mapping[str, Mapping[str, str]]) -> ResponseScale:
    high = ARRAYS[kind]
    if high is not None:
        return ResponseScale(low=1, high=high)
    codes = {code: answer_number(code, below_zero=_is_below_zero(list(answers))) for code in answers}
    found = [(codes[code], one_text(texts, codes[code])) for code, texts in answers.items()]
    scale = scale_of(found)
    numbers = {str(number) for number in range(scale.low, scale.high + 1)}
    return evolve(scale, labels=()) if {str(label) for _, label in found} == numbers else scale


def _is_below_zero(codes: list[str]) -> bool:
    """Tell whether N2 stands for -2: it comes before N1, or beside plain numbers."""
    below = [code for code in codes if BELOW_ZERO.fullmatch(code)]
    others = [code for code in codes if not BELOW_ZERO.fullmatch(code)]
    falling = sorted(below, key=lambda code: -int(code[1:]))
    return bool(below) and all(code.isdigit() for code in others) and (bool(others) or (below == falling))
