"""Texts for tools that show them as HTML: harmless to a browser, to a spreadsheet and to the tool itself."""

from __future__ import annotations

import html
import re
from typing import Any

from leadkit.errors import Fault, FormatError

__all__ = ["entities", "plain", "text_names"]

SPECIAL = re.compile(r"[&<>\"'{}\[\]|]")
RUN_BY_A_SPREADSHEET = re.compile(r"\A[=+\-@]")
LINE_BREAK = re.compile(r"\r\n?|\n")
TAG_THAT_BREAKS = re.compile(r"<br\s*/?>|</p>\s*(?=<p\b)", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")


def entities(text: str) -> str:
    r"""Write a text so that a browser shows it as it is.

    Braces and brackets would be looked up as variables, a bar would divide answers, and a spreadsheet would run what
    begins with an equals sign; all of them become character references.

    Examples
    --------
    >>> entities("=1 & {x}\n<b>")
    '&#61;1 &#38; &#123;x&#125;<br />&#60;b&#62;'
    """
    safe = SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)
    safe = RUN_BY_A_SPREADSHEET.sub(lambda found: f"&#{ord(found[0])};", safe)
    return LINE_BREAK.sub("<br />", safe).replace("\t", " ").replace("\0", "")


def plain(markup: str) -> str:
    r"""Read a text of HTML without its tags.

    Examples
    --------
    >>> plain("<p>I am <b>calm</b> &amp; kind.</p><p>Always.</p>")
    'I am calm & kind.\nAlways.'
    """
    return html.unescape(TAG.sub("", TAG_THAT_BREAKS.sub("\n", markup))).replace("\0", "").strip()


def text_names(names: Any, where: str) -> tuple[str, ...]:
    """Take a name or a collection of names, each of them a text.

    Examples
    --------
    >>> text_names("team", "groups"), text_names(["team", "wave"], "groups")
    (('team',), ('team', 'wave'))
    >>> text_names([3], "groups")
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: groups: expected a text, got 3
    """
    if isinstance(names, str):
        return (names,)
    try:
        found = tuple(names)
    except TypeError:
        msg = f"{where}: expected texts, got {names!r}"
        raise FormatError(msg) from None
    wrong = [Fault(where, f"expected a text, got {name!r}") for name in found if not isinstance(name, str)]
    if wrong:
        raise FormatError.from_faults(wrong)
    return found
