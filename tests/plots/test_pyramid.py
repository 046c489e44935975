"""The picture of the inverted pyramid: bands are as wide as the people in them."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.org import Organisation, Pyramid, Tier, build_pyramid
from leadkit.org.organisation import Weighting
from leadkit.plots import pyramid as plot
from leadkit.plots.palette import DARK, LIGHT, ORANGE
from leadkit.plots.tiers import TIER_NAMES, UNITS

Box = tuple[float, float, float]


@pytest.fixture(scope="module")
def sample() -> Pyramid:
    return build_pyramid(samples.organisation(rng=1))


def boxes(axes: Axes, *, colour: str | None = None, dashed: bool = False) -> list[Box]:
    """Middle height, left and right end of the bands, top to bottom."""
    chosen: list[Any] = [
        patch
        for patch in axes.patches
        if (patch.get_linestyle() == "--") == dashed
        and (colour is None or to_hex(patch.get_facecolor()).upper() == colour.upper())
    ]
    ends = ((bar.get_y() + bar.get_height() / 2, bar.get_x(), bar.get_x() + bar.get_width()) for bar in chosen)
    return sorted((round(y, 9), left, right) for y, left, right in ends)


def names(axes: Axes) -> list[str]:
    return [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]


def texts(axes: Axes) -> list[str]:
    return [" ".join(text.get_text().split()) for text in axes.texts]


def flat(n: int, **columns: Any) -> Pyramid:
    return build_pyramid(Organisation.from_columns([f"p{i}" for i in range(n)], [None] * n, **columns))


def test_each_tier_is_a_centred_band_as_wide_as_its_people(sample: Pyramid) -> None:
    axes = plot(sample)
    for place, tier in enumerate(list(Tier)[1:5], start=1):
        left, right = next((left, right) for y, left, right in boxes(axes) if y == place)
        assert right - left == pytest.approx(sample.tier_counts[tier])
        assert left == pytest.approx(-right)
    assert names(axes) == [
        "Customers",
        "Front-line employees 84 people, all facing customers",
        "Front-line leaders 12 people",
        "Middle managers 4 people",
        "Senior leaders 3 people",
    ]
    assert axes.get_title(loc="left") == "The inverted pyramid: 105 people"


def test_the_customers_lie_on_top_and_are_not_counted(sample: Pyramid) -> None:
    axes = plot(sample)
    ((place, left, right),) = boxes(axes, colour=ORANGE)
    assert place == 0
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert all(left <= other and end <= right for y, other, end in boxes(axes) if y in {1, 2, 3, 4})
    assert axes.get_xlabel() == "width of a band: people; the customers are not counted"


def test_support_lies_beside_at_the_same_scale(sample: Pyramid) -> None:
    axes = plot(sample)
    (support,) = (box for box in boxes(axes) if box[0] not in range(5))
    assert support[2] - support[1] == pytest.approx(sample.tier_counts[Tier.SUPPORT])
    assert support[1] > max(right for y, _, right in boxes(axes) if y in range(5))
    assert texts(axes) == ["Support, beside 2 people"]
    without = plot(flat(3, tiers=[1, 1, 1]))
    assert {y for y, _, _ in boxes(without)} == {0, 1}
    assert texts(without) == ["nobody: no such post"] * 3


def test_the_dark_part_of_a_band_faces_customers() -> None:
    given = flat(4, tiers=[1, 1, 1, 2], customer_facing=[True, False, True, False])
    axes = plot(given)
    assert boxes(axes, colour=DARK) == [(1, -1.0, 1.0)]
    assert boxes(axes, colour=LIGHT) == [(1, -1.5, 1.5), (2, -0.5, 0.5)]
    assert names(axes)[1:3] == [
        "Front-line employees 3 people, 2 people facing customers",
        "Front-line leaders 1 person",
    ]
    legend: Any = axes.get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["not facing customers", "facing customers"]


def test_a_lower_tier_with_more_people_is_drawn_wider() -> None:
    axes = plot(flat(5, tiers=[1, 4, 4, 4, 4]))
    assert [right - left for y, left, right in boxes(axes) if y in {1, 4}] == [1.0, 4.0]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [("heads", ["2 people", "1 person"]), ("posts", ["2 posts", "1 post"]), ("fte", ["1.2", "0.5"])],
)
def test_the_unit_is_named(weights: Weighting, expected: list[str]) -> None:
    people = Organisation.from_columns(["a", "b", "c"], [None, "a", "a"], fte=[0.5, 0.75, 0.5])
    axes = plot(build_pyramid(people, weights=weights))
    unit = UNITS[weights][1]
    assert names(axes)[1].startswith(f"Front-line employees {expected[0]}")
    assert names(axes)[4].startswith(f"Senior leaders {expected[1]}")
    assert axes.get_xlabel().startswith(f"width of a band: {unit};")


def test_a_tier_without_anybody_is_a_dashed_outline_that_says_why() -> None:
    people = Organisation.from_columns(
        ["a", "b", "c"], [None, "a", "a"], status=["vacant", "active", "vacant"], customer_facing=[None, True, False]
    )
    axes = plot(build_pyramid(people))
    assert len(boxes(axes, dashed=True)) == 4
    assert sorted(texts(axes)) == [
        "Support, beside 0 people",
        "nobody: 1 post without anybody",
        "nobody: 1 post without anybody",
        "nobody: no such post",
        "nobody: no such post",
    ]


def test_an_organisation_of_nobody_has_customers_only() -> None:
    axes = plot(flat(0))
    assert [y for y, _, _ in boxes(axes)] == [0]
    assert len(boxes(axes, dashed=True)) == 4
    assert axes.get_legend() is None


def test_a_post_named_as_a_customer_is_pointed_out() -> None:
    axes = plot(flat(3, tiers=[0, 1, 1]))
    assert texts(axes)[-1] == "1 post named as customers: look at the table"


def test_the_order_of_the_rows_does_not_matter() -> None:
    people = samples.organisation(rng=1)
    shuffled = Organisation.from_people(
        [people.person(people.ids[i]) for i in np.random.default_rng(0).permutation(people.n)]
    )
    first, second = (plot(build_pyramid(one)) for one in (people, shuffled))
    assert boxes(first) == boxes(second)
    assert names(first) == names(second)


def test_bands_differ_in_lightness() -> None:
    light, dark, customers = (float(np.dot(to_rgb(one), [0.299, 0.587, 0.114])) for one in (LIGHT, DARK, ORANGE))
    assert light - dark > 0.2
    assert customers - dark > 0.2


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing(sample: Pyramid) -> None:
    import matplotlib.pyplot as plt

    figure = Figure()
    given = figure.add_subplot()
    assert plot(sample, ax=given) is given
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_every_tier_and_weight_has_words() -> None:
    assert set(TIER_NAMES) == set(Tier)
    assert set(UNITS) == {"heads", "posts", "fte"}


def test_wrong_arguments_are_refused_by_name(sample: Pyramid, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = sample.organisation
    with pytest.raises(TypeError, match=r"pyramid: expected Pyramid, got Organisation"):
        plot(wrong)
    with pytest.raises(ValueError, match="ax: pyramid needs ordinary axes, got polar ones"):
        plot(sample, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pyramid needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(sample)
