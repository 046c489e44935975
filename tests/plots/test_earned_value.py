"""The picture of earned value: three curves, two levels, and how far the work is behind in time."""

from __future__ import annotations

import math
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.plots import earned_value as plot
from leadkit.wbs import Estimate, Group, Plan, Progress, Status, Tracking, Wbs, WorkPackage, schedule, track

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def tracked() -> Tracking:
    plan = samples.plan()
    return track(plan, schedule(plan), samples.status())


@pytest.fixture(scope="module")
def chart(tracked: Tracking) -> Axes:
    return plot(tracked)


def one(
    *progress: Progress, weeks: int = 4, at: datetime = MONDAY + timedelta(days=14), cost: float = 1000, **options: Any
) -> Tracking:
    """Track a single package."""
    measures = {"cost": cost} if not math.isnan(cost) else {}
    package = WorkPackage(id="a", estimate=Estimate.fixed(weeks, "w"), measures=measures)
    plan = Plan(wbs=Wbs(root=Group(id="root", children=[package])), start=MONDAY)
    return track(plan, schedule(plan), Status(as_of=at, progress=progress), **options)


def half(percent: float = 25, **fields: Any) -> Progress:
    return Progress(package="a", percent=percent, actual_start=MONDAY, **({"actual_cost": 400} | fields))


def line(axes: Axes, start: str) -> Any:
    (found,) = (each for each in axes.get_lines() if str(each.get_label()).startswith(start))
    return np.asarray(found.get_xydata())


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def arrows(axes: Axes) -> list[tuple[float, float]]:
    """From when value should have been earned to now."""
    return [
        (text.xy[0], text.get_position()[0])  # type: ignore[attr-defined]
        for text in axes.texts
        if getattr(text, "arrow_patch", None) is not None
    ]


def test_planned_value_runs_through_the_ends_of_periods_and_today(tracked: Tracking) -> None:
    drawn = line(plot(tracked), "planned value PV")
    expected = [(float(k), point.pv) for k, point in enumerate(tracked.curve)]
    now = tracked.earned_schedule.es - tracked.earned_schedule.sv
    assert drawn == pytest.approx(np.array(sorted([*expected, (now, tracked.evm.pv)])))
    assert drawn[-1, 1] == pytest.approx(tracked.evm.bac)


def test_earned_value_and_cost_run_up_to_now(tracked: Tracking, chart: Axes) -> None:
    now = tracked.earned_schedule.es - tracked.earned_schedule.sv
    assert line(chart, "earned value EV") == pytest.approx(np.array([[0, 0], [now, tracked.evm.ev]]))
    assert line(chart, "actual cost AC") == pytest.approx(np.array([[0, 0], [now, tracked.evm.ac]]))
    assert line(chart, "day of the report")[:, 0] == pytest.approx([now, now])
    labels = [str(each.get_label()) for each in chart.get_lines()]
    assert f"earned value EV: {tracked.evm.ev:,.0f}" in labels


def test_budget_and_estimate_are_levels_with_their_words(tracked: Tracking, chart: Axes) -> None:
    levels = [
        np.asarray(each.get_ydata()).tolist() for each in chart.get_lines() if each.get_linestyle() in {"-.", ":"}
    ]
    assert levels == [[tracked.evm.bac] * 2, [tracked.evm.eac] * 2]
    assert f"BAC {tracked.evm.bac:,.0f}" in texts(chart)
    assert f"EAC {tracked.evm.eac:,.0f}" in texts(chart)


def test_words_of_close_levels_keep_apart() -> None:
    axes = plot(one(half(50, actual_cost=500.5)))
    heights = [text.get_position()[1] for text in axes.texts if text.get_text()[:3] in {"BAC", "EAC"}]
    assert abs(heights[0] - heights[1]) >= 0.04 * axes.get_ylim()[1]


def test_the_arrow_is_the_schedule_variance_in_time(tracked: Tracking, chart: Axes) -> None:
    found = tracked.earned_schedule
    assert arrows(chart) == [pytest.approx((found.es, found.es - found.sv))]
    assert f"{abs(found.sv):.1f} weeks late" in texts(chart)


@pytest.mark.parametrize(
    ("percent", "words"), [(25, "1.0 week late"), (90, "1.6 weeks early"), (50, None), (0, "2.0 weeks late")]
)
def test_early_and_late_are_told_in_periods(percent: float, words: str | None) -> None:
    axes = plot(one(half(percent)))
    said = [text for text in texts(axes) if text.endswith((" late", " early"))]
    assert said == ([words] if words else [])
    assert len(arrows(axes)) == len(said)


