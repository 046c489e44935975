"""A form as a REDCap data dictionary with its 18 columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from leadkit._fields import repeated
from leadkit.assessment import Dimension, Instrument
from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.text import in_language
from leadkit.errors import Fault, FormatError
from leadkit.interchange._survey_text import entities, text_names
from leadkit.interchange.csv._cells import text_table

__all__ = ["COLUMNS", "write_form"]

COLUMNS: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
"""Header of a data dictionary."""
FIELD: Final = re.compile(r"[a-z](?:_?[a-z0-9])*")
LONGEST_FIELD: Final = 100
LONGEST_MATRIX: Final = 60
RESERVED: Final = frozenset(
    {
        "redcap_event_name",
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
        "redcap_data_access_group",
        "redcap_survey_identifier",
    }
)


def write_form(
    instrument: Instrument,
    *,
    id: str = "record_id",  # noqa: A002 - the field's name
    groups: Collection[str] = (),
    language: str | None = None,
) -> str:
    """Write a questionnaire as a data dictionary that REDCap takes, an instrument of REDCap with one field an item.

    The items of a dimension are radio fields in one matrix, whose choices are the answers.
    `leadkit.interchange.csv.read_responses` reads what REDCap exports as raw data, with `id="record_id"` and
    `ignore_other_columns=True`.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    id : str
        First field, which REDCap takes as the record's id.
    groups : collection of str
        Text fields between the id and the items, such as "team".
    language : str, optional
        BCP 47 tag of the language of the wording; the instrument's own when None.

    Returns
    -------
    str
        Comma-separated text; write it to a file with `newline=""`, in UTF-8.

    Raises
    ------
    FormatError
        A name is no field name of REDCap (lower-case letters, digits and single underscores, a letter first, at most
        100 characters, no word that REDCap uses itself), or is there twice; all faults at once.
    UnknownIdError
        The instrument is not written in that language.

    References
    ----------
    .. [1] Vanderbilt University, "Creating a Data Dictionary in REDCap", 2015.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> key = [{"item": "a1", "dimension": "calm", "text": "I am calm.", "low": 1, "high": 2}]
    >>> calm = Instrument.from_rows(key, id="mood", version="1.0.0", title="Mood", source="Example", licence="MIT")
    >>> for line in write_form(calm).splitlines()[1:]:
    ...     print(line)
    record_id,mood,,text,Record,,,,,,,,,,,,,
    a1,mood,calm,radio,I am calm.,"1, 1 | 2, 2",,,,,,,,,,calm,,
    """
    expect(instrument, Instrument, "write_form")
    groups = text_names(groups, "groups")
    faults = _faults(instrument, (*text_names([id], "id"), *groups))
    if faults:
        raise FormatError.from_faults(faults, subject="REDCap")
    form = instrument.translated(language or instrument.language)
    rows = [_row(id, form.id, kind="text", label="Record")]
    rows += [_row(name, form.id, kind="text", label=entities(name)) for name in groups]
    for dimension in form.dimensions:
        rows += _matrix(form, dimension)
    return text_table(COLUMNS, zip(*rows, strict=True))


def _matrix(form: Instrument, dimension: Dimension) -> Iterable[tuple[str, ...]]:
    choices = _choices(form)
    header = entities(in_language(dimension.name, form.language))
    for item in dimension.items:
        label = entities(in_language(item.text, form.language))
        yield _row(item.id, form.id, kind="radio", label=label, section=header, choices=choices, matrix=dimension.id)
        header = ""


def _choices(form: Instrument) -> str:
    scale = form.scale
    labels = [in_language(label, form.language) for label in scale.labels]
    codes = range(scale.low, scale.high + 1)
    words = labels or [str(code) for code in codes]
    choices = " | ".join(f"{code}, {entities(word)}" for code, word in zip(codes, words, strict=True))
    # a blank in front keeps a spreadsheet from reading a minus sign as a formula; REDCap does not mind it
    return f" {choices}" if scale.low < 0 else choices


def _row(
    name: str, form: str, *, kind: str, label: str, section: str = "", choices: str = "", matrix: str = ""
) -> tuple[str, ...]:
    return (name, form, section, kind, label, choices, *("",) * 9, matrix, "", "")


def _faults(instrument: Instrument, fields: tuple[str, ...]) -> list[Fault]:
    names = (*fields, *instrument.item_ids)
    own = RESERVED | {f"{instrument.id}_complete"}
    expected = "lower-case letters, digits and single underscores, a letter first and none of them last"
    faults = []
    for kind, longest, checked in (
        ("field", LONGEST_FIELD, dict.fromkeys(names)),
        ("matrix", LONGEST_MATRIX, dict.fromkeys(instrument.dimension_ids)),
        ("form", LONGEST_FIELD, {instrument.id: None}),
    ):
        for name in checked:
            if not FIELD.fullmatch(name) or len(name) > longest:
                faults.append(Fault(f"{kind} {name!r}", f"expected at most {longest} {expected}"))
            elif kind == "field" and name in own:
                faults.append(Fault(f"{kind} {name!r}", "REDCap uses this name itself; rename it"))
    faults += [Fault(f"field {name!r}", "would be there more than once; rename it") for name in repeated(names)]
    return faults
