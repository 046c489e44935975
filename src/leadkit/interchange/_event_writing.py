"""The text of an event log written to a path, whole or not at all, or to an open file."""

from __future__ import annotations

import contextlib
import gzip
import os
import tempfile
from pathlib import Path
from typing import IO, Any

from leadkit.errors import Fault, LogError

__all__ = ["write_text"]


def write_text(text: str, target: str | os.PathLike[str] | IO[Any] | None) -> None:
    """Write a text as UTF-8 to a path or to a file open for writing text or bytes; nowhere when there is no target.

    Raises
    ------
    LogError
        The target is something else, or a name that no file could have.
    OSError
        The file cannot be written; what was there before stays.
    """
    if isinstance(target, str | os.PathLike):
        try:
            _write_whole(Path(target), text)
        except ValueError as error:  # no file could have such a name
            raise LogError.from_faults([Fault("target", f"{os.fspath(target)!r} is no path: {error}")]) from None
    elif target is not None and callable(getattr(target, "write", None)):
        try:
            target.write(text)
        except TypeError:  # a file of bytes takes no text
            target.write(text.encode("utf-8"))
    elif target is not None:
        raise LogError.from_faults([Fault("target", f"expected a path or an open file, got {type(target).__name__}")])


def _write_whole(path: Path, text: str) -> None:
    """Write a text under its name only when it is complete; packed where the name ends in `.gz`."""
    data = text.encode("utf-8")
    if path.suffix == ".gz":
        # without a time, so that the same log gives the same bytes
        data = gzip.compress(data, mtime=0)
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_of(target))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _mode_of(target: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
