"""The picture of everybody's scores: a number and a shade a cell, and a hatch where there is no score."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.assessment import Instrument, Metric, Responses, Scores, feedback, score
from leadkit.plots import heatmap as plot
from leadkit.typing import FloatArray

DASH = "\N{EN DASH}"
NAN = float("nan")


@pytest.fixture(scope="module")
def scores() -> Scores:
    return score(samples.answers("ved", n=12, rng=1, missing=0.25))


def small(values: Any, sizes: dict[str, int], metric: Metric = "mean", ids: list[str] | None = None) -> Scores:
    """Score answers on dimensions with so many items each."""
    items = [
        {"item": f"{name}{i}", "dimension": name, "low": 1, "high": 5} for name, n in sizes.items() for i in range(n)
    ]
    form = Instrument.from_rows(items, id="small", version="1.0.0", title="Small", source="Test", licence="MIT")
    table = np.array(values, dtype=float).reshape(len(values), len(items))
    return score(Responses(form, table, ids or [f"p{i}" for i in range(len(values))]), metric=metric)


def shades(axes: Axes) -> FloatArray:
    (mesh,) = (one for one in axes.collections if isinstance(one, QuadMesh))
    return np.ma.filled(np.ma.asarray(mesh.get_array(), dtype=float), NAN).reshape(len(axes.get_yticks()), -1)


def cells(axes: Axes) -> dict[tuple[int, int], str]:
    return {(int(text.get_position()[1]), int(text.get_position()[0])): text.get_text() for text in axes.texts}


def rows(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def columns(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_xticklabels()]


def test_every_score_is_a_number_and_a_shade_of_its_scale(scores: Scores) -> None:
    axes = plot(scores)
    assert np.allclose(shades(axes), (scores.values - 1) / 4, equal_nan=True)
    expected = {at: DASH if np.isnan(value) else f"{value:.1f}" for at, value in np.ndenumerate(scores.values)}
    assert cells(axes) == expected


def test_a_missing_score_is_hatched_and_has_no_shade(scores: Scores) -> None:
    axes = plot(scores)
    missing = np.argwhere(np.isnan(scores.values))
    assert len(missing) > 0
    (hatched,) = axes.containers
    places = [(bar.get_y() + bar.get_height() / 2, bar.get_x() + bar.get_width() / 2) for bar in hatched]
    assert np.allclose(places, missing)
    assert all(bar.get_hatch() for bar in hatched)
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["no score"]


def test_people_and_scales_are_named_in_the_order_of_the_scores(scores: Scores) -> None:
    axes = plot(scores)
    assert rows(axes) == list(scores.respondent_ids)
    assert columns(axes)[:2] == ["Vision", "Engagement"]
    assert len(columns(axes)) == len(scores.scale_ids)
    order = np.arange(12)[::-1]
    assert rows(plot(scores[order])) == list(scores.respondent_ids)[::-1]
    assert axes.get_title(loc="left") == "Scores of 12 people"


def test_composites_stand_behind_a_line_and_without_any_there_is_none(scores: Scores) -> None:
    (line,) = plot(scores).get_lines()
    assert line.get_xdata() == pytest.approx([6.5, 6.5])
    assert len(plot(small([[1, 2]], {"a": 1, "b": 1})).get_lines()) == 0


def test_sums_are_shaded_by_the_ends_of_their_own_scale() -> None:
    axes = plot(small([[5, 1, 3]], {"a": 1, "b": 2}, metric="sum"))
    assert shades(axes) == pytest.approx(np.array([[1.0, 0.25]]))
    assert cells(axes) == {(0, 0): "5.0", (0, 1): "4.0"}
    assert axes.get_xlabel().replace("\n", " ") == "sum of answers; shades from the lowest to the highest of each scale"


def test_percent_are_whole_numbers_and_the_unit_is_named(scores: Scores) -> None:
    axes = plot(score(samples.answers("ved", n=3, rng=1, missing=0, careless=0), metric="pomp"))
    assert all(text.isdigit() for text in cells(axes).values())
    assert axes.get_xlabel() == "percent of the maximum possible"
    assert plot(scores).get_xlabel() == "mean answer, 1 (Never) to 5 (Always)"
    assert axes.get_legend() is None


def test_large_sums_are_whole_numbers() -> None:
    assert cells(plot(small([[4] * 30], {"a": 30}, metric="sum"))) == {(0, 0): "120"}


def test_one_person_on_one_scale_and_nobody_and_nothing_known_are_drawn() -> None:
    assert cells(plot(small([[3]], {"a": 1}))) == {(0, 0): "3.0"}
    unknown = plot(small([[NAN, NAN], [NAN, NAN]], {"a": 1, "b": 1}))
    assert set(cells(unknown).values()) == {DASH}
    nobody = plot(small([], {"a": 1}))
    assert [text.get_text() for text in nobody.texts] == ["nobody"]
    for axes in (unknown, nobody):
        assert isinstance(axes.figure, Figure)
        axes.figure.draw_without_rendering()


def test_long_names_are_cut_and_slanted_and_mathematics_stays(scores: Scores) -> None:
    first, *rest = scores.instrument.dimensions
    name = "What $x$ and $ it takes to be much too long a name"
    form = evolve(scores.instrument, dimensions=(evolve(first, name=name), *rest))
    axes = plot(evolve(scores, instrument=form, respondent_ids=("a very $long$ " * 9, *scores.respondent_ids[1:])))
    assert columns(axes)[0].startswith("What $x$ and $ it")
    assert len(columns(axes)[0]) <= 28
    assert len(rows(axes)[0]) <= 28
    assert axes.get_xticklabels()[0].get_rotation() == 45
    assert plot(small([[1, 2]], {"a": 1, "b": 1})).get_xticklabels()[0].get_rotation() == 0
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_too_many_people_are_refused_with_the_way_out(scores: Scores) -> None:
    with pytest.raises(ValueError, match=r"12 people are to be drawn, the limit \(max_rows\) is 11: draw some of them"):
        plot(scores, max_rows=11)
    assert len(rows(plot(scores, max_rows=12))) == 12
    for wrong in (0, 2.5, True, None, "9"):
        bad: Any = wrong
        with pytest.raises(ValueError, match="max_rows: expected a whole number of at least 1, got"):
            plot(scores, max_rows=bad)


def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot(scores: Scores) -> None:
    import matplotlib.pyplot as plt

    given = Figure().add_subplot()
    assert plot(scores, ax=given) is given
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    for wrong, message in (
        (None, "got NoneType"),
        (samples.answers("ved", rng=1), "got Responses"),
        (raw, r"got Feedback; raw feedback is not for showing: call disclose\(feedback, policy\) first"),
    ):
        bad: Any = wrong
        with pytest.raises(TypeError, match=f"scores: expected Scores, {message}"):
            plot(bad)
    with pytest.raises(ValueError, match="ax: heatmap needs ordinary axes, got polar ones"):
        plot(scores, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"heatmap needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(scores)
