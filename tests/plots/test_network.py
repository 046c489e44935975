"""The picture of who serves whom: every duty is a line between the right points, and lines are few that cross."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from leadkit import samples
from leadkit.errors import OrgError
from leadkit.org import Obligations, Organisation, Pyramid, Tier, build_pyramid, obligations
from leadkit.plots import network as plot
from leadkit.plots.duties import draw_posts, draw_tiers
from leadkit.plots.layers import place_in_rows, preorder, rows_by_step

KINDS = {
    "external_service": "service to the customers",
    "support": "support of those led",
    "internal_customer": "service to the boss as internal customer",
    "internal_service": "service of support posts",
}


@pytest.fixture(scope="module")
def pyramid() -> Pyramid:
    return build_pyramid(samples.organisation(rng=1))


@pytest.fixture(scope="module")
def owed(pyramid: Pyramid) -> Obligations:
    return obligations(pyramid)


@pytest.fixture(scope="module")
def by_post(owed: Obligations, pyramid: Pyramid) -> Axes:
    return plot(owed, pyramid=pyramid)


@pytest.fixture(scope="module")
def by_tier(owed: Obligations, pyramid: Pyramid) -> Axes:
    return plot(owed, pyramid=pyramid, by="tier")


def firm(ids: str, managers: list[str | None], **columns: Any) -> tuple[Obligations, Pyramid]:
    """Build a pyramid of posts with one letter each."""
    pyramid = build_pyramid(Organisation.from_columns(list(ids), managers, **columns))
    return obligations(pyramid), pyramid


def lines(axes: Axes) -> dict[str, LineCollection]:
    """Lines by what the legend calls them, without the number."""
    found = [one for one in axes.collections if isinstance(one, LineCollection)]
    return {str(one.get_label()).split(" (")[0]: one for one in found}


def ends(collection: LineCollection) -> list[tuple[float, ...]]:
    """Start and end of every line."""
    return [(*map(float, one[0]), *map(float, one[-1])) for one in collection.get_segments()]


def texts(axes: Axes) -> list[str]:
    return [" ".join(text.get_text().split()) for text in axes.texts]


def rows(axes: Axes) -> list[str]:
    return [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]


def n_points(axes: Axes) -> dict[str, int]:
    return {str(one.get_label()): np.size(one.get_xdata()) for one in axes.get_lines()}


def test_every_duty_is_a_line_between_its_points(by_post: Axes, owed: Obligations, pyramid: Pyramid) -> None:
    drawing = draw_posts(owed, pyramid)
    found = lines(by_post)
    for kind, words in KINDS.items():
        assert len(found[words].get_segments()) == owed.counts[kind]
    chosen = owed.kind == "support"
    provider, recipient = owed.provider[chosen], owed.recipient[chosen]
    expected = np.column_stack([drawing.x[provider], drawing.y[provider], drawing.x[recipient], drawing.y[recipient]])
    assert ends(found[KINDS["support"]]) == pytest.approx(expected)
    labels = {str(one.get_label()) for one in by_post.collections}
    assert {"service to the customers (83)", "support of those led (103)", "service of support posts (19)"} < labels


def test_service_to_the_customers_goes_straight_up_to_their_band(by_post: Axes) -> None:
    for x, y, end, top in ends(lines(by_post)[KINDS["external_service"]]):
        assert x == end
        assert top == pytest.approx(0.16)
        assert y == 1
    band: Any = by_post.patches[0]
    assert band.get_y() + band.get_height() == pytest.approx(0.16)
    assert "Customers" in texts(by_post)
    assert by_post.get_ylim()[0] > by_post.get_ylim()[1]


def test_kinds_differ_in_dashes(by_post: Axes) -> None:
    styles: list[Any] = [lines(by_post)[words].get_linestyle() for words in KINDS.values()]
    assert len({str(style[0]) for style in styles}) == 4


def test_posts_stand_in_rows_by_tier_and_leaders_below_those_they_lead(by_post: Axes) -> None:
    assert rows(by_post) == [
        "Front-line employees 84 posts",
        "Support of front-line employees 1 post",
        "Front-line leaders 12 posts",
        "Support of front-line leaders 1 post",
        "Middle managers 4 posts",
        "Senior leaders 3 posts",
    ]
    assert by_post.get_yticks() == pytest.approx([1, 2, 3, 4, 5, 6.5])
    assert n_points(by_post) == {"post": 102, "support post": 2, "no duty": 1}


def test_no_two_posts_of_a_row_meet(owed: Obligations, pyramid: Pyramid) -> None:
    for drawing in (draw_posts(owed, pyramid), draw_posts(owed, None)):
        for row in np.unique(drawing.y):
            places = np.sort(drawing.x[drawing.y == row])
            assert (np.diff(places) >= 1 - 1e-9).all()


def test_reporting_lines_of_a_plain_hierarchy_never_cross() -> None:
    ids = ["top", *(f"m{i}" for i in range(3)), *(f"l{i}" for i in range(9)), *(f"f{i:02}" for i in range(36))]
    managers = [None, *["top"] * 3, *(f"m{i // 3}" for i in range(9)), *(f"l{i // 4}" for i in range(36))]
    shuffled = np.random.default_rng(1).permutation(len(ids))
    people = Organisation.from_columns([ids[i] for i in shuffled], [managers[i] for i in shuffled])
    pyramid = build_pyramid(people, senior_depth=0)
    drawing = draw_posts(obligations(pyramid), pyramid)
    parents = people.tree.parents
    below = np.flatnonzero(parents >= 0)
    for row in np.unique(drawing.y[below]):
        members = below[drawing.y[below] == row]
        members = members[np.argsort(drawing.x[members])]
        assert (np.diff(drawing.x[parents[members]]) >= 0).all()


def test_the_order_of_the_rows_does_not_matter(pyramid: Pyramid, owed: Obligations) -> None:
    people = pyramid.organisation
    order = np.random.default_rng(3).permutation(people.n)
    again = build_pyramid(Organisation.from_people([people.person(people.ids[i]) for i in order]))
    first, second = draw_posts(owed, pyramid), draw_posts(obligations(again), again)
    place = [again.organisation.index_of(name) for name in people.ids]
    assert second.x[place] == pytest.approx(first.x)
    assert np.array_equal(second.y[place], first.y)


def test_what_somebody_else_carries_lies_on_a_broad_line(by_post: Axes, owed: Obligations) -> None:
    carried = lines(by_post)["carried by somebody acting, or up the line"]
    assert len(carried.get_segments()) == int((owed.via != "direct").sum()) == 7
    assert by_post.get_xlabel() == "308 duties; 7 carried by somebody acting, or up the line"
    plain, known = firm("abc", [None, "a", "a"])
    axes = plot(plain, pyramid=known)
    assert "carried by somebody acting, or up the line" not in lines(axes)
    assert axes.get_xlabel() == "6 duties"


def test_lines_within_a_row_go_below_it(by_post: Axes) -> None:
    level = [one for one in lines(by_post)[KINDS["support"]].get_segments() if one[0][1] == one[-1][1]]
    assert len(level) == 6
    assert all(np.asarray(one)[6, 1] > np.asarray(one)[0, 1] + 0.1 for one in level)


def test_duties_that_nobody_can_carry_are_counted() -> None:
    owed, pyramid = firm("abc", [None, "a", "a"], status=["vacant", "active", "active"])
    assert owed.n_without_provider
    axes = plot(owed, pyramid=pyramid)
    assert axes.get_xlabel().endswith(f"; {owed.n_without_provider} more that nobody is there to carry")


def test_without_a_pyramid_rows_are_steps_from_the_customers(owed: Obligations) -> None:
    axes = plot(owed)
    assert rows(axes) == [
        "1 step from the customers 83 posts",
        "2 steps from the customers 13 posts",
        "3 steps from the customers 5 posts",
        "4 steps from the customers 2 posts",
        "5 steps from the customers 1 post",
        "no way to the customers 1 post",
    ]
    assert n_points(axes) == {"post": 104, "no duty": 1}


def test_steps_are_the_fewest() -> None:
    provider, recipient = np.array([0, 1, 2, 2]), np.array([-1, 0, 1, -1])
    assert rows_by_step(4, provider, recipient).row.tolist() == [1, 2, 1, 3]


def test_acting_for_each_other_is_no_endless_line() -> None:
    assert sorted(preorder(np.array([1, 0, 1]), ["a", "b", "c"]).tolist()) == [0, 1, 2]
    owed, _ = firm(
        "tabcd",
        [None, "t", "t", "a", "b"],
        status=["active", "absent", "absent", "active", "active"],
        acting_ids=[None, "d", "c", None, None],
    )
    axes = plot(owed)
    assert n_points(axes) == {"post": 5}


def test_a_post_without_neighbours_goes_where_its_rank_says() -> None:
    x = place_in_rows(np.array([1, 1, 1, 2]), np.array([0, 1, 3, 2]), np.array([0]), np.array([1]))
    assert x.tolist() == [0, 1, 2, 1.5]


def test_names_are_written_below_points_where_there_is_room(by_post: Axes, pyramid: Pyramid) -> None:
    found = texts(by_post)
    leader = pyramid.organisation.person(pyramid.members(Tier.FRONT_LINE_LEADER)[0])
    front = pyramid.organisation.person(pyramid.members(Tier.FRONT_LINE)[0])
    assert leader.name in found
    assert front.name not in found


def test_names_stand_upright_where_they_are_close_and_short_where_they_are_long() -> None:
    ids = "abcdefghijklmnopqrstuvwxy"
    owed, pyramid = firm(ids, [None, *["a"] * 24], names=["A\tvery long name " * 3, *[f"Person {i}" for i in ids[1:]]])
    axes = plot(owed, pyramid=pyramid)
    turns = {text.get_text(): text.get_rotation() for text in axes.texts}
    assert turns["Person b"] == 90
    (long,) = (text for text in axes.texts if "very" in text.get_text())
    assert long.get_rotation() == 0
    assert " ".join(long.get_text().split()) == "A very long name A very\N{HORIZONTAL ELLIPSIS}"


def test_by_tier_the_width_of_a_line_is_the_number_of_duties(
    by_tier: Axes, owed: Obligations, pyramid: Pyramid
) -> None:
    drawing = draw_tiers(owed, pyramid)
    found = lines(by_tier)
    for kind, words in KINDS.items():
        number = drawing.number[drawing.kind == kind]
        widths = np.asarray(found[words].get_linewidth())
        assert (widths - widths[0]) == pytest.approx(8 * (number - number[0]) / 83)
    within = sum(int(text.split()[-4]) for text in texts(by_tier) if text.endswith("among them"))
    assert drawing.number.sum() + within == len(owed.provider)


def test_by_tier_every_line_says_its_number_and_direction(by_tier: Axes) -> None:
    found = texts(by_tier)
    assert "Front-line employees 84 posts 6 duties among them" in found
    assert "Support 2 posts" in found
    assert {"\N{UPWARDS ARROW} 83", "\N{DOWNWARDS ARROW} 83", "\N{UPWARDS ARROW} 12", "\N{UPWARDS ARROW} 7"} <= set(
        found
    )
    assert by_tier.get_yticks().size == 0


def test_by_tier_all_lines_lie_within_the_picture(by_tier: Axes) -> None:
    left, right = by_tier.get_xlim()
    across = np.concatenate([np.asarray(one)[:, 0] for kind in lines(by_tier).values() for one in kind.get_segments()])
    assert left < across.min()
    assert across.max() < right


def test_empty_tiers_are_dashed_boxes() -> None:
    owed, pyramid = firm("abc", [None, "a", "a"], tiers=[4, 1, 1])
    axes = plot(owed, pyramid=pyramid, by="tier")
    boxes = {text.get_text().split("\n")[0]: text.get_bbox_patch() for text in axes.texts}
    dashed = {name for name, box in boxes.items() if box is not None and box.get_linestyle() == "--"}
    assert dashed == {"Front-line leaders", "Middle managers"}
    assert "Support" not in boxes


def test_a_large_organisation_is_drawn_by_tier_only() -> None:
    people = samples.organisation(n_teams=30, rng=1)
    pyramid = build_pyramid(people)
    owed = obligations(pyramid)
    with pytest.raises(
        OrgError, match=rf"{people.n} posts .* \(max_posts\) is 150: draw by tier \(pyramid=..., by='tier'\)"
    ):
        plot(owed, pyramid=pyramid)
    assert len(lines(plot(owed, pyramid=pyramid, by="tier"))) == 4


def test_posts_named_as_customers_and_what_serves_only_them_have_a_place() -> None:
    owed, pyramid = firm("abcd", [None, "a", "a", "a"], tiers=[4, 0, 9, 1], serves=[(), (), ("b",), ()])
    axes = plot(owed, pyramid=pyramid)
    assert [name.split(" 1 ")[0] for name in rows(axes)] == [
        "Named as customers",
        "Front-line employees",
        "Support of front-line employees",
        "Senior leaders",
    ]
    by_tier = plot(owed, pyramid=pyramid, by="tier")
    assert {"Named as customers 1 post", "Support 1 post"} <= set(texts(by_tier))


def test_an_organisation_of_nobody_has_customers_only() -> None:
    owed, pyramid = firm("", [])
    for axes in (plot(owed, pyramid=pyramid), plot(owed)):
        assert texts(axes) == ["Customers"]
        assert axes.get_xlabel() == "0 duties"
        assert axes.get_legend() is None
    assert len(texts(plot(owed, pyramid=pyramid, by="tier"))) == 5


def test_it_can_be_drawn_on_given_axes_and_pyplot_knows_nothing() -> None:
    import matplotlib.pyplot as plt

    owed, pyramid = firm("abc", [None, "a", "a"], names=["$x$ and $", "_b", "c"])
    figure = Figure()
    given = figure.add_subplot()
    assert plot(owed, pyramid=pyramid, ax=given) is given
    assert "$x$ and $" in texts(given)
    figure.draw_without_rendering()
    plot(owed, pyramid=pyramid, by="tier", ax=figure.add_subplot())
    figure.draw_without_rendering()
    assert plt.get_fignums() == []


def test_wrong_arguments_are_refused_by_name(
    owed: Obligations, pyramid: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong: Any = 3
    with pytest.raises(TypeError, match=r"obligations: expected Obligations, got Pyramid"):
        plot(pyramid)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"pyramid: expected Pyramid, got int"):
        plot(owed, pyramid=wrong)
    with pytest.raises(ValueError, match=r"by: expected one of 'post', 'tier', got 3"):
        plot(owed, by=wrong)
    with pytest.raises(
        ValueError, match=r"by: 'tier' needs the tiers: network\(obligations, pyramid=\.\.\., by='tier'\)"
    ):
        plot(owed, by="tier")
    for number in (0, 2.5, True):
        with pytest.raises(ValueError, match=r"max_posts: expected a whole number of at least 1, got"):
            plot(owed, max_posts=number)  # type: ignore[arg-type]
    other, _ = firm("ab", [None, "a"])
    with pytest.raises(OrgError, match="pyramid: the obligations are those of other people"):
        plot(other, pyramid=pyramid)
    with pytest.raises(ValueError, match="ax: network needs ordinary axes, got polar ones"):
        plot(owed, ax=Figure().add_subplot(projection="polar"))
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"network needs matplotlib: pip install 'leadkit\[plots\]'"):
        plot(owed)
