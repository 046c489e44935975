"""Tiers by rule, distance to the customer, shares and the order of priority."""

from __future__ import annotations

import json
import pickle
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import OrgError
from leadkit.org import ORG_FLAGS, Organisation, Person, Pyramid, Tier, build_pyramid
from leadkit.org.organisation import Weighting
from leadkit.testing import organisation as organisations


def firm() -> Organisation:
    """ann leads bo (a manager of leaders), cy leads leaders deeper down, and a shared desk serves them all."""
    return Organisation.from_people(
        [
            Person(id="ann"),
            Person(id="bo", manager_id="ann"),
            Person(id="cy", manager_id="bo"),
            Person(id="di", manager_id="cy"),
            Person(id="ed", manager_id="di", customer_facing=True),
            Person(id="flo", manager_id="di"),
            Person(id="gus", manager_id="cy", customer_facing=False),
            Person(id="hal", manager_id="ann", customer_facing=False),
        ]
    )


def by_id(pyramid: Pyramid, values: Any) -> dict[str, Any]:
    return dict(zip(pyramid.organisation.ids, values.tolist(), strict=True))


def raised(pyramid: Pyramid, flag: str) -> tuple[str, ...]:
    return tuple(np.array(pyramid.organisation.ids, dtype=object)[pyramid.flags[flag]].tolist())


class TestTiers:
    def test_the_first_rule_that_applies_gives_the_tier(self) -> None:
        pyramid = build_pyramid(firm())
        expected = {
            "ann": ("root", Tier.SENIOR_LEADER),
            "bo": ("senior_depth", Tier.SENIOR_LEADER),
            "cy": ("leads_leaders", Tier.MIDDLE_MANAGER),
            "di": ("leads_front_line", Tier.FRONT_LINE_LEADER),
            "ed": ("faces_customers", Tier.FRONT_LINE),
            "flo": ("no_reports", Tier.FRONT_LINE),
            "gus": ("supports", Tier.SUPPORT),
            "hal": ("supports", Tier.SUPPORT),
        }
        assert {name: (pyramid.rule_of(name), pyramid.tier_of(name)) for name in expected} == expected

    def test_what_is_assumed_or_mixed_is_flagged(self) -> None:
        pyramid = build_pyramid(firm())
        assert raised(pyramid, "facing_assumed") == ("flo",)
        assert raised(pyramid, "mixed_span") == ("cy",)
        assert raised(pyramid, "orphan") == ()
        assert raised(pyramid, "customer_tier") == ()
        assert raised(pyramid, "served_tier_assumed") == ("gus", "hal")

    def test_a_mixed_span_is_flagged_only_for_middle_managers(self) -> None:
        # ann and bo are senior by an earlier rule, though ann leads hal and a leader
        assert not build_pyramid(firm()).flags["mixed_span"][[0, 1]].any()

    @pytest.mark.parametrize(
        ("depth", "senior"), [(0, ("ann",)), (1, ("ann", "bo")), (2, ("ann", "bo", "cy")), (9, ("ann", "bo", "cy"))]
    )
    def test_senior_depth_says_how_deep_leaders_of_leaders_are_senior(
        self, depth: int, senior: tuple[str, ...]
    ) -> None:
        assert build_pyramid(firm(), senior_depth=depth).members(Tier.SENIOR_LEADER) == senior

    def test_a_named_tier_overrides_every_rule(self) -> None:
        people = [Person(id="a", tier=Tier.MIDDLE_MANAGER), Person(id="b", manager_id="a", tier=Tier.SUPPORT)]
        pyramid = build_pyramid(Organisation.from_people(people))
        assert pyramid.tier.tolist() == [3, 9]
        assert pyramid.rule.tolist() == ["explicit", "explicit"]
        assert not pyramid.flags["facing_assumed"].any()

    def test_a_declared_root_without_anybody_below_is_a_senior_leader(self) -> None:
        pyramid = build_pyramid(Organisation.from_people([Person(id="a", customer_facing=True)]))
        assert pyramid.tier_of("a") is Tier.SENIOR_LEADER
        assert pyramid.line_distance.tolist() == [1.0]

    def test_a_root_that_a_repair_made_falls_through_and_is_an_orphan(self) -> None:
        ids = ["root", "lost", "leader", "x", "lone"]
        managers = [None, "nobody", "lost", "leader", "lone"]
        pyramid = build_pyramid(Organisation.from_columns(ids, managers, strict=False))
        assert raised(pyramid, "orphan") == ("lost", "lone")
        assert pyramid.rule.tolist() == ["root", "senior_depth", "leads_front_line", "no_reports", "no_reports"]
        assert pyramid.tier_of("lone") is Tier.FRONT_LINE

    def test_posts_count_whether_filled_or_not(self) -> None:
        people = firm().people()
        empty = Organisation.from_people(
            [
                Person(id=p.id, manager_id=p.manager_id, customer_facing=p.customer_facing, status="vacant")
                for p in people
            ]
        )
        assert build_pyramid(empty).tier.tolist() == build_pyramid(firm()).tier.tolist()

    def test_the_customers_tier_is_kept_and_flagged(self) -> None:
        pyramid = build_pyramid(Organisation.from_columns(["a", "b"], [None, "a"], tiers=[None, 0]))
        assert raised(pyramid, "customer_tier") == ("b",)
        assert pyramid.tier_of("b") is Tier.CUSTOMER
        assert pyramid.tier_counts[Tier.CUSTOMER] == 1
        assert np.isnan(pyramid.line_distance).all()

    def test_leading_people_and_facing_customers_do_not_exclude_each_other(self) -> None:
        people = Organisation.from_columns(["a", "b", "c"], [None, "a", "b"], customer_facing=[None, True, False])
        pyramid = build_pyramid(people)
        assert pyramid.tier.tolist() == [4, 2, 9]
        assert pyramid.line_distance[:2].tolist() == [2.0, 1.0]
        assert np.isnan(pyramid.line_distance[2])


