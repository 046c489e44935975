"""Names as they fit into a picture: on one line, and not too long."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["ELLIPSIS", "LONGEST_TITLE", "listed", "one_line"]

LONGEST_TITLE = 48
"""Most letters of an id or a name that stands in a title."""

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def one_line(text: str, most: int) -> str:
    r"""Put a text on one line of at most so many letters; what is cut off becomes three dots.

    Examples
    --------
    >>> one_line("  Talk to\ncustomers", 20), one_line("Talk to customers", 9)
    ('Talk to customers', 'Talk to…')
    >>> one_line("Donaudampfschifffahrt", 9)
    'Donaudam…'
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[: most - len(ELLIPSIS)].rstrip() + ELLIPSIS


def listed(names: Iterable[str], most: int) -> str:
    """List names in at most about so many letters; at least the first, and how many more there are.

    Examples
    --------
    >>> listed(["Ann", "Bo", "Cy"], 20), listed(["Adaeze", "Benedict", "Cy"], 18), listed([], 9)
    ('Ann, Bo, Cy', 'Adaeze and 2 more', '')
    """
    lines = [one_line(name, most) for name in names]
    for shown in range(len(lines), 0, -1):
        rest = len(lines) - shown
        text = ", ".join(lines[:shown]) + (f" and {rest} more" if rest else "")
        if len(text) <= most or shown == 1:
            return text
    return ""
