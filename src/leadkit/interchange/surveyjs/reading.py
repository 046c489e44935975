"""An instrument from the JSON of a SurveyJS survey."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from leadkit.assessment import Instrument
from leadkit.assessment.instrument import Status
from leadkit.assessment.text import Text, is_language_tag
from leadkit.errors import Fault, FormatError, LeadkitError
from leadkit.interchange._json_text import parsed
from leadkit.interchange._survey_questions import Facts, Matrix, instrument_of, one_text, scale_of
from leadkit.interchange._survey_text import text_names
from leadkit.interchange._text import TextSource, whole_text

__all__ = ["read_instrument"]

HOLDERS = ("pages", "elements", "questions", "templateElements")


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
    max_chars: int = 50_000_000,
) -> Instrument:
    r"""Read the single-select matrices of a survey as an instrument, a dimension of every matrix.

    Other questions are left out.
    All matrices must have the same columns, with whole numbers without a gap as values (`A1`, `A2`, ... will do).
    Conditions and expressions are not kept, nor run.

    Parameters
    ----------
    form : str or text file
        The JSON of the survey, or a file that is open for reading text.
    id, version, source, licence, status
        As for `Instrument.from_rows`: what SurveyJS does not know.
    title : Text, optional
        The survey's own when None.
    reverse : collection of str
        Ids of the items for which a high answer counts as low.
    questions : collection of str, optional
        Names of the matrices to read; all when None.
    max_chars : int
        Limit on the characters of the text.

    Returns
    -------
    Instrument
        Items have `calm.row1`, the name of the matrix and the value of the row, among their external ids, so that
        `read_responses` finds them.

    Raises
    ------
    FormatError
        The text is not JSON, no such survey, or has no matrices with equal columns; `faults` holds the paths.
    DefinitionError
        What was found is no instrument.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> from leadkit.interchange.surveyjs import write_form
    >>> about = {"id": "ved", "version": "1.0.0", "source": "Example", "licence": "MIT"}
    >>> read_instrument(write_form(frameworks.load("ved")), **about).dimension_ids[:3]
    ('vision', 'engagement', 'delivery')
    """
    survey = parsed(whole_text(form, max_chars, what="a survey", hint="save it as UTF-8"), subject="SurveyJS")
    if not isinstance(survey, dict):
        msg = f"SurveyJS: expected an object with pages, got {_kind(survey)}"
        raise FormatError(msg)
    locale = survey.get("locale")
    language = locale if isinstance(locale, str) and is_language_tag(locale) else "en"
    wanted = None if questions is None else text_names(questions, "questions")
    faults: list[Fault] = []
    found = [
        (path, question)
        for path, question in _questions(survey)
        if question.get("type") == "matrix" and (wanted is None or question.get("name") in wanted)
    ]
    names = [question.get("name") for _, question in found]
    faults += [Fault("questions", f"there is no matrix {name!r}") for name in wanted or () if name not in names]
    matrices = []
    for path, question in found:
        reader = _Reader(path, language)
        matrix = reader.matrix(question)
        faults += reader.faults
        if matrix is not None:
            matrices.append(matrix)
    first: dict[str, Matrix] = {}
    faults += [
        Fault(matrix.place.where, f"the name {matrix.code!r} is taken by an earlier matrix")
        for matrix in matrices
        if first.setdefault(matrix.code, matrix) is not matrix
    ]
    reader = _Reader("title", language)
    called = reader.text(survey.get("title"), "title", id) if title is None else title
    faults += reader.faults
    if faults:
        raise FormatError.from_faults(faults, subject="SurveyJS")
    facts = Facts(
        id=id,
        version=version,
        source=source,
        licence=licence,
        status=status,
        language=language,
        title=called,
        reverse=text_names(reverse, "reverse"),
    )
    return instrument_of(matrices, facts, tool="surveyjs", full=lambda name, row: f"{name}.{row}")


def _questions(survey: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every object in pages and panels with its path, in the order of the survey."""
    waiting: list[tuple[str, Any]] = [("", survey)]
    while waiting:
        path, value = waiting.pop()
        if not isinstance(value, dict):
            continue
        yield path, value
        inner = []
        for holder in HOLDERS:
            parts = value.get(holder)
            if isinstance(parts, list):
                dot = "." if path else ""
                inner += [(f"{path}{dot}{holder}[{i}]", part) for i, part in enumerate(parts)]
        waiting += reversed(inner)


class _Reader:
    """Reads one matrix and notes what is wrong with it."""

    def __init__(self, path: str, language: str) -> None:
        self._path = path
        self._language = language
        self.faults: list[Fault] = []

    def matrix(self, question: dict[str, Any]) -> Matrix | None:
        """Read a matrix; None when it is none."""
        name = question.get("name")
        if not isinstance(name, str) or not name.strip():
            self._wrong("name", "expected a text", name)
            return None
        rows = self._values(question, "rows")
        columns = self._values(question, "columns")
        heading = self.text(question.get("title"), f"{self._path}.title", name)
        description = self.text(question.get("description"), f"{self._path}.description", "")
        if self.faults:
            return None
        try:
            scale = scale_of(columns)
        except LeadkitError as error:
            self.faults.append(Fault(f"{self._path}.columns", str(error)))
            return None
        place = Fault(self._path, "")
        return Matrix(code=name, place=place, name=heading, description=description, rows=tuple(rows), scale=scale)

    def text(self, value: Any, where: str, otherwise: str) -> Text:
        """Read a text, or one for each language; the default one is in the language of the survey."""
        if value is None:
            return otherwise
        texts = {"default": value} if isinstance(value, str) else value
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            self.faults.append(Fault(where, f"expected a text, or one for each language, got {_kind(value)}"))
            return otherwise
        own = {self._language: texts["default"]} if "default" in texts else {}
        return one_text({**own, **{tag: text for tag, text in texts.items() if tag != "default"}}, otherwise)

    def _values(self, question: dict[str, Any], key: str) -> list[tuple[str, Text]]:
        """Read rows or columns: values, or objects with a value and a text."""
        given = question.get(key)
        if not isinstance(given, list) or not given:
            self._wrong(key, "expected a list with something in it", given)
            return []
        found: list[tuple[str, Text]] = []
        for i, one in enumerate(given):
            value = one.get("value") if isinstance(one, dict) else one
            if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) > 1000:
                self._wrong(f"{key}[{i}]", "expected a number or a text as value", value)
                continue
            code = str(value).strip()
            shown = one.get("text") if isinstance(one, dict) else None
            found.append((code, self.text(shown, f"{self._path}.{key}[{i}].text", code)))
        seen: set[str] = set()
        for i, (code, _) in enumerate(found):
            if not code or code in seen:
                self._wrong(f"{key}[{i}]", "expected a value of its own", code)
            seen.add(code)
        return found

    def _wrong(self, key: str, expected: str, got: Any) -> None:
        shown = repr(got[:40]) if isinstance(got, str) else _kind(got)
        self.faults.append(Fault(f"{self._path}.{key}", f"{expected}, got {shown}"))


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return kinds.get(type(value), "an object")
