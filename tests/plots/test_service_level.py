"""The service level against the number of servers: the curve, the target, and the least number that reaches it."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from leadkit.plots import service_level as plot
from leadkit.queueing import required_servers
from leadkit.queueing import service_level as level_of

RATES: dict[str, Any] = {"arrival_rate": 10 / 3, "service_rate": 1 / 3, "threshold": 1 / 3}


def line(axes: Axes, label: str) -> Any:
    (found,) = (one for one in axes.get_lines() if one.get_label() == label)
    return np.asarray(found.get_xydata())


def texts(axes: Axes) -> list[str]:
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in axes.texts]


@pytest.mark.parametrize("patience", [None, 0.5])
def test_the_curve_is_the_service_level_of_every_whole_number(patience: float | None) -> None:
    axes = plot(**RATES, target=0.8, variant="offered", patience_rate=patience)
    curve = line(axes, "service level")
    assert np.diff(curve[:, 0]).tolist() == [1] * (len(curve) - 1)
    expected = level_of(curve[:, 0].astype(int), 10 / 3, 1 / 3, 1 / 3, variant="offered", patience_rate=patience)
    assert curve[:, 1] == pytest.approx(100 * np.asarray(expected))
    assert curve[0, 1] < 6
    assert curve[-1, 1] >= 99.5


@pytest.mark.parametrize("patience", [None, 0.5])
@pytest.mark.parametrize("target", [0.5, 0.8, 0.999])
def test_the_least_number_that_reaches_the_target_is_marked(patience: float | None, target: float) -> None:
    axes = plot(**RATES, target=target, variant="offered", patience_rate=patience)
    found = required_servers(
        10 / 3, 1 / 3, service_level=target, threshold=1 / 3, variant="offered", patience_rate=patience
    )
    ((servers, level),) = line(axes, "the least that reaches the target")
    assert servers == found.servers
    assert level == pytest.approx(100 * found.service_level)
    assert texts(axes) == [f"{found.servers} servers: {level:.1f} %", f"target {100 * target:g} %"]
    (across,) = (one for one in axes.get_lines() if one.get_linestyle() == "--")
    assert set(across.get_ydata()) == {100 * target}  # type: ignore[arg-type]
    before = line(axes, "service level")
    assert before[before[:, 0] == servers - 1, 1] < 100 * target


def test_too_few_to_carry_the_work_are_hatched_where_nobody_gives_up() -> None:
    (span,) = plot(**RATES, target=0.8, variant="offered").patches
    assert span.get_label() == "too few to carry the work"
    box: Any = span
    assert box.get_x() + box.get_width() == pytest.approx(10)
    assert not plot(**RATES, target=0.8, variant="offered", patience_rate=0.5).patches
    assert not plot(0.2, 1, 0.5, target=0.5, variant="offered").patches


def test_the_title_says_what_is_divided_by_what() -> None:
    axes = plot(**RATES, target=0.8, variant="answered", patience_rate=1, unit="minutes")
    title = "Answered in time, of all who were answered (within 0.333 minutes)"
    assert axes.get_title(loc="left") == title
    assert axes.get_xlabel() == "servers"
    assert axes.get_ylabel() == "in time [%]"
    short = plot(**RATES, target=0.8, variant="offered_short_as_met", patience_rate=1, short=0.1)
    assert short.get_title(loc="left").endswith(" (within 0.333)")


def test_one_server_is_one_and_nobody_needs_none() -> None:
    axes = plot(0, 1, 1, target=0.8, variant="offered")
    assert texts(axes)[0] == "1 server: 100.0 %"
    assert line(axes, "service level").tolist() == [[1, 100], [2, 100]]


def test_a_curve_of_many_numbers_has_no_dots() -> None:
    axes = plot(2000, 1, 0.1, target=0.8, variant="offered", patience_rate=1)
    (curve,) = (one for one in axes.get_lines() if one.get_label() == "service level")
    assert len(np.asarray(curve.get_xydata())) > 60
    assert curve.get_marker() == "None" or not curve.get_marker()
    assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing() -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(**RATES, target=0.8, variant="offered", ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="variant: expected one of "):
        plot(**RATES, target=0.8, variant="ofered")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="service_level: expected"):
        plot(**RATES, target=1.0, variant="offered")
    with pytest.raises(ValueError, match="service_rate: expected"):
        plot(1, 0, 1, target=0.8, variant="offered")
    with pytest.raises(ValueError, match="expected short"):
        plot(**RATES, target=0.8, variant="excluding_short_abandons", patience_rate=1)
    with pytest.raises(ValueError, match="ax: service_level needs ordinary axes, got polar ones"):
        plot(**RATES, target=0.8, variant="offered", ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"service_level needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(**RATES, target=0.8, variant="offered")
