"""The picture of gaps: bars from zero are self less others, and what is hidden is drawn as hidden."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.assessment import (
    DisclosedFeedback,
    DisclosurePolicy,
    GapRule,
    Instrument,
    Ratings,
    disclose,
    feedback,
    score,
)
from leadkit.errors import UnknownIdError
from leadkit.plots import gap as plot

MINUS = "\N{MINUS SIGN}"
LOG_WORDS = ("below_minimum", "pooled", "differencing", "certain", "items_inconsistent")


def disclosed(**options: Any) -> DisclosedFeedback:
    ratings = samples.ratings("ved", n_leaders=4, rng=1)
    return disclose(feedback(ratings, **options), DisclosurePolicy())


@pytest.fixture(scope="module")
def shown() -> DisclosedFeedback:
    return disclosed()


def small(rows: list[tuple[str, str, list[float]]], sizes: dict[str, int], **options: Any) -> DisclosedFeedback:
    """Disclose evaluations of "t" by rater and role, on dimensions with so many items each."""
    items = [
        {"item": f"{name}{i}", "dimension": name, "low": 1, "high": 5} for name, n in sizes.items() for i in range(n)
    ]
    form = Instrument.from_rows(items, id="small", version="1.0.0", title="Small", source="Test", licence="MIT")
    records = [
        {"ratee_id": "t", "rater_id": rater, "role": role} | dict(zip(form.item_ids, answers, strict=True))
        for rater, role, answers in rows
    ]
    return disclose(feedback(Ratings.from_records(records, form), **options), DisclosurePolicy())


def bars(axes: Axes, label: str) -> dict[int, float]:
    """Width of each bar with a label, by row."""
    found = [container for container in axes.containers if container.get_label() == label]
    return {round(bar.get_y() + bar.get_height() / 2): bar.get_width() for container in found for bar in container}


def texts(axes: Axes) -> list[str]:
    return [" ".join(text.get_text().split()) for text in axes.texts]


def labels(axes: Axes) -> list[str]:
    legend = axes.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


def test_bars_are_the_gaps_to_the_right_where_self_is_higher(shown: DisclosedFeedback) -> None:
    for t, who in enumerate(shown.ratee_ids):
        axes = plot(shown, who)
        drawn = bars(axes, "self is higher") | bars(axes, "others are higher")
        assert [drawn[d] for d in range(7)] == pytest.approx(shown.gap[t].tolist())
        assert all(width >= 0 for width in bars(axes, "self is higher").values())
        assert all(width < 0 for width in bars(axes, "others are higher").values())


def test_the_two_directions_differ_in_hatching_too(shown: DisclosedFeedback) -> None:
    axes = plot(shown, shown.ratee_ids[0])
    hatches = {container.get_label(): container[0].get_hatch() for container in axes.containers}
    assert hatches["others are higher"]
    assert not hatches["self is higher"]


def test_the_gap_and_its_name_are_written_beside(shown: DisclosedFeedback) -> None:
    called = disclosed(gap_rule=GapRule.points(0.5))
    written = [text for text in texts(plot(called, called.ratee_ids[0])) if ", " in text and "shown" not in text]
    expected = [
        f"{value:+.2f}, {name.replace('_', ' ')}".replace("-", MINUS)
        for value, name in zip(called.gap[0], called.gap_category[0], strict=True)
    ]
    assert written == expected
    assert any("blind spot" in text for text in written)
    assert texts(plot(shown, shown.ratee_ids[0])).count("not shown: Peer, Customer") == 7


def test_the_stripe_is_where_a_gap_does_not_count() -> None:
    for rule, width in ((GapRule.points(0.75), 1.5), (GapRule.share_of_scale(0.25), 2.0)):
        shown = disclosed(gap_rule=rule)
        assert list(bars(plot(shown, shown.ratee_ids[0]), "does not count").values()) == pytest.approx([width] * 7)
    shown = disclosed(gap_rule=GapRule.standard_error(2))
    axes = plot(shown, shown.ratee_ids[0])
    assert "does not count" not in labels(axes)
    assert axes.get_xlabel() == "self less others, scale points"


def test_a_gap_that_is_not_shown_is_hatched_and_named_and_no_bar() -> None:
    axes = plot(small([("a", "peer", [3, 4]), ("b", "peer", [2, 5])], {"x": 1, "y": 1}), "t")
    assert texts(axes) == ["not shown", "not shown", "not shown: Self, Peer", "not shown: Self, Peer"]
    assert labels(axes) == ["does not count", "not shown"]
    low, high = axes.get_xlim()
    assert list(bars(axes, "not shown").values()) == pytest.approx([high - low] * 2)
    assert axes.containers[-1][0].get_hatch()


def test_one_hidden_dimension_among_shown_ones_is_the_only_hatched_row() -> None:
    rows = [("t", "self", [3.0, 4.0]), ("m", "manager", [2.0, float("nan")])]
    axes = plot(small(rows, {"x": 1, "y": 1}), "t")
    assert bars(axes, "self is higher") == {0: pytest.approx(1.0)}
    assert list(bars(axes, "not shown")) == [1]
    assert "not shown: Manager" in texts(axes)


def test_sums_of_different_length_share_an_axis_in_percent_of_their_width() -> None:
    rows = [("t", "self", [3.0, 4.0, 4.0]), ("m", "manager", [2.0, 5.0, 4.0])]
    axes = plot(small(rows, {"a": 1, "b": 2}, metric="sum"), "t")
    assert bars(axes, "self is higher") == {0: pytest.approx(25.0)}
    assert bars(axes, "others are higher") == {1: pytest.approx(-12.5)}
    assert list(bars(axes, "does not count").values()) == pytest.approx([200 / 3] * 2)
    assert "percent of the width of each scale" in axes.get_xlabel()
    assert texts(axes)[0].startswith("+1.00")


def test_percent_are_percentage_points_and_the_axis_has_signs() -> None:
    shown = disclosed(metric="pomp")
    axes = plot(shown, shown.ratee_ids[0])
    assert f"{shown.gap[0, 0]:+.0f} percentage points, " in " ".join(texts(axes))
    assert "percentage points" in axes.get_xlabel()
    low, high = axes.get_xlim()
    assert low == -high
    form = axes.xaxis.get_major_formatter()
    assert [form(value, 0) for value in (-10, 0, 10)] == [f"{MINUS}10", "0", "+10"]


def test_no_gap_at_all_is_a_bar_of_no_width() -> None:
    axes = plot(small([("t", "self", [3.0]), ("m", "manager", [3.0])], {"x": 1}), "t")
    assert bars(axes, "self is higher") == {0: 0.0}
    assert texts(axes)[0].startswith("0.00, agreed")


def test_no_rater_and_no_word_of_the_log_is_in_the_picture(shown: DisclosedFeedback) -> None:
    ratings = samples.ratings("ved", n_leaders=4, rng=1)
    for who in shown.ratee_ids:
        axes = plot(shown, who)
        text = " ".join([*texts(axes), *labels(axes), axes.get_title(loc="left"), axes.get_xlabel()])
        assert who in text
        assert not [name for name in {*ratings.rater_ids, *LOG_WORDS} - {who} if name in text]


def test_long_names_are_wrapped_and_mathematics_stays(shown: DisclosedFeedback) -> None:
    name = "What it costs in $x$ and $ to be far too long a name for a dimension"
    first, *rest = shown.instrument.dimensions
    form = evolve(shown.instrument, dimensions=(evolve(first, name=name), *rest))
    axes = plot(evolve(shown, instrument=form), shown.ratee_ids[0])
    label = axes.get_yticklabels()[0].get_text()
    assert label.replace("\n", " ") == name
    assert all(len(line) <= 24 for line in label.split("\n"))
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_the_given_axes_are_drawn_on_and_no_figure_is_known_to_pyplot(shown: DisclosedFeedback) -> None:
    import matplotlib.pyplot as plt

    given = Figure().add_subplot()
    assert plot(shown, shown.ratee_ids[0], ax=given) is given
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(shown: DisclosedFeedback, monkeypatch: pytest.MonkeyPatch) -> None:
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    scores: Any = score(samples.answers("ved", rng=1))
    for wrong, message in (
        (raw, r"got Feedback; raw feedback is not for showing: call disclose\(feedback, policy\) first"),
        (scores, "got Scores"),
        (None, "got NoneType"),
    ):
        bad: Any = wrong
        with pytest.raises(TypeError, match=f"disclosed: expected DisclosedFeedback, {message}"):
            plot(bad, "t")
    for unknown in ("nobody", None, 3):
        who: Any = unknown
        with pytest.raises(UnknownIdError, match=f"unknown ratee {who!r}"):
            plot(shown, who)
    with pytest.raises(ValueError, match="ax: gap needs ordinary axes, got polar ones"):
        plot(shown, shown.ratee_ids[0], ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"gap needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(shown, shown.ratee_ids[0])


def test_a_hidden_gap_is_no_number_anywhere() -> None:
    shown = small([("a", "peer", [3, 4]), ("b", "peer", [2, 5])], {"x": 1, "y": 1})
    assert np.isnan(shown.gap).all()
    assert not any(character.isdigit() for character in " ".join(texts(plot(shown, "t"))))
