"""A walk through the elements of a file that gathers what is wrong with them, and what is not read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Final, NoReturn

from leadkit.errors import Fault, PlanError
from leadkit.interchange._xml import Element
from leadkit.interchange.mspdi._times import instant_of

__all__ = ["SUBJECT", "Part", "Reading"]

SUBJECT: Final = "Microsoft Project XML"
MOST: Final = 10**12
WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,1100})?|\.[0-9]{1,1100})(?:[eE][+-]?[0-9]{1,3})?")
DURATION: Final = re.compile(
    r"(-?)P(?:([0-9]{1,13})D)?(?:T(?:([0-9]{1,13})H)?(?:([0-9]{1,13})M)?(?:([0-9]{1,13}(?:\.[0-9]{1,9})?)S)?)?"
)
INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
SAYS_NOTHING: Final = re.compile(r"(?:-?[01]|0\.0*|-65535|PT0H0M0S|false)?")
"""Texts of elements that are not worth a warning."""
DAY_MINUTES: Final = 1440


class Reading:
    """What is gathered on the way."""

    def __init__(self, namespace: str, zone: tzinfo) -> None:
        self.namespace = namespace
        self.zone = zone
        self.faults: list[Fault] = []
        self.ignored: dict[str, None] = {}

    def fault(self, line: int, what: str) -> None:
        """Note what is wrong on a line."""
        self.faults.append(Fault(f"line {line}", what, row=line))

    def ignore(self, what: str) -> None:
        """Note what the plan leaves out."""
        self.ignored.setdefault(what)

    def part(self, element: Element, name: str, known: Iterable[str] = ()) -> Part:
        """Open an element that is called `name` in messages; children that are not `known` are noted as ignored."""
        part = Part(self, element, name)
        if known:
            part.ignore_others(frozenset(known))
        return part

    def raise_faults(self) -> None:
        """Raise what was gathered, in the order of lines."""
        if self.faults:
            self.refuse()

    def refuse(self) -> NoReturn:
        """Raise the error that lists every fault, in the order of lines."""
        raise PlanError.from_faults(sorted(self.faults, key=_row), subject=SUBJECT)


class Part:
    """An element with the texts of its children; of children with one name, the first counts."""

    def __init__(self, reading: Reading, element: Element, name: str) -> None:
        self.reading = reading
        self.element = element
        self.line = element.line
        self.name = name
        self._children: dict[str, Element] = {}
        for child in element:
            self._children.setdefault(child.tag.removeprefix(reading.namespace), child)  # type: ignore[arg-type]

    def ignore_others(self, known: frozenset[str]) -> None:
        """Note the children that are not read, unless they are empty or say nothing."""
        for name, child in self._children.items():
            if name not in known and (len(child) or not SAYS_NOTHING.fullmatch((child.text or "").strip())):
                self.reading.ignore(f"{self.element.tag.removeprefix(self.reading.namespace)}/{name}")

    def all(self, name: str, known: Iterable[str] = (), *, called: str = "") -> Iterator[Part]:
        """Open every child of a name."""
        for child in self.element.iterfind(f"{self.reading.namespace}{name}"):
            yield self.reading.part(child, called or self.name, known)  # type: ignore[arg-type]

    def below(self, name: str, child: str, known: Iterable[str] = ()) -> Iterator[Part]:
        """Open every `child` of the child `name`, such as each Task of Tasks."""
        group = self._children.get(name)
        if group is not None:
            yield from self.reading.part(group, self.name).all(child, known, called=self.name)

    def child(self, name: str) -> Part | None:
        """Open a child."""
        found = self._children.get(name)
        return None if found is None else self.reading.part(found, self.name)

    def text(self, name: str) -> str | None:
        """Give the text of a child; None where it is not there."""
        child = self._children.get(name)
        return None if child is None else child.text or ""

    def fault(self, what: str, name: str = "") -> None:
        """Note what is wrong with this element or a child."""
        line = self._children[name].line if name in self._children else self.line
        self.reading.fault(line, f"{self.name}: {what}" if self.name else what)

    def whole(self, name: str, default: int | None = None, *, low: int = -MOST, high: int = MOST * 10) -> int | None:
        """Read a whole number; `default` where there is none, and a fault besides for what is none."""
        text = (self.text(name) or "").strip()
        if not text:
            return default
        if not WHOLE.fullmatch(text):
            self.fault(f"{name}: expected a whole number, got {_short(text)}", name)
            return default
        if not low <= int(text) <= high:
            self.fault(f"{name}: {text} is outside {low}..{high}", name)
            return default
        return int(text)

    def is_set(self, name: str, *, default: bool = False) -> bool:
        """Read a truth value."""
        text = (self.text(name) or "").strip()
        if text in {"", "0", "1", "false", "true"}:
            return text in {"1", "true"} if text else default
        self.fault(f"{name}: expected 0 or 1, got {_short(text)}", name)
        return default

    def number(self, name: str, *, shift: int = 0) -> float | None:
        """Read a number of at least 0, times ten to the power of `shift`; None, and a fault, for what is none."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        value = float(Decimal(text).scaleb(shift)) if NUMBER.fullmatch(text) else math.nan
        if not 0 <= value < math.inf:
            self.fault(f"{name}: expected a finite number of at least 0, got {_short(text)}", name)
            return None
        return value

    def instant(self, name: str, *, last: bool = False) -> datetime | None:
        """Read a date as an instant; one without a zone is on the clocks of the reader's zone."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        try:
            local = datetime.fromisoformat(text if INSTANT.fullmatch(text) else "")
            instant = instant_of(local, self.reading.zone, last=last) if local.tzinfo is None else local
            return instant.astimezone(self.reading.zone)
        except (ValueError, OverflowError):
            self.fault(f"{name}: expected a date such as 2026-03-02T08:00:00, got {_short(text)}", name)
            return None

    def day(self, name: str) -> int | None:
        """Read a date as an ordinal; the time of day does not matter."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        try:
            return datetime.fromisoformat(text if INSTANT.fullmatch(text) else "").toordinal()
        except ValueError:
            self.fault(f"{name}: expected a date such as 2026-03-02T00:00:00, got {_short(text)}", name)
            return None

    def minutes(self, name: str) -> int | None:
        """Read a duration, rounded half to even to whole minutes; a day of it has 24 hours."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        found = DURATION.fullmatch(text)
        if found is None or text[-1] in "PT":
            self.fault(f"{name}: expected a duration such as PT8H0M0S, got {_short(text)}", name)
            return None
        days, hours, minutes = (int(number or 0) for number in found.groups()[1:4])
        seconds = Decimal(found[5] or 0)
        total = days * DAY_MINUTES + hours * 60 + minutes + round(seconds / 60)
        if (found[1] and (total or seconds)) or total > MOST:
            self.fault(f"{name}: expected a duration of 0 to {MOST} minutes, got {_short(text)}", name)
            return None
        if seconds % 60:
            self.reading.ignore("parts of a minute in durations")
        return total


def _row(fault: Fault) -> int:
    return fault.row or 0


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "...")