class TestDistances:
    def test_line_distance_goes_down_and_network_distance_both_ways(self) -> None:
        pyramid = build_pyramid(firm())
        line = by_id(pyramid, pyramid.line_distance)
        assert [line[name] for name in ("ann", "bo", "cy", "di", "ed", "flo")] == [5, 4, 3, 2, 1, 1]
        assert np.isnan([line["gus"], line["hal"]]).all()
        network = by_id(pyramid, pyramid.network_distance)
        assert network == {"ann": 5, "bo": 4, "cy": 3, "di": 2, "ed": 1, "flo": 1, "gus": 4, "hal": 6}

    def test_a_tree_in_which_nobody_faces_customers_has_no_distance(self) -> None:
        people = Organisation.from_columns(["a", "b", "c"], [None, "a", None], customer_facing=[False, False, True])
        pyramid = build_pyramid(people)
        assert np.isnan(pyramid.line_distance).tolist() == [True, True, False]
        assert np.isnan(pyramid.network_distance).tolist() == [True, True, False]

    def test_a_line_of_a_hundred_thousand_is_no_trouble(self) -> None:
        n = 100_000
        ids = [f"p{i:06}" for i in range(n)]
        pyramid = build_pyramid(Organisation.from_columns(ids, [None, *ids[:-1]]))
        assert np.array_equal(pyramid.line_distance, np.arange(n, 0, -1.0))
        assert np.array_equal(pyramid.network_distance, pyramid.line_distance)

    @given(organisations())
    def test_a_facing_post_is_one_step_away_and_any_other_one_more_than_its_nearest_report(
        self, people: Organisation
    ) -> None:
        pyramid = build_pyramid(people)
        for post in range(people.n):
            below = pyramid.line_distance[people.tree.children(post)]
            nearest = 0.0 if pyramid.faces_customers[post] else below[~np.isnan(below)].min(initial=np.inf)
            expected = 1.0 + nearest
            assert np.isnan(pyramid.line_distance[post]) == np.isinf(expected)
            if np.isfinite(expected):
                assert pyramid.line_distance[post] == expected

    @given(organisations())
    def test_network_distance_is_that_of_a_search_over_the_lines(self, people: Organisation) -> None:
        pyramid = build_pyramid(people)
        near = [[*people.tree.children(i).tolist(), *people.tree.ancestors(i)[:1].tolist()] for i in range(people.n)]
        reached = dict.fromkeys(np.flatnonzero(pyramid.faces_customers).tolist(), 1.0)
        for post in (queue := list(reached)):
            for other in near[post]:
                if other not in reached:
                    reached[other] = reached[post] + 1
                    queue.append(other)
        assert np.array_equal(
            pyramid.network_distance, [reached.get(i, np.nan) for i in range(people.n)], equal_nan=True
        )


