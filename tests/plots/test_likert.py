"""The picture of answers: bars are the shares of those who answered, centred at the middle of the scale."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from leadkit import samples
from leadkit.assessment import Instrument, Responses, feedback, score
from leadkit.errors import UnknownIdError
from leadkit.plots import likert as plot

NAN = float("nan")
LONG = (
    "How often does somebody pay $x$ and $ " + "for what nobody in the whole wide house has ever asked them to do " * 4
)


def answers(values: Sequence[Sequence[float]], *, low: int = 1, high: int = 5, **options: Any) -> Responses:
    """Build answers of so many people to as many items of one dimension."""
    k = len(values[0]) if values else 1
    rows = [
        {"item": f"a{i}", "dimension": "a", "low": low, "high": high, "text": f"Question {i}"} | options
        for i in range(k)
    ]
    form = Instrument.from_rows(rows, id="f", version="1.0.0", title="F", source="Test", licence="MIT")
    table = np.array(values, dtype=float).reshape(len(values), k)
    return Responses(form, table, [f"p{i}" for i in range(len(values))], allow_fractions=True)


def spans(axes: Axes, item: int) -> list[tuple[float, float]]:
    """Where the bars of one item begin and end, category by category."""
    bars = [container[item] for container in axes.containers]
    assert all(isinstance(bar, Rectangle) for bar in bars)
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]


def beside(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_position()[0] == 1.02]


def names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def labels(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def draw(axes: Axes) -> None:
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_the_middle_answer_lies_half_on_either_side_of_zero() -> None:
    axes = plot(answers([[1], [2], [3], [3], [5], [5], [5], [4], [4], [4]]))
    expected = [(-30, -20), (-20, -10), (-10, 10), (10, 40), (40, 70)]
    assert np.allclose(spans(axes, 0), expected)


def test_an_even_scale_parts_at_zero() -> None:
    axes = plot(answers([[1], [2], [2], [4]], high=4))
    assert np.allclose(spans(axes, 0), [(-75, -50), (-50, 0), (0, 0), (0, 25)])


def test_shares_are_of_those_who_answered_and_the_missing_are_counted() -> None:
    axes = plot(answers([[1, NAN], [5, NAN], [NAN, NAN]]))
    assert np.allclose(spans(axes, 0)[0], (-50, 0))
    assert beside(axes) == ["2 answers, 1 missing", "no answers"]
    assert all(end - start == 0 for start, end in spans(axes, 1))
    assert beside(plot(answers([[3], [NAN]]))) == ["1 answer, 1 missing"]


def test_every_item_of_real_answers_adds_to_a_hundred_percent() -> None:
    responses = samples.answers("ved", n=40, rng=1)
    axes = plot(responses)
    assert len(names(axes)) == responses.instrument.n_items
    for item in range(responses.instrument.n_items):
        widths = [end - start for start, end in spans(axes, item)]
        values = responses.values[:, item]
        counts = [np.count_nonzero(values == code) for code in range(1, 6)]
        assert widths == pytest.approx([100 * count / sum(counts) for count in counts])


def test_answers_are_named_from_the_lowest_and_those_below_the_middle_are_hatched() -> None:
    axes = plot(samples.answers("ved", rng=1), dimension="vision")
    assert labels(axes) == ["1 Never", "2 Rarely", "3 Sometimes", "4 Often", "5 Always"]
    hatched = [bool(container[0].get_hatch()) for container in axes.containers]
    assert hatched == [True, True, False, False, False]
    assert len({container[0].get_facecolor() for container in axes.containers}) == 5


def test_a_reversed_item_is_drawn_as_it_was_answered_and_marked() -> None:
    axes = plot(answers([[5], [5]], reverse=True))
    assert names(axes) == ["Question 0 (reversed)"]
    assert np.allclose(spans(axes, 0)[-1], (0, 100))
    (name,) = names(plot(answers([[5]], reverse=True, text=LONG)))
    assert name.endswith("(reversed)")
    assert name.count("\n") <= 3


def test_long_questions_are_wrapped_and_cut_and_mathematics_stays() -> None:
    axes = plot(answers([[1, 2]], text=LONG))
    assert all(len(line) <= 46 for line in names(axes)[0].split("\n"))
    assert "pay $x$ and $" in names(axes)[0].replace("\n", " ")
    assert names(axes)[0].endswith("\N{HORIZONTAL ELLIPSIS}")
    draw(axes)


def test_shares_are_written_where_there_is_room() -> None:
    axes = plot(answers([[1]] + [[5]] * 19))
    assert [text.get_text() for text in axes.texts][:-1] == ["95"]


def test_negative_codes_and_two_answers_and_nobody_are_drawn() -> None:
    assert labels(plot(answers([[-1], [1]], low=-1, high=1))) == ["\N{MINUS SIGN}1", "0", "1"]
    assert np.allclose(spans(plot(answers([[0], [1], [1], [1]], low=0, high=1)), 0), [(-25, 0), (0, 75)])
    empty = plot(answers([]))
    assert beside(empty) == ["no answers"]
    assert empty.get_title(loc="left") == "What 0 people answered"
    draw(empty)


def test_the_axis_is_symmetric_and_has_no_sign() -> None:
    axes = plot(answers([[1]] * 9 + [[5]]))
    low, high = axes.get_xlim()
    assert low == -high
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "100",
        "75",
        "50",
        "25",
        "0",
        "25",
        "50",
        "75",
        "100",
    ]
    assert "[%]" in axes.get_xlabel()


def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot() -> None:
    import matplotlib.pyplot as plt

    given = Figure().add_subplot()
    assert plot(answers([[1]]), ax=given) is given
    assert plt.get_fignums() == []


def test_too_many_items_or_codes_are_refused_with_the_way_out() -> None:
    responses = samples.answers("ved", rng=1)
    with pytest.raises(ValueError, match=r"35 items are to be drawn, the limit \(max_rows\) is 34: draw one dimension"):
        plot(responses, max_rows=34)
    assert len(names(plot(responses, max_rows=35))) == 35
    with pytest.raises(ValueError, match="at most 11 answers to choose from can be drawn, the scale has 12"):
        plot(answers([[1]], high=12))
    for wrong in (0, 2.5, True, None, "9"):
        bad: Any = wrong
        with pytest.raises(ValueError, match="max_rows: expected a whole number of at least 1, got"):
            plot(responses, max_rows=bad)


def test_an_answer_between_two_codes_is_refused_where_it_is() -> None:
    with pytest.raises(
        ValueError, match=r"whole codes, got 2\.5 \(respondent 'p1', item 'a0'\): it belongs to no answer"
    ):
        plot(answers([[1], [2.5]]))


def test_wrong_arguments_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    responses = samples.answers("ved", rng=1)
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    for wrong, message in (
        (None, "got NoneType"),
        (score(responses), "got Scores"),
        (raw, r"got Feedback; raw feedback is not for showing: call disclose\(feedback, policy\) first"),
    ):
        bad: Any = wrong
        with pytest.raises(TypeError, match=f"responses: expected Responses, {message}"):
            plot(bad)
    for unknown in ("visoin", 3):
        one: Any = unknown
        with pytest.raises(UnknownIdError, match=f"unknown dimension {one!r}"):
            plot(responses, dimension=one)
    with pytest.raises(ValueError, match="ax: likert needs ordinary axes, got polar ones"):
        plot(responses, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"likert needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(responses)
