"""The TOML files of this package and those of a user, as text and as plain data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from leadkit.errors import DefinitionError

SUFFIX = ".toml"


def shipped_names() -> tuple[str, ...]:
    """List the names of all files that come with this package, sorted, whatever they hold."""
    folder = files("leadkit.frameworks").joinpath("data")
    return tuple(sorted(file.name.removesuffix(SUFFIX) for file in folder.iterdir() if file.name.endswith(SUFFIX)))


@cache
def shipped_text(name: str) -> str:
    """Read one of the files that come with this package."""
    return files("leadkit.frameworks").joinpath("data", name + SUFFIX).read_text(encoding="utf-8")


def user_text(path: Path) -> str:
    """Read a user's file; a byte order mark, which some editors write, is dropped."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{path}: this is not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}"
        raise DefinitionError(msg) from None
