"""Everybody together: who answered, what is missing, and how scores are spread on each scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from attrs import frozen

from leadkit.assessment import Responses, Scores
from leadkit.plots.labels import PERCENT, number, words
from leadkit.reports.geometry import Strip, strip
from leadkit.reports.protection import Protection
from leadkit.reports.sheet import Sheet
from leadkit.reports.wording import NO_SCORE, WITHHELD, fewer_than, people
from leadkit.typing import BoolArray, FloatArray

__all__ = ["Answering", "SpreadLine", "answering", "spread_lines"]

MOST_LEFT_OUT = 5


@frozen(kw_only=True)
class SpreadLine:
    """All people on one scale; `hidden` holds words that stand for the numbers where too few people have a score."""

    name: str
    description: str
    composite: bool
    n: str
    mean: str
    unit: str
    sd: str
    strip: Strip | None
    alt: str
    hidden: str


@frozen(kw_only=True)
class Answering:
    """Who answered and what is missing.

    Parameters
    ----------
    n, n_scored : int
        Respondents, and those with a score on every dimension.
    share_answered : str
        Percent of all questions that were answered.
    silent, gappy, same : tuple of str
        Ids of those who answered nothing, left something out (with how much), or gave one answer to everything; only
        their number, as one text, where individuals are not shown.
    left_out : tuple of tuple of str
        Questions that were left out most often: words, and by how many of those who answered anything.
    knows_answers : bool
        Whether single answers are known, so that `same` and `left_out` could be looked for.
    """

    n: int
    n_scored: int
    share_answered: str
    silent: tuple[str, ...]
    gappy: tuple[str, ...]
    same: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    knows_answers: bool


def spread_lines(sheet: Sheet, protection: Protection, *, individuals: bool) -> tuple[SpreadLine, ...]:
    """Describe every scale that may be shown; without `individuals` nobody's score is drawn."""
    return tuple(
        _spread_line(sheet, at, individuals=individuals) if shown else _hidden_line(sheet, at)
        for at, shown in enumerate(protection.scales)
    )


def answering(scores: Scores, responses: Responses | None, *, individuals: bool) -> Answering:
    """Say who answered and what is missing.

    Raises
    ------
    ValueError
        The responses answer another instrument, or lack somebody who has scores.
    """
    n_dimensions = len(scores.instrument.dimensions)
    n_answered = scores.n_answered[:, :n_dimensions].sum(axis=1)
    total = scores.instrument.n_items
    answers = None if responses is None else _answers_of(scores, responses)
    ids = np.array(scores.respondent_ids, dtype=object)
    gaps = (n_answered > 0) & (n_answered < total)
    gappy = [f"{name} ({total - n} left out)" for name, n in zip(ids[gaps], n_answered[gaps], strict=True)]
    same = [] if answers is None else ids[_one_answer_throughout(answers)].tolist()
    told = [tuple(part if individuals else _counted(part)) for part in (ids[n_answered == 0].tolist(), gappy, same)]
    cells = len(scores) * total
    return Answering(
        n=len(scores),
        n_scored=int(np.count_nonzero(~np.isnan(scores.values[:, :n_dimensions]).any(axis=1))),
        share_answered=number(100 * n_answered.sum() / cells, 0) + PERCENT if cells else "",
        silent=told[0],
        gappy=told[1],
        same=told[2],
        left_out=() if answers is None else _left_out(scores, answers),
        knows_answers=answers is not None,
    )


def _spread_line(sheet: Sheet, at: int, *, individuals: bool) -> SpreadLine:
    n, mean, sd = int(sheet.n_scored[at]), float(sheet.means[at]), float(sheet.sds[at])
    values = sheet.scores.values[:, at].tolist() if individuals else ()
    told = f"mean {sheet.full(mean, at)}" if n else NO_SCORE
    told += f", standard deviation {sheet.value(sd)}" if not math.isnan(sd) else ""
    if individuals and n:
        known = [value for value in values if not math.isnan(value)]
        told += f", {people(n)} from {sheet.value(min(known))} to {sheet.value(max(known))}"
    return SpreadLine(
        **_head(sheet, at),
        n=str(n),
        mean=sheet.value(mean),
        sd=sheet.value(sd),
        strip=strip(values, mean, sd, sheet.spans[at]),
        alt=f"{sheet.names[at]}: {told}",
        hidden="",
    )


def _hidden_line(sheet: Sheet, at: int) -> SpreadLine:
    few = sheet.n_scored[at] < sheet.min_group
    told = f"{fewer_than(sheet.min_group)} people have a score" if few else WITHHELD
    return SpreadLine(**_head(sheet, at), n="", mean="", sd="", strip=None, alt="", hidden=told)


def _head(sheet: Sheet, at: int) -> dict[str, Any]:
    return {
        "name": sheet.names[at],
        "description": sheet.descriptions[at],
        "composite": sheet.is_composite(at),
        "unit": sheet.unit(at),
    }


def _counted(names: list[str]) -> list[str]:
    return [people(len(names))] if names else []


def _answers_of(scores: Scores, responses: Responses) -> FloatArray:
    if responses.instrument.hash != scores.instrument.hash:
        msg = f"responses: expected answers to {scores.instrument.id!r}, got answers to {responses.instrument.id!r}"
        raise ValueError(msg)
    rows = {name: i for i, name in enumerate(responses.respondent_ids)}
    absent = [name for name in scores.respondent_ids if name not in rows]
    if absent:
        msg = f"responses: expected those behind the scores, but {len(absent)} respondents are not there, like {absent[0]!r}"
        raise ValueError(msg)
    return responses.values[[rows[name] for name in scores.respondent_ids]]


def _one_answer_throughout(answers: FloatArray) -> BoolArray:
    """Tell who gave one and the same answer to everything, more than two questions and before any is turned round."""
    known = ~np.isnan(answers)
    lowest = np.where(known, answers, np.inf).min(axis=1)
    highest = np.where(known, answers, -np.inf).max(axis=1)
    same: BoolArray = (known.sum(axis=1) > 2) & (lowest == highest)
    return same


def _left_out(scores: Scores, answers: FloatArray) -> tuple[tuple[str, str], ...]:
    """List the questions that most people left out, of those who answered anything."""
    present = answers[~np.isnan(answers).all(axis=1)]
    counts = np.isnan(present).sum(axis=0)
    order = sorted(np.flatnonzero(counts), key=lambda i: (-counts[i], i))[:MOST_LEFT_OUT]
    language = scores.instrument.language
    items = scores.instrument.items
    return tuple((words(items[i].text, language), f"{counts[i]} of {len(present)}") for i in order)
