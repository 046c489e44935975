"""What every picture keeps: no global state, the axes given, nothing cut off, words to read, and marks that differ in grey."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from leadkit import org, plots, samples, stats, wbs
from leadkit.assessment import DisclosedFeedback, DisclosurePolicy, Scores, disclose, feedback, reliability, score
from leadkit.escalation import kaplan_meier
from leadkit.org import Nominations, Pyramid
from leadkit.plots.palette import contrast
from leadkit.wbs import Assignment

Draw = Callable[[Axes | None], Axes]
SHADED = {"heatmap", "likert", "matrix"}
"""Their numbers stand on shades; test_colours reads them there."""
BACKGROUND = {
    "closed all day",
    "does not count",
    "its 95\N{NO-BREAK SPACE}% interval",
    "95\N{NO-BREAK SPACE}% interval",
}
"""Areas behind what is drawn, that the axis label or a number says as well."""


@cache
def scores() -> Scores:
    return score(samples.answers("ved", n=12, rng=1))


@cache
def pyramid() -> Pyramid:
    return org.build_pyramid(samples.organisation(rng=1))


@cache
def pulse() -> dict[str, float]:
    return samples.pulse(pyramid().organisation, rng=1).by_person()


@cache
def disclosed() -> DisclosedFeedback:
    return disclose(feedback(samples.ratings("ved", n_leaders=2, rng=1)), DisclosurePolicy())


@cache
def assigned() -> Assignment:
    return wbs.assign(samples.plan(), schedules=10)


def answers_of(n: int) -> Any:
    return samples.answers("ved", n=n, rng=1)


def surface() -> stats.ResponseSurface:
    own, others = [1, 2, 3, 4, 5, 1, 5, 3], [2, 1, 3, 5, 4, 5, 1, 4]
    return stats.response_surface([3, 3, 5, 4, 4, 1, 2, 5], own, others, centre=3)


def curves() -> Any:
    rng = np.random.default_rng(1)
    return {f"group {k}": kaplan_meier(rng.exponential(4 + k, 30), rng.random(30) < 0.8) for k in range(8)}


def network_of(report: Any = None) -> Any:
    people = pyramid().organisation
    return report or org.measure_influence(people, Nominations.from_columns(people, *samples.advice(people, rng=1)))


PICTURES: dict[str, Draw] = {
    "caterpillar": lambda ax: plots.caterpillar(stats.shrunken_means([4, 5, 5, 2, 3, 1, 4], list("aaabbbc")), ax=ax),
    "earned_value": lambda ax: plots.earned_value(wbs.track(samples.plan(), assigned(), samples.status()), ax=ax),
    "feedback": lambda ax: plots.feedback(disclosed(), disclosed().ratee_ids[0], ax=ax),
    "gantt": lambda ax: plots.gantt(wbs.schedule(samples.plan()), ax=ax),
    "gantt_tracked": lambda ax: plots.gantt(wbs.track(samples.plan(), assigned(), samples.status()), ax=ax),
    "gap": lambda ax: plots.gap(disclosed(), disclosed().ratee_ids[0], ax=ax),
    "heatmap": lambda ax: plots.heatmap(scores(), ax=ax),
    "influence": lambda ax: plots.influence(network_of(), ax=ax),
    "levels": lambda ax: plots.levels(org.view_levels(pyramid(), pulse(), by="tier").disclosed(), ax=ax),
    "likert": lambda ax: plots.likert(answers_of(20), dimension="vision", ax=ax),
    "load": lambda ax: plots.load(assigned(), ax=ax),
    "load_gap": lambda ax: plots.load(wbs.staffing_gap(samples.plan()), ax=ax),
    "matrix": lambda ax: plots.matrix(samples.desk_skills(), ax=ax),
    "network": lambda ax: plots.network(org.obligations(pyramid()), pyramid=pyramid(), ax=ax),
    "network_tiers": lambda ax: plots.network(org.obligations(pyramid()), pyramid=pyramid(), by="tier", ax=ax),
    "placement": lambda ax: plots.matrix(samples.escalation_matrix(), ax=ax),
    "profile": lambda ax: plots.profile(scores(), scores().respondent_ids[0], reference="mean", ax=ax),
    "pyramid": lambda ax: plots.pyramid(pyramid(), ax=ax),
    "radar": lambda ax: plots.profile(scores(), scores().respondent_ids[0], reference="mean", kind="radar", ax=ax),
    "reliability": lambda ax: plots.reliability(reliability(answers_of(60)), dimension="vision", ax=ax),
    "response_surface": lambda ax: plots.response_surface(surface(), ax=ax),
    "risk": lambda ax: plots.risk(wbs.simulate(samples.plan(), n=200), ax=ax),
    "risk_activities": lambda ax: plots.risk(wbs.simulate(samples.plan(), n=200), kind="activities", ax=ax),
    "service_level": lambda ax: plots.service_level(10 / 3, 1 / 3, 1 / 3, target=0.8, variant="offered", ax=ax),
    "survival": lambda ax: plots.survival(curves(), ax=ax),
    "thread": lambda ax: plots.thread(org.trace_thread(pyramid(), pulse(), threshold=3.2).disclosed(), ax=ax),
}


@pytest.fixture(scope="module", params=sorted(PICTURES))
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def axes(name: str) -> Axes:
    made = PICTURES[name](None)
    figure_of(made).draw_without_rendering()
    return made


def figure_of(axes: Axes) -> Figure:
    assert isinstance(axes.figure, Figure)
    return axes.figure


def words(axes: Axes) -> list[Text]:
    """Everything written in a picture that is to be seen, but the labels of ticks beyond its ends."""
    legend = axes.get_legend()
    title = axes.title if axes.get_title() else axes._left_title  # type: ignore[attr-defined]
    told = [*axes.texts, title, axes.xaxis.label, axes.yaxis.label, *(legend.get_texts() if legend else [])]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
        told += [label for place, label in ticks if low <= place <= high]
    return [text for text in told if text.get_visible() and text.get_text().strip()]


def test_every_plot_is_here() -> None:
    drawn = {name.split("_")[0] for name in PICTURES}
    public = {name for name in plots.__all__ if name[0].islower()}
    assert {name for name in public if name.split("_")[0] not in drawn} == set()


def test_the_axes_given_are_drawn_on_and_returned_however_small(name: str) -> None:
    before = dict(mpl.rcParams)
    figure = Figure(figsize=(3, 2))
    given = figure.add_subplot(projection="polar" if name == "radar" else None)
    assert PICTURES[name](given) is given
    figure.draw_without_rendering()
    assert figure.axes == [given]
    assert figure.get_size_inches().tolist() == [3, 2]
    assert dict(mpl.rcParams) == before


def test_a_new_figure_is_known_to_no_global_state(axes: Axes) -> None:
    assert figure_of(axes).axes == [axes]
    assert plt.get_fignums() == []


def test_no_words_are_cut_off(axes: Axes) -> None:
    box = figure_of(axes).bbox
    for text in words(axes):
        own = text.get_window_extent()
        inside = own.x0 >= -1 and own.y0 >= -1 and own.x1 <= box.width + 1 and own.y1 <= box.height + 1
        assert inside, (text.get_text(), own, box)


def test_words_can_be_read(name: str, axes: Axes) -> None:
    found = words(axes)
    assert len(found) > 3
    for text in found:
        if name not in SHADED or text not in axes.texts:
            assert contrast(text.get_color(), "white") >= 4.5, text.get_text()


def test_axes_with_numbers_say_what_they_count(name: str, axes: Axes) -> None:
    for axis, said in ((axes.xaxis, axes.get_xlabel()), (axes.yaxis, axes.get_ylabel())):
        labels = [label.get_text() for label in axis.get_ticklabels()]
        has_numbers = bool(labels) and all(label.strip("0123456789.,\N{MINUS SIGN}+") == "" for label in labels)
        assert said or not has_numbers or name == "radar"
    if name == "radar":
        legend = axes.get_legend()
        assert legend is not None
        assert legend.get_title().get_text().startswith("mean answer")


def test_marks_and_lines_stand_out_from_the_paper(axes: Axes) -> None:
    for line in axes.get_lines():
        if str(line.get_label()) == "_under" or line.get_color() == "white":
            continue  # white below a dark line
        colours = [line.get_color()] if line.get_linestyle() != "None" else []
        colours += [line.get_markeredgecolor()] if line.get_marker() not in {"None", "", None} else []
        assert all(contrast(colour, "white") >= 3 for colour in colours), line.get_label()
    for container in axes.containers:
        patches: list[Patch] = [one for one in getattr(container, "patches", []) if isinstance(one, Patch)]
        if container.get_label() in BACKGROUND:
            continue
        for patch in patches:
            has_edge = patch.get_linewidth() > 0 and contrast(patch.get_edgecolor()[:3], "white") >= 3
            is_hatched = bool(patch.get_hatch()) and contrast(patch.get_edgecolor()[:3], "white") >= 3
            is_dark = contrast(patch.get_facecolor()[:3], "white") >= 3
            # the answers of a Likert scale are parted by white lines and have their numbers in them
            is_answer = bool(axes.get_title(loc="left").endswith("answered"))
            assert has_edge or is_hatched or is_dark or is_answer, container.get_label()


def test_what_the_legend_explains_differs_in_grey(axes: Axes) -> None:
    legend = axes.get_legend()
    handles = legend.legend_handles if legend else []
    for one, other in combinations([handle for handle in handles if handle is not None], 2):
        (kind, grey), (other_kind, other_grey) = looks(one), looks(other)
        assert kind != other_kind or abs(grey - other_grey) > 0.08, (one.get_label(), other.get_label())


def looks(handle: Any) -> tuple[Any, float]:
    """Give what is left of a mark without its colour, and its brightness."""
    if isinstance(handle, Line2D):
        is_point = handle.get_linestyle() == "None"
        pattern = handle._unscaled_dash_pattern  # type: ignore[attr-defined]
        colour = handle.get_markerfacecolor() if is_point else handle.get_color()
        return ("line", str(pattern), str(handle.get_marker()), is_point), brightness(colour)
    if isinstance(handle, Patch):
        patch: Any = handle
        height = patch.get_height() if hasattr(patch, "get_height") else 0
        return ("patch", patch.get_hatch(), height, patch.get_edgecolor()[3] > 0), brightness(patch.get_facecolor()[:3])
    return (type(handle).__name__, str(handle.get_linestyle()), float(handle.get_linewidth()[0])), brightness(
        handle.get_edgecolor()[0][:3] if hasattr(handle, "get_edgecolor") else "black"
    )


def brightness(colour: Any) -> float:
    return float(np.dot(mpl.colors.to_rgb(colour), (0.299, 0.587, 0.114)))
