"""Colours of pictures: told apart by colour-blind people and in grey, or else by hatch, dashes or mark."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from importlib.resources import files
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from leadkit import plots
from leadkit.assessment import Instrument, Responses
from leadkit.interchange.svg import FILLS
from leadkit.plots import palette
from leadkit.plots.load import TOO_MUCH
from leadkit.plots.palette import LINE_LOOKS, STACK_LOOKS
from leadkit.skills import SkillMatrix
from leadkit.typing import FloatArray

# G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", IEEE Transactions on Visualization and Computer Graphics 15(6), 2009, table 1, severity 1.0; linear RGB.
MACHADO = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# IEC 61966-2-1: linear sRGB to CIE XYZ, and its white
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
# G. Sharma, W. Wu and E. N. Dalal, "The CIEDE2000 color-difference formula: implementation notes, supplementary test
# data, and mathematical observations", Color Research and Application 30(1), 2005, table 1.
SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
    ((50, -0.0010, 2.4900), (50, 0.0009, -2.4900), 4.8045),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((50, 2.5, 0), (58, 24, 15), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


def linear(colour: Any) -> FloatArray:
    parts = np.array(to_rgb(colour))
    made: FloatArray = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return made


def lab(own: FloatArray) -> FloatArray:
    """Turn linear RGB to CIE L*a*b*."""
    shares = TO_XYZ @ np.clip(own, 0, 1) / WHITE
    x, y, z = np.where(shares > (6 / 29) ** 3, np.cbrt(shares), shares * (29 / 6) ** 2 / 3 + 4 / 29).tolist()
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def seen(colour: Any, vision: str) -> FloatArray:
    """Give L*a*b* of a colour as somebody sees it; in grey its lightness alone."""
    if vision == "grey":
        return lab(linear(colour)) * [1, 0, 0]
    return lab(np.array(MACHADO[vision]) @ linear(colour)) if vision in MACHADO else lab(linear(colour))


def ciede2000(one: Sequence[float] | FloatArray, other: Sequence[float] | FloatArray) -> float:
    """Measure the difference of two L*a*b* colours."""
    (l1, a1, b1), (l2, a2, b2) = map(np.asarray, (one, other))
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 1.5 - math.sqrt(mean**7 / (mean**7 + 25**7)) / 2
    c1, c2 = math.hypot(g * a1, b1), math.hypot(g * a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, g * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    c = (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + h2 + (360 if abs(h1 - h2) > 180 else 0)) / 2
    cosines = [(1, 0, 0), (-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63)]
    t = sum(factor * math.cos(math.radians(times * h + shift)) for factor, times, shift in cosines)
    light = ((l1 + l2) / 2 - 50) ** 2
    own = (l2 - l1) / (1 + 0.015 * light / math.sqrt(20 + light))
    chroma = (c2 - c1) / (1 + 0.045 * c)
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * c * t)
    angle = math.radians(60 * math.exp(-(((h - 275) / 25) ** 2)))
    mixed = -2 * math.sqrt(c**7 / (c**7 + 25**7)) * math.sin(angle) * chroma * hue
    return math.sqrt(own**2 + chroma**2 + hue**2 + mixed)


@pytest.mark.parametrize(("one", "other", "expected"), SHARMA)
def test_the_difference_of_colours_is_that_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(other, one) == pytest.approx(expected, abs=5e-5)


VISIONS = ("normal", *MACHADO, "grey")
APART = 10.0
"""Least CIEDE2000 of what may touch: several times what is just seen side by side."""
SHADES_APART = 4.5
"""The same of neighbours in an ordered row of shades that a white line parts."""
STANDS_OUT = 3.0
"""Least contrast of what is drawn (WCAG 2.2, success criterion 1.4.11)."""
READABLE = 4.5
"""Least contrast of words (criterion 1.4.3)."""


def least(one: Any, other: Any) -> float:
    return min(ciede2000(seen(one, vision), seen(other, vision)) for vision in VISIONS)


def contrast_of(one: Any, other: Any) -> float:
    darker, lighter = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def test_simulated_colours_are_confused_where_such_eyes_confuse_them() -> None:
    # without these the tests below would pass with a simulation that does nothing
    assert ciede2000(seen("#009E73", "normal"), seen("#D55E00", "normal")) > 50
    assert ciede2000(seen("#009E73", "protanopia"), seen("#D55E00", "protanopia")) < 20
    assert ciede2000(seen("#C00000", "deuteranopia"), seen("#6E6E00", "deuteranopia")) < APART
    assert ciede2000(seen("#C00000", "normal"), seen("#6E6E00", "normal")) > 30
    assert ciede2000(seen("#0072B2", "tritanopia"), seen("#008C6E", "tritanopia")) < APART
    assert ciede2000(seen("#E69F00", "grey"), seen("#56B4E9", "grey")) < 1


@pytest.mark.parametrize("vision", MACHADO)
def test_grey_stays_grey_in_every_vision(vision: str) -> None:
    for part in np.linspace(0, 1, 9):
        assert seen((part,) * 3, vision) == pytest.approx(seen((part,) * 3, "normal"), abs=0.1)


def test_parts_that_lie_on_each_other_differ_in_colour_or_in_hatch() -> None:
    looks = [*STACK_LOOKS, (TOO_MUCH["facecolor"], TOO_MUCH["hatch"])]
    for (one, hatch), (other, other_hatch) in combinations(looks, 2):
        assert hatch != other_hatch or least(one, other) >= APART, (one, other)


def test_lines_differ_in_colour_or_in_dashes_and_stand_out_from_the_paper() -> None:
    for (one, dashes), (other, other_dashes) in combinations(LINE_LOOKS, 2):
        assert dashes != other_dashes or least(one, other) >= APART, (one, other)
    assert min(contrast_of(colour, "white") for colour, _ in LINE_LOOKS) >= STANDS_OUT


@pytest.mark.parametrize("m", range(2, 12))
def test_answers_beside_each_other_differ_in_shade_or_in_hatch_and_their_shares_can_be_read(m: int) -> None:
    rows = [{"item": "a", "dimension": "d", "low": 1, "high": m}]
    form = Instrument.from_rows(rows, id="f", version="1.0.0", title="F", source="Test", licence="MIT")
    people = [f"p{i}" for i in range(m)]
    axes = plots.likert(Responses(form, np.arange(1.0, m + 1)[:, np.newaxis], people))
    bars: list[Any] = [container[0] for container in axes.containers]
    assert len(bars) == m
    for one, other in pairwise(bars):
        is_hatched = one.get_hatch() != other.get_hatch()
        assert is_hatched or least(one.get_facecolor()[:3], other.get_facecolor()[:3]) >= SHADES_APART
        assert one.get_edgecolor()[:3] == (1, 1, 1)
    shares = [text for text in axes.texts if text.get_position()[0] != 1.02]
    assert len(shares) == m
    for text, bar in zip(shares, bars, strict=True):
        box = text.get_bbox_patch()
        assert box is not None
        assert box.get_facecolor() == bar.get_facecolor()
        assert contrast_of(text.get_color(), bar.get_facecolor()[:3]) >= READABLE


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_numbers_on_every_shade_can_be_read(share: float) -> None:
    team = SkillMatrix(["ann"], ["sql"], [[share]], scale=(0, 1))
    axes = plots.matrix(team)
    (mesh,) = axes.collections
    axes.figure.draw_without_rendering()  # type: ignore[union-attr]
    shade = np.asarray(mesh.get_facecolor())[0][:3]
    assert contrast_of(axes.texts[0].get_color(), shade) >= READABLE
    assert palette.ink_on(tuple(shade)) == axes.texts[0].get_color()


def test_the_contrast_of_the_palette_is_that_of_the_guidelines() -> None:
    for one, other in combinations(["white", "black", palette.DARK, palette.LIGHT, palette.ORANGE, "#777"], 2):
        assert palette.contrast(one, other) == pytest.approx(contrast_of(one, other), rel=1e-3)
    assert palette.contrast("#767676", "white") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("tier", sorted(FILLS))
def test_tiers_of_a_chart_differ_and_their_words_can_be_read(tier: str) -> None:
    assert contrast_of(FILLS[tier], "#1b1f24") >= READABLE
    others = {FILLS[other] for other in FILLS if FILLS[other] != FILLS[tier]}
    assert all(least(FILLS[tier], other) >= SHADES_APART for other in others)


def test_colours_of_the_pages_stand_out_from_the_paper() -> None:
    style = (files("leadkit.reports") / "templates" / "report.css").read_text(encoding="utf-8")
    named = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", style))
    assert set(named) >= {"ink", "soft", "rule", "wash", "accent", "light", "mark"}
    for name in ("ink", "soft", "accent"):
        assert contrast_of(named[name], "white") >= READABLE
        assert contrast_of(named[name], named["wash"]) >= READABLE
    fills = (named["accent"], named["light"], named["mark"])
    for one, other in combinations(fills, 2):
        # sky blue and orange are as light as each other, and never meet: a bar and a diamond with an edge
        assert least(one, other) >= APART or {one, other} == {named["light"], named["mark"]}
    for rule in (".mark", ".fill.composite", ".bands .band.support", ".bands .customers"):
        found = re.search(re.escape(rule) + r" \{[^}]*stroke: (#[0-9a-f]{6}|var\(--([a-z]+)\))", style)
        assert found, f"{rule} needs an edge, as its fill is too light by itself"
        assert contrast_of(named.get(found[2], found[1]), "white") >= STANDS_OUT
