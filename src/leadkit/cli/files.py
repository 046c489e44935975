"""Files of the command line: read with a clear error, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from leadkit.errors import FormatError

__all__ = ["UsageError", "check_targets", "opened", "read_text", "write_whole"]


class UsageError(Exception):
    """The command cannot be carried out as it was given; it ends with exit code 2."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes.

    Raises
    ------
    UsageError
        There is no such file, it is a directory, or it may not be read.
    """
    if path.is_dir():
        msg = f"{path} is a directory; expected a file"
        raise UsageError(msg)
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError:
        msg = f"there is no file {path}"
        raise UsageError(msg) from None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
        raise UsageError(msg) from None


def read_text(path: Path, *, encoding: str = "utf-8-sig") -> str:
    """Read a text file.

    Raises
    ------
    UsageError
        There is no such file, it is a directory, or it may not be read.
    FormatError
        It is not text in that encoding.
    """
    with opened(path) as file:
        data = file.read()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and encoding == "utf-8-sig":
        encoding = "utf-16"
    try:
        return data.decode(encoding)
    except LookupError:
        msg = f"unknown encoding {encoding!r}"
        raise UsageError(msg) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        msg = (
            f"{path}: this is not text in {encoding.removesuffix('-sig').upper()}: byte 0x{data[error.start]:02x} in line "
            f"{line}; save it as UTF-8, or name its encoding with --encoding"
        )
        raise FormatError(msg) from None
    except UnicodeError:
        msg = f"{path}: this is not text in {encoding}; save it as UTF-8, or name its encoding with --encoding"
        raise FormatError(msg) from None


def check_targets(targets: Mapping[str, Path], *, sources: tuple[Path, ...] = (), force: bool) -> None:
    """Refuse targets before any work is done: one that exists, is no file, is a source, or has no folder.

    Parameters
    ----------
    targets : mapping of str to Path
        The option that names it, and the path.
    sources : tuple of Path
        Files that are read; they are never written over.
    force : bool
        Whether an existing file may be replaced.
    """
    places = [path.resolve() for path in targets.values()]
    for option, path in targets.items():
        if path.is_dir():
            msg = f"{option} {path} is a directory; expected a file name"
            raise UsageError(msg)
        if not path.resolve().parent.is_dir():
            msg = f"{option} {path}: there is no folder {path.parent}"
            raise UsageError(msg)
        if path.resolve() in {source.resolve() for source in sources}:
            msg = f"{option} {path} is a file that is read; choose another name"
            raise UsageError(msg)
        if path.exists() and not path.is_file():
            msg = f"{option} {path} is a device or a pipe; expected a file name"
            raise UsageError(msg)
        if places.count(path.resolve()) > 1:
            msg = f"{' and '.join(targets)} name the same file {path}"
            raise UsageError(msg)
        if path.exists() and not force:
            msg = f"{option} {path} exists; use --force to replace it"
            raise UsageError(msg)


def write_whole(texts: Mapping[Path, str], *, force: bool = False) -> None:
    """Write every text, or none of them where one cannot be written.

    Each goes to a temporary file beside its target first; only when all are complete are they given their names.
    Where one name cannot be given, what the others had replaced is put back.
    Without `force` a target that has come into being meanwhile is kept.

    Raises
    ------
    UsageError
        A file cannot be written; nothing half-written stays.
    """
    path = Path()
    try:
        with contextlib.ExitStack() as leftovers, contextlib.ExitStack() as undo:
            prepared = []
            for path, text in texts.items():
                prepared.append((_temporary(path, text), path.resolve()))
                leftovers.callback(prepared[-1][0].unlink, missing_ok=True)
            for temporary, path in prepared:
                way_back = _way_back(path, leftovers)
                _give_name(temporary, path, force=force)
                undo.callback(way_back)
            undo.pop_all()
    except FileExistsError:
        msg = f"{path} exists; use --force to replace it"
        raise UsageError(msg) from None
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise UsageError(msg) from None


def _way_back(target: Path, leftovers: contextlib.ExitStack) -> Callable[[], object]:
    """Give what undoes the writing of a target: an old file is kept beside it until the end."""
    if not target.is_file():
        return partial(target.unlink, missing_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".old", dir=target.parent)
    os.close(handle)
    old = Path(name)
    leftovers.callback(old.unlink, missing_ok=True)
    shutil.copy2(target, old)
    return partial(old.replace, target)


def _temporary(path: Path, text: str) -> Path:
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_of(target))
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _give_name(temporary: Path, target: Path, *, force: bool) -> None:
    if force:
        temporary.replace(target)
        return
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if target.exists():
            raise FileExistsError from None
        temporary.replace(target)


def _mode_of(target: Path) -> int:
    with contextlib.suppress(FileNotFoundError):
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
