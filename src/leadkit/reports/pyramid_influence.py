"""Sections on people beside the line: leadership without a position, and who could follow or fill in."""

from __future__ import annotations

from collections.abc import Iterable

from leadkit.org import BusFactor, InfluenceReport, SuccessionCover
from leadkit.plots.tiers import counted, tier_name
from leadkit.reports.blocks import Block, Facts, Figures, Grid, Heading, Paragraph, Section, Sentences
from leadkit.reports.figures import percent
from leadkit.reports.pyramid_wording import Labels, amount, doubts, number_or_words, percent_or_words

__all__ = ["influence_section", "succession_section"]

MOST_LEADERS = 50
MEASURES = {
    "in_degree": "how many name somebody",
    "pagerank": "how many name somebody, counting more who are named much themselves",
    "betweenness": "how often somebody lies on the way between two others",
    "harmonic": "how near somebody is to all others",
    "eigenvector": "being named by those who are named much",
}
INFLUENCE = (
    "Influence comes from whom colleagues turn to, authority from the position. Both are ranks between 0 and 1 among "
    "all who were asked about. An informal leader has no position of leadership, and {at} of the colleagues or more have "
    "less influence."
)


def influence_section(found: InfluenceReport, labels: Labels) -> Section:
    """Describe leadership without a position, as far as those concerned agree to be shown."""
    blocks: list[Block] = [
        Figures(
            [
                (f"answered, of {counted(found.n, 'person', 'people')}", amount(found.n_respondents)),
                (
                    "informal leaders",
                    "not shown" if found.n_informal_leaders is None else amount(found.n_informal_leaders),
                ),
            ]
        ),
        Paragraph(INFLUENCE.format(at=percent(found.informal_at))),
        Facts(_facts(found)),
        Grid(
            caption="Influence by tier",
            header=("Tier", "People", "Mean influence", "Influence less authority"),
            rows=[
                [tier_name(tier), amount(one.n), number_or_words(one.mean_influence), number_or_words(one.mean_gap)]
                for tier, one in found.by_tier.items()
            ],
        ),
        *_leaders(found, labels),
        Sentences(doubts(found.flags)),
    ]
    return Section(
        anchor="influence",
        title="Leadership without a position",
        short=_short(found),
        blocks=blocks,
    )


def _short(found: InfluenceReport) -> str:
    if found.n_informal_leaders is None:
        return ""
    return f"{counted(found.n_informal_leaders, 'colleague leads', 'colleagues lead')} without a position."


def _facts(found: InfluenceReport) -> list[tuple[str, str]]:
    return [
        ("Question", found.question),
        ("Influence is read from", "; ".join(MEASURES[measure] for measure in found.measures)),
        ("Influence and authority go together (tau, \N{MINUS SIGN}1 to 1)", number_or_words(found.tau_b)),
        (
            f"Overlap of the {found.top_k} most influential with the {found.top_k} of highest authority",
            percent_or_words(found.top_k_overlap),
        ),
        (
            "Ties to formal leaders that come from outside their own line",
            percent_or_words(found.formal_persuasive_share),
        ),
        ("Those with a boss who name the boss", percent_or_words(found.boss_sought_share)),
        ("Ties that run to the own boss", percent_or_words(found.ties_to_boss_share)),
    ]


def _leaders(found: InfluenceReport, labels: Labels) -> Iterable[Block]:
    shown = found.informal_leader_ids
    if shown:
        place = {one: row for row, one in enumerate(found.ids)}
        rows = [
            [
                labels.by_id(one),
                *(number_or_words(float(values[place[one]])) for values in (found.influence, found.gap)),
                *(percent_or_words(float(values[place[one]])) for values in (found.in_degree, found.persuasive_share)),
            ]
            for one in shown[:MOST_LEADERS]
        ]
        yield Grid(
            caption="Informal leaders who agree to be shown",
            header=("Person", "Influence", "Less authority", "Named by", "Of these, outside the own line"),
            rows=rows,
        )
        if len(shown) > MOST_LEADERS:
            yield Paragraph(f"… and {amount(len(shown) - MOST_LEADERS)} more.", "legend")
    if found.n_withheld:
        yield Paragraph(
            f"{counted(found.n_withheld, 'informal leader is', 'informal leaders are')} not listed here.", "legend"
        )


def succession_section(found: Iterable[BusFactor | SuccessionCover], labels: Labels) -> Section:
    """Describe what rests on few, and who could follow."""
    blocks: list[Block] = []
    told = []
    for one in found:
        if isinstance(one, BusFactor):
            blocks += _functions(one, labels)
            told.append(_functions_short(one))
        else:
            blocks += _posts(one, labels)
            told.append(
                f"{percent(one.cover_share)} of the critical posts could be filled at once." if one.post_ids else ""
            )
        blocks.append(Sentences(doubts(one.flags)))
    return Section(anchor="succession", title="If somebody leaves", short=" ".join(filter(None, told)), blocks=blocks)


def _functions_short(found: BusFactor) -> str:
    single, none = len(found.single_points), len(found.uncovered)
    if not found.functions:
        return ""
    gaps = f", {amount(none)} on nobody" if none else ""
    return f"{counted(single, 'critical function rests', 'critical functions rest')} on one person{gaps}."


def _functions(found: BusFactor, labels: Labels) -> Iterable[Block]:
    yield Heading("Critical functions")
    rests = {name: labels.by_id(one) for name, one in found.single_points.items()}
    yield Grid(
        caption="How many could keep each function going",
        header=("Function", "Rests on", "People"),
        n_texts=2,
        rows=[
            [name, rests.get(name, "several" if n else "nobody"), amount(n)]
            for name, n in zip(found.functions, found.n_proficient.tolist(), strict=True)
        ],
    )


def _posts(found: SuccessionCover, labels: Labels) -> Iterable[Block]:
    yield Heading("Critical posts")
    columns = (found.n_now.tolist(), found.n_year.tolist(), found.n_later.tolist())
    yield Grid(
        caption="Who could follow on each post",
        header=("Post", "At once", "Within a year", "Later"),
        rows=[
            [labels.by_id(post), *map(amount, counts)] for post, *counts in zip(found.post_ids, *columns, strict=True)
        ],
    )
    facts = []
    if found.post_ids:
        facts.append(("Posts that nobody could take over at once", labels.listed(found.without_ready_now) or "none"))
        facts.append(("Posts that could be filled at once", percent(found.cover_share)))
    facts += [
        (f"Down for more than one post: {labels.by_id(one)}", labels.listed(posts))
        for one, posts in found.shared_successors.items()
    ]
    yield Facts(facts)
