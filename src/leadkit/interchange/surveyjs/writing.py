"""A form as the JSON of a SurveyJS survey."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from leadkit._fields import repeated
from leadkit.assessment import Instrument
from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.text import Text, in_language
from leadkit.errors import Fault, FormatError
from leadkit.interchange._survey_text import text_names

__all__ = ["write_form"]


def write_form(
    instrument: Instrument, *, groups: Collection[str] = (), language: str | None = None, required: bool = False
) -> str:
    """Write a questionnaire as the JSON from which SurveyJS shows a survey.

    Every dimension is a single-select matrix: its rows are items, its columns the answers, both under their ids and
    numbers, so that a result reads `{"calm": {"a1": 4}}`.
    SurveyJS itself looks up what stands in braces in a text, as the name of a question.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire.
    groups : collection of str
        Questions with a text as answer, before the others, such as "team".
    language : str, optional
        BCP 47 tag of the only language to write; all languages in which every text is there when None, with the
        instrument's own as the default.
    required : bool
        Whether SurveyJS lets nobody finish who has left out a question.

    Returns
    -------
    str
        JSON.

    Raises
    ------
    FormatError
        A group bears the name of a dimension, or is there twice.
    UnknownIdError
        The instrument is not written in that language.

    References
    ----------
    .. [1] SurveyJS Form Library (survey-core 3.1), API reference: QuestionMatrixModel.

    Examples
    --------
    >>> import json
    >>> from leadkit.assessment import Instrument
    >>> key = [{"item": "a1", "dimension": "calm", "text": "I am calm.", "low": 1, "high": 2}]
    >>> calm = Instrument.from_rows(key, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> json.loads(write_form(calm))["pages"][0]["elements"][0]["rows"]
    [{'value': 'a1', 'text': 'I am calm.'}]
    """
    expect(instrument, Instrument, "write_form")
    groups = text_names(groups, "groups")
    twice = repeated((*groups, *instrument.dimension_ids))
    faults = [Fault(f"question {name!r}", "would be there more than once; rename the group") for name in twice]
    faults += [Fault("groups", f"expected a name, got {name!r}") for name in groups if not name.strip()]
    if faults:
        raise FormatError.from_faults(faults)
    base = instrument.translated(language or instrument.language)
    others = () if language else tuple(tag for tag in instrument.languages if tag != base.language)
    source = base if language else instrument

    def words(text: Text) -> Any:
        own = in_language(text, base.language)
        if isinstance(text, str) or not others:
            return own
        return {"default": own, **{tag: in_language(text, tag) for tag in others}}

    scale = source.scale
    columns = [
        {"value": code, "text": words(scale.labels[code - scale.low]) if scale.labels else str(code)}
        for code in range(scale.low, scale.high + 1)
    ]
    must = {"isRequired": True} if required else {}
    elements: list[dict[str, Any]] = [{"type": "text", "name": name, "title": name, **must} for name in groups]
    for dimension in source.dimensions:
        matrix = {"type": "matrix", "name": dimension.id, "title": words(dimension.name)}
        if dimension.description:
            matrix["description"] = words(dimension.description)
        rows = [{"value": item.id, "text": words(item.text)} for item in dimension.items]
        every_row = {"eachRowRequired": True} if required else {}
        elements.append({**matrix, **every_row, "columns": columns, "rows": rows})
    form = {
        "title": words(source.title),
        "locale": base.language,
        "pages": [{"name": source.id, "elements": elements}],
    }
    return json.dumps(form, ensure_ascii=False, indent=2) + "\n"
