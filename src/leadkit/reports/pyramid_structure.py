"""Sections on how the organisation is built: spans and layers, who owes what to whom, who stands where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from leadkit.org import ORG_FLAGS, Obligations, Pyramid, Structure, support_chain
from leadkit.plots.tiers import counted, tier_name
from leadkit.reports.blocks import MOST_ROWS, BarLine, Bars, Block, Facts, Figures, Grid, Paragraph, Section
from leadkit.reports.figures import decimal, percent
from leadkit.reports.geometry import Bar, share
from leadkit.reports.pyramid_wording import Labels, amount

__all__ = ["obligations_section", "posts_section", "structure_section"]

MOST_IDS = 20
MOST_STEPS = 5
SPANS = (
    "A span is how many people report directly to somebody. A band gives a span a name and describes how such a leader "
    "works; it is no verdict."
)
COUNTED = {
    "filled": "Posts that somebody holds are counted.",
    "posts": "All posts are counted, held or not.",
    "fte": "Full-time equivalents of held posts are counted.",
}
COLUMNS = {"filled": "Posts held", "posts": "Posts", "fte": "FTE"}
OWED = {
    "external_service": (
        "Service to the customers",
        "each post that faces customers, to the customers",
    ),
    "support": ("Support", "each leader, to each direct report"),
    "internal_customer": ("Service to the boss", "each report, to the leader: the boss is an internal customer"),
    "internal_service": ("Service of support posts", "each support post, to each post that it serves"),
}
VIAS = ("direct", "acting", "nearest_filled")
CHAIN = (
    "Whoever needs support turns to the own leader first, then step by step up the line. A post that is vacant, or whose "
    "holder has left or is absent, is skipped; somebody who acts for it takes its place."
)


def structure_section(structure: Structure, labels: Labels, *, names_people: bool) -> Section:
    """Describe spans and layers."""
    spans = int(sum(structure.band_counts.values()))
    alone = len(structure.span_of_one)
    return Section(
        anchor="structure",
        title="Spans and layers",
        short=_short(structure),
        blocks=[
            Figures(
                [
                    ("layers", amount(structure.n_layers)),
                    ("managers", amount(structure.n_managers)),
                    ("direct reports of a manager on average", decimal(structure.mean_span, 1) or "none"),
                    ("others for each manager", decimal(structure.contributors_per_manager, 1) or "none"),
                ]
            ),
            Paragraph(SPANS),
            Bars(
                caption="Managers by span",
                header=("Band", "Managers", "Picture, share of all managers with reports"),
                lines=[
                    BarLine(
                        name=name.replace("_", " ").capitalize(),
                        about=_range(*structure.bands[name], whole=structure.count != "fte"),
                        value=amount(count),
                        details=[percent(count / spans)] if spans else [],
                        bar=_part(count, spans),
                    )
                    for name, count in structure.band_counts.items()
                ],
            ),
            Facts(
                [
                    ("Middle span (median)", _span(structure.median_span)),
                    ("Largest span", _span(structure.max_span)),
                    ("Managers with one direct report", _alone(structure, labels, names_people=names_people)),
                ]
            ),
            _layers(structure),
            Paragraph(" ".join((COUNTED[structure.count], *(ORG_FLAGS[flag] for flag in structure.flags))), "legend"),
        ]
        if alone or spans or structure.n_layers
        else [Paragraph("There is no post.")],
    )


def _short(structure: Structure) -> str:
    if math.isnan(structure.mean_span):
        return ""
    alone = len(structure.span_of_one)
    ones = f"; {counted(alone, 'manager has', 'managers have')} one report only" if alone else ""
    return f"A manager has {decimal(structure.mean_span, 1)} direct reports on average{ones}."


def _span(value: float) -> str:
    return "none" if math.isnan(value) else amount(value)


def _alone(structure: Structure, labels: Labels, *, names_people: bool) -> str:
    ids = structure.span_of_one
    if not ids or not names_people:
        return amount(len(ids))
    more = f" and {amount(len(ids) - MOST_IDS)} more" if len(ids) > MOST_IDS else ""
    return f"{amount(len(ids))}: {labels.listed(ids[:MOST_IDS])}{more}"


def _range(low: float, high: float, *, whole: bool) -> str:
    if math.isinf(high):
        return f"{low:g} or more direct reports"
    if whole and low.is_integer() and high.is_integer():
        return f"{low:g} direct reports" if high == low + 1 else f"{low:g} to {high - 1:g} direct reports"
    return f"{low:g} to under {high:g} direct reports"


def _part(count: float, total: float) -> Bar:
    return Bar(value=share(count, 0, total) if total else 0.0, low=None, high=None, mark=None, composite=False)


def _layers(structure: Structure) -> Bars:
    counts = structure.headcount_by_layer.tolist()
    largest = max(counts, default=0.0)
    lines = [
        BarLine(
            name=f"Layer {layer}", about="the top" if layer == 1 else "", value=amount(count), bar=_part(count, largest)
        )
        for layer, count in enumerate(counts[:MOST_ROWS], start=1)
    ]
    if len(counts) > MOST_ROWS:
        rest = sum(counts[MOST_ROWS:])
        lines.append(
            BarLine(
                name=f"Layers {MOST_ROWS + 1} to {len(counts)}", value=amount(rest), bar=_part(rest, max(largest, rest))
            )
        )
    return Bars(
        caption="Layers from the top",
        header=("Layer", COLUMNS[structure.count], "Picture, beside the largest layer"),
        lines=lines,
    )


def obligations_section(owed: Obligations) -> Section:
    """Describe who owes what to whom, and how support runs."""
    rows = []
    for kind, (name, meaning) in OWED.items():
        is_kind = owed.kind == kind
        ways = [int(np.count_nonzero(is_kind & (owed.via == via))) for via in VIAS]
        rows.append([name, meaning, *map(amount, (owed.counts[kind], *ways))])
    blocks: list[Block] = [
        Paragraph(
            "In an inverted pyramid a leader owes support to those who report, and everybody owes something to whoever "
            "comes next on the way to the customer."
        ),
        Grid(
            caption="Who owes what to whom",
            header=("What", "From whom to whom", "Times", "Direct", "By somebody acting", "By the next one up"),
            n_texts=2,
            rows=rows,
        ),
        Paragraph(CHAIN),
    ]
    if owed.n_without_provider:
        blocks.append(Paragraph(f"{_lost(owed)}.", "answer"))
    return Section(anchor="duties", title="Who serves whom", short=_duties_short(owed), blocks=blocks)


def _duties_short(owed: Obligations) -> str:
    told = []
    carried = int(np.count_nonzero(owed.via != "direct"))
    if carried:
        told.append(f"{counted(carried, 'duty is', 'duties are')} carried by somebody else than the post it belongs to")
    if owed.n_without_provider:
        told.append(_lost(owed))
    if not told and owed.provider.size:
        told.append("Every duty is carried by the post it belongs to")
    return f"{'; '.join(told)}." if told else ""


def _lost(owed: Obligations) -> str:
    return f"{counted(owed.n_without_provider, 'duty has', 'duties have')} nobody to carry it"


def posts_section(pyramid: Pyramid, labels: Labels) -> Section:
    """List every post in order of priority, with the way its support takes."""
    return Section(
        anchor="posts",
        title="Who stands where",
        blocks=[
            Paragraph(
                "In order of priority: the customers stand before them all, then whoever is nearest to them. " + CHAIN
            ),
            Grid(
                caption="Posts in order of priority",
                header=("Post", "Tier", "Turns to", "Worth a look", "Steps to the customer"),
                n_texts=4,
                rows=_post_rows(pyramid, labels),
            ),
        ],
    )


def _way(ids: Sequence[str], labels: Labels) -> str:
    more = f" and {amount(len(ids) - MOST_STEPS)} more up the line" if len(ids) > MOST_STEPS else ""
    return labels.listed(ids[:MOST_STEPS]) + more or "nobody"


def _post_rows(pyramid: Pyramid, labels: Labels) -> Iterator[list[str]]:
    organisation = pyramid.organisation
    status = organisation.column("status")
    for one in pyramid.priority_order():
        row = organisation.index_of(one)
        chain = support_chain(organisation, one)
        steps = pyramid.line_distance[row]
        title = labels.title(row)
        looks = [name.replace("_", " ") for name, mask in pyramid.flags.items() if mask[row]]
        looks = [*([str(status[row])] if status[row] not in {None, "active"} else []), *looks]
        yield [
            f"{labels.post(row)}, {title}" if title else labels.post(row),
            tier_name(int(pyramid.tier[row])),
            _way(chain.ids, labels),
            ", ".join(looks),
            "" if math.isnan(steps) else f"{steps:.0f}",
        ]
