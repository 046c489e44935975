"""The risk of a plan: the curve of the finish with P50 and P80, and the activities that decide it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.plots import risk as plot
from leadkit.wbs import Estimate, Plan, RiskResult, simulate, simulate_network

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = [Estimate.pert(2, 3, 6), Estimate.pert(1, 4, 5), Estimate.fixed(1)]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return samples.plan()


@pytest.fixture(scope="module")
def dated(plan: Plan) -> RiskResult:
    return simulate(plan, n=400)


@pytest.fixture(scope="module")
def bare() -> RiskResult:
    return simulate_network(DAYS, [0, 1], [1, 2], n=400)


def place(moment: datetime) -> float:
    """Where an instant lies on an axis of dates."""
    return (moment - EPOCH) / timedelta(days=1)


def line(axes: Axes, label: str) -> Any:
    (found,) = (one for one in axes.get_lines() if one.get_label() == label)
    return np.asarray(found.get_xydata())


def texts(axes: Axes) -> list[str]:
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in axes.texts]


def names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_the_curve_rises_from_the_first_finish_to_the_last(dated: RiskResult) -> None:
    axes = plot(dated)
    curve = line(axes, "400 simulated runs")
    assert curve[0] == pytest.approx([place(dated.date(0)), 0])
    assert curve[-1] == pytest.approx([place(dated.date(1)), 100])
    assert (np.diff(curve, axis=0) >= 0).all()
    assert axes.get_xlabel() == "date, Europe/Berlin"
    assert axes.get_ylabel() == "probability to be done by then [%]"


def test_p50_and_p80_are_marked_at_their_dates(dated: RiskResult) -> None:
    axes = plot(dated)
    for share, name in ((0.5, "P50"), (0.8, "P80")):
        assert line(axes, name) == pytest.approx(np.array([[place(dated.date(share)), 100 * share]]))
    day = dated.date(0.5)
    assert texts(axes)[0] == f"P50: {day.day} {day:%b %Y}"
    assert len(texts(axes)) == 2


def test_a_limit_is_an_upright_line_with_its_probability(dated: RiskResult, plan: Plan) -> None:
    axes = plot(dated, limit=plan.deadline)
    assert plan.deadline is not None
    chance = dated.probability(plan.deadline)
    (upright,) = (one for one in axes.get_lines() if one.get_linestyle() == "--")
    assert upright.get_xdata()[0] == pytest.approx(place(plan.deadline))  # type: ignore[index]
    span = f"{100 * chance.low:.0f}\N{EN DASH}{100 * chance.high:.0f}"
    expected = f": {100 * chance.value:.0f} % (95 % interval {span})"
    assert texts(axes)[-1].endswith(expected)
    assert texts(axes)[-1].startswith(f"limit {plan.deadline.day} ")


def test_a_limit_outside_the_runs_is_within_the_picture(dated: RiskResult) -> None:
    for limit in (dated.date(0) - timedelta(days=30), dated.date(1) + timedelta(days=30)):
        low, high = plot(dated, limit=limit).get_xlim()
        assert low < place(limit) < high


def test_a_bare_network_is_drawn_on_working_hours(bare: RiskResult) -> None:
    axes = plot(bare, limit=8 * 480)
    assert line(axes, "P80") == pytest.approx(np.array([[bare.p80 / 60, 80]]))
    assert axes.get_xlabel() == "finish, working hours from the start"
    assert texts(axes)[0] == f"P50: {bare.p50 / 60:.0f} h"
    assert texts(axes)[-1].startswith("limit 64 h: ")
    short = simulate_network([Estimate.fixed(90, "m")], [], [], n=2)
    assert texts(plot(short)) == ["P50: 1.5 h", "P80: 1.5 h"]


def test_a_finish_that_never_changes_has_room_around_it() -> None:
    axes = plot(simulate_network([Estimate.fixed(2)], [], [], n=10))
    assert axes.get_xlim() == pytest.approx((14, 18))


def test_bars_of_activities_are_their_criticality_most_critical_on_top(dated: RiskResult) -> None:
    axes = plot(dated, kind="activities")
    widths = [bar.get_width() for bar in axes.patches]  # type: ignore[attr-defined]
    assert widths == sorted(dated.criticality.tolist(), reverse=True)
    of = dict(zip(dated.ids, dated.criticality.tolist(), strict=True))
    assert [of[name] for name in names(axes)] == widths
    ties = [name for name in names(axes) if of[name] == 1]
    assert ties == sorted(ties)
    assert axes.get_xlabel() == "from 0 to 1"


def test_cruciality_and_sensitivity_are_marks_where_they_are_known(bare: RiskResult) -> None:
    axes = plot(bare, kind="activities")
    assert names(axes) == ["0", "1", "2"]
    assert line(axes, "cruciality")[:, 0] == pytest.approx(bare.cruciality, nan_ok=True)
    assert np.isnan(line(axes, "cruciality")[2, 0])
    assert line(axes, "schedule sensitivity index")[:, 0] == pytest.approx(bare.ssi)


def test_only_the_most_critical_activities_are_drawn_and_the_rest_counted(dated: RiskResult) -> None:
    axes = plot(dated, kind="activities", most=5)
    assert len(names(axes)) == 5
    assert axes.get_xlabel() == f"from 0 to 1; {len(dated.ids) - 5} more are critical no more often"


def test_a_network_without_activities_is_drawn() -> None:
    empty = simulate_network([], [], [], n=3)
    assert texts(plot(empty)) == ["P50: 0.0 h", "P80: 0.0 h"]
    axes = plot(empty, kind="activities")
    assert texts(axes) == ["no work"]
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["finish", "activities"])
def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(dated: RiskResult, kind: Any) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(dated, kind=kind, ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(
    dated: RiskResult, bare: RiskResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match="result: expected RiskResult, got int"):
        plot(wrong)
    with pytest.raises(ValueError, match="kind: expected one of 'finish', 'activities', got 3"):
        plot(dated, kind=wrong)
    for number in (0, 2.5, True):
        with pytest.raises(ValueError, match="most: expected a whole number of at least 1, got"):
            plot(dated, kind="activities", most=number)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="limit: is about the finish, not about activities"):
        plot(dated, kind="activities", limit=5)
    with pytest.raises(ValueError, match=r"limit: the finish is drawn on dates, .* an aware instant, got 480"):
        plot(dated, limit=480)
    with pytest.raises(ValueError, match="limit: simulate_network counts minutes and knows no calendar"):
        plot(bare, limit=dated.date(0.5))
    with pytest.raises(ValueError, match="without a time zone"):
        plot(dated, limit=datetime(2026, 10, 30))
    with pytest.raises(ValueError, match="ax: risk needs ordinary axes, got polar ones"):
        plot(dated, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"risk needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(dated)
