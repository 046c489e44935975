"""The picture of influence against authority: visible people only, and how many are hidden."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.org import InfluenceReport, Nominations, Organisation, measure_influence
from leadkit.plots import influence as plot


@pytest.fixture(scope="module")
def people() -> Organisation:
    return samples.organisation(rng=1)


@pytest.fixture(scope="module")
def ties(people: Organisation) -> Nominations:
    return Nominations.from_columns(people, *samples.advice(people, rng=1))


@pytest.fixture(scope="module")
def report(people: Organisation, ties: Nominations) -> InfluenceReport:
    return measure_influence(people, ties)


def points(axes: Axes) -> dict[str, list[tuple[float, float]]]:
    """Places of the marks by the words of their role."""
    marked: list[Any] = [line for line in axes.get_lines() if line.get_linestyle() == "None"]
    return {
        str(line.get_label()).split(" (")[0].split(":")[0]: [(float(x), float(y)) for x, y in line.get_xydata()]
        for line in marked
    }


def texts(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_every_visible_person_is_a_mark_of_their_role(report: InfluenceReport) -> None:
    found = points(plot(report))
    words = {"informal_leader": "informal leader"}
    assert set(found) == {words.get(role, role) for role in report.role if role is not None}
    for role, places in ((role, found[words.get(role, role)]) for role in set(report.role) if role is not None):
        rows = [row for row, one in enumerate(report.role) if one == role]
        assert places == list(zip(report.authority[rows], report.influence[rows], strict=True))
    assert sum(map(len, found.values())) == int((~np.isnan(report.influence)).sum())


def test_roles_differ_in_marker_or_fill(people: Organisation, ties: Nominations) -> None:
    axes = plot(measure_influence(people, ties, identify=True))
    marked = [line for line in axes.get_lines() if line.get_linestyle() == "None"]
    looks = {(str(line.get_marker()), str(line.get_markerfacecolor())) for line in marked}
    assert len(looks) == len(marked) == 4


def test_only_informal_leaders_are_named_and_nobody_hidden(report: InfluenceReport, people: Organisation) -> None:
    axes = plot(report)
    named = set(texts(axes)) & set(people.ids)
    assert named == set(report.informal_leader_ids)
    assert texts(axes)[0] == "39 of 104 people shown, the others hidden, 1 informal leader among them"


def test_at_most_twelve_are_named_with_room_between_them_inside_the_picture(
    people: Organisation, ties: Nominations
) -> None:
    report = measure_influence(people, ties, identify=True, informal_at=0.6)
    axes = plot(report)
    named: list[Any] = [text for text in axes.texts if text.get_text() in people.ids]
    leading = [row for row, role in enumerate(report.role) if role == "informal_leader"]
    assert len(leading) > len(named) == 12
    least = min(report.influence[people.index_of(text.get_text())] for text in named)
    assert sum(report.influence[leading] > least) < 12
    heights = np.array([text.get_position()[1] for text in named])
    assert (np.diff(heights) > 0.045 - 1e-9).all()
    assert heights[0] >= 0
    assert heights[-1] <= 1
    assert texts(axes)[0] == "all 104 people shown, by the caller's decision"


def test_the_level_from_which_somebody_is_influential_is_a_line(report: InfluenceReport) -> None:
    axes = plot(report)
    (level,) = (line for line in axes.get_lines() if line.get_label() == "influential from 0.80")
    assert set(level.get_ydata()) == {0.8}  # type: ignore[arg-type]
    assert "in-degree, pagerank" in axes.get_ylabel()


def test_too_few_answers_are_said_and_nothing_is_drawn(people: Organisation) -> None:
    ties = Nominations.from_columns(people, [people.ids[9]], [people.ids[3]])
    axes = plot(measure_influence(people, ties))
    assert texts(axes) == ["none of 104 people shown\nlow response: 1 of 104 people answered", "not shown"]
    assert list(axes.get_lines()) == []
    assert axes.get_legend() is None


def test_with_force_the_low_response_is_still_said(people: Organisation) -> None:
    asks, asked = samples.advice(people, rng=1)
    few = Nominations.from_columns(people, asks[:60], asked[:60])
    axes = plot(measure_influence(people, few, force=True))
    assert "\nlow response: " in texts(axes)[0]
    assert points(axes)


def test_mathematics_in_an_id_stays_as_it_is() -> None:
    ids = ["boss", *(f"$x_{i}$" for i in range(5))]
    people = Organisation.from_columns(ids, [None, *["boss"] * 5])
    ties = Nominations.from_columns(people, ids[:1] + ids[2:], [ids[1]] * 5)
    axes = plot(measure_influence(people, ties, identify=True, measures=["in_degree"]))
    assert "$x_0$" in texts(axes)
    assert isinstance(axes.figure, Figure)
    axes.figure.draw_without_rendering()


def test_wrong_arguments_are_refused_by_name(report: InfluenceReport, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Figure().add_subplot()
    assert plot(report, ax=given) is given
    wrong: Any = {"influence": [0.5]}
    with pytest.raises(TypeError, match=r"report: expected InfluenceReport, got dict"):
        plot(wrong)
    with pytest.raises(ValueError, match="ax: influence needs ordinary axes, got polar ones"):
        plot(report, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"influence needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(report)
