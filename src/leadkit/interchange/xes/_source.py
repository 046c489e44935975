"""The bytes of an event log: from a text, bytes, an open file or a path, plain or gzipped, in pieces."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeAlias

from leadkit.errors import FormatError

__all__ = ["Source", "pieces"]

Source: TypeAlias = str | bytes | IO[str] | IO[bytes] | os.PathLike[str]
"""The text itself, which has a "<" in it, its bytes, a file that is open for reading, or a path."""

PIECE: Final = 2**16
GZIP: Final = b"\x1f\x8b"


def pieces(source: Source, max_bytes: int) -> tuple[Iterator[bytes], bool]:
    """Give the bytes in pieces, unzipped, and whether they come from text, which is UTF-8 whatever its head says.

    Raises
    ------
    FormatError
        There is more than the limit, or the file is no text or no proper gzip; while the pieces are taken.
    TypeError
        `source` is something else.
    """
    if isinstance(source, os.PathLike) or (isinstance(source, str) and source and "<" not in source):
        return _of_path(Path(source), max_bytes), False
    if isinstance(source, str):
        return _limited(_encoded(_slices(source.removeprefix("\ufeff"))), max_bytes), True
    if isinstance(source, bytes | bytearray | memoryview):
        return _limited(_of_binary(io.BytesIO(source)), max_bytes), False
    if callable(getattr(source, "read", None)):
        file: Any = source
        if isinstance(file.read(0), str):
            return _limited(_encoded(iter(lambda: file.read(PIECE), "")), max_bytes), True
        return _limited(_of_binary(file), max_bytes), False
    msg = f"expected the text or bytes of an event log, an open file or a path, got {type(source).__name__}"
    raise TypeError(msg)


def _of_path(path: Path, max_bytes: int) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise FormatError(msg) from None
    with file:
        yield from _limited(_of_binary(file), max_bytes)


def _slices(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))


def _encoded(parts: Iterator[str]) -> Iterator[bytes]:
    try:
        for part in parts:
            yield part.encode("utf-8")
    except UnicodeEncodeError as fault:
        msg = f"this is no XML: {fault.object[fault.start]!r} is half a character"
        raise FormatError(msg) from None
    except UnicodeDecodeError as fault:
        byte = fault.object[fault.start]
        msg = f"this is not {fault.encoding} text: byte {byte:#04x}; open the file for reading bytes"
        raise FormatError(msg) from None


def _of_binary(file: IO[bytes]) -> Iterator[bytes]:
    head = file.read(len(GZIP))
    if head != GZIP:
        yield head
        while data := file.read(PIECE):
            yield data
        return
    try:
        with gzip.GzipFile(fileobj=_Rejoined(head, file), mode="rb") as unzipped:  # type: ignore[call-overload]
            while data := unzipped.read(PIECE):
                yield data
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        msg = f"this is no proper gzip file: {fault}"
        raise FormatError(msg) from None


class _Rejoined:
    """A file of which the first bytes were taken already."""

    def __init__(self, head: bytes, file: IO[bytes]) -> None:
        self._head = head
        self._file = file

    def read(self, size: int = -1) -> bytes:
        head, self._head = self._head, b""
        return head + self._file.read(size if size < 0 else max(0, size - len(head)))


def _limited(parts: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    total = 0
    for part in parts:
        total += len(part)
        if total > max_bytes:
            msg = f"there are more than {max_bytes} bytes, the limit (max_bytes)"
            raise FormatError(msg)
        yield part
