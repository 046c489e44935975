"""Pieces of reStructuredText as lists of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["code_block", "plain", "table", "title", "toctree"]

MARKUP = re.compile(r"([*`|_\\<>])")


def title(text: str, underline: str = "=") -> list[str]:
    """Give a heading."""
    return [text, underline * len(text), ""]


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Give a table; of two columns the second is the wide one."""
    widths = [1, 3] if len(header) == 2 else [1] * len(header)
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {' '.join(map(str, widths))}", ""]
    for row in (header, *rows):
        lines += [f"   {'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
    return [*lines, ""]


def toctree(names: Iterable[str]) -> list[str]:
    """Give a list of pages for the side bar."""
    return [".. toctree::", "   :hidden:", "", *(f"   {name}" for name in names), ""]


def code_block(language: str, text: str) -> list[str]:
    """Give text as it stands."""
    return [f".. code-block:: {language}", "", *(f"   {line}".rstrip() for line in text.splitlines()), ""]


def plain(words: object) -> str:
    """Write words of data so that nothing in them is markup."""
    return MARKUP.sub(r"\\\1", str(words)).replace("\n", " ")
