"""A form as LimeSurvey's tab-separated survey structure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from leadkit.assessment import Dimension, Instrument, ResponseScale
from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.text import in_language
from leadkit.errors import FormatError
from leadkit.interchange._survey_text import entities, text_names
from leadkit.interchange.limesurvey._codes import answer_code, code_faults, code_of

__all__ = ["COLUMNS", "write_form"]

COLUMNS = (
    "id",
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
    "default",
    "same_default",
)
"""Header of the file."""
ARRAY = "F"
SHORT_TEXT = "S"


def write_form(instrument: Instrument, *, groups: Collection[str] = (), language: str | None = None) -> str:
    """Write a questionnaire as a survey that LimeSurvey imports: "tab separated values", the structure of a survey.

    Every dimension is a question of the type array, its items are subquestions, the answers are those of the scale.
    LimeSurvey takes no underscores in codes, so `val_1` becomes `val1`, and no more than 20 characters; an answer below
    zero such as -2 becomes `N2`.
    `read_responses` knows all of them again.
    Texts are written for HTML; an answer is not mandatory.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    groups : collection of str
        Questions with a short text as answer, before the others, such as "team".
    language : str, optional
        BCP 47 tag of the only language to write; all languages in which every text is there when None.

    Returns
    -------
    str
        Write it to a file that ends in .txt, with the encoding `utf-8-sig`: LimeSurvey expects a byte order mark.

    Raises
    ------
    FormatError
        LimeSurvey could not tell codes apart or would refuse them; all faults at once.
    UnknownIdError
        The instrument is not written in that language.

    References
    ----------
    .. [1] LimeSurvey manual, "Tab Separated Value survey structure", as of 2026.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> key = [{"item": "a_1", "dimension": "calm", "text": "I am calm.", "low": 1, "high": 2}]
    >>> calm = Instrument.from_rows(key, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> for line in write_form(calm).splitlines()[6:]:
    ...     print(line.split(chr(9))[:6])
    ['1', 'Q', 'F', 'calm', '1', 'calm']
    ['2', 'SQ', '0', 'a1', '1', 'I am calm.']
    ['1', 'A', '0', '1', '0', '1']
    ['1', 'A', '0', '2', '0', '2']
    """
    expect(instrument, Instrument, "write_form")
    groups = text_names(groups, "groups")
    faults = code_faults(instrument, groups)
    if faults:
        raise FormatError.from_faults(faults, subject="LimeSurvey")
    first = instrument.translated(language or instrument.language)
    others = () if language else tuple(tag for tag in instrument.languages if tag != first.language)
    forms = [first, *(instrument.translated(tag) for tag in others)]
    rows = [
        _row(kind="S", name="language", text=first.language),
        _row(kind="S", name="additional_languages", text=" ".join(others)),
        _row(kind="S", name="format", text="G"),
        *(_title(form) for form in forms),
    ]
    for form in forms:
        rows += _one_language(form, groups)
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *rows))


def _title(form: Instrument) -> tuple[str, ...]:
    return _row(
        kind="SL", name="surveyls_title", text=entities(in_language(form.title, form.language)), language=form.language
    )


def _one_language(form: Instrument, groups: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    tag = form.language
    yield _row(number=1, kind="G", name=entities(in_language(form.title, tag)), scale="1", relevance="1", language=tag)
    number = 0
    for name in groups:
        number += 1
        yield _row(
            number=number,
            kind="Q",
            scale=SHORT_TEXT,
            name=code_of(name),
            relevance="1",
            text=entities(name),
            language=tag,
            mandatory="N",
        )
    for dimension in form.dimensions:
        yield from _array(dimension, form.scale, tag, number + 1)
        number += 1 + len(dimension.items)


def _array(dimension: Dimension, scale: ResponseScale, tag: str, number: int) -> Iterable[tuple[str, ...]]:
    yield _row(
        number=number,
        kind="Q",
        scale=ARRAY,
        name=code_of(dimension.id),
        relevance="1",
        text=entities(in_language(dimension.name, tag)),
        note=entities(in_language(dimension.description, tag)),
        language=tag,
        mandatory="N",
    )
    for i, item in enumerate(dimension.items, start=number + 1):
        yield _row(
            number=i,
            kind="SQ",
            scale="0",
            name=code_of(item.id),
            relevance="1",
            text=entities(in_language(item.text, tag)),
            language=tag,
        )
    for code in range(scale.low, scale.high + 1):
        label = in_language(scale.labels[code - scale.low], tag) if scale.labels else str(code)
        yield _row(
            number=number,
            kind="A",
            scale="0",
            name=answer_code(code),
            relevance="0",
            text=entities(label),
            language=tag,
        )


def _row(
    *,
    kind: str,
    name: str,
    number: int | None = None,
    scale: str = "",
    relevance: str = "",
    text: str = "",
    note: str = "",
    language: str = "",
    mandatory: str = "",
) -> tuple[str, ...]:
    shown = "" if number is None else str(number)
    return (shown, kind, scale, name, relevance, text, note, language, "", mandatory, "", "", "")
