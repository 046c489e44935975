"""Sections on what runs through all levels: the golden thread, scores by level, alignment, the change agents."""

from __future__ import annotations

import math

from leadkit.org import Alignment, ChangeAgents, LevelView, Thread, Tier
from leadkit.plots.tiers import UNITS, counted, tier_name
from leadkit.reports.blocks import BarLine, Bars, Block, Facts, Grid, Paragraph, Section, Sentences, first_rows
from leadkit.reports.figures import decimal
from leadkit.reports.pyramid_wording import amount, doubts, number_or_words, percent_or_words, share_bar
from leadkit.reports.wording import WITHHELD

__all__ = ["agents_section", "alignment_section", "levels_section", "thread_section"]

THREAD = (
    "A thread belongs to each front-line post: its holder and every leader above, up to the top. It holds when all of "
    "them reach what is asked; it breaks where a known score falls short; it is unknown where a leader's score is "
    "missing. A missing score never breaks a thread."
)
AGENTS = (
    "Middle managers carry a change from the top to the front line. A front-line thread is covered when at least one "
    "engaged middle manager stands on it."
)
STAND_IN = (
    "No middle manager's post is filled, so the front-line leaders stand in. A front-line thread is covered when at "
    "least one engaged front-line leader stands on it."
)
SUBTRACTED = (
    "They are left out here: scores by level and scores by line are two cuts of the same answers, and could be "
    "subtracted from each other."
)
ALIGNED = (
    "Everybody put the same priorities in order. Kendall's W says how far all of them agree: 0 is no agreement, 1 the "
    "same order throughout; among few people it is high by chance. Tau compares two orders: 1 is the same, 0 no "
    "relation, \N{MINUS SIGN}1 the reverse."
)


def thread_section(thread: Thread) -> Section:
    """Describe a disclosed golden thread."""
    if not thread.n_threads:
        return Section(anchor="thread", title="The golden thread", blocks=[Sentences(doubts(thread.flags))])
    unit = UNITS[thread.weights][1]
    parts = (
        ("Hold", "everybody up to the top reaches what is asked", thread.unbroken_share),
        ("Break", "somebody falls short", thread.broken_share),
        ("Unknown", "a score is missing", thread.unknown_share),
    )
    statuses = Bars(
        caption=f"{counted(thread.n_threads, 'front-line thread')}, by what became of them",
        header=("Threads that", "Share", "Picture, 0 to 100 %"),
        lines=[_line(name, about, value) for name, about, value in parts],
    )
    breaks = Bars(
        caption="Where threads break first, coming from the customers",
        header=("Tier", "Share of all threads", "Picture, 0 to 100 %"),
        lines=[
            _line(tier_name(tier), _asked(thread, tier), value)
            for tier, value in thread.first_break.items()
            if tier is not Tier.CUSTOMER and (tier is not Tier.SUPPORT or value)
        ],
    )
    asked = sorted({f"{limit:g}" for limit in thread.threshold.values()})
    blocks: list[Block] = [
        Paragraph(THREAD),
        statuses,
        breaks,
        Facts(
            [
                ("Least score that is enough", asked[0] if len(asked) == 1 else "by tier, see above"),
                ("Shares count", unit + " of the front line"),
                ("Vacant links, counted on every thread", amount(thread.n_vacant_links)),
            ]
        ),
        Sentences(doubts(thread.flags)),
    ]
    return Section(anchor="thread", title="The golden thread", short=_thread_short(thread), blocks=blocks)


def _asked(thread: Thread, tier: Tier) -> str:
    limit = thread.threshold.get(tier, math.nan)
    return "" if math.isnan(limit) else f"asked: {limit:g}"


def _thread_short(thread: Thread) -> str:
    if math.isnan(thread.unbroken_share):
        return "How many golden threads hold is not shown, because it would tell about too few people."
    told = f"The golden thread holds for {percent_or_words(thread.unbroken_share)} of the front line"
    known = {tier: value for tier, value in thread.first_break.items() if value > 0}
    if not known or math.isnan(sum(thread.first_break.values())):
        return f"{told}."
    worst = max(known, key=lambda tier: (known[tier], -int(tier)))
    return f"{told}; where it breaks, it does so most often among the {tier_name(worst).lower()}."


def levels_section(view: LevelView, *, is_beside_lines: bool = False) -> Section:
    """Describe disclosed scores by level; beside scores by line they would be a second cut of the same answers."""
    is_tier = view.by == "tier"
    first, last = ("the front line", "the top") if is_tier else ("the top", "the front line")
    blocks: list[Block] = [
        Paragraph(
            f"Levels are {'tiers' if is_tier else 'layers'}, from {first} to {last}. Where the means of two neighbours lie "
            "far apart, the two see different organisations."
        )
    ]
    if is_beside_lines:
        return Section(anchor="levels", title="Scores by level", blocks=[*blocks, Paragraph(SUBTRACTED)])
    names = [tier_name(level) if is_tier else f"Layer {level}" for level in view.levels.tolist()]
    rows = [
        [name, _count(n), *map(number_or_words, (mean, sd))]
        for name, n, mean, sd in zip(names, view.n.tolist(), view.means.tolist(), view.sds.tolist(), strict=True)
    ]
    blocks += first_rows(
        Grid(caption="Scores by level", header=("Level", "People", "Mean", "Standard deviation"), rows=rows), "levels"
    )
    if "levels_hidden" not in view.flags:
        blocks.append(Facts(_level_facts(view, last)))
    blocks.append(Sentences(doubts(view.flags)))
    gap = view.max_adjacent_gap
    short = "" if math.isnan(gap) else f"Neighbouring levels differ by at most {decimal(gap)} points."
    return Section(anchor="levels", title="Scores by level", short=short, blocks=blocks)