class TestWeights:
    def test_tier_counts_follow_the_weights(self) -> None:
        people = Organisation.from_columns(
            ["a", "b", "c", "d"],
            [None, "a", "a", "a"],
            fte=[1.0, 0.5, 0.8, None],
            holders=[1, 2, 1, 1],
            status=["active", "active", "absent", "vacant"],
        )
        counts = {weights: build_pyramid(people, weights=weights).tier_counts for weights in ("heads", "posts", "fte")}
        assert [counts[kind][Tier.FRONT_LINE] for kind in counts] == [3.0, 3.0, 1.3]
        assert list(counts["heads"]) == [1, 2, 3, 4, 9]
        assert build_pyramid(people).weights == "heads"

    def test_a_tier_is_empty_when_it_holds_no_post_filled_or_not(self) -> None:
        people = Organisation.from_columns(["a", "b"], [None, "a"], status=["active", "vacant"])
        pyramid = build_pyramid(people)
        assert pyramid.empty_tiers == (Tier.FRONT_LINE_LEADER, Tier.MIDDLE_MANAGER)
        assert pyramid.tier_counts[Tier.FRONT_LINE] == 0

    def test_facing_share_is_the_facing_weight_of_the_whole_line(self) -> None:
        pyramid = build_pyramid(firm())
        shares = by_id(pyramid, pyramid.facing_share)
        assert shares["ann"] == 2 / 8
        assert shares["di"] == 2 / 3
        assert (shares["ed"], shares["gus"]) == (1.0, 0.0)

    def test_a_line_without_weight_has_no_facing_share(self) -> None:
        people = Organisation.from_columns(["a", "b"], [None, "a"], status=["active", "vacant"])
        assert np.isnan(build_pyramid(people).facing_share).tolist() == [False, True]
        assert build_pyramid(people, weights="posts").facing_share.tolist() == [0.5, 1.0]

    @given(organisations(), st.sampled_from(["heads", "posts"]))
    def test_tier_counts_sum_to_the_weight_of_all_and_match_the_members(
        self, people: Organisation, weights: Weighting
    ) -> None:
        pyramid = build_pyramid(people, weights=weights)
        weight = dict(zip(people.ids, people.weights(weights).tolist(), strict=True))
        assert sum(pyramid.tier_counts.values()) == sum(weight.values())
        for tier, count in pyramid.tier_counts.items():
            assert count == sum(weight[name] for name in pyramid.members(tier))

    @given(organisations())
    def test_facing_share_is_that_of_a_walk(self, people: Organisation) -> None:
        pyramid = build_pyramid(people)
        weight = people.weights("heads")
        for post in range(people.n):
            line = people.tree.subtree(post)
            total = weight[line].sum()
            expected = weight[line][pyramid.faces_customers[line]].sum() / total if total else np.nan
            assert np.array_equal(pyramid.facing_share[post], expected, equal_nan=True)


