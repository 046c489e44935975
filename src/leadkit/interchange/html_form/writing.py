"""A form as one HTML page that works by itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from importlib.resources import files

from leadkit.assessment import Instrument
from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.text import in_language
from leadkit.errors import Fault, FormatError
from leadkit.interchange._survey_text import text_names
from leadkit.interchange.csv.responses import refuse_name_clash
from leadkit.interchange.html_form._fields import escaped, marked, sections, text_field

__all__ = ["write_form"]

HINT_OF_ID = "A name or a code, as you were told. The file needs it."
HINT_OF_GROUP = "May be left empty."


def write_form(
    instrument: Instrument, *, groups: Collection[str] = (), language: str | None = None, title: str | None = None
) -> str:
    """Write a questionnaire as one HTML page, to be answered in any browser, with or without a network.

    A person answers with keyboard, mouse or finger and saves a CSV file that `csv.read_responses` and
    `leadkit score` read: one row with `respondent_id`, the groups and the items.
    Nothing leaves the browser otherwise; the page allows itself no connection.
    Unfinished answers stay in the browser's storage under the instrument's id and version, where it has one to give.
    The key, which items are reversed and what they weigh, is not in the page.

    Parameters
    ----------
    instrument : Instrument
        The questionnaire. A scale of more than 11 numbers without labels is answered by typing the number.
    groups : collection of str
        Questions with a text as answer, before the others, such as "team".
    language : str, optional
        BCP 47 tag of the language of the wording; the instrument's own when None. The page's own words are English.
    title : str, optional
        Heading of the page; the instrument's title when None.

    Returns
    -------
    str
        HTML. Write it to a file in UTF-8.

    Raises
    ------
    FormatError
        A group without a name, or a title or a language that is no text.
    ResponseError
        A group bears the name of an item or of the id column, or is there twice.
    UnknownIdError
        The instrument is not written in that language.

    References
    ----------
    .. [1] W3C, Web Content Accessibility Guidelines (WCAG) 2.2, criteria 1.3.1, 1.4.3, 2.1.1, 3.3.1 and 4.1.3.

    Examples
    --------
    >>> from leadkit.assessment import Instrument
    >>> key = [{"item": "a1", "dimension": "calm", "text": "I am calm.", "low": 1, "high": 5}]
    >>> calm = Instrument.from_rows(key, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> page = write_form(calm, groups=["team"])
    >>> page.count('<input type="radio"'), page.count('<input type="text"')
    (5, 2)
    """
    expect(instrument, Instrument, "write_form")
    groups = _checked(groups, language, title)
    refuse_name_clash(("respondent_id", *groups, *instrument.item_ids))
    instrument = instrument.translated(language or instrument.language)
    own = instrument.language
    heading = marked(in_language(instrument.title, own), own) if title is None else escaped(title)
    about = [text_field("respondent_id", 0, "Your name or code", HINT_OF_ID)]
    about += [text_field(name, place, name, HINT_OF_GROUP) for place, name in enumerate(groups, start=1)]
    script = _part("form.js")
    filled = {
        "policy": f"default-src 'none'; style-src 'unsafe-inline'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
        "title": escaped(in_language(instrument.title, own) if title is None else title),
        "style": _part("form.css"),
        "heading": heading,
        "file": instrument.id,
        "store": escaped(f"leadkit-form {instrument.id} {instrument.version}"),
        "number": str(instrument.n_items),
        "about": "\n".join(about),
        "sections": "\n".join(sections(instrument)),
        "origin": f"{instrument.id} {escaped(instrument.version)}. {marked(instrument.source, 'en')}. "
        f"Licence: {escaped(instrument.licence)}.",
        "script": script,
    }
    parts = _part("form.html").split("@@")
    return "".join(filled[part] if place % 2 else part for place, part in enumerate(parts))


def _checked(groups: Collection[str], language: object, title: object) -> tuple[str, ...]:
    groups = text_names(groups, "groups")
    faults = [Fault("groups", f"expected a name, got {name!r}") for name in groups if not name.strip()]
    for name, given in (("language", language), ("title", title)):
        if given is not None and (not isinstance(given, str) or not given.strip()):
            faults.append(Fault(name, f"expected a text, got {given!r}"))
    if faults:
        raise FormatError.from_faults(faults)
    return groups


def _part(name: str) -> str:
    return files("leadkit.interchange.html_form").joinpath(name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
