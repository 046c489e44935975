"""Everything that the report to management says: each of its sections as a list or a table in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from leadkit._version import __version__
from leadkit.plots.dates import date_text, instant_text, zone_text
from leadkit.plots.labels import PERCENT
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Facts, Grid, Paragraph, Section
from leadkit.reports.figures import chance, decimal, readable
from leadkit.reports.notes import Notes
from leadkit.reports.plan_content import ABOUT_EARNED_VALUE, LAST
from leadkit.reports.plan_people import REASONS
from leadkit.reports.plan_progress import STATES, yes_or_no
from leadkit.reports.plan_wording import milestone_text, money_text
from leadkit.reports.sections import SectionsPage
from leadkit.wbs import ManagementReport, ReportSection

__all__ = ["management_page"]

Record = Mapping[str, Any]
READING = (
    "The report describes work, cost and time beside the plan. It does not say how well anybody works.",
    "A person decides what follows from it, best in a talk with those concerned.",
)
FACTS = frozenset({"summary", "cost", "time", "risk"})
EMPTY = {
    "late": "No work is late.",
    "summary": "Nothing is known.",
    "cost": "Nothing is known.",
    "time": "Nothing is known.",
}
CAPTIONS = {
    "late": "What should have begun or be done and is not",
    "accounts": "Each account with what was planned, earned and spent",
    "handovers": "What is handed over, and whether it is ready",
    "missing": "What each hand-over or gate waits for",
    "metrics": "Targets and what was measured",
    "critical": "How often work is critical in the simulated runs",
    "requests": "Lines of the request",
    "doubts": "Flags and what they mean",
}
MONEY = ("bac", "pv", "ev", "ac", "eac")


def management_page(report: ManagementReport, *, title: str | None, notice: str) -> SectionsPage:
    """Gather what the report says; `leadkit.reports.management_report` says what the options mean."""
    words = _Words(report)
    return SectionsPage(
        title=report.title if title is None else title,
        kind="Report to management",
        lead=f"As of {words.when(report.as_of)}. Times are those of {zone_text(words.zone)}.",
        notice=notice,
        reading=READING,
        sections=tuple(_section(section, words) for section in report.sections),
        notes=Notes(
            methods=(ABOUT_EARNED_VALUE,),
            provenance=(
                ("Day of the report", words.when(report.as_of)),
                *((("Costs are in", report.currency),) if report.currency else ()),
                ("Made with", f"leadkit {__version__}"),
            ),
        ),
        last=LAST,
    )


@frozen(eq=False)
class _Words:
    """How the report writes instants, amounts and shares."""

    report: ManagementReport

    @property
    def zone(self) -> tzinfo:
        """The time zone of the plan, where an instant tells it by its name; else the offset of the day of the report."""
        if self.report.as_of.tzinfo is None:
            msg = "as_of: expected an aware datetime"
            raise ValueError(msg)
        values = [record.get("value") for section in self.report.sections for record in section.records]
        zones = [value.tzinfo for value in (self.report.as_of, *values) if isinstance(value, datetime)]
        return next((zone for zone in zones if isinstance(zone, ZoneInfo)), self.report.as_of.tzinfo)

    def when(self, moment: datetime | str | None) -> str:
        """Write an instant, also one that is ISO text; empty where there is none."""
        if moment is None:
            return ""
        return instant_text(datetime.fromisoformat(moment) if isinstance(moment, str) else moment, self.zone)

    def money(self, value: float | None) -> str:
        """Write an amount without its currency; empty where it is not known."""
        return "" if value is None else money_text(value, "")

    def fact(self, section: str, record: Record) -> str:
        """Write the value of a row that says what it is and in what unit."""
        what, value, unit = record["what"], record["value"], record["unit"]
        if value is None:
            return "none"
        if isinstance(value, datetime):
            return self.when(value)
        if not isinstance(value, int | float):
            return str(value)
        if section == "risk":
            return chance(value)
        if section == "cost" and "index" not in what:
            return money_text(value, unit) or "not known"
        if unit == "%":
            return f"{decimal(value, 0)}{PERCENT}" if decimal(value) else "not known"
        text = f"{value:,}" if isinstance(value, int) else decimal(value, 2 if "index" in what else 1)
        return f"{text} {unit}".strip() if text else "not known"


def _section(section: ReportSection, words: _Words) -> Section:
    return Section(
        anchor=f"part-{section.id}",
        title=section.title,
        short=_short(section, words),
        blocks=list(_blocks(section, words)),
    )


def _short(section: ReportSection, words: _Words) -> str:
    n = len(section.records)
    if section.id == "summary":
        known = {record["what"]: words.fact("summary", record) for record in section.records}
        told = f"All is expected to be done on {known.get('expected finish', 'a day not known')}"
        due = known.get("deadline", "none")
        return f"{told}{'' if due == 'none' else f'; the deadline is {due}'}; {known.get('complete', 'not known')} is complete."
    if section.id == "late":
        return f"{counted(n, 'work package is', 'work packages are')} late." if n else EMPTY["late"]
    if section.id == "requests":
        heads = sum(record["heads"] for record in section.records)
        return f"HR is asked for {counted(heads, 'person', 'people')}." if heads else "HR is asked for nobody."
    return ""


def _blocks(section: ReportSection, words: _Words) -> Iterator[Block]:
    if not section.records:
        yield Paragraph(EMPTY.get(section.id, "Nothing."), "answer")
    elif section.id in FACTS:
        facts = [(str(record["what"]), words.fact(section.id, record)) for record in section.records]
        yield Facts((f"{what[:1].upper()}{what[1:]}", text) for what, text in facts)
    else:
        yield _grid(section, words)


def _grid(section: ReportSection, words: _Words) -> Grid:
    """Write a table: every column with its heading and how a cell is written, words first; any other part as it is."""
    columns = COLUMNS.get(section.id)
    if columns is None:
        keys = list(section.records[0])
        columns = (tuple((key.replace("_", " "), _plainly(key)) for key in keys), ())
    texts, numbers = columns
    return Grid(
        caption=_caption(section, words),
        header=[name for name, _ in (*texts, *numbers)],
        n_texts=len(texts),
        rows=[[write(record, words) for _, write in (*texts, *numbers)] for record in section.records],
        empty="not known",
    )


def _caption(section: ReportSection, words: _Words) -> str:
    currency = words.report.currency
    if section.id == "accounts" and currency:
        return f"{CAPTIONS['accounts']}, in {currency}"
    return CAPTIONS.get(section.id, section.title)


Write = Callable[[Record, _Words], str]
Columns = tuple[Sequence[tuple[str, Write]], Sequence[tuple[str, Write]]]


def _plainly(key: str) -> Write:
    return lambda record, _: readable(record[key])


def _instant(key: str) -> Write:
    return lambda record, words: words.when(record[key])


def _day(key: str) -> Write:
    return lambda record, _: date_text(date.fromisoformat(record[key]))


def _percent(key: str) -> Write:
    return lambda record, _: "" if record[key] is None else f"{decimal(record[key], 0)}{PERCENT}"


def _number(key: str) -> Write:
    return lambda record, _: "" if record[key] is None else f"{record[key]:g}"


def _index(key: str) -> Write:
    return lambda record, _: "" if record[key] is None else decimal(record[key])


def _money(key: str) -> Write:
    return lambda record, words: words.money(record[key])


def _answer(key: str) -> Write:
    return lambda record, _: yes_or_no(record[key])


def _work(record: Record, _: _Words) -> str:
    return f"{record['code']} {record['name'] or record['id']}".strip()


def _milestone(record: Record, _: _Words) -> str:
    return milestone_text(record["id"])


def _next(record: Record, _: _Words) -> str:
    return str(record["next_team"] or record["next_phase"] or "")


def _nearest(record: Record, _: _Words) -> str:
    if record["best"] is None:
        return ""
    level = "not assessed" if record["best_level"] is None else f"level {record['best_level']:g}"
    return f"{record['best']}, {level}"


def _reason(record: Record, _: _Words) -> str:
    return str(REASONS.get(record["reason"], record["reason"]))


def _named(record: Record, _: _Words) -> str:
    return milestone_text(str(record["name"]))


def _state(record: Record, _: _Words) -> str:
    return str(STATES.get(record["state"], record["state"]))


def _hours(record: Record, _: _Words) -> str:
    return f"{record['slip'] / 60:,.1f}".replace("-", "\N{MINUS SIGN}")


COLUMNS: dict[str, Columns] = {
    "late": (
        (("Work", _work), ("State", _state), ("Start", _instant("start")), ("Finish", _instant("finish"))),
        (("Done", _percent("percent")), ("Planned by now", _percent("planned_percent")), ("Hours late", _hours)),
    ),
    "accounts": (
        (("Account", _plainly("account")), ("Covers", _plainly("node")), ("Owner", _plainly("owner"))),
        (*((key.upper(), _money(key)) for key in MONEY), ("CPI", _index("cpi"))),
    ),
    "handovers": (
        (
            ("Hand-over or gate", _milestone),
            ("Ready", _answer("is_ready")),
            ("Due at the latest", _instant("due")),
            ("Goes to", _next),
            ("What the next team is told", _plainly("message")),
        ),
        (),
    ),
    "missing": ((("Hand-over or gate", _milestone), ("What is still missing", _plainly("what"))), ()),
    "metrics": (
        (("Metric", _plainly("id")), ("Met", _answer("met"))),
        (("Target", _number("target")), ("Value", _number("value")), ("Value less target", _number("gap"))),
    ),
    "critical": (
        (("Work", _named),),
        (("Critical in", lambda record, _: chance(record["criticality"])), ("SSI", _index("ssi"))),
    ),
    "requests": (
        (
            ("Skills and levels", _plainly("skills")),
            ("Why", _reason),
            ("From", _day("from_date")),
            ("To", _day("to_date")),
            ("Work packages", _plainly("packages")),
            ("Nearest, or the one person", _nearest),
        ),
        (("People", lambda record, _: f"{record['heads']:,}"), ("Hours", lambda record, _: f"{record['hours']:,.0f}")),
    ),
    "doubts": ((("Flag", _plainly("flag")), ("What it means", _plainly("meaning"))), ()),
}
"""Of each part with a table, the columns of words and those of numbers."""
