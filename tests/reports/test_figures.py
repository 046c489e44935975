"""How other numbers are written."""

from __future__ import annotations

import math

import pytest

from leadkit.reports.figures import chance, clock, decimal, interval, listed, percent, readable
from leadkit.reports.geometry import bar, share, strip
from leadkit.reports.wording import flag_sentences

NBSP = "\N{NO-BREAK SPACE}"


def test_what_is_not_known_is_empty() -> None:
    assert decimal(math.nan) == decimal(math.inf) == percent(math.nan) == chance(math.nan) == clock(math.nan) == ""
    assert interval(math.nan, 0.8) == interval(0.2, math.nan) == readable(math.nan) == listed(None) == ""


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.0, "0"), (0.004, "under 1"), (0.005, "0"), (0.5, "50"), (0.9949, "99"), (0.996, "over 99"), (1.0, "100")],
)
def test_a_probability_is_not_called_certain_when_it_is_not(probability: float, shown: str) -> None:
    assert chance(probability) == f"{shown}{NBSP}%"


def test_hours_of_the_day_go_round() -> None:
    assert [clock(hour) for hour in (0.0, 9.25, 23.9999)] == ["00:00", "09:15", "00:00"]


def test_a_value_beyond_its_scale_lies_on_the_end() -> None:
    assert (share(5.4, 1, 5), share(0.2, 1, 5), share(math.nan, 1, 5)) == (100.0, 0.0, None)
    drawn = bar(4.0, (3.0, 5.8), math.nan, (1.0, 5.0), composite=False)
    assert (drawn.value, drawn.low, drawn.high, drawn.mark) == (75.0, 50.0, 100.0, None)


def test_equal_scores_are_dots_on_top_of_each_other() -> None:
    drawn = strip([2.0, 4.0, 2.0, math.nan, 2.0, 5.0], 3.0, 1.0, (1.0, 5.0))
    assert drawn.dots == ((25.0, 0), (25.0, 1), (25.0, 2), (75.0, 0), (100.0, 0))
    assert drawn.storey_height == 5.4
    assert strip([3.0] * 55, 3.0, 0.0, (1.0, 5.0)).storey_height == 0.5
    assert drawn.ticks == (0.0, 25.0, 50.0, 75.0, 100.0)


def test_a_wide_scale_has_ticks_at_its_ends_only() -> None:
    assert strip([], math.nan, math.nan, (0.0, 100.0)).ticks == (0.0, 100.0)


def test_every_flag_of_a_result_has_a_sentence_and_an_unknown_one_is_shown_as_it_is() -> None:
    assert flag_sentences(["no_answers", "no_answers"]) == ("The respondent answered nothing at all.",)
    assert flag_sentences(["of_somebody_else"]) == ("of_somebody_else",)
