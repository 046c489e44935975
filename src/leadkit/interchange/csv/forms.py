"""Empty forms as comma-separated text, to be filled in with a spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from leadkit.assessment import Instrument, Item
from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.text import in_language
from leadkit.interchange.csv._cells import ANSWERS_MARK, QUESTION_MARK, exported, text_table
from leadkit.interchange.csv._sheet import names_of
from leadkit.interchange.csv.responses import refuse_name_clash

__all__ = ["write_form", "write_rating_form"]


def write_form(
    instrument: Instrument,
    *,
    rows: int | Iterable[str] = 0,
    groups: Collection[str] = (),
    language: str | None = None,
) -> str:
    """Write an empty form that `read_responses` reads once it is filled in, one row a respondent.

    The second row, marked `#question`, holds the wording of every item, and the third, marked `#answers`, what its
    numbers mean.
    They may stay in the file: a reader leaves out a row whose first cell is one of these two marks.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    rows : int or iterable of str
        How many rows to prepare, with the ids r1, r2, ..., or the ids themselves.
    groups : collection of str
        Names of group columns between the id and the items, such as "team".
    language : str, optional
        BCP 47 tag of the language of the wording; the instrument's own when None.

    Returns
    -------
    str
        Write it to a file with `newline=""`, in UTF-8 with a byte order mark when a spreadsheet is to open it.

    Raises
    ------
    UnknownIdError
        The instrument is not written in that language.
    ResponseError
        A group bears the name of an item or of the id column.
    ValueError
        `rows` is negative.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> key = [{"item": "a1", "dimension": "calm", "text": "I am calm.", "low": 1, "high": 5}]
    >>> calm = Instrument.from_rows(key, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> print(write_form(calm, rows=2, groups=["team"]), end="")
    respondent_id,team,a1
    #question,,I am calm.
    #answers,,1..5
    r1,,
    r2,,
    """
    if isinstance(rows, int):
        if rows < 0:
            msg = f"rows: expected a number at least 0, got {rows}"
            raise ValueError(msg)
        rows = [f"r{number}" for number in range(1, rows + 1)]
    expect(instrument, Instrument, "write_form")
    instrument = instrument.translated(language or instrument.language)
    header = ("respondent_id", *names_of(groups))
    questions = [_words(item, instrument) for item in instrument.items]
    return _form(instrument, header, questions, [(name,) for name in names_of(rows)])


def write_rating_form(
    instrument: Instrument,
    *,
    rows: Iterable[tuple[str, str, str]] = (),
    groups: Collection[str] = (),
    language: str | None = None,
) -> str:
    """Write an empty form that `read_ratings` reads once it is filled in, one row an evaluation.

    The wording is that about somebody else, where the item has one.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    rows : iterable of tuple
        The evaluations to prepare: ratee, rater and role of each.
    groups, language
        As for `write_form`.

    Returns
    -------
    str
        As for `write_form`.

    Raises
    ------
    UnknownIdError, ResponseError
        As for `write_form`.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> form = write_rating_form(frameworks.load("ved"), rows=[("ann", "bo", "peer")])
    >>> print(form.splitlines()[1][:60])
    #question,,,This leader describes where the team is going be
    >>> print(form.splitlines()[3][:15])
    ann,bo,peer,,,,
    """
    expect(instrument, Instrument, "write_rating_form")
    instrument = instrument.translated(language or instrument.language)
    header = ("ratee_id", "rater_id", "role", *names_of(groups))
    questions = [_words(item, instrument, observer=True) for item in instrument.items]
    return _form(instrument, header, questions, rows)


def _form(
    instrument: Instrument, header: Sequence[str], questions: Sequence[str], rows: Iterable[Sequence[str]]
) -> str:
    refuse_name_clash((*header, *instrument.item_ids))
    gap = [""] * (len(header) - 1)
    width = len(header) + instrument.n_items
    lines = [
        [QUESTION_MARK, *gap, *map(exported, questions)],
        [ANSWERS_MARK, *gap, *([exported(_answers(instrument))] * instrument.n_items)],
    ]
    for row in rows:
        prepared = [exported(text) for text in row]
        lines.append(prepared + [""] * (width - len(prepared)))
    return text_table([*map(exported, header), *instrument.item_ids], zip(*lines, strict=True))


def _words(item: Item, instrument: Instrument, *, observer: bool = False) -> str:
    text = item.observer_text if observer and item.observer_text is not None else item.text
    return in_language(text, instrument.language)


def _answers(instrument: Instrument) -> str:
    scale = instrument.scale
    if not scale.labels:
        return f"{scale.low}..{scale.high}"
    labels = enumerate(scale.labels, start=scale.low)
    return ", ".join(f"{code} = {in_language(label, instrument.language)}" for code, label in labels)
