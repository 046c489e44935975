"""The profile picture: what is drawn is what the scores say."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from leadkit import samples
from leadkit.assessment import BandedScores, Instrument, Metric, Responses, Scores, score
from leadkit.errors import UnknownIdError
from leadkit.plots import profile
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE

RELIABILITY = dict.fromkeys(
    ("vision", "engagement", "delivery", "planning", "organising", "monitoring", "reviewing"), 0.75
)


@pytest.fixture(scope="module")
def scores() -> Scores:
    return score(samples.answers("ved", rng=1))


@pytest.fixture(scope="module")
def bands(scores: Scores) -> BandedScores:
    return scores.with_bands(RELIABILITY)


def small(
    dimensions: Mapping[str, int], rows: list[list[float]], *, names: Mapping[str, str] | None = None
) -> Responses:
    """Build answers on 1..5 to dimensions with so many items each."""
    items = [
        {"item": f"{dimension}{i}", "dimension": dimension, "low": 1, "high": 5}
        for dimension, count in dimensions.items()
        for i in range(count)
    ]
    instrument = Instrument.from_rows(items, id="small", version="1.0.0", title="Small", source="Test", licence="MIT")
    named = tuple(evolve(part, name=(names or {}).get(part.id, part.id)) for part in instrument.dimensions)
    instrument = evolve(instrument, dimensions=named)
    return Responses(instrument, rows, [f"r{i}" for i in range(len(rows))])


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def bar_ends(axes: Axes) -> list[float]:
    """Right ends of the bars, top to bottom."""
    bars = sorted(axes.patches, key=lambda bar: bar.get_y())  # type: ignore[attr-defined]
    return [bar.get_x() + bar.get_width() for bar in bars]  # type: ignore[attr-defined]


def line(axes: Axes, label: str) -> Line2D:
    (found,) = (one for one in axes.get_lines() if one.get_label() == label)
    return found


def test_bars_end_at_the_scores_and_start_at_the_lowest_possible_one(scores: Scores) -> None:
    axes = profile(scores, scores.respondent_ids[3])
    assert np.allclose(bar_ends(axes), scores.values[3])
    assert {bar.get_x() for bar in axes.patches} == {1.0}  # type: ignore[attr-defined]
    assert axes.get_xlim() == (1.0, 5.0)


@pytest.mark.parametrize(
    ("metric", "shown"), [("mean", "{:.2f} of 1\N{EN DASH}5"), ("pomp", "{:.0f}\N{NO-BREAK SPACE}%")]
)
def test_every_score_is_written_with_its_scale(metric: Metric, shown: str) -> None:
    scores = score(samples.answers("ved", rng=1), metric=metric)
    axes = profile(scores, scores.respondent_ids[2])
    assert texts(axes) == [shown.format(value) for value in scores.values[2]]


def test_the_axis_says_what_a_score_counts_and_what_its_ends_mean(scores: Scores) -> None:
    assert profile(scores).get_xlabel() == "mean answer, 1 (Never) to 5 (Always)"


def test_dimensions_are_dark_and_composites_light(scores: Scores) -> None:
    axes = profile(scores, scores.respondent_ids[0])
    colours = [to_hex(bar.get_facecolor()).upper() for bar in sorted(axes.patches, key=lambda bar: bar.get_y())]  # type: ignore[attr-defined]
    assert colours == [DARK] * 7 + [LIGHT] * 2


def test_whiskers_are_the_ends_of_the_band(scores: Scores, bands: BandedScores) -> None:
    axes = profile(scores, scores.respondent_ids[0], bands=bands)
    (outline, whiskers) = axes.collections
    for drawn in (outline, whiskers):
        ends = np.array([[path.vertices[0, 0], path.vertices[1, 0]] for path in drawn.get_paths()])  # type: ignore[index]
        assert np.allclose(ends, np.column_stack([bands.low[0], bands.high[0]]))
    assert "95\N{NO-BREAK SPACE}% band" in {text.get_text() for text in axes.get_legend().get_texts()}  # type: ignore[union-attr]


def test_a_kelley_band_is_named_as_one(scores: Scores) -> None:
    axes = profile(scores, scores.respondent_ids[0], bands=scores.with_bands(RELIABILITY, kind="kelley", level=0.9))
    labels = {text.get_text() for text in axes.get_legend().get_texts()}  # type: ignore[union-attr]
    assert "90\N{NO-BREAK SPACE}% band of the estimated true score" in labels


def test_a_missing_score_is_drawn_as_words_and_not_as_a_bar() -> None:
    answers = small({"a": 2, "b": 2}, [[4, 4, np.nan, np.nan], [2, 3, 4, 5]])
    axes = profile(score(answers), "r0", bands=score(answers).with_bands({"a": 0.8, "b": 0.8}))
    assert len(axes.patches) == 1
    assert texts(axes) == ["4.00 of 1\N{EN DASH}5", "no score"]
    assert len(axes.collections[0].get_paths()) == 1


def test_somebody_without_answers_has_words_only() -> None:
    answers = small({"a": 1, "b": 1}, [[np.nan, np.nan], [2, 3]])
    axes = profile(score(answers), "r0")
    assert (len(axes.patches), texts(axes), axes.get_legend()) == (0, ["no score", "no score"], None)


def test_the_mean_of_all_leaves_out_those_without_a_score_and_has_the_spread_between_people_as_whiskers() -> None:
    answers = small({"a": 1, "b": 1}, [[1, np.nan], [2, 5], [4, np.nan]])
    axes = profile(score(answers))
    assert axes.get_title(loc="left") == "Mean of 3 respondents"
    assert np.allclose(bar_ends(axes), [7 / 3, 5])
    (path,) = axes.collections[1].get_paths()
    spread = np.std([1, 2, 4], ddof=1)
    assert np.allclose(path.vertices[:, 0], [7 / 3 - spread, 7 / 3 + spread])  # type: ignore[index]


def test_the_mean_of_nobody_has_no_score() -> None:
    axes = profile(score(small({"a": 1}, [[3]])[:0]))
    assert texts(axes) == ["no score"]


def test_the_reference_is_the_mean_of_all_or_what_is_given(scores: Scores) -> None:
    axes = profile(scores, scores.respondent_ids[0], reference="mean")
    assert np.allclose(line(axes, "mean of 24 respondents").get_xdata(), scores.values.mean(axis=0))
    marks = line(profile(scores, reference={"vision": 4.5}), "reference").get_xdata()
    assert np.array_equal(marks, [4.5] + [np.nan] * 8, equal_nan=True)
    assert line(axes, "mean of 24 respondents").get_markerfacecolor() == ORANGE


@pytest.mark.parametrize("kind", ["bar", "radar"])
def test_scales_of_different_length_share_an_axis_in_percent_of_their_span(kind: Any) -> None:
    answers = small({"a": 1, "b": 2, "c": 4}, [[3, 4, 4, 5, 5, 5, 5], [1, 1, 1, 2, 2, 2, 2]])
    axes = profile(score(answers, metric="sum"), "r0", kind=kind)
    drawn = bar_ends(axes) if kind == "bar" else line(axes, "scores").get_ydata()[:3]  # type: ignore[index]
    assert np.allclose(drawn, [50, 75, 100])
    assert "3.00 of 1\N{EN DASH}5" in "\n".join(texts(axes))
    assert "20.00 of 4\N{EN DASH}20" in "\n".join(texts(axes))


def test_long_names_are_wrapped_and_marks_of_mathematics_stay_as_they_are() -> None:
    name = "Around-the-clock activities and where the hours of the day go for $x$ and $"
    axes = profile(score(small({"a": 1}, [[3]], names={"a": name})), "r0")
    (label,) = axes.get_yticklabels()
    assert " ".join(label.get_text().split()) == name
    assert max(map(len, label.get_text().splitlines())) <= 24
    figure = axes.figure
    assert isinstance(figure, Figure)
    figure.draw_without_rendering()


def test_a_radar_goes_round_the_dimensions_and_leaves_composites_out(scores: Scores, bands: BandedScores) -> None:
    axes = profile(scores, scores.respondent_ids[1], kind="radar", bands=bands, reference="mean")
    drawn = line(axes, "scores")
    assert np.allclose(drawn.get_ydata(), [*scores.values[1, :7], scores.values[1, 0]])
    assert np.allclose(drawn.get_xdata(), [*np.linspace(0, 2 * np.pi, 7, endpoint=False), 0])
    assert np.allclose(line(axes, "mean of 24 respondents").get_ydata()[:7], scores.values.mean(axis=0)[:7])  # type: ignore[index]
    whiskers = [np.asarray(one.get_ydata()) for one in axes.get_lines() if np.size(one.get_ydata()) == 2]
    expected = np.clip(np.column_stack([bands.low[1, :7], bands.high[1, :7]]), 1, 5)
    assert np.allclose(whiskers, expected)
    assert len(axes.patches) == 1
    assert axes.get_ylim() == (1.0, 5.0)


def test_a_radar_with_a_gap_is_not_filled_and_says_so() -> None:
    answers = small({"a": 1, "b": 1, "c": 1}, [[3, np.nan, 4], [1, 2, 3]])
    axes = profile(score(answers), "r0", kind="radar")
    assert len(axes.patches) == 0
    assert "b\nno score" in texts(axes)


def test_the_given_axes_are_drawn_on_and_returned(scores: Scores) -> None:
    figure = Figure()
    given = figure.add_subplot()
    assert profile(scores, ax=given) is given
    polar = figure.add_subplot(projection="polar")
    assert profile(scores, ax=polar, kind="radar") is polar


@pytest.mark.parametrize("kind", ["bar", "radar"])
def test_no_figure_is_known_to_pyplot(scores: Scores, kind: Any) -> None:
    import matplotlib.pyplot as plt

    profile(scores, kind=kind)
    assert plt.get_fignums() == []


def test_colours_keep_their_order_in_grey_and_text_has_contrast() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    assert luminance(INK) < luminance(DARK) < luminance(LIGHT) < luminance(ORANGE)
    assert luminance(LIGHT) > 2 * luminance(DARK)
    for colour in (INK, GREY):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_an_unknown_respondent_is_refused_with_the_nearest(scores: Scores) -> None:
    with pytest.raises(UnknownIdError, match=r"unknown respondent 'naveen.vargos' \(did you mean 'naveen.vargas'"):
        profile(scores, "naveen.vargos")


def test_wrong_options_are_refused_by_name(scores: Scores, bands: BandedScores) -> None:
    first = scores.respondent_ids[0]
    with pytest.raises(ValueError, match="kind: expected one of 'bar', 'radar', got 'pie'"):
        profile(scores, kind="pie")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"reference: expected 'mean' or a mapping .* got 'median'"):
        profile(scores, first, reference="median")  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="unknown scale 'visio'"):
        profile(scores, first, reference={"visio": 3.0})
    with pytest.raises(ValueError, match="bands: a band is about one person"):
        profile(scores, bands=bands)
    with pytest.raises(ValueError, match="got other respondents or scales"):
        profile(scores[:5], first, bands=bands)
    with pytest.raises(ValueError, match="got other values"):
        profile(score(samples.answers("ved", rng=1), metric="pomp"), first, bands=bands)


def test_something_else_than_scores_is_refused_with_what_it_is(bands: BandedScores) -> None:
    with pytest.raises(TypeError, match="expected Scores, got BandedScores; give the scores first and these as bands="):
        profile(bands)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"expected Scores, got int$"):
        profile(3)  # type: ignore[arg-type]


def test_axes_that_do_not_fit_the_kind_are_refused(scores: Scores) -> None:
    figure = Figure()
    with pytest.raises(ValueError, match="bars need ordinary axes, got polar ones"):
        profile(scores, ax=figure.add_subplot(projection="polar"))
    with pytest.raises(ValueError, match="a radar needs polar axes"):
        profile(scores, ax=figure.add_subplot(), kind="radar")


def test_a_radar_of_two_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match="needs at least 3 dimensions, got 2; use kind='bar'"):
        profile(score(small({"a": 1, "b": 1}, [[3, 4]])), kind="radar")


def test_without_matplotlib_the_message_says_what_to_install(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"profile needs matplotlib: pip install 'leadkit\[plots\]'"):
        profile(scores)