def test_the_note_tells_the_day_and_the_indices(tracked: Tracking, chart: Axes) -> None:
    note = next(text for text in texts(chart) if text.startswith("as of"))
    assert note.startswith(f"as of 2 Oct 2026, 17:00, SPI {tracked.evm.spi:.2f}, CPI {tracked.evm.cpi:.2f}, SPI(t) ")
    at_start = one(at=MONDAY)
    assert "as of 5 Jan 2026, 08:00" in texts(plot(at_start))


def test_ticks_are_the_ends_of_periods_thinned_where_there_are_many(chart: Axes) -> None:
    assert [label.get_text() for label in chart.get_xticklabels()][:2] == ["7 Sep\n2026", "14 Sep"]
    assert chart.get_xlabel() == "ends of weeks from the start of the baseline"
    assert chart.get_ylabel() == "EUR"
    long = plot(one(half(), period="day", weeks=8))
    assert len(long.get_xticks()) <= 13
    assert long.get_xlabel() == "ends of days from the start of the baseline"


def test_an_overdue_project_goes_on_beyond_the_plan() -> None:
    late = one(half(80), at=MONDAY + timedelta(days=70))
    axes = plot(late)
    assert line(axes, "planned value PV")[-1] == pytest.approx([10, 1000])
    assert axes.get_xlim()[1] > 10
    assert line(axes, "day of the report")[0, 0] == pytest.approx(10)


def test_a_project_that_is_done_says_so() -> None:
    finish = MONDAY + timedelta(days=28)
    axes = plot(one(half(100, actual_finish=finish), at=finish + timedelta(days=20)))
    assert line(axes, "all is done")[0, 0] == pytest.approx(4)


def test_an_unknown_cost_draws_no_cost_and_no_estimate() -> None:
    axes = plot(one(half(actual_cost=None)))
    labels = [str(each.get_label()) for each in axes.get_lines()]
    assert "actual cost AC: not known" in labels
    assert line(axes, "actual cost AC").tolist() == [[0, 0]]
    assert not any(text.startswith("EAC") for text in texts(axes))


def test_history_gives_the_curves_more_points() -> None:
    earlier = one(half(10, actual_cost=150), at=MONDAY + timedelta(days=7))
    unknown = one(half(5, actual_cost=None), at=MONDAY + timedelta(days=3))
    now = one(half())
    axes = plot(now, history=[earlier, unknown])
    earned = line(axes, "earned value EV")
    assert earned[:, 1] == pytest.approx([0, 50, 100, 250])
    assert (np.diff(earned[:, 0]) > 0).all()
    assert line(axes, "actual cost AC")[:, 1] == pytest.approx([0, 150, 400])


def test_units_are_named() -> None:
    assert plot(one(half())).get_ylabel() == "money"
    assert plot(one(half(actual_cost=None), cost=math.nan)).get_ylabel() == "planned minutes"
    packages = [
        WorkPackage(id="a", estimate=Estimate.fixed(5), measures={"cost": 10}),
        WorkPackage(id="b", estimate=Estimate.fixed(5)),
    ]
    plan = Plan(wbs=Wbs(root=Group(id="root", children=packages)), start=MONDAY, currency="$x$")
    mixed = plot(track(plan, schedule(plan), Status(as_of=MONDAY + timedelta(days=3))))
    assert mixed.get_ylabel() == "$x$ and planned minutes, added up"
    mixed.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_small_amounts_keep_a_decimal() -> None:
    axes = plot(one(half(actual_cost=2.25), cost=9))
    assert "actual cost AC: 2.2" in {str(each.get_label()) for each in axes.get_lines()}
    assert "BAC 9" in texts(axes)


def test_without_a_budget_it_says_so() -> None:
    plan = Plan(wbs=Wbs(root=Group(id="root")), start=MONDAY)
    axes = plot(track(plan, schedule(plan), Status(as_of=MONDAY)))
    assert texts(axes)[-1] == "no budget"
    assert len(axes.get_lines()) == 0
    assert axes.get_legend() is None
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(tracked: Tracking) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(tracked, ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(tracked: Tracking, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match="tracking: expected Tracking, got int"):
        plot(wrong)
    with pytest.raises(TypeError, match=r"history\[1\]: expected Tracking, got int"):
        plot(tracked, history=[tracked, wrong])
    with pytest.raises(ValueError, match=r"history\[0\]: is measured against another baseline, or by other periods"):
        plot(tracked, history=[one(half())])
    later = one(half(), at=MONDAY + timedelta(days=20))
    with pytest.raises(ValueError, match=r"history\[0\]: is of 2026-01-25T08:00:00\+00:00, later than the tracking"):
        plot(one(half()), history=[later])
    with pytest.raises(ValueError, match="ax: earned_value needs ordinary axes, got polar ones"):
        plot(tracked, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"earned_value needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(tracked)
