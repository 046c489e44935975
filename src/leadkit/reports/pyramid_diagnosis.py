"""The section on the diagnosis: at which level to begin, by which rule, on what evidence."""

from __future__ import annotations

import math

from attrs import evolve

from leadkit.org import Diagnosis
from leadkit.plots.labels import PERCENT
from leadkit.reports.blocks import BarLine, Bars, Block, Facts, Figures, Paragraph, Section, Sentences
from leadkit.reports.figures import chance, decimal, percent
from leadkit.reports.pyramid_wording import amount, doubts, number_or_words, percent_or_words, share_bar

__all__ = ["diagnosis_section"]

LEVELS = {
    "leadership": ("Leadership", "differences between the lines of second-level managers"),
    "team_support": ("Team's support and environment", "differences between the teams of one such line"),
    "individual": ("Individual", "lasting differences between people of one team"),
    "noise": ("Chance", "what changes from one measurement to the next"),
}
JOINED = ("Individual and chance", "people of one team, who were measured once each, so the two cannot be told apart")
BEGIN = {
    "leadership": "Begin with the leadership",
    "team_support": "Begin with the team's support and environment",
    "individual": "Begin with the individual",
}
RULES = {
    "too_few": "There are too few units, teams or people to tell levels apart, or what would name one rests on too few.",
    "systemic_shortfall": "{missing} of the teams miss the target of {target}. What falls short nearly everywhere is not "
    "the individual's.",
    "individual_not_separable": "Most of the differences lie between people of the same team, but everybody was measured "
    "once, so lasting differences cannot be told from chance.",
    "largest_component": "The largest share of the differences lies here, in at least {confidence} of the samples drawn "
    "anew from the data.",
    "no_clear_level": "No level has the largest share of the differences in at least {confidence} of the samples drawn "
    "anew from the data.",
}
TRAINING = {
    "leadership": "Training individuals is not the first thing to do. Look first at how these lines are led.",
    "team_support": "Training individuals is not the first thing to do. Look first at what teams have to work with: their "
    "leader's support, tools, staffing, processes.",
    "individual": "Training individuals is the first thing to consider: people of the same team, under the same leaders, "
    "differ lastingly.",
}
NO_LEVEL = "These numbers give no reason to begin with training."
SUBTRACTED = "The mean of all measurements is left out, because it could be subtracted from other means on this page."
RESAMPLED = {
    "units": "Whole units were drawn with replacement, {n} times.",
    "teams": "There are fewer than five units, so teams within units were drawn with replacement, {n} times.",
    "none": "There was too little to draw samples from, so there are no intervals.",
}


def diagnosis_section(found: Diagnosis, *, hides_mean: bool = False) -> Section:
    """Describe a disclosed diagnosis; the mean of the front line is left out where it could be subtracted from others."""
    if hides_mean:
        found = evolve(found, mean=math.nan, target_gap=math.nan)
    answer = BEGIN[found.first] if found.first else "No level to begin with stands out"
    blocks: list[Block] = [
        Paragraph(f"{answer}.", "answer"),
        Paragraph(f"{_rule(found)} {TRAINING[found.first] if found.first else NO_LEVEL}"),
        Bars(
            caption="Where people at the front line differ: shares of all differences, with 95 % intervals",
            header=("Level", "Share", "Picture, 0 to 100 %"),
            lines=_lines(found),
            legend="Bar: the share. Thin line: the 95 % interval.",
        ),
        Paragraph(found.note),
        Figures(
            [
                (noun, amount(count))
                for noun, count in (
                    ("units", found.n_units),
                    ("teams", found.n_teams),
                    ("people", found.n_people),
                    ("measurements", found.n_observations),
                )
            ]
        ),
        Facts(_facts(found)),
        Sentences([*doubts(found.flags), *([SUBTRACTED] if hides_mean else [])]),
    ]
    return Section(
        anchor="diagnosis",
        title="The root cause, before the training",
        short=f"{answer}.",
        doubt=_doubt(found),
        blocks=blocks,
    )


def _doubt(found: Diagnosis) -> str:
    """Say how sure the answer is; empty where there are no intervals."""
    if not found.first:
        return ""
    share, span = found.shares[found.first], found.intervals[found.first]
    if math.isnan(share + span.low + span.high):
        return ""
    likely = chance(found.support_probability.get(found.first, math.nan))
    told = f"{percent(share)} of the differences lie at this level (95{PERCENT} interval {percent(span.low)} to {percent(span.high)})"
    return f"{told}, the largest part in {likely} of the samples." if likely else f"{told}."


def _rule(found: Diagnosis) -> str:
    missing = found.share_of_teams_missing_target
    return RULES[found.rule].format(
        missing=f"At least {percent(found.systemic_share)}" if math.isnan(missing) else percent(missing),
        target=f"{found.target:g}",
        confidence=percent(found.confidence),
    )


def _lines(found: Diagnosis) -> list[BarLine]:
    joined = "not_separable" in found.flags
    lines = []
    for part, value in found.shares.items():
        if joined and part == "noise":
            continue
        name, about = JOINED if joined and part == "individual" else LEVELS[part]
        span = found.intervals[part]
        known = not math.isnan(value + span.low + span.high)
        likely = found.support_probability.get(part, math.nan)  # type: ignore[call-overload]  # noise is no level
        details = [f"{percent(span.low)} to {percent(span.high)}"] if known else []
        details += [f"largest in {chance(likely)} of the samples"] if chance(likely) else []
        lines.append(
            BarLine(
                name=name,
                about=about,
                value=percent_or_words(value),
                details=details,
                bar=share_bar(value, *((span.low, span.high) if known else ())),
            )
        )
    return lines


def _facts(found: Diagnosis) -> list[tuple[str, str]]:
    facts = [("Mean of all measurements", number_or_words(found.mean))]
    if not math.isnan(found.target):
        side = "or more" if found.better == "high" else "or less"
        facts += [
            ("Target", f"{found.target:g} {side}"),
            ("Mean beside the target", _beside(found)),
            ("Teams that miss the target", percent_or_words(found.share_of_teams_missing_target)),
        ]
    if decimal(found.support_tau):
        facts.append(("Tau of team means with the support teams have", number_or_words(found.support_tau)))
    if not math.isnan(found.reliability):
        facts.append(("Reliability with which chance was taken out", number_or_words(found.reliability)))
    facts.append(("How the intervals were made", RESAMPLED[found.resampling].format(n=amount(found.n_boot))))
    return facts


def _beside(found: Diagnosis) -> str:
    gap = found.target_gap
    if math.isnan(gap):
        return number_or_words(gap)
    if decimal(abs(gap)) == "0.00":
        return "on it"
    return f"{decimal(abs(gap))} {'better' if gap > 0 else 'worse'}"
