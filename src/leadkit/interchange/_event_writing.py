"""A file written whole or not at all."""

from __future__ import annotations

import contextlib
import gzip
import os
import tempfile
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a text as UTF-8 under its name only when it is complete; packed where the name ends in `.gz`.

    Raises
    ------
    OSError
        The file cannot be written; what was there before stays.
    """
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
