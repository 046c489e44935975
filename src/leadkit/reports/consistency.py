"""How far scores can be trusted: reliability of the dimensions, and what each question adds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import frozen

from leadkit.assessment import Instrument, ReliabilityTable
from leadkit.plots.labels import scale_names, words
from leadkit.reports.figures import decimal, interval
from leadkit.reports.wording import fewer_than, flag_sentences

__all__ = ["ConsistencyLine", "ItemLine", "ItemTable", "consistency_lines", "consistency_notes", "item_tables"]


@frozen(kw_only=True)
class ConsistencyLine:
    """Reliability of one dimension, in one group where there are groups; `hidden` stands for numbers of too few."""

    name: str
    group: str
    n: str
    n_items: str
    alpha: str
    interval: str
    omega: str
    standard_error: str
    reasons: tuple[str, ...]
    hidden: str


@frozen(kw_only=True)
class ItemLine:
    """Statistics of one question."""

    text: str
    reverse: bool
    n: str
    mean: str
    sd: str
    rest: str
    alpha_without: str
    reasons: tuple[str, ...]


@frozen(kw_only=True)
class ItemTable:
    """The questions of one dimension, in one group where there are groups."""

    name: str
    group: str
    lines: tuple[ItemLine, ...]


def consistency_lines(
    table: ReliabilityTable, instrument: Instrument, *, min_group: int, individuals: bool
) -> tuple[ConsistencyLine, ...]:
    """Describe every row of the table; without `individuals`, and in groups, not those of too few people."""
    return tuple(
        _consistency_line(table, at, instrument, hidden=_hidden(table, at, min_group, individuals=individuals))
        for at in range(len(table.dimension_ids))
    )


def consistency_notes(lines: Iterable[ConsistencyLine]) -> tuple[str, ...]:
    """Say every doubt once, with the dimensions that it is about."""
    about: dict[str, list[str]] = {}
    shown = [line for line in lines if not line.hidden]
    for line in shown:
        name = f"{line.name} ({line.group})" if line.group else line.name
        for reason in line.reasons:
            about.setdefault(reason, []).append(name)
    return tuple(
        f"{'Everywhere' if len(names) == len(shown) > 1 else ', '.join(names)}: {reason}"
        for reason, names in about.items()
    )


def item_tables(
    table: ReliabilityTable, instrument: Instrument, *, min_group: int, individuals: bool
) -> tuple[ItemTable, ...]:
    """Describe every question of every row that may be shown.

    Without `individuals` there are none by group: they would give the mean of a group away that is not shown.
    """
    if table.by is not None and not individuals:
        return ()
    return tuple(
        _item_table(table, at, instrument)
        for at in range(len(table.dimension_ids))
        if not _hidden(table, at, min_group, individuals=individuals)
    )


def _hidden(table: ReliabilityTable, at: int, min_group: int, *, individuals: bool) -> str:
    few = int(table.n_respondents[at]) < min_group
    return fewer_than(min_group) if few and (table.by is not None or not individuals) else ""


def _group(table: ReliabilityTable, at: int) -> str:
    label: Any = table.groups[at]
    return "" if table.by is None else str(label)


def _consistency_line(table: ReliabilityTable, at: int, instrument: Instrument, *, hidden: str) -> ConsistencyLine:
    head = {
        "name": _name(table, at, instrument),
        "group": _group(table, at),
        "n_items": str(int(table.n_items[at])),
        "hidden": hidden,
    }
    if hidden:
        return ConsistencyLine(**head, n=hidden, alpha="", interval="", omega="", standard_error="", reasons=())
    return ConsistencyLine(
        **head,
        n=str(int(table.n_respondents[at])),
        alpha=decimal(float(table.alpha[at])),
        interval=interval(float(table.alpha_low[at]), float(table.alpha_high[at])),
        omega=decimal(float(table.omega[at])),
        standard_error=decimal(float(table.standard_error[at])),
        reasons=flag_sentences(table.row_flags[at]),
    )


def _item_table(table: ReliabilityTable, at: int, instrument: Instrument) -> ItemTable:
    analysis = table.analyses[at]
    items = {item.id: item for item in instrument.items}
    lines = [
        ItemLine(
            text=words(items[name].text, instrument.language),
            reverse=items[name].reverse,
            n=str(int(analysis.n_answered[i])),
            mean=decimal(float(analysis.mean[i])),
            sd=decimal(float(analysis.sd[i])),
            rest=decimal(float(analysis.item_rest_r[i])),
            alpha_without=decimal(float(analysis.alpha_if_dropped[i])),
            reasons=flag_sentences(analysis.item_flags[i]),
        )
        for i, name in enumerate(analysis.items)
    ]
    return ItemTable(name=_name(table, at, instrument), group=_group(table, at), lines=tuple(lines))


def _name(table: ReliabilityTable, at: int, instrument: Instrument) -> str:
    return scale_names(instrument)[table.dimension_ids[at]]
