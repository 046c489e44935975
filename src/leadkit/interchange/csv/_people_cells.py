"""Cells of a people file: texts kept exactly, numbers, truths and words read where they can be, lists of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from leadkit.interchange.csv._cells import RUN_BY_A_SPREADSHEET
from leadkit.interchange.csv._sheet import NUMBER
from leadkit.org import Tier

__all__ = ["day_of", "joined", "neutralised", "read_cells", "restored", "split", "tier_of", "truth_of", "word_of"]

TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
TIERS = {tier.name: tier for tier in Tier} | {str(int(tier)): tier for tier in Tier}
DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*|Z|[+-][0-9]{2}:?[0-9]{2})?", re.DOTALL)
SPECIAL = re.compile(r"([\\;])")
PIECE = re.compile(r"(?:\\[\\;]|[^;])+", re.DOTALL)
ESCAPED = re.compile(r"\\([\\;])")


def neutralised(text: str) -> str:
    r"""Put an apostrophe before a text that matches ``^'*[=+\-@\t\r\n\0]``, so that no spreadsheet runs it.

    Examples
    --------
    >>> neutralised("=1+1"), neutralised("''-2"), neutralised("'tis"), neutralised(" 7")
    ("'=1+1", "'''-2", "'tis", ' 7')
    """
    return f"'{text}" if _is_run(text) else text


def restored(cell: str) -> str:
    """Undo `neutralised`; every other cell stays as it is.

    Examples
    --------
    >>> restored("'=1+1"), restored("=1+1"), restored("'tis")
    ('=1+1', '=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _is_run(cell) else cell


def joined(ids: Iterable[str]) -> str:
    r"""Join ids by semicolons; a semicolon or a backslash in an id gets a backslash before it.

    Examples
    --------
    >>> print(joined(["p1", "a;b", "x\\y"]))
    p1;a\;b;x\\y
    """
    return ";".join(SPECIAL.sub(r"\\\1", one) for one in ids)


def split(cell: str) -> tuple[str, ...]:
    r"""Undo `joined`; pieces that are blank are nobody's id and left out, a backslash before another character stays.

    Examples
    --------
    >>> split(r"p1;a\;b;x\\y;"), split(r"firm\ann;firm\bob")
    (('p1', 'a;b', 'x\\y'), ('firm\\ann', 'firm\\bob'))
    """
    pieces = (ESCAPED.sub(r"\1", piece) for piece in PIECE.findall(cell))
    return tuple(piece for piece in pieces if piece.strip())


def number_of(cell: str) -> Any:
    """Read a number; a blank is None, and what is none stays a text for the model to judge.

    Examples
    --------
    >>> number_of("0.5"), number_of(" "), number_of("half")
    (0.5, None, 'half')
    """
    bare = cell.strip()
    return float(bare) if NUMBER.fullmatch(bare) else cell if bare else None


def truth_of(cell: str) -> Any:
    """Read true or false, yes or no, 1 or 0 in any case; otherwise as `number_of`.

    Examples
    --------
    >>> truth_of("TRUE"), truth_of("no"), truth_of(""), truth_of("perhaps")
    (True, False, None, 'perhaps')
    """
    bare = cell.strip()
    return TRUTHS.get(bare.casefold(), cell) if bare else None


def tier_of(cell: str) -> Any:
    """Read the name or the number of a tier; otherwise as `number_of`.

    Examples
    --------
    >>> tier_of("middle manager").name, tier_of("1").name, tier_of("boss")
    ('MIDDLE_MANAGER', 'FRONT_LINE', 'boss')
    """
    bare = cell.strip()
    return TIERS.get(re.sub(r"[ _-]+", "_", bare).upper(), cell) if bare else None


def word_of(words: Mapping[str, Any]) -> Callable[[str], Any]:
    """Make a reader of words in any case; otherwise as `number_of`.

    Examples
    --------
    >>> read = word_of({"inactive": "left"})
    >>> read("INACTIVE"), read("retired")
    ('left', 'retired')
    """

    def read(cell: str) -> Any:
        bare = cell.strip()
        return words.get(bare.casefold(), cell) if bare else None

    return read


def day_of(cell: str) -> date | None:
    """Read the day of an ISO 8601 date, with or without a time or an offset after it; None where there is none.

    Examples
    --------
    >>> day_of("2024-05-31"), day_of("2024-05-31-07:00"), day_of("31/05/2024")
    (datetime.date(2024, 5, 31), datetime.date(2024, 5, 31), None)
    """
    found = DAY.fullmatch(cell.strip())
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None


def read_cells(cells: Sequence[str], read: Callable[[str], Any]) -> list[Any]:
    """Read a column through a table of the cells that occur, which are few."""
    meanings = {cell: read(cell) for cell in set(cells)}
    return [meanings[cell] for cell in cells]


def _is_run(text: str) -> bool:
    return RUN_BY_A_SPREADSHEET.match(text.lstrip("'")) is not None
