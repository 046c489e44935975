"""The section on the pyramid itself: tiers from the customers down, distance to the customer, faults of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from leadkit.org import ORG_FLAGS, Pyramid, Tier, Violation
from leadkit.plots.tiers import UNITS, amount_text, counted, tier_name
from leadkit.reports.blocks import (
    MOST_ROWS,
    Band,
    Bands,
    Block,
    Facts,
    Figures,
    Grid,
    Heading,
    Paragraph,
    Section,
    Sentences,
)
from leadkit.reports.figures import percent
from leadkit.reports.pyramid_wording import amount, tier_phrase
from leadkit.typing import FloatArray

__all__ = ["facing_share", "tiers_section"]

MOST_MESSAGES = 20
READING = (
    "Customers stand on top. Below them stands whoever serves them, and each tier carries the one above: leaders are "
    "there so that those above them can do their work."
)
DISTANCE = (
    "A post that faces customers is one step from them. Everybody else is one step further away than the nearest of "
    "their direct reports: the more steps, the longer a customer's word takes to arrive. Across all lines, the shortest "
    "way may also lead up and down again."
)
CODES = {
    "blank_id": "A row without an id",
    "duplicate_id": "A post that is there twice, with the same manager and title",
    "conflicting_duplicate": "A post that is there twice, with different facts",
    "unknown_manager": "A manager who is nobody in the table",
    "self_manager": "Somebody who reports to themselves",
    "cycle": "People who report to each other in a circle",
    "unreachable": "People whose line never reaches a top",
    "no_root": "Nobody on top",
    "multiple_roots": "More than one top",
    "unknown_reference": "A reference to somebody who is not in the table",
    "bad_value": "A value that cannot be",
    "id_case_or_space": "Ids that differ in capitals or blanks alone",
    "inactive_manager": "Somebody who has left and still has reports",
    "vacancy_chain": "A vacant post under a vacant post",
    "dotted_cycle": "Solid and dotted lines that form a circle",
}
"""What a violation is, by its code."""


def facing_share(pyramid: Pyramid) -> float:
    """Give the share of the weight that faces customers; NaN without weight."""
    weight = pyramid.organisation.weights(pyramid.weights)
    total = float(weight.sum())
    return float(weight[pyramid.faces_customers].sum()) / total if total > 0 else float("nan")


def tiers_section(pyramid: Pyramid) -> Section:
    """Describe the pyramid."""
    organisation = pyramid.organisation
    facing = facing_share(pyramid)
    unit = UNITS[pyramid.weights][1]
    figures = [("posts", amount(organisation.n))]
    if pyramid.weights != "posts":
        figures.append((unit, amount(sum(pyramid.tier_counts.values()))))
    figures += [
        ("layers from the top to the last post", amount(organisation.tree.n_layers)),
        (f"share of the {unit} who face customers", percent(facing) or "not known"),
    ]
    return Section(
        anchor="pyramid",
        title="The inverted pyramid",
        short=_short(pyramid, facing, unit),
        blocks=[
            Figures(figures),
            Paragraph(READING),
            Bands(bands=_bands(pyramid), caption=f"Width of a band: its share of the {unit}."),
            _tier_table(pyramid),
            *_empty(pyramid),
            Heading("Distance to the customer"),
            Paragraph(DISTANCE),
            *_distances(pyramid),
            Heading("What the table of people gets wrong"),
            *_violations(organisation.violations),
            *_doubtful(pyramid),
        ],
    )


def _short(pyramid: Pyramid, facing: float, unit: str) -> str:
    told = f"{counted(pyramid.organisation.n, 'post')} in {counted(pyramid.organisation.tree.n_layers, 'layer')}"
    faces = f"; {percent(facing)} of the {unit} face customers" if percent(facing) else ""
    if not pyramid.organisation.n:
        return "There is no post."
    empty = f"; nobody stands among the {tier_phrase(pyramid.empty_tiers)}" if pyramid.empty_tiers else ""
    return f"{told}{faces}{empty}."


def _bands(pyramid: Pyramid) -> Iterator[Band]:
    counts = pyramid.tier_counts
    total, widest = sum(counts.values()), max(counts.values(), default=0.0)
    yield Band(name=tier_name(Tier.CUSTOMER), text="", width=100.0, role="customers")
    for tier, count in counts.items():
        if tier is Tier.CUSTOMER or (tier is Tier.SUPPORT and not (pyramid.tier == Tier.SUPPORT).any()):
            continue
        if tier in pyramid.empty_tiers:
            yield Band(name=tier_name(tier), text="no post", width=100.0 if not widest else 12.0, role="empty")
            continue
        width = round(100 * count / widest, 2) if widest else 0.0
        text = amount_text(count, pyramid.weights) + (f", {percent(count / total)}" if total else "")
        yield Band(name=tier_name(tier), text=text, width=width, role="support" if tier is Tier.SUPPORT else "tier")


def _tier_table(pyramid: Pyramid) -> Grid:
    posts = np.bincount(pyramid.tier, minlength=Tier.SUPPORT + 1)
    total = sum(pyramid.tier_counts.values())
    header = ["Tier", "Posts"]
    if pyramid.weights != "posts":
        header.append(UNITS[pyramid.weights][1].capitalize())
    rows = []
    for tier, count in pyramid.tier_counts.items():
        row = [tier_name(tier), amount(int(posts[tier]))]
        row += [amount(count)] if pyramid.weights != "posts" else []
        rows.append([*row, percent(count / total) if total else ""])
    return Grid(caption="Posts by tier", header=[*header, f"Share of the {UNITS[pyramid.weights][1]}"], rows=rows)


def _empty(pyramid: Pyramid) -> Iterator[Block]:
    if pyramid.empty_tiers:
        yield Paragraph(
            f"No post stands among the {tier_phrase(pyramid.empty_tiers)}. An empty tier is no fault; it tells who has "
            "to do its work besides their own."
        )
    if pyramid.tier_counts[Tier.SUPPORT] or (pyramid.tier == Tier.SUPPORT).any():
        yield Paragraph("Support posts stand outside the five tiers: they serve those who serve.", "legend")


def _distances(pyramid: Pyramid) -> Iterator[Block]:
    lines, ways = _by_step(pyramid.line_distance), _by_step(pyramid.network_distance)
    steps = sorted({*lines, *ways} - {0})
    rows = [[_step_name(step), amount(lines[step]), amount(ways[step])] for step in steps[:MOST_ROWS]]
    if len(steps) > MOST_ROWS:
        rest = steps[MOST_ROWS:]
        rows.append([f"{rest[0]} and more", *(amount(sum(of[step] for step in rest)) for of in (lines, ways))])
    rows.append(["no way to a customer", amount(lines[0]), amount(ways[0])])
    yield Grid(
        caption="Posts by steps to the customer",
        header=("Steps", "Down the own line", "Across all lines"),
        rows=rows,
    )
    away = pyramid.line_distance[pyramid.organisation.tree.roots]
    known = away[~np.isnan(away)]
    if known.size:
        yield Facts([("From the top to the customer, down the own line", _span(known))])


def _by_step(distance: FloatArray) -> Counter[int]:
    """Count posts by steps; 0 stands for no way."""
    steps = np.where(np.isnan(distance), 0, distance).astype(np.int64)
    found, counts = np.unique(steps, return_counts=True)
    return Counter(dict(zip(found.tolist(), counts.tolist(), strict=True)))


def _step_name(step: int) -> str:
    return "1 (faces customers)" if step == 1 else str(step)


def _span(values: FloatArray) -> str:
    low, high = int(values.min()), int(values.max())
    return counted(high, "step") if low == high else f"{amount(low)} to {counted(high, 'step')}"


def _violations(found: tuple[Violation, ...]) -> Iterator[Block]:
    if not found:
        yield Paragraph("Nothing: every line leads to a top, and no reference hangs in the air.")
        return
    counts = Counter((violation.code, violation.severity) for violation in found)
    repairs: dict[str, set[str]] = {}
    for violation in found:
        repairs.setdefault(violation.code, set()).add(violation.repair or "none; worth a look")
    yield Grid(
        caption="What was found, and what was done about it",
        header=("What", "Kind", "Repair", "Times"),
        n_texts=3,
        rows=[
            (
                CODES.get(code, code),
                severity,
                next(iter(repairs[code])) if len(repairs[code]) == 1 else "each as told below",
                amount(count),
            )
            for (code, severity), count in counts.items()
        ],
    )
    yield Sentences(
        _told(violation, tells_repair=len(repairs[violation.code]) > 1) for violation in found[:MOST_MESSAGES]
    )
    more = f"… and {amount(len(found) - MOST_MESSAGES)} more. " if len(found) > MOST_MESSAGES else ""
    yield Paragraph(f"{more}Rows are lines of the file; from a program they are counted from 0.", "legend")


def _told(violation: Violation, *, tells_repair: bool) -> str:
    repair = f"; {violation.repair}" if tells_repair and violation.repair else ""
    return f"{violation.message[:1].upper()}{violation.message[1:]}{repair}"


def _doubtful(pyramid: Pyramid) -> Iterator[Block]:
    raised = [(name, int(mask.sum())) for name, mask in pyramid.flags.items() if mask.any()]
    if raised:
        yield Paragraph("Some posts are placed on an assumption, or stand in an unusual place:")
        yield Sentences(f"{counted(count, 'post')}: {ORG_FLAGS[name]}" for name, count in raised)
