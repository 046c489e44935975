"""How long until something is resolved: steps, strokes for what was not resolved, half and 90 percent."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit.errors import EscalationError
from leadkit.escalation import Survival, kaplan_meier
from leadkit.plots import survival as plot

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def curve() -> Survival:
    """Four of six ended; one was last seen between the second and the third event, one after the last."""
    return kaplan_meier([1, 2, 3, 4, 6, 9], [1, 1, 0, 1, 1, 0])


def line(axes: Axes, label: str) -> Any:
    (found,) = (one for one in axes.get_lines() if str(one.get_label()).startswith(label))
    return np.asarray(found.get_xydata())


def told(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    return [] if legend is None else [text.get_text().replace(NBSP, " ") for text in legend.get_texts()]


def levels(axes: Axes) -> list[float]:
    """Heights of the lines that go right across."""
    return sorted({float(np.asarray(one.get_ydata())[0]) for one in axes.get_lines() if one.get_linestyle() == ":"})


def test_the_steps_are_the_curve_from_100_percent_on(curve: Survival) -> None:
    axes = plot(curve)
    steps = line(axes, "half by")
    assert steps[0].tolist() == [0, 100]
    assert steps[1:, 0].tolist() == curve.time.tolist()
    assert steps[1:, 1] == pytest.approx(100 * curve.survival)
    (drawn,) = (one for one in axes.get_lines() if str(one.get_label()).startswith("half by"))
    assert drawn.get_drawstyle() == "steps-post"
    assert axes.get_xlabel() == "time since it came in [hours]"
    assert axes.get_ylabel() == "not resolved yet [%]"
    assert axes.get_title(loc="left") == "How long until it is resolved"


def test_half_and_90_percent_are_marked_where_the_curve_reaches_them() -> None:
    axes = plot(kaplan_meier(range(1, 11), [1] * 10))
    assert levels(axes) == pytest.approx([10, 50])
    assert line(axes, "half resolved").tolist() == [[5, 50]]
    assert line(axes, f"90{NBSP}% resolved").ravel() == pytest.approx([9, 10])
    assert told(axes)[0] == "half by 5.0 hours, 90 % by 9.0 hours; 10 in all"


def test_what_is_not_reached_has_no_mark_and_says_so(curve: Survival) -> None:
    axes = plot(curve)
    assert told(axes)[0] == "half by 4.0 hours, 90 % not reached; 6 in all"
    assert not [text for text in told(axes) if text == "90 % resolved"]


def test_a_stroke_stands_in_the_step_in_which_somebody_was_last_seen_and_at_the_end(curve: Survival) -> None:
    strokes = line(plot(curve), "not resolved when last seen")
    assert strokes == pytest.approx(np.array([[3, 100 * 4 / 6], [6, 100 * curve.survival[-1]]]))
    before = line(plot(kaplan_meier([1, 4], [0, 1])), "not resolved when last seen")
    assert before.tolist() == [[2, 100]]
    assert "not resolved when last seen" not in told(plot(kaplan_meier([1, 4], [1, 1])))


def test_one_curve_has_its_interval_and_several_have_none(curve: Survival) -> None:
    (band,) = plot(curve).collections
    heights: Any = band.get_paths()[0].vertices
    assert heights[:, 1].min() == pytest.approx(100 * np.nanmin(curve.low))
    assert heights[:, 1].max() == pytest.approx(100 * np.nanmax(curve.high))
    assert not plot({"a": curve, "b": curve}).collections
    ended = plot(kaplan_meier([1, 2, 3], [1, 1, 1])).collections[0].get_paths()[0].vertices
    assert np.isfinite(np.asarray(ended)).all()
    assert not plot(kaplan_meier([2, 2], [1, 1])).collections


def test_groups_are_told_apart_by_colour_and_by_dashes(curve: Survival) -> None:
    axes = plot({f"group {k}": curve for k in range(8)})
    drawn = [one for one in axes.get_lines() if str(one.get_label()).startswith("group")]
    assert len({one.get_color() for one in drawn}) == 8
    assert len({(one.get_color(), str(one.get_linestyle())) for one in drawn}) == 8
    assert told(axes)[:2] == [f"group {k}: half by 4.0 hours, 90 % not reached; 6 in all" for k in (0, 1)]
    with pytest.raises(EscalationError, match=r"curves: 9 are to be drawn, at most 8 can be told apart"):
        plot({str(k): curve for k in range(9)})


def test_time_can_be_logarithmic_and_what_took_none_lies_at_the_left_end() -> None:
    axes = plot(kaplan_meier([0, 0, 8, 50], [1, 0, 1, 1]), log=True, unit="days")
    assert axes.get_xscale() == "log"
    assert axes.get_xlabel() == "time since it came in [days, logarithmic]"
    assert axes.get_xlim()[0] == 4
    assert line(axes, "half by")[:, 0].tolist() == [4, 4, 8, 50]
    assert line(axes, "not resolved when last seen")[0, 0] == pytest.approx(np.sqrt(4 * 8))
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    labels = [text.get_text() for text in axes.get_xticklabels()]
    assert "10" in labels
    assert not [text for text in labels if "^" in text]


def test_times_are_written_as_exactly_as_they_are_read() -> None:
    texts = {at: told(plot(kaplan_meier([at], [1])))[0].split(",")[0] for at in (0.0, 0.034, 5.25, 1234.0)}
    assert [text.removeprefix("half by ") for text in texts.values()] == ["0.0 hours", "0.034 hours", "5.2 hours", "1"]


@pytest.mark.parametrize("log", [False, True])
def test_nothing_resolved_is_said(log: bool) -> None:
    axes = plot({"open": kaplan_meier([1, 2], [0, 0]), "none": kaplan_meier([], [])}, log=log)
    assert [text.get_text() for text in axes.texts] == ["nothing was resolved"]
    assert told(axes)[:2] == ["open: half not reached, 90 % not reached; 2 in all", "none: nothing"]
    assert set(line(axes, "open")[:, 1]) == {100}
    assert len(line(axes, "none")) == 1
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    empty = plot({}, log=log)
    assert [text.get_text() for text in empty.texts] == ["nothing was resolved"]
    empty.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_names_are_text_on_one_line_and_short(curve: Survival) -> None:
    axes = plot({"$a$ _b\n" + "c" * 60: curve, "": curve})
    assert told(axes)[0].startswith("$a$ _b c")
    assert told(axes)[0].partition(":")[0].endswith("\N{HORIZONTAL ELLIPSIS}")
    assert told(axes)[1].startswith("half by")
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(curve: Survival) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(curve, ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(curve: Survival, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = [1, 2]
    with pytest.raises(TypeError, match="curves: expected Survival, got list"):
        plot(wrong)
    with pytest.raises(TypeError, match=r"curves\['a'\]: expected Survival, got list"):
        plot({"a": wrong})
    with pytest.raises(TypeError, match="curves: name of a curve: expected str, got int"):
        plot({3: curve})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="ax: survival needs ordinary axes, got polar ones"):
        plot(curve, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"survival needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(curve)
