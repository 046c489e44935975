"""Organisation charts as SVG of rectangles and text: each leader carries their reports, the customers on top."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from leadkit.interchange._chart import Chart, Label, chart_of, one_line
from leadkit.org import Organisation, Pyramid

__all__ = ["org_chart"]

MOST_NODES = 2000
LEAF, ROW, TALL, BAR, GAP = 26, 30, 128, 34, 3
LETTER = 6.4
NARROW = 70
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\ufffe\uffff]")
FILLS = {
    "front_line": "#cfe8f7",
    "front_line_leader": "#9fcdec",
    "middle_manager": "#d9a040",
    "senior_leader": "#828d99",
    "support": "#ffffff",
    "customer": "#ffffff",
}


def org_chart(
    organisation: Organisation,
    *,
    pyramid: Pyramid | None = None,
    inverted: bool = True,
    label: Label = "name",
    top: str | None = None,
    layers: int | None = None,
    max_nodes: int = MOST_NODES,
) -> str:
    """Draw an organisation as SVG: a bar for the customers, and every post as wide as all who rest on it.

    Parameters
    ----------
    organisation : leadkit.org.Organisation
        The people.
    pyramid : leadkit.org.Pyramid, optional
        Tiers, which colour the posts, and who faces customers; built from the organisation when None.
    inverted : bool
        Whether customers stand on top and leaders below; otherwise the other way round.
    label : {"name", "title", "id"}
        What stands on a post; the id where a name or title is missing. Long texts are cut.
    top : str, optional
        Draw this person's line alone.
    layers : int, optional
        Draw so many layers from the top.
    max_nodes : int
        Most posts.

    Returns
    -------
    str
        An `<svg>` element of `<rect>` and `<text>` alone; posts that nobody holds have a dashed edge.

    Raises
    ------
    OrgError
        There is too much to draw; the message says how much, and how to cut it.
    TypeError, ValueError
        An argument is of another kind, or the pyramid is that of another organisation.

    Examples
    --------
    >>> from leadkit.org import Organisation
    >>> drawing = org_chart(Organisation.from_columns(["ann", "bob"], [None, "ann"], names=["Ann", "Bob & Co"]))
    >>> drawing.count("<rect"), "Bob &amp; Co" in drawing
    (3, True)
    """
    chart = chart_of(organisation, pyramid=pyramid, label=label, top=top, layers=layers, max_nodes=max_nodes)
    left, width = _columns(chart)
    n_rows = max(chart.depth, default=-1) + 1
    carrying = set(chart.above)
    is_top = [i not in carrying for i in range(len(chart.labels))]
    total = max(1, sum(is_top)) * LEAF
    height = BAR + GAP + max(0, n_rows - 1) * ROW + (TALL if n_rows else 0)
    body = [_box(0, 0 if inverted else height - BAR, max(total, NARROW), BAR, "Customers", "#0072b2", "#ffffff")]
    for i, text in enumerate(chart.labels):
        tall = TALL if is_top[i] else ROW
        away = BAR + GAP + (n_rows - 1 - chart.depth[i]) * ROW + (TALL - tall if not is_top[i] else 0)
        y = away if inverted else height - away - tall
        body.append(_box(left[i], y, width[i], tall, text, FILLS[chart.tiers[i]], filled=chart.filled[i]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {max(total, NARROW)} {height}" '
        f'width="{max(total, NARROW)}" height="{height}" role="img" '
        f'aria-label="Organisation chart of {len(chart.labels)} posts" font-family="sans-serif" font-size="11">\n'
        + "\n".join(body)
        + "\n</svg>"
    )


def _columns(chart: Chart) -> tuple[list[int], list[int]]:
    """Place every post: as wide as the posts at the end of its lines, in the order of the chart."""
    ends = [0] * len(chart.labels)
    for i in range(len(ends) - 1, -1, -1):
        ends[i] = ends[i] or 1
        if chart.above[i] >= 0:
            ends[chart.above[i]] += ends[i]
    left = [0] * len(ends)
    free = [0] * len(ends)
    start = 0
    for i, above in enumerate(chart.above):
        left[i] = start if above < 0 else free[above]
        free[i] = left[i]
        if above < 0:
            start += ends[i] * LEAF
        else:
            free[above] += ends[i] * LEAF
    return left, [count * LEAF for count in ends]


def _box(
    x: int, y: int, width: int, height: int, text: str, fill: str, ink: str = "#1b1f24", *, filled: bool = True
) -> str:
    dashes = "" if filled else ' stroke-dasharray="4 2"'
    rectangle = (
        f'<rect x="{x}" y="{y}" width="{width - 2}" height="{height - 2}" fill="{fill}" stroke="#5b6570"{dashes}/>'
    )
    turned = width < NARROW <= height
    room = int(((height if turned else width) - 8) / LETTER)
    middle = f'x="{x + width / 2 - 1:g}" y="{y + height / 2 + 3:g}"'
    turn = f' transform="rotate(-90 {x + width / 2 - 1:g} {y + height / 2 - 1:g})"' if turned else ""
    return f'{rectangle}<text {middle}{turn} text-anchor="middle" fill="{ink}">{escape(_cut(text, room))}</text>'


def _cut(text: str, room: int) -> str:
    legal = ILLEGAL.sub("", one_line(text))
    if len(legal) <= room:
        return legal
    return legal[: room - 1] + "\N{HORIZONTAL ELLIPSIS}" if room > 1 else ""
