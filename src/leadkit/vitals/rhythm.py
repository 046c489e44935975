"""The rhythm of the day: where the hours go, when energy peaks, and whether hard work meets it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self, TypeAlias

from attrs import frozen

from leadkit.vitals.clock import (
    HOURS_A_DAY,
    MICROSECONDS_A_DAY,
    MICROSECONDS_AN_HOUR,
    circular_mean,
    microsecond_of_day,
    shared_hours,
)
from leadkit.vitals.day import DayLog, Entry
from leadkit.vitals.evidence import LetterEvidence, not_given

CLEAR_CONCENTRATION = 0.2
DEMANDING = 4
PEAK_WINDOW = 6.0
MUCH_UNLOGGED = 0.25


@frozen
class Stretch:
    """An entry in numbers: start and length [us], worked out once."""

    entry: Entry
    start: int
    length: int
    is_sleep: bool

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Work out the numbers of an entry."""
        return cls(entry, microsecond_of_day(entry.start), entry.microseconds, entry.is_sleep)


Day: TypeAlias = list[Stretch]


def rhythm_evidence(logs: Sequence[DayLog], stated: Collection[str], weekend: Collection[int]) -> LetterEvidence:
    """Describe how days are spent; `rhythm` names the findings.

    Parameters
    ----------
    logs : sequence of DayLog
        The days.
    stated : collection of str
        Names of the stated values and ids of the goals.
    weekend : collection of int
        Days of the weekend, Monday = 0.

    Returns
    -------
    LetterEvidence
        Everything over all days, and the same for days of the week in `weekday` and in `weekend` (None without any).
    """
    if not logs:
        return not_given()
    days = [(log.day.weekday() in weekend, [Stretch.of(entry) for entry in log.entries]) for log in logs]
    working, free = ([day for is_free, day in days if is_free is kind] for kind in (False, True))
    findings, flags = rhythm([day for _, day in days], stated)
    for name, part in (("weekday", working), ("weekend", free)):
        findings[name] = _apart(part, stated) if part else None
    served = {name for log in logs for entry in log.entries for name in entry.serves}
    if served - set(stated):
        flags.append("serves_unstated")
    signals = {
        "no_peak": "no_clear_peak" in flags,
        "peak_unused": findings["alignment"] < 0.5,
        "little_purpose": findings["purposeful_share"] < 0.5,
        "much_unlogged": findings["unlogged_hours"] > MUCH_UNLOGGED * HOURS_A_DAY * len(logs),
    }
    return LetterEvidence(
        findings=findings, flags=flags, signals={signal: () for signal, holds in signals.items() if holds}
    )


def rhythm(days: Sequence[Day], stated: Collection[str]) -> tuple[dict[str, Any], list[str]]:
    """Work out the rhythm of some days taken together.

    Returns
    -------
    dict
        `unlogged_hours` [h]. `hours`: activity to hours, the longest first. `peak`: hour of the day of the circular
        mean of the middles of the entries with an energy, weighted by hours x energy, in [0, 24); NaN where
        `concentration`, the length of the mean vector, is below 0.2. `alignment`: share of the hours of demand 4 or 5
        that lie in the six hours centred on the peak. `purposeful_share`: share of the logged waking hours in entries
        that serve something stated. `mid_sleep`: circular mean, over the days, of the middle of the longest sleep.
    list of str
        Why something is NaN.

    References
    ----------
    .. [1] N. I. Fisher, "Statistical Analysis of Circular Data", Cambridge University Press, 1993.
    .. [2] T. Roenneberg, A. Wirz-Justice and M. Merrow, "Life between clocks: daily temporal patterns of human
       chronotypes", Journal of Biological Rhythms 18, 2003.
    """
    stretches = [stretch for day in days for stretch in day]
    flags: list[str] = []
    peak, concentration = _energy_peak(stretches, flags)
    findings = {
        "unlogged_hours": _hours_of(MICROSECONDS_A_DAY * len(days) - _length(stretches)),
        "hours": _hours_by_activity(stretches),
        "peak": peak,
        "concentration": concentration,
        "alignment": _alignment(stretches, peak, flags),
        "purposeful_share": _purposeful_share(stretches, stated, flags),
        "mid_sleep": _mid_sleep(days, flags),
    }
    return findings, flags


