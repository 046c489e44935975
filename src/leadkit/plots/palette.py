"""Colours that colour-blind people tell apart and that keep their order of lightness in grey."""

from __future__ import annotations

from typing import Any

__all__ = [
    "DARK",
    "GREY",
    "INK",
    "LIGHT",
    "LINE_LOOKS",
    "ORANGE",
    "PALE",
    "RULE",
    "STACK_LOOKS",
    "VERMILION",
    "contrast",
    "ink_on",
]

DARK = "#0072B2"
"""Blue of Okabe and Ito, dark in grey: the main thing."""

LIGHT = "#56B4E9"
"""Sky blue of Okabe and Ito, light in grey: what is made of other things."""

ORANGE = "#E69F00"
"""Orange of Okabe and Ito: what something is compared with; drawn with an edge in `INK`."""

VERMILION = "#D55E00"
"""Vermilion of Okabe and Ito: `ORANGE` where there is no edge to hold it, as in lines; 3.9:1 on white."""

INK = "#1B1F24"
"""Text, whiskers and edges."""

GREY = "#5B6570"
"""Text of less weight, 5.9:1 on white."""

RULE = "#D5DBE1"
"""Grid lines."""

PALE = "#F2F6FA"
"""The lowest of the shades that end in `DARK`."""

STACK_LOOKS: tuple[tuple[str, str], ...] = (
    (DARK, ""),
    (LIGHT, ""),
    ("#F0E442", ".."),
    ("#009E73", "\\\\\\"),
    ("#CC79A7", "++"),
    ("#FFFFFF", "///"),
    (INK, ""),
    (RULE, "oo"),
)
"""Fills of parts that lie on each other, and hatches that tell them apart in grey; without `ORANGE`."""

LINE_LOOKS: tuple[tuple[str, Any], ...] = (
    (DARK, "-"),
    (VERMILION, "--"),
    ("#009E73", "-."),
    ("#CC79A7", ":"),
    (INK, (0, (8, 2))),
    ("#3A96D0", "-"),
    ("#8C5A00", (0, (3, 1, 1, 1, 1, 1))),
    (GREY, (0, (1, 4))),
)
"""Colours of lines, 3:1 on white or more, and dashes that tell them apart in grey."""

READABLE = 4.5
"""Least contrast of a text (WCAG 2.2, success criterion 1.4.3)."""


def contrast(one: Any, other: Any) -> float:
    """Measure the contrast of two colours, 1 to 21.

    Parameters
    ----------
    one, other
        Any opaque colours that matplotlib knows.

    References
    ----------
    .. [1] W3C, "Web Content Accessibility Guidelines (WCAG) 2.2", 2023: relative luminance and contrast ratio.

    Examples
    --------
    >>> contrast("white", "black"), round(contrast(GREY, "white"), 1)
    (21.0, 5.9)
    """
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Any) -> float:
    from matplotlib.colors import to_rgb

    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: Any) -> str:
    """Choose the colour of a text on a shade: `INK` or white where it is readable, else black, which then is.

    Examples
    --------
    >>> ink_on(PALE), ink_on(DARK), ink_on((0.2, 0.5, 0.7))
    ('#1B1F24', 'white', 'black')
    """
    return next((ink for ink in (INK, "white") if contrast(ink, colour) >= READABLE), "black")
