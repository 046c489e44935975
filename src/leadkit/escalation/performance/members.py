"""The report a member reads: their own work from period to period, beside that of the others, and where to grow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from attrs import field, frozen

from leadkit._checks import as_tuple, id_faults
from leadkit._fields import FrozenMapping
from leadkit._results import Result, TableResult
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.performance._cases import cases_in
from leadkit.escalation.performance._comparing import Figure, period_figures, pilot_figure
from leadkit.escalation.performance.growth import GrowthArea, Skills, as_skills, growth_areas, skill_faults
from leadkit.escalation.performance.spans import Period, kind_faults, period_faults
from leadkit.escalation.pilot.evaluating import evaluate_pilot
from leadkit.escalation.pilot.evaluation import PilotEvaluation
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.skills import DevelopmentAction

__all__ = ["FEWEST", "MemberReport", "MemberRow", "member_report"]

FEWEST = 10
"""Cases below which nothing is compared."""


@frozen(kw_only=True, eq=False)
class MemberRow(Result):
    """One number about a member in one period.

    Parameters
    ----------
    metric : str
        `time_to_resolve_median` [h], `csat_mean` [points], `calls_addressed` [count], `first_line_resolution`,
        `reopened_share`, `escalations_raised` (shares), or `pilot_success` (share, over the whole pilot).
    period : str or None
        Id of the period; None for the pilot.
    n : int
        How many cases it tells of.
    value : float
        NaN where it cannot be told.
    interval : tuple of float or None
        95 % interval.
    team_value : float
        The same of the others, without the member; of `calls_addressed` their mean. NaN where nothing is compared.
    previous, change : float
        The value of the period before, and the value less that; NaN where there is none or either has fewer than 10 cases.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1))
    >>> row = member_report(samples.tickets(200), "boris", periods=months).rows[3]
    >>> row.metric, row.period, row.n, round(row.value, 3), round(row.team_value, 3)
    ('first_line_resolution', '2026-09', 14, 1.0, 0.736)
    """

    metric: str
    period: str | None
    n: int
    value: float
    interval: tuple[float, float] | None
    team_value: float
    previous: float
    change: float
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True, eq=False)
class MemberReport(TableResult):
    """What a member did, period by period, and where they can grow.

    It holds data about one person, compared with the others taken together, and no rank among colleagues.

    Parameters
    ----------
    person : str
        The member.
    periods : tuple of Period
        In order of time.
    rows : tuple of MemberRow
        For each period one a metric, then the pilot.
    growth : tuple of GrowthArea
        By domain; empty without outcomes.
    flags : tuple of str
        What is doubtful about the pilot; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1))
    >>> report = member_report(samples.tickets(200), "boris", periods=months)
    >>> [(row.period, row.value) for row in report.rows if row.metric == "calls_addressed"]
    [('2026-09', 20.0), ('2026-10', 24.0)]
    """

    person: str
    periods: tuple[Period, ...] = field(converter=as_tuple)
    rows: tuple[MemberRow, ...] = field(converter=as_tuple)
    growth: tuple[GrowthArea, ...] = field(default=(), converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {
            name: name
            for name in ("metric", "period", "n", "value", "low", "high", "team_value", "previous", "change", "flags")
        }
    )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one flat dictionary a row, the interval as `low` and `high`, the flags joined by a space."""
        return [flat(row) for row in self.rows]


