"""The records of an LDIF text: lines unfolded, comments left out, values decoded, every fault with its line."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator

from attrs import frozen

from leadkit.errors import Fault

__all__ = ["Record", "records"]

LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*)((?:;[A-Za-z0-9-]+)*):(:|<)? *(.*)", re.DOTALL)
CHANGES = frozenset({"changetype", "control"})
LONGEST_SHOWN = 40


@frozen(kw_only=True)
class Record:
    """One entry of a directory: the line on which it begins, its name, and the values that were asked for."""

    line: int
    name: str
    values: dict[str, list[str]]


def records(text: str, wanted: Collection[str], max_field: int, faults: list[Fault]) -> Iterator[Record]:
    """Give every content record; what is wrong is noted in `faults`.

    Parameters
    ----------
    text : str
        LDIF.
    wanted : collection of str
        Names of attributes in small letters; the values of others are not decoded.
    max_field : int
        Most characters of a value.
    faults : list of Fault
        Where faults are put.
    """
    block: list[tuple[int, str]] = []
    first = True
    for line, content in _logical_lines(text, faults):
        if content:
            if first and content.lower().replace(" ", "").startswith("version:"):
                if content.partition(":")[2].strip() != "1":
                    faults.append(Fault(f"line {line}", f"expected version: 1, got {_shown(content)}", row=line))
                first = False
                continue
            first = False
            block.append((line, content))
        elif block:
            yield from _record(block, wanted, max_field, faults)
            block = []
    if block:
        yield from _record(block, wanted, max_field, faults)


def _logical_lines(text: str, faults: list[Fault]) -> Iterator[tuple[int, str]]:
    """Join folded lines and leave out comments; an empty line is given as it is, and so is the end."""
    pieces: list[str] = []
    start = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if raw.startswith(" "):
            if pieces:
                pieces.append(raw[1:])
            elif raw.strip():
                faults.append(Fault(f"line {number}", "a folded line continues nothing", row=number))
            continue
        if pieces:
            yield from _unless_comment(start, "".join(pieces))
        pieces, start = ([raw], number) if raw else ([], number)
        if not raw:
            yield number, ""
    if pieces:
        yield from _unless_comment(start, "".join(pieces))


def _unless_comment(line: int, content: str) -> Iterator[tuple[int, str]]:
    if not content.startswith("#"):
        yield line, content


def _record(
    block: list[tuple[int, str]], wanted: Collection[str], max_field: int, faults: list[Fault]
) -> Iterator[Record]:
    values: dict[str, list[str]] = {}
    start = block[0][0]
    for line, content in block:
        found = LINE.fullmatch(content)
        if found is None:
            faults.append(Fault(f"line {line}", f"expected 'name: value', got {_shown(content)}", row=line))
            continue
        name, mark, value = found[1].lower(), found[3], found[4]
        if line == start and name != "dn":
            faults.append(Fault(f"line {line}", f"a record begins with its dn, got {_shown(content)}", row=line))
        if name in CHANGES:
            faults.append(Fault(f"line {line}", f"{name}: records of changes are not read, only contents", row=line))
        elif mark == "<":
            faults.append(Fault(f"line {line}", f"{name}: values behind a URL are not fetched", row=line))
        elif name == "dn" or name in wanted:
            decoded = _value(value, mark, max_field)
            if isinstance(decoded, str):
                values.setdefault(name, []).append(decoded)
            else:
                faults.append(Fault(f"line {line}, {name}", decoded.what, row=line))
    if len(values.get("dn", ())) > 1:
        faults.append(Fault(f"line {start}", "a record has one dn; an empty line ends a record", row=start))
    if "dn" in values:
        yield Record(line=start, name=values.pop("dn")[0], values=values)


def _value(value: str, mark: str | None, max_field: int) -> str | Fault:
    if len(value) > (max_field if mark is None else 2 * max_field):
        return Fault("", f"{len(value)} characters, the limit (max_field) is {max_field}")
    if mark == ":":
        try:
            value = base64.b64decode(value.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return Fault("", "expected base64 of UTF-8 text")
        if len(value) > max_field:
            return Fault("", f"{len(value)} characters, the limit (max_field) is {max_field}")
    return Fault("", "holds a NUL character") if "\0" in value else value.rstrip(" ") if mark is None else value


def _shown(text: str) -> str:
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")
