"""Answers and scores as data files of SPSS."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from attrs import frozen

from leadkit.assessment import Composite, Dimension, Responses, Scores
from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.text import in_language
from leadkit.errors import Fault, FormatError, UnknownIdError
from leadkit.interchange._survey_text import text_names
from leadkit.interchange.spss._lacking import need
from leadkit.interchange.spss._names import item_names, name_faults, plain_name_faults, shortened, text_faults
from leadkit.typing import FloatArray

__all__ = ["write_responses", "write_scores"]

ID: Final = "respondent_id"
LONGEST_TITLE: Final = 64
LONGEST_LABEL: Final = 255
LONGEST_VALUE_LABEL: Final = 120
EXACT: Final = 2**53
# Where the head of a file says when it was made: without that, the same answers are the same bytes.
MADE_AT: Final = slice(92, 109)
NO_TIME: Final = b"01 Jan 7000:00:00"


@frozen
class _Variable:
    """A column and what SPSS shows of it."""

    name: str
    cells: FloatArray | tuple[str, ...]
    label: str
    measure: str
    format: str = ""
    labels: Mapping[float, str] | None = None


def write_responses(responses: Responses, *, language: str | None = None) -> bytes:
    """Write answers as a data file of SPSS: `respondent_id`, the group variables, a variable an item.

    An item's variable bears its external id for "spss" where it has one, otherwise its id.
    It is ordinal, labelled with the item's text, and its codes with the labels of the scale; no answer is
    system-missing.
    The ids and the groups are nominal, groups of numbers as numbers and all others as text.
    `read_responses` gives the same responses again when the labels of a group are texts or numbers that need no more
    than 53 bits.

    Parameters
    ----------
    responses : Responses
        The answers.
    language : str, optional
        BCP 47 tag of the language of the wording; the instrument's own when None.

    Returns
    -------
    bytes
        Write them to a file whose name ends in `.sav`. The same answers are the same bytes: the file says that it was
        made at the beginning of 1970.

    Raises
    ------
    FormatError
        SPSS does not take a name, or would not give a text back as it is; `faults` holds all of it.
    ImportError
        pyreadstat or pandas is not installed.
    UnknownIdError
        The instrument is not written in that language.

    References
    ----------
    .. [1] IBM, "SPSS Statistics Core System User's Guide", variable names.
    .. [2] The PSPP developers, "System File Format".

    Examples
    --------
    >>> from leadkit import samples
    >>> content = write_responses(samples.answers("ved", rng=1))
    >>> content[:4], write_responses(samples.answers("ved", rng=1)) == content
    (b'$FL2', True)
    """
    expect(responses, Responses, "write_responses")
    form = responses.instrument
    names = (ID, *responses.groups)
    faults = name_faults(names, form) + _text_faults(responses.respondent_ids, responses.groups)
    if faults:
        raise FormatError.from_faults(faults, subject="SPSS")
    told = form.translated(form.language if language is None else language)
    codes = range(form.scale.low, form.scale.high + 1)
    labels = {
        float(code): shortened(in_language(label, told.language), LONGEST_VALUE_LABEL)
        for code, label in zip(codes, told.scale.labels, strict=False)
    }
    number_format = "" if responses.allow_fractions else "F8.0"
    variables = _first(responses.respondent_ids, responses.groups)
    variables += [
        _Variable(name, values, in_language(item.text, told.language), "ordinal", number_format, labels)
        for name, item, values in zip(item_names(form), told.items, responses.values.T, strict=True)
    ]
    return _file(variables, in_language(told.title, told.language))


def write_scores(scores: Scores, *, groups: Collection[str] | None = None, language: str | None = None) -> bytes:
    """Write scores as a data file of SPSS: `respondent_id`, group variables, a variable a scale.

    Parameters
    ----------
    scores : Scores
        The scores, in whatever metric they are; no score is system-missing.
    groups : collection of str, optional
        The group variables to write; all that the scores carry when None.
    language : str, optional
        BCP 47 tag of the language of the names of the scales; the instrument's own when None.

    Returns
    -------
    bytes
        Write them to a file whose name ends in `.sav`.

    Raises
    ------
    FormatError
        SPSS does not take a name, or would not give a text back as it is; `faults` holds all of it.
    ImportError
        pyreadstat or pandas is not installed.
    UnknownIdError
        The scores carry no such group variable, or the instrument is not written in that language.

    Examples
    --------
    >>> from leadkit import assessment, samples
    >>> scores = assessment.score(samples.answers("ved", rng=1))
    >>> len(write_scores(scores)) > 1000
    True
    """
    expect(scores, Scores, "write_scores")
    wanted = tuple(scores.groups) if groups is None else text_names(groups, "groups")
    for name in wanted:
        if name not in scores.groups:
            raise UnknownIdError.of(name, scores.groups, kind="group variable")
    kept = {name: scores.groups[name] for name in wanted}
    faults = plain_name_faults((ID, *wanted, *scores.scale_ids)) + _text_faults(scores.respondent_ids, kept)
    if faults:
        raise FormatError.from_faults(faults, subject="SPSS")
    told = scores.instrument.translated(scores.instrument.language if language is None else language)
    named: list[Dimension | Composite] = [*told.dimensions, *told.composites]
    names = {part.id: in_language(part.name, told.language) for part in named}
    variables = _first(scores.respondent_ids, kept)
    variables += [
        _Variable(name, values, names[name], "scale", "F8.2")
        for name, values in zip(scores.scale_ids, scores.values.T, strict=True)
    ]
    return _file(variables, in_language(told.title, told.language))


def _first(ids: Sequence[str], groups: Mapping[str, Sequence[Any]]) -> list[_Variable]:
    """Give the variables that say who answered."""
    variables = [_Variable(ID, tuple(ids), "", "nominal")]
    for name, labels in groups.items():
        if _are_numbers(labels):
            numbers = np.array([np.nan if label is None else label for label in labels], dtype=np.float64)
            variables.append(_Variable(name, numbers, "", "nominal"))
        else:
            variables.append(_Variable(name, _texts(labels), "", "nominal"))
    return variables


def _are_numbers(labels: Sequence[Any]) -> bool:
    """Tell whether labels are numbers that SPSS keeps exactly."""
    return all(label is None or (type(label) in {int, float} and abs(label) <= EXACT) for label in labels)


def _texts(labels: Sequence[Any]) -> tuple[str, ...]:
    return tuple("" if label is None else str(label) for label in labels)


def _text_faults(ids: Sequence[str], groups: Mapping[str, Sequence[Any]]) -> list[Fault]:
    rows = [f"respondent {name!r}" for name in ids]
    faults = text_faults(rows, ids)
    for name, labels in groups.items():
        faults += text_faults([f"{row}, group {name!r}" for row in rows], _texts(labels))
    return faults


def _file(variables: Sequence[_Variable], title: str) -> bytes:
    """Let pyreadstat write a file, and read it back."""
    need("pyreadstat", "pandas")
    import pandas as pd
    import pyreadstat

    # texts without rows would have no type, which pyreadstat needs
    columns = {one.name: one.cells if len(one.cells) else np.empty(0) for one in variables}
    frame: Any = pd.DataFrame(columns)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "written.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=shortened(title, LONGEST_TITLE),
            column_labels={one.name: shortened(one.label, LONGEST_LABEL) for one in variables if one.label},
            row_compress=True,
            variable_value_labels={one.name: dict(one.labels) for one in variables if one.labels},
            variable_measure={one.name: one.measure for one in variables},
            variable_format={one.name: one.format for one in variables if one.format},
        )
        content = path.read_bytes()
    return content[: MADE_AT.start] + NO_TIME + content[MADE_AT.stop :]