def _level_facts(view: LevelView, last: str) -> list[tuple[str, str]]:
    return [
        ("Largest difference between neighbours", number_or_words(view.max_adjacent_gap)),
        (f"Change from one level to the next, towards {last}", _slope(view)),
        ("Share of the differences that lies between levels", percent_or_words(view.eta_squared)),
        ("ICC(1), ICC(2)", f"{number_or_words(view.icc1)}, {number_or_words(view.icc2)}"),
    ]


def _slope(view: LevelView) -> str:
    chance = f" (p = {decimal(view.slope_p, 3)})" if decimal(view.slope_p) else ""
    return f"{number_or_words(view.slope)} points{chance}" if decimal(view.slope) else WITHHELD


def alignment_section(found: Alignment) -> Section:
    """Describe a disclosed alignment."""
    w = number_or_words(found.kendall_w)
    layers = zip(
        found.n_by_layer.tolist(),
        found.w_by_layer.tolist(),
        found.n_pairs_by_layer.tolist(),
        found.boss_tau_by_layer.tolist(),
        strict=True,
    )
    return Section(
        anchor="alignment",
        title="Pulling in the same direction",
        short="" if math.isnan(found.kendall_w) else _alignment_short(found),
        blocks=[
            Paragraph(ALIGNED),
            Facts(
                [
                    ("Who answered", counted(found.n_raters, "person", "people") + f", {found.n_items} priorities"),
                    ("Agreement of all (W)", w),
                    (
                        "Agreement along a line, from a post to the top (mean W)",
                        _with_n(found.chain_w_mean, found.n_chains, "line"),
                    ),
                    ("Agreement with the own boss (mean tau)", _with_n(found.boss_tau_mean, found.n_pairs, "pair")),
                    ("The same as a rank correlation (Spearman)", number_or_words(found.boss_spearman_mean)),
                    (
                        "Agreement with the endgame (mean tau)",
                        _with_n(found.endgame_tau_mean, found.n_compared, "person", "people"),
                    ),
                    (
                        "Pull in the direction of the endgame (tau above 0)",
                        percent_or_words(found.same_direction_share),
                    ),
                ]
            ),
            *first_rows(
                Grid(
                    caption="Agreement by layer; the boss's layer is the one above",
                    header=("Layer", "People", "W among them", "With a boss", "Mean tau with the boss"),
                    rows=[
                        [f"Layer {layer}", _count(n), number_or_words(own), _count(pairs), number_or_words(tau)]
                        for layer, (n, own, pairs, tau) in enumerate(layers, start=1)
                    ],
                ),
                "layers",
            ),
            Sentences(doubts(found.flags)),
        ],
    )


def _alignment_short(found: Alignment) -> str:
    told = (
        f"Agreement on priorities is {number_or_words(found.kendall_w)}, where 1 is the same order throughout, among "
        f"{counted(found.n_raters, 'person', 'people')}"
    )
    same = found.same_direction_share
    return told + ("." if math.isnan(same) else f"; {percent_or_words(same)} pull in the direction of the endgame.")


def _count(n: float) -> str:
    return WITHHELD if math.isnan(n) else amount(n)


def _with_n(value: float, n: int | None, one: str, many: str = "") -> str:
    return (
        number_or_words(value)
        if n is None or math.isnan(value)
        else f"{number_or_words(value)} ({counted(n, one, many)})"
    )


def agents_section(agents: ChangeAgents) -> Section:
    """Describe disclosed change agents."""
    stands_in = "no_middle_tier" in agents.flags
    who = "front-line leader" if stands_in else "middle manager"
    blocks: list[Block] = [Paragraph(STAND_IN if stands_in else AGENTS)]
    if agents.n_agents:
        blocks.append(
            Bars(
                caption=f"{counted(agents.n_agents, who)}, by engagement",
                header=("They are", "Share", "Picture, 0 to 100 %"),
                lines=[
                    _line("Engaged", f"score of {agents.threshold:g} or more", agents.engaged_share),
                    _line("Not engaged", "", agents.not_engaged_share),
                    _line("Unknown", "no score", agents.unknown_share),
                ],
            )
        )
    if agents.n_threads:
        blocks.append(
            Bars(
                caption=f"{counted(agents.n_threads, 'front-line thread')}, by whether a {who} carries the change there",
                header=("Threads", "Share", "Picture, 0 to 100 %"),
                lines=[
                    _line("Covered", f"an engaged {who} stands on it", agents.covered_share),
                    _line("Not covered", "all are known, and none is engaged", agents.not_covered_share),
                    _line("Unknown", "none is engaged, and a score is missing", agents.unknown_share_of_threads),
                    _line("Nobody there", f"no {who} stands on it", agents.no_agent_share),
                ],
            )
        )
    told = set(agents.flags) - {"no_middle_tier"}
    blocks.append(Sentences(doubts(told)))
    covered = agents.covered_share
    short = (
        ""
        if math.isnan(covered)
        else f"An engaged {who} stands on {percent_or_words(covered)} of the front-line threads."
    )
    return Section(anchor="agents", title="The change agents", short=short, blocks=blocks)


def _line(name: str, about: str, value: float) -> BarLine:
    return BarLine(name=name, about=about, value=percent_or_words(value), bar=share_bar(value))
