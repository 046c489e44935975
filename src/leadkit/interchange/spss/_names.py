"""What SPSS takes as the name of a variable, and the texts that it gives back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from leadkit._fields import repeated
from leadkit.assessment import Instrument
from leadkit.assessment.answers import match_columns
from leadkit.errors import Fault

__all__ = ["SYSTEM", "item_names", "name_faults", "shortened", "text_faults"]

SYSTEM: Final = "spss"
"""Key of `Item.external_ids` under which an item has the name of its variable."""
MARKS: Final = frozenset("._$#@")
LONGEST_NAME: Final = 64
LONGEST_TEXT: Final = 32_767
RESERVED: Final = frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"})


def item_names(instrument: Instrument) -> tuple[str, ...]:
    """Give the variable of every item: its external id of `SYSTEM`, or else its id.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> item_names(frameworks.load("ved"))[:2]
    ('vis1', 'vis2')
    """
    return tuple(item.external_ids.get(SYSTEM, item.id) for item in instrument.items)


def name_faults(others: Sequence[str], instrument: Instrument) -> list[Fault]:
    """List the names that SPSS does not take, and those that would be read as the name of another item."""
    names = item_names(instrument)
    faults = plain_name_faults((*others, *names))
    found, _ = match_columns(names, instrument, reserved=())
    for i, item in enumerate(instrument.items):
        if not faults and found.get(i) != names[i]:
            what = f"its variable {names[i]!r} is the name of another item too"
            faults.append(Fault(f"item {item.id!r}", what))
    return faults


def plain_name_faults(names: Sequence[str]) -> list[Fault]:
    """List the names that SPSS does not take, and those that differ in nothing but their case.

    Examples
    --------
    >>> for fault in plain_name_faults(["respondent_id", "2nd team", "Calm", "calm", "by"]):
    ...     print(fault)
    variable '2nd team': expected a letter, then letters, digits and . _ $ # @ (not a dot last), at most 64 bytes in UTF-8
    variable 'by': SPSS uses this word itself; rename the group, or give the item an external id for 'spss'
    variable 'Calm': is the same as 'calm' in SPSS; rename the group, or give the item an external id for 'spss'
    """
    remedy = f"rename the group, or give the item an external id for {SYSTEM!r}"
    shape = f"a letter, then letters, digits and . _ $ # @ (not a dot last), at most {LONGEST_NAME} bytes in UTF-8"
    faults = []
    for name in dict.fromkeys(names):
        if not _is_name(name):
            faults.append(Fault(f"variable {name!r}", f"expected {shape}", column=name))
        elif name.lower() in RESERVED:
            faults.append(Fault(f"variable {name!r}", f"SPSS uses this word itself; {remedy}", column=name))
    for folded in repeated(name.casefold() for name in names):
        first, second = [name for name in names if name.casefold() == folded][:2]
        faults.append(Fault(f"variable {first!r}", f"is the same as {second!r} in SPSS; {remedy}", column=first))
    return faults


def _is_name(name: str) -> bool:
    is_spelt = all(sign.isalpha() or sign.isdecimal() or sign in MARKS for sign in name)
    return name[:1].isalpha() and is_spelt and not name.endswith(".") and n_bytes(name) <= LONGEST_NAME


def text_faults(where: Iterable[str], texts: Iterable[str | None]) -> list[Fault]:
    """List the texts that SPSS would not give back as they are; None is no text."""
    wrong = [(place, _trouble(text)) for place, text in zip(where, texts, strict=True) if text is not None]
    return [Fault(place, what) for place, what in wrong if what]


def shortened(text: str, most: int) -> str:
    """Cut a label to a number of bytes in UTF-8, with dots where something is left out.

    Examples
    --------
    >>> shortened("I remain calm.", 14), shortened("I remain calm.", 10)
    ('I remain calm.', 'I remai...')
    """
    told = clean(text)
    if n_bytes(told) <= most:
        return told
    return told.encode()[: most - 3].decode(errors="ignore") + "..."


def clean(text: str) -> str:
    """Replace what no label can hold."""
    return text.encode(errors="replace").decode().replace("\0", "")


def n_bytes(text: Any) -> int:
    """Count the bytes of a text in UTF-8."""
    return len(text.encode(errors="replace"))


def _trouble(text: str) -> str:
    if text and not text.strip():
        return f"{text!r} is blank, which is no text in SPSS"
    if text.endswith(" "):
        return f"{text!r} ends in a blank, which SPSS drops"
    if "\0" in text or text != clean(text):
        return f"{text!r} holds a character that SPSS cannot keep"
    if n_bytes(text) > LONGEST_TEXT:
        return f"expected at most {LONGEST_TEXT} bytes in UTF-8, got {n_bytes(text)}"
    return ""
