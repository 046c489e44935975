"""Numbers and texts of the format, and what it can hold."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from leadkit._checks import id_faults
from leadkit.wbs.plan import Lag, LinkKind

__all__ = [
    "DAY_FORMAT",
    "ELAPSED_FORMATS",
    "FIELD_NAME",
    "ID_ALIAS",
    "KINDS_BY_TYPE",
    "LAG_FORMATS",
    "MOST_PREFIX",
    "MOST_TEXT",
    "MOST_TITLE",
    "NAMESPACE",
    "PERCENT_FORMATS",
    "RESOURCE_FIELD",
    "STANDARD",
    "TASK_FIELD",
    "calendar_key",
    "clean",
    "decimal",
    "duration",
    "lag_parts",
    "name_back",
    "unit_format",
]

NAMESPACE: Final = "http://schemas.microsoft.com/project"
ID_ALIAS: Final = "leadkit id"
FIELD_NAME: Final = "Text30"
TASK_FIELD: Final = "188744016"
RESOURCE_FIELD: Final = "205521140"
STANDARD: Final = "Standard"
"""The name of a project's calendar that has none."""

MOST_TEXT: Final = 512
MOST_TITLE: Final = 255
MOST_PREFIX: Final = 50

KINDS_BY_TYPE: Final[tuple[LinkKind, ...]] = ("FF", "FS", "SF", "SS")
LAG_FORMATS: Final = {3: False, 5: False, 7: False, 9: False, 4: True, 6: True, 8: True, 10: True}
"""Formats of a lag in time, and whether every minute of it counts; `LinkLag` is in tenths of a minute in all of them."""
PERCENT_FORMATS: Final = {19: False, 20: True}
ELAPSED_FORMATS: Final = frozenset({4, 6, 8, 10, 12, 36, 38, 40, 42, 44})
"""Formats of durations that count every minute."""
MINUTE_FORMAT: Final = 3
HOUR_FORMAT: Final = 5
DAY_FORMAT: Final = 7
PERCENT_FORMAT: Final = 19
TENTHS: Final = 10
DAY: Final = 1440
HOUR: Final = 60

NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str, most: int | None = None) -> str:
    r"""Replace the characters that XML 1.0 cannot hold, and cut what is longer than `most`.

    Examples
    --------
    >>> clean("a\x00b", 2)
    'a\ufffd'
    """
    return NOT_XML.sub("\ufffd", text)[:most]


def name_back(name: str, own: str) -> str:
    """Tell which name comes back: a part without one is written with its id as its name."""
    written = clean(name or own, MOST_TEXT)
    return "" if written == clean(own) else written


def calendar_key(name: str, uid: int) -> str:
    """Tell under which name a calendar of the file is kept."""
    stripped = name.strip()
    return f"Calendar {uid}" if id_faults(stripped, "name") else stripped


def duration(minutes: int) -> str:
    """Write working time as the format does.

    Examples
    --------
    >>> duration(510)
    'PT8H30M0S'
    """
    hours, rest = divmod(minutes, HOUR)
    return f"PT{hours}H{rest}M0S"


def unit_format(minutes: int, day_minutes: int) -> int:
    """Give the unit in which an amount of time is shown best: days, hours or minutes."""
    if minutes % day_minutes == 0:
        return DAY_FORMAT
    return HOUR_FORMAT if minutes % HOUR == 0 else MINUTE_FORMAT


def lag_parts(lag: Lag, day_minutes: int) -> tuple[int, int]:
    """Give `LinkLag` and `LagFormat` of a lag; a share is rounded half to even to whole per cent.

    Examples
    --------
    >>> lag_parts(Lag.days(2), 480), lag_parts(Lag.percent(-50, elapsed=True), 480)
    ((9600, 7), (-50, 20))
    """
    if lag.unit == "percent":
        return round(lag.amount), PERCENT_FORMAT + lag.elapsed
    minutes = int(lag.amount)
    return minutes * TENTHS, unit_format(minutes, DAY if lag.elapsed else day_minutes) + lag.elapsed


def decimal(value: float, shift: int = 0) -> str:
    """Write a number without an exponent, times ten to the power of `shift`, so that it is read back as it is.

    Examples
    --------
    >>> decimal(0.1, 2), decimal(1e-7)
    ('10', '0.0000001')
    """
    text = f"{Decimal(repr(value)).scaleb(shift):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
