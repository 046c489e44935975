"""The numbers of a member beside those of the others."""

from __future__ import annotations

import math

import numpy as np
from attrs import evolve, frozen

from leadkit.escalation.event_log.intervals import share_interval
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.performance._cases import OF_RESOLVED, TIME, PeriodCases, raised_metric, value_of
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.escalation.pilot.strata import strata_of
from leadkit.typing import BoolArray

__all__ = ["Figure", "period_figures", "pilot_figure"]


@frozen(kw_only=True)
class Figure:
    """A number of a member and that of the others, with how many cases each tells of.

    Of the member's `n` cases `n_compared` are of a domain or stratum in which the others have some too.
    """

    metric: str
    value: float
    n: int
    n_compared: int
    interval: tuple[float, float] | None
    team_value: float
    n_others: int
    flags: tuple[str, ...] = ()


def period_figures(cases: PeriodCases, person: str, *, domain: str | None) -> list[Figure]:
    """Work out the numbers of a period, in the order of the report."""
    code = cases.people.index(person) if person in cases.people else -2
    mine, others = cases.resolver == code, (cases.resolver >= 0) & (cases.resolver != code)
    held, held_by_others = cases.holder == code, (cases.holder >= 0) & (cases.holder != code)
    own_time, team_time = (
        cases.measured((TIME,), (cases.is_resolved & solved) | (cases.is_open & open_))[0]
        for solved, open_ in ((mine, held), (others, held_by_others))
    )
    own = {metric.id: metric for metric in cases.measured(OF_RESOLVED, cases.is_resolved & mine)}
    team = {metric.id: metric for metric in cases.measured(OF_RESOLVED, cases.is_resolved & others)}
    domains: dict[str, list[_InDomain]] = {}
    if domain is not None and cases.log.has(domain):
        domains = _by_domain(cases, domain, cases.is_resolved & mine, cases.is_resolved & others)
    figures = {name: _standardised(own[name], team[name], domains.get(name)) for name in OF_RESOLVED}
    return [
        _beside(own_time, team_time),
        figures["csat_mean"],
        _calls(cases, code),
        evolve(figures["first_line_resolution"], flags=(*figures["first_line_resolution"].flags, "resolver_only")),
        figures["reopened_share"],
        _escalations(cases, code),
    ]


def pilot_figure(outcomes: PilotOutcomes, person: str) -> Figure:
    """Tell how often a person succeeded, and how often the others do with the same mix of strata."""
    n = successes = n_others = compared = 0
    expected = 0.0
    flags = []
    for stratum in strata_of(outcomes):
        if person not in stratum.people:
            continue
        place = stratum.people.index(person)
        own = stratum.n[place]
        n, successes = n + own, successes + stratum.successes[place]
        rest = stratum.n_cases - own
        if rest == 0:
            flags.append(f"no_comparison:{stratum.label}")
            continue
        compared, n_others = compared + own, n_others + rest
        expected += own * (stratum.n_successes - stratum.successes[place]) / rest
    return Figure(
        metric="pilot_success",
        value=successes / n if n else math.nan,
        n=n,
        n_compared=compared,
        interval=share_interval(successes, n),
        team_value=expected / compared if compared else math.nan,
        n_others=n_others,
        flags=("case_mix_adjusted", *flags),
    )


@frozen
class _InDomain:
    """The number of cases of a member in a domain, and what the others reach there."""

    domain: str | None
    n: int
    team_value: float
    n_others: int


def _by_domain(cases: PeriodCases, domain: str, mine: BoolArray, others: BoolArray) -> dict[str, list[_InDomain]]:
    """Put the others' numbers beside the member's cases, metric by metric and domain by domain."""
    found: dict[str, list[_InDomain]] = {name: [] for name in OF_RESOLVED}
    team = {(metric.id, metric.group): metric for metric in cases.measured(OF_RESOLVED, others, by=(domain,))}
    for own in cases.measured(OF_RESOLVED, mine, by=(domain,)):
        _, n = value_of(own)
        beside = team.get((own.id, own.group))
        value, n_others = (math.nan, 0) if beside is None else value_of(beside)
        if n:
            found[own.id].append(_InDomain(own.group[0], n, value, n_others))
    return found


def _beside(own: Metric, team: Metric) -> Figure:
    value, n = value_of(own)
    team_value, n_others = value_of(team)
    return Figure(
        metric=own.id,
        value=value,
        n=n,
        n_compared=n,
        interval=own.interval,
        team_value=team_value,
        n_others=n_others,
        flags=own.flags,
    )


def _standardised(own: Metric, team: Metric, domains: list[_InDomain] | None) -> Figure:
    """Weigh the others' numbers of each domain by the member's cases in it."""
    plain = _beside(own, team)
    if domains is None:
        return plain
    known = [one for one in domains if one.n_others]
    weight = sum(one.n for one in known)
    alone = tuple(f"no_comparison:{one.domain or '(none)'}" for one in domains if not one.n_others)
    return Figure(
        metric=plain.metric,
        value=plain.value,
        n=plain.n,
        n_compared=weight,
        interval=plain.interval,
        team_value=sum(one.n * one.team_value for one in known) / weight if weight else math.nan,
        n_others=sum(one.n_others for one in known),
        flags=(*plain.flags, "case_mix_adjusted", *alone),
    )


def _calls(cases: PeriodCases, code: int) -> Figure:
    """Count the calls of a member; of the others the mean of those who had any."""
    counts = np.bincount(cases.touched[:, 1], minlength=len(cases.people))
    own = int(counts[code]) if code >= 0 else 0
    team = counts[(counts > 0) & (np.arange(len(counts)) != code)]
    return Figure(
        metric="calls_addressed",
        value=float(own),
        n=own,
        n_compared=own,
        interval=None,
        team_value=float(team.mean()) if len(team) else math.nan,
        n_others=int(team.sum()),
    )


def _escalations(cases: PeriodCases, code: int) -> Figure:
    """Tell the share of calls that went up from a member, and from all others."""
    if cases.log.level is None:
        nothing = evolve(raised_metric(0, 0), flags=("needs:level",))
        return _beside(nothing, nothing)
    own, team = (
        raised_metric(len(raised), len(np.unique(np.concatenate([touched, raised]), axis=0)))
        for touched, raised in (
            (cases.touched[cases.touched[:, 1] == code], cases.raised[cases.raised[:, 1] == code]),
            (cases.touched[cases.touched[:, 1] != code], cases.raised[cases.raised[:, 1] != code]),
        )
    )
    return _beside(own, team)
