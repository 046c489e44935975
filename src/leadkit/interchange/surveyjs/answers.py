"""The results that people send from a SurveyJS survey."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Any, TypeAlias

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment import Instrument, Responses
from leadkit.assessment.answers import AnswerRules, OutOfRange
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import MOST_FAULTS_SHOWN, Fault, FormatError, ResponseError, did_you_mean
from leadkit.interchange._json_text import parsed
from leadkit.interchange._survey_text import text_names
from leadkit.interchange._text import TextSource, whole_text
from leadkit.interchange.csv._sheet import MAX_CHARS, MAX_ROWS, NUMBER
from leadkit.interchange.csv._table import shortened

__all__ = ["Results", "read_responses"]

Results: TypeAlias = TextSource | Iterable[Mapping[str, Any]]
"""JSON text of a list of results, a file that is open for reading it, or the results as dictionaries."""


def read_responses(
    source: Results,
    instrument: Instrument,
    *,
    id: str | None = "respondent_id",  # noqa: A002 - the question's name
    groups: Collection[str] = (),
    ignore: Collection[str] = (),
    ignore_other_questions: bool = False,
    on_out_of_range: OutOfRange = "error",
    allow_fractions: bool = False,
    max_results: int = MAX_ROWS,
    max_chars: int = MAX_CHARS,
) -> Responses:
    """Read the results of a survey, one dictionary a person, such as `{"team": "north", "calm": {"a1": 4}}`.

    SurveyJS leaves out what nobody answered, so an item may be absent, from all results too.
    An answer is a number, or a text that holds one.
    A result has no id of its own: the program that receives it adds one, or `id=None` counts.

    Parameters
    ----------
    source : str, text file or iterable of mapping
        A JSON list of results, a file that is open for reading it, or the results themselves.
    instrument : Instrument
        The questionnaire.
    id : str or None
        Key of the respondents' ids. None calls the third respondent `result3`.
    groups : collection of str
        Questions to keep as group variables.
    ignore : collection of str
        Questions to leave out.
    ignore_other_questions : bool
        Whether to leave out every unknown question.
    on_out_of_range : {"error", "missing"}
        What to do with a number outside the scale.
    allow_fractions : bool
        Whether 3.7 is an answer.
    max_results, max_chars : int
        Limits on the results and on the characters of the text.

    Returns
    -------
    Responses
        In the order of the results.

    Raises
    ------
    ResponseError
        Anything is wrong with a result; `faults` holds all of it, with the number of the result as `row`.
    FormatError
        The text is not JSON, no list of results, or larger than a limit.

    References
    ----------
    .. [1] SurveyJS Form Library (survey-core 2.5), API reference: SurveyModel.data.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> read_responses('[{"calm": {"a1": 4}}, {}]', calm, id=None).values.tolist()
    [[4.0, nan], [nan, nan]]
    >>> read_responses([{"respondent_id": "ann", "calm": {"a1": 9, "a3": 1}}], calm)
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: 2 faults
      result 1, 'calm.a1': 9 is outside 1..5
      result 1, 'calm.a3': unknown row (did you mean 'calm.a2'?)
    """
    expect(instrument, Instrument, "read_responses")
    groups = text_names(groups, "groups")
    rules = AnswerRules(scale=instrument.scale, on_out_of_range=on_out_of_range, allow_fractions=allow_fractions)
    results = _results(source, max_results, max_chars)
    reader = _Reader(instrument, rules, id, groups, text_names(ignore, "ignore"), others=ignore_other_questions)
    values = np.full((len(results), instrument.n_items), np.nan)
    for i, result in enumerate(results):
        reader.read(i, result, values)
    ids = [f"result{i}" for i in range(1, len(results) + 1)] if id is None else reader.ids
    faults = list(reader.faults)
    first: dict[str, int] = {}
    for i, name in enumerate(ids, start=1):
        if name and first.setdefault(name, i) != i:
            faults.append(Fault(f"result {i}", f"{name!r} is in result {first[name]} already", row=i))
    if faults:
        raise ResponseError.from_faults(sorted(faults, key=lambda fault: fault.row or 0))
    return Responses(instrument, sealed(values), ids, reader.labels, allow_fractions=allow_fractions)


def _results(source: Results, max_results: int, max_chars: int) -> list[Any]:
    """Give the results of a text, or those that were given."""
    if isinstance(source, str) or callable(getattr(source, "read", None)):
        text: Any = source
        found = parsed(whole_text(text, max_chars, what="results", hint="save them as UTF-8"), subject="results")
        if isinstance(found, dict):
            found = [found]
    elif isinstance(source, Iterable) and not isinstance(source, Mapping | bytes):
        found = list(islice(source, max_results + 1))
    else:
        msg = f"expected JSON text, an open text file or a list of dictionaries, got {type(source).__name__}"
        raise TypeError(msg)
    if not isinstance(found, list) or not found:
        msg = "expected a list of results, one object a person, and at least one"
        raise FormatError(msg)
    if len(found) > max_results:
        msg = f"there are more than {max_results} results, the limit (max_results)"
        raise FormatError(msg)
    return found


class _Reader:
    """Puts results into rows of a matrix, and notes what is wrong."""

    def __init__(
        self,
        instrument: Instrument,
        rules: AnswerRules,
        id_name: str | None,
        groups: tuple[str, ...],
        ignore: tuple[str, ...],
        *,
        others: bool,
    ) -> None:
        self._rules = rules
        self._id = id_name
        self._ignore = frozenset(ignore) - {id_name, *groups}
        self._others = others
        self._places: dict[str, int] = {}
        place = 0
        for dimension in instrument.dimensions:
            for item in dimension.items:
                for name in (f"{dimension.id}.{item.id}", item.id, *item.external_ids.values()):
                    self._places.setdefault(name, place)
                place += 1
        self._matrices = {name.rpartition(".")[0] for name in self._places if "." in name}
        self.ids: list[str] = []
        self.labels: dict[str, list[Any]] = {name: [] for name in groups}
        self.faults: list[Fault] = []
        self._n_unknown = 0

    def read(self, row: int, result: Any, values: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        """Read one result into its row."""
        for labels in self.labels.values():
            labels.append(None)
        self.ids.append("")
        if not isinstance(result, Mapping):
            self._wrong(row, "", f"expected an object, got {shortened(repr(result))}")
            return
        if self._id is not None:
            self._read_id(row, result.get(self._id))
        taken: dict[int, str] = {}
        for name, value in result.items():
            if name == self._id:
                continue
            if name in self.labels:
                self._read_label(row, name, value)
            elif name not in self._ignore:
                for path, answer in self._answers(row, name, value):
                    self._read_answer(row, path, answer, values, taken)

    def _answers(self, row: int, name: Any, value: Any) -> Iterable[tuple[str, Any]]:
        """Give the answers of a question with their paths: those of a matrix, or one."""
        if isinstance(value, Mapping) and name in self._matrices:
            return [(f"{name}.{key}", answer) for key, answer in value.items()]
        if name in self._places:
            return [(name, value)]
        if name in self._matrices:
            self._wrong(row, str(name), f"expected an object with a row for each item, got {shortened(repr(value))}")
        elif not self._others:
            self._unknown(row, str(name), "question")
        return []

    def _read_answer(
        self, row: int, path: str, answer: Any, values: np.ndarray[Any, np.dtype[np.float64]], taken: dict[int, str]
    ) -> None:
        place = self._places.get(path)
        if place is None:
            self._unknown(row, path, "row")
            return
        if place in taken:
            self._wrong(row, path, f"its item is answered as {taken[place]!r} too")
            return
        taken[place] = path
        if isinstance(answer, str) and NUMBER.fullmatch(answer.strip()):
            values[row, place], complaint = self._rules.judge(float(answer))
        elif answer is None or isinstance(answer, str | bool | int | float):
            values[row, place], complaint = self._rules.read(answer)
        else:
            values[row, place], complaint = math.nan, f"expected a number {self._rules.span}"
        if complaint:
            self._wrong(row, path, complaint if len(complaint) < 200 else f"expected a number {self._rules.span}")

    def _read_id(self, row: int, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
            self._wrong(row, str(self._id), "expected the respondent's id, a text or a whole number")
        else:
            self.ids[row] = str(value).strip()

    def _read_label(self, row: int, name: str, value: Any) -> None:
        if value is None or isinstance(value, str | int | float):
            self.labels[name][row] = value
        else:
            self._wrong(row, name, "expected one text or number as a group")

    def _unknown(self, row: int, path: str, kind: str) -> None:
        self._n_unknown += 1
        near = did_you_mean(path, list(self._places)) if self._n_unknown <= MOST_FAULTS_SHOWN else ""
        self._wrong(row, path, f"unknown {kind}{near}")

    def _wrong(self, row: int, path: str, what: str) -> None:
        shown = path if len(path) <= 80 else f"{path[:80]}..."
        where = f"result {row + 1}" + (f", {shown!r}" if path else "")
        self.faults.append(Fault(where, what, row=row + 1, column=path or None))
