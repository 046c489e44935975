"""Links between parts of a plan: what waits for what, in which of four ways, and with which lag."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, Literal, NoReturn, Self, TypeAlias, get_args

from attrs import frozen

from leadkit._checks import id_faults, word_faults
from leadkit._fields import number_faults, whole_number_faults
from leadkit.errors import Fault, PlanError
from leadkit.wbs._checking import raise_faults

__all__ = ["Lag", "LagUnit", "Link", "LinkKind"]

LinkKind: TypeAlias = Literal["FS", "SS", "FF", "SF"]
"""Which end of the predecessor binds which end of the successor; F is finish, S is start."""
LagUnit: TypeAlias = Literal["minutes", "percent"]
"""What a lag is counted in: minutes, or per cent of the predecessor's duration."""

KINDS: Final[tuple[str, ...]] = get_args(LinkKind)
UNITS: Final[tuple[str, ...]] = get_args(LagUnit)
MILESTONES: Final = frozenset({"handover", "gate"})
MOST_MINUTES: Final = 10**12
MINUTES_AN_HOUR: Final = 60
HOURS_A_DAY: Final = 24
WORKING_DAYS_A_WEEK: Final = 5
DAYS_A_WEEK: Final = 7

KIND_AND_LAG = re.compile(r"(?P<kind>FS|SS|FF|SF)\s*(?:(?P<lag>[+-].*))?", re.IGNORECASE)
LAG = re.compile(r"(?P<amount>[+-]\s*\d+(?:\.\d+)?)\s*(?P<elapsed>e?)(?P<unit>[mhdw%])", re.IGNORECASE)


@frozen(kw_only=True)
class Lag:
    """How much time a link leaves between its two ends; a negative lag lets them overlap.

    Parameters
    ----------
    amount : float
        Whole minutes, or per cent of the predecessor's duration; may be negative.
    unit : {"minutes", "percent"}
        What `amount` counts.
    elapsed : bool
        Whether every minute counts; otherwise only the working minutes of the plan's calendar do.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Lag.days(2)
    Lag(amount=960.0, unit='minutes', elapsed=False)
    >>> Lag.percent(-50).minutes_of(75)
    -38
    """

    amount: float = 0.0
    unit: LagUnit = "minutes"
    elapsed: bool = False

    def __attrs_post_init__(self) -> None:
        faults = number_faults(self.amount, "lag")
        faults += word_faults(self.unit, UNITS, "unit")
        if not isinstance(self.elapsed, bool):
            faults.append(Fault("elapsed", f"expected true or false, got {self.elapsed!r}"))
        if not faults and abs(self.amount) > MOST_MINUTES:
            faults.append(Fault("lag", f"{self.amount:g} is more than {MOST_MINUTES:g}"))
        if not faults and self.unit == "minutes" and self.amount != int(self.amount):
            faults.append(Fault("lag", f"expected whole minutes, got {self.amount!r}"))
        raise_faults(faults, "lag")
        object.__setattr__(self, "amount", float(self.amount))

    @classmethod
    def minutes(cls, n: int, *, elapsed: bool = False) -> Self:
        """Build a lag of `n` minutes."""
        raise_faults(whole_number_faults(n, "minutes"), "lag")
        return cls(amount=n, elapsed=elapsed)

    @classmethod
    def hours(cls, x: float, *, elapsed: bool = False) -> Self:
        """Build a lag of `x` hours, rounded half to even to whole minutes."""
        return cls._of(x, MINUTES_AN_HOUR, elapsed=elapsed)

    @classmethod
    def days(cls, x: float, day_minutes: int = 480, *, elapsed: bool = False) -> Self:
        """Build a lag of `x` days of `day_minutes` working minutes; of 1,440 minutes each when elapsed."""
        return cls._of(x, HOURS_A_DAY * MINUTES_AN_HOUR if elapsed else day_minutes, elapsed=elapsed)

    @classmethod
    def percent(cls, p: float, *, elapsed: bool = False) -> Self:
        """Build a lag of `p` per cent of the predecessor's duration."""
        return cls(amount=p, unit="percent", elapsed=elapsed)

    @classmethod
    def _of(cls, x: float, minutes: int, *, elapsed: bool) -> Self:
        raise_faults(number_faults(x, "lag") + number_faults(minutes, "day_minutes", above=0), "lag")
        amount = x * minutes
        return cls(amount=round(amount) if math.isfinite(amount) else amount, elapsed=elapsed)

    def minutes_of(self, duration: int) -> int:
        """Give the lag in minutes [min] behind a predecessor of `duration` [min]; a share is rounded half to even."""
        return int(self.amount) if self.unit == "minutes" else round(self.amount * duration / 100)

    def to_text(self, day_minutes: int = 480) -> str:
        """Write the lag as `Link.parse` reads it: in days or hours where it is a whole number of them; "" for none.

        Examples
        --------
        >>> Lag.days(2).to_text(), Lag.hours(-1, elapsed=True).to_text(), Lag.percent(12.5).to_text()
        ('+2d', '-1eh', '+12.5%')
        """
        sign, e = "-" if self.amount < 0 else "+", "e" if self.elapsed else ""
        size = abs(self.amount)
        if not size and not (e or self.unit == "percent"):
            return ""
        if self.unit == "percent":
            return f"{sign}{_decimal(size)}{e}%"
        day = HOURS_A_DAY * MINUTES_AN_HOUR if self.elapsed else day_minutes
        for unit, minutes in (("d", day), ("h", MINUTES_AN_HOUR)):
            if size and size % minutes == 0:
                return f"{sign}{int(size // minutes)}{e}{unit}"
        return f"{sign}{int(size)}{e}m"


