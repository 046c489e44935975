"""V.E.D. in a report: the lowest of the three, their balance, and the place between leading and managing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen

from leadkit.assessment import Metric
from leadkit.plots.labels import scale_names, span_text, value_text
from leadkit.plots.rows import score_text
from leadkit.reports.figures import chance, decimal
from leadkit.reports.geometry import share
from leadkit.reports.wording import fewer_than, flag_sentences
from leadkit.ved import LEADERSHIP, VedScores, VedStyle

__all__ = ["QUADRANT_NAMES", "Leader", "LeadershipPage", "leader", "leadership_page"]

QUADRANT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "leads_and_manages": "leads and manages",
        "leads": "leads",
        "manages": "manages",
        "neither_yet": "neither yet",
    }
)

AXES = ("leadership", "management")
TIED = "tied"
OF_THE_MAXIMUM = "of the maximum possible"
Spans: TypeAlias = tuple[tuple[float, float], ...]


@frozen(kw_only=True)
class Leader:
    """One row of V.E.D. results, in words.

    Parameters
    ----------
    id : str
        Who.
    weakest, weakest_chance : str
        The lowest of vision, engagement and delivery, or "tied", and the probability that it truly is.
    balance : str
        1 when the three are equal, 0 when they are as far apart as can be.
    leadership, management, leadership_in_full, management_in_full : str
        The two scores, alone and with the scale that they stand on.
    quadrant : str
        The quadrant of these scores.
    chances : tuple of str
        The probability of each quadrant; empty where it is not known.
    place : tuple of float, or None
        Percent of the way to the right (management) and up (leadership).
    reasons : tuple of str
        What is doubtful, a sentence each.
    """

    id: str
    weakest: str = ""
    weakest_chance: str = ""
    balance: str = ""
    leadership: str = ""
    management: str = ""
    leadership_in_full: str = ""
    management_in_full: str = ""
    quadrant: str = ""
    chances: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    reasons: tuple[str, ...] = ()

    @property
    def has_chances(self) -> bool:
        """Whether the probability of any quadrant is known."""
        return any(self.chances)


@frozen(kw_only=True)
class LeadershipPage:
    """V.E.D. of everybody.

    Parameters
    ----------
    leaders : tuple of Leader
        One a row; empty where individuals are not shown.
    cut : str
        The cut; empty without a style.
    cut_place : tuple of float, or None
        Percent of the way to the right and up where the cut lies.
    expected : tuple of tuple of str
        Name of each quadrant and how many people are expected in it: the sum of their probabilities.
    n_expected : str
        Number of people behind `expected`, or the words that stand for so few that nothing is shown.
    units : tuple of str
        The scales that leadership and management stand on.
    note : str
        How to read it.
    """

    leaders: tuple[Leader, ...]
    cut: str
    cut_place: tuple[float, float] | None
    expected: tuple[tuple[str, str], ...]
    n_expected: str
    units: tuple[str, str]
    note: str


def leader(ved: VedScores | None, style: VedStyle | None, person_id: str) -> Leader | None:
    """Describe the row of one person; None where there is none."""
    row = -1 if ved is None or person_id not in ved.ids else ved.ids.index(person_id)
    at = -1 if style is None or person_id not in style.ids else style.ids.index(person_id)
    if row < 0 and at < 0:
        return None
    words: dict[str, Any] = {"id": person_id}
    flags: set[str] = set()
    if ved is not None and row >= 0:
        words |= _lowest_of_three(ved, row)
        flags |= {flag for flag, mask in ved.flags.items() if mask[row].any()}
    if style is not None and at >= 0:
        words |= _between(style, at, None if ved is None else _span(ved))
        flags |= {flag for flag, mask in style.flags.items() if mask[at].any()}
    return Leader(**words, reasons=flag_sentences(flags))


def leadership_page(
    ved: VedScores | None, style: VedStyle | None, *, min_group: int, individuals: bool
) -> LeadershipPage | None:
    """Describe everybody; None where there is nothing."""
    ids = ved.ids if ved is not None else style.ids if style is not None else ()
    if not ids:
        return None
    found = [leader(ved, style, name) for name in ids] if individuals else []
    expected, n_expected = _expected(style, min_group, individuals=individuals)
    if not found and not n_expected:
        return None
    span = _span(ved) if ved is not None else _span_of_style(style, None)
    return LeadershipPage(
        leaders=tuple(row for row in found if row is not None),
        cut="" if style is None else value_text(style.cut, style.metric),
        cut_place=None if style is None or span is None else _placed((style.cut, style.cut), span),
        expected=expected,
        n_expected=n_expected,
        units=_units(ved.metric if ved is not None else style.metric if style is not None else "pomp", span),
        note="" if style is None else style.note,
    )


def _lowest_of_three(ved: VedScores, row: int) -> dict[str, Any]:
    weakest = ved.weakest[row]
    balance = decimal(float(ved.column("balance")[row]))
    names = scale_names(ved.instrument)
    places = [ved.position(name) for name in AXES]
    values = [float(ved.values[row, at]) for at in places]
    short = [value_text(value, ved.metric) for value in values]
    full = [_in_full(value, ved.metric, span) for value, span in zip(values, _span(ved), strict=True)]
    return {
        "weakest": names[weakest] if weakest is not None else TIED if balance else "",
        "weakest_chance": "" if weakest is None else chance(float(ved.p_weakest[row, LEADERSHIP.index(weakest)])),
        "balance": balance,
        "leadership": short[0],
        "management": short[1],
        "leadership_in_full": full[0],
        "management_in_full": full[1],
    }


def _between(style: VedStyle, at: int, span: Spans | None) -> dict[str, Any]:
    quadrant = style.quadrant[at]
    leadership, management = (float(value) for value in style.position[at])
    span = _span_of_style(style, span)
    return {
        "leadership": value_text(leadership, style.metric),
        "management": value_text(management, style.metric),
        "leadership_in_full": _in_full(leadership, style.metric, None if span is None else span[0]),
        "management_in_full": _in_full(management, style.metric, None if span is None else span[1]),
        "quadrant": "" if quadrant is None else QUADRANT_NAMES[quadrant],
        "chances": tuple(chance(float(p)) for p in style.probability[at]),
        "place": None if span is None else _placed((leadership, management), span),
    }


def _units(metric: Metric, span: Spans | None) -> tuple[str, str]:
    if metric == "pomp":
        return OF_THE_MAXIMUM, OF_THE_MAXIMUM
    first, second = ("", "") if span is None else (f"of {span_text(*ends, metric)}" for ends in span)
    return first, second


def _in_full(value: float, metric: Metric, span: tuple[float, float] | None) -> str:
    """Write a score with its scale; a page may hold scores in another metric beside it."""
    if not value_text(value, metric):
        return ""
    if metric == "pomp":
        return f"{value_text(value, metric)} {OF_THE_MAXIMUM}"
    return value_text(value, metric) if span is None else score_text(value, *span, metric)


def _expected(style: VedStyle | None, min_group: int, *, individuals: bool) -> tuple[tuple[tuple[str, str], ...], str]:
    """Add the probabilities up over everybody for whom they are known."""
    if style is None:
        return (), ""
    known = style.probability[~np.isnan(style.probability).any(axis=1)]
    if not len(known):
        return (), ""
    if not individuals and len(known) < min_group:
        return (), fewer_than(min_group)
    sums = known.sum(axis=0).tolist()
    names = [QUADRANT_NAMES[name] for name in style.quadrants]
    return tuple((name, decimal(total, 1)) for name, total in zip(names, sums, strict=True)), str(len(known))


def _span(ved: VedScores) -> Spans:
    return tuple((float(ved.lowest[at]), float(ved.highest[at])) for at in (ved.position(name) for name in AXES))


def _span_of_style(style: VedStyle | None, span: Spans | None) -> Spans | None:
    """Give the ends of both axes: those of the scores, or of percent; None where they are not known."""
    if span is None and style is not None and style.metric == "pomp":
        return ((0.0, 100.0), (0.0, 100.0))
    return span


def _placed(position: tuple[float, float], span: Spans) -> tuple[float, float] | None:
    up, right = (share(value, *ends) for value, ends in zip(position, span, strict=True))
    return None if up is None or right is None else (right, up)
