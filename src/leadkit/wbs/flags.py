"""What a doubtful plan is flagged with, and what each word means."""

from __future__ import annotations

from leadkit._fields import FrozenMapping

__all__ = ["WBS_FLAGS"]

WBS_FLAGS: FrozenMapping[str, str] = FrozenMapping(
    {
        "actual_cost_from_time": "no actual cost is reported; the working time since the actual start counts, at the rates of the budget",
        "calendar_path": "the critical path was found on calendars, and variances of different calendars' minutes are added up",
        "calendar_simulation": "the runs were worked out in instants, for several calendars, elapsed lags or fixed dates have a say",
        "constant_finish": "every run ends at the same time, so nothing can go along with the finish",
        "cost_from_effort": "a budget is the minutes of the people who were assigned at their rates, for no cost is stated",
        "cost_from_time": "a budget is the planned minutes, for no cost is stated and no rates are known",
        "cpi": "the cost performance index is NaN because its denominator is 0: nothing was spent yet",
        "deadline_missed": "a work package finishes after its deadline at the earliest; the id follows the colon",
        "duplicate_link": "two links of one kind between one pair of activities; the one with the larger lag was kept",
        "eac_cpi": "the estimate at completion by the cost index is NaN because that index is 0 or not known",
        "eac_cpi_spi": "the estimate at completion by the cost and schedule indices is NaN because one of them is 0 or not known",
        "ieac": "the estimate of the duration is NaN because nothing is earned or no time has passed",
        "infeasible": "the team cannot do the plan at all, so there is no delay to tell",
        "late_by": "the plan finishes after its deadline; how many working minutes of its calendar follows the colon",
        "merge_bias": "the mean of the simulated finishes differs by over 1 % from the finish at the mean durations",
        "mixed_budgets": "some budgets are money and some are minutes, and the sums add up both",
        "negative_float": "a due date or the latest finish asked of a network cannot be met, in one run at least",
        "no_actual_cost": "the actual cost of work that has begun is not known, nor is that of the whole; the id follows the colon",
        "no_estimate": "a work package has no estimate and counts with a duration of 0; the id follows the colon",
        "no_steps_reported": "work is under way and none of its steps are reported, so nothing is earned; the id follows the colon",
        "not_known": "an input is NaN, so what needs it is NaN too; its name follows the colon",
        "out_of_sequence": "work was begun or done before a link let it; the id follows the colon",
        "overdue": "a hand-over or gate is not ready though it was due before the day of the report",
        "percent_complete": "the percentage complete is NaN because the budget is 0",
        "solver_not_used": "a solver was asked for and could not help: calendars cut the plan into too many or too fine pieces, or its people can be mixed in too many ways",
        "spi": "the schedule performance index is NaN because its denominator is 0: nothing was planned yet, or no time has passed",
        "tcpi_bac": "the cost index needed to end on budget is NaN because the budget is spent",
        "tcpi_eac": "the cost index needed to end on the estimate is NaN because nothing is left to spend or there is no estimate",
        "time_limited": "the solver stopped on the clock, so on another day or machine it may find something else",
        "unqualified": "fewer people have the skills of a need than one work package needs at a time",
    }
)
"""Flag to meaning."""
