"""The picture of self and others: what is drawn is what may be shown."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from leadkit import samples
from leadkit.assessment import DisclosedFeedback, DisclosurePolicy, Instrument, Metric, Ratings, disclose, feedback
from leadkit.errors import UnknownIdError
from leadkit.plots import feedback as plot
from leadkit.plots import profile
from leadkit.plots.palette import DARK, ORANGE

LOG_WORDS = ("below_minimum", "pooled", "differencing", "certain", "items_inconsistent")


def disclosed(*, n_leaders: int = 4, policy: DisclosurePolicy | None = None, **options: Any) -> DisclosedFeedback:
    ratings = samples.ratings("ved", n_leaders=n_leaders, rng=1)
    return disclose(feedback(ratings, **options), policy or DisclosurePolicy())


@pytest.fixture(scope="module")
def shown() -> DisclosedFeedback:
    return disclosed()


def small(rows: list[tuple[str, str, list[float]]], sizes: dict[str, int], *, low: int = 1, high: int = 5) -> Ratings:
    """Build evaluations of "t" by rater and role, on dimensions with so many items each."""
    items = [
        {"item": f"{name}{i}", "dimension": name, "low": low, "high": high}
        for name, count in sizes.items()
        for i in range(count)
    ]
    form = Instrument.from_rows(items, id="small", version="1.0.0", title="Small", source="Test", licence="MIT")
    records = [
        {"ratee_id": "t", "rater_id": rater, "role": role} | dict(zip(form.item_ids, answers, strict=True))
        for rater, role, answers in rows
    ]
    return Ratings.from_records(records, form)


def line(axes: Axes, label: str) -> Line2D:
    (found,) = (one for one in axes.get_lines() if one.get_label() == label)
    return found


def texts(axes: Axes) -> list[str]:
    return [" ".join(text.get_text().split()) for text in axes.texts]


def labels(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_self_others_and_target_are_marked_at_their_numbers(shown: DisclosedFeedback) -> None:
    axes = plot(shown, shown.ratee_ids[1])
    assert np.array_equal(line(axes, "self").get_xdata(), shown.mean[1, 0])
    assert np.array_equal(line(axes, "others").get_xdata(), shown.others_mean[1])
    assert np.array_equal(line(axes, "target").get_xdata(), shown.target[1])
    for label in ("self", "others", "target"):
        assert np.array_equal(line(axes, label).get_ydata(), np.arange(7))


def test_the_gap_is_the_line_between_self_and_others(shown: DisclosedFeedback) -> None:
    (gaps,) = plot(shown, shown.ratee_ids[1]).collections
    ends = np.array([path.vertices[:, 0] for path in gaps.get_paths()])  # type: ignore[index]
    assert np.allclose(ends, np.column_stack([shown.mean[1, 0], shown.others_mean[1]]))


def test_means_of_roles_are_small_marks_below_the_line_each_of_its_own_shape(shown: DisclosedFeedback) -> None:
    axes = plot(shown, shown.ratee_ids[1])
    drawn = [line(axes, name) for name in ("Manager", "Peer", "Direct report", "Customer")]
    for r, marks in enumerate(drawn, start=1):
        assert np.array_equal(marks.get_xdata(), shown.mean[1, r])
        assert (np.asarray(marks.get_ydata()) > np.arange(7)).all()
        assert marks.get_markersize() < line(axes, "self").get_markersize()
    assert len({str(marks.get_marker()) for marks in drawn}) == 4
    assert labels(axes) == ["target", "gap", "others", "self", "Manager", "Peer", "Direct report", "Customer"]


def test_what_is_hidden_is_words_and_no_mark(shown: DisclosedFeedback) -> None:
    axes = plot(shown, shown.ratee_ids[0])
    assert np.isnan(shown.mean[0, [2, 4]]).all()
    assert texts(axes).count("not shown: Peer, Customer") == 7
    assert not {"Peer", "Customer"} & set(labels(axes))


def test_every_gap_is_written_with_its_sign(shown: DisclosedFeedback) -> None:
    written = [text for text in texts(plot(shown, shown.ratee_ids[0])) if text.startswith("gap")]
    signed = [f"{gap:+.2f}".replace("-", "\N{MINUS SIGN}") for gap in shown.gap[0]]
    assert written == [f"gap {text}" for text in signed]


def test_a_gap_in_percent_is_in_percentage_points() -> None:
    shown = disclosed(metric="pomp")
    axes = plot(shown, shown.ratee_ids[1])
    assert f"gap {shown.gap[1, 0]:+.0f} percentage points" in texts(axes)
    assert axes.get_xlabel() == "percent of the maximum possible"
    low, high = axes.get_xlim()
    assert low < 0
    assert high > 100


def test_a_dimension_without_any_number_says_so_and_keeps_its_target() -> None:
    ratings = small([("a", "peer", [3, 4]), ("b", "peer", [2, 5])], {"x": 1, "y": 1})
    axes = plot(disclose(feedback(ratings), DisclosurePolicy()), "t")
    assert texts(axes) == ["not shown: Self, Peer"] * 2 + ["not shown"] * 2
    assert np.isnan(line(axes, "self").get_xdata()).all()
    assert line(axes, "target").get_xdata() == pytest.approx([3, 3])
    assert len(axes.collections) == 0


def test_a_mean_at_an_end_is_drawn_where_it_is_published() -> None:
    rows = [("t", "self", [3.0])] + [(f"p{i}", "peer", [5.0]) for i in range(4)]
    axes = plot(disclose(feedback(small(rows, {"x": 1})), DisclosurePolicy()), "t")
    assert line(axes, "Peer").get_xdata() == pytest.approx([4.75])
    assert texts(axes) == ["gap \N{MINUS SIGN}1.75"]


@pytest.mark.parametrize("metric", ["mean", "sum"])
def test_sums_of_different_length_share_an_axis_in_percent_of_their_span(metric: Metric) -> None:
    rows = [("t", "self", [3.0, 4.0, 4.0]), ("m", "manager", [2.0, 5.0, 4.0])]
    axes = plot(disclose(feedback(small(rows, {"a": 1, "b": 2}), metric=metric), DisclosurePolicy()), "t")
    expected = [50, 75] if metric == "sum" else [3, 4]
    assert line(axes, "self").get_xdata() == pytest.approx(expected)
    assert axes.get_xlabel().startswith("percent of the way") == (metric == "sum")
    assert line(axes, "Manager").get_xdata() == pytest.approx([25, 87.5] if metric == "sum" else [2, 4.5])


def test_a_custom_role_and_mathematics_in_a_name_stay_as_they_are() -> None:
    rows = [("t", "self", [3.0])] + [(f"p{i}", "board_member", [float(i)]) for i in (2, 3, 4)]
    ratings = small(rows, {"x": 1})
    form = evolve(ratings.instrument, dimensions=(evolve(ratings.instrument.dimensions[0], name="Costs in $x$ and $"),))
    ratings = evolve(ratings, responses=evolve(ratings.responses, instrument=form))
    axes = plot(disclose(feedback(ratings), DisclosurePolicy()), "t")
    assert "Board member" in labels(axes)
    assert axes.get_yticklabels()[0].get_text() == "Costs in $x$ and $"
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_no_rater_and_no_word_of_the_log_is_in_the_picture(shown: DisclosedFeedback) -> None:
    ratings = samples.ratings("ved", n_leaders=4, rng=1)
    for who in shown.ratee_ids:
        axes = plot(shown, who)
        ticks = [tick.get_text() for tick in axes.get_yticklabels()]
        text = " ".join([*texts(axes), *labels(axes), *ticks, axes.get_title(loc="left"), axes.get_xlabel()])
        assert who in text
        assert not [name for name in {*ratings.rater_ids, *LOG_WORDS} - {who} if name in text]


def test_self_and_others_differ_in_shape_and_colour(shown: DisclosedFeedback) -> None:
    axes = plot(shown, shown.ratee_ids[0])
    own, others = line(axes, "self"), line(axes, "others")
    assert own.get_marker() != others.get_marker()
    assert to_hex(str(own.get_markerfacecolor())).upper() == DARK.upper()
    assert to_hex(str(others.get_markerfacecolor())).upper() == ORANGE.upper()


def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot(shown: DisclosedFeedback) -> None:
    import matplotlib.pyplot as plt

    given = Figure().add_subplot()
    assert plot(shown, shown.ratee_ids[0], ax=given) is given
    plot(shown, shown.ratee_ids[0])
    assert plt.get_fignums() == []


def test_raw_feedback_is_refused_with_the_way_to_disclose_it() -> None:
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    message = r"got Feedback; raw feedback is not for showing: call disclose\(feedback, policy\) first"
    with pytest.raises(TypeError, match=f"disclosed: expected DisclosedFeedback, {message}"):
        plot(raw, raw.ratee_ids[0])
    with pytest.raises(TypeError, match=f"scores: expected Scores, {message}"):
        profile(raw)


def test_wrong_arguments_are_refused_by_name(shown: DisclosedFeedback) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match=r"disclosed: expected DisclosedFeedback, got int$"):
        plot(wrong, "t")
    with pytest.raises(UnknownIdError, match="unknown ratee 'nobody'"):
        plot(shown, "nobody")
    with pytest.raises(ValueError, match="feedback needs ordinary axes, got polar ones"):
        plot(shown, shown.ratee_ids[0], ax=Figure().add_subplot(projection="polar"))


def test_without_matplotlib_the_message_says_what_to_install(
    shown: DisclosedFeedback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"feedback needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(shown, shown.ratee_ids[0])
