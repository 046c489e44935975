"""Needs as the text of a cell: "sql>=3 & python>=2 x2; writing>=1"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from leadkit.errors import Fault, PlanError
from leadkit.interchange.csv._numbers import number_text
from leadkit.interchange.csv._table import shortened
from leadkit.wbs.structure import Need

__all__ = ["needs_of", "needs_text"]

ANYBODY: Final = "any"
# words without the marks of the grammar; + and & may stand within a word and + at its end, as in R&D and C++
BARE: Final = r"[^\s\",;<>=&+≥](?:[^\s\",;<>=≥]*[^\s\",;<>=&≥])?"
NAME: Final = re.compile(rf"{BARE}(?: +{BARE})*")
SKILL: Final = re.compile(
    rf'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>{NAME.pattern}))\s*(?:>=|≥)\s*(?P<level>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)'
)
ANY: Final = re.compile(rf"\s*{ANYBODY}(?![^\s;])", re.IGNORECASE)
HEADS: Final = re.compile(r"\s*[x×](?P<heads>[0-9]{1,9})(?![0-9])", re.IGNORECASE)  # noqa: RUF001 - people type it
JOINT: Final = re.compile(r"\s*[,&+]")
UP_TO_SEPARATOR: Final = re.compile(r'(?:[^;"]|"(?:[^"]|"")*(?:"|\Z))*;?')
FORM: Final = "skills with levels such as sql>=3 & python>=2, perhaps x2 for two people; or any x2"


def needs_of(text: str) -> tuple[Need, ...]:
    """Read the needs of a work package.

    Parameters
    ----------
    text : str
        Needs with semicolons between them. A need is skills with their least levels, joined by `&`, `,` or `+`, for one
        who has all of them, and `x2` behind it for two such people; or `any`, which asks for no skill. A skill whose id
        holds one of these marks stands in quotation marks, doubled within.

    Raises
    ------
    PlanError
        A need cannot be read; `faults` holds all of them.

    Examples
    --------
    >>> needs_of("sql>=3 & python>=2 x2; any")
    (Need(skills=(('python', 2.0), ('sql', 3.0)), heads=2), Need(skills=(), heads=1))
    >>> needs_of("sql 3; python>=2")
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: 'sql 3': expected skills with levels such as sql>=3 & python>=2, perhaps x2 for two people; or any x2
    """
    needs: list[Need] = []
    faults: list[Fault] = []
    for part in _parts(text):
        try:
            needs.append(_need(part))
        except PlanError as error:
            faults += [Fault(shortened(part), str(fault)) for fault in error.faults]
    if faults:
        raise PlanError.from_faults(faults)
    return tuple(needs)


def needs_text(needs: Iterable[Need]) -> str:
    """Write needs as `needs_of` reads them.

    Examples
    --------
    >>> needs_text([Need(skills={"sql": 3, "a,b": 1.5}, heads=2), Need(skills={})])
    '"a,b">=1.5 & sql>=3 x2; any'
    """
    return "; ".join(_need_text(need) for need in needs)


def _parts(text: str) -> Iterator[str]:
    """Cut a text at the semicolons that stand outside quotation marks; blank parts are left out."""
    place = 0
    while place < len(text):
        found = UP_TO_SEPARATOR.match(text, place)
        end = found.end() if found else len(text)
        part = text[place:end].removesuffix(";").strip()
        if part:
            yield part
        place = end


def _need(part: str) -> Need:
    pairs: list[tuple[str, float]] = []
    found = ANY.match(part) or SKILL.match(part)
    place = found.end() if found else 0
    while found is not None and found.re is SKILL:
        name = found["bare"] if found["quoted"] is None else found["quoted"].replace('""', '"')
        pairs.append((name, float(found["level"])))
        place = found.end()
        joint = JOINT.match(part, place)
        found = SKILL.match(part, joint.end()) if joint else None
    heads = HEADS.match(part, place) if place else None
    if not place or (heads.end() if heads else place) != len(part):
        raise PlanError.from_faults([Fault("", f"expected {FORM}")])
    return Need(skills=tuple(pairs), heads=int(heads["heads"]) if heads else 1)


def _need_text(need: Need) -> str:
    skills = " & ".join(f"{_quoted(skill)}>={number_text(level)}" for skill, level in need.skills)
    heads = f" x{need.heads}" if need.heads > 1 else ""
    return (skills or ANYBODY) + heads


def _quoted(skill: str) -> str:
    if NAME.fullmatch(skill):
        return skill
    doubled = skill.replace('"', '""')
    return f'"{doubled}"'
