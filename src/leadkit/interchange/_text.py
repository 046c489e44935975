"""The text of a file of somebody else's format: given whole or read from an open file, within a limit."""

from __future__ import annotations

from typing import Any, TextIO, TypeAlias

from leadkit.errors import FormatError, LeadkitError

__all__ = ["TextSource", "whole_text"]

TextSource: TypeAlias = str | TextIO
"""The text itself, or a file that is open for reading text."""


def whole_text(
    source: TextSource,
    max_chars: int,
    *,
    what: str = "a table",
    error: type[LeadkitError] = FormatError,
    hint: str = "save the table as 'CSV UTF-8'",
) -> str:
    r"""Read a text without its byte order mark.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    max_chars : int
        Most characters.
    what : str
        What the text should be, for messages.
    error : type of LeadkitError
        What is raised.
    hint : str
        What to do about a file that is not text in its encoding.

    Raises
    ------
    LeadkitError
        `error`: the limit is exceeded, or the file is not text in its encoding.
    TypeError
        `source` is something else.

    Examples
    --------
    >>> whole_text("\N{BYTE ORDER MARK}id,name", 100)
    'id,name'
    """
    text: Any = source
    if not isinstance(source, str) and callable(getattr(source, "read", None)):
        try:
            text = source.read(max_chars + 1)
        except UnicodeDecodeError as fault:
            byte = fault.object[fault.start]
            msg = f"this is not {fault.encoding} text: byte {fault.start} is {byte:#04x}; {hint}"
            raise error(msg) from None
    if not isinstance(text, str):
        msg = f"expected the text of {what} or a file that is open for reading text, got {type(text).__name__}"
        raise TypeError(msg)
    if len(text) > max_chars:
        msg = f"the text has more than {max_chars} characters, the limit (max_chars)"
        raise error(msg)
    return text.removeprefix("\ufeff")
