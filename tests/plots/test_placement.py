"""The picture of an escalation matrix: who is placed where, how many are needed, and the gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.errors import MatrixError
from leadkit.escalation import Domain, LevelRule, build_matrix
from leadkit.escalation.matrix import Matrix
from leadkit.plots import matrix as plot
from leadkit.skills import SkillMatrix, SkillRequirement

NAN = float("nan")


@pytest.fixture(scope="module")
def desk() -> Matrix:
    return samples.escalation_matrix()


@pytest.fixture(scope="module")
def gaps() -> Matrix:
    """Build a matrix with every kind of gap."""
    skills = SkillMatrix(["ann", "bo", "cy"], ["a", "b"], [[3, NAN], [1, 0], [1, 0]])
    levels = [LevelRule(id="L1", rank=1, threshold=1, min_people=3), LevelRule(id="L2", rank=2, threshold=3)]
    return build_matrix(skills, [*levels, LevelRule(id="L3", rank=3, threshold=4)])


def columns(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_xticklabels()]


def rows(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def cells(axes: Axes) -> list[str]:
    """What each box says, row by row."""
    texts = sorted(axes.texts, key=lambda one: (round(one.get_position()[0]), one.get_position()[1]))
    names = [text.get_text().replace("\n", " ") for text in texts]
    return [f"{names[k]}: {names[k + 1]}" for k in range(0, len(names), 2)]


def marks(axes: Axes) -> dict[str, list[tuple[int, int]]]:
    """Row and column of the cells with each mark."""
    tops = [box.get_y() + box.get_height() for box in axes.patches if round(box.get_x() + 0.47) == 0]  # type: ignore[attr-defined]
    return {
        str(line.get_label()): [
            (int(np.searchsorted(tops, y)), round(x - 0.4)) for x, y in np.asarray(line.get_xydata()).tolist()
        ]
        for line in axes.get_lines()
    }


def test_domains_are_rows_and_levels_columns_with_people_and_counts(desk: Matrix) -> None:
    axes = plot(desk)
    assert rows(axes) == ["Accounts", "Billing", "Delivery", "Devices", "Network"]
    assert columns(axes) == ["L1: First line", "L2: Specialists", "L3: Experts"]
    assert cells(axes)[:2] == [
        "amara, boris, chen, dilnoza, emeka: has 5, needs 3",
        "amara, boris, dilnoza, emeka, goran: has 5, needs 3",
    ]
    assert cells(axes)[5:7] == ["fatima, goran: has 2, needs 1", "chen, hana: has 2, needs 1"]
    assert cells(axes)[-1] == "nobody: has none, needs 1"
    assert axes.get_title(loc="left") == "Who solves what on which level: 5 domains, 3 levels, 8 people"


def test_every_cell_names_the_people_of_the_matrix(desk: Matrix) -> None:
    told = cells(plot(desk))
    expected = [
        f"{', '.join(desk.at(domain, level)) or 'nobody'}: " for level in desk.level_ids for domain in desk.domain_ids
    ]
    assert [text.partition(": ")[0] + ": " for text in told] == expected


def test_every_gap_has_the_mark_of_its_kind(gaps: Matrix) -> None:
    axes = plot(gaps)
    assert [(gap.domain, gap.level, gap.kind) for gap in gaps.gaps()] == [
        ("a", "L1", "thin"),
        ("a", "L2", "single_point_of_failure"),
        ("a", "L3", "unreachable"),
        ("b", "L1", "not_assessed"),
        ("b", "L2", "not_assessed"),
        ("b", "L3", "not_assessed"),
    ]
    assert marks(axes) == {
        "nobody qualifies": [(0, 2)],
        "nobody as far as is assessed": [(1, 0), (1, 1), (1, 2)],
        "too few": [(0, 0)],
        "one person alone": [(0, 1)],
    }
    assert len({line.get_marker() for line in axes.get_lines()}) == 4


def test_empty_cells_are_dashed_and_white(gaps: Matrix) -> None:
    boxes: Any = [(box.get_linestyle(), box.get_facecolor()[:3]) for box in plot(gaps).patches]
    assert [style for style, _ in boxes] == ["solid", "solid", *["--"] * 4]
    assert {colour for style, colour in boxes if style == "--"} == {(1, 1, 1)}


def test_without_gaps_there_are_no_marks() -> None:
    skills = SkillMatrix(["ann", "bo"], ["a"], [[1], [1]])
    axes = plot(build_matrix(skills, [LevelRule(id="L1", rank=1, threshold=1, min_people=2)]))
    assert not axes.get_lines()
    assert axes.get_legend() is None


def test_names_are_text_on_one_line_and_many_people_are_counted() -> None:
    people = [f"<b> $x_{k}$ somebody" for k in range(20)]
    skills = SkillMatrix(people, ["s"], np.ones((20, 1)))
    domain = Domain(id="d", skills={"s": 0}, name="$a$ " + "b" * 60)
    axes = plot(build_matrix(skills, [LevelRule(id="L1", rank=1, threshold=1, name="c" * 60)], domains=[domain]))
    assert rows(axes)[0].startswith("$a$ b")
    assert {len(text) for text in (*rows(axes), *columns(axes))} == {28}
    assert cells(axes)[0].endswith(" more: has 20, needs 1")
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]


def test_too_many_cells_are_refused_and_requirements_belong_to_skills(desk: Matrix) -> None:
    with pytest.raises(MatrixError, match=r"15 cells are to be drawn, the limit \(max_cells\) is 14"):
        plot(desk, max_cells=14)
    assert len(cells(plot(desk, max_cells=15))) == 15
    with pytest.raises(ValueError, match="requirements: the levels of an escalation matrix say what they need"):
        plot(desk, requirements=[SkillRequirement("billing", 1)])


def test_it_can_be_drawn_on_given_axes(desk: Matrix) -> None:
    figure = Figure()
    given = figure.add_subplot()
    assert plot(desk, ax=given) is given
    figure.draw_without_rendering()
    with pytest.raises(ValueError, match="ax: matrix needs ordinary axes, got polar ones"):
        plot(desk, ax=Figure().add_subplot(projection="polar"))
