"""The picture of the golden thread: only what was disclosed, and parts that sum to the whole."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest
from attrs import evolve
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.org import Organisation, Pyramid, Thread, Tier, build_pyramid, trace_thread
from leadkit.plots import thread as plot
from leadkit.plots.palette import DARK, ORANGE

PERCENT = "\N{NO-BREAK SPACE}%"


@pytest.fixture(scope="module")
def pyramid() -> Pyramid:
    return build_pyramid(samples.organisation(rng=1))


@pytest.fixture(scope="module")
def scores(pyramid: Pyramid) -> dict[str, float]:
    return samples.pulse(pyramid.organisation, rng=1).by_person()


@pytest.fixture(scope="module")
def shown(pyramid: Pyramid, scores: dict[str, float]) -> Thread:
    """The shape of a real result with numbers that are easy to follow."""
    return evolve(
        trace_thread(pyramid, scores, threshold=3.2).disclosed(),
        unbroken_share=0.35,
        broken_share=0.65,
        unknown_share=0.0,
        first_break={
            Tier.FRONT_LINE: 0.25,
            Tier.FRONT_LINE_LEADER: 0.4,
            Tier.MIDDLE_MANAGER: math.nan,
            Tier.SENIOR_LEADER: math.nan,
        },
        weights="heads",
    )


def bars(axes: Axes) -> list[Any]:
    """Row, start and length [percent] of every part."""
    patches: list[Any] = list(axes.patches)
    return [(round(bar.get_y() + bar.get_height() / 2), bar.get_x(), bar.get_width()) for bar in patches]


def texts(axes: Axes) -> list[str]:
    return [" ".join(text.get_text().split()) for text in axes.texts]


def names(axes: Axes) -> list[str]:
    return [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]


def hatched(axes: Axes) -> list[Any]:
    return [bar for bar, patch in zip(bars(axes), axes.patches, strict=True) if patch.get_hatch() == "///"]


def test_the_first_bar_holds_all_threads(shown: Thread) -> None:
    axes = plot(shown)
    whole = [(start, length) for row, start, length in bars(axes) if row == 0]
    assert whole[0] == (0, pytest.approx(100 * shown.unbroken_share))
    assert whole[1] == (pytest.approx(whole[0][1]), pytest.approx(100 * shown.broken_share))
    assert sum(length for _, length in whole) == pytest.approx(100)
    assert axes.texts[0].get_text() == f"35{PERCENT} unbroken\n65{PERCENT} broken\n0{PERCENT} unknown"
    assert axes.get_xlim() == (0, 100)
    assert axes.get_xlabel().startswith("percent of 83 threads, by people of the front line")


def test_the_bars_below_take_the_broken_part_apart_from_the_customers_down(shown: Thread) -> None:
    axes = plot(shown)
    below = [(start, length) for row, start, length in bars(axes) if row > 0]
    breaks = [100 * share for share in shown.first_break.values() if share > 0]
    start = 100 * shown.unbroken_share
    assert below == [
        (pytest.approx(start), pytest.approx(breaks[0])),
        (pytest.approx(start + breaks[0]), pytest.approx(breaks[1])),
    ]
    assert names(axes) == [
        "All threads",
        "Front-line employees, asked: 3.2",
        "Front-line leaders, asked: 3.2",
        "Middle managers, asked: 3.2",
        "Senior leaders, asked: 3.2",
        "Not shown, together",
    ]
    assert texts(axes)[1:] == ["25 %", "40 %", "not shown", "not shown", "0 %"]


def test_hidden_tiers_are_hatched_together_so_that_sums_are_true(pyramid: Pyramid, scores: dict[str, float]) -> None:
    some = {name: score for i, (name, score) in enumerate(scores.items()) if i % 3}
    thread = trace_thread(pyramid, some, threshold=3.2).disclosed()
    assert all(math.isnan(share) for tier, share in thread.first_break.items() if tier is not Tier.SUPPORT)
    axes = plot(thread)
    assert hatched(axes) == [(5, pytest.approx(100 * thread.unbroken_share), pytest.approx(100 * thread.broken_share))]
    assert texts(axes)[1:] == ["not shown"] * 4 + [f"{100 * thread.broken_share:.0f} %"]
    assert axes.get_xlabel().endswith("; not shown: could tell about fewer than 5 people")
    assert sum(length for row, _, length in bars(axes) if row == 0) == pytest.approx(100)
    assert {patch.get_hatch() for patch in axes.patches} == {None, "...", "///"}


def test_part_of_the_tiers_may_be_hidden(shown: Thread) -> None:
    breaks = dict(shown.first_break) | {Tier.FRONT_LINE: math.nan, Tier.MIDDLE_MANAGER: 0.0, Tier.SENIOR_LEADER: 0.0}
    axes = plot(evolve(shown, first_break=breaks))
    leaders = 100 * shown.first_break[Tier.FRONT_LINE_LEADER]
    start = 100 * shown.unbroken_share
    assert [bar for bar in bars(axes) if bar[0] == 2] == [(2, pytest.approx(start), pytest.approx(leaders))]
    assert hatched(axes) == [(5, pytest.approx(start + leaders), pytest.approx(100 * shown.broken_share - leaders))]


def test_a_hidden_status_is_hatched_to_the_end(shown: Thread) -> None:
    hidden = evolve(shown, unbroken_share=math.nan, unknown_share=math.nan)
    axes = plot(hidden)
    broken = 100 * shown.broken_share
    assert [bar for bar in bars(axes) if bar[0] == 0] == [(0, 0, broken), (0, broken, pytest.approx(100 - broken))]
    assert texts(axes)[0] == "65 % broken not shown: unbroken, unknown"
    assert hatched(axes) == [(0, broken, pytest.approx(100 - broken))]


def test_where_all_is_hidden_the_whole_bar_is_hatched(pyramid: Pyramid, scores: dict[str, float]) -> None:
    few = dict(list(scores.items())[:4])
    axes = plot(trace_thread(pyramid, few, threshold=3.2).disclosed())
    assert bars(axes) == [(0, 0, 100)] == hatched(axes)
    assert texts(axes) == ["not shown: unbroken, broken, unknown"] + ["not shown"] * 4


def test_support_has_a_row_only_where_threads_break_there() -> None:
    managers = [None, *["boss"] * 7, *["head"] * 7]
    ids = ["boss", "head", *(f"s{i}" for i in range(6)), *(f"f{i}" for i in range(7))]
    tiers = [4, 9, *[9] * 6, *[1] * 7]
    pyramid = build_pyramid(Organisation.from_columns(ids, managers, tiers=tiers))
    asked = {Tier.FRONT_LINE: 3.0, Tier.SENIOR_LEADER: 3.0, Tier.SUPPORT: 3.5}
    thread = trace_thread(pyramid, {"head": 1.0} | {f"f{i}": 4.0 for i in range(7)}, threshold=asked)
    hidden = plot(thread.disclosed())
    assert names(hidden)[2] == "Front-line leaders"
    broken = evolve(thread.disclosed(), broken_share=1.0, first_break=thread.first_break)
    assert names(plot(broken))[-1] == "Support, asked: 3.5"
    assert bars(plot(broken))[-1] == (5, 0, 100)


@pytest.mark.parametrize(("options", "text"), [({}, "no threads"), ({"fte": [0.0]}, "threads without weight")])
def test_without_threads_nothing_is_drawn_but_the_words(options: dict[str, Any], text: str) -> None:
    tiers = [1] if options else [4]
    pyramid = build_pyramid(Organisation.from_columns(["a"], [None], tiers=tiers, **options))
    weights: Any = "fte" if options else "heads"
    axes = plot(trace_thread(pyramid, {"a": 3.0}, threshold=3.0, weights=weights).disclosed())
    assert bars(axes) == []
    assert texts(axes) == [text]
    assert axes.get_legend() is None
    assert "not shown" not in axes.get_xlabel()


def test_statuses_differ_in_lightness_or_hatch(shown: Thread) -> None:
    dark, light = (0.299 * r + 0.587 * g + 0.114 * b for r, g, b in (to_rgb(DARK), to_rgb(ORANGE)))
    assert light - dark > 0.2
    axes = plot(shown)
    legend: Any = axes.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["unbroken", "broken"]


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(shown: Thread) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(shown, ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_what_is_not_disclosed_is_refused(pyramid: Pyramid, scores: dict[str, float]) -> None:
    raw = trace_thread(pyramid, scores, threshold=3.2)
    with pytest.raises(
        TypeError, match=r"thread: Thread is not for showing yet: call \.disclosed\(min_n=\.\.\.\) first"
    ):
        plot(raw)
    wrong: Any = pyramid
    with pytest.raises(TypeError, match=r"thread: expected Thread, got Pyramid"):
        plot(wrong)


def test_polar_axes_and_a_missing_matplotlib_are_refused(shown: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="ax: thread needs ordinary axes, got polar ones"):
        plot(shown, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"thread needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(shown)
