"""Who can do what: levels of people in skills, or places on the levels of an escalation matrix, and the gaps in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit._fields import whole_number_faults
from leadkit.errors import SkillError
from leadkit.escalation.matrix import Matrix
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.labels import EN_DASH
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK, ORANGE, PALE, ink_on
from leadkit.plots.placement import draw_placement
from leadkit.plots.tiers import counted
from leadkit.skills import SkillGap, SkillMatrix, SkillRequirement

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["matrix"]

LONGEST_NAME = 32
LONGEST_PERSON = 20
LETTERS_IN_LINE = 60
LEAST_SPAN = 1e-9
BESIDE = 0.2
ROW = 0.36
LINE = 0.16
GAPS: dict[str, tuple[str, dict[str, Any]]] = {
    "uncovered": ("nobody has it", {"marker": "X", "markerfacecolor": ORANGE}),
    "thin": ("too few have it", {"marker": "v", "markerfacecolor": ORANGE}),
    "single_point_of_failure": ("one person alone has it", {"marker": "o", "markerfacecolor": "white"}),
}


def matrix(
    matrix: SkillMatrix | Matrix,
    *,
    requirements: Sequence[SkillRequirement] | None = None,
    max_cells: int = 1200,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the level of each person in each skill as a number on a shade, and the gaps that requirements leave.

    A skill is a row and a person a column. What is not assessed is hatched with a dash in it and never a 0. To the right
    of a skill stand its requirements and how many people meet them; marks tell where nobody, too few, or one person
    alone does, and the cell of that person is framed.

    Of an escalation matrix a domain is a row and a level a column. A cell names the people placed there, and how many
    there are beside how many the level needs; the same kinds of marks tell of its gaps.

    Parameters
    ----------
    matrix : SkillMatrix or Matrix
        Who can do what, or who is placed on which level of what.
    requirements : sequence of SkillRequirement, optional
        At least so many people at a level of a skill or above; an escalation matrix has its own.
    max_cells : int
        The most levels or cells to draw, at least 1.
    ax : Axes, optional
        Where to draw. A new Figure, known to no global state, when None: `ax.figure` is it.

    Returns
    -------
    Axes
        The one given, or that of a new figure.

    Raises
    ------
    ImportError
        matplotlib is not installed.
    MatrixError
        An escalation matrix has more cells than `max_cells`.
    SkillError
        There are more levels than `max_cells`, or a requirement is none.
    TypeError
        `matrix` is something else.
    UnknownIdError
        A requirement is about an unknown skill.
    ValueError
        `max_cells` is no whole number of at least 1, requirements are given with an escalation matrix, or the axes are
        polar.

    References
    ----------
    .. [1] L. Wilkinson and M. Friendly, "The history of the cluster heat map", The American Statistician 63(2), 2009.

    Examples
    --------
    >>> from leadkit.skills import SkillMatrix, SkillRequirement
    >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[3, 1], [float("nan"), 2]])
    >>> ax = matrix(team, requirements=[SkillRequirement("login", 2), SkillRequirement("billing", 2, people=2)])
    >>> [text.get_text() for text in ax.texts if text.get_text() != "\N{EN DASH}"]
    ['3', '1', '2', 'needs 1 at level 2, has 1', 'needs 2 at level 2, has 1']
    """
    expect_matplotlib("matrix")
    expect_showable(matrix, (SkillMatrix, Matrix), "matrix")
    if whole_number_faults(max_cells, "max_cells") or max_cells < 1:
        msg = f"max_cells: expected a whole number of at least 1, got {max_cells!r}"
        raise ValueError(msg)
    if isinstance(matrix, Matrix):
        if requirements is not None:
            msg = "requirements: the levels of an escalation matrix say what they need: leave it out"
            raise ValueError(msg)
        return draw_placement(matrix, max_cells=max_cells, ax=ax)
    n_people, n_skills = len(matrix.people), len(matrix.skills)
    if n_people * n_skills > max_cells:
        msg = (
            f"{n_people * n_skills} levels are to be drawn, the limit (max_cells) is {max_cells}: draw some people and "
            f"skills (matrix.select(...)), or raise the limit"
        )
        raise SkillError(msg)
    axes_of = {"width": float(np.clip(5 + 0.5 * n_people, 7, 20)), "height": 2.6 + ROW * n_skills}
    said = _said(matrix, requirements or ())
    lines = max((text.count("\n") + 1 for text in said.values()), default=1)
    axes_of["height"] += LINE * (lines - 1) * n_skills
    axes = ordinary_axes(ax, "matrix needs", **axes_of)
    quiet(axes, grid=None)
    if n_people and n_skills:
        _draw_levels(axes, matrix)
        for skill, text in said.items():
            beside: dict[str, Any] = {"va": "center", "color": INK, "size": 9, "parse_math": False}
            axes.text(n_people + BESIDE, matrix.skills.index(skill), text, **beside)
        _mark_gaps(axes, matrix, matrix.gaps(requirements or ()))
    _lay_out(axes, matrix)
    return axes


