"""The Gantt chart: bars at the dates of the result, what is critical, who does it, and how far it has come."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.errors import PlanError, UnknownIdError
from leadkit.plots import gantt as plot
from leadkit.plots.palette import DARK, INK, LIGHT, ORANGE
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    Assignment,
    Estimate,
    Group,
    Lag,
    Link,
    Need,
    Person,
    Plan,
    Progress,
    Schedule,
    Status,
    Team,
    Tracking,
    Wbs,
    WorkPackage,
    assign,
    schedule,
    track,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
PERCENT = "\N{NO-BREAK SPACE}%"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return samples.plan()


@pytest.fixture(scope="module")
def dated(plan: Plan) -> Schedule:
    return schedule(plan)


@pytest.fixture(scope="module")
def given(plan: Plan) -> Assignment:
    return assign(plan, schedules=20)


@pytest.fixture(scope="module")
def tracked(plan: Plan, dated: Schedule) -> Tracking:
    return track(plan, dated, samples.status())


@pytest.fixture(scope="module")
def chart(dated: Schedule) -> Axes:
    return plot(dated)


@pytest.fixture(scope="module")
def given_chart(given: Assignment) -> Axes:
    return plot(given)


@pytest.fixture(scope="module")
def tracked_chart(tracked: Tracking) -> Axes:
    return plot(tracked)


def package(own: str, days: float = 2, **fields: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(days), **fields)


def plan_of(*children: WorkPackage | Group, **fields: Any) -> Plan:
    return Plan(wbs=Wbs(root=Group(id="root", children=children)), start=MONDAY, **fields)


def place(moment: datetime) -> float:
    """Where an instant lies on an axis of dates."""
    return (moment - EPOCH) / timedelta(days=1)


def moment(place: float) -> datetime:
    """Read an instant off an axis of dates, to the second."""
    return EPOCH + timedelta(seconds=round(place * 86_400))


def names(axes: Axes) -> list[str]:
    return [label.get_text().strip() for label in axes.get_yticklabels()]


def texts(axes: Axes) -> dict[str, str]:
    """What stands beside the rows, by their names."""
    rows, found = names(axes), {}
    for text in axes.texts:
        if hasattr(text, "xy"):
            found[rows[round(text.xy[1])]] = text.get_text().replace("\N{NO-BREAK SPACE}", " ")
    return found


def note(axes: Axes) -> list[str]:
    return next(text.get_text() for text in axes.texts if not hasattr(text, "xy")).split("\n")


def bars(axes: Axes, label: str) -> dict[str, tuple[datetime, datetime]]:
    """Start and finish of the bars of a kind, by the names of their rows."""
    rows = names(axes)
    found = {}
    for container in axes.containers:
        if container.get_label() == label:
            for bar in container.patches:  # type: ignore[attr-defined]
                row = rows[int(bar.get_y() + bar.get_height() / 2 + 0.3)]
                ends = (bar.get_x(), bar.get_x() + bar.get_width())
                found[row] = (moment(ends[0]), moment(ends[1]))
    return found


def marks(axes: Axes, label: str) -> list[tuple[str, datetime]]:
    rows = names(axes)
    return [
        (rows[round(y + 0.1)], moment(x))
        for line in axes.get_lines()
        if line.get_label() == label
        for x, y in np.asarray(line.get_xydata()).tolist()
    ]


def legend(axes: Axes) -> set[str]:
    found = axes.get_legend()
    return set() if found is None else {text.get_text() for text in found.get_texts()}


def close(found: tuple[datetime, datetime], *expected: datetime) -> bool:
    return all(abs(one - other) < timedelta(seconds=1) for one, other in zip(found, expected, strict=True))


# --- schedules


def test_rows_follow_the_outline_with_hand_overs_and_gates_below(chart: Axes) -> None:
    found = names(chart)
    assert found[:5] == [
        "1 Understand",
        "1.1 Talk to customers",
        "1.2 Draw the journeys",
        "1.3 Collect the answers",
        "2 Build",
    ]
    assert found[-4:] == ["Hand-overs and gates", "Hand-over to-test", "Hand-over to-desk", "Gate scope"]
    assert len(found) == 15 + 4 + 1 + 3


def test_bars_lie_at_the_early_dates(dated: Schedule, chart: Axes) -> None:
    drawn = bars(chart, "critical") | bars(chart, "not critical")
    assert len(drawn) == 15
    for row in dated.rows:
        if row.duration:
            assert close(drawn[f"{row.code} {row.name}"], row.early_start, row.early_finish), row.id


def test_critical_work_is_another_colour_and_hatched(dated: Schedule, chart: Axes) -> None:
    expected = {f"{row.code} {row.name}" for row in dated.rows if row.is_critical and row.duration}
    assert bars(chart, "critical").keys() == expected
    looks = {
        container.get_label(): (to_hex(bar.get_facecolor()).upper(), bar.get_hatch())
        for container in chart.containers
        for bar in container.patches  # type: ignore[attr-defined]
    }
    assert looks["critical"] == (ORANGE, "////")
    assert looks["not critical"] == (DARK, None)


def test_total_float_is_a_thin_bar_from_the_early_to_the_late_finish(dated: Schedule, chart: Axes) -> None:
    drawn = bars(chart, "total float")
    loose = [row for row in dated.rows if row.total_float > 0]
    assert len(drawn) == len(loose)
    for row in loose:
        name = f"{row.code} {row.name}" if row.code else "Hand-over to-desk"
        assert close(drawn[name], row.early_finish, row.late_finish)
    (heights,) = (
        {bar.get_height() for bar in container.patches}  # type: ignore[attr-defined]
        for container in chart.containers
        if container.get_label() == "total float"
    )
    assert max(heights) < 0.2


def test_what_is_beside_a_bar_tells_its_float(dated: Schedule, chart: Axes) -> None:
    beside = texts(chart)
    assert beside["1.1 Talk to customers"] == "critical"
    assert beside["2.1 Lay out the pages"] == f"float {dated.row('layout').total_float / 480:g} d"
    assert "1 Understand" not in beside


def test_groups_reach_from_their_first_start_to_their_last_finish(dated: Schedule, chart: Axes) -> None:
    group = next(box for box in chart.containers if str(box.get_label()).startswith("_") and len(box.patches) == 4)  # type: ignore[attr-defined]
    first = group.patches[0]  # type: ignore[attr-defined]
    own = [dated.row(name) for name in ("interviews", "journeys", "answers")]
    assert first.get_x() == pytest.approx(place(min(row.early_start for row in own)))
    assert first.get_x() + first.get_width() == pytest.approx(place(max(row.early_finish for row in own)))


def test_milestones_are_diamonds(dated: Schedule, chart: Axes) -> None:
    found = dict(marks(chart, "critical milestone") + marks(chart, "milestone"))
    assert found.keys() == {"Hand-over to-test", "Hand-over to-desk", "Gate scope"}
    assert abs(found["Gate scope"] - dated.row("gate:scope").early_finish) < timedelta(seconds=1)
    assert [line.get_marker() for line in chart.get_lines() if line.get_label() == "milestone"] == ["D"]


def test_deadlines_are_marked_and_missed_ones_filled() -> None:
    friday = datetime(2026, 1, 9, 17, tzinfo=UTC)
    late, early = package("late", 9, deadline=friday), package("early", 1, deadline=friday)
    axes = plot(schedule(plan_of(late, early)))
    assert marks(axes, "deadline missed") == [("1 late", friday)]
    assert marks(axes, "deadline") == [("2 early", friday)]
    fills = {line.get_label(): line.get_markerfacecolor() for line in axes.get_lines()}
    assert fills["deadline missed"] == INK
    assert fills["deadline"] == "white"
    assert texts(axes)["1 late"] == "critical, 4 d too late"


@pytest.mark.parametrize(
    ("deadline", "is_drawn", "words"),
    [
        (datetime(2026, 1, 7, 17, tzinfo=UTC), True, "missed by 2 d"),
        (datetime(2026, 1, 9, 17, tzinfo=UTC), True, "kept"),
        (datetime(2026, 1, 11, 12, tzinfo=UTC), True, "kept"),
        (datetime(2027, 1, 12, 8, tzinfo=UTC), False, "kept"),
    ],
)
def test_the_deadline_of_the_plan_is_an_upright_line_unless_it_is_far_away(
    deadline: datetime, is_drawn: bool, words: str
) -> None:
    axes = plot(schedule(plan_of(package("a", 5), deadline=deadline)))
    lines = [line for line in axes.get_lines() if line.get_label() == "deadline of the plan"]
    assert [moment(float(np.asarray(line.get_xdata())[0])) for line in lines] == ([deadline] if is_drawn else [])
    assert note(axes)[0].endswith(f": {words}")


def test_the_axis_reads_in_the_zone_of_the_calendar(dated: Schedule, chart: Axes) -> None:
    assert chart.get_xlabel() == "date, Europe/Berlin"
    labels = [label.get_text() for label in chart.get_xticklabels()]
    assert labels[:2] == ["7 Sep\n2026", "14 Sep"]
    first = moment(chart.get_xticks()[0]).astimezone(dated.plan.calendar.tz)
    assert (first.hour, first.weekday()) == (0, 0)
    low, high = chart.get_xlim()
    assert low <= place(dated.start)
    assert place(dated.finish) <= high
    assert note(chart)[0].startswith(f"ends {dated.finish.day} {dated.finish:%b %Y, %H:%M}; deadline ")


def test_dates_without_working_time_are_shaded_in_short_charts_only() -> None:
    axes = plot(schedule(plan_of(package("a", 8))))
    (shade,) = (part for part in axes.collections if part.get_label() == "closed all day")
    spans = [(path.vertices[:, 0].min(), path.vertices[:, 0].max()) for path in shade.get_paths()]  # type: ignore[index,union-attr]
    days = [f"{moment(low + 0.01):%a %d}" for low, _ in spans]
    assert days == ["Sat 10", "Sun 11"]
    assert all(high - low == pytest.approx(1) for low, high in spans)
    assert "closed all day" not in legend(plot(schedule(plan_of(package("a", 200)))))


def test_what_the_legend_names_is_drawn(dated: Schedule, chart: Axes, given_chart: Axes) -> None:
    common = {"closed all day", "deadline of the plan"}
    points = {"critical milestone", "milestone"}
    assert legend(chart) == common | points | {"critical", "not critical", "total float"}
    assert legend(given_chart) == common | {"milestone", "work"}
    assert "link" in legend(plot(dated, links=True))


# --- links


def test_every_link_between_rows_is_an_arrow(dated: Schedule) -> None:
    axes = plot(dated, links=True)
    (lines,) = (part for part in axes.collections if part.get_label() == "link")
    assert len(lines.get_segments()) == len(dated.plan.network().predecessor)  # type: ignore[attr-defined]
    part = plot(dated, links=True, group="build")
    (lines,) = (one for one in part.collections if one.get_label() == "link")
    assert len(lines.get_segments()) == 3  # type: ignore[attr-defined]
    alone = plot(schedule(plan_of(package("a"))), links=True)
    assert "link" not in legend(alone)


@pytest.mark.parametrize(
    ("kind", "lag", "ends", "head"),
    [
        ("FS", Lag.days(0), (("a", 1), ("b", 0)), ">"),
        ("FS", Lag.days(3), (("a", 1), ("b", 0)), ">"),
        ("FS", Lag.days(-1), (("a", 1), ("b", 0)), "<"),
        ("SS", Lag.days(1), (("a", 0), ("b", 0)), ">"),
        ("FF", Lag.days(1), (("a", 1), ("b", 1)), "v"),
        ("SF", Lag.days(4), (("a", 0), ("b", 1)), "v"),
    ],
)
def test_arrows_leave_and_reach_the_ends_that_their_kind_names(
    kind: Any, lag: Lag, ends: tuple[tuple[str, int], ...], head: str
) -> None:
    link = Link(predecessor="a", successor="b", kind=kind, lag=lag)
    found = schedule(plan_of(package("a"), package("b"), links=[link]))
    axes = plot(found, links=True)
    (lines,) = (part for part in axes.collections if part.get_label() == "link")
    (segment,) = lines.get_segments()  # type: ignore[attr-defined]
    for k, (own, end) in zip((0, -1), ends, strict=True):
        row = found.row(own)
        assert segment[k][0] == pytest.approx(place((row.early_start, row.early_finish)[end]))
    assert head in {line.get_marker() for line in axes.get_lines()}


def test_an_arrow_goes_straight_down_where_it_has_no_room_to_go_right() -> None:
    link = Link(predecessor="a", successor="b")
    found = schedule(plan_of(package("a", 38), package("b", 38), links=[link]))
    axes = plot(found, links=True)
    (lines,) = (part for part in axes.collections if part.get_label() == "link")
    (segment,) = lines.get_segments()  # type: ignore[attr-defined]
    assert segment[:, 0] == pytest.approx([place(found.row("b").early_start)] * 2)
    assert "v" in {line.get_marker() for line in axes.get_lines()}


def test_an_arrow_may_point_upwards() -> None:
    link = Link(predecessor="b", successor="a", kind="FF")
    axes = plot(schedule(plan_of(package("a"), package("b"), links=[link])), links=True)
    assert "^" in {line.get_marker() for line in axes.get_lines()}


# --- assignments


def test_an_assignment_names_the_people_beside_their_bars(given: Assignment, given_chart: Axes) -> None:
    beside, drawn = texts(given_chart), bars(given_chart, "work")
    for row in given.rows:
        if row.people:
            name = f"{row.code} {given.plan.name(row.id)}"
            assert beside[name] == ", ".join(person.capitalize() for person in row.people)
            assert close(drawn[name], row.start, row.finish)
    assert "Gate scope" not in beside


def test_work_that_ends_after_its_deadline_is_hatched() -> None:
    team = Team(people=[Person(id="ann")], skills=SkillMatrix(["ann"], ["sql"], [[3]]))
    friday = datetime(2026, 1, 9, 17, tzinfo=UTC)
    need = [Need(skills={"sql": 2})]
    work = [package(own, 4, needs=need, deadline=friday) for own in ("a", "b")]
    made = assign(plan_of(*work, team=team), schedules=5)
    axes = plot(made)
    assert len(bars(axes, "ends after its deadline")) == len(bars(axes, "work")) == 1
    assert {box.get_label(): box.patches[0].get_hatch() for box in axes.containers}["ends after its deadline"] == "////"  # type: ignore[attr-defined]
    assert note(axes)[1] == "the finish waits for ann"
    assert len(marks(axes, "deadline missed")) == 1


def test_words_stand_beyond_a_deadline_that_is_near() -> None:
    due = MONDAY + timedelta(days=2, hours=9)
    rows = package("a", 2, deadline=due), package("b", 10), package("c", 2, deadline=due + timedelta(days=9))
    axes = plot(schedule(plan_of(*rows)))
    ends = [moment(text.xy[0]) for text in axes.texts if hasattr(text, "xy")]
    assert ends[0] == due
    late = MONDAY + timedelta(days=11, hours=9)
    assert ends[1:] == [late, late]


def test_many_people_are_cut_short() -> None:
    ids = [f"somebody {k}" for k in range(8)]
    team = Team(people=[Person(id=own) for own in ids], skills=SkillMatrix(ids, ["sql"], [[3]] * 8))
    made = assign(plan_of(package("a", needs=[Need(skills={"sql": 2}, heads=8)]), team=team), schedules=2)
    assert texts(plot(made))["1 a"] == "somebody 0, somebody 1 and 6 more"


# --- trackings


def test_a_tracking_shows_the_forecast_the_progress_and_the_day_of_the_report(
    tracked: Tracking, tracked_chart: Axes
) -> None:
    drawn = bars(tracked_chart, "done") | bars(tracked_chart, "critical") | bars(tracked_chart, "still to do")
    for row in tracked.rows:
        assert close(drawn[f"{row.code} {row.name}"], row.start, row.finish), row.id
    assert bars(tracked_chart, "done").keys() == {
        f"{row.code} {row.name}" for row in tracked.rows if row.state == "done"
    }
    inner = bars(tracked_chart, "part that is done")
    assert inner.keys() == {"2.3 Build the service", "2.4 Build the pages"}
    start, end = inner["2.4 Build the pages"]
    own = tracked.row("pages")
    assert (end - start) / (own.finish - own.start) == pytest.approx(own.percent / 100)
    (line,) = (line for line in tracked_chart.get_lines() if line.get_label() == "day of the report")
    assert line.get_xdata()[0] == pytest.approx(place(tracked.as_of))  # type: ignore[index]
    assert note(tracked_chart)[0].startswith("as of 2 Oct 2026, 17:00; expected to be done ")


def test_a_tracking_tells_percent_and_delay(tracked_chart: Axes) -> None:
    beside = texts(tracked_chart)
    assert beside["2.4 Build the pages"].startswith("40 %, ")
    assert beside["2.4 Build the pages"].endswith(" d late")
    assert beside["3.1 Write the test cases"].endswith(" d early")
    assert beside["1 Understand"] == "100 %"
    assert "Gate scope" not in beside


def test_short_delays_are_told_in_minutes_and_none_not_at_all() -> None:
    plan = plan_of(package("a", measures={"cost": 10}), package("b"), package("c", measures={"cost": 10}))
    friday = datetime(2026, 1, 9, 17, tzinfo=UTC)
    due = datetime(2026, 1, 6, 17, tzinfo=UTC)
    done = [
        Progress(package=own, percent=100, actual_start=MONDAY, actual_finish=finish, actual_cost=1)
        for own, finish in (("a", due - timedelta(minutes=30)), ("b", due), ("c", due))
    ]
    found = track(plan, schedule(plan), Status(as_of=friday, progress=done))
    beside = texts(plot(found))
    assert beside == {"1 a": "100 %, 30 min early", "2 b": "100 %", "3 c": "100 %"}


def test_a_baseline_lies_below_as_thin_bars(tracked: Tracking, dated: Schedule, given: Assignment) -> None:
    axes = plot(tracked, baseline=dated)
    drawn = bars(axes, "baseline")
    own = dated.row("service")
    assert close(drawn["2.3 Build the service"], own.early_start, own.early_finish)
    assert "baseline" in legend(axes)
    assert len(bars(plot(dated, baseline=given), "baseline")) == len(drawn)
    other = schedule(plan_of(package("a")))
    with pytest.raises(PlanError, match=r"baseline: 18 faults\n  activity 'interviews': has no dates"):
        plot(dated, baseline=other)


def test_lightness_tells_what_is_done_from_what_is_ahead(tracked_chart: Axes) -> None:
    colours = {
        box.get_label(): to_hex(box.patches[0].get_facecolor()).upper()  # type: ignore[attr-defined]
        for box in tracked_chart.containers
    }
    assert (colours["done"], colours["still to do"], colours["part that is done"]) == (DARK, LIGHT, INK)


# --- parts of a plan


def test_a_group_can_be_drawn_alone(dated: Schedule) -> None:
    axes = plot(dated, group="test")
    assert [name.split()[0] for name in names(axes)] == ["3.1", "3.2", "3.3", "3.4"]
    assert axes.get_title(loc="left") == "Test"
    with pytest.raises(UnknownIdError, match="'tests'"):
        plot(dated, group="tests")
    with pytest.raises(PlanError, match="group: 'trial' is a work package, which has nothing below it"):
        plot(dated, group="trial")


def test_deep_levels_fold_into_their_groups(
    dated: Schedule, given: Assignment, tracked: Tracking, given_chart: Axes
) -> None:
    axes = plot(dated, depth=1)
    assert names(axes)[:4] == ["1 Understand", "2 Build", "3 Test", "4 Launch"]
    assert len(names(axes)) == 8
    assert texts(axes)["2 Build"] == "critical"
    assert texts(axes)["4 Launch"] == f"float {dated.row('training').total_float / 480:g} d"
    people = {person.capitalize() for own in ("trial", "cases", "load", "repairs") for person in given.people(own)}
    assert set(texts(plot(given, depth=1))["3 Test"].split(", ")) == people
    assert "Understand" not in "".join(texts(given_chart))
    assert texts(plot(tracked, depth=1))["1 Understand"] == "100 %"


def test_trees_of_any_depth_are_drawn() -> None:
    deep: Any = package("leaf")
    for k in range(1200):
        deep = Group(id=f"g{k}", children=[deep])
    found = schedule(plan_of(deep))
    with pytest.raises(
        PlanError, match=r"1201 rows .* \(max_rows\) is 60: draw a part \(group=\.\.\.\), fold what lies"
    ):
        plot(found)
    assert len(names(plot(found, depth=30))) == 30
    assert len(names(plot(found, group="g3"))) == 4


def test_too_many_rows_are_refused_and_the_limit_can_be_raised() -> None:
    found = schedule(plan_of(*(package(f"p{k}") for k in range(61))))
    with pytest.raises(PlanError, match=r"61 rows are to be drawn, the limit \(max_rows\) is 60"):
        plot(found)
    axes = plot(found, max_rows=61)
    assert len(names(axes)) == 61
    assert axes.figure.get_figheight() > plot(schedule(plan_of(package("a")))).figure.get_figheight() + 15  # type: ignore[union-attr]


def test_a_plan_without_work_says_so() -> None:
    for plan in (plan_of(), plan_of(Group(id="empty"))):
        found = schedule(plan)
        axes = plot(found)
        axes.figure.draw_without_rendering()  # type: ignore[union-attr]
        assert len(axes.patches) == 0
    axes = plot(schedule(plan_of()))
    assert [text.get_text() for text in axes.texts][-1] == "no work"
    assert axes.get_legend() is None
    empty = plot(schedule(plan_of(Group(id="empty"))), depth=1)
    assert names(empty) == ["1 empty"]
    assert texts(empty) == {}


def test_one_package_of_no_time_is_a_diamond() -> None:
    axes = plot(schedule(plan_of(package("a", 0), WorkPackage(id="m", kind="milestone"))))
    assert len(marks(axes, "critical milestone")) == 2
    low, high = axes.get_xlim()
    assert high - low >= 4 / 24
    assert "08:00" in [label.get_text() for label in axes.get_xticklabels()]


def test_names_are_text_on_one_line_and_short(chart: Axes) -> None:
    name = "$x^2$ a\nname that\tgoes _on_ and on, and is far too long for a chart"
    found = schedule(plan_of(package("a", name=name), package("W" * 200)))
    axes = plot(found)
    first, second = names(axes)
    assert first.startswith("1 $x^2$ a name that goes _on_ and on")
    assert second.endswith("\N{HORIZONTAL ELLIPSIS}")
    assert max(map(len, (first, second))) <= 42
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    assert not any(label.get_parse_math() for label in axes.get_yticklabels())


def test_deeper_names_are_further_in_and_groups_bold(chart: Axes) -> None:
    labels = chart.get_yticklabels()
    assert [len(label.get_text()) - len(label.get_text().lstrip()) for label in labels[:2]] == [0, 3]
    assert [label.get_fontweight() for label in labels[:2]] == ["bold", "normal"]


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(dated: Schedule) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(dated, ax=given, links=True) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(dated: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match="result: expected Schedule or Assignment or Tracking, got int"):
        plot(wrong)
    with pytest.raises(TypeError, match="baseline: expected Schedule or Assignment, got int"):
        plot(dated, baseline=wrong)
    for name in ("depth", "max_rows"):
        for number in (0, 2.5, True):
            with pytest.raises(ValueError, match=f"{name}: expected a whole number of at least 1, got"):
                plot(dated, **{name: number})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ax: gantt needs ordinary axes, got polar ones"):
        plot(dated, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"gantt needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(dated)
