"""A text in one language, or one text per language, and the choice between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from leadkit._fields import frozen_mapping, string_faults
from leadkit.errors import Fault

__all__ = ["Text", "in_language", "languages_of", "text_faults"]

Text: TypeAlias = str | Mapping[str, str]
"""One text, or one per BCP 47 language tag."""

LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def frozen_text(text: Text) -> Text:
    """Freeze the mapping of a text that has several languages."""
    return frozen_mapping(text) if isinstance(text, Mapping) else text


def frozen_texts(texts: Iterable[Text]) -> tuple[Text, ...]:
    """Freeze a sequence of texts."""
    return tuple(frozen_text(text) for text in texts)


def text_faults(text: object, where: str, *, may_be_empty: bool = False) -> list[Fault]:
    """List what is wrong with a text: not a text, empty, or a key that is no language tag."""
    if may_be_empty and text == "":
        return []
    if not isinstance(text, Mapping):
        return string_faults(text, where)
    faults = [] if text else [Fault(where, "expected at least one language, got none")]
    for language, words in text.items():
        if not is_language_tag(language):
            faults.append(Fault(where, f"{language!r} is not a language tag like 'en' or 'pt-BR'"))
        faults += string_faults(words, f"{where}[{language!r}]")
    return faults


def is_language_tag(language: object) -> bool:
    """Tell whether something looks like a BCP 47 language tag."""
    return isinstance(language, str) and LANGUAGE_TAG.fullmatch(language) is not None


def languages_of(texts: Iterable[Text], language: str) -> tuple[str, ...]:
    """List the languages that every text is written in, sorted; a plain text is written in `language`."""
    available: set[str] | None = None
    for text in texts:
        if text == "":
            continue
        written = {language} if isinstance(text, str) else set(text)
        available = written if available is None else available & written
    return tuple(sorted(available or ()))


def in_language(text: Text, language: str) -> str:
    """Give the words of a text in `language`; a text in one language is given as it is.

    Examples
    --------
    >>> in_language({"en": "Vision", "de": "Blick nach vorn"}, "de")
    'Blick nach vorn'
    """
    return text if isinstance(text, str) else text[language]


def look_up(language: str, available: Iterable[str]) -> str | None:
    """Find the best available language by RFC 4647 lookup: `de-AT` falls back to `de`; None when there is none."""
    known = {tag.lower(): tag for tag in available}
    parts = language.lower().split("-")
    while parts:
        if "-".join(parts) in known:
            return known["-".join(parts)]
        parts.pop()
    return None
