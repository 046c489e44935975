"""XML of unknown origin as a tree of elements that know their lines: no document type, no entities, within limits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn
from xml.etree import ElementTree as ET  # the tree alone; what parses is below
from xml.parsers import expat

from leadkit.errors import Fault, FormatError, LeadkitError
from leadkit.interchange._text import TextSource, whole_text

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Element", "SafeParser", "read_xml"]

MAX_BYTES: Final = 64 * 2**20
MAX_DEPTH: Final = 200
BLANK: Final = " \t\r\n"
HINT: Final = "open the file in the encoding that its first line names"


class Element(ET.Element):
    """An element that knows the line, from 1, on which its tag begins; a namespace stands before its name in braces."""

    __slots__ = ("line",)

    line: int


class _Head:
    """The first `size` characters of a file."""

    def __init__(self, source: Any, size: int) -> None:
        self._source = source
        self._size = size

    def read(self, _size: int = -1) -> Any:
        return self._source.read(self._size)


class SafeParser:
    """A parser that refuses document types and says where a fault is; `start` and `end` are told of every element."""

    def __init__(
        self,
        subject: str,
        error: type[LeadkitError],
        *,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None],
        namespace_separator: str | None = None,
        encoding: str | None = "utf-8",
    ) -> None:
        self.subject = subject
        self.error = error
        self.parser = parser = expat.ParserCreate(encoding=encoding, namespace_separator=namespace_separator)
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartDoctypeDeclHandler = self._refuse_declaration
        # none of these can come without the first
        parser.EntityDeclHandler = self._refuse_declaration
        parser.UnparsedEntityDeclHandler = self._refuse_declaration
        parser.ExternalEntityRefHandler = self._refuse_declaration
        parser.SkippedEntityHandler = self._refuse_declaration

    def feed(self, data: bytes, *, is_last: bool) -> None:
        """Parse the next bytes."""
        try:
            self.parser.Parse(data, is_last)
        except expat.ExpatError as fault:
            self.refuse(f"this is no XML: {expat.ErrorString(fault.code)}", fault.lineno, fault.offset)
        except LookupError as fault:  # what the first line names is no encoding
            self.refuse(str(fault))

    def refuse(self, what: str, line: int | None = None, column: int | None = None) -> NoReturn:
        """Raise what is wrong, with the line and column that the parser has come to."""
        row = self.parser.CurrentLineNumber if line is None else line
        place = self.parser.CurrentColumnNumber if column is None else column
        raise self.error.from_faults([Fault(f"line {row}, column {place + 1}", what, row=row)], subject=self.subject)

    def _refuse_declaration(self, *_parts: Any) -> NoReturn:
        self.refuse("a document type declaration is not read: take the <!DOCTYPE ...> out")


class _Tree(SafeParser):
    """Grows the tree."""

    def __init__(self, subject: str, error: type[LeadkitError], max_depth: int) -> None:
        super().__init__(subject, error, start=self._start, end=self._end, namespace_separator="}")
        self.max_depth = max_depth
        self.root: Element
        self._open: list[Element] = []
        self._pieces: list[str] = []
        self._names: dict[str, str] = {}
        self.parser.CharacterDataHandler = self._pieces.append

    def parse(self, data: bytes) -> Element:
        self.feed(data, is_last=True)
        return self.root

    def _name(self, name: str) -> str:
        """Write "uri}name" as ElementTree does, and each name once."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = sys.intern("{" + name if "}" in name else name)
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= self.max_depth:
            self.refuse(f"elements lie more than {self.max_depth} deep in each other, the limit (max_depth)")
        self._keep_text()
        element = Element(self._name(name), {self._name(key): value for key, value in attributes.items()})
        element.line = self.parser.CurrentLineNumber
        if self._open:
            self._open[-1].append(element)
        else:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._keep_text()
        self._open.pop()

    def _keep_text(self) -> None:
        """Give the text that was just read to its element; joined once, for joining piece by piece is quadratic."""
        if not self._pieces:
            return
        text, owner = "".join(self._pieces), self._open[-1]
        self._pieces.clear()
        if not len(owner):
            owner.text = text
        elif text.strip(BLANK):
            owner[-1].tail = text


def read_xml(
    source: TextSource,
    *,
    what: str = "an XML file",
    error: type[LeadkitError] = FormatError,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
) -> Element:
    r"""Parse a text into a tree of elements.

    A document type declaration is refused before anything in it is read, so that no entity is ever expanded or fetched.
    The encoding that the first line names does not matter: text is text. Space between elements is dropped.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    what : str
        What the text should be, for messages.
    error : type of LeadkitError
        What is raised.
    max_bytes : int
        Most bytes of the text in UTF-8.
    max_depth : int
        How many elements may lie in each other.

    Returns
    -------
    Element
        The outermost element; each knows its `line`.

    Raises
    ------
    LeadkitError
        `error`: this is no XML, or it holds what is refused, each with line and column; or a limit is exceeded.
    TypeError
        `source` is something else.

    References
    ----------
    .. [1] T. Bray et al., "Extensible Markup Language (XML) 1.0", 5th ed., W3C, 2008.

    Examples
    --------
    >>> root = read_xml("<plan>\n <task>Move</task>\n</plan>")
    >>> root[0].tag, root[0].text, root[0].line
    ('task', 'Move', 2)
    >>> read_xml("<plan>\n <task>\n</plan>")
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: an XML file: line 3, column 3: this is no XML: mismatched tag
    """
    readable = not isinstance(source, str) and callable(getattr(source, "read", None))
    given: Any = _Head(source, max_bytes + 1) if readable else source
    size = len(given) if isinstance(given, str) else max_bytes + 1
    text = whole_text(given, size, what=what, error=error, hint=HINT)
    try:
        data = text.encode("utf-8") if len(text) <= max_bytes else b""
    except UnicodeEncodeError as fault:
        row = text.count("\n", 0, fault.start) + 1
        column = fault.start - text.rfind("\n", 0, fault.start)
        lone = f"this is no XML: {text[fault.start]!r} is half a character"
        raise error.from_faults([Fault(f"line {row}, column {column}", lone, row=row)], subject=what) from None
    if len(text) > max_bytes or len(data) > max_bytes:
        msg = f"{what}: there are more than {max_bytes} bytes, the limit (max_bytes)"
        raise error(msg)
    return _Tree(what, error, max_depth).parse(data)
