"""Files of somebody else's format, however they are given: a path, a text, bytes or an open file, packed by gzip or not."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from leadkit.errors import FormatError

__all__ = ["AnySource", "opened"]

AnySource: TypeAlias = str | os.PathLike[str] | bytes | IO[Any]
"""A path, the text itself, its bytes, or a file that is open for reading; bytes may be packed by gzip."""

PACKED: Final = b"\x1f\x8b"


@contextmanager
def opened(source: AnySource, *, is_text: Callable[[str], bool], what: str, hint: str) -> Iterator[IO[Any]]:
    """Open a source, and close what was opened; a file of the caller's stays open.

    Parameters
    ----------
    source : path, str, bytes or file
        What is given.
    is_text : callable
        Tells a text from the name of a file.
    what : str
        What the text is, for messages.
    hint : str
        What to do about a text file in another encoding.

    Yields
    ------
    file
        Open for reading: of text where text was given, else of bytes, unpacked.

    Raises
    ------
    FormatError
        The file cannot be opened, or what is read from it is no text of its encoding or no proper gzip.
    TypeError
        `source` is something else.
    """
    try:
        if isinstance(source, os.PathLike) or (isinstance(source, str) and not is_text(source)):
            with _of_path(source) as file:
                yield _unpacked(file)
        else:
            yield _given(source, what)
    except UnicodeDecodeError as fault:
        byte = fault.object[fault.start]
        msg = f"this is not {fault.encoding} text: a byte of it is {byte:#04x}; {hint}"
        raise FormatError(msg) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
        msg = f"the gzip data cannot be unpacked: {fault}"
        raise FormatError(msg) from None


def _of_path(path: str | os.PathLike[str]) -> IO[bytes]:
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:  # the latter where no file could have such a name
        msg = f"{os.fspath(path)} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise FormatError(msg) from None


def _given(source: Any, what: str) -> IO[Any]:
    if isinstance(source, str):
        return io.StringIO(source, newline="")
    if isinstance(source, bytes | bytearray | memoryview):
        return _unpacked(io.BytesIO(source))
    if not callable(getattr(source, "read", None)):
        msg = f"expected a path, the text of {what}, its bytes or an open file, got {type(source).__name__}"
        raise TypeError(msg)
    if getattr(source, "closed", False):
        msg = "the file is closed"
        raise FormatError(msg)
    if not isinstance(source.read(0), str):
        return _unpacked(source)
    file: IO[str] = source if hasattr(source, "readline") else io.StringIO(source.read(), newline="")
    return file


def _unpacked(file: Any) -> IO[bytes]:
    """Give the bytes of a file, unpacked when they begin as gzip does."""
    peekable: Any = file if hasattr(file, "peek") else io.BufferedReader(_Lent(file))
    unpacked: Any = gzip.GzipFile(fileobj=peekable) if peekable.peek(2)[:2] == PACKED else peekable
    return unpacked  # type: ignore[no-any-return]


class _Lent(io.RawIOBase):
    """A file that can only be read, and that is not closed with what is laid around it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
