"""The picture of items: correlations with the rest, alpha with its interval, and alpha without each item."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.assessment import Instrument, ReliabilityTable, Responses, feedback, reliability
from leadkit.errors import UnknownIdError
from leadkit.plots import reliability as plot
from leadkit.stats import ItemAnalysis, item_analysis
from leadkit.typing import FloatArray

NAN = float("nan")


@pytest.fixture(scope="module")
def table() -> ReliabilityTable:
    return reliability(samples.answers("ved", n=80, rng=1))


@pytest.fixture(scope="module")
def grouped() -> ReliabilityTable:
    return reliability(samples.answers("ved", n=80, rng=1), by="team")


@pytest.fixture(scope="module")
def odd() -> ReliabilityTable:
    """One item, two items that contradict each other, and three of which one never changes."""
    items = [
        {"item": f"{name}{i}", "dimension": name, "low": 1, "high": 5}
        for name, n in {"a": 1, "b": 2, "c": 3}.items()
        for i in range(n)
    ]
    form = Instrument.from_rows(items, id="odd", version="1.0.0", title="Odd", source="Test", licence="MIT")
    values = [[1, 2, 3, 3, 1, 2], [2, 4, 1, 3, 5, 2], [5, 1, 3, 3, 1, 5], [2, 2, 2, 3, 1, 1]]
    return reliability(Responses(form, values, list("pqrs")))


def bars(axes: Axes, label: str) -> list[Any]:
    return [bar for one in axes.containers if one.get_label() == label for bar in one]


def diamonds(axes: Axes) -> FloatArray:
    (found,) = (one for one in axes.get_lines() if one.get_label() == "alpha without the item")
    return np.asarray(found.get_xydata(), dtype=float)


def alphas(axes: Axes) -> FloatArray:
    found = [one for one in axes.collections if isinstance(one, LineCollection)]
    return np.array([path.vertices for one in found for path in one.get_paths()])


def names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_bars_are_correlations_with_the_rest_and_diamonds_alpha_without(table: ReliabilityTable) -> None:
    analysis = table.analysis("vision")
    for axes in (plot(analysis), plot(table, dimension="vision")):
        widths = [bar.get_width() for bar in bars(axes, "correlation with the rest")]
        assert widths == pytest.approx(analysis.item_rest_r)
        assert np.allclose(diamonds(axes), np.column_stack([analysis.alpha_if_dropped, np.arange(1, 6)]))


def test_alpha_is_a_line_beside_its_items_with_its_interval_around(table: ReliabilityTable) -> None:
    alpha = table.analysis("vision").alpha
    axes = plot(table, dimension="vision")
    assert np.allclose(alphas(axes), [[[alpha.alpha, 0.5], [alpha.alpha, 5.5]]])
    (stripe,) = bars(axes, "its 95\N{NO-BREAK SPACE}% interval")
    assert stripe.get_x() == pytest.approx(alpha.interval.low)
    assert stripe.get_x() + stripe.get_width() == pytest.approx(alpha.interval.high)
    assert (stripe.get_y(), stripe.get_height()) == (0.5, 5)
    assert texts(axes) == [f"alpha {alpha.alpha:.2f} ({alpha.interval.low:.2f} to {alpha.interval.high:.2f})"]


def test_all_dimensions_stand_below_each_other_each_under_its_name(table: ReliabilityTable) -> None:
    axes = plot(table)
    expected = []
    for dimension in table.dimension_ids:
        expected += [dimension, *table.analysis(dimension).items]
    assert names(axes) == expected
    bold = [label.get_text() for label in axes.get_yticklabels() if label.get_fontweight() == "bold"]
    assert bold == list(table.dimension_ids)
    assert alphas(axes)[:, 0, 0] == pytest.approx(table.alpha)
    legend = axes.get_legend()
    assert legend is not None
    shown = [text.get_text() for text in legend.get_texts()]
    assert len(shown) == len(set(shown)) == 4
    assert axes.get_title(loc="left") == "Which items belong together \N{EN DASH} 80 people"


def test_one_group_of_a_table_with_groups_is_drawn(grouped: ReliabilityTable) -> None:
    group = grouped.groups[0]
    axes = plot(grouped, group=group, dimension="vision")
    widths = [bar.get_width() for bar in bars(axes, "correlation with the rest")]
    assert widths == pytest.approx(grouped.analysis("vision", group).item_rest_r)
    assert f", {group}" in axes.get_title(loc="left")


def test_what_cannot_be_computed_is_said_and_not_drawn(odd: ReliabilityTable) -> None:
    axes = plot(odd)
    assert "alpha not defined: single item" in texts(axes)
    assert "constant item" in texts(axes)
    assert "not defined" in texts(axes)
    heights = [round(bar.get_y() + bar.get_height() / 2) for bar in bars(axes, "correlation with the rest")]
    assert heights == [3, 4, 7, 8]
    assert np.isnan(diamonds(axes)[:3, 0]).all()


def test_an_alpha_below_minus_one_is_written_and_counted_and_not_in_the_picture(odd: ReliabilityTable) -> None:
    alpha = odd.analysis("b").alpha.alpha
    assert alpha < -1
    axes = plot(odd, dimension="b")
    assert texts(axes)[0].startswith(f"alpha \N{MINUS SIGN}{-alpha:.2f} (")
    assert axes.get_xlabel().endswith("; 1 below \N{MINUS SIGN}1 not drawn")
    low, high = axes.get_xlim()
    assert -1.2 < low < -1
    assert high == pytest.approx(1.02)


@pytest.mark.parametrize("values", [[[NAN, NAN]] * 3, [[3]] * 3, [[3, 3]] * 3, [[1, 2]]])
def test_answers_without_any_variance_are_drawn(values: list[list[float]]) -> None:
    axes = plot(item_analysis(values))
    assert bars(axes, "correlation with the rest") == []
    assert any(text.startswith("alpha not defined") for text in texts(axes))
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_an_alpha_without_an_interval_is_written_alone() -> None:
    from attrs import evolve

    found = item_analysis([[1, 2, 1], [2, 3, 3], [4, 4, 5], [5, 5, 4]])
    nowhere = evolve(found.alpha, interval=type(found.alpha.interval)(NAN, NAN, 0.95))
    axes = plot(evolve(found, alpha=nowhere))
    assert texts(axes) == [f"alpha {found.alpha.alpha:.2f}"]
    assert bars(axes, "its 95\N{NO-BREAK SPACE}% interval") == []
    assert len(alphas(axes)) == 1


def test_long_names_are_cut_and_mathematics_stays() -> None:
    name = "What $x$ and $ it takes to be much too long a name"
    axes = plot(item_analysis([[1, 2], [2, 3], [3, 5]], items=[name, "b"]))
    assert names(axes)[1].startswith("What $x$ and $ it")
    assert len(names(axes)[1]) <= 32
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_too_many_items_are_refused_with_the_way_out(table: ReliabilityTable) -> None:
    with pytest.raises(ValueError, match=r"35 items are to be drawn, the limit \(max_rows\) is 34: draw one dimension"):
        plot(table, max_rows=34)
    for wrong in (0, 2.5, True, None):
        bad: Any = wrong
        with pytest.raises(ValueError, match="max_rows: expected a whole number of at least 1, got"):
            plot(table, max_rows=bad)


@pytest.mark.parametrize("which", ["table", "analysis"])
def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot(table: ReliabilityTable, which: str) -> None:
    import matplotlib.pyplot as plt

    result: ReliabilityTable | ItemAnalysis = table if which == "table" else table.analysis("vision")
    given = Figure().add_subplot()
    assert plot(result, ax=given) is given
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(
    table: ReliabilityTable, grouped: ReliabilityTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    for wrong, name in ((None, "NoneType"), (samples.answers("ved", rng=1), "Responses"), (raw, "Feedback")):
        bad: Any = wrong
        with pytest.raises(TypeError, match=f"result: expected ReliabilityTable, got {name}"):
            plot(bad)
    analysis = table.analysis("vision")
    with pytest.raises(ValueError, match="dimension: an ItemAnalysis is about one set of items: leave it out"):
        plot(analysis, dimension="vision")
    with pytest.raises(ValueError, match="group: an ItemAnalysis is about one set of items: leave it out"):
        plot(analysis, group="a")
    with pytest.raises(ValueError, match="group: this table has no groups, got 'a'"):
        plot(table, group="a")
    with pytest.raises(ValueError, match="group: this table has an alpha for each 'team': expected one of '"):
        plot(grouped)
    with pytest.raises(UnknownIdError, match="unknown group of 'team' 'nobody'"):
        plot(grouped, group="nobody")
    for unknown in ("visoin", 3, ["vision"]):
        one: Any = unknown
        with pytest.raises(UnknownIdError, match="unknown dimension"):
            plot(table, dimension=one)
    with pytest.raises(ValueError, match="ax: reliability needs ordinary axes, got polar ones"):
        plot(table, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"reliability needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(table)