def member_report(
    log: EventLog,
    person: str,
    *,
    periods: Sequence[Period],
    outcomes: PilotOutcomes | None = None,
    evaluation: PilotEvaluation | None = None,
    domain: str = "domain",
    catalogue: Iterable[DevelopmentAction] = (),
    skills: Skills | None = None,
) -> MemberReport:
    """Report how a member does from period to period.

    A resolved ticket belongs to the period and the person of its first resolving event; a period is told as it stood at its
    end, whatever came later. The time to resolve counts the tickets the member resolved in the period and those open at its
    end whose last person is the member, censored there. Feedback, first-line resolution and reopenings are of the resolved
    ones. Calls addressed are the tickets with an event of the member inside the period. An escalation raised is a ticket
    that rose in the period when the member was the last one known on it before; the share is of those and the calls
    addressed.

    Parameters
    ----------
    log : EventLog
        With people; what needs another column that it does not have is NaN with the flag `needs:<column>`.
    person : str
        The member, somebody of the log.
    periods : sequence of Period
        In order of time, apart from each other; see `periods`.
    outcomes : PilotOutcomes, optional
        A pilot. With it the others are compared on the member's own mix of cases: ratings, first-line resolution and
        reopenings by the log's attribute `domain` (flag `case_mix_adjusted`; not the median time), and the
        row `pilot_success` by the strata of the pilot; and `growth` is worked out.
    evaluation : PilotEvaluation, optional
        What the pilot found; by default `evaluate_pilot(outcomes)`.
    domain : str
        The attribute of the log that names the domain of a ticket.
    catalogue : iterable of DevelopmentAction
        What is on offer to learn.
    skills : Matrix, SkillMatrix or mapping of str to list of str, optional
        The skills of each domain, and what the member can do already; by default a domain is a skill of its own id.

    Returns
    -------
    MemberReport
        Below 10 cases a row is flagged `few_cases` and compares nothing; with fewer than 10 of the others, or of the
        member's in domains or strata that others have too, it has no `team_value` and is flagged `few_others`.

    Raises
    ------
    UnknownIdError
        The log does not know the person, or `skills` does not know a domain of the pilot in which the member is to learn.
    EscalationError
        An argument is of another kind, the log has no people, or periods overlap, are out of order or share a name;
        `faults` holds all of it.
    LogError
        A rating that counts is no number from 1 to 5.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1), zone="Europe/Berlin")
    >>> report = member_report(samples.tickets(), "boris", periods=months)
    >>> row = report.rows[2]
    >>> row.metric, row.period, row.value
    ('calls_addressed', '2026-09', 55.0)
    """
    given, offers = as_tuple(periods), as_tuple(catalogue)
    own_skills = as_skills(skills)
    faults = [*kind_faults(log, EventLog, "log"), *id_faults(person, "person"), *period_faults(given)]
    if isinstance(log, EventLog) and log.person is None:
        faults.append(Fault("log", "expected a column of people, got a log without"))
    faults += [] if outcomes is None else kind_faults(outcomes, PilotOutcomes, "outcomes")
    faults += [] if evaluation is None else kind_faults(evaluation, PilotEvaluation, "evaluation")
    if evaluation is not None and outcomes is None:
        faults.append(Fault("evaluation", "expected the outcomes it was found in too, got it alone"))
    faults += [*id_faults(domain, "domain"), *skill_faults(offers, own_skills)]
    raise_faults(faults, "member report", EscalationError)
    known = () if log.person is None else log.person.values
    if person not in known:
        raise UnknownIdError.of(person, known, kind="person")
    rows: list[MemberRow] = []
    before: dict[str, MemberRow] = {}
    for period in given:
        figures = period_figures(cases_in(log, period), person, domain=None if outcomes is None else domain)
        own = [_row(figure, period.id, before.get(figure.metric)) for figure in figures]
        before = {row.metric: row for row in own}
        rows += own
    growth: tuple[GrowthArea, ...] = ()
    flags: tuple[str, ...] = ()
    if outcomes is not None:
        rows.append(_row(pilot_figure(outcomes, person), None, None))
        found = evaluation or evaluate_pilot(outcomes)
        growth, flags = growth_areas(found, person, offers, own_skills), found.flags
    return MemberReport(person=person, periods=given, rows=tuple(rows), growth=growth, flags=flags)


def flat(row: Result) -> dict[str, Any]:
    """Give the fields of a row as scalars: the interval as `low` and `high`, the flags joined by a space."""
    found: dict[str, Any] = row.to_dict()
    low, high = found.pop("interval") or (None, None)
    return found | {"low": low, "high": high, "flags": " ".join(found["flags"])}


def _row(figure: Figure, period: str | None, before: MemberRow | None) -> MemberRow:
    """Compare a number with the others and with the period before, where there are cases enough."""
    previous = math.nan if before is None or min(figure.n, before.n) < FEWEST else before.value
    flags, team_value = list(figure.flags), figure.team_value
    if figure.n < FEWEST:
        flags.append("few_cases")
        team_value = math.nan
    elif min(figure.n_compared, figure.n_others) < FEWEST:
        flags.append("few_others")
        team_value = math.nan
    return MemberRow(
        metric=figure.metric,
        period=period,
        n=figure.n,
        value=figure.value,
        interval=figure.interval,
        team_value=team_value,
        previous=previous,
        change=figure.value - previous,
        flags=tuple(dict.fromkeys(flags)),
    )
