"""The picture of a skill matrix: levels as numbers on shades, what is not known, and gaps."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.errors import SkillError, UnknownIdError
from leadkit.plots import matrix as plot
from leadkit.skills import Skill, SkillMatrix, SkillRequirement

NAN = float("nan")
DASH = "\N{EN DASH}"


@pytest.fixture(scope="module")
def team() -> SkillMatrix:
    levels = [[3, 0, NAN], [4, 2, 1]]
    return SkillMatrix(["ann", "bo"], ["billing", "login", "sql"], levels, scale=(0, 5))


def cells(axes: Axes) -> dict[tuple[int, int], str]:
    """What is written in each cell, by row and column."""
    return {
        (round(text.get_position()[1]), round(text.get_position()[0])): text.get_text()
        for text in axes.texts
        if text.get_horizontalalignment() == "center"
    }


def beside(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts if text.get_horizontalalignment() == "left"]


def rows(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def columns(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_xticklabels()]


def marks(axes: Axes) -> dict[str, list[float]]:
    return {str(line.get_label()): np.asarray(line.get_ydata()).tolist() for line in axes.get_lines()}


def boxes(axes: Axes, label: str) -> list[tuple[int, int]]:
    """Row and column of the cells that are hatched or framed."""
    return [
        (round(bar.get_y() + bar.get_height() / 2), round(bar.get_x() + bar.get_width() / 2))
        for box in axes.containers
        if box.get_label() == label
        for bar in box.patches  # type: ignore[attr-defined]
    ]


def test_skills_are_rows_and_people_columns_with_a_number_in_each_cell(team: SkillMatrix) -> None:
    axes = plot(team)
    assert rows(axes) == ["billing", "login", "sql"]
    assert columns(axes) == ["ann", "bo"]
    assert cells(axes) == {(0, 0): "3", (0, 1): "4", (1, 0): "0", (1, 1): "2", (2, 0): DASH, (2, 1): "1"}
    assert axes.get_title(loc="left") == "Who can do what: 2 people, 3 skills"
    assert axes.get_ylim() == (2.5, -0.5)


def test_shades_follow_the_levels_over_the_whole_scale(team: SkillMatrix) -> None:
    axes = plot(team)
    mesh: Any = axes.collections[0]
    assert mesh.get_clim() == (0, 5)
    shades = np.asarray(mesh.cmap(mesh.norm(np.arange(6.0))))[:, :3] @ (0.299, 0.587, 0.114)
    assert (np.diff(shades) < -0.05).all()
    shown = np.ma.getmaskarray(mesh.get_array()).reshape(3, 2)
    assert shown.tolist() == [[False, False], [False, False], [True, False]]


def test_what_is_not_assessed_is_hatched_and_not_a_zero(team: SkillMatrix) -> None:
    axes = plot(team)
    assert boxes(axes, "not assessed") == [(2, 0)]
    assert axes.get_xlabel() == f"level from 0 to 5; {DASH} is not assessed"
    assert axes.containers[0].patches[0].get_hatch() == "////"  # type: ignore[attr-defined]
    known = plot(team.with_levels({("ann", "sql"): 2}))
    assert known.get_legend() is None
    assert boxes(known, "not assessed") == []


def test_without_a_scale_the_highest_level_is_the_darkest() -> None:
    levels: Any = plot(SkillMatrix(["a", "b"], ["x"], [[1], [2.505]])).collections[0]
    assert levels.get_clim() == (0, 2.505)
    assert set(cells(plot(SkillMatrix(["a", "b"], ["x"], [[1.5], [2.346]]))).values()) == {"1.5", "2.35"}
    nothing: Any = plot(SkillMatrix(["a"], ["x"], [[NAN]])).collections[0]
    assert nothing.get_clim() == (0, 1)
    flat: Any = plot(SkillMatrix(["a"], ["x"], [[3]], scale=(3, 3.5))).collections[0]
    assert flat.get_clim() == (3, 3.5)


def test_numbers_are_light_on_the_darkest_shade_and_black_where_ink_would_be_faint() -> None:
    axes = plot(SkillMatrix(["a", "b"], ["x"], [[5], [4]]))
    assert [text.get_color() for text in axes.texts] == ["white", "black"]


def test_requirements_stand_beside_their_skills_with_the_number_who_meet_them(team: SkillMatrix) -> None:
    wanted = [SkillRequirement("login", 2), SkillRequirement("billing", 3, people=2), SkillRequirement("login", 5)]
    axes = plot(team, requirements=wanted)
    assert sorted(beside(axes)) == [
        "needs 1 at level 2, has 1\nneeds 1 at level 5, has none",
        "needs 2 at level 3, has 2",
    ]
    assert axes.figure.get_figheight() > plot(team).figure.get_figheight()  # type: ignore[union-attr]


def test_every_kind_of_gap_has_its_mark(team: SkillMatrix) -> None:
    wanted = [SkillRequirement("billing", 4), SkillRequirement("login", 1, people=2), SkillRequirement("sql", 3)]
    axes = plot(team, requirements=wanted)
    assert marks(axes) == {"one person alone has it": [0], "too few have it": [1], "nobody has it": [2]}
    assert len({line.get_marker() for line in axes.get_lines()}) == 3
    assert boxes(axes, "on whom all depends") == [(0, 1)]


def test_the_worst_gap_of_a_skill_is_marked(team: SkillMatrix) -> None:
    wanted = [SkillRequirement("billing", 4), SkillRequirement("billing", 5), SkillRequirement("billing", 3, people=3)]
    axes = plot(team, requirements=wanted)
    assert marks(axes) == {"nobody has it": [0]}
    assert boxes(axes, "on whom all depends") == [(0, 1)]


def test_requirements_that_are_met_have_no_mark(team: SkillMatrix) -> None:
    axes = plot(team, requirements=[SkillRequirement("billing", 3)])
    assert marks(axes) == {}
    assert beside(axes) == ["needs 1 at level 3, has 2"]
    assert beside(plot(team, requirements=[])) == beside(plot(team)) == []


def test_a_catalogue_gives_names() -> None:
    known = [Skill("sql", "Queries"), Skill("web")]
    assert rows(plot(SkillMatrix(["a"], ["sql", "web"], [[1, 2]], catalogue=known))) == ["Queries", "web"]


def test_many_or_long_names_of_people_are_slanted(team: SkillMatrix) -> None:
    assert {label.get_rotation() for label in plot(team).get_xticklabels()} == {0}
    crowd = plot(SkillMatrix([f"person {k}" for k in range(12)], ["x"], [[1]] * 12))
    assert {label.get_rotation() for label in crowd.get_xticklabels()} == {45}


def test_names_are_text_on_one_line_and_short() -> None:
    axes = plot(SkillMatrix(["$a$ " + "b" * 60], ["$x$ _y " + "w" * 60], [[1]]))
    assert rows(axes)[0].startswith("$x$ _y w")
    assert len(rows(axes)[0]) == 32
    assert columns(axes)[0].endswith("\N{HORIZONTAL ELLIPSIS}")
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_an_empty_matrix_says_so() -> None:
    for matrix, words in ((SkillMatrix([], [], []), "nobody"), (SkillMatrix(["a"], [], [[]]), "no skills")):
        axes = plot(matrix)
        assert [text.get_text() for text in axes.texts] == [words]
        axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    nobody = SkillMatrix([], ["sql"], np.empty((0, 1)))
    assert [text.get_text() for text in plot(nobody, requirements=[SkillRequirement("sql", 1)]).texts] == ["nobody"]


def test_too_many_levels_are_refused_and_the_limit_can_be_raised() -> None:
    large = SkillMatrix([f"p{k}" for k in range(31)], [f"s{k}" for k in range(40)], np.ones((31, 40)))
    with pytest.raises(SkillError, match=r"1240 levels .* \(max_cells\) is 1200: draw some .*matrix\.select\(\.\.\.\)"):
        plot(large)
    small = large.select(people=["p0"], skills=["s0", "s1"])
    with pytest.raises(SkillError, match="2 levels are to be drawn"):
        plot(small, max_cells=1)
    assert len(cells(plot(small, max_cells=2))) == 2


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing() -> None:
    import matplotlib.pyplot as plt

    skills = samples.plan().team.skills
    assert skills is not None
    figure = Figure()
    given = figure.add_subplot()
    assert plot(skills, requirements=[SkillRequirement("design", 4)], ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(team: SkillMatrix, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match="matrix: expected SkillMatrix or Matrix, got int"):
        plot(wrong)
    for number in (0, 2.5, True):
        with pytest.raises(ValueError, match="max_cells: expected a whole number of at least 1, got"):
            plot(team, max_cells=number)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="'logins'"):
        plot(team, requirements=[SkillRequirement("logins", 1)])
    with pytest.raises(SkillError, match="expected a SkillRequirement, got 3"):
        plot(team, requirements=[wrong])
    with pytest.raises(ValueError, match="ax: matrix needs ordinary axes, got polar ones"):
        plot(team, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"matrix needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(team)
