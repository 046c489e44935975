"""The parts of the page: its questions and the fields that answer them, with every text escaped."""

from __future__ import annotations

import html
from collections.abc import Iterator

from leadkit.assessment import Dimension, Instrument, Item, ResponseScale
from leadkit.assessment.text import Text, in_language
from leadkit.interchange.csv._cells import exported

__all__ = ["escaped", "marked", "sections", "text_field"]

MOST_BUTTONS = 11
"""A scale of more numbers than these, without labels, is answered by typing the number."""


def escaped(text: str) -> str:
    r"""Write a text so that HTML shows it as it is, in an attribute as well.

    Examples
    --------
    >>> escaped("</script> & \"x\"\0\r")
    '&lt;/script&gt; &amp; &quot;x&quot;&#13;'
    """
    return html.escape(text.replace("\0", "")).replace("\r", "&#13;")


def marked(text: str, language: str) -> str:
    """Put a text of the instrument into an element that names its language, for the page's own words are English.

    Examples
    --------
    >>> marked("Calm", "en-GB"), marked("Ruhe", "de")
    ('<span class="words" dir="auto">Calm</span>', '<span class="words" dir="auto" lang="de">Ruhe</span>')
    """
    tag = "" if language.lower().split("-")[0] == "en" else f' lang="{escaped(language)}"'
    return f'<span class="words" dir="auto"{tag}>{escaped(text)}</span>'


def text_field(name: str, place: int, label: str, hint: str) -> str:
    """Write a field for a text; its column in the saved file bears `name`."""
    column = escaped(exported(name))
    required = ' aria-required="true"' if place == 0 else ""
    return (
        f'<div class="text" data-column="{column}">\n<label for="t-{place}" dir="auto">{escaped(label)}</label>\n'
        f'<p class="hint" id="t-{place}-hint">{escaped(hint)}</p>\n'
        f'<input type="text" id="t-{place}" maxlength="200" autocomplete="off" spellcheck="false"'
        f' aria-describedby="t-{place}-hint t-{place}-note"{required}>\n'
        f'<p class="note" id="t-{place}-note"></p>\n</div>'
    )


def sections(instrument: Instrument) -> Iterator[str]:
    """Write every dimension as a section with its questions; the questions are numbered through."""
    number = 0
    for dimension in instrument.dimensions:
        head = _head(dimension, instrument.language)
        questions = [_question(item, number + place, instrument) for place, item in enumerate(dimension.items, start=1)]
        number += len(questions)
        yield "\n".join([f'<section aria-labelledby="d-{dimension.id}">', head, *questions, "</section>"])


def _head(dimension: Dimension, language: str) -> str:
    head = f'<h2 id="d-{dimension.id}">{marked(in_language(dimension.name, language), language)}</h2>'
    if not dimension.description:
        return head
    return f"{head}\n<p>{marked(in_language(dimension.description, language), language)}</p>"


def _question(item: Item, number: int, instrument: Instrument) -> str:
    words = f'<span class="number">{number}.</span> {_marked(item.text, instrument)}'
    note = f'<p class="note" id="q-{item.id}-note"></p>'
    undo = '<button type="button" class="undo" tabindex="-1" hidden>Take back</button>'
    body = _typed(item, instrument.scale) if _is_typed(instrument.scale) else _buttons(item, instrument)
    return (
        f'<fieldset class="item" data-column="{item.id}" aria-describedby="q-{item.id}-note">\n<legend>{words}</legend>\n{body}\n'
        f'<div class="below">{note}{undo}</div>\n</fieldset>'
    )


def _buttons(item: Item, instrument: Instrument) -> str:
    scale = instrument.scale
    lines = [f'<div class="{"labels" if scale.labels else "numbers"}">']
    for code in range(scale.low, scale.high + 1):
        shown = _marked(scale.labels[code - scale.low], instrument) if scale.labels else f"<span>{code}</span>"
        lines.append(f'<label><input type="radio" name="q-{item.id}" value="{code}">{shown}</label>')
    return "\n".join([*lines, "</div>"])


def _typed(item: Item, scale: ResponseScale) -> str:
    return (
        f'<label class="typed"><span>A whole number from {scale.low} to {scale.high}</span>'
        f'<input type="number" name="q-{item.id}" min="{scale.low}" max="{scale.high}" step="1" inputmode="numeric">'
        "</label>"
    )


def _is_typed(scale: ResponseScale) -> bool:
    return not scale.labels and scale.n_options > MOST_BUTTONS


def _marked(text: Text, instrument: Instrument) -> str:
    return marked(in_language(text, instrument.language), instrument.language)