NO_LAG: Final = Lag()


@frozen(kw_only=True)
class Link:
    """What a part of the plan waits for.

    Parameters
    ----------
    predecessor, successor : str
        Ids of work packages, groups, handovers ("handover:<id>") or gates ("gate:<id>").
    kind : {"FS", "SS", "FF", "SF"}
        Which end of the predecessor binds which end of the successor: with "FS" the successor starts after the
        predecessor's finish, with "SF" it finishes after the predecessor's start.
    lag : Lag
        Time between the two ends.

    Raises
    ------
    PlanError
        A field is wrong, or both ends are the same.

    Examples
    --------
    >>> Link(predecessor="design", successor="build").kind
    'FS'
    >>> Link(predecessor="build", successor="build")
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: link 'build' -> 'build': a part of the plan cannot depend on itself
    """

    predecessor: str
    successor: str
    kind: LinkKind = "FS"
    lag: Lag = NO_LAG

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.predecessor, "predecessor") + id_faults(self.successor, "successor")
        faults += word_faults(self.kind, KINDS, "kind")
        if not isinstance(self.lag, Lag):
            faults.append(Fault("lag", f"expected a Lag, got {self.lag!r}"))
        if not faults and self.predecessor == self.successor:
            faults.append(Fault("", "a part of the plan cannot depend on itself"))
        raise_faults(faults, f"link {self.predecessor!r} -> {self.successor!r}")

    @classmethod
    def parse(cls, text: str, successor: str, *, day_minutes: int = 480) -> tuple[Self, ...]:
        """Read the predecessors of one part of the plan from text.

        Parameters
        ----------
        text : str
            Predecessors with commas between them, each `id`, `id:kind` or `id:kind` and a lag: a sign, a number, "e"
            where every minute counts, and m, h, d, w or %, as in "A, B:SS+2d, C:FF-50%, D:FS+3ed". An id that holds a
            comma, a colon or a quotation mark stands in quotation marks, doubled within; "handover:<id>" and "gate:<id>"
            need none.
        successor : str
            What waits for them.
        day_minutes : int
            Working minutes of a day; a week has five days, an elapsed one seven of 1,440 minutes.

        Returns
        -------
        tuple of Link
            One link a predecessor, in the order of the text.

        Raises
        ------
        PlanError
            A part cannot be read; `faults` holds all of them.

        Examples
        --------
        >>> [(link.predecessor, link.kind, link.lag.amount) for link in Link.parse("A:SS+2d, B:FF-50%", "D")]
        [('A', 'SS', 960.0), ('B', 'FF', -50.0)]
        >>> Link.parse("A:SS+2x, :FF", "D")
        Traceback (most recent call last):
        ...
        leadkit.errors.PlanError: predecessors of 'D': 2 faults
          'A:SS+2x': expected a kind FS, SS, FF or SF and a lag like +2d, -4h, +30m, +1w, -50% or +3ed after the colon
          ':FF': has no id
        """
        subject = f"predecessors of {successor!r}"
        if not isinstance(text, str):
            raise PlanError.from_faults([Fault("", f"expected a text, got {text!r}")], subject=subject)
        links: list[Self] = []
        faults: list[Fault] = []
        for part in _parts(text):
            try:
                links.append(cls(successor=successor, **_read(part, day_minutes)))
            except PlanError as error:
                faults += [Fault(repr(part), fault.what) for fault in error.faults]
        raise_faults(faults, subject)
        return tuple(links)

    def to_text(self, day_minutes: int = 480) -> str:
        """Write the predecessor with kind and lag as `parse` reads it.

        Examples
        --------
        >>> Link(predecessor="a, b", successor="D", kind="SS", lag=Lag.hours(4)).to_text()
        '"a, b":SS+4h'
        """
        name = self.predecessor
        if any(mark in name for mark in ',":') or name != name.strip():
            doubled = name.replace('"', '""')
            name = f'"{doubled}"'
        lag = self.lag.to_text(day_minutes)
        return f"{name}:{self.kind}{lag}" if lag or self.kind != "FS" else name


