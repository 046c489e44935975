"""The picture of scores by level: means that may be shown, the front line on top."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.org import LevelView, Pyramid, build_pyramid, view_levels
from leadkit.plots import levels as plot


@pytest.fixture(scope="module")
def pyramid() -> Pyramid:
    return build_pyramid(samples.organisation(rng=1))


@pytest.fixture(scope="module")
def scores(pyramid: Pyramid) -> dict[str, float]:
    return samples.pulse(pyramid.organisation, rng=2).by_person()


@pytest.fixture(scope="module")
def shown(pyramid: Pyramid, scores: dict[str, float]) -> LevelView:
    return view_levels(pyramid, scores).disclosed(min_n=3)


def names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def means(axes: Axes) -> Any:
    (dots,) = (line for line in axes.get_lines() if line.get_label() == "mean")
    return dots.get_xdata()


def test_layers_run_from_the_front_line_down_to_the_top_of_the_line(shown: LevelView) -> None:
    axes = plot(shown)
    assert names(axes) == ["Layer 5", "Layer 4", "Layer 3", "Layer 2", "Layer 1 (top of the line)"]
    assert means(axes) == pytest.approx(shown.means[::-1], nan_ok=True)
    assert axes.get_ylim() == (4.5, -0.5)
    assert axes.get_title(loc="left") == "Scores by layer"
    assert axes.get_xlabel() == "mean score; not shown: could tell about fewer than 3 people"


def test_tiers_go_by_their_names(pyramid: Pyramid, scores: dict[str, float]) -> None:
    view = view_levels(pyramid, scores, by="tier").disclosed()
    axes = plot(view)
    assert names(axes) == ["Front-line employees", "Front-line leaders", "Middle managers", "Senior leaders"]
    known = [f"{mean:.2f} ({n} people)" for mean, n in zip(view.means[:2], (83, 12), strict=True)]
    assert texts(axes) == [*known, "not shown", "not shown"]


def test_whiskers_are_one_standard_deviation(shown: LevelView) -> None:
    axes = plot(shown)
    segments = [segment for line in axes.collections for segment in line.get_segments()]  # type: ignore[attr-defined]
    ends = np.array([segment[:, 0] for segment in segments])
    kept = ~np.isnan(shown.means[::-1])
    mean, sd = shown.means[::-1][kept], shown.sds[::-1][kept]
    assert ends == pytest.approx(np.column_stack([mean - sd, mean + sd]))


def test_a_picture_without_hidden_levels_says_nothing_about_hiding(pyramid: Pyramid) -> None:
    front = dict.fromkeys(pyramid.members(1), 3.0)
    axes = plot(view_levels(pyramid, front, by="tier").disclosed())
    assert axes.get_xlabel() == "mean score"
    assert texts(axes) == ["3.00 (83 people)"]


@pytest.mark.parametrize(("n", "expected"), [(0, ["no scores"]), (1, ["not shown", ""])])
def test_without_a_mean_there_is_no_axis_and_no_legend(pyramid: Pyramid, n: int, expected: list[str]) -> None:
    few = dict.fromkeys(pyramid.members(1)[:n], 3.0)
    axes = plot(view_levels(pyramid, few).disclosed())
    assert texts(axes) == expected
    assert axes.get_legend() is None
    assert axes.get_xticks().size == 0


def test_it_can_be_drawn_on_given_axes(shown: LevelView) -> None:
    figure = Figure()
    given = figure.add_subplot()
    assert plot(shown, ax=given) is given
    figure.draw_without_rendering()


def test_wrong_arguments_are_refused_by_name(
    pyramid: Pyramid, scores: dict[str, float], shown: LevelView, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TypeError, match=r"level_view: LevelView is not for showing yet: call \.disclosed\("):
        plot(view_levels(pyramid, scores))
    wrong: Any = 3
    with pytest.raises(TypeError, match=r"level_view: expected LevelView, got int"):
        plot(wrong)
    with pytest.raises(ValueError, match="ax: levels needs ordinary axes, got polar ones"):
        plot(shown, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"levels needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(shown)
