"""The flags of results about an organisation: short words that a result carries, and what each says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leadkit._fields import FrozenMapping

__all__ = ["ORG_FLAGS"]

ORG_FLAGS: Mapping[str, str] = FrozenMapping(
    {
        "all_tied": "Every rater gave all priorities the same rank, so concordance is not defined.",
        "baseline_on_target": "A goal began on its target, so it has no progress to measure.",
        "columns_judged_apart": "Each column was judged alone, so people in whom two columns differ may be worked out.",
        "customer_tier": "The row names the customers' tier, where no post belongs: it may have meant that the tier is not known.",
        "disclosed": "Numbers that rest on too few people are hidden; this result may be shown.",
        "duplicate_tier": "A tier has more than one vision.",
        "endgame_from_root": "No ranking of the endgame was given, so the one root's own priorities stand for it.",
        "facing_assumed": "Whether the post faces customers is not known; without reports it was taken to.",
        "few_moved_in_rest": "Of the people between a comparable node and those below it, fewer than the minimum came or went.",
        "few_units": "Fewer than five units: teams within units were drawn, so how uncertain the units' share is does not show.",
        "horizon_lengthens": "A vision looks further ahead than that of a tier farther from the customer.",
        "identified": "Everybody's own numbers are shown, by the caller's decision.",
        "inactive_left_out": "Somebody who is named is absent or has left, or the post is vacant, and was not counted.",
        "level_without_scores": "A level with filled posts has no score, so it is not listed.",
        "levels_hidden": "A level rests on too few people, so the numbers over all levels are hidden too: it could be solved for.",
        "levels_joined": "A level divides people no further than the one above, which holds the variance of both.",
        "low_response": "Fewer than half of the people answered.",
        "missing_tier": "A tier has no vision.",
        "mixed_span": "A leader of leaders has direct reports without reports of their own too.",
        "more_withheld": "People who may be shown are hidden too, because those few who may not could be told from the rest.",
        "negative_component": "A variance component is estimated below 0.",
        "negative_icc": "People of one level differ more than the levels do, so ICC(1) is below 0.",
        "no_actual": "A goal has no actual figure, so it is not known whether it is reached.",
        "no_agents": "Neither a middle manager's nor a front-line leader's post is filled.",
        "no_baseline": "A goal has no baseline, so its progress is not known.",
        "no_boss_to_name": "No respondent has a boss, so nobody could name one.",
        "no_degrees_of_freedom": "A level has too few groups for its variance to be known.",
        "no_endgame": "No ranking of the endgame was given, and no single root gave one.",
        "no_filled_posts": "Nobody holds a post, so there is nothing to measure.",
        "no_formal_ties": "Nobody named a formal leader, so these leaders have no ties to share out.",
        "no_leader_on_thread": "Nobody stands above some front-line person, whose thread no leader can leave unknown.",
        "no_manager": "People without a manager belong to no team and were left out.",
        "no_middle_tier": "No middle manager's post is filled, so the front-line leaders stand in.",
        "no_replication": "Every level has one score only, so there is no variance within levels.",
        "no_scores": "Nobody has a score.",
        "no_spans": "Nobody has a direct report that counts, so there are no spans to average.",
        "no_threads": "No front-line post is filled, so there is no thread.",
        "no_ties": "Nobody named a colleague, so there are no ties to share out.",
        "no_variance": "The values do not vary at all.",
        "no_weight": "Those who are counted weigh nothing, so they have no shares.",
        "not_active": "The post is vacant, or its holder is absent or has left.",
        "not_front_line": "Rows about posts that are not filled front-line posts were left out.",
        "not_separable": "Nobody was measured twice and no reliability was given, so people and noise cannot be told apart.",
        "numbers_withheld": "Numbers are left out because they rest on too few people, or would tell about people who are hidden.",
        "orphan": "The post has no manager only because a repair took away one that was wrong.",
        "reliability_unused": "Some people were measured twice, so the reliability given was not needed.",
        "respondents_added": "Somebody who is not on the list of respondents named a colleague, and counts as a respondent.",
        "respondents_inferred": "No list of respondents was given, so those who named somebody stand for it.",
        "rows_dropped": "Rows were left out, for missing values or a missing group.",
        "scope_widens": "A vision is wider in scope than that of a tier farther from the customer.",
        "served_tier_assumed": "A support post serves no post of another tier, so it was placed after the front line.",
        "short_chain": "A team reports to a root, which then stands for the team's unit too.",
        "shown_by_posts": "Shares are those of posts, because weighted ones could be taken apart.",
        "single_level": "There is one level only.",
        "spans_outside_bands": "A span lies in none of the bands.",
        "too_few_raters": "Fewer than two people answered, so concordance is not defined.",
        "unanimous": "A mean lies on the end of the scale, so the score of everybody in it is known.",
        "unanimous_rest": "What is left of a mean without the published ones below lies on the end of the scale.",
        "undefined_resamples": "Some resamples could not tell levels apart that the data can, or did not vary.",
        "unfilled_answered": "A post that is vacant or whose holder has left has answers, which are counted.",
        "unfilled_dropped": "Nominations by or of posts that nobody holds were left out.",
        "unknown_dropped": "Nominations or respondents that are nobody in the organisation were left out.",
        "weighted_by_fte": "Whoever knows the full-time equivalents could look for the scores that fit these means.",
        "without_fte_left_out": "Respondents with a full-time equivalent of 0 add nothing to a weighted mean and were left out.",
    }
)
"""Every flag of `leadkit.org` and the sentence it stands for."""


def sorted_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Sort flags and drop repeats.

    Raises
    ------
    ValueError
        A flag is not in `ORG_FLAGS`.
    """
    unique = tuple(sorted(set(flags)))
    unknown = [flag for flag in unique if flag not in ORG_FLAGS]
    if unknown:
        msg = f"flags {unknown} are not in ORG_FLAGS"
        raise ValueError(msg)
    return unique
