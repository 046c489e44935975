"""XML text, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from leadkit.interchange.mspdi._format import clean

__all__ = ["Lines"]

INDENT: Final = "  "
# an end of line as "\r" would come back as "\n"
MARKS: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


class Lines:
    """The lines of a document so far; elements are written in the order of the calls."""

    def __init__(self) -> None:
        self._lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>']
        self._depth = 0

    def leaf(self, name: str, value: object, most: int | None = None) -> None:
        """Write an element with a text of at most `most` characters; None writes nothing."""
        if value is not None:
            text = clean(str(value), most).translate(MARKS)
            self._lines.append(f"{INDENT * self._depth}<{name}>{text}</{name}>")

    @contextmanager
    def inside(self, name: str, attributes: str = "") -> Iterator[None]:
        """Write an element around what is written within the `with`."""
        self._lines.append(f"{INDENT * self._depth}<{name}{attributes}>")
        self._depth += 1
        yield
        self._depth -= 1
        self._lines.append(f"{INDENT * self._depth}</{name}>")

    def text(self) -> str:
        """Give the document."""
        return "\n".join([*self._lines, ""])
