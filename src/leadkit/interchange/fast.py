"""Answers of very many people as JSON, decoded by msgspec."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import OutOfRange
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import Fault, FormatError, ResponseError
from leadkit.interchange._json_text import parsed
from leadkit.interchange._survey_text import text_names
from leadkit.interchange._text import TextSource, whole_text

__all__ = ["read_responses"]

MAX_CHARS: Final = 1_000_000_000
MAX_RECORDS: Final = 10_000_000
ESCAPED_COLON: Final = "\\u003"


def read_responses(
    source: TextSource,
    instrument: Instrument,
    *,
    id: str = "respondent_id",  # noqa: A002 - the key's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    allow_missing_items: bool = False,
    max_records: int = MAX_RECORDS,
    max_chars: int = MAX_CHARS,
) -> Responses:
    r"""Read answers from JSON: one object a respondent, one a line or all in a list.

    The rules, the answers and the faults are those of `Responses.from_records`, and JSON is read as strictly as
    everywhere: no key twice in an object, no NaN. Text that msgspec does not take is read again by the slower reader,
    which tells what is wrong with it and where.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text. Keys are item ids (or external ids) and the names below;
        null or no key = not answered. Empty lines are left out.
    instrument : Instrument
        The questionnaire.
    id : str
        Key of the respondent's id, a text or a number.
    groups, ignore : collection of str
        Keys to keep as group variables, and keys to leave out.
    on_out_of_range : {"error", "missing"}
        What to do with a number outside the scale.
    allow_fractions : bool
        Whether 3.7 is an answer.
    allow_missing_items : bool
        Whether an item may be absent from every record.
    max_records, max_chars : int
        Limits on the records and on the characters of the text.

    Returns
    -------
    Responses
        In the order of the text.

    Raises
    ------
    FormatError
        The text is not JSON, or larger than a limit; `faults` holds the wrong lines, with their numbers as `row`.
    ImportError
        msgspec is not installed.
    ResponseError
        A record is wrong or a key unknown; `faults` holds all of it.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> text = '{"respondent_id": "ann", "a1": 4, "a2": 5}\n{"respondent_id": "bo", "a1": null}\n'
    >>> read_responses(text, calm).values.tolist()
    [[4.0, 5.0], [nan, nan]]
    >>> read_responses('[{"respondent_id": "ann", "a1": 9, "a2": 1, "q7": 1}]', calm)
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: 2 faults
      column 'q7': unknown column; ignore it if it is no item
      respondent 'ann', item 'a1': 9 is outside 1..5
    """
    expect(instrument, Instrument, "read_responses")
    kept = text_names(groups, "groups")
    left_out = text_names(ignore, "ignore")
    (name,) = text_names(id, "id")
    text = whole_text(source, max_chars, what="JSON", hint="save it as UTF-8")
    records = _decoded(text)
    if len(records) > max_records:
        msg = f"there are {len(records)} records, more than the limit of {max_records} (max_records)"
        raise FormatError(msg)
    _refuse_nested(records, (name, *kept))
    return Responses.from_records(
        records,
        instrument,
        id=name,
        groups=kept,
        ignore=left_out,
        on_out_of_range=on_out_of_range,
        allow_fractions=allow_fractions,
        allow_missing_items=allow_missing_items,
    )


def _decoded(text: str) -> list[Any]:
    """Decode fast where nothing can be wrong, otherwise strictly."""
    try:
        import msgspec
    except ImportError as error:
        msg = "interchange.fast needs msgspec: pip install 'leadkit[fast]'"
        raise ImportError(msg) from error
    is_list = text.lstrip()[:1] == "["
    try:
        found = msgspec.json.decode(text) if is_list else msgspec.json.Decoder().decode_lines(text)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        found = None
    if isinstance(found, list) and _has_no_key_twice(found, text):
        return found
    return _strictly(text, is_list=is_list)


def _has_no_key_twice(records: list[Any], text: str) -> bool:
    """Tell whether the text certainly has no key twice in an object, though msgspec keeps only the last one.

    A key is followed by a colon, so a text has as many colons as keys and those inside of texts. Where that does not
    add up, or objects are nested, the strict reader decides.
    """
    if ESCAPED_COLON in text:
        return False
    expected = 0
    for record in records:
        if not isinstance(record, dict):
            return False
        expected += len(record)
        for name, value in record.items():
            if ":" in name:
                return False
            if isinstance(value, str):
                expected += value.count(":")
            elif isinstance(value, dict | list):
                return False
    return text.count(":") == expected


def _strictly(text: str, *, is_list: bool) -> list[Any]:
    """Read every line, or the list, and tell all that is wrong."""
    if is_list:
        return list(parsed(text, subject="records"))
    found = []
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                found.append(parsed(line))
            except FormatError as error:
                what = "; ".join(
                    f"{fault.where.replace('line 1, ', '')}: {fault.what}".removeprefix(": ") for fault in error.faults
                )
                faults.append(Fault(f"line {number}", what, row=number))
    if faults:
        raise FormatError.from_faults(faults, subject="records")
    return found


def _refuse_nested(records: list[Any], names: tuple[str, ...]) -> None:
    """Refuse a list or an object as an id or a group."""
    faults = [
        Fault(f"record {i}, key {name!r}", "expected a text or a number, got a list or an object", row=i, column=name)
        for i, record in enumerate(records, start=1)
        if isinstance(record, Mapping)
        for name in names
        if isinstance(record.get(name), dict | list)
    ]
    if faults:
        raise ResponseError.from_faults(faults)
