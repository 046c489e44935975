"""Lines of a benchmark file with their numbers, and whole numbers in them; every fault keeps its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NoReturn

from attrs import field, frozen

from leadkit.errors import Fault, FormatError

__all__ = ["MOST", "Line", "Reading", "missing_faults"]

MOST = 10**12
"""No number in a file may be larger."""
MOST_DIGITS = 13


@frozen
class Line:
    """A line without the white space around it, and its number from 1."""

    number: int
    text: str


@frozen(eq=False)
class Reading:
    """A walk through the lines of a text that gathers what is wrong.

    Parameters
    ----------
    subject : str
        What the text is, for messages.
    text : str
        All of it.
    """

    subject: str
    text: str
    lines: tuple[Line, ...] = field(init=False)
    faults: list[Fault] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        # not splitlines(), which also cuts at form feeds and other signs that an editor counts as one line
        rows = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        lines = tuple(Line(k, row.strip()) for k, row in enumerate(rows, start=1))
        object.__setattr__(self, "lines", lines)

    def fault(self, line: Line | None, what: str) -> None:
        """Note what is wrong in `line`, or in the text as a whole."""
        if line is None:
            self.faults.append(Fault("", what))
        else:
            self.faults.append(Fault(f"line {line.number}", what, row=line.number))

    def whole(self, text: str, line: Line, what: str) -> int | None:
        """Read a whole number of at least 0; None, and a fault, for anything else."""
        if text.isascii() and text.isdigit() and len(text.lstrip("0")) <= MOST_DIGITS and int(text) <= MOST:
            return int(text)
        self.fault(line, f"{what}: expected a whole number in 0..{MOST}, got {_short(text)}")
        return None

    def wholes(self, texts: Sequence[str], line: Line, what: str) -> list[int] | None:
        """Read whole numbers; None when any of them is none."""
        values = [self.whole(text, line, what) for text in texts]
        found = [value for value in values if value is not None]
        return found if len(found) == len(values) else None

    def find(self, is_sought: Callable[[str], bool]) -> int | None:
        """Give the place of the first line that `is_sought` takes."""
        return next((place for place, line in enumerate(self.lines) if is_sought(line.text)), None)

    def rows(self, after: int, *, ends: str, skips: str = "") -> Iterator[Line]:
        """Give the lines after a place that are not empty, up to one that begins with `ends`."""
        for line in self.lines[after + 1 :]:
            if line.text.startswith(ends):
                return
            if line.text and not (skips and line.text.startswith(skips)):
                yield line

    def raise_faults(self) -> None:
        """Raise what was gathered, in the order of lines."""
        if self.faults:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Raise the error that lists every fault, in the order of lines."""
        raise FormatError.from_faults(sorted(self.faults, key=lambda fault: fault.row or 0), subject=self.subject)


def missing_faults(reading: Reading, found: Sequence[int], count: int | None, *, kind: str, where: str) -> None:
    """Refuse numbers that are not 1 to n: there is a gap, or not as many as the head of the file says."""
    if count is not None and len(found) != count:
        reading.fault(None, f"{where}: expected {count} {kind}s, as the head says, got {len(found)}")
    present = set(found)
    gap = next((k for k in range(1, len(present) + 1) if k not in present), None)
    if gap is not None:
        reading.fault(None, f"{where}: {kind} {gap} is missing")


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "...")
