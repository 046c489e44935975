"""Estimates as the text of a cell: "3d", "2d/3d/6d", "p10-p90 2d/6d"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from leadkit.errors import did_you_mean
from leadkit.interchange.csv._numbers import number_text
from leadkit.interchange.csv._table import shortened
from leadkit.wbs.estimates import Estimate, EstimateKind

__all__ = ["estimate_of", "estimate_text"]

WORDS: Final[Mapping[str, EstimateKind]] = {
    "fixed": "fixed",
    "uniform": "uniform",
    "tri": "triangular",
    "triangular": "triangular",
    "pert": "pert",
    "lognormal": "lognormal",
    "p10-p90": "lognormal_quantiles",
}
WORD_OF: Final[Mapping[EstimateKind, str]] = {
    "uniform": "uniform",
    "triangular": "tri",
    "lognormal": "lognormal",
    "lognormal_quantiles": "p10-p90",
}
TIMES: Final[Mapping[EstimateKind, tuple[str, ...]]] = {
    "fixed": ("time",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
    "lognormal": ("mean", "sd"),
    "lognormal_quantiles": ("p10", "p90"),
}
USUAL_SHAPE: Final = 4.0
UNIT_MINUTES: Final[Mapping[str, float]] = {"m": 1.0, "h": 60.0}
WEEK_DAYS: Final = 5
DECIMAL: Final = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
KIND_AND_TIMES: Final = re.compile(
    rf"(?:(?P<word>[a-z][a-z0-9-]*)\s*(?:\(\s*(?P<shape>{DECIMAL})\s*\)\s*|(?=\s)))?\s*(?P<times>.*)",
    re.IGNORECASE | re.DOTALL,
)
TIME: Final = re.compile(rf"(?P<amount>{DECIMAL})\s*(?P<unit>[mhdw]?)", re.IGNORECASE)
FORMS: Final = "3d, 2d/3d/6d, tri 2d/3d/6d, uniform 2d/6d, p10-p90 2d/6d or lognormal 3d/1d"
QUARTER: Final = 4


def estimate_of(text: str, day_minutes: int) -> Estimate:
    """Read an estimate.

    Parameters
    ----------
    text : str
        One time, or three with slashes between them (PERT), or a word and as many times as its kind has. A time is a
        number and m, h, d or w; where the unit is left out, that of the next time holds. A PERT estimate of another
        shape than 4 is such as "pert(2) 2d/3d/6d".
    day_minutes : int
        Working minutes of a day [min]; a week has five days.

    Raises
    ------
    ValueError
        It is none; the message says what is wrong.

    Examples
    --------
    >>> estimate_of("3d", 480) == Estimate.fixed(3), estimate_of("2/3/6d", 480) == Estimate.pert(2, 3, 6)
    (True, True)
    >>> estimate_of("p10-p90 4h/1.5d", 480).parameters
    (240.0, 720.0)
    >>> estimate_of("2d/6d", 480)
    Traceback (most recent call last):
    ...
    ValueError: '2d/6d' has two times: say of what kind, as in uniform 2d/6d, p10-p90 2d/6d or lognormal 2d/6d
    """
    found = KIND_AND_TIMES.fullmatch(text)
    if found is None or not found["times"]:
        msg = f"expected a duration like {FORMS}, got {shortened(text)}"
        raise ValueError(msg)
    times = [part.strip() for part in found["times"].split("/")]
    kind = _kind(text, found["word"], len(times))
    names = TIMES[kind]
    if len(times) != len(names):
        msg = f"{shortened(text)}: expected {len(names)} times ({'/'.join(names)}), got {len(times)}"
        raise ValueError(msg)
    minutes = _minutes(text, times, day_minutes)
    if kind == "pert":
        minutes.append(USUAL_SHAPE if found["shape"] is None else float(found["shape"]))
    elif found["shape"] is not None:
        msg = f"{shortened(text)}: only pert has a shape in brackets"
        raise ValueError(msg)
    return Estimate(kind=kind, parameters=tuple(minutes))


def estimate_text(estimate: Estimate, day_minutes: int) -> str:
    """Write an estimate so that reading gives the same minutes.

    Examples
    --------
    >>> estimate_text(Estimate.pert(2, 3, 6), 480), estimate_text(Estimate.uniform(0.1, 4), 480)
    ('2d/3d/6d', 'uniform 0.8h/4d')
    >>> estimate_text(Estimate.pert(1, 2, 3, shape=2.5), 480)
    'pert(2.5) 1d/2d/3d'
    """
    times = estimate.parameters[: len(TIMES[estimate.kind])]
    text = "/".join(_time_text(minutes, day_minutes) for minutes in times)
    if estimate.kind == "pert" and estimate.parameters[-1] != USUAL_SHAPE:
        return f"pert({number_text(estimate.parameters[-1])}) {text}"
    word = WORD_OF.get(estimate.kind, "")
    return f"{word} {text}" if word else text


def _kind(text: str, word: str | None, n_times: int) -> EstimateKind:
    if word is not None:
        kind = WORDS.get(word.lower())
        if kind is None:
            msg = f"unknown kind of estimate {shortened(word)}{did_you_mean(word, WORDS)}; expected one like {FORMS}"
            raise ValueError(msg)
        return kind
    if n_times == 2:
        kinds = f"uniform {text}, p10-p90 {text} or lognormal {text}"
        msg = f"{shortened(text)} has two times: say of what kind, as in {kinds}"
        raise ValueError(msg)
    return "fixed" if n_times == 1 else "pert"


def _minutes(text: str, times: list[str], day_minutes: int) -> list[float]:
    """Read times from the last to the first, for a unit that is left out is that of the time after."""
    factors = {**UNIT_MINUTES, "d": float(day_minutes), "w": float(WEEK_DAYS * day_minutes)}
    minutes: list[float] = []
    unit = ""
    for time in reversed(times):
        found = TIME.fullmatch(time)
        if found is None:
            hint = ", with a decimal point" if TIME.fullmatch(time.replace(",", ".")) else ""
            msg = f"{shortened(text)}: {shortened(time)} is no time such as 3d, 4h, 30m or 1.5w{hint}"
            raise ValueError(msg)
        unit = found["unit"].lower() or unit
        amount = float(found["amount"])
        if not unit and amount > 0:
            msg = f"{shortened(text)} has no unit: write {time}d for days, or h, m or w"
            raise ValueError(msg)
        minutes.append(amount * factors[unit] if unit else 0.0)
    minutes.reverse()
    return minutes


def _time_text(minutes: float, day_minutes: int) -> str:
    """Write a time in days or hours where that takes two decimals at most and gives the same minutes, else in minutes."""
    for unit, factor in (("d", float(day_minutes)), ("h", UNIT_MINUTES["h"])):
        amount = round(minutes / factor, 2)
        if amount * factor == minutes and (not minutes or amount * QUARTER >= 1):
            return f"{number_text(amount)}{unit}"
    return f"{number_text(minutes)}m"