class TestPriority:
    def test_the_nearer_to_the_customer_the_higher_the_priority(self) -> None:
        assert build_pyramid(firm()).priority_order() == ("ed", "flo", "gus", "hal", "di", "cy", "bo", "ann")

    def test_a_support_post_follows_the_lowest_numbered_tier_it_serves(self) -> None:
        people = [
            Person(id="boss"),
            Person(id="lead", manager_id="boss"),
            Person(id="x", manager_id="lead"),
            Person(id="for_lead", manager_id="boss", customer_facing=False, serves=("boss", "lead")),
            Person(id="for_boss", manager_id="boss", customer_facing=False, serves=("boss", "for_lead")),
            Person(id="for_support", manager_id="boss", customer_facing=False, serves=("for_boss",)),
        ]
        pyramid = build_pyramid(Organisation.from_people(people))
        assert pyramid.priority_order() == ("x", "for_support", "lead", "for_lead", "boss", "for_boss")
        assert raised(pyramid, "served_tier_assumed") == ("for_support",)

    def test_within_a_tier_the_line_distance_then_the_code_points_decide(self) -> None:
        rows = [("r", None), ("m1", "r"), ("m2", "r"), ("m3", "r"), ("l1", "m1"), ("l2", "m2"), ("l3", "m3")]
        facing = {"l2": True, "l1": False, "l3": False}
        people = [Person(id=own, manager_id=boss, customer_facing=facing.get(own)) for own, boss in rows]
        people += [
            Person(id="é", manager_id="m2", customer_facing=True),
            Person(id="Z", manager_id="m2", customer_facing=True),
        ]
        pyramid = build_pyramid(Organisation.from_people(people))
        assert pyramid.priority_order() == ("Z", "l2", "é", "l1", "l3", "m2", "m1", "m3", "r")

    @given(organisations())
    def test_the_order_is_that_of_a_plain_sort(self, people: Organisation) -> None:
        pyramid = build_pyramid(people)
        tier = dict(zip(people.ids, pyramid.tier.tolist(), strict=True))
        distance = dict(zip(people.ids, pyramid.line_distance.tolist(), strict=True))

        def key(name: str) -> tuple[Any, ...]:
            place = tier[name]
            is_support = place == Tier.SUPPORT
            if is_support:
                served = [tier[other] for other in people.person(name).serves if tier[other] != Tier.SUPPORT]
                place = min(served, default=Tier.FRONT_LINE)
            far = distance[name]
            return (place, is_support, np.isnan(far), 0 if np.isnan(far) else far, name)

        assert list(pyramid.priority_order()) == sorted(people.ids, key=key)


class TestAnyOrder:
    @given(organisations(), st.randoms(use_true_random=False))
    def test_shuffling_the_rows_changes_nothing(self, people: Organisation, random: Random) -> None:
        rows = list(people.people())
        random.shuffle(rows)
        first, second = build_pyramid(people), build_pyramid(Organisation.from_people(rows))

        def sorted_records(pyramid: Pyramid) -> Any:
            return sorted(pyramid.to_records(), key=lambda record: record["id"])

        assert sorted_records(first) == sorted_records(second)
        assert first.priority_order() == second.priority_order()
        assert first.tier_counts == second.tier_counts

    def test_fractions_of_people_sum_to_the_same_bits_in_any_order(self) -> None:
        rng = np.random.default_rng(5)
        n = 300
        rows = [
            Person(id=f"p{i}", manager_id=f"p{rng.integers(0, i)}" if i else None, fte=float(rng.random()))
            for i in range(n)
        ]
        first = build_pyramid(Organisation.from_people(rows), weights="fte")
        order = rng.permutation(n)
        second = build_pyramid(Organisation.from_people([rows[i] for i in order]), weights="fte")
        assert np.array_equal(first.facing_share[order], second.facing_share)
        assert first.tier_counts == second.tier_counts


