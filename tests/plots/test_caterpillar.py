"""The picture of group means: dots in order with their intervals, and what rests on too few as not shown."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.assessment import score
from leadkit.errors import DisclosureError
from leadkit.plots import caterpillar as plot
from leadkit.stats import ShrunkenMeans, shrunken_means
from leadkit.typing import FloatArray

NAN = float("nan")


def means(sizes: dict[str, int], *, seed: int = 4) -> ShrunkenMeans:
    """Draw groups of so many values, each with a mean of its own."""
    rng = np.random.default_rng(seed)
    labels = [name for name, n in sizes.items() for _ in range(n)]
    own = dict(zip(sizes, np.linspace(1, 5, len(sizes)), strict=True))
    return shrunken_means([own[name] + rng.normal(0, 0.6) for name in labels], labels)


@pytest.fixture(scope="module")
def result() -> ShrunkenMeans:
    return means({"d": 8, "a": 3, "c": 20, "b": 5})


def marks(axes: Axes, label: str) -> FloatArray:
    (found,) = (one for one in axes.get_lines() if one.get_label() == label)
    return np.asarray(found.get_xydata(), dtype=float)


def has(axes: Axes, label: str) -> bool:
    return label in axes.get_legend_handles_labels()[1]


def intervals(axes: Axes) -> FloatArray:
    (found,) = (one for one in axes.collections if isinstance(one, LineCollection))
    return np.array([path.vertices[:, 0] for path in found.get_paths()])  # type: ignore[index]


def names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_the_highest_shrunken_mean_is_on_top_and_dots_are_the_means(result: ShrunkenMeans) -> None:
    axes = plot(result)
    order = np.argsort(-result.shrunken_mean)
    assert names(axes) == [result.groups[k] for k in order]
    assert np.allclose(marks(axes, "shrunken mean"), np.column_stack([result.shrunken_mean[order], np.arange(4)]))
    assert np.allclose(marks(axes, "own mean of the group"), np.column_stack([result.raw_mean[order], np.arange(4)]))
    low, high = axes.get_ylim()
    assert low > high


def test_bars_are_the_intervals_and_the_line_is_the_mean_of_all(result: ShrunkenMeans) -> None:
    axes = plot(result)
    order = np.argsort(-result.shrunken_mean)
    assert np.allclose(intervals(axes), np.column_stack([result.low, result.high])[order])
    (line,) = (one for one in axes.get_lines() if str(one.get_label()).startswith("mean of all"))
    assert line.get_xdata() == pytest.approx([result.grand_mean] * 2)
    assert has(axes, "95\N{NO-BREAK SPACE}% interval")


def test_means_and_numbers_of_values_are_written_beside(result: ShrunkenMeans) -> None:
    expected = [
        f"{result.shrunken_mean[k]:.2f} ({result.n[k]} values)" for k in np.argsort(-result.shrunken_mean).tolist()
    ]
    assert texts(plot(result)) == expected
    assert any(text.endswith("(1 value)") for text in texts(plot(means({"a": 1, "b": 4, "c": 4}))))


def test_groups_on_too_few_values_are_not_shown_and_stand_below_in_the_order_of_their_names() -> None:
    result = means({"f": 9, "z": 3, "g": 8, "e": 4})
    axes = plot(result, min_n=5)
    assert names(axes) == ["g", "f", "e", "z"]
    assert texts(axes)[2:] == ["not shown", "not shown"]
    for label in ("shrunken mean", "own mean of the group"):
        assert marks(axes, label)[:, 1] == pytest.approx([0, 1])
    assert len(intervals(axes)) == 2
    assert axes.get_xlabel().endswith("; not shown: could tell about fewer than 5 values")


def test_a_second_group_is_hidden_where_the_total_would_give_the_first_away() -> None:
    axes = plot(means({"a": 9, "b": 2, "c": 5}), min_n=5)
    assert names(axes) == ["a", "b", "c"]
    assert texts(axes)[1:] == ["not shown", "not shown"]
    assert "not shown" not in " ".join(texts(plot(means({"a": 9, "b": 7, "c": 5}), min_n=5)))


def test_a_group_without_values_says_so_and_has_no_mark() -> None:
    result = shrunken_means([1, 2, 4, 5, NAN], ["a", "a", "b", "b", "z"])
    axes = plot(result, min_n=None)
    assert names(axes) == ["b", "a", "z"]
    assert texts(axes)[2] == "no values"
    assert marks(axes, "shrunken mean")[:, 1] == pytest.approx([0, 1])
    assert texts(plot(result, min_n=3)) == ["not shown", "not shown", "no values"]


def test_one_group_has_its_own_mean_and_nothing_to_be_drawn_to() -> None:
    axes = plot(shrunken_means([1, 2, 3], ["a"] * 3))
    assert texts(axes) == ["cannot be told"]
    assert marks(axes, "own mean of the group") == pytest.approx(np.array([[2, 0]]))
    assert not has(axes, "shrunken mean")


def test_all_equal_and_all_missing_and_no_groups_are_drawn() -> None:
    equal = plot(shrunken_means([3] * 6, list("aabbcc")))
    assert marks(equal, "shrunken mean")[:, 0] == pytest.approx([3, 3, 3])
    missing = plot(shrunken_means([NAN, NAN], ["a", "b"]))
    assert texts(missing) == ["no values", "no values"]
    nothing = plot(shrunken_means([NAN], [None]))
    assert texts(nothing) == ["no groups"]
    hidden = plot(means({"a": 2, "b": 2}), min_n=5)
    assert texts(hidden) == ["not shown", "not shown"]
    for axes in (equal, missing, nothing, hidden):
        assert isinstance(axes.figure, Figure)
        axes.figure.draw_without_rendering()


def test_long_names_are_cut_and_mathematics_and_numbers_stay() -> None:
    axes = plot(shrunken_means([1, 2, 4, 5], ["a branch with $x$ and $ in a name far too long"] * 2 + ["b"] * 2))
    (name,) = (name for name in names(axes) if name != "b")
    assert "$x$ and $" in name
    assert len(name) <= 36
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()
    assert names(plot(shrunken_means([1, 2, 4, 5], [7, 7, 8, 8]))) == ["8", "7"]


def test_too_many_groups_are_refused_with_the_way_out(result: ShrunkenMeans) -> None:
    with pytest.raises(ValueError, match=r"4 groups are to be drawn, the limit \(max_rows\) is 3: give shrunken_means"):
        plot(result, max_rows=3)
    assert len(names(plot(result, max_rows=4))) == 4
    for wrong in (0, 2.5, True, None):
        bad: Any = wrong
        with pytest.raises(ValueError, match="max_rows: expected a whole number of at least 1, got"):
            plot(result, max_rows=bad)


def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot(result: ShrunkenMeans) -> None:
    import matplotlib.pyplot as plt

    given = Figure().add_subplot()
    assert plot(result, ax=given) is given
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(result: ShrunkenMeans, monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong, name in ((None, "NoneType"), (score(samples.answers("ved", rng=1)), "Scores"), ([1, 2], "list")):
        bad: Any = wrong
        with pytest.raises(TypeError, match=f"result: expected ShrunkenMeans, got {name}"):
            plot(bad)
    for few in (2, 3.5, True, "5"):
        least: Any = few
        with pytest.raises(DisclosureError, match="min_n: expected a whole number of at least 3, got"):
            plot(result, min_n=least)
    with pytest.raises(ValueError, match="ax: caterpillar needs ordinary axes, got polar ones"):
        plot(result, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"caterpillar needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(result)
