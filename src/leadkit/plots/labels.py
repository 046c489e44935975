"""What scales, units and numbers are called wherever a person reads them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from leadkit.assessment import Instrument, Text
from leadkit.assessment.scoring import Metric

__all__ = [
    "EN_DASH",
    "PERCENT",
    "number",
    "scale_descriptions",
    "scale_names",
    "span_text",
    "unit_text",
    "value_text",
    "words",
]

MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"
PERCENT = "\N{NO-BREAK SPACE}%"


def words(text: Text, language: str) -> str:
    """Give a text in a language; the first of its languages where it is not written in that one.

    Examples
    --------
    >>> words({"de": "Blick", "en": "Vision"}, "en"), words({"de": "Blick"}, "en"), words("Vision", "en")
    ('Vision', 'Blick', 'Vision')
    """
    if isinstance(text, str):
        return text
    return text.get(language) or next(iter(text.values()))


def scale_names(instrument: Instrument) -> Mapping[str, str]:
    """Name every dimension and composite by its id, in the language of the instrument."""
    parts = [(part.id, part.name) for part in instrument.dimensions]
    parts += [(part.id, part.name) for part in instrument.composites]
    return {name: words(text, instrument.language) for name, text in parts}


def scale_descriptions(instrument: Instrument) -> Mapping[str, str]:
    """Describe every scale by its id: a dimension in its own words, a composite by the names of its parts."""
    names = scale_names(instrument)
    described = {part.id: words(part.description, instrument.language) for part in instrument.dimensions}
    return described | {
        part.id: "Mean of " + ", ".join(names[name] for name in part.weights) + "." for part in instrument.composites
    }


def number(value: float, decimals: int = 2) -> str:
    """Write a number with so many decimals, a true minus sign and no negative zero.

    Examples
    --------
    >>> number(3.14159), number(12.5, 1), number(-0.001)
    ('3.14', '12.5', '0.00')
    """
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        return text.removeprefix("-")
    return text.replace("-", MINUS)


def value_text(value: float, metric: Metric) -> str:
    """Write a score: percent of the maximum as a whole number, everything else with two decimals; "" for NaN.

    Examples
    --------
    >>> value_text(3.8, "mean"), value_text(float("nan"), "sum")
    ('3.80', '')
    """
    if math.isnan(value):
        return ""
    return number(value, 0) + PERCENT if metric == "pomp" else number(value)


def span_text(low: float, high: float, metric: Metric) -> str:
    r"""Write the ends of a scale.

    Examples
    --------
    >>> span_text(1.0, 5.0, "mean") == "1\N{EN DASH}5"
    True
    """
    ends = [f"{end:g}".replace("-", MINUS) for end in (low, high)]
    joined = EN_DASH.join(ends) if low >= 0 else " to ".join(ends)
    return joined + PERCENT if metric == "pomp" else joined


def unit_text(metric: Metric, instrument: Instrument) -> str:
    """Say what a score counts, with the words at the two ends of the answers where the instrument has them."""
    scale = instrument.scale
    if metric == "pomp":
        return "percent of the maximum possible"
    if metric == "sum":
        return "sum of answers"
    ends = [f"{code:g}".replace("-", MINUS) for code in (scale.low, scale.high)]
    if scale.labels:
        labels = [words(scale.labels[at], instrument.language) for at in (0, -1)]
        ends = [f"{end} ({label})" for end, label in zip(ends, labels, strict=True)]
    return f"mean answer, {ends[0]} to {ends[1]}"
