"""Codes of nodes: how they are written, and a tree of numbers in which each code has one place."""

from __future__ import annotations

from leadkit._checks import CONTROL
from leadkit.errors import Fault

__all__ = ["CodeTree", "code_faults", "prefix_faults", "split_code", "written"]

# more digits than any plan has; Python refuses to read thousands of them
MOST_DIGITS = 18
ROOT = 0


def split_code(code: str) -> tuple[str, tuple[int, ...]]:
    """Take a code apart into its prefix and the numbers at its end, as many as there are."""
    parts = code.split(".")
    first = len(parts)
    while first and _is_number(parts[first - 1]):
        first -= 1
    return ".".join(parts[:first]), tuple(map(int, parts[first:]))


def written(prefix: str, numbers: tuple[int, ...] | list[int]) -> str:
    """Write a code from its prefix and its numbers."""
    return ".".join(([prefix] if prefix else []) + [str(number) for number in numbers])


def code_faults(code: object) -> list[Fault]:
    """Refuse what is neither None nor a code with at least one number."""
    if code is None:
        return []
    if isinstance(code, str):
        prefix, numbers = split_code(code)
        if numbers and written(prefix, numbers) == code and not prefix_faults(prefix):
            return []
    return [Fault("code", f"expected whole numbers of at least 1 with dots between, such as '1.2', got {code!r}")]


def prefix_faults(prefix: object) -> list[Fault]:
    """Refuse a prefix that ends like a code, or that has space around it or control characters in it."""
    if not isinstance(prefix, str):
        return [Fault("prefix", f"expected a text, got {prefix!r}")]
    last = prefix.rsplit(".", 1)[-1]
    if prefix and (not last or last.isdigit() or prefix != prefix.strip() or CONTROL.search(prefix)):
        return [Fault("prefix", f"expected a text such as 'CRM' that does not end like a code, got {prefix!r}")]
    return []


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and part[0] != "0" and len(part) <= MOST_DIGITS


class CodeTree:
    """All codes as a tree of numbers: a code is the way to its place, so no code is written out until it is asked for."""

    def __init__(self) -> None:
        self.above = [-1]
        self.number = [0]
        self.length = [0]
        self._below: dict[tuple[int, int], int] = {}

    def step(self, place: int, number: int) -> int:
        """Give the place one number further, and make it where there is none yet."""
        key = (place, number)
        found = self._below.get(key)
        if found is None:
            found = len(self.above)
            self._below[key] = found
            self.above.append(place)
            self.number.append(number)
            self.length.append(self.length[place] + 1)
        return found

    def walk(self, numbers: tuple[int, ...]) -> int:
        """Give the place of a code, and make it where there is none yet."""
        place = ROOT
        for number in numbers:
            place = self.step(place, number)
        return place

    def look(self, numbers: tuple[int, ...]) -> int | None:
        """Find the place of a code."""
        place: int | None = ROOT
        for number in numbers:
            place = self._below.get((place, number))  # type: ignore[arg-type]
            if place is None:
                return None
        return place

    def numbers(self, place: int) -> tuple[int, ...]:
        """Write out the numbers on the way to a place."""
        backwards = []
        while place != ROOT:
            backwards.append(self.number[place])
            place = self.above[place]
        return tuple(reversed(backwards))

    def starts_with(self, place: int, head: int) -> bool:
        """Tell whether a code starts with another."""
        while self.length[place] > self.length[head]:
            place = self.above[place]
        return place == head
