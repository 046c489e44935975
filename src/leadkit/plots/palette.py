"""Colours that colour-blind people tell apart and that keep their order of lightness in grey."""

from __future__ import annotations

__all__ = ["DARK", "GREY", "INK", "LIGHT", "ORANGE", "RULE"]

DARK = "#0072B2"
"""Blue of Okabe and Ito, dark in grey: the main thing."""

LIGHT = "#56B4E9"
"""Sky blue of Okabe and Ito, light in grey: what is made of other things."""

ORANGE = "#E69F00"
"""Orange of Okabe and Ito: what something is compared with; drawn with an edge in `INK`."""

INK = "#1B1F24"
"""Text, whiskers and edges."""

GREY = "#5B6570"
"""Text of less weight, 5.9:1 on white."""

RULE = "#D5DBE1"
"""Grid lines."""
