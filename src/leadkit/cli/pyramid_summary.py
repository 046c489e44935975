"""What the command line says about an organisation: a line a tier, and a line a finding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from leadkit.errors import MOST_FAULTS_SHOWN
from leadkit.org import ChangeAgents, Diagnosis, DisclosedRollUp, InfluenceReport, Pyramid, Structure, Thread, Tier
from leadkit.plots.tiers import amount_text, counted, tier_name

__all__ = ["diagnosis_line", "found_lines", "summary_lines"]

LEVEL_NAMES = {
    "leadership": "begin with the leadership",
    "team_support": "begin with the team's support and environment",
    "individual": "begin with the individual",
    None: "no level to begin with stands out",
}


def summary_lines(pyramid: Pyramid, structure: Structure, *, name: str, is_short: bool = False) -> list[str]:
    """Describe a pyramid: its size, a line a tier, spans, the way to the customer, and what is wrong with the table.

    In short that is its size, and what is wrong where anything is.
    """
    organisation = pyramid.organisation
    sizes = [counted(organisation.n, "post")]
    if pyramid.weights != "posts":
        sizes.append(amount_text(sum(pyramid.tier_counts.values()), pyramid.weights))
    sizes += [counted(structure.n_layers, "layer"), counted(len(organisation.root_ids), "top")]
    head = f"{name}: {', '.join(sizes)}"
    if is_short:
        return [head, *(_violations(pyramid) if organisation.violations else ())]
    return [
        head,
        *_tiers(pyramid),
        *_spans(structure),
        *_way(pyramid),
        *_violations(pyramid),
    ]


def _tiers(pyramid: Pyramid) -> Iterator[str]:
    posts = np.bincount(pyramid.tier, minlength=Tier.SUPPORT + 1)
    total = sum(pyramid.tier_counts.values())
    rows = [("Customers", "", "", "")]
    for tier, count in pyramid.tier_counts.items():
        if tier is Tier.SUPPORT and not posts[tier]:
            continue
        weight = "" if pyramid.weights == "posts" else amount_text(count, pyramid.weights)
        share = f"{count / total:.0%}" if total else ""
        rows.append((tier_name(tier), counted(int(posts[tier]), "post"), weight, share))
    first, *others = (max(len(row[at]) for row in rows) for at in range(4))
    for label, *texts in rows:
        cells = [f"{text:>{width}}" for text, width in zip(texts, others, strict=True) if width]
        yield "  ".join([f"  {label:<{first}}", *cells]).rstrip()


def _spans(structure: Structure) -> Iterator[str]:
    if math.isnan(structure.mean_span):
        return
    bands = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in structure.band_counts.items() if count)
    yield (
        f"spans: {counted(structure.n_managers, 'manager')}, {structure.mean_span:.1f} direct reports on average, "
        f"{structure.max_span:g} at most ({bands})"
    )


def _way(pyramid: Pyramid) -> Iterator[str]:
    roots = pyramid.line_distance[pyramid.organisation.tree.roots]
    known = roots[~np.isnan(roots)]
    if known.size:
        low, high = int(known.min()), int(known.max())
        yield f"customers: {counted(high, 'step') if low == high else f'{low} to {high} steps'} from the top"


def _violations(pyramid: Pyramid) -> Iterator[str]:
    found = pyramid.organisation.violations
    if not found:
        yield "table: nothing wrong was found"
        return
    counts = Counter((one.code, one.repair is not None) for one in found)
    kinds = ", ".join(f"{n} {code}{' (repaired)' if repaired else ''}" for (code, repaired), n in counts.items())
    yield f"table: {kinds}"
    yield from (f"  {one.message}" for one in found[:MOST_FAULTS_SHOWN])
    if len(found) > MOST_FAULTS_SHOWN:
        yield f"  ... and {len(found) - MOST_FAULTS_SHOWN} more"


def found_lines(results: Mapping[str, Any]) -> Iterator[str]:
    """Say in a line what each result comes down to, from what may be shown alone."""
    for name, tell in TELLERS.items():
        if name in results:
            yield tell(results[name])


def _roll_up_line(found: DisclosedRollUp) -> str:
    whole = sum(found.reason_counts.values())
    return f"scores by line: {found.reason_counts['published']:,} of {counted(whole, 'line')} may be shown together"


def _thread_line(found: Thread) -> str:
    parts = (("holds", found.unbroken_share), ("breaks", found.broken_share), ("is unknown", found.unknown_share))
    told = ", ".join(f"{word} for {_share(value)}" for word, value in parts)
    return f"golden thread: {told} of the front line"


def _agents_line(found: ChangeAgents) -> str:
    return f"change agents: {_share(found.engaged_share)} engaged, on {_share(found.covered_share)} of the front-line threads"


def diagnosis_line(found: Diagnosis) -> str:
    """Say at which level to begin, and by which rule."""
    return f"root cause: {LEVEL_NAMES[found.first]} ({found.rule})"


def _influence_line(found: InfluenceReport) -> str:
    leaders = "not shown" if found.n_informal_leaders is None else f"{found.n_informal_leaders:,}"
    return f"informal leaders: {leaders}; {found.n_respondents:,} of {found.n:,} people answered"


def _share(value: float) -> str:
    return "(not shown)" if math.isnan(value) else f"{value:.0%}"


TELLERS: Mapping[str, Any] = {
    "roll_up": _roll_up_line,
    "thread": _thread_line,
    "agents": _agents_line,
    "diagnosis": diagnosis_line,
    "influence": _influence_line,
}
