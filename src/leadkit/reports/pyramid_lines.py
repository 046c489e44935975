"""The section on scores by line: the means of whole lines that may be published together."""

from __future__ import annotations

import math

import numpy as np

from leadkit.org import DisclosedRollUp, Organisation
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import BarLine, Bars, Block, Facts, Grid, Paragraph, Section, Sentences
from leadkit.reports.geometry import Bar, share
from leadkit.reports.pyramid_wording import Labels, amount, doubts, number_or_words
from leadkit.reports.wording import WITHHELD

__all__ = ["lines_section"]

MOST_LINES = 200
DEEPEST_STEP = 8
LINES = (
    "A line is a leader and everybody below. Its score is the mean of all in it who answered. Which lines are shown is "
    "decided for all of them together, so that no difference between two of them tells about too few people."
)
REASONS = {
    "published": "Lines that are shown",
    "no_response": "Lines and posts without an answer",
    "below_minimum": "Lines and posts with fewer than {minimum} answers",
    "complementary": "Lines that would give a smaller one away by subtraction",
}
MARKED = {
    "unanimous": "everybody gave the same answer, at an end of the scale",
    "unanimous_rest": "those outside the lines shown below gave the same answer, at an end of the scale",
}


def lines_section(found: DisclosedRollUp, organisation: Organisation, labels: Labels) -> Section:
    """Describe disclosed scores by line; what is held back is counted by reason, and never named."""
    rows = organisation.indices_of(found.ids)
    depth = organisation.tree.depth[rows]
    kept = _kept(depth)
    order = kept[np.argsort(organisation.tree.position[rows[kept]], kind="stable")].tolist()
    steps = dict(zip(order, (depth[order] - depth.min()).tolist() if order else [], strict=True))
    draw = _bars if len(found.column_names) == 1 else _grid
    blocks: list[Block] = [Paragraph(LINES)]
    if order:
        blocks.append(draw(found, labels, rows.tolist(), order, steps))
    else:
        blocks.append(Paragraph("No line has enough answers to be shown.", "answer"))
    if len(order) < len(found.ids):
        more = counted(len(found.ids) - len(order), "line")
        blocks.append(Paragraph(f"{more} further down may be shown too; the page stops here for length.", "legend"))
    counts = [(REASONS[reason].format(minimum=found.min_n), amount(n)) for reason, n in found.reason_counts.items()]
    if found.n_incomplete:
        counts.append(("People left out because they answered in part", amount(found.n_incomplete)))
    told = set(found.flags) - {"unanimous", "unanimous_rest"}
    blocks += [Facts(counts), Sentences(doubts(told))]
    return Section(anchor="lines", title="Scores by line", short=_short(found), blocks=blocks)


def _kept(depth: np.ndarray) -> np.ndarray:
    """Keep whole layers from the top as long as the page can hold them, and the first lines of the next."""
    return np.sort(np.argsort(depth, kind="stable")[:MOST_LINES])


def _short(found: DisclosedRollUp) -> str:
    """Give the span, and name nobody: this stands at the top of the page."""
    if len(found.column_names) > 1 or len(found.ids) < 2:
        return ""
    span = f"{number_or_words(float(found.means.min()))} to {number_or_words(float(found.means.max()))}"
    return f"Scores run from {span} over the {counted(len(found.ids), 'line')} that may be shown."


def _bars(found: DisclosedRollUp, labels: Labels, rows: list[int], order: list[int], steps: dict[int, int]) -> Bars:
    means = found.means[:, 0]
    low, high = float(means[order].min()), float(means[order].max())
    lines = [
        BarLine(
            name=labels.apart(rows[i])[0],
            about=labels.apart(rows[i])[1],
            value=number_or_words(float(means[i])),
            details=[
                counted(int(found.n.reshape(len(rows), -1)[i, 0]), "answer"),
                *(MARKED[flag] for flag in found.node_flags[i]),
            ],
            bar=_place(float(means[i]), low, high),
            step=min(steps[i], DEEPEST_STEP),
        )
        for i in order
    ]
    span = f"{number_or_words(low)} to {number_or_words(high)}"
    return Bars(
        caption=f"Mean of {found.column_names[0]} by line, from the top down",
        header=("Line of", "Mean", f"Picture, {span}" if low < high else "Picture"),
        lines=lines,
        legend=f"Diamond: the mean, between the lowest and the highest one shown ({span}).",
    )


def _place(value: float, low: float, high: float) -> Bar:
    at = share(value, low, high) if low < high else 50.0
    return Bar(value=0.0, low=None, high=None, mark=at, composite=False)


def _grid(found: DisclosedRollUp, labels: Labels, rows: list[int], order: list[int], steps: dict[int, int]) -> Grid:
    n = np.broadcast_to(found.n.reshape(len(rows), -1), found.means.shape)
    lines = []
    for i in order:
        cells = [
            WITHHELD if math.isnan(mean) else f"{number_or_words(mean)} (n = {count})"
            for mean, count in zip(found.means[i].tolist(), n[i].tolist(), strict=True)
        ]
        notes = ", ".join(MARKED[flag] for flag in found.node_flags[i])
        lines.append(
            [labels.post(rows[i]), amount(steps[i] + 1), notes, *cells]
            if any(found.node_flags)
            else [labels.post(rows[i]), amount(steps[i] + 1), *cells]
        )
    header = ["Line of", "Layer", *(["Worth a look"] if any(found.node_flags) else []), *found.column_names]
    return Grid(
        caption="Means by line, from the top down, and how many answered",
        header=header,
        rows=lines,
        n_texts=2 + any(found.node_flags),
    )