class TestResult:
    def test_a_record_tells_a_post_in_words(self) -> None:
        assert build_pyramid(firm()).to_records()[2] == {
            "id": "cy",
            "tier": "MIDDLE_MANAGER",
            "rule": "leads_leaders",
            "line_distance": 3.0,
            "network_distance": 3.0,
            "faces_customers": False,
            "facing_share": 0.4,
            "flags": "mixed_span",
        }

    def test_several_flags_of_a_post_are_joined_by_a_space(self) -> None:
        people = Organisation.from_columns(
            ["a", "b", "c", "d", "e"], ["a", "a", "b", "c", "b"], strict=False, tiers=[None, None, None, 0, 9]
        )
        pyramid = build_pyramid(people, senior_depth=0)
        assert [record["flags"] for record in pyramid.to_records()] == [
            "orphan",
            "mixed_span",
            "",
            "customer_tier",
            "served_tier_assumed",
        ]
        lone = build_pyramid(Organisation.from_columns(["a"], ["a"], strict=False))
        assert lone.to_records()[0]["flags"] == "facing_assumed orphan"

    def test_what_is_not_known_is_none_in_a_record(self) -> None:
        last = build_pyramid(firm()).to_records()[-1]
        assert (last["line_distance"], last["network_distance"], last["flags"]) == (None, 6.0, "served_tier_assumed")

    @given(organisations())
    def test_the_dictionary_is_plain_json_with_tiers_by_name(self, people: Organisation) -> None:
        pyramid = build_pyramid(people)
        fields = json.loads(json.dumps(pyramid.to_dict(), allow_nan=False))
        assert fields["digest"] == people.digest
        assert fields["ids"] == list(people.ids)
        assert fields["tier_counts"] == {tier.name: count for tier, count in pyramid.tier_counts.items()}
        assert "organisation" not in fields
        assert len(pyramid.to_records()) == people.n

    def test_arrays_are_read_only(self) -> None:
        pyramid = build_pyramid(firm())
        arrays = [pyramid.tier, pyramid.rule, pyramid.line_distance, pyramid.network_distance, pyramid.faces_customers]
        for array in [*arrays, pyramid.facing_share, *pyramid.flags.values()]:
            assert not array.flags.writeable

    def test_every_flag_has_its_line_and_comes_in_alphabetical_order(self) -> None:
        flags = list(build_pyramid(firm()).flags)
        assert set(flags) <= set(ORG_FLAGS)
        assert all(first < second for first, second in pairwise(flags))

    def test_the_same_organisation_gives_an_equal_pyramid_and_it_survives_pickling(self) -> None:
        pyramid = build_pyramid(firm())
        assert pyramid == build_pyramid(firm())
        assert pyramid == pickle.loads(pickle.dumps(pyramid))  # noqa: S301 - our own bytes
        assert pyramid != build_pyramid(firm(), senior_depth=2)

    def test_a_notebook_shows_customers_on_top_and_escapes_ids(self) -> None:
        shown = build_pyramid(Organisation.from_columns(["<b>", "x"], [None, "<b>"]))._repr_html_()
        assert shown.index("CUSTOMER") < shown.index("FRONT_LINE") < shown.index("SENIOR_LEADER")
        assert "&lt;b&gt;" in shown
        assert "<b>" not in shown

    def test_a_notebook_shows_the_first_rows_of_many(self) -> None:
        ids = [f"p{i}" for i in range(50)]
        shown = build_pyramid(Organisation.from_columns(ids, [None, *ids[:-1]]), weights="posts")._repr_html_()
        assert "p19<" in shown
        assert "p20<" not in shown
        assert "and 30 more rows" in shown

    def test_nobody_makes_an_empty_pyramid(self) -> None:
        pyramid = build_pyramid(Organisation.from_columns([], []))
        assert pyramid.priority_order() == ()
        assert pyramid.to_records() == []
        assert len(pyramid.empty_tiers) == 4
        assert set(pyramid.tier_counts.values()) == {0.0}
        assert "Pyramid" in pyramid._repr_html_()


class TestBadInput:
    def test_an_unknown_id_is_answered_with_the_nearest(self) -> None:
        with pytest.raises(OrgError, match="unknown person id 'anne'; nearest: 'ann'"):
            build_pyramid(firm()).tier_of("anne")
        with pytest.raises(OrgError, match="unknown person id 'zz'"):
            build_pyramid(firm()).rule_of("zz")

    @pytest.mark.parametrize("tier", [5, "FRONT_LINE", None, True, 1.5, []])
    def test_what_is_no_tier_has_no_members(self, tier: Any) -> None:
        with pytest.raises(OrgError, match="tier: expected one of CUSTOMER, FRONT_LINE"):
            build_pyramid(firm()).members(tier)

    def test_a_tier_goes_by_its_number_too(self) -> None:
        assert build_pyramid(firm()).members(1) == ("ed", "flo")

    @pytest.mark.parametrize(
        ("depth", "message"),
        [(-1, "at least 0, got -1"), (1.0, "whole number, got 1.0"), (True, "got True"), ("1", "got '1'")],
    )
    def test_a_senior_depth_is_a_whole_number(self, depth: Any, message: str) -> None:
        with pytest.raises(OrgError, match=message):
            build_pyramid(firm(), senior_depth=depth)

    def test_unknown_weights_are_refused(self) -> None:
        with pytest.raises(ValueError, match="expected one of 'heads', 'posts', 'fte', got 'people'"):
            build_pyramid(firm(), weights="people")  # type: ignore[arg-type]  # what is tested

    def test_full_time_equivalents_have_to_be_known_where_they_count(self) -> None:
        with pytest.raises(OrgError, match=r"row 0 .'ann'.: the FTE is not known"):
            build_pyramid(firm(), weights="fte")

    @pytest.mark.parametrize("given", [None, ["a"], "a"])
    def test_only_an_organisation_becomes_a_pyramid(self, given: Any) -> None:
        with pytest.raises(OrgError, match="organisation: expected an Organisation, got"):
            build_pyramid(given)
