"""The picture of a response surface: contours at the fitted heights, the lines it is read along, and its parameters."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.assessment import score
from leadkit.plots import response_surface as plot
from leadkit.stats import ResponseSurface, response_surface
from leadkit.typing import FloatArray

OWN, OTHERS = [1, 2, 3, 4, 5, 1, 5, 3], [2, 1, 3, 5, 4, 5, 1, 4]
NAN = float("nan")


@pytest.fixture(scope="module")
def result() -> ResponseSurface:
    return response_surface([3, 3, 5, 4, 4, 1, 2, 5], OWN, OTHERS, centre=3)


def contours(axes: Axes, *, filled: bool) -> QuadContourSet:
    (found,) = (one for one in axes.collections if isinstance(one, QuadContourSet) and one.filled is filled)
    return found


def line(axes: Axes, label: str) -> FloatArray:
    (found,) = (one for one in axes.get_lines() if one.get_label() == label)
    return np.asarray(found.get_xydata(), dtype=float)


def texts(axes: Axes) -> str:
    return "\n".join(text.get_text() for text in axes.texts)


def test_contours_lie_at_the_height_of_the_surface(result: ResponseSurface) -> None:
    drawn = contours(plot(result), filled=False)
    seen = 0
    for level, path in zip(drawn.levels, drawn.get_paths(), strict=True):
        vertices = np.asarray(path.vertices)
        if len(vertices):
            # contours run straight between the points of a fine grid
            assert np.allclose(result.value(vertices[:, 0], vertices[:, 1]), level, atol=2e-3)
            seen += 1
    assert seen >= 4


def test_higher_is_darker(result: ResponseSurface) -> None:
    filled = contours(plot(result), filled=True)
    brightness = np.asarray(filled.get_facecolor())[:, :3].mean(axis=1)
    assert (np.diff(brightness) < 0).all()


def test_the_lines_of_agreement_and_disagreement_cross_at_the_centre(result: ResponseSurface) -> None:
    axes = plot(result)
    assert line(axes, "agreement: self equals others") == pytest.approx(np.array([[1, 1], [5, 5]]))
    assert line(axes, "disagreement") == pytest.approx(np.array([[1, 5], [5, 1]]))
    dashes = {one.get_label(): one.get_linestyle() for one in axes.get_lines()}
    assert dashes["disagreement"] != dashes["agreement: self equals others"]


def test_two_centres_move_the_picture_and_the_words() -> None:
    axes = plot(response_surface([3, 3, 5, 4, 4, 1, 2, 5], OWN, OTHERS, centre=(3, 4)), reach=1)
    assert axes.get_xlim() == (2, 4)
    assert axes.get_ylim() == (3, 5)
    label = "agreement: self and others as far from their centres"
    assert line(axes, label) == pytest.approx(np.array([[2, 3], [4, 5]]))


def test_the_level_point_is_marked_where_it_lies_in_the_picture(result: ResponseSurface) -> None:
    point = result.stationary_point + 3
    assert line(plot(result), "where it is level") == pytest.approx(point[np.newaxis])
    near = float(np.abs(result.stationary_point).max()) / 2
    assert "where it is level" not in plot(result, reach=near).get_legend_handles_labels()[1]


def test_the_parameters_are_written_with_their_intervals(result: ResponseSurface) -> None:
    written = texts(plot(result)).replace("\N{MINUS SIGN}", "-")
    for name, value, low, high in zip(
        result.parameters, result.surface, result.surface_low, result.surface_high, strict=True
    ):
        assert f"{name} {value:.2f}, " in written
        assert f"({low:.2f} to {high:.2f})" in written
    assert "8 people" in written


def test_people_are_dots_and_those_outside_are_counted(result: ResponseSurface) -> None:
    people = np.column_stack([OWN, OTHERS]).astype(float)
    assert line(plot(result, people=people), "people") == pytest.approx(people)
    axes = plot(result, people=[*people.tolist(), [NAN, 3.0]], reach=1)
    assert line(axes, "people") == pytest.approx(np.array([[3, 3], [3, 4]]))
    assert axes.get_xlabel() == "own score; 6 people lie outside"
    assert "people" not in plot(result).get_legend_handles_labels()[1]
    assert plot(result, people=np.empty((0, 2))).get_xlabel() == "own score"


def test_a_flat_surface_says_so() -> None:
    axes = plot(response_surface([3] * 8, OWN, OTHERS, centre=3))
    assert "the same everywhere: 3.00" in texts(axes)
    assert not [one for one in axes.collections if isinstance(one, QuadContourSet)]
    draw(axes)


def test_a_ridge_has_no_level_point() -> None:
    outcome = [5 - (x - y) ** 2 / 4 for x, y in zip(OWN, OTHERS, strict=True)]
    axes = plot(response_surface(outcome, OWN, OTHERS, centre=3))
    assert "where it is level" not in axes.get_legend_handles_labels()[1]
    draw(axes)


@pytest.mark.parametrize(
    ("outcome", "own", "others", "reason"),
    [
        ([1, 2, 3], [1, 2, 3], [3, 2, 1], "too few rows"),
        ([NAN] * 8, OWN, OTHERS, "rows dropped, too few rows"),
        ([1, 2, 3, 4, 5, 4, 3, 2], [3] * 8, OTHERS, "singular covariance"),
    ],
)
def test_without_a_surface_the_reason_stands_there(outcome: Any, own: Any, others: Any, reason: str) -> None:
    axes = plot(response_surface(outcome, own, others, centre=3))
    assert texts(axes) == f"no surface: {reason}"
    assert len(axes.collections) == 0
    draw(axes)


def test_a_surface_through_all_people_has_no_intervals() -> None:
    from attrs import evolve

    found = response_surface([3, 3, 5, 4, 4, 1, 2, 5], OWN, OTHERS, centre=3)
    bare = evolve(found, surface_low=np.full(5, NAN), surface_high=np.full(5, NAN))
    assert " to " not in texts(plot(bare))


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1.0, 1e6])
def test_outcomes_of_any_size_are_drawn(factor: float) -> None:
    outcome = factor * np.array([3, 3, 5, 4, 4, 1, 2, 5])
    draw(plot(response_surface(outcome, OWN, OTHERS, centre=3)))


def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot(result: ResponseSurface) -> None:
    import matplotlib.pyplot as plt

    given = Figure().add_subplot()
    assert plot(result, ax=given) is given
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(result: ResponseSurface, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong, name in ((None, "NoneType"), (score(samples.answers("ved", rng=1)), "Scores")):
        bad: Any = wrong
        with pytest.raises(TypeError, match=f"result: expected ResponseSurface, got {name}"):
            plot(bad)
    for far in (0, -1, NAN, float("inf"), True, "2", None):
        reach: Any = far
        with pytest.raises(ValueError, match=r"reach: expected a (finite )?number"):
            plot(result, reach=reach)
    for crowd in ([1, 2], [[1, 2, 3]], [["a", "b"]], "people", 3, [[True, False]], [[1, 2], [3]], [[1j, 2]]):
        people: Any = crowd
        with pytest.raises(ValueError, match="people: expected real numbers in two columns"):
            plot(result, people=people)
    with pytest.raises(ValueError, match="ax: response_surface needs ordinary axes, got polar ones"):
        plot(result, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"response_surface needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(result)


def draw(axes: Axes) -> None:
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()