def _said(matrix: SkillMatrix, requirements: Sequence[SkillRequirement]) -> dict[str, str]:
    """Write the requirements of each skill and how many people meet them, a line each."""
    coverage = matrix.coverage(requirements)
    lines: dict[str, list[str]] = {}
    for part, have in zip(coverage.requirement, coverage.have.tolist(), strict=True):
        lines.setdefault(part.skill, []).append(
            f"needs {part.people} at level {_level(part.level)}, has {have or 'none'}"
        )
    return {skill: "\n".join(texts) for skill, texts in lines.items()}


def _level(level: float) -> str:
    return f"{level:.2f}".rstrip("0").rstrip(".")


def _ends(matrix: SkillMatrix) -> tuple[float, float]:
    """Give the levels of the palest and the darkest shade."""
    if matrix.scale is not None:
        return matrix.scale
    known = matrix.levels[~np.isnan(matrix.levels)]
    return 0.0, float(known.max(initial=0.0)) or 1.0


def _draw_levels(axes: Axes, matrix: SkillMatrix) -> None:
    """Shade what is known, hatch what is not, and write both."""
    from matplotlib.colors import LinearSegmentedColormap

    levels = matrix.levels.T
    low, high = _ends(matrix)
    shades = LinearSegmentedColormap.from_list("levels", [PALE, DARK])
    n_skills, n_people = levels.shape
    across, down = np.arange(n_people + 1) - 0.5, np.arange(n_skills + 1) - 0.5
    look: dict[str, Any] = {"cmap": shades, "vmin": low, "vmax": max(high, low + LEAST_SPAN), "edgecolors": "white"}
    axes.pcolormesh(across, down, np.ma.masked_invalid(levels), linewidth=1.5, **look)
    rows, columns = np.nonzero(np.isnan(levels))
    if rows.size:
        hatch: dict[str, Any] = {"facecolor": "white", "edgecolor": GREY, "hatch": "////", "linewidth": 0}
        axes.barh(rows, 0.94, left=columns - 0.47, height=0.94, label="not assessed", **hatch)
    box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": "none"}
    words: dict[str, Any] = {"ha": "center", "va": "center", "size": 9, "parse_math": False}
    for (row, column), level in np.ndenumerate(levels):
        if np.isnan(level):
            axes.text(column, row, EN_DASH, color=INK, bbox=box, **words)
        else:
            shade = shades((level - low) / (look["vmax"] - low))
            axes.text(column, row, _level(level), color=ink_on(shade), **words)


def _mark_gaps(axes: Axes, matrix: SkillMatrix, gaps: Sequence[SkillGap]) -> None:
    """Mark the worst gap of each skill, and frame the levels on which all depends."""
    worst: dict[str, str] = {}
    for kind in GAPS:
        for gap in gaps:
            if gap.kind == kind:
                worst.setdefault(gap.skill, kind)
    for kind, (label, look) in GAPS.items():
        rows = [place for place, skill in enumerate(matrix.skills) if worst.get(skill) == kind]
        if rows:
            marks: dict[str, Any] = {"linestyle": "none", "markersize": 8, "markeredgecolor": INK, "clip_on": False}
            axes.plot([len(matrix.people) - 0.1] * len(rows), rows, label=label, **marks, **look)
    alone = [
        (matrix.skills.index(gap.skill), matrix.people.index(gap.holders[0]))
        for gap in gaps
        if gap.kind == "single_point_of_failure"
    ]
    if alone:
        rows, columns = [row for row, _ in alone], [column - 0.46 for _, column in alone]
        frame: dict[str, Any] = {"fill": False, "edgecolor": INK, "linewidth": 2.4, "zorder": 3}
        axes.barh(rows, 0.92, left=columns, height=0.92, label="on whom all depends", **frame)


def _lay_out(axes: Axes, matrix: SkillMatrix) -> None:
    n_people, n_skills = len(matrix.people), len(matrix.skills)
    known = {part.id: part.name or part.id for part in matrix.catalogue}
    names = [one_line(known.get(skill, skill), LONGEST_NAME) for skill in matrix.skills]
    people = [one_line(person, LONGEST_PERSON) for person in matrix.people]
    axes.set_yticks(range(n_skills), names, parse_math=False, color=INK)
    is_slanted = max(map(len, people), default=0) * n_people > LETTERS_IN_LINE
    turned: dict[str, Any] = {"rotation": 45, "ha": "left", "rotation_mode": "anchor"} if is_slanted else {}
    axes.set_xticks(range(n_people), people, parse_math=False, color=INK, **turned)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.5, max(n_people, 1) - 0.5)
    axes.set_ylim(max(n_skills, 1) - 0.5, -0.5)
    low, high = _ends(matrix)
    axes.set_xlabel(f"level from {_level(low)} to {_level(high)}; {EN_DASH} is not assessed", color=GREY)
    counts = f"{counted(n_people, 'person', 'people')}, {counted(n_skills, 'skill')}"
    axes.set_title(f"Who can do what: {counts}", loc="left", color=INK, pad=12)
    if not (n_people and n_skills):
        words = "no skills" if n_people else "nobody"
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, words, transform=axes.transAxes, **look)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=3)
