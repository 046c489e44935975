"""The parts of a Markdown text: escaped words, lists, tables, and blocks with a line between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["deeper", "escaped", "fact_list", "joined", "sentence_list", "shown", "table"]

SPECIAL = re.compile(r"([\\`*_\[\]|#~!$^{}])")
LIST_MARK = re.compile(r"^(\d{0,9})([-+.)])(?=\s|$)")
BREAKABLE = re.compile("[^\\S\N{NO-BREAK SPACE}]+")
LINE = re.compile(r"^(?=[-=\s]+$)")
DASH = "\N{EN DASH}"


def escaped(text: object) -> str:
    r"""Make a text stand for itself in Markdown, on one line.

    Examples
    --------
    >>> print(escaped("*Ann* <b> | A_1"), escaped("- no list"), escaped("1. nor this"))
    \*Ann\* &lt;b&gt; \| A\_1 \- no list 1\. nor this
    """
    line = BREAKABLE.sub(" ", str(text)).strip()
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = SPECIAL.sub(r"\\\1", line)
    return LINE.sub(r"\\", LIST_MARK.sub(r"\1\\\2", line))


def shown(text: str, otherwise: str = "") -> str:
    """Escape a text; words or a dash where there is none."""
    return escaped(text or otherwise) or DASH


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, n_texts: int = 1) -> str:
    """Write a table of texts that are escaped already; every column but the first `n_texts` is aligned to the right."""
    marks = [*["---"] * n_texts, *["---:"] * (len(header) - n_texts)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, marks, *rows))


def sentence_list(texts: Iterable[str]) -> str:
    """Write a list, an escaped sentence a line; empty where there is none."""
    return "\n".join(f"- {escaped(text)}" for text in texts)


def fact_list(facts: Iterable[tuple[str, str]]) -> str:
    """Write names and what belongs to each, both escaped, as a list."""
    return "\n".join(f"- {escaped(name)}: {shown(text)}" for name, text in facts)


def deeper(blocks: Iterable[str]) -> Iterator[str]:
    """Set headings a level deeper; a text that is escaped never begins with the mark of a heading."""
    for block in blocks:
        yield f"#{block}" if block.startswith("#") else block


def joined(blocks: Iterable[str]) -> str:
    """Put an empty line between blocks, and leave out those that are empty."""
    return "\n\n".join(block for block in blocks if block) + "\n"