def _apart(days: Sequence[Day], stated: Collection[str]) -> dict[str, Any]:
    findings, flags = rhythm(days, stated)
    return {"n_days": len(days), **findings, "flags": tuple(sorted(flags))}


def _hours_by_activity(stretches: Iterable[Stretch]) -> dict[str, float]:
    spent: dict[str, int] = {}
    for stretch in stretches:
        spent[stretch.entry.activity] = spent.get(stretch.entry.activity, 0) + stretch.length
    return {name: _hours_of(spent[name]) for name in sorted(spent, key=lambda name: (-spent[name], name))}


def _energy_peak(stretches: Iterable[Stretch], flags: list[str]) -> tuple[float, float]:
    felt = [
        (_hours_of(stretch.start + stretch.length / 2), _hours_of(stretch.length) * stretch.entry.energy)
        for stretch in stretches
        if stretch.entry.energy is not None
    ]
    peak, concentration = circular_mean([middle for middle, _ in felt], [weight for _, weight in felt])
    if not felt:
        flags.append("no_energy")
    elif concentration < CLEAR_CONCENTRATION:
        flags.append("no_clear_peak")
        peak = math.nan
    return peak, concentration


def _alignment(stretches: Iterable[Stretch], peak: float, flags: list[str]) -> float:
    demanding = [stretch for stretch in stretches if (stretch.entry.demand or 0) >= DEMANDING]
    if not demanding:
        flags.append("no_demanding_hours")
        return math.nan
    if math.isnan(peak):
        return math.nan
    near = math.fsum(
        shared_hours(_hours_of(stretch.start), _hours_of(stretch.length), peak - PEAK_WINDOW / 2, PEAK_WINDOW)
        for stretch in demanding
    )
    return min(1.0, near / _hours_of(_length(demanding)))


def _purposeful_share(stretches: Iterable[Stretch], stated: Collection[str], flags: list[str]) -> float:
    awake = [stretch for stretch in stretches if not stretch.is_sleep]
    if not stated:
        flags.append("nothing_stated")
    if not awake:
        flags.append("no_waking_hours")
    if not (stated and awake):
        return math.nan
    return _length(stretch for stretch in awake if any(name in stated for name in stretch.entry.serves)) / _length(
        awake
    )


def _mid_sleep(days: Iterable[Day], flags: list[str]) -> float:
    nights = [night for day in days if (night := {part.start: part.length for part in day if part.is_sleep})]
    if not nights:
        flags.append("no_sleep_logged")
        return math.nan
    middles = [middle for night in nights if not math.isnan(middle := _middle_of_longest(night))]
    mean, concentration = circular_mean(middles, [1.0] * len(middles))
    if not concentration >= CLEAR_CONCENTRATION:
        flags.append("no_clear_mid_sleep")
        return math.nan
    return mean


def _middle_of_longest(night: Mapping[int, int]) -> float:
    """Join stretches, start to length, that touch, midnight included; give the middle of the longest.

    Of two that are equally long it is the earlier by the clock; sleep all round the clock has no middle.
    """
    ends = {(start + length) % MICROSECONDS_A_DAY for start, length in night.items()}
    best_start, best_length = 0, 0
    for start in sorted(set(night) - ends):
        length = 0
        while (start + length) % MICROSECONDS_A_DAY in night:
            length += night[(start + length) % MICROSECONDS_A_DAY]
        if length > best_length:
            best_start, best_length = start, length
    return _hours_of(best_start + best_length / 2) % HOURS_A_DAY if best_length else math.nan


def _length(stretches: Iterable[Stretch]) -> int:
    return sum(stretch.length for stretch in stretches)


def _hours_of(microseconds: float) -> float:
    return microseconds / MICROSECONDS_AN_HOUR