def _parts(text: str) -> Iterator[str]:
    """Cut a text at the commas that stand outside quotation marks; empty parts at the ends are left out."""
    part, quoted = "", False
    for letter in text:
        if letter == '"':
            quoted = not quoted
        if letter == "," and not quoted:
            yield part.strip()
            part = ""
        else:
            part += letter
    if part.strip():
        yield part.strip()


def _read(part: str, day_minutes: int) -> dict[str, Any]:
    """Read one predecessor."""
    if part.startswith('"'):
        found = re.fullmatch(r'"((?:[^"]|"")*)"\s*(?::\s*(.*))?', part, re.DOTALL)
        if found is None:
            _refuse("a quotation mark has no partner")
        name, rest = found[1].replace('""', '"'), found[2]
    else:
        name, colon, tail = part.rpartition(":")
        name, rest = (name.strip(), tail.strip()) if colon else (part, None)
        if name in MILESTONES:
            name, rest = f"{name}:{rest}", None
    if not name.strip():
        _refuse("has no id")
    if rest is None:
        return {"predecessor": name}
    found = KIND_AND_LAG.fullmatch(rest)
    lag = _lag(found["lag"], day_minutes) if found else None
    if found is None or lag is None:
        _refuse("expected a kind FS, SS, FF or SF and a lag like +2d, -4h, +30m, +1w, -50% or +3ed after the colon")
    return {"predecessor": name, "kind": found["kind"].upper(), "lag": lag}


def _lag(text: str | None, day_minutes: int) -> Lag | None:
    if text is None:
        return NO_LAG
    found = LAG.fullmatch(text.strip())
    if found is None:
        return None
    amount, elapsed = float(found["amount"].replace(" ", "")), bool(found["elapsed"])
    match found["unit"].lower():
        case "%":
            return Lag.percent(amount, elapsed=elapsed)
        case "m":
            return Lag(amount=round(amount) if math.isfinite(amount) else amount, elapsed=elapsed)
        case "h":
            return Lag.hours(amount, elapsed=elapsed)
        case "d":
            return Lag.days(amount, day_minutes, elapsed=elapsed)
    return Lag.days(amount * (DAYS_A_WEEK if elapsed else WORKING_DAYS_A_WEEK), day_minutes, elapsed=elapsed)


def _decimal(size: float) -> str:
    """Write a number without an exponent, so that it is read back as it is."""
    shown = repr(size)
    return f"{Decimal(shown):f}".removesuffix(".0")


def _refuse(what: str) -> NoReturn:
    raise PlanError.from_faults([Fault("", what)])
