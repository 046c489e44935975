"""Words of a report on a plan: what work, people, dates, links and flags are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

from attrs import frozen

from leadkit.plots.dates import date_text, instant_text
from leadkit.plots.gantt_words import days_text
from leadkit.plots.labels import MINUS
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Grid
from leadkit.reports.figures import decimal
from leadkit.wbs import WBS_FLAGS, Need, Plan

__all__ = ["PlanWords", "doubts_grid", "joined_and", "milestone_text", "money_text", "skills_text"]

MINUTE = timedelta(minutes=1)
MILESTONES = {"handover": "Hand-over", "gate": "Gate"}
BINDS = {
    "start": "start of the plan",
    "not_before": "a date before which it must not start",
    "calendar": "its people are not there together",
    "slack": "nothing, it was moved",
    "as_of": "day of the report",
    "actual": "it has started",
}
"""What may bind the start of an activity, beside links and people."""
LINKS = {"FS": "after {}", "SS": "after the start of {}", "FF": "ends after {}", "SF": "ends after the start of {}"}


@frozen(kw_only=True, slots=False, eq=False)
class PlanWords:
    """How a plan speaks of its work, its people and its time."""

    plan: Plan

    @property
    def zone(self) -> tzinfo:
        """The time zone in which all instants are written."""
        return self.plan.calendar.tz

    def when(self, moment: datetime) -> str:
        """Write an instant: the date and the time of day."""
        return instant_text(moment, self.zone)

    def day(self, moment: datetime) -> str:
        """Write the date of an instant."""
        return date_text(moment.astimezone(self.zone))

    def work(self, activity: str) -> str:
        """Name an activity with its code."""
        code = self.plan.code(activity)
        return f"{code} {self.plan.name(activity)}" if code else self.short(activity)

    def short(self, activity: str) -> str:
        """Give the code of a work package; a hand-over or gate has its name."""
        code = self.plan.code(activity)
        if code or self.plan.package(activity) is not None:
            return code or self.plan.name(activity)
        return milestone_text(activity)

    def node(self, own: str) -> str:
        """Name a group or work package with its code."""
        return f"{self.plan.wbs.code(own)} {self.plan.wbs.node(own).name or own}".strip()

    def listed(self, activities: Iterable[str]) -> str:
        """Name several activities."""
        return ", ".join(map(self.work, activities))

    def person(self, person: str) -> str:
        """Name somebody; with the id where several have the name."""
        name = self._names.get(person, "") or person
        return name if self._bearers[name] < 2 else f"{name} ({person})"

    def people(self, people: Iterable[str]) -> str:
        """Name several people."""
        return ", ".join(map(self.person, people))

    def days(self, minutes: float) -> str:
        """Write working time in days of the plan, in minutes where it is little; what is negative has a minus."""
        if not minutes:
            return "0 d"
        return f"{MINUS if minutes < 0 else ''}{days_text(abs(minutes), self.plan.day_minutes)}"

    def working_days(self, minutes: float) -> str:
        """Write working time within a sentence."""
        text = self.days(minutes)
        amount = text.partition(" ")[0]
        if text.endswith("min"):
            return f"{amount} working {'minute' if amount == '1' else 'minutes'}"
        return f"{amount} working {'day' if amount == '1' else 'days'}"

    def between(self, start: datetime, finish: datetime) -> float:
        """Count the working minutes of the plan's calendar between two instants; negative where they are turned round."""
        return self.plan.calendar.elapsed(start, finish) / MINUTE

    def money(self, amount: float) -> str:
        """Write an amount in the currency of the plan; empty where it is not known."""
        return money_text(amount, self.plan.currency)

    def bound(self, word: str) -> str:
        """Say what binds a start: a word of `bound_by` or `driven_by`."""
        kind, _, own = word.partition(" ")
        if kind == "person" and own:
            return f"{self.person(own)} is busy before"
        if kind in LINKS and own:
            return LINKS[kind].format(self.short(own))
        return BINDS.get(word, word)

    def need(self, need: Need) -> str:
        """Write what a need asks for."""
        heads = "" if need.heads == 1 else f", {need.heads} people"
        return skills_text(need.skills) + heads

    def packages(self, n: int | None = None) -> str:
        """Count work packages; all of the plan when None."""
        return counted(len(self.plan.wbs.packages) if n is None else n, "work package")

    @cached_property
    def _names(self) -> dict[str, str]:
        return {person.id: person.name for person in self.plan.team.people}

    @cached_property
    def _bearers(self) -> Counter[str]:
        return Counter(name or own for own, name in self._names.items())


def milestone_text(activity: str) -> str:
    """Name a hand-over or a gate by its activity id; work has its own.

    Examples
    --------
    >>> milestone_text("handover:to-desk"), milestone_text("gate:scope"), milestone_text("api")
    ('Hand-over to-desk', 'Gate scope', 'api')
    """
    kind, _, own = activity.partition(":")
    return f"{MILESTONES[kind]} {own}" if kind in MILESTONES and own else activity


def skills_text(skills: Iterable[tuple[str, float]]) -> str:
    """Write skills with the levels that they are needed at.

    Examples
    --------
    >>> skills_text([("sql", 3.0), ("web", 2.5)]), skills_text([])
    ('sql 3, web 2.5', 'anybody')
    """
    return ", ".join(f"{skill} {level:g}" for skill, level in skills) or "anybody"


def money_text(amount: float, currency: str) -> str:
    r"""Write an amount of money to the unit; empty where it is not known.

    Examples
    --------
    >>> money_text(31505.0167, "EUR"), money_text(float("nan"), "EUR"), money_text(-750.0, "")
    ('31,505 EUR', '', '\u2212750')
    """
    if not decimal(amount):
        return ""
    whole = round(amount)
    return f"{MINUS if whole < 0 else ''}{abs(whole):,} {currency}".strip()


def joined_and(texts: Iterable[str]) -> str:
    """Join names within a sentence.

    Examples
    --------
    >>> joined_and(["Ann"]), joined_and(["Ann", "Bo", "Cy"]), joined_and([])
    ('Ann', 'Ann, Bo and Cy', '')
    """
    *most, last = [*texts] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def doubts_grid(flags: Iterable[str], plan: Plan) -> Grid:
    """List flags by their word with what each is about and what it means."""
    words = PlanWords(plan=plan)
    rows = []
    for flag in sorted(set(flags)):
        key, _, about = flag.partition(":")
        meaning = WBS_FLAGS.get(key, flag)
        rows.append((key, _about(key, about.strip(), words) or "the whole", f"{meaning[:1].upper()}{meaning[1:]}."))
    return Grid(
        caption="What is doubtful",
        header=("Flag", "About", "What it means"),
        rows=rows,
        n_texts=3,
    )


def _about(key: str, about: str, words: PlanWords) -> str:
    if key == "late_by":
        return words.days(int(about))
    return words.work(about) if about in words.plan.activities else about
