"""The bytes of an event log in pieces, no more of them than a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any, Final

from leadkit.errors import FormatError

__all__ = ["pieces"]

PIECE: Final = 2**16


def pieces(file: IO[Any], max_bytes: int) -> Iterator[bytes]:
    """Give what a file of text or bytes holds as bytes; text becomes UTF-8.

    Raises
    ------
    FormatError
        There is more than the limit, or the text has half a character.
    """
    total = 0
    while data := file.read(PIECE):
        piece = _encoded(data) if isinstance(data, str) else data
        total += len(piece)
        if total > max_bytes:
            msg = f"there are more than {max_bytes} bytes, the limit (max_bytes)"
            raise FormatError(msg)
        yield piece


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as fault:
        msg = f"this is no XML: {text[fault.start]!r} is half a character"
        raise FormatError(msg) from None
