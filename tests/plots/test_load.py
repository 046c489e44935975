"""The load of a team: hours of work in stacked bars, and the hours that people have."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.errors import UnknownIdError
from leadkit.plots import load as plot
from leadkit.plots.palette import ORANGE, STACK_LOOKS
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    Assignment,
    AssignmentRow,
    Estimate,
    Group,
    Need,
    Person,
    Plan,
    ShortageRow,
    StaffingGap,
    Team,
    Wbs,
    WorkPackage,
    assign,
    staffing_gap,
)

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
CROSSED = "xxx"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return samples.plan()


@pytest.fixture(scope="module")
def given(plan: Plan) -> Assignment:
    return assign(plan, schedules=20)


@pytest.fixture(scope="module")
def chart(given: Assignment) -> Axes:
    return plot(given)


def hours(axes: Axes) -> dict[str, list[float]]:
    """The heights of the bars of every layer."""
    return {str(box.get_label()): [bar.get_height() for bar in box.patches] for box in axes.containers}  # type: ignore[attr-defined]


def steps(axes: Axes) -> list[float]:
    (line,) = (line for line in axes.get_lines() if line.get_label() == "open working time")
    return [float(value) for value in np.asarray(line.get_ydata())[:-1]]


def labels(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_xticklabels()]


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def team_of(n: int) -> Team:
    ids = [f"p{k:02d}" for k in range(n)]
    return Team(people=[Person(id=own) for own in ids], skills=SkillMatrix(ids, ["sql"], [[3]] * n))


def by_hand(plan: Plan, *rows: tuple[str, Any, datetime, datetime, int]) -> Assignment:
    made = [
        AssignmentRow(id=own, code="", people=people, start=start, finish=finish, minutes=minutes, bound_by=())
        for own, people, start, finish, minutes in rows
    ]
    finish = max((row.finish for row in made), default=plan.start)
    numbers: Any = {"makespan": 0, "lower_bound": 0, "gap": 0, "schedules": 1}
    words: Any = {"is_proven": True, "method": "ga", "load": (), "bottleneck": ()}
    return Assignment(rows=made, finish=finish, plan=plan, **numbers, **words)


def work(n: int, team: Team, days: float = 5, **fields: Any) -> Plan:
    packages = [
        WorkPackage(id=f"w{k:02d}", estimate=Estimate.fixed(days), needs=[Need(skills={"sql": 1})]) for k in range(n)
    ]
    return Plan(wbs=Wbs(root=Group(id="root", children=packages)), start=MONDAY, team=team, **fields)


def test_bars_are_the_assigned_hours_of_each_person_and_the_line_the_open_ones(given: Assignment, chart: Axes) -> None:
    records = given.calendar_load("week")
    weeks = sorted({record["from_date"] for record in records})
    drawn = hours(chart)
    for person in given.plan.team.people:
        own = [record["assigned"] / 60 for record in records if record["person"] == person.id]
        assert drawn.get(person.name, [0] * len(weeks)) == pytest.approx(own)
    opened = [sum(record["open"] for record in records if record["from_date"] == week) / 60 for week in weeks]
    assert steps(chart) == pytest.approx(opened)
    assert chart.get_title(loc="left") == "Load of the team by week"
    assert (chart.get_ylabel(), chart.get_xlabel()) == ("hours", "week from")
    assert labels(chart)[:2] == ["7 Sep\n2026", "14 Sep"]


def test_layers_lie_on_each_other_with_the_busiest_below(chart: Axes) -> None:
    totals = [round(sum(own), 6) for own in hours(chart).values()]
    assert totals == sorted(totals, reverse=True)
    tops = np.zeros(len(labels(chart)))
    for box in chart.containers:
        assert [bar.get_y() for bar in box.patches] == pytest.approx(tops.tolist())  # type: ignore[attr-defined]
        tops += [bar.get_height() for bar in box.patches]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("by", "label"), [("day", "7 Sep\n2026"), ("month", "Sep\n2026")])
def test_hours_may_be_counted_by_day_or_month(given: Assignment, by: Any, label: str) -> None:
    axes = plot(given, by=by)
    assert labels(axes)[0] == label
    assert len(labels(axes)) <= 16
    total = sum(sum(own) for own in hours(axes).values())
    assert total == pytest.approx(sum(record["assigned"] for record in given.load) / 60)


def test_one_person_can_be_drawn_alone(given: Assignment) -> None:
    axes = plot(given, person="farid")
    assert hours(axes).keys() == {"Farid"}
    records = [record for record in given.calendar_load("week") if record["person"] == "farid"]
    assert steps(axes) == pytest.approx([record["open"] / 60 for record in records])
    assert axes.get_title(loc="left") == "Load of Farid by week"
    with pytest.raises(UnknownIdError, match="'fared'"):
        plot(given, person="fared")


def test_what_is_beyond_the_open_time_is_crossed_and_named() -> None:
    plan = work(2, team_of(2))
    friday = datetime(2026, 1, 9, 17, tzinfo=UTC)
    rows = [("w00", ("p00",), MONDAY, friday, 2400), ("w01", ("p00",), MONDAY, friday, 2400)]
    axes = plot(by_hand(plan, *rows))
    assert hours(axes) == {"p00": [40], "beyond what they have": [40]}
    assert steps(axes) == [80]
    assert texts(axes) == ["40 h", "over-full: p00"]
    top = axes.containers[-1].patches[0]  # type: ignore[attr-defined]
    assert (top.get_hatch(), top.get_y()) == (CROSSED, 40)
    assert to_rgb(top.get_facecolor()) == to_rgb(ORANGE)


def test_without_too_much_nothing_is_crossed(chart: Axes) -> None:
    assert "beyond what they have" not in hours(chart)
    assert texts(chart) == []


def test_of_many_people_the_rest_is_one_layer() -> None:
    made = assign(work(10, team_of(10)), schedules=2)
    found = hours(plot(made))
    assert len(found) == len(STACK_LOOKS)
    assert list(found)[-1] == "3 others"
    assert sum(map(sum, found.values())) == 10 * 40


def test_looks_differ_also_in_grey() -> None:
    seen = [(round(float(np.dot(to_rgb(colour), (0.299, 0.587, 0.114))), 1), hatch) for colour, hatch in STACK_LOOKS]
    assert len(set(seen)) == len(STACK_LOOKS)


def test_a_staffing_gap_shows_demand_as_what_is_met_and_what_is_not() -> None:
    gap = staffing_gap(work(3, team_of(1)))
    axes = plot(gap)
    assert hours(axes) == {"qualified people have time": [40], "short": [80]}
    assert texts(axes) == ["80 h", "short of sql from 1 (80 h)"]
    assert axes.containers[-1].patches[0].get_hatch() == CROSSED  # type: ignore[attr-defined]
    assert axes.get_title(loc="left") == "What the plan asks for and the team has time for, by week"


def test_a_staffing_gap_without_a_shortage_names_none(plan: Plan) -> None:
    axes = plot(staffing_gap(work(1, team_of(1))))
    assert hours(axes) == {"qualified people have time": [40]}
    assert texts(axes) == []
    assert plot(staffing_gap(plan, by="month"), by="month").get_xlabel() == "month"


def test_the_worst_needs_are_named_and_the_others_counted() -> None:
    rows = [
        ShortageRow(
            from_date=date(2026, 1, 5),
            to_date=date(2026, 1, 11),
            need=Need(skills={f"skill {k}": 1} if k else {}),
            demand=60 * k + 90,
            capacity=30,
            shortage=60 * k + 60,
        )
        for k in range(5)
    ]
    axes = plot(StaffingGap(rows=tuple(rows), unqualified=(), single=()))
    assert texts(axes)[-1] == "short of skill 4 from 1 (5 h); skill 3 from 1 (4 h); skill 2 from 1 (3 h); 2 more"
    axes = plot(StaffingGap(rows=tuple(rows[:1]), unqualified=(), single=()))
    assert texts(axes) == ["1.0 h", "short of anybody (1 h)"]


def test_labels_are_thinned_and_excess_not_written_in_long_charts() -> None:
    gap = staffing_gap(work(2, team_of(1), days=30), by="day")
    axes = plot(gap)
    assert len(hours(axes)["short"]) == 30
    assert len(labels(axes)) <= 16
    assert texts(axes) == ["short of sql from 1 (240 h)"]


def test_without_work_it_says_so() -> None:
    empty = by_hand(work(0, Team()))
    assert texts(plot(empty)) == ["nobody"]
    assert texts(plot(by_hand(work(0, team_of(1))))) == ["no work"]
    assert texts(plot(staffing_gap(work(0, team_of(1))))) == ["no needs"]
    assert plot(empty).get_legend() is None
    plot(empty).figure.draw_without_rendering()  # type: ignore[union-attr]


def test_names_are_text_and_short(plan: Plan) -> None:
    ids = ["$x$ and\n_b", "W" * 90]
    team = Team(people=[Person(id="a", name=ids[0]), Person(id="b", name=ids[1])])
    team = Team(people=team.people, skills=SkillMatrix(["a", "b"], ["sql"], [[3], [3]]))
    axes = plot(assign(work(2, team), schedules=2))
    assert set(hours(axes)) == {"$x$ and _b", "W" * 23 + "\N{HORIZONTAL ELLIPSIS}"}
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(given: Assignment) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    axes = figure.add_subplot()
    assert plot(given, ax=axes) is axes
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(given: Assignment, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = 3
    gap = staffing_gap(work(1, team_of(1)))
    with pytest.raises(TypeError, match="result: expected Assignment or StaffingGap, got int"):
        plot(wrong)
    with pytest.raises(ValueError, match="by: expected one of 'day', 'week', 'month', got 3"):
        plot(given, by=wrong)
    with pytest.raises(
        ValueError, match=r"by: the staffing gap counts by week, got 'day': ask for staffing_gap\(..., by"
    ):
        plot(gap, by="day")
    with pytest.raises(ValueError, match="person: a staffing gap is about needs, not about one person"):
        plot(gap, person="p00")
    with pytest.raises(ValueError, match="ax: load needs ordinary axes, got polar ones"):
        plot(given, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"load needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(given)
