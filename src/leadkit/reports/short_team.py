"""What a report about a team comes down to: a few sentences, each number with what makes it doubtful."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leadkit.assessment import ReliabilityTable, Scores
from leadkit.plots.labels import PERCENT
from leadkit.reports.content import TeamPage
from leadkit.reports.figures import decimal, interval
from leadkit.reports.sheet import Sheet, sheet
from leadkit.reports.wording import people

__all__ = ["team_short"]

LEVEL = 0.95
TOO_UNCERTAIN = 0.7
"""Alpha below which a single person's score is too uncertain to build on, as the section on reliability says."""


def team_short(page: TeamPage, scores: Scores, reliability: object) -> tuple[str, ...]:
    """Say what a report about a team comes down to, from nothing but what its page shows.

    Parameters
    ----------
    page : TeamPage
        The page.
    scores : Scores
        The scores that it is about.
    reliability : object
        What the page was given; only a table is told.
    """
    scales = sheet(scores, bands=None, min_group=page.min_group)
    table = reliability if isinstance(reliability, ReliabilityTable) else None
    return tuple(filter(None, _sentences(page, scales, table)))


def _sentences(page: TeamPage, scales: Sheet, table: ReliabilityTable | None) -> Iterator[str]:
    told = page.answering
    share = f"; {told.share_answered} of all questions are answered" if told.share_answered else ""
    yield f"{told.n_scored} of {people(told.n, one='respondent', many='respondents')} have a score on every dimension{share}."
    yield _lowest_and_highest(page, scales)
    if page.leadership is not None and page.leadership.expected:
        counts = ", ".join(f"{name} {count}" for name, count in page.leadership.expected)
        yield f"Expected number of people in each quadrant, of {page.leadership.n_expected}: {counts}."
    if table is not None:
        yield _reliability(page, table)
    readings = sum(len(person.vitals) for person in page.people)
    if readings:
        many = people(readings, one="VITALS self-assessment stands", many="VITALS self-assessments stand")
        yield f"{many} person by person; they have no total."
    if page.messages is not None and page.messages.alpha:
        about = f" ({page.messages.level} interval {page.messages.interval})" if page.messages.interval else ""
        n_messages = people(len(page.messages.lines), one="message", many="messages")
        yield f"The readers of {n_messages} agree with alpha {page.messages.alpha}{about}."


def _lowest_and_highest(page: TeamPage, scales: Sheet) -> str:
    """Name the dimensions with the lowest and the highest mean of those that are shown, each with its interval."""
    spans = np.asarray(scales.spans, dtype=np.float64)
    shown = [
        at
        for at, line in enumerate(page.lines)
        if line.strip is not None and not line.composite and scales.n_scored[at] > 1
    ]
    if not shown:
        return ""
    heights = {at: (scales.means[at] - spans[at, 0]) / (spans[at, 1] - spans[at, 0]) for at in shown}
    low, high = (min(shown, key=lambda at: (sign * heights[at], at)) for sign in (1, -1))
    if heights[low] == heights[high]:
        return f"Mean of {scales.names[low]}: {_mean(scales, low)}." if len(shown) == 1 else ""
    overlap = "; the intervals overlap" if _overlap(scales, low, high) else ""
    return (
        f"The lowest mean is on {scales.names[low]}, {_mean(scales, low)}, "
        f"the highest on {scales.names[high]}, {_mean(scales, high)}{overlap}."
    )


def _mean(scales: Sheet, at: int) -> str:
    low, high = _interval(scales, at)
    mean = scales.full(float(scales.means[at]), at)
    return f"{mean} ({100 * LEVEL:.0f}{PERCENT} interval {scales.between(low, high)})"


def _interval(scales: Sheet, at: int) -> tuple[float, float]:
    """Give Student's interval of a mean, inside the ends of its scale."""
    from scipy.special import stdtrit

    n = int(scales.n_scored[at])
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * float(scales.sds[at]) / float(np.sqrt(n))
    start, end = scales.spans[at]
    return max(float(scales.means[at]) - half, start), min(float(scales.means[at]) + half, end)


def _overlap(scales: Sheet, first: int, second: int) -> bool:
    """Tell whether the intervals overlap, on scales that need not have the same ends."""
    ends = []
    for at in (first, second):
        start, end = scales.spans[at]
        ends.append([(value - start) / (end - start) for value in _interval(scales, at)])
    return max(ends[0][0], ends[1][0]) <= min(ends[0][1], ends[1][1])


def _reliability(page: TeamPage, table: ReliabilityTable) -> str:
    """Name the least reliable of the rows that are shown."""
    lines = page.consistency
    known = [at for at, line in enumerate(lines) if not line.hidden and np.isfinite(table.alpha[at])]
    if not known:
        return ""
    lowest = min(known, key=lambda at: (float(table.alpha[at]), at))
    line, weak = lines[lowest], sum(float(table.alpha[at]) < TOO_UNCERTAIN for at in known)
    name = f"{line.name} ({line.group})" if line.group else line.name
    ends = interval(float(table.alpha_low[lowest]), float(table.alpha_high[lowest]))
    about = f" ({page.level} interval {ends})" if ends else ""
    told = f"The least reliable of {len(known)} scales is {name}, alpha {decimal(float(table.alpha[lowest]))}{about}"
    if len(known) == 1:
        told = f"The reliability of {name} is alpha {decimal(float(table.alpha[lowest]))}{about}"
    if not weak:
        return f"{told}."
    below = (
        f"{weak} of {len(known)} are below {TOO_UNCERTAIN:g}" if len(known) > 1 else f"it is below {TOO_UNCERTAIN:g}"
    )
    return f"{told}; {below}, too uncertain to build on the score of a single person."
