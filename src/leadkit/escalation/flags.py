"""What a doubtful result about escalation is flagged with, and what each word means."""

from __future__ import annotations

from leadkit._fields import FrozenMapping

__all__ = ["ESCALATION_FLAGS"]

ESCALATION_FLAGS: FrozenMapping[str, str] = FrozenMapping(
    {
        "approximation": "what follows the colon is assumed though it does not quite hold",
        "beyond_experience": "nothing in the stratum lasted as long as the ticket has, so its risk is NaN",
        "bounded_sets": "with more than ten skills only single skills, pairs and all of them together were looked at",
        "cancelled": "the ticket was cancelled before what is measured had happened",
        "case_mix_adjusted": "the others are compared on the same mix of cases",
        "counterfactual_times_unknown": "histories are taken as they were, so what the customer would have experienced is not claimed",
        "domain_uncovered": "nobody is placed at any level of the domain; its id follows the colon",
        "empty": "nothing is counted below the line, so the share or mean is NaN",
        "extrapolated": "the budget lies beyond all that was seen in the stratum, so the risk is an upper bound",
        "few_cases": "fewer than 10 cases, so nothing is compared",
        "few_others": "the others have fewer than 10 cases, or the member has fewer than 10 of a kind that they have too, so nothing is compared with them",
        "judged_by_value": "a single number is held against the threshold, so there are no cases and no share",
        "learning_opportunity": "somebody who can solve the ticket joins the one who has it, and both learn from it",
        "needs": "the log has no such column, or no such argument was given, so the metric cannot be told; its name follows the colon",
        "never_done": "an agreement on the path never comes to an end, as its calendar does not open",
        "never_due": "the standard is never due, as its calendar does not open",
        "no_assignee": "somebody was to be consulted, and the ticket has no assignee to join, so it changes hands",
        "no_comparison": "one person alone worked on this stratum, so its cases are no part of the test; the domain, and the value after a slash, follow the colon",
        "no_domain": "the log does not say where some tickets belong, so their functional steps and those to owners reach nobody",
        "no_history": "the log does not have the ticket, so its working time is its age without pauses",
        "no_owner": "a ticket is held, or a step goes to an owner, and the domain has no such owner",
        "no_state": "the matrix knows the person but the team's state does not, so nothing can be routed there; the id follows the colon",
        "no_visits": "in some replication nobody who counts came to the level, so most is not known of it there; the level's id follows the colon",
        "not_converged": "the last answer that was tried does not keep every promise",
        "not_in_matrix": "the team's state knows the person but the matrix does not, so nothing can be routed there; the id follows the colon",
        "not_reached": "too few have ended for the curve to fall so low, so the quantile is NaN",
        "not_started": "the clock of the ticket had not begun, so its risk is NaN",
        "one_pilot": "only one of the two pilots has this stratum, so its cases are left out; the domain, and the value after a slash, follow the colon",
        "resolver_only": "it counts the tickets that the member resolved; one that was passed up belongs to whoever resolved it, so read it beside escalations_raised and pilot_success",
        "saturated": "as much work comes to the level, or to those who serve one kind, as they can do, or more, and nobody gives up; the level's id follows the colon",
        "small_stratum": "there are fewer cases than asked for even in the whole log",
        "unknown_domain": "the matrix does not have the domain of some tickets, so their functional steps and those to owners reach nobody; its id follows the colon",
    }
)
